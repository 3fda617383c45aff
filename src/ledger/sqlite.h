// SPDX-License-Identifier: Apache-2.0
// A thin RAII layer over sqlite3: one connection, prepared statements, transactions. Nothing about ledgers.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace landfall::ledger {

// Turns the engine's last message into store.io, or into store.corrupt where SQLite says that the file is malformed.
Error SqliteError(sqlite3* db, std::string_view what);

// A prepared statement. Bind by position from 1, Step until false, then Reset.
class Statement {
 public:
  Statement() = default;
  ~Statement() { sqlite3_finalize(stmt_); }
  Statement(Statement&& other) noexcept : stmt_(std::exchange(other.stmt_, nullptr)) {}
  Statement& operator=(Statement&& other) noexcept {
    std::swap(stmt_, other.stmt_);
    return *this;
  }
  static Result<Statement> Prepare(sqlite3* db, std::string_view sql);

  void Bind(int at, std::int64_t value) { sqlite3_bind_int64(stmt_, at, value); }
  // The bytes must live until Reset.
  void BindBlob(int at, std::string_view bytes) {
    sqlite3_bind_blob64(stmt_, at, bytes.empty() ? "" : bytes.data(), bytes.size(), SQLITE_STATIC);
  }
  void BindText(int at, std::string_view text) {
    sqlite3_bind_text64(stmt_, at, text.empty() ? "" : text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8);
  }
  // True: a row is there. False: done. Errors: store.io, store.corrupt, store.race_lost for a unique key that is taken.
  Result<bool> Step();
  // Runs a statement that gives no rows, and resets it.
  Status Run();
  void Reset() {
    sqlite3_reset(stmt_);
    sqlite3_clear_bindings(stmt_);
  }
  std::int64_t Int(int column) const { return sqlite3_column_int64(stmt_, column); }
  // Valid until the next Step or Reset.
  std::string_view Blob(int column) const {
    const void* bytes = sqlite3_column_blob(stmt_, column);
    return {static_cast<const char*>(bytes), static_cast<std::size_t>(sqlite3_column_bytes(stmt_, column))};
  }

 private:
  explicit Statement(sqlite3_stmt* stmt) : stmt_(stmt) {}
  sqlite3_stmt* stmt_ = nullptr;
};

class Connection {
 public:
  Connection() = default;
  ~Connection() { sqlite3_close_v2(db_); }
  Connection(Connection&& other) noexcept : db_(std::exchange(other.db_, nullptr)) {}
  Connection& operator=(Connection&& other) noexcept {
    std::swap(db_, other.db_);
    return *this;
  }
  // `flags` as sqlite3_open_v2; `vfs` empty for the system's. Errors: store.io.
  static Result<Connection> Open(const std::string& path, int flags, const std::string& vfs);
  Status Exec(const char* sql);
  sqlite3* get() const { return db_; }

 private:
  sqlite3* db_ = nullptr;
};

// Copies a database as it stands at one moment while others write to it. `to` must not exist; it is durable on Ok, and
// removed on an error. Progress: pages done, pages in all. Errors: store.missing, store.exists, store.io,
// store.corrupt.
Status CopyDatabase(const std::string& from, const std::string& to, const std::function<void(int, int)>& progress);

}  // namespace landfall::ledger
