// SPDX-License-Identifier: Apache-2.0
// Whoever holds the disk, and even the signing key, changes a ledger in random ways; a verifier with a cosigned
// checkpoint that was kept elsewhere looks at it. What was changed at or below the cosigned size must always be found,
// and nothing above it may ever be called verified.
#include "app/verify.h"
#include "ledger/checkpoint.h"
#include "tests/support/ledger_fixture.h"

namespace landfall::app::test {
namespace {

using ledger::CommitRow;

// An untouched ledger as the attacker finds it.
struct Original {
  static constexpr std::uint64_t kWitnessed = 24, kSize = 36;
  World w;
  SeededRandom witness_random{7};
  ledger::SignerKey witness =
      *ledger::SignerKey::Generate("witness.example/w1", ledger::SignatureType::kCosignatureV1, witness_random);
  std::string cosigned, database, checkpoint;
  std::optional<ledger::SignerKey> stolen;
  std::vector<CommitRow> rows;

  Original() {
    w.Create();
    FillSmall(w);
    GrowTo(kWitnessed);
    stolen = w.engine->signer();
    cosigned = *ledger::CosignCheckpoint(*w.engine->SignedCheckpoint(), stolen->verifier(), witness, 1'800'000'000);
    GrowTo(kSize);
    w.Close();
    database = ReadBytes(w.files.ledger());
    checkpoint = ReadBytes(w.files.checkpoint());
    auto store = ledger::OpenSqliteStore(w.files.ledger(), {.vfs = {}, .create = false, .read_only = true}).value();
    EXPECT_TRUE(store
                    ->Scan(1,
                           [&](const CommitRow& row) {
                             rows.push_back(row);
                             return true;
                           })
                    .ok());
  }
  void GrowTo(std::uint64_t size) {
    while (w.engine->log().size() < size) w.Do(ProjectCommand(static_cast<int>(w.engine->log().size()) + 100));
  }
  void Restore() const {
    for (const char* rest : {"-wal", "-shm"}) std::filesystem::remove(w.files.ledger() + rest);
    WriteBytes(w.files.ledger(), database);
    WriteBytes(w.files.checkpoint(), checkpoint);
  }
  std::size_t RowOf(std::uint64_t seq) const {
    std::size_t i = 0;
    while (rows[i].first + rows[i].count <= seq) ++i;
    return i;
  }
  VerifyReport Verify() const {
    VerifyOptions options;
    options.replay = false;
    options.vkey = stolen->verifier().Encode();
    options.witness_vkeys = {witness.verifier().Encode()};
    options.cosigned = {cosigned};
    auto report = VerifyLedger(w.files, options);
    EXPECT_TRUE(report.ok());
    return report ? *report : VerifyReport{};
  }
};

Trust StandingAt(const VerifyReport& report, std::uint64_t seq) {
  for (const TrustRange& range : report.standings)
    if (range.from <= static_cast<std::int64_t>(seq) && static_cast<std::int64_t>(seq) <= range.to)
      return range.standing;
  return Trust::faulty;
}

std::string Told(const VerifyReport& report) {
  std::string out;
  for (const FoundFault& f : report.faults)
    out += fmt::format("{} {} {} {}; ", EnumName(f.check), f.seq.value_or(0), f.code, f.detail);
  for (const TrustRange& r : report.standings) out += fmt::format("{} {}-{}; ", EnumName(r.standing), r.from, r.to);
  return out;
}

// What an attack has done.
struct Deed {
  std::string name;
  std::uint64_t first_changed = 0;  // The first entry that is not the one that was written, or is gone.
  bool careful = false;             // Hashes, tree, checksums and signatures were made to fit.
};

class Attacker {
 public:
  Attacker(Original& original, std::uint64_t seed) : o_(original), random_(seed), db_(original.w.files.ledger()) {}

  Deed Attack() {
    switch (random_.Next() % 8) {
      case 0:
        return FlipByte();
      case 1:
        return DropRow();
      case 2:
        return SwapBodies();
      case 3:
        return LosePayload();
      default:
        return Rewrite();
    }
  }

 private:
  std::uint64_t Pick(std::uint64_t below) { return random_.Next() % below; }

  void Put(const CommitRow& row) {
    auto s = ledger::Statement::Prepare(db_.db().get(),
                                        "INSERT OR REPLACE INTO commits(first, n, body, leaf_hashes, frontier, "
                                        "checksum) VALUES(?, ?, ?, ?, ?, ?)")
                 .value();
    s.Bind(1, static_cast<std::int64_t>(row.first));
    s.Bind(2, row.count);
    s.BindBlob(3, row.body);
    s.BindBlob(4, row.leaf_hashes);
    s.BindBlob(5, row.frontier);
    s.Bind(6, static_cast<std::int64_t>(row.checksum));
    ASSERT_TRUE(s.Run().ok());
  }

