// SPDX-License-Identifier: Apache-2.0
// The whole path in process: decide, append, make durable, flip, answer. Clients in a closed loop, each with one
// command outstanding, on two threads that take the answers and send what comes next. Then the same with two readers
// that ask for the board without pause: how long the writer waits for them. In SQLite, or with --postgres in
// PostgreSQL.
//
// Every command must succeed, every record must be there afterwards, and the state must have counted each of them.
#include "app/queries.h"
#include "bench/bare_postgres.h"
#include "bench/closed_loop.h"
#include "bench/ledger_place.h"
#include "bench/world.h"
#include "ledger/sqlite.h"

namespace landfall::bench {
namespace {

using Clock = std::chrono::steady_clock;

// What a clerk and a leader do in turn: one obligation from hand-over to write-off, a plan moved, a milestone, two
// receipts.
class Client {
 public:
  static constexpr int kTurn = 8;
  // `projects` hands out projects that nobody works on, up to `last`; who gets more answers needs more of them.
  Client(std::atomic<std::uint32_t>& projects, std::uint32_t last)
      : projects_(projects), last_(last), project_{projects++}, random_(project_.raw * 977u) {}

  app::Request Next(FixedClock& clock) {
    app::Request request;
    request.by = Actor::Account(World::kOfficer);
    request.key = app::NewKey(clock, random_);
    const std::uint64_t turn = sent_ / kTurn;
    switch (sent_++ % kTurn) {
      case 0:
        request.by = Actor::Account(World::kLeader);
        request.command = obligation::Assign{
            obligation::Kind::task, {"协调用电增容"}, project_, UnitId{1}, World::kToday + std::chrono::days(20)};
        break;
      case 1:
        request.command = obligation::Accept{obligation_};
        break;
      case 2:
        request.command = obligation::ReportDone{obligation_, World::kToday, std::nullopt, std::nullopt};
        break;
      case 3:
        request.by = Actor::Account(World::kLeader);
        request.command = obligation::WriteOff{obligation_, std::nullopt};
        break;
      case 4:
        request.command =
            project::PlanMilestone{project_, {"full_production"}, MakeDay(2030, 1, 1) + std::chrono::days(turn % 300)};
        break;
      case 5:
        request.command = Reach();
        break;
      default:
        request.command = project::ReceiveFunds{project_, project::FundsKind::fixed_assets, Money::FromMinor(5'000'000),
                                                World::kToday, std::nullopt};
    }
    return request;
  }
  void Take(const app::Answer& answer) {
    if (sent_ % kTurn == 1) obligation_ = ObligationId::Parse(answer.ids.at(0)).value();
  }

 private:
  // The rungs behind those that the world has reached; then the next project.
  project::ReachMilestone Reach() {
    static constexpr std::array kRungs{"registered", "approved",  "land_delivered", "ready",
                                       "started",    "completed", "trial",          "production"};
    project::ReachMilestone c{project_, {kRungs[rung_]}, World::kToday, List<Digest, 20>{{Digest{}}}};
    if (++rung_ == kRungs.size()) {
      rung_ = 0;
      project_.raw = projects_++;
      LF_CHECK(project_.raw <= last_);
    }
    return c;
  }

