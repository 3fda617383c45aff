// SPDX-License-Identifier: Apache-2.0
// A base graph, and over it what one place knows itself.
//
// Why an overlay and not a copy: the base (listed companies, published chains) is renewed by its publisher, while a
// county's own register, corrections and additions must survive that. Both are plain Graphs; the view walks both and
// the place's word wins: an own edge replaces the base's edge of the same ends, and one of confidence 0 withdraws it.
//
// Threads: immutable; any number of threads may read. Cost of making one: O(own nodes · log base nodes). A walk over a
// node that the overlay does not touch costs one binary search more than over the base alone.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "analysis/graph/graph.h"

namespace landfall::chain {

class View {
 public:
  struct Edge {
    NodeId node;  // The other end.
    EdgeFacts facts;
    bool own;  // Stated by the overlay.
  };

  explicit View(Graph base) : base_(std::move(base)) {}
  View(Graph base, Graph own);

  const Graph& base() const { return base_; }
  bool has_own() const { return !own_.empty(); }
  const Graph& own() const { return own_.front(); }  // Precondition: has_own().
  // Nodes of the base keep their numbers; those that only the overlay has follow, in the order of their keys.
  std::uint32_t NodeCount(NodeKind kind) const;
  std::string_view Key(NodeKind kind, NodeId id) const;
  std::string_view Label(NodeKind kind, NodeId id) const;  // The overlay's, where it has one.
  std::string_view Name(NodeKind kind, NodeId id) const;
  std::string_view SourceName(const Edge& edge) const;

  std::optional<NodeId> Find(NodeKind kind, std::string_view key) const;
  // What a person types: a key, else a label that only one node has, for enterprises also a stock code in any of its
  // spellings (clean.h), for places also with 省, 市, 自治区 behind the name.
  // Errors (kNotFound): chain.unknown_node; (kInvalid): chain.ambiguous_name, with the keys in question.
  Result<NodeId> Resolve(NodeKind kind, std::string_view text) const;

  // Calls use(const Edge&) for every edge of a node; the base's in its order, then the overlay's.
  template <class Use>
  void Out(Relation relation, NodeId node, Use&& use) const {
    Walk(true, relation, node, use);
  }
  template <class Use>
  void In(Relation relation, NodeId node, Use&& use) const {
    Walk(false, relation, node, use);
  }
  std::uint32_t OutDegree(Relation relation, NodeId node) const;
  std::uint32_t InDegree(Relation relation, NodeId node) const;

 private:
  // The overlay's number of a node of the view.
  std::optional<NodeId> OwnId(NodeKind kind, NodeId node) const;

  template <class Use>
  void Walk(bool out, Relation relation, NodeId node, Use& use) const {
    const RelationEnds ends = EndsOf(relation);
    const NodeKind here = out ? ends.from : ends.to, there = out ? ends.to : ends.from;
    const std::optional<NodeId> own_node = OwnId(here, node);
    const Graph* own = own_node ? &own_.front() : nullptr;
    const auto own_row = own == nullptr ? std::span<const NodeId>{} : Rows(*own, out, relation)[*own_node];
    if (node < base_.NodeCount(here)) {
      const Csr& rows = Rows(base_, out, relation);
      for (std::uint32_t at = rows.offsets[node]; at < rows.offsets[node + 1]; ++at) {
        if (!own_row.empty() && Holds(own_row, OwnId(there, rows.targets[at]))) continue;
        use(Edge{rows.targets[at], base_.Facts(relation, out ? at : base_.InEdge(relation, at)), false});
      }
    }
    for (std::size_t i = 0; i < own_row.size(); ++i) {
      const std::uint32_t at = Rows(*own, out, relation).offsets[*own_node] + static_cast<std::uint32_t>(i);
      const EdgeFacts facts = own->Facts(relation, out ? at : own->InEdge(relation, at));
      if (facts.confidence == 0) continue;
      use(Edge{to_view_[static_cast<std::size_t>(there)][own_row[i]], facts, true});
    }
  }
  static const Csr& Rows(const Graph& graph, bool out, Relation relation) {
    return out ? graph.Out(relation) : graph.In(relation);
  }
  static bool Holds(std::span<const NodeId> row, std::optional<NodeId> node);

  Graph base_;
  std::vector<Graph> own_;                               // None or one.
  std::array<std::vector<NodeId>, kNodeKinds> to_view_;  // By the overlay's number.
  std::array<std::vector<NodeId>, kNodeKinds> added_;    // The overlay's numbers of what the base has not.
  std::array<std::vector<std::pair<NodeId, NodeId>>, kNodeKinds> shared_;  // Base's and overlay's numbers, ascending.
};

}  // namespace landfall::chain
