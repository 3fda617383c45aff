// SPDX-License-Identifier: Apache-2.0
#include "exchange/xlsx_read.h"

#include <gmock/gmock.h>

#include "base/seam.h"
#include "exchange/xlsx_style.h"
#include "exchange/xlsx_support.h"

namespace landfall::exchange::test {
namespace {

using testing::ElementsAre;

Workbook Read(const HandMade& book) { return ReadXlsx(Xlsx(book)).value(); }
Workbook ReadRows(std::string_view rows) { return ReadXlsx(OneSheet(rows)).value(); }

TEST(ReadXlsx, JoinsRunsOfRichTextAndLeavesPhoneticOnesOut) {
  const Workbook book =
      Read({.sheets = {{"S", "",
                        R"(<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c>
                      <c r="C1" t="inlineStr"><is><r><t>行内</t></r><r><rPr><b/></rPr><t xml:space="preserve"> 文字</t></r></is></c>
                      <c r="D1" t="s"><v> 2 </v></c></row></sheetData>)"}},
            .shared = R"(<si><t>安平县 &amp; &lt;园区&gt;&#x4E00;</t></si>
                    <si><r><t>课</t></r><rPh sb="0" eb="1"><t>カ</t></rPh><r><rPr/><t>き</t></r><phoneticPr fontId="1"/></si>
                    <si><t>a_x000D_b_x005F_x0041__xZZZZ__x00e9_</t></si>)"});

  const Sheet& sheet = book.sheets[0];
  EXPECT_EQ(sheet.TextAt(1, 1), "安平县 & <园区>一");
  EXPECT_EQ(sheet.TextAt(1, 2), "课き");
  EXPECT_EQ(sheet.TextAt(1, 3), "行内 文字");
  EXPECT_EQ(sheet.TextAt(1, 4), "a\rb_x0041__xZZZZ_é");
}

TEST(ReadXlsx, KeepsNumbersAsTheyStandAndAsDouble) {
  const Workbook book = ReadRows(R"(<row><c><v>2066075.5899999999</v></c><c><v>1.0000000000000001E-5</v></c>
      <c><v>430702199001011234</v></c><c><v>-0.0</v></c><c><v>0.30000000000000004</v></c><c><v>1E+300</v></c></row>)");

  const Sheet& sheet = book.sheets[0];
  EXPECT_EQ(sheet.Find(1, 1)->text, "2066075.5899999999");
  EXPECT_EQ(sheet.Find(1, 1)->number, 2066075.5899999999);
  EXPECT_EQ(sheet.TextAt(1, 1), "2066075.59");
  EXPECT_EQ(sheet.TextAt(1, 2), "0.00001");
  EXPECT_EQ(sheet.TextAt(1, 3), "430702199001011234");
  EXPECT_EQ(sheet.TextAt(1, 4), "0");
  EXPECT_EQ(sheet.TextAt(1, 5), "0.3");
  EXPECT_EQ(sheet.TextAt(1, 6), "1E+300");
}

TEST(PlainNumber, WritesDecimalsOutWithoutTheNoiseOfBinaryFractions) {
  const std::pair<const char*, const char*> cases[] = {
      {"9.9499999999999993", "9.95"},           {"1E3", "1000"}, {"1.5e-3", "0.0015"}, {"-12.50", "-12.5"},
      {"123456789012345.6", "123456789012346"}, {"0", "0"},      {"007", "007"},       {"-1E-2", "-0.01"}};
  for (const auto& [text, plain] : cases) EXPECT_EQ(PlainNumber(text, std::stod(text)), plain) << text;
  EXPECT_EQ(PlainNumber("1e60", 1e60), "1" + std::string(60, '0'));
}

TEST(ReadXlsx, TakesDatesByTheirStyle) {
  const Workbook book = Read(
      {.sheets =
           {{"S", "",
             R"(<sheetData><row r="1"><c s="1"><v>45351</v></c><c s="2"><v>45351.354166666664</v></c><c s="3"><v>45351</v></c>
                      <c s="4"><v>45351</v></c><c s="5"><v>1.5208333333333333</v></c><c s="6"><v>0.5</v></c>
                      <c s="0"><v>45351</v></c><c s="7"><v>0.125</v></c><c s="1"><v>45351.5</v></c>
                      <c s="1"><v>45351.999999</v></c><c s="1"><v>-1</v></c><c s="1"><v>3000000</v></c></row></sheetData>)"}},
       .styles = R"(<numFmts><numFmt numFmtId="176" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@"/>
                    <numFmt numFmtId="177" formatCode="[h]:mm"/></numFmts>
                    <cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>
                    <cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/><xf numFmtId="31"/><xf numFmtId="176"/>
                    <xf numFmtId="177"/><xf numFmtId="20"/><xf numFmtId="10"/></cellXfs>)"});

  const Sheet& sheet = book.sheets[0];
  EXPECT_EQ(sheet.TextAt(1, 1), "2024-02-29");
  EXPECT_EQ(sheet.TextAt(1, 2), "2024-02-29 08:30:00");
  EXPECT_EQ(sheet.TextAt(1, 3), "2024-02-29");
  EXPECT_EQ(sheet.TextAt(1, 4), "2024-02-29");
  EXPECT_EQ(sheet.TextAt(1, 5), "36:30:00");
  EXPECT_EQ(sheet.TextAt(1, 6), "12:00:00");
  EXPECT_EQ(sheet.TextAt(1, 7), "45351");
  EXPECT_EQ(sheet.TextAt(1, 8), "0.125");
  EXPECT_TRUE(sheet.Find(1, 8)->percent);
  EXPECT_EQ(sheet.TextAt(1, 9), "2024-02-29 12:00:00");
  EXPECT_EQ(sheet.TextAt(1, 10), "2024-03-01");
  EXPECT_EQ(sheet.TextAt(1, 11), "-1");
  EXPECT_EQ(sheet.TextAt(1, 12), "3000000");
  EXPECT_EQ(WallTimeOf(*sheet.Find(1, 2), sheet.dates)->second_of_day, 8 * 3600 + 30 * 60);
}

TEST(ReadXlsx, KnowsBothDateSystemsAndTheDayThatNeverWas) {
  const std::string rows = R"(<sheetData><row><c s="0"><v>0</v></c><c s="0"><v>1</v></c><c s="0"><v>59</v></c>
                              <c s="0"><v>60</v></c><c s="0"><v>61</v></c></row></sheetData>)";
  const std::string styles = R"(<cellXfs><xf numFmtId="14"/></cellXfs>)";
  const Workbook since1900 = Read({.sheets = {{"S", "", rows}}, .styles = styles});
  const Workbook since1904 =
      Read({.sheets = {{"S", "", rows}}, .styles = styles, .workbook_extra = R"(<workbookPr date1904="1"/>)"});

  std::vector<std::string> texts1900, texts1904;
  for (std::uint32_t column = 1; column <= 5; ++column) {
    texts1900.push_back(since1900.sheets[0].TextAt(1, column));
    texts1904.push_back(since1904.sheets[0].TextAt(1, column));
  }

  EXPECT_THAT(texts1900, ElementsAre("1900-01-00", "1900-01-01", "1900-02-28", "1900-02-29", "1900-03-01"));
  EXPECT_THAT(texts1904, ElementsAre("1904-01-01", "1904-01-02", "1904-02-29", "1904-03-01", "1904-03-02"));
  EXPECT_FALSE(WallTimeOf(*since1900.sheets[0].Find(1, 4), DateSystem::k1900));
  for (const Day day : {kFirstDay, MakeDay(1900, 2, 28), MakeDay(1900, 3, 1), MakeDay(2024, 2, 29), kLastDay}) {
    SheetCell cell;
    cell.kind = CellKind::kDay;
    cell.number = SerialOf(day);
    EXPECT_EQ(WallTimeOf(cell, DateSystem::k1900)->day, day);
  }
}

TEST(ReadXlsx, GivesCachedValuesOfFormulasAndTellsThatTheyAre) {
  const Workbook book =
      ReadRows(R"(<row r="3"><c r="A3"><f>1+1</f><v>2</v></c><c r="B3" t="str"><f>"x"</f><v>文 x</v></c>
      <c r="C3"><f>NOW()</f></c><c r="D3" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="E3" t="b"><v>1</v></c>
      <c r="F3" t="str"><f>""</f><v></v></c><c r="G3"/></row>)");

  const Sheet& sheet = book.sheets[0];
  EXPECT_EQ(sheet.TextAt(3, 1), "2");
  EXPECT_TRUE(sheet.Find(3, 1)->formula);
  EXPECT_EQ(sheet.TextAt(3, 2), "文 x");
  EXPECT_EQ(sheet.Find(3, 3)->kind, CellKind::kEmpty);
  EXPECT_TRUE(sheet.Find(3, 3)->formula);
  EXPECT_EQ(sheet.Find(3, 4)->kind, CellKind::kError);
  EXPECT_EQ(sheet.TextAt(3, 4), "#DIV/0!");
  EXPECT_EQ(sheet.TextAt(3, 5), "TRUE");
  EXPECT_FALSE(sheet.Find(3, 5)->formula);
  EXPECT_EQ(sheet.Find(3, 6)->kind, CellKind::kText);
  EXPECT_EQ(sheet.Find(3, 7), nullptr);
}

TEST(ReadXlsx, KeepsTheOrderOfTabsAndWhatIsHidden) {
  HandMade hand{.sheets = {{"乙", "", R"(<cols><col min="2" max="3" width="9" hidden="1"/><col min="4" max="4"/></cols>
                                        <sheetData><row r="2" hidden="1"><c r="A2"><v>1</v></c></row><row r="3"/>
                                        <row r="9"><c r="C9"><v>2</v></c></row></sheetData>)"},
                           {"甲", R"(state="hidden")", "<sheetData/>"},
                           {"丙", R"(state="veryHidden")", "<sheetData/>"}}};
  const Workbook book = Read(hand);

  ASSERT_EQ(book.sheets.size(), 3u);
  EXPECT_EQ(book.sheets[0].name, "乙");
  EXPECT_FALSE(book.sheets[0].hidden);
  EXPECT_TRUE(book.sheets[1].hidden);
  EXPECT_TRUE(book.sheets[2].hidden);
  ASSERT_EQ(book.sheets[0].rows.size(), 2u);
  EXPECT_TRUE(book.sheets[0].rows[0].hidden);
  EXPECT_FALSE(book.sheets[0].rows[1].hidden);
  EXPECT_TRUE(book.sheets[0].IsColumnHidden(3));
  EXPECT_FALSE(book.sheets[0].IsColumnHidden(4));
  EXPECT_EQ(book.Find("甲"), &book.sheets[1]);
  EXPECT_EQ(book.Find("丁"), nullptr);
}

TEST(ReadXlsx, ReadsPrefixesIsoDatesAndCellsWithoutAddress) {
  auto parts = PartsOf({.sheets = {{"S", "", ""}}});
  parts[0].content = R"(<x:worksheet xmlns:x="urn:x"><x:sheetData><x:row><x:c t="d"><x:v>2024-02-29T08:30:00</x:v></x:c>
      <x:c t="d"><x:v>2024-02-29</x:v></x:c><x:c r="D1"><x:v>4</x:v></x:c><x:c><x:v>5</x:v></x:c></x:row></x:sheetData>
      <x:extLst><x:ext><x:sheetData><x:row r="1"><x:c r="A1"><x:v>9</x:v></x:c></x:row></x:sheetData></x:ext></x:extLst></x:worksheet>)";
  const Workbook book = ReadXlsx(Zip(parts)).value();

  EXPECT_EQ(book.sheets[0].TextAt(1, 1), "2024-02-29 08:30:00");
  EXPECT_EQ(book.sheets[0].TextAt(1, 2), "2024-02-29");
  EXPECT_EQ(book.sheets[0].TextAt(1, 4), "4");
  EXPECT_EQ(book.sheets[0].TextAt(1, 5), "5");
  EXPECT_EQ(book.sheets[0].rows.size(), 1u);
}

TEST(ReadXlsx, NeverOpensWhatLiesBesideTheSheets) {
  const std::string inner = OneSheet(R"(<row><c><v>1</v></c></row>)");
  const std::string bytes = Xlsx({.sheets = {{"S", "", "<sheetData><row><c><v>7</v></c></row></sheetData>"}},
                                  .more = {{"xl/embeddings/book.xlsx", inner, true},
                                           {"xl/vbaProject.bin", "not read"},
                                           {"customXml/item1.xml", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"}}});

  EXPECT_EQ(ReadXlsx(bytes).value().sheets[0].TextAt(1, 1), "7");
}

TEST(JoinedHeads, RepeatsMergedHeadingsAndCountsThemOnce) {
  const Workbook book = Read({.sheets = {{"S", "", R"(<sheetData>
      <row r="1"><c r="A1" t="inlineStr"><is><t>2024 年台账</t></is></c></row>
      <row r="2"><c r="A2" t="inlineStr"><is><t>编号</t></is></c><c r="B2" t="inlineStr"><is><t>投资
（万元）</t></is></c><c r="E2" t="inlineStr"><is><t> Start
date </t></is></c></row>
      <row r="3"><c r="B3" t="inlineStr"><is><t>计划</t></is></c><c r="C3" t="inlineStr"><is><t>实际</t></is></c></row>
      </sheetData><mergeCells count="3"><mergeCell ref="A1:E1"/><mergeCell ref="A2:A3"/><mergeCell ref="B2:C2"/>
      <mergeCell ref="E2:E3"/></mergeCells>)"}}});

  EXPECT_THAT(JoinedHeads(book.sheets[0], 2, 3),
              ElementsAre("编号", "投资（万元）/计划", "投资（万元）/实际", "", "Start date"));
  EXPECT_THAT(JoinedHeads(book.sheets[0], 3, 3), ElementsAre("编号", "计划", "实际", "", "Start date"));
}

TEST(MergedCells, AnswersAsASearchOfAllRangesWould) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    SeededRandom random(seed);
    const auto below = [&](std::uint64_t n) { return static_cast<std::uint32_t>(random.Next() % n); };
    Sheet sheet;
    for (int tries = 0; tries < 40; ++tries) {
      CellRange range{1 + below(20), 0, static_cast<std::uint16_t>(1 + below(20)), 0};
      range.last_row = range.first_row + below(5);
      range.last_column = static_cast<std::uint16_t>(range.first_column + below(5));
      const bool overlaps = std::any_of(sheet.merged.begin(), sheet.merged.end(), [&](const CellRange& other) {
        return other.first_row <= range.last_row && range.first_row <= other.last_row &&
               other.first_column <= range.last_column && range.first_column <= other.last_column;
      });
      if (!overlaps) sheet.merged.push_back(range);
    }
    MergedCells merged(sheet);
    for (std::uint32_t row = 1; row <= 25; row += 1 + below(3)) {
      for (std::uint32_t column = 1; column <= 25; ++column) {
        const auto expected = std::find_if(sheet.merged.begin(), sheet.merged.end(), [&](const CellRange& range) {
          return range.first_row <= row && row <= range.last_row && range.first_column <= column &&
                 column <= range.last_column;
        });
        ASSERT_EQ(merged.RangeAt(row, column), expected == sheet.merged.end() ? nullptr : &*expected);
      }
    }
  }
}

TEST(CellName, GoesThereAndBack) {
  EXPECT_EQ(CellName(7, 1), "A7");
  EXPECT_EQ(CellName(1, 27), "AA1");
  EXPECT_EQ(CellName(kSheetRowsMax, kSheetColumnsMax), "XFD1048576");
  std::uint32_t row = 0, column = 0;
  for (std::uint32_t at = 1; at <= kSheetColumnsMax; ++at) {
    ASSERT_TRUE(ParseCellName(CellName(at, at), row, column));
    ASSERT_EQ(row, at);
    ASSERT_EQ(column, at);
  }
  for (const char* bad : {"", "A", "1", "a1", "A0", "XFE1", "A1048577", "A1 ", "AAAA1", "A-1", "$A$1", "A99999999999"})
    EXPECT_FALSE(ParseCellName(bad, row, column)) << bad;
}

TEST(NumberStyle, OfCodesAndOfNumbers) {
  using Style = NumberStyle;
  const std::pair<const char*, Style> codes[] = {{"General", Style::kPlain},
                                                 {"0.00E+00", Style::kPlain},
                                                 {"#,##0.00;[Red]-#,##0.00", Style::kPlain},
                                                 {"\"day \"0", Style::kPlain},
                                                 {"0\\d", Style::kPlain},
                                                 {"_(* #,##0_);_(* (#,##0)", Style::kPlain},
                                                 {"0.0%", Style::kPercent},
                                                 {"yyyy-mm-dd", Style::kDate},
                                                 {"yyyy\"年\"m\"月\"", Style::kDate},
                                                 {"m/d", Style::kDate},
                                                 {"mmm", Style::kDate},
                                                 {"[$-804]aaaa", Style::kDate},
                                                 {"[$-404]e/m/d", Style::kDate},
                                                 {"[DBNum1][$-804]yyyy\"年\"m\"月\"d\"日\";@", Style::kDate},
                                                 {"yyyy/m/d h:mm", Style::kDateTime},
                                                 {"[$-409]h:mm AM/PM", Style::kTime},
                                                 {"上午/下午h\"时\"mm\"分\"", Style::kTime},
                                                 {"mm:ss.0", Style::kTime},
                                                 {"[h]:mm:ss", Style::kElapsed},
                                                 {"[mm]:ss", Style::kElapsed},
                                                 {"@", Style::kPlain},
                                                 {"", Style::kPlain},
                                                 {"\"", Style::kPlain},
                                                 {"[", Style::kPlain},
                                                 {"0;yyyy", Style::kPlain}};
  for (const auto& [code, style] : codes) EXPECT_EQ(StyleOfCode(code), style) << code;

  const std::pair<std::uint32_t, Style> ids[] = {
      {0, Style::kPlain}, {10, Style::kPercent}, {14, Style::kDate},  {18, Style::kTime}, {22, Style::kDateTime},
      {27, Style::kDate}, {31, Style::kDate},    {32, Style::kTime},  {36, Style::kDate}, {44, Style::kPlain},
      {45, Style::kTime}, {46, Style::kElapsed}, {49, Style::kPlain}, {50, Style::kDate}, {55, Style::kTime},
      {57, Style::kDate}, {58, Style::kDate},    {59, Style::kPlain}};
  for (const auto& [id, style] : ids) EXPECT_EQ(BuiltInStyle(id), style) << id;
}

}  // namespace
}  // namespace landfall::exchange::test
