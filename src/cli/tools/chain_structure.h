// SPDX-License-Identifier: Apache-2.0
// What `chain complexity` and `chain indices` share: reading long tables (region, product, value) and drawing bars.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <numeric>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/relatedness/structure_matrix.h"
#include "base/result.h"
#include "cli/tools/print.h"

namespace landfall::cli {

// How a table is read. Columns that are not named are found by the names listed in the help (region, 地区, …).
struct TableOptions {
  std::string file;  // CSV with a header, plain or gzip.
  std::string region_column, product_column, value_column;
  std::vector<std::string> where;  // "column=text" or "column!=text": only rows where it is so.
  std::string encoding = "utf-8";  // or gbk, gb18030
  bool sum_duplicates = false;
};

struct WantedColumn {
  std::string_view role;    // "region", for messages
  std::string_view option;  // The header name asked for; empty: the first of `known` that is there.
  std::span<const std::string_view> known;
};

inline constexpr std::string_view kRegionNames[] = {"region",   "country", "area", "city", "place",
                                                    "location", "地区",    "区域", "城市", "省份"};
inline constexpr std::string_view kProductNames[] = {"product", "industry", "sector", "activity",
                                                     "产品",    "产业",     "行业"};
inline constexpr std::string_view kValueNames[] = {"value",  "emp",  "employment", "count", "output",
                                                   "export", "数值", "就业",       "产值"};
inline constexpr std::string_view kSizeNames[] = {"size", "emp_firm", "emp", "employment", "value", "规模", "就业"};

struct ReadRows {
  std::uint64_t rows = 0;      // Below the header, empty lines apart.
  std::uint64_t left_out = 0;  // By `where`.
  std::vector<std::string> unused_columns;
};

// Calls `take` with the fields of `wanted`, in that order, of every row that `where` lets through.
// Errors: source.unreadable, gzip.*, csv.*, text.*, encoding.*, chain.structure_no_column, chain.structure_no_header,
// chain.structure_row_width, chain.structure_where, chain.structure_control_character (header), and those of `take`.
Result<ReadRows> ForEachRow(const TableOptions& table, std::span<const WantedColumn> wanted,
                            const std::function<Status(std::uint64_t row, std::span<const std::string_view>)>& take);

// A decimal number, "." as its point, nothing around it but blanks. Errors: chain.structure_not_a_number (also when
// empty: what is not known is left out of the file, not written as nothing).
Result<double> ParseValue(std::string_view text, std::uint64_t row);

struct StructureTable {
  chain::StructureMatrix matrix;
  ReadRows rows;
};
// Errors: those of ForEachRow, ParseValue and StructureBuilder.
Result<StructureTable> ReadStructure(const TableOptions& table);

// What was read, for the answer: rows, columns that were not used, and names that have as much as all others together,
// which usually are rows of totals and count everything twice. As the member "input", and as lines of text.
void InputJson(JsonWriter& json, const StructureTable& table, const chain::StructureMatrix& matrix);
std::string InputText(const StructureTable& table, const chain::StructureMatrix& matrix);

struct Bar {
  std::string label;
  double value;
};
// Horizontal bars around zero, in the order given, with values at their ends. At most `most` are drawn: the first half
// and the last half, with a line that says how many lie between. Precondition: finite values.
std::string BarChartSvg(std::string_view title, std::string_view subtitle, std::span<const Bar> bars,
                        std::size_t most = 60);

// How an answer is printed, alike for both.
struct OutputOptions {
  std::string svg;  // A file for the bar chart; empty: none.
  int top = 20;     // Rows of each table.
  bool json = false;
};

// The indices of rows by falling value; NaN last; ties in their order; at most `most`.
template <class Row, class Value>
std::vector<std::size_t> Highest(const std::vector<Row>& rows, int most, const Value& value) {
  std::vector<std::size_t> order(rows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto key = [&](std::size_t i) { return std::isnan(value(rows[i])) ? -INFINITY : value(rows[i]); };
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return key(a) > key(b); });
  order.resize(std::min(order.size(), static_cast<std::size_t>(most)));
  return order;
}
// What a table of `top` rows does not show, or nothing.
std::string RestLine(std::size_t all, int top);

}  // namespace landfall::cli

namespace CLI {
class App;
}

namespace landfall::cli {

void AddChainComplexity(CLI::App& chain, int& exit_code);
void AddChainIndices(CLI::App& chain, int& exit_code);
// MATRIX and the options of TableOptions.
void AddTableOptions(CLI::App& command, TableOptions& table);
// --top, --svg and --json. `picture`: what the chart shows, in both languages.
void AddOutputOptions(CLI::App& command, OutputOptions& output, std::string_view picture);

}  // namespace landfall::cli
