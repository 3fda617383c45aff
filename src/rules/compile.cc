// SPDX-License-Identifier: Apache-2.0
// From the checked tree to nodes, with constants computed once and the frequent shapes fused.
#include <algorithm>
#include <bit>
#include <map>
#include <optional>

#include "rules/code.h"
#include "rules/program.h"

namespace landfall::rules {
namespace {

// Steps all folding of one program may take together.
constexpr std::int64_t kFoldSteps = 20'000;
constexpr std::uint32_t kLinearSetMost = 4;

struct OperatorCode {
  std::string_view name;
  Op op;
  std::uint8_t mask;
};
constexpr OperatorCode kOperators[] = {
    {"_&&_", Op::kAnd, 0},
    {"_||_", Op::kOr, 0},
    {"!_", Op::kNot, 0},
    {"_?_:_", Op::kTernary, 0},
    {"_==_", Op::kEqual, kEqualMask},
    {"_!=_", Op::kNotEqual, kNotEqualMask},
    {"_<_", Op::kCompare, kLessBit},
    {"_<=_", Op::kCompare, kLessBit | kEqualBit},
    {"_>_", Op::kCompare, kGreaterBit},
    {"_>=_", Op::kCompare, kGreaterBit | kEqualBit},
    {"@in", Op::kIn, 0},
    {"_+_", Op::kAdd, 0},
    {"_-_", Op::kSub, 0},
    {"_*_", Op::kMul, 0},
    {"_/_", Op::kDiv, 0},
    {"_%_", Op::kMod, 0},
    {"-_", Op::kNegate, 0},
    {"_[_]", Op::kIndex, 0},
    {"_[?_]", Op::kIndex, 0},
};

// "5 < x" is "x > 5".
std::uint8_t Turned(std::uint8_t mask) {
  return static_cast<std::uint8_t>((mask & (kEqualBit | kUnorderedBit)) | (mask & kLessBit ? kGreaterBit : 0) |
                                   (mask & kGreaterBit ? kLessBit : 0));
}

class Compiler {
 public:
  Compiler(Code& code, bool optimize, Diagnostic* where) : code_(code), optimize_(optimize), where_(where) {
    for (std::uint32_t i = 0; i < code.facts.size(); ++i) bits_[code.facts[i].slot] = i;
  }

  Result<Ok> Run() {
    code_.root = Build(*code_.ast.root()).id;
    if (error_) return std::move(*error_);
    return Ok{};
  }

 private:
  // A node, and whether it has a value that never changes (and computing it has not failed).
  struct Built {
    std::uint32_t id = 0;
    bool constant = false;
  };

  std::uint32_t Append(const Expr& expr, Node node, std::span<const std::uint32_t> kids) {
    node.source = expr.begin;
    node.kids = static_cast<std::uint32_t>(code_.kids.size());
    node.count = static_cast<std::uint32_t>(kids.size());
    code_.kids.insert(code_.kids.end(), kids.begin(), kids.end());
    code_.nodes.push_back(node);
    return static_cast<std::uint32_t>(code_.nodes.size()) - 1;
  }

  Built Build(Expr& expr) {
    const Built out = BuildFresh(expr);
    expr.node = out.id;
    return out;
  }

  Built BuildFresh(const Expr& expr) {
    Node node;
    switch (expr.kind) {
      case ExprKind::kLiteral:
        node.constant = expr.literal;
        return {Append(expr, node, {}), true};
      case ExprKind::kIdent:
      case ExprKind::kSelect:
        if (expr.ref != Ref::kNone) return Reference(expr);
        return SelectNode(expr);
      case ExprKind::kCall:
        return CallNode(expr);
      case ExprKind::kList:
        node.op = Op::kList;
        node.marks = expr.marks;
        return WithKids(expr, node);
      case ExprKind::kMap:
        node.op = Op::kMap;
        node.marks = expr.marks;
        return WithKids(expr, node);
      case ExprKind::kMacro:
        return MacroNode(expr);
    }
    return {};
  }

  Built Reference(const Expr& expr) {
    Node node;
    switch (expr.ref) {
      case Ref::kType:
        node.constant = expr.literal;
        return {Append(expr, node, {}), true};
      case Ref::kFact:
        node.op = expr.test ? Op::kHasFact : Op::kFact;
        node.index = expr.index;
        node.bit = bits_.at(expr.index);
        break;
      case Ref::kLocal:
        node.op = Op::kLocal;
        node.index = expr.index;
        break;
      default:
        node.op = Op::kFail;
        node.index = static_cast<std::uint32_t>(EvalFault::kUndeclared);
    }
    return {Append(expr, node, {}), false};
  }

  Built SelectNode(const Expr& expr) {
    Node node;
    node.op = expr.test ? Op::kHas : Op::kSelect;
    node.optional = expr.optional;
    node.constant = Value::String(expr.name);
    return WithKids(expr, node);
  }

