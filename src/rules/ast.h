// SPDX-License-Identifier: Apache-2.0
// What the parser makes of an expression. Nodes live in the arena of their Ast.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "rules/arena.h"
#include "rules/type.h"
#include "rules/value.h"

namespace landfall::rules {

enum class ExprKind : std::uint8_t {
  kLiteral,  // `literal`
  kIdent,    // `name`
  kSelect,   // kids[0].name; has() sets `test`, ".?" sets `optional`
  kCall,  // `name`; operators are calls named "_+_", "!_", "_?_:_", "_[_]", "_[?_]", "@in"; && and || take 2 … n kids
  kList,  // kids; `marks[i]` for "?element"
  kMap,   // kids are key, value, key, value …; `marks[i]` for "?key: value" of pair i
  kMacro,  // `macro`; kids[0] is the range (or what is bound), then the filter if any, then the body
};

enum class Macro : std::uint8_t {
  kNone,
  kAll,
  kExists,
  kExistsOne,
  kFilter,
  kMap,
  kTransformList,
  kTransformMap,
  kTransformMapEntry,
  kBind,
  kOptMap,
  kOptFlatMap,
};

// Where the checker found what a name stands for.
enum class Ref : std::uint8_t { kNone, kFact, kLocal, kType, kUndeclared };

struct Expr {
  ExprKind kind = ExprKind::kLiteral;
  Macro macro = Macro::kNone;
  bool test = false;
  bool optional = false;
  bool member = false;  // A call with its first kid before the dot.
  bool rooted = false;  // ".name": never a variable of a macro.
  std::uint16_t depth = 1;
  std::uint32_t begin = 0, end = 0;  // Byte offsets into the source.
  std::uint32_t count = 0;
  Expr** kids = nullptr;
  const bool* marks = nullptr;
  std::string_view name;
  std::string_view var1, var2;  // Variables of a macro.
  Value literal;

  // Set by the checker.
  Ref ref = Ref::kNone;
  std::uint32_t index = 0;  // Slot of a fact, or level of a local.
  TypeRef type = nullptr;
  const struct Function* function = nullptr;
  std::uint32_t node = 0;  // Set by the compiler: what this part became.

  std::span<Expr* const> children() const { return {kids, count}; }
};

// Where a text is wrong and what might help. For people; `Error` is for machines.
struct Diagnostic {
  std::string code;                    // As in Error.
  std::uint32_t begin = 0, end = 0;    // Byte offsets into the source.
  std::uint32_t line = 1, column = 1;  // Counted from 1, columns in code points.
  std::string subject;           // The word at fault: a name, a token, or the types that do not fit. May be empty.
  std::string hint_zh, hint_en;  // What to try. May be empty.

  // The line of the source with a caret under it.
  std::string Excerpt(std::string_view source) const;
};
// Fills code, place and line from the source.
Diagnostic DiagnosticAt(std::string_view source, std::string_view code, std::uint32_t begin, std::uint32_t end);
// The same as an Error: detail names line and column, never the text.
Error ToError(const Diagnostic& diagnostic);

struct ParseLimits {
  std::uint32_t bytes = 100'000;
  std::uint32_t nodes = 20'000;
  std::uint16_t depth = 250;  // Of nesting, and of a chain of + or of dots. && and || do not nest.
};

class Ast {
 public:
  const std::string& source() const { return *source_; }
  Expr* root() const { return root_; }
  Arena& arena() { return arena_; }

 private:
  friend class Parser;
  explicit Ast(std::string_view source) : source_(std::make_shared<const std::string>(source)) {}
  std::shared_ptr<const std::string> source_;
  Arena arena_{std::size_t{1} << 30};
  Expr* root_ = nullptr;
};

// Errors: rules.too_long, rules.bad_utf8, rules.syntax, rules.bad_literal, rules.too_deep, rules.too_many_nodes,
// rules.bad_macro, rules.message_unsupported. `where`, if given, is filled on refusal. Cost: linear in the text.
Result<Ast> Parse(std::string_view source, Diagnostic* where = nullptr, const ParseLimits& limits = {});

// The canonical text: one space around operators, only the parentheses that are needed. Parse(Print(e)) prints the
// same.
std::string Print(const Expr& expr);
// Same shape, names and literals; positions do not count.
bool SameExpr(const Expr& a, const Expr& b);

}  // namespace landfall::rules
