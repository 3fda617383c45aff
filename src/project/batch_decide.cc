// SPDX-License-Identifier: Apache-2.0
#include "project/checks.h"

namespace landfall::project {

Decided Decide(const State& state, const DecideContext&, const JoinBatch& c) {
  LF_TRY(CheckOpen(state, c.project));
  const BatchMember* last = state.files.LastIn(c.project.index(), c.batch);
  if (last != nullptr && last->until == kNever) return Conflict("project.in_batch", {}, "batch");
  if (last != nullptr && DayNumber(c.effective_on) < last->until)
    return Invalid("project.day_before_last", {}, "effective_on");
  return Events{BatchJoined{c.project, c.batch, c.effective_on}};
}

Decided Decide(const State& state, const DecideContext&, const LeaveBatch& c) {
  LF_TRY(CheckKnown(state, c.project));
  const BatchMember* last = state.files.LastIn(c.project.index(), c.batch);
  if (last == nullptr || last->until != kNever) return Conflict("project.not_in_batch", {}, "batch");
  if (DayNumber(c.effective_on) < last->from) return Invalid("project.day_before_last", {}, "effective_on");
  return Events{BatchLeft{c.project, c.batch, c.effective_on}};
}

Decided Decide(const State& state, const DecideContext&, const SetBatchTarget& c) {
  if (c.last_period < c.first_period) return Invalid("list.period_reversed", {}, "last_period");
  const BatchTarget* now = state.files.TargetOf(c.batch, c.first_period, c.last_period);
  if (now != nullptr && now->projects == c.projects.value) return Conflict("list.target_unchanged", {}, "projects");
  return Events{BatchTargetSet{{c.batch}, c.first_period, c.last_period, c.projects}};
}

Decided Decide(const State& state, const DecideContext&, const SetShares& c) {
  LF_TRY(CheckOpen(state, c.project));
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < c.shares.items.size(); ++i) {
    const UnitShare& share = c.shares.items[i];
    if (share.unit.raw == 0 || share.unit.raw > state.units)
      return NotFound("unit.unknown", share.unit.ToString(), "shares");
    for (std::size_t j = 0; j < i; ++j)
      if (c.shares.items[j].unit == share.unit) return Invalid("project.share_twice", share.unit.ToString(), "shares");
    sum += share.share_bp.value;
  }
  if (sum != kWholeShare && !c.shares.items.empty())
    return Invalid("project.shares_unbalanced", std::to_string(sum), "shares");
  std::vector<UnitShare> now;
  for (const Share& share : state.files.SharesOf(c.project.index()))
    now.push_back({UnitId{share.unit}, {static_cast<std::int64_t>(share.bp)}});
  if (now == c.shares.items) return Conflict("project.shares_unchanged", {}, "shares");
  return Events{SharesSet{c.project, c.shares}};
}

Decided Decide(const State& state, const DecideContext& context, const AdoptPlan& c) {
  LF_TRY(CheckOpen(state, c.project));
  LF_TRY(CheckNotFuture(context, c.effective_on));
  const std::uint32_t head = state.files.heads[c.project.index()].plan;
  if (head != 0 && DayNumber(c.effective_on) < state.files.plans[head - 1].day)
    return Invalid("project.day_before_last", {}, "effective_on");
  if (c.tasks.items.empty()) return Invalid("project.plan_without_task", {}, "tasks");
  PlanAdopted plan{c.project, c.effective_on, {}};
  PlanWorded words{c.project, c.strategy, {}};
  for (const PlanTaskText& task : c.tasks.items) {
    if (task.owner_unit.raw == 0 || task.owner_unit.raw > state.units)
      return NotFound("unit.unknown", task.owner_unit.ToString(), "tasks");
    if (task.milestone && !RungOf(state, c.project, *task.milestone))
      return Invalid("project.unknown_milestone", task.milestone->value, "tasks");
    plan.tasks.items.push_back({task.owner_unit, task.due_on, task.milestone});
    words.texts.items.push_back(task.text);
  }
  return Events{std::move(plan), std::move(words)};
}

}  // namespace landfall::project
