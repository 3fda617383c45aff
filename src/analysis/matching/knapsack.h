// SPDX-License-Identifier: Apache-2.0
// The 0-1 knapsack inside the generalised assignment: exact for the sizes that occur, a valid bound for all others.
#pragma once

#include <cstdint>
#include <vector>

namespace landfall::matching {

struct KnapsackItem {
  std::int64_t profit = 0;  // > 0
  std::int64_t load = 0;    // >= 0
  std::uint32_t id = 0;
};

// Reused from call to call, so that a million small problems allocate nothing. Threads: one at a time.
class Knapsack {
 public:
  // Fills `best()` with the ids of a best choice and returns an upper bound of its profit, equal to it unless the
  // search was cut off (after looks at 20,000 items, and 50 times all). Reorders `items`; those heavier than `capacity`
  // are ignored. Method: Horowitz and Sahni 1974, depth first by profit per load, with Dantzig's bound.
  std::int64_t Solve(std::vector<KnapsackItem>& items, std::int64_t capacity);
  const std::vector<std::uint32_t>& best() const { return best_; }

  // Dantzig's bound alone: the greedy fill with a fraction of the first item that does not fit. `items` in the order in
  // which Solve left them; the one of `without` is skipped.
  static std::int64_t Bound(const std::vector<KnapsackItem>& items, std::int64_t capacity, std::uint32_t without);

 private:
  std::vector<std::uint32_t> best_, stack_;
};

}  // namespace landfall::matching
