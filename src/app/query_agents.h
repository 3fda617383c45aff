// SPDX-License-Identifier: Apache-2.0
// 代办: who serves which project, whether anybody is left out, and how the work is spread. As queries.h: a pure read of
// a frame.
#pragma once

#include "app/agent_views.h"
#include "app/queries.h"

namespace landfall::app {

inline constexpr std::size_t kAgentGapsMax = 500;
inline constexpr std::int32_t kMandateEndsSoon = 30;

// Of active projects: counted by themselves, begun, not set aside, not at their last milestone. `unit`: those that it
// or a unit below it leads. Errors: unit.unknown. Cost: a walk over projects and duties.
Result<AgentsView> QueryAgents(const Frame& frame, std::optional<UnitId> unit);

}  // namespace landfall::app
