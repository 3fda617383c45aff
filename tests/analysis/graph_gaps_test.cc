// SPDX-License-Identifier: Apache-2.0
// Gaps: what each link is said to be and on what evidence, and who stands at the top of the list.
#include "analysis/graph/gaps.h"

#include <gtest/gtest.h>

#include <map>

#include "analysis/graph_support.h"

namespace landfall::chain::test {
namespace {

// A product with six materials, each in another state as seen from 湖北.
std::vector<Stated> Bicycle() {
  return {{Relation::kUpstream, "车架", "自行车"},
          {Relation::kUpstream, "车轮", "自行车"},
          {Relation::kUpstream, "链条", "自行车"},
          {Relation::kUpstream, "车铃", "自行车"},
          {Relation::kUpstream, "车座", "自行车"},
          {Relation::kUpstream, "润滑油", "自行车"},
          {Relation::kUpstream, "轮胎", "车轮"},
          {Relation::kUpstream, "不知名", "轮胎"},
          {Relation::kSubProduct, "自行车", "自行车锁"},
          {Relation::kSubProduct, "自行车", "折叠自行车"},
          {Relation::kMakes, "1", "车架", {.weight = 0.5F}},
          {Relation::kLocated, "1", "武汉"},
          {Relation::kMakes, "2", "车轮", {.weight = 0.5F}},
          {Relation::kLocated, "2", "湖南"},
          {Relation::kMakes, "3", "链条", {.weight = 0.5F}},  // No place.
          {Relation::kMakes, "4", "润滑油", {.weight = 0.5F}},
          {Relation::kLocated, "4", "湖南"},
          {Relation::kMember, "4", "商贸代理"},
          {Relation::kMakes, "5", "车座", {.weight = 0.01F}},
          {Relation::kLocated, "5", "湖北"},
          {Relation::kMakes, "6", "自行车锁"},
          {Relation::kLocated, "6", "湖南"},
          {Relation::kWithin, "武汉", "湖北"}};
}

struct Seen {
  View view;
  GapReport report;
  std::map<std::string, GapItem> by_name;
};

Seen SeenFrom(const View& view, std::string_view product, std::string_view place, GapOptions options = {}) {
  const GapFinder finder(view);
  auto report = finder.Find(view.Resolve(NodeKind::kProduct, product).value(),
                            view.Resolve(NodeKind::kPlace, place).value(), options);
  EXPECT_TRUE(report);
  Seen seen{view, *std::move(report), {}};
  for (const GapItem& item : seen.report.items)
    seen.by_name.emplace(std::string(view.Key(NodeKind::kProduct, item.product)), item);
  return seen;
}

TEST(ChainGaps, EachLinkSaysHowItStandsAndWhy) {
  Seen seen = SeenFrom(View(MakeGraph(Bicycle())), "自行车", "湖北");
  const auto item = [&](const char* name) { return seen.by_name.at(name); };

  EXPECT_TRUE(seen.report.has_data);
  EXPECT_EQ(item("车架").status, LinkStatus::kLocal);  // 武汉 lies within 湖北.
  EXPECT_FALSE(item("车架").weak);
  EXPECT_EQ(item("车座").status, LinkStatus::kLocal);
  EXPECT_TRUE(item("车座").weak);  // One per cent of its maker's revenue.
  EXPECT_EQ(item("车轮").status, LinkStatus::kElsewhere);
  EXPECT_EQ(item("链条").status, LinkStatus::kNoData);
  EXPECT_EQ(item("链条").silence, Silence::kMakerNoPlace);
  EXPECT_EQ(item("润滑油").status, LinkStatus::kNoData);
  EXPECT_EQ(item("润滑油").silence, Silence::kTradersOnly);
  EXPECT_EQ(item("车铃").status, LinkStatus::kMissing);  // Five of the six materials have known makers.
  EXPECT_FLOAT_EQ(static_cast<float>(item("车铃").coverage), 5.0F / 6);
  EXPECT_EQ(item("轮胎").status, LinkStatus::kNoData);  // Alone beside nothing: silence, not absence.
  EXPECT_EQ(item("轮胎").silence, Silence::kNoMaker);
  EXPECT_TRUE(item("自行车锁").part);
  EXPECT_EQ(item("自行车锁").status, LinkStatus::kElsewhere);
  EXPECT_FALSE(seen.by_name.contains("折叠自行车"));  // A kind of it, not a part.
  EXPECT_EQ(seen.report.counts, (std::array<std::uint32_t, 4>{2, 2, 1, 4}));
}

TEST(ChainGaps, TheSamePlaceSeenFromElsewhereIsAnotherList) {
  Seen seen = SeenFrom(View(MakeGraph(Bicycle())), "自行车", "湖南");

  EXPECT_EQ(seen.by_name.at("车轮").status, LinkStatus::kLocal);
  EXPECT_EQ(seen.by_name.at("车架").status, LinkStatus::kElsewhere);
}

TEST(ChainGaps, AnOverlayFillsAGap) {
  const Graph own =
      MakeGraph({{Relation::kMakes, "914206", "车铃", {.weight = 1}}, {Relation::kLocated, "914206", "湖北"}});
  Seen seen = SeenFrom(View(MakeGraph(Bicycle()), own), "自行车", "湖北");

  EXPECT_EQ(seen.by_name.at("车铃").status, LinkStatus::kLocal);
}

TEST(ChainGaps, CriticalityIsTheMeanOfVisitsAndDependency) {
  Seen seen = SeenFrom(View(MakeGraph(Bicycle())), "自行车", "湖北");
  const GapItem wheel = seen.by_name.at("车轮"), tyre = seen.by_name.at("轮胎"), bell = seen.by_name.at("车铃");

  EXPECT_NEAR(wheel.multiplicity, 1.0 / 7, 1e-12);  // Six materials and one part.
  EXPECT_NEAR(tyre.multiplicity, 1.0 / 7, 1e-12);
  EXPECT_NEAR(wheel.dependency, 2, 1e-12);  // 轮胎 and 不知名 come only through it.
  EXPECT_NEAR(tyre.dependency, 1, 1e-12);
  EXPECT_NEAR(wheel.criticality, 1, 1e-12);
  EXPECT_NEAR(bell.criticality, 0.5, 1e-12);
  EXPECT_EQ(wheel.rank, 1u);
  EXPECT_EQ(tyre.rank, 0u);
}

TEST(ChainGaps, PartsAreTakenOfFinalGoodsOnly) {
  auto edges = Bicycle();
  edges.push_back({Relation::kUpstream, "自行车", "共享单车服务"});

  EXPECT_FALSE(SeenFrom(View(MakeGraph(edges)), "自行车", "湖北").by_name.contains("自行车锁"));
  EXPECT_FALSE(SeenFrom(View(MakeGraph(Bicycle())), "自行车", "湖北", {.parts = false}).by_name.contains("自行车锁"));
}

TEST(ChainGaps, WithoutUpstreamEdgesThereIsNoDataAndNoList) {
  Seen seen = SeenFrom(View(MakeGraph(Bicycle())), "链条", "湖北");

  EXPECT_FALSE(seen.report.has_data);
  EXPECT_TRUE(seen.report.items.empty());
  const View view(MakeGraph(Bicycle()));
  EXPECT_EQ(GapFinder(view).Find(0, 0, {.tiers = 0}).error().code, "chain.graph_out_of_range");
}

TEST(ChainGaps, ACycleAboveTheProductEnds) {
  const View view(MakeGraph({{Relation::kUpstream, "甲", "乙"},
                             {Relation::kUpstream, "乙", "甲"},
                             {Relation::kUpstream, "丙", "甲"},
                             {Relation::kLocated, "1", "湖北"}}));

  Seen seen = SeenFrom(view, "乙", "湖北", {.tiers = 9});

  EXPECT_EQ(seen.report.items.size(), 2u);
}

TEST(ChainGaps, TargetsAreMakersElsewhereByGapThenFit) {
  auto edges = Bicycle();
  for (const Stated& more : std::vector<Stated>{{Relation::kMakes, "7", "车轮", {.weight = 0.1F}},
                                                {Relation::kLocated, "7", "上海"},
                                                {Relation::kSupplies, "7", "1"},
                                                {Relation::kSubProduct, "铃", "车铃"},
                                                {Relation::kMakes, "8", "铃"},
                                                {Relation::kLocated, "8", "上海"}})
    edges.push_back(more);
  const View view(MakeGraph(edges));
  const GapFinder finder(view);
  const GapReport report =
      *finder.Find(view.Resolve(NodeKind::kProduct, "自行车").value(), view.Resolve(NodeKind::kPlace, "湖北").value());

  const std::vector<Target> targets = TargetsFor(finder, report);

  std::map<std::string, Target> by_firm;
  for (const Target& t : targets) by_firm.emplace(std::string(view.Key(NodeKind::kEnterprise, t.enterprise)), t);
  EXPECT_EQ(view.Key(NodeKind::kEnterprise, targets[0].enterprise), "2");
  EXPECT_NEAR(targets[0].fit, 1, 1e-6);
  EXPECT_NEAR(by_firm.at("7").fit, (0.3 + 0.7 * 0.2) * 1.5, 1e-6);  // Tied to a firm of the place.
  EXPECT_EQ(by_firm.at("7").local_partners, std::vector<std::string>{"1"});
  EXPECT_EQ(by_firm.at("8").match, Match::kRelated);  // Nobody is known to make 车铃; 8 makes 铃.
  EXPECT_FALSE(by_firm.contains("4"));                // A trader.
  EXPECT_FALSE(by_firm.contains("1"));                // At home.
}

TEST(ChainGaps, LinksStandByTheEnterprisesInThemAndTheirParts) {
  const View view(MakeGraph({{Relation::kLinkUpstream, "电池", "整车", {.weight = 3}},
                             {Relation::kLinkUpstream, "贸易Ⅲ", "整车", {.weight = 9}},
                             {Relation::kLinkUpstream, "钢", "整车", {.weight = 1}},
                             {Relation::kLinkUpstream, "无人知", "整车"},
                             {Relation::kLinkPart, "电池", "锂电池"},
                             {Relation::kMember, "1", "锂电池"},
                             {Relation::kLocated, "1", "福建"},
                             {Relation::kMember, "2", "钢"},
                             {Relation::kLocated, "2", "湖北"},
                             {Relation::kMember, "3", "贸易Ⅲ"},
                             {Relation::kLocated, "3", "福建"}}));
  const NodeId place = view.Resolve(NodeKind::kPlace, "湖北").value();

  const std::vector<LinkItem> items = LinksUpstream(view, view.Resolve(NodeKind::kLink, "整车").value(), place);

  std::vector<std::pair<std::string, std::string>> rows;
  for (const LinkItem& i : items)
    rows.push_back({std::string(view.Key(NodeKind::kLink, i.link)), std::string(StatusName(i.status))});
  EXPECT_EQ(rows, (std::vector<std::pair<std::string, std::string>>{
                      {"电池", "elsewhere"}, {"贸易Ⅲ", "elsewhere"}, {"钢", "local"}, {"无人知", "no_data"}}));
  EXPECT_TRUE(items[1].trade);
}

// The real set. What must hold of any gap list, shown on 汽车 and on three chains that the reports name.
struct RealCase {
  const char *product, *place;
};
class ChainGapsOfReports : public testing::TestWithParam<RealCase> {};

TEST_P(ChainGapsOfReports, NoTraderNoLineOfTheAccountsAndNoBulkGoodTopsTheList) {
  LF_NEEDS_CHAIN_KG();
  const View view(ChainKg(false).graph);
  const GapFinder finder(view);
  const Seen seen = SeenFrom(view, GetParam().product, GetParam().place);

  ASSERT_TRUE(seen.report.has_data);
  ASSERT_FALSE(seen.report.items.empty());
  ASSERT_EQ(seen.report.items[0].rank, 1u);
  bool bulk_seen = false;
  double last_score = 2;
  for (const GapItem& item : seen.report.items) {
    if (item.rank == 0) break;
    const std::string name(view.Key(NodeKind::kProduct, item.product));
    EXPECT_FALSE(IsAccountingName(name)) << name;
    // Makers alone carry "elsewhere".
    if (item.status == LinkStatus::kElsewhere) {
      EXPECT_GT(item.elsewhere, 0u) << name;
    }
    EXPECT_EQ(item.local, 0u) << name;
    if (item.bulk != 0 && !bulk_seen) last_score = 2;
    EXPECT_FALSE(bulk_seen && item.bulk == 0) << name << " stands behind a bulk good";
    bulk_seen = bulk_seen || item.bulk != 0;
    EXPECT_LE(item.score, last_score) << name;
    last_score = item.score;
  }
  // What everybody in the trade calls bulk is found to be so by the rules, wherever it is a gap.
  for (const char* bulk :
       {"原油", "煤", "硫酸", "甲醇", "天然气", "水泥", "燃料油", "汽油", "铁矿石", "钢铁", "纯碱"}) {
    const auto found = seen.by_name.find(bulk);
    if (found != seen.by_name.end()) {
      EXPECT_NE(found->second.bulk, 0) << bulk;
    }
  }
  EXPECT_EQ(seen.report.items[0].bulk, 0);
  for (const Target& target : TargetsFor(finder, seen.report)) EXPECT_FALSE(IsTrader(view, target.enterprise));
}

INSTANTIATE_TEST_SUITE_P(Chains, ChainGapsOfReports,
                         testing::Values(RealCase{"汽车", "湖北"},       // 汽车及零部件, 襄阳襄州
                                         RealCase{"口罩", "湖北"},       // 卫材, 襄阳襄州
                                         RealCase{"服装", "湖南"},       // 服饰, 株洲芦淞
                                         RealCase{"太阳能电池", "湖北"}  // 新能源新材料, 襄阳襄州
                                         ));

TEST(ChainGapsReal, WhereTheSetIsSilentTheAnswerIsNoData) {
  LF_NEEDS_CHAIN_KG();
  const View view(ChainKg(false).graph);
  for (const char* product : {"运动鞋", "电机"}) {
    const Seen seen = SeenFrom(view, product, "湖北");
    EXPECT_FALSE(seen.report.has_data) << product;
    EXPECT_TRUE(seen.report.items.empty()) << product;
  }
}

}  // namespace
}  // namespace landfall::chain::test
