// SPDX-License-Identifier: Apache-2.0
// The GRAPH file: what is written is read back, and no byte of a damaged one is trusted.
#include <gtest/gtest.h>
#include <xxhash.h>

#include <cstring>
#include <filesystem>
#include <fstream>

#include "analysis/graph/format.h"
#include "analysis/graph_support.h"
#include "base/seam.h"

namespace landfall::chain::test {
namespace {

Graph Small() {
  return MakeGraph({{Relation::kUpstream, "钢", "汽车", {.weight = 2, .day = 18'000, .confidence = 60}},
                    {Relation::kUpstream, "铁矿石", "钢"},
                    {Relation::kUpstream, "煤", "钢"},
                    {Relation::kSubProduct, "钢", "不锈钢"},
                    {Relation::kMakes, "600000.SH", "钢", {.weight = 0.5F}},
                    {Relation::kLocated, "600000.SH", "湖北"},
                    {Relation::kWithin, "襄阳", "湖北"},
                    {Relation::kMember, "600000.SH", "普钢"},
                    {Relation::kLinkPart, "钢铁", "普钢"}});
}

std::vector<std::uint8_t> BytesOf(const Graph& graph) { return {graph.image().begin(), graph.image().end()}; }

// Makes the checksum fit again, so that the checks behind it are reached.
void Reseal(std::vector<std::uint8_t>& bytes) {
  const std::uint64_t sum = XXH3_64bits(bytes.data() + sizeof(format::Header), bytes.size() - sizeof(format::Header));
  std::memcpy(bytes.data() + offsetof(format::Header, checksum), &sum, sizeof sum);
}

TEST(GraphFile, ReadsBackWhatWasWritten) {
  const Graph graph = Small();
  const auto path = std::filesystem::temp_directory_path() / ("landfall-graph-" + std::to_string(::getpid()));

  ASSERT_TRUE(SaveGraph(graph, path));
  const auto read = OpenGraph(path);
  std::filesystem::remove(path);

  ASSERT_TRUE(read);
  EXPECT_EQ(BytesOf(*read), BytesOf(graph));
  EXPECT_EQ(read->NodeCount(NodeKind::kProduct), 5u);
  const NodeId steel = ProductOf(*read, "钢"), car = ProductOf(*read, "汽车");
  const auto edge = read->FindEdge(Relation::kUpstream, steel, car);
  ASSERT_TRUE(edge);
  const EdgeFacts facts = read->Facts(Relation::kUpstream, *edge);
  EXPECT_EQ(facts.weight, 2);
  EXPECT_EQ(facts.day, 18'000);
  EXPECT_EQ(facts.confidence, 60);
  EXPECT_EQ(read->SourceName(facts.source), "test");
  EXPECT_FALSE(read->FindEdge(Relation::kUpstream, car, steel));
  EXPECT_EQ(read->In(Relation::kUpstream).degree(steel), 2u);
}

TEST(GraphFile, TheSameRowsInAnyOrderGiveTheSameBytes) {
  std::vector<Stated> edges;
  SeededRandom random(5);
  for (int i = 0; i < 300; ++i) {
    const auto a = random.Next() % 40, b = random.Next() % 40;
    if (a != b) edges.push_back({Relation::kUpstream, "p" + std::to_string(a), "p" + std::to_string(b)});
  }
  const auto first = BytesOf(MakeGraph(edges));
  for (std::size_t i = edges.size(); i > 1; --i) std::swap(edges[i - 1], edges[random.Next() % i]);

  EXPECT_EQ(BytesOf(MakeGraph(edges)), first);
}

TEST(GraphFile, EveryCutAndEveryFlippedByteIsRefused) {
  const std::vector<std::uint8_t> bytes = BytesOf(Small());
  for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
    const auto read = Graph::FromBytes(std::span(bytes).first(cut));
    ASSERT_FALSE(read) << cut;
    EXPECT_TRUE(read.error().code == "chain.graph_corrupt" || read.error().code == "chain.not_a_graph") << cut;
  }
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    auto damaged = bytes;
    damaged[at] ^= 0x41;
    const auto read = Graph::FromBytes(damaged);
    ASSERT_FALSE(read) << at;
    const std::string expected = at < 8 ? "chain.not_a_graph" : at < 12 ? "chain.graph_version" : "chain.graph_corrupt";
    EXPECT_EQ(read.error().code, expected) << at;
  }
}

TEST(GraphFile, ALieUnderAFittingChecksumNeverLeavesTheBounds) {
  const std::vector<std::uint8_t> bytes = BytesOf(Small());
  std::uint32_t accepted = 0, refused = 0;
  for (std::uint64_t seed = 1; seed <= 20'000; ++seed) {
    SeededRandom random(seed);
    auto damaged = bytes;
    for (std::uint64_t i = 0; i <= random.Next() % 3; ++i)
      damaged[sizeof(format::Header) + random.Next() % (bytes.size() - sizeof(format::Header))] =
          static_cast<std::uint8_t>(random.Next());
    Reseal(damaged);
    const auto read = Graph::FromBytes(damaged);
    if (!read) {
      ++refused;
      EXPECT_EQ(read.error().code, "chain.graph_corrupt") << "seed " << seed;
      continue;
    }
    // Whatever was accepted can be walked whole.
    ++accepted;
    for (std::size_t r = 0; r < kRelations; ++r) {
      const auto relation = static_cast<Relation>(r);
      const RelationEnds ends = EndsOf(relation);
      for (NodeId node = 0; node < read->NodeCount(ends.from); ++node)
        for (const NodeId to : read->Out(relation)[node]) {
          ASSERT_LT(to, read->NodeCount(ends.to)) << "seed " << seed;
          ASSERT_TRUE(read->FindEdge(relation, node, to)) << "seed " << seed;
        }
      for (NodeId node = 0; node < read->NodeCount(ends.to); ++node)
        for (std::size_t at = read->In(relation).offsets[node]; at < read->In(relation).offsets[node + 1]; ++at)
          ASSERT_LT(read->Facts(relation, read->InEdge(relation, at)).source, read->SourceCount()) << "seed " << seed;
    }
  }
  EXPECT_GT(accepted, 100u);  // Otherwise the walk above shows nothing: names and weights may change freely.
  EXPECT_GT(refused, 10'000u);
}

TEST(GraphFile, WhatIsNoGraphOrNoFileIsRefusedByName) {
  const auto folder = std::filesystem::temp_directory_path();
  EXPECT_EQ(OpenGraph(folder).error().code, "chain.graph_unreadable");
  EXPECT_EQ(OpenGraph(folder / "landfall-no-such-file").error().code, "chain.graph_unreadable");
  EXPECT_EQ(Graph::FromBytes({}).error().code, "chain.not_a_graph");
  EXPECT_EQ(SaveGraph(Small(), "/nowhere/at/all").error().code, "chain.graph_unwritable");
}

}  // namespace
}  // namespace landfall::chain::test
