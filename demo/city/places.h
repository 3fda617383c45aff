// SPDX-License-Identifier: Apache-2.0
// 岚川市 as a place: ten districts and twelve parks with invented names and borders. The same for every seed.
//
// The city lies in the open Pacific, where it covers nobody's land; its codes begin with 99, which GB/T 2260 gives to
// no province. Names of city, districts and parks are those of no 市, 县 or 区 (tests/demo asks the published list).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace landfall::city {

struct Place {
  std::string_view code, name;
  int district = -1;  // Of a park: index into Districts().
};

inline constexpr std::string_view kCityCode = "990100";
inline constexpr std::string_view kCityName = "岚川市";
inline constexpr std::string_view kLedgerName = "岚川市（示例数据）";
inline constexpr std::string_view kSource = "示例数据：虚构城市的虚构边界";

std::span<const Place> Districts();
std::span<const Place> Parks();

struct Point {
  double longitude = 0, latitude = 0;
};
Point CentreOfPark(std::size_t park);
inline constexpr double kParkRadius = 0.05;  // Degrees; a project of a park lies within 0.9 of it.

// A FeatureCollection of the districts, which tile the city's outline without gap or overlap, and of the parks; code in
// "adcode".
std::string Borders();

}  // namespace landfall::city
