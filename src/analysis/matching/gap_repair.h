// SPDX-License-Identifier: Apache-2.0
// Makes a good assignment from a relaxed one: places what is left over, then moves, swaps and chains until nothing
// gains.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace landfall::matching {

struct GapProblem;

class GapRepair {
 public:
  // `value` replaces that of the problem; both must outlive this object.
  GapRepair(const GapProblem& problem, const std::vector<std::int64_t>& value);

  // Improves `agent_of` in place; the loads of what it assigns must fit. Returns the value, or nothing where a task
  // that must have an agent has none. `thorough` goes on until no chain of two tasks gains; else only single moves are
  // tried. Cost: tasks × agents a pass; thorough tasks² × agents, left out above 4 million.
  std::optional<std::int64_t> Improve(std::vector<std::int32_t>& agent_of, bool thorough);

 private:
  std::int64_t Worth(std::size_t task, std::int32_t agent) const;
  bool May(std::size_t task, std::int32_t agent) const;
  std::int64_t Load(std::size_t task, std::int32_t agent) const;
  bool Fits(std::size_t task, std::int32_t agent) const { return May(task, agent) && Load(task, agent) <= Room(agent); }
  std::int64_t Room(std::int32_t agent) const;
  void Move(std::size_t task, std::int32_t agent);
  bool MoveSingles();
  bool MoveChains();
  bool TryChain(std::size_t enters, std::size_t leaves);

  const GapProblem& problem_;
  const std::vector<std::int64_t>& value_;
  const std::int64_t nobody_;  // What a task without an agent is worth: 0, or so little that any agent is better.
  std::vector<std::int32_t> agent_of_;
  std::vector<std::int64_t> room_;
  std::vector<std::size_t> order_;  // Tasks by their best value, greatest first.
};

}  // namespace landfall::matching
