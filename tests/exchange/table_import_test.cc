// SPDX-License-Identifier: Apache-2.0
#include "exchange/table_import.h"

#include <gmock/gmock.h>

#include <fstream>

#include "exchange/table_support.h"

namespace landfall::exchange::test {
namespace {

using testing::ElementsAre;

// Columns ID (required code), Cost (万元, at most fen), Start (day).
Mapping SmallMapping(std::string_view more = "", std::string_view cost = R"("unit": "万元")") {
  const std::string json = R"({"version": 1, "dates": ["YYYY-MM-DD", "D/M/YYYY"], "nulls": ["-"], "columns": {
      "ID": {"field": "code"}, "Cost": {"field": "investment", )" +
                           std::string(cost) + R"(},
      "Start": {"milestone": "need", "as": "stated"})" +
                           std::string(more) + "}}";
  auto mapping = ReadMapping(json, ProjectSchema());
  if (!mapping) ADD_FAILURE() << mapping.error().code << " " << mapping.error().field;
  return *mapping;
}

Table Read(std::string_view csv, const Mapping& mapping) {
  return ReadTableText(csv, mapping, ProjectSchema()).value();
}

// "row column code" of each problem.
std::vector<std::string> Problems(const TableReport& report) {
  std::vector<std::string> lines;
  for (const Problem& problem : report.problems.kept())
    lines.push_back(std::to_string(problem.row) + " " + problem.column + " " + problem.code);
  return lines;
}

TEST(ReadTable, TurnsCellsIntoTypedValues) {
  const Table table = Read("ID,Cost,Start\nA1,110000.5,2024-02-29\n A2 ,-,\n", SmallMapping());

  ASSERT_TRUE(table.report.passed());
  ASSERT_EQ(table.rows.size(), 2u);
  const auto& cells = table.rows[0].cells;
  EXPECT_EQ(cells[0].value, CellValue("A1"));
  EXPECT_EQ(cells[1].value, CellValue(Money::FromMinor(110'000'500'000)));
  EXPECT_EQ(cells[1].original, "110000.5");
  EXPECT_EQ(cells[2].value, CellValue(MakeDay(2024, 2, 29)));
  EXPECT_EQ(table.rows[1].number, 3u);
  EXPECT_EQ(table.rows[1].cells[0].value, CellValue("A2"));
  EXPECT_EQ(table.rows[1].cells[1].value, CellValue());
  EXPECT_EQ(table.rows[1].cells[1].original, "-");
  EXPECT_THAT(Problems(table.report), ElementsAre("3 ID cell.trimmed", "3 Cost cell.null_marker"));
  EXPECT_EQ(table.report.columns[1].null_marked, 1u);
  EXPECT_EQ(table.report.columns[2].blank, 1u);
}

TEST(ReadTable, ListsEveryProblemByRowAndColumnAndReadsOn) {
  const Table table = Read(
      "ID,Cost,Start\n"
      "A1,1.0000001,2024-02-30\n"
      ",x,13/13/2020\n"
      "A3,1\n"
      ",,\n"
      "A5,\"1,000\",soon\n"
      "A6,99999999999999999999,2199-12-31\n",
      SmallMapping());

  EXPECT_FALSE(table.report.passed());
  EXPECT_TRUE(table.report.complete);
  EXPECT_THAT(
      Problems(table.report),
      ElementsAre("2 Cost money.too_precise", "2 Start cell.day_impossible", "3 Cost money.malformed",
                  "3 Start cell.day_impossible", "3 ID cell.missing", "4  csv.ragged_row", "6 Cost money.malformed",
                  "6 Start cell.day_unreadable", "7 Cost money.out_of_range", "5  csv.blank_row"));
  EXPECT_EQ(table.report.rows, 5u);
  EXPECT_EQ(table.report.rows_failed, 5u);
  EXPECT_EQ(table.rows.size(), 4u);  // The ragged one is not delivered.
  EXPECT_TRUE(table.rows[0].failed);
  EXPECT_TRUE(table.rows[0].cells[1].failed);
  EXPECT_FALSE(table.rows[0].cells[0].failed);
  EXPECT_EQ(table.report.AsStatus().error().code, "money.too_precise");
  EXPECT_EQ(table.report.AsStatus().error().field, "rows[2].Cost");
}

TEST(ReadTable, ListsEveryColumnThatDoesNotFitTheMapping) {
  const Table table = Read("ID,ID,Cost,Extra\nA,B,1,2\n", SmallMapping());

  EXPECT_THAT(Problems(table.report), ElementsAre("1 ID csv.duplicate_column", "1 Extra mapping.column_missing",
                                                  "1 Start mapping.unknown_column"));
  EXPECT_FALSE(table.report.complete);
  EXPECT_TRUE(table.rows.empty());
}

TEST(ReadTable, RefusesFilesWithoutHeaderOrRows) {
  EXPECT_EQ(Read("", SmallMapping()).report.AsStatus().error().code, "csv.empty");
  EXPECT_EQ(Read("\xEF\xBB\xBF\r\n\r\n", SmallMapping()).report.AsStatus().error().code, "csv.empty");
  EXPECT_EQ(Read("ID,Cost,Start\n,,\n", SmallMapping()).report.AsStatus().error().code, "csv.no_rows");
}

TEST(ReadTable, EndsWhereRowsCanNoLongerBeToldApart) {
  const Table table = Read("ID,Cost,Start\nA1,1,\nA2,\"1,\n", SmallMapping());

  EXPECT_FALSE(table.report.complete);
  EXPECT_THAT(Problems(table.report), ElementsAre("3  csv.quote_unclosed"));
  EXPECT_EQ(Read("ID,Cost,Start\n\xC6\xBD\xB0\xB2,1,\n", SmallMapping()).report.AsStatus().error().code,
            "encoding.looks_like_gbk");
}

TEST(ReadTable, PassesOverTheRowsAboveTheHeader) {
  Mapping mapping = SmallMapping();
  mapping.header_row = 3;

  const Table table = Read("Register of 2024\nin 万元,,,,\nID,Cost,Start\nA1,2,\n", mapping);

  ASSERT_TRUE(table.report.passed());
  EXPECT_EQ(table.rows[0].number, 4u);
}

TEST(ReadTable, SumsWhatRoundingChangedExactly) {
  const Mapping mapping = SmallMapping("", R"("unit": "plain", "rounding": "half_even")");

  const Table table = Read("ID,Cost,Start\nA,2066075.5899999999,\nB,0.005,\nC,0.015,\nD,-0.001,\nE,7,\n", mapping);

  ASSERT_TRUE(table.report.passed());
  EXPECT_EQ(table.rows[0].cells[1].value, CellValue(Money::FromMinor(206'607'559)));
  EXPECT_EQ(table.rows[1].cells[1].value, CellValue(Money::FromMinor(0)));
  EXPECT_EQ(table.rows[2].cells[1].value, CellValue(Money::FromMinor(2)));
  const ColumnCounts& cost = table.report.columns[1];
  EXPECT_EQ(cost.rounded, 4u);
  EXPECT_EQ(cost.rounding_total, "0.0010000001");  // 0.0000000001 − 0.005 + 0.005 + 0.001
  EXPECT_EQ(cost.rounding_total_absolute, "0.0110000001");
  EXPECT_EQ(table.report.problems.kept().back().code, "cell.rounded");
  EXPECT_EQ(table.report.problems.kept().back().count, 4u);
}

TEST(ReadTable, ReadsGroupsOfDigitsAndMarksOnlyWhereDeclared) {
  const Mapping mapping = SmallMapping("", R"("unit": "plain", "grouping": true, "mark": "$")");
  const auto cost = [&](std::string_view text) {
    const Table table = Read("ID,Cost,Start\nA,\"" + std::string(text) + "\",\n", mapping);
    const Cell& cell = table.rows.at(0).cells[1];
    return cell.failed ? std::string("refused") : std::get<Money>(cell.value).Format(2);
  };

  EXPECT_EQ(cost("$20000.00"), "20000.00");
  EXPECT_EQ(cost("1,234,567.89"), "1234567.89");
  EXPECT_EQ(cost("-1,000"), "-1000.00");
  EXPECT_EQ(cost("999"), "999.00");
  for (std::string_view bad : {"1,23", "12,3456", ",123", "1234,567", "1,234,", "1.234,567", "1,,234", "-,123", "¥1"})
    EXPECT_EQ(cost(bad), "refused") << bad;
}

TEST(ReadTable, JoinsTheLevelsOfAPath) {
  const Mapping mapping = SmallMapping(R"(, "Team": {"field": "owner_unit", "level": 2},
      "Group": {"field": "owner_unit", "level": 1}, "Kind": {"field": "kind", "values": {"工业": "industry"}})");
  const std::size_t unit = mapping.Find("field", "owner_unit"), kind = mapping.Find("field", "kind");

  const Table table =
      Read("ID,Cost,Start,Group,Team,Kind\nA,,,G,T,工业\nB,,,-,T,\nC,,,G,,\nD,,,,,农业\nE,,,G,T\x01,\n", mapping);

  ASSERT_EQ(table.rows.size(), 5u);
  EXPECT_EQ(table.rows[0].cells[unit].value, CellValue(Path{"G", "T"}));
  EXPECT_EQ(table.rows[0].cells[kind].value, CellValue("industry"));
  EXPECT_EQ(table.rows[0].cells[kind].original, "工业");
  EXPECT_EQ(table.rows[1].cells[unit].value, CellValue(Path{"", "T"}));
  EXPECT_EQ(table.rows[2].cells[unit].value, CellValue(Path{"G", ""}));
  EXPECT_EQ(table.rows[3].cells[unit].value, CellValue());
  EXPECT_EQ(table.rows[4].cells[unit].value, CellValue());
  EXPECT_THAT(Problems(table.report),
              ElementsAre("5 Kind cell.not_listed", "6 Team cell.control_character", "3 Group cell.null_marker"));
}

TEST(ReadTable, GivesConstantsAndTemplatesToEachRow) {
  Mapping mapping = *ReadMapping(R"({"version": 1, "columns": {"No": {"field": "code"}, "What": {"ignore": true}},
      "constants": [{"field": "region", "value": "430702"}, {"field": "investment", "value": "2.5", "unit": "亿元"}],
      "templates": [{"field": "title", "template": "{No}: {What}"}]})",
                                 ProjectSchema());

  const Table table = Read("What,No\n bridge ,1\n,2\n", mapping);

  ASSERT_TRUE(table.report.passed());
  for (const TypedRow& row : table.rows) {
    EXPECT_EQ(row.cells[mapping.Find("field", "region")].value, CellValue("430702"));
    EXPECT_EQ(row.cells[mapping.Find("field", "investment")].value, CellValue(Money::FromMinor(25'000'000'000)));
  }
  EXPECT_EQ(table.rows[0].cells[mapping.Find("field", "title")].value, CellValue("1: bridge"));
  EXPECT_EQ(table.rows[1].cells[mapping.Find("field", "title")].value, CellValue("2:"));
}

TEST(ReadTable, KeepsTenThousandProblemsAndCountsTheRest) {
  std::string csv = "ID,Cost,Start\n";
  for (int i = 0; i < 12'000; ++i) csv += "A,x,\n";
  csv += " B ,1,\n";

  const Table table = Read(csv, SmallMapping());

  EXPECT_EQ(table.report.problems.kept().size(), ProblemList::kKept);
  EXPECT_EQ(table.report.problems.errors(), 12'000u);
  EXPECT_EQ(table.report.problems.notes(), 1u);
  EXPECT_EQ(table.report.problems.left_out(), 2'001u);
}

TEST(ProblemList, GivesErrorsThePlacesOfNotes) {
  ProblemList problems;
  for (std::size_t i = 0; i < ProblemList::kKept; ++i) problems.Add({i, "", "n", Severity::kNote, "", "", 1});

  problems.Add({7, "", "e", Severity::kError, "", "", 1});

  EXPECT_EQ(problems.kept().size(), ProblemList::kKept);
  EXPECT_EQ(problems.kept().back().code, "e");
  EXPECT_EQ(problems.left_out(), 1u);
}

TEST(ReadTable, LetsTheSinkAddProblemsOrEndTheReading) {
  const Mapping mapping = SmallMapping();
  const TableSchema schema = ProjectSchema();
  MemorySource twice("ID,Cost,Start\nA,,\nB,,\n"), once("ID,Cost,Start\nA,,\nB,,\n");

  auto judged = ReadTable(twice, mapping, schema, [](const TypedRow& row, ProblemList& problems) -> Status {
    problems.Add({row.number, "ID", "project.code_taken", Severity::kError, "", "", 1});
    return Ok{};
  });
  auto ended =
      ReadTable(once, mapping, schema, [](const TypedRow&, ProblemList&) -> Status { return Invalid("sink.full"); });

  ASSERT_TRUE(judged);
  EXPECT_TRUE(judged->complete);
  EXPECT_FALSE(judged->passed());
  EXPECT_EQ(judged->rows_failed, 2u);
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().code, "sink.full");
}

TEST(ReadTable, TellsProgressAndCanBeCancelled) {
  std::string csv = "ID,Cost,Start\n";
  while (csv.size() < 1'000'000) csv += "A,1,2024-01-01\n";
  const Mapping mapping = SmallMapping();
  const TableSchema schema = ProjectSchema();
  const RowSink sink = [](const TypedRow&, ProblemList&) -> Status { return Ok{}; };
  MemorySource first(csv), second(csv);
  std::vector<std::uint64_t> done;

  auto read = ReadTable(first, mapping, schema, sink, [&](std::uint64_t bytes, std::optional<std::uint64_t> total) {
    EXPECT_EQ(total, csv.size());
    done.push_back(bytes);
    return true;
  });
  auto cancelled = ReadTable(second, mapping, schema, sink,
                             [](std::uint64_t bytes, std::optional<std::uint64_t>) { return bytes < 300'000; });

  ASSERT_TRUE(read);
  EXPECT_TRUE(std::is_sorted(done.begin(), done.end()));
  EXPECT_GE(done.size(), 15u);
  EXPECT_EQ(done.back(), csv.size());
  EXPECT_EQ(read->file, Sha256(csv));
  EXPECT_EQ(read->bytes, csv.size());
  ASSERT_FALSE(cancelled);
  EXPECT_EQ(cancelled.error().code, "import.cancelled");
}

TEST(ReadTable, RefusesAFileThatSaysItIsTooLargeBeforeReadingIt) {
  class Huge final : public ByteSource {
   public:
    Result<std::size_t> Read(std::span<char>) override {
      ADD_FAILURE() << "It was read.";
      return std::size_t{0};
    }
    std::optional<std::uint64_t> Size() const override { return kFileBytesMax + 1; }
  } source;

  auto report =
      ReadTable(source, SmallMapping(), ProjectSchema(), [](const TypedRow&, ProblemList&) -> Status { return Ok{}; });

  ASSERT_TRUE(report);
  EXPECT_EQ(report->AsStatus().error().code, "csv.file_too_large");
}

// The size is not known beforehand; a gigabyte in one line is refused after a few chunks.
TEST(ReadTable, RefusesAGigabyteLineFromAStream) {
  GeneratedSource source(1ULL << 30, [](std::uint64_t i) { return "ID,Cost,Start\n"[std::min<std::uint64_t>(i, 12)]; });

  auto report =
      ReadTable(source, SmallMapping(), ProjectSchema(), [](const TypedRow&, ProblemList&) -> Status { return Ok{}; });

  ASSERT_TRUE(report);
  EXPECT_EQ(report->AsStatus().error().code, "csv.field_too_long");
  EXPECT_LE(source.given(), 4u * 64 * 1024);
}

TEST(FileSource, ReadsAFileAndRefusesFoldersAndDevices) {
  const std::string path = testing::TempDir() + "landfall_file_source.csv";
  std::ofstream(path, std::ios::binary) << "ID,Cost,Start\nA,1,\n";

  auto source = FileSource::Open(path);

  ASSERT_TRUE(source);
  EXPECT_EQ((*source)->Size(), 19u);
  EXPECT_EQ(ReadAllCsv(**source)->size(), 2u);
  EXPECT_EQ(FileSource::Open(testing::TempDir()).error().code, "source.unreadable");
  EXPECT_EQ(FileSource::Open("/dev/zero").error().code, "source.unreadable");
  EXPECT_EQ(FileSource::Open(path + ".absent").error().code, "source.unreadable");
}

}  // namespace
}  // namespace landfall::exchange::test
