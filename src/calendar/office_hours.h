// SPDX-License-Identifier: Apache-2.0
// The hours of an office on a working day: the day on which an application counts as accepted, and working seconds
// between two instants. All offices of one OfficeHours keep the same hours on every working day.
//
// Threads: immutable after Make; any number may read it. Cost: every question O(1) in the distance.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "calendar/work_calendar.h"

namespace landfall {

struct OfficeSpan {  // Seconds since midnight on the wall, [from, to).
  int from_s = 0;
  int to_s = 0;
};
constexpr int ClockTime(int hours, int minutes) { return hours * 3600 + minutes * 60; }

struct WorkingTime {
  std::int64_t seconds = 0;
  bool provisional = false;
  constexpr bool operator==(const WorkingTime&) const = default;
};

class OfficeHours {
 public:
  static constexpr int kDaySeconds = 86'400;
  static constexpr std::size_t kSpansMax = 8;

  // `spans` in order, apart from each other, within one day; what lies between two is lunch. `offset` is that of the
  // jurisdiction: only it decides which day and hour an instant is. `cut_off_s`: until when an application still counts
  // for its day; kDaySeconds where the office takes them around the clock.
  // Errors: office_hours.malformed.
  static Result<OfficeHours> Make(std::span<const OfficeSpan> spans, UtcOffset offset, int cut_off_s = kDaySeconds);

  // The day that is day 0 of a limit (受理日). An application that arrives on a working day up to and including the
  // cut-off second (民法典 第203条: 停止业务活动的时间为截止时间) counts for that day; later, or on a day off, it
  // counts as accepted on the next working day. Before opening is the same day. Errors: calendar.out_of_range.
  Result<Deadline> AcceptedOn(const WorkCalendar& calendar, Instant at) const;

  // Seconds within office hours of working days from one instant to another, negative backwards. Instants count by
  // their whole second, so that the parts of a stretch add up to it.
  // Errors: calendar.out_of_range.
  Result<WorkingTime> Between(const WorkCalendar& calendar, Instant from, Instant to) const;

  int seconds_a_day() const { return seconds_a_day_; }

 private:
  struct Wall {
    Day day;
    int second;  // Of the day.
  };
  OfficeHours() = default;
  Result<Wall> WallOf(Instant at) const;
  int WorkedBy(int second) const;  // Of a working day.

  std::vector<OfficeSpan> spans_;
  UtcOffset offset_;
  int cut_off_s_ = kDaySeconds;
  int seconds_a_day_ = 0;
};

}  // namespace landfall
