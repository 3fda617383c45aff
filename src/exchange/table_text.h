// SPDX-License-Identifier: Apache-2.0
// What mapping and rows agree on about the text of a cell.
#pragma once

#include <string_view>

namespace landfall::exchange {

// Without the blanks at both ends that spreadsheets leave: space, tab, line ends, U+00A0 and the ideographic U+3000.
constexpr std::string_view Trim(std::string_view text) {
  constexpr std::string_view kAscii = " \t\r\n", kNoBreak = "\xC2\xA0", kIdeographic = "\xE3\x80\x80";
  for (;;) {
    if (text.empty()) return text;
    if (kAscii.find(text.front()) != std::string_view::npos) {
      text.remove_prefix(1);
    } else if (kAscii.find(text.back()) != std::string_view::npos) {
      text.remove_suffix(1);
    } else if (text.starts_with(kNoBreak)) {
      text.remove_prefix(kNoBreak.size());
    } else if (text.ends_with(kNoBreak)) {
      text.remove_suffix(kNoBreak.size());
    } else if (text.starts_with(kIdeographic)) {
      text.remove_prefix(kIdeographic.size());
    } else if (text.ends_with(kIdeographic)) {
      text.remove_suffix(kIdeographic.size());
    } else {
      return text;
    }
  }
}

// C0 and DEL, but for tab and line ends, which a cell of several lines may hold.
constexpr bool HasControlCharacter(std::string_view text) {
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\t' && c != '\n' && c != '\r') || byte == 0x7F) return true;
  }
  return false;
}

}  // namespace landfall::exchange
