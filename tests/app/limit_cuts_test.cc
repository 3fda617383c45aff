// SPDX-License-Identifier: Apache-2.0
// 事项时限压缩过半: the share that a place publishes follows from the versions of its catalogue
// (docs/acceptance-cases.md, 4).
#include "app/limit_cuts.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace landfall::app {
namespace {

using approval::Catalogue;

std::string LimitText(std::string_view field, int days, std::string_view unit = "work_days") {
  return days < 0 ? std::string() : fmt::format(R"(,"{}":{{"days":{},"unit":"{}"}})", field, days, unit);
}
std::string MatterText(std::string_view id, int version, std::string_view in_force, const std::string& limits) {
  return fmt::format(
      R"({{"id":"{}","version":{},{},"zh":"示例","en":"sample","department":"reform","level":"district","kind":"filing","law":"示例","source":"示例","confirmed":false{}}})",
      id, version, in_force, limits);
}

// Twenty matters of twenty working days. A reform promises ten or fewer for thirteen of them, eleven for four; two stay
// as they were and one takes longer. A matter with no promise and no limit, one whose unit changes and one that is new
// are no part of the share.
Catalogue Reformed(int first_promise = 10) {
  std::string matters;
  const auto add = [&](const std::string& text) { matters += (matters.empty() ? "" : ",") + text; };
  for (int i = 0; i < 20; ++i) {
    const std::string id = fmt::format("m-{:02}", i);
    const int promise = i == 0 ? first_promise : i < 12 ? 10 : i == 12 ? 0 : i < 17 ? 11 : i < 19 ? 20 : 25;
    add(MatterText(id, 1, R"("from":"2018-01-01","until":"2018-12-31")", LimitText("statutory", 20)));
    add(MatterText(id, 2, R"("from":"2019-01-01")", LimitText("statutory", 30) + LimitText("promised", promise)));
  }
  add(MatterText("n-1", 1, R"("from":"2018-01-01")", ""));
  add(MatterText("n-2", 1, R"("from":"2018-01-01","until":"2018-12-31")", LimitText("statutory", 20)));
  add(MatterText("n-2", 2, R"("from":"2019-01-01")", LimitText("statutory", 5, "calendar_days")));
  add(MatterText("n-3", 1, R"("from":"2019-01-01")", LimitText("statutory", 5)));
  const std::string file =
      fmt::format(R"({{"departments":[{{"id":"reform","zh":"示例局","en":"office"}}],"matters":[{}]}})", matters);
  const EmbeddedFile files[] = {{"matters/sample.json", file}};
  return Catalogue::Load(files).value();
}

const Day kBefore = MakeDay(2018, 6, 1), kAfter = MakeDay(2019, 6, 1);

TEST(LimitCuts, ShareOfMattersHalvedFollowsFromTheirVersions) {
  const LimitCuts cuts = CompareLimits(Reformed(), kAfter, kBefore).value();

  EXPECT_EQ(cuts.halved, 13);
  EXPECT_EQ(cuts.shorter, 4);
  EXPECT_EQ(cuts.same, 2);
  EXPECT_EQ(cuts.longer, 1);
  EXPECT_EQ(cuts.comparable, 20);
  EXPECT_EQ(cuts.halved_tenths, 650);
  EXPECT_EQ(cuts.incomparable, 2);
  EXPECT_EQ(cuts.fresh, 1);
  EXPECT_EQ(cuts.rows.size(), 23u);
  EXPECT_EQ(cuts.rows[12].is->days.value, 0);
}

TEST(LimitCuts, OneDayMoreInOneMatterMissesTheClaim) {
  const LimitCuts cuts = CompareLimits(Reformed(11), kAfter, kBefore).value();

  EXPECT_EQ(cuts.halved, 12);
  EXPECT_EQ(cuts.halved_tenths, 600);
}

TEST(LimitCuts, WithoutAnEarlierDayTheLawIsTheMeasure) {
  const LimitCuts cuts = CompareLimits(Reformed(), kAfter, std::nullopt).value();

  // 30 days of the law: 10, 11 and 0 are half or less, 20 and 25 are not.
  EXPECT_EQ(cuts.halved, 17);
  EXPECT_EQ(cuts.shorter, 3);
  EXPECT_EQ(cuts.same, 2);  // Nothing promised: the law's own.
  EXPECT_EQ(cuts.fresh, 0);
  EXPECT_EQ(cuts.halved_tenths, 772);  // 17 of 22 are 77.27 %: never rounded up.
}

TEST(LimitCuts, DaysMustFollowEachOther) {
  EXPECT_EQ(CompareLimits(Reformed(), kBefore, kAfter).error().code, "approval.days_reversed");
  const LimitCuts none = CompareLimits(Reformed(), MakeDay(2017, 1, 1), std::nullopt).value();
  EXPECT_TRUE(none.rows.empty());
  EXPECT_FALSE(none.halved_tenths.has_value());
}

}  // namespace
}  // namespace landfall::app
