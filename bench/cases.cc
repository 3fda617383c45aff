// SPDX-License-Identifier: Apache-2.0
// Whole lives of cases 办件: applied for, accepted, twelve steps in three parallel branches received and approved,
// delivered. 27 durable commands a case, each by who may send it, with one, eight and 32 clients that have one command
// outstanding: the engine in process, our server over HTTP/1.1 on kept connections, by a Unix socket and by TCP, and a
// schema written by hand in PostgreSQL (peers/cases.sql) with as many connections, in the same run on the same disk.
// All are driven by two threads. Every step must be approved and due on the same day on all sides.
#include <poll.h>

#include <functional>

#include "app/case_clock.h"
#include "app/query_calendar.h"
#include "bench/case_package.h"
#include "bench/closed_loop.h"
#include "bench/private_postgres.h"
#include "ledger/postgres.h"
#include "server/http_client.h"
#include "server/serve.h"

namespace landfall::bench {
namespace {

constexpr Day kToday = MakeDay(2025, 9, 23);  // Due days lie on both sides of the National Day holiday.
constexpr std::string_view kPackage = "bench";
constexpr AccountId kClerk{1};
constexpr AccountId OfficerOf(int step) { return {static_cast<std::uint32_t>(2 + step / kRounds)}; }

// ---- the course of a case ----

enum class Act : std::uint8_t { apply, accept, receive, approve, deliver };
struct Move {
  Act act;
  int step;  // From 0.
  AccountId by() const { return act == Act::receive || act == Act::approve ? OfficerOf(step) : kClerk; }
};
constexpr std::size_t kMoves = 3 + 2 * kCaseSteps;
constexpr std::array<Move, kMoves> kCourse = [] {
  std::array<Move, kMoves> course{};
  std::size_t n = 0;
  course[n++] = {Act::apply, 0};
  course[n++] = {Act::accept, 0};
  for (int round = 0; round < kRounds; ++round)
    for (const Act act : {Act::receive, Act::approve})
      for (int branch = 0; branch < kBranches; ++branch) course[n++] = {act, StepAt(branch, round)};
  course[n++] = {Act::deliver, 0};
  return course;
}();

// Case after case; what every side's client does next, and what it learnt.
class Course {
 public:
  explicit Course(std::uint64_t seed) : random_(seed) {}
  const Move& Next(FixedClock& clock) {
    key_ = app::NewKey(clock, random_);
    return kCourse[sent_++ % kMoves];
  }
  bool opened() const { return sent_ % kMoves == 1; }
  const std::string& key() const { return key_; }
  cases::CaseId id;

