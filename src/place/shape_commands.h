// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ledger/command.h"
#include "place/shape_events.h"

namespace landfall::place {

// Replaces the border from `effective_on` on. An import of borders sends it, for only an import stores geometries.
struct DrawRegion {
  static constexpr std::string_view kRefusals[] = {"region.unknown", "region.not_standing"};
  static constexpr CommandInfo kInfo{"region.draw", "place.write", Scope::kJurisdiction, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  RegionId region;
  Digest shape;
  CoordinateSystem system;
  Text<200> source;
  std::optional<Text<40>> approval;
  Day effective_on;
};
BOOST_DESCRIBE_STRUCT(DrawRegion, (), (region, shape, system, source, approval, effective_on))

}  // namespace landfall::place
