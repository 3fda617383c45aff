// SPDX-License-Identifier: Apache-2.0
#include "base/day.h"

#include <gtest/gtest.h>

#include "base/seam.h"

namespace landfall::test {
namespace {

template <class T>
std::string CodeOf(const Result<T>& result) {
  return result ? "ok" : result.error().code;
}

TEST(Day, ReadsOnlyDaysThatExist) {
  for (const char* text : {"2024-02-29", "2000-02-29", "1900-01-01", "2199-12-31", "2026-12-31"})
    EXPECT_EQ(CodeOf(ParseDay(text)), "ok") << text;
  for (const char* text : {"2024-02-30", "2023-02-29", "2100-02-29", "1900-02-29", "2024-04-31", "2024-00-10",
                           "2024-13-01", "2024-01-00", "2024-01-32"})
    EXPECT_EQ(CodeOf(ParseDay(text)), "day.malformed") << text;
}

TEST(Day, ReadsOneFormOnly) {
  for (const char* text : {"", "2024-1-01", "24-01-01", "2024/01/01", "2024-01-01 ", " 2024-01-01", "+024-01-01",
                           "2024-01-0a", "2024-01-01T", "二〇二四-01-01", "20240101", "2024-+1-01"})
    EXPECT_EQ(CodeOf(ParseDay(text)), "day.malformed") << text;
}

TEST(Day, IsRefusedOutsideTheSupportedYears) {
  for (const char* text : {"1899-12-31", "2200-01-01", "0000-01-01", "9999-12-31"})
    EXPECT_EQ(CodeOf(ParseDay(text)), "day.out_of_range") << text;
}

TEST(Day, EverySupportedDayComesBackFromItsText) {
  int days = 0;
  for (Day day = kFirstDay; day <= kLastDay; day += std::chrono::days(1), ++days) {
    const std::string text = FormatDay(day);
    ASSERT_EQ(text.size(), 10u);
    ASSERT_EQ(ParseDay(text).value(), day) << text;
    ASSERT_EQ(DayFromNumber(DayNumber(day)), day) << text;
  }
  EXPECT_EQ(days, 300 * 365 + 73);  // 75 fourth years, less 1900 and 2100.
}

TEST(Instant, ReadsTheFormOfALeafOnly) {
  EXPECT_EQ(ParseInstant("1970-01-01T00:00:00.000001Z")->time_since_epoch().count(), 1);
  for (const char* text : {"", "2026-11-21T08:30:12Z", "2026-11-21T08:30:12.123Z", "2026-11-21 08:30:12.123456Z",
                           "2026-11-21T24:00:00.000000Z", "2026-11-21T08:60:00.000000Z", "2026-11-21T08:30:60.000000Z",
                           "2026-02-30T08:30:12.123456Z", "2026-11-21T08:30:12.123456z", "2026-11-21T08:30:12.123456+",
                           "2026-11-21T08:30:12,123456Z"})
    EXPECT_EQ(CodeOf(ParseInstant(text)), "instant.malformed") << text;
}

TEST(Instant, ComesBackFromItsText) {
  constexpr std::uint64_t kSeed = 7;
  SeededRandom random(kSeed);
  const std::int64_t first = Instant(kFirstDay).time_since_epoch().count();
  const auto span = static_cast<std::uint64_t>(Instant(kLastDay).time_since_epoch().count() - first);
  for (int i = 0; i < 20'000; ++i) {
    const Instant at{std::chrono::microseconds(first + static_cast<std::int64_t>(random.Next() % span))};
    std::string text;
    AppendInstant(text, at);

    ASSERT_EQ(ParseInstant(text).value(), at) << "seed " << kSeed << " " << text;
  }
}

TEST(UtcOffset, ReadsBothSignsWithinFourteenHours) {
  EXPECT_EQ(ParseUtcOffset("+08:00")->minutes, 480);
  EXPECT_EQ(ParseUtcOffset("-03:30")->minutes, -210);
  EXPECT_EQ(ParseUtcOffset("+14:00")->minutes, 840);
  for (const char* text : {"", "08:00", "+8:00", "+14:01", "+15:00", "+08:60", "+0800", "+08:0", "＋08:00"})
    EXPECT_EQ(CodeOf(ParseUtcOffset(text)), "offset.malformed") << text;
  for (int minutes = -840; minutes <= 840; ++minutes)
    ASSERT_EQ(ParseUtcOffset(FormatUtcOffset({minutes}))->minutes, minutes);
}

TEST(WallDay, TurnsAtTheMidnightOfTheJurisdiction) {
  const Instant before = ParseInstant("2026-02-28T15:59:59.999999Z").value();
  const Instant at = ParseInstant("2026-02-28T16:00:00.000000Z").value();

  EXPECT_EQ(FormatDay(WallDay(before, {480})), "2026-02-28");
  EXPECT_EQ(FormatDay(WallDay(at, {480})), "2026-03-01");
  EXPECT_EQ(FormatDay(WallDay(at, {-210})), "2026-02-28");
  EXPECT_EQ(FormatDay(WallDay(ParseInstant("1969-12-31T23:59:59.999999Z").value(), {0})), "1969-12-31");
}

}  // namespace
}  // namespace landfall::test
