// SPDX-License-Identifier: Apache-2.0
#include "analysis/relatedness/concentration.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "analysis/relatedness/presence.h"
#include "analysis/relatedness/shift_share.h"
#include "relatedness_data.h"

namespace landfall::chain {
namespace {

using test::Cell;
using test::MatrixOf;
using test::ReadTable;
using test::Table;

// The five by four example of EconGeo's manual.
StructureMatrix Manual() {
  const double values[5][4] = {{44, 63, 8, 83}, {48, 42, 10, 1}, {74, 54, 96, 16}, {39, 26, 28, 13}, {89, 61, 45, 76}};
  std::vector<Cell> cells;
  for (std::size_t r = 0; r < 5; ++r)
    for (std::size_t p = 0; p < 4; ++p)
      cells.push_back({"R" + std::to_string(r + 1), "I" + std::to_string(p + 1), values[r][p]});
  return MatrixOf(cells);
}

TEST(ManualExample, IndicesOfRegions) {
  const auto regions = IndicesOfRegions(Manual());

  const double krugman[] = {0.524965815359, 0.603138916512, 0.391703056769, 0.213932602785, 0.163127024283};
  const double specialisation[] = {0.2624829076794, 0.3015694582559, 0.1958515283843, 0.1069663013924, 0.0815635121417};
  const double herfindahl[] = {0.327976737068, 0.408685422998, 0.310138888889, 0.280348878604, 0.264743127136};
  const double entropy[] = {1.721, 1.433, 1.797, 1.907, 1.956};
  const double hachman[] = {0.719178139819, 0.716285632657, 0.775198340043, 0.942977616514, 0.960672963874};
  const double mean_quotient[] = {1.39047607906, 1.39609110445, 1.28999244238, 1.06047055888, 1.04093696565};
  const double totals[] = {198, 101, 240, 106, 271};
  for (std::size_t r = 0; r < 5; ++r) {
    EXPECT_NEAR(regions[r].krugman, krugman[r], 5e-13);
    EXPECT_NEAR(regions[r].specialisation, specialisation[r], 5e-14);
    EXPECT_NEAR(regions[r].herfindahl, herfindahl[r], 5e-13);
    EXPECT_NEAR(regions[r].entropy_bits, entropy[r], 5e-4);
    EXPECT_NEAR(regions[r].hachman, hachman[r], 5e-13);
    EXPECT_NEAR(regions[r].mean_location_quotient, mean_quotient[r], 5e-12);
    EXPECT_EQ(regions[r].total, totals[r]);
  }
}

TEST(ManualExample, LocationQuotients) {
  const double expected[] = {0.692365835223, 1.184774575018, 0.197914978664, 2.031639142750, 1.480703172358,
                             1.548418256460, 0.484989675438, 0.047985750956, 0.960657596372, 0.837804878049,
                             1.959358288770, 0.323104056437, 1.146322680015, 0.913330265378, 1.293915851075,
                             0.594389537786, 1.023219619951, 0.838148381484, 0.813386743493, 1.359183115641};

  const std::vector<double> quotients = LocationQuotients(Manual());

  ASSERT_EQ(quotients.size(), 20u);
  for (std::size_t i = 0; i < 20; ++i) EXPECT_NEAR(quotients[i], expected[i], 5e-13);
}

TEST(ManualExample, IndicesOfProducts) {
  const auto products = IndicesOfProducts(Manual());

  const double locational[] = {0.0577024477913, 0.0569837930912, 0.1812314644000, 0.1977051130981};
  const double gini[] = {0.177, 0.151, 0.451, 0.480};
  for (std::size_t p = 0; p < 4; ++p) {
    EXPECT_NEAR(products[p].locational_gini, locational[p], 5e-14);
    EXPECT_NEAR(products[p].gini, gini[p], 5e-4);
    EXPECT_NEAR(products[p].hoover_gini, 2 * products[p].locational_gini, 1e-15) << "without weights of their own";
  }
}

TEST(ManualExample, HooverIndicesAgainstPopulation) {
  // The manual does not print its population; this one gives all eight numbers to the last digit.
  const double population[] = {10, 34, 55, 12, 32};

  const auto products = IndicesOfProducts(Manual(), population);

  const double hoover_gini[] = {0.230, 0.303, 0.268, 0.671};
  const double hoover[] = {20.74, 23.21, 21.14, 54.76};
  for (std::size_t p = 0; p < 4; ++p) {
    EXPECT_NEAR(products[p].hoover_gini, hoover_gini[p], 5e-4);
    EXPECT_NEAR(100 * products[p].hoover, hoover[p], 5e-3);
  }
}

TEST(Indices, ReachTheirBounds) {
  // Given a with one product that nobody else has, b and c like each other.
  const StructureMatrix matrix =
      MatrixOf({{"a", "x", 10}, {"b", "y", 4}, {"b", "z", 4}, {"c", "y", 6}, {"c", "z", 6}, {"d", "x", 0}});

  const auto regions = IndicesOfRegions(matrix);
  const auto products = IndicesOfProducts(matrix);
  const auto pairs = Similarities(matrix).value();

  EXPECT_EQ(regions[0].herfindahl, 1);
  EXPECT_EQ(regions[0].entropy_bits, 0);
  EXPECT_EQ(regions[1].entropy_bits, 1);
  EXPECT_NEAR(regions[0].krugman, 2 * (1 - 10.0 / 30), 1e-15);
  EXPECT_TRUE(std::isnan(regions[3].krugman)) << "d has nothing";
  EXPECT_NEAR(products[0].gini, 3.0 / 4, 1e-15) << "one of four regions has all";
  EXPECT_NEAR(products[0].locational_gini, (1 - 10.0 / 30) / 2, 1e-15);
  ASSERT_EQ(pairs.size(), 3u) << "d is in no pair";
  EXPECT_EQ(pairs[0].cosine, 0);
  EXPECT_EQ(pairs[0].krugman, 2);
  EXPECT_EQ(pairs[2].cosine, 1);
  EXPECT_EQ(pairs[2].krugman, 0);
}

TEST(Indices, AProductSpreadAsTheWholeIsNotConcentrated) {
  const StructureMatrix matrix =
      MatrixOf({{"a", "x", 1}, {"a", "y", 3}, {"b", "x", 2}, {"b", "y", 6}, {"c", "x", 7}, {"c", "y", 21}});

  const auto products = IndicesOfProducts(matrix);

  for (const ProductIndices& of : products) {
    EXPECT_NEAR(of.locational_gini, 0, 1e-15);
    EXPECT_NEAR(of.hoover, 0, 1e-15);
  }
}

TEST(Indices, ScaleOfValuesAndOfOneRegionAgainstAFixedReference) {
  std::vector<Cell> cells = test::RandomCells(31, 12, 20);
  const StructureMatrix before = MatrixOf(cells);
  const std::vector<double> reference = before.product_totals();
  for (Cell& cell : cells)
    if (cell.region == "r00003") cell.value *= 64;
  const StructureMatrix after = MatrixOf(cells);

  const auto a = IndicesOfRegions(before, reference), b = IndicesOfRegions(after, reference);

  for (std::size_t r = 0; r < a.size(); ++r) {
    EXPECT_EQ(a[r].krugman, b[r].krugman);
    EXPECT_EQ(a[r].herfindahl, b[r].herfindahl);
    EXPECT_EQ(a[r].cosine_to_whole, b[r].cosine_to_whole);
  }
  EXPECT_EQ(LocationQuotients(before, reference), LocationQuotients(after, reference));
}

TEST(Similarities, AgreeWithTheirDefinition) {
  const StructureMatrix matrix = MatrixOf(test::RandomCells(32, 15, 25));
  for (const Similarity& pair : Similarities(matrix).value()) {
    double product = 0, a2 = 0, b2 = 0, krugman = 0;
    for (std::size_t p = 0; p < matrix.products().size(); ++p) {
      const double a = matrix.At(pair.a, p) / matrix.region_totals()[pair.a];
      const double b = matrix.At(pair.b, p) / matrix.region_totals()[pair.b];
      product += a * b;
      a2 += a * a;
      b2 += b * b;
      krugman += std::abs(a - b);
    }
    EXPECT_NEAR(pair.cosine, product / std::sqrt(a2 * b2), 1e-14);
    EXPECT_NEAR(pair.krugman, krugman, 1e-14);
  }
  EXPECT_EQ(Similarities(matrix, 3).error().code, "chain.structure_too_many_pairs");
}

struct PlantFile {
  std::vector<std::string> industries = {"Clothing trade", "Forestry", "Textiles dyeing", "Textiles trade"};
  std::vector<Plant> plants;
  std::vector<double> population = std::vector<double>(3), own = std::vector<double>(3);

