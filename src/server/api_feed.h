// SPDX-License-Identifier: Apache-2.0
// Tells open pages that something was committed: the number of the newest record and how many notifications the
// listener has not read, at most ten times a second.
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

  // What a listener is told after a commit: the data of the event, or nothing when it must not go on listening, as its
  // session has ended. Asked on the feed's thread, and once by Add on the caller's.
  using Tell = std::function<std::optional<std::string>(std::uint64_t seq)>;
  // Tells at once, then after commits.
  void Add(EventStream stream, Tell tell);

 private:
  struct Listener {
    EventStream stream;
    Tell tell;
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
