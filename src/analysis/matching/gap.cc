// SPDX-License-Identifier: Apache-2.0
#include "analysis/matching/gap.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <optional>

#include "analysis/matching/gap_repair.h"
#include "analysis/matching/knapsack.h"

namespace landfall::matching {
namespace {

constexpr std::int64_t kScale = 1024;  // Prices are multiples of 1/kScale.
constexpr std::int64_t kNoBound = std::numeric_limits<std::int64_t>::min() / 4;
constexpr double kPriceMax = 4.0 * kMaxGapValue * kScale;  // Any price gives a bound; this keeps sums in 64 bits.
constexpr int kRootSteps = 800, kNodeSteps = 40;

std::int64_t FloorDivide(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0); }

Status Check(const GapProblem& problem, const Announced* announced) {
  const std::size_t tasks = problem.tasks.size(), agents = problem.agents.size(), cells = tasks * agents;
  if (tasks == 0 || agents == 0) return Invalid("matching.empty", "There is no task or no agent.");
  if (tasks > kMaxGapTasks || tasks > kMaxGapCells / agents)
    return Invalid("matching.too_large", fmt::format("{} tasks and {} agents; at most {} tasks and {} pairs are taken.",
                                                     tasks, agents, kMaxGapTasks, kMaxGapCells));
  LF_CHECK(problem.value.size() == cells && problem.load.size() == cells && problem.capacity.size() == agents &&
           (problem.allowed.empty() || problem.allowed.size() == cells));
  for (std::size_t a = 0; a < agents; ++a)
    if (problem.capacity[a] < 0 || problem.capacity[a] > kMaxGapLoad)
      return Invalid("matching.bad_load",
                     fmt::format("Agent {} has the capacity {}.", problem.agents[a], problem.capacity[a]));
  for (std::size_t t = 0; t < tasks; ++t) {
    bool possible = !problem.every_task;
    for (std::size_t a = 0; a < agents; ++a) {
      const std::size_t cell = t * agents + a;
      if (!problem.allowed.empty() && problem.allowed[cell] == 0) continue;
      if (problem.value[cell] > kMaxGapValue || problem.value[cell] < -kMaxGapValue)
        return Invalid("matching.bad_cost", fmt::format("The value of task {} with agent {} is beyond {}.",
                                                        problem.tasks[t], problem.agents[a], kMaxGapValue));
      if (problem.load[cell] < 0 || problem.load[cell] > kMaxGapLoad)
        return Invalid("matching.bad_load", fmt::format("Task {} has the load {} with agent {}.", problem.tasks[t],
                                                        problem.load[cell], problem.agents[a]));
      possible = possible || problem.load[cell] <= problem.capacity[a];
    }
    if (!possible) return Invalid("matching.task_without_agent", fmt::format("Task {}", problem.tasks[t]));
  }
  if (announced == nullptr) return Ok{};
  LF_CHECK(announced->agent_of.size() == tasks);
  for (const std::int32_t agent : announced->agent_of)
    LF_CHECK(agent >= kNobody && agent < static_cast<std::int32_t>(agents));
  if (announced->change_penalty < 0 || announced->change_penalty > kMaxGapValue)
    return Invalid("matching.bad_cost",
                   fmt::format("The change penalty is {}; 0 to {}.", announced->change_penalty, kMaxGapValue));
  return Ok{};
}

// Branch and bound. Values include the reward for keeping what was announced.
class Search {
 public:
  Search(const GapProblem& problem, const GapOptions& options, std::vector<std::int64_t> value)
      : problem_(problem),
        options_(options),
        tasks_(problem.tasks.size()),
        agents_(problem.agents.size()),
        value_(std::move(value)),
        open_(problem.allowed.empty() ? std::vector<std::uint8_t>(tasks_ * agents_, 1) : problem.allowed),
        nobody_open_(tasks_, !problem.every_task),
        fixed_(tasks_, kOpen),
        room_(problem.capacity),
        price_(tasks_, 0),
        best_price_(tasks_, 0),
        count_(tasks_, 0),
        items_(agents_),
        chosen_(agents_),
        profit_(agents_, 0),
        start_(std::chrono::steady_clock::now()),
        repair_(problem_, value_) {
    // No assignment is worth less than each task with its worst agent: what must be beaten before one is known.
    std::int64_t worst = 0;
    for (std::size_t t = 0; t < tasks_; ++t) {
      std::int64_t least = problem.every_task ? std::numeric_limits<std::int64_t>::max() : 0;
      for (std::size_t a = 0; a < agents_; ++a)
        if (open_[Cell(t, a)]) least = std::min(least, value_[Cell(t, a)]);
      worst += least;
    }
    known_ = worst - 1;
    FirstPrices();
  }

