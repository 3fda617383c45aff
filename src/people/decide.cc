// SPDX-License-Identifier: Apache-2.0
#include "people/state.h"

namespace landfall::people {

bool State::Within(UnitId unit, UnitId ancestor) const {
  // A unit's parent existed before it, so its number is smaller: the walk ends.
  for (std::uint32_t at = unit.raw; at != 0; at = unit_parent[at - 1])
    if (at == ancestor.raw) return true;
  return false;
}

Decided Decide(const State& state, const DecideContext&, const CreateUnit& c) {
  if (state.by_unit_code.Find(state.unit_code, c.code.value) != TextIndex::kNone)
    return Conflict("unit.code_taken", {}, "code");
  if (c.parent && !state.Knows(*c.parent)) return NotFound("unit.unknown", {}, "parent");
  const UnitId id = UnitId::FromIndex(state.unit_parent.size());
  return std::vector<Event>{UnitCreated{id, c.code, c.parent}, UnitNamed{id, c.name}};
}

Decided Decide(const State& state, const DecideContext&, const RenameUnit& c) {
  if (!state.Knows(c.unit)) return NotFound("unit.unknown", {}, "unit");
  return std::vector<Event>{UnitNamed{c.unit, c.name}};
}

Decided Decide(const State& state, const DecideContext&, const CreatePost& c) {
  if (!state.Knows(c.unit)) return NotFound("unit.unknown", {}, "unit");
  const PostId id = PostId::FromIndex(state.post_unit.size());
  return std::vector<Event>{PostCreated{id, c.unit}, PostNamed{id, c.title}};
}

Decided Decide(const State& state, const DecideContext&, const RegisterPerson& c) {
  const PersonId id = PersonId::FromIndex(state.persons.size());
  return std::vector<Event>{PersonRegistered{id}, PersonNamed{id, c.name}};
}

Decided Decide(const State& state, const DecideContext&, const FillPost& c) {
  if (!state.Knows(c.post)) return NotFound("post.unknown", {}, "post");
  if (!state.Knows(c.person)) return NotFound("person.unknown", {}, "person");
  if (const std::uint32_t last = state.post_term[c.post.index()]; last != 0) {
    const Term& term = state.terms[last - 1];
    if (term.until == kOpen) return Conflict("post.filled_already", {}, "post");
    if (DayNumber(c.effective_on) < term.until) return Invalid("post.out_of_order", {}, "effective_on");
  }
  return std::vector<Event>{PostFilled{c.post, c.person, c.effective_on}};
}

Decided Decide(const State& state, const DecideContext&, const VacatePost& c) {
  if (!state.Knows(c.post)) return NotFound("post.unknown", {}, "post");
  const std::uint32_t last = state.post_term[c.post.index()];
  if (last == 0 || state.terms[last - 1].until != kOpen) return Conflict("post.vacant", {}, "post");
  if (DayNumber(c.effective_on) <= state.terms[last - 1].from) return Invalid("post.out_of_order", {}, "effective_on");
  return std::vector<Event>{PostVacated{c.post, c.effective_on}};
}

}  // namespace landfall::people
