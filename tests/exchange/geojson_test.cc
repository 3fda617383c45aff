// SPDX-License-Identifier: Apache-2.0
#include "exchange/geojson.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include <cmath>
#include <filesystem>
#include <numbers>
#include <regex>
#include <set>

#include "base/embedded.h"
#include "base/seam.h"
#include "exchange/gcj02.h"
#include "exchange/geo_shape.h"
#include "support/test_data.h"

namespace landfall::exchange::test {
namespace {

GeoJsonOptions Wgs84() {
  GeoJsonOptions options;
  options.system = CoordinateSystem::kWgs84;
  return options;
}

std::string Collection(std::string_view geometry,
                       std::string_view properties = R"({"adcode":990101,"name":"青石区"})") {
  return fmt::format(
      R"({{"type":"FeatureCollection","features":[{{"type":"Feature","properties":{},"geometry":{}}}]}})", properties,
      geometry);
}
std::string Polygon(std::string_view rings) {
  return Collection(fmt::format(R"({{"type":"Polygon","coordinates":[{}]}})", rings));
}
constexpr std::string_view kSquare = "[[110,26],[111,26],[111,27],[110,27],[110,26]]";

Error ErrorOf(const std::string& bytes, const GeoJsonOptions& options = Wgs84()) {
  auto read = ReadGeoJson(bytes, options);
  return read ? Error{Fault::kInvalid, "taken", {}, {}} : read.error();
}
std::string CodeOf(const std::string& bytes, const GeoJsonOptions& options = Wgs84()) {
  return ErrorOf(bytes, options).code;
}

constexpr std::int32_t E7(double degrees) { return static_cast<std::int32_t>(degrees * 1e7); }

TEST(ReadGeoJson, APolygonWithCodeAndName) {
  const auto read = ReadGeoJson("\xEF\xBB\xBF" + Polygon(kSquare), Wgs84());

  ASSERT_TRUE(read.ok()) << read.error().code;
  ASSERT_EQ(read->regions.size(), 1u);
  EXPECT_EQ(read->regions[0].code, "990101");
  EXPECT_EQ(read->regions[0].name, "青石区");
  EXPECT_EQ(read->regions[0].polygons[0].outer.size(), 4u);
  EXPECT_EQ(BoundingBox(read->regions[0].polygons), (GeoBox{{E7(26), E7(110)}, {E7(27), E7(111)}}));
  EXPECT_TRUE(read->findings.empty());
}

TEST(ReadGeoJson, RingsAreTurnedAsTheStandardSaysAndRepeatedPointsGo) {
  const std::string clockwise = "[[110,26],[110,27],[110,27],[111,27],[111,26],[110,26]]";
  const std::string hole = "[[110.2,26.2],[110.8,26.2],[110.8,26.8],[110.2,26.8],[110.2,26.2]]";

  const auto read = ReadGeoJson(Polygon(clockwise + "," + hole), Wgs84());

  ASSERT_TRUE(read.ok()) << read.error().code;
  const GeoPolygon& polygon = read->regions[0].polygons[0];
  EXPECT_GT(SignedArea2(polygon.outer), 0);
  EXPECT_EQ(polygon.outer.size(), 4u);
  ASSERT_EQ(polygon.holes.size(), 1u);
  EXPECT_LT(SignedArea2(polygon.holes[0]), 0);
  EXPECT_TRUE(Contains(polygon, {E7(26.1), E7(110.1)}));
  EXPECT_FALSE(Contains(polygon, {E7(26.5), E7(110.5)}));
  EXPECT_TRUE(Contains(polygon, {E7(26), E7(110.5)}));    // On the border.
  EXPECT_TRUE(Contains(polygon, {E7(26.2), E7(110.5)}));  // On the border of the hole.
  EXPECT_FALSE(Contains(polygon, {E7(25.9), E7(110.5)}));
}

TEST(ReadGeoJson, WhatDoesNoHarmIsLeftOutWithAFinding) {
  const auto read = ReadGeoJson(
      R"({"type":"FeatureCollection","features":[
        {"type":"Feature","properties":{"adcode":"1"},"geometry":null},
        {"type":"Feature","properties":{"adcode":"2","name":"x"},"geometry":{"type":"MultiPolygon","coordinates":[
           [[[110,26],[111,26],[110,26],[110,26]]], [[[110,26],[111,26],[111,27],[110,26]]]]}},
        {"type":"Feature","properties":null,"geometry":{"type":"Polygon","coordinates":[]}}]})",
      Wgs84());

  ASSERT_TRUE(read.ok()) << read.error().code << read.error().field;
  ASSERT_EQ(read->regions.size(), 1u);
  EXPECT_EQ(read->regions[0].code, "2");
  EXPECT_EQ(read->regions[0].polygons.size(), 1u);
  std::vector<std::string> findings;
  for (const GeoFinding& finding : read->findings) findings.push_back(finding.code + " " + finding.place);
  EXPECT_EQ(findings,
            (std::vector<std::string>{
                "geo.no_geometry features[0]", "geo.ring_without_area features[1].geometry.coordinates[0][0]",
                "geo.code_missing features[2]", "geo.name_missing features[2]", "geo.no_geometry features[2]"}));
}

