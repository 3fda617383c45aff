// SPDX-License-Identifier: Apache-2.0
#include "project/checks.h"

namespace landfall::project {
namespace {

Status CheckTwo(const State& state, ProjectId id, ProjectId other, std::string_view field) {
  LF_TRY(CheckKnown(state, id));
  if (!state.Knows(other)) return NotFound("project.unknown", {}, std::string(field));
  if (id == other) return Invalid("project.same_project", {}, std::string(field));
  return Ok{};
}

Status CheckLink(const State& state, ProjectId project, ProjectId into) {
  LF_TRY(CheckTwo(state, project, into, "counted_in"));
  const SparseColumn<std::uint32_t>& counted_in = state.files.counted_in;
  if (counted_in[project.index()] != 0) return Conflict("project.duplicate_linked", {}, "project");
  // One step only: who counts for others counts for itself.
  if (counted_in[into.index()] != 0) return Conflict("project.counts_elsewhere", {}, "counted_in");
  if (std::find(counted_in.begin(), counted_in.end(), project.raw) != counted_in.end())
    return Conflict("project.has_duplicates", {}, "project");
  return Ok{};
}

}  // namespace

Decided Decide(const State& state, const DecideContext&, const RecordDuplicate& c) {
  LF_TRY(CheckLink(state, c.project, c.counted_in));
  return Events{DuplicateLinked{c.project, c.counted_in}};
}

Decided Decide(const State& state, const DecideContext&, const LinkDuplicate& c) {
  LF_TRY(CheckLink(state, c.project, c.counted_in));
  return Events{DuplicateLinked{c.project, c.counted_in}, RemarkGiven{c.project, c.remark}};
}

Decided Decide(const State& state, const DecideContext&, const UnlinkDuplicate& c) {
  LF_TRY(CheckKnown(state, c.project));
  if (state.Counts(c.project.index())) return Conflict("project.not_a_duplicate", {}, "project");
  return Events{DuplicateUnlinked{c.project}, RemarkGiven{c.project, c.remark}};
}

Decided Decide(const State& state, const DecideContext&, const TellApart& c) {
  LF_TRY(CheckTwo(state, c.project, c.other, "other"));
  const SparseColumn<std::uint32_t>& counted_in = state.files.counted_in;
  if (counted_in[c.project.index()] == c.other.raw || counted_in[c.other.index()] == c.project.raw)
    return Conflict("project.duplicate_linked", {}, "other");
  if (state.files.ToldApart(c.project.raw, c.other.raw)) return Conflict("project.told_apart", {}, "other");
  return Events{ToldApart{c.project, c.other}, RemarkGiven{c.project, c.remark}};
}

}  // namespace landfall::project
