// SPDX-License-Identifier: Apache-2.0
// The same tests on both engines: a ledger's store in a place of its own, SQLite or PostgreSQL.
#pragma once

#include "ledger/postgres.h"
#include "ledger/store_postgres.h"
#include "ledger/store_sqlite.h"
#include "tests/support/ledger_fixture.h"
#include "tests/support/postgres_server.h"

namespace landfall::ledger::test {

enum class EngineKind { kSqlite, kPostgres };

// Tests that are told which engine. INSTANTIATE with LF_EACH_ENGINE.
class EachEngine : public testing::TestWithParam<EngineKind> {
 protected:
  void SetUp() override {
    if (GetParam() == EngineKind::kPostgres) LF_NEEDS_POSTGRES();
  }
};

#define LF_EACH_ENGINE(suite)                                                                  \
  INSTANTIATE_TEST_SUITE_P(                                                                    \
      Engines, suite, testing::Values(test::EngineKind::kSqlite, test::EngineKind::kPostgres), \
      [](const auto& info) { return info.param == test::EngineKind::kSqlite ? "Sqlite" : "Postgres"; })

inline constexpr const char* kJurisdiction = "430212";

// A row and a commit of it, made of letters: the stores look into none of it.
inline CommitRow Row(std::uint64_t first, std::uint32_t count) {
  CommitRow row{first, count, "body " + std::to_string(first), std::string(32 * count, 'h'), std::string(32, 'f'), 0};
  row.checksum = ChecksumOf(row);
  return row;
}
inline Commit One(CommitRow row) {
  Commit commit;
  commit.rows.push_back(std::move(row));
  return commit;
}

// One place for one ledger's store; opened as often as is wanted.
class StorePlace {
 public:
  explicit StorePlace(EngineKind kind) : kind_(kind), path_(temp / "ledger.db") {
    if (kind_ == EngineKind::kSqlite) return;
    address_ = landfall::test::PostgresServer::Shared()->NewDatabase();
    EXPECT_TRUE(PreparePostgres(address_).ok());
  }
  Result<std::unique_ptr<Store>> Open(bool create, bool read_only = false) const {
    if (kind_ == EngineKind::kSqlite)
      return OpenSqliteStore(path_, {.vfs = {}, .create = create, .read_only = read_only});
    return OpenPostgresStore(address_, {.jurisdiction = kJurisdiction, .create = create, .read_only = read_only});
  }
  // Behind the store's back.
  void Exec(const std::string& sql) const {
    if (kind_ == EngineKind::kSqlite) return app::test::Tamper(path_).Exec(sql);
    auto connection = PgConnection::Open(address_, {}).value();
    const Status done = connection.Exec("SET search_path = landfall; " + sql);
    EXPECT_TRUE(done.ok()) << done.error().detail;
  }
  std::string BytesType() const { return kind_ == EngineKind::kSqlite ? "BLOB" : "bytea"; }
  const std::string& path() const { return path_; }
  const std::string& address() const { return address_; }

  app::test::TempFolder temp;

 private:
  EngineKind kind_;
  std::string path_, address_;
};

}  // namespace landfall::ledger::test
