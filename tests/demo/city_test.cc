// SPDX-License-Identifier: Apache-2.0
// The invented city: nobody's names, the same from the same seed, whole as a ledger, and what was planted is found.
#include "city.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include "app/queries.h"
#include "app/query_file.h"
#include "app/query_people.h"
#include "places.h"
#include "tests/support/ledger_fixture.h"
#include "tests/support/test_data.h"

namespace landfall::city {
namespace {

using app::test::TempFolder;

constexpr Day kUntil = MakeDay(2026, 6, 30);

Result<City> Make(const std::string& folder, int projects, std::uint64_t seed = 7) {
  return MakeCity({folder, seed, projects, kUntil});
}

// A truth file, read by the names of its members.
class Planted {
 public:
  explicit Planted(const std::string& json) : padded_(json) { root_ = parser_.parse(padded_); }
  std::vector<simdjson::dom::element> Of(std::string_view kind) {
    std::vector<simdjson::dom::element> rows;
    simdjson::dom::array list;
    if (root_[kind].get(list) == simdjson::SUCCESS)
      for (const simdjson::dom::element row : list) rows.push_back(row);
    return rows;
  }
  static std::string Text(const simdjson::dom::element& row, std::string_view name) {
    return std::string(std::string_view(row[name]));
  }

 private:
  simdjson::padded_string padded_;
  simdjson::dom::parser parser_;
  simdjson::dom::element root_;
};

TEST(CityPlaces, BearNamesOfNoRealCityCountyOrDistrict) {
  LF_NEEDS_DATA("admin-divisions");
  std::set<std::string> real;
  for (const char* file : {"cities.csv", "areas.csv", "areacodes-history-1980-.csv"}) {
    std::istringstream rows(test::ReadFile(test::TestData() / "admin-divisions" / file));
    for (std::string row; std::getline(rows, row);) {
      std::istringstream cells(row);
      for (std::string cell; std::getline(cells, cell, ',');) {
        std::erase(cell, '"');
        real.insert(cell);
      }
    }
  }
  ASSERT_TRUE(real.contains("渌口区")) << "the list was not read";

  std::vector<Place> all{{kCityCode, kCityName}};
  all.insert(all.end(), Districts().begin(), Districts().end());
  all.insert(all.end(), Parks().begin(), Parks().end());
  ASSERT_EQ(all.size(), 23u);
  for (const Place& place : all) {
    EXPECT_FALSE(real.contains(std::string(place.name))) << place.name;
    // Nor under another rank: 岚川县 would be as real as 岚川市.
    const std::string stem(place.name.substr(0, 6));
    for (const char* rank : {"市", "县", "区", "林区", "自治县", "新区"})
      EXPECT_FALSE(real.contains(stem + rank)) << stem;
    EXPECT_EQ(place.code.substr(0, 2), "99");
  }
}

TEST(City, SameSeedGivesTheSameRootAndAnotherSeedAnother) {
  TempFolder temp;

  const auto first = Make(temp / "a", 40), again = Make(temp / "b", 40), other = Make(temp / "c", 40, 8);

  ASSERT_TRUE(first && again && other);
  EXPECT_EQ(first->root, again->root);
  EXPECT_EQ(first->truth, again->truth);
  EXPECT_EQ(first->entries, again->entries);
  EXPECT_NE(first->root, other->root);
}

TEST(City, RefusesSizesOutsideItsBounds) {
  TempFolder temp;

  EXPECT_EQ(app::test::CodeOf(Make(temp / "a", kProjectsMin - 1)), "city.projects_out_of_range");
  EXPECT_EQ(app::test::CodeOf(Make(temp / "a", kProjectsMax + 1)), "city.projects_out_of_range");
  EXPECT_FALSE(std::filesystem::exists(temp / "a"));
}

TEST(City, ReplaysToItsLiveStateAndVerifies) {
  TempFolder temp;
  const app::LedgerFiles files{temp / "city"};
  const auto city = Make(files.folder, 100);
  ASSERT_TRUE(city) << city.error().code << " " << city.error().detail;

  const auto engine = app::Engine::Open(files, {});
  ASSERT_TRUE(engine);
  EXPECT_EQ(app::HashOf((*engine)->Read().state()), app::test::ReplayedHash(files));
  const auto report = app::VerifyLedger(files);
  ASSERT_TRUE(report);
  EXPECT_TRUE(report->faults.empty()) << ToJson(report->faults.front());
  EXPECT_EQ(static_cast<std::uint64_t>(report->size), city->entries);
  EXPECT_EQ(Hex(report->root), city->root);
  EXPECT_EQ(city->accounts.size(), 9u) << "one account per role";
}

// Everything below looks at one city of 300 projects.
class PlantedCity : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    temp_ = new TempFolder;
    auto city = Make(*temp_ / "city", 300);
    ASSERT_TRUE(city) << city.error().code << " " << city.error().detail;
    truth_ = new Planted(city->truth);
    auto engine = app::Engine::Open({*temp_ / "city"}, {});
    ASSERT_TRUE(engine);
    engine_ = engine->release();
  }
  static void TearDownTestSuite() {
    delete engine_;
    delete truth_;
    delete temp_;
  }
  static ProjectId ProjectOf(const simdjson::dom::element& row) {
    return ProjectId::Parse(Planted::Text(row, "project")).value();
  }

