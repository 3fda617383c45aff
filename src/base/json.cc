// SPDX-License-Identifier: Apache-2.0
#include "base/json.h"

namespace landfall {

void AppendJsonString(std::string& out, std::string_view utf8) {
  static constexpr char kHex[] = "0123456789abcdef";
  out += '"';
  std::size_t clean = 0;
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const auto c = static_cast<std::uint8_t>(utf8[i]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    out.append(utf8, clean, i - clean);
    clean = i + 1;
    if (c == '"')
      out += "\\\"";
    else if (c == '\\')
      out += "\\\\";
    else if (c == '\n')
      out += "\\n";
    else {
      out += "\\u00";
      out += kHex[c >> 4];
      out += kHex[c & 15];
    }
  }
  out.append(utf8, clean, utf8.size() - clean);
  out += '"';
}

bool Scanner::String(std::string& out) {
  out.clear();
  if (!Literal("\"")) return false;
  while (p_ < end_) {
    const char c = *p_++;
    if (c == '"') return true;
    if (static_cast<std::uint8_t>(c) < 0x20) return false;
    if (c != '\\') {
      out += c;
      continue;
    }
    if (p_ == end_) return false;
    const char escape = *p_++;
    if (escape == '"' || escape == '\\') {
      out += escape;
    } else if (escape == 'n') {
      out += '\n';
    } else if (escape == 'u') {
      if (end_ - p_ < 4 || p_[0] != '0' || p_[1] != '0') return false;
      const auto nibble = [](char h) {
        return h >= '0' && h <= '9' ? h - '0' : h >= 'a' && h <= 'f' ? h - 'a' + 10 : -1;
      };
      const int high = nibble(p_[2]), low = nibble(p_[3]);
      if (high < 0 || high > 1 || low < 0 || high * 16 + low == '\n') return false;
      out += static_cast<char>(high * 16 + low);
      p_ += 4;
    } else {
      return false;
    }
  }
  return false;
}

}  // namespace landfall
