// SPDX-License-Identifier: Apache-2.0
#include "ledger/witness.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "ledger/publish.h"
#include "ledger/small_file.h"
#include "tests/ledger/log_vectors.h"
#include "tests/support/ledger_fixture.h"

namespace landfall::ledger {
namespace {

using app::test::CodeOf;
using app::test::TempFolder;
using test::PlainReader;
using test::RandomLeaves;

constexpr std::string_view kOrigin = "log.example/a";

// A log of random leaves and a witness that trusts its key.
struct Pair {
  explicit Pair(std::size_t leaves = 40) : tree(RandomLeaves(leaves, random)) {
    vkey = *Witness::Create(folder, "witness.example/w1", random);
    EXPECT_TRUE(Witness::Trust(folder, signer.verifier().Encode()));
    Open();
  }
  void Open() {
    witness.reset();
    auto opened = Witness::Open(folder, clock);
    EXPECT_TRUE(opened) << CodeOf(opened);
    witness = std::move(*opened);
  }
  std::string Note(std::uint64_t size, const PlainReader& of) {
    return *SignCheckpoint({std::string(kOrigin), size, *TreeRoot(size, of), {}}, signer);
  }
  std::string Body(std::uint64_t old_size, std::uint64_t size) {
    AddCheckpoint request{old_size, {}, Note(size, tree)};
    if (old_size > 0 && old_size < size) request.proof = *ConsistencyProof(old_size, size, tree);
    return FormatAddCheckpoint(request);
  }
  Result<Witness::Outcome> Add(std::uint64_t old_size, std::uint64_t size) {
    return witness->Add(Body(old_size, size));
  }

