// SPDX-License-Identifier: Apache-2.0
// When a notice lands: which deadlines change, and which of them for the worse.
//
// Cost: two O(1) questions a deadline, O(pauses) a clock. Threads: reads only.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "calendar/pausable_clock.h"
#include "calendar/work_calendar.h"

namespace landfall {

struct RunningLimit {
  Day from;  // Day 0.
  TimeLimit limit;
};

struct DeadlineChange {
  std::size_t index;  // Into the list that was asked about.
  Deadline before, after;

  // Worse for whoever owes: an earlier day, or a day no longer certain.
  bool worsened() const { return after.day < before.day || (after.day == before.day && after.provisional); }
};

// Those whose day or provisional mark differs between two states of knowledge, in the order of the list.
// Errors: those of WorkCalendar::After and PausableClock::Read.
Result<std::vector<DeadlineChange>> Affected(std::span<const RunningLimit> limits, const WorkCalendar& before,
                                             const WorkCalendar& after);
// The same for clocks, read at the end of `as_of`; one without a due day (paused) is not listed.
Result<std::vector<DeadlineChange>> Affected(std::span<const PausableClock> clocks, const WorkCalendar& before,
                                             const WorkCalendar& after, Day as_of);

}  // namespace landfall
