// SPDX-License-Identifier: Apache-2.0
#include "app/borders.h"

#include <algorithm>
#include <map>

#include "exchange/geo_shape.h"
#include "exchange/geojson.h"
#include "exchange/geojson_write.h"

namespace landfall::app {
namespace {

constexpr std::size_t kFindingsShown = 100;

exchange::CoordinateSystem Declared(const std::optional<place::CoordinateSystem>& system) {
  if (!system) return exchange::CoordinateSystem::kUnknown;
  switch (*system) {
    case place::CoordinateSystem::wgs84:
      return exchange::CoordinateSystem::kWgs84;
    case place::CoordinateSystem::cgcs2000:
      return exchange::CoordinateSystem::kCgcs2000;
    case place::CoordinateSystem::gcj02:
      return exchange::CoordinateSystem::kGcj02;
  }
  return exchange::CoordinateSystem::kUnknown;
}

struct Matched {
  const exchange::GeoRegion* shape;
  RegionId region;
};

// Regions of the file that the register knows, in the order of the file.
Result<std::vector<Matched>> Match(const Engine& engine, const exchange::GeoCollection& file, BordersReport& report) {
  const Engine::Reader reader = engine.Read();
  const place::State& s = reader.state().place;
  std::vector<Matched> matched;
  std::map<std::string_view, int> seen;
  for (const exchange::GeoRegion& region : file.regions) {
    if (region.code.empty()) continue;  // A finding says so.
    if (++seen[region.code] > 1) return Invalid("geo.code_twice", region.code);
    const std::uint32_t row = s.by_code.Find(s.code, region.code);
    if (row == TextIndex::kNone) {
      report.unknown_codes.push_back(region.code);
      continue;
    }
    const RegionId id = RegionId::FromIndex(row);
    matched.push_back({&region, id});
    report.rows.push_back({{id.ToString(), std::string(s.name.Get(row))}, region.code, 0, 0, {}});
  }
  if (matched.empty()) return Invalid("geo.no_region_matches");
  return matched;
}

}  // namespace

Result<BordersReport> ImportBorders(Engine& engine, ledger::Blobs* blobs, Actor by, const std::string& key,
                                    std::string_view bytes, const BordersOptions& options) {
  if (options.source.empty()) return Invalid("geo.source_missing", {}, "source");
  auto source = Text<200>::Parse(options.source);
  if (!source) return std::move(source).error().At("source");
  std::optional<Text<40>> approval;
  if (options.approval) {
    auto checked = Text<40>::Parse(*options.approval);
    if (!checked) return std::move(checked).error().At("approval");
    approval = *std::move(checked);
  }
  exchange::GeoJsonOptions reading;
  reading.system = Declared(options.system);
  reading.code_member = options.code_member;
  reading.bytes_max = kBorderBytesMax;
  LF_ASSIGN(const exchange::GeoCollection file, exchange::ReadGeoJson(bytes, reading));

  BordersReport report;
  for (std::size_t i = 0; i < file.findings.size() && i < kFindingsShown; ++i)
    report.findings.push_back({file.findings[i].code, file.findings[i].place});
  LF_ASSIGN(const std::vector<Matched> matched, Match(engine, file, report));
  const Day today = WallDay(engine.clock().Now(), engine.Read().state().admin.offset());

  std::size_t points = 0;
  for (const Matched& m : matched) points += exchange::CountPoints(m.shape->polygons);
  std::vector<AnyCommand> commands;
  for (std::size_t i = 0; i < matched.size(); ++i) {
    const std::vector<exchange::GeoPolygon>& read = matched[i].shape->polygons;
    const std::size_t count = exchange::CountPoints(read);
    const std::size_t target = points > kBorderPointsMax ? count * kBorderPointsMax / points : count;
    const std::vector<exchange::GeoPolygon> kept = exchange::Simplify(read, target);
    report.rows[i].points_read = static_cast<std::int64_t>(count);
    report.rows[i].points_kept = static_cast<std::int64_t>(exchange::CountPoints(kept));
    const std::string geometry = exchange::WriteGeometry(kept, exchange::LabelPoint(kept));
    Digest shape = Sha256(geometry);
    if (blobs != nullptr) {
      LF_ASSIGN(shape, blobs->Put(kBorderMediaType, geometry));
    } else {
      report.rows[i].geometry = geometry;
    }
    commands.emplace_back(place::DrawRegion{matched[i].region, shape, *options.system, *source, approval,
                                            options.effective_on.value_or(today)});
  }
  if (auto refused = engine.TryBatch(by, commands); !refused.empty()) {
    // The code of the region, for nobody knows a command by its place.
    auto& [index, error] = refused.front();
    error.detail = report.rows[index].code;
    return std::move(error);
  }
  if (blobs == nullptr) return report;
  admin::CompleteBatch completion;
  completion.kind = {"borders"};
  completion.file = Sha256(bytes);
  if (by == Actor::Local()) {
    LF_ASSIGN(completion.local_user, Text<64>::Parse(options.local_user));
  }
  LF_ASSIGN(const Answer answer, engine.RunBatch(by, key, commands, completion, Engine::kAnySeq));
  report.seq = static_cast<std::int64_t>(answer.seq);
  return report;
}

}  // namespace landfall::app