 private:
  SeededRandom random_;
  std::uint64_t sent_ = 0;
  std::string key_;
};

app::AnyCommand CommandOf(const Move& move, cases::CaseId id) {
  const cases::StepNumber step{move.step + 1};
  switch (move.act) {
    case Act::apply: {
      cases::ApplyForCase apply{};
      apply.package = {std::string(kPackage)};
      for (int s = 0; s < kCaseSteps; ++s) apply.matters.items.push_back(MatterKey(kPackage, s));
      apply.papers = HandedPapers(kToday);
      return apply;
    }
    case Act::accept:
      return cases::AcceptCase{id};
    case Act::receive:
      return cases::ReceiveStep{id, step};
    case Act::approve:
      return cases::ApproveStep{id, step, {}};
    case Act::deliver:
      break;
  }
  return cases::DeliverCase{id, cases::Delivery::counter};
}

// ---- our side ----

void Found(const app::LedgerFiles& files, const app::EngineOptions& options) {
  LF_CHECK(app::Engine::Create(files, {{"999999"}, {"示例县"}, {"CNY"}, {480}, {"bench"}}, options).ok());
  auto engine = app::Engine::Open(files, options).value();
  SeededRandom random(11);
  const auto run = [&](app::AnyCommand command) {
    (void)engine->Run(Actor::System(), app::NewKey(*options.clock, random), std::move(command)).value();
  };
  for (std::uint32_t unit = 1; unit <= 1 + kBranches; ++unit) {
    run(people::CreateUnit{{fmt::format("unit{}", unit)}, {"示例单位"}, std::nullopt});
    run(admin::CreateAccount{{fmt::format("login{}", unit)}, {"经办"}, UnitId{unit}});
    run(admin::GrantRole{AccountId{unit}, admin::Role::unit_officer});
  }
  for (app::AnyCommand& command :
       DefinePackage(kPackage, UnitId{1}, {UnitId{2}, UnitId{3}, UnitId{4}}, MakeDay(2025, 1, 1)))
    run(std::move(command));
}

std::vector<Day> DueDays(const app::State& state) {
  std::vector<Day> days;
  for (int step = 0; step < kCaseSteps; ++step)
    days.push_back(app::CalendarOf(state)->After(kToday, WorkDays{LimitOfStep(step)}).value().day);
  return days;
}

void CheckEngine(app::Engine& engine, std::size_t expected) {
  const app::Engine::Reader reader = engine.Read();
  const cases::State& s = reader.state().cases;
  const std::vector<Day> due = DueDays(reader.state());
  LF_CHECK(s.cases.size() == expected && s.owed.groups().empty());
  for (const cases::Case& c : s.cases) {
    LF_CHECK(c.life == static_cast<std::uint8_t>(cases::Life::kApproved) && c.delivered == DayNumber(kToday));
    for (std::size_t step = 0; step < kCaseSteps; ++step) {
      LF_CHECK(s.StepAt(c, step).state == static_cast<std::uint8_t>(cases::StepState::kApproved));
      LF_CHECK(app::StepDue(reader.state(), *app::CalendarOf(reader.state()), c, step, kToday)->day == due[step]);
    }
  }
}

class EngineClient {
 public:
  explicit EngineClient(std::uint64_t seed) : course_(seed) {}
  app::Request Next(FixedClock& clock) {
    const Move& move = course_.Next(clock);
    return {Actor::Account(move.by()), course_.key(), CommandOf(move, course_.id), {}};
  }
  void Take(const app::Answer& answer) {
    if (course_.opened()) course_.id = cases::CaseId::Parse(answer.ids.at(0)).value();
  }

 private:
  Course course_;
};

// Runs `work(thread)` on two threads, on one where there is one client. Seconds.
double OnTwoThreads(std::size_t clients, const std::function<void(std::size_t)>& work) {
  return Measure([&] {
           std::vector<std::thread> threads;
           for (std::size_t t = 0; t < std::min<std::size_t>(2, clients); ++t) threads.emplace_back(work, t);
           for (std::thread& thread : threads) thread.join();
         })
      .wall;
}

// ---- over HTTP ----

using Tokens = std::array<std::string, 1 + kBranches>;

// A ledger of its own, served.
struct Site {
  Site(std::string listen, const app::EngineOptions& options) : address(std::move(listen)) {
    Found({folder.path()}, options);
    service = server::Service::Start(
                  {.folders = {folder.path()}, .address = address, .port = 0, .io_threads = 2, .log = {}}, options)
                  .value();
    for (std::uint32_t a = 0; a < tokens.size(); ++a)
      tokens[a] = service->access(0).CreateToken(AccountId::FromIndex(a), "bench").value().secret;
  }
  std::string address;
  TempFolder folder;
  std::unique_ptr<server::Service> service;
  Tokens tokens;
};

class WebClient {
 public:
  WebClient(std::uint64_t seed, const Site& site)
      : course_(seed),
        tokens_(site.tokens),
        client_(server::HttpClient::Connect(site.address, site.service->port()).value()) {}

  void Send(FixedClock& clock) {
    const Move& move = course_.Next(clock);
    const app::AnyCommand command = CommandOf(move, course_.id);
    const std::string body = std::visit([](const auto& c) { return ToJson(c); }, command);
    LF_CHECK(client_
                 .SendRaw(fmt::format("POST /api/v1/commands/{} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                                      "{}\r\nIdempotency-Key: {}\r\nContent-Type: application/json\r\nContent-Length: "
                                      "{}\r\n\r\n{}",
                                      app::InfoOf(command).name, tokens_[move.by().index()], course_.key(), body.size(),
                                      body))
                 .ok());
  }
  void Receive() {
    const server::ClientResponse answer = client_.Receive().value();
    if (answer.status != 200) fmt::print(stderr, "{}\n", answer.body);
    LF_CHECK(answer.status == 200);
    if (!course_.opened()) return;
    static constexpr std::string_view kIds = "\"ids\":[\"";
    const std::size_t at = answer.body.find(kIds) + kIds.size();
    course_.id = cases::CaseId::Parse(answer.body.substr(at, answer.body.find('"', at) - at)).value();
  }

