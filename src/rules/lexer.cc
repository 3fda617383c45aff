// SPDX-License-Identifier: Apache-2.0
#include "rules/lexer.h"

#include <charconv>
#include <cmath>

namespace landfall::rules {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsHex(char c) { return IsDigit(c) || ((c | 32) >= 'a' && (c | 32) <= 'f'); }
bool IsLetter(char c) { return c == '_' || ((c | 32) >= 'a' && (c | 32) <= 'z'); }

}  // namespace

Lexeme Lexer::Bad(std::size_t begin, std::string_view code) {
  Lexeme out;
  out.token = Token::kBad;
  out.begin = static_cast<std::uint32_t>(begin);
  out.end = static_cast<std::uint32_t>(std::min(std::max(at_, begin + 1), source_.size()));
  out.text = source_.substr(out.begin, out.end - out.begin);
  out.why = code;
  return out;
}

void Lexer::SkipBlank() {
  while (at_ < source_.size()) {
    const char c = source_[at_];
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f') {
      ++at_;
    } else if (c == '/' && Peek(1) == '/') {
      while (at_ < source_.size() && source_[at_] != '\n' && source_[at_] != '\r') ++at_;
    } else {
      return;
    }
  }
}

Lexeme Lexer::Next() {
  SkipBlank();
  const std::size_t begin = at_;
  Lexeme out;
  out.begin = out.end = static_cast<std::uint32_t>(begin);
  if (at_ >= source_.size()) return out;
  const char c = source_[at_];
  if (IsDigit(c) || (c == '.' && IsDigit(Peek(1)))) return Number(begin);
  if (c == '"' || c == '\'') return Quoted(begin, false, false);
  if (IsLetter(c)) {
    // A prefix of a string: r, b, br or rb in any case.
    bool raw = false;
    bool bytes = false;
    std::size_t size = 0;
    for (; size < 2; ++size) {
      const char low = static_cast<char>(Peek(size) | 32);
      if (low == 'r' && !raw)
        raw = true;
      else if (low == 'b' && !bytes)
        bytes = true;
      else
        break;
    }
    if (size > 0 && (Peek(size) == '"' || Peek(size) == '\'')) {
      at_ += size;
      return Quoted(begin, raw, bytes);
    }
    while (IsLetter(Peek()) || IsDigit(Peek())) ++at_;
    out.token = Token::kIdent;
    out.text = source_.substr(begin, at_ - begin);
  } else if (c == '`') {
    std::size_t end = at_ + 1;
    const auto allowed = [](char q) {
      return IsLetter(q) || IsDigit(q) || q == '.' || q == '-' || q == '/' || q == ' ';
    };
    while (end < source_.size() && allowed(source_[end])) ++end;
    if (end >= source_.size() || source_[end] != '`' || end == at_ + 1) return Bad(begin, "rules.syntax");
    out.token = Token::kQuotedIdent;
    out.text = source_.substr(at_ + 1, end - at_ - 1);
    at_ = end + 1;
  } else {
    static constexpr std::string_view kTwo[] = {"==", "!=", "<=", ">=", "&&", "||"};
    std::size_t size = 0;
    for (const std::string_view two : kTwo)
      if (source_.substr(at_, 2) == two) size = 2;
    if (size == 0 && std::string_view("+-*/%!<>()[]{}.,:?").find(c) != std::string_view::npos) size = 1;
    if (size == 0) {
      NextCodePoint(source_, at_);
      return Bad(begin, "rules.syntax");
    }
    at_ += size;
    out.token = Token::kOp;
    out.text = source_.substr(begin, size);
  }
  out.end = static_cast<std::uint32_t>(at_);
  return out;
}

