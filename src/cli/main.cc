// SPDX-License-Identifier: Apache-2.0
// landfall: server, engine and tools in one binary.
#include "cli/catalog.h"
#include "cli/cli.h"
#include "cli/plan.h"
#include "cli/rules.h"
#include "cli/tools/tools.h"
#include "cli/workdays.h"

int main(int argc, char** argv) {
  using namespace landfall::cli;
  CLI::App app{"landfall (招落一体): a system of record, a clock and a map for bringing industry to a place",
               "landfall"};
  app.require_subcommand(1);
  app.set_version_flag("--version", "landfall 0.1.0");
  int exit_code = 0;
  AddInit(app, exit_code);
  AddSheet(app, exit_code);
  AddQuery(app, exit_code);
  AddMaintain(app, exit_code);
  AddMove(app, exit_code);
  AddVerify(app, exit_code);
  AddPublish(app, exit_code);
  AddServe(app, exit_code);
  AddSimulate(app, exit_code);
  landfall::AddRules(app, exit_code);
  landfall::AddWorkdays(app, exit_code);
  AddPlan(app, exit_code);
  AddCatalog(app, exit_code);
  AddTools(app, exit_code);
  CLI11_PARSE(app, argc, argv);
  return exit_code;
}
