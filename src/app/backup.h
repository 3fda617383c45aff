// SPDX-License-Identifier: Apache-2.0
// Backups: a folder with consistent copies, a manifest, and the promise that the copy was opened and verified.
//
// A backup is the same whatever engine the ledger lies on: its ledger.db is a SQLite ledger, and it can be restored to
// either. The ledger is copied while it is written to. Blobs are copied after it: every blob that an entry names was
// stored before the entry, so that copy holds at least what the ledger names. The witnesses and what they have cosigned
// go with it, so that a restored ledger is held to it. Snapshots are not copied; they are rebuilt. A ledger restored
// from a backup goes on from the backup's last entry. If entries were acknowledged after the backup, the log has then
// forked, and whoever holds a later checkpoint of the lost part will see it: restore only where the original is gone.
#pragma once

#include "app/verify.h"

namespace landfall::app {

struct BackupFile {
  static constexpr std::string_view kName = "BackupFile";
  std::string name;
  std::int64_t bytes = 0;
  Digest sha256{};
};
BOOST_DESCRIBE_STRUCT(BackupFile, (), (name, bytes, sha256))

// manifest.json: one line of canonical JSON.
struct BackupManifest {
  static constexpr std::string_view kName = "BackupManifest";
  Key<40> format{"landfall-backup.1"};
  Instant made_at;
  std::string vkey;
  std::int64_t size = 0;  // entries
  Digest root{};
  std::vector<BackupFile> files;
};
BOOST_DESCRIBE_STRUCT(BackupManifest, (), (format, made_at, vkey, size, root, files))

// Step in words of the trade ("ledger.db"), done and total in its own units (pages, entries, bytes).
using BackupProgress = std::function<void(std::string_view step, std::uint64_t done, std::uint64_t total)>;

struct BackupOptions {
  bool with_key = false;  // The signing key is a secret: whoever has it can sign for the ledger.
  BackupProgress progress;
  Clock* clock = nullptr;
};

// Makes `folder`, which must not exist or be empty; it holds a manifest only on Ok. Errors: backup.exists (Conflict),
// backup.io, backup.not_intact (Corrupt; detail names the first fault), those of VerifyLedger.
Result<BackupManifest> BackUp(const LedgerFiles& ledger, const std::string& folder, const BackupOptions& options = {});

// The ledger that a backup shall become: FindLedger, with the jurisdiction that the backup's own ledger names. Errors:
// those of FindLedger and of opening the backup.
Result<LedgerFiles> FindRestoreTarget(const std::string& folder, std::string_view ledger);

// Makes `ledger.folder`, which must not exist, and the entries in a database where `ledger` has one. Files and root
// must be those of the manifest, and the ledger must verify; else nothing is left behind. Errors: ledger.exists,
// backup.malformed, backup.file_differs, backup.other_tree, backup.io, backup.not_intact.
Result<BackupManifest> Restore(const std::string& folder, const LedgerFiles& ledger,
                               const BackupProgress& progress = {});

}  // namespace landfall::app
