// SPDX-License-Identifier: Apache-2.0
#include "analysis/risk/esri.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>

#include "base/seam.h"
#include "cli/tools/chain_risk.h"
#include "cli/tools/chain_risk_csv.h"
#include "support/test_data.h"

namespace landfall::chain {
namespace {

using Replace = EsriOptions::Replace;
using Cells = cli::CsvCells;

Cells Golden(const std::string& name) {
  const auto cells = cli::ReadCsvCells((test::TestData() / "chain_golden" / name).string(), "utf-8");
  EXPECT_TRUE(cells.ok()) << name;
  return cells.ok() ? *cells : Cells{};
}

EssentialTable Uniform(const std::vector<std::string>& sectors, std::uint8_t level) {
  return {sectors, sectors, std::vector<std::uint8_t>(sectors.size() * sectors.size(), level)};
}

// The example of eleven firms; `level` replaces the essential table of the file where it is given.
SupplyNetwork Eleven(const std::string& example, std::optional<std::uint8_t> level) {
  FirmColumns firms;
  for (const auto& row : Golden(example + "_firms.csv")) firms.firm.push_back(row[0]), firms.sector.push_back(row[1]);
  firms.firm.erase(firms.firm.begin());
  firms.sector.erase(firms.sector.begin());
  SupplyColumns edges;
  const Cells rows = Golden(example + "_edges.csv");
  for (std::size_t r = 1; r < rows.size(); ++r) {
    edges.supplier.push_back(rows[r][0]);
    edges.buyer.push_back(rows[r][1]);
    edges.weight.push_back(std::stod(rows[r][2]));
  }
  EssentialTable essential;
  const Cells table = Golden(example + "_ess.csv");
  essential.buyer_sectors.assign(table[0].begin() + 1, table[0].end());
  for (std::size_t r = 1; r < table.size(); ++r) {
    essential.supplier_sectors.push_back(table[r][0]);
    for (std::size_t c = 1; c < table[r].size(); ++c)
      essential.level.push_back(level.value_or(static_cast<std::uint8_t>(std::stoi(table[r][c]))));
  }
  auto network = SupplyNetwork::Build(firms, edges, essential);
  EXPECT_TRUE(network.ok());
  return *std::move(network);
}

struct Variant {
  std::string file, example;
  std::optional<std::uint8_t> level;
  double eps;
  Replace replace;
};

TEST(Esri, AgreesWithThePublishedImplementation) {
  LF_NEEDS_DATA("chain_golden/esri_ex11_edges.csv");
  // Losses are printed with twelve digits, scores with fifteen.
  for (const Variant& variant : {Variant{"esri_ex11_leontief_eps10", "esri_ex11", 2, 1e-10, Replace::kNone},
                                 Variant{"esri_ex11_linear_eps10", "esri_ex11", 1, 1e-10, Replace::kNone},
                                 Variant{"esri_ex11_linear_eps10", "esri_ex11", std::nullopt, 1e-10, Replace::kNone},
                                 Variant{"esri_ex11_linear_eps2", "esri_ex11", 1, 1e-2, Replace::kNone},
                                 Variant{"esri_ex11_mixed_eps10", "esri_ex11mix", std::nullopt, 1e-10, Replace::kNone},
                                 Variant{"esri_ex11_leontief_market_eps10", "esri_ex11", 2, 1e-10, Replace::kSector}}) {
    SCOPED_TRACE(variant.file);
    const SupplyNetwork network = Eleven(variant.example, variant.level);
    const Cells scores = Golden(variant.file + "_ESRI.csv"), hd = Golden(variant.file + "_hd.csv"),
                hu = Golden(variant.file + "_hu.csv");

    const auto result = ComputeEsri(network, {.eps = variant.eps, .replace = variant.replace, .keep_losses = true});

    ASSERT_TRUE(result.ok());
    ASSERT_EQ(result->scores.size(), 11U);
    for (std::size_t f = 0; f < 11; ++f) {
      SCOPED_TRACE(f + 1);
      EXPECT_NEAR(result->scores[f].esri, std::stod(scores[f + 1][1]), 1e-9);
      EXPECT_NEAR(result->scores[f].downstream, std::stod(scores[f + 1][2]), 1e-9);
      EXPECT_NEAR(result->scores[f].upstream, std::stod(scores[f + 1][3]), 1e-9);
      EXPECT_TRUE(result->scores[f].converged);
      for (std::size_t i = 0; i < 11; ++i) {
        EXPECT_NEAR(result->downstream_loss[f * 11 + i], std::stod(hd[i + 1][f + 1]), 1e-9) << "firm " << i + 1;
        EXPECT_NEAR(result->upstream_loss[f * 11 + i], std::stod(hu[i + 1][f + 1]), 1e-9) << "firm " << i + 1;
      }
    }
  }
}

struct RandomInput {
  FirmColumns firms;
  SupplyColumns edges;
  EssentialTable essential;
};

// Firms with cycles among them, four sectors and all three levels.
RandomInput MakeInput(std::uint64_t seed, std::size_t firms, std::size_t edges) {
  SeededRandom random(seed);
  RandomInput input;
  for (std::size_t i = 0; i < firms; ++i) {
    input.firms.firm.push_back("f" + std::to_string(i));
    input.firms.sector.push_back("s" + std::to_string(random.Next() % 4));
  }
  for (std::size_t k = 0; k < edges; ++k) {
    input.edges.supplier.push_back(input.firms.firm[random.Next() % firms]);
    input.edges.buyer.push_back(input.firms.firm[random.Next() % firms]);
    input.edges.weight.push_back(static_cast<double>(random.Next() % 1000) / 7);
  }
  input.essential = Uniform({"s0", "s1", "s2", "s3"}, 0);
  for (auto& level : input.essential.level) level = static_cast<std::uint8_t>(random.Next() % 3);
  return input;
}

SupplyNetwork Built(const RandomInput& input) {
  auto network = SupplyNetwork::Build(input.firms, input.edges, input.essential);
  EXPECT_TRUE(network.ok());
  return *std::move(network);
}

// The method as the paper writes it, for all firms in every step, without any of the shortcuts.
std::vector<double> PlainEsri(const RandomInput& input, double eps, bool replace) {
  const std::size_t n = input.firms.firm.size();
  std::vector<std::vector<double>> w(n, std::vector<double>(n, 0));
  const auto place = [&](const std::string& name) { return static_cast<std::size_t>(std::stoi(name.substr(1))); };
  for (std::size_t k = 0; k < input.edges.weight.size(); ++k)
    if (input.edges.supplier[k] != input.edges.buyer[k])
      w[place(input.edges.supplier[k])][place(input.edges.buyer[k])] += input.edges.weight[k];
  std::vector<std::size_t> sector;
  for (const std::string& name : input.firms.sector) sector.push_back(place(name));
  std::vector<double> out(n, 0), in(n, 0);
  double all = 0;
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) out[i] += w[i][j], in[j] += w[i][j], all += w[i][j];
  std::vector<double> scores;
  for (std::size_t failed = 0; failed < n; ++failed) {
    std::vector<double> d(n, 0), u(n, 0);
    d[failed] = u[failed] = 1;
    for (double grew = 1; grew > eps;) {
      std::vector<double> sigma(n, 1);
      for (std::size_t j = 0; j < n && replace; ++j) {
        double left = 0;
        for (std::size_t l = 0; l < n; ++l)
          if (sector[l] == sector[j]) left += out[l] * (1 - d[l]);
        if (left > out[j]) sigma[j] = out[j] / left;
      }
      std::vector<double> d_next = d, u_next = u;
      for (std::size_t i = 0; i < n; ++i) {
        double loose = 0, demand = 0;
        for (std::size_t s = 0; s < 4; ++s) {
          double lost = 0, used = 0;
          for (std::size_t j = 0; j < n; ++j)
            if (sector[j] == s) lost += sigma[j] * d[j] * w[j][i], used += w[j][i];
          const int level = input.essential.level[s * 4 + sector[i]];
          if (level == 2 && used > 0) d_next[i] = std::max(d_next[i], lost / used);
          if (level == 1) loose += lost;
        }
        if (in[i] > 0) d_next[i] = std::max(d_next[i], loose / in[i]);
        for (std::size_t j = 0; j < n; ++j) demand += u[j] * w[i][j];
        if (out[i] > 0) u_next[i] = std::max(u_next[i], demand / out[i]);
      }
      grew = 0;
      for (std::size_t i = 0; i < n; ++i) grew = std::max({grew, d_next[i] - d[i], u_next[i] - u[i]});
      d = d_next;
      u = u_next;
    }
    double score = 0;
    for (std::size_t i = 0; i < n; ++i) score += out[i] * std::max(d[i], u[i]) / all;
    scores.push_back(score);
  }
  return scores;
}

TEST(Esri, EqualsThePlainMethodOnRandomNetworks) {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    for (const Replace replace : {Replace::kNone, Replace::kSector}) {
      SCOPED_TRACE(testing::Message() << "seed " << seed << " replace " << static_cast<int>(replace));
      const RandomInput input = MakeInput(seed, 40, 110);
      const std::vector<double> expected = PlainEsri(input, 1e-3, replace == Replace::kSector);

      const auto result = ComputeEsri(Built(input), {.eps = 1e-3, .replace = replace});

      ASSERT_TRUE(result.ok());
      for (std::size_t f = 0; f < 40; ++f) EXPECT_NEAR(result->scores[f].esri, expected[f], 1e-10) << f;
    }
  }
}

