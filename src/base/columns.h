// SPDX-License-Identifier: Apache-2.0
// State by column: plain vectors, text columns, and one visitor that saves, loads and hashes them.
//
// A state declares its columns once: `template <class Archive> void Columns(Archive& a) { a("project.owner", owner); …
// }`. What is derived (indexes, tallies) is not declared; it is rebuilt after loading.
#pragma once

#include <concepts>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/packed.h"
#include "base/result.h"

namespace landfall {

// The number of an entry as a column keeps it: four bytes are enough for 4·10⁹ entries, 80 years of a province.
inline std::uint32_t SeqForColumn(std::uint64_t seq) {
  LF_CHECK(seq <= UINT32_MAX);
  return static_cast<std::uint32_t>(seq);
}

// One text per row, 16 rows in one piece of memory: 2.5 bytes a row beside the texts. A text above 255 bytes lies in a
// piece of its own. Bounds: a text < 1 MiB. A text that was read lives until the next change. Threads: as a vector.
class TextColumn {
 public:
  TextColumn() = default;
  TextColumn(const TextColumn& other);
  TextColumn(TextColumn&& other) noexcept { Swap(other); }
  TextColumn& operator=(TextColumn other) noexcept {
    Swap(other);
    return *this;
  }
  ~TextColumn();

  std::size_t size() const { return size_; }
  void Resize(std::size_t rows) {  // Never fewer than there are.
    LF_CHECK(rows >= size_);
    size_ = rows;
    pages_.resize((rows + kRows - 1) / kRows);
  }
  std::string_view Get(std::size_t row) const {
    const char* page = pages_[row / kRows].get();
    return page == nullptr ? std::string_view() : In(page, row % kRows);
  }
  void Set(std::size_t row, std::string_view text);
  std::size_t bytes() const;

 private:
  static constexpr std::size_t kRows = 16, kMost = (1u << 20) - 1;
  // A page: a bit per row whose text lies elsewhere, the size of each row here, then the rows.
  static constexpr std::size_t kHead = sizeof(std::uint16_t) + kRows;
  static std::uint16_t LongOnes(const char* page) {
    std::uint16_t bits;
    std::memcpy(&bits, page, sizeof bits);
    return bits;
  }
  static std::size_t SizeOf(const char* page, std::size_t at) {
    return static_cast<unsigned char>(page[sizeof(std::uint16_t) + at]);
  }
  static std::size_t OffsetOf(const char* page, std::size_t at);  // at: up to kRows, the end
  static std::string_view In(const char* page, std::size_t at);
  static char* LongAt(const char* page, std::size_t at);  // u32 length, then the text
  void Swap(TextColumn& other) noexcept {
    std::swap(size_, other.size_);
    pages_.swap(other.pages_);
  }

  std::size_t size_ = 0;
  std::vector<std::unique_ptr<char[]>> pages_;  // None where all of its rows are empty.
};

// Typed text of erasable events: which event gave it is remembered, so that erasing that event clears exactly it, in
// live state and in replay alike. Empty text with an origin = erased.
class ErasableText {
 public:
  void Resize(std::size_t rows) {
    text_.Resize(rows);
    origins_.resize(rows);
  }
  std::size_t size() const { return text_.size(); }
  // `text` empty: the payload was erased.
  void Set(std::size_t row, std::uint64_t seq, std::uint32_t event, std::string_view text) {
    text_.Set(row, text);
    origins_.Set(row, seq << 8 | event);
  }
  // Clears whatever row holds the text of that event. Cost: a scan; erasures are rare.
  void Erase(std::uint64_t seq, std::uint32_t event) {
    for (std::size_t row = 0; row < size(); ++row)
      if (origins_[row] == (seq << 8 | event)) text_.Set(row, {});
  }
  std::string_view Get(std::size_t row) const { return text_.Get(row); }
  bool Given(std::size_t row) const { return origins_[row] != 0; }
  bool Erased(std::size_t row) const { return Given(row) && text_.Get(row).empty(); }
  std::uint64_t Seq(std::size_t row) const { return origins_[row] >> 8; }

  template <class Archive>
  void Columns(Archive& a, std::string_view name) {
    a(name, text_);
    a(std::string(name) + ".where", origins_);
  }

 private:
  // Entry << 8 | event, 0 where none was given.
  class Origins {
   public:
    using Flat = std::uint64_t;
    std::size_t size() const { return seq_.size(); }
    void resize(std::size_t rows) {
      seq_.resize(rows);
      event_.resize(rows);
    }
    std::uint64_t operator[](std::size_t row) const {
      const std::uint64_t seq = seq_[row];
      return seq == 0 ? 0 : seq << 8 | event_[row];
    }
    void Set(std::size_t row, std::uint64_t where) {
      if (!any_) {  // Most texts of a column are given by the same event of their entries.
        const std::size_t rows = size();
        event_ = SparseColumn<std::uint8_t>(static_cast<std::uint8_t>(where));
        event_.resize(rows);
        any_ = true;
      }
      seq_.Set(row, SeqForColumn(where >> 8));
      event_.Set(row, static_cast<std::uint8_t>(where));
    }
    void clear() { *this = {}; }
    void push_back(std::uint64_t where) {
      resize(size() + 1);
      if (where != 0) Set(size() - 1, where);
    }
    std::size_t bytes() const { return seq_.bytes() + event_.bytes(); }

