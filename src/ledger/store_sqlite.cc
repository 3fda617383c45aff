// SPDX-License-Identifier: Apache-2.0
#include "ledger/store_sqlite.h"

#include <xxhash.h>

#include <condition_variable>
#include <filesystem>
#include <mutex>

#include "ledger/sqlite.h"
#include "ledger/sqlite_gathering.h"

namespace landfall::ledger {
namespace {

constexpr std::int64_t kApplicationId = 0x4C464C31;  // "LFL1"
constexpr int kKeptCheckpoints = 1000;
constexpr int kRowsPerPage = 64;

constexpr const char* kSchema = R"(
CREATE TABLE commits(first INTEGER PRIMARY KEY, n INTEGER NOT NULL, body BLOB NOT NULL, leaf_hashes BLOB NOT NULL,
                     frontier BLOB NOT NULL, checksum INTEGER NOT NULL) STRICT;
CREATE TABLE erasable(seq INTEGER NOT NULL, event INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY(seq, event))
  WITHOUT ROWID, STRICT;
CREATE TABLE tiles(level INTEGER NOT NULL, idx INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY(level, idx))
  WITHOUT ROWID, STRICT;
CREATE TABLE checkpoints(size INTEGER PRIMARY KEY, note TEXT NOT NULL) STRICT;
CREATE TABLE meta(key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID, STRICT;
)";

CommitRow RowFrom(const Statement& s) {
  CommitRow row;
  row.first = static_cast<std::uint64_t>(s.Int(0));
  row.count = static_cast<std::uint32_t>(s.Int(1));
  row.body = s.Blob(2);
  row.leaf_hashes = s.Blob(3);
  row.frontier = s.Blob(4);
  row.checksum = static_cast<std::uint64_t>(s.Int(5));
  return row;
}

// Asked of the disk that the ledger lies on. (The system's own VFS takes an empty file for none.)
bool Exists(const std::string& path, const std::string& vfs) {
  sqlite3_vfs* disk = vfs.empty() ? nullptr : sqlite3_vfs_find(vfs.c_str());
  if (disk == nullptr) return std::filesystem::exists(path);
  int found = 0;
  return disk->xAccess(disk, path.c_str(), SQLITE_ACCESS_EXISTS, &found) == SQLITE_OK && found != 0;
}

class SqliteStore final : public Store {
 public:
  static Result<std::unique_ptr<Store>> Open(const std::string& path, const SqliteOptions& options) {
    auto store = std::unique_ptr<SqliteStore>(new SqliteStore);
    const bool exists = Exists(path, options.vfs);
    if (options.create && exists) return Conflict("store.exists", path);
    if (!options.create && !exists) return NotFound("store.missing", path);
    const int flags =
        options.read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | (options.create ? SQLITE_OPEN_CREATE : 0);
    if (!options.read_only) {
      LF_ASSIGN(store->writer_, Connection::Open(path, flags, GatheringVfs(options.vfs)));
      LF_TRY(store->PrepareWriter(options.create));
    }
    LF_ASSIGN(store->reader_, Connection::Open(path, SQLITE_OPEN_READONLY, options.vfs));
    LF_TRY(store->PrepareReader());
    LF_TRY(store->SyncWriteAheadLog());
    return std::unique_ptr<Store>(std::move(store));
  }

  Status Append(const Commit& commit) override {
    if (in_append_all_) return AppendWithin(commit);
    LF_TRY(InTransaction([&] { return AppendWithin(commit); }));
    // What was erased must not linger in the write-ahead log either. A reader in its way makes us try again with the
    // next commit.
    wal_owes_erasure_ = wal_owes_erasure_ || !commit.erase.empty();
    return wal_owes_erasure_ ? EmptyWriteAheadLog() : Ok{};
  }

  Status AppendAll(const std::function<Status()>& fill) override {
    in_append_all_ = true;
    Status done = InTransaction(fill);
    in_append_all_ = false;
    return done;
  }

  Status Scan(std::uint64_t from_seq, const std::function<bool(const CommitRow&)>& use) override {
    // By pages, each with its own short read transaction: a long one would keep the write-ahead log from being reset.
    std::uint64_t next = from_seq;
    bool first_page = true;
    std::vector<CommitRow> page;
    for (;;) {
      page.clear();
      {
        std::lock_guard lock(reader_mutex_);
        Statement& s = first_page ? scan_from_ : scan_;
        s.Bind(1, static_cast<std::int64_t>(next));
        s.Bind(2, kRowsPerPage);
        for (;;) {
          auto more = s.Step();
          if (!more || !*more) {
            s.Reset();
            if (!more) return std::move(more).error();
            break;
          }
          page.push_back(RowFrom(s));
        }
      }
      first_page = false;
      for (const CommitRow& row : page) {
        if (!use(row)) return Ok{};
        next = row.first + row.count;
      }
      if (page.size() < kRowsPerPage) return Ok{};
    }
  }

