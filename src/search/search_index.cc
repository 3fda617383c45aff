// SPDX-License-Identifier: Apache-2.0
#include "search/search_index.h"

#include <algorithm>
#include <array>
#include <mutex>

#include "search/segment.h"

namespace landfall::search {
namespace {

// Recent documents are read one by one at about 100 ns each: these are well below a millisecond.
constexpr std::size_t kRecentMin = 4096;
// With more documents there may be more recent ones, so that the whole is rebuilt a bounded number of times.
constexpr std::size_t kRecentShare = 128;
// A part is joined to its successors when it is not at least this many times as large.
constexpr std::size_t kGrowth = 3;

void AppendField(Field kind, std::string_view text, std::u16string& units) {
  if (units.size() + 1 >= SearchIndex::kDocumentUnitsMax) return;
  units += static_cast<char16_t>(kind);
  const std::size_t start = units.size();
  AppendFolded(text, SearchIndex::kDocumentUnitsMax - start, units);
  if (units.size() == start) units.pop_back();
}

std::u16string FoldDocument(const FieldTexts& texts) {
  std::u16string units;
  AppendField(Field::kName, texts.name, units);
  for (std::string_view text : texts.aliases) AppendField(Field::kAlias, text, units);
  for (std::string_view text : texts.codes) AppendField(Field::kCode, text, units);
  for (std::string_view text : texts.texts) AppendField(Field::kText, text, units);
  units.shrink_to_fit();
  return units;
}

// The length of the name, or of what stands in its place.
std::uint16_t RankLength(std::u16string_view document) {
  const auto end = std::find_if(document.begin() + (document.empty() ? 0 : 1), document.end(), IsTag);
  return static_cast<std::uint16_t>(end - document.begin());
}

}  // namespace

struct SearchIndex::Recent {
  DocumentKey key;
  std::u16string units;
};

// The best answers so far, by quality; at most one more than asked for in each.
struct SearchIndex::Buckets {
  std::size_t wanted = 0;
  std::array<std::vector<DocumentKey>, static_cast<std::size_t>(Match::kNone)> found;

