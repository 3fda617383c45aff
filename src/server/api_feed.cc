// SPDX-License-Identifier: Apache-2.0
#include "server/api_feed.h"

namespace landfall::server {
namespace {

bool SendSeq(const EventStream& stream, std::uint64_t seq) {
  const std::string number = std::to_string(seq);
  return stream.Send("committed", number, "{\"seq\":" + number + "}");
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

void Feed::Add(EventStream stream, std::function<bool()> alive) {
  const std::lock_guard lock(mutex_);
  // Under the lock, so that no commit falls between this number and the listener's first event.
  if (SendSeq(stream, newest_)) listeners_.push_back({std::move(stream), std::move(alive)});
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
      if (listener.alive() && SendSeq(listener.stream, seq)) return false;
      listener.stream.Close();
      return true;
    });
    lock.lock();
    std::move(listeners.begin(), listeners.end(), std::back_inserter(listeners_));
    changed_.wait_for(lock, kLeastPause, [this] { return stopping_; });
  }
}

}  // namespace landfall::server
