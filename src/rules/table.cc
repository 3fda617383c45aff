// SPDX-License-Identifier: Apache-2.0
// A cell is read once into a small predicate, from which both the CEL text and the answer for a sample value come. The
// checks cut each input's domain at every value a cell mentions; between two cuts all values behave alike, so one
// sample stands for them.
#include "rules/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace landfall::rules {
namespace {

constexpr std::size_t kInputsMost = 20, kOutputsMost = 10, kRulesMost = 200, kTestsMost = 50, kFindingsMost = 100;
constexpr std::int64_t kGapStepsMost = 1'000'000;

std::string_view Trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::string Literal(const Value& value) {
  std::string out;
  AppendLiteral(out, value);
  return out;
}

// One of the alternatives in a cell: an interval; a single value is an interval of one.
struct Test {
  std::optional<Value> low, high;
  bool low_open = false, high_open = false;

  bool IsPoint() const { return low && high && !low_open && !high_open && Compare(*low, *high) == 0; }
  bool Contains(const Value& value) const {
    if (low) {
      const int order = Compare(value, *low);
      if (order == -1 || order > 1 || (order == 0 && low_open)) return false;
    }
    if (high) {
      const int order = Compare(value, *high);
      if (order >= 1 || (order == 0 && high_open)) return false;
    }
    return true;
  }
};

struct Cell {
  bool any = false;
  bool negated = false;
  std::vector<Test> tests;

  bool Contains(const Value& value) const {
    if (any) return true;
    const bool inside = std::any_of(tests.begin(), tests.end(), [&](const Test& test) { return test.Contains(value); });
    return inside != negated;
  }
  // The CEL text of the condition, or empty for "any".
  std::string Cel(const std::string& fact) const {
    if (any) return {};
    std::string points;
    std::vector<std::string> ways;
    std::size_t point_count = 0;
    for (const Test& test : tests) {
      if (test.IsPoint()) {
        points += (point_count++ > 0 ? ", " : "") + Literal(*test.low);
        continue;
      }
      std::string way;
      if (test.low) way = fmt::format("{} {} {}", fact, test.low_open ? ">" : ">=", Literal(*test.low));
      if (test.high)
        way += fmt::format("{}{} {} {}", way.empty() ? "" : " && ", fact,
                           test.high_open ? "<" : "<=", Literal(*test.high));
      ways.push_back(test.low && test.high ? "(" + way + ")" : way);
    }
    if (point_count == 1) ways.insert(ways.begin(), fact + " == " + points);
    if (point_count > 1) ways.insert(ways.begin(), fact + " in [" + points + "]");
    const std::string joined = fmt::format("{}", fmt::join(ways, " || "));
    if (negated) return "!(" + joined + ")";
    return ways.size() > 1 ? "(" + joined + ")" : joined;
  }
};

// Reads the cells of one input.
class CellReader {
 public:
  CellReader(TypeKind type, Arena& arena) : type_(type), arena_(arena) {}

  std::optional<Value> ReadLiteral(std::string_view text) {
    text = Trim(text);
    if (text.empty()) return std::nullopt;
    if (type_ == TypeKind::kTimestamp) {
      if (const auto day = ParseDayAsTimestamp(text)) return day;
      return ParseTimestamp(text);
    }
    const auto ast = Parse(text);
    const bool literal = ast.ok() && ast->root()->kind == ExprKind::kLiteral;
    if (type_ == TypeKind::kString) {
      if (literal && ast->root()->literal.kind == Kind::kString)
        return Value::String(arena_.Copy(ast->root()->literal.str()));
      // A bare word is text too: who fills in a table should not have to know about quotes.
      return text.find_first_of("'\"()[]<>,") == std::string_view::npos
                 ? std::optional(Value::String(arena_.Copy(text)))
                 : std::nullopt;
    }
    if (!literal) return std::nullopt;
    const Value value = ast->root()->literal;
    if (type_ == TypeKind::kDouble && value.kind == Kind::kInt) return Value::Double(static_cast<double>(value.i));
    const Kind wanted = type_ == TypeKind::kBool ? Kind::kBool : type_ == TypeKind::kInt ? Kind::kInt : Kind::kDouble;
    return value.kind == wanted ? std::optional(value) : std::nullopt;
  }

