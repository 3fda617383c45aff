// SPDX-License-Identifier: Apache-2.0
// Text that came from outside: checked UTF-8, bounded, and free of secrecy markings.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace landfall {

// RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF. Cost: about 1 ns a byte.
bool IsUtf8(std::string_view text);
// Code points of valid UTF-8.
std::size_t CountCodePoints(std::string_view text);
// Without ASCII and ideographic white space at both ends.
std::string_view Trim(std::string_view text);

// True when a text carries a marking of state secrecy: 绝密, 机密, or 秘密★ (保守国家秘密法实施条例: 密级标志). Such
// projects are excluded from online platforms (国务院令第673号 第4条), so the text is refused and never logged. White
// space inside the marking is ignored. 机/绝 followed by a word that begins with 密 (发动机密封件, 隔绝密闭, 手机密码)
// is not a marking.
bool CarriesSecrecyMarking(std::string_view utf8);

// Checks typed text: UTF-8, 1 … `max` code points after trimming, no control characters but the line feed, no marking.
// Errors: text.not_utf8, text.empty, text.too_long, text.control_character, text.classified.
Result<std::string> CheckText(std::string_view text, std::size_t max);
// Checks a key: 1 … `max` of [a-z0-9._-], beginning with a letter or digit. Errors: key.malformed.
Result<std::string> CheckKey(std::string_view text, std::size_t max);

// Free text of at most `Max` code points. Only erasable event types hold one (DESIGN §2).
template <std::size_t Max>
struct Text {
  static constexpr std::size_t kMax = Max;
  std::string value;
  auto operator<=>(const Text&) const = default;
  static Result<Text> Parse(std::string_view text) {
    LF_ASSIGN(std::string checked, CheckText(text, Max));
    return Text{std::move(checked)};
  }
};

// A slug such as "full_production" or "bureau.head": safe in a leaf, in a URL and in a file name.
template <std::size_t Max>
struct Key {
  static constexpr std::size_t kMax = Max;
  std::string value;
  auto operator<=>(const Key&) const = default;
  static Result<Key> Parse(std::string_view text) {
    LF_ASSIGN(std::string checked, CheckKey(text, Max));
    return Key{std::move(checked)};
  }
};

// The code a register gives a thing: 1 … `Max` printable ASCII characters without space or quotes ("Q05388", "430212").
// Not free text: a machine's key, so decisions may read it.
template <std::size_t Max>
struct Code {
  static constexpr std::size_t kMax = Max;
  std::string value;
  auto operator<=>(const Code&) const = default;
  static Result<Code> Parse(std::string_view text) {
    if (text.empty() || text.size() > Max) return Invalid("code.malformed");
    for (char c : text)
      if (c <= ' ' || c > '~' || c == '"' || c == '\\' || c == '<' || c == '>') return Invalid("code.malformed");
    return Code{std::string(text)};
  }
};

}  // namespace landfall
