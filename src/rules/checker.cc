// SPDX-License-Identifier: Apache-2.0
#include "rules/checker.h"

#include <algorithm>
#include <map>
#include <utility>

namespace landfall::rules {
namespace {

TypeRef Dyn() { return SimpleType(TypeKind::kDyn); }
TypeRef BoolType() { return SimpleType(TypeKind::kBool); }

// Names of types that are values by themselves.
constexpr std::pair<std::string_view, TypeKind> kTypeNames[] = {
    {"bool", TypeKind::kBool},
    {"int", TypeKind::kInt},
    {"uint", TypeKind::kUint},
    {"double", TypeKind::kDouble},
    {"string", TypeKind::kString},
    {"bytes", TypeKind::kBytes},
    {"list", TypeKind::kList},
    {"map", TypeKind::kMap},
    {"null_type", TypeKind::kNull},
    {"type", TypeKind::kType},
    {"optional_type", TypeKind::kOptional},
    {"google.protobuf.Timestamp", TypeKind::kTimestamp},
    {"google.protobuf.Duration", TypeKind::kDuration},
};

// Type variables and what is known of them, with the means to take guesses back.
class Unifier {
 public:
  explicit Unifier(Arena& arena) : arena_(arena) {}

  TypeRef Fresh() {
    auto* node = arena_.Array<TypeNode>(1);
    *node = TypeNode{TypeKind::kVar, static_cast<std::uint32_t>(bound_.size()), nullptr, nullptr};
    bound_.push_back(nullptr);
    return node;
  }
  std::size_t Mark() const { return trail_.size(); }
  void Undo(std::size_t mark) {
    for (; trail_.size() > mark; trail_.pop_back()) bound_[trail_.back().first] = trail_.back().second;
  }
  TypeRef Find(TypeRef type) const {
    while (type->kind == TypeKind::kVar && bound_[type->id] != nullptr) type = bound_[type->id];
    return type;
  }

  // Whether something of type `have` may stand where `want` is asked; binds variables. Undo after false.
  bool Assign(TypeRef want, TypeRef have) {
    const TypeRef last = LastVariable(want);
    const TypeRef w = Find(want);
    const TypeRef h = Find(have);
    if (w == h) return true;
    if (w->kind == TypeKind::kVar) return Bind(w, h);
    if (h->kind == TypeKind::kVar) return Bind(h, w);
    if (!AssignFound(w, h)) return false;
    if (last != nullptr && MoreGeneral(h, w)) Set(last->id, h);
    return true;
  }

  // The type of both, for elements of lists and values of maps: dyn where they do not fit.
  TypeRef Join(TypeRef a, TypeRef b) {
    const std::size_t mark = Mark();
    if (Assign(a, b)) return MoreGeneral(Find(b), Find(a)) ? b : a;
    Undo(mark);
    if (Assign(b, a)) return b;
    Undo(mark);
    return Dyn();
  }

  // With every variable replaced; what nobody found out is dyn.
  TypeRef Resolve(TypeRef type) {
    const TypeRef found = Find(type);
    if (found->kind == TypeKind::kVar) return Dyn();
    if (found->first == nullptr) return found;
    TypeRef first = Resolve(found->first);
    TypeRef second = found->second == nullptr ? nullptr : Resolve(found->second);
    if (first == found->first && second == found->second) return found;
    return MakeType(arena_, found->kind, first, second);
  }

  bool Same(TypeRef a, TypeRef b) const {
    a = Find(a);
    b = Find(b);
    if (a == b) return true;
    if (a->kind != b->kind || a->kind == TypeKind::kVar) return false;
    return (a->first == nullptr || Same(a->first, b->first)) && (a->second == nullptr || Same(a->second, b->second));
  }

  // The signature's parameters as fresh variables, the same letter the same variable.
  TypeRef Instantiate(TypeRef type, std::vector<TypeRef>& letters) {
    if (type->kind == TypeKind::kParam) {
      if (letters.size() <= type->id) letters.resize(type->id + 1, nullptr);
      if (letters[type->id] == nullptr) letters[type->id] = Fresh();
      return letters[type->id];
    }
    if (type->first == nullptr) return type;
    TypeRef first = Instantiate(type->first, letters);
    TypeRef second = type->second == nullptr ? nullptr : Instantiate(type->second, letters);
    if (first == type->first && second == type->second) return type;
    return MakeType(arena_, type->kind, first, second);
  }

