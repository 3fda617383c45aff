// SPDX-License-Identifier: Apache-2.0
#include "ledger/store_postgres.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <mutex>
#include <thread>

#include "ledger/postgres.h"
#include "ledger/postgres_schema.h"
#include "ledger/store_copy.h"
#include "ledger/store_sqlite.h"

namespace landfall::ledger {
namespace {

using std::chrono::steady_clock;

constexpr int kKeptCheckpoints = 1000;
constexpr int kRowsPerPage = 64;
// A commit of more statements than this goes by COPY: fewer messages, at the price of some round trips.
constexpr std::size_t kPipelinedStatements = 256;
constexpr std::size_t kErasableOneByOne = 2;
constexpr std::size_t kCopyPiece = 1 << 20;

struct Prepared {
  const char* name;
  const char* sql;
};

constexpr Prepared kReads[] = {
    {"scan",
     "SELECT first, n, body, leaf_hashes, frontier, checksum FROM landfall.commits "
     "WHERE jurisdiction = $1 AND first >= $2 ORDER BY first LIMIT $3"},
    {"scan_from",
     "SELECT first, n, body, leaf_hashes, frontier, checksum FROM landfall.commits WHERE jurisdiction = $1 AND "
     "first >= coalesce((SELECT max(first) FROM landfall.commits WHERE jurisdiction = $1 AND first <= $2), 0) "
     "ORDER BY first LIMIT $3"},
    {"row_of",
     "SELECT first, n, body, leaf_hashes, frontier, checksum FROM landfall.commits "
     "WHERE jurisdiction = $1 AND first <= $2 ORDER BY first DESC LIMIT 1"},
    {"last",
     "SELECT first, n, body, leaf_hashes, frontier, checksum FROM landfall.commits "
     "WHERE jurisdiction = $1 ORDER BY first DESC LIMIT 1"},
    {"erasable", "SELECT bytes FROM landfall.erasable WHERE jurisdiction = $1 AND seq = $2 AND event = $3"},
    {"scan_erasable",
     "SELECT seq, event, bytes FROM landfall.erasable WHERE jurisdiction = $1 AND (seq, event) > ($2, $3) AND seq < $4 "
     "ORDER BY seq, event LIMIT $5"},
    {"tile", "SELECT bytes FROM landfall.tiles WHERE jurisdiction = $1 AND level = $2 AND idx = $3"},
    {"meta", "SELECT value FROM landfall.meta WHERE jurisdiction = $1 AND key = $2"},
    {"all_meta", "SELECT key, value FROM landfall.meta WHERE jurisdiction = $1 ORDER BY key COLLATE \"C\""},
    {"last_checkpoint", "SELECT note FROM landfall.checkpoints WHERE jurisdiction = $1 ORDER BY size DESC LIMIT 1"},
    {"checkpoints", "SELECT size, note FROM landfall.checkpoints WHERE jurisdiction = $1 ORDER BY size"},
    {"exists", "SELECT 1 FROM landfall.ledgers WHERE jurisdiction = $1"},
};

constexpr Prepared kWrites[] = {
    {"begin", "BEGIN"},
    {"commit", "COMMIT"},
    // Those that LISTEN are told when the transaction is done, never before, and once.
    {"insert", "INSERT INTO landfall.commits VALUES($1, $2, $3, $4, $5, $6, $7) RETURNING pg_notify('landfall', $1)"},
    {"insert_erasable", "INSERT INTO landfall.erasable VALUES($1, $2, $3, $4)"},
    // All of a commit at once: a statement for each took longer than the commit itself. For one or two it is the slower
    // way.
    {"insert_erasables",
     "INSERT INTO landfall.erasable SELECT $1, * FROM unnest($2::bigint[], $3::integer[], $4::bytea[])"},
    {"insert_tile", "INSERT INTO landfall.tiles VALUES($1, $2, $3, $4)"},
    {"delete_erasable", "DELETE FROM landfall.erasable WHERE jurisdiction = $1 AND seq = $2 AND event = $3"},
    {"notify", "SELECT pg_notify('landfall', $1)"},
    {"register", "INSERT INTO landfall.ledgers(jurisdiction) VALUES($1)"},
    {"put_meta",
     "INSERT INTO landfall.meta VALUES($1, $2, $3) ON CONFLICT (jurisdiction, key) DO UPDATE SET value = "
     "EXCLUDED.value"},
    {"put_checkpoint",
     "INSERT INTO landfall.checkpoints VALUES($1, $2, $3) "
     "ON CONFLICT (jurisdiction, size) DO UPDATE SET note = EXCLUDED.note"},
    {"trim_checkpoints",
     "DELETE FROM landfall.checkpoints WHERE jurisdiction = $1 AND size < "
     "(SELECT size FROM landfall.checkpoints WHERE jurisdiction = $1 ORDER BY size DESC OFFSET $2 LIMIT 1)"},
};

CommitRow RowFrom(const PgResult& r, int i) {
  CommitRow row;
  row.first = static_cast<std::uint64_t>(r.Int(i, 0));
  row.count = static_cast<std::uint32_t>(r.Int(i, 1));
  row.body = r.Bytes(i, 2);
  row.leaf_hashes = r.Bytes(i, 3);
  row.frontier = r.Bytes(i, 4);
  row.checksum = static_cast<std::uint64_t>(r.Int(i, 5));
  return row;
}

std::int64_t Signed(std::uint64_t value) { return static_cast<std::int64_t>(value); }

bool IsLost(const Status& status) { return !status && status.error().code == "store.connection_lost"; }

// One connection that is sought again when it is lost.
class Session {
 public:
  Session(std::string address, const PostgresOptions& options, bool writes)
      : address_(std::move(address)), options_(options), writes_(writes) {}

