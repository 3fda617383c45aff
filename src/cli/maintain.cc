// SPDX-License-Identifier: Apache-2.0
// export, backup, restore, checkpoint: what keeps a ledger from being lost, for people without a server.
#include <fmt/core.h>

#include <filesystem>
#include <memory>

#include "app/access_store.h"
#include "app/backup.h"
#include "app/export_log.h"
#include "app/seal.h"
#include "app/sm_log.h"
#include "cli/cli.h"

namespace landfall::cli {
namespace {

Status RunExport(const std::string& folder, const std::string& out, const std::string& redact) {
  LF_ASSIGN(const app::LedgerFiles files, app::FindLedger(folder));
  app::ExportOptions options;
  LF_ASSIGN(options.redact, app::ParseClasses(redact));
  LF_ASSIGN(app::ReadOnlyLedger ledger, app::OpenReadOnlyLedger(files));
  options.progress = [](std::uint64_t done, std::uint64_t total) { ShowProgress("export", done, total); };
  options.before = [&](std::uint64_t size) -> Status {
    LF_ASSIGN(const std::unique_ptr<app::AccessStore> access, app::AccessStore::Open(files.access()));
    app::AccessRecord record;
    record.who = "local";
    record.what = "export";
    record.subject = fmt::format("entries 1-{} withheld:{}", size, redact.empty() ? "none" : redact);
    record.result = "ok";
    record.peer = LocalUser();
    return access->Append(std::move(record));
  };
  LF_ASSIGN(const app::ExportSummary summary, app::ExportLedger(ledger, out, options));
  EndProgress();
  fmt::print("{} entries, payloads open {}, withheld {}, erased {}, root {}\n", summary.size, summary.opened,
             summary.withheld, summary.erased, Hex(summary.root));
  return Ok{};
}

void PrintManifest(const app::BackupManifest& manifest) {
  for (const app::BackupFile& file : manifest.files)
    fmt::print("{:<12} {:>14} bytes  sha256:{}\n", file.name, file.bytes, Hex(file.sha256));
  fmt::print("{} entries, root {}: verified\n", manifest.size, Hex(manifest.root));
}

Status RunBackup(const std::string& folder, const std::string& to, bool with_key) {
  LF_ASSIGN(const app::LedgerFiles files, app::FindLedger(folder));
  app::BackupOptions options;
  options.with_key = with_key;
  options.progress = ShowProgress;
  LF_ASSIGN(const app::BackupManifest manifest, app::BackUp(files, to, options));
  EndProgress();
  PrintManifest(manifest);
  if (!with_key) {
    fmt::print("without the signing key: keep {} in a safe place of its own\n", files.key());
    for (const std::string& path : {app::SmKeyPath(files), app::SealKeyPath(files)})
      if (std::filesystem::exists(path)) fmt::print("and {}\n", path);
  }
  return Ok{};
}

Status RunRestore(const std::string& from, const std::string& folder) {
  LF_ASSIGN(const app::LedgerFiles files, app::FindRestoreTarget(from, folder));
  LF_ASSIGN(const app::BackupManifest manifest, app::Restore(from, files, ShowProgress));
  EndProgress();
  PrintManifest(manifest);
  return Ok{};
}

Status RunCheckpoint(const std::string& folder) {
  LF_ASSIGN(const app::LedgerFiles files, app::FindLedger(folder));
  LF_ASSIGN(const app::ReadOnlyLedger ledger, app::OpenReadOnlyLedger(files));
  fmt::print("{}", ledger.checkpoint);
  return Ok{};
}

}  // namespace

void AddMaintain(CLI::App& app, int& exit_code) {
  struct Given {
    std::string ledger, other, redact;
    bool with_key = false;
  };
  auto given = std::make_shared<Given>();
  const auto run = [given, &exit_code](CLI::App* sub, std::function<Status(const Given&)> f) {
    sub->callback([given, f = std::move(f), &exit_code] {
      Status done = f(*given);
      EndProgress();
      if (!done) exit_code = PrintRefusal(done.error());
    });
  };
  CLI::App* sub = app.add_subcommand("export", "write the ledger to a file that anybody can verify");
  sub->add_option("ledger", given->ledger, "the ledger: a folder or postgresql://…")->required();
  sub->add_option("--out", given->other, "the file to make")->required();
  sub->add_option("--redact", given->redact,
                  "classes to withhold with their salts: public,internal,enterprise,personal");
  run(sub, [](const Given& g) { return RunExport(g.ledger, g.other, g.redact); });

  sub = app.add_subcommand("backup", "copy a ledger while it is in use, and verify the copy");
  sub->add_option("ledger", given->ledger, "the ledger: a folder or postgresql://…")->required();
  sub->add_option("folder", given->other, "the folder to make")->required();
  sub->add_flag("--with-key", given->with_key, "with the signing key: whoever has it can sign for the ledger");
  run(sub, [](const Given& g) { return RunBackup(g.ledger, g.other, g.with_key); });

  sub = app.add_subcommand("restore", "make a ledger from a backup, and verify it");
  sub->add_option("folder", given->other, "the backup's folder")->required();
  sub->add_option("ledger", given->ledger, "where no ledger may be: a folder or postgresql://…")->required();
  run(sub, [](const Given& g) { return RunRestore(g.other, g.ledger); });

  sub = app.add_subcommand("checkpoint", "print a signed checkpoint of the ledger as it stands");
  sub->add_option("ledger", given->ledger, "the ledger: a folder or postgresql://…")->required();
  run(sub, [](const Given& g) { return RunCheckpoint(g.ledger); });
}

}  // namespace landfall::cli
