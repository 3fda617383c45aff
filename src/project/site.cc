// SPDX-License-Identifier: Apache-2.0
#include "project/state.h"

namespace landfall::project {

Decided Decide(const State& state, const DecideContext&, const LocateProject& c) {
  if (!state.Knows(c.project)) return NotFound("project.unknown", {}, "project");
  return std::vector<Event>{ProjectLocated{c.project, c.longitude_e7, c.latitude_e7, c.how}};
}

void Apply(State& state, const Origin& origin, const ProjectLocated& e) {
  const std::size_t p = e.on.index();
  // Most registers know no sites: they pay nothing for the column.
  if (state.site_of.size() <= p) state.site_of.resize(p + 1, 0);
  if (state.site_of[p] == 0) {
    state.sites.emplace_back();
    state.site_of[p] = static_cast<std::uint32_t>(state.sites.size());
  }
  state.sites[state.site_of[p] - 1] = {static_cast<std::uint32_t>(e.on.raw),
                                       static_cast<std::int32_t>(e.longitude_e7.value),
                                       static_cast<std::int32_t>(e.latitude_e7.value),
                                       SeqForColumn(origin.seq),
                                       static_cast<std::uint8_t>(e.how),
                                       {}};
}

}  // namespace landfall::project
