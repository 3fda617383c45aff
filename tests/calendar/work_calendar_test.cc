// SPDX-License-Identifier: Apache-2.0
#include "calendar/work_calendar.h"

#include <climits>

#include "tests/calendar/calendar_fixture.h"

namespace landfall::test {
namespace {

Notice MakeNotice(std::string id, int year, std::string_view published_on, std::vector<DaySet> sets,
                  std::string amends = "") {
  return {std::move(id), year, "", D(published_on), std::move(amends), "", std::move(sets)};
}

LocalRule MakeRule(std::string id, std::string_view known_on) {
  LocalRule rule;
  rule.id = std::move(id);
  rule.name = "示例地方节日";
  rule.known_on = D(known_on);
  return rule;
}

std::string LoadCode(const std::vector<Notice>& notices, const std::vector<LocalRule>& rules = {}) {
  const auto calendar = WorkCalendar::Load(notices, kLastDay, rules);
  return calendar ? "" : calendar.error().code;
}

TEST(WorkCalendar, TheDayOfAcceptanceIsNotCounted) {
  const auto calendar = National();

  EXPECT_EQ(calendar->After(D("2024-03-04"), WorkDays{1}).value(), Sure("2024-03-05"));
  EXPECT_EQ(calendar->After(D("2024-03-02"), WorkDays{1}).value(), Sure("2024-03-04"));
  EXPECT_EQ(calendar->Between(D("2024-03-04"), D("2024-03-04")).value(), WorkSpan{});
}

TEST(WorkCalendar, ALimitOverNationalDayEndsOnTheMakeUpSaturday) {
  const auto calendar = National();

  EXPECT_EQ(calendar->After(D("2021-09-29"), WorkDays{3}).value(), Sure("2021-10-09"));
  EXPECT_EQ(calendar->Before(D("2021-10-11"), WorkDays{1}).value(), Sure("2021-10-09"));
}

TEST(WorkCalendar, DecemberDaysStandInNextYearsNotice) {
  const auto calendar = National();

  EXPECT_EQ(calendar->Why(D("2018-12-31")).value().id, "cn-2019");
  EXPECT_EQ(calendar->Why(D("2018-12-29")).value().number, "国办发明电〔2018〕15号");
  EXPECT_FALSE(calendar->IsWorkDay(D("2018-12-31")).value().works);
  EXPECT_TRUE(calendar->IsWorkDay(D("2018-12-29")).value().works);
}

TEST(WorkCalendar, BeyondTheAnnouncedYearsAnAnswerIsProvisional) {
  const auto calendar = National();

  EXPECT_EQ(calendar->IsWorkDay(D("2027-01-01")).value(), (WorkDayAnswer{true, true}));
  EXPECT_EQ(calendar->IsWorkDay(D("2026-12-31")).value(), (WorkDayAnswer{true, false}));
  EXPECT_EQ(calendar->After(D("2026-12-30"), WorkDays{1}).value(), Sure("2026-12-31"));
  EXPECT_EQ(calendar->After(D("2026-12-30"), WorkDays{2}).value(), Provisional("2027-01-01"));
  EXPECT_EQ(calendar->Before(D("2027-01-04"), WorkDays{2}).value(), Provisional("2026-12-31"));
  EXPECT_EQ(calendar->Between(D("2026-12-30"), D("2027-01-01")).value(), (WorkSpan{WorkDays{2}, true}));
  EXPECT_EQ(calendar->Between(D("2027-01-01"), D("2026-12-30")).value(), (WorkSpan{WorkDays{-2}, false}));
}

TEST(WorkCalendar, WhatWasKnownBeforeAReplacedNoticeDiffersFromWhatWasKnownAfter) {
  const auto before = National(D("2020-01-26")), after = National(D("2020-01-27"));

  EXPECT_TRUE(before->IsWorkDay(D("2020-02-01")).value().works);
  EXPECT_FALSE(after->IsWorkDay(D("2020-02-01")).value().works);
  EXPECT_EQ(before->After(D("2020-01-23"), WorkDays{5}).value(), Sure("2020-02-05"));
  EXPECT_EQ(after->After(D("2020-01-23"), WorkDays{5}).value(), Sure("2020-02-07"));
  EXPECT_EQ(before->Why(D("2020-02-01")).value().id, "cn-2020");
  EXPECT_EQ(after->Why(D("2020-02-01")).value().id, "cn-2020-a1");
}

TEST(WorkCalendar, TheLabourDayOf2019GrewOnTheDayOfTheSecondNotice) {
  const auto before = National(D("2019-03-21")), after = National(D("2019-03-22"));

  EXPECT_EQ(before->After(D("2019-04-30"), WorkDays{1}).value(), Sure("2019-05-02"));
  EXPECT_EQ(after->After(D("2019-04-30"), WorkDays{1}).value(), Sure("2019-05-05"));
  EXPECT_FALSE(before->IsWorkDay(D("2019-04-28")).value().works);
  EXPECT_TRUE(after->IsWorkDay(D("2019-04-28")).value().works);
}

TEST(WorkCalendar, AYearIsProvisionalUntilItsNoticeIsPublished) {
  const auto before = National(D("2024-11-11")), after = National(D("2024-11-12"));

  EXPECT_EQ(before->After(D("2024-12-31"), WorkDays{1}).value(), Provisional("2025-01-01"));
  EXPECT_EQ(after->After(D("2024-12-31"), WorkDays{1}).value(), Sure("2025-01-02"));
}

TEST(WorkCalendar, ANoticeThatAmendsAnnouncesNoYear) {
  const std::vector<Notice> notices = {
      MakeNotice("n1", 2030, "2029-11-01", {{D("2030-01-01"), false, "元旦"}}),
      MakeNotice("n2", 2031, "2030-01-01", {{D("2031-05-01"), false, "劳动节"}}, "n1")};
  const auto calendar = WorkCalendar::Load(notices, kLastDay).value();

  EXPECT_FALSE(calendar.IsWorkDay(D("2030-06-03")).value().provisional);
  EXPECT_TRUE(calendar.IsWorkDay(D("2031-06-03")).value().provisional);
  EXPECT_FALSE(calendar.IsWorkDay(D("2031-05-01")).value().provisional);  // The day it sets is known.
}

TEST(WorkCalendar, AGapBetweenAnnouncedYearsMakesOnlyWaysThroughItProvisional) {
  const std::vector<Notice> notices = {MakeNotice("n1", 2030, "2029-11-01", {}),
                                       MakeNotice("n3", 2032, "2029-11-02", {})};
  const auto calendar = WorkCalendar::Load(notices, kLastDay).value();

  EXPECT_EQ(calendar.After(D("2032-01-01"), WorkDays{5}).value(), Sure("2032-01-08"));
  EXPECT_TRUE(calendar.After(D("2030-12-31"), WorkDays{262}).value().provisional);
}

TEST(WorkCalendar, CalendarDaysRollAsDeclared) {
  const auto calendar = National();
  const Day from = D("2024-09-16");  // 15 calendar days later is 2024-10-01.

  EXPECT_EQ(calendar->After(from, CalendarDays{15}, Roll::kNone).value(), Sure("2024-10-01"));
  EXPECT_EQ(calendar->After(from, CalendarDays{15}, Roll::kForward).value(), Sure("2024-10-08"));
  EXPECT_EQ(calendar->After(from, CalendarDays{15}, Roll::kBackward).value(), Sure("2024-09-30"));
  EXPECT_EQ(calendar->Before(D("2024-10-08"), CalendarDays{5}, Roll::kBackward).value(), Sure("2024-09-30"));
  EXPECT_EQ(calendar->After(from, CalendarDays{0}, Roll::kNone).value(), Sure("2024-09-16"));
}

TEST(WorkCalendar, CalendarDaysAreProvisionalOnlyWhereTheRollLooksAtAnUnannouncedDay) {
  const auto calendar = National();

  EXPECT_EQ(calendar->After(D("2026-12-25"), CalendarDays{8}, Roll::kNone).value(), Sure("2027-01-02"));
  EXPECT_EQ(calendar->After(D("2026-12-25"), CalendarDays{8}, Roll::kForward).value(), Provisional("2027-01-04"));
  EXPECT_EQ(calendar->After(D("2026-12-25"), CalendarDays{7}, Roll::kForward).value(), Provisional("2027-01-01"));
}

TEST(WorkCalendar, NumbersOfWorkingDaysTurnALimitIntoAnAddition) {
  const auto calendar = National();
  const Day accepted = D("2026-02-11");

  const std::int32_t due = calendar->WorkDayNumber(accepted) + 20;

  EXPECT_EQ(calendar->WorkDayAt(due).value(), calendar->After(accepted, WorkDays{20}).value().day);
  EXPECT_EQ(due - calendar->WorkDayNumber(D("2026-02-28")),
            calendar->Between(D("2026-02-28"), calendar->WorkDayAt(due).value()).value().days.count);
  EXPECT_EQ(calendar->WorkDayNumber(D("2026-02-15")), calendar->WorkDayNumber(D("2026-02-14")));  // A day off.
  EXPECT_EQ(calendar->WorkDayNumber(kFirstDay - std::chrono::days(9)), 0);
  EXPECT_EQ(calendar->WorkDayNumber(kLastDay + std::chrono::days(9)), calendar->WorkDayNumber(kLastDay));
}

TEST(WorkCalendar, WhatLiesOutsideTheBoundsIsRefusedAndNothingOverflows) {
  const auto calendar = National();
  const auto code = [](const auto& result) { return result ? std::string() : result.error().code; };
  const std::string refused = "calendar.out_of_range";
  const Day outside = kLastDay + std::chrono::days(1);

  EXPECT_EQ(code(calendar->After(kLastDay, WorkDays{1})), refused);
  EXPECT_EQ(code(calendar->After(D("2024-01-01"), WorkDays{INT_MAX})), refused);
  EXPECT_EQ(code(calendar->After(D("2024-01-01"), WorkDays{INT_MIN})), refused);
  EXPECT_EQ(code(calendar->Before(D("2024-01-01"), WorkDays{INT_MIN})), refused);
  EXPECT_EQ(code(calendar->Before(D("2024-01-01"), CalendarDays{INT_MIN}, Roll::kNone)), refused);
  EXPECT_EQ(code(calendar->After(outside, CalendarDays{-5}, Roll::kNone)), refused);
  EXPECT_EQ(code(calendar->After(outside, WorkDays{-5})), refused);
  EXPECT_EQ(code(calendar->Between(outside, kLastDay)), refused);
  EXPECT_EQ(code(calendar->IsWorkDay(outside)), refused);
  EXPECT_EQ(code(calendar->Why(kFirstDay - std::chrono::days(1))), refused);
  EXPECT_EQ(code(calendar->WorkDayAt(0)), refused);
  EXPECT_EQ(code(calendar->Rolled(D("2199-12-29"), Roll::kForward)), "");
  EXPECT_EQ(calendar->WorkDayAt(1).value(), kFirstDay);  // 1900-01-01 was a Monday.
}

TEST(WorkCalendar, OneNoticeThatHasADayBothOffAndOnIsRefused) {
  const auto notice = MakeNotice("n", 2030, "2029-11-01", {{D("2030-01-01"), false, ""}, {D("2030-01-01"), true, ""}});

  EXPECT_EQ(LoadCode({notice}), "calendar.contradiction");
}

TEST(WorkCalendar, TwoNoticesOfOneDayMayDisagreeOnlyWhereOneAmendsTheOther) {
  const auto off = MakeNotice("n1", 2030, "2029-11-01", {{D("2030-01-02"), false, ""}});
  const auto on = MakeNotice("n2", 2030, "2029-11-01", {{D("2030-01-02"), true, ""}});
  const auto amending = MakeNotice("n2", 2030, "2029-11-01", {{D("2030-01-02"), true, ""}}, "n1");

  EXPECT_EQ(LoadCode({off, on}), "calendar.contradiction");
  for (const auto& order : {std::vector{off, amending}, std::vector{amending, off}}) {
    const auto calendar = WorkCalendar::Load(order, kLastDay);
    ASSERT_TRUE(calendar.ok());
    EXPECT_TRUE(calendar->IsWorkDay(D("2030-01-02")).value().works);
  }
}

TEST(WorkCalendar, FactsThatCannotBeAreRefused) {
  const auto good = MakeNotice("n1", 2030, "2029-11-01", {});
  LocalRule outside_its_years = MakeRule("r1", "2020-01-01");
  outside_its_years.until = D("2025-12-31");
  outside_its_years.sets = {{D("2026-01-05"), false, ""}};

  EXPECT_EQ(LoadCode({good, good}), "calendar.duplicate_id");
  EXPECT_EQ(LoadCode({good}, {MakeRule("n1", "2020-01-01")}), "calendar.duplicate_id");
  EXPECT_EQ(LoadCode({MakeNotice("", 2030, "2029-11-01", {})}), "calendar.duplicate_id");
  EXPECT_EQ(LoadCode({MakeNotice("n2", 2030, "2029-11-01", {}, "n1")}), "calendar.unknown_amended");
  EXPECT_EQ(LoadCode({MakeNotice("n1", 2030, "2029-11-01", {}, "n1")}), "calendar.unknown_amended");
  EXPECT_EQ(LoadCode({MakeNotice("n1", 2230, "2029-11-01", {})}), "calendar.out_of_range");
  EXPECT_EQ(LoadCode({MakeNotice("n1", 2030, "2029-11-01", {{kLastDay + std::chrono::days(1), false, ""}})}),
            "calendar.out_of_range");
  EXPECT_EQ(LoadCode({}, {outside_its_years}), "calendar.out_of_range");
}

TEST(LocalRule, AYearlyDayOffIsStrongerThanANoticeAndWeakerThanADaySetByName) {
  const auto notice = MakeNotice("n", 2030, "2029-11-01", {{D("2030-11-23"), true, "调休"}});  // A Saturday.
  LocalRule founding = MakeRule("founding", "2025-01-01");
  founding.from = D("2030-01-01");
  founding.until = D("2032-12-31");
  founding.yearly_off = {{11, 23}, {11, 25}};
  founding.sets = {{D("2031-11-25"), true, "当年不放假"}};
  const auto calendar = WorkCalendar::Load({{notice}}, kLastDay, {{founding}}).value();

  EXPECT_FALSE(calendar.IsWorkDay(D("2030-11-23")).value().works);
  EXPECT_FALSE(calendar.IsWorkDay(D("2030-11-25")).value().works);
  EXPECT_TRUE(calendar.IsWorkDay(D("2031-11-25")).value().works);
  EXPECT_FALSE(calendar.IsWorkDay(D("2032-11-25")).value().works);
  EXPECT_TRUE(calendar.IsWorkDay(D("2033-11-25")).value().works);
  EXPECT_EQ(calendar.Why(D("2030-11-25")).value().cause, DayReason::Cause::kLocalRule);
  EXPECT_EQ(calendar.Why(D("2030-11-25")).value().id, "founding");
}

TEST(LocalRule, IsNotAppliedBeforeItIsKnown) {
  LocalRule rule = MakeRule("r", "2026-05-01");
  rule.sets = {{D("2026-06-01"), false, "示例"}};

  const auto before = WorkCalendar::Load({}, D("2026-04-30"), {{rule}}).value();
  const auto after = WorkCalendar::Load({}, D("2026-05-01"), {{rule}}).value();

  EXPECT_TRUE(before.IsWorkDay(D("2026-06-01")).value().works);
  EXPECT_FALSE(after.IsWorkDay(D("2026-06-01")).value().works);
}

TEST(LocalRule, AWeekOfItsOwnYieldsToANotice) {
  const auto notice = MakeNotice("n", 2030, "2029-11-01", {{D("2030-03-08"), true, "调休"}});  // A Friday.
  LocalRule week = MakeRule("week", "2020-01-01");
  week.from = D("2030-03-01");
  week.until = D("2030-03-31");
  week.weekly_rest = 0b0110000;  // Friday and Saturday.
  const auto calendar = WorkCalendar::Load({{notice}}, kLastDay, {{week}}).value();

  EXPECT_TRUE(calendar.IsWorkDay(D("2030-03-08")).value().works);
  EXPECT_FALSE(calendar.IsWorkDay(D("2030-03-15")).value().works);
  EXPECT_TRUE(calendar.IsWorkDay(D("2030-03-17")).value().works);   // A Sunday.
  EXPECT_FALSE(calendar.IsWorkDay(D("2030-04-07")).value().works);  // A Sunday after it.
}

TEST(ParseWorkDays, TakesWholeNumbersOnly) {
  const auto code = [](std::string_view text) {
    const auto days = ParseWorkDays(text);
    return days ? std::to_string(days->count) : days.error().code;
  };

  EXPECT_EQ(code("20"), "20");
  EXPECT_EQ(code("+20"), "20");
  EXPECT_EQ(code("-100000"), "-100000");
  for (const char* text : {"1.5", "", "-", "+", "+-1", "--1", " 1", "1 ", "0x10", "1e3", "二十"})
    EXPECT_EQ(code(text), "calendar.count_malformed") << text;
  for (const char* text : {"100001", "-100001", "99999999999999999999"})
    EXPECT_EQ(code(text), "calendar.count_out_of_range") << text;
}

}  // namespace
}  // namespace landfall::test