  struct Outcome {
    std::optional<std::vector<std::int32_t>> agent_of;
    std::int64_t known = 0, bound = 0;
    GapEnd end = GapEnd::kProven;
    std::uint64_t nodes = 0;
  };

  Outcome Run() {
    std::optional<GapEnd> stopped;
    Open(kRootSteps, std::numeric_limits<std::int64_t>::max());
    while (!frames_.empty() && !stopped) {
      Frame& frame = frames_.back();
      Undo(frame.trail);
      // A better answer may have been found since the options were listed.
      while (frame.next < frame.options.size() && frame.options[frame.next].bound <= known_) ++frame.next;
      if (frame.next == frame.options.size()) {
        frames_.pop_back();
        continue;
      }
      if (nodes_ >= options_.nodes_max) {
        stopped = GapEnd::kNodes;
      } else if (Seconds() > options_.seconds_max) {
        stopped = GapEnd::kTime;
      } else {
        const Option option = frame.options[frame.next++];
        Take(frame.task, option.agent);
        Open(kNodeSteps, option.bound);
      }
    }
    Outcome outcome;
    outcome.bound = known_;
    for (const Frame& frame : frames_)
      for (std::size_t k = frame.next; k < frame.options.size(); ++k)
        outcome.bound = std::max(outcome.bound, frame.options[k].bound);
    outcome.known = known_;
    outcome.end = stopped && outcome.bound > known_ ? *stopped : GapEnd::kProven;
    outcome.nodes = nodes_;
    if (found_) outcome.agent_of = std::move(best_);
    return outcome;
  }

 private:
  static constexpr std::int32_t kOpen = -2;  // Of fixed_: not decided. kNobody and agents are decisions.

  struct Option {
    std::int32_t agent;  // Or kNobody.
    std::int64_t bound;  // No answer below this option is worth more.
  };
  struct Frame {
    std::size_t task, trail, next = 0;
    std::vector<Option> options;
  };
  struct Change {
    std::size_t task;
    std::int32_t agent;  // Or kNobody.
    bool fixed;          // The task was fixed to the agent; else the pair was struck out.
  };

  std::size_t Cell(std::size_t task, std::size_t agent) const { return task * agents_ + agent; }
  double Seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }
  bool IsOpen(std::size_t task, std::size_t agent) const {
    return open_[Cell(task, agent)] != 0 && problem_.load[Cell(task, agent)] <= room_[agent];
  }

  // The second best value of a task: at that price its best agent still wants it, and the others do not.
  void FirstPrices() {
    for (std::size_t t = 0; t < tasks_; ++t) {
      std::int64_t first = kNoBound, second = kNoBound;
      for (std::size_t a = 0; a < agents_; ++a) {
        if (!IsOpen(t, a)) continue;
        const std::int64_t v = value_[Cell(t, a)];
        second = std::max(second, std::min(first, v));
        first = std::max(first, v);
      }
      const std::int64_t price = second != kNoBound ? second : first != kNoBound ? first : 0;
      price_[t] = kScale * (problem_.every_task ? price : std::max<std::int64_t>(price, 0));
    }
  }

