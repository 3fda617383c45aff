// SPDX-License-Identifier: Apache-2.0
// Who does what at the least cost: every task gets one agent, every agent a number of tasks between two limits.
//
// For a county: projects to agents of the service centre (代办专员), enterprises to the leaders who answer for them
// (包保), visits to teams. Solved exactly as a minimum-cost flow with whole numbers, by the network simplex of LEMON.
//
// A second answer a month later should not turn everything over for a small gain: see Announced.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace landfall::matching {

inline constexpr std::size_t kMaxCells = 4'000'000;          // Tasks × agents.
inline constexpr std::int64_t kMaxCost = 1'000'000'000'000;  // Of one cell, and of the change penalty.
inline constexpr std::int32_t kNobody = -1;

struct AssignmentProblem {
  std::vector<std::string> tasks, agents;          // Names, for what a refusal says. Their numbers are the sizes.
  std::vector<std::int64_t> cost;                  // cost[t * agents + a], in any unit; ± kMaxCost.
  std::vector<std::uint8_t> allowed;               // Likewise, 0 where the pair is not possible; empty: all are.
  std::vector<std::int64_t> agent_min, agent_max;  // Tasks of an agent; 0 <= min <= max.
};

// What was announced before. A task that keeps its agent costs no penalty, each that changes costs `change_penalty`.
struct Announced {
  std::vector<std::int32_t> agent_of;  // By task; kNobody for a new task. An agent that is gone: kNobody as well.
  std::int64_t change_penalty = 0;     // 0 … kMaxCost.
};

struct Assignment {
  std::vector<std::int32_t> agent_of;  // By task.
  std::int64_t cost = 0;               // Without penalties.
  std::size_t changed = 0;             // Announced tasks with another agent than before.
};

// The least cost plus penalties. Of several answers of the same cost, which one is found is fixed by the input alone.
// Errors (kInvalid): matching.too_large, matching.empty, matching.bad_cost (beyond kMaxCost), matching.bad_limits
// (detail names the agent), matching.task_without_agent (detail names the task), matching.infeasible (detail names
// tasks that compete for too few places, or agents whose minimum cannot be met). Cost: about 10 ms for 173 × 146, 1 s
// for 1,000 × 1,000. Threads: any.
Result<Assignment> Assign(const AssignmentProblem& problem, const Announced* announced = nullptr);

}  // namespace landfall::matching
