// SPDX-License-Identifier: Apache-2.0
#include "search/match.h"

#include <algorithm>

#include "search/initials.h"

namespace landfall::search {
namespace {

Phrase MakePhrase(std::u16string units) {
  Phrase phrase{std::move(units), {}};
  for (std::size_t at = 0; at < phrase.units.size();) {
    const bool alnum = IsAlnum(phrase.units[at]);
    std::size_t end = at + 1;
    while (end < phrase.units.size() && phrase.units[end] != kBreak && IsAlnum(phrase.units[end]) == alnum) ++end;
    phrase.runs.push_back({at, end - at, alnum});
    at = end;
    if (at < phrase.units.size() && phrase.units[at] == kBreak) ++at;
  }
  return phrase;
}

bool IsSpace(std::string_view utf8, std::size_t at, std::size_t& size) {
  size = 1;
  if (utf8[at] == ' ' || (utf8[at] >= '\t' && utf8[at] <= '\r')) return true;
  size = 3;
  return utf8.substr(at, 3) == "\xE3\x80\x80";  // U+3000, the space of Chinese input methods.
}

// True when a word that a digit makes a code covers `at`.
bool InsideCode(std::u16string_view field, std::size_t at) {
  std::size_t first = at, last = at;
  while (first > 0 && IsAlnum(field[first - 1])) --first;
  while (last < field.size() && IsAlnum(field[last])) ++last;
  return std::any_of(field.begin() + static_cast<std::ptrdiff_t>(first),
                     field.begin() + static_cast<std::ptrdiff_t>(last), [](char16_t c) { return !IsLetter(c); });
}

constexpr std::size_t kInsideCodeMin = 3;

// Whether a pattern whose first `head` units are letters and digits may begin at `at`.
bool MayBegin(std::u16string_view field, std::size_t at, std::size_t head) {
  if (at == 0 || !IsAlnum(field[at]) || !IsAlnum(field[at - 1])) return true;
  if (head < kInsideCodeMin || at + kInsideCodeMin > field.size()) return false;
  for (std::size_t i = 1; i < kInsideCodeMin; ++i)
    if (!IsAlnum(field[at + i])) return false;
  return InsideCode(field, at);
}

enum class How : std::uint8_t { kNot, kByInitials, kLiterally };

How OccursAt(std::u16string_view pattern, std::u16string_view field, std::size_t at) {
  How how = How::kLiterally;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char16_t want = pattern[i], have = field[at + i];
    if (want == have) continue;
    if (!IsLetter(want) || !(InitialsOf(have) & LetterBit(want))) return How::kNot;
    how = How::kByInitials;
  }
  return how;
}

// A text to look for, and how.
struct Pattern {
  std::u16string_view units;
  std::size_t head = 0;   // Its leading letters and digits.
  bool initials = false;  // Letters may stand for characters.
  bool whole = false;     // It is all that is asked for: where it begins a name, that counts more.
};

// How well it occurs in a field: kExact to kAdjacentByInitials, or kNone.
Match Occurs(const Pattern& asked, Field kind, std::u16string_view field) {
  Match best = Match::kNone;
  const std::u16string_view pattern = asked.units;
  const bool by_initials = asked.initials && HasInitials(kind);
  const bool titled = asked.whole && kind != Field::kText;  // To begin running text means nothing.
  for (std::size_t at = 0; at + pattern.size() <= field.size(); ++at) {
    if (!by_initials) {
      at = field.find(pattern, at);
      if (at == std::u16string_view::npos) break;
    }
    const How how = by_initials ? OccursAt(pattern, field, at) : How::kLiterally;
    if (how == How::kNot || !MayBegin(field, at, asked.head)) continue;
    const bool literal = how == How::kLiterally;
    Match match = literal ? Match::kAdjacent : Match::kAdjacentByInitials;
    if (at == 0 && titled) {
      match = literal ? Match::kPrefix : Match::kPrefixByInitials;
      if (literal && pattern.size() == field.size()) match = Match::kExact;
    }
    best = std::min(best, match);
    if (best <= Match::kAdjacent) break;  // Nothing better comes later in this field.
  }
  return best;
}

Match BestOccurrence(const Pattern& pattern, std::u16string_view document) {
  Match best = Match::kNone;
  ForEachField(document,
               [&](Field kind, std::u16string_view field) { best = std::min(best, Occurs(pattern, kind, field)); });
  return best;
}

Pattern PatternOf(const Phrase& phrase, const Query& query, bool whole) {
  return {phrase.units, phrase.runs.front().alnum ? phrase.runs.front().size : 0, query.has_letters, whole};
}

// All pairs of neighbouring glyphs and all words of the phrase occur, in whatever field and order.
bool IsScattered(const Phrase& phrase, std::u16string_view document) {
  return std::all_of(phrase.runs.begin(), phrase.runs.end(), [&](const Phrase::Run& run) {
    const std::u16string_view units = std::u16string_view(phrase.units).substr(run.at, run.size);
    if (run.alnum) return BestOccurrence({units, units.size(), false, false}, document) != Match::kNone;
    if (units.size() == 1) return document.find(units[0]) != std::u16string_view::npos;
    for (std::size_t i = 0; i + 1 < units.size(); ++i)
      if (document.find(units.substr(i, 2)) == std::u16string_view::npos) return false;
    return true;
  });
}

}  // namespace

Query ParseQuery(std::string_view utf8) {
  Query query;
  std::u16string whole;
  AppendFolded(utf8, kQueryUnitsMax, whole);
  query.whole = MakePhrase(std::move(whole));
  query.has_letters = std::any_of(query.whole.units.begin(), query.whole.units.end(), IsLetter);

  const std::string_view read = utf8.substr(0, kQueryUnitsMax * 4);
  for (std::size_t at = 0, start = 0; at <= read.size() && query.phrases.size() < kPhrasesMax;) {
    std::size_t space = 1;
    if (at < read.size() && !IsSpace(read, at, space)) {
      ++at;
      continue;
    }
    std::u16string units;
    AppendFolded(read.substr(start, at - start), kQueryUnitsMax, units);
    if (!units.empty()) query.phrases.push_back(MakePhrase(std::move(units)));
    start = at += space;
  }
  return query;
}

Match MatchDocument(const Query& query, std::u16string_view document) {
  const Match whole = BestOccurrence(PatternOf(query.whole, query, true), document);
  if (whole <= Match::kAdjacent) return whole;
  Match worst = Match::kAdjacent;
  for (const Phrase& phrase : query.phrases) {
    Match match = query.phrases.size() == 1 ? whole : BestOccurrence(PatternOf(phrase, query, false), document);
    if (match == Match::kNone && IsScattered(phrase, document)) match = Match::kScattered;
    worst = std::max(worst, match);
    if (worst == Match::kNone) break;
  }
  return std::min(whole, worst);
}

}  // namespace landfall::search
