// SPDX-License-Identifier: Apache-2.0
#include "ledger/store_sqlite.h"

#include <sys/stat.h>

#include <thread>

#include "ledger/blobs.h"
#include "tests/ledger/each_engine.h"

namespace landfall::ledger {
namespace {

using app::test::CodeOf;
using app::test::ReadBytes;
using app::test::Tamper;
using app::test::TempFolder;
using app::test::WriteBytes;
using test::One;
using test::Row;

struct StoreFile {
  test::StorePlace place;
  std::unique_ptr<Store> store;
  explicit StoreFile(test::EngineKind kind) : place(kind) { store = std::move(place.Open(true)).value(); }
  std::vector<std::uint64_t> Firsts(std::uint64_t from) {
    std::vector<std::uint64_t> firsts;
    EXPECT_TRUE(store
                    ->Scan(from,
                           [&](const CommitRow& row) {
                             firsts.push_back(row.first);
                             return true;
                           })
                    .ok());
    return firsts;
  }
};

class AnyStore : public test::EachEngine {};
LF_EACH_ENGINE(AnyStore);

TEST_P(AnyStore, RowIsReadBackAsItWasWritten) {
  StoreFile f(GetParam());
  const CommitRow row = Row(1, 3);
  ASSERT_TRUE(f.store->Append(One(row)).ok());

  const auto back = f.store->RowOf(2);

  ASSERT_TRUE(back.ok());
  EXPECT_EQ(back->first, 1u);
  EXPECT_EQ(back->count, 3u);
  EXPECT_EQ(back->body, row.body);
  EXPECT_EQ(back->leaf_hashes, row.leaf_hashes);
  EXPECT_EQ(back->frontier, row.frontier);
  EXPECT_EQ(back->checksum, row.checksum);
  EXPECT_EQ(CodeOf(f.store->RowOf(4)), "entry.not_found");
  EXPECT_EQ((*f.store->LastRow())->first, 1u);
}

TEST(SqliteStore, ChecksumCoversEveryPartOfTheRow) {
  const CommitRow row = Row(5, 2);
  CommitRow body = row, hashes = row, frontier = row, first = row, count = row;
  body.body[0] ^= 1;
  hashes.leaf_hashes[40] ^= 1;
  frontier.frontier[31] ^= 1;
  first.first = 6;
  count.count = 3;
  for (const CommitRow& changed : {body, hashes, frontier, first, count}) EXPECT_NE(ChecksumOf(changed), row.checksum);
}

TEST_P(AnyStore, PlaceTakenByAnotherWriterIsALostRaceAndStoresNothing) {
  StoreFile f(GetParam());
  ASSERT_TRUE(f.store->Append(One(Row(1, 3))).ok());
  Commit commit = One(Row(1, 1));
  commit.erasable.push_back({1, 0, "x"});

  EXPECT_EQ(CodeOf(f.store->Append(commit)), "store.race_lost");
  EXPECT_FALSE(f.store->Erasable(1, 0)->has_value());
  EXPECT_TRUE(f.store->Append(One(Row(4, 1))).ok()) << "the transaction was ended";
}

TEST_P(AnyStore, CommitIsAllOrNothing) {
  StoreFile f(GetParam());
  ASSERT_TRUE(f.store->Append(One(Row(1, 1))).ok());
  Commit commit = One(Row(2, 1));
  commit.rows.push_back(Row(3, 1));
  commit.rows.push_back(Row(3, 1));  // Taken.
  commit.erasable.push_back({2, 0, "x"});

  EXPECT_EQ(CodeOf(f.store->Append(commit)), "store.race_lost");
  EXPECT_EQ(f.Firsts(1), std::vector<std::uint64_t>{1});
  EXPECT_FALSE(f.store->Erasable(2, 0)->has_value());
}

TEST_P(AnyStore, ScanBeginsWithTheRowThatHoldsTheEntryAndCrossesPages) {
  StoreFile f(GetParam());
  for (std::uint64_t first = 1; first <= 1001; first += 5) ASSERT_TRUE(f.store->Append(One(Row(first, 5))).ok());

  EXPECT_EQ(f.Firsts(1).size(), 201u);
  EXPECT_EQ(f.Firsts(500).front(), 496u);
  EXPECT_EQ(f.Firsts(501).front(), 501u);
  EXPECT_EQ(f.Firsts(1005).size(), 1u);
  int seen = 0;
  ASSERT_TRUE(f.store->Scan(1, [&](const CommitRow&) { return ++seen < 100; }).ok());
  EXPECT_EQ(seen, 100);
}

TEST_P(AnyStore, ErasablePayloadsAreFoundAndErased) {
  StoreFile f(GetParam());
  Commit commit = One(Row(1, 2));
  commit.erasable = {{1, 1, "one"}, {2, 0, "two"}, {2, 3, "three"}};
  ASSERT_TRUE(f.store->Append(commit).ok());
  Commit erase = One(Row(3, 1));
  erase.erase = {{2, 0}};
  ASSERT_TRUE(f.store->Append(erase).ok());

  std::string seen;
  ASSERT_TRUE(f.store
                  ->ScanErasable(1, 3,
                                 [&](std::uint64_t seq, std::uint32_t event, std::string_view bytes) {
                                   seen += fmt::format("{}.{}={} ", seq, event, bytes);
                                 })
                  .ok());

  EXPECT_EQ(seen, "1.1=one 2.3=three ");
  EXPECT_EQ(**f.store->Erasable(1, 1), "one");
  EXPECT_FALSE(f.store->Erasable(2, 0)->has_value());
}

TEST(SqliteStore, ErasedBytesLeaveTheFileAndItsWriteAheadLogAtOnce) {
  StoreFile f(test::EngineKind::kSqlite);
  const std::string secret = "示例的秘密文字" + std::string(200, 's');
  Commit commit = One(Row(1, 1));
  commit.erasable = {{1, 0, secret}};
  ASSERT_TRUE(f.store->Append(commit).ok());
  const auto holds = [&] {
    return (ReadBytes(f.place.path()) + ReadBytes(f.place.path() + "-wal")).find("示例的秘密文字") != std::string::npos;
  };
  ASSERT_TRUE(holds());
  Commit erase = One(Row(2, 1));
  erase.erase = {{1, 0}};

  ASSERT_TRUE(f.store->Append(erase).ok());

  EXPECT_FALSE(holds());
}

TEST(SqliteStore, ReaderInTheWayDelaysTheRemovalToTheNextCommit) {
  StoreFile f(test::EngineKind::kSqlite);
  Commit commit = One(Row(1, 1));
  commit.erasable = {{1, 0, "示例的秘密文字"}};
  ASSERT_TRUE(f.store->Append(commit).ok());
  Commit erase = One(Row(2, 1));
  erase.erase = {{1, 0}};
  {
    Connection reader = Connection::Open(f.place.path(), SQLITE_OPEN_READONLY, "").value();
    ASSERT_TRUE(reader.Exec("BEGIN; SELECT count(*) FROM commits").ok());
    std::thread leaves([&] {
      // Longer than nothing and shorter than the writer's patience: it waits, and then goes through.
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      EXPECT_TRUE(reader.Exec("COMMIT").ok());
    });
    EXPECT_TRUE(f.store->Append(erase).ok());
    leaves.join();
  }
  ASSERT_TRUE(f.store->Append(One(Row(3, 1))).ok());

  EXPECT_EQ((ReadBytes(f.place.path()) + ReadBytes(f.place.path() + "-wal")).find("示例的秘密文字"), std::string::npos);
}

TEST_P(AnyStore, MetaIsReplacedAsAWhole) {
  StoreFile f(GetParam());
  ASSERT_TRUE(f.store->PutMeta("vkey", "one").ok());
  ASSERT_TRUE(f.store->PutMeta("vkey", "two").ok());
  EXPECT_EQ(**f.store->Meta("vkey"), "two");
  EXPECT_FALSE(f.store->Meta("other")->has_value());
}

TEST_P(AnyStore, NewestThousandCheckpointsAreKept) {
  StoreFile f(GetParam());
  ASSERT_TRUE(f.store
                  ->AppendAll([&]() -> Status {
                    for (std::uint64_t size = 1; size <= 1200; ++size) LF_TRY(f.store->PutCheckpoint(size, "note"));
                    return Ok{};
                  })
                  .ok());
  ASSERT_TRUE(f.store->PutCheckpoint(1201, "newest").ok());

  std::vector<std::uint64_t> sizes;
  ASSERT_TRUE(f.store->ScanCheckpoints([&](std::uint64_t size, std::string_view) { sizes.push_back(size); }).ok());

  EXPECT_EQ(sizes.size(), 1000u);
  EXPECT_EQ(sizes.front(), 202u);
  EXPECT_EQ(**f.store->LastCheckpoint(), "newest");
}

TEST_P(AnyStore, BackupIsACopyAndOverwritesNothing) {
  StoreFile f(GetParam());
  ASSERT_TRUE(f.store->Append(One(Row(1, 3))).ok());
  int last = 0, all = 0;
  ASSERT_TRUE(f.store->Backup(f.place.temp / "copy.db", [&](int done, int total) { last = done, all = total; }).ok());

  EXPECT_EQ(CodeOf(f.store->Backup(f.place.temp / "copy.db", {})), "store.exists");
  EXPECT_GT(all, 0);
  EXPECT_EQ(last, all);
  auto copy = OpenSqliteStore(f.place.temp / "copy.db", {.vfs = {}, .create = false, .read_only = true});
  ASSERT_TRUE(copy.ok());
  EXPECT_EQ((*copy)->RowOf(2)->body, "body 1");
  EXPECT_FALSE(std::filesystem::exists(f.place.temp / "copy.db-wal"));
}

TEST(SqliteStore, OtherFilesAreRefused) {
  TempFolder temp;
  EXPECT_EQ(CodeOf(OpenSqliteStore(temp / "none.db", {})), "store.missing");
  WriteBytes(temp / "text.db", std::string(5000, 'x'));
  EXPECT_EQ(CodeOf(OpenSqliteStore(temp / "text.db", {})), "store.corrupt");
  EXPECT_EQ(CodeOf(OpenSqliteStore(temp / "text.db", {.vfs = {}, .create = true, .read_only = false})), "store.exists");
  { ASSERT_TRUE(Blobs::Open(temp / "blobs.db").ok()); }
  EXPECT_EQ(CodeOf(OpenSqliteStore(temp / "blobs.db", {})), "store.not_a_ledger");
}

// ---- several at once ----

TEST_P(AnyStore, WhatIsFilledInIsThereAsAWholeOrNotAtAll) {
  StoreFile f(GetParam());
  const auto fill = [&](std::uint64_t first, bool whole) {
    return f.store->AppendAll([&, first, whole]() -> Status {
      LF_TRY(f.store->PutMeta("vkey", "key " + std::to_string(first)));
      Commit commit = One(Row(first, 2));
      commit.erasable = {{first, 0, "text"}};
      commit.tiles = {{0, first, std::string(8192, 't')}};
      LF_TRY(f.store->Append(commit));
      LF_TRY(f.store->Append(One(Row(first + 2, 1))));
      LF_TRY(f.store->PutCheckpoint(first, "note"));
      return whole ? Status(Ok{}) : Status(Conflict("test.enough"));
    });
  };

  EXPECT_EQ(CodeOf(fill(1, false)), "test.enough");
  EXPECT_FALSE(f.store->LastRow()->has_value());
  EXPECT_FALSE(f.store->Meta("vkey")->has_value());
  ASSERT_TRUE(fill(1, true).ok());
  ASSERT_TRUE(f.store->Append(One(Row(4, 1))).ok());

  EXPECT_EQ(f.Firsts(1), (std::vector<std::uint64_t>{1, 3, 4}));
  EXPECT_EQ(**f.store->Erasable(1, 0), "text");
  EXPECT_EQ(*f.store->Tile(0, 1), std::string(8192, 't'));
  EXPECT_EQ(**f.store->LastCheckpoint(), "note");
  std::string metas;
  ASSERT_TRUE(f.store
                  ->ScanMeta([&](std::string_view key, std::string_view value) -> Status {
                    metas += fmt::format("{}={} ", key, value);
                    return Ok{};
                  })
                  .ok());
  EXPECT_EQ(metas, "vkey=key 1 ");
}

TEST_P(AnyStore, OpensWhatIsThereAndMakesOnlyWhatIsNot) {
  test::StorePlace place(GetParam());
  EXPECT_EQ(CodeOf(place.Open(false)), "store.missing");
  {
    auto made = place.Open(true);
    ASSERT_TRUE(made.ok()) << CodeOf(made);
    ASSERT_TRUE((*made)->PutMeta("vkey", "one").ok());
  }
  EXPECT_EQ(CodeOf(place.Open(true)), "store.exists");
  auto reader = place.Open(false, true);
  ASSERT_TRUE(reader.ok()) << CodeOf(reader);
  EXPECT_EQ(**(*reader)->Meta("vkey"), "one");
}

TEST_P(AnyStore, ListenerIsWoken) {
  StoreFile f(GetParam());
  std::thread wakes([&] { f.store->WakeListener(); });
  EXPECT_FALSE(f.store->AwaitNews(std::chrono::hours(1)));
  wakes.join();
}

// ---- blobs ----

TEST(Blobs, AreNamedByTheirBytes) {
  TempFolder temp;
  auto blobs = Blobs::Open(temp / "blobs.db");
  ASSERT_TRUE(blobs.ok()) << CodeOf(blobs);
  const std::string bytes("示例合同\0x", 14);

  const auto digest = (*blobs)->Put("application/pdf", bytes);

  ASSERT_TRUE(digest.ok());
  EXPECT_EQ(*digest, Sha256(bytes));
  EXPECT_EQ(*(*blobs)->Get(*digest), bytes);
  EXPECT_EQ((*blobs)->Info(*digest)->media_type, "application/pdf");
  EXPECT_EQ((*blobs)->Info(*digest)->size, bytes.size());
  EXPECT_EQ(CodeOf((*blobs)->Get(Sha256("other"))), "blob.unknown");
  EXPECT_EQ(CodeOf((*blobs)->Info(Sha256("other"))), "blob.unknown");
}

TEST(Blobs, PutTwiceIsPutOnceAndSurvivesReopening) {
  TempFolder temp;
  Digest digest;
  {
    auto blobs = Blobs::Open(temp / "blobs.db");
    digest = (*blobs)->Put("text/plain", "示例").value();
    EXPECT_EQ(*(*blobs)->Put("application/json", "示例"), digest);
  }
  auto blobs = Blobs::OpenReadOnly(temp / "blobs.db");
  ASSERT_TRUE(blobs.ok());
  int count = 0;
  ASSERT_TRUE(
      (*blobs)
          ->Scan([&](const BlobInfo& info) { count += info.digest == digest && info.media_type == "text/plain"; })
          .ok());
  EXPECT_EQ(count, 1);
}

TEST(Blobs, BoundsAndNamesAreChecked) {
  TempFolder temp;
  auto blobs = Blobs::Open(temp / "blobs.db");
  EXPECT_EQ(CodeOf((*blobs)->Put("text/plain", "")), "blob.empty");
  EXPECT_EQ(CodeOf((*blobs)->Put("text/plain", std::string(kMaxBlobBytes + 1, 'x'))), "blob.too_large");
  EXPECT_TRUE((*blobs)->Put("text/plain", std::string(kMaxBlobBytes, 'x')).ok());
  for (const std::string_view bad :
       {"", "text", "/plain", "text/", "text/plain; charset=utf-8", "Text/plain", "a/b/c", "text/pl\nain"})
    EXPECT_EQ(CodeOf((*blobs)->Put(bad, "x")), "blob.bad_media_type") << bad;
  EXPECT_EQ(CodeOf(Blobs::OpenReadOnly(temp / "none.db")), "store.missing");
}

TEST(Blobs, ChangedBytesAreNeverHandedOut) {
  TempFolder temp;
  auto blobs = Blobs::Open(temp / "blobs.db");
  const Digest digest = (*blobs)->Put("text/plain", "示例").value();
  Tamper(temp / "blobs.db").Exec("UPDATE blobs SET bytes = x'00'");
  EXPECT_EQ(CodeOf((*blobs)->Get(digest)), "blob.corrupt");
}

TEST(Blobs, AreSafeFromManyThreads) {
  TempFolder temp;
  auto blobs = Blobs::Open(temp / "blobs.db");
  std::vector<std::thread> threads;
  std::atomic<int> wrong = 0;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 20; ++i) {
        const std::string bytes = "blob " + std::to_string(i % 5 + t % 2);
        const auto digest = (*blobs)->Put("text/plain", bytes);
        wrong += !digest || *(*blobs)->Get(*digest) != bytes;
      }
    });
  for (std::thread& t : threads) t.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace landfall::ledger
