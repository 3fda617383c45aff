// SPDX-License-Identifier: Apache-2.0
#include "exchange/geo_shape.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <queue>

namespace landfall::exchange {
namespace {

constexpr double kRadians = std::numbers::pi / 180 / kPerDegree;

// The plane of a shape in metres, near enough for distances within a province.
class LocalPlane {
 public:
  explicit LocalPlane(GeoPoint origin)
      : origin_(origin), east_(std::cos(origin.latitude_e7 * kRadians) * kMetres), north_(kMetres) {}

  struct Point {
    double x = 0, y = 0;
  };
  Point To(GeoPoint point) const {
    return {(static_cast<double>(point.longitude_e7) - origin_.longitude_e7) * east_,
            (static_cast<double>(point.latitude_e7) - origin_.latitude_e7) * north_};
  }
  GeoPoint From(Point point) const {
    return {static_cast<std::int32_t>(std::lround(point.y / north_)) + origin_.latitude_e7,
            static_cast<std::int32_t>(std::lround(point.x / east_)) + origin_.longitude_e7};
  }

 private:
  static constexpr double kMetres = 6'371'007.2 * kRadians;  // Of one unit along a meridian; authalic radius.
  GeoPoint origin_;
  double east_, north_;
};

using Plane = LocalPlane::Point;

template <class Visit>
void ForEachRing(const GeoPolygon& polygon, Visit&& visit) {
  visit(polygon.outer);
  for (const GeoRing& hole : polygon.holes) visit(hole);
}

// Turn of the path a, b, c: positive to the left, 0 on one line.
__int128 Cross(GeoPoint a, GeoPoint b, GeoPoint c) {
  const auto dx = [](GeoPoint p, GeoPoint q) { return std::int64_t{q.longitude_e7} - p.longitude_e7; };
  const auto dy = [](GeoPoint p, GeoPoint q) { return std::int64_t{q.latitude_e7} - p.latitude_e7; };
  return static_cast<__int128>(dx(a, b)) * dy(a, c) - static_cast<__int128>(dy(a, b)) * dx(a, c);
}

// Whether `p`, which is on the line through a and b, lies between them.
bool InSpan(GeoPoint a, GeoPoint b, GeoPoint p) {
  return std::min(a.longitude_e7, b.longitude_e7) <= p.longitude_e7 &&
         p.longitude_e7 <= std::max(a.longitude_e7, b.longitude_e7) &&
         std::min(a.latitude_e7, b.latitude_e7) <= p.latitude_e7 &&
         p.latitude_e7 <= std::max(a.latitude_e7, b.latitude_e7);
}

enum class Side : std::uint8_t { kOutside, kOnBorder, kInside };

Side SideOf(std::span<const GeoPoint> ring, GeoPoint point) {
  bool inside = false;
  for (std::size_t i = 0, before = ring.size() - 1; i < ring.size(); before = i++) {
    const GeoPoint a = ring[before], b = ring[i];
    const __int128 turn = Cross(a, b, point);
    if (turn == 0 && InSpan(a, b, point)) return Side::kOnBorder;
    if ((a.latitude_e7 > point.latitude_e7) != (b.latitude_e7 > point.latitude_e7))
      inside ^= (turn > 0) == (b.latitude_e7 > a.latitude_e7);
  }
  return inside ? Side::kInside : Side::kOutside;
}

double DistanceToSegment(Plane p, Plane a, Plane b) {
  const double dx = b.x - a.x, dy = b.y - a.y, length2 = dx * dx + dy * dy;
  const double t = length2 == 0 ? 0 : std::clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / length2, 0.0, 1.0);
  return std::hypot(p.x - a.x - t * dx, p.y - a.y - t * dy);
}

// The metric form of a polygon, for distances to its border.
class PlaneShape {
 public:
  PlaneShape(const GeoPolygon& polygon, const LocalPlane& plane) {
    ForEachRing(polygon, [&](const GeoRing& ring) {
      rings_.emplace_back();
      for (GeoPoint point : ring) rings_.back().push_back(plane.To(point));
    });
  }
  // Positive inside.
  double Distance(Plane p) const {
    bool inside = false;
    double nearest = std::numeric_limits<double>::infinity();
    for (const std::vector<Plane>& ring : rings_) {
      for (std::size_t i = 0, before = ring.size() - 1; i < ring.size(); before = i++) {
        const Plane a = ring[before], b = ring[i];
        if ((a.y > p.y) != (b.y > p.y) && p.x < (b.x - a.x) * (p.y - a.y) / (b.y - a.y) + a.x) inside = !inside;
        nearest = std::min(nearest, DistanceToSegment(p, a, b));
      }
    }
    return inside ? nearest : -nearest;
  }

