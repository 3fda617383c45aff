// SPDX-License-Identifier: Apache-2.0
#include "app/export_log.h"

#include "app/backup.h"
#include "ledger/blobs.h"
#include "ledger/proof_file.h"
#include "tests/support/ledger_fixture.h"

namespace landfall::app::test {
namespace {

struct Exported {
  World w;
  std::string path = w.temp / "ledger.jsonl";
  ExportSummary summary;
  explicit Exported(std::vector<EventClass> redact = {}, std::uint64_t seed = 1) : w(seed) {
    w.Create();
    FillSmall(w);
    auto ledger = OpenReadOnlyLedger(w.files);
    EXPECT_TRUE(ledger.ok());
    ExportOptions options;
    options.redact = std::move(redact);
    auto done = ExportLedger(*ledger, path, options);
    EXPECT_TRUE(done.ok()) << done.error().code << done.error().detail;
    if (done) summary = *done;
  }
  VerifyReport Verify(std::string vkey = {}) const {
    VerifyOptions options;
    options.vkey = std::move(vkey);
    auto report = VerifyExport(path, options);
    EXPECT_TRUE(report.ok()) << CodeOf(report);
    return report ? *report : VerifyReport{};
  }
  std::vector<std::string> Lines() const {
    std::ifstream in(path);
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
  }
  void Write(const std::vector<std::string>& lines) const {
    std::string all;
    for (const std::string& line : lines) all += line + "\n";
    WriteBytes(path, all);
  }
};

bool Names(const VerifyReport& report, Check check, std::optional<std::int64_t> seq = {}) {
  return std::any_of(report.faults.begin(), report.faults.end(),
                     [&](const FoundFault& f) { return f.check == check && (!seq || f.seq == seq); });
}

TEST(Export, WholeExportVerifiesWithTheLedgersKey) {
  Exported e;

  const VerifyReport report = e.Verify(e.w.engine->signer().verifier().Encode());

  EXPECT_EQ(report.verdict, Verdict::intact);
  EXPECT_TRUE(report.vkey_given);
  EXPECT_EQ(report.size, 16);
  EXPECT_EQ(report.signed_size, 16);
  EXPECT_EQ(report.root, e.w.engine->log().root());
  EXPECT_EQ(report.erased, 1);
  EXPECT_EQ(e.summary.erased, 1);
  EXPECT_TRUE(report.unprovable.empty());
}

TEST(Export, RedactedExportVerifiesAndCountsWhatItCannotProve) {
  Exported e({EventClass::kPersonal, EventClass::kEnterprise});

  const VerifyReport report = e.Verify();

  EXPECT_EQ(report.verdict, Verdict::intact);
  EXPECT_EQ(report.root, e.w.engine->log().root());
  ASSERT_EQ(report.unprovable.size(), 2u);
  EXPECT_EQ(report.unprovable[0].cls, "enterprise");
  EXPECT_EQ(report.unprovable[0].payloads, 2);
  EXPECT_EQ(report.unprovable[1].cls, "personal");
  EXPECT_EQ(report.unprovable[1].payloads, 3) << "two names and the local user";
  const std::string text = ReadBytes(e.path);
  EXPECT_EQ(text.find("示例人乙"), std::string::npos);
  EXPECT_EQ(text.find("示例企业"), std::string::npos);
  EXPECT_NE(text.find("示例项目1"), std::string::npos);
}

TEST(Export, EverythingMayBeWithheldAndTheTreeStillVerifies) {
  Exported e({EventClass::kPublic, EventClass::kInternal, EventClass::kEnterprise, EventClass::kPersonal});

  const VerifyReport report = e.Verify();

  EXPECT_EQ(report.verdict, Verdict::intact);
  EXPECT_EQ(e.summary.opened, 0);
  EXPECT_EQ(ReadBytes(e.path).find("\"salt\""), std::string::npos);
}

TEST(Export, EveryChangedByteOfARedactedExportIsFound) {
  Exported e({EventClass::kPersonal});
  const std::string good = ReadBytes(e.path);
  std::size_t unseen = 0;

  for (std::size_t at = 0; at < good.size(); at += TestAll() ? 1 : 7) {
    std::string broken = good;
    broken[at] = static_cast<char>(broken[at] ^ (1 << at % 8));
    WriteBytes(e.path, broken);
    const auto report = VerifyExport(e.path);
    if (report && report->verdict == Verdict::intact) {
      // Only the header's jurisdiction is the file's own word.
      ++unseen;
      EXPECT_LT(at, good.find(",\"vkey\"")) << good.substr(at, 40);
    }
  }
  EXPECT_LE(unseen, 6u);
}

TEST(Export, TamperedLinesAreNamed) {
  Exported e;
  const std::vector<std::string> good = e.Lines();
  const auto with = [&](auto&& change) {
    std::vector<std::string> lines = good;
    change(lines);
    e.Write(lines);
    return e.Verify();
  };
  const auto replace = [](std::string& line, std::string_view from, std::string_view to) {
    const std::size_t at = line.find(from);
    ASSERT_NE(at, std::string::npos);
    line.replace(at, from.size(), to);
  };

  EXPECT_TRUE(Names(with([&](auto& l) { replace(l[8], "1000001", "9000001"); }), Check::payload, 8));
  EXPECT_TRUE(Names(with([&](auto& l) { l.erase(l.begin() + 5); }), Check::order, 5));
  EXPECT_TRUE(Names(with([&](auto& l) { std::swap(l[5], l[6]); }), Check::order, 5));
  EXPECT_TRUE(Names(with([&](auto& l) { l.pop_back(); }), Check::order, 15));
  EXPECT_TRUE(Names(with([&](auto& l) { l[3] = "{}"; }), Check::form, 3));
  EXPECT_TRUE(
      Names(with([&](auto& l) { replace(l[6], "{\"erased\":15}", "{\"withheld\":\"personal\"}"); }), Check::form, 6));
  EXPECT_TRUE(Names(with([&](auto& l) { replace(l[6], "{\"erased\":15}", "{\"erased\":14}"); }), Check::erasure, 6));
  // Absent without a word.
  const VerifyReport absent = with([&](auto& l) {
    const std::size_t from = l[9].find(",{\"salt\""), to = l[9].rfind("]}");
    if (from != std::string::npos)
      l[9].erase(from, to - from);
    else
      l[9].replace(l[9].find("{\"salt\""), to - l[9].find("{\"salt\""), "{\"erased\":15}");
  });
  EXPECT_EQ(absent.verdict, Verdict::faulty);
  e.Write(good);
  EXPECT_EQ(e.Verify().verdict, Verdict::intact);
}

TEST(Export, HeaderOfAnotherTreeIsTold) {
  Exported e, other({}, 2);
  std::vector<std::string> lines = e.Lines();
  lines[0] = other.Lines()[0];
  e.Write(lines);

  EXPECT_EQ(e.Verify().verdict, Verdict::faulty);
}

TEST(Export, AnotherKeyThanTheTrustedOneIsTold) {
  Exported e, other({}, 2);
  EXPECT_TRUE(Names(e.Verify(other.w.engine->signer().verifier().Encode()), Check::checkpoint));
}

TEST(Export, WhatIsNoExportIsRefused) {
  TempFolder temp;
  EXPECT_EQ(CodeOf(VerifyExport(temp / "none")), "export.unreadable");
  WriteBytes(temp / "empty", "");
  EXPECT_EQ(CodeOf(VerifyExport(temp / "empty")), "export.malformed");
  WriteBytes(temp / "text", std::string(3 << 20, 'x'));
  EXPECT_EQ(CodeOf(VerifyExport(temp / "text")), "export.malformed");
}

TEST(Export, CutLastLineIsTold) {
  Exported e;
  const std::string good = ReadBytes(e.path);
  WriteBytes(e.path, std::string_view(good).substr(0, good.size() - 1));
  EXPECT_EQ(e.Verify().verdict, Verdict::faulty);
}

TEST(Export, OverwritesNothingAndLeavesNothingHalf) {
  Exported e;
  auto ledger = OpenReadOnlyLedger(e.w.files);
  ExportOptions options;
  options.before = [](std::uint64_t) -> Status { return Unavailable("store.io"); };

  EXPECT_EQ(CodeOf(ExportLedger(*ledger, e.path)), "export.exists");
  EXPECT_EQ(CodeOf(ExportLedger(*ledger, e.w.temp / "refused", options)), "store.io");
  Tamper(e.w.files.ledger()).Exec("DELETE FROM erasable WHERE seq = 7");
  EXPECT_EQ(CodeOf(ExportLedger(*ledger, e.w.temp / "broken")), "ledger.corrupt");
  for (const std::string_view name : {"refused", "broken", "broken.part"})
    EXPECT_FALSE(std::filesystem::exists(e.w.temp / name)) << name;
}

TEST(Export, WithoutTheSigningKeyGoesUpToTheLastCheckpoint) {
  World w;
  w.Create();
  FillSmall(w);
  w.Close();
  w.Open();
  w.Do(UnitCommand(50));
  std::filesystem::remove(w.files.key());

  const auto ledger = OpenReadOnlyLedger(w.files);

  ASSERT_TRUE(ledger.ok()) << ledger.error().code;
  EXPECT_GE(ledger->size, 16u);
  EXPECT_LE(ledger->size, ledger->log->size());
}

TEST(Export, ClassesAreReadFromAList) {
  EXPECT_EQ(*ParseClasses("personal,enterprise,personal"),
            (std::vector<EventClass>{EventClass::kPersonal, EventClass::kEnterprise}));
  EXPECT_TRUE(ParseClasses("")->empty());
  EXPECT_EQ(CodeOf(ParseClasses("secret")), "export.unknown_class");
}

TEST(ProofFile, OfEveryEntryHolds) {
  World w;
  w.Create();
  FillSmall(w);
  auto ledger = OpenReadOnlyLedger(w.files);
  ASSERT_TRUE(ledger.ok());
  const auto key = ledger::VerifierKey::Parse(ledger->vkey);
  for (std::uint64_t seq = 1; seq <= ledger->size; ++seq) {
    const auto hashes = ledger->log->View()->Inclusion(seq - 1, ledger->size);
    const std::string file = ledger::FormatProofFile({std::nullopt, seq - 1, *hashes, ledger->checkpoint});
    EXPECT_TRUE(ledger::VerifyProofFile(file, ledger->log->Entry(seq)->leaf, *key).ok()) << seq;
  }
}

// ---- backups ----

TEST(Backup, IsRestoredToTheSameRootWithEverythingInIt) {
  World w;
  w.Create();
  FillSmall(w);
  const Digest blob = ledger::Blobs::Open(w.files.blobs()).value()->Put("text/plain", "示例").value();
  w.Do(project::ReachMilestone{ProjectId{1}, {"started"}, Today(), List<Digest, 20>{{blob}}});
  BackupOptions options;
  options.with_key = true;
  options.clock = &w.clock;
  int steps = 0;
  options.progress = [&](std::string_view, std::uint64_t done, std::uint64_t total) { steps += done <= total; };
  const std::string live = w.Hash();

  const auto made = BackUp(w.files, w.temp / "backup", options);
  ASSERT_TRUE(made.ok()) << made.error().code << made.error().detail;
  const LedgerFiles restored{w.temp / "restored"};
  const auto back = Restore(w.temp / "backup", restored);

  ASSERT_TRUE(back.ok()) << back.error().code << back.error().detail;
  EXPECT_GT(steps, 0);
  EXPECT_EQ(back->root, w.engine->log().root());
  EXPECT_EQ(back->files.size(), 3u);
  auto engine = Engine::Open(restored, w.Options());
  ASSERT_TRUE(engine.ok()) << engine.error().code;
  EXPECT_EQ(HashOf((*engine)->Read().state()), live);
  EXPECT_EQ((*engine)->log().root(), w.engine->log().root());
  EXPECT_EQ(*ledger::Blobs::OpenReadOnly(restored.blobs()).value()->Get(blob), "示例");
  const auto mode = std::filesystem::status(restored.key()).permissions();
  EXPECT_EQ(mode & (std::filesystem::perms::group_all | std::filesystem::perms::others_all),
            std::filesystem::perms::none);
}

TEST(Backup, IsConsistentWhileTheWriterGoesOn) {
  World w;
  w.Create();
  std::atomic<bool> stop = false;
  std::thread writer([&] {
    SeededRandom keys(5);
    for (int i = 0; !stop; ++i)
      (void)w.engine->Run(Actor::System(), NewKey(w.clock, keys), people::RegisterPerson{{"示例人"}}).ok();
  });

  for (int round = 0; round < 3; ++round) {
    const auto made = BackUp(w.files, w.temp / ("backup" + std::to_string(round)));
    EXPECT_TRUE(made.ok()) << made.error().code << " " << made.error().detail;
  }
  stop = true;
  writer.join();
}

TEST(Backup, LeavesTheKeyOutUnlessAsked) {
  World w;
  w.Create();
  const auto made = BackUp(w.files, w.temp / "backup");
  ASSERT_TRUE(made.ok());
  EXPECT_FALSE(std::filesystem::exists(w.temp / "backup/signing.key"));
  ASSERT_TRUE(Restore(w.temp / "backup", {w.temp / "restored"}).ok());
  EXPECT_EQ(CodeOf(Engine::Open({w.temp / "restored"}, w.Options())), "ledger.key_missing");
}

TEST(Backup, OfADamagedLedgerIsRefused) {
  World w;
  w.Create();
  FillSmall(w);
  Tamper(w.files.ledger()).Exec("DELETE FROM erasable WHERE seq = 7");
  EXPECT_EQ(CodeOf(BackUp(w.files, w.temp / "backup")), "backup.not_intact");
  EXPECT_FALSE(std::filesystem::exists(w.temp / "backup"));
}

TEST(Backup, OverwritesNothing) {
  World w;
  w.Create();
  ASSERT_TRUE(BackUp(w.files, w.temp / "backup").ok());
  EXPECT_EQ(CodeOf(BackUp(w.files, w.temp / "backup")), "backup.exists");
  EXPECT_EQ(CodeOf(Restore(w.temp / "backup", w.files)), "ledger.exists");
  EXPECT_EQ(CodeOf(BackUp({w.temp / "none"}, w.temp / "other")), "store.missing");
}

TEST(Restore, RefusesWhatIsNotTheBackup) {
  World w;
  w.Create();
  FillSmall(w);
  ASSERT_TRUE(BackUp(w.files, w.temp / "backup").ok());
  const std::string db = ReadBytes(w.temp / "backup/ledger.db"), manifest = ReadBytes(w.temp / "backup/manifest.json");
  const auto restore = [&] { return CodeOf(Restore(w.temp / "backup", {w.temp / "restored"})); };

  std::string broken = db;
  broken[broken.size() / 2] = static_cast<char>(broken[broken.size() / 2] ^ 1);
  WriteBytes(w.temp / "backup/ledger.db", broken);
  EXPECT_EQ(restore(), "backup.file_differs");
  WriteBytes(w.temp / "backup/ledger.db", db);
  WriteBytes(w.temp / "backup/manifest.json", "{}\n");
  EXPECT_EQ(restore(), "backup.malformed");
  std::string outside = manifest;
  outside.replace(outside.find("ledger.db"), 9, "../x/y.db");
  WriteBytes(w.temp / "backup/manifest.json", outside);
  EXPECT_EQ(restore(), "backup.malformed");
  std::filesystem::remove(w.temp / "backup/manifest.json");
  EXPECT_EQ(restore(), "backup.malformed");
  EXPECT_FALSE(std::filesystem::exists(w.temp / "restored"));
  EXPECT_FALSE(std::filesystem::exists(w.temp / "restored.restoring"));
  WriteBytes(w.temp / "backup/manifest.json", manifest);
  EXPECT_EQ(restore(), "ok");
}

}  // namespace
}  // namespace landfall::app::test
