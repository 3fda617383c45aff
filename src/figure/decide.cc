// SPDX-License-Identifier: Apache-2.0
#include "figure/state.h"

namespace landfall::figure {

Decided Decide(const State& state, const DecideContext&, const DefineFigure& c) {
  if (!IsOfMilestone(c.measure)) {
    if (c.milestone || c.ladder)
      return Invalid("figure.milestone_missing", "a sum of receipts or results names no milestone", "milestone");
    if (c.funds_kind && c.measure != Measure::funds_sum)
      return Invalid("figure.funds_kind_misplaced", {}, "funds_kind");
  } else {
    if (!c.milestone || !c.ladder) return Invalid("figure.milestone_missing", {}, c.ladder ? "milestone" : "ladder");
    if (c.funds_kind) return Invalid("figure.funds_kind_misplaced", {}, "funds_kind");
    bool ladder = false, milestone = false;
    for (std::size_t i = 0; i + 1 < state.ladder_rows.size(); i += 2) {
      if (state.ladder_rows[i] != c.ladder->value) continue;
      ladder = true;
      milestone = (" " + state.ladder_rows[i + 1] + " ").find(" " + c.milestone->value + " ") != std::string::npos;
    }
    if (!ladder) return NotFound("figure.unknown_ladder", {}, "ladder");
    if (!milestone) return NotFound("figure.unknown_milestone", {}, "milestone");
  }
  const int at = state.Find(c.figure.value);
  const std::int64_t version = at < 0 ? 1 : state.definitions[static_cast<std::size_t>(at)].event.version.value + 1;
  FigureDefined event{{c.figure.value}, {version},        c.measure,    c.ladder,
                      c.milestone,      c.at_least_minor, c.funds_kind, c.evidence};
  if (at >= 0) {
    FigureDefined same = event;
    same.version = state.definitions[static_cast<std::size_t>(at)].event.version;
    if (ToJson(same) == ToJson(state.definitions[static_cast<std::size_t>(at)].event))
      return Conflict("figure.unchanged", {}, "figure");
  }
  return std::vector<Event>{event, FigureNamed{{c.figure.value}, c.zh, c.en}};
}

}  // namespace landfall::figure
