// SPDX-License-Identifier: Apache-2.0
// One project's page over HTTP/1.1: requests a second, CPU of the server for each, and its resident memory, beside an
// answer that asks nothing of the ledger (/healthz). The server is a process of its own on the first core, the clients
// are on the second.
#include <sched.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <thread>

#include "bench/bench.h"
#include "bench/world.h"
#include "ledger/store_sqlite.h"
#include "server/http_client.h"
#include "server/serve.h"

namespace landfall::bench {
namespace {

constexpr Day kToday = World::kToday;

// What the server's process says of itself when asked.
struct Usage {
  std::uint16_t port = 0;
  char token[128] = {};
  double cpu_us = 0, rss_mb = 0;
};

void StayOn(int core) {
  if (std::thread::hardware_concurrency() < 2) return;
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(core, &set);
  (void)::sched_setaffinity(0, sizeof set, &set);
}

Usage UsageNow() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto us = [](const timeval& t) { return static_cast<double>(t.tv_sec) * 1e6 + static_cast<double>(t.tv_usec); };
  Usage out;
  out.cpu_us = us(usage.ru_utime) + us(usage.ru_stime);
  out.rss_mb = RssMb();
  return out;
}

void Prepare(const app::LedgerFiles& files, std::size_t projects) {
  auto store = ledger::OpenSqliteStore(files.ledger(), {.vfs = {}, .create = true}).value();
  const auto signer =
      ledger::SignerKey::Generate("landfall/999999", ledger::SignatureType::kEd25519, SystemRandom()).value();
  LF_CHECK(store->PutMeta("vkey", signer.verifier().Encode()).ok());
  std::ofstream(files.key()) << signer.Encode() << "\n";
  auto log = ledger::Log::Open(std::move(store), SystemRandom()).value();
  SeededRandom random(4);
  World({.projects = projects}).Generate([&](const WorldEntry& entry) {
    LF_CHECK(log->Add(DraftOf(entry, random)).ok());
    if (log->pending() == 1000) LF_CHECK(log->Flush().ok());
  });
  LF_CHECK(log->Flush().ok());
}

// Serves until the other end of `commands` is closed; every byte that comes asks for a Usage.
void Serve(const std::string& folder, int commands, int answers) {
  StayOn(0);
  FixedClock clock(Instant(kToday) + std::chrono::hours(10));
  auto service =
      server::Service::Start({.folders = {folder}, .address = "127.0.0.1", .port = 0, .io_threads = 2, .log = {}},
                             {.clock = &clock, .random = nullptr, .vfs = {}, .snapshot_on_close = false})
          .value();
  const std::string token = service->access(0).CreateToken(World::kOfficer, "bench").value().secret;
  char byte = 0;
  while (::read(commands, &byte, 1) == 1) {
    Usage usage = UsageNow();
    usage.port = service->port();
    LF_CHECK(token.size() < sizeof usage.token);
    std::copy(token.begin(), token.end(), usage.token);
    LF_CHECK(::write(answers, &usage, sizeof usage) == sizeof usage);
  }
}

class ServerProcess {
 public:
  explicit ServerProcess(const std::string& folder) {
    int commands[2], answers[2];
    LF_CHECK(::pipe(commands) == 0 && ::pipe(answers) == 0);
    child_ = ::fork();
    LF_CHECK(child_ >= 0);
    if (child_ == 0) {
      ::close(commands[1]), ::close(answers[0]);
      Serve(folder, commands[0], answers[1]);
      std::_Exit(0);
    }
    ::close(commands[0]), ::close(answers[1]);
    ask_ = commands[1], hear_ = answers[0];
  }
  ~ServerProcess() {
    ::close(ask_), ::close(hear_);
    ::waitpid(child_, nullptr, 0);
  }
  Usage Ask() {
    Usage usage;
    LF_CHECK(::write(ask_, "?", 1) == 1 && ::read(hear_, &usage, sizeof usage) == sizeof usage);
    return usage;
  }

