// SPDX-License-Identifier: Apache-2.0
// One record with its proof in one file (C2SP tlog-proof), for people who have nothing else of ours.
//
// The file's `extra` is the record's line as an export has it (docs/formats/export.md): the leaf, and each payload with
// its salt or the word that it is withheld. Extra is not authenticated by itself: the leaf must hash to the proven
// leaf, each payload to its digest in the leaf.
#pragma once

#include "app/export_log.h"
#include "app/verify_trust.h"

namespace landfall::app {

struct RecordProof {
  std::string text;        // The file.
  std::uint64_t size = 0;  // Of the tree it is proven in.
  bool cosigned = false;
};
// With the cosigned checkpoint of the ledger's folder where the record is within it, else one signed now. Payloads of
// the classes in `open` go with it, and where `types` are given only of those; others are withheld. Errors:
// entry.not_found, ledger.corrupt, those of OpenReadOnlyLedger, ReadCosigned and ExportPayloadOf.
Result<RecordProof> MakeRecordProof(const LedgerFiles& files, std::uint64_t seq, const std::vector<EventClass>& open,
                                    std::span<const std::string_view> types = {});

// The `extra` of a record whose payloads are all withheld.
std::string WithheldRecord(std::string_view leaf);

struct ProvenEvent {
  static constexpr std::string_view kName = "ProvenEvent";
  std::string type, on, cls;
  Trust standing = Trust::unprovable;  // verified: the payload is open and has the leaf's digest.
  std::optional<std::string> payload;
};
BOOST_DESCRIBE_STRUCT(ProvenEvent, (), (type, on, cls, standing, payload))

struct ProvenBy {
  static constexpr std::string_view kName = "ProvenBy";
  std::string name;
  Instant at;
};
BOOST_DESCRIBE_STRUCT(ProvenBy, (), (name, at))

struct ProofReport {
  static constexpr std::string_view kName = "ProofReport";
  Trust standing = Trust::faulty;
  std::string log;  // Origin.
  std::int64_t size = 0, seq = 0;
  Digest root{}, leaf_hash{};
  std::string at, by, command;
  std::vector<ProvenEvent> events;
  std::vector<ProvenBy> witnesses;  // Known ones that cosigned the tree.
  std::string code, detail;         // Why it is faulty.
};
BOOST_DESCRIBE_STRUCT(ProofReport, (),
                      (standing, log, size, seq, root, leaf_hash, at, by, command, events, witnesses, code, detail))

struct ProofOptions {
  std::string vkey;                        // The ledger's key, from a source that is trusted. Required.
  std::vector<std::string> witness_vkeys;  // Whose cosignatures count.
  std::optional<std::string> leaf;         // For files without a record in `extra`.
};
// What does not hold stands in the report; errors are for what cannot be looked at: proof_file.malformed,
// proof_file.no_record, note.key_malformed.
Result<ProofReport> CheckRecordProof(std::string_view text, const ProofOptions& options);

}  // namespace landfall::app