  TempFolder temp;
  std::string folder = temp / "witness";
  SeededRandom random{3};
  FixedClock clock{app::test::kStart};
  SignerKey signer = *SignerKey::Generate(kOrigin, SignatureType::kEd25519, random);
  PlainReader tree;
  std::string vkey;
  std::unique_ptr<Witness> witness;
};

TEST(Witness, CosignsWhatGrowsOutOfWhatItSaw) {
  Pair p;
  const VerifierKey key = *VerifierKey::Parse(p.vkey);

  for (const auto& [old_size, size] : std::vector<std::pair<std::uint64_t, std::uint64_t>>{{0, 5}, {5, 17}, {17, 40}}) {
    const auto added = p.Add(old_size, size);

    ASSERT_TRUE(added) << CodeOf(added);
    ASSERT_FALSE(added->known_size);
    const auto opened = OpenCheckpoint(p.Note(size, p.tree) + added->cosignature, p.signer.verifier(), {&key, 1});
    ASSERT_TRUE(opened) << CodeOf(opened);
    ASSERT_EQ(opened->cosignatures.size(), 1u);
    EXPECT_EQ(Instant(std::chrono::seconds(opened->cosignatures[0].posix_seconds)), app::test::kStart);
  }
}

TEST(Witness, CosignsTheSameTreeAgain) {
  Pair p;
  ASSERT_TRUE(p.Add(0, 5));
  const auto again = p.Add(5, 5);
  ASSERT_TRUE(again) << CodeOf(again);
  EXPECT_NE(again->cosignature, "");
}

TEST(Witness, TellsTheSizeToGoOnFrom) {
  Pair p;
  ASSERT_TRUE(p.Add(0, 17));
  for (const std::uint64_t wrong : {0, 5, 18}) {
    const auto refused = p.Add(wrong, 40);
    ASSERT_TRUE(refused) << CodeOf(refused);
    EXPECT_EQ(refused->known_size, 17u) << wrong;
    EXPECT_EQ(refused->cosignature, "");
  }
}

TEST(Witness, NeverCosignsAnotherHistory) {
  Pair p;
  ASSERT_TRUE(p.Add(0, 17));
  std::vector<Digest> leaves = p.tree.leaves();
  leaves[3][0] ^= 1;
  const PlainReader forged(leaves);

  // With its own proof, with the true proof, with none; and the same size with another root.
  const auto with = [&](Proof proof, std::uint64_t size) {
    return p.witness->Add(FormatAddCheckpoint({17, std::move(proof), p.Note(size, forged)}));
  };
  EXPECT_EQ(CodeOf(with(*ConsistencyProof(17, 40, forged), 40)), "witness.not_consistent");
  EXPECT_EQ(CodeOf(with(*ConsistencyProof(17, 40, p.tree), 40)), "witness.not_consistent");
  EXPECT_EQ(CodeOf(with({}, 40)), "witness.not_consistent");
  const auto same = with({}, 17);
  ASSERT_TRUE(same) << CodeOf(same);
  EXPECT_EQ(same->known_size, 17u);
  ASSERT_TRUE(p.Add(17, 40)) << "and it still cosigns the true one";
}

TEST(Witness, RefusesStrangersAndMalformedBodies) {
  Pair p;
  SeededRandom random(9);
  const SignerKey other_log = *SignerKey::Generate("log.example/b", SignatureType::kEd25519, random);
  const SignerKey other_key = *SignerKey::Generate(kOrigin, SignatureType::kEd25519, random);
  const auto signed_by = [&](const SignerKey& key) {
    return FormatAddCheckpoint({0, {}, *SignCheckpoint({key.verifier().name(), 1, Digest{}, {}}, key)});
  };
  const std::string good = p.Body(0, 5);

  EXPECT_EQ(CodeOf(p.witness->Add(signed_by(other_log))), "witness.unknown_log");
  EXPECT_EQ(CodeOf(p.witness->Add(signed_by(other_key))), "witness.unsigned");
  for (const std::string& bad : std::vector<std::string>{
           "", "\n", "old\n\n", "old 0", "old 0\n", "old 00" + good.substr(5), "old -1" + good.substr(5),
           "old 0\nAAAA\n\n" + p.Note(5, p.tree), good.substr(0, good.size() / 2), good.substr(6),
           "old 7\n\n" + p.Note(5, p.tree), good + std::string(kWitnessBodyBytesMax, '\n'),
           "old 0\n\n\n" + p.Note(5, p.tree).substr(20)})
    EXPECT_EQ(CodeOf(p.witness->Add(bad)), "witness.malformed") << bad.substr(0, 60);
  EXPECT_TRUE(p.Add(0, 5)) << "none of them left a trace";
}

TEST(Witness, RemembersAcrossARestart) {
  Pair p;
  ASSERT_TRUE(p.Add(0, 17));
  p.Open();
  EXPECT_EQ(p.Add(0, 40)->known_size, 17u);
  EXPECT_EQ(p.Add(17, 40)->known_size, std::nullopt);
  const auto shown = Witness::Cosigned(p.folder);
  ASSERT_TRUE(shown && shown->size() == 1);
  const VerifierKey key = *VerifierKey::Parse(p.vkey);
  const auto opened = OpenCheckpoint((*shown)[0], p.signer.verifier(), {&key, 1});
  ASSERT_TRUE(opened) << "log and witness have signed what it keeps";
  EXPECT_EQ(opened->checkpoint.size, 40u);
}

TEST(Witness, StopsWhereItsStateIsGoneOrNotItsOwn) {
  Pair p;
  ASSERT_TRUE(p.Add(0, 17));
  const std::string path = p.folder + "/logs/" + Hex(Sha256(kOrigin)) + "/checkpoint";
  const std::string kept = *ReadSmallFile(path);

  for (const std::string& broken : {std::string(), kept.substr(0, kept.size() - 9), p.Note(17, p.tree)}) {
    ASSERT_TRUE(ReplaceSmallFile(path, broken));
    EXPECT_EQ(CodeOf(p.Add(17, 40)), "witness.state_corrupt");
    EXPECT_EQ(CodeOf(p.Add(0, 5)), "witness.state_corrupt");
  }
  std::filesystem::remove(path);
  EXPECT_EQ(CodeOf(p.Add(0, 5)), "witness.state_corrupt") << "a lost file is not a new log";
  ASSERT_TRUE(ReplaceSmallFile(path, kept));
  EXPECT_TRUE(p.Add(17, 40));
}

TEST(Witness, AnswersNothingThatIsNotStored) {
  Pair p;
  ASSERT_TRUE(p.Add(0, 17));
  const std::string log_folder = p.folder + "/logs/" + Hex(Sha256(kOrigin));
  // A folder stands where the new file would be written.
  std::filesystem::create_directory(log_folder + "/checkpoint.new");

  EXPECT_EQ(CodeOf(p.Add(17, 40)), "store.io");

  std::filesystem::remove(log_folder + "/checkpoint.new");
  EXPECT_EQ(p.Add(17, 40)->known_size, std::nullopt);
}

TEST(Witness, IsOneProcessAFolder) {
  Pair p;
  EXPECT_EQ(CodeOf(Witness::Open(p.folder, p.clock)), "witness.in_use");
  EXPECT_EQ(CodeOf(Witness::Create(p.folder, "witness.example/w2", p.random)), "witness.exists");
}

TEST(Witness, FollowsALogThatChangesItsKey) {
  Pair p;
  ASSERT_TRUE(p.Add(0, 17));
  SeededRandom random(5);
  p.signer = *SignerKey::Generate(kOrigin, SignatureType::kEd25519, random);
  EXPECT_EQ(CodeOf(p.Add(17, 40)), "witness.unsigned");
  ASSERT_TRUE(Witness::Trust(p.folder, p.signer.verifier().Encode()));
  EXPECT_EQ(p.Add(17, 40)->known_size, std::nullopt);
}

TEST(Witness, TimeNeverGoesBack) {
  Pair p;
  const VerifierKey key = *VerifierKey::Parse(p.vkey);
  const auto seconds = [&](const Result<Witness::Outcome>& added, std::uint64_t size) {
    return OpenCheckpoint(p.Note(size, p.tree) + added->cosignature, p.signer.verifier(), {&key, 1})
        ->cosignatures[0]
        .posix_seconds;
  };
  const std::uint64_t first = seconds(p.Add(0, 5), 5);
  p.clock.Advance(-std::chrono::hours(30));
  EXPECT_EQ(seconds(p.Add(5, 17), 17), first);
}

TEST(Publish, CompleteTilesAreThoseThatFit) {
  EXPECT_EQ(CompleteTiles(0, 0), 0u);
  EXPECT_EQ(CompleteTiles(255, 0), 0u);
  EXPECT_EQ(CompleteTiles(256, 0), 1u);
  EXPECT_EQ(CompleteTiles(70'000, 0), 273u);
  EXPECT_EQ(CompleteTiles(70'000, 1), 1u);
  EXPECT_EQ(CompleteTiles(70'000, 2), 0u);
  EXPECT_EQ(CompleteTiles(kTreeSizeMax, 7), 0u);
  EXPECT_EQ(CompleteTiles(kTreeSizeMax, 63), 0u);
}

}  // namespace
}  // namespace landfall::ledger
