// SPDX-License-Identifier: Apache-2.0
// The search of a served ledger: a NameIndex that follows an engine.
//
// How fresh: an ask finds every record that was durable when it arrived. A thread follows the commits, twice a second
// at most by itself and at once for an ask, which waits for it: well under a millisecond in a county. Only after a
// start (12 s for 10^6 names) or a great import can that take long; then an ask waits a second at most and is refused
// with search.filling, so that nothing half-full is ever shown as the whole.
//
// Why a thread: neither the writer nor the first person who searches after an import must pay for it.
// Threads: any.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "app/engine.h"
#include "app/name_index.h"

namespace landfall::app {

class NameSearch {
 public:
  static constexpr std::chrono::milliseconds kLeastPause{500}, kPatience{1000};

  // The engine outlives it.
  explicit NameSearch(Engine& engine);
  ~NameSearch();
  NameSearch(const NameSearch&) = delete;
  NameSearch& operator=(const NameSearch&) = delete;

  // Errors: search.filling (Unavailable). Blocks up to kPatience: not for I/O threads.
  Result<SearchResults> Find(const Actor& reader, const SearchAsk& ask);

 private:
  void Follow();

  Engine& engine_;
  StateSource source_;
  NameIndex index_;
  std::atomic<bool> stop_{false};
  std::mutex mutex_;
  std::condition_variable changed_, caught_up_;
  std::uint64_t newest_ = 0;
  bool hurry_ = false;  // Somebody waits.
  int subscription_ = 0;
  std::thread thread_;
};

}  // namespace landfall::app
