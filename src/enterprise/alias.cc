// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "enterprise/state.h"

namespace landfall::enterprise {

Decided Decide(const State& state, const DecideContext&, const LinkAlias& c) {
  if (!state.Knows(c.enterprise)) return NotFound("enterprise.unknown", {}, "enterprise");
  if (!state.Knows(c.same_as)) return NotFound("enterprise.unknown", {}, "same_as");
  if (c.enterprise == c.same_as) return Invalid("enterprise.same_enterprise", {}, "same_as");
  if (state.SameAs(c.enterprise)) return Conflict("enterprise.alias_linked", {}, "enterprise");
  // One step only: who stands for others stands for itself.
  if (state.SameAs(c.same_as)) return Conflict("enterprise.alias_elsewhere", {}, "same_as");
  if (std::find(state.same_as.begin(), state.same_as.end(), c.enterprise.raw) != state.same_as.end())
    return Conflict("enterprise.has_aliases", {}, "enterprise");
  return std::vector<Event>{AliasLinked{c.enterprise, c.same_as}};
}

Decided Decide(const State& state, const DecideContext&, const UnlinkAlias& c) {
  if (!state.Knows(c.enterprise)) return NotFound("enterprise.unknown", {}, "enterprise");
  if (!state.SameAs(c.enterprise)) return Conflict("enterprise.not_an_alias", {}, "enterprise");
  return std::vector<Event>{AliasUnlinked{c.enterprise}};
}

void Apply(State& state, const Origin&, const AliasLinked& e) {
  state.same_as.resize(std::max<std::size_t>(state.same_as.size(), e.on.raw), 0);
  state.same_as[e.on.index()] = e.same_as.raw;
}

void Apply(State& state, const Origin&, const AliasUnlinked& e) { state.same_as[e.on.index()] = 0; }

}  // namespace landfall::enterprise
