// SPDX-License-Identifier: Apache-2.0
// Inside the project subject: what follows from the days in a project's slots.
#pragma once

#include "project/state.h"

namespace landfall::project {

// Bit r: the stated day of rung r lies before the latest day of an earlier rung.
std::uint16_t Contradictions(const State& state, std::size_t project);
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
