// SPDX-License-Identifier: Apache-2.0
#include "simulate/simulator.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <queue>

#include "simulate/scratch.h"
#include "simulate/sqlite_disk.h"
#include "simulate/workload.h"

namespace landfall::simulate {
namespace {

using app::Answer;
using app::Engine;
using Micros = std::int64_t;

constexpr Micros kMillisecond = 1000, kSecond = 1'000'000, kDay = 86'400 * kSecond;
constexpr Micros kClientPatience = 80 * kMillisecond;
constexpr int kAttemptsMax = 8;
constexpr Micros kLongestRun = 60 * kSecond;
const Instant kStart = Instant(MakeDay(2026, 3, 2) + std::chrono::hours(1));

// A process of the machine: a writer or a follower, its clock and its chance. Dies, and is started again.
struct Server {
  bool writes = true;
  Micros skew = 0;  // Of its clock from the true time.
  FixedClock clock{kStart};
  SeededRandom random{0};
  std::unique_ptr<Process> process;
  std::unique_ptr<Engine> engine;
  bool step_planned = false;
  Micros cut_off_until = 0;  // Nothing reaches it over the network.
};

struct Client {
  std::size_t request = 0;  // Its newest, in Oracle::sent.
  int left = 0;             // Requests that it has yet to make.
  int attempt = 0;
  bool waiting = false;
};

class Simulation {
 public:
  Simulation(std::uint64_t seed, const SimulateOptions& options, std::string folder)
      : options_(options), chance_(seed * 2 + 1), keys_(seed * 2 + 2), machine_(seed) {
    outcome_.seed = seed;
    files_.folder = std::move(folder);
  }
  ~Simulation() {
    for (auto& server : servers_) Close(*server);
  }

  SeedOutcome Run() {
    if (Begin()) {
      Plan();
      while (!events_.empty() && outcome_.violation.empty() && now_ < kLongestRun) {
        const Event event = events_.top();
        events_.pop();
        now_ = event.at;
        event.what();
        AfterEvent();
      }
      if (outcome_.violation.empty()) Finish();
    }
    if (!outcome_.violation.empty()) Trace(outcome_.violation);
    outcome_.counts.refused_calls += machine_.disk().struck();
    return outcome_;
  }

 private:
  struct Event {
    Micros at;
    std::uint64_t order;  // Of two at the same time, the one that was planned first.
    std::function<void()> what;
    bool operator<(const Event& other) const { return std::pair(at, order) > std::pair(other.at, other.order); }
  };

  // ---- chance, time, trace ----
  std::uint64_t Below(std::uint64_t n) { return chance_.Next() % n; }
  bool OneIn(std::uint64_t n) { return Below(n) == 0; }
  Micros Between(Micros low, Micros high) {
    return low + static_cast<Micros>(Below(static_cast<std::uint64_t>(high - low + 1)));
  }
  Instant TrueTime() const { return kStart + std::chrono::microseconds(now_); }
  void At(Micros when, std::function<void()> what) { events_.push({when, ++order_, std::move(what)}); }
  void In(Micros delay, std::function<void()> what) { At(now_ + delay, std::move(what)); }
  void Trace(std::string_view what) {
    const std::string line = fmt::format("{} {} {}", now_, machine_.disk().changes(), what);
    if (options_.tell) options_.tell(line);
    outcome_.trace = XXH3_64bits_withSeed(line.data(), line.size(), outcome_.trace);
  }
  void Violate(std::string what) {
    if (!outcome_.violation.empty()) return;
    // The folder has another name each time, and a seed says the same each time.
    for (std::size_t at; (at = what.find(files_.folder)) != std::string::npos;)
      what.replace(at, files_.folder.size(), "LEDGER");
    outcome_.violation = std::move(what);
  }
  void Expect(std::optional<std::string> broken) {
    if (broken) Violate(std::move(*broken));
  }

  // ---- servers ----
  app::EngineOptions OptionsOf(Server& server) {
    server.clock.Set(TrueTime() + std::chrono::microseconds(server.skew));
    app::EngineOptions options;
    options.clock = &server.clock;
    options.random = &server.random;
    options.vfs = server.process->vfs();
    options.snapshot_on_close = false;
    options.stepped = true;
    options.read_only = options.follow = !server.writes;
    return options;
  }

