// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>

#include "analysis/planning/schedule.h"
#include "base/embedded.h"
#include "calendar/calendar_book.h"

namespace landfall::planning {
namespace {

Day D(std::string_view text) { return ParseDay(text).value(); }

std::shared_ptr<const WorkCalendar> China() {
  static const CalendarBook kBook = CalendarBook::Load(EmbeddedCatalog()).value();
  return kBook.At("cn", kLastDay).value();
}

Graph GraphOf(std::vector<TimeLimit> limits, const std::vector<std::vector<std::uint32_t>>& waits) {
  Graph graph{std::move(limits), {}};
  for (const auto& row : waits) graph.waits_for.Add(row);
  return graph;
}

// Any limit of the three sorts, and any acyclic waits.
Graph RandomGraph(std::mt19937_64& random, std::size_t steps) {
  std::vector<std::uint32_t> shuffled(steps);
  std::iota(shuffled.begin(), shuffled.end(), 0);
  std::ranges::shuffle(shuffled, random);
  std::vector<std::vector<std::uint32_t>> waits(steps);
  for (std::size_t i = 0; i < steps; ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (random() % 4 == 0) waits[shuffled[i]].push_back(shuffled[j]);
  std::vector<TimeLimit> limits;
  for (std::size_t i = 0; i < steps; ++i) {
    const int count = static_cast<int>(random() % 31);
    if (random() % 2 == 0)
      limits.emplace_back(WorkDays{count});
    else
      limits.emplace_back(CalendarDays{count}, static_cast<Roll>(random() % 3));
  }
  return GraphOf(std::move(limits), waits);
}

Day EndOf(const WorkCalendar& calendar, Day begins, const TimeLimit& limit) {
  return (limit.count == 0 ? calendar.Rolled(begins, Roll::kForward) : calendar.After(begins, limit)).value().day;
}

// The end of all when one step ends on a given day, computed by walking the order once more.
Day EndWith(const Graph& graph, const WorkCalendar& calendar, Day accepted, std::uint32_t fixed, Day fixed_end) {
  std::vector<Day> ends(graph.size());
  Day last = accepted;
  for (const std::uint32_t step : Order(graph).value()) {
    Day begins = accepted;
    for (const std::uint32_t before : graph.waits_for[step]) begins = std::max(begins, ends[before]);
    ends[step] = step == fixed ? fixed_end : EndOf(calendar, begins, graph.limits[step]);
    last = std::max(last, ends[step]);
  }
  return last;
}

TEST(Planning, ScheduleIsAsEarlyAsLawfulAndItsSlackIsTight) {
  const auto calendar = China();
  std::mt19937_64 random(20241001);
  for (int round = 0; round < 400; ++round) {
    const Graph graph = RandomGraph(random, 1 + random() % 12);
    const Day accepted = D("2023-12-20") + std::chrono::days(random() % 400);
    const Schedule plan = Plan(graph, *calendar, accepted).value();
    Day last = accepted;
    for (std::uint32_t step = 0; step < graph.size(); ++step) {
      const StepTimes& times = plan.steps[step];
      Day begins = accepted;
      for (const std::uint32_t before : graph.waits_for[step]) begins = std::max(begins, plan.steps[before].ends);
      ASSERT_EQ(times.begins, begins);
      ASSERT_EQ(times.ends, EndOf(*calendar, begins, graph.limits[step]));
      last = std::max(last, times.ends);
      ASSERT_GE(times.latest, times.ends);
      // Late by its whole slack it moves nothing, one working day more moves the end.
      EXPECT_EQ(EndWith(graph, *calendar, accepted, step, times.latest), plan.ends);
      const Day too_late = calendar->After(times.latest, WorkDays{1}).value().day;
      EXPECT_GT(EndWith(graph, *calendar, accepted, step, too_late), plan.ends) << "round " << round;
    }
    EXPECT_EQ(plan.ends, last);
    ASSERT_FALSE(plan.critical.empty());
    EXPECT_EQ(plan.steps[plan.critical.back()].ends, plan.ends);
    EXPECT_EQ(plan.steps[plan.critical.front()].begins, accepted);
    for (std::size_t i = 1; i < plan.critical.size(); ++i)
      EXPECT_EQ(plan.steps[plan.critical[i]].begins, plan.steps[plan.critical[i - 1]].ends);
    EXPECT_GE(PlanSerial(graph, *calendar, accepted).value().ends, plan.ends);
  }
}

TEST(Planning, OnlyWhatMovesTheEndIsNamedAndByHowMuch) {
  const auto calendar = China();
  std::mt19937_64 random(7);
  for (int round = 0; round < 200; ++round) {
    const Graph graph = RandomGraph(random, 1 + random() % 10);
    const Day accepted = D("2024-01-10") + std::chrono::days(random() % 300);
    const Schedule plan = Plan(graph, *calendar, accepted).value();
    const std::vector<Gain> gains = WhatMovesTheEnd(graph, *calendar, plan, 3).value();
    for (std::uint32_t step = 0; step < graph.size(); ++step) {
      Graph faster = graph;
      faster.limits[step].count = std::max(0, faster.limits[step].count - 3);
      const Day ends = Plan(faster, *calendar, accepted).value().ends;
      const int expected = calendar->Between(ends, plan.ends).value().days.count;
      const auto found = std::ranges::find(gains, step, &Gain::step);
      if (expected > 0) {
        ASSERT_NE(found, gains.end());
        EXPECT_EQ(found->work_days, expected);
        EXPECT_EQ(found->ends, ends);
      } else {
        EXPECT_EQ(found, gains.end());
      }
    }
    EXPECT_TRUE(std::ranges::is_sorted(gains, std::greater<>(), &Gain::work_days));
  }
}

TEST(Planning, CircleIsNamedByItsShortestPath) {
  // 0 → 1 → 2 → 3 → 1 and 4 → 5 → 4: the shorter one is named; each is waited for by the next.
  const Graph graph = GraphOf(std::vector<TimeLimit>(6, WorkDays{1}), {{}, {0, 3}, {1}, {2}, {5}, {4}});
  std::vector<std::uint32_t> circle;
  const auto order = Order(graph, &circle);
  ASSERT_FALSE(order);
  EXPECT_EQ(order.error().code, "planning.cycle");
  EXPECT_EQ(circle, (std::vector<std::uint32_t>{4, 5, 4}));
  const Graph alone = GraphOf({WorkDays{1}}, {{0}});
  EXPECT_FALSE(Order(alone, &circle));
  EXPECT_EQ(circle, (std::vector<std::uint32_t>{0, 0}));
}

TEST(Planning, WrongGraphsAreRefused) {
  const auto calendar = China();
  const auto code = [&](const Graph& graph, Day accepted = D("2024-01-02")) {
    return std::string(Plan(graph, *calendar, accepted).error().code);
  };
  EXPECT_EQ(code(GraphOf({WorkDays{1}}, {{7}})), "planning.bad_row");
  EXPECT_EQ(code(GraphOf({WorkDays{1}, WorkDays{1}}, {{}})), "planning.bad_row");
  EXPECT_EQ(code(GraphOf({WorkDays{-1}}, {{}})), "planning.bad_limit");
  EXPECT_EQ(code(GraphOf(std::vector<TimeLimit>(kMaxSteps + 1, WorkDays{1}), {})), "planning.too_large");
  EXPECT_EQ(code(GraphOf({WorkDays{20}}, {{}}), kLastDay), "calendar.out_of_range");
}

TEST(Planning, PaperThatIsMadeOnTheWayIsNotAsked) {
  Rows needs, makes;
  needs.Add(std::vector<std::uint32_t>{1, 2});
  needs.Add(std::vector<std::uint32_t>{2, 3});
  needs.Add(std::vector<std::uint32_t>{3, 4});
  makes.Add(std::vector<std::uint32_t>{3});
  makes.Add(std::vector<std::uint32_t>{4});
  makes.Add({});
  const Papers papers = MergePapers(needs, makes);
  EXPECT_EQ(papers.one_by_one, 6u);
  ASSERT_EQ(papers.asked.size(), 2u);
  EXPECT_EQ(papers.asked[0].paper, 1u);
  EXPECT_EQ(papers.asked[1].paper, 2u);
  EXPECT_EQ(papers.asked[1].steps, (std::vector<std::uint32_t>{0, 1}));
  ASSERT_EQ(papers.spared.size(), 2u);
  EXPECT_EQ(papers.spared[0].paper, 3u);
  EXPECT_EQ(papers.spared[0].step, 0u);
  EXPECT_EQ(papers.spared[0].steps, (std::vector<std::uint32_t>{1, 2}));
}

}  // namespace
}  // namespace landfall::planning
