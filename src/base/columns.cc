// SPDX-License-Identifier: Apache-2.0
#include "base/columns.h"

#include <xxhash.h>

#include <bit>

namespace landfall {

static_assert(std::endian::native == std::endian::little);

std::uint64_t TextColumn::Append(std::string_view text) {
  const std::uint64_t offset = arena_.size();
  LF_CHECK(offset <= kOffsetMask);
  char head[3];
  std::size_t bytes = 0, left = text.size();
  for (; left >= 0x80; left >>= 7) head[bytes++] = static_cast<char>(left | 0x80);
  head[bytes++] = static_cast<char>(left);
  arena_.insert(arena_.end(), head, head + bytes);
  arena_.insert(arena_.end(), text.begin(), text.end());
  return offset;
}

void TextColumn::Own(std::size_t row, std::string_view text) {
  const std::uint64_t offset = Append(text);
  std::uint64_t& start = starts_[row / kRows];
  if (start == kNoStart) start = offset;
  if (offset - start < kShared - 1u) {
    codes_[row] = static_cast<std::uint16_t>(offset - start + 1);
    return;
  }
  codes_[row] = kFar;
  if (far_.size() <= row) far_.resize(codes_.size());
  far_.Set(row, offset);
}

std::uint32_t TextColumn::FindShared(std::uint64_t hash, std::string_view text) const {
  if (shared_slots_.empty()) return kNone;
  const std::size_t mask = shared_slots_.size() - 1;
  for (std::size_t at = hash & mask; shared_slots_[at] != 0; at = (at + 1) & mask) {
    const std::uint32_t slot = shared_slots_[at], number = (slot & 0xffff) - 1;
    if (slot >> 16 == hash >> 48 && At(shared_[number]) == text) return number;
  }
  return kNone;
}

std::uint32_t TextColumn::Share(std::uint64_t hash, std::uint64_t offset) {
  if (shared_.size() + 1 >= static_cast<std::size_t>(kFar - kShared)) return kNone;
  shared_.push_back(offset);
  const auto insert = [&](std::uint64_t with, std::uint32_t number) {
    const std::size_t mask = shared_slots_.size() - 1;
    std::size_t at = with & mask;
    while (shared_slots_[at] != 0) at = (at + 1) & mask;
    shared_slots_[at] = static_cast<std::uint32_t>(with >> 48) << 16 | (number + 1);
  };
  const auto last = static_cast<std::uint32_t>(shared_.size() - 1);
  if (shared_.size() * 2 <= shared_slots_.size()) {
    insert(hash, last);
  } else {
    shared_slots_.assign(std::max<std::size_t>(16, shared_slots_.size() * 2), 0);
    for (std::uint32_t number = 0; number <= last; ++number) {
      const std::string_view text = At(shared_[number]);
      insert(XXH3_64bits(text.data(), text.size()), number);
    }
  }
  return last;
}

void TextColumn::Set(std::size_t row, std::string_view text) {
  LF_CHECK(row < size_ && text.size() <= kMost);
  if (row >= codes_.size()) {
    if (text.empty()) return;
    codes_.resize(row + 1, kEmpty);
    starts_.resize(row / kRows + 1, kNoStart);
  }
  if (const std::uint16_t was = codes_[row]; was != kEmpty && (was < kShared || was == kFar)) {
    garbage_ += At(OffsetOf(row)).size() + 1;
  }
  codes_[row] = kEmpty;
  if (text.empty()) return;
  const std::uint64_t hash = XXH3_64bits(text.data(), text.size());
  std::uint32_t number = FindShared(hash, text);
  if (number == kNone && arena_.size() >= kRecentFrom) {
    if (recent_.empty()) recent_.resize(kRecent, 0);
    // Either of two places, so that two texts that meet in one do not drive each other out for ever.
    std::uint64_t* const places[2] = {&recent_[hash % kRecent], &recent_[hash / kRecent % kRecent]};
    for (const std::uint64_t* place : places)
      if (number == kNone && (*place & ~kOffsetMask) == (hash & ~kOffsetMask) && At(*place & kOffsetMask) == text)
        number = Share(hash, *place & kOffsetMask);
    if (number == kNone) {
      const std::uint64_t either = arena_.size() * 0x9e37'79b9'7f4a'7c15 >> 63;  // As by chance.
      *places[either] = (hash & ~kOffsetMask) | arena_.size();
    }
  }
  if (number != kNone) {
    codes_[row] = static_cast<std::uint16_t>(kShared + number);
  } else if (text.data() >= arena_.data() && text.data() < arena_.data() + arena_.size()) {
    Own(row, std::string(text));  // Of this column: it may move while it is copied.
  } else {
    Own(row, text);
  }
  if (garbage_ > (1u << 20) && garbage_ > arena_.size() / 2) Compact();
}

void TextColumn::Compact() {
  std::string bytes;
  Save([&](std::string_view piece) { bytes += piece; });
  TextColumn compact;
  LF_CHECK(compact.Load(bytes));
  *this = std::move(compact);
}

void TextColumn::Save(const Sink& sink) const {
  constexpr std::size_t kPiece = 1 << 16;
  std::string bytes;
  const auto number = [&](std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) bytes += static_cast<char>(value | 0x80);
    bytes += static_cast<char>(value);
    if (bytes.size() < kPiece) return;
    sink(bytes);
    bytes.clear();
  };
  const auto is_shared = [](std::uint16_t code) { return code >= kShared && code != kFar; };
  // Shared texts that no row holds any more are left out.
  std::vector<std::uint64_t> numbers(shared_.size(), 0);
  for (const std::uint16_t code : codes_)
    if (is_shared(code)) numbers[code - kShared] = 1;
  std::uint64_t shared = 0;
  for (std::uint64_t& n : numbers) n = n == 0 ? 0 : ++shared;
  number(size_);
  number(codes_.size());
  number(shared);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (numbers[i] == 0) continue;
    const std::string_view text = At(shared_[i]);
    number(text.size());
    bytes += text;
  }
  for (std::size_t row = 0; row < codes_.size(); ++row) {
    const std::uint16_t code = codes_[row];
    if (is_shared(code)) {
      number(numbers[code - kShared] * 2);
    } else {
      const std::string_view text = Get(row);
      number(text.empty() ? 0 : text.size() * 2 + 1);
      bytes += text;
    }
  }
  sink(bytes);
}

