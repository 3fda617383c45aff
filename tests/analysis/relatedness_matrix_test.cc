// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "relatedness_data.h"

namespace landfall::chain {
namespace {

using test::Cell;
using test::MatrixOf;

TEST(StructureMatrix, KeepsNamesWithoutValuesAndSortsThem) {
  const StructureMatrix matrix = MatrixOf({{"c", "y", 2}, {"a", "y", 3}, {"b", "x", 0}, {" a ", "z", 5}});

  EXPECT_EQ(matrix.regions(), (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(matrix.products(), (std::vector<std::string>{"x", "y", "z"}));
  EXPECT_EQ(matrix.region_totals(), (std::vector<double>{8, 0, 2}));
  EXPECT_EQ(matrix.product_totals(), (std::vector<double>{0, 5, 5}));
  EXPECT_EQ(matrix.total(), 10);
  EXPECT_EQ(matrix.At(0, 2), 5);
  EXPECT_EQ(matrix.At(1, 0), 0);
}

TEST(StructureMatrix, ByProductIsTheTransposeOfByRegion) {
  const StructureMatrix matrix = MatrixOf(test::RandomCells(7, 20, 30));

  std::size_t seen = 0;
  for (std::size_t p = 0; p < matrix.products().size(); ++p) {
    const auto index = matrix.by_product().Index(p);
    EXPECT_TRUE(std::is_sorted(index.begin(), index.end()));
    for (std::size_t i = 0; i < index.size(); ++i, ++seen)
      EXPECT_EQ(matrix.by_product().Value(p)[i], matrix.At(index[i], p));
  }
  EXPECT_EQ(seen, matrix.by_region().index.size());
}

TEST(StructureMatrix, WithoutARegionKeepsEveryProduct) {
  const StructureMatrix matrix = MatrixOf({{"a", "x", 1}, {"b", "y", 2}, {"c", "x", 4}});

  const StructureMatrix rest = matrix.Without(1);

  EXPECT_EQ(rest.regions(), (std::vector<std::string>{"a", "c"}));
  EXPECT_EQ(rest.product_totals(), (std::vector<double>{5, 0}));
  EXPECT_EQ(rest.total(), 5);
}

TEST(StructureBuilder, RefusesWhatIsNoAmount) {
  const struct {
    const char *region, *product;
    double value;
    std::string_view code;
  } cases[] = {
      {"", "x", 1, "chain.structure_empty_name"},
      {"a", "  ", 1, "chain.structure_empty_name"},
      {"a\nb", "x", 1, "chain.structure_control_character"},
      {"a", "\x1b[2J", 1, "chain.structure_control_character"},
      {"a", "x", -0.5, "chain.structure_negative"},
      {"a", "x", std::numeric_limits<double>::quiet_NaN(), "chain.structure_not_finite"},
      {"a", "x", std::numeric_limits<double>::infinity(), "chain.structure_not_finite"},
  };
  for (const auto& one : cases) {
    StructureBuilder builder;
    const Status added = builder.Add(one.region, one.product, one.value, 3);

    ASSERT_FALSE(added.ok()) << one.code;
    EXPECT_EQ(added.error().code, one.code);
  }
  StructureBuilder builder;
  const Status added = builder.Add(std::string(1'001, 'n'), "x", 1);
  ASSERT_FALSE(added.ok());
  EXPECT_EQ(added.error().code, "chain.structure_name_too_long");
}

TEST(StructureBuilder, RefusesACellGivenTwiceAndNamesTheRows) {
  StructureBuilder builder;
  ASSERT_TRUE(builder.Add("a", "x", 1, 2).ok());
  ASSERT_TRUE(builder.Add("b", "x", 1, 3).ok());
  ASSERT_TRUE(builder.Add("a", "x", 1, 9).ok());

  const auto built = builder.Finish();

  ASSERT_FALSE(built.ok());
  EXPECT_EQ(built.error().code, "chain.structure_duplicate_cell");
  EXPECT_NE(built.error().detail.find("Rows 2 and 9"), std::string::npos) << built.error().detail;
}

TEST(StructureBuilder, SumsDuplicatesWhenAskedAndInAnyOrderAlike) {
  const double parts[] = {0.1, 1e16, 0.7, 3, 1e-9};
  std::vector<std::size_t> order = {0, 1, 2, 3, 4};
  std::vector<double> sums;
  do {
    StructureBuilder builder(StructureBuilder::Duplicates::kSum);
    for (const std::size_t i : order) ASSERT_TRUE(builder.Add("a", "x", parts[i], i).ok());
    sums.push_back(builder.Finish().value().At(0, 0));
  } while (std::next_permutation(order.begin(), order.end()));

  EXPECT_EQ(sums.size(), 120u);
  EXPECT_TRUE(std::all_of(sums.begin(), sums.end(), [&](double sum) { return sum == sums[0]; }));
}

TEST(StructureBuilder, RefusesMoreThanItsLimits) {
  const StructureLimits limits{.regions = 3, .products = 4, .entries = 6, .cells = 8};
  const auto first_error = [&](const std::vector<Cell>& cells) -> std::string {
    StructureBuilder builder(StructureBuilder::Duplicates::kSum, limits);
    for (const Cell& cell : cells)
      if (const Status added = builder.Add(cell.region, cell.product, cell.value); !added) return added.error().code;
    const auto built = builder.Finish();
    return built ? "" : built.error().code;
  };

  EXPECT_EQ(first_error({{"a", "x", 1}, {"b", "x", 1}, {"c", "x", 1}, {"d", "x", 1}}), "chain.structure_too_large");
  EXPECT_EQ(first_error({{"a", "v", 1}, {"a", "w", 1}, {"a", "x", 1}, {"a", "y", 1}, {"a", "z", 1}}),
            "chain.structure_too_large");
  EXPECT_EQ(first_error(std::vector<Cell>(7, {"a", "x", 1})), "chain.structure_too_large");
  EXPECT_EQ(first_error({{"a", "x", 1}, {"b", "y", 1}, {"c", "z", 1}}), "chain.structure_too_large") << "9 cells of 8";
  EXPECT_EQ(first_error({{"a", "x", 1}, {"b", "y", 1}}), "");
}

TEST(StructureBuilder, RefusesAMatrixOfNothing) {
  StructureBuilder zeros, none, huge;
  ASSERT_TRUE(zeros.Add("a", "x", 0).ok());
  ASSERT_TRUE(huge.Add("a", "x", 1.5e308).ok());
  ASSERT_TRUE(huge.Add("b", "x", 1.5e308).ok());

  EXPECT_EQ(zeros.Finish().error().code, "chain.structure_all_zero");
  EXPECT_EQ(none.Finish().error().code, "chain.structure_all_zero");
  EXPECT_EQ(huge.Finish().error().code, "chain.structure_not_finite");
}

TEST(Presence, NamesEmptyRowsAndColumnsAndAnswersForTheRest) {
  const StructureMatrix matrix =
      MatrixOf({{"a", "x", 9}, {"a", "y", 1}, {"b", "x", 1}, {"b", "y", 9}, {"empty", "x", 0}, {"a", "void", 0}});

  const Presence presence = Presence::Of(matrix).value();

  ASSERT_EQ(presence.excluded_regions().size(), 1u);
  EXPECT_EQ(matrix.regions()[presence.excluded_regions()[0].index], "empty");
  EXPECT_EQ(presence.excluded_regions()[0].reason, ExclusionReason::kNoValues);
  ASSERT_EQ(presence.excluded_products().size(), 1u);
  EXPECT_EQ(matrix.products()[presence.excluded_products()[0].index], "void");
  EXPECT_EQ(presence.count(), 2u);
  EXPECT_EQ(presence.Diversity(0), 1u);
}

TEST(Presence, SaysWhenAThresholdAndNotTheDataEmptiesARow) {
  // Given a region whose structure is the whole's, so that no quotient is far above 1.
  const StructureMatrix matrix =
      MatrixOf({{"a", "x", 90}, {"a", "y", 10}, {"b", "x", 10}, {"b", "y", 90}, {"c", "x", 10}, {"c", "y", 10}});

  const Presence presence = Presence::Of(matrix, {.threshold = 1.5}).value();

  ASSERT_EQ(presence.excluded_regions().size(), 1u);
  EXPECT_EQ(presence.excluded_regions()[0].reason, ExclusionReason::kNoPresence);
  EXPECT_EQ(ExclusionReasonName(presence.excluded_regions()[0].reason), "no_presence");
}

TEST(Presence, RefusesWhatCannotBeCompared) {
  const auto code = [](const std::vector<Cell>& cells, PresenceRule rule = {}) {
    const auto presence = Presence::Of(MatrixOf(cells), rule);
    return presence ? std::string() : presence.error().code;
  };

  EXPECT_EQ(code({{"a", "x", 1}, {"a", "y", 2}}), "chain.structure_one_region");
  EXPECT_EQ(code({{"a", "x", 1}, {"a", "y", 2}, {"b", "x", 0}}), "chain.structure_one_region");
  EXPECT_EQ(code({{"a", "x", 1}, {"b", "x", 2}}), "chain.structure_one_product");
  EXPECT_EQ(code({{"a", "x", 1}, {"b", "y", 2}}, {.threshold = 0}), "chain.structure_threshold");
  EXPECT_EQ(code({{"a", "x", 1}, {"b", "y", 2}}, {.threshold = std::numeric_limits<double>::quiet_NaN()}),
            "chain.structure_threshold");
}

TEST(Presence, JudgesWholeNumbersNextToOneWithoutRounding) {
  // Given (n−1)(n+1) = n² − 1, so that a has just too little of x and b just too little of y, by one part in 2⁶⁰.
  const double n = 0x1p30;
  const StructureMatrix matrix = MatrixOf({{"a", "x", n - 1}, {"a", "y", n}, {"b", "x", n}, {"b", "y", n + 1}});
  const std::vector<double> quotients = LocationQuotients(matrix);
  ASSERT_TRUE(std::ranges::all_of(quotients, [](double q) { return q == 1; })) << "doubles do not tell them apart";

  const Presence presence = Presence::Of(matrix).value();

  ASSERT_EQ(presence.count(), 2u);
  EXPECT_EQ(matrix.products()[presence.product_ids()[presence.ProductsOf(0)[0]]], "y");
  EXPECT_EQ(matrix.products()[presence.product_ids()[presence.ProductsOf(1)[0]]], "x");
}

TEST(Presence, TakesAQuotientOfExactlyOneAsPresent) {
  std::mt19937_64 random(11);
  for (int i = 0; i < 500; ++i) {
    const auto m = static_cast<double>(1 + random() % 1000), n = static_cast<double>(1 + random() % 1000);
    const auto k = static_cast<double>(1 + random() % 1000);
    const StructureMatrix matrix = MatrixOf({{"a", "x", m}, {"a", "y", n}, {"b", "x", m * k}, {"b", "y", n * k}});

    EXPECT_EQ(Presence::Of(matrix).value().count(), 4u) << m << " " << n << " " << k;
  }
}

TEST(Presence, DoesNotDependOnTheUnitOfValues) {
  std::vector<Cell> cells = test::RandomCells(5, 30, 40);
  const Presence before = Presence::Of(MatrixOf(cells)).value();
  for (const double unit : {0x1p-900, 0x1p-40, 0x1p50, 0x1p900}) {
    std::vector<Cell> scaled = cells;
    for (Cell& cell : scaled) cell.value *= unit;
    const Presence after = Presence::Of(MatrixOf(scaled)).value();

    ASSERT_EQ(after.count(), before.count()) << unit;
    for (std::size_t r = 0; r < before.regions(); ++r)
      EXPECT_TRUE(std::ranges::equal(after.ProductsOf(r), before.ProductsOf(r)));
  }
}

}  // namespace
}  // namespace landfall::chain
