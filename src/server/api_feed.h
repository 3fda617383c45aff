// SPDX-License-Identifier: Apache-2.0
// Tells open pages that something was committed: only the number of the newest record, at most ten times a second.
//
// Why it has a thread: the writer must not pay for every open page. It leaves a number; this thread sends the newest
// one.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "app/engine.h"
#include "server/http.h"

namespace landfall::server {

class Feed {
 public:
  static constexpr std::chrono::milliseconds kLeastPause{100};

  explicit Feed(app::Engine& engine);
  ~Feed();  // Closes the streams.
  Feed(const Feed&) = delete;
  Feed& operator=(const Feed&) = delete;

  // Sends the newest number at once, then after commits. `alive` is asked before each event, on the feed's thread: a
  // session that has ended must not go on listening.
  void Add(EventStream stream, std::function<bool()> alive);

 private:
  struct Listener {
    EventStream stream;
    std::function<bool()> alive;
  };
  void Loop();

  app::Engine& engine_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Listener> listeners_;
  std::uint64_t newest_ = 0, sent_ = 0;
  bool stopping_ = false;
  int subscription_ = 0;
  std::thread thread_;
};

}  // namespace landfall::server
