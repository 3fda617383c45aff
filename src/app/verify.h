// SPDX-License-Identifier: Apache-2.0
// Whether a ledger, or an export of one, is what was written: every byte hashed again and every promise of DESIGN §2
// checked.
//
// A report names the kinds of check with what was looked at and what was found, and the first faults with entry and
// event. Nothing stops at the first fault: who has to restore wants to know how much is damaged. Cost: one pass; about
// 1 µs an event with payload digests (see the figures in tests/app/verify_test.cc). Threads: functions of their
// arguments; a server may go on writing meanwhile, entries that come later are not looked at.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/engine.h"
#include "app/verify_trust.h"

namespace landfall::app {

// The kinds of check, in the order in which they are told.
enum class Check : std::uint8_t {
  order,      // Entries 1, 2, 3 … without gaps, times that never decrease, entry 1 ledger.created and no other.
  form,       // Rows and leaves are of the form that we write.
  leaf_hash,  // Each leaf is the one that was hashed.
  tree,  // The leaves lead to the tree edge of each row, to the stored tiles, and to the root in an export's header.
  checksum,  // Each row's checksum; the request tags beside the leaves have no other protection.
  // Every checkpoint that is kept or was brought is signed by the ledger's key and is a beginning of this tree.
  checkpoint,
  payload,     // Each payload has the digest in its leaf.
  erasure,     // A payload that is absent was erased by an entry, and one that was erased is absent.
  batch,       // Each batch is closed by its batch.completed with the right count.
  event_type,  // Types and versions that this build knows, in their class and place.
  replay,      // The events fold into a state.
  snapshot,    // The states in snapshots are those of the replay. Those that are not are thrown away.
  blob,        // Evidence that is named is there and matches its digest.
  sm3,         // Each checkpoint of the SM3 tree is signed by its SM2 key and is a beginning of that tree (sm_log.h).
};
BOOST_DESCRIBE_ENUM(Check, order, form, leaf_hash, tree, checksum, checkpoint, payload, erasure, batch, event_type,
                    replay, snapshot, blob, sm3)

enum class Verdict : std::uint8_t { intact, faulty, not_checked };
BOOST_DESCRIBE_ENUM(Verdict, intact, faulty, not_checked)

struct CheckResult {
  static constexpr std::string_view kName = "CheckResult";
  Check check = Check::order;
  Verdict verdict = Verdict::not_checked;
  std::int64_t checked = 0;  // Things looked at.
  std::int64_t faults = 0;
};
BOOST_DESCRIBE_STRUCT(CheckResult, (), (check, verdict, checked, faults))

struct FoundFault {
  static constexpr std::string_view kName = "FoundFault";
  Check check = Check::order;
  std::optional<std::int64_t> seq;
  std::optional<std::int64_t> event;  // Index within the entry.
  std::string code;
  std::string detail;
};
BOOST_DESCRIBE_STRUCT(FoundFault, (), (check, seq, event, code, detail))

// What a redacted export cannot prove, by class.
struct Unprovable {
  static constexpr std::string_view kName = "Unprovable";
  std::string cls;
  std::int64_t payloads = 0;
};
BOOST_DESCRIBE_STRUCT(Unprovable, (), (cls, payloads))

struct VerifyReport {
  static constexpr std::string_view kName = "VerifyReport";
  Verdict verdict = Verdict::intact;
  std::int64_t size = 0;  // entries
  std::int64_t events = 0;
  std::int64_t erased = 0;  // payloads that an entry says were erased
  Digest root{};            // Over the leaves as they are.
  std::string vkey;
  bool vkey_given = false;                     // By the caller; else it is the ledger's or the file's own word.
  std::optional<std::int64_t> signed_size;     // Of the newest checkpoint that holds.
  std::vector<std::string> witnesses;          // vkeys whose cosignatures count.
  bool witnesses_given = false;                // By the caller; else they are the ledger's own word.
  std::optional<std::int64_t> witnessed_size;  // Of the newest cosigned checkpoint that holds.
  std::string sm_vkey;                         // Of the SM3 tree; empty where none is kept.
  bool sm_vkey_given = false;                  // By the caller; else it is the folder's own word.
  std::optional<std::int64_t> sm_size;         // Of the newest SM3 checkpoint that holds.
  std::vector<TrustRange> standings;           // Of every entry, in order; beyond `size` where more was signed.
  std::vector<EntryTrust> entries;             // The same one by one, when asked for; up to `size`.
  std::vector<CheckResult> checks;
  std::vector<FoundFault> faults;  // The first ones.
  std::int64_t faults_left_out = 0;
  std::vector<Unprovable> unprovable;  // Exports only.
  std::vector<std::string> removed_snapshots;
};
BOOST_DESCRIBE_STRUCT(VerifyReport, (),
                      (verdict, size, events, erased, root, vkey, vkey_given, signed_size, witnesses, witnesses_given,
                       witnessed_size, sm_vkey, sm_vkey_given, sm_size, checks, faults, faults_left_out, unprovable,
                       removed_snapshots, standings, entries))

struct VerifyOptions {
  std::size_t faults_max = 100;
  std::string vkey;  // Trust this key only; empty: the ledger's own word.
  // Whose cosignatures count; empty: the witnesses of the ledger's folder. An export brings none.
  std::vector<std::string> witness_vkeys;
  // Cosigned checkpoints that were kept elsewhere: who can write to the ledger's disk could not change these.
  std::vector<std::string> cosigned;
  std::string sm_vkey;                      // As vkey, for the SM3 tree.
  std::vector<std::string> sm_checkpoints;  // As cosigned: SM3 checkpoints that were kept elsewhere.
  bool per_entry = false;                   // Fill `entries` of the report.
  bool payload_digests = true;              // Off for benches of leaf hashes alone.
  bool replay = true;                       // Fold the events as well, which is what checks snapshots.
  std::string vfs;
  std::function<void(std::uint64_t done, std::uint64_t total)> progress;  // Every 10,000 entries.
};

// Of a ledger on either engine. A database is read by pages: no long transaction stands in the way of its own cleaning.
// Errors: store.missing, store.not_a_ledger, store.io, note.key_malformed, those of opening a database; whatever else
// is wrong stands in the report.
Result<VerifyReport> VerifyLedger(const LedgerFiles& files, const VerifyOptions& options = {});

// The counting side of a report, shared by ledgers and exports.
class Findings {
 public:
  explicit Findings(std::size_t faults_max) : faults_max_(faults_max) {}
  void Looked(Check check, std::int64_t things = 1) { checked_[static_cast<std::size_t>(check)] += things; }
  void Tell(Check check, std::optional<std::uint64_t> seq, std::optional<std::uint32_t> event, std::string code,
            std::string detail);
  void Tell(Check check, std::optional<std::uint64_t> seq, const Error& error) {
    Tell(check, seq, {}, error.code, error.detail);
  }
  void Tell(const ledger::ReplayFault& fault);
  // Entries that could be read, and those of which something is withheld.
  void Read(std::uint64_t seq) { standing_.read.Add(seq); }
  void Withheld(std::uint64_t seq) { standing_.withheld.Add(seq); }
  TrustFacts& standing() { return standing_; }
  bool any() const { return total_ > 0; }
  // Writes verdict, checks, faults and standings. A check of nothing is told as not_checked.
  void Into(VerifyReport& report, bool per_entry) &&;

 private:
  static constexpr std::size_t kChecks = 14;
  std::size_t faults_max_;
  std::array<std::int64_t, kChecks> checked_{}, found_{};
  std::vector<FoundFault> faults_;
  std::int64_t total_ = 0;
  TrustFacts standing_;
};

}  // namespace landfall::app
