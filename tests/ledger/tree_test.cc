// SPDX-License-Identifier: Apache-2.0
#include "ledger/tree.h"

#include <gtest/gtest.h>

#include "tests/ledger/log_vectors.h"

namespace landfall::ledger {
namespace {

using test::FromBase64;
using test::FromHex;
using test::Items;
using test::JsonFile;
using test::Number;
using test::PlainReader;
using test::PlainRoot;
using test::ProofOf;
using test::RandomLeaves;
using test::Text;
using test::Vector;

std::string CodeOf(const Status& status) { return status ? "ok" : status.error().code; }

TEST(Hashing, PublishedReferenceHashesAreReproduced) {
  const JsonFile file(Vector("published/rfc6962_reference.json"));
  const auto hasher = file["hasher"];

  EXPECT_EQ(EmptyRoot(), FromHex(hasher["empty_root"]));
  EXPECT_EQ(LeafHash(""), FromHex(hasher["empty_leaf"]));
  EXPECT_EQ(LeafHash("L123456"), FromHex(hasher["leaf_L123456"]));

  // The library under test there hashes strings of any length; ours takes digests, so the node is hashed by hand.
  EXPECT_EQ(Sha256(std::string_view("\x01N123N456")), FromHex(hasher["node_N123_N456"]));
}

TEST(Frontier, PublishedReferenceTreesHaveTheirNodesAndRoots) {
  const JsonFile file(Vector("published/rfc6962_reference.json"));
  std::vector<std::vector<Digest>> nodes(4);
  Frontier frontier;
  std::size_t size = 0;

  for (const simdjson::dom::element leaf : Items(file["leaf_inputs_hex"])) {
    EXPECT_EQ(frontier.Root(), FromHex(file["root_hashes_hex"].at(size++)));
    frontier.AppendVisiting(LeafHash(*ParseHex(Text(leaf))),
                            [&](unsigned level, const Digest& node) { nodes.at(level).push_back(node); });
  }

  EXPECT_EQ(frontier.size(), 8u);
  EXPECT_EQ(frontier.Root(), FromHex(file["root_hashes_hex"].at(8)));
  for (std::size_t level = 0; level < nodes.size(); ++level) {
    ASSERT_EQ(nodes[level].size(), Items(file["node_hashes_hex"].at(level)).size());
    for (std::size_t i = 0; i < nodes[level].size(); ++i) {
      EXPECT_EQ(nodes[level][i], FromHex(file["node_hashes_hex"].at(level).at(i)));
    }
  }
}

TEST(Frontier, RootsOfTheGeneratedTreeAreReproducedAtEverySize) {
  const JsonFile file(Vector("generated/tree.json"));
  Frontier frontier;

  for (std::size_t i = 0; i < 300; ++i) {
    ASSERT_EQ(frontier.Root(), FromBase64(file["roots_by_size"].at(i))) << "size " << i;
    const Digest leaf = LeafHash(*ParseHex(Text(file["leaves_hex"].at(i))));
    ASSERT_EQ(leaf, FromBase64(file["leaf_hashes"].at(i))) << "leaf " << i;
    frontier.Append(leaf);
  }

  EXPECT_EQ(frontier.Root(), FromBase64(file["roots_by_size"].at(300)));
}

TEST(Frontier, DecodesWhatItEncodedAndGoesOnAsIfNothingHadHappened) {
  SeededRandom random(11);
  const auto leaves = RandomLeaves(600, random);
  Frontier live;

  for (std::size_t size = 0; size < leaves.size(); ++size) {
    const std::string bytes = live.Encode();
    ASSERT_EQ(bytes.size(), 32u * static_cast<std::size_t>(std::popcount(size)));
    auto restored = Frontier::Decode(size, bytes);
    ASSERT_TRUE(restored);
    ASSERT_EQ(*restored, live);
    live.Append(leaves[size]);
    restored->Append(leaves[size]);
    ASSERT_EQ(restored->Root(), live.Root()) << "size " << size + 1;
  }
}

TEST(Frontier, BytesOfAnotherLengthAreRefused) {
  for (const auto& [size, length] : std::vector<std::pair<std::uint64_t, std::size_t>>{
           {0, 1}, {1, 0}, {1, 31}, {1, 33}, {3, 32}, {3, 96}, {kTreeSizeMax + 1, 32}, {~std::uint64_t{0}, 64 * 32}}) {
    const auto decoded = Frontier::Decode(size, std::string(length, 'x'));
    ASSERT_FALSE(decoded) << size << " " << length;
    EXPECT_EQ(decoded.error().code, "tree.frontier_malformed");
    EXPECT_EQ(decoded.error().fault, Fault::kCorrupt);
  }
}

TEST(VerifyInclusion, AgreesWithEveryPublishedCase) {
  int accepted = 0, refused = 0, unrepresentable = 0;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(Vector("published/transparency-dev-merkle/testdata/inclusion"))) {
    if (entry.path().extension() != ".json") continue;
    const JsonFile file(entry.path());
    const bool want_error = file["wantErr"].get_bool();
    if (Text(file["leafHash"]).empty() || Text(file["root"]).empty()) {  // Our types hold no hash of zero bytes.
      EXPECT_TRUE(want_error);
      ++unrepresentable;
      continue;
    }
    const auto verdict =
        VerifyInclusion(Number(file["leafIdx"]), Number(file["treeSize"]), FromBase64(file["leafHash"]),
                        ProofOf(file["proof"]), FromBase64(file["root"]));
    EXPECT_EQ(!verdict, want_error) << entry.path() << " " << CodeOf(verdict);
    ++(verdict ? accepted : refused);
  }
  EXPECT_EQ(accepted, 6);
  EXPECT_EQ(refused, 81);
  EXPECT_EQ(unrepresentable, 11);
}

TEST(VerifyConsistency, AgreesWithEveryPublishedCase) {
  int accepted = 0, refused = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(
           Vector("published/transparency-dev-merkle/testdata/consistency"))) {
    if (entry.path().extension() != ".json") continue;
    const JsonFile file(entry.path());
    const auto verdict = VerifyConsistency(Number(file["size1"]), Number(file["size2"]), ProofOf(file["proof"]),
                                           FromBase64(file["root1"]), FromBase64(file["root2"]));
    EXPECT_EQ(!verdict, file["wantErr"].get_bool().value()) << entry.path() << " " << CodeOf(verdict);
    ++(verdict ? accepted : refused);
  }
  EXPECT_EQ(accepted, 6);
  EXPECT_EQ(refused, 92);
}

