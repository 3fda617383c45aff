// SPDX-License-Identifier: Apache-2.0
#include "app/migrate.h"

#include <sys/stat.h>

#include <filesystem>

#include "base/seam.h"
#include "ledger/log.h"
#include "ledger/sqlite.h"
#include "ledger/store_copy.h"

namespace landfall::app {
namespace {

namespace fs = std::filesystem;

// Files that were made in a folder which the move may have to leave as it was.
class MadeFiles {
 public:
  explicit MadeFiles(std::string folder) : folder_(std::move(folder)), folder_was_there_(fs::exists(folder_)) {}
  ~MadeFiles() {
    std::error_code ignored;
    for (const std::string& path : made_) fs::remove(path, ignored);
    if (!folder_was_there_ && !kept_) fs::remove(folder_, ignored);
  }
  MadeFiles(const MadeFiles&) = delete;
  MadeFiles& operator=(const MadeFiles&) = delete;
  void Add(const std::string& path) { made_.push_back(path); }
  void Keep() {
    made_.clear();
    kept_ = true;
  }

 private:
  const std::string folder_;
  const bool folder_was_there_;
  bool kept_ = false;
  std::vector<std::string> made_;
};

Status CopyBeside(const LedgerFiles& from, const LedgerFiles& to, MadeFiles& made) {
  std::error_code error;
  const ::mode_t before = ::umask(0077);  // What is in a ledger is not for every user of the machine.
  fs::create_directories(to.folder, error);
  ::umask(before);
  if (error) return Unavailable("store.io", to.folder + ": " + error.message());
  if (fs::equivalent(from.folder, to.folder, error)) return Ok{};
  for (const char* name : {"/signing.key", "/checkpoint", "/witnesses", "/cosigned", "/sm2.key", "/sm2.vkey",
                           "/sm.checkpoint", "/seal.key", "/seal.crt", "/seal.note"}) {
    if (!fs::exists(from.folder + name)) continue;
    if (fs::exists(to.folder + name)) return Conflict("ledger.exists", to.folder + name);
    made.Add(to.folder + name);
    fs::copy_file(from.folder + name, to.folder + name, error);
    if (error) return Unavailable("store.io", to.folder + name + ": " + error.message());
  }
  for (const char* name : {"/blobs.db", "/access.db", "/uploads.db"}) {
    if (!fs::exists(from.folder + name)) continue;
    if (fs::exists(to.folder + name)) return Conflict("ledger.exists", to.folder + name);
    made.Add(to.folder + name);
    LF_TRY(ledger::CopyDatabase(from.folder + name, to.folder + name, {}));
  }
  return Ok{};
}

Status VerifyWhole(ledger::Store& store) {
  ledger::ReplayOptions options;
  options.verify_leaves = options.verify_payloads = true;
  return ledger::ReplayStore(
      store, options, [](const ledger::Leaf&, const ledger::StoredEntry&, std::span<const std::string_view>) -> Status {
        return Ok{};
      });
}

Result<Migrated> StandingOf(std::unique_ptr<ledger::Store> store) {
  LF_ASSIGN(const std::unique_ptr<ledger::Log> log, ledger::Log::Open(std::move(store), SystemRandom()));
  return Migrated{log->size(), log->root()};
}

}  // namespace

Result<Migrated> Migrate(const LedgerFiles& from, const LedgerFiles& to, const MigrateProgress& progress) {
  LF_ASSIGN(const bool taken, LedgerExists(to));
  if (taken) return Conflict("ledger.exists", to.in_database() ? to.jurisdiction : to.folder);
  LF_ASSIGN(const std::unique_ptr<ledger::Store> source, OpenStore(from));
  LF_ASSIGN(const std::optional<std::string> moved, source->Meta(kMovedKey));
  if (moved) return Conflict("ledger.moved", *moved);
  LF_TRY(VerifyWhole(*source));

  MadeFiles made(to.folder);
  LF_TRY(CopyBeside(from, to, made));
  if (!to.in_database()) made.Add(to.ledger());
  {
    LF_ASSIGN(const std::unique_ptr<ledger::Store> target, OpenStore(to, {.vfs = {}, .create = true}));
    LF_TRY(ledger::CopyStore(*source, *target, progress));
  }
  LF_ASSIGN(std::unique_ptr<ledger::Store> source_again, OpenStore(from, {.vfs = {}, .read_only = true}));
  LF_ASSIGN(const Migrated there, StandingOf(std::move(source_again)));
  LF_ASSIGN(std::unique_ptr<ledger::Store> copy, OpenStore(to, {.vfs = {}, .read_only = true}));
  LF_TRY(VerifyWhole(*copy));
  LF_ASSIGN(const Migrated arrived, StandingOf(std::move(copy)));
  if (arrived.size != there.size || arrived.root != there.root)
    return Conflict("store.grew",
                    std::to_string(arrived.size) + " entries arrived, there are " + std::to_string(there.size));
  LF_TRY(source->PutMeta(kMovedKey, to.in_database() ? "PostgreSQL, ledger " + to.jurisdiction : to.folder));
  made.Keep();
  return arrived;
}

}  // namespace landfall::app
