// SPDX-License-Identifier: Apache-2.0
// Appending entries: the log with tree, digests, salts, tiles and one row a commit, against bare SQLite in the same
// run: the same bytes as one row a commit, and as one row an entry. All three durable at each commit, with the same
// settings.
#include <sqlite3.h>

#include "bench/append_log.h"
#include "ledger/sqlite.h"
#include "ledger/store_sqlite.h"

namespace landfall::bench {
namespace {

// SQLite with the store's settings and nothing else.
class Bare {
 public:
  explicit Bare(const std::string& path) {
    db_ = ledger::Connection::Open(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, {}).value();
    LF_CHECK(db_.Exec("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=4000;"
                      "PRAGMA journal_size_limit=67108864; PRAGMA cache_size=-16384;"
                      "CREATE TABLE rows(first INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT")
                 .ok());
    begin_ = ledger::Statement::Prepare(db_.get(), "BEGIN IMMEDIATE").value();
    insert_ = ledger::Statement::Prepare(db_.get(), "INSERT INTO rows VALUES(?, ?)").value();
    commit_ = ledger::Statement::Prepare(db_.get(), "COMMIT").value();
    count_ = ledger::Statement::Prepare(db_.get(), "SELECT count(*), sum(length(body)) FROM rows").value();
  }
  void Begin() { LF_CHECK(begin_.Run().ok()); }
  void Insert(std::uint64_t first, std::string_view body) {
    insert_.Bind(1, static_cast<std::int64_t>(first));
    insert_.BindBlob(2, body);
    LF_CHECK(insert_.Run().ok());
  }
  void Commit() { LF_CHECK(commit_.Run().ok()); }
  std::pair<std::int64_t, std::int64_t> RowsAndBytes() {
    LF_CHECK(count_.Step().value());
    const std::pair out(count_.Int(0), count_.Int(1));
    count_.Reset();
    return out;
  }

 private:
  ledger::Connection db_;
  ledger::Statement begin_, insert_, commit_, count_;
};

double BareSeconds(const Sample& sample, std::size_t entries, std::size_t per_commit, bool row_per_entry) {
  TempFolder folder;
  Bare bare(folder.File("bare.db"));
  std::size_t next = 0, stored = 0;
  std::string body;
  const auto commit = [&] {
    bare.Begin();
    body.clear();
    const std::size_t first = next;
    for (std::size_t i = 0; i < per_commit; ++i, ++next) {
      const std::string& bytes = sample.bytes[next % sample.bytes.size()];
      stored += bytes.size();
      if (row_per_entry)
        bare.Insert(next + 1, bytes);
      else
        body += bytes;
    }
    if (!row_per_entry) bare.Insert(first + 1, body);
    bare.Commit();
  };
  for (std::size_t i = 0; i < kWarmUp; ++i) commit();
  const Times times = Measure([&] {
    for (const std::size_t end = next + entries; next < end;) commit();
  });
  const auto [rows, bytes] = bare.RowsAndBytes();
  LF_CHECK(rows == static_cast<std::int64_t>(row_per_entry ? next : next / per_commit) &&
           bytes == static_cast<std::int64_t>(stored));
  return times.wall;
}

double LogSeconds(const Sample& sample, std::size_t entries, std::size_t per_commit) {
  TempFolder folder;
  return LogSeconds(sample, entries, per_commit, [&](bool create) {
    return ledger::OpenSqliteStore(folder.File("ledger.db"), {.vfs = {}, .create = create}).value();
  });
}

void Run(const Options& options) {
  Report report("append");
  const Sample sample = MakeSample(options.quick ? 100 : 1'600);
  const double events_per_entry = sample.events / static_cast<double>(sample.drafts.size());
  const int runs = options.quick ? 1 : 5;
  struct Size {
    std::size_t per_commit, entries;
  };
  for (const Size size : {Size{1, 4'000}, Size{16, 64'000}, Size{256, 256'000}, Size{1000, 300'000}}) {
    const std::size_t entries =
        options.quick ? std::min<std::size_t>(size.entries / 50, 4 * size.per_commit + 20) : size.entries;
    const std::size_t whole = WholeCommits(entries, size.per_commit);
    std::vector<double> rates, of_commit, of_entry, commit_rates, entry_rates;
    for (int run = 0; run < runs; ++run) {  // In turn, so that what else the machine does meets all three.
      const double commit = BareSeconds(sample, whole, size.per_commit, false);
      const double ours = LogSeconds(sample, whole, size.per_commit);
      const double entry = BareSeconds(sample, whole, size.per_commit, true);
      const auto n = static_cast<double>(whole);
      rates.push_back(n / ours);
      commit_rates.push_back(n / commit);
      entry_rates.push_back(n / entry);
      of_commit.push_back(commit / ours);
      of_entry.push_back(entry / ours);
    }
    const std::string at = std::to_string(size.per_commit);
    report.Figure("entries_per_s." + at, Median(rates), "entries/s", "bare.row_per_commit." + at, Median(of_commit));
    report.Figure("events_per_s." + at, Median(rates) * events_per_entry, "events/s", "bare.row_per_entry." + at,
                  Median(of_entry));
    report.Figure("bare.row_per_commit." + at, Median(commit_rates), "entries/s");
    report.Figure("bare.row_per_entry." + at, Median(entry_rates), "entries/s");
  }
}

}  // namespace
}  // namespace landfall::bench

int main(int argc, char** argv) { landfall::bench::Run(landfall::bench::ParseOptions(argc, argv)); }