  // Builds the kids, then the node; folds it when all kids are constant.
  Built WithKids(const Expr& expr, Node node, bool foldable = true) {
    std::vector<std::uint32_t> kids;
    bool constant = foldable;
    for (Expr* kid : expr.children()) {
      const Built built = Build(*kid);
      kids.push_back(built.id);
      constant = constant && built.constant;
    }
    if (optimize_ && Fuse(expr, node, kids)) return {static_cast<std::uint32_t>(code_.nodes.size()) - 1, false};
    const std::uint32_t id = Append(expr, node, kids);
    return {id, constant && optimize_ && Fold(id)};
  }

  // Computes a node whose kids are constant, once and for all.
  bool Fold(std::uint32_t id) {
    if (fold_left_ <= 0) return false;
    Meter meter(fold_left_);
    Machine machine(code_, {}, CallScope(code_.constants, meter, nullptr), nullptr);
    const Value value = machine.Eval(id);
    fold_left_ = meter.left();
    if (!value.IsValue()) return false;
    Node& node = code_.nodes[id];
    const std::uint32_t source = node.source;
    node = Node{};
    node.source = source;
    node.constant = value;
    return true;
  }

  const Value* Constant(std::uint32_t id) const {
    return code_.nodes[id].op == Op::kConst ? &code_.nodes[id].constant : nullptr;
  }

  // The shapes that deserve a node of their own: fact against constant, membership in a constant list, constant
  // pattern.
  bool Fuse(const Expr& expr, Node node, std::span<const std::uint32_t> kids) {
    if (kids.size() != 2) return false;
    const Value* left = Constant(kids[0]);
    const Value* right = Constant(kids[1]);
    if (node.op == Op::kCompare || node.op == Op::kEqual || node.op == Op::kNotEqual) {
      const bool turned = left != nullptr;
      const Node& fact = code_.nodes[kids[turned ? 1 : 0]];
      const Value* constant = turned ? left : right;
      if (constant == nullptr || fact.op != Op::kFact) return false;
      Node fused;
      fused.op = Op::kFactCompare;
      fused.mask = turned ? Turned(node.mask) : node.mask;
      fused.index = fact.index;
      fused.bit = fact.bit;
      fused.constant = *constant;
      Append(expr, fused, {});
      return true;
    }
    if (node.op == Op::kIn && right != nullptr && left == nullptr && right->kind == Kind::kList) {
      const auto set = MakeSet(*right);
      if (!set) return false;
      Node fused;
      fused.op = Op::kInSet;
      fused.index = *set;
      Append(expr, fused, kids.first(1));
      return true;
    }
    return false;
  }

  std::optional<std::uint32_t> MakeSet(const Value& list) {
    for (std::uint32_t i = 0; i < list.aux; ++i) {
      const Kind kind = list.items[i].kind;
      if (kind < Kind::kNull || kind > Kind::kDuration) return std::nullopt;
    }
    ConstantSet set;
    set.list = list;
    if (list.aux > kLinearSetMost) {
      set.table.assign(std::bit_ceil(list.aux * 2), 0);
      for (std::uint32_t i = 0; i < list.aux; ++i) {
        std::uint64_t at = HashScalar(list.items[i]) & (set.table.size() - 1);
        while (set.table[at] != 0) at = (at + 1) & (set.table.size() - 1);
        set.table[at] = i + 1;
      }
    }
    code_.sets.push_back(std::move(set));
    return static_cast<std::uint32_t>(code_.sets.size()) - 1;
  }

  Built CallNode(const Expr& expr) {
    Node node;
    for (const OperatorCode& op : kOperators) {
      if (op.name != expr.name) continue;
      node.op = op.op;
      node.mask = op.mask;
      node.optional = expr.name == "_[?_]";
      return WithKids(expr, node);
    }
    if (expr.count == 2 && expr.function != nullptr && expr.function == FindStandardFunction("matches")) {
      if (const Expr& pattern = *expr.kids[1];
          pattern.kind == ExprKind::kLiteral && pattern.literal.kind == Kind::kString) {
        return MatchesNode(expr, pattern);
      }
    }
    const bool lazy = expr.member && expr.count == 2 && (expr.name == "or" || expr.name == "orValue") &&
                      expr.function != nullptr && expr.function == FindStandardFunction(expr.name);
    if (lazy) {
      node.op = Op::kOptOr;
      node.two = expr.name == "orValue";
      return WithKids(expr, node);
    }
    node.op = Op::kCall;
    node.two = expr.member;
    node.index = static_cast<std::uint32_t>(code_.functions.size());
    code_.functions.push_back(expr.function);
    return WithKids(expr, node, IsPure(expr.function));
  }

