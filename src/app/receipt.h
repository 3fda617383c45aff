// SPDX-License-Identifier: Apache-2.0
// Receipts between ledgers: a record of a hand-over with its proof, as one C2SP tlog-proof file
// (docs/formats/handover.md).
//
// Here outside bytes are checked, before any subject sees them: form, signature of a trusted ledger, the record's place
// in the signed tree, and the digest of what it says. Nothing but the one record is opened in such a file.
//
// Bounds: a text of at most ledger::kProofFileBytesMax. Threads: functions of their arguments. Cost: about 0.2 ms, most
// of it the signature. Errors, all at field "receipt_text": receipt.malformed, peer.unknown (nobody trusted signs for
// that log), peer.revoked, receipt.signature_wrong, receipt.proof_wrong, receipt.other_record.
#pragma once

#include "app/record_proof.h"
#include "app/state.h"

namespace landfall::app {

// Under the key of the peer whose log it names. Pure: the state's keys are all it knows.
Result<cases::Receipt> ProveReceipt(const cases::Peers& peers, std::string_view text);
// Under a key from elsewhere; `from` stays empty.
Result<cases::Receipt> ProveReceipt(const ledger::VerifierKey& key, std::string_view text);

// The records that a case can show to another ledger.
enum class ReceiptKind : std::uint8_t { handed_over, taken_over, result_returned, result_received };
BOOST_DESCRIBE_ENUM(ReceiptKind, handed_over, taken_over, result_returned, result_received)
// The newest of that kind, or of all. Errors: case.unknown, handover.none.
Result<std::uint64_t> ReceiptRecord(const State& state, cases::CaseId id, std::optional<ReceiptKind> kind);
// Errors: those of MakeRecordProof.
Result<RecordProof> MakeReceipt(const LedgerFiles& files, std::uint64_t seq);

}  // namespace landfall::app
