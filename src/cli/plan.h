// SPDX-License-Identifier: Apache-2.0
// `landfall plan`: approvals planned from the catalogue of matters, for people who run nothing else of ours.
#pragma once

#include <CLI/CLI.hpp>

namespace landfall::cli {

// Adds "plan PACKAGE". Exit codes: tools/sentences.h. Both references must live until `app`
// has parsed.
void AddPlan(CLI::App& app, int& exit_code);

}  // namespace landfall::cli
