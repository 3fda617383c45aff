// SPDX-License-Identifier: Apache-2.0
// Finds where borders cross. Edges that follow each other lie near each other, so a binary tree of boxes over them in
// their given order is as good as a sorted one, and most pairs of branches never meet.
#include <fmt/format.h>

#include <algorithm>

#include "exchange/geo_shape.h"

namespace landfall::exchange {
namespace {

struct Edge {
  GeoPoint a, b;
  std::uint32_t polygon = 0, ring = 0, index = 0, ring_size = 0;
};

struct Box {
  std::int32_t west, south, east, north;
  bool Meets(const Box& other) const {
    return west <= other.east && other.west <= east && south <= other.north && other.south <= north;
  }
};

int Sign(__int128 value) { return value > 0 ? 1 : value < 0 ? -1 : 0; }

int Turn(GeoPoint a, GeoPoint b, GeoPoint c) {
  const std::int64_t abx = std::int64_t{b.longitude_e7} - a.longitude_e7,
                     aby = std::int64_t{b.latitude_e7} - a.latitude_e7;
  const std::int64_t acx = std::int64_t{c.longitude_e7} - a.longitude_e7,
                     acy = std::int64_t{c.latitude_e7} - a.latitude_e7;
  return Sign(static_cast<__int128>(abx) * acy - static_cast<__int128>(aby) * acx);
}

bool InBox(const Edge& edge, GeoPoint p) {
  return std::min(edge.a.longitude_e7, edge.b.longitude_e7) <= p.longitude_e7 &&
         p.longitude_e7 <= std::max(edge.a.longitude_e7, edge.b.longitude_e7) &&
         std::min(edge.a.latitude_e7, edge.b.latitude_e7) <= p.latitude_e7 &&
         p.latitude_e7 <= std::max(edge.a.latitude_e7, edge.b.latitude_e7);
}

GeoPoint ProperCrossing(const Edge& p, const Edge& q) {
  const auto x = [](GeoPoint g) { return static_cast<long double>(g.longitude_e7); };
  const auto y = [](GeoPoint g) { return static_cast<long double>(g.latitude_e7); };
  const long double px = x(p.b) - x(p.a), py = y(p.b) - y(p.a), qx = x(q.b) - x(q.a), qy = y(q.b) - y(q.a);
  const long double t = ((x(q.a) - x(p.a)) * qy - (y(q.a) - y(p.a)) * qx) / (px * qy - py * qx);
  return {static_cast<std::int32_t>(y(p.a) + t * py), static_cast<std::int32_t>(x(p.a) + t * px)};
}

// Whether two edges meet where they must not, and where.
std::optional<GeoPoint> Conflict(const Edge& p, const Edge& q) {
  const int qa = Turn(p.a, p.b, q.a), qb = Turn(p.a, p.b, q.b), pa = Turn(q.a, q.b, p.a), pb = Turn(q.a, q.b, p.b);
  if (qa * qb < 0 && pa * pb < 0) return ProperCrossing(p, q);
  const bool one_line = qa == 0 && qb == 0;
  const bool same_ring = p.ring == q.ring;
  const bool q_follows = same_ring && (p.index + 1) % p.ring_size == q.index;
  const bool p_follows = same_ring && (q.index + 1) % p.ring_size == p.index;
  if (q_follows || p_follows) {
    // Neighbours share a point. They conflict when one goes back over the other.
    if (!one_line) return std::nullopt;
    const GeoPoint shared = q_follows ? q.a : p.a, from = q_follows ? p.a : q.a, to = q_follows ? q.b : p.b;
    const bool back = InBox({shared, from}, to) || InBox({shared, to}, from);
    return back ? std::optional(shared) : std::nullopt;
  }
  if (p.polygon != q.polygon) return std::nullopt;
  if (one_line && !same_ring) {
    // Two rings may touch in a point: a conflict needs two different common points.
    std::optional<GeoPoint> first;
    for (GeoPoint point : {p.a, p.b, q.a, q.b}) {
      if (!InBox(p, point) || !InBox(q, point)) continue;
      if (first && *first != point) return point;
      first = point;
    }
    return std::nullopt;
  }
  if (!same_ring) return std::nullopt;
  if (qa == 0 && InBox(p, q.a)) return q.a;
  if (qb == 0 && InBox(p, q.b)) return q.b;
  if (pa == 0 && InBox(q, p.a)) return p.a;
  if (pb == 0 && InBox(q, p.b)) return p.b;
  return std::nullopt;
}

class Search {
 public:
  explicit Search(std::vector<Edge> edges) : edges_(std::move(edges)) {
    while (leaves_ < edges_.size()) leaves_ *= 2;
    boxes_.resize(2 * leaves_, Box{1, 1, 0, 0});  // An empty box meets nothing.
    for (std::size_t i = 0; i < edges_.size(); ++i) {
      const Edge& e = edges_[i];
      boxes_[leaves_ + i] = {std::min(e.a.longitude_e7, e.b.longitude_e7), std::min(e.a.latitude_e7, e.b.latitude_e7),
                             std::max(e.a.longitude_e7, e.b.longitude_e7), std::max(e.a.latitude_e7, e.b.latitude_e7)};
    }
    for (std::size_t node = leaves_; --node > 0;) boxes_[node] = Join(boxes_[2 * node], boxes_[2 * node + 1]);
  }

