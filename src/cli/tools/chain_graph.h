// SPDX-License-Identifier: Apache-2.0
// The parts of `landfall chain import|stats|tiers|suppliers|substitute|gaps|targets`, shared by their files.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/graph/import.h"
#include "analysis/graph/view.h"

namespace CLI {
class App;
}

namespace landfall::cli {

void AddChainImport(CLI::App& chain, int& exit_code);
void AddChainQueries(CLI::App& chain, int& exit_code);  // stats, tiers, suppliers, substitute
void AddChainGaps(CLI::App& chain, int& exit_code);     // gaps, targets

// GRAPH and --own of every query.
struct GraphFiles {
  std::string graph, own;
};
void AddGraphFiles(CLI::App& command, GraphFiles& files);
// Errors: those of chain::OpenGraph, with the option at fault.
Result<chain::View> OpenView(const GraphFiles& files);

// What `chain import` reads from one folder.
struct ImportFiles {
  std::string dir = {};
  std::string listed = {};                 // stock_basic_area.csv, or empty: only where it lies in dir.
  std::string codes = {}, old_codes = {};  // GB/T 4754 of 2017 and 2011, or empty: only where they lie in dir.
  std::string encoding = "utf-8";
};
// Reads every file of the folder that it knows and offers its rows. `ignored` gets the names of the others.
// Errors: chain.nothing_to_import, chain.graph_column_missing, those of the readers and of chain::Importer.
Result<chain::Importer::Imported> ImportFolder(const ImportFiles& files, chain::ImportOptions options,
                                               std::vector<std::string>& ignored);

// One product of a drawing of tiers.
struct TierBox {
  std::string_view name, via;
  int tier;                 // Negative: upstream.
  std::string_view status;  // StatusName, or empty.
  std::uint32_t makers;
};
// Columns by tier from left (most upstream) to right, lines to what each was reached through. Status is told by a mark
// and a word besides its colour. Escapes all text.
std::string TiersSvg(const std::vector<TierBox>& boxes);

// Splits text by RFC 4180, but drops a record whose quotes do not pair and goes on with the next line, where a strict
// reader would refuse the file. `use` gets the row's line (from 1) and fields; `broken` the line of a dropped record.
// Blank lines are passed over. An error of a callback ends the walk.
// Errors: csv.field_too_long, csv.too_many_columns.
Status ForEachDirtyCsvRow(std::string_view utf8,
                          const std::function<Status(std::uint32_t, const std::vector<std::string>&)>& use,
                          const std::function<Status(std::uint32_t)>& broken);

}  // namespace landfall::cli