  std::atomic<std::uint32_t>& projects_;
  std::uint32_t last_;
  ProjectId project_;
  SeededRandom random_;
  ObligationId obligation_;
  std::size_t rung_ = 0;
  std::uint64_t sent_ = 0;
};

using Load = ClosedLoop<Client>;

// The floor: rows of as many bytes as a commit of the engine, durable one by one. Entries a second.
double BareEntriesPerSecond(const LedgerPlace& place, double entries_per_commit, int commits) {
  const std::string body(static_cast<std::size_t>(600 * entries_per_commit), 'x');
  const auto rate = [&](const std::function<void(int)>& commit) {
    const Times times = Measure([&] {
      for (int i = 1; i <= commits; ++i) commit(i);
    });
    return commits * entries_per_commit / times.wall;
  };
  if (place.in_database()) {
    BarePostgres bare(place.database());
    return rate([&](int i) { bare.Commit(i, body); });
  }
  TempFolder folder;
  ledger::Connection db =
      ledger::Connection::Open(folder.File("bare.db"), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, {}).value();
  LF_CHECK(db.Exec("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=4000; PRAGMA "
                   "cache_size=-16384;"
                   "CREATE TABLE rows(first INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT")
               .ok());
  ledger::Statement insert = ledger::Statement::Prepare(db.get(), "INSERT INTO rows VALUES(?, ?)").value();
  return rate([&](int i) {
    insert.Bind(1, i);
    insert.BindBlob(2, body);
    LF_CHECK(insert.Run().ok());
  });
}

// A ledger of that many projects, the first three milestones of each reached.
void Prepare(const app::LedgerFiles& files, std::size_t projects) {
  auto store = app::OpenStore(files, {.vfs = {}, .create = true}).value();
  const auto signer =
      ledger::SignerKey::Generate("landfall/999999", ledger::SignatureType::kEd25519, SystemRandom()).value();
  LF_CHECK(store->PutMeta("vkey", signer.verifier().Encode()).ok());
  std::ofstream(files.key()) << signer.Encode() << "\n";
  auto log = ledger::Log::Open(std::move(store), SystemRandom()).value();
  SeededRandom random(3);
  World({.projects = projects, .obligations = 1, .reached_min = 3, .reached_max = 3})
      .Generate([&](const WorldEntry& entry) {
        LF_CHECK(log->Add(DraftOf(entry, random)).ok());
        if (log->pending() == 1000) LF_CHECK(log->Flush().ok());
      });
  LF_CHECK(log->Flush().ok());
}

std::vector<Client> MakeClients(std::size_t count, std::atomic<std::uint32_t>& next_project, std::size_t projects) {
  std::vector<Client> clients;
  for (std::size_t i = 0; i < count; ++i) clients.emplace_back(next_project, static_cast<std::uint32_t>(projects));
  return clients;
}

std::vector<double> WaitsUs(app::Engine& engine) {
  std::vector<double> waits;
  for (const std::uint32_t ns : engine.TakeReaderWaits()) waits.push_back(ns / 1e3);
  return waits;
}

// Two threads that ask for the board until told to stop.
class Readers {
 public:
  explicit Readers(app::Engine& engine) {
    for (std::thread& thread : threads_)
      thread = std::thread([&] {
        while (!stop_) {
          const app::Engine::Reader reader = engine.Read();
          const app::Frame frame{reader.state(), World::kToday, reader.seq(), reader.last_at(), reader.seq(), {}};
          LF_CHECK(app::QueryBoard(frame, {}).projects == static_cast<std::int64_t>(reader.state().project.size()));
          ++boards_;
        }
      });
  }
  ~Readers() {
    stop_ = true;
    for (std::thread& thread : threads_) thread.join();
  }
  std::uint64_t boards() const { return boards_; }

