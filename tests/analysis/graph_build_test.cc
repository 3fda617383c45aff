// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <limits>

#include "analysis/graph_support.h"

namespace landfall::chain::test {
namespace {

std::string Refusal(const std::vector<Stated>& edges) {
  GraphBuilder builder;
  for (const Stated& edge : edges)
    builder.Add(edge.relation, builder.Node(EndsOf(edge.relation).from, edge.from),
                builder.Node(EndsOf(edge.relation).to, edge.to), edge.facts);
  const auto built = builder.Build();
  return built ? "" : built.error().code + "|" + built.error().detail;
}

TEST(GraphBuild, NodesAreNumberedByTheBytesOfTheirKeys) {
  const Graph graph = MakeGraph({{Relation::kUpstream, "乙", "甲"}, {Relation::kUpstream, "a", "乙"}});

  EXPECT_EQ(graph.Key(NodeKind::kProduct, 0), "a");
  EXPECT_EQ(graph.Key(NodeKind::kProduct, 1), "乙");
  EXPECT_EQ(graph.Key(NodeKind::kProduct, 2), "甲");
  EXPECT_EQ(graph.LowerBound(NodeKind::kProduct, "b"), 1u);
  EXPECT_FALSE(graph.Find(NodeKind::kProduct, "b"));
}

TEST(GraphBuild, OfEqualEdgesTheBestStatedOneStays) {
  GraphBuilder builder;
  const auto late = builder.Source("z"), early = builder.Source("a");
  const NodeId firm = builder.Node(NodeKind::kEnterprise, "1"), steel = builder.Node(NodeKind::kProduct, "钢"),
               coal = builder.Node(NodeKind::kProduct, "煤"), salt = builder.Node(NodeKind::kProduct, "盐");
  builder.Add(Relation::kMakes, firm, steel, {.weight = 0.9F, .confidence = 60});
  builder.Add(Relation::kMakes, firm, steel, {.weight = 0.2F, .confidence = 90});
  builder.Add(Relation::kMakes, firm, coal, {.weight = kNoWeight, .day = 5});
  builder.Add(Relation::kMakes, firm, coal, {.weight = 0.1F, .day = 5});
  builder.Add(Relation::kMakes, firm, coal, {.weight = 0.7F, .day = 4});
  builder.Add(Relation::kMakes, firm, salt, {.weight = 0.3F, .source = late});
  builder.Add(Relation::kMakes, firm, salt, {.weight = 0.3F, .source = early});

  const Graph graph = *builder.Build();

  const auto facts = [&](std::string_view product) {
    return graph.Facts(Relation::kMakes, *graph.FindEdge(Relation::kMakes, 0, ProductOf(graph, product)));
  };
  EXPECT_EQ(graph.EdgeCount(Relation::kMakes), 3u);
  EXPECT_FLOAT_EQ(facts("钢").weight, 0.2F);  // The higher confidence.
  EXPECT_FLOAT_EQ(facts("煤").weight, 0.1F);  // The later day, then a stated weight.
  EXPECT_EQ(graph.SourceName(facts("盐").source), "a");
  std::vector<std::pair<std::uint32_t, std::uint32_t>> kept_dropped;
  for (const Duplicate& d : builder.duplicates()) kept_dropped.push_back({d.kept, d.dropped});
  EXPECT_EQ(kept_dropped, (std::vector<std::pair<std::uint32_t, std::uint32_t>>{{1, 0}, {3, 2}, {3, 4}, {6, 5}}));
}

TEST(GraphBuild, WhatCannotStandIsRefusedWithItsNames) {
  EXPECT_EQ(Refusal({{Relation::kMakes, "1", "钢", {.weight = -0.25F}}}),
            "chain.negative_weight|makes: 1 -> 钢 has weight -0.25");
  EXPECT_TRUE(Refusal({{Relation::kMakes, "1", "钢", {.weight = std::numeric_limits<float>::infinity()}}})
                  .starts_with("chain.negative_weight|"));
  EXPECT_EQ(Refusal({{Relation::kUpstream, "钢", "钢"}}), "chain.self_loop|upstream: 钢 -> itself");
  EXPECT_EQ(Refusal({{Relation::kSubProduct, "甲", "乙"},
                     {Relation::kSubProduct, "乙", "丙"},
                     {Relation::kSubProduct, "丙", "甲"},
                     {Relation::kSubProduct, "丙", "丁"}}),
            "chain.part_of_cycle|sub_product: 丙 -> 甲 -> 乙 -> 丙");
  EXPECT_TRUE(Refusal({{Relation::kWithin, "甲", "乙"}, {Relation::kWithin, "乙", "甲"}})
                  .starts_with("chain.part_of_cycle|within"));
  // A cycle of materials is a fact of chemistry, not a fault: 木糖 and 活性炭 are made with each other.
  EXPECT_EQ(Refusal({{Relation::kUpstream, "木糖", "活性炭"}, {Relation::kUpstream, "活性炭", "木糖"}}), "");
}

TEST(GraphBuild, LabelsAreFoundWithAllTheirNodes) {
  GraphBuilder builder;
  for (const auto& [id, name] :
       std::vector<std::pair<std::string, std::string>>{{"3", "同名"}, {"1", "同名"}, {"2", "别名"}, {"4", ""}})
    builder.SetLabel(NodeKind::kEnterprise, builder.Node(NodeKind::kEnterprise, id), name);

  const Graph graph = *builder.Build();

  const auto found = graph.FindLabel(NodeKind::kEnterprise, "同名");
  EXPECT_EQ(std::vector<NodeId>(found.begin(), found.end()), (std::vector<NodeId>{0, 2}));
  EXPECT_TRUE(graph.FindLabel(NodeKind::kEnterprise, "无名").empty());
  EXPECT_EQ(graph.Name(NodeKind::kEnterprise, 3), "4");
}

}  // namespace
}  // namespace landfall::chain::test
