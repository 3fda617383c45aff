// SPDX-License-Identifier: Apache-2.0
// The embedded store: one SQLite file, write-ahead log, synchronous=FULL. Durable at 10,000 commits a second where the
// disk is.
#pragma once

#include <memory>
#include <string>

#include "ledger/store.h"

namespace landfall::ledger {

struct SqliteOptions {
  std::string vfs;      // The disk's seam: a registered SQLite VFS, empty for the system's.
  bool create = false;  // Refuse to open what is not there, unless asked.
  bool read_only = false;
};

// Errors: store.missing (NotFound), store.exists (Conflict) when `create` and the file is there, store.not_a_ledger,
// store.io.
Result<std::unique_ptr<Store>> OpenSqliteStore(const std::string& path, const SqliteOptions& options);

}  // namespace landfall::ledger
