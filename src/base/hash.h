// SPDX-License-Identifier: Apache-2.0
// SHA-256 and the text forms of bytes.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace landfall {

using Digest = std::array<std::uint8_t, 32>;

inline std::span<const std::uint8_t> Bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view AsText(std::span<const std::uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// FIPS 180-4. About 0.4 µs for 300 bytes with SHA-NI. Threads: each call stands alone.
Digest Sha256(std::span<const std::uint8_t> bytes);
Digest Sha256(std::string_view text);
// Of the concatenation, without copying it together.
Digest Sha256(std::span<const std::uint8_t> first, std::span<const std::uint8_t> second);

// For files that do not fit in memory.
class Sha256Stream {
 public:
  Sha256Stream();
  ~Sha256Stream();
  Sha256Stream(const Sha256Stream&) = delete;
  Sha256Stream& operator=(const Sha256Stream&) = delete;
  void Add(std::span<const std::uint8_t> bytes);
  Digest Finish();

 private:
  void* context_;
};

void AppendHex(std::string& out, std::span<const std::uint8_t> bytes);  // lower case
std::string Hex(std::span<const std::uint8_t> bytes);
Result<std::string> ParseHex(std::string_view text);      // Errors: hex.malformed.
std::string Base64(std::span<const std::uint8_t> bytes);  // RFC 4648 §4, with padding
Result<std::string> ParseBase64(std::string_view text);   // strict; Errors: base64.malformed.

// "sha256:" + 64 hex digits: the name of a blob and the digest in a leaf.
void AppendDigestText(std::string& out, const Digest& digest);
Result<Digest> ParseDigestText(std::string_view text);  // Errors: digest.malformed.

}  // namespace landfall
