// SPDX-License-Identifier: Apache-2.0
// Measures of a directed graph in compressed sparse rows: reach, components, cycles, PageRank, betweenness, paths.
//
// All are exact and deterministic: the same graph gives the same bits, with any number of threads.
// Preconditions: `out` and `in` are the two directions of one relation over the same nodes, as Graph gives them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "analysis/graph/graph.h"

namespace landfall::chain {

// Scratch for walks over a graph of `nodes` nodes; reused so that a query costs what it visits, not what there is.
class Visited {
 public:
  explicit Visited(std::size_t nodes) : stamp_(nodes, 0) {}
  void Clear() {
    if (++now_ == 0) {
      std::fill(stamp_.begin(), stamp_.end(), 0);
      now_ = 1;
    }
  }
  bool Insert(NodeId node) {
    if (stamp_[node] == now_) return false;
    stamp_[node] = now_;
    return true;
  }
  bool Has(NodeId node) const { return stamp_[node] == now_; }

 private:
  std::vector<std::uint32_t> stamp_;
  std::uint32_t now_ = 1;
};

// Nodes within `hops` steps of `from`, without it, in the order of the walk (breadth first, each row ascending).
std::vector<NodeId> Reach(const Csr& out, NodeId from, int hops, Visited& visited);
// How many nodes each node reaches within `hops` steps. Cost: the sum of all reaches.
std::vector<std::uint32_t> ReachCounts(const Csr& out, int hops);

struct Components {
  std::vector<std::uint32_t> of;     // The component of each node, numbered by its smallest node.
  std::vector<std::uint32_t> sizes;  // By component.
};
// Parts that hang together when directions are ignored.
Components WeakComponents(const Csr& out);
// Parts within which every node reaches every other (Tarjan 1972, without recursion).
Components StrongComponents(const Csr& out);
// One directed cycle, from its smallest node, or empty.
std::vector<NodeId> FindCycle(const Csr& out);

struct PageRankOptions {
  double damping = 0.85;     // Below 1.
  double tolerance = 1e-15;  // Of the changes of one round within a strong component, over its sum.
  int rounds = 1000;         // At most.
};
// Nodes without an outgoing edge give their rank to all nodes alike (Brin and Page 1998; the convention of igraph and
// networkx). The sum is 1. Nodes that `counts` leaves out take no part (rank 0); it is empty (all take part) or has one
// entry a node, and a node left out must have no edge.
// Because what is given to all alike only scales the whole, the rank is the solution of x = 1 + d·Pᵀx, made to sum to
// 1: one pass along the edges where there are no cycles, and rounds only within a cycle. Cost: O(nodes + edges).
std::vector<double> PageRank(const Csr& out, const Csr& in, const std::vector<bool>& counts = {},
                             const PageRankOptions& options = {});

// For each node the sum, over ordered pairs of other nodes, of the share of their shortest directed paths that run
// through it (Brandes 2001). Not normalised. Sources are cut into fixed pieces whose sums are added in order, so that
// the result does not depend on `threads` (at most; a small graph takes fewer). Cost: O(sum over sources of what they
// reach).
std::vector<double> Betweenness(const Csr& out, unsigned threads = 2);

// One shortest directed path from `from` to `to`, both included; of several the one whose nodes come first. Empty when
// there is none. Cost: O(what is reached).
std::vector<NodeId> ShortestPath(const Csr& out, NodeId from, NodeId to);
// The longest shortest path of the graph, in edges. Cost: that of Betweenness.
std::uint32_t Diameter(const Csr& out);

}  // namespace landfall::chain