  // One attempt.
  Status Connect() {
    LF_ASSIGN(PgConnection fresh, PgConnection::Open(address_, {.read_write = writes_}));
    LF_TRY(CheckSchema(fresh));
    if (writes_) LF_TRY(CheckDurable(fresh));
    for (const Prepared& p : kReads) LF_TRY(fresh.Prepare(p.name, p.sql));
    if (writes_)
      for (const Prepared& p : kWrites) LF_TRY(fresh.Prepare(p.name, p.sql));
    connection_ = std::move(fresh);
    return Ok{};
  }

  // Attempts until patience ends. Errors: store.io.
  Status Reconnect() {
    if (connection_.alive()) return Ok{};
    const auto give_up = steady_clock::now() + options_.patience;
    auto pause = std::chrono::milliseconds(20);
    for (;;) {
      Status connected = Connect();
      if (connected || !IsLost(connected)) return connected;
      if (steady_clock::now() + pause > give_up) return Unavailable("store.io", connected.error().detail);
      std::this_thread::sleep_for(pause);
      pause = std::min(2 * pause, std::chrono::milliseconds(1000));
    }
  }

  // One view of the database from here on: a lost connection is an error then, because a fresh one would see more.
  Status Freeze() {
    frozen_ = true;
    return connection_.Exec("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY");
  }

  void Drop() { connection_ = {}; }
  PgConnection& connection() { return connection_; }

  // A read is repeated on a fresh connection when the old one was lost.
  Result<PgResult> Read(const char* name, const PgParams& params) {
    for (int attempt = 0;; ++attempt) {
      LF_TRY(Reconnect());
      auto result = connection_.RunPrepared(name, params);
      if (result || result.error().code != "store.connection_lost") return result;
      if (attempt == 3 || frozen_) return Unavailable("store.io", result.error().detail);
      Drop();
    }
  }

 private:
  static Status CheckDurable(PgConnection& fresh) {
    // An acknowledged entry is durable, whatever the database's owner has set for others.
    LF_ASSIGN(const PgResult set, fresh.Query("SELECT (current_setting('fsync') = 'on')::int, "
                                              "(current_setting('synchronous_commit') = 'off')::int",
                                              {}));
    if (set.Int(0, 0) == 0) return Conflict("store.not_durable", "fsync = off");
    if (set.Int(0, 1) != 0) LF_TRY(fresh.Exec("SET synchronous_commit = on"));
    // A writer that hangs between two statements must not hold up the others for ever.
    return fresh.Exec("SET idle_in_transaction_session_timeout = '20s'");
  }

  const std::string address_;
  const PostgresOptions options_;
  const bool writes_;
  bool frozen_ = false;
  PgConnection connection_;
};

class PostgresStore final : public Store {
 public:
  PostgresStore(std::string address, const PostgresOptions& options)
      : address_(std::move(address)),
        options_(options),
        writer_(address_, options, true),
        reader_(address_, options, false),
        wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}
  ~PostgresStore() override { ::close(wake_); }