  std::optional<Cell> Read(std::string_view text) {
    Cell out;
    text = Trim(text);
    if (text.empty() || text == "-") {
      out.any = true;
      return out;
    }
    if (text.starts_with("not(") && text.back() == ')') {
      out.negated = true;
      text = text.substr(4, text.size() - 5);
    }
    for (const std::string_view part : Parts(text)) {
      const auto test = ReadTest(Trim(part));
      if (!test || out.tests.size() >= kTestsMost) return std::nullopt;
      out.tests.push_back(*test);
    }
    return out.tests.empty() ? std::nullopt : std::optional(out);
  }

 private:
  bool Ordered() const {
    return type_ == TypeKind::kInt || type_ == TypeKind::kDouble || type_ == TypeKind::kTimestamp;
  }

  // Split at the commas outside of quotes.
  static std::vector<std::string_view> Parts(std::string_view text) {
    std::vector<std::string_view> out;
    std::size_t begin = 0;
    char quote = '\0';
    for (std::size_t i = 0; i <= text.size(); ++i) {
      if (i == text.size() || (text[i] == ',' && quote == '\0')) {
        out.push_back(text.substr(begin, i - begin));
        begin = i + 1;
      } else if (quote != '\0') {
        if (text[i] == '\\')
          ++i;
        else if (text[i] == quote)
          quote = '\0';
      } else if (text[i] == '\'' || text[i] == '"') {
        quote = text[i];
      }
    }
    return out;
  }
  std::optional<Test> ReadTest(std::string_view text) {
    Test out;
    if (text.empty()) return std::nullopt;
    const bool less = text[0] == '<';
    if (less || text[0] == '>') {
      const bool equal = text.size() > 1 && text[1] == '=';
      const auto bound = ReadLiteral(text.substr(equal ? 2 : 1));
      if (!bound || !Ordered()) return std::nullopt;
      (less ? out.high : out.low) = bound;
      (less ? out.high_open : out.low_open) = !equal;
      return out;
    }
    if (text[0] == '[' || text[0] == '(') {
      const std::size_t dots = text.find("..");
      const char last = text.back();
      if (dots == std::string_view::npos || (last != ']' && last != ')') || !Ordered()) return std::nullopt;
      out.low = ReadLiteral(text.substr(1, dots - 1));
      out.high = ReadLiteral(text.substr(dots + 2, text.size() - dots - 3));
      out.low_open = text[0] == '(';
      out.high_open = last == ')';
      if (!out.low || !out.high || Compare(*out.low, *out.high) > 0) return std::nullopt;
      return out;
    }
    out.low = out.high = ReadLiteral(text);
    return out.low ? std::optional(out) : std::nullopt;
  }

  TypeKind type_;
  Arena& arena_;
};

using RuleSet = std::vector<std::uint64_t>;

// A part of an input's domain in which all values behave alike.
struct Region {
  Value sample;
  RuleSet rules;  // Those whose cell contains it.
};

struct Input {
  std::string fact;
  TypeKind type = TypeKind::kDyn;
  std::vector<Cell> cells;  // One per rule.
  std::vector<Region> regions;
};

class Table {
 public:
  static Result<Table> Read(const Environment& environment, const DecisionTable& source) {
    Table out;
    const std::size_t inputs = source.inputs.size();
    const bool counts = inputs >= 1 && inputs <= kInputsMost && !source.outputs.empty() &&
                        source.outputs.size() <= kOutputsMost && !source.rules.empty() &&
                        source.rules.size() <= kRulesMost &&
                        (source.defaults.empty() || source.defaults.size() == source.outputs.size());
    if (!counts) return Invalid("rules.table_shape", "the table has too few or too many inputs, outputs or rules");
    for (std::size_t r = 0; r < source.rules.size(); ++r) {
      const TableRule& rule = source.rules[r];
      if (rule.tests.size() != inputs || rule.outputs.size() != source.outputs.size()) {
        return Invalid("rules.table_shape", "a rule has another number of cells than the table has columns",
                       fmt::format("rules[{}]", r));
      }
    }
    for (std::size_t i = 0; i < inputs; ++i) LF_TRY(out.ReadInput(environment, source, i));
    return out;
  }

