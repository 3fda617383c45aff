// SPDX-License-Identifier: Apache-2.0
// How many projects have their stated day of a rung on or before any day.
#pragma once

#include <cstdint>
#include <vector>

#include "base/day_tally.h"

namespace landfall::project {

// Of one ladder, by rung.
struct RungTallies {
  std::vector<DayTally> stated;
  std::vector<std::int64_t> contradicting;
  std::int64_t projects = 0;
};

}  // namespace landfall::project