  // Starts what is not running. A disk that refuses calls may refuse this too; then again later.
  void Start(Server& server) {
    if (server.engine || !machine_.disk().power()) return;
    const std::uint64_t struck = machine_.disk().struck();
    server.process = std::make_unique<Process>(machine_);
    auto opened = Engine::Open(files_, OptionsOf(server));
    Trace(opened ? "started" : opened.error().code);
    ++outcome_.counts.restarts;
    if (opened) {
      server.engine = std::move(*opened);
      Expect(oracle_.Show(*server.engine));
      if (server.writes && !machine_.disk().faults.reads_fail) Check(server);
      return;
    }
    server.process.reset();
    if (machine_.disk().power() && machine_.disk().struck() == struck)
      return Violate(fmt::format("the ledger does not open: {} {}", opened.error().code, opened.error().detail));
    In(20 * kMillisecond, [this, &server] { Start(server); });
  }

  void Close(Server& server) {
    server.engine.reset();
    server.process.reset();
  }

  void Check(Server& server) {
    const std::uint64_t struck = machine_.disk().struck();
    auto broken = BrokenPromise(*server.engine, oracle_);
    ++outcome_.counts.checks;
    // What could not be read is no broken promise.
    if (broken && machine_.disk().struck() == struck && machine_.disk().power()) Violate(std::move(*broken));
  }

  void PlanStep(Server& server, Micros delay) {
    if (std::exchange(server.step_planned, true)) return;
    In(delay, [this, &server] {
      server.step_planned = false;
      Step(server);
    });
  }

  void Step(Server& server) {
    if (!server.engine) return;
    server.clock.Set(TrueTime() + std::chrono::microseconds(server.skew));
    if (server.writes && !finishing_ && OneIn(6)) Schedule(server);
    server.engine->Step(OneIn(8));
    AfterWork(server);
  }

  // What a server's own scheduler sends: its keys have the time of the server's clock, right or wrong.
  void Schedule(Server& server) {
    const std::size_t request = oracle_.sent.size();
    oracle_.sent.push_back({Actor::System(),
                            app::NewKey(server.clock, keys_),
                            {people::RegisterPerson{{"示例人" + std::to_string(request)}}},
                            false,
                            {},
                            false});
    const Sent& sent = oracle_.sent.back();
    server.engine->Submit({sent.by, sent.key, sent.commands[0],
                           [this, request, &server](const Result<Answer>& a) { Judge(request, server, a); }});
  }

  // Whatever a server has done: is it still there, and did it show anything?
  void AfterWork(Server& server) {
    if (!server.engine || server.process->dead() || !machine_.disk().power()) return;
    Trace(fmt::format("stands at {} {}", server.engine->Read().seq(), Hex(server.engine->log().root()).substr(0, 16)));
    Expect(oracle_.Show(*server.engine));
    if (!server.engine->stopped()) return;
    if (machine_.disk().struck() == struck_before_ && outcome_.violation.empty())
      return Violate("a server stopped without a cause");
    // Somebody starts it again.
    Close(server);
    In(Between(kMillisecond, 60 * kMillisecond), [this, &server] { Start(server); });
  }

  // After each event: who died of it?
  void AfterEvent() {
    if (!machine_.disk().power()) return CutPower();
    for (auto& server : servers_) {
      if (!server->process || !server->process->dead()) continue;
      Trace("killed");
      ++outcome_.counts.kills;
      Close(*server);
      In(Between(kMillisecond, 60 * kMillisecond), [this, s = server.get()] { Start(*s); });
    }
    struck_before_ = machine_.disk().struck();
  }

