// SPDX-License-Identifier: Apache-2.0
// The SM3 tree of a ledger: turned on later, published beside the log, verified, on both engines.
#include "app/sm_log.h"

#include <sys/stat.h>

#include <thread>

#include "app/backup.h"
#include "app/publish_log.h"
#include "base/sm3.h"
#include "ledger/small_file.h"
#include "ledger/tile_path.h"
#include "tests/support/ledger_fixture.h"
#include "tests/support/postgres_server.h"

namespace landfall::app::test {
namespace {

class SmLogTest : public testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    if (GetParam()) {
      LF_NEEDS_POSTGRES();
      w.files.database = landfall::test::PostgresServer::Shared()->NewDatabase();
      w.files.jurisdiction = CreateCommand().jurisdiction.value;
    }
    w.Create();
    w.Do(UnitCommand(0));
  }
  void GrowTo(std::uint64_t size) {
    while (w.engine->log().size() < size) {
      const std::uint64_t known = w.engine->log().size();
      std::vector<AnyCommand> commands;
      for (std::uint64_t i = 1; i < std::min<std::uint64_t>(size - known, 200); ++i)
        commands.push_back(UnitCommand(static_cast<int>(known + i)));
      if (commands.empty())
        w.Do(UnitCommand(static_cast<int>(1'000'000 + known)));
      else
        ASSERT_TRUE(w.RunBatch(commands, w.Key()).ok());
    }
  }
  ledger::SmVerifierKey TurnOn() {
    auto key = TurnOnSm(w.files, w.random);
    EXPECT_TRUE(key.ok()) << CodeOf(key);
    return *key;
  }
  Result<PublishSummary> Publish() { return PublishLog(w.files, folder); }
  std::string Note() const { return ReadBytes(folder + "/sm/checkpoint"); }
  // What whoever has only the folder and the key can do: the root of the leaves in the bundles.
  Digest RootOfBundles(std::uint64_t size) const {
    ledger::SmFrontier tree;
    for (std::uint64_t first = 0; first < size; first += ledger::kTileWidth) {
      const std::size_t width = std::min<std::uint64_t>(size - first, ledger::kTileWidth);
      const std::string bundle =
          ReadBytes(folder + "/" + ledger::FormatTilePath({true, 0, first / ledger::kTileWidth, width}));
      const auto leaves = ledger::ParseBundle(bundle, width);
      EXPECT_TRUE(leaves.ok()) << first;
      if (leaves)
        for (const std::string_view leaf : *leaves) tree.Append(leaf);
    }
    return tree.Root();
  }
  VerifyReport Verify(const VerifyOptions& options = {}) {
    auto report = VerifyLedger(w.files, options);
    EXPECT_TRUE(report.ok()) << CodeOf(report);
    return report ? *std::move(report) : VerifyReport{};
  }
  static std::int64_t FaultsOfSm3(const VerifyReport& report) {
    for (const CheckResult& check : report.checks)
      if (check.check == Check::sm3) return check.faults;
    return -1;
  }

  World w;
  std::string folder = w.temp / "site";
};

TEST_P(SmLogTest, IsOffUntilItIsTurnedOn) {
  GrowTo(20);
  ASSERT_TRUE(Publish().ok());
  EXPECT_FALSE(std::filesystem::exists(folder + "/sm"));
  EXPECT_EQ(Verify().sm_vkey, "");

  const ledger::SmVerifierKey key = TurnOn();

  EXPECT_EQ(key.name(), w.engine->verifier().name() + "/sm3");
  struct stat secret {};
  ASSERT_EQ(::stat(SmKeyPath(w.files).c_str(), &secret), 0);
  EXPECT_EQ(secret.st_mode & 0777, 0600u);
  EXPECT_EQ(TurnOn().Encode(), key.Encode()) << "a key is made once";
  std::filesystem::remove(SmVerifierPath(w.files));
  EXPECT_EQ(TurnOn().Encode(), key.Encode());
  EXPECT_EQ((*ReadSmVerifier(w.files))->Encode(), key.Encode());
  std::filesystem::remove(SmKeyPath(w.files));
  EXPECT_EQ(CodeOf(TurnOnSm(w.files, w.random)), "sm.key_missing");
}

TEST_P(SmLogTest, IsPublishedBesideTheLogAndCheckedWithTheFolderAlone) {
  GrowTo(300);
  const ledger::SmVerifierKey key = TurnOn();
  for (const std::uint64_t size : {300, 512, 700}) {
    GrowTo(size);
    const auto done = Publish();
    ASSERT_TRUE(done.ok()) << CodeOf(done);
    EXPECT_EQ(done->sm_size, static_cast<std::int64_t>(size));
    const auto opened = ledger::OpenSmCheckpoint(Note(), key);
    ASSERT_TRUE(opened.ok()) << CodeOf(opened);
    EXPECT_EQ(opened->size, size);
    EXPECT_EQ(opened->root, RootOfBundles(size));
  }
  const std::string note = Note();
  const auto nothing = Publish();
  ASSERT_TRUE(nothing.ok());
  EXPECT_EQ(nothing->files, 0);
  EXPECT_EQ(Note(), note);

  const VerifyReport report = Verify();
  EXPECT_EQ(report.verdict, Verdict::intact);
  EXPECT_EQ(report.sm_size, 700);
  EXPECT_EQ(report.sm_vkey, key.Encode());
}