 private:
  pid_t child_ = 0;
  int ask_ = -1, hear_ = -1;
};

struct Outcome {
  double per_second = 0, cpu_us = 0, p50_us = 0, p99_us = 0;
};

Outcome Get(ServerProcess& server, const std::string& target, std::string_view expected, int connections,
            int requests_each) {
  const Usage before = server.Ask();
  const std::vector<server::Field> headers{{"Authorization", "Bearer " + std::string(before.token)}};
  std::vector<std::thread> threads;
  std::vector<std::vector<double>> latencies(static_cast<std::size_t>(connections));
  const Times times = Measure([&] {
    for (int c = 0; c < connections; ++c)
      threads.emplace_back([&, c] {
        auto client = server::HttpClient::Connect("127.0.0.1", before.port).value();
        std::size_t length = 0;
        for (int i = 0; i < requests_each; ++i) {
          const Times one = Measure([&] {
            const server::ClientResponse answer = client.Get(target, headers).value();
            // /healthz tells an age, of which nothing is expected but that it comes.
            LF_CHECK(answer.status == 200 && (length == 0 || expected.empty() || answer.body.size() == length));
            if (length == 0) LF_CHECK(answer.body.find(expected) != std::string::npos);
            length = answer.body.size();
          });
          latencies[static_cast<std::size_t>(c)].push_back(one.wall * 1e6);
        }
      });
    for (std::thread& thread : threads) thread.join();
  });
  const Usage after = server.Ask();
  std::vector<double> all;
  for (const auto& l : latencies) all.insert(all.end(), l.begin(), l.end());
  const double requests = static_cast<double>(connections) * requests_each;
  return {requests / times.wall, (after.cpu_us - before.cpu_us) / requests, Quantile(all, 0.5), Quantile(all, 0.99)};
}

void Run(const Options& options) {
  Report report("http");
  TempFolder folder;
  Prepare({folder.path()}, options.quick ? 1'000 : 10'000);
  ServerProcess server(folder.path());
  const Usage ready = server.Ask();
  StayOn(1);
  const int runs = options.quick ? 1 : 5;
  for (const int connections : {1, 8}) {
    // Fewer than the requests after which the server closes a connection.
    const int each = options.quick ? 400 / connections : std::min(9'000, 20'000 / connections);
    std::vector<double> rates, cpu, p50, p99, ratios, bare_rates, bare_cpu;
    for (int run = 0; run < runs; ++run) {
      const Outcome bare = Get(server, "/healthz", "", connections, each);
      const Outcome page = Get(server, "/api/v1/projects/p1?as_of=2026-06-01", "\"id\":\"p1\"", connections, each);
      rates.push_back(page.per_second);
      cpu.push_back(page.cpu_us);
      p50.push_back(page.p50_us);
      p99.push_back(page.p99_us);
      bare_rates.push_back(bare.per_second);
      bare_cpu.push_back(bare.cpu_us);
      ratios.push_back(page.per_second / bare.per_second);
    }
    const std::string at = std::to_string(connections);
    report.Figure("project_page_per_s." + at, Median(rates), "requests/s", "healthz", Median(ratios));
    report.Figure("project_page_cpu." + at, Median(cpu), "us");
    report.Figure("project_page_p50." + at, Median(p50), "us");
    report.Figure("project_page_p99." + at, Median(p99), "us");
    report.Figure("healthz_per_s." + at, Median(bare_rates), "requests/s");
    report.Figure("healthz_cpu." + at, Median(bare_cpu), "us");
  }
  report.Figure("rss_before", ready.rss_mb, "MB");
  report.Figure("rss_after", server.Ask().rss_mb, "MB");
}

}  // namespace
}  // namespace landfall::bench

int main(int argc, char** argv) { landfall::bench::Run(landfall::bench::ParseOptions(argc, argv)); }
