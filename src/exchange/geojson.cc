// SPDX-License-Identifier: Apache-2.0
#include "exchange/geojson.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "exchange/gcj02.h"
#include "exchange/geo_shape.h"
#include "exchange/json_fault.h"

namespace landfall::exchange {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

constexpr std::size_t kDepthMax = 16;  // Positions of a MultiPolygon lie at depth 8.
constexpr std::size_t kTextMax = 100;  // Code points of a code or name.

std::string Degrees(GeoPoint at) {
  return fmt::format("longitude {:.7f}, latitude {:.7f}", at.longitude_e7 / kPerDegree, at.latitude_e7 / kPerDegree);
}

// Whether the coordinate reference system that a file of before RFC 7946 names is one of degrees on WGS-84 or CGCS2000.
bool IsKnownCrs(std::string_view name) {
  for (std::string_view known : {"CRS84", ":4326", ":4490"})
    if (name.ends_with(known)) return true;
  return false;
}

// A property as text: a string, or a whole number.
std::string PropertyText(const element& properties, std::string_view member) {
  element value;
  if (properties.at_key(member).get(value) != simdjson::SUCCESS) return {};
  if (std::int64_t number = 0; value.get(number) == simdjson::SUCCESS) return fmt::format("{}", number);
  std::string_view text;
  if (value.get(text) != simdjson::SUCCESS) return {};
  auto checked = CheckText(text, kTextMax);
  return checked ? std::move(*checked) : std::string();
}

// All points lie on one line. (A bow tie may have the sum of its areas 0 too; it is refused as crossing itself.)
bool IsFlat(const GeoRing& ring) {
  for (std::size_t i = 2; i < ring.size(); ++i) {
    const GeoPoint corner[] = {ring[0], ring[1], ring[i]};
    if (SignedArea2(corner) != 0) return false;
  }
  return true;
}

class Reader {
 public:
  explicit Reader(const GeoJsonOptions& options) : options_(options) {}

  Result<GeoCollection> Read(const element& root) {
    std::string_view type;
    array features;
    if (root["type"].get(type) != simdjson::SUCCESS || type != "FeatureCollection" ||
        root["features"].get(features) != simdjson::SUCCESS)
      return Invalid("geo.not_a_collection");
    LF_TRY(CheckCrs(root));
    std::size_t index = 0;
    for (const element& feature : features) {
      if (index >= options_.features_max)
        return Invalid("geo.too_large", fmt::format("more than {} features", options_.features_max));
      LF_TRY(ReadFeature(feature, fmt::format("features[{}]", index++)));
    }
    return std::move(found_);
  }

 private:
  Status CheckCrs(const element& root) const {
    element crs;
    if (root["crs"].get(crs) != simdjson::SUCCESS || crs.is_null()) return Ok{};
    std::string_view name;
    const bool named = crs["properties"]["name"].get(name) == simdjson::SUCCESS;
    // GCJ-02 has no name in any register; files in it that name one lie.
    if (named && IsKnownCrs(name) && options_.system != CoordinateSystem::kGcj02) return Ok{};
    return Invalid("geo.coordinates_contradicted", "the crs member names another system than was declared", "crs");
  }

  Status ReadFeature(const element& feature, const std::string& place) {
    element geometry;
    if (feature["geometry"].get(geometry) != simdjson::SUCCESS || geometry.is_null()) {
      found_.findings.push_back({"geo.no_geometry", place});
      return Ok{};
    }
    GeoRegion region;
    if (element properties; feature["properties"].get(properties) == simdjson::SUCCESS) {
      region.code = PropertyText(properties, options_.code_member);
      region.name = PropertyText(properties, options_.name_member);
    }
    if (region.code.empty()) found_.findings.push_back({"geo.code_missing", place});
    if (region.name.empty()) found_.findings.push_back({"geo.name_missing", place});

    std::string_view type;
    array coordinates;
    const std::string where = place + ".geometry.coordinates";
    if (geometry["type"].get(type) != simdjson::SUCCESS || (type != "Polygon" && type != "MultiPolygon"))
      return Invalid("geo.geometry_unsupported", {}, place + ".geometry.type");
    if (geometry["coordinates"].get(coordinates) != simdjson::SUCCESS) return Invalid("geo.malformed", {}, where);
    if (type == "Polygon") {
      LF_TRY(ReadPolygon(coordinates, where, region));
    } else {
      std::size_t index = 0;
      for (const element& polygon : coordinates) {
        array rings;
        const std::string inner = fmt::format("{}[{}]", where, index++);
        if (polygon.get(rings) != simdjson::SUCCESS) return Invalid("geo.malformed", {}, inner);
        LF_TRY(ReadPolygon(rings, inner, region));
      }
    }
    LF_TRY(CheckRings(region, where));
    if (region.polygons.empty())
      found_.findings.push_back({"geo.no_geometry", place});
    else
      found_.regions.push_back(std::move(region));
    return Ok{};
  }

