// SPDX-License-Identifier: Apache-2.0
// Geometry of polygons: what crosses, what contains, how large, where to write the name, and a coarser form.
//
// Predicates are exact (whole numbers of 10^-7 degrees, products in 128 bits) in the plane of longitude and latitude,
// in which RFC 7946 §3.1.1 draws its edges. Lengths and areas are metric. A shape that crosses the 180th meridian is
// not known here. Threads: each call stands alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/result.h"
#include "exchange/geo_point.h"

namespace landfall::exchange {

struct GeoBox {
  GeoPoint low, high;  // South-west and north-east corner, both inside.
  auto operator<=>(const GeoBox&) const = default;
};

// Precondition: at least one point. Cost: linear.
GeoBox BoundingBox(std::span<const GeoPolygon> polygons);

// Twice the area in squared units of a GeoPoint; positive when counter-clockwise.
__int128 SignedArea2(std::span<const GeoPoint> ring);

// Whether a point lies in a polygon, its border included, its holes without theirs excluded. Cost: linear.
bool Contains(const GeoPolygon& polygon, GeoPoint point);
bool Contains(std::span<const GeoPolygon> polygons, GeoPoint point);

// On the WGS-84 ellipsoid: exact for its equal-area cylinder, in which edges are straight; against geodesic edges the
// difference for a county is far below 0.1 %. Polygons are summed, holes taken off. Cost: linear.
double AreaKm2(std::span<const GeoPolygon> polygons);

// Where a label stands best: the point inside whose distance to the border is largest (pole of inaccessibility, found
// on a quadtree of cells to within a hundredth of the shape's width). In the largest polygon. Precondition: at least
// one polygon with area. Cost: some hundred times linear.
GeoPoint LabelPoint(std::span<const GeoPolygon> polygons);

// Where borders meet that must not.
struct Crossing {
  GeoPoint at;
  bool within_ring = false;  // A ring meets itself; otherwise two rings meet.
};
// A ring may not touch itself anywhere. The rings of one polygon may touch in points but neither cross nor share part
// of an edge. Polygons may share edges (published borders cut one region into neighbours) but not cross; whether one
// lies within another is not looked at. Cost: about n log n for borders as they are, a second for 10^6 points; bounded
// by 10^8 comparisons. Errors: geo.too_tangled beyond that.
Result<std::optional<Crossing>> FindCrossing(std::span<const GeoPolygon> polygons);

// Takes away the points that matter least (Visvalingam and Whyatt 1993: smallest triangle with both neighbours first)
// until at most `target` remain, where that is possible: each ring keeps three points, and a point stays when others
// lie in its triangle, so that what did not cross before does not afterwards. Neighbouring regions are simplified each
// on their own, so common borders part by about a line's width. Cost: n log n.
std::vector<GeoPolygon> Simplify(std::span<const GeoPolygon> polygons, std::size_t target);

std::size_t CountPoints(std::span<const GeoPolygon> polygons);

}  // namespace landfall::exchange
