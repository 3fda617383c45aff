// SPDX-License-Identifier: Apache-2.0
#include "calendar/office_hours.h"

#include "base/seam.h"
#include "tests/calendar/calendar_fixture.h"

namespace landfall::test {
namespace {

constexpr OfficeSpan kSevenHours[] = {{ClockTime(9, 0), ClockTime(12, 0)}, {ClockTime(13, 30), ClockTime(17, 30)}};
constexpr UtcOffset kBeijing{480};

OfficeHours Hours(UtcOffset offset = kBeijing, int cut_off_s = OfficeHours::kDaySeconds) {
  return OfficeHours::Make(kSevenHours, offset, cut_off_s).value();
}

// "2024-09-30", 9, 0 on the wall of `offset`.
Instant At(std::string_view day, int hours, int minutes, UtcOffset offset = kBeijing) {
  return Instant(D(day)) + std::chrono::hours(hours) + std::chrono::minutes(minutes - offset.minutes);
}

std::int64_t Seconds(std::string_view from_day, int from_h, int from_m, std::string_view to_day, int to_h, int to_m,
                     UtcOffset offset = kBeijing) {
  return Hours(offset)
      .Between(*National(), At(from_day, from_h, from_m, offset), At(to_day, to_h, to_m, offset))
      .value()
      .seconds;
}

TEST(WorkingTime, OverNationalDay2024IsFourteenHours) {
  EXPECT_EQ(Seconds("2024-09-30", 9, 0, "2024-10-08", 17, 30), 14 * 3600);
}

TEST(WorkingTime, AMakeUpSaturdayCountsInFullAndAnOrdinaryOneNotAtAll) {
  EXPECT_EQ(Seconds("2024-10-12", 0, 0, "2024-10-13", 0, 0), 7 * 3600);
  EXPECT_EQ(Seconds("2024-10-19", 0, 0, "2024-10-20", 0, 0), 0);
}

TEST(WorkingTime, LunchDoesNotCount) {
  EXPECT_EQ(Seconds("2024-10-08", 11, 30, "2024-10-08", 14, 0), 3600);
  EXPECT_EQ(Seconds("2024-10-08", 12, 10, "2024-10-08", 13, 20), 0);
}

TEST(WorkingTime, OutsideOfficeHoursNothingPasses) {
  EXPECT_EQ(Seconds("2024-10-08", 18, 0, "2024-10-09", 8, 0), 0);
  EXPECT_EQ(Seconds("2024-10-08", 18, 0, "2024-10-09", 9, 1), 60);
}

TEST(WorkingTime, TheSameHoursOnTheWallGiveTheSameAnswerAtEveryOffset) {
  for (const int minutes : {-840, -720, -210, -180, 0, 345, 480, 840})
    EXPECT_EQ(Seconds("2024-09-30", 9, 0, "2024-10-08", 17, 30, UtcOffset{minutes}), 14 * 3600) << minutes;
}

TEST(WorkingTime, TheZoneOfTheMachineNeverEnters) {
  for (const char* zone : {"Asia/Shanghai", "America/New_York", "America/Sao_Paulo", "Pacific/Kiritimati"}) {
    const TimeZoneOfMachine machine(zone);
    EXPECT_EQ(Seconds("2024-09-30", 9, 0, "2024-10-08", 17, 30), 14 * 3600) << zone;
  }
}

TEST(WorkingTime, PartsAddUpToTheWholeAndBackwardsIsNegative) {
  const OfficeHours hours = Hours();
  const auto calendar = National();
  SeededRandom random(7);
  const Instant start = At("2024-01-01", 0, 0);
  const auto some_instant = [&] { return start + std::chrono::microseconds(random.Next() % 94'608'000'000'000); };

  for (int i = 0; i < 2000; ++i) {
    const Instant a = some_instant(), b = some_instant(), c = some_instant();
    const std::int64_t ab = hours.Between(*calendar, a, b)->seconds, bc = hours.Between(*calendar, b, c)->seconds;
    ASSERT_EQ(hours.Between(*calendar, a, c)->seconds, ab + bc) << "seed 7, round " << i;
    ASSERT_EQ(hours.Between(*calendar, b, a)->seconds, -ab) << "seed 7, round " << i;
  }
}

TEST(WorkingTime, EqualsASecondBySecondCountOverTwoWeeks) {
  const OfficeHours hours = Hours();
  const auto calendar = National();
  const Instant start = At("2024-09-28", 0, 0);

  std::int64_t counted = 0;
  for (int s = 0; s < 14 * 86'400; ++s) {  // 2024-09-28, a Saturday off, to 10-11.
    const int of_day = s % 86'400;
    const Day day = D("2024-09-28") + std::chrono::days(s / 86'400);
    const bool open = (of_day >= 32'400 && of_day < 43'200) || (of_day >= 48'600 && of_day < 63'000);
    counted += open && day != D("2024-09-28") && !(day >= D("2024-10-01") && day <= D("2024-10-07"));
    if (s % 599 == 0) {
      const auto measured = hours.Between(*calendar, start, start + std::chrono::seconds(s + 1));
      ASSERT_EQ(measured->seconds, counted) << s;
    }
  }
}

TEST(WorkingTime, IsProvisionalWhereADayOnTheWayIs) {
  const OfficeHours hours = Hours();

  EXPECT_FALSE(hours.Between(*National(), At("2026-12-31", 9, 0), At("2026-12-31", 17, 0))->provisional);
  EXPECT_TRUE(hours.Between(*National(), At("2026-12-31", 9, 0), At("2027-01-01", 9, 1))->provisional);
}

TEST(WorkingTime, InstantsOutsideTheBoundsAreRefused) {
  const OfficeHours hours = Hours();
  const Instant good = At("2024-01-01", 0, 0);

  EXPECT_EQ(hours.Between(*National(), good, Instant::max()).error().code, "calendar.out_of_range");
  EXPECT_EQ(hours.Between(*National(), Instant::min(), good).error().code, "calendar.out_of_range");
  EXPECT_EQ(hours.Between(*National(), good, Instant(kLastDay) + std::chrono::hours(23)).error().code,
            "calendar.out_of_range");  // On the wall it is 2200 already.
}

TEST(AcceptedOn, TheCutOffSecondItselfIsStillInTime) {
  const OfficeHours hours = Hours(kBeijing, ClockTime(17, 0));
  const auto accepted = [&](Instant at) { return hours.AcceptedOn(*National(), at).value(); };

  EXPECT_EQ(accepted(At("2024-09-30", 17, 0)), Sure("2024-09-30"));
  EXPECT_EQ(accepted(At("2024-09-30", 17, 0) + std::chrono::seconds(1)), Sure("2024-10-08"));
  EXPECT_EQ(accepted(At("2024-09-30", 3, 0)), Sure("2024-09-30"));
}

TEST(AcceptedOn, ADayOffCountsAsTheNextWorkingDay) {
  const OfficeHours hours = Hours();
  const auto accepted = [&](Instant at) { return hours.AcceptedOn(*National(), at).value(); };

  EXPECT_EQ(accepted(At("2024-10-03", 10, 0)), Sure("2024-10-08"));
  EXPECT_EQ(accepted(At("2024-10-12", 23, 59)), Sure("2024-10-12"));  // The make-up Saturday.
  EXPECT_EQ(accepted(At("2027-01-02", 10, 0)), Provisional("2027-01-04"));
}

TEST(AcceptedOn, MovesTheWholeLimit) {
  const OfficeHours hours = Hours(kBeijing, ClockTime(17, 0));
  const auto calendar = National();
  const auto due = [&](Instant at) {
    return calendar->After(hours.AcceptedOn(*calendar, at)->day, WorkDays{1}).value();
  };

  EXPECT_EQ(due(At("2024-09-30", 16, 59)), Sure("2024-10-08"));
  EXPECT_EQ(due(At("2024-09-30", 17, 1)), Sure("2024-10-09"));
}

TEST(AcceptedOn, TheDayIsThatOnTheWallOfTheJurisdiction) {
  const Instant at = At("2024-10-09", 0, 30, kBeijing);  // 2024-10-08T16:30Z.

  EXPECT_EQ(Hours(kBeijing).AcceptedOn(*National(), at).value(), Sure("2024-10-09"));
  EXPECT_EQ(Hours(UtcOffset{-180}).AcceptedOn(*National(), at).value(), Sure("2024-10-08"));
}

TEST(OfficeHours, HoursThatCannotBeAreRefused) {
  const auto code = [](std::vector<OfficeSpan> spans, int offset = 480, int cut_off_s = 0) {
    const auto hours = OfficeHours::Make(spans, UtcOffset{offset}, cut_off_s);
    return hours ? std::string() : hours.error().code;
  };
  const std::string refused = "office_hours.malformed";

  EXPECT_EQ(code({{0, OfficeHours::kDaySeconds}}), "");
  EXPECT_EQ(code({}), refused);
  EXPECT_EQ(code({{10, 10}}), refused);
  EXPECT_EQ(code({{-1, 10}}), refused);
  EXPECT_EQ(code({{0, OfficeHours::kDaySeconds + 1}}), refused);
  EXPECT_EQ(code({{10, 20}, {15, 30}}), refused);
  EXPECT_EQ(code({{20, 30}, {0, 10}}), refused);
  EXPECT_EQ(code(std::vector<OfficeSpan>(9, {0, 1})), refused);
  EXPECT_EQ(code({{0, 10}}, 841), refused);
  EXPECT_EQ(code({{0, 10}}, 480, -1), refused);
  EXPECT_EQ(code({{0, 10}}, 480, OfficeHours::kDaySeconds + 1), refused);
}

}  // namespace
}  // namespace landfall::test
