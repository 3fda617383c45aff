// SPDX-License-Identifier: Apache-2.0
// From the tree back to text, and the words of a diagnostic.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "rules/ast.h"

namespace landfall::rules {
namespace {

// How tightly an expression binds, as in the table of langdef: larger is tighter; kParens is asked for where only
// parentheses will do.
enum Tightness { kTernary, kOr, kAnd, kRelation, kSum, kProduct, kUnary, kPrimary, kParens };

struct Operator {
  std::string_view name, text;
  Tightness tightness;
};
constexpr Operator kOperators[] = {
    {"_||_", " || ", kOr},       {"_&&_", " && ", kAnd},    {"_<_", " < ", kRelation},   {"_<=_", " <= ", kRelation},
    {"_>=_", " >= ", kRelation}, {"_>_", " > ", kRelation}, {"_==_", " == ", kRelation}, {"_!=_", " != ", kRelation},
    {"@in", " in ", kRelation},  {"_+_", " + ", kSum},      {"_-_", " - ", kSum},        {"_*_", " * ", kProduct},
    {"_/_", " / ", kProduct},    {"_%_", " % ", kProduct},
};

const Operator* FindOperator(const Expr& expr) {
  if (expr.kind != ExprKind::kCall) return nullptr;
  for (const Operator& op : kOperators)
    if (op.name == expr.name) return &op;
  return nullptr;
}

Tightness TightnessOf(const Expr& expr) {
  if (expr.kind == ExprKind::kCall) {
    if (expr.name == "_?_:_") return kTernary;
    if (expr.name == "!_" || expr.name == "-_") return kUnary;
    if (const Operator* op = FindOperator(expr)) return op->tightness;
  }
  // "-5" in front of a dot or an index would read as -(5.x).
  if (expr.kind == ExprKind::kLiteral && expr.literal.IsNumber()) {
    const bool negative = expr.literal.kind == Kind::kInt
                              ? expr.literal.i < 0
                              : expr.literal.kind == Kind::kDouble && std::signbit(expr.literal.d);
    if (negative) return kUnary;
  }
  return kPrimary;
}

class Printer {
 public:
  std::string Run(const Expr& expr) {
    Write(expr);
    return std::move(out_);
  }

 private:
  void WriteAt(const Expr& expr, Tightness least) {
    const bool parens = TightnessOf(expr) < least;
    if (parens) out_ += '(';
    Write(expr);
    if (parens) out_ += ')';
  }
  void Field(std::string_view name) {
    const bool plain = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
      return c == '_' || ((c | 32) >= 'a' && (c | 32) <= 'z') || (c >= '0' && c <= '9');
    }) && !(name[0] >= '0' && name[0] <= '9');
    const bool word = name == "true" || name == "false" || name == "null" || name == "in";
    if (plain && !word)
      out_ += name;
    else
      out_.append("`").append(name).append("`");
  }
  void Arguments(std::span<Expr* const> kids) {
    for (std::size_t i = 0; i < kids.size(); ++i) {
      if (i > 0) out_ += ", ";
      Write(*kids[i]);
    }
    out_ += ')';
  }
  void Write(const Expr& expr) {
    switch (expr.kind) {
      case ExprKind::kLiteral:
        AppendLiteral(out_, expr.literal);
        break;
      case ExprKind::kIdent:
        if (expr.rooted) out_ += '.';
        out_ += expr.name;
        break;
      case ExprKind::kSelect:
        if (expr.test) out_ += "has(";
        WriteAt(*expr.kids[0], kPrimary);
        out_ += expr.optional ? ".?" : ".";
        Field(expr.name);
        if (expr.test) out_ += ')';
        break;
      case ExprKind::kCall:
        Call(expr);
        break;
      case ExprKind::kList:
        out_ += '[';
        for (std::uint32_t i = 0; i < expr.count; ++i) {
          if (i > 0) out_ += ", ";
          if (expr.marks != nullptr && expr.marks[i]) out_ += '?';
          Write(*expr.kids[i]);
        }
        out_ += ']';
        break;
      case ExprKind::kMap:
        out_ += '{';
        for (std::uint32_t i = 0; i < expr.count; i += 2) {
          if (i > 0) out_ += ", ";
          if (expr.marks != nullptr && expr.marks[i / 2]) out_ += '?';
          Write(*expr.kids[i]);
          out_ += ": ";
          Write(*expr.kids[i + 1]);
        }
        out_ += '}';
        break;
      case ExprKind::kMacro:
        MacroCall(expr);
        break;
    }
  }
  void MacroCall(const Expr& expr) {
    std::span<Expr* const> rest = expr.children();
    if (expr.macro == Macro::kBind) {
      out_ += "cel.";
    } else {
      WriteAt(*rest[0], kPrimary);
      out_ += '.';
      rest = rest.subspan(1);
    }
    out_.append(expr.name).append("(").append(expr.var1).append(", ");
    if (!expr.var2.empty()) out_.append(expr.var2).append(", ");
    Arguments(rest);
  }
  void Call(const Expr& expr) {
    const std::span<Expr* const> kids = expr.children();
    if (const Operator* op = FindOperator(expr)) {
      const bool chain = op->tightness <= kAnd;  // One node for the whole chain: a nested one had parentheses.
      for (std::size_t i = 0; i < kids.size(); ++i) {
        if (i > 0) out_ += op->text;
        WriteAt(*kids[i], i == 0 && !chain ? op->tightness : static_cast<Tightness>(op->tightness + 1));
      }
    } else if (expr.name == "_?_:_") {
      WriteAt(*kids[0], kOr);
      out_ += " ? ";
      WriteAt(*kids[1], kOr);
      out_ += " : ";
      Write(*kids[2]);
    } else if (expr.name == "!_") {
      out_ += '!';
      WriteAt(*kids[0], kUnary);
    } else if (expr.name == "-_") {
      out_ += '-';
      // "-5" would read as one literal.
      const bool literal = kids[0]->kind == ExprKind::kLiteral;
      WriteAt(*kids[0], literal && TightnessOf(*kids[0]) == kPrimary ? kParens : kUnary);
    } else if (expr.name == "_[_]" || expr.name == "_[?_]") {
      WriteAt(*kids[0], kPrimary);
      out_ += expr.name == "_[_]" ? "[" : "[?";
      Write(*kids[1]);
      out_ += ']';
    } else if (expr.member) {
      WriteAt(*kids[0], kPrimary);
      out_.append(".").append(expr.name).append("(");
      Arguments(kids.subspan(1));
    } else {
      if (expr.rooted) out_ += '.';
      out_.append(expr.name).append("(");
      Arguments(kids);
    }
  }

