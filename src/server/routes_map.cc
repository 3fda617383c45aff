// SPDX-License-Identifier: Apache-2.0
// The map: regions with their borders, projects with their sites, and the way borders come in.
#include "app/borders.h"
#include "app/policy.h"
#include "app/query_map.h"
#include "server/api.h"

namespace landfall::server {
namespace {

struct MapQuery : FactsQuery {
  std::optional<UnitId> unit;
  std::optional<RegionId> region;
  std::optional<bool> region_only;
  std::optional<app::Light> light;
};
BOOST_DESCRIBE_STRUCT(MapQuery, (FactsQuery), (unit, region, region_only, light))

Result<app::MapView> GetMap(const Facts& facts, const NoPath&, const MapQuery& query) {
  LF_TRY(facts.CheckUnit(query.unit));
  LF_TRY(facts.CheckRegion(query.region));
  return app::QueryMap(facts.frame, {query.unit, query.region, query.light, query.region_only.value_or(false)});
}

struct BordersQuery : LedgerQuery {
  std::optional<place::CoordinateSystem> system;
  std::optional<Text<200>> source;
  std::optional<Text<40>> approval;
  std::optional<Day> effective_on;
  std::optional<Text<60>> code_member;
  std::optional<bool> dry_run;  // Checks everything, stores nothing, answers what would be drawn.
};
BOOST_DESCRIBE_STRUCT(BordersQuery, (LedgerQuery), (system, source, approval, effective_on, code_member, dry_run))

// A sentence that says "see the detail" is of use to whoever must mend the file only with the detail: the spot on earth
// stands behind the place in the file.
Error WithSpot(Error error) {
  if (error.code.starts_with("geo.") && !error.detail.empty())
    error.field += error.field.empty() ? error.detail : " (" + error.detail + ")";
  return error;
}

void PostBorders(const CallPtr& call) {
  auto query = ReadQuery<BordersQuery>(call->request);
  if (!query) return call->Refuse(query.error());
  {
    const auto now = call->engine().Read();
    if (Status gate = call->CheckGate(now.state()); !gate) return call->Refuse(gate.error());
  }
  const auto key = call->request.Header("Idempotency-Key");
  if (!key || key->empty()) return call->Refuse(Invalid("request.key_missing"));
  app::BordersOptions options;
  options.system = query->system;
  if (query->source) options.source = query->source->value;
  if (query->approval) options.approval = query->approval->value;
  options.effective_on = query->effective_on;
  if (query->code_member) options.code_member = query->code_member->value;
  ledger::Blobs* const blobs = query->dry_run.value_or(false) ? nullptr : call->ledger->blobs;
  call->OnWorker([call, blobs, options = std::move(options), key = std::string(*key)] {
    auto report = app::ImportBorders(call->engine(), blobs, call->actor(), key, call->request.body, options);
    if (!report) return call->Refuse(WithSpot(report.error()));
    call->SendJson(ToJson(*report));
  });
}

Status SendBorder(const Call& call, const Digest& digest) {
  ledger::Blobs& blobs = *call.ledger->blobs;
  LF_ASSIGN(const ledger::BlobInfo info, blobs.Info(digest));
  // Evidence is read elsewhere, and logged there: here are borders only, which are public.
  if (info.media_type != app::kBorderMediaType) return NotFound("blob.unknown", {}, "id");
  const std::string tag = "\"" + Hex(digest) + "\"";  // The bytes can never be others.
  Response response = Response::Empty(304);
  if (!NoneMatchNames(call.request, tag)) {
    LF_ASSIGN(std::string bytes, blobs.Get(digest));
    response = Response{.content_type = info.media_type, .body = std::move(bytes)};
  }
  response.headers.push_back({"ETag", tag});
  response.headers.push_back({"Cache-Control", "private, max-age=31536000, immutable"});
  call.Send(std::move(response));
  return Ok{};
}

void GetBorder(const CallPtr& call) {
  if (auto query = ReadQuery<LedgerQuery>(call->request); !query) return call->Refuse(query.error());
  auto digest = ReadPath<Digest>(call);
  if (!digest) return call->Refuse(digest.error());
  {
    const auto now = call->engine().Read();
    if (Status gate = call->CheckGate(now.state()); !gate) return call->Refuse(gate.error());
  }
  call->OnWorker([call, digest = *digest] {
    if (Status sent = SendBorder(*call, digest); !sent) call->Refuse(sent.error());
  });
}

}  // namespace

void AddMapRoutes(RouteTable& table) {
  table.Facts<&GetMap>("/api/v1/map", "getMap", "project.read", "Regions with borders, projects with sites");
  table.Raw<NoPath, BordersQuery>({.method = Method::kPost,
                                   .path = "/api/v1/borders",
                                   .operation = "postBorders",
                                   .permission = "place.write",
                                   .summary = "Draws borders of regions from a GeoJSON file: all or none",
                                   .path_parameter = {},
                                   .query = {},
                                   .headers = {{"Idempotency-Key", R"({"type":"string","format":"uuid"})"}},
                                   .body = {"application/geo+json", {}},
                                   .answer = table.Json<app::BordersReport>(),
                                   .body_bytes_max = app::kBorderBytesMax,
                                   .run = &PostBorders});
  table.Raw<Digest, LedgerQuery>({.path = "/api/v1/borders/{id}",
                                  .operation = "getBorder",
                                  .permission = "project.read",
                                  .summary = "The geometry of a border",
                                  .path_parameter = {},
                                  .query = {},
                                  .headers = {},
                                  .body = {},
                                  .answer = {"application/geo+json", {}},
                                  .run = &GetBorder});
}

}  // namespace landfall::server
