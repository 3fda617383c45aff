// SPDX-License-Identifier: Apache-2.0
// Appending entries to PostgreSQL: the log with tree, digests, salts, tiles, the check of order and the notice to
// followers, against a bare libpq pipeline (BEGIN, one INSERT, COMMIT) of the same bytes and batches in the same run,
// on the same server: a private one, or that of LANDFALL_BENCH_DATABASE, which may be filled.
#include "bench/append_log.h"
#include "bench/bare_postgres.h"
#include "bench/private_postgres.h"
#include "ledger/store_postgres.h"

namespace landfall::bench {
namespace {

double BareSeconds(const std::string& address, const Sample& sample, std::size_t entries, std::size_t per_commit) {
  BarePostgres bare(address);
  std::size_t next = 0;
  std::string body;
  const auto commit = [&] {
    body.clear();
    const auto first = static_cast<std::int64_t>(next + 1);
    for (std::size_t i = 0; i < per_commit; ++i, ++next) body += sample.bytes[next % sample.bytes.size()];
    bare.Commit(first, body);
  };
  for (std::size_t i = 0; i < kWarmUp; ++i) commit();
  return Measure([&] {
           for (const std::size_t end = next + entries; next < end;) commit();
         })
      .wall;
}

double LogSeconds(const std::string& address, const std::string& place, const Sample& sample, std::size_t entries,
                  std::size_t per_commit) {
  return LogSeconds(sample, entries, per_commit, [&](bool create) {
    return ledger::OpenPostgresStore(address, {.jurisdiction = place, .create = create, .read_only = !create}).value();
  });
}

void Run(const Options& options) {
  const std::optional<std::string> database = BenchDatabase("append_postgres");
  if (!database) return;
  const std::string& address = *database;
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
    const std::size_t whole = WholeCommits(entries, size.per_commit);
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
