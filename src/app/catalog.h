// SPDX-License-Identifier: Apache-2.0
// The built-in ladders and figures that a new ledger begins with.
#pragma once

#include <string>
#include <vector>

#include "app/state.h"

namespace landfall::app {

// Commands that define the built-in ladders, then the figures that stand on them. `ladders` empty: all.
// Errors: catalog.unknown_ladder (names the choices in detail), and those of the command readers if the catalogue is
// broken.
Result<std::vector<AnyCommand>> BuiltInDefinitions(const std::vector<std::string>& ladders);

}  // namespace landfall::app
