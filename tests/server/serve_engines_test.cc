// SPDX-License-Identifier: Apache-2.0
// The served binary on both engines: killed under clients who write; and what only PostgreSQL allows, two servers on
// one ledger and a follower whose database goes away.
#include <gmock/gmock.h>

#include <atomic>
#include <chrono>
#include <map>
#include <set>
#include <thread>

#include "app/verify.h"
#include "server/http_support.h"
#include "server/served_binary.h"
#include "support/ledger_fixture.h"
#include "support/postgres_server.h"

namespace landfall::server {
namespace {

using app::test::TempFolder;
using app::test::TestAll;
using test::PostgresServer;
using ::testing::HasSubstr;

constexpr const char* kCode = "430299";

struct Sent {
  std::string key, body;
  std::uint64_t seq = 0;  // 0: no answer came.
};

// A person at a keep-alive connection who registers projects.
class Client {
 public:
  Client(std::uint16_t port, std::string token) : port_(port), token_(std::move(token)) {}
  // A new command; its place in the ledger is filled in when an answer comes. False when none did.
  bool SendNext() {
    sent_.push_back({app::NewKey(SystemClock(), SystemRandom()), {}, 0});
    sent_.back().body =
        fmt::format(R"({{"title":"示例项目{}","ladder":"industrial","owner_unit":"o1"}})", sent_.back().key);
    return Send(sent_.back());
  }
  // The one without an answer again, at another server.
  bool SendAgain(std::uint16_t port) {
    port_ = port;
    connection_.reset();
    return sent_.empty() || sent_.back().seq != 0 || Send(sent_.back());
  }
  const std::vector<Sent>& sent() const { return sent_; }
  std::vector<Sent> TakeSent() { return std::exchange(sent_, {}); }

