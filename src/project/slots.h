// SPDX-License-Identifier: Apache-2.0
// Inside the project subject: what follows from the days in a project's slots.
#pragma once

#include <array>

#include "project/state.h"

namespace landfall::project {

// The days of a project's rungs, read from their columns once.
struct RungDays {
  std::array<std::int32_t, kRungsMax> planned, reached;
  std::size_t rungs;
  RungDays(const State& state, std::size_t project) : rungs(state.ladders[state.ladder[project]].rungs.size()) {
    const std::size_t first = state.first_slot[project];
    state.planned.Read(first, rungs, planned.data());
    state.reached.Read(first, rungs, reached.data());
  }
  std::int32_t Stated(std::size_t rung) const { return reached[rung] != kNoDay ? reached[rung] : planned[rung]; }
  // As State::PositionAt.
  State::Position At(std::int32_t as_of) const {
    State::Position at;
    for (std::size_t r = 0; r < rungs; ++r) {
      if (reached[r] != kNoDay && reached[r] <= as_of) {
        at.stage = static_cast<int>(r) + 1;
      } else if (planned[r] != kNoDay && planned[r] < at.open_due) {
        at.open_due = planned[r];
        at.open_rung = static_cast<int>(r);
      }
    }
    return at;
  }
};

// Bit r: the stated day of rung r lies before the latest day of an earlier rung.
std::uint16_t Contradictions(const Ladder& ladder, const RungDays& days);
RungTallies EmptyTallies(const Ladder& ladder);
// Whether two rungs stand in an order that their days must respect.
inline bool Compared(const Ladder& ladder, std::size_t a, std::size_t b) {
  if (a > b) std::swap(a, b);
  for (std::size_t r = a; r <= b; ++r)
    if (!ladder.rungs[r].parallel) return true;
  return a == b;
}

// Adds a project's days to the tallies of its ladder and its money to the totals; `by` −1 takes them out again.
void CountProject(State& state, std::size_t project, int by);

}  // namespace landfall::project
