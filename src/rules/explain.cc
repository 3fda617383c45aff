// SPDX-License-Identifier: Apache-2.0
#include "rules/explain.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <set>

namespace landfall::rules {
namespace {

constexpr std::size_t kConditionsMost = 2000;
constexpr std::int64_t kStepsMost = 1'000'000;

struct Relation {
  std::string_view op, zh, en;
  std::string_view turned;  // The same said of the right side.
  std::string_view denied;
  std::string_view time_zh = {}, time_en = {};  // Of instants and days, where the words differ.
};
constexpr Relation kRelations[] = {
    {"_<_", "小于", "below", "_>_", "_>=_", "早于", "before"},
    {"_<=_", "不大于", "at most", "_>=_", "_>_", "不晚于", "not after"},
    {"_>_", "大于", "above", "_<_", "_<=_", "晚于", "after"},
    {"_>=_", "不小于", "at least", "_<=_", "_<_", "不早于", "not before"},
    {"_==_", "等于", "equal to", "_==_", "_!=_"},
    {"_!=_", "不等于", "other than", "_!=_", "_==_"},
    {"@in", "属于", "one of", "", "not in"},
    {"not in", "不属于", "none of", "", "@in"},
};
const Relation* FindRelation(std::string_view op) {
  for (const Relation& relation : kRelations)
    if (relation.op == op) return &relation;
  return nullptr;
}

std::string Literal(const Value& value) {
  std::string out;
  AppendLiteral(out, value);
  return out;
}

// How a value reads in a sentence: text and times without their quotes and constructors.
std::string Plain(const Value& value, bool english) {
  switch (value.kind) {
    case Kind::kString:
      return std::string(value.str());
    case Kind::kTimestamp: {
      const std::string text = FormatTimestamp(value);
      return value.i % 86400 == 0 && value.aux == 0 ? text.substr(0, 10) : text;
    }
    case Kind::kDuration:
      return FormatDuration(value.i);
    case Kind::kList: {
      std::string out;
      for (std::uint32_t i = 0; i < value.aux && i < 20; ++i) {
        if (i > 0) out += english ? ", " : "、";
        out += Plain(value.items[i], english);
      }
      if (value.aux > 20) out += "…";
      return out;
    }
    default:
      return Literal(value);
  }
}

class Explainer {
 public:
  Explainer(const Program& program, Facts facts) : program_(program), facts_(facts) {}

  Explanation Run() {
    Explanation out;
    out.root = Node(program_.root());
    const Value value = evaluator_.Eval(program_, facts_);
    for (const std::string_view name : evaluator_.Missing(program_, value)) out.missing.emplace_back(name);
    if (out.root.verdict != Verdict::kTrue && out.root.verdict != Verdict::kValue)
      Gaps(program_.root(), true, &out.gaps_zh, &out.gaps_en);
    return out;
  }

 private:
  // A comparison of one fact with something that does not depend on facts.
  struct Simple {
    const Fact* fact = nullptr;
    std::string name;
    Value actual, bound;
    std::string_view op;
  };

  Value Eval(const Expr& expr) {
    const Value out = evaluator_.EvalPart(program_, expr, facts_);
    steps_ += evaluator_.steps();
    return out;
  }
  bool Exhausted() const { return steps_ > kStepsMost || conditions_ > kConditionsMost; }

  static std::string_view JoinOf(const Expr& expr) {
    if (expr.kind != ExprKind::kCall) return {};
    if (expr.name == "_&&_") return "all";
    if (expr.name == "_||_") return "any";
    if (expr.name == "!_") return "not";
    if (expr.name == "_?_:_") return "if";
    return {};
  }

