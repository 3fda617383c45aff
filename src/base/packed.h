// SPDX-License-Identifier: Apache-2.0
// Columns that keep their rows in less room than the plain vector would: what most rows hold costs nothing or little,
// and what does not fit stands aside. None forgets anything.
//
// Each is read like a vector and written by Set, push_back or Edit. Archives (base/columns.h) see the rows, never how
// they lie, so hashes and snapshots are those of the plain vector. Bounds: rows as memory allows. Cost of reading and
// writing a row: constant. Threads: as a vector.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <climits>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <map>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/result.h"

namespace landfall {

// Walks a column by its rows.
template <class Column>
class RowIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = typename Column::Flat;
  using difference_type = std::ptrdiff_t;
  using pointer = void;
  using reference = decltype(std::declval<const Column&>()[0]);
  RowIterator(const Column& column, std::size_t row) : column_(&column), row_(row) {}
  decltype(auto) operator*() const { return (*column_)[row_]; }
  RowIterator& operator++() {
    ++row_;
    return *this;
  }
  RowIterator operator++(int) {
    RowIterator before = *this;
    ++row_;
    return before;
  }
  bool operator==(const RowIterator&) const = default;

 private:
  const Column* column_;
  std::size_t row_;
};

// Most rows hold `usual` and cost 16 bytes for 64 of them; another row costs its own size. For what only some have.
template <class T>
class SparseColumn {
  static_assert(std::is_trivially_copyable_v<T> && std::has_unique_object_representations_v<T>);

 public:
  using Flat = T;
  static constexpr std::size_t kRows = 64;  // Of a page.

  SparseColumn() : usual_{} {}
  explicit SparseColumn(const T& usual) : usual_(usual) {}
  SparseColumn(const SparseColumn& other) : usual_(other.usual_), size_(other.size_), pages_(other.pages_.size()) {
    for (std::size_t i = 0; i < pages_.size(); ++i) {
      const Page& from = other.pages_[i];
      if (from.given == 0) continue;
      pages_[i].given = from.given;
      pages_[i].items = std::make_unique_for_overwrite<T[]>(RoomFor(std::popcount(from.given)));
      std::copy_n(from.items.get(), std::popcount(from.given), pages_[i].items.get());
    }
  }
  SparseColumn(SparseColumn&& other) noexcept : SparseColumn(other.usual_) { Swap(other); }
  SparseColumn& operator=(SparseColumn other) noexcept {
    Swap(other);
    return *this;
  }
  ~SparseColumn() = default;

  std::size_t size() const { return size_; }
  void resize(std::size_t rows) {  // Never fewer than there are.
    LF_CHECK(rows >= size_);
    size_ = rows;
    pages_.resize((rows + kRows - 1) / kRows);
  }
  void clear() {
    size_ = 0;
    pages_.clear();
  }
  void push_back(const T& value) {
    resize(size_ + 1);
    Set(size_ - 1, value);
  }
  const T& operator[](std::size_t row) const {
    const Page& page = pages_[row / kRows];
    const std::uint64_t bit = std::uint64_t{1} << row % kRows;
    return (page.given & bit) == 0 ? usual_ : page.items[std::popcount(page.given & (bit - 1))];
  }
  void Set(std::size_t row, const T& value) {
    const bool usual = std::memcmp(&value, &usual_, sizeof value) == 0;
    if (!usual || (pages_[row / kRows].given >> row % kRows & 1) != 0) Edit(row) = value;
  }
  // To be changed in place, until the next change of the column.
  T& Edit(std::size_t row) {
    Page& page = pages_[row / kRows];
    const std::uint64_t bit = std::uint64_t{1} << row % kRows;
    const int at = std::popcount(page.given & (bit - 1));
    if ((page.given & bit) != 0) return page.items[at];
    const int count = std::popcount(page.given);
    if (static_cast<std::size_t>(count) % kStep == 0) {
      auto more = std::make_unique_for_overwrite<T[]>(RoomFor(count + 1));
      std::copy_n(page.items.get(), at, more.get());
      std::copy(page.items.get() + at, page.items.get() + count, more.get() + at + 1);
      page.items = std::move(more);
    } else {
      std::copy_backward(page.items.get() + at, page.items.get() + count, page.items.get() + count + 1);
    }
    page.given |= bit;
    return page.items[at] = usual_;
  }
  // Rows kRows·page and up that have an item of their own, a bit each.
  std::uint64_t Given(std::size_t page) const { return pages_[page].given; }
  // Their items, in order, from that of the first such row at or after `row` in its page.
  const T* ItemsFrom(std::size_t row) const {
    const Page& page = pages_[row / kRows];
    return page.items.get() + std::popcount(page.given & ((std::uint64_t{1} << row % kRows) - 1));
  }
  RowIterator<SparseColumn> begin() const { return {*this, 0}; }
  RowIterator<SparseColumn> end() const { return {*this, size_}; }
  std::size_t bytes() const {
    std::size_t sum = pages_.capacity() * sizeof(Page);
    for (const Page& page : pages_)
      if (page.given != 0) sum += RoomFor(std::popcount(page.given)) * sizeof(T);
    return sum;
  }