 private:
  bool Send(Sent& sent) {
    if (!connection_) {
      auto connected = HttpClient::Connect("127.0.0.1", port_, seconds(60));
      if (!connected) return false;
      connection_.emplace(*std::move(connected));
    }
    const auto answer = connection_->Send(
        "POST", "/api/v1/commands/project.register",
        {{"Authorization", "Bearer " + token_}, {"Idempotency-Key", sent.key}, {"Content-Type", "application/json"}},
        sent.body);
    if (!answer) return false;
    EXPECT_EQ(answer->status, 200) << answer->body;
    const std::size_t at = answer->body.find("\"seq\":");
    if (answer->status != 200 || at == std::string::npos) return false;
    sent.seq = std::strtoull(answer->body.c_str() + at + 6, nullptr, 10);
    return true;
  }
  std::uint16_t port_;
  const std::string token_;
  std::optional<HttpClient> connection_;
  std::vector<Sent> sent_;
};

// That every key stands in the entry that its answer named, and nowhere else.
void ExpectEachOnce(const app::LedgerFiles& files, const std::vector<Sent>& sent) {
  auto store = app::OpenStore(files, {.vfs = {}, .create = false, .read_only = true});
  ASSERT_TRUE(store.ok()) << store.error().code;
  auto log = ledger::Log::Open(*std::move(store), SystemRandom());
  ASSERT_TRUE(log.ok()) << log.error().code;
  std::multimap<std::string, std::uint64_t> stored;
  const Status read = (*log)->Replay(
      {}, [&](const ledger::Leaf& leaf, const ledger::StoredEntry&, std::span<const std::string_view>) -> Status {
        stored.emplace(leaf.key, leaf.seq);
        return Ok{};
      });
  ASSERT_TRUE(read.ok()) << read.error().code;
  for (const Sent& s : sent) {
    ASSERT_EQ(stored.count(s.key), 1u) << "lost or done twice: " << s.key;
    EXPECT_EQ(stored.find(s.key)->second, s.seq);
  }
}

void ExpectIntact(const app::LedgerFiles& files) {
  const auto report = app::VerifyLedger(files);
  ASSERT_TRUE(report.ok()) << report.error().code;
  EXPECT_EQ(report->verdict, app::Verdict::intact) << report->faults.at(0).detail;
}

// Records that a server shows.
std::uint64_t SizeOf(const ServedBinary& server, const std::string& token) {
  const std::string board = server.Send(token, "GET", "/api/v1/board").body;
  const std::size_t at = board.find("\"ledger_size\":");
  return at == std::string::npos ? 0 : std::strtoull(board.c_str() + at + 14, nullptr, 10);
}

class ServeEngines : public testing::Test {
 protected:
  void SetUp() override {
    if (std::filesystem::exists(kBinary)) return;
    if (test::InCi()) FAIL() << "the binary is missing: " << kBinary;
    GTEST_SKIP() << "SKIPPED LOUDLY: no binary at " << kBinary;
  }
  // An address of a ledger in a fresh database, with its folder here.
  std::string InPostgres() const {
    return PostgresServer::Shared()->NewDatabase() + "&ledger=" + kCode + "&folder=" + (temp_ / "ledger");
  }
  void KillUnderClients(const std::string& ledger, int rounds) {
    const std::string token = MakeCounty(temp_.path(), kCode, ledger);
    const std::uint64_t seed = static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
    SCOPED_TRACE("seed " + std::to_string(seed));
    SeededRandom random(seed);
    constexpr std::size_t kClients = 8;
    std::vector<Sent> all;
    std::size_t unanswered = 0;
    auto server = std::make_unique<ServedBinary>(ledger, temp_ / "log");
    for (int round = 0; round < rounds && !HasFailure(); ++round) {
      std::vector<std::unique_ptr<Client>> clients;
      std::vector<std::thread> threads;
      std::atomic<std::uint64_t> answered = 0;
      for (std::size_t c = 0; c < kClients; ++c) clients.push_back(std::make_unique<Client>(server->port(), token));
      for (auto& client : clients)
        threads.emplace_back([&] {
          while (client->SendNext()) ++answered;
        });
      // After a number of answers, not after a time.
      const std::uint64_t enough = 1 + random.Next() % 200;
      EXPECT_TRUE(Eventually([&] { return answered >= enough; }));
      server->Kill();
      for (std::thread& t : threads) t.join();
      server = std::make_unique<ServedBinary>(ledger, temp_ / "log");
      for (auto& client : clients) {
        unanswered += !client->sent().empty() && client->sent().back().seq == 0;
        EXPECT_TRUE(client->SendAgain(server->port())) << "the key finds out what happened";
        for (Sent& sent : client->TakeSent()) all.push_back(std::move(sent));
      }
    }
    server.reset();
    const app::LedgerFiles files = app::FindLedger(ledger).value();
    ExpectEachOnce(files, all);
    ExpectIntact(files);
    fmt::print("{} kills under {} clients, {} commands, {} of them without an answer at first\n", rounds, kClients,
               all.size(), unanswered);
  }

