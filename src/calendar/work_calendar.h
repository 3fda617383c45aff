// SPDX-License-Identifier: Apache-2.0
// Counts working days: weekends off, public holidays off, and the 调休 weekends on which offices work.
//
// Why it exists: every time limit in 办事指南 is in working days (行政许可法 第82条), and a light turns red on the
// first working day after the limit. Counting calendar days would blame an office for a festival.
//
// One rule for every interval: the day on which it begins is not counted, the day on which it ends is
// (民法典 第201条: 开始的当日不计入). Backwards it is the same rule read from the other end.
//
// Bounds: kFirstDay … kLastDay (1900 … 2199). A day outside, or an answer outside, is refused: calendar.out_of_range.
// Provisional (暂定): a day is announced when a known notice announces its year or sets the day itself; an answer
// whose way touches an unannounced day is provisional, computed on the plain week and the local rules. (The last days
// of an announced year may still be moved by the notice of the next, as 2018-12-31 was: see Affected.)
//
// Threads: immutable after Load; any number of threads may read it. No clock, no time zone of the machine.
// Memory: 1.2 MB. Cost: Load about 2 ms; every question O(1), two or three table look-ups.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "calendar/limit.h"
#include "calendar/notice.h"

namespace landfall {

// The answer to "is this a working day": 2027-01-01 was, for all one knew in 2026, *provisionally* a working day.
struct WorkDayAnswer {
  bool works = false;
  bool provisional = false;
  constexpr bool operator==(const WorkDayAnswer&) const = default;
};

// Why a day is a working day or not. The texts live as long as the calendar.
struct DayReason {
  enum class Cause : std::uint8_t { kOrdinaryWeek, kNotice, kLocalRule };
  WorkDayAnswer answer;
  Cause cause = Cause::kOrdinaryWeek;
  std::string_view name;    // Of the festival or rule; empty for the ordinary week.
  std::string_view id;      // Of the notice or rule.
  std::string_view number;  // 文号 of the notice; empty where unknown.
};

// Working days from one day to another, negative backwards.
struct WorkSpan {
  WorkDays days;
  bool provisional = false;
  constexpr bool operator==(const WorkSpan&) const = default;
};

class WorkCalendar {
 public:
  // The calendar as it was known at the end of `known_at`: from the `notices` published and the `rules` known by then.
  // All of them are checked, known or not.
  // Errors: calendar.contradiction (kInvalid) when one notice or rule has a day both off and on, or two notices of the
  // same day disagree and neither amends the other; calendar.duplicate_id; calendar.unknown_amended;
  // calendar.out_of_range for a year or day outside the bounds, or a day outside its rule's own.
  static Result<WorkCalendar> Load(std::span<const Notice> notices, Day known_at,
                                   std::span<const LocalRule> rules = {});

  // The last day on which a matter accepted on `from` is still in time; `from` is day 0 and may be any day.
  // A negative limit counts backwards: the day from which that many working days remain until `from`. Zero is `from`.
  // Errors: calendar.out_of_range.
  Result<Deadline> After(Day from, WorkDays limit) const { return Shift(from, limit.count); }
  Result<Deadline> Before(Day from, WorkDays limit) const { return Shift(from, -std::int64_t{limit.count}); }

  // The same in calendar days. Without a roll the answer is arithmetic and never provisional; with one it is
  // provisional when a day that was looked at is.
  Result<Deadline> After(Day from, CalendarDays limit, Roll roll) const { return ShiftDays(from, limit.count, roll); }
  Result<Deadline> Before(Day from, CalendarDays limit, Roll roll) const {
    return ShiftDays(from, -std::int64_t{limit.count}, roll);
  }
  Result<Deadline> After(Day from, TimeLimit limit) const {
    return limit.unit == TimeLimit::Unit::kWorkDays ? After(from, WorkDays{limit.count})
                                                    : After(from, CalendarDays{limit.count}, limit.roll);
  }

  // Working days after `from` up to and including `to`; where `to` is earlier, minus those from `to` up to the day
  // before `from`. After(from, Between(from, to)) is `to` whenever `to` is a working day, in both directions.
  Result<WorkSpan> Between(Day from, Day to) const {
    const std::int64_t a = IndexOf(from), b = IndexOf(to);
    if (!InRange(a) || !InRange(b)) return OutOfRange();
    if (a <= b) return WorkSpan{WorkDays{cells_[b + 1].work - cells_[a + 1].work}, Unannounced(a + 1, b)};
    return WorkSpan{WorkDays{cells_[b].work - cells_[a].work}, Unannounced(b, a - 1)};
  }

