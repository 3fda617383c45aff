// SPDX-License-Identifier: Apache-2.0
// Which industry appears next in a place: a pair (place, industry) that has no company listed before a cut, and has one
// before the end of the years that follow.
//
// Protocol: features are computed from companies listed before the cut alone; a model is trained on the window
// [from, to) and tested on a later one; weights and penalty come from the training years only. Years are cut at
// 1 January: "2018" means listed before 2018-01-01.
//
// Limits of such data, printed with every result: the list holds companies that are listed today (those that left are
// missing, so the past looks emptier than it was), with today's industry and seat; a listing is not a founding; small
// places have few companies.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/forecast/logistic.h"
#include "analysis/forecast/metrics.h"
#include "base/day.h"
#include "base/hash.h"
#include "base/result.h"

namespace landfall::chain::forecast {

struct Listings {
  struct Row {
    std::uint32_t place, industry;
    Day listed;
  };
  std::vector<std::string> places, industries;  // Numbered; each name once.
  std::vector<Row> rows;
};

inline Day NewYear(int year) { return Day(std::chrono::year(year) / std::chrono::January / 1); }

enum class IndustryFeature : std::uint8_t {
  kPopularity,          // log companies of the industry
  kSize,                // log companies of the place
  kDiversity,           // log industries of the place
  kUbiquity,            // log places of the industry
  kDiversityUbiquity,   // their product
  kIndustryRecent,      // log companies of the industry, each counted e^(−years/3)
  kPlaceRecent,         // the same of the place
  kIndustryGrowth,      // log companies the industry gained in the last half window
  kIndustrySpread,      // log places the industry entered in the last window
  kExpected,            // log(1 + recent of the industry × recent of the place / recent of all): arrivals by chance
  kDensity,             // relatedness density by presence (Hidalgo et al. 2007)
  kDensityLog,          // its log
  kDensitySpecialised,  // density by location quotient ≥ 1
  kSimilarPlaces,       // share of places with a like structure that have the industry
  kPattern,             // what the five strongest patterns of the table predict
  kSiblings,            // companies in industries of like name
  kSiblingsRecent,      // the same of the last window
  kAge,                 // years since the first company of the industry
};
inline constexpr std::size_t kIndustryFeatures = static_cast<std::size_t>(IndustryFeature::kAge) + 1;
std::span<const std::string_view> IndustryFeatureNames();
// The family of a feature, for readers: "popularity", "growth", "density" …
std::string_view IndustryFamilyOf(std::size_t feature);

// Pairs of places and industries that have a company at a cut.
struct IndustryPanel {
  struct Pair {
    std::uint32_t place, industry;
    double companies;  // At the cut; 0 of an empty pair.
  };
  std::vector<Pair> pairs;
  std::vector<double> features;  // Pair by pair; on the panel's own scale: mean 0, deviation 1 over its empty pairs.
  std::vector<double> popularity, density, diversity_ubiquity, expected;  // Plain ways, as they are.
  std::span<const double> Row(std::size_t pair) const {
    return std::span(features).subspan(pair * kIndustryFeatures, kIndustryFeatures);
  }
};

// Errors (kInvalid): chain.forecast_matrix_too_small (fewer than 3 places or industries at the cut),
// chain.forecast_matrix_too_large (more
// than 2,000 industries or places), chain.forecast_too_few_cases (no empty pair).
// Precondition: years ≥ 1. Cost: O(places × industries²), 20 ms for 32 × 110.
enum class Pairs : std::uint8_t { kEmpty, kAll };  // Only what is asked about, or also what has companies already.
Result<IndustryPanel> MakePanel(const Listings& listings, int cut_year, int years, Pairs pairs = Pairs::kEmpty);
// For each pair, whether it has a company listed in [cut, end).
std::vector<char> Appeared(const Listings& listings, const IndustryPanel& panel, int cut_year, int end_year);

// Learnt from all pairs: that another company of an industry came tells what draws it as well as the first does. Two
// further columns, whether a pair has companies and the log of how many, keep that apart; they are 0 where it counts.
struct IndustryModel {
  int from = 0, to = 0;  // Trained on what appeared in [from, to).
  double penalty = 0;    // Chosen inside the training window, places in turn being left out.
  // How the same way of training did inside the training years: fitted on the window before, tested on [from, to). NaN
  // where the file does not reach back so far.
  double inner_average_precision = 0, inner_auc = 0;
  std::size_t cases = 0, positives = 0;
  Logistic logistic;  // Of IndustryFeatures.
  Digest training;    // Of the companies listed before `to`.
};

// Errors (kInvalid): chain.forecast_years (from < to, 1991 … 2100, at most 20 years), chain.forecast_window_not_covered
// (the last company was listed before 1 January of `to`: the window is cut short), chain.forecast_too_few_cases (fewer
// than 20 positives), and those of MakePanel.
Result<IndustryModel> TrainIndustry(const Listings& listings, int from, int to);

// SHA-256 over the companies listed before a year, in canonical order.
Digest ListingsDigest(const Listings& listings, int before_year);

struct IndustryEvaluation {
  std::size_t cases = 0, positives = 0;
  std::size_t new_names = 0;  // Appearances of places or industries without a company at the cut: no way can rank them.
  bool same_history = true;   // The file's companies before model.to are those the model was trained on.
  struct Way {
    std::string_view name;
    CurveMetrics metrics;
  };
  std::vector<Way> ways;        // The model first.
  RankingMetrics within_place;  // Rank of each appearance among the empty pairs of its place, by the model.
  Calibration calibration;
};

// Errors (kInvalid): chain.forecast_trained_after_cut (model.to > from), chain.forecast_years,
// chain.forecast_window_not_covered, chain.forecast_too_few_cases, and those of MakePanel.
Result<IndustryEvaluation> EvaluateIndustry(const Listings& listings, const IndustryModel& model, int from, int to,
                                            std::uint64_t seed);

struct IndustryOutlook {
  std::uint32_t place, industry;
  double probability;                       // Of a company within model.to − model.from years.
  std::vector<double> contributions;        // Of each feature to the log odds, against the average pair.
  std::size_t rank_expected, rank_density;  // Its place by two plain ways; of equals the first.
};
// The industries a place does not have, most probable first. Errors: chain.forecast_trained_after_cut,
// chain.forecast_years, chain.forecast_window_not_covered (the list ends a year or more before `at`),
// chain.forecast_place_unknown (kNotFound), and those of MakePanel.
Result<std::vector<IndustryOutlook>> PredictIndustries(const Listings& listings, const IndustryModel& model, int at,
                                                       std::string_view place);

}  // namespace landfall::chain::forecast
