// SPDX-License-Identifier: Apache-2.0
// Borders from GeoJSON (RFC 7946): a FeatureCollection of polygons in, checked regions in WGS-84 out.
//
// Purpose: the war map draws regions and parks from files that counties get from elsewhere. A border that crosses
// itself gives wrong areas and puts projects into the wrong region, so it is refused with the place; what does no harm
// is put right (orientation, repeated points) or left out with a finding (rings without area, features without
// geometry).
//
// Coordinates: the file does not say what they are (RFC 7946 says WGS-84, Chinese files are often GCJ-02), and a shift
// of 500 m is not seen by eye. So the caller must declare it. CGCS2000 differs from WGS-84 by centimetres and is taken
// as it is.
//
// Bounds: bytes, features, points and depth are limited before anything is built. Memory: about 15 times the file.
// Cost: about 50 MB/s, and n log n for the checks (geo_shape.h). Threads: each call stands alone.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "exchange/geo_point.h"

namespace landfall::exchange {

enum class CoordinateSystem : std::uint8_t {
  kUnknown,  // Refused, unless the caller says that it may be taken as WGS-84 (GCJ-02 is hundreds of metres off).
  kWgs84,
  kCgcs2000,  // 国家大地坐标系 2000
  kGcj02,     // 火星坐标; converted by a published approximation (gcj02.h).
};

struct GeoJsonOptions {
  CoordinateSystem system = CoordinateSystem::kUnknown;
  bool take_unknown_as_wgs84 = false;
  std::string code_member = "adcode";  // Which properties hold a region's code and name; numbers are read as text.
  std::string name_member = "name";
  std::size_t bytes_max = 32'000'000;
  std::size_t features_max = 5'000;
  std::size_t points_max = 1'000'000;
};

struct GeoRegion {
  std::string code, name;  // Empty where the feature has none.
  std::vector<GeoPolygon> polygons;
};

// What was left out or put right by leaving out. `code` stands in catalog/errors/geo.json.
struct GeoFinding {
  std::string code;
  std::string place;  // "features[3].geometry.coordinates[0][1]"
};

struct GeoCollection {
  std::vector<GeoRegion> regions;  // In the order of the file; only those with a polygon.
  std::vector<GeoFinding> findings;
};

// A byte order mark is tolerated. Findings: geo.ring_without_area, geo.no_geometry, geo.code_missing, geo.name_missing.
// Errors (kInvalid; `field` is the place in the file):
//   geo.too_large                bytes, features or points beyond the options
//   geo.coordinates_undeclared   the caller declared no coordinate system
//   geo.not_json                 detail says where
//   geo.not_a_collection         no FeatureCollection
//   geo.coordinates_contradicted the file names another coordinate system (a "crs" member of before 2016)
//   geo.geometry_unsupported     neither Polygon nor MultiPolygon
//   geo.malformed                an array or number is not where one must be
//   geo.out_of_range             not degrees; projected metres are the usual reason
//   geo.ring_too_short           fewer than four positions
//   geo.ring_open                the last position is not the first
//   geo.ring_crosses_itself, geo.rings_cross, geo.hole_outside    detail says at which longitude and latitude
//   geo.too_tangled              too many edges lie upon each other to be checked
//   geo.no_memory                (kUnavailable)
Result<GeoCollection> ReadGeoJson(std::string_view bytes, const GeoJsonOptions& options);

}  // namespace landfall::exchange
