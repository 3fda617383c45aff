// SPDX-License-Identifier: Apache-2.0
// A mapping file reads a sheet as it reads CSV.
#include "exchange/sheet_table.h"

#include <gmock/gmock.h>

#include "exchange/table_support.h"
#include "exchange/xlsx_support.h"

namespace landfall::exchange::test {
namespace {

using testing::ElementsAre;

constexpr std::string_view kColumns = R"("ID": {"field": "code"}, "Cost": {"field": "investment", "unit": "万元"},
      "Start": {"milestone": "need", "as": "stated"})";

Mapping MappingOf(std::string_view columns, std::string_view more = "") {
  const std::string json =
      fmt::format(R"({{"version": 1, "dates": ["D/M/YYYY"], {} "columns": {{{}}}}})", more, columns);
  auto mapping = ReadMapping(json, ProjectSchema());
  if (!mapping) ADD_FAILURE() << mapping.error().code << " " << mapping.error().field;
  return *mapping;
}

Result<Table> ReadSheet(const std::string& bytes, const Mapping& mapping, const SheetTableOptions& options = {}) {
  Table table;
  LF_ASSIGN(const Workbook book, ReadXlsx(bytes));
  LF_ASSIGN(table.report, ReadSheetTable(book, bytes, options, mapping, ProjectSchema(),
                                         [&](const TypedRow& row, ProblemList&) -> Status {
                                           table.rows.push_back(row);
                                           return Ok{};
                                         }));
  return table;
}

std::vector<std::string> Problems(const TableReport& report) {
  std::vector<std::string> lines;
  for (const Problem& problem : report.problems.kept())
    lines.push_back(fmt::format("{} {} {}", problem.row, problem.column, problem.code));
  return lines;
}

std::string Text(std::string_view cell, std::string_view text) {
  return fmt::format(R"(<c r="{}" t="inlineStr"><is><t>{}</t></is></c>)", cell, text);
}
const std::string kHead = "<row r=\"1\">" + Text("A1", "ID") + Text("B1", "Cost") + Text("C1", "Start") + "</row>";
constexpr std::string_view kDateStyle = R"(<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>)";

std::string Book(const std::string& rows, const std::string& after = "") {
  return Xlsx(
      {.sheets = {{"隐藏", R"(state="hidden")", ""}, {"项目", "", "<sheetData>" + rows + "</sheetData>" + after}},
       .styles = std::string(kDateStyle)});
}

TEST(SheetTable, TurnsCellsIntoTheValuesTheSameCsvGives) {
  const std::string bytes = Book(kHead + R"(<row r="3">)" + Text("A3", " A1 ") +
                                 R"(<c r="B3"><v>110000.49999999999</v></c><c r="C3" s="1"><v>45351.5</v></c></row>
                                 <row r="5"><c r="A5"><v>430702199001011234</v></c>)" +
                                 Text("B5", "1.5") + Text("C5", "3/4/2020") + "</row>");

  const Table table = ReadSheet(bytes, MappingOf(kColumns)).value();

