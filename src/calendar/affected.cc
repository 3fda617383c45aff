// SPDX-License-Identifier: Apache-2.0
#include "calendar/affected.h"

namespace landfall {

Result<std::vector<DeadlineChange>> Affected(std::span<const RunningLimit> limits, const WorkCalendar& before,
                                             const WorkCalendar& after) {
  std::vector<DeadlineChange> changes;
  for (std::size_t i = 0; i < limits.size(); ++i) {
    LF_ASSIGN(const Deadline old_due, before.After(limits[i].from, limits[i].limit));
    LF_ASSIGN(const Deadline new_due, after.After(limits[i].from, limits[i].limit));
    if (old_due != new_due) changes.push_back({i, old_due, new_due});
  }
  return changes;
}

Result<std::vector<DeadlineChange>> Affected(std::span<const PausableClock> clocks, const WorkCalendar& before,
                                             const WorkCalendar& after, Day as_of) {
  std::vector<DeadlineChange> changes;
  for (std::size_t i = 0; i < clocks.size(); ++i) {
    LF_ASSIGN(const ClockReading old_face, clocks[i].Read(before, as_of));
    LF_ASSIGN(const ClockReading new_face, clocks[i].Read(after, as_of));
    if (old_face.due && new_face.due && *old_face.due != *new_face.due)
      changes.push_back({i, *old_face.due, *new_face.due});
  }
  return changes;
}

}  // namespace landfall
