// SPDX-License-Identifier: Apache-2.0
// Inside the project subject: what follows from the days in a project's slots.
#pragma once

#include "project/state.h"

namespace landfall::project {

// Bit r: the stated day of rung r lies before the latest day of an earlier rung.
std::uint16_t Contradictions(const State& state, std::size_t project);
RungTallies EmptyTallies(const Ladder& ladder);
// Adds a project's days to the tallies of its ladder.
void CountProject(State& state, std::size_t project);

}  // namespace landfall::project
