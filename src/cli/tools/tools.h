// SPDX-License-Identifier: Apache-2.0
// `landfall chain …` and `landfall match …`: industry chains and assignments, for analysts who run nothing else of
// ours.
#pragma once

namespace CLI {
class App;
}

namespace landfall::cli {

// Adds every tool that needs no ledger. Callbacks set `exit_code` (sentences.h); answers go to stdout, refusals to
// stderr. `exit_code` must live until `app` has parsed.
void AddTools(CLI::App& app, int& exit_code);

// The parts, one file each. `chain` is the subcommand "chain" of the application.
void AddChainGraph(CLI::App& chain, int& exit_code);      // import, stats, tiers, suppliers, substitute, gaps, targets
void AddChainStructure(CLI::App& chain, int& exit_code);  // complexity, indices
void AddChainRisk(CLI::App& chain, int& exit_code);       // io, esri
void AddChainForecast(CLI::App& chain, int& exit_code);   // train, eval, predict
void AddMatch(CLI::App& app, int& exit_code);             // match assign

}  // namespace landfall::cli
