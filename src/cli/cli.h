// SPDX-License-Identifier: Apache-2.0
// The command line: one file per group of subcommands, each adding itself to the parser.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "app/engine.h"
#include "base/result.h"

namespace landfall::cli {

// Exit codes: 0 done, 1 done but with findings (verify: not TRUE), 2 refused (the code stands on stderr), 3 the machine
// lacks something.
inline constexpr int kExitFindings = 1;
inline constexpr int kExitRefused = 2;

// "code: sentence" in the language of LANG (zh or en), then field and detail, on stderr. Returns kExitRefused.
int PrintRefusal(const Error& error);
// The sentence of a code from catalog/errors; the code itself where there is none.
std::string SentenceOf(std::string_view code, std::string_view language);

// Today's operating-system user, for the payload of what `local` does.
std::string LocalUser();

void AddInit(CLI::App& app, int& exit_code);      // init, import, command, demo-accounts
void AddQuery(CLI::App& app, int& exit_code);     // query
void AddMaintain(CLI::App& app, int& exit_code);  // verify, export, backup, restore, checkpoint, keys
void AddServe(CLI::App& app, int& exit_code);     // serve, openapi

}  // namespace landfall::cli
