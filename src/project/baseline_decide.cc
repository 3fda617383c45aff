// SPDX-License-Identifier: Apache-2.0
#include "project/checks.h"

namespace landfall::project {
namespace {

// The plan as it stands, rung by rung.
List<BaselineDay, kBaselineDaysMax> PlanOf(const State& state, std::size_t p) {
  const Ladder& ladder = state.ladders[state.ladder[p]];
  List<BaselineDay, kBaselineDaysMax> days;
  for (std::size_t r = 0; r < ladder.rungs.size(); ++r)
    if (const std::int32_t day = state.planned[state.first_slot[p] + r]; day != kNoDay)
      days.items.push_back({ladder.rungs[r].key, DayFromNumber(day)});
  return days;
}

bool IsPlan(const State& state, std::size_t p, const Baseline& baseline) {
  for (std::size_t r = 0; r < state.ladders[state.ladder[p]].rungs.size(); ++r)
    if (state.planned[state.first_slot[p] + r] != state.files.baseline_days[baseline.first_day + r]) return false;
  return true;
}

// The baseline that waits, for somebody else than who asked.
Result<const Baseline*> ForVerdict(const State& state, const DecideContext& context, ProjectId id) {
  LF_TRY(CheckKnown(state, id));
  const Baseline* asked = state.files.AskedOf(id.index());
  if (asked == nullptr) return NotFound("project.no_rebaseline", {}, "project");
  if (asked->by == AccountOf(context.by)) return Forbidden("project.own_rebaseline", {}, "project");
  return asked;
}

}  // namespace

Decided Decide(const State& state, const DecideContext& context, const FreezeBaseline& c) {
  LF_TRY(CheckOpen(state, c.project));
  if (state.files.BaselineOf(c.project.index()) != nullptr) return Conflict("project.baseline_exists", {}, "project");
  auto days = PlanOf(state, c.project.index());
  if (days.items.empty()) return Conflict("project.plan_empty", {}, "project");
  return Events{BaselineFrozen{c.project, context.today, std::move(days)}};
}

Decided Decide(const State& state, const DecideContext& context, const AskRebaseline& c) {
  LF_TRY(CheckOpen(state, c.project));
  const std::size_t p = c.project.index();
  const Baseline* baseline = state.files.BaselineOf(p);
  if (baseline == nullptr) return Conflict("project.baseline_missing", {}, "project");
  if (state.files.AskedOf(p) != nullptr) return Conflict("project.rebaseline_pending", {}, "project");
  if (IsPlan(state, p, *baseline)) return Conflict("project.baseline_unchanged", {}, "project");
  return Events{RebaselineAsked{c.project, context.today, PlanOf(state, p)}, RemarkGiven{c.project, c.reason}};
}

Decided Decide(const State& state, const DecideContext& context, const ApproveRebaseline& c) {
  LF_ASSIGN(const Baseline* const asked, ForVerdict(state, context, c.project));
  Events events{RebaselineApproved{c.project, {std::int64_t{asked->seq}}, context.today}};
  if (c.remark) events.push_back(RemarkGiven{c.project, *c.remark});
  return events;
}

Decided Decide(const State& state, const DecideContext& context, const RejectRebaseline& c) {
  LF_ASSIGN(const Baseline* const asked, ForVerdict(state, context, c.project));
  return Events{RebaselineRejected{c.project, {std::int64_t{asked->seq}}, context.today},
                RemarkGiven{c.project, c.remark}};
}

}  // namespace landfall::project