  static TempFolder* temp_;
  static Planted* truth_;
  static app::Engine* engine_;
};
TempFolder* PlantedCity::temp_ = nullptr;
Planted* PlantedCity::truth_ = nullptr;
app::Engine* PlantedCity::engine_ = nullptr;

TEST_F(PlantedCity, StallsAreRedOnceTheirPlanIsTwoWeeksPast) {
  const auto reader = engine_->Read();
  const app::Frame frame{reader.state(), kUntil};
  int looked_at = 0;
  for (const auto& stall : truth_->Of("stall")) {
    if (ParseDay(Planted::Text(stall, "due_on")).value() + std::chrono::days(app::kAmberDays) >= kUntil) continue;
    const app::LightView light = app::ProjectLight(frame, ProjectOf(stall));
    EXPECT_EQ(light.light, app::Light::red) << Planted::Text(stall, "project");
    EXPECT_EQ(light.milestone, Planted::Text(stall, "rung"));
    ++looked_at;
  }
  EXPECT_GT(looked_at, 0);
}

TEST_F(PlantedCity, DuplicatesAreLinkedAndSecondPhasesToldApart) {
  const auto reader = engine_->Read();
  const app::Frame frame{reader.state(), kUntil};
  const auto duplicates = truth_->Of("duplicate");
  ASSERT_FALSE(duplicates.empty());
  for (const auto& row : duplicates) {
    const auto file = app::QueryProjectFile(frame, Actor::System(), ProjectOf(row));
    ASSERT_TRUE(file);
    ASSERT_TRUE(file->counted_in);
    EXPECT_EQ(file->counted_in->id, Planted::Text(row, "counted_in"));
  }
  for (const auto& row : truth_->Of("second_phase")) {
    const auto file = app::QueryProjectFile(frame, Actor::System(), ProjectOf(row));
    ASSERT_TRUE(file);
    EXPECT_FALSE(file->counted_in);
    EXPECT_TRUE(file->twins.empty());
  }
}

TEST_F(PlantedCity, WhoMovedHandedOverEveryDutyOfThePost) {
  const auto reader = engine_->Read();
  const app::State& state = reader.state();
  const auto moves = truth_->Of("move");
  ASSERT_GT(moves.size(), 20u);
  std::size_t duties = 0;
  for (const auto& move : moves) {
    const auto post = PostId::Parse(Planted::Text(move, "post")).value();
    const Day day = ParseDay(Planted::Text(move, "moved_on")).value();
    const people::Term* before = state.people.TermOn(post, day - std::chrono::days(1));
    const people::Term* after = state.people.TermOn(post, day);
    ASSERT_TRUE(before && after);
    EXPECT_EQ(PersonId{before->person}.ToString(), Planted::Text(move, "person"));
    EXPECT_EQ(PersonId{after->person}.ToString(), Planted::Text(move, "successor"));
    app::DutyFilter of_post;
    of_post.post = post;
    const auto list = app::QueryDuties({state, day}, of_post);
    ASSERT_TRUE(list);
    duties += list->rows.size();
  }
  EXPECT_GT(duties, moves.size());
}

TEST_F(PlantedCity, FalseStartsStandUntilTheDayTheyWereFound) {
  const auto reader = engine_->Read();
  const project::State& s = reader.state().project;
  const auto rows = truth_->Of("false_start");
  ASSERT_FALSE(rows.empty());
  const int started = s.ladders[0].Find("started");
  for (const auto& row : rows) {
    const Day claimed = ParseDay(Planted::Text(row, "claimed_on")).value();
    const std::int32_t now = s.reached[s.first_slot[ProjectOf(row).index()] + static_cast<std::size_t>(started)];
    EXPECT_TRUE(now == project::kNoDay || now > DayNumber(claimed));
    // What was known on the day of the ceremony still says that it had begun.
    const auto seq = engine_->SeqAtDay(claimed);
    ASSERT_TRUE(seq);
    const auto then = engine_->StateAt(*seq);
    ASSERT_TRUE(then);
    const project::State& past = (*then)->project;
    EXPECT_EQ(past.reached[past.first_slot[ProjectOf(row).index()] + static_cast<std::size_t>(started)],
              DayNumber(claimed));
    break;  // One replay of the past is enough.
  }
}

TEST_F(PlantedCity, LeftOpenObligationsAreRed) {
  const auto reader = engine_->Read();
  const app::Frame frame{reader.state(), kUntil};
  int looked_at = 0;
  for (const auto& row : truth_->Of("left_open")) {
    if (ParseDay(Planted::Text(row, "due_on")).value() + std::chrono::days(app::kAmberDays) >= kUntil) continue;
    const auto id = ObligationId::Parse(Planted::Text(row, "obligation")).value();
    EXPECT_EQ(app::ObligationLight(frame, id).light, app::Light::red);
    ++looked_at;
  }
  EXPECT_GT(looked_at, 0);
}

}  // namespace
}  // namespace landfall::city