  void CutPower() {
    ++outcome_.counts.power_cuts;
    for (auto& server : servers_) Close(*server);
    static constexpr Survival kSurvivals[] = {Survival::kNothing, Survival::kAll,  Survival::kPrefix,
                                              Survival::kSome,    Survival::kSome, Survival::kSome};
    const Survival survival = kSurvivals[Below(std::size(kSurvivals))];
    const std::uint32_t sector = OneIn(2) ? 512 : 4096;
    Trace(fmt::format("power cut, {} of sectors of {}", static_cast<int>(survival), sector));
    outcome_.counts.refused_calls += machine_.disk().struck();
    machine_.PowerOn(machine_.disk().AfterPowerCut(survival, sector, chance_));
    machine_.disk().faults.sync_lies = options_.sync_lies;
    struck_before_ = 0;
    // It may go again while the ledger is being opened.
    if (OneIn(4)) machine_.disk().faults.power_cut_at = 1 + Below(5);
    for (auto& server : servers_) In(Between(kMillisecond, 40 * kMillisecond), [this, s = server.get()] { Start(*s); });
  }

  // ---- clients and the network ----
  Server& AnyWriter() { return *servers_[Below(writers_)]; }

  void NextOf(std::size_t client) {
    Client& c = clients_[client];
    if (c.left-- <= 0) return;
    FixedClock clock(TrueTime());
    Sent sent = NextRequest(oracle_, WallDay(clock.Now(), {480}), chance_);
    sent.key = app::NewKey(clock, keys_);
    c.request = oracle_.sent.size();
    c.attempt = 0;
    c.waiting = true;
    oracle_.sent.push_back(std::move(sent));
    Send(client);
  }

  void Send(std::size_t client) {
    Client& c = clients_[client];
    ++c.attempt;
    const int copies = OneIn(8) ? 2 : 1;
    for (int i = 0; i < copies; ++i) {
      if (OneIn(20)) continue;  // Lost.
      // Most are fast, some arrive when nobody waits any more.
      const Micros delay = OneIn(15) ? Between(0, 2 * kSecond) : Between(100, 3 * kMillisecond);
      Server& to = AnyWriter();
      In(delay, [this, client, request = c.request, &to] { Deliver(client, request, to); });
    }
    In(kClientPatience, [this, client, request = c.request, attempt = c.attempt] {
      Client& waiting = clients_[client];
      if (!waiting.waiting || waiting.request != request || waiting.attempt != attempt) return;
      if (attempt < kAttemptsMax) return Send(client);
      waiting.waiting = false;  // It gives up, and will never know.
      NextOf(client);
    });
  }

  void Deliver(std::size_t client, std::size_t request, Server& to) {
    if (!to.engine || now_ < to.cut_off_until) return;
    Trace(fmt::format("request {}", request));
    ++outcome_.counts.requests;
    const Sent& sent = oracle_.sent[request];
    // Who guesses a key that was used must not get away with it.
    if (sent.accepted && OneIn(6)) TryTwin(sent, to);
    if (!to.engine) return;
    if (sent.batch) {
      to.clock.Set(TrueTime() + std::chrono::microseconds(to.skew));
      const auto answer = to.engine->RunBatch(sent.by, sent.key, sent.commands, Completion(), Engine::kAnySeq);
      Answered(client, request, to, answer);
      return AfterWork(to);
    }
    to.engine->Submit({sent.by, sent.key, sent.commands[0], [this, client, request, &to](const Result<Answer>& answer) {
                         Answered(client, request, to, answer);
                       }});
    PlanStep(to, Between(0, 400));
  }

  void TryTwin(const Sent& sent, Server& to) {
    Sent twin = TamperedTwin(sent);
    to.engine->Submit({twin.by, twin.key, twin.commands[0], [this](const Result<Answer>& answer) {
                         Trace(answer ? "twin" : answer.error().code);
                         if (answer) Violate("a key that was used was accepted with another body");
                       }});
    PlanStep(to, Between(0, 400));
  }

  // What a server says. A dead one says nothing, and nobody knows what it has done. True: it is an answer.
  bool Judge(std::size_t request, const Server& from, const Result<Answer>& answer) {
    Sent& sent = oracle_.sent[request];
    const bool dead = from.process->dead() || !machine_.disk().power();
    Trace(fmt::format("{} {}", request, dead ? "dead" : answer ? std::to_string(answer->seq) : answer.error().code));
    if (dead || (!answer && answer.error().fault == Fault::kUnavailable)) {
      sent.unknown = true;
      return false;
    }
    if (answer) {
      outcome_.counts.repeated += answer->repeated;
      outcome_.counts.acknowledged += !sent.accepted;
      if (sent.accepted && (sent.accepted->seq != answer->seq || sent.accepted->ids != answer->ids))
        Violate(fmt::format("request {} was answered with entry {} ({}) and with {} ({})", sent.key, sent.accepted->seq,
                            fmt::join(sent.accepted->ids, " "), answer->seq, fmt::join(answer->ids, " ")));
      sent.accepted = *answer;
    } else {
      ++outcome_.counts.refused;
    }
    return true;
  }

