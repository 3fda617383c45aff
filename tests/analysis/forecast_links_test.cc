// SPDX-License-Identifier: Apache-2.0
// The evidence for missing links, and the model over it: left-out links must leave no trace.
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "analysis/forecast/choice.h"
#include "analysis/forecast/firm_evidence.h"
#include "analysis/forecast/random.h"
#include "analysis/forecast/upstream_evidence.h"
#include "cli/tools/chain_forecast.h"
#include "support/test_data.h"

namespace landfall::chain::forecast {
namespace {

// Dishes, machines and their materials: names of two parts, of which the first two characters name a material.
struct MadeUp {
  ProductLinks links;
  std::vector<std::string> materials = {"番茄", "黄瓜", "牛肉", "鸡蛋", "钢板", "铝材", "铜线", "玻璃", "橡胶", "塑料"};
  std::vector<std::string> ends = {"汤", "饼干", "沙拉", "轴承", "电机", "水泵"};
};

MadeUp Graph(std::uint64_t seed, std::size_t products) {
  MadeUp out;
  std::map<std::string, std::uint32_t> numbers;
  const auto number = [&](const std::string& name) {
    const auto [it, fresh] = numbers.try_emplace(name, static_cast<std::uint32_t>(out.links.names.size()));
    if (fresh) out.links.names.push_back(name);
    return it->second;
  };
  SplitMix random(seed);
  for (std::size_t i = 0; i < products; ++i) {
    const std::size_t m = random.Below(out.materials.size()), e = random.Below(out.ends.size());
    const std::string brand = std::to_string(random.Below(40));
    const std::uint32_t product = number(out.materials[m] + brand + out.ends[e]);
    out.links.needs.emplace_back(product, number(out.materials[m]));
    out.links.needs.emplace_back(product, number(out.materials[e + 4]));
    if (random.Below(3) == 0) out.links.needs.emplace_back(product, number(out.materials[random.Below(10)]));
    out.links.kinds.emplace_back(number(out.ends[e]), product);
  }
  SortUnique(out.links.needs);
  SortUnique(out.links.kinds);
  return out;
}

using Gathered = std::map<std::uint32_t, std::vector<float>>;
Gathered Gather(const Evidence& evidence, const Question& question) {
  Scratch scratch = evidence.MakeScratch();
  evidence.Gather(question, scratch);
  Gathered out;
  for (std::size_t i = 0; i < scratch.candidates().size(); ++i)
    out[scratch.candidates()[i]] = {scratch.Row(i).begin(), scratch.Row(i).end()};
  return out;
}

// The property on which every figure rests: with a link left out, the evidence is that of the graph without it.
TEST(ForecastUpstream, ALeftOutLinkLeavesNoTraceInTheEvidence) {
  const MadeUp made = Graph(1, 150);
  const auto full = UpstreamEvidence::Build(made.links);
  ASSERT_TRUE(full);
  const std::size_t material_like = static_cast<std::size_t>(UpstreamFeature::kMaterialLike);

  for (std::size_t left_out = 0; left_out < made.links.needs.size(); left_out += 17) {
    ProductLinks without = made.links;
    without.needs.erase(without.needs.begin() + static_cast<std::ptrdiff_t>(left_out));
    const auto [product, material] = made.links.needs[left_out];
    const auto reduced = UpstreamEvidence::Build(without);
    ASSERT_TRUE(reduced);

    const Gathered with = Gather(**full, (*full)->Ask(product, material));
    const Gathered expected = Gather(**reduced, (*reduced)->Ask(product));

    for (const auto& [candidate, row] : expected) {
      ASSERT_TRUE(with.contains(candidate)) << made.links.names[candidate];
      for (std::size_t f = 0; f < row.size(); ++f) {
        // How a *class of endings* is judged may move by one name of many; the answer's own row may not.
        if (f == material_like && candidate != material) continue;
        EXPECT_NEAR(with.at(candidate)[f], row[f], 1e-4)
            << "left out " << left_out << " feature " << (*full)->Features()[f];
      }
    }
    EXPECT_EQ(with.size(), expected.size());
  }
}

TEST(ForecastUpstream, KnownMaterialsAndTheProductItselfAreNoCandidates) {
  const MadeUp made = Graph(2, 100);
  const auto evidence = UpstreamEvidence::Build(made.links);
  ASSERT_TRUE(evidence);
  const std::uint32_t product = made.links.needs.front().first;

  const Gathered gathered = Gather(**evidence, (*evidence)->Ask(product));

  EXPECT_FALSE(gathered.contains(product));
  for (const std::uint32_t known : (*evidence)->Materials(product)) EXPECT_FALSE(gathered.contains(known));
  EXPECT_FALSE(gathered.empty());
}

TEST(ForecastUpstream, ANameOutsideTheGraphIsJudgedByItsCharacters) {
  const MadeUp made = Graph(3, 200);
  const auto evidence = UpstreamEvidence::Build(made.links);
  ASSERT_TRUE(evidence);
  const std::uint32_t tomato = *(*evidence)->Find("番茄"), steel = *(*evidence)->Find("钢板");

  const Question question = (*evidence)->Ask(std::string_view("番茄新品汤"));
  const Gathered gathered = Gather(**evidence, question);

  EXPECT_EQ(question.subject, kNobody);
  const std::size_t votes = static_cast<std::size_t>(UpstreamFeature::kVoteMean);
  ASSERT_TRUE(gathered.contains(tomato));
  EXPECT_GT(gathered.at(tomato)[votes], gathered.contains(steel) ? gathered.at(steel)[votes] : 0);
}

struct Trained {
  std::unique_ptr<UpstreamEvidence> evidence;
  std::vector<Link> held_out;
  Ranker ranker;
};
Trained TrainOnGraph(std::uint64_t seed) {
  MadeUp made = Graph(seed, 600);
  SplitMix random(seed);
  DrawFront(made.links.needs, 60, random);
  Trained out;
  out.held_out.assign(made.links.needs.begin(), made.links.needs.begin() + 60);
  made.links.needs.erase(made.links.needs.begin(), made.links.needs.begin() + 60);
  out.evidence = *UpstreamEvidence::Build(std::move(made.links));
  out.ranker = *TrainChoice(*out.evidence, {.seed = seed, .cases = 400, .ranker = {.leaf_curvature = 0.5}}, 2);
  return out;
}

TEST(ForecastUpstream, HeldOutLinksAreFoundAndChancesAddUpToAboutOne) {
  const Trained trained = TrainOnGraph(4);

  const auto evaluation = EvaluateChoice(*trained.evidence, trained.ranker, trained.held_out, 1, 2);

  ASSERT_TRUE(evaluation);
  EXPECT_EQ(evaluation->questions, 60U);
  EXPECT_GT(evaluation->scores[0].metrics.mean_reciprocal_rank.value, 0.5);
  EXPECT_GT(evaluation->scores[0].metrics.mean_reciprocal_rank.value,
            evaluation->scores[1].metrics.mean_reciprocal_rank.value);
  // Every candidate has a chance, and gathered ones are most of a small graph.
  const auto all = RankCandidates(*trained.evidence, trained.ranker, trained.evidence->Ask(trained.held_out[0].first),
                                  trained.evidence->candidates());
  double sum = 0;
  for (const Candidate& candidate : all) sum += candidate.chance;
  EXPECT_LE(sum, 1 + 1e-9);
  EXPECT_GT(sum, 0.5);
}

TEST(ForecastUpstream, ThreadsAndRepetitionDoNotChangeAFigure) {
  const Trained once = TrainOnGraph(5), again = TrainOnGraph(5);

  const auto one = EvaluateChoice(*once.evidence, once.ranker, once.held_out, 1, 1);
  const auto four = EvaluateChoice(*again.evidence, again.ranker, again.held_out, 1, 4);

  EXPECT_EQ(once.ranker.trees, again.ranker.trees);
  ASSERT_TRUE(one && four);
  for (std::size_t w = 0; w < one->scores.size(); ++w) {
    EXPECT_EQ(one->scores[w].metrics.mean_reciprocal_rank.value, four->scores[w].metrics.mean_reciprocal_rank.value);
    EXPECT_EQ(one->scores[w].metrics.hits_at_10.low, four->scores[w].metrics.hits_at_10.low);
  }
  EXPECT_EQ(one->calibration.brier, four->calibration.brier);
}

TEST(ForecastUpstream, ATestLinkThatWasSeenIsRefused) {
  const Trained trained = TrainOnGraph(6);
  const std::vector<Link> seen = {trained.evidence->Links()[3]};

  const auto evaluation = EvaluateChoice(*trained.evidence, trained.ranker, seen, 1, 1);

  ASSERT_FALSE(evaluation);
  EXPECT_EQ(evaluation.error().code, "chain.forecast_test_in_training");
  EXPECT_EQ(EvaluateChoice(*trained.evidence, trained.ranker, {}, 1, 1).error().code, "chain.forecast_too_few_cases");
}

TEST(ForecastUpstream, AGraphWithoutNeedsIsRefused) {
  ProductLinks links;
  links.names = {"钢", "铁"};
  links.needs = {{0, 0}};

  const auto evidence = UpstreamEvidence::Build(std::move(links));

  ASSERT_FALSE(evidence);
  EXPECT_EQ(evidence.error().code, "chain.forecast_too_few_links");
}

FirmProducts Firms() {
  FirmProducts out;
  const MadeUp made = Graph(7, 120);
  out.products = made.links;
  for (int f = 0; f < 30; ++f) out.firms.push_back("firm" + std::to_string(f));
  SplitMix random(7);
  for (std::uint32_t product = 0; product < out.products.names.size(); ++product)
    for (std::size_t k = random.Below(3); k > 0; --k) {
      out.makes.emplace_back(product, static_cast<std::uint32_t>(random.Below(30)));
      out.shares.push_back(static_cast<float>(random.Below(100)) / 100);
    }
  return out;
}

TEST(ForecastFirm, ALeftOutProductLeavesNoTraceInTheEvidence) {
  const FirmProducts made = Firms();
  const auto full = FirmEvidence::Build(made);
  ASSERT_TRUE(full);

  for (std::size_t i = 0; i < (*full)->Links().size(); i += 7) {
    const auto [product, firm] = (*full)->Links()[i];
    FirmProducts without = made;
    for (std::size_t k = without.makes.size(); k-- > 0;)
      if (without.makes[k] == Link{product, firm}) {
        without.makes.erase(without.makes.begin() + static_cast<std::ptrdiff_t>(k));
        without.shares.erase(without.shares.begin() + static_cast<std::ptrdiff_t>(k));
      }
    const auto reduced = FirmEvidence::Build(without);
    ASSERT_TRUE(reduced);

    const Gathered with = Gather(**full, (*full)->Ask(product, firm));
    const Gathered expected = Gather(**reduced, (*reduced)->Ask(product));

    ASSERT_EQ(with.size(), expected.size());
    for (const auto& [candidate, row] : expected)
      for (std::size_t f = 0; f < row.size(); ++f)
        EXPECT_NEAR(with.at(candidate)[f], row[f], 1e-5) << "row " << i << " feature " << (*full)->Features()[f];
  }
}

TEST(ForecastFirm, OfARowThatStandsTwiceTheLargerShareIsKept) {
  FirmProducts data;
  data.firms = {"a", "b", "c"};
  data.products.names = {"轴承", "滚动轴承", "玻璃"};  // What all names share tells nothing: a third must lack 轴承.
  data.makes = {{1, 0}, {1, 0}, {0, 1}, {2, 2}};
  data.shares = {0.2F, 0.6F, 1, 1};
  const auto evidence = FirmEvidence::Build(std::move(data));
  ASSERT_TRUE(evidence);

  // Asked for 轴承: firm a makes only 滚动轴承, with a share of .6.
  const Gathered gathered = Gather(**evidence, (*evidence)->Ask(std::string_view("轴承")));

  ASSERT_TRUE(gathered.contains(0));
  const auto& row = gathered.at(0);
  const float cosine = row[static_cast<std::size_t>(FirmFeature::kNameBest)];
  EXPECT_GT(cosine, 0);
  EXPECT_NEAR(row[static_cast<std::size_t>(FirmFeature::kNameShare)], 0.6F * cosine, 1e-6);
  EXPECT_EQ((*evidence)->Links().size(), 3U);
  EXPECT_EQ((*evidence)->Examples((*evidence)->Ask(std::string_view("轴承")), 0, 3),
            std::vector<std::string_view>{"滚动轴承"});
}

// The contract's protocol on the real graph, with fewer training cases than by default to keep the test short.
TEST(ForecastUpstream, TwoThousandLinksOfTheRealGraphAreFoundAsTheContractAsks) {
  constexpr const char* kLinks = "chain-kg/product_product.csv.gz";
  LF_NEEDS_DATA(kLinks);
  auto file = cli::ReadLinks(test::TestData() / kLinks, "utf-8", false);
  ASSERT_TRUE(file);
  cli::Names names;
  for (const auto* links : {&file->needs, &file->kinds})
    for (const auto& [from, to] : *links) {
      names.Add(from);
      names.Add(to);
    }
  names.Number();
  ProductLinks links{names.All(), cli::Numbered(file->needs, names), cli::Numbered(file->kinds, names)};
  const std::uint64_t seed = 20;
  SplitMix random(seed);
  DrawFront(links.needs, 2'000, random);
  const std::vector<Link> held_out(links.needs.begin(), links.needs.begin() + 2'000);
  links.needs.erase(links.needs.begin(), links.needs.begin() + 2'000);
  const auto evidence = UpstreamEvidence::Build(std::move(links));
  ASSERT_TRUE(evidence);

  const auto ranker = TrainChoice(**evidence, {.seed = seed, .cases = 1'500, .ranker = {}}, 2);
  ASSERT_TRUE(ranker);
  const auto evaluation = EvaluateChoice(**evidence, *ranker, held_out, 1, 2);

  ASSERT_TRUE(evaluation);
  EXPECT_GE(evaluation->scores[0].metrics.mean_reciprocal_rank.value, .28);
  EXPECT_GE(evaluation->scores[0].metrics.hits_at_10.value, .39);
  for (std::size_t w = 1; w < evaluation->scores.size(); ++w)
    EXPECT_GT(evaluation->scores[w].ahead.low, 0) << evaluation->scores[w].name;
  EXPECT_LT(evaluation->calibration.brier, evaluation->calibration.brier_of_rate);
}

}  // namespace
}  // namespace landfall::chain::forecast
