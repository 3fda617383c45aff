// SPDX-License-Identifier: Apache-2.0
// Reads an input–output table (投入产出表) as statistical offices print it, and checks that it adds up.
//
// Why a reader of its own: the tables of the National Bureau of Statistics have merged headings, several heading rows,
// line breaks inside sector names, totals between the figures, and a code line that is not the first line. The table of
// the BEA is rectangular: more commodities than industries. The reader looks for the one thing all of them share: the
// sectors are the labels that stand both in the heading row and in the heading column next to the figures.
//
// Units are those of the table (万元, million dollars); nothing is converted. Figures are as of the table's year.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace landfall::chain {

inline constexpr std::size_t kMaxIoSectors = 2'000;
inline constexpr std::size_t kMaxIoLines = 5'000;  // Rows, and columns, of the sheet.

struct IoTable {
  std::vector<std::string> codes,
      names;                          // By sector, in the order of the columns; a name is the code where none stands.
  std::string title, unit;            // Empty where the sheet does not say.
  std::vector<double> flows;          // flows[i * n + j]: what sector j used of sector i.
  std::vector<double> input;          // 总投入 of a column: intermediate inputs and value added.
  std::vector<double> output;         // 总产出 of a row: intermediate and final uses, less imports.
  std::vector<double> net_final_use;  // Of a row: final use − imports + balancing item, as printed or as it follows.
  std::vector<double> value_added;    // Of a column, likewise.
  std::vector<double> other_inputs;   // Of a column: inputs of products that no industry of the table makes.
  std::vector<std::string> products_without_industry;  // Their labels: the surplus rows of a rectangular table.
  std::optional<double> printed_total_input, printed_total_output;  // The grand totals, where they are printed.
  double worst_imbalance = 0;         // The largest absolute difference that the tolerance let pass.
  std::vector<std::string> warnings;  // Full sentences in English.

  std::size_t size() const { return codes.size(); }
};

struct IoReadOptions {
  // Of a row's or column's total: what sums may differ. A table in whole units (or few decimals) gets its rounding on
  // top: half a unit for each of a few addends, four standard deviations of rounding for many, and never above
  // one in two hundred of the total.
  double tolerance = 1e-6;
};

// `cells`: the sheet, row by row; rows may differ in length. Text is UTF-8.
//
// The lines that are recognised (white space inside is ignored; Chinese, English or the code of the table):
//   columns  中间使用合计 TIU "Total Intermediate", 最终使用合计 TFU "Total Final Uses (GDP)", 进口 IM (subtracted),
//            其他 ERR (added), 总产出 GO "Total Commodity Output"; 小计, 合计, "Total …" are subtotals and not added
//   rows     中间投入合计 TII, 增加值合计 TVA, 总投入 TI "Total Industry Output"
// Further columns are components of final use, further rows below the intermediate total components of value added.
// Rows between the sectors and the intermediate total that are no sector are products without an industry.
// An empty cell and a dash are 0.
//
// A rectangular table becomes square by its common labels: row i is taken as the product of industry i, and the surplus
// rows (used goods, imports without a counterpart) as inputs from outside, like imports. Input and output of a sector
// may then differ by secondary products; the difference is said in a warning.
//
// Errors (kInvalid; detail names row, column and figures): chain.io_no_sectors, chain.io_duplicate_sector,
// chain.io_too_large, chain.io_not_a_number, chain.io_totals_missing, chain.io_coefficients (a sheet of coefficients,
// not of flows), chain.io_unbalanced, chain.io_option. Cost: one pass over the cells and a search in the first lines.
// Threads: any.
Result<IoTable> ReadIoTable(const std::vector<std::vector<std::string>>& cells, const IoReadOptions& options = {});

}  // namespace landfall::chain
