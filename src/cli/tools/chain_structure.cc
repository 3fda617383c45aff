// SPDX-License-Identifier: Apache-2.0
#include "cli/tools/chain_structure.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "base/text.h"
#include "cli/tools/print.h"
#include "cli/tools/tools.h"
#include "exchange/csv.h"
#include "exchange/encoding.h"
#include "exchange/gzip.h"

namespace landfall::cli {
namespace {

constexpr std::size_t kMaxFileBytes = 512 * 1024 * 1024;

std::optional<std::size_t> PlaceOf(const std::vector<std::string>& header, std::string_view name) {
  const auto found = std::find(header.begin(), header.end(), name);
  if (found == header.end()) return std::nullopt;
  return static_cast<std::size_t>(found - header.begin());
}

Error NoColumn(std::string_view role, const std::vector<std::string>& header) {
  return Invalid("chain.structure_no_column", fmt::format("The file has the columns: {}.", fmt::join(header, ", ")),
                 std::string(role));
}

Result<std::size_t> FindColumn(const WantedColumn& wanted, const std::vector<std::string>& header) {
  if (!wanted.option.empty()) {
    if (const auto place = PlaceOf(header, wanted.option)) return *place;
    return NoColumn(wanted.option, header);
  }
  for (const std::string_view name : wanted.known)
    if (const auto place = PlaceOf(header, name)) return *place;
  return NoColumn(wanted.role, header);
}

struct Condition {
  std::size_t column;
  bool equal;
  std::string text;

  bool Holds(const exchange::CsvRow& row) const { return (Trim(row.fields[column]) == text) == equal; }
};

Result<std::vector<Condition>> ReadConditions(const std::vector<std::string>& where,
                                              const std::vector<std::string>& header) {
  std::vector<Condition> conditions;
  for (const std::string& one : where) {
    const std::size_t equals = one.find('=');
    const bool negated = equals != std::string::npos && equals > 0 && one[equals - 1] == '!';
    if (equals == std::string::npos || equals == (negated ? 1 : 0))
      return Invalid("chain.structure_where", fmt::format("\"{}\" is neither COLUMN=TEXT nor COLUMN!=TEXT.", one),
                     "where");
    const std::string name = one.substr(0, equals - (negated ? 1 : 0));
    const auto place = PlaceOf(header, name);
    if (!place) return NoColumn(name, header);
    conditions.push_back({*place, !negated, one.substr(equals + 1)});
  }
  return conditions;
}

std::vector<std::string> PossibleTotals(const std::vector<std::string>& names, const std::vector<double>& totals,
                                        double total) {
  std::vector<std::string> out;
  if (names.size() < 3) return out;
  for (std::size_t i = 0; i < names.size(); ++i)
    if (std::abs(2 * totals[i] - total) <= 1e-9 * total) out.push_back(names[i]);
  return out;
}

}  // namespace

Result<ReadRows> ForEachRow(const TableOptions& table, std::span<const WantedColumn> wanted,
                            const std::function<Status(std::uint64_t row, std::span<const std::string_view>)>& take) {
  LF_ASSIGN(const exchange::Encoding encoding, exchange::ParseEncoding(table.encoding));
  LF_ASSIGN(const std::string bytes, ReadFileMaybeGzip(table.file, kMaxFileBytes));
  exchange::MemorySource raw(bytes);
  exchange::Utf8Source utf8(raw, encoding);
  exchange::CsvReader reader(utf8, ',');

  exchange::CsvRow row;
  LF_ASSIGN(const bool has_header, reader.Next(row));
  if (!has_header) return Invalid("chain.structure_no_header", "The file is empty.");
  std::vector<std::string> header;
  for (const std::string_view name : row.fields) {
    // Column names are printed to terminals, where a control character would be a command.
    if (std::any_of(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }))
      return Invalid("chain.structure_control_character", "The header has a control character.");
    header.emplace_back(Trim(name));
  }
  std::vector<std::size_t> places;
  for (const WantedColumn& column : wanted) {
    LF_ASSIGN(const std::size_t place, FindColumn(column, header));
    places.push_back(place);
  }
  LF_ASSIGN(const std::vector<Condition> conditions, ReadConditions(table.where, header));

  ReadRows read;
  for (std::size_t i = 0; i < header.size(); ++i) {
    const bool asked =
        std::any_of(conditions.begin(), conditions.end(), [i](const Condition& c) { return c.column == i; });
    if (!asked && std::find(places.begin(), places.end(), i) == places.end()) read.unused_columns.push_back(header[i]);
  }
  std::vector<std::string_view> fields(places.size());
  for (;;) {
    LF_ASSIGN(const bool more, reader.Next(row));
    if (!more) break;
    ++read.rows;
    if (row.fields.size() != header.size())
      return Invalid("chain.structure_row_width",
                     fmt::format("Row {} has {} fields, the header {}.", row.number, row.fields.size(), header.size()));
    if (!std::all_of(conditions.begin(), conditions.end(), [&](const Condition& c) { return c.Holds(row); })) {
      ++read.left_out;
      continue;
    }
    for (std::size_t i = 0; i < places.size(); ++i) fields[i] = Trim(row.fields[places[i]]);
    LF_TRY(take(row.number, fields));
  }
  return read;
}

