// SPDX-License-Identifier: Apache-2.0
#include "simulate/scratch.h"

#include <stdlib.h>

#include <filesystem>

namespace landfall::simulate {

Result<Scratch> Scratch::Make() {
  std::error_code error;
  const std::filesystem::path memory = "/dev/shm";
  const bool there = std::filesystem::is_directory(memory, error);
  std::string pattern =
      ((there ? memory : std::filesystem::temp_directory_path(error)) / "landfall-simulate-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) return Unavailable("store.io", pattern);
  return Scratch(std::move(pattern));
}

Scratch::~Scratch() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

}  // namespace landfall::simulate
