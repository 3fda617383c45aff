// SPDX-License-Identifier: Apache-2.0
// An industry chain as a graph: products, links 环节, enterprises and places, and the relations between them.
//
// Why one immutable image: the bytes of a GRAPH file *are* the graph in memory (docs/formats/graph.md). Opening it is
// one read and one pass of checks, every query is a walk over compressed sparse rows, and two imports of the same rows
// give the same bytes because nodes are numbered in the byte order of their keys.
//
// Threads: immutable after FromImage; copies share the image; any number of threads may read.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace landfall::chain {

// The number of a node within its kind: 0 … NodeCount − 1, in the byte order of the keys.
using NodeId = std::uint32_t;

enum class NodeKind : std::uint8_t {
  kProduct,     // Key: its name. Code: that of a classification, e.g. GB/T 4754, or empty.
  kLink,        // 环节: an industry or a stage of a chain. Key: its name. Code: as above, or empty.
  kEnterprise,  // Key: a register's id, e.g. "688268.SH". Label: its short name.
  kPlace,       // Key: its name, e.g. "湖北". Code: GB/T 2260, or empty.
};
inline constexpr std::size_t kNodeKinds = 4;

// An edge reads "from RELATION to". What flows down a chain goes from → to.
enum class Relation : std::uint8_t {
  kUpstream,      // material → the product that needs it (上游材料). Weight: none.
  kSubProduct,    // broader → narrower product (产品小类); "is part of", so without cycles.
  kMakes,         // enterprise → product (主营产品). Weight: share of revenue 0 … 1, or not stated.
  kSupplies,      // enterprise → enterprise that buys. Weight: as stated, ≥ 0.
  kLocated,       // enterprise → place.
  kWithin,        // place → the place that holds it; without cycles.
  kMember,        // enterprise → link (所属行业).
  kBelongs,       // product → link.
  kLinkUpstream,  // upstream link → link (上游产业). Weight: number of mentions.
  kLinkPart,      // broader → narrower link (下级行业); without cycles.
};
inline constexpr std::size_t kRelations = 10;

struct RelationEnds {
  NodeKind from, to;
};
RelationEnds EndsOf(Relation relation);
// "upstream", "sub_product", "makes", …: the names in files and in JSON.
std::string_view RelationName(Relation relation);
std::optional<Relation> ParseRelation(std::string_view name);
std::string_view NodeKindName(NodeKind kind);  // "product", "link", "enterprise", "place"

inline constexpr float kNoWeight = std::numeric_limits<float>::quiet_NaN();
inline constexpr std::int32_t kNoDay = std::numeric_limits<std::int32_t>::min();

// What is known of one edge.
struct EdgeFacts {
  float weight = kNoWeight;       // Meaning by relation; NaN: not stated.
  std::int32_t day = kNoDay;      // Days since 1970-01-01 on which the source stated it.
  std::uint16_t source = 0;       // Graph::SourceName.
  std::uint8_t confidence = 100;  // Per cent. In an overlay 0 withdraws the base's edge (view.h).
};

// One direction of a relation. Rows ascend strictly.
struct Csr {
  std::span<const std::uint32_t> offsets;  // One more than rows.
  std::span<const NodeId> targets;
  std::size_t rows() const { return offsets.empty() ? 0 : offsets.size() - 1; }
  std::span<const NodeId> operator[](std::size_t row) const {
    return targets.subspan(offsets[row], offsets[row + 1] - offsets[row]);
  }
  std::uint32_t degree(std::size_t row) const { return offsets[row + 1] - offsets[row]; }
};

// Memory of a file image, aligned to 8 bytes.
class AlignedBytes {
 public:
  explicit AlignedBytes(std::size_t size) : words_(new std::uint64_t[(size + 7) / 8]()), size_(size) {}
  std::span<std::uint8_t> bytes() { return {reinterpret_cast<std::uint8_t*>(words_.get()), size_}; }
  std::span<const std::uint8_t> bytes() const { return {reinterpret_cast<const std::uint8_t*>(words_.get()), size_}; }

 private:
  std::unique_ptr<std::uint64_t[]> words_;
  std::size_t size_;
};

