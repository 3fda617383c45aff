// SPDX-License-Identifier: Apache-2.0
#include "ledger/sm_tree.h"

#include <bit>
#include <cstring>
#include <optional>

#include "base/sm3.h"
#include "ledger/tree.h"

namespace landfall::ledger {
namespace {

constexpr std::uint8_t kLeafPrefix[] = {0x00}, kNodePrefix[] = {0x01};

Digest SmNode(const Digest& left, const Digest& right) {
  std::array<std::uint8_t, 2 * sizeof(Digest)> both;
  std::memcpy(both.data(), left.data(), sizeof(Digest));
  std::memcpy(both.data() + sizeof(Digest), right.data(), sizeof(Digest));
  return Sm3(kNodePrefix, both);
}

}  // namespace

void SmFrontier::Append(std::string_view leaf) {
  LF_CHECK(size_ < kTreeSizeMax);
  Digest node = Sm3(kLeafPrefix, Bytes(leaf));
  unsigned level = 0;
  for (std::uint64_t rest = size_; rest & 1; rest >>= 1) node = SmNode(nodes_[level++], node);
  nodes_[level] = node;
  ++size_;
}

Digest SmFrontier::Root() const {
  std::optional<Digest> root;
  for (std::uint64_t rest = size_; rest != 0; rest &= rest - 1) {
    const Digest& node = nodes_[static_cast<unsigned>(std::countr_zero(rest))];
    root = root ? SmNode(node, *root) : node;
  }
  return root ? *root : Sm3(std::string_view());
}

std::string SmFrontier::Encode() const {
  std::string out;
  for (unsigned level = 64; level-- > 0;)
    if (size_ >> level & 1) out += AsText(nodes_[level]);
  return out;
}

Result<SmFrontier> SmFrontier::Decode(std::uint64_t size, std::string_view bytes) {
  if (size > kTreeSizeMax || bytes.size() != static_cast<std::size_t>(std::popcount(size)) * sizeof(Digest))
    return Corrupt("tree.frontier_malformed", "of another length than its size asks for");
  SmFrontier out;
  out.size_ = size;
  for (unsigned level = 64; level-- > 0;) {
    if ((size >> level & 1) == 0) continue;
    std::memcpy(out.nodes_[level].data(), bytes.data(), sizeof(Digest));
    bytes.remove_prefix(sizeof(Digest));
  }
  return out;
}

}  // namespace landfall::ledger
