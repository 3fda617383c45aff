// SPDX-License-Identifier: Apache-2.0
#include "ledger/sqlite.h"

#include <filesystem>

namespace landfall::ledger {

Error SqliteError(sqlite3* db, std::string_view what) {
  const int code = sqlite3_extended_errcode(db);
  std::string detail(what);
  detail += ": ";
  detail += sqlite3_errmsg(db);
  detail += " (" + std::to_string(code) + ")";
  if ((code & 0xFF) == SQLITE_CORRUPT || (code & 0xFF) == SQLITE_NOTADB)
    return Corrupt("store.corrupt", std::move(detail));
  if (code == SQLITE_CONSTRAINT_PRIMARYKEY || code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_ROWID)
    return Conflict("store.race_lost", std::move(detail));
  return Unavailable("store.io", std::move(detail));
}

Result<Statement> Statement::Prepare(sqlite3* db, std::string_view sql) {
  sqlite3_stmt* stmt = nullptr;
  if (sqlite3_prepare_v3(db, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &stmt, nullptr) !=
      SQLITE_OK)
    return SqliteError(db, "prepare");
  return Statement(stmt);
}

Result<bool> Statement::Step() {
  const int code = sqlite3_step(stmt_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return SqliteError(sqlite3_db_handle(stmt_), "step");
}

Status Statement::Run() {
  auto stepped = Step();
  Reset();
  if (!stepped) return std::move(stepped).error();
  return Ok{};
}

Result<Connection> Connection::Open(const std::string& path, int flags, const std::string& vfs) {
  Connection connection;
  const int code = sqlite3_open_v2(path.c_str(), &connection.db_, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
                                   vfs.empty() ? nullptr : vfs.c_str());
  if (code != SQLITE_OK) {
    if (connection.db_ == nullptr) return Unavailable("store.io", "no memory for a connection");
    return SqliteError(connection.db_, "open");
  }
  sqlite3_busy_timeout(connection.db_, 10'000);
  return connection;
}

Status Connection::Exec(const char* sql) {
  if (sqlite3_exec(db_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) return SqliteError(db_, sql);
  return Ok{};
}

namespace {

Status CopyInto(sqlite3* from, Connection& target, const std::function<void(int, int)>& progress) {
  sqlite3_backup* backup = sqlite3_backup_init(target.get(), "main", from, "main");
  if (backup == nullptr) return SqliteError(target.get(), "backup");
  int code = SQLITE_OK;
  while (code == SQLITE_OK) {
    code = sqlite3_backup_step(backup, 2048);
    if (progress)
      progress(sqlite3_backup_pagecount(backup) - sqlite3_backup_remaining(backup), sqlite3_backup_pagecount(backup));
  }
  sqlite3_backup_finish(backup);
  if (code != SQLITE_DONE) return SqliteError(target.get(), "backup");
  // A copy is one file: no write-ahead log beside it that could be forgotten.
  return target.Exec("PRAGMA journal_mode=DELETE");
}

}  // namespace

Status CopyDatabase(const std::string& from, const std::string& to, const std::function<void(int, int)>& progress) {
  if (!std::filesystem::exists(from)) return NotFound("store.missing", from);
  if (std::filesystem::exists(to)) return Conflict("store.exists", to);
  LF_ASSIGN(Connection source, Connection::Open(from, SQLITE_OPEN_READONLY, ""));
  // Inside one read transaction: the copy is the database at one moment, and the writer goes on.
  LF_TRY(source.Exec("BEGIN; SELECT count(*) FROM sqlite_schema"));
  Status copied = Ok{};
  {
    LF_ASSIGN(Connection target, Connection::Open(to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, ""));
    copied = CopyInto(source.get(), target, progress);
  }
  std::error_code ignored;
  if (!copied) std::filesystem::remove(to, ignored);
  return copied;
}

}  // namespace landfall::ledger
