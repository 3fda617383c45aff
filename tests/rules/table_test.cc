// SPDX-License-Identifier: Apache-2.0
#include "rules/table.h"

#include "rules/support.h"

namespace landfall::rules::test {
namespace {

struct Subsidy {
  Environment environment;
  DecisionTable table;
  Subsidy() {
    EXPECT_TRUE(environment.Declare("revenue", "int").ok());
    EXPECT_TRUE(environment.Declare("grade", "string").ok());
    EXPECT_TRUE(environment.Declare("signed_on", "timestamp").ok());
    EXPECT_TRUE(environment.Declare("listed", "bool").ok());
    EXPECT_TRUE(environment.Declare("share", "double").ok());
    table.inputs = {{"revenue", {}, "0", ""}, {"grade", {"A", "B", "C"}, "", ""}};
    table.outputs = {"rate"};
    table.rules = {{{">= 5000", "A"}, {"12"}}, {{">= 5000", "B, C"}, {"8"}}, {{"[1000..5000)", "A, B"}, {"5"}}};
  }
  std::string Ask(std::vector<Value> row) const {
    const auto cel = CompileTable(environment, table);
    if (!cel) return cel.error().code;
    Evaluator evaluator;
    return Shown(evaluator.Eval(Program::Compile(environment, *cel).value(), row));
  }
};

TEST(DecisionTables, CompileToOneExpression) {
  Subsidy subsidy;

  EXPECT_EQ(CompileTable(subsidy.environment, subsidy.table).value(),
            "revenue >= 5000 && grade == 'A' ? dyn(12) : revenue >= 5000 && grade in ['B', 'C'] ? dyn(8) : "
            "(revenue >= 1000 && revenue < 5000) && grade in ['A', 'B'] ? dyn(5) : null");
  EXPECT_EQ(subsidy.Ask({Value::Int(6000), Value::String("A")}), "12");
  EXPECT_EQ(subsidy.Ask({Value::Int(4999), Value::String("B")}), "5");
  EXPECT_EQ(subsidy.Ask({Value::Int(10), Value::String("B")}), "null");
  EXPECT_EQ(subsidy.Ask({Value::Int(6000)}), "unknown");
}

TEST(DecisionTables, HitPoliciesFirstCollectAndDefaults) {
  Subsidy subsidy;
  subsidy.table.rules = {{{"> 100", "-"}, {"'first'"}}, {{"> 10", "not(C)"}, {"'second'"}}};
  const std::vector<Value> both = {Value::Int(500), Value::String("A")};
  const std::vector<Value> none = {Value::Int(5), Value::String("A")};

  subsidy.table.policy = HitPolicy::kFirst;
  subsidy.table.defaults = {"'none'"};
  EXPECT_EQ(subsidy.Ask(both), "'first'");
  EXPECT_EQ(subsidy.Ask(none), "'none'");
  subsidy.table.policy = HitPolicy::kCollect;
  EXPECT_EQ(subsidy.Ask(both), "['first', 'second']");
  EXPECT_EQ(subsidy.Ask(none), "[]");
  subsidy.table.policy = HitPolicy::kFirst;
  subsidy.table.outputs = {"rate", "note"};
  subsidy.table.rules = {{{"-", "-"}, {"revenue * 2", "'ok'"}}};
  subsidy.table.defaults = {"0", "''"};
  EXPECT_EQ(subsidy.Ask(both), "{'rate': 1000, 'note': 'ok'}");
}

TEST(DecisionTables, GapsComeWithAWitness) {
  Subsidy subsidy;

  const TableCheck check = CheckTable(subsidy.environment, subsidy.table).value();

  EXPECT_TRUE(check.complete);
  ASSERT_EQ(check.findings.size(), 2u);
  for (const TableFinding& finding : check.findings) EXPECT_EQ(finding.kind, TableFinding::Kind::kGap);
  EXPECT_EQ(check.findings[0].witness, (std::vector<std::string>{"0", "'A'"}));
  EXPECT_EQ(check.findings[1].witness, (std::vector<std::string>{"1000", "'C'"}));
}

TEST(DecisionTables, OverlapsOfAUniqueTableComeWithAWitness) {
  Subsidy subsidy;
  subsidy.table.rules.push_back({{"[4000..6000]", "B"}, {"7"}});

  const TableCheck check = CheckTable(subsidy.environment, subsidy.table).value();

  ASSERT_GE(check.findings.size(), 2u);
  EXPECT_EQ(check.findings[0].kind, TableFinding::Kind::kOverlap);
  EXPECT_EQ(check.findings[0].first, 1u);
  EXPECT_EQ(check.findings[0].second, 3u);
  EXPECT_EQ(check.findings[0].witness, (std::vector<std::string>{"5000", "'B'"}));
  EXPECT_EQ(check.findings[1].first, 2u);
}

TEST(DecisionTables, WholeNumbersHaveNothingBetweenNeighbours) {
  Subsidy subsidy;
  subsidy.table.inputs = {{"revenue", {}, "", ""}};
  subsidy.table.rules = {{{"<= 10"}, {"1"}}, {{">= 11"}, {"2"}}};
  EXPECT_TRUE(CheckTable(subsidy.environment, subsidy.table).value().findings.empty());

  subsidy.table.inputs = {{"share", {}, "", ""}};
  const TableCheck real = CheckTable(subsidy.environment, subsidy.table).value();
  ASSERT_EQ(real.findings.size(), 1u);
  EXPECT_EQ(real.findings[0].witness, std::vector<std::string>{"10.5"});
}

TEST(DecisionTables, DaysTextsAndBooleansAreChecked) {
  Subsidy subsidy;
  subsidy.table.inputs = {{"signed_on", {}, "2024-01-01", "2024-12-31"}, {"listed", {}, "", ""}};
  subsidy.table.rules = {{{"< 2024-07-01", "true"}, {"1"}}, {{">= 2024-07-01", "-"}, {"2"}}};

  const TableCheck check = CheckTable(subsidy.environment, subsidy.table).value();

  ASSERT_EQ(check.findings.size(), 1u);
  EXPECT_EQ(check.findings[0].witness, (std::vector<std::string>{"timestamp('2024-01-01T00:00:00Z')", "false"}));
  subsidy.table.inputs = {{"grade", {}, "", ""}};
  subsidy.table.rules = {{{"A, B"}, {"1"}}};
  EXPECT_EQ(CheckTable(subsidy.environment, subsidy.table).value().findings[0].witness,
            std::vector<std::string>{"'其他'"});
}

TEST(DecisionTables, RefuseWhatTheyCannotRead) {
  const auto refused = [](auto change) {
    Subsidy subsidy;
    change(subsidy.table);
    const auto result = CompileTable(subsidy.environment, subsidy.table);
    return result ? std::string("ok") : result.error().code + " " + result.error().field;
  };
  EXPECT_EQ(refused([](DecisionTable& t) { t.rules[1].tests[0] = ">= five"; }), "rules.table_test rules[1].tests[0]");
  EXPECT_EQ(refused([](DecisionTable& t) { t.rules[1].tests[0] = "[9..3]"; }), "rules.table_test rules[1].tests[0]");
  EXPECT_EQ(refused([](DecisionTable& t) { t.rules[1].tests[1] = "> A"; }), "rules.table_test rules[1].tests[1]");
  EXPECT_EQ(refused([](DecisionTable& t) { t.rules[1].tests[0] = "1.5"; }), "rules.table_test rules[1].tests[0]");
  EXPECT_EQ(refused([](DecisionTable& t) { t.rules[2].tests.pop_back(); }), "rules.table_shape rules[2]");
  EXPECT_EQ(refused([](DecisionTable& t) { t.rules.clear(); }), "rules.table_shape ");
  EXPECT_EQ(refused([](DecisionTable& t) { t.inputs[0].fact = "nobody"; }), "rules.table_input inputs[0]");
  EXPECT_EQ(refused([](DecisionTable& t) { t.inputs[0].high = "-5"; }), "rules.table_input inputs[0]");
  EXPECT_EQ(refused([](DecisionTable& t) { t.rules[0].outputs[0] = "1 +"; }), "rules.table_output rules[0].outputs[0]");
  EXPECT_EQ(refused([](DecisionTable& t) { t.rules[0].outputs[0] = "nobody"; }), "rules.undeclared expression");
}

// Against brute force: over a small domain every case is tried with the compiled expression.
TEST(DecisionTables, ChecksAgreeWithTryingEveryCase) {
  constexpr std::uint64_t kSeed = 5;
  SeededRandom random(kSeed);
  const auto below = [&](std::uint64_t most) { return random.Next() % most; };
  Environment environment;
  ASSERT_TRUE(environment.Declare("a", "int").ok());
  ASSERT_TRUE(environment.Declare("g", "string").ok());
  Evaluator evaluator;
  int with_gap = 0;
  int with_overlap = 0;
  for (int round = 0; round < 400; ++round) {
    DecisionTable table;
    table.inputs = {{"a", {}, "0", "9"}, {"g", {"x", "y", "z"}, "", ""}};
    table.outputs = {"o"};
    const std::uint64_t rules = 1 + below(6);
    for (std::uint64_t r = 0; r < rules; ++r) {
      const std::uint64_t low = below(10);
      const std::string number = below(4) == 0   ? "-"
                                 : below(3) == 0 ? "not(" + std::to_string(low) + ")"
                                 : below(2) == 0
                                     ? ">= " + std::to_string(low)
                                     : "[" + std::to_string(low) + ".." + std::to_string(low + below(10)) + ")";
      static constexpr const char* kGrades[] = {"-", "x", "x, y", "not(z)", "z"};
      table.rules.push_back({{number, kGrades[below(5)]}, {std::to_string(r)}});
    }
    bool gap = false;
    bool overlap = false;
    table.policy = HitPolicy::kCollect;
    const auto program = Program::Compile(environment, CompileTable(environment, table).value());
    for (int a = 0; a < 10; ++a) {
      for (const char* g : {"x", "y", "z"}) {
        const std::vector<Value> row = {Value::Int(a), Value::String(g)};
        const Value hits = evaluator.Eval(*program, row);
        gap |= hits.aux == 0;
        overlap |= hits.aux > 1;
      }
    }
    table.policy = HitPolicy::kUnique;

    const TableCheck check = CheckTable(environment, table).value();

    const auto has = [&](TableFinding::Kind kind) {
      return std::any_of(check.findings.begin(), check.findings.end(),
                         [&](const TableFinding& finding) { return finding.kind == kind; });
    };
    ASSERT_EQ(has(TableFinding::Kind::kGap), gap) << "seed " << kSeed << " round " << round;
    ASSERT_EQ(has(TableFinding::Kind::kOverlap), overlap) << "seed " << kSeed << " round " << round;
    with_gap += gap;
    with_overlap += overlap;
  }
  EXPECT_GT(with_gap, 20);
  EXPECT_GT(with_overlap, 20);
}

}  // namespace
}  // namespace landfall::rules::test