  ExplainNode Node(const Expr& expr) {
    ++conditions_;
    ExplainNode out;
    out.expr = Print(expr);
    const Value value = Eval(expr);
    out.verdict = VerdictOf(value);
    if (!value.IsUnknown()) out.value = Literal(value);
    out.joined = Exhausted() ? std::string_view() : JoinOf(expr);
    if (out.joined.empty()) {
      Reads(expr, &out.reads);
      Sentence(expr, out);
      return out;
    }
    const std::uint32_t count = expr.count;
    for (std::uint32_t i = 0; i < count; ++i) {
      // Of "?:" only the branch that was taken is told.
      if (out.joined == "if" && i > 0 && !out.parts.empty()) {
        const Verdict condition = out.parts[0].verdict;
        if (condition != Verdict::kTrue && condition != Verdict::kFalse) break;
        if ((condition == Verdict::kTrue) != (i == 1)) continue;
      }
      out.parts.push_back(Node(*expr.kids[i]));
    }
    Summary(out);
    return out;
  }

  void Summary(ExplainNode& out) {
    std::size_t counts[5] = {};
    for (const ExplainNode& part : out.parts) ++counts[static_cast<std::size_t>(part.verdict)];
    const std::string zh =
        fmt::format("满足 {} 项，不满足 {} 项，未能判断 {} 项", counts[1], counts[0], counts[2] + counts[3]);
    const std::string en = fmt::format("{} met, {} not met, {} undecided", counts[1], counts[0], counts[2] + counts[3]);
    if (out.joined == "all") {
      out.zh = fmt::format("{} 项须同时满足：{}", out.parts.size(), zh);
      out.en = fmt::format("all of {}: {}", out.parts.size(), en);
    } else if (out.joined == "any") {
      out.zh = fmt::format("{} 项满足其一即可：{}", out.parts.size(), zh);
      out.en = fmt::format("any of {}: {}", out.parts.size(), en);
    } else if (out.joined == "not") {
      out.zh = "以下不得成立";
      out.en = "the following must not hold";
    } else {
      out.zh = "分情况：先看条件，再按所处情形判断";
      out.en = "by case: the condition, then the case that applies";
    }
  }

  const Fact* FindFact(const std::string& name) const {
    const auto slot = program_.environment().SlotOf(name);
    return slot ? &program_.environment().fact(*slot) : nullptr;
  }
  std::string LabelZh(const std::string& name) const {
    const Fact* fact = FindFact(name);
    return fact != nullptr && !fact->label.zh.empty() ? fact->label.zh : name;
  }
  // Latin letters keep a space from the Chinese that follows.
  static std::string Spaced(std::string label) {
    if (static_cast<unsigned char>(label.back()) < 0x80) label += ' ';
    return label;
  }
  std::string LabelEn(const std::string& name) const {
    const Fact* fact = FindFact(name);
    return fact != nullptr && !fact->label.en.empty() ? fact->label.en : name;
  }
  const FactUse* UseOf(const Expr& expr) const {
    if (expr.ref != Ref::kFact) return nullptr;
    for (const FactUse& use : program_.facts())
      if (use.slot == expr.index) return &use;
    return nullptr;
  }
  Value FactValue(const FactUse& use) const { return use.slot < facts_.size() ? facts_[use.slot] : Value{}; }

  void Reads(const Expr& expr, std::vector<FactRead>* out) {
    if (const FactUse* use = UseOf(expr)) {
      const bool known =
          std::any_of(out->begin(), out->end(), [&](const FactRead& read) { return read.name == use->name; });
      if (known) return;
      const Value value = FactValue(*use);
      out->push_back(
          {use->name, LabelZh(use->name), LabelEn(use->name), value.IsValue() ? Literal(value) : "", !value.IsValue()});
      return;
    }
    for (const Expr* kid : expr.children()) Reads(*kid, out);
  }
  bool ReadsFacts(const Expr& expr) const {
    if (expr.ref == Ref::kFact || expr.ref == Ref::kLocal) return true;
    return std::any_of(expr.children().begin(), expr.children().end(),
                       [this](const Expr* kid) { return ReadsFacts(*kid); });
  }

