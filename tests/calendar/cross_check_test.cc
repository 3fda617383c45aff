// SPDX-License-Identifier: Apache-2.0
// The catalogue's days against two public collections of them. Neither is ours; both are read here only.
#include <fmt/format.h>
#include <simdjson.h>

#include "support/test_data.h"
#include "tests/calendar/calendar_fixture.h"

namespace landfall::test {
namespace {

constexpr Day kFrom = MakeDay(2007, 1, 1), kUntil = MakeDay(2026, 12, 31);

TEST(CrossCheck, EveryDayOfTwentyYearsIsAsChineseDaysHasIt) {
  LF_NEEDS_DATA("calendar-cn/chinese-days-1.5.7.json");
  simdjson::dom::parser parser;
  const std::string json = ReadFile(TestData() / "calendar-cn/chinese-days-1.5.7.json");
  const simdjson::dom::element root = parser.parse(json);
  const auto calendar = National();

  int days = 0;
  for (Day day = kFrom; day <= kUntil; day += std::chrono::days(1), ++days) {
    const std::string iso = FormatDay(day);
    const bool weekend = std::chrono::weekday(day).iso_encoding() > 5;
    const bool off = root["holidays"][iso].error() == simdjson::SUCCESS;
    const bool on = root["workdays"][iso].error() == simdjson::SUCCESS;
    const WorkDayAnswer expected{on || (!weekend && !off), false};
    EXPECT_EQ(calendar->IsWorkDay(day).value(), expected) << iso;
  }

  EXPECT_EQ(days, 7305);
}

TEST(CrossCheck, EveryDayThatHolidayCnListsIsSetByANotice) {
  LF_NEEDS_DATA("calendar-cn/2007.json");
  const auto calendar = National();

  int listed = 0;
  for (int year = 2007; year <= 2026; ++year) {
    simdjson::dom::parser parser;
    const std::string json = ReadFile(TestData() / fmt::format("calendar-cn/{}.json", year));
    const simdjson::dom::element root = parser.parse(json);
    for (const simdjson::dom::element day : root["days"].get_array()) {
      const std::string iso(day["date"].get_string().value());
      const DayReason reason = calendar->Why(D(iso)).value();
      EXPECT_EQ(reason.answer.works, !day["isOffDay"].get_bool().value()) << iso;
      EXPECT_EQ(reason.cause, DayReason::Cause::kNotice) << iso;
      EXPECT_EQ(reason.name, day["name"].get_string().value()) << iso;
      ++listed;
    }
  }

  EXPECT_EQ(listed, 678);
}

}  // namespace
}  // namespace landfall::test
