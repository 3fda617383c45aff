// SPDX-License-Identifier: Apache-2.0
// Seeded invented texts, and a plain reading of the rules of search/match.h that scans every text.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/seam.h"
#include "search/initials.h"
#include "search/search_index.h"

namespace landfall::search::test {

inline std::uint64_t Below(SeededRandom& random, std::uint64_t bound) { return random.Next() % bound; }

inline std::string Utf8(std::u32string_view text) {
  std::string out;
  for (char32_t c : text) {
    if (c < 0x80) {
      out += static_cast<char>(c);
    } else if (c < 0x800) {
      out += static_cast<char>(0xC0 | c >> 6);
      out += static_cast<char>(0x80 | (c & 0x3F));
    } else {
      out += static_cast<char>(0xE0 | c >> 12);
      out += static_cast<char>(0x80 | (c >> 6 & 0x3F));
      out += static_cast<char>(0x80 | (c & 0x3F));
    }
  }
  return out;
}

// A document as the naive reading keeps it: already folded, so made only of Han characters, a-z, 0-9 and single spaces
// between words.
struct Plain {
  std::u32string name;
  std::vector<std::u32string> aliases, codes, texts;
};

inline bool PlainAlnum(char32_t c) { return (c >= U'a' && c <= U'z') || (c >= U'0' && c <= U'9'); }

// 0 literal, 1 by initials, none where `pattern` does not occur at `at`.
inline std::optional<int> NaiveAt(std::u32string_view pattern, std::u32string_view field, std::size_t at,
                                  bool initials) {
  if (at + pattern.size() > field.size()) return std::nullopt;
  int how = 0;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char32_t p = pattern[i], f = field[at + i];
    if (p == f) continue;
    if (!initials || p < U'a' || p > U'z' || !(InitialsOf(static_cast<char16_t>(f)) >> (p - U'a') & 1))
      return std::nullopt;
    how = 1;
  }
  if (at > 0 && PlainAlnum(field[at]) && PlainAlnum(field[at - 1])) {
    // Inside a word: three units at least, and a digit somewhere in the word.
    for (std::size_t i = 0; i < 3; ++i)
      if (i >= pattern.size() || !PlainAlnum(pattern[i]) || at + i >= field.size() || !PlainAlnum(field[at + i]))
        return std::nullopt;
    std::size_t first = at, last = at;
    while (first > 0 && PlainAlnum(field[first - 1])) --first;
    while (last < field.size() && PlainAlnum(field[last])) ++last;
    bool digit = false;
    for (std::size_t i = first; i < last; ++i) digit = digit || field[i] <= U'9';
    if (!digit) return std::nullopt;
  }
  return how;
}

inline Match NaivePhrase(std::u32string_view pattern, const Plain& document, bool whole, bool initials = true) {
  Match best = Match::kNone;
  const auto field = [&](std::u32string_view text, bool titled) {
    for (std::size_t at = 0; at < text.size(); ++at) {
      const auto how = NaiveAt(pattern, text, at, initials && titled);
      if (!how) continue;
      Match match = *how == 0 ? Match::kAdjacent : Match::kAdjacentByInitials;
      if (at == 0 && titled && whole) match = *how == 0 ? Match::kPrefix : Match::kPrefixByInitials;
      if (match == Match::kPrefix && pattern.size() == text.size()) match = Match::kExact;
      best = std::min(best, match);
    }
  };
  field(document.name, true);
  for (const auto& text : document.aliases) field(text, true);
  for (const auto& text : document.codes) field(text, true);
  for (const auto& text : document.texts) field(text, false);
  return best;
}

inline bool NaiveScattered(std::u32string_view phrase, const Plain& document) {
  for (std::size_t at = 0; at < phrase.size();) {
    std::size_t end = at + 1;
    while (end < phrase.size() && PlainAlnum(phrase[end]) == PlainAlnum(phrase[at])) ++end;
    const std::u32string_view run = phrase.substr(at, end - at);
    if (PlainAlnum(run[0]) || run.size() == 1) {
      if (NaivePhrase(run, document, false, false) == Match::kNone) return false;
    } else {
      for (std::size_t i = 0; i + 1 < run.size(); ++i)
        if (NaivePhrase(run.substr(i, 2), document, false, false) == Match::kNone) return false;
    }
    at = end;
  }
  return true;
}

// `query`: folded phrases with single spaces between.
inline Match NaiveMatch(const std::u32string& query, const Plain& document) {
  std::u32string whole;
  std::vector<std::u32string> phrases(1);
  for (std::size_t i = 0; i < query.size(); ++i) {
    if (query[i] == U' ') {
      phrases.emplace_back();
      if (PlainAlnum(query[i - 1]) && PlainAlnum(query[i + 1])) whole += U' ';
    } else {
      phrases.back() += query[i];
      whole += query[i];
    }
  }
  Match worst = Match::kAdjacent;
  for (const std::u32string& phrase : phrases) {
    Match match = NaivePhrase(phrase, document, false);
    if (match == Match::kNone && NaiveScattered(phrase, document)) match = Match::kScattered;
    worst = std::max(worst, match);
  }
  return std::min(NaivePhrase(whole, document, true), worst);
}

// The documents of an index and of the naive scan, kept in step.
class Both {
 public:
  using Id = std::pair<Kind, std::uint32_t>;

  void Put(Kind kind, std::uint32_t id, const Plain& document) {
    documents_[{kind, id}] = document;
    Fill(index, kind, id, document);
  }
  void Remove(Kind kind, std::uint32_t id) {
    documents_.erase({kind, id});
    index.Remove(kind, id);
  }
  // All documents put again into an empty index.
  void Refill(SearchIndex& fresh) const {
    const SearchIndex::BulkFill fill(fresh);
    for (const auto& [id, document] : documents_) Fill(fresh, id.first, id.second, document);
  }