 private:
  Course course_;
  const Tokens& tokens_;
  server::HttpClient client_;
};

double RunWeb(const Site& site, std::size_t clients, std::size_t cases_each, FixedClock& clock, std::uint64_t& seed) {
  std::vector<std::vector<WebClient>> of(2);
  for (std::size_t c = 0; c < clients; ++c) of[c % 2].emplace_back(++seed, site);
  return OnTwoThreads(clients, [&](std::size_t thread) {
    for (WebClient& client : of[thread]) client.Send(clock);
    for (std::size_t n = 1; n <= cases_each * kMoves; ++n)
      for (WebClient& client : of[thread]) {
        client.Receive();
        if (n < cases_each * kMoves) client.Send(clock);
      }
  });
}

// ---- PostgreSQL ----

std::string UuidBytes(std::string_view text) {
  std::string bytes;
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    if (text[i] == '-') continue;
    bytes.push_back(static_cast<char>(digit(text[i]) * 16 + digit(text[i + 1])));
    ++i;
  }
  LF_CHECK(bytes.size() == 16);
  return bytes;
}

// What a case is made of, from the same definitions.
void FillPostgres(const std::string& address) {
  auto db = ledger::PgConnection::Open(address, {}).value();
  std::ifstream file(std::filesystem::path(LANDFALL_SOURCE_DIR) / "bench/peers/cases.sql");
  const std::string schema{std::istreambuf_iterator<char>(file), {}};
  LF_CHECK(!schema.empty() && db.Exec(schema).ok());
  std::string sql = "INSERT INTO packages VALUES (1, '示例一件事', 1);";
  for (int unit = 1 + kBranches; unit >= 1; --unit)
    sql = fmt::format("INSERT INTO units VALUES ({0}, '示例单位'); INSERT INTO accounts VALUES ({0}, {0}, {1}, {2});",
                      unit, unit == 1, unit != 1) +
          sql;
  for (int paper = 0; paper < kCasePapers; ++paper)
    sql +=
        fmt::format("INSERT INTO package_papers VALUES (1, {}, '{}', {});", paper, PaperKey(paper), HasValidity(paper));
  for (int step = 0; step < kCaseSteps; ++step) {
    sql += fmt::format(
        "INSERT INTO matters VALUES ({0}, '示例许可', {1}, {2}); INSERT INTO package_steps VALUES (1, {0}, {0});",
        step + 1, OfficerOf(step).raw, LimitOfStep(step));
    for (const int paper : PapersOfStep(step))
      sql += fmt::format("INSERT INTO step_papers VALUES (1, {}, {});", step + 1, paper);
    if (step % kRounds != 0) sql += fmt::format("INSERT INTO package_waits VALUES (1, {}, {});", step + 1, step);
  }
  app::State nation;
  nation.admin.currency = "CNY";
  const auto calendar = app::CalendarOf(nation);
  for (Day day = MakeDay(2025, 1, 1); day <= MakeDay(2026, 12, 31); day += std::chrono::days(1))
    if (calendar->IsWorkDay(day)->works)
      sql += fmt::format("INSERT INTO work_days VALUES ({}, '{}');", calendar->WorkDayNumber(day), FormatDay(day));
  const Status filled = db.Exec(sql + "ANALYZE");
  if (!filled) fmt::print(stderr, "{} {}\n", filled.error().code, filled.error().detail);
  LF_CHECK(filled.ok());
}

class PostgresClient {
 public:
  PostgresClient(std::uint64_t seed, const std::string& address)
      : course_(seed), connection_(ledger::PgConnection::Open(address, {}).value()) {
    for (const auto& [name, sql] : {std::pair("apply", "SELECT case_apply($1, $2, $3, $4, $5, $6, $7)"),
                                    std::pair("accept", "SELECT case_accept($1, $2, $3, $4)"),
                                    std::pair("receive", "SELECT step_receive($1, $2, $3, $4, $5)"),
                                    std::pair("approve", "SELECT step_approve($1, $2, $3, $4, $5)"),
                                    std::pair("deliver", "SELECT case_deliver($1, $2, $3, $4, $5)")})
      LF_CHECK(connection_.Prepare(name, sql).ok());
    std::string digests;
    for (const cases::HandedPaper& paper : HandedPapers(kToday).items) {
      papers_ += fmt::format("{}{}", papers_.empty() ? "{" : ",", digests.size() / 32);
      valid_ += fmt::format("{}{}", valid_.empty() ? "{" : ",",
                            paper.valid_until ? FormatDay(*paper.valid_until) : std::string("NULL"));
      digests.append(reinterpret_cast<const char*>(paper.digest->data()), paper.digest->size());
    }
    papers_ += "}", valid_ += "}", digests_ = digests;
  }

