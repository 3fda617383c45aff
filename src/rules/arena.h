// SPDX-License-Identifier: Apache-2.0
// Memory that is given out piece by piece and taken back all at once.
//
// Purpose: an expression builds strings, lists and maps whose number nobody knows beforehand. They live here, die with
// the next evaluation, and the blocks are used again, so that a warm evaluator asks the heap for nothing. Bounds:
// `limit` bytes between two Resets; past it Alloc answers nullptr and the evaluation ends with rules.memory_limit.
// Threads: one at a time.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <type_traits>
#include <vector>

namespace landfall::rules {

class Arena {
 public:
  explicit Arena(std::size_t limit = std::size_t{64} << 20) : limit_(limit) {}
  Arena(Arena&&) = default;
  Arena& operator=(Arena&&) = default;

  // Aligned to 8 bytes, not zeroed; nullptr when the limit is reached.
  void* Alloc(std::size_t bytes) {
    bytes = (bytes + 7) & ~std::size_t{7};
    if (bytes <= static_cast<std::size_t>(end_ - next_)) {
      void* out = next_;
      next_ += bytes;
      return out;
    }
    return AllocSlow(bytes);
  }
  template <class T>
  T* Array(std::size_t count) {
    static_assert(std::is_trivially_destructible_v<T> && alignof(T) <= 8);
    if (count > limit_ / sizeof(T)) return nullptr;
    return static_cast<T*>(Alloc(std::max<std::size_t>(count, 1) * sizeof(T)));
  }
  // A copy of `text`; data() is nullptr when the limit is reached.
  std::string_view Copy(std::string_view text) {
    char* out = Array<char>(text.size());
    if (out == nullptr) return {nullptr, 0};
    if (!text.empty()) std::memcpy(out, text.data(), text.size());
    return {out, text.size()};
  }
  // Forgets everything given out. What was needed stays, up to 256 KiB in one block, so that the next user finds it
  // ready.
  void Reset() {
    if (blocks_.size() > 1) {
      const std::size_t size = std::min(taken_, kBlockMost);
      blocks_.clear();
      taken_ = 0;
      AddBlock(size);
    }
    next_ = blocks_.empty() ? nullptr : blocks_[0].bytes.get();
    end_ = blocks_.empty() ? nullptr : next_ + blocks_[0].size;
  }

 private:
  static constexpr std::size_t kBlockMost = std::size_t{256} << 10;

  struct Block {
    std::unique_ptr<char[]> bytes;
    std::size_t size = 0;
  };
  void* AllocSlow(std::size_t bytes) {
    std::size_t size = blocks_.empty() ? std::size_t{4096} : std::min(blocks_.back().size * 2, kBlockMost);
    size = std::max(size, bytes);
    if (taken_ + size > limit_) size = bytes;
    if (bytes > limit_ || taken_ + size > limit_) return nullptr;
    AddBlock(size);
    next_ = blocks_.back().bytes.get() + bytes;
    end_ = blocks_.back().bytes.get() + size;
    return blocks_.back().bytes.get();
  }

  void AddBlock(std::size_t size) {
    blocks_.push_back({std::make_unique_for_overwrite<char[]>(size), size});
    taken_ += size;
  }

  std::vector<Block> blocks_;
  char* next_ = nullptr;
  char* end_ = nullptr;
  std::size_t taken_ = 0;
  std::size_t limit_;
};

}  // namespace landfall::rules
