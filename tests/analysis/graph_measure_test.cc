// SPDX-License-Identifier: Apache-2.0
// Measures against answers counted by hand and against slow definitions on random graphs.
#include <gtest/gtest.h>

#include <numeric>
#include <set>

#include "analysis/graph/measure.h"
#include "analysis/graph_support.h"
#include "base/seam.h"

namespace landfall::chain::test {
namespace {

// A random directed graph of `nodes` nodes in both directions.
struct Random {
  std::vector<std::uint32_t> out_offsets, in_offsets;
  std::vector<NodeId> out_targets, in_targets;
  Csr out, in;

  Random(std::uint64_t seed, std::uint32_t nodes, std::uint32_t edges) {
    SeededRandom random(seed);
    std::set<std::pair<NodeId, NodeId>> all, back;
    for (std::uint32_t i = 0; i < edges; ++i) {
      const auto a = static_cast<NodeId>(random.Next() % nodes), b = static_cast<NodeId>(random.Next() % nodes);
      if (a == b) continue;
      all.insert({a, b});
      back.insert({b, a});
    }
    const auto fill = [&](const std::set<std::pair<NodeId, NodeId>>& from, std::vector<std::uint32_t>& offsets,
                          std::vector<NodeId>& targets) {
      offsets.assign(nodes + 1, 0);
      for (const auto& [a, b] : from) {
        ++offsets[a + 1];
        targets.push_back(b);
      }
      std::partial_sum(offsets.begin(), offsets.end(), offsets.begin());
    };
    fill(all, out_offsets, out_targets);
    fill(back, in_offsets, in_targets);
    out = {out_offsets, out_targets};
    in = {in_offsets, in_targets};
  }
};

constexpr int kFar = 1'000'000;

// Distances and numbers of shortest paths by Floyd and Warshall's rule, straight from the definition.
struct AllPairs {
  std::vector<std::vector<int>> distance;
  std::vector<std::vector<double>> paths;
  explicit AllPairs(const Csr& out) {
    const std::size_t n = out.rows();
    distance.assign(n, std::vector<int>(n, kFar));
    for (std::size_t i = 0; i < n; ++i) {
      distance[i][i] = 0;
      for (const NodeId j : out[i]) distance[i][j] = 1;
    }
    for (std::size_t k = 0; k < n; ++k)
      for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < n; ++j) distance[i][j] = std::min(distance[i][j], distance[i][k] + distance[k][j]);
    paths.assign(n, std::vector<double>(n, 0));
    for (std::size_t i = 0; i < n; ++i) {
      std::vector<std::size_t> order(n);
      std::iota(order.begin(), order.end(), 0);
      std::sort(order.begin(), order.end(), [&](auto a, auto b) { return distance[i][a] < distance[i][b]; });
      paths[i][i] = 1;
      for (const std::size_t j : order)
        for (const NodeId k : out[j])
          if (distance[i][j] < kFar && distance[i][k] == distance[i][j] + 1) paths[i][k] += paths[i][j];
    }
  }
};

TEST(GraphMeasure, BetweennessIsItsDefinition) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const Random graph(seed, 40, 30 + static_cast<std::uint32_t>(seed) * 6);
    const AllPairs pairs(graph.out);

    const std::vector<double> ours = Betweenness(graph.out, 3);

    for (std::size_t v = 0; v < 40; ++v) {
      double expected = 0;
      for (std::size_t s = 0; s < 40; ++s)
        for (std::size_t t = 0; t < 40; ++t)
          if (s != v && t != v && s != t && pairs.distance[s][t] < kFar &&
              pairs.distance[s][v] + pairs.distance[v][t] == pairs.distance[s][t])
            expected += pairs.paths[s][v] * pairs.paths[v][t] / pairs.paths[s][t];
      EXPECT_NEAR(ours[v], expected, 1e-9 * std::max(1.0, expected)) << "seed " << seed;
    }
    int longest = 0;
    for (const auto& row : pairs.distance)
      for (const int d : row)
        if (d < kFar) longest = std::max(longest, d);
    EXPECT_EQ(Diameter(graph.out), static_cast<std::uint32_t>(longest)) << "seed " << seed;
  }
}