  Status Open() {
    if (!options_.read_only) {
      Status connected = writer_.Connect();
      if (!connected && options_.create && connected.error().code == "store.not_prepared") {
        LF_TRY(PreparePostgres(address_));
        connected = writer_.Connect();
      }
      LF_TRY(std::move(connected));
    }
    LF_TRY(reader_.Connect());
    PgParams p;
    LF_ASSIGN(const PgResult there, reader_.Read("exists", p.Bytes(options_.jurisdiction)));
    if (options_.create && there.rows() > 0) return Conflict("store.exists", options_.jurisdiction);
    if (!options_.create && there.rows() == 0) return NotFound("store.missing", options_.jurisdiction);
    registered_ = there.rows() > 0;
    return Ok{};
  }

  // From here on the reader sees the ledger as it stands now.
  Status Freeze() { return reader_.Freeze(); }

  Status Append(const Commit& commit) override {
    std::lock_guard lock(writer_mutex_);
    if (in_append_all_) return AppendWithin(commit);
    LF_TRY(writer_.Reconnect());
    const std::size_t statements = commit.rows.size() + commit.erase.size() + commit.tiles.size();
    return Settled(statements <= kPipelinedStatements ? AppendByPipeline(commit)
                                                      : InTransaction([&] { return AppendWithin(commit); }));
  }

  Status AppendAll(const std::function<Status()>& fill) override {
    std::lock_guard lock(writer_mutex_);
    LF_TRY(writer_.Reconnect());
    in_append_all_ = true;
    Status done = InTransaction(fill);
    in_append_all_ = false;
    return Settled(std::move(done));
  }

  Status Scan(std::uint64_t from_seq, const std::function<bool(const CommitRow&)>& use) override {
    std::uint64_t next = from_seq;
    const char* statement = "scan_from";
    for (;;) {
      PgParams p;
      p.Bytes(options_.jurisdiction).Int(Signed(next)).Int(kRowsPerPage);
      LF_ASSIGN(const PgResult page, Read(statement, p));
      statement = "scan";
      for (int i = 0; i < page.rows(); ++i) {
        const CommitRow row = RowFrom(page, i);
        if (!use(row)) return Ok{};
        next = row.first + row.count;
      }
      if (page.rows() < kRowsPerPage) return Ok{};
    }
  }

  Result<CommitRow> RowOf(std::uint64_t seq) override {
    PgParams p;
    LF_ASSIGN(const PgResult found, Read("row_of", p.Bytes(options_.jurisdiction).Int(Signed(seq))));
    if (found.rows() == 0) return NotFound("entry.not_found", "no entry " + std::to_string(seq));
    CommitRow row = RowFrom(found, 0);
    if (seq >= row.first + row.count) return NotFound("entry.not_found", "no entry " + std::to_string(seq));
    return row;
  }

  Result<std::optional<CommitRow>> LastRow() override {
    PgParams p;
    LF_ASSIGN(const PgResult found, Read("last", p.Bytes(options_.jurisdiction)));
    if (found.rows() == 0) return std::optional<CommitRow>();
    return std::optional<CommitRow>(RowFrom(found, 0));
  }

  Result<std::optional<std::string>> Erasable(std::uint64_t seq, std::uint32_t event) override {
    PgParams p;
    p.Bytes(options_.jurisdiction).Int(Signed(seq)).Int4(static_cast<std::int32_t>(event));
    return OneValue("erasable", p);
  }

  Status ScanErasable(std::uint64_t first_seq, std::uint64_t end_seq,
                      const std::function<void(std::uint64_t, std::uint32_t, std::string_view)>& use) override {
    constexpr int kPage = 4096;
    std::int64_t seq = Signed(first_seq) - 1;
    auto event = INT32_MAX;
    for (;;) {
      PgParams p;
      p.Bytes(options_.jurisdiction).Int(seq).Int4(event).Int(Signed(end_seq)).Int(kPage);
      LF_ASSIGN(const PgResult page, Read("scan_erasable", p));
      for (int i = 0; i < page.rows(); ++i) {
        seq = page.Int(i, 0);
        event = static_cast<std::int32_t>(page.Int(i, 1));
        use(static_cast<std::uint64_t>(seq), static_cast<std::uint32_t>(event), page.Bytes(i, 2));
      }
      if (page.rows() < kPage) return Ok{};
    }
  }

