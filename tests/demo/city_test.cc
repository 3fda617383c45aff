// SPDX-License-Identifier: Apache-2.0
// The invented city: nobody's names, the same from the same seed, whole as a ledger. What was planted in it:
// truth_test.cc.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include "app/query_mechanisms.h"
#include "places.h"
#include "planted_city.h"
#include "tests/support/test_data.h"

namespace landfall::city {
namespace {

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
  // The names that places give to how they work are defined as by any place, judged by a figure, and marked.
  const app::Engine::Reader now = (*engine)->Read();
  const app::MechanismList mechanisms =
      app::QueryMechanisms({now.state(), kUntil, now.seq(), now.last_at(), now.seq(), {}});
  ASSERT_EQ(mechanisms.rows.size(), 2u);
  for (const app::MechanismRow& row : mechanisms.rows) {
    EXPECT_TRUE(row.name.ends_with("（示例）") && row.about && row.about->ends_with("（示例数据）")) << row.id;
    EXPECT_GE(row.parts.size(), 2u);
    for (const figure::MechanismPart& part : row.parts)
      EXPECT_TRUE(part.name.value.ends_with("（示例）") && part.about && part.about->value.ends_with("（示例）"));
    ASSERT_TRUE(row.figure && row.figure->value) << row.id;
    EXPECT_GT(row.figure->value->count, 0) << row.figure->id;
  }
  EXPECT_EQ(city->accounts.size(), 13u) << "one account per role, a window and a department, two enterprises";
  // Enterprises have applied online, and the last application waits for the window.
  const std::vector<cases::Case>& cases = now.state().cases.cases;
  EXPECT_GT(
      std::ranges::count_if(cases, [](const cases::Case& c) { return c.online() && c.delivered != cases::kNoDay; }), 0);
  EXPECT_GT(
      std::ranges::count_if(cases, [](const cases::Case& c) { return c.online() && c.accepted == cases::kNoDay; }), 0);
}

}  // namespace
}  // namespace landfall::city