Result<double> ParseValue(std::string_view text, std::uint64_t row) {
  const std::string_view number = Trim(text);
  double value = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
  if (number.empty() || error != std::errc() || end != number.data() + number.size())
    return Invalid("chain.structure_not_a_number", fmt::format("The value of row {}.", row));
  return value;
}

Result<StructureTable> ReadStructure(const TableOptions& table) {
  const WantedColumn wanted[] = {{"region", table.region_column, kRegionNames},
                                 {"product", table.product_column, kProductNames},
                                 {"value", table.value_column, kValueNames}};
  using chain::StructureBuilder;
  StructureBuilder builder(table.sum_duplicates ? StructureBuilder::Duplicates::kSum
                                                : StructureBuilder::Duplicates::kRefuse);
  LF_ASSIGN(ReadRows rows, ForEachRow(table, wanted, [&](std::uint64_t row, auto fields) -> Status {
              LF_ASSIGN(const double value, ParseValue(fields[2], row));
              return builder.Add(fields[0], fields[1], value, row);
            }));
  LF_ASSIGN(chain::StructureMatrix matrix, builder.Finish());
  return StructureTable{std::move(matrix), std::move(rows)};
}

std::string RestLine(std::size_t all, int top) {
  const auto shown = static_cast<std::size_t>(top);
  return all > shown ? fmt::format("… {} (--top, --json)\n", all - shown) : "";
}

void InputJson(JsonWriter& json, const StructureTable& table, const chain::StructureMatrix& matrix) {
  const auto names = [&](std::string_view member, const std::vector<std::string>& all) {
    json.Key(member).Open('[');
    for (const std::string& name : all) json.Value(name);
    json.Close(']');
  };
  json.Key("input").Open('{').Member("rows", table.rows.rows).Member("left_out", table.rows.left_out);
  names("unused_columns", table.rows.unused_columns);
  names("possible_total_regions", PossibleTotals(matrix.regions(), matrix.region_totals(), matrix.total()));
  names("possible_total_products", PossibleTotals(matrix.products(), matrix.product_totals(), matrix.total()));
  json.Close('}');
}

std::string InputText(const StructureTable& table, const chain::StructureMatrix& matrix) {
  std::string out;
  if (!table.rows.unused_columns.empty())
    out += fmt::format("\n未用的列 columns not used: {}\n", fmt::join(table.rows.unused_columns, ", "));
  auto totals = PossibleTotals(matrix.regions(), matrix.region_totals(), matrix.total());
  const auto more = PossibleTotals(matrix.products(), matrix.product_totals(), matrix.total());
  totals.insert(totals.end(), more.begin(), more.end());
  if (!totals.empty())
    out += fmt::format("\n等于其余之和，可能是合计行 equal to all others together, perhaps a row of totals: {}\n",
                       fmt::join(totals, ", "));
  return out;
}

void AddTableOptions(CLI::App& command, TableOptions& table) {
  command
      .add_option("MATRIX", table.file,
                  "CSV，每行一个地区与产品，可为 gzip / one row a region and product; may be gzip")
      ->required();
  command.add_option("--region", table.region_column,
                     fmt::format("地区列的列名，缺省为其中之一 / column of regions; else the first of: {}",
                                 fmt::join(kRegionNames, " ")));
  command.add_option("--product", table.product_column,
                     fmt::format("产品（行业）列的列名 / column of products or industries; else the first of: {}",
                                 fmt::join(kProductNames, " ")));
  command.add_option(
      "--value", table.value_column,
      fmt::format("数值列的列名，非负、单位一致 / column of values, one unit, not negative; else the first of: {}",
                  fmt::join(kValueNames, " ")));
  command
      .add_option("--where", table.where,
                  "只读符合的行，可重复 / COLUMN=TEXT or COLUMN!=TEXT: only rows where it is so; may be repeated")
      ->allow_extra_args(false);
  command.add_flag(
      "--sum", table.sum_duplicates,
      "同一地区同一产品的多行相加，缺省拒绝 / add up rows of the same region and product (refused otherwise)");
  command.add_option("--encoding", table.encoding, "utf-8 | gbk | gb18030");
}

void AddOutputOptions(CLI::App& command, OutputOptions& output, std::string_view picture) {
  command.add_option("--top", output.top, "表中行数 / rows of the tables")->check(CLI::Range(1, 100'000));
  command.add_option("--svg", output.svg, std::string(picture));
  command.add_flag("--json", output.json, "紧凑 JSON / compact JSON");
}

void AddChainStructure(CLI::App& chain, int& exit_code) {
  AddChainComplexity(chain, exit_code);
  AddChainIndices(chain, exit_code);
}

}  // namespace landfall::cli
