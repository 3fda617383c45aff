// SPDX-License-Identifier: Apache-2.0
#include "cli/tools/tools.h"

#include <CLI/CLI.hpp>

namespace landfall::cli {

void AddTools(CLI::App& app, int& exit_code) {
  CLI::App* chain = app.add_subcommand("chain", "industry chains: graph, structure, risk and prediction");
  chain->require_subcommand(1);
  AddChainGraph(*chain, exit_code);
  AddChainStructure(*chain, exit_code);
  AddChainRisk(*chain, exit_code);
  AddChainForecast(*chain, exit_code);
  AddMatch(app, exit_code);
}

}  // namespace landfall::cli
