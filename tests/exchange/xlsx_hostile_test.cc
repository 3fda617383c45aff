// SPDX-License-Identifier: Apache-2.0
// Files made to crash, to fill memory or to mislead: each is refused with its code, at a cost that is bounded.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdlib>
#include <thread>

#include "exchange/xlsx_support.h"
#include "support/test_data.h"

namespace landfall::exchange::test {
namespace {

constexpr std::string_view kRow = R"(<row r="1"><c r="A1"><v>1</v></c></row>)";
const HandMade kSmall{.sheets = {{"S", "", fmt::format("<sheetData>{}</sheetData>", kRow)}}};

// The part whose name ends so.
Part& Named(std::vector<Part>& parts, std::string_view end) {
  for (Part& part : parts)
    if (part.name.ends_with(end)) return part;
  std::abort();
}

std::string Repeated(std::string_view text, std::size_t times) {
  std::string out;
  out.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

// Of the process so far; the tests below may add only little to it.
long PeakKilobytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

// Little-endian fields of the zip format, changed where they stand.
void Put32(std::string& bytes, std::size_t at, std::uint32_t value) {
  for (int i = 0; i < 4; ++i) bytes[at + static_cast<std::size_t>(i)] = static_cast<char>(value >> (8 * i));
}

TEST(HostileXlsx, OtherKindsOfFilesAreToldApart) {
  const std::string compound = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + std::string(2'000, 'x');
  std::string encrypted = compound;
  for (char c : std::string_view("EncryptedPackage")) encrypted.append({c, '\0'});

  EXPECT_EQ(CodeOf(compound), "sheet.old_format");
  EXPECT_EQ(CodeOf(encrypted), "sheet.encrypted");
  EXPECT_EQ(CodeOf(""), "sheet.not_xlsx");
  EXPECT_EQ(CodeOf("编号,名称\n1,甲\n"), "sheet.not_xlsx");
  EXPECT_EQ(CodeOf("<html><table></table></html>"), "sheet.not_xlsx");
  EXPECT_EQ(CodeOf(Zip({{"readme.txt", "x"}})), "sheet.not_xlsx");
  EXPECT_EQ(CodeOf(Zip({{"book.xlsx", Xlsx(kSmall), true}})), "sheet.not_xlsx");
  auto word = PartsOf(kSmall);
  Named(word, "workbook.xml").content = "<document/>";
  EXPECT_EQ(CodeOf(Zip(word)), "sheet.not_xlsx");
  EXPECT_EQ(CodeOf(Xlsx({})), "sheet.no_sheet");
}

TEST(HostileXlsx, AFileThatUnpacksToTwoGigabytesIsRefusedSoon) {
  auto parts = PartsOf(kSmall);
  // 32 MB made of 32 KB stand for 2 GB made of 2 MB: the same ratio, and the reader may not get far in either.
  Named(parts, "sheet1.xml").content =
      "<worksheet><sheetData>" + std::string(32 << 20, ' ') + "</sheetData></worksheet>";
  const std::string blanks = Zip(parts);
  Named(parts, "sheet1.xml").content = "<worksheet><sheetData>" +
                                       Repeated(R"(<row><c t="inlineStr"><is><t></t></is></c></row>)", 1 << 19) +
                                       "</sheetData></worksheet>";
  const std::string cells = Zip(parts);
  parts.clear();
  ASSERT_LT(blanks.size(), 40'000u);
  const long before = PeakKilobytes();

  EXPECT_EQ(CodeOf(blanks), "sheet.ratio");
  EXPECT_EQ(CodeOf(cells), "sheet.ratio");

  EXPECT_LT(PeakKilobytes() - before, 8 * 1024);
}

TEST(HostileXlsx, LimitsOfThePackageEachHaveTheirCode) {
  const std::string bytes = Xlsx({.sheets = {{"S", "", "<!--" + std::string(300'000, 'x') + "--><sheetData/>"}}});
  ASSERT_EQ(CodeOf(bytes), "ok");

  SheetLimits limits;
  limits.package.file_bytes = bytes.size() - 1;
  EXPECT_EQ(CodeOf(bytes, limits), "sheet.file_too_large");
  limits = {};
  limits.package.parts = 3;
  EXPECT_EQ(CodeOf(bytes, limits), "sheet.too_many_parts");
  limits = {};
  limits.package.part_bytes = 200'000;
  EXPECT_EQ(CodeOf(bytes, limits), "sheet.unpacked_too_large");
  limits = {};
  limits.package.total_bytes = 200'000;
  EXPECT_EQ(CodeOf(bytes, limits), "sheet.unpacked_too_large");
  limits = {};
  limits.package.ratio_free_bytes = 100'000;
  EXPECT_EQ(CodeOf(bytes, limits), "sheet.ratio");
  limits.package.ratio = 1'100;
  EXPECT_EQ(CodeOf(bytes, limits), "ok");
}

TEST(HostileXlsx, LimitsOfTheTableEachHaveTheirCode) {
  const std::string rows =
      R"(<row r="2"><c r="A2"><v>1</v></c><c r="E2" t="inlineStr"><is><t>abcdef</t></is></c></row>)";
  const HandMade book{.sheets = {{"S", "",
                                  "<sheetData>" + rows +
                                      "</sheetData><mergeCells><mergeCell ref=\"A1:B1\"/>"
                                      "<mergeCell ref=\"A2:B2\"/></mergeCells>"},
                                 {"T", "", ""}},
                      .shared = "<si><t>abcdef</t></si>"};
  const std::string bytes = Xlsx(book);
  ASSERT_EQ(CodeOf(bytes), "ok");
  const auto with = [&](auto change) {
    SheetLimits limits;
    change(limits);
    return CodeOf(bytes, limits);
  };

  EXPECT_EQ(with([](SheetLimits& l) { l.sheets = 1; }), "sheet.too_many_sheets");
  EXPECT_EQ(with([](SheetLimits& l) { l.rows = 1; }), "sheet.too_many_rows");
  EXPECT_EQ(with([](SheetLimits& l) { l.columns = 4; }), "sheet.too_many_columns");
  EXPECT_EQ(with([](SheetLimits& l) { l.cells = 1; }), "sheet.too_many_cells");
  EXPECT_EQ(with([](SheetLimits& l) { l.cells = 0; }), "sheet.too_many_cells");
  EXPECT_EQ(with([](SheetLimits& l) { l.text_bytes = 5; }), "sheet.text_too_long");
  EXPECT_EQ(with([](SheetLimits& l) { l.text_bytes_total = 12; }), "sheet.texts_too_large");
  EXPECT_EQ(with([](SheetLimits& l) { l.merged = 1; }), "sheet.too_many_merges");
  EXPECT_EQ(with([](SheetLimits& l) { l.xml_depth = 3; }), "sheet.xml_too_deep");
}

TEST(HostileXlsx, ManyPartsAreCountedBeforeTheyAreListed) {
  std::string bytes = Xlsx(kSmall);
  bytes += Repeated("PK\x01\x02 and no more", 100'000);
  const long before = PeakKilobytes();

  EXPECT_EQ(CodeOf(bytes), "sheet.too_many_parts");

  EXPECT_LT(PeakKilobytes() - before, 4 * 1024);
}

TEST(HostileXlsx, EntitiesAndDocumentTypesAreRefusedUnread) {
  const std::string laughs = R"(<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>)";
  const std::string outside = R"(<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><worksheet/>)";
  for (const char* part : {"sheet1.xml", "workbook.xml", "workbook.xml.rels", "_rels/.rels"}) {
    for (const std::string& content : {laughs, outside}) {
      auto parts = PartsOf(kSmall);
      Named(parts, part).content = content;
      EXPECT_EQ(CodeOf(Zip(parts)), "sheet.entity_refused") << part;
    }
  }
  EXPECT_EQ(CodeOf(OneSheet(R"(<row><c t="inlineStr"><is><t>&file;</t></is></c></row>)")), "sheet.entity_refused");
}

TEST(HostileXlsx, DeepAndBrokenXmlIsRefused) {
  auto parts = PartsOf(kSmall);
  std::string& sheet = Named(parts, "sheet1.xml").content;
  const auto code = [&](std::string content) {
    sheet = std::move(content);
    return CodeOf(Zip(parts));
  };

  EXPECT_EQ(code(Repeated("<worksheet>", 1'000'000)), "sheet.xml_too_deep");
  EXPECT_EQ(code("<worksheet>" + Repeated("<a>", 100)), "sheet.xml_too_deep");
  EXPECT_EQ(code("<worksheet><sheetData>"), "sheet.xml_malformed");
  EXPECT_EQ(code("<worksheet></sheetData>"), "sheet.xml_malformed");
  EXPECT_EQ(code("<worksheet/><worksheet/>"), "sheet.xml_malformed");
  EXPECT_EQ(code("<worksheet/>x"), "sheet.xml_malformed");
  EXPECT_EQ(code("<workbook/>"), "sheet.xml_malformed");
  EXPECT_EQ(code(""), "sheet.xml_malformed");
  EXPECT_EQ(code("<worksheet a=\"" + std::string(100'000, 'x') + "\"/>"), "sheet.xml_malformed");
  EXPECT_EQ(code("<worksheet " + std::string(100'000, ' ') + "/>"), "sheet.xml_malformed");
  EXPECT_EQ(code(std::string("\xFF\xFE<\0w\0", 6)), "sheet.xml_malformed");
  EXPECT_EQ(code(R"(<?xml version="1.0" encoding="GBK"?><worksheet/>)"), "sheet.xml_malformed");
  EXPECT_EQ(
      code("<worksheet><sheetData><row><c t=\"inlineStr\"><is><t>\xB0\xB2</t></is></c></row></sheetData></worksheet>"),
      "sheet.xml_malformed");
  EXPECT_EQ(
      code("<worksheet><sheetData><row><c t=\"inlineStr\"><is><t>&#0;</t></is></c></row></sheetData></worksheet>"),
      "sheet.xml_malformed");
  EXPECT_EQ(code("<worksheet><mergeCells><mergeCell ref=\"B2:A1\"/></mergeCells></worksheet>"), "sheet.xml_malformed");
  EXPECT_EQ(code("<worksheet><cols><col min=\"3\" max=\"2\" hidden=\"1\"/></cols></worksheet>"), "sheet.xml_malformed");
}

TEST(HostileXlsx, CellsThatContradictTheirPlaceOrTypeAreRefused) {
  const auto code = [](std::string_view rows) { return CodeOf(OneSheet(rows)); };

  EXPECT_EQ(code(R"(<row r="2"/><row r="1"/>)"), "sheet.cells_out_of_order");
  EXPECT_EQ(code(R"(<row r="1"/><row r="1"/>)"), "sheet.cells_out_of_order");
  EXPECT_EQ(code(R"(<row r="1"><c r="B1"><v>1</v></c><c r="A1"/></row>)"), "sheet.cells_out_of_order");
  EXPECT_EQ(code(R"(<row r="1"><c r="B1"/><c r="B1"/></row>)"), "sheet.cells_out_of_order");
  EXPECT_EQ(code(R"(<row r="1"><c r="A2"/></row>)"), "sheet.bad_cell");
  EXPECT_EQ(code(R"(<row r="0"/>)"), "sheet.cells_out_of_order");
  EXPECT_EQ(code(R"(<row r="1048577"/>)"), "sheet.bad_cell");
  EXPECT_EQ(code(R"(<row r="-1"/>)"), "sheet.bad_cell");
  EXPECT_EQ(code(R"(<row r="1"><c r="XFD1"/><c/></row>)"), "sheet.bad_cell");
  EXPECT_EQ(code(R"(<row><c t="z"/></row>)"), "sheet.bad_cell");
  EXPECT_EQ(code(R"(<row><c t="s"><v>0</v></c></row>)"), "sheet.bad_cell");
  EXPECT_EQ(code(R"(<row><c t="b"><v>2</v></c></row>)"), "sheet.bad_cell");
  EXPECT_EQ(code(R"(<row><c t="d"><v>2024-02-30</v></c></row>)"), "sheet.bad_cell");
  EXPECT_EQ(code(R"(<row><c s="x"><v>1</v></c></row>)"), "sheet.bad_cell");
  for (const char* number : {"1,5", "nan", "inf", "1e999", "0x10", "1 2", "１"})
    EXPECT_EQ(code(fmt::format("<row><c><v>{}</v></c></row>", number)), "sheet.bad_cell") << number;
  EXPECT_EQ(code("<row><c><v>" + std::string(65, '1') + "</v></c></row>"), "sheet.bad_cell");
  EXPECT_EQ(code(R"(<row><c s="99999"><v>1</v></c></row>)"), "ok");
  const auto error = ReadXlsx(OneSheet(R"(<row r="7"><c r="C7"><v>x</v></c></row>)")).error();
  EXPECT_EQ(error.field, "sheets[1].C7");
}

TEST(HostileXlsx, NamesOfPartsThatTrickAreRefused) {
  for (const char* name :
       {"../evil.xml", "/etc/passwd", "xl/../../evil.xml", "xl\\evil.xml", "C:evil.xml", "xl//evil.xml", "xl/./a"}) {
    HandMade book = kSmall;
    book.more = {{name, "x"}};
    EXPECT_EQ(CodeOf(Xlsx(book)), "sheet.bad_part_name") << name;
  }
  HandMade folder = kSmall;
  folder.more = {{"xl/theme/", ""}};
  EXPECT_EQ(CodeOf(Xlsx(folder)), "ok");

  HandMade doubled = kSmall;
  doubled.more = {{"XL/WORKSHEETS/SHEET1.XML", "<worksheet/>"}};
  EXPECT_EQ(CodeOf(Xlsx(doubled)), "sheet.duplicate_part");

  auto parts = PartsOf(kSmall);
  for (const char* target : {"../../outside.xml", "worksheets/none.xml", ""}) {
    Named(parts, "workbook.xml.rels").content = fmt::format(
        R"(<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="{}"/></Relationships>)", target);
    EXPECT_EQ(CodeOf(Zip(parts)), "sheet.part_missing") << target;
  }
  Named(parts, "workbook.xml.rels").content =
      R"(<Relationships><Relationship Id="rId1" Type="x/worksheet" TargetMode="External" Target="worksheets/sheet1.xml"/></Relationships>)";
  EXPECT_EQ(CodeOf(Zip(parts)), "sheet.part_missing");
}

TEST(HostileXlsx, TwoPartsOfOneNameAreRefused) {
  auto parts = PartsOf(kSmall);
  parts.push_back({"xl/worksheets/sheet9.xml", "<worksheet/>"});
  std::string bytes = Zip(parts);
  for (std::size_t at = bytes.find("sheet9.xml"); at != std::string::npos; at = bytes.find("sheet9.xml"))
    bytes.replace(at, 10, "sheet1.xml");

  EXPECT_EQ(CodeOf(bytes), "sheet.duplicate_part");
}

TEST(HostileXlsx, APartWithAPasswordIsRefused) {
  auto parts = PartsOf(kSmall);
  Named(parts, "sheet1.xml").password = "secret";

  EXPECT_EQ(CodeOf(Zip(parts)), "sheet.encrypted");
}

TEST(HostileXlsx, LiesOfTheDirectoryAreFound) {
  const std::string honest = Xlsx(kSmall);
  const std::size_t entry = honest.find("PK\x01\x02");  // Of sheet1.xml: the first part.
  ASSERT_NE(entry, std::string::npos);
  constexpr std::size_t kCrc = 16, kPacked = 20, kUnpacked = 24, kOffset = 42;  // APPNOTE §4.3.12
  const auto lie = [&](std::size_t field, std::uint32_t value) {
    std::string bytes = honest;
    Put32(bytes, entry + field, value);
    return CodeOf(bytes);
  };

  EXPECT_EQ(lie(kCrc, 1), "sheet.corrupt");
  EXPECT_EQ(lie(kUnpacked, 1), "sheet.corrupt");
  EXPECT_EQ(lie(kUnpacked, 4'000'000), "sheet.corrupt");
  EXPECT_EQ(lie(kUnpacked, 0xFFFFFFFE), "sheet.unpacked_too_large");
  EXPECT_EQ(lie(kUnpacked, 0xFFFFFFFF), "sheet.corrupt");  // Says: see the zip64 record, which there is not.
  EXPECT_EQ(lie(kPacked, 0x7FFFFFFF), "sheet.corrupt");
  EXPECT_EQ(lie(kOffset, 0x7FFFFFFF), "sheet.corrupt");
}

TEST(HostileXlsx, AFileCutAtAnyByteIsRefused) {
  const std::string bytes = Xlsx(kSmall);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const std::string code = CodeOf(std::string_view(bytes).substr(0, size));
    ASSERT_TRUE(code == "sheet.corrupt" || (size < 2 && code == "sheet.not_xlsx")) << size << " " << code;
  }
  EXPECT_EQ(CodeOf(bytes), "ok");
}

TEST(HostileXlsx, ManyOverlappingMergesCostLittle) {
  std::string merges;
  for (int i = 0; i < 20'000; ++i) merges += fmt::format(R"(<mergeCell ref="A1:XFD{}"/>)", 1'000'000 - i);
  const Workbook book =
      ReadXlsx(Xlsx({.sheets = {{"S", "",
                                 fmt::format("<sheetData>{}</sheetData><mergeCells>{}</mergeCells>", kRow, merges)}}}))
          .value();
  MergedCells merged(book.sheets[0]);
  std::size_t covered = 0;
  const auto begin = std::chrono::steady_clock::now();

  for (std::uint32_t row = 1; row <= 1'000; ++row)
    for (std::uint32_t column = 1; column <= 100; ++column) covered += merged.RangeAt(row, column) != nullptr;

  EXPECT_EQ(covered, 100'000u);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5));
}

}  // namespace
}  // namespace landfall::exchange::test
