// SPDX-License-Identifier: Apache-2.0
// Where a ledger lies: its entries in a file of its folder or in a PostgreSQL database, everything beside them in the
// folder.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "ledger/store.h"

namespace landfall::app {

struct LedgerFiles {
  std::string folder;
  // The entries' database as libpq reads it, and the ledger's code there; empty: ledger.db in the folder.
  std::string database{};
  std::string jurisdiction{};

  std::string ledger() const { return folder + "/ledger.db"; }
  std::string blobs() const { return folder + "/blobs.db"; }
  std::string access() const { return folder + "/access.db"; }
  std::string key() const { return folder + "/signing.key"; }
  // The newest checkpoint that was signed, outside the ledger's own file: an older copy of ledger.db put back is
  // noticed by it.
  std::string checkpoint() const { return folder + "/checkpoint"; }
  std::string snapshots() const { return folder + "/snapshots"; }
  bool in_database() const { return !database.empty(); }
};

// What LEDGER means at the command line: a folder, or
//   postgresql://[user@]host[,host…]/database[?libpq's own parameters][&ledger=CODE][&folder=PATH]
// `ledger`: the jurisdiction's code; may be left out where the database holds one ledger, or where `jurisdiction` (of a
// ledger that is to be made) says it. `folder`: what lies beside the entries (signing key, evidence, logins, access
// log); left out, <CODE> below $LANDFALL_HOME, $XDG_STATE_HOME/landfall or ~/.local/state/landfall. Errors:
// store.bad_address, store.ledger_not_named, store.folder_unknown, those of PostgresLedgers.
Result<LedgerFiles> FindLedger(std::string_view ledger, std::string_view jurisdiction = {});
bool IsPostgresAddress(std::string_view ledger);

// A small value of the store: where the ledger was moved to. A writer refuses to open what has it.
inline constexpr std::string_view kMovedKey = "moved";

struct OpenStoreOptions {
  std::string vfs{};  // SQLite VFS, the disk's seam
  bool create = false;
  bool read_only = false;
};
// Errors: those of OpenSqliteStore and OpenPostgresStore.
Result<std::unique_ptr<ledger::Store>> OpenStore(const LedgerFiles& files, const OpenStoreOptions& options = {});

// Whether a ledger's entries are there. Errors: store.* of a database that cannot be asked.
Result<bool> LedgerExists(const LedgerFiles& files);

}  // namespace landfall::app
