// SPDX-License-Identifier: Apache-2.0
#include "analysis/matching/knapsack.h"

#include <algorithm>

namespace landfall::matching {
namespace {

__extension__ using Wide = __int128;

// Profit per load, greatest first; ties by id, so that the order is fixed.
bool Denser(const KnapsackItem& a, const KnapsackItem& b) {
  const Wide left = static_cast<Wide>(a.profit) * b.load, right = static_cast<Wide>(b.profit) * a.load;
  return left != right ? left > right : a.id < b.id;
}

// The part of an item's profit that fits into `room`, rounded up. Precondition: item.load > room >= 0.
std::int64_t Fraction(const KnapsackItem& item, std::int64_t room) {
  return static_cast<std::int64_t>((static_cast<Wide>(item.profit) * room + item.load - 1) / item.load);
}

// Dantzig's bound of the items behind `from`; `work` counts those it looked at.
std::int64_t FillFrom(const std::vector<KnapsackItem>& items, std::size_t from, std::int64_t room, std::size_t& work) {
  std::int64_t bound = 0;
  for (std::size_t k = from; k < items.size(); ++k) {
    ++work;
    if (items[k].load > room) return bound + Fraction(items[k], room);
    bound += items[k].profit;
    room -= items[k].load;
  }
  return bound;
}

}  // namespace

std::int64_t Knapsack::Bound(const std::vector<KnapsackItem>& items, std::int64_t capacity, std::uint32_t without) {
  std::int64_t bound = 0, room = capacity;
  for (const KnapsackItem& item : items) {
    if (item.id == without || item.load > capacity) continue;
    if (item.load > room) return bound + Fraction(item, room);
    bound += item.profit;
    room -= item.load;
  }
  return bound;
}

std::int64_t Knapsack::Solve(std::vector<KnapsackItem>& items, std::int64_t capacity) {
  std::erase_if(items, [&](const KnapsackItem& item) { return item.load > capacity; });
  std::sort(items.begin(), items.end(), Denser);
  best_.clear();
  stack_.clear();
  std::size_t work = 0;
  const std::int64_t root = FillFrom(items, 0, capacity, work);
  const std::size_t work_max = 20'000 + 50 * items.size();
  std::int64_t best = 0, profit = 0, room = capacity;
  std::size_t at = 0;
  for (;;) {
    // Forward as long as it can still beat the best; taking what fits does not change the bound.
    bool hopeless = profit + FillFrom(items, at, room, work) <= best;
    while (!hopeless && at < items.size()) {
      if (items[at].load <= room) {
        profit += items[at].profit;
        room -= items[at].load;
        stack_.push_back(static_cast<std::uint32_t>(at++));
      } else {
        hopeless = profit + FillFrom(items, ++at, room, work) <= best;
      }
    }
    if (profit > best) {
      best = profit;
      best_.clear();
      for (const std::uint32_t k : stack_) best_.push_back(items[k].id);
      if (best == root) return best;
    }
    if (stack_.empty()) return best;
    if (work > work_max) return root;
    at = stack_.back();
    stack_.pop_back();
    profit -= items[at].profit;
    room += items[at].load;
    ++at;
  }
}

}  // namespace landfall::matching
