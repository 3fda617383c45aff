// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "ledger/checkpoint.h"
#include "ledger/tile_path.h"
#include "ledger/tree.h"
#include "tests/ledger/log_vectors.h"

namespace landfall::ledger {
namespace {

using landfall::test::ReadFile;
using test::JsonFile;
using test::Number;
using test::PlainReader;
using test::PlainRoot;
using test::RandomLeaves;
using test::TileStore;
using test::Vector;

// Appends and stores each complete tile at once.
void Grow(TileTree& tree, TileStore& store, std::span<const Digest> leaves) {
  for (const Digest& leaf : leaves) tree.Append(leaf);
  store.Keep(tree.TakeCompleteTiles());
}

TEST(TilePath, IsWrittenInGroupsOfThreeDigits) {
  EXPECT_EQ(FormatTilePath({false, 0, 1234067, 256}), "tile/0/x001/x234/067");
  EXPECT_EQ(FormatTilePath({false, 0, 1234067, 8}), "tile/0/x001/x234/067.p/8");
  EXPECT_EQ(FormatTilePath({false, 63, 0, 255}), "tile/63/000.p/255");
  EXPECT_EQ(FormatTilePath({true, 0, 1000, 256}), "tile/entries/x001/000");
  EXPECT_EQ(FormatTilePath({true, 0, 999, 1}), "tile/entries/999.p/1");
  const JsonFile file(Vector("published/c2sp_examples.json"));
  EXPECT_EQ(FormatTilePath({false, 0, Number(file["tile_index_path"]["index"]), 256}),
            "tile/0/" + std::string(test::Text(file["tile_index_path"]["path"])));
}

TEST(TilePath, ReadsBackEveryPathItWrites) {
  SeededRandom random(5);
  for (int i = 0; i < 2000; ++i) {
    const bool entries = random.Next() % 2 == 0;
    const TilePath path{entries, entries ? 0 : static_cast<unsigned>(random.Next() % 64),
                        random.Next() >> (random.Next() % 64), 1 + random.Next() % 256};
    const auto read = ParseTilePath(FormatTilePath(path));
    ASSERT_TRUE(read) << FormatTilePath(path);
    ASSERT_EQ(*read, path) << FormatTilePath(path);
  }
  EXPECT_TRUE(ParseTilePath(FormatTilePath({false, 0, ~std::uint64_t{0}, 256})));
}

TEST(TilePath, AnyOtherSpellingIsRefused) {
  for (const std::string_view text : {"",
                                      "tile",
                                      "tile/",
                                      "tile/0",
                                      "tile/0/",
                                      "tile/0/1",
                                      "tile/0/01",
                                      "tile/0/0000",
                                      "tile/00/000",
                                      "tile/64/000",
                                      "tile/-1/000",
                                      "tile/+1/000",
                                      "tile/0/x000/001",
                                      "tile/0/001/002",
                                      "tile/0/x001",
                                      "tile/0/x1/002",
                                      "tile/0/X001/002",
                                      "tile/0/000.p/0",
                                      "tile/0/000.p/256",
                                      "tile/0/000.p/08",
                                      "tile/0/000.p/",
                                      "tile/0/000.p",
                                      "tile/0/000.p/1/",
                                      "tile/0/000/",
                                      "/tile/0/000",
                                      "tile//000",
                                      "tile/entries",
                                      "tile/entries/0",
                                      "tile/data/000",
                                      "tile/0/000.p/8.p/8",
                                      "tile/0/../000",
                                      "tile/0/00 ",
                                      "tile/0/000\n",
                                      "tile/0/0a0",
                                      "tile/entries/000?x",
                                      "tile/0/x018/x446/x744/x073/x709/x551/616",
                                      "tile/0/x999/x999/x999/x999/x999/x999/x999/999"}) {
    const auto path = ParseTilePath(text);
    ASSERT_FALSE(path) << text;
    EXPECT_EQ(path.error().code, "tile.path_malformed") << text;
  }
}

TEST(PartialTiles, AreThoseOfThePublishedExamples) {
  const JsonFile file(Vector("published/c2sp_examples.json"));
  const auto example = file["tiles"].at(0);
  ASSERT_EQ(Number(example["size"]), 70'000u);

  const auto tiles = PartialTiles(70'000);

  const std::size_t width0 = Number(example["partial_level0_width"]);
  EXPECT_EQ(tiles,
            (std::vector<TilePath>{{true, 0, Number(example["full_level0"]), width0},
                                   {false, 0, Number(example["full_level0"]), width0},
                                   {false, 1, Number(example["full_level1"]), Number(example["partial_level1_width"])},
                                   {false, 2, 0, Number(example["partial_level2_width"])}}));
  EXPECT_EQ(PartialTiles(256), (std::vector<TilePath>{{false, 1, 0, 1}}));
  EXPECT_TRUE(PartialTiles(0).empty());
}

TEST(Bundle, HoldsLeavesOfEveryAllowedLength) {
  const std::vector<std::string> leaves{"", "a", std::string(255, 'b'), std::string(256, 'c'),
                                        std::string(65'535, 'd')};
  std::string bundle;
  for (const std::string& leaf : leaves) ASSERT_TRUE(AppendToBundle(bundle, leaf));

  const auto parsed = ParseBundle(bundle, leaves.size());

  ASSERT_TRUE(parsed);
  EXPECT_TRUE(std::equal(parsed->begin(), parsed->end(), leaves.begin(), leaves.end()));
  EXPECT_EQ(AppendToBundle(bundle, std::string(65'536, 'e')).error().code, "bundle.leaf_too_large");
}

TEST(Bundle, CutOffAnywhereOrOfAnotherCountIsRefused) {
  std::string bundle;
  for (const std::string_view leaf : {"first", "", "third"}) ASSERT_TRUE(AppendToBundle(bundle, leaf));

  for (std::size_t length = 0; length < bundle.size(); ++length) {
    const auto parsed = ParseBundle(std::string_view(bundle).substr(0, length), 3);
    ASSERT_FALSE(parsed) << length;
    EXPECT_EQ(parsed.error().code, "bundle.malformed");
  }
  EXPECT_TRUE(ParseBundle(bundle, 3));
  EXPECT_FALSE(ParseBundle(bundle, 2));
  EXPECT_FALSE(ParseBundle(bundle, 4));
  EXPECT_FALSE(ParseBundle(bundle + "x", 3));
}

// The whole log that golang.org/x/mod made: our tree over its entries must give its files byte for byte.
TEST(TileTree, TheGeneratedLogIsReproducedFileByFile) {
  const std::filesystem::path log = Vector("generated/log1300");
  TileStore store;
  TileTree tree(store.Loader());
  for (std::uint64_t tile = 0; tile < 6; ++tile) {
    const TilePath path{true, 0, tile, tile < 5 ? kTileWidth : 1300 % kTileWidth};
    const std::string bundle = ReadFile(log / FormatTilePath(path));
    const auto leaves = ParseBundle(bundle, path.width);
    ASSERT_TRUE(leaves) << FormatTilePath(path);
    std::string again;
    for (const std::string_view leaf : *leaves) {
      tree.Append(LeafHash(leaf));
      ASSERT_TRUE(AppendToBundle(again, leaf));
    }
    EXPECT_EQ(again, bundle);
  }
  store.Keep(tree.TakeCompleteTiles());

  const TreeView view = tree.View();

  std::size_t files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(log / "tile")) {
    if (!entry.is_regular_file()) continue;
    const auto path = ParseTilePath(std::filesystem::relative(entry.path(), log).string());
    ASSERT_TRUE(path) << entry.path();
    ++files;
    if (path->entries) continue;
    EXPECT_EQ(*view.TileBytes(path->level, path->index, path->width), ReadFile(entry.path())) << entry.path();
  }
  EXPECT_EQ(files, 13u);
  const auto opened = OpenCheckpoint(ReadFile(log / "checkpoint"), test::KeyOfGeneratedLog());
  ASSERT_TRUE(opened) << opened.error().code;
  EXPECT_EQ(opened->checkpoint.size, tree.size());
  EXPECT_EQ(opened->checkpoint.root, tree.Root());
}

TEST(TileTree, HandsOutEachCompleteTileOnceAndServesThePartialOnes) {
  SeededRandom random(7);
  const auto leaves = RandomLeaves(70'000, random);
  TileStore store;
  TileTree tree(store.Loader());

  Grow(tree, store, leaves);

  std::size_t level0 = 0, level1 = 0;
  for (const auto& [id, bytes] : store.tiles()) {
    EXPECT_EQ(bytes.size(), kTileBytes);
    (id.first == 0 ? level0 : level1) += 1;
  }
  EXPECT_EQ(level0, 273u);
  EXPECT_EQ(level1, 1u);
  const TreeView view = tree.View();
  for (const TilePath& path : PartialTiles(70'000)) {
    if (path.entries) continue;
    EXPECT_EQ(view.TileBytes(path.level, path.index, path.width)->size(), path.width * 32) << FormatTilePath(path);
    EXPECT_EQ(view.TileBytes(path.level, path.index, path.width + 1).error().code, "tree.size_out_of_range");
  }
  EXPECT_EQ(view.TileBytes(0, 274, 1).error().code, "tree.size_out_of_range");
  EXPECT_EQ(view.TileBytes(0, ~std::uint64_t{0}, 1).error().code, "tree.size_out_of_range");
  EXPECT_EQ(view.TileBytes(3, 0, 1).error().code, "tree.size_out_of_range");
  EXPECT_EQ(view.TileBytes(8, 0, 1).error().code, "tree.size_out_of_range");
  EXPECT_EQ(view.TileBytes(0, 0, 0).error().code, "tree.size_out_of_range");
  EXPECT_EQ(view.TileBytes(0, 0, 257).error().code, "tree.size_out_of_range");
  EXPECT_EQ(*view.TileBytes(0, 3, 9), AsText(std::span(leaves[768].data(), 9 * 32)));
}

TEST(TreeView, GivesTheSameNodesAsAPlainTree) {
  const std::uint64_t seed = 99;
  SCOPED_TRACE("seed " + std::to_string(seed));
  SeededRandom random(seed);
  for (const std::size_t size : {1, 2, 255, 256, 257, 511, 512, 3000, 65'535, 65'536, 65'537, 66'000}) {
    const PlainReader plain(RandomLeaves(size, random));
    TileStore store;
    TileTree tree(store.Loader(), 4);
    Grow(tree, store, plain.leaves());
    const TreeView view = tree.View();
    ASSERT_EQ(view.Root(), PlainRoot(plain.leaves()));
    for (int i = 0; i < 300; ++i) {
      const std::uint64_t index = random.Next() % size, old_size = 1 + random.Next() % size;
      ASSERT_EQ(*view.Inclusion(index, size), *InclusionProof(index, size, plain)) << index << " of " << size;
      ASSERT_EQ(*view.Consistency(old_size, size), *ConsistencyProof(old_size, size, plain)) << old_size << " " << size;
      if (index >= old_size) continue;  // Proofs against an earlier size, from the same view.
      ASSERT_EQ(*view.Inclusion(index, old_size), *InclusionProof(index, old_size, plain))
          << index << " of " << old_size;
    }
    EXPECT_EQ(view.Inclusion(size, size + 1).error().code, "tree.size_out_of_range");
    EXPECT_EQ(view.Consistency(1, size + 1).error().code, "tree.size_out_of_range");
    EXPECT_EQ(view.RootAt(size + 1).error().code, "tree.size_out_of_range");
    const NodeId beyond[] = {{0, size}};
    EXPECT_EQ(view.Read(beyond).error().code, "tree.size_out_of_range");
    const NodeId no_level[] = {{64, 0}};
    EXPECT_EQ(view.Read(no_level).error().code, "tree.size_out_of_range");
  }
}

TEST(TreeView, StaysAsItWasWhileTheTreeGrows) {
  SeededRandom random(21);
  const auto leaves = RandomLeaves(2000, random);
  TileStore store;
  TileTree tree(store.Loader());
  Grow(tree, store, std::span(leaves).first(700));
  const TreeView view = tree.View();
  const Proof before = *view.Inclusion(690, 700);

  Grow(tree, store, std::span(leaves).subspan(700));

  EXPECT_EQ(view.size(), 700u);
  EXPECT_EQ(view.Root(), PlainRoot(std::span(leaves).first(700)));
  EXPECT_EQ(*view.Inclusion(690, 700), before);
  EXPECT_EQ(view.Inclusion(700, 701).error().code, "tree.size_out_of_range");
}

TEST(TreeView, WarmProofsLoadNoTile) {
  SeededRandom random(22);
  TileStore store;
  TileTree tree(store.Loader());
  Grow(tree, store, RandomLeaves(5000, random));
  const TreeView view = tree.View();
  ASSERT_TRUE(view.Inclusion(1234, 5000));
  EXPECT_EQ(store.loads, 1);

  for (std::uint64_t i = 1024; i < 1280; ++i) ASSERT_TRUE(view.Inclusion(i, 5000));

  EXPECT_EQ(store.loads, 1);
}

TEST(TileCache, ForgetsTheTileUsedLongestAgo) {
  SeededRandom random(24);
  TileStore store;
  TileTree tree(store.Loader());
  Grow(tree, store, RandomLeaves(1000, random));
  TileCache cache(store.Loader(), 2);

  for (const auto& [index, loads] : std::vector<std::pair<std::uint64_t, int>>{
           {0, 1}, {1, 2}, {2, 3}, {2, 3}, {1, 3}, {0, 4}, {0, 4}, {1, 4}, {2, 5}, {2, 5}, {0, 6}}) {
    ASSERT_TRUE(cache.Get(0, index));
    EXPECT_EQ(store.loads, loads) << "tile " << index;
  }
}

TEST(TreeView, ALostOrCutTileIsAnErrorAndNotAWrongProof) {
  SeededRandom random(23);
  TileStore store;
  TileTree tree(store.Loader());
  Grow(tree, store, RandomLeaves(1000, random));
  store.tiles()[{0, 1}].pop_back();
  store.tiles().erase({0, 2});

  EXPECT_EQ(tree.View().Inclusion(300, 1000).error().code, "tree.tile_malformed");
  EXPECT_EQ(tree.View().Inclusion(600, 1000).error().code, "test.no_such_tile");
  EXPECT_TRUE(tree.View().Inclusion(10, 1000));
}

TEST(TileTree, LoadedAfterARestartGoesOnAsIfNothingHadHappened) {
  const std::uint64_t seed = 31;
  SCOPED_TRACE("seed " + std::to_string(seed));
  SeededRandom random(seed);
  const auto leaves = RandomLeaves(66'600, random);
  TileStore store;
  TileTree live(store.Loader());
  std::size_t size = 0;

  for (const std::size_t stop : {0, 1, 255, 256, 257, 1000, 40'000, 65'536, 65'793, 66'000}) {
    Grow(live, store, std::span(leaves).subspan(size, stop - size));
    size = stop;
    const std::size_t tail = size % kTileWidth;
    auto loaded = TileTree::Load(live.frontier(), std::span(leaves).subspan(size - tail, tail), store.Loader());
    ASSERT_TRUE(loaded) << size << " " << loaded.error().code;
    ASSERT_EQ(loaded->Root(), live.Root());

    TileTree also_live = live;
    for (std::size_t i = size; i < size + 600; ++i) {
      loaded->Append(leaves[i]);
      also_live.Append(leaves[i]);
    }
    const auto expected = also_live.TakeCompleteTiles(), got = loaded->TakeCompleteTiles();
    ASSERT_EQ(got.size(), expected.size()) << size;
    for (std::size_t i = 0; i < got.size(); ++i) EXPECT_EQ(got[i].bytes, expected[i].bytes) << size;
    EXPECT_EQ(loaded->Root(), PlainRoot(std::span(leaves).first(size + 600)));
    const std::uint64_t at = (size + 600) / kTileWidth, width = (size + 600) % kTileWidth;
    EXPECT_EQ(*loaded->View().TileBytes(0, at, width), *also_live.View().TileBytes(0, at, width));
  }
}

TEST(TileTree, LoadRefusesWhatDisagreesWithTheFrontier) {
  SeededRandom random(33);
  const auto leaves = RandomLeaves(1000, random);
  TileStore store;
  TileTree live(store.Loader());
  Grow(live, store, leaves);
  const std::vector<Digest> tail(leaves.begin() + 768, leaves.end());
  ASSERT_TRUE(TileTree::Load(live.frontier(), tail, store.Loader()));

  std::vector<Digest> damaged = tail;
  damaged[100][0] ^= 1;
  EXPECT_EQ(TileTree::Load(live.frontier(), damaged, store.Loader()).error().code, "tree.edge_mismatch");
  EXPECT_EQ(TileTree::Load(live.frontier(), std::span(tail).first(231), store.Loader()).error().code,
            "tree.edge_mismatch");
  EXPECT_EQ(TileTree::Load(live.frontier(), {}, store.Loader()).error().code, "tree.edge_mismatch");
  store.tiles()[{0, 1}][5000] ^= 1;
  const auto loaded = TileTree::Load(live.frontier(), tail, store.Loader());
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().code, "tree.edge_mismatch");
  EXPECT_EQ(loaded.error().fault, Fault::kCorrupt);
}

TEST(TreeView, ReadersProveWhileTheWriterAppends) {
  SeededRandom random(41);
  const auto leaves = RandomLeaves(30'000, random);
  TileStore store;
  TileTree tree(store.Loader(), 8);
  std::mutex mutex;
  auto published = std::make_shared<const TreeView>(tree.View());
  std::atomic<bool> done = false;
  std::atomic<int> failures = 0, proofs = 0;
  const auto read = [&](std::uint64_t reader_seed) {
    SeededRandom mine(reader_seed);
    for (bool last = false; !last;) {
      last = done;  // One round more after the writer is done, so that each reader proves something.
      std::shared_ptr<const TreeView> view;
      {
        const std::lock_guard lock(mutex);
        view = published;
      }
      if (view->size() == 0) continue;
      const std::uint64_t index = mine.Next() % view->size();
      const auto proof = view->Inclusion(index, view->size());
      if (!proof || !VerifyInclusion(index, view->size(), leaves[index], *proof, view->Root())) ++failures;
      ++proofs;
    }
  };

  std::thread first(read, 1), second(read, 2);
  for (std::size_t i = 0; i < leaves.size(); i += 100) {
    Grow(tree, store, std::span(leaves).subspan(i, 100));
    auto view = std::make_shared<const TreeView>(tree.View());
    const std::lock_guard lock(mutex);
    published = std::move(view);
  }
  done = true;
  first.join();
  second.join();

  EXPECT_EQ(failures, 0);
  EXPECT_GE(proofs, 2);
}

}  // namespace
}  // namespace landfall::ledger
