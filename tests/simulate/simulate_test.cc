// SPDX-License-Identifier: Apache-2.0
// Simulated machine rooms and power cuts, from seeds. Fast: a slice, its size printed; LANDFALL_TEST_ALL=1: 10,000
// seeds and 100,000 power-cut states.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>

#include "simulate/power_cuts.h"
#include "simulate/run_seeds.h"
#include "support/test_data.h"

namespace landfall::simulate {
namespace {

class Stopwatch {
 public:
  double Seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

TEST(Simulate, SeedsKeepEveryPromise) {
  const SeedRange range{1, landfall::test::TestAll() ? 10'000u : 150u};
  const Stopwatch watch;
  const SeedsReport report = RunSeeds(range, {});
  EXPECT_TRUE(report.violations.empty()) << ToText(report, {});
  EXPECT_EQ(report.seeds, range.last);
  // The faults did strike, and work went on between them.
  EXPECT_GT(report.counts.power_cuts, report.seeds / 2);
  EXPECT_GT(report.counts.kills, 0u);
  EXPECT_GT(report.counts.refused_calls, 0u);
  EXPECT_GT(report.counts.clock_jumps, 0u);
  EXPECT_GT(report.counts.repeated, 0u);
  EXPECT_GT(report.counts.acknowledged, 10 * report.seeds);
  fmt::print("{}{:.0f} seeds/s\n", ToText(report, {}), static_cast<double>(report.seeds) / watch.Seconds());
}

TEST(Simulate, SameSeedSameTraceAndAnotherSeedAnother) {
  for (const std::uint64_t seed : {3u, 8u, 21u}) {
    const SeedOutcome first = Simulate(seed);
    const SeedOutcome between = Simulate(seed + 1000);
    const SeedOutcome second = Simulate(seed);
    EXPECT_EQ(first.trace, second.trace) << seed;
    EXPECT_EQ(first.counts.requests, second.counts.requests) << seed;
    EXPECT_NE(first.trace, between.trace) << seed;
  }
}

// The planted fault: a disk that says it has synced and has not. If this were not found, nothing above would mean much.
TEST(Simulate, DiskThatLiesAboutSyncIsFoundAndTheCommandRepeatsIt) {
  SeedsOptions options;
  options.sync_lies = true;
  options.violations_max = 1;
  const SeedsReport report = RunSeeds({1, 100}, options);
  ASSERT_EQ(report.violations.size(), 1u);
  const Violation& found = report.violations[0];
  EXPECT_EQ(found.repeat, fmt::format("landfall simulate --seeds {0}..{0} --plant lying-sync", found.seed));
  const SeedsReport again = RunSeeds({found.seed, found.seed}, options);
  ASSERT_EQ(again.violations.size(), 1u);
  EXPECT_EQ(again.violations[0].what, found.what);
  EXPECT_NE(ToText(again, options).find("repeat: " + found.repeat + "\n"), std::string::npos);
}

TEST(PowerCuts, EveryStateOpensAndHoldsWhatWasAcknowledged) {
  const std::uint64_t wanted = landfall::test::TestAll() ? 100'000 : 1'500;
  const Stopwatch watch;
  std::uint64_t states = 0, changes = 0, under_way = 0, unmade = 0, seed = 0;
  while (states < wanted) {
    PowerCutOptions options;
    options.states_max = wanted - states;
    const PowerCutOutcome outcome = CheckPowerCuts(++seed, options);
    ASSERT_EQ(outcome.violation, "") << "repeat: landfall simulate --power-cuts --seeds " << seed << ".." << seed;
    ASSERT_GT(outcome.states, 0u);
    states += outcome.states;
    changes += outcome.changes;
    under_way += outcome.under_way;
    unmade += outcome.unmade;
  }
  EXPECT_GT(under_way, 0u);
  EXPECT_GT(unmade, 0u);
  EXPECT_LT(unmade, states / 2);
  fmt::print("{} states of {} runs with {} changes, {} with the commit that was under way, {:.0f} states/s\n", states,
             seed, changes, under_way, static_cast<double>(states) / watch.Seconds());
}

TEST(PowerCuts, DiskThatLiesAboutSyncIsFound) {
  PowerCutOptions options;
  options.sync_lies = true;
  EXPECT_NE(CheckPowerCuts(1, options).violation, "");
}

TEST(PowerCuts, SameSeedSameStates) {
  PowerCutOptions options;
  options.states_max = 300;
  EXPECT_EQ(CheckPowerCuts(5, options).trace, CheckPowerCuts(5, options).trace);
}

TEST(Seeds, RangesAreReadAndNonsenseIsRefused) {
  EXPECT_EQ(ParseSeeds("7")->last, 7u);
  EXPECT_EQ(ParseSeeds("1..100")->first, 1u);
  EXPECT_EQ(ParseSeeds("1..100")->last, 100u);
  for (const char* bad :
       {"", "x", "1..", "..2", "5..4", "-1..3", "1...3", "1..99999999999999999999", "1..18446744073709551615"})
    EXPECT_EQ(ParseSeeds(bad).ok() ? "ok" : ParseSeeds(bad).error().code, "simulate.bad_seeds") << bad;
}

}  // namespace
}  // namespace landfall::simulate