  Result<std::string> Tile(int level, std::uint64_t index) override {
    PgParams p;
    LF_ASSIGN(std::optional<std::string> bytes,
              OneValue("tile", p.Bytes(options_.jurisdiction).Int4(level).Int(Signed(index))));
    if (!bytes)
      return Corrupt("store.corrupt", "tile " + std::to_string(level) + "/" + std::to_string(index) + " is missing");
    return std::move(*bytes);
  }

  Status PutMeta(std::string_view key, std::string_view value) override {
    return Write([&]() -> Status {
      PgParams p;
      return Run("put_meta", p.Bytes(options_.jurisdiction).Bytes(key).Bytes(value));
    });
  }

  Result<std::optional<std::string>> Meta(std::string_view key) override {
    PgParams p;
    return OneValue("meta", p.Bytes(options_.jurisdiction).Bytes(key));
  }

  Status ScanMeta(const std::function<Status(std::string_view, std::string_view)>& use) override {
    PgParams p;
    LF_ASSIGN(const PgResult all, Read("all_meta", p.Bytes(options_.jurisdiction)));
    for (int i = 0; i < all.rows(); ++i) LF_TRY(use(all.Bytes(i, 0), all.Bytes(i, 1)));
    return Ok{};
  }

  Status PutCheckpoint(std::uint64_t size, std::string_view note) override {
    return Write([&]() -> Status {
      PgParams put;
      LF_TRY(Run("put_checkpoint", put.Bytes(options_.jurisdiction).Int(Signed(size)).Bytes(note)));
      PgParams trim;
      return Run("trim_checkpoints", trim.Bytes(options_.jurisdiction).Int(kKeptCheckpoints - 1));
    });
  }

  Result<std::optional<std::string>> LastCheckpoint() override {
    PgParams p;
    return OneValue("last_checkpoint", p.Bytes(options_.jurisdiction));
  }

  Status ScanCheckpoints(const std::function<void(std::uint64_t, std::string_view)>& use) override {
    PgParams p;
    LF_ASSIGN(const PgResult all, Read("checkpoints", p.Bytes(options_.jurisdiction)));
    for (int i = 0; i < all.rows(); ++i) use(static_cast<std::uint64_t>(all.Int(i, 0)), all.Bytes(i, 1));
    return Ok{};
  }

  Status Backup(const std::string& path, const std::function<void(int, int)>& progress) override {
    if (std::filesystem::exists(path)) return Conflict("store.exists", path);
    PostgresOptions options = options_;
    options.read_only = true;
    options.create = false;
    PostgresStore frozen(address_, options);
    LF_TRY(frozen.Open());
    LF_TRY(frozen.Freeze());
    return CopyToFile(frozen, path, progress);
  }

  bool AwaitNews(std::chrono::milliseconds timeout) override {
    const auto until = steady_clock::now() + timeout;
    if (!listener_.alive() && !Listen()) {
      // No news without a connection: the caller looks for itself when the time has passed.
      Wait(-1, until);
      return false;
    }
    for (;;) {
      if (TakeNews()) return true;
      if (!listener_.alive() || steady_clock::now() >= until) return false;
      if (Wait(PQsocket(listener_.get()), until)) return false;
      if (PQconsumeInput(listener_.get()) != 1) {
        listener_ = {};
        return false;
      }
    }
  }

  void WakeListener() override {
    const std::uint64_t one = 1;
    (void)!::write(wake_, &one, sizeof one);
  }

 private:
  Result<PgResult> Read(const char* name, const PgParams& params) {
    std::lock_guard lock(reader_mutex_);
    return reader_.Read(name, params);
  }

  Result<std::optional<std::string>> OneValue(const char* name, const PgParams& params) {
    LF_ASSIGN(const PgResult found, Read(name, params));
    if (found.rows() == 0) return std::optional<std::string>();
    return std::optional<std::string>(found.Bytes(0, 0));
  }

  // ---- writing; under writer_mutex_ ----

  Status Run(const char* name, const PgParams& params) {
    LF_ASSIGN(const PgResult ignored, writer_.connection().RunPrepared(name, params));
    return Ok{};
  }

  // A small value: written anew when the connection was lost, because putting it twice is the same as once.
  Status Write(const std::function<Status()>& write) {
    std::lock_guard lock(writer_mutex_);
    if (in_append_all_) return write();
    for (int attempt = 0;; ++attempt) {
      LF_TRY(writer_.Reconnect());
      Status done = InTransaction(write);
      if (!IsLost(done)) return done;
      writer_.Drop();
      if (attempt == 3) return Unavailable("store.io", done.error().detail);
    }
  }