TEST(GraphMeasure, ComponentsAreMutualReach) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    const Random graph(seed, 30, 20 + static_cast<std::uint32_t>(seed) * 2);
    const AllPairs pairs(graph.out);

    const Components strong = StrongComponents(graph.out), weak = WeakComponents(graph.out);

    bool cyclic = false;
    for (NodeId a = 0; a < 30; ++a)
      for (NodeId b = 0; b < 30; ++b) {
        const bool mutual = pairs.distance[a][b] < kFar && pairs.distance[b][a] < kFar;
        EXPECT_EQ(strong.of[a] == strong.of[b], mutual) << "seed " << seed;
        cyclic = cyclic || (a != b && mutual);
        if (pairs.distance[a][b] < kFar) {
          EXPECT_EQ(weak.of[a], weak.of[b]) << "seed " << seed;
        }
      }
    EXPECT_EQ(std::accumulate(strong.sizes.begin(), strong.sizes.end(), 0u), 30u);
    const std::vector<NodeId> cycle = FindCycle(graph.out);
    EXPECT_EQ(!cycle.empty(), cyclic) << "seed " << seed;
    for (std::size_t i = 0; i < cycle.size(); ++i) {
      const auto row = graph.out[cycle[i]];
      EXPECT_TRUE(std::binary_search(row.begin(), row.end(), cycle[(i + 1) % cycle.size()])) << "seed " << seed;
    }
  }
}

TEST(GraphMeasure, PathsAndReachAgreeWithAllPairs) {
  const Random graph(99, 60, 110);
  const AllPairs pairs(graph.out);
  Visited visited(60);
  const std::vector<std::uint32_t> counts = ReachCounts(graph.out, 3);
  for (NodeId a = 0; a < 60; ++a) {
    std::set<NodeId> expected;
    for (NodeId b = 0; b < 60; ++b) {
      const std::vector<NodeId> path = ShortestPath(graph.out, a, b);
      EXPECT_EQ(path.empty() ? kFar : static_cast<int>(path.size()) - 1, pairs.distance[a][b]);
      if (a != b && pairs.distance[a][b] <= 3) expected.insert(b);
    }
    const std::vector<NodeId> reached = Reach(graph.out, a, 3, visited);
    EXPECT_EQ(std::set<NodeId>(reached.begin(), reached.end()), expected);
    EXPECT_EQ(counts[a], expected.size());
  }
}

TEST(GraphMeasure, PageRankIsTheFixedPoint) {
  const Random graph(3, 50, 120);

  const std::vector<double> rank = PageRank(graph.out, graph.in);

  double loose = 0;
  for (NodeId node = 0; node < 50; ++node)
    if (graph.out.degree(node) == 0) loose += rank[node];
  for (NodeId node = 0; node < 50; ++node) {
    double expected = (0.15 + 0.85 * loose) / 50;
    for (const NodeId giver : graph.in[node]) expected += 0.85 * rank[giver] / graph.out.degree(giver);
    EXPECT_NEAR(rank[node], expected, 1e-14);
  }
  EXPECT_NEAR(std::accumulate(rank.begin(), rank.end(), 0.0), 1, 1e-12);
  EXPECT_TRUE(PageRank(Csr{}, Csr{}).empty());
}

TEST(GraphMeasure, AChainOfAHundredThousandNeedsNoStack) {
  constexpr std::uint32_t kLength = 100'000;
  std::vector<std::uint32_t> offsets(kLength + 1);
  std::vector<NodeId> targets(kLength);
  for (std::uint32_t i = 0; i < kLength; ++i) {
    offsets[i + 1] = i + 1;
    targets[i] = (i + 1) % kLength;
  }
  const Csr ring{offsets, targets};

  EXPECT_EQ(StrongComponents(ring).sizes, std::vector<std::uint32_t>{kLength});
  EXPECT_EQ(FindCycle(ring).size(), kLength);
}

}  // namespace
}  // namespace landfall::chain::test
