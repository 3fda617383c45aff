// SPDX-License-Identifier: Apache-2.0
#include "analysis/graph/clean.h"

#include <gtest/gtest.h>

#include "analysis/graph/import.h"

namespace landfall::chain::test {
namespace {

TEST(ChainClean, NamesComeOnOneLine) {
  EXPECT_EQ(CleanName(" 光纤复合\n架空地线\n"), "光纤复合架空地线");
  EXPECT_EQ(CleanName("CDMA 手机\r\n业务"), "CDMA 手机业务");
  EXPECT_EQ(CleanName("power\ncable   set"), "power cable set");
  EXPECT_EQ(CleanName("\"钢材\""), "钢材");
  EXPECT_EQ(CleanName("防伪\"碘盐标志\""), "防伪\"碘盐标志\"");
  EXPECT_EQ(CleanName("　\t"), "");
}

TEST(ChainClean, TornQuotationsAreSeenAndInchesAreNot) {
  for (const char* torn : {"“惠商", "工程”", "\"经公司登记机关核准", "「甲"})
    EXPECT_TRUE(HasUnpairedQuotes(torn)) << torn;
  for (const char* whole : {"“村村通”工程", "防伪\"碘盐标志\"", "5\"显示屏", "钢材"})
    EXPECT_FALSE(HasUnpairedQuotes(whole)) << whole;
}

TEST(ChainClean, LinesOfTheAccountsAndAmountsAreNoProducts) {
  for (const char* name :
       {"平衡项目", "分部间抵销", "公司内部销售相互抵销", "合并抵减", "调整项目", "未分配金额", "针剂合计", "抵銷"})
    EXPECT_TRUE(IsAccountingName(name)) << name;
  for (const char* name : {"平衡车", "抵押贷款", "调味品", "总成", "其他食品"})
    EXPECT_FALSE(IsAccountingName(name)) << name;
  for (const char* name : {"几根", "一包", "两片"}) EXPECT_TRUE(IsQuantity(name)) << name;
  for (const char* name : {"三轮车", "一体机", "钢板", "半导"}) EXPECT_FALSE(IsQuantity(name)) << name;
}

TEST(ChainClean, AllSpellingsOfAStockCodeAreOne) {
  for (const char* text : {"688268.SH", "688268SH", "688268", "SH688268", "sh.688268", " 688268.sh "})
    EXPECT_EQ(StockCode(text), "688268.SH") << text;
  EXPECT_EQ(StockCode("000001"), "000001.SZ");
  EXPECT_EQ(StockCode("300750"), "300750.SZ");
  EXPECT_EQ(StockCode("430047"), "430047.BJ");
  EXPECT_EQ(StockCode("920001"), "920001.BJ");
  EXPECT_EQ(StockCode("900901"), "900901.SH");
  for (const char* text : {"68826", "6882688", "6882a8SH", "", "914206007070XXXX", "100000", "SH"})
    EXPECT_FALSE(StockCode(text)) << text;
}

TEST(ChainClean, PlacesLoseTheirKindButNotTheirName) {
  EXPECT_EQ(PlaceKey("湖北省"), "湖北");
  EXPECT_EQ(PlaceKey("广西壮族自治区"), "广西");
  EXPECT_EQ(PlaceKey("内蒙古自治区"), "内蒙古");
  EXPECT_EQ(PlaceKey("内蒙"), "内蒙古");
  EXPECT_EQ(PlaceKey("株洲市"), "株洲");
  EXPECT_EQ(PlaceKey("沙市"), "沙市");  // A district of Jingzhou: nothing would be left of its name.
  EXPECT_EQ(PlaceKey("襄州区"), "襄州区");
}

TEST(ChainClean, NamesTellKindsPartsAbbreviationsAndTrade) {
  EXPECT_TRUE(IsKindOf("燃料电池汽车", "汽车"));
  EXPECT_TRUE(IsPartOf("汽车底盘", "汽车"));
  EXPECT_FALSE(IsPartOf("汽车", "汽车"));
  EXPECT_FALSE(IsPartOf("车用汽车", "汽车"));
  EXPECT_EQ(WithoutAbbreviation("聚丙烯(PP)"), "聚丙烯");
  EXPECT_EQ(WithoutAbbreviation("精对苯二甲酸（PTA）"), "精对苯二甲酸");
  EXPECT_EQ(WithoutAbbreviation("电池(锂)"), "");
  EXPECT_EQ(WithoutAbbreviation("(PP)"), "");
  for (const char* line : {"煤炭贸易", "煤炭-贸易", "煤炭贸易业务", "贸易-煤炭", ".煤炭贸易"})
    EXPECT_EQ(TradedGood(line), "煤炭") << line;
  EXPECT_EQ(TradedGood("多晶硅销售"), "");  // A maker sells, too.
  EXPECT_EQ(TradedGood("贸易"), "");
  EXPECT_TRUE(IsTradeIndustry("贸易Ⅲ"));
  EXPECT_TRUE(IsTradeIndustry("医药商业"));
  EXPECT_FALSE(IsTradeIndustry("商业地产"));
}

// Rows of one file, by the importer.
class Rows {
 public:
  explicit Rows(ImportOptions options = {}) : importer_(With(std::move(options))) { file_ = importer_.AddFile("rows"); }
  Status Edge(Relation relation, std::string_view from, std::string_view to, std::string_view weight = {}) {
    importer_.CountRow(file_);
    return importer_.AddEdge({.relation = relation, .from = from, .to = to, .weight = weight}, {file_, ++row_});
  }
  Status Node(NodeKind kind, std::string_view key, std::string_view label = {}) {
    importer_.CountRow(file_);
    return importer_.AddNode(kind, key, label, {file_, ++row_});
  }
  Result<Importer::Imported> Finish() { return importer_.Finish(); }

