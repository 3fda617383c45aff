// SPDX-License-Identifier: Apache-2.0
// When the reports of each month are due, and which month's report a project owes next.
//
// Working days follow the national calendar where the ledger counts in renminbi, elsewhere the plain week; all notices
// known to this build count. Cost: some look-ups a month and ladder when made; the questions are O(1) for a project
// that is up to date.
#pragma once

#include "app/queries.h"

namespace landfall::app {

// Before this day of a month people report the month before; from it on, this one.
inline constexpr unsigned kReportTurnDay = 20;
Period UsualReportPeriod(Day as_of);

class ReportDues {
 public:
  // For the months that have begun by the frame's day.
  explicit ReportDues(const Frame& frame);
  bool empty() const { return schedules_.empty(); }
  // The day on which the report of a month is due; absent: none is scheduled for that ladder and month.
  std::optional<std::int32_t> DueOf(std::uint8_t ladder, Period period) const;
  struct Owed {
    Period period;
    std::int32_t due = 0;
  };
  // The oldest month that the project owes, has not reported by the frame's day, and still can: not closed, and no
  // later month is reported.
  std::optional<Owed> OldestOwed(std::size_t project) const;

 private:
  struct Month {
    std::int32_t due;
    bool closed;
  };
  struct OfLadder {
    std::int32_t first = INT32_MAX;  // Period
    std::vector<Month> months;
  };
  const project::State& s_;
  std::int32_t as_of_;
  Period now_;
  std::vector<OfLadder> schedules_;  // By ladder; empty: nothing is scheduled at all.
};

}  // namespace landfall::app