  std::optional<Simple> SimpleOf(const Expr& expr) {
    if (expr.kind != ExprKind::kCall || expr.count != 2) return std::nullopt;
    const Relation* relation = FindRelation(expr.name);
    if (relation == nullptr) return std::nullopt;
    bool turned = false;
    const FactUse* use = UseOf(*expr.kids[0]);
    if (use == nullptr && !relation->turned.empty()) {
      use = UseOf(*expr.kids[1]);
      turned = use != nullptr;
    }
    if (use == nullptr) return std::nullopt;
    const Expr& other = *expr.kids[turned ? 0 : 1];
    if (ReadsFacts(other)) return std::nullopt;
    Simple out;
    out.bound = Eval(other);
    if (!out.bound.IsValue()) return std::nullopt;
    out.fact = FindFact(use->name);
    out.name = use->name;
    out.actual = FactValue(*use);
    out.op = turned ? relation->turned : std::string_view(relation->op);
    return out;
  }

  static std::string Joined(const std::vector<FactRead>& reads, bool missing_only, bool english) {
    std::string out;
    for (const FactRead& read : reads) {
      if (missing_only && !read.missing) continue;
      if (!out.empty()) out += english ? ", " : "、";
      out += english ? read.label_en : read.label_zh;
    }
    return out;
  }

  void Sentence(const Expr& expr, ExplainNode& out) {
    if (out.verdict == Verdict::kUnknown) {
      out.zh = "缺少资料：" + Joined(out.reads, true, false);
      out.en = "missing: " + Joined(out.reads, true, true);
      return;
    }
    if (out.verdict == Verdict::kError) {
      out.zh = fmt::format("无法计算（{}）", out.value);
      out.en = fmt::format("cannot be computed ({})", out.value);
      return;
    }
    if (out.verdict == Verdict::kValue) {
      out.zh = "结果为 " + out.value;
      out.en = "the result is " + out.value;
      return;
    }
    const bool holds = out.verdict == Verdict::kTrue;
    if (const auto simple = SimpleOf(expr); simple && simple->actual.IsValue()) {
      const auto [zh, en] = Need(*simple, simple->op);
      out.zh = fmt::format("{}为 {}{}，要求{}：{}", Spaced(LabelZh(simple->name)), Plain(simple->actual, false),
                           Unit(*simple, false), zh, holds ? "满足" : "不满足");
      out.en = fmt::format("{} is {}{}; required: {}: {}", LabelEn(simple->name), Plain(simple->actual, true),
                           Unit(*simple, true), en, holds ? "met" : "not met");
      return;
    }
    out.zh = fmt::format("{}：{}", out.expr, holds ? "满足" : "不满足");
    out.en = fmt::format("{}: {}", out.expr, holds ? "met" : "not met");
  }

  static std::string Unit(const Simple& simple, bool english) {
    if (simple.fact == nullptr || !(simple.actual.IsNumber() || simple.bound.IsNumber())) return {};
    const std::string& unit = english ? simple.fact->label.unit_en : simple.fact->label.unit_zh;
    return unit.empty() ? "" : " " + unit;
  }
  std::pair<std::string, std::string> Need(const Simple& simple, std::string_view op) {
    const Relation* relation = FindRelation(op);
    const bool time = simple.bound.kind == Kind::kTimestamp && !relation->time_zh.empty();
    return {
        fmt::format("{} {}{}", time ? relation->time_zh : relation->zh, Plain(simple.bound, false),
                    Unit(simple, false)),
        fmt::format("{} {}{}", time ? relation->time_en : relation->en, Plain(simple.bound, true), Unit(simple, true))};
  }
  struct Words {
    std::string zh, en;
  };
  // How far a number or a day is from its bound, with its unit.
  static Words Distance(const Simple& simple) {
    const Value& a = simple.actual;
    const Value& b = simple.bound;
    std::string number;
    std::int64_t whole = 0;
    if (a.kind == Kind::kTimestamp && b.kind == Kind::kTimestamp) {
      const std::int64_t days = (b.i - a.i) / 86400;
      if (days == 0 || (b.i - a.i) % 86400 != 0) return {};
      return {fmt::format("{} 天", std::abs(days)), fmt::format("{} days", std::abs(days))};
    }
    if (a.kind == Kind::kInt && b.kind == Kind::kInt) {
      if (__builtin_sub_overflow(b.i, a.i, &whole) || whole == INT64_MIN) return {};
      number = fmt::format("{}", std::abs(whole));
    } else if (a.IsNumber() && b.IsNumber()) {
      const auto real = [](const Value& v) {
        return v.kind == Kind::kDouble ? v.d
               : v.kind == Kind::kInt  ? static_cast<double>(v.i)
                                       : static_cast<double>(v.u);
      };
      number = fmt::format("{:.12g}", std::fabs(real(b) - real(a)));
    } else {
      return {};
    }
    return {number + Unit(simple, false), number + Unit(simple, true)};
  }

