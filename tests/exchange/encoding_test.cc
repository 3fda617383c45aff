// SPDX-License-Identifier: Apache-2.0
#include "exchange/encoding.h"

#include <gtest/gtest.h>

#include "exchange/table_support.h"
#include "support/test_data.h"

namespace landfall::exchange::test {
namespace {

Result<std::string> Decode(std::string_view bytes, Encoding declared, std::size_t piece = 1 << 20) {
  PiecewiseSource raw(bytes, piece);
  Utf8Source source(raw, declared);
  std::string text;
  char buffer[1'000];
  for (;;) {
    LF_ASSIGN(const std::size_t count, source.Read(buffer));
    if (count == 0) return text;
    text.append(buffer, count);
  }
}

std::string CodeOf(std::string_view bytes, Encoding declared) {
  auto text = Decode(bytes, declared);
  return text ? "" : text.error().code;
}

constexpr std::string_view kGbkBank = "\xC6\xBD\xB0\xB2\xD2\xF8\xD0\xD0";  // 平安银行

TEST(Encoding, IsNamedInAnyCaseAndUnknownOnesAreRefused) {
  EXPECT_EQ(*ParseEncoding("UTF-8"), Encoding::kUtf8);
  EXPECT_EQ(*ParseEncoding("gbk"), Encoding::kGb18030);
  EXPECT_EQ(*ParseEncoding("GB18030"), Encoding::kGb18030);
  EXPECT_EQ(ParseEncoding("latin1").error().code, "encoding.unknown");
}

TEST(Encoding, ReadsGbkAndFourByteGb18030) {
  EXPECT_EQ(*Decode(kGbkBank, Encoding::kGb18030), "平安银行");
  EXPECT_EQ(*Decode("\x95\x32\x82\x36", Encoding::kGb18030), "𠀀");
}

TEST(Encoding, DropsTheByteOrderMarkAtTheFrontOnly) {
  EXPECT_EQ(*Decode("\xEF\xBB\xBF"
                    "a\xEF\xBB\xBF",
                    Encoding::kUtf8),
            "a\xEF\xBB\xBF");
  EXPECT_EQ(*Decode("\x84\x31\x95\x33"
                    "a",
                    Encoding::kGb18030),
            "a");
  EXPECT_EQ(*Decode("\xEF\xBB\xBF", Encoding::kUtf8), "");
}

TEST(Encoding, RefusesGbkSaidToBeUtf8AndSaysSo) {
  const std::string text = "code,name\n1," + std::string(kGbkBank) + "\n";

  auto decoded = Decode(text, Encoding::kUtf8);

  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().code, "encoding.looks_like_gbk");
  // The first pair, C6 BD, happens to be UTF-8 as well.
  EXPECT_EQ(decoded.error().detail, "Byte 14 is not UTF-8 but reads as GB 18030.");
}

TEST(Encoding, RefusesOtherBytesThatAreNotUtf8) {
  for (std::string_view bytes :
       {"M\xFCller caf\xE9,", "a\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "工业,\xC6\xBD\xB0\xB2"})
    EXPECT_EQ(CodeOf(bytes, Encoding::kUtf8), "text.not_utf8");
}

TEST(Encoding, FindsOverlongFormsSurrogatesAndCutOffCharacters) {
  EXPECT_EQ(FindInvalidUtf8("abcdefgh平𠀀é\xED\x9F\xBF"), std::string_view::npos);
  for (std::string_view bytes :
       {"\xC0\xAF", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xE4\xBD"})
    EXPECT_EQ(FindInvalidUtf8("12345678" + std::string(bytes)), 8u);
}

TEST(Encoding, RefusesUtf8SaidToBeGbk) {
  EXPECT_EQ(CodeOf("\xEF\xBB\xBFname", Encoding::kGb18030), "encoding.looks_like_utf8");
  EXPECT_EQ(CodeOf("到位资金到位资金", Encoding::kGb18030), "encoding.looks_like_utf8");
  // 联通 in GBK is valid by UTF-8's pattern of two bytes, but for its overlong first byte; 平 is wholly.
  EXPECT_EQ(CodeOf("\xC1\xAA\xCD\xA8", Encoding::kGb18030), "");
  EXPECT_EQ(CodeOf("\xC6\xBD\xC6\xBD\xC6\xBD\xC6\xBD\xC6\xBD", Encoding::kGb18030), "");
}

TEST(Encoding, RefusesBytesThatAreNotGb18030) {
  EXPECT_EQ(CodeOf("a\xFF", Encoding::kGb18030), "text.not_gb18030");
  EXPECT_EQ(CodeOf("a\xC6", Encoding::kGb18030), "text.not_gb18030");
}

TEST(Encoding, RefusesUtf16ByNameAndNulBytes) {
  for (Encoding declared : {Encoding::kUtf8, Encoding::kGb18030}) {
    EXPECT_EQ(CodeOf(std::string_view("\xFF\xFE"
                                      "a\0",
                                      4),
                     declared),
              "encoding.utf16");
    EXPECT_EQ(CodeOf(std::string_view("\xFE\xFF\0a", 4), declared), "encoding.utf16");
    EXPECT_EQ(CodeOf(std::string_view("a\0b\0", 4), declared), "text.nul");
  }
}

TEST(Encoding, CarriesCharactersOverChunks) {
  std::string gbk, utf8;
  for (int i = 0; i < 40'000; ++i) {
    gbk += i % 7 == 0 ? std::string("x") : std::string(kGbkBank.substr(0, 2));
    utf8 += i % 7 == 0 ? "x" : "平";
  }

  EXPECT_EQ(*Decode(gbk, Encoding::kGb18030, 10'007), utf8);
  EXPECT_EQ(*Decode(utf8, Encoding::kUtf8, 10'007), utf8);
  auto broken_gbk = Decode(gbk + "\xFF" + gbk, Encoding::kGb18030);
  ASSERT_FALSE(broken_gbk);
  EXPECT_EQ(broken_gbk.error().detail, "Byte " + std::to_string(gbk.size()) + " is not valid GB 18030.");
  // A fault behind the first chunk is named by its place in the file.
  auto broken = Decode(utf8 + "\xFF", Encoding::kUtf8);
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().detail, "Byte " + std::to_string(utf8.size()) + " is not valid UTF-8.");
}

TEST(Encoding, ReadsARealGbkFileAndRefusesItAsUtf8) {
  LF_NEEDS_DATA("listed-companies/stock_basic.gbk.csv");
  const std::string bytes =
      landfall::test::ReadFile(landfall::test::TestData() / "listed-companies/stock_basic.gbk.csv");

  auto text = Decode(bytes, Encoding::kGb18030);

  ASSERT_TRUE(text) << text.error().detail;
  auto rows = ReadAllCsv(*text);
  ASSERT_TRUE(rows);
  EXPECT_EQ(rows->size(), 4'348u);
  EXPECT_EQ((*rows)[1], (std::vector<std::string>{"0", "000001.SZ", "000001", "平安银行", "银行"}));
  EXPECT_EQ(CodeOf(bytes, Encoding::kUtf8), "encoding.looks_like_gbk");
}

}  // namespace
}  // namespace landfall::exchange::test
