// SPDX-License-Identifier: Apache-2.0
// What the law makes us erase is gone: from the store, its write-ahead log, snapshots and every state; and the tree
// stays valid.
#include "tests/support/ledger_fixture.h"

namespace landfall::app::test {
namespace {

constexpr std::string_view kSecret = "示例人甲乙丙丁戊己";

bool AnyFileHolds(const std::string& folder, std::string_view text) {
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder))
    if (file.is_regular_file() && ReadBytes(file.path()).find(text) != std::string::npos) return true;
  return false;
}

struct ErasableLedger {
  World w;
  std::uint64_t person = 0;
  ErasableLedger() {
    w.Create();
    person = w.Do(people::RegisterPerson{{std::string(kSecret)}});
    w.Do(UnitCommand(1));
  }
  admin::ErasePayload Command() const { return {{static_cast<std::int64_t>(person)}, {1}, {"pipl-47"}}; }
};

TEST(Erase, RemovesTheTextFromEveryFileWhileTheEngineRuns) {
  ErasableLedger l;
  ASSERT_TRUE(AnyFileHolds(l.w.files.folder, kSecret)) << "or this test sees nothing";

  l.w.Do(l.Command());

  EXPECT_FALSE(AnyFileHolds(l.w.files.folder, kSecret));
}

TEST(Erase, KeepsTheTreeValidAndLiveStateEqualToReplay) {
  ErasableLedger l;
  const Digest before = l.w.engine->log().root();
  const std::uint64_t size = l.w.engine->log().size();

  l.w.Do(l.Command());

  EXPECT_EQ(*l.w.engine->log().View()->RootAt(size), before);
  EXPECT_EQ(l.w.Hash(), ReplayedHash(l.w.files));
  const Engine::Reader reader = l.w.engine->Read();
  EXPECT_TRUE(reader.state().people.person_name.Erased(0));
  EXPECT_EQ(reader.state().people.persons.size(), 1u) << "the person stays, the name goes";
  const auto report = VerifyLedger(l.w.files);
  EXPECT_EQ(report->verdict, Verdict::intact);
  EXPECT_EQ(report->erased, 1);
}

// A text that was replaced since is erased from the history, and what replaced it stays.
TEST(Erase, LeavesTheTextThatCameLater) {
  ErasableLedger l;
  const std::uint64_t unit = 3;
  l.w.Do(people::RenameUnit{UnitId{1}, {"示例新名"}});

  l.w.Do(admin::ErasePayload{{static_cast<std::int64_t>(unit)}, {1}, {"pipl-47"}});

  EXPECT_EQ(l.w.engine->Read().state().people.unit_name.Get(0), "示例新名");
  EXPECT_EQ(l.w.Hash(), ReplayedHash(l.w.files));
}

TEST(Erase, RefusesWhatCannotBeErasedOrIsNotThere) {
  ErasableLedger l;
  const auto erase = [&](std::int64_t seq, std::int64_t event) {
    return CodeOf(l.w.Run(admin::ErasePayload{{seq}, {event}, {"pipl-47"}}));
  };
  l.w.Do(l.Command());

  EXPECT_EQ(erase(static_cast<std::int64_t>(l.person), 1), "payload.already_erased");
  EXPECT_EQ(erase(static_cast<std::int64_t>(l.person), 0), "payload.not_erasable");
  EXPECT_EQ(erase(static_cast<std::int64_t>(l.person), 7), "entry.not_found");
  EXPECT_EQ(erase(900, 0), "entry.not_found");
  EXPECT_EQ(erase(INT64_MAX, 0), "entry.not_found");
}

TEST(Erase, ThrowsAwaySnapshotsThatStillHoldTheText) {
  ErasableLedger l;
  {
    const Engine::Reader reader = l.w.engine->Read();
    const KeyWindow keys;
    ASSERT_TRUE(WriteSnapshot(l.w.files.snapshots(),
                              {reader.state(), keys, l.w.engine->history(), reader.seq(), reader.last_at()},
                              l.w.engine->log())
                    .ok());
  }
  WriteBytes(l.w.files.snapshots() + "/9.snap.new", kSecret);  // Left by a crash.
  ASSERT_TRUE(AnyFileHolds(l.w.files.snapshots(), kSecret));

  l.w.Do(l.Command());

  EXPECT_TRUE(ListSnapshots(l.w.files.snapshots()).empty());
  EXPECT_FALSE(AnyFileHolds(l.w.files.folder, kSecret));
}

// The process died between the commit and the removal.
TEST(Erase, ThrowsAwaySnapshotsOfBeforeAtTheNextStart) {
  ErasableLedger l;
  {
    const Engine::Reader reader = l.w.engine->Read();
    const KeyWindow keys;
    ASSERT_TRUE(WriteSnapshot(l.w.files.snapshots(),
                              {reader.state(), keys, l.w.engine->history(), reader.seq(), reader.last_at()},
                              l.w.engine->log())
                    .ok());
  }
  const std::string snapshot = ListSnapshots(l.w.files.snapshots()).at(0).path;
  const std::string bytes = ReadBytes(snapshot);
  l.w.Do(l.Command());
  const std::string live = l.w.Hash();
  l.w.Close();
  std::filesystem::create_directories(l.w.files.snapshots());
  WriteBytes(snapshot, bytes);

  l.w.Open();

  EXPECT_TRUE(ListSnapshots(l.w.files.snapshots()).empty());
  EXPECT_EQ(l.w.Hash(), live);
}

TEST(Erase, PastStatesForgetTheTextAsWell) {
  ErasableLedger l;
  const std::uint64_t then = l.w.engine->log().size();
  ASSERT_EQ((*l.w.engine->StateAt(then))->people.person_name.Get(0), kSecret);

  l.w.Do(l.Command());

  EXPECT_EQ((*l.w.engine->StateAt(then))->people.person_name.Get(0), "");
}

TEST(Erase, ByAnotherProcessIsFollowed) {
  ErasableLedger l;
  SeededRandom random(9);
  EngineOptions options = l.w.Options();
  options.random = &random;
  auto other = Engine::Open(l.w.files, options);
  ASSERT_TRUE(other.ok());
  ASSERT_EQ((*(*other)->StateAt(2))->people.person_name.Get(0), kSecret);

  l.w.Do(l.Command());
  ASSERT_TRUE((*other)->Run(Actor::System(), l.w.Key(), UnitCommand(2)).ok());

  EXPECT_EQ((*other)->Read().state().people.person_name.Get(0), "");
  EXPECT_EQ((*(*other)->StateAt(2))->people.person_name.Get(0), "");
}

// The salt of an erased first payload is gone, so a repeated request cannot be told from another one.
TEST(Erase, KeyOfAnErasedEntryIsRefusedRatherThanDoneAgain) {
  ErasableLedger l;
  const std::string key = l.w.Key();
  const people::RenameUnit rename{UnitId{1}, {"示例新名"}};
  const std::uint64_t seq = l.w.engine->Run(Actor::System(), key, rename)->seq;
  l.w.Do(admin::ErasePayload{{static_cast<std::int64_t>(seq)}, {0}, {"pipl-47"}});

  EXPECT_EQ(CodeOf(l.w.engine->Run(Actor::System(), key, rename)), "request.key_reused");
}

}  // namespace
}  // namespace landfall::app::test
