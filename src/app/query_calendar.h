// SPDX-License-Identifier: Apache-2.0
// What a ledger counts as working days: this year and the next, with every day that does not follow the ordinary week.
#pragma once

#include "app/queries.h"
#include "approval/catalogue.h"
#include "calendar/work_calendar.h"

namespace landfall::app {

struct CalendarDay {
  static constexpr std::string_view kName = "CalendarDay";
  Day day;
  bool works = false;
  std::string name;                   // Of the festival, as the notice has it.
  std::optional<std::string> notice;  // 文号
  std::optional<std::string> from;    // Id of the notice that says so.
};
BOOST_DESCRIBE_STRUCT(CalendarDay, (), (day, works, name, notice, from))

// A published notice that some day shown comes from.
struct CalendarNotice {
  static constexpr std::string_view kName = "CalendarNotice";
  std::string id;
  std::optional<std::string> number;  // 文号; absent where unknown.
  Day published_on{};
  std::optional<std::string> amends;    // Id of the notice it changes.
  std::string source;                   // Where to read it.
  std::vector<std::string> unverified;  // What of it stands on secondary listings alone, or is missing (未核实).
};
BOOST_DESCRIBE_STRUCT(CalendarNotice, (), (id, number, published_on, amends, source, unverified))

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
  std::vector<CalendarNotice> notices;  // Cited by those years, in order of publication.
};
BOOST_DESCRIBE_STRUCT(CalendarPage, (), (standing, national, years, notices))

// A limit counted out, day by day.
struct CountedDay {
  static constexpr std::string_view kName = "CountedDay";
  Day day{};
  bool works = false;
  std::string name;                   // Of the festival or make-up day; empty for the ordinary week.
  std::optional<std::int64_t> count;  // Which day of the limit it is; absent: not counted.
};
BOOST_DESCRIBE_STRUCT(CountedDay, (), (day, works, name, count))

struct CountedLimit {
  static constexpr std::string_view kName = "CountedLimit";
  Standing standing;
  Day accepted{};
  approval::Limit limit;
  Day due{};
  bool provisional = false;
  std::int64_t work_days = 0, calendar_days = 0;  // After `accepted` up to and including `due`.
  std::vector<CountedDay> days;                   // From `accepted` to `due`.
};
BOOST_DESCRIBE_STRUCT(CountedLimit, (), (standing, accepted, limit, due, provisional, work_days, calendar_days, days))

// The calendar by which a ledger counts: the national one where it counts in renminbi, elsewhere the plain week; with
// all notices known to this build.
bool CountsNationally(const State& state);
std::shared_ptr<const WorkCalendar> CalendarOf(const State& state);

// The national calendar as it was known at the end of a day. Cost: cached but for the first ask.
std::shared_ptr<const WorkCalendar> NationalCalendarKnownAt(Day known_at);
// The day on which the last notice of holidays up to `day` was published; none before the first.
std::optional<Day> LastNoticeDay(Day day);

// A year (absent: that of the frame's day) and the next. Cost: a look-up a day.
// Precondition: both lie within the calendar's bounds.
CalendarPage QueryCalendar(const Frame& frame, std::optional<int> year = {});

// The longest limit that is counted out, in days of its unit.
inline constexpr int kCountedDaysMax = 400;
// When something accepted on a day is due, with each day on the way. Precondition: 1 ≤ limit.days ≤ kCountedDaysMax.
// Errors: calendar.out_of_range. Cost: a look-up a day.
Result<CountedLimit> CountLimit(const Frame& frame, Day accepted, const approval::Limit& limit);

}  // namespace landfall::app
