// SPDX-License-Identifier: Apache-2.0
#include "exchange/csv.h"

#include <gmock/gmock.h>

#include "exchange/table_support.h"

namespace landfall::exchange::test {
namespace {

using testing::ElementsAre;

std::string CodeOf(std::string_view text, CsvLimits limits = {}) {
  auto rows = ReadAllCsv(text, ',', limits);
  return rows ? "" : rows.error().code;
}

TEST(Csv, ReadsQuotesLineBreaksAndAnyLineEnd) {
  auto rows = ReadAllCsv("a,\"b,\"\"c\"\"\r\nd\",\r\n1,2,3\r4,5,6\n\"\",,x");

  ASSERT_TRUE(rows);
  EXPECT_THAT(*rows, ElementsAre(ElementsAre("a", "b,\"c\"\r\nd", ""), ElementsAre("1", "2", "3"),
                                 ElementsAre("4", "5", "6"), ElementsAre("", "", "x")));
}

TEST(Csv, ReadsEachSeparator) {
  for (char separator : {',', ';', '\t', '|'}) {
    const std::string text = std::string("a") + separator + "b\n";

    auto rows = ReadAllCsv(text, separator);

    ASSERT_TRUE(rows);
    EXPECT_THAT(*rows, ElementsAre(ElementsAre("a", "b")));
  }
}

TEST(Csv, CountsRowsAsASpreadsheetAndLinesAsAnEditor) {
  MemorySource source("h\r\n\r\n\"a\r\nb\rc\"\r\nd\r\n\r\n");
  CsvReader reader(source, ',');
  CsvRow row;

  std::vector<std::pair<std::uint64_t, std::uint64_t>> places;
  while (*reader.Next(row)) places.emplace_back(row.number, row.line);

  EXPECT_THAT(places, ElementsAre(testing::Pair(1, 1), testing::Pair(3, 3), testing::Pair(4, 6)));
}

TEST(Csv, RefusesMisplacedAndOpenQuotes) {
  EXPECT_EQ(CodeOf("a,b\"c\n"), "csv.quote_misplaced");
  EXPECT_EQ(CodeOf("a,\"b\"c\n"), "csv.quote_misplaced");
  EXPECT_EQ(CodeOf("a,\"b\n1,2\n"), "csv.quote_unclosed");
}

TEST(Csv, RefusesWhatIsBeyondALimitAndReadsWhatReachesIt) {
  const CsvLimits limits{.field_bytes = 4, .row_bytes = 12, .columns = 3, .rows = 2};

  EXPECT_EQ(CodeOf("1234,12,1\n", limits), "");
  EXPECT_EQ(CodeOf("12345\n", limits), "csv.field_too_long");
  EXPECT_EQ(CodeOf("1234,1234,12\n", limits), "csv.line_too_long");
  EXPECT_EQ(CodeOf("1,2,3,4\n", limits), "csv.too_many_columns");
  EXPECT_EQ(CodeOf("1\n2\n", limits), "");
  EXPECT_EQ(CodeOf("1\n2\n3", limits), "csv.too_many_rows");
  EXPECT_EQ(CodeOf("1\n\n\n3", limits), "csv.too_many_rows");
}

TEST(Csv, TellsTheSameErrorAgain) {
  MemorySource source("a\"\nb\n");
  CsvReader reader(source, ',');
  CsvRow row;

  auto first = reader.Next(row), second = reader.Next(row);

  ASSERT_FALSE(first);
  ASSERT_FALSE(second);
  EXPECT_EQ(first.error().code, second.error().code);
}

TEST(Csv, RefusesAGigabyteLineAfterReadingAboutOneLimitOfIt) {
  // Without separators the field's limit is broken first; with short fields that of the columns; with long ones the
  // row's.
  const auto given = [](std::uint64_t field, std::string* code) {
    GeneratedSource source(1ULL << 30, [field](std::uint64_t i) { return i % field == field - 1 ? ',' : 'x'; });
    auto rows = ReadAllCsv(source);
    *code = rows ? "" : rows.error().code;
    return source.given();
  };
  std::string code;

  EXPECT_LE(given(1ULL << 40, &code), 2 * 64 * 1024);
  EXPECT_EQ(code, "csv.field_too_long");
  EXPECT_LE(given(2, &code), 64 * 1024);
  EXPECT_EQ(code, "csv.too_many_columns");
  EXPECT_LE(given(50'000, &code), 1024 * 1024 + 64 * 1024);
  EXPECT_EQ(code, "csv.line_too_long");
}

TEST(Csv, ReadsBackWhatItWroteHoweverTheSourceIsCut) {
  static constexpr std::string_view kPieces[] = {"", "a", "\"", "\n", "\r", "\r\n", ",", ";", " ", "投资", "\t", "|"};
  for (std::uint64_t seed = 1; seed <= 3'000; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    SeededRandom random(seed);
    const char separator = std::string_view(",;\t|")[Below(random, 4)];
    Rows rows(Below(random, 6));
    std::string text;
    for (auto& row : rows) {
      row.resize(1 + Below(random, 4));
      for (std::string& field : row)
        for (std::uint64_t n = Below(random, 5); n > 0; --n) field += kPieces[Below(random, std::size(kPieces))];
      const std::vector<std::string_view> fields(row.begin(), row.end());
      AppendCsvRow(text, fields, separator);
    }
    PiecewiseSource source(text, 1 + Below(random, 7));

    auto back = ReadAllCsv(source, separator);

    ASSERT_TRUE(back) << back.error().code;
    ASSERT_EQ(*back, rows);
  }
}

// Also of broken text: neither rows nor the refusal depend on where a chunk ends.
TEST(Csv, ReadsAnyBytesTheSameHoweverTheSourceIsCut) {
  const CsvLimits limits{.field_bytes = 5, .row_bytes = 12, .columns = 4, .rows = 6};
  for (std::uint64_t seed = 1; seed <= 20'000; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    SeededRandom random(seed);
    std::string text;
    for (std::uint64_t n = Below(random, 40); n > 0; --n) text += std::string_view("aaab,,\"\"\r\n")[Below(random, 10)];
    PiecewiseSource pieces(text, 1 + Below(random, 4));

    auto whole = ReadAllCsv(text, ',', limits), cut = ReadAllCsv(pieces, ',', limits);

    ASSERT_EQ(whole.ok(), cut.ok());
    if (whole) {
      ASSERT_EQ(*whole, *cut);
    } else {
      ASSERT_EQ(whole.error().code, cut.error().code);
      ASSERT_EQ(whole.error().detail, cut.error().detail);
    }
  }
}

}  // namespace
}  // namespace landfall::exchange::test
