// SPDX-License-Identifier: Apache-2.0
// Published figures at the command line: import LEDGER seed-facts FILE --report S000, query LEDGER claims.
#pragma once

#include <string>

#include "app/claim_views.h"
#include "base/result.h"

namespace landfall::cli {

// import LEDGER seed-facts FILE --report S000.
struct FactsArguments {
  std::string folder, file, report;
  bool dry_run = false, json = false;
};
Status RunImportFacts(const FactsArguments& arguments);

// query LEDGER claims, and query LEDGER claim ID.
void PrintClaims(const app::ClaimList& list);
void PrintClaim(const app::ClaimPage& page);

}  // namespace landfall::cli
