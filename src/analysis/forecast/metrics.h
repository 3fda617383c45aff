// SPDX-License-Identifier: Apache-2.0
// How good a ranking or a probability was, with an interval for each figure.
//
// Ties are never broken in our favour: a rank among equals is their mean, AUC counts a tie as one half, and average
// precision treats equal scores as one step.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace landfall::chain::forecast {

// A figure and the 95 % interval of its bootstrap (percentile method, Efron 1979).
struct Estimate {
  double value = 0, low = 0, high = 0;
};

// Scored cases, some of them positive.
struct ScoredCase {
  double score = 0;
  bool positive = false;
};
// The chance that a positive stands above a negative (Mann-Whitney). NaN without a positive or without a negative.
double AreaUnderCurve(std::span<const ScoredCase> cases);
// Mean precision over the positives, best scores first. NaN without a positive. Cost of both: O(n log n).
double AveragePrecision(std::span<const ScoredCase> cases);
// Share of positives among the `k` best; of a tie at the edge, the share that fits.
double PrecisionAt(std::span<const ScoredCase> cases, std::size_t k);

struct CurveMetrics {
  Estimate auc, average_precision;
  Estimate ahead;  // Average precision of the first way less that of this one, over the same draws.
  double precision_at_10 = 0, precision_at_50 = 0, precision_at_100 = 0;
};
// Each way gives every case a score. The bootstrap draws cases, the same for all ways, so that a difference is that of
// the ways and not of the draws. Cost: `draws` × ways × O(n).
std::vector<CurveMetrics> MeasureCurves(std::span<const std::vector<double>> ways, std::span<const char> positive,
                                        std::uint64_t seed, int draws = 1000);

// The mean with its interval.
Estimate MeasureMean(std::span<const double> values, std::uint64_t seed, int draws = 1000);

// Ranks of the one right answer of each question, from 1; halves come from ties.
struct RankingMetrics {
  Estimate mean_reciprocal_rank, hits_at_1, hits_at_10;
  double hits_at_3 = 0, hits_at_50 = 0;
  double precision_at_10 = 0;  // hits@10 / 10, since each question has one right answer.
  double auc = 0;              // Mean share of wrong answers below the right one.
  double median_rank = 0;
};
RankingMetrics MeasureRanks(std::span<const double> ranks, std::span<const double> candidates, std::uint64_t seed,
                            int draws = 1000);

// Probabilities against what happened.
struct Calibration {
  struct Bin {
    double predicted = 0;  // Mean probability of the bin.
    double observed = 0;   // Share that happened.
    std::size_t cases = 0;
  };
  std::vector<Bin> bins;      // By rising probability, as equal in number as ties allow; at most 10.
  double brier = 0;           // Mean squared error of the probability.
  double brier_of_rate = 0;   // The same of always saying the mean rate: what a useful forecast must be below.
  double expected_error = 0;  // Mean |predicted − observed| over bins, weighted by cases.
};
struct Forecast {
  double probability = 0;
  bool happened = false;
};
Calibration MeasureCalibration(std::span<const Forecast> forecasts);

}  // namespace landfall::chain::forecast
