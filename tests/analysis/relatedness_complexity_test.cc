// SPDX-License-Identifier: Apache-2.0
#include "analysis/relatedness/complexity.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "analysis/relatedness/product_space.h"
#include "relatedness_data.h"

namespace landfall::chain {
namespace {

using test::Cell;
using test::MatrixOf;

struct Answer {
  StructureMatrix matrix;
  Presence presence;
  Complexity complexity;
  Outlook outlook;

  explicit Answer(const std::vector<Cell>& cells, PresenceRule rule = {})
      : matrix(MatrixOf(cells)),
        presence(Presence::Of(matrix, rule).value()),
        complexity(EconomicComplexity(presence)),
        outlook(ComputeOutlook(presence, complexity)) {}

  std::map<std::string, std::vector<double>> ByRegion() const {
    const Fitness fitness = FitnessComplexity(presence, 19);
    std::map<std::string, std::vector<double>> out;
    for (std::size_t r = 0; r < presence.regions(); ++r)
      out[matrix.regions()[presence.region_ids()[r]]] = {static_cast<double>(presence.Diversity(r)), complexity.eci[r],
                                                         outlook.coi[r], fitness.region[r]};
    return out;
  }
  std::map<std::string, std::vector<double>> ByProduct() const {
    const Fitness fitness = FitnessComplexity(presence, 19);
    std::map<std::string, std::vector<double>> out;
    for (std::size_t p = 0; p < presence.products(); ++p)
      out[matrix.products()[presence.product_ids()[p]]] = {static_cast<double>(presence.Ubiquity(p)), complexity.pci[p],
                                                           fitness.product[p]};
    return out;
  }
  std::map<std::pair<std::string, std::string>, std::vector<double>> ByCell() const {
    std::map<std::pair<std::string, std::string>, std::vector<double>> out;
    for (std::size_t r = 0; r < presence.regions(); ++r)
      for (std::size_t p = 0; p < presence.products(); ++p)
        out[{matrix.regions()[presence.region_ids()[r]], matrix.products()[presence.product_ids()[p]]}] = {
            outlook.density.At(r, p), outlook.gain.At(r, p)};
    return out;
  }
};

template <class Key>
void ExpectNear(const std::map<Key, std::vector<double>>& a, const std::map<Key, std::vector<double>>& b,
                double tolerance) {
  ASSERT_EQ(a.size(), b.size());
  for (const auto& [key, values] : a) {
    const auto found = b.find(key);
    ASSERT_NE(found, b.end());
    for (std::size_t i = 0; i < values.size(); ++i)
      ASSERT_NEAR(values[i], found->second[i], tolerance * std::max(1.0, std::abs(values[i])));
  }
}

// The definition, word for word: kc is the mean of kp, λ·kp is the mean of kc.
void ExpectEigenpair(const Answer& answer) {
  const Presence& presence = answer.presence;
  const Complexity& complexity = answer.complexity;
  std::vector<double> kc(presence.regions());
  for (std::size_t r = 0; r < presence.regions(); ++r) {
    for (const std::uint32_t p : presence.ProductsOf(r)) kc[r] += complexity.raw_pci[p];
    kc[r] /= static_cast<double>(presence.Diversity(r));
  }
  for (std::size_t p = 0; p < presence.products(); ++p) {
    double mean = 0;
    for (const std::uint32_t r : presence.RegionsOf(p)) mean += kc[r];
    mean /= static_cast<double>(presence.Ubiquity(p));
    EXPECT_NEAR(mean, complexity.second_eigenvalue * complexity.raw_pci[p], 1e-10);
  }
  double mean = 0;
  for (const double k : kc) mean += k / static_cast<double>(kc.size());
  for (std::size_t r = 0; r < presence.regions(); ++r) EXPECT_NEAR(complexity.eci[r], kc[r] - mean, 1e-10);
}

TEST(EconomicComplexity, IsTheEigenvectorItClaimsToBe) {
  for (const std::uint64_t seed : {1, 2, 3}) {
    SCOPED_TRACE(seed);
    ExpectEigenpair(Answer(test::RandomCells(seed, 40, 90)));
    ExpectEigenpair(Answer(test::RandomCells(seed, 150, 60)));
    ExpectEigenpair(Answer(test::RandomCells(seed, 120, 400)));
  }
}

TEST(EconomicComplexity, LanczosAndTheWholeSpectrumAgree) {
  for (const std::uint64_t seed : {4, 5, 6, 7}) {
    const StructureMatrix matrix = MatrixOf(test::RandomCells(seed, 110, 170));
    const Presence presence = Presence::Of(matrix).value();

    const Complexity dense = EconomicComplexity(presence, 1'000), lanczos = EconomicComplexity(presence, 0);

    EXPECT_NEAR(dense.second_eigenvalue, lanczos.second_eigenvalue, 1e-13) << "seed " << seed;
    EXPECT_NEAR(dense.third_eigenvalue, lanczos.third_eigenvalue, 1e-9) << "seed " << seed;
    for (std::size_t r = 0; r < presence.regions(); ++r)
      EXPECT_NEAR(dense.eci[r], lanczos.eci[r], 1e-10) << "seed " << seed;
    for (std::size_t p = 0; p < presence.products(); ++p)
      EXPECT_NEAR(dense.pci[p], lanczos.pci[p], 1e-10) << "seed " << seed;
  }
}

TEST(EconomicComplexity, IsStandardisedAndRisesWithDiversity) {
  for (const std::uint64_t seed : {8, 9, 10, 11, 12}) {
    const Answer answer(test::RandomCells(seed, 35, 50));
    const std::vector<double>& eci = answer.complexity.eci;
    const auto n = static_cast<double>(eci.size());
    double mean = 0, square = 0, with_diversity = 0, mean_diversity = 0;
    for (std::size_t r = 0; r < eci.size(); ++r)
      mean_diversity += static_cast<double>(answer.presence.Diversity(r)) / n;
    for (std::size_t r = 0; r < eci.size(); ++r) {
      mean += eci[r] / n;
      square += eci[r] * eci[r] / n;
      with_diversity += eci[r] * (static_cast<double>(answer.presence.Diversity(r)) - mean_diversity);
    }
    EXPECT_NEAR(mean, 0, 1e-12) << "seed " << seed;
    EXPECT_NEAR(square, 1, 1e-12) << "seed " << seed;
    EXPECT_GT(with_diversity, 0) << "seed " << seed;
    EXPECT_EQ(answer.complexity.sign, EciSign::kDiversity) << "seed " << seed;
  }
}

TEST(EconomicComplexity, OtherNamesGiveTheSameAnswer) {
  // Renaming reverses the order of regions and shuffles that of products, which is a permutation of rows and columns.
  for (const std::uint64_t seed : {13, 14, 15}) {
    std::vector<Cell> cells = test::RandomCells(seed, 80, 130);
    std::vector<std::size_t> places(130);
    std::iota(places.begin(), places.end(), std::size_t{0});
    std::shuffle(places.begin(), places.end(), std::mt19937_64(seed));
    std::map<std::string, std::string> old_region, old_product;
    std::vector<Cell> renamed = cells;
    for (Cell& cell : renamed) {
      const std::string region = test::Name("z", 1'000 - std::stoul(cell.region.substr(1)));
      const std::string product = test::Name("q", places[std::stoul(cell.product.substr(1))]);
      old_region[region] = cell.region;
      old_product[product] = cell.product;
      cell = {region, product, cell.value};
    }
    std::shuffle(renamed.begin(), renamed.end(), std::mt19937_64(seed + 1));

    const Answer before(cells), after(renamed);

    std::map<std::string, std::vector<double>> regions, products;
    for (const auto& [name, values] : after.ByRegion()) regions[old_region[name]] = values;
    for (const auto& [name, values] : after.ByProduct()) products[old_product[name]] = values;
    std::map<std::pair<std::string, std::string>, std::vector<double>> of_cells;
    for (const auto& [name, values] : after.ByCell())
      of_cells[{old_region[name.first], old_product[name.second]}] = values;
    SCOPED_TRACE(seed);
    ExpectNear(before.ByRegion(), regions, 1e-9);
    ExpectNear(before.ByProduct(), products, 1e-9);
    ExpectNear(before.ByCell(), of_cells, 1e-9);
  }
}

TEST(EconomicComplexity, OrderOfRowsAndUnitsChangeNoByte) {
  std::vector<Cell> cells = test::RandomCells(16, 70, 90);
  const Answer before(cells);
  std::shuffle(cells.begin(), cells.end(), std::mt19937_64(17));
  for (Cell& cell : cells) cell.value *= 1024;

  const Answer after(cells);

  EXPECT_EQ(before.complexity.eci, after.complexity.eci);
  EXPECT_EQ(before.complexity.pci, after.complexity.pci);
  EXPECT_EQ(before.outlook.coi, after.outlook.coi);
  EXPECT_EQ(before.outlook.density.value, after.outlook.density.value);
  EXPECT_EQ(before.outlook.gain.value, after.outlook.gain.value);
}

TEST(EconomicComplexity, AScaleOfItsOwnForOneRegionChangesNothingButTheWholesShares) {
  // With presence by value alone nothing depends on sizes at all.
  std::vector<Cell> cells = test::RandomCells(18, 30, 40);
  const PresenceRule positive{.kind = PresenceRule::Kind::kPositive};
  const Answer before(cells, positive);
  for (Cell& cell : cells)
    if (cell.region == cells[0].region) cell.value *= 1e6;

  const Answer after(cells, positive);

  EXPECT_EQ(before.complexity.eci, after.complexity.eci);
}

TEST(EconomicComplexity, LeavesOutWhatIsNotConnectedAndNamesIt) {
  // Given two islands that share no product.
  std::vector<Cell> cells = test::RandomCells(19, 30, 40);
  const Answer alone(cells);
  for (Cell cell : test::RandomCells(20, 5, 10))
    cells.push_back({"island " + cell.region, "island " + cell.product, cell.value});
  cells.push_back({"island r00000", "island p00000", 0});
  std::erase_if(cells, [](const Cell& cell) { return cell.value == 0; });

  const Answer both(cells, {.kind = PresenceRule::Kind::kPositive});

  std::size_t known = 0;
  for (std::size_t r = 0; r < both.presence.regions(); ++r) {
    const std::string& name = both.matrix.regions()[both.presence.region_ids()[r]];
    const bool island = name.starts_with("island");
    EXPECT_EQ(std::isnan(both.complexity.eci[r]), island) << name;
    EXPECT_EQ(std::isnan(both.outlook.coi[r]), island) << name;
    known += !island;
  }
  EXPECT_EQ(both.complexity.unconnected_regions.size(), both.presence.regions() - known);
  const Answer alone_positive(test::RandomCells(19, 30, 40), {.kind = PresenceRule::Kind::kPositive});
  std::vector<double> eci;
  for (const double x : both.complexity.eci)
    if (!std::isnan(x)) eci.push_back(x);
  EXPECT_EQ(eci, alone_positive.complexity.eci);
  EXPECT_EQ(both.complexity.absence, EciAbsence::kNone);
}

TEST(EconomicComplexity, SaysThatAnOrderIsAmbiguousInsteadOfInventingOne) {
  // Given a ring: region i has products i and i+1. Turning the ring changes nothing, so no order of it can be right.
  std::vector<Cell> ring;
  for (std::size_t i = 0; i < 8; ++i) {
    ring.push_back({test::Name("r", i), test::Name("p", i), 1});
    ring.push_back({test::Name("r", i), test::Name("p", (i + 1) % 8), 1});
  }
  std::vector<Cell> large;
  for (std::size_t i = 0; i < 200; ++i)
    for (std::size_t k = 0; k < 60; ++k) large.push_back({test::Name("r", i), test::Name("p", (i + k) % 200), 1});

  for (const auto& cells : {ring, large}) {
    const Answer answer(cells);

    EXPECT_EQ(answer.complexity.absence, EciAbsence::kAmbiguous);
    EXPECT_TRUE(std::ranges::all_of(answer.complexity.eci, [](double x) { return std::isnan(x); }));
    EXPECT_NEAR(answer.complexity.second_eigenvalue, answer.complexity.third_eigenvalue, 1e-9);
    EXPECT_NEAR(answer.outlook.density.At(0, 0), answer.outlook.density.At(1, 1), 1e-12) << "what is known is answered";
  }
}

TEST(EconomicComplexity, SaysThatAUniformTableHasNoOrder) {
  std::vector<Cell> cells;
  for (const char* region : {"a", "b", "c", "d"})
    for (const char* product : {"x", "y", "z"}) cells.push_back({region, product, 5});

  const Answer answer(cells);

  EXPECT_EQ(answer.presence.count(), 12u);
  EXPECT_EQ(answer.complexity.absence, EciAbsence::kUniform);
  EXPECT_TRUE(std::isnan(answer.complexity.eci[0]));
  EXPECT_NEAR(answer.outlook.density.At(0, 0), 1, 1e-15);
}

TEST(EconomicComplexity, SaysThatIslandsOfOneRegionCannotBeCompared) {
  const Answer answer({{"a", "x", 1}, {"b", "y", 1}, {"b", "z", 1}});

  EXPECT_EQ(answer.complexity.absence, EciAbsence::kTooSmall);
  ASSERT_EQ(answer.complexity.unconnected_regions.size(), 1u);
  EXPECT_EQ(answer.complexity.unconnected_regions[0], 0u) << "b has more products, so a is the one apart";
  EXPECT_TRUE(std::isnan(answer.outlook.coi[0]) && std::isnan(answer.outlook.coi[1]));
}

TEST(EconomicComplexity, TwoRegionsAreOneDeviationApart) {
  const Answer answer({{"a", "x", 1}, {"a", "y", 1}, {"a", "z", 1}, {"b", "x", 1}},
                      {.kind = PresenceRule::Kind::kPositive});

  EXPECT_NEAR(answer.complexity.eci[0], 1, 1e-12);
  EXPECT_NEAR(answer.complexity.eci[1], -1, 1e-12);
}

TEST(EconomicComplexity, WithEqualDiversityTheRarerProductsDecideTheSign) {
  // Given regions of two products each; b's are made by fewer.
  const Answer answer({{"a", "common", 1},
                       {"a", "usual", 1},
                       {"b", "rare", 1},
                       {"b", "usual", 1},
                       {"c", "common", 1},
                       {"c", "usual", 1},
                       {"d", "rare", 1},
                       {"d", "rarer", 1},
                       {"e", "common", 1},
                       {"e", "usual", 1}},
                      {.kind = PresenceRule::Kind::kPositive});

  EXPECT_EQ(answer.complexity.sign, EciSign::kUbiquity);
  EXPECT_GT(answer.complexity.eci[3], answer.complexity.eci[0]);
}

// The five by four example of EconGeo's manual; its binary twin for what needs zero-one.
StructureMatrix ManualBinary() {
  return MatrixOf({{"R1", "I2", 1},
                   {"R1", "I4", 1},
                   {"R2", "I4", 1},
                   {"R3", "I4", 1},
                   {"R4", "I1", 1},
                   {"R4", "I4", 1},
                   {"R5", "I1", 1},
                   {"R5", "I2", 1},
                   {"R5", "I3", 1}});
}

TEST(ManualExample, ReflectionsAfterTwentySteps) {
  const StructureMatrix matrix = ManualBinary();
  const Presence presence = Presence::Of(matrix, {.kind = PresenceRule::Kind::kPositive}).value();

  const std::vector<double> reflections = MethodOfReflections(presence, 20).region;

  const double expected[] = {41.8861169956, 0, 0, 41.8861169956, 100};
  for (std::size_t r = 0; r < 5; ++r) EXPECT_NEAR(reflections[r], expected[r], 1e-10);
  EXPECT_EQ(MethodOfReflections(presence, 0).region, (std::vector<double>{2, 1, 1, 2, 3}));
  EXPECT_EQ(MethodOfReflections(presence, 1).product, (std::vector<double>{2.5, 2.5, 3, 1.5}));
}

TEST(ManualExample, EigenvectorIsThatOfTheManualWhichRoundsItsMatrix) {
  // EconGeo rounds the matrix to four digits before it looks for eigenvectors, and divides by the sum: the answers
  // agree as far as that lets them.
  const StructureMatrix matrix = ManualBinary();
  const Presence presence = Presence::Of(matrix, {.kind = PresenceRule::Kind::kPositive}).value();
  const Complexity complexity = EconomicComplexity(presence);
  const auto by_sum = [](std::vector<double> kc) {
    const double sum = std::accumulate(kc.begin(), kc.end(), 0.0);
    for (double& x : kc) x /= sum;
    return kc;
  };
  std::vector<double> kc(5);
  for (std::size_t r = 0; r < 5; ++r)
    for (const std::uint32_t p : presence.ProductsOf(r))
      kc[r] += complexity.raw_pci[p] / static_cast<double>(presence.Diversity(r));

  const double regions[] = {-0.132464647616, -0.683744886580, -0.683744886580, -0.132464647616, 0.632419068392};
  const double products[] = {0.345234703052, 0.345234703052, 0.873149684870, -0.563619090974};
  const std::vector<double> of_regions = by_sum(kc), of_products = by_sum(complexity.raw_pci);
  const double sign = of_regions[4] > 0 ? 1 : -1;  // The manual turns the vector after it has divided.
  for (std::size_t r = 0; r < 5; ++r) EXPECT_NEAR(sign * of_regions[r], regions[r], 1e-4) << r;
  for (std::size_t p = 0; p < 4; ++p) EXPECT_NEAR(of_products[p], products[p], 3e-4) << p;
}

TEST(ManualExample, CoOccurrenceAndItsFiveNormalisations) {
  const StructureMatrix matrix = ManualBinary();
  const Presence presence = Presence::Of(matrix, {.kind = PresenceRule::Kind::kPositive}).value();
  const SquareTable co_occurrence = CoOccurrence(presence).value();
  const auto expect = [](const SquareTable& table, const double(&row0)[4], const double(&row2)[4], double tolerance) {
    for (std::size_t i = 0; i < 4; ++i) {
      EXPECT_NEAR(table.At(0, i), row0[i], tolerance);
      EXPECT_NEAR(table.At(2, i), row2[i], tolerance);
      for (std::size_t j = 0; j < 4; ++j) EXPECT_EQ(table.At(i, j), table.At(j, i));
    }
  };

  expect(co_occurrence, {0, 1, 1, 1}, {1, 1, 0, 0}, 0);
  expect(Relatedness(co_occurrence, RelatednessMeasure::kProbability),
         {0, 0.777777777778, 1.24444444444, 1.24444444444}, {1.244444444444, 1.244444444444, 0, 0}, 5e-12);
  expect(Relatedness(co_occurrence, RelatednessMeasure::kAssociation), {0, 1.11111111111, 1.66666666667, 1.66666666667},
         {1.66666666667, 1.66666666667, 0, 0}, 5e-12);
  expect(Relatedness(co_occurrence, RelatednessMeasure::kCosine), {0, 0.333333333333, 0.408248290464, 0.408248290464},
         {0.408248290464, 0.408248290464, 0, 0}, 5e-13);
  expect(Relatedness(co_occurrence, RelatednessMeasure::kJaccard), {0, 0.2, 0.25, 0.25}, {0.25, 0.25, 0, 0}, 1e-15);
  const SquareTable z = CoOccurrenceZScore(co_occurrence, presence);
  expect(z, {-1.333333333333, 0.333333333333, 1.22474487139, -1.22474487139},
         {1.224744871392, 1.224744871392, -0.5, -2}, 5e-12);
  EXPECT_NEAR(z.At(3, 3), -8, 1e-12);
}

TEST(ManualExample, DensityOfRelatedIndustries) {
  const StructureMatrix matrix = ManualBinary();
  const Presence presence = Presence::Of(matrix, {.kind = PresenceRule::Kind::kPositive}).value();
  SquareTable related = Relatedness(CoOccurrence(presence).value(), RelatednessMeasure::kProbability);
  for (double& value : related.value) value = value > 1 ? 1 : 0;

  const DenseCells density = DensityWith(presence, related);

  const double expected[5][4] = {
      {50, 50, 50, 50}, {50, 50, 0, 0}, {50, 50, 0, 0}, {50, 50, 50, 50}, {50, 50, 100, 100}};
  for (std::size_t r = 0; r < 5; ++r)
    for (std::size_t p = 0; p < 4; ++p) EXPECT_EQ(100 * density.At(r, p), expected[r][p]) << r << p;
}

TEST(Fitness, MeansAreOneAndNobodyIsNegative) {
  for (const int iterations : {0, 1, 19, 200}) {
    const StructureMatrix matrix = MatrixOf(test::RandomCells(21, 50, 70));
    const Presence presence = Presence::Of(matrix).value();

    const Fitness fitness = FitnessComplexity(presence, iterations);

    for (const auto& values : {fitness.region, fitness.product}) {
      EXPECT_NEAR(std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size()), 1, 1e-12);
      EXPECT_GE(*std::min_element(values.begin(), values.end()), 0);
    }
  }
}

TEST(Outlook, DensityLiesBetweenNoneAndAllAndGainIsZeroForWhatIsThere) {
  const Answer answer(test::RandomCells(22, 45, 60));
  for (std::size_t r = 0; r < answer.presence.regions(); ++r) {
    const auto has = answer.presence.ProductsOf(r);
    for (std::size_t p = 0; p < answer.presence.products(); ++p) {
      EXPECT_GE(answer.outlook.density.At(r, p), 0);
      EXPECT_LE(answer.outlook.density.At(r, p), 1 + 1e-12);
      if (std::binary_search(has.begin(), has.end(), p)) {
        EXPECT_EQ(answer.outlook.gain.At(r, p), 0);
      }
    }
  }
}

TEST(Outlook, AgreesWithItsDefinitionAndDoesNotDependOnThreads) {
  // Large enough for several blocks and threads.
  const StructureMatrix matrix = MatrixOf(test::RandomCells(23, 60, 1'100));
  const Presence presence = Presence::Of(matrix).value();
  const Complexity complexity = EconomicComplexity(presence);

  const Outlook one = ComputeOutlook(presence, complexity, 1), four = ComputeOutlook(presence, complexity, 4);

  EXPECT_EQ(one.density.value, four.density.value);
  EXPECT_EQ(one.gain.value, four.gain.value);
  EXPECT_EQ(one.coi, four.coi);
  const std::size_t n = presence.products();
  const auto proximity = Proximities(presence, Side::kProducts).value();
  std::vector<double> phi(n * n);
  for (std::size_t p = 0; p < n; ++p) phi[p * n + p] = 1;
  for (const ProximityPair& pair : proximity) phi[pair.a * n + pair.b] = phi[pair.b * n + pair.a] = pair.proximity;
  std::vector<double> reach(n);
  for (std::size_t p = 0; p < n; ++p) reach[p] = std::accumulate(&phi[p * n], &phi[p * n] + n, 0.0);
  for (const std::size_t r : {std::size_t{0}, presence.regions() / 2, presence.regions() - 1}) {
    const auto has = presence.ProductsOf(r);
    for (std::size_t p = 0; p < n; p += 37) {
      double density = 0, gain = 0;
      for (std::size_t q = 0; q < n; ++q) {
        if (std::binary_search(has.begin(), has.end(), q))
          density += phi[q * n + p] / reach[p];
        else
          gain += phi[q * n + p] * complexity.raw_pci[q] / reach[q];
      }
      if (std::binary_search(has.begin(), has.end(), p)) gain = 0;
      EXPECT_NEAR(one.density.At(r, p), density, 1e-12);
      EXPECT_NEAR(one.gain.At(r, p), gain, 1e-10);
    }
  }
}

TEST(Proximities, AreRefusedAboveTheirLimit) {
  const StructureMatrix matrix = MatrixOf(test::RandomCells(24, 20, 30));
  const Presence presence = Presence::Of(matrix).value();
  const std::size_t all = Proximities(presence, Side::kProducts).value().size();

  EXPECT_TRUE(Proximities(presence, Side::kProducts, all).ok());
  EXPECT_EQ(Proximities(presence, Side::kProducts, all - 1).error().code, "chain.structure_too_many_pairs");
}

}  // namespace
}  // namespace landfall::chain
