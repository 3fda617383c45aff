// SPDX-License-Identifier: Apache-2.0
// landfall chain complexity and chain indices, as they are typed.
#include <gtest/gtest.h>
#include <simdjson.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>

#include "cli/tools/chain_structure.h"
#include "cli/tools/sentences.h"
#include "cli/tools/tools.h"
#include "support/test_data.h"

namespace landfall::cli {
namespace {

struct Answer {
  int exit_code = 0;
  std::string out, err;
};

Answer Type(std::vector<std::string> words) {
  CLI::App app;
  Answer answer;
  CLI::App* chain = app.add_subcommand("chain");
  AddChainStructure(*chain, answer.exit_code);
  std::reverse(words.begin(), words.end());
  words.push_back("chain");
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  app.parse(std::move(words));
  answer.out = testing::internal::GetCapturedStdout();
  answer.err = testing::internal::GetCapturedStderr();
  return answer;
}

class ChainStructure : public testing::Test {
 protected:
  void SetUp() override {
    std::string folder = (std::filesystem::temp_directory_path() / "landfall-structure-XXXXXX").string();
    ASSERT_NE(::mkdtemp(folder.data()), nullptr);
    folder_ = folder;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string File(const std::string& name, const std::string& text) const {
    const std::string path = folder_ + "/" + name;
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }
  std::string Code(std::vector<std::string> words) const {
    const Answer answer = Type(std::move(words));
    EXPECT_EQ(answer.exit_code, kExitRefused) << answer.out;
    EXPECT_EQ(answer.out, "");
    return answer.err.substr(0, answer.err.find(':'));
  }
  std::string folder_;
};

constexpr const char* kSmall =
    "地区,行业,数值,年份\n甲,\"钢,铁\",10,2020\n甲,纺织,30,2020\n乙,纺织,5,2020\n乙,电机,20,2020\n丙,电机,4,2020\n丙,"
    "\"钢,铁\",1,2020\n"
    "空县,纺织,0,2020\n";

TEST_F(ChainStructure, ComplexityAnswersTheMembersOfTheContract) {
  const std::string file = File("m.csv", kSmall);

  const Answer answer = Type({"complexity", file, "--json"});

  ASSERT_EQ(answer.exit_code, 0) << answer.err;
  simdjson::dom::parser parser;
  const simdjson::dom::element root = parser.parse(answer.out);
  ASSERT_EQ(root["regions"].get_array().size(), 3u);
  EXPECT_EQ(std::string_view(root["regions"].at(0)["region"]), "丙") << "in the order of bytes";
  EXPECT_EQ(std::uint64_t(root["regions"].at(0)["diversity"]), 2u);
  EXPECT_TRUE(root["regions"].at(0)["eci"].is_double());
  EXPECT_EQ(std::string_view(root["products"].at(2)["product"]), "钢,铁");
  ASSERT_EQ(root["cells"].get_array().size(), 9u);
  for (const char* member : {"region", "product", "value", "rca", "present", "density", "cog"})
    EXPECT_EQ(root["cells"].at(0)[member].error(), simdjson::SUCCESS) << member;
  EXPECT_EQ(std::string_view(root["excluded_regions"].at(0)["region"]), "空县");
  EXPECT_EQ(std::string_view(root["excluded_regions"].at(0)["reason"]), "no_values");
  EXPECT_EQ(std::string_view(root["input"]["unused_columns"].at(0)), "年份");
}

TEST_F(ChainStructure, ProximitiesAreAskedFor) {
  const std::string file = File("m.csv", kSmall);

  const Answer products = Type({"complexity", file, "--json", "--no-cells", "--proximity", "products"});
  const Answer regions = Type({"complexity", file, "--json", "--no-cells", "--proximity", "regions"});

  EXPECT_NE(products.out.find("\"cells\":null,\"proximity\":[{\"a\":\"电机\",\"b\":\"钢,铁\",\"proximity\":0.5}"),
            std::string::npos)
      << products.out;
  EXPECT_NE(regions.out.find("\"proximity\":[{\"a\":\"丙\",\"b\":\"乙\",\"proximity\":0.5}"), std::string::npos)
      << regions.out;
}

TEST_F(ChainStructure, TheOrderOfRowsAndASecondRunChangeNoByte) {
  const std::string file = File("a.csv", kSmall);
  const std::string other = File("b.csv",
                                 "年份,行业,地区,数值\r\n2020,\"钢,铁\",丙,1\r\n2020,纺织,空县,0\r\n2020,电机,乙,"
                                 "20\r\n2020,纺织,乙,5.0\r\n2020,电机,丙,4\r\n"
                                 "2020,纺织,甲,30\r\n2020,\"钢,铁\",甲,10\r\n");
  for (const char* command : {"complexity", "indices"}) {
    const std::string first = Type({command, file, "--json"}).out;

    EXPECT_EQ(first, Type({command, file, "--json"}).out);
    EXPECT_EQ(first, Type({command, other, "--json"}).out);
    EXPECT_FALSE(first.empty());
  }
}

TEST_F(ChainStructure, TablesNameWhatIsLeftOut) {
  const Answer answer = Type({"complexity", File("m.csv", kSmall)});

  EXPECT_EQ(answer.exit_code, 0);
  EXPECT_NE(answer.out.find("空县: no_values"), std::string::npos) << answer.out;
  EXPECT_NE(answer.out.find("年份"), std::string::npos) << "the column that was not read";
}

TEST_F(ChainStructure, RefusesWhatItCannotRead) {
  const auto code = [&](const std::string& text) { return Code({"complexity", File("x.csv", text), "--json"}); };

  EXPECT_EQ(code(""), "chain.structure_no_header");
  EXPECT_EQ(code("region,product\na,x\n"), "chain.structure_no_column");
  EXPECT_EQ(code("region,product,value\na,x\n"), "chain.structure_row_width");
  EXPECT_EQ(code("region,product,value\na,x,\n"), "chain.structure_not_a_number");
  EXPECT_EQ(code("region,product,value\na,x,1 000\n"), "chain.structure_not_a_number");
  EXPECT_EQ(code("region,product,value\na,x,1e999\n"), "chain.structure_not_a_number");
  EXPECT_EQ(code("region,product,value\na,x,nan\n"), "chain.structure_not_finite");
  EXPECT_EQ(code("region,product,value\na,x,inf\n"), "chain.structure_not_finite");
  EXPECT_EQ(code("region,product,value\na,x,-1\n"), "chain.structure_negative");
  EXPECT_EQ(code("region,product,value\n,x,1\n"), "chain.structure_empty_name");
  EXPECT_EQ(code("region,product,value\na,x,1\nb,y,1\na,x,1\n"), "chain.structure_duplicate_cell");
  EXPECT_EQ(code("region,product,value\na,x,1\na,y,1\n"), "chain.structure_one_region");
  EXPECT_EQ(code("region,product,value\na,x,1\nb,x,1\n"), "chain.structure_one_product");
  EXPECT_EQ(code("region,product,value\na,x,0\nb,y,0\n"), "chain.structure_all_zero");
  EXPECT_EQ(code("region,product,value,\x1b[2J\na,x,0,1\n"), "chain.structure_control_character");
  EXPECT_EQ(code("region,product,value\n"), "chain.structure_all_zero");
  EXPECT_EQ(code("region,product,value\n\"a,x,1\n"), "csv.quote_unclosed");
  EXPECT_EQ(code("region,product,value\n\xb5\xd8,x,1\n"), "encoding.looks_like_gbk");
  EXPECT_EQ(Code({"complexity", folder_ + "/none.csv"}), "source.unreadable");
  EXPECT_EQ(Code({"complexity", folder_}), "source.unreadable");
}

TEST_F(ChainStructure, RefusesAMatrixThatWouldFillMemory) {
  std::string text = "region,product,value\n";
  for (int i = 0; i < 7'000; ++i) text += "r" + std::to_string(i) + ",p" + std::to_string(i) + ",1\n";

  EXPECT_EQ(Code({"complexity", File("large.csv", text)}), "chain.structure_too_large");
}

TEST_F(ChainStructure, ColumnsConditionsAndSumsAreAsked) {
  const std::string file =
      File("m.csv", "ort,branche,wert,jahr\na,x,1,1\na,x,2,1\na,y,1,1\nb,y,9,1\nb,x,4,2\nsum,x,3,1\n");

  EXPECT_EQ(Code({"indices", file}), "chain.structure_no_column");
  EXPECT_EQ(Code({"indices", file, "--region", "ort", "--product", "branche", "--value", "none"}),
            "chain.structure_no_column");
  const std::vector<std::string> named = {"indices",   file,      "--region", "ort",
                                          "--product", "branche", "--value",  "wert"};
  EXPECT_EQ(Code(named), "chain.structure_duplicate_cell");
  auto with = [&](std::vector<std::string> more) {
    std::vector<std::string> words = named;
    words.insert(words.end(), more.begin(), more.end());
    return words;
  };
  EXPECT_EQ(Code(with({"--where", "jahr"})), "chain.structure_where");
  EXPECT_EQ(Code(with({"--where", "year=1"})), "chain.structure_no_column");

  const Answer answer = Type(with({"--sum", "--where", "jahr=1", "--where", "ort!=sum", "--json"}));

  ASSERT_EQ(answer.exit_code, 0) << answer.err;
  simdjson::dom::parser parser;
  const simdjson::dom::element root = parser.parse(answer.out);
  ASSERT_EQ(root["regions"].get_array().size(), 2u);
  EXPECT_EQ(double(root["regions"].at(0)["total"]), 4);
  EXPECT_EQ(std::uint64_t(root["input"]["left_out"]), 2u);
}

TEST_F(ChainStructure, SuspectsARowOfTotals) {
  const Answer answer =
      Type({"indices", File("m.csv", "region,product,value\na,x,1\nb,y,2\n合计,x,1\n合计,y,2\n"), "--json"});

  EXPECT_NE(answer.out.find("\"possible_total_regions\":[\"合计\"]"), std::string::npos) << answer.out;
}

TEST_F(ChainStructure, IndicesOfPlantsPopulationAndTwoPeriods) {
  const std::string base = File("a.csv", "region,industry,emp\nA,x,10\nA,y,20\nB,x,30\nB,y,10\n");
  const std::string later = File("b.csv", "region,industry,emp\nA,x,20\nA,y,20\nB,x,30\nB,y,10\n");
  const std::string plants = File("p.csv", "region,industry,emp_firm\nA,x,4\nA,x,6\nB,x,10\nB,x,20\nA,y,5\nB,y,5\n");
  const std::string people = File("q.csv", "region,pop\nA,100\nB,300\n");

  const Answer answer = Type({"indices", base, "--later", later, "--plants", plants, "--population", people, "--json"});

  ASSERT_EQ(answer.exit_code, 0) << answer.err;
  simdjson::dom::parser parser;
  const simdjson::dom::element root = parser.parse(answer.out);
  EXPECT_NEAR(double(root["products"].at(0)["hoover"]), 0, 1e-15) << "x lies as people do";
  EXPECT_NEAR(double(root["shift_share"]["regions"].at(0)["change"]), 10, 1e-12);
  EXPECT_NEAR(double(root["shift_share"]["regions"].at(0)["national"]), 30 * 10.0 / 70, 1e-12);
  const simdjson::dom::element x = root["ellison_glaeser"]["industries"].at(0);
  const double g = 2 * (10.0 / 40 - 30.0 / 70) * (10.0 / 40 - 30.0 / 70), h = (16 + 36 + 100 + 400) / 1600.0;
  const double scatter = 1 - (9 + 16) / 49.0;
  EXPECT_NEAR(double(x["gamma"]), (g / scatter - h) / (1 - h), 1e-12);
  EXPECT_TRUE(root["ellison_glaeser"]["coagglomeration"].is_double());
  const Answer text = Type({"indices", base, "--later", later, "--plants", plants, "--population", people});
  EXPECT_NE(text.out.find("competitive"), std::string::npos);
  EXPECT_NE(text.out.find("E-G γ"), std::string::npos);
}

TEST_F(ChainStructure, FurtherFilesAreRefusedWhereTheyDoNotFit) {
  const std::string base = File("a.csv", "region,industry,emp\nA,x,10\nA,y,20\nB,x,30\nB,y,10\n");
  const auto with = [&](const char* option, const std::string& text) {
    return Code({"indices", base, option, File("x.csv", text)});
  };

  EXPECT_EQ(with("--population", "region,pop\nA,1\n"), "chain.structure_population_missing");
  EXPECT_EQ(with("--population", "region,pop\nA,1\nB,1\nC,1\n"), "chain.structure_no_such_region");
  EXPECT_EQ(with("--population", "region,pop\nA,1\nA,2\nB,1\n"), "chain.structure_duplicate_cell");
  EXPECT_EQ(with("--population", "region,pop\nA,-1\nB,1\n"), "chain.structure_negative");
  EXPECT_EQ(with("--population", "region,pop\nA,0\nB,0\n"), "chain.structure_all_zero");
  EXPECT_EQ(with("--plants", "region,industry,size\nC,x,1\n"), "chain.structure_no_such_region");
  EXPECT_EQ(with("--plants", "region,industry,size\nA, ,1\n"), "chain.structure_empty_name");
  EXPECT_EQ(with("--plants", "region,industry,size\nA,x,inf\n"), "chain.structure_not_finite");
  EXPECT_EQ(with("--later", "region,industry,emp\nC,x,1\nD,x,2\n"), "chain.structure_periods_disjoint");
  EXPECT_EQ(Code({"indices", base, "--nation", "C"}), "chain.structure_no_such_region");
  EXPECT_EQ(Code({"indices", File("one.csv", "region,industry,emp\nA,x,1\n")}), "chain.structure_one_region");
}

TEST_F(ChainStructure, ANationServesAsReferenceForOneCity) {
  constexpr const char* kStates = "relatedness/germany_regions_employment_2008_2014.csv.gz";
  LF_NEEDS_DATA(kStates);
  const std::string file = (landfall::test::TestData() / kStates).string();

  const Answer answer =
      Type({"indices", file, "--where", "year=2008", "--later-where", "year=2014", "--nation", "Insgesamt", "--where",
            "industry!=Insgesamt", "--later-where", "industry!=Insgesamt", "--json"});

  ASSERT_EQ(answer.exit_code, 0) << answer.err;
  simdjson::dom::parser parser;
  const simdjson::dom::element root = parser.parse(answer.out);
  EXPECT_EQ(root["regions"].get_array().size(), 16u);
  EXPECT_EQ(root["shift_share"]["regions"].get_array().size(), 16u);
  EXPECT_EQ(std::string_view(root["nation"]), "Insgesamt");
}

TEST_F(ChainStructure, WritesAPictureThatIsWellFormed) {
  const std::string svg = folder_ + "/eci.svg";
  const std::string file = File(
      "m.csv", "region,product,value\n\"<a&\"\"b>\",x,3\n\"<a&\"\"b>\",y,2\n乙,y,2\n乙,z,4\n丙,x,1\n丙,y,3\n丙,z,2\n");

  const Answer answer = Type({"complexity", file, "--presence", "positive", "--svg", svg});

  ASSERT_EQ(answer.exit_code, 0) << answer.err;
  const std::string picture = landfall::test::ReadFile(svg);
  EXPECT_TRUE(picture.starts_with("<svg "));
  EXPECT_TRUE(picture.ends_with("</svg>\n"));
  EXPECT_NE(picture.find("&lt;a&amp;&quot;b&gt;"), std::string::npos);
  EXPECT_EQ(picture.find("<a&"), std::string::npos);
  EXPECT_EQ(Code({"complexity", file, "--svg", folder_ + "/no/such/eci.svg"}), "chain.output_unwritable");
}

TEST(BarChart, DrawsTheEndsOfALongListAndSaysHowManyLieBetween) {
  std::vector<Bar> bars;
  for (int i = 0; i < 100; ++i) bars.push_back({"地区" + std::to_string(i), 50.0 - i});

  const std::string picture = BarChartSvg("t", "s", bars, 10);

  EXPECT_NE(picture.find("⋯ 90"), std::string::npos);
  EXPECT_NE(picture.find("地区4<"), std::string::npos);
  EXPECT_EQ(picture.find("地区5<"), std::string::npos);
  EXPECT_NE(picture.find("地区95<"), std::string::npos);
}

TEST_F(ChainStructure, EveryRefusalHasItsSentences) {
  for (const char* code :
       {"no_column",      "no_header",      "row_width",        "where",          "not_a_number",
        "not_finite",     "negative",       "empty_name",       "name_too_long",  "control_character",
        "duplicate_cell", "too_large",      "all_zero",         "one_region",     "one_product",
        "threshold",      "too_many_pairs", "periods_disjoint", "no_such_region", "population_missing",
        "eci_ambiguous",  "eci_uniform",    "eci_too_small"}) {
    const std::string full = std::string("chain.structure_") + code;
    for (const char* language : {"zh", "en"}) EXPECT_NE(SentenceOf(full, language), full) << language;
  }
}

TEST_F(ChainStructure, ReadsGb18030WhenToldSo) {
  const std::string file =
      File("g.csv", "\xb5\xd8\xc7\xf8,\xb2\xfa\xc6\xb7,\xca\xfd\xd6\xb5\n\xbc\xd7,x,1\n\xd2\xd2,y,1\n");

  const Answer answer = Type({"complexity", file, "--encoding", "gbk", "--json"});

  EXPECT_EQ(answer.exit_code, 0) << answer.err;
  EXPECT_NE(answer.out.find("\"甲\""), std::string::npos);
}

}  // namespace
}  // namespace landfall::cli
