// SPDX-License-Identifier: Apache-2.0
#include "base/columns.h"

#include <xxhash.h>

#include <bit>

namespace landfall {

static_assert(std::endian::native == std::endian::little);

TextColumn::TextColumn(const TextColumn& other) : size_(other.size_), pages_(other.pages_.size()) {
  for (std::size_t i = 0; i < pages_.size(); ++i) {
    const char* from = other.pages_[i].get();
    if (from == nullptr) continue;
    const std::size_t size = kHead + OffsetOf(from, kRows);
    pages_[i] = std::make_unique_for_overwrite<char[]>(size);
    std::memcpy(pages_[i].get(), from, size);
    for (unsigned left = LongOnes(from); left != 0; left &= left - 1) {
      const auto at = static_cast<std::size_t>(std::countr_zero(left));
      const std::size_t length = sizeof(std::uint32_t) + In(from, at).size();
      char* const copy = new char[length];
      std::memcpy(copy, LongAt(from, at), length);
      std::memcpy(pages_[i].get() + kHead + OffsetOf(from, at), &copy, sizeof copy);
    }
  }
}

TextColumn::~TextColumn() {
  for (const auto& page : pages_)
    for (unsigned left = page ? LongOnes(page.get()) : 0; left != 0; left &= left - 1)
      delete[] LongAt(page.get(), static_cast<std::size_t>(std::countr_zero(left)));
}

std::size_t TextColumn::OffsetOf(const char* page, std::size_t at) {
  // The sizes before `at`, eight bytes at a time: a lane of 16 bits holds the sum of at most four of them.
  std::uint64_t sizes[2];
  static_assert(sizeof sizes == kRows);
  std::memcpy(sizes, page + sizeof(std::uint16_t), sizeof sizes);
  if (at < 8) {
    sizes[0] &= (std::uint64_t{1} << at * 8) - 1;
    sizes[1] = 0;
  } else if (at < kRows) {
    sizes[1] &= (std::uint64_t{1} << (at - 8) * 8) - 1;
  }
  constexpr std::uint64_t kEven = 0x00ff'00ff'00ff'00ff;
  const std::uint64_t lanes =
      (sizes[0] & kEven) + (sizes[0] >> 8 & kEven) + (sizes[1] & kEven) + (sizes[1] >> 8 & kEven);
  return lanes * 0x0001'0001'0001'0001 >> 48;
}

char* TextColumn::LongAt(const char* page, std::size_t at) {
  char* elsewhere;
  std::memcpy(&elsewhere, page + kHead + OffsetOf(page, at), sizeof elsewhere);
  return elsewhere;
}

std::string_view TextColumn::In(const char* page, std::size_t at) {
  if ((LongOnes(page) >> at & 1) == 0) return {page + kHead + OffsetOf(page, at), SizeOf(page, at)};
  const char* elsewhere = LongAt(page, at);
  std::uint32_t length;
  std::memcpy(&length, elsewhere, sizeof length);
  return {elsewhere + sizeof length, length};
}

void TextColumn::Set(std::size_t row, std::string_view text) {
  LF_CHECK(text.size() <= kMost);
  std::unique_ptr<char[]>& page = pages_[row / kRows];
  const std::size_t at = row % kRows;
  if (!page) {
    if (text.empty()) return;
    page = std::make_unique<char[]>(kHead);  // All zero: empty rows.
  }
  const std::size_t before = OffsetOf(page.get(), at), old_size = SizeOf(page.get(), at);
  const std::size_t after = OffsetOf(page.get(), kRows) - before - old_size;
  const std::uint16_t bit = static_cast<std::uint16_t>(1u << at), was = LongOnes(page.get());
  char* const old_long = (was & bit) != 0 ? LongAt(page.get(), at) : nullptr;
  // What stands here: the text, or where it is.
  char* elsewhere = nullptr;
  std::string_view here = text;
  if (text.size() > UINT8_MAX) {
    const auto length = static_cast<std::uint32_t>(text.size());
    elsewhere = new char[sizeof length + text.size()];
    std::memcpy(elsewhere, &length, sizeof length);
    std::memcpy(elsewhere + sizeof length, text.data(), text.size());
    here = {reinterpret_cast<const char*>(&elsewhere), sizeof elsewhere};
  }
  std::unique_ptr<char[]> fresh;
  if (before + here.size() + after != 0) {
    fresh = std::make_unique_for_overwrite<char[]>(kHead + before + here.size() + after);
    char* to = fresh.get();
    std::memcpy(to, page.get(), kHead + before);
    if (!here.empty()) std::memcpy(to + kHead + before, here.data(), here.size());
    std::memcpy(to + kHead + before + here.size(), page.get() + kHead + before + old_size, after);
    const auto bits = static_cast<std::uint16_t>(elsewhere != nullptr ? was | bit : was & ~bit);
    std::memcpy(to, &bits, sizeof bits);
    to[sizeof bits + at] = static_cast<char>(here.size());
  }
  page = std::move(fresh);  // Only now: the text may have been one of this column.
  delete[] old_long;
}

std::size_t TextColumn::bytes() const {
  std::size_t sum = pages_.capacity() * sizeof(pages_[0]);
  for (const auto& page : pages_) {
    if (!page) continue;
    sum += kHead + OffsetOf(page.get(), kRows);
    for (unsigned left = LongOnes(page.get()); left != 0; left &= left - 1)
      sum += sizeof(std::uint32_t) + In(page.get(), static_cast<std::size_t>(std::countr_zero(left))).size();
  }
  return sum;
}

std::uint32_t TextIndex::Find(const TextColumn& column, std::string_view text) const {
  if (slots_.empty()) return kNone;
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = XXH3_64bits(text.data(), text.size()) & mask; slots_[at] != 0; at = (at + 1) & mask)
    if (column.Get(slots_[at] - 1) == text) return slots_[at] - 1;
  return kNone;
}

