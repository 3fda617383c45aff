// SPDX-License-Identifier: Apache-2.0
#include "ledger/proof_file.h"

#include <gtest/gtest.h>

#include "ledger/tile_path.h"
#include "tests/ledger/log_vectors.h"

namespace landfall::ledger {
namespace {

using test::PlainReader;
using test::Vector;

template <class T>
std::string CodeOf(const Result<T>& result) {
  return result ? "ok" : result.error().code;
}

// The generated log of 1,300 entries: its leaves, its checkpoint and its key.
struct Log {
  std::vector<std::string> leaves;
  PlainReader tree;
  std::string checkpoint;
  VerifierKey key;
};

Log GeneratedLog() {
  const auto root = Vector("generated/log1300");
  std::vector<std::string> leaves;
  std::vector<Digest> hashes;
  for (std::uint64_t tile = 0; tile < 6; ++tile) {
    const TilePath path{true, 0, tile, tile < 5 ? kTileWidth : 1300 % kTileWidth};
    const std::string bundle = landfall::test::ReadFile(root / FormatTilePath(path));
    const auto parsed = ParseBundle(bundle, path.width);
    for (const std::string_view leaf : *parsed) {
      leaves.emplace_back(leaf);
      hashes.push_back(LeafHash(leaf));
    }
  }
  return {std::move(leaves), PlainReader(std::move(hashes)), landfall::test::ReadFile(root / "checkpoint"),
          test::KeyOfGeneratedLog()};
}

std::string ProofFileOf(const Log& log, std::uint64_t index, std::optional<std::string> extra = {}) {
  return FormatProofFile(
      {std::move(extra), index, *InclusionProof(index, log.leaves.size(), log.tree), log.checkpoint});
}

TEST(ProofFile, ProvesEveryEntryOfTheGeneratedLog) {
  const Log log = GeneratedLog();
  ASSERT_EQ(log.leaves.size(), 1300u);

  for (std::uint64_t index = 0; index < log.leaves.size(); index += 7) {
    const auto proven = VerifyProofFile(ProofFileOf(log, index), log.leaves[index], log.key);
    ASSERT_TRUE(proven) << index << " " << proven.error().code;
    EXPECT_EQ(proven->index, index);
    EXPECT_EQ(proven->opened.checkpoint.size, 1300u);
  }
}

TEST(ProofFile, IsWrittenAsSpecified) {
  const Digest hash = EmptyRoot();
  const std::string checkpoint = "log\n2\n" + Base64(hash) + "\n\n\u2014 log AAAAAAAA\n";

  const std::string with_extra = FormatProofFile({"extra!", 1, {hash}, checkpoint});
  const std::string without = FormatProofFile({std::nullopt, 0, {}, checkpoint});

  EXPECT_EQ(with_extra, "c2sp.org/tlog-proof@v1\nextra ZXh0cmEh\nindex 1\n" + Base64(hash) + "\n\n" + checkpoint);
  EXPECT_EQ(without, "c2sp.org/tlog-proof@v1\nindex 0\n\n" + checkpoint);
}

TEST(ProofFile, ReadsBackWhatItWrote) {
  const Log log = GeneratedLog();
  for (const std::optional<std::string>& extra :
       std::vector<std::optional<std::string>>{std::nullopt, "", std::string("\0\xff\n", 3)}) {
    const ProofFile proof{extra, 1299, *InclusionProof(1299, 1300, log.tree), log.checkpoint};
    const auto read = ParseProofFile(FormatProofFile(proof));
    ASSERT_TRUE(read);
    EXPECT_EQ(*read, proof);
  }
}

TEST(ProofFile, AnotherLeafIndexOrLogIsRefused) {
  const Log log = GeneratedLog();
  SeededRandom random(1);
  const SignerKey stranger = *SignerKey::Generate(log.key.name(), SignatureType::kEd25519, random);
  ProofFile moved = *ParseProofFile(ProofFileOf(log, 500));
  moved.index = 501;

  EXPECT_EQ(CodeOf(VerifyProofFile(ProofFileOf(log, 500), log.leaves[501], log.key)), "proof.wrong");
  EXPECT_EQ(CodeOf(VerifyProofFile(FormatProofFile(moved), log.leaves[500], log.key)), "proof.wrong");
  moved.index = 1300;
  EXPECT_EQ(CodeOf(VerifyProofFile(FormatProofFile(moved), log.leaves[500], log.key)), "tree.size_out_of_range");
  moved = *ParseProofFile(ProofFileOf(log, 500));
  moved.hashes.pop_back();
  EXPECT_EQ(CodeOf(VerifyProofFile(FormatProofFile(moved), log.leaves[500], log.key)), "proof.malformed");
  EXPECT_EQ(CodeOf(VerifyProofFile(ProofFileOf(log, 500), log.leaves[500], stranger.verifier())), "note.unsigned");
}

TEST(ProofFile, AnyFlippedBitOutsideTheExtraFails) {
  const Log log = GeneratedLog();
  const std::string text = ProofFileOf(log, 1288);
  ASSERT_TRUE(VerifyProofFile(text, log.leaves[1288], log.key));

  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string flipped = text;
    flipped[i] = static_cast<char>(flipped[i] ^ (1 << (i % 8)));
    EXPECT_FALSE(VerifyProofFile(flipped, log.leaves[1288], log.key)) << i;
    EXPECT_FALSE(VerifyProofFile(std::string_view(text).substr(0, i), log.leaves[1288], log.key)) << i;
  }
}

TEST(ProofFile, MalformedFilesAreRefused) {
  const std::string note = "log\n2\n" + Base64(EmptyRoot()) + "\n\n\u2014 log AAAAAAAA\n";
  const std::string head = "c2sp.org/tlog-proof@v1\n", hash = Base64(EmptyRoot()) + "\n";
  ASSERT_TRUE(ParseProofFile(head + "index 1\n" + hash + "\n" + note));
  std::string many;
  for (int i = 0; i < 64; ++i) many += hash;

  for (const std::string& bad :
       std::vector<std::string>{"",
                                "\n",
                                head,
                                head + "\n" + note,
                                "c2sp.org/tlog-proof@v2\nindex 1\n\n" + note,
                                head + "index\n\n" + note,
                                head + "index 01\n\n" + note,
                                head + "index -1\n\n" + note,
                                head + "index 1 \n\n" + note,
                                head + "index 9223372036854775807\n\n" + note,
                                head + "extra\nindex 1\n\n" + note,
                                head + "extra =\nindex 1\n\n" + note,
                                head + "extra AAAA\n\n" + note,
                                head + "extra AAAA\nextra AAAA\nindex 1\n\n" + note,
                                head + "index 1\nextra AAAA\n\n" + note,
                                head + "index 1\nAAAA\n\n" + note,
                                head + "index 1\n" + hash + note,
                                head + "index 1\r\n\r\n" + note,
                                head + "index 1\n" + many + "\n" + note,
                                " " + head + "index 1\n\n" + note,
                                head + "index 1\n\n" + note + std::string(kProofFileBytesMax, 'x')}) {
    EXPECT_EQ(CodeOf(ParseProofFile(bad)), "proof_file.malformed") << bad.substr(0, 300);
  }
  for (const std::string& bad :
       {head + "index 1\n", head + "index 1\n\n", head + "index 1\n\n\n" + note.substr(0, 40)}) {
    EXPECT_EQ(CodeOf(ParseProofFile(bad)), "note.malformed") << bad;
  }
}

TEST(ProofFile, NamesTheWitnessesThatCosignedItsCheckpoint) {
  SeededRandom random(2);
  const SignerKey signer = *SignerKey::Generate("log.example/a", SignatureType::kEd25519, random);
  const SignerKey witness = *SignerKey::Generate("witness.example/w", SignatureType::kCosignatureV1, random);
  const std::string leaf = R"({"seq":1})";
  const std::string note = *SignCheckpoint({"log.example/a", 1, LeafHash(leaf), {}}, signer);
  const std::string cosigned = *CosignCheckpoint(note, signer.verifier(), witness, 1'800'000'000);

  const auto proven = VerifyProofFile(FormatProofFile({std::nullopt, 0, {}, cosigned}), leaf, signer.verifier(),
                                      {&witness.verifier(), 1});

  ASSERT_TRUE(proven);
  ASSERT_EQ(proven->opened.cosignatures.size(), 1u);
  EXPECT_EQ(proven->opened.cosignatures[0].posix_seconds, 1'800'000'000u);
}

}  // namespace
}  // namespace landfall::ledger
