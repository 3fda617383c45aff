// SPDX-License-Identifier: Apache-2.0
// What an event type declares about itself, and what an Apply is told about the entry it stands in.
//
// An event is a described struct with `static constexpr EventInfo kInfo` and a member `on` (the subject's id). `on` is
// not described: it stands in the leaf, the described members are the payload (DESIGN §2).
#pragma once

#include <cstdint>
#include <string_view>

#include "base/day.h"
#include "base/id.h"

namespace landfall {

// Who may read a payload. Wire names: public, internal, enterprise, personal.
enum class EventClass : std::uint8_t { kPublic, kInternal, kEnterprise, kPersonal };
std::string_view EventClassName(EventClass c);
bool ParseEventClass(std::string_view text, EventClass& out);

struct EventInfo {
  std::string_view type;  // "project.milestone_reached"
  int version = 1;        // Frozen once released: a new meaning is a new version.
  EventClass cls = EventClass::kInternal;
  // Personal data and typed free text stand only in erasable types. Payload and salt then lie in a table of their own.
  bool erasable = false;
};

// Who acts: an account, the scheduler ("system"), or the operating-system user at the command line ("local").
struct Actor {
  enum class Kind : std::uint8_t { kAccount, kSystem, kLocal } kind = Kind::kSystem;
  AccountId account;
  bool operator==(const Actor&) const = default;
  static Actor System() { return {Kind::kSystem, {}}; }
  static Actor Local() { return {Kind::kLocal, {}}; }
  static Actor Account(AccountId id) { return {Kind::kAccount, id}; }
  std::string ToString() const {
    return kind == Kind::kAccount ? account.ToString() : kind == Kind::kLocal ? "local" : "system";
  }
  static Result<Actor> Parse(std::string_view text) {
    if (text == "system") return System();
    if (text == "local") return Local();
    LF_ASSIGN(AccountId id, AccountId::Parse(text));
    return Account(id);
  }
};

// The place of an event in the ledger, handed to Apply. `erased`: the payload is gone, members are at their defaults.
struct Origin {
  std::uint64_t seq = 0;
  std::uint32_t event = 0;  // Index within the entry.
  Instant at;
  Actor by;
  bool erased = false;
};

// What Decide may know besides state: stamped by the writer, never read from a clock.
struct DecideContext {
  Instant now;
  Day today;  // On the wall of the jurisdiction.
  Actor by;
};

}  // namespace landfall
