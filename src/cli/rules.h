// SPDX-License-Identifier: Apache-2.0
// landfall rules eval|check|explain EXPR --facts FILE, landfall rules conformance DIR.
#pragma once

namespace CLI {
class App;
}

namespace landfall {

// Adds the subcommand `rules`. Its callbacks set `exit_code`: 0 done (also where the answer is false or unknown), 1
// conformance below its bar, 2 refused. Results go to stdout, refusals to stderr as "code: sentence" with the place and
// a hint.
void AddRules(CLI::App& app, int& exit_code);

}  // namespace landfall
