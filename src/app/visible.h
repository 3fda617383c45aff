// SPDX-License-Identifier: Apache-2.0
// What a reader may see of projects and obligations: everything, or some units' and what was delegated.
#pragma once

#include <vector>

#include "people/events.h"
#include "project/events.h"

namespace landfall::app {

struct Visible {
  bool everything = true;
  std::vector<UnitId> units{};        // Else what these units, and those below them, own,
  std::vector<ProjectId> projects{};  // and these with what is owed on them; ascending. By delegation.
};

}  // namespace landfall::app