PlainReader GeneratedTree() {
  const JsonFile file(Vector("generated/tree.json"));
  std::vector<Digest> leaves;
  for (const simdjson::dom::element leaf : Items(file["leaf_hashes"])) leaves.push_back(FromBase64(leaf));
  return PlainReader(std::move(leaves));
}

TEST(InclusionProof, GeneratedProofsAreMadeByteForByteAndDamagedOnesRefused) {
  const JsonFile file(Vector("generated/inclusion.json"));
  const PlainReader tree = GeneratedTree();
  int valid = 0, damaged = 0;

  for (const simdjson::dom::element item : Items(*file)) {
    const std::uint64_t index = Number(item["Index"]), size = Number(item["Size"]);
    const Proof proof = ProofOf(item["Proof"]);
    const auto verdict = VerifyInclusion(index, size, FromBase64(item["Leaf"]), proof, FromBase64(item["Root"]));
    const auto made = InclusionProof(index, size, tree);
    ASSERT_TRUE(made);
    const bool is_valid = item["Valid"].get_bool();
    EXPECT_EQ(CodeOf(verdict) == "ok", is_valid) << index << " of " << size;
    EXPECT_EQ(*made == proof, is_valid) << index << " of " << size;
    ++(is_valid ? valid : damaged);
  }

  EXPECT_EQ(valid, 400);
  EXPECT_EQ(damaged, 400);
}

