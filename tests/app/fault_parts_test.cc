// SPDX-License-Identifier: Apache-2.0
// Every call to the disk fails once, for what lies beside a ledger and for what is made of it: evidence, backups, a
// ledger from a backup, snapshots, imports. Nothing that was acknowledged is missing, nothing half done is taken for
// whole, and the next try on a disk that works succeeds.
#include <sys/resource.h>

#include <csignal>

#include "app/backup.h"
#include "app/catalog.h"
#include "app/import.h"
#include "ledger/blobs.h"
#include "tests/app/fault_loop.h"

namespace landfall::app::test {
namespace {

using landfall::test::FaultEverywhere;
using landfall::test::FaultPlan;

enum class How { kWriteOnce, kReadOnce, kFullFromThere, kTornFromThere };
FaultPlan PlanOf(How how) {
  switch (how) {
    case How::kWriteOnce:
      return {.reads = false, .writes = true};
    case How::kReadOnce:
      return {.reads = true, .writes = false};
    case How::kFullFromThere:
      return {.reads = false, .writes = true, .full = true, .once = false};
    case How::kTornFromThere:
      return {.reads = false, .writes = true, .torn = true, .once = false};
  }
  return {};
}

// A folder that each run copies, so that it begins with the same bytes.
void CopyFolder(const std::string& from, const std::string& to) {
  std::filesystem::remove_all(to);
  std::filesystem::copy(from, to, std::filesystem::copy_options::recursive);
}

void ExpectIntact(const LedgerFiles& files, const Digest& root) {
  const auto report = VerifyLedger(files);
  ASSERT_TRUE(report.ok()) << CodeOf(report);
  EXPECT_EQ(report->verdict, Verdict::intact) << report->faults.at(0).detail;
  EXPECT_EQ(report->root, root);
}

// ---- evidence ----

FaultScenario OfBlobs(const TempFolder& temp) {
  struct Run {
    std::string path;
    std::vector<std::pair<Digest, std::string>> acknowledged;
  };
  const auto run = std::make_shared<Run>();
  run->path = temp / "blobs.db";
  FaultScenario scenario;
  scenario.prepare = [run](std::uint64_t) {
    for (const char* beside : {"", "-wal", "-shm", "-journal"}) std::filesystem::remove(run->path + beside);
    run->acknowledged.clear();
    auto blobs = ledger::Blobs::Open(run->path);
    ASSERT_TRUE(blobs.ok());
    for (const std::string& bytes : {std::string("before"), std::string(90'000, 'b')})
      run->acknowledged.emplace_back(*(*blobs)->Put("text/plain", bytes), bytes);
  };
  scenario.act = [run] {
    auto blobs = ledger::Blobs::Open(run->path);
    if (!blobs) return;
    for (int i = 0; i < 6; ++i) {
      const std::string bytes(std::size_t{1} << (3 * i), static_cast<char>('a' + i));
      // A second try may find what the first one could not tell.
      for (int attempt = 0; attempt < 2; ++attempt)
        if (const auto put = (*blobs)->Put("text/plain", bytes)) run->acknowledged.emplace_back(*put, bytes);
      if (const auto got = (*blobs)->Get(Sha256(bytes))) {
        EXPECT_EQ(*got, bytes);
      }
    }
  };
  scenario.check = [run](bool hit) {
    auto blobs = ledger::Blobs::Open(run->path);
    ASSERT_TRUE(blobs.ok()) << CodeOf(blobs);
    for (const auto& [digest, bytes] : run->acknowledged) {
      const auto got = (*blobs)->Get(digest);
      ASSERT_TRUE(got.ok()) << "acknowledged, and " << CodeOf(got);
      EXPECT_EQ(*got, bytes);
    }
    std::vector<Digest> listed;
    ASSERT_TRUE((*blobs)->Scan([&](const ledger::BlobInfo& info) { listed.push_back(info.digest); }).ok());
    for (const Digest& digest : listed) EXPECT_TRUE((*blobs)->Get(digest).ok()) << "listed, and not whole";
    EXPECT_TRUE((*blobs)->Put("text/plain", "afterwards").ok());
    if (!hit) {
      EXPECT_EQ(run->acknowledged.size(), 14u);
    }
  };
  return scenario;
}

// ---- backups ----

// A ledger of several hundred entries with evidence beside it.
struct Kept {
  World w;
  Digest root{};
  Kept() {
    w.Create();
    w.Do(UnitCommand(1));
    w.Do(people::RegisterPerson{{"示例人甲"}});
    std::vector<AnyCommand> commands;
    for (int i = 0; i < 270; ++i) commands.push_back(UnitCommand(1000 + i));
    EXPECT_TRUE(w.RunBatch(commands, w.Key()).ok());
    w.Do(people::RegisterPerson{{"示例人乙"}});
    EXPECT_TRUE((*ledger::Blobs::Open(w.files.blobs()))->Put("text/plain", std::string(20'000, 'x')).ok());
    root = w.engine->log().root();
    w.Close();
  }
};

FaultScenario OfBackup(const TempFolder& temp) {
  struct Run : Kept {
    std::string to;
    std::string code;
  };
  const auto run = std::make_shared<Run>();
  run->to = temp / "backup";
  FaultScenario scenario;
  scenario.prepare = [run](std::uint64_t) { std::filesystem::remove_all(run->to); };
  scenario.act = [run] { run->code = CodeOf(BackUp(run->w.files, run->to)); };
  scenario.check = [run, &temp](bool hit) {
    const LedgerFiles restored{temp / "restored"};
    const auto back = Restore(run->to, restored);
    if (run->code == "ok") {
      ASSERT_TRUE(back.ok()) << "called whole, and " << CodeOf(back);
      ExpectIntact(restored, run->root);
    } else {
      EXPECT_TRUE(hit) << run->code;
      EXPECT_FALSE(back.ok()) << run->code;
      EXPECT_FALSE(std::filesystem::exists(run->to)) << "a copy that was not verified is left behind";
      EXPECT_TRUE(BackUp(run->w.files, run->to).ok());
    }
    std::filesystem::remove_all(restored.folder);
    ExpectIntact(run->w.files, run->root);
  };
  return scenario;
}

FaultScenario OfRestore(const TempFolder& temp) {
  struct Run : Kept {
    std::string from;
    LedgerFiles to;
    std::string code;
  };
  const auto run = std::make_shared<Run>();
  run->from = temp / "backup";
  run->to.folder = temp / "restored";
  EXPECT_TRUE(BackUp(run->w.files, run->from).ok());
  FaultScenario scenario;
  scenario.prepare = [run](std::uint64_t) { std::filesystem::remove_all(run->to.folder); };
  scenario.act = [run] { run->code = CodeOf(Restore(run->from, run->to)); };
  scenario.check = [run](bool hit) {
    if (run->code != "ok") {
      EXPECT_TRUE(hit) << run->code;
      EXPECT_FALSE(std::filesystem::exists(run->to.folder)) << "nobody opens half of a ledger";
      EXPECT_FALSE(std::filesystem::exists(run->to.folder + ".restoring"));
      ASSERT_TRUE(Restore(run->from, run->to).ok());
    }
    ExpectIntact(run->to, run->root);
  };
  return scenario;
}

// ---- imports ----

FaultScenario OfImport(const TempFolder& temp) {
  struct Run {
    World w;  // Of the folder that is copied.
    std::string file, mapping = std::string(LANDFALL_SOURCE_DIR) + "/catalog/demo/melbourne/mapping.json";
    LedgerFiles files;
    std::string code;
    std::int64_t rows = 4;

    EngineOptions Options() {
      EngineOptions options = w.Options();
      options.snapshot_on_close = false;
      return options;
    }
    Result<ImportOutcome> Import(Engine& engine) {
      return ImportProjects(engine, Actor::Local(), file, mapping,
                            {.dry_run = false, .local_user = "founder", .progress = {}});
    }
  };
  const auto run = std::make_shared<Run>();
  run->files.folder = temp / "ledger";
  {
    EXPECT_TRUE(
        Engine::Create(run->w.files, {{"2450"}, {"Melbourne"}, {"AUD"}, {600}, {"founder"}}, run->Options()).ok());
    auto engine = Engine::Open(run->w.files, run->Options());
    EXPECT_TRUE(engine.ok());
    const std::vector<AnyCommand> ladders = BuiltInDefinitions({"public_works"}).value();
    for (const AnyCommand& command : ladders) EXPECT_TRUE((*engine)->Run(Actor::Local(), run->w.Key(), command).ok());
    std::ifstream all(std::string(LANDFALL_SOURCE_DIR) + "/catalog/demo/melbourne/register.csv");
    std::string text, line;
    for (std::int64_t i = 0; i <= run->rows && std::getline(all, line); ++i) text += line + "\n";
    run->file = temp / "register.csv";
    WriteBytes(run->file, text);
  }
  FaultScenario scenario;
  scenario.prepare = [run](std::uint64_t) { CopyFolder(run->w.files.folder, run->files.folder); };
  scenario.act = [run] {
    run->code = "not opened";
    auto engine = Engine::Open(run->files, run->Options());
    if (!engine) return;
    const auto outcome = run->Import(**engine);
    run->code = CodeOf(outcome);
    if (outcome) {
      EXPECT_TRUE(outcome->stored);
    }
  };
  scenario.check = [run](bool hit) {
    auto engine = Engine::Open(run->files, run->Options());
    ASSERT_TRUE(engine.ok()) << CodeOf(engine);
    const auto projects = [&] { return static_cast<std::int64_t>((*engine)->Read().state().project.size()); };
    const std::int64_t there = projects();
    if (run->code == "ok")
      EXPECT_EQ(there, run->rows);
    else
      EXPECT_TRUE(hit) << run->code;
    EXPECT_TRUE(there == 0 || there == run->rows) << there << " projects of a batch that was broken off";
    // Again, as whoever was refused would do it: what is there stays, what is not comes.
    const auto again = run->Import(**engine);
    ASSERT_TRUE(again.ok()) << CodeOf(again);
    EXPECT_FALSE(again->refusal.has_value());
    EXPECT_EQ(again->stored, there == 0);
    EXPECT_EQ(projects(), run->rows);
    const Digest root = (*engine)->log().root();
    engine->reset();
    ExpectIntact(run->files, root);
  };
  return scenario;
}

struct Part {
  const char* name;
  FaultScenario (*make)(const TempFolder& temp);
  std::uint64_t stride;  // Of a fast run.
};
constexpr Part kParts[] = {{"Blobs", &OfBlobs, 3}, {"Backup", &OfBackup, 11}, {"Import", &OfImport, 5}};
// A restore writes its databases by copying files; what SQLite does there is to read them.
constexpr Part kRestore[] = {{"Restore", &OfRestore, 9}};

class FaultOf : public testing::TestWithParam<std::tuple<Part, How>> {};

TEST_P(FaultOf, IsNeverTakenForDone) {
  const auto& [part, how] = GetParam();
  const TempFolder temp;
  const FaultScenario scenario = part.make(temp);
  const FaultEverywhere everywhere;
  const std::uint64_t stride = Stride(part.stride);
  FailEach(PlanOf(how), 1 + static_cast<std::uint64_t>(how) % stride, stride, scenario);
}

std::string NameOf(const testing::TestParamInfo<std::tuple<Part, How>>& info) {
  static constexpr std::string_view kHow[] = {"WriteOnce", "ReadOnce", "Full", "Torn"};
  const auto& [part, how] = info.param;
  return part.name + std::string(kHow[static_cast<std::size_t>(how)]);
}
INSTANTIATE_TEST_SUITE_P(Parts, FaultOf,
                         testing::Combine(testing::ValuesIn(kParts),
                                          testing::Values(How::kWriteOnce, How::kReadOnce, How::kFullFromThere,
                                                          How::kTornFromThere)),
                         &NameOf);
INSTANTIATE_TEST_SUITE_P(Restoring, FaultOf,
                         testing::Combine(testing::ValuesIn(kRestore), testing::Values(How::kReadOnce)), &NameOf);

// ---- snapshots ----

// No file of this process grows beyond so many bytes: the write that would is cut there, and the next one fails.
class RoomFor {
 public:
  explicit RoomFor(rlim_t bytes) : old_handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    EXPECT_EQ(::getrlimit(RLIMIT_FSIZE, &old_), 0);
    rlimit now = old_;
    now.rlim_cur = bytes;
    EXPECT_EQ(::setrlimit(RLIMIT_FSIZE, &now), 0);
  }
  ~RoomFor() {
    ::setrlimit(RLIMIT_FSIZE, &old_);
    std::signal(SIGXFSZ, old_handler_);
  }

 private:
  void (*old_handler_)(int);
  rlimit old_{};
};

TEST(FaultOfSnapshot, ThatFindsNoRoomIsIgnored) {
  Kept kept;
  World& w = kept.w;
  std::filesystem::remove_all(w.files.snapshots());
  auto log = ledger::Log::Open(*OpenStore(w.files, {.vfs = {}, .read_only = true}), SystemRandom());
  ASSERT_TRUE(log.ok());
  Replica replica;
  ASSERT_TRUE(Fold(**log, replica).ok());
  const SnapshotSource source{replica.state, replica.keys, replica.history, replica.seq, replica.last_at};
  const auto write = [&] { return CodeOf(WriteSnapshot(w.files.snapshots(), source, **log)); };
  ASSERT_EQ(write(), "ok");
  const std::string path = ListSnapshots(w.files.snapshots()).at(0).path;
  const std::uint64_t size = std::filesystem::file_size(path);
  const std::uint64_t stride = Stride(997);
  std::uint64_t runs = 0;
  for (std::uint64_t room = 0; room < size; room += stride, ++runs) {
    std::filesystem::remove(path);
    {
      const RoomFor only(room);
      EXPECT_EQ(write(), "snapshot.io") << room;
    }
    EXPECT_TRUE(std::filesystem::is_empty(w.files.snapshots())) << "half of a snapshot is left at " << room;
    Replica loaded;
    EXPECT_FALSE(LoadSnapshot(w.files.snapshots(), loaded, **log, UINT64_MAX));
  }
  fmt::print("{} of {} sizes, one in {}\n", runs, size, stride);
  EXPECT_EQ(write(), "ok");
  log->reset();
  w.Open();
  EXPECT_EQ(w.Hash(), ReplayedHash(w.files));
}

}  // namespace
}  // namespace landfall::app::test