  Status ReadPolygon(const array& rings, const std::string& where, GeoRegion& region) {
    GeoPolygon polygon;
    std::size_t index = 0;
    for (const element& item : rings) {
      const std::string place = fmt::format("{}[{}]", where, index);
      array positions;
      if (item.get(positions) != simdjson::SUCCESS) return Invalid("geo.malformed", {}, place);
      LF_ASSIGN(GeoRing ring, ReadRing(positions, place));
      const bool outer = index++ == 0;
      if (IsFlat(ring)) {
        found_.findings.push_back({"geo.ring_without_area", place});
        if (outer) return Ok{};  // Its holes have nothing to lie in.
        continue;
      }
      if ((SignedArea2(ring) > 0) != outer) std::reverse(ring.begin(), ring.end());
      (outer ? polygon.outer : polygon.holes.emplace_back()) = std::move(ring);
    }
    if (!polygon.outer.empty()) region.polygons.push_back(std::move(polygon));
    return Ok{};
  }

  // Points of a closed ring, without its last, and without those that stand twice in a row.
  Result<GeoRing> ReadRing(const array& positions, const std::string& place) {
    GeoRing ring;
    std::size_t count = 0;
    for (const element& position : positions) {
      if (++points_ > options_.points_max)
        return Invalid("geo.too_large", fmt::format("more than {} points", options_.points_max), place);
      LF_ASSIGN(const GeoPoint point, ReadPosition(position, fmt::format("{}[{}]", place, count)));
      ++count;
      if (ring.empty() || ring.back() != point) ring.push_back(point);
    }
    if (count < 4) return Invalid("geo.ring_too_short", {}, place);
    // With equal ends only: two points within 1 cm are one, so the last may be the first without standing apart.
    if (ring.size() == 1) return ring;
    if (ring.front() != ring.back()) return Invalid("geo.ring_open", {}, place);
    ring.pop_back();
    return ring;
  }

  Result<GeoPoint> ReadPosition(const element& position, const std::string& place) const {
    array numbers;
    double longitude = 0, latitude = 0;
    if (position.get(numbers) != simdjson::SUCCESS || numbers.size() < 2 || numbers.size() > 4 ||
        numbers.at(0).get(longitude) != simdjson::SUCCESS || numbers.at(1).get(latitude) != simdjson::SUCCESS)
      return Invalid("geo.malformed", {}, place);
    if (!(std::abs(longitude) <= 180 && std::abs(latitude) <= 90)) return Invalid("geo.out_of_range", {}, place);
    if (options_.system == CoordinateSystem::kGcj02) {
      const auto wgs84 = Wgs84FromGcj02({latitude, longitude});
      latitude = wgs84.latitude;
      longitude = wgs84.longitude;
    }
    return GeoPoint{static_cast<std::int32_t>(std::lround(latitude * kPerDegree)),
                    static_cast<std::int32_t>(std::lround(longitude * kPerDegree))};
  }

  static Status CheckRings(const GeoRegion& region, const std::string& where) {
    auto crossing = FindCrossing(region.polygons);
    if (!crossing) return std::move(crossing).error().At(where);
    if (*crossing)
      return Invalid((*crossing)->within_ring ? "geo.ring_crosses_itself" : "geo.rings_cross", Degrees((*crossing)->at),
                     where);
    for (const GeoPolygon& polygon : region.polygons) LF_TRY(CheckHoles(polygon, where));
    return Ok{};
  }

  static Status CheckHoles(const GeoPolygon& polygon, const std::string& where) {
    constexpr std::size_t kWorkMax = 200'000'000;
    const GeoPolygon filled{polygon.outer, {}};
    std::size_t work = 0;
    for (const GeoRing& hole : polygon.holes) {
      for (GeoPoint point : hole) {
        if ((work += polygon.outer.size()) > kWorkMax)
          return Invalid("geo.too_tangled", "the holes have too many points to be checked", where);
        if (!Contains(filled, point)) return Invalid("geo.hole_outside", Degrees(point), where);
      }
    }
    return Ok{};
  }

  const GeoJsonOptions& options_;
  GeoCollection found_;
  std::size_t points_ = 0;
};

}  // namespace

Result<GeoCollection> ReadGeoJson(std::string_view bytes, const GeoJsonOptions& options) {
  if (bytes.size() > options.bytes_max)
    return Invalid("geo.too_large", fmt::format("{} bytes, {} are allowed", bytes.size(), options.bytes_max));
  if (options.system == CoordinateSystem::kUnknown && !options.take_unknown_as_wgs84)
    return Invalid("geo.coordinates_undeclared");
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);

  simdjson::dom::parser parser;
  element root;
  if (parser.allocate(std::max<std::size_t>(bytes.size(), 64), kDepthMax) != simdjson::SUCCESS)
    return Unavailable("geo.no_memory");
  if (parser.parse(bytes.data(), bytes.size()).get(root) != simdjson::SUCCESS) {
    const std::size_t fault = IsUtf8(bytes) ? FindJsonFault(bytes) : std::string_view::npos;
    return Invalid("geo.not_json", fault == std::string_view::npos ? "not UTF-8, too deep, or a number out of range"
                                                                   : DescribePlace(bytes, fault));
  }
  return Reader(options).Read(root);
}

}  // namespace landfall::exchange