  Result<WorkDayAnswer> IsWorkDay(Day day) const {
    const std::int64_t at = IndexOf(day);
    if (!InRange(at)) return OutOfRange();
    return WorkDayAnswer{Works(at), Unannounced(at, at)};
  }
  Result<DayReason> Why(Day day) const;  // O(log of the exceptional days).

  // Moves a day on which nobody works to the next (kForward) or the last (kBackward) working day.
  Result<Deadline> Rolled(Day day, Roll roll) const;

  // How many working days there are up to and including `day`. Columns keep due dates in this form: a light is then one
  // subtraction from WorkDayNumber(today). Numbers of two calendars must not be mixed: recompute the column when a
  // notice lands. Days outside the bounds count as the nearest bound.
  std::int32_t WorkDayNumber(Day day) const {
    const std::int64_t at = IndexOf(day);
    return at < 0 ? 0 : cells_[at < kDays ? at + 1 : kDays].work;
  }
  // The working day of a number, 1 being the first in 1900. Errors: calendar.out_of_range.
  Result<Day> WorkDayAt(std::int64_t number) const {
    if (number < 1 || number >= static_cast<std::int64_t>(index_of_.size())) return OutOfRange();
    return DayAt(index_of_[number]);
  }

  // Whether any day from `first` to `last` (both included; false where `last` is earlier) is unannounced.
  Result<bool> Provisional(Day first, Day last) const {
    const std::int64_t a = IndexOf(first), b = IndexOf(last);
    if (!InRange(a) || !InRange(b)) return OutOfRange();
    return Unannounced(a, b);
  }

 private:
  struct Cell {
    std::int32_t work = 0;         // Working days before this day.
    std::int32_t unannounced = 0;  // Unannounced days before this day.
  };
  struct Origin {  // A notice or a rule.
    DayReason::Cause cause;
    std::string id, number;
  };
  struct Exception {  // A day that does not follow the ordinary week, and who says so.
    std::int32_t index;
    std::uint32_t origin;
    bool works;
    std::string name;
  };
  class Builder;

  static constexpr std::int64_t kDays = DayNumber(kLastDay) - DayNumber(kFirstDay) + 1;

  static std::int64_t IndexOf(Day day) { return (day - kFirstDay).count(); }
  static bool InRange(std::int64_t at) { return static_cast<std::uint64_t>(at) < static_cast<std::uint64_t>(kDays); }
  static Day DayAt(std::int64_t at) { return kFirstDay + std::chrono::days(at); }
  static Error OutOfRange();
  // The working day `count` working days from `from`, which is not counted.
  Result<Deadline> Shift(Day from, std::int64_t count) const {
    const std::int64_t at = IndexOf(from);
    if (!InRange(at)) return OutOfRange();
    if (count == 0) return Deadline{from, Unannounced(at, at)};
    const bool backward = count < 0;
    const std::int64_t number = cells_[at + !backward].work + count + backward;
    if (number < 1 || number >= static_cast<std::int64_t>(index_of_.size())) return OutOfRange();
    const std::int64_t to = index_of_[number];
    return Deadline{DayAt(to), backward ? Unannounced(to, at - 1) : Unannounced(at + 1, to)};
  }
  bool Works(std::int64_t at) const { return cells_[at + 1].work != cells_[at].work; }
  bool Unannounced(std::int64_t first, std::int64_t last) const {
    return last >= first && cells_[last + 1].unannounced != cells_[first].unannounced;
  }

  Result<Deadline> ShiftDays(Day from, std::int64_t count, Roll roll) const {
    const std::int64_t at = IndexOf(from);
    return InRange(at) ? Rolled(DayAt(at + count), roll) : OutOfRange();
  }

  std::vector<Cell> cells_;             // kDays + 1 entries.
  std::vector<std::int32_t> index_of_;  // By working-day number; [0] is unused.
  std::vector<Exception> exceptions_;   // By index, one a day: the one that holds.
  std::vector<Origin> origins_;
};

}  // namespace landfall
