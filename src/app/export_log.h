// SPDX-License-Identifier: Apache-2.0
// Exports of a ledger that anybody can check without us, whole or redacted. Specified in docs/formats/export.md.
//
// Classes are withheld with payload and salt: without the salt a digest cannot be tried against guesses. What is
// withheld is named, never silently absent; the tree, the order, the types and the subjects of every entry remain.
#pragma once

#include "app/verify.h"

namespace landfall::app {

inline constexpr std::size_t kMaxExportLineBytes = 64u << 20;

// A ledger opened for reading beside a server that may be running, with a checkpoint signed over the tree as it stands;
// without the signing key, the newest checkpoint that is kept.
struct ReadOnlyLedger {
  std::unique_ptr<ledger::Log> log;
  std::string vkey;
  std::string checkpoint;
  std::uint64_t size = 0;               // Of the checkpoint; at most log->size().
  std::optional<std::string> cosigned;  // The newest note that witnesses have cosigned, of at most `size` entries.
};
// Errors: store.*, ledger.corrupt, ledger.other_key, ledger.unsigned (NotFound) when there is neither a key nor a
// checkpoint.
Result<ReadOnlyLedger> OpenReadOnlyLedger(const LedgerFiles& files);

struct ExportOptions {
  std::vector<EventClass> redact;
  // Called once before the first byte is written, so that the export stands in the access log whatever happens then.
  // Its error stops the export.
  std::function<Status(std::uint64_t size)> before;
  std::function<void(std::uint64_t done, std::uint64_t total)> progress;  // Every 1,000 entries.
};
struct ExportSummary {
  static constexpr std::string_view kName = "ExportSummary";
  std::int64_t size = 0;  // entries
  Digest root{};
  std::int64_t opened = 0, withheld = 0, erased = 0;  // payloads
};
BOOST_DESCRIBE_STRUCT(ExportSummary, (), (size, root, opened, withheld, erased))

// Writes to `path`, which must not exist; it is there, whole and durable, only on Ok. Every leaf and payload is
// verified on its way. Errors: export.exists (Conflict), export.io (Unavailable), export.erased_meanwhile (Conflict:
// start again), ledger.corrupt, those of `before`.
Result<ExportSummary> ExportLedger(ReadOnlyLedger& ledger, const std::string& path, const ExportOptions& options = {});

// Of the options only faults_max, vkey, witness_vkeys, cosigned, per_entry and progress count. Withheld payloads are
// counted as unprovable, by class; they are no fault. Errors: export.unreadable (NotFound), export.malformed (Invalid)
// when the first line is not a header, note.key_malformed.
Result<VerifyReport> VerifyExport(const std::string& path, const VerifyOptions& options = {});

// Parses "personal,enterprise". Errors: export.unknown_class.
Result<std::vector<EventClass>> ParseClasses(std::string_view list);

}  // namespace landfall::app
