// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>

#include "cli/tools/tools.h"

namespace landfall::cli {

void AddMatch(CLI::App& app, int& exit_code) {
  (void)app;
  (void)exit_code;
}

}  // namespace landfall::cli
