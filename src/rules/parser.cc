// SPDX-License-Identifier: Apache-2.0
// Recursive descent with one function for all binary levels; every way down counts its depth.
#include <algorithm>
#include <array>
#include <optional>

#include "rules/ast.h"
#include "rules/lexer.h"

namespace landfall::rules {
namespace {

constexpr std::string_view kReserved[] = {"as",        "break",  "const",  "continue", "else", "for",
                                          "function",  "if",     "import", "let",      "loop", "package",
                                          "namespace", "return", "var",    "void",     "while"};
bool IsReserved(std::string_view word) {
  return std::find(std::begin(kReserved), std::end(kReserved), word) != std::end(kReserved);
}

struct Level {
  std::array<std::string_view, 7> tokens;
  std::array<std::string_view, 7> names;
};
constexpr Level kLevels[] = {
    {{"||"}, {"_||_"}},
    {{"&&"}, {"_&&_"}},
    {{"<", "<=", ">=", ">", "==", "!=", "in"}, {"_<_", "_<=_", "_>=_", "_>_", "_==_", "_!=_", "@in"}},
    {{"+", "-"}, {"_+_", "_-_"}},
    {{"*", "/", "%"}, {"_*_", "_/_", "_%_"}},
};

struct MacroShape {
  std::string_view name;
  Macro macro;
  std::uint32_t least, most;  // Arguments in parentheses.
  std::uint32_t variables;
};
constexpr MacroShape kMacros[] = {
    {"all", Macro::kAll, 2, 2, 1},
    {"all", Macro::kAll, 3, 3, 2},
    {"exists", Macro::kExists, 2, 2, 1},
    {"exists", Macro::kExists, 3, 3, 2},
    {"exists_one", Macro::kExistsOne, 2, 2, 1},
    {"exists_one", Macro::kExistsOne, 3, 3, 2},
    {"existsOne", Macro::kExistsOne, 2, 2, 1},
    {"existsOne", Macro::kExistsOne, 3, 3, 2},
    {"filter", Macro::kFilter, 2, 2, 1},
    {"map", Macro::kMap, 2, 3, 1},
    {"transformList", Macro::kTransformList, 3, 4, 2},
    {"transformMap", Macro::kTransformMap, 3, 4, 2},
    {"transformMapEntry", Macro::kTransformMapEntry, 3, 4, 2},
    {"optMap", Macro::kOptMap, 2, 2, 1},
    {"optFlatMap", Macro::kOptFlatMap, 2, 2, 1},
};

}  // namespace

class Parser {
 public:
  Parser(std::string_view source, Diagnostic* where, const ParseLimits& limits)
      : ast_(source), where_(where), limits_(limits), lexer_(ast_.source(), ast_.arena()) {}

  Result<Ast> Run() {
    if (source().size() > limits_.bytes) return Refuse("rules.too_long", 0, 0);
    for (std::size_t at = 0; at < source().size();) {
      const std::size_t before = at;
      if (NextCodePoint(source(), at) == 0xfffd && at == before + 1) {
        return Refuse("rules.bad_utf8", static_cast<std::uint32_t>(before), static_cast<std::uint32_t>(at));
      }
    }
    Advance();
    Expr* root = ParseExpr();
    if (root != nullptr && now_.token != Token::kEnd) root = Unexpected();
    if (root == nullptr) return std::move(*error_);
    ast_.root_ = root;
    return std::move(ast_);
  }

 private:
  const std::string& source() const { return *ast_.source_; }

