// SPDX-License-Identifier: Apache-2.0
#include "app/verify.h"

#include <cstring>
#include <filesystem>

#include "app/ledger_keys.h"
#include "app/verify_anchors.h"
#include "app/verify_sm.h"
#include "app/verify_watch.h"
#include "app/witnesses.h"
#include "ledger/blobs.h"
#include "ledger/small_file.h"

namespace landfall::app {
namespace {

using ledger::Leaf;
using ledger::ReplayFault;
using ledger::StoredEntry;

Check CheckOf(ReplayFault::Kind kind) {
  switch (kind) {
    case ReplayFault::Kind::kOrder:
      return Check::order;
    case ReplayFault::Kind::kForm:
      return Check::form;
    case ReplayFault::Kind::kLeafHash:
      return Check::leaf_hash;
    case ReplayFault::Kind::kTreeEdge:
      return Check::tree;
    case ReplayFault::Kind::kChecksum:
      return Check::checksum;
    case ReplayFault::Kind::kPayload:
      return Check::payload;
    case ReplayFault::Kind::kUnclaimed:
      return Check::erasure;
  }
  return Check::form;
}

class LedgerVerifier {
 public:
  LedgerVerifier(const LedgerFiles& files, const VerifyOptions& options, ledger::Store& store)
      : files_(files),
        options_(options),
        store_(store),
        found_(options.faults_max),
        watch_(found_),
        anchors_(found_),
        sm_(found_),
        state_(std::make_unique<State>()) {}

  Result<VerifyReport> Run() {
    LF_TRY(LoadKeys());
    LF_TRY(LoadCheckpoints());
    LF_TRY(sm_.Load(files_, options_, report_));
    LoadSnapshots();
    LF_TRY(ReplayAll());
    LF_TRY(CheckErasures());
    watch_.Finish(size_at_start_);
    anchors_.Finish(size_);
    sm_.Finish(report_);
    if (anchors_.unmet()) LF_TRY(AskStoredHashes());
    CheckBlobs();
    RemoveBadSnapshots();
    report_.root = tree_.Root();
    if (size_ == 0) found_.Tell(Check::order, 1, {}, "ledger.corrupt", "the first entry is missing");
    report_.size = static_cast<std::int64_t>(size_);
    report_.erased = static_cast<std::int64_t>(watch_.erased().size());
    report_.signed_size = anchors_.signed_size();
    report_.witnessed_size = anchors_.witnessed_size();
    found_.standing().total = size_;
    anchors_.Into(found_.standing());
    std::move(found_).Into(report_, options_.per_entry);
    return std::move(report_);
  }

 private:
  // ---- keys and checkpoints ----

  Status LoadKeys() {
    LF_ASSIGN(const std::optional<std::string> own, store_.Meta("vkey"));
    report_.vkey = options_.vkey.empty() ? own.value_or("") : options_.vkey;
    report_.vkey_given = !options_.vkey.empty();
    auto key = ledger::VerifierKey::Parse(report_.vkey);
    if (!key && report_.vkey_given) return std::move(key).error();
    if (!key) {
      found_.Tell(Check::checkpoint, {}, key.error());
      return Ok{};
    }
    if (own != report_.vkey) found_.Tell(Check::checkpoint, {}, {}, "ledger.other_key", "the ledger names another key");
    // What was signed before the key was changed is checked with the key of then.
    std::vector<ledger::VerifierKey> keys{std::move(*key)};
    if (own == report_.vkey) {
      if (auto all = ReadLedgerKeys(store_))
        keys = *std::move(all);
      else
        found_.Tell(Check::checkpoint, {}, all.error());
    }
    anchors_.SetLogKeys(std::move(keys));
    report_.witnesses_given = !options_.witness_vkeys.empty();
    report_.witnesses = options_.witness_vkeys;
    if (!report_.witnesses_given) {
      if (const auto witnesses = ReadWitnesses(files_)) {
        for (const LedgerWitness& witness : *witnesses) report_.witnesses.push_back(witness.key.Encode());
      } else {
        found_.Tell(Check::checkpoint, {}, witnesses.error());
      }
    }
    for (const std::string& vkey : report_.witnesses) LF_TRY(anchors_.AddWitness(vkey));
    return Ok{};
  }

  Status LoadCheckpoints() {
    LF_TRY(store_.ScanCheckpoints([&](std::uint64_t size, std::string_view note) { anchors_.Take(note, size); }));
    for (const std::string& path : {files_.checkpoint(), CosignedPath(files_)})
      if (const auto note = ledger::ReadSmallFile(path)) anchors_.Take(*note, {});
    for (const std::string& note : options_.cosigned) anchors_.Take(note, {}, true);
    anchors_.Ready();
    return Ok{};
  }