TEST(ReadGeoJson, ABorderThatCrossesItselfIsRefusedWithThePlace) {
  const Error bow_tie = ErrorOf(Polygon("[[110,26],[111,27],[111,26],[110,27],[110,26]]"));
  EXPECT_EQ(bow_tie.code, "geo.ring_crosses_itself");
  EXPECT_EQ(bow_tie.detail, "longitude 110.5000000, latitude 26.5000000");
  EXPECT_EQ(bow_tie.field, "features[0].geometry.coordinates");

  // A spike, a touch at a corner, a touch inside an edge.
  EXPECT_EQ(CodeOf(Polygon("[[110,26],[112,26],[111,26],[111,27],[110,26]]")), "geo.ring_crosses_itself");
  EXPECT_EQ(CodeOf(Polygon("[[0,0],[2,2],[4,0],[4,4],[2,2],[0,4],[0,0]]")), "geo.ring_crosses_itself");
  EXPECT_EQ(CodeOf(Polygon("[[0,0],[4,0],[4,4],[2,0],[0,4],[0,0]]")), "geo.ring_crosses_itself");
}

TEST(ReadGeoJson, RingsMayTouchButNeitherCrossNorLieOutside) {
  const std::string square = "[[0,0],[10,0],[10,10],[0,10],[0,0]],";
  EXPECT_EQ(CodeOf(Polygon(square + "[[5,5],[12,5],[12,6],[5,6],[5,5]]")), "geo.rings_cross");
  EXPECT_EQ(CodeOf(Polygon(square + "[[0,2],[0,4],[2,3],[0,2]]")), "geo.rings_cross");  // Along an edge.
  EXPECT_EQ(CodeOf(Polygon(square + "[[20,20],[21,20],[21,21],[20,20]]")), "geo.hole_outside");
  EXPECT_EQ(CodeOf(Polygon(square + "[[0,0],[5,4],[4,5],[0,0]]")), "taken");

  const auto two = [](std::string_view second) {
    return CodeOf(Collection(fmt::format(
        R"({{"type":"MultiPolygon","coordinates":[[[[0,0],[10,0],[10,10],[0,10],[0,0]]],[[{}]]]}})", second)));
  };
  EXPECT_EQ(two("[10,2],[12,3],[10,4],[10,2]"), "taken");  // Neighbours, as published borders have them.
  EXPECT_EQ(two("[9,2],[12,3],[9,4],[9,2]"), "geo.rings_cross");
}

