// SPDX-License-Identifier: Apache-2.0
// `landfall match assign`: tasks to agents at the least cost, or for the greatest value within capacities.
#pragma once

#include <string>

#include "base/result.h"
#include "cli/tools/match_input.h"

namespace landfall::cli {

struct MatchOptions {
  MatchFiles files;
  std::uint64_t nodes_max = 200'000;
  double seconds_max = 60;
  bool csv = false;  // The form that --previous reads.
  bool json = false;
};

// Text ready to print, its last line ended. Errors: those of ReadMatch, Assign and SolveGap.
Result<std::string> RunMatch(const MatchOptions& options);

}  // namespace landfall::cli