 private:
  TypeRef LastVariable(TypeRef type) const {
    TypeRef last = nullptr;
    while (type->kind == TypeKind::kVar) {
      last = type;
      if (bound_[type->id] == nullptr) break;
      type = bound_[type->id];
    }
    return last;
  }
  void Set(std::uint32_t variable, TypeRef type) {
    trail_.emplace_back(variable, bound_[variable]);
    bound_[variable] = type;
  }
  bool Occurs(TypeRef variable, TypeRef type) const {
    type = Find(type);
    if (type == variable) return true;
    return (type->first != nullptr && Occurs(variable, type->first)) ||
           (type->second != nullptr && Occurs(variable, type->second));
  }
  bool Bind(TypeRef variable, TypeRef type) {
    if (Occurs(variable, type)) return false;
    Set(variable->id, type);
    return true;
  }
  static bool Nullable(TypeKind kind) {
    return kind == TypeKind::kTimestamp || kind == TypeKind::kDuration || kind == TypeKind::kOptional;
  }
  bool AssignFound(TypeRef w, TypeRef h) {
    if (w->kind == TypeKind::kDyn || h->kind == TypeKind::kDyn) return true;
    if ((h->kind == TypeKind::kNull && Nullable(w->kind)) || (w->kind == TypeKind::kNull && Nullable(h->kind)))
      return true;
    if (w->kind != h->kind) return false;
    if (w->kind == TypeKind::kType || w->first == nullptr) return true;
    return Assign(w->first, h->first) && (w->second == nullptr || Assign(w->second, h->second));
  }
  // `a` says dyn where `b` says something, or could be null where `b` is nothing else.
  bool MoreGeneral(TypeRef a, TypeRef b) const {
    a = Find(a);
    b = Find(b);
    if (b->kind == TypeKind::kNull && Nullable(a->kind)) return true;
    if (a->kind == TypeKind::kDyn) return b->kind != TypeKind::kDyn;
    if (a->kind != b->kind || a->first == nullptr || a->kind == TypeKind::kType) return false;
    return MoreGeneral(a->first, b->first) || (a->second != nullptr && MoreGeneral(a->second, b->second));
  }

  Arena& arena_;
  std::vector<TypeRef> bound_;
  std::vector<std::pair<std::uint32_t, TypeRef>> trail_;
};

class Checker {
 public:
  Checker(const Environment& environment, Ast& ast, bool strict, Diagnostic* where)
      : environment_(environment), ast_(ast), strict_(strict), where_(where), unifier_(ast.arena()) {}

  Result<Checked> Run() {
    if (!Visit(*ast_.root())) return std::move(*error_);
    Checked out;
    out.type = unifier_.Resolve(ast_.root()->type);
    out.locals = locals_most_;
    for (auto& [name, use] : uses_) out.facts.push_back(use);
    return out;
  }

 private:
  struct Local {
    std::string_view name;
    TypeRef type;
  };

  bool Refuse(const Expr& at, std::string_view code, std::string subject, std::string zh = {}, std::string en = {}) {
    Diagnostic diagnostic = DiagnosticAt(ast_.source(), code, at.begin, at.end);
    diagnostic.subject = std::move(subject);
    diagnostic.hint_zh = std::move(zh);
    diagnostic.hint_en = std::move(en);
    error_ = ToError(diagnostic);
    if (where_ != nullptr) *where_ = std::move(diagnostic);
    return false;
  }
  // A misfit of types: an error when strict, else dyn and left to run time.
  bool Misfit(Expr& at, std::string_view code, std::string subject, std::string zh = {}, std::string en = {}) {
    if (strict_) return Refuse(at, code, std::move(subject), std::move(zh), std::move(en));
    at.type = Dyn();
    return true;
  }
  TypeRef Make(TypeKind kind, TypeRef first, TypeRef second = nullptr) {
    return MakeType(ast_.arena(), kind, first, second);
  }
  std::string Text(TypeRef type) { return TypeText(unifier_.Resolve(type)); }

  bool Visit(Expr& expr) {
    switch (expr.kind) {
      case ExprKind::kLiteral:
        return VisitLiteral(expr);
      case ExprKind::kIdent:
        return VisitIdent(expr);
      case ExprKind::kSelect:
        return VisitSelect(expr);
      case ExprKind::kCall:
        return VisitCall(expr);
      case ExprKind::kList:
        return VisitList(expr);
      case ExprKind::kMap:
        return VisitMap(expr);
      case ExprKind::kMacro:
        return VisitMacro(expr);
    }
    return false;
  }

