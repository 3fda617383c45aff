// SPDX-License-Identifier: Apache-2.0
#include "app/board_scan.h"
#include "app/queries.h"

namespace landfall::app {

LightView ProjectLight(const Frame& frame, ProjectId id) {
  const project::State& s = frame.state.project;
  const std::size_t p = id.index();
  const std::int32_t as_of = DayNumber(frame.as_of);
  const project::State::Position at = s.PositionAt(p, as_of);
  const auto& rungs = s.ladders[s.ladder[p]].rungs;
  LightView view;
  view.light = LightOf(s, p, as_of, at.stage, at.open_due, static_cast<int>(rungs.size()));
  const auto side = static_cast<project::Side>(s.side[p]);
  if (side != project::Side::kActive && s.side_since[p] <= as_of) {
    view.reason = side == project::Side::kOnHold ? LightReason::on_hold : LightReason::terminated;
    view.since = DayFromNumber(s.side_since[p]);
    return view;
  }
  if (view.light == Light::done) {
    view.reason = LightReason::all_reached;
    view.milestone = rungs.back().key.value;
    view.since = DayFromNumber(s.reached[s.first_slot[p] + rungs.size() - 1]);
    return view;
  }
  if (const project::Block* block = s.files.OpenBlock(p, as_of)) {
    view.reason = LightReason::blocked;
    view.milestone = rungs[block->rung].key.value;
    view.days = as_of - block->day;
    view.since = DayFromNumber(block->day);
    view.block = static_cast<project::BlockKind>(block->kind);
    return view;
  }
  if (at.open_rung < 0) {
    view.reason = LightReason::no_plan;
    return view;
  }
  const std::int32_t late = as_of - at.open_due;
  view.milestone = rungs[static_cast<std::size_t>(at.open_rung)].key.value;
  view.reason = late > 0 ? LightReason::overdue : LightReason::on_plan;
  view.days = late > 0 ? late : -late;
  // Amber stands since the day after the plan, red since it passed the amber days.
  if (late > 0) view.since = DayFromNumber(at.open_due + (late > kAmberDays ? kAmberDays + 1 : 1));
  return view;
}

LightView ObligationLight(const Frame& frame, ObligationId id) {
  const obligation::State& s = frame.state.obligation;
  const std::size_t i = id.index();
  LightView view;
  view.light = LightOf(s, i, DayNumber(frame.as_of));
  if (!obligation::IsOpen(static_cast<obligation::Life>(s.life[i]))) {
    view.reason = LightReason::closed;
    if (s.closed[i] != obligation::State::kNoDay) view.since = DayFromNumber(s.closed[i]);
    return view;
  }
  const std::int32_t until = s.closed[i] != obligation::State::kNoDay ? s.closed[i] : DayNumber(frame.as_of);
  const std::int32_t late = until - s.due[i];
  view.reason = late > 0 ? LightReason::overdue : LightReason::on_plan;
  view.days = late > 0 ? late : -late;
  if (late > 0) view.since = DayFromNumber(s.due[i] + (late > kAmberDays ? kAmberDays + 1 : 1));
  return view;
}

}  // namespace landfall::app
