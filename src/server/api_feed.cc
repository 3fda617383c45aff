// SPDX-License-Identifier: Apache-2.0
#include "server/api_feed.h"

namespace landfall::server {
namespace {

bool Send(const EventStream& stream, const Feed::Tell& tell, std::uint64_t seq) {
  const std::optional<std::string> data = tell(seq);
  return data && stream.Send("committed", std::to_string(seq), *data);
}

}  // namespace

Feed::Feed(app::Engine& engine) : engine_(engine), newest_(engine.Read().seq()), sent_(newest_) {
  subscription_ = engine_.Subscribe([this](std::uint64_t seq) {
    const std::lock_guard lock(mutex_);
    newest_ = std::max(newest_, seq);
    changed_.notify_one();
  });
  thread_ = std::thread([this] { Loop(); });
}

Feed::~Feed() {
  engine_.Unsubscribe(subscription_);
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
  for (const Listener& listener : listeners_) listener.stream.Close();
}

void Feed::Add(EventStream stream, Tell tell) {
  const std::lock_guard lock(mutex_);
  // Under the lock, so that no commit falls between this number and the listener's first event.
  if (Send(stream, tell, newest_)) listeners_.push_back({std::move(stream), std::move(tell)});
}

void Feed::Loop() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return stopping_ || newest_ != sent_; });
    if (stopping_) return;
    const std::uint64_t seq = sent_ = newest_;
    std::vector<Listener> listeners = std::exchange(listeners_, {});
    lock.unlock();  // The writer's thread wants to leave its next number meanwhile.
    std::erase_if(listeners, [&](const Listener& listener) {
      if (Send(listener.stream, listener.tell, seq)) return false;
      listener.stream.Close();
      return true;
    });
    lock.lock();
    std::move(listeners.begin(), listeners.end(), std::back_inserter(listeners_));
    changed_.wait_for(lock, kLeastPause, [this] { return stopping_; });
  }
}

}  // namespace landfall::server
