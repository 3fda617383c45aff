// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/map_views.h"
#include "app/queries.h"

namespace landfall::app {

struct MapFilter {
  std::optional<UnitId> unit;
  std::optional<RegionId> region;
  std::optional<Light> light;
  bool region_only = false;  // else with the regions below it
};
inline constexpr std::size_t kMapProjectsMax = 5'000;  // More are clustered by region, which the board counts.

// Borders as of the frame's day, whoever asks: they are public. Projects within the frame's reach and the filter.
// Cost: linear in regions and located projects.
MapView QueryMap(const Frame& frame, const MapFilter& filter);

}  // namespace landfall::app
