// SPDX-License-Identifier: Apache-2.0
// What it means that a document answers a query, and how well. The index only narrows down whom to ask.
//
// A folded document is a sequence of fields, each behind a tag unit. A query is one folded text (`whole`) and the
// phrases that white space parts it into. A phrase *occurs* at a place of a field when each of its units equals the
// field's, or is a letter and the field's is a Han character with that initial (names, aliases and codes only). Inside
// a word an occurrence must not begin, but inside a code (a word with a digit) it may, with at least three of its
// units.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "search/fold.h"

namespace landfall::search {

// From best to worst. `…ByInitials` where a letter stands for a character.
enum class Match : std::uint8_t {
  kExact,   // A name, alias or code is the query as a whole.
  kPrefix,  // One begins with it.
  kPrefixByInitials,
  kAdjacent,  // Each phrase occurs somewhere.
  kAdjacentByInitials,
  kScattered,  // All neighbouring pairs of its characters, and all its words, occur somewhere.
  kNone,
};

// The unit that opens a field. All lie below kBreak, so no text holds one.
enum class Field : char16_t { kName = 1, kAlias = 2, kCode = 3, kText = 4 };
constexpr bool IsTag(char16_t unit) { return unit >= 1 && unit <= 4; }
constexpr bool HasInitials(Field field) { return field != Field::kText; }

inline constexpr std::size_t kQueryUnitsMax = 200;
inline constexpr std::size_t kPhrasesMax = 8;

struct Phrase {
  // Part of `units` that is only glyphs, or only letters and digits.
  struct Run {
    std::size_t at = 0, size = 0;
    bool alnum = false;
  };
  std::u16string units;
  std::vector<Run> runs;
};

struct Query {
  Phrase whole;
  std::vector<Phrase> phrases;
  bool has_letters = false;  // Only then can anything match by initials.
};

// Reads at most 200 units and 8 phrases; what is longer is cut. `whole` is empty when nothing remains to look for.
Query ParseQuery(std::string_view utf8);

// The fields of a folded document, one after the other.
template <class Visit>
void ForEachField(std::u16string_view document, Visit&& visit) {
  for (std::size_t at = 0; at < document.size();) {
    std::size_t end = at + 1;
    while (end < document.size() && !IsTag(document[end])) ++end;
    visit(static_cast<Field>(document[at]), document.substr(at + 1, end - at - 1));
    at = end;
  }
}

// Cost: linear in the document for each phrase. Threads: any.
Match MatchDocument(const Query& query, std::u16string_view document);

}  // namespace landfall::search