  std::string Condition(std::size_t rule) const {
    std::string out;
    for (const Input& input : inputs_) {
      const std::string one = input.cells[rule].Cel(input.fact);
      if (one.empty()) continue;
      out += (out.empty() ? "" : " && ") + one;
    }
    return out.empty() ? "true" : out;
  }

  void Overlaps(std::size_t rules, TableCheck* out) const {
    for (std::size_t a = 0; a < rules; ++a) {
      for (std::size_t b = a + 1; b < rules && out->findings.size() < kFindingsMost; ++b) {
        TableFinding finding{TableFinding::Kind::kOverlap, a, b, {}};
        for (const Input& input : inputs_) {
          const auto both = std::find_if(input.regions.begin(), input.regions.end(), [&](const Region& region) {
            return (region.rules[a / 64] >> (a % 64) & 1) != 0 && (region.rules[b / 64] >> (b % 64) & 1) != 0;
          });
          if (both == input.regions.end()) break;
          finding.witness.push_back(Literal(both->sample));
        }
        if (finding.witness.size() == inputs_.size()) out->findings.push_back(std::move(finding));
      }
    }
  }

  void Gaps(std::size_t rules, TableCheck* out) const {
    RuleSet all((rules + 63) / 64, 0);
    for (std::size_t r = 0; r < rules; ++r) all[r / 64] |= std::uint64_t{1} << (r % 64);
    std::vector<const Region*> chosen;
    std::int64_t steps = kGapStepsMost;
    const std::size_t most = out->findings.size() + kFindingsMost;
    FindGaps(all, chosen, most, &steps, out);
    out->complete = steps > 0;
  }

 private:
  Status ReadInput(const Environment& environment, const DecisionTable& source, std::size_t i) {
    const TableInput& spec = source.inputs[i];
    const std::string field = fmt::format("inputs[{}]", i);
    const auto slot = environment.SlotOf(spec.fact);
    const TypeKind type = slot ? environment.fact(*slot).type->kind : TypeKind::kDyn;
    if (type != TypeKind::kBool && type != TypeKind::kInt && type != TypeKind::kDouble && type != TypeKind::kString &&
        type != TypeKind::kTimestamp) {
      return Invalid("rules.table_input", "an input is no declared fact of a simple type", field);
    }
    Input input{spec.fact, type, {}, {}};
    CellReader reader(type, *arena_);
    std::vector<Value> cuts;
    for (std::size_t r = 0; r < source.rules.size(); ++r) {
      auto cell = reader.Read(source.rules[r].tests[i]);
      if (!cell) return Invalid("rules.table_test", "a cell cannot be read", fmt::format("rules[{}].tests[{}]", r, i));
      for (const Test& test : cell->tests) {
        if (test.low) cuts.push_back(*test.low);
        if (test.high) cuts.push_back(*test.high);
      }
      input.cells.push_back(std::move(*cell));
    }
    Domain domain;
    if (!ReadDomain(reader, spec, &domain))
      return Invalid("rules.table_test", "a bound or an allowed value cannot be read", field);
    for (const Value& sample : Samples(type, std::move(cuts), domain)) {
      RuleSet rules((source.rules.size() + 63) / 64, 0);
      for (std::size_t r = 0; r < input.cells.size(); ++r)
        if (input.cells[r].Contains(sample)) rules[r / 64] |= std::uint64_t{1} << (r % 64);
      const bool known = std::any_of(input.regions.begin(), input.regions.end(),
                                     [&](const Region& region) { return region.rules == rules; });
      if (!known) input.regions.push_back({sample, std::move(rules)});
    }
    if (input.regions.empty())
      return Invalid("rules.table_input", "the bounds of an input leave nothing between them", field);
    inputs_.push_back(std::move(input));
    return Ok{};
  }