  void Send(FixedClock& clock) {
    const Move& move = course_.Next(clock);
    const std::string key = UuidBytes(course_.key());
    ledger::PgParams params;
    params.Int4(static_cast<std::int32_t>(move.by().raw)).Bytes(key).Int4(DayNumber(kToday) - kPostgresEpoch);
    if (move.act == Act::apply)
      params.Int4(1).Bytes(papers_).Bytes(digests_).Bytes(valid_);
    else
      params.Int(id_);
    if (move.act == Act::receive || move.act == Act::approve) params.Int4(move.step + 1);
    if (move.act == Act::deliver) params.Bytes("counter");
    static constexpr std::array kNames{"apply", "accept", "receive", "approve", "deliver"};
    LF_CHECK(PQsendQueryPrepared(connection_.get(), kNames[static_cast<std::size_t>(move.act)], params.size(),
                                 params.values(), params.lengths(), params.formats(), 1) == 1);
  }
  int socket() const { return PQsocket(connection_.get()); }
  // Takes what has arrived; true when the answer is whole.
  bool Receive() {
    LF_CHECK(PQconsumeInput(connection_.get()) == 1);
    if (PQisBusy(connection_.get()) != 0) return false;
    const ledger::PgResult answer(PQgetResult(connection_.get()));
    if (PQresultStatus(answer.get()) != PGRES_TUPLES_OK) fmt::print(stderr, "{}\n", PQerrorMessage(connection_.get()));
    LF_CHECK(PQresultStatus(answer.get()) == PGRES_TUPLES_OK);
    if (course_.opened()) id_ = answer.Int(0, 0);
    LF_CHECK(PQgetResult(connection_.get()) == nullptr);
    return true;
  }

