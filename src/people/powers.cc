// SPDX-License-Identifier: Apache-2.0
#include "people/state.h"

namespace landfall::people {
namespace {

std::uint32_t BitOf(Power power) { return 1u << static_cast<unsigned>(power); }

}  // namespace

std::string_view CommandOf(Power power) {
  switch (power) {
    case Power::assign:
      return "obligation.assign";
    case Power::assign_task:
      return "obligation.assign_task";
    case Power::urge:
      return "obligation.urge";
    case Power::escalate:
      return "obligation.escalate";
    case Power::move_deadline:
      return "obligation.move_deadline";
    case Power::send_back:
      return "obligation.return";
    case Power::adopt_plan:
      return "project.adopt_plan";
    case Power::approve_change:
      return "project.approve_rebaseline";
    case Power::reject_change:
      return "project.reject_rebaseline";
    case Power::raise_block:
      return "project.raise_block";
  }
  return {};
}

bool Delegation::Holds(std::string_view command) const {
  for (std::size_t p = 0; p < kPowers; ++p)
    if ((powers & BitOf(static_cast<Power>(p))) != 0 && CommandOf(static_cast<Power>(p)) == command) return true;
  return false;
}

bool State::Runs(const Delegation& d, Day day) const {
  const std::int32_t number = DayNumber(day);
  return d.from <= number && number < d.until && duties[d.duty - 1].RunsOn(number);
}

bool State::MayUse(const Delegation& d, PersonId person, Day day) const {
  if (!Runs(d, day)) return false;
  const PostId post{duties[d.duty - 1].post};
  const Term *holder = TermOn(post, day), *acting = ActingOn(post, day);
  return (holder != nullptr && holder->person == person.raw) || (acting != nullptr && acting->person == person.raw);
}

Decided Decide(const State& state, const DecideContext& context, const GrantDelegation& c) {
  if (!state.Knows(c.duty)) return NotFound("duty.unknown", {}, "duty");
  const Duty& duty = state.duties[c.duty.index()];
  if (duty.kind != static_cast<std::uint8_t>(DutyKind::commander))
    return Conflict("delegation.not_commander", {}, "duty");
  if (c.powers.items.empty()) return Invalid("delegation.empty", {}, "powers");
  std::uint32_t given = 0;
  for (const Power power : c.powers.items) {
    if ((given & BitOf(power)) != 0) return Invalid("delegation.repeated", std::string(EnumName(power)), "powers");
    given |= BitOf(power);
  }
  // What was done without it was done without it.
  if (c.effective_on < context.today) return Invalid("delegation.in_past", {}, "effective_on");
  if (c.until <= c.effective_on || c.until - c.effective_on > std::chrono::days(kDelegationDaysMax))
    return Invalid("delegation.term", {}, "until");
  if (!duty.RunsOn(DayNumber(c.effective_on))) return Conflict("duty.ended_already", {}, "duty");
  return std::vector<Event>{
      DelegationGranted{DelegationId::FromIndex(state.delegations.size()), c.duty, c.powers, c.effective_on, c.until}};
}

Decided Decide(const State& state, const DecideContext& context, const EndDelegation& c) {
  if (!c.delegation || c.delegation.index() >= state.delegations.size())
    return NotFound("delegation.unknown", {}, "delegation");
  if (c.effective_on < context.today) return Invalid("delegation.in_past", {}, "effective_on");
  if (state.delegations[c.delegation.index()].until <= DayNumber(c.effective_on))
    return Conflict("delegation.ended_already", {}, "delegation");
  return std::vector<Event>{DelegationEnded{c.delegation, c.effective_on}};
}

void Apply(State& state, const Origin& origin, const DelegationGranted& e) {
  Delegation row{};
  row.duty = e.duty.raw;
  row.from = DayNumber(e.effective_on);
  row.until = DayNumber(e.until);
  row.seq = SeqForColumn(origin.seq);
  row.by = origin.by.kind == Actor::Kind::kAccount ? origin.by.account.raw : 0;
  for (const Power power : e.powers.items) row.powers |= BitOf(power);
  state.delegations.push_back(row);
}

void Apply(State& state, const Origin&, const DelegationEnded& e) {
  state.delegations[e.on.index()].until = DayNumber(e.effective_on);
}

void Apply(State& state, const Origin&, const DelegationUsed& e) { ++state.delegations[e.on.index()].uses; }

}  // namespace landfall::people
