// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>
#include <new>

#include "rules/support.h"

namespace {
thread_local std::size_t allocations = 0;
}

// Counts what this test program asks of the heap.
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  if (void* out = std::malloc(size == 0 ? 1 : size)) return out;
  std::abort();
}
[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return operator new(size); }
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace landfall::rules::test {
namespace {

struct Expectation {
  std::string expr, answer;
};
void ExpectAll(std::initializer_list<Expectation> all, std::string_view facts = "{}") {
  for (const auto& [expr, answer] : all) EXPECT_EQ(Answer(expr, facts), answer) << expr;
}

// t, f, u (unknown: one missing fact each side) and e (error) in every pair. Unknown wins over error.
TEST(ThreeValues, AndAbsorbsWhatAFalseDecides) {
  const std::string t = "y", f = "n", u1 = "u", u2 = "v", e = "1 / 0 > 0";
  const std::string facts = R"({"y": true, "n": false})";
  ExpectAll({{t + " && " + t, "true"},
             {t + " && " + f, "false"},
             {f + " && " + u1, "false"},
             {u1 + " && " + f, "false"},
             {f + " && " + e, "false"},
             {e + " && " + f, "false"},
             {t + " && " + u1, "unknown: u"},
             {u1 + " && " + u2, "unknown: u v"},
             {u1 + " && " + e, "unknown: u"},
             {e + " && " + u1, "unknown: u"},
             {t + " && " + e, "rules.divide_by_zero"},
             {e + " && " + e, "rules.divide_by_zero"},
             {u1 + " && " + t + " && " + e + " && " + f, "false"}},
            facts);
}

TEST(ThreeValues, OrAbsorbsWhatATrueDecides) {
  const std::string facts = R"({"y": true, "n": false})";
  ExpectAll({{"n || n", "false"},
             {"n || y", "true"},
             {"y || u", "true"},
             {"u || y", "true"},
             {"y || 1 / 0 > 0", "true"},
             {"1 / 0 > 0 || y", "true"},
             {"n || u", "unknown: u"},
             {"u || v", "unknown: u v"},
             {"u || 1 / 0 > 0", "unknown: u"},
             {"1 / 0 > 0 || u", "unknown: u"},
             {"n || 1 / 0 > 0", "rules.divide_by_zero"}},
            facts);
}

TEST(ThreeValues, EverythingElsePassesTheUnknownOn) {
  ExpectAll({{"!u", "unknown: u"},
             {"u + v > 3", "unknown: u v"},
             {"u ? 1 : 2", "unknown: u"},
             {"true ? 1 : u", "1"},
             {"[1, u]", "unknown: u"},
             {"{'a': u}.a", "unknown: u"},
             {"size(u)", "unknown: u"},
             {"u == u", "unknown: u"},
             {"string(u) + string(1 / 0)", "unknown: u"},
             {"[1, 2, 3].exists(x, x > u)", "unknown: u"},
             {"[1, 2, 3].exists(x, x == 2 || x > u)", "true"},
             {"[1, 2, 3].all(x, x > 2 && x > u)", "false"},
             {"[1, 2].map(x, x + u)", "unknown: u"},
             {"cel.bind(x, u, true || x)", "true"},
             {"has(u.f)", "unknown: u.f"},
             {"has(known.f) && !has(known.g.h)", "unknown: known.g.h"}},
            R"({"known": {"f": 1}})");
}

TEST(ThreeValues, MoreThanSixtyFourMissingFactsAreAllNamed) {
  std::string expr = "f0 > 0";
  std::string names = "unknown:";
  std::vector<std::string> sorted = {"f0"};
  for (int i = 1; i < 150; ++i) {
    expr += " && f" + std::to_string(i) + " > 0";
    sorted.push_back("f" + std::to_string(i));
  }
  std::sort(sorted.begin(), sorted.end());
  for (const std::string& name : sorted) names += " " + name;

  EXPECT_EQ(Answer(expr), names);
  EXPECT_EQ(Answer(expr, R"({"f77": 0})"), "false");
}

TEST(Operators, BindAsTheTableOfTheLanguageSays) {
  ExpectAll({{"1 + 2 * 3 - 4 / 2 % 3", "5"},
             {"-2 * -3", "6"},
             {"!true || true", "true"},
             {"true || false && false", "true"},
             {"1 < 2 == true", "true"},
             {"false ? 1 : true ? 2 : 3", "2"},
             {"1 + 1 in [2]", "true"},
             {"[1, 2][1] + {'a': 5}.a", "7"},
             {"-{'a': 5}.a", "-5"},
             {"--3", "3"},
             {"2 - -3", "5"}});
}

TEST(Numbers, OverflowIsAnErrorAndKindsCompareByValue) {
  ExpectAll({{"9223372036854775807 + 1", "rules.overflow"},
             {"-9223372036854775808 / -1", "rules.overflow"},
             {"-9223372036854775808 % -1", "rules.overflow"},
             {"0u - 1u", "rules.overflow"},
             {"5 % 0", "rules.divide_by_zero"},
             {"7.0 / 0.0", "double('Infinity')"},
             {"dyn(1) == 1u && dyn(1u) == 1.0 && dyn(1) != 1.5", "true"},
             {"1 < 1.5 && 2u > 1.5 && -1 < 0u", "true"},
             {"dyn(0.0 / 0.0) == 0.0 / 0.0", "false"},
             {"0.0 / 0.0 < 1.0 || 0.0 / 0.0 >= 1.0", "false"},
             {"dyn(3) in [1.0, 2.0, 3.0]", "true"},
             {"{1: 'a', 2u: 'b'}[2.0]", "'b'"},
             {"1 + 1.0", "rules.no_such_overload"}});
}

TEST(Text, CountsCodePointsNotBytes) {
  ExpectAll({{"size('赣州市')", "3"},
             {"'瑞金市经开区'.substring(2, 5)", "'市经开'"},
             {"'瑞金市经开区'.indexOf('经')", "3"},
             {"'瑞金市经开区'.lastIndexOf('区')", "5"},
             {"'高新区'.charAt(1)", "'新'"},
             {"'😀a'.size()", "2"},
             {"'高新'.reverse()", "'新高'"},
             {"'a,b,c'.split(',', 2)", "['a', 'b,c']"},
             {"'abc'.split('')", "['a', 'b', 'c']"},
             {"'ab'.replace('', '-')", "'-a-b-'"},
             {"'\\u4e2d' == '中' && b'中' == b'\\xe4\\xb8\\xad'", "true"},
             {"string(b'\\xff')", "rules.bad_utf8"},
             {"'\\ud83d\\ude00' == '😀'", "true"},
             {"'　文字　'.trim()", "'文字'"},
             {"'%s %.2f %x'.format(['甲', 2.5, 255])", "'甲 2.50 ff'"}});
}

TEST(Patterns, FollowRe2) {
  ExpectAll({{"'360781'.matches('^36\\\\d{4}$')", "true"},
             {"'36078'.matches('^36\\\\d{4}$')", "false"},
             {"'赣州'.matches('^\\\\p{Han}+$')", "true"},
             {"'GanZhou'.matches('(?i)^ganzhou$')", "true"},
             {"'a\\nb'.matches('a.b')", "false"},
             {"'a\\nb'.matches('(?s)a.b')", "true"},
             {"'x-y'.matches('[^a-w-]-[[:alpha:]]')", "true"},
             {"'word boundary'.matches('\\\\bbound')", "true"},
             {"'aaa'.matches('^a{2,3}$') && !'a'.matches('^a{2,3}$')", "true"},
             {"'a'.matches('(a')", "rules.bad_pattern"},
             {"'a'.matches('(a)\\\\1')", "rules.bad_pattern"},
             {"'a'.matches('(?=a)')", "rules.bad_pattern"},
             {"'a'.matches('(' + 'a')", "rules.bad_pattern"},
             {"'a+b'.matches('\\\\Qa+b\\\\E')", "true"}});
}

TEST(Time, IsExactInUtcAndFixedOffsets) {
  ExpectAll({{"day('2024-02-29') + duration('24h') == day('2024-03-01')", "true"},
             {"day('2023-02-29')", "rules.bad_conversion"},
             {"timestamp('2024-01-31T16:30:00Z').getDate('+08:00')", "1"},
             {"timestamp('2024-01-31T16:30:00Z').getMonth('+08:00')", "1"},
             {"timestamp('2024-01-31T16:30:00+08:00') == timestamp('2024-01-31T08:30:00Z')", "true"},
             {"timestamp('2024-01-31T00:00:00Z').getDayOfWeek()", "3"},
             {"timestamp('2024-12-31T00:00:00Z').getDayOfYear()", "365"},
             {"timestamp('0001-01-01T00:00:00Z') - duration('1ns')", "rules.overflow"},
             {"timestamp('2024-01-01T00:00:00.5Z') - timestamp('2024-01-01T00:00:00Z')", "duration('0.5s')"},
             {"duration('1h30m') == duration('90m')", "true"},
             {"duration('1.5h').getMinutes()", "90"},
             {"duration('1 h')", "rules.bad_conversion"},
             {"string(duration('-1500ms'))", "'-1.5s'"},
             {"timestamp('2024-01-01T00:00:00Z').getHours('Asia/Shanghai')", "rules.unknown_zone"}});
}

TEST(Time, NamedZonesComeOnlyFromTheHost) {
  struct Fake final : ZoneProvider {
    std::optional<std::int32_t> OffsetAt(std::string_view zone, std::int64_t seconds) override {
      if (zone != "Test/Zone") return std::nullopt;
      return seconds < 0 ? 3600 : 7200;
    }
  };
  Environment environment;
  environment.set_zones(std::make_shared<Fake>());
  Evaluator evaluator;

  const auto known =
      Program::Compile(environment, "[timestamp(0).getHours('Test/Zone'), timestamp(-1).getHours('Test/Zone')]");
  const auto unknown = Program::Compile(environment, "timestamp(0).getHours('No/Zone')");

  EXPECT_EQ(Shown(evaluator.Eval(*known, {})), "[2, 0]");
  EXPECT_EQ(Shown(evaluator.Eval(*unknown, {})), "rules.unknown_zone");
}

TEST(Time, TheMachinesZonesKnowSummerTime) {
  const auto zones = SystemZones();
  if (!zones->OffsetAt("America/New_York", 0)) GTEST_SKIP() << "SKIPPED LOUDLY: this machine has no tz database";
  EXPECT_EQ(zones->OffsetAt("America/New_York", 1705320000), -5 * 3600);  // 2024-01-15
  EXPECT_EQ(zones->OffsetAt("America/New_York", 1721044800), -4 * 3600);  // 2024-07-15
  EXPECT_EQ(zones->OffsetAt("America/New_York", 4118040000), -4 * 3600);  // 2100-06-30, by the rule in the footer
  EXPECT_EQ(zones->OffsetAt("Asia/Shanghai", 1721044800), 8 * 3600);
  EXPECT_EQ(zones->OffsetAt("../../etc/passwd", 0), std::nullopt);
  EXPECT_EQ(zones->OffsetAt("No/Where", 0), std::nullopt);
}

TEST(Optionals, AreLazyAndChain) {
  ExpectAll({{"{'a': {'b': 1}}.?a.b.orValue(5)", "1"},
             {"{'a': {}}.?a.b.orValue(5)", "5"},
             {"optional.of(1).orValue(1 / 0)", "1"},
             {"optional.none().or(optional.of(2)).value()", "2"},
             {"optional.none().value()", "rules.empty_optional"},
             {"[1, 2][?5].hasValue()", "false"},
             {"{?'a': optional.none(), 'b': 2}", "{'b': 2}"},
             {"optional.of(3).optMap(x, x * 2)", "optional.of(6)"}});
}

TEST(Maps, WithManyKeysAreHashedAndRefuseRepetition) {
  std::string map = "{";
  for (int i = 0; i < 300; ++i) map += (i > 0 ? ", " : "") + std::to_string(i) + ": 'v" + std::to_string(i) + "'";
  EXPECT_EQ(Answer(map + "}[299]"), "'v299'");
  EXPECT_EQ(Answer(map + "}[dyn(17.0)]"), "'v17'");
  EXPECT_EQ(Answer(map + "}[300]"), "rules.no_such_key");
  EXPECT_EQ(Answer(map + ", 5u: ''}"), "rules.duplicate_key");
  EXPECT_EQ(Answer("{1.5: 2}[1.5]", "{}", CompileOptions{{}, false, true}), "rules.bad_key");
}

TEST(Host, FunctionsAreInjectedChargedAndChecked) {
  // Money as an application would have it: rules say yi(1.5), facts are whole fen.
  Environment environment;
  ASSERT_TRUE(environment.Declare("amount", "int").ok());
  HostFunction yi;
  yi.signature = "yi(double) -> int";
  yi.cost = 25;
  yi.call = [](CallScope&, std::span<const Value> arguments) {
    const double fen = arguments[0].d * 1e10;
    return fen > -9e18 && fen < 9e18 ? Value::Int(static_cast<std::int64_t>(fen)) : Value::Error(EvalFault::kOverflow);
  };
  ASSERT_TRUE(environment.AddFunction(yi).ok());
  HostFunction name;
  name.signature = "string.regionName() -> string";
  name.pure = false;
  name.call = [](CallScope& scope, std::span<const Value> arguments) {
    return arguments[0].str() == "360781" ? scope.NewString("瑞金市") : Value::Error(EvalFault::kHostRefused);
  };
  ASSERT_TRUE(environment.AddFunction(name).ok());
  Evaluator evaluator;
  const std::vector<Value> row = {Value::Int(15'000'000'000)};

  EXPECT_EQ(Shown(evaluator.Eval(*Program::Compile(environment, "amount >= yi(1.5)"), row)), "true");
  EXPECT_EQ(evaluator.steps(), 1);  // The pure call was folded, the comparison fused.
  EXPECT_EQ(Shown(evaluator.Eval(*Program::Compile(environment, "amount >= yi(double(amount))"), row)),
            "rules.overflow");
  EXPECT_GT(evaluator.steps(), 25);
  EXPECT_EQ(Shown(evaluator.Eval(*Program::Compile(environment, "'360781'.regionName()"), row)), "'瑞金市'");
  EXPECT_EQ(Shown(evaluator.Eval(*Program::Compile(environment, "'1'.regionName()"), row)), "rules.host_refused");
  EXPECT_EQ(Program::Compile(environment, "yi('1')").error().code, "rules.no_such_overload");
  EXPECT_EQ(environment.AddFunction(yi).error().code, "rules.duplicate_function");
  yi.signature = "size(string) -> int";
  EXPECT_EQ(environment.AddFunction(yi).error().code, "rules.duplicate_function");
  yi.signature = "broken(";
  EXPECT_EQ(environment.AddFunction(yi).error().code, "rules.bad_signature");
}

TEST(Limits, StepsAndMemoryEndAnEvaluationAndNoOrAbsorbsThat) {
  Environment environment;
  ASSERT_TRUE(environment.Declare("s", "string").ok());
  const auto program = Program::Compile(environment, "[1, 2, 3].all(a, [1, 2, 3].all(b, s + s != '')) || true");
  const std::string text(1000, 'x');
  const std::vector<Value> row = {Value::String(text)};

  Evaluator few_steps(Limits{50, 1 << 20});
  EXPECT_EQ(Shown(few_steps.Eval(*program, row)), "rules.cost_limit");
  Evaluator little_memory(Limits{100'000, 5000});
  EXPECT_EQ(Shown(little_memory.Eval(*program, row)), "rules.memory_limit");
  Evaluator enough;
  EXPECT_EQ(Shown(enough.Eval(*program, row)), "true");
}

TEST(Evaluator, AsksTheHeapForNothingOnceWarm) {
  Environment environment;
  ASSERT_TRUE(environment.Declare("a", "int").ok());
  ASSERT_TRUE(environment.Declare("s", "string").ok());
  const auto program = Program::Compile(environment,
                                        "a > 1 && s in ['x', 'y', 'z', 'w', 'v', '赣州'] && [a, a + 1].exists(x, x == "
                                        "3) && (s + s + s).matches('赣.*州$') && {'k': a}.k == 2");
  Evaluator evaluator;
  const std::vector<Value> row = {Value::Int(2), Value::String("赣州")};
  ASSERT_TRUE(evaluator.Eval(*program, row).IsTrue());

  const std::size_t before = allocations;
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(evaluator.Eval(*program, row).IsTrue());

  EXPECT_EQ(allocations, before);
}

}  // namespace
}  // namespace landfall::rules::test
