// SPDX-License-Identifier: Apache-2.0
#include "search/grams.h"

#include <algorithm>
#include <bit>

#include "search/initials.h"

namespace landfall::search {
namespace {

enum class Family : std::uint8_t { kGlyph, kStartGlyph, kLiteral, kStartLiteral, kView, kStartView, kExact };

constexpr Gram MakeGram(Family family, std::uint32_t payload) {
  return Gram{static_cast<std::uint8_t>(family)} << 32 | payload;
}

constexpr std::size_t kWordGram = 3;  // Letters and digits are keyed by at most three.

// One or two glyphs.
Gram GlyphGram(Family family, std::u16string_view units) {
  return MakeGram(family, units.size() == 1 ? units[0] : std::uint32_t{units[0]} << 16 | units[1]);
}
// One to three letters and digits.
Gram WordGram(Family family, std::u16string_view units) {
  std::uint32_t payload = 0;
  for (char16_t unit : units) payload = payload << 8 | unit;
  return MakeGram(family, payload);
}

std::size_t AlnumRun(std::u16string_view field, std::size_t at) {
  std::size_t end = at;
  while (end < field.size() && IsAlnum(field[end])) ++end;
  return end - at;
}

bool HasDigit(std::u16string_view word) { return !std::all_of(word.begin(), word.end(), IsLetter); }

class Collector {
 public:
  explicit Collector(std::vector<Gram>& out) : out_(out) {}

  void Add(Field kind, std::u16string_view field) {
    const bool titled = kind != Field::kText;
    if (titled && !field.empty()) {
      out_.push_back(ExactGramOf(field));
      if (IsGlyph(field[0])) {
        out_.push_back(GlyphGram(Family::kStartGlyph, field.substr(0, 1)));
        if (field.size() > 1 && IsGlyph(field[1])) out_.push_back(GlyphGram(Family::kStartGlyph, field.substr(0, 2)));
      }
    }
    for (std::size_t at = 0; at < field.size();) {
      if (IsGlyph(field[at])) {
        out_.push_back(GlyphGram(Family::kGlyph, field.substr(at, 1)));
        if (at + 1 < field.size() && IsGlyph(field[at + 1]))
          out_.push_back(GlyphGram(Family::kGlyph, field.substr(at, 2)));
        ++at;
      } else {
        const std::size_t size = std::max<std::size_t>(1, AlnumRun(field, at));
        if (IsAlnum(field[at])) Word(field.substr(at, size), titled && at == 0);
        at += size;
      }
    }
    for (std::size_t at = 0; at < field.size(); ++at) View(field, at, HasInitials(kind), titled && at == 0);
  }

 private:
  void Word(std::u16string_view word, bool start) {
    for (std::size_t n = 1; n <= std::min(kWordGram, word.size()); ++n) {
      out_.push_back(WordGram(Family::kLiteral, word.substr(0, n)));
      if (start) out_.push_back(WordGram(Family::kStartLiteral, word.substr(0, n)));
    }
    if (HasDigit(word))
      for (std::size_t at = 1; at + kWordGram <= word.size(); ++at)
        out_.push_back(WordGram(Family::kLiteral, word.substr(at, kWordGram)));
  }

  // All readings of the up to three units from `at`.
  void View(std::u16string_view field, std::size_t at, bool initials, bool start, std::uint32_t payload = 0,
            std::size_t depth = 0) {
    if (depth > 0) {
      out_.push_back(MakeGram(Family::kView, payload));
      if (start) out_.push_back(MakeGram(Family::kStartView, payload));
    }
    if (depth == kWordGram || at == field.size()) return;
    const char16_t unit = field[at];
    if (IsAlnum(unit)) return View(field, at + 1, initials, start, payload << 8 | unit, depth + 1);
    for (Letters letters = initials ? InitialsOf(unit) : 0; letters != 0; letters &= letters - 1) {
      const auto letter = static_cast<std::uint32_t>(u'a' + std::countr_zero(letters));
      View(field, at + 1, initials, start, payload << 8 | letter, depth + 1);
    }
  }

  std::vector<Gram>& out_;
};

void AddRun(std::u16string_view run, bool by_initials, std::vector<Gram>& out) {
  const bool letters = std::any_of(run.begin(), run.end(), IsLetter);
  const Family family = by_initials && letters ? Family::kView : Family::kLiteral;
  if (run.size() <= kWordGram) {
    out.push_back(WordGram(family, run));
    return;
  }
  // Inside a word of letters only the beginning is keyed.
  const bool inner = family == Family::kView || HasDigit(run);
  for (std::size_t at = 0; at + kWordGram <= (inner ? run.size() : kWordGram); ++at)
    out.push_back(WordGram(family, run.substr(at, kWordGram)));
}

}  // namespace

void CollectGrams(std::u16string_view document, std::vector<Gram>& out) {
  out.clear();
  Collector collector(out);
  ForEachField(document, [&](Field kind, std::u16string_view field) { collector.Add(kind, field); });
}

std::vector<Gram> GramsOf(const Query& query, bool by_initials) {
  std::vector<Gram> grams;
  for (const Phrase& phrase : query.phrases) {
    for (const Phrase::Run& run : phrase.runs) {
      const std::u16string_view units = std::u16string_view(phrase.units).substr(run.at, run.size);
      if (run.alnum) {
        AddRun(units, by_initials, grams);
      } else if (units.size() == 1) {
        grams.push_back(GlyphGram(Family::kGlyph, units));
      } else {
        for (std::size_t at = 0; at + 1 < units.size(); ++at)
          grams.push_back(GlyphGram(Family::kGlyph, units.substr(at, 2)));
      }
    }
  }
  std::sort(grams.begin(), grams.end());
  grams.erase(std::unique(grams.begin(), grams.end()), grams.end());
  return grams;
}

Gram StartGramOf(const Query& query, bool by_initials) {
  const Phrase::Run& head = query.whole.runs.front();
  const std::u16string_view units = std::u16string_view(query.whole.units).substr(0, head.size);
  if (!head.alnum) return GlyphGram(Family::kStartGlyph, units.substr(0, 2));
  return WordGram(by_initials ? Family::kStartView : Family::kStartLiteral, units.substr(0, kWordGram));
}

Gram ExactGramOf(std::u16string_view whole) {
  std::uint32_t hash =
      2166136261u;  // FNV-1a, then 16 bits of it: few keys, about 15 documents of a million under each.
  for (char16_t unit : whole) hash = (hash ^ unit) * 16777619u;
  return MakeGram(Family::kExact, (hash >> 16 ^ hash) & 0xFFFF);
}

}  // namespace landfall::search
