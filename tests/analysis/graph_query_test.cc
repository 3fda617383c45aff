// SPDX-License-Identifier: Apache-2.0
#include "analysis/graph/query.h"

#include <gtest/gtest.h>

#include "analysis/graph_support.h"

namespace landfall::chain::test {
namespace {

View Plastics() {
  return View(MakeGraph({{Relation::kSubProduct, "聚丙烯", "改性聚丙烯"},
                         {Relation::kSubProduct, "聚丙烯", "共聚聚丙烯"},
                         {Relation::kSubProduct, "聚丙烯", "聚丙烯管"},
                         {Relation::kSubProduct, "塑料", "聚丙烯"},
                         {Relation::kUpstream, "聚丙烯(PP)", "汽车"},
                         {Relation::kUpstream, "聚丙烯(PP)", "洗衣机"},
                         {Relation::kUpstream, "钢板", "汽车"},
                         {Relation::kUpstream, "钢板", "洗衣机"},
                         {Relation::kUpstream, "丙烯", "聚丙烯"},
                         {Relation::kUpstream, "原油", "丙烯"},
                         {Relation::kMakes, "600001.SH", "聚丙烯", {.weight = 0.2F}},
                         {Relation::kMakes, "600002.SH", "聚丙烯", {.weight = 0.4F}},
                         {Relation::kMakes, "600002.SH", "改性聚丙烯", {.weight = 0.9F}},
                         {Relation::kMakes, "600003.SH", "改性聚丙烯", {.weight = 0.6F}},
                         {Relation::kMakes, "600004.SH", "聚丙烯", {.weight = 0.8F}},
                         {Relation::kMakes, "600005.SH", "聚丙烯管", {.weight = 0.8F}},
                         {Relation::kMakes, "600006.SH", "聚丙烯(PP)"},
                         {Relation::kMember, "600004.SH", "石油贸易"},
                         {Relation::kLocated, "600002.SH", "深圳"},
                         {Relation::kWithin, "深圳", "广东"}}));
}

NodeId Product(const View& view, std::string_view name) { return view.Find(NodeKind::kProduct, name).value(); }

std::vector<std::string> MakerText(const View& view, std::string_view product, bool kinds = true) {
  std::vector<std::string> rows;
  for (const Maker& m : MakersOf(view, Product(view, product), kinds))
    rows.push_back(std::string(view.Key(NodeKind::kEnterprise, m.enterprise)) + " " + std::string(MatchName(m.match)) +
                   (m.trader ? " trader" : ""));
  return rows;
}

TEST(ChainQuery, MakersComeBeforeTradersAndTheGoodBeforeItsKinds) {
  const View view = Plastics();

  EXPECT_EQ(MakerText(view, "聚丙烯"),
            (std::vector<std::string>{"600002.SH exact", "600001.SH exact", "600006.SH same_good", "600003.SH kind",
                                      "600004.SH exact trader"}));
  EXPECT_EQ(MakerText(view, "聚丙烯(PP)"),
            (std::vector<std::string>{"600006.SH exact", "600002.SH same_good", "600001.SH same_good",
                                      "600004.SH same_good trader"}));
  EXPECT_EQ(MakerText(view, "聚丙烯", false).size(), 4u);
  EXPECT_TRUE(MakerText(view, "钢板").empty());
}

TEST(ChainQuery, PlacesNest) {
  const View view = Plastics();
  const auto place = [&](const char* name) { return view.Find(NodeKind::kPlace, name).value(); };

  EXPECT_TRUE(IsWithin(view, place("深圳"), place("广东")));
  EXPECT_TRUE(IsWithin(view, place("深圳"), place("深圳")));
  EXPECT_FALSE(IsWithin(view, place("广东"), place("深圳")));
}

TEST(ChainQuery, TiersGoBothWaysAndStopAtTheirLimit) {
  const View view = Plastics();

  const Tiers tiers = TiersOf(view, Product(view, "丙烯"), 2, 2);
  const Tiers cut = TiersOf(view, Product(view, "聚丙烯(PP)"), 0, 1, 2);

  std::vector<std::pair<std::string, int>> found;
  for (const TierEntry& e : tiers.entries)
    found.push_back({std::string(view.Key(NodeKind::kProduct, e.product)), e.tier});
  EXPECT_EQ(found, (std::vector<std::pair<std::string, int>>{{"丙烯", 0}, {"原油", -1}, {"聚丙烯", 1}}));
  EXPECT_FALSE(tiers.cut);
  EXPECT_EQ(cut.entries.size(), 2u);
  EXPECT_TRUE(cut.cut);
}

TEST(ChainQuery, SubstitutesSayWhy) {
  const View view = Plastics();
  const auto why = [&](std::string_view product) {
    std::vector<std::string> rows;
    for (const Substitute& s : SubstitutesOf(view, Product(view, product)))
      rows.push_back(std::string(view.Key(NodeKind::kProduct, s.product)) + " " + std::string(WhyName(s.why)));
    return rows;
  };

  EXPECT_EQ(why("聚丙烯(PP)"), (std::vector<std::string>{"聚丙烯 same_good", "钢板 co_used"}));
  EXPECT_EQ(why("改性聚丙烯"), (std::vector<std::string>{"聚丙烯 broader", "共聚聚丙烯 sibling"}));
  EXPECT_TRUE(why("原油").empty());
  EXPECT_DOUBLE_EQ(SubstitutesOf(view, Product(view, "聚丙烯(PP)"))[1].overlap, 1);
}

TEST(ChainQuery, RivalsShareProductsByTheSmallerShare) {
  const View view = Plastics();
  const NodeId firm = view.Find(NodeKind::kEnterprise, "600002.SH").value();

  const std::vector<Rival> rivals = RivalsOf(view, firm);

  ASSERT_EQ(rivals.size(), 3u);
  EXPECT_EQ(view.Key(NodeKind::kEnterprise, rivals[0].enterprise), "600003.SH");
  EXPECT_NEAR(rivals[0].overlap, 0.6, 1e-6);
  EXPECT_NEAR(rivals[1].overlap, 0.4, 1e-6);
  EXPECT_TRUE(rivals[1].trader);
  EXPECT_NEAR(rivals[2].overlap, 0.2, 1e-6);
}

}  // namespace
}  // namespace landfall::chain::test
