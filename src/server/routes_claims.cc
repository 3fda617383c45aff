// SPDX-License-Identifier: Apache-2.0
// Published figures and how they compare with the ledger. Whoever may read them sees the records they are held against,
// so the permission is one that reaches everything.
#include "app/query_claims.h"
#include "server/routes.h"

namespace landfall::server {
namespace {

struct ClaimsQuery : FactsQuery {
  std::optional<Text<100>> q;
  std::optional<Code<20>> report;
  std::optional<claim::Category> category;
  std::optional<app::ClaimVerdict> verdict;
  std::optional<bool> words;      // with statements that hold no number (default)
  std::optional<bool> withdrawn;  // only those that were withdrawn
  std::optional<Int<1, 500>> limit;
  std::optional<Cursor> cursor;
};
BOOST_DESCRIBE_STRUCT(ClaimsQuery, (FactsQuery), (q, report, category, verdict, words, withdrawn, limit, cursor))

Result<app::ClaimList> ListClaims(const Facts& facts, const NoPath&, const ClaimsQuery& query) {
  app::ClaimFilter filter;
  if (query.q) filter.text = query.q->value;
  if (query.report) filter.report = query.report->value;
  filter.category = query.category;
  filter.verdict = query.verdict;
  filter.words = query.words.value_or(true);
  filter.withdrawn = query.withdrawn.value_or(false);
  if (query.limit) filter.limit = static_cast<std::size_t>(query.limit->value);
  if (query.cursor) filter.cursor = query.cursor->value;
  return app::QueryClaims(facts.frame, filter);
}

Result<app::ClaimPage> GetClaim(const Facts& facts, const claim::ClaimId& claim, const FactsQuery&) {
  return app::QueryClaim(facts.frame, claim);
}

}  // namespace

void AddClaimRoutes(RouteTable& table) {
  table.Facts<&ListClaims>("/api/v1/claims", "listClaims", "claim.read",
                           "Published figures with their verdicts, and how many there are of each");
  table.Facts<&GetClaim>("/api/v1/claims/{id}", "getClaim", "claim.read",
                         "One published figure, with each check and what it looked at");
}

}  // namespace landfall::server
