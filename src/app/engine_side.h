// SPDX-License-Identifier: Apache-2.0
// One of the engine's two copies of the state. Private to src/app/engine*.cc.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <thread>

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
  void Leave(std::size_t stripe) { readers[stripe].n.fetch_sub(1); }
  // The writer's. Asleep, not yielding: a thread that yields to a busy reader gets its turn back after a whole slice of
  // the scheduler (milliseconds), one that wakes from sleep goes first. Nor woken by the last reader, who keeps its
  // core for the rest of its slice: by a timer.
  void AwaitReaders() const {
    while (Busy()) std::this_thread::sleep_for(std::chrono::microseconds(20));
  }
};

}  // namespace landfall::app
