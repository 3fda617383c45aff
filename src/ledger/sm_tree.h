// SPDX-License-Identifier: Apache-2.0
// The second tree over a ledger's leaves, for those who must show 国密 evidence: RFC 6962 §2.1 with SM3 instead of
// SHA-256, over the same leaf bytes. Only its right edge is kept; proofs are those of the SHA-256 tree.
//
// Errors: tree.frontier_malformed (kCorrupt). Threads: one, or const from many.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/hash.h"
#include "base/result.h"

namespace landfall::ledger {

class SmFrontier {
 public:
  // SM3(0x00 ‖ leaf), and SM3(0x01 ‖ left ‖ right) for each subtree that it completes. Cost: about 3 µs (tree.h's
  // Frontier takes a fifth of that), so never in the writer's way.
  void Append(std::string_view leaf);

  std::uint64_t size() const { return size_; }
  Digest Root() const;  // Of no leaves: SM3 of nothing.

  // As tree.h's Frontier: 32 bytes for each set bit of size(), the largest subtree first.
  std::string Encode() const;
  static Result<SmFrontier> Decode(std::uint64_t size, std::string_view bytes);

 private:
  std::uint64_t size_ = 0;
  std::array<Digest, 64> nodes_{};  // nodes_[k] has meaning only where bit k of size_ is set.
};

}  // namespace landfall::ledger
