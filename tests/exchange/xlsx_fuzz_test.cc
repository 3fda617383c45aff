// SPDX-License-Identifier: Apache-2.0
// Seeded mutations of workbooks, as bytes and as XML before zipping: whatever comes, the answer is a workbook or a
// refusal with a code of the catalogue, the same each time. LANDFALL_TEST_ALL=1 runs twenty times as many.
#include <gtest/gtest.h>
#include <simdjson.h>

#include <filesystem>
#include <regex>
#include <set>

#include "base/text.h"
#include "exchange/round_trip.h"
#include "exchange/sheet_table.h"
#include "exchange/table_support.h"
#include "exchange/xlsx_support.h"
#include "support/test_data.h"

namespace landfall::exchange::test {
namespace {

HandMade Seed() {
  return {
      .sheets =
          {{"项目", "",
            R"(<cols><col min="2" max="3" hidden="1"/></cols><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c>
      <c r="B1" t="inlineStr"><is><r><t>b</t></r></is></c></row><row r="3" hidden="1"><c r="A3" s="1"><v>45351.5</v></c>
      <c r="B3" t="b"><v>1</v></c><c r="C3" t="str"><f>A1</f><v>x</v></c><c r="D3" t="e"><v>#N/A</v></c><c r="E3"><v>1.5E-3</v></c></row>
      </sheetData><mergeCells><mergeCell ref="A1:B1"/><mergeCell ref="A3:A9"/></mergeCells>)"},
           {std::string(kMarkSheet), R"(state="hidden")",
            R"(<sheetData><row><c t="inlineStr"><is><t>format</t></is></c><c t="inlineStr"><is><t>landfall-sheet.1</t></is></c></row></sheetData>)"}},
      .shared = "<si><t>_标记</t></si><si><r><t>a</t></r><rPh><t>k</t></rPh></si>",
      .styles =
          R"(<numFmts><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="22"/></cellXfs>)",
      .workbook_extra = R"(<workbookPr date1904="0"/>)"};
}

const std::set<std::string, std::less<>>& Catalogue() {
  static const std::set<std::string, std::less<>> codes = [] {
    std::set<std::string, std::less<>> all;
    for (const char* file : {"sheet.json", "exchange.json"}) {
      simdjson::dom::parser parser;
      const simdjson::dom::object json = parser.load(std::string(LANDFALL_SOURCE_DIR) + "/catalog/errors/" + file);
      for (auto field : json) all.emplace(field.key);
    }
    return all;
  }();
  return codes;
}

// Everything a reading says, as one text; each sheet is also asked all that can be asked of a sheet.
std::string Told(std::string_view bytes) {
  auto book = ReadXlsx(bytes);
  if (!book) {
    EXPECT_TRUE(Catalogue().contains(book.error().code)) << book.error().code;
    return book.error().code;
  }
  std::string told;
  const TableSchema schema = ProjectSchema();
  static const Mapping mapping =
      ReadMapping(R"({"version": 1, "dates": ["YYYY-MM-DD"], "columns": {"_标记": {"field": "code"}}})", schema)
          .value();
  for (const Sheet& sheet : book->sheets) {
    told += "[" + sheet.name + "]";
    std::uint32_t last_row = 0;
    for (const SheetRow& row : sheet.rows) {
      EXPECT_GT(row.number, last_row);
      EXPECT_GT(row.cell_count, 0u);
      last_row = row.number;
      for (const SheetCell& cell : sheet.CellsOf(row)) {
        EXPECT_EQ(sheet.Find(row.number, cell.column), &cell);
        const std::string text = CellText(cell, sheet.dates);
        EXPECT_TRUE(IsUtf8(text));
        told += fmt::format("{}{}={}", CellName(row.number, cell.column), static_cast<int>(cell.kind), text);
      }
    }
    for (const std::string& head : JoinedHeads(sheet, 1, 3)) told += "|" + head;
    auto table = ReadSheetTable(*book, bytes, {.sheet = sheet.name, .heading_rows = 1}, mapping, schema,
                                [&](const TypedRow& row, ProblemList&) -> Status {
                                  told += fmt::format("#{}", row.number);
                                  return Ok{};
                                });
    if (!table) continue;
    for (const Problem& problem : table->problems.kept()) told += problem.code + ";";
  }
  if (auto mark = ReadRoundTripMark(*book); !mark) told += mark.error().code;
  return told;
}

int Runs() { return TestAll() ? 200'000 : 10'000; }

TEST(XlsxFuzz, BytesOfAFileAreReadOrRefusedAlikeEachTime) {
  const std::string seed_bytes = Xlsx(Seed());
  ASSERT_NE(Told(seed_bytes).find("2024-02-29 12:00:00"), std::string::npos);
  int read = 0;
  for (int seed = 1; seed <= Runs(); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    SeededRandom random(static_cast<std::uint64_t>(seed));
    std::string bytes = seed_bytes;
    for (std::uint64_t n = 1 + Below(random, 4); n > 0 && !bytes.empty(); --n) {
      const std::size_t at = Below(random, bytes.size());
      switch (Below(random, 5)) {
        case 0:
          bytes[at] = static_cast<char>(random.Next());
          break;
        case 1:
          bytes[at] = static_cast<char>(bytes[at] ^ (1 << Below(random, 8)));
          break;
        case 2:
          bytes.erase(at, 1 + Below(random, 30));
          break;
        case 3:
          bytes.insert(at, bytes.substr(Below(random, bytes.size()), Below(random, 60)));
          break;
        default:
          if (Below(random, 8) == 0) bytes.resize(at);
          break;
      }
    }

    const std::string told = Told(bytes);

    ASSERT_EQ(told, Told(bytes));
    read += told.starts_with("[");
  }
  EXPECT_GT(read, Runs() / 50);
}

TEST(XlsxFuzz, PartsOfAFileAreReadOrRefusedAlikeEachTime) {
  constexpr std::string_view kBits[] = {
      "<",     ">",      "/>",  "&#65;", "\"",   "999999999", "-1",       "1E308",   "A1",  "XFD1048576", "<c>", "</c>",
      "<row>", "</row>", "<v>", "</v>",  "<f/>", " t=\"s\"",  " s=\"1\"", "_x0041_", "]]>", "<t>",        "年"};
  std::vector<Part> seed_parts = PartsOf(Seed());
  for (Part& part : seed_parts) part.stored = true;  // Packing takes longer than reading.
  int read = 0;
  std::set<std::string> codes;
  for (int seed = 1; seed <= Runs() / 2; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    SeededRandom random(static_cast<std::uint64_t>(seed));
    std::vector<Part> parts = seed_parts;
    for (std::uint64_t n = 1 + Below(random, 3); n > 0; --n) {
      std::string& content = parts[Below(random, parts.size())].content;
      const std::size_t at = Below(random, content.size());
      const std::string_view bit = kBits[Below(random, std::size(kBits))];
      if (Below(random, 2) == 0) {
        content.insert(at, bit);
      } else {
        content.replace(at, Below(random, 6), bit);
      }
    }
    const std::string bytes = Zip(parts);

    const std::string told = Told(bytes);

    ASSERT_EQ(told, Told(bytes));
    read += told.starts_with("[");
    if (!told.starts_with("[")) codes.insert(told);
  }
  EXPECT_GT(read, Runs() / 40);
  EXPECT_GE(codes.size(), 5u);  // The mutations reach beyond the XML.
}

TEST(XlsxErrors, StandInTheCatalogueInBothLanguagesAndNoOthersDo) {
  simdjson::dom::parser parser;
  const simdjson::dom::object catalogue = parser.load(std::string(LANDFALL_SOURCE_DIR) + "/catalog/errors/sheet.json");
  const std::regex pattern("\"(sheet\\.[a-z0-9_]+)\"");
  std::set<std::string> used, listed;
  for (const auto& file : std::filesystem::directory_iterator(std::string(LANDFALL_SOURCE_DIR) + "/src/exchange")) {
    const std::string source = landfall::test::ReadFile(file.path());
    for (std::sregex_iterator it(source.begin(), source.end(), pattern), end; it != end; ++it) used.insert((*it)[1]);
  }
  for (auto field : catalogue) {
    listed.emplace(field.key);
    for (const char* language : {"zh", "en"}) {
      std::string_view sentence;
      EXPECT_EQ(field.value[language].get(sentence), simdjson::SUCCESS) << field.key << " " << language;
      EXPECT_GT(sentence.size(), 10u) << field.key;
    }
  }

  EXPECT_EQ(used, listed);
}

}  // namespace
}  // namespace landfall::exchange::test
