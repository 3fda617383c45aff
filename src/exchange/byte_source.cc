// SPDX-License-Identifier: Apache-2.0
#include "exchange/byte_source.h"

#include <algorithm>
#include <cstring>
#include <filesystem>

namespace landfall::exchange {

Result<std::size_t> MemorySource::Read(std::span<char> out) {
  const std::size_t count = std::min(out.size(), rest_.size());
  if (count > 0) std::memcpy(out.data(), rest_.data(), count);
  rest_.remove_prefix(count);
  return count;
}

Result<std::unique_ptr<FileSource>> FileSource::Open(const std::string& path) {
  // A device or a pipe could deliver for ever or block; an imported file does neither.
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error))
    return Unavailable("source.unreadable", "The path names no regular file.");
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  std::FILE* file = error ? nullptr : std::fopen(path.c_str(), "rb");
  if (file == nullptr) return Unavailable("source.unreadable", "The file cannot be opened.");
  return std::unique_ptr<FileSource>(new FileSource(file, size));
}

Result<std::size_t> FileSource::Read(std::span<char> out) {
  const std::size_t count = std::fread(out.data(), 1, out.size(), file_.get());
  if (count == 0 && std::ferror(file_.get()) != 0)
    return Unavailable("source.unreadable", "The system refused to read the file.");
  return count;
}

}  // namespace landfall::exchange