 private:
  struct Page {
    std::uint64_t given = 0;
    std::unique_ptr<T[]> items;
  };
  static constexpr std::size_t kStep = std::max<std::size_t>(1, 16 / sizeof(T));  // By which a page grows.
  static std::size_t RoomFor(int count) { return (static_cast<std::size_t>(count) + kStep - 1) / kStep * kStep; }
  void Swap(SparseColumn& other) noexcept {
    std::swap(usual_, other.usual_);
    std::swap(size_, other.size_);
    pages_.swap(other.pages_);
  }

  T usual_;
  std::size_t size_ = 0;
  std::vector<Page> pages_;
};

// Day numbers (base/day.h) in two bytes: 1900 to 2079, and the two that mean none and never. Other days stand aside.
class DayColumn {
 public:
  using Flat = std::int32_t;
  std::size_t size() const { return days_.size(); }
  void resize(std::size_t rows, std::int32_t day) {
    while (size() < rows) push_back(day);
  }
  void clear() {
    days_.clear();
    far_.clear();
  }
  void push_back(std::int32_t day) {
    days_.push_back(kNone);
    Set(size() - 1, day);
  }
  // Without a branch for what is usual: scans meet none and never at random.
  std::int32_t operator[](std::size_t row) const {
    const std::uint16_t code = days_[row];
    if (code == kFar) [[unlikely]]
      return far_.at(row);
    return DayOf(code);
  }
  // Rows from … from + n − 1, many at a time.
  void Read(std::size_t from, std::size_t n, std::int32_t* days) const {
    const std::uint16_t* codes = days_.data() + from;
    for (std::size_t i = 0; i < n; ++i) days[i] = DayOf(codes[i]);
    if (far_.empty()) return;
    for (auto at = far_.lower_bound(from); at != far_.end() && at->first < from + n; ++at)
      days[at->first - from] = at->second;
  }
  void Set(std::size_t row, std::int32_t day) {
    if (days_[row] == kFar) far_.erase(row);
    if (day == INT32_MIN) {
      days_[row] = kNone;
    } else if (day == INT32_MAX) {
      days_[row] = kNever;
    } else if (day > kFirst && day < kFirst + static_cast<std::int32_t>(kFar)) {
      days_[row] = static_cast<std::uint16_t>(day - kFirst);
    } else {
      days_[row] = kFar;
      far_[row] = day;
    }
  }
  RowIterator<DayColumn> begin() const { return {*this, 0}; }
  RowIterator<DayColumn> end() const { return {*this, size()}; }
  std::size_t bytes() const { return days_.capacity() * sizeof(std::uint16_t) + far_.size() * 64; }

 private:
  static constexpr std::int32_t kFirst = -25568;  // 1899-12-31
  static constexpr std::uint16_t kNone = 0, kFar = 65534, kNever = 65535;
  static std::int32_t DayOf(std::uint16_t code) {  // But for kFar.
    const std::int32_t none = -static_cast<std::int32_t>(code == kNone);
    const std::int32_t never = -static_cast<std::int32_t>(code == kNever);
    return ((kFirst + code) & ~(none | never)) | (none & INT32_MIN) | (never & INT32_MAX);
  }
  std::vector<std::uint16_t> days_;
  std::map<std::size_t, std::int32_t> far_;
};

// Numbers that are small as long as few are handed out (raw ids, rows), each in as many bytes as the greatest so far
// needs, one to four. UINT32_MAX, which says that there is none, fits every width.
class NarrowColumn {
 public:
  using Flat = std::uint32_t;
  std::size_t size() const { return size_; }
  void clear() { *this = {}; }
  void push_back(std::uint32_t value) {
    if (!Fits(value)) Widen(value);
    bytes_.resize(++size_ * width_ + kSpare);
    Put(size_ - 1, value);
  }
  std::uint32_t operator[](std::size_t row) const {
    std::uint32_t value;
    std::memcpy(&value, bytes_.data() + row * width_, sizeof value);
    value &= mask_;
    return value | static_cast<std::uint32_t>(-static_cast<std::int32_t>(value == mask_));
  }
  void Set(std::size_t row, std::uint32_t value) {
    if (!Fits(value)) Widen(value);
    Put(row, value);
  }
  RowIterator<NarrowColumn> begin() const { return {*this, 0}; }
  RowIterator<NarrowColumn> end() const { return {*this, size()}; }
  std::size_t bytes() const { return bytes_.capacity(); }

