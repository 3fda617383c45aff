// SPDX-License-Identifier: Apache-2.0
#include "exchange/xlsx_style.h"

#include <algorithm>

namespace landfall::exchange {
namespace {

constexpr char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool StartsWithWord(std::string_view code, std::string_view lower_word) {
  return code.size() >= lower_word.size() && std::equal(lower_word.begin(), lower_word.end(), code.begin(),
                                                        [](char word, char c) { return word == Lower(c); });
}

// [h], [mm], [SS]: a length of time. [Red], [$-804], [DBNum1]: nothing of the kind.
bool IsElapsed(std::string_view inside) {
  if (inside.empty()) return false;
  const char first = Lower(inside[0]);
  return (first == 'h' || first == 'm' || first == 's') &&
         std::all_of(inside.begin(), inside.end(), [&](char c) { return Lower(c) == first; });
}

// Which parts of a date and time a format shows.
struct Shown {
  bool date = false, hour = false, minute_or_month = false, second = false, elapsed = false, percent = false;
};

Shown WhatIsShown(std::string_view code) {
  Shown shown;
  while (!code.empty() && code[0] != ';') {
    std::size_t used = 1;
    switch (Lower(code[0])) {
      case '"':
        used = std::min(code.find('"', 1), code.size() - 1) + 1;
        break;
      case '\\':
      case '_':  // A blank as wide as the next character.
      case '*':  // The next character, repeated.
        used = 2;
        break;
      case '[': {
        const std::size_t close = std::min(code.find(']'), code.size());
        shown.elapsed |= IsElapsed(code.substr(1, close - 1));
        used = close + 1;
        break;
      }
      case 'g':
        if (StartsWithWord(code, "general")) {
          used = 7;
        } else {
          shown.date = true;  // The name of an era.
        }
        break;
      case 'e':  // A year of an era, but in 0.00E+00 the exponent.
        if (code.size() > 1 && (code[1] == '+' || code[1] == '-')) {
          used = 2;
        } else {
          shown.date = true;
        }
        break;
      case 'y':
      case 'd':
      case 'b':  // A year of the Buddhist calendar.
        shown.date = true;
        break;
      case 'a':  // AM/PM and A/P are times; aaa and aaaa days of the week.
        if (StartsWithWord(code, "am/pm") || StartsWithWord(code, "a/p")) {
          shown.hour = true;
          used = code[1] == '/' ? 3 : 5;
        } else {
          shown.date = true;
        }
        break;
      case 'm':
        shown.minute_or_month = true;
        break;
      case 'h':
        shown.hour = true;
        break;
      case 's':
        shown.second = true;
        break;
      case '%':
        shown.percent = true;
        break;
      default:
        break;
    }
    code.remove_prefix(std::min(used, code.size()));
  }
  return shown;
}

}  // namespace

NumberStyle BuiltInStyle(std::uint32_t id) {
  const auto within = [&](std::uint32_t first, std::uint32_t last) { return id >= first && id <= last; };
  if (id == 9 || id == 10) return NumberStyle::kPercent;
  if (id == 46) return NumberStyle::kElapsed;
  if (id == 22) return NumberStyle::kDateTime;
  if (within(18, 21) || within(32, 35) || within(45, 47) || within(55, 56)) return NumberStyle::kTime;
  if (within(14, 17) || within(27, 36) || within(50, 58)) return NumberStyle::kDate;
  return NumberStyle::kPlain;
}

NumberStyle StyleOfCode(std::string_view code) {
  const Shown shown = WhatIsShown(code);
  if (shown.elapsed) return NumberStyle::kElapsed;
  const bool time = shown.hour || shown.second;
  const bool date = shown.date || (shown.minute_or_month && !time);  // m alone is a month, with h or s minutes.
  if (date) return time ? NumberStyle::kDateTime : NumberStyle::kDate;
  if (time) return NumberStyle::kTime;
  return shown.percent ? NumberStyle::kPercent : NumberStyle::kPlain;
}

}  // namespace landfall::exchange
