// SPDX-License-Identifier: Apache-2.0
// Folding a ledger from its first entry: plain (row checksums), verifying leaves and tree, verifying payloads as well.
// Then the snapshot: writing it, loading it, and opening the ledger from it. One thread; the file lies in the page
// cache. From SQLite, or with --postgres from PostgreSQL.
//
// Every way of folding must give the state that the events themselves give when applied without a ledger.
#include "app/replica.h"
#include "bench/ledger_place.h"
#include "bench/world.h"

namespace landfall::bench {
namespace {

struct Written {
  std::uint64_t events = 0;
  std::string state_hash;
};

// Entries in rows of 256, as an import or a busy hour writes them.
std::unique_ptr<ledger::Log> OpenLog(const app::LedgerFiles& files, bool create) {
  return ledger::Log::Open(app::OpenStore(files, {.vfs = {}, .create = create}).value(), SystemRandom()).value();
}

Written Write(const app::LedgerFiles& files, const WorldOptions& options) {
  auto log = OpenLog(files, true);
  app::Replica direct;
  DirectFold fold{direct};
  SeededRandom random(2);
  World(options).Generate([&](const WorldEntry& entry) {
    LF_CHECK(log->Add(DraftOf(entry, random)).ok());
    fold(entry);
    if (log->pending() == 256) LF_CHECK(log->Flush().ok());
  });
  LF_CHECK(log->Flush().ok());
  return {fold.events, app::HashOf(direct.state)};
}

// What is compared between two ways of reading: this thread's time, or with a server, which works beside it, the time
// that passes.
double Spent(const app::LedgerFiles& files, const Times& times) { return files.in_database() ? times.wall : times.cpu; }

// The engine alone: every row's bytes, nothing done with them.
double ReadSeconds(const app::LedgerFiles& files) {
  auto log = OpenLog(files, false);
  std::uint64_t entries = 0, bytes = 0;
  const Times times = Measure([&] {
    LF_CHECK(log->store()
                 .Scan(1,
                       [&](const ledger::CommitRow& row) {
                         entries += row.count;
                         bytes += row.body.size();
                         return true;
                       })
                 .ok());
  });
  LF_CHECK(entries == log->size() && bytes > 0);
  return Spent(files, times);
}

void Replay(const app::LedgerFiles& files, const Written& written, int runs, std::string_view size, Report& report) {
  struct Way {
    std::string_view name;
    bool leaves, payloads;
  };
  const auto events = static_cast<double>(written.events);
  std::vector<double> read;
  for (int i = 0; i < runs; ++i) read.push_back(ReadSeconds(files));
  report.Figure(fmt::format("read_rows.{}", size), events / Median(read), "events/s");
  for (const Way way :
       {Way{"plain", false, false}, Way{"verify_leaves", true, false}, Way{"verify_payloads", true, true}}) {
    std::vector<double> wall, cpu, spent;
    for (int i = 0; i < runs; ++i) {
      auto log = OpenLog(files, false);
      app::Replica replica;
      const Times times = Measure([&] {
        app::FoldOptions options;
        options.replay.verify_leaves = way.leaves;
        options.replay.verify_payloads = way.payloads;
        LF_CHECK(app::Fold(*log, replica, std::move(options)).ok());
      });
      wall.push_back(times.wall);
      cpu.push_back(times.cpu);
      spent.push_back(Spent(files, times));
      LF_CHECK(replica.seq == log->size() && app::HashOf(replica.state) == written.state_hash);
    }
    report.Figure(fmt::format("{}.{}", way.name, size), events / Median(wall), "events/s", "read_rows",
                  Median(read) / Median(spent));
    report.Figure(fmt::format("{}.{}.cpu", way.name, size), events / Median(cpu), "events/s");
    report.Figure(fmt::format("{}.{}.seconds", way.name, size), Median(wall), "s");
  }
}

// The state at the end of a ledger as a snapshot: writing it, loading it, starting from it.
void Snapshot(const app::LedgerFiles& files, const Written& written, std::string_view of, int runs, Report& report) {
  const std::string size(of);
  // A start wants the ledger's own key.
  const auto key =
      ledger::SignerKey::Generate("landfall/999999", ledger::SignatureType::kEd25519, SystemRandom()).value();
  LF_CHECK(OpenLog(files, false)->store().PutMeta("vkey", key.verifier().Encode()).ok());
  auto log = OpenLog(files, false);
  app::Replica replica;
  LF_CHECK(app::Fold(*log, replica).ok());
  LF_CHECK(app::HashOf(replica.state) == written.state_hash);
  std::vector<double> write, load, start;
  for (int i = 0; i < runs; ++i) {
    write.push_back(Measure([&] {
                      LF_CHECK(app::WriteSnapshot(
                                   files.snapshots(),
                                   {replica.state, replica.keys, replica.history, replica.seq, replica.last_at}, *log)
                                   .ok());
                    }).wall);
    app::Replica loaded;
    load.push_back(Measure([&] { LF_CHECK(app::LoadSnapshot(files.snapshots(), loaded, *log, UINT64_MAX)); }).wall);
    LF_CHECK(loaded.seq == replica.seq && app::HashOf(loaded.state) == written.state_hash);
    std::unique_ptr<app::Engine> engine;
    start.push_back(Measure([&] { engine = app::Engine::Open(files, {.vfs = {}, .read_only = true}).value(); }).wall);
    LF_CHECK(engine->Read().seq() == replica.seq);
  }
  const auto bytes = static_cast<double>(std::filesystem::file_size(app::ListSnapshots(files.snapshots()).at(0).path));
  report.Figure("snapshot_size." + size, bytes / 1e6, "MB");
  report.Figure("snapshot_write." + size, Median(write), "s");
  report.Figure("snapshot_load." + size, Median(load), "s");
  report.Figure("start_from_snapshot." + size, Median(start), "s");
}

void Run(const Options& options) {
  std::optional<LedgerPlace> place = LedgerPlace::Of(options, "replay");
  if (!place) return;
  Report report(place->Named("replay"));
  struct Size {
    std::size_t projects;
    std::string_view events;
    int runs;
  };
  std::vector<Size> sizes{{1'000, "44k_events", 1}};
  std::vector<std::size_t> snapshots{2'000};
  if (!options.quick) {
    sizes = {{40'000, "1.8m_events", place->in_database() ? 3 : 5}};
    snapshots = {100'000};
    // What is large is read by the same pages; the state is the same on either engine.
    if (!place->in_database()) {
      sizes.push_back({230'000, "10m_events", 3});
      snapshots.push_back(1'000'000);
    }
  }
  for (const Size& size : sizes) {
    TempFolder folder;
    const app::LedgerFiles files = place->NewLedger(folder);
    const Written written = Write(files, {.projects = size.projects});
    Replay(files, written, size.runs, size.events, report);
    if (size.events == sizes.back().events) Snapshot(files, written, size.events, size.runs, report);
  }
  // Three entries a project: what a state holds is what a snapshot costs, not how many records led to it.
  for (const std::size_t projects : snapshots) {
    TempFolder folder;
    const app::LedgerFiles files = place->NewLedger(folder);
    const Written written = Write(files, {.projects = projects, .obligations = 1, .reached_min = 1, .reached_max = 1});
    Snapshot(files, written, fmt::format("{}_projects", projects), options.quick ? 1 : 3, report);
  }
}

}  // namespace
}  // namespace landfall::bench

int main(int argc, char** argv) { landfall::bench::Run(landfall::bench::ParseOptions(argc, argv, true)); }
