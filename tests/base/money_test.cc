// SPDX-License-Identifier: Apache-2.0
#include "base/money.h"

#include <gtest/gtest.h>

#include "base/seam.h"

namespace landfall::test {
namespace {

struct Reading {
  std::string text;
  int unit_exponent;
  std::int64_t minor;
};

std::string CodeOf(const Result<Money>& money) { return money ? "ok" : money.error().code; }

TEST(Money, ReadsYuanWanAndYiExactly) {
  for (const Reading& r : std::vector<Reading>{{"0", 0, 0},
                                               {"1", 0, 100},
                                               {"0.01", 0, 1},
                                               {"-110000.5", 0, -11'000'050},
                                               {"+7", 0, 700},
                                               {"007.10", 0, 710},
                                               {"12.3456", 4, 12'345'600},
                                               {"0.000001", 4, 1},
                                               {"28.1", 8, 281'000'000'000},
                                               {"389.29", 8, 3'892'900'000'000},
                                               {"0.0000000001", 8, 1},
                                               {"2.50000000000000000000", 0, 250}}) {
    const auto money = Money::Parse(r.text, 2, r.unit_exponent);

    ASSERT_TRUE(money) << r.text;
    EXPECT_EQ(money->minor(), r.minor) << r.text;
  }
}

TEST(Money, HasAsManyDecimalsAsItsCurrency) {
  EXPECT_EQ(CurrencyDecimals("CNY").value(), 2);
  EXPECT_EQ(CurrencyDecimals("JPY").value(), 0);
  EXPECT_EQ(CurrencyDecimals("XYZ").error().code, "currency.unknown");

  EXPECT_EQ(Money::Parse("1200", 0)->minor(), 1200);
  EXPECT_EQ(CodeOf(Money::Parse("0.5", 0)), "money.too_precise");
  EXPECT_EQ(Money::FromMinor(1200).Format(0), "1200");
  EXPECT_EQ(Money::FromMinor(-5).Format(2), "-0.05");
  EXPECT_EQ(Money::FromMinor(235'928'862).Format(2), "2359288.62");
}

TEST(Money, RefusesWhatIsNotAPlainDecimal) {
  for (const char* text : {"", "-", "+", ".", "1.", ".5", "1,000", "1 000", "1e3", "0x10", "--1", "1.2.3", "12元",
                           "１２", " 1", "1 ", "NaN", "-+1", "1234567890123456789012345678901"})
    EXPECT_EQ(CodeOf(Money::Parse(text, 2)), "money.malformed") << text;
}

TEST(Money, RefusesTypedDigitsFinerThanTheMinorUnit) {
  EXPECT_EQ(CodeOf(Money::Parse("0.001", 2)), "money.too_precise");
  EXPECT_EQ(CodeOf(Money::Parse("2066075.5899999999", 2)), "money.too_precise");
  EXPECT_EQ(CodeOf(Money::Parse("0.0000001", 2, 4)), "money.too_precise");
}

struct RoundingLaw {
  std::string text;
  std::int64_t half_up, half_even;
};

TEST(Money, RoundsTiesAsTheDeclaredLawSays) {
  for (const RoundingLaw& law : std::vector<RoundingLaw>{{"0.004", 0, 0},
                                                         {"0.005", 1, 0},
                                                         {"0.0050000001", 1, 1},
                                                         {"0.015", 2, 2},
                                                         {"0.025", 3, 2},
                                                         {"-0.005", -1, 0},
                                                         {"-0.015", -2, -2},
                                                         {"-0.025", -3, -2},
                                                         {"0.0149999999999999999999", 1, 1},
                                                         {"2066075.5899999999", 206'607'559, 206'607'559}}) {
    EXPECT_EQ(Money::Parse(law.text, 2, 0, Rounding::kHalfUp)->minor(), law.half_up) << law.text;
    EXPECT_EQ(Money::Parse(law.text, 2, 0, Rounding::kHalfEven)->minor(), law.half_even) << law.text;
  }
}

TEST(Money, EndsAtTheLargestCountOfMinorUnits) {
  EXPECT_EQ(Money::Parse("92233720368547758.07", 2)->minor(), INT64_MAX);
  EXPECT_EQ(Money::Parse("-92233720368547758.07", 2)->minor(), -INT64_MAX);
  EXPECT_EQ(CodeOf(Money::Parse("92233720368547758.08", 2)), "money.out_of_range");
  EXPECT_EQ(CodeOf(Money::Parse("92233720368547758.075", 2, 0, Rounding::kHalfUp)), "money.out_of_range");
  EXPECT_EQ(CodeOf(Money::Parse("999999999999999999999999999999", 2, 8)), "money.out_of_range");

  EXPECT_EQ(CodeOf(Money::FromMinor(INT64_MAX).Plus(Money::FromMinor(1))), "money.out_of_range");
  EXPECT_EQ(CodeOf(Money::FromMinor(-INT64_MAX).Plus(Money::FromMinor(-2))), "money.out_of_range");
  EXPECT_EQ(Money::FromMinor(INT64_MAX).Plus(Money::FromMinor(-INT64_MAX))->minor(), 0);
}

TEST(Money, HasOneCanonicalFormOnly) {
  EXPECT_EQ(Money::ParseMinor("0")->minor(), 0);
  EXPECT_EQ(Money::ParseMinor("-9223372036854775807")->minor(), -INT64_MAX);
  for (const char* text : {"", "-0", "+1", "01", "-01", "1.0", "1.", "1e2", " 1", "9223372036854775808"})
    EXPECT_EQ(CodeOf(Money::ParseMinor(text)), "money.malformed") << text;
}

TEST(Money, ComesBackFromItsTextAndItsFormat) {
  constexpr std::uint64_t kSeed = 20260301;
  SeededRandom random(kSeed);
  for (int i = 0; i < 20'000; ++i) {
    // Shifted by a random width, so that small amounts are met as often as large ones.
    const auto minor = static_cast<std::int64_t>(random.Next()) >> (random.Next() % 64);
    if (minor == INT64_MIN) continue;
    const Money money = Money::FromMinor(minor);
    std::string text;
    money.AppendMinor(text);

    ASSERT_EQ(Money::ParseMinor(text)->minor(), minor) << "seed " << kSeed << " step " << i;
    ASSERT_EQ(Money::Parse(money.Format(2), 2)->minor(), minor) << "seed " << kSeed << " step " << i;
    ASSERT_EQ(Money::Parse(text, 0)->minor(), minor) << "seed " << kSeed << " step " << i;
  }
}

}  // namespace
}  // namespace landfall::test
