// SPDX-License-Identifier: Apache-2.0
// What the tests of the rules share: short ways to evaluate, and a generator of expressions.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/seam.h"
#include "rules/facts.h"
#include "rules/program.h"

namespace landfall::rules::test {

inline std::string Shown(const Value& value) {
  std::string out;
  AppendLiteral(out, value);
  return out;
}

// The result as text: a literal, the code of an error, or "unknown: a, b". `facts` is JSON; names it lacks are missing.
inline std::string Answer(std::string_view expr, std::string_view facts = "{}", CompileOptions options = {}) {
  Environment environment;
  environment.set_open(true);
  if (auto done = DeclareFacts(facts, &environment); !done) return done.error().code;
  const auto row = ReadFacts(facts, environment);
  if (!row) return row.error().code;
  const auto program = Program::Compile(environment, expr, nullptr, options);
  if (!program) return program.error().code;
  Evaluator evaluator;
  const Value value = evaluator.Eval(*program, row->view());
  if (!value.IsUnknown()) return Shown(value);
  std::string out = "unknown:";
  for (const std::string_view name : evaluator.Missing(*program, value)) out.append(" ").append(name);
  return out;
}

// A fixed set of facts of every kind, and rows and expressions over them. Same seed, same sequence.
class Generator {
 public:
  explicit Generator(std::uint64_t seed) : random_(seed) {
    static constexpr const char* kFacts[][2] = {
        {"b1", "bool"},   {"b2", "bool"},   {"i1", "int"},       {"i2", "int"},       {"d1", "double"},
        {"s1", "string"}, {"s2", "string"}, {"t1", "timestamp"}, {"l1", "list(int)"}, {"m1", "map(string, int)"},
        {"x1", "dyn"},    {"g.y", "int"}};
    for (const auto& [name, type] : kFacts) EXPECT_TRUE(environment.Declare(name, type).ok());
  }

  Environment environment;

  std::uint64_t Below(std::uint64_t most) { return random_.Next() % most; }
  bool OneIn(std::uint64_t n) { return Below(n) == 0; }

