// SPDX-License-Identifier: Apache-2.0
// What is done beside a server that goes on writing and erasing, on either engine: verify, back up and restore, export.
#include <atomic>
#include <thread>

#include "app/backup.h"
#include "app/export_log.h"
#include "tests/support/ledger_fixture.h"
#include "tests/support/postgres_server.h"

namespace landfall::app::test {
namespace {

using landfall::test::PostgresServer;

class UnderLoad : public testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    if (GetParam()) LF_NEEDS_POSTGRES();
    w.files = Place("ledger");
    w.Create();
    ASSERT_TRUE(w.engine);
    writer_ = std::thread([this] { Write(); });
    AwaitWriting(0);
  }
  void TearDown() override {
    stop_ = true;
    if (writer_.joinable()) writer_.join();
  }
  LedgerFiles Place(std::string_view folder) const {
    if (!GetParam()) return {w.temp / folder};
    return {w.temp / folder, PostgresServer::Shared()->NewDatabase(), CreateCommand().jurisdiction.value};
  }
  // Persons, every second of whom is forgotten again.
  void Write() {
    SeededRandom keys(5);
    const auto run = [&](AnyCommand command) {
      const auto answer = w.engine->Run(Actor::System(), NewKey(w.clock, keys), std::move(command));
      EXPECT_TRUE(answer.ok()) << CodeOf(answer);
      ++written_;
      return answer ? static_cast<std::int64_t>(answer->seq) : 0;
    };
    while (!stop_ && !HasFailure()) {
      run(people::RegisterPerson{{"示例人"}});
      const std::int64_t person = run(people::RegisterPerson{{"示例人"}});
      if (erases_) run(admin::ErasePayload{{person}, {1}, {"pipl-47"}});
    }
  }
  // Until the writer has stored more than `before`.
  void AwaitWriting(std::uint64_t before) {
    while (written_ <= before && !HasFailure()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }

  // What the writer's own tree says. An entry is on the disk a moment before it is in there.
  Digest RootAt(std::int64_t size) {
    const auto wanted = static_cast<std::uint64_t>(size);
    while (w.engine->log().size() < wanted) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return w.engine->log().View()->RootAt(wanted).value();
  }

  World w;
  std::atomic<bool> stop_ = false, erases_ = true;
  std::atomic<std::uint64_t> written_ = 0;
  std::thread writer_;
};

TEST_P(UnderLoad, LedgerIsIntact) {
  const std::uint64_t enough = written_ + 200;
  for (int round = 0; round < 5 || written_ < enough; ++round) {
    const auto report = VerifyLedger(w.files);
    ASSERT_TRUE(report.ok()) << CodeOf(report);
    ASSERT_EQ(report->verdict, Verdict::intact) << report->faults.at(0).code << " " << report->faults.at(0).detail;
  }
}

TEST_P(UnderLoad, BackupIsRestoredToTheRootThatTheLedgerHadThen) {
  for (int round = 0; round < 2; ++round) {
    const std::string backup = w.temp / ("backup" + std::to_string(round));
    const auto made = BackUp(w.files, backup);
    ASSERT_TRUE(made.ok()) << CodeOf(made) << " " << made.error().detail;
    EXPECT_EQ(made->root, RootAt(made->size));

    const LedgerFiles there = Place("restored" + std::to_string(round));
    const auto restored = Restore(backup, there);
    ASSERT_TRUE(restored.ok()) << CodeOf(restored) << " " << restored.error().detail;
    const auto report = VerifyLedger(there);
    ASSERT_TRUE(report.ok()) << CodeOf(report);
    EXPECT_EQ(report->verdict, Verdict::intact);
    EXPECT_EQ(report->size, made->size);
    EXPECT_EQ(report->root, made->root);
    AwaitWriting(written_);
  }
}

TEST_P(UnderLoad, ExportsWholeAndRedactedHaveTheRootThatTheLedgerHadThen) {
  erases_ = false;  // An export during which somebody erases is refused, and made again.
  for (const bool redacted : {false, true}) {
    auto ledger = OpenReadOnlyLedger(w.files);
    ASSERT_TRUE(ledger.ok()) << CodeOf(ledger);
    ExportOptions options;
    if (redacted) options.redact = {EventClass::kPersonal};
    const std::string path = w.temp / (redacted ? "redacted" : "whole");
    Result<ExportSummary> made = ExportLedger(*ledger, path, options);
    // The last erasure may have come in behind the checkpoint.
    if (CodeOf(made) == "export.erased_meanwhile") {
      ledger = OpenReadOnlyLedger(w.files);
      made = ExportLedger(*ledger, path, options);
    }
    ASSERT_TRUE(made.ok()) << CodeOf(made) << " " << made.error().detail;
    const auto report = VerifyExport(path);
    ASSERT_TRUE(report.ok()) << CodeOf(report);
    EXPECT_EQ(report->verdict, Verdict::intact) << report->faults.at(0).detail;
    EXPECT_EQ(report->root, RootAt(report->size));
    EXPECT_EQ(report->unprovable.empty(), !redacted);
  }
}

INSTANTIATE_TEST_SUITE_P(Engines, UnderLoad, testing::Bool(),
                         [](const auto& info) { return info.param ? "Postgres" : "Sqlite"; });

}  // namespace
}  // namespace landfall::app::test
