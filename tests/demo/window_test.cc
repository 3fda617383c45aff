// SPDX-License-Identifier: Apache-2.0
// What was planted at the windows of the invented city is what the health of the window shows (docs/demo-city.md), and
// it is missed as soon as it is not planted.
#include <algorithm>
#include <map>
#include <set>

#include "app/query_cases.h"
#include "planted_city.h"

namespace landfall::city {
namespace {

using std::chrono::days;

app::CaseHealth HealthOf(app::Engine& engine) {
  const app::Engine::Reader reader = engine.Read();
  return app::QueryCaseHealth({reader.state(), kUntil});
}

// Shares of what is large enough to be judged by, the largest first.
struct Share {
  std::string id;
  double share;
};
template <class Rows, class Part, class Whole, class Id>
std::vector<Share> Shares(const Rows& rows, Part part, Whole whole, Id id) {
  std::vector<Share> out;
  for (const auto& row : rows)
    if (whole(row) >= 20) out.push_back({id(row), static_cast<double>(part(row)) / static_cast<double>(whole(row))});
  std::ranges::sort(out, [](const Share& a, const Share& b) { return a.share > b.share; });
  EXPECT_GT(out.size(), 3u);
  return out;
}
std::vector<Share> Lateness(const app::CaseHealth& health) {
  return Shares(
      health.units, [](const app::UnitHealth& u) { return u.decided - u.in_time; },
      [](const app::UnitHealth& u) { return u.decided; }, [](const app::UnitHealth& u) { return u.unit.id; });
}
std::vector<Share> Hidden(const app::CaseHealth& health) {
  return Shares(
      health.units, [](const app::UnitHealth& u) { return u.suspended_work_days; },
      [](const app::UnitHealth& u) { return u.elapsed_work_days; }, [](const app::UnitHealth& u) { return u.unit.id; });
}
std::vector<Share> Corrected(const app::CaseHealth& health) {
  return Shares(
      health.matters, [](const app::MatterHealth& m) { return m.corrected; },
      [](const app::MatterHealth& m) { return m.begun; }, [](const app::MatterHealth& m) { return m.matter; });
}

// An office stands out by as much as was planted.
bool IsSlow(const std::vector<Share>& late) { return late[0].share > 0.18 && late[0].share > 1.4 * late[1].share; }
bool Hides(const std::vector<Share>& hidden) { return hidden[0].share > 0.5 && hidden[1].share < 0.5; }
bool AsksTwice(const std::vector<Share>& corrected) { return corrected[0].share > 0.5 && corrected[1].share < 0.3; }

class WindowTruth : public PlantedCity {};

TEST_F(WindowTruth, TheSlowOfficeIsTheWorstInLateness) {
  const std::vector<Share> late = Lateness(HealthOf(*engine_));

  EXPECT_EQ(late[0].id, truth_->Of("slow_office").at(0).Text("unit"));
  EXPECT_TRUE(IsSlow(late)) << late[0].share << " " << late[1].share;
}

TEST_F(WindowTruth, TheOfficeThatHidesHasMostOfItsTimeInSuspensions) {
  const app::CaseHealth health = HealthOf(*engine_);
  const std::vector<Share> hidden = Hidden(health);
  const std::string unit = truth_->Of("hiding_office").at(0).Text("unit");

  EXPECT_EQ(hidden[0].id, unit);
  EXPECT_TRUE(Hides(hidden)) << hidden[0].share << " " << hidden[1].share;
  // By its limits nothing is to be seen of it: that is what hiding is.
  const auto row = std::ranges::find_if(health.units, [&](const app::UnitHealth& u) { return u.unit.id == unit; });
  EXPECT_EQ(row->in_time, row->decided);
}

TEST_F(WindowTruth, ThePaperThatIsAskedForTwiceStandsAtTheMatterWithMostCorrections) {
  const app::CaseHealth health = HealthOf(*engine_);
  const std::vector<Share> corrected = Corrected(health);
  const auto plants = truth_->Of("asked_twice");

  EXPECT_EQ(corrected[0].id, plants.at(0).Text("matter"));
  EXPECT_TRUE(AsksTwice(corrected)) << corrected[0].share << " " << corrected[1].share;
  EXPECT_EQ(health.matters.at(0).matter, corrected[0].id) << "it stands first";
  int sent_back = 0;
  for (const Plant& plant : plants) {
    const auto page = app::QueryCase(At(kUntil), cases::CaseId::Parse(plant.Text("case")).value());
    ASSERT_TRUE(page);
    const auto step = std::ranges::find_if(
        page->steps, [&](const app::CaseStepView& view) { return view.matter == plant.Text("matter"); });
    ASSERT_NE(step, page->steps.end());
    EXPECT_TRUE(step->corrected);
    sent_back += step->sent_back > 0;
  }
  // The second time it is asked by sending the step back; the last ones were still to come when the city ended.
  EXPECT_GT(sent_back * 10, static_cast<int>(plants.size()) * 8);
}

TEST_F(WindowTruth, CasesThatDieAreCounted) {
  std::set<std::string> withdrawn, silent;
  for (const Plant& plant : truth_->Of("case_given_up")) withdrawn.insert(plant.Text("case"));
  for (const Plant& plant : truth_->Of("case_silent")) {
    const Day since = plant.DayOf("answer_by") + days(plant.Text("how") == "notice" ? app::kSilentDays : 0);
    if (since < kUntil && !withdrawn.contains(plant.Text("case"))) silent.insert(plant.Text("case"));
  }
  const app::CaseHealth health = HealthOf(*engine_);

  EXPECT_EQ(health.given_up, static_cast<std::int64_t>(withdrawn.size()));
  EXPECT_EQ(health.silent, static_cast<std::int64_t>(silent.size()));
  EXPECT_EQ(health.withdrawn, health.given_up) << "nobody else withdrew";
  EXPECT_GT(health.silent, 3);
}

TEST_F(WindowTruth, EveryCourseOccurs) {
  const cases::State& s = state().cases;
  std::map<std::string, int> seen;
  for (const cases::Case& c : s.cases) {
    seen["delivered"] += c.delivered != cases::kNoDay;
    seen["rated"] += c.stars != 0;
    seen["notified"] += c.notified();
    seen["refused"] += c.life == static_cast<std::uint8_t>(cases::Life::kRefused);
    seen["running"] += c.life == static_cast<std::uint8_t>(cases::Life::kRunning);
    seen["of a project"] += c.project != 0;
  }
  for (const cases::Step& step : s.steps) {
    seen["extended"] += (step.flags & cases::kExtended) != 0;
    seen["corrected"] += (step.flags & cases::kCorrected) != 0;
    seen["by rule"] += (step.flags & cases::kByRule) != 0;
    seen["sent back"] += step.sent_back != 0;
  }
  for (const cases::CasePaper& paper : s.papers) {
    seen["to follow"] += paper.state == static_cast<std::uint8_t>(cases::PaperState::kLater);
    seen["promised"] += paper.state == static_cast<std::uint8_t>(cases::PaperState::kPromised);
  }
  for (const cases::Side& side : s.sides)
    seen["agreed"] += side.kind == static_cast<std::uint8_t>(cases::SideKind::kUnit);
  for (const auto& [what, count] : seen) EXPECT_GT(count, 0) << what;
  EXPECT_GT(s.cases.size(), 500u);
}

// Each pathology is missed when it is taken out of the generator, and the others are not.
TEST(WindowMutation, WhatIsNotPlantedIsNotFound) {
  for (const int without : {0, 1, 2, 3}) {
    SCOPED_TRACE(without);
    TempFolder temp;
    CityOptions options{temp / "city", 7, 200, kUntil};
    options.slow_office = without != 0;
    options.hiding_office = without != 1;
    options.asked_twice = without != 2;
    options.dying_cases = without != 3;
    const auto city = MakeCity(options);
    ASSERT_TRUE(city) << city.error().code << " " << city.error().detail;
    auto engine = app::Engine::Open({options.folder}, {});
    ASSERT_TRUE(engine);
    const app::CaseHealth health = HealthOf(**engine);

    EXPECT_EQ(IsSlow(Lateness(health)), without != 0);
    EXPECT_EQ(Hides(Hidden(health)), without != 1);
    EXPECT_EQ(AsksTwice(Corrected(health)), without != 2);
    EXPECT_EQ(health.silent + health.given_up > 0, without != 3);
  }
}

}  // namespace
}  // namespace landfall::city
