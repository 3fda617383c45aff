// SPDX-License-Identifier: Apache-2.0
#include "ledger/note.h"

#include <gtest/gtest.h>

#include "tests/ledger/log_vectors.h"

namespace landfall::ledger {
namespace {

using test::Items;
using test::JsonFile;
using test::Text;
using test::Vector;

SignerKey KeyNamed(std::string_view name, std::uint64_t seed, SignatureType type = SignatureType::kEd25519) {
  SeededRandom random(seed);
  return *SignerKey::Generate(name, type, random);
}

template <class T>
std::string CodeOf(const Result<T>& result) {
  return result ? "ok" : result.error().code;
}

TEST(Note, PublishedKeySignsThePublishedTextByteForByte) {
  const JsonFile file(Vector("published/sumdb_note.json"));
  const auto signer = SignerKey::Parse(Text(file["skey"]));
  ASSERT_TRUE(signer);
  EXPECT_EQ(signer->verifier().Encode(), Text(file["vkey"]));
  EXPECT_EQ(signer->Encode(), Text(file["skey"]));

  const auto note = SignNote(Text(file["text"]), {&*signer, 1});

  ASSERT_TRUE(note);
  EXPECT_EQ(*note, std::string(Text(file["text"])) + "\n" + std::string(Text(file["sig1"])));
}

TEST(Note, PublishedNoteOfTwoKeysOpensWithEitherAndWithBoth) {
  const JsonFile file(Vector("published/sumdb_note.json"));
  const std::string note =
      std::string(Text(file["text"])) + "\n" + std::string(Text(file["sig1"])) + std::string(Text(file["sig2"]));
  const VerifierKey first = *VerifierKey::Parse(Text(file["vkey"])), second = *VerifierKey::Parse(Text(file["vkey2"]));
  EXPECT_EQ(first.Encode(), Text(file["vkey"]));

  const std::vector<VerifierKey> both{first, second};
  const auto by_both = OpenNote(note, both), by_second = OpenNote(note, {&second, 1});

  ASSERT_TRUE(by_both);
  EXPECT_EQ(by_both->text, Text(file["text"]));
  EXPECT_EQ(by_both->verified.size(), 2u);
  EXPECT_TRUE(by_both->unverified.empty());
  ASSERT_TRUE(by_second);
  ASSERT_EQ(by_second->verified.size(), 1u);
  EXPECT_EQ(by_second->verified[0].name, second.name());
  ASSERT_EQ(by_second->unverified.size(), 1u);
  EXPECT_EQ(by_second->unverified[0].name, first.name());
  EXPECT_EQ(SignedNote::Parse(note)->Format(), note);
}

TEST(Note, PublishedExampleOfC2spVerifies) {
  const JsonFile file(Vector("published/c2sp_examples.json"));
  const auto key = VerifierKey::Parse(Text(file["signed_note"]["vkey"]));
  ASSERT_TRUE(key);

  const auto opened = OpenNote(Text(file["signed_note"]["note"]), {&*key, 1});

  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->text, "This is an example message.\n");
}

TEST(VerifierKey, PublishedBadKeysAreRefused) {
  const JsonFile file(Vector("published/sumdb_note.json"));
  int count = 0;
  for (const simdjson::dom::element bad : Items(file["bad_vkeys"])) {
    EXPECT_EQ(CodeOf(VerifierKey::Parse(Text(bad))), "note.key_malformed") << Text(bad);
    ++count;
  }
  EXPECT_EQ(count, 2);
}

TEST(VerifierKey, AnyDamagedCharacterIsRefused) {
  const SignerKey signer = KeyNamed("log.example/a", 1);
  const std::string vkey = signer.verifier().Encode(), skey = signer.Encode();
  ASSERT_TRUE(VerifierKey::Parse(vkey));
  ASSERT_TRUE(SignerKey::Parse(skey));

  for (std::size_t i = 0; i < vkey.size(); ++i) {
    for (const char c : {'A', '+', ' ', '\n', '\0'}) {
      std::string damaged = vkey;
      damaged[i] = c;
      if (damaged == vkey) continue;
      EXPECT_EQ(CodeOf(VerifierKey::Parse(damaged)), "note.key_malformed") << damaged;
    }
    EXPECT_FALSE(VerifierKey::Parse(vkey.substr(0, i)));
  }
  for (std::size_t i = 0; i < skey.size(); ++i) {
    std::string damaged = skey;
    damaged[i] = damaged[i] == 'A' ? 'B' : 'A';
    EXPECT_EQ(CodeOf(SignerKey::Parse(damaged)), "note.key_malformed") << i;
  }
  EXPECT_EQ(CodeOf(SignerKey::Parse(vkey)), "note.key_malformed");
}

TEST(VerifierKey, NamesWithWhiteSpacePlusOrBrokenUtf8AreRefused) {
  SeededRandom random(2);
  for (const std::string_view name : {"", " ", "a b", "a\tb", "a\nb", "a+b", "a\u00a0b", "\u3000", "a\u2028", "\u0085",
                                      "\u205fb", "\u2007", "a\xff", "\xc3", "\xed\xa0\x80"}) {
    EXPECT_EQ(CodeOf(SignerKey::Generate(name, SignatureType::kEd25519, random)), "note.key_malformed") << name;
  }
  for (const std::string_view name : {"a", "log.example/县", "\u00e0", "\u2010", "x\u3001y"}) {
    EXPECT_TRUE(SignerKey::Generate(name, SignatureType::kEd25519, random)) << name;
  }
  EXPECT_EQ(CodeOf(SignerKey::Generate("a", static_cast<SignatureType>(2), random)), "note.key_malformed");
}

TEST(SignerKey, GeneratedKeysAreReadBackAndDifferByDraw) {
  SeededRandom random(4);
  for (const SignatureType type : {SignatureType::kEd25519, SignatureType::kCosignatureV1}) {
    const auto key = SignerKey::Generate("log.example/a", type, random);
    ASSERT_TRUE(key);
    const auto again = SignerKey::Parse(key->Encode());
    ASSERT_TRUE(again);
    EXPECT_EQ(again->verifier().Encode(), key->verifier().Encode());
    EXPECT_EQ(again->verifier().type(), type);
    EXPECT_TRUE(key->Encode().starts_with("PRIVATE+KEY+log.example/a+"));
  }
  EXPECT_NE(KeyNamed("a", 1).Encode(), KeyNamed("a", 2).Encode());
}

TEST(Note, TextMayHaveEmptyLinesAndLinesThatLookLikeSignatures) {
  const SignerKey signer = KeyNamed("log.example/a", 1);
  for (const std::string text : {"\n", "one\n", "one\n\ntwo\n", "\n\n\n", "one\n\n\u2014 log.example/a AAAAAAAA\n",
                                 "\u53bf\u4e61\u9879\u76ee\n"}) {
    const auto note = SignNote(text, {&signer, 1});
    ASSERT_TRUE(note) << text;
    const auto opened = OpenNote(*note, {&signer.verifier(), 1});
    ASSERT_TRUE(opened) << text;
    EXPECT_EQ(opened->text, text);
  }
  for (const std::string text : {"", "no newline", "tab\there\n", "return\r\n", "\x7f\xff\n", "\xc0\xaf\n"}) {
    EXPECT_EQ(CodeOf(SignNote(text, {&signer, 1})), "note.malformed") << text;
  }
  EXPECT_EQ(CodeOf(SignNote("one\n", {})), "note.malformed");
}

TEST(Note, MalformedNotesAreRefused) {
  const SignerKey signer = KeyNamed("log.example/a", 1);
  const std::string note = *SignNote("text\n", {&signer, 1});
  const std::string line = note.substr(6);
  ASSERT_TRUE(SignedNote::Parse("text\n\n" + line));

  for (const std::string& bad : std::vector<std::string>{"",
                                                         "\n",
                                                         "\n\n",
                                                         "text\n",
                                                         "text\n\n",
                                                         "text\n" + line,
                                                         note.substr(0, note.size() - 1),
                                                         note + "\n",
                                                         note + "more\n",
                                                         "text\r\n\r\n" + line,
                                                         "text\n\n-" + line.substr(3),
                                                         "text\n\n\u2014" + line.substr(4),
                                                         "text\n\n\u2014  " + line.substr(4),
                                                         "text\n\n\u2014 AAAAAAAA\n",
                                                         "text\n\n\u2014 a \n",
                                                         "text\n\n\u2014 a AAAA\n",
                                                         "text\n\n\u2014 a AAAAAA==\n",
                                                         "text\n\n\u2014 a AAAAAAA\n",
                                                         "text\n\n\u2014 a AAAAAAB=\n",
                                                         "text\n\n\u2014 a AAAA AAAA\n",
                                                         "text\n\n\u2014 a+b AAAAAAAA\n",
                                                         "text\n\n\u2014 a\u00a0b AAAAAAAA\n",
                                                         std::string("te\0xt\n\n", 7) + line,
                                                         "te\xfft\n\n" + line}) {
    EXPECT_EQ(CodeOf(SignedNote::Parse(bad)), "note.malformed") << bad;
  }
  for (std::size_t length = 0; length < note.size(); ++length) EXPECT_FALSE(SignedNote::Parse(note.substr(0, length)));
}

TEST(Note, AHundredSignaturesPassAndOneMoreDoesNot) {
  const std::vector<SignerKey> signers(kNoteSignaturesMax, KeyNamed("log.example/a", 1));
  const auto full = SignNote("text\n", signers);
  ASSERT_TRUE(full);
  EXPECT_EQ(SignedNote::Parse(*full)->signatures.size(), kNoteSignaturesMax);

  const NoteSignature more = signers[0].Sign("text\n");

  EXPECT_EQ(CodeOf(AddSignature(*full, more)), "note.malformed");
  EXPECT_EQ(CodeOf(SignedNote::Parse(*full + full->substr(full->rfind("\u2014")))), "note.malformed");
}

TEST(Note, MoreThanAMebibyteIsRefused) {
  const SignerKey signer = KeyNamed("log.example/a", 1);
  const std::string text = std::string(kNoteBytesMax, 'x') + "\n";

  EXPECT_EQ(CodeOf(SignNote(text, {&signer, 1})), "note.too_large");
  EXPECT_EQ(CodeOf(SignedNote::Parse(text + "\n\u2014 a AAAAAAAA\n")), "note.too_large");
}

TEST(Note, ABadSignatureOfAKnownKeySpoilsTheNote) {
  const SignerKey good = KeyNamed("log.example/a", 1), other = KeyNamed("log.example/b", 2);
  const std::vector<VerifierKey> both{good.verifier(), other.verifier()};
  const std::string note = *SignNote("text\n", {&good, 1});
  NoteSignature forged = other.Sign("another text\n");

  const std::string spoiled = *AddSignature(note, forged);

  EXPECT_EQ(CodeOf(OpenNote(spoiled, both)), "note.signature_wrong");
  EXPECT_TRUE(OpenNote(spoiled, {&both[0], 1}));  // To who does not know that key its line means nothing.
  forged.bytes.pop_back();
  EXPECT_EQ(CodeOf(OpenNote(*AddSignature(note, forged), both)), "note.signature_wrong");
}

TEST(VerifierKey, ACosignatureBeyondTheLastAllowedSecondIsRefused) {
  SeededRandom random(6);
  std::array<std::uint8_t, 32> seed;
  random.Fill(seed);
  const SignerKey witness = *SignerKey::From("w", SignatureType::kCosignatureV1, seed);
  const SignerKey same_seed = *SignerKey::From("w", SignatureType::kEd25519, seed);
  const auto at = [&](std::string_view eight_bytes, std::string_view decimal) {
    return std::string(eight_bytes) + same_seed.Sign("cosignature/v1\ntime " + std::string(decimal) + "\ntext\n").bytes;
  };
  const std::string last("\x7f\xff\xff\xff\xff\xff\xff\xff"), beyond("\x80\0\0\0\0\0\0\0", 8);

  EXPECT_TRUE(witness.verifier().Verifies("text\n", at(last, "9223372036854775807")));
  EXPECT_FALSE(witness.verifier().Verifies("text\n", at(beyond, "9223372036854775808")));
}

TEST(Note, SameNameOrSameIdAloneIsAnUnknownKey) {
  const SignerKey signer = KeyNamed("log.example/a", 1), namesake = KeyNamed("log.example/a", 2);
  const std::string note = *SignNote("text\n", {&signer, 1});

  EXPECT_EQ(CodeOf(OpenNote(note, {&namesake.verifier(), 1})), "note.unsigned");
  EXPECT_EQ(CodeOf(OpenNote(note, {})), "note.unsigned");
  NoteSignature renamed = signer.Sign("text\n");
  renamed.name = "log.example/c";
  const auto opened = OpenNote(*AddSignature(note, renamed), {&signer.verifier(), 1});
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->unverified, std::vector<NoteSignature>{renamed});
}

TEST(Note, ASecondSignatureOfTheSameKeyCountsOnce) {
  const SignerKey signer = KeyNamed("log.example/a", 1);
  const std::vector<SignerKey> twice{signer, signer};

  const auto opened = OpenNote(*SignNote("text\n", twice), {&signer.verifier(), 1});

  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->verified.size(), 1u);
}

TEST(Note, AnyFlippedBitOfTextOrSignatureFails) {
  const SignerKey signer = KeyNamed("log.example/a", 1);
  const std::string note = *SignNote("a short text\n", {&signer, 1});
  ASSERT_TRUE(OpenNote(note, {&signer.verifier(), 1}));

  for (std::size_t i = 0; i < note.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string flipped = note;
      flipped[i] = static_cast<char>(flipped[i] ^ (1 << bit));
      EXPECT_FALSE(OpenNote(flipped, {&signer.verifier(), 1})) << "byte " << i << " bit " << bit;
    }
  }
}

}  // namespace
}  // namespace landfall::ledger
