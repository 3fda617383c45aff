// SPDX-License-Identifier: Apache-2.0
#include "search/fold.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <cstdint>

#include "base/result.h"

namespace landfall::search {
namespace {

// Drops what is neither letter nor digit and keeps the break between words.
class Emitter {
 public:
  Emitter(std::size_t max_units, std::u16string& out) : out_(out), start_(out.size()), end_(start_ + max_units) {}

  void Skip() { gap_ = true; }
  void Add(char16_t unit) {
    if (gap_ && IsAlnum(unit) && out_.size() > start_ && IsAlnum(out_.back())) Push(kBreak);
    gap_ = false;
    Push(unit);
  }

 private:
  void Push(char16_t unit) {
    if (out_.size() < end_) out_ += unit;
  }

  std::u16string& out_;
  std::size_t start_, end_;
  bool gap_ = false;
};

constexpr char32_t kBad = 0xFFFD;

// The code point at `at`, which moves behind it; kBad for a malformed sequence, one byte at a time.
char32_t Next(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t first = byte(at++);
  if (first < 0x80) return first;
  const std::size_t more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : first >= 0xC2 ? 1 : 0;
  if (more == 0 || first > 0xF4 || at + more > text.size()) return kBad;
  char32_t point = first & (0x3Fu >> more);
  for (std::size_t i = 0; i < more; ++i) {
    if ((byte(at + i) & 0xC0) != 0x80) return kBad;
    point = point << 6 | (byte(at + i) & 0x3Fu);
  }
  static constexpr char32_t kLeast[] = {0, 0x80, 0x800, 0x10000};
  if (point < kLeast[more] || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) return kBad;
  at += more;
  return point;
}

// Letters of other scripts, digits already folded, and what ICU calls a letter beyond the BMP.
void AddPoint(char32_t point, Emitter& emitter) {
  const auto code = static_cast<UChar32>(point);
  if (!u_isalnum(code)) {
    // A combining mark belongs to the letter before it and parts nothing.
    if (u_charType(code) != U_NON_SPACING_MARK) emitter.Skip();
  } else if (point > 0xFFFF) {
    emitter.Add(U16_LEAD(code));
    emitter.Add(U16_TRAIL(code));
  } else {
    emitter.Add(static_cast<char16_t>(point));
  }
}

void AppendByIcu(std::string_view utf8, Emitter& emitter) {
  UErrorCode error = U_ZERO_ERROR;
  static const icu::Normalizer2* const fold = icu::Normalizer2::getNFKCCasefoldInstance(error);
  static const icu::Normalizer2* const decompose = icu::Normalizer2::getNFDInstance(error);
  icu::UnicodeString raw;
  for (std::size_t at = 0; at < utf8.size();) raw.append(static_cast<UChar32>(Next(utf8, at)));
  const icu::UnicodeString folded = fold->normalize(raw, error);
  LF_CHECK(U_SUCCESS(error));
  for (std::int32_t at = 0; at < folded.length();) {
    const UChar32 point = folded.char32At(at);
    at += U16_LENGTH(point);
    icu::UnicodeString parts;
    const bool latin = (point >= 0xC0 && point < 0x250) || (point >= 0x1E00 && point < 0x1F00);
    const bool accented = latin && decompose->getDecomposition(point, parts) && parts[0] < 0x80;
    AddPoint(static_cast<char32_t>(accented ? parts[0] : point), emitter);
  }
}

// What is folded without ICU: ASCII, full-width ASCII, common punctuation, the Han block.
constexpr bool IsSimple(char32_t point) {
  return point < 0x80 || (point >= 0x4E00 && point <= 0x9FFF) || (point >= 0xFF01 && point <= 0xFF5E) ||
         (point >= 0x2010 && point <= 0x2027) || (point >= 0x3000 && point <= 0x3004) ||
         (point >= 0x3008 && point <= 0x3020);
}

}  // namespace

void AppendFolded(std::string_view utf8, std::size_t max_units, std::u16string& out) {
  // A unit takes at most four bytes of UTF-8, so that a text of any length costs no more than its bound.
  utf8 = utf8.substr(0, max_units * 4);
  Emitter emitter(max_units, out);
  for (std::size_t at = 0; at < utf8.size();)
    if (!IsSimple(Next(utf8, at))) return AppendByIcu(utf8, emitter);

  for (std::size_t at = 0; at < utf8.size();) {
    char32_t point = Next(utf8, at);
    if (point >= 0xFF01 && point <= 0xFF5E) point -= 0xFF01 - 0x21;
    if (point >= U'A' && point <= U'Z') point += U'a' - U'A';
    const auto unit = static_cast<char16_t>(point);
    if (IsAlnum(unit) || unit >= 0x4E00)
      emitter.Add(unit);
    else
      emitter.Skip();
  }
}

}  // namespace landfall::search
