// SPDX-License-Identifier: Apache-2.0
// Where the bytes of an outside file come from. Readers pull fixed-size chunks, so that a file larger than memory, or
// one made to fill it, costs one buffer.
#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace landfall::exchange {

// Threads: one reader at a time.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // Fills the front of `out` (not empty) and returns how many bytes; 0 only at the end.
  // Errors: source.unreadable (kUnavailable), and those of the layer that implements it.
  virtual Result<std::size_t> Read(std::span<char> out) = 0;
  // The whole length in bytes, where it is known before reading.
  virtual std::optional<std::uint64_t> Size() const { return std::nullopt; }
};

// Reads text that outlives it.
class MemorySource final : public ByteSource {
 public:
  explicit MemorySource(std::string_view bytes) : rest_(bytes), size_(bytes.size()) {}
  Result<std::size_t> Read(std::span<char> out) override;
  std::optional<std::uint64_t> Size() const override { return size_; }

 private:
  std::string_view rest_;
  std::uint64_t size_;
};

class FileSource final : public ByteSource {
 public:
  // Opens a regular file. Errors: source.unreadable (kUnavailable), also for a folder or a device.
  static Result<std::unique_ptr<FileSource>> Open(const std::string& path);
  Result<std::size_t> Read(std::span<char> out) override;
  std::optional<std::uint64_t> Size() const override { return size_; }

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  FileSource(std::FILE* file, std::uint64_t size) : file_(file), size_(size) {}
  std::unique_ptr<std::FILE, Close> file_;
  std::uint64_t size_;
};

}  // namespace landfall::exchange
