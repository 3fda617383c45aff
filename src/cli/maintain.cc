// SPDX-License-Identifier: Apache-2.0
// verify, export, backup, restore, checkpoint, keys, proof: what keeps a ledger honest, for people without a server.
#include <fmt/core.h>
#include <unistd.h>

#include <cstdio>
#include <memory>

#include "app/access_store.h"
#include "app/backup.h"
#include "app/check_ledger.h"
#include "app/export_log.h"
#include "cli/cli.h"
#include "ledger/proof_file.h"

namespace landfall::cli {
namespace {

using app::Verdict;
using app::VerifyReport;

// One line that is overwritten, and only where somebody looks at it.
void ShowProgress(std::string_view step, std::uint64_t done, std::uint64_t total) {
  if (::isatty(STDERR_FILENO) != 0) fmt::print(stderr, "\r{} {} / {}        ", step, done, total);
}
void EndProgress() {
  if (::isatty(STDERR_FILENO) != 0) fmt::print(stderr, "\r{:60}\r", "");
}

void PrintReport(const VerifyReport& report) {
  for (const app::CheckResult& check : report.checks)
    fmt::print("{:<12} {:<12} {:>10}{}\n", EnumName(check.check), EnumName(check.verdict), check.checked,
               check.faults > 0 ? fmt::format("  faults {}", check.faults) : "");
  for (const app::FoundFault& fault : report.faults) {
    std::string where = fault.seq ? fmt::format("entry {}", *fault.seq) : "";
    if (fault.event) where += fmt::format(" event {}", *fault.event);
    fmt::print("FAULT {}{}{}: {}: {}\n", EnumName(fault.check), where.empty() ? "" : " ", where, fault.code,
               fault.detail);
  }
  if (report.faults_left_out > 0) fmt::print("… and {} more faults\n", report.faults_left_out);
  for (const app::Unprovable& u : report.unprovable)
    fmt::print("UNPROVABLE {}: {} payloads withheld\n", u.cls, u.payloads);
  for (const std::string& name : report.removed_snapshots)
    fmt::print("snapshot {} was not that of the entries and was thrown away\n", name);
  fmt::print("{} entries, {} events, {} payloads erased, root {}\n", report.size, report.events, report.erased,
             Hex(report.root));
  fmt::print("key {}{}\n", report.vkey, report.vkey_given ? "" : "  (its own word; compare with --vkey)");
  if (report.signed_size) fmt::print("signed up to entry {}\n", *report.signed_size);
  fmt::print("{}\n", report.verdict == Verdict::intact ? "INTACT" : "FAULTY");
}

int ShowReport(const VerifyReport& report, bool json) {
  if (json)
    fmt::print("{}\n", ToJson(report));
  else
    PrintReport(report);
  return report.verdict == Verdict::intact ? 0 : kExitFindings;
}

app::VerifyOptions OptionsFor(const std::string& vkey) {
  app::VerifyOptions options;
  options.vkey = vkey;
  options.progress = [](std::uint64_t done, std::uint64_t total) { ShowProgress("verify", done, total); };
  return options;
}

void AddVerify(CLI::App& app, int& exit_code) {
  struct Given {
    std::string path, vkey;
    bool json = false;
  };
  auto given = std::make_shared<Given>();
  CLI::App* verify =
      app.add_subcommand("verify", "check that a ledger or an export is what was written; exit 1 when it is not");
  verify->require_subcommand(1);
  const auto add = [&](const std::string& name, const std::string& help, auto&& run) {
    CLI::App* sub = verify->add_subcommand(name, help);
    sub->add_option("path", given->path)->required();
    sub->add_option("--vkey", given->vkey, "the ledger's public key, from a source you trust");
    sub->add_flag("--json", given->json, "the whole report as JSON");
    sub->callback([given, run, &exit_code] {
      auto report = run(*given);
      EndProgress();
      exit_code = report ? ShowReport(*report, given->json) : PrintRefusal(report.error());
    });
  };
  add("ledger", "every byte of a ledger, in a folder or in a database", [](const Given& g) -> Result<VerifyReport> {
    LF_ASSIGN(const app::LedgerFiles files, app::FindLedger(g.path));
    return app::CheckLedger(files, OptionsFor(g.vkey));
  });
  add("export", "an export file, whole or redacted",
      [](const Given& g) { return app::VerifyExport(g.path, OptionsFor(g.vkey)); });
}

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
  if (!with_key) fmt::print("without the signing key: keep {} in a safe place of its own\n", files.key());
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

Status RunKeys(const std::string& folder) {
  LF_ASSIGN(const app::LedgerFiles files, app::FindLedger(folder));
  LF_ASSIGN(const std::unique_ptr<ledger::Store> store,
            app::OpenStore(files, {.vfs = {}, .create = false, .read_only = true}));
  LF_ASSIGN(const std::optional<std::string> vkey, store->Meta("vkey"));
  if (!vkey) return Corrupt("ledger.key_missing", "the store names no key");
  fmt::print("{}\n", *vkey);
  return Ok{};
}

Status RunProof(const std::string& folder, std::uint64_t seq) {
  LF_ASSIGN(const app::LedgerFiles files, app::FindLedger(folder));
  LF_ASSIGN(const app::ReadOnlyLedger ledger, app::OpenReadOnlyLedger(files));
  if (seq == 0 || seq > ledger.size) return NotFound("entry.not_found", std::to_string(seq), "seq");
  LF_ASSIGN(const ledger::Proof hashes, ledger.log->View()->Inclusion(seq - 1, ledger.size));
  fmt::print("{}", ledger::FormatProofFile({std::nullopt, seq - 1, hashes, ledger.checkpoint}));
  return Ok{};
}

}  // namespace

void AddMaintain(CLI::App& app, int& exit_code) {
  struct Given {
    std::string ledger, other, redact;
    std::uint64_t seq = 0;
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
  AddVerify(app, exit_code);

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

  sub = app.add_subcommand("keys", "print the ledger's public key");
  sub->add_option("ledger", given->ledger, "the ledger: a folder or postgresql://…")->required();
  run(sub, [](const Given& g) { return RunKeys(g.ledger); });

  sub = app.add_subcommand("proof", "print a proof file (C2SP tlog-proof) that an entry is in the ledger");
  sub->add_option("ledger", given->ledger, "the ledger: a folder or postgresql://…")->required();
  sub->add_option("seq", given->seq, "the entry's number")->required();
  run(sub, [](const Given& g) { return RunProof(g.ledger, g.seq); });
}

}  // namespace landfall::cli
