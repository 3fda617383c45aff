// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <queue>

#include "exchange/geo_shape.h"

namespace landfall::exchange {
namespace {

struct Node {
  GeoPoint at;
  std::uint32_t before = 0, after = 0, ring = 0;
  bool gone = false;
};

// Where the `count` points that are left are, in cells that hold about two each.
class Grid {
 public:
  Grid(const std::vector<Node>& nodes, std::size_t count, const GeoBox& box) : low_(box.low) {
    const double width = static_cast<double>(box.high.longitude_e7) - box.low.longitude_e7 + 1;
    const double height = static_cast<double>(box.high.latitude_e7) - box.low.latitude_e7 + 1;
    while (across_ * across_ * 2 < count) ++across_;
    cell_width_ = width / static_cast<double>(across_);
    cell_height_ = height / static_cast<double>(across_);
    cells_.resize(across_ * across_);
    for (std::uint32_t i = 0; i < nodes.size(); ++i)
      if (!nodes[i].gone) cells_[Column(nodes[i].at) + Row(nodes[i].at) * across_].push_back(i);
  }

  // Whether `test` holds for a point in a cell that the box of three points meets.
  template <class Test>
  bool Any(GeoPoint a, GeoPoint b, GeoPoint c, Test&& test) const {
    const auto [west, east] = std::minmax({Column(a), Column(b), Column(c)});
    const auto [south, north] = std::minmax({Row(a), Row(b), Row(c)});
    for (std::size_t row = south; row <= north; ++row)
      for (std::size_t column = west; column <= east; ++column)
        for (std::uint32_t i : cells_[column + row * across_])
          if (test(i)) return true;
    return false;
  }

 private:
  std::size_t Column(GeoPoint p) const {
    return static_cast<std::size_t>((static_cast<double>(p.longitude_e7) - low_.longitude_e7) / cell_width_);
  }
  std::size_t Row(GeoPoint p) const {
    return static_cast<std::size_t>((static_cast<double>(p.latitude_e7) - low_.latitude_e7) / cell_height_);
  }

  GeoPoint low_;
  std::size_t across_ = 1;
  double cell_width_ = 1, cell_height_ = 1;
  std::vector<std::vector<std::uint32_t>> cells_;
};

__int128 Area2(GeoPoint a, GeoPoint b, GeoPoint c) {
  const GeoPoint triangle[] = {a, b, c};
  return SignedArea2(triangle);
}

class Simplifier {
 public:
  explicit Simplifier(std::span<const GeoPolygon> polygons) {
    for (const GeoPolygon& polygon : polygons) {
      AddRing(polygon.outer);
      for (const GeoRing& hole : polygon.holes) AddRing(hole);
    }
  }

  void Run(const GeoBox& box, std::size_t target) {
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) Weigh(i);
    std::size_t left = nodes_.size(), gridded = left;
    Grid grid(nodes_, left, box);
    while (left > target && !queue_.empty()) {
      // Triangles grow as points go, and the cells with them, so that a look stays cheap.
      if (left < gridded / 2) grid = Grid(nodes_, gridded = left, box);
      const auto [area, i, before, after] = queue_.top();
      queue_.pop();
      Node& node = nodes_[i];
      // An old weight of a point that is gone or has other neighbours by now.
      if (node.gone || node.before != before || node.after != after || ring_sizes_[node.ring] <= 3) continue;
      if (IsHeld(grid, i)) continue;  // Weighed again when a neighbour goes.
      node.gone = true;
      --ring_sizes_[node.ring];
      --left;
      nodes_[before].after = after;
      nodes_[after].before = before;
      Weigh(before);
      Weigh(after);
    }
  }

  GeoRing TakeRing() {
    GeoRing ring;
    for (; next_ < nodes_.size() && nodes_[next_].ring == taken_; ++next_)
      if (!nodes_[next_].gone) ring.push_back(nodes_[next_].at);
    ++taken_;
    return ring;
  }

 private:
  struct Weight {
    double area;
    std::uint32_t node, before, after;
    bool operator<(const Weight& other) const {  // The smallest comes first; ties by position, so that runs agree.
      return area != other.area ? area > other.area : node > other.node;
    }
  };

  void AddRing(const GeoRing& ring) {
    const auto first = static_cast<std::uint32_t>(nodes_.size()), size = static_cast<std::uint32_t>(ring.size());
    for (std::uint32_t i = 0; i < size; ++i)
      nodes_.push_back({ring[i], first + (i + size - 1) % size, first + (i + 1) % size,
                        static_cast<std::uint32_t>(ring_sizes_.size())});
    ring_sizes_.push_back(size);
  }

  void Weigh(std::uint32_t i) {
    const Node& node = nodes_[i];
    const __int128 area2 = Area2(nodes_[node.before].at, node.at, nodes_[node.after].at);
    queue_.push({static_cast<double>(area2 < 0 ? -area2 : area2), i, node.before, node.after});
  }

  // Another point lies in the triangle that would be cut off, its border included.
  bool IsHeld(const Grid& grid, std::uint32_t i) const {
    const Node& node = nodes_[i];
    const GeoPoint a = nodes_[node.before].at, b = node.at, c = nodes_[node.after].at;
    return grid.Any(a, b, c, [&](std::uint32_t other) {
      if (nodes_[other].gone || other == i || other == node.before || other == node.after) return false;
      const GeoPoint p = nodes_[other].at;
      const __int128 x = Area2(a, b, p), y = Area2(b, c, p), z = Area2(c, a, p);
      return (x >= 0 && y >= 0 && z >= 0) || (x <= 0 && y <= 0 && z <= 0);
    });
  }

  std::vector<Node> nodes_;
  std::vector<std::size_t> ring_sizes_;
  std::priority_queue<Weight> queue_;
  std::size_t next_ = 0;
  std::uint32_t taken_ = 0;
};

}  // namespace

std::vector<GeoPolygon> Simplify(std::span<const GeoPolygon> polygons, std::size_t target) {
  std::vector<GeoPolygon> simpler;
  if (polygons.empty()) return simpler;
  Simplifier simplifier(polygons);
  simplifier.Run(BoundingBox(polygons), target);
  for (const GeoPolygon& polygon : polygons) {
    simpler.push_back({simplifier.TakeRing(), {}});
    for (std::size_t i = 0; i < polygon.holes.size(); ++i) simpler.back().holes.push_back(simplifier.TakeRing());
  }
  return simpler;
}

}  // namespace landfall::exchange
