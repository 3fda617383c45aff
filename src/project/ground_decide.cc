// SPDX-License-Identifier: Apache-2.0
#include "project/checks.h"

namespace landfall::project {
namespace {

// The form of GB/T 40058-2021: 4 digits of time, 6 of region, 2, 2, and 6 with the check digit, parted by hyphens. The
// check digit's algorithm is not published with the standard's abstract, so only the form is checked.
bool IsProjectCode(std::string_view code) {
  constexpr std::string_view kForm = "dddd-dddddd-dd-dd-dddddd";
  if (code.size() != kForm.size()) return false;
  for (std::size_t i = 0; i < code.size(); ++i)
    if (kForm[i] == 'd' ? code[i] < '0' || code[i] > '9' : code[i] != kForm[i]) return false;
  return true;
}

}  // namespace

Status CheckGuards(const std::vector<Rung>& rungs, const std::vector<Guard>& guards) {
  for (const Guard& guard : guards) {
    const bool known =
        std::any_of(rungs.begin(), rungs.end(), [&](const Rung& rung) { return rung.key == guard.rung; });
    if (!known) return Invalid("ladder.unknown_rung", guard.rung.value, "guards");
    if (guard.any.items.empty()) return Invalid("ladder.guard_empty", guard.rung.value, "guards");
  }
  return Ok{};
}

Decided Decide(const State& state, const DecideContext&, const SetGuards& c) {
  const int ladder = state.FindLadder(c.ladder.value);
  if (ladder < 0) return Invalid("project.unknown_ladder", c.ladder.value, "ladder");
  const Ladder& of = state.ladders[static_cast<std::size_t>(ladder)];
  LF_TRY(CheckGuards(of.rungs, c.guards.items));
  if (of.guards == c.guards.items) return Conflict("ladder.guards_unchanged", {}, "guards");
  return Events{LadderGuarded{{c.ladder.value}, c.guards}};
}

Decided Decide(const State& state, const DecideContext& context, const RecordGround& c) {
  LF_TRY(CheckOpen(state, c.project));
  if (!IsPaper(c.ground)) return Invalid("project.ground_follows", {}, "ground");
  LF_TRY(CheckNotFuture(context, c.effective_on));
  LF_TRY(CheckEvidence(c.evidence));
  if (c.ground == Ground::filing && !(c.number && IsProjectCode(c.number->value)))
    return Invalid("project.project_code_missing", {}, "number");
  return Events{GroundRecorded{c.project, c.ground, c.effective_on, c.number, c.evidence}};
}

Decided Decide(const State& state, const DecideContext&, const WithdrawGround& c) {
  LF_TRY(CheckKnown(state, c.project));
  const FileState& files = state.files;
  for (std::uint32_t at = files.heads[c.project.index()].ground; at != 0; at = files.grounds[at - 1].previous)
    if (files.grounds[at - 1].seq == static_cast<std::uint64_t>(c.corrects.value) &&
        files.grounds[at - 1].withdrawn_by == 0)
      return Events{GroundWithdrawn{c.project, c.corrects}, RemarkGiven{c.project, c.remark}};
  return NotFound("project.no_such_ground", {}, "corrects");
}

}  // namespace landfall::project
