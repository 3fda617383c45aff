// SPDX-License-Identifier: Apache-2.0
// The SM3 tree and SM2 notes: against the definition, and against the openssl program.
#include <cstdlib>

#include "base/sm3.h"
#include "ledger/sm_note.h"
#include "ledger/sm_tree.h"
#include "ledger/tree.h"
#include "tests/support/ledger_fixture.h"

namespace landfall::ledger {
namespace {

using app::test::CodeOf;
using app::test::TempFolder;
using app::test::WriteBytes;

std::string Leaf(std::uint64_t i) { return "leaf " + std::to_string(i) + std::string(i % 90, 'x'); }

// RFC 6962 §2.1 as it is written: MTH(D[n]) = H(0x01 ‖ MTH(D[0:k]) ‖ MTH(D[k:n])), k the largest power of two below n.
std::string PlainSmRoot(std::uint64_t first, std::uint64_t end) {
  if (first == end) return std::string(AsText(Sm3(std::string_view())));
  if (end - first == 1) return std::string(AsText(Sm3(std::string(1, '\0') + Leaf(first))));
  std::uint64_t k = 1;
  while (2 * k < end - first) k *= 2;
  return std::string(AsText(Sm3("\x01" + PlainSmRoot(first, first + k) + PlainSmRoot(first + k, end))));
}

TEST(SmTree, HasTheRootOfTheDefinitionAtEverySize) {
  SmFrontier tree;
  for (std::uint64_t size = 0; size <= 300; ++size) {
    ASSERT_EQ(AsText(tree.Root()), PlainSmRoot(0, size)) << size;
    tree.Append(Leaf(size));
  }
}

TEST(SmTree, GoesOnFromItsEdge) {
  SmFrontier whole;
  for (std::uint64_t i = 0; i < 777; ++i) whole.Append(Leaf(i));
  for (const std::uint64_t cut : {0, 1, 255, 256, 511, 776, 777}) {
    SmFrontier first;
    for (std::uint64_t i = 0; i < cut; ++i) first.Append(Leaf(i));
    auto again = SmFrontier::Decode(cut, first.Encode());
    ASSERT_TRUE(again.ok());
    for (std::uint64_t i = cut; i < 777; ++i) again->Append(Leaf(i));
    EXPECT_EQ(again->Root(), whole.Root()) << cut;
    EXPECT_EQ(CodeOf(SmFrontier::Decode(cut + 1, first.Encode() + "x")), "tree.frontier_malformed");
  }
  EXPECT_EQ(CodeOf(SmFrontier::Decode(UINT64_MAX, std::string(64 * 32, 'x'))), "tree.frontier_malformed");
}

class SmNote : public testing::Test {
 protected:
  SeededRandom random_{11};
  SmSignerKey signer_ = *SmSignerKey::Generate("landfall/430212/sm3", random_);
  SmSignerKey stranger_ = *SmSignerKey::Generate("landfall/430212/sm3", random_);
  const Checkpoint checkpoint_{"landfall/430212/sm3", 4711, Sm3("root"), {}};
};

TEST_F(SmNote, KeysGoThroughTheirText) {
  EXPECT_EQ(SmSignerKey::Parse(signer_.Encode())->verifier().Encode(), signer_.verifier().Encode());
  const std::string vkey = signer_.verifier().Encode(), skey = signer_.Encode();
  EXPECT_EQ(SmVerifierKey::Parse(vkey)->Encode(), vkey);
  EXPECT_NE(signer_.verifier().key_id(), stranger_.verifier().key_id());
  // C2SP: who does not know the type sees 0xFF and a text that says what it is.
  const std::string typed = *ParseBase64(vkey.substr(vkey.find('+', vkey.find('+') + 1) + 1));
  EXPECT_EQ(typed.substr(0, 17),
            "\xff"
            "sm2-with-sm3/v1\x04");
  EXPECT_EQ(typed.size(), 81u);

  for (std::size_t i = 0; i < vkey.size(); ++i) {
    std::string changed = vkey;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_EQ(CodeOf(SmVerifierKey::Parse(changed)), "note.key_malformed") << i;
  }
  EXPECT_EQ(CodeOf(SmSignerKey::Parse(vkey)), "note.key_malformed");
  EXPECT_EQ(CodeOf(SmSignerKey::Parse(skey.substr(0, skey.size() - 4))), "note.key_malformed");
  EXPECT_EQ(CodeOf(SmSignerKey::Generate("a name", random_)), "note.key_malformed");
  EXPECT_EQ(CodeOf(VerifierKey::Parse(vkey)), "note.key_malformed") << "Ed25519 keys are another type";
  EXPECT_EQ(
      CodeOf(SmVerifierKey::Parse(SignerKey::Generate("n", SignatureType::kEd25519, random_)->verifier().Encode())),
      "note.key_malformed");
}

TEST_F(SmNote, SecretsOutsideTheCurvesOrderAreRefused) {
  const auto text_of = [](const std::string& secret) {
    const std::string raw =
        "\xff"
        "sm2-with-sm3/v1" +
        secret;
    return "PRIVATE+KEY+n+00000000+" + Base64(Bytes(raw));
  };
  EXPECT_EQ(CodeOf(SmSignerKey::Parse(text_of(std::string(32, '\0')))), "note.key_malformed");
  EXPECT_EQ(CodeOf(SmSignerKey::Parse(text_of(std::string(32, '\xff')))), "note.key_malformed");
  // n - 1, which has no inverse of 1 + d.
  EXPECT_EQ(CodeOf(SmSignerKey::Parse(
                text_of(*ParseHex("fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54122")))),
            "note.key_malformed");
}

TEST_F(SmNote, ACheckpointIsReadWithItsKeyOnly) {
  const auto note = SignSmCheckpoint(checkpoint_, signer_);
  ASSERT_TRUE(note.ok());
  const auto opened = OpenSmCheckpoint(*note, signer_.verifier());
  ASSERT_TRUE(opened.ok()) << CodeOf(opened);
  EXPECT_EQ(*opened, checkpoint_);
  EXPECT_EQ(CodeOf(OpenSmCheckpoint(*note, stranger_.verifier())), "note.unsigned");
  EXPECT_EQ(CodeOf(SignSmCheckpoint({"another", 1, {}, {}}, signer_)), "checkpoint.other_log");
  // The same text, another signature: each draws a number of its own. Both hold.
  const auto again = SignSmCheckpoint(checkpoint_, signer_);
  EXPECT_NE(*again, *note);
  EXPECT_TRUE(OpenSmCheckpoint(*again, signer_.verifier()).ok());
}

TEST_F(SmNote, AnyChangedByteIsRefused) {
  const std::string note = *SignSmCheckpoint(checkpoint_, signer_);
  for (std::size_t i = 0; i < note.size(); ++i) {
    for (const int bit : {0, 3, 6}) {
      std::string changed = note;
      changed[i] = static_cast<char>(changed[i] ^ (1 << bit));
      EXPECT_FALSE(OpenSmCheckpoint(changed, signer_.verifier()).ok()) << i;
    }
  }
  const std::string text = "text\n", good = signer_.Sign(text).bytes;
  EXPECT_TRUE(signer_.verifier().Verifies(text, good));
  EXPECT_FALSE(signer_.verifier().Verifies(text, good + '\0')) << "bytes behind the signature";
  EXPECT_FALSE(signer_.verifier().Verifies(text, ""));
  EXPECT_FALSE(signer_.verifier().Verifies(text, std::string(5000, '0')));
}

// The openssl program knows nothing of us: what it signs we verify, and the other way round.
TEST_F(SmNote, AgreesWithTheOpensslProgram) {
  if (std::system("openssl version >/dev/null 2>&1") != 0) GTEST_SKIP() << "no openssl program";
  const TempFolder temp;
  const auto run = [&](const std::string& command) {
    return std::system(("cd " + temp.path() + " && openssl " + command + " >out 2>&1").c_str()) == 0;
  };
  const std::string text = *FormatCheckpoint(checkpoint_);
  WriteBytes(temp / "text", text);
  WriteBytes(temp / "key.pem", signer_.verifier().Pem());
  WriteBytes(temp / "signature", signer_.Sign(text).bytes);
  const std::string verify = "dgst -sm3 -verify key.pem -sigopt distid:1234567812345678 -signature signature text";
  EXPECT_TRUE(run(verify)) << app::test::ReadBytes(temp / "out");
  WriteBytes(temp / "text", text + "x");
  EXPECT_FALSE(run(verify));

  ASSERT_TRUE(run("ecparam -genkey -name SM2 -out secret.pem"));
  ASSERT_TRUE(run("pkey -in secret.pem -pubout -outform DER -out public.der"));
  ASSERT_TRUE(run("dgst -sm3 -sign secret.pem -sigopt distid:1234567812345678 -out signature text"));
  // SubjectPublicKeyInfo ends in the point.
  const std::string der = app::test::ReadBytes(temp / "public.der");
  const std::string raw =
      "\xff"
      "sm2-with-sm3/v1" +
      der.substr(der.size() - 65);
  const std::string id = Hex(Sha256("theirs\n" + raw)).substr(0, 8);
  const auto theirs = SmVerifierKey::Parse("theirs+" + id + "+" + Base64(Bytes(raw)));
  ASSERT_TRUE(theirs.ok()) << CodeOf(theirs);
  EXPECT_TRUE(theirs->Verifies(text + "x", app::test::ReadBytes(temp / "signature")));
  EXPECT_FALSE(theirs->Verifies(text, app::test::ReadBytes(temp / "signature")));

  ASSERT_TRUE(run("dgst -sm3 -binary -out digest text"));
  EXPECT_EQ(app::test::ReadBytes(temp / "digest"), AsText(Sm3(text + "x")));
}

}  // namespace
}  // namespace landfall::ledger
