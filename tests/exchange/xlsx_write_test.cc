// SPDX-License-Identifier: Apache-2.0
#include "exchange/xlsx_write.h"

#include <gmock/gmock.h>

#include "base/seam.h"
#include "base/text.h"
#include "exchange/xlsx_support.h"

namespace landfall::exchange::test {
namespace {

using testing::ElementsAre;

const Instant kNow = ParseInstant("2026-11-21T08:30:12.123456Z").value();

ColumnSpec Column(std::string key, std::string label, ColumnKind kind = ColumnKind::kText) {
  ColumnSpec column;
  column.key = std::move(key);
  column.label = std::move(label);
  column.kind = kind;
  return column;
}

std::vector<ColumnSpec> OneOfEach() {
  std::vector<ColumnSpec> columns = {Column("title", "名称"),
                                     Column("jobs", "用工人数", ColumnKind::kWhole),
                                     Column("investment", "总投资（万元）", ColumnKind::kMoney),
                                     Column("signed", "签约日期", ColumnKind::kDay),
                                     Column("at", "填报时间", ColumnKind::kInstant),
                                     Column("share", "完成率", ColumnKind::kPercent)};
  columns[2].unit_exponent = 4;
  return columns;
}

WorkbookSpec OneSheetSpec(std::vector<ColumnSpec> columns, std::vector<RowSpec> rows) {
  WorkbookSpec spec;
  spec.created_at = kNow;
  spec.title = "项目";
  spec.sheets.push_back({.name = "项目", .columns = std::move(columns), .rows = std::move(rows)});
  return spec;
}

Workbook WrittenAndRead(const WorkbookSpec& spec) { return ReadXlsx(WriteXlsx(spec).value()).value(); }

TEST(WriteXlsx, GivesBackEveryKindOfValueUnchanged) {
  const std::vector<SheetValue> values = {
      "示例数据 一号\n第二行", std::int64_t{1'200}, Money::FromMinor(110'000'512'345), MakeDay(2024, 2, 29), kNow,
      BasisPoints{1'234}};
  const std::vector<SheetValue> low = {"x",
                                       std::int64_t{-5},
                                       Money::FromMinor(-1),
                                       kFirstDay,
                                       ParseInstant("1999-12-31T16:00:00.000000Z").value(),
                                       BasisPoints{-1}};
  const std::vector<SheetValue> none(6);
  const WorkbookSpec spec = OneSheetSpec(OneOfEach(), {{.values = values}, {.values = low}, {.values = none}});

  const Workbook book = WrittenAndRead(spec);

  const Sheet& sheet = book.sheets[0];
  EXPECT_EQ(sheet.TextAt(1, 3), "总投资（万元）");
  EXPECT_EQ(sheet.TextAt(2, 3), "110000.512345");
  EXPECT_EQ(sheet.TextAt(2, 4), "2024-02-29");
  EXPECT_EQ(sheet.TextAt(2, 5), "2026-11-21 16:30:12");
  EXPECT_EQ(sheet.TextAt(2, 6), "0.1234");
  for (std::uint32_t row = 0; row < 3; ++row) {
    for (std::uint32_t column = 0; column < 6; ++column) {
      const auto read =
          ReadSheetValue(sheet.Find(row + 2, column + 1), sheet.dates, spec.sheets[0].columns[column], spec.context);
      ASSERT_TRUE(read) << row << " " << column << " " << read.error().code;
      EXPECT_EQ(CanonicalText(*read), CanonicalText(spec.sheets[0].rows[row].values[column])) << row << " " << column;
    }
  }
}

TEST(WriteXlsx, KeepsAmountsExactWhateverTheirSize) {
  std::vector<ColumnSpec> columns = {Column("yuan", "元", ColumnKind::kMoney),
                                     Column("wan", "万元", ColumnKind::kMoney),
                                     Column("count", "个", ColumnKind::kWhole)};
  columns[1].unit_exponent = 4;
  WorkbookSpec spec = OneSheetSpec(columns, {});
  SeededRandom random(7);
  for (int i = 0; i < 3'000; ++i) {
    const auto amount = static_cast<std::int64_t>(random.Next() >> (1 + i % 63)) * (i % 2 == 0 ? 1 : -1);
    spec.sheets[0].rows.push_back({.values = {Money::FromMinor(amount), Money::FromMinor(amount), amount}});
  }

  const Workbook book = WrittenAndRead(spec);

  for (std::uint32_t i = 0; i < 3'000; ++i) {
    for (std::uint32_t column = 0; column < 3; ++column) {
      const auto read =
          ReadSheetValue(book.sheets[0].Find(i + 2, column + 1), DateSystem::k1900, columns[column], spec.context);
      ASSERT_TRUE(read) << i;
      ASSERT_EQ(*read, spec.sheets[0].rows[i].values[column]) << "seed 7, row " << i;
    }
  }
  EXPECT_EQ(book.sheets[0].Find(2, 1)->kind, CellKind::kText);     // 19 digits.
  EXPECT_EQ(book.sheets[0].Find(61, 1)->kind, CellKind::kNumber);  // Few.
}

TEST(WriteXlsx, WritesTextsThatBeginLikeAFormulaAsTextsOfTextFormat) {
  const std::vector<std::string> texts = {"=1+1",
                                          "+1",
                                          "-1",
                                          "@SUM(A1)",
                                          "\t=1",
                                          "\r=1",
                                          "＝1+1",
                                          "＋1",
                                          "－1",
                                          "＠x",
                                          "=cmd|' /C calc'!A0",
                                          "_x0041_",
                                          "_x005F_",
                                          "a_x000D_b",
                                          "'=1",
                                          std::string("a\0b", 3),
                                          "\xEF\xBF\xBE\xEF\xBF\xBF\xEF\xBF\xBD",
                                          "\x01\x1F",
                                          "{=1}"};
  WorkbookSpec spec = OneSheetSpec({Column("text", "=HYPERLINK(\"http://a\")")}, {});
  for (const std::string& text : texts) spec.sheets[0].rows.push_back({.values = {text}});

  const std::string bytes = WriteXlsx(spec).value();

  const Workbook book = ReadXlsx(bytes).value();
  EXPECT_EQ(book.sheets[0].TextAt(1, 1), "=HYPERLINK(\"http://a\")");
  for (std::uint32_t i = 0; i < texts.size(); ++i) {
    const SheetCell* cell = book.sheets[0].Find(i + 2, 1);
    EXPECT_EQ(cell->kind, CellKind::kText);
    EXPECT_FALSE(cell->formula);
    EXPECT_EQ(CellText(*cell, DateSystem::k1900), texts[i]);
  }
  auto package = XlsxPackage::Open(bytes, {}).value();
  const auto part = package.OpenPart("xl/worksheets/sheet1.xml").value();
  std::string xml(100'000, '\0');
  xml.resize(part->Read(xml).value());
  EXPECT_EQ(xml.find("<f>"), std::string::npos);
  EXPECT_NE(xml.find("t=\"s\""), std::string::npos);
  const auto styles = package.OpenPart("xl/styles.xml").value();
  std::string style_xml(100'000, '\0');
  style_xml.resize(styles->Read(style_xml).value());
  EXPECT_NE(style_xml.find("numFmtId=\"49\""), std::string::npos);  // "@", ECMA-376 §18.8.30.
}

TEST(WriteXlsx, GivesTheSameBytesForTheSameSpec) {
  const WorkbookSpec spec =
      OneSheetSpec(OneOfEach(), {{.values = {"a", std::int64_t{1}, Money(), kFirstDay, kNow, BasisPoints{1}}}});
  WorkbookSpec later = spec;
  later.created_at += std::chrono::hours(1);

  const std::string first = WriteXlsx(spec).value();

  EXPECT_EQ(WriteXlsx(spec).value(), first);
  EXPECT_NE(WriteXlsx(later).value(), first);
}

TEST(WriteXlsx, HidesColumnsAndSheetsAndSumsWhatAsksForIt) {
  auto columns = OneOfEach();
  columns[1].total = columns[2].total = true;
  columns[5].hidden = true;
  columns[0].note = "填写全称";
  WorkbookSpec spec =
      OneSheetSpec(columns, {{.values = {"a", std::int64_t{2}, Money::FromMinor(15'000'000), {}, {}, {}}},
                             {.values = {"b", std::int64_t{3}, Money::FromMinor(1), {}, {}, {}}}});
  spec.sheets[0].total_row = true;
  spec.sheets[0].lock_read_only = true;
  spec.sheets.push_back({.name = "备查", .columns = {Column("x", "x")}, .hidden = true});

  const Workbook book = WrittenAndRead(spec);

  EXPECT_TRUE(book.sheets[0].IsColumnHidden(6));
  EXPECT_FALSE(book.sheets[0].IsColumnHidden(5));
  EXPECT_TRUE(book.Find("备查")->hidden);
  EXPECT_EQ(book.sheets[0].TextAt(4, 1), "合计");
  EXPECT_EQ(book.sheets[0].TextAt(4, 2), "5");
  EXPECT_EQ(book.sheets[0].TextAt(4, 3), "15.000001");
  EXPECT_TRUE(book.sheets[0].Find(4, 3)->formula);
}

TEST(WriteXlsx, OffersChoicesOfAnyLength) {
  auto column = Column("kind", "类型");
  for (int i = 0; i < 60; ++i) column.choices.push_back(fmt::format("选项，{} 带逗号, 和空格", i));
  const Workbook book = WrittenAndRead(OneSheetSpec({column}, {{.values = {"选项"}}}));

  const Sheet* lists = book.Find("_lists");
  ASSERT_NE(lists, nullptr);
  EXPECT_TRUE(lists->hidden);
  EXPECT_EQ(lists->TextAt(60, 1), column.choices[59]);
}

TEST(WriteXlsx, MakesTemplatesWithGuidanceAndAMarkedExample) {
  auto columns = OneOfEach();
  columns[0].guidance = "企业全称，与营业执照一致";
  WorkbookSpec spec = OneSheetSpec(columns, {});
  spec.sheets[0].is_template = true;
  spec.sheets[0].example = {"示例一号", std::int64_t{3}, Money::FromMinor(100), kFirstDay, {}, {}};

  const Workbook book = WrittenAndRead(spec);

  const Sheet& sheet = book.sheets[0];
  EXPECT_FALSE(sheet.IsColumnHidden(1));
  EXPECT_EQ(sheet.TextAt(1, 2), "名称");
  EXPECT_EQ(sheet.TextAt(2, 1), kGuidanceMark);
  EXPECT_EQ(sheet.TextAt(2, 2), "企业全称，与营业执照一致");
  EXPECT_EQ(sheet.TextAt(3, 1), kExampleMark);
  EXPECT_EQ(sheet.TextAt(3, 2), "示例一号");
}

TEST(WriteXlsx, RefusesNamesAndTextsNoSheetCanHold) {
  const auto code = [](const WorkbookSpec& spec) { return WriteXlsx(spec).error().code; };
  for (const char* name : {"", "a/b", "a[b", "'a", "a'", "a:b", "_landfall", "_LISTS",
                           "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二", "a\x01"}) {
    WorkbookSpec spec = OneSheetSpec({Column("a", "a")}, {});
    spec.sheets[0].name = name;
    EXPECT_EQ(code(spec), "sheet.bad_name") << name;
  }
  WorkbookSpec twice = OneSheetSpec({Column("a", "a")}, {});
  twice.sheets.push_back(twice.sheets[0]);
  EXPECT_EQ(code(twice), "sheet.bad_name");

  const auto long_text = WriteXlsx(OneSheetSpec({Column("a", "a")}, {{.values = {std::string(32'768, 'x')}}}));
  EXPECT_EQ(long_text.error().code, "sheet.text_too_long");
  EXPECT_EQ(long_text.error().field, "sheets[0].rows[0].a");
  EXPECT_EQ(code(OneSheetSpec({Column("a", "a")}, {{.values = {"\xFF"}}})), "text.not_utf8");
  EXPECT_TRUE(WriteXlsx(OneSheetSpec({Column("a", "a")}, {{.values = {std::string(32'767, 'x')}}})));
}

TEST(ReadSheetValue, TakesWhatCanMeanOneThingOnly) {
  const SheetContext context;
  const auto columns = OneOfEach();
  const auto read = [&](std::size_t column, std::string_view text) {
    SheetCell cell;
    cell.kind = CellKind::kText;
    cell.text = text;
    auto value = ReadSheetValue(&cell, DateSystem::k1900, columns[column], context);
    return value ? CanonicalText(*value) : value.error().code;
  };

  EXPECT_EQ(read(0, "  a\r\nb　"), "a\nb");
  EXPECT_EQ(read(0, "\x01"), "cell.control_character");
  EXPECT_EQ(read(1, " 12 "), "12");
  EXPECT_EQ(read(1, "1.5"), "sheet.not_whole");
  EXPECT_EQ(read(1, "99999999999999999999"), "sheet.not_whole");
  EXPECT_EQ(read(2, "1.5"), "1500000");
  EXPECT_EQ(read(2, "0.0000001"), "money.too_precise");
  EXPECT_EQ(read(2, "三"), "money.malformed");
  for (const char* day : {"2024-3-5", "2024/03/05", "2024.3.5", "2024年3月5日", "20240305"})
    EXPECT_EQ(read(3, day), "2024-03-05");
  EXPECT_EQ(read(3, "3/5/2024"), "cell.day_unreadable");
  EXPECT_EQ(read(3, "2024-02-30"), "cell.day_impossible");
  EXPECT_EQ(read(3, "1066-01-01"), "day.out_of_range");
  EXPECT_EQ(read(4, "2024-03-05 08:30"), "2024-03-05T00:30:00Z");
  EXPECT_EQ(read(4, "2024/03/05"), "2024-03-04T16:00:00Z");
  EXPECT_EQ(read(4, "soon"), "sheet.not_instant");
  EXPECT_EQ(read(5, "12.34%"), "1234");
  EXPECT_EQ(read(5, "0.5"), "5000");
  EXPECT_EQ(read(5, "0.00001"), "sheet.not_percent");
  for (std::size_t column = 0; column < columns.size(); ++column) EXPECT_EQ(read(column, " \n "), "");
}

TEST(ReadSheetValue, TakesSerialNumbersThatLostTheirStyleButNoYears) {
  const SheetContext context;
  const auto columns = OneOfEach();
  const auto read = [&](std::size_t column, double number, std::string_view text) {
    SheetCell cell;
    cell.kind = CellKind::kNumber;
    cell.number = number;
    cell.text = text;
    auto value = ReadSheetValue(&cell, DateSystem::k1900, columns[column], context);
    return value ? CanonicalText(*value) : value.error().code;
  };

  EXPECT_EQ(read(3, 45'351, "45351"), "2024-02-29");
  EXPECT_EQ(read(4, 45'351.5, "45351.5"), "2024-02-29T04:00:00Z");
  EXPECT_EQ(read(3, 20'240'305, "20240305"), "2024-03-05");
  EXPECT_EQ(read(3, 2024, "2024"), "cell.day_unreadable");
  EXPECT_EQ(read(1, 45'351, "45351"), "45351");
}

}  // namespace
}  // namespace landfall::exchange::test
