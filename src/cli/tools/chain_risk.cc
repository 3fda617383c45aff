// SPDX-License-Identifier: Apache-2.0
#include "cli/tools/chain_risk.h"

#include <CLI/CLI.hpp>

#include "cli/tools/tools.h"

namespace landfall::cli {

void AddChainRisk(CLI::App& chain, int& exit_code) {
  AddIo(chain, exit_code);
  AddEsri(chain, exit_code);
}

}  // namespace landfall::cli