  TempFolder temp_;
};

TEST_F(ServeEngines, KilledUnderClientsLosesAndDoublesNothingInAFile) {
  KillUnderClients(temp_ / "ledger", TestAll() ? 200 : 5);
}

TEST_F(ServeEngines, KilledUnderClientsLosesAndDoublesNothingInPostgres) {
  LF_NEEDS_POSTGRES();
  KillUnderClients(InPostgres(), TestAll() ? 200 : 5);
}

TEST_F(ServeEngines, TwoServersAndThirtyTwoClientsLoseDoubleAndMisorderNothing) {
  LF_NEEDS_POSTGRES();
  const std::string ledger = InPostgres();
  const std::string token = MakeCounty(temp_.path(), kCode, ledger);
  const ServedBinary one(ledger, temp_ / "log1"), two(ledger, temp_ / "log2");
  constexpr int kClients = 32;
  const int each = TestAll() ? 200 : 20;
  std::vector<std::unique_ptr<Client>> clients;
  std::vector<std::thread> threads;
  for (int c = 0; c < kClients; ++c)
    clients.push_back(std::make_unique<Client>((c % 2 == 0 ? one : two).port(), token));
  const auto start = std::chrono::steady_clock::now();
  for (auto& client : clients)
    threads.emplace_back([&client, each] {
      for (int i = 0; i < each; ++i) ASSERT_TRUE(client->SendNext());
    });
  for (std::thread& t : threads) t.join();
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();

  std::vector<Sent> all;
  std::set<std::uint64_t> places;
  for (auto& client : clients) {
    std::uint64_t before = 0;
    for (Sent& sent : client->TakeSent()) {
      EXPECT_GT(sent.seq, before) << "one client's commands keep their order";
      before = sent.seq;
      places.insert(sent.seq);
      all.push_back(std::move(sent));
    }
  }
  EXPECT_EQ(places.size(), static_cast<std::size_t>(kClients * each));
  EXPECT_EQ(*places.rbegin() - *places.begin() + 1, places.size()) << "nobody else's entry stands between them";
  const app::LedgerFiles files = app::FindLedger(ledger).value();
  ExpectEachOnce(files, all);
  // Either server shows all of it.
  for (const ServedBinary* server : {&one, &two})
    EXPECT_TRUE(Eventually([&] { return SizeOf(*server, token) == *places.rbegin(); }));
  ExpectIntact(files);
  fmt::print("two servers, {} clients: {} commands in {:.1f} s\n", kClients, all.size(), seconds);
}

TEST_F(ServeEngines, FollowerCatchesUpSaysWhenItsViewIsStaleAndTakesNoCommands) {
  LF_NEEDS_POSTGRES();
  const std::string ledger = InPostgres();
  const std::string token = MakeCounty(temp_.path(), kCode, ledger);
  const ServedBinary leader(ledger, temp_ / "log1"), follower(ledger, temp_ / "log2", {"--follow"});
  Client client(leader.port(), token);
  const auto follows = [&] { return Eventually([&] { return SizeOf(follower, token) == client.sent().back().seq; }); };
  const auto is_stale = [&] {
    return follower.Send(token, "GET", "/api/v1/board").Header("Landfall-Stale").has_value();
  };

  ASSERT_TRUE(client.SendNext());
  EXPECT_TRUE(follows());
  EXPECT_FALSE(is_stale());
  EXPECT_THAT(follower.Send(token, "GET", "/healthz").body, HasSubstr("\"follows\":true,\"stale\":false"));

  const ClientResponse refused =
      follower.Send(token, "POST", "/api/v1/commands/project.register",
                    R"({"title":"示例项目","ladder":"industrial","owner_unit":"o1"})",
                    {{"Idempotency-Key", app::NewKey(SystemClock(), SystemRandom())}, {"Accept-Language", "en"}});
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(CodeOf(refused), "ledger.read_only");
  EXPECT_THAT(refused.body, HasSubstr("send what is to be written to the server"));

  // The database goes: reads go on from memory, and say since when nobody could look.
  PostgresServer::Shared()->Halt();
  EXPECT_TRUE(Eventually(is_stale));
  const ClientResponse old = follower.Send(token, "GET", "/api/v1/board");
  EXPECT_EQ(old.status, 200);
  EXPECT_GE(std::atoi(std::string(old.Header("Landfall-Stale").value_or("")).c_str()), 5);
  const ClientResponse health = follower.Send(token, "GET", "/healthz");
  EXPECT_EQ(health.status, 200);
  EXPECT_THAT(health.body, HasSubstr("\"stale\":true"));
  EXPECT_THAT(follower.Send(token, "GET", "/metrics").body, HasSubstr("landfall_stale{ledger=\"430299\"} 1"));

  ASSERT_TRUE(PostgresServer::Shared()->Launch());
  ASSERT_TRUE(client.SendNext()) << "the leader has found its database again";
  EXPECT_TRUE(follows());
  EXPECT_TRUE(Eventually([&] { return !is_stale(); }));
}

}  // namespace
}  // namespace landfall::server