TEST(Esri, LiesBetweenTheOwnShareAndOneAndGrowsAsEpsShrinks) {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    const SupplyNetwork network = Built(MakeInput(seed, 60, 240));
    std::vector<double> before(60, 0);
    for (const double eps : {0.5, 0.1, 1e-2, 1e-4, 1e-9}) {
      const auto result = ComputeEsri(network, {.eps = eps, .replace = Replace::kSector});

      ASSERT_TRUE(result.ok());
      EXPECT_EQ(result->eps, eps);
      for (std::size_t f = 0; f < 60; ++f) {
        const EsriScore& score = result->scores[f];
        EXPECT_GE(score.esri, network.sales_share(f) - 1e-15);
        EXPECT_LE(score.esri, 1);
        EXPECT_GE(score.esri, std::max(score.downstream, score.upstream) - 1e-15);
        EXPECT_GE(score.esri, before[f]);
        before[f] = score.esri;
      }
    }
  }
}

TEST(Esri, OfAFirmThatNobodyDependsOnIsItsOwnShare) {
  // a sells to b and buys from nobody; b's inputs are negligible. c stands alone.
  const RandomInput input = {{{"a", "b", "c"}, {"s", "s", "s"}}, {{"a"}, {"b"}, {5}}, Uniform({"s"}, 0)};

  const auto result = ComputeEsri(Built(input));

  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->scores[0].esri, 1);  // All sales of the network are its own.
  EXPECT_EQ(result->scores[0].hit_firms, 0U);
  EXPECT_EQ(result->scores[1].esri, 1);  // Its only customer: a loses all its sales.
  EXPECT_EQ(result->scores[1].downstream, 0);
  EXPECT_EQ(result->scores[2].esri, 0);
  EXPECT_EQ(result->scores[2].hit_firms, 0U);
}