  struct Domain {
    std::optional<Value> low, high;
    std::vector<Value> allowed;
  };
  static bool ReadDomain(CellReader& reader, const TableInput& spec, Domain* out) {
    if (!spec.low.empty() && !(out->low = reader.ReadLiteral(spec.low))) return false;
    if (!spec.high.empty() && !(out->high = reader.ReadLiteral(spec.high))) return false;
    for (const std::string& text : spec.allowed) {
      const auto value = reader.ReadLiteral(text);
      if (!value) return false;
      out->allowed.push_back(*value);
    }
    return true;
  }

  // One value of each region.
  std::vector<Value> Samples(TypeKind type, std::vector<Value> cuts, const Domain& domain) {
    if (type == TypeKind::kBool) return {Value::Bool(false), Value::Bool(true)};
    if (type == TypeKind::kString) return TextSamples(std::move(cuts), domain);
    if (domain.low) cuts.push_back(*domain.low);
    if (domain.high) cuts.push_back(*domain.high);
    std::sort(cuts.begin(), cuts.end(), [](const Value& a, const Value& b) { return Compare(a, b) < 0; });
    cuts.erase(std::unique(cuts.begin(), cuts.end(), [](const Value& a, const Value& b) { return Compare(a, b) == 0; }),
               cuts.end());
    std::vector<Value> out;
    const auto add = [&](const std::optional<Value>& value) {
      if (value && !(domain.low && Compare(*value, *domain.low) < 0) &&
          !(domain.high && Compare(*value, *domain.high) > 0))
        out.push_back(*value);
    };
    if (cuts.empty())
      return {type == TypeKind::kInt      ? Value::Int(0)
              : type == TypeKind::kDouble ? Value::Double(0)
                                          : Value::Timestamp(0, 0)};
    add(Beyond(cuts.front(), -1));
    for (std::size_t i = 0; i < cuts.size(); ++i) {
      add(cuts[i]);
      add(i + 1 < cuts.size() ? Between(cuts[i], cuts[i + 1]) : Beyond(cuts[i], 1));
    }
    return out;
  }
  std::vector<Value> TextSamples(std::vector<Value> mentioned, const Domain& domain) {
    if (!domain.allowed.empty()) return domain.allowed;
    std::string other = "其他";
    const auto is_other = [&](const Value& value) { return value.str() == other; };
    while (std::any_of(mentioned.begin(), mentioned.end(), is_other)) other += "*";
    mentioned.push_back(Value::String(arena_->Copy(other)));
    return mentioned;
  }
  static std::optional<Value> Beyond(const Value& value, int sign) {
    switch (value.kind) {
      case Kind::kInt:
        return value.i == (sign > 0 ? INT64_MAX : INT64_MIN) ? std::nullopt : std::optional(Value::Int(value.i + sign));
      case Kind::kDouble: {
        const double next = value.d + sign * std::max(1.0, std::fabs(value.d));
        return std::isfinite(next) ? std::optional(Value::Double(next)) : std::nullopt;
      }
      default: {
        const std::int64_t next = value.i + sign * 86400;
        return next < kFirstSecond || next > kLastSecond ? std::nullopt
                                                         : std::optional(Value::Timestamp(next, value.aux));
      }
    }
  }
  static std::optional<Value> Between(const Value& a, const Value& b) {
    switch (a.kind) {
      case Kind::kInt:
        return a.i + 1 < b.i ? std::optional(Value::Int(a.i + 1)) : std::nullopt;
      case Kind::kDouble: {
        const double middle = a.d / 2 + b.d / 2;
        return middle > a.d && middle < b.d ? std::optional(Value::Double(middle)) : std::nullopt;
      }
      default:
        if (a.i + 86400 < b.i) return Value::Timestamp(a.i + 86400, a.aux);
        return a.i + 1 < b.i ? std::optional(Value::Timestamp(a.i + 1, a.aux)) : std::nullopt;
    }
  }

