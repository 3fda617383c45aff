// SPDX-License-Identifier: Apache-2.0
// What the tests of the chain graph share: small graphs by hand, and the imported chain-kg set.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "analysis/graph/build.h"
#include "cli/tools/chain_graph.h"
#include "support/test_data.h"

namespace landfall::chain::test {

struct Stated {
  Relation relation;
  std::string from, to;
  EdgeFacts facts = {};
};

inline Graph MakeGraph(const std::vector<Stated>& edges) {
  GraphBuilder builder;
  for (const Stated& edge : edges) {
    const RelationEnds ends = EndsOf(edge.relation);
    EdgeFacts facts = edge.facts;
    facts.source = builder.Source("test");
    builder.Add(edge.relation, builder.Node(ends.from, edge.from), builder.Node(ends.to, edge.to), facts);
  }
  auto graph = builder.Build();
  EXPECT_TRUE(graph) << (graph ? "" : graph.error().detail);
  return *std::move(graph);
}

inline NodeId ProductOf(const Graph& graph, std::string_view name) {
  const auto node = graph.Find(NodeKind::kProduct, name);
  EXPECT_TRUE(node) << name;
  return node.value_or(0);
}

// The chain-kg set with the places of listed companies. Read once a process; `with_recipes` leaves the recipe rule out.
inline const Importer::Imported& ChainKg(bool with_recipes) {
  const auto read = [](bool recipes) {
    ImportOptions options;
    options.list_dropped = true;
    if (recipes) options.keep = {Drop::kRecipe, Drop::kQuantity, Drop::kBrokenQuotes};
    std::vector<std::string> ignored;
    auto imported = cli::ImportFolder({.dir = landfall::test::TestData() / "chain-kg",
                                       .listed = landfall::test::TestData() / "listed-companies/stock_basic_area.csv"},
                                      options, ignored);
    EXPECT_TRUE(imported) << (imported ? "" : imported.error().code + " " + imported.error().detail);
    return *std::move(imported);
  };
  static const Importer::Imported clean = read(false);
  if (!with_recipes) return clean;
  static const Importer::Imported raw = read(true);
  return raw;
}

}  // namespace landfall::chain::test

#define LF_NEEDS_CHAIN_KG()                         \
  LF_NEEDS_DATA("chain-kg/product_product.csv.gz"); \
  LF_NEEDS_DATA("listed-companies/stock_basic_area.csv")
