// SPDX-License-Identifier: Apache-2.0
#include "base/seam.h"

#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace landfall {
namespace {

class WallClock final : public Clock {
 public:
  Instant Now() override { return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()); }
};

class OpenSslRandom final : public Random {
 public:
  void Fill(std::span<std::uint8_t> out) override {
    // One call into OpenSSL costs about a microsecond whatever its size; salts are 32 bytes, so draw 4 KiB at a time.
    struct Pool {
      std::array<std::uint8_t, 4096> bytes;
      std::size_t used = 4096;
      ~Pool() { std::memset(bytes.data(), 0, bytes.size()); }
    };
    thread_local Pool pool;
    while (!out.empty()) {
      if (pool.used == pool.bytes.size()) {
        LF_CHECK(RAND_bytes(pool.bytes.data(), static_cast<int>(pool.bytes.size())) == 1);
        pool.used = 0;
      }
      const std::size_t n = std::min(out.size(), pool.bytes.size() - pool.used);
      std::memcpy(out.data(), pool.bytes.data() + pool.used, n);
      std::memset(pool.bytes.data() + pool.used, 0, n);
      pool.used += n;
      out = out.subspan(n);
    }
  }
};

}  // namespace

Clock& SystemClock() {
  static WallClock clock;
  return clock;
}

Random& SystemRandom() {
  static OpenSslRandom random;
  return random;
}

std::uint64_t SeededRandom::Next() {
  std::uint64_t z = (state_ += 0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

void SeededRandom::Fill(std::span<std::uint8_t> out) {
  for (std::size_t i = 0; i < out.size();) {
    const std::uint64_t word = Next();
    for (int b = 0; b < 8 && i < out.size(); ++b, ++i) out[i] = static_cast<std::uint8_t>(word >> (8 * b));
  }
}

}  // namespace landfall
