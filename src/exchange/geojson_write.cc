// SPDX-License-Identifier: Apache-2.0
#include "exchange/geojson_write.h"

#include <cstdint>

namespace landfall::exchange {
namespace {

// From whole numbers, so that no rounding of floats can make two forms of one point.
void AppendDegrees(std::string& out, std::int32_t e7) {
  std::int64_t left = e7;
  if (left < 0) {
    out += '-';
    left = -left;
  }
  constexpr std::int64_t kUnit = 10'000'000;
  out += std::to_string(left / kUnit);
  left %= kUnit;
  if (left == 0) return;
  std::string decimals = std::to_string(left + kUnit).substr(1);
  decimals.erase(decimals.find_last_not_of('0') + 1);
  out += '.';
  out += decimals;
}

void AppendPosition(std::string& out, GeoPoint point) {
  out += '[';
  AppendDegrees(out, point.longitude_e7);
  out += ',';
  AppendDegrees(out, point.latitude_e7);
  out += ']';
}

void AppendRing(std::string& out, const GeoRing& ring) {
  out += '[';
  for (const GeoPoint point : ring) {
    AppendPosition(out, point);
    out += ',';
  }
  AppendPosition(out, ring.front());
  out += ']';
}

}  // namespace

std::string WriteGeometry(std::span<const GeoPolygon> polygons, GeoPoint label) {
  std::string out = R"({"type":"MultiPolygon","label":)";
  AppendPosition(out, label);
  out += R"(,"coordinates":[)";
  for (std::size_t i = 0; i < polygons.size(); ++i) {
    out += i == 0 ? "[" : ",[";
    AppendRing(out, polygons[i].outer);
    for (const GeoRing& hole : polygons[i].holes) {
      out += ',';
      AppendRing(out, hole);
    }
    out += ']';
  }
  return out + "]}";
}

}  // namespace landfall::exchange
