// SPDX-License-Identifier: Apache-2.0
// A ledger's log: store, tree and signing key together. Collects the entries of one commit, makes them durable, and
// serves entries and proofs. Knows nothing of what the events mean.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/seam.h"
#include "ledger/checkpoint.h"
#include "ledger/entry.h"
#include "ledger/note.h"
#include "ledger/store.h"
#include "ledger/tree.h"

namespace landfall::ledger {

// One entry read back, owning its bytes.
struct EntryRecord {
  std::uint64_t seq = 0;
  std::string leaf;
  std::string tag;
  struct Payload {
    bool erasable = false;
    std::optional<std::string> salted;  // Nothing: erased.
  };
  std::vector<Payload> payloads;
  Digest leaf_hash{};
};

// Told while a log is replayed. The views live during the call. `salted[i]` is empty where the payload is erased, else
// at least kSaltBytes long.
using ReplayEntry =
    std::function<Status(const Leaf& leaf, const StoredEntry& entry, std::span<const std::string_view> salted)>;

// Something in a store that is not what was written.
struct ReplayFault {
  enum class Kind : std::uint8_t {
    kOrder,      // Entries are missing, double, or out of the order of time.
    kForm,       // A row or leaf is not of the form that we write.
    kLeafHash,   // A leaf is not the one that was hashed.
    kTreeEdge,   // The leaves do not lead to the stored edge of the tree.
    kChecksum,   // A row's bytes changed, perhaps beside leaves and payloads.
    kPayload,    // A payload is not the one that its leaf names.
    kUnclaimed,  // An erasable payload that belongs to no event.
  } kind;
  std::uint64_t seq = 0;
  std::optional<std::uint32_t> event;
  std::string what;
  // ledger.corrupt; field = "entry 42" or "entry 42 event 1".
  Error ToError() const;
};

struct ReplayOptions {
  std::uint64_t from = 1;  // First seq that is wanted.
  std::uint64_t to =
      UINT64_MAX;  // Last seq that is wanted; entries that come later than the call are left out in any case.
  bool verify_leaves = false;  // Re-hash each leaf and compare with the stored hash and the frontier.
  bool verify_payloads =
      false;  // Re-hash each payload and compare with its leaf; look for payloads that no event claims.
  // Is told of each fault and says whether to go on behind it; when not set, the first fault ends the replay.
  std::function<bool(const ReplayFault&)> on_fault;
};

// In order. Needs no tree, so it reads a store whose tree does not load as well. Errors: ledger.corrupt
// (ReplayFault::ToError), those of `use` and of the store. Threads: any.
Status ReplayStore(Store& store, const ReplayOptions& options, const ReplayEntry& use);

class Log {
 public:
  // `store` must be empty (Create) or hold a log (Open). `signer`: empty for readers that never sign.
  static Result<std::unique_ptr<Log>> Open(std::unique_ptr<Store> store, Random& random);
  ~Log();

  // ---- writer's thread ----
  std::uint64_t next_seq() const { return next_seq_ + pending_count_; }
  // Adds an entry to the pending commit and returns its seq. On an error nothing was added.
  Result<std::uint64_t> Add(const EntryDraft& draft);
  // The payload goes with the pending commit (its `payload.erased` entry must be in it).
  void Erase(std::uint64_t seq, std::uint32_t event) { pending_.erase.emplace_back(seq, event); }
  // Begins a new row within the same transaction; long imports are many rows of at most 256 entries.
  std::size_t pending() const { return pending_count_; }
  void DropPending();
  // Durable on Ok. After store.race_lost nothing is stored, after store.answer_lost nobody knows; call CatchUp, look
  // whether it is there, and decide again. After any other error the log is stopped: every later call gives
  // ledger.stopped.
  Status Flush();
  // Re-reads the tree from the store after another writer went ahead.
  Status CatchUp();
  bool stopped() const { return stopped_; }

  // ---- any thread ----
  std::uint64_t size() const { return View()->size(); }
  Digest root() const { return View()->Root(); }
  std::shared_ptr<const TreeView> View() const;
  Result<EntryRecord> Entry(std::uint64_t seq);
  // As ReplayStore.
  Status Replay(const ReplayOptions& options, const ReplayEntry& use) { return ReplayStore(*store_, options, use); }
  Result<std::uint64_t> StoredSize();  // What the store holds now; more than size() when another process wrote.
  Store& store() { return *store_; }

 private:
  Log(std::unique_ptr<Store> store, Random& random);
  Status LoadTree(const std::optional<CommitRow>& last);  // As it stood after that row.
  void CloseRow();

  std::unique_ptr<Store> store_;
  Random& random_;
  std::unique_ptr<TileTree> tree_;
  mutable std::mutex view_mutex_;
  std::shared_ptr<const TreeView> view_;
  std::uint64_t next_seq_ = 1;  // Of the durable log.
  Commit pending_;
  CommitRow row_;  // The open row of the pending commit.
  std::uint64_t pending_count_ = 0;
  bool stopped_ = false;
  std::string leaf_scratch_;
  std::vector<std::pair<std::uint32_t, std::string>> erasable_scratch_;
};

}  // namespace landfall::ledger