  bool VisitLiteral(Expr& expr) {
    static constexpr TypeKind kByKind[] = {TypeKind::kDyn,    TypeKind::kDyn,  TypeKind::kDyn,  TypeKind::kNull,
                                           TypeKind::kBool,   TypeKind::kInt,  TypeKind::kUint, TypeKind::kDouble,
                                           TypeKind::kString, TypeKind::kBytes};
    expr.type = SimpleType(kByKind[static_cast<std::size_t>(expr.literal.kind)]);
    return true;
  }

  // "a.b.c" for a chain of names from an identifier, else empty. Longer chains than 16 are no names.
  static std::string ChainOf(const Expr& expr) {
    if (expr.depth > 16) return {};
    if (expr.kind == ExprKind::kIdent) return std::string(expr.name);
    if (expr.kind != ExprKind::kSelect || expr.optional || expr.test) return {};
    std::string inner = ChainOf(*expr.kids[0]);
    return inner.empty() ? inner : inner + "." + std::string(expr.name);
  }
  const Expr& RootOf(const Expr& expr) const { return expr.kind == ExprKind::kSelect ? RootOf(*expr.kids[0]) : expr; }
  const Local* FindLocal(const Expr& ident) const {
    if (ident.rooted) return nullptr;
    for (auto it = locals_.rbegin(); it != locals_.rend(); ++it)
      if (it->name == ident.name) return &*it;
    return nullptr;
  }

  bool UseFact(Expr& expr, const std::string& name, std::uint32_t slot, TypeRef type) {
    uses_.try_emplace(name, FactUse{name, slot, type});
    expr.ref = Ref::kFact;
    expr.index = slot;
    expr.type = type;
    expr.count = 0;  // A chain that is a fact has no operand to evaluate.
    return true;
  }
  bool UseMissing(Expr& expr, const std::string& name) {
    const auto found = uses_.find(name);
    const auto slot =
        found != uses_.end() ? found->second.slot : static_cast<std::uint32_t>(environment_.size()) + implicit_++;
    return UseFact(expr, name, slot, Dyn());
  }
  // Whether the chain stands for a declared fact or the name of a type.
  bool TryName(Expr& expr, const std::string& name) {
    if (const auto slot = environment_.SlotOf(name)) {
      UseFact(expr, name, *slot, environment_.fact(*slot).type);
      return true;
    }
    for (const auto& [type_name, kind] : kTypeNames) {
      if (type_name != name || expr.test) continue;
      expr.ref = Ref::kType;
      expr.literal = Value::TypeName(type_name);
      expr.type = Make(TypeKind::kType, SimpleType(TypeKind::kDyn));
      expr.count = 0;
      return true;
    }
    return false;
  }

  bool VisitIdent(Expr& expr) {
    if (const Local* local = FindLocal(expr)) {
      expr.ref = Ref::kLocal;
      expr.index = static_cast<std::uint32_t>(local - locals_.data());
      expr.type = local->type;
      return true;
    }
    const std::string name(expr.name);
    if (TryName(expr, name)) return true;
    if (environment_.open()) return UseMissing(expr, name);
    expr.ref = Ref::kUndeclared;
    return Undeclared(expr, name);
  }
  bool Undeclared(Expr& expr, const std::string& name) {
    const std::string near = environment_.NearestFact(name);
    return Misfit(expr, "rules.undeclared", name, near.empty() ? "" : "是不是想写 " + near + "？",
                  near.empty() ? "" : "did you mean " + near + "?");
  }

  bool VisitSelect(Expr& expr) {
    const std::string chain = expr.test ? TestedChain(expr) : ChainOf(expr);
    if (!chain.empty() && FindLocal(RootOf(expr)) == nullptr) {
      if (TryName(expr, chain)) {
        if (expr.test) expr.type = BoolType();
        return true;
      }
      if (environment_.open() && OpenChain(*expr.kids[0])) {
        UseMissing(expr, chain);
        if (expr.test) expr.type = BoolType();
        return true;
      }
    }
    if (!Visit(*expr.kids[0])) return false;
    return SelectFrom(expr, unifier_.Find(expr.kids[0]->type));
  }
  std::string TestedChain(const Expr& expr) const {
    if (expr.optional) return {};
    std::string inner = ChainOf(*expr.kids[0]);
    return inner.empty() ? inner : inner + "." + std::string(expr.name);
  }
  // In an open environment: nothing on the way is declared, or the last declared name is a record.
  bool OpenChain(const Expr& expr) const {
    const std::string chain = ChainOf(expr);
    if (const auto slot = environment_.SlotOf(chain)) return environment_.fact(*slot).open;
    return expr.kind == ExprKind::kIdent || OpenChain(*expr.kids[0]);
  }

