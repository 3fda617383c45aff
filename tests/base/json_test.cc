// SPDX-License-Identifier: Apache-2.0
#include "base/json.h"

#include <gtest/gtest.h>
#include <simdjson.h>

#include "base/seam.h"
#include "base/text.h"

namespace landfall::test {
namespace {

std::string JsonString(std::string_view text) {
  std::string out;
  AppendJsonString(out, text);
  return out;
}

bool ScanString(std::string_view bytes, std::string& out) {
  Scanner scanner(bytes);
  return scanner.String(out) && scanner.AtEnd();
}

bool ScanInt(std::string_view bytes, std::int64_t& out) {
  Scanner scanner(bytes);
  return scanner.Int(out) && scanner.AtEnd();
}

TEST(CanonicalJson, EscapesOnlyWhatJsonDemands) {
  EXPECT_EQ(JsonString("株洲 / é"), "\"株洲 / é\"");
  EXPECT_EQ(JsonString("a\"b\\c\nd"), R"("a\"b\\c\nd")");
  EXPECT_EQ(JsonString(std::string_view("\0\t\x1f\x7f", 4)), "\"\\u0000\\u0009\\u001f\x7f\"");
}

TEST(CanonicalJson, IsReadAlikeByAnotherParser) {
  constexpr std::uint64_t kSeed = 8259;
  SeededRandom random(kSeed);
  simdjson::dom::parser parser;
  for (int i = 0; i < 5'000; ++i) {
    std::string text;
    for (std::uint64_t n = random.Next() % 20; n > 0; --n) {
      static constexpr std::string_view kPieces[] = {"\"", "\\", "\n",   "\t",   "a",    "株",
                                                     "😀",  "/",  "\x01", "\x7f", "u0041"};
      text += kPieces[random.Next() % std::size(kPieces)];
    }
    const std::string json = JsonString(text);
    std::string back;
    std::string_view other;

    ASSERT_TRUE(ScanString(json, back)) << "seed " << kSeed << " " << json;
    ASSERT_EQ(back, text) << "seed " << kSeed;
    ASSERT_EQ(parser.parse(json).get_string().get(other), simdjson::SUCCESS) << "seed " << kSeed << " " << json;
    ASSERT_EQ(other, text) << "seed " << kSeed;
  }
}

TEST(Scanner, RefusesStringsThatWeWouldHaveWrittenOtherwise) {
  std::string out;
  for (const char* bytes :
       {R"("\/")",     R"("\t")",   R"("\r")",  R"("\b")", R"("\u0041")", R"("\u000a")", R"("\u001F")",
        R"("\u00e9")", R"("\u000)", R"("\u00)", R"("\")",  R"("\)",       R"(")",        "",
        "a\"",         "\"a",       "\"\t\"",   "\"\n\"",  R"("\x41")",   R"("\U0001")", R"("a"b)"})
    EXPECT_FALSE(ScanString(bytes, out)) << bytes;
}

TEST(Scanner, ReadsIntegersInTheirOneForm) {
  std::int64_t value = 0;
  for (std::int64_t want : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{10}, INT64_MAX, INT64_MIN}) {
    std::string text;
    AppendInt(text, want);
    ASSERT_TRUE(ScanInt(text, value)) << text;
    EXPECT_EQ(value, want);
  }
  for (const char* bytes :
       {"", "-", "+1", "01", "-0", "-01", "00", "1.0", "1e3", " 1", "9223372036854775808", "-9223372036854775809", "a"})
    EXPECT_FALSE(ScanInt(bytes, value)) << bytes;
}

TEST(Scanner, PlainStringsHoldNoEscape) {
  std::string_view view;
  Scanner good("\"abc\"x");
  EXPECT_TRUE(good.PlainString(view));
  EXPECT_EQ(view, "abc");
  EXPECT_TRUE(good.Peek('x'));
  EXPECT_FALSE(good.AtEnd());
  for (const char* bytes : {"\"a\\nb\"", "\"a", "abc", ""}) {
    Scanner bad(bytes);
    EXPECT_FALSE(bad.PlainString(view)) << bytes;
  }
}

// The bytes lie at the end of a heap block of their own, so that a read past them is found by the address sanitiser.
TEST(Scanner, NeverReadsPastTheEndAndTakesOnlyCanonicalBytes) {
  constexpr std::uint64_t kSeed = 4;
  SeededRandom random(kSeed);
  static constexpr std::string_view kAlphabet = "\"\\nu0019afF-{}[],: \n\x01";
  int taken = 0;
  for (int i = 0; i < 200'000; ++i) {
    std::vector<char> block(random.Next() % 12);
    for (char& c : block) c = kAlphabet[random.Next() % kAlphabet.size()];
    const std::string_view bytes(block.data(), block.size());
    std::string text;
    std::int64_t value = 0;
    if (ScanString(bytes, text)) {
      ASSERT_EQ(JsonString(text), bytes) << "seed " << kSeed << " step " << i;
      ++taken;
    }
    if (ScanInt(bytes, value)) {
      std::string back;
      AppendInt(back, value);
      ASSERT_EQ(back, bytes) << "seed " << kSeed << " step " << i;
      ++taken;
    }
  }
  EXPECT_GT(taken, 1000);
}

}  // namespace
}  // namespace landfall::test
