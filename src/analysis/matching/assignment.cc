// SPDX-License-Identifier: Apache-2.0
#include "analysis/matching/assignment.h"

#include <fmt/format.h>
#include <lemon/network_simplex.h>
#include <lemon/preflow.h>
#include <lemon/smart_graph.h>

#include <algorithm>
#include <numeric>

namespace landfall::matching {
namespace {

using Graph = lemon::SmartDigraph;

bool Allowed(const AssignmentProblem& problem, std::size_t task, std::size_t agent) {
  return problem.allowed.empty() || problem.allowed[task * problem.agents.size() + agent] != 0;
}

Status Check(const AssignmentProblem& problem, const Announced* announced) {
  const std::size_t tasks = problem.tasks.size(), agents = problem.agents.size();
  if (tasks == 0 || agents == 0) return Invalid("matching.empty", "There is no task or no agent.");
  if (tasks > kMaxCells / agents)
    return Invalid("matching.too_large",
                   fmt::format("{} tasks and {} agents; at most {} pairs are taken.", tasks, agents, kMaxCells));
  LF_CHECK(problem.cost.size() == tasks * agents && problem.agent_min.size() == agents &&
           problem.agent_max.size() == agents && (problem.allowed.empty() || problem.allowed.size() == tasks * agents));
  for (std::size_t cell = 0; cell < problem.cost.size(); ++cell)
    if (problem.cost[cell] > kMaxCost || problem.cost[cell] < -kMaxCost)
      return Invalid("matching.bad_cost",
                     fmt::format("The cost of task {} with agent {} is beyond {}.", problem.tasks[cell / agents],
                                 problem.agents[cell % agents], kMaxCost));
  for (std::size_t a = 0; a < agents; ++a)
    if (problem.agent_min[a] < 0 || problem.agent_max[a] < problem.agent_min[a])
      return Invalid("matching.bad_limits", fmt::format("Agent {} is to have {} to {} tasks.", problem.agents[a],
                                                        problem.agent_min[a], problem.agent_max[a]));
  for (std::size_t t = 0; t < tasks; ++t) {
    std::size_t a = 0;
    while (a < agents && !Allowed(problem, t, a)) ++a;
    if (a == agents) return Invalid("matching.task_without_agent", fmt::format("Task {}", problem.tasks[t]));
  }
  if (announced == nullptr) return Ok{};
  LF_CHECK(announced->agent_of.size() == tasks);
  for (const std::int32_t agent : announced->agent_of)
    LF_CHECK(agent >= kNobody && agent < static_cast<std::int32_t>(agents));
  if (announced->change_penalty < 0 || announced->change_penalty > kMaxCost)
    return Invalid("matching.bad_cost",
                   fmt::format("The change penalty is {}; 0 to {}.", announced->change_penalty, kMaxCost));
  return Ok{};
}

// "a, b, c and 12 more"
std::string Some(const std::vector<std::string>& names) {
  constexpr std::size_t kShown = 8;
  if (names.size() <= kShown) return fmt::format("{}", fmt::join(names, ", "));
  return fmt::format("{} and {} more", fmt::join(names.begin(), names.begin() + kShown, ", "), names.size() - kShown);
}

// Tasks, agents, a source and a sink; arcs source → task → agent → sink. Every path carries one task.
struct Network {
  Graph graph;
  std::vector<Graph::Node> tasks, agents;
  Graph::Node source, sink;
  std::vector<Graph::Arc> pairs, task_arcs, agent_arcs;
  std::vector<std::size_t> cells;  // Of each pair: task * agents + agent.

