// SPDX-License-Identifier: Apache-2.0
// The whole state of one jurisdiction: a fold of its ledger, and the two tables that join the subjects: events and
// commands.
#pragma once

#include <span>
#include <string_view>
#include <variant>

#include "admin/state.h"
#include "cases/state.h"
#include "claim/state.h"
#include "enterprise/state.h"
#include "figure/state.h"
#include "ledger/command.h"
#include "ledger/entry.h"
#include "obligation/state.h"
#include "people/state.h"
#include "place/state.h"
#include "project/state.h"

namespace landfall::app {

struct State {
  admin::State admin;
  place::State place;
  people::State people;
  enterprise::State enterprise;
  project::State project;
  obligation::State obligation;
  figure::State figure;
  claim::State claim;
  cases::State cases;

  // Subjects in the order in which they fold an event.
  template <class F>
  void ForEachSubject(F&& f) {
    f(admin), f(place), f(people), f(enterprise), f(project), f(obligation), f(figure), f(claim), f(cases);
  }
  template <class Archive>
  void Columns(Archive& a) {
    ForEachSubject([&](auto& subject) { subject.Columns(a); });
  }
  void Rebuild() {
    ForEachSubject([](auto& subject) { subject.Rebuild(); });
  }
};

// Equal states, equal hash; 32 hex digits. Cost: about 0.2 s a GB.
std::string HashOf(const State& state);

using AnyEvent = boost::mp11::mp_append<admin::Event, place::Event, people::Event, enterprise::Event, project::Event,
                                        obligation::Event, figure::Event, claim::Event, cases::Event>;
using CommandTypes =
    boost::mp11::mp_append<admin::Commands, place::Commands, people::Commands, enterprise::Commands, project::Commands,
                           obligation::Commands, figure::Commands, claim::Commands, cases::Commands>;

// A command of any kind. What copies, moves and ends one stands in state.cc alone: written out anew in every file that
// holds a command, it was half of what the compiler had to do there.
class AnyCommand : public boost::mp11::mp_rename<CommandTypes, std::variant> {
 public:
  template <class C>
  requires boost::mp11::mp_contains<CommandTypes, C>::value AnyCommand(C command)
      : variant(std::in_place_type<C>, std::move(command)) {}
  AnyCommand();  // The first of the list; to be assigned to.
  AnyCommand(const AnyCommand&);
  AnyCommand(AnyCommand&&) noexcept;
  AnyCommand& operator=(const AnyCommand&);
  AnyCommand& operator=(AnyCommand&&) noexcept;
  ~AnyCommand();
};

// Every subject that has an Apply for this event folds it. Cannot fail.
template <class E>
void ApplyEvent(State& state, const Origin& origin, const E& event) {
  state.ForEachSubject([&](auto& subject) {
    if constexpr (requires { Apply(subject, origin, event); }) Apply(subject, origin, event);
  });
}
void ApplyEvent(State& state, const Origin& origin, const AnyEvent& event);

// Routes a command to its subject. Pure.
Result<std::vector<AnyEvent>> Decide(const State& state, const DecideContext& context, const AnyCommand& command);

// An event as it is stored.
ledger::EventDraft DraftOf(const AnyEvent& event);
const EventInfo& InfoOf(const AnyEvent& event);
std::string DraftSubject(const AnyEvent& event);  // "project/p88"

// ---- the table of event types ----
struct EventType {
  EventInfo info;
  // Applies a stored event. `payload` empty with origin.erased. False when the bytes are not of this type's form.
  bool (*apply)(State& state, const Origin& origin, std::string_view on, std::string_view payload);
};
std::span<const EventType> EventTypes();
const EventType* FindEventType(std::string_view type, int version);

// ---- the table of commands ----
struct CommandField {
  std::string_view name;
  bool required = true;
  JsonKind kind = JsonKind::kString;
  std::string schema;  // JSON Schema
};
struct CommandType {
  CommandInfo info;
  std::vector<CommandField> fields;
  std::string schema;                                 // of the whole body
  Result<AnyCommand> (*read)(std::string_view json);  // Checked; errors carry the field.
};
std::span<const CommandType> CommandTypesTable();
const CommandType* FindCommand(std::string_view name);
const CommandInfo& InfoOf(const AnyCommand& command);
std::string CanonicalJson(const AnyCommand& command);

}  // namespace landfall::app
