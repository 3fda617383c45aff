// SPDX-License-Identifier: Apache-2.0
#include "analysis/forecast/industry.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "analysis/forecast/model_file.h"
#include "analysis/forecast/random.h"
#include "cli/tools/chain_forecast.h"
#include "support/test_data.h"

namespace landfall::chain::forecast {
namespace {

constexpr const char* kListed = "listed-companies/stock_basic_area.csv";

// Places of different size, industries of different reach, and companies that come where their industry's relatives
// are.
Listings MadeUp(std::uint64_t seed) {
  Listings out;
  for (int i = 0; i < 12; ++i) out.places.push_back("place" + std::to_string(i));
  for (int i = 0; i < 24; ++i) out.industries.push_back("industry" + std::to_string(i));
  SplitMix random(seed);
  for (int i = 0; i < 900; ++i) {
    const std::size_t place = std::min(random.Below(12), random.Below(12));
    const std::size_t family = place % 3;
    const std::size_t industry =
        random.Below(4) == 0 ? random.Below(24) : family * 8 + std::min(random.Below(8), random.Below(8));
    out.rows.push_back({static_cast<std::uint32_t>(place), static_cast<std::uint32_t>(industry),
                        NewYear(1995) + std::chrono::days(random.Below(365 * 27))});
  }
  out.rows.push_back({0, 0, NewYear(2022)});
  return out;
}

TEST(ForecastIndustry, APanelHoldsExactlyThePairsWithoutCompanyAtTheCut) {
  const Listings listings = MadeUp(1);

  const auto panel = MakePanel(listings, 2010, 5);

  ASSERT_TRUE(panel);
  std::set<std::pair<std::uint32_t, std::uint32_t>> present, places_and_industries;
  std::set<std::uint32_t> places, industries;
  for (const Listings::Row& row : listings.rows)
    if (row.listed < NewYear(2010)) {
      present.emplace(row.place, row.industry);
      places.insert(row.place);
      industries.insert(row.industry);
    }
  EXPECT_EQ(panel->pairs.size(), places.size() * industries.size() - present.size());
  for (const auto& pair : panel->pairs) EXPECT_FALSE(present.contains({pair.place, pair.industry}));
}

TEST(ForecastIndustry, WhatIsListedAfterTheCutChangesNoFeature) {
  // Given the same list, and one whose later rows are quite others
  const Listings listings = MadeUp(2);
  Listings changed = listings;
  for (Listings::Row& row : changed.rows)
    if (row.listed >= NewYear(2012)) row.industry = (row.industry + 7) % 24;

  const auto panel = MakePanel(listings, 2012, 6), other = MakePanel(changed, 2012, 6);

  ASSERT_TRUE(panel && other);
  EXPECT_EQ(panel->features, other->features);
}

TEST(ForecastIndustry, WhatIsListedAfterTheWindowChangesNoByteOfTheModel) {
  const Listings listings = MadeUp(3);
  Listings changed = listings;
  std::erase_if(changed.rows, [](const auto& row) { return row.listed >= NewYear(2014); });
  changed.rows.push_back({3, 3, NewYear(2014)});  // So that the window is covered.

  const auto model = TrainIndustry(listings, 2008, 2014), other = TrainIndustry(changed, 2008, 2014);

  ASSERT_TRUE(model && other);
  EXPECT_EQ(WriteModel(*model), WriteModel(*other));
}

TEST(ForecastIndustry, TheOrderOfRowsChangesNoByteOfTheModel) {
  const Listings listings = MadeUp(4);
  Listings shuffled = listings;
  SplitMix random(4);
  DrawFront(shuffled.rows, shuffled.rows.size(), random);

  const auto model = TrainIndustry(listings, 2008, 2014), other = TrainIndustry(shuffled, 2008, 2014);

  ASSERT_TRUE(model && other);
  EXPECT_EQ(model->training, other->training);
  for (std::size_t f = 0; f < kIndustryFeatures; ++f)
    EXPECT_NEAR(model->logistic.weights[f], other->logistic.weights[f], 1e-9) << IndustryFeatureNames()[f];
}

TEST(ForecastIndustry, AModelIsNotTestedOnYearsItSaw) {
  const Listings listings = MadeUp(5);
  const auto model = TrainIndustry(listings, 2008, 2014);
  ASSERT_TRUE(model);

  const auto seen = EvaluateIndustry(listings, *model, 2013, 2018, 1);
  const auto fair = EvaluateIndustry(listings, *model, 2014, 2018, 1);
  const auto outlook = PredictIndustries(listings, *model, 2013, "place3");

  ASSERT_FALSE(seen);
  EXPECT_EQ(seen.error().code, "chain.forecast_trained_after_cut");
  EXPECT_TRUE(fair) << fair.error().code;
  ASSERT_FALSE(outlook);
  EXPECT_EQ(outlook.error().code, "chain.forecast_trained_after_cut");
}

TEST(ForecastIndustry, AnotherHistoryThanThatOfTheTrainingIsNoticed) {
  const Listings listings = MadeUp(6);
  const auto model = TrainIndustry(listings, 2008, 2014);
  ASSERT_TRUE(model);
  Listings changed = listings;
  changed.rows.push_back({1, 1, NewYear(2001)});

  EXPECT_TRUE(EvaluateIndustry(listings, *model, 2014, 2018, 1)->same_history);
  EXPECT_FALSE(EvaluateIndustry(changed, *model, 2014, 2018, 1)->same_history);
}

TEST(ForecastIndustry, WindowsThatCannotBeJudgedAreRefused) {
  const Listings listings = MadeUp(7);
  Listings small;
  small.places = {"a", "b"};
  small.industries = {"x", "y", "z"};
  small.rows = {{0, 0, NewYear(1995)}, {1, 1, NewYear(1996)}, {0, 2, NewYear(2020)}};

  EXPECT_EQ(TrainIndustry(listings, 2014, 2014).error().code, "chain.forecast_years");
  EXPECT_EQ(TrainIndustry(listings, 1980, 1990).error().code, "chain.forecast_years");
  EXPECT_EQ(TrainIndustry(listings, 2018, 2040).error().code, "chain.forecast_years");
  EXPECT_EQ(TrainIndustry(listings, 2018, 2024).error().code, "chain.forecast_window_not_covered");
  EXPECT_EQ(TrainIndustry(small, 2000, 2010).error().code, "chain.forecast_matrix_too_small");
  EXPECT_EQ(TrainIndustry(Listings{}, 2000, 2010).error().code, "chain.forecast_window_not_covered");
}

TEST(ForecastIndustry, AnOutlookListsWhatThePlaceLacksAndExplainsEachChance) {
  const Listings listings = MadeUp(8);
  const auto model = TrainIndustry(listings, 2008, 2014);
  ASSERT_TRUE(model);

  const auto outlook = PredictIndustries(listings, *model, 2022, "place3");

  ASSERT_TRUE(outlook) << outlook.error().code;
  ASSERT_FALSE(outlook->empty());
  for (std::size_t i = 0; i < outlook->size(); ++i) {
    const IndustryOutlook& one = (*outlook)[i];
    EXPECT_LE(one.probability, (*outlook)[i == 0 ? 0 : i - 1].probability);
    EXPECT_TRUE(std::none_of(listings.rows.begin(), listings.rows.end(), [&](const Listings::Row& row) {
      return row.place == 3 && row.industry == one.industry && row.listed < NewYear(2022);
    }));
    double log_odds = model->logistic.intercept;
    for (const double part : one.contributions) log_odds += part;
    EXPECT_NEAR(one.probability, 1 / (1 + std::exp(-log_odds)), 1e-12);
  }
  EXPECT_EQ(PredictIndustries(listings, *model, 2022, "nowhere").error().code, "chain.forecast_place_unknown");
  EXPECT_EQ(PredictIndustries(listings, *model, 2024, "place3").error().code, "chain.forecast_window_not_covered");
}

TEST(ForecastIndustry, AModelFileReadsBackAsItWasWritten) {
  const auto model = TrainIndustry(MadeUp(9), 2008, 2014);
  ASSERT_TRUE(model);

  const std::string text = WriteModel(*model);
  const auto back = ReadIndustryModel(text);

  ASSERT_TRUE(back) << back.error().detail;
  EXPECT_EQ(WriteModel(*back), text);
  EXPECT_EQ(back->logistic.weights, model->logistic.weights);
  EXPECT_EQ(ReadIndustryModel("{}").error().code, "chain.forecast_model_malformed");
}

// The contract's protocol: trained on 2012 to 2018, tested on 2018 to 2024, beside density alone and diversity ×
// ubiquity.
TEST(ForecastIndustry, ListedCompaniesOf2018To2024AreRankedAsTheContractAsks) {
  LF_NEEDS_DATA(kListed);
  const auto file = cli::ReadListings(test::TestData() / kListed, "utf-8");
  ASSERT_TRUE(file);
  EXPECT_EQ(file->rows.used, 5448U);
  const auto model = TrainIndustry(file->listings, 2012, 2018);
  ASSERT_TRUE(model);

  const auto evaluation = EvaluateIndustry(file->listings, *model, 2018, 2024, 1);

  ASSERT_TRUE(evaluation);
  EXPECT_EQ(evaluation->cases, 2263U);
  EXPECT_EQ(evaluation->positives, 169U);
  std::map<std::string_view, CurveMetrics> ways;
  for (const auto& way : evaluation->ways) ways[way.name] = way.metrics;
  EXPECT_NEAR(ways["density"].average_precision.value, .163, .0005);
  EXPECT_NEAR(ways["diversity_x_ubiquity"].average_precision.value, .2225, .001);
  EXPECT_GE(ways["model"].average_precision.value, .30);
  EXPECT_GE(ways["model"].auc.value, .80);
  EXPECT_GT(ways["density"].ahead.low, 0);
  EXPECT_LT(evaluation->calibration.brier, evaluation->calibration.brier_of_rate);
}

// Not one lucky cut: on others, too, the model stays ahead of the two named ways.
TEST(ForecastIndustry, OtherCutsStayAheadOfDensityAndDiversityTimesUbiquity) {
  LF_NEEDS_DATA(kListed);
  const auto file = cli::ReadListings(test::TestData() / kListed, "utf-8");
  ASSERT_TRUE(file);
  double precision = 0;
  const int cuts[][3] = {{2010, 2016, 2022}, {2011, 2017, 2023}, {2013, 2018, 2023}, {2014, 2019, 2024}};

  for (const auto& cut : cuts) {
    const auto model = TrainIndustry(file->listings, cut[0], cut[1]);
    ASSERT_TRUE(model);
    const auto evaluation = EvaluateIndustry(file->listings, *model, cut[1], cut[2], 1);
    ASSERT_TRUE(evaluation);
    precision += evaluation->ways[0].metrics.average_precision.value / 4;
    for (const auto& way : evaluation->ways) {
      if (way.name != "density" && way.name != "diversity_x_ubiquity") continue;
      EXPECT_GT(way.metrics.ahead.low, 0) << way.name << " at " << cut[1];
    }
  }
  EXPECT_GE(precision, .29);
}

}  // namespace
}  // namespace landfall::chain::forecast
