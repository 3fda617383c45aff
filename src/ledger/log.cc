// SPDX-License-Identifier: Apache-2.0
#include "ledger/log.h"

#include <cstring>
#include <unordered_map>

namespace landfall::ledger {
namespace {

constexpr std::uint32_t kRowEntriesMax = 1024;

Error CorruptAt(std::uint64_t seq, std::string_view what) {
  return Corrupt("ledger.corrupt", "entry " + std::to_string(seq) + ": " + std::string(what), "entry " + std::to_string(seq));
}
Error CorruptAt(std::uint64_t seq, std::size_t event, std::string_view what) {
  Error error = CorruptAt(seq, "event " + std::to_string(event) + ": " + std::string(what));
  error.field += " event " + std::to_string(event);
  return error;
}

std::span<const Digest> AsDigests(std::string_view bytes) {
  static_assert(alignof(Digest) == 1);
  return {reinterpret_cast<const Digest*>(bytes.data()), bytes.size() / sizeof(Digest)};
}

}  // namespace

Log::Log(std::unique_ptr<Store> store, Random& random) : store_(std::move(store)), random_(random) {}
Log::~Log() = default;

Result<std::unique_ptr<Log>> Log::Open(std::unique_ptr<Store> store, Random& random) {
  auto log = std::unique_ptr<Log>(new Log(std::move(store), random));
  LF_TRY(log->LoadTree());
  return log;
}

Status Log::LoadTree() {
  LF_ASSIGN(std::optional<CommitRow> last, store_->LastRow());
  const LoadTile load = [store = store_.get()](unsigned level, std::uint64_t index) {
    return store->Tile(static_cast<int>(level), index);
  };
  if (!last) {
    tree_ = std::make_unique<TileTree>(load);
    next_seq_ = 1;
  } else {
    if (ChecksumOf(*last) != last->checksum) return CorruptAt(last->first, "the row's checksum differs");
    const std::uint64_t size = last->first + last->count - 1;
    LF_ASSIGN(Frontier frontier, Frontier::Decode(size, last->frontier));
    // The hashes of the leaves after the last complete tile, which may lie in several rows.
    const std::uint64_t wanted = size % kTileWidth;
    std::string hashes;
    if (wanted > 0) {
      std::uint64_t from = size - wanted + 1;
      LF_TRY(store_->Scan(from, [&](const CommitRow& row) {
        const std::uint64_t skip = row.first < from ? from - row.first : 0;
        if (row.first + row.count - 1 <= size) hashes += row.leaf_hashes.substr(skip * sizeof(Digest));
        return true;
      }));
    }
    if (hashes.size() != wanted * sizeof(Digest)) return CorruptAt(size, "leaf hashes of the last tile are missing");
    LF_ASSIGN(TileTree tree, TileTree::Load(frontier, AsDigests(hashes), load));
    tree_ = std::make_unique<TileTree>(std::move(tree));
    next_seq_ = size + 1;
  }
  auto view = std::make_shared<const TreeView>(tree_->View());
  std::lock_guard lock(view_mutex_);
  view_ = std::move(view);
  return Ok{};
}

std::shared_ptr<const TreeView> Log::View() const {
  std::lock_guard lock(view_mutex_);
  return view_;
}

Result<std::uint64_t> Log::Add(const EntryDraft& draft) {
  if (stopped_) return Unavailable("ledger.stopped");
  const std::uint64_t seq = next_seq();
  Digest leaf_hash;
  erasable_scratch_.clear();
  LF_TRY(AppendEntry(row_.body, seq, draft, random_, leaf_hash, erasable_scratch_, leaf_scratch_));
  for (auto& [event, bytes] : erasable_scratch_) pending_.erasable.push_back({seq, event, std::move(bytes)});
  if (row_.count == 0) row_.first = seq;
  ++row_.count;
  row_.leaf_hashes += AsText(leaf_hash);
  tree_->Append(leaf_hash);
  ++pending_count_;
  if (row_.count == kRowEntriesMax) CloseRow();
  return seq;
}

void Log::CloseRow() {
  if (row_.count == 0) return;
  tree_->frontier().AppendEncoded(row_.frontier);
  row_.checksum = ChecksumOf(row_);
  pending_.rows.push_back(std::move(row_));
  row_ = {};
}

void Log::DropPending() {
  const bool touched = pending_count_ > 0;
  pending_ = {};
  row_ = {};
  pending_count_ = 0;
  // The tree has the dropped leaves in it; take it as stored. What the store does not give back stops the writer.
  if (touched && !LoadTree()) stopped_ = true;
}

Status Log::Flush() {
  if (stopped_) return Unavailable("ledger.stopped");
  if (pending_count_ == 0) return Ok{};
  CloseRow();
  for (CompleteTile& tile : tree_->TakeCompleteTiles())
    pending_.tiles.push_back({static_cast<int>(tile.level), tile.index, std::move(tile.bytes)});
  Status stored = store_->Append(pending_);
  if (!stored) {
    if (stored.error().code != "store.race_lost") stopped_ = true;
    pending_ = {};
    pending_count_ = 0;
    return stored;
  }
  next_seq_ += pending_count_;
  pending_count_ = 0;
  pending_.rows.clear();
  pending_.erasable.clear();
  pending_.erase.clear();
  pending_.tiles.clear();
  auto view = std::make_shared<const TreeView>(tree_->View());
  std::lock_guard lock(view_mutex_);
  view_ = std::move(view);
  return Ok{};
}

Status Log::CatchUp() {
  LF_CHECK(pending_count_ == 0);
  return LoadTree();
}

Result<std::uint64_t> Log::StoredSize() {
  LF_ASSIGN(std::optional<CommitRow> last, store_->LastRow());
  return last ? last->first + last->count - 1 : 0;
}

Result<EntryRecord> Log::Entry(std::uint64_t seq) {
  if (seq == 0) return NotFound("entry.not_found", "no entry 0");
  LF_ASSIGN(const CommitRow row, store_->RowOf(seq));
  if (ChecksumOf(row) != row.checksum) return CorruptAt(seq, "the row's checksum differs");
  BodyReader reader(row.body);
  StoredEntry entry;
  for (std::uint64_t at = row.first; at <= seq; ++at)
    if (!reader.Next(entry)) return CorruptAt(at, "the row's body is cut");
  EntryRecord record{.seq = seq, .leaf = std::string(entry.leaf), .tag = std::string(entry.tag), .payloads = {}};
  for (std::size_t i = 0; i < entry.events.size(); ++i) {
    EntryRecord::Payload payload{entry.events[i].erasable, std::nullopt};
    if (payload.erasable) {
      LF_ASSIGN(payload.salted, store_->Erasable(seq, static_cast<std::uint32_t>(i)));
    } else {
      payload.salted = std::string(entry.events[i].salted);
    }
    record.payloads.push_back(std::move(payload));
  }
  record.leaf_hash = LeafHash(Bytes(record.leaf));
  return record;
}

Status Log::Replay(const ReplayOptions& options, const ReplayEntry& use) {
  StoredEntry entry;
  Leaf leaf;
  std::vector<std::string_view> salted;
  std::uint64_t expected = 0;
  Instant last_at{};
  Status status = Ok{};
  std::optional<Frontier> frontier;
  if (options.verify_leaves && options.from == 1) frontier.emplace();

  const auto replay_row = [&](const CommitRow& row) -> Status {
    if (expected != 0 && row.first != expected) return CorruptAt(expected, "entries are missing before " + std::to_string(row.first));
    if (expected == 0 && options.from == 1 && row.first != 1) return CorruptAt(1, "the first entry is missing");
    if (ChecksumOf(row) != row.checksum && !options.verify_leaves) return CorruptAt(row.first, "the row's checksum differs");
    expected = row.first + row.count;
    // Erasable payloads of the whole row in one query; rows without any cost one index probe.
    std::unordered_map<std::uint64_t, std::string> erasable;
    bool erasable_loaded = false;
    BodyReader reader(row.body);
    for (std::uint64_t seq = row.first; seq < expected; ++seq) {
      if (!reader.Next(entry)) return CorruptAt(seq, "the row's body is cut");
      if (!ParseLeaf(entry.leaf, leaf)) return CorruptAt(seq, "the leaf is not of the form we write");
      if (leaf.seq != seq) return CorruptAt(seq, "the leaf says " + std::to_string(leaf.seq));
      if (leaf.at < last_at) return CorruptAt(seq, "its time is before that of the entry before");
      last_at = leaf.at;
      if (leaf.events.size() != entry.events.size()) return CorruptAt(seq, "leaf and payloads count different events");
      if (options.verify_leaves) {
        const Digest hash = LeafHash(Bytes(entry.leaf));
        const std::size_t at = (seq - row.first) * sizeof(Digest);
        if (row.leaf_hashes.size() < at + sizeof(Digest) || std::memcmp(hash.data(), row.leaf_hashes.data() + at, sizeof(Digest)) != 0)
          return CorruptAt(seq, "the leaf's hash differs from the stored one");
        if (frontier) frontier->Append(hash);
      }
      salted.clear();
      for (std::size_t i = 0; i < entry.events.size(); ++i) {
        if (!entry.events[i].erasable) {
          salted.push_back(entry.events[i].salted);
          continue;
        }
        if (!erasable_loaded) {
          LF_TRY(store_->ScanErasable(row.first, expected, [&](std::uint64_t s, std::uint32_t e, std::string_view bytes) {
            erasable.emplace(s * kMaxEventsPerEntry + e, bytes);
          }));
          erasable_loaded = true;
        }
        const auto found = erasable.find(seq * kMaxEventsPerEntry + i);
        salted.push_back(found == erasable.end() ? std::string_view{} : std::string_view(found->second));
      }
      if (options.verify_payloads) {
        for (std::size_t i = 0; i < salted.size(); ++i) {
          if (salted[i].empty()) continue;  // Whether an erasure explains it is the verifier's question.
          if (salted[i].size() < kSaltBytes || Hex(Sha256(Bytes(salted[i]))) != leaf.events[i].digest_hex)
            return CorruptAt(seq, i, "the payload's digest differs from the leaf's");
        }
      }
      if (seq < options.from) continue;
      if (seq > options.to) return Ok{};
      LF_TRY(use(leaf, entry, salted));
    }
    if (!reader.AtEnd()) return CorruptAt(expected - 1, "bytes follow the last entry of its row");
    if (frontier && frontier->Encode() != row.frontier) return CorruptAt(expected - 1, "the stored tree edge differs");
    if (options.verify_leaves && ChecksumOf(row) != row.checksum) return CorruptAt(row.first, "the row's checksum differs");
    return Ok{};
  };
  LF_TRY(store_->Scan(options.from, [&](const CommitRow& row) {
    if (row.first > options.to) return false;
    status = replay_row(row);
    return status.ok();
  }));
  return status;
}

}  // namespace landfall::ledger
