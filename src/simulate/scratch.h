// SPDX-License-Identifier: Apache-2.0
// A folder for the few files that lie beside a simulated ledger (its signing key, the newest checkpoint). In memory
// where the system has such a place; removed at the end.
#pragma once

#include <string>

#include "base/result.h"

namespace landfall::simulate {

class Scratch {
 public:
  // Errors: store.io.
  static Result<Scratch> Make();
  ~Scratch();
  Scratch(Scratch&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  Scratch& operator=(Scratch&&) = delete;
  const std::string& path() const { return path_; }

 private:
  explicit Scratch(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

}  // namespace landfall::simulate