  void Strike(std::size_t task, std::int32_t agent) {
    if (agent == kNobody) {
      nobody_open_[task] = 0;
    } else {
      open_[Cell(task, static_cast<std::size_t>(agent))] = 0;
    }
    trail_.push_back({task, agent, false});
  }
  void Take(std::size_t task, std::int32_t agent) {
    fixed_[task] = agent;
    if (agent != kNobody) {
      room_[static_cast<std::size_t>(agent)] -= problem_.load[Cell(task, static_cast<std::size_t>(agent))];
      base_ += value_[Cell(task, static_cast<std::size_t>(agent))];
    }
    trail_.push_back({task, agent, true});
  }
  void Undo(std::size_t mark) {
    for (; trail_.size() > mark; trail_.pop_back()) {
      const Change& change = trail_.back();
      const auto agent = static_cast<std::size_t>(change.agent);
      if (change.fixed) {
        fixed_[change.task] = kOpen;
        if (change.agent == kNobody) continue;
        room_[agent] += problem_.load[Cell(change.task, agent)];
        base_ -= value_[Cell(change.task, agent)];
      } else if (change.agent == kNobody) {
        nobody_open_[change.task] = 1;
      } else {
        open_[Cell(change.task, agent)] = 1;
      }
    }
  }

  // Fixes tasks that have one option left. False where one has none.
  bool Propagate() {
    for (bool again = true; again;) {
      again = false;
      for (std::size_t t = 0; t < tasks_; ++t) {
        if (fixed_[t] != kOpen) continue;
        std::int32_t only = kNobody;
        std::size_t count = nobody_open_[t];
        for (std::size_t a = 0; a < agents_ && count < 2; ++a)
          if (IsOpen(t, a)) only = static_cast<std::int32_t>(a), ++count;
        if (count == 0) return false;
        if (count > 1) continue;
        Take(t, only);
        again = true;
      }
    }
    return true;
  }

  // The Lagrangian at price_, in units of 1/kScale; fills chosen_, profit_ and count_.
  std::int64_t Evaluate() {
    std::int64_t sum = base_ * kScale;
    for (std::size_t t = 0; t < tasks_; ++t) {
      count_[t] = 0;
      if (fixed_[t] == kOpen) sum += price_[t];
    }
    for (std::size_t a = 0; a < agents_; ++a) {
      std::vector<KnapsackItem>& items = items_[a];
      items.clear();
      for (std::size_t t = 0; t < tasks_; ++t) {
        if (fixed_[t] != kOpen || open_[Cell(t, a)] == 0) continue;
        const std::int64_t profit = value_[Cell(t, a)] * kScale - price_[t];
        if (profit > 0) items.push_back({profit, problem_.load[Cell(t, a)], static_cast<std::uint32_t>(t)});
      }
      profit_[a] = knapsack_.Solve(items, room_[a]);
      chosen_[a] = knapsack_.best();
      for (const std::uint32_t t : chosen_[a]) ++count_[t];
      sum += profit_[a];
    }
    return sum;
  }

  // The price of a task that nobody wants falls, of one that many want rises. False where no price need move: then the
  // relaxed answer is one.
  bool Step(std::int64_t lagrangian, double theta) {
    double square = 0;
    for (std::size_t t = 0; t < tasks_; ++t) {
      if (fixed_[t] != kOpen) continue;
      const double slope = 1 - count_[t];
      if (slope > 0 && price_[t] == 0 && nobody_open_[t]) continue;
      square += slope * slope;
    }
    if (square == 0) return false;
    const double length = theta * static_cast<double>(lagrangian - known_ * kScale) / square;
    for (std::size_t t = 0; t < tasks_; ++t) {
      if (fixed_[t] != kOpen) continue;
      const double moved = static_cast<double>(price_[t]) - length * (1 - count_[t]);
      price_[t] = std::llround(std::clamp(moved, nobody_open_[t] ? 0.0 : -kPriceMax, kPriceMax));
    }
    return true;
  }

  void TryRepair(bool thorough) {
    std::vector<std::int32_t> agent_of(tasks_, kNobody);
    for (std::size_t t = 0; t < tasks_; ++t)
      if (fixed_[t] != kOpen) agent_of[t] = fixed_[t];
    for (std::size_t a = 0; a < agents_; ++a) {
      for (const std::uint32_t t : chosen_[a]) {
        const std::int32_t rival = agent_of[t];
        if (rival == kNobody || value_[Cell(t, static_cast<std::size_t>(rival))] < value_[Cell(t, a)])
          agent_of[t] = static_cast<std::int32_t>(a);
      }
    }
    const std::optional<std::int64_t> value = repair_.Improve(agent_of, thorough);
    if (!value || *value <= known_) return;
    known_ = *value;
    best_ = std::move(agent_of);
    found_ = true;
  }

