// SPDX-License-Identifier: Apache-2.0
// JSON at the level of bytes: what we write (canonical), and how we read back exactly what we wrote.
//
// Canonical bytes: compact, members in declared order, absent optionals omitted, no floats, strings escaped only where
// JSON demands it (", \, and below 0x20 as \n or \u00XX). DESIGN §2. Reading untrusted JSON is another matter:
// describe.h.
#pragma once

#include <charconv>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace landfall {

void AppendJsonString(std::string& out, std::string_view utf8);

inline void AppendInt(std::string& out, std::int64_t value) {
  char buffer[24];
  out.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr);
}

// Reads canonical bytes forward, and only those: any deviation makes it fail, because bytes that we did not write are
// corruption. Never reads past the end. 1.8 to 2 times as fast as a general parser here (KERNEL §2; ADR 2).
class Scanner {
 public:
  explicit Scanner(std::string_view bytes) : p_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  bool Literal(std::string_view expected) {
    if (static_cast<std::size_t>(end_ - p_) < expected.size() || std::memcmp(p_, expected.data(), expected.size()) != 0)
      return false;
    p_ += expected.size();
    return true;
  }
  bool Peek(char c) const { return p_ < end_ && *p_ == c; }
  bool AtEnd() const { return p_ == end_; }
  const char* position() const { return p_; }

  // A string without escapes, as a view into the bytes. Fails on an escape.
  bool PlainString(std::string_view& out) {
    if (!Literal("\"")) return false;
    const char* start = p_;
    const void* quote = std::memchr(p_, '"', static_cast<std::size_t>(end_ - p_));
    if (quote == nullptr) return false;
    p_ = static_cast<const char*>(quote);
    out = std::string_view(start, static_cast<std::size_t>(p_ - start));
    ++p_;
    return out.find('\\') == std::string_view::npos;
  }
  bool String(std::string& out);  // With escapes resolved.
  bool Int(std::int64_t& out) {
    if (p_ == end_) return false;
    const auto [end, error] = std::from_chars(p_, end_, out);
    const bool leading_zero = *p_ == '0' && end - p_ > 1;
    const bool minus_zero = *p_ == '-' && p_ + 1 < end && p_[1] == '0';
    if (error != std::errc() || leading_zero || minus_zero) return false;
    p_ = end;
    return true;
  }

 private:
  const char* p_;
  const char* end_;
};

}  // namespace landfall
