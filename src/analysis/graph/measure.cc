// SPDX-License-Identifier: Apache-2.0
#include "analysis/graph/measure.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <condition_variable>
#include <limits>
#include <mutex>
#include <numeric>
#include <span>
#include <thread>

namespace landfall::chain {
namespace {

constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

// Renumbers arbitrary component marks by the smallest node of each.
Components Numbered(const std::vector<std::uint32_t>& marks) {
  Components result;
  result.of.resize(marks.size());
  std::vector<std::uint32_t> number(marks.size(), kNone);
  for (std::size_t node = 0; node < marks.size(); ++node) {
    std::uint32_t& mine = number[marks[node]];
    if (mine == kNone) {
      mine = static_cast<std::uint32_t>(result.sizes.size());
      result.sizes.push_back(0);
    }
    result.of[node] = mine;
    ++result.sizes[mine];
  }
  return result;
}

// Calls use(members) for every strong component, each before those from which it is reached (Tarjan 1972, with a walk
// of its own in place of recursion: a chain of a million goods needs no stack).
template <class Use>
void ForEachStrongComponent(const Csr& out, Use&& use) {
  const std::size_t count = out.rows();
  std::vector<std::uint32_t> seen(count, kNone), low(count), cursor(count);  // cursor: the next edge to look at.
  std::vector<bool> done(count);
  std::vector<NodeId> stack, path;
  std::uint32_t time = 0;
  for (NodeId start = 0; start < count; ++start) {
    if (seen[start] != kNone) continue;
    path.push_back(start);
    while (!path.empty()) {
      const NodeId node = path.back();
      if (seen[node] == kNone) {
        seen[node] = low[node] = time++;
        cursor[node] = out.offsets[node];
        stack.push_back(node);
      }
      bool down = false;
      for (; cursor[node] < out.offsets[node + 1]; ++cursor[node]) {
        const NodeId next = out.targets[cursor[node]];
        if (seen[next] == kNone) {
          path.push_back(next);
          down = true;
          break;  // Looks at this edge again on the way back, to take over `low`.
        }
        if (!done[next]) low[node] = std::min(low[node], low[next]);
      }
      if (down) continue;
      path.pop_back();
      if (low[node] != seen[node]) continue;
      std::size_t first = stack.size();
      do done[stack[--first]] = true;
      while (stack[first] != node);
      use(std::span<const NodeId>(stack).subspan(first));
      stack.resize(first);
    }
  }
}

// The dependencies of single sources (Brandes 2001). Scratch is cleaned node by node, so that a source costs what it
// reaches.
class Brandes {
 public:
  explicit Brandes(const Csr& out) : out_(out), distance_(out.rows(), kNone), paths_(out.rows()), share_(out.rows()) {}

  void AddFrom(NodeId source, std::vector<double>& sums, std::vector<NodeId>& touched) {
    order_.clear();
    order_.push_back(source);
    distance_[source] = 0;
    paths_[source] = 1;
    for (std::size_t at = 0; at < order_.size(); ++at) {
      const NodeId node = order_[at];
      for (const NodeId next : out_[node]) {
        if (distance_[next] == kNone) {
          distance_[next] = distance_[node] + 1;
          paths_[next] = 0;
          share_[next] = 0;
          order_.push_back(next);
        }
        if (distance_[next] == distance_[node] + 1) paths_[next] += paths_[node];
      }
    }
    for (std::size_t at = order_.size(); at-- > 1;) {
      const NodeId node = order_[at];
      double share = 0;
      for (const NodeId next : out_[node])
        if (distance_[next] == distance_[node] + 1) share += paths_[node] / paths_[next] * (1 + share_[next]);
      share_[node] = share;
      if (share == 0) continue;
      if (sums[node] == 0) touched.push_back(node);
      sums[node] += share;
    }
    for (const NodeId node : order_) distance_[node] = kNone;
  }