  // ---- careless: some bytes, and perhaps the checksum ----

  Deed FlipByte() {
    CommitRow row = o_.rows[Pick(o_.rows.size())];
    // Not the tags: nobody but the row's checksum vouches for them, and a verifier says so.
    std::vector<std::pair<std::size_t, std::uint64_t>> places;  // Byte and entry.
    std::uint64_t seq = row.first;
    const auto add = [&](std::string_view bytes) {
      for (std::size_t i = 0; i < bytes.size(); ++i)
        places.emplace_back(static_cast<std::size_t>(bytes.data() - row.body.data()) + i, seq);
    };
    ledger::BodyReader reader(row.body);
    ledger::StoredEntry entry;
    for (; !reader.AtEnd() && reader.Next(entry); ++seq) {
      add(entry.leaf);
      for (const ledger::StoredEvent& event : entry.events) add(event.salted);
    }
    const auto [at, changed] = places[Pick(places.size())];
    row.body[at] = static_cast<char>(row.body[at] ^ (1 << Pick(8)));
    if (Pick(2) == 0) row.checksum = ledger::ChecksumOf(row);
    Put(row);
    return {"flip a bit of", changed, false};
  }

  Deed DropRow() {
    const CommitRow& row = o_.rows[Pick(o_.rows.size())];
    db_.Exec("DELETE FROM commits WHERE first = " + std::to_string(row.first));
    return {"delete the row of", row.first, false};
  }

  Deed SwapBodies() {
    const std::size_t i = Pick(o_.rows.size() - 1), j = i + 1 + Pick(o_.rows.size() - 1 - i);
    CommitRow a = o_.rows[i], b = o_.rows[j];
    std::swap(a.body, b.body);
    std::swap(a.leaf_hashes, b.leaf_hashes);
    std::swap(a.count, b.count);
    for (CommitRow* row : {&a, &b}) {
      row->checksum = ledger::ChecksumOf(*row);
      Put(*row);
    }
    return {"swap rows from", a.first, false};
  }

  Deed LosePayload() {
    const std::string all = db_.Blob("SELECT group_concat(seq || ' ' || event, ';') FROM erasable");
    std::vector<std::pair<std::uint64_t, int>> places;
    for (std::size_t at = 0; at < all.size();) {
      std::size_t used = 0;
      const std::uint64_t seq = std::stoull(all.substr(at), &used);
      places.emplace_back(seq, std::stoi(all.substr(at + used)));
      at = std::min(all.find(';', at), all.size() - 1) + 1;
    }
    const auto [seq, event] = places[Pick(places.size())];
    const std::string where = fmt::format(" WHERE seq = {} AND event = {}", seq, event);
    if (Pick(2) == 0)
      db_.Exec("DELETE FROM erasable" + where);
    else
      db_.Exec("UPDATE erasable SET bytes = CAST(bytes || 'x' AS BLOB)" + where);
    return {"change a payload of", seq, false};
  }

  // ---- careful: the rest of the ledger is written anew and signed with the stolen key ----

  struct Forged {
    ledger::EntryDraft draft;
    std::vector<bool> erased;
  };

  Forged DraftFrom(const ledger::StoredEntry& entry) {
    ledger::Leaf leaf;
    EXPECT_TRUE(ledger::ParseLeaf(entry.leaf, leaf));
    Forged out;
    out.draft = {
        leaf.at, std::string(leaf.by), std::string(leaf.key), std::string(leaf.batch), std::string(leaf.cmd), "{}", {}};
    for (std::size_t i = 0; i < leaf.events.size(); ++i) {
      const EventType* type = FindEventType(leaf.events[i].type, leaf.events[i].version);
      std::string salted(entry.events[i].salted);
      if (entry.events[i].erasable)
        salted = db_.Blob(fmt::format("SELECT bytes FROM erasable WHERE seq = {} AND event = {}", leaf.seq, i));
      out.erased.push_back(salted.empty());
      out.draft.events.push_back(
          {type->info, std::string(leaf.events[i].on), salted.empty() ? "{}" : salted.substr(ledger::kSaltBytes)});
    }
    return out;
  }

