// SPDX-License-Identifier: Apache-2.0
#include "rules/conformance.h"

#include <simdjson.h>

#include <cmath>
#include <cstring>
#include <fstream>
#include <iterator>
#include <optional>

#include "base/hash.h"
#include "rules/facts.h"
#include "rules/program.h"

namespace landfall::rules {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

constexpr const char* kCoreFiles[] = {"basic",        "comparisons", "conversions", "fields",    "fp_math",
                                      "integer_math", "lists",       "logic",       "macros",    "namespace",
                                      "parse",        "plumbing",    "string",      "timestamps"};
constexpr const char* kExtensionFiles[] = {"string_ext",   "optionals",    "math_ext",      "macros2",
                                           "bindings_ext", "encoders_ext", "type_deduction"};
// Messages, enums and their fields need protobuf; cel.block is cel-go's own intermediate form; addresses of networks
// are no business of a policy.
constexpr std::string_view kUnsupportedFiles[] = {"block_ext", "dynamic",    "enums",  "network_ext",
                                                  "proto2",    "proto2_ext", "proto3", "wrappers"};

std::string_view StringOf(object from, const char* key) {
  std::string_view out;
  if (from[key].get(out) != simdjson::SUCCESS) return {};
  return out;
}
std::string_view TextOf(element json) {
  std::string_view out;
  if (json.get(out) != simdjson::SUCCESS) return {};
  return out;
}
bool Has(object from, const char* key) { return from[key].error() == simdjson::SUCCESS; }

// int64 and uint64 are JSON strings; doubles may be "NaN", "Infinity", "-Infinity".
double DoubleOf(element json) {
  double out = 0;
  if (json.get(out) == simdjson::SUCCESS) return out;
  std::string_view text;
  if (json.get(text) != simdjson::SUCCESS) return 0;
  return text == "NaN" ? std::nan("") : text == "Infinity" ? HUGE_VAL : -HUGE_VAL;
}

class ValueReader {
 public:
  explicit ValueReader(Arena& arena) : arena_(arena) {}

  // nullopt for messages and enums.
  std::optional<Value> Read(element json) {
    object members;
    if (json.get(members) != simdjson::SUCCESS || members.begin() == members.end()) return std::nullopt;
    const auto [kind, value] = *members.begin();
    const std::string_view text = TextOf(value);
    if (kind == "null_value") return Value::Null();
    if (kind == "bool_value") return Value::Bool(bool(value));
    if (kind == "int64_value") return Value::Int(std::strtoll(std::string(text).c_str(), nullptr, 10));
    if (kind == "uint64_value") return Value::Uint(std::strtoull(std::string(text).c_str(), nullptr, 10));
    if (kind == "double_value") return Value::Double(DoubleOf(value));
    if (kind == "string_value") return Value::String(arena_.Copy(text));
    if (kind == "type_value") return Value::TypeName(arena_.Copy(text));
    if (kind == "bytes_value") return Value::Bytes(arena_.Copy(ParseBase64(text).value()));
    if (kind == "list_value") return ReadMany(value, "values", false);
    if (kind == "map_value") return ReadMany(value, "entries", true);
    return std::nullopt;
  }

