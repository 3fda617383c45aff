// SPDX-License-Identifier: Apache-2.0
// Where a ledger's bytes lie: a file of SQLite (store_sqlite.h) or a PostgreSQL database (store_postgres.h). What both
// promise stands here; a test of one is a test of both (docs/adr/0007).
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace landfall::ledger {

// One group commit: one row with everything in it, so that a restart reads one row and hashes nothing (KERNEL §0).
struct CommitRow {
  std::uint64_t first =
      0;  // The seq of its first entry = the expected next seq: the unique key that stops a second writer.
  std::uint32_t count = 0;
  std::string body;            // Framed entries, see entry.h.
  std::string leaf_hashes;     // 32 bytes an entry.
  std::string frontier;        // The tree's right edge after this commit.
  std::uint64_t checksum = 0;  // XXH3-64 of body, leaf_hashes and frontier; a plain start checks it.
};
std::uint64_t ChecksumOf(const CommitRow& row);

struct ErasableRow {
  std::uint64_t seq = 0;
  std::uint32_t event = 0;
  std::string bytes;  // 32 salt bytes, then the payload.
};

struct TileRow {
  int level = 0;
  std::uint64_t index = 0;
  std::string bytes;  // 256 hashes
};

// One or more rows that become durable together: a batch of an import is many rows in one transaction.
struct Commit {
  std::vector<CommitRow> rows;
  std::vector<ErasableRow> erasable;
  // Payloads that the law makes us delete: no read finds them when Append returns. SQLite has then overwritten the
  // bytes in its file and its write-ahead log; PostgreSQL drops them at the next vacuum and when its log is recycled.
  std::vector<std::pair<std::uint64_t, std::uint32_t>> erase;
  std::vector<TileRow> tiles;
};

// Threads: Append from one thread at a time; everything else from any thread.
// Errors everywhere: store.io (Unavailable) when the disk or the engine refuses, store.corrupt (Corrupt).
class Store {
 public:
  virtual ~Store() = default;

  // Durable when it returns Ok. Errors: store.race_lost (Conflict) when another writer holds `first`; nothing is stored
  // then. store.answer_lost (Unavailable, PostgreSQL only): the connection went, and whether the commit is there will
  // be known by reading; the same bytes are never stored twice, because their place is then taken. After any other
  // error the caller must stop: whether the bytes are there is unknown.
  virtual Status Append(const Commit& commit) = 0;
  // What `fill` appends and puts becomes durable together when it answers Ok, else nothing of it. For filling a store
  // from another one; readers see none of it before the end. `fill` runs once, in the caller's thread.
  virtual Status AppendAll(const std::function<Status()>& fill) = 0;

  // Rows in order, from the one that holds `from_seq`, until the callback returns false or the rows end.
  // The row's bytes are valid during the call only. `budget`: rows are read by pages, no long transaction is held.
  virtual Status Scan(std::uint64_t from_seq, const std::function<bool(const CommitRow&)>& row) = 0;
  // The row that holds `seq`. Errors: entry.not_found.
  virtual Result<CommitRow> RowOf(std::uint64_t seq) = 0;
  virtual Result<std::optional<CommitRow>> LastRow() = 0;

  // Salt and payload of an erasable event; nothing when erased.
  virtual Result<std::optional<std::string>> Erasable(std::uint64_t seq, std::uint32_t event) = 0;
  // All of them with first_seq ≤ seq < end_seq, in order.
  virtual Status ScanErasable(std::uint64_t first_seq, std::uint64_t end_seq,
                              const std::function<void(std::uint64_t, std::uint32_t, std::string_view)>& row) = 0;
  virtual Result<std::string> Tile(int level, std::uint64_t index) = 0;

  // Small values: the signing key's public half, the format. Replaced as a whole.
  virtual Status PutMeta(std::string_view key, std::string_view value) = 0;
  virtual Result<std::optional<std::string>> Meta(std::string_view key) = 0;
  // All of them, in order of key.
  virtual Status ScanMeta(const std::function<Status(std::string_view key, std::string_view value)>& use) = 0;

  // Signed checkpoints, newest 1,000 kept.
  virtual Status PutCheckpoint(std::uint64_t size, std::string_view note) = 0;
  virtual Result<std::optional<std::string>> LastCheckpoint() = 0;
  virtual Status ScanCheckpoints(
      const std::function<void(std::uint64_t size, std::string_view note)>& use) = 0;  // By size.

  // Waits until another process has appended, at most `timeout`; true when it heard of it. A store that cannot hear
  // waits the time out, and the caller looks for itself: news may be missed, so look after each timeout too. Threads:
  // one that does nothing else; WakeListener, from any thread, ends a wait at once.
  virtual bool AwaitNews(std::chrono::milliseconds timeout) = 0;
  virtual void WakeListener() = 0;

  // A consistent copy while writing goes on, always a SQLite ledger. `path` is a file that must not exist. Progress:
  // pages done, pages in all; of a store that has no pages, entries.
  virtual Status Backup(const std::string& path, const std::function<void(int, int)>& progress) = 0;
};

}  // namespace landfall::ledger
