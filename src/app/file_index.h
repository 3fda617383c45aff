// SPDX-License-Identifier: Apache-2.0
// Which record names which file: what a project's files are, and who may read one.
//
// The ledger's payloads name evidence and photos by digest; this finds them the other way round. Derived: files.db lies
// beside the ledger, is read on from where it stands, and is made anew when it is missing or belongs to another past.
//
// Errors: file.index_filling (Unavailable) while more than a slice of the ledger is still to be read, store.*.
// Threads: any, behind one lock. Cost: 20 µs a record that is new to it, once; a look-up some 50 µs. Memory: none kept.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/hash.h"
#include "ledger/log.h"
#include "ledger/sqlite.h"

namespace landfall::app {

struct FileRef {
  Digest digest{};
  std::string on;  // "project/p88"
  std::uint64_t seq = 0;
  std::string event;  // "project.ground_recorded"
  bool photo = false;
};

class FileIndex {
 public:
  static constexpr std::uint64_t kSlice = 20'000;  // Entries that one call reads at most: half a second.

  // Made where it is not there.
  static Result<std::unique_ptr<FileIndex>> Open(const std::string& path);

  // What records of a subject name, newest first, at most `limit`. First reads what is new in `log`.
  Result<std::vector<FileRef>> Of(ledger::Log& log, std::string_view on, std::size_t limit);
  // Which subjects' records name a file, each once.
  Result<std::vector<std::string>> SubjectsOf(ledger::Log& log, const Digest& digest);

 private:
  explicit FileIndex(ledger::Connection db) : db_(std::move(db)) {}
  Status CatchUp(ledger::Log& log);
  Status Read(ledger::Log& log, std::uint64_t first, std::uint64_t last);
  ledger::Connection db_;
  std::mutex mutex_;
};

}  // namespace landfall::app
