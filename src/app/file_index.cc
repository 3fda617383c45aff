// SPDX-License-Identifier: Apache-2.0
#include "app/file_index.h"

#include <cstring>
#include <filesystem>

#include "ledger/entry.h"

namespace landfall::app {
namespace {

using ledger::Statement;

// `mark` is one row: up to which entry the ledger was read, and that entry's hash, which tells one past from another.
// What is derived may lose its newest rows in a power cut, so nothing waits for the disk.
constexpr const char* kSchema = R"sql(
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
CREATE TABLE IF NOT EXISTS file(digest BLOB NOT NULL, subject TEXT NOT NULL, seq INTEGER NOT NULL, event TEXT NOT NULL,
                                photo INTEGER NOT NULL, PRIMARY KEY(digest, subject, seq, event)) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS file_by_subject ON file(subject, seq);
CREATE TABLE IF NOT EXISTS mark(one INTEGER PRIMARY KEY CHECK(one = 1), seq INTEGER NOT NULL, hash BLOB NOT NULL) STRICT;
)sql";

// What was indexed by an older program, which did not know some of these members, is read anew.
constexpr int kSchemaVersion = 2;

// The members of events that name files: lists of digests, and papers of a case with one each.
constexpr std::array<std::string_view, 2> kMembers{"evidence", "photos"};
constexpr std::string_view kPapers = "papers", kDigest = "digest";

std::vector<std::pair<Digest, bool>> FilesIn(simdjson::dom::parser& parser, std::string_view payload) {
  std::vector<std::pair<Digest, bool>> files;
  if (payload.find("sha256:") == std::string_view::npos) return files;
  simdjson::dom::element root;
  if (parser.parse(payload.data(), payload.size()).get(root) != simdjson::SUCCESS) return files;
  for (const std::string_view member : kMembers) {
    simdjson::dom::array list;
    if (root[member].get_array().get(list) != simdjson::SUCCESS) continue;
    for (const simdjson::dom::element item : list) {
      std::string_view text;
      if (item.get_string().get(text) != simdjson::SUCCESS) continue;
      if (const auto digest = ParseDigestText(text)) files.emplace_back(*digest, member == "photos");
    }
  }
  simdjson::dom::array papers;
  if (root[kPapers].get_array().get(papers) != simdjson::SUCCESS) return files;
  for (const simdjson::dom::element paper : papers) {
    std::string_view text;
    if (paper[kDigest].get_string().get(text) != simdjson::SUCCESS) continue;
    if (const auto digest = ParseDigestText(text)) files.emplace_back(*digest, false);
  }
  return files;
}

Status ForgetOlder(ledger::Connection& db) {
  int version = 0;
  {
    LF_ASSIGN(Statement select, Statement::Prepare(db.get(), "PRAGMA user_version"));
    LF_TRY(select.Step());
    version = static_cast<int>(select.Int(0));
  }
  if (version == kSchemaVersion) return Ok{};
  LF_TRY(db.Exec("DELETE FROM mark"));
  return db.Exec(("PRAGMA user_version = " + std::to_string(kSchemaVersion)).c_str());
}

}  // namespace

Result<std::unique_ptr<FileIndex>> FileIndex::Open(const std::string& path) {
  const auto open = [&]() -> Result<std::unique_ptr<FileIndex>> {
    LF_ASSIGN(ledger::Connection db, ledger::Connection::Open(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, {}));
    LF_TRY(db.Exec(kSchema));
    LF_TRY(ForgetOlder(db));
    return std::unique_ptr<FileIndex>(new FileIndex(std::move(db)));
  };
  auto index = open();
  if (index || index.error().fault != Fault::kCorrupt) return index;
  // Damaged, but it says nothing that the ledger does not.
  std::error_code ignored;
  for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(path + end, ignored);
  return open();
}

