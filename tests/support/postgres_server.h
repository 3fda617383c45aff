// SPDX-License-Identifier: Apache-2.0
// A private PostgreSQL for one test program: Debian's server binaries under an unprivileged user, on a Unix socket in a
// temporary folder, gone with the program. No cluster of the machine is touched.
#pragma once

#include <gtest/gtest.h>
#include <sys/types.h>

#include <string>
#include <vector>

#include "tests/support/test_data.h"

namespace landfall::test {

class PostgresServer {
 public:
  // Started at the first call. Null where there is no server to start; `why` then says what is missing.
  static PostgresServer* Shared(std::string* why = nullptr);
  ~PostgresServer();
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  // An empty database of its own; its address, as `user` ("owner" is the superuser).
  std::string NewDatabase();
  static std::string As(const std::string& address, const std::string& user);
  // The same database through another folder of sockets.
  std::string Through(const std::string& address, const std::string& socket_folder) const;
  std::string socket() const { return folder_ + "/s"; }

  // How a server ends: by PostgreSQL's own immediate stop, or every process of it by SIGKILL, none of which is asked.
  // What was committed is in the log of either.
  enum class End { kImmediate, kKilled };
  void Halt(End end = End::kImmediate);
  // Starts it again, with "name=value" settings that hold until the next start. False when it does not answer.
  bool Launch(const std::vector<std::string>& settings = {});
  bool Restart(End end = End::kImmediate) {
    Halt(end);
    return Launch();
  }

 private:
  PostgresServer() = default;
  std::string Start();  // Empty, or what went wrong.
  std::string folder_;
  uid_t user_ = 0;
  gid_t group_ = 0;
  pid_t pid_ = -1;
  int databases_ = 0;
};

}  // namespace landfall::test

// First line of a test that needs PostgreSQL: skips loudly where it is absent, fails in CI.
#define LF_NEEDS_POSTGRES()                                                         \
  do {                                                                              \
    std::string lf_why_;                                                            \
    if (::landfall::test::PostgresServer::Shared(&lf_why_) == nullptr) {            \
      if (::landfall::test::InCi()) FAIL() << "PostgreSQL is missing: " << lf_why_; \
      GTEST_SKIP() << "SKIPPED LOUDLY: no PostgreSQL: " << lf_why_;                 \
    }                                                                               \
  } while (false)
