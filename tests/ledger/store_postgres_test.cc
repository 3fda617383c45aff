// SPDX-License-Identifier: Apache-2.0
// What only PostgreSQL has: roles, migrations, several ledgers in one database, connections that break.
#include "ledger/store_postgres.h"

#include <thread>

#include "ledger/log.h"
#include "ledger/postgres_schema.h"
#include "ledger/store_copy.h"
#include "tests/ledger/each_engine.h"
#include "tests/support/postgres_proxy.h"

namespace landfall::ledger {
namespace {

using app::test::CodeOf;
using app::test::TempFolder;
using landfall::test::PostgresProxy;
using landfall::test::PostgresServer;
using test::One;
using test::Row;

class PostgresStore : public testing::Test {
 protected:
  void SetUp() override {
    LF_NEEDS_POSTGRES();
    address_ = PostgresServer::Shared()->NewDatabase();
  }
  Result<std::unique_ptr<Store>> Open(const std::string& address, bool create, bool read_only = false,
                                      const std::string& jurisdiction = test::kJurisdiction) {
    return OpenPostgresStore(address, {.jurisdiction = jurisdiction, .create = create, .read_only = read_only});
  }
  void Exec(const std::string& sql) {
    auto connection = PgConnection::Open(address_, {}).value();
    const Status done = connection.Exec(sql);
    EXPECT_TRUE(done.ok()) << done.error().detail;
  }
  std::string address_;
};

// ---- migrations ----

TEST_F(PostgresStore, MigrationsAreAppliedOnceAndCheckedAtEveryOpening) {
  EXPECT_EQ(CodeOf(Open(address_, false)), "store.not_prepared");
  EXPECT_EQ(*PreparePostgres(address_), NewestSchema());
  EXPECT_EQ(*PreparePostgres(address_), 0);
  EXPECT_EQ(CodeOf(Open(address_, false)), "store.missing");

  Exec("INSERT INTO landfall.migrations(version) VALUES(9999)");
  EXPECT_EQ(CodeOf(Open(address_, true)), "store.newer_schema");
  EXPECT_EQ(CodeOf(PreparePostgres(address_)), "store.newer_schema");
  Exec("DELETE FROM landfall.migrations WHERE version > 1");
  EXPECT_EQ(CodeOf(Open(address_, true)), "store.old_schema");
}

TEST_F(PostgresStore, TwoThatPrepareAtOncePrepareOnce) {
  std::vector<std::thread> threads;
  std::atomic<int> applied = 0;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      const auto done = PreparePostgres(address_);
      EXPECT_TRUE(done.ok()) << CodeOf(done) << done.error().detail;
      if (done) applied += *done;
    });
  for (std::thread& t : threads) t.join();
  EXPECT_EQ(applied, NewestSchema());
}

TEST_F(PostgresStore, MakingALedgerPreparesAnEmptyDatabase) {
  auto store = Open(address_, true);
  ASSERT_TRUE(store.ok()) << CodeOf(store);
  ASSERT_TRUE((*store)->Append(One(Row(1, 1))).ok());
  EXPECT_EQ(*PostgresLedgers(address_), std::vector<std::string>{test::kJurisdiction});
}

TEST_F(PostgresStore, SettingsOfTheDatabaseDoNotWeakenACommit) {
  ASSERT_TRUE(PreparePostgres(address_).ok());
  Exec("ALTER DATABASE " + address_.substr(14, address_.find('?') - 14) + " SET synchronous_commit = off");
  auto store = Open(address_, true);
  ASSERT_TRUE(store.ok()) << "that one setting is ours to override";
  ASSERT_TRUE((*store)->Append(One(Row(1, 1))).ok());
}

TEST_F(PostgresStore, AddressThatNobodyCanReadIsRefusedWithoutQuotingIt) {
  const Status bad = CheckPostgresAddress("postgresql://u:secret@host/db?no_such_parameter=1");
  EXPECT_EQ(CodeOf(bad), "store.bad_address");
  EXPECT_EQ(bad.error().detail.find("secret"), std::string::npos);
}

// ---- rights ----

