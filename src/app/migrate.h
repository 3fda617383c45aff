// SPDX-License-Identifier: Apache-2.0
// Moving a ledger between a file and a database, either way, with the same bytes and so with the same root.
#pragma once

#include <functional>

#include "app/ledger_files.h"
#include "base/hash.h"

namespace landfall::app {

struct Migrated {
  std::uint64_t size = 0;  // entries
  Digest root{};
};
using MigrateProgress = std::function<void(std::uint64_t done, std::uint64_t total)>;

// Verifies every leaf and payload of `from`, copies it and compares the roots; what lies beside the entries (signing
// key, evidence, logins, unfinished uploads) is copied where the folders differ, snapshots are rebuilt. On Ok `from` is
// still there and readable, and marked: no writer opens it again. Nobody may append to `from` meanwhile. On an error
// `to` does not hold a ledger. Errors: ledger.exists, ledger.moved, ledger.corrupt, store.grew, store.*.
Result<Migrated> Migrate(const LedgerFiles& from, const LedgerFiles& to, const MigrateProgress& progress = {});

}  // namespace landfall::app
