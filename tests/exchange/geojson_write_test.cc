// SPDX-License-Identifier: Apache-2.0
#include "exchange/geojson_write.h"

#include <gtest/gtest.h>

#include "exchange/geojson.h"

namespace landfall::exchange {
namespace {

GeoPolygon Square(std::int32_t low, std::int32_t high) {
  return {{{low, low}, {low, high}, {high, high}, {high, low}}, {}};
}

TEST(WriteGeometry, HasOneFormForOneBorder) {
  GeoPolygon polygon = Square(-10'000'000, 1'500'000);
  polygon.holes.push_back({{0, 0}, {1, 0}, {1, 1}});
  const GeoPolygon polygons[] = {polygon};

  const std::string text = WriteGeometry(polygons, {-1, 1'131'000'000});

  EXPECT_EQ(text, R"({"type":"MultiPolygon","label":[113.1,-0.0000001],"coordinates":[[)"
                  R"([[-1,-1],[0.15,-1],[0.15,0.15],[-1,0.15],[-1,-1]],)"
                  R"([[0,0],[0,0.0000001],[0.0000001,0.0000001],[0,0]]]]})");
}

TEST(WriteGeometry, IsReadBackToTheSamePoints) {
  const GeoPolygon polygons[] = {Square(278'000'001, 279'999'999), Square(281'000'000, 281'234'560)};
  const std::string file =
      R"({"type":"FeatureCollection","features":[{"type":"Feature","properties":{"adcode":"990101"},"geometry":)" +
      WriteGeometry(polygons, {0, 0}) + "}]}";
  GeoJsonOptions options;
  options.system = CoordinateSystem::kWgs84;

  const auto read = ReadGeoJson(file, options);

  ASSERT_TRUE(read) << read.error().code;
  ASSERT_EQ(read->regions.size(), 1U);
  ASSERT_EQ(read->regions[0].polygons.size(), 2U);
  EXPECT_EQ(WriteGeometry(read->regions[0].polygons, {0, 0}), WriteGeometry(polygons, {0, 0}));
}

}  // namespace
}  // namespace landfall::exchange