Status FileIndex::Read(ledger::Log& log, std::uint64_t first, std::uint64_t last) {
  LF_ASSIGN(Statement insert,
            Statement::Prepare(db_.get(), "INSERT INTO file VALUES(?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING"));
  simdjson::dom::parser parser;
  ledger::Leaf leaf;
  Digest hash{};
  for (std::uint64_t seq = first; seq <= last; ++seq) {
    LF_ASSIGN(const ledger::EntryRecord record, log.Entry(seq));
    hash = record.leaf_hash;
    if (!ledger::ParseLeaf(record.leaf, leaf) || leaf.events.size() != record.payloads.size())
      return Corrupt("ledger.corrupt", "entry " + std::to_string(seq));
    for (std::size_t i = 0; i < leaf.events.size(); ++i) {
      if (!record.payloads[i].salted) continue;
      const std::string_view payload = std::string_view(*record.payloads[i].salted).substr(ledger::kSaltBytes);
      for (const auto& [digest, photo] : FilesIn(parser, payload)) {
        insert.BindBlob(1, AsText(digest));
        insert.BindText(2, leaf.events[i].on);
        insert.Bind(3, static_cast<std::int64_t>(seq));
        insert.BindText(4, leaf.events[i].type);
        insert.Bind(5, photo);
        LF_TRY(insert.Run());
      }
    }
  }
  LF_ASSIGN(Statement mark, Statement::Prepare(db_.get(),
                                               "INSERT INTO mark VALUES(1, ?1, ?2) ON CONFLICT(one) DO "
                                               "UPDATE SET seq = excluded.seq, hash = excluded.hash"));
  mark.Bind(1, static_cast<std::int64_t>(last));
  mark.BindBlob(2, AsText(hash));
  return mark.Run();
}

Status FileIndex::CatchUp(ledger::Log& log) {
  const std::uint64_t size = log.size();
  std::uint64_t done = 0;
  {
    LF_ASSIGN(Statement select, Statement::Prepare(db_.get(), "SELECT seq, hash FROM mark"));
    LF_ASSIGN(const bool found, select.Step());
    if (found) {
      done = static_cast<std::uint64_t>(select.Int(0));
      bool same = done <= size;
      if (same) {
        LF_ASSIGN(const ledger::EntryRecord record, log.Entry(done));
        same = AsText(record.leaf_hash) == select.Blob(1);
      }
      if (!same) done = 0;
    }
  }
  if (done == size) return Ok{};
  const std::uint64_t last = std::min(size, done + kSlice);
  LF_TRY(db_.Exec("BEGIN IMMEDIATE"));
  const auto read = [&]() -> Status {
    if (done == 0) LF_TRY(db_.Exec("DELETE FROM file"));
    LF_TRY(Read(log, done + 1, last));
    return db_.Exec("COMMIT");
  };
  if (Status status = read(); !status) {
    (void)db_.Exec("ROLLBACK");  // It is read again with the next call.
    return status;
  }
  return last == size ? Status(Ok{}) : Status(Unavailable("file.index_filling"));
}

Result<std::vector<FileRef>> FileIndex::Of(ledger::Log& log, std::string_view on, std::size_t limit) {
  const std::lock_guard lock(mutex_);
  LF_TRY(CatchUp(log));
  LF_ASSIGN(Statement select,
            Statement::Prepare(db_.get(),
                               "SELECT digest, seq, event, photo FROM file WHERE subject = ?1 ORDER BY seq "
                               "DESC, digest LIMIT ?2"));
  select.BindText(1, on);
  select.Bind(2, static_cast<std::int64_t>(limit));
  std::vector<FileRef> refs;
  for (;;) {
    LF_ASSIGN(const bool more, select.Step());
    if (!more) return refs;
    FileRef ref{{},
                std::string(on),
                static_cast<std::uint64_t>(select.Int(1)),
                std::string(select.Blob(2)),
                select.Int(3) != 0};
    const std::string_view digest = select.Blob(0);
    if (digest.size() != ref.digest.size()) return Corrupt("store.corrupt", "a digest of another length");
    std::memcpy(ref.digest.data(), digest.data(), digest.size());
    refs.push_back(std::move(ref));
  }
}

Result<std::vector<std::string>> FileIndex::SubjectsOf(ledger::Log& log, const Digest& digest) {
  const std::lock_guard lock(mutex_);
  LF_TRY(CatchUp(log));
  LF_ASSIGN(Statement select, Statement::Prepare(db_.get(), "SELECT DISTINCT subject FROM file WHERE digest = ?1"));
  select.BindBlob(1, AsText(digest));
  std::vector<std::string> subjects;
  for (;;) {
    LF_ASSIGN(const bool more, select.Step());
    if (!more) return subjects;
    subjects.emplace_back(select.Blob(0));
  }
}

}  // namespace landfall::app
