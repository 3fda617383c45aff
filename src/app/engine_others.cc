// SPDX-License-Identifier: Apache-2.0
// What the engine does about other processes on the same ledger: hearing of their entries, taking them in, and deciding
// again when one of them was first or when nobody knows.
#include "app/engine.h"
#include "app/engine_side.h"

namespace landfall::app {
namespace {

constexpr auto kLookEvery = std::chrono::seconds(1);
constexpr auto kListenFor = std::chrono::seconds(10);
constexpr int kLostAnswersMax = 5;  // In a row: behind a network that cuts every answer there is no use in going on.

}  // namespace

// Wakes the writer when another process has appended, so that this one's readers see it at once.
void Engine::Listen() {
  for (;;) {
    const bool heard = log_->store().AwaitNews(kListenFor);
    std::lock_guard lock(mutex_);
    if (stopping_) return;
    if (!heard) continue;
    news_ = true;
    wake_.notify_one();
  }
}

// The only thread that touches the state of a follower. News come by themselves; without them it looks once a tick.
void Engine::Follow() {
  for (;;) {
    FollowActiveEarly();
    (void)log_->store().AwaitNews(kLookEvery);
    {
      std::lock_guard lock(mutex_);
      if (stopping_) return;
    }
    if (!FollowOnce()) return Stop();
  }
}

// What cannot be reached now may be reached later; what is not what was written will never be.
bool Engine::FollowOnce() {
  const Status caught_up = CatchUpWithOthers();
  return caught_up || caught_up.error().fault == Fault::kUnavailable;
}

Engine::Standing Engine::standing() const {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  const std::uint64_t folded = Read().seq();
  const std::uint64_t seen = seen_size_.load();
  return {options_.read_only && options_.follow, now - std::chrono::steady_clock::duration(checked_at_.load()),
          seen > folded ? seen - folded : 0};
}

Status Engine::CatchUpWithOthers() {
  const auto looked_at = std::chrono::steady_clock::now().time_since_epoch().count();
  LF_ASSIGN(const std::uint64_t stored, log_->StoredSize());
  const std::uint64_t folded = sides_[active_.load()]->seq;
  seen_size_ = stored;
  if (stored == folded) {
    checked_at_ = looked_at;
    return Ok{};
  }
  if (stored < folded) return Corrupt("ledger.rolled_back", std::to_string(stored) + " entries under a running writer");
  LF_TRY(log_->CatchUp());
  for (int round = 0; round < 2; ++round) {
    // First the idle side, with what lies beside the states; flip; then the other.
    if (round == 0) PrepareIdle();
    Reader::Side& idle = Idle();
    idle.AwaitReaders();
    FoldTarget target{idle.state, idle.seq, idle.last_at, round == 0 ? &keys_ : nullptr,
                      round == 0 ? &history_ : nullptr};
    const Status folded_now = Fold(*log_, target);
    if (round == 0) Flip(std::max(last_at_, idle.last_at), idle.seq);
    // Cut short, this side stands at a whole entry and may be read; the other is copied from it.
    if (!folded_now) {
      idle_stale_ = true;
      return folded_now;
    }
  }
  checked_at_ = looked_at;
  return Ok{};
}

// Forgets what was decided on a state that is no longer true, and takes in what went ahead.
Status Engine::CatchUpAfterLostRace() {
  const std::uint64_t before = sides_[active_.load()]->seq;
  idle_stale_ = true;
  PrepareIdle();
  LF_TRY(CatchUpWithOthers());
  // Nobody went ahead, and yet a key was taken: rows stand in the store that no commit has put there.
  if (sides_[active_.load()]->seq == before)
    return Corrupt("ledger.corrupt", "rows lie beyond entry " + std::to_string(before));
  return Ok{};
}

// The connection went while a commit was on its way: reads what is there, whoever stored it. Should that commit still
// arrive behind this reading, then the place of the next one is taken, and the race is lost like any other.
Status Engine::CatchUpAfterLostAnswer() {
  idle_stale_ = true;
  PrepareIdle();
  LF_TRY(log_->CatchUp());  // The tree has the leaves of that commit in it.
  return CatchUpWithOthers();
}

Status Engine::Recover(const Error& why, int& lost_answers) {
  if (why.code == "store.race_lost") return CatchUpAfterLostRace();
  if (why.code == "store.answer_lost" && ++lost_answers <= kLostAnswersMax) return CatchUpAfterLostAnswer();
  return why;
}

}  // namespace landfall::app
