// SPDX-License-Identifier: Apache-2.0
// `chain split|train|eval|predict|trial` as a person types them.
#include <gtest/gtest.h>
#include <simdjson.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <fstream>

#include "analysis/forecast/random.h"
#include "cli/tools/tools.h"
#include "support/test_data.h"

namespace landfall::chain::forecast {
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
  cli::AddChainForecast(*chain, ran.code);
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

class ForecastCli : public testing::Test {
 protected:
  ForecastCli() {
    std::string name = (fs::temp_directory_path() / "landfall-forecast-XXXXXX").string();
    EXPECT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  ~ForecastCli() override { fs::remove_all(folder_); }

  std::string Path(const std::string& name) const { return (folder_ / name).string(); }
  void Write(const std::string& name, std::string_view text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }
  std::string Read(const std::string& name) const { return landfall::test::ReadFile(folder_ / name); }
  simdjson::dom::element Json(const Ran& ran) {
    simdjson::dom::element root;
    EXPECT_EQ(parser_.parse(ran.out).get(root), simdjson::SUCCESS) << ran.out << ran.err;
    return root;
  }
  void WriteLinks(const std::string& name, std::uint64_t seed) const {
    static const std::vector<std::string> kMaterials = {"钢材", "铝材", "铜线", "玻璃", "橡胶", "塑料", "陶瓷", "硅片"};
    static const std::vector<std::string> kEnds = {"轴承", "电机", "水泵", "门窗", "管件"};
    std::string text =
        "\xEF\xBB\xBF"
        "from_product,to_product,rel\n";
    SplitMix random(seed);
    for (int i = 0; i < 500; ++i) {
      const std::string& material = kMaterials[random.Below(8)];
      const std::size_t end = random.Below(5);
      const std::string product = material + std::to_string(random.Below(90)) + kEnds[end];
      text += product + "," + material + ",上游材料\n" + product + "," + kMaterials[end] + ",上游材料\n";
      text += kEnds[end] + "," + product + ",产品小类\n";
    }
    text += "轴承,轴承,上游材料\n平衡项目,钢材,上游材料\n钢材,车,下游产品\n";
    Write(name, text);
  }
  void WriteCompanies(const std::string& name) const {
    std::string text = "name,area,industry,list_date\n";
    SplitMix random(1);
    for (int i = 0; i < 700; ++i) {
      const std::size_t place = std::min(random.Below(10), random.Below(10));
      const std::size_t industry = std::min(random.Below(20), random.Below(20));
      text += "c,p" + std::to_string(place) + ",i" + std::to_string(industry) + "," +
              std::to_string(1996 + random.Below(26)) + (i % 2 == 0 ? "-06-01\n" : "-11-30\n");
    }
    Write(name, text + "c,p0,i0,20220101\nc,,i1,2001-01-01\nc,p1,i1,unknown\n");
  }

  fs::path folder_;
  simdjson::dom::parser parser_;
};

TEST_F(ForecastCli, SplitTrainAndEvalOfUpstreamGoThroughFilesAndRepeatByteForByte) {
  WriteLinks("links.csv", 1);
  const std::vector<std::string> split = {"split", "--edges", Path("links.csv"), "--holdout", "60",          "--seed",
                                          "7",     "--train", Path("a.csv"),     "--test",    Path("b.csv"), "--json"};
  const std::vector<std::string> train = {"train",        "upstream", "--edges", Path("a.csv"), "--out",
                                          Path("m.json"), "--cases",  "300",     "--json"};
  const std::vector<std::string> eval = {"eval",        "upstream", Path("m.json"), "--edges",
                                         Path("a.csv"), "--test",   Path("b.csv"),  "--json"};

  const Ran split_ran = RunChain(split);
  ASSERT_EQ(split_ran.code, 0) << split_ran.err;
  const auto counts = Json(split_ran);
  EXPECT_EQ(counts["held_out"].get_int64().value(), 60);
  EXPECT_EQ(counts["rows"]["left_out"]["linked to itself"].get_int64().value(), 1);
  EXPECT_EQ(counts["rows"]["left_out"]["line of the accounts"].get_int64().value(), 1);
  EXPECT_EQ(counts["rows"]["left_out"]["another relation"].get_int64().value(), 1);
  const Ran trained = RunChain(train);
  ASSERT_EQ(trained.code, 0) << trained.err;
  const std::string model = Read("m.json"), links = Read("a.csv");
  const Ran evaluated = RunChain(eval);
  ASSERT_EQ(evaluated.code, 0) << evaluated.err;
  const auto figures = Json(evaluated);
  EXPECT_EQ(figures["questions"].get_int64().value(), 60);
  EXPECT_EQ(figures["ways"].at(0)["name"].get_string().value(), "model");
  EXPECT_GT(figures["ways"].at(0)["mrr"]["value"].get_double().value(), 0.2);
  EXPECT_EQ(figures["verdicts"].get_array().size(), 5U);
  EXPECT_GE(figures["limits"].get_array().size(), 3U);

  // Again, with the rows in another order: the same bytes of split, model and figures.
  std::string text = Read("links.csv");
  std::vector<std::string> lines;
  for (std::size_t at = text.find('\n') + 1; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    lines.push_back(text.substr(at, end - at + 1));
    at = end + 1;
  }
  std::string turned = "from_product,to_product,rel\n";
  for (std::size_t i = lines.size(); i-- > 0;) turned += lines[i];
  Write("links.csv", turned);
  ASSERT_EQ(RunChain(split).code, 0);
  EXPECT_EQ(Read("a.csv"), links);
  EXPECT_EQ(RunChain(train).out, trained.out);
  EXPECT_EQ(Read("m.json"), model);
  EXPECT_EQ(RunChain(eval).out, evaluated.out);
}

TEST_F(ForecastCli, AModelOfOtherLinksIsNotTested) {
  WriteLinks("links.csv", 2);
  ASSERT_EQ(RunChain({"split", "--edges", Path("links.csv"), "--holdout", "40", "--train", Path("a.csv"), "--test",
                      Path("b.csv")})
                .code,
            0);
  // Given a model that saw everything, held-out links included
  ASSERT_EQ(
      RunChain({"train", "upstream", "--edges", Path("links.csv"), "--out", Path("m.json"), "--cases", "200"}).code, 0);

  const Ran by_training_links =
      RunChain({"eval", "upstream", Path("m.json"), "--edges", Path("a.csv"), "--test", Path("b.csv")});
  const Ran by_all_links =
      RunChain({"eval", "upstream", Path("m.json"), "--edges", Path("links.csv"), "--test", Path("b.csv")});

  EXPECT_EQ(by_training_links.code, 2);
  EXPECT_NE(by_training_links.err.find("chain.forecast_other_training"), std::string::npos);
  EXPECT_EQ(by_all_links.code, 2);
  EXPECT_NE(by_all_links.err.find("chain.forecast_test_in_training"), std::string::npos);
}

TEST_F(ForecastCli, PredictSaysWhatIsKnownAndWhereThereIsNoData) {
  WriteLinks("links.csv", 3);
  ASSERT_EQ(
      RunChain({"train", "upstream", "--edges", Path("links.csv"), "--out", Path("m.json"), "--cases", "300"}).code, 0);
  const auto predict = [&](const std::string& product, bool json) {
    std::vector<std::string> words = {"predict",   "upstream", Path("m.json"), "--edges", Path("links.csv"),
                                      "--product", product,    "--top",        "5"};
    if (json) words.push_back("--json");
    return RunChain(words);
  };

  const Ran unknown = predict("玻璃幕墙门窗", false), end = predict("水泵", false);

  ASSERT_EQ(unknown.code, 0) << unknown.err;
  EXPECT_NE(unknown.out.find("NO DATA: the name is not in the file"), std::string::npos);
  EXPECT_NE(end.out.find("NO DATA: the file knows no answer"), std::string::npos);
  const auto json = Json(predict("玻璃幕墙门窗", true));
  EXPECT_FALSE(json["in_graph"].get_bool().value());
  EXPECT_EQ(json["candidates"].get_array().size(), 5U);
  EXPECT_EQ(json["candidates"].at(0)["name"].get_string().value(), "玻璃");
  EXPECT_FALSE(json["candidates"].at(0)["reasons"].get_array().size() == 0);
}

TEST_F(ForecastCli, FirmsAreRankedForAProductTheyDoNotMake) {
  // Given firms that each make products of one material
  std::string text = "company_id,product,rel,rel_weight\n";
  SplitMix random(4);
  const std::vector<std::string> materials = {"钢制", "铝制", "铜制", "玻璃", "橡胶", "塑料"};
  const std::vector<std::string> ends = {"轴承", "电机", "水泵", "门窗", "管件", "阀门", "支架", "外壳"};
  for (int firm = 0; firm < 120; ++firm)
    for (int i = 0; i < 5; ++i)
      text += std::to_string(600000 + firm) + "SH," + materials[static_cast<std::size_t>(firm) % 6] +
              std::to_string(random.Below(3)) + ends[random.Below(8)] + ",主营产品,0.2\n";
  Write("makes.csv", text);
  ASSERT_EQ(RunChain({"split", "--products", Path("makes.csv"), "--holdout", "60", "--train", Path("a.csv"), "--test",
                      Path("b.csv")})
                .code,
            0);
  ASSERT_EQ(RunChain({"train", "firm", "--products", Path("a.csv"), "--out", Path("m.json"), "--cases", "300"}).code,
            0);

  const Ran evaluated =
      RunChain({"eval", "firm", Path("m.json"), "--products", Path("a.csv"), "--test", Path("b.csv"), "--json"});
  const Ran predicted = RunChain({"predict", "firm", Path("m.json"), "--products", Path("a.csv"), "--product",
                                  "铝制车架", "--top", "5", "--json"});

  ASSERT_EQ(evaluated.code, 0) << evaluated.err;
  const auto figures = Json(evaluated);
  EXPECT_GT(figures["ways"].at(0)["mrr"]["value"].get_double().value(),
            figures["ways"].at(1)["mrr"]["value"].get_double().value());
  const auto firms = Json(predicted);
  const std::string best(firms["candidates"].at(0)["name"].get_string().value());
  EXPECT_EQ(best.size(), 9U) << best;  // One spelling of the id: 600001.SH
  EXPECT_EQ(std::stoi(best.substr(0, 6)) % 6, 600001 % 6) << best;
}

TEST_F(ForecastCli, IndustryGoesThroughFilesAndCountsWhatItCannotRead) {
  WriteCompanies("c.csv");

  const Ran trained = RunChain({"train", "industry", "--companies", Path("c.csv"), "--from", "2006", "--to", "2013",
                                "--out", Path("m.json"), "--json"});
  const Ran evaluated = RunChain(
      {"eval", "industry", Path("m.json"), "--companies", Path("c.csv"), "--from", "2013", "--to", "2020", "--json"});
  const Ran early =
      RunChain({"eval", "industry", Path("m.json"), "--companies", Path("c.csv"), "--from", "2012", "--to", "2020"});
  const Ran predicted = RunChain(
      {"predict", "industry", Path("m.json"), "--companies", Path("c.csv"), "--place", "p7", "--top", "3", "--json"});

  ASSERT_EQ(trained.code, 0) << trained.err;
  EXPECT_EQ(Json(trained)["companies"]["used"].get_int64().value(), 701);
  EXPECT_EQ(Json(trained)["companies"]["left_out"]["no day of listing"].get_int64().value(), 1);
  ASSERT_EQ(evaluated.code, 0) << evaluated.err;
  EXPECT_EQ(Json(evaluated)["ways"].get_array().size(), 5U);
  EXPECT_EQ(early.code, 2);
  EXPECT_NE(early.err.find("chain.forecast_trained_after_cut"), std::string::npos);
  ASSERT_EQ(predicted.code, 0) << predicted.err;
  EXPECT_EQ(Json(predicted)["industries"].get_array().size(), 3U);
}

TEST_F(ForecastCli, TheToolSaysSoWhenTheModelDoesNotBeatAPlainWay) {
  WriteCompanies("c.csv");
  ASSERT_EQ(RunChain({"train", "industry", "--companies", Path("c.csv"), "--from", "2006", "--to", "2013", "--out",
                      Path("m.json")})
                .code,
            0);

  // The companies were drawn without any structure but size, so nothing can beat arrivals by chance for certain.
  const Ran evaluated =
      RunChain({"eval", "industry", Path("m.json"), "--companies", Path("c.csv"), "--from", "2013", "--to", "2020"});

  EXPECT_NE(evaluated.out.find("THE MODEL IS "), std::string::npos) << evaluated.out;
  EXPECT_NE(evaluated.out.find("Survivorship"), std::string::npos);
}

TEST_F(ForecastCli, WrongFilesAndOptionsAreRefusedWithTheirCode) {
  Write("empty.csv", "");
  Write("columns.csv", "a,b\n1,2\n");
  Write("none.csv", "from,to,rel\na,b,?\n");
  WriteLinks("links.csv", 5);
  const auto code = [](const Ran& ran) { return ran.err.substr(0, ran.err.find(':')); };

  EXPECT_EQ(code(RunChain({"train", "upstream", "--edges", Path("columns.csv"), "--out", Path("m")})),
            "chain.forecast_no_column");
  EXPECT_EQ(code(RunChain({"train", "upstream", "--edges", Path("none.csv"), "--out", Path("m")})),
            "chain.forecast_nothing_read");
  EXPECT_EQ(code(RunChain({"train", "upstream", "--edges", Path("missing.csv"), "--out", Path("m")})),
            "source.unreadable");
  EXPECT_EQ(code(RunChain({"split", "--train", Path("a"), "--test", Path("b")})), "chain.forecast_one_file");
  EXPECT_EQ(code(RunChain({"split", "--edges", Path("links.csv"), "--holdout", "100000", "--train", Path("a"), "--test",
                           Path("b")})),
            "chain.forecast_too_few_links");
  EXPECT_EQ(code(RunChain({"predict", "upstream", Path("links.csv"), "--edges", Path("links.csv"), "--product", "水"})),
            "chain.forecast_model_malformed");
  EXPECT_EQ(code(RunChain({"trial", "industry", "--companies", Path("columns.csv"), "--cuts", "2001"})),
            "chain.forecast_no_column");
  WriteCompanies("c.csv");
  for (const char* cut : {"2001", "2001:2005", "2001:2005:x", "2001:2005:2009:2010", ":::", ""})
    EXPECT_EQ(code(RunChain({"trial", "industry", "--companies", Path("c.csv"), "--cuts", cut})),
              "chain.forecast_years")
        << cut;
}

TEST_F(ForecastCli, ATrialPrintsEachRunAndTheirMean) {
  WriteCompanies("c.csv");
  WriteLinks("links.csv", 6);

  const Ran cuts = RunChain(
      {"trial", "industry", "--companies", Path("c.csv"), "--cuts", "2002:2010:2018", "2003:2011:2019", "--json"});
  const Ran seeds = RunChain({"trial", "upstream", "--edges", Path("links.csv"), "--holdout", "40", "--seeds", "1", "2",
                              "--cases", "200", "--json"});

  ASSERT_EQ(cuts.code, 0) << cuts.err;
  const auto first = Json(cuts);
  const auto precision = [&](std::size_t cut) {
    return first["cuts"].at(cut)["ways"].at(0)["average_precision"].get_double().value();
  };
  EXPECT_NEAR(first["mean"].at(0)["average_precision"].get_double().value(), (precision(0) + precision(1)) / 2, 1e-12);
  ASSERT_EQ(seeds.code, 0) << seeds.err;
  EXPECT_EQ(Json(seeds)["seeds"].get_array().size(), 2U);
}

}  // namespace
}  // namespace landfall::chain::forecast
