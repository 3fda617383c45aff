// SPDX-License-Identifier: Apache-2.0
// prepare-database, migrate: ledgers in PostgreSQL.
#include <fmt/core.h>
#include <unistd.h>

#include "app/migrate.h"
#include "cli/cli.h"
#include "ledger/store_postgres.h"

namespace landfall::cli {
namespace {

Status RunPrepare(const std::string& database) {
  if (!app::IsPostgresAddress(database)) return Invalid("store.bad_address");
  LF_TRY(ledger::CheckPostgresAddress(database));
  LF_ASSIGN(const int applied, ledger::PreparePostgres(database));
  fmt::print("migrations applied: {}\n", applied);
  return Ok{};
}

Status RunMigrate(const std::string& from, const std::string& to) {
  LF_ASSIGN(const app::LedgerFiles source, app::FindLedger(from));
  std::string jurisdiction;
  if (app::IsPostgresAddress(to)) {
    LF_ASSIGN(const std::unique_ptr<app::Engine> engine, app::Engine::Open(source, {.vfs = {}, .read_only = true}));
    jurisdiction = engine->Read().state().admin.jurisdiction;
  }
  LF_ASSIGN(const app::LedgerFiles target, app::FindLedger(to, jurisdiction));
  const bool terminal = ::isatty(STDERR_FILENO) != 0;
  const app::MigrateProgress progress = [terminal](std::uint64_t done, std::uint64_t total) {
    if (terminal) fmt::print(stderr, "\r{} / {} entries   ", done, total);
  };
  LF_ASSIGN(const app::Migrated moved, app::Migrate(source, target, progress));
  if (terminal) fmt::print(stderr, "\r{:40}\r", "");
  fmt::print("{} entries, root {}: verified, the same on both sides\n", moved.size, Hex(moved.root));
  fmt::print("signing key, evidence and logins: {}\n", target.folder);
  return Ok{};
}

}  // namespace

void AddMove(CLI::App& app, int& exit_code) {
  struct Given {
    std::string from, to;
  };
  auto given = std::make_shared<Given>();
  CLI::App* prepare = app.add_subcommand(
      "prepare-database", "make or bring up to date the tables in a PostgreSQL database, as the role that owns them");
  prepare->add_option("database", given->from, "postgresql://owner@host/database")->required();
  prepare->callback([given, &exit_code] {
    if (Status done = RunPrepare(given->from); !done) exit_code = PrintRefusal(done.error());
  });

  CLI::App* migrate =
      app.add_subcommand("migrate", "move a ledger between a folder and a PostgreSQL database, either way");
  migrate->add_option("LEDGER", given->from, "where it is: a folder or postgresql://…; stop its servers first")
      ->required();
  migrate->add_option("LEDGER2", given->to, "where it shall be; no ledger may be there")->required();
  migrate->callback([given, &exit_code] {
    if (Status done = RunMigrate(given->from, given->to); !done) exit_code = PrintRefusal(done.error());
  });
}

}  // namespace landfall::cli
