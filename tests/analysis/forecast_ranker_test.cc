// SPDX-License-Identifier: Apache-2.0
#include "analysis/forecast/ranker.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <numeric>

#include "analysis/forecast/model_file.h"
#include "analysis/forecast/random.h"

namespace landfall::chain::forecast {
namespace {

constexpr std::size_t kFeatures = 3;

float Uniform(SplitMix& random) { return static_cast<float>(random.Below(1'000'000)) / 1'000'000; }

// The candidate with the largest value of feature 1 is chosen, where feature 0 is below a half; else the smallest.
ChoiceSet Questions(std::size_t count, std::uint64_t seed) {
  SplitMix random(seed);
  ChoiceSet data(kFeatures);
  for (std::size_t q = 0; q < count; ++q) {
    const float kind = Uniform(random);
    std::array<std::array<float, kFeatures>, 8> rows;
    std::size_t chosen = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      rows[i] = {kind, Uniform(random), Uniform(random)};
      if (kind < 0.5F ? rows[i][1] > rows[chosen][1] : rows[i][1] < rows[chosen][1]) chosen = i;
    }
    data.BeginQuery();
    for (std::size_t i = 0; i < rows.size(); ++i) data.Add(rows[i], 1, i == chosen);
  }
  return data;
}

double ShareFirst(const Ranker& ranker, const ChoiceSet& data) {
  double first = 0;
  for (std::size_t q = 0; q < data.queries(); ++q) {
    std::size_t best = data.Begin(q);
    for (std::size_t row = data.Begin(q); row < data.End(q); ++row)
      if (ranker.Score(data.Row(row)) > ranker.Score(data.Row(best))) best = row;
    first += best == data.Chosen(q) ? 1 : 0;
  }
  return first / static_cast<double>(data.queries());
}

TEST(ForecastRanker, LearnsARuleThatNoSingleFeatureShows) {
  const ChoiceSet data = Questions(1500, 1), unseen = Questions(500, 2);

  const auto ranker = TrainRanker(data, {}, 1);

  ASSERT_TRUE(ranker);
  EXPECT_GT(ShareFirst(*ranker, unseen), 0.75);  // By chance 0.125.
  EXPECT_GT(ranker->validation, ranker->validation_without + 1);
  EXPECT_NEAR(ranker->validation_without, -std::log(8), 1e-9);
}

TEST(ForecastRanker, ThreadsDoNotChangeAByte) {
  const ChoiceSet data = Questions(3000, 3);

  const auto one = TrainRanker(data, {}, 1), four = TrainRanker(data, {}, 4);

  ASSERT_TRUE(one && four);
  EXPECT_EQ(one->trees, four->trees);
  EXPECT_FALSE(one->trees.empty());
}

TEST(ForecastRanker, NothingToLearnGivesNoTrees) {
  // Given choices that do not depend on any feature
  SplitMix random(5);
  ChoiceSet data(kFeatures);
  for (int q = 0; q < 400; ++q) {
    data.BeginQuery();
    const std::size_t chosen = random.Below(8);
    for (std::size_t i = 0; i < 8; ++i) {
      const std::array<float, kFeatures> row = {Uniform(random), Uniform(random), Uniform(random)};
      data.Add(row, 1, i == chosen);
    }
  }

  const auto ranker = TrainRanker(data, {}, 1);

  ASSERT_TRUE(ranker);
  // The validation cases keep the model from believing noise: at most a trifle is kept.
  EXPECT_LT(ranker->validation - ranker->validation_without, 0.02);
}

TEST(ForecastRanker, ContributionsAddUpToTheScoreLessWhatAllRowsGet) {
  const ChoiceSet data = Questions(500, 7);
  const auto ranker = TrainRanker(data, {}, 1);
  ASSERT_TRUE(ranker);
  double roots = 0;
  for (const Tree& tree : ranker->trees) roots += tree[0].value;

  for (std::size_t row = 0; row < 40; ++row) {
    std::array<double, kFeatures> parts{};
    ranker->Explain(data.Row(row), parts);

    EXPECT_NEAR(std::accumulate(parts.begin(), parts.end(), 0.0), ranker->Score(data.Row(row)) - roots, 1e-9);
  }
}

TEST(ForecastRanker, ADrawnCandidateCountsForAllItStandsFor) {
  // Given the same question once in full, with nine candidates alike, once with one of them that stands for nine
  ChoiceSet full(1), drawn(1);
  SplitMix random(9);
  for (int q = 0; q < 200; ++q) {
    const float good = random.Below(4) == 0 ? 0.0F : 1.0F;
    full.BeginQuery();
    drawn.BeginQuery();
    full.Add(std::array{good}, 1, true);
    drawn.Add(std::array{good}, 1, true);
    for (int i = 0; i < 9; ++i) full.Add(std::array{0.0F}, 1, false);
    drawn.Add(std::array{0.0F}, 9, false);
  }

  RankerOptions options;
  options.leaf_curvature = 0.1;
  const auto of_full = TrainRanker(full, options, 1), of_drawn = TrainRanker(drawn, options, 1);

  ASSERT_TRUE(of_full && of_drawn);
  EXPECT_NEAR(of_full->validation, of_drawn->validation, 0.05);
  EXPECT_NEAR(of_full->validation_without, of_drawn->validation_without, 1e-9);
}

TEST(ForecastRanker, FewCasesAreRefused) {
  const auto ranker = TrainRanker(Questions(49, 1), {}, 1);

  ASSERT_FALSE(ranker);
  EXPECT_EQ(ranker.error().code, "chain.forecast_too_few_cases");
}

constexpr std::string_view kFeatureNames[] = {"a", "b", "c"};

TEST(ForecastModelFile, AModelReadsBackAsItWasWritten) {
  ChoiceModel model;
  model.task = "upstream";
  model.seed = 18'000'000'000'000'000'000U;
  model.cases = 12;
  model.links = 34;
  model.training = Sha256(std::string_view("x"));
  model.ranker = *TrainRanker(Questions(300, 1), {}, 1);

  const std::string text = WriteModel(model, kFeatureNames);
  const auto back = ReadChoiceModel(text, "upstream", kFeatureNames);

  ASSERT_TRUE(back) << back.error().detail;
  EXPECT_EQ(back->ranker.trees, model.ranker.trees);
  EXPECT_EQ(back->training, model.training);
  EXPECT_EQ(back->seed, model.seed);
  EXPECT_EQ(WriteModel(*back, kFeatureNames), text);
}

TEST(ForecastModelFile, AnotherTaskOtherFeaturesAndAnotherVersionAreRefused) {
  ChoiceModel model;
  model.task = "upstream";
  std::string text = WriteModel(model, kFeatureNames);
  constexpr std::string_view kOther[] = {"a", "b", "d"};

  EXPECT_EQ(ReadChoiceModel(text, "firm", kFeatureNames).error().code, "chain.forecast_model_task");
  EXPECT_EQ(ReadChoiceModel(text, "upstream", kOther).error().code, "chain.forecast_model_version");
  text.replace(text.find("\"version\":1"), 11, "\"version\":2");
  EXPECT_EQ(ReadChoiceModel(text, "upstream", kFeatureNames).error().code, "chain.forecast_model_version");
}

TEST(ForecastModelFile, ATreeThatLeadsBackOrNowhereIsRefused) {
  ChoiceModel model;
  model.task = "upstream";
  model.ranker.trees = {{{0, 0.5F, 1, 2, 0}, {-1, 0, -1, -1, 1}, {-1, 0, -1, -1, 2}}};
  const std::string good = WriteModel(model, kFeatureNames);
  ASSERT_TRUE(ReadChoiceModel(good, "upstream", kFeatureNames));

  for (const TreeNode& root : {TreeNode{0, 0.5F, 0, 2, 0}, TreeNode{0, 0.5F, 1, 3, 0}, TreeNode{3, 0.5F, 1, 2, 0},
                               TreeNode{0, 0.5F, -1, 2, 0}, TreeNode{-2, 0.5F, 1, 2, 0}}) {
    model.ranker.trees[0][0] = root;
    const auto back = ReadChoiceModel(WriteModel(model, kFeatureNames), "upstream", kFeatureNames);
    ASSERT_FALSE(back);
    EXPECT_EQ(back.error().code, "chain.forecast_model_malformed");
  }
}

TEST(ForecastModelFile, NoCutOrChangedByteIsReadAsAnythingButAModelOrARefusal) {
  ChoiceModel model;
  model.task = "upstream";
  model.ranker = *TrainRanker(Questions(60, 1), {.trees_max = 3, .depth = 2}, 1);
  const std::string text = WriteModel(model, kFeatureNames);
  SplitMix random(1);

  for (std::size_t cut = 0; cut + 2 < text.size(); ++cut)  // The last two bytes are "}\n".
    EXPECT_FALSE(ReadChoiceModel(std::string_view(text).substr(0, cut), "upstream", kFeatureNames)) << cut;
  for (int i = 0; i < 3'000; ++i) {
    std::string changed = text;
    changed[random.Below(changed.size())] = static_cast<char>(random.Below(256));
    const auto back = ReadChoiceModel(changed, "upstream", kFeatureNames);
    if (back) {
      for (const Tree& tree : back->ranker.trees) ASSERT_FALSE(tree.empty());
      EXPECT_TRUE(std::isfinite(back->ranker.Score(std::array{0.1F, 0.2F, 0.3F})));
    }
  }
}

}  // namespace
}  // namespace landfall::chain::forecast
