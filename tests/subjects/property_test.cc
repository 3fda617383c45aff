// SPDX-License-Identifier: Apache-2.0
// What holds whatever anybody does. The seed printed on failure repeats the run.
#include <gtest/gtest.h>

#include <map>
#include <numeric>

#include "app/board_scan.h"
#include "tests/subjects/world.h"
#include "tests/support/random_file.h"

namespace landfall::test {

app::AnyCommand RandomCommands::MakeMasterData() {
  const app::State& s = world_.state;
  switch (Below(14)) {
    case 0:
      return people::CreateUnit{{"u" + std::to_string(Below(200))},
                                {Name()},
                                UnitId{1 + static_cast<std::uint32_t>(Below(s.people.unit_parent.size()))}};
    case 1:
      return people::RenameUnit{Unit(), {Name()}};
    case 2:
      return people::CreatePost{Unit(), {Name()}};
    case 3:
      return people::RegisterPerson{{Name()}};
    case 4:
      return people::FillPost{Pick<PostId>(s.people.post_unit.size()), Pick<PersonId>(s.people.persons.size()),
                              AnyDay()};
    case 5:
      return people::VacatePost{Pick<PostId>(s.people.post_unit.size()), AnyDay()};
    case 6:
      return place::AddRegion{{"43" + std::to_string(Below(500))}, {Name()}, std::nullopt, AnyDay()};
    case 7:
      return place::CloseRegion{Pick<RegionId>(s.place.from.size()), AnyDay(), std::nullopt};
    case 8:
      return enterprise::RegisterEnterprise{{Name()}, std::nullopt, std::nullopt};
    case 9:
      return enterprise::RenameEnterprise{Pick<EnterpriseId>(s.enterprise.credit_code.size()), {Name()}};
    case 10:
      return admin::CreateAccount{{"a" + std::to_string(Below(100))}, {Name()}, Unit()};
    case 11:
      return admin::GrantRole{Pick<AccountId>(s.admin.roles.size()), static_cast<admin::Role>(Below(admin::kRoles))};
    case 12:
      if (Below(2) == 0)
        return admin::BindEnterprise{Pick<AccountId>(s.admin.roles.size()), Pick<EnterpriseId>(s.admin.enterprises)};
      return admin::RevokeRole{Pick<AccountId>(s.admin.roles.size()), static_cast<admin::Role>(Below(admin::kRoles))};
    default: {
      // Any erasable event that is still there; the engine sees to it that no other is asked for.
      for (int tries = 0; tries < 20; ++tries) {
        const StoredEvent& event = world_.log[Below(world_.log.size())];
        if (event.info.erasable && !event.origin.erased)
          return admin::ErasePayload{{static_cast<std::int64_t>(event.origin.seq)}, {event.origin.event}, {"pipl-47"}};
      }
      return admin::CompleteBatch{{"projects"}, {0}, std::nullopt, std::nullopt, std::nullopt, std::nullopt};
    }
  }
}

app::AnyCommand RandomCommands::MakeProjectStep() {
  const project::State& s = world_.state.project;
  const ProjectId id = Project();
  const std::vector<project::Rung>& rungs = s.ladders[s.Knows(id) ? s.ladder[id.index()] : 0].rungs;
  const std::size_t rung = Below(rungs.size());
  const Key<40> milestone = rungs[rung].key;
  const std::uint64_t reached_seq = s.Knows(id) ? s.ReachedSeq(id.index(), rung) : 0;
  const auto receipt = [&]() -> std::int64_t {
    return s.receipts.size() == 0 ? 1 : static_cast<std::int64_t>(s.ReceiptAt(Below(s.receipts.size())).seq);
  };
  switch (Below(16)) {
    case 0:
    case 1:
    case 2:
      return project::PlanMilestone{id, milestone, AnyDay()};
    case 3:
    case 4:
    case 5:
    case 6:
    case 7:
      return project::ReachMilestone{id, milestone, AnyDay(), List<Digest, 20>{{Sha256("evidence")}}};
    case 8: {
      project::CorrectMilestone c{
          id, milestone, AnyDay(), {static_cast<std::int64_t>(std::max<std::uint64_t>(1, reached_seq))}, {Name()}};
      if (Below(3) == 0) c.effective_on.reset();
      return c;
    }
    case 9:
      return project::SetInvestment{id, Amount()};
    case 10:
      return project::HoldProject{id, project::HoldReason::market, AnyDay(), std::nullopt, std::nullopt};
    case 11:
      return project::ResumeProject{id, AnyDay()};
    case 12:
      if (Below(8) == 0) return project::TerminateProject{id, project::HoldReason::other, AnyDay(), {Name()}};
      return project::AssignOwner{id, Unit()};
    case 13:
    case 14:
      return project::ReceiveFunds{id, static_cast<project::FundsKind>(Below(4)), Amount(), AnyDay(), Evidence()};
    default: {
      const std::int64_t seq = receipt();
      for (std::size_t i = 0; i < s.receipts.size(); ++i)
        if (const project::Receipt r = s.ReceiptAt(i); static_cast<std::int64_t>(r.seq) == seq)
          return project::ReverseFunds{ProjectId{r.project}, {seq}, {Name()}};
      return project::ReverseFunds{id, {seq}, {Name()}};
    }
  }
}

app::AnyCommand RandomCommands::MakeObligationStep() {
  const ObligationId id = Pick<ObligationId>(world_.state.obligation.size());
  const Day due = world_.today + std::chrono::days(Below(30)) - std::chrono::days(2);
  switch (Below(8)) {
    case 0:
    case 1:
      return obligation::Assign{static_cast<obligation::Kind>(Below(5)),
                                {Name()},
                                Below(3) == 0 ? std::nullopt : std::optional(Project()),
                                Unit(),
                                due};
    case 2:
      return obligation::Accept{id};
    case 3:
      return obligation::ReportDone{id, world_.today - std::chrono::days(Below(3)), Evidence(), std::nullopt};
    case 4:
      return obligation::WriteOff{id, std::nullopt};
    case 5:
      return obligation::Return{id, due, {Name()}};
    case 6:
      return obligation::MoveDeadline{id, due, {Name()}};
    default:
      return obligation::Cancel{id, {Name()}};
  }
}

app::AnyCommand RandomCommands::MakeReportStep() {
  const project::State& s = world_.state.project;
  const ProjectId id = Project();
  const Period now = Period::Of(world_.today);
  const std::uint32_t last = s.Knows(id) ? s.reports.last[id.index()] : 0;
  const auto some = [&] { return Period{now.months - static_cast<std::int32_t>(Below(18))}; };
  // Mostly what a careful person would type; now and then a unit, a jump or a sum that does not fit.
  const std::int64_t month = static_cast<std::int64_t>(Below(9)) * (Below(12) == 0 ? 1'000'000'000'000 : 100'000'000);
  const auto total = [&](std::uint32_t before) {
    const std::int64_t from = before == 0 ? static_cast<std::int64_t>(Below(1000)) : s.reports.rows[before - 1].total;
    return Money::FromMinor(from + month + (Below(20) == 0 ? 1 : 0));
  };
  switch (Below(16)) {
    case 0: {
      const project::Ladder& ladder = s.ladders[Below(s.ladders.size())];
      return project::ScheduleReports{some(),
                                      {ladder.key},
                                      ladder.rungs[Below(3)].key,
                                      Below(2) == 0 ? std::nullopt : std::optional(ladder.rungs.back().key),
                                      {1 + static_cast<std::int64_t>(Below(10))},
                                      static_cast<project::DueUnit>(Below(2))};
    }
    case 1:
      return project::ClosePeriod{some()};
    case 2:
      return project::ReopenPeriod{some(), {Name()}};
    case 3:
    case 4:
    case 5:
    case 6:
      if (!s.reports.rows.empty()) {
        const project::Report& report = s.reports.rows[Below(s.reports.rows.size())];
        return project::CorrectReport{ProjectId{report.project}, {report.period}, Money::FromMinor(month),
                                      total(report.previous),    std::nullopt,    {Name()}};
      }
      [[fallthrough]];
    case 7:
    case 8:
    case 9:
      if (!s.reports.corrections.empty()) {
        const std::size_t n = s.reports.corrections.size();
        const project::Correction& c = s.reports.corrections[n - 1 - Below(std::min<std::size_t>(n, 8))];
        const project::Report& report = s.reports.rows[c.report];
        const ProjectId of{report.project};
        const Period period{report.period};
        const bool closed = s.reports.IsClosed(period) != (Below(10) == 0);
        if (Below(4) == 0) {
          if (closed) return project::RejectClosedCorrection{of, period, {Name()}};
          return project::RejectCorrection{of, period, {Name()}};
        }
        if (closed) return project::ApproveClosedCorrection{of, period, std::nullopt};
        return project::ApproveCorrection{of, period, Text<500>{Name()}};
      }
      [[fallthrough]];
    default:
      return project::SubmitReport{
          id,
          last == 0 ? some() : Period{s.reports.rows[last - 1].period + 1},
          Money::FromMinor(month),
          total(last),
          Below(2) == 0 ? std::nullopt : std::optional(project::BasisPoints{static_cast<std::int64_t>(Below(10'001))}),
          {Name()},
          std::nullopt,
          Below(3) == 0 ? std::optional(Text<500>{Name()}) : std::nullopt,
          std::nullopt,
          Below(3) == 0 ? std::optional(true) : std::nullopt};
  }
}

app::AnyCommand RandomCommands::MakeMechanismStep() {
  const Key<60> key{"m" + std::to_string(Below(4))};
  const auto figure = Below(2) == 0 ? std::optional(Key<60>{"f" + std::to_string(Below(4))}) : std::nullopt;
  const std::uint64_t kind = Below(5);
  if (kind == 0) return figure::EndMechanism{key, AnyDay()};
  if (kind < 3) return figure::ChangeMechanism{key, {Name()}, {{Name()}}, std::nullopt, Unit(), figure, AnyDay()};
  const List<figure::MechanismPart, figure::kMechanismPartsMax> parts{{{{Name()}, std::nullopt}}};
  return figure::DefineMechanism{key, {Name()}, std::nullopt, parts, Unit(), figure, AnyDay()};
}

app::AnyCommand RandomCommands::Make() {
  const app::State& s = world_.state;
  if (Below(5) == 0) return MakeReportStep();
  const std::uint64_t kind = Below(100);
  if (kind < 20) return MakeMasterData();
  if (kind < 28) {
    project::RegisterProject c{{Name()},
                               {s.project.ladders[Below(s.project.ladders.size())].key},
                               Code<60>{"c" + std::to_string(Below(400))},
                               Unit(),
                               std::nullopt,
                               std::nullopt,
                               std::nullopt};
    if (Below(2) == 0 && !s.place.from.empty()) c.region = Pick<RegionId>(s.place.from.size());
    if (Below(3) != 0) c.investment_minor = Amount();
    return c;
  }
  if (kind < 34) {
    const project::Ladder& ladder = s.project.ladders[Below(s.project.ladders.size())];
    project::RecordRow c{std::nullopt,
                         Key<40>{ladder.key},
                         std::nullopt,
                         Text<200>{Name()},
                         Unit(),
                         std::nullopt,
                         std::nullopt,
                         Amount(),
                         {},
                         std::nullopt,
                         {}};
    for (const project::Rung& rung : ladder.rungs)
      if (Below(2) == 0) c.milestones.items.push_back({rung.key, AnyDay(), static_cast<project::StatedAs>(Below(2))});
    if (Below(2) == 0) c.attributes = List<project::Attribute, 60>{{{{"note"}, {Name()}}}};
    if (Below(4) == 0) c.findings.items.push_back({"milestone_out_of_order." + ladder.rungs[0].key.value});
    return c;
  }
  if (kind < 68) return MakeProjectStep();
  if (kind < 78) return app::test::RandomFileStep(random_, world_.state, Project(), Unit(), world_.today);
  if (kind < 98) return MakeObligationStep();
  if (Below(2) == 0) return MakeMechanismStep();
  figure::DefineFigure c{{"f" + std::to_string(Below(4))},
                         {Name()},
                         {"name"},
                         static_cast<figure::Measure>(Below(figure::kMeasures)),
                         std::nullopt,
                         std::nullopt,
                         std::nullopt,
                         std::nullopt,
                         static_cast<project::EvidenceLevel>(Below(3))};
  if (figure::IsOfMilestone(c.measure)) c.ladder = {"industrial"}, c.milestone = {Below(2) == 0 ? "signed" : "started"};
  if (Below(2) == 0) c.at_least_minor = Amount();
  return c;
}

void RandomCommands::Send() {
  // Two accounts and the local user, so that the rule of the second person is met.
  const std::uint64_t who = Below(3);
  (void)world_.Run(who == 0 ? Actor::Local() : Actor::Account({static_cast<std::uint32_t>(who)}), Make());
  if (Below(40) == 0) world_.today += std::chrono::days(1);
}

namespace {

constexpr std::uint64_t kSeeds[] = {1, 20180619, 430212};
constexpr int kCommands = 4'000;

World After(std::uint64_t seed, int commands) {
  World world = County();
  RandomCommands random(world, seed);
  for (int i = 0; i < commands; ++i) random.Send();
  return world;
}

std::int64_t& Count(app::LightCounts& counts, app::Light light) {
  switch (light) {
    case app::Light::red:
      return counts.red;
    case app::Light::amber:
      return counts.amber;
    case app::Light::green:
      return counts.green;
    case app::Light::done:
      return counts.done;
    case app::Light::idle:
      break;
  }
  return counts.idle;
}

class Property : public testing::TestWithParam<std::uint64_t> {
 protected:
  void SetUp() override {
    world_ = After(GetParam(), kCommands);
    ASSERT_GT(world_.accepted, 2'000u);  // Most commands do something, else nothing is shown.
    ASSERT_GT(world_.refused, 300u);
  }
  // Days on which questions are asked: before, among and after the facts.
  std::vector<Day> Days() const {
    SeededRandom random(GetParam());
    std::vector<Day> days{kFirstDay, MakeDay(2024, 12, 31), kLastDay, world_.today};
    for (int i = 0; i < 12; ++i) days.push_back(MakeDay(2025, 1, 1) + std::chrono::days(random.Next() % 800));
    return days;
  }
  World world_;
};

TEST_P(Property, TheReplayedLedgerIsTheLiveState) {
  EXPECT_EQ(HashOf(world_.Replay()), HashOf(world_.state)) << "seed " << GetParam();
}

// Columns of a state, kept in memory.
class Columns final : public ColumnWriter, public ColumnReader {
 public:
  void Raw(std::string_view, std::string_view bytes) override { kept_.emplace_back(bytes); }
  bool as_they_lie() const override { return true; }
  Result<std::string_view> Next(std::string_view) override { return std::string_view(kept_[at_++]); }

 private:
  std::vector<std::string> kept_;
  std::size_t at_ = 0;
};

TEST_P(Property, ALoadedStateAnswersAndGoesOnAsTheOneThatWasSaved) {
  Columns columns;
  World loaded = world_;
  loaded.state = {};
  world_.state.Columns(static_cast<ColumnWriter&>(columns));
  loaded.state.Columns(static_cast<ColumnReader&>(columns));
  loaded.state.Rebuild();

  ASSERT_EQ(HashOf(loaded.state), HashOf(world_.state));
  for (Day as_of : Days())
    EXPECT_EQ(ToJson(app::QueryBoard(loaded.At(as_of), {})), ToJson(app::QueryBoard(world_.At(as_of), {})));

  // What is derived serves the next commands alike.
  RandomCommands more(world_, GetParam() + 1), same(loaded, GetParam() + 1);
  for (int i = 0; i < 500; ++i) more.Send(), same.Send();
  EXPECT_EQ(HashOf(loaded.state), HashOf(world_.state)) << "seed " << GetParam();
}

TEST_P(Property, KeptStagesAndDuesAreThoseOfTheSlots) {
  const project::State& s = world_.state.project;
  for (Day day : Days()) {
    const std::int32_t as_of = DayNumber(day);
    for (std::size_t p = 0; p < s.size(); ++p) {
      const auto fast = app::FastPosition(s, p, as_of), slow = s.PositionAt(p, as_of);
      ASSERT_EQ(fast.stage, slow.stage) << "seed " << GetParam() << " p" << p + 1 << " " << FormatDay(day);
      ASSERT_EQ(fast.open_due, slow.open_due) << "seed " << GetParam() << " p" << p + 1 << " " << FormatDay(day);
    }
  }
}

TEST_P(Property, ContradictionsAreThoseThatComparingEveryPairFinds) {
  const project::State& s = world_.state.project;
  int found = 0;
  for (std::size_t p = 0; p < s.size(); ++p) {
    const auto& rungs = s.ladders[s.ladder[p]].rungs;
    for (std::size_t r = 0; r < rungs.size(); ++r) {
      const std::int32_t day = s.StatedDay(s.first_slot[p] + r);
      bool contradicts = false;
      for (std::size_t e = 0; e < r && day != project::kNoDay; ++e) {
        bool side_by_side = true;  // Neighbours that run beside each other are not compared.
        for (std::size_t between = e; between <= r; ++between) side_by_side = side_by_side && rungs[between].parallel;
        const std::int32_t earlier = s.StatedDay(s.first_slot[p] + e);
        contradicts = contradicts || (!side_by_side && earlier != project::kNoDay && earlier > day);
      }
      ASSERT_EQ((s.contradicting[p] >> r & 1) != 0, contradicts)
          << "seed " << GetParam() << " p" << p + 1 << " " << rungs[r].key.value;
      found += contradicts;
    }
  }
  EXPECT_GT(found, 10);
}

// The whole board counts by kept tallies, a board of one unit by scanning: the unit above all gives the same.
TEST_P(Property, BoardTalliesAreWhatAScanCounts) {
  for (Day as_of : Days()) {
    app::Frame scanned = world_.At(as_of);
    scanned.visible = {false, {UnitId{1}}, {}};
    EXPECT_EQ(ToJson(app::QueryBoard(world_.At(as_of), {})), ToJson(app::QueryBoard(scanned, {})))
        << "seed " << GetParam() << " " << FormatDay(as_of);
    EXPECT_EQ(ToJson(app::QueryBoard(world_.At(as_of), {})),
              ToJson(app::QueryBoard(world_.At(as_of), {UnitId{1}, std::nullopt, std::nullopt})));
  }
}

TEST_P(Property, BoardSumsAreThoseOfTheLists) {
  for (Day as_of : Days()) {
    SCOPED_TRACE("seed " + std::to_string(GetParam()) + " " + FormatDay(as_of));
    const app::Board board = app::QueryBoard(world_.At(as_of), {});
    app::ProjectFilter filter;
    filter.limit = 100'000;
    const app::ProjectList list = app::QueryProjects(world_.At(as_of), filter).value();

    app::LightCounts lights;
    std::int64_t investment = 0, funds = 0, without = 0;
    std::map<std::string, std::int64_t> stages;
    std::int64_t counted = 0;
    for (const app::ProjectRow& row : list.rows) {
      if (row.counted_in) continue;  // In the list, but counted in another project.
      ++counted;
      ++Count(lights, row.light.light);
      investment += row.investment_minor.value_or(Money()).minor();
      without += !row.investment_minor;
      funds += row.funds_minor.minor();
      ++stages[row.stage];
    }
    EXPECT_EQ(board.projects, counted);
    EXPECT_EQ(list.total, static_cast<std::int64_t>(list.rows.size()));
    EXPECT_EQ(board.investment_minor.minor(), investment);
    EXPECT_EQ(list.investment_minor.minor(), investment);
    EXPECT_EQ(board.without_investment, without);
    EXPECT_EQ(board.funds_minor.minor(), funds);
    EXPECT_EQ(ToJson(board.lights), ToJson(lights));
    for (const auto& [stage, count] : board.stages.members) EXPECT_EQ(count, stages[stage]) << stage;
    for (const auto& groups : {board.units, board.regions})
      EXPECT_EQ(std::accumulate(groups.begin(), groups.end(), std::int64_t{0},
                                [](std::int64_t n, const app::BoardGroup& g) { return n + g.projects; }),
                board.projects);
    for (const auto& [milestone, c] : board.milestones.members)
      EXPECT_GE(c.past + c.ahead, c.contradicting) << milestone;

    app::ObligationFilter open;
    open.derived = false;
    open.limit = 100'000;
    EXPECT_EQ(ToJson(app::QueryObligations(world_.At(as_of), open)->lights), ToJson(board.obligations));
  }
}

TEST_P(Property, TheMonthsOfAProjectAddUpToItsTotal) {
  const project::State& s = world_.state.project;
  int corrected = 0;
  for (std::size_t p = 0; p < s.size(); ++p) {
    std::vector<const project::Report*> reports;
    for (std::uint32_t at = s.reports.last[p]; at != 0; at = s.reports.rows[at - 1].previous)
      reports.insert(reports.begin(), &s.reports.rows[at - 1]);
    if (reports.empty()) continue;
    const std::int64_t opening = reports.front()->total - reports.front()->month;
    std::int64_t sum = opening;
    for (std::size_t i = 0; i < reports.size(); ++i) {
      sum += reports[i]->month;
      ASSERT_EQ(reports[i]->total, sum) << "seed " << GetParam() << " p" << p + 1;
      ASSERT_GE(reports[i]->month, 0);
      if (i > 0) {
        ASSERT_LT(reports[i - 1]->period, reports[i]->period);
      }
    }
    ASSERT_GE(opening, 0);
  }
  for (const project::Correction& c : s.reports.corrections)
    corrected += c.verdict == static_cast<std::uint8_t>(project::Verdict::approved);
  EXPECT_GT(s.reports.rows.size(), 100u);
  EXPECT_GT(corrected, 10);
}

TEST_P(Property, MoneyIsConserved) {
  const project::State& s = world_.state.project;
  std::vector<std::int64_t> standing(s.size(), 0);
  std::int64_t all = 0, reversed = 0, counted = 0;
  for (std::size_t i = 0; i < s.receipts.size(); ++i) {
    const project::Receipt r = s.ReceiptAt(i);
    all += r.minor;
    (r.reversed_by == 0 ? standing[r.project - 1] : reversed) += r.minor;
  }
  for (std::size_t p = 0; p < s.size(); ++p) {
    ASSERT_EQ(s.funds[p], standing[p]) << "seed " << GetParam() << " p" << p + 1;
    ASSERT_EQ(s.FundsAt(p, DayNumber(kLastDay)), standing[p]);
    counted += s.funds[p];
  }
  EXPECT_EQ(counted + reversed, all);
  EXPECT_GT(reversed, 0);
}

TEST_P(Property, EachRecordBehindAFigureBearsItsPart) {
  app::FigureFilter filter;
  filter.from = kFirstDay, filter.to = kLastDay;
  filter.limit = 100'000;
  SeededRandom random(GetParam());
  int removed = 0;
  for (const figure::Definition& definition : world_.state.figure.definitions) {
    const std::string& id = definition.event.on.key;
    const app::FigureValue value = app::QueryFigure(world_.At(kLastDay), id, filter).value();
    SCOPED_TRACE("seed " + std::to_string(GetParam()) + " figure " + id);
    ASSERT_EQ(value.count, static_cast<std::int64_t>(value.records.size()));
    std::int64_t sum = 0;
    for (const app::FigureRecord& record : value.records)
      sum += value.sum_minor ? record.amount_minor.value().minor() : value.sum ? record.amount.value() : 0;
    if (value.sum_minor || value.sum) {
      ASSERT_EQ(value.sum ? *value.sum : value.sum_minor->minor(), sum);
    }
    // Three of its records at random, each taken out of the ledger as if it had never been written.
    for (int i = 0; i < 3 && !value.records.empty(); ++i) {
      const app::FigureRecord& gone = value.records[random.Next() % value.records.size()];
      const app::State without = world_.Replay([&](const StoredEvent& e) {
        const bool counted = e.info.type == "project.milestone_reached" ||
                             e.info.type == "project.milestone_corrected" || e.info.type == "project.funds_received" ||
                             e.info.type == "project.results_recorded";
        return !(counted && e.origin.seq == static_cast<std::uint64_t>(gone.seq));
      });
      const app::FigureValue less = app::QueryFigure(World::FrameOf(without, kLastDay), id, filter).value();
      for (const app::FigureRecord& record : less.records) ASSERT_NE(record.seq, gone.seq);
      // Without a correction the record that it corrected stands again, and without the newest number of jobs the one
      // before it; in every other case one record less is counted.
      const bool stands_again = std::any_of(less.records.begin(), less.records.end(), [&](const app::FigureRecord& r) {
        return r.project == gone.project && std::none_of(value.records.begin(), value.records.end(),
                                                         [&](const app::FigureRecord& v) { return v.seq == r.seq; });
      });
      ASSERT_EQ(less.count, value.count - (stands_again ? 0 : 1)) << "without entry " << gone.seq;
      ++removed;
    }
  }
  EXPECT_GT(removed, 20);
}

// Steps of one project keep their order; steps of different projects may come in any. Each step has the same seq in
// both worlds, so that the states can be compared whole.
TEST_P(Property, TheOrderOfIndependentCommandsDoesNotMatter) {
  constexpr int kProjects = 12, kSteps = 40;
  World first = County(), second;
  for (int p = 0; p < kProjects; ++p)
    ASSERT_TRUE(first.Run(Actor::Local(), project::RegisterProject{{"p"},
                                                                   {p % 2 == 0 ? "industrial" : "public_works"},
                                                                   std::nullopt,
                                                                   UnitId{1},
                                                                   std::nullopt,
                                                                   std::nullopt,
                                                                   std::nullopt}));
  second = first;
  SeededRandom random(GetParam());
  const auto day = [&] { return MakeDay(2025, 1, 1) + std::chrono::days(random.Next() % 520); };
  std::vector<std::pair<std::uint64_t, app::AnyCommand>> steps;  // By project: step i of project p at p × kSteps + i.
  for (int p = 0; p < kProjects; ++p)
    for (int i = 0; i < kSteps; ++i) {
      const ProjectId id = ProjectId::FromIndex(static_cast<std::size_t>(p));
      const auto& rungs = first.state.project.ladders[first.state.project.ladder[id.index()]].rungs;
      const Key<40> milestone = rungs[random.Next() % rungs.size()].key;
      const std::uint64_t seq = 1000 + steps.size();
      switch (random.Next() % 6) {
        case 0:
          steps.emplace_back(seq, project::PlanMilestone{id, milestone, day()});
          break;
        case 1:
          steps.emplace_back(seq,
                             project::HoldProject{id, project::HoldReason::land, day(), std::nullopt, std::nullopt});
          break;
        case 2:
          steps.emplace_back(seq, project::ResumeProject{id, day()});
          break;
        case 3:
          steps.emplace_back(
              seq, project::SetInvestment{id, Money::FromMinor(static_cast<std::int64_t>(random.Next() % 1000))});
          break;
        default:
          steps.emplace_back(seq, project::ReachMilestone{id, milestone, day(), List<Digest, 20>{{Sha256("e")}}});
          break;
      }
    }
  const auto run = [&](World& world, SeededRandom order) {
    std::vector<int> next(kProjects, 0);
    for (int left = kProjects * kSteps; left > 0; --left) {
      std::size_t p = order.Next() % kProjects;
      while (next[p] == kSteps) p = (p + 1) % kProjects;
      const auto& [seq, command] = steps[p * kSteps + static_cast<std::size_t>(next[p]++)];
      (void)world.Run(Actor::Local(), command, seq);
    }
  };

  run(first, SeededRandom(GetParam() * 2));
  run(second, SeededRandom(GetParam() * 2 + 1));

  EXPECT_GT(first.accepted, 100u);
  EXPECT_EQ(first.accepted, second.accepted);
  // What was known when is what the order of records decides; it is all that may differ.
  for (World* world : {&first, &second}) world->state.project.known = {};
  EXPECT_EQ(HashOf(first.state), HashOf(second.state)) << "seed " << GetParam();
  for (Day as_of : Days())
    EXPECT_EQ(ToJson(app::QueryBoard(first.At(as_of), {})), ToJson(app::QueryBoard(second.At(as_of), {})));
}

INSTANTIATE_TEST_SUITE_P(Seeds, Property, testing::ValuesIn(kSeeds),
                         [](const auto& info) { return std::to_string(info.param); });

TEST(Ladders, EndAtTheLargestNumberAProjectCanKeep) {
  World world = County();
  const auto define = [&] {
    return world.Run(Actor::Local(), project::DefineLadder{{"l" + std::to_string(world.seq)},
                                                           {{{.key = {"only"}, .needs = std::nullopt}}},
                                                           std::nullopt});
  };
  while (world.state.project.ladders.size() < project::kLaddersMax) ASSERT_TRUE(define());

  const Status refused = define();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "ladder.too_many");
  const std::string last = world.state.project.ladders.back().key;
  ASSERT_TRUE(world.Run(
      Actor::Local(),
      project::RegisterProject{{"p"}, {last}, std::nullopt, UnitId{1}, std::nullopt, std::nullopt, std::nullopt}));
  ASSERT_TRUE(world.Run(Actor::Local(), project::ReachMilestone{ProjectId{1}, {"only"}, world.today, std::nullopt}));
  EXPECT_EQ(app::QueryProject(world.At(world.today), ProjectId{1})->project.ladder, last);
}

// A thousand revisions of a definition stay readable.
TEST(Figures, CanBeRevisedAsOftenAsSomebodyLikes) {
  World world = County();
  for (int i = 0; i < 1'100; ++i)
    ASSERT_TRUE(world.Run(Actor::Local(), figure::DefineFigure{{"f"},
                                                               {"名"},
                                                               {"name"},
                                                               figure::Measure::funds_sum,
                                                               std::nullopt,
                                                               std::nullopt,
                                                               Money::FromMinor(i),
                                                               std::nullopt,
                                                               project::EvidenceLevel::none}));
  EXPECT_EQ(HashOf(world.Replay()), HashOf(world.state));
}

}  // namespace
}  // namespace landfall::test