  void Answered(std::size_t client, std::size_t request, const Server& from, const Result<Answer>& answer) {
    if (!Judge(request, from, answer) || OneIn(20)) return;  // It may be lost on its way.
    In(Between(100, 3 * kMillisecond), [this, client, request] {
      Client& c = clients_[client];
      if (!c.waiting || c.request != request) return;
      c.waiting = false;
      In(Between(0, 4 * kMillisecond), [this, client] { NextOf(client); });
    });
  }

  // ---- what goes wrong, and when ----
  bool Begin() {
    writers_ = OneIn(4) ? 2 : 1;
    const std::size_t followers = Below(3);
    for (std::size_t i = 0; i < writers_ + followers; ++i) {
      servers_.push_back(std::make_unique<Server>());
      servers_.back()->writes = i < writers_;
      servers_.back()->random = SeededRandom(outcome_.seed * 16 + i + 3);
    }
    Server& first = *servers_[0];
    first.process = std::make_unique<Process>(machine_);
    machine_.disk().faults.sync_lies = options_.sync_lies;
    const Status made = Engine::Create(files_, CreateCommand(), OptionsOf(first));
    if (!made) return Violate("no ledger was made: " + made.error().code), false;
    for (auto& server : servers_) Start(*server);
    if (!outcome_.violation.empty()) return false;
    for (app::AnyCommand& command : FirstCommands()) {
      Sent sent{Actor::System(), app::NewKey(first.clock, keys_), {std::move(command)}, false, {}, false};
      auto answer = first.engine->Run(sent.by, sent.key, sent.commands[0]);
      if (!answer) return Violate("a first command was refused: " + answer.error().code), false;
      sent.accepted = std::move(*answer);
      oracle_.sent.push_back(std::move(sent));
    }
    return true;
  }

  void Plan() {
    clients_.resize(1 + Below(4));
    for (std::size_t i = 0; i < clients_.size(); ++i) {
      clients_[i].left = static_cast<int>(3 + Below(10));
      In(Between(0, 5 * kMillisecond), [this, i] { NextOf(i); });
    }
    const std::size_t mishaps = 1 + Below(5);
    for (std::size_t i = 0; i < mishaps; ++i) In(Between(0, 250 * kMillisecond), [this] { Mishap(); });
    for (std::size_t i = 0; i < servers_.size(); ++i)
      for (int n = 0; n < 6; ++n) In(Between(0, 300 * kMillisecond), [this, i] { Step(*servers_[i]); });
  }

  // A commit is three or four changes to the disk (sqlite_gathering.h).
  void Mishap() {
    Server& server = *servers_[Below(servers_.size())];
    Disk& disk = machine_.disk();
    const std::uint64_t kind = Below(9);
    Trace(fmt::format("mishap {}", kind));
    switch (kind) {
      case 0:
      case 1:
      case 2:
        disk.faults.power_cut_at = disk.changes() + 1 + Below(12);
        return;
      case 3:
        if (server.process) server.process->KillAtChange(1 + Below(8));
        return;
      case 4: {  // The disk is full, or refuses for a while.
        disk.faults.fails_from = disk.changes() + 1 + Below(8);
        disk.faults.fails_until = disk.faults.fails_from + 1 + Below(OneIn(3) ? 15 : 2);
        disk.faults.full = OneIn(2);
        disk.faults.torn = OneIn(2);
        disk.faults.reads_fail = OneIn(4);
        // Space is made, the cable is put back.
        In(Between(5 * kMillisecond, 100 * kMillisecond), [this] { machine_.disk().faults.fails_until = 0; });
        return;
      }
      case 5:
      case 6:
        return JumpClock(server);
      case 7:
        server.cut_off_until = now_ + Between(0, 400 * kMillisecond);
        return;
      default:  // Somebody restarts it in good order.
        Trace("restart");
        Close(server);
        In(Between(kMillisecond, 30 * kMillisecond), [this, &server] { Start(server); });
    }
  }