 private:
  std::optional<Value> ReadMany(element json, const char* name, bool map) {
    std::vector<Value> first;
    std::vector<Value> second;
    array items;
    if (json[name].get(items) == simdjson::SUCCESS) {
      for (const element item : items) {
        const auto one = map ? Read(item["key"]) : Read(item);
        const auto two = map ? Read(item["value"]) : one;
        if (!one || !two) return std::nullopt;
        first.push_back(*one);
        second.push_back(*two);
      }
    }
    auto* kept = arena_.Array<Value>(first.size() * 2);
    std::copy(first.begin(), first.end(), kept);
    std::copy(second.begin(), second.end(), kept + first.size());
    const auto size = static_cast<std::uint32_t>(first.size());
    if (!map) return Value::List(kept, size);
    MapRep* rep = nullptr;
    Meter plenty(1 << 20);
    if (BuildMap(arena_, kept, kept + size, size, plenty, &rep) != MapError::kNone) return std::nullopt;
    return Value::Map(rep);
  }
  Arena& arena_;
};

// Type and value, all the way down; -0.0 and 0.0 count as one.
bool Identical(const Value& a, const Value& b) {
  if (a.kind != b.kind) return false;
  if (a.kind == Kind::kDouble) return a.d == b.d || (std::isnan(a.d) && std::isnan(b.d));
  Meter plenty(1 << 20);
  if (a.kind == Kind::kList) {
    if (a.aux != b.aux) return false;
    for (std::uint32_t i = 0; i < a.aux; ++i)
      if (!Identical(a.items[i], b.items[i])) return false;
    return true;
  }
  if (a.kind == Kind::kMap) {
    if (a.map->size != b.map->size) return false;
    for (std::uint32_t i = 0; i < a.map->size; ++i) {
      const Value* other = b.map->Find(a.map->keys[i], plenty);
      if (other == nullptr || !Identical(a.map->values[i], *other)) return false;
    }
    return true;
  }
  return Equal(a, b, plenty);
}

// The type of a declaration or a deduction as our text; empty for messages, wrappers and abstract types.
std::string TypeFrom(element json) {
  object members;
  if (json.get(members) != simdjson::SUCCESS || members.begin() == members.end()) return {};
  const auto [kind, value] = *members.begin();
  const std::string_view text = TextOf(value);
  if (kind == "dyn" || kind == "null") return kind == "dyn" ? "dyn" : "null_type";
  if (kind == "type_param") return std::string(text.substr(0, 1));
  if (kind == "well_known") return text == "DURATION" ? "duration" : text == "TIMESTAMP" ? "timestamp" : "";
  if (kind == "primitive") {
    static constexpr std::pair<std::string_view, const char*> kNames[] = {{"BOOL", "bool"},     {"INT64", "int"},
                                                                          {"UINT64", "uint"},   {"DOUBLE", "double"},
                                                                          {"STRING", "string"}, {"BYTES", "bytes"}};
    for (const auto& [name, ours] : kNames)
      if (name == text) return ours;
  }
  if (kind == "list_type") {
    const std::string inner = TypeFrom(value["elem_type"]);
    return inner.empty() ? "" : "list(" + inner + ")";
  }
  if (kind == "map_type") {
    const std::string key = TypeFrom(value["key_type"]);
    const std::string item = TypeFrom(value["value_type"]);
    return key.empty() || item.empty() ? "" : "map(" + key + ", " + item + ")";
  }
  if (kind == "abstract_type") {
    std::string_view name;
    array parameters;
    if (value["name"].get(name) != simdjson::SUCCESS || name != "optional_type") return {};
    if (value["parameter_types"].get(parameters) != simdjson::SUCCESS || parameters.size() != 1) return {};
    const std::string inner = TypeFrom(parameters.at(0));
    return inner.empty() ? "" : "optional(" + inner + ")";
  }
  return {};
}

// What the expected text of a damaged case was before the conversion to JSON.
std::string Repaired(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char mark = text[at] == '\\' && at + 1 < text.size() ? text[at + 1] : '\0';
    const std::size_t digits = mark == 'u' ? 4 : mark == 'U' ? 8 : 0;
    if (digits > 0 && at + 2 + digits <= text.size()) {
      AppendUtf8(
          out, static_cast<std::uint32_t>(std::strtoul(std::string(text.substr(at + 2, digits)).c_str(), nullptr, 16)));
      at += 1 + digits;
    } else if (mark != '?') {
      out += text[at];
    }
  }
  return out;
}

// Whether the expected value kept the escapes of the textproto: a literal that is not raw cannot yield a backslash
// before u, nor one without any backslash yield one.
bool IsDamaged(object test) {
  const std::string_view expr = StringOf(test, "expr");
  std::string_view text;
  if (test["value"]["string_value"].get(text) == simdjson::SUCCESS) {
    const bool raw = expr.starts_with('r') || expr.starts_with('R');
    return !raw && (text.find("\\u0") != std::string_view::npos || text.find("\\U0") != std::string_view::npos);
  }
  if (test["value"]["bytes_value"].get(text) == simdjson::SUCCESS) {
    const auto bytes = ParseBase64(text);
    return bytes && bytes->find("\\?") != std::string::npos && expr.find('\\') == std::string_view::npos;
  }
  return false;
}

class Case {
 public:
  explicit Case(object test) : test_(test) {}

  // Empty when it passes, else what went wrong.
  std::string Run() {
    environment_.set_zones(SystemZones());
    if (!Declare()) return "declares a type that is not supported";
    FactSet facts(environment_);
    if (!Bind(facts)) return "binds a message";
    CompileOptions options;
    bool unchecked = false;
    if (test_["disable_check"].get(unchecked) == simdjson::SUCCESS) options.check = !unchecked;
    Diagnostic where;
    const auto program = Program::Compile(environment_, StringOf(test_, "expr"), &where, options);
    const bool wants_error = Has(test_, "eval_error");
    if (!program) return wants_error ? "" : program.error().code + " " + where.subject;
    if (Has(test_, "typed_result")) {
      const std::string expected = TypeFrom(test_["typed_result"]["deduced_type"]);
      if (expected != program->type())
        return "type " + program->type() + ", expected " + (expected.empty() ? "an unsupported type" : expected);
      if (!Has(test_, "value")) return "";
    }
    Evaluator evaluator;
    const Value got = evaluator.Eval(*program, facts.view());
    if (!got.IsValue()) return wants_error ? "" : Shown(got);
    if (wants_error) return "an error was expected, got " + Shown(got);
    auto expected = Has(test_, "value") ? ValueReader(arena_).Read(test_["value"]) : Value::Bool(true);
    if (!expected) return "expects a message";
    if (IsDamaged(test_)) {
      const std::string_view repaired = arena_.Copy(Repaired(expected->str()));
      expected = expected->kind == Kind::kBytes ? Value::Bytes(repaired) : Value::String(repaired);
    }
    return Identical(*expected, got) ? "" : "expected " + Shown(*expected) + ", got " + Shown(got);
  }

