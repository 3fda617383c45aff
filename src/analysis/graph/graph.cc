// SPDX-License-Identifier: Apache-2.0
#include "analysis/graph/graph.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <map>

#include "analysis/graph/format.h"
#include "base/text.h"

namespace landfall::chain {
namespace {

constexpr std::array<RelationEnds, kRelations> kEnds = {{
    {NodeKind::kProduct, NodeKind::kProduct},
    {NodeKind::kProduct, NodeKind::kProduct},
    {NodeKind::kEnterprise, NodeKind::kProduct},
    {NodeKind::kEnterprise, NodeKind::kEnterprise},
    {NodeKind::kEnterprise, NodeKind::kPlace},
    {NodeKind::kPlace, NodeKind::kPlace},
    {NodeKind::kEnterprise, NodeKind::kLink},
    {NodeKind::kProduct, NodeKind::kLink},
    {NodeKind::kLink, NodeKind::kLink},
    {NodeKind::kLink, NodeKind::kLink},
}};
constexpr std::array<std::string_view, kRelations> kRelationNames = {
    "upstream", "sub_product", "makes",   "supplies",      "located",
    "within",   "member",      "belongs", "link_upstream", "link_part"};
constexpr std::array<std::string_view, kNodeKinds> kKindNames = {"product", "link", "enterprise", "place"};

Error CorruptFile(std::string detail) { return Corrupt("chain.graph_corrupt", std::move(detail)); }

}  // namespace

RelationEnds EndsOf(Relation relation) { return kEnds[static_cast<std::size_t>(relation)]; }
std::string_view RelationName(Relation relation) { return kRelationNames[static_cast<std::size_t>(relation)]; }
std::string_view NodeKindName(NodeKind kind) { return kKindNames[static_cast<std::size_t>(kind)]; }

std::optional<Relation> ParseRelation(std::string_view name) {
  const auto found = std::find(kRelationNames.begin(), kRelationNames.end(), name);
  if (found == kRelationNames.end()) return std::nullopt;
  return static_cast<Relation>(found - kRelationNames.begin());
}

// Checks an image and hangs the spans of a Graph into it.
class ImageReader {
 public:
  explicit ImageReader(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

  Status Read(Graph& graph) {
    LF_TRY(ReadTable());
    for (std::size_t kind = 0; kind < kNodeKinds; ++kind) LF_TRY(ReadNodes(kind, graph.nodes_[kind]));
    for (std::size_t relation = 0; relation < kRelations; ++relation) LF_TRY(ReadEdges(relation, graph));
    LF_TRY(ReadPool(format::kSourceOffsets, format::kSourceText, graph.sources_));
    LF_TRY(CheckFacts(graph));
    std::span<const char> meta;
    LF_TRY(Take(format::kMeta, meta));
    graph.meta_ = {meta.data(), meta.size()};
    if (!IsUtf8(graph.meta_)) return CorruptFile("the description is not UTF-8");
    if (!sections_.empty()) return CorruptFile(fmt::format("section {:#x} is unknown", sections_.begin()->first));
    return Ok{};
  }

 private:
  Status ReadTable() {
    format::Header header;
    if (bytes_.size() < sizeof header || std::memcmp(bytes_.data(), format::kMagic, sizeof format::kMagic) != 0)
      return Invalid("chain.not_a_graph", "the file does not begin with the mark of a GRAPH file");
    std::memcpy(&header, bytes_.data(), sizeof header);
    if (header.version != format::kVersion)
      return Invalid("chain.graph_version",
                     fmt::format("the file has version {}, this build reads {}", header.version, format::kVersion));
    if (header.file_bytes != bytes_.size()) return CorruptFile("the file is not as long as its header says");
    const auto body = bytes_.subspan(sizeof header);
    if (XXH3_64bits(body.data(), body.size()) != header.checksum) return CorruptFile("the checksum does not match");
    if (header.sections > format::kMaxSections || header.sections * sizeof(format::Section) > body.size())
      return CorruptFile("the table of sections is longer than the file");
    for (std::uint32_t i = 0; i < header.sections; ++i) {
      format::Section section;
      std::memcpy(&section, body.data() + i * sizeof section, sizeof section);
      const bool inside = section.offset % 8 == 0 && section.offset <= bytes_.size() && section.element_bytes > 0 &&
                          section.count <= (bytes_.size() - section.offset) / section.element_bytes;
      if (!inside) return CorruptFile(fmt::format("section {:#x} does not lie within the file", section.id));
      if (!sections_.emplace(section.id, section).second)
        return CorruptFile(fmt::format("section {:#x} stands twice", section.id));
    }
    return Ok{};
  }

  // Takes a section out of the table; an absent one is empty.
  template <class T>
  Status Take(std::uint32_t id, std::span<const T>& out) {
    const auto found = sections_.find(id);
    if (found == sections_.end()) return Ok{};
    const format::Section section = found->second;
    sections_.erase(found);
    if (section.element_bytes != sizeof(T)) return CorruptFile(fmt::format("section {:#x} has odd elements", id));
    out = {reinterpret_cast<const T*>(bytes_.data() + section.offset), section.count};
    return Ok{};
  }

  static Status CheckOffsets(std::span<const std::uint32_t> offsets, std::size_t end, std::uint32_t id) {
    if (offsets.empty()) return end == 0 ? Status(Ok{}) : CorruptFile(fmt::format("section {:#x} has no offsets", id));
    if (offsets.front() != 0 || offsets.back() != end || !std::is_sorted(offsets.begin(), offsets.end()))
      return CorruptFile(fmt::format("the offsets in section {:#x} do not ascend to the end", id));
    return Ok{};
  }

  Status ReadPool(std::uint32_t offsets, std::uint32_t text, Graph::Pool& pool) {
    LF_TRY(Take(offsets, pool.offsets));
    LF_TRY(Take(text, pool.text));
    LF_TRY(CheckOffsets(pool.offsets, pool.text.size(), offsets));
    for (std::size_t i = 0; i < pool.size(); ++i)
      if (!IsUtf8(pool[i])) return CorruptFile(fmt::format("a name in section {:#x} is not UTF-8", text));
    return Ok{};
  }

  Status ReadNodes(std::size_t kind, Graph::Nodes& nodes) {
    using format::NodeSection;
    LF_TRY(ReadPool(NodeSection(kind, format::kKeyOffsets), NodeSection(kind, format::kKeyText), nodes.keys));
    LF_TRY(ReadPool(NodeSection(kind, format::kLabelOffsets), NodeSection(kind, format::kLabelText), nodes.labels));
    LF_TRY(Take(NodeSection(kind, format::kByLabel), nodes.by_label));
    const std::size_t count = nodes.keys.size();
    if (count >= std::numeric_limits<NodeId>::max()) return CorruptFile("there are too many nodes");
    nodes.count = static_cast<std::uint32_t>(count);
    for (std::size_t i = 1; i < count; ++i)
      if (nodes.keys[i - 1] >= nodes.keys[i]) return CorruptFile("the keys of nodes do not ascend");
    if (!nodes.labels.offsets.empty() && nodes.labels.size() != count)
      return CorruptFile("labels and keys differ in number");
    for (std::size_t i = 0; i < nodes.by_label.size(); ++i) {
      if (nodes.by_label[i] >= count || nodes.labels.offsets.empty())
        return CorruptFile("the index of labels names no node");
      if (i == 0) continue;
      const NodeId a = nodes.by_label[i - 1], b = nodes.by_label[i];
      const int order = nodes.labels[a].compare(nodes.labels[b]);
      if (order > 0 || (order == 0 && a >= b)) return CorruptFile("the index of labels does not ascend");
    }
    return Ok{};
  }

  static Status CheckRows(const Csr& csr, std::size_t targets, std::string_view relation) {
    for (std::size_t row = 0; row < csr.rows(); ++row) {
      const auto ends = csr[row];
      for (std::size_t i = 0; i < ends.size(); ++i)
        if (ends[i] >= targets || (i > 0 && ends[i - 1] >= ends[i]))
          return CorruptFile(fmt::format("a row of {} leaves its range or does not ascend", relation));
    }
    return Ok{};
  }

  Status ReadEdges(std::size_t relation, Graph& graph) {
    using format::EdgeSection;
    Graph::Edges& edges = graph.edges_[relation];
    const auto from = graph.nodes_[static_cast<std::size_t>(kEnds[relation].from)].count;
    const auto to = graph.nodes_[static_cast<std::size_t>(kEnds[relation].to)].count;
    LF_TRY(Take(EdgeSection(relation, format::kOutOffsets), edges.out.offsets));
    LF_TRY(Take(EdgeSection(relation, format::kOutTargets), edges.out.targets));
    LF_TRY(Take(EdgeSection(relation, format::kInOffsets), edges.in.offsets));
    LF_TRY(Take(EdgeSection(relation, format::kInTargets), edges.in.targets));
    LF_TRY(Take(EdgeSection(relation, format::kInEdges), edges.in_edges));
    LF_TRY(Take(EdgeSection(relation, format::kWeights), edges.weights));
    LF_TRY(Take(EdgeSection(relation, format::kDays), edges.days));
    LF_TRY(Take(EdgeSection(relation, format::kSources), edges.sources));
    LF_TRY(Take(EdgeSection(relation, format::kConfidences), edges.confidences));
    const std::size_t count = edges.out.targets.size();
    const std::string_view name = kRelationNames[relation];
    if (edges.out.rows() != from || edges.in.rows() != to || edges.in.targets.size() != count ||
        edges.in_edges.size() != count)
      return CorruptFile(fmt::format("the two directions of {} differ", name));
    for (const std::size_t size :
         {edges.weights.size(), edges.days.size(), edges.sources.size(), edges.confidences.size()})
      if (size != 0 && size != count) return CorruptFile(fmt::format("{} has facts of other edges", name));
    LF_TRY(CheckOffsets(edges.out.offsets, count, EdgeSection(relation, format::kOutOffsets)));
    LF_TRY(CheckOffsets(edges.in.offsets, count, EdgeSection(relation, format::kInOffsets)));
    LF_TRY(CheckRows(edges.out, to, name));
    LF_TRY(CheckRows(edges.in, from, name));
    return CheckDirections(edges, name);
  }

  // Every edge seen from its end is the one seen from its beginning. Rows are strict sets and the totals agree, so the
  // two directions are then the same edges.
  static Status CheckDirections(const Graph::Edges& edges, std::string_view name) {
    for (std::size_t to = 0; to < edges.in.rows(); ++to)
      for (std::size_t i = edges.in.offsets[to]; i < edges.in.offsets[to + 1]; ++i) {
        const std::uint32_t edge = edges.in_edges[i];
        const NodeId from = edges.in.targets[i];
        const bool same = edge < edges.out.targets.size() && edges.out.targets[edge] == to &&
                          edge >= edges.out.offsets[from] && edge < edges.out.offsets[from + 1];
        if (!same) return CorruptFile(fmt::format("the two directions of {} are not the same edges", name));
      }
    return Ok{};
  }

  static Status CheckFacts(const Graph& graph) {
    for (const Graph::Edges& edges : graph.edges_) {
      for (const std::uint16_t source : edges.sources)
        if (source >= graph.sources_.size()) return CorruptFile("an edge names a source that is not there");
      for (const std::uint8_t confidence : edges.confidences)
        if (confidence > 100) return CorruptFile("a confidence is above 100 per cent");
      for (const float weight : edges.weights)
        if (std::isinf(weight) || weight < 0) return CorruptFile("a weight is negative or infinite");
    }
    return Ok{};
  }

  std::span<const std::uint8_t> bytes_;
  std::map<std::uint32_t, format::Section> sections_;  // Those not yet taken.
};

Result<Graph> Graph::FromImage(AlignedBytes image) {
  Graph graph;
  graph.image_ = std::make_shared<const AlignedBytes>(std::move(image));
  LF_TRY(ImageReader(graph.image_->bytes()).Read(graph));
  return graph;
}

Result<Graph> Graph::FromBytes(std::span<const std::uint8_t> bytes) {
  AlignedBytes image(bytes.size());
  std::copy(bytes.begin(), bytes.end(), image.bytes().begin());
  return FromImage(std::move(image));
}

std::string_view Graph::Name(NodeKind kind, NodeId id) const {
  if (kind == NodeKind::kEnterprise)
    if (const std::string_view label = Label(kind, id); !label.empty()) return label;
  return Key(kind, id);
}

NodeId Graph::LowerBound(NodeKind kind, std::string_view key) const {
  const Nodes& nodes = nodes_[Index(kind)];
  NodeId low = 0, high = nodes.count;
  while (low < high) {
    const NodeId middle = low + (high - low) / 2;
    if (nodes.keys[middle] < key)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

std::optional<NodeId> Graph::Find(NodeKind kind, std::string_view key) const {
  const NodeId at = LowerBound(kind, key);
  if (at < NodeCount(kind) && Key(kind, at) == key) return at;
  return std::nullopt;
}

std::span<const NodeId> Graph::FindLabel(NodeKind kind, std::string_view label) const {
  const Nodes& nodes = nodes_[Index(kind)];
  const auto range = std::ranges::equal_range(nodes.by_label, label, {}, [&](NodeId id) { return nodes.labels[id]; });
  return {range.begin(), range.end()};
}

EdgeFacts Graph::Facts(Relation relation, std::uint32_t edge) const {
  const Edges& edges = edges_[Index(relation)];
  EdgeFacts facts;
  if (!edges.weights.empty()) facts.weight = edges.weights[edge];
  if (!edges.days.empty()) facts.day = edges.days[edge];
  if (!edges.sources.empty()) facts.source = edges.sources[edge];
  if (!edges.confidences.empty()) facts.confidence = edges.confidences[edge];
  return facts;
}

std::optional<std::uint32_t> Graph::FindEdge(Relation relation, NodeId from, NodeId to) const {
  const Csr& out = edges_[Index(relation)].out;
  const auto row = out[from];
  const auto found = std::lower_bound(row.begin(), row.end(), to);
  if (found == row.end() || *found != to) return std::nullopt;
  return out.offsets[from] + static_cast<std::uint32_t>(found - row.begin());
}

namespace {

// Closes a descriptor with its scope.
struct Descriptor {
  int fd;
  ~Descriptor() {
    if (fd >= 0) ::close(fd);
  }
};

Error Unwritable(const char* what) {
  return Unavailable("chain.graph_unwritable", fmt::format("{}: {}", what, std::strerror(errno)));
}

}  // namespace

Result<Graph> OpenGraph(const std::string& path) {
  const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  struct stat status {};
  if (file.fd < 0 || ::fstat(file.fd, &status) != 0 || !S_ISREG(status.st_mode))
    return Unavailable("chain.graph_unreadable", "the file cannot be opened, or is not a regular file");
  const auto size = static_cast<std::uint64_t>(status.st_size);
  if (size > format::kMaxFileBytes) return Invalid("chain.graph_too_large", fmt::format("the file has {} bytes", size));
  AlignedBytes image(size);
  auto rest = image.bytes();
  while (!rest.empty()) {
    const ssize_t count = ::read(file.fd, rest.data(), rest.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return Unavailable("chain.graph_unreadable", "the file ends before its length, or reading failed");
    rest = rest.subspan(static_cast<std::size_t>(count));
  }
  return Graph::FromImage(std::move(image));
}

Status SaveGraph(const Graph& graph, const std::string& path) {
  const std::string beside = path + ".new";
  {
    const Descriptor file{::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644)};
    if (file.fd < 0) return Unwritable("the file cannot be created");
    auto rest = graph.image();
    while (!rest.empty()) {
      const ssize_t count = ::write(file.fd, rest.data(), rest.size());
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) return Unwritable("writing failed");
      rest = rest.subspan(static_cast<std::size_t>(count));
    }
    if (::fsync(file.fd) != 0) return Unwritable("syncing failed");
  }
  if (::rename(beside.c_str(), path.c_str()) != 0) return Unwritable("renaming failed");
  return Ok{};
}

}  // namespace landfall::chain