  std::string Bool(int depth) {
    if (depth <= 0 || OneIn(8)) return Pick({"true", "false", "b1", "b2", "b1", "b2", "has(m1.k)", "has(x1.f)"});
    switch (Below(14)) {
      case 0:
      case 1:
        return "(" + Bool(depth - 1) + " && " + Bool(depth - 1) + ")";
      case 2:
      case 3:
        return "(" + Bool(depth - 1) + " || " + Bool(depth - 1) + (OneIn(3) ? " || " + Bool(depth - 1) : "") + ")";
      case 4:
        return "!" + Bool(depth - 1);
      case 5:
        return "(" + Bool(depth - 1) + " ? " + Bool(depth - 1) + " : " + Bool(depth - 1) + ")";
      case 6:
        return Int(depth - 1) + Relation() + Int(depth - 1);
      case 7:
        return Double(depth - 1) + Relation() + Double(depth - 1);
      case 8:
        return Text(depth - 1) + Relation() + Text(depth - 1);
      case 9:
        return Int(depth - 1) + " in " + (OneIn(2) ? List(depth - 1) : "[1, 2, 3, 5, 8, 13, " + Int(depth - 1) + "]");
      case 10:
        return Text(depth - 1) + Pick({".contains(", ".startsWith(", ".endsWith(", ".matches("}) + Text(0) + ")";
      case 11:
        return List(depth - 1) + Pick({".exists(v, ", ".all(v, ", ".exists_one(v, "}) +
               Pick({"v > ", "v == ", "10 / v < "}) + Int(depth - 2) + ")";
      case 12:
        return "t1" + Relation() +
               Pick({"day('2024-01-31')", "timestamp(0)", "t1 + duration('36h')", "timestamp('bad')"});
      default:
        return "x1" + Pick({" == ", " != ", " < "}) + Any(depth - 1);
    }
  }
  std::string Int(int depth) {
    if (depth <= 0 || OneIn(4))
      return Pick({"0", "1", "2", "-7", "13", "9223372036854775807", "i1", "i2", "i1", "g.y", "x1"});
    switch (Below(8)) {
      case 0:
        return "(" + Int(depth - 1) + Pick({" + ", " - ", " * ", " / ", " % "}) + Int(depth - 1) + ")";
      case 1:
        return "-" + Int(depth - 1);
      case 2:
        return "size(" + (OneIn(2) ? Text(depth - 1) : List(depth - 1)) + ")";
      case 3:
        return "(" + Bool(depth - 1) + " ? " + Int(depth - 1) + " : " + Int(depth - 1) + ")";
      case 4:
        return List(depth - 1) + "[" + Int(depth - 1) + "]";
      case 5:
        return Pick({"m1.k", "m1['k']", "m1.?k.orValue(3)", "m1[?'z'].or(optional.of(2)).value()"});
      case 6:
        return "cel.bind(w, " + Int(depth - 1) + ", w + w)";
      default:
        return "t1.get" + Pick({"FullYear", "Month", "Date", "DayOfWeek"}) + Pick({"()", "('+08:00')", "('No/Where')"});
    }
  }
  std::string Double(int depth) {
    if (depth <= 0 || OneIn(3))
      return Pick({"0.0", "1.5", "-2.25", "1e300", "d1", "d1", "double(i1)", "double('NaN')"});
    if (OneIn(4)) return "math.greatest(" + Double(depth - 1) + ", " + Double(depth - 1) + ")";
    return "(" + Double(depth - 1) + Pick({" + ", " - ", " * ", " / "}) + Double(depth - 1) + ")";
  }
  std::string Text(int depth) {
    if (depth <= 0 || OneIn(3))
      return Pick({"''", "'a'", "'高新区'", "'(a|b)+'", "s1", "s2", "s1", "r'\\d'", "string(i1)"});
    switch (Below(5)) {
      case 0:
        return "(" + Text(depth - 1) + " + " + Text(depth - 1) + ")";
      case 1:
        return Text(depth - 1) +
               Pick({".trim()", ".reverse()", ".upperAscii()", ".replace('a', 'bb')", ".substring(1)", ".charAt(0)"});
      case 2:
        return Text(depth - 1) + ".split(" + Text(0) + ").join('-')";
      case 3:
        return "'%s|%d'.format([" + Any(depth - 1) + ", " + Int(depth - 1) + "])";
      default:
        return "string(" + Int(depth - 1) + ")";
    }
  }
  std::string List(int depth) {
    if (depth <= 0 || OneIn(3)) return Pick({"[]", "[1, 2, 3]", "l1", "l1", "[i1, i2]"});
    switch (Below(5)) {
      case 0:
        return "(" + List(depth - 1) + " + " + List(depth - 1) + ")";
      case 1:
        return List(depth - 1) + ".filter(v, v % 2 == " + Int(depth - 2) + ")";
      case 2:
        return List(depth - 1) + ".map(v, v * " + Int(depth - 2) + ")";
      case 3:
        return List(depth - 1) + ".transformList(k, v, k + v)";
      default:
        return "[" + Int(depth - 1) + ", ?optional.of(" + Int(depth - 1) + ")]";
    }
  }
  std::string Any(int depth) {
    switch (Below(6)) {
      case 0:
        return Bool(depth);
      case 1:
        return Int(depth);
      case 2:
        return Double(depth);
      case 3:
        return Text(depth);
      case 4:
        return List(depth);
      default:
        return "{'k': " + Int(depth) + ", " + Text(0) + " + 'z': " + Int(depth - 1) + "}";
    }
  }

  // A row in which every fact is missing with one in `missing_one_in`.
  std::vector<Value> Row(std::uint64_t missing_one_in) {
    static const std::array<Value, 3> kItems = {Value::Int(0), Value::Int(2), Value::Int(13)};
    static const Value kKey = Value::String("k");
    static const Value kValue = Value::Int(7);
    static const MapRep kMap{1, 0, &kKey, &kValue, nullptr};
    static constexpr std::string_view kTexts[] = {"", "a", "ab", "高新区", "9"};
    std::vector<Value> row = {
        Value::Bool(OneIn(2)),
        Value::Bool(OneIn(2)),
        Value::Int(static_cast<std::int64_t>(Below(20)) - 7),
        OneIn(9) ? Value::Int(INT64_MIN) : Value::Int(static_cast<std::int64_t>(Below(4))),
        OneIn(9) ? Value::Double(0.0 / 0.0) : Value::Double(static_cast<double>(Below(9)) / 4 - 1),
        Value::String(kTexts[Below(5)]),
        Value::String(kTexts[Below(5)]),
        Value::DayNumber(static_cast<std::int32_t>(19'000 + Below(1500))),
        Value::List(kItems.data(), static_cast<std::uint32_t>(Below(4))),
        Value::Map(&kMap),
        OneIn(3)   ? Value::Int(1)
        : OneIn(2) ? Value::String("a")
                   : Value::Bool(true),
        Value::Int(static_cast<std::int64_t>(Below(3)))};
    if (missing_one_in > 0)
      for (Value& value : row)
        if (OneIn(missing_one_in)) value = Value{};
    return row;
  }

 private:
  std::string Pick(std::initializer_list<const char*> from) { return from.begin()[Below(from.size())]; }
  std::string Relation() { return Pick({" < ", " <= ", " > ", " >= ", " == ", " != "}); }

  SeededRandom random_;
};

}  // namespace landfall::rules::test