  // Lowers the bound of this node step by step; leaves the best prices in price_ and the state of Evaluate at them.
  std::int64_t Descend(int steps) {
    double theta = steps == kRootSteps ? 2.0 : 1.0;
    std::int64_t best = std::numeric_limits<std::int64_t>::max();
    int stale = 0;
    // A price may have fallen below 0 in a branch where staying without an agent was struck out; here it would be
    // wrong.
    for (std::size_t t = 0; t < tasks_; ++t)
      if (nobody_open_[t]) price_[t] = std::max<std::int64_t>(price_[t], 0);
    for (int step = 0; step < steps; ++step) {
      std::int64_t now = Evaluate();
      if (now < best) {
        best = now;
        best_price_ = price_;
        stale = 0;
        if (steps == kRootSteps) TryRepair(step % 16 == 0);
      } else if (++stale == (steps == kRootSteps ? 20 : 6)) {
        theta /= 2;
        stale = 0;
        price_ = best_price_;
        now = Evaluate();
      }
      if (FloorDivide(best, kScale) <= known_ || theta < 0.005 || Seconds() > options_.seconds_max) break;
      if (!Step(now, theta)) break;
    }
    price_ = best_price_;
    best = Evaluate();
    TryRepair(true);
    return best;
  }

  // What the bound becomes when `task` goes to `agent` and to no other; its price cancels out of the sum. `freed` is
  // what the agents that chose the task lose without it.
  std::int64_t Forced(std::int64_t lagrangian, std::size_t task, std::int32_t agent, std::int64_t freed) const {
    if (agent == kNobody) return FloorDivide(lagrangian - freed - price_[task], kScale);
    const auto a = static_cast<std::size_t>(agent);
    const std::int64_t with =
        value_[Cell(task, a)] * kScale - price_[task] +
        Knapsack::Bound(items_[a], room_[a] - problem_.load[Cell(task, a)], static_cast<std::uint32_t>(task));
    const std::int64_t own_freed = Has(a, static_cast<std::uint32_t>(task)) ? Freed(a, task) : 0;
    return FloorDivide(lagrangian - freed + own_freed - profit_[a] + std::min(with, profit_[a]), kScale);
  }
  std::int64_t Freed(std::size_t agent, std::size_t task) const {
    const std::int64_t without = Knapsack::Bound(items_[agent], room_[agent], static_cast<std::uint32_t>(task));
    return std::max<std::int64_t>(0, profit_[agent] - without);
  }
  bool Has(std::size_t agent, std::uint32_t task) const {
    return std::find(chosen_[agent].begin(), chosen_[agent].end(), task) != chosen_[agent].end();
  }

  // One node: bound it, strike out what cannot be in a better answer, and list the options of one task. What is struck
  // out may leave a task one option; then the node is bounded again, with that task fixed.
  void Open(int steps, std::int64_t inherited) {
    ++nodes_;
    bool again = Propagate();
    while (again) {
      const std::int64_t lagrangian = Descend(steps);
      inherited = std::min(inherited, FloorDivide(lagrangian, kScale));
      if (inherited <= known_) return;
      Frame frame = BestBranch(lagrangian, inherited);
      if (frame.options.empty()) return;
      frame.trail = trail_.size();
      if (!Propagate()) return;
      again = trail_.size() > frame.trail;
      if (!again) frames_.push_back(std::move(frame));
      steps = kNodeSteps;
    }
  }

