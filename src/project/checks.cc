// SPDX-License-Identifier: Apache-2.0
#include "project/checks.h"

namespace landfall::project {

Status CheckKnown(const State& state, ProjectId id) {
  if (!state.Knows(id)) return NotFound("project.unknown", {}, "project");
  return Ok{};
}
Status CheckOpen(const State& state, ProjectId id) {
  LF_TRY(CheckKnown(state, id));
  if (state.side[id.index()] == static_cast<std::uint8_t>(Side::kTerminated))
    return Conflict("project.terminated", {}, "project");
  return Ok{};
}
Status CheckNotFuture(const DecideContext& context, Day day) {
  if (day > context.today) return Invalid("project.day_in_future", {}, "effective_on");
  return Ok{};
}
Status CheckRefs(const State& state, const std::optional<UnitId>& unit, const std::optional<RegionId>& region,
                 const std::optional<EnterpriseId>& enterprise) {
  if (unit && unit->raw > state.units) return NotFound("unit.unknown", {}, "owner_unit");
  if (region && region->raw > state.regions) return NotFound("region.unknown", {}, "region");
  if (enterprise && enterprise->raw > state.enterprises) return NotFound("enterprise.unknown", {}, "enterprise");
  return Ok{};
}
Status CheckAmount(const std::optional<Money>& amount, std::string_view field) {
  if (amount && *amount < Money()) return Invalid("money.negative", {}, std::string(field));
  return Ok{};
}

Result<std::size_t> RungOf(const State& state, ProjectId id, const Key<40>& milestone) {
  const int rung = state.ladders[state.ladder[id.index()]].Find(milestone.value);
  if (rung < 0) return Invalid("project.unknown_milestone", milestone.value, "milestone");
  return static_cast<std::size_t>(rung);
}
Status CheckEvidence(const List<Digest, 20>& evidence) {
  if (evidence.items.empty()) return Invalid("project.evidence_missing", {}, "evidence");
  return Ok{};
}

EvidenceLevel LevelOf(const std::optional<List<Digest, 20>>& evidence) {
  return evidence && !evidence->items.empty() ? EvidenceLevel::document : EvidenceLevel::stated;
}

}  // namespace landfall::project
