// SPDX-License-Identifier: Apache-2.0
#include "base/columns.h"

#include <xxhash.h>

#include <bit>

namespace landfall {

static_assert(std::endian::native == std::endian::little);

void TextColumn::Set(std::size_t row, std::string_view text) {
  LF_CHECK(text.size() <= kLengthMask);
  garbage_ += refs_[row] & kLengthMask;
  refs_[row] = static_cast<std::uint64_t>(arena_.size()) << kLengthBits | text.size();
  arena_.insert(arena_.end(), text.begin(), text.end());
  if (garbage_ > (1u << 20) && garbage_ > arena_.size() / 2) {
    std::vector<char> compact;
    compact.reserve(arena_.size() - garbage_);
    for (std::uint64_t& ref : refs_) {
      const char* from = arena_.data() + (ref >> kLengthBits);
      const std::uint64_t length = ref & kLengthMask;
      ref = static_cast<std::uint64_t>(compact.size()) << kLengthBits | length;
      compact.insert(compact.end(), from, from + length);
    }
    arena_ = std::move(compact);
    garbage_ = 0;
  }
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

void ColumnWriter::operator()(std::string_view name, const TextColumn& v) {
  // Logical content, never the arena: its garbage may hold what was erased.
  std::string bytes;
  for (std::size_t row = 0; row < v.size(); ++row) {
    const std::string_view text = v.Get(row);
    const auto length = static_cast<std::uint32_t>(text.size());
    bytes.append(reinterpret_cast<const char*>(&length), sizeof length);
    bytes += text;
  }
  Raw(name, bytes);
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
  v.Reserve(bytes.size() - rows * sizeof(std::uint32_t));
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
