// SPDX-License-Identifier: Apache-2.0
#include "search/segment.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <numeric>

#include "base/result.h"

namespace landfall::search {
namespace {

// More lists than this only repeat what MatchDocument checks anyway.
constexpr std::size_t kListsMax = 8;

void AppendVarint(std::string& out, std::uint32_t value) {
  for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
  out += static_cast<char>(value);
}

// Reads a delta-coded list forward. Expects bytes that this file wrote.
class Cursor {
 public:
  Cursor(const std::uint8_t* bytes, std::uint32_t count) : p_(bytes), left_(count) { Next(); }
  bool AtEnd() const { return done_; }
  std::uint32_t value() const { return value_; }
  void Next() {
    if (left_ == 0) {
      done_ = true;
      return;
    }
    --left_;
    std::uint32_t delta = 0;
    unsigned shift = 0;
    for (; *p_ & 0x80; ++p_, shift += 7) delta |= static_cast<std::uint32_t>(*p_ & 0x7F) << shift;
    value_ += delta | static_cast<std::uint32_t>(*p_++) << shift;
  }
  // Moves to the first document not before `document`; false when there is none.
  bool SeekTo(std::uint32_t document) {
    while (!done_ && value_ < document) Next();
    return !done_;
  }

 private:
  const std::uint8_t* p_;
  std::uint32_t left_, value_ = 0;
  bool done_ = false;
};

std::uint64_t Word(const std::uint8_t* bitmap, std::size_t at) {
  std::uint64_t word;
  std::memcpy(&word, bitmap + at * 8, 8);
  return word;
}
bool HasBit(const std::uint8_t* bitmap, std::uint32_t document) { return bitmap[document / 8] >> (document % 8) & 1; }

}  // namespace

// A list while the segment is built. Most lists are a few bytes, which std::string holds in place.
struct Segment::Growing {
  Gram gram = 0;
  std::uint32_t last = 0, count = 0;
  std::string bytes;

  // Documents come in ascending order; one that comes twice is kept once.
  void Add(Index document) {
    if (count != 0 && document == last) return;
    AppendVarint(bytes, document - last);
    last = document;
    ++count;
  }
};

namespace {

// Keys to positions 0, 1, 2 … in the order of their first appearance. Open addressing; the key lies in its cell.
class GramTable {
 public:
  GramTable() : cells_(1 << 12) {}

  // A build waits for memory most of the time; this is told early which cell will be read.
  void Expect(Gram gram) const { __builtin_prefetch(&cells_[Hash(gram) & (cells_.size() - 1)]); }

  std::uint32_t PositionOf(Gram gram) {
    if (count_ * 2 >= cells_.size()) Grow();
    Cell& cell = CellOf(gram);
    if (cell.position == kEmpty) cell = {gram, count_++};
    return cell.position;
  }

 private:
  static constexpr std::uint32_t kEmpty = ~std::uint32_t{0};
  struct Cell {
    Gram gram = 0;
    std::uint32_t position = kEmpty;
  };

  // Fibonacci hashing folded once more: keys differ in few bits, and probes would run together.
  static std::size_t Hash(Gram gram) {
    gram = (gram ^ gram >> 15) * 0x9E3779B97F4A7C15u;
    return static_cast<std::size_t>(gram ^ gram >> 32);
  }

  Cell& CellOf(Gram gram) {
    for (std::size_t at = Hash(gram);; ++at) {
      Cell& cell = cells_[at & (cells_.size() - 1)];
      if (cell.position == kEmpty || cell.gram == gram) return cell;
    }
  }
  void Grow() {
    const std::vector<Cell> old = std::exchange(cells_, std::vector<Cell>(cells_.size() * 2));
    for (const Cell& cell : old)
      if (cell.position != kEmpty) CellOf(cell.gram) = cell;
  }

