// SPDX-License-Identifier: Apache-2.0
// Columns that keep their rows in less room than the plain vector would: what most rows hold costs nothing or little,
// and what does not fit stands aside. None forgets anything.
//
// Each is read like a vector and written by Set, push_back or Edit. A hash (base/columns.h) sees the rows, never how
// they lie; a snapshot takes them as they lie, by Parts, and Sound says whether what was read can be. Bounds: rows as
// memory allows. Cost of reading and writing a row: constant. Threads: as a vector.
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
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/result.h"

namespace landfall {

// Gives what a column is made of, piece by piece.
template <class Sink>
class PartWriter {
 public:
  explicit PartWriter(const Sink& sink) : sink_(sink) {}
  template <class T>
  void operator()(const std::vector<T>& part) {
    Rows(part.size(), part.data());
  }
  template <class T>
  void Rows(std::size_t count, const T* rows) {
    static_assert(std::is_trivially_copyable_v<T>);
    (*this)(std::uint64_t{count});
    if (count != 0) sink_({reinterpret_cast<const char*>(rows), count * sizeof(T)});
  }
  template <class Part>
  void operator()(const Part& part) {
    if constexpr (std::is_integral_v<Part>)
      sink_({reinterpret_cast<const char*>(&part), sizeof part});
    else
      const_cast<Part&>(part).Parts(*this);  // A writer changes nothing.
  }

 private:
  const Sink& sink_;
};

// Reads it back. What is cut or too long is not sound; nothing after it is read.
class PartReader {
 public:
  explicit PartReader(std::string_view bytes) : rest_(bytes) {}
  template <class T>
  void operator()(std::vector<T>& part) {
    std::uint64_t count = 0;
    (*this)(count);
    if (!sound_ || count > rest_.size() / sizeof(T)) {
      sound_ = false;
      return;
    }
    part.resize(count);
    if (count != 0) std::memcpy(static_cast<void*>(part.data()), rest_.data(), count * sizeof(T));
    rest_.remove_prefix(count * sizeof(T));
  }
  template <class Part>
  void operator()(Part& part) {
    if constexpr (std::is_integral_v<Part>) {
      sound_ = sound_ && rest_.size() >= sizeof part;
      if (!sound_) return;
      std::memcpy(&part, rest_.data(), sizeof part);
      rest_.remove_prefix(sizeof part);
    } else {
      part.Parts(*this);
      if constexpr (requires { part.Sound(); }) sound_ = sound_ && part.Sound();
    }
  }
  bool sound() const { return sound_; }
  bool whole() const { return sound_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool sound_ = true;
};

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
  // The rows that are not usual, as bits and one after the other.
  template <class Archive>
  void Parts(Archive& a) {
    std::vector<std::uint64_t> given;
    std::vector<T> items;
    for (const Page& page : pages_) {
      given.push_back(page.given);
      items.insert(items.end(), page.items.get(), page.items.get() + std::popcount(page.given));
    }
    a(size_);
    a(given);
    a(items);
    if constexpr (std::is_same_v<Archive, PartReader>) Fill(given, items, a.sound());
  }
  bool Sound() const { return pages_.size() == (size_ + kRows - 1) / kRows; }
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
  void Fill(const std::vector<std::uint64_t>& given, const std::vector<T>& items, bool sound) {
    pages_.clear();
    std::size_t count = 0;
    for (const std::uint64_t bits : given) count += static_cast<std::size_t>(std::popcount(bits));
    if (!sound || count != items.size()) return;
    pages_.resize(given.size());
    const T* from = items.data();
    for (std::size_t i = 0; i < given.size(); ++i) {
      if (given[i] == 0) continue;
      const int many = std::popcount(given[i]);
      pages_[i].given = given[i];
      pages_[i].items = std::make_unique_for_overwrite<T[]>(RoomFor(many));
      std::copy_n(from, many, pages_[i].items.get());
      from += many;
    }
  }
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
  template <class Archive>
  void Parts(Archive& a) {
    std::vector<std::uint64_t> rows;
    std::vector<std::int32_t> days;
    for (const auto& [row, day] : far_) {
      rows.push_back(row);
      days.push_back(day);
    }
    a(days_);
    a(rows);
    a(days);
    if constexpr (std::is_same_v<Archive, PartReader>) {
      far_.clear();
      for (std::size_t i = 0; i < std::min(rows.size(), days.size()); ++i)
        far_.emplace_hint(far_.end(), rows[i], days[i]);
    }
  }
  bool Sound() const {
    return std::ranges::all_of(far_, [&](const auto& far) { return far.first < size() && days_[far.first] == kFar; }) &&
           static_cast<std::size_t>(std::ranges::count(days_, kFar)) == far_.size();
  }

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
  // Rows from … from + n − 1, many at a time.
  void Read(std::size_t from, std::size_t n, std::uint32_t* values) const {
    const auto read = [&](const auto number, std::size_t i) {
      auto value = number;
      std::memcpy(&value, bytes_.data() + (from + i) * sizeof value, sizeof value);
      return value;
    };
    if (width_ == 1) {
      for (std::size_t i = 0; i < n; ++i) {
        const std::uint8_t value = read(std::uint8_t{}, i);
        values[i] = value == UINT8_MAX ? UINT32_MAX : value;
      }
    } else if (width_ == 2) {
      for (std::size_t i = 0; i < n; ++i) {
        const std::uint16_t value = read(std::uint16_t{}, i);
        values[i] = value == UINT16_MAX ? UINT32_MAX : value;
      }
    } else {
      for (std::size_t i = 0; i < n; ++i) values[i] = (*this)[from + i];
    }
  }
  RowIterator<NarrowColumn> begin() const { return {*this, 0}; }
  RowIterator<NarrowColumn> end() const { return {*this, size()}; }
  std::size_t bytes() const { return bytes_.capacity(); }
  template <class Archive>
  void Parts(Archive& a) {
    a(size_);
    a(width_);
    a(bytes_);
    mask_ = MaskOf(width_);
  }
  bool Sound() const { return width_ >= 1 && width_ <= 4 && (size_ == 0 || bytes_.size() == size_ * width_ + kSpare); }