  bool SelectFrom(Expr& expr, TypeRef operand) {
    bool optional = expr.optional;
    if (operand->kind == TypeKind::kOptional) {
      optional = true;
      operand = unifier_.Find(operand->first);
    }
    TypeRef field = Dyn();
    if (operand->kind == TypeKind::kMap) {
      field = operand->second;
    } else if (operand->kind != TypeKind::kDyn && operand->kind != TypeKind::kVar) {
      return Misfit(expr, "rules.no_such_field", Text(operand), "只有记录（map）才有字段", "only maps have fields");
    }
    expr.type = expr.test ? BoolType() : optional ? Make(TypeKind::kOptional, field) : field;
    return true;
  }

  bool VisitKids(Expr& expr) {
    for (Expr* kid : expr.children())
      if (!Visit(*kid)) return false;
    return true;
  }

  bool VisitList(Expr& expr) {
    if (!VisitKids(expr)) return false;
    TypeRef element = nullptr;
    for (std::uint32_t i = 0; i < expr.count; ++i) {
      TypeRef type = expr.kids[i]->type;
      if (expr.marks != nullptr && expr.marks[i] && !Unwrap(*expr.kids[i], &type)) return false;
      element = element == nullptr ? type : unifier_.Join(element, type);
    }
    expr.type = Make(TypeKind::kList, element == nullptr ? unifier_.Fresh() : element);
    return true;
  }
  // The inside of an optional that stands behind "?".
  bool Unwrap(Expr& expr, TypeRef* type) {
    const TypeRef found = unifier_.Find(*type);
    if (found->kind == TypeKind::kOptional) {
      *type = found->first;
      return true;
    }
    *type = Dyn();
    if (found->kind == TypeKind::kDyn || found->kind == TypeKind::kVar || !strict_) return true;
    return Refuse(expr, "rules.no_such_overload", Text(found), "问号后面要是可选值", "an optional belongs behind ?");
  }

  bool VisitMap(Expr& expr) {
    if (!VisitKids(expr)) return false;
    TypeRef key = nullptr;
    TypeRef value = nullptr;
    for (std::uint32_t i = 0; i < expr.count; i += 2) {
      TypeRef type = expr.kids[i + 1]->type;
      if (expr.marks != nullptr && expr.marks[i / 2] && !Unwrap(*expr.kids[i + 1], &type)) return false;
      key = key == nullptr ? expr.kids[i]->type : unifier_.Join(key, expr.kids[i]->type);
      value = value == nullptr ? type : unifier_.Join(value, type);
    }
    if (key == nullptr) {
      key = unifier_.Fresh();
      value = unifier_.Fresh();
    }
    expr.type = Make(TypeKind::kMap, key, value);
    return true;
  }

  bool VisitCall(Expr& expr) {
    if (expr.name == "_&&_" || expr.name == "_||_") {
      expr.type = BoolType();
      if (!VisitKids(expr)) return false;
      for (Expr* kid : expr.children())
        if (!ExpectBool(*kid)) return false;
      return true;
    }
    if (!FindFunction(expr)) return false;
    if (!VisitKids(expr)) return false;
    if (expr.function == nullptr) {
      expr.type = Dyn();
      return true;
    }
    return expr.function->variadic ? CheckGreatest(expr) : Resolve(expr);
  }
  bool ExpectBool(Expr& kid) {
    if (unifier_.Assign(BoolType(), kid.type) || !strict_) return true;
    return Refuse(kid, "rules.not_bool", Text(kid.type), "这里要一个真假判断",
                  "a condition, true or false, belongs here");
  }