TEST_F(PostgresStore, WriterMayAppendAndEraseAndNeverChangeOrRemoveACommit) {
  ASSERT_TRUE(PreparePostgres(address_).ok());
  Exec(
      "CREATE ROLE county_server LOGIN IN ROLE landfall_writer; CREATE ROLE county_screen LOGIN IN ROLE "
      "landfall_reader");
  const std::string writer_address = PostgresServer::As(address_, "county_server");
  const std::string reader_address = PostgresServer::As(address_, "county_screen");
  auto writer = Open(writer_address, true);
  ASSERT_TRUE(writer.ok()) << CodeOf(writer);
  Commit commit = One(Row(1, 1));
  commit.erasable = {{1, 0, "text"}};
  ASSERT_TRUE((*writer)->PutMeta("vkey", "one").ok());
  ASSERT_TRUE((*writer)->Append(commit).ok());
  Commit erase = One(Row(2, 1));
  erase.erase = {{1, 0}};
  ASSERT_TRUE((*writer)->Append(erase).ok());
  ASSERT_TRUE((*writer)->PutCheckpoint(1, "note").ok());

  auto direct = PgConnection::Open(writer_address, {}).value();
  for (const char* forbidden :
       {"UPDATE landfall.commits SET n = 2", "DELETE FROM landfall.commits", "TRUNCATE landfall.commits",
        "UPDATE landfall.tiles SET idx = 1", "DELETE FROM landfall.ledgers", "UPDATE landfall.erasable SET seq = 3",
        "ALTER TABLE landfall.commits DISABLE TRIGGER ALL", "DROP TABLE landfall.meta"})
    EXPECT_EQ(CodeOf(direct.Exec(forbidden)), "store.not_permitted") << forbidden;

  auto reader = Open(reader_address, false, true);
  ASSERT_TRUE(reader.ok()) << CodeOf(reader);
  EXPECT_EQ((*reader)->RowOf(2)->body, "body 2");
  auto pretender = Open(reader_address, false);
  ASSERT_TRUE(pretender.ok());
  EXPECT_EQ(CodeOf((*pretender)->Append(One(Row(3, 1)))), "store.not_permitted");
}

// ---- places ----

TEST_F(PostgresStore, LedgersOfOneDatabaseKnowNothingOfEachOther) {
  auto one = Open(address_, true, false, "430212").value();
  auto two = Open(address_, true, false, "430281").value();
  for (auto* store : {one.get(), two.get()}) {
    Commit commit = One(Row(1, 2));
    commit.erasable = {{1, 0, "text"}};
    commit.tiles = {{0, 0, "tile"}};
    ASSERT_TRUE(store->Append(commit).ok());
    ASSERT_TRUE(store->PutCheckpoint(2, "note").ok());
  }
  ASSERT_TRUE(one->PutMeta("vkey", "one").ok());
  Commit erase = One(Row(3, 1));
  erase.erase = {{1, 0}};
  ASSERT_TRUE(one->Append(erase).ok());

  EXPECT_EQ((*one->LastRow())->first, 3u);
  EXPECT_EQ((*two->LastRow())->first, 1u);
  EXPECT_FALSE(one->Erasable(1, 0)->has_value());
  EXPECT_TRUE(two->Erasable(1, 0)->has_value());
  EXPECT_FALSE(two->Meta("vkey")->has_value());
  EXPECT_EQ(*PostgresLedgers(address_), (std::vector<std::string>{"430212", "430281"}));
}

TEST_F(PostgresStore, OfTwoThatMakeTheSameLedgerOneIsRefusedAndChangesNothing) {
  ASSERT_TRUE(PreparePostgres(address_).ok());
  auto one = Open(address_, true).value();
  auto two = Open(address_, true).value();
  ASSERT_TRUE(one->PutMeta("vkey", "one").ok());
  EXPECT_EQ(CodeOf(two->PutMeta("vkey", "two")), "store.exists");
  EXPECT_EQ(CodeOf(two->Append(One(Row(1, 1)))), "store.race_lost");
  EXPECT_EQ(**one->Meta("vkey"), "one");
  EXPECT_FALSE(one->LastRow()->has_value());
}

TEST_F(PostgresStore, CommitBehindAHoleIsRefusedAsALossOfEntries) {
  auto store = Open(address_, true).value();
  ASSERT_TRUE(store->Append(One(Row(1, 3))).ok());
  EXPECT_EQ(CodeOf(store->Append(One(Row(5, 1)))), "ledger.rolled_back");
  EXPECT_EQ((*store->LastRow())->first, 1u);
}

