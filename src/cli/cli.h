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

void AddInit(CLI::App& app, int& exit_code);      // init, import, command, demo-accounts
void AddQuery(CLI::App& app, int& exit_code);     // query
void AddMaintain(CLI::App& app, int& exit_code);  // verify, export, backup, restore, checkpoint, keys
void AddServe(CLI::App& app, int& exit_code);     // serve, openapi

}  // namespace landfall::cli