  Deed Rewrite() {
    const std::size_t from = Pick(o_.rows.size());
    const std::uint64_t first = o_.rows[from].first;
    std::vector<Forged> forged;
    for (std::size_t i = from; i < o_.rows.size(); ++i) {
      ledger::BodyReader reader(o_.rows[i].body);
      ledger::StoredEntry entry;
      while (!reader.AtEnd() && reader.Next(entry)) forged.push_back(DraftFrom(entry));
    }
    Deed deed{Change(forged), first, true};
    Write(from, forged);
    return deed;
  }

  std::string Change(std::vector<Forged>& forged) {
    ledger::EntryDraft& draft = forged[0].draft;
    switch (Pick(6)) {
      case 0: {
        std::string& payload = draft.events[0].payload;
        payload.insert(payload.size() - 1, ",\"more\":1");
        return "edit a payload of";
      }
      case 1:
        draft.by = draft.by == "u17" ? "u18" : "u17";
        return "edit the actor of";
      case 2:
        forged.erase(forged.begin());
        return "delete";
      case 3:
        if (forged.size() > 1) std::swap(forged[0], forged[1 + Pick(forged.size() - 1)]);
        return "reorder from";
      case 4:
        forged.clear();
        return "roll back to before";
      default:
        forged.insert(forged.begin(), forged[Pick(forged.size())]);
        return "put an entry before";
    }
  }

  void Write(std::size_t from, const std::vector<Forged>& forged) {
    const std::uint64_t first = o_.rows[from].first;
    db_.Exec("BEGIN");
    db_.Exec("DELETE FROM commits WHERE first >= " + std::to_string(first));
    db_.Exec("DELETE FROM erasable WHERE seq >= " + std::to_string(first));
    ledger::Frontier tree;
    if (from > 0) tree = ledger::Frontier::Decode(first - 1, o_.rows[from - 1].frontier).value();
    std::uint64_t seq = first;
    for (const Forged& f : forged) {
      CommitRow row;
      row.first = seq;
      row.count = 1;
      Digest hash;
      std::vector<std::pair<std::uint32_t, std::string>> erasable;
      std::string scratch;
      ASSERT_TRUE(ledger::AppendEntry(row.body, seq, f.draft, random_, hash, erasable, scratch).ok());
      row.leaf_hashes = std::string(AsText(hash));
      tree.Append(hash);
      row.frontier = tree.Encode();
      row.checksum = ledger::ChecksumOf(row);
      Put(row);
      for (const auto& [event, bytes] : erasable)
        if (!f.erased[event]) db_.SetBlob(fmt::format("INSERT INTO erasable VALUES({}, {}, ?)", seq, event), bytes);
      ++seq;
    }
    // And signed again, as if it had never been otherwise.
    db_.Exec("DELETE FROM checkpoints");
    if (tree.size() > 0) {
      const std::string note =
          *ledger::SignCheckpoint({o_.stolen->verifier().name(), tree.size(), tree.Root(), {}}, *o_.stolen);
      db_.SetBlob(fmt::format("INSERT INTO checkpoints VALUES({}, CAST(? AS TEXT))", tree.size()), note);
      WriteBytes(o_.w.files.checkpoint(), note);
    } else {
      std::filesystem::remove(o_.w.files.checkpoint());
    }
    db_.Exec("COMMIT");
  }

