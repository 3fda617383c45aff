// SPDX-License-Identifier: Apache-2.0
// 工作机制: who answers for which, since when, and by which figure it is judged.
#include "figure/state.h"

namespace landfall::figure {
namespace {

Status CheckAnswers(const State& state, UnitId owner, const std::optional<Key<60>>& figure) {
  if (!owner || owner.raw > state.units) return NotFound("unit.unknown", {}, "owner_unit");
  if (figure && state.Find(figure->value) < 0) return NotFound("figure.unknown", {}, "figure");
  return Ok{};
}

template <class Command>
std::vector<Event> VersionOf(const Command& c, std::int64_t version) {
  return {MechanismDefined{{c.mechanism.value}, {version}, c.owner_unit, c.figure, c.effective_on},
          MechanismWorded{{c.mechanism.value}, c.name, c.about, c.parts}};
}

}  // namespace

const MechanismVersion* State::VersionOn(std::size_t mechanism, std::int32_t day) const {
  for (std::uint32_t at = mechanism_last[mechanism]; at != 0; at = mechanism_versions[at - 1].previous)
    if (mechanism_versions[at - 1].day <= day) return &mechanism_versions[at - 1];
  return nullptr;
}

Decided Decide(const State& state, const DecideContext&, const DefineMechanism& c) {
  if (state.FindMechanism(c.mechanism.value) >= 0) return Conflict("mechanism.key_taken", {}, "mechanism");
  LF_TRY(CheckAnswers(state, c.owner_unit, c.figure));
  return VersionOf(c, 1);
}

Decided Decide(const State& state, const DecideContext&, const ChangeMechanism& c) {
  const int at = state.FindMechanism(c.mechanism.value);
  if (at < 0) return NotFound("mechanism.unknown", {}, "mechanism");
  const auto i = static_cast<std::size_t>(at);
  if (state.mechanism_until[i] != kOpen) return Conflict("mechanism.ended_already", {}, "mechanism");
  if (DayNumber(c.effective_on) < state.mechanism_versions[state.mechanism_last[i] - 1].day)
    return Invalid("mechanism.out_of_order", {}, "effective_on");
  LF_TRY(CheckAnswers(state, c.owner_unit, c.figure));
  std::int64_t version = 1;
  for (std::uint32_t v = state.mechanism_last[i]; v != 0; v = state.mechanism_versions[v - 1].previous) ++version;
  return VersionOf(c, version);
}

Decided Decide(const State& state, const DecideContext&, const EndMechanism& c) {
  const int at = state.FindMechanism(c.mechanism.value);
  if (at < 0) return NotFound("mechanism.unknown", {}, "mechanism");
  const auto i = static_cast<std::size_t>(at);
  if (state.mechanism_until[i] != kOpen) return Conflict("mechanism.ended_already", {}, "mechanism");
  if (DayNumber(c.effective_on) <= state.mechanism_versions[state.mechanism_last[i] - 1].day)
    return Invalid("mechanism.out_of_order", {}, "effective_on");
  return std::vector<Event>{MechanismEnded{{c.mechanism.value}, c.effective_on}};
}

void Apply(State& state, const Origin& origin, const MechanismDefined& e) {
  int at = state.FindMechanism(e.on.key);
  if (at < 0) {
    at = static_cast<int>(state.mechanism_keys.size());
    state.mechanism_keys.push_back(e.on.key);
    state.mechanism_until.push_back(kOpen);
    state.mechanism_last.push_back(0);
  }
  std::uint32_t& last = state.mechanism_last[static_cast<std::size_t>(at)];
  const std::uint32_t figure = e.figure ? static_cast<std::uint32_t>(state.Find(e.figure->value) + 1) : 0;
  state.mechanism_versions.push_back({static_cast<std::uint32_t>(e.owner_unit.raw), figure, last,
                                      SeqForColumn(origin.seq), DayNumber(e.effective_on)});
  state.mechanism_words.Resize(state.mechanism_versions.size());
  last = static_cast<std::uint32_t>(state.mechanism_versions.size());
}

void Apply(State& state, const Origin& origin, const MechanismWorded& e) {
  const auto i = static_cast<std::size_t>(state.FindMechanism(e.on.key));
  state.mechanism_words.Set(state.mechanism_last[i] - 1, origin.seq, origin.event,
                            origin.erased ? std::string() : ToJson(e));
}

void Apply(State& state, const Origin&, const MechanismEnded& e) {
  state.mechanism_until[static_cast<std::size_t>(state.FindMechanism(e.on.key))] = DayNumber(e.effective_on);
}

void Apply(State& state, const Origin&, const people::UnitCreated&) { ++state.units; }

}  // namespace landfall::figure
