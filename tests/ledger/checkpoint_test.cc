// SPDX-License-Identifier: Apache-2.0
#include "ledger/checkpoint.h"

#include <gtest/gtest.h>

#include "ledger/tree.h"
#include "tests/ledger/log_vectors.h"

namespace landfall::ledger {
namespace {

using test::FromBase64;
using test::Items;
using test::JsonFile;
using test::Number;
using test::Text;
using test::Vector;

template <class T>
std::string CodeOf(const Result<T>& result) {
  return result ? "ok" : result.error().code;
}

SignerKey KeyFromSeed(std::string_view name, SignatureType type, simdjson::dom::element seed_hex) {
  return *SignerKey::From(name, type, test::FromHex(seed_hex));
}

TEST(Checkpoint, FortyGeneratedLogsAreSignedAndCosignedByteForByte) {
  const JsonFile file(Vector("generated/checkpoints.json"));
  int count = 0;
  for (const simdjson::dom::element log : Items(*file)) {
    SCOPED_TRACE(Text(log["origin"]));
    const SignerKey signer = KeyFromSeed(Text(log["origin"]), SignatureType::kEd25519, log["log_seed_hex"]);
    const SignerKey witness =
        KeyFromSeed(Text(log["witness_name"]), SignatureType::kCosignatureV1, log["witness_seed_hex"]);
    const Checkpoint checkpoint{std::string(Text(log["origin"])), Number(log["size"]), FromBase64(log["root"]), {}};

    const auto note = SignCheckpoint(checkpoint, signer);
    const auto cosigned =
        CosignCheckpoint(Text(log["checkpoint"]), signer.verifier(), witness, Number(log["cosign_time"]));

    EXPECT_EQ(signer.verifier().Encode(), Text(log["vkey"]));
    EXPECT_EQ(witness.verifier().Encode(), Text(log["witness_vkey"]));
    ASSERT_TRUE(note);
    EXPECT_EQ(*note, Text(log["checkpoint"]));
    ASSERT_TRUE(cosigned);
    EXPECT_EQ(*cosigned, Text(log["cosigned_checkpoint"]));
    ++count;
  }
  EXPECT_EQ(count, 40);
}

TEST(Checkpoint, FortyGeneratedLogsAreOpenedAndTamperedOnesRefused) {
  const JsonFile file(Vector("generated/checkpoints.json"));
  int count = 0;
  for (const simdjson::dom::element log : Items(*file)) {
    SCOPED_TRACE(Text(log["origin"]));
    const VerifierKey key = *VerifierKey::Parse(Text(log["vkey"]));
    const VerifierKey witness = *VerifierKey::Parse(Text(log["witness_vkey"]));
    const Checkpoint expected{std::string(Text(log["origin"])), Number(log["size"]), FromBase64(log["root"]), {}};

    const auto opened = OpenCheckpoint(Text(log["cosigned_checkpoint"]), key, {&witness, 1});

    ASSERT_TRUE(opened) << opened.error().code;
    EXPECT_EQ(opened->checkpoint, expected);
    ASSERT_EQ(opened->cosignatures.size(), 1u);
    EXPECT_EQ(opened->cosignatures[0].name, Text(log["witness_name"]));
    EXPECT_EQ(opened->cosignatures[0].posix_seconds, Number(log["cosign_time"]));
    EXPECT_TRUE(OpenCheckpoint(Text(log["cosigned_checkpoint"]), key)->cosignatures.empty());
    EXPECT_EQ(CodeOf(OpenCheckpoint(Text(log["tampered_checkpoint"]), key)), "note.signature_wrong");
    EXPECT_EQ(CodeOf(CosignCheckpoint(Text(log["tampered_checkpoint"]), key,
                                      KeyFromSeed("w", SignatureType::kCosignatureV1, log["witness_seed_hex"]), 1)),
              "note.signature_wrong");
    ++count;
  }
  EXPECT_EQ(count, 40);
}

TEST(Checkpoint, PublishedExamplesAreReadAndWrittenBack) {
  const JsonFile file(Vector("published/c2sp_examples.json"));
  const auto plain = SignedNote::Parse(Text(file["checkpoint_format_only"]["text"]));
  const auto cosigned = SignedNote::Parse(Text(file["cosigned_format_only"]["text"]));
  ASSERT_TRUE(plain);
  ASSERT_TRUE(cosigned);

  const auto checkpoint = ParseCheckpoint(plain->text);

  ASSERT_TRUE(checkpoint);
  EXPECT_EQ(checkpoint->origin, "example.com/behind-the-sofa");
  EXPECT_EQ(checkpoint->size, 20'852'163u);
  EXPECT_EQ(*FormatCheckpoint(*checkpoint), plain->text);
  EXPECT_EQ(plain->Format(), Text(file["checkpoint_format_only"]["text"]));
  EXPECT_EQ(cosigned->Format(), Text(file["cosigned_format_only"]["text"]));
  ASSERT_EQ(cosigned->signatures.size(), 2u);
  EXPECT_EQ(CosignatureSeconds(cosigned->signatures[1].bytes), Number(file["cosigned_format_only"]["cosign_time"]));
}

TEST(Checkpoint, PublishedTreeNoteOfTheGoChecksumDatabaseIsRead) {
  const JsonFile file(Vector("published/sumdb_note.json"));

  const auto checkpoint = ParseCheckpoint(Text(file["tree_note"]));

  ASSERT_TRUE(checkpoint);
  EXPECT_EQ(checkpoint->origin, "go.sum database tree");
  EXPECT_EQ(checkpoint->size, 123'456'789'012u);
  EXPECT_EQ(checkpoint->root, LeafHash("hello world"));
  EXPECT_EQ(checkpoint->root, FromBase64(file["record_hash_hello_world"]));
}

TEST(Checkpoint, MalformedTextsAreRefused) {
  const std::string root = Base64(EmptyRoot());
  ASSERT_TRUE(ParseCheckpoint("log\n0\n" + root + "\n"));
  ASSERT_TRUE(ParseCheckpoint("log\n9223372036854775807\n" + root + "\n"));

  for (const std::string& bad : std::vector<std::string>{"",
                                                         "\n",
                                                         "log",
                                                         "log\n",
                                                         "log\n0",
                                                         "log\n0\n",
                                                         "log\n0\n" + root,
                                                         "\n0\n" + root + "\n",
                                                         "log\n\n" + root + "\n",
                                                         "log\n00\n" + root + "\n",
                                                         "log\n01\n" + root + "\n",
                                                         "log\n-1\n" + root + "\n",
                                                         "log\n+1\n" + root + "\n",
                                                         "log\n 1\n" + root + "\n",
                                                         "log\n1 \n" + root + "\n",
                                                         "log\n1x\n" + root + "\n",
                                                         "log\n9223372036854775808\n" + root + "\n",
                                                         "log\n99999999999999999999\n" + root + "\n",
                                                         "log\n0\n\n",
                                                         "log\n0\nAAAA\n",
                                                         "log\n0\n" + root.substr(1) + "\n",
                                                         "log\n0\n" + root + "=\n",
                                                         "log\n0\n " + root + "\n",
                                                         "log\n0\n" + root + "\n\n",
                                                         "log\n0\n" + root + "\next",
                                                         "log\n0\n" + root + "\na\n\nb\n"}) {
    EXPECT_EQ(CodeOf(ParseCheckpoint(bad)), "checkpoint.malformed") << bad;
  }
}

TEST(Checkpoint, ExtensionLinesAreKept) {
  const Checkpoint checkpoint{"log", 3, EmptyRoot(), {"one", "two words"}};

  const auto text = FormatCheckpoint(checkpoint);

  ASSERT_TRUE(text);
  EXPECT_EQ(*text, "log\n3\n" + Base64(EmptyRoot()) + "\none\ntwo words\n");
  EXPECT_EQ(*ParseCheckpoint(*text), checkpoint);
}

TEST(Checkpoint, WhatCannotBeReadBackIsNotWritten) {
  for (const Checkpoint& bad : std::vector<Checkpoint>{{"", 0, {}, {}},
                                                       {"two\nlines", 0, {}, {}},
                                                       {"log", kTreeSizeMax + 1, {}, {}},
                                                       {"log", 0, {}, {""}},
                                                       {"log", 0, {}, {"a\nb"}}}) {
    EXPECT_EQ(CodeOf(FormatCheckpoint(bad)), "checkpoint.malformed");
  }
}

TEST(OpenCheckpoint, AnotherLogsCheckpointSignedByTheSameKeyIsRefused) {
  SeededRandom random(1);
  const SignerKey signer = *SignerKey::Generate("log.example/a", SignatureType::kEd25519, random);
  const std::string text = *FormatCheckpoint({"log.example/b", 7, EmptyRoot(), {}});
  const std::string note = *SignNote(text, {&signer, 1});

  EXPECT_EQ(CodeOf(OpenCheckpoint(note, signer.verifier())), "checkpoint.other_log");
  EXPECT_EQ(CodeOf(SignCheckpoint({"log.example/b", 7, EmptyRoot(), {}}, signer)), "checkpoint.other_log");
}

TEST(OpenCheckpoint, AWitnessAloneDoesNotMakeACheckpoint) {
  SeededRandom random(2);
  const SignerKey log = *SignerKey::Generate("log.example/a", SignatureType::kEd25519, random);
  const SignerKey witness = *SignerKey::Generate("witness.example/w", SignatureType::kCosignatureV1, random);
  const std::string text = *FormatCheckpoint({"log.example/a", 7, EmptyRoot(), {}});
  SignedNote note{text, {witness.Cosign(text, 1'700'000'000)}};

  EXPECT_EQ(CodeOf(OpenCheckpoint(note.Format(), log.verifier(), {&witness.verifier(), 1})), "note.unsigned");
  note.signatures.push_back(log.Sign(text));
  EXPECT_EQ(OpenCheckpoint(note.Format(), log.verifier(), {&witness.verifier(), 1})->cosignatures.size(), 1u);
}

TEST(OpenCheckpoint, AChangedTimeOfACosignatureIsRefused) {
  SeededRandom random(3);
  const SignerKey log = *SignerKey::Generate("log.example/a", SignatureType::kEd25519, random);
  const SignerKey witness = *SignerKey::Generate("witness.example/w", SignatureType::kCosignatureV1, random);
  const std::string note = *SignCheckpoint({"log.example/a", 7, EmptyRoot(), {}}, log);
  const std::string text = SignedNote::Parse(note)->text;
  const NoteSignature good = witness.Cosign(text, 1'700'000'000);
  ASSERT_TRUE(OpenCheckpoint(*AddSignature(note, good), log.verifier(), {&witness.verifier(), 1}));

  for (std::size_t byte = 0; byte < good.bytes.size(); ++byte) {
    NoteSignature changed = good;
    changed.bytes[byte] = static_cast<char>(changed.bytes[byte] ^ 0x80);
    EXPECT_EQ(CodeOf(OpenCheckpoint(*AddSignature(note, changed), log.verifier(), {&witness.verifier(), 1})),
              "note.signature_wrong")
        << byte;
  }
  NoteSignature cut = good;
  cut.bytes.resize(7);
  EXPECT_EQ(CodeOf(OpenCheckpoint(*AddSignature(note, cut), log.verifier(), {&witness.verifier(), 1})),
            "note.signature_wrong");
}

}  // namespace
}  // namespace landfall::ledger
