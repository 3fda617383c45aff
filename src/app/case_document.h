// SPDX-License-Identifier: Apache-2.0
// The paper of a case that was delivered by the electronic way: a sealed PDF with a QR code, which brings its own proof
// (docs/formats/document.md). Written anew each time it is asked for, from what the ledger knows now; it holds nothing
// that the case's page does not tell.
#pragma once

#include "app/query_cases.h"
#include "app/record_proof.h"
#include "app/seal.h"

namespace landfall::app {

// What is printed, taken from the state; stands without it.
struct DeliveredCase {
  CasePage page;
  std::string jurisdiction, code;
};
// Errors: those of QueryCase; document.not_delivered, document.other_delivery (kConflict).
Result<DeliveredCase> ReadDeliveredCase(const Frame& frame, cases::CaseId id);

struct DocumentOptions {
  std::string origin;  // Where people open the pages: https://…, without a slash at its end.
  Seal::WhenMissing seal = Seal::WhenMissing::kRefuse;
};
struct CaseDocument {
  std::string pdf;
  std::uint64_t seq = 0;  // Of the record that delivered.
  bool cosigned = false;
  Digest seal{};
};
// Errors: document.bad_address, qr.too_long; ledger.unsigned; those of Seal::Open and MakeRecordProof. Threads: any,
// not those that do I/O: it reads the ledger. Cost: about 20 ms, most of it opening the ledger.
Result<CaseDocument> MakeCaseDocument(Engine& engine, const DeliveredCase& delivered, const DocumentOptions& options);

}  // namespace landfall::app
