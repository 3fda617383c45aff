// SPDX-License-Identifier: Apache-2.0
#include "project/checks.h"

namespace landfall::project {

Decided Decide(const State& state, const DecideContext& context, const RaiseBlock& c) {
  LF_TRY(CheckOpen(state, c.project));
  LF_ASSIGN(const std::size_t rung, RungOf(state, c.project, c.milestone));
  LF_TRY(CheckRefs(state, c.owner_unit, {}, {}));
  LF_TRY(CheckNotFuture(context, c.effective_on));
  if (state.reached[state.first_slot[c.project.index()] + rung] != kNoDay)
    return Conflict("project.milestone_already_reached", {}, "milestone");
  if (c.due_on < c.effective_on) return Invalid("project.until_before_start", {}, "due_on");
  return Events{BlockRaised{c.project, c.block, c.milestone, c.owner_unit, c.due_on, c.effective_on},
                BlockWorded{c.project, c.text}};
}

namespace {

const Block* FindBlock(const State& state, const SolveBlock& c) {
  if (!state.Knows(c.project)) return nullptr;
  const FileState& files = state.files;
  for (std::uint32_t at = files.heads[c.project.index()].block; at != 0; at = files.blocks[at - 1].previous)
    if (files.blocks[at - 1].seq == static_cast<std::uint64_t>(c.raised.value)) return &files.blocks[at - 1];
  return nullptr;
}

}  // namespace

UnitId State::OwnerOfBlock(const SolveBlock& c) const {
  const Block* block = FindBlock(*this, c);
  return block == nullptr ? UnitId{} : UnitId{block->owner};
}

Decided Decide(const State& state, const DecideContext& context, const SolveBlock& c) {
  LF_TRY(CheckKnown(state, c.project));
  const Block* block = FindBlock(state, c);
  if (block == nullptr) return NotFound("project.no_such_block", {}, "raised");
  if (block->solved_seq != 0) return Conflict("project.block_solved", {}, "raised");
  LF_TRY(CheckNotFuture(context, c.effective_on));
  if (DayNumber(c.effective_on) < block->day) return Invalid("project.day_before_block", {}, "effective_on");
  Events events{BlockSolved{c.project, c.raised, c.effective_on, c.evidence.value_or(List<Digest, 20>{})}};
  if (c.remark) events.push_back(RemarkGiven{c.project, *c.remark});
  return events;
}

}  // namespace landfall::project
