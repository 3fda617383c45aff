// SPDX-License-Identifier: Apache-2.0
#include "analysis/forecast/metrics.h"

#include <gtest/gtest.h>

#include <cmath>

#include "analysis/forecast/logistic.h"
#include "analysis/forecast/random.h"

namespace landfall::chain::forecast {
namespace {

TEST(ForecastMetrics, KnownRankingHasTheAreaAndPrecisionCountedByHand) {
  const std::vector<ScoredCase> cases = {{.9, true}, {.8, false}, {.7, true}, {.6, false}, {.5, false}};

  // Of 6 pairs of a positive and a negative 5 are in order; precision at the positives is 1 and 2/3.
  EXPECT_DOUBLE_EQ(AreaUnderCurve(cases), 5.0 / 6);
  EXPECT_DOUBLE_EQ(AveragePrecision(cases), (1 + 2.0 / 3) / 2);
  EXPECT_DOUBLE_EQ(PrecisionAt(cases, 3), 2.0 / 3);
}

TEST(ForecastMetrics, TiesAreNeverBrokenInOurFavour) {
  // Given scores that say nothing at all, in both orders of the labels
  const std::vector<ScoredCase> first = {{1, true}, {1, false}, {1, false}, {1, false}};
  const std::vector<ScoredCase> last = {{1, false}, {1, false}, {1, false}, {1, true}};

  for (const auto& cases : {first, last}) {
    EXPECT_DOUBLE_EQ(AreaUnderCurve(cases), 0.5);
    EXPECT_DOUBLE_EQ(AveragePrecision(cases), 0.25);
    EXPECT_DOUBLE_EQ(PrecisionAt(cases, 2), 0.25);
  }
}

TEST(ForecastMetrics, WithoutPositivesThereIsNoFigure) {
  const std::vector<ScoredCase> cases = {{1, false}, {2, false}};

  EXPECT_TRUE(std::isnan(AreaUnderCurve(cases)));
  EXPECT_TRUE(std::isnan(AveragePrecision(cases)));
}

TEST(ForecastMetrics, TheBootstrapIsRepeatableAndHoldsTheFigure) {
  // Given noisy scores of 300 cases
  SplitMix random(7);
  std::vector<double> scores, noise;
  std::vector<char> positive;
  for (int i = 0; i < 300; ++i) {
    positive.push_back(random.Below(5) == 0 ? 1 : 0);
    scores.push_back(positive.back() + static_cast<double>(random.Below(1000)) / 500);
    noise.push_back(static_cast<double>(random.Below(1000)));
  }
  const std::vector<std::vector<double>> ways = {scores, scores, noise};

  const auto once = MeasureCurves(ways, positive, 1, 200), again = MeasureCurves(ways, positive, 1, 200);

  EXPECT_LT(once[0].auc.low, once[0].auc.value);
  EXPECT_GT(once[0].auc.high, once[0].auc.value);
  EXPECT_EQ(once[0].auc.low, again[0].auc.low);
  EXPECT_EQ(once[0].average_precision.high, again[0].average_precision.high);
  // The same way is never ahead of itself, noise is beaten beyond chance.
  EXPECT_EQ(once[1].ahead.low, 0);
  EXPECT_EQ(once[1].ahead.high, 0);
  EXPECT_GT(once[2].ahead.low, 0);
}

TEST(ForecastMetrics, RanksGiveReciprocalsHitsAndTheShareBelow) {
  const std::vector<double> ranks = {1, 4, 20.5}, candidates = {101, 101, 101};

  const RankingMetrics metrics = MeasureRanks(ranks, candidates, 1);

  EXPECT_DOUBLE_EQ(metrics.mean_reciprocal_rank.value, (1 + 0.25 + 1 / 20.5) / 3);
  EXPECT_DOUBLE_EQ(metrics.hits_at_1.value, 1.0 / 3);
  EXPECT_DOUBLE_EQ(metrics.hits_at_3, 1.0 / 3);
  EXPECT_DOUBLE_EQ(metrics.hits_at_10.value, 2.0 / 3);
  EXPECT_DOUBLE_EQ(metrics.precision_at_10, 2.0 / 30);
  EXPECT_DOUBLE_EQ(metrics.auc, (1 + .97 + .805) / 3);
  EXPECT_DOUBLE_EQ(metrics.median_rank, 4);
}

TEST(ForecastMetrics, CalibrationComparesWhatWasSaidWithWhatHappened) {
  // Given 100 cases said to be .2 of which 20 happen, and 100 said to be .8 of which 50 happen
  std::vector<Forecast> forecasts;
  for (int i = 0; i < 100; ++i) {
    forecasts.push_back({.2, i < 20});
    forecasts.push_back({.8, i < 50});
  }

  const Calibration calibration = MeasureCalibration(forecasts);

  ASSERT_EQ(calibration.bins.size(), 2U);
  EXPECT_NEAR(calibration.bins[0].observed, .2, 1e-12);
  EXPECT_NEAR(calibration.bins[1].predicted, .8, 1e-12);
  EXPECT_NEAR(calibration.bins[1].observed, .5, 1e-12);
  EXPECT_NEAR(calibration.expected_error, .15, 1e-12);
  EXPECT_NEAR(calibration.brier, (.2 * .64 + .8 * .04 + .5 * .04 + .5 * .64) / 2, 1e-12);
  EXPECT_NEAR(calibration.brier_of_rate, .35 * .65, 1e-12);
}

TEST(ForecastLogistic, OneBinaryFeatureGivesTheLogOddsOfItsTwoGroups) {
  // Given 8 of 20 where the feature is 1, 2 of 20 where it is 0, and next to no penalty
  std::vector<double> rows;
  std::vector<char> positive;
  for (int i = 0; i < 20; ++i) {
    rows.push_back(1);
    positive.push_back(i < 8 ? 1 : 0);
    rows.push_back(0);
    positive.push_back(i < 2 ? 1 : 0);
  }

  const auto model = FitLogistic(rows, positive, 1e-9);

  ASSERT_TRUE(model);
  EXPECT_NEAR(model->intercept, std::log(2.0 / 18), 1e-6);
  EXPECT_NEAR(model->weights[0], std::log(8.0 / 12) - std::log(2.0 / 18), 1e-6);
  const double one[] = {1};
  EXPECT_NEAR(model->Probability(one), .4, 1e-6);
}

TEST(ForecastLogistic, ASeparableFeatureStaysFiniteUnderThePenalty) {
  const std::vector<double> rows = {-1, -2, 1, 2};
  const std::vector<char> positive = {0, 0, 1, 1};

  const auto loose = FitLogistic(rows, positive, 0.01), tight = FitLogistic(rows, positive, 10);

  ASSERT_TRUE(loose && tight);
  EXPECT_TRUE(std::isfinite(loose->weights[0]));
  EXPECT_GT(loose->weights[0], tight->weights[0]);
  EXPECT_GT(tight->weights[0], 0);
}

TEST(ForecastLogistic, CasesThatAllEndAlikeAreRefused) {
  const std::vector<double> rows = {1, 2};
  const std::vector<char> positive = {1, 1};

  const auto model = FitLogistic(rows, positive, 1);

  ASSERT_FALSE(model);
  EXPECT_EQ(model.error().code, "chain.forecast_too_few_cases");
}

}  // namespace
}  // namespace landfall::chain::forecast
