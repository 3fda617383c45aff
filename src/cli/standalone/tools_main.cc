// SPDX-License-Identifier: Apache-2.0
// landfall-tools: the tools alone, without server and ledger.
#include <CLI/CLI.hpp>

#include "cli/tools/tools.h"

int main(int argc, char** argv) {
  CLI::App app{"landfall-tools: industry chains and assignments on the command line", "landfall-tools"};
  app.require_subcommand(1);
  app.set_version_flag("--version", "landfall-tools 0.1.0");
  int exit_code = 0;
  landfall::cli::AddTools(app, exit_code);
  CLI11_PARSE(app, argc, argv);
  return exit_code;
}
