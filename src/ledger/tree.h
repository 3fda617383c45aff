// SPDX-License-Identifier: Apache-2.0
// The Merkle tree over the leaves of a ledger: RFC 6962 §2.1 hashing with SHA-256, proofs, and C2SP tiles of height 8.
//
// Purpose: whoever holds one root and one proof can check an entry, or that the log only grew, without trusting us.
// Units: an index is zero-based (entry `seq` has index seq - 1), a size is a number of leaves, a level counts from the
// leaves (level 0). The node (level, index) spans the leaves [index·2^level, (index + 1)·2^level) and is complete in a
// tree of `size` leaves when that range ends at or before `size`.
// Bounds: sizes up to kTreeSizeMax, because other implementations keep them in an int64.
// Errors: tree.size_out_of_range (kInvalid) an index, size or node that the tree does not have;
// tree.frontier_malformed, tree.edge_mismatch, tree.tile_malformed (kCorrupt) stored bytes that are not what was
// written; proof.malformed (kInvalid) a proof of impossible length; proof.wrong (kCorrupt) a proof that leads to
// another root. Sources: RFC 6962 §2.1, RFC 9162 §2.1.3.2 and §2.1.4.2 (verification), C2SP tlog-tiles.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/hash.h"
#include "base/result.h"

namespace landfall::ledger {

inline constexpr std::uint64_t kTreeSizeMax = (std::uint64_t{1} << 63) - 1;
inline constexpr unsigned kTileHeight = 8;
inline constexpr std::size_t kTileWidth = 256;                          // Hashes in a complete tile.
inline constexpr std::size_t kTileBytes = kTileWidth * sizeof(Digest);  // 8,192

// H(0x00 ‖ leaf) and H(0x01 ‖ left ‖ right). Threads: any. Neither allocates.
Digest LeafHash(std::span<const std::uint8_t> leaf);
Digest LeafHash(std::string_view leaf);
Digest NodeHash(const Digest& left, const Digest& right);
// The root of the tree without leaves: SHA-256 of nothing.
const Digest& EmptyRoot();

// The incremental right edge: the roots of the complete subtrees that make up the tree, one for each set bit of its
// size. Enough to append and to know the root; 32·popcount(size) bytes in the commit's row. Threads: one, or const from
// many.
class Frontier {
 public:
  std::uint64_t size() const { return size_; }

  // Cost: one NodeHash on average (0.1 µs), at most 62; never allocates.
  void Append(const Digest& leaf_hash) {
    AppendVisiting(leaf_hash, [](unsigned, const Digest&) {});
  }
  // As Append; calls visit(level, node) for each node that this leaf completes, from the leaf itself upwards.
  template <class Visit>
  void AppendVisiting(const Digest& leaf_hash, Visit&& visit) {
    LF_CHECK(size_ < kTreeSizeMax);
    Digest node = leaf_hash;
    unsigned level = 0;
    visit(level, std::as_const(node));
    for (std::uint64_t rest = size_; rest & 1; rest >>= 1) {
      node = NodeHash(nodes_[level], node);
      visit(++level, std::as_const(node));
    }
    nodes_[level] = node;
    ++size_;
  }

  Digest Root() const;

  // The root of the complete subtree of 2^level leaves that stands for that bit of size(). Precondition: the bit is
  // set.
  const Digest& Node(unsigned level) const { return nodes_[level]; }

  // Largest subtree first. Decode refuses any length but 32·popcount(size). Errors: tree.frontier_malformed.
  std::string Encode() const;
  void AppendEncoded(std::string& out) const;
  static Result<Frontier> Decode(std::uint64_t size, std::string_view bytes);

  bool operator==(const Frontier& other) const;

