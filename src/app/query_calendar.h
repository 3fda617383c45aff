// SPDX-License-Identifier: Apache-2.0
// What a ledger counts as working days: this year and the next, with every day that does not follow the ordinary week.
#pragma once

#include "app/queries.h"
#include "calendar/work_calendar.h"

namespace landfall::app {

struct CalendarDay {
  static constexpr std::string_view kName = "CalendarDay";
  Day day;
  bool works = false;
  std::string name;                   // Of the festival, as the notice has it.
  std::optional<std::string> notice;  // 文号
};
BOOST_DESCRIBE_STRUCT(CalendarDay, (), (day, works, name, notice))

struct CalendarYear {
  static constexpr std::string_view kName = "CalendarYear";
  std::int64_t year = 0;
  std::int64_t work_days = 0;
  bool provisional = false;       // Nobody has announced its holidays yet: the plain week.
  std::vector<CalendarDay> days;  // Those that do not follow the ordinary week, in order.
};
BOOST_DESCRIBE_STRUCT(CalendarYear, (), (year, work_days, provisional, days))

struct CalendarPage {
  static constexpr std::string_view kName = "CalendarPage";
  Standing standing;
  bool national = false;  // By the notices of the State Council; otherwise the plain week.
  std::vector<CalendarYear> years;
};
BOOST_DESCRIBE_STRUCT(CalendarPage, (), (standing, national, years))

// The calendar by which a ledger counts: the national one where it counts in renminbi, elsewhere the plain week; with
// all notices known to this build.
bool CountsNationally(const State& state);
std::shared_ptr<const WorkCalendar> CalendarOf(const State& state);

// The year of the frame's day and the next. Cost: a look-up a day.
CalendarPage QueryCalendar(const Frame& frame);

}  // namespace landfall::app
