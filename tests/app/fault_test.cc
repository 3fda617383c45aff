// SPDX-License-Identifier: Apache-2.0
// Every call to the disk fails once. The writer must stop and never acknowledge what may not be there; reads go on; and
// on a disk that works again every acknowledged entry is there and nothing is half done.
#include "tests/app/fault_loop.h"

namespace landfall::app::test {
namespace {

using landfall::test::FaultPlan;
using landfall::test::kFaultVfs;
using landfall::test::RegisterFaultVfs;
using landfall::test::SetFault;

struct Acknowledged {
  std::string key;
  std::uint64_t seq = 0;
  bool batch = false;
};

struct RunOutcome {
  std::vector<Acknowledged> acknowledged;
  bool opened = false, stopped = false;
};

// The 30 commands: single ones, erasable ones, two batches of which one crosses a tile, an erasure, refusals, a
// repetition.
RunOutcome RunScript(World& w, const EngineOptions& options) {
  RunOutcome outcome;
  auto opened = Engine::Open(w.files, options);
  if (!opened) {
    EXPECT_TRUE(opened.error().code == "store.io" || opened.error().code == "store.corrupt") << opened.error().code;
    return outcome;
  }
  outcome.opened = true;
  Engine& engine = **opened;
  const auto judge = [&](const std::string& key, const Result<Answer>& answer, bool batch, bool reads_first) {
    if (answer) {
      EXPECT_FALSE(outcome.stopped) << "acknowledged after it had stopped";
      outcome.acknowledged.push_back({key, answer->seq, batch});
      return;
    }
    // What must be read before it is decided may be refused without harm; everything else stops the writer.
    if (reads_first && answer.error().code == "store.io" && !engine.stopped()) return;
    if (answer.error().code == "unit.code_taken") return;
    EXPECT_EQ(answer.error().code, "ledger.stopped") << answer.error().detail;
    outcome.stopped = true;
  };
  const auto run = [&](AnyCommand command, bool reads_first = false) {
    const std::string key = w.Key();
    judge(key, engine.Run(Actor::System(), key, std::move(command)), false, reads_first);
  };
  const auto batch = [&](int from, int n) {
    std::vector<AnyCommand> commands;
    for (int i = 0; i < n; ++i) commands.push_back(UnitCommand(from + i));
    const std::string key = w.Key();
    const std::uint64_t size = engine.log().size();
    auto answer = engine.RunBatch(Actor::System(), key, commands, {{"test"}, {0}, {}, {}, {}, {}}, size);
    judge(key, answer, true, false);
  };
  for (int i = 0; i < 8; ++i) run(UnitCommand(100 + i));
  run(people::RegisterPerson{{"示例人丙"}});
  batch(200, 20);
  for (int i = 0; i < 6; ++i) run(people::RegisterPerson{{"示例人" + std::to_string(i)}});
  run(UnitCommand(100));  // Refused.
  run(admin::ErasePayload{{2}, {1}, {"pipl-47"}}, true);
  for (int i = 0; i < 4; ++i) run(UnitCommand(300 + i));
  batch(1000, 270);
  for (int i = 0; i < 7; ++i) run(UnitCommand(400 + i));

  // Reads of the state never need the disk.
  const Engine::Reader reader = engine.Read();
  EXPECT_GE(reader.seq(), outcome.acknowledged.empty() ? 0 : outcome.acknowledged.back().seq);
  return outcome;
}

// Runs the script with a failing call at 1, 2, 3 … until one run passes untouched.
void FailEveryCall(FaultPlan plan, std::uint64_t stride) {
  RegisterFaultVfs();
  SetFault({});
  World made;
  made.Create();
  made.Do(people::RegisterPerson{{"示例人甲"}});
  made.Close();
  std::optional<World> w;
  RunOutcome outcome;
  std::uint64_t stopped = 0, not_opened = 0;
  FaultScenario scenario;
  scenario.prepare = [&](std::uint64_t at) {
    w.emplace(at + 1);
    std::filesystem::copy(made.files.folder, w->files.folder, std::filesystem::copy_options::recursive);
  };
  scenario.act = [&] {
    EngineOptions options = w->Options();
    options.vfs = kFaultVfs;
    outcome = RunScript(*w, options);
  };
  scenario.check = [&](bool hit) {
    stopped += outcome.stopped;
    not_opened += !outcome.opened;
    if (outcome.stopped) {
      EXPECT_TRUE(hit) << "stopped without a cause";
    }
    auto opened = Engine::Open(w->files, w->Options());
    ASSERT_TRUE(opened.ok()) << opened.error().code << " " << opened.error().detail;
    for (const Acknowledged& a : outcome.acknowledged) {
      const auto record = (*opened)->log().Entry(a.seq);
      ASSERT_TRUE(record.ok()) << "entry " << a.seq << " was acknowledged and is not there";
      ASSERT_NE(record->leaf.find("\"key\":\"" + a.key), std::string::npos);
    }
    ASSERT_TRUE((*opened)->Run(Actor::System(), w->Key(), UnitCommand(999'999)).ok());
    const std::string live = HashOf((*opened)->Read().state());
    opened->reset();
    const auto report = VerifyLedger(w->files);
    ASSERT_TRUE(report.ok() && report->verdict == Verdict::intact)
        << (report.ok() ? report->faults.at(0).detail : report.error().code);
    ASSERT_EQ(live, ReplayedHash(w->files));
    if (!hit) {
      EXPECT_GE(outcome.acknowledged.size(), 28u);
    }
  };
  FailEach(plan, 1, stride, scenario);
  fmt::print("{} stopped the writer, {} refused to open\n", stopped, not_opened);
  EXPECT_GT(stopped + not_opened, 0u);
}

TEST(Fault, FailedWriteStopsTheWriterAndLosesNothing) { FailEveryCall({.reads = false, .writes = true}, Stride(6)); }
TEST(Fault, FullDiskStopsTheWriterAndLosesNothing) {
  FailEveryCall({.reads = false, .writes = true, .full = true, .once = false}, Stride(14));
}
TEST(Fault, TornWriteStopsTheWriterAndLosesNothing) {
  FailEveryCall({.reads = false, .writes = true, .torn = true, .once = false}, Stride(14));
}
TEST(Fault, FailedReadLosesNothing) { FailEveryCall({.reads = true, .writes = false}, Stride(5)); }

TEST(Fault, StoppedWriterStaysStoppedAndReadsGoOn) {
  RegisterFaultVfs();
  SetFault({});
  World w;
  w.Create();
  w.Do(UnitCommand(1));
  w.Close();
  EngineOptions options = w.Options();
  options.vfs = kFaultVfs;
  auto engine = Engine::Open(w.files, options);
  ASSERT_TRUE(engine.ok());
  ASSERT_TRUE((*engine)->Run(Actor::System(), w.Key(), UnitCommand(2)).ok());
  const std::string before = HashOf((*engine)->Read().state());

  SetFault({.reads = false, .writes = true, .once = true, .at = 1});
  const std::string key = w.Key();
  const auto failed = (*engine)->Run(Actor::System(), key, UnitCommand(3));
  const auto after = (*engine)->Run(Actor::System(), w.Key(), UnitCommand(4));
  const auto batch = (*engine)->RunBatch(Actor::System(), w.Key(), {UnitCommand(5)}, {{"test"}, {0}, {}, {}, {}, {}},
                                         (*engine)->log().size());

  EXPECT_EQ(CodeOf(failed), "ledger.stopped");
  EXPECT_EQ(CodeOf(after), "ledger.stopped");
  EXPECT_EQ(CodeOf(batch), "ledger.stopped");
  EXPECT_EQ(HashOf((*engine)->Read().state()), before);
  EXPECT_TRUE((*engine)->log().Entry(2).ok());
  EXPECT_EQ(HashOf(**(*engine)->StateAt(3)), before);
  engine->reset();
  SetFault({});
  // The key finds out what happened.
  w.Open();
  const auto again = w.engine->Run(Actor::System(), key, UnitCommand(3));
  EXPECT_TRUE(again.ok());
  EXPECT_EQ(w.engine->log().size(), 4u);
}

}  // namespace
}  // namespace landfall::app::test
