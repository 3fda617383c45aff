// SPDX-License-Identifier: Apache-2.0
#include "app/backup.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "app/engine.h"
#include "ledger/sqlite.h"
#include "ledger/store_copy.h"

namespace landfall::app {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kManifest = "manifest.json";
// What a backup may hold, in the order in which it is copied. The cosigned checkpoint goes first: the ledger that is
// copied after it then holds what was cosigned. The same for the SM3 tree's, whose key is there before it.
constexpr std::string_view kNotes[] = {"witnesses", "cosigned", "sm.checkpoint", "sm2.vkey", "seal.crt", "seal.note"};
constexpr std::string_view kDatabases[] = {"ledger.db", "blobs.db", "access.db"};
constexpr std::string_view kKeys[] = {"signing.key", "sm2.key", "seal.key"};  // The others where they were made.

bool IsOneOf(std::span<const std::string_view> names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string In(const std::string& folder, std::string_view name) { return folder + "/" + std::string(name); }

Status SyncPath(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool ok = fd >= 0 && ::fsync(fd) == 0;
  if (fd >= 0) ::close(fd);
  if (!ok) return Unavailable("backup.io", path);
  return Ok{};
}

Status CopyWhole(const std::string& from, const std::string& to) {
  std::error_code error;
  fs::copy_file(from, to, error);
  if (error) return Unavailable("backup.io", to + ": " + error.message());
  return SyncPath(to);
}

Result<BackupFile> Describe(const std::string& folder, std::string_view name, const BackupProgress& progress) {
  const std::string path = In(folder, name);
  std::ifstream in(path, std::ios::binary);
  if (!in) return Unavailable("backup.io", path);
  std::error_code ignored;
  const std::uintmax_t total = fs::file_size(path, ignored);
  BackupFile file{std::string(name), 0, {}};
  Sha256Stream hash;
  std::string buffer(1 << 20, '\0');
  while (in) {
    in.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    const auto n = static_cast<std::size_t>(in.gcount());
    hash.Add(Bytes(std::string_view(buffer).substr(0, n)));
    file.bytes += static_cast<std::int64_t>(n);
    if (progress) progress(name, static_cast<std::uint64_t>(file.bytes), total);
  }
  if (in.bad()) return Unavailable("backup.io", path);
  file.sha256 = hash.Finish();
  return file;
}

Result<VerifyReport> VerifyCopy(const std::string& folder, const BackupProgress& progress) {
  VerifyOptions options;
  if (progress) options.progress = [&](std::uint64_t done, std::uint64_t total) { progress("verify", done, total); };
  LF_ASSIGN(VerifyReport report, VerifyLedger(LedgerFiles{folder}, options));
  if (report.verdict == Verdict::faulty) {
    const FoundFault& first = report.faults.at(0);
    return Corrupt("backup.not_intact",
                   first.code + (first.seq ? " at entry " + std::to_string(*first.seq) : "") + ": " + first.detail);
  }
  return report;
}

Status WriteManifest(const std::string& folder, const BackupManifest& manifest) {
  const std::string path = In(folder, kManifest);
  std::ofstream out(path + ".new", std::ios::binary | std::ios::trunc);
  out << ToJson(manifest) << "\n";
  out.close();
  if (!out) return Unavailable("backup.io", path);
  LF_TRY(SyncPath(path + ".new"));
  std::error_code error;
  fs::rename(path + ".new", path, error);
  if (error) return Unavailable("backup.io", path);
  return SyncPath(folder);
}

Result<BackupManifest> ReadManifest(const std::string& folder) {
  std::ifstream in(In(folder, kManifest), std::ios::binary);
  if (!in) return NotFound("backup.malformed", "no manifest in " + folder);
  std::string text(64 << 10, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  BackupManifest manifest;
  if (text.empty() || text.back() != '\n' || !ScanJson(std::string_view(text).substr(0, text.size() - 1), manifest) ||
      manifest.format.value != BackupManifest{}.format.value)
    return Invalid("backup.malformed", "the manifest is not of the form we write");
  bool ledger = false;
  for (const BackupFile& file : manifest.files) {
    // A name from a manifest becomes a path: only those that we write.
    if (!IsOneOf(kKeys, file.name) && !IsOneOf(kNotes, file.name) && !IsOneOf(kDatabases, file.name))
      return Invalid("backup.malformed", "the manifest names a file that no backup holds");
    ledger = ledger || file.name == kDatabases[0];
  }
  if (!ledger) return Invalid("backup.malformed", "the manifest names no ledger");
  return manifest;
}

// Removes what was begun unless it was finished.
class Unfinished {
 public:
  explicit Unfinished(std::string path) : path_(std::move(path)) {}
  ~Unfinished() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  Unfinished(const Unfinished&) = delete;
  Unfinished& operator=(const Unfinished&) = delete;
  void Finish() { path_.clear(); }

 private:
  std::string path_;
};

Status FillFromBackup(const std::string& from, const std::string& to, const BackupManifest& manifest,
                      const BackupProgress& progress) {
  for (const BackupFile& file : manifest.files) {
    LF_TRY(CopyWhole(In(from, file.name), In(to, file.name)));
    LF_ASSIGN(const BackupFile copied, Describe(to, file.name, progress));
    if (copied.bytes != file.bytes || copied.sha256 != file.sha256)
      return Corrupt("backup.file_differs", file.name, file.name);
  }
  LF_ASSIGN(const VerifyReport report, VerifyCopy(to, progress));
  if (report.size != manifest.size || report.root != manifest.root || report.vkey != manifest.vkey)
    return Corrupt("backup.other_tree", std::to_string(report.size) + " entries");
  return Ok{};
}

}  // namespace

Result<LedgerFiles> FindRestoreTarget(const std::string& folder, std::string_view ledger) {
  if (!IsPostgresAddress(ledger)) return FindLedger(ledger);
  LF_ASSIGN(const std::unique_ptr<Engine> engine,
            Engine::Open({folder}, {.vfs = {}, .snapshot_on_close = false, .read_only = true}));
  return FindLedger(ledger, engine->Read().state().admin.jurisdiction);
}

Result<BackupManifest> BackUp(const LedgerFiles& ledger, const std::string& folder, const BackupOptions& options) {
  std::error_code error;
  if (fs::exists(folder) && !fs::is_empty(folder, error)) return Conflict("backup.exists", folder);
  LF_ASSIGN(const bool there, LedgerExists(ledger));
  if (!there) return NotFound("store.missing", ledger.folder);
  Unfinished unfinished(folder);
  const ::mode_t before = ::umask(0077);  // What is in a ledger is not for every user of the machine.
  fs::create_directories(folder, error);
  ::umask(before);
  if (error) return Unavailable("backup.io", folder + ": " + error.message());

  BackupManifest manifest;
  std::vector<std::string> names;
  for (const std::string_view name : kNotes) {
    if (!fs::exists(In(ledger.folder, name))) continue;
    LF_TRY(CopyWhole(In(ledger.folder, name), In(folder, name)));
    names.emplace_back(name);
  }
  if (ledger.in_database()) {
    LF_ASSIGN(const std::unique_ptr<ledger::Store> store,
              OpenStore(ledger, {.vfs = {}, .create = false, .read_only = true}));
    LF_TRY(store->Backup(In(folder, kDatabases[0]), [&](int done, int total) {
      if (options.progress)
        options.progress(kDatabases[0], static_cast<std::uint64_t>(done), static_cast<std::uint64_t>(total));
    }));
    names.emplace_back(kDatabases[0]);
  }
  for (const std::string_view name : kDatabases) {
    if (ledger.in_database() && name == kDatabases[0]) continue;
    const std::string from = In(ledger.folder, name);
    if (!fs::exists(from)) continue;
    LF_TRY(ledger::CopyDatabase(from, In(folder, name), [&](int done, int total) {
      if (options.progress) options.progress(name, static_cast<std::uint64_t>(done), static_cast<std::uint64_t>(total));
    }));
    names.emplace_back(name);
  }
  if (options.with_key) {
    for (const std::string_view name : kKeys) {
      if (name != kKeys[0] && !fs::exists(In(ledger.folder, name))) continue;
      LF_TRY(CopyWhole(In(ledger.folder, name), In(folder, name)));
      names.emplace_back(name);
    }
  }
  LF_ASSIGN(const VerifyReport report, VerifyCopy(folder, options.progress));
  manifest.made_at = options.clock != nullptr ? options.clock->Now() : SystemClock().Now();
  manifest.vkey = report.vkey;
  manifest.size = report.size;
  manifest.root = report.root;
  for (const std::string& name : names) {
    LF_ASSIGN(BackupFile file, Describe(folder, name, {}));
    manifest.files.push_back(std::move(file));
  }
  LF_TRY(WriteManifest(folder, manifest));
  unfinished.Finish();
  return manifest;
}

Result<BackupManifest> Restore(const std::string& folder, const LedgerFiles& ledger, const BackupProgress& progress) {
  if (fs::exists(ledger.folder)) return Conflict("ledger.exists", ledger.folder);
  LF_ASSIGN(BackupManifest manifest, ReadManifest(folder));
  // Under another name until it has been verified, so that nobody opens half of it.
  const std::string part = ledger.folder + ".restoring";
  std::error_code error;
  if (fs::exists(part)) return Conflict("ledger.exists", part);
  Unfinished unfinished(part);
  fs::create_directories(part, error);
  if (error) return Unavailable("backup.io", part + ": " + error.message());
  LF_TRY(FillFromBackup(folder, part, manifest, progress));
  if (ledger.in_database()) {
    // Verified bytes go into the database in one transaction; the folder keeps what lies beside them.
    const LedgerFiles filled{part};
    {
      LF_ASSIGN(const std::unique_ptr<ledger::Store> from,
                OpenStore(filled, {.vfs = {}, .create = false, .read_only = true}));
      LF_ASSIGN(const std::unique_ptr<ledger::Store> to, OpenStore(ledger, {.vfs = {}, .create = true}));
      LF_TRY(ledger::CopyStore(*from, *to));
    }
    for (const char* beside : {"", "-wal", "-shm"}) fs::remove(filled.ledger() + beside, error);
  }
  fs::rename(part, ledger.folder, error);
  if (error) return Unavailable("backup.io", ledger.folder + ": " + error.message());
  unfinished.Finish();
  return manifest;
}

}  // namespace landfall::app
