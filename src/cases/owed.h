// SPDX-License-Identifier: Apache-2.0
// Which steps are owed: they could begin, and are not decided. In groups by what their due day follows from, the
// version of the matter and the day on which they could begin, so that whoever lists a million of them asks the
// calendar once a group. A step with something beside its course (a pause, an extension, somebody who has to agree)
// stands in a group of its kind, `beside`: its due day is its own, and never earlier than that of the others.
//
// Derived; kept by the applier. Threads: as plain vectors. Cost: Add one hash, Remove a walk over the group.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

namespace landfall::cases {

struct OwedKey {
  std::uint32_t matter;  // Index of a version.
  std::int32_t since;    // The day on which it could begin.
  bool beside;
};

struct OwedGroup {
  OwedKey key;
  std::vector<std::uint32_t> cases;  // Indices, in no order: a matter stands in a case once.
};

class OwedIndex {
 public:
  void Add(const OwedKey& key, std::uint32_t case_index);
  void Remove(const OwedKey& key, std::uint32_t case_index);  // Precondition: it was added.
  void Clear();
  // None of them empty, in no order.
  const std::vector<OwedGroup>& groups() const { return groups_; }

 private:
  std::vector<OwedGroup> groups_;
  std::unordered_map<std::uint64_t, std::uint32_t> by_key_;
};

}  // namespace landfall::cases
