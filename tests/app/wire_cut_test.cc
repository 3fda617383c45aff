// SPDX-License-Identifier: Apache-2.0
// The wire to PostgreSQL is cut before and after every message, in both directions, of a run that makes a ledger, opens
// it, sends commands and batches, erases, reads and backs up. Wherever it breaks: nothing acknowledged is lost, nothing
// is done twice, nothing is half done, and the engine goes on or says what is the matter.
//
// The fast suite cuts at places drawn from a seed that it prints; LANDFALL_TEST_ALL=1 cuts at every place.
// LANDFALL_WIRE_PLACE=12a (after the twelfth message; 12b before it) repeats one.
#include <map>

#include "app/backup.h"
#include "app/labels.h"
#include "tests/support/ledger_fixture.h"
#include "tests/support/postgres_proxy.h"
#include "tests/support/postgres_server.h"

namespace landfall::app::test {
namespace {

using landfall::test::PostgresProxy;
using landfall::test::PostgresServer;

struct Place {
  std::uint64_t message = 0;  // 0: nowhere.
  bool after = false;
  std::string Name() const { return fmt::format("{}{}", message, after ? 'a' : 'b'); }
};

struct Sent {
  std::string key;
  std::uint64_t seq = 0;  // 0: refused with a code of the store, so that nobody knows.
  std::uint64_t entries = 1;
  std::function<Result<Answer>(Engine&)> again;
};

// A ledger behind a proxy. `database` is shared by many places, each of which has a jurisdiction of its own.
class CutRun {
 public:
  CutRun(const std::string& database, const std::string& jurisdiction, Place place)
      : place_(place),
        world_(place.message * 2 + (place.after ? 1 : 0) + 1),
        direct_{world_.temp / "ledger", database, jurisdiction},
        proxy_(world_.temp / ".s.PGSQL.5432", PostgresServer::Shared()->socket() + "/.s.PGSQL.5432") {
    world_.files = direct_;
    world_.files.database = PostgresServer::Shared()->Through(database, world_.temp.path());
    create_ = CreateCommand();
    create_.jurisdiction = {jurisdiction};
    proxy_.CutAt(place.message, place.after);
  }

  // Makes the ledger; a second time where the first was refused.
  void Make() {
    Status made = Engine::Create(world_.files, create_, world_.Options());
    if (!made) {
      Judge(made.error());
      made = Engine::Create(world_.files, create_, world_.Options());
    }
    ASSERT_TRUE(made.ok()) << made.error().code << " " << made.error().detail;
  }

  void Work() {
    auto opened = Engine::Open(world_.files, world_.Options());
    if (!opened) {
      Judge(opened.error());
      opened = Engine::Open(world_.files, world_.Options());
    }
    ASSERT_TRUE(opened.ok()) << opened.error().code << " " << opened.error().detail;
    world_.engine = std::move(*opened);
    for (int i = 0; i < 3; ++i) Run(UnitCommand(100 + i));
    const std::uint64_t person = Run(people::RegisterPerson{{"示例人甲"}});
    Batch(20, [](int i) -> AnyCommand { return UnitCommand(200 + i); });
    // So many parts that they go by COPY, and a tile of the tree is crossed.
    Batch(270, [](int) -> AnyCommand { return people::RegisterPerson{{"示例人"}}; });
    if (person != 0) Run(admin::ErasePayload{{static_cast<std::int64_t>(person)}, {1}, {"pipl-47"}});
    Run(UnitCommand(300));
    Read();
    live_ = world_.Hash();
    size_ = world_.engine->Read().seq();
    world_.Close();
    BackUpOnce();
  }

