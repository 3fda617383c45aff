// SPDX-License-Identifier: Apache-2.0
// Independent pieces of work over a few threads. Each piece writes its own place, so the result does not depend on how
// many threads there were.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <thread>
#include <vector>

namespace landfall::chain::forecast {

// Calls work(worker, index) once for each index below `count`; `worker` is below `threads`, for scratch memory.
inline void ForEachIndex(std::size_t count, unsigned threads,
                         const std::function<void(unsigned worker, std::size_t index)>& work) {
  if (threads <= 1 || count <= 1) {
    for (std::size_t i = 0; i < count; ++i) work(0, i);
    return;
  }
  std::atomic<std::size_t> next{0};
  const auto run = [&](unsigned worker) {
    for (std::size_t i = next.fetch_add(1); i < count; i = next.fetch_add(1)) work(worker, i);
  };
  std::vector<std::thread> pool;
  for (unsigned worker = 1; worker < threads; ++worker) pool.emplace_back(run, worker);
  run(0);
  for (std::thread& thread : pool) thread.join();
}

}  // namespace landfall::chain::forecast