  Original& o_;
  SeededRandom random_;
  Tamper db_;
};

TEST(Tampering, UntouchedLedgerIsVerifiedUpToTheCosignedSize) {
  const Original o;

  const VerifyReport report = o.Verify();

  EXPECT_EQ(report.verdict, Verdict::intact) << Told(report);
  EXPECT_EQ(report.witnessed_size, 24);
  EXPECT_EQ(report.standings, (std::vector<TrustRange>{{Trust::verified, 1, 24}, {Trust::unwitnessed, 25, 36}}));
}

TEST(Tampering, EveryChangeBelowTheCosignedSizeIsFoundAndNothingAboveItIsCalledVerified) {
  Original o;
  const std::uint64_t attacks = TestAll() ? 10'000 : 400;
  std::uint64_t below = 0, above = 0, unwitnessed_forgeries = 0;

  for (std::uint64_t seed = 1; seed <= attacks; ++seed) {
    o.Restore();
    const Deed deed = Attacker(o, seed).Attack();

    const VerifyReport report = o.Verify();

    const std::string what = fmt::format("seed {}: {} entry {}: {}", seed, deed.name, deed.first_changed, Told(report));
    ASSERT_NE(StandingAt(report, deed.first_changed), Trust::verified) << what;
    if (deed.first_changed <= Original::kWitnessed) {
      ++below;
      ASSERT_EQ(report.verdict, Verdict::faulty) << what;
      // Behind a careful forgery nothing is what it was.
      if (deed.careful) {
        for (std::uint64_t seq = deed.first_changed; seq <= Original::kSize; ++seq)
          ASSERT_NE(StandingAt(report, seq), Trust::verified) << what;
      }
    } else {
      ++above;
      for (std::uint64_t seq = 1; seq <= Original::kWitnessed; ++seq)
        ASSERT_EQ(StandingAt(report, seq), Trust::verified) << what;
      unwitnessed_forgeries += deed.careful && report.verdict == Verdict::intact;
    }
  }
  EXPECT_GT(below, attacks / 2);
  EXPECT_GT(above, attacks / 8);
  // The other side of the coin: above the cosigned size a careful forger is believed by the signature alone.
  EXPECT_GT(unwitnessed_forgeries, 0u);
  if (TestAll()) fmt::print("{} changes below the cosigned size, {} above: all told\n", below, above);
}

TEST(Tampering, WithoutACheckpointKeptElsewhereACarefulForgerIsOnlyUnwitnessed) {
  Original o;
  Deed deed;
  for (std::uint64_t seed = 1; !(deed.careful && deed.first_changed > 1); ++seed) {
    o.Restore();
    deed = Attacker(o, seed).Attack();
  }
  VerifyOptions options;
  options.replay = false;

  const auto report = VerifyLedger(o.w.files, options);

  ASSERT_TRUE(report.ok());
  for (const TrustRange& range : report->standings) EXPECT_NE(range.standing, Trust::verified);
}

// One changed leaf spoils that entry, not what the witness has cosigned around it.
TEST(Tampering, OtherEntriesStayVerifiedWhereTheStoredHashesLeadToTheCosignedRoot) {
  Original o;
  const std::size_t i = o.RowOf(20);
  CommitRow row = o.rows[i];
  const std::size_t at = row.body.find("\"by\":\"system\"");
  ASSERT_NE(at, std::string::npos);
  row.body[at + 6] = 'S';
  {
    Tamper tamper(o.w.files.ledger());
    row.checksum = ledger::ChecksumOf(row);
    tamper.Exec("DELETE FROM commits WHERE first = " + std::to_string(row.first));
    auto s = ledger::Statement::Prepare(tamper.db().get(), "INSERT INTO commits VALUES(?, ?, ?, ?, ?, ?)").value();
    s.Bind(1, static_cast<std::int64_t>(row.first));
    s.Bind(2, row.count);
    s.BindBlob(3, row.body);
    s.BindBlob(4, row.leaf_hashes);
    s.BindBlob(5, row.frontier);
    s.Bind(6, static_cast<std::int64_t>(row.checksum));
    ASSERT_TRUE(s.Run().ok());
  }

  const VerifyReport report = o.Verify();

  EXPECT_EQ(report.verdict, Verdict::faulty);
  EXPECT_EQ(StandingAt(report, 20), Trust::faulty) << Told(report);
  for (const std::uint64_t seq : {1, 19, 21, 24}) EXPECT_EQ(StandingAt(report, seq), Trust::verified) << Told(report);
  EXPECT_EQ(StandingAt(report, 25), Trust::unwitnessed);
}

TEST(Standings, CoverEveryEntryOnceInOrder) {
  TrustFacts facts;
  facts.total = 12;
  facts.witnessed_to = 8;
  facts.read.AddRange(1, 5);
  facts.read.AddRange(7, 10);
  for (const std::uint64_t seq : {9, 3, 2}) facts.faulty.Add(seq);
  facts.withheld.Add(7);
  facts.withheld.Add(10);

  EXPECT_EQ(TrustRangesOf(facts), (std::vector<TrustRange>{{Trust::verified, 1, 1},
                                                           {Trust::faulty, 2, 3},
                                                           {Trust::verified, 4, 5},
                                                           {Trust::faulty, 6, 6},
                                                           {Trust::unprovable, 7, 7},
                                                           {Trust::verified, 8, 8},
                                                           {Trust::faulty, 9, 9},
                                                           {Trust::unwitnessed, 10, 10},
                                                           {Trust::faulty, 11, 12}}));
}

TEST(Standings, OfNothingAreNone) {
  TrustFacts facts;
  EXPECT_TRUE(TrustRangesOf(facts).empty());
}

}  // namespace
}  // namespace landfall::app::test