  Error Refuse(std::string_view code, std::uint32_t begin, std::uint32_t end, std::string_view hint_zh = {},
               std::string_view hint_en = {}) {
    Diagnostic diagnostic = DiagnosticAt(source(), code, begin, end);
    diagnostic.hint_zh = hint_zh;
    diagnostic.hint_en = hint_en;
    Error error = ToError(diagnostic);
    if (!error_) {
      if (where_ != nullptr) *where_ = std::move(diagnostic);
      error_ = error;
    }
    return error;
  }
  Expr* Fail(std::string_view code, std::uint32_t begin, std::uint32_t end, std::string_view zh = {},
             std::string_view en = {}) {
    Refuse(code, begin, end, zh, en);
    return nullptr;
  }
  // The token now in hand does not belong here.
  Expr* Unexpected() {
    if (now_.token == Token::kBad) {
      if (now_.why == "rules.bad_literal") return Fail(now_.why, now_.begin, now_.end);
      const char c = now_.text.empty() ? '\0' : now_.text[0];
      const bool quote = c == '"' || c == '\'' || c == '`' || c == 'r' || c == 'b' || c == 'R' || c == 'B';
      if (quote) return Fail(now_.why, now_.begin, now_.end, "这段文字没有收尾的引号", "the closing quote is missing");
      if (c == '=') return Fail(now_.why, now_.begin, now_.end, "判断相等请写 ==", "write == to compare");
      if (c == '&') return Fail(now_.why, now_.begin, now_.end, "“并且”请写 &&", "write && for and");
      if (c == '|') return Fail(now_.why, now_.begin, now_.end, "“或者”请写 ||", "write || for or");
      if (static_cast<unsigned char>(c) >= 0x80) {
        return Fail(now_.why, now_.begin, now_.end, "中文和全角符号只能写在引号里；括号、逗号、引号请用半角",
                    "characters outside ASCII belong in quotes");
      }
      return Fail(now_.why, now_.begin, now_.end);
    }
    if (now_.token == Token::kEnd) {
      return Fail("rules.syntax", now_.begin, now_.end, "表达式在这里突然结束", "the expression ends here unfinished");
    }
    if (now_.text == "and" || now_.text == "AND")
      return Fail("rules.syntax", now_.begin, now_.end, "“并且”请写 &&", "write && for and");
    if (now_.text == "or" || now_.text == "OR")
      return Fail("rules.syntax", now_.begin, now_.end, "“或者”请写 ||", "write || for or");
    if (now_.text == "not" || now_.text == "NOT")
      return Fail("rules.syntax", now_.begin, now_.end, "“非”请写 !", "write ! for not");
    return Fail("rules.syntax", now_.begin, now_.end);
  }

  void Advance() {
    last_end_ = now_.end;
    now_ = lexer_.Next();
  }
  bool IsOp(std::string_view op) const { return now_.token == Token::kOp && now_.text == op; }
  bool Take(std::string_view op) {
    if (!IsOp(op)) return false;
    Advance();
    return true;
  }

  Expr* New(ExprKind kind, std::uint32_t begin) {
    if (++nodes_ > limits_.nodes) return Fail("rules.too_many_nodes", begin, begin);
    auto* expr = ast_.arena_.Array<Expr>(1);
    *expr = Expr{};
    expr->kind = kind;
    expr->begin = begin;
    expr->end = last_end_;
    return expr;
  }
  // Gives `expr` its kids and closes it at the last token taken.
  Expr* Close(Expr* expr, std::span<Expr* const> kids) {
    if (expr == nullptr) return nullptr;
    expr->kids = ast_.arena_.Array<Expr*>(kids.size());
    std::copy(kids.begin(), kids.end(), expr->kids);
    expr->count = static_cast<std::uint32_t>(kids.size());
    std::uint16_t deepest = 0;
    for (const Expr* kid : kids) deepest = std::max(deepest, kid->depth);
    expr->depth = static_cast<std::uint16_t>(deepest + 1);
    expr->end = last_end_;
    if (expr->depth > limits_.depth) return Fail("rules.too_deep", expr->begin, expr->end);
    return expr;
  }
  Expr* NewCall(std::string_view name, std::uint32_t begin, std::span<Expr* const> kids) {
    Expr* expr = New(ExprKind::kCall, begin);
    if (expr != nullptr) expr->name = name;
    return Close(expr, kids);
  }

  Expr* ParseExpr() {
    if (++nesting_ > limits_.depth) return Fail("rules.too_deep", now_.begin, now_.end);
    const std::uint32_t begin = now_.begin;
    Expr* condition = ParseBinary(0);
    if (condition != nullptr && Take("?")) {
      Expr* then = ParseBinary(0);
      if (then == nullptr) return nullptr;
      if (!Take(":")) return Unexpected();
      Expr* otherwise = ParseExpr();
      if (otherwise == nullptr) return nullptr;
      condition = NewCall("_?_:_", begin, std::array{condition, then, otherwise});
    }
    --nesting_;
    return condition;
  }

  // The index of the operator in hand in kLevels[level], or −1.
  int OperatorAt(std::size_t level) const {
    if (now_.token != Token::kOp && now_.token != Token::kIdent) return -1;
    for (std::size_t i = 0; i < kLevels[level].tokens.size() && !kLevels[level].tokens[i].empty(); ++i) {
      if (now_.text == kLevels[level].tokens[i]) return static_cast<int>(i);
    }
    return -1;
  }

  Expr* ParseBinary(std::size_t level) {
    if (level == std::size(kLevels)) return ParseUnary();
    const std::uint32_t begin = now_.begin;
    Expr* left = ParseBinary(level + 1);
    if (left == nullptr) return nullptr;
    int op = OperatorAt(level);
    if (op < 0) return left;
    if (level < 2) {  // One node for a whole chain of && or ||.
      std::vector<Expr*> kids = {left};
      while (OperatorAt(level) >= 0) {
        Advance();
        kids.push_back(ParseBinary(level + 1));
        if (kids.back() == nullptr) return nullptr;
      }
      return NewCall(kLevels[level].names[0], begin, kids);
    }
    for (; op >= 0; op = OperatorAt(level)) {
      Advance();
      Expr* right = ParseBinary(level + 1);
      if (right == nullptr) return nullptr;
      left = NewCall(kLevels[level].names[static_cast<std::size_t>(op)], begin, std::array{left, right});
      if (left == nullptr) return nullptr;
    }
    return left;
  }

