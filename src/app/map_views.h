// SPDX-License-Identifier: Apache-2.0
// What the map is drawn from, and what an import of borders did.
#pragma once

#include "app/views.h"
#include "place/shape_events.h"

namespace landfall::app {

// A region whose border is known on the day asked for.
struct MapRegion {
  static constexpr std::string_view kName = "MapRegion";
  RegionId id;
  std::string code;
  std::string name;
  Digest shape{};                                                   // /api/v1/borders/{shape}
  place::CoordinateSystem system = place::CoordinateSystem::wgs84;  // what the file was in; the shape is WGS-84
  std::string source;                                               // "" where erased
  bool source_erased = false;
  std::optional<std::string> approval;  // 审图号
  std::int64_t seq = 0;                 // the record that drew it
};
BOOST_DESCRIBE_STRUCT(MapRegion, (), (id, code, name, shape, system, source, source_erased, approval, seq))

struct MapProject {
  static constexpr std::string_view kName = "MapProject";
  ProjectId id;
  std::string title;  // "" where erased
  Light light = Light::idle;
  std::int64_t longitude_e7 = 0, latitude_e7 = 0;  // 10^-7 degrees of WGS-84
  project::LocatedBy how = project::LocatedBy::surveyed;
  std::optional<RegionId> region;
};
BOOST_DESCRIBE_STRUCT(MapProject, (), (id, title, light, longitude_e7, latitude_e7, how, region))

struct MapView {
  static constexpr std::string_view kName = "Map";
  Standing standing;
  std::vector<MapRegion> regions;
  std::int64_t located = 0;          // projects that have a site and match
  std::vector<MapProject> projects;  // of these at most 5,000, red first
};
BOOST_DESCRIBE_STRUCT(MapView, (), (standing, regions, located, projects))

struct BorderDrawn {
  static constexpr std::string_view kName = "BorderDrawn";
  NamedRef region;
  std::string code;
  std::int64_t points_read = 0, points_kept = 0;
  std::optional<std::string> geometry;  // GeoJSON, as it would be drawn; of a dry run only
};
BOOST_DESCRIBE_STRUCT(BorderDrawn, (), (region, code, points_read, points_kept, geometry))

struct BorderFinding {
  static constexpr std::string_view kName = "BorderFinding";
  std::string code;   // catalog/errors/geo.json
  std::string place;  // in the file
};
BOOST_DESCRIBE_STRUCT(BorderFinding, (), (code, place))

struct BordersReport {
  static constexpr std::string_view kName = "BordersReport";
  std::vector<BorderDrawn> rows;
  std::vector<std::string> unknown_codes;  // in the file, but no region's
  std::vector<BorderFinding> findings;     // the first 100
  std::int64_t seq = 0;                    // of batch.completed; 0 where nothing was stored
};
BOOST_DESCRIBE_STRUCT(BordersReport, (), (rows, unknown_codes, findings, seq))

}  // namespace landfall::app
