// SPDX-License-Identifier: Apache-2.0
// One invented city for the tests of what was planted in it, and its truth file. What is asked is asked of the
// product's queries; nothing of the generator is looked into but that file.
#pragma once

#include <gtest/gtest.h>
#include <simdjson.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/queries.h"
#include "city.h"
#include "tests/support/ledger_fixture.h"

namespace landfall::city {

using app::test::TempFolder;

inline constexpr Day kUntil = MakeDay(2026, 6, 30);

inline Result<City> Make(const std::string& folder, int projects, std::uint64_t seed = 7) {
  return MakeCity({folder, seed, projects, kUntil});
}

// One thing that was planted.
class Plant {
 public:
  explicit Plant(simdjson::dom::element row) : row_(row) {}
  std::string Text(std::string_view name) const { return std::string(std::string_view(row_[name])); }
  Day DayOf(std::string_view name) const { return ParseDay(Text(name)).value(); }
  std::int64_t Number(std::string_view name) const { return row_[name].get_int64().value(); }
  bool Flag(std::string_view name) const { return row_[name].get_bool().value(); }
  ProjectId project() const { return ProjectId::Parse(Text("project")).value(); }
  ObligationId obligation() const { return ObligationId::Parse(Text("obligation")).value(); }
  UnitId unit() const { return UnitId::Parse(Text("unit")).value(); }

 private:
  simdjson::dom::element row_;
};

// A truth file, read by the names of its members.
class Planted {
 public:
  explicit Planted(const std::string& json) : padded_(json) { root_ = parser_.parse(padded_); }
  // What was planted of a kind; a city that a test looks at has some of each.
  std::vector<Plant> Of(std::string_view kind) const {
    std::vector<Plant> rows;
    for (const simdjson::dom::element row : List(kind)) rows.emplace_back(row);
    EXPECT_FALSE(rows.empty()) << "no " << kind << " was planted";
    return rows;
  }
  std::vector<Day> Days(std::string_view kind) const {
    std::vector<Day> days;
    for (const simdjson::dom::element row : List(kind)) days.push_back(ParseDay(std::string_view(row)).value());
    return days;
  }

 private:
  simdjson::dom::array List(std::string_view kind) const {
    simdjson::dom::array list;
    EXPECT_EQ(root_[kind].get(list), simdjson::SUCCESS) << kind;
    return list;
  }
  simdjson::padded_string padded_;
  simdjson::dom::parser parser_;
  simdjson::dom::element root_;
};

// One city of 300 projects, as it is known on its last day.
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
  void SetUp() override { reader_.emplace(engine_->Read()); }

  const app::State& state() const { return reader_->state(); }
  app::Frame At(Day as_of) const { return {state(), as_of}; }

  static inline TempFolder* temp_ = nullptr;
  static inline Planted* truth_ = nullptr;
  static inline app::Engine* engine_ = nullptr;
  std::optional<app::Engine::Reader> reader_;
};

}  // namespace landfall::city
