// SPDX-License-Identifier: Apache-2.0
#include "app/verify.h"

#include <ctime>

#include "ledger/blobs.h"
#include "tests/support/ledger_fixture.h"

namespace landfall::app::test {
namespace {

struct FilledLedger {
  World w;
  std::uint64_t erased = 0;
  FilledLedger() {
    w.Create();
    erased = FillSmall(w);
    w.Close();
  }
};

const CheckResult& Of(const VerifyReport& report, Check check) {
  return report.checks.at(static_cast<std::size_t>(check));
}

std::string FaultsOf(const VerifyReport& report) {
  std::string out;
  for (const FoundFault& f : report.faults)
    out +=
        fmt::format("{} {} {} {} {}\n", EnumName(f.check), f.seq.value_or(0), f.event.value_or(-1), f.code, f.detail);
  return out;
}

bool Names(const VerifyReport& report, Check check, std::int64_t seq, std::optional<std::int64_t> event = {}) {
  return std::any_of(report.faults.begin(), report.faults.end(), [&](const FoundFault& f) {
    return f.check == check && f.seq == seq && (!event || f.event == event);
  });
}

// Writes a changed row back, with a checksum that fits when asked.
void PutRow(Tamper& tamper, ledger::CommitRow row, bool recompute) {
  if (recompute) row.checksum = ledger::ChecksumOf(row);
  auto s =
      ledger::Statement::Prepare(
          tamper.db().get(), "UPDATE commits SET body = ?, leaf_hashes = ?, frontier = ?, checksum = ? WHERE first = ?")
          .value();
  s.BindBlob(1, row.body);
  s.BindBlob(2, row.leaf_hashes);
  s.BindBlob(3, row.frontier);
  s.Bind(4, static_cast<std::int64_t>(row.checksum));
  s.Bind(5, static_cast<std::int64_t>(row.first));
  ASSERT_TRUE(s.Run().ok());
}

std::vector<ledger::CommitRow> RowsOf(const LedgerFiles& files) {
  std::vector<ledger::CommitRow> rows;
  auto store = ledger::OpenSqliteStore(files.ledger(), {.vfs = {}, .create = false, .read_only = true}).value();
  EXPECT_TRUE(store
                  ->Scan(1,
                         [&](const ledger::CommitRow& row) {
                           rows.push_back(row);
                           return true;
                         })
                  .ok());
  return rows;
}

// Where the request tags lie in a body: the only bytes that nothing but the row's checksum protects.
std::vector<bool> TagBytes(std::string_view body) {
  std::vector<bool> tag(body.size(), false);
  ledger::BodyReader reader(body);
  ledger::StoredEntry entry;
  while (!reader.AtEnd() && reader.Next(entry))
    for (std::size_t i = 0; i < ledger::kTagBytes; ++i)
      tag[static_cast<std::size_t>(entry.tag.data() - body.data()) + i] = true;
  return tag;
}

VerifyOptions Quick() {
  VerifyOptions options;
  options.replay = false;
  return options;
}

TEST(VerifyLedger, IntactLedgerPassesEveryCheck) {
  FilledLedger f;

  const auto report = VerifyLedger(f.w.files);

  ASSERT_TRUE(report.ok());
  EXPECT_EQ(report->verdict, Verdict::intact) << FaultsOf(*report);
  EXPECT_EQ(report->size, 16);
  EXPECT_EQ(report->erased, 1);
  EXPECT_EQ(report->signed_size, 16);
  for (const Check check :
       {Check::order, Check::form, Check::leaf_hash, Check::tree, Check::checksum, Check::checkpoint, Check::payload,
        Check::erasure, Check::batch, Check::event_type, Check::replay})
    EXPECT_EQ(Of(*report, check).verdict, Verdict::intact) << EnumName(check);
  EXPECT_EQ(Of(*report, Check::snapshot).verdict, Verdict::not_checked) << "there is none";
}

// Every byte of every row, changed once with a checksum that was made to fit, and once without.
TEST(VerifyLedger, NamesTheEntryOfEveryChangedByte) {
  FilledLedger f;
  const std::vector<ledger::CommitRow> rows = RowsOf(f.w.files);
  std::size_t changed = 0, tags = 0;

  for (const bool recompute : {true, false}) {
    Tamper tamper(f.w.files.ledger());
    for (const ledger::CommitRow& row : rows) {
      const std::vector<bool> tag = TagBytes(row.body);
      // Without a fitting checksum the row is caught whatever the byte; a stride is enough there.
      const std::size_t stride = recompute ? 1 : 7;
      for (std::string ledger::CommitRow::*column :
           {&ledger::CommitRow::body, &ledger::CommitRow::leaf_hashes, &ledger::CommitRow::frontier}) {
        for (std::size_t at = 0; at < (row.*column).size(); at += stride) {
          ledger::CommitRow broken = row;
          (broken.*column)[at] = static_cast<char>((broken.*column)[at] ^ (1 << at % 8));
          PutRow(tamper, broken, recompute);

          const auto report = VerifyLedger(f.w.files, Quick());

          ++changed;
          ASSERT_TRUE(report.ok());
          const bool only_tag = recompute && column == &ledger::CommitRow::body && tag[at];
          tags += only_tag;
          ASSERT_EQ(report->verdict, only_tag ? Verdict::intact : Verdict::faulty)
              << "row " << row.first << " byte " << at;
          if (only_tag) continue;
          const auto seq = report->faults.at(0).seq.value_or(0);
          ASSERT_TRUE(seq >= static_cast<std::int64_t>(row.first) &&
                      seq <= static_cast<std::int64_t>(row.first + row.count))
              << "row " << row.first << " byte " << at << ": " << FaultsOf(*report);
        }
      }
      PutRow(tamper, row, true);
    }
  }
  EXPECT_EQ(VerifyLedger(f.w.files)->verdict, Verdict::intact);
  EXPECT_EQ(tags, 16u * ledger::kTagBytes);
  EXPECT_GT(changed, 8'000u);
}

TEST(VerifyLedger, NamesTheEventOfEveryChangedErasableByte) {
  FilledLedger f;
  Tamper tamper(f.w.files.ledger());
  const std::string salted = tamper.Blob("SELECT bytes FROM erasable WHERE seq = 7 AND event = 1");
  ASSERT_GT(salted.size(), ledger::kSaltBytes);

  for (std::size_t at = 0; at < salted.size(); ++at) {
    std::string broken = salted;
    broken[at] = static_cast<char>(broken[at] ^ 1);
    tamper.SetBlob("UPDATE erasable SET bytes = ? WHERE seq = 7 AND event = 1", broken);
    const auto report = VerifyLedger(f.w.files, Quick());
    ASSERT_TRUE(report.ok() && Names(*report, Check::payload, 7, 1)) << at;
  }
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, ledger::kSaltBytes - 1, ledger::kSaltBytes}) {
    tamper.SetBlob("UPDATE erasable SET bytes = ? WHERE seq = 7 AND event = 1",
                   std::string_view(salted).substr(0, size));
    const auto report = VerifyLedger(f.w.files);
    ASSERT_TRUE(report.ok());
    EXPECT_TRUE(Names(*report, size == 0 ? Check::erasure : Check::payload, 7, 1)) << size << "\n" << FaultsOf(*report);
  }
}

TEST(VerifyLedger, PayloadAbsentWithoutAnErasureIsCorruption) {
  FilledLedger f;
  Tamper(f.w.files.ledger()).Exec("DELETE FROM erasable WHERE seq = 7 AND event = 1");

  const auto report = VerifyLedger(f.w.files);

  EXPECT_TRUE(Names(*report, Check::erasure, 7, 1)) << FaultsOf(*report);
  EXPECT_EQ(report->faults.at(0).code, "ledger.payload_missing");
}

TEST(VerifyLedger, ErasedPayloadThatIsThereAgainIsTold) {
  World w;
  w.Create();
  const std::uint64_t person = w.Do(people::RegisterPerson{{"示例人甲"}});
  const std::string salted = [&] { return *w.engine->log().store().Erasable(person, 1).value(); }();
  w.Do(admin::ErasePayload{{static_cast<std::int64_t>(person)}, {1}, {"pipl-47"}});
  w.Close();
  Tamper(w.files.ledger()).SetBlob("INSERT INTO erasable VALUES(2, 1, ?)", salted);

  const auto report = VerifyLedger(w.files);

  EXPECT_TRUE(Names(*report, Check::erasure, 2, 1)) << FaultsOf(*report);
  EXPECT_EQ(report->faults.at(0).code, "ledger.erased_still_there");
}

TEST(VerifyLedger, PayloadThatNoEventClaimsIsTold) {
  FilledLedger f;
  {
    Tamper tamper(f.w.files.ledger());
    tamper.Exec("INSERT INTO erasable VALUES(2, 0, zeroblob(40)); INSERT INTO erasable VALUES(7, 9, zeroblob(40))");
    tamper.Exec("INSERT INTO erasable VALUES(900, 1, zeroblob(40))");
  }

  const auto report = VerifyLedger(f.w.files);

  EXPECT_TRUE(Names(*report, Check::erasure, 2, 0) && Names(*report, Check::erasure, 7, 9) &&
              Names(*report, Check::erasure, 900, 1))
      << FaultsOf(*report);
}

TEST(VerifyLedger, MissingRowsAreNamed) {
  FilledLedger f;
  Tamper(f.w.files.ledger()).Exec("DELETE FROM commits WHERE first = 5");

  const auto report = VerifyLedger(f.w.files);

  EXPECT_TRUE(Names(*report, Check::order, 5)) << FaultsOf(*report);
}

TEST(VerifyLedger, MissingEndIsToldByTheCheckpoint) {
  FilledLedger f;
  Tamper(f.w.files.ledger()).Exec("DELETE FROM commits WHERE first >= 15; DELETE FROM erasable WHERE seq >= 15");

  const auto report = VerifyLedger(f.w.files);

  EXPECT_TRUE(Names(*report, Check::checkpoint, 16)) << FaultsOf(*report);
}

TEST(VerifyLedger, BatchWithoutItsEndIsTold) {
  FilledLedger f;
  {
    // As if the store had kept half of a transaction: rows 11 and on hold p2 … and the closing entry.
    Tamper tamper(f.w.files.ledger());
    tamper.Exec("DELETE FROM commits WHERE first > 11; DELETE FROM erasable WHERE seq > 11; DELETE FROM checkpoints");
    const std::vector<ledger::CommitRow> rows = RowsOf(f.w.files);
    ASSERT_EQ(rows.back().first, 11u);
    ledger::BodyReader reader(rows.back().body);
    ledger::StoredEntry entry;
    ASSERT_TRUE(reader.Next(entry));
    const std::size_t framed = 4 + entry.leaf.size() + ledger::kTagBytes + 2;
    std::size_t bytes = framed;
    for (const ledger::StoredEvent& e : entry.events) bytes += e.erasable ? 1 : 5 + e.salted.size();
    ledger::CommitRow cut = rows.back();
    cut.count = 1;
    cut.body.resize(bytes);
    cut.leaf_hashes.resize(32);
    ledger::Frontier frontier;
    for (const ledger::CommitRow& row : rows)
      for (std::size_t i = 0; i < (row.first == 11 ? 1 : row.count); ++i) {
        Digest d;
        std::memcpy(d.data(), row.leaf_hashes.data() + 32 * i, 32);
        frontier.Append(d);
      }
    cut.frontier = frontier.Encode();
    tamper.Exec("UPDATE commits SET n = 1 WHERE first = 11");
    PutRow(tamper, cut, true);
  }
  std::filesystem::remove(f.w.files.checkpoint());

  const auto report = VerifyLedger(f.w.files);

  EXPECT_TRUE(Names(*report, Check::batch, 11)) << FaultsOf(*report);
}

TEST(VerifyLedger, ForeignCheckpointAndForgedCheckpointAreTold) {
  FilledLedger f;
  World other(2);
  other.Create();
  other.Do(UnitCommand(1));
  const std::string foreign = other.engine->SignedCheckpoint().value();
  other.Close();
  {
    Tamper tamper(f.w.files.ledger());
    auto s = ledger::Statement::Prepare(tamper.db().get(), "INSERT OR REPLACE INTO checkpoints VALUES(2, ?)").value();
    s.BindText(1, foreign);
    ASSERT_TRUE(s.Run().ok());
  }

  const auto report = VerifyLedger(f.w.files);

  EXPECT_EQ(Of(*report, Check::checkpoint).faults, 1) << FaultsOf(*report);
}

TEST(VerifyLedger, KeyGivenByTheCallerMustBeTheLedgers) {
  FilledLedger f;
  World other(2);
  other.Create();
  VerifyOptions options;
  options.vkey = other.engine->signer().verifier().Encode();

  const auto report = VerifyLedger(f.w.files, options);
  options.vkey = "nonsense";
  const auto malformed = VerifyLedger(f.w.files, options);

  EXPECT_EQ(Of(*report, Check::checkpoint).verdict, Verdict::faulty);
  EXPECT_EQ(CodeOf(malformed), "note.key_malformed");
}

TEST(VerifyLedger, StoredTileMustBeThatOfTheLeaves) {
  World w;
  w.Create();
  std::vector<AnyCommand> commands;
  for (int i = 0; i < 300; ++i) commands.push_back(UnitCommand(i));
  ASSERT_TRUE(w.RunBatch(commands, w.Key()).ok());
  w.Close();
  Tamper tamper(w.files.ledger());
  const std::string tile = tamper.Blob("SELECT bytes FROM tiles WHERE level = 0 AND idx = 0");
  ASSERT_EQ(tile.size(), ledger::kTileBytes);

  EXPECT_EQ(VerifyLedger(w.files)->verdict, Verdict::intact);
  for (const std::size_t at : {std::size_t{0}, std::size_t{4000}, tile.size() - 1}) {
    std::string broken = tile;
    broken[at] = static_cast<char>(broken[at] ^ 4);
    tamper.SetBlob("UPDATE tiles SET bytes = ?", broken);
    EXPECT_TRUE(Names(*VerifyLedger(w.files), Check::tree, 256)) << at;
  }
  tamper.Exec("DELETE FROM tiles");
  EXPECT_TRUE(Names(*VerifyLedger(w.files), Check::tree, 256));
}

TEST(VerifyLedger, EvidenceMustBeThereAndMatch) {
  World w;
  w.Create();
  w.Do(ShortLadder());
  w.Do(UnitCommand(1));
  w.Do(ProjectCommand(1));
  const Digest kept = ledger::Blobs::Open(w.files.blobs()).value()->Put("application/pdf", "示例合同").value();
  const std::uint64_t with = w.Do(project::ReachMilestone{ProjectId{1}, {"signed"}, Today(), List<Digest, 20>{{kept}}});
  ASSERT_EQ(VerifyLedger(w.files)->verdict, Verdict::intact);
  const std::uint64_t without = w.Do(project::ReceiveFunds{
      ProjectId{1}, project::FundsKind::fiscal, Money::FromMinor(1), Today(), List<Digest, 20>{{Sha256("x")}}});
  w.Close();

  const auto missing = VerifyLedger(w.files);
  Tamper(w.files.blobs()).Exec("UPDATE blobs SET bytes = x'00'");
  const auto changed = VerifyLedger(w.files);

  EXPECT_TRUE(Names(*missing, Check::blob, static_cast<std::int64_t>(without), 0)) << FaultsOf(*missing);
  EXPECT_EQ(Of(*missing, Check::blob).faults, 1);
  EXPECT_TRUE(Names(*changed, Check::blob, static_cast<std::int64_t>(with), 0)) << FaultsOf(*changed);
}

TEST(VerifyLedger, TellsTheFirstFaultsAndCountsTheRest) {
  World w;
  w.Create();
  for (int i = 0; i < 50; ++i) w.Do(people::RegisterPerson{{"示例人"}});
  w.Close();
  Tamper(w.files.ledger()).Exec("DELETE FROM erasable");
  VerifyOptions options;
  options.faults_max = 10;

  const auto report = VerifyLedger(w.files, options);

  EXPECT_EQ(report->faults.size(), 10u);
  EXPECT_EQ(report->faults_left_out, 50 + 2 - 10);  // And the two erasable payloads of entry 1.
}

TEST(VerifyLedger, WhatIsNoLedgerIsRefused) {
  TempFolder temp;
  EXPECT_EQ(CodeOf(VerifyLedger({temp / "none"})), "store.missing");
  std::filesystem::create_directories(temp / "text");
  WriteBytes(temp / "text/ledger.db", std::string(10'000, 'x'));
  EXPECT_EQ(CodeOf(VerifyLedger({temp / "text"})), "store.corrupt");
}

// What a disk gives back may be anything: no byte of the file makes us crash, and none that matters goes unseen.
TEST(VerifyLedger, AnyChangedByteOfTheFileIsSurvived) {
  FilledLedger f;
  const std::string file = ReadBytes(f.w.files.ledger());
  SeededRandom random(5);

  for (int i = 0; i < (TestAll() ? 5'000 : 300); ++i) {
    std::string broken = file;
    broken[random.Next() % broken.size()] = static_cast<char>(random.Next());
    WriteBytes(f.w.files.ledger(), broken);
    const auto report = VerifyLedger(f.w.files);
    if (!report) {
      EXPECT_TRUE(CodeOf(report).starts_with("store.")) << CodeOf(report);
    }
    std::filesystem::remove(f.w.files.ledger() + "-wal");
    std::filesystem::remove(f.w.files.ledger() + "-shm");
  }
  WriteBytes(f.w.files.ledger(), file);
  EXPECT_EQ(VerifyLedger(f.w.files)->verdict, Verdict::intact);
}

// Figures for docs and reviews; LANDFALL_TEST_ALL=1 measures at 2·10^5 entries. Budgets: DESIGN §6.
TEST(VerifyLedger, SpeedIsPrinted) {
  World w;
  w.Create();
  w.Do(ShortLadder());
  w.Do(UnitCommand(1));
  const int entries = TestAll() ? 200'000 : 5'000;
  for (int from = 0; from < entries; from += 1000) {
    std::vector<AnyCommand> commands;
    for (int i = from; i < from + 1000; ++i) commands.push_back(ProjectCommand(i));
    ASSERT_TRUE(w.RunBatch(commands, w.Key()).ok());
  }
  w.Close();
  std::filesystem::remove_all(w.files.snapshots());
  const auto measure = [&](std::string_view name, bool digests, bool replay) {
    VerifyOptions options;
    options.payload_digests = digests;
    options.replay = replay;
    double best = 1e9;  // Of the processor, not of the wall: the machine may be shared.
    std::int64_t events = 0;
    for (int round = 0; round < 3; ++round) {
      const std::clock_t start = std::clock();
      const auto report = VerifyLedger(w.files, options);
      best = std::min(best, static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC);
      ASSERT_EQ(report->verdict, Verdict::intact) << FaultsOf(*report);
      events = report->events;
    }
    fmt::print("{:<32} {:>9} events {:>8.0f} ms {:>10.0f} events/s\n", name, events, best * 1e3,
               static_cast<double>(events) / best);
  };
  measure("verify leaf hashes", false, false);
  measure("verify leaves and payloads", true, false);
  measure("verify all and replay", true, true);
}

}  // namespace
}  // namespace landfall::app::test