TEST(Esri, GivesTheSameBytesWithAnyNumberOfThreads) {
  const SupplyNetwork network = Built(MakeInput(9, 120, 600));
  const auto run = [&](unsigned threads) {
    return ComputeEsri(network, {.eps = 1e-4, .replace = Replace::kSector, .threads = threads, .keep_losses = true});
  };

  const auto one = run(1), two = run(2), seven = run(7);

  ASSERT_TRUE(one.ok() && two.ok() && seven.ok());
  for (const auto* other : {&two, &seven}) {
    EXPECT_EQ(one->downstream_loss, (*other)->downstream_loss);
    EXPECT_EQ(one->upstream_loss, (*other)->upstream_loss);
    for (std::size_t f = 0; f < 120; ++f) {
      EXPECT_EQ(one->scores[f].esri, (*other)->scores[f].esri);
      EXPECT_EQ(one->scores[f].steps, (*other)->scores[f].steps);
    }
  }
}

TEST(Esri, ComputesOnlyTheFailuresThatAreAsked) {
  const SupplyNetwork network = Built(MakeInput(5, 30, 90));
  const auto all = ComputeEsri(network);

  const auto some = ComputeEsri(network, {.failures = {17, 3}});

  ASSERT_TRUE(some.ok());
  ASSERT_EQ(some->scores.size(), 2U);
  EXPECT_EQ(some->scores[0].firm, 17U);
  EXPECT_EQ(some->scores[0].esri, all->scores[17].esri);
  EXPECT_EQ(some->scores[1].esri, all->scores[3].esri);
}