TEST_F(PostgresStore, LongCommitGoesByCopyAndIsTheSame) {
  auto store = Open(address_, true).value();
  Commit commit = One(Row(1, 1000));
  commit.rows.push_back(Row(1001, 1000));
  for (std::uint64_t seq = 1; seq <= 2000; ++seq)
    for (std::uint32_t event = 0; event < 3; ++event)
      commit.erasable.push_back({seq, event, fmt::format("{}.{}\0", seq, event)});
  ASSERT_TRUE(store->Append(commit).ok());
  EXPECT_EQ(CodeOf(store->Append(commit)), "store.race_lost");
  ASSERT_TRUE(store->Append(One(Row(2001, 1))).ok());

  std::uint64_t seen = 0;
  ASSERT_TRUE(store
                  ->ScanErasable(1, 2001,
                                 [&](std::uint64_t seq, std::uint32_t event, std::string_view bytes) {
                                   EXPECT_EQ(seq * 3 + event, 3 + seen);
                                   EXPECT_EQ(bytes, commit.erasable[seen++].bytes);
                                 })
                  .ok());
  EXPECT_EQ(seen, 6000u);
}

// ---- connections that break ----

TEST_F(PostgresStore, AnotherHostIsTakenWhereTheFirstIsDown) {
  TempFolder temp;
  std::string address = address_;
  address.insert(address.find("host=") + 5, (temp / "nobody") + ",");
  auto store = Open(address, true);
  ASSERT_TRUE(store.ok()) << CodeOf(store) << store.error().detail;
  EXPECT_TRUE((*store)->Append(One(Row(1, 1))).ok());
}

TEST_F(PostgresStore, AnswerThatIsLostIsNeverTakenForYesOrNo) {
  for (const auto cut : {PostgresProxy::Cut::kQuestion, PostgresProxy::Cut::kAnswer}) {
    SCOPED_TRACE(cut == PostgresProxy::Cut::kQuestion ? "the commit was cut" : "its answer was cut");
    TempFolder temp;
    const std::string address = PostgresServer::Shared()->NewDatabase();
    PostgresProxy proxy(temp / ".s.PGSQL.5432", PostgresServer::Shared()->socket() + "/.s.PGSQL.5432");
    auto store = Open(PostgresServer::Shared()->Through(address, temp.path()), true).value();
    ASSERT_TRUE(store->Append(One(Row(1, 1))).ok());

    proxy.CutNext(cut);
    EXPECT_EQ(CodeOf(store->Append(One(Row(2, 1)))), "store.answer_lost");
    EXPECT_EQ(proxy.cuts(), 1);

    const bool stored = cut == PostgresProxy::Cut::kAnswer;
    EXPECT_EQ((*store->LastRow())->first, stored ? 2u : 1u) << "reading tells";
    EXPECT_EQ(CodeOf(store->Append(One(Row(2, 1)))), stored ? "store.race_lost" : "ok") << "and nothing is done twice";
  }
}

TEST_F(PostgresStore, SmallValuesAndReadsSurviveACut) {
  TempFolder temp;
  PostgresProxy proxy(temp / ".s.PGSQL.5432", PostgresServer::Shared()->socket() + "/.s.PGSQL.5432");
  auto store = Open(PostgresServer::Shared()->Through(address_, temp.path()), true).value();
  for (const auto cut : {PostgresProxy::Cut::kQuestion, PostgresProxy::Cut::kAnswer}) {
    proxy.CutNext(cut);
    EXPECT_TRUE(store->PutMeta("vkey", "one").ok());
    proxy.CutNext(cut);
    EXPECT_EQ(**store->Meta("vkey"), "one");
    proxy.CutNext(cut);
    EXPECT_TRUE(store->PutCheckpoint(1, "note").ok());
  }
  EXPECT_EQ(proxy.cuts(), 6);
}

TEST_F(PostgresStore, ServerThatCrashedIsFoundAgain) {
  auto store = Open(address_, true).value();
  ASSERT_TRUE(store->Append(One(Row(1, 1))).ok());
  ASSERT_TRUE(PostgresServer::Shared()->Restart());

  const auto row = store->RowOf(1);
  ASSERT_TRUE(row.ok()) << CodeOf(row) << row.error().detail;
  EXPECT_EQ(row->body, "body 1");
  const std::string first = CodeOf(store->Append(One(Row(2, 1))));
  if (first == "store.answer_lost") {
    EXPECT_TRUE(store->Append(One(Row(2, 1))).ok());
  }
  EXPECT_EQ((*store->LastRow())->first, 2u);
}

