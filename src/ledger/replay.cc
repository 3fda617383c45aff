// SPDX-License-Identifier: Apache-2.0
// Reading a store from end to end, checking as much as is asked for.
#include <cstring>

#include "ledger/log.h"

namespace landfall::ledger {
namespace {

using Kind = ReplayFault::Kind;
using TellFault = std::function<Status(Kind, std::uint64_t seq, std::optional<std::uint32_t> event, std::string what)>;

// Erasable payloads in the order of their events, read a stretch of entries at a time: one query a stretch costs a
// tenth of one query a row.
class ErasableCursor {
 public:
  ErasableCursor(Store& store, std::uint64_t from, std::uint64_t last, TellFault unclaimed)
      : store_(store), loaded_to_(from - 1), last_(last), unclaimed_(std::move(unclaimed)) {}

  // Salt and payload of an event, which must come after the one asked for before; empty when it is not there. The bytes
  // live until an event of a later entry is asked for.
  Result<std::string_view> Take(std::uint64_t seq, std::uint32_t event) {
    LF_TRY(LoadTo(seq));
    LF_TRY(SkipTo(seq, event));
    if (at_ == rows_.size() || rows_[at_].seq != seq || rows_[at_].event != event) return std::string_view{};
    const Row& row = rows_[at_++];
    return std::string_view(arena_).substr(row.offset, row.size);
  }

  // Looks for payloads behind the last one that was taken.
  Status Finish() {
    LF_TRY(LoadTo(last_));
    LF_TRY(SkipTo(UINT64_MAX, 0));
    LF_TRY(Load(INT64_MAX));
    // What other writers have stored meanwhile lies beyond `last_`, but not beyond the newest row.
    LF_ASSIGN(const std::optional<CommitRow> newest, store_.LastRow());
    const std::uint64_t end = newest ? newest->first + newest->count : 1;
    while (at_ < rows_.size() && rows_[at_].seq < end) ++at_;
    return SkipTo(UINT64_MAX, 0);
  }

 private:
  static constexpr std::uint64_t kStretch = 1024;
  struct Row {
    std::uint64_t seq;
    std::uint32_t event;
    std::size_t offset, size;
  };

  Status LoadTo(std::uint64_t seq) {
    if (seq <= loaded_to_) return Ok{};
    LF_TRY(SkipTo(UINT64_MAX, 0));
    return Load(std::min(seq + kStretch, last_ + 1));
  }
  Status Load(std::uint64_t end) {
    arena_.clear();
    rows_.clear();
    at_ = 0;
    LF_TRY(store_.ScanErasable(loaded_to_ + 1, end, [&](std::uint64_t s, std::uint32_t e, std::string_view bytes) {
      rows_.push_back({s, e, arena_.size(), bytes.size()});
      arena_ += bytes;
    }));
    loaded_to_ = end - 1;
    return Ok{};
  }
  Status SkipTo(std::uint64_t seq, std::uint32_t event) {
    for (; at_ < rows_.size() && std::pair(rows_[at_].seq, rows_[at_].event) < std::pair(seq, event); ++at_)
      LF_TRY(
          unclaimed_(Kind::kUnclaimed, rows_[at_].seq, rows_[at_].event, "a payload is stored that no event claims"));
    return Ok{};
  }

  Store& store_;
  std::uint64_t loaded_to_;
  const std::uint64_t last_;
  TellFault unclaimed_;
  std::string arena_;
  std::vector<Row> rows_;
  std::size_t at_ = 0;
};

class Replayer {
 public:
  Replayer(Store& store, const ReplayOptions& options, std::uint64_t to, const ReplayEntry& use)
      : options_(options),
        to_(to),
        use_(use),
        cursor_(store, options.from, to,
                [this](Kind kind, std::uint64_t seq, std::optional<std::uint32_t> event, std::string what) {
                  return options_.verify_payloads ? Tell(kind, seq, event, std::move(what)) : Status(Ok{});
                }) {
    if (options.verify_leaves && options.from == 1) frontier_.emplace();
  }

  Status Row(const CommitRow& row) {
    if (row.first == 0 || row.first > INT64_MAX / 2 || row.count == 0)
      return Tell(Kind::kOrder, expected_ == 0 ? options_.from : expected_, {}, "a row stands at an impossible place");
    const std::uint64_t end = row.first + row.count;
    if (expected_ == 0 ? row.first > options_.from : row.first != expected_)
      LF_TRY(Tell(Kind::kOrder, expected_ == 0 ? options_.from : expected_, {},
                  "the next entry stored is " + std::to_string(row.first)));
    expected_ = end;
    const bool sum_holds = ChecksumOf(row) == row.checksum;
    // A verifier names the entry first where it can; a plain reader must not even parse such a row.
    if (!sum_holds && !options_.verify_leaves)
      return Tell(Kind::kChecksum, row.first, {}, "the row's checksum differs");
    if (options_.verify_leaves && row.leaf_hashes.size() != row.count * sizeof(Digest))
      LF_TRY(Tell(Kind::kLeafHash, row.first, {}, "its row holds another number of leaf hashes than entries"));
    BodyReader reader(row.body);
    bool whole = true;
    for (std::uint64_t seq = row.first; seq < end && seq <= to_; ++seq) {
      whole = reader.Next(entry_);
      if (!whole) {
        LF_TRY(Tell(Kind::kForm, seq, {}, "the row's body is cut"));
        break;
      }
      LF_TRY(Entry(row, seq));
    }
    if (end - 1 > to_) return Ok{};  // The rest of the row is not wanted.
    if (whole && !reader.AtEnd()) LF_TRY(Tell(Kind::kForm, end - 1, {}, "bytes follow the last entry of its row"));
    if (frontier_) LF_TRY(CheckEdge(row, whole));
    if (!sum_holds)
      return Tell(Kind::kChecksum, row.first, {},
                  "the checksum of the row of entries " + std::to_string(row.first) + " to " + std::to_string(end - 1) +
                      " differs");
    return Ok{};
  }