  static bool IsPure(const Function* function) {
    if (function == nullptr) return false;
    return std::all_of(function->overloads.begin(), function->overloads.end(),
                       [](const Overload& overload) { return overload.host == nullptr || overload.host->pure; });
  }

  Built MatchesNode(const Expr& expr, const Expr& pattern) {
    auto regex = Regex::Compile(pattern.literal.str());
    if (!regex) {
      Diagnostic diagnostic = DiagnosticAt(code_.ast.source(), "rules.bad_pattern", pattern.begin, pattern.end);
      if (!error_) {
        error_ = ToError(diagnostic);
        if (where_ != nullptr) *where_ = std::move(diagnostic);
      }
      return {};
    }
    Node node;
    node.op = Op::kMatches;
    node.index = static_cast<std::uint32_t>(code_.patterns.size());
    code_.patterns.push_back(std::move(*regex));
    return WithKids(expr, node);
  }

  Built MacroNode(const Expr& expr) {
    static constexpr Op kOps[] = {Op::kFail,          Op::kAll,          Op::kExists,
                                  Op::kExistsOne,     Op::kFilter,       Op::kMapMacro,
                                  Op::kTransformList, Op::kTransformMap, Op::kTransformMapEntry,
                                  Op::kBind,          Op::kOptMap,       Op::kOptFlatMap};
    Node node;
    node.op = kOps[static_cast<std::size_t>(expr.macro)];
    node.index = expr.index;
    node.two = !expr.var2.empty();
    return WithKids(expr, node, false);
  }

  Code& code_;
  bool optimize_;
  Diagnostic* where_;
  std::map<std::uint32_t, std::uint32_t> bits_;  // Of a fact's slot: its place in Code::facts.
  std::int64_t fold_left_ = kFoldSteps;
  std::optional<Error> error_;
};

}  // namespace

Result<Program> Program::Compile(const Environment& environment, std::string_view source, Diagnostic* where,
                                 const CompileOptions& options) {
  LF_ASSIGN(Ast ast, Parse(source, where, options.parse));
  auto code = std::make_shared<Code>(std::move(ast));
  LF_ASSIGN(Checked checked, Check(environment, code->ast, options.check, where));
  code->environment = &environment;
  code->type = checked.type;
  code->facts = std::move(checked.facts);
  code->locals = checked.locals;
  code->wide = code->facts.size() > 64;
  LF_TRY(Compiler(*code, options.optimize, where).Run());
  return Program(std::move(code));
}

const std::string& Program::source() const { return code_->ast.source(); }
const Environment& Program::environment() const { return *code_->environment; }
std::string Program::type() const { return TypeText(code_->type); }
std::span<const FactUse> Program::facts() const { return code_->facts; }
const Expr& Program::root() const { return *code_->ast.root(); }

struct Evaluator::Scratch {
  explicit Scratch(std::size_t memory) : arena(memory) {}
  Arena arena;
  std::vector<Value> locals;
  std::unique_ptr<Regex> pattern;
  std::string pattern_text;
};

Evaluator::Evaluator(Limits limits) : limits_(limits), scratch_(std::make_unique<Scratch>(limits.memory)) {}
Evaluator::~Evaluator() = default;
Evaluator::Evaluator(Evaluator&&) noexcept = default;
Evaluator& Evaluator::operator=(Evaluator&&) noexcept = default;

Value Evaluator::Run(const Code& code, std::uint32_t node, Facts facts) {
  scratch_->arena.Reset();
  if (scratch_->locals.size() < code.locals) scratch_->locals.resize(code.locals);
  Meter meter(limits_.steps);
  CallScope scope(scratch_->arena, meter, code.environment->zones());
  scope.pattern_cache = &scratch_->pattern;
  scope.pattern_cached = &scratch_->pattern_text;
  const Value out = Machine(code, facts, scope, scratch_->locals.data()).Eval(node);
  steps_ = limits_.steps - meter.left();
  return out;
}

Value Evaluator::Eval(const Program& program, Facts facts) { return Run(program.code(), program.code().root, facts); }

Value Evaluator::EvalPart(const Program& program, const Expr& expr, Facts facts) {
  return Run(program.code(), expr.node, facts);
}

std::vector<std::string_view> Evaluator::Missing(const Program& program, const Value& unknown) const {
  std::vector<std::string_view> out;
  if (!unknown.IsUnknown()) return out;
  const Code& code = program.code();
  const auto* words = code.wide ? reinterpret_cast<const std::uint64_t*>(unknown.items) : &unknown.u;
  for (std::size_t i = 0; i < code.facts.size(); ++i)
    if (words[i / 64] >> (i % 64) & 1) out.push_back(code.facts[i].name);
  return out;
}

Diagnostic Locate(const Program& program, const Value& error) {
  const auto at = static_cast<std::uint32_t>(error.u);
  return DiagnosticAt(program.source(), FaultCode(error.fault()), at, at);
}

}  // namespace landfall::rules
