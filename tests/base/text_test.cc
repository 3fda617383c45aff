// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"

#include <gtest/gtest.h>

#include "base/seam.h"

namespace landfall::test {
namespace {

template <class T>
std::string CodeOf(const Result<T>& result) {
  return result ? "ok" : result.error().code;
}

// The table of well-formed byte sequences, Unicode 15 table 3-7: for each lead the bounds of what may follow.
bool WellFormed(std::string_view s) {
  const auto in = [&](std::size_t i, int low, int high) {
    return i < s.size() && static_cast<std::uint8_t>(s[i]) >= low && static_cast<std::uint8_t>(s[i]) <= high;
  };
  std::size_t i = 0;
  while (i < s.size()) {
    const int b = static_cast<std::uint8_t>(s[i]);
    if (b <= 0x7F)
      i += 1;
    else if (b >= 0xC2 && b <= 0xDF && in(i + 1, 0x80, 0xBF))
      i += 2;
    else if (b == 0xE0 && in(i + 1, 0xA0, 0xBF) && in(i + 2, 0x80, 0xBF))
      i += 3;
    else if (((b >= 0xE1 && b <= 0xEC) || b == 0xEE || b == 0xEF) && in(i + 1, 0x80, 0xBF) && in(i + 2, 0x80, 0xBF))
      i += 3;
    else if (b == 0xED && in(i + 1, 0x80, 0x9F) && in(i + 2, 0x80, 0xBF))
      i += 3;
    else if (b == 0xF0 && in(i + 1, 0x90, 0xBF) && in(i + 2, 0x80, 0xBF) && in(i + 3, 0x80, 0xBF))
      i += 4;
    else if (b >= 0xF1 && b <= 0xF3 && in(i + 1, 0x80, 0xBF) && in(i + 2, 0x80, 0xBF) && in(i + 3, 0x80, 0xBF))
      i += 4;
    else if (b == 0xF4 && in(i + 1, 0x80, 0x8F) && in(i + 2, 0x80, 0xBF) && in(i + 3, 0x80, 0xBF))
      i += 4;
    else
      return false;
  }
  return true;
}

TEST(Utf8, RefusesOverlongFormsSurrogatesAndWhatIsBeyondUnicode) {
  using namespace std::string_view_literals;
  for (std::string_view good :
       {""sv, "a"sv, "\x7F"sv, "\xC2\x80"sv, "\xDF\xBF"sv, "\xE0\xA0\x80"sv, "\xED\x9F\xBF"sv, "\xEE\x80\x80"sv,
        "\xEF\xBF\xBF"sv, "\xF0\x90\x80\x80"sv, "\xF4\x8F\xBF\xBF"sv, "株洲"sv, "\0"sv})
    EXPECT_TRUE(IsUtf8(good));
  for (std::string_view bad : {"\x80"sv, "\xBF"sv, "\xC0\xAF"sv, "\xC1\xBF"sv, "\xC2"sv, "\xE0\x9F\xBF"sv,
                               "\xED\xA0\x80"sv, "\xED\xBF\xBF"sv, "\xE6\xA0"sv, "\xF0\x8F\xBF\xBF"sv,
                               "\xF4\x90\x80\x80"sv, "\xF5\x80\x80\x80"sv, "\xFE"sv, "\xFF"sv, "a\xE6\xA0z"sv})
    EXPECT_FALSE(IsUtf8(bad));
}

TEST(Utf8, AgreesWithTheTableOfTheStandardOnAllShortSequences) {
  std::string s(2, '\0');
  for (int a = 0; a < 256; ++a)
    for (int b = 0; b < 256; ++b) {
      s[0] = static_cast<char>(a), s[1] = static_cast<char>(b);
      ASSERT_EQ(IsUtf8(s), WellFormed(s)) << a << " " << b;
    }
  constexpr std::uint64_t kSeed = 3629;
  SeededRandom random(kSeed);
  for (int i = 0; i < 200'000; ++i) {
    std::string bytes(1 + random.Next() % 6, '\0');
    random.Fill({reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()});
    if (random.Next() % 2 == 0) bytes[0] = static_cast<char>(0xE0 + random.Next() % 0x18);
    for (std::size_t k = 1; k < bytes.size() && random.Next() % 4 != 0; ++k)
      bytes[k] = static_cast<char>(0x80 | (bytes[k] & 0x3F));
    ASSERT_EQ(IsUtf8(bytes), WellFormed(bytes)) << "seed " << kSeed << " step " << i;
  }
}

TEST(Text, IsTrimmedOfAsciiAndIdeographicBlanks) {
  EXPECT_EQ(Trim(" \t\r\n　株 洲　 "), "株 洲");
  EXPECT_EQ(Trim("　　"), "");
  EXPECT_EQ(Text<10>::Parse("　渌口　")->value, "渌口");
  EXPECT_EQ(CodeOf(Text<10>::Parse(" 　")), "text.empty");
}

TEST(Text, IsBoundedInCodePointsNotBytes) {
  EXPECT_EQ(CountCodePoints("株洲a😀"), 4u);
  EXPECT_EQ(CodeOf(Text<4>::Parse("株洲a😀")), "ok");
  EXPECT_EQ(CodeOf(Text<3>::Parse("株洲a😀")), "text.too_long");
  EXPECT_EQ(CodeOf(Text<3>::Parse("  abc  ")), "ok");
}

TEST(Text, HoldsNoControlCharacterButTheLineFeed) {
  EXPECT_EQ(CodeOf(Text<20>::Parse("第一行\n第二行")), "ok");
  for (const std::string& text : {std::string("a\tb"), std::string("a\rb"), std::string("a\0b", 3),
                                  std::string("a\x1B[31m"), std::string("a\x7F")})
    EXPECT_EQ(CodeOf(Text<20>::Parse(text)), "text.control_character");
  EXPECT_EQ(CodeOf(Text<20>::Parse("\xC0\xAF")), "text.not_utf8");
}

TEST(Text, WithASecrecyMarkingIsRefused) {
  for (const char* text : {"绝密",
                           "机密",
                           "机密★5年",
                           "绝密★",
                           "秘密★",
                           "秘密★3年",
                           "秘密☆",
                           "秘密*",
                           "机　密",
                           "绝 密",
                           "机\n密",
                           "秘 密 ★",
                           "【机密】某项目",
                           "密级：机密",
                           "（绝密）",
                           "机密件",
                           "此件系機密",
                           "絕密",
                           "某厂扩建（机密）",
                           "机\xE2\x80\x8B密",
                           "机\xEF\xBB\xBF密",
                           "机\xC2\xA0密",
                           "手机密码与机密文件"}) {
    EXPECT_TRUE(CarriesSecrecyMarking(text)) << text;
    EXPECT_EQ(CodeOf(CheckText(text, 200)), "text.classified") << text;
  }
}

TEST(Text, WithWordsThatOnlyLookLikeAMarkingIsAccepted) {
  for (const char* text : {"发动机密封件", "发动机 密封件", "手机密码", "隔绝密封", "隔绝密闭舱", "商业秘密",
                           "商业秘密保护", "秘密", "密级", "计算机密集型", "司机密切配合", "飞机密度板",
                           "人工智能机密钥", "精密机械", "机密性测试", "高密度绝缘", "播种机密植", "株洲硬质合金"}) {
    EXPECT_FALSE(CarriesSecrecyMarking(text)) << text;
    EXPECT_EQ(CodeOf(CheckText(text, 200)), "ok") << text;
  }
}

TEST(Text, RefusalNeverRepeatsTheText) {
  const auto refused = CheckText("【机密】某项目", 200);

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().detail, "");
}

TEST(Key, IsASlug) {
  for (const char* text : {"a", "0", "full_production", "bureau.head", "2-public_works", "a-", "x._-"})
    EXPECT_EQ(CodeOf(Key<20>::Parse(text)), "ok") << text;
  for (const char* text : {"", "A", "-a", ".a", "_a", "a b", "株", "a/b", "a\"", "abcdefghijklmnopqrstu"})
    EXPECT_EQ(CodeOf(Key<20>::Parse(text)), "key.malformed") << text;
}

TEST(Code, IsPrintableAsciiThatNeedsNoEscape) {
  for (const char* text : {"Q05388", "430212", "a", "~", "2017-430212-35-03-012345", "[x]"})
    EXPECT_EQ(CodeOf(Code<24>::Parse(text)), "ok") << text;
  for (const char* text :
       {"", " ", "a b", "a\"b", "a\\b", "<a", "a>", "株", "a\x7F", "a\n", "1234567890123456789012345"})
    EXPECT_EQ(CodeOf(Code<24>::Parse(text)), "code.malformed") << text;
}

}  // namespace
}  // namespace landfall::test
