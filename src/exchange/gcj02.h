// SPDX-License-Identifier: Apache-2.0
// From GCJ-02 (火星坐标), in which Chinese map services publish, to WGS-84.
//
// Source: the offset polynomial in general use, on the Krasovsky 1940 ellipsoid, as the projects on4wp7 and emq
// published it and eviltransform (github.com/googollee/eviltransform) collects it, whose test pairs our tests repeat.
// The authority's own transformation is not public, and so neither is how far the polynomial is from it: a converted
// border is good for a map and not for a land survey. Our inversion of the polynomial adds less than 2 cm. Outside the
// rectangle 72.004…137.8347 E, 0.8293…55.8271 N nothing is shifted.
#pragma once

#include "exchange/geo_point.h"

namespace landfall::exchange {

// Degrees.
struct Degrees {
  double latitude = 0, longitude = 0;
};

Degrees Gcj02FromWgs84(Degrees wgs84);
// By fixed-point iteration, at most 10 steps. Cost: about 1 µs.
Degrees Wgs84FromGcj02(Degrees gcj02);

}  // namespace landfall::exchange
