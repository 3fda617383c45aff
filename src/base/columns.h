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

// Takes bytes piece by piece.
using Sink = std::function<void(std::string_view)>;

// One text per row, in one arena: three bytes a row beside its text. What rows share stands there once (sentences of
// packages and rules, units of measure), and a row that holds it costs two bytes. Replacing a text leaves garbage that
// is compacted when it passes half of the arena. Bounds: a text < 1 MiB, the arena ≤ 1 TiB. A text that was read lives
// until the next change. Cost of Set: 40 ns. Threads: as a vector.
class TextColumn {
 public:
  std::size_t size() const { return size_; }
  void Resize(std::size_t rows) {  // Never fewer than there are.
    LF_CHECK(rows >= size_);
    size_ = rows;
  }
  std::string_view Get(std::size_t row) const {
    if (row >= codes_.size() || codes_[row] == kEmpty) return {};
    return At(OffsetOf(row));
  }
  void Set(std::size_t row, std::string_view text);
  std::size_t bytes() const;
  // The logical content, never the arena: its garbage may hold what was erased. `sink` takes pieces, in order.
  void Save(const Sink& sink) const;
  // What Save gave; false where that cannot be.
  bool Load(std::string_view bytes);

 private:
  // What a row holds: nothing; where its text begins, counted from the start of its page; the number of a shared text;
  // or that its place stands in far_.
  static constexpr std::uint16_t kEmpty = 0, kShared = 0x8000, kFar = 0xffff;
  static constexpr std::size_t kRows = 32;  // Of a page.
  static constexpr std::size_t kMost = (1u << 20) - 1, kRecent = 4096, kRecentFrom = 1 << 14;
  static constexpr std::uint64_t kNoStart = UINT64_MAX, kOffsetMask = (std::uint64_t{1} << 40) - 1;

  std::uint64_t OffsetOf(std::size_t row) const {
    const std::uint16_t code = codes_[row];
    if (code < kShared) return starts_[row / kRows] + code - 1;
    return code == kFar ? far_[row] : shared_[code - kShared];
  }
  // A text in the arena: its size in seven bits a byte, then the text.
  std::string_view At(std::uint64_t offset) const {
    const char* at = arena_.data() + offset;
    std::size_t size = static_cast<unsigned char>(*at++);
    if (size >= 0x80) {
      size = (size & 0x7f) | static_cast<std::size_t>(static_cast<unsigned char>(*at++)) << 7;
      if (size >= 0x80 << 7) size = (size & 0x3fff) | static_cast<std::size_t>(static_cast<unsigned char>(*at++)) << 14;
    }
    return {at, size};
  }
  std::uint64_t Append(std::string_view text);
  void Own(std::size_t row, std::string_view text);  // Precondition: text is not empty and not of the arena.
  // The number of a shared text, or kNone.
  std::uint32_t FindShared(std::uint64_t hash, std::string_view text) const;
  std::uint32_t Share(std::uint64_t hash, std::uint64_t offset);
  void Compact();

  static constexpr std::uint32_t kNone = UINT32_MAX;
  std::size_t size_ = 0;
  std::vector<char> arena_;
  std::vector<std::uint16_t> codes_;         // Up to the last row that ever held a text.
  std::vector<std::uint64_t> starts_;        // By page.
  SparseColumn<std::uint64_t> far_;          // Offsets, up to the last that is needed.
  std::vector<std::uint64_t> shared_;        // Offsets.
  std::vector<std::uint32_t> shared_slots_;  // Open addressing: 16 bits of the hash, number + 1.
  std::vector<std::uint64_t> recent_;        // By hash: 24 bits of it, and the offset of a text that one row holds.
  std::size_t garbage_ = 0;
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
  // Clears whatever row holds the text of that event. Cost: a look at every 64th row; erasures are rare.
  void Erase(std::uint64_t seq, std::uint32_t event) {
    origins_.RowsOf(seq << 8 | event, [&](std::size_t row) { text_.Set(row, {}); });
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
    std::size_t size() const { return rows_; }
    void resize(std::size_t rows) { rows_ = rows; }
    std::uint64_t operator[](std::size_t row) const {
      const std::uint64_t seq = row < seq_.size() ? seq_[row] : 0;
      return seq == 0 ? 0 : seq << 8 | event_[row];
    }
    void Set(std::size_t row, std::uint64_t where) {
      if (seq_.size() == 0)  // Most texts of a column are given by the same event of their entries.
        event_ = SparseColumn<std::uint8_t>(usual_ = static_cast<std::uint8_t>(where));
      if (row >= seq_.size()) {
        seq_.resize(row + 1, 0);
        event_.resize(row + 1);
      }
      seq_.Set(row, SeqForColumn(where >> 8));
      event_.Set(row, static_cast<std::uint8_t>(where));
    }
    template <class Use>
    void RowsOf(std::uint64_t where, Use&& use) const {
      seq_.RowsOf(SeqForColumn(where >> 8), [&](std::size_t row) {
        if ((*this)[row] == where) use(row);
      });
    }
    std::size_t bytes() const { return seq_.bytes() + event_.bytes(); }
    template <class Archive>
    void Parts(Archive& a) {
      a(rows_);
      a(usual_);
      if constexpr (std::is_same_v<Archive, PartReader>) event_ = SparseColumn<std::uint8_t>(usual_);
      a(seq_);
      a(event_);
    }
    bool Sound() const { return seq_.size() == event_.size() && seq_.size() <= rows_; }

   private:
    std::size_t rows_ = 0;
    std::uint8_t usual_ = 0;
    FrameColumn<std::uint32_t> seq_;  // Up to the last row that was ever given.
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

// A column that keeps its rows in less room (base/packed.h). A hash sees them as those of a plain vector.
template <class C>
concept PackedColumn = requires(C& c, PartReader& parts) {
  { c.size() } -> std::same_as<std::size_t>;
  { c[std::size_t{}] } -> std::convertible_to<typename C::Flat>;
  c.Parts(parts);
};

// Column by column: its name and its bytes, which are those of the rows, or of a packed column as it lies in memory
// where the writer wants that. Little-endian hosts only (checked at build).
class ColumnWriter {
 public:
  using Give = std::function<void(const Sink&)>;  // Gives all bytes of a column, in order.
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
    if (as_they_lie()) return Pieces(name, 0, [&](const Sink& sink) { PartWriter<Sink>{sink}(v); });
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
  // Whether packed columns and texts are given as they lie in memory.
  virtual bool as_they_lie() const { return false; }
  // Called instead of Raw for what does not lie in one piece; `size` bytes in all, 0: not known, as columns that are
  // given as they lie. Puts them together unless overridden.
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

// Reads columns back in the order they were written, packed ones and texts as they lie in memory. The first fault is
// kept and everything after it is ignored.
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
    PartReader parts(Take(name));
    if (!fault_) parts(v);
    if (!parts.whole()) Fail(name);
  }
  void operator()(std::string_view name, TextColumn& v);
  void operator()(std::string_view name, std::vector<std::string>& v);

 private:
  std::string_view Take(std::string_view name);
  void Fail(std::string_view name);
  std::optional<Error> fault_;
};

}  // namespace landfall
