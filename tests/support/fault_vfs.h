// SPDX-License-Identifier: Apache-2.0
// A SQLite VFS over the system's that fails on demand: the disk's seam.
#pragma once

#include <cstdint>

namespace landfall::test {

inline constexpr const char* kFaultVfs = "landfall-fault";

// Which calls are counted, and what the failing one answers.
struct FaultPlan {
  bool reads = false;    // xRead, xFileSize, xShmMap
  bool writes = true;    // xWrite, xSync, xTruncate, xOpen for writing, xDelete
  bool full = false;     // SQLITE_FULL instead of SQLITE_IOERR, for writes
  bool torn = false;     // A failing write has written half of its bytes.
  bool once = true;      // Only the k-th call fails; else every one from the k-th on.
  std::uint64_t at = 0;  // k, from 1; 0: none fails.
};

// Registers the VFS once. Threads: any.
void RegisterFaultVfs();
// While it lives, databases that are opened without the name of a VFS lie on this one too.
class FaultEverywhere {
 public:
  FaultEverywhere();
  ~FaultEverywhere();
  FaultEverywhere(const FaultEverywhere&) = delete;
  FaultEverywhere& operator=(const FaultEverywhere&) = delete;
};
// Begins to count anew. Threads: while no database is open on the VFS, or in the thread that plans.
void SetFault(const FaultPlan& plan);
std::uint64_t FaultCalls();  // Counted since SetFault.
bool FaultStruck();          // Whether a call has failed since SetFault.

}  // namespace landfall::test
