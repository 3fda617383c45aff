// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>

#include "cli/tools/tools.h"

namespace landfall::cli {

void AddChainGraph(CLI::App& chain, int& exit_code) {
  (void)chain;
  (void)exit_code;
}

}  // namespace landfall::cli
