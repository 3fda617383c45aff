// SPDX-License-Identifier: Apache-2.0
// Where a region's border runs. The geometry lies in the blob store; the record holds its digest, so that a border can
// be proved, replaced and read as of a day like every other fact. Where the border comes from is typed by people and
// stands in an event of its own, which can be erased.
#pragma once

#include "base/describe.h"
#include "base/hash.h"
#include "ledger/event.h"

namespace landfall::place {

// What the coordinates of the file were before they became WGS-84.
enum class CoordinateSystem : std::uint8_t { wgs84, cgcs2000, gcj02 };
BOOST_DESCRIBE_ENUM(CoordinateSystem, wgs84, cgcs2000, gcj02)

struct RegionDrawn {
  static constexpr EventInfo kInfo{"region.drawn", 1, EventClass::kPublic, false};
  RegionId on;
  Digest shape;  // Of the stored geometry: exchange/geojson_write.h.
  CoordinateSystem system;
  Day effective_on;
};
BOOST_DESCRIBE_STRUCT(RegionDrawn, (), (shape, system, effective_on))

// Of the border drawn in the same entry.
struct BorderSourced {
  static constexpr EventInfo kInfo{"region.border_sourced", 1, EventClass::kPublic, true};
  RegionId on;
  Text<200> source;
  std::optional<Text<40>> approval;  // 审图号
};
BOOST_DESCRIBE_STRUCT(BorderSourced, (), (source, approval))

}  // namespace landfall::place
