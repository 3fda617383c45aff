// SPDX-License-Identifier: Apache-2.0
// Published figures against the ledger and against each other. Pure; computed when asked, never stored.
//
// A printed number stands for everything that rounds to it: 389.29 is 389.285 … 389.295; a plain count is itself; 超过
// and 以上 leave one end open. All arithmetic is exact. What the rules check:
//   counts         records named by the report: as many (or, for a sum, as much) = backed, more = contradicted, fewer =
//                  incomplete, for a report names examples. Records that the report itself made never back it. A
//                  project linked as a duplicate counts once.
//   figure         the declared figure over the claim's days: the same = backed, else contradicted; nothing recorded
//   yet
//                  = incomplete.
//   same_as, sum_of, whole    the two sides can be the same number
//   subset_of      not more than the operand
//   increase_of    the same; what there was before is derived (55 with 38 new: 17)
//   growth_of      the value of the period before is derived (389.29 after +10.17 %: 353.35)
//   share_of       the whole is derived (29.4 is 73.9 %: 39.78)
//   completion_of, mean_of    the rate and the mean are derived
// A relation speaks for all claims in it. A derived number is nobody's published one and says so.
#pragma once

#include "app/claim_views.h"
#include "app/queries.h"

namespace landfall::app {

struct ClaimFilter {
  std::string text;  // found in name or source
  std::optional<std::string> report;
  std::optional<claim::Category> category;
  std::optional<ClaimVerdict> verdict;
  bool words = true;       // with statements that hold no number
  bool withdrawn = false;  // only those that were withdrawn
  std::size_t limit = 50;
  std::string cursor;
};
// In order of recording. Cost: every relation once. Errors: request.bad_cursor.
Result<ClaimList> QueryClaims(const Frame& frame, const ClaimFilter& filter);
// One, with each check that speaks of it and what it looked at. Errors: claim.unknown.
Result<ClaimPage> QueryClaim(const Frame& frame, claim::ClaimId claim);

}  // namespace landfall::app
