// SPDX-License-Identifier: Apache-2.0
// The layer that joins writes: it must never be noticed except by their number.
#include "ledger/sqlite_gathering.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <memory>
#include <random>

#include "ledger/sqlite.h"
#include "tests/support/fault_vfs.h"
#include "tests/support/ledger_fixture.h"

namespace landfall::ledger {
namespace {

// A file on the layer, as SQLite opens it.
class OnLayer {
 public:
  OnLayer(const std::string& base, const std::string& path, int kind) : path_(path) {
    sqlite3_vfs* vfs = sqlite3_vfs_find(GatheringVfs(base).c_str());
    memory_ = std::make_unique<char[]>(static_cast<std::size_t>(vfs->szOsFile));
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | kind;
    code_ = vfs->xOpen(vfs, path_.c_str(), file(), flags, &flags);
  }
  ~OnLayer() {
    if (code_ == SQLITE_OK) file()->pMethods->xClose(file());
  }
  OnLayer(const OnLayer&) = delete;
  OnLayer& operator=(const OnLayer&) = delete;

  int Write(std::string_view bytes, std::size_t at) {
    return io().xWrite(file(), bytes.data(), static_cast<int>(bytes.size()), static_cast<sqlite3_int64>(at));
  }
  std::string Read(std::size_t n, std::size_t at) {
    std::string out(n, 'x');
    const int code = io().xRead(file(), out.data(), static_cast<int>(n), static_cast<sqlite3_int64>(at));
    EXPECT_TRUE(code == SQLITE_OK || code == SQLITE_IOERR_SHORT_READ) << code;
    return out;
  }
  int Sync() { return io().xSync(file(), SQLITE_SYNC_NORMAL); }
  // What SQLite says when a checkpoint has written its pages; it does not look at the answer.
  void Note() { (void)io().xFileControl(file(), SQLITE_FCNTL_CKPT_DONE, nullptr); }
  void GiveBackLocks() { io().xUnlock(file(), SQLITE_LOCK_NONE); }
  int Truncate(std::size_t n) { return io().xTruncate(file(), static_cast<sqlite3_int64>(n)); }
  std::size_t Size() {
    sqlite3_int64 size = -1;
    EXPECT_EQ(io().xFileSize(file(), &size), SQLITE_OK);
    return static_cast<std::size_t>(size);
  }

