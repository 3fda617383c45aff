// SPDX-License-Identifier: Apache-2.0
// Lists as sheets: out with the filters of the list, templates, and back as a report of what would change, then as one
// batch. Runs on workers; what leaves and what comes stands in the access log.
#include "app/policy.h"
#include "app/sheet_pages.h"
#include "server/api.h"
#include "server/api_shapes.h"
#include "server/list_filters.h"

namespace landfall::server {
namespace {

constexpr std::string_view kXlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
constexpr std::size_t kSheetBytesMax = 16 << 20;

struct SheetQuery : LedgerQuery {
  std::optional<Digest> plan;  // Of the report that was looked at; absent: only say what would be done.
};
BOOST_DESCRIBE_STRUCT(SheetQuery, (LedgerQuery), (plan))

app::SheetReader ReaderOf(const Call& call) { return {call.engine(), call.actor(), call.language()}; }

// A filter beyond the account's reach is refused, as by the list.
Status CheckFilter(const Call& call, const app::State& now, const std::optional<UnitId>& unit) {
  if (!unit) return Ok{};
  if (!now.people.Knows(*unit)) return NotFound("unit.unknown", {}, "unit");
  return app::AuthorizeRead(now, call.actor(), call.Today(now), call.route->permission, *unit);
}

Response SheetResponse(std::string bytes, const std::string& name) {
  Response response{.content_type = std::string(kXlsx), .body = std::move(bytes)};
  response.headers.push_back({"Content-Disposition", "attachment; filename=\"" + name + ".xlsx\""});
  return response;
}

Status SendExport(const Call& call, const app::SheetKind& kind, const std::optional<Day>& as_of,
                  const std::optional<KnownAt>& known_at, const app::SheetPages& pages) {
  app::SheetReader reader = ReaderOf(call);
  reader.as_of = as_of;
  if (known_at) {
    LF_ASSIGN(reader.past_seq, SeqOf(call.engine(), *known_at));
    LF_ASSIGN(reader.past, call.engine().StateAt(reader.past_seq));
  }
  LF_ASSIGN(std::string bytes, app::ExportSheet(reader, kind, pages));
  LF_TRY(call.Log("export", "sheets/" + std::string(kind.key)));
  call.Send(SheetResponse(std::move(bytes), std::string(kind.key)));
  return Ok{};
}

template <const auto& kKey, class Query>
void GetSheet(const CallPtr& call) {
  auto query = ReadQuery<Query>(call->request);
  if (!query) return call->Refuse(query.error());
  {
    const auto now = call->engine().Read();
    if (Status gate = call->CheckGate(now.state()); !gate) return call->Refuse(gate.error());
    if constexpr (requires { query->unit; })
      if (Status may = CheckFilter(*call, now.state(), query->unit); !may) return call->Refuse(may.error());
  }
  call->OnWorker([call, query = *std::move(query)] {
    app::SheetPages pages;
    if constexpr (std::is_same_v<Query, ReportsQuery>)
      pages = app::PagesOf(call->actor(), FilterOf(query));
    else
      pages = app::PagesOf(FilterOf(query));
    if (Status sent = SendExport(*call, *app::FindSheetKind(kKey), query.as_of, query.known_at, pages); !sent)
      call->Refuse(sent.error());
  });
}

constexpr std::string_view kProjects = "projects", kReports = "reports", kObligations = "obligations",
                           kEnterprises = "enterprises", kPeople = "people", kUnits = "units", kRegions = "regions";

template <const auto& kKey>
void GetWholeSheet(const CallPtr& call) {
  if (auto query = ReadQuery<LedgerQuery>(call->request); !query) return call->Refuse(query.error());
  {
    const auto now = call->engine().Read();
    if (Status gate = call->CheckGate(now.state()); !gate) return call->Refuse(gate.error());
  }
  call->OnWorker([call] {
    if constexpr (kKey == kPeople)
      if (Status logged = call->Log("read_personal", "persons"); !logged) return call->Refuse(logged.error());
    const app::SheetKind& kind = *app::FindSheetKind(kKey);
    if (Status sent = SendExport(*call, kind, {}, {}, app::WholeList(kind, call->actor())); !sent)
      call->Refuse(sent.error());
  });
}

// The list that the address names, if this account may read it at all.
Result<const app::SheetKind*> KindOf(const Call& call) {
  const app::SheetKind* kind = app::FindSheetKind(call.path_parameter);
  const auto now = call.engine().Read();
  LF_TRY(call.CheckGate(now.state()));
  if (kind == nullptr) return NotFound("sheet.unknown_list", {}, "id");
  if (!app::ReachesAny(now.state(), call.actor(), call.Today(now.state()), kind->permission))
    return Forbidden("access.denied", std::string(kind->permission));
  return kind;
}

void GetTemplate(const CallPtr& call) {
  if (auto query = ReadQuery<LedgerQuery>(call->request); !query) return call->Refuse(query.error());
  auto kind = KindOf(*call);
  if (!kind) return call->Refuse(kind.error());
  call->OnWorker([call, kind = *kind] {
    auto bytes = app::SheetTemplate(ReaderOf(*call), *kind);
    if (!bytes) return call->Refuse(bytes.error());
    call->Send(SheetResponse(*std::move(bytes), std::string(kind->key) + "-template"));
  });
}

void PostSheet(const CallPtr& call) {
  auto query = ReadQuery<SheetQuery>(call->request);
  if (!query) return call->Refuse(query.error());
  auto kind = KindOf(*call);
  if (!kind) return call->Refuse(kind.error());
  call->OnWorker([call, kind = *kind, plan = query->plan] {
    auto report = app::ReadSheet(ReaderOf(*call), *kind, {call->request.body, plan, std::nullopt});
    const std::string result = report ? "ok" : report.error().code;
    if (Status logged = call->Log(plan ? "import" : "import_preview", "sheets/" + std::string(kind->key), result);
        !logged)
      return call->Refuse(logged.error());
    if (!report) return call->Refuse(report.error());
    call->SendJson(ToJson(*report));
  });
}

template <const auto& kKey, class Query>
void AddExport(RouteTable& table, std::string operation, std::string summary, void (*run)(const CallPtr&)) {
  table.Raw<NoPath, Query>({.path = "/api/v1/sheets/" + std::string(kKey) + ".xlsx",
                            .operation = std::move(operation),
                            .permission = std::string(app::FindSheetKind(kKey)->permission),
                            .summary = std::move(summary),
                            .path_parameter = {},
                            .query = {},
                            .headers = {},
                            .body = {},
                            .answer = {std::string(kXlsx), {}},
                            .run = run});
}

}  // namespace

void AddSheetRoutes(RouteTable& table) {
  AddExport<kProjects, ProjectsQuery>(table, "exportProjects", "Projects as a sheet that can come back",
                                      &GetSheet<kProjects, ProjectsQuery>);
  AddExport<kReports, ReportsQuery>(table, "exportReports", "Reports of a month as a sheet that can come back",
                                    &GetSheet<kReports, ReportsQuery>);
  AddExport<kObligations, ObligationsQuery>(table, "exportObligations", "Obligations as a sheet that can come back",
                                            &GetSheet<kObligations, ObligationsQuery>);
  AddExport<kEnterprises, EnterprisesQuery>(table, "exportEnterprises", "Enterprises as a sheet that can come back",
                                            &GetSheet<kEnterprises, EnterprisesQuery>);
  AddExport<kPeople, LedgerQuery>(table, "exportPeople", "Persons and their posts as a sheet that can come back",
                                  &GetWholeSheet<kPeople>);
  AddExport<kUnits, LedgerQuery>(table, "exportUnits", "Units and their posts as a sheet that can come back",
                                 &GetWholeSheet<kUnits>);
  AddExport<kRegions, LedgerQuery>(table, "exportRegions", "Regions as a sheet that can come back",
                                   &GetWholeSheet<kRegions>);
  table.Raw<Key<40>, LedgerQuery>({.path = "/api/v1/sheets/{id}/template",
                                   .operation = "getSheetTemplate",
                                   .gate = Gate::kAccount,
                                   .permission = {},
                                   .summary = "An empty sheet to fill in",
                                   .path_parameter = {},
                                   .query = {},
                                   .headers = {},
                                   .body = {},
                                   .answer = {std::string(kXlsx), {}},
                                   .run = &GetTemplate});
  table.Raw<Key<40>, SheetQuery>({.method = Method::kPost,
                                  .path = "/api/v1/sheets/{id}",
                                  .operation = "postSheet",
                                  .gate = Gate::kAccount,
                                  .permission = {},
                                  .summary = "Says what an edited sheet would change; with `plan`, does it",
                                  .path_parameter = {},
                                  .query = {},
                                  .headers = {},
                                  .body = {std::string(kXlsx), {}},
                                  .answer = table.Json<app::SheetReport>(),
                                  .body_bytes_max = kSheetBytesMax,
                                  .run = &PostSheet});
}

}  // namespace landfall::server