TEST_P(SmLogTest, GoesOnFromWhatItRemembersToTheSameRoots) {
  TurnOn();
  GrowTo(300);
  ASSERT_TRUE(Publish().ok());
  EXPECT_TRUE(ReadSmEdges(w.files).contains(300));
  GrowTo(600);
  w.Close();
  w.Open();
  ASSERT_TRUE(Publish().ok());
  EXPECT_TRUE(ReadSmEdges(w.files).contains(600));
  const auto root_at = [&](std::uint64_t size) {
    auto sm = SmLog::Open(w.files, w.engine->log(), SmLog::Busy::kWait);
    EXPECT_TRUE(sm.ok()) << CodeOf(sm);
    auto root = (*sm)->RootAt(size);
    EXPECT_TRUE(root.ok()) << CodeOf(root);
    return *root;
  };
  const Digest at_600 = root_at(600), at_450 = root_at(450);
  EXPECT_EQ(at_600, RootOfBundles(600));
  // From the beginning, without the file and with one that is cut, of another ledger, or with an edge of another tree.
  const std::string edges = ReadBytes(SmTreePath(w.files));
  std::string of_another = edges.substr(0, edges.size() - 64);
  of_another[of_another.find(' ') + 1] ^= 1;
  of_another += Hex(Sha256(of_another));
  for (const std::string& bad : {std::string(), edges.substr(0, edges.size() / 2), of_another}) {
    WriteBytes(SmTreePath(w.files), bad);
    EXPECT_EQ(root_at(600), at_600);
    EXPECT_EQ(root_at(450), at_450);
  }
  auto sm = SmLog::Open(w.files, w.engine->log(), SmLog::Busy::kWait);
  EXPECT_EQ(CodeOf((*sm)->RootAt(601)), "tree.size_out_of_range");
}

TEST_P(SmLogTest, HashesOnlyWhatIsNew) {
  TurnOn();
  GrowTo(400);
  ASSERT_TRUE(Publish().ok());
  // An edge that is not the leaves' shows where it went on from: what follows is built on it.
  std::map<std::uint64_t, SmEdge> edges = ReadSmEdges(w.files);
  ASSERT_EQ(edges.size(), 1u);
  std::string nodes = edges.begin()->second.frontier.Encode();
  nodes[0] ^= 1;
  std::string text =
      "landfall-sm-tree.1\n400 " + Hex(edges.begin()->second.sha256_root) + " " + Base64(Bytes(nodes)) + "\n";
  WriteBytes(SmTreePath(w.files), text + Hex(Sha256(text)));

  auto sm = SmLog::Open(w.files, w.engine->log(), SmLog::Busy::kWait);
  EXPECT_NE(*(*sm)->RootAt(400), RootOfBundles(400));
  sm->reset();

  // So it is looked at: nothing is signed on top of it, and a verification names it.
  EXPECT_EQ(CodeOf(Publish()), "ledger.rewritten");
  const VerifyReport report = Verify();
  EXPECT_EQ(report.verdict, Verdict::faulty);
  ASSERT_FALSE(report.faults.empty());
  EXPECT_EQ(report.faults[0].check, Check::sm3);
  EXPECT_EQ(report.faults[0].code, "tree.edge_mismatch");
  std::filesystem::remove(SmTreePath(w.files));
  EXPECT_TRUE(Publish().ok());
  EXPECT_EQ(Verify().verdict, Verdict::intact);
}

TEST_P(SmLogTest, NeverContinuesAnotherHistory) {
  const ledger::SmVerifierKey key = TurnOn();
  GrowTo(300);
  ASSERT_TRUE(Publish().ok());
  const std::string good = Note(), checkpoint = ReadBytes(folder + "/checkpoint");
  const auto signer = *ledger::SmSignerKey::Parse([&] {
    std::string skey = ReadBytes(SmKeyPath(w.files));
    skey.pop_back();
    return skey;
  }());
  const auto stranger = *ledger::SmSignerKey::Generate(key.name(), w.random);
  const auto note_of = [&](std::uint64_t size, const ledger::SmSignerKey& by) {
    return *ledger::SignSmCheckpoint({key.name(), size, Digest{}, {}}, by);
  };
  GrowTo(310);
  for (const auto& [note, code] : {std::pair{note_of(311, signer), "ledger.rolled_back"},
                                   {note_of(299, signer), "ledger.rewritten"},
                                   {note_of(300, signer), "ledger.rewritten"},
                                   {note_of(300, stranger), "publish.other_log"},
                                   {std::string("nonsense"), "publish.other_log"}}) {
    WriteBytes(folder + "/sm/checkpoint", note);
    EXPECT_EQ(CodeOf(Publish()), code);
    EXPECT_EQ(ReadBytes(folder + "/checkpoint"), checkpoint) << "the folder is left as it is";
    // The one beside the ledger is held to the same.
    WriteBytes(folder + "/sm/checkpoint", good);
    const std::string kept = ReadBytes(SmCheckpointPath(w.files));
    WriteBytes(SmCheckpointPath(w.files), note);
    {
      auto sm = SmLog::Open(w.files, w.engine->log(), SmLog::Busy::kWait);
      EXPECT_EQ(CodeOf((*sm)->CheckpointAt(310)), code);
    }
    EXPECT_EQ(FaultsOfSm3(Verify()), 1) << code;
    WriteBytes(SmCheckpointPath(w.files), kept);
  }
  ASSERT_TRUE(Publish().ok());
  EXPECT_EQ(ledger::OpenSmCheckpoint(Note(), key)->size, 310u);
}

