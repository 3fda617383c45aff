// SPDX-License-Identifier: Apache-2.0
// The second, parallel log of a ledger for those who must show 国密 evidence: an SM3 tree over the same leaves and a
// checkpoint of it signed with SM2 (ledger/sm_tree.h, sm_note.h; docs/formats/log.md). Turned on per ledger whenever
// it is wanted: everything follows from the leaves that are there.
//
// The writer knows nothing of it. Whoever publishes hashes what is new since the last time; the edges of the tree at
// the sizes that were asked for are remembered in a file, each bound to the root of the SHA-256 tree, and what does not
// fit is hashed anew. Beside the ledger: sm2.key (a secret), sm2.vkey, sm.checkpoint (the newest that was signed), and
// sm.tree (may be removed at any time).
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "app/ledger_files.h"
#include "ledger/log.h"
#include "ledger/sm_note.h"
#include "ledger/sm_tree.h"

namespace landfall::app {

std::string SmKeyPath(const LedgerFiles& files);
std::string SmVerifierPath(const LedgerFiles& files);
std::string SmCheckpointPath(const LedgerFiles& files);
std::string SmTreePath(const LedgerFiles& files);

// Makes the SM2 key where there is none; the same one otherwise. A server that runs takes it up at once. Errors:
// sm.key_missing (kConflict) when a key was there and is gone; those of ReadLedgerKeys; store.io.
Result<ledger::SmVerifierKey> TurnOnSm(const LedgerFiles& files, Random& random);
// Nothing where it is not turned on. Errors: note.key_malformed, store.io.
Result<std::optional<ledger::SmVerifierKey>> ReadSmVerifier(const LedgerFiles& files);

// The edges that sm.tree remembers, by size; empty where the file is not there or not whole.
struct SmEdge {
  Digest sha256_root{};
  ledger::SmFrontier frontier;
};
std::map<std::uint64_t, SmEdge> ReadSmEdges(const LedgerFiles& files);

// One at a time for a ledger, of all processes and threads: the others wait, or are refused. Threads: one.
class SmLog {
 public:
  enum class Busy : std::uint8_t { kWait, kRefuse };
  // Nothing where the ledger has no SM2 key. `log` outlives it. Errors: sm.busy (kUnavailable); note.key_malformed;
  // store.io.
  static Result<std::unique_ptr<SmLog>> Open(const LedgerFiles& files, ledger::Log& log, Busy busy);
  ~SmLog();

  // The root of the first `size` entries. Cost: about 3 µs for each entry since the nearest edge that is known.
  // Errors: tree.size_out_of_range; ledger.corrupt when a leaf is not what was hashed; those of the store.
  Result<Digest> RootAt(std::uint64_t size);
  // That what `note` signs is a beginning of this log. Errors: publish.other_log (kConflict) when it is not signed by
  // this key; ledger.rolled_back, ledger.rewritten (kCorrupt); those of RootAt.
  Result<ledger::Checkpoint> CheckContinues(const std::string& note);
  // The checkpoint of the first `size` entries, signed now or before; the newest one is kept beside the ledger.
  // Errors: those of CheckContinues for the one that is kept; store.io.
  Result<std::string> CheckpointAt(std::uint64_t size);

 private:
  SmLog(const LedgerFiles& files, ledger::Log& log, ledger::SmSignerKey signer, int lock);
  Status KeepEdges();
  const LedgerFiles& files_;
  ledger::Log& log_;
  const std::shared_ptr<const ledger::TreeView> view_;
  const ledger::SmSignerKey signer_;
  const int lock_;
  std::map<std::uint64_t, SmEdge> edges_;
  bool edges_grew_ = false;
};

}  // namespace landfall::app
