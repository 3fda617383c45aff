// SPDX-License-Identifier: Apache-2.0
// SM3, the Chinese standard hash of 32 bytes (GB/T 32905-2016), by OpenSSL.
#pragma once

#include "base/hash.h"

namespace landfall {

// Of the concatenation, without copying it together. Cost: about 0.6 µs and 6 ns a byte; 2 µs for a leaf of 300 bytes.
// Threads: each call stands alone.
Digest Sm3(std::span<const std::uint8_t> first, std::span<const std::uint8_t> second = {});
inline Digest Sm3(std::string_view text) { return Sm3(Bytes(text)); }

}  // namespace landfall