  Result<CommitRow> RowOf(std::uint64_t seq) override {
    std::lock_guard lock(reader_mutex_);
    row_of_.Bind(1, static_cast<std::int64_t>(seq));
    auto found = row_of_.Step();
    std::optional<CommitRow> row;
    if (found && *found) row = RowFrom(row_of_);
    row_of_.Reset();
    if (!found) return std::move(found).error();
    if (!row || seq >= row->first + row->count) return NotFound("entry.not_found", "no entry " + std::to_string(seq));
    return std::move(*row);
  }

  Result<std::optional<CommitRow>> LastRow() override {
    std::lock_guard lock(reader_mutex_);
    auto found = last_.Step();
    std::optional<CommitRow> row;
    if (found && *found) row = RowFrom(last_);
    last_.Reset();
    if (!found) return std::move(found).error();
    return row;
  }

  Result<std::optional<std::string>> Erasable(std::uint64_t seq, std::uint32_t event) override {
    std::lock_guard lock(reader_mutex_);
    erasable_.Bind(1, static_cast<std::int64_t>(seq));
    erasable_.Bind(2, event);
    return OneBlob(erasable_);
  }

  Status ScanErasable(std::uint64_t first_seq, std::uint64_t end_seq,
                      const std::function<void(std::uint64_t, std::uint32_t, std::string_view)>& use) override {
    std::lock_guard lock(reader_mutex_);
    scan_erasable_.Bind(1, static_cast<std::int64_t>(first_seq));
    scan_erasable_.Bind(2, static_cast<std::int64_t>(end_seq));
    for (;;) {
      auto more = scan_erasable_.Step();
      if (!more || !*more) {
        scan_erasable_.Reset();
        if (!more) return std::move(more).error();
        return Ok{};
      }
      use(static_cast<std::uint64_t>(scan_erasable_.Int(0)), static_cast<std::uint32_t>(scan_erasable_.Int(1)),
          scan_erasable_.Blob(2));
    }
  }

  Result<std::string> Tile(int level, std::uint64_t index) override {
    std::lock_guard lock(reader_mutex_);
    tile_.Bind(1, level);
    tile_.Bind(2, static_cast<std::int64_t>(index));
    LF_ASSIGN(std::optional<std::string> bytes, OneBlob(tile_));
    if (!bytes)
      return Corrupt("store.corrupt", "tile " + std::to_string(level) + "/" + std::to_string(index) + " is missing");
    return std::move(*bytes);
  }

  Status PutMeta(std::string_view key, std::string_view value) override {
    LF_ASSIGN(Statement s, Statement::Prepare(writer_.get(), "INSERT OR REPLACE INTO meta(key, value) VALUES(?, ?)"));
    s.BindText(1, key);
    s.BindBlob(2, value);
    return s.Run();
  }

  Result<std::optional<std::string>> Meta(std::string_view key) override {
    std::lock_guard lock(reader_mutex_);
    LF_ASSIGN(Statement s, Statement::Prepare(reader_.get(), "SELECT value FROM meta WHERE key = ?"));
    s.BindText(1, key);
    return OneBlob(s);
  }

  Status ScanMeta(const std::function<Status(std::string_view, std::string_view)>& use) override {
    std::lock_guard lock(reader_mutex_);
    LF_ASSIGN(Statement s, Statement::Prepare(reader_.get(), "SELECT key, value FROM meta ORDER BY key"));
    for (;;) {
      LF_ASSIGN(const bool more, s.Step());
      if (!more) return Ok{};
      LF_TRY(use(s.Blob(0), s.Blob(1)));
    }
  }

  Status PutCheckpoint(std::uint64_t size, std::string_view note) override {
    LF_ASSIGN(Statement s,
              Statement::Prepare(writer_.get(), "INSERT OR REPLACE INTO checkpoints(size, note) VALUES(?, ?)"));
    s.Bind(1, static_cast<std::int64_t>(size));
    s.BindText(2, note);
    LF_TRY(s.Run());
    LF_ASSIGN(Statement prune,
              Statement::Prepare(writer_.get(),
                                 "DELETE FROM checkpoints WHERE size < (SELECT min(size) FROM (SELECT size FROM "
                                 "checkpoints ORDER BY size DESC LIMIT ?))"));
    prune.Bind(1, kKeptCheckpoints);
    return prune.Run();
  }

