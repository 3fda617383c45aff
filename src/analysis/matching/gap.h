// SPDX-License-Identifier: Apache-2.0
// The generalised assignment problem: tasks with a load to agents with a capacity, for the greatest value. NP-hard, so
// the answer comes with a bound that no assignment can exceed, and with the gap between the two.
//
// For a county: factories to parcels and standard buildings, loans to banks with a quota, projects to agents when
// projects differ in size.
//
// Method: Lagrangian relaxation of "one agent for a task" (Fisher 1981; Fisher, Jaikumar, Van Wassenhove 1986): with a
// price for each task, every agent solves a knapsack of its own; the sum bounds the value from above, and subgradient
// steps look for prices with a low bound. Pairs that cannot be in a better answer are struck out. What remains is
// searched depth first, by task, with the same bound at every node. Prices are whole multiples of 1/1024, so the bound
// is exact arithmetic: a printed bound is a proof, not a rounding.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analysis/matching/assignment.h"
#include "base/result.h"

namespace landfall::matching {

inline constexpr std::size_t kMaxGapCells = 1'000'000, kMaxGapTasks = 100'000;
inline constexpr std::int64_t kMaxGapValue = 1'000'000'000;     // Of one pair, and of the change penalty.
inline constexpr std::int64_t kMaxGapLoad = 1'000'000'000'000;  // Of one pair, and of a capacity.

struct GapProblem {
  std::vector<std::string> tasks, agents;
  std::vector<std::int64_t> value;     // value[t * agents + a]; a cost is a negative value. ± kMaxGapValue.
  std::vector<std::int64_t> load;      // Likewise; 0 … kMaxGapLoad.
  std::vector<std::uint8_t> allowed;   // Likewise, 0 where the pair is not possible; empty: all are.
  std::vector<std::int64_t> capacity;  // By agent; 0 … kMaxGapLoad.
  bool every_task = true;              // False: a task may stay without an agent, for a value of 0.
};

struct GapOptions {
  std::uint64_t nodes_max = 200'000;  // The answer depends on it, never on the machine.
  double seconds_max = 60;            // The answer depends on the machine where this ends the search; it says so.
};

enum class GapEnd : std::uint8_t { kProven, kNodes, kTime };  // Why the search ended.

struct GapAnswer {
  std::vector<std::int32_t> agent_of;  // By task; kNobody only where every_task is false.
  std::int64_t value = 0;              // Without penalties.
  std::size_t changed = 0;             // Announced tasks with another agent than before, or none.
  std::int64_t objective = 0;          // value − change_penalty × changed: what was maximised.
  std::int64_t bound = 0;              // No assignment has a greater objective.
  GapEnd end = GapEnd::kProven;        // kProven exactly when objective = bound.
  std::uint64_t nodes = 0;

  // (bound − objective) ÷ |objective|; 0 where proven.
  double Gap() const;
};

// Errors (kInvalid unless said): matching.empty, matching.too_large, matching.bad_cost, matching.bad_load (detail names
// the pair or agent), matching.task_without_agent (every_task, and no agent may take it or has the room),
// matching.infeasible (proven: not all tasks fit), matching.not_found (kUnavailable: none was found within the limits,
// and none is proven impossible).
// Threads: any. Memory: proportional to the pairs.
Result<GapAnswer> SolveGap(const GapProblem& problem, const GapOptions& options = {},
                           const Announced* announced = nullptr);

}  // namespace landfall::matching
