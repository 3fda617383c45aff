// SPDX-License-Identifier: Apache-2.0
// What the tests of src/exchange share: a schema like that of the project importer, and sources made for a purpose.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

#include "base/seam.h"
#include "exchange/table_import.h"
#include "support/test_data.h"

namespace landfall::exchange::test {

using landfall::test::TestAll;

inline TableSchema ProjectSchema() {
  TableSchema schema;
  TargetGroup field{"field", {}, false, {}};
  field.keys = {{"code", ValueType::kText, true, 64},        {"title", ValueType::kText, false, 500},
                {"investment", ValueType::kMoney, false, 0}, {"owner_unit", ValueType::kPath, false, 200},
                {"region", ValueType::kText, false, 20},     {"kind", ValueType::kText, false, 40},
                {"registered_on", ValueType::kDay, false, 0}};
  TargetGroup milestone{"milestone", {}, false, {{"as", {"stated", "planned", "actual"}, false, true}}};
  for (const char* key : {"need", "preliminary_case", "business_case", "tender_closed", "stage1", "stage2", "stage3"})
    milestone.keys.push_back({key, ValueType::kDay, false, 0});
  schema.groups = {field, milestone, {"attribute", {}, true, {}}};
  schema.settings = {{"ladder", {"public_works"}, false, false}, {"register_as_at", {}, true, false}};
  return schema;
}

// Gives its bytes in pieces of at most `piece` bytes.
class PiecewiseSource final : public ByteSource {
 public:
  PiecewiseSource(std::string_view bytes, std::size_t piece) : inner_(bytes), piece_(piece) {}
  Result<std::size_t> Read(std::span<char> out) override {
    return inner_.Read(out.first(std::min(out.size(), piece_)));
  }

 private:
  MemorySource inner_;
  std::size_t piece_;
};

// `size` bytes made on demand, byte i being make(i).
class GeneratedSource final : public ByteSource {
 public:
  GeneratedSource(std::uint64_t size, std::function<char(std::uint64_t)> make) : size_(size), make_(std::move(make)) {}
  Result<std::size_t> Read(std::span<char> out) override {
    std::size_t count = 0;
    while (count < out.size() && given_ < size_) out[count++] = make_(given_++);
    return count;
  }
  std::uint64_t given() const { return given_; }

 private:
  std::uint64_t size_, given_ = 0;
  std::function<char(std::uint64_t)> make_;
};

using Rows = std::vector<std::vector<std::string>>;

// All records, or the code of the error that ended the reading.
inline Result<Rows> ReadAllCsv(ByteSource& source, char separator = ',', CsvLimits limits = {}) {
  CsvReader reader(source, separator, limits);
  Rows rows;
  CsvRow row;
  for (;;) {
    LF_ASSIGN(const bool more, reader.Next(row));
    if (!more) return rows;
    rows.emplace_back(row.fields.begin(), row.fields.end());
  }
}
inline Result<Rows> ReadAllCsv(std::string_view text, char separator = ',', CsvLimits limits = {}) {
  MemorySource source(text);
  return ReadAllCsv(source, separator, limits);
}

struct Table {
  TableReport report;
  std::vector<TypedRow> rows;
};

inline Result<Table> ReadTableText(std::string_view csv, const Mapping& mapping, const TableSchema& schema) {
  Table table;
  MemorySource source(csv);
  LF_ASSIGN(table.report, ReadTable(source, mapping, schema, [&](const TypedRow& row, ProblemList&) -> Status {
              table.rows.push_back(row);
              return Ok{};
            }));
  return table;
}

inline std::uint64_t Below(SeededRandom& random, std::uint64_t bound) { return random.Next() % bound; }

}  // namespace landfall::exchange::test
