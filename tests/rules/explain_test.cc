// SPDX-License-Identifier: Apache-2.0
#include "rules/explain.h"

#include "rules/support.h"

namespace landfall::rules::test {
namespace {

constexpr std::string_view kFacts = R"json({"declare": {
    "revenue": {"type": "int", "zh": "营业收入", "en": "revenue", "unit_zh": "万元", "unit_en": "10k yuan"},
    "rd_ratio": {"type": "double", "zh": "研发占比", "en": "R&D share"}, "signed_on": {"type": "timestamp", "zh": "签约日期", "en": "day of signing"},
    "region": {"type": "string", "zh": "所在地", "en": "region"}, "listed": {"type": "bool", "zh": "已上市", "en": "listed"}},
    "revenue": 1500, "signed_on": "2024-03-01", "region": "360781", "listed": false})json";

Explanation ExplainText(std::string_view expr) {
  Environment environment;
  EXPECT_TRUE(DeclareFacts(kFacts, &environment).ok());
  const auto facts = ReadFacts(kFacts, environment);
  const auto program = Program::Compile(environment, expr);
  EXPECT_TRUE(program.ok()) << expr;
  return Explain(*program, facts->view());
}

TEST(Explain, SaysWhatIsMissingAndHowFarItIs) {
  const Explanation out = ExplainText(
      "revenue >= 2000 && (rd_ratio > 0.03 || region in ['360701', '360702']) && signed_on >= day('2024-06-01') && "
      "listed == false");

  EXPECT_EQ(out.root.verdict, Verdict::kFalse);
  ASSERT_EQ(out.root.parts.size(), 4u);
  EXPECT_EQ(out.root.parts[0].verdict, Verdict::kFalse);
  EXPECT_EQ(out.root.parts[1].verdict, Verdict::kUnknown);
  EXPECT_EQ(out.root.parts[3].verdict, Verdict::kTrue);
  EXPECT_EQ(out.gaps_zh, (std::vector<std::string>{"营业收入须不小于 2000 万元，现为 1500 万元，差 500 万元",
                                                   "补充资料：研发占比；或者 所在地须属于 360701、360702，现为 360781",
                                                   "签约日期须不早于 2024-06-01，现为 2024-03-01，差 92 天"}));
  EXPECT_EQ(out.gaps_en,
            (std::vector<std::string>{"revenue must be at least 2000 10k yuan, is 1500 10k yuan (off by 500 10k yuan)",
                                      "provide: R&D share; or region must be one of 360701, 360702, is 360781",
                                      "day of signing must be not before 2024-06-01, is 2024-03-01 (off by 92 days)"}));
}

TEST(Explain, NamesTheFactsAnUndecidedRuleWaitsFor) {
  const Explanation out = ExplainText("revenue > 1000 && rd_ratio > 0.03");

  EXPECT_EQ(out.root.verdict, Verdict::kUnknown);
  EXPECT_EQ(out.missing, std::vector<std::string>{"rd_ratio"});
  EXPECT_EQ(out.gaps_zh, std::vector<std::string>{"补充资料：研发占比"});
}

TEST(Explain, ARuleThatHoldsHasNoGap) {
  const Explanation out = ExplainText("revenue > 1000 || rd_ratio > 0.03");

  EXPECT_EQ(out.root.verdict, Verdict::kTrue);
  EXPECT_TRUE(out.missing.empty() && out.gaps_zh.empty() && out.gaps_en.empty());
}

TEST(Explain, NotTurnsTheGapRound) {
  const Explanation out = ExplainText("!(revenue < 2000 || region == '360781')");

  EXPECT_EQ(out.gaps_zh, (std::vector<std::string>{"营业收入须不小于 2000 万元，现为 1500 万元，差 500 万元",
                                                   "所在地须不等于 360781，现为 360781"}));
}

TEST(Explain, OfACaseOnlyTheBranchThatAppliesIsTold) {
  const Explanation out = ExplainText("region.startsWith('3607') ? revenue >= 1800 : revenue >= 9000");

  ASSERT_EQ(out.root.parts.size(), 2u);
  EXPECT_EQ(out.root.parts[1].expr, "revenue >= 1800");
  EXPECT_EQ(out.gaps_zh, std::vector<std::string>{"营业收入须不小于 1800 万元，现为 1500 万元，差 300 万元"});
}

TEST(Explain, AnErrorIsToldAsOne) {
  const Explanation out = ExplainText("revenue / 0 > 1 && revenue > 1");

  EXPECT_EQ(out.root.verdict, Verdict::kError);
  EXPECT_EQ(out.root.parts[0].value, "rules.divide_by_zero");
  EXPECT_EQ(out.gaps_zh, std::vector<std::string>{"revenue / 0 > 1 无法计算"});
}

TEST(Explain, JsonAndTextCarryTheTree) {
  const Explanation out = ExplainText("revenue >= 2000 && listed");

  EXPECT_EQ(
      ToJson(out),
      R"json({"verdict":"false","missing":[],"gaps":{"zh":["营业收入须不小于 2000 万元，现为 1500 万元，差 500 万元","“已上市”须为是"],"en":["revenue must be at least 2000 10k yuan, is 1500 10k yuan (off by 500 10k yuan)","“listed” must be yes"]},"tree":{"expr":"revenue >= 2000 && listed","verdict":"false","zh":"2 项须同时满足：满足 0 项，不满足 2 项，未能判断 0 项","en":"all of 2: 0 met, 2 not met, 0 undecided","joined":"all","parts":[{"expr":"revenue >= 2000","verdict":"false","zh":"营业收入为 1500 万元，要求不小于 2000 万元：不满足","en":"revenue is 1500 10k yuan; required: at least 2000 10k yuan: not met","reads":[{"fact":"revenue","value":"1500"}]},{"expr":"listed","verdict":"false","zh":"listed：不满足","en":"listed: not met","reads":[{"fact":"listed","value":"false"}]}]}})json");
  EXPECT_EQ(ToText(out, true),
            "✗ all of 2: 0 met, 2 not met, 0 undecided\n"
            "  ✗ revenue is 1500 10k yuan; required: at least 2000 10k yuan: not met\n"
            "  ✗ listed: not met\n"
            "What is missing:\n"
            "  - revenue must be at least 2000 10k yuan, is 1500 10k yuan (off by 500 10k yuan)\n"
            "  - “listed” must be yes\n");
}

// Providing exactly the facts an explanation asks for, or changing what it names, is judged by the rule itself.
TEST(Explain, TheVerdictOfTheTreeIsTheVerdictOfTheRule) {
  Generator generate(99);
  Evaluator evaluator;
  for (int i = 0; i < 3000; ++i) {
    const std::string text = generate.Bool(4);
    const auto program = Program::Compile(generate.environment, text);
    if (!program) continue;
    const auto row = generate.Row(4);

    const Explanation out = Explain(*program, row);

    const Value value = evaluator.Eval(*program, row);
    ASSERT_EQ(out.root.verdict, VerdictOf(value)) << text;
    ASSERT_EQ(out.gaps_zh.empty(), value.IsTrue()) << text;
    ASSERT_EQ(out.gaps_zh.size(), out.gaps_en.size()) << text;
    ASSERT_EQ(out.missing.empty(), !value.IsUnknown()) << text;
  }
}

}  // namespace
}  // namespace landfall::rules::test