  Expr* ParseUnary() {
    const std::uint32_t begin = now_.begin;
    if (!IsOp("!") && !IsOp("-")) return ParseMember();
    const bool minus = IsOp("-");
    Advance();
    const bool number =
        now_.token == Token::kLiteral &&
        (now_.literal.kind == Kind::kInt || now_.literal.kind == Kind::kDouble || now_.why == "rules.bad_literal");
    if (minus && number) {
      if (now_.literal.kind == Kind::kDouble) {
        now_.literal.d = -now_.literal.d;
      } else {
        now_.literal = Value::Int(static_cast<std::int64_t>(~now_.literal.u + 1));
        now_.why = {};
      }
      now_.begin = begin;
      return ParseMember();
    }
    if (++nesting_ > limits_.depth) return Fail("rules.too_deep", begin, now_.end);
    Expr* operand = ParseUnary();
    --nesting_;
    if (operand == nullptr) return nullptr;
    return NewCall(minus ? "-_" : "!_", begin, std::array{operand});
  }

  Expr* ParseMember() {
    const std::uint32_t begin = now_.begin;
    Expr* left = ParsePrimary();
    while (left != nullptr) {
      if (Take(".")) {
        left = ParseDot(left, begin);
      } else if (Take("[")) {
        const bool optional = Take("?");
        Expr* index = ParseExpr();
        if (index == nullptr) return nullptr;
        if (!Take("]")) return Unexpected();
        left = NewCall(optional ? "_[?_]" : "_[_]", begin, std::array{left, index});
      } else if (IsOp("{") && (left->kind == ExprKind::kIdent || (left->kind == ExprKind::kSelect && !left->test))) {
        return Fail("rules.message_unsupported", begin, now_.end);
      } else {
        return left;
      }
    }
    return nullptr;
  }

  // Behind a dot: a field, an optional field, a call or a macro.
  Expr* ParseDot(Expr* left, std::uint32_t begin) {
    const bool optional = Take("?");
    if (now_.token != Token::kIdent && now_.token != Token::kQuotedIdent) return Unexpected();
    const Lexeme word = now_;
    const bool quoted = word.token == Token::kQuotedIdent;
    if (!quoted && (word.text == "true" || word.text == "false" || word.text == "null" || word.text == "in"))
      return Unexpected();
    Advance();
    if (!quoted && !optional && Take("(")) {
      std::vector<Expr*> kids = {left};
      if (!ParseArguments(kids)) return nullptr;
      if (word.text == "bind" && left->kind == ExprKind::kIdent && left->name == "cel" && kids.size() == 4) {
        return MakeMacro(Macro::kBind, word, begin, 1, {kids.begin() + 1, kids.end()}, 0);
      }
      for (const MacroShape& shape : kMacros) {
        const std::size_t arguments = kids.size() - 1;
        if (shape.name == word.text && arguments >= shape.least && arguments <= shape.most) {
          return MakeMacro(shape.macro, word, begin, shape.variables, kids, 1);
        }
      }
      Expr* call = NewCall(word.text, begin, kids);
      if (call != nullptr) call->member = true;
      return call;
    }
    Expr* select = New(ExprKind::kSelect, begin);
    if (select == nullptr) return nullptr;
    select->name = word.text;
    select->optional = optional;
    return Close(select, std::array{left});
  }

  // `kids` holds the range (if `first_variable` is 1), then the variables, then the rest.
  Expr* MakeMacro(Macro macro, const Lexeme& word, std::uint32_t begin, std::uint32_t variables,
                  std::vector<Expr*> kids, std::size_t first_variable) {
    Expr* out = New(ExprKind::kMacro, begin);
    if (out == nullptr) return nullptr;
    out->macro = macro;
    out->name = word.text;
    for (std::uint32_t i = 0; i < variables; ++i) {
      const Expr* variable = kids[first_variable + i];
      if (variable->kind != ExprKind::kIdent || variable->rooted) {
        return Fail("rules.bad_macro", variable->begin, variable->end, "宏的第一个参数是变量名",
                    "the first argument names a variable");
      }
      (i == 0 ? out->var1 : out->var2) = variable->name;
    }
    if (variables == 2 && out->var1 == out->var2)
      return Fail("rules.bad_macro", begin, last_end_, "两个变量不能同名", "the two variables need two names");
    kids.erase(kids.begin() + static_cast<std::ptrdiff_t>(first_variable),
               kids.begin() + static_cast<std::ptrdiff_t>(first_variable + variables));
    return Close(out, kids);
  }

