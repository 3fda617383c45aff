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
  std::atomic<std::uint32_t> awaited{0};  // 1: the writer waits until nobody reads here; 2: somebody has left since

  bool Busy() const {
    for (const Count& c : readers)
      if (c.n.load() != 0) return true;
    return false;
  }
  // A reader that leaves.
  void Leave(std::size_t stripe) {
    readers[stripe].n.fetch_sub(1);
    if (awaited.load() != 1) return;  // Either this is seen, or the writer sees that the reader has left.
    awaited.store(2);
    awaited.notify_one();
  }
  // The writer's. Asleep, not yielding: a thread that yields to a busy reader gets its turn back after a whole slice of
  // the scheduler (milliseconds), one that wakes from sleep goes first.
  void AwaitReaders() {
    if (!Busy()) return;
    for (awaited.store(1); Busy(); awaited.store(1)) awaited.wait(1);
    awaited.store(0);
  }
};

}  // namespace landfall::app
