// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"

#include <array>
#include <cstdint>

namespace landfall {
namespace {

// Bytes of the code point that begins at `at`, 0 when it is malformed.
std::size_t SequenceLength(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const auto continues = [&](std::size_t i) { return i < text.size() && (byte(i) & 0xC0) == 0x80; };
  const std::uint8_t b = byte(at);
  if (b < 0x80) return 1;
  if (b >= 0xC2 && b <= 0xDF) return continues(at + 1) ? 2 : 0;
  if (b >= 0xE0 && b <= 0xEF) {
    if (!continues(at + 1) || !continues(at + 2)) return 0;
    if (b == 0xE0 && byte(at + 1) < 0xA0) return 0;  // overlong
    if (b == 0xED && byte(at + 1) > 0x9F) return 0;  // surrogate
    return 3;
  }
  if (b >= 0xF0 && b <= 0xF4) {
    if (!continues(at + 1) || !continues(at + 2) || !continues(at + 3)) return 0;
    if (b == 0xF0 && byte(at + 1) < 0x90) return 0;
    if (b == 0xF4 && byte(at + 1) > 0x8F) return 0;
    return 4;
  }
  return 0;
}

constexpr std::string_view kIdeographicSpace = "\xE3\x80\x80";

bool IsSpace(std::string_view code_point) {
  if (code_point.size() == 1)
    return code_point[0] == ' ' || code_point[0] == '\t' || code_point[0] == '\n' || code_point[0] == '\r';
  // U+3000, U+00A0, U+200B zero width space, U+FEFF.
  return code_point == kIdeographicSpace || code_point == "\xC2\xA0" || code_point == "\xE2\x80\x8B" ||
         code_point == "\xEF\xBB\xBF";
}

template <std::size_t N>
bool StartsWithAny(std::string_view text, const std::array<std::string_view, N>& candidates) {
  for (std::string_view candidate : candidates)
    if (text.starts_with(candidate)) return true;
  return false;
}

}  // namespace

bool IsUtf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t n = SequenceLength(text, i);
    if (n == 0) return false;
    i += n;
  }
  return true;
}

std::size_t CountCodePoints(std::string_view text) {
  std::size_t count = 0;
  for (char c : text) count += (static_cast<std::uint8_t>(c) & 0xC0) != 0x80;
  return count;
}

std::string_view Trim(std::string_view text) {
  for (;;) {
    if (!text.empty() && IsSpace(text.substr(0, 1)))
      text.remove_prefix(1);
    else if (text.starts_with(kIdeographicSpace))
      text.remove_prefix(3);
    else
      break;
  }
  for (;;) {
    if (!text.empty() && IsSpace(text.substr(text.size() - 1)))
      text.remove_suffix(1);
    else if (text.ends_with(kIdeographicSpace))
      text.remove_suffix(3);
    else
      break;
  }
  return text;
}

bool CarriesSecrecyMarking(std::string_view utf8) {
  if (utf8.find("密") == std::string_view::npos) return false;
  std::string packed;
  for (std::size_t i = 0; i < utf8.size();) {
    const std::size_t n = std::max<std::size_t>(1, SequenceLength(utf8, i));
    if (!IsSpace(utf8.substr(i, n))) packed += utf8.substr(i, n);
    i += n;
  }
  static constexpr std::array<std::string_view, 4> kGrades{"绝密", "絕密", "机密", "機密"};
  static constexpr std::array<std::string_view, 17> kOtherWords{"封", "码", "碼", "闭", "閉", "度", "实", "實", "集",
                                                                "切", "钥", "鑰", "植", "接", "林", "布", "性"};
  static constexpr std::array<std::string_view, 3> kStars{"★", "☆", "*"};
  for (std::size_t i = 0; i < packed.size(); ++i) {
    const std::string_view here = std::string_view(packed).substr(i);
    if (StartsWithAny(here, kGrades) && !StartsWithAny(here.substr(6), kOtherWords)) return true;
    if (here.starts_with("秘密") && StartsWithAny(here.substr(6), kStars)) return true;
  }
  return false;
}

Result<std::string> CheckText(std::string_view text, std::size_t max) {
  if (!IsUtf8(text)) return Invalid("text.not_utf8");
  text = Trim(text);
  if (text.empty()) return Invalid("text.empty");
  if (CountCodePoints(text) > max) return Invalid("text.too_long");
  for (char c : text)
    if ((static_cast<std::uint8_t>(c) < 0x20 && c != '\n') || c == 0x7F) return Invalid("text.control_character");
  if (CarriesSecrecyMarking(text)) return Invalid("text.classified");
  return std::string(text);
}

Result<std::string> CheckKey(std::string_view text, std::size_t max) {
  if (text.empty() || text.size() > max) return Invalid("key.malformed");
  for (char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (!letter && c != '.' && c != '_' && c != '-') return Invalid("key.malformed");
  }
  if (text[0] == '.' || text[0] == '_' || text[0] == '-') return Invalid("key.malformed");
  return std::string(text);
}

}  // namespace landfall
