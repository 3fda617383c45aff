// SPDX-License-Identifier: Apache-2.0
#include "analysis/forecast/metrics.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

#include "analysis/forecast/random.h"
#include "base/result.h"

namespace landfall::chain::forecast {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// Cases by falling score, in steps of equal score, each case counted `times` times.
class Ladder {
 public:
  explicit Ladder(std::span<const ScoredCase> cases) : order_(cases.size()) {
    std::iota(order_.begin(), order_.end(), 0U);
    std::stable_sort(order_.begin(), order_.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return cases[a].score > cases[b].score; });
    step_.resize(cases.size());
    positive_.resize(cases.size());
    for (std::size_t i = 0; i < order_.size(); ++i) {
      if (i > 0 && cases[order_[i]].score != cases[order_[i - 1]].score) ++steps_;
      step_[order_[i]] = steps_;
      positive_[order_[i]] = cases[order_[i]].positive;
    }
    if (!order_.empty()) ++steps_;
  }

  struct Figures {
    double auc, average_precision;
  };
  // `times` counts how often the bootstrap drew each case.
  Figures Measure(std::span<const std::uint32_t> times) const {
    std::vector<double> positives(steps_, 0), all(steps_, 0);
    double total = 0, total_positive = 0;
    for (std::size_t i = 0; i < step_.size(); ++i) {
      all[step_[i]] += times[i];
      if (positive_[i]) positives[step_[i]] += times[i];
    }
    for (std::size_t s = 0; s < steps_; ++s) {
      total += all[s];
      total_positive += positives[s];
    }
    const double negatives = total - total_positive;
    if (total_positive == 0) return {kNaN, kNaN};
    double above = 0, above_positive = 0, area = 0, precision = 0;
    for (std::size_t s = 0; s < steps_; ++s) {
      const double below_negative = negatives - (above - above_positive) - (all[s] - positives[s]);
      area += positives[s] * (below_negative + (all[s] - positives[s]) / 2);
      above += all[s];
      above_positive += positives[s];
      if (above > 0) precision += positives[s] / total_positive * above_positive / above;
    }
    return {negatives == 0 ? kNaN : area / (total_positive * negatives), precision};
  }

 private:
  std::vector<std::uint32_t> order_;
  std::vector<std::size_t> step_;
  std::vector<char> positive_;
  std::size_t steps_ = 0;
};

// The 2.5 and 97.5 per cent points of `values`, which are sorted here; those that are no number are left out.
void SetInterval(Estimate& estimate, std::vector<double> values) {
  std::erase_if(values, [](double v) { return std::isnan(v); });
  if (values.empty()) {
    estimate.low = estimate.high = kNaN;
    return;
  }
  std::sort(values.begin(), values.end());
  const auto at = [&](double share) {
    return values[static_cast<std::size_t>(std::lround(share * static_cast<double>(values.size() - 1)))];
  };
  estimate.low = at(0.025);
  estimate.high = at(0.975);
}

std::vector<std::uint32_t> OneEach(std::size_t n) { return std::vector<std::uint32_t>(n, 1); }

}  // namespace

double AreaUnderCurve(std::span<const ScoredCase> cases) { return Ladder(cases).Measure(OneEach(cases.size())).auc; }

double AveragePrecision(std::span<const ScoredCase> cases) {
  return Ladder(cases).Measure(OneEach(cases.size())).average_precision;
}

double PrecisionAt(std::span<const ScoredCase> cases, std::size_t k) {
  std::vector<ScoredCase> sorted(cases.begin(), cases.end());
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.score > b.score; });
  k = std::min(k, sorted.size());
  if (k == 0) return kNaN;
  double found = 0;
  for (std::size_t i = 0; i < k;) {
    std::size_t end = i;
    double positives = 0;
    for (; end < sorted.size() && sorted[end].score == sorted[i].score; ++end) positives += sorted[end].positive;
    const auto step = static_cast<double>(end - i), fits = static_cast<double>(std::min(end, k) - i);
    found += positives * fits / step;
    i = end;
  }
  return found / static_cast<double>(k);
}