  const Function* Lookup(std::string_view name) const {
    const Function* host = environment_.FindHostFunction(name);
    return host != nullptr ? host : FindStandardFunction(name);
  }
  // Finds the function; "math.ceil(x)" loses the target it only seems to have.
  bool FindFunction(Expr& expr) {
    if (expr.member) {
      const std::string chain = ChainOf(*expr.kids[0]);
      if (!chain.empty() && FindLocal(RootOf(*expr.kids[0])) == nullptr) {
        if (const Function* function = Lookup(chain + "." + std::string(expr.name))) {
          expr.function = function;
          expr.name = function->name;
          expr.member = false;
          ++expr.kids;
          --expr.count;
          return true;
        }
      }
    }
    expr.function = Lookup(expr.name);
    if (expr.function != nullptr) return true;
    const std::string name(expr.name);
    const std::string near = environment_.NearestFunction(name);
    return Misfit(expr, "rules.unknown_function", name, near.empty() ? "" : "是不是想写 " + near + "()？",
                  near.empty() ? "" : "did you mean " + near + "()?");
  }

  bool CheckGreatest(Expr& expr) {
    TypeRef common = nullptr;
    bool fits = expr.count > 0;
    std::span<Expr* const> kids = expr.children();
    for (const Expr* kid : kids) {
      TypeRef type = unifier_.Find(kid->type);
      if (type->kind == TypeKind::kList && expr.count == 1) type = unifier_.Find(type->first);
      const bool number =
          type->kind == TypeKind::kInt || type->kind == TypeKind::kUint || type->kind == TypeKind::kDouble;
      fits = fits && (number || type->kind == TypeKind::kDyn || type->kind == TypeKind::kVar);
      common = common == nullptr || common->kind == type->kind ? type : Dyn();
    }
    if (!fits)
      return Misfit(expr, "rules.no_such_overload", Describe(expr), "参数要是数", "the arguments must be numbers");
    expr.type = common;
    return true;
  }

  std::string Describe(const Expr& expr) {
    std::string out(expr.name);
    out += '(';
    for (std::uint32_t i = 0; i < expr.count; ++i) {
      if (i > 0) out += ", ";
      out += Text(expr.kids[i]->type);
    }
    return out + ")";
  }

  bool Resolve(Expr& expr) {
    TypeRef result = nullptr;
    bool arity = false;
    for (const Overload& overload : expr.function->overloads) {
      if (overload.params.size() != expr.count || overload.member != expr.member) continue;
      arity = true;
      const std::size_t mark = unifier_.Mark();
      std::vector<TypeRef> letters;
      bool fits = true;
      for (std::uint32_t i = 0; i < expr.count && fits; ++i) {
        fits = unifier_.Assign(unifier_.Instantiate(overload.params[i], letters), expr.kids[i]->type);
      }
      if (!fits) {
        unifier_.Undo(mark);
        continue;
      }
      TypeRef type = unifier_.Instantiate(overload.result, letters);
      if (result == nullptr)
        result = type;
      else if (!unifier_.Same(result, type))
        result = Dyn();
    }
    if (result != nullptr) {
      expr.type = result;
      return true;
    }
    const auto [zh, en] = HintFor(expr, arity);
    return Misfit(expr, "rules.no_such_overload", Describe(expr), zh, en);
  }

  std::pair<std::string, std::string> HintFor(const Expr& expr, bool arity) {
    if (!arity) {
      return expr.member ? std::pair<std::string, std::string>{"参数个数或写法不对",
                                                               "wrong number of arguments, or not written behind a dot"}
                         : std::pair<std::string, std::string>{
                               "参数个数或写法不对", "wrong number of arguments, or to be written behind a dot"};
    }
    if (expr.count == 2 && !expr.member) {
      const TypeKind a = unifier_.Find(expr.kids[0]->type)->kind;
      const TypeKind b = unifier_.Find(expr.kids[1]->type)->kind;
      const auto is = [&](TypeKind x, TypeKind y) { return (a == x && b == y) || (a == y && b == x); };
      if (is(TypeKind::kInt, TypeKind::kDouble))
        return {"整数和小数要先统一，例如 double(x) 或写 2.0", "make both the same, as in double(x) or 2.0"};
      if (is(TypeKind::kTimestamp, TypeKind::kString))
        return {"日期文字要写 day('2024-01-31') 或 timestamp('…')", "write day('2024-01-31') or timestamp('…')"};
      if (is(TypeKind::kInt, TypeKind::kString) || is(TypeKind::kDouble, TypeKind::kString))
        return {"数不要加引号，或用 int('5')、string(5) 转换",
                "take the quotes off, or convert with int('5') or string(5)"};
    }
    return {"", ""};
  }

