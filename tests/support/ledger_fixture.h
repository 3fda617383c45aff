// SPDX-License-Identifier: Apache-2.0
// A ledger in a folder of its own, with a clock that stands and chance that repeats.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "app/engine.h"
#include "app/verify.h"
#include "ledger/sqlite.h"
#include "ledger/store_sqlite.h"
#include "support/test_data.h"

namespace landfall::app::test {

using landfall::test::TestAll;

// Removed with everything in it.
class TempFolder {
 public:
  TempFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "landfall-test-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  const std::string& path() const { return path_; }
  std::string operator/(std::string_view name) const { return path_ + "/" + std::string(name); }

 private:
  std::string path_;
};

inline std::string ReadBytes(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}
inline void WriteBytes(const std::string& path, std::string_view bytes) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

inline const Instant kStart = Instant(MakeDay(2026, 3, 2) + std::chrono::hours(1));
inline Day Today() { return MakeDay(2026, 3, 2); }

inline admin::CreateLedger CreateCommand() { return {{"430212"}, {"示例区"}, {"CNY"}, {480}, {"tester"}}; }

// The codes of refusals, for assertions.
template <class T>
std::string CodeOf(const Result<T>& result) {
  return result.ok() ? "ok" : result.error().code;
}

// One ledger and one engine on it.
struct World {
  explicit World(std::uint64_t seed = 1) : random(seed), keys(seed + 1'000'003) {}

  EngineOptions Options() {
    EngineOptions options;
    options.clock = &clock;
    options.random = &random;
    return options;
  }
  void Create() {
    const Status made = Engine::Create(files, CreateCommand(), Options());
    ASSERT_TRUE(made.ok()) << made.error().code << " " << made.error().detail;
    Open();
  }
  void Open() {
    engine.reset();
    auto opened = Engine::Open(files, Options());
    ASSERT_TRUE(opened.ok()) << opened.error().code << " " << opened.error().detail;
    engine = std::move(*opened);
  }
  void Close() { engine.reset(); }
  // The engine draws salts in its own thread, so keys come from another source.
  std::string Key() { return NewKey(clock, keys); }
  Result<Answer> Run(AnyCommand command, Actor by = Actor::System()) {
    return engine->Run(by, Key(), std::move(command));
  }
  std::uint64_t Do(AnyCommand command, Actor by = Actor::System()) {
    auto answer = Run(std::move(command), by);
    EXPECT_TRUE(answer.ok()) << answer.error().code << " " << answer.error().field << " " << answer.error().detail;
    return answer ? answer->seq : 0;
  }
  Result<Answer> RunBatch(const std::vector<AnyCommand>& commands, std::string key) {
    return engine->RunBatch(Actor::System(), std::move(key), commands, {{"test"}, {0}, {}, {}, {}, {}},
                            engine->log().size());
  }
  std::string Hash() { return HashOf(engine->Read().state()); }

  TempFolder temp;
  LedgerFiles files{temp / "ledger"};
  FixedClock clock{kStart};
  SeededRandom random, keys;
  std::unique_ptr<Engine> engine;
};

// The state that the entries of a folder fold to, from entry 1, without any snapshot.
inline std::string ReplayedHash(const LedgerFiles& files, std::uint64_t to = UINT64_MAX) {
  auto store = OpenStore(files, {.vfs = {}, .create = false, .read_only = true});
  if (!store) return store.error().code;
  auto log = ledger::Log::Open(std::move(*store), SystemRandom());
  if (!log) return log.error().code;
  State state;
  std::uint64_t seq = 0;
  Instant at{};
  FoldOptions options;
  options.replay.to = to;
  const Status folded = Fold(**log, {state, seq, at, nullptr, nullptr}, std::move(options));
  return folded ? HashOf(state) : folded.error().code;
}

inline project::DefineLadder ShortLadder() {
  project::DefineLadder ladder{{"short"}, {}, std::nullopt};
  ladder.rungs.items = {{{"signed"}, project::Medal::bronze, {}, project::EvidenceLevel::stated, false},
                        {{"started"}, project::Medal::silver, Key<40>{"signed"}, project::EvidenceLevel::stated, false},
                        {{"full_production"}, project::Medal::gold, {}, project::EvidenceLevel::stated, false}};
  return ladder;
}
inline people::CreateUnit UnitCommand(int n) {
  return {{"unit-" + std::to_string(n)}, {"示例单位" + std::to_string(n)}, {}};
}
inline project::RegisterProject ProjectCommand(int n) {
  return {{"示例项目" + std::to_string(n)}, {"short"}, Code<60>{"P-" + std::to_string(n)}, UnitId{1}, {}, {},
          Money::FromMinor(1'000'000 + n)};
}

// A small ledger that has one of everything that a check looks at: every class, erasable and other payloads, a batch,
// an erasure, evidence, and several rows. Returns the seq of the entry whose payload was erased (event 1).
inline std::uint64_t FillSmall(World& w) {
  w.Do(ShortLadder());
  w.Do(UnitCommand(1));
  w.Do(place::AddRegion{{"430212"}, {"示例区"}, {}, MakeDay(2018, 6, 19)});
  w.Do(enterprise::RegisterEnterprise{{"示例企业"}, {}, Code<40>{"X-1"}});
  const std::uint64_t person = w.Do(people::RegisterPerson{{"示例人甲"}});
  w.Do(people::RegisterPerson{{"示例人乙"}});
  w.Do(ProjectCommand(1));
  w.Do(project::ReachMilestone{ProjectId{1}, {"signed"}, Today(), {}});
  w.Do(obligation::Assign{obligation::Kind::task, {"示例事项"}, ProjectId{1}, UnitId{1}, Today()});
  EXPECT_TRUE(w.RunBatch({ProjectCommand(2), ProjectCommand(3), ProjectCommand(4)}, w.Key()).ok());
  w.Do(admin::ErasePayload{{static_cast<std::int64_t>(person)}, {1}, {"pipl-47"}});
  w.Do(project::ReceiveFunds{ProjectId{1}, project::FundsKind::fixed_assets, Money::FromMinor(500), Today(), {}});
  return person;
}

// Direct access to a ledger's file, behind the engine's back.
class Tamper {
 public:
  explicit Tamper(const std::string& path) : db_(ledger::Connection::Open(path, SQLITE_OPEN_READWRITE, "").value()) {
    Exec("PRAGMA synchronous=OFF");  // Thousands of changes in a row, none of which must survive.
  }
  void Exec(const std::string& sql) {
    const Status done = db_.Exec(sql.c_str());
    EXPECT_TRUE(done.ok()) << done.error().detail;
  }
  std::string Blob(const std::string& sql) {
    auto s = ledger::Statement::Prepare(db_.get(), sql).value();
    return s.Step().value() ? std::string(s.Blob(0)) : std::string();
  }
  void SetBlob(const std::string& sql, std::string_view bytes) {
    auto s = ledger::Statement::Prepare(db_.get(), sql).value();
    s.BindBlob(1, bytes);
    EXPECT_TRUE(s.Run().ok());
  }
  ledger::Connection& db() { return db_; }

 private:
  ledger::Connection db_;
};

}  // namespace landfall::app::test
