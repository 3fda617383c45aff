// SPDX-License-Identifier: Apache-2.0
// Seeded mutations of a register and of its mapping: whatever the bytes, the answer is a report or a refusal with a
// code of the catalogue, the same one each time. LANDFALL_TEST_ALL=1 runs a hundred times as many.
#include <gtest/gtest.h>

#include "exchange/table_support.h"
#include "support/test_data.h"

namespace landfall::exchange::test {
namespace {

constexpr std::string_view kRegister =
    "ID,Cost,Start,Group,Team,What\r\n"
    "A1,\"1,234.5\",2024-02-29 17:00:00,G,\"T \"\"x\"\"\",工业\r\n"
    "A2,-,3/4/2020,,T,\"line\nbreak\"\r\n"
    "A3,99999999.999,20240101,G,Unknown,\r\n";
constexpr std::string_view kMapping =
    R"({"version": 1, "encoding": "utf-8", "separator": ",", "header_row": 1, "ladder": "public_works",
 "dates": ["YYYY-MM-DD hh:mm:ss", "D/M/YYYY", "YYYYMMDD", "YYYY.M"], "partial_day": "first", "nulls": ["-"],
 "columns": {"ID": {"field": "code"}, "Cost": {"field": "investment", "unit": "万元", "rounding": "half_even", "grouping": true},
  "Start": {"milestone": "need", "as": "stated"}, "Group": {"field": "owner_unit", "level": 1},
  "Team": {"field": "owner_unit", "level": 2, "nulls": ["Unknown"]}, "What": {"attribute": "what"}},
 "constants": [{"field": "region", "value": "430702"}], "templates": [{"field": "title", "template": "{ID} {What}"}]})";

std::string Mutate(std::string_view original, SeededRandom& random) {
  static constexpr std::string_view kBits[] = {
      "\"",  ",",          "\n", "\r",   "\xFF", "\xC6\xBD",     "0",   "-", "{", "}", "[", "]", ":", "\\",
      "\\u", "9999999999", "é",  "null", "true", "\xEF\xBB\xBF", "1e5", " "};
  std::string text(original);
  for (std::uint64_t n = 1 + Below(random, 4); n > 0 && !text.empty(); --n) {
    const std::size_t at = Below(random, text.size());
    switch (Below(random, 5)) {
      case 0:
        text[at] = static_cast<char>(random.Next());
        break;
      case 1:
        text.insert(at, kBits[Below(random, std::size(kBits))]);
        break;
      case 2:
        text.erase(at, 1 + Below(random, 12));
        break;
      case 3:
        text.insert(at, text.substr(Below(random, text.size()), Below(random, 40)));
        break;
      default:
        text.resize(at);
        break;
    }
  }
  return text;
}

// Everything a reading says, as one text.
std::string Told(ByteSource& source, const Mapping& mapping, const TableSchema& schema) {
  std::string told;
  auto report = ReadTable(source, mapping, schema, [&](const TypedRow& row, ProblemList&) -> Status {
    told += std::to_string(row.number);
    for (const Cell& cell : row.cells) {
      told += cell.failed ? '!' : static_cast<char>('0' + cell.value.index());
      EXPECT_EQ(FindInvalidUtf8(cell.original), std::string::npos);
    }
    return Ok{};
  });
  if (!report) return told + report.error().code;
  EXPECT_EQ(report->passed(), report->AsStatus().ok());
  for (const Problem& problem : report->problems.kept()) {
    EXPECT_EQ(FindInvalidUtf8(problem.excerpt), std::string::npos);
    told += " " + std::to_string(problem.row) + problem.column + problem.code;
  }
  return told;
}

int Runs() { return TestAll() ? 2'000'000 : 20'000; }

TEST(Fuzz, ARegisterIsReadOrRefusedAndTheSameHoweverItIsCut) {
  const TableSchema schema = ProjectSchema();
  Mapping mapping = ReadMapping(kMapping, schema).value();
  int passed = 0;
  for (int seed = 1; seed <= Runs(); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    SeededRandom random(static_cast<std::uint64_t>(seed));
    const std::string bytes = Mutate(kRegister, random);
    mapping.encoding = seed % 4 == 0 ? Encoding::kGb18030 : Encoding::kUtf8;
    MemorySource whole(bytes);
    PiecewiseSource pieces(bytes, 1 + Below(random, 20));

    const std::string told = Told(whole, mapping, schema);

    ASSERT_EQ(told, Told(pieces, mapping, schema));
    passed += told.find("csv.") == std::string::npos;
  }
  EXPECT_GT(passed, Runs() / 20);  // The mutations reach beyond the reader of CSV.
}

TEST(Fuzz, AMappingIsReadOrRefused) {
  const TableSchema schema = ProjectSchema();
  ASSERT_TRUE(ReadMapping(kMapping, schema));
  int accepted = 0;
  for (int seed = 1; seed <= Runs(); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    SeededRandom random(static_cast<std::uint64_t>(seed));
    const std::string bytes = Mutate(kMapping, random);

    auto mapping = ReadMapping(bytes, schema);

    if (!mapping) {
      ASSERT_TRUE(mapping.error().code.starts_with("mapping.") || mapping.error().code == "encoding.unknown");
      continue;
    }
    ++accepted;
    MemorySource source(kRegister);
    Told(source, *mapping, schema);
  }
  EXPECT_GT(accepted, Runs() / 100);
}

}  // namespace
}  // namespace landfall::exchange::test
