// SPDX-License-Identifier: Apache-2.0
#include "app/publish_log.h"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>

#include "app/ledger_keys.h"
#include "app/sm_log.h"
#include "app/witnesses.h"
#include "ledger/publish.h"
#include "ledger/small_file.h"

namespace landfall::app {
namespace {

class Publisher {
 public:
  Publisher(ReadOnlyLedger& ledger, const std::string& folder, const PublishOptions& options)
      : ledger_(ledger), folder_(folder), options_(options), view_(ledger.log->View()) {}

  // The tree that is there goes on in ours, or there is none.
  Status CheckPublished(std::span<const ledger::VerifierKey> keys) {
    const auto note = ledger::ReadSmallFile(CheckpointPath());
    if (!note && note.error().code == "file.missing") return Ok{};
    if (!note) return note.error();
    const auto opened = ledger::OpenCheckpoint(*note, keys);
    if (!opened) return Conflict("publish.other_log", opened.error().code + " " + opened.error().detail);
    before_ = opened->checkpoint.size;
    published_ = *note;
    if (before_ > view_->size())
      return Corrupt("ledger.rolled_back",
                     "published " + std::to_string(before_) + " entries, holds " + std::to_string(view_->size()));
    LF_ASSIGN(const Digest root, view_->RootAt(before_));
    if (root != opened->checkpoint.root)
      return Corrupt("ledger.rewritten", "published checkpoint of " + std::to_string(before_));
    return Ok{};
  }

  Result<PublishSummary> Run(const std::string& note, std::uint64_t size, bool cosigned) {
    // An older checkpoint than the one that is there has nothing to add; one of the same size may have cosignatures.
    if (size > before_ || (size == before_ && cosigned && note != published_)) LF_TRY(Write(note, size));
    PublishSummary summary;
    summary.size = static_cast<std::int64_t>(std::max(size, before_));
    summary.before = static_cast<std::int64_t>(before_);
    summary.files = files_;
    LF_ASSIGN(summary.root, view_->RootAt(static_cast<std::uint64_t>(summary.size)));
    return summary;
  }

 private:
  std::string CheckpointPath() const { return folder_ + "/checkpoint"; }

  Status Write(const std::string& note, std::uint64_t size) {
    for (unsigned level = 0; ledger::kTileHeight * level < 64 && size >> (ledger::kTileHeight * level) != 0; ++level) {
      const std::uint64_t end = ledger::CompleteTiles(size, level);
      for (std::uint64_t index = ledger::CompleteTiles(before_, level); index < end; ++index) {
        LF_TRY(WriteTile({false, level, index, ledger::kTileWidth}));
        if (level == 0) LF_TRY(WriteTile({true, 0, index, ledger::kTileWidth}));
        if (options_.progress && level == 0) options_.progress((index + 1) * ledger::kTileWidth, size);
      }
    }
    for (const ledger::TilePath& path : ledger::PartialTiles(size)) LF_TRY(WriteTile(path));
    LF_TRY(Sync());
    LF_TRY(ledger::ReplaceSmallFile(CheckpointPath(), note));
    ++files_;
    RemoveOutgrown(size);
    return Ok{};
  }

  Status WriteTile(const ledger::TilePath& path) {
    LF_ASSIGN(const std::string bytes, ledger::PublishedBytes(ledger_.log->store(), *view_, path));
    const std::filesystem::path file = folder_ + "/" + FormatTilePath(path);
    std::error_code error;
    std::filesystem::create_directories(file.parent_path(), error);
    const std::string fresh = file.string() + ".new";
    const int fd = error ? -1 : ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0) return Unavailable("store.io", fresh);
    const bool written = ::write(fd, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size());
    ::close(fd);
    if (!written || ::rename(fresh.c_str(), file.c_str()) != 0) return Unavailable("store.io", file.string());
    ++files_;
    return Ok{};
  }

