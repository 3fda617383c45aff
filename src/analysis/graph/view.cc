// SPDX-License-Identifier: Apache-2.0
#include "analysis/graph/view.h"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/graph/clean.h"
#include "base/text.h"

namespace landfall::chain {
namespace {

constexpr std::array<NodeKind, kNodeKinds> kKinds = {NodeKind::kProduct, NodeKind::kLink, NodeKind::kEnterprise,
                                                     NodeKind::kPlace};
std::size_t Index(NodeKind kind) { return static_cast<std::size_t>(kind); }

}  // namespace

View::View(Graph base, Graph own) : base_(std::move(base)) {
  own_.push_back(std::move(own));
  const Graph& over = own_.front();
  for (const NodeKind kind : kKinds) {
    for (NodeId id = 0; id < over.NodeCount(kind); ++id) {
      const auto found = base_.Find(kind, over.Key(kind, id));
      if (found) {
        shared_[Index(kind)].push_back({*found, id});
        to_view_[Index(kind)].push_back(*found);
      } else {
        to_view_[Index(kind)].push_back(base_.NodeCount(kind) + static_cast<NodeId>(added_[Index(kind)].size()));
        added_[Index(kind)].push_back(id);
      }
    }
  }
}

std::optional<NodeId> View::OwnId(NodeKind kind, NodeId node) const {
  if (own_.empty()) return std::nullopt;
  if (node >= base_.NodeCount(kind)) return added_[Index(kind)][node - base_.NodeCount(kind)];
  const auto& shared = shared_[Index(kind)];
  const auto found = std::lower_bound(shared.begin(), shared.end(), std::pair<NodeId, NodeId>{node, 0});
  if (found == shared.end() || found->first != node) return std::nullopt;
  return found->second;
}

bool View::Holds(std::span<const NodeId> row, std::optional<NodeId> node) {
  return node && std::binary_search(row.begin(), row.end(), *node);
}

std::uint32_t View::NodeCount(NodeKind kind) const {
  return base_.NodeCount(kind) + static_cast<std::uint32_t>(added_[Index(kind)].size());
}

std::string_view View::Key(NodeKind kind, NodeId id) const {
  if (id < base_.NodeCount(kind)) return base_.Key(kind, id);
  return own_.front().Key(kind, added_[Index(kind)][id - base_.NodeCount(kind)]);
}

std::string_view View::Label(NodeKind kind, NodeId id) const {
  if (const auto own = OwnId(kind, id))
    if (const std::string_view label = own_.front().Label(kind, *own); !label.empty()) return label;
  return id < base_.NodeCount(kind) ? base_.Label(kind, id) : std::string_view{};
}

std::string_view View::Name(NodeKind kind, NodeId id) const {
  if (kind == NodeKind::kEnterprise)
    if (const std::string_view label = Label(kind, id); !label.empty()) return label;
  return Key(kind, id);
}

std::string_view View::SourceName(const Edge& edge) const {
  return (edge.own ? own_.front() : base_).SourceName(edge.facts.source);
}

std::optional<NodeId> View::Find(NodeKind kind, std::string_view key) const {
  if (const auto found = base_.Find(kind, key)) return found;
  if (own_.empty()) return std::nullopt;
  const auto found = own_.front().Find(kind, key);
  if (!found) return std::nullopt;
  return to_view_[Index(kind)][*found];
}

Result<NodeId> View::Resolve(NodeKind kind, std::string_view text) const {
  text = Trim(text);
  if (const auto found = Find(kind, text)) return *found;
  if (kind == NodeKind::kPlace)
    if (const auto found = Find(kind, PlaceKey(text))) return *found;
  if (kind == NodeKind::kEnterprise)
    if (const auto id = StockCode(text))
      if (const auto found = Find(kind, *id)) return *found;
  std::vector<NodeId> named;
  for (const NodeId id : base_.FindLabel(kind, text)) named.push_back(id);
  if (!own_.empty())
    for (const NodeId id : own_.front().FindLabel(kind, text)) named.push_back(to_view_[Index(kind)][id]);
  std::sort(named.begin(), named.end());
  named.erase(std::unique(named.begin(), named.end()), named.end());
  if (named.empty())
    return NotFound("chain.unknown_node",
                    fmt::format("the graph {} {}", NodeCount(kind) > 0 ? "has no such" : "was imported without any",
                                NodeKindName(kind)),
                    std::string(NodeKindName(kind)));
  if (named.size() > 1) {
    std::string keys;
    for (const NodeId id : named) keys += fmt::format("{}{}", keys.empty() ? "" : ", ", Key(kind, id));
    return Invalid("chain.ambiguous_name", "it may be any of " + keys, std::string(NodeKindName(kind)));
  }
  return named.front();
}

std::uint32_t View::OutDegree(Relation relation, NodeId node) const {
  std::uint32_t degree = 0;
  Out(relation, node, [&](const Edge&) { ++degree; });
  return degree;
}

std::uint32_t View::InDegree(Relation relation, NodeId node) const {
  std::uint32_t degree = 0;
  In(relation, node, [&](const Edge&) { ++degree; });
  return degree;
}

}  // namespace landfall::chain