 private:
  static constexpr std::size_t kSpare = 3;  // Four bytes are read of any row.
  bool Fits(std::uint32_t value) const { return value < mask_ || value == UINT32_MAX; }
  void Put(std::size_t row, std::uint32_t value) {
    std::uint32_t all;
    std::memcpy(&all, bytes_.data() + row * width_, sizeof all);
    all = (all & ~mask_) | (value & mask_);
    std::memcpy(bytes_.data() + row * width_, &all, sizeof all);
  }
  void Widen(std::uint32_t value) {
    NarrowColumn wide;
    wide.width_ = width_;
    do {
      ++wide.width_;
      wide.mask_ = wide.width_ == 4 ? UINT32_MAX : (std::uint32_t{1} << 8 * wide.width_) - 1;
    } while (!wide.Fits(value));
    wide.bytes_.reserve((size_ + 1) * wide.width_ + kSpare);
    for (const std::uint32_t kept : *this) wide.push_back(kept);
    *this = std::move(wide);
  }

  std::size_t size_ = 0;
  std::uint32_t width_ = 1, mask_ = UINT8_MAX;
  std::vector<char> bytes_;
};

// Numbers of entries of rows that are mostly made in the order of the entries: two bytes beside what 64 rows share.
// 0: none. Others stand aside.
class SeqColumn {
 public:
  using Flat = std::uint32_t;
  std::size_t size() const { return steps_.size(); }
  void resize(std::size_t rows) {
    steps_.resize(rows, 0);
    starts_.resize((rows + kRows - 1) / kRows, kNotKnown);
    far_.resize(rows);
  }
  void clear() {
    steps_.clear();
    starts_.clear();
    far_.clear();
  }
  void push_back(std::uint32_t seq) {
    resize(size() + 1);
    Set(size() - 1, seq);
  }
  std::uint32_t operator[](std::size_t row) const {
    const std::uint32_t step = steps_[row];
    if (step == kFar) [[unlikely]]
      return far_[row];
    return step == 0 ? 0 : starts_[row / kRows] + step;
  }
  void Set(std::size_t row, std::uint32_t seq) {
    std::uint32_t& start = starts_[row / kRows];
    if (start == kNotKnown && seq != 0) start = seq > kBack ? seq - kBack : 0;
    if (seq == 0) {
      steps_[row] = 0;
    } else if (seq > start && seq - start < kFar) {
      steps_[row] = static_cast<std::uint16_t>(seq - start);
    } else {
      steps_[row] = kFar;
      far_.Set(row, seq);
    }
  }
  RowIterator<SeqColumn> begin() const { return {*this, 0}; }
  RowIterator<SeqColumn> end() const { return {*this, size()}; }
  std::size_t bytes() const {
    return steps_.capacity() * sizeof(std::uint16_t) + starts_.capacity() * sizeof(std::uint32_t) + far_.bytes();
  }

 private:
  static constexpr std::size_t kRows = 64;
  static constexpr std::uint32_t kBack = 8192;  // So far back from its page's first a row may lie.
  static constexpr std::uint32_t kNotKnown = UINT32_MAX;
  static constexpr std::uint16_t kFar = UINT16_MAX;
  std::vector<std::uint16_t> steps_;
  std::vector<std::uint32_t> starts_;  // By page: what the steps of its rows count from.
  SparseColumn<std::uint32_t> far_;
};

// Amounts in minor units in four bytes: 29 bits and a power of 100, which whole yuan or whole 万元 fit. Others, and
// what is below nothing, stand aside.
class AmountColumn {
 public:
  using Flat = std::int64_t;
  std::size_t size() const { return codes_.size(); }
  void clear() {
    codes_.clear();
    far_.clear();
  }
  void push_back(std::int64_t minor) {
    codes_.push_back(0);
    far_.resize(codes_.size());
    Set(size() - 1, minor);
  }
  std::int64_t operator[](std::size_t row) const {
    const std::uint32_t code = codes_[row], scale = code % 8;
    if (scale == kFar) return far_[row];
    return static_cast<std::int64_t>(code / 8) * kScales[scale];
  }
  void Set(std::size_t row, std::int64_t minor) {
    for (std::uint32_t scale = 0; minor >= 0 && scale < kScales.size() && minor % kScales[scale] == 0; ++scale)
      if (const std::int64_t many = minor / kScales[scale]; many <= kMost) {
        codes_[row] = static_cast<std::uint32_t>(many) * 8 + scale;
        return;
      }
    codes_[row] = kFar;
    far_.Set(row, minor);
  }
  RowIterator<AmountColumn> begin() const { return {*this, 0}; }
  RowIterator<AmountColumn> end() const { return {*this, size()}; }
  std::size_t bytes() const { return codes_.capacity() * sizeof(std::uint32_t) + far_.bytes(); }

 private:
  static constexpr std::array<std::int64_t, 6> kScales{1, 100, 10'000, 1'000'000, 100'000'000, 10'000'000'000};
  static constexpr std::uint32_t kFar = 7;
  static constexpr std::int64_t kMost = (1 << 29) - 1;
  std::vector<std::uint32_t> codes_;
  SparseColumn<std::int64_t> far_;
};

}  // namespace landfall
