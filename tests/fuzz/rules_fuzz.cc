// SPDX-License-Identifier: Apache-2.0
// libFuzzer: the bytes are an expression; the first one chooses how it is compiled. Whatever compiles is evaluated,
// explained, printed and read back.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "rules/explain.h"
#include "rules/program.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace landfall::rules;
  if (size == 0) return 0;
  Environment environment;
  environment.set_open((data[0] & 1) != 0);
  for (const auto& [name, type] : {std::pair{"b", "bool"},
                                   {"i", "int"},
                                   {"d", "double"},
                                   {"s", "string"},
                                   {"t", "timestamp"},
                                   {"l", "list(int)"},
                                   {"x", "dyn"}}) {
    if (!environment.Declare(name, type)) std::abort();
  }
  const Value items[] = {Value::Int(1), Value::Int(-2)};
  const Value row[] = {
      Value::Bool(true),     Value::Int(7), Value::Double(0.5), Value::String("赣a"), Value::DayNumber(19'000),
      Value::List(items, 2), Value{}};
  CompileOptions options;
  options.check = (data[0] & 2) == 0;
  options.optimize = (data[0] & 4) == 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto program = Program::Compile(environment, text, nullptr, options);
  if (!program) return 0;
  Evaluator evaluator(Limits{20'000, 1 << 20});
  const Value value = evaluator.Eval(*program, row);
  if (value.IsError() && Locate(*program, value).begin > text.size()) std::abort();
  std::string json;
  AppendJson(json, value);
  if (size < 2000) json += ToJson(Explain(*program, row));
  const auto ast = Parse(text);
  const auto again = Parse(Print(*ast->root()));
  if (!again || !SameExpr(*ast->root(), *again->root())) std::abort();
  return 0;
}