 private:
  static ImportOptions With(ImportOptions options) {
    options.list_dropped = true;
    return options;
  }
  Importer importer_;
  std::uint16_t file_ = 0;
  std::uint32_t row_ = 0;
};

std::vector<std::string> Dropped(const ImportReport& report, Drop rule) {
  std::vector<std::string> rows;
  for (const DroppedRow& row : report.rows_dropped)
    if (row.rule == rule) rows.push_back(std::to_string(row.place.row) + " " + row.from + ">" + row.to);
  EXPECT_EQ(rows.size(), report.dropped[static_cast<std::size_t>(rule)]);
  return rows;
}

TEST(ChainImport, EveryRuleDropsItsRowsAndCountsThem) {
  Rows rows;
  ASSERT_TRUE(rows.Edge(Relation::kMakes, "600000SH", "钢", "0.5"));
  ASSERT_TRUE(rows.Edge(Relation::kMakes, "600000", "钢", "0.25"));           // 2: the same edge.
  ASSERT_TRUE(rows.Edge(Relation::kMakes, "600000.SH", "平衡项目", "0.1"));   // 3
  ASSERT_TRUE(rows.Edge(Relation::kMakes, "600000.SH", "洗衣机", "-0.2"));    // 4
  ASSERT_TRUE(rows.Edge(Relation::kMakes, "000001.SZ", "洗衣机", "0.3"));     // 5: stays, one of two is no majority.
  ASSERT_TRUE(rows.Edge(Relation::kMakes, "600000.SH", "佣金支出", "-0.2"));  // 6: accounting by its sign,
  ASSERT_TRUE(rows.Edge(Relation::kMakes, "000001.SZ", "佣金支出", "-0.1"));  // 7: whatever it is called.
  ASSERT_TRUE(rows.Edge(Relation::kMakes, "600000.SH", "煤", "much"));        // 8
  ASSERT_TRUE(rows.Edge(Relation::kUpstream, "钢", " 钢 "));                  // 9
  ASSERT_TRUE(rows.Edge(Relation::kUpstream, "\n", "钢"));                    // 10
  ASSERT_TRUE(rows.Edge(Relation::kUpstream, "“铁", "钢"));                   // 11
  ASSERT_TRUE(rows.Edge(Relation::kUpstream, "几根", "钢"));                  // 12
  ASSERT_TRUE(rows.Edge(Relation::kUpstream, std::string(700, 'x'), "钢"));   // 13
  ASSERT_TRUE(rows.Edge(Relation::kUpstream, "\xff", "钢"));                  // 14
  ASSERT_TRUE(rows.Edge(Relation::kMakes, "600000.SH", "银行", "2.5"));       // 15: kept, its share is not stated.

  const auto imported = rows.Finish();

  ASSERT_TRUE(imported);
  const ImportReport& report = imported->report;
  EXPECT_EQ(Dropped(report, Drop::kDuplicateEdge), std::vector<std::string>{"2 600000.SH>钢"});
  EXPECT_EQ(Dropped(report, Drop::kAccounting),
            (std::vector<std::string>{"3 600000.SH>平衡项目", "6 600000.SH>佣金支出", "7 000001.SZ>佣金支出"}));
  EXPECT_EQ(Dropped(report, Drop::kNegativeWeight), std::vector<std::string>{"4 600000.SH>洗衣机"});
  EXPECT_EQ(Dropped(report, Drop::kUnreadableRow).size(), 2u);
  EXPECT_EQ(Dropped(report, Drop::kSelfLoop), std::vector<std::string>{"9 钢>钢"});
  EXPECT_EQ(Dropped(report, Drop::kEmptyName).size(), 2u);
  EXPECT_EQ(Dropped(report, Drop::kBrokenQuotes), std::vector<std::string>{"11 “铁>钢"});
  EXPECT_EQ(Dropped(report, Drop::kQuantity), std::vector<std::string>{"12 几根>钢"});
  EXPECT_EQ(imported->graph.EdgeCount(Relation::kMakes), 3u);
  EXPECT_EQ(imported->graph.EdgeCount(Relation::kUpstream), 0u);
  EXPECT_EQ(report.repaired[static_cast<std::size_t>(Repair::kShareAboveOne)], 1u);
  EXPECT_EQ(report.repaired[static_cast<std::size_t>(Repair::kIdSpelling)], 2u);
}

TEST(ChainImport, DishesGoAndWhatIsMadeOrUsedStays) {
  const auto kitchen = [](Rows& rows) {
    for (const char* dish : {"豆腐汤", "豆腐粥", "红烧豆腐"}) {
      ASSERT_TRUE(rows.Edge(Relation::kUpstream, "豆腐", dish));
      ASSERT_TRUE(rows.Edge(Relation::kUpstream, "香菇", dish));
    }
    ASSERT_TRUE(rows.Edge(Relation::kUpstream, "豆腐", "麻婆"));      // By materials, not by name.
    ASSERT_TRUE(rows.Edge(Relation::kUpstream, "豆腐", "速冻水饺"));  // A firm makes it.
    ASSERT_TRUE(rows.Edge(Relation::kMakes, "600000.SH", "速冻水饺"));
    ASSERT_TRUE(rows.Edge(Relation::kUpstream, "香菇", "香菇粉"));  // Something is made of it.
    ASSERT_TRUE(rows.Edge(Relation::kUpstream, "香菇粉", "调味料"));
    ASSERT_TRUE(rows.Edge(Relation::kUpstream, "大豆", "豆腐"));
    ASSERT_TRUE(rows.Edge(Relation::kUpstream, "钢", "压力锅炒菜机"));
    ASSERT_TRUE(rows.Edge(Relation::kSubProduct, "豆腐", "红烧豆腐"));
  };
  Rows clean, kept({.keep = {Drop::kRecipe}});
  kitchen(clean);
  kitchen(kept);

  const auto imported = clean.Finish();

  ASSERT_TRUE(imported);
  EXPECT_EQ(imported->report.recipe_products, 4u);
  EXPECT_EQ(imported->report.kitchen_ingredients, 2u);
  EXPECT_EQ(Dropped(imported->report, Drop::kRecipe).size(), 8u);
  for (const char* gone : {"豆腐汤", "豆腐粥", "红烧豆腐", "麻婆"})
    EXPECT_FALSE(imported->graph.Find(NodeKind::kProduct, gone)) << gone;
  for (const char* stays : {"速冻水饺", "香菇粉", "调味料", "豆腐", "压力锅炒菜机"})
    EXPECT_TRUE(imported->graph.Find(NodeKind::kProduct, stays)) << stays;
  EXPECT_EQ(kept.Finish()->graph.EdgeCount(Relation::kUpstream), 12u);
}

TEST(ChainImport, TwoCodesForOneProductAreRefusedAndOneCodeTwiceIsNot) {
  Rows rows;
  ASSERT_TRUE(rows.Node(NodeKind::kProduct, "汽车", "C361"));
  ASSERT_TRUE(rows.Node(NodeKind::kProduct, "汽车", "C361"));
  ASSERT_TRUE(rows.Node(NodeKind::kEnterprise, "600000", "旧名"));
  ASSERT_TRUE(rows.Node(NodeKind::kEnterprise, "600000.SH", "新名"));

  const Status refused = rows.Node(NodeKind::kProduct, " 汽车", "C362");

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "chain.two_codes");
  EXPECT_EQ(refused.error().detail, "rows, row 5: product 汽车 has code C361 already (rows, row 1)");
  const auto imported = rows.Finish();
  ASSERT_TRUE(imported);
  EXPECT_EQ(imported->graph.Name(NodeKind::kEnterprise, 0), "新名");
  EXPECT_EQ(imported->report.dropped[static_cast<std::size_t>(Drop::kDuplicateNode)], 1u);
}

TEST(ChainImport, ACodeOf2011InAFileOf2017IsRefusedWithItsHeir) {
  const CodeNames now = {{"C3610", "汽车整车制造"}, {"C3611", "汽柴油车整车制造"}, {"C3650", "电车制造"}};
  const CodeNames before = {{"C3610", "汽车整车制造"}, {"C3660", "电车制造"}, {"C3650", "低速载货汽车制造"}};
  Rows rows({.codes = &now, .old_codes = &before});
  const auto code_of = [&](std::string_view name, std::string_view code) {
    const Status added = rows.Node(NodeKind::kLink, name, code);
    return added ? std::string() : added.error().code + "|" + added.error().detail;
  };

  EXPECT_EQ(code_of("汽车整车制造", "C3610"), "");
  EXPECT_EQ(code_of("整车", "3611"), "");  // Without its letter.
  EXPECT_EQ(code_of("新车", "C361"), "");  // A group whose only class ends in 0.
  EXPECT_EQ(code_of("电车", "C3660"),
            "chain.old_industry_code|rows, row 4: C3660 was 电车制造 in 2011; in 2017 that is C3650");
  // The number lives on with another meaning, and the name beside it is the old one.
  EXPECT_EQ(code_of("低速载货汽车制造", "C3650"),
            "chain.old_industry_code|rows, row 5: C3650 was 低速载货汽车制造 in 2011; 2017 has no class of that name");
  EXPECT_EQ(code_of("何物", "C9999"), "chain.unknown_industry_code|rows, row 6: code C9999");
}

TEST(ChainImport, StrictRefusesTheFirstDirtyRow) {
  Rows rows({.strict = true});
  ASSERT_TRUE(rows.Edge(Relation::kUpstream, "铁", "钢"));
  ASSERT_TRUE(rows.Edge(Relation::kUpstream, "铁", "钢"));  // A duplicate says nothing wrong.
  ASSERT_TRUE(rows.Edge(Relation::kMakes, "600000", "钢", "-1"));

  const Status loop = rows.Edge(Relation::kUpstream, "钢", "钢");
  const auto finished = rows.Finish();

  EXPECT_EQ(loop.error().code, "chain.dirty_row");
  EXPECT_EQ(finished.error().code, "chain.dirty_row");
  EXPECT_EQ(finished.error().detail, "rows, row 3: negative_weight");
}

TEST(ChainImport, NothingLeftIsRefused) {
  Rows rows;
  ASSERT_TRUE(rows.Edge(Relation::kUpstream, "钢", "钢"));

  EXPECT_EQ(rows.Finish().error().code, "chain.graph_empty");
}

}  // namespace
}  // namespace landfall::chain::test
