// SPDX-License-Identifier: Apache-2.0
// The public guide: anybody may ask, nobody has to sign in. Computed by workers, whose queue is the bound on it.
#include "app/guide.h"
#include "server/api.h"

namespace landfall::server {
namespace {

struct GuideQuery {
  std::optional<Key<20>> ledger;  // Accepted as everywhere; the guide is the same for all.
  std::optional<Day> on;          // Absent: today.
};
BOOST_DESCRIBE_STRUCT(GuideQuery, (), (ledger, on))

struct GuidePlanQuery {
  std::optional<Key<20>> ledger;
  std::optional<Day> accepted;
  std::optional<Text<4000>> facts;  // A JSON object; absent: nothing is known yet.
};
BOOST_DESCRIBE_STRUCT(GuidePlanQuery, (), (ledger, accepted, facts))

Day TodayOf(Call& call) {
  const auto now = call.engine().Read();
  return call.Today(now.state());
}

Result<app::GuideIndex> GetGuide(Call& call, const NoPath&, const GuideQuery& query) {
  return app::QueryGuide(app::BuiltInCatalogue(), query.on.value_or(TodayOf(call)));
}

Result<app::GuideMatter> GetGuideMatter(Call& call, const Key<40>& id, const GuideQuery& query) {
  return app::QueryGuideMatter(app::BuiltInCatalogue(), id.value, query.on.value_or(TodayOf(call)));
}

Result<app::GuidePlan> GetGuidePlan(Call& call, const Key<40>& id, const GuidePlanQuery& query) {
  return app::QueryGuidePlan(app::BuiltInCatalogue(), app::BuiltInCatalogueCalendar(), id.value,
                             query.facts ? query.facts->value : "{}", query.accepted.value_or(TodayOf(call)));
}

template <auto kHandler>
void AddOpen(RouteTable& table, std::string path, std::string operation, std::string summary) {
  using H = HandlerTraits<decltype(kHandler)>;
  table.Raw<typename H::Path, typename H::Query>({.path = std::move(path),
                                                  .operation = std::move(operation),
                                                  .gate = Gate::kOpen,
                                                  .permission = {},
                                                  .summary = std::move(summary),
                                                  .path_parameter = {},
                                                  .query = {},
                                                  .headers = {},
                                                  .body = {},
                                                  .answer = table.Json<typename H::Answer>(),
                                                  .run = &RunStoredHandler<kHandler>});
}

}  // namespace

void AddGuideRoutes(RouteTable& table) {
  AddOpen<&GetGuide>(table, "/api/v1/guide", "getGuide", "Packages and matters in force, with the questions they ask");
  AddOpen<&GetGuideMatter>(table, "/api/v1/guide/matters/{id}", "getGuideMatter", "One matter: papers, limits, law");
  AddOpen<&GetGuidePlan>(table, "/api/v1/guide/packages/{id}/plan", "getGuidePlan",
                         "What a case needs and when it can be done, or which questions are still open");
}

}  // namespace landfall::server
