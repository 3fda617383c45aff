// SPDX-License-Identifier: Apache-2.0
// The simulated disk itself: what a power cut may leave and what it may not.
#include <gtest/gtest.h>

#include <set>

#include "simulate/disk.h"

namespace landfall::simulate {
namespace {

constexpr std::uint32_t kSector = 512;

std::string Left(const Disk& disk, Survival survival, std::uint64_t seed) {
  SeededRandom chance(seed);
  const Disk after = disk.AfterPowerCut(survival, kSector, chance);
  const Disk::Handle file = after.Find("f");
  return file ? file->content : "(gone)";
}

struct Written : testing::Test {
  void SetUp() override {
    file = disk.Create("f");
    disk.Write(file, "f", 0, std::string(4 * kSector, 'a'));
    disk.Sync(file, "f");
  }
  Disk disk;
  Disk::Handle file;
};

TEST_F(Written, SyncedBytesSurviveEveryCut) {
  for (const Survival survival : {Survival::kNothing, Survival::kAll, Survival::kPrefix, Survival::kSome})
    EXPECT_EQ(Left(disk, survival, 1), std::string(4 * kSector, 'a'));
}

TEST_F(Written, UnsyncedSectorsAreOldOrNewAndNeverMixed) {
  disk.Write(file, "f", kSector / 2, std::string(3 * kSector, 'b'));
  disk.Write(file, "f", 0, std::string(kSector, 'c'));
  std::set<std::string> seen;
  for (std::uint64_t seed = 1; seed < 400; ++seed) {
    const std::string left = Left(disk, Survival::kSome, seed);
    ASSERT_EQ(left.size(), 4 * kSector);
    const std::string first = left.substr(0, kSector);
    const std::string half = std::string(kSector / 2, 'a') + std::string(kSector / 2, 'b');
    ASSERT_TRUE(first == std::string(kSector, 'a') || first == half || first == std::string(kSector, 'c'));
    for (std::size_t sector = 1; sector < 3; ++sector) {
      const std::string_view bytes = std::string_view(left).substr(sector * kSector, kSector);
      ASSERT_TRUE(bytes == std::string(kSector, 'a') || bytes == std::string(kSector, 'b'));
    }
    seen.insert(left);
  }
  EXPECT_EQ(seen.size(), 3u * 2 * 2 * 2);  // Every combination: writes are lost, torn and reordered.
}

TEST_F(Written, DiskThatKeepsTheOrderTearsOneWriteOnly) {
  disk.Write(file, "f", 0, std::string(2 * kSector, 'b'));
  disk.Write(file, "f", 2 * kSector, std::string(2 * kSector, 'c'));
  for (std::uint64_t seed = 1; seed < 100; ++seed) {
    const std::string left = Left(disk, Survival::kPrefix, seed);
    const std::size_t b = static_cast<std::size_t>(std::count(left.begin(), left.end(), 'b'));
    const std::size_t c = static_cast<std::size_t>(std::count(left.begin(), left.end(), 'c'));
    EXPECT_EQ(b % kSector, 0u);
    EXPECT_EQ(c % kSector, 0u);
    if (c > 0) {
      EXPECT_EQ(b, 2 * kSector);
    }
  }
}

TEST_F(Written, TruncationIsThereWithWhatFollowedOrNotAtAll) {
  disk.Truncate(file, "f", kSector);
  disk.Write(file, "f", kSector, std::string(kSector, 'b'));
  EXPECT_EQ(Left(disk, Survival::kNothing, 1), std::string(4 * kSector, 'a'));
  const std::string head(kSector, 'a');
  EXPECT_EQ(Left(disk, Survival::kAll, 1), head + std::string(kSector, 'b'));
  std::set<std::string> seen;
  for (std::uint64_t seed = 1; seed < 100; ++seed) seen.insert(Left(disk, Survival::kSome, seed));
  EXPECT_EQ(seen, (std::set<std::string>{std::string(4 * kSector, 'a'), head, head + std::string(kSector, '\0'),
                                         head + std::string(kSector, 'b')}));
}

TEST_F(Written, NamesAreSafeAfterTheNextSync) {
  disk.Create("new");
  disk.Remove("f", false);
  EXPECT_EQ(Left(disk, Survival::kNothing, 1), std::string(4 * kSector, 'a'));
  SeededRandom chance(1);
  EXPECT_FALSE(disk.AfterPowerCut(Survival::kNothing, kSector, chance).Find("new"));
  const Disk::Handle created = disk.Find("new");
  disk.Sync(created, "new");
  EXPECT_EQ(Left(disk, Survival::kSome, 1), "(gone)");
  EXPECT_TRUE(disk.AfterPowerCut(Survival::kNothing, kSector, chance).Find("new"));
}

TEST_F(Written, FaultsStrikeAtTheNumberedCalls) {
  disk.faults.fails_from = 2;
  disk.faults.fails_until = 3;
  disk.faults.power_cut_at = 4;
  EXPECT_EQ(disk.ChangeFate(), Disk::Fate::kDone);
  EXPECT_EQ(disk.ChangeFate(), Disk::Fate::kFails);
  EXPECT_EQ(disk.ChangeFate(), Disk::Fate::kDone);
  EXPECT_EQ(disk.ChangeFate(), Disk::Fate::kNoPower);
  EXPECT_EQ(disk.ReadFate(), Disk::Fate::kNoPower);
  EXPECT_FALSE(disk.power());
  EXPECT_EQ(disk.struck(), 1u);
}

TEST_F(Written, RecordedChangesMakeTheSameDiskAgain) {
  Disk source, copy;
  std::vector<DiskOperation> record;
  source.RecordInto(&record);
  const Disk::Handle f = source.Create("f");
  source.Write(f, "f", 10, "hello");
  source.Sync(f, "f");
  source.Truncate(f, "f", 12);
  for (const DiskOperation& operation : record) copy.Do(operation);
  for (const Survival survival : {Survival::kNothing, Survival::kAll})
    EXPECT_EQ(Left(copy, survival, 1), Left(source, survival, 1));
}

}  // namespace
}  // namespace landfall::simulate
