// SPDX-License-Identifier: Apache-2.0
#include "calendar/pausable_clock.h"

#include "base/seam.h"
#include "tests/calendar/calendar_fixture.h"

namespace landfall::test {
namespace {

const PauseReasons& Reasons() {
  static const PauseReasons reasons = PauseReasons::Load(FindEmbedded(EmbeddedCatalog(), kPauseReasonsPath)).value();
  return reasons;
}
PauseReason Reason(std::string_view id) { return Reasons().Reason(id).value(); }
PauseReason Capped(std::string id, int cap) {
  PauseReason reason = Reason("expert_review");
  reason.id = std::move(id);
  reason.cap = WorkDays{cap};
  return reason;
}

// A clock driven as a subject drives it: ask, then record.
struct Driver {
  explicit Driver(std::string_view accepted, TimeLimit limit = WorkDays{5})
      : clock(PausableClock::Start(D(accepted), D(accepted), limit).value()) {}

  std::string Pause(std::string_view from, const PauseReason& reason = Reason("expert_review")) {
    const Status status = clock.MayPause(*calendar, reason, D(from), true);
    if (!status) return status.error().code;
    clock.PauseFrom(reason, D(from));
    return "";
  }
  std::string Resume(std::string_view on, std::string_view reason = "expert_review") {
    const Status status = clock.MayResume(reason, D(on));
    if (!status) return status.error().code;
    clock.Resume(reason, D(on));
    return "";
  }
  std::string Extend(std::string_view on, int extra, std::string approver = "j7") {
    const ExtensionRule rule = Reasons().Extension("permit").value();
    const PausableClock::Extension extension{rule.id, D(on), extra, std::move(approver)};
    const Status status = clock.MayExtend(*calendar, rule, extension);
    if (!status) return status.error().code;
    clock.Extend(extension);
    return "";
  }
  std::string Finish(std::string_view on) {
    const Status status = clock.MayFinish(D(on));
    if (!status) return status.error().code;
    clock.Finish(D(on));
    return "";
  }
  ClockReading Read(std::string_view as_of) const { return clock.Read(*calendar, D(as_of)).value(); }
  std::string Due(std::string_view as_of) const {
    const auto due = Read(as_of).due;
    return due ? FormatDay(due->day) : "none";
  }

  // One letter a day from `from`: A accepted, = counted, - left out, . a day off, D the last day in time.
  std::string Strip(std::string_view from, int days) const {
    std::string strip;
    const Day last = D(from) + std::chrono::days(days - 1);
    const auto due = clock.Read(*calendar, last)->due;
    for (Day day = D(from); day <= last; day += std::chrono::days(1)) {
      const bool counted = day > clock.accepted() && clock.Read(*calendar, day)->office >
                                                         clock.Read(*calendar, day - std::chrono::days(1))->office;
      const bool works = calendar->IsWorkDay(day)->works;
      strip += day == clock.accepted() ? 'A' : due && due->day == day ? 'D' : counted ? '=' : works ? '-' : '.';
    }
    return strip;
  }