  ASSERT_TRUE(table.report.passed());
  ASSERT_EQ(table.rows.size(), 2u);
  EXPECT_EQ(table.rows[0].number, 3u);
  EXPECT_EQ(table.rows[0].cells[0].value, CellValue("A1"));
  EXPECT_EQ(table.rows[0].cells[1].value, CellValue(Money::FromMinor(110'000'500'000)));
  EXPECT_EQ(table.rows[0].cells[2].value, CellValue(MakeDay(2024, 2, 29)));
  EXPECT_EQ(table.rows[1].cells[0].value, CellValue("430702199001011234"));
  EXPECT_EQ(table.rows[1].cells[2].value, CellValue(MakeDay(2020, 4, 3)));
  EXPECT_THAT(Problems(table.report), ElementsAre("3 ID cell.trimmed", "3 Start cell.time_dropped"));
  EXPECT_EQ(table.report.file, Sha256(bytes));
  EXPECT_EQ(table.report.bytes, bytes.size());
}

TEST(SheetTable, JoinsHeadingsOfSeveralRowsAndRepeatsWhatIsMergedDownwards) {
  const std::string rows =
      "<row r=\"2\">" + Text("A2", "ID") + Text("B2", "投资") + Text("D2", "Start") + "</row><row r=\"3\">" +
      Text("B3", "计划") + Text("C3", "实际") + "</row><row r=\"4\">" + Text("A4", "A1") +
      "<c r=\"B4\"><v>1</v></c><c r=\"C4\"><v>2</v></c></row><row r=\"5\"><c r=\"B5\"><v>3</v></c></row>";
  const std::string bytes =
      Book(rows, R"(<mergeCells><mergeCell ref="A2:A3"/><mergeCell ref="B2:C2"/><mergeCell ref="A4:A5"/>
      <mergeCell ref="B5:C5"/></mergeCells>)");
  const Mapping mapping = MappingOf(R"("ID": {"field": "code"}, "投资/计划": {"field": "investment", "unit": "元"},
      "投资/实际": {"attribute": "actual", "type": "money", "unit": "元"}, "Start": {"ignore": true})",
                                    R"("header_row": 3,)");

  const Table table = ReadSheet(bytes, mapping, {.sheet = "项目", .heading_rows = 2}).value();

  ASSERT_TRUE(table.report.passed()) << table.report.AsStatus().error().code;
  ASSERT_EQ(table.rows.size(), 2u);
  EXPECT_EQ(table.rows[1].cells[0].value, CellValue("A1"));
  EXPECT_EQ(table.rows[1].cells[1].value, CellValue(Money::FromMinor(300)));
  EXPECT_EQ(table.rows[1].cells[2].value, CellValue());
}

TEST(SheetTable, ACellWithoutAValueIsAProblemNotABlank) {
  const std::string bytes = Book(kHead + "<row r=\"2\">" + Text("A2", "A1") + R"(<c r="B2"><f>B9*2</f></c>
      <c r="C2" t="e"><f>1/0</f><v>#DIV/0!</v></c></row><row r="3">)" +
                                 Text("A3", "A2") + Text("E3", "合计") + "</row>");

  const Table table = ReadSheet(bytes, MappingOf(kColumns)).value();

  EXPECT_THAT(Problems(table.report),
              ElementsAre("2 Cost sheet.formula_not_computed", "2 Start sheet.cell_error", "3  csv.ragged_row"));
  EXPECT_TRUE(table.rows[0].cells[1].failed);
}

TEST(SheetTable, SheetsAndHeadingsThatAreNotThereAreRefused) {
  const std::string bytes = Book(kHead + "<row r=\"2\">" + Text("A2", "A1") + "</row>");
  const Mapping mapping = MappingOf(kColumns);

  EXPECT_EQ(ReadSheet(bytes, mapping).value().rows.size(), 1u);
  EXPECT_EQ(ReadSheet(bytes, mapping, {.sheet = "别的"}).error().code, "sheet.no_sheet");
  EXPECT_EQ(ReadSheet(bytes, mapping, {.heading_rows = 2}).error().code, "sheet.bad_heading_rows");
  EXPECT_EQ(ReadSheet(bytes, mapping, {.heading_rows = 0}).error().code, "sheet.bad_heading_rows");
  EXPECT_EQ(ReadSheet(Xlsx({.sheets = {{"S", R"(state="hidden")", ""}}}), mapping).error().code, "sheet.no_sheet");
  EXPECT_EQ(ReadSheet(bytes, mapping, {.sheet = "隐藏"}).value().report.AsStatus().error().code, "csv.empty");
  EXPECT_EQ(ReadSheet(Book(kHead), mapping).value().report.AsStatus().error().code, "csv.no_rows");
}

}  // namespace
}  // namespace landfall::exchange::test
