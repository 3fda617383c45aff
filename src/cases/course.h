// SPDX-License-Identifier: Apache-2.0
// Inside the subject: where a case stands.
#pragma once

#include "cases/state.h"

namespace landfall::cases {

inline std::uint32_t AccountOf(const Actor& by) { return by.kind == Actor::Kind::kAccount ? by.account.raw : 0; }
inline Life LifeOf(const State& state, CaseId id) { return static_cast<Life>(state.cases[id.index()].life); }
inline bool IsLacking(PaperState p) { return p == PaperState::kLacking || p == PaperState::kAsked; }
// Whether an agreement in the name of a unit, sent by an actor, answers what was asked and is still open.
inline bool IsAnsweredBy(const Side& side, UnitId unit, const Actor& by) {
  if (side.detail != 0) return false;
  const auto kind = static_cast<SideKind>(side.kind);
  return (kind == SideKind::kUnit && side.who == unit.raw) ||
         (kind == SideKind::kReviewer && by.kind == Actor::Kind::kAccount && side.who == by.account.raw);
}
Status CheckKnown(const State& state, CaseId id);
Status CheckLife(const State& state, CaseId id, std::initializer_list<Life> allowed);
// One paper as it is told of, against what the form asks.
Status CheckPaper(const FormPaper& asked, const HandedPaper& told, Day today);
// Puts what is owed of a case, or that one step of it, into the index; takes it out while nothing has changed yet.
void EnterOwed(State& state, std::uint32_t case_index);
void EnterOwed(State& state, std::uint32_t case_index, std::size_t step);
void LeaveOwed(State& state, std::uint32_t case_index);
void LeaveOwed(State& state, std::uint32_t case_index, std::size_t step);
// The newest case, as they follow each other, into the chain of its project.
void LinkToProject(State& state, std::uint32_t case_index);
// Index of a form by its row; TextIndex::kNone where no case has it yet.
std::uint32_t FindForm(const State& state, const std::vector<std::uint32_t>& row);
// The same, made when first asked for. Precondition: it has no cycle.
std::uint32_t InternForm(State& state, const std::vector<std::uint32_t>& row);

}  // namespace landfall::cases
