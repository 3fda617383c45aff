// SPDX-License-Identifier: Apache-2.0
// Refusals: of the parser, the checker, files of facts, declarations; where they point and what they suggest.
#include <map>

#include "rules/regex.h"
#include "rules/support.h"
#include "support/test_data.h"

namespace landfall::rules::test {
namespace {

struct Refusal {
  std::string expr, code;
  std::uint32_t line, column;
  std::string hint_part;
};

TEST(Refusals, NameThePlaceAndAWayOut) {
  Environment environment;
  ASSERT_TRUE(environment.Declare("revenue", "int").ok());
  ASSERT_TRUE(environment.Declare("signed_on", "timestamp").ok());
  const Refusal refusals[] = {
      {"revenue >", "rules.syntax", 1, 10, "unfinished"},
      {"revenue = 5", "rules.syntax", 1, 9, "=="},
      {"revenue > 1 and revenue < 5", "rules.syntax", 1, 13, "&&"},
      {"revenue > 1\n && 'open", "rules.syntax", 2, 5, "quote"},
      {"revenue ＞ 1", "rules.syntax", 1, 9, "quotes"},
      {"'高新' + revnue", "rules.undeclared", 1, 8, "revenue"},
      {"sizee('a') > 1", "rules.unknown_function", 1, 1, "size"},
      {"revenue > 1.5 + 1", "rules.no_such_overload", 1, 11, "double"},
      {"signed_on > '2024-01-31'", "rules.no_such_overload", 1, 1, "day('"},
      {"revenue.year > 1", "rules.no_such_field", 1, 1, "maps"},
      {"revenue && true", "rules.not_bool", 1, 1, "condition"},
      {"revenue.all(x, x > 1)", "rules.bad_range", 1, 1, "lists"},
      {"[1].all(x + 1, true)", "rules.bad_macro", 1, 9, "variable"},
      {"has(revenue)", "rules.bad_macro", 1, 5, "field"},
      {"Point{x: 1}", "rules.message_unsupported", 1, 1, ""},
      {"'a'.matches('[')", "rules.bad_pattern", 1, 13, ""},
      {"99999999999999999999 > 1", "rules.bad_literal", 1, 1, ""},
      {"9223372036854775808", "rules.bad_literal", 1, 1, ""},
      {"'\\q'", "rules.bad_literal", 1, 2, ""},
      {"'\\ud800'", "rules.bad_literal", 1, 2, ""},
      {"1 if 2", "rules.syntax", 1, 3, ""},
      {"for", "rules.syntax", 1, 1, ""},
  };
  for (const Refusal& one : refusals) {
    Diagnostic where;
    const auto program = Program::Compile(environment, one.expr, &where);
    ASSERT_FALSE(program.ok()) << one.expr;
    EXPECT_EQ(program.error().code, one.code) << one.expr;
    EXPECT_EQ(where.code, one.code) << one.expr;
    EXPECT_EQ(where.line, one.line) << one.expr;
    EXPECT_EQ(where.column, one.column) << one.expr;
    EXPECT_NE(where.hint_en.find(one.hint_part), std::string::npos) << one.expr << ": " << where.hint_en;
    EXPECT_EQ(where.hint_en.empty(), where.hint_zh.empty()) << one.expr;
    EXPECT_EQ(program.error().detail.find(one.expr), std::string::npos);
  }
}

TEST(Refusals, TheCaretStandsUnderTheWordAlsoBehindChinese) {
  const Diagnostic where = DiagnosticAt("a\n'高新' + b", "rules.undeclared", 13, 14);

  EXPECT_EQ(where.Excerpt("a\n'高新' + b"), "'高新' + b\n         ^");
}

TEST(Parser, KeepsItsLimits) {
  Environment environment;
  const auto code = [&](const std::string& text) {
    const auto program = Program::Compile(environment, text);
    return program ? std::string("ok") : program.error().code;
  };
  const auto repeat = [](const std::string& text, int times) {
    std::string out;
    for (int i = 0; i < times; ++i) out += text;
    return out;
  };
  EXPECT_EQ(code(repeat("(", 200) + "1" + repeat(")", 200)), "ok");
  EXPECT_EQ(code(repeat("(", 5000) + "1" + repeat(")", 5000)), "rules.too_deep");
  EXPECT_EQ(code(repeat("-", 5000) + "x"), "rules.too_deep");
  EXPECT_EQ(code(repeat("!", 5000) + "true"), "rules.too_deep");
  EXPECT_EQ(code(repeat("[", 5000)), "rules.too_deep");
  EXPECT_EQ(code("1" + repeat(" + 1", 200)), "ok");
  EXPECT_EQ(code("1" + repeat(" + 1", 5000)), "rules.too_deep");
  EXPECT_EQ(code("a" + repeat(".b", 5000)), "rules.too_deep");
  EXPECT_EQ(code("true" + repeat(" && true", 9000)), "ok");
  EXPECT_EQ(code("true" + repeat(" && true", 11'000)), "ok");
  EXPECT_EQ(code("1" + repeat(",1", 30'000)), "rules.syntax");
  EXPECT_EQ(code("[1" + repeat(",1", 30'000) + "]"), "rules.too_many_nodes");
  EXPECT_EQ(code("'" + repeat("x", 100'000) + "'"), "rules.too_long");
  EXPECT_EQ(code("'\xff'"), "rules.bad_utf8");
  EXPECT_EQ(code("true ? 1 : " + repeat("true ? 1 : ", 100) + "2"), "ok");
}

TEST(Parser, WritesTheCanonicalText) {
  const std::map<std::string, std::string> texts = {
      {"a&&b||!c", "a && b || !c"},
      {"(a || b) && c", "(a || b) && c"},
      {"((a && b)) && c", "(a && b) && c"},
      {"(1+2)*3-(4-5)", "(1 + 2) * 3 - (4 - 5)"},
      {"-(5)", "-(5)"},
      {"(-5).x", "(-5).x"},
      {"\"it's\"", "'it\\'s'"},
      {"x.`content-type`", "x.`content-type`"},
      {"[1,?a]", "[1, ?a]"},
      {"has(a.b) ? {?'k':v} : m[?0].?f", "has(a.b) ? {?'k': v} : m[?0].?f"},
      {"l.map(x,x>1,x).exists(i,v,i==v)", "l.map(x, x > 1, x).exists(i, v, i == v)"},
      {"(a ? b : c) ? d : (e ? f : g)", "(a ? b : c) ? d : e ? f : g"},
      {"0x1F + 1e3 + 2u", "31 + 1000.0 + 2u"},
      {"// remark\n a", "a"},
  };
  for (const auto& [text, canonical] : texts) {
    const auto ast = Parse(text);
    ASSERT_TRUE(ast.ok()) << text;
    EXPECT_EQ(Print(*ast->root()), canonical);
  }
}

TEST(Checker, FindsTypesAndTheFactsRead) {
  Environment environment;
  ASSERT_TRUE(environment.Declare("a.b", "int").ok());
  ASSERT_TRUE(environment.Declare("l", "list(map(string, double))").ok());
  const std::map<std::string, std::string> types = {
      {"a.b + 1", "int"},
      {"[a.b, 'x']", "list(dyn)"},
      {"[]", "list(dyn)"},
      {"l[0]['k']", "double"},
      {"l.map(m, m.k > 1.0)", "list(bool)"},
      {"{'a': 1}.transformMap(k, v, double(v))", "map(string, double)"},
      {"true ? null : timestamp(0)", "timestamp"},
      {"optional.of(1).optMap(x, string(x))", "optional(string)"},
      {"dyn(1) + 1", "int"},
  };
  for (const auto& [text, type] : types) {
    const auto program = Program::Compile(environment, text);
    ASSERT_TRUE(program.ok()) << text << " " << program.error().code;
    EXPECT_EQ(program->type(), type) << text;
  }
  const auto program = Program::Compile(environment, "l.exists(x, x.k > 1.0) && a.b > 0");
  ASSERT_EQ(program->facts().size(), 2u);
  EXPECT_EQ(program->facts()[0].name, "a.b");
  EXPECT_EQ(program->facts()[1].name, "l");
}

TEST(Environment, RefusesWhatCannotBeDeclared) {
  Environment environment;
  EXPECT_EQ(environment.Declare("1a", "int").error().code, "rules.bad_name");
  EXPECT_EQ(environment.Declare("a..b", "int").error().code, "rules.bad_name");
  EXPECT_EQ(environment.Declare("收入", "int").error().code, "rules.bad_name");
  EXPECT_EQ(environment.Declare("a", "integer").error().code, "rules.bad_type");
  EXPECT_EQ(environment.Declare("a", "list(int").error().code, "rules.bad_type");
  ASSERT_TRUE(environment.Declare("a", "list(int)").ok());
  EXPECT_EQ(environment.Declare("a", "int").error().code, "rules.duplicate_fact");
}

TEST(FactsFile, IsReadByItsDeclarations) {
  const std::string facts =
      R"json({"declare": {"on": "timestamp", "took": "duration", "share": "double", "tags": "list(string)", "empty": "int",
                                            "raw": "bytes", "n": {"type": "uint", "zh": "数", "en": "number"}},
                                "on": "2024-03-01", "took": "36h", "share": 1, "tags": ["a", "b"], "empty": null, "raw": "aGk=", "n": 5,
                                "e": {"revenue": 7, "deep": {"x": true}, "不是标识符": 1}, "nothing": null})json";
  EXPECT_EQ(Answer("on.getDate() == 1 && took == duration('2160m') && share == 1.0 && n == 5u && raw == b'hi'", facts),
            "true");
  EXPECT_EQ(Answer("'b' in tags && e.revenue == 7 && e.deep.x && e['不是标识符'] == 1 && nothing == null", facts),
            "true");
  EXPECT_EQ(Answer("empty > 1 && e.profit > 0 && e.deep.y", facts), "unknown: e.deep.y e.profit empty");
  EXPECT_EQ(Answer("has(e.revenue)", facts), "true");
  EXPECT_EQ(Answer("e.exists(k, k == 'revenue')", facts), "true");
  EXPECT_EQ(Answer("a", "[1]"), "rules.facts_malformed");
  EXPECT_EQ(Answer("a", "{"), "rules.facts_malformed");
  EXPECT_EQ(Answer("a", R"({"declare": {"a": "int"}, "a": "x"})"), "rules.fact_type");
  EXPECT_EQ(Answer("a", R"({"declare": {"a": "strng"}})"), "rules.bad_type");
  EXPECT_EQ(Answer("a", "{\"a\": " + std::string(100, '[') + std::string(100, ']') + "}"), "rules.facts_malformed");
}

TEST(Catalogue, HasASentenceInBothLanguagesForEveryCode) {
  const std::filesystem::path root = LANDFALL_SOURCE_DIR;
  const std::string catalog = landfall::test::ReadFile(root / "catalog" / "errors" / "rules.json");
  std::size_t codes = 0;
  std::vector<std::filesystem::path> files = {root / "src" / "cli" / "rules.cc"};
  for (const auto& entry : std::filesystem::directory_iterator(root / "src" / "rules")) files.push_back(entry.path());
  for (const auto& file : files) {
    if (file.extension() != ".cc") continue;
    const std::string source = landfall::test::ReadFile(file);
    for (std::size_t at = source.find("\"rules."); at != std::string::npos; at = source.find("\"rules.", at + 1)) {
      const std::string code = source.substr(at, source.find('"', at + 1) - at + 1);
      EXPECT_NE(catalog.find(code + ": {\"zh\": \""), std::string::npos) << code << " in " << file;
      ++codes;
    }
  }
  EXPECT_GT(codes, 60u);
}

}  // namespace
}  // namespace landfall::rules::test
