// SPDX-License-Identifier: Apache-2.0
// The PostgreSQL that a bench compares with: the database that LANDFALL_BENCH_DATABASE names, which may be filled, or
// one of the bench's own, as the tests start it (Debian's server under an unprivileged user on a socket in $TMPDIR).
#pragma once

#include <cstdlib>
#include <optional>

#include "bench/bench.h"
#include "tests/support/postgres_server.h"

namespace landfall::bench {

// Its address; nothing, with a word to stderr, where there is no server. `settings`: "name=value" for a server of the
// bench's own, whose defaults are those of a small machine.
inline std::optional<std::string> BenchDatabase(std::string_view bench, const std::vector<std::string>& settings = {}) {
  if (const char* address = std::getenv("LANDFALL_BENCH_DATABASE")) return address;
  std::string why;
  test::PostgresServer* server = test::PostgresServer::Shared(&why);
  if (server != nullptr && !settings.empty()) {
    server->Halt();
    LF_CHECK(server->Launch(settings));
  }
  if (server != nullptr) return server->NewDatabase();
  fmt::print(stderr, "{}: SKIPPED: LANDFALL_BENCH_DATABASE names no database, and {}\n", bench, why);
  return std::nullopt;
}

}  // namespace landfall::bench
