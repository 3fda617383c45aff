// SPDX-License-Identifier: Apache-2.0
// Inside the project subject: what many of its decisions ask first.
#pragma once

#include "project/slots.h"
#include "project/state.h"

namespace landfall::project {

using Events = std::vector<Event>;

// The order of checks is fixed: existence, side state, field by field; one input always gives the same code.
Status CheckKnown(const State& state, ProjectId id);
Status CheckOpen(const State& state, ProjectId id);
Status CheckNotFuture(const DecideContext& context, Day day);
Status CheckRefs(const State& state, const std::optional<UnitId>& unit, const std::optional<RegionId>& region,
                 const std::optional<EnterpriseId>& enterprise);
// Not negative, where it is given.
Status CheckAmount(const std::optional<Money>& amount, std::string_view field);
Status CheckEvidence(const List<Digest, 20>& evidence);
// Rung of a milestone on the project's ladder.
Result<std::size_t> RungOf(const State& state, ProjectId id, const Key<40>& milestone);
EvidenceLevel LevelOf(const std::optional<List<Digest, 20>>& evidence);

// Every guard names a rung of the ladder and at least one ground.
Status CheckGuards(const std::vector<Rung>& rungs, const std::vector<Guard>& guards);

// The block that keeps a project from a rung on a day, or nullptr.
const Block* BlockOf(const FileState& files, std::size_t project, std::size_t rung, std::int32_t day);

}  // namespace landfall::project