 private:
  sqlite3_file* file() { return reinterpret_cast<sqlite3_file*>(memory_.get()); }
  const sqlite3_io_methods& io() { return *file()->pMethods; }
  std::string path_;  // SQLite's disk keeps the pointer.
  std::unique_ptr<char[]> memory_;
  int code_ = SQLITE_ERROR;
};

TEST(GatheringVfs, ReadsBackWhatWasWrittenInWhateverOrder) {
  app::test::TempFolder temp;
  for (std::uint32_t seed = 1; seed <= 40; ++seed) {
    std::mt19937 random(seed);
    const auto up_to = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
    std::string model;
    OnLayer file("", temp / ("f" + std::to_string(seed)), SQLITE_OPEN_MAIN_DB);
    std::size_t next = 0;  // Mostly on from where the last write ended, as SQLite does.
    for (int step = 0; step < 300; ++step) {
      const std::size_t what = up_to(10);
      if (what < 7) {
        const std::string bytes(1 + up_to(step % 50 == 0 ? 200'000 : 5'000), static_cast<char>('a' + up_to(26)));
        const std::size_t at = up_to(4) == 0 ? up_to(model.size() + 1) : next;
        // The system's disk takes 128 KiB at once; SQLite never gives more than a page of 64.
        const std::string_view some = std::string_view(bytes).substr(0, 65'536);
        if (model.size() < at + some.size()) model.resize(at + some.size(), '\0');
        model.replace(at, some.size(), some);
        ASSERT_EQ(file.Write(some, at), SQLITE_OK);
        next = at + some.size();
      } else if (what == 7 && !model.empty()) {
        const std::size_t at = up_to(model.size()), n = 1 + up_to(model.size() - at);
        ASSERT_EQ(file.Read(n, at), model.substr(at, n)) << "seed " << seed;
      } else if (what == 8) {
        ASSERT_EQ(file.Size(), model.size());
      } else if (what == 9) {
        model.resize(up_to(model.size() + 1));
        ASSERT_EQ(file.Truncate(model.size()), SQLITE_OK);
        next = model.size();
      }
    }
    ASSERT_EQ(file.Sync(), SQLITE_OK);
    ASSERT_EQ(app::test::ReadBytes(temp / ("f" + std::to_string(seed))), model) << "seed " << seed;
  }
}

TEST(GatheringVfs, ARunGoesOnAsOneWrite) {
  app::test::TempFolder temp;
  test::RegisterFaultVfs();
  for (const int kind : {SQLITE_OPEN_MAIN_DB, SQLITE_OPEN_TEMP_DB}) {
    OnLayer file(test::kFaultVfs, temp / ("f" + std::to_string(kind)), kind);
    test::SetFault({});
    for (std::size_t i = 0; i < 10; ++i) ASSERT_EQ(file.Write(std::string(4096, 'p'), i * 4096), SQLITE_OK);
    ASSERT_EQ(file.Sync(), SQLITE_OK);
    // Ten pages and a sync; a file of another kind is not gathered.
    EXPECT_EQ(test::FaultCalls(), kind == SQLITE_OPEN_TEMP_DB ? 11 : 2);
  }
}

TEST(GatheringVfs, AFailedWriteIsToldByWhatComesNext) {
  app::test::TempFolder temp;
  test::RegisterFaultVfs();
  const auto failing = [&](const std::string& name, auto next) {
    OnLayer file(test::kFaultVfs, temp / name, SQLITE_OPEN_MAIN_DB);
    test::SetFault({.full = true, .at = 1});
    EXPECT_EQ(file.Write("kept for later", 0), SQLITE_OK);
    EXPECT_EQ(next(file), SQLITE_FULL) << name;
    test::SetFault({});
  };
  failing("sync", [](OnLayer& file) { return file.Sync(); });
  failing("elsewhere", [](OnLayer& file) { return file.Write("not behind it", 100); });
  failing("a note that nobody reads, then sync", [](OnLayer& file) {
    file.Note();
    return file.Sync();
  });
  failing("truncate", [](OnLayer& file) { return file.Truncate(0); });
}

TEST(GatheringVfs, WhatCameToNothingIsForgottenWithTheLocks) {
  app::test::TempFolder temp;
  test::RegisterFaultVfs();
  OnLayer file(test::kFaultVfs, temp / "f", SQLITE_OPEN_MAIN_DB);
  ASSERT_EQ(file.Write("synced", 0), SQLITE_OK);
  ASSERT_EQ(file.Sync(), SQLITE_OK);
  ASSERT_EQ(file.Write("undone", 0), SQLITE_OK);
  file.GiveBackLocks();
  EXPECT_EQ(file.Read(6, 0), "synced");
  // A failure, too, is over then.
  test::SetFault({.at = 1});
  ASSERT_EQ(file.Write("failed", 0), SQLITE_OK);
  EXPECT_NE(file.Sync(), SQLITE_OK);
  EXPECT_NE(file.Sync(), SQLITE_OK) << "a write that failed is not synced by trying again";
  file.GiveBackLocks();
  EXPECT_EQ(file.Sync(), SQLITE_OK);
  test::SetFault({});
}

// What a commit of 64 pages costs the disk below: its log in runs, a sync.
TEST(GatheringVfs, ACommitIsAFewWrites) {
  app::test::TempFolder temp;
  test::RegisterFaultVfs();
  auto db = Connection::Open(temp / "a.db", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, GatheringVfs(test::kFaultVfs));
  ASSERT_TRUE(db.ok());
  ASSERT_TRUE(db->Exec("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE t(b BLOB) STRICT").ok());
  test::SetFault({});
  ASSERT_TRUE(db->Exec("INSERT INTO t VALUES(zeroblob(262144))").ok());
  EXPECT_LE(test::FaultCalls(), 8U);
  auto reader = Connection::Open(temp / "a.db", SQLITE_OPEN_READONLY, "");
  ASSERT_TRUE(reader.ok());
  auto length = Statement::Prepare(reader->get(), "SELECT length(b) FROM t");
  ASSERT_TRUE(length.ok() && length->Step().value());
  EXPECT_EQ(length->Int(0), 262'144);
}

}  // namespace
}  // namespace landfall::ledger