  Frame BestBranch(std::int64_t lagrangian, std::int64_t inherited) {
    Frame best{0, 0, 0, {}};
    std::pair<bool, std::size_t> best_key{true, std::numeric_limits<std::size_t>::max()};
    std::vector<Option> options;
    for (std::size_t t = 0; t < tasks_; ++t) {
      if (fixed_[t] != kOpen) continue;
      std::int64_t freed = 0;
      for (std::size_t a = 0; a < agents_ && count_[t] > 0; ++a)
        if (Has(a, static_cast<std::uint32_t>(t))) freed += Freed(a, t);
      options.clear();
      const auto consider = [&](std::int32_t agent) {
        const std::int64_t bound = std::min(inherited, Forced(lagrangian, t, agent, freed));
        if (bound > known_) {
          options.push_back({agent, bound});
        } else {
          Strike(t, agent);
        }
      };
      for (std::size_t a = 0; a < agents_; ++a)
        if (IsOpen(t, a)) consider(static_cast<std::int32_t>(a));
      if (nobody_open_[t]) consider(kNobody);
      // A task whose relaxation is in order is no place to branch, unless all are.
      const std::pair<bool, std::size_t> key{count_[t] == 1, options.size()};
      if (key < best_key) {
        best_key = key;
        best.task = t;
        best.options = options;
      }
    }
    std::stable_sort(best.options.begin(), best.options.end(),
                     [](const Option& a, const Option& b) { return a.bound > b.bound; });
    return best;
  }

  const GapProblem& problem_;
  const GapOptions& options_;
  const std::size_t tasks_, agents_;
  const std::vector<std::int64_t> value_;
  std::vector<std::uint8_t> open_, nobody_open_;
  std::vector<std::int32_t> fixed_;
  std::vector<std::int64_t> room_;
  std::int64_t base_ = 0;  // Value of the fixed tasks.
  std::vector<std::int64_t> price_, best_price_;
  std::vector<int> count_;
  std::vector<std::vector<KnapsackItem>> items_;
  std::vector<std::vector<std::uint32_t>> chosen_;
  std::vector<std::int64_t> profit_;
  Knapsack knapsack_;
  std::vector<Frame> frames_;
  std::vector<Change> trail_;
  std::chrono::steady_clock::time_point start_;
  GapRepair repair_;
  std::int64_t known_ = 0;  // What a better answer must beat: the best found, or less than any.
  std::vector<std::int32_t> best_;
  bool found_ = false;
  std::uint64_t nodes_ = 0;
};

}  // namespace

double GapAnswer::Gap() const {
  const auto size = static_cast<double>(std::max<std::int64_t>(1, std::abs(objective)));
  return static_cast<double>(bound - objective) / size;
}

Result<GapAnswer> SolveGap(const GapProblem& problem, const GapOptions& options, const Announced* announced) {
  LF_TRY(Check(problem, announced));
  const std::size_t tasks = problem.tasks.size(), agents = problem.agents.size();
  std::vector<std::int64_t> value = problem.value;
  std::int64_t rewards = 0;  // If nothing changed. To keep an agent is rewarded, as penalties on all else would.
  const auto was = [&](std::size_t t) { return announced == nullptr ? kNobody : announced->agent_of[t]; };
  for (std::size_t t = 0; t < tasks; ++t) {
    if (was(t) == kNobody) continue;
    value[t * agents + static_cast<std::size_t>(was(t))] += announced->change_penalty;
    rewards += announced->change_penalty;
  }
  Search search(problem, options, std::move(value));
  Search::Outcome outcome = search.Run();
  if (!outcome.agent_of) {
    if (outcome.end == GapEnd::kProven)
      return Invalid("matching.infeasible", "No assignment gives every task an agent within the capacities.");
    return Unavailable("matching.not_found", fmt::format("Nothing was found in {} nodes.", outcome.nodes));
  }
  GapAnswer answer;
  answer.agent_of = std::move(*outcome.agent_of);
  answer.objective = outcome.known - rewards;
  answer.bound = outcome.bound - rewards;
  answer.end = outcome.end;
  answer.nodes = outcome.nodes;
  for (std::size_t t = 0; t < tasks; ++t) {
    if (answer.agent_of[t] != kNobody)
      answer.value += problem.value[t * agents + static_cast<std::size_t>(answer.agent_of[t])];
    answer.changed += was(t) != kNobody && was(t) != answer.agent_of[t];
  }
  LF_CHECK(announced == nullptr ? answer.objective == answer.value
                                : answer.objective == answer.value - announced->change_penalty *
                                                                         static_cast<std::int64_t>(answer.changed));
  return answer;
}

}  // namespace landfall::matching
