// SPDX-License-Identifier: Apache-2.0
#include "app/name_search.h"

namespace landfall::app {

NameSearch::NameSearch(Engine& engine)
    : engine_(engine),
      source_([&engine](const UseState& use) {
        const Engine::Reader reader = engine.Read();
        use(reader.state(), reader.seq());
      }),
      newest_(engine.Read().seq()) {
  subscription_ = engine_.Subscribe([this](std::uint64_t seq) {
    const std::lock_guard lock(mutex_);
    newest_ = std::max(newest_, seq);
    changed_.notify_one();
  });
  thread_ = std::thread([this] { Follow(); });
}

NameSearch::~NameSearch() {
  engine_.Unsubscribe(subscription_);
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void NameSearch::Follow() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return stop_ || newest_ > index_.upto(); });
    if (stop_) return;
    hurry_ = false;
    lock.unlock();
    index_.CatchUp(source_, &stop_);
    lock.lock();
    caught_up_.notify_all();
    changed_.wait_for(lock, kLeastPause, [this] { return stop_ || hurry_; });
  }
}

Result<SearchResults> NameSearch::Find(const Actor& reader, const SearchAsk& ask) {
  const std::uint64_t seq = engine_.Read().seq();
  {
    std::unique_lock lock(mutex_);
    if (index_.upto() < seq) {
      newest_ = std::max(newest_, seq);
      hurry_ = true;
      changed_.notify_one();
    }
    if (!caught_up_.wait_for(lock, kPatience, [&] { return index_.upto() >= seq; }))
      return Unavailable("search.filling");
  }
  return index_.Search(source_, reader, engine_.clock().Now(), ask);
}

}  // namespace landfall::app
