// SPDX-License-Identifier: Apache-2.0
// The layout of a GRAPH file, shared by its writer (build.cc) and its reader (graph.cc). docs/formats/graph.md.
#pragma once

#include <bit>
#include <cstdint>

#include "analysis/graph/graph.h"

namespace landfall::chain::format {

static_assert(std::endian::native == std::endian::little, "GRAPH files are little-endian and are used in place");

inline constexpr char kMagic[8] = {'L', 'F', 'C', 'H', 'A', 'I', 'N', '\n'};
inline constexpr std::uint32_t kVersion = 1;
inline constexpr std::size_t kMaxSections = 4096;
inline constexpr std::uint64_t kMaxFileBytes = std::uint64_t{8} << 30;

struct Header {
  char magic[8];
  std::uint32_t version;
  std::uint32_t sections;
  std::uint64_t file_bytes;
  std::uint64_t checksum;  // XXH3-64 of everything behind the header.
};
static_assert(sizeof(Header) == 32);

struct Section {
  std::uint32_t id;
  std::uint32_t element_bytes;
  std::uint64_t offset;  // From the beginning of the file; a multiple of 8.
  std::uint64_t count;   // Elements.
};
static_assert(sizeof(Section) == 24);

// Ids of sections. A section without elements is left out.
enum NodePart : std::uint32_t { kKeyOffsets, kKeyText, kLabelOffsets, kLabelText, kByLabel };
enum EdgePart : std::uint32_t {
  kOutOffsets,
  kOutTargets,
  kInOffsets,
  kInTargets,
  kInEdges,
  kWeights,
  kDays,
  kSources,
  kConfidences
};
constexpr std::uint32_t NodeSection(std::size_t kind, NodePart part) {
  return 0x100 + 0x10 * static_cast<std::uint32_t>(kind) + part;
}
constexpr std::uint32_t EdgeSection(std::size_t relation, EdgePart part) {
  return 0x1000 + 0x10 * static_cast<std::uint32_t>(relation) + part;
}
inline constexpr std::uint32_t kSourceOffsets = 1, kSourceText = 2, kMeta = 3;

}  // namespace landfall::chain::format
