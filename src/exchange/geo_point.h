// SPDX-License-Identifier: Apache-2.0
// Places on the earth as whole numbers, so that geometry is exact and stored bytes hold no floats.
#pragma once

#include <cstdint>
#include <vector>

namespace landfall::exchange {

// 10^-7 degrees of WGS-84, about 1 cm; north and east are positive. Latitude ±9·10^8, longitude ±1.8·10^9.
struct GeoPoint {
  std::int32_t latitude_e7 = 0, longitude_e7 = 0;
  auto operator<=>(const GeoPoint&) const = default;
};
inline constexpr double kPerDegree = 1e7;

// A closed line without its last point, which equals the first.
using GeoRing = std::vector<GeoPoint>;

struct GeoPolygon {
  GeoRing outer;               // Counter-clockwise (RFC 7946 §3.1.6).
  std::vector<GeoRing> holes;  // Clockwise.
};

}  // namespace landfall::exchange