 private:
  std::uint64_t size_ = 0;
  std::array<Digest, 64> nodes_{};  // nodes_[k] has meaning only where bit k of size_ is set.
};

struct NodeId {
  unsigned level = 0;       // 0: leaf hashes.
  std::uint64_t index = 0;  // Counted at that level.
  bool operator==(const NodeId&) const = default;
};

// Reads the hashes of complete subtrees. Threads: as the implementation says.
class HashReader {
 public:
  virtual ~HashReader() = default;
  // One digest per id, in order. Errors: tree.size_out_of_range for a node that is not complete; those of the storage.
  virtual Result<std::vector<Digest>> Read(std::span<const NodeId> ids) const = 0;
};

using Proof = std::vector<Digest>;  // At most 63 hashes for inclusion and 64 for consistency.

// That the leaf `index` is in the tree of `size` leaves; from the leaf's sibling up to the root's child (RFC 6962
// §2.1.1). One batch read. Errors: tree.size_out_of_range unless index < size <= kTreeSizeMax; those of the reader.
Result<Proof> InclusionProof(std::uint64_t index, std::uint64_t size, const HashReader& reader);
// That the first `old_size` leaves of the tree of `new_size` are the old tree (RFC 6962 §2.1.2). Empty when the
// sizes are equal. Errors: tree.size_out_of_range unless 1 <= old_size <= new_size <= kTreeSizeMax; those of the
// reader.
Result<Proof> ConsistencyProof(std::uint64_t old_size, std::uint64_t new_size, const HashReader& reader);
Result<Digest> TreeRoot(std::uint64_t size, const HashReader& reader);

// A proof holds exactly as many hashes as its sizes ask for. Errors: tree.size_out_of_range, proof.malformed,
// proof.wrong.
Status VerifyInclusion(std::uint64_t index, std::uint64_t size, const Digest& leaf_hash, std::span<const Digest> proof,
                       const Digest& root);
// Nothing can be proven from the tree without leaves, of which every tree is an extension: old_size 0 is refused.
Status VerifyConsistency(std::uint64_t old_size, std::uint64_t new_size, std::span<const Digest> proof,
                         const Digest& old_root, const Digest& new_root);

// A complete C2SP tile: 256 hashes of tree level 8·level, leftmost first, as bytes.
struct CompleteTile {
  unsigned level = 0;
  std::uint64_t index = 0;
  std::string bytes;
};

// Loads the kTileBytes of a complete tile from the store. Threads: called from any reader's thread, without our locks.
using LoadTile = std::function<Result<std::string>(unsigned level, std::uint64_t index)>;

// The hashes of one tile with the nodes between them and its root (the root stands in the tile above). 16 KiB.
class TileNodes {
 public:
  // `height` is counted inside the tile (0..7), `position` from the tile's left.
  static constexpr std::size_t Slot(unsigned height, std::size_t position) {
    return 2 * kTileWidth - (2 * kTileWidth >> height) + position;
  }
  const Digest& At(unsigned height, std::size_t position) const { return nodes_[Slot(height, position)]; }
  void Set(unsigned height, std::size_t position, const Digest& node) { nodes_[Slot(height, position)] = node; }
  // From the first `count` hashes, already set at height 0, computes every complete node above them.
  void Expand(std::size_t count);
  Digest Root() const { return NodeHash(At(kTileHeight - 1, 0), At(kTileHeight - 1, 1)); }
  // The first `count` hashes as the bytes of a tile.
  std::string Bytes(std::size_t count) const {
    return std::string(reinterpret_cast<const char*>(nodes_.data()), count * sizeof(Digest));
  }

