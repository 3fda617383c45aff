// SPDX-License-Identifier: Apache-2.0
// A border as it is stored and drawn: one GeoJSON geometry (RFC 7946), written in exactly one way, so that the same
// border has the same digest.
#pragma once

#include <span>
#include <string>

#include "exchange/geo_point.h"

namespace landfall::exchange {

// {"type":"MultiPolygon","label":[longitude,latitude],"coordinates":[…]} in degrees of WGS-84 with at most seven
// decimals, none of them a trailing zero; rings closed. `label` is a foreign member (RFC 7946 §6.1): where a name
// stands best. Cost: linear.
std::string WriteGeometry(std::span<const GeoPolygon> polygons, GeoPoint label);

}  // namespace landfall::exchange
