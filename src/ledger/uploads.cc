// SPDX-License-Identifier: Apache-2.0
#include "ledger/uploads.h"

#include <array>

#include "ledger/blobs.h"

namespace landfall::ledger {
namespace {

// Times are microseconds since 1970, UTC. A part lies where it begins, so the sum of a file's parts is what has come.
constexpr const char* kSchema = R"sql(
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
CREATE TABLE IF NOT EXISTS upload(id TEXT PRIMARY KEY, account INTEGER NOT NULL, bytes INTEGER NOT NULL,
                                  received INTEGER NOT NULL, touched_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS part(upload TEXT NOT NULL, at INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY(upload, at)) STRICT;
CREATE TABLE IF NOT EXISTS stored(digest BLOB NOT NULL, account INTEGER NOT NULL, stored_at INTEGER NOT NULL,
                                  PRIMARY KEY(digest, account)) STRICT, WITHOUT ROWID;
CREATE TRIGGER IF NOT EXISTS upload_takes_its_parts AFTER DELETE ON upload BEGIN DELETE FROM part WHERE upload = OLD.id; END;
)sql";

std::int64_t Micros(Instant at) { return at.time_since_epoch().count(); }

}  // namespace

Result<std::unique_ptr<Uploads>> Uploads::Open(const std::string& path, Clock* clock, Random* random) {
  LF_ASSIGN(Connection db, Connection::Open(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, {}));
  LF_TRY(db.Exec(kSchema));
  auto uploads = std::unique_ptr<Uploads>(new Uploads(std::move(db), clock != nullptr ? *clock : SystemClock(),
                                                      random != nullptr ? *random : SystemRandom()));
  LF_TRY(uploads->Expire());
  return uploads;
}

Status Uploads::Expire() {
  const std::int64_t before = Micros(clock_.Now() - kUploadKept);
  for (const char* sql : {"DELETE FROM upload WHERE touched_at < ?1", "DELETE FROM stored WHERE stored_at < ?1"}) {
    LF_ASSIGN(Statement statement, Statement::Prepare(db_.get(), sql));
    statement.Bind(1, before);
    LF_TRY(statement.Run());
  }
  return Ok{};
}

Result<Upload> Uploads::Row(AccountId account, std::string_view id) {
  LF_ASSIGN(Statement select,
            Statement::Prepare(db_.get(),
                               "SELECT bytes, received, touched_at FROM upload WHERE id = ?1 AND account = ?2 "
                               "AND touched_at >= ?3"));
  select.BindText(1, id);
  select.Bind(2, account.raw);
  select.Bind(3, Micros(clock_.Now() - kUploadKept));
  LF_ASSIGN(const bool found, select.Step());
  if (!found) return NotFound("upload.unknown", {}, "id");
  return Upload{std::string(id), static_cast<std::uint64_t>(select.Int(0)), static_cast<std::uint64_t>(select.Int(1)),
                Instant(std::chrono::microseconds(select.Int(2))) + kUploadKept};
}

Result<Upload> Uploads::Begin(AccountId account, std::uint64_t bytes) {
  if (bytes == 0) return Invalid("upload.empty", {}, "bytes");
  if (bytes > kMaxBlobBytes) return Invalid("upload.too_large", std::to_string(bytes) + " bytes", "bytes");
  const std::lock_guard lock(mutex_);
  LF_TRY(Expire());
  LF_ASSIGN(Statement count, Statement::Prepare(db_.get(),
                                                "SELECT COALESCE(SUM(account = ?1), 0), "
                                                "COALESCE(SUM(bytes), 0) FROM upload"));
  count.Bind(1, account.raw);
  LF_ASSIGN(const bool counted, count.Step());
  LF_CHECK(counted);
  if (count.Int(0) >= kUploadsPerAccount) return Conflict("upload.too_many");
  if (static_cast<std::uint64_t>(count.Int(1)) + bytes > kUploadBytesAll) return Conflict("upload.no_room");
  count.Reset();
  std::array<std::uint8_t, 16> id;
  random_.Fill(id);
  const Instant now = clock_.Now();
  Upload upload{Hex(id), bytes, 0, now + kUploadKept};
  LF_ASSIGN(Statement insert, Statement::Prepare(db_.get(), "INSERT INTO upload VALUES(?1, ?2, ?3, 0, ?4)"));
  insert.BindText(1, upload.id);
  insert.Bind(2, account.raw);
  insert.Bind(3, static_cast<std::int64_t>(bytes));
  insert.Bind(4, Micros(now));
  LF_TRY(insert.Run());
  return upload;
}

Result<Upload> Uploads::Find(AccountId account, std::string_view id) {
  const std::lock_guard lock(mutex_);
  return Row(account, id);
}

Result<Upload> Uploads::Append(AccountId account, std::string_view id, std::uint64_t offset, std::string_view part) {
  const std::lock_guard lock(mutex_);
  LF_ASSIGN(Upload upload, Row(account, id));
  if (offset != upload.received)
    return Conflict("upload.wrong_offset", std::to_string(upload.received) + " bytes are there", "offset");
  const std::uint64_t end = offset + part.size();
  if (end > upload.bytes) return Invalid("upload.beyond_end");
  if (part.empty() || (part.size() < kUploadPartBytesMin && end != upload.bytes))
    return Invalid("upload.part_too_small");
  const Instant now = clock_.Now();
  LF_TRY(db_.Exec("BEGIN IMMEDIATE"));
  const auto store = [&]() -> Status {
    LF_ASSIGN(Statement insert, Statement::Prepare(db_.get(), "INSERT INTO part VALUES(?1, ?2, ?3)"));
    insert.BindText(1, id);
    insert.Bind(2, static_cast<std::int64_t>(offset));
    insert.BindBlob(3, part);
    LF_TRY(insert.Run());
    LF_ASSIGN(Statement update,
              Statement::Prepare(db_.get(), "UPDATE upload SET received = ?2, touched_at = ?3 WHERE id = ?1"));
    update.BindText(1, id);
    update.Bind(2, static_cast<std::int64_t>(end));
    update.Bind(3, Micros(now));
    LF_TRY(update.Run());
    return db_.Exec("COMMIT");
  };
  if (Status stored = store(); !stored) {
    (void)db_.Exec("ROLLBACK");  // Where it fails too, nothing was kept either.
    return std::move(stored).error();
  }
  upload.received = end;
  upload.expires_at = now + kUploadKept;
  return upload;
}

Result<std::string> Uploads::Take(AccountId account, std::string_view id) {
  const std::lock_guard lock(mutex_);
  LF_ASSIGN(const Upload upload, Row(account, id));
  if (upload.received != upload.bytes)
    return Conflict("upload.incomplete", std::to_string(upload.received) + " of " + std::to_string(upload.bytes));
  LF_ASSIGN(Statement select, Statement::Prepare(db_.get(), "SELECT bytes FROM part WHERE upload = ?1 ORDER BY at"));
  select.BindText(1, id);
  std::string bytes;
  bytes.reserve(upload.bytes);
  for (;;) {
    LF_ASSIGN(const bool more, select.Step());
    if (!more) break;
    bytes += select.Blob(0);
  }
  if (bytes.size() != upload.bytes) return Corrupt("store.corrupt", "an upload lost a part");
  return bytes;
}

Status Uploads::End(AccountId account, std::string_view id) {
  const std::lock_guard lock(mutex_);
  LF_TRY(Row(account, id));
  LF_ASSIGN(Statement remove, Statement::Prepare(db_.get(), "DELETE FROM upload WHERE id = ?1"));
  remove.BindText(1, id);
  return remove.Run();
}

Status Uploads::NoteStored(AccountId account, const Digest& digest) {
  const std::lock_guard lock(mutex_);
  LF_ASSIGN(Statement insert, Statement::Prepare(db_.get(),
                                                 "INSERT INTO stored VALUES(?1, ?2, ?3) ON CONFLICT(digest, "
                                                 "account) DO UPDATE SET stored_at = excluded.stored_at"));
  insert.BindBlob(1, AsText(digest));
  insert.Bind(2, account.raw);
  insert.Bind(3, Micros(clock_.Now()));
  return insert.Run();
}

Result<bool> Uploads::HasStored(AccountId account, const Digest& digest) {
  const std::lock_guard lock(mutex_);
  LF_ASSIGN(
      Statement select,
      Statement::Prepare(db_.get(), "SELECT 1 FROM stored WHERE digest = ?1 AND account = ?2 AND stored_at >= ?3"));
  select.BindBlob(1, AsText(digest));
  select.Bind(2, account.raw);
  select.Bind(3, Micros(clock_.Now() - kUploadKept));
  return select.Step();
}

}  // namespace landfall::ledger
