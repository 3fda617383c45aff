// SPDX-License-Identifier: Apache-2.0
// An immutable part of the index: documents in the order in which answers are ranked, and for each key the documents
// that carry it.
//
// Why in that order: within one quality of match, answers come by the length of the name, then by kind and id. A list
// of documents that is already in this order is read until enough are found, and a key that half of all names carry
// costs no more than a rare one. Lists are delta-coded bytes, or bitmaps where that is smaller.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "search/grams.h"

namespace landfall::search {

// The place of a document among answers of one quality, and its identity: length of the name, kind, id.
struct DocumentKey {
  std::uint16_t length = 0;
  std::uint8_t kind = 0;
  std::uint32_t id = 0;
  auto operator<=>(const DocumentKey&) const = default;
  std::uint64_t Identity() const { return std::uint64_t{kind} << 32 | id; }
};

struct DocumentRef {
  DocumentKey key;
  std::u16string_view units;
};

class Segment {
 public:
  using Index = std::uint32_t;
  static constexpr Index kNotHere = ~Index{0};

  // `documents` in any order, each identity once; the texts are copied. Cost: about 8 µs a document.
  explicit Segment(std::vector<DocumentRef> documents);

  std::size_t size() const { return keys_.size(); }
  std::size_t live() const { return keys_.size() - dead_count_; }
  DocumentRef At(Index index) const {
    return {keys_[index], std::u16string_view(units_).substr(starts_[index], starts_[index + 1] - starts_[index])};
  }
  bool IsDead(Index index) const { return dead_[index]; }
  // The living document of that identity, or kNotHere. Cost: a binary search.
  Index Locate(std::uint64_t identity) const;
  // The only change a segment knows. Precondition: alive.
  void Kill(Index index);

  // Calls `visit` for each living document that carries all `grams`, best first, until it returns false.
  void ForEach(std::span<const Gram> grams, const std::function<bool(Index)>& visit) const;

  std::size_t Bytes() const;

 private:
  struct List {
    std::uint32_t at = 0;     // Where it begins in lists_.
    std::uint32_t count = 0;  // Documents; a bitmap when a delta-coded list would be larger (IsBitmap).
  };
  struct Growing;

  std::size_t BitmapBytes() const { return (size() + 63) / 64 * 8; }
  bool IsBitmap(const List& list) const { return list.count >= BitmapBytes(); }
  void WriteLists(std::vector<Growing>& lists);
  void VisitBitmaps(std::span<const List> lists, const std::function<bool(Index)>& visit) const;
  void VisitShortest(std::span<const List> lists, const std::function<bool(Index)>& visit) const;

  std::vector<DocumentKey> keys_;
  std::vector<std::uint32_t> starts_;  // One more than documents.
  std::u16string units_;
  std::vector<Index> by_identity_;
  std::vector<bool> dead_;
  std::size_t dead_count_ = 0;
  std::vector<Gram> grams_;  // Sorted; the list of grams_[i] is heads_[i].
  std::vector<List> heads_;
  std::vector<std::uint8_t> lists_;
};

}  // namespace landfall::search