Lexeme Lexer::Number(std::size_t begin) {
  Lexeme out;
  out.token = Token::kLiteral;
  out.begin = static_cast<std::uint32_t>(begin);
  int base = 10;
  std::size_t first = begin;
  bool real = false;
  if (source_[at_] == '0' && (Peek(1) == 'x' || Peek(1) == 'X') && IsHex(Peek(2))) {
    base = 16;
    first = begin + 2;
    at_ += 2;
    while (IsHex(Peek())) ++at_;
  } else {
    while (IsDigit(Peek())) ++at_;
    if (Peek() == '.' && IsDigit(Peek(1))) {
      real = true;
      ++at_;
      while (IsDigit(Peek())) ++at_;
    }
    const std::size_t sign = Peek(1) == '+' || Peek(1) == '-' ? 2 : 1;
    if ((Peek() == 'e' || Peek() == 'E') && IsDigit(Peek(sign))) {
      real = true;
      at_ += sign;
      while (IsDigit(Peek())) ++at_;
    }
  }
  const char* from = source_.data() + first;
  const char* to = source_.data() + at_;
  if (real) {
    double value = 0;
    const auto read = std::from_chars(from, to, value);
    // Too small reads as zero, as everywhere; too large is no number.
    if (read.ec == std::errc::result_out_of_range) {
      value = std::strtod(std::string(from, to).c_str(), nullptr);
      if (std::isinf(value)) return Bad(begin, "rules.bad_literal");
    }
    out.literal = Value::Double(value);
  } else {
    std::uint64_t value = 0;
    const auto read = std::from_chars(from, to, value, base);
    if (read.ec != std::errc()) return Bad(begin, "rules.bad_literal");
    if (Peek() == 'u' || Peek() == 'U') {
      ++at_;
      out.literal = Value::Uint(value);
    } else {
      // 2^63 is kept as such; only the parser knows whether a minus stands before it.
      out.literal =
          value <= (std::uint64_t{1} << 63) - 1 ? Value::Int(static_cast<std::int64_t>(value)) : Value::Uint(value);
      if (value > std::uint64_t{1} << 63) return Bad(begin, "rules.bad_literal");
      if (value == std::uint64_t{1} << 63) out.why = "rules.bad_literal";
    }
  }
  if (IsLetter(Peek()) || IsDigit(Peek())) {
    ++at_;
    return Bad(begin, "rules.bad_literal");
  }
  out.end = static_cast<std::uint32_t>(at_);
  out.text = source_.substr(begin, at_ - begin);
  return out;
}

std::optional<std::uint32_t> Lexer::Hex(std::size_t digits) {
  std::uint32_t out = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    if (!IsHex(Peek())) return std::nullopt;
    const char c = source_[at_++];
    out = out * 16 + static_cast<std::uint32_t>(IsDigit(c) ? c - '0' : (c | 32) - 'a' + 10);
  }
  return out;
}

bool Lexer::Escape(std::string& out, bool bytes) {
  const char c = Peek();
  ++at_;
  static constexpr std::string_view kFrom = "abfnrtv\\'\"`?";
  static constexpr std::string_view kTo = "\a\b\f\n\r\t\v\\'\"`?";
  if (const auto at = kFrom.find(c); at != std::string_view::npos) {
    out += kTo[at];
    return true;
  }
  std::optional<std::uint32_t> point;
  if (c == 'x' || c == 'X') {
    point = Hex(2);
  } else if (c >= '0' && c <= '3') {
    const char second = Peek();
    const char third = Peek(1);
    if (second < '0' || second > '7' || third < '0' || third > '7') return false;
    at_ += 2;
    point = static_cast<std::uint32_t>((c - '0') * 64 + (second - '0') * 8 + (third - '0'));
  } else if ((c == 'u' || c == 'U') && !bytes) {
    point = Hex(c == 'u' ? 4 : 8);
    // A high surrogate must be followed by a low one; together they are one code point.
    if (c == 'u' && point && *point >= 0xd800 && *point < 0xdc00 && Peek() == '\\' && Peek(1) == 'u') {
      at_ += 2;
      const auto low = Hex(4);
      if (!low || *low < 0xdc00 || *low > 0xdfff) return false;
      point = 0x10000 + ((*point - 0xd800) << 10) + (*low - 0xdc00);
    }
    if (point && (*point > 0x10ffff || (*point >= 0xd800 && *point < 0xe000))) return false;
  }
  if (!point) return false;
  if (bytes)
    out += static_cast<char>(*point);
  else
    AppendUtf8(out, *point);
  return true;
}

Lexeme Lexer::Quoted(std::size_t begin, bool raw, bool bytes) {
  const char quote = source_[at_];
  const bool triple = Peek(1) == quote && Peek(2) == quote;
  const std::size_t width = triple ? 3 : 1;
  at_ += width;
  const std::size_t first = at_;
  std::string decoded;
  bool plain = true;  // Nothing decoded so far: the source itself will do.
  while (true) {
    if (at_ >= source_.size()) return Bad(begin, "rules.syntax");
    const char c = source_[at_];
    if (c == quote && (!triple || (Peek(1) == quote && Peek(2) == quote))) break;
    if (!triple && (c == '\n' || c == '\r')) return Bad(begin, "rules.syntax");
    if (c == '\\' && !raw) {
      if (plain) decoded.assign(source_.substr(first, at_ - first));
      plain = false;
      const std::size_t escape = at_++;
      if (!Escape(decoded, bytes)) return Bad(escape, "rules.bad_literal");
      continue;
    }
    if (!plain) decoded += c;
    ++at_;
  }
  const std::string_view text = plain ? source_.substr(first, at_ - first) : arena_.Copy(decoded);
  at_ += width;
  Lexeme out;
  out.token = Token::kLiteral;
  out.begin = static_cast<std::uint32_t>(begin);
  out.end = static_cast<std::uint32_t>(at_);
  out.text = source_.substr(begin, at_ - begin);
  out.literal = bytes ? Value::Bytes(text) : Value::String(text);
  return out;
}

}  // namespace landfall::rules
