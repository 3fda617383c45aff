// SPDX-License-Identifier: Apache-2.0
// The facts a calendar is made of: published notices, and the rules of a jurisdiction of its own.
//
// Format of the files below catalog/calendar/: docs/formats/calendar.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/day.h"
#include "base/result.h"

namespace landfall {

// One day that departs from the ordinary week.
struct DaySet {
  Day day;
  bool works = false;  // true: a make-up day (调休上班); false: a day off.
  std::string name;    // Of the festival, as the notice has it: "春节".
};

// A published notice (放假安排通知). It is known from `published_on`; of two known notices that set the same day, the
// later published one holds.
struct Notice {
  std::string id;      // Stable: "cn-2020-a1".
  int year = 0;        // The year whose holidays it sets. Days of the December before may stand in it.
  std::string number;  // 文号; empty where not verified.
  Day published_on;
  std::string amends;  // The id of the notice it changes, or empty. Only a notice that amends none announces its year.
  std::string source;  // Where to read it.
  std::vector<DaySet> sets;
};

// A rule of one jurisdiction (自治地方的节日, a park's own week). Holds on the days from … until and is known from
// `known_on`. Stronger than any notice of the calendar it builds on, except that a notice is stronger than
// `weekly_rest`.
struct LocalRule {
  struct MonthDay {
    unsigned month = 1;
    unsigned day = 1;
  };

  std::string id;
  std::string name;
  std::string source;  // The law or notice it stands on.
  Day known_on;
  Day from = kFirstDay;
  Day until = kLastDay;                     // Inclusive.
  std::optional<std::uint8_t> weekly_rest;  // Bit 0 is Monday … bit 6 Sunday; replaces Saturday and Sunday.
  std::vector<MonthDay> yearly_off;         // 29 February counts in leap years only.
  std::vector<DaySet> sets;                 // Stronger than `yearly_off`.
};

// One file: a calendar by itself, or (with `base`) one that adds to another.
struct CalendarFile {
  std::string id;
  std::string base;  // The id of the calendar it builds on, or empty.
  std::string zh, en;
  std::vector<Notice> notices;
  std::vector<LocalRule> rules;
};

inline constexpr std::size_t kCalendarFileBytesMax = 4 << 20;

// Errors: calendar.malformed (`field` says where), calendar.file_too_large; and those of ParseDay.
Result<CalendarFile> ParseCalendarFile(std::string_view json);

}  // namespace landfall
