// SPDX-License-Identifier: Apache-2.0
// The command line: one file per group of subcommands, each adding itself to the parser.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "app/engine.h"
#include "base/result.h"
#include "cli/tools/sentences.h"

namespace landfall::cli {

// Today's operating-system user, for the payload of what `local` does.
std::string LocalUser();

// One line on a terminal that is overwritten, and only where somebody looks at it.
void ShowProgress(std::string_view step, std::uint64_t done, std::uint64_t total);
void EndProgress();
// Who sends commands: an account by its API token, or the operating-system user where there is none.
// Errors: access.unknown_token, those of the access store.
Result<Actor> ActorFor(const app::LedgerFiles& files, const std::string& token);

// import LEDGER borders FILE. `system`: wgs84, cgcs2000 or gcj02; empty is refused.
struct BordersArguments {
  std::string folder, file, system, source, approval, effective_on, code_member = "adcode";
  bool dry_run = false, json = false;
};
Status RunImportBorders(const BordersArguments& arguments);

void AddInit(CLI::App& app, int& exit_code);      // init, import, command, demo-accounts
void AddSheet(CLI::App& app, int& exit_code);     // sheet
void AddQuery(CLI::App& app, int& exit_code);     // query
void AddMaintain(CLI::App& app, int& exit_code);  // export, backup, restore, checkpoint
void AddMove(CLI::App& app, int& exit_code);      // prepare-database, migrate
void AddVerify(CLI::App& app, int& exit_code);    // verify
void AddPublish(CLI::App& app, int& exit_code);   // publish-log, proof, handover, document, keys, witness
void AddServe(CLI::App& app, int& exit_code);     // serve, openapi
void AddSimulate(CLI::App& app, int& exit_code);  // simulate

}  // namespace landfall::cli
