// SPDX-License-Identifier: Apache-2.0
// Reads the files of `landfall match`: who could do what, at which cost and load, and what was announced before.
#pragma once

#include <string>
#include <vector>

#include "analysis/matching/assignment.h"
#include "analysis/matching/gap.h"
#include "base/result.h"

namespace landfall::cli {

struct MatchFiles {
  std::string costs, agents, previous, encoding = "utf-8";
  std::string change_penalty = "0";           // In the unit of the costs; at most six decimals, as every figure.
  std::int64_t agent_min = 0, agent_max = 1;  // Tasks of each agent that --agents does not name otherwise.
  bool maximise = false;                      // Of a matrix; a list says it by the name of its column.
  bool optional = false;                      // Tasks may stay without an agent (with loads only).
};

// Figures are whole numbers of 10^-decimals: costs and the penalty with `cost_decimals`, loads with `load_decimals`.
struct MatchInput {
  bool maximise = false;
  bool has_loads = false;
  int cost_decimals = 0, load_decimals = 0;
  std::vector<std::string> tasks, agents;
  std::vector<std::int64_t> cost, load;  // By task and agent, as in the file: a value where `maximise`.
  std::vector<std::uint8_t> allowed;
  std::vector<std::int64_t> agent_min, agent_max, capacity;
  bool has_previous = false;
  matching::Announced announced;
  std::size_t gone_tasks = 0, gone_agents = 0;  // Lines of the previous file that name one who is no longer here.
};

// COSTS is one of
//   numbers     "173 146" (tasks, agents; or one number for both), then the costs row by row: the form of the
//   OR-Library a matrix    CSV: agents in the head, a task at the front of each row; an empty cell or "-" is not
//   possible a list      CSV with the columns task, agent, cost (or value), and load, if there is one
// Errors: those of the readers of text and CSV, tools.column_missing, tools.row_short, matching.not_a_number (detail
// names the place), matching.too_precise (more than six decimals), matching.duplicate (a task, agent or pair stands
// twice), matching.too_large, matching.empty, matching.truncated (fewer numbers than the head promises, or more),
// matching.unknown_agent (in --agents), matching.capacity_missing, matching.option.
Result<MatchInput> ReadMatch(const MatchFiles& files);

}  // namespace landfall::cli
