// SPDX-License-Identifier: Apache-2.0
#include "simulate/power_cuts.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <filesystem>

#include "ledger/small_file.h"
#include "simulate/scratch.h"
#include "simulate/sqlite_disk.h"
#include "simulate/workload.h"

namespace landfall::simulate {
namespace {

using app::Engine;

constexpr int kRequests = 14;
const Instant kStart = Instant(MakeDay(2026, 3, 2) + std::chrono::hours(1));

// The ledger as it stood when somebody was told so.
struct Mark {
  std::size_t changes = 0;  // Of the disk, up to then.
  std::uint64_t size = 0;
  Digest root{};
  std::string state;
};

// What happened, and when.
struct Record {
  std::vector<DiskOperation> changes;
  std::vector<Mark> marks;  // In order; the first one is the new ledger's.
  // The checkpoint that lies beside the ledger, from so many changes on.
  std::vector<std::pair<std::size_t, std::string>> notes;
};

app::EngineOptions OptionsOf(Clock& clock, Random& random, const Process& process) {
  app::EngineOptions options;
  options.clock = &clock;
  options.random = &random;
  options.vfs = process.vfs();
  options.snapshot_on_close = false;
  options.stepped = true;
  return options;
}

class Recording {
 public:
  Recording(std::uint64_t seed, const app::LedgerFiles& files)
      : files_(files), chance_(seed * 2 + 1), salts_(seed * 2 + 2), machine_(seed) {
    machine_.disk().RecordInto(&record_.changes);
  }
  ~Recording() { Close(); }

  Result<Record> Run() {
    process_ = std::make_unique<Process>(machine_);
    LF_TRY(Engine::Create(files_, CreateCommand(), OptionsOf(clock_, salts_, *process_)));
    LF_TRY(Open());
    for (app::AnyCommand& command : FirstCommands()) {
      Sent sent{Actor::System(), {}, {std::move(command)}, false, {}, false};
      LF_TRY(Do(std::move(sent)));
    }
    for (int i = 0; i < kRequests; ++i) {
      LF_TRY(Do(NextRequest(oracle_, WallDay(clock_.Now(), {480}), chance_)));
      if (i == kRequests / 2) {
        Close();  // In good order: SQLite moves its log into the file and removes it.
        LF_TRY(Open());
      }
    }
    Close();
    return std::move(record_);
  }

 private:
  void Close() {
    engine_.reset();
    process_.reset();
  }

  Status Open() {
    process_ = std::make_unique<Process>(machine_);
    LF_ASSIGN(engine_, Engine::Open(files_, OptionsOf(clock_, salts_, *process_)));
    Note();
    return Ok{};
  }

  Status Do(Sent sent) {
    clock_.Advance(std::chrono::seconds(1));
    sent.key = app::NewKey(clock_, chance_);
    const auto answer = sent.batch ? engine_->RunBatch(sent.by, sent.key, sent.commands, Completion(), Engine::kAnySeq)
                                   : engine_->Run(sent.by, sent.key, sent.commands[0]);
    if (!answer && answer.error().fault == Fault::kUnavailable) return answer.error();
    if (answer) sent.accepted = *answer;
    oracle_.sent.push_back(std::move(sent));
    Note();
    if (chance_.Next() % 4 == 0) {
      engine_->Step(true);
      LF_ASSIGN(std::string note, ledger::ReadSmallFile(files_.checkpoint()));
      if (record_.notes.empty() || record_.notes.back().second != note)
        record_.notes.emplace_back(record_.changes.size(), std::move(note));
    }
    return Ok{};
  }

  void Note() {
    const ledger::Log& log = engine_->log();
    if (!record_.marks.empty() && record_.marks.back().size == log.size()) return;
    record_.marks.push_back({record_.changes.size(), log.size(), log.root(), HashOf(engine_->Read().state())});
  }

  const app::LedgerFiles& files_;
  SeededRandom chance_, salts_;
  FixedClock clock_{kStart};
  Machine machine_;
  Record record_;
  Oracle oracle_;
  std::unique_ptr<Process> process_;
  std::unique_ptr<Engine> engine_;
};

class Replaying {
 public:
  Replaying(std::uint64_t seed, const PowerCutOptions& options, const app::LedgerFiles& files, const Record& record)
      : options_(options), files_(files), record_(record), chance_(seed * 2 + 5), machine_(seed) {
    outcome_.seed = seed;
    outcome_.changes = record.changes.size();
  }

