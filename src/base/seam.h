// SPDX-License-Identifier: Apache-2.0
// The seams behind which time and chance sit, from the first line: they cannot be added later.
// (The disk's seam is SQLite's VFS; the network's is the server's handler.)
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/day.h"

namespace landfall {

// Read only by the writer that stamps `at`, and by sessions. Threads: any.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant Now() = 0;
};

// Source of salts, tokens and keys. Threads: any. Never fails: a system without randomness stops the process.
class Random {
 public:
  virtual ~Random() = default;
  virtual void Fill(std::span<std::uint8_t> out) = 0;
};

Clock& SystemClock();
Random& SystemRandom();  // OpenSSL's generator, drawn in blocks per thread.

// A clock that stands where it is put; for tests, imports of golden ledgers and the simulator.
class FixedClock final : public Clock {
 public:
  explicit FixedClock(Instant now) : now_(now) {}
  Instant Now() override { return now_; }
  void Set(Instant now) { now_ = now; }
  void Advance(std::chrono::microseconds by) { now_ += by; }

 private:
  Instant now_;
};

// A small seeded generator (SplitMix64): repeatable, not secret. For tests and benches only.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : state_(seed) {}
  void Fill(std::span<std::uint8_t> out) override;
  std::uint64_t Next();

 private:
  std::uint64_t state_;
};

}  // namespace landfall
