// SPDX-License-Identifier: Apache-2.0
// Tables of the test data, and matrices made from them or at random.
#pragma once

#include <map>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/relatedness/presence.h"
#include "exchange/csv.h"
#include "exchange/gzip.h"
#include "support/test_data.h"

namespace landfall::chain::test {

struct Table {
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;

  std::size_t Column(std::string_view name) const {
    for (std::size_t i = 0; i < header.size(); ++i)
      if (header[i] == name) return i;
    LF_CHECK(false);
  }
};

inline Table ReadTable(const std::string& relative) {
  const std::string bytes = ReadFileMaybeGzip((landfall::test::TestData() / relative).string(), 64 << 20).value();
  exchange::MemorySource source(bytes);
  exchange::CsvReader reader(source, ',');
  exchange::CsvRow row;
  Table table;
  while (reader.Next(row).value()) {
    std::vector<std::string> fields(row.fields.begin(), row.fields.end());
    if (table.header.empty())
      table.header = std::move(fields);
    else
      table.rows.push_back(std::move(fields));
  }
  return table;
}

inline StructureMatrix MatrixOf(const Table& table, std::string_view region, std::string_view product,
                                std::string_view value) {
  const std::size_t r = table.Column(region), p = table.Column(product), v = table.Column(value);
  StructureBuilder builder;
  for (const auto& row : table.rows) LF_CHECK(builder.Add(row[r], row[p], std::stod(row[v])).ok());
  return builder.Finish().value();
}

// A table of regions (first column) × products (header), as R writes its matrices.
inline StructureMatrix MatrixOfWide(const Table& table) {
  StructureBuilder builder;
  for (const auto& row : table.rows)
    for (std::size_t i = 1; i < row.size(); ++i) LF_CHECK(builder.Add(row[0], table.header[i], std::stod(row[i])).ok());
  return builder.Finish().value();
}

struct Cell {
  std::string region, product;
  double value;
};

inline StructureMatrix MatrixOf(const std::vector<Cell>& cells) {
  StructureBuilder builder;
  for (const Cell& cell : cells) LF_CHECK(builder.Add(cell.region, cell.product, cell.value).ok());
  return builder.Finish().value();
}

inline std::string Name(std::string_view prefix, std::size_t number) {
  std::string digits = std::to_string(number);
  return std::string(prefix) + std::string(5 - digits.size(), '0') + digits;
}

// Nested with noise, as real ones are: region i is likely to have product j where j is low or i is high. Whole numbers.
inline std::vector<Cell> RandomCells(std::uint64_t seed, std::size_t regions, std::size_t products) {
  std::mt19937_64 random(seed);
  const auto unit = [&] { return static_cast<double>(random() >> 11) * 0x1p-53; };
  std::vector<Cell> cells;
  for (std::size_t r = 0; r < regions; ++r) {
    for (std::size_t p = 0; p < products; ++p) {
      const double reach = static_cast<double>(r + 1) / static_cast<double>(regions);
      const double rare = static_cast<double>(p + 1) / static_cast<double>(products);
      if (unit() < 0.08 + 0.6 * std::max(0.0, reach - 0.7 * rare))
        cells.push_back({Name("r", r), Name("p", p), 1 + std::floor(1000 * unit() * unit())});
    }
  }
  return cells;
}

}  // namespace landfall::chain::test