  // After "(": arguments up to and with ")".
  bool ParseArguments(std::vector<Expr*>& kids) {
    if (Take(")")) return true;
    while (true) {
      kids.push_back(ParseExpr());
      if (kids.back() == nullptr) return false;
      if (Take(")")) return true;
      if (!Take(",")) return Unexpected() != nullptr;
    }
  }

  Expr* ParsePrimary() {
    const Lexeme word = now_;
    if (word.token == Token::kLiteral) {
      if (word.why == "rules.bad_literal") return Fail(word.why, word.begin, word.end);
      Advance();
      Expr* out = New(ExprKind::kLiteral, word.begin);
      if (out != nullptr) out->literal = word.literal;
      return out;
    }
    if (Take("(")) {
      Expr* inner = ParseExpr();
      if (inner == nullptr) return nullptr;
      if (!Take(")")) return Unexpected();
      return inner;
    }
    if (Take("[")) return ParseList(word.begin);
    if (Take("{")) return ParseMap(word.begin);
    const bool rooted = Take(".");
    if (now_.token != Token::kIdent) return Unexpected();
    return ParseName(word.begin, rooted);
  }

  Expr* ParseName(std::uint32_t begin, bool rooted) {
    const Lexeme word = now_;
    if (!rooted && (word.text == "true" || word.text == "false" || word.text == "null")) {
      Advance();
      Expr* out = New(ExprKind::kLiteral, begin);
      if (out != nullptr) out->literal = word.text == "null" ? Value::Null() : Value::Bool(word.text == "true");
      return out;
    }
    if (word.text == "in" || IsReserved(word.text)) return Unexpected();
    Advance();
    if (Take("(")) {
      std::vector<Expr*> kids;
      if (!ParseArguments(kids)) return nullptr;
      if (word.text == "has" && kids.size() == 1) {
        if (kids[0]->kind != ExprKind::kSelect || kids[0]->test) {
          return Fail("rules.bad_macro", kids[0]->begin, kids[0]->end, "has() 里要写字段，例如 has(a.b)",
                      "has() takes a field, as in has(a.b)");
        }
        kids[0]->test = true;
        kids[0]->begin = begin;
        kids[0]->end = last_end_;
        return kids[0];
      }
      Expr* call = NewCall(word.text, begin, kids);
      if (call != nullptr) call->rooted = rooted;
      return call;
    }
    Expr* out = New(ExprKind::kIdent, begin);
    if (out == nullptr) return nullptr;
    out->name = word.text;
    out->rooted = rooted;
    return out;
  }

  const bool* KeepMarks(const std::vector<char>& marks) {
    if (std::find(marks.begin(), marks.end(), 1) == marks.end()) return nullptr;
    bool* out = ast_.arena_.Array<bool>(marks.size());
    std::copy(marks.begin(), marks.end(), out);
    return out;
  }

  Expr* ParseList(std::uint32_t begin) {
    std::vector<Expr*> kids;
    std::vector<char> marks;
    while (!Take("]")) {
      if (!kids.empty() && !Take(",")) return Unexpected();
      if (!kids.empty() && Take("]")) break;
      marks.push_back(Take("?"));
      kids.push_back(ParseExpr());
      if (kids.back() == nullptr) return nullptr;
    }
    Expr* out = Close(New(ExprKind::kList, begin), kids);
    if (out != nullptr) out->marks = KeepMarks(marks);
    return out;
  }

  Expr* ParseMap(std::uint32_t begin) {
    std::vector<Expr*> kids;
    std::vector<char> marks;
    while (!Take("}")) {
      if (!kids.empty() && !Take(",")) return Unexpected();
      if (!kids.empty() && Take("}")) break;
      marks.push_back(Take("?"));
      kids.push_back(ParseExpr());
      if (kids.back() == nullptr) return nullptr;
      if (!Take(":")) return Unexpected();
      kids.push_back(ParseExpr());
      if (kids.back() == nullptr) return nullptr;
    }
    Expr* out = Close(New(ExprKind::kMap, begin), kids);
    if (out != nullptr) out->marks = KeepMarks(marks);
    return out;
  }

  Ast ast_;
  Diagnostic* where_;
  ParseLimits limits_;
  Lexer lexer_;
  Lexeme now_;
  std::uint32_t last_end_ = 0;
  std::uint32_t nodes_ = 0;
  std::uint32_t nesting_ = 0;
  std::optional<Error> error_;
};

Result<Ast> Parse(std::string_view source, Diagnostic* where, const ParseLimits& limits) {
  return Parser(source, where, limits).Run();
}

}  // namespace landfall::rules