 private:
  static constexpr std::size_t kSpare = 3;  // Four bytes are read of any row.
  static std::uint32_t MaskOf(std::uint32_t width) {
    return width == 4 ? UINT32_MAX : (std::uint32_t{1} << 8 * width % 32) - 1;
  }
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
      wide.mask_ = MaskOf(wide.width_);
    } while (!wide.Fits(value));
    wide.bytes_.reserve((size_ + 1) * wide.width_ + kSpare);
    for (const std::uint32_t kept : *this) wide.push_back(kept);
    *this = std::move(wide);
  }

  std::size_t size_ = 0;
  std::uint32_t width_ = 1, mask_ = UINT8_MAX;
  std::vector<char> bytes_;
};

// Enumerators, a few bits each: `kBits` 1, 2 or 4.
template <unsigned kBits>
class BitsColumn {
  static_assert(kBits == 1 || kBits == 2 || kBits == 4);

 public:
  using Flat = std::uint8_t;
  std::size_t size() const { return size_; }
  void clear() { *this = {}; }
  void push_back(std::uint8_t value) {
    if (size_ % kEach == 0) bytes_.push_back(0);
    Set(size_++, value);
  }
  std::uint8_t operator[](std::size_t row) const { return bytes_[row / kEach] >> row % kEach * kBits & kMask; }
  void Set(std::size_t row, std::uint8_t value) {
    LF_CHECK(value <= kMask);
    const auto shift = static_cast<unsigned>(row % kEach * kBits);
    std::uint8_t& byte = bytes_[row / kEach];
    byte = static_cast<std::uint8_t>((byte & ~(kMask << shift)) | value << shift);
  }
  RowIterator<BitsColumn> begin() const { return {*this, 0}; }
  RowIterator<BitsColumn> end() const { return {*this, size()}; }
  std::size_t bytes() const { return bytes_.capacity(); }
  template <class Archive>
  void Parts(Archive& a) {
    a(size_);
    a(bytes_);
  }
  bool Sound() const { return bytes_.size() == (size_ + kEach - 1) / kEach; }

 private:
  static constexpr std::size_t kEach = 8 / kBits;  // In a byte.
  static constexpr unsigned kMask = (1u << kBits) - 1;
  std::size_t size_ = 0;
  std::vector<std::uint8_t> bytes_;
};

// Numbers of which neighbours are alike (records of rows in the order they were made, days, accounts): 64 rows share
// the least of them, and each takes the bits of what it lies above that; 0 and UINT32_MAX, which say that there is
// none, do not count. After Goldstein, Ramakrishnan and Shaft (1998, "Compressing Relations and Indexes"). The newest
// rows, up to 63, lie plain. Days (base/day.h) are such numbers too: INT32_MIN and INT32_MAX do not count there.
template <class T>
class FrameColumn {
  static_assert(std::is_same_v<T, std::uint32_t> || std::is_same_v<T, std::int32_t>);