  std::vector<Cell> cells_;
  std::uint32_t count_ = 0;
};

}  // namespace

Segment::Segment(std::vector<DocumentRef> documents) {
  std::sort(documents.begin(), documents.end(),
            [](const DocumentRef& a, const DocumentRef& b) { return a.key < b.key; });
  const std::size_t units =
      std::accumulate(documents.begin(), documents.end(), std::size_t{0},
                      [](std::size_t sum, const DocumentRef& document) { return sum + document.units.size(); });
  LF_CHECK(documents.size() < kNotHere && units < ~std::uint32_t{0});
  keys_.reserve(documents.size());
  starts_.reserve(documents.size() + 1);
  units_.reserve(units);
  dead_.resize(documents.size());

  GramTable table;
  std::vector<Growing> lists;
  std::vector<Gram> grams;
  std::vector<std::uint32_t> positions;
  for (Index index = 0; index < documents.size(); ++index) {
    keys_.push_back(documents[index].key);
    starts_.push_back(static_cast<std::uint32_t>(units_.size()));
    units_ += documents[index].units;
    CollectGrams(documents[index].units, grams);
    for (Gram gram : grams) table.Expect(gram);
    positions.clear();
    for (Gram gram : grams) {
      positions.push_back(table.PositionOf(gram));
      if (positions.back() == lists.size())
        lists.push_back({gram, 0, 0, {}});
      else
        __builtin_prefetch(&lists[positions.back()]);
    }
    for (std::uint32_t position : positions) lists[position].Add(index);
  }
  starts_.push_back(static_cast<std::uint32_t>(units_.size()));

  by_identity_.resize(documents.size());
  std::iota(by_identity_.begin(), by_identity_.end(), Index{0});
  std::sort(by_identity_.begin(), by_identity_.end(),
            [&](Index a, Index b) { return keys_[a].Identity() < keys_[b].Identity(); });
  WriteLists(lists);
}

void Segment::WriteLists(std::vector<Growing>& lists) {
  std::sort(lists.begin(), lists.end(), [](const Growing& a, const Growing& b) { return a.gram < b.gram; });
  std::size_t bytes = 0;
  for (const Growing& list : lists) bytes += IsBitmap({0, list.count}) ? BitmapBytes() : list.bytes.size();
  LF_CHECK(bytes < ~std::uint32_t{0});
  lists_.reserve(bytes);
  grams_.reserve(lists.size());
  heads_.reserve(lists.size());
  for (Growing& growing : lists) {
    const List list{static_cast<std::uint32_t>(lists_.size()), growing.count};
    grams_.push_back(growing.gram);
    heads_.push_back(list);
    if (IsBitmap(list)) {
      lists_.resize(lists_.size() + BitmapBytes());
      const auto* read = reinterpret_cast<const std::uint8_t*>(growing.bytes.data());
      for (Cursor cursor(read, list.count); !cursor.AtEnd(); cursor.Next())
        lists_[list.at + cursor.value() / 8] |= static_cast<std::uint8_t>(1u << (cursor.value() % 8));
    } else {
      lists_.insert(lists_.end(), growing.bytes.begin(), growing.bytes.end());
    }
    growing.bytes = std::string();  // The two copies never stand beside each other as a whole.
  }
}

Segment::Index Segment::Locate(std::uint64_t identity) const {
  const auto at = std::lower_bound(by_identity_.begin(), by_identity_.end(), identity,
                                   [&](Index index, std::uint64_t want) { return keys_[index].Identity() < want; });
  if (at == by_identity_.end() || keys_[*at].Identity() != identity || dead_[*at]) return kNotHere;
  return *at;
}

void Segment::Kill(Index index) {
  LF_CHECK(!dead_[index]);
  dead_[index] = true;
  ++dead_count_;
}

void Segment::ForEach(std::span<const Gram> grams, const std::function<bool(Index)>& visit) const {
  std::vector<List> lists;
  for (Gram gram : grams) {
    const auto at = std::lower_bound(grams_.begin(), grams_.end(), gram);
    if (at == grams_.end() || *at != gram) return;
    lists.push_back(heads_[static_cast<std::size_t>(at - grams_.begin())]);
  }
  if (lists.empty()) return;
  std::sort(lists.begin(), lists.end(), [](const List& a, const List& b) { return a.count < b.count; });
  if (lists.size() > kListsMax) lists.resize(kListsMax);
  if (IsBitmap(lists.front()))
    VisitBitmaps(lists, visit);
  else
    VisitShortest(lists, visit);
}

void Segment::VisitBitmaps(std::span<const List> lists, const std::function<bool(Index)>& visit) const {
  for (std::size_t at = 0; at < BitmapBytes() / 8; ++at) {
    std::uint64_t word = ~std::uint64_t{0};
    for (const List& list : lists) word &= Word(&lists_[list.at], at);
    for (; word != 0; word &= word - 1) {
      const auto index = static_cast<Index>(at * 64 + static_cast<std::size_t>(std::countr_zero(word)));
      if (!dead_[index] && !visit(index)) return;
    }
  }
}

// No list but the bitmaps is longer than an eighth of the documents, so reading them through is cheap enough.
void Segment::VisitShortest(std::span<const List> lists, const std::function<bool(Index)>& visit) const {
  std::vector<Cursor> others;
  std::vector<const std::uint8_t*> bitmaps;
  for (const List& list : lists.subspan(1)) {
    if (IsBitmap(list))
      bitmaps.push_back(&lists_[list.at]);
    else
      others.emplace_back(&lists_[list.at], list.count);
  }
  for (Cursor cursor(&lists_[lists[0].at], lists[0].count); !cursor.AtEnd(); cursor.Next()) {
    const Index index = cursor.value();
    bool all = std::all_of(bitmaps.begin(), bitmaps.end(), [&](const auto* bitmap) { return HasBit(bitmap, index); });
    for (Cursor& other : others) {
      if (!all) break;
      if (!other.SeekTo(index)) return;
      all = other.value() == index;
    }
    if (all && !dead_[index] && !visit(index)) return;
  }
}

std::size_t Segment::Bytes() const {
  return sizeof *this + keys_.capacity() * sizeof(DocumentKey) + starts_.capacity() * sizeof(std::uint32_t) +
         units_.capacity() * sizeof(char16_t) + by_identity_.capacity() * sizeof(Index) + dead_.capacity() / 8 +
         grams_.capacity() * sizeof(Gram) + heads_.capacity() * sizeof(List) + lists_.capacity();
}

}  // namespace landfall::search