TEST_P(SmLogTest, AVerificationHoldsTheLeavesToWhatWasSigned) {
  const ledger::SmVerifierKey key = TurnOn();
  GrowTo(40);
  ASSERT_TRUE(Publish().ok());
  VerifyOptions options;
  options.sm_vkey = key.Encode();
  options.sm_checkpoints = {Note()};
  EXPECT_EQ(Verify(options).verdict, Verdict::intact);
  EXPECT_TRUE(Verify(options).sm_vkey_given);
  options.sm_vkey = ledger::SmSignerKey::Generate(key.name(), w.random)->verifier().Encode();
  EXPECT_EQ(FaultsOfSm3(Verify(options)), 2) << "what lies beside the ledger, and what was brought";
  options.sm_vkey = "nonsense";
  EXPECT_EQ(CodeOf(VerifyLedger(w.files, options)), "note.key_malformed");
  // Who takes the key away does not take the checkpoint away.
  std::filesystem::remove(SmVerifierPath(w.files));
  EXPECT_EQ(FaultsOfSm3(Verify()), 1);
}

TEST_P(SmLogTest, SmallerSizesAreSignedWithoutForgettingTheLargest) {
  const ledger::SmVerifierKey key = TurnOn();
  GrowTo(60);
  auto sm = SmLog::Open(w.files, w.engine->log(), SmLog::Busy::kWait);
  const std::string at_60 = *(*sm)->CheckpointAt(60), at_50 = *(*sm)->CheckpointAt(50);
  EXPECT_EQ(*(*sm)->CheckpointAt(60), at_60) << "signed once";
  EXPECT_EQ(ledger::OpenSmCheckpoint(at_50, key)->size, 50u);
  EXPECT_EQ(ReadBytes(SmCheckpointPath(w.files)), at_60);

  // One at a time: the second is refused, or waits for the first.
  EXPECT_EQ(CodeOf(SmLog::Open(w.files, w.engine->log(), SmLog::Busy::kRefuse)), "sm.busy");
  std::string code;
  std::thread second([&] { code = CodeOf(SmLog::Open(w.files, w.engine->log(), SmLog::Busy::kWait)); });
  sm->reset();
  second.join();
  EXPECT_EQ(code, "ok");
}

TEST_P(SmLogTest, GoesWithABackup) {
  const ledger::SmVerifierKey key = TurnOn();
  GrowTo(30);
  ASSERT_TRUE(Publish().ok());
  for (const bool with_key : {false, true}) {
    BackupOptions options;
    options.with_key = with_key;
    const std::string name = with_key ? "with" : "without";
    ASSERT_TRUE(BackUp(w.files, w.temp / ("backup-" + name), options).ok());
    const LedgerFiles restored{w.temp / name};
    const auto done = Restore(w.temp / ("backup-" + name), restored);
    ASSERT_TRUE(done.ok()) << CodeOf(done);
    EXPECT_EQ(std::filesystem::exists(SmKeyPath(restored)), with_key);
    const auto report = VerifyLedger(restored);
    ASSERT_TRUE(report.ok());
    EXPECT_EQ(report->sm_size, 30);
    EXPECT_EQ(report->sm_vkey, key.Encode());
  }
}

INSTANTIATE_TEST_SUITE_P(Engines, SmLogTest, testing::Bool(),
                         [](const auto& info) { return info.param ? "Postgres" : "Sqlite"; });

TEST(SmLog, ALeafThatWasChangedIsFoundByTheSm3Tree) {
  World w;
  w.Create();
  for (int i = 0; i < 20; ++i) w.Do(UnitCommand(i));
  ASSERT_TRUE(TurnOnSm(w.files, w.random).ok());
  ASSERT_TRUE(PublishLog(w.files, w.temp / "site").ok());
  w.Close();
  {
    Tamper tamper(w.files.ledger());
    std::string body = tamper.Blob("SELECT body FROM commits WHERE first = 2");
    body[body.find("\"by\":\"") + 6] ^= 1;
    tamper.SetBlob("UPDATE commits SET body = ? WHERE first = 2", body);
  }
  const auto report = VerifyLedger(w.files);
  ASSERT_TRUE(report.ok());
  bool named = false;
  for (const FoundFault& fault : report->faults) named |= fault.check == Check::sm3 && fault.code == "ledger.rewritten";
  EXPECT_TRUE(named);
  EXPECT_FALSE(report->sm_size.has_value());
}

}  // namespace
}  // namespace landfall::app::test
