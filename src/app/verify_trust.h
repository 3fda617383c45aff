// SPDX-License-Identifier: Apache-2.0
// What can be said of every single entry: the report's answer to "and this record?".
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/describe.h"

namespace landfall::app {

// The first of these that applies, in the order faulty, unwitnessed, unprovable, verified.
enum class Trust : std::uint8_t {
  verified,     // As it was written, and within a tree that a witness has cosigned.
  unwitnessed,  // Nothing speaks against it, but no witness has seen it: who holds the signing key could replace it.
  unprovable,   // Witnessed, but a payload is withheld.
  faulty,       // Not what was written, not there, or in a part that leads to another root than was signed.
};
BOOST_DESCRIBE_ENUM(Trust, verified, unwitnessed, unprovable, faulty)

struct TrustRange {
  static constexpr std::string_view kName = "TrustRange";
  Trust standing = Trust::unwitnessed;
  std::int64_t from = 0, to = 0;  // seqs, both included
  bool operator==(const TrustRange&) const = default;
};
BOOST_DESCRIBE_STRUCT(TrustRange, (), (standing, from, to))

struct EntryTrust {
  static constexpr std::string_view kName = "EntryTrust";
  std::int64_t seq = 0;
  Trust standing = Trust::unwitnessed;
};
BOOST_DESCRIBE_STRUCT(EntryTrust, (), (seq, standing))

// A set of seqs as ranges. Cheap when they come in order; 16 bytes a range.
class SeqSet {
 public:
  void Add(std::uint64_t seq) { AddRange(seq, seq); }
  void AddRange(std::uint64_t from, std::uint64_t to);
  bool empty() const { return ranges_.empty(); }
  // Sorted, disjoint, not touching.
  const std::vector<std::pair<std::uint64_t, std::uint64_t>>& Sorted();

 private:
  std::vector<std::pair<std::uint64_t, std::uint64_t>> ranges_;
  bool sorted_ = true;
};

// What was found of entries 1 … `total`, of which those of `read` could be read. Cost: the number of ranges times its
// logarithm.
struct TrustFacts {
  std::uint64_t total = 0;
  std::uint64_t witnessed_to = 0;
  SeqSet read, faulty, withheld;
};
std::vector<TrustRange> TrustRangesOf(TrustFacts& facts);

}  // namespace landfall::app
