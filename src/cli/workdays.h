// SPDX-License-Identifier: Apache-2.0
// `landfall workdays`: the working-day calendar by itself, for people who run nothing else of ours.
#pragma once

#include <CLI/CLI.hpp>

namespace landfall {

// Adds "workdays add DAY N" and "workdays between A B". The answer goes to stdout; a refusal goes to stderr as
// "code: sentence" and sets `exit_code` to 2. Both references must live until `app` has parsed.
void AddWorkdays(CLI::App& app, int& exit_code);

}  // namespace landfall