  PlantFile() {
    for (const auto& row : ReadTable("chain_golden/reat_FK2014_EGC.csv").rows) {
      const auto region = static_cast<std::uint32_t>(std::stoul(row[0]) - 1);
      const auto industry =
          static_cast<std::uint32_t>(std::find(industries.begin(), industries.end(), row[1]) - industries.begin());
      plants.push_back({region, industry, std::stod(row[3])});
      population[region] = std::stod(row[4]);
      own[region] += std::stod(row[3]);
    }
    for (std::vector<double>* shares : {&population, &own}) {
      const double sum = std::accumulate(shares->begin(), shares->end(), 0.0);
      for (double& share : *shares) share /= sum;
    }
  }
};

std::map<std::string, double> ExpectedScalars() {
  std::map<std::string, double> out;
  for (const auto& row : ReadTable("chain_golden/expected_scalars.csv").rows)
    if (row[0] == "reat_FK2014_EGC") out[row[1]] = std::stod(row[2]);
  return out;
}

TEST(EllisonGlaeser, FourIndustriesOfTheReatExample) {
  LF_NEEDS_DATA("chain_golden/reat_FK2014_EGC.csv");
  const PlantFile file;
  const auto expected = ExpectedScalars();

  const auto indices = EllisonGlaeserIndices(file.plants, 4, file.own).value();

  for (std::size_t i = 0; i < 4; ++i)
    EXPECT_NEAR(indices[i].gamma, expected.at("ellison.a2 gamma " + file.industries[i]), 1e-14) << file.industries[i];
  EXPECT_EQ(indices[1].plants, 13u);
}

TEST(EllisonGlaeser, CoagglomerationOfTheReatExample) {
  LF_NEEDS_DATA("chain_golden/reat_FK2014_EGC.csv");
  const PlantFile file;
  const auto expected = ExpectedScalars();
  const std::vector<std::vector<std::uint32_t>> all = {{0, 1, 2, 3}};

  const double by_population = Coagglomerations(file.plants, all, 4, file.population).value()[0];
  const double by_own = Coagglomerations(file.plants, all, 4, file.own).value()[0];

  double population = 0, own = 0;
  for (const auto& [name, value] : expected) {
    if (name.find("x = emp_region share") != std::string::npos) population = value;
    if (name.find("x = share of the set itself") != std::string::npos) own = value;
  }
  EXPECT_NEAR(by_population, population, 1e-14);
  EXPECT_NEAR(by_own, own, 1e-14);
}

TEST(EllisonGlaeser, IsAboutZeroWhereDartsAreThrown) {
  // Given plants that choose a region with the probability of its share, many times over.
  const std::vector<double> shares = {0.5, 0.3, 0.15, 0.05};
  std::mt19937_64 random(33);
  const auto unit = [&] { return static_cast<double>(random() >> 11) * 0x1p-53; };
  double sum = 0;
  constexpr int kTimes = 2'000;
  for (int t = 0; t < kTimes; ++t) {
    std::vector<Plant> plants;
    for (int i = 0; i < 20; ++i) {
      double u = unit();
      std::uint32_t region = 0;
      while (region < 3 && u >= shares[region]) u -= shares[region++];
      plants.push_back({region, 0, 1 + std::floor(50 * unit())});
    }
    sum += EllisonGlaeserIndices(plants, 1, shares).value()[0].gamma;
  }
  EXPECT_NEAR(sum / kTimes, 0, 0.006) << "seed 33";
}

TEST(EllisonGlaeser, DoesNotJudgeASinglePlantNorASingleRegion) {
  const std::vector<Plant> plants = {{0, 0, 10}, {0, 1, 10}, {1, 1, 10}, {1, 1, 0}};
  const std::vector<double> shares = {0.5, 0.5}, one = {1.0}, all_in_one = {1.0, 0.0};

  const auto indices = EllisonGlaeserIndices(plants, 3, shares).value();

  EXPECT_TRUE(std::isnan(indices[0].gamma));
  EXPECT_EQ(indices[0].plants, 1u);
  EXPECT_EQ(indices[1].plants, 2u) << "a plant of size 0 is none";
  EXPECT_TRUE(std::isnan(indices[2].raw)) << "no plants";
  const std::vector<Plant> only_first = {{0, 0, 10}, {0, 0, 5}};
  EXPECT_EQ(EllisonGlaeserIndices(only_first, 1, one).error().code, "chain.structure_one_region");
  EXPECT_EQ(EllisonGlaeserIndices(only_first, 1, all_in_one).error().code, "chain.structure_one_region");
  const std::vector<std::vector<std::uint32_t>> sets = {{1, 2}};
  EXPECT_TRUE(std::isnan(Coagglomerations(plants, sets, 3, shares).value()[0])) << "one of two has plants";
}

constexpr const char* kFreiburg = "relatedness/freiburg_employment_2008_2014.csv.gz";

struct Freiburg {
  StructureMatrix base, later;

