// SPDX-License-Identifier: Apache-2.0
#include "calendar/affected.h"

#include "tests/calendar/calendar_fixture.h"

namespace landfall::test {
namespace {

TEST(Affected, ListsWhatTheExtensionOfTheSpringFestivalMoved) {
  const std::vector<RunningLimit> limits = {
      {D("2020-01-02"), WorkDays{5}},  // Over before the festival.
      {D("2020-01-20"), WorkDays{5}},  // 01-21, 22, 23, then 01-31 and 02-01 were to be worked.
      {D("2020-01-20"), TimeLimit(CalendarDays{12}, Roll::kForward)},
      {D("2020-01-20"), TimeLimit(CalendarDays{12}, Roll::kNone)},
  };

  const auto changes = Affected(limits, *National(D("2020-01-26")), *National(D("2020-01-27"))).value();

  ASSERT_EQ(changes.size(), 2u);
  EXPECT_EQ(changes[0].index, 1u);
  EXPECT_EQ(changes[0].before, Sure("2020-02-01"));
  EXPECT_EQ(changes[0].after, Sure("2020-02-04"));
  EXPECT_FALSE(changes[0].worsened());
  EXPECT_EQ(changes[1].index, 2u);
  EXPECT_EQ(changes[1].before, Sure("2020-02-01"));
  EXPECT_EQ(changes[1].after, Sure("2020-02-03"));
}

TEST(Affected, SaysWhichAreWorseForWhoeverOwes) {
  const std::vector<RunningLimit> limits = {{D("2019-04-26"), WorkDays{2}},   // 04-28 became a working day.
                                            {D("2019-04-30"), WorkDays{1}}};  // 05-02 became a day off.

  const auto changes = Affected(limits, *National(D("2019-03-21")), *National(D("2019-03-22"))).value();

  ASSERT_EQ(changes.size(), 2u);
  EXPECT_EQ(changes[0].before, Sure("2019-04-30"));
  EXPECT_EQ(changes[0].after, Sure("2019-04-29"));
  EXPECT_TRUE(changes[0].worsened());
  EXPECT_EQ(changes[1].after, Sure("2019-05-05"));
  EXPECT_FALSE(changes[1].worsened());
}

TEST(Affected, ADayThatIsOnlyConfirmedIsListedAndNotWorse) {
  const std::vector<RunningLimit> limits = {{D("2025-12-31"), WorkDays{1}}, {D("2025-12-30"), WorkDays{1}}};
  const auto before = National(D("2025-11-03")), after = National(D("2025-11-04"));
  // The same question the other way round: what a withdrawn notice would leave uncertain.
  const std::vector<RunningLimit> march = {{D("2026-03-02"), WorkDays{1}}};

  const auto changes = Affected(limits, *before, *after).value();
  const auto withdrawn = Affected(march, *after, *before).value();

  ASSERT_EQ(changes.size(), 1u);
  EXPECT_EQ(changes[0].before, Provisional("2026-01-01"));
  EXPECT_EQ(changes[0].after, Sure("2026-01-04"));
  ASSERT_EQ(withdrawn.size(), 1u);
  EXPECT_EQ(withdrawn[0].after, Provisional("2026-03-03"));
  EXPECT_TRUE(withdrawn[0].worsened());
}

TEST(Affected, ReadsPausedClocksWithTheirPauses) {
  const PauseReasons reasons = PauseReasons::Load(FindEmbedded(EmbeddedCatalog(), kPauseReasonsPath)).value();
  const PauseReason review = reasons.Reason("expert_review").value();
  std::vector<PausableClock> clocks(3, PausableClock::Start(D("2020-01-16"), D("2020-01-16"), WorkDays{5}).value());
  clocks[1].PauseFrom(review, D("2020-01-17"));
  clocks[1].Resume(review.id, D("2020-01-21"));
  clocks[2].PauseFrom(review, D("2020-01-17"));

  const auto changes =
      Affected(clocks, *National(D("2020-01-26")), *National(D("2020-01-27")), D("2020-01-22")).value();

  ASSERT_EQ(changes.size(), 1u);  // The first is due on 01-22, the third has no due day.
  EXPECT_EQ(changes[0].index, 1u);
  EXPECT_EQ(changes[0].before, Sure("2020-02-01"));
  EXPECT_EQ(changes[0].after, Sure("2020-02-04"));
}

TEST(Affected, ADeadlineOutsideTheBoundsIsAnError) {
  const std::vector<RunningLimit> limits = {{kLastDay, WorkDays{1}}};

  EXPECT_EQ(Affected(limits, *National(), *National()).error().code, "calendar.out_of_range");
}

}  // namespace
}  // namespace landfall::test