  std::vector<DocumentKey>& Of(Match match) { return found[static_cast<std::size_t>(match)]; }
  // How many are at least as good as `match`.
  std::size_t AtLeast(Match match) const {
    std::size_t count = 0;
    for (std::size_t i = 0; i <= static_cast<std::size_t>(match); ++i) count += found[i].size();
    return count;
  }
  void Merge(Buckets&& other) {
    for (std::size_t i = 0; i < found.size(); ++i) {
      const auto middle = static_cast<std::ptrdiff_t>(found[i].size());
      found[i].insert(found[i].end(), other.found[i].begin(), other.found[i].end());
      std::inplace_merge(found[i].begin(), found[i].begin() + middle, found[i].end());
      if (found[i].size() > wanted) found[i].resize(wanted);
    }
  }
};

SearchIndex::SearchIndex() = default;
SearchIndex::~SearchIndex() = default;

void SearchIndex::Put(Kind kind, std::uint32_t id, const FieldTexts& texts) {
  Recent document{{0, kind, id}, FoldDocument(texts)};
  document.key.length = RankLength(document.units);
  const std::uint64_t identity = document.key.Identity();
  {
    const std::unique_lock lock(mutex_);
    Drop(identity);
    recent_at_[identity] = recent_.size();
    recent_.push_back(std::move(document));
  }
  Tidy();
}

void SearchIndex::Remove(Kind kind, std::uint32_t id) {
  {
    const std::unique_lock lock(mutex_);
    Drop(DocumentKey{0, kind, id}.Identity());
  }
  Tidy();
}

// Expects the lock.
void SearchIndex::Drop(std::uint64_t identity) {
  if (const auto at = recent_at_.find(identity); at != recent_at_.end()) {
    const std::size_t position = at->second;
    recent_at_.erase(at);
    if (position + 1 != recent_.size()) {
      recent_[position] = std::move(recent_.back());
      recent_at_[recent_[position].key.Identity()] = position;
    }
    recent_.pop_back();
    return;
  }
  for (const auto& segment : segments_) {
    if (const Segment::Index index = segment->Locate(identity); index != Segment::kNotHere) {
      segment->Kill(index);
      return;
    }
  }
}

// Only the writer changes anything, so it may read without the lock.
std::size_t SearchIndex::Live() const {
  std::size_t live = recent_.size();
  for (const auto& segment : segments_) live += segment->live();
  return live;
}

void SearchIndex::Tidy() {
  if (filling_) return;
  std::size_t first = segments_.size();
  if (recent_.size() > std::max(kRecentMin, Live() / kRecentShare)) {
    std::size_t joined = recent_.size();
    while (first > 0 && segments_[first - 1]->live() < kGrowth * joined) joined += segments_[--first]->live();
    Rebuild(first);
    return;
  }
  for (std::size_t i = 0; i < segments_.size(); ++i) {
    const std::size_t dead = segments_[i]->size() - segments_[i]->live();
    if (dead > kRecentMin && dead > segments_[i]->live()) return Rebuild(i);
  }
}

// Makes one segment of the recent documents and the segments from `first_segment` on.
void SearchIndex::Rebuild(std::size_t first_segment) {
  std::vector<DocumentRef> documents;
  for (std::size_t i = first_segment; i < segments_.size(); ++i)
    for (Segment::Index index = 0; index < segments_[i]->size(); ++index)
      if (!segments_[i]->IsDead(index)) documents.push_back(segments_[i]->At(index));
  for (const Recent& document : recent_) documents.push_back({document.key, document.units});
  auto built = documents.empty() ? nullptr : std::make_unique<Segment>(std::move(documents));

  const std::unique_lock lock(mutex_);
  segments_.resize(first_segment);
  if (built) segments_.push_back(std::move(built));
  recent_.clear();
  recent_.shrink_to_fit();
  recent_at_.clear();
}

void SearchIndex::EndFill() {
  filling_ = false;
  Rebuild(0);
}

void SearchIndex::FindIn(const Segment& segment, const Query& query, const SearchFilter& filter,
                         Buckets& buckets) const {
  // Looks among those that carry `grams`, for answers of the qualities `first` to `last`; done when `first` is full.
  const auto pass = [&](std::vector<Gram> grams, Match first, Match last) {
    segment.ForEach(grams, [&](Segment::Index index) {
      const DocumentRef document = segment.At(index);
      if (!filter(document.key.kind, document.key.id)) return true;
      const Match match = MatchDocument(query, document.units);
      if (match >= first && match <= last && buckets.Of(match).size() < buckets.wanted)
        buckets.Of(match).push_back(document.key);
      return buckets.Of(first).size() < buckets.wanted;
    });
    return buckets.AtLeast(first) >= buckets.wanted;
  };
  const auto with = [](std::vector<Gram> grams, Gram further) {
    grams.push_back(further);
    return grams;
  };
  const std::vector<Gram> literal = GramsOf(query, false);
  if (pass({ExactGramOf(query.whole.units)}, Match::kExact, Match::kExact) ||
      pass(with(literal, StartGramOf(query, false)), Match::kPrefix, Match::kPrefix))
    return;
  if (!query.has_letters) {
    pass(literal, Match::kAdjacent, Match::kScattered);
    return;
  }
  const std::vector<Gram> viewed = GramsOf(query, true);
  if (pass(with(viewed, StartGramOf(query, true)), Match::kPrefixByInitials, Match::kPrefixByInitials) ||
      pass(literal, Match::kAdjacent, Match::kAdjacent))
    return;
  pass(viewed, Match::kAdjacentByInitials, Match::kScattered);
}

SearchAnswer SearchIndex::Find(std::string_view text, const SearchFilter& filter, std::size_t limit) const {
  SearchAnswer answer;
  const Query query = ParseQuery(text);
  if (query.whole.units.empty() || limit == 0) return answer;
  limit = std::min(limit, kLimitMax);
  Buckets best{limit + 1, {}};  // One more than asked for tells whether there are more.
  {
    const std::shared_lock lock(mutex_);
    for (const Recent& document : recent_) {
      const Match match = MatchDocument(query, document.units);
      if (match != Match::kNone && filter(document.key.kind, document.key.id)) best.Of(match).push_back(document.key);
    }
    for (std::vector<DocumentKey>& found : best.found) std::sort(found.begin(), found.end());
    for (const auto& segment : segments_) {
      Buckets buckets{best.wanted, {}};
      FindIn(*segment, query, filter, buckets);
      best.Merge(std::move(buckets));
    }
  }
  for (std::size_t i = 0; i < best.found.size(); ++i) {
    for (const DocumentKey& key : best.found[i]) {
      if (answer.hits.size() == limit) {
        answer.more = true;
        return answer;
      }
      answer.hits.push_back({key.kind, key.id, static_cast<Match>(i)});
    }
  }
  return answer;
}

std::size_t SearchIndex::size() const {
  const std::shared_lock lock(mutex_);
  return Live();
}

std::size_t SearchIndex::Bytes() const {
  const std::shared_lock lock(mutex_);
  std::size_t bytes = sizeof *this + recent_.capacity() * sizeof(Recent) +
                      recent_at_.size() * (sizeof(std::pair<std::uint64_t, std::size_t>) + 2 * sizeof(void*));
  for (const Recent& document : recent_) bytes += document.units.capacity() * sizeof(char16_t);
  for (const auto& segment : segments_) bytes += segment->Bytes();
  return bytes;
}

}  // namespace landfall::search