  // The element a macro runs over: (first, second) variable types.
  bool RangeTypes(Expr& range, bool two, std::pair<TypeRef, TypeRef>* out) {
    TypeRef type = unifier_.Find(range.type);
    switch (type->kind) {
      case TypeKind::kList:
        *out = two ? std::pair{SimpleType(TypeKind::kInt), type->first} : std::pair{type->first, Dyn()};
        return true;
      case TypeKind::kMap:
        *out = {type->first, type->second};
        return true;
      case TypeKind::kDyn:
      case TypeKind::kVar:
        *out = {Dyn(), Dyn()};
        return true;
      default:
        break;
    }
    *out = {Dyn(), Dyn()};
    return !strict_ || Refuse(range, "rules.bad_range", Text(type), "只能对列表或记录逐项判断",
                              "only lists and maps can be gone through");
  }

  void Push(std::string_view name, TypeRef type) {
    locals_.push_back({name, type});
    locals_most_ = std::max(locals_most_, static_cast<std::uint32_t>(locals_.size()));
  }

  bool VisitMacro(Expr& expr) {
    Expr& range = *expr.kids[0];
    if (!Visit(range)) return false;
    const bool two = !expr.var2.empty();
    const std::size_t before = locals_.size();
    expr.index = static_cast<std::uint32_t>(before);
    const bool binds = expr.macro == Macro::kBind || expr.macro == Macro::kOptMap || expr.macro == Macro::kOptFlatMap;
    if (binds) {
      TypeRef type = range.type;
      if (expr.macro != Macro::kBind && !Unwrap(range, &type)) return false;
      Push(expr.var1, type);
    } else {
      std::pair<TypeRef, TypeRef> types;
      if (!RangeTypes(range, two, &types)) return false;
      Push(expr.var1, types.first);
      if (two) Push(expr.var2, types.second);
    }
    for (std::uint32_t i = 1; i < expr.count; ++i)
      if (!Visit(*expr.kids[i])) return false;
    locals_.resize(before);
    return MacroType(expr);
  }
  bool MacroType(Expr& expr) {
    Expr& body = *expr.kids[expr.count - 1];
    if (expr.count == 3 && !ExpectBool(*expr.kids[1])) return false;
    switch (expr.macro) {
      case Macro::kAll:
      case Macro::kExists:
      case Macro::kExistsOne:
        expr.type = BoolType();
        return ExpectBool(body);
      case Macro::kFilter: {
        const TypeRef range = unifier_.Find(expr.kids[0]->type);
        expr.type = Make(TypeKind::kList,
                         range->kind == TypeKind::kList || range->kind == TypeKind::kMap ? range->first : Dyn());
        return ExpectBool(body);
      }
      case Macro::kMap:
      case Macro::kTransformList:
        expr.type = Make(TypeKind::kList, body.type);
        return true;
      case Macro::kTransformMap: {
        const TypeRef range = unifier_.Find(expr.kids[0]->type);
        TypeRef key = range->kind == TypeKind::kMap    ? range->first
                      : range->kind == TypeKind::kList ? SimpleType(TypeKind::kInt)
                                                       : Dyn();
        expr.type = Make(TypeKind::kMap, key, body.type);
        return true;
      }
      case Macro::kTransformMapEntry:
        expr.type = Make(TypeKind::kMap, Dyn(), Dyn());
        return true;
      case Macro::kBind:
        expr.type = body.type;
        return true;
      case Macro::kOptMap:
        expr.type = Make(TypeKind::kOptional, body.type);
        return true;
      case Macro::kOptFlatMap: {
        TypeRef inner = body.type;
        if (!Unwrap(body, &inner)) return false;
        expr.type = Make(TypeKind::kOptional, inner);
        return true;
      }
      case Macro::kNone:
        break;
    }
    return false;
  }

  const Environment& environment_;
  Ast& ast_;
  bool strict_;
  Diagnostic* where_;
  Unifier unifier_;
  std::vector<Local> locals_;
  std::uint32_t locals_most_ = 0;
  std::uint32_t implicit_ = 0;
  std::map<std::string, FactUse> uses_;
  std::optional<Error> error_;
};

}  // namespace

Result<Checked> Check(const Environment& environment, Ast& ast, bool strict, Diagnostic* where) {
  return Checker(environment, ast, strict, where).Run();
}

}  // namespace landfall::rules