  // What keeps `expr` from being `want`. One line for each thing in an "and"; an "or" is one line with its ways.
  void Gaps(const Expr& expr, bool want, std::vector<std::string>* zh, std::vector<std::string>* en) {
    ++conditions_;
    const Value value = Eval(expr);
    if (value.kind == Kind::kBool && (value.i != 0) == want) return;
    const std::string_view join = Exhausted() ? std::string_view() : JoinOf(expr);
    if (join == "not") return Gaps(*expr.kids[0], !want, zh, en);
    if (join == "if") {
      const Value condition = Eval(*expr.kids[0]);
      if (condition.kind != Kind::kBool) return Gaps(*expr.kids[0], true, zh, en);
      return Gaps(*expr.kids[condition.i != 0 ? 1 : 2], want, zh, en);
    }
    if (join == (want ? "all" : "any")) {
      for (const Expr* kid : expr.children()) Gaps(*kid, want, zh, en);
      return;
    }
    if (join == "all" || join == "any") {
      std::string ways_zh;
      std::string ways_en;
      for (const Expr* kid : expr.children()) {
        std::vector<std::string> one_zh;
        std::vector<std::string> one_en;
        Gaps(*kid, want, &one_zh, &one_en);
        if (one_zh.empty()) continue;
        ways_zh += fmt::format("{}{}", ways_zh.empty() ? "" : "；或者 ", fmt::join(one_zh, "，并且 "));
        ways_en += fmt::format("{}{}", ways_en.empty() ? "" : "; or ", fmt::join(one_en, ", and "));
      }
      zh->push_back(std::move(ways_zh));
      en->push_back(std::move(ways_en));
      return;
    }
    Gap(expr, value, want, zh, en);
  }

  void Gap(const Expr& expr, const Value& value, bool want, std::vector<std::string>* zh,
           std::vector<std::string>* en) {
    if (value.IsUnknown()) {
      std::vector<FactRead> reads;
      Reads(expr, &reads);
      // The same missing fact is asked for once.
      if (!told_.insert(Joined(reads, true, false) + "?").second) return;
      zh->push_back("补充资料：" + Joined(reads, true, false));
      en->push_back("provide: " + Joined(reads, true, true));
      return;
    }
    if (const auto simple = SimpleOf(expr); simple && simple->actual.IsValue() && !value.IsError()) {
      const std::string_view op = want ? simple->op : FindRelation(simple->op)->denied;
      const auto [need_zh, need_en] = Need(*simple, op);
      const bool ordered = op != "_==_" && op != "_!=_";
      const Words distance = ordered ? Distance(*simple) : Words{};
      const bool strict = op == "_<_" || op == "_>_";
      zh->push_back(
          fmt::format("{}须{}，现为 {}{}{}", Spaced(LabelZh(simple->name)), need_zh, Plain(simple->actual, false),
                      Unit(*simple, false),
                      distance.zh.empty() ? "" : fmt::format("，差 {}{}", distance.zh, strict ? " 以上" : "")));
      en->push_back(fmt::format(
          "{} must be {}, is {}{}{}", LabelEn(simple->name), need_en, Plain(simple->actual, true), Unit(*simple, true),
          distance.en.empty() ? "" : fmt::format(" (off by {}{})", strict ? "more than " : "", distance.en)));
      return;
    }
    // A question that has a name of its own is quoted, not its key.
    if (const FactUse* use = UseOf(expr); use != nullptr && !value.IsError() && LabelZh(use->name) != use->name) {
      zh->push_back(fmt::format("“{}”须为{}", LabelZh(use->name), want ? "是" : "否"));
      en->push_back(fmt::format("“{}” must be {}", LabelEn(use->name), want ? "yes" : "no"));
      return;
    }
    const std::string text = Print(expr);
    zh->push_back(fmt::format("{}{}", text, value.IsError() ? " 无法计算" : want ? " 须成立" : " 不得成立"));
    en->push_back(fmt::format("{} {}", text,
                              value.IsError() ? "cannot be computed"
                              : want          ? "must hold"
                                              : "must not hold"));
  }

