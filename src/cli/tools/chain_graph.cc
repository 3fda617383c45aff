// SPDX-License-Identifier: Apache-2.0
#include "cli/tools/chain_graph.h"

#include <CLI/CLI.hpp>

#include "cli/tools/tools.h"

namespace landfall::cli {

void AddChainGraph(CLI::App& chain, int& exit_code) {
  AddChainImport(chain, exit_code);
  AddChainQueries(chain, exit_code);
  AddChainGaps(chain, exit_code);
}

void AddGraphFiles(CLI::App& command, GraphFiles& files) {
  command.add_option("GRAPH", files.graph, "a file written by `chain import`")->required();
  command.add_option("--own", files.own,
                     "a GRAPH of one place's own edges, laid over the first: its edges win, confidence 0 withdraws");
}

Result<chain::View> OpenView(const GraphFiles& files) {
  auto base = chain::OpenGraph(files.graph);
  if (!base) return std::move(base).error().At("GRAPH");
  if (files.own.empty()) return chain::View(std::move(*base));
  auto own = chain::OpenGraph(files.own);
  if (!own) return std::move(own).error().At("--own");
  return chain::View(std::move(*base), std::move(*own));
}

}  // namespace landfall::cli
