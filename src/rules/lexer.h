// SPDX-License-Identifier: Apache-2.0
// The words of CEL. Source: cel-spec langdef "Syntax". Private to the parser.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "rules/arena.h"
#include "rules/value.h"

namespace landfall::rules {

enum class Token : std::uint8_t { kEnd, kIdent, kQuotedIdent, kLiteral, kOp, kBad };

struct Lexeme {
  Token token = Token::kEnd;
  std::uint32_t begin = 0, end = 0;
  std::string_view text;  // Of an identifier (without backquotes) or an operator.
  Value literal;
  std::string_view why;  // Code, for kBad.
};

class Lexer {
 public:
  // `source` must outlive the tokens; decoded strings go to `arena`.
  Lexer(std::string_view source, Arena& arena) : source_(source), arena_(arena) {}
  Lexeme Next();

 private:
  void SkipBlank();
  Lexeme Bad(std::size_t begin, std::string_view code);
  Lexeme Number(std::size_t begin);
  Lexeme Quoted(std::size_t begin, bool raw, bool bytes);
  // Decodes the escape behind a backslash at `at_`; appends to `out`. False when it is none.
  bool Escape(std::string& out, bool bytes);
  std::optional<std::uint32_t> Hex(std::size_t digits);
  char Peek(std::size_t ahead = 0) const { return at_ + ahead < source_.size() ? source_[at_ + ahead] : '\0'; }

  std::string_view source_;
  Arena& arena_;
  std::size_t at_ = 0;
};

}  // namespace landfall::rules
