// SPDX-License-Identifier: Apache-2.0
#include "analysis/graph/build.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>
#include <tuple>

#include "analysis/graph/format.h"
#include "analysis/graph/measure.h"

namespace landfall::chain {
namespace {

constexpr std::size_t kMaxCount = std::size_t{1} << 31;

// Collects sections and writes them behind a header.
class ImageWriter {
 public:
  template <class T>
  void Add(std::uint32_t id, const std::vector<T>& elements) {
    if (elements.empty()) return;
    sections_.push_back({id, sizeof(T), 0, elements.size()});
    parts_.push_back({reinterpret_cast<const std::uint8_t*>(elements.data()), elements.size() * sizeof(T)});
  }

  // The vectors given to Add must still stand.
  AlignedBytes Finish() {
    const auto round_up = [](std::size_t size) { return (size + 7) / 8 * 8; };
    std::size_t at = sizeof(format::Header) + sections_.size() * sizeof(format::Section);
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      at = round_up(at);
      sections_[i].offset = at;
      at += parts_[i].size();
    }
    AlignedBytes image(at);
    std::uint8_t* out = image.bytes().data();
    for (std::size_t i = 0; i < parts_.size(); ++i)
      std::memcpy(out + sections_[i].offset, parts_[i].data(), parts_[i].size());
    if (!sections_.empty())
      std::memcpy(out + sizeof(format::Header), sections_.data(), sections_.size() * sizeof(format::Section));
    format::Header header{};
    std::memcpy(header.magic, format::kMagic, sizeof header.magic);
    header.version = format::kVersion;
    header.sections = static_cast<std::uint32_t>(sections_.size());
    header.file_bytes = at;
    header.checksum = XXH3_64bits(out + sizeof header, at - sizeof header);
    std::memcpy(out, &header, sizeof header);
    return image;
  }

 private:
  std::vector<format::Section> sections_;
  std::vector<std::span<const std::uint8_t>> parts_;
};

struct Pool {
  std::vector<std::uint32_t> offsets{0};
  std::vector<char> text;
  void Add(std::string_view entry) {
    text.insert(text.end(), entry.begin(), entry.end());
    offsets.push_back(static_cast<std::uint32_t>(text.size()));
  }
};

struct NodeColumns {
  Pool keys, labels;
  std::vector<NodeId> by_label;
};

struct EdgeColumns {
  std::vector<std::uint32_t> out_offsets, out_targets, in_offsets, in_targets, in_edges;
  std::vector<float> weights;
  std::vector<std::int32_t> days;
  std::vector<std::uint16_t> sources;
  std::vector<std::uint8_t> confidences;
};

}  // namespace

struct GraphBuilder::Sorted {
  std::array<std::vector<NodeId>, kNodeKinds> order;  // Provisional numbers in the order of keys.
  std::array<std::vector<NodeId>, kNodeKinds> place;  // And back: the final number of a provisional one.
  std::array<std::vector<Edge>, kRelations> edges;    // Final numbers, by ends, unique.
  std::vector<std::string_view> sources;
};

std::uint16_t GraphBuilder::Source(std::string_view name) {
  const auto found = std::find(sources_.begin(), sources_.end(), name);
  if (found == sources_.end() && sources_.size() <= std::numeric_limits<std::uint16_t>::max()) {
    sources_.emplace_back(name);
    return static_cast<std::uint16_t>(sources_.size() - 1);
  }
  return static_cast<std::uint16_t>(std::min<std::ptrdiff_t>(found - sources_.begin(), std::ssize(sources_) - 1));
}

NodeId GraphBuilder::Node(NodeKind kind, std::string_view key) {
  LF_CHECK(!key.empty());
  auto& ids = ids_[Index(kind)];
  if (const auto found = ids.find(key); found != ids.end()) return found->second;
  auto& keys = keys_[Index(kind)];
  const NodeId node = static_cast<NodeId>(keys.size());
  keys.emplace_back(key);
  labels_[Index(kind)].emplace_back();
  ids.emplace(key, node);
  return node;
}

std::uint32_t GraphBuilder::Add(Relation relation, NodeId from, NodeId to, const EdgeFacts& facts) {
  auto& edges = edges_[Index(relation)];
  edges.push_back({from, to, facts});
  return static_cast<std::uint32_t>(edges.size() - 1);
}

