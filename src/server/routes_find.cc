// SPDX-License-Identifier: Apache-2.0
// Finding things by what people type.
#include "server/api.h"
#include "server/routes.h"

namespace landfall::server {
namespace {

struct SearchQuery : LedgerQuery {
  std::optional<Text<100>> q;
  std::optional<app::SearchKind> kind;
  std::optional<Int<1, 50>> limit;  // Of each kind; default 5.
};
BOOST_DESCRIBE_STRUCT(SearchQuery, (LedgerQuery), (q, kind, limit))

// Kinds that the account may not list are left out, as rows are that lie beyond its reach. Nothing asked, nothing
// found.
Result<app::SearchResults> Search(Call& call, const NoPath&, const SearchQuery& query) {
  if (!query.q) return app::SearchResults{};
  return call.ledger->names->Find(
      call.actor(), {query.q->value, query.kind, query.limit ? static_cast<std::size_t>(query.limit->value) : 5});
}

}  // namespace

void AddFindRoutes(RouteTable& table) {
  table.Stored<&Search>("/api/v1/search", "search", "master.read",
                        "Projects, enterprises, obligations, units, posts and regions by name, initials, code or text");
}

}  // namespace landfall::server
