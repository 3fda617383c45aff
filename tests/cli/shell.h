// SPDX-License-Identifier: Apache-2.0
// Commands of a test's own making, run through the shell.
#pragma once

#include <sys/wait.h>

#include <cstdio>
#include <filesystem>
#include <string>

namespace landfall::test {

inline const std::filesystem::path kBinary = std::filesystem::path(LANDFALL_BINARY_DIR) / "landfall";

struct Output {
  int exit_code = -1;
  std::string text;  // stdout and stderr
};

// Every argument must be the test's own: nothing is quoted. Waits for the command to end.
inline Output Shell(const std::string& command) {
  Output output;
  std::FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  char part[4096];
  for (std::size_t n; (n = std::fread(part, 1, sizeof part, pipe)) > 0;) output.text.append(part, n);
  const int status = ::pclose(pipe);
  output.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return output;
}

}  // namespace landfall::test