  // Looks at what is there without the proxy.
  void Check() {
    proxy_.CutAt(0, false);
    for (const Sent& sent : sent_) ASSERT_TRUE(sent.seq == 0 || sent.seq <= size_);
    World there;
    there.files = direct_;
    there.Open();
    ASSERT_TRUE(there.engine);
    EXPECT_EQ(there.engine->Read().seq(), size_);
    EXPECT_EQ(there.Hash(), live_);
    for (Sent& sent : sent_) {
      if (sent.seq != 0) continue;
      const auto answer = sent.again(*there.engine);
      ASSERT_TRUE(answer.ok()) << CodeOf(answer);
      sent.seq = answer->seq;
    }
    // Every key stands in exactly the entries that its answer named.
    std::map<std::string, std::uint64_t> entries;
    std::map<std::string, std::uint64_t> last;
    for (std::uint64_t seq = 2; seq <= there.engine->log().size(); ++seq) {
      const auto record = there.engine->log().Entry(seq);
      ASSERT_TRUE(record.ok()) << CodeOf(record);
      ledger::Leaf leaf;
      ASSERT_TRUE(ledger::ParseLeaf(record->leaf, leaf));
      const std::string key(leaf.batch.empty() ? leaf.key : leaf.batch);
      ++entries[key];
      last[key] = seq;
    }
    for (const Sent& sent : sent_) {
      EXPECT_EQ(entries[sent.key], sent.entries) << "lost, half done or done twice";
      EXPECT_EQ(last[sent.key], sent.seq);
    }
    EXPECT_EQ(entries.size(), sent_.size());
    there.Close();
    const auto report = VerifyLedger(direct_);
    ASSERT_TRUE(report.ok()) << CodeOf(report);
    EXPECT_EQ(report->verdict, Verdict::intact) << report->faults.at(0).detail;
    EXPECT_EQ(ReplayedHash(direct_), HashAgain());
  }

  bool hit() const { return proxy_.cuts() > 0; }
  std::uint64_t messages() const { return proxy_.messages(); }
  std::string last_cut() const { return proxy_.last_cut(); }
  int refusals() const { return refusals_; }

 private:
  // A refusal is of the store, says so in both languages, and has a cause.
  void Judge(const Error& error) {
    ++refusals_;
    EXPECT_TRUE(hit()) << "refused without a cut";
    EXPECT_TRUE(error.code.starts_with("store.")) << error.code << " " << error.detail;
    EXPECT_FALSE(SentenceOf(error.code, Language::kZh).empty()) << error.code;
    EXPECT_FALSE(SentenceOf(error.code, Language::kEn).empty()) << error.code;
  }
  std::uint64_t Settle(Sent sent, const Result<Answer>& answer) {
    if (answer) {
      EXPECT_FALSE(world_.engine->stopped());
      sent.seq = answer->seq;
    } else {
      Judge(answer.error());
    }
    sent_.push_back(sent);
    return sent.seq;
  }
  std::uint64_t Run(AnyCommand command) {
    const std::string key = world_.Key();
    const auto send = [key, command](Engine& engine) { return engine.Run(Actor::System(), key, command); };
    return Settle({key, 0, 1, send}, send(*world_.engine));
  }
  void Batch(int n, const std::function<AnyCommand(int)>& command) {
    std::vector<AnyCommand> commands;
    for (int i = 0; i < n; ++i) commands.push_back(command(i));
    const std::string key = world_.Key();
    const auto send = [key, commands](Engine& engine) {
      return engine.RunBatch(Actor::System(), key, commands, {{"test"}, {0}, {}, {}, {}, {}}, Engine::kAnySeq);
    };
    Settle({key, 0, static_cast<std::uint64_t>(n) + 1, send}, send(*world_.engine));
  }
  void Read() {
    Engine& engine = *world_.engine;
    if (const auto record = engine.log().Entry(3); !record) Judge(record.error());
    if (const auto past = engine.StateAt(4); !past) Judge(past.error());
    if (const auto seq = engine.SeqAtDay(Today()); !seq) Judge(seq.error());
  }
  void BackUpOnce() {
    const std::string folder = world_.temp / "backup";
    const auto made = BackUp(world_.files, folder);
    if (made) {
      EXPECT_EQ(static_cast<std::uint64_t>(made->size), size_);
      return;
    }
    Judge(made.error());
    EXPECT_FALSE(std::filesystem::exists(folder));
  }
  std::string HashAgain() const {
    World there;
    there.files = direct_;
    there.Open();
    return there.engine ? there.Hash() : "";
  }

