// SPDX-License-Identifier: Apache-2.0
#include "cases/owed.h"

#include <algorithm>

#include "cases/course.h"

namespace landfall::cases {
namespace {

std::uint64_t Packed(const OwedKey& key) {
  return std::uint64_t{key.matter} << 32 | (static_cast<std::uint32_t>(key.since) << 1 | std::uint32_t{key.beside});
}

std::optional<OwedKey> KeyOf(const State& state, const Case& c, std::size_t step) {
  const std::int32_t since = state.OwedSince(c, step);
  if (since == kNoDay) return std::nullopt;
  return OwedKey{state.FormOf(c).steps[step].matter, since, state.StepAt(c, step).side != 0};
}

}  // namespace

void OwedIndex::Add(const OwedKey& key, std::uint32_t case_index) {
  const auto [found, fresh] = by_key_.try_emplace(Packed(key), static_cast<std::uint32_t>(groups_.size()));
  if (fresh) groups_.push_back({key, {}});
  groups_[found->second].cases.push_back(case_index);
}

void OwedIndex::Remove(const OwedKey& key, std::uint32_t case_index) {
  const auto found = by_key_.find(Packed(key));
  const std::uint32_t at = found->second;
  std::vector<std::uint32_t>& cases = groups_[at].cases;
  *std::find(cases.begin(), cases.end(), case_index) = cases.back();
  cases.pop_back();
  if (!cases.empty()) return;
  by_key_.erase(found);
  if (at + 1 != groups_.size()) {
    groups_[at] = std::move(groups_.back());
    by_key_[Packed(groups_[at].key)] = at;
  }
  groups_.pop_back();
}

void OwedIndex::Clear() { groups_.clear(), by_key_.clear(); }

std::int32_t State::OwedSince(const Case& c, std::size_t step) const {
  if (c.life != static_cast<std::uint8_t>(Life::kRunning)) return kNoDay;
  if (IsDecided(static_cast<StepState>(StepAt(c, step).state))) return kNoDay;
  return ReadyOn(c, step);
}

void EnterOwed(State& state, std::uint32_t case_index, std::size_t step) {
  if (const auto key = KeyOf(state, state.cases[case_index], step)) state.owed.Add(*key, case_index);
}
void LeaveOwed(State& state, std::uint32_t case_index, std::size_t step) {
  if (const auto key = KeyOf(state, state.cases[case_index], step)) state.owed.Remove(*key, case_index);
}
void EnterOwed(State& state, std::uint32_t case_index) {
  const std::size_t steps = state.FormOf(state.cases[case_index]).steps.size();
  for (std::size_t step = 0; step < steps; ++step) EnterOwed(state, case_index, step);
}
void LeaveOwed(State& state, std::uint32_t case_index) {
  const std::size_t steps = state.FormOf(state.cases[case_index]).steps.size();
  for (std::size_t step = 0; step < steps; ++step) LeaveOwed(state, case_index, step);
}

void LinkToProject(State& state, std::uint32_t case_index) {
  const std::uint32_t project = state.cases[case_index].project;
  if (project >= state.last_of_project.size()) state.last_of_project.resize(project + 1, 0);
  state.previous_of_project.push_back(project == 0 ? 0 : state.last_of_project[project]);
  if (project != 0) state.last_of_project[project] = case_index + 1;
}

}  // namespace landfall::cases
