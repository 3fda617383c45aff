// SPDX-License-Identifier: Apache-2.0
// Whose an account is, and policy changes that take two people.
#include "admin/state.h"

namespace landfall::admin {
namespace {

std::uint32_t RawOf(const Actor& by) { return by.kind == Actor::Kind::kAccount ? by.account.raw : 0; }

void Close(State& state, const Origin& origin, PolicyChangeId id, ChangeState how) {
  PolicyChange& change = state.changes[id.index()];
  change.state = static_cast<std::uint8_t>(how);
  change.decided_by = RawOf(origin.by);
  change.decided_seq = SeqForColumn(origin.seq);
}

Status CheckOpen(const State& state, PolicyChangeId id) {
  if (!state.Knows(id)) return NotFound("policy.unknown", {}, "change");
  if (state.changes[id.index()].state != static_cast<std::uint8_t>(ChangeState::kProposed))
    return Conflict("policy.decided_already", {}, "change");
  return Ok{};
}

}  // namespace

std::optional<PolicyReach> State::Changed(Role role, std::string_view permission) const {
  std::optional<PolicyReach> reach;
  std::uint32_t newest = 0;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const PolicyChange& change = changes[i];
    if (change.state != static_cast<std::uint8_t>(ChangeState::kApproved) || change.decided_seq < newest ||
        change.role != static_cast<std::uint8_t>(role) || change_permission.Get(i) != permission)
      continue;
    newest = change.decided_seq;
    reach = static_cast<PolicyReach>(change.reach);
  }
  return reach;
}

Decided Decide(const State& state, const DecideContext& context, const LinkAccount& c) {
  if (!state.Knows(c.account)) return NotFound("account.unknown", {}, "account");
  if (context.by == Actor::Account(c.account)) return Forbidden("account.self", {}, "account");
  const std::uint32_t person = c.person ? c.person->raw : 0;
  if (person > state.persons) return NotFound("person.unknown", {}, "person");
  if (person != 0 && state.IsApplicant(c.account)) return Conflict("account.applicant_no_official", {}, "account");
  if (state.person[c.account.index()] == person) return Conflict("account.link_unchanged", {}, "person");
  for (std::size_t i = 0; i < state.person.size(); ++i)
    if (person != 0 && state.person[i] == person && !state.disabled[i])
      return Conflict("account.person_taken", AccountId::FromIndex(i).ToString(), "person");
  return std::vector<Event>{AccountLinked{c.account, c.person}};
}

Decided Decide(const State& state, const DecideContext&, const ProposePolicy& c) {
  for (std::size_t i = 0; i < state.changes.size(); ++i)
    if (state.changes[i].state == static_cast<std::uint8_t>(ChangeState::kProposed) &&
        state.changes[i].role == static_cast<std::uint8_t>(c.role) &&
        state.change_permission.Get(i) == c.permission.value)
      return Conflict("policy.proposed_already", PolicyChangeId::FromIndex(i).ToString(), "permission");
  const PolicyChangeId id = PolicyChangeId::FromIndex(state.changes.size());
  return std::vector<Event>{PolicyProposed{id, c.role, c.permission, c.reach}, PolicyReasoned{id, c.remark}};
}

Decided Decide(const State& state, const DecideContext& context, const ApprovePolicy& c) {
  LF_TRY(CheckOpen(state, c.change));
  const std::uint32_t proposed_by = state.changes[c.change.index()].proposed_by;
  if (proposed_by != 0 && RawOf(context.by) == proposed_by) return Forbidden("policy.own_proposal", {}, "change");
  return std::vector<Event>{PolicyApproved{c.change}};
}

Decided Decide(const State& state, const DecideContext&, const RejectPolicy& c) {
  LF_TRY(CheckOpen(state, c.change));
  return std::vector<Event>{PolicyRejected{c.change}};
}

void Apply(State& state, const Origin&, const AccountLinked& e) {
  state.person[e.on.index()] = e.person ? e.person->raw : 0;
}
void Apply(State& state, const Origin&, const AccountBound& e) {
  state.enterprise[e.on.index()] = e.enterprise ? e.enterprise->raw : 0;
}
void Apply(State& state, const Origin& origin, const PolicyProposed& e) {
  state.changes.push_back({static_cast<std::uint8_t>(e.role), static_cast<std::uint8_t>(e.reach),
                           static_cast<std::uint8_t>(ChangeState::kProposed), 0, RawOf(origin.by), 0,
                           SeqForColumn(origin.seq), 0});
  state.change_permission.Resize(state.changes.size());
  state.change_permission.Set(state.changes.size() - 1, e.permission.value);
  state.change_remark.Resize(state.changes.size());
}
void Apply(State& state, const Origin& origin, const PolicyReasoned& e) {
  state.change_remark.Set(e.on.index(), origin.seq, origin.event, e.remark.value);
}
void Apply(State& state, const Origin& origin, const PolicyApproved& e) {
  Close(state, origin, e.on, ChangeState::kApproved);
}
void Apply(State& state, const Origin& origin, const PolicyRejected& e) {
  Close(state, origin, e.on, ChangeState::kRejected);
}
void Apply(State& state, const Origin&, const people::PersonRegistered&) { ++state.persons; }
void Apply(State& state, const Origin&, const enterprise::EnterpriseRegistered&) { ++state.enterprises; }

}  // namespace landfall::admin