  const Place place_;
  World world_;
  const LedgerFiles direct_;
  PostgresProxy proxy_;
  admin::CreateLedger create_;
  std::vector<Sent> sent_;
  std::string live_;
  std::uint64_t size_ = 0;
  int refusals_ = 0;
};

class WireCut : public testing::Test {
 protected:
  void SetUp() override { LF_NEEDS_POSTGRES(); }

  // Runs `run` at each place; answers how many messages an untouched one has.
  void AtEachPlace(std::size_t in_fast_suite,
                   const std::function<void(Place, std::uint64_t&, int&, std::string&)>& run) {
    std::uint64_t messages = 0;
    int refusals = 0;
    std::string cut;
    run({}, messages, refusals, cut);
    ASSERT_GT(messages, 0u);
    ASSERT_FALSE(HasFailure()) << "already without a cut";
    std::vector<Place> places;
    for (std::uint64_t message = 1; message <= messages; ++message)
      for (const bool after : {false, true}) places.push_back({message, after});
    const std::size_t all = places.size();
    const auto seed = static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
    if (const char* one = std::getenv("LANDFALL_WIRE_PLACE"); one != nullptr) {
      places = {{std::strtoull(one, nullptr, 10), std::string_view(one).ends_with('a')}};
    } else if (!TestAll()) {
      SeededRandom random(seed);
      for (std::size_t i = 0; i < std::min(in_fast_suite, all); ++i)
        std::swap(places[i], places[i + random.Next() % (all - i)]);
      places.resize(std::min(in_fast_suite, all));
    }
    std::map<std::string, int> kinds;
    refusals = 0;
    for (const Place& place : places) {
      SCOPED_TRACE(fmt::format("LANDFALL_WIRE_PLACE={} of {} (seed {})", place.Name(), messages, seed));
      std::uint64_t ignored = 0;
      run(place, ignored, refusals, cut);
      ++kinds[cut];
      if (HasFailure()) FAIL() << "cut " << cut;
    }
    fmt::print("{} of {} places (messages of {} kinds), {} refusals with a code of the store, seed {}\n", places.size(),
               all, kinds.size(), refusals, seed);
  }
};

TEST_F(WireCut, MakingALedgerInAnEmptyDatabase) {
  AtEachPlace(8, [](Place place, std::uint64_t& messages, int& refusals, std::string& cut) {
    CutRun run(PostgresServer::Shared()->NewDatabase(), "430212", place);
    run.Make();
    messages = run.messages();
    refusals += run.refusals();
    cut = run.last_cut();
    // How many notices the server sends is its own affair: only the last few places may not come to be.
    if (place.message != 0) {
      EXPECT_TRUE(run.hit() || run.messages() < place.message);
    } else {
      EXPECT_FALSE(run.hit());
    }
  });
}

TEST_F(WireCut, CommandsBatchesErasuresReadsAndBackups) {
  const std::string database = PostgresServer::Shared()->NewDatabase();
  int n = 0;
  AtEachPlace(24, [&](Place place, std::uint64_t& messages, int& refusals, std::string& cut) {
    CutRun run(database, std::to_string(100'000 + n++), place);
    run.Make();
    if (testing::Test::HasFatalFailure()) return;
    run.Work();
    if (testing::Test::HasFatalFailure()) return;
    messages = run.messages();
    refusals += run.refusals();
    cut = run.last_cut();
    run.Check();
  });
}

}  // namespace
}  // namespace landfall::app::test
