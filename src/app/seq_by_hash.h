// SPDX-License-Identifier: Apache-2.0
// Which entry bears a key, by the key's 64-bit hash: one probe of a flat table, where a map of nodes misses the cache
// three times.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace landfall::app {

// Open addressing, linear probing (Knuth, TAOCP vol. 3, §6.4, algorithms L and R), at most half full: 32 to 64 bytes a
// key. Hashes must be well mixed; a seq is never 0. Threads: one. Cost: O(1), but for the Put that doubles the table.
class SeqByHash {
 public:
  void Reserve(std::size_t keys) {
    std::size_t size = 64;
    while (size < 2 * keys) size *= 2;
    if (size > slots_.size()) Resize(size);
  }
  // The seq put last under that hash; 0 for none.
  std::uint64_t Find(std::uint64_t hash) const {
    if (slots_.empty()) return 0;
    return slots_[PlaceOf(hash)].seq;
  }
  void Put(std::uint64_t hash, std::uint64_t seq) {
    Reserve(used_ + 1);
    Slot& slot = slots_[PlaceOf(hash)];
    used_ += slot.seq == 0;
    slot = {hash, seq};
  }
  void Erase(std::uint64_t hash) {
    if (slots_.empty()) return;
    std::size_t hole = PlaceOf(hash);
    if (slots_[hole].seq == 0) return;
    --used_;
    // What stands behind and may not be found across a hole moves up into it.
    for (std::size_t i = Next(hole); slots_[i].seq != 0; i = Next(i)) {
      const std::size_t home = slots_[i].hash & Mask();
      if (((i - home) & Mask()) < ((i - hole) & Mask())) continue;
      slots_[hole] = slots_[i];
      hole = i;
    }
    slots_[hole] = {};
  }
  void Clear() {
    slots_ = {};
    used_ = 0;
  }
  std::size_t size() const { return used_; }

 private:
  struct Slot {
    std::uint64_t hash = 0, seq = 0;  // seq 0: free.
  };
  std::size_t Mask() const { return slots_.size() - 1; }
  std::size_t Next(std::size_t i) const { return (i + 1) & Mask(); }
  // Where it stands, or the free slot where it would.
  std::size_t PlaceOf(std::uint64_t hash) const {
    std::size_t i = hash & Mask();
    while (slots_[i].seq != 0 && slots_[i].hash != hash) i = Next(i);
    return i;
  }
  void Resize(std::size_t size) {
    std::vector<Slot> old(size);
    old.swap(slots_);
    for (const Slot& slot : old)
      if (slot.seq != 0) slots_[PlaceOf(slot.hash)] = slot;
  }

  std::vector<Slot> slots_;  // A power of two.
  std::size_t used_ = 0;
};

}  // namespace landfall::app
