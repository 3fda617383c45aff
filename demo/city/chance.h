// SPDX-License-Identifier: Apache-2.0
// Draws of the invented city: everything that is left to chance comes from one seed, in one order.
#pragma once

#include <span>

#include "base/seam.h"

namespace landfall::city {

class Chance {
 public:
  explicit Chance(std::uint64_t seed) : random_(seed) {}
  // 0 … n − 1; n ≥ 1.
  std::int64_t Below(std::int64_t n) {
    return static_cast<std::int64_t>(random_.Next() % static_cast<std::uint64_t>(n));
  }
  std::int64_t Between(std::int64_t low, std::int64_t high) { return low + Below(high - low + 1); }
  bool Percent(int percent) { return Below(100) < percent; }
  template <class T>
  const T& Pick(std::span<const T> choices) {
    return choices[static_cast<std::size_t>(Below(static_cast<std::int64_t>(choices.size())))];
  }
  template <class T, std::size_t N>
  const T& Pick(const T (&choices)[N]) {
    return Pick(std::span<const T>(choices));
  }

 private:
  SeededRandom random_;
};

}  // namespace landfall::city