TEST_F(PostgresStore, PatienceEndsWithAnError) {
  TempFolder temp;
  auto proxy =
      std::make_unique<PostgresProxy>(temp / ".s.PGSQL.5432", PostgresServer::Shared()->socket() + "/.s.PGSQL.5432");
  auto store =
      OpenPostgresStore(PostgresServer::Shared()->Through(address_, temp.path()),
                        {.jurisdiction = test::kJurisdiction, .create = true, .read_only = false, .patience = {}})
          .value();
  proxy.reset();
  EXPECT_EQ(CodeOf(store->LastRow()), "store.io");
}

// ---- news ----

TEST_F(PostgresStore, CommitOfAnotherProcessIsHeardOf) {
  auto writer = Open(address_, true).value();
  auto other = Open(address_, true, false, "430281").value();
  ASSERT_TRUE(writer->Append(One(Row(1, 1))).ok());
  auto follower = Open(address_, false, true).value();
  EXPECT_FALSE(follower->AwaitNews(std::chrono::milliseconds(0))) << "listens from now on";

  ASSERT_TRUE(other->Append(One(Row(1, 1))).ok());
  ASSERT_TRUE(writer->Append(One(Row(2, 1))).ok());

  EXPECT_TRUE(follower->AwaitNews(std::chrono::seconds(10)));
  EXPECT_FALSE(follower->AwaitNews(std::chrono::milliseconds(0))) << "told once; another ledger's are not news";
}

// ---- copies ----

TEST_F(PostgresStore, LedgerIsTheSameAfterTwoMoves) {
  TempFolder temp;
  SeededRandom random(1);
  const auto standing = [&](std::unique_ptr<Store> store) {
    auto log = Log::Open(std::move(store), random).value();
    ReplayOptions options;
    options.verify_leaves = options.verify_payloads = true;
    const Status read = log->Replay(
        options, [](const Leaf&, const StoredEntry&, std::span<const std::string_view>) -> Status { return Ok{}; });
    EXPECT_TRUE(read.ok()) << CodeOf(read);
    return std::pair(log->size(), log->root());
  };
  const auto file = [&](const std::string& name, bool create) {
    return OpenSqliteStore(temp / name, {.vfs = {}, .create = create, .read_only = false}).value();
  };
  std::pair<std::uint64_t, Digest> first;
  {
    auto log = Log::Open(file("one.db", true), random).value();
    for (int i = 1; i <= 70'000; ++i) {
      EntryDraft draft{Instant(std::chrono::hours(1)), "system", "k" + std::to_string(i), {}, "x", "x{}", {}};
      draft.events.push_back({{"x.y", 1, EventClass::kInternal, false}, "x/1", "{}"});
      if (i % 100 == 0) draft.events.push_back({{"x.z", 1, EventClass::kPersonal, true}, "x/1", "{\"a\":1}"});
      ASSERT_TRUE(log->Add(draft).ok());
      if (i % 1777 == 0) {
        ASSERT_TRUE(log->Flush().ok());
      }
    }
    log->Erase(100, 1);
    ASSERT_TRUE(log->Flush().ok());
    ASSERT_TRUE(log->store().PutMeta("vkey", "key").ok());
    ASSERT_TRUE(log->store().PutCheckpoint(5, "note").ok());
    first = {log->size(), log->root()};
  }

  {
    auto from = file("one.db", false);
    auto to = Open(address_, true).value();
    ASSERT_EQ(*CopyStore(*from, *to), 70'000u);
    EXPECT_EQ(CodeOf(CopyStore(*from, *to)), "store.not_empty");
  }
  EXPECT_EQ(standing(Open(address_, false).value()), first);
  {
    auto from = Open(address_, false).value();
    auto to = file("two.db", true);
    ASSERT_TRUE(CopyStore(*from, *to).ok());
    EXPECT_EQ(**to->Meta("vkey"), "key");
    EXPECT_EQ(**to->LastCheckpoint(), "note");
    EXPECT_FALSE(to->Erasable(100, 1)->has_value());
  }
  EXPECT_EQ(standing(file("two.db", false)), first);
}

}  // namespace
}  // namespace landfall::ledger