 private:
  std::vector<std::vector<Plane>> rings_;
};

// Authalic latitude's sine: q(φ)/q(90°) (Snyder 1987, eq. 3-11 and 3-12), WGS-84.
double AuthalicSine(double latitude) {
  constexpr double e2 = 0.00669437999014;
  const double e = std::sqrt(e2);
  const auto q = [&](double sine) {
    return (1 - e2) * (sine / (1 - e2 * sine * sine) - std::log((1 - e * sine) / (1 + e * sine)) / (2 * e));
  };
  return q(std::sin(latitude)) / q(1);
}

double RingAreaKm2(std::span<const GeoPoint> ring) {
  constexpr double kAuthalicKm = 6371.0071809;
  double sum = 0;
  double sine_before = AuthalicSine(ring.back().latitude_e7 * kRadians);
  for (std::size_t i = 0, before = ring.size() - 1; i < ring.size(); before = i++) {
    const double sine = AuthalicSine(ring[i].latitude_e7 * kRadians);
    sum += (static_cast<double>(ring[i].longitude_e7) - ring[before].longitude_e7) * kRadians * (sine + sine_before);
    sine_before = sine;
  }
  return std::abs(sum) / 2 * kAuthalicKm * kAuthalicKm;
}

}  // namespace

GeoBox BoundingBox(std::span<const GeoPolygon> polygons) {
  LF_CHECK(!polygons.empty() && !polygons[0].outer.empty());
  GeoBox box{polygons[0].outer[0], polygons[0].outer[0]};
  for (const GeoPolygon& polygon : polygons) {
    for (GeoPoint point : polygon.outer) {
      box.low = {std::min(box.low.latitude_e7, point.latitude_e7), std::min(box.low.longitude_e7, point.longitude_e7)};
      box.high = {std::max(box.high.latitude_e7, point.latitude_e7),
                  std::max(box.high.longitude_e7, point.longitude_e7)};
    }
  }
  return box;
}

__int128 SignedArea2(std::span<const GeoPoint> ring) {
  __int128 sum = 0;
  for (std::size_t i = 1; i + 1 < ring.size(); ++i) sum += Cross(ring[0], ring[i], ring[i + 1]);
  return sum;
}

bool Contains(const GeoPolygon& polygon, GeoPoint point) {
  const Side side = SideOf(polygon.outer, point);
  if (side != Side::kInside) return side == Side::kOnBorder;
  return std::none_of(polygon.holes.begin(), polygon.holes.end(),
                      [&](const GeoRing& hole) { return SideOf(hole, point) == Side::kInside; });
}

bool Contains(std::span<const GeoPolygon> polygons, GeoPoint point) {
  return std::any_of(polygons.begin(), polygons.end(),
                     [&](const GeoPolygon& polygon) { return Contains(polygon, point); });
}

double AreaKm2(std::span<const GeoPolygon> polygons) {
  double sum = 0;
  for (const GeoPolygon& polygon : polygons) {
    sum += RingAreaKm2(polygon.outer);
    for (const GeoRing& hole : polygon.holes) sum -= RingAreaKm2(hole);
  }
  return sum;
}

GeoPoint LabelPoint(std::span<const GeoPolygon> polygons) {
  LF_CHECK(!polygons.empty());
  const GeoPolygon& largest = *std::max_element(
      polygons.begin(), polygons.end(),
      [](const GeoPolygon& a, const GeoPolygon& b) { return RingAreaKm2(a.outer) < RingAreaKm2(b.outer); });
  const GeoBox box = BoundingBox({&largest, 1});
  const LocalPlane plane({static_cast<std::int32_t>((std::int64_t{box.low.latitude_e7} + box.high.latitude_e7) / 2),
                          box.low.longitude_e7});
  const PlaneShape shape(largest, plane);
  const Plane low = plane.To(box.low), high = plane.To(box.high);

  struct Cell {
    Plane centre;
    double half, distance, bound;  // `bound`: no point of the cell is further inside.
    bool operator<(const Cell& other) const { return bound < other.bound; }
  };
  const auto make = [&](double x, double y, double half) {
    const double distance = shape.Distance({x, y});
    return Cell{{x, y}, half, distance, distance + half * std::numbers::sqrt2};
  };
  std::priority_queue<Cell> cells;
  const double width = std::max(high.x - low.x, high.y - low.y);
  const double side = std::max(std::min(high.x - low.x, high.y - low.y), width / 16);
  Cell best = make((low.x + high.x) / 2, (low.y + high.y) / 2, 0);
  for (double x = low.x; x < high.x; x += side)
    for (double y = low.y; y < high.y; y += side) cells.push(make(x + side / 2, y + side / 2, side / 2));
  const double precision = width / 100;
  constexpr int kCellsMax = 4096;  // A needle has no middle; its best so far will do.
  for (int i = 0; i < kCellsMax && !cells.empty(); ++i) {
    const Cell cell = cells.top();
    cells.pop();
    if (cell.distance > best.distance) best = cell;
    // A point inside comes before precision.
    if (best.distance > 0 && cell.bound - best.distance <= precision) break;
    const double half = cell.half / 2;
    for (double dx : {-half, half})
      for (double dy : {-half, half}) cells.push(make(cell.centre.x + dx, cell.centre.y + dy, half));
  }
  return best.distance > 0 ? plane.From(best.centre) : largest.outer[0];
}

std::size_t CountPoints(std::span<const GeoPolygon> polygons) {
  std::size_t count = 0;
  for (const GeoPolygon& polygon : polygons) ForEachRing(polygon, [&](const GeoRing& ring) { count += ring.size(); });
  return count;
}

}  // namespace landfall::exchange
