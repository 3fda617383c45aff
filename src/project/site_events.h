// SPDX-License-Identifier: Apache-2.0
// Where a project stands on the map.
#pragma once

#include "base/describe.h"
#include "ledger/event.h"

namespace landfall::project {

// 实测, the park it lies in, or its address: how much a point can be relied on.
enum class LocatedBy : std::uint8_t { surveyed, park, address };
BOOST_DESCRIBE_ENUM(LocatedBy, surveyed, park, address)

// 10^-7 degrees of WGS-84, about a centimetre.
using LongitudeE7 = Int<-1'800'000'000, 1'800'000'000>;
using LatitudeE7 = Int<-900'000'000, 900'000'000>;

// A later one replaces it: a point is a description, not something that happened on a day.
struct ProjectLocated {
  static constexpr EventInfo kInfo{"project.located", 1, EventClass::kInternal, false};
  ProjectId on;
  LongitudeE7 longitude_e7;
  LatitudeE7 latitude_e7;
  LocatedBy how;
};
BOOST_DESCRIBE_STRUCT(ProjectLocated, (), (longitude_e7, latitude_e7, how))

}  // namespace landfall::project
