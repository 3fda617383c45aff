// SPDX-License-Identifier: Apache-2.0
#include "analysis/planning/schedule.h"

#include <algorithm>
#include <map>
#include <queue>

namespace landfall::planning {
namespace {

constexpr int kCountLimit = 10'000;

Status Check(const Graph& graph) {
  const Rows& waits = graph.waits_for;
  if (graph.size() > kMaxSteps || waits.items.size() > kMaxEdges) return Invalid("planning.too_large");
  if (waits.size() != graph.size()) return Invalid("planning.bad_row", "rows: " + std::to_string(waits.size()));
  for (const std::uint32_t step : waits.items)
    if (step >= graph.size()) return Invalid("planning.bad_row", "step " + std::to_string(step));
  for (const TimeLimit& limit : graph.limits)
    if (limit.count < 0 || limit.count > kCountLimit)
      return Invalid("planning.bad_limit", std::to_string(limit.count) + " days");
  return Ok{};
}

// A shortest circle among the steps that could not be ordered: breadth first from each of them.
std::vector<std::uint32_t> ShortestCircle(const Graph& graph, const std::vector<bool>& ordered) {
  std::vector<std::uint32_t> best;
  std::vector<std::uint32_t> from(graph.size());
  for (std::uint32_t start = 0; start < graph.size(); ++start) {
    if (ordered[start]) continue;
    std::ranges::fill(from, UINT32_MAX);
    std::queue<std::uint32_t> open;
    open.push(start);
    bool closed = false;
    while (!open.empty() && !closed) {
      const std::uint32_t at = open.front();
      open.pop();
      for (const std::uint32_t before : graph.waits_for[at]) {
        if (before == start) {
          std::vector<std::uint32_t> circle{start};
          for (std::uint32_t step = at; step != start; step = from[step]) circle.push_back(step);
          circle.push_back(start);
          // From each to the one that waits for it.
          if (best.empty() || circle.size() < best.size()) best = std::move(circle);
          closed = true;
          break;
        }
        if (!ordered[before] && from[before] == UINT32_MAX) {
          from[before] = at;
          open.push(before);
        }
      }
    }
    if (best.size() == 2) break;  // A step that waits for itself.
  }
  return best;
}

Rows Reversed(const Graph& graph) {
  const std::size_t n = graph.size();
  Rows out;
  out.first.assign(n + 1, 0);
  for (const std::uint32_t before : graph.waits_for.items) ++out.first[before + 1];
  for (std::size_t i = 0; i < n; ++i) out.first[i + 1] += out.first[i];
  out.items.resize(graph.waits_for.items.size());
  std::vector<std::uint32_t> at(out.first.begin(), out.first.end() - 1);
  for (std::uint32_t step = 0; step < n; ++step)
    for (const std::uint32_t before : graph.waits_for[step]) out.items[at[before]++] = step;
  return out;
}

Result<Deadline> EndOf(const WorkCalendar& calendar, Day begins, const TimeLimit& limit) {
  return limit.count == 0 ? calendar.Rolled(begins, Roll::kForward) : calendar.After(begins, limit);
}

// The last day on which a step may begin and still end by `latest`.
Result<Day> LatestBegin(const WorkCalendar& calendar, Day latest, const TimeLimit& limit) {
  if (limit.unit == TimeLimit::Unit::kWorkDays && limit.count > 0) {
    // It must have no more working days behind it than leave `count` until `latest`: the day before the next of them.
    const std::int64_t number = std::int64_t{calendar.WorkDayNumber(latest)} - limit.count + 1;
    LF_ASSIGN(const Day next, calendar.WorkDayAt(number));
    return next - std::chrono::days(1);
  }
  const Roll roll = limit.count == 0 ? Roll::kForward : limit.roll;
  Day end = latest;
  if (roll == Roll::kForward) {
    LF_ASSIGN(const Deadline worked, calendar.Rolled(latest, Roll::kBackward));
    end = worked.day;
  } else if (roll == Roll::kBackward) {
    LF_ASSIGN(const Deadline next, calendar.Rolled(latest + std::chrono::days(1), Roll::kForward));
    end = next.day - std::chrono::days(1);
  }
  return end - std::chrono::days(limit.count);
}

struct Early {
  std::vector<Day> begins, ends;
  Day last;
  bool provisional = false;
};

Result<Early> EarlyPass(const Graph& graph, std::span<const std::uint32_t> order, const WorkCalendar& calendar,
                        Day accepted) {
  Early early{std::vector<Day>(graph.size(), accepted), std::vector<Day>(graph.size(), accepted), accepted};
  for (const std::uint32_t step : order) {
    for (const std::uint32_t before : graph.waits_for[step])
      early.begins[step] = std::max(early.begins[step], early.ends[before]);
    LF_ASSIGN(const Deadline end, EndOf(calendar, early.begins[step], graph.limits[step]));
    early.ends[step] = end.day;
    early.provisional |= end.provisional;
    early.last = std::max(early.last, end.day);
  }
  return early;
}

Result<int> WorkDaysBetween(const WorkCalendar& calendar, Day from, Day to) {
  LF_ASSIGN(const WorkSpan span, calendar.Between(from, to));
  return span.days.count;
}

Result<Schedule> PlanInOrder(const Graph& graph, std::span<const std::uint32_t> order, const WorkCalendar& calendar,
                             Day accepted) {
  LF_ASSIGN(const Early early, EarlyPass(graph, order, calendar, accepted));
  Schedule out;
  out.accepted = accepted;
  out.ends = early.last;
  out.provisional = early.provisional;
  out.calendar_days = static_cast<int>((early.last - accepted).count());
  LF_ASSIGN(out.work_days, WorkDaysBetween(calendar, accepted, early.last));
  std::vector<Day> latest(graph.size(), early.last);
  out.steps.resize(graph.size());
  for (std::size_t i = order.size(); i-- > 0;) {
    const std::uint32_t step = order[i];
    LF_ASSIGN(const Day begin, LatestBegin(calendar, latest[step], graph.limits[step]));
    for (const std::uint32_t before : graph.waits_for[step]) latest[before] = std::min(latest[before], begin);
    // People end things on working days: of a weekend at the end of the slack only its Friday is told.
    LF_ASSIGN(const Deadline worked, calendar.Rolled(latest[step], Roll::kBackward));
    const Day told = std::max(worked.day, early.ends[step]);
    LF_ASSIGN(const int slack, WorkDaysBetween(calendar, early.ends[step], told));
    out.steps[step] = {early.begins[step], early.ends[step], told, slack};
  }
  // The chain from its end: a step that ends last, then always what it had to wait for.
  std::uint32_t at = UINT32_MAX;
  for (const std::uint32_t step : order)
    if (out.steps[step].ends == early.last) at = step;
  while (at != UINT32_MAX) {
    out.critical.push_back(at);
    std::uint32_t before = UINT32_MAX;
    for (const std::uint32_t step : graph.waits_for[at])
      if (out.steps[step].ends == out.steps[at].begins && (before == UINT32_MAX || step < before)) before = step;
    at = before;
  }
  std::ranges::reverse(out.critical);
  return out;
}

}  // namespace

Result<std::vector<std::uint32_t>> Order(const Graph& graph, std::vector<std::uint32_t>* circle) {
  LF_TRY(Check(graph));
  const Rows next = Reversed(graph);
  std::vector<std::uint32_t> missing(graph.size());
  std::priority_queue<std::uint32_t, std::vector<std::uint32_t>, std::greater<>> ready;
  for (std::uint32_t step = 0; step < graph.size(); ++step) {
    missing[step] = static_cast<std::uint32_t>(graph.waits_for[step].size());
    if (missing[step] == 0) ready.push(step);
  }
  std::vector<std::uint32_t> order;
  std::vector<bool> ordered(graph.size());
  while (!ready.empty()) {
    const std::uint32_t step = ready.top();
    ready.pop();
    order.push_back(step);
    ordered[step] = true;
    for (const std::uint32_t after : next[step])
      if (--missing[after] == 0) ready.push(after);
  }
  if (order.size() == graph.size()) return order;
  if (circle != nullptr) *circle = ShortestCircle(graph, ordered);
  return Invalid("planning.cycle");
}

Result<Schedule> Plan(const Graph& graph, const WorkCalendar& calendar, Day accepted) {
  LF_ASSIGN(const std::vector<std::uint32_t> order, Order(graph));
  return PlanInOrder(graph, order, calendar, accepted);
}

Result<Schedule> PlanSerial(const Graph& graph, const WorkCalendar& calendar, Day accepted) {
  LF_ASSIGN(const std::vector<std::uint32_t> order, Order(graph));
  std::vector<std::uint32_t> before(graph.size(), UINT32_MAX);
  for (std::size_t i = 1; i < order.size(); ++i) before[order[i]] = order[i - 1];
  Graph line{graph.limits, {}};
  for (std::size_t step = 0; step < graph.size(); ++step)
    line.waits_for.Add(std::span(&before[step], before[step] == UINT32_MAX ? 0 : 1));
  return PlanInOrder(line, order, calendar, accepted);
}

Result<std::vector<Gain>> WhatMovesTheEnd(const Graph& graph, const WorkCalendar& calendar, const Schedule& plan,
                                          int faster) {
  LF_ASSIGN(const std::vector<std::uint32_t> order, Order(graph));
  std::vector<Gain> gains;
  Graph changed = graph;
  for (std::uint32_t step = 0; step < graph.size(); ++step) {
    if (graph.limits[step].count == 0) continue;
    changed.limits[step].count = std::max(0, graph.limits[step].count - faster);
    LF_ASSIGN(const Early early, EarlyPass(changed, order, calendar, plan.accepted));
    changed.limits[step] = graph.limits[step];
    LF_ASSIGN(const int gained, WorkDaysBetween(calendar, early.last, plan.ends));
    if (gained > 0) gains.push_back({step, gained, early.last});
  }
  std::ranges::stable_sort(gains, std::greater<>(), &Gain::work_days);
  return gains;
}

Papers MergePapers(const Rows& needs, const Rows& makes) {
  std::map<std::uint32_t, std::uint32_t> maker;
  for (std::uint32_t step = 0; step < makes.size(); ++step)
    for (const std::uint32_t paper : makes[step]) maker.try_emplace(paper, step);
  std::map<std::uint32_t, std::vector<std::uint32_t>> users;
  for (std::uint32_t step = 0; step < needs.size(); ++step)
    for (const std::uint32_t paper : needs[step]) users[paper].push_back(step);
  Papers out;
  for (auto& [paper, steps] : users) {
    out.one_by_one += steps.size();
    if (const auto made = maker.find(paper); made != maker.end())
      out.spared.push_back({paper, made->second, std::move(steps)});
    else
      out.asked.push_back({paper, std::move(steps)});
  }
  return out;
}

}  // namespace landfall::planning