  std::shared_ptr<const WorkCalendar> calendar = National();
  PausableClock clock;
};

// 2024-03-04 is a Monday; no holiday until 04-04.
TEST(PausableClock, WithoutPausesIsTheLimitOfTheCalendar) {
  const Driver matter("2024-03-04");

  EXPECT_EQ(matter.Strip("2024-03-04", 8), "A====..D");
  EXPECT_EQ(*matter.Read("2024-03-04").due, matter.calendar->After(D("2024-03-04"), WorkDays{5}).value());
}

TEST(PausableClock, TheDayOfThePauseIsCountedAndTheDayOfResumptionIsNot) {
  Driver matter("2024-03-04");

  EXPECT_EQ(matter.Pause("2024-03-06"), "");
  EXPECT_EQ(matter.Resume("2024-03-11"), "");

  EXPECT_EQ(matter.Strip("2024-03-04", 11), "A==--..-==D");
}

TEST(PausableClock, PausingAndResumingOnOneDayLeavesOutNothing) {
  Driver matter("2024-03-04");

  matter.Pause("2024-03-05");
  matter.Resume("2024-03-05");

  EXPECT_EQ(matter.Strip("2024-03-04", 8), "A====..D");
  EXPECT_EQ(matter.Read("2024-03-11").left_out, 0);
}

TEST(PausableClock, MayPauseOnTheDayOfAcceptance) {
  Driver matter("2024-03-04");

  matter.Pause("2024-03-04");
  matter.Resume("2024-03-06");

  EXPECT_EQ(matter.Strip("2024-03-04", 10), "A--==..==D");
}

TEST(PausableClock, APauseOverAWeekendLeavesOutNoWorkingDay) {
  Driver matter("2024-03-04");

  matter.Pause("2024-03-08");
  matter.Resume("2024-03-10");

  EXPECT_EQ(matter.Strip("2024-03-04", 8), "A====..D");
}

TEST(PausableClock, APauseOnTheDueDayMakesTheDayOfResumptionTheDueDay) {
  Driver matter("2024-03-04");

  EXPECT_EQ(matter.Pause("2024-03-11"), "");
  EXPECT_EQ(matter.Due("2024-03-12"), "none");
  matter.Resume("2024-03-14");

  EXPECT_EQ(matter.Due("2024-03-14"), "2024-03-14");
  EXPECT_FALSE(matter.Read("2024-03-14").late);
  EXPECT_TRUE(matter.Read("2024-03-15").late);
}

TEST(PausableClock, APauseOnTheDueDayThatEndsOnADayOffIsDueOnTheNextWorkingDay) {
  Driver matter("2024-03-04");

  matter.Pause("2024-03-11");
  matter.Resume("2024-03-16");

  EXPECT_EQ(matter.Due("2024-03-16"), "2024-03-18");
}

TEST(PausableClock, APauseCannotBeginAfterTheDueDay) {
  Driver matter("2024-03-04");

  EXPECT_EQ(matter.Pause("2024-03-12"), "clock.pause_after_due");
  EXPECT_EQ(matter.Pause("2024-03-11"), "");
}

TEST(PausableClock, ADayThatTwoPausesCoverIsLeftOutOnce) {
  Driver matter("2024-03-04");

  EXPECT_EQ(matter.Pause("2024-03-05", Reason("expert_review")), "");
  EXPECT_EQ(matter.Pause("2024-03-06", Reason("inspection")), "");
  EXPECT_EQ(matter.Resume("2024-03-08", "expert_review"), "");
  EXPECT_EQ(matter.Read("2024-03-08").state, ClockState::kPaused);
  EXPECT_EQ(matter.Resume("2024-03-12", "inspection"), "");

  EXPECT_EQ(matter.Strip("2024-03-04", 15), "A=---..--===..D");
  EXPECT_EQ(matter.Read("2024-03-18").left_out, 5);
}

TEST(PausableClock, APauseWithinAnotherChangesNothing) {
  Driver matter("2024-03-04");
  matter.Pause("2024-03-05", Reason("expert_review"));
  matter.Pause("2024-03-06", Reason("inspection"));
  matter.Resume("2024-03-07", "inspection");
  matter.Resume("2024-03-12", "expert_review");

  EXPECT_EQ(matter.Strip("2024-03-04", 15), "A=---..--===..D");
}

TEST(PausableClock, WhenACapIsUsedUpTheClockRunsAgainByItself) {
  Driver matter("2024-03-04");
  matter.Pause("2024-03-05", Capped("review", 2));

  const ClockReading within = matter.Read("2024-03-06"), beyond = matter.Read("2024-03-11");

  EXPECT_EQ(within.state, ClockState::kPaused);
  EXPECT_EQ(within.due->day, D("2024-03-13"));
  EXPECT_TRUE(within.due_is_latest);
  EXPECT_EQ(beyond.state, ClockState::kRunning);
  EXPECT_EQ(beyond.due->day, D("2024-03-13"));
  EXPECT_FALSE(beyond.due_is_latest);
  EXPECT_EQ(beyond.over_cap, WorkDays{2});  // Friday and Monday.
  EXPECT_EQ(matter.Strip("2024-03-04", 10), "A=--=..==D");
}

TEST(PausableClock, ACapIsSharedByAllPausesForItsReason) {
  Driver matter("2024-03-04");
  const PauseReason review = Capped("review", 3);
  matter.Pause("2024-03-04", review);
  matter.Resume("2024-03-06", "review");
  EXPECT_EQ(matter.Pause("2024-03-07", review), "");
  matter.Resume("2024-03-13", "review");

  EXPECT_EQ(matter.Strip("2024-03-04", 11), "A--=-..===D");
  EXPECT_EQ(matter.Pause("2024-03-13", review), "clock.cap_used_up");
  EXPECT_EQ(matter.Read("2024-03-13").over_cap, WorkDays{3});
}

TEST(PausableClock, WhatCannotBeIsRefusedInADeclaredOrder) {
  Driver matter("2024-03-04");

  EXPECT_EQ(matter.Resume("2024-03-05"), "clock.not_paused");
  EXPECT_EQ(matter.Pause("2024-03-01"), "clock.pause_before_acceptance");
  EXPECT_EQ(matter.clock.MayPause(*matter.calendar, Reason("hearing"), D("2024-03-01"), false).error().code,
            "clock.not_notified");
  EXPECT_EQ(matter.Pause("2024-03-06"), "");
  EXPECT_EQ(matter.Pause("2024-03-05", Reason("hearing")), "clock.out_of_order");
  EXPECT_EQ(matter.Pause("2024-03-06"), "clock.already_paused");
  EXPECT_EQ(matter.Resume("2024-03-05"), "clock.resume_before_pause");
  EXPECT_EQ(matter.Resume("2024-03-06", "hearing"), "clock.not_paused");
  EXPECT_EQ(matter.Resume("2024-03-07"), "");
  EXPECT_EQ(matter.Finish("2024-03-06"), "clock.out_of_order");
  EXPECT_EQ(matter.Finish("2024-03-08"), "");
  EXPECT_EQ(matter.Pause("2024-03-08"), "clock.finished");
  EXPECT_EQ(matter.Resume("2024-03-08"), "clock.finished");
  EXPECT_EQ(matter.Extend("2024-03-08", 1), "clock.finished");
  EXPECT_EQ(matter.Finish("2024-03-08"), "clock.finished");
}

TEST(PausableClock, TwentyDaysCanBeExtendedByTenAndNoMore) {
  Driver matter("2024-03-04", WorkDays{20});
  EXPECT_EQ(matter.Due("2024-03-04"), "2024-04-01");

  EXPECT_EQ(matter.Extend("2024-03-28", 0), "clock.extension_empty");
  EXPECT_EQ(matter.Extend("2024-03-28", 5, ""), "clock.approver_missing");
  EXPECT_EQ(matter.Extend("2024-03-28", 11), "clock.extension_over_cap");
  EXPECT_EQ(matter.Extend("2024-03-01", 5), "clock.out_of_order");
  EXPECT_EQ(matter.Extend("2024-04-02", 5), "clock.extension_after_due");
  EXPECT_EQ(matter.Extend("2024-04-01", 6), "");
  EXPECT_EQ(matter.Extend("2024-04-02", 4), "");
  EXPECT_EQ(matter.Extend("2024-04-03", 1), "clock.extension_over_cap");

  EXPECT_EQ(matter.Due("2024-04-02"), "2024-04-16");  // 04-04 to 04-06 off, Sunday 04-07 worked.
  EXPECT_EQ(matter.Due("2024-04-01"), "2024-04-10");  // The second was not granted yet.
  EXPECT_EQ(matter.Due("2024-03-31"), "2024-04-01");
}

TEST(PausableClock, ShowsTheOfficesTimeAndTheApplicantsWait) {
  Driver matter("2024-03-04", WorkDays{20});
  matter.clock = PausableClock::Start(D("2024-02-26"), D("2024-03-04"), WorkDays{20}).value();
  matter.Pause("2024-03-06");
  matter.Resume("2024-03-27");

  const ClockReading reading = matter.Read("2024-03-29");

  EXPECT_EQ(reading.office, 4);
  EXPECT_EQ(reading.left_out, 15);
  EXPECT_EQ(reading.remaining, 16);
  EXPECT_EQ(reading.waiting_work_days, WorkDays{24});
  EXPECT_EQ(reading.waiting_calendar_days, CalendarDays{32});
}

TEST(PausableClock, AFinishedClockStandsWithBothFaces) {
  Driver matter("2024-03-04");
  matter.Pause("2024-03-05");

  EXPECT_EQ(matter.Finish("2024-03-08"), "");

  const ClockReading reading = matter.Read("2024-06-28");
  EXPECT_EQ(reading.state, ClockState::kFinished);
  EXPECT_EQ(reading.office, 1);
  EXPECT_EQ(reading.waiting_work_days, WorkDays{4});
  EXPECT_FALSE(reading.late);
  EXPECT_EQ(matter.Read("2024-03-07").state, ClockState::kPaused);  // As of a day before.
}

TEST(PausableClock, AsOfAPastDayLaterFactsAreNotSeen) {
  Driver matter("2024-03-04");
  matter.Pause("2024-03-06");
  matter.Resume("2024-03-11");

  EXPECT_EQ(matter.Due("2024-03-05"), "2024-03-11");
  EXPECT_EQ(matter.Due("2024-03-08"), "none");
  EXPECT_EQ(matter.Due("2024-03-11"), "2024-03-14");
  EXPECT_EQ(matter.clock.Read(*matter.calendar, D("2024-03-03")).error().code, "clock.not_started");
}

TEST(PausableClock, CountsCalendarDaysWhereTheMatterDoes) {
  Driver matter("2024-09-16", TimeLimit(CalendarDays{15}, Roll::kForward));
  EXPECT_EQ(matter.Due("2024-09-16"), "2024-10-08");  // 10-01 rolled over the holiday.

  matter.Pause("2024-09-20");
  matter.Resume("2024-09-24");

  EXPECT_EQ(matter.Read("2024-09-30").left_out, 4);
  EXPECT_EQ(matter.Read("2024-09-30").office, 10);
  EXPECT_EQ(matter.Due("2024-09-30"), "2024-10-08");  // 10-05 rolled.
}

TEST(PausableClock, ARolledDueDayMayStillBePausedOn) {
  Driver matter("2024-09-16", TimeLimit(CalendarDays{15}, Roll::kForward));

  EXPECT_EQ(matter.Pause("2024-10-08"), "");
  EXPECT_EQ(matter.Resume("2024-10-11"), "");

  EXPECT_EQ(matter.Due("2024-10-11"), "2024-10-11");
}

TEST(PausableClock, IsProvisionalWhereItsDayIs) {
  const Driver work("2026-12-28"), plain("2026-12-28", TimeLimit(CalendarDays{10}, Roll::kNone));

  EXPECT_TRUE(work.Read("2026-12-28").due->provisional);
  EXPECT_FALSE(plain.Read("2026-12-28").due->provisional);
}

TEST(PausableClock, ACapThatEndsAmongUnannouncedDaysMakesCalendarDaysProvisional) {
  Driver matter("2026-12-28", TimeLimit(CalendarDays{10}, Roll::kNone));

  matter.Pause("2026-12-29", Capped("review", 5));

  EXPECT_EQ(*matter.Read("2026-12-30").due, Provisional("2027-01-14"));
  EXPECT_TRUE(matter.Read("2026-12-30").due_is_latest);
}

TEST(PausableClock, FinishedAfterItsDueDayIsLateForEver) {
  Driver matter("2024-03-04");

  EXPECT_EQ(matter.Finish("2024-03-13"), "");

  EXPECT_TRUE(matter.Read("2024-06-28").late);
  EXPECT_EQ(matter.Read("2024-06-28").remaining, -2);
}

TEST(PausableClock, DoneOnTheDayIsDueThatDayOrTheNextOnWhichSomebodyWorks) {
  Driver friday("2024-03-08", WorkDays{0});
  EXPECT_EQ(friday.Due("2024-03-08"), "2024-03-08");
  EXPECT_FALSE(friday.Read("2024-03-08").late);
  EXPECT_TRUE(friday.Read("2024-03-11").late);
  EXPECT_EQ(Driver("2024-03-09", WorkDays{0}).Due("2024-03-09"), "2024-03-11");  // A Saturday.

  EXPECT_EQ(friday.Pause("2024-03-08"), "");
  EXPECT_EQ(friday.Resume("2024-03-12"), "");
  EXPECT_EQ(friday.Due("2024-03-12"), "2024-03-12");
}

TEST(PausableClock, StartRefusesWhatCannotBe) {
  const auto code = [](std::string_view submitted, std::string_view accepted, TimeLimit limit) {
    const auto clock = PausableClock::Start(D(submitted), D(accepted), limit);
    return clock ? std::string() : clock.error().code;
  };

  EXPECT_EQ(code("2024-03-05", "2024-03-04", WorkDays{5}), "clock.accepted_before_submitted");
  EXPECT_EQ(code("2024-03-04", "2024-03-04", WorkDays{-1}), "clock.limit_out_of_range");
  EXPECT_EQ(code("2024-03-04", "2024-03-04", WorkDays{kCountMax + 1}), "clock.limit_out_of_range");
  const auto far = PausableClock::Start(D("2190-01-01"), D("2190-01-01"), WorkDays{90'000}).value();
  EXPECT_EQ(far.Read(*National(), D("2190-01-01")).error().code, "calendar.out_of_range");
}

// Recounts by hand: which working days since acceptance lie in no pause.
TEST(PausableClock, EqualsADayByDayCountForRandomPauses) {
  const auto calendar = National();
  constexpr std::uint64_t kSeed = 451;
  SeededRandom random(kSeed);
  const std::string_view ids[] = {"expert_review", "inspection", "test"};

  for (int round = 0; round < 500; ++round) {
    Driver matter("2024-01-02", WorkDays{30});
    Day day = D("2024-01-02");
    std::vector<std::pair<Day, Day>> left_out;
    for (int i = 0; i < 6; ++i) {
      day += std::chrono::days(random.Next() % 8);
      const Day until = day + std::chrono::days(random.Next() % 12);
      const std::string_view id = ids[random.Next() % 3];
      if (!matter.Pause(FormatDay(day), Reason(id)).empty()) continue;
      ASSERT_EQ(matter.Resume(FormatDay(until), id), "");
      left_out.emplace_back(day, until);
    }
    const Day as_of = D("2024-01-02") + std::chrono::days(random.Next() % 200);
    int counted = 0, due_counted = 0;
    Day due = D("2024-01-02");
    const auto counts = [&](Day d) {
      bool paused = false;
      for (const auto& [from, until] : left_out) paused |= d > from && d <= until;
      return calendar->IsWorkDay(d)->works && !paused;
    };
    for (Day d = D("2024-01-03"); d <= as_of; d += std::chrono::days(1)) counted += counts(d);
    while (due_counted < 30) due_counted += counts(due += std::chrono::days(1));
    // A pause on the due day makes the resumption, or the next working day, the due day.
    for (const auto& [from, until] : left_out) {
      if (from > due || until <= due) continue;
      due = until;
      while (!calendar->IsWorkDay(due)->works) due += std::chrono::days(1);
    }

    ASSERT_EQ(matter.Read(FormatDay(as_of)).office, counted) << "seed " << kSeed << " round " << round;
    ASSERT_EQ(matter.Due("2025-06-30"), FormatDay(due)) << "seed " << kSeed << " round " << round;
  }
}

TEST(PauseReasons, EachCapAndVerifiedReasonNamesItsArticle) {
  for (const PauseReason& reason : Reasons().reasons()) {
    EXPECT_EQ(reason.verified, !reason.basis.empty()) << reason.id;
    EXPECT_EQ(reason.cap.has_value(), !reason.cap_basis.empty()) << reason.id;
  }
  EXPECT_EQ(Reason("hearing").cap, WorkDays{20});
  EXPECT_EQ(Reasons().Extension("permit_joint")->extra_max, 15);
}

TEST(PauseReasons, UnknownAndMalformedOnesAreRefused) {
  const auto load = [](std::string_view members) {
    return PauseReasons::Load(R"({"format":"landfall.pause_reasons/1",)" + std::string(members) + "}");
  };

  EXPECT_EQ(Reasons().Reason("holiday").error().code, "clock.unknown_reason");
  EXPECT_EQ(Reasons().Extension("holiday").error().code, "clock.unknown_extension_rule");
  EXPECT_EQ(load(R"("reasons":[{"id":"a","zh":"","en":"","verified":true,"cap_work_days":0}])").error().field,
            "reasons[0].cap_work_days");
  EXPECT_EQ(load(R"("reasons":[{"id":"a","zh":"","en":"","verified":"yes"}])").error().field, "reasons[0].verified");
  EXPECT_EQ(load(R"("reasons":[{"id":"a","zh":"","en":"","verified":true},)"
                 R"({"id":"a","zh":"","en":"","verified":true}])")
                .error()
                .code,
            "calendar.duplicate_id");
  EXPECT_EQ(load(R"("extensions":[{"id":"a","zh":"","en":"","verified":true}])").error().field,
            "extensions[0].extra_max");
}

}  // namespace
}  // namespace landfall::test