   private:
    bool any_ = false;
    SeqColumn seq_;
    SparseColumn<std::uint8_t> event_;
  };
  TextColumn text_;
  Origins origins_;
};

// Finds a row by its text; open addressing over a text column that it does not own. 4 to 8 bytes a row.
class TextIndex {
 public:
  static constexpr std::uint32_t kNone = UINT32_MAX;
  std::uint32_t Find(const TextColumn& column, std::string_view text) const;
  void Insert(const TextColumn& column, std::uint32_t row);  // Precondition: its text is not in yet.
  void Rebuild(const TextColumn& column);                    // Rows with empty text are left out.

 private:
  std::vector<std::uint32_t> slots_;  // row + 1
  std::size_t used_ = 0;
};

// ---- archives ----

// A column that keeps its rows in less room (base/packed.h). Archives see them as those of a plain vector.
template <class C>
concept PackedColumn = requires(C& c, const typename C::Flat& row) {
  { c.size() } -> std::same_as<std::size_t>;
  { c[std::size_t{}] } -> std::convertible_to<typename C::Flat>;
  c.clear();
  c.push_back(row);
};

// Column by column into a buffer: name, bytes, then the bytes. Little-endian hosts only (checked at build).
class ColumnWriter {
 public:
  using Sink = std::function<void(std::string_view)>;
  // Gives all bytes of a column, in order; may be called more than once.
  using Give = std::function<void(const Sink&)>;
  template <class T>
  void operator()(std::string_view name, const std::vector<T>& v) {
    static_assert(std::is_trivially_copyable_v<T> && std::has_unique_object_representations_v<T>);
    Raw(name, {reinterpret_cast<const char*>(v.data()), v.size() * sizeof(T)});
  }
  template <class T>
  requires std::is_integral_v<T>
  void operator()(std::string_view name, const T& v) { Raw(name, {reinterpret_cast<const char*>(&v), sizeof v}); }
  void operator()(std::string_view name, const std::string& v) { Raw(name, v); }
  template <PackedColumn C>
  void operator()(std::string_view name, const C& v) {
    using Flat = typename C::Flat;
    static_assert(std::is_trivially_copyable_v<Flat> && std::has_unique_object_representations_v<Flat>);
    Pieces(name, v.size() * sizeof(Flat), [&](const Sink& sink) {
      std::vector<Flat> rows;
      for (std::size_t from = 0; from < v.size(); from += kRowsOfPiece) {
        rows.clear();
        for (std::size_t row = from; row < std::min(v.size(), from + kRowsOfPiece); ++row) rows.push_back(v[row]);
        sink({reinterpret_cast<const char*>(rows.data()), rows.size() * sizeof(Flat)});
      }
    });
  }
  void operator()(std::string_view name, const TextColumn& v);
  void operator()(std::string_view name, const std::vector<std::string>& v);

  // Called once per column with its bytes, which live during the call.
  virtual void Raw(std::string_view name, std::string_view bytes) = 0;
  // Called instead for what does not lie in one piece; `size` bytes in all. Puts them together unless overridden.
  virtual void Pieces(std::string_view name, std::size_t size, const Give& give);
  virtual ~ColumnWriter() = default;

 private:
  static constexpr std::size_t kRowsOfPiece = 4096;
};

// XXH3-128 over names and bytes of all columns: equal states, equal hash.
class ColumnHasher final : public ColumnWriter {
 public:
  ColumnHasher();
  ~ColumnHasher() override;
  void Raw(std::string_view name, std::string_view bytes) override;
  void Pieces(std::string_view name, std::size_t size, const Give& give) override;
  std::string Hex() const;

 private:
  void* state_;
};

// Reads columns back in the order they were written. The first fault is kept and everything after it is ignored.
class ColumnReader {
 public:
  // Gives the bytes of the next column, which must bear that name. Errors: snapshot.corrupt.
  virtual Result<std::string_view> Next(std::string_view name) = 0;
  virtual ~ColumnReader() = default;
  const std::optional<Error>& fault() const { return fault_; }

  template <class T>
  void operator()(std::string_view name, std::vector<T>& v) {
    const std::string_view bytes = Take(name);
    if (bytes.size() % sizeof(T) != 0) return Fail(name);
    if (reinterpret_cast<std::uintptr_t>(bytes.data()) % alignof(T) == 0) {  // Without a first pass of zeros.
      const T* first = reinterpret_cast<const T*>(bytes.data());
      v.assign(first, first + bytes.size() / sizeof(T));
      return;
    }
    v.resize(bytes.size() / sizeof(T));
    if (!bytes.empty()) std::memcpy(static_cast<void*>(v.data()), bytes.data(), bytes.size());
  }
  template <class T>
  requires std::is_integral_v<T>
  void operator()(std::string_view name, T& v) {
    const std::string_view bytes = Take(name);
    if (bytes.size() != sizeof v) return Fail(name);
    std::memcpy(&v, bytes.data(), sizeof v);
  }
  void operator()(std::string_view name, std::string& v) { v = Take(name); }
  template <PackedColumn C>
  void operator()(std::string_view name, C& v) {
    using Flat = typename C::Flat;
    const std::string_view bytes = Take(name);
    if (bytes.size() % sizeof(Flat) != 0) return Fail(name);
    v.clear();
    for (std::size_t at = 0; at < bytes.size(); at += sizeof(Flat)) {
      Flat row;
      std::memcpy(static_cast<void*>(&row), bytes.data() + at, sizeof row);
      v.push_back(row);
    }
  }
  void operator()(std::string_view name, TextColumn& v);
  void operator()(std::string_view name, std::vector<std::string>& v);

 private:
  std::string_view Take(std::string_view name);
  void Fail(std::string_view name);
  std::optional<Error> fault_;
};

}  // namespace landfall