  // After a lost connection nobody knows whether the commit is there.
  Status Settled(Status done) {
    if (!IsLost(done)) return done;
    writer_.Drop();
    return Unavailable("store.answer_lost", done.error().detail);
  }

  // With the first write. Of two that make the same ledger at once, the second is refused here before it has
  // overwritten anything of the first.
  Status Register() {
    if (registered_) return Ok{};
    PgParams p;
    Status made = Run("register", p.Bytes(options_.jurisdiction));
    if (!made && made.error().code == "store.race_lost") return Conflict("store.exists", options_.jurisdiction);
    return made;
  }

  Status InTransaction(const std::function<Status()>& work) {
    PgParams none;
    LF_TRY(Run("begin", none));
    Status done = Register();
    if (done) done = work();
    if (done) {
      LF_ASSIGN(const PgResult committed, writer_.connection().RunPrepared("commit", none));
      if (committed.command_tag() != "COMMIT") return Unavailable("store.io", "the transaction was undone");
      registered_ = true;
      return Ok{};
    }
    RollBack();
    return done;
  }

  void RollBack() {
    // The first error is the one to tell; a connection that cannot even roll back is not used again.
    if (!writer_.connection().Exec("ROLLBACK")) writer_.Drop();
  }

  Status AppendByPipeline(const Commit& commit) {
    const std::string& place = options_.jurisdiction;
    PgConnection& c = writer_.connection();
    std::string tag;
    LF_TRY(c.BeginPipeline());
    Status sent = SendCommit(c, place, commit);
    Status finished = c.FinishPipeline(tag);
    if (sent && finished && tag == "COMMIT") {
      registered_ = true;
      return Ok{};
    }
    if (c.alive()) RollBack();
    if (!finished) return finished;
    return sent ? Unavailable("store.io", "the transaction was undone") : sent;
  }

  Status SendCommit(PgConnection& c, const std::string& place, const Commit& commit) {
    PgParams none;
    LF_TRY(c.Send("begin", none));
    if (!registered_) {
      PgParams p;
      LF_TRY(c.Send("register", p.Bytes(place)));
    }
    for (const CommitRow& row : commit.rows) {
      PgParams p;
      p.Bytes(place).Int(Signed(row.first)).Int4(static_cast<std::int32_t>(row.count)).Bytes(row.body);
      LF_TRY(c.Send("insert", p.Bytes(row.leaf_hashes).Bytes(row.frontier).Int(Signed(row.checksum))));
    }
    if (commit.erasable.size() <= kErasableOneByOne) {
      for (const ErasableRow& row : commit.erasable) {
        PgParams p;
        p.Bytes(place).Int(Signed(row.seq)).Int4(static_cast<std::int32_t>(row.event));
        LF_TRY(c.Send("insert_erasable", p.Bytes(row.bytes)));
      }
    } else {
      PgArray seqs(PgArray::Of::bigint), events(PgArray::Of::integer), bytes(PgArray::Of::bytea);
      for (const ErasableRow& row : commit.erasable) {
        seqs.Int(Signed(row.seq));
        events.Int4(static_cast<std::int32_t>(row.event));
        bytes.Bytes(row.bytes);
      }
      PgParams p;
      LF_TRY(c.Send("insert_erasables", p.Bytes(place).Bytes(seqs.View()).Bytes(events.View()).Bytes(bytes.View())));
    }
    for (const auto& [seq, event] : commit.erase) {
      PgParams p;
      LF_TRY(c.Send("delete_erasable", p.Bytes(place).Int(Signed(seq)).Int4(static_cast<std::int32_t>(event))));
    }
    for (const TileRow& tile : commit.tiles) {
      PgParams p;
      LF_TRY(c.Send("insert_tile", p.Bytes(place).Int4(tile.level).Int(Signed(tile.index)).Bytes(tile.bytes)));
    }
    return c.Send("commit", none);
  }

