// SPDX-License-Identifier: Apache-2.0
#include "app/publish_log.h"

#include "app/backup.h"
#include "app/export_log.h"
#include "app/ledger_keys.h"
#include "app/record_proof.h"
#include "app/witnesses.h"
#include "ledger/proof_file.h"
#include "ledger/publish.h"
#include "ledger/small_file.h"
#include "ledger/witness.h"
#include "tests/support/ledger_fixture.h"

namespace landfall::app::test {
namespace {

using ledger::TilePath;

// A ledger that grows to any size with commands in batches, and what a reader of the published folder sees.
struct Published {
  World w;
  std::string folder = w.temp / "site";
  SeededRandom witness_random{7};
  ledger::SignerKey witness =
      *ledger::SignerKey::Generate("witness.example/w1", ledger::SignatureType::kCosignatureV1, witness_random);

  Published() {
    w.Create();
    w.Do(ShortLadder());
    w.Do(UnitCommand(1));
  }
  void GrowTo(std::uint64_t size) {
    while (w.engine->log().size() < size) {
      std::vector<AnyCommand> commands;
      const std::uint64_t missing = size - w.engine->log().size();
      for (std::uint64_t i = 1; i < std::min<std::uint64_t>(missing, 200); ++i)
        commands.push_back(ProjectCommand(static_cast<int>(w.engine->log().size() + i)));
      if (commands.empty())
        w.Do(ProjectCommand(static_cast<int>(w.engine->log().size())));
      else
        ASSERT_TRUE(w.RunBatch(commands, w.Key()).ok());
    }
  }
  // Writes the folder's cosigned checkpoint as a witness would have it.
  void Cosign() {
    ASSERT_TRUE(AddWitness(w.files, "http://127.0.0.1:9", witness.verifier().Encode()).ok());
    const auto note =
        ledger::CosignCheckpoint(*w.engine->SignedCheckpoint(), w.engine->signer().verifier(), witness, 1'800'000'000);
    ASSERT_TRUE(ledger::ReplaceSmallFile(CosignedPath(w.files), *note).ok());
  }
  Result<PublishSummary> Publish() { return PublishLog(w.files, folder); }
  std::string Bytes(const TilePath& path) const { return ReadBytes(folder + "/" + FormatTilePath(path)); }

  // Reads everything that the published checkpoint covers, with nothing but the folder, and compares with the tree.
  void CheckFolder() const {
    const auto opened = ledger::OpenCheckpoint(ReadBytes(folder + "/checkpoint"), w.engine->signer().verifier());
    ASSERT_TRUE(opened.ok()) << CodeOf(opened);
    const std::uint64_t size = opened->checkpoint.size;
    ledger::Frontier tree;
    for (std::uint64_t first = 0; first < size; first += ledger::kTileWidth) {
      const std::size_t width = std::min<std::uint64_t>(size - first, ledger::kTileWidth);
      const std::string bundle = Bytes({true, 0, first / ledger::kTileWidth, width});
      const auto leaves = ledger::ParseBundle(bundle, width);
      ASSERT_TRUE(leaves.ok()) << first;
      std::string hashes;
      for (const std::string_view leaf : *leaves) {
        const Digest hash = ledger::LeafHash(leaf);
        hashes += AsText(hash);
        tree.Append(hash);
      }
      EXPECT_EQ(hashes, Bytes({false, 0, first / ledger::kTileWidth, width}));
    }
    EXPECT_EQ(tree.Root(), opened->checkpoint.root);
    for (const TilePath& path : ledger::PartialTiles(size)) EXPECT_NE(Bytes(path), "") << FormatTilePath(path);
  }
  std::size_t Files() const {
    std::size_t n = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) n += entry.is_regular_file();
    return n;
  }
};

TEST(PublishLog, IsALogThatNeedsNothingElse) {
  Published p;
  for (const std::uint64_t size : {3, 255, 256, 257, 700}) {
    p.GrowTo(size);
    const auto done = p.Publish();
    ASSERT_TRUE(done.ok()) << CodeOf(done);
    EXPECT_EQ(done->size, static_cast<std::int64_t>(size));
    EXPECT_FALSE(done->cosigned);
    p.CheckFolder();
  }
}

TEST(PublishLog, WritesOnlyWhatIsNewAndRemovesOutgrownTiles) {
  Published p;
  p.GrowTo(520);
  ASSERT_TRUE(p.Publish().ok());
  const auto full = std::filesystem::last_write_time(p.folder + "/tile/0/000");
  p.GrowTo(770);

  const auto again = p.Publish();

  ASSERT_TRUE(again.ok()) << CodeOf(again);
  EXPECT_EQ(again->before, 520);
  // Tile and bundle 2, the partial ones of levels 0 and 1 with a bundle, the checkpoint.
  EXPECT_EQ(again->files, 6);
  EXPECT_EQ(std::filesystem::last_write_time(p.folder + "/tile/0/000"), full);
  EXPECT_FALSE(std::filesystem::exists(p.folder + "/tile/0/002.p"));
  EXPECT_FALSE(std::filesystem::exists(p.folder + "/tile/entries/002.p"));
  p.CheckFolder();

  const auto nothing = p.Publish();
  ASSERT_TRUE(nothing.ok());
  EXPECT_EQ(nothing->files, 0);
}

TEST(PublishLog, HoldsNoPayload) {
  Published p;
  p.w.Do(people::RegisterPerson{{"示例人甲"}});
  ASSERT_TRUE(p.Publish().ok());
  for (const auto& entry : std::filesystem::recursive_directory_iterator(p.folder)) {
    if (entry.is_regular_file()) {
      EXPECT_EQ(ReadBytes(entry.path()).find("示例"), std::string::npos) << entry.path();
    }
  }
}

TEST(PublishLog, PublishesWhatWitnessesHaveCosigned) {
  Published p;
  p.GrowTo(300);
  ASSERT_TRUE(p.Publish().ok());
  p.Cosign();
  ASSERT_TRUE(p.Publish().ok());
  EXPECT_EQ(ReadBytes(p.folder + "/checkpoint"), ReadBytes(CosignedPath(p.w.files))) << "the same tree, now cosigned";
  p.GrowTo(400);

  const auto done = p.Publish();

  ASSERT_TRUE(done.ok()) << CodeOf(done);
  EXPECT_TRUE(done->cosigned);
  EXPECT_EQ(done->size, 300);
  p.CheckFolder();
}

TEST(PublishLog, NeverContinuesAnotherHistory) {
  Published p;
  World other(2);
  other.Create();
  p.GrowTo(300);
  ASSERT_TRUE(p.Publish().ok());
  const std::string before = ReadBytes(p.folder + "/checkpoint");
  const std::size_t files = p.Files();
  // The same key, another tree: shorter, or forked.
  const auto with_key = [&](std::uint64_t size, const Digest& root) {
    return *ledger::SignCheckpoint({p.w.engine->signer().verifier().name(), size, root, {}}, p.w.engine->signer());
  };
  WriteBytes(p.folder + "/checkpoint", with_key(301, Digest{}));
  EXPECT_EQ(CodeOf(p.Publish()), "ledger.rolled_back");
  WriteBytes(p.folder + "/checkpoint", with_key(299, Digest{}));
  EXPECT_EQ(CodeOf(p.Publish()), "ledger.rewritten");
  WriteBytes(p.folder + "/checkpoint", *other.engine->SignedCheckpoint());
  EXPECT_EQ(CodeOf(p.Publish()), "publish.other_log");
  WriteBytes(p.folder + "/checkpoint", before);
  EXPECT_TRUE(p.Publish().ok());
  EXPECT_EQ(p.Files(), files);
}

TEST(PublishLog, RefusesALeafThatIsNotTheOneThatWasHashed) {
  Published p;
  p.GrowTo(20);
  p.w.Close();
  {
    Tamper tamper(p.w.files.ledger());
    std::string body = tamper.Blob("SELECT body FROM commits WHERE first = 2");
    body[body.find("\"by\":\"") + 6] ^= 1;
    tamper.SetBlob("UPDATE commits SET body = ? WHERE first = 2", body);
  }
  const auto done = p.Publish();
  EXPECT_EQ(CodeOf(done), "ledger.corrupt");
  EXPECT_FALSE(std::filesystem::exists(p.folder + "/checkpoint"));
}

// ---- one record ----

TEST(RecordProof, IsCheckedWithTheKeyAlone) {
  Published p;
  p.GrowTo(40);
  ProofOptions options;
  options.vkey = p.w.engine->signer().verifier().Encode();
  for (const std::uint64_t seq : {1, 2, 17, 40}) {
    const auto made = MakeRecordProof(p.w.files, seq, {EventClass::kPublic, EventClass::kInternal});
    ASSERT_TRUE(made.ok()) << CodeOf(made);

    const auto report = CheckRecordProof(made->text, options);

    ASSERT_TRUE(report.ok()) << CodeOf(report);
    EXPECT_EQ(report->standing, Trust::unwitnessed) << report->code << " " << report->detail;
    EXPECT_EQ(report->seq, static_cast<std::int64_t>(seq));
    EXPECT_EQ(report->size, 40);
    EXPECT_FALSE(report->events.empty());
  }
  EXPECT_EQ(CodeOf(MakeRecordProof(p.w.files, 0, {})), "entry.not_found");
  EXPECT_EQ(CodeOf(MakeRecordProof(p.w.files, 41, {})), "entry.not_found");
}

TEST(RecordProof, SaysWhoCosignedAndWhatIsWithheld) {
  Published p;
  const std::uint64_t person = p.w.Do(people::RegisterPerson{{"示例人甲"}});
  p.Cosign();
  p.GrowTo(30);
  ProofOptions options;
  options.vkey = p.w.engine->signer().verifier().Encode();
  options.witness_vkeys = {p.witness.verifier().Encode()};
  const auto check = [&](std::uint64_t seq, const std::vector<EventClass>& open) {
    return *CheckRecordProof(MakeRecordProof(p.w.files, seq, open)->text, options);
  };
  const std::vector<EventClass> all{EventClass::kPublic, EventClass::kInternal, EventClass::kEnterprise,
                                    EventClass::kPersonal};

  const ProofReport open = check(person, all), withheld = check(person, {EventClass::kInternal});

  EXPECT_EQ(open.standing, Trust::verified) << open.code;
  ASSERT_EQ(open.witnesses.size(), 1u);
  EXPECT_EQ(open.witnesses[0].name, "witness.example/w1");
  EXPECT_EQ(withheld.standing, Trust::unprovable) << withheld.code;
  EXPECT_EQ(ToJson(withheld).find("示例人甲"), std::string::npos);
  EXPECT_EQ(check(30, all).standing, Trust::unwitnessed) << "it came after the witness";
}

TEST(RecordProof, AnyFlippedBitIsFoundOrChangesNothingThatIsProven) {
  Published p;
  p.GrowTo(5);
  p.Cosign();
  ProofOptions options;
  options.vkey = p.w.engine->signer().verifier().Encode();
  options.witness_vkeys = {p.witness.verifier().Encode()};
  const std::string text = MakeRecordProof(p.w.files, 4, {EventClass::kInternal, EventClass::kPublic})->text;
  const std::string good = ToJson(*CheckRecordProof(text, options));
  ASSERT_NE(good.find("\"standing\":\"verified\""), std::string::npos) << good;

  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string flipped = text;
    flipped[i] = static_cast<char>(flipped[i] ^ (1 << (i % 7)));
    const auto report = CheckRecordProof(flipped, options);
    if (!report || report->standing == Trust::faulty) continue;
    // A cosignature that no longer names the witness is a stranger's; what is left is at most the same without it.
    EXPECT_EQ(report->standing, Trust::unwitnessed) << i;
  }
}

TEST(RecordProof, OfAnotherRecordKeyOrLeafDoesNotPass) {
  Published p;
  p.GrowTo(6);
  ProofOptions options;
  options.vkey = p.w.engine->signer().verifier().Encode();
  const std::string text = MakeRecordProof(p.w.files, 4, {})->text;
  ledger::ProofFile file = *ledger::ParseProofFile(text);
  const ledger::ProofFile other = *ledger::ParseProofFile(MakeRecordProof(p.w.files, 5, {})->text);
  SeededRandom random(4);
  ProofOptions stranger;
  stranger.vkey =
      ledger::SignerKey::Generate("landfall/430212", ledger::SignatureType::kEd25519, random)->verifier().Encode();

  EXPECT_EQ(CheckRecordProof(text, stranger)->code, "note.unsigned");
  file.extra = other.extra;
  EXPECT_EQ(CheckRecordProof(ledger::FormatProofFile(file), options)->code, "proof.wrong");
  file.extra.reset();
  EXPECT_EQ(CodeOf(CheckRecordProof(ledger::FormatProofFile(file), options)), "proof_file.no_record");
  options.leaf = p.w.engine->log().Entry(4)->leaf;
  EXPECT_EQ(CheckRecordProof(ledger::FormatProofFile(file), options)->standing, Trust::unwitnessed);
  EXPECT_EQ(CodeOf(CheckRecordProof("nonsense", options)), "proof_file.malformed");
}

// ---- keys ----

TEST(LedgerKeys, AChangeOfKeyKeepsEveryOldCheckpointValid) {
  Published p;
  p.GrowTo(10);
  const ledger::VerifierKey old_key = p.w.engine->signer().verifier();
  const std::string old_note = *p.w.engine->SignedCheckpoint();
  p.w.Close();

  const auto changed = ChangeKey(p.w.files, p.w.random);

  ASSERT_TRUE(changed.ok()) << CodeOf(changed);
  EXPECT_EQ(changed->old_vkey, old_key.Encode());
  const ledger::VerifierKey new_key = *ledger::VerifierKey::Parse(changed->vkey);
  EXPECT_EQ(new_key.name(), old_key.name());
  for (const ledger::VerifierKey& key : {old_key, new_key})
    EXPECT_TRUE(ledger::OpenCheckpoint(changed->checkpoint, key).ok()) << "both sign the tree at the change";
  p.w.Open();
  EXPECT_EQ(p.w.engine->signer().verifier().Encode(), changed->vkey);
  p.GrowTo(20);
  p.w.Close();
  const auto report = VerifyLedger(p.w.files);
  ASSERT_TRUE(report.ok());
  EXPECT_EQ(report->verdict, Verdict::intact);
  EXPECT_EQ(report->signed_size, 20);
  VerifyOptions with_new_key;
  with_new_key.vkey = changed->vkey;
  EXPECT_EQ(VerifyLedger(p.w.files, with_new_key)->verdict, Verdict::intact);
  // A site that was published before goes on.
  p.w.Open();
  std::filesystem::create_directories(p.folder);
  WriteBytes(p.folder + "/checkpoint", old_note);
  EXPECT_TRUE(p.Publish().ok());
}

TEST(LedgerKeys, AChangeThatWasCutOffIsFinished) {
  Published p;
  const ledger::VerifierKey old_key = p.w.engine->signer().verifier();
  p.w.Close();
  const std::string old_secret = ReadBytes(p.w.files.key());
  const auto changed = ChangeKey(p.w.files, p.w.random);
  ASSERT_TRUE(changed.ok());
  // As if the power had failed before the file took its name.
  WriteBytes(p.w.files.key() + ".next", ReadBytes(p.w.files.key()));
  WriteBytes(p.w.files.key(), old_secret);
  EXPECT_EQ(CodeOf(Engine::Open(p.w.files, p.w.Options())), "ledger.other_key");

  const auto finished = ChangeKey(p.w.files, p.w.random);

  ASSERT_TRUE(finished.ok()) << CodeOf(finished);
  EXPECT_EQ(finished->vkey, changed->vkey);
  EXPECT_EQ(finished->old_vkey, old_key.Encode());
  p.w.Open();
}

TEST(Witnesses, GoWithABackupAndHoldWhatIsRestored) {
  Published p;
  p.GrowTo(20);
  p.Cosign();
  p.GrowTo(30);
  BackupOptions options;
  options.with_key = true;
  ASSERT_TRUE(BackUp(p.w.files, p.w.temp / "backup", options).ok());
  const LedgerFiles restored{p.w.temp / "restored"};
  const auto made = Restore(p.w.temp / "backup", restored);
  ASSERT_TRUE(made.ok()) << CodeOf(made);

  const auto report = VerifyLedger(restored);
  ASSERT_TRUE(report.ok());
  EXPECT_EQ(report->verdict, Verdict::intact);
  EXPECT_EQ(report->witnessed_size, 20);
  EXPECT_EQ(report->standings, (std::vector<TrustRange>{{Trust::verified, 1, 20}, {Trust::unwitnessed, 21, 30}}));
  EXPECT_EQ((*ReadWitnesses(restored))[0].url, "http://127.0.0.1:9");

  // It is held to what was cosigned after the backup, where somebody brings that.
  p.GrowTo(40);
  p.Cosign();
  WriteBytes(CosignedPath(restored), ReadBytes(CosignedPath(p.w.files)));
  EXPECT_EQ(VerifyLedger(restored)->verdict, Verdict::faulty);
}

TEST(Witnesses, ExportBringsWhatTheyHaveCosigned) {
  Published p;
  p.GrowTo(20);
  const auto verify = [&](const std::string& name, bool with_witness) {
    auto ledger = OpenReadOnlyLedger(p.w.files);
    EXPECT_TRUE(ledger.ok()) << CodeOf(ledger);
    EXPECT_TRUE(ExportLedger(*ledger, p.w.temp / name).ok());
    VerifyOptions options;
    if (with_witness) options.witness_vkeys = {p.witness.verifier().Encode()};
    auto report = VerifyExport(p.w.temp / name, options);
    EXPECT_TRUE(report.ok()) << CodeOf(report);
    EXPECT_EQ(report->verdict, Verdict::intact) << report->faults.at(0).detail;
    return *std::move(report);
  };
  EXPECT_EQ(verify("before", true).standings, (std::vector<TrustRange>{{Trust::unwitnessed, 1, 20}}));
  EXPECT_EQ(ReadBytes(p.w.temp / "before").find("cosigned"), std::string::npos);
  p.Cosign();
  p.GrowTo(30);
  EXPECT_EQ(verify("after", true).standings,
            (std::vector<TrustRange>{{Trust::verified, 1, 20}, {Trust::unwitnessed, 21, 30}}));
  EXPECT_EQ(verify("untrusted", false).standings, (std::vector<TrustRange>{{Trust::unwitnessed, 1, 30}}))
      << "a witness that the reader does not name proves nothing";

  // What it brings must be what was signed.
  std::string file = ReadBytes(p.w.temp / "after");
  const std::size_t at = file.find("\\n20\\n", file.find("\"cosigned\":\"")) + 6;
  file[at] = file[at] == 'A' ? 'B' : 'A';
  WriteBytes(p.w.temp / "changed", file);
  VerifyOptions options;
  options.witness_vkeys = {p.witness.verifier().Encode()};
  EXPECT_EQ(VerifyExport(p.w.temp / "changed", options)->verdict, Verdict::faulty);
}

TEST(Witnesses, ListIsReadAndRefusedByLine) {
  Published p;
  const std::string vkey = p.witness.verifier().Encode();
  EXPECT_TRUE(ReadWitnesses(p.w.files)->empty());
  ASSERT_TRUE(AddWitness(p.w.files, "http://a.example:81/w", vkey).ok());
  ASSERT_TRUE(AddWitness(p.w.files, "http://b.example", vkey).ok());
  ASSERT_EQ(ReadWitnesses(p.w.files)->size(), 1u) << "one key, one witness";
  EXPECT_EQ((*ReadWitnesses(p.w.files))[0].url, "http://b.example");
  EXPECT_EQ(CodeOf(AddWitness(p.w.files, "http://b.example", p.w.engine->signer().verifier().Encode())),
            "note.key_malformed");
  for (const char* url :
       {"https://a.example", "http://", "http://a/", "http://a:0", "http://a:99999", "a", "http://a?b"})
    EXPECT_EQ(CodeOf(AddWitness(p.w.files, url, vkey)), "witness.url_malformed") << url;
  WriteBytes(WitnessesPath(p.w.files), "# remark\n\nhttp://a.example nonsense\n");
  EXPECT_EQ(CodeOf(ReadWitnesses(p.w.files)), "witness.list_malformed");
  const auto six = ParseWitnessUrl("http://[::1]:8090/x");
  ASSERT_TRUE(six.ok());
  EXPECT_EQ(six->host, "::1");
  EXPECT_EQ(six->port, 8090);
  EXPECT_EQ(six->prefix, "/x");
}

}  // namespace
}  // namespace landfall::app::test