  Status Finish() { return options_.verify_payloads && options_.to == UINT64_MAX ? cursor_.Finish() : Ok{}; }

 private:
  Status Tell(Kind kind, std::uint64_t seq, std::optional<std::uint32_t> event, std::string what) {
    const ReplayFault fault{kind, seq, event, std::move(what)};
    if (options_.on_fault && options_.on_fault(fault)) return Ok{};
    return fault.ToError();
  }

  Status Entry(const CommitRow& row, std::uint64_t seq) {
    if (options_.verify_leaves) LF_TRY(CheckLeafHash(row, seq));
    if (!ParseLeaf(entry_.leaf, leaf_)) return Tell(Kind::kForm, seq, {}, "the leaf is not of the form we write");
    if (leaf_.seq != seq) LF_TRY(Tell(Kind::kOrder, seq, {}, "the leaf says " + std::to_string(leaf_.seq)));
    if (leaf_.at < last_at_) LF_TRY(Tell(Kind::kOrder, seq, {}, "its time is before that of the entry before"));
    last_at_ = leaf_.at;
    if (leaf_.events.size() != entry_.events.size())
      return Tell(Kind::kForm, seq, {}, "leaf and payloads count different events");
    if (seq < options_.from) return Ok{};
    salted_.clear();
    for (std::uint32_t i = 0; i < entry_.events.size(); ++i) {
      std::string_view bytes = entry_.events[i].salted;
      if (entry_.events[i].erasable) {
        LF_ASSIGN(bytes, cursor_.Take(seq, i));
        if (!bytes.empty() && bytes.size() < kSaltBytes) {
          LF_TRY(Tell(Kind::kPayload, seq, i, "its payload is shorter than a salt"));
          bytes = {};
        }
      }
      salted_.push_back(bytes);
    }
    if (options_.verify_payloads) {
      for (std::uint32_t i = 0; i < salted_.size(); ++i) {
        if (salted_[i].empty() || HasDigest(salted_[i], leaf_.events[i].digest_hex)) continue;
        LF_TRY(Tell(Kind::kPayload, seq, i, "the payload's digest differs from the leaf's"));
      }
    }
    return use_(leaf_, entry_, salted_);
  }

  Status CheckLeafHash(const CommitRow& row, std::uint64_t seq) {
    entry_.leaf_hash = LeafHash(entry_.leaf);
    if (frontier_) frontier_->Append(entry_.leaf_hash);
    const std::size_t at = (seq - row.first) * sizeof(Digest);
    if (row.leaf_hashes.size() >= at + sizeof(Digest) &&
        std::memcmp(entry_.leaf_hash.data(), row.leaf_hashes.data() + at, sizeof(Digest)) == 0)
      return Ok{};
    return Tell(Kind::kLeafHash, seq, {}, "the leaf's hash differs from the stored one");
  }

  Status CheckEdge(const CommitRow& row, bool whole) {
    edge_.clear();
    frontier_->AppendEncoded(edge_);
    if (whole && edge_ == row.frontier) return Ok{};
    LF_TRY(Tell(Kind::kTreeEdge, expected_ - 1, {},
                "its leaf and those before do not lead to the stored edge of the tree"));
    // From here on the rows are compared with what is stored, so that one fault is not told again with every row.
    if (auto stored = Frontier::Decode(expected_ - 1, row.frontier))
      frontier_ = *stored;
    else
      frontier_.reset();
    return Ok{};
  }

  const ReplayOptions& options_;
  const std::uint64_t to_;
  const ReplayEntry& use_;
  ErasableCursor cursor_;
  std::optional<Frontier> frontier_;
  std::uint64_t expected_ = 0;  // 0: before the first row.
  Instant last_at_{};
  StoredEntry entry_;
  Leaf leaf_;
  std::vector<std::string_view> salted_;
  std::string edge_;
};

}  // namespace

Error ReplayFault::ToError() const {
  std::string where = "entry " + std::to_string(seq);
  if (event) where += " event " + std::to_string(*event);
  return Corrupt("ledger.corrupt", where + ": " + what, where);
}

Status ReplayStore(Store& store, const ReplayOptions& options, const ReplayEntry& use) {
  // Only what is stored now: erasable payloads are read ahead, and those of a later entry would be taken for erased.
  LF_ASSIGN(const std::optional<CommitRow> last, store.LastRow());
  if (!last) return Ok{};
  Replayer replayer(store, options, std::min(options.to, last->first + last->count - 1), use);
  Status status = Ok{};
  LF_TRY(store.Scan(options.from, [&](const CommitRow& row) {
    if (row.first > options.to || row.first > last->first) return false;
    status = replayer.Row(row);
    return status.ok();
  }));
  LF_TRY(std::move(status));
  return replayer.Finish();
}

}  // namespace landfall::ledger
