// SPDX-License-Identifier: Apache-2.0
// Real data that may not be vendored lives outside the repository.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace landfall::test {

// $LANDFALL_TEST_DATA, else ../shared/data beside the checkout.
inline std::filesystem::path TestData() {
  if (const char* dir = std::getenv("LANDFALL_TEST_DATA")) return dir;
  return std::filesystem::path(LANDFALL_SOURCE_DIR) / ".." / "shared" / "data";
}

inline bool InCi() {
  const char* ci = std::getenv("CI");
  return ci != nullptr && std::string(ci) == "true";
}

// Whether the long loops run whole (LANDFALL_TEST_ALL=1) instead of a seeded slice.
inline bool TestAll() {
  const char* all = std::getenv("LANDFALL_TEST_ALL");
  return all != nullptr && std::string(all) == "1";
}

inline std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace landfall::test

// First line of a test that needs `relative` below the test data: skips loudly where it is absent, fails in CI.
#define LF_NEEDS_DATA(relative)                                                                         \
  do {                                                                                                  \
    if (!std::filesystem::exists(::landfall::test::TestData() / (relative))) {                          \
      if (::landfall::test::InCi()) FAIL() << "test data is missing: " << (relative);                   \
      GTEST_SKIP() << "SKIPPED LOUDLY: no " << (relative) << " below " << ::landfall::test::TestData(); \
    }                                                                                                   \
  } while (false)
