// SPDX-License-Identifier: Apache-2.0
// The vendored vectors of the transparency log, and slow, plain oracles to compare with.
#pragma once

#include <gtest/gtest.h>
#include <simdjson.h>

#include <bit>
#include <cstring>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/hash.h"
#include "base/seam.h"
#include "ledger/note.h"
#include "ledger/tree.h"
#include "tests/support/test_data.h"

namespace landfall::ledger::test {

inline std::filesystem::path Vector(std::string_view relative) {
  return std::filesystem::path(LANDFALL_SOURCE_DIR) / "tests" / "vectors" / "tlog" / relative;
}

// A JSON file of vectors; its elements live as long as it does. A missing or broken file throws and so fails the test.
class JsonFile {
 public:
  explicit JsonFile(const std::filesystem::path& path) : root_(parser_.load(path.string())) {}
  simdjson::dom::element operator*() const { return root_; }
  simdjson::dom::element operator[](std::string_view key) const { return root_[key]; }

 private:
  simdjson::dom::parser parser_;
  simdjson::dom::element root_;
};

inline std::string_view Text(simdjson::dom::element element) { return element.get_string().value(); }
inline simdjson::dom::array Items(simdjson::dom::element element) { return element.get_array().value(); }
inline std::uint64_t Number(simdjson::dom::element element) { return element.get_uint64().value(); }

// Some published roots are shorter than a hash ("dont care 1"); as a digest they are filled with zeros.
inline Digest DigestOf(std::string_view raw) {
  Digest out{};
  EXPECT_LE(raw.size(), out.size());
  std::memcpy(out.data(), raw.data(), std::min(raw.size(), out.size()));
  return out;
}
inline Digest FromBase64(simdjson::dom::element element) { return DigestOf(*ParseBase64(Text(element))); }
inline Digest FromHex(simdjson::dom::element element) { return DigestOf(*ParseHex(Text(element))); }
inline Proof ProofOf(simdjson::dom::element element) {
  Proof out;
  if (element.is_null()) return out;
  for (const simdjson::dom::element hash : Items(element)) out.push_back(FromBase64(hash));
  return out;
}

inline VerifierKey KeyOfGeneratedLog() {
  const std::string line = landfall::test::ReadFile(Vector("generated/log1300.vkey"));
  return *VerifierKey::Parse(std::string_view(line).substr(0, line.find('\n')));
}

// MTH of RFC 6962 §2.1, as it is written there.
inline Digest PlainRoot(std::span<const Digest> leaf_hashes) {
  if (leaf_hashes.empty()) return EmptyRoot();
  if (leaf_hashes.size() == 1) return leaf_hashes[0];
  const std::size_t k = std::bit_floor(leaf_hashes.size() - 1);
  return NodeHash(PlainRoot(leaf_hashes.first(k)), PlainRoot(leaf_hashes.subspan(k)));
}

// Every complete node of a tree, in memory.
class PlainReader final : public HashReader {
 public:
  explicit PlainReader(std::vector<Digest> leaf_hashes) : levels_{std::move(leaf_hashes)} {
    while (levels_.back().size() > 1) {
      std::vector<Digest> above;
      for (std::size_t i = 0; i + 1 < levels_.back().size(); i += 2) {
        above.push_back(NodeHash(levels_.back()[i], levels_.back()[i + 1]));
      }
      levels_.push_back(std::move(above));
    }
  }
  Result<std::vector<Digest>> Read(std::span<const NodeId> ids) const override {
    std::vector<Digest> out;
    for (const NodeId& id : ids) out.push_back(levels_.at(id.level).at(id.index));
    return out;
  }
  const std::vector<Digest>& leaves() const { return levels_[0]; }

 private:
  std::vector<std::vector<Digest>> levels_;
};

inline std::vector<Digest> RandomLeaves(std::size_t count, SeededRandom& random) {
  std::vector<Digest> out(count);
  for (Digest& leaf : out) random.Fill(leaf);
  return out;
}

// The complete tiles of a log, as a store would keep them. Threads: any.
class TileStore {
 public:
  void Keep(std::vector<CompleteTile> tiles) {
    const std::lock_guard lock(mutex_);
    for (CompleteTile& tile : tiles) {
      const bool is_new = tiles_.emplace(std::pair(tile.level, tile.index), std::move(tile.bytes)).second;
      EXPECT_TRUE(is_new) << "tile " << tile.level << "/" << tile.index << " was handed out twice";
    }
  }
  LoadTile Loader() {
    return [this](unsigned level, std::uint64_t index) -> Result<std::string> {
      const std::lock_guard lock(mutex_);
      ++loads;
      const auto found = tiles_.find({level, index});
      if (found == tiles_.end())
        return NotFound("test.no_such_tile", std::to_string(level) + "/" + std::to_string(index));
      return found->second;
    };
  }
  std::map<std::pair<unsigned, std::uint64_t>, std::string>& tiles() { return tiles_; }
  int loads = 0;

 private:
  std::mutex mutex_;
  std::map<std::pair<unsigned, std::uint64_t>, std::string> tiles_;
};

}  // namespace landfall::ledger::test
