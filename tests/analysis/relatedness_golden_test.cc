// SPDX-License-Identifier: Apache-2.0
// The peers' numbers on real data: R's economiccomplexity and EconGeo, Python's py-ecomplexity.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "analysis/relatedness/concentration.h"
#include "analysis/relatedness/product_space.h"
#include "relatedness_data.h"

namespace landfall::chain {
namespace {

using test::MatrixOf;
using test::ReadTable;
using test::Table;

constexpr const char* kTrade = "relatedness/world_trade_avg_1998_to_2000.csv.gz";
constexpr const char* kListed = "chain_golden/cn_listed_before2012_input.csv.gz";

std::map<std::string, std::vector<double>> ByName(const Table& table) {
  std::map<std::string, std::vector<double>> out;
  for (const auto& row : table.rows) {
    std::vector<double>& values = out[row[0]];
    for (std::size_t i = 1; i < row.size(); ++i) values.push_back(std::stod(row[i]));
  }
  return out;
}

TEST(WorldTrade, EveryPairWithComparativeAdvantageAndNoOther) {
  LF_NEEDS_DATA(kTrade);
  const StructureMatrix matrix = MatrixOf(ReadTable(kTrade), "country", "product", "value");
  std::set<std::pair<std::string, std::string>> expected;
  for (const auto& row : ReadTable("relatedness/expected_balassa_index.csv.gz").rows) expected.insert({row[0], row[1]});

  const Presence presence = Presence::Of(matrix).value();

  std::set<std::pair<std::string, std::string>> found;
  for (std::size_t r = 0; r < presence.regions(); ++r)
    for (const std::uint32_t p : presence.ProductsOf(r))
      found.insert({matrix.regions()[presence.region_ids()[r]], matrix.products()[presence.product_ids()[p]]});
  EXPECT_EQ(found.size(), 31'951u);
  EXPECT_EQ(found, expected);
}

TEST(WorldTrade, CountryProximityToEightDigits) {
  LF_NEEDS_DATA(kTrade);
  const StructureMatrix matrix = MatrixOf(ReadTable(kTrade), "country", "product", "value");
  const Presence presence = Presence::Of(matrix).value();
  std::map<std::pair<std::string, std::string>, double> expected;
  for (const auto& row : ReadTable("relatedness/expected_proximity_country.csv.gz").rows)
    expected[std::minmax(row[0], row[1])] = std::stod(row[2]);

  const auto pairs = Proximities(presence, Side::kRegions).value();

  EXPECT_EQ(pairs.size(), 25'161u);
  ASSERT_EQ(pairs.size(), expected.size());
  for (const ProximityPair& pair : pairs) {
    const auto& a = matrix.regions()[presence.region_ids()[pair.a]];
    const auto& b = matrix.regions()[presence.region_ids()[pair.b]];
    ASSERT_TRUE(expected.contains({a, b})) << a << " " << b;
    EXPECT_NEAR((expected[{a, b}]), pair.proximity, 1e-8) << a << " " << b;
  }
}

TEST(WorldTrade, FitnessAndComplexityAfterNineteenSteps) {
  LF_NEEDS_DATA(kTrade);
  const StructureMatrix matrix = MatrixOf(ReadTable(kTrade), "country", "product", "value");
  const Presence presence = Presence::Of(matrix).value();
  const auto countries = ByName(ReadTable("relatedness/expected_complexity_index_country.csv.gz"));
  const auto products = ByName(ReadTable("relatedness/expected_complexity_index_product.csv.gz"));

  const Fitness fitness = FitnessComplexity(presence, 19);

  ASSERT_EQ(presence.regions(), 226u);
  ASSERT_EQ(presence.products(), 785u);
  ASSERT_EQ(countries.size(), 226u);
  ASSERT_EQ(products.size(), 785u);
  for (std::size_t r = 0; r < presence.regions(); ++r)
    EXPECT_NEAR(fitness.region[r], countries.at(matrix.regions()[presence.region_ids()[r]])[0], 1e-9);
  for (std::size_t p = 0; p < presence.products(); ++p)
    EXPECT_NEAR(fitness.product[p], products.at(matrix.products()[presence.product_ids()[p]])[0], 1e-9);
}

struct Listed {
  StructureMatrix matrix = MatrixOf(ReadTable(kListed), "country", "product", "value");
  Presence presence = Presence::Of(matrix).value();
  Complexity complexity = EconomicComplexity(presence);
};

TEST(ListedCompanies, DiversityEciAndCoiOfEveryArea) {
  LF_NEEDS_DATA(kListed);
  const Listed listed;
  const Outlook outlook = ComputeOutlook(listed.presence, listed.complexity);
  const auto expected = ByName(ReadTable("chain_golden/cn_listed_before2012_expected_country.csv"));

  ASSERT_EQ(listed.presence.regions(), expected.size());
  for (std::size_t r = 0; r < listed.presence.regions(); ++r) {
    const std::string& name = listed.matrix.regions()[listed.presence.region_ids()[r]];
    const std::vector<double>& of = expected.at(name);
    EXPECT_EQ(static_cast<double>(listed.presence.Diversity(r)), of[0]) << name;
    EXPECT_NEAR(listed.complexity.eci[r], of[1], 1e-9) << name;
    EXPECT_NEAR(outlook.coi[r], of[2], 1e-9) << name;
  }
  EXPECT_EQ(listed.complexity.sign, EciSign::kDiversity);
}

TEST(ListedCompanies, UbiquityAndPciOfEveryProduct) {
  LF_NEEDS_DATA(kListed);
  const Listed listed;
  const auto expected = ByName(ReadTable("chain_golden/cn_listed_before2012_expected_product.csv"));

  ASSERT_EQ(listed.presence.products(), expected.size());
  for (std::size_t p = 0; p < listed.presence.products(); ++p) {
    const std::string& name = listed.matrix.products()[listed.presence.product_ids()[p]];
    EXPECT_EQ(static_cast<double>(listed.presence.Ubiquity(p)), expected.at(name)[0]) << name;
    EXPECT_NEAR(listed.complexity.pci[p], expected.at(name)[1], 1e-9) << name;
  }
}

TEST(ListedCompanies, QuotientPresenceDensityAndGainOfEveryCell) {
  LF_NEEDS_DATA(kListed);
  const Listed listed;
  const Outlook outlook = ComputeOutlook(listed.presence, listed.complexity);
  const std::vector<double> quotients = LocationQuotients(listed.matrix);
  std::map<std::string, std::size_t> regions, products;
  for (std::size_t r = 0; r < listed.presence.regions(); ++r) regions[listed.matrix.regions()[r]] = r;
  for (std::size_t p = 0; p < listed.presence.products(); ++p) products[listed.matrix.products()[p]] = p;
  ASSERT_EQ(regions.size(), listed.matrix.regions().size()) << "numbers of the presence are those of the matrix here";
  ASSERT_EQ(products.size(), listed.matrix.products().size());

  const Table cells = ReadTable("chain_golden/cn_listed_before2012_expected_cells.csv.gz");

  ASSERT_EQ(cells.rows.size(), regions.size() * products.size());
  for (const auto& cell : cells.rows) {
    const std::size_t r = regions.at(cell[0]), p = products.at(cell[1]);
    const auto index = listed.matrix.by_region().Index(r);
    const auto found = std::lower_bound(index.begin(), index.end(), p);
    const bool stored = found != index.end() && *found == p;
    const std::size_t at = listed.matrix.by_region().begin[r] + static_cast<std::size_t>(found - index.begin());
    const auto has = listed.presence.ProductsOf(r);
    EXPECT_NEAR(stored ? quotients[at] : 0, std::stod(cell[2]), 1e-9) << cell[0] << cell[1];
    EXPECT_EQ(std::binary_search(has.begin(), has.end(), p), std::stod(cell[3]) == 1) << cell[0] << cell[1];
    EXPECT_NEAR(outlook.density.At(r, p), std::stod(cell[4]), 1e-9) << cell[0] << cell[1];
    EXPECT_NEAR(outlook.gain.At(r, p), std::stod(cell[5]), 1e-9) << cell[0] << cell[1];
  }
}

TEST(ListedCompanies, IndicesOfRegionsAndProducts) {
  LF_NEEDS_DATA(kListed);
  const StructureMatrix matrix = MatrixOf(ReadTable(kListed), "country", "product", "value");
  const auto of_regions = ByName(ReadTable("chain_golden/cn_listed_before2012_econgeo_region.csv"));
  const auto of_products = ByName(ReadTable("chain_golden/cn_listed_before2012_econgeo_locgini.csv"));

  const auto regions = IndicesOfRegions(matrix);
  const auto products = IndicesOfProducts(matrix);

  ASSERT_EQ(regions.size(), of_regions.size());
  for (std::size_t r = 0; r < regions.size(); ++r) {
    const std::vector<double>& expected = of_regions.at(matrix.regions()[r]);
    EXPECT_NEAR(regions[r].krugman, expected[0], 1e-12);
    EXPECT_NEAR(regions[r].specialisation, expected[1], 1e-12);
    EXPECT_NEAR(regions[r].herfindahl, expected[2], 1e-12);
    EXPECT_NEAR(regions[r].entropy_bits, expected[3], 0.0005 + 1e-12) << "printed with three digits";
    EXPECT_NEAR(regions[r].hachman, expected[4], 1e-12);
    EXPECT_NEAR(regions[r].mean_location_quotient, expected[5], 1e-12);
  }
  ASSERT_EQ(products.size(), of_products.size());
  for (std::size_t p = 0; p < products.size(); ++p)
    EXPECT_NEAR(products[p].locational_gini, of_products.at(matrix.products()[p])[0], 1e-12);
}

TEST(ListedCompanies, RelatednessByProbabilityAndItsDensity) {
  LF_NEEDS_DATA(kListed);
  const Listed listed;
  const Table expected = ReadTable("chain_golden/cn_listed_before2012_econgeo_relatedness_prob_first60.csv");
  const Table density_expected = ReadTable("chain_golden/cn_listed_before2012_econgeo_reldens_pct_r2_first60.csv");
  std::map<std::string, std::size_t> products, regions;
  for (std::size_t p = 0; p < listed.matrix.products().size(); ++p) products[listed.matrix.products()[p]] = p;
  for (std::size_t r = 0; r < listed.matrix.regions().size(); ++r) regions[listed.matrix.regions()[r]] = r;

  const SquareTable relatedness = Relatedness(CoOccurrence(listed.presence).value(), RelatednessMeasure::kProbability);
  SquareTable related = relatedness;
  for (double& value : related.value) value = value > 1 ? 1 : 0;
  const DenseCells density = DensityWith(listed.presence, related);

  ASSERT_EQ(expected.rows.size(), 60u);
  for (const auto& row : expected.rows)
    for (std::size_t i = 1; i < row.size(); ++i)
      EXPECT_NEAR(relatedness.At(products.at(row[0]), products.at(expected.header[i])), std::stod(row[i]), 1e-11);
  ASSERT_EQ(density_expected.rows.size(), 32u);
  for (const auto& row : density_expected.rows)
    for (std::size_t i = 1; i < row.size(); ++i)
      EXPECT_NEAR(100 * density.At(regions.at(row[0]), products.at(density_expected.header[i])), std::stod(row[i]),
                  0.005 + 1e-9);
}

// The peers answer only NaN when a row or a column of the table is empty.
TEST(ListedCompanies, EmptyRowsAndColumnsAreNamedAndChangeNothingElse) {
  LF_NEEDS_DATA(kListed);
  const Listed plain;
  Table table = ReadTable(kListed);
  table.rows.push_back({"无企业", table.rows[0][1], "0"});
  table.rows.push_back({table.rows[0][0], "无人做", "0"});
  const StructureMatrix matrix = MatrixOf(table, "country", "product", "value");

  const Presence presence = Presence::Of(matrix).value();
  const Complexity complexity = EconomicComplexity(presence);
  const Outlook outlook = ComputeOutlook(presence, complexity);

  ASSERT_EQ(presence.excluded_regions().size(), 1u);
  EXPECT_EQ(matrix.regions()[presence.excluded_regions()[0].index], "无企业");
  ASSERT_EQ(presence.excluded_products().size(), 1u);
  EXPECT_EQ(matrix.products()[presence.excluded_products()[0].index], "无人做");
  EXPECT_EQ(complexity.eci, plain.complexity.eci);
  EXPECT_EQ(complexity.pci, plain.complexity.pci);
  const Outlook plain_outlook = ComputeOutlook(plain.presence, plain.complexity);
  EXPECT_EQ(outlook.coi, plain_outlook.coi);
  EXPECT_EQ(outlook.gain.value, plain_outlook.gain.value);
  EXPECT_EQ(FitnessComplexity(presence, 19).region, FitnessComplexity(plain.presence, 19).region);
}

}  // namespace
}  // namespace landfall::chain
