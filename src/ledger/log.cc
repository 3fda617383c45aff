// SPDX-License-Identifier: Apache-2.0
#include "ledger/log.h"

namespace landfall::ledger {
namespace {

constexpr std::uint32_t kRowEntriesMax = 1024;

Error CorruptAt(std::uint64_t seq, std::string_view what) {
  return ReplayFault{ReplayFault::Kind::kForm, seq, {}, std::string(what)}.ToError();
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
  LF_ASSIGN(const std::optional<CommitRow> last, log->store_->LastRow());
  LF_TRY(log->LoadTree(last));
  return log;
}

Status Log::LoadTree(const std::optional<CommitRow>& last) {
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
  if (!touched) return;
  // The tree has the dropped leaves in it: back to where our own log ends, even if another writer is ahead, because the
  // caller has not folded that writer's entries. What the store does not give back stops the writer.
  const auto reload = [&]() -> Status {
    if (next_seq_ == 1) return LoadTree(std::nullopt);
    LF_ASSIGN(const CommitRow last, store_->RowOf(next_seq_ - 1));
    return LoadTree(last);
  };
  if (!reload()) stopped_ = true;
}

Status Log::Flush() {
  if (stopped_) return Unavailable("ledger.stopped");
  if (pending_count_ == 0) return Ok{};
  CloseRow();
  for (CompleteTile& tile : tree_->TakeCompleteTiles())
    pending_.tiles.push_back({static_cast<int>(tile.level), tile.index, std::move(tile.bytes)});
  Status stored = store_->Append(pending_);
  if (!stored) {
    if (stored.error().code != "store.race_lost" && stored.error().code != "store.answer_lost") stopped_ = true;
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
  LF_ASSIGN(const std::optional<CommitRow> last, store_->LastRow());
  return LoadTree(last);
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

}  // namespace landfall::ledger