std::vector<CurveMetrics> MeasureCurves(std::span<const std::vector<double>> ways, std::span<const char> positive,
                                        std::uint64_t seed, int draws) {
  const std::size_t n = positive.size();
  std::vector<CurveMetrics> out(ways.size());
  std::vector<Ladder> ladders;
  for (std::size_t w = 0; w < ways.size(); ++w) {
    LF_CHECK(ways[w].size() == n);
    std::vector<ScoredCase> cases(n);
    for (std::size_t i = 0; i < n; ++i) cases[i] = {ways[w][i], positive[i] != 0};
    ladders.emplace_back(cases);
    const auto figures = ladders[w].Measure(OneEach(n));
    out[w].auc.value = figures.auc;
    out[w].average_precision.value = figures.average_precision;
    out[w].ahead.value = out[0].average_precision.value - figures.average_precision;
    out[w].precision_at_10 = PrecisionAt(cases, 10);
    out[w].precision_at_50 = PrecisionAt(cases, 50);
    out[w].precision_at_100 = PrecisionAt(cases, 100);
  }
  SplitMix random(seed);
  std::vector<std::vector<double>> aucs(ways.size()), precisions(ways.size()), aheads(ways.size());
  std::vector<std::uint32_t> times(n);
  for (int d = 0; d < draws && n > 0; ++d) {
    std::fill(times.begin(), times.end(), 0U);
    for (std::size_t i = 0; i < n; ++i) ++times[random.Below(n)];
    for (std::size_t w = 0; w < ways.size(); ++w) {
      const auto drawn = ladders[w].Measure(times);
      aucs[w].push_back(drawn.auc);
      precisions[w].push_back(drawn.average_precision);
      aheads[w].push_back(precisions[0].back() - drawn.average_precision);
    }
  }
  for (std::size_t w = 0; w < ways.size(); ++w) {
    SetInterval(out[w].auc, std::move(aucs[w]));
    SetInterval(out[w].average_precision, std::move(precisions[w]));
    SetInterval(out[w].ahead, std::move(aheads[w]));
  }
  return out;
}

Estimate MeasureMean(std::span<const double> values, std::uint64_t seed, int draws) {
  Estimate out;
  const auto n = static_cast<double>(values.size());
  if (values.empty()) return {kNaN, kNaN, kNaN};
  out.value = std::accumulate(values.begin(), values.end(), 0.0) / n;
  SplitMix random(seed);
  std::vector<double> means;
  for (int d = 0; d < draws; ++d) {
    double sum = 0;
    for (std::size_t i = 0; i < values.size(); ++i) sum += values[random.Below(values.size())];
    means.push_back(sum / n);
  }
  SetInterval(out, std::move(means));
  return out;
}

RankingMetrics MeasureRanks(std::span<const double> ranks, std::span<const double> candidates, std::uint64_t seed,
                            int draws) {
  LF_CHECK(ranks.size() == candidates.size());
  RankingMetrics out;
  std::vector<double> reciprocal, first, ten;
  double three = 0, fifty = 0, below = 0;
  for (std::size_t i = 0; i < ranks.size(); ++i) {
    reciprocal.push_back(1 / ranks[i]);
    first.push_back(ranks[i] <= 1 ? 1 : 0);
    ten.push_back(ranks[i] <= 10 ? 1 : 0);
    three += ranks[i] <= 3 ? 1 : 0;
    fifty += ranks[i] <= 50 ? 1 : 0;
    below += candidates[i] > 1 ? (candidates[i] - ranks[i]) / (candidates[i] - 1) : 1;
  }
  out.mean_reciprocal_rank = MeasureMean(reciprocal, seed, draws);
  out.hits_at_1 = MeasureMean(first, seed, draws);
  out.hits_at_10 = MeasureMean(ten, seed, draws);
  const auto n = static_cast<double>(ranks.size());
  out.hits_at_3 = three / n;
  out.hits_at_50 = fifty / n;
  out.precision_at_10 = out.hits_at_10.value / 10;
  out.auc = below / n;
  std::vector<double> sorted(ranks.begin(), ranks.end());
  std::sort(sorted.begin(), sorted.end());
  out.median_rank = sorted.empty() ? kNaN : sorted[(sorted.size() - 1) / 2];
  return out;
}

Calibration MeasureCalibration(std::span<const Forecast> forecasts) {
  constexpr std::size_t kBinsMax = 10;
  Calibration out;
  if (forecasts.empty()) return out;
  std::vector<Forecast> sorted(forecasts.begin(), forecasts.end());
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.probability < b.probability; });
  const auto n = static_cast<double>(sorted.size());
  double happened = 0;
  for (const Forecast& f : sorted) {
    const double y = f.happened ? 1 : 0;
    happened += y;
    out.brier += (f.probability - y) * (f.probability - y) / n;
  }
  out.brier_of_rate = happened / n * (1 - happened / n);
  std::size_t begin = 0;
  for (std::size_t b = 1; b <= kBinsMax && begin < sorted.size(); ++b) {
    std::size_t end = std::max(begin + 1, sorted.size() * b / kBinsMax);
    while (end < sorted.size() && sorted[end].probability == sorted[end - 1].probability) ++end;
    Calibration::Bin bin;
    bin.cases = end - begin;
    for (std::size_t i = begin; i < end; ++i) {
      bin.predicted += sorted[i].probability / static_cast<double>(bin.cases);
      bin.observed += (sorted[i].happened ? 1.0 : 0.0) / static_cast<double>(bin.cases);
    }
    out.expected_error += std::abs(bin.predicted - bin.observed) * static_cast<double>(bin.cases) / n;
    out.bins.push_back(bin);
    begin = end;
  }
  return out;
}

}  // namespace landfall::chain::forecast