 private:
  static std::string Shown(const Value& value) {
    std::string out;
    AppendLiteral(out, value);
    return out;
  }
  bool Declare() {
    array declarations;
    if (test_["type_env"].get(declarations) == simdjson::SUCCESS) {
      for (const element declaration : declarations) {
        std::string_view name;
        if (declaration["name"].get(name) != simdjson::SUCCESS) return false;
        if (declaration["ident"].error() == simdjson::SUCCESS) {
          const std::string type = TypeFrom(declaration["ident"]["type"]);
          if (type.empty() || !environment_.Declare(name, type)) return false;
        } else if (!DeclareFunction(name, declaration["function"])) {
          return false;
        }
      }
    }
    // Bindings without a declaration.
    object bindings;
    if (test_["bindings"].get(bindings) == simdjson::SUCCESS) {
      for (const auto& [name, value] : bindings)
        if (!environment_.SlotOf(name) && !environment_.Declare(name, "dyn")) return false;
    }
    return true;
  }
  bool DeclareFunction(std::string_view name, element function) {
    array overloads;
    if (function["overloads"].get(overloads) != simdjson::SUCCESS) return false;
    for (const element overload : overloads) {
      std::string signature = std::string(name) + "(";
      array params;
      if (overload["params"].get(params) == simdjson::SUCCESS) {
        for (const element param : params) {
          const std::string type = TypeFrom(param);
          if (type.empty()) return false;
          signature += (signature.back() == '(' ? "" : ", ") + type;
        }
      }
      const std::string result = TypeFrom(overload["result_type"]);
      const auto nothing = [](CallScope&, std::span<const Value>) { return Value::Error(EvalFault::kHostRefused); };
      if (result.empty() || !environment_.AddFunction({signature + ") -> " + result, nothing})) return false;
    }
    return true;
  }
  bool Bind(FactSet& facts) {
    object bindings;
    if (test_["bindings"].get(bindings) != simdjson::SUCCESS) return true;
    for (const auto& [name, binding] : bindings) {
      element json;
      if (binding["value"].get(json) != simdjson::SUCCESS) return false;
      const auto value = ValueReader(arena_).Read(json);
      if (!value) return false;
      facts.Set(*environment_.SlotOf(name), *value);
    }
    return true;
  }

  object test_;
  Environment environment_;
  Arena arena_;
};

enum class Selection : std::uint8_t { kOut, kCore, kSetAside };

Selection Select(object test) {
  const std::string text = simdjson::minify(test);
  if (Has(test, "container") || text.find("TestAllTypes") != std::string::npos ||
      text.find("google.protobuf") != std::string::npos) {
    return Selection::kOut;
  }
  return IsDamaged(test) || text.find("container") != std::string::npos ? Selection::kSetAside : Selection::kCore;
}

Error NoData() {
  return NotFound("rules.conformance_data", "a file of conformance cases is absent or not JSON", "directory");
}

// `aside` is nullptr for extensions, which have no such division.
Status RunFile(const std::filesystem::path& path, const std::string& name, ConformanceGroup& group,
               ConformanceGroup* aside) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return NoData();
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  simdjson::dom::parser parser;
  element root;
  array sections;
  if (parser.parse(bytes).get(root) != simdjson::SUCCESS || root["section"].get(sections) != simdjson::SUCCESS)
    return NoData();
  for (const element section : sections) {
    std::string_view section_name;
    array tests;
    if (section["name"].get(section_name) != simdjson::SUCCESS || section["test"].get(tests) != simdjson::SUCCESS)
      continue;
    for (const element one : tests) {
      object test;
      if (one.get(test) != simdjson::SUCCESS) return NoData();
      const Selection selection = Select(test);
      if (selection == Selection::kOut) continue;
      ConformanceGroup& into = aside != nullptr && selection == Selection::kSetAside ? *aside : group;
      ++into.total;
      std::string what = Case(test).Run();
      if (what.empty())
        ++into.passed;
      else
        into.failing.push_back(
            {name + "/" + std::string(section_name) + "/" + std::string(StringOf(test, "name")), std::move(what)});
    }
  }
  return Ok{};
}

}  // namespace

std::span<const std::string_view> UnsupportedConformanceFiles() { return kUnsupportedFiles; }

Result<ConformanceReport> RunConformance(const std::filesystem::path& directory) {
  ConformanceReport out;
  out.core.name = "core";
  out.core_set_aside.name = "core_set_aside";
  for (const char* file : kCoreFiles)
    LF_TRY(RunFile(directory / (std::string(file) + ".json"), file, out.core, &out.core_set_aside));
  for (const char* file : kExtensionFiles) {
    ConformanceGroup group;
    group.name = file;
    if (RunFile(directory / (std::string(file) + ".json"), file, group, nullptr))
      out.extensions.push_back(std::move(group));
  }
  return out;
}

}  // namespace landfall::rules
