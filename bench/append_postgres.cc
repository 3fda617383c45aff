// SPDX-License-Identifier: Apache-2.0
// Appending entries to PostgreSQL: the log with tree, digests, salts, tiles, the check of order and the notice to
// followers, against a bare libpq pipeline (BEGIN, one INSERT, COMMIT) of the same bytes and batches in the same run,
// on the same server. The database's address comes from LANDFALL_BENCH_DATABASE; it must be one that may be filled.
#include <cstdlib>

#include "bench/append_sample.h"
#include "bench/bench.h"
#include "ledger/log.h"
#include "ledger/postgres.h"
#include "ledger/store_postgres.h"

namespace landfall::bench {
namespace {

constexpr std::size_t kWarmUp = 2;  // Commits before the clock starts.

double BareSeconds(const std::string& address, const Sample& sample, std::size_t entries, std::size_t per_commit) {
  auto connection = ledger::PgConnection::Open(address, {}).value();
  LF_CHECK(connection
               .Exec("DROP TABLE IF EXISTS bare; CREATE TABLE bare(first bigint PRIMARY KEY, body bytea NOT NULL);"
                     "ALTER TABLE bare ALTER COLUMN body SET STORAGE EXTERNAL")
               .ok());
  LF_CHECK(connection.Prepare("begin", "BEGIN").ok() && connection.Prepare("commit", "COMMIT").ok() &&
           connection.Prepare("insert", "INSERT INTO bare VALUES($1, $2)").ok());
  std::size_t next = 0;
  std::string body, tag;
  const auto commit = [&] {
    body.clear();
    ledger::PgParams none, row;
    row.Int(static_cast<std::int64_t>(next + 1));
    for (std::size_t i = 0; i < per_commit; ++i, ++next) body += sample.bytes[next % sample.bytes.size()];
    row.Bytes(body);
    LF_CHECK(connection.BeginPipeline().ok() && connection.Send("begin", none).ok() &&
             connection.Send("insert", row).ok() && connection.Send("commit", none).ok() &&
             connection.FinishPipeline(tag).ok() && tag == "COMMIT");
  };
  for (std::size_t i = 0; i < kWarmUp; ++i) commit();
  return Measure([&] {
           for (const std::size_t end = next + entries; next < end;) commit();
         })
      .wall;
}

double LogSeconds(const std::string& address, const std::string& place, const Sample& sample, std::size_t entries,
                  std::size_t per_commit) {
  auto log =
      ledger::Log::Open(
          ledger::OpenPostgresStore(address, {.jurisdiction = place, .create = true, .read_only = false}).value(),
          SystemRandom())
          .value();
  std::size_t next = 0;
  const auto commit = [&] {
    for (std::size_t i = 0; i < per_commit; ++i, ++next)
      LF_CHECK(log->Add(sample.drafts[next % sample.drafts.size()]).ok());
    LF_CHECK(log->Flush().ok());
  };
  for (std::size_t i = 0; i < kWarmUp; ++i) commit();
  const Times times = Measure([&] {
    for (const std::size_t end = next + entries; next < end;) commit();
  });
  const Digest root = log->root();
  auto again =
      ledger::Log::Open(
          ledger::OpenPostgresStore(address, {.jurisdiction = place, .create = false, .read_only = true}).value(),
          SystemRandom())
          .value();
  LF_CHECK(again->size() == next && again->root() == root);
  return times.wall;
}

void Run(const Options& options) {
  const char* address = std::getenv("LANDFALL_BENCH_DATABASE");
  if (address == nullptr) {
    fmt::print(stderr, "append_postgres: skipped, LANDFALL_BENCH_DATABASE names no database\n");
    return;
  }
  Report report("append_postgres");
  const Sample sample = MakeSample(options.quick ? 100 : 1'600);
  const int runs = options.quick ? 1 : 3;
  struct Size {
    std::size_t per_commit, entries;
  };
  int ledgers = 0;
  const std::string stem = "bench-" + std::to_string(SystemClock().Now().time_since_epoch().count());
  for (const Size size : {Size{1, 3'000}, Size{16, 32'000}, Size{256, 100'000}, Size{1000, 100'000}}) {
    const std::size_t entries = options.quick ? 4 * size.per_commit + 20 : size.entries;
    const std::size_t whole = (entries + size.per_commit - 1) / size.per_commit * size.per_commit;
    std::vector<double> rates, bare_rates, of_bare;
    for (int run = 0; run < runs; ++run) {  // In turn, so that what else the machine does meets both.
      const double bare = BareSeconds(address, sample, whole, size.per_commit);
      const double ours = LogSeconds(address, stem + "-" + std::to_string(++ledgers), sample, whole, size.per_commit);
      rates.push_back(static_cast<double>(whole) / ours);
      bare_rates.push_back(static_cast<double>(whole) / bare);
      of_bare.push_back(bare / ours);
    }
    const std::string at = std::to_string(size.per_commit);
    report.Figure("entries_per_s." + at, Median(rates), "entries/s", "bare.pipeline." + at, Median(of_bare));
    report.Figure("bare.pipeline." + at, Median(bare_rates), "entries/s");
  }
}

}  // namespace
}  // namespace landfall::bench

int main(int argc, char** argv) { landfall::bench::Run(landfall::bench::ParseOptions(argc, argv)); }