  std::string out_;
};

bool SameLiteral(const Value& a, const Value& b) {
  if (a.kind != b.kind) return false;
  if (a.kind == Kind::kDouble) return a.u == b.u;
  Meter plenty(1'000'000);
  return Equal(a, b, plenty);
}

}  // namespace

std::string Print(const Expr& expr) { return Printer().Run(expr); }

bool SameExpr(const Expr& a, const Expr& b) {
  if (a.kind != b.kind || a.macro != b.macro || a.test != b.test || a.optional != b.optional || a.member != b.member ||
      a.rooted != b.rooted || a.count != b.count || a.name != b.name || a.var1 != b.var1 || a.var2 != b.var2 ||
      (a.marks == nullptr) != (b.marks == nullptr)) {
    return false;
  }
  if (a.kind == ExprKind::kLiteral && !SameLiteral(a.literal, b.literal)) return false;
  const std::uint32_t marks = a.kind == ExprKind::kMap ? a.count / 2 : a.count;
  for (std::uint32_t i = 0; a.marks != nullptr && i < marks; ++i)
    if (a.marks[i] != b.marks[i]) return false;
  for (std::uint32_t i = 0; i < a.count; ++i)
    if (!SameExpr(*a.kids[i], *b.kids[i])) return false;
  return true;
}

Diagnostic DiagnosticAt(std::string_view source, std::string_view code, std::uint32_t begin, std::uint32_t end) {
  Diagnostic out;
  out.code = code;
  out.begin = begin;
  out.end = end;
  const std::string_view before = source.substr(0, begin);
  const std::size_t last = before.rfind('\n');
  out.line = static_cast<std::uint32_t>(std::count(before.begin(), before.end(), '\n')) + 1;
  out.column =
      static_cast<std::uint32_t>(CountCodePoints(last == std::string_view::npos ? before : before.substr(last + 1))) +
      1;
  return out;
}

Error ToError(const Diagnostic& diagnostic) {
  return Invalid(diagnostic.code,
                 fmt::format("the expression is refused at line {}, column {}", diagnostic.line, diagnostic.column),
                 "expression");
}

std::string Diagnostic::Excerpt(std::string_view source) const {
  const std::size_t at = std::min<std::size_t>(begin, source.size());
  const std::size_t from = at == 0 ? 0 : source.rfind('\n', at - 1) + 1;  // npos + 1 is 0.
  const std::string_view line_text = source.substr(from, source.find('\n', at) - from);
  // At most 100 bytes on each side, cut at code points.
  std::size_t first = at - from > 100 ? at - from - 100 : 0;
  while (first > 0 && (static_cast<unsigned char>(line_text[first]) & 0xc0) == 0x80) --first;
  std::size_t last = std::min(line_text.size(), at - from + 100);
  while (last < line_text.size() && (static_cast<unsigned char>(line_text[last]) & 0xc0) == 0x80) ++last;
  std::string pad;
  for (std::size_t i = first; i < at - from;) {
    const std::uint32_t point = NextCodePoint(line_text, i);
    // Chinese characters take two columns on a terminal.
    pad += point == '\t' ? "\t" : point >= 0x1100 ? "  " : " ";
  }
  return fmt::format("{}\n{}^", line_text.substr(first, last - first), pad);
}

}  // namespace landfall::rules
