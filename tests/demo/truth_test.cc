// SPDX-License-Identifier: Apache-2.0
// What the truth file says was planted is what the product's figures, lists and lights show (docs/demo-city.md).
#include <algorithm>
#include <map>
#include <set>

#include "app/query_file.h"
#include "app/query_people.h"
#include "app/query_reports.h"
#include "planted_city.h"

namespace landfall::city {
namespace {

using app::Light;
using app::LightReason;
using app::LightView;
using std::chrono::days;

const app::MilestoneView& RungOf(const app::ProjectPage& page, const std::string& key) {
  const auto found = std::find_if(page.milestones.begin(), page.milestones.end(),
                                  [&](const app::MilestoneView& m) { return m.milestone == key; });
  LF_CHECK(found != page.milestones.end());
  return *found;
}

class Truth : public PlantedCity {
 protected:
  app::ProjectPage Page(const Plant& plant, Day as_of = kUntil) const {
    return app::QueryProject(At(as_of), plant.project()).value();
  }
  app::ProjectFile File(const Plant& plant) const {
    return app::QueryProjectFile(At(kUntil), Actor::System(), plant.project()).value();
  }
  LightView LightOn(const Plant& plant, Day as_of) const { return app::ProjectLight(At(as_of), plant.project()); }
  // As the ledger knew it at the end of a day.
  std::shared_ptr<const app::State> KnownOn(Day day) const {
    return engine_->StateAt(engine_->SeqAtDay(day).value()).value();
  }
  app::FigureValue Figure(const char* id, Day from, Day to) const {
    app::FigureFilter filter;
    filter.from = from, filter.to = to, filter.limit = 10'000;
    return app::QueryFigure(At(kUntil), id, filter).value();
  }
  // Of a month, whoever reads.
  std::optional<app::ReportRow> ReportOf(const Plant& plant) const {
    app::ReportFilter filter;
    filter.period = Period::Parse(plant.Text("period")).value();
    filter.limit = 500;
    const app::ReportList list = app::QueryReports(At(kUntil), Actor::System(), filter).value();
    for (const app::ReportRow& row : list.rows)
      if (row.project.id == plant.Text("project")) return row;
    return std::nullopt;
  }
};

TEST_F(Truth, StallsAreRedOnceTheirPlanIsTwoWeeksPast) {
  int looked_at = 0;
  for (const Plant& stall : truth_->Of("stall")) {
    if (stall.DayOf("due_on") + days(app::kAmberDays) >= kUntil) continue;
    const LightView light = LightOn(stall, kUntil);
    EXPECT_EQ(light.light, Light::red) << stall.Text("project");
    EXPECT_EQ(light.milestone, stall.Text("rung"));
    ++looked_at;
  }
  EXPECT_GT(looked_at, 0);
}

TEST_F(Truth, AStallThatWasOvercomeWasRedUntilThenAndIsHistory) {
  int replayed = 0;
  for (const Plant& stall : truth_->Of("stall_overcome")) {
    const auto reached = RungOf(Page(stall), stall.Text("rung")).reached_on;
    ASSERT_TRUE(reached) << stall.Text("project");
    EXPECT_GT(*reached, stall.DayOf("until")) << stall.Text("project");
    EXPECT_GT(*reached, stall.DayOf("due_on") + days(100)) << stall.Text("project");
    if (++replayed > 4) continue;  // Each look at what was known costs a replay.
    // A block is solved two weeks before: what stands in the way until then is the plan that has passed.
    const Day before = stall.DayOf("until") - days(1);
    const LightView then = app::ProjectLight({*KnownOn(before), before}, stall.project());
    EXPECT_EQ(then.light, Light::red) << stall.Text("project");
    EXPECT_EQ(then.milestone, stall.Text("rung")) << stall.Text("project");
  }
  EXPECT_GT(replayed, 4);
}

TEST_F(Truth, AStallThatWasGivenUpHasEndedWithoutItsRung) {
  for (const Plant& stall : truth_->Of("stall_given_up")) {
    EXPECT_EQ(LightOn(stall, kUntil).reason, LightReason::terminated) << stall.Text("project");
    EXPECT_FALSE(RungOf(Page(stall), stall.Text("rung")).reached_on) << stall.Text("project");
  }
}

TEST_F(Truth, ADelayIsWhatLiesBetweenTheFirstBaselineAndTheDayItCame) {
  int reached = 0, replanned = 0;
  for (const Plant& delay : truth_->Of("delay")) {
    const std::string rung = delay.Text("rung");
    const auto came = RungOf(Page(delay), rung).reached_on;
    const app::ProjectFile file = File(delay);
    ASSERT_FALSE(file.baselines.empty());
    const app::BaselineView& first = *std::min_element(file.baselines.begin(), file.baselines.end(),
                                                       [](const auto& a, const auto& b) { return a.seq < b.seq; });
    const auto planned = std::find_if(first.days.begin(), first.days.end(),
                                      [&](const project::BaselineDay& day) { return day.milestone.value == rung; });
    ASSERT_NE(planned, first.days.end());
    if (!came) continue;  // Still to come when the city ends.
    // Work goes on up to 12 days before its plan or 8 after it; what holds it up comes on top.
    EXPECT_GE((*came - planned->due_on).count(), delay.Number("days") - 12) << delay.Text("project");
    ++reached;
    replanned += file.baselines.size() > 1;
    if (delay.Number("days") > 60) {
      EXPECT_GT(file.baselines.size(), 1u) << delay.Text("project");
    }
  }
  EXPECT_GT(reached, 10);
  EXPECT_GT(replanned, 0);
}

TEST_F(Truth, ABlockIsRedFromTheDayItWasRaisedToTheDayItWasSolved) {
  for (const Plant& block : truth_->Of("block_solved")) {
    SCOPED_TRACE(block.Text("project"));
    const Day raised = block.DayOf("raised_on"), solved = block.DayOf("solved_on");
    for (const Day day : {raised, raised + (solved - raised) / 2, solved - days(1)}) {
      const LightView light = LightOn(block, day);
      EXPECT_EQ(light.light, Light::red);
      EXPECT_EQ(light.reason, LightReason::blocked);
      EXPECT_EQ(light.milestone, block.Text("rung"));
      EXPECT_EQ(light.since, raised);
    }
    EXPECT_NE(LightOn(block, solved).reason, LightReason::blocked);
    const auto blocks = File(block).blocks;
    EXPECT_TRUE(std::any_of(blocks.begin(), blocks.end(), [&](const app::BlockView& view) {
      return view.effective_on == raised && view.solved_on == solved && view.milestone == block.Text("rung");
    }));
  }
}

// Signings rush into the last two weeks of a year: the figure of those days says so, record by record.
TEST_F(Truth, TheRushBeforeYearsEndStandsInTheFigureOfItsDays) {
  std::map<int, std::set<std::string>> planted;
  for (const Plant& signing : truth_->Of("year_end_signing")) {
    const std::chrono::year_month_day date(signing.DayOf("signed_on"));
    planted[static_cast<int>(date.year())].insert(signing.Text("project"));
  }
  ASSERT_EQ(planted.size(), 3u);
  std::int64_t rushed = 0;
  for (const auto& [year, projects] : planted) {
    SCOPED_TRACE(year);
    const app::FigureValue rush = Figure("signed_count", MakeDay(year, 12, 18), MakeDay(year, 12, 31));
    std::set<std::string> found;
    for (const app::FigureRecord& record : rush.records) found.insert(record.project.ToString());
    EXPECT_EQ(found, projects);
    rushed += rush.count;
  }
  // At least twice what 3 × 14 days of three years would have if signings came evenly.
  const std::int64_t all = Figure("signed_count", kUntil - days(3 * 365), kUntil).count;
  EXPECT_GT(rushed * 3 * 365, 2 * 3 * 14 * all) << rushed << " of " << all;
}

TEST_F(Truth, ADecemberJumpIsDoubtedAndStandsOutOfTheMonthsBefore) {
  for (const Plant& jump : truth_->Of("december_jump")) {
    SCOPED_TRACE(jump.Text("project") + " " + jump.Text("period"));
    const auto row = ReportOf(jump);
    ASSERT_TRUE(row);
    EXPECT_NE(std::find(row->doubts.begin(), row->doubts.end(), project::Doubt::jump), row->doubts.end());
    const app::ProjectReports all =
        app::QueryProjectReports(At(kUntil), Actor::System(), jump.project(), std::nullopt).value();
    std::int64_t sum = 0, months = 0;
    for (const app::ReportRow& before : all.rows)
      if (before.period < row->period && months < 3) sum += before.completed_month_minor->minor(), ++months;
    ASSERT_EQ(months, 3);
    EXPECT_GT(row->completed_month_minor->minor(), sum);  // More than three times their mean.
  }
}

// Promised against built.
TEST_F(Truth, WhatWasInflatedIsPromisedAndNeverBuilt) {
  int finished = 0;
  for (const Plant& inflated : truth_->Of("inflated")) {
    SCOPED_TRACE(inflated.Text("project"));
    const app::ProjectFile file = File(inflated);
    ASSERT_FALSE(file.commitments.empty());
    const std::int64_t stated = std::stoll(inflated.Text("stated_minor"));
    const std::int64_t real = std::stoll(inflated.Text("real_minor"));
    EXPECT_EQ(file.commitments.front().investment_minor->minor(), stated);
    EXPECT_LE(file.facts.completed_minor.value_or(Money{}).minor(), real);
    if (!RungOf(Page(inflated), "completed").reached_on) continue;
    // Built, and at most a fifth of it is there.
    ASSERT_TRUE(file.facts.completed_minor);
    EXPECT_LE(file.facts.completed_minor->minor() * 5, stated);
    ++finished;
  }
  EXPECT_GT(finished, 0);
}

TEST_F(Truth, DuplicatesAreLinkedCountedOnceAndSecondPhasesToldApart) {
  std::set<std::string> duplicates;
  for (const Plant& plant : truth_->Of("duplicate")) {
    const app::ProjectFile file = File(plant);
    ASSERT_TRUE(file.counted_in);
    EXPECT_EQ(file.counted_in->id, plant.Text("counted_in"));
    duplicates.insert(plant.Text("project"));
  }
  for (const Plant& plant : truth_->Of("second_phase")) {
    const app::ProjectFile file = File(plant);
    EXPECT_FALSE(file.counted_in);
    EXPECT_TRUE(file.twins.empty());
    EXPECT_FALSE(duplicates.contains(plant.Text("project")));
  }
  // The figure counts the other and not the duplicate, whose amount is in no sum.
  const app::FigureValue signed_ones = Figure("signed_investment", kUntil - days(3 * 366), kUntil);
  std::set<std::string> counted;
  for (const app::FigureRecord& record : signed_ones.records) counted.insert(record.project.ToString());
  std::int64_t all = 0;
  app::ProjectFilter filter;
  filter.limit = 500;
  const app::ProjectList list = app::QueryProjects(At(kUntil), filter).value();
  for (const app::ProjectRow& row : list.rows) all += row.investment_minor->minor();
  for (const Plant& plant : truth_->Of("duplicate")) {
    EXPECT_FALSE(counted.contains(plant.Text("project")));
    EXPECT_TRUE(counted.contains(plant.Text("counted_in")));
    all -= Page(plant).project.investment_minor->minor();
  }
  EXPECT_EQ(list.investment_minor.minor(), all);
  EXPECT_EQ(app::QueryBoard(At(kUntil), {}).investment_minor.minor(), all);
}

TEST_F(Truth, FalseStartsStandUntilTheDayTheyWereFound) {
  int replayed = 0;
  for (const Plant& start : truth_->Of("false_start")) {
    SCOPED_TRACE(start.Text("project"));
    const Day claimed = start.DayOf("claimed_on"), found = start.DayOf("found_on");
    const auto now = RungOf(Page(start), "started");
    EXPECT_TRUE(!now.reached_on || *now.reached_on > found);
    const auto is_counted = [&](const app::Frame& frame) {
      app::FigureFilter filter;
      filter.from = filter.to = claimed, filter.limit = 1'000;
      const app::FigureValue value = app::QueryFigure(frame, "started_count", filter).value();
      return std::any_of(value.records.begin(), value.records.end(),
                         [&](const app::FigureRecord& r) { return r.project == start.project(); });
    };
    EXPECT_FALSE(is_counted(At(kUntil)));
    if (++replayed > 3) continue;
    // What was known on the day of the ceremony, and until it was found out, still says that it had begun.
    for (const Day day : {claimed, found - days(1)}) {
      EXPECT_TRUE(is_counted({*KnownOn(day), day})) << FormatDay(day);
    }
    EXPECT_FALSE(is_counted({*KnownOn(found), found}));
  }
}

TEST_F(Truth, WhatIsHeldOrEndedIsIdleAndOwesNothing) {
  const auto owes = [&](const Plant& plant) {
    app::ObligationFilter filter;
    filter.project = plant.project();
    const app::ObligationList list = app::QueryObligations(At(kUntil), filter).value();
    return std::count_if(list.rows.begin(), list.rows.end(), [](const app::ObligationRow& row) { return !row.id; });
  };
  int on = 0;
  for (const Plant& held : truth_->Of("held")) {
    SCOPED_TRACE(held.Text("project"));
    const LightView now = LightOn(held, kUntil);
    on += now.reason == LightReason::on_hold;
    if (!held.Flag("resumes")) {
      EXPECT_EQ(now.reason, LightReason::on_hold);
      EXPECT_EQ(now.light, Light::idle);
      EXPECT_EQ(now.since, held.DayOf("held_on"));
      EXPECT_EQ(owes(held), 0);
    }
  }
  EXPECT_GT(on, 0);
  for (const Plant& ended : truth_->Of("ended")) {
    SCOPED_TRACE(ended.Text("project"));
    const LightView now = LightOn(ended, kUntil);
    EXPECT_EQ(now.reason, LightReason::terminated);
    EXPECT_EQ(now.light, Light::idle);
    EXPECT_EQ(now.since, ended.DayOf("ended_on"));
    EXPECT_NE(LightOn(ended, ended.DayOf("ended_on") - days(1)).reason, LightReason::terminated);
    EXPECT_EQ(owes(ended), 0);
  }
}

TEST_F(Truth, TheUnitsThatReportLateAreThoseThatTheTableNamesFirst) {
  std::set<std::string> late_units;
  for (const Plant& late : truth_->Of("late_reporter")) late_units.insert(late.Text("unit"));
  ASSERT_EQ(late_units.size(), 3u);
  // Over the last year.
  std::map<std::string, std::pair<std::int64_t, std::int64_t>> units;  // id → owed, late or missing
  for (Period period = Period::Of(kUntil).Plus(-13); period < Period::Of(kUntil).Plus(-1); period = period.Plus(1)) {
    app::ReportFilter filter;
    filter.period = period;
    const app::ReportList list = app::QueryReports(At(kUntil), Actor::System(), filter).value();
    for (const app::ReportUnit& unit : list.units) {
      if (!unit.unit) continue;
      units[unit.unit->id].first += unit.counts.owed;
      units[unit.unit->id].second += unit.counts.reported_late + unit.counts.late;
    }
  }
  int seen = 0;
  for (const auto& [unit, counts] : units) {
    const auto& [owed, failed] = counts;
    if (owed == 0) continue;
    if (late_units.contains(unit)) {
      EXPECT_GT(failed * 2, owed) << unit;
      ++seen;
    } else {
      EXPECT_LT(failed * 4, owed) << unit << " " << failed << " of " << owed;
    }
  }
  EXPECT_GT(seen, 0);
}

TEST_F(Truth, AReportThatNeverCameIsMissingAndRed) {
  for (const Plant& missing : truth_->Of("report_missing")) {
    SCOPED_TRACE(missing.Text("project") + " " + missing.Text("period"));
    const auto row = ReportOf(missing);
    ASSERT_TRUE(row);
    EXPECT_FALSE(row->reported_on);
    EXPECT_EQ(row->state, app::ReportStanding::late);
    EXPECT_FALSE(row->completed_month_minor);  // No data, never zero.
  }
}

TEST_F(Truth, CorrectionsAreDecidedAsWasPlanted) {
  int agreed = 0;
  for (const Plant& correction : truth_->Of("correction")) {
    SCOPED_TRACE(correction.Text("project") + " " + correction.Text("period"));
    const app::ProjectReports all =
        app::QueryProjectReports(At(kUntil), Actor::System(), correction.project(), std::nullopt).value();
    const auto row = std::find_if(all.rows.begin(), all.rows.end(), [&](const app::ReportRow& r) {
      return r.period.ToString() == correction.Text("period");
    });
    ASSERT_NE(row, all.rows.end());
    const bool yes = correction.Flag("agreed");
    const auto verdict = yes ? app::CorrectionVerdict::approved : app::CorrectionVerdict::rejected;
    EXPECT_TRUE(std::any_of(row->corrections.begin(), row->corrections.end(), [&](const app::ReportCorrection& c) {
      // Who asked is not who agreed; a figure that was agreed on is what the month now says.
      return c.verdict == verdict && c.asked_by != c.decided_by &&
             (!yes || c.completed_month_minor == row->completed_month_minor);
    }));
    agreed += yes;
  }
  EXPECT_GT(agreed, 0);
}

TEST_F(Truth, ObligationsThatWentWrongSayHow) {
  const auto row = [&](const Plant& plant, Day as_of = kUntil) {
    return app::QueryObligation(At(as_of), plant.obligation()).value().obligation;
  };
  for (const Plant& late : truth_->Of("settled_late")) {
    SCOPED_TRACE(late.Text("obligation"));
    const app::ObligationRow now = row(late);
    EXPECT_GE(now.urged_times.value_or(0), late.DayOf("due_on") + days(8) < kUntil ? 1 : 0);
    if (now.light.light == Light::done) {
      EXPECT_GT(now.light.since.value(), late.DayOf("due_on"));
    }
  }
  for (const Plant& late : truth_->Of("settled_very_late")) {
    SCOPED_TRACE(late.Text("obligation"));
    const app::ObligationRow now = row(late);
    EXPECT_EQ(now.light.light, Light::done);
    EXPECT_GT(now.light.since.value(), late.DayOf("due_on") + days(app::kAmberDays));
    EXPECT_EQ(now.urged_times, 2);
    EXPECT_GE(now.supervision_level.value_or(0), 2);
  }
  for (const Plant& open : truth_->Of("left_open")) {
    if (open.DayOf("due_on") + days(app::kAmberDays) >= kUntil) continue;
    EXPECT_EQ(row(open).light.light, Light::red) << open.Text("obligation");
  }
  for (const Plant& returned : truth_->Of("returned"))
    EXPECT_GE(row(returned).returned_times, 1) << returned.Text("obligation");
}

TEST_F(Truth, WhoMovedHandedOverEveryDutyOfThePost) {
  const auto moves = truth_->Of("move");
  ASSERT_GT(moves.size(), 20u);
  std::size_t duties = 0;
  for (const Plant& move : moves) {
    const auto post = PostId::Parse(move.Text("post")).value();
    const Day day = move.DayOf("moved_on");
    const people::Term* before = state().people.TermOn(post, day - days(1));
    const people::Term* after = state().people.TermOn(post, day);
    ASSERT_TRUE(before && after);
    EXPECT_EQ(PersonId{before->person}.ToString(), move.Text("person"));
    EXPECT_EQ(PersonId{after->person}.ToString(), move.Text("successor"));
    app::DutyFilter of_post;
    of_post.post = post;
    const auto list = app::QueryDuties(At(day), of_post);
    ASSERT_TRUE(list);
    duties += list->rows.size();
  }
  EXPECT_GT(duties, moves.size());
}

TEST_F(Truth, NothingWasRecordedOnAHoliday) {
  const std::vector<Day> holidays = truth_->Days("holidays");
  ASSERT_GT(holidays.size(), 60u);  // Three years of them.
  int after_begin = 0;
  for (const Day day : holidays) {
    EXPECT_EQ(engine_->SeqAtDay(day).value(), engine_->SeqAtDay(day - days(1)).value()) << FormatDay(day);
    after_begin += engine_->SeqAtDay(day).value() > 0;
  }
  EXPECT_GT(after_begin, 60);
}

}  // namespace
}  // namespace landfall::city