 private:
  std::atomic<bool> stop_{false};
  std::atomic<std::uint64_t> boards_{0};
  std::thread threads_[2];
};

void Run(const Options& options) {
  std::optional<LedgerPlace> place = LedgerPlace::Of(options, "commands");
  if (!place) return;
  Report report(place->Named("commands"));
  const std::size_t projects = options.quick ? 5'000 : 100'000;
  TempFolder folder;
  const app::LedgerFiles files = place->NewLedger(folder);
  Prepare(files, projects);
  FixedClock clock(Instant(World::kToday) + std::chrono::hours(10));
  auto engine =
      app::Engine::Open(files, {.clock = &clock, .random = nullptr, .vfs = {}, .snapshot_on_close = false}).value();
  // A commit to the database is a journey to another process: fewer of them take as long.
  const bool slow = place->in_database();
  const int runs = options.quick ? 1 : slow ? 3 : 5, bare_commits = options.quick ? 20 : slow ? 500 : 2'000;
  const std::size_t part = slow ? 20 : 1;
  std::atomic<std::uint32_t> next_project{1};
  std::uint64_t sent = 0;

  struct Size {
    std::size_t outstanding, commands;
  };
  for (const Size size : {Size{1, 10'000}, Size{32, 400'000}, Size{256, 400'000}}) {
    const std::size_t commands =
        options.quick ? size.commands / 200 : size.commands / part / Client::kTurn * Client::kTurn;
    std::vector<Client> clients = MakeClients(size.outstanding, next_project, projects);
    std::vector<double> rates, p50, p99, ratios, batch;
    for (int run = 0; run < runs; ++run) {
      const Outcome outcome = Load(*engine, clients, clock).Run(commands);
      sent += commands;
      rates.push_back(static_cast<double>(commands) / outcome.seconds);
      p50.push_back(Quantile(outcome.latencies_us, 0.5));
      p99.push_back(Quantile(outcome.latencies_us, 0.99));
      batch.push_back(outcome.entries_per_commit);
      ratios.push_back(rates.back() / BareEntriesPerSecond(*place, outcome.entries_per_commit, bare_commits));
    }
    const std::string at = std::to_string(size.outstanding);
    report.Figure("durable_commands_per_s." + at, Median(rates), "commands/s",
                  place->in_database() ? "bare pipeline, as many bytes a commit" : "bare rows, as many bytes a commit",
                  Median(ratios));
    report.Figure("ack_p50." + at, Median(p50), "us");
    report.Figure("ack_p99." + at, Median(p99), "us");
    report.Figure("entries_per_commit." + at, Median(batch), "entries");
  }

  (void)engine->TakeReaderWaits();
  std::vector<Client> clients = MakeClients(32, next_project, projects);
  std::vector<double> rates, p99, waits_p50, waits_p99, boards;
  for (int run = 0; run < runs; ++run) {
    const std::size_t commands = options.quick ? 1'000 : 100'000 / part;
    const Readers readers(*engine);
    const Outcome outcome = Load(*engine, clients, clock).Run(commands);
    sent += commands;
    boards.push_back(static_cast<double>(readers.boards()) / outcome.seconds);
    const std::vector<double> waits = WaitsUs(*engine);
    rates.push_back(static_cast<double>(commands) / outcome.seconds);
    p99.push_back(Quantile(outcome.latencies_us, 0.99));
    waits_p50.push_back(Quantile(waits, 0.5));
    waits_p99.push_back(Quantile(waits, 0.99));
  }
  report.Figure("two_readers.durable_commands_per_s.32", Median(rates), "commands/s");
  report.Figure("two_readers.ack_p99.32", Median(p99), "us");
  report.Figure("two_readers.writer_wait_p50.32", Median(waits_p50), "us");
  report.Figure("two_readers.writer_wait_p99.32", Median(waits_p99), "us");
  report.Figure("two_readers.boards_per_s", Median(boards), "boards/s");

  // Ten thousand commands a second, a hundred every ten milliseconds: the writer sleeps in between, as in an office.
  std::vector<Client> paced = MakeClients(100, next_project, projects);
  std::vector<double> paced_p50, paced_p99;
  for (int run = 0; run < runs; ++run) {
    const Readers readers(*engine);
    Load load(*engine, paced, clock);
    auto next = Clock::now();
    for (int burst = 0; burst < (options.quick ? 10 : 200); ++burst, next += std::chrono::milliseconds(10)) {
      std::this_thread::sleep_until(next);
      (void)load.Run(paced.size());
      sent += paced.size();
    }
    const std::vector<double> waits = WaitsUs(*engine);
    paced_p50.push_back(Quantile(waits, 0.5));
    paced_p99.push_back(Quantile(waits, 0.99));
  }
  report.Figure("two_readers.writer_wait_p50.paced", Median(paced_p50), "us");
  report.Figure("two_readers.writer_wait_p99.paced", Median(paced_p99), "us");

  // What was acknowledged is there: in the state, and in a second opening of the file.
  const app::Engine::Reader now = engine->Read();
  LF_CHECK(engine->stats().commands == sent && engine->stats().entries == sent);
  std::int64_t written_off = 0, funds = 0;
  for (std::size_t i = projects; i < now.state().obligation.size(); ++i)
    written_off += now.state().obligation.life[i] == static_cast<std::uint8_t>(obligation::Life::kWrittenOff);
  funds = static_cast<std::int64_t>(now.state().project.receipts.size());
  LF_CHECK(written_off > 0 && funds >= written_off);
  auto again = app::Engine::Open(files, {.vfs = {}, .read_only = true}).value();
  LF_CHECK(again->Read().seq() == now.seq() && app::HashOf(again->Read().state()) == app::HashOf(now.state()));
}

}  // namespace
}  // namespace landfall::bench

int main(int argc, char** argv) { landfall::bench::Run(landfall::bench::ParseOptions(argc, argv, true)); }
