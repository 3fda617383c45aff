// SPDX-License-Identifier: Apache-2.0
// The catalogue of matters for those who keep it, and plans of packages that are being drawn up. Reads alone: a draft
// is sent, planned and forgotten. Computed by workers, whose queue is the bound on it.
#include "app/limit_cuts.h"
#include "app/query_catalogue.h"
#include "server/api.h"
#include "server/api_shapes.h"

namespace landfall::server {
namespace {

constexpr std::string_view kPermission = "master.read";
// A hundred matters with a hundred papers each, twice over.
constexpr std::size_t kDraftBytesMax = 64 << 10;
// Its form is that of docs/formats/matters.md.
const Body kCatalogueFile{"application/json", R"({"type":"object"})"};

struct CatalogueQuery : LedgerQuery {
  std::optional<Day> on;  // Absent: today.
};
BOOST_DESCRIBE_STRUCT(CatalogueQuery, (LedgerQuery), (on))

struct LimitCutsQuery : CatalogueQuery {
  std::optional<Day> before;  // Absent: against the limits of the law.
};
BOOST_DESCRIBE_STRUCT(LimitCutsQuery, (CatalogueQuery), (before))

struct CatalogueMattersQuery : CatalogueQuery {
  std::optional<Text<100>> q;
  std::optional<Key<40>> department, package;
  std::optional<approval::MatterKind> kind;
  std::optional<bool> confirmed;
  std::optional<Int<1, app::kCatalogueRowsMax>> limit;
  std::optional<Cursor> cursor;
};
BOOST_DESCRIBE_STRUCT(CatalogueMattersQuery, (CatalogueQuery), (q, department, package, kind, confirmed, limit, cursor))

// Either a package in force or a draft.
struct CataloguePlanBody {
  static constexpr std::string_view kName = "CataloguePlanRequest";
  std::optional<Key<40>> package;
  std::optional<app::PackageDraft> draft;
  std::optional<RawJson> facts;       // Absent: nothing is known yet.
  std::optional<Day> accepted;        // Absent: today.
  std::optional<Int<1, 100>> faster;  // By so many days one matter alone is made faster. Absent: 3.
};
BOOST_DESCRIBE_STRUCT(CataloguePlanBody, (), (package, draft, facts, accepted, faster))

Day TodayOf(Call& call) {
  const auto now = call.engine().Read();
  return call.Today(now.state());
}

Result<app::CatalogueMatters> ListMatters(Call& call, const NoPath&, const CatalogueMattersQuery& query) {
  app::CatalogueFilter filter;
  if (query.q) filter.text = query.q->value;
  if (query.department) filter.department = query.department->value;
  if (query.package) filter.package = query.package->value;
  filter.kind = query.kind;
  filter.confirmed = query.confirmed;
  if (query.limit) filter.limit = static_cast<std::size_t>(query.limit->value);
  if (query.cursor) filter.cursor = query.cursor->value;
  return app::QueryCatalogueMatters(app::BuiltInCatalogue(), filter, query.on.value_or(TodayOf(call)));
}

Result<app::CatalogueMatterPage> GetMatter(Call& call, const Key<40>& id, const CatalogueQuery& query) {
  return app::QueryCatalogueMatter(app::BuiltInCatalogue(), id.value, query.on.value_or(TodayOf(call)));
}

Result<app::CataloguePackages> ListPackages(Call& call, const NoPath&, const CatalogueQuery& query) {
  return app::QueryCataloguePackages(app::BuiltInCatalogue(), query.on.value_or(TodayOf(call)));
}

Result<app::CatalogueFindings> ListFindings(Call& call, const NoPath&, const CatalogueQuery& query) {
  return app::QueryCatalogueFindings(app::BuiltInCatalogue(), query.on.value_or(TodayOf(call)));
}

Result<app::LimitCuts> GetLimitCuts(Call& call, const NoPath&, const LimitCutsQuery& query) {
  return app::CompareLimits(app::BuiltInCatalogue(), query.on.value_or(TodayOf(call)), query.before);
}

Result<std::string> PlanBody(Call& call, const CataloguePlanBody& body) {
  if (body.package.has_value() == body.draft.has_value()) return Invalid("approval.package_or_draft", {}, "package");
  LF_ASSIGN(const app::CataloguePlan plan,
            app::QueryCataloguePlan(app::BuiltInCatalogue(), app::BuiltInCatalogueCalendar(),
                                    {.package = body.package ? std::string_view(body.package->value) : "",
                                     .draft = body.draft ? &*body.draft : nullptr,
                                     .facts = body.facts ? std::string_view(body.facts->text) : "{}",
                                     .accepted = body.accepted.value_or(TodayOf(call)),
                                     .faster = body.faster ? static_cast<int>(body.faster->value) : 3}));
  return ToJson(plan);
}

Result<std::string> WriteBody(Call&, const app::PackageToWrite& body) {
  return app::WriteDraft(app::BuiltInCatalogue(), body);
}

template <class Body, Result<std::string> (*kRender)(Call&, const Body&)>
void Post(const CallPtr& call) {
  if (auto query = ReadQuery<LedgerQuery>(call->request); !query) return call->Refuse(query.error());
  RunStored(call, [call]() -> Result<std::string> {
    LF_ASSIGN(const Body body, ReadJson<Body>(call->request.body));
    return kRender(*call, body);
  });
}

Route DraftRoute(std::string path, std::string operation, std::string summary, Body body, Body answer,
                 void (*run)(const CallPtr&)) {
  return {.method = Method::kPost,
          .path = std::move(path),
          .operation = std::move(operation),
          .gate = Gate::kPermission,
          .permission = std::string(kPermission),
          .summary = std::move(summary),
          .path_parameter = {},
          .query = {},
          .headers = {},
          .body = std::move(body),
          .answer = std::move(answer),
          .body_bytes_max = kDraftBytesMax,
          .run = run};
}

}  // namespace

void AddCatalogueRoutes(RouteTable& table) {
  const std::string permission(kPermission);
  table.Stored<&ListMatters>("/api/v1/catalogue/matters", "listMatters", permission,
                             "Matters in force on a day, filtered");
  table.Stored<&GetMatter>("/api/v1/catalogue/matters/{id}", "getMatter", permission,
                           "Every version of a matter, with what changed from one to the next");
  table.Stored<&ListPackages>("/api/v1/catalogue/packages", "listPackages", permission,
                              "Packages in force on a day, with the questions they ask");
  table.Stored<&ListFindings>("/api/v1/catalogue/findings", "listCatalogueFindings", permission,
                              "What is wrong with the catalogue on a day");
  table.Stored<&GetLimitCuts>("/api/v1/catalogue/limits", "compareLimits", permission,
                              "Of how many matters the time is half or less of what it was, or of what the law allows");
  table.Raw<NoPath, LedgerQuery>(DraftRoute(
      "/api/v1/catalogue/plan", "planPackage", "The plan of a package or of a draft of one; nothing is kept",
      table.Json<CataloguePlanBody>(), table.Json<app::CataloguePlan>(), &Post<CataloguePlanBody, &PlanBody>));
  table.Raw<NoPath, LedgerQuery>(DraftRoute("/api/v1/catalogue/file", "writeCatalogueFile",
                                            "The whole catalogue with a draft in it, as a file of it; nothing is kept",
                                            table.Json<app::PackageToWrite>(), kCatalogueFile,
                                            &Post<app::PackageToWrite, &WriteBody>));
}

}  // namespace landfall::server