  Result<std::optional<Crossing>> Run() {
    std::vector<std::pair<std::size_t, std::size_t>> open{{1, 1}};
    while (!open.empty()) {
      if (++work_ > kWorkMax) return Invalid("geo.too_tangled", fmt::format("more than {} pairs of edges", kWorkMax));
      const auto [left, right] = open.back();
      open.pop_back();
      if (left == right) {
        if (left >= leaves_) continue;
        open.insert(open.end(), {{2 * left, 2 * left}, {2 * left + 1, 2 * left + 1}, {2 * left, 2 * left + 1}});
        continue;
      }
      if (!boxes_[left].Meets(boxes_[right])) continue;
      if (left < leaves_) {  // Both lie on one level.
        for (std::size_t i : {2 * left, 2 * left + 1})
          for (std::size_t j : {2 * right, 2 * right + 1}) open.emplace_back(i, j);
        continue;
      }
      const Edge &p = edges_[left - leaves_], &q = edges_[right - leaves_];
      if (const auto at = Conflict(p, q)) return std::optional(Crossing{*at, p.ring == q.ring});
    }
    return std::optional<Crossing>();
  }

 private:
  static constexpr std::uint64_t kWorkMax = 100'000'000;  // A second or two.

  static Box Join(const Box& a, const Box& b) {
    if (a.west > a.east) return b;
    if (b.west > b.east) return a;
    return {std::min(a.west, b.west), std::min(a.south, b.south), std::max(a.east, b.east), std::max(a.north, b.north)};
  }

  std::vector<Edge> edges_;
  std::size_t leaves_ = 1;
  std::vector<Box> boxes_;  // A heap: the children of n are 2n and 2n + 1, leaves last.
  std::uint64_t work_ = 0;
};

}  // namespace

Result<std::optional<Crossing>> FindCrossing(std::span<const GeoPolygon> polygons) {
  std::vector<Edge> edges;
  std::uint32_t polygon = 0, rings = 0;
  const auto add = [&](const GeoRing& ring) {
    const auto size = static_cast<std::uint32_t>(ring.size());
    for (std::uint32_t i = 0; i < size; ++i) edges.push_back({ring[i], ring[(i + 1) % size], polygon, rings, i, size});
    ++rings;
  };
  for (; polygon < polygons.size(); ++polygon) {
    add(polygons[polygon].outer);
    for (const GeoRing& hole : polygons[polygon].holes) add(hole);
  }
  return Search(std::move(edges)).Run();
}

}  // namespace landfall::exchange