  // The tree of the hashes that stand beside the leaves: where it leads to a signed root, what differs is the leaf
  // alone.
  Status AskStoredHashes() {
    ledger::Frontier tree;
    return store_.Scan(1, [&](const ledger::CommitRow& row) {
      if (row.first != tree.size() + 1 || row.leaf_hashes.size() != row.count * sizeof(Digest)) return false;
      for (std::size_t at = 0; at < row.leaf_hashes.size(); at += sizeof(Digest)) {
        Digest hash;
        std::memcpy(hash.data(), row.leaf_hashes.data() + at, hash.size());
        tree.Append(hash);
        anchors_.AtStored(tree);
      }
      return tree.size() < size_;
    });
  }

  // ---- the pass over all entries ----

  Status ReplayAll() {
    LF_ASSIGN(const std::optional<ledger::CommitRow> last, store_.LastRow());
    size_ = size_at_start_ = last ? last->first + last->count - 1 : 0;
    ledger::ReplayOptions replay;
    replay.to = UINT64_MAX;
    replay.verify_leaves = true;
    replay.verify_payloads = options_.payload_digests;
    replay.on_fault = [&](const ReplayFault& fault) {
      found_.Tell(fault);
      return true;
    };
    Status read = ledger::ReplayStore(
        store_, replay,
        [&](const Leaf& leaf, const StoredEntry& entry, std::span<const std::string_view> salted) -> Status {
          Entry(leaf, entry, salted);
          return Ok{};
        });
    if (!read && IsAway(read.error())) return read;
    if (away_) return *std::move(away_);
    // The file itself is damaged: what was read until then is told, and that it ends there.
    if (!read) found_.Tell(Check::form, tree_.size() + 1, read.error());
    return Ok{};
  }

  // A database that cannot be reached says nothing of what is in it.
  bool IsAway(const Error& error) const { return files_.in_database() && error.fault == Fault::kUnavailable; }