Result<GraphBuilder::Sorted> GraphBuilder::Sort() {
  Sorted sorted;
  duplicates_.clear();
  for (std::size_t kind = 0; kind < kNodeKinds; ++kind) {
    std::size_t bytes = 0;
    for (const std::string& key : keys_[kind]) bytes += key.size();
    for (const std::string& label : labels_[kind]) bytes += label.size();
    if (keys_[kind].size() >= kMaxCount || bytes >= kMaxCount)
      return Invalid("chain.graph_too_large", fmt::format("more than {} nodes or bytes of names of a kind", kMaxCount));
    auto& order = sorted.order[kind];
    order.resize(keys_[kind].size());
    std::iota(order.begin(), order.end(), 0);
    std::sort(order.begin(), order.end(), [&](NodeId a, NodeId b) { return keys_[kind][a] < keys_[kind][b]; });
    sorted.place[kind].resize(order.size());
    for (std::size_t i = 0; i < order.size(); ++i) sorted.place[kind][order[i]] = static_cast<NodeId>(i);
  }

  std::vector<std::uint16_t> source_order(sources_.size()), source_place(sources_.size());
  std::iota(source_order.begin(), source_order.end(), 0);
  std::sort(source_order.begin(), source_order.end(),
            [&](std::uint16_t a, std::uint16_t b) { return sources_[a] < sources_[b]; });
  for (std::size_t i = 0; i < source_order.size(); ++i) {
    source_place[source_order[i]] = static_cast<std::uint16_t>(i);
    sorted.sources.push_back(sources_[source_order[i]]);
  }

  for (std::size_t r = 0; r < kRelations; ++r) {
    const auto relation = static_cast<Relation>(r);
    const RelationEnds ends = EndsOf(relation);
    const std::vector<Edge>& rows = edges_[r];
    if (rows.size() >= kMaxCount)
      return Invalid("chain.graph_too_large", fmt::format("more than {} edges of a relation", kMaxCount));
    for (const Edge& row : rows) {
      if (row.facts.weight < 0 || std::isinf(row.facts.weight))
        return Invalid("chain.negative_weight",
                       fmt::format("{}: {} -> {} has weight {}", RelationName(relation), Key(ends.from, row.from),
                                   Key(ends.to, row.to), row.facts.weight));
      if (ends.from == ends.to && row.from == row.to)
        return Invalid("chain.self_loop",
                       fmt::format("{}: {} -> itself", RelationName(relation), Key(ends.from, row.from)));
    }
    const auto& from_place = sorted.place[Index(ends.from)];
    const auto& to_place = sorted.place[Index(ends.to)];
    std::vector<std::pair<std::uint64_t, std::uint32_t>> order(rows.size());  // Both ends, and which row.
    for (std::uint32_t i = 0; i < rows.size(); ++i)
      order[i] = {std::uint64_t{from_place[rows[i].from]} << 32 | to_place[rows[i].to], i};
    std::sort(order.begin(), order.end());
    // Best first among edges of the same ends. A weight that is not stated counts as −1.
    const auto rank = [&](std::uint32_t i) {
      const EdgeFacts& f = rows[i].facts;
      return std::make_tuple(-static_cast<int>(f.confidence), -static_cast<std::int64_t>(f.day),
                             std::isnan(f.weight) ? 1.0F : -f.weight, source_place[f.source], i);
    };
    auto& edges = sorted.edges[r];
    edges.reserve(rows.size());
    const std::size_t first_duplicate = duplicates_.size();
    for (std::size_t begin = 0, end = 0; begin < order.size(); begin = end) {
      std::uint32_t kept = order[begin].second;
      for (end = begin; end < order.size() && order[end].first == order[begin].first; ++end)
        if (rank(order[end].second) < rank(kept)) kept = order[end].second;
      for (std::size_t i = begin; i < end; ++i)
        if (order[i].second != kept) duplicates_.push_back({relation, kept, order[i].second});
      Edge edge = rows[kept];
      edge.from = from_place[edge.from];
      edge.to = to_place[edge.to];
      edge.facts.source = source_place[edge.facts.source];
      edges.push_back(edge);
    }
    std::sort(duplicates_.begin() + static_cast<std::ptrdiff_t>(first_duplicate), duplicates_.end(),
              [](const Duplicate& a, const Duplicate& b) { return a.dropped < b.dropped; });
  }
  return sorted;
}

