// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <set>
#include <thread>

#include "tests/support/cases_story.h"
#include "tests/support/ledger_fixture.h"
#include "tests/support/random_commands.h"

namespace landfall::app::test {
namespace {

using std::chrono::hours;

TEST(Engine, FirstEntryCreatesTheLedgerOnce) {
  World w;
  w.Create();

  const auto again = Engine::Create(w.files, CreateCommand(), w.Options());
  const auto by_command = w.Run(CreateCommand());

  EXPECT_EQ(w.engine->log().size(), 1u);
  EXPECT_EQ(CodeOf(again), "ledger.exists");
  EXPECT_EQ(CodeOf(by_command), "ledger.already_created");
}

TEST(Engine, AKeyThatIsThereIsUsedAndNeverOverwritten) {
  World w;
  w.Create();
  const std::string key = ReadBytes(w.files.key()), vkey = w.engine->verifier().Encode();
  w.Close();
  // A try that was cut off behind the key, or a ledger that was lost: only the key and what was signed are left.
  std::filesystem::remove(w.files.ledger());
  std::filesystem::remove_all(w.files.snapshots());
  std::filesystem::remove(w.files.checkpoint());

  admin::CreateLedger elsewhere = CreateCommand();
  elsewhere.jurisdiction.value = "430299";
  EXPECT_EQ(CodeOf(Engine::Create(w.files, elsewhere, w.Options())), "ledger.other_key");
  EXPECT_EQ(ReadBytes(w.files.key()), key);
  w.Create();

  EXPECT_EQ(ReadBytes(w.files.key()), key);
  EXPECT_EQ(w.engine->verifier().Encode(), vkey);
  w.Close();
  // What is no key is nobody's to replace.
  std::filesystem::remove(w.files.ledger());
  WriteBytes(w.files.key(), "nonsense");
  EXPECT_EQ(CodeOf(Engine::Create(w.files, CreateCommand(), w.Options())), "note.key_malformed");
  EXPECT_EQ(ReadBytes(w.files.key()), "nonsense");
}

TEST(Engine, RefusedCommandLeavesNoTrace) {
  World w;
  w.Create();
  w.Do(UnitCommand(1));
  const std::string before = w.Hash();
  const std::string key = w.Key();

  const auto refused = w.engine->Run(Actor::System(), key, UnitCommand(1));
  const auto then = w.engine->Run(Actor::System(), key, UnitCommand(2));

  EXPECT_EQ(CodeOf(refused), "unit.code_taken");
  EXPECT_EQ(then.ok() ? then->seq : 0, 3u) << "a refusal leaves no key behind";
  EXPECT_NE(w.Hash(), before);
  EXPECT_EQ(w.Hash(), ReplayedHash(w.files));
}

TEST(Engine, BatchCannotBeClosedByItself) {
  World w;
  w.Create();

  EXPECT_EQ(CodeOf(w.Run(admin::CompleteBatch{{"projects"}, {3}, {}, {}, {}, {}})), "batch.closes_nothing");
}

// ---- idempotency ----

TEST(Idempotency, KeySentTwiceIsDoneOnceAndAnsweredTheSame) {
  World w;
  w.Create();
  const std::string key = w.Key();

  const auto first = w.engine->Run(Actor::System(), key, UnitCommand(1));
  const auto second = w.engine->Run(Actor::System(), key, UnitCommand(1));

  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_FALSE(first->repeated);
  EXPECT_TRUE(second->repeated);
  EXPECT_EQ(second->seq, first->seq);
  EXPECT_EQ(second->ids, first->ids);
  EXPECT_EQ(w.engine->log().size(), 2u);
}

TEST(Idempotency, KeySentTwiceWithinOneCommitIsDoneOnce) {
  World w;
  w.Create();
  const std::string key = w.Key(), other_body = w.Key();
  std::mutex mutex;
  std::vector<std::string> outcomes(4);
  std::vector<std::uint64_t> seqs(4);
  std::atomic<int> left = 4;
  const auto submit = [&](std::size_t i, const std::string& k, AnyCommand command) {
    w.engine->Submit({Actor::System(), k, std::move(command), [&, i](Result<Answer> answer) {
                        const std::lock_guard lock(mutex);
                        outcomes[i] = answer ? (answer->repeated ? "repeated" : "done") : answer.error().code;
                        seqs[i] = answer ? answer->seq : 0;
                        --left;
                      }});
  };
  std::uint64_t commits = 0;
  {
    // A reader that stays makes the writer wait, so that all four come to stand in one commit: the second flip needs
    // its side.
    w.Do(UnitCommand(90));
    const Engine::Reader reader = w.engine->Read();
    w.Do(UnitCommand(91));
    commits = w.engine->stats().commits;
    submit(0, w.Key(), UnitCommand(92));
    submit(1, key, UnitCommand(1));
    submit(2, key, UnitCommand(1));
    submit(3, key, UnitCommand(2));
  }
  while (left > 0) std::this_thread::yield();

  EXPECT_EQ(outcomes, (std::vector<std::string>{"done", "done", "repeated", "request.key_reused"}));
  EXPECT_EQ(seqs[1], seqs[2]);
  EXPECT_LE(w.engine->stats().commits, commits + 2);
  EXPECT_EQ(w.Hash(), ReplayedHash(w.files));
}

TEST(Idempotency, KeyIsKnownAfterRestartFromEntriesAndFromSnapshot) {
  World w;
  w.Create();
  const std::string key = w.Key();
  const std::uint64_t seq = w.engine->Run(Actor::System(), key, UnitCommand(1))->seq;

  w.Open();
  const auto from_entries = w.engine->Run(Actor::System(), key, UnitCommand(1));
  for (int n = 2; n < 1100; n += 100) {
    std::vector<AnyCommand> commands;
    for (int i = n; i < n + 100; ++i) commands.push_back(UnitCommand(i));
    ASSERT_TRUE(w.RunBatch(commands, w.Key()).ok());
  }
  w.Close();
  ASSERT_FALSE(ListSnapshots(w.files.snapshots()).empty());
  w.Open();
  const auto from_snapshot = w.engine->Run(Actor::System(), key, UnitCommand(1));
  const auto other_body = w.engine->Run(Actor::System(), key, UnitCommand(2));

  EXPECT_EQ(from_entries.ok() ? from_entries->seq : 0, seq);
  EXPECT_EQ(from_snapshot.ok() ? from_snapshot->seq : 0, seq);
  EXPECT_EQ(CodeOf(other_body), "request.key_reused");
}

TEST(Idempotency, KeysBelongToAccounts) {
  World w;
  w.Create();
  w.Do(UnitCommand(1));
  w.Do(admin::CreateAccount{{"office"}, {"示例岗位"}, {}});
  w.Do(admin::GrantRole{AccountId{1}, admin::Role::project_office});
  const std::string key = w.Key();

  const auto system = w.engine->Run(Actor::System(), key, UnitCommand(2));
  const auto account = w.engine->Run(Actor::Account(AccountId{1}), key, UnitCommand(3));

  EXPECT_TRUE(system.ok());
  ASSERT_TRUE(account.ok()) << account.error().code;
  EXPECT_NE(system->seq, account->seq);
}

TEST(Idempotency, KeysOutsideSevenDaysAreRefusedUnexecuted) {
  World w;
  w.Create();
  FixedClock old(kStart - hours(8 * 24)), early(kStart + hours(8 * 24)), just(kStart - hours(7 * 24 - 1));

  EXPECT_EQ(CodeOf(w.engine->Run(Actor::System(), NewKey(old, w.keys), UnitCommand(1))), "request.key_out_of_window");
  EXPECT_EQ(CodeOf(w.engine->Run(Actor::System(), NewKey(early, w.keys), UnitCommand(1))), "request.key_out_of_window");
  EXPECT_EQ(CodeOf(w.engine->Run(Actor::System(), "not-a-key", UnitCommand(1))), "request.key_not_uuid_v7");
  EXPECT_EQ(w.engine->log().size(), 1u);
  EXPECT_TRUE(w.engine->Run(Actor::System(), NewKey(just, w.keys), UnitCommand(1)).ok());
}

// The latest key that is taken lies 7 days ahead, and is refused by its own time 14 days later: until then it must be
// known.
TEST(Idempotency, KeyIsRememberedForAsLongAsItIsAccepted) {
  World w;
  w.Create();
  FixedClock ahead(kStart + hours(7 * 24));
  const std::string key = NewKey(ahead, w.keys);
  const auto first = w.engine->Run(Actor::System(), key, UnitCommand(1));
  ASSERT_TRUE(first.ok()) << first.error().code;

  w.clock.Advance(hours(14 * 24));
  w.Do(UnitCommand(2));
  const auto last_day = w.engine->Run(Actor::System(), key, UnitCommand(1));
  w.clock.Advance(std::chrono::seconds(1));
  w.Do(UnitCommand(3));
  const auto after = w.engine->Run(Actor::System(), key, UnitCommand(1));

  EXPECT_EQ(last_day.ok() ? last_day->seq : 0, first->seq);
  EXPECT_EQ(CodeOf(after), "request.key_out_of_window");
}

TEST(Idempotency, WindowForgetsAfterFourteenDaysOfLedgerTime) {
  KeyWindow window;
  window.Add(kStart, "system", "a", 1);
  window.Add(kStart + KeyWindow::kKept, "system", "b", 2);
  EXPECT_EQ(window.Find("system", "a"), 1u);

  window.Add(kStart + KeyWindow::kKept + std::chrono::microseconds(1), "system", "c", 3);

  EXPECT_EQ(window.Find("system", "a"), 0u);
  EXPECT_EQ(window.Find("system", "b"), 2u);
  EXPECT_EQ(window.Find("u1", "b"), 0u);
}

// ---- batches ----

TEST(Batch, IsStoredAsAWholeAndAnsweredTheSameWhenRepeated) {
  World w;
  w.Create();
  w.Do(ShortLadder());
  w.Do(UnitCommand(1));
  const std::string key = w.Key();
  const std::vector<AnyCommand> commands{ProjectCommand(1), ProjectCommand(2), ProjectCommand(3)};

  const auto stored = w.RunBatch(commands, key);
  const auto repeated = w.RunBatch(commands, key);

  ASSERT_TRUE(stored.ok() && repeated.ok());
  EXPECT_EQ(stored->seq, 7u);
  EXPECT_EQ(stored->ids, (std::vector<std::string>{"p1", "p2", "p3"}));
  EXPECT_TRUE(repeated->repeated);
  EXPECT_EQ(repeated->ids, stored->ids);
  EXPECT_EQ(w.engine->log().size(), 7u);
  EXPECT_EQ(w.Hash(), ReplayedHash(w.files));
  EXPECT_EQ(VerifyLedger(w.files)->verdict, Verdict::intact);
}

TEST(Batch, IsRefusedAsAWholeWithTheIndexOfTheFirstRefusal) {
  World w;
  w.Create();
  w.Do(ShortLadder());
  w.Do(UnitCommand(1));
  const std::string before = w.Hash();

  const auto refused = w.RunBatch({ProjectCommand(1), ProjectCommand(2), ProjectCommand(1)}, w.Key());
  const std::string after = w.Hash();
  const std::uint64_t next = w.Do(ProjectCommand(1));

  EXPECT_EQ(CodeOf(refused), "project.code_taken");
  EXPECT_EQ(refused.error().field, "[2].code");
  EXPECT_EQ(after, before);
  EXPECT_EQ(next, 4u);
  EXPECT_EQ(w.Hash(), ReplayedHash(w.files));
  EXPECT_EQ(VerifyLedger(w.files)->verdict, Verdict::intact);
}

TEST(Batch, PlannedOnAnOlderLedgerIsRefused) {
  World w;
  w.Create();
  w.Do(UnitCommand(1));

  const auto refused =
      w.engine->RunBatch(Actor::System(), w.Key(), {UnitCommand(2)}, {{"test"}, {0}, {}, {}, {}, {}}, 1);

  EXPECT_EQ(CodeOf(refused), "ledger.moved_on");
  EXPECT_EQ(w.engine->log().size(), 2u);
}

// Another writer's entries, stored while a batch was being decided and refused, must be folded before anything else is
// decided.
TEST(Batch, RefusalDoesNotHideWhatAnotherWriterStored) {
  World w;
  w.Create();
  SeededRandom other_random(77);
  EngineOptions options = w.Options();
  options.random = &other_random;
  auto other = Engine::Open(w.files, options);
  ASSERT_TRUE(other.ok());
  bool wrote = false;
  const auto write_between = [&](std::size_t, std::size_t) {
    if (!wrote) wrote = (*other)->Run(Actor::System(), w.Key(), UnitCommand(500)).ok();
  };
  std::vector<AnyCommand> commands;
  for (int i = 0; i < 150; ++i) commands.push_back(UnitCommand(i));
  commands.push_back(UnitCommand(0));

  const auto refused =
      w.engine->RunBatch(Actor::System(), w.Key(), commands, {{"test"}, {0}, {}, {}, {}, {}}, 1, write_between);
  const auto taken = w.Run(UnitCommand(500));

  EXPECT_TRUE(wrote);
  EXPECT_EQ(CodeOf(refused), "unit.code_taken");
  EXPECT_EQ(CodeOf(taken), "unit.code_taken") << "the other writer's unit must be known";
  EXPECT_EQ(w.Do(UnitCommand(501)), 3u);
  EXPECT_EQ(w.Hash(), ReplayedHash(w.files));
}

// ---- two writers ----

TEST(TwoWriters, LoseNothingAndDoNothingTwice) {
  World w;
  w.Create();
  SeededRandom other_random(78);
  EngineOptions options = w.Options();
  options.random = &other_random;
  auto other = Engine::Open(w.files, options);
  ASSERT_TRUE(other.ok());
  constexpr int kEach = 150;
  std::mutex mutex;
  std::map<std::string, std::uint64_t> acknowledged;
  const auto write = [&](Engine& engine, int first, std::uint64_t seed) {
    SeededRandom keys(seed);
    for (int i = first; i < first + kEach; ++i) {
      const std::string key = NewKey(w.clock, keys);
      const auto answer = engine.Run(Actor::System(), key, UnitCommand(i));
      ASSERT_TRUE(answer.ok()) << answer.error().code;
      const std::lock_guard lock(mutex);
      acknowledged[key] = answer->seq;
    }
  };

  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back(
        [&, t] { write(t % 2 == 0 ? *w.engine : **other, 1000 * (t + 1), 100 + static_cast<std::uint64_t>(t)); });
  for (std::thread& t : threads) t.join();

  std::set<std::uint64_t> seqs;
  for (const auto& [key, seq] : acknowledged) {
    seqs.insert(seq);
    const auto record = w.engine->log().Entry(seq);
    ASSERT_TRUE(record.ok());
    EXPECT_NE(record->leaf.find(key), std::string::npos);
  }
  EXPECT_EQ(seqs.size(), 4u * kEach);
  EXPECT_EQ(*seqs.rbegin(), 1 + 4u * kEach);
  // Each sees the other's last entry at the latest with its own next one.
  ASSERT_TRUE(w.Run(UnitCommand(1)).ok());
  ASSERT_TRUE((*other)->Run(Actor::System(), w.Key(), UnitCommand(2)).ok());
  ASSERT_TRUE(w.Run(UnitCommand(3)).ok());
  EXPECT_EQ(w.Hash(), ReplayedHash(w.files));
  other->reset();
  EXPECT_EQ(VerifyLedger(w.files)->verdict, Verdict::intact);
}

TEST(TwoWriters, RowsFromNowhereStopTheWriterInsteadOfLoopingForEver) {
  World w;
  w.Create();
  w.Do(people::RegisterPerson{{"示例人甲"}});
  Tamper(w.files.ledger()).Exec("INSERT INTO erasable VALUES(3, 1, x'00')");

  const auto answer = w.Run(people::RegisterPerson{{"示例人乙"}});

  EXPECT_EQ(CodeOf(answer), "ledger.stopped");
  EXPECT_TRUE(w.engine->stopped());
  EXPECT_EQ(w.engine->Read().seq(), 2u);
}

// ---- what was signed ----

TEST(RolledBack, FileWithoutItsSignedEntriesIsRefused) {
  World w;
  w.Create();
  for (int i = 0; i < 5; ++i) w.Do(UnitCommand(i));
  w.Close();
  Tamper(w.files.ledger()).Exec("DELETE FROM commits WHERE first > 3; DELETE FROM erasable WHERE seq > 3");

  const auto opened = Engine::Open(w.files, w.Options());

  EXPECT_EQ(CodeOf(opened), "ledger.rolled_back");
}

TEST(RolledBack, OlderCopyOfTheWholeFileIsRefused) {
  World w;
  w.Create();
  w.Do(UnitCommand(1));
  w.Close();
  const std::string old = ReadBytes(w.files.ledger());
  w.Open();
  w.Do(UnitCommand(2));
  w.Close();
  WriteBytes(w.files.ledger(), old);

  const auto opened = Engine::Open(w.files, w.Options());

  EXPECT_EQ(CodeOf(opened), "ledger.rolled_back");
  EXPECT_EQ(opened.error().field, "checkpoint");
  EXPECT_EQ(VerifyLedger(w.files)->verdict, Verdict::faulty);
}

TEST(RolledBack, OtherHistoryOfTheSameLengthIsRefused) {
  World w;
  w.Create();
  w.Do(UnitCommand(1));
  w.Close();
  const std::string fork = ReadBytes(w.files.ledger());
  w.Open();
  w.Do(UnitCommand(2));
  w.Close();
  const std::string checkpoint = ReadBytes(w.files.checkpoint());
  WriteBytes(w.files.ledger(), fork);
  std::filesystem::remove(w.files.checkpoint());
  w.Open();
  w.Do(UnitCommand(3));
  w.Close();
  WriteBytes(w.files.checkpoint(), checkpoint);

  EXPECT_EQ(CodeOf(Engine::Open(w.files, w.Options())), "ledger.rewritten");
}

TEST(RolledBack, AnotherSigningKeyIsRefused) {
  World w, other(2);
  w.Create();
  w.Close();
  other.Create();
  other.Close();
  std::filesystem::copy_file(other.files.key(), w.files.key(), std::filesystem::copy_options::overwrite_existing);

  EXPECT_EQ(CodeOf(Engine::Open(w.files, w.Options())), "ledger.other_key");
}

// ---- the past ----

TEST(StateAt, IsTheFoldOfTheFirstEntries) {
  World w;
  w.Create();
  FillSmall(w);
  const std::uint64_t size = w.engine->log().size();

  for (const std::uint64_t seq : {std::uint64_t{1}, std::uint64_t{4}, size / 2, size - 1, size}) {
    const auto state = w.engine->StateAt(seq);
    ASSERT_TRUE(state.ok()) << seq;
    EXPECT_EQ(HashOf(**state), ReplayedHash(w.files, seq)) << seq;
  }
  EXPECT_EQ(HashOf(**w.engine->StateAt(0)), HashOf(State{}));
  EXPECT_EQ(HashOf(**w.engine->StateAt(size)), w.Hash());
  EXPECT_EQ(CodeOf(w.engine->StateAt(size + 1)), "known_at.beyond_ledger");
}

TEST(SeqAtDay, IsTheLastEntryOfThatDayOnTheWall) {
  World w;
  w.Create();  // 09:00 on the wall
  w.Do(UnitCommand(1));
  w.clock.Advance(hours(24));
  w.Do(UnitCommand(2));

  EXPECT_EQ(*w.engine->SeqAtDay(Today() - std::chrono::days(1)), 0u);
  EXPECT_EQ(*w.engine->SeqAtDay(Today()), 2u);
  EXPECT_EQ(*w.engine->SeqAtDay(Today() + std::chrono::days(1)), 3u);
}

TEST(Engine, TimeNeverGoesBackWhenTheClockDoes) {
  World w;
  w.Create();
  w.Do(UnitCommand(1));
  w.clock.Advance(-hours(48));
  w.Do(UnitCommand(2));

  EXPECT_EQ(VerifyLedger(w.files)->verdict, Verdict::intact);
}

// ---- replay equals live ----

TEST(Replay, EqualsLiveStateForRandomCommandsOfEveryType) {
  const char* given = std::getenv("LANDFALL_TEST_SEED");
  const std::uint64_t seed = given != nullptr ? std::strtoull(given, nullptr, 10) : 20260302;
  SCOPED_TRACE("LANDFALL_TEST_SEED=" + std::to_string(seed));
  World w(seed);
  w.Create();
  w.Do(ShortLadder());
  w.Do(UnitCommand(1));
  RandomCommands draw(seed);
  std::map<std::string, int> done, refused;
  w.Do(ProjectCommand(1));
  w.Do(admin::CreateAccount{{"head"}, {"示例负责人"}, UnitId{1}});
  w.Do(admin::GrantRole{AccountId{1}, admin::Role::unit_head});
  for (const std::string& name : LiveThroughCases(w, Today(), Actor::Account(AccountId{1}))) ++done[name];
  const int wanted = TestAll() ? 20'000 : 5'000;
  int accepted = 0;
  const auto every_type = [&] {
    return std::ranges::all_of(CommandTypesTable(), [&](const CommandType& type) {
      return type.info.name == "ledger.create" || type.info.name == "batch.complete" ||
             done.contains(std::string(type.info.name));
    });
  };
  // On, until chance has had each of them accepted, but not for ever.
  for (int i = 0; (accepted < wanted || !every_type()) && i < 40 * wanted; ++i) {
    RandomCommands::Draw d;
    {
      const Engine::Reader reader = w.engine->Read();
      d = draw.Next(reader.state(), WallDay(w.clock.Now(), reader.state().admin.offset()), reader.seq());
    }
    const std::string name(InfoOf(d.command).name);
    const bool compare = i % 20 == 0;
    const std::string before = compare ? w.Hash() : std::string();
    const auto answer = w.Run(d.command, d.by);
    ++(answer ? done : refused)[name];
    accepted += answer.ok();
    if (compare && !answer) {
      EXPECT_EQ(w.Hash(), before) << name << " was refused and changed the state";
    }
    if (i % 50 == 0) w.clock.Advance(hours(draw.Below(40)));
    if (i % 400 == 0)
      (void)w.RunBatch({people::RegisterPerson{{"示例批次"}}, people::RegisterPerson{{"示例批次"}}}, w.Key()).ok();
    ASSERT_FALSE(w.engine->stopped());
  }

  const std::string live = w.Hash();
  EXPECT_GE(accepted, wanted);
  EXPECT_EQ(live, ReplayedHash(w.files));
  for (const CommandType& type : CommandTypesTable()) {
    if (type.info.name == "ledger.create" || type.info.name == "batch.complete") continue;
    EXPECT_GT(done[std::string(type.info.name)], 0)
        << type.info.name << " was never accepted, refused " << refused[std::string(type.info.name)];
  }
  w.Close();  // Writes a snapshot.
  w.Open();
  EXPECT_EQ(w.Hash(), live) << "from a snapshot";
  const auto report = VerifyLedger(w.files);
  ASSERT_TRUE(report.ok());
  for (const FoundFault& fault : report->faults)
    EXPECT_EQ(fault.check, Check::blob) << fault.code << " " << fault.detail;
  EXPECT_TRUE(report->removed_snapshots.empty());
}

}  // namespace
}  // namespace landfall::app::test
