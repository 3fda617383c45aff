// SPDX-License-Identifier: Apache-2.0
// Fewer, larger writes: a layer over SQLite's disk that joins writes which follow each other.
//
// SQLite writes each page of a commit with two calls, and each page of a checkpoint with one. This layer keeps what is
// written to the database and to its write-ahead log for as long as it is one run of bytes, and hands the run on before
// whatever could notice: a sync, a read, a change of size. Measured in docs/PERFORMANCE.md (append).
//
// Only for connections with synchronous=FULL: there every commit and every checkpoint is synced before the locks under
// which it was written are given back. What is not synced by then is forgotten.
#pragma once

#include <string>

namespace landfall::ledger {

// The name of the layer over the VFS called `base` ("": the process's default at the time a file is opened). Registers
// it when first asked. Any thread.
std::string GatheringVfs(const std::string& base);

}  // namespace landfall::ledger