  static Freiburg Read() {
    const Table table = ReadTable(kFreiburg);
    std::vector<Cell> base, later;
    for (const auto& row : table.rows) {
      base.push_back({"Freiburg", row[0], std::stod(row[table.Column("e_Freiburg2008")])});
      base.push_back({"Germany", row[0], std::stod(row[table.Column("e_Germany2008")])});
      later.push_back({"Freiburg", row[0], std::stod(row[table.Column("e_Freiburg2014")])});
      later.push_back({"Germany", row[0], std::stod(row[table.Column("e_Germany2014")])});
    }
    return {MatrixOf(base), MatrixOf(later)};
  }
};

TEST(ShiftShare, FreiburgAgainstGermany) {
  LF_NEEDS_DATA(kFreiburg);
  const Freiburg data = Freiburg::Read();

  const ShiftShare share = ComputeShiftShare(data.base, data.later, "Germany").value();

  // Computed by hand from the nine rows (Dunn 1960): 100,056 → 114,429 against 27,627,919 → 29,913,004.
  ASSERT_EQ(share.regions, std::vector<std::string>{"Freiburg"});
  const ShiftShareParts& of = share.by_region[0];
  const Table table = ReadTable(kFreiburg);
  double e = 0, e2 = 0, n = 0, n2 = 0, expected_by_mix = 0, homothetic = 0;
  for (const auto& row : table.rows) {
    e += std::stod(row[1]);
    e2 += std::stod(row[2]);
    n += std::stod(row[4]);
    n2 += std::stod(row[5]);
    expected_by_mix += std::stod(row[1]) * std::stod(row[5]) / std::stod(row[4]);
  }
  for (const auto& row : table.rows)
    homothetic += e * std::stod(row[4]) / n * (std::stod(row[3]) - std::stod(row[6])) / 100;
  EXPECT_EQ(of.base, e);
  EXPECT_EQ(of.change, e2 - e);
  EXPECT_NEAR(of.national, e * n2 / n - e, 1e-8);
  EXPECT_NEAR(of.mix, expected_by_mix - e * n2 / n, 1e-8);
  EXPECT_NEAR(of.competitive, e2 - expected_by_mix, 1e-8);
  EXPECT_NEAR(of.homothetic, homothetic, 1e-7);
  EXPECT_NEAR(of.homothetic + of.allocation, of.competitive, 1e-8);
  EXPECT_EQ(of.entry, 0);
}

TEST(LocationQuotients, FreiburgAgainstGermany) {
  LF_NEEDS_DATA(kFreiburg);
  const Freiburg data = Freiburg::Read();
  std::vector<double> germany;
  for (std::size_t p = 0; p < data.later.products().size(); ++p) germany.push_back(data.later.At(1, p));
  const StructureMatrix city = data.later.Without(1);

  const std::vector<double> quotients = LocationQuotients(city, germany);

  const Table table = ReadTable(kFreiburg);
  double e = 0, n = 0;
  for (const auto& row : table.rows) e += std::stod(row[2]), n += std::stod(row[5]);
  for (const auto& row : table.rows) {
    const auto at = static_cast<std::size_t>(std::ranges::find(city.products(), row[0]) - city.products().begin());
    EXPECT_NEAR(quotients[at], std::stod(row[2]) / e / (std::stod(row[5]) / n), 1e-12) << row[0];
  }
}

TEST(ShiftShare, GermanStatesAddUpToTheNation) {
  constexpr const char* kStates = "relatedness/germany_regions_employment_2008_2014.csv.gz";
  LF_NEEDS_DATA(kStates);
  Table table = ReadTable(kStates);
  // The file holds totals of both sides, and manufacturing once more within industry.
  std::erase_if(table.rows,
                [](const auto& row) { return row[0] == "Insgesamt" || row[0] == "Verarbeitendes Gewerbe (C)"; });
  const auto of_year = [&](const char* year, bool with_nation) {
    Table some = table;
    std::erase_if(some.rows,
                  [&](const auto& row) { return row[2] != year || (!with_nation && row[1] == "Insgesamt"); });
    return MatrixOf(some, "region", "industry", "emp");
  };

  const ShiftShare summed = ComputeShiftShare(of_year("2008", false), of_year("2014", false)).value();
  const ShiftShare given = ComputeShiftShare(of_year("2008", true), of_year("2014", true), "Insgesamt").value();

  ASSERT_EQ(summed.regions.size(), 16u);
  ASSERT_EQ(given.regions, summed.regions);
  double mix = 0, competitive = 0, national = 0;
  for (std::size_t r = 0; r < 16; ++r) {
    mix += summed.by_region[r].mix;
    competitive += summed.by_region[r].competitive;
    national += summed.by_region[r].national;
    EXPECT_NEAR(summed.by_region[r].competitive, given.by_region[r].competitive, 40) << "the nation's row is rounded";
  }
  EXPECT_NEAR(mix, 0, 1e-6) << "mixes of all regions balance";
  EXPECT_NEAR(competitive, 0, 1e-6);
  EXPECT_NEAR(national, summed.whole_later - summed.whole_base, 1e-6);
}

TEST(ShiftShare, PartsAddUpToTheChangeOfEveryCell) {
  for (const std::uint64_t seed : {41, 42, 43}) {
    const StructureMatrix base = MatrixOf(test::RandomCells(seed, 14, 22));
    const StructureMatrix later = MatrixOf(test::RandomCells(seed + 100, 14, 22));

    const ShiftShare share = ComputeShiftShare(base, later).value();

    for (const ShiftShareCell& cell : share.cells) {
      const ShiftShareParts& of = cell.parts;
      EXPECT_NEAR(of.national + of.mix + of.competitive + of.entry, of.change, 1e-9) << "seed " << seed;
      if (of.base > 0) {
        EXPECT_NEAR(of.homothetic + of.allocation, of.competitive, 1e-9) << "seed " << seed;
      }
    }
  }
}

TEST(ShiftShare, ANewIndustryOfTheWholeIsAnEntryAndNoGrowth) {
  const StructureMatrix base = MatrixOf({{"a", "x", 10}, {"b", "x", 10}});
  const StructureMatrix later = MatrixOf({{"a", "x", 10}, {"b", "x", 12}, {"b", "new", 8}});

  const ShiftShare share = ComputeShiftShare(base, later).value();

  EXPECT_EQ(share.by_region[1].entry, 8);
  EXPECT_EQ(share.by_region[0].entry, 0);
  EXPECT_NEAR(share.by_region[0].competitive, -1, 1e-12) << "x grew by a tenth, a did not";
}

TEST(ShiftShare, LeavesOutRegionsOfOnePeriodByName) {
  const StructureMatrix base = MatrixOf({{"a", "x", 10}, {"gone", "x", 90}});
  const StructureMatrix later = MatrixOf({{"a", "x", 20}, {"new", "x", 5}});

  const ShiftShare share = ComputeShiftShare(base, later).value();

  EXPECT_EQ(share.only_in_base, std::vector<std::string>{"gone"});
  EXPECT_EQ(share.only_in_later, std::vector<std::string>{"new"});
  EXPECT_EQ(share.whole_base, 10);
  EXPECT_EQ(share.by_region[0].national, 10);
}

TEST(ShiftShare, RefusesWhatHasNothingInCommon) {
  const StructureMatrix a = MatrixOf({{"a", "x", 10}}), b = MatrixOf({{"b", "x", 10}});
  const StructureMatrix zero = MatrixOf({{"a", "x", 0}, {"b", "x", 1}}), both = MatrixOf({{"a", "x", 1}});

  EXPECT_EQ(ComputeShiftShare(a, b).error().code, "chain.structure_periods_disjoint");
  EXPECT_EQ(ComputeShiftShare(a, a, "a").error().code, "chain.structure_periods_disjoint");
  EXPECT_EQ(ComputeShiftShare(a, a, "b").error().code, "chain.structure_no_such_region");
  EXPECT_EQ(ComputeShiftShare(zero, both).error().code, "chain.structure_all_zero");
}

}  // namespace
}  // namespace landfall::chain