TEST(Esri, SaysWhenTheStepsDidNotSuffice) {
  const SupplyNetwork network = Built(MakeInput(5, 30, 90));

  const auto result = ComputeEsri(network, {.eps = 1e-12, .steps_max = 1});

  ASSERT_TRUE(result.ok());
  EXPECT_TRUE(
      std::any_of(result->scores.begin(), result->scores.end(), [](const EsriScore& s) { return !s.converged; }));
}

TEST(SupplyNetwork, AddsUpPairsAndCountsWhatItLeavesOut) {
  const RandomInput input = {
      {{"a", "b"}, {"s", "s"}}, {{"a", "a", "a", "b"}, {"b", "b", "a", "a"}, {2, 3, 7, 0}}, Uniform({"s"}, 2)};

  const SupplyNetwork network = Built(input);

  EXPECT_EQ(network.edges(), 1U);
  EXPECT_EQ(network.merged, 1U);
  EXPECT_EQ(network.dropped_self, 1U);
  EXPECT_EQ(network.dropped_zero, 1U);
  EXPECT_EQ(network.sales_share(0), 1);
}

TEST(SupplyNetwork, RefusesWhatCannotBeMeant) {
  const RandomInput good = {{{"a", "b"}, {"s", "t"}}, {{"a"}, {"b"}, {2}}, Uniform({"s", "t"}, 2)};
  const auto refusal = [](const RandomInput& input) {
    const auto network = SupplyNetwork::Build(input.firms, input.edges, input.essential);
    return network.ok() ? Error{} : network.error();
  };
  const auto changed = [&](auto change) {
    RandomInput input = good;
    change(input);
    return refusal(input);
  };

  EXPECT_EQ(refusal(good).code, "");
  EXPECT_EQ(changed([](RandomInput& i) { i.edges.weight[0] = -1; }).code, "chain.esri_bad_weight");
  EXPECT_EQ(changed([](RandomInput& i) { i.edges.weight[0] = std::nan(""); }).code, "chain.esri_bad_weight");
  EXPECT_EQ(changed([](RandomInput& i) { i.edges.weight[0] = std::numeric_limits<double>::infinity(); }).code,
            "chain.esri_bad_weight");
  EXPECT_EQ(changed([](RandomInput& i) { i.edges.weight[0] = 0; }).code, "chain.esri_no_flow");
  EXPECT_EQ(changed([](RandomInput& i) { i.edges.buyer[0] = "x"; }).detail,
            "Edge 1 names x, which is not among the firms.");
  EXPECT_EQ(changed([](RandomInput& i) { i.firms.sector[1] = "u"; }).detail,
            "Firm 2 has the sector u, which is no row of the essential table.");
  EXPECT_EQ(changed([](RandomInput& i) { i.essential.buyer_sectors[1] = "v"; }).code, "chain.esri_unknown_sector");
  EXPECT_EQ(changed([](RandomInput& i) { i.essential.buyer_sectors[1] = "s"; }).code, "chain.esri_duplicate_sector");
  EXPECT_EQ(changed([](RandomInput& i) { i.firms.firm[1] = "a"; }).code, "chain.esri_duplicate_firm");
  EXPECT_EQ(changed([](RandomInput& i) { i.essential.level[2] = 3; }).code, "chain.esri_bad_level");
  EXPECT_EQ(changed([](RandomInput& i) {
              i.edges.supplier = i.edges.buyer = {"a", "a"};
              i.edges.weight = {1e308, 1e308};
              i.edges.buyer = {"b", "b"};
            }).code,
            "chain.esri_bad_weight");
  EXPECT_EQ(ComputeEsri(Built(good), {.eps = 0}).error().code, "chain.esri_option");
  EXPECT_EQ(ComputeEsri(Built(good), {.eps = 1}).error().code, "chain.esri_option");
  EXPECT_EQ(ComputeEsri(Built(good), {.threads = 65}).error().code, "chain.esri_option");
  EXPECT_EQ(ComputeEsri(Built(good), {.failures = {2}}).error().code, "chain.esri_unknown_firm");
}

