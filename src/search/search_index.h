// SPDX-License-Identifier: Apache-2.0
// Finding things by what people type: names, aliases, codes and the text of problems, of several kinds at once.
//
// Chinese is found by any run of its characters (two-character words, single ones too), words of Latin letters by their
// beginning, codes and numbers by their beginning or any three neighbours, names by the initials of their pinyin ("gjh"
// finds 广济和…; 广济h and mixtures too). Case, width and punctuation do not count (fold.h). Several words parted by
// white space must all be found. What matches and how well is defined in match.h.
//
// Answers come by quality of match, then by length of the name, then kind, then id: the same input gives the same
// answer, in whatever order documents arrived.
//
// An answer never tells of what its reader may not see: the caller's filter is asked before anything is counted, and
// nothing but "there are more" is counted at all.
//
// Threads: one writer (Put, Remove, BulkFill); any number of threads may Find meanwhile. A rebuild, which the writer
// does from time to time, does not stop them. Memory only: removed text goes with the next rebuild of its part.
// Cost (10^6 names of 12 characters with a code of 11, bench/search.cc): 200 bytes a name; 12 µs to fill in a name, a
// few to put one; p99 of a query 3 ms, also for initials and for 有限, and 7 ms for a reader who may see nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "search/match.h"

namespace landfall::search {

class Segment;

using Kind = std::uint8_t;  // The caller's own numbering of projects, enterprises, units …

// UTF-8. Read up to kDocumentUnitsMax units in all, fields in this order; what is longer is not found by its end.
struct FieldTexts {
  std::string_view name;
  std::vector<std::string_view> aliases, codes, texts;  // `texts`: prose, without initials.
};

struct SearchHit {
  Kind kind = 0;
  std::uint32_t id = 0;
  Match match = Match::kNone;
  auto operator<=>(const SearchHit&) const = default;
};

struct SearchAnswer {
  std::vector<SearchHit> hits;  // Best first, at most the limit.
  bool more = false;            // The filter let further ones pass.
};

// Whether the reader may see a document. Called often (up to once or twice for each match): a look-up, not a
// computation. It must not call the index.
using SearchFilter = std::function<bool(Kind, std::uint32_t)>;

class SearchIndex {
 public:
  static constexpr std::size_t kDocumentUnitsMax = 4096;
  static constexpr std::size_t kLimitMax = 10'000;  // A larger limit counts as this one.

  SearchIndex();
  ~SearchIndex();
  SearchIndex(const SearchIndex&) = delete;
  SearchIndex& operator=(const SearchIndex&) = delete;

  // Adds a document or replaces the one of that kind and id.
  void Put(Kind kind, std::uint32_t id, const FieldTexts& texts);
  // Without effect when it is not there.
  void Remove(Kind kind, std::uint32_t id);

  // At most `limit` (≥ 1) documents that match `query` and pass `filter`. A query without letter, digit or character
  // finds nothing; one that is not UTF-8 is read as far as it is.
  SearchAnswer Find(std::string_view query, const SearchFilter& filter, std::size_t limit) const;

  std::size_t size() const;   // Documents.
  std::size_t Bytes() const;  // Held memory, by capacity.

  // While it lives, Put only collects; at its end one part is built of everything. For the first fill.
  class BulkFill {
   public:
    explicit BulkFill(SearchIndex& index) : index_(index) { index_.filling_ = true; }
    ~BulkFill() { index_.EndFill(); }
    BulkFill(const BulkFill&) = delete;
    BulkFill& operator=(const BulkFill&) = delete;

   private:
    SearchIndex& index_;
  };

 private:
  struct Recent;
  struct Buckets;

  void Drop(std::uint64_t identity);
  void Tidy();
  void Rebuild(std::size_t first_segment);
  void EndFill();
  std::size_t Live() const;
  void FindIn(const Segment& segment, const Query& query, const SearchFilter& filter, Buckets& buckets) const;

  mutable std::shared_mutex mutex_;                 // Held by the writer only while it changes what readers see.
  std::vector<std::unique_ptr<Segment>> segments_;  // Large to small.
  std::vector<Recent> recent_;                      // Not yet in a segment; read one by one.
  std::unordered_map<std::uint64_t, std::size_t> recent_at_;
  bool filling_ = false;
};

}  // namespace landfall::search
