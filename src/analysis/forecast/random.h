// SPDX-License-Identifier: Apache-2.0
// A small seeded generator (SplitMix64, Steele et al. 2014). Ours, because the draws of std::shuffle and of the
// standard distributions differ between libraries, and a hold-out must be the same on every machine.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

namespace landfall::chain::forecast {

class SplitMix {
 public:
  explicit SplitMix(std::uint64_t seed) : state_(seed) {}
  std::uint64_t Next() {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15U);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31);
  }
  // 0 … bound - 1; the bias is below bound / 2^64. Precondition: bound > 0.
  std::size_t Below(std::size_t bound) { return static_cast<std::size_t>(Next() % bound); }

 private:
  std::uint64_t state_;
};

// The first `count` of `values` become a uniform draw without replacement, in random order.
template <class T>
void DrawFront(std::vector<T>& values, std::size_t count, SplitMix& random) {
  for (std::size_t i = 0; i < count && i + 1 < values.size(); ++i)
    std::swap(values[i], values[i + random.Below(values.size() - i)]);
}

}  // namespace landfall::chain::forecast