  const Program& program_;
  Facts facts_;
  Evaluator evaluator_;
  std::int64_t steps_ = 0;
  std::size_t conditions_ = 0;
  std::set<std::string> told_;
};

void AppendList(std::string& out, std::span<const std::string> items) {
  out += '[';
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0) out += ',';
    AppendJsonString(out, items[i]);
  }
  out += ']';
}

void AppendMember(std::string& out, std::string_view name, std::string_view text) {
  out.append(out.back() == '{' ? "\"" : ",\"").append(name).append("\":");
  AppendJsonString(out, text);
}

void AppendNode(std::string& out, const ExplainNode& node) {
  out += '{';
  AppendMember(out, "expr", node.expr);
  AppendMember(out, "verdict", VerdictName(node.verdict));
  if (!node.value.empty() && (node.verdict == Verdict::kValue || node.verdict == Verdict::kError))
    AppendMember(out, "value", node.value);
  AppendMember(out, "zh", node.zh);
  AppendMember(out, "en", node.en);
  if (!node.reads.empty()) {
    out += ",\"reads\":[";
    for (const FactRead& read : node.reads) {
      if (out.back() != '[') out += ',';
      out += '{';
      AppendMember(out, "fact", read.name);
      if (read.missing)
        out += ",\"missing\":true";
      else
        AppendMember(out, "value", read.value);
      out += '}';
    }
    out += ']';
  }
  if (!node.joined.empty()) {
    AppendMember(out, "joined", node.joined);
    out += ",\"parts\":[";
    for (const ExplainNode& part : node.parts) {
      if (out.back() != '[') out += ',';
      AppendNode(out, part);
    }
    out += ']';
  }
  out += '}';
}

void AppendText(std::string& out, const ExplainNode& node, bool english, int depth) {
  static constexpr std::string_view kSigns[] = {"✗", "✓", "?", "!", "="};
  out += fmt::format("{:{}}{} {}\n", "", depth * 2, kSigns[static_cast<std::size_t>(node.verdict)],
                     english ? node.en : node.zh);
  for (const ExplainNode& part : node.parts) AppendText(out, part, english, depth + 1);
}

}  // namespace

Verdict VerdictOf(const Value& value) {
  if (value.IsUnknown()) return Verdict::kUnknown;
  if (!value.IsValue()) return Verdict::kError;
  if (value.kind != Kind::kBool) return Verdict::kValue;
  return value.i != 0 ? Verdict::kTrue : Verdict::kFalse;
}

std::string_view VerdictName(Verdict verdict) {
  static constexpr std::string_view kNames[] = {"false", "true", "unknown", "error", "value"};
  return kNames[static_cast<std::size_t>(verdict)];
}

Explanation Explain(const Program& program, Facts facts) { return Explainer(program, facts).Run(); }

std::string ToJson(const Explanation& explanation) {
  std::string out = "{";
  AppendMember(out, "verdict", VerdictName(explanation.root.verdict));
  out += ",\"missing\":";
  AppendList(out, explanation.missing);
  out += ",\"gaps\":{\"zh\":";
  AppendList(out, explanation.gaps_zh);
  out += ",\"en\":";
  AppendList(out, explanation.gaps_en);
  out += "},\"tree\":";
  AppendNode(out, explanation.root);
  return out + "}";
}

std::string ToText(const Explanation& explanation, bool english) {
  std::string out;
  AppendText(out, explanation.root, english, 0);
  const auto& gaps = english ? explanation.gaps_en : explanation.gaps_zh;
  if (gaps.empty()) return out;
  out += english ? "What is missing:\n" : "差什么：\n";
  for (const std::string& gap : gaps) out += "  - " + gap + "\n";
  return out;
}

}  // namespace landfall::rules