 public:
  using Flat = T;
  std::size_t size() const { return heads_.size() * kRows + tail_.size(); }
  void resize(std::size_t rows, T value) {  // Never fewer than there are.
    while (size() < rows) push_back(value);
  }
  void clear() { *this = {}; }
  void push_back(T value) {
    tail_.push_back(NumberOf(value));
    if (tail_.size() < kRows) return;
    heads_.push_back(0);
    Pack(heads_.size() - 1, tail_.data(), 0);
    tail_.clear();
  }
  T operator[](std::size_t row) const {
    const std::size_t page = row / kRows;
    return ValueOf(page < heads_.size() ? Number(heads_[page], row % kRows) : tail_[row % kRows]);
  }
  void Set(std::size_t row, T value) {
    const std::size_t page = row / kRows, at = row % kRows;
    const std::uint32_t number = NumberOf(value);
    if (page == heads_.size()) {
      tail_[at] = number;
    } else if (const Head head = heads_[page]; Fits(head, number)) {
      Put(head, at, number);
    } else {
      std::array<std::uint32_t, kRows> numbers;
      for (std::size_t i = 0; i < kRows; ++i) numbers[i] = Number(head, i);
      numbers[at] = number;
      Pack(page, numbers.data(), 2);
    }
  }
  // Calls use(row) for the rows that hold a value other than those that do not count. Cost: a look at each page.
  template <class Use>
  void RowsOf(T value, Use&& use) const {
    const std::uint32_t number = NumberOf(value);
    for (std::size_t page = 0; page < heads_.size(); ++page) {
      if (number < BaseOf(heads_[page]) || !Fits(heads_[page], number)) continue;
      for (std::size_t at = 0; at < kRows; ++at)
        if (Number(heads_[page], at) == number) use(page * kRows + at);
    }
    for (std::size_t at = 0; at < tail_.size(); ++at)
      if (tail_[at] == number) use(heads_.size() * kRows + at);
  }
  RowIterator<FrameColumn> begin() const { return {*this, 0}; }
  RowIterator<FrameColumn> end() const { return {*this, size()}; }
  std::size_t bytes() const {
    return (heads_.capacity() + words_.capacity()) * sizeof(std::uint64_t) + tail_.capacity() * sizeof(std::uint32_t);
  }
  template <class Archive>
  void Parts(Archive& a) {
    a(heads_);
    a(words_);
    a(tail_);
    a(garbage_);
  }
  bool Sound() const {
    return tail_.size() < kRows && !words_.empty() && std::ranges::all_of(heads_, [&](Head head) {
             return WidthOf(head) <= 32 && PlaceOf(head) + WidthOf(head) < words_.size();
           });
  }

 private:
  static constexpr std::size_t kRows = 64;
  // Of a page: the number that its rows count from, where its bits begin in words_, and how many a row has.
  using Head = std::uint64_t;
  static std::uint32_t BaseOf(Head head) { return static_cast<std::uint32_t>(head >> 32); }
  static std::size_t PlaceOf(Head head) { return head >> 6 & ((1u << 26) - 1); }
  static unsigned WidthOf(Head head) { return head & 63; }
  static constexpr std::uint32_t kUncounted = 2;  // Codes: 0, then UINT32_MAX, then what counts from the base.

