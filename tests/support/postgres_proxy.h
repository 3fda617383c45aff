// SPDX-License-Identifier: Apache-2.0
// Stands between clients and a PostgreSQL server on Unix sockets, reads where its protocol's messages begin and end
// (frontend/backend protocol 3.0), and cuts a wire at the one it is told: before it is passed on, or right after.
//
// Messages of all wires and both directions are counted in the order in which they come by, so that a run that does the
// same again meets the same ones; threads of the client may exchange their turns. A cut happens once; what connects
// afterwards is served, unless it was for good. Threads: any may plan and ask.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace landfall::test {

class PostgresProxy {
 public:
  // Listens at the path `listen_at`, and carries to the path `server`.
  PostgresProxy(const std::string& listen_at, const std::string& server);
  ~PostgresProxy();
  PostgresProxy(const PostgresProxy&) = delete;
  PostgresProxy& operator=(const PostgresProxy&) = delete;

  // Begins to count anew, and cuts the wire of that message (from 1); 0: none. `for_good`: nothing is served
  // afterwards.
  void CutAt(std::uint64_t message, bool after, bool for_good = false);
  // The next words of any client are cut: before the server hears them, or the server's answer to them.
  enum class Cut { kQuestion, kAnswer };
  void CutNext(Cut cut);

  std::uint64_t messages() const;  // That have come by since CutAt.
  int cuts() const;
  // The last cut in words: "before client's B", "after server's Z"; the letters are the protocol's, "startup" has none.
  std::string last_cut() const;

 private:
  struct Shared;
  std::unique_ptr<Shared> shared_;
};

}  // namespace landfall::test