  explicit Network(const AssignmentProblem& problem) {
    const std::size_t task_count = problem.tasks.size(), agent_count = problem.agents.size();
    graph.reserveNode(static_cast<int>(task_count + agent_count + 2));
    graph.reserveArc(static_cast<int>(task_count * agent_count + task_count + agent_count));
    source = graph.addNode();
    sink = graph.addNode();
    for (std::size_t t = 0; t < task_count; ++t) tasks.push_back(graph.addNode());
    for (std::size_t a = 0; a < agent_count; ++a) agents.push_back(graph.addNode());
    for (std::size_t t = 0; t < task_count; ++t) {
      task_arcs.push_back(graph.addArc(source, tasks[t]));
      for (std::size_t a = 0; a < agent_count; ++a) {
        if (!Allowed(problem, t, a)) continue;
        pairs.push_back(graph.addArc(tasks[t], agents[a]));
        cells.push_back(t * agent_count + a);
      }
    }
    for (std::size_t a = 0; a < agent_count; ++a) agent_arcs.push_back(graph.addArc(agents[a], sink));
  }
};

// Why nothing fits. A flow that respects the upper limits and one that meets the minima together give one that does
// both (Mendelsohn, Dulmage 1958), so one of the two is missing, and a minimum cut shows where (Hall's condition).
Error Explain(const AssignmentProblem& problem, const Network& network) {
  Graph::ArcMap<std::int64_t> room(network.graph, 1);
  const auto cut = [&](const std::vector<std::int64_t>& limits) {
    for (std::size_t a = 0; a < limits.size(); ++a) room[network.agent_arcs[a]] = limits[a];
    auto flow = std::make_unique<lemon::Preflow<Graph, Graph::ArcMap<std::int64_t>>>(network.graph, room,
                                                                                     network.source, network.sink);
    flow->run();
    return flow;
  };
  std::vector<std::string> tasks, agents;
  std::int64_t places = 0;
  const auto upper = cut(problem.agent_max);
  if (upper->flowValue() < static_cast<std::int64_t>(problem.tasks.size())) {
    for (std::size_t t = 0; t < problem.tasks.size(); ++t)
      if (upper->minCut(network.tasks[t])) tasks.push_back(problem.tasks[t]);
    for (std::size_t a = 0; a < problem.agents.size(); ++a) {
      if (!upper->minCut(network.agents[a])) continue;
      agents.push_back(problem.agents[a]);
      places += problem.agent_max[a];
    }
    return Invalid("matching.infeasible",
                   fmt::format("{} tasks ({}) can go to {} agents ({}) only, who have room for {}.", tasks.size(),
                               Some(tasks), agents.size(), Some(agents), places));
  }
  const auto lower = cut(problem.agent_min);
  for (std::size_t a = 0; a < problem.agents.size(); ++a) {
    if (lower->minCut(network.agents[a])) continue;
    agents.push_back(problem.agents[a]);
    places += problem.agent_min[a];
  }
  for (std::size_t t = 0; t < problem.tasks.size(); ++t)
    if (!lower->minCut(network.tasks[t])) tasks.push_back(problem.tasks[t]);
  return Invalid("matching.infeasible",
                 fmt::format("{} agents ({}) are to have at least {} tasks, but only {} can go to them.", agents.size(),
                             Some(agents), places, tasks.size()));
}

}  // namespace

Result<Assignment> Assign(const AssignmentProblem& problem, const Announced* announced) {
  LF_TRY(Check(problem, announced));
  const std::size_t tasks = problem.tasks.size(), agents = problem.agents.size();
  const Network network(problem);
  Graph::ArcMap<std::int64_t> lower(network.graph, 0), upper(network.graph, 1), cost(network.graph, 0);
  Graph::NodeMap<std::int64_t> supply(network.graph, 0);
  supply[network.source] = static_cast<std::int64_t>(tasks);
  supply[network.sink] = -static_cast<std::int64_t>(tasks);
  const auto was = [&](std::size_t task) { return announced == nullptr ? kNobody : announced->agent_of[task]; };
  for (std::size_t k = 0; k < network.pairs.size(); ++k) {
    const std::size_t cell = network.cells[k];
    // To keep an agent is rewarded, which orders the answers as penalties on all others would.
    const bool kept = was(cell / agents) == static_cast<std::int32_t>(cell % agents);
    cost[network.pairs[k]] = problem.cost[cell] - (kept ? announced->change_penalty : 0);
  }
  for (std::size_t t = 0; t < tasks; ++t) lower[network.task_arcs[t]] = 1;
  for (std::size_t a = 0; a < agents; ++a) {
    lower[network.agent_arcs[a]] = std::min(problem.agent_min[a], static_cast<std::int64_t>(tasks) + 1);
    upper[network.agent_arcs[a]] = std::min(problem.agent_max[a], static_cast<std::int64_t>(tasks) + 1);
  }
  lemon::NetworkSimplex<Graph, std::int64_t> simplex(network.graph);
  simplex.lowerMap(lower).upperMap(upper).costMap(cost).supplyMap(supply);
  if (simplex.run() != lemon::NetworkSimplex<Graph, std::int64_t>::OPTIMAL) return Explain(problem, network);

  Assignment answer;
  answer.agent_of.assign(tasks, kNobody);
  for (std::size_t k = 0; k < network.pairs.size(); ++k) {
    if (simplex.flow(network.pairs[k]) == 0) continue;
    const std::size_t cell = network.cells[k];
    answer.agent_of[cell / agents] = static_cast<std::int32_t>(cell % agents);
    answer.cost += problem.cost[cell];
  }
  for (std::size_t t = 0; t < tasks; ++t) answer.changed += was(t) != kNobody && was(t) != answer.agent_of[t];
  return answer;
}

}  // namespace landfall::matching
