// SPDX-License-Identifier: Apache-2.0
// The engine for those who read: checkpoints, states of the past, news of commits, figures of its own work.
#include <filesystem>

#include "app/engine.h"
#include "app/engine_side.h"

namespace landfall::app {

Result<std::string> Engine::SignedCheckpoint() {
  if (!signer_) {
    LF_ASSIGN(std::optional<std::string> kept, log_->store().LastCheckpoint());
    if (!kept) return NotFound("ledger.unsigned", files_.folder);
    return std::move(*kept);
  }
  const std::shared_ptr<const ledger::TreeView> view = log_->View();
  std::lock_guard lock(checkpoint_mutex_);
  if (checkpoint_size_ != view->size()) {
    ledger::Checkpoint checkpoint{signer_->verifier().name(), view->size(), view->Root(), {}};
    LF_ASSIGN(checkpoint_, ledger::SignCheckpoint(checkpoint, *signer_));
    checkpoint_size_ = view->size();
  }
  return checkpoint_;
}

Result<std::shared_ptr<const State>> Engine::StateAt(std::uint64_t seq) {
  if (seq > log_->size()) return Invalid("known_at.beyond_ledger", std::to_string(seq), "known_at");
  std::lock_guard one_at_a_time(replay_mutex_);
  for (;;) {
    std::size_t erasures = 0;
    {
      std::lock_guard lock(past_mutex_);
      for (const auto& [at, state] : past_)
        if (at == seq) return state;
      erasures = erasures_;
    }
    Replica replica;
    LoadSnapshot(files_.snapshots(), replica, *log_, seq);
    FoldOptions options;
    options.replay.to = seq;
    LF_TRY(Fold(*log_, {replica.state, replica.seq, replica.last_at, nullptr, nullptr}, std::move(options)));
    auto state = std::make_shared<const State>(std::move(replica.state));
    std::lock_guard lock(past_mutex_);
    if (erasures_ != erasures) continue;  // Something was erased meanwhile that this state may still hold.
    if (past_.size() == 2) past_.erase(past_.begin());
    past_.emplace_back(seq, state);
    return state;
  }
}

void Engine::ForgetErased() {
  const std::size_t erasures = sides_[active_.load()]->state.admin.erased.size();
  if (erasures == erasures_) return;
  // Every file: an unfinished one may hold the text as well. Snapshots written from now on do not.
  std::error_code ignored;
  if (!options_.read_only) std::filesystem::remove_all(files_.snapshots(), ignored);
  std::lock_guard lock(past_mutex_);
  erasures_ = erasures;
  past_.clear();
}

Result<std::uint64_t> Engine::SeqAtDay(Day day) {
  UtcOffset offset;
  {
    const Reader reader = Read();
    offset = reader.state().admin.offset();
  }
  std::uint64_t low = 0, high = log_->size();  // The answer lies in [low, high].
  while (low < high) {
    const std::uint64_t middle = low + (high - low + 1) / 2;
    LF_ASSIGN(const ledger::EntryRecord record, log_->Entry(middle));
    ledger::Leaf leaf;
    if (!ledger::ParseLeaf(record.leaf, leaf)) return Corrupt("ledger.corrupt", "entry " + std::to_string(middle));
    if (WallDay(leaf.at, offset) <= day)
      low = middle;
    else
      high = middle - 1;
  }
  return low;
}

int Engine::Subscribe(std::function<void(std::uint64_t)> on_commit) {
  std::lock_guard lock(subscribers_mutex_);
  subscribers_.emplace_back(next_subscriber_, std::move(on_commit));
  return next_subscriber_++;
}

void Engine::Unsubscribe(int handle) {
  std::lock_guard lock(subscribers_mutex_);
  std::erase_if(subscribers_, [&](const auto& s) { return s.first == handle; });
}

Engine::Stats Engine::stats() const {
  std::lock_guard lock(stats_mutex_);
  return stats_;
}

std::vector<std::uint32_t> Engine::TakeReaderWaits() {
  std::lock_guard lock(stats_mutex_);
  return std::exchange(reader_waits_, {});
}

}  // namespace landfall::app
