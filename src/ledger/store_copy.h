// SPDX-License-Identifier: Apache-2.0
// One store's ledger into another store, byte for byte and of either kind: moving a ledger, and backups of stores that
// are no file.
#pragma once

#include <functional>
#include <string>

#include "ledger/store.h"

namespace landfall::ledger {

// Progress: entries done, entries in all.
using CopyProgress = std::function<void(std::uint64_t, std::uint64_t)>;

// `to` must be empty. It receives the ledger as it stood when the call began, in one transaction: all or nothing. Rows,
// erasable payloads, tiles, checkpoints and small values are copied as they are; nothing is verified. Returns the
// number of entries. Memory: some rows at a time. Errors: store.not_empty, store.grew (both Conflict; nothing was
// copied) when somebody appended to `from` meanwhile, those of both stores.
Result<std::uint64_t> CopyStore(Store& from, Store& to, const CopyProgress& progress = {});

// Into a new SQLite ledger at `path`, which is removed on an error. Errors: as CopyStore, store.exists.
Status CopyToFile(Store& from, const std::string& path, const std::function<void(int, int)>& progress);

}  // namespace landfall::ledger