TEST(ReadGeoJson, EachFaultHasItsCode) {
  EXPECT_EQ(CodeOf("{"), "geo.not_json");
  EXPECT_EQ(CodeOf(""), "geo.not_json");
  EXPECT_EQ(CodeOf("\xFF\xFE"), "geo.not_json");
  EXPECT_EQ(CodeOf(std::string(100'000, '[')), "geo.not_json");
  EXPECT_EQ(CodeOf(Polygon(std::string(40, '[') + std::string(40, ']'))), "geo.not_json");  // Too deep.
  EXPECT_EQ(CodeOf(Polygon("[[1e999,0],[1,0],[1,1],[1e999,0]]")), "geo.not_json");
  EXPECT_EQ(CodeOf("[]"), "geo.not_a_collection");
  EXPECT_EQ(CodeOf(R"({"type":"Feature"})"), "geo.not_a_collection");
  EXPECT_EQ(CodeOf(Collection(R"({"type":"Point","coordinates":[1,2]})")), "geo.geometry_unsupported");
  EXPECT_EQ(CodeOf(Collection(R"({"type":"Polygon","coordinates":3})")), "geo.malformed");
  EXPECT_EQ(CodeOf(Polygon("[[0,0],[1,\"0\"],[1,1],[0,0]]")), "geo.malformed");
  EXPECT_EQ(CodeOf(Polygon("[[0],[1,0],[1,1],[0,0]]")), "geo.malformed");
  EXPECT_EQ(CodeOf(Polygon("[[500000,3000000],[1,0],[1,1],[500000,3000000]]")), "geo.out_of_range");
  EXPECT_EQ(CodeOf(Polygon("[[0,0],[1,0],[0,0]]")), "geo.ring_too_short");
  EXPECT_EQ(CodeOf(Polygon("[]")), "geo.ring_too_short");
  EXPECT_EQ(CodeOf(Polygon("[[0,0],[1,0],[1,1],[0,1]]")), "geo.ring_open");

  GeoJsonOptions few = Wgs84();
  few.points_max = 4;
  EXPECT_EQ(CodeOf(Polygon(kSquare), few), "geo.too_large");
  few = Wgs84();
  few.features_max = 0;
  EXPECT_EQ(CodeOf(Polygon(kSquare), few), "geo.too_large");
  few.bytes_max = 10;
  EXPECT_EQ(CodeOf(Polygon(kSquare), few), "geo.too_large");
}

TEST(ReadGeoJson, TheCoordinateSystemMustBeDeclaredAndNotContradicted) {
  GeoJsonOptions options;
  EXPECT_EQ(CodeOf(Polygon(kSquare), options), "geo.coordinates_undeclared");
  options.take_unknown_as_wgs84 = true;
  EXPECT_EQ(CodeOf(Polygon(kSquare), options), "taken");

  const auto with_crs = [](std::string_view name) {
    std::string text = Polygon(kSquare);
    return text.insert(1, fmt::format(R"("crs":{{"type":"name","properties":{{"name":"{}"}}}},)", name));
  };
  EXPECT_EQ(CodeOf(with_crs("urn:ogc:def:crs:OGC:1.3:CRS84")), "taken");
  EXPECT_EQ(CodeOf(with_crs("urn:ogc:def:crs:EPSG::4490")), "taken");
  EXPECT_EQ(CodeOf(with_crs("urn:ogc:def:crs:EPSG::3857")), "geo.coordinates_contradicted");
  options.system = CoordinateSystem::kGcj02;
  EXPECT_EQ(CodeOf(with_crs("EPSG:4326"), options), "geo.coordinates_contradicted");
}

TEST(Gcj02, AgreesWithPublishedPairsAndInvertsExactly) {
  // Pairs of the tests of eviltransform (WGS-84, GCJ-02).
  struct Pair {
    Degrees wgs84, gcj02;
  };
  for (const Pair& pair : {Pair{{31.1774276, 121.5272106}, {31.17530398364597, 121.531541859215}},
                           Pair{{22.543847, 113.912316}, {22.540796131694766, 113.9171764808363}},
                           Pair{{39.911954, 116.377817}, {39.91334545536069, 116.38404722455657}}}) {
    const Degrees shifted = Gcj02FromWgs84(pair.wgs84);
    EXPECT_NEAR(shifted.latitude, pair.gcj02.latitude, 1e-6);
    EXPECT_NEAR(shifted.longitude, pair.gcj02.longitude, 1e-6);
    const Degrees back = Wgs84FromGcj02(pair.gcj02);
    EXPECT_NEAR(back.latitude, pair.wgs84.latitude, 1e-6);
    EXPECT_NEAR(back.longitude, pair.wgs84.longitude, 1e-6);
  }
  EXPECT_EQ(Gcj02FromWgs84({48.85, 2.35}).latitude, 48.85);

  double worst = 0;
  for (double latitude = 4; latitude < 54; latitude += 0.37) {
    for (double longitude = 74; longitude < 135; longitude += 0.53) {
      const Degrees back = Wgs84FromGcj02(Gcj02FromWgs84({latitude, longitude}));
      worst = std::max({worst, std::abs(back.latitude - latitude), std::abs(back.longitude - longitude)});
    }
  }
  EXPECT_LT(worst, 1.5e-7);
}

TEST(ReadGeoJson, AGcj02FileIsMovedByHundredsOfMetres) {
  GeoJsonOptions options;
  options.system = CoordinateSystem::kGcj02;

  const auto read = ReadGeoJson(Polygon(kSquare), options);

  ASSERT_TRUE(read.ok());
  const GeoBox box = BoundingBox(read->regions[0].polygons);
  const double north_m = (E7(26) - box.low.latitude_e7) / 1e7 * 111'000;
  const double east_m = (E7(110) - box.low.longitude_e7) / 1e7 * 100'000;
  EXPECT_GT(std::hypot(north_m, east_m), 100);
  EXPECT_LT(std::hypot(north_m, east_m), 1000);
}

TEST(AreaKm2, OfADegreeSquareAndOfTheWholeEllipsoid) {
  const auto square = [](double south, double west, double north, double east) {
    return std::vector<GeoPolygon>{
        {{{E7(south), E7(west)}, {E7(south), E7(east)}, {E7(north), E7(east)}, {E7(north), E7(west)}}, {}}};
  };
  // Geodesic area of the WGS-84 cell between 0 and 1 degree: 12,308.778 km2 (Snyder 1987, eq. 3-12 and 3-13).
  EXPECT_NEAR(AreaKm2(square(0, 0, 1, 1)), 12308.8, 0.5);
  // Surface of the ellipsoid: 510,065,622 km2 (NIMA TR8350.2).
  EXPECT_NEAR(AreaKm2(square(-90, -180, 90, 180)), 510'065'622, 200);
}

TEST(LabelPoint, LiesDeepInsideEvenWhereTheCentreDoesNot) {
  // A horseshoe, open to the north; its centre of gravity lies outside.
  const std::vector<GeoPolygon> shape{{{{E7(26), E7(110)},
                                        {E7(26), E7(111)},
                                        {E7(27), E7(111)},
                                        {E7(27), E7(110.9)},
                                        {E7(26.3), E7(110.9)},
                                        {E7(26.3), E7(110.1)},
                                        {E7(27), E7(110.1)},
                                        {E7(27), E7(110)}},
                                       {}}};

  const GeoPoint label = LabelPoint(shape);

  EXPECT_TRUE(Contains(shape, label));
  EXPECT_NEAR(label.latitude_e7 / 1e7, 26.15, 0.03);  // In the wide part.
}

// A star without self-crossing: n points at random distances around a centre.
GeoRing Star(SeededRandom& random, std::size_t n) {
  GeoRing ring;
  for (std::size_t i = 0; i < n; ++i) {
    const double angle = 2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(n);
    const double reach = 0.2 + static_cast<double>(random.Next() % 1000) / 1000;
    ring.push_back({E7(26 + reach * std::sin(angle)), E7(111 + reach * std::cos(angle))});
  }
  return ring;
}

TEST(FindCrossing, AgreesWithAllPairsOnRandomRings) {
  constexpr std::uint64_t kSeed = 7;
  SCOPED_TRACE(kSeed);
  SeededRandom random(kSeed);
  int crossed = 0;
  for (int round = 0; round < 300; ++round) {
    GeoRing ring = Star(random, 5 + random.Next() % 30);
    if (round % 2 == 0) std::swap(ring[random.Next() % ring.size()], ring[random.Next() % ring.size()]);
    // Naive: proper crossings of all pairs of edges, in double precision.
    bool naive = false;
    const auto turn = [](GeoPoint a, GeoPoint b, GeoPoint c) {
      return (double(b.longitude_e7) - a.longitude_e7) * (double(c.latitude_e7) - a.latitude_e7) -
             (double(b.latitude_e7) - a.latitude_e7) * (double(c.longitude_e7) - a.longitude_e7);
    };
    for (std::size_t i = 0; i < ring.size(); ++i)
      for (std::size_t j = 0; j < i; ++j) {
        const GeoPoint a = ring[i], b = ring[(i + 1) % ring.size()], c = ring[j], d = ring[(j + 1) % ring.size()];
        naive = naive || (turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0);
      }

    const GeoPolygon polygon{ring, {}};
    const auto found = FindCrossing({&polygon, 1});

    ASSERT_TRUE(found.ok());
    EXPECT_EQ(found->has_value(), naive) << "round " << round;
    crossed += naive;
  }
  EXPECT_GT(crossed, 50);
  EXPECT_LT(crossed, 250);
}

TEST(FindCrossing, AMillionPointsAreCheckedAndNeedlesAreRefusedInTime) {
  SeededRandom random(1);
  GeoPolygon border;  // A circle whose radius wanders, as borders do.
  double reach = 1;
  for (int i = 0; i < 1'000'000; ++i) {
    const double angle = 2 * std::numbers::pi * i / 1e6;
    reach += (static_cast<double>(random.Next() % 2001) - 1000) * 1e-8;
    border.outer.push_back({E7(26 + reach * std::sin(angle)), E7(111 + reach * std::cos(angle))});
  }
  const auto whole = FindCrossing({&border, 1});
  ASSERT_TRUE(whole.ok()) << whole.error().code;

  // A comb of long parallel teeth across the grain: the boxes of all of them meet, and nothing crosses.
  GeoPolygon comb;
  for (std::int32_t i = 0; i <= 60'000; ++i) {
    const std::int32_t reached = i % 2 == 0 ? 0 : 800'000'000;
    comb.outer.push_back({i * 100 + reached, -i * 100 + reached});
  }
  comb.outer.push_back({-100'000'000, -100'000'000});
  const auto tangled = FindCrossing({&comb, 1});
  ASSERT_FALSE(tangled.ok());
  EXPECT_EQ(tangled.error().code, "geo.too_tangled");
}

TEST(Simplify, KeepsRingsValidAndReachesItsTarget) {
  constexpr std::uint64_t kSeed = 3;
  SCOPED_TRACE(kSeed);
  SeededRandom random(kSeed);
  for (std::size_t target : {3u, 10u, 50u, 400u}) {
    GeoPolygon polygon{Star(random, 500), {}};
    GeoRing hole;
    for (GeoPoint p : polygon.outer)  // The same star, ten times smaller.
      hole.push_back({E7(26) + (p.latitude_e7 - E7(26)) / 10, E7(111) + (p.longitude_e7 - E7(111)) / 10});
    polygon.holes.push_back(hole);

    const std::vector<GeoPolygon> simpler = Simplify({&polygon, 1}, target);

    EXPECT_GE(CountPoints(simpler), 6u);
    if (target >= 50) {
      EXPECT_LE(CountPoints(simpler), target);
    }
    EXPECT_FALSE(FindCrossing(simpler)->has_value()) << target;
    for (GeoPoint p : simpler[0].holes[0]) EXPECT_TRUE(Contains({simpler[0].outer, {}}, p));
  }
}

struct RealFile {
  const char* path;
  std::size_t regions;
  double km2_low, km2_high;  // Published areas of the places, 5 % about them.
};
constexpr RealFile kReal[] = {
    {"geo-boundaries/430700.json", 9, 17'200, 19'200},   // 常德 18,177 (as published, rounded)
    {"geo-boundaries/431100.json", 11, 21'100, 23'400},  // 永州 22,260
    {"geo-boundaries/430200.json", 9, 10'600, 11'900},   // 株洲 11,248
    {"geo-boundaries/430200.pre2018.json", 9, 10'600, 11'900},
    {"geo-boundaries/420600.json", 9, 18'700, 20'800},     // 襄阳 19,728
    {"geo-boundaries/430000.json", 14, 201'000, 223'000},  // 湖南 211,800
    {"geo-boundaries/420000.json", 17, 176'000, 196'000},  // 湖北 185,900
};

TEST(RealBorders, AreReadMeasuredLabelledAndSimplified) {
  LF_NEEDS_DATA("geo-boundaries");
  GeoJsonOptions options;
  options.take_unknown_as_wgs84 = true;  // Their source does not say.
  for (const RealFile& file : kReal) {
    SCOPED_TRACE(file.path);
    if (std::string_view(file.path).find("pre2018") != std::string_view::npos) options.code_member = "id";
    const auto read = ReadGeoJson(landfall::test::ReadFile(landfall::test::TestData() / file.path), options);
    options.code_member = "adcode";
    ASSERT_TRUE(read.ok()) << read.error().code << " " << read.error().field << " " << read.error().detail;

    EXPECT_EQ(read->regions.size(), file.regions);
    double km2 = 0;
    for (const GeoRegion& region : read->regions) {
      EXPECT_EQ(region.code.size(), 6u);
      EXPECT_FALSE(region.name.empty());
      km2 += AreaKm2(region.polygons);
      const GeoPoint label = LabelPoint(region.polygons);
      EXPECT_TRUE(Contains(region.polygons, label)) << region.name;
      for (const GeoRegion& other : read->regions) EXPECT_EQ(Contains(other.polygons, label), &other == &region);

      const std::vector<GeoPolygon> simpler = Simplify(region.polygons, 60);
      EXPECT_LE(CountPoints(simpler), std::max<std::size_t>(60, 3 * simpler.size()));
      EXPECT_FALSE(FindCrossing(simpler)->has_value()) << region.name;
      EXPECT_NEAR(AreaKm2(simpler), AreaKm2(region.polygons), 0.1 * AreaKm2(region.polygons)) << region.name;
    }
    EXPECT_GT(km2, file.km2_low);
    EXPECT_LT(km2, file.km2_high);
  }
}

TEST(GeoFuzz, MutatedFilesNeverCrashAndAnswerTheSame) {
  constexpr std::uint64_t kSeed = 20261122;
  SCOPED_TRACE(kSeed);
  static constexpr std::string_view kBits[] = {"[",   "]", "{",    "}",  ",", "-", "1e308",
                                               "180", "0", "null", "\"", "e", "."};
  SeededRandom random(kSeed);
  const std::string original = Polygon(std::string(kSquare) + ",[[110.2,26.2],[110.8,26.2],[110.8,26.8],[110.2,26.2]]");
  std::set<std::string> codes;
  const int rounds = landfall::test::TestAll() ? 200'000 : 5'000;
  for (int i = 0; i < rounds; ++i) {
    std::string bytes = original;
    for (std::uint64_t n = 1 + random.Next() % 3; n > 0; --n) {
      const std::size_t at = random.Next() % bytes.size();
      switch (random.Next() % 4) {
        case 0:
          bytes[at] = static_cast<char>(random.Next());
          break;
        case 1:
          bytes.insert(at, kBits[random.Next() % std::size(kBits)]);
          break;
        case 2:
          bytes.erase(at, 1 + random.Next() % 8);
          break;
        default:
          bytes[at] = static_cast<char>('0' + random.Next() % 10);
          break;
      }
    }
    const auto read = ReadGeoJson(bytes, Wgs84());
    codes.insert(read ? "taken" : read.error().code);
    if (read)
      for (const GeoRegion& region : read->regions) {
        (void)LabelPoint(region.polygons);
        (void)Simplify(region.polygons, 4);
      }
    EXPECT_EQ(CodeOf(bytes), read ? "taken" : read.error().code);
  }
  EXPECT_GE(codes.size(), 7u);
}

TEST(Codes, OfBordersHaveSentences) {
  std::set<std::string> used, explained;
  const std::regex code(R"lf("(geo\.[a-z0-9_]+)")lf");
  for (const char* source : {"geojson.cc", "geo_crossing.cc", "geo_shape.cc", "geo_simplify.cc"}) {
    const std::string text =
        landfall::test::ReadFile(std::filesystem::path(LANDFALL_SOURCE_DIR) / "src/exchange" / source);
    for (std::sregex_iterator match(text.begin(), text.end(), code), end; match != end; ++match)
      used.insert((*match)[1]);
  }
  simdjson::dom::parser parser;
  const std::string_view json = FindEmbedded(EmbeddedCatalog(), "errors/geo.json");
  const simdjson::dom::object root = parser.parse(json.data(), json.size());
  for (const auto [key, sentences] : root) {
    explained.emplace(key);
    EXPECT_GT(sentences["zh"].get_string().value().size(), 20u) << key;
    EXPECT_GT(sentences["en"].get_string().value().size(), 20u) << key;
  }
  EXPECT_EQ(used, explained);
}

}  // namespace
}  // namespace landfall::exchange::test
