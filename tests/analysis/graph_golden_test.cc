// SPDX-License-Identifier: Apache-2.0
// The measures against the published expectations of chain_golden, on the graph they were computed on: every upstream
// edge of the set with recipes left in, 下游产品 reversed, self-loops and duplicates gone.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <sstream>

#include "analysis/graph/measure.h"
#include "analysis/graph_support.h"

namespace landfall::chain::test {
namespace {

struct Expected {
  std::string measure, product;
  double value;
  std::uint32_t in, out, up3, down3;
};

std::vector<Expected> ReadExpected() {
  std::istringstream text(
      landfall::test::ReadFile(landfall::test::TestData() / "chain_golden/upstream_graph_top_expected.csv"));
  std::vector<Expected> all;
  std::string line;
  std::getline(text, line);
  while (std::getline(text, line)) {
    std::vector<std::string> cells;
    std::istringstream row(line);
    for (std::string cell; std::getline(row, cell, ',');) cells.push_back(cell);
    const auto count = [&](std::size_t i) { return static_cast<std::uint32_t>(std::stoul(cells.at(i))); };
    all.push_back({cells.at(0), cells.at(1), std::stod(cells.at(2)), count(3), count(4), count(5), count(6)});
  }
  return all;
}

std::vector<bool> Touched(const Graph& graph) {
  std::vector<bool> touched(graph.NodeCount(NodeKind::kProduct));
  for (NodeId node = 0; node < touched.size(); ++node)
    touched[node] = graph.Out(Relation::kUpstream).degree(node) + graph.In(Relation::kUpstream).degree(node) > 0;
  return touched;
}

TEST(ChainGolden, TheUpstreamGraphHasThePublishedShape) {
  LF_NEEDS_CHAIN_KG();
  const Graph& graph = ChainKg(true).graph;
  const Csr& out = graph.Out(Relation::kUpstream);
  const std::vector<bool> touched = Touched(graph);

  std::map<std::uint32_t, std::uint32_t> strong_sizes;
  for (const std::uint32_t size : StrongComponents(out).sizes) ++strong_sizes[size];
  const Components weak = WeakComponents(out);
  std::uint32_t parts = 0;
  for (const std::uint32_t size : weak.sizes) parts += size > 1;

  EXPECT_EQ(std::count(touched.begin(), touched.end(), true), 48'408);
  EXPECT_EQ(graph.EdgeCount(Relation::kUpstream), 56'735u);
  EXPECT_EQ(parts, 6'891u);  // A touched node has no self-loop, so it is never alone.
  EXPECT_EQ(*std::max_element(weak.sizes.begin(), weak.sizes.end()), 29'716u);
  EXPECT_EQ(strong_sizes[2], 4u);
  EXPECT_EQ(strong_sizes.size(), 2u);  // Single nodes and the four pairs.
  EXPECT_EQ(Diameter(out), 11u);
}

TEST(ChainGolden, BetweennessPageRankAndReachAgreeToNineDigits) {
  LF_NEEDS_CHAIN_KG();
  LF_NEEDS_DATA("chain_golden/upstream_graph_top_expected.csv");
  const Graph& graph = ChainKg(true).graph;
  const Csr &out = graph.Out(Relation::kUpstream), &in = graph.In(Relation::kUpstream);
  const std::vector<double> betweenness = Betweenness(out), rank = PageRank(out, in, Touched(graph));
  Visited visited(out.rows());

  const std::vector<Expected> expected = ReadExpected();
  ASSERT_EQ(expected.size(), 30u);
  for (const Expected& row : expected) {
    const NodeId node = ProductOf(graph, row.product);
    const double ours = row.measure == "betweenness" ? betweenness[node] : rank[node];
    // Values are printed with six digits behind the point (betweenness) or 15 (PageRank).
    const double printed = row.measure == "betweenness" ? 5e-7 : 5e-16;
    EXPECT_NEAR(ours, row.value, std::max(1e-9 * row.value, printed)) << row.product;
    EXPECT_EQ(in.degree(node), row.in) << row.product;
    EXPECT_EQ(out.degree(node), row.out) << row.product;
    EXPECT_EQ(Reach(in, node, 3, visited).size(), row.up3) << row.product;
    EXPECT_EQ(Reach(out, node, 3, visited).size(), row.down3) << row.product;
  }
}

TEST(ChainGolden, TheTopsAreTheTops) {
  LF_NEEDS_CHAIN_KG();
  LF_NEEDS_DATA("chain_golden/upstream_graph_top_expected.csv");
  const Graph& graph = ChainKg(true).graph;
  const std::vector<double> betweenness = Betweenness(graph.Out(Relation::kUpstream));
  std::vector<NodeId> order(betweenness.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](NodeId a, NodeId b) { return betweenness[a] > betweenness[b]; });

  std::size_t place = 0;
  for (const Expected& row : ReadExpected())
    if (row.measure == "betweenness") {
      EXPECT_EQ(graph.Key(NodeKind::kProduct, order[place]), row.product);
      ++place;
    }
}

TEST(ChainGolden, BetweennessIsTheSameToTheBitWithAnyNumberOfThreads) {
  LF_NEEDS_CHAIN_KG();
  const Csr& out = ChainKg(true).graph.Out(Relation::kUpstream);

  const std::vector<double> one = Betweenness(out, 1);

  EXPECT_EQ(one, Betweenness(out, 2));
  EXPECT_EQ(one, Betweenness(out, 5));
}

}  // namespace
}  // namespace landfall::chain::test
