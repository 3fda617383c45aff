// SPDX-License-Identifier: Apache-2.0
// A backup of 10^6 entries, and a ledger made from it again: every file hashed, every leaf and payload verified, the
// events folded, the root compared. Beside it, in the same run, the same files copied and brought to the disk.
#include <fcntl.h>

#include "app/backup.h"
#include "bench/bench.h"
#include "bench/world.h"
#include "ledger/store_sqlite.h"

namespace landfall::bench {
namespace {

// Entries in rows of 256, as an import or a busy hour writes them; signed by a key of its own. Their number.
std::uint64_t Write(const app::LedgerFiles& files, std::size_t projects) {
  auto store = ledger::OpenSqliteStore(files.ledger(), {.vfs = {}, .create = true}).value();
  const auto key =
      ledger::SignerKey::Generate("landfall/999999", ledger::SignatureType::kEd25519, SystemRandom()).value();
  LF_CHECK(store->PutMeta("vkey", key.verifier().Encode()).ok());
  auto log = ledger::Log::Open(std::move(store), SystemRandom()).value();
  SeededRandom random(2);
  World({.projects = projects, .evidence = false}).Generate([&](const WorldEntry& entry) {
    LF_CHECK(log->Add(DraftOf(entry, random)).ok());
    if (log->pending() == 256) LF_CHECK(log->Flush().ok());
  });
  LF_CHECK(log->Flush().ok());
  return log->size();
}

double CopySeconds(const std::string& from, const std::string& to) {
  return Measure([&] {
           std::filesystem::create_directory(to);
           for (const auto& file : std::filesystem::directory_iterator(from)) {
             const std::string name = to + "/" + file.path().filename().string();
             std::filesystem::copy_file(file.path(), name);
             const int fd = ::open(name.c_str(), O_RDONLY | O_CLOEXEC);
             LF_CHECK(fd >= 0 && ::fsync(fd) == 0);
             ::close(fd);
           }
         })
      .wall;
}

void Run(const Options& options) {
  Report report("restore");
  const std::size_t projects = options.quick ? 1'000 : 40'000;
  TempFolder folder;
  const app::LedgerFiles files{folder.File("ledger")};
  std::filesystem::create_directory(files.folder);
  const std::uint64_t entries = Write(files, projects);
  std::vector<double> backup, restore, copy;
  for (int i = 0; i < (options.quick ? 1 : 3); ++i) {
    const std::string to = folder.File("backup"), copied = folder.File("copied");
    const app::LedgerFiles restored{folder.File("restored")};
    app::BackupManifest made, back;
    backup.push_back(Measure([&] { made = app::BackUp(files, to).value(); }).wall);
    copy.push_back(CopySeconds(to, copied));
    restore.push_back(Measure([&] { back = app::Restore(to, restored).value(); }).wall);
    LF_CHECK(back.root == made.root && static_cast<std::uint64_t>(back.size) == entries);
    for (const std::string& path : {to, copied, restored.folder}) std::filesystem::remove_all(path);
  }
  const std::string size = fmt::format("{}_entries", entries);
  report.Figure("ledger." + size, static_cast<double>(std::filesystem::file_size(files.ledger())) / 1e6, "MB");
  report.Figure("copy." + size, Median(copy), "s");
  report.Figure("backup." + size, Median(backup), "s", "copy", Median(backup) / Median(copy));
  report.Figure("restore." + size, Median(restore), "s", "copy", Median(restore) / Median(copy));
}

}  // namespace
}  // namespace landfall::bench

int main(int argc, char** argv) { landfall::bench::Run(landfall::bench::ParseOptions(argc, argv)); }