  static std::uint32_t NumberOf(T value) {
    return static_cast<std::uint32_t>(value) ^ (std::is_signed_v<T> ? std::uint32_t{1} << 31 : 0);
  }
  static T ValueOf(std::uint32_t number) {
    return static_cast<T>(number ^ (std::is_signed_v<T> ? std::uint32_t{1} << 31 : 0));
  }
  static std::uint32_t CodeOf(std::uint32_t base, std::uint32_t number) {
    return number == 0 ? 0 : number == UINT32_MAX ? 1 : number - base + kUncounted;
  }
  static bool Fits(Head head, std::uint32_t number) {
    if (number != 0 && number != UINT32_MAX && number < BaseOf(head)) return false;
    return std::uint64_t{CodeOf(BaseOf(head), number)} >> WidthOf(head) == 0;
  }
  // A row's bits are read with up to seven bytes that follow: hence a spare word at the end.
  std::uint32_t Number(Head head, std::size_t at) const {
    const unsigned width = WidthOf(head);
    const std::size_t bit = at * width;
    std::uint64_t bits;
    std::memcpy(&bits, reinterpret_cast<const char*>(words_.data() + PlaceOf(head)) + bit / 8, sizeof bits);
    const auto code = static_cast<std::uint32_t>(bits >> bit % 8 & ((std::uint64_t{1} << width) - 1));
    if (code < kUncounted) return code == 0 ? 0 : UINT32_MAX;
    return code - kUncounted + BaseOf(head);
  }
  void Put(Head head, std::size_t at, std::uint32_t number) {
    const unsigned width = WidthOf(head);
    const std::size_t bit = at * width;
    char* const byte = reinterpret_cast<char*>(words_.data() + PlaceOf(head)) + bit / 8;
    const std::uint64_t mask = ((std::uint64_t{1} << width) - 1) << bit % 8;
    std::uint64_t bits;
    std::memcpy(&bits, byte, sizeof bits);
    bits = (bits & ~mask) | std::uint64_t{CodeOf(BaseOf(head), number)} << bit % 8;
    std::memcpy(byte, &bits, sizeof bits);
  }
  // `spare`: how much below the least number, in quarters of what they differ by, others are expected.
  void Pack(std::size_t page, const std::uint32_t* numbers, std::uint32_t spare) {
    std::uint32_t least = UINT32_MAX, most = 0;
    bool none = false;
    for (std::size_t i = 0; i < kRows; ++i) {
      none |= numbers[i] == UINT32_MAX;
      if (numbers[i] == 0 || numbers[i] == UINT32_MAX) continue;
      least = std::min(least, numbers[i]);
      most = std::max(most, numbers[i]);
    }
    std::uint32_t greatest = none ? 1 : 0;
    if (most != 0) {
      least -= std::min(least - 1, (most - least) / 4 * spare + spare);
      greatest = most - least + kUncounted;
    }
    const auto width = static_cast<unsigned>(std::bit_width(greatest)), was = WidthOf(heads_[page]);
    std::size_t place = PlaceOf(heads_[page]);
    if (width > was) {
      garbage_ += was;
      place = words_.size() - 1;
      LF_CHECK(place < (1u << 26));
      words_.resize(words_.size() + width, 0);
    } else {
      garbage_ += was - width;
    }
    const Head head = heads_[page] = std::uint64_t{least} << 32 | place << 6 | width;
    for (std::size_t i = 0; i < kRows && width != 0; ++i) Put(head, i, numbers[i]);
    if (garbage_ > (1u << 14) && garbage_ > words_.size() / 4) Compact();
  }
  void Compact() {
    std::vector<std::uint64_t> words;
    words.reserve(words_.size() - garbage_);
    for (Head& head : heads_) {
      const auto from = words_.begin() + static_cast<std::ptrdiff_t>(PlaceOf(head));
      head = (head & ~(std::uint64_t{(1u << 26) - 1} << 6)) | words.size() << 6;
      words.insert(words.end(), from, from + WidthOf(head));
    }
    words.push_back(0);
    words_ = std::move(words);
    garbage_ = 0;
  }

  std::vector<Head> heads_;  // Of full pages.
  std::vector<std::uint64_t> words_ = std::vector<std::uint64_t>(1);
  std::vector<std::uint32_t> tail_;
  std::uint64_t garbage_ = 0;  // Words of pages that have moved.
};

// For each row an earlier one, as index + 1, or 0: chains of the rows of one subject.
class BackColumn {
 public:
  using Flat = std::uint32_t;
  std::size_t size() const { return back_.size(); }
  void clear() { back_.clear(); }
  void push_back(std::uint32_t earlier) {
    const auto row = static_cast<std::uint32_t>(size());
    LF_CHECK(earlier <= row);
    back_.push_back(earlier == 0 ? 0 : row + 1 - earlier);
  }
  std::uint32_t operator[](std::size_t row) const {
    const std::uint32_t back = back_[row];
    return back == 0 ? 0 : static_cast<std::uint32_t>(row) + 1 - back;
  }
  std::size_t bytes() const { return back_.bytes(); }
  template <class Archive>
  void Parts(Archive& a) {
    a(back_);
  }

 private:
  FrameColumn<std::uint32_t> back_;
};

}  // namespace landfall