  SearchAnswer Naive(const std::u32string& query, const SearchFilter& filter, std::size_t limit) const {
    std::vector<std::tuple<Match, std::size_t, Kind, std::uint32_t>> found;
    for (const auto& [id, document] : documents_) {
      const Match match = NaiveMatch(query, document);
      if (match != Match::kNone && filter(id.first, id.second))
        found.emplace_back(match, document.name.size(), id.first, id.second);
    }
    std::sort(found.begin(), found.end());
    SearchAnswer answer;
    answer.more = found.size() > limit;
    if (answer.more) found.resize(limit);
    for (const auto& [match, length, kind, id] : found) answer.hits.push_back({kind, id, match});
    return answer;
  }

  SearchIndex index;
  const std::map<Id, Plain>& documents() const { return documents_; }

 private:
  static void Fill(SearchIndex& index, Kind kind, std::uint32_t id, const Plain& document) {
    std::vector<std::string> kept;
    kept.reserve(document.aliases.size() + document.codes.size() + document.texts.size());  // Views point into it.
    const std::string name = Utf8(document.name);
    FieldTexts texts{name, {}, {}, {}};
    const auto add = [&](const std::vector<std::u32string>& from, std::vector<std::string_view>& to) {
      for (const std::u32string& text : from) to.push_back(kept.emplace_back(Utf8(text)));
    };
    add(document.aliases, texts.aliases);
    add(document.codes, texts.codes);
    add(document.texts, texts.texts);
    index.Put(kind, id, texts);
  }

  std::map<Id, Plain> documents_;
};

// Names of an invented city. Few syllables, so that everything occurs often and in many orders.
inline std::u32string RandomName(SeededRandom& random) {
  static constexpr std::u32string_view kPlaces[] = {U"岚川", U"岚川市", U"青石", U"云渡", U"长岭", U"重川", U""};
  static constexpr std::u32string_view kWords[] = {U"新能源", U"食品", U"医药", U"电子", U"材料", U"广济",
                                                   U"和兴",   U"石材", U"乐行", U"纺织", U"装备", U"源新",
                                                   U"限有",   U"川食", U"tcl",  U"5g"};
  static constexpr std::u32string_view kEnds[] = {U"有限公司", U"有限责任公司", U"厂",     U"项目",
                                                  U"集团",     U"二期",         U"2号厂房"};
  std::u32string name(kPlaces[Below(random, std::size(kPlaces))]);
  const auto add = [&](std::u32string_view part) {
    if (!name.empty() && PlainAlnum(name.back()) && PlainAlnum(part[0])) name += U' ';
    name += part;
  };
  for (std::uint64_t n = 1 + Below(random, 3); n > 0; --n) add(kWords[Below(random, std::size(kWords))]);
  if (Below(random, 8) != 0) add(kEnds[Below(random, std::size(kEnds))]);
  return name;
}

inline std::u32string RandomCode(SeededRandom& random) {
  static constexpr std::u32string_view kSigns = U"0123456789abcdwxyz";
  std::u32string code;
  for (std::uint64_t n = 2 + Below(random, 9); n > 0; --n) code += kSigns[Below(random, kSigns.size())];
  return code;
}

inline Plain RandomDocument(SeededRandom& random) {
  Plain document{RandomName(random), {}, {}, {}};
  if (Below(random, 4) == 0) document.aliases.push_back(RandomName(random));
  if (Below(random, 3) == 0) document.codes.push_back(RandomCode(random));
  if (Below(random, 6) == 0) document.texts.push_back(RandomName(random) + U"用地未交" + RandomName(random));
  return document;
}

// A piece of some document: characters, initials for some of them, two pieces, or a made-up one.
inline std::u32string RandomQuery(SeededRandom& random, const std::map<Both::Id, Plain>& documents) {
  const auto piece = [&] {
    auto at = documents.begin();
    std::advance(at, static_cast<std::ptrdiff_t>(Below(random, documents.size())));
    std::vector<std::u32string> all = at->second.aliases;
    all.insert(all.end(), at->second.codes.begin(), at->second.codes.end());
    all.insert(all.end(), at->second.texts.begin(), at->second.texts.end());
    const std::u32string& text =
        all.empty() || Below(random, 2) == 0 ? at->second.name : all[Below(random, all.size())];
    const std::size_t first = Below(random, 3) == 0 ? 0 : Below(random, text.size());
    std::u32string part = text.substr(first, Below(random, 9) == 0 ? text.size() : 1 + Below(random, 5));
    part.erase(std::remove(part.begin(), part.end(), U' '), part.end());
    const std::uint64_t letters = Below(random, 3);  // None, some, all.
    for (char32_t& c : part) {
      const Letters initials = InitialsOf(static_cast<char16_t>(c));
      if (initials != 0 && (letters == 2 || (letters == 1 && Below(random, 2) == 0)))
        for (char32_t letter = U'a'; letter <= U'z'; ++letter)
          if (initials >> (letter - U'a') & 1) c = letter;
    }
    return part;
  };
  std::u32string query = piece();
  if (Below(random, 5) == 0) query += U" " + piece();
  if (Below(random, 9) == 0) std::swap(query.front(), query.back());
  const auto strip = [&](std::size_t at) {
    if (!query.empty() && query[at] == U' ') query.erase(at, 1);
  };
  strip(0);
  if (!query.empty()) strip(query.size() - 1);
  return query.empty() || query.find(U"  ") != std::u32string::npos ? U"岚川" : query;
}

}  // namespace landfall::search::test