Result<Graph> GraphBuilder::Build(std::string_view meta) {
  if (sources_.empty()) Source("unnamed");
  LF_ASSIGN(const Sorted sorted, Sort());
  std::array<NodeColumns, kNodeKinds> nodes;
  for (std::size_t kind = 0; kind < kNodeKinds; ++kind) {
    bool labelled = false;
    for (std::size_t i = 0; i < sorted.order[kind].size(); ++i) {
      const NodeId node = sorted.order[kind][i];
      nodes[kind].keys.Add(keys_[kind][node]);
      nodes[kind].labels.Add(labels_[kind][node]);
      if (labels_[kind][node].empty()) continue;
      labelled = true;
      nodes[kind].by_label.push_back(static_cast<NodeId>(i));
    }
    if (!labelled) nodes[kind].labels = Pool{{}, {}};
    std::stable_sort(nodes[kind].by_label.begin(), nodes[kind].by_label.end(), [&](NodeId a, NodeId b) {
      return labels_[kind][sorted.order[kind][a]] < labels_[kind][sorted.order[kind][b]];
    });
  }

  std::array<EdgeColumns, kRelations> columns;
  for (std::size_t r = 0; r < kRelations; ++r) {
    const auto relation = static_cast<Relation>(r);
    const std::vector<Edge>& edges = sorted.edges[r];
    EdgeColumns& c = columns[r];
    c.out_offsets.assign(NodeCount(EndsOf(relation).from) + 1, 0);
    c.in_offsets.assign(NodeCount(EndsOf(relation).to) + 1, 0);
    for (const Edge& e : edges) {
      ++c.out_offsets[e.from + 1];
      ++c.in_offsets[e.to + 1];
      c.out_targets.push_back(e.to);
    }
    std::partial_sum(c.out_offsets.begin(), c.out_offsets.end(), c.out_offsets.begin());
    std::partial_sum(c.in_offsets.begin(), c.in_offsets.end(), c.in_offsets.begin());
    c.in_targets.resize(edges.size());
    c.in_edges.resize(edges.size());
    std::vector<std::uint32_t> next(c.in_offsets.begin(), c.in_offsets.end());
    for (std::size_t i = 0; i < edges.size(); ++i) {
      const std::uint32_t at = next[edges[i].to]++;
      c.in_targets[at] = edges[i].from;
      c.in_edges[at] = static_cast<std::uint32_t>(i);
    }
    const auto any = [&](auto test) { return std::any_of(edges.begin(), edges.end(), test); };
    if (any([](const Edge& e) { return !std::isnan(e.facts.weight); }))
      for (const Edge& e : edges) c.weights.push_back(std::isnan(e.facts.weight) ? kNoWeight : e.facts.weight);
    if (any([](const Edge& e) { return e.facts.day != kNoDay; }))
      for (const Edge& e : edges) c.days.push_back(e.facts.day);
    if (any([](const Edge& e) { return e.facts.source != 0; }))
      for (const Edge& e : edges) c.sources.push_back(e.facts.source);
    if (any([](const Edge& e) { return e.facts.confidence != 100; }))
      for (const Edge& e : edges) c.confidences.push_back(e.facts.confidence);

    const bool is_part_of =
        relation == Relation::kSubProduct || relation == Relation::kWithin || relation == Relation::kLinkPart;
    if (!is_part_of) continue;
    const std::vector<NodeId> cycle = FindCycle(Csr{c.out_offsets, c.out_targets});
    if (cycle.empty()) continue;
    const auto& order = sorted.order[Index(EndsOf(relation).from)];
    std::string walk;
    for (const NodeId node : cycle) walk += fmt::format("{} -> ", Key(EndsOf(relation).from, order[node]));
    return Invalid("chain.part_of_cycle",
                   fmt::format("{}: {}{}", RelationName(relation), walk, Key(EndsOf(relation).from, order[cycle[0]])));
  }

  ImageWriter writer;
  for (std::size_t kind = 0; kind < kNodeKinds; ++kind) {
    using format::NodeSection;
    writer.Add(NodeSection(kind, format::kKeyOffsets), nodes[kind].keys.offsets);
    writer.Add(NodeSection(kind, format::kKeyText), nodes[kind].keys.text);
    writer.Add(NodeSection(kind, format::kLabelOffsets), nodes[kind].labels.offsets);
    writer.Add(NodeSection(kind, format::kLabelText), nodes[kind].labels.text);
    writer.Add(NodeSection(kind, format::kByLabel), nodes[kind].by_label);
  }
  for (std::size_t r = 0; r < kRelations; ++r) {
    using format::EdgeSection;
    const EdgeColumns& c = columns[r];
    writer.Add(EdgeSection(r, format::kOutOffsets), c.out_offsets);
    writer.Add(EdgeSection(r, format::kOutTargets), c.out_targets);
    writer.Add(EdgeSection(r, format::kInOffsets), c.in_offsets);
    writer.Add(EdgeSection(r, format::kInTargets), c.in_targets);
    writer.Add(EdgeSection(r, format::kInEdges), c.in_edges);
    writer.Add(EdgeSection(r, format::kWeights), c.weights);
    writer.Add(EdgeSection(r, format::kDays), c.days);
    writer.Add(EdgeSection(r, format::kSources), c.sources);
    writer.Add(EdgeSection(r, format::kConfidences), c.confidences);
  }
  Pool sources;
  for (const std::string_view name : sorted.sources) sources.Add(name);
  writer.Add(format::kSourceOffsets, sources.offsets);
  writer.Add(format::kSourceText, sources.text);
  const std::vector<char> description(meta.begin(), meta.end());
  writer.Add(format::kMeta, description);
  return Graph::FromImage(writer.Finish());
}

}  // namespace landfall::chain
