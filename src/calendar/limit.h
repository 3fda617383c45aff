// SPDX-License-Identifier: Apache-2.0
// Counts of days that cannot be mixed up, and what a time limit is made of.
//
// Why it exists: 办事指南 states one limit in working days (工作日) and the next in calendar days (日); adding one to
// the other is the oldest mistake of the trade, so the two do not convert.
#pragma once

#include <compare>
#include <cstdint>
#include <string_view>

#include "base/day.h"
#include "base/result.h"

namespace landfall {

struct WorkDays {  // 工作日
  int count = 0;
  constexpr auto operator<=>(const WorkDays&) const = default;
};
struct CalendarDays {  // 自然日
  int count = 0;
  constexpr auto operator<=>(const CalendarDays&) const = default;
};

// The longest count a person may type, about 270 years; a larger one is a typing error.
inline constexpr int kCountMax = 100'000;

// Reads a whole number of days, optionally signed: "20", "-5". "1.5" is no number of days.
// Errors: calendar.count_malformed, calendar.count_out_of_range (beyond ±kCountMax).
Result<WorkDays> ParseWorkDays(std::string_view text);

// What becomes of a last day on which nobody works. A declared option of each matter, because the law differs:
// 民法典 第203条 ends such a period on the day after the holiday (kForward); a day by which something must have
// happened at the latest ("15 days before the hearing") needs kBackward; a limit in a contract may have neither.
enum class Roll : std::uint8_t { kNone, kForward, kBackward };

// How long somebody has. `roll` matters only for calendar days: the last of n working days is one by construction.
struct TimeLimit {
  enum class Unit : std::uint8_t { kWorkDays, kCalendarDays };

  int count = 0;
  Unit unit = Unit::kWorkDays;
  Roll roll = Roll::kNone;

  constexpr TimeLimit() = default;
  constexpr TimeLimit(WorkDays days) : count(days.count) {}  // NOLINT: implicit on purpose
  constexpr TimeLimit(CalendarDays days, Roll how) : count(days.count), unit(Unit::kCalendarDays), roll(how) {}
  constexpr bool operator==(const TimeLimit&) const = default;
};

// A day that was computed. Provisional (暂定): part of the way lies in a year whose holidays nobody has announced, so
// the next notice may move it.
struct Deadline {
  Day day;
  bool provisional = false;
  constexpr bool operator==(const Deadline&) const = default;
};

}  // namespace landfall
