// SPDX-License-Identifier: Apache-2.0
// A thin RAII layer over libpq: one connection, parameters and results in binary, statements by pipeline, COPY. Nothing
// about ledgers. The counterpart of sqlite.h.
#pragma once

#include <libpq-fe.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace landfall::ledger {

// What the server answered to one statement. Values are binary: integers in network order, bytea and text as they are.
class PgResult {
 public:
  explicit PgResult(PGresult* result) : result_(result) {}
  int rows() const { return PQntuples(result_.get()); }
  std::int64_t Int(int row, int column) const;
  // Valid as long as this result lives.
  std::string_view Bytes(int row, int column) const {
    return {PQgetvalue(result_.get(), row, column), static_cast<std::size_t>(PQgetlength(result_.get(), row, column))};
  }
  std::string_view command_tag() const { return PQcmdStatus(result_.get()); }
  PGresult* get() const { return result_.get(); }

 private:
  struct Clear {
    void operator()(PGresult* r) const { PQclear(r); }
  };
  std::unique_ptr<PGresult, Clear> result_;
};

// Parameters of one statement, at most kMax. The bytes must live until the statement was sent.
class PgParams {
 public:
  static constexpr int kMax = 8;
  PgParams& Int(std::int64_t value);   // bigint
  PgParams& Int4(std::int32_t value);  // integer
  PgParams& Bytes(std::string_view bytes);
  int size() const { return n_; }
  const char* const* values() const { return values_.data(); }
  const int* lengths() const { return lengths_.data(); }
  const int* formats() const { return formats_.data(); }

 private:
  std::array<std::array<char, 8>, kMax> ints_;
  std::array<const char*, kMax> values_{};
  std::array<int, kMax> lengths_{}, formats_{};
  int n_ = 0;

 public:
  PgParams() = default;
  PgParams(const PgParams&) = delete;  // It points into itself.
  PgParams& operator=(const PgParams&) = delete;
};

// One parameter that is an array without NULLs, in binary: many rows of a table in one statement, by unnest.
class PgArray {
 public:
  enum class Of : std::uint32_t { bytea = 17, bigint = 20, integer = 23 };  // pg_type.dat
  explicit PgArray(Of type);
  void Int(std::int64_t value);   // bigint
  void Int4(std::int32_t value);  // integer
  void Bytes(std::string_view bytes);
  // Valid until the next element.
  std::string_view View();

 private:
  std::string buffer_;
  std::int32_t n_ = 0;
};

// Rows for COPY … FROM STDIN (FORMAT binary).
class PgCopyRows {
 public:
  PgCopyRows();
  void BeginRow(int columns);
  void Int(std::int64_t value);
  void Int4(std::int32_t value);
  void Bytes(std::string_view bytes);
  std::size_t size() const { return buffer_.size(); }
  // What was added since the last call.
  std::string Take() { return std::exchange(buffer_, {}); }
  std::string End();  // The rest with the mark that ends the rows.

 private:
  std::string buffer_;
};

// Where a server said no, as an error of ours: store.race_lost for a unique key that is taken, store.connection_lost
// (Unavailable) when the connection is gone or the server is going away, store.not_permitted, store.not_prepared,
// store.corrupt, ledger.rolled_back (our own LF001), else store.io.
Error PgError(PGconn* connection, const PGresult* result, std::string_view what);

struct PgOptions {
  bool read_write = true;  // Of several hosts, one that takes writes.
};

class PgConnection {
 public:
  PgConnection() = default;
  // `address`: anything that libpq reads, with several hosts too. One attempt at each host; `address` may override our
  // defaults (5 s to connect, keep-alive after 10 s). Errors: store.bad_address (Invalid), store.connection_lost.
  static Result<PgConnection> Open(const std::string& address, const PgOptions& options);

  bool alive() const { return connection_ && PQstatus(connection_.get()) == CONNECTION_OK; }
  // Any statements without parameters, for their effect.
  Status Exec(const std::string& sql);
  Status Prepare(const char* name, const char* sql);
  Result<PgResult> Query(const char* sql, const PgParams& params);
  Result<PgResult> RunPrepared(const char* name, const PgParams& params);

  // Pipeline: Begin, Send…, then Finish waits for all answers. The first refusal is the error; statements behind it
  // were not executed. `last_tag` receives the command tag of the last statement.
  Status BeginPipeline();
  Status Send(const char* name, const PgParams& params);
  Status FinishPipeline(std::string& last_tag);

  // COPY: Begin, Put…, End. An error ends it.
  Status BeginCopy(const char* sql);
  Status PutCopy(std::string_view bytes);
  Status EndCopy();

  PGconn* get() const { return connection_.get(); }

 private:
  struct Finish {
    void operator()(PGconn* c) const { PQfinish(c); }
  };
  Result<PgResult> Checked(PGresult* raw, std::string_view what);
  std::unique_ptr<PGconn, Finish> connection_;
  int in_pipeline_ = 0;  // Statements sent, and not yet answered.
};

}  // namespace landfall::ledger
