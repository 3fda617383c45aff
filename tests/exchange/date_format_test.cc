// SPDX-License-Identifier: Apache-2.0
#include "exchange/date_format.h"

#include <gtest/gtest.h>

namespace landfall::exchange {
namespace {

// "2020-02-03", followed by " t" when a time was dropped and " ~" when a day was assumed; else the code.
std::string Read(std::string_view text, std::vector<std::string_view> patterns,
                 PartialDay partial = PartialDay::kRefuse) {
  std::vector<DateFormat> formats;
  for (std::string_view pattern : patterns) formats.push_back(DateFormat::Compile(pattern).value());
  auto reading = ReadDay(text, formats, partial);
  if (!reading) return reading.error().code;
  return FormatDay(reading->day) + (reading->time_dropped ? " t" : "") + (reading->day_assumed ? " ~" : "");
}

TEST(DateFormat, ReadsEachForm) {
  EXPECT_EQ(Read("2016-05-25 17:00:00", {"YYYY-MM-DD hh:mm:ss"}), "2016-05-25 t");
  EXPECT_EQ(Read("2016-05-25 00:00:00", {"YYYY-MM-DD hh:mm:ss"}), "2016-05-25");
  EXPECT_EQ(Read("5/02/2016 5:00:00 PM", {"D/M/YYYY h:mm:ss AM"}), "2016-02-05 t");
  EXPECT_EQ(Read("24/10/2016 12:00:00 am", {"D/M/YYYY h:mm:ss AM"}), "2016-10-24");
  EXPECT_EQ(Read("2/29/2024", {"M/D/YYYY"}), "2024-02-29");
  EXPECT_EQ(Read("2021年9月19日", {"YYYY年M月D日"}), "2021-09-19");
  EXPECT_EQ(Read("20210919", {"YYYYMMDD"}), "2021-09-19");
  EXPECT_EQ(Read("2021-09-19T08:30", {"YYYY-MM-DDThh:mm"}), "2021-09-19 t");
  EXPECT_EQ(Read("2021.9", {"YYYY.M"}, PartialDay::kFirst), "2021-09-01 ~");
  EXPECT_EQ(Read("2024.2", {"YYYY.M"}, PartialDay::kLast), "2024-02-29 ~");
  EXPECT_EQ(Read("2024年", {"YYYY年"}, PartialDay::kLast), "2024-12-31 ~");
}

// Anchors of Excel's two systems: 43831 is 2020-01-01; 1 is 1900-01-01; 60 is the 29 February 1900 that never was.
TEST(DateFormat, ReadsExcelSerials) {
  EXPECT_EQ(Read("43831", {"excel_serial"}), "2020-01-01");
  EXPECT_EQ(Read("43831.7083333333", {"excel_serial"}), "2020-01-01 t");
  EXPECT_EQ(Read("1", {"excel_serial"}), "1900-01-01");
  EXPECT_EQ(Read("59", {"excel_serial"}), "1900-02-28");
  EXPECT_EQ(Read("60", {"excel_serial"}), "cell.day_impossible");
  EXPECT_EQ(Read("61", {"excel_serial"}), "1900-03-01");
  EXPECT_EQ(Read("0", {"excel_serial"}), "day.out_of_range");
  EXPECT_EQ(Read("42369", {"excel_serial_1904"}), "2020-01-01");
  EXPECT_EQ(Read("-1", {"excel_serial"}), "cell.day_unreadable");
  EXPECT_EQ(Read("43831.", {"excel_serial"}), "cell.day_unreadable");
}

TEST(DateFormat, RefusesDaysAndTimesThatAreNot) {
  EXPECT_EQ(Read("2024-02-30", {"YYYY-MM-DD"}), "cell.day_impossible");
  EXPECT_EQ(Read("13/13/2020", {"D/M/YYYY"}), "cell.day_impossible");
  EXPECT_EQ(Read("2023-02-29", {"YYYY-MM-DD"}), "cell.day_impossible");
  EXPECT_EQ(Read("2020-01-01 24:00:00", {"YYYY-MM-DD hh:mm:ss"}), "cell.day_impossible");
  EXPECT_EQ(Read("1/1/2020 13:00:00 PM", {"D/M/YYYY h:mm:ss AM"}), "cell.day_impossible");
  EXPECT_EQ(Read("1/1/2020 0:00:00 AM", {"D/M/YYYY h:mm:ss AM"}), "cell.day_impossible");
  EXPECT_EQ(Read("1899-12-31", {"YYYY-MM-DD"}), "day.out_of_range");
  EXPECT_EQ(Read("2200-01-01", {"YYYY-MM-DD"}), "day.out_of_range");
}

TEST(DateFormat, RefusesWhatDoesNotHaveItsForm) {
  for (std::string_view text : {"2020-1-01", "2020-01-01 ", "20-01-01", "2020-01-01 17:00:00", "2020/01/01", "x", ""})
    EXPECT_EQ(Read(text, {"YYYY-MM-DD"}), "cell.day_unreadable") << text;
  EXPECT_EQ(Read("1/1/2020 5:00:00 XM", {"D/M/YYYY h:mm:ss AM"}), "cell.day_unreadable");
}

TEST(DateFormat, NeverGuessesBetweenTwoFormats) {
  for (const auto& order :
       std::vector<std::vector<std::string_view>>{{"D/M/YYYY", "M/D/YYYY"}, {"M/D/YYYY", "D/M/YYYY"}}) {
    EXPECT_EQ(Read("3/4/2020", order), "cell.day_ambiguous");
    EXPECT_EQ(Read("4/4/2020", order), "2020-04-04");
    EXPECT_EQ(Read("31/4/2020", order), "cell.day_impossible");
    EXPECT_EQ(Read("30/4/2020", order), "2020-04-30");
  }
  EXPECT_EQ(Read("2020.1", {"YYYY.M", "excel_serial"}, PartialDay::kFirst), "cell.day_ambiguous");
}

TEST(DateFormat, RefusesPatternsThatAreNotWellFormed) {
  for (std::string_view pattern :
       {"", "MM-DD", "YYYY-DD", "YY-MM-DD", "YYYY-MM-DD mm:ss", "YYYY-MM hh", "YYYYMD", "YYYY-MM-DD x", "YYYY-YYYY",
        "YYYY-MM-DD hh:ss", "YYYY-1", "YYYY-MMM-DD", "YYYY-MM-DDThhZ"}) {
    auto format = DateFormat::Compile(pattern);
    ASSERT_FALSE(format) << pattern;
    EXPECT_EQ(format.error().code, "mapping.bad_date_format") << pattern;
  }
}

TEST(DateFormat, ReadsEveryDayOfItsRangeBack) {
  const DateFormat iso = DateFormat::Compile("YYYY-MM-DD").value(),
                   serial = DateFormat::Compile("excel_serial").value();
  for (Day day = MakeDay(1900, 3, 1); day <= kLastDay; day += std::chrono::days(1)) {
    ASSERT_EQ(iso.Read(FormatDay(day)).day, day);
    ASSERT_EQ(serial.Read(std::to_string((day - MakeDay(1899, 12, 30)).count())).day, day);
  }
}

}  // namespace
}  // namespace landfall::exchange
