// SPDX-License-Identifier: Apache-2.0
// Tasks of plans as obligations, and what is heard of blocks.
#include <algorithm>

#include "obligation/state.h"
#include "obligation/tell.h"

namespace landfall::obligation {
namespace {

// Errors: obligation.plan_not_in_force, obligation.no_such_task, obligation.task_has_one.
Status CheckTask(const State& state, ProjectId project, std::int64_t plan, std::int64_t task) {
  const State::PlanInForce& now = state.plan_of_project[project.index()];
  if (now.seq != static_cast<std::uint64_t>(plan)) return Conflict("obligation.plan_not_in_force", {}, "plan");
  if (task > now.tasks) return NotFound("obligation.no_such_task", {}, "task");
  if (state.TakerOf(project, now.seq, static_cast<std::uint32_t>(task)))
    return Conflict("obligation.task_has_one", {}, "task");
  return Ok{};
}

}  // namespace

ObligationId State::TakerOf(ProjectId of, std::uint32_t plan, std::uint32_t task) const {
  for (std::uint32_t at = last_of_project[of.index()]; at != 0; at = previous[at - 1]) {
    const FollowUp* f = FollowUpOf(at - 1);
    if (f != nullptr && f->plan_seq == plan && f->task == task && static_cast<Life>(life[at - 1]) != Life::kCancelled)
      return ObligationId{at};
  }
  return {};
}

Decided Decide(const State& state, const DecideContext& context, const AssignTask& c) {
  if (!c.project || c.project.index() >= state.last_of_project.size())
    return NotFound("project.unknown", {}, "project");
  LF_TRY(CheckTask(state, c.project, c.plan.value, c.task.value));
  if (!c.owner_unit || c.owner_unit.raw > state.units) return NotFound("unit.unknown", {}, "owner_unit");
  if (c.due_on < context.today) return Invalid("obligation.due_before_given", {}, "due_on");
  const ObligationId id = ObligationId::FromIndex(state.size());
  return std::vector<Event>{Assigned{id, Kind::task, c.project, c.owner_unit, context.today, c.due_on},
                            Worded{id, c.text}, TaskTaken{id, c.plan, c.task}};
}

Decided Decide(const State& state, const DecideContext&, const LinkTask& c) {
  if (!state.Knows(c.obligation)) return NotFound("obligation.unknown", {}, "obligation");
  const std::size_t i = c.obligation.index();
  if (static_cast<Life>(state.life[i]) == Life::kCancelled) return Conflict("obligation.wrong_state", {}, "obligation");
  if (state.project[i] == 0) return Invalid("obligation.subject_missing", {}, "obligation");
  LF_TRY(CheckTask(state, ProjectId{state.project[i]}, c.plan.value, c.task.value));
  return std::vector<Event>{TaskTaken{c.obligation, c.plan, c.task}};
}

void Apply(State& state, const Origin&, const TaskTaken& e) {
  FollowUp& f = Follow(state, e.on);
  f.plan_seq = SeqForColumn(static_cast<std::uint64_t>(e.plan.value));
  f.task = static_cast<std::uint8_t>(e.task.value);
}

void Apply(State& state, const Origin& origin, const project::PlanAdopted& e) {
  state.plan_of_project.Set(e.on.index(), {SeqForColumn(origin.seq), static_cast<std::uint32_t>(e.tasks.items.size())});
}

// ---- blocks are the project's; here is only who set them, for those who want to hear of them ----

void Apply(State& state, const Origin& origin, const project::BlockRaised&) {
  state.blocks.push_back({SeqForColumn(origin.seq), AccountOf(origin.by)});
  Tell(state, origin, static_cast<std::uint32_t>(state.blocks.size()), NewsKind::block_raised);
}

void Apply(State& state, const Origin& origin, const project::BlockSolved& e) {
  const auto found =
      std::lower_bound(state.blocks.begin(), state.blocks.end(), static_cast<std::uint64_t>(e.raised.value),
                       [](const State::BlockSeen& block, std::uint64_t seq) { return block.seq < seq; });
  if (found == state.blocks.end() || found->seq != static_cast<std::uint64_t>(e.raised.value)) return;
  Tell(state, origin, static_cast<std::uint32_t>(found - state.blocks.begin()) + 1, NewsKind::block_solved);
}

}  // namespace landfall::obligation
