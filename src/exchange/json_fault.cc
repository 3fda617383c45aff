// SPDX-License-Identifier: Apache-2.0
#include "exchange/json_fault.h"

#include <fmt/format.h>

#include <algorithm>

namespace landfall::exchange {
namespace {

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  // npos, or where it stopped.
  std::size_t Run() {
    std::string open;  // The brackets we stand in.
    for (;;) {
      SkipBlanks();
      if (!open.empty() && open.back() == '{' && !Name()) return at_;
      if (!Value(open)) return at_;
      if (entered_) {
        entered_ = false;
        continue;
      }
      // Behind a value: close what ends here, then a comma must follow, or the end.
      for (;;) {
        SkipBlanks();
        if (open.empty()) return at_ == text_.size() ? std::string_view::npos : at_;
        if (!Take(open.back() == '{' ? '}' : ']')) break;
        open.pop_back();
      }
      if (!Take(',')) return at_;
    }
  }

 private:
  bool Take(char c) {
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool TakeWord(std::string_view word) {
    for (char c : word)
      if (!Take(c)) return false;
    return true;
  }
  bool TakeDigits() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') ++at_;
    return at_ > begin;
  }
  void SkipBlanks() { at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size()); }

  bool Name() {
    if (!String()) return false;
    SkipBlanks();
    if (!Take(':')) return false;
    SkipBlanks();
    return true;
  }

  // A scalar or an empty pair of brackets is passed; of any other array or object the bracket, and entered_ is set.
  bool Value(std::string& open) {
    if (at_ == text_.size()) return false;
    switch (text_[at_]) {
      case '{':
      case '[': {
        const char bracket = text_[at_++];
        SkipBlanks();
        if (Take(bracket == '{' ? '}' : ']')) return true;
        open += bracket;
        entered_ = true;
        return true;
      }
      case '"':
        return String();
      case 't':
        return TakeWord("true");
      case 'f':
        return TakeWord("false");
      case 'n':
        return TakeWord("null");
      default:
        return Number();
    }
  }

  bool String() {
    if (!Take('"')) return false;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (static_cast<unsigned char>(c) < 0x20) return false;
      ++at_;
      if (c == '"') return true;
      if (c == '\\' && !Escape()) return false;
    }
    return false;
  }
  bool Escape() {
    if (at_ == text_.size()) return false;
    if (text_[at_] != 'u') {
      if (std::string_view("\"\\/bfnrt").find(text_[at_]) == std::string_view::npos) return false;
      ++at_;
      return true;
    }
    ++at_;
    for (int i = 0; i < 4; ++i, ++at_)
      if (at_ == text_.size() || std::string_view("0123456789abcdefABCDEF").find(text_[at_]) == std::string_view::npos)
        return false;
    return true;
  }

  bool Number() {
    Take('-');
    if (!Take('0') && !TakeDigits()) return false;
    if (Take('.') && !TakeDigits()) return false;
    if (Take('e') || Take('E')) {
      if (!Take('+')) Take('-');
      return TakeDigits();
    }
    return true;
  }

  const std::string_view text_;
  std::size_t at_ = 0;
  bool entered_ = false;
};

}  // namespace

std::size_t FindJsonFault(std::string_view text) { return Scanner(text).Run(); }

std::string DescribePlace(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  const auto lines = std::count(before.begin(), before.end(), '\n');
  const std::size_t line_begin = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  return fmt::format("line {}, column {} (byte {})", lines + 1, before.size() - line_begin + 1, before.size());
}

}  // namespace landfall::exchange
