// SPDX-License-Identifier: Apache-2.0
#include "app/replica.h"

#include <xxhash.h>

namespace landfall::app {

std::uint64_t KeyWindow::Hash(std::string_view by, std::string_view key) {
  return XXH3_64bits_withSeed(key.data(), key.size(), XXH3_64bits(by.data(), by.size()));
}

void KeyWindow::Add(Instant at, std::string_view by, std::string_view key, std::uint64_t seq) {
  Expire(at);
  at_.push_back(at.time_since_epoch().count());
  hash_.push_back(Hash(by, key));
  seq_.push_back(seq);
  by_hash_[hash_.back()] = seq;
}

void KeyWindow::Expire(Instant now) {
  const std::int64_t oldest = (now - kKept).time_since_epoch().count();
  while (head_ < at_.size() && at_[head_] < oldest) {
    const auto found = by_hash_.find(hash_[head_]);
    if (found != by_hash_.end() && found->second == seq_[head_]) by_hash_.erase(found);
    ++head_;
  }
  if (head_ > 4096 && head_ > at_.size() / 2) {
    const auto cut = [&](auto& v) { v.erase(v.begin(), v.begin() + static_cast<std::ptrdiff_t>(head_)); };
    cut(at_), cut(hash_), cut(seq_);
    head_ = 0;
  }
}

void KeyWindow::DropNewest(std::size_t n) {
  for (; n > 0; --n) {
    by_hash_.erase(hash_.back());
    at_.pop_back(), hash_.pop_back(), seq_.pop_back();
  }
}

std::uint64_t KeyWindow::Find(std::string_view by, std::string_view key) const {
  const auto found = by_hash_.find(Hash(by, key));
  return found == by_hash_.end() ? 0 : found->second;
}

void KeyWindow::Rebuild() {
  by_hash_.clear();
  for (std::size_t i = head_; i < at_.size(); ++i) by_hash_[hash_[i]] = seq_[i];
}

void HistoryIndex::Add(std::string_view on, std::uint64_t seq) {
  std::lock_guard lock(mutex_);
  std::uint32_t row = by_subject_.Find(subjects_, on);
  if (row == TextIndex::kNone) {
    row = static_cast<std::uint32_t>(subjects_.size());
    subjects_.Resize(row + 1);
    subjects_.Set(row, on);
    by_subject_.Insert(subjects_, row);
    last_.push_back(0);
    count_.push_back(0);
  }
  if (last_[row] != 0 && seq_[last_[row] - 1] == seq) return;  // Several events of one entry.
  previous_.push_back(last_[row]);
  seq_.push_back(static_cast<std::uint32_t>(seq));
  last_[row] = static_cast<std::uint32_t>(seq_.size());
  ++count_[row];
}

std::vector<std::uint64_t> HistoryIndex::Find(std::string_view on, std::uint64_t before, std::size_t limit) const {
  std::lock_guard lock(mutex_);
  std::vector<std::uint64_t> out;
  const std::uint32_t row = by_subject_.Find(subjects_, on);
  if (row == TextIndex::kNone) return out;
  for (std::uint32_t at = last_[row]; at != 0 && out.size() < limit; at = previous_[at - 1])
    if (before == 0 || seq_[at - 1] < before) out.push_back(seq_[at - 1]);
  return out;
}

std::uint64_t HistoryIndex::Count(std::string_view on) const {
  std::lock_guard lock(mutex_);
  const std::uint32_t row = by_subject_.Find(subjects_, on);
  return row == TextIndex::kNone ? 0 : count_[row];
}

void HistoryIndex::Rebuild() { by_subject_.Rebuild(subjects_); }

void HistoryIndex::Take(HistoryIndex&& other) {
  subjects_ = std::move(other.subjects_);
  by_subject_ = std::move(other.by_subject_);
  last_ = std::move(other.last_);
  count_ = std::move(other.count_);
  previous_ = std::move(other.previous_);
  seq_ = std::move(other.seq_);
}

Status ApplyEntry(State& state, const ledger::Leaf& leaf, std::span<const std::string_view> salted) {
  Origin origin{.seq = leaf.seq, .event = 0, .at = leaf.at, .by = {}, .erased = false};
  auto by = Actor::Parse(leaf.by);
  if (!by) return Corrupt("ledger.corrupt", "entry " + std::to_string(leaf.seq) + ": its actor", "entry " + std::to_string(leaf.seq));
  origin.by = *by;
  for (std::size_t i = 0; i < leaf.events.size(); ++i) {
    const ledger::LeafEvent& event = leaf.events[i];
    const EventType* type = FindEventType(event.type, event.version);
    if (type == nullptr)
      return Invalid("ledger.newer_version", "entry " + std::to_string(leaf.seq) + " holds " + std::string(event.type));
    origin.event = static_cast<std::uint32_t>(i);
    origin.erased = salted[i].empty();
    const bool ok = (!origin.erased || type->info.erasable) &&
                    type->apply(state, origin, event.on,
                                origin.erased ? std::string_view{} : salted[i].substr(ledger::kSaltBytes));
    if (!ok) {
      const std::string where = "entry " + std::to_string(leaf.seq) + " event " + std::to_string(i);
      return Corrupt("ledger.corrupt", where + ": its payload is not of the form we write", where);
    }
  }
  return Ok{};
}

Status Fold(ledger::Log& log, FoldTarget replica, FoldOptions options) {
  options.replay.from = std::max(options.replay.from, replica.seq + 1);
  options.replay.to = std::min(options.replay.to, log.size());  // Another process may be writing: never beyond the tree we hold.
  if (options.replay.from > options.replay.to) return Ok{};
  return log.Replay(options.replay, [&](const ledger::Leaf& leaf, const ledger::StoredEntry&,
                                        std::span<const std::string_view> salted) -> Status {
    LF_TRY(ApplyEntry(replica.state, leaf, salted));
    if (replica.history != nullptr)
      for (const ledger::LeafEvent& event : leaf.events) replica.history->Add(event.on, leaf.seq);
    if (replica.keys != nullptr && !leaf.key.empty()) replica.keys->Add(leaf.at, leaf.by, leaf.key, leaf.seq);
    replica.seq = leaf.seq;
    replica.last_at = leaf.at;
    if (options.progress && leaf.seq % 10'000 == 0) options.progress(leaf.seq);
    return Ok{};
  });
}

}  // namespace landfall::app
