// SPDX-License-Identifier: Apache-2.0
#include "ledger/store_copy.h"

#include <filesystem>

#include "ledger/sqlite.h"
#include "ledger/store_sqlite.h"
#include "ledger/tree.h"

namespace landfall::ledger {
namespace {

constexpr std::size_t kBytesAtOnce = 8u << 20;

class Copier {
 public:
  Copier(Store& from, Store& to, const CopyProgress& progress) : from_(from), to_(to), progress_(progress) {}

  Result<std::uint64_t> Run() {
    LF_ASSIGN(const std::optional<CommitRow> there, to_.LastRow());
    if (there) return Conflict("store.not_empty");
    LF_ASSIGN(const std::optional<CommitRow> last, from_.LastRow());
    size_ = last ? last->first + last->count - 1 : 0;
    LF_TRY(to_.AppendAll([this] { return Fill(); }));
    return size_;
  }

 private:
  Status Fill() {
    LF_TRY(from_.ScanMeta([this](std::string_view key, std::string_view value) { return to_.PutMeta(key, value); }));
    Status copied = Ok{};
    LF_TRY(from_.Scan(1, [&](const CommitRow& row) {
      if (row.first > size_) return false;
      bytes_ += row.body.size();
      end_ = row.first + row.count;
      pending_.rows.push_back(row);
      if (bytes_ >= kBytesAtOnce) copied = Pass();
      return copied.ok();
    }));
    LF_TRY(copied);
    LF_TRY(Pass());
    LF_TRY(from_.ScanCheckpoints([&](std::uint64_t size, std::string_view note) {
      if (copied && size <= size_) copied = to_.PutCheckpoint(size, note);
    }));
    LF_TRY(copied);
    LF_ASSIGN(const std::optional<CommitRow> last, from_.LastRow());
    if (last && last->first + last->count - 1 != size_) return Conflict("store.grew");
    return Ok{};
  }

  // Hands over the rows that were collected, with the payloads and tiles that belong to them.
  Status Pass() {
    LF_TRY(from_.ScanErasable(begin_, end_, [&](std::uint64_t seq, std::uint32_t event, std::string_view bytes) {
      pending_.erasable.push_back({seq, event, std::string(bytes)});
    }));
    // A tile is stored as soon as it is full.
    std::uint64_t width = kTileWidth;
    for (int level = 0; (end_ - 1) / width > 0; ++level, width *= kTileWidth)
      for (std::uint64_t index = (begin_ - 1) / width; index < (end_ - 1) / width; ++index) {
        LF_ASSIGN(std::string bytes, from_.Tile(level, index));
        pending_.tiles.push_back({level, index, std::move(bytes)});
      }
    LF_TRY(to_.Append(pending_));
    pending_ = {};
    bytes_ = 0;
    begin_ = end_;
    if (progress_) progress_(end_ - 1, size_);
    return Ok{};
  }

  Store& from_;
  Store& to_;
  const CopyProgress& progress_;
  std::uint64_t size_ = 0;
  std::uint64_t begin_ = 1, end_ = 1;  // Of the entries that are pending.
  Commit pending_;
  std::size_t bytes_ = 0;
};

}  // namespace

Result<std::uint64_t> CopyStore(Store& from, Store& to, const CopyProgress& progress) {
  return Copier(from, to, progress).Run();
}

Status CopyToFile(Store& from, const std::string& path, const std::function<void(int, int)>& progress) {
  Status copied = Ok{};
  {
    LF_ASSIGN(const std::unique_ptr<Store> to, OpenSqliteStore(path, {.vfs = {}, .create = true, .read_only = false}));
    auto size = CopyStore(from, *to, [&](std::uint64_t done, std::uint64_t total) {
      if (progress) progress(static_cast<int>(done), static_cast<int>(total));
    });
    if (!size) copied = std::move(size).error();
  }
  if (copied) {
    // A copy is one file: no write-ahead log beside it that could be forgotten.
    LF_ASSIGN(Connection file, Connection::Open(path, SQLITE_OPEN_READWRITE, ""));
    copied = file.Exec("PRAGMA journal_mode=DELETE");
  }
  std::error_code ignored;
  for (const char* beside : {"", "-wal", "-shm"})
    if (!copied) std::filesystem::remove(path + beside, ignored);
  return copied;
}

}  // namespace landfall::ledger
