// SPDX-License-Identifier: Apache-2.0
// One copy of the state with what must be kept beside it, folded from a log.
#pragma once

#include <algorithm>
#include <array>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "app/seq_by_hash.h"
#include "app/state.h"
#include "ledger/log.h"

namespace landfall::app {

// Which requests were done in the last 14 days of `at`, so that a key sent twice is done once (DESIGN §2).
//
// Keys are forgotten by the times of entries. A clock that runs ahead makes it forget keys that clients may still send,
// so it remembers the time of the newest key it ever forgot: no key up to that one can be taken for a new one.
// About 80 bytes a key. Threads: the writer's only.
class KeyWindow {
 public:
  static constexpr auto kKept = std::chrono::hours(14 * 24);
  void Add(Instant at, std::string_view by, std::string_view key, std::uint64_t seq);
  // What Add would forget at once: an entry older than those that are kept.
  void Skip(std::string_view key) { forgotten_ = std::max(forgotten_, MillisOf(key)); }
  // Whether a key of that time may have been one that was done and forgotten.
  bool MayHaveForgotten(Instant time) const {
    return std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch()).count() <= forgotten_;
  }
  // Takes back the newest `n`; they were decided, but another writer went ahead.
  void DropNewest(std::size_t n);
  // A seq whose entry may bear that key; 0 for none. The caller compares the entry's own key: a hash is not a proof.
  std::uint64_t Find(std::string_view by, std::string_view key) const;
  template <class Archive>
  void Columns(Archive& a) {
    a("keys.at", at_);
    a("keys.time", time_);
    a("keys.forgotten", forgotten_);
    a("keys.hash", hash_);
    a("keys.seq", seq_);
    a("keys.head", head_);
  }
  void Rebuild();

 private:
  static std::uint64_t Hash(std::string_view by, std::string_view key);
  static std::int64_t MillisOf(std::string_view key);  // A UUID v7's own time (RFC 9562 §5.7).
  void Expire(Instant now);
  std::int64_t forgotten_ = 0;      // ms, the newest.
  std::vector<std::int64_t> time_;  // ms, of the key itself.
  std::vector<std::int64_t> at_;    // A ring would save the compaction; the vectors are cut when half of them is old.
  std::vector<std::uint64_t> hash_, seq_;
  std::uint64_t head_ = 0;
  SeqByHash by_hash_;
};

// Which entries speak of a subject, newest first. 8 bytes an event and 8 a subject; not part of the two state copies,
// because it only grows at its end. Threads: any, behind its own lock held for microseconds.
class HistoryIndex {
 public:
  // Seqs never fall from one call to the next. Cost: 20 ns and a cache miss for a subject with a number, which is
  // nearly every one.
  void Add(std::string_view on, std::uint64_t seq);
  // Seqs of entries that speak of `on`, newest first, below `before` (0: from the newest), at most `limit`.
  std::vector<std::uint64_t> Find(std::string_view on, std::uint64_t before, std::size_t limit) const;
  std::uint64_t Count(std::string_view on) const;
  template <class Archive>
  void Columns(Archive& a) {
    for (std::size_t kind = 0; kind < kKinds; ++kind) a("history." + std::to_string(kind), numbered_[kind]);
    a("history.names", names_);
    a("history.named", named_);
    a("history.links", links_);
  }
  void Rebuild();
  // Takes over another index; before there are readers.
  void Take(HistoryIndex&& other);

 private:
  static constexpr std::size_t kKinds = 9;  // Of subjects with a dense number: "project/p88".
  struct Chain {
    std::uint32_t last = 0;  // Index + 1 of its newest link.
    std::uint32_t count = 0;
  };
  struct Link {
    std::uint32_t previous, seq;  // previous: index + 1, 0 for none.
  };
  Chain* ChainToAddTo(std::string_view on);
  const Chain* FindChain(std::string_view on) const;

  mutable std::mutex mutex_;
  std::array<std::vector<Chain>, kKinds> numbered_;  // By kind, then by index.
  TextColumn names_;                                 // The few others: "ledger", "ladder/industrial".
  TextIndex by_name_;                                // derived
  std::vector<Chain> named_;
  std::vector<Link> links_;
  std::uint64_t newest_seq_ = 0;       // derived; and
  std::uint32_t first_of_newest_ = 0;  // how many links are older than it.
};

// Everything that a snapshot holds.
struct Replica {
  State state;
  KeyWindow keys;
  HistoryIndex history;
  std::uint64_t seq = 0;  // Folded up to here.
  Instant last_at{};
};

// Folds the events of one entry. `salted[i]` empty: erased. Errors: ledger.corrupt naming the entry,
// ledger.newer_version (an event type or version that this build does not know).
Status ApplyEntry(State& state, const ledger::Leaf& leaf, std::span<const std::string_view> salted);

// What an entry is folded into; keys and history may be left out.
struct FoldTarget {
  State& state;
  std::uint64_t& seq;
  Instant& last_at;
  KeyWindow* keys = nullptr;
  HistoryIndex* history = nullptr;
};
struct FoldOptions {
  ledger::ReplayOptions replay;
  std::function<void(std::uint64_t)> progress;  // Every 10,000 entries.
};
// Folds entries from target.seq + 1 on, up to log.size(). Errors: those of ApplyEntry, store.*.
Status Fold(ledger::Log& log, FoldTarget target, FoldOptions options = {});
inline Status Fold(ledger::Log& log, Replica& r, FoldOptions options = {}) {
  return Fold(log, {r.state, r.seq, r.last_at, &r.keys, &r.history}, std::move(options));
}

// Snapshots: <folder>/<seq>.snap, newest two kept. A snapshot that does not match the log's root at its seq, this
// build's shape or its own checksums is ignored. See docs/formats/snapshot.md.
struct SnapshotSource {
  const State& state;
  const KeyWindow& keys;
  const HistoryIndex& history;
  std::uint64_t seq;
  Instant last_at;
};
Status WriteSnapshot(const std::string& folder, const SnapshotSource& source, ledger::Log& log);
// Loads the newest usable snapshot with seq ≤ `to` into an empty replica; false when there is none.
bool LoadSnapshot(const std::string& folder, Replica& replica, ledger::Log& log, std::uint64_t to);
struct SnapshotInfo {
  std::string path;
  std::uint64_t seq = 0;
  std::string state_hash;
};
std::vector<SnapshotInfo> ListSnapshots(const std::string& folder);

}  // namespace landfall::app
