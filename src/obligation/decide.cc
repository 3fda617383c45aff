// SPDX-License-Identifier: Apache-2.0
#include "obligation/state.h"

namespace landfall::obligation {
namespace {

using Events = std::vector<Event>;

Life LifeOf(const State& state, ObligationId id) { return static_cast<Life>(state.life[id.index()]); }
KindRules Rules(const State& state, ObligationId id) { return RulesOf(static_cast<Kind>(state.kind[id.index()])); }

Status CheckOpen(const State& state, ObligationId id) {
  if (!state.Knows(id)) return NotFound("obligation.unknown", {}, "obligation");
  if (!IsOpen(LifeOf(state, id))) return Conflict("obligation.wrong_state", {}, "obligation");
  return Ok{};
}

// Nobody approves their own input: who reported it done neither writes it off nor returns it.
Status CheckSecondPerson(const State& state, const DecideContext& context, ObligationId id) {
  LF_TRY(CheckOpen(state, id));
  if (LifeOf(state, id) != Life::kReported) return Conflict("obligation.wrong_state", {}, "obligation");
  const std::uint32_t reporter = state.reporter[id.index()];
  const bool same =
      context.by.kind == Actor::Kind::kAccount ? reporter == context.by.account.raw : reporter == UINT32_MAX;
  if (same) return Forbidden("obligation.own_report", {}, "obligation");
  // Nor does somebody of the unit that owes it: a colleague at the next desk is no second person.
  if (context.by.kind == Actor::Kind::kAccount && context.by.account.index() < state.account_unit.size() &&
      state.account_unit[context.by.account.index()] == state.owner[id.index()])
    return Forbidden("obligation.own_unit", {}, "obligation");
  return Ok{};
}

// Open, and the owing unit still has something to do.
Status CheckRunning(const State& state, ObligationId id) {
  LF_TRY(CheckOpen(state, id));
  if (LifeOf(state, id) == Life::kReported) return Conflict("obligation.wrong_state", {}, "obligation");
  return Ok{};
}

FollowUp FollowUpOf(const State& state, ObligationId id) {
  const FollowUp* f = state.FollowUpOf(id.index());
  return f != nullptr ? *f : kNoFollowUp;
}

List<Digest, 20> Given(const std::optional<List<Digest, 20>>& evidence) {
  return evidence.value_or(List<Digest, 20>{});
}

}  // namespace

Decided Decide(const State& state, const DecideContext& context, const Assign& c) {
  if (RulesOf(c.kind).needs_subject && !c.project) return Invalid("obligation.subject_missing", {}, "project");
  if (c.project && c.project->raw > state.last_of_project.size()) return NotFound("project.unknown", {}, "project");
  if (c.owner_unit.raw > state.units) return NotFound("unit.unknown", {}, "owner_unit");
  if (c.due_on < context.today) return Invalid("obligation.due_before_given", {}, "due_on");
  if (c.category && !c.list) return Invalid("obligation.category_without_list", {}, "list");
  const ObligationId id = ObligationId::FromIndex(state.size());
  Events events{Assigned{id, c.kind, c.project, c.owner_unit, context.today, c.due_on}, Worded{id, c.text}};
  if (c.list) events.push_back(Listed{id, *c.list, c.category});
  return events;
}

Decided Decide(const State& state, const DecideContext&, const Accept& c) {
  LF_TRY(CheckOpen(state, c.obligation));
  if (!Rules(state, c.obligation).needs_accept) return Conflict("obligation.needs_no_acceptance", {}, "obligation");
  if (LifeOf(state, c.obligation) != Life::kAssigned) return Conflict("obligation.wrong_state", {}, "obligation");
  return Events{Accepted{c.obligation}};
}

Decided Decide(const State& state, const DecideContext& context, const ReportDone& c) {
  LF_TRY(CheckOpen(state, c.obligation));
  const KindRules rules = Rules(state, c.obligation);
  const Life life = LifeOf(state, c.obligation);
  if (life == Life::kReported) return Conflict("obligation.wrong_state", {}, "obligation");
  if (rules.needs_accept && life == Life::kAssigned) return Conflict("obligation.not_accepted", {}, "obligation");
  if (c.effective_on > context.today) return Invalid("obligation.day_in_future", {}, "effective_on");
  if (DayNumber(c.effective_on) < state.given[c.obligation.index()])
    return Invalid("obligation.day_before_given", {}, "effective_on");
  if (rules.needs_evidence && (!c.evidence || c.evidence->items.empty()))
    return Invalid("obligation.evidence_missing", {}, "evidence");
  Events events{ReportedDone{c.obligation, c.effective_on, Given(c.evidence)}};
  if (c.remark) events.push_back(RemarkGiven{c.obligation, *c.remark});
  return events;
}

Decided Decide(const State& state, const DecideContext& context, const WriteOff& c) {
  LF_TRY(CheckSecondPerson(state, context, c.obligation));
  Events events{WrittenOff{c.obligation}};
  if (c.evidence && !c.evidence->items.empty()) events.push_back(EvidenceAttached{c.obligation, *c.evidence});
  if (c.remark) events.push_back(RemarkGiven{c.obligation, *c.remark});
  return events;
}

Decided Decide(const State& state, const DecideContext& context, const Return& c) {
  LF_TRY(CheckOpen(state, c.obligation));
  if (!Rules(state, c.obligation).returnable) return Conflict("obligation.not_returnable", {}, "obligation");
  LF_TRY(CheckSecondPerson(state, context, c.obligation));
  if (c.due_on < context.today) return Invalid("obligation.due_in_past", {}, "due_on");
  return Events{Returned{c.obligation, c.due_on}, RemarkGiven{c.obligation, c.remark}};
}

Decided Decide(const State& state, const DecideContext&, const MoveDeadline& c) {
  LF_TRY(CheckOpen(state, c.obligation));
  if (LifeOf(state, c.obligation) == Life::kReported) return Conflict("obligation.wrong_state", {}, "obligation");
  const std::size_t i = c.obligation.index();
  if (DayNumber(c.due_on) < state.given[i]) return Invalid("obligation.due_before_given", {}, "due_on");
  if (DayNumber(c.due_on) == state.due[i]) return Conflict("obligation.deadline_unchanged", {}, "due_on");
  return Events{DeadlineMoved{c.obligation, c.due_on}, RemarkGiven{c.obligation, c.remark}};
}

Decided Decide(const State& state, const DecideContext&, const Cancel& c) {
  LF_TRY(CheckOpen(state, c.obligation));
  return Events{Cancelled{c.obligation}, RemarkGiven{c.obligation, c.remark}};
}

Decided Decide(const State& state, const DecideContext& context, const Urge& c) {
  LF_TRY(CheckRunning(state, c.obligation));
  const FollowUp f = FollowUpOf(state, c.obligation);
  if (f.urged_on == DayNumber(context.today) && f.last_urge > static_cast<std::uint8_t>(c.level))
    return Conflict("obligation.urged_today", {}, "obligation");
  Events events{Urged{c.obligation, c.level, context.today}};
  if (c.remark) events.push_back(RemarkGiven{c.obligation, *c.remark});
  return events;
}

Decided Decide(const State& state, const DecideContext& context, const StateSource& c) {
  LF_TRY(CheckOpen(state, c.obligation));
  if (c.post && (!*c.post || c.post->raw > state.posts)) return NotFound("post.unknown", {}, "post");
  if (c.stated_on && *c.stated_on > context.today) return Invalid("obligation.source_day_in_future", {}, "stated_on");
  // An instruction binds because it was written down: without day and scan it is hearsay.
  if (c.source == Source::leader_instruction && !c.stated_on)
    return Invalid("obligation.source_day_missing", {}, "stated_on");
  if (c.source == Source::leader_instruction && Given(c.evidence).items.empty())
    return Invalid("obligation.source_note_missing", {}, "evidence");
  Events events{SourceStated{c.obligation, c.source, c.stated_on, c.post, Given(c.evidence)}};
  if (c.text) events.push_back(SourceWorded{c.obligation, *c.text});
  return events;
}

Decided Decide(const State& state, const DecideContext&, const PutOnList& c) {
  LF_TRY(CheckOpen(state, c.obligation));
  const FollowUp f = FollowUpOf(state, c.obligation);
  const int category = c.category ? static_cast<int>(*c.category) + 1 : 0;
  if (f.list == static_cast<int>(c.list) + 1 && f.category == category)
    return Conflict("obligation.list_unchanged", {}, "list");
  return Events{Listed{c.obligation, c.list, c.category}};
}

Decided Decide(const State& state, const DecideContext& context, const NoteProgress& c) {
  LF_TRY(CheckRunning(state, c.obligation));
  if (Rules(state, c.obligation).needs_accept && LifeOf(state, c.obligation) == Life::kAssigned)
    return Conflict("obligation.not_accepted", {}, "obligation");
  return Events{ProgressNoted{c.obligation, context.today, Given(c.evidence)}, RemarkGiven{c.obligation, c.remark}};
}

Decided Decide(const State& state, const DecideContext& context, const Escalate& c) {
  LF_TRY(CheckRunning(state, c.obligation));
  const int level = FollowUpOf(state, c.obligation).level;
  if (level == kSupervisionLevels) return Conflict("obligation.highest_level", {}, "obligation");
  return Events{Escalated{c.obligation, {level + 1}, context.today}, RemarkGiven{c.obligation, c.remark}};
}

}  // namespace landfall::obligation