bool TextColumn::Load(std::string_view bytes) {
  *this = {};
  bool sound = true;
  const auto number = [&] {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 63; shift += 7) {
      if (bytes.empty()) break;
      const auto byte = static_cast<unsigned char>(bytes.front());
      bytes.remove_prefix(1);
      value |= std::uint64_t{byte & 0x7fu} << shift;
      if (byte < 0x80) return value;
    }
    sound = false;
    return std::uint64_t{0};
  };
  const auto text = [&](std::uint64_t size) {
    if (size > bytes.size() || size > kMost) sound = false;
    const std::string_view taken = bytes.substr(0, sound ? size : 0);
    bytes.remove_prefix(taken.size());
    return taken;
  };
  const std::uint64_t rows = number(), held = number(), shared = number();
  if (!sound || held > rows || held > bytes.size() || shared > bytes.size()) return false;
  size_ = rows;
  codes_.resize(held, kEmpty);
  starts_.resize((held + kRows - 1) / kRows, kNoStart);
  arena_.reserve(bytes.size());
  for (std::uint64_t i = 0; i < shared && sound; ++i) {
    const std::string_view given = text(number());
    if (sound && Share(XXH3_64bits(given.data(), given.size()), Append(given)) == kNone) sound = false;
  }
  for (std::size_t row = 0; row < held && sound; ++row) {
    const std::uint64_t what = number();
    if (what == 0) continue;
    if (what % 2 == 0) {
      if (what / 2 > shared_.size()) return false;
      codes_[row] = static_cast<std::uint16_t>(kShared + what / 2 - 1);
    } else if (const std::string_view given = text(what / 2); sound) {
      Own(row, given);
    }
  }
  return sound && bytes.empty();
}

std::size_t TextColumn::bytes() const {
  return arena_.capacity() + codes_.capacity() * sizeof(std::uint16_t) + far_.bytes() +
         shared_slots_.capacity() * sizeof(std::uint32_t) +
         (starts_.capacity() + shared_.capacity() + recent_.capacity()) * sizeof(std::uint64_t);
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
  if (as_they_lie()) return Pieces(name, 0, [&](const Sink& sink) { v.Save(sink); });
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

void ColumnReader::operator()(std::string_view name, TextColumn& v) {
  const std::string_view bytes = Take(name);
  if (!fault_ && !v.Load(bytes)) Fail(name);
}

void ColumnReader::operator()(std::string_view name, std::vector<std::string>& v) {
  TextColumn column;
  (*this)(name, column);
  v.clear();
  for (std::size_t i = 0; i < column.size(); ++i) v.emplace_back(column.Get(i));
}

}  // namespace landfall
