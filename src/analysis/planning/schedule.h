// SPDX-License-Identifier: Apache-2.0
// The shortest lawful schedule of matters that wait for each other, on the working-day calendar.
//
// Purpose: an enterprise asks "when may I build?", a department asks "is it I who hold it up?". Both are answered by a
// critical path (CPM; Kelley & Walker 1959) whose durations are time limits: working days that skip festivals, calendar
// days that do not, and matters done on the day (即办). Durations therefore depend on when a step begins, and the late
// days are found backwards on the calendar, not by subtracting slack.
//
// A step begins on the day on which the last of what it waits for is done (the day of acceptance is the day of the
// outcome; by 民法典 第201条 that day is not counted). A step with a limit of zero days is done on the day it begins,
// or on the next working day where nobody works on that day.
//
// Threads: any; nothing is kept. Cost: about 30 ns a step and edge and pass.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "calendar/work_calendar.h"

namespace landfall::planning {

inline constexpr std::size_t kMaxSteps = 5'000;
inline constexpr std::size_t kMaxEdges = 50'000;

// Rows of unequal length behind each other: row i is items[first[i]] … items[first[i + 1]] − 1.
struct Rows {
  std::vector<std::uint32_t> first{0}, items;
  std::size_t size() const { return first.size() - 1; }
  std::span<const std::uint32_t> operator[](std::size_t row) const {
    return std::span(items).subspan(first[row], first[row + 1] - first[row]);
  }
  void Add(std::span<const std::uint32_t> row) {
    items.insert(items.end(), row.begin(), row.end());
    first.push_back(static_cast<std::uint32_t>(items.size()));
  }
};

struct Graph {
  std::vector<TimeLimit> limits;  // By step; counts 0 … 10,000.
  Rows waits_for;                 // By step: the steps whose end it waits for, each at most once.
  std::size_t size() const { return limits.size(); }
};

struct StepTimes {
  Day begins, ends;  // As early as may be.
  Day latest;        // The last working day on which it may end without moving the end of all.
  int slack = 0;     // Working days from `ends` to `latest`; 0 is critical.
  bool critical() const { return slack == 0; }
  bool operator==(const StepTimes&) const = default;
};

struct Schedule {
  std::vector<StepTimes> steps;
  Day accepted, ends;
  int work_days = 0;                    // After `accepted` up to and including `ends`.
  int calendar_days = 0;                // Likewise.
  bool provisional = false;             // Some of the way lies in a year whose holidays nobody has announced.
  std::vector<std::uint32_t> critical;  // One chain of critical steps, each waiting for the one before, first to last.
};

// Steps in an order in which each comes after those it waits for, of several the lowest number first.
// Errors (kInvalid): planning.cycle; the steps of one shortest circle are put into `circle`, first repeated last.
// planning.too_large; planning.bad_row where a row names a step that is not there.
Result<std::vector<std::uint32_t>> Order(const Graph& graph, std::vector<std::uint32_t>* circle = nullptr);

// Errors: those of Order, planning.bad_limit (a count outside 0 … 10,000), calendar.out_of_range.
Result<Schedule> Plan(const Graph& graph, const WorkCalendar& calendar, Day accepted);

// The same steps one after the other, as before anybody worked in parallel, in the order of Order. Errors: as Plan.
Result<Schedule> PlanSerial(const Graph& graph, const WorkCalendar& calendar, Day accepted);

// What moves the end most when one step alone takes `faster` days less (of its own unit, at least zero).
struct Gain {
  std::uint32_t step;
  int work_days;  // By which the end of all comes earlier, in working days.
  Day ends;       // Of all.
};
// Steps with a gain, the greatest first, of equals the lower number first. A step with slack can be among them: a limit
// in calendar days that ends on a weekend swallows a late day and yet profits from an early one. Errors: as Plan.
// Cost: one early pass a step.
Result<std::vector<Gain>> WhatMovesTheEnd(const Graph& graph, const WorkCalendar& calendar, const Schedule& plan,
                                          int faster);

// What an applicant is asked for: each paper once, and none that is made on the way.
struct Papers {
  struct Asked {
    std::uint32_t paper;
    std::vector<std::uint32_t> steps;  // Which need it.
  };
  struct Spared {
    std::uint32_t paper, step;         // Made by this step;
    std::vector<std::uint32_t> steps;  // needed by these.
  };
  std::vector<Asked> asked;    // By paper number.
  std::vector<Spared> spared;  // Likewise.
  std::size_t one_by_one = 0;  // How many papers would be asked were each matter on its own.
};
// `needs`, `makes`: by step, numbers of papers. Of two makers the lower step is named. Cost: O(items · log items).
Papers MergePapers(const Rows& needs, const Rows& makes);

}  // namespace landfall::planning