TEST(ConsistencyProof, GeneratedProofsAreMadeByteForByteAndDamagedOnesRefused) {
  const JsonFile file(Vector("generated/consistency.json"));
  const PlainReader tree = GeneratedTree();
  int valid = 0, damaged = 0;

  for (const simdjson::dom::element item : Items(*file)) {
    const std::uint64_t old_size = Number(item["Old"]), new_size = Number(item["New"]);
    const Proof proof = ProofOf(item["Proof"]);
    const auto verdict =
        VerifyConsistency(old_size, new_size, proof, FromBase64(item["OldRoot"]), FromBase64(item["NewRoot"]));
    const auto made = ConsistencyProof(old_size, new_size, tree);
    ASSERT_TRUE(made);
    const bool is_valid = item["Valid"].get_bool();
    EXPECT_EQ(CodeOf(verdict) == "ok", is_valid) << old_size << " to " << new_size;
    EXPECT_EQ(*made == proof, is_valid) << old_size << " to " << new_size;
    ++(is_valid ? valid : damaged);
  }

  EXPECT_EQ(valid, 400);
  EXPECT_EQ(damaged, 400);
}

// Calls check(damaged proof) for a bit flipped in, a drop of, and an addition before each hash, and one at the end.
template <class Check>
void ForEachDamage(const Proof& proof, SeededRandom& random, Check&& check) {
  for (std::size_t i = 0; i < proof.size(); ++i) {
    Proof flipped = proof;
    const std::uint64_t bit = random.Next() % 256;
    flipped[i][bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
    check(flipped);
    Proof dropped = proof;
    dropped.erase(dropped.begin() + static_cast<std::ptrdiff_t>(i));
    check(dropped);
  }
  for (std::size_t i = 0; i <= proof.size(); ++i) {
    Proof added = proof;
    added.insert(added.begin() + static_cast<std::ptrdiff_t>(i),
                 proof.empty() ? Digest{} : proof[random.Next() % proof.size()]);
    check(added);
  }
}

TEST(Proofs, EveryProofOfARandomTreeVerifiesAndNoDamagedOneDoes) {
  const std::uint64_t seed = 20261121;
  SCOPED_TRACE("seed " + std::to_string(seed));
  SeededRandom random(seed);

  for (int round = 0; round < 8; ++round) {
    const PlainReader tree(RandomLeaves(1 + random.Next() % 3000, random));
    const std::uint64_t size = tree.leaves().size();
    const Digest root = PlainRoot(tree.leaves());
    ASSERT_EQ(*TreeRoot(size, tree), root);
    Frontier old_tree;
    for (std::uint64_t i = 0; i < size; ++i) {
      const Proof inclusion = *InclusionProof(i, size, tree);
      ASSERT_EQ(CodeOf(VerifyInclusion(i, size, tree.leaves()[i], inclusion, root)), "ok") << i << " of " << size;
      old_tree.Append(tree.leaves()[i]);
      const Proof consistency = *ConsistencyProof(i + 1, size, tree);
      ASSERT_EQ(CodeOf(VerifyConsistency(i + 1, size, consistency, old_tree.Root(), root)), "ok")
          << i + 1 << " to " << size;
      if (random.Next() % 16 != 0) continue;
      ForEachDamage(inclusion, random, [&](const Proof& damaged) {
        ASSERT_FALSE(VerifyInclusion(i, size, tree.leaves()[i], damaged, root)) << i << " of " << size;
      });
      ForEachDamage(consistency, random, [&](const Proof& damaged) {
        ASSERT_FALSE(VerifyConsistency(i + 1, size, damaged, old_tree.Root(), root)) << i + 1 << " to " << size;
      });
    }
    ASSERT_EQ(old_tree.Root(), root);
  }
}

TEST(Proofs, RefusalsSayWhetherTheFormOrTheContentIsWrong) {
  SeededRandom random(3);
  const PlainReader tree(RandomLeaves(5, random));
  const Digest root = PlainRoot(tree.leaves()), old_root = PlainRoot(std::span(tree.leaves()).first(3));
  const Proof inclusion = *InclusionProof(2, 5, tree), consistency = *ConsistencyProof(3, 5, tree);
  const std::span<const Digest> shorter(inclusion.data(), inclusion.size() - 1);

  EXPECT_EQ(CodeOf(VerifyInclusion(2, 5, tree.leaves()[2], inclusion, root)), "ok");
  EXPECT_EQ(CodeOf(VerifyInclusion(2, 5, tree.leaves()[1], inclusion, root)), "proof.wrong");
  EXPECT_EQ(CodeOf(VerifyInclusion(2, 5, tree.leaves()[2], shorter, root)), "proof.malformed");
  EXPECT_EQ(CodeOf(VerifyInclusion(5, 5, tree.leaves()[2], inclusion, root)), "tree.size_out_of_range");
  EXPECT_EQ(CodeOf(VerifyInclusion(0, 0, tree.leaves()[2], {}, root)), "tree.size_out_of_range");
  EXPECT_EQ(CodeOf(VerifyInclusion(2, ~std::uint64_t{0}, tree.leaves()[2], inclusion, root)), "tree.size_out_of_range");

  EXPECT_EQ(CodeOf(VerifyConsistency(3, 5, consistency, old_root, root)), "ok");
  EXPECT_EQ(CodeOf(VerifyConsistency(3, 5, consistency, root, root)), "proof.wrong");
  EXPECT_EQ(CodeOf(VerifyConsistency(3, 5, consistency, old_root, old_root)), "proof.wrong");
  EXPECT_EQ(CodeOf(VerifyConsistency(3, 5, {}, old_root, root)), "proof.malformed");
  EXPECT_EQ(CodeOf(VerifyConsistency(5, 5, {}, root, root)), "ok");
  EXPECT_EQ(CodeOf(VerifyConsistency(5, 5, consistency, root, root)), "proof.malformed");
  EXPECT_EQ(CodeOf(VerifyConsistency(5, 5, {}, old_root, root)), "proof.wrong");
  EXPECT_EQ(CodeOf(VerifyConsistency(0, 5, {}, EmptyRoot(), root)), "tree.size_out_of_range");
  EXPECT_EQ(CodeOf(VerifyConsistency(6, 5, {}, root, root)), "tree.size_out_of_range");

  EXPECT_EQ(InclusionProof(5, 5, tree).error().code, "tree.size_out_of_range");
  EXPECT_EQ(ConsistencyProof(0, 5, tree).error().code, "tree.size_out_of_range");
  EXPECT_EQ(ConsistencyProof(6, 5, tree).error().code, "tree.size_out_of_range");
  EXPECT_EQ(TreeRoot(kTreeSizeMax + 1, tree).error().code, "tree.size_out_of_range");
}

TEST(Proofs, AHashTooManyIsRefusedEvenWhereItLeadsToTheRoot) {
  SeededRandom random(4);
  const auto hashes = RandomLeaves(3, random);
  const Digest &leaf = hashes[0], &second = hashes[1], &extra = hashes[2];
  const Digest pair = NodeHash(leaf, second);

  EXPECT_EQ(CodeOf(VerifyInclusion(0, 1, leaf, {&extra, 1}, NodeHash(extra, leaf))), "proof.malformed");
  EXPECT_EQ(CodeOf(VerifyConsistency(1, 2, {&second, 1}, leaf, pair)), "ok");
  const Proof longer{second, extra};
  EXPECT_EQ(CodeOf(VerifyConsistency(1, 2, longer, NodeHash(extra, leaf), NodeHash(extra, pair))), "proof.malformed");
}

// The largest trees cannot be built, but their proofs can be asked for: nothing overflows on the way.
TEST(Proofs, TheLargestTreeAsksForNodesThatItHas) {
  class Recorder final : public HashReader {
   public:
    Result<std::vector<Digest>> Read(std::span<const NodeId> ids) const override {
      for (const NodeId& id : ids) {
        EXPECT_LT(id.level, 63u);
        EXPECT_LT(id.index, kTreeSizeMax >> id.level);
      }
      return std::vector<Digest>(ids.size());
    }
  };
  const Recorder recorder;

  EXPECT_EQ(InclusionProof(0, kTreeSizeMax, recorder)->size(), 63u);
  EXPECT_EQ(InclusionProof(kTreeSizeMax - 1, kTreeSizeMax, recorder)->size(), 62u);
  EXPECT_EQ(ConsistencyProof(1, kTreeSizeMax, recorder)->size(), 63u);
  EXPECT_EQ(ConsistencyProof(3, kTreeSizeMax, recorder)->size(), 64u);
  EXPECT_TRUE(TreeRoot(kTreeSizeMax, recorder));
}

}  // namespace
}  // namespace landfall::ledger