  void Entry(const Leaf& leaf, const StoredEntry& entry, std::span<const std::string_view> salted) {
    for (const Check check : {Check::order, Check::form, Check::leaf_hash, Check::checksum}) found_.Looked(check);
    size_ = std::max(size_, leaf.seq);
    found_.Read(leaf.seq);
    CheckTree(leaf, entry);
    seen_.clear();
    for (std::size_t i = 0; i < salted.size(); ++i) {
      const bool absent = salted[i].empty();
      seen_.push_back({absent ? SeenPayload::State::kAbsent : SeenPayload::State::kOpen,
                       salted[i].substr(std::min(salted[i].size(), ledger::kSaltBytes)), entry.events[i].erasable});
      if (!absent && options_.payload_digests) found_.Looked(Check::payload);
    }
    watch_.Entry(leaf, seen_);
    report_.events += static_cast<std::int64_t>(leaf.events.size());
    FoldEntry(leaf, salted);
    if (options_.progress && leaf.seq % 10'000 == 0) options_.progress(leaf.seq, size_);
  }

  void CheckTree(const Leaf& leaf, const StoredEntry& entry) {
    // Behind a leaf that could not be read there is no tree of our own to compare with.
    if (leaf.seq != tree_.size() + 1) return;
    tree_.Append(entry.leaf_hash);
    found_.Looked(Check::tree);
    sm_.Leaf(entry.leaf);
    anchors_.At(tree_.frontier());
    if (leaf.seq % ledger::kTileWidth != 0) return;
    for (const ledger::CompleteTile& tile : tree_.TakeCompleteTiles()) {
      found_.Looked(Check::tree);
      auto stored = store_.Tile(static_cast<int>(tile.level), tile.index);
      if (!stored && IsAway(stored.error()))
        away_ = std::move(stored).error();
      else if (!stored || *stored != tile.bytes)
        found_.Tell(
            Check::tree, leaf.seq, {}, "ledger.corrupt",
            "tile " + std::to_string(tile.level) + "/" + std::to_string(tile.index) + " is not that of the leaves");
    }
  }

  // ---- the state ----

  void LoadSnapshots() {
    if (!options_.replay) return;
    snapshots_ = ListSnapshots(files_.snapshots());
    if (snapshots_.empty()) return;
    auto store = OpenStore(files_, {.vfs = options_.vfs, .read_only = true});
    if (!store) return;
    auto log = ledger::Log::Open(std::move(*store), SystemRandom());
    if (log) log_ = std::move(*log);
  }

  // Only while nothing was found: what is not what was written must not be folded.
  void FoldEntry(const Leaf& leaf, std::span<const std::string_view> salted) {
    if (!options_.replay || found_.any()) return;
    Status folded = ApplyEntry(*state_, leaf, salted);
    if (!folded) return found_.Tell(Check::replay, leaf.seq, folded.error());
    found_.Looked(Check::replay);
    for (const SnapshotInfo& info : snapshots_)
      if (info.seq == leaf.seq) CheckSnapshot(info);
  }

  void CheckSnapshot(const SnapshotInfo& info) {
    if (log_ == nullptr) return;
    found_.Looked(Check::snapshot);
    const std::string hash = HashOf(*state_);
    Replica replica;
    const bool usable = LoadSnapshot(files_.snapshots(), replica, *log_, info.seq) && replica.seq == info.seq;
    if (!usable || info.state_hash != hash || HashOf(replica.state) != hash) bad_snapshots_.push_back(info);
  }

  // A snapshot is a convenience: a bad one is no fault of the ledger. It goes, and the report says so.
  void RemoveBadSnapshots() {
    for (const SnapshotInfo& info : bad_snapshots_) {
      std::error_code ignored;
      std::filesystem::remove(info.path, ignored);
      report_.removed_snapshots.push_back(std::filesystem::path(info.path).filename());
    }
  }

  // ---- what needs the whole ledger ----

  Status CheckErasures() {
    std::vector<EventPlace> unexplained;
    for (const EventPlace& place : watch_.absent())
      if (!watch_.erased().contains(place)) unexplained.push_back(place);
    if (unexplained.empty()) return Ok{};
    // A writer may have erased them while we were reading. What cannot be read explains nothing.
    ledger::ReplayOptions later;
    later.from = tree_.size() + 1;
    Findings ignored(0);
    EntryWatch watch(ignored);
    const Status read = ledger::ReplayStore(
        store_, later, [&](const Leaf& leaf, const StoredEntry&, std::span<const std::string_view> salted) -> Status {
          seen_.clear();
          for (const std::string_view s : salted)
            seen_.push_back({SeenPayload::State::kOpen, s.substr(std::min(s.size(), ledger::kSaltBytes)), {}});
          watch.Entry(leaf, seen_);
          return Ok{};
        });
    if (!read && IsAway(read.error())) return read;
    for (const EventPlace& place : unexplained)
      if (!watch.erased().contains(place))
        found_.Tell(Check::erasure, place.first, place.second, "ledger.payload_missing",
                    "its payload is absent and no entry erased it");
    return Ok{};
  }

  void CheckBlobs() {
    if (watch_.evidence().empty()) return;
    auto blobs = ledger::Blobs::OpenReadOnly(files_.blobs(), options_.vfs);
    for (const auto& [digest, place] : watch_.evidence()) {
      found_.Looked(Check::blob);
      if (!blobs) {
        found_.Tell(Check::blob, place.first, place.second, blobs.error().code, "sha256:" + Hex(digest));
        continue;
      }
      if (auto bytes = (*blobs)->Get(digest); !bytes)
        found_.Tell(Check::blob, place.first, place.second, bytes.error().code, bytes.error().detail);
    }
  }

  const LedgerFiles& files_;
  const VerifyOptions& options_;
  ledger::Store& store_;
  VerifyReport report_;
  Findings found_;
  EntryWatch watch_;
  Anchors anchors_;
  SmWatch sm_;
  // Nothing is ever read back from this tree's tiles.
  ledger::TileTree tree_{[](unsigned, std::uint64_t) -> Result<std::string> { return NotFound("entry.not_found"); }, 1};
  std::uint64_t size_ = 0, size_at_start_ = 0;
  std::optional<Error> away_;  // The database went while a tile was read.
  std::vector<SeenPayload> seen_;
  std::unique_ptr<State> state_;
  std::unique_ptr<ledger::Log> log_;  // For the roots that snapshots are bound to.
  std::vector<SnapshotInfo> snapshots_, bad_snapshots_;
};

}  // namespace

void Findings::Tell(Check check, std::optional<std::uint64_t> seq, std::optional<std::uint32_t> event, std::string code,
                    std::string detail) {
  ++found_[static_cast<std::size_t>(check)];
  // A checkpoint names the size that it signs, not an entry.
  if (seq && check != Check::checkpoint) standing_.faulty.Add(*seq);
  if (static_cast<std::size_t>(total_++) >= faults_max_) return;
  FoundFault fault{check, std::nullopt, std::nullopt, std::move(code), std::move(detail)};
  if (seq) fault.seq = static_cast<std::int64_t>(*seq);
  if (event) fault.event = *event;
  faults_.push_back(std::move(fault));
}

void Findings::Tell(const ReplayFault& fault) {
  Tell(CheckOf(fault.kind), fault.seq, fault.event, "ledger.corrupt", fault.what);
}

void Findings::Into(VerifyReport& report, bool per_entry) && {
  for (std::size_t i = 0; i < kChecks; ++i) {
    const Verdict verdict = found_[i] > 0 ? Verdict::faulty : checked_[i] > 0 ? Verdict::intact : Verdict::not_checked;
    report.checks.push_back({static_cast<Check>(i), verdict, checked_[i], found_[i]});
  }
  report.verdict = any() ? Verdict::faulty : Verdict::intact;
  report.faults_left_out = total_ - static_cast<std::int64_t>(faults_.size());
  report.faults = std::move(faults_);
  report.standings = TrustRangesOf(standing_);
  if (!per_entry) return;
  for (const TrustRange& range : report.standings)
    for (std::int64_t seq = range.from; seq <= std::min(range.to, report.size); ++seq)
      report.entries.push_back({seq, range.standing});
}

Result<VerifyReport> VerifyLedger(const LedgerFiles& files, const VerifyOptions& options) {
  LF_ASSIGN(const std::unique_ptr<ledger::Store> store, OpenStore(files, {.vfs = options.vfs, .read_only = true}));
  return LedgerVerifier(files, options, *store).Run();
}

}  // namespace landfall::app