 private:
  std::array<Digest, 2 * kTileWidth - 2> nodes_{};
};

// The last `capacity` complete tiles read, expanded: 16 KiB each. Threads: any; loads and hashes outside its lock.
class TileCache {
 public:
  explicit TileCache(LoadTile load, std::size_t capacity = 64);
  ~TileCache();
  TileCache(const TileCache&) = delete;
  TileCache& operator=(const TileCache&) = delete;
  // Cost: a hit is a look-up under a mutex; a miss is one load and 254 node hashes (about 25 µs).
  // Errors: those of the loader; tree.tile_malformed.
  Result<std::shared_ptr<const TileNodes>> Get(unsigned level, std::uint64_t index);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// The tree as it stood at one size. Complete tiles come from the store through the shared cache, the right edge is its
// own copy, so what the writer does meanwhile is not seen. Threads: immutable; any number may read it.
class TreeView final : public HashReader {
 public:
  std::uint64_t size() const { return frontier_.size(); }
  Digest Root() const { return frontier_.Root(); }
  // Cost: array look-ups plus TileCache::Get for each node left of the edge.
  Result<std::vector<Digest>> Read(std::span<const NodeId> ids) const override;

  // Proofs against any size up to size(). Cost at 10^6 leaves: 1 µs, and 30 µs for each tile that is not cached (at
  // most 2). Errors: as the functions above.
  Result<Proof> Inclusion(std::uint64_t index, std::uint64_t size) const;
  Result<Proof> Consistency(std::uint64_t old_size, std::uint64_t new_size) const;
  Result<Digest> RootAt(std::uint64_t size) const { return TreeRoot(size, *this); }

  // The bytes of a tile as tlog-tiles serves it: `width` hashes, kTileWidth for a complete one. A partial tile narrower
  // than what is known now is cut from the wider one, so the partial tiles of any past size can be served.
  // Errors: tree.size_out_of_range when this tree has no such tile; those of the loader.
  Result<std::string> TileBytes(unsigned level, std::uint64_t index, std::size_t width) const;

 private:
  friend class TileTree;
  TreeView(Frontier frontier, std::vector<TileNodes> edge, std::shared_ptr<TileCache> cache)
      : frontier_(std::move(frontier)), edge_(std::move(edge)), cache_(std::move(cache)) {}
  Frontier frontier_;
  std::vector<TileNodes> edge_;  // edge_[l]: the partial tile of tile level l, with what is complete above its hashes.
  std::shared_ptr<TileCache> cache_;
};

// What a log keeps to serve proofs and tiles: the partial tile of each level in memory, complete tiles in the store.
//
// Threads: one writer calls everything here; readers get a TreeView. The order of a commit:
//   tree.Append(…) for each leaf; write tree.TakeCompleteTiles() in the commit's own transaction; COMMIT;
//   publish std::make_shared<const TreeView>(tree.View()).
// A view may be published only when every tile taken before it can be loaded.
class TileTree {
 public:
  explicit TileTree(LoadTile load, std::size_t cached_tiles = 64);

  // Restores the tree of frontier.size() leaves at restart, from the frontier of the last commit, the hashes of the
  // last size % 256 leaves, and the complete tiles. Reads at most 255 tiles per level and hashes them (8 ms a level);
  // what they give must agree with the frontier. Errors: tree.edge_mismatch, tree.tile_malformed; those of the loader.
  static Result<TileTree> Load(const Frontier& frontier, std::span<const Digest> last_leaf_hashes, LoadTile load,
                               std::size_t cached_tiles = 64);

  // Cost: one NodeHash on average (0.13 µs); allocates only when a tile is complete. This hashes the nodes for
  // frontier() as well: a writer that keeps a TileTree needs no Frontier of its own.
  void Append(const Digest& leaf_hash);

  std::uint64_t size() const { return frontier_.size(); }
  const Frontier& frontier() const { return frontier_; }
  Digest Root() const { return frontier_.Root(); }

  // The tiles completed since the last call, in order of completion.
  std::vector<CompleteTile> TakeCompleteTiles() { return std::exchange(complete_, {}); }

  // Cost: copies 16 KiB per tile level (3 levels up to 16.7 million leaves): about 1 µs.
  TreeView View() const { return TreeView(frontier_, edge_, cache_); }

 private:
  Frontier frontier_;
  std::vector<TileNodes> edge_;
  std::vector<CompleteTile> complete_;
  std::shared_ptr<TileCache> cache_;
};

}  // namespace landfall::ledger
