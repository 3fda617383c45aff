// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "admin/events.h"
#include "base/columns.h"
#include "people/commands.h"
#include "project/events.h"

namespace landfall::people {

// One term of office: who held a post from which day until which (exclusive; kOpen while it lasts).
struct Term {
  std::uint32_t post, person;  // raw ids
  std::int32_t from, until;
};
inline constexpr std::int32_t kOpen = INT32_MAX;

// A duty of a post on a project, from which day until which (exclusive; kOpen while it lasts).
struct Duty {
  std::uint32_t post, project;  // raw ids
  std::int32_t from, until;
  std::uint32_t seq;  // The record that assigned it.
  std::uint8_t kind, unused[3];
  bool RunsOn(std::int32_t day) const { return from <= day && day < until; }
};

// Powers of a commander on their project.
struct Delegation {
  std::uint32_t duty;  // raw id
  std::int32_t from, until;
  std::uint32_t seq, by;  // The record that granted it, and the raw account, 0: not an account.
  std::uint32_t powers;   // bit per Power
  std::uint32_t uses;     // how often it stood behind a command
  bool Holds(std::string_view command) const;
};

// What an agent was asked to do on a project.
struct Mandate {
  std::uint32_t duty;  // raw id
  std::int32_t from, until;
  std::uint32_t seq;       // The record that gave it.
  std::uint32_t services;  // bit per Service
};

struct State {
  TextColumn unit_code;
  ErasableText unit_name;
  std::vector<std::uint32_t> unit_parent;
  std::vector<std::uint32_t> post_unit;
  std::vector<std::uint32_t> post_term;  // Index + 1 into terms of the newest term, 0 for none.
  ErasableText post_title;
  ErasableText person_name;
  std::vector<std::uint8_t> persons;    // One byte each: registered.
  std::vector<Term> terms;              // In order of recording; a post's terms do not overlap.
  std::vector<Term> acting;             // 代理, beside the holders' terms; of one post they do not overlap.
  std::vector<Duty> duties;             // By duty index.
  std::vector<Delegation> delegations;  // By delegation index.
  std::vector<Mandate> mandates;        // In order of recording.
  std::uint32_t projects = 0;
  TextIndex by_unit_code;  // derived

  bool Knows(UnitId id) const { return id && id.index() < unit_parent.size(); }
  bool Knows(PostId id) const { return id && id.index() < post_unit.size(); }
  bool Knows(PersonId id) const { return id && id.index() < persons.size(); }
  // Whether `unit` is `ancestor` or lies below it.
  bool Within(UnitId unit, UnitId ancestor) const;
  bool Knows(DutyId id) const { return id && id.index() < duties.size(); }
  // The term of a post that runs on `day`, or nullptr.
  const Term* TermOn(PostId post, Day day) const;
  // Who acts for the post on `day`, or nullptr.
  const Term* ActingOn(PostId post, Day day) const;
  // The newest mandate that runs on a day, on a duty that runs, or nullptr. Cost: a walk over all mandates.
  const Mandate* MandateOn(DutyId duty, std::int32_t day) const;
  // Whether a delegation stands on a day: within its term, on a duty that runs.
  bool Runs(const Delegation& delegation, Day day) const;
  // Whether it also is this person's on that day, who holds its post or acts for it.
  bool MayUse(const Delegation& delegation, PersonId person, Day day) const;
  // The units of the posts that a person holds or acts for on `day`, in order, each once. Cost: a walk over all terms.
  std::vector<UnitId> UnitsOf(PersonId person, Day day) const;

  template <class Archive>
  void Columns(Archive& a) {
    a("people.unit_code", unit_code);
    unit_name.Columns(a, "people.unit_name");
    a("people.unit_parent", unit_parent);
    a("people.post_unit", post_unit);
    a("people.post_term", post_term);
    post_title.Columns(a, "people.post_title");
    person_name.Columns(a, "people.person_name");
    a("people.persons", persons);
    a("people.terms", terms);
    a("people.acting", acting);
    a("people.duties", duties);
    a("people.delegations", delegations);
    a("people.mandates", mandates);
    a("people.projects", projects);
  }
  void Rebuild() { by_unit_code.Rebuild(unit_code); }
};

using Decided = Result<std::vector<Event>>;
Decided Decide(const State&, const DecideContext&, const CreateUnit&);
Decided Decide(const State&, const DecideContext&, const RenameUnit&);
Decided Decide(const State&, const DecideContext&, const CreatePost&);
Decided Decide(const State&, const DecideContext&, const RegisterPerson&);
Decided Decide(const State&, const DecideContext&, const FillPost&);
Decided Decide(const State&, const DecideContext&, const VacatePost&);
Decided Decide(const State&, const DecideContext&, const AssignDuty&);
Decided Decide(const State&, const DecideContext&, const EndDuty&);
Decided Decide(const State&, const DecideContext&, const MovePerson&);
Decided Decide(const State&, const DecideContext&, const AppointActing&);
Decided Decide(const State&, const DecideContext&, const EndActing&);
Decided Decide(const State&, const DecideContext&, const GrantDelegation&);
Decided Decide(const State&, const DecideContext&, const EndDelegation&);
Decided Decide(const State&, const DecideContext&, const GiveMandate&);
Decided Decide(const State&, const DecideContext&, const RevokeMandate&);
void Apply(State&, const Origin&, const UnitCreated&);
void Apply(State&, const Origin&, const UnitNamed&);
void Apply(State&, const Origin&, const PostCreated&);
void Apply(State&, const Origin&, const PostNamed&);
void Apply(State&, const Origin&, const PersonRegistered&);
void Apply(State&, const Origin&, const PersonNamed&);
void Apply(State&, const Origin&, const PostFilled&);
void Apply(State&, const Origin&, const PostVacated&);
void Apply(State&, const Origin&, const DutyAssigned&);
void Apply(State&, const Origin&, const DutyEnded&);
void Apply(State&, const Origin&, const ActingAppointed&);
void Apply(State&, const Origin&, const ActingEnded&);
void Apply(State&, const Origin&, const DelegationGranted&);
void Apply(State&, const Origin&, const DelegationEnded&);
void Apply(State&, const Origin&, const DelegationUsed&);
void Apply(State&, const Origin&, const MandateGiven&);
void Apply(State&, const Origin&, const MandateRevoked&);
void Apply(State&, const Origin&, const project::ProjectRegistered&);
void Apply(State&, const Origin&, const admin::PayloadErased&);

}  // namespace landfall::people