  Result<std::optional<std::string>> LastCheckpoint() override {
    std::lock_guard lock(reader_mutex_);
    LF_ASSIGN(Statement s,
              Statement::Prepare(reader_.get(), "SELECT note FROM checkpoints ORDER BY size DESC LIMIT 1"));
    return OneBlob(s);
  }

  Status ScanCheckpoints(const std::function<void(std::uint64_t, std::string_view)>& use) override {
    std::lock_guard lock(reader_mutex_);
    LF_ASSIGN(Statement s, Statement::Prepare(reader_.get(), "SELECT size, note FROM checkpoints ORDER BY size"));
    for (;;) {
      LF_ASSIGN(const bool more, s.Step());
      if (!more) return Ok{};
      use(static_cast<std::uint64_t>(s.Int(0)), s.Blob(1));
    }
  }

  // A file tells nobody that it has grown.
  bool AwaitNews(std::chrono::milliseconds timeout) override {
    std::unique_lock lock(wake_mutex_);
    wake_.wait_for(lock, timeout, [this] { return woken_; });
    woken_ = false;
    return false;
  }

  void WakeListener() override {
    const std::lock_guard lock(wake_mutex_);
    woken_ = true;
    wake_.notify_all();
  }

  Status Backup(const std::string& path, const std::function<void(int, int)>& progress) override {
    return CopyDatabase(sqlite3_db_filename(reader_.get(), "main"), path, progress);
  }

 private:
  Status PrepareWriter(bool create) {
    LF_TRY(writer_.Exec("PRAGMA journal_mode=WAL"));
    LF_TRY(writer_.Exec("PRAGMA synchronous=FULL"));
    // Commits overwrite a log of about 16 MB in place: growing it costs more than checkpointing (KERNEL §1).
    LF_TRY(
        writer_.Exec("PRAGMA wal_autocheckpoint=4000; PRAGMA journal_size_limit=67108864; PRAGMA cache_size=-16384"));
    if (create) {
      LF_TRY(writer_.Exec("BEGIN IMMEDIATE"));
      LF_TRY(writer_.Exec(kSchema));
      LF_TRY(writer_.Exec(("PRAGMA application_id=" + std::to_string(kApplicationId)).c_str()));
      LF_TRY(writer_.Exec("COMMIT"));
    }
    sqlite3* db = writer_.get();
    LF_ASSIGN(begin_, Statement::Prepare(db, "BEGIN IMMEDIATE"));
    LF_ASSIGN(commit_, Statement::Prepare(db, "COMMIT"));
    LF_ASSIGN(rollback_, Statement::Prepare(db, "ROLLBACK"));
    LF_TRY(CheckIsLedger(db));
    LF_ASSIGN(insert_, Statement::Prepare(db, "INSERT INTO commits VALUES(?, ?, ?, ?, ?, ?)"));
    LF_ASSIGN(insert_erasable_, Statement::Prepare(db, "INSERT INTO erasable VALUES(?, ?, ?)"));
    LF_ASSIGN(insert_tile_, Statement::Prepare(db, "INSERT INTO tiles VALUES(?, ?, ?)"));
    LF_ASSIGN(delete_erasable_, Statement::Prepare(db, "DELETE FROM erasable WHERE seq = ? AND event = ?"));
    // Erased payloads must not linger in free pages.
    return writer_.Exec("PRAGMA secure_delete=ON");
  }

  Status PrepareReader() {
    sqlite3* db = reader_.get();
    LF_TRY(CheckIsLedger(db));
    LF_TRY(reader_.Exec("PRAGMA mmap_size=268435456"));
    constexpr std::string_view kColumns = "SELECT first, n, body, leaf_hashes, frontier, checksum FROM commits ";
    const auto prepare = [&](std::string_view tail) {
      return Statement::Prepare(db, std::string(kColumns) + std::string(tail));
    };
    LF_ASSIGN(scan_, prepare("WHERE first >= ? ORDER BY first LIMIT ?"));
    LF_ASSIGN(scan_from_, prepare("WHERE first >= coalesce((SELECT max(first) FROM commits WHERE first <= ?1), 0) "
                                  "ORDER BY first LIMIT ?2"));
    LF_ASSIGN(row_of_, prepare("WHERE first <= ? ORDER BY first DESC LIMIT 1"));
    LF_ASSIGN(last_, prepare("ORDER BY first DESC LIMIT 1"));
    LF_ASSIGN(erasable_, Statement::Prepare(db, "SELECT bytes FROM erasable WHERE seq = ? AND event = ?"));
    LF_ASSIGN(scan_erasable_,
              Statement::Prepare(
                  db, "SELECT seq, event, bytes FROM erasable WHERE seq >= ? AND seq < ? ORDER BY seq, event"));
    LF_ASSIGN(tile_, Statement::Prepare(db, "SELECT bytes FROM tiles WHERE level = ? AND idx = ?"));
    return Ok{};
  }

