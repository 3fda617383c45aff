// SPDX-License-Identifier: Apache-2.0
#include "place/state.h"

namespace landfall::place {

Decided Decide(const State& state, const DecideContext&, const AddRegion& c) {
  // A code is given once, even after its region was closed: GB/T 2260 does not give a retired code again.
  if (state.by_code.Find(state.code, c.code.value) != TextIndex::kNone)
    return Conflict("region.code_taken", {}, "code");
  if (c.parent) {
    if (!state.Knows(*c.parent)) return NotFound("region.unknown", {}, "parent");
    if (state.until[c.parent->index()] <= DayNumber(c.effective_on))
      return Conflict("region.parent_closed", {}, "parent");
  }
  const RegionId id = RegionId::FromIndex(state.from.size());
  return std::vector<Event>{RegionAdded{id, c.code, c.parent, c.effective_on}, RegionNamed{id, c.name}};
}

Decided Decide(const State& state, const DecideContext&, const RenameRegion& c) {
  if (!state.Knows(c.region)) return NotFound("region.unknown", {}, "region");
  return std::vector<Event>{RegionNamed{c.region, c.name}};
}

Decided Decide(const State& state, const DecideContext&, const CloseRegion& c) {
  if (!state.Knows(c.region)) return NotFound("region.unknown", {}, "region");
  if (c.successor && !state.Knows(*c.successor)) return NotFound("region.unknown", {}, "successor");
  const std::size_t i = c.region.index();
  if (state.until[i] != kOpen) return Conflict("region.already_closed", {}, "region");
  if (DayNumber(c.effective_on) <= state.from[i]) return Invalid("region.closed_before_opened", {}, "effective_on");
  return std::vector<Event>{RegionClosed{c.region, c.effective_on, c.successor}};
}

}  // namespace landfall::place
