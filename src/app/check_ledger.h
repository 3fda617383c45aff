// SPDX-License-Identifier: Apache-2.0
// VerifyLedger for a ledger wherever its entries lie.
#pragma once

#include "app/verify.h"

namespace landfall::app {

// Of a ledger in a database, a copy taken at one moment is verified: with the evidence and the kept checkpoint of its
// folder, while writing goes on, and without a long transaction in the way of the database's own cleaning. The copy
// lies in the ledger's folder meanwhile and needs as much room as the ledger. Errors: those of VerifyLedger and
// Store::Backup.
Result<VerifyReport> CheckLedger(const LedgerFiles& files, const VerifyOptions& options = {});

}  // namespace landfall::app
