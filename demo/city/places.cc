// SPDX-License-Identifier: Apache-2.0
#include "places.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

#include "base/seam.h"

namespace landfall::city {
namespace {

constexpr Place kDistricts[] = {{"990102", "霁川区"}, {"990103", "栖岚区"}, {"990104", "澄埠区"}, {"990105", "曜岭区"},
                                {"990106", "枫渚区"}, {"990107", "望汐区"}, {"990121", "黛溪县"}, {"990122", "翠崟县"},
                                {"990123", "锦岫县"}, {"990181", "青筠市"}};
constexpr Place kParks[] = {
    {"990102001", "霁川高新技术产业园", 0}, {"990102002", "霁川综合物流园", 0}, {"990103001", "栖岚新材料产业园", 1},
    {"990104001", "澄埠临港产业园", 2},     {"990105001", "曜岭智能装备园", 3}, {"990106001", "枫渚电子信息园", 4},
    {"990107001", "望汐生物医药园", 5},     {"990121001", "黛溪绿色食品园", 6}, {"990122001", "翠崟绿色建材园", 7},
    {"990123001", "锦岫轻纺产业园", 8},     {"990181001", "青筠储能产业园", 9}, {"990181002", "青筠循环经济园", 9}};

// Districts stand in three rows of three, four and three in a unit square, which is then bent into an outline. A border
// between two of them is made once, so that both have the very same points.
constexpr int kPerRow[] = {3, 4, 3};
constexpr int kRows = 3;
constexpr int kDetail = 16;  // Points on each edge.

struct Flat {
  double u = 0, v = 0;
};

// The square bent to the outline: a disk with lobes, in degrees about a point in the ocean.
Point Bend(Flat f) {
  const double x = 2 * f.u - 1, y = 2 * f.v - 1;
  const double a = x * std::sqrt(1 - y * y / 2), b = y * std::sqrt(1 - x * x / 2);
  const double angle = std::atan2(b, a);
  const double lobes = 1 + 0.10 * std::sin(3 * angle + 0.4) + 0.06 * std::sin(5 * angle + 1.9) +
                       0.03 * std::sin(11 * angle) + 0.015 * std::sin(23 * angle + 0.7);
  const double away = std::hypot(a, b);
  const double stretch = 1 + (lobes - 1) * away * away;  // The middle stays where it is.
  return {160.0 + 0.95 * a * stretch, 30.0 + 0.62 * b * stretch};
}

// A wavering line whose ends stay; the same for both directions.
std::vector<Flat> Edge(Flat from, Flat to) {
  const bool turned = from.v > to.v || (from.v == to.v && from.u > to.u);
  const Flat a = turned ? to : from, b = turned ? from : to;
  const bool outside = (a.u == b.u && (a.u == 0 || a.u == 1)) || (a.v == b.v && (a.v == 0 || a.v == 1));
  SeededRandom random(static_cast<std::uint64_t>(std::lround(a.u * 997) * 1'000'003 + std::lround(a.v * 991) * 10'007 +
                                                 std::lround(b.u * 983) * 101 + std::lround(b.v * 977)));
  const double length = std::hypot(b.u - a.u, b.v - a.v);
  std::vector<double> aside(kDetail + 1, 0);
  if (!outside) {
    for (int wave = 1; wave <= 6; ++wave) {
      const double size = (static_cast<double>(random.Next() % 2001) / 1000 - 1) * length * 0.075 / wave;
      for (int i = 1; i < kDetail; ++i)
        aside[static_cast<std::size_t>(i)] += size * std::sin(M_PI * wave * i / kDetail);
    }
  }
  std::vector<Flat> points;
  for (int i = 0; i <= kDetail; ++i) {
    const double t = static_cast<double>(i) / kDetail, s = aside[static_cast<std::size_t>(i)];
    points.push_back(
        {a.u + (b.u - a.u) * t - (b.v - a.v) / length * s, a.v + (b.v - a.v) * t + (b.u - a.u) / length * s});
  }
  if (turned) std::reverse(points.begin(), points.end());
  return points;
}

// Where a row is parted, from west to east; not even, for no county is.
std::vector<double> Cuts(int row) {
  constexpr double kUneven[] = {0.035, -0.045, 0.025};
  std::vector<double> cuts;
  const int n = kPerRow[row];
  for (int i = 0; i <= n; ++i)
    cuts.push_back(i == 0 || i == n ? i / n : static_cast<double>(i) / n + kUneven[(row + i) % 3]);
  return cuts;
}
double RowEdge(int row) { return std::array{0.0, 0.32, 0.66, 1.0}[static_cast<std::size_t>(row)]; }

// Points where the lines above and below a row meet it, between two cuts.
std::vector<double> Joints(int line, double west, double east) {
  std::vector<double> joints{west, east};
  for (const int row : {line - 1, line})
    if (row >= 0 && row < kRows)
      for (const double cut : Cuts(row))
        if (cut > west && cut < east) joints.push_back(cut);
  std::sort(joints.begin(), joints.end());
  return joints;
}

void Along(std::vector<Flat>& ring, const std::vector<Flat>& edge) {
  ring.insert(ring.end(), edge.begin(), edge.end() - 1);
}

std::vector<Flat> RingOf(int row, int column) {
  const std::vector<double> cuts = Cuts(row);
  const double west = cuts[static_cast<std::size_t>(column)], east = cuts[static_cast<std::size_t>(column) + 1];
  const double south = RowEdge(row), north = RowEdge(row + 1);
  std::vector<Flat> ring;
  const std::vector<double> below = Joints(row, west, east), above = Joints(row + 1, west, east);
  for (std::size_t i = 0; i + 1 < below.size(); ++i) Along(ring, Edge({below[i], south}, {below[i + 1], south}));
  Along(ring, Edge({east, south}, {east, north}));
  for (std::size_t i = above.size(); i-- > 1;) Along(ring, Edge({above[i], north}, {above[i - 1], north}));
  Along(ring, Edge({west, north}, {west, south}));
  return ring;
}

std::string Feature(const Place& place, const std::vector<Point>& ring) {
  std::string out = fmt::format(
      R"({{"type":"Feature","properties":{{"adcode":"{}","name":"{}"}},"geometry":{{"type":"Polygon","coordinates":[[)",
      place.code, place.name);
  for (const Point& p : ring) out += fmt::format("[{:.7f},{:.7f}],", p.longitude, p.latitude);
  return out + fmt::format("[{:.7f},{:.7f}]]]}}}}", ring[0].longitude, ring[0].latitude);
}

Flat MiddleOf(int district) {
  int row = 0, column = district;
  while (column >= kPerRow[row]) column -= kPerRow[row++];
  const std::vector<double> cuts = Cuts(row);
  return {(cuts[static_cast<std::size_t>(column)] + cuts[static_cast<std::size_t>(column) + 1]) / 2,
          (RowEdge(row) + RowEdge(row + 1)) / 2};
}

}  // namespace

std::span<const Place> Districts() { return kDistricts; }
std::span<const Place> Parks() { return kParks; }

Point CentreOfPark(std::size_t park) {
  Flat middle = MiddleOf(kParks[park].district);
  const bool second = park > 0 && kParks[park - 1].district == kParks[park].district;
  const bool first_of_two = park + 1 < std::size(kParks) && kParks[park + 1].district == kParks[park].district;
  middle.u += second ? 0.055 : first_of_two ? -0.055 : 0.02;
  middle.v += second ? 0.06 : -0.04;
  return Bend(middle);
}

std::string Borders() {
  std::string out = R"({"type":"FeatureCollection","features":[)";
  std::size_t district = 0;
  for (int row = 0; row < kRows; ++row)
    for (int column = 0; column < kPerRow[row]; ++column, ++district) {
      std::vector<Point> ring;
      for (const Flat& f : RingOf(row, column)) ring.push_back(Bend(f));
      out += Feature(kDistricts[district], ring) + ",";
    }
  for (std::size_t park = 0; park < std::size(kParks); ++park) {
    const Point centre = CentreOfPark(park);
    std::vector<Point> ring;
    for (int i = 0; i < 12; ++i) {
      const double angle = 2 * M_PI * i / 12, wide = 1 + 0.16 * std::sin(angle * 2 + static_cast<double>(park));
      ring.push_back({centre.longitude + kParkRadius * wide * 1.15 * std::cos(angle),
                      centre.latitude + kParkRadius * wide * std::sin(angle)});
    }
    out += Feature(kParks[park], ring) + (park + 1 < std::size(kParks) ? "," : "");
  }
  return out + "]}";
}

}  // namespace landfall::city
