// SPDX-License-Identifier: Apache-2.0
// `chain import` and the commands over its graph, as a person types them.
#include <gtest/gtest.h>
#include <simdjson.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>

#include "analysis/graph_support.h"
#include "cli/tools/tools.h"

namespace landfall::chain::test {
namespace {

namespace fs = std::filesystem;

struct Ran {
  int code = 0;
  std::string out, err;
};

Ran RunChain(std::vector<std::string> words) {
  CLI::App app("test");
  Ran ran;
  CLI::App* chain = app.add_subcommand("chain");
  cli::AddChainGraph(*chain, ran.code);
  words.insert(words.begin(), "chain");
  std::reverse(words.begin(), words.end());  // CLI11 takes the arguments from the back.
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  try {
    app.parse(words);
  } catch (const CLI::ParseError& e) {
    ran.code = 100 + e.get_exit_code();
  }
  ran.out = testing::internal::GetCapturedStdout();
  ran.err = testing::internal::GetCapturedStderr();
  return ran;
}

class ChainCli : public testing::Test {
 protected:
  ChainCli() {
    std::string name = (fs::temp_directory_path() / "landfall-chain-XXXXXX").string();
    EXPECT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  ~ChainCli() override { fs::remove_all(folder_); }

  std::string Path(const std::string& name) const { return (folder_ / name).string(); }
  void Write(const std::string& name, std::string_view text) const {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }
  std::string Read(const std::string& name) const { return landfall::test::ReadFile(folder_ / name); }
  Ran Import(std::vector<std::string> more = {}) const {
    std::vector<std::string> words = {"import", Path("in"), "--out", Path("graph"), "--json"};
    words.insert(words.end(), more.begin(), more.end());
    return RunChain(words);
  }

  fs::path folder_;
  simdjson::dom::parser parser_;
};

constexpr std::string_view kRelations =
    "relation,from,to,weight,day,source,confidence\n"
    "upstream,钢,汽车,,2021-06-30,年报,90\n"
    "upstream,玻璃,汽车,,,,\n"
    "upstream,轮胎,汽车,,,,\n"
    "makes,600001,玻璃,0.5,,,\n"
    "makes,600002SH,钢,0.4,,,\n";

TEST_F(ChainCli, CsvAndJsonLinesGiveTheSameGraph) {
  Write("in/relations.csv", kRelations);
  Write("in/enterprises.csv", "id,name,place\n600001,甲玻璃,湖北省\n600002,乙钢铁,上海\n");
  Write("in/products.csv", "name,code,parent\n汽车,C36,\n新能源汽车,,汽车\n");
  ASSERT_EQ(Import().code, 0);
  const std::string from_csv = Read("graph");
  fs::remove_all(folder_ / "in");
  Write(
      "in/all.jsonl",
      R"({"type":"relation","relation":"upstream","from":"钢","to":"汽车","day":"2021-06-30","source":"年报","confidence":90}
{"type":"relation","relation":"upstream","from":"玻璃","to":"汽车"}
{"type":"relation","relation":"upstream","from":"轮胎","to":"汽车"}
{"type":"relation","relation":"makes","from":"600001","to":"玻璃","weight":0.5}
{"type":"relation","relation":"makes","from":"600002SH","to":"钢","weight":0.4}
{"type":"enterprise","id":"600001","name":"甲玻璃","place":"湖北省"}
{"type":"enterprise","id":"600002","name":"乙钢铁","place":"上海"}
{"type":"product","name":"汽车","code":"C36"}

{"type":"product","name":"新能源汽车","parent":"汽车"})");
  ASSERT_EQ(Import().code, 0);

  const Graph csv = *Graph::FromBytes({reinterpret_cast<const std::uint8_t*>(from_csv.data()), from_csv.size()});
  const Graph lines = *OpenGraph(Path("graph"));
  for (const Graph* graph : {&csv, &lines}) {
    EXPECT_EQ(graph->NodeCount(NodeKind::kProduct), 5u);
    EXPECT_EQ(graph->EdgeCount(Relation::kUpstream), 3u);
    EXPECT_EQ(graph->EdgeCount(Relation::kSubProduct), 1u);
    EXPECT_EQ(graph->EdgeCount(Relation::kLocated), 2u);
    const NodeId steel = ProductOf(*graph, "钢"), car = ProductOf(*graph, "汽车");
    EXPECT_EQ(graph->Label(NodeKind::kProduct, car), "C36");
    const EdgeFacts facts = graph->Facts(Relation::kUpstream, *graph->FindEdge(Relation::kUpstream, steel, car));
    EXPECT_EQ(graph->SourceName(facts.source), "年报");
    EXPECT_EQ(facts.confidence, 90);
    EXPECT_EQ(facts.day, 18'808);  // 2021-06-30.
  }
}

TEST_F(ChainCli, EveryDropIsCountedListedAndInTheGraph) {
  Write("in/relations.csv",
        "relation,from,to,weight\n"
        "upstream,钢,汽车,\n"
        "upstream,\"玻璃,汽车,\n"      // 3: the quote never closes on its line …
        "upstream,\"轮\n胎\",汽车,\n"  // 4: … while this one closes on the next.
        "upstream,防伪\"盐\",汽车,\n"  // 6: a quote inside a plain field.
        "up,钢,汽车,\n"                // 7
        "upstream,钢\n"                // 8: too short.
        "makes,600001,钢,-0.5\n"       // 9
        "makes,600001,平衡项目,0.5\n"  // 10
        "upstream,汽车,汽车,\n");      // 11

  const Ran ran = Import({"--dropped", Path("dropped.csv")});

  ASSERT_EQ(ran.code, 0) << ran.err;
  EXPECT_EQ(Read("dropped.csv"),
            "rule,file,row,what,from,to\r\n"
            "broken_quotes,relations.csv,3,row,,\r\n"
            "broken_quotes,relations.csv,6,row,,\r\n"
            "unknown_relation,relations.csv,7,row,钢,汽车\r\n"
            "unreadable_row,relations.csv,8,row,,\r\n"
            "accounting,relations.csv,10,makes,600001,平衡项目\r\n"
            "self_loop,relations.csv,11,upstream,汽车,汽车\r\n"
            "negative_weight,relations.csv,9,makes,600001.SH,钢\r\n");
  const Graph graph = *OpenGraph(Path("graph"));
  EXPECT_TRUE(graph.Find(NodeKind::kProduct, "轮胎"));
  const simdjson::dom::element json = parser_.parse(ran.out);
  EXPECT_EQ(std::uint64_t(json["dropped"]["broken_quotes"]), 2u);
  EXPECT_EQ(std::uint64_t(json["repaired"]["blanks"]), 1u);
  EXPECT_EQ(std::uint64_t(json["files"].at(0)["rows"]), 9u);
  simdjson::dom::parser meta;
  EXPECT_EQ(std::uint64_t(meta.parse(graph.Meta())["dropped"]["negative_weight"]), 1u);
}

TEST_F(ChainCli, RefusalsNameTheirCodeAndPlace) {
  EXPECT_TRUE(Import().err.starts_with("source.unreadable"));
  Write("in/readme.txt", "");
  EXPECT_TRUE(Import().err.starts_with("chain.nothing_to_import: No file"));
  Write("in/relations.csv", "relation,from\nupstream,钢\n");
  const Ran column = Import();
  EXPECT_TRUE(column.err.starts_with("chain.graph_column_missing: The header"));
  EXPECT_NE(column.err.find("at: relations.csv"), std::string::npos);
  EXPECT_NE(column.err.find("\"to\""), std::string::npos);
  Write("in/relations.csv", kRelations);
  Write("in/products.csv", "name,parent\n乙,甲\n甲,乙\n");
  const Ran cycle = Import();
  EXPECT_EQ(cycle.code, 2);
  EXPECT_TRUE(cycle.err.starts_with("chain.part_of_cycle: "));
  EXPECT_NE(cycle.err.find("sub_product: 乙 -> 甲 -> 乙"), std::string::npos);
  Write("in/products.csv", "name,code\n甲,A01\n甲,A02\n");
  EXPECT_TRUE(Import().err.starts_with("chain.two_codes: "));
  Write("in/products.csv", "name\n\xC6\xBD\xB0\xB2\xD2\xF8\xD0\xD0\n");
  EXPECT_TRUE(Import().err.starts_with("encoding.looks_like_gbk: "));
  Write("in/products.csv", "name\n甲\n");
  EXPECT_TRUE(Import({"--keep", "self_loop"}).err.starts_with("chain.unknown_drop_rule: "));
  EXPECT_FALSE(fs::exists(Path("graph")));
  EXPECT_TRUE(RunChain({"stats", Path("in/products.csv")}).err.starts_with("chain.not_a_graph: "));
}

TEST_F(ChainCli, AGbkFileAndAFileOfCodesAreRead) {
  Write("in/links.csv", "code,name\nC3660,\xB5\xE7\xB3\xB5\xD6\xC6\xD4\xEC\n");  // 电车制造
  Write("codes.csv", "code,name\nC3650,电车制造\n");
  Write("old.csv", "code,name\nC3660,电车制造\n");

  const Ran unchecked = Import({"--encoding", "gbk"});
  const Ran checked = Import({"--encoding", "gbk", "--codes", Path("codes.csv"), "--old-codes", Path("old.csv")});

  EXPECT_EQ(unchecked.code, 0) << unchecked.err;
  EXPECT_TRUE(OpenGraph(Path("graph"))->Find(NodeKind::kLink, "电车制造"));
  EXPECT_TRUE(checked.err.starts_with("chain.old_industry_code: ")) << checked.err;
  EXPECT_NE(checked.err.find("in 2017 that is C3650"), std::string::npos);
}

TEST_F(ChainCli, QueriesAnswerInJsonAndInTables) {
  Write("in/relations.csv", kRelations);
  Write("in/enterprises.csv", "id,name,place\n600001,甲玻璃,湖北省\n600002,乙钢铁,上海\n");
  ASSERT_EQ(Import().code, 0);
  const std::string graph = Path("graph");
  const auto json = [&](std::vector<std::string> words) {
    words.push_back("--json");
    const Ran ran = RunChain(words);
    EXPECT_EQ(ran.code, 0) << ran.err;
    return simdjson::dom::element(parser_.parse(ran.out));
  };

  EXPECT_EQ(std::uint64_t(json({"stats", graph})["upstream"]["products"]), 4u);
  const auto suppliers = json({"suppliers", graph, "--product", "钢"});
  EXPECT_EQ(std::string_view(suppliers["goods"].at(0)["makers"].at(0)["name"]), "乙钢铁");
  EXPECT_DOUBLE_EQ(double(suppliers["goods"].at(0)["makers"].at(0)["share"]), double(0.4F));
  const auto gaps = json({"gaps", graph, "--product", "汽车", "--place", "湖北省"});
  EXPECT_EQ(std::string_view(gaps["verdict"]), "ranked");
  EXPECT_EQ(std::string_view(gaps["items"].at(0)["product"]), "轮胎");
  EXPECT_EQ(std::string_view(gaps["items"].at(0)["status"]), "missing");
  EXPECT_EQ(std::string_view(gaps["items"].at(1)["product"]), "钢");
  EXPECT_EQ(std::string_view(gaps["items"].at(1)["status"]), "elsewhere");
  EXPECT_EQ(std::string_view(gaps["items"].at(2)["status"]), "local");
  EXPECT_EQ(std::string_view(json({"gaps", graph, "--product", "轮胎", "--place", "湖北"})["verdict"]), "no_data");
  EXPECT_EQ(std::string_view(json({"targets", graph, "--product", "汽车", "--place", "湖北"})["targets"].at(0)["name"]),
            "乙钢铁");
  EXPECT_EQ(json({"substitute", graph, "--product", "钢"})["substitutes"].get_array().value().size(), 0u);

  const Ran table = RunChain({"gaps", graph, "--product", "汽车", "--place", "湖北", "--all"});
  EXPECT_NE(table.out.find("needed by 汽车"), std::string::npos);
  const Ran silent = RunChain({"gaps", graph, "--product", "轮胎", "--place", "湖北"});
  EXPECT_TRUE(silent.out.starts_with("no data: "));
  EXPECT_NE(silent.out.find("This is not \"no gap\"."), std::string::npos);
  EXPECT_EQ(RunChain({"gaps", graph, "--product", "火箭", "--place", "湖北"}).code, 2);
  EXPECT_GT(RunChain({"gaps", graph, "--place", "湖北"}).code, 100);  // Neither product nor link.
}

TEST_F(ChainCli, ATierCountsTheMakersOfTheGoodUnderItsOtherSpelling) {
  Write("in/relations.csv", "relation,from,to\nupstream,聚丙烯(PP),汽车\nmakes,600001,聚丙烯\n");
  ASSERT_EQ(Import().code, 0);

  const Ran ran = RunChain({"tiers", Path("graph"), "--product", "汽车", "--json"});

  ASSERT_EQ(ran.code, 0) << ran.err;
  const simdjson::dom::element items = simdjson::dom::element(parser_.parse(ran.out))["items"];
  EXPECT_EQ(std::string_view(items.at(1)["product"]), "聚丙烯(PP)");
  EXPECT_EQ(std::uint64_t(items.at(1)["makers"]), 1u);
}

TEST_F(ChainCli, AnOverlayIsAGraphOfItsOwn) {
  Write("in/relations.csv", kRelations);
  ASSERT_EQ(Import().code, 0);
  fs::rename(Path("graph"), Path("base"));
  fs::remove_all(folder_ / "in");
  Write("in/relations.csv",
        "relation,from,to,confidence\nmakes,914206,轮胎,95\nlocated,914206,湖北,95\nupstream,玻璃,汽车,0\n");
  ASSERT_EQ(Import().code, 0);

  const Ran ran =
      RunChain({"gaps", Path("base"), "--own", Path("graph"), "--product", "汽车", "--place", "湖北", "--json"});

  ASSERT_EQ(ran.code, 0) << ran.err;
  const simdjson::dom::element json = parser_.parse(ran.out);
  std::map<std::string, std::string> status;
  for (const auto item : json["items"])
    status.emplace(std::string_view(item["product"]), std::string_view(item["status"]));
  EXPECT_EQ(status.at("轮胎"), "local");
  EXPECT_FALSE(status.contains("玻璃"));
}

TEST_F(ChainCli, TheDrawingIsWellFormedAndEscapesNames) {
  Write("in/relations.csv",
        "relation,from,to\nupstream,a<b>&c,汽车\nupstream,非常非常非常非常非常长的一个产品名称,汽车\n");
  ASSERT_EQ(Import().code, 0);

  ASSERT_EQ(RunChain({"tiers", Path("graph"), "--product", "汽车", "--svg", Path("t.svg")}).code, 0);

  const std::string svg = Read("t.svg");
  EXPECT_NE(svg.find("a&lt;b&gt;&amp;c"), std::string::npos);
  EXPECT_NE(svg.find("…"), std::string::npos);
  EXPECT_TRUE(svg.ends_with("</svg>\n"));
}

TEST_F(ChainCli, TwoImportsOfTheRealSetGiveTheSameBytes) {
  LF_NEEDS_CHAIN_KG();
  const auto data = landfall::test::TestData();
  for (const char* name : {"one", "two"})
    ASSERT_EQ(RunChain({"import", data / "chain-kg", "--listed", data / "listed-companies/stock_basic_area.csv",
                        "--out", Path(name)})
                  .code,
              0);

  EXPECT_EQ(Read("one"), Read("two"));
  EXPECT_LT(Read("one").size(), 40'000'000u);
}

}  // namespace
}  // namespace landfall::chain::test