  void JumpClock(Server& server) {
    ++outcome_.counts.clock_jumps;
    const Micros far = OneIn(3) ? 30 * kDay : OneIn(2) ? kDay : 300 * kSecond;
    server.skew = Between(-far, far);
    Trace(fmt::format("clock {}", server.skew));
    // Somebody notices, mostly.
    if (!OneIn(4)) In(Between(0, 150 * kMillisecond), [&server] { server.skew = 0; });
  }

  // Everything works again: each client asks once more for what it never learned, and every promise is looked at before
  // and after a last restart.
  void Finish() {
    finishing_ = true;
    machine_.disk().faults = {};
    machine_.disk().faults.sync_lies = options_.sync_lies;
    for (auto& server : servers_) {
      if (server->process && server->process->dead()) Close(*server);
      Start(*server);
      if (!outcome_.violation.empty()) return;
      server->skew = 0;
      // A process that was to be killed and never came to it.
      if (server->process) server->process->KillAtChange(0);
      Step(*server);
    }
    Server& writer = *servers_[0];
    if (!writer.engine) return Violate("no writer on a disk that works");
    for (std::size_t i = 0; i < oracle_.sent.size() && outcome_.violation.empty(); ++i) {
      Sent& sent = oracle_.sent[i];
      if (!sent.unknown && !OneIn(8)) continue;
      const auto answer = sent.batch
                              ? writer.engine->RunBatch(sent.by, sent.key, sent.commands, Completion(), Engine::kAnySeq)
                              : writer.engine->Run(sent.by, sent.key, sent.commands[0]);
      Judge(i, writer, answer);
      if (!answer && answer.error().fault == Fault::kUnavailable)
        return Violate(fmt::format("on a disk that works: {} {}", answer.error().code, answer.error().detail));
    }
    if (!outcome_.violation.empty()) return;
    Check(writer);
    const std::string live = HashOf(writer.engine->Read().state());
    outcome_.counts.entries = writer.engine->log().size();
    for (auto& server : servers_) {
      if (!server->engine) return Violate("a server does not start on a disk that works");
      Step(*server);
      if (!outcome_.violation.empty()) return;
      if (HashOf(server->engine->Read().state()) != live) return Violate("a follower does not follow");
    }
    for (auto& server : servers_) Close(*server);
    Start(writer);
    if (!outcome_.violation.empty()) return;
    if (HashOf(writer.engine->Read().state()) != live) return Violate("after a restart the state is another one");
    Trace(live);
  }

  const SimulateOptions options_;
  SeedOutcome outcome_;
  SeededRandom chance_, keys_;
  Machine machine_;
  app::LedgerFiles files_;
  Oracle oracle_;
  std::vector<std::unique_ptr<Server>> servers_;  // Writers first.
  std::size_t writers_ = 1;
  std::vector<Client> clients_;
  std::priority_queue<Event> events_;
  std::uint64_t order_ = 0;
  Micros now_ = 0;
  bool finishing_ = false;
  std::uint64_t struck_before_ = 0;
};

}  // namespace

void SimulateCounts::Add(const SimulateCounts& other) {
  requests += other.requests;
  acknowledged += other.acknowledged;
  refused += other.refused;
  repeated += other.repeated;
  entries += other.entries;
  power_cuts += other.power_cuts;
  kills += other.kills;
  refused_calls += other.refused_calls;
  restarts += other.restarts;
  clock_jumps += other.clock_jumps;
  checks += other.checks;
}

SeedOutcome Simulate(std::uint64_t seed, const SimulateOptions& options) {
  auto scratch = Scratch::Make();
  if (!scratch) {
    SeedOutcome outcome;
    outcome.seed = seed;
    outcome.violation = "no folder for the files beside the ledger: " + scratch.error().detail;
    return outcome;
  }
  return Simulation(seed, options, scratch->path() + "/ledger").Run();
}

}  // namespace landfall::simulate