 private:
  static constexpr std::int32_t kPostgresEpoch = DayNumber(MakeDay(2000, 1, 1));
  Course course_;
  std::int64_t id_ = 0;
  std::string papers_, valid_, digests_;
  ledger::PgConnection connection_;
};

double RunPostgres(const std::string& address, std::size_t clients, std::size_t cases_each, FixedClock& clock,
                   std::uint64_t& seed) {
  std::vector<std::vector<PostgresClient>> of(2);
  for (std::size_t c = 0; c < clients; ++c) of[c % 2].emplace_back(++seed, address);
  return OnTwoThreads(clients, [&](std::size_t thread) {
    std::vector<PostgresClient>& mine = of[thread];
    std::vector<pollfd> sockets;
    std::vector<std::size_t> left(mine.size(), cases_each * kMoves);
    for (PostgresClient& client : mine) sockets.push_back({client.socket(), POLLIN, 0}), client.Send(clock);
    for (std::size_t busy = mine.size(); busy > 0;) {
      LF_CHECK(::poll(sockets.data(), sockets.size(), -1) > 0);
      for (std::size_t c = 0; c < mine.size(); ++c) {
        if (sockets[c].revents == 0 || !mine[c].Receive()) continue;
        if (--left[c] > 0) {
          mine[c].Send(clock);
        } else {
          sockets[c].fd = -1;  // Which poll passes over.
          --busy;
        }
      }
    }
  });
}

void CheckPostgres(const std::string& address, std::size_t expected, const std::vector<Day>& due) {
  auto db = ledger::PgConnection::Open(address, {}).value();
  const auto all = static_cast<std::int64_t>(expected);
  const auto one = [&](const char* sql) { return db.Query(sql, {}).value().Int(0, 0); };
  LF_CHECK(one("SELECT count(*) FROM cases") == all);
  LF_CHECK(one("SELECT count(*) FROM cases WHERE state = 'approved' AND delivered_on = closed_on") == all);
  LF_CHECK(one("SELECT count(*) FROM history") == all * static_cast<std::int64_t>(kMoves));
  const ledger::PgResult steps =
      db.Query(
            "SELECT count(*) FILTER (WHERE state = 'approved'), (min(due_on) - DATE '1970-01-01')::bigint, "
            "(max(due_on) - DATE '1970-01-01')::bigint FROM steps GROUP BY step ORDER BY step",
            {})
          .value();
  LF_CHECK(steps.rows() == kCaseSteps);
  for (int step = 0; step < kCaseSteps; ++step) {
    LF_CHECK(steps.Int(step, 0) == all);
    const std::int64_t day = DayNumber(due[static_cast<std::size_t>(step)]);
    LF_CHECK(steps.Int(step, 1) == day && steps.Int(step, 2) == day);
  }
}

void Run(const Options& options) {
  // What whoever runs it for a living would set; the log is flushed at each commit, as ours is.
  const std::optional<std::string> address =
      BenchDatabase("cases", {"shared_buffers=1GB", "max_wal_size=8GB", "checkpoint_timeout=30min", "fsync=on",
                              "synchronous_commit=on", "full_page_writes=on"});
  if (!address) return;
  Report report("cases");
  FillPostgres(*address);

  FixedClock clock(Instant(kToday) + std::chrono::hours(2));
  const app::EngineOptions engine_options{.clock = &clock, .random = nullptr, .vfs = {}, .snapshot_on_close = false};
  TempFolder here;
  Found({here.path()}, engine_options);
  auto engine = app::Engine::Open({here.path()}, engine_options).value();
  // PostgreSQL's clients come by a Unix socket.
  Site tcp("127.0.0.1", engine_options), local("unix:" + here.path() + "/http.sock", engine_options);

  std::uint64_t seed = 0;
  std::size_t total = 0;
  const auto postgres = [&](std::size_t clients, std::size_t each) {
    return RunPostgres(*address, clients, each, clock, seed);
  };
  const auto web = [&](const Site& site, std::size_t clients, std::size_t each) {
    return RunWeb(site, clients, each, clock, seed);
  };
  const auto in_process = [&](std::size_t clients, std::size_t each) {
    std::vector<EngineClient> of;
    for (std::size_t c = 0; c < clients; ++c) of.emplace_back(++seed);
    return ClosedLoop<EngineClient>(*engine, of, clock).RunEach(each * kMoves).seconds;
  };
  // Warm, so that PostgreSQL knows its tables when connections plan their statements.
  const std::size_t warm = options.quick ? 1 : 20;
  (void)postgres(8, warm), (void)web(tcp, 8, warm), (void)web(local, 8, warm), (void)in_process(8, warm);
  total += 8 * warm;
  LF_CHECK(ledger::PgConnection::Open(*address, {}).value().Exec("ANALYZE").ok());

  struct Size {
    std::size_t clients, each;
  };
  for (const Size size : {Size{1, 100}, Size{8, 50}, Size{32, 40}}) {
    const std::size_t each = options.quick ? 2 : size.each;
    const auto made = static_cast<double>(size.clients * each);
    std::vector<double> theirs, ours, by_tcp, by_socket, ratios, ratios_tcp, ratios_socket;
    for (int run = 0; run < (options.quick ? 1 : 5); ++run) {
      theirs.push_back(made / postgres(size.clients, each));
      ours.push_back(made / in_process(size.clients, each));
      by_tcp.push_back(made / web(tcp, size.clients, each));
      by_socket.push_back(made / web(local, size.clients, each));
      ratios.push_back(ours.back() / theirs.back());
      ratios_tcp.push_back(by_tcp.back() / theirs.back());
      ratios_socket.push_back(by_socket.back() / theirs.back());
      total += size.clients * each;
    }
    report.Figure(fmt::format("postgres.{}", size.clients), Median(theirs), "cases/s");
    report.Figure(fmt::format("in_process.{}", size.clients), Median(ours), "cases/s", "postgres", Median(ratios));
    report.Figure(fmt::format("http.{}", size.clients), Median(by_socket), "cases/s", "postgres",
                  Median(ratios_socket));
    report.Figure(fmt::format("http_tcp.{}", size.clients), Median(by_tcp), "cases/s", "postgres", Median(ratios_tcp));
  }
  CheckEngine(*engine, total);
  CheckEngine(tcp.service->engine(0), total);
  CheckEngine(local.service->engine(0), total);
  CheckPostgres(*address, total, DueDays(engine->Read().state()));
}

}  // namespace
}  // namespace landfall::bench

int main(int argc, char** argv) { landfall::bench::Run(landfall::bench::ParseOptions(argc, argv)); }