  // Within a transaction that somebody else begins and ends.
  Status AppendWithin(const Commit& commit) {
    LF_TRY(CopyRows(
        "COPY landfall.commits FROM STDIN (FORMAT binary)", commit.rows,
        [](PgCopyRows& out, const CommitRow& row) {
          out.Int(Signed(row.first));
          out.Int4(static_cast<std::int32_t>(row.count));
          out.Bytes(row.body);
          out.Bytes(row.leaf_hashes);
          out.Bytes(row.frontier);
          out.Int(Signed(row.checksum));
        },
        7));
    LF_TRY(CopyRows(
        "COPY landfall.erasable FROM STDIN (FORMAT binary)", commit.erasable,
        [](PgCopyRows& out, const ErasableRow& row) {
          out.Int(Signed(row.seq));
          out.Int4(static_cast<std::int32_t>(row.event));
          out.Bytes(row.bytes);
        },
        4));
    LF_TRY(CopyRows(
        "COPY landfall.tiles FROM STDIN (FORMAT binary)", commit.tiles,
        [](PgCopyRows& out, const TileRow& tile) {
          out.Int4(tile.level);
          out.Int(Signed(tile.index));
          out.Bytes(tile.bytes);
        },
        4));
    for (const auto& [seq, event] : commit.erase) {
      PgParams p;
      LF_TRY(Run("delete_erasable",
                 p.Bytes(options_.jurisdiction).Int(Signed(seq)).Int4(static_cast<std::int32_t>(event))));
    }
    PgParams p;
    return Run("notify", p.Bytes(options_.jurisdiction));
  }

  template <class Row, class Write>
  Status CopyRows(const char* sql, const std::vector<Row>& rows, const Write& write, int columns) {
    if (rows.empty()) return Ok{};
    PgConnection& c = writer_.connection();
    LF_TRY(c.BeginCopy(sql));
    PgCopyRows out;
    for (const Row& row : rows) {
      out.BeginRow(columns);
      out.Bytes(options_.jurisdiction);
      write(out, row);
      if (out.size() >= kCopyPiece) LF_TRY(c.PutCopy(out.Take()));
    }
    LF_TRY(c.PutCopy(out.End()));
    return c.EndCopy();
  }

  // ---- news; one thread ----

  bool Listen() {
    auto fresh = PgConnection::Open(address_, {.read_write = false});
    if (!fresh || !fresh->Exec("LISTEN landfall")) return false;
    listener_ = std::move(*fresh);
    return true;
  }

  bool TakeNews() {
    bool ours = false;
    while (PGnotify* news = PQnotifies(listener_.get())) {
      ours = ours || options_.jurisdiction == news->extra;
      PQfreemem(news);
    }
    return ours;
  }

  // True when it was woken.
  bool Wait(int socket, steady_clock::time_point until) {
    pollfd fds[2] = {{wake_, POLLIN, 0}, {socket, POLLIN, 0}};
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - steady_clock::now());
    ::poll(fds, socket < 0 ? 1 : 2, static_cast<int>(std::max<std::int64_t>(0, left.count())));
    std::uint64_t count = 0;
    return (fds[0].revents & POLLIN) != 0 && ::read(wake_, &count, sizeof count) == sizeof count;
  }

  const std::string address_;
  const PostgresOptions options_;
  std::recursive_mutex writer_mutex_;  // AppendAll holds it while its caller appends.
  Session writer_;
  bool registered_ = false;
  bool in_append_all_ = false;
  std::mutex reader_mutex_;
  Session reader_;
  PgConnection listener_;
  const int wake_;
};

}  // namespace

Result<std::unique_ptr<Store>> OpenPostgresStore(const std::string& address, const PostgresOptions& options) {
  auto store = std::make_unique<PostgresStore>(address, options);
  LF_TRY(store->Open());
  return std::unique_ptr<Store>(std::move(store));
}

Result<std::vector<std::string>> PostgresLedgers(const std::string& address) {
  LF_ASSIGN(PgConnection connection, PgConnection::Open(address, {.read_write = false}));
  LF_TRY(CheckSchema(connection));
  LF_ASSIGN(const PgResult found,
            connection.Query("SELECT jurisdiction FROM landfall.ledgers ORDER BY jurisdiction", {}));
  std::vector<std::string> all;
  for (int i = 0; i < found.rows(); ++i) all.emplace_back(found.Bytes(i, 0));
  return all;
}

Status CheckPostgresAddress(const std::string& address) {
  char* said = nullptr;
  PQconninfoOption* options = PQconninfoParse(address.c_str(), &said);
  if (options != nullptr) {
    PQconninfoFree(options);
    return Ok{};
  }
  // What libpq says may quote the address, and with it a password.
  PQfreemem(said);
  return Invalid("store.bad_address");
}

Result<int> PreparePostgres(const std::string& address) {
  LF_ASSIGN(PgConnection connection, PgConnection::Open(address, {.read_write = true}));
  return PrepareSchema(connection);
}

}  // namespace landfall::ledger