TEST(EsriTool, RecordsEpsAndPrintsTheLossesInTheOrderOfTheFirms) {
  LF_NEEDS_DATA("chain_golden/esri_ex11_edges.csv");
  const auto golden = test::TestData() / "chain_golden";
  cli::EsriToolOptions options;
  options.edges = (golden / "esri_ex11_edges.csv").string();
  options.firms = (golden / "esri_ex11_firms.csv").string();
  options.essential = "leontief";
  options.fail = {"8"};
  options.losses = options.json = true;

  const auto json = cli::RunEsri(options);
  options.json = false;
  const auto text = cli::RunEsri(options);
  options.fail = {"12"};
  const auto unknown = cli::RunEsri(options);

  ASSERT_TRUE(json.ok()) << json.error().detail;
  EXPECT_EQ(
      *json,
      R"({"eps":0.01,"market":"none","essential":"leontief","firms":11,"edges":10,"merged":0,"dropped_self":0,)"
      R"("dropped_zero":0,"scores":[{"firm":"8","sector":"1","sales_share":0.1,"esri":0.1,"downstream":0.1,)"
      R"("upstream":0.1,"hit_firms":1,"steps":2,"converged":true}],"losses":{"firms":["1","2","3","4","5","6","7",)"
      R"("8","9","10","11"],"downstream":[[0,0,0,0,0,0,0,1,0,0,1]],"upstream":[[0,0,0,0,0,0,0,1,0,0,0]]}})"
      "\n");
  EXPECT_THAT(*text, testing::StartsWith("11 firms, 10 edges · eps 0.01 · market none · essential leontief\n"));
  EXPECT_EQ(unknown.error().code, "chain.esri_unknown_firm");
}

TEST(EsriTool, RefusesFilesThatCannotBeMeant) {
  const auto folder = std::filesystem::path(testing::TempDir()) / "landfall-esri";
  std::filesystem::create_directories(folder);
  const auto code = [&](const std::string& edges, const std::string& firms, const std::string& essential) {
    const auto file = [&](const std::string& name, const std::string& text) {
      std::ofstream(folder / name, std::ios::binary) << text;
      return (folder / name).string();
    };
    cli::EsriToolOptions options;
    options.edges = file("edges", edges);
    options.firms = file("firms", firms);
    options.essential = file("essential", essential);
    const auto answer = cli::RunEsri(options);
    return answer.ok() ? "" : answer.error().code;
  };
  const std::string edges = "supplier,buyer,w\na,b,1\n", firms = "firm,sector\na,s\nb,s\n", essential = ",s\ns,2\n";

  EXPECT_EQ(code(edges, firms, essential), "");
  EXPECT_EQ(code("supplier,buyer\na,b\n", firms, essential), "tools.column_missing");
  EXPECT_EQ(code("supplier,buyer,w\na,b\n", firms, essential), "tools.row_short");
  EXPECT_EQ(code("supplier,buyer,w\na,b,much\n", firms, essential), "chain.esri_bad_weight");
  EXPECT_EQ(code("supplier,buyer,w\na,b,-1\n", firms, essential), "chain.esri_bad_weight");
  EXPECT_EQ(code("supplier,buyer,w\na,b,inf\n", firms, essential), "chain.esri_bad_weight");
  EXPECT_EQ(code("supplier,buyer,w\na,c,1\n", firms, essential), "chain.esri_unknown_firm");
  EXPECT_EQ(code(edges, "firm,sector\na,s\nb,t\n", essential), "chain.esri_unknown_sector");
  EXPECT_EQ(code(edges, firms, ",s\ns,3\n"), "chain.esri_bad_level");
  EXPECT_EQ(code(edges, firms, ",s,t\ns,2\n"), "tools.row_short");
  EXPECT_EQ(code(edges, firms, ""), "chain.esri_unknown_sector");
  EXPECT_EQ(code("", firms, essential), "tools.column_missing");
  EXPECT_EQ(code("supplier,buyer,w\na,b,\"1\n", firms, essential), "csv.quote_unclosed");
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace landfall::chain
