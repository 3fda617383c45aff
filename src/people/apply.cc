// SPDX-License-Identifier: Apache-2.0
#include "people/state.h"

namespace landfall::people {

void Apply(State& state, const Origin&, const UnitCreated& e) {
  const std::size_t rows = state.unit_parent.size() + 1;
  state.unit_code.Resize(rows);
  state.unit_name.Resize(rows);
  state.unit_parent.push_back(e.parent ? e.parent->raw : 0);
  state.unit_code.Set(rows - 1, e.code.value);
  state.by_unit_code.Insert(state.unit_code, static_cast<std::uint32_t>(rows - 1));
}

void Apply(State& state, const Origin& origin, const UnitNamed& e) {
  state.unit_name.Set(e.on.index(), origin.seq, origin.event, e.name.value);
}

void Apply(State& state, const Origin&, const PostCreated& e) {
  state.post_unit.push_back(e.unit.raw);
  state.post_term.push_back(0);
  state.post_title.Resize(state.post_unit.size());
}

void Apply(State& state, const Origin& origin, const PostNamed& e) {
  state.post_title.Set(e.on.index(), origin.seq, origin.event, e.title.value);
}

void Apply(State& state, const Origin&, const PersonRegistered&) {
  state.persons.push_back(1);
  state.person_name.Resize(state.persons.size());
}

void Apply(State& state, const Origin& origin, const PersonNamed& e) {
  state.person_name.Set(e.on.index(), origin.seq, origin.event, e.name.value);
}

void Apply(State& state, const Origin&, const PostFilled& e) {
  state.terms.push_back({e.on.raw, e.person.raw, DayNumber(e.effective_on), kOpen});
  state.post_term[e.on.index()] = static_cast<std::uint32_t>(state.terms.size());
}

void Apply(State& state, const Origin&, const PostVacated& e) {
  state.terms[state.post_term[e.on.index()] - 1].until = DayNumber(e.effective_on);
}

void Apply(State& state, const Origin&, const admin::PayloadErased& e) {
  const auto seq = static_cast<std::uint64_t>(e.seq.value);
  const auto event = static_cast<std::uint32_t>(e.event.value);
  state.unit_name.Erase(seq, event);
  state.post_title.Erase(seq, event);
  state.person_name.Erase(seq, event);
}

}  // namespace landfall::people
