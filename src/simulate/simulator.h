// SPDX-License-Identifier: Apache-2.0
// A county's machine room from one seed, in one thread: writers and followers on a simulated disk, clients behind a
// network that delays, doubles and loses, clocks that jump, and faults that strike at any call to the disk.
//
// Nothing else decides: the engines are the real ones, run step by step in the caller's thread
// (EngineOptions::stepped); time is simulated; so the same seed gives the same trace, on every machine.
// docs/howto/faults.md says what is simulated and what is not.
//
// Threads: one at a time in a process (SQLite's own generator is seeded for the run). Cost: some milliseconds a seed.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace landfall::simulate {

struct SimulateOptions {
  bool sync_lies = false;  // The planted fault: a disk that says it has synced and has not. Must be found.
  std::function<void(std::string_view)>
      tell;  // Each line of the trace as it comes: time in µs, changes of the disk, what.
};

struct SimulateCounts {
  std::uint64_t requests = 0;      // Sent to a server, repetitions too.
  std::uint64_t acknowledged = 0;  // Requests that a server said were done.
  std::uint64_t refused = 0;       // Answers that said no.
  std::uint64_t repeated = 0;      // Answers that said it was done before.
  std::uint64_t entries = 0;       // In the ledger at the end.
  std::uint64_t power_cuts = 0, kills = 0, refused_calls = 0, restarts = 0, clock_jumps = 0;
  std::uint64_t checks = 0;  // Of all promises.
  void Add(const SimulateCounts& other);
};

struct SeedOutcome {
  std::uint64_t seed = 0;
  std::uint64_t trace = 0;  // A hash of everything that happened, in order.
  SimulateCounts counts;
  std::string violation;  // Empty: every promise was kept.
};

SeedOutcome Simulate(std::uint64_t seed, const SimulateOptions& options = {});

}  // namespace landfall::simulate
