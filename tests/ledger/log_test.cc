// SPDX-License-Identifier: Apache-2.0
#include "ledger/log.h"

#include "tests/ledger/each_engine.h"

namespace landfall::ledger {
namespace {

using app::test::CodeOf;

const Instant kAt = Instant(MakeDay(2026, 3, 2) + std::chrono::hours(1));

EntryDraft Draft(int n) {
  EntryDraft draft{kAt, "system", "key-" + std::to_string(n), {}, "person.register", "person.register{}", {}};
  draft.events.push_back(
      {{"person.registered", 1, EventClass::kInternal, false}, "person/n" + std::to_string(n), "{}"});
  draft.events.push_back({{"person.named", 1, EventClass::kPersonal, true},
                          "person/n" + std::to_string(n),
                          "{\"name\":\"" + std::to_string(n) + "\"}"});
  return draft;
}

struct LogFile {
  test::StorePlace place;
  SeededRandom random{1};
  std::unique_ptr<Log> log;
  explicit LogFile(test::EngineKind kind) : place(kind) { log = Make(true); }
  std::unique_ptr<Log> Make(bool create) {
    auto store = place.Open(create);
    EXPECT_TRUE(store.ok()) << CodeOf(store);
    auto opened = Log::Open(std::move(*store), random);
    EXPECT_TRUE(opened.ok()) << CodeOf(opened);
    return std::move(*opened);
  }
  void Commit(int from, int n) {
    for (int i = from; i < from + n; ++i) ASSERT_TRUE(log->Add(Draft(i)).ok());
    ASSERT_TRUE(log->Flush().ok());
  }
  std::vector<std::uint64_t> Seqs(ReplayOptions options = {}) {
    std::vector<std::uint64_t> seqs;
    const Status read =
        log->Replay(options, [&](const Leaf& leaf, const StoredEntry&, std::span<const std::string_view>) -> Status {
          seqs.push_back(leaf.seq);
          return Ok{};
        });
    EXPECT_TRUE(read.ok()) << CodeOf(read);
    return seqs;
  }
};

class AnyLog : public test::EachEngine {};
LF_EACH_ENGINE(AnyLog);

TEST_P(AnyLog, EntriesAreReadBackWithTheirPayloads) {
  LogFile f(GetParam());
  f.Commit(1, 3);

  const auto record = f.log->Entry(2);

  ASSERT_TRUE(record.ok());
  EXPECT_NE(record->leaf.find("\"seq\":2"), std::string::npos);
  EXPECT_EQ(record->leaf_hash, LeafHash(record->leaf));
  ASSERT_EQ(record->payloads.size(), 2u);
  EXPECT_EQ(record->payloads[0].salted->substr(kSaltBytes), "{}");
  EXPECT_EQ(record->payloads[1].salted->substr(kSaltBytes), "{\"name\":\"2\"}");
  EXPECT_TRUE(record->payloads[1].erasable);
  EXPECT_EQ(CodeOf(f.log->Entry(0)), "entry.not_found");
  EXPECT_EQ(CodeOf(f.log->Entry(4)), "entry.not_found");
}

TEST_P(AnyLog, ReopensToTheSameTreeAtEverySize) {
  LogFile f(GetParam());
  int next = 1;
  for (const int n : {1, 1, 5, 200, 48, 1, 256, 700, 1, 2000}) {
    f.Commit(next, n);
    next += n;
    const Digest root = f.log->root();
    const std::uint64_t size = f.log->size();
    f.log = f.Make(false);
    ASSERT_EQ(f.log->root(), root) << size;
    ASSERT_EQ(f.log->size(), size);
  }
  // Proofs from stored tiles and the rebuilt edge.
  const auto view = f.log->View();
  for (const std::uint64_t seq :
       {std::uint64_t{1}, std::uint64_t{255}, std::uint64_t{256}, std::uint64_t{257}, f.log->size()}) {
    const auto proof = view->Inclusion(seq - 1, view->size());
    EXPECT_TRUE(VerifyInclusion(seq - 1, view->size(), f.log->Entry(seq)->leaf_hash, *proof, view->Root()).ok()) << seq;
  }
}

TEST_P(AnyLog, LongCommitIsManyRowsInOneTransaction) {
  LogFile f(GetParam());
  f.Commit(1, 2500);

  std::vector<std::uint32_t> counts;
  ASSERT_TRUE(f.log->store()
                  .Scan(1,
                        [&](const CommitRow& row) {
                          counts.push_back(row.count);
                          return true;
                        })
                  .ok());

  EXPECT_EQ(counts, (std::vector<std::uint32_t>{1024, 1024, 452}));
  EXPECT_EQ(f.Seqs().size(), 2500u);
}

TEST_P(AnyLog, ReplayGivesTheStretchThatIsAskedFor) {
  LogFile f(GetParam());
  f.Commit(1, 10);
  f.Commit(11, 10);
  ReplayOptions options;
  options.from = 5;
  options.to = 15;

  const auto seqs = f.Seqs(options);
  options.from = 21;
  options.to = UINT64_MAX;

  EXPECT_EQ(seqs.size(), 11u);
  EXPECT_EQ(seqs.front(), 5u);
  EXPECT_EQ(seqs.back(), 15u);
  EXPECT_TRUE(f.Seqs(options).empty());
}

TEST_P(AnyLog, ReplayGivesErasablePayloadsAcrossStretches) {
  LogFile f(GetParam());
  f.Commit(1, 3000);
  std::uint64_t wrong = 0;

  ReplayOptions options;
  options.from = 700;
  options.verify_payloads = true;
  const Status read = f.log->Replay(
      options, [&](const Leaf& leaf, const StoredEntry&, std::span<const std::string_view> salted) -> Status {
        wrong += salted[1].substr(kSaltBytes) != "{\"name\":\"" + std::to_string(leaf.seq) + "\"}";
        return Ok{};
      });

  EXPECT_TRUE(read.ok()) << CodeOf(read);
  EXPECT_EQ(wrong, 0u);
}

TEST_P(AnyLog, RefusalOfTheCallerEndsTheReplay) {
  LogFile f(GetParam());
  f.Commit(1, 5);
  int seen = 0;
  const Status read =
      f.log->Replay({}, [&](const Leaf&, const StoredEntry&, std::span<const std::string_view>) -> Status {
        return ++seen == 3 ? Status(Conflict("test.enough")) : Status(Ok{});
      });
  EXPECT_EQ(CodeOf(read), "test.enough");
  EXPECT_EQ(seen, 3);
}

TEST_P(AnyLog, MissingRowsAreNoticedByEveryReplay) {
  LogFile f(GetParam());
  f.Commit(1, 3);
  f.Commit(4, 3);
  f.Commit(7, 3);
  f.place.Exec("DELETE FROM commits WHERE first = 4");
  const auto nothing = [](const Leaf&, const StoredEntry&, std::span<const std::string_view>) -> Status {
    return Ok{};
  };

  for (const std::uint64_t from : {1, 2, 5}) {
    ReplayOptions options;
    options.from = from;
    const Status read = f.log->Replay(options, nothing);
    EXPECT_EQ(CodeOf(read), "ledger.corrupt") << from;
    EXPECT_EQ(read.error().field, "entry 4") << from;
  }
}

TEST_P(AnyLog, OwnErrorLeavesNothingPending) {
  LogFile f(GetParam());
  f.Commit(1, 2);
  EntryDraft large = Draft(3);
  large.events[0].payload.assign(kMaxPayloadBytes + 1, 'x');

  EXPECT_EQ(CodeOf(f.log->Add(large)), "entry.payload_too_long");
  EXPECT_EQ(f.log->pending(), 0u);
  f.Commit(3, 1);
  EXPECT_EQ(f.log->size(), 3u);
  EXPECT_TRUE(f.log->Entry(3).ok());
}

TEST_P(AnyLog, DroppedEntriesLeaveTheTreeAsItWas) {
  LogFile f(GetParam());
  f.Commit(1, 300);
  ASSERT_TRUE(f.log->Add(Draft(900)).ok());
  const Digest root = f.log->root();

  f.log->DropPending();

  EXPECT_EQ(f.log->next_seq(), 301u);
  EXPECT_EQ(f.log->root(), root);
  f.Commit(301, 300);
  ReplayOptions options;
  options.verify_leaves = options.verify_payloads = true;
  EXPECT_EQ(f.Seqs(options).size(), 600u);
}

TEST_P(AnyLog, FirstCommitCanBeDropped) {
  LogFile f(GetParam());
  ASSERT_TRUE(f.log->Add(Draft(1)).ok());
  f.log->DropPending();
  EXPECT_FALSE(f.log->stopped());
  f.Commit(1, 1);
  EXPECT_EQ(f.log->size(), 1u);
}

// The one that drops has not read what another writer stored meanwhile, and must not go on as if it had.
TEST_P(AnyLog, DropPendingDoesNotSwallowAnotherWritersEntries) {
  LogFile f(GetParam());
  f.Commit(1, 2);
  const auto other = f.Make(false);
  ASSERT_TRUE(f.log->Add(Draft(3)).ok());
  ASSERT_TRUE(other->Add(Draft(3)).ok());
  ASSERT_TRUE(other->Flush().ok());

  f.log->DropPending();
  const std::uint64_t next = f.log->next_seq();
  ASSERT_TRUE(f.log->Add(Draft(4)).ok());
  const Status lost = f.log->Flush();

  EXPECT_EQ(next, 3u);
  EXPECT_EQ(CodeOf(lost), "store.race_lost");
  EXPECT_EQ(*f.log->StoredSize(), 3u);
  ASSERT_TRUE(f.log->CatchUp().ok());
  f.Commit(4, 1);
  EXPECT_EQ(f.log->size(), 4u);
  ReplayOptions options;
  options.verify_leaves = true;
  EXPECT_EQ(f.Seqs(options).size(), 4u);
}

TEST_P(AnyLog, ErasedPayloadIsGoneAndTheLeafStays) {
  LogFile f(GetParam());
  f.Commit(1, 2);
  const Digest leaf = f.log->Entry(1)->leaf_hash;
  ASSERT_TRUE(f.log->Add(Draft(3)).ok());
  f.log->Erase(1, 1);
  ASSERT_TRUE(f.log->Flush().ok());

  const auto record = f.log->Entry(1);

  EXPECT_EQ(record->leaf_hash, leaf);
  EXPECT_FALSE(record->payloads[1].salted.has_value());
  EXPECT_TRUE(record->payloads[0].salted.has_value());
}

TEST_P(AnyLog, ReplayTellsEveryFaultWhenAsked) {
  LogFile f(GetParam());
  f.Commit(1, 4);
  f.place.Exec("UPDATE erasable SET bytes = CAST('changed and thirty-two bytes or more' AS " + f.place.BytesType() +
               ") WHERE seq IN (2, 4)");
  std::vector<std::string> told;
  ReplayOptions options;
  options.verify_payloads = true;
  options.on_fault = [&](const ReplayFault& fault) {
    told.push_back(fault.ToError().field);
    return true;
  };

  EXPECT_EQ(f.Seqs(options).size(), 4u);
  EXPECT_EQ(told, (std::vector<std::string>{"entry 2 event 1", "entry 4 event 1"}));
}

}  // namespace
}  // namespace landfall::ledger
