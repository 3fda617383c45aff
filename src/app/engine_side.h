// SPDX-License-Identifier: Apache-2.0
// One of the engine's two copies of the state. Private to src/app/engine*.cc.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "app/engine.h"

namespace landfall::app {

struct Engine::Reader::Side {
  static constexpr std::size_t kStripes = 8;
  struct alignas(64) Count {
    std::atomic<std::int64_t> n{0};
  };
  State state;
  std::uint64_t seq = 0;
  Instant last_at{};
  std::array<Count, kStripes> readers;

  bool Busy() const {
    for (const Count& c : readers)
      if (c.n.load() != 0) return true;
    return false;
  }
};

}  // namespace landfall::app
