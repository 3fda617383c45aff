// SPDX-License-Identifier: Apache-2.0
// Numbers in a file's bytes, big-endian (Be) and little-endian (Le), that cannot be read past the end: what lies
// outside reads as zero. Ask Has first where a zero would mean something.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace landfall::exchange {

class ByteView {
 public:
  explicit ByteView(std::string_view bytes) : bytes_(bytes) {}

  std::size_t size() const { return bytes_.size(); }
  std::string_view bytes() const { return bytes_; }
  bool Has(std::size_t at, std::size_t count) const { return at <= size() && count <= size() - at; }
  bool StartsAt(std::size_t at, std::string_view expected) const {
    return Has(at, expected.size()) && bytes_.substr(at, expected.size()) == expected;
  }
  std::string_view Part(std::size_t at, std::size_t count) const {
    return Has(at, count) ? bytes_.substr(at, count) : "";
  }

  std::uint8_t U8(std::size_t at) const { return at < size() ? static_cast<std::uint8_t>(bytes_[at]) : 0; }
  std::uint16_t Be16(std::size_t at) const { return static_cast<std::uint16_t>(U8(at) << 8 | U8(at + 1)); }
  std::uint16_t Le16(std::size_t at) const { return static_cast<std::uint16_t>(U8(at + 1) << 8 | U8(at)); }
  std::uint32_t Le24(std::size_t at) const { return std::uint32_t{Le16(at)} | std::uint32_t{U8(at + 2)} << 16; }
  std::uint32_t Be32(std::size_t at) const { return std::uint32_t{Be16(at)} << 16 | Be16(at + 2); }
  std::uint32_t Le32(std::size_t at) const { return std::uint32_t{Le16(at + 2)} << 16 | Le16(at); }
  std::uint64_t Be64(std::size_t at) const { return std::uint64_t{Be32(at)} << 32 | Be32(at + 4); }

 private:
  std::string_view bytes_;
};

}  // namespace landfall::exchange