void TextIndex::Insert(const TextColumn& column, std::uint32_t row) {
  if ((used_ + 1) * 2 > slots_.size()) {
    std::vector<std::uint32_t> old(std::max<std::size_t>(64, slots_.size() * 2), 0);
    old.swap(slots_);
    used_ = 0;
    for (std::uint32_t slot : old)
      if (slot != 0) Insert(column, slot - 1);
  }
  const std::string_view text = column.Get(row);
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = XXH3_64bits(text.data(), text.size()) & mask;
  while (slots_[at] != 0) at = (at + 1) & mask;
  slots_[at] = row + 1;
  ++used_;
}

void TextIndex::Rebuild(const TextColumn& column) {
  slots_.clear();
  used_ = 0;
  for (std::uint32_t row = 0; row < column.size(); ++row)
    if (!column.Get(row).empty()) Insert(column, row);
}

void ColumnWriter::Pieces(std::string_view name, std::size_t size, const Give& give) {
  std::string bytes;
  bytes.reserve(size);
  give([&](std::string_view piece) { bytes += piece; });
  Raw(name, bytes);
}

void ColumnWriter::operator()(std::string_view name, const TextColumn& v) {
  // Row by row, never the memory they lay in.
  std::size_t size = v.size() * sizeof(std::uint32_t);
  for (std::size_t row = 0; row < v.size(); ++row) size += v.Get(row).size();
  Pieces(name, size, [&](const Sink& sink) {
    constexpr std::size_t kPiece = 1 << 16;
    std::string bytes;
    for (std::size_t row = 0; row < v.size(); ++row) {
      const std::string_view text = v.Get(row);
      const auto length = static_cast<std::uint32_t>(text.size());
      bytes.append(reinterpret_cast<const char*>(&length), sizeof length);
      bytes += text;
      if (bytes.size() < kPiece) continue;
      sink(bytes);
      bytes.clear();
    }
    sink(bytes);
  });
}

void ColumnWriter::operator()(std::string_view name, const std::vector<std::string>& v) {
  TextColumn column;
  column.Resize(v.size());
  for (std::size_t i = 0; i < v.size(); ++i) column.Set(i, v[i]);
  (*this)(name, column);
}

ColumnHasher::ColumnHasher() : state_(XXH3_createState()) { XXH3_128bits_reset(static_cast<XXH3_state_t*>(state_)); }
ColumnHasher::~ColumnHasher() { XXH3_freeState(static_cast<XXH3_state_t*>(state_)); }

void ColumnHasher::Raw(std::string_view name, std::string_view bytes) {
  auto* state = static_cast<XXH3_state_t*>(state_);
  const std::uint64_t sizes[2] = {name.size(), bytes.size()};
  XXH3_128bits_update(state, sizes, sizeof sizes);
  XXH3_128bits_update(state, name.data(), name.size());
  if (!bytes.empty()) XXH3_128bits_update(state, bytes.data(), bytes.size());
}

void ColumnHasher::Pieces(std::string_view name, std::size_t size, const Give& give) {
  auto* state = static_cast<XXH3_state_t*>(state_);
  const std::uint64_t sizes[2] = {name.size(), size};
  XXH3_128bits_update(state, sizes, sizeof sizes);
  XXH3_128bits_update(state, name.data(), name.size());
  give([&](std::string_view piece) {
    if (!piece.empty()) XXH3_128bits_update(state, piece.data(), piece.size());
  });
}

std::string ColumnHasher::Hex() const {
  static constexpr char kDigits[] = "0123456789abcdef";
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(static_cast<XXH3_state_t*>(state_)));
  std::string out;
  for (unsigned char b : canonical.digest) {
    out += kDigits[b >> 4];
    out += kDigits[b & 15];
  }
  return out;
}

std::string_view ColumnReader::Take(std::string_view name) {
  if (fault_) return {};
  auto bytes = Next(name);
  if (!bytes) {
    fault_ = std::move(bytes).error();
    return {};
  }
  return *bytes;
}

void ColumnReader::Fail(std::string_view name) {
  if (!fault_) fault_ = Corrupt("snapshot.corrupt", "column " + std::string(name) + " has an impossible length");
}

namespace {

// Takes the first text off; false where it is cut.
bool TakeText(std::string_view& bytes, std::string_view& text) {
  std::uint32_t length = 0;
  if (bytes.size() < sizeof length) return false;
  std::memcpy(&length, bytes.data(), sizeof length);
  bytes.remove_prefix(sizeof length);
  if (bytes.size() < length) return false;
  text = bytes.substr(0, length);
  bytes.remove_prefix(length);
  return true;
}

}  // namespace

void ColumnReader::operator()(std::string_view name, TextColumn& v) {
  const std::string_view bytes = Take(name);
  std::size_t rows = 0;
  std::string_view text;
  for (std::string_view rest = bytes; !rest.empty(); ++rows)
    if (!TakeText(rest, text)) return Fail(name);
  v = {};
  v.Resize(rows);
  std::size_t row = 0;
  for (std::string_view rest = bytes; TakeText(rest, text);) v.Set(row++, text);
}

void ColumnReader::operator()(std::string_view name, std::vector<std::string>& v) {
  TextColumn column;
  (*this)(name, column);
  v.clear();
  for (std::size_t i = 0; i < column.size(); ++i) v.emplace_back(column.Get(i));
}

}  // namespace landfall