  // A process that was killed between writing a commit and syncing it has left it where we read it and where the next
  // power cut takes it away. Before anything of it is shown, or told to whoever asks for its key, it is made durable.
  Status SyncWriteAheadLog() {
    sqlite3_file* log = nullptr;
    const int code = sqlite3_file_control(reader_.get(), "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
    if (code != SQLITE_OK || log == nullptr || log->pMethods == nullptr) return Ok{};  // A copy has no such log.
    if (log->pMethods->xSync(log, SQLITE_SYNC_NORMAL) != SQLITE_OK) return Unavailable("store.io", "sync on opening");
    return Ok{};
  }

  static Status CheckIsLedger(sqlite3* db) {
    LF_ASSIGN(Statement s, Statement::Prepare(db, "PRAGMA application_id"));
    LF_ASSIGN(const bool row, s.Step());
    if (!row || s.Int(0) != kApplicationId) return Invalid("store.not_a_ledger");
    return Ok{};
  }

  static Result<std::optional<std::string>> OneBlob(Statement& s) {
    auto found = s.Step();
    std::optional<std::string> bytes;
    if (found && *found) bytes = std::string(s.Blob(0));
    s.Reset();
    if (!found) return std::move(found).error();
    return bytes;
  }

  Status EmptyWriteAheadLog() {
    const int code = sqlite3_wal_checkpoint_v2(writer_.get(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
    if ((code & 0xFF) == SQLITE_BUSY) return Ok{};
    if (code != SQLITE_OK) return SqliteError(writer_.get(), "checkpoint");
    wal_owes_erasure_ = false;
    return Ok{};
  }

  Status InTransaction(const std::function<Status()>& work) {
    LF_TRY(begin_.Run());
    Status done = work();
    if (done) done = commit_.Run();
    if (!done) rollback_.Run().ok();  // The first error is the one to tell.
    return done;
  }

  Status AppendWithin(const Commit& commit) {
    for (const CommitRow& row : commit.rows) {
      insert_.Bind(1, static_cast<std::int64_t>(row.first));
      insert_.Bind(2, row.count);
      insert_.BindBlob(3, row.body);
      insert_.BindBlob(4, row.leaf_hashes);
      insert_.BindBlob(5, row.frontier);
      insert_.Bind(6, static_cast<std::int64_t>(row.checksum));
      LF_TRY(insert_.Run());
    }
    for (const ErasableRow& row : commit.erasable) {
      insert_erasable_.Bind(1, static_cast<std::int64_t>(row.seq));
      insert_erasable_.Bind(2, row.event);
      insert_erasable_.BindBlob(3, row.bytes);
      LF_TRY(insert_erasable_.Run());
    }
    for (const auto& [seq, event] : commit.erase) {
      delete_erasable_.Bind(1, static_cast<std::int64_t>(seq));
      delete_erasable_.Bind(2, event);
      LF_TRY(delete_erasable_.Run());
    }
    for (const TileRow& tile : commit.tiles) {
      insert_tile_.Bind(1, tile.level);
      insert_tile_.Bind(2, static_cast<std::int64_t>(tile.index));
      insert_tile_.BindBlob(3, tile.bytes);
      LF_TRY(insert_tile_.Run());
    }
    return Ok{};
  }

  Connection writer_, reader_;  // Before the statements, so that they outlive them.
  std::mutex reader_mutex_;
  bool wal_owes_erasure_ = false;
  bool in_append_all_ = false;
  std::mutex wake_mutex_;
  std::condition_variable wake_;
  bool woken_ = false;
  Statement begin_, commit_, rollback_, insert_, insert_erasable_, insert_tile_, delete_erasable_;
  Statement scan_, scan_from_, row_of_, last_, erasable_, scan_erasable_, tile_;
};

}  // namespace

std::uint64_t ChecksumOf(const CommitRow& row) {
  std::uint64_t sum = XXH3_64bits(row.body.data(), row.body.size());
  sum = XXH3_64bits_withSeed(row.leaf_hashes.data(), row.leaf_hashes.size(), sum);
  return XXH3_64bits_withSeed(row.frontier.data(), row.frontier.size(), sum ^ row.first ^ row.count);
}

Result<std::unique_ptr<Store>> OpenSqliteStore(const std::string& path, const SqliteOptions& options) {
  return SqliteStore::Open(path, options);
}

}  // namespace landfall::ledger
