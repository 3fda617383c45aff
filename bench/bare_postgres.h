// SPDX-License-Identifier: Apache-2.0
// The floor under everything that commits to PostgreSQL: a bare libpq pipeline of BEGIN, one INSERT and COMMIT.
#pragma once

#include "bench/bench.h"
#include "ledger/postgres.h"

namespace landfall::bench {

class BarePostgres {
 public:
  // Makes an empty table of its own.
  explicit BarePostgres(const std::string& address) : connection_(ledger::PgConnection::Open(address, {}).value()) {
    LF_CHECK(connection_
                 .Exec("DROP TABLE IF EXISTS bare; CREATE TABLE bare(first bigint PRIMARY KEY, body bytea NOT NULL);"
                       "ALTER TABLE bare ALTER COLUMN body SET STORAGE EXTERNAL")
                 .ok());
    LF_CHECK(connection_.Prepare("begin", "BEGIN").ok() && connection_.Prepare("commit", "COMMIT").ok() &&
             connection_.Prepare("insert", "INSERT INTO bare VALUES($1, $2)").ok());
  }
  // One durable commit of one row; `first` is given once.
  void Commit(std::int64_t first, std::string_view body) {
    ledger::PgParams none, row;
    row.Int(first);
    row.Bytes(body);
    LF_CHECK(connection_.BeginPipeline().ok() && connection_.Send("begin", none).ok() &&
             connection_.Send("insert", row).ok() && connection_.Send("commit", none).ok() &&
             connection_.FinishPipeline(tag_).ok() && tag_ == "COMMIT");
  }

 private:
  ledger::PgConnection connection_;
  std::string tag_;
};

}  // namespace landfall::bench