  void FindGaps(const RuleSet& left, std::vector<const Region*>& chosen, std::size_t most, std::int64_t* steps,
                TableCheck* out) const {
    if (--*steps <= 0 || out->findings.size() >= most) return;
    const std::size_t depth = chosen.size();
    if (std::all_of(left.begin(), left.end(), [](std::uint64_t word) { return word == 0; })) {
      TableFinding finding;
      for (std::size_t i = 0; i < inputs_.size(); ++i) {
        finding.witness.push_back(Literal(i < depth ? chosen[i]->sample : inputs_[i].regions.front().sample));
      }
      out->findings.push_back(std::move(finding));
      return;
    }
    if (depth == inputs_.size() || CoveredFrom(left, depth)) return;
    for (const Region& region : inputs_[depth].regions) {
      RuleSet next(left.size());
      for (std::size_t w = 0; w < left.size(); ++w) next[w] = left[w] & region.rules[w];
      chosen.push_back(&region);
      FindGaps(next, chosen, most, steps, out);
      chosen.pop_back();
    }
  }
  // Whether one of the rules left asks nothing of the remaining inputs.
  bool CoveredFrom(const RuleSet& left, std::size_t depth) const {
    for (std::size_t r = 0; r < inputs_[0].cells.size(); ++r) {
      if ((left[r / 64] >> (r % 64) & 1) == 0) continue;
      bool any = true;
      for (std::size_t i = depth; i < inputs_.size() && any; ++i) any = inputs_[i].cells[r].any;
      if (any) return true;
    }
    return false;
  }

  std::unique_ptr<Arena> arena_ = std::make_unique<Arena>();
  std::vector<Input> inputs_;
};

// The outputs of one row as one expression.
Result<std::string> OutputsOf(const DecisionTable& table, const std::vector<std::string>& outputs,
                              const std::string& field) {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const auto ast = Parse(outputs[i]);
    if (!ast)
      return Invalid("rules.table_output", "an output is no expression", fmt::format("{}.outputs[{}]", field, i));
    const std::string text = Print(*ast->root());
    parts.push_back(outputs.size() == 1 ? "(" + text + ")" : Literal(Value::String(table.outputs[i])) + ": " + text);
  }
  return outputs.size() == 1 ? parts[0] : fmt::format("{{{}}}", fmt::join(parts, ", "));
}

}  // namespace

Result<std::string> CompileTable(const Environment& environment, const DecisionTable& source) {
  LF_ASSIGN(const Table table, Table::Read(environment, source));
  const bool collect = source.policy == HitPolicy::kCollect;
  const bool open_end = !collect && source.defaults.empty();
  std::string text;
  for (std::size_t r = 0; r < source.rules.size(); ++r) {
    LF_ASSIGN(const std::string outputs, OutputsOf(source, source.rules[r].outputs, fmt::format("rules[{}]", r)));
    const std::string condition = table.Condition(r);
    if (collect)
      text += fmt::format("{}?({} ? optional.of({}) : optional.none())", r == 0 ? "" : ", ", condition, outputs);
    else
      text += condition + " ? " + (open_end ? "dyn(" + outputs + ")" : outputs) + " : ";
  }
  if (collect) {
    text = "[" + text + "]";
  } else if (open_end) {
    text += "null";
  } else {
    LF_ASSIGN(const std::string defaults, OutputsOf(source, source.defaults, "defaults"));
    text += defaults;
  }
  LF_ASSIGN(const Program program, Program::Compile(environment, text));
  return Print(program.root());
}

Result<TableCheck> CheckTable(const Environment& environment, const DecisionTable& source) {
  LF_ASSIGN(const Table table, Table::Read(environment, source));
  TableCheck out;
  if (source.policy == HitPolicy::kUnique) table.Overlaps(source.rules.size(), &out);
  if (source.defaults.empty()) table.Gaps(source.rules.size(), &out);
  return out;
}

}  // namespace landfall::rules
