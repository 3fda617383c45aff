// SPDX-License-Identifier: Apache-2.0
#include "place/state.h"

namespace landfall::place {

const Border* State::BorderAt(RegionId region, std::int32_t day) const {
  const Border* found = nullptr;
  for (std::uint32_t at = last_border[region.index()]; at != 0; at = borders[at - 1].previous) {
    const Border& border = borders[at - 1];
    // The newest first: of two for the same day the later record counts.
    if (border.day <= day && (found == nullptr || border.day > found->day)) found = &border;
  }
  return found;
}

Decided Decide(const State& state, const DecideContext&, const DrawRegion& c) {
  if (!state.Knows(c.region)) return NotFound("region.unknown", {}, "region");
  const std::int32_t day = DayNumber(c.effective_on);
  const std::size_t i = c.region.index();
  if (day < state.from[i] || day >= state.until[i]) return Invalid("region.not_standing", {}, "effective_on");
  return std::vector<Event>{RegionDrawn{c.region, c.shape, c.system, c.effective_on},
                            BorderSourced{c.region, c.source, c.approval}};
}

void Apply(State& state, const Origin& origin, const RegionDrawn& e) {
  std::uint32_t& last = state.last_border[e.on.index()];
  Border border{};
  border.shape = e.shape;
  border.region = static_cast<std::uint32_t>(e.on.raw);
  border.previous = last;
  border.seq = SeqForColumn(origin.seq);
  border.day = DayNumber(e.effective_on);
  border.system = static_cast<std::uint8_t>(e.system);
  state.borders.push_back(border);
  state.border_source.Resize(state.borders.size());
  state.border_approval.Resize(state.borders.size());
  last = static_cast<std::uint32_t>(state.borders.size());
}

void Apply(State& state, const Origin& origin, const BorderSourced& e) {
  const std::size_t row = state.last_border[e.on.index()] - 1;
  state.border_source.Set(row, origin.seq, origin.event, e.source.value);
  if (e.approval) state.border_approval.Set(row, origin.seq, origin.event, e.approval->value);
}

}  // namespace landfall::place
