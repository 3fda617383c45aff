// SPDX-License-Identifier: Apache-2.0
// Every state in which a power cut can leave the disk of a run: a seed's run is recorded change by change, and for each
// beginning of the record the disk is made as it may come back, with what was not synced lost, kept, torn or reordered
// by sectors of 512 and of 4,096 bytes. Each is opened as a ledger, which must stand at the last entry that was
// acknowledged, or at the end of the commit that was under way: with the same root and the same state, and it must go
// on from there.
//
// Threads: one at a time in a process. Cost: under a millisecond a state, some hundred changes a run, kStatesPerChange
// states a change.
#pragma once

#include <cstdint>
#include <string>

namespace landfall::simulate {

inline constexpr std::uint64_t kStatesPerChange = 8;

struct PowerCutOptions {
  bool sync_lies = false;  // The planted fault, see simulator.h.
  std::uint64_t states_max = UINT64_MAX;
};

struct PowerCutOutcome {
  std::uint64_t seed = 0;
  std::uint64_t changes = 0;    // In the recorded run.
  std::uint64_t states = 0;     // That were opened.
  std::uint64_t unmade = 0;     // Of them, before the ledger was acknowledged to be made.
  std::uint64_t under_way = 0;  // Of them, with the commit that was under way.
  std::uint64_t trace = 0;      // A hash of all that was found.
  std::string violation;        // Empty: every promise was kept.
};

PowerCutOutcome CheckPowerCuts(std::uint64_t seed, const PowerCutOptions& options = {});

}  // namespace landfall::simulate
