// SPDX-License-Identifier: Apache-2.0
// From rows to a Graph. The order of rows does not matter: the same set of rows gives the same bytes.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "analysis/graph/graph.h"

namespace landfall::chain {

// One edge that stood twice. `kept` and `dropped` are numbers that Add gave.
struct Duplicate {
  Relation relation;
  std::uint32_t kept, dropped;
};

// Threads: one at a time. Memory: about 100 bytes a node and 32 bytes an edge, twice that within Build.
class GraphBuilder {
 public:
  // Interned. At most 65,536 sources; beyond that the last one answers for all further ones.
  std::uint16_t Source(std::string_view name);
  std::size_t SourceCount() const { return sources_.size(); }
  std::string_view SourceName(std::uint16_t source) const { return sources_[source]; }
  // The provisional number of a node, made where the key is new. Precondition: the key is not empty.
  NodeId Node(NodeKind kind, std::string_view key);
  std::uint32_t NodeCount(NodeKind kind) const { return static_cast<std::uint32_t>(keys_[Index(kind)].size()); }
  std::string_view Key(NodeKind kind, NodeId node) const { return keys_[Index(kind)][node]; }
  std::string_view Label(NodeKind kind, NodeId node) const { return labels_[Index(kind)][node]; }
  void SetLabel(NodeKind kind, NodeId node, std::string_view label) { labels_[Index(kind)][node] = label; }

  // Both ends are provisional numbers. Returns the number of the edge within its relation, in the order of the calls.
  std::uint32_t Add(Relation relation, NodeId from, NodeId to, const EdgeFacts& facts);
  std::uint32_t EdgeCount(Relation relation) const {
    return static_cast<std::uint32_t>(edges_[Index(relation)].size());
  }
  NodeId From(Relation relation, std::uint32_t edge) const { return edges_[Index(relation)][edge].from; }
  NodeId To(Relation relation, std::uint32_t edge) const { return edges_[Index(relation)][edge].to; }

  // Of edges with the same ends one is kept: that of the higher confidence, then of the later day, then with a stated
  // and larger weight, then of the source whose name comes first. `meta` is one JSON object.
  // Errors (kInvalid): chain.negative_weight (also an infinite one), chain.self_loop, chain.part_of_cycle (a cycle in
  // sub_product, within or link_part; the detail walks it), chain.graph_too_large.
  Result<Graph> Build(std::string_view meta = "{}");
  // Of the last Build, by relation, then by `dropped`.
  const std::vector<Duplicate>& duplicates() const { return duplicates_; }

 private:
  struct Edge {
    NodeId from, to;
    EdgeFacts facts;
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  template <class E>
  static constexpr std::size_t Index(E e) {
    return static_cast<std::size_t>(e);
  }
  struct Sorted;  // Nodes renumbered, edges sorted and unique.
  Result<Sorted> Sort();

  std::array<std::vector<std::string>, kNodeKinds> keys_, labels_;
  std::array<std::unordered_map<std::string, NodeId, Hash, std::equal_to<>>, kNodeKinds> ids_;
  std::array<std::vector<Edge>, kRelations> edges_;
  std::vector<std::string> sources_;
  std::vector<Duplicate> duplicates_;
};

}  // namespace landfall::chain