 private:
  const Csr out_;
  std::vector<std::uint32_t> distance_;
  std::vector<double> paths_, share_;
  std::vector<NodeId> order_;
};

}  // namespace

std::vector<NodeId> Reach(const Csr& out, NodeId from, int hops, Visited& visited) {
  visited.Clear();
  visited.Insert(from);
  std::vector<NodeId> order{from};
  std::size_t begin = 0;
  for (int hop = 0; hop < hops && begin < order.size(); ++hop) {
    const std::size_t end = order.size();
    for (; begin < end; ++begin)
      for (const NodeId next : out[order[begin]])
        if (visited.Insert(next)) order.push_back(next);
  }
  order.erase(order.begin());
  return order;
}

std::vector<std::uint32_t> ReachCounts(const Csr& out, int hops) {
  std::vector<std::uint32_t> counts(out.rows());
  Visited visited(out.rows());
  for (std::size_t node = 0; node < out.rows(); ++node)
    if (out.degree(node) > 0)
      counts[node] = static_cast<std::uint32_t>(Reach(out, static_cast<NodeId>(node), hops, visited).size());
  return counts;
}

Components WeakComponents(const Csr& out) {
  std::vector<std::uint32_t> parent(out.rows());
  std::iota(parent.begin(), parent.end(), 0);
  const auto root = [&](std::uint32_t node) {
    while (parent[node] != node) node = parent[node] = parent[parent[node]];
    return node;
  };
  for (std::uint32_t node = 0; node < out.rows(); ++node)
    for (const NodeId next : out[node]) {
      const auto [low, high] = std::minmax({root(node), root(next)});
      parent[high] = low;
    }
  for (std::uint32_t node = 0; node < out.rows(); ++node) parent[node] = root(node);
  return Numbered(parent);
}

Components StrongComponents(const Csr& out) {
  std::vector<std::uint32_t> mark(out.rows());
  ForEachStrongComponent(out, [&](std::span<const NodeId> members) {
    for (const NodeId member : members) mark[member] = members.front();
  });
  return Numbered(mark);
}

std::vector<NodeId> FindCycle(const Csr& out) {
  const Components parts = StrongComponents(out);
  for (NodeId node = 0; node < out.rows(); ++node) {
    if (parts.sizes[parts.of[node]] < 2) continue;
    for (const NodeId next : out[node]) {
      if (parts.of[next] != parts.of[node]) continue;
      std::vector<NodeId> cycle = ShortestPath(out, next, node);
      std::rotate(cycle.begin(), cycle.end() - 1, cycle.end());
      return cycle;
    }
  }
  return {};
}

std::vector<double> PageRank(const Csr& out, const Csr& in, const std::vector<bool>& counts,
                             const PageRankOptions& options) {
  const std::size_t nodes = out.rows();
  // Strong components against the direction of edges come out so that each follows all that give to it.
  std::vector<double> rank(nodes, 0);
  ForEachStrongComponent(in, [&](std::span<const NodeId> members) {
    for (int round = 0; round < options.rounds; ++round) {
      double change = 0, size = 0;
      for (const NodeId node : members) {
        if (!counts.empty() && !counts[node]) continue;
        double sum = 0;
        for (const NodeId giver : in[node]) sum += rank[giver] / out.degree(giver);
        const double next = 1 + options.damping * sum;
        change += std::abs(next - rank[node]);
        size += next;
        rank[node] = next;
      }
      const bool alone = members.size() == 1 && !std::ranges::binary_search(out[members[0]], members[0]);
      if (alone || change <= options.tolerance * size) break;
    }
  });
  double total = 0;
  for (const double value : rank) total += value;
  if (total > 0)
    for (double& value : rank) value /= total;
  return rank;
}

std::vector<double> Betweenness(const Csr& out, unsigned threads) {
  const std::size_t nodes = out.rows();
  // A source without edges reaches nothing. Pieces are fixed by the graph alone.
  std::vector<NodeId> sources;
  for (NodeId node = 0; node < nodes; ++node)
    if (out.degree(node) > 0) sources.push_back(node);
  constexpr std::size_t kPiece = 256;
  const std::size_t pieces = (sources.size() + kPiece - 1) / kPiece;

  std::vector<double> total(nodes, 0);
  std::atomic<std::size_t> next_piece{0};
  std::size_t committed = 0;
  std::mutex mutex;
  std::condition_variable turn;
  const auto work = [&] {
    Brandes brandes(out);
    std::vector<double> sums(nodes, 0);
    std::vector<NodeId> touched;
    for (std::size_t piece = next_piece++; piece < pieces; piece = next_piece++) {
      const std::size_t end = std::min(sources.size(), (piece + 1) * kPiece);
      for (std::size_t i = piece * kPiece; i < end; ++i) brandes.AddFrom(sources[i], sums, touched);
      std::unique_lock lock(mutex);
      turn.wait(lock, [&] { return committed == piece; });
      for (const NodeId node : touched) total[node] += sums[node];
      ++committed;
      lock.unlock();
      turn.notify_all();
      for (const NodeId node : touched) sums[node] = 0;
      touched.clear();
    }
  };
  // A helper is worth its start only where it gets several pieces.
  const auto useful = static_cast<unsigned>(std::min<std::size_t>(threads, 1 + pieces / 8));
  std::vector<std::thread> helpers;
  for (unsigned i = 1; i < useful; ++i) helpers.emplace_back(work);
  work();
  for (std::thread& helper : helpers) helper.join();
  return total;
}

std::vector<NodeId> ShortestPath(const Csr& out, NodeId from, NodeId to) {
  if (from == to) return {from};
  std::vector<NodeId> before(out.rows(), kNone), order{from};
  before[from] = from;
  for (std::size_t at = 0; at < order.size() && before[to] == kNone; ++at)
    for (const NodeId next : out[order[at]])
      if (before[next] == kNone) {
        before[next] = order[at];
        order.push_back(next);
      }
  if (before[to] == kNone) return {};
  std::vector<NodeId> path{to};
  while (path.back() != from) path.push_back(before[path.back()]);
  std::reverse(path.begin(), path.end());
  return path;
}

std::uint32_t Diameter(const Csr& out) {
  std::vector<std::uint32_t> distance(out.rows(), kNone);
  std::vector<NodeId> order;
  std::uint32_t longest = 0;
  for (NodeId source = 0; source < out.rows(); ++source) {
    order.assign(1, source);
    distance[source] = 0;
    for (std::size_t at = 0; at < order.size(); ++at)
      for (const NodeId next : out[order[at]])
        if (distance[next] == kNone) {
          distance[next] = distance[order[at]] + 1;
          order.push_back(next);
        }
    longest = std::max(longest, distance[order.back()]);
    for (const NodeId node : order) distance[node] = kNone;
  }
  return longest;
}

}  // namespace landfall::chain
