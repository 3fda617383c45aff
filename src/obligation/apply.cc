// SPDX-License-Identifier: Apache-2.0
#include "obligation/state.h"

namespace landfall::obligation {
namespace {

// Adds (+1) or removes (−1) an obligation to the tally of those that are open.
void Count(State& state, std::size_t i, int by) {
  if (!IsOpen(static_cast<Life>(state.life[i]))) return;
  if (state.closed[i] == State::kNoDay)
    state.open.Running(state.due[i], by);
  else
    state.open.Reported(state.closed[i] - state.due[i], by);
}

// Runs `change` on one obligation and keeps the tally.
template <class F>
void Change(State& state, ObligationId id, F&& change) {
  Count(state, id.index(), -1);
  change(id.index());
  Count(state, id.index(), +1);
}

}  // namespace

void State::Rebuild() {
  open = {};
  for (std::size_t i = 0; i < size(); ++i) Count(*this, i, +1);
}

void Apply(State& state, const Origin& origin, const Assigned& e) {
  state.kind.push_back(static_cast<std::uint8_t>(e.kind));
  state.life.push_back(static_cast<std::uint8_t>(Life::kAssigned));
  state.returned.push_back(0);
  state.project.push_back(e.project ? e.project->raw : 0);
  state.owner.push_back(e.owner_unit.raw);
  state.given.push_back(DayNumber(e.given_on));
  state.due.push_back(DayNumber(e.due_on));
  state.closed.push_back(State::kNoDay);
  state.seq.push_back(SeqForColumn(origin.seq));
  state.reporter.push_back(0);
  state.previous.push_back(0);
  state.text.Resize(state.kind.size());
  Count(state, state.size() - 1, +1);
  if (e.project) {
    std::uint32_t& last = state.last_of_project[e.project->index()];
    state.previous.back() = last;
    last = static_cast<std::uint32_t>(state.kind.size());
  }
}

void Apply(State& state, const Origin& origin, const Worded& e) {
  state.text.Set(e.on.index(), origin.seq, origin.event, e.text.value);
}

void Apply(State& state, const Origin&, const Accepted& e) {
  state.life[e.on.index()] = static_cast<std::uint8_t>(Life::kAccepted);
}

void Apply(State& state, const Origin& origin, const ReportedDone& e) {
  Change(state, e.on, [&](std::size_t i) {
    const bool closes = !RulesOf(static_cast<Kind>(state.kind[i])).needs_write_off;
    state.life[i] = static_cast<std::uint8_t>(closes ? Life::kDone : Life::kReported);
    state.closed[i] = DayNumber(e.effective_on);
    state.reporter[i] = origin.by.kind == Actor::Kind::kAccount ? origin.by.account.raw : UINT32_MAX;
  });
}

void Apply(State& state, const Origin&, const WrittenOff& e) {
  Change(state, e.on, [&](std::size_t i) { state.life[i] = static_cast<std::uint8_t>(Life::kWrittenOff); });
}

void Apply(State& state, const Origin&, const Returned& e) {
  Change(state, e.on, [&](std::size_t i) {
    state.life[i] = static_cast<std::uint8_t>(Life::kAccepted);
    state.due[i] = DayNumber(e.due_on);
    state.closed[i] = State::kNoDay;
    if (state.returned[i] < UINT8_MAX) ++state.returned[i];
  });
}

void Apply(State& state, const Origin&, const DeadlineMoved& e) {
  Change(state, e.on, [&](std::size_t i) { state.due[i] = DayNumber(e.due_on); });
}

void Apply(State& state, const Origin&, const Cancelled& e) {
  Change(state, e.on, [&](std::size_t i) { state.life[i] = static_cast<std::uint8_t>(Life::kCancelled); });
}

void Apply(State&, const Origin&, const RemarkGiven&) {}
void Apply(State& state, const Origin&, const people::UnitCreated&) { ++state.units; }
void Apply(State& state, const Origin&, const project::ProjectRegistered&) { state.last_of_project.push_back(0); }

void Apply(State& state, const Origin&, const admin::PayloadErased& e) {
  state.text.Erase(static_cast<std::uint64_t>(e.seq.value), static_cast<std::uint32_t>(e.event.value));
}

}  // namespace landfall::obligation