  PowerCutOutcome Run() {
    before_.faults.sync_lies = options_.sync_lies;
    for (at_ = 0; at_ <= record_.changes.size(); ++at_) {
      if (at_ > 0) before_.Do(record_.changes[at_ - 1]);
      while (next_ < record_.marks.size() && record_.marks[next_].changes <= at_) ++next_;
      PutNote();
      struct Variant {
        Survival survival;
        std::uint32_t sector;
      };
      static constexpr Variant kVariants[kStatesPerChange] = {
          {Survival::kNothing, 512}, {Survival::kAll, 512},   {Survival::kPrefix, 512}, {Survival::kPrefix, 4096},
          {Survival::kSome, 512},    {Survival::kSome, 4096}, {Survival::kSome, 512},   {Survival::kSome, 4096}};
      for (std::size_t v = 0; v < std::size(kVariants); ++v) {
        if (outcome_.states == options_.states_max) return outcome_;
        machine_.PowerOn(before_.AfterPowerCut(kVariants[v].survival, kVariants[v].sector, chance_));
        const std::string broken = OpenState();
        ++outcome_.states;
        if (broken.empty()) continue;
        outcome_.violation =
            fmt::format("power cut after change {} of {}, way {}: {}", at_, record_.changes.size(), v, broken);
        return outcome_;
      }
    }
    return outcome_;
  }

 private:
  // The checkpoint file of that moment.
  void PutNote() {
    std::size_t notes = note_;
    while (notes < record_.notes.size() && record_.notes[notes].first <= at_) ++notes;
    if (notes == note_ && at_ > 0) return;
    note_ = notes;
    if (note_ == 0)
      std::filesystem::remove(files_.checkpoint());
    else
      LF_CHECK(ledger::ReplaceSmallFile(files_.checkpoint(), record_.notes[note_ - 1].second).ok());
  }

  // What is wrong with what comes up; empty when nothing is.
  std::string OpenState() {
    Process process(machine_);
    FixedClock clock(kStart + std::chrono::hours(1));
    auto opened = Engine::Open(files_, OptionsOf(clock, salts_, process));
    Trace(opened ? (*opened)->log().root() : Digest{});
    if (next_ == 0) {
      // Nobody was told yet that there is a ledger.
      ++outcome_.unmade;
      return opened && (*opened)->log().size() > 1 ? "entries of which nobody knows" : "";
    }
    if (!opened) return fmt::format("it does not open: {} {}", opened.error().code, opened.error().detail);
    Engine& engine = **opened;
    if (std::string broken = Compare(engine); !broken.empty()) return broken;
    // It goes on from there, and what it acknowledges now outlives the next cut.
    const std::string key = app::NewKey(clock, chance_);
    const auto answer = engine.Run(Actor::System(), key, people::RegisterPerson{{"示例人"}});
    if (!answer) return fmt::format("it does not go on: {} {}", answer.error().code, answer.error().detail);
    const std::uint64_t size = engine.log().size();
    const Digest root = engine.log().root();
    process.Kill();  // Closed in good order it would save everything once more.
    opened->reset();
    if (options_.sync_lies || chance_.Next() % 4 != 0) return {};
    machine_.PowerOn(machine_.disk().AfterPowerCut(Survival::kNothing, 512, chance_));
    Process next(machine_);
    auto again = Engine::Open(files_, OptionsOf(clock, salts_, next));
    if (!again) return fmt::format("it does not open again: {} {}", again.error().code, again.error().detail);
    if ((*again)->log().size() != size || (*again)->log().root() != root) return "what it then acknowledged is lost";
    return {};
  }

  std::string Compare(Engine& engine) {
    const Mark* mark = &record_.marks[next_ - 1];
    if (engine.log().size() != mark->size && next_ < record_.marks.size()) {
      mark = &record_.marks[next_];
      ++outcome_.under_way;
    }
    if (engine.log().size() != mark->size)
      return fmt::format("it stands at {} entries, {} were acknowledged", engine.log().size(),
                         record_.marks[next_ - 1].size);
    if (engine.log().root() != mark->root) return "its root is another one";
    if (HashOf(engine.Read().state()) != mark->state) return "its state is another one";
    ledger::ReplayOptions options;
    options.verify_leaves = options.verify_payloads = true;
    const Status read = engine.log().Replay(options, [](const ledger::Leaf&, const ledger::StoredEntry&,
                                                        std::span<const std::string_view>) { return Status(Ok{}); });
    if (!read) return fmt::format("{} {}", read.error().code, read.error().detail);
    return {};
  }

  void Trace(const Digest& root) { outcome_.trace = XXH3_64bits_withSeed(root.data(), root.size(), outcome_.trace); }

  const PowerCutOptions& options_;
  const app::LedgerFiles& files_;
  const Record& record_;
  PowerCutOutcome outcome_;
  SeededRandom chance_, salts_{7};
  Disk before_;  // As it was when the power was cut.
  Machine machine_;
  std::size_t at_ = 0;    // Changes that were made.
  std::size_t next_ = 0;  // Marks that were reached.
  std::size_t note_ = 0;  // Notes that were written.
};

}  // namespace

PowerCutOutcome CheckPowerCuts(std::uint64_t seed, const PowerCutOptions& options) {
  PowerCutOutcome failed;
  failed.seed = seed;
  const auto scratch = Scratch::Make();
  if (!scratch) return failed.violation = "no folder for the files beside the ledger", failed;
  app::LedgerFiles files;
  files.folder = scratch->path() + "/ledger";
  auto record = Recording(seed, files).Run();
  if (!record) return failed.violation = "the run broke off: " + record.error().code, failed;
  return Replaying(seed, options, files, *record).Run();
}

}  // namespace landfall::simulate
