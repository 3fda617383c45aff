// SPDX-License-Identifier: Apache-2.0
// A place's own edges over a base graph.
#include <gtest/gtest.h>

#include <set>

#include "analysis/graph/query.h"
#include "analysis/graph_support.h"

namespace landfall::chain::test {
namespace {

using Names = std::set<std::string>;

Names OutNames(const View& view, Relation relation, std::string_view from) {
  Names names;
  view.Out(relation, *view.Find(EndsOf(relation).from, from), [&](const View::Edge& edge) {
    names.insert(std::string(view.Key(EndsOf(relation).to, edge.node)) + (edge.own ? "*" : ""));
  });
  return names;
}
Names InNames(const View& view, Relation relation, std::string_view to) {
  Names names;
  view.In(relation, *view.Find(EndsOf(relation).to, to), [&](const View::Edge& edge) {
    names.insert(std::string(view.Key(EndsOf(relation).from, edge.node)) + (edge.own ? "*" : ""));
  });
  return names;
}

Graph Base() {
  return MakeGraph({{Relation::kUpstream, "钢", "汽车"},
                    {Relation::kUpstream, "玻璃", "汽车"},
                    {Relation::kUpstream, "铁矿石", "钢"},
                    {Relation::kMakes, "600000.SH", "钢", {.weight = 0.5F}},
                    {Relation::kLocated, "600000.SH", "上海"}});
}

TEST(ChainView, WithoutAnOverlayItIsTheBase) {
  const View view(Base());

  EXPECT_EQ(InNames(view, Relation::kUpstream, "汽车"), (Names{"玻璃", "钢"}));
  EXPECT_EQ(view.NodeCount(NodeKind::kProduct), 4u);
}

TEST(ChainView, OwnEdgesAreAddedReplaceAndWithdraw) {
  const View view(Base(), MakeGraph({{Relation::kUpstream, "车灯", "汽车"},                      // New node.
                                     {Relation::kUpstream, "玻璃", "汽车", {.confidence = 0}},   // Withdrawn.
                                     {Relation::kMakes, "600000.SH", "钢", {.weight = 0.125F}},  // Corrected.
                                     {Relation::kMakes, "914206X", "车灯", {.weight = 1}},       // Both new.
                                     {Relation::kLocated, "914206X", "襄阳"}}));

  EXPECT_EQ(InNames(view, Relation::kUpstream, "汽车"), (Names{"车灯*", "钢"}));
  EXPECT_EQ(OutNames(view, Relation::kUpstream, "玻璃"), Names{});
  EXPECT_EQ(OutNames(view, Relation::kUpstream, "车灯"), Names{"汽车*"});
  EXPECT_EQ(OutNames(view, Relation::kMakes, "600000.SH"), Names{"钢*"});
  EXPECT_EQ(view.InDegree(Relation::kUpstream, *view.Find(NodeKind::kProduct, "汽车")), 2u);
  const std::vector<Maker> makers = MakersOf(view, *view.Find(NodeKind::kProduct, "钢"));
  ASSERT_EQ(makers.size(), 1u);
  EXPECT_FLOAT_EQ(makers[0].edge.facts.weight, 0.125F);
  EXPECT_EQ(view.NodeCount(NodeKind::kProduct), 5u);
  EXPECT_EQ(view.Key(NodeKind::kProduct, 4), "车灯");
  EXPECT_EQ(view.SourceName(makers[0].edge), "test");
}

TEST(ChainView, TheBaseMayBeRenewedUnderTheSameOverlay) {
  const Graph own = MakeGraph({{Relation::kUpstream, "车灯", "汽车"}});
  const View before(Base(), own);
  const View after(MakeGraph({{Relation::kUpstream, "铝", "汽车"}, {Relation::kUpstream, "a", "铝"}}), own);

  EXPECT_EQ(InNames(before, Relation::kUpstream, "汽车"), (Names{"玻璃", "车灯*", "钢"}));
  EXPECT_EQ(InNames(after, Relation::kUpstream, "汽车"), (Names{"铝", "车灯*"}));
}

TEST(ChainView, NamesResolveByKeyLabelCodeAndSpelling) {
  GraphBuilder builder;
  const auto name = [&](NodeKind kind, const char* key, const char* label) {
    builder.SetLabel(kind, builder.Node(kind, key), label);
  };
  name(NodeKind::kEnterprise, "600000.SH", "甲公司");
  name(NodeKind::kEnterprise, "000001.SZ", "乙公司");
  name(NodeKind::kEnterprise, "000002.SZ", "乙公司");
  name(NodeKind::kProduct, "汽车", "C36");
  name(NodeKind::kPlace, "湖北", "42");
  const View view(*builder.Build());
  const auto enterprise = [&](std::string_view text) { return view.Resolve(NodeKind::kEnterprise, text); };

  for (const char* text : {"600000.SH", "600000SH", "sh600000", "600000", " 甲公司 "})
    EXPECT_EQ(view.Key(NodeKind::kEnterprise, enterprise(text).value()), "600000.SH") << text;
  EXPECT_EQ(view.Key(NodeKind::kProduct, view.Resolve(NodeKind::kProduct, "C36").value()), "汽车");
  EXPECT_EQ(view.Key(NodeKind::kPlace, view.Resolve(NodeKind::kPlace, "湖北省").value()), "湖北");
  EXPECT_EQ(enterprise("乙公司").error().code, "chain.ambiguous_name");
  EXPECT_EQ(enterprise("乙公司").error().detail, "it may be any of 000001.SZ, 000002.SZ");
  EXPECT_EQ(enterprise("丙公司").error().code, "chain.unknown_node");
  EXPECT_EQ(enterprise("丙公司").error().detail, "the graph has no such enterprise");
  EXPECT_EQ(view.Resolve(NodeKind::kLink, "整车").error().detail, "the graph was imported without any link");
}

}  // namespace
}  // namespace landfall::chain::test
