// SPDX-License-Identifier: Apache-2.0
// State by column: plain vectors, text columns, and one visitor that saves, loads and hashes them.
//
// A state declares its columns once: `template <class Archive> void Columns(Archive& a) { a("project.owner", owner); …
// }`. What is derived (indexes, tallies) is not declared; it is rebuilt after loading.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/result.h"

namespace landfall {

// The number of an entry as a column keeps it: four bytes are enough for 4·10⁹ entries, 80 years of a province.
inline std::uint32_t SeqForColumn(std::uint64_t seq) {
  LF_CHECK(seq <= UINT32_MAX);
  return static_cast<std::uint32_t>(seq);
}

// One text per row in one arena. Replacing a text leaves garbage that is compacted when it passes half of the arena.
// Bounds: a text ≤ 1 MiB, the arena ≤ 16 TiB. Threads: as a vector.
class TextColumn {
 public:
  std::size_t size() const { return refs_.size(); }
  void Resize(std::size_t rows) { refs_.resize(rows, 0); }
  void Reserve(std::size_t bytes) { arena_.reserve(bytes); }  // of all texts together
  std::string_view Get(std::size_t row) const {
    const std::uint64_t ref = refs_[row];
    return {arena_.data() + (ref >> kLengthBits), ref & kLengthMask};
  }
  void Set(std::size_t row, std::string_view text);

 private:
  static constexpr int kLengthBits = 20;
  static constexpr std::uint64_t kLengthMask = (1u << kLengthBits) - 1;
  std::vector<char> arena_;
  std::vector<std::uint64_t> refs_;
  std::size_t garbage_ = 0;
};

// Typed text of erasable events: which event gave it is remembered, so that erasing that event clears exactly it, in
// live state and in replay alike. Empty text with an origin = erased.
class ErasableText {
 public:
  void Resize(std::size_t rows) {
    text_.Resize(rows);
    where_.resize(rows, 0);
  }
  std::size_t size() const { return where_.size(); }
  // `text` empty: the payload was erased.
  void Set(std::size_t row, std::uint64_t seq, std::uint32_t event, std::string_view text) {
    text_.Set(row, text);
    where_[row] = seq << 8 | event;
  }
  // Clears whatever row holds the text of that event. Cost: a scan; erasures are rare.
  void Erase(std::uint64_t seq, std::uint32_t event) {
    for (std::size_t row = 0; row < where_.size(); ++row)
      if (where_[row] == (seq << 8 | event)) text_.Set(row, {});
  }
  std::string_view Get(std::size_t row) const { return text_.Get(row); }
  bool Given(std::size_t row) const { return where_[row] != 0; }
  bool Erased(std::size_t row) const { return where_[row] != 0 && text_.Get(row).empty(); }
  std::uint64_t Seq(std::size_t row) const { return where_[row] >> 8; }

  template <class Archive>
  void Columns(Archive& a, std::string_view name) {
    a(name, text_);
    a(std::string(name) + ".where", where_);
  }

 private:
  TextColumn text_;
  std::vector<std::uint64_t> where_;
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

// Column by column into a buffer: name, bytes, then the bytes. Little-endian hosts only (checked at build).
class ColumnWriter {
 public:
  template <class T>
  void operator()(std::string_view name, const std::vector<T>& v) {
    static_assert(std::is_trivially_copyable_v<T> && std::has_unique_object_representations_v<T>);
    Raw(name, {reinterpret_cast<const char*>(v.data()), v.size() * sizeof(T)});
  }
  template <class T>
  requires std::is_integral_v<T>
  void operator()(std::string_view name, const T& v) { Raw(name, {reinterpret_cast<const char*>(&v), sizeof v}); }
  void operator()(std::string_view name, const std::string& v) { Raw(name, v); }
  void operator()(std::string_view name, const TextColumn& v);
  void operator()(std::string_view name, const std::vector<std::string>& v);

  // Called once per column with its bytes, which live during the call.
  virtual void Raw(std::string_view name, std::string_view bytes) = 0;
  virtual ~ColumnWriter() = default;
};

// XXH3-128 over names and bytes of all columns: equal states, equal hash.
class ColumnHasher final : public ColumnWriter {
 public:
  ColumnHasher();
  ~ColumnHasher() override;
  void Raw(std::string_view name, std::string_view bytes) override;
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
  void operator()(std::string_view name, TextColumn& v);
  void operator()(std::string_view name, std::vector<std::string>& v);

 private:
  std::string_view Take(std::string_view name);
  void Fail(std::string_view name);
  std::optional<Error> fault_;
};

}  // namespace landfall