  // One flush for all of them: a million entries are eight thousand files.
  Status Sync() {
    const int fd = ::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool synced = fd >= 0 && ::syncfs(fd) == 0;
    if (fd >= 0) ::close(fd);
    return synced ? Status(Ok{}) : Status(Unavailable("store.io", folder_));
  }

  // Partial tiles whose complete tile is there now. Leftovers do no harm, so a failure is no error.
  void RemoveOutgrown(std::uint64_t size) {
    for (ledger::TilePath path : ledger::PartialTiles(before_)) {
      if (path.index >= ledger::CompleteTiles(size, path.level)) continue;
      path.width = ledger::kTileWidth;
      std::error_code ignored;
      std::filesystem::remove_all(folder_ + "/" + FormatTilePath(path) + ".p", ignored);
    }
  }

  ReadOnlyLedger& ledger_;
  const std::string& folder_;
  const PublishOptions& options_;
  const std::shared_ptr<const ledger::TreeView> view_;
  std::uint64_t before_ = 0;
  std::string published_;  // The checkpoint that was there.
  std::int64_t files_ = 0;
};

std::string SmPath(const std::string& folder) { return folder + "/sm/checkpoint"; }

// Whether sm/checkpoint of the folder goes on in this ledger; its size, 0 where there is none.
Result<std::uint64_t> SmPublished(SmLog& sm, const std::string& folder) {
  const auto note = ledger::ReadSmallFile(SmPath(folder));
  if (!note && note.error().code == "file.missing") return 0;
  if (!note) return note.error();
  auto continued = sm.CheckContinues(*note);
  if (!continued) return std::move(continued).error().At("sm/checkpoint");
  return continued->size;
}

// The leaves are those of the entry bundles, so the checkpoint is all that it takes. It is written behind them.
Status PublishSm(SmLog& sm, const std::string& folder, std::uint64_t before, PublishSummary& summary) {
  const auto size = static_cast<std::uint64_t>(summary.size);
  summary.sm_size = static_cast<std::int64_t>(std::max(size, before));
  if (size <= before) return Ok{};
  LF_ASSIGN(const std::string note, sm.CheckpointAt(size));
  std::error_code error;
  std::filesystem::create_directories(folder + "/sm", error);
  if (error) return Unavailable("store.io", folder + ": " + error.message());
  LF_TRY(ledger::ReplaceSmallFile(SmPath(folder), note));
  ++summary.files;
  return Ok{};
}

}  // namespace

Result<PublishSummary> PublishLog(const LedgerFiles& files, const std::string& folder, const PublishOptions& options) {
  LF_ASSIGN(ReadOnlyLedger ledger, OpenReadOnlyLedger(files));
  LF_ASSIGN(const std::vector<ledger::VerifierKey> keys, ReadLedgerKeys(ledger.log->store()));
  LF_ASSIGN(const std::optional<Cosigned> cosigned, ReadCosigned(files, keys));
  if (cosigned && cosigned->size > ledger.log->size())
    return Corrupt("ledger.rolled_back", "cosigned " + std::to_string(cosigned->size) + " entries, holds " +
                                             std::to_string(ledger.log->size()));
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return Unavailable("store.io", folder + ": " + error.message());
  Publisher publisher(ledger, folder, options);
  LF_TRY(publisher.CheckPublished(keys));
  LF_ASSIGN(const std::unique_ptr<SmLog> sm, SmLog::Open(files, *ledger.log, SmLog::Busy::kWait));
  std::uint64_t sm_before = 0;
  if (sm != nullptr) {
    LF_ASSIGN(sm_before, SmPublished(*sm, folder));
  }
  const std::uint64_t size = cosigned ? cosigned->size : ledger.size;
  if (options.before) LF_TRY(options.before(size));
  LF_ASSIGN(PublishSummary summary,
            publisher.Run(cosigned ? cosigned->note : ledger.checkpoint, size, cosigned.has_value()));
  summary.cosigned = cosigned.has_value();
  if (sm != nullptr) LF_TRY(PublishSm(*sm, folder, sm_before, summary));
  return summary;
}

}  // namespace landfall::app
