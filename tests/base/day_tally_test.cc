// SPDX-License-Identifier: Apache-2.0
#include "base/day_tally.h"

#include <gtest/gtest.h>

#include "base/seam.h"

namespace landfall::test {
namespace {

TEST(DayTally, GatheredAndSettledCountsAsWhatWasAddedOneByOne) {
  SeededRandom random(7);
  DayTally added, gathered;
  std::vector<std::int32_t> days{DayNumber(kFirstDay), DayNumber(kLastDay)};
  for (int i = 0; i < 2'000; ++i)
    days.push_back(DayNumber(MakeDay(2020, 1, 1)) + static_cast<int>(random.Next() % 900));
  for (const std::int32_t day : days) {
    added.Add(day, +1);
    gathered.Gather(day, +1);
  }
  gathered.Settle();
  gathered.Add(days[5], -1);
  added.Add(days[5], -1);

  EXPECT_EQ(gathered.total(), 2'001);
  for (std::int32_t day = DayNumber(MakeDay(2019, 12, 1)); day < DayNumber(MakeDay(2022, 12, 1)); ++day)
    ASSERT_EQ(gathered.UpTo(day), added.UpTo(day)) << day;
  EXPECT_EQ(gathered.UpTo(DayNumber(kFirstDay)), 1);
  EXPECT_EQ(gathered.UpTo(DayNumber(kLastDay)), 2'001);
}

TEST(DayTally, WithoutDaysSettlesAsNothing) {
  DayTally tally;
  tally.Settle();
  EXPECT_EQ(tally.UpTo(DayNumber(kLastDay)), 0);
}

}  // namespace
}  // namespace landfall::test