class Graph {
 public:
  // Checks every byte that a later walk relies on: sections within the file, offsets that ascend, targets within range,
  // rows and names that ascend, both directions of a relation the same edges.
  // Errors: chain.not_a_graph, chain.graph_version (kInvalid); chain.graph_corrupt (kCorrupt; checksum or any check
  // above). Cost: one pass; about 5 ms at 10^5 products with 170,000 edges.
  static Result<Graph> FromImage(AlignedBytes image);
  static Result<Graph> FromBytes(std::span<const std::uint8_t> bytes);  // The same over a copy.

  std::uint32_t NodeCount(NodeKind kind) const { return nodes_[Index(kind)].count; }
  std::uint32_t EdgeCount(Relation relation) const {
    return static_cast<std::uint32_t>(edges_[Index(relation)].out.targets.size());
  }
  // The unique name of a node (products, links, places) or the register's id (enterprises).
  std::string_view Key(NodeKind kind, NodeId id) const { return nodes_[Index(kind)].keys[id]; }
  // The code (products, links, places) or the short name (enterprises); empty where there is none.
  std::string_view Label(NodeKind kind, NodeId id) const { return nodes_[Index(kind)].labels[id]; }
  // What a person calls it: the short name of an enterprise where it has one, else the key.
  std::string_view Name(NodeKind kind, NodeId id) const;

  // By key. Cost: O(log n), below 3 µs at 2·10^6.
  std::optional<NodeId> Find(NodeKind kind, std::string_view key) const;
  // The first node whose key is not less than `key`; NodeCount where there is none. O(log n).
  NodeId LowerBound(NodeKind kind, std::string_view key) const;
  // All nodes of that label (code, or enterprise name), ascending.
  std::span<const NodeId> FindLabel(NodeKind kind, std::string_view label) const;

  const Csr& Out(Relation relation) const { return edges_[Index(relation)].out; }
  const Csr& In(Relation relation) const { return edges_[Index(relation)].in; }
  // Edges are numbered by their place in Out(relation).targets. InEdge gives the number of the edge that stands at
  // `position` of In(relation).targets.
  std::uint32_t InEdge(Relation relation, std::size_t position) const {
    return edges_[Index(relation)].in_edges[position];
  }
  EdgeFacts Facts(Relation relation, std::uint32_t edge) const;
  std::optional<std::uint32_t> FindEdge(Relation relation, NodeId from, NodeId to) const;  // O(log degree)

  std::size_t SourceCount() const { return sources_.size(); }
  std::string_view SourceName(std::uint16_t source) const { return sources_[source]; }
  // One JSON object: what was imported, what was dropped by which rule (docs/formats/graph.md).
  std::string_view Meta() const { return meta_; }
  std::span<const std::uint8_t> image() const { return image_->bytes(); }  // The file, byte for byte.

 private:
  friend class ImageReader;
  template <class E>
  static constexpr std::size_t Index(E e) {
    return static_cast<std::size_t>(e);
  }

  struct Pool {  // Strings one after the other.
    std::span<const std::uint32_t> offsets;
    std::span<const char> text;
    std::size_t size() const { return offsets.empty() ? 0 : offsets.size() - 1; }
    std::string_view operator[](std::size_t i) const {
      if (offsets.empty()) return {};
      return {text.data() + offsets[i], offsets[i + 1] - offsets[i]};
    }
  };
  struct Nodes {
    std::uint32_t count = 0;
    Pool keys, labels;
    std::span<const NodeId> by_label;  // Nodes with a label, by label, then by id.
  };
  struct Edges {
    Csr out, in;
    std::span<const std::uint32_t> in_edges;
    std::span<const float> weights;  // This and the next three are empty where every edge has the default.
    std::span<const std::int32_t> days;
    std::span<const std::uint16_t> sources;
    std::span<const std::uint8_t> confidences;
  };

  std::shared_ptr<const AlignedBytes> image_;
  std::array<Nodes, kNodeKinds> nodes_;
  std::array<Edges, kRelations> edges_;
  Pool sources_;
  std::string_view meta_;
};

// Reads and writes GRAPH files. A file is written beside its place, synced and renamed, so a reader never sees half.
// Errors: chain.graph_unreadable, chain.graph_unwritable (kUnavailable), chain.graph_too_large (kInvalid: above 8 GiB),
// those of FromImage.
Result<Graph> OpenGraph(const std::string& path);
Status SaveGraph(const Graph& graph, const std::string& path);

}  // namespace landfall::chain
