// SPDX-License-Identifier: Apache-2.0
// Every working-day answer of twenty years against a walk from day to day, in four time zones.
#include "tests/calendar/naive_walk.h"

#include <cstdlib>
#include <iostream>
#include <set>

#include "base/seam.h"
#include "support/test_data.h"
#include "tests/calendar/calendar_fixture.h"

namespace landfall::test {
namespace {

constexpr int kFarthest = 260;  // A year of working days, in both directions.
constexpr std::uint64_t kSeed = 20261121;
constexpr std::size_t kSliceDays = 300;

// Positions of all 7,305 days of 2007 to 2026, or a seeded slice of them.
std::vector<std::size_t> StartingDays(const NaiveWalk& walk) {
  const std::size_t first = walk.IndexOf("2007-01-01"), last = walk.IndexOf("2026-12-31");
  std::vector<std::size_t> starts;
  if (TestAll()) {
    for (std::size_t at = first; at <= last; ++at) starts.push_back(at);
    return starts;
  }
  SeededRandom random(kSeed);
  std::set<std::size_t> chosen{first, last};
  while (chosen.size() < kSliceDays) chosen.insert(first + random.Next() % (last - first + 1));
  return {chosen.begin(), chosen.end()};
}

class InTimeZone : public ::testing::TestWithParam<const char*> {
  TimeZoneOfMachine zone_{GetParam()};
};

TEST_P(InTimeZone, EveryAnswerEqualsTheNaiveWalk) {
  const NaiveWalk walk(FindEmbedded(EmbeddedCatalog(), "calendar/cn.json"));
  const auto calendar = National();
  const std::vector<std::size_t> starts = StartingDays(walk);

  std::size_t cases = 0, differences = 0;
  for (const std::size_t start : starts) {
    const Day from = D(walk.days()[start].iso);
    const auto compare = [&](int k, const std::string& expected) {
      const Deadline forward = calendar->After(from, WorkDays{k}).value();
      const Deadline mirrored = calendar->Before(from, WorkDays{-k}).value();
      const WorkSpan back = calendar->Between(from, forward.day).value();
      const bool same = FormatDay(forward.day) == expected && mirrored == forward && back.days.count == k &&
                        forward.provisional == (forward.day > D("2026-12-31") || forward.day < D("2006-12-30"));
      ++cases;
      differences += !same;
      if (!same && differences < 10)
        ADD_FAILURE() << walk.days()[start].iso << " " << k << ": " << FormatDay(forward.day) << ", walked to "
                      << expected << ", seed " << kSeed;
    };
    compare(0, walk.days()[start].iso);
    walk.Walk(start, 1, kFarthest, compare);
    walk.Walk(start, -1, kFarthest, [&](int k, const std::string& expected) { compare(-k, expected); });
  }

  EXPECT_EQ(differences, 0u);
  EXPECT_EQ(cases, starts.size() * (2 * kFarthest + 1));
  if (TestAll()) {
    EXPECT_EQ(cases, 7305u * 521u);
  }
  std::cout << "cases " << cases << " of 3805905, seed " << kSeed << ", TZ " << GetParam() << "\n";
}

INSTANTIATE_TEST_SUITE_P(WorkCalendar, InTimeZone,
                         ::testing::Values("Asia/Shanghai", "America/New_York", "America/Sao_Paulo",
                                           "Pacific/Kiritimati"));

}  // namespace
}  // namespace landfall::test
