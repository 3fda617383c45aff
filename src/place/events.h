// SPDX-License-Identifier: Apache-2.0
// The region tree (GB/T 2260 and below), effective-dated: 430221 株洲县 until 2018, 430212 渌口区 since.
#pragma once

#include "base/describe.h"
#include "ledger/event.h"
#include "place/shape_events.h"

namespace landfall::place {

struct RegionAdded {
  static constexpr EventInfo kInfo{"region.added", 1, EventClass::kPublic, false};
  RegionId on;
  Code<12> code;
  std::optional<RegionId> parent;
  Day effective_on;
};
BOOST_DESCRIBE_STRUCT(RegionAdded, (), (code, parent, effective_on))

struct RegionNamed {
  static constexpr EventInfo kInfo{"region.named", 1, EventClass::kPublic, true};
  RegionId on;
  Text<60> name;
};
BOOST_DESCRIBE_STRUCT(RegionNamed, (), (name))

struct RegionClosed {
  static constexpr EventInfo kInfo{"region.closed", 1, EventClass::kPublic, false};
  RegionId on;
  Day effective_on;  // The first day on which it no longer was.
  std::optional<RegionId> successor;
};
BOOST_DESCRIBE_STRUCT(RegionClosed, (), (effective_on, successor))

using Event = std::variant<RegionAdded, RegionNamed, RegionClosed, RegionDrawn, BorderSourced>;

}  // namespace landfall::place
