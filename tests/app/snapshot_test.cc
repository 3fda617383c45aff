// SPDX-License-Identifier: Apache-2.0
#include "tests/support/ledger_fixture.h"

namespace landfall::app::test {
namespace {

struct SnapshotLedger {
  World w;
  std::uint64_t seq = 0;
  SnapshotLedger() {
    w.Create();
    FillSmall(w);
    Write();
  }
  void Write() {
    Replica replica;
    ASSERT_TRUE(Fold(w.engine->log(), replica).ok());
    seq = replica.seq;
    ASSERT_TRUE(WriteSnapshot(w.files.snapshots(),
                              {replica.state, replica.keys, replica.history, replica.seq, replica.last_at},
                              w.engine->log())
                    .ok());
  }
  std::string Path() const { return ListSnapshots(w.files.snapshots()).at(0).path; }
};

TEST(Snapshot, HoldsTheStateThatReplayGives) {
  SnapshotLedger l;
  Replica loaded;

  ASSERT_TRUE(LoadSnapshot(l.w.files.snapshots(), loaded, l.w.engine->log(), UINT64_MAX));

  EXPECT_EQ(loaded.seq, l.seq);
  EXPECT_EQ(HashOf(loaded.state), ReplayedHash(l.w.files));
  EXPECT_EQ(ListSnapshots(l.w.files.snapshots()).at(0).state_hash, ReplayedHash(l.w.files, l.seq));
  EXPECT_EQ(loaded.history.Find("project/p1", 0, 10), l.w.engine->history().Find("project/p1", 0, 10));
}

TEST(Snapshot, GoesOnFromTheMiddleOfTheLedger) {
  SnapshotLedger l;
  l.w.Do(UnitCommand(7));
  const std::string live = l.w.Hash();

  l.w.Open();

  EXPECT_EQ(l.w.Hash(), live);
  EXPECT_EQ(l.w.engine->history().Count("unit/o1"), 1u);
}

// Whatever byte of a snapshot changes: it is ignored, or what is loaded is the true state all the same.
TEST(Snapshot, EveryChangedByteIsHarmless) {
  SnapshotLedger l;
  const std::string path = l.Path(), bytes = ReadBytes(path), truth = ReplayedHash(l.w.files);
  std::size_t ignored = 0;

  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::string broken = bytes;
    broken[at] = static_cast<char>(broken[at] ^ (1 << at % 8));
    WriteBytes(path, broken);
    Replica loaded;
    const bool usable = LoadSnapshot(l.w.files.snapshots(), loaded, l.w.engine->log(), UINT64_MAX);
    ignored += !usable;
    if (usable) {
      ASSERT_EQ(HashOf(loaded.state), truth) << at;
      ASSERT_EQ(loaded.last_at, kStart) << at;
    } else {
      ASSERT_EQ(loaded.keys.Find("system", "x"), 0u);
      ASSERT_EQ(HashOf(loaded.state), HashOf(State{}))
          << "a snapshot that breaks off leaves something behind, byte " << at;
    }
  }
  EXPECT_GT(ignored, bytes.size() * 9 / 10);
}

TEST(Snapshot, EveryCutIsIgnored) {
  SnapshotLedger l;
  const std::string path = l.Path(), bytes = ReadBytes(path);

  for (std::size_t size = 0; size < bytes.size(); size += 3) {
    WriteBytes(path, std::string_view(bytes).substr(0, size));
    Replica loaded;
    ASSERT_FALSE(LoadSnapshot(l.w.files.snapshots(), loaded, l.w.engine->log(), UINT64_MAX)) << size;
  }
  l.w.Open();
  EXPECT_EQ(l.w.Hash(), ReplayedHash(l.w.files));
}

TEST(Snapshot, OfAnotherFormatIsIgnored) {
  SnapshotLedger l;
  const std::string path = l.Path(), bytes = ReadBytes(path), head = "{\"format\":3,";
  ASSERT_TRUE(bytes.starts_with(head));
  Replica loaded;
  ASSERT_TRUE(LoadSnapshot(l.w.files.snapshots(), loaded, l.w.engine->log(), UINT64_MAX));

  for (const std::string earlier : {"1", "2"}) {
    WriteBytes(path, "{\"format\":" + earlier + "," + bytes.substr(head.size()));
    Replica read;
    EXPECT_FALSE(LoadSnapshot(l.w.files.snapshots(), read, l.w.engine->log(), UINT64_MAX)) << earlier;
  }
}

TEST(Snapshot, OfAnotherLedgerIsIgnored) {
  SnapshotLedger l;
  World other(2);
  other.Create();
  FillSmall(other);
  other.Close();
  std::filesystem::create_directories(other.files.snapshots());
  std::filesystem::copy_file(l.Path(), other.files.snapshots() + "/" + std::to_string(l.seq) + ".snap");

  other.Open();

  EXPECT_EQ(other.Hash(), ReplayedHash(other.files));
  Replica loaded;
  EXPECT_FALSE(LoadSnapshot(other.files.snapshots(), loaded, other.engine->log(), UINT64_MAX));
}

TEST(Snapshot, NewestTwoAreKept) {
  SnapshotLedger l;
  for (int i = 0; i < 3; ++i) {
    l.w.Do(UnitCommand(10 + i));
    l.Write();
  }

  const auto list = ListSnapshots(l.w.files.snapshots());

  ASSERT_EQ(list.size(), 2u);
  EXPECT_EQ(list[0].seq, l.seq);
  EXPECT_EQ(list[1].seq, l.seq - 1);
}

TEST(Snapshot, ThatIsNotTheReplayIsThrownAwayByVerify) {
  SnapshotLedger l;
  const auto before = VerifyLedger(l.w.files);
  // A state of another moment under this name, with every checksum right: only the replay can tell.
  const std::string good = ReadBytes(l.Path());
  const std::string hash = ListSnapshots(l.w.files.snapshots()).at(0).state_hash;
  std::string forged = good;
  forged.replace(forged.find(hash), hash.size(), std::string(hash.size(), '0'));
  WriteBytes(l.Path(), forged);

  const auto report = VerifyLedger(l.w.files);

  EXPECT_TRUE(before->removed_snapshots.empty());
  EXPECT_EQ(report->verdict, Verdict::intact) << "a snapshot is no part of the ledger";
  EXPECT_EQ(report->removed_snapshots, std::vector<std::string>{std::to_string(l.seq) + ".snap"});
  EXPECT_TRUE(ListSnapshots(l.w.files.snapshots()).empty());
}

}  // namespace
}  // namespace landfall::app::test
