// SPDX-License-Identifier: Apache-2.0
// Inclusion proofs from the tiles in the store, at random entries: cold (the cache of tiles holds 64 of 3,900), and
// again where the tiles are cached. Beside the bare reading of one tile's row. Every proof is verified against the
// root.
#include "bench/bench.h"
#include "ledger/log.h"
#include "ledger/store_sqlite.h"

namespace landfall::bench {
namespace {

ledger::EntryDraft DraftOf(std::uint64_t i) {
  const Instant at = Instant(MakeDay(2026, 1, 5)) + std::chrono::milliseconds(i);
  ledger::EntryDraft draft{at, "u1", {}, {}, "obligation.accept", {}, {}};
  draft.key = fmt::format("0191f9a0-{:04x}-7000-8000-{:012x}", i >> 32 & 0xFFFF, i & 0xFFFFFFFF);
  draft.events.push_back(
      {{"obligation.accepted", 1, EventClass::kInternal, false}, fmt::format("obligation/o{}", i), "{}"});
  draft.command = draft.cmd + "{}";
  return draft;
}

std::unique_ptr<ledger::Log> OpenLog(const std::string& path, bool create) {
  return ledger::Log::Open(ledger::OpenSqliteStore(path, {.vfs = {}, .create = create}).value(), SystemRandom())
      .value();
}

void Run(const Options& options) {
  Report report("proof");
  TempFolder folder;
  const std::string path = folder.File("ledger.db");
  const std::uint64_t entries = options.quick ? 20'000 : 1'000'000;
  {
    auto log = OpenLog(path, true);
    for (std::uint64_t i = 0; i < entries; ++i) {
      LF_CHECK(log->Add(DraftOf(i)).ok());
      if (log->pending() == 1000 || i + 1 == entries) LF_CHECK(log->Flush().ok());
    }
  }
  auto log = OpenLog(path, false);
  const std::shared_ptr<const ledger::TreeView> view = log->View();
  const Digest root = view->Root();
  LF_CHECK(view->size() == entries);

  const int calls = options.quick ? 50 : 5'000;
  SeededRandom random(5);
  std::vector<double> cold, cold_cpu, warm, row, verify;
  for (int i = 0; i < calls; ++i) {
    const std::uint64_t index = random.Next() % (entries / 256 * 256);
    row.push_back(Measure([&] { LF_CHECK(log->store().Tile(0, random.Next() % (entries / 256)).ok()); }).wall * 1e6);
    ledger::Proof proof;
    const Times times = Measure([&] { proof = view->Inclusion(index, entries).value(); });
    cold.push_back(times.wall * 1e6);
    cold_cpu.push_back(times.cpu * 1e6);
    ledger::Proof again;
    warm.push_back(Measure([&] { again = view->Inclusion(index, entries).value(); }).wall * 1e6);
    const Digest leaf = view->Read(std::vector<ledger::NodeId>{{0, index}}).value()[0];
    verify.push_back(Measure([&] { LF_CHECK(ledger::VerifyInclusion(index, entries, leaf, proof, root).ok()); }).wall *
                     1e6);
    LF_CHECK(proof == again && !ledger::VerifyInclusion(index ^ 1, entries, leaf, proof, root).ok());
  }
  report.Figure("entries", static_cast<double>(entries), "entries");
  report.Figure("tile_row.p50", Median(row), "us");
  report.Figure("cold.p50", Median(cold), "us", "tile_row.p50", Median(row) / Median(cold));
  report.Figure("cold.cpu.p50", Median(cold_cpu), "us");
  report.Figure("cold.p99", Quantile(cold, 0.99), "us");
  report.Figure("cached.p50", Median(warm), "us");
  report.Figure("cached.p99", Quantile(warm, 0.99), "us");
  report.Figure("verify.p50", Median(verify), "us");
  if (!options.quick && Median(cold_cpu) > 50) fmt::print(stderr, "proof: {:.0f} us, goal 50 us\n", Median(cold_cpu));
}

}  // namespace
}  // namespace landfall::bench

int main(int argc, char** argv) { landfall::bench::Run(landfall::bench::ParseOptions(argc, argv)); }
