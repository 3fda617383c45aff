// SPDX-License-Identifier: Apache-2.0
// The published log over HTTP, and the way of a checkpoint to a witness and back.
#include <fstream>

#include "app/sm_log.h"
#include "app/witnesses.h"
#include "ledger/small_file.h"
#include "ledger/tile_path.h"
#include "server/api_support.h"
#include "server/cosigner.h"
#include "server/witness_server.h"

namespace landfall::server {
namespace {

// A served ledger of a few hundred entries, and a witness that trusts it.
class LogServer : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "landfall-log-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    files_ = app::LedgerFiles{folder_ + "/ledger"};
    ASSERT_TRUE(app::Engine::Create(files_, {{"430299"}, {"示例县"}, {"CNY"}, {480}, {"tester"}}, Options()).ok());
    Serve(files_.folder, true);
    ASSERT_TRUE(ledger::Witness::Create(witness_folder(), "witness.example/w1", SystemRandom()).ok());
    ASSERT_TRUE(ledger::Witness::Trust(witness_folder(), engine().signer().verifier().Encode()).ok());
    auto witness = ledger::Witness::Open(witness_folder(), clock_);
    ASSERT_TRUE(witness.ok());
    witness_ = *std::move(witness);
    witness_server_ = std::make_unique<TestServer>([this](Request&& request, const Responder& responder) {
      if (!witness_up_) return;  // An unanswered request is an internal error.
      responder.Send(AnswerWitness(*witness_, request));
    });
  }
  void TearDown() override {
    witness_server_.reset();
    service_.reset();
    std::filesystem::remove_all(folder_);
  }

  void Serve(const std::string& folder, bool publish) {
    ServeOptions serve;
    serve.folders = {folder};
    serve.port = 0;
    serve.publish_log = publish;
    auto service = Service::Start(serve, Options());
    ASSERT_TRUE(service.ok()) << service.error().code;
    service_ = *std::move(service);
  }
  app::EngineOptions Options() {
    app::EngineOptions options;
    options.clock = &clock_;
    return options;
  }
  app::Engine& engine() { return service_->engine(0); }
  std::string witness_folder() const { return folder_ + "/witness"; }
  void GrowTo(std::uint64_t size) {
    while (engine().log().size() < size) {
      std::vector<app::AnyCommand> commands;
      const std::uint64_t known = engine().log().size(), missing = size - known;
      for (std::uint64_t i = 1; i < std::min<std::uint64_t>(missing, 200); ++i)
        commands.push_back(people::CreateUnit{{"u" + std::to_string(known + i)}, {"示例单位"}, std::nullopt});
      if (commands.empty())
        ASSERT_TRUE(engine()
                        .Run(Actor::System(), app::NewKey(clock_, SystemRandom()),
                             people::CreateUnit{{"v" + std::to_string(known)}, {"示例单位"}, std::nullopt})
                        .ok());
      else
        ASSERT_TRUE(engine()
                        .RunBatch(Actor::System(), app::NewKey(clock_, SystemRandom()), commands,
                                  {{"test"}, {0}, {}, {}, {}, {}}, known)
                        .ok());
    }
  }
  ClientResponse Get(const std::string& target, const std::vector<Field>& headers = {}) {
    auto client = HttpClient::Connect("127.0.0.1", service_->port(), seconds(20));
    EXPECT_TRUE(client.ok());
    auto response = client->Get(target, headers);
    EXPECT_TRUE(response.ok());
    return response ? *response : ClientResponse{};
  }
  std::uint64_t ServedSize() {
    const auto opened = ledger::OpenCheckpoint(Get("/log/430299/checkpoint").body, engine().signer().verifier());
    return opened ? opened->checkpoint.size : 0;
  }
  void UseWitness() {
    const std::uint16_t port = (*witness_server_)->port();
    ASSERT_TRUE(app::AddWitness(files_, "http://127.0.0.1:" + std::to_string(port), witness_->key().Encode()).ok());
  }
  Cosigner MakeCosigner() {
    return Cosigner({&engine()}, [](std::string_view) {});
  }

  std::string folder_;
  app::LedgerFiles files_;
  TestClock clock_;
  std::unique_ptr<Service> service_;
  std::unique_ptr<ledger::Witness> witness_;
  std::unique_ptr<TestServer> witness_server_;
  std::atomic<bool> witness_up_{true};
};

TEST_F(LogServer, ServesATreeThatLeadsToItsCheckpoint) {
  GrowTo(600);
  const auto opened = ledger::OpenCheckpoint(Get("/log/430299/checkpoint").body, engine().signer().verifier());
  ASSERT_TRUE(opened.ok());
  ASSERT_EQ(opened->checkpoint.size, 600u);

  ledger::Frontier tree;
  for (const std::string path : {"tile/entries/000", "tile/entries/001", "tile/entries/002.p/88"}) {
    const ClientResponse response = Get("/log/430299/" + path);
    ASSERT_EQ(response.status, 200) << path;
    const auto leaves = ledger::ParseBundle(response.body, path.ends_with("88") ? 88 : 256);
    ASSERT_TRUE(leaves.ok());
    for (const std::string_view leaf : *leaves) tree.Append(ledger::LeafHash(leaf));
  }
  EXPECT_EQ(tree.Root(), opened->checkpoint.root);
  EXPECT_EQ(Get("/log/430299/tile/0/001").body.size(), ledger::kTileBytes);
  EXPECT_EQ(Get("/log/430299/tile/1/000.p/2").body.size(), 64u);
}

TEST_F(LogServer, CachesForEverWhatNeverChangesAndTheRestShortly) {
  GrowTo(300);
  const auto caching = [&](const std::string& path) {
    return std::string(Get("/log/430299/" + path).Header("Cache-Control").value_or(""));
  };
  EXPECT_EQ(caching("tile/0/000"), "public, max-age=31536000, immutable");
  EXPECT_EQ(caching("tile/entries/000"), "public, max-age=31536000, immutable");
  for (const char* path : {"tile/0/001.p/44", "tile/entries/001.p/44", "tile/1/000.p/1", "checkpoint"})
    EXPECT_EQ(caching(path), "public, max-age=5") << path;
  EXPECT_EQ(caching("tile/0/002"), "no-store");
  EXPECT_EQ(Get("/log/430299/checkpoint").Header("Content-Type"), "text/plain; charset=utf-8");
  EXPECT_EQ(Get("/log/430299/tile/0/000").Header("Content-Type"), "application/octet-stream");
  const std::string tag(Get("/log/430299/tile/0/000").Header("ETag").value_or(""));
  EXPECT_EQ(Get("/log/430299/tile/0/000", {{"If-None-Match", tag}}).status, 304);
}

TEST_F(LogServer, ServesTheSm3CheckpointOnceItIsTurnedOn) {
  GrowTo(300);
  EXPECT_EQ(Get("/log/430299/sm/checkpoint").status, 404);
  const auto key = app::TurnOnSm(files_, SystemRandom());
  ASSERT_TRUE(key.ok());

  const ClientResponse first = Get("/log/430299/sm/checkpoint"), again = Get("/log/430299/sm/checkpoint");

  ASSERT_EQ(first.status, 200) << first.body;
  EXPECT_EQ(first.Header("Cache-Control"), "public, max-age=5");
  EXPECT_EQ(again.body, first.body) << "signed once for a size";
  const auto opened = ledger::OpenSmCheckpoint(first.body, *key);
  ASSERT_TRUE(opened.ok()) << opened.error().code;
  EXPECT_EQ(opened->size, 300u);
  ledger::SmFrontier tree;
  for (const auto& [path, width] : {std::pair("000", 256u), {"001.p/44", 44u}}) {
    const ClientResponse bundle = Get(std::string("/log/430299/tile/entries/") + path);
    const auto leaves = ledger::ParseBundle(bundle.body, width);
    ASSERT_TRUE(leaves.ok());
    for (const std::string_view leaf : *leaves) tree.Append(leaf);
  }
  EXPECT_EQ(tree.Root(), opened->root);

  GrowTo(301);
  EXPECT_EQ(ledger::OpenSmCheckpoint(Get("/log/430299/sm/checkpoint").body, *key)->size, 301u);
  // While somebody else hashes, the one before is served.
  const std::string kept = Get("/log/430299/sm/checkpoint").body;
  GrowTo(302);
  auto busy = app::SmLog::Open(files_, engine().log(), app::SmLog::Busy::kWait);
  ASSERT_TRUE(busy.ok());
  EXPECT_EQ(Get("/log/430299/sm/checkpoint").body, kept);
}

TEST_F(LogServer, HasNothingElse) {
  GrowTo(300);
  for (const char* path : {"430299/tile/0/002", "430299/tile/0/001", "430299/tile/0/001.p/45", "430299/tile/0/0",
                           "430299/tile/9/000", "430299/tile/entries/999", "430299/payloads", "430299/tile/0/000/x",
                           "430299/tile/0/x999/x999/x999/x999/x999/999"}) {
    const ClientResponse response = Get(std::string("/log/") + path);
    EXPECT_EQ(response.status, 404) << path;
    EXPECT_EQ(CodeOf(response), "log.no_such_tile") << path;
  }
  EXPECT_EQ(CodeOf(Get("/log/999999/checkpoint")), "ledger.unknown");
  EXPECT_EQ(CodeOf(Get("/log/430299")), "ledger.unknown");
}

TEST_F(LogServer, IsCosignedAndServedAsSuch) {
  GrowTo(300);
  UseWitness();
  Cosigner cosigner = MakeCosigner();

  ASSERT_TRUE(cosigner.RunOnce().ok());

  const auto opened =
      ledger::OpenCheckpoint(Get("/log/430299/checkpoint").body, engine().signer().verifier(), {&witness_->key(), 1});
  ASSERT_TRUE(opened.ok()) << opened.error().code;
  EXPECT_EQ(opened->checkpoint.size, 300u);
  ASSERT_EQ(opened->cosignatures.size(), 1u);
  GrowTo(420);
  EXPECT_EQ(ServedSize(), 300u) << "nobody has cosigned more";
  ASSERT_TRUE(cosigner.RunOnce().ok());
  EXPECT_EQ(ServedSize(), 420u);
}

TEST_F(LogServer, MetricsSayHowFarTheWitnessesAreBehind) {
  GrowTo(300);
  const auto sample = [&](const std::string& name) -> std::string {
    const std::string text = Get("/metrics").body, head = "\n" + name + "{ledger=\"430299\"} ";
    const std::size_t at = text.find(head);
    return at == std::string::npos ? "(absent)"
                                   : text.substr(at + head.size(), text.find('\n', at + 1) - at - head.size());
  };
  EXPECT_EQ(sample("landfall_unwitnessed_entries"), "(absent)") << "nobody is asked to cosign";
  UseWitness();
  EXPECT_EQ(sample("landfall_unwitnessed_entries"), "300");
  EXPECT_EQ(sample("landfall_cosigned_timestamp_seconds"), "0");
  Cosigner cosigner = MakeCosigner();
  ASSERT_TRUE(cosigner.RunOnce().ok());
  EXPECT_EQ(sample("landfall_unwitnessed_entries"), "0");
  EXPECT_GT(std::atoll(sample("landfall_cosigned_timestamp_seconds").c_str()), 1'000'000'000);
  GrowTo(420);
  EXPECT_EQ(sample("landfall_unwitnessed_entries"), "120");
  ASSERT_TRUE(cosigner.RunOnce().ok());
  EXPECT_EQ(sample("landfall_unwitnessed_entries"), "0");
  std::ofstream(app::CosignedPath(files_)) << "not a note";
  EXPECT_EQ(sample("landfall_unwitnessed_entries"), "420") << "what cannot be read proves nothing";
}

TEST_F(LogServer, GoesOnFromWhatTheWitnessKnowsAfterItsOwnFileIsLost) {
  GrowTo(30);
  UseWitness();
  ASSERT_TRUE(MakeCosigner().RunOnce().ok());
  GrowTo(50);
  std::filesystem::remove(app::CosignedPath(files_));

  ASSERT_TRUE(MakeCosigner().RunOnce().ok()) << "409 names the size";

  EXPECT_EQ(ServedSize(), 50u);
}

TEST_F(LogServer, StaysAsItIsWhileTheWitnessIsAway) {
  GrowTo(30);
  UseWitness();
  Cosigner cosigner = MakeCosigner();
  ASSERT_TRUE(cosigner.RunOnce().ok());
  witness_up_ = false;
  GrowTo(40);

  EXPECT_FALSE(cosigner.RunOnce().ok());

  EXPECT_EQ(ServedSize(), 30u);
  witness_up_ = true;
  ASSERT_TRUE(cosigner.RunOnce().ok());
  EXPECT_EQ(ServedSize(), 40u);
}

TEST_F(LogServer, ALedgerThatWasPutBackIsToldByTheWitness) {
  GrowTo(30);
  UseWitness();
  service_.reset();
  const auto copy = folder_ + "/copy";
  std::filesystem::copy(files_.folder, copy, std::filesystem::copy_options::recursive);
  Serve(files_.folder, true);
  // The server asks at once by itself; two who ask at a time would be in each other's way.
  ASSERT_TRUE(Eventually([&] { return std::filesystem::exists(app::CosignedPath(files_)); }));
  GrowTo(60);
  ASSERT_TRUE(MakeCosigner().RunOnce().ok());
  service_.reset();

  Serve(copy, true);
  const auto behind = MakeCosigner().RunOnce();
  GrowTo(60);
  const auto forked = MakeCosigner().RunOnce();
  GrowTo(70);
  const auto further = MakeCosigner().RunOnce();

  ASSERT_FALSE(behind.ok());
  EXPECT_EQ(behind.error().code, "witness.knows_more");
  ASSERT_FALSE(forked.ok());
  EXPECT_EQ(forked.error().code, "witness.refused");
  ASSERT_FALSE(further.ok());
  EXPECT_EQ(further.error().code, "witness.refused");
}

TEST_F(LogServer, WitnessSpeaksTheProtocol) {
  GrowTo(30);
  const auto post = [&](const std::string& body) {
    HttpClient client = witness_server_->Connect();
    return *client.Send("POST", "/add-checkpoint", {}, body);
  };
  const std::string note = *engine().SignedCheckpoint();
  const auto body = [&](std::uint64_t old_size, std::uint64_t, ledger::Proof proof = {}) {
    return ledger::FormatAddCheckpoint({old_size, std::move(proof), note});
  };

  EXPECT_EQ(post("nonsense").status, 400);
  EXPECT_EQ(post("old 31\n\n" + note).status, 400);
  const ClientResponse first = post(body(0, 30));
  EXPECT_EQ(first.status, 200);
  EXPECT_TRUE(first.body.starts_with("\u2014 witness.example/w1 ")) << first.body;
  const ClientResponse conflict = post(body(0, 30));
  EXPECT_EQ(conflict.status, 409);
  EXPECT_EQ(conflict.Header("Content-Type"), "text/x.tlog.size");
  EXPECT_EQ(conflict.body, "30\n");
  EXPECT_EQ(post(body(30, 30, {Digest{}})).status, 422);
  EXPECT_EQ(post(body(30, 30)).status, 200);
  SeededRandom random(4);
  const ledger::SignerKey stranger = *ledger::SignerKey::Generate("x.example", ledger::SignatureType::kEd25519, random);
  EXPECT_EQ(post("old 0\n\n" + *ledger::SignCheckpoint({"x.example", 1, {}, {}}, stranger)).status, 404);
  const ledger::SignerKey forger =
      *ledger::SignerKey::Generate(engine().signer().verifier().name(), ledger::SignatureType::kEd25519, random);
  EXPECT_EQ(post("old 30\n\n" + *ledger::SignCheckpoint({forger.verifier().name(), 31, {}, {}}, forger)).status, 403);
  HttpClient client = witness_server_->Connect();
  EXPECT_EQ(client.Get("/")->body, witness_->key().Encode() + "\n");
  EXPECT_EQ(client.Get("/add-checkpoint")->status, 405);
  EXPECT_EQ(client.Get("/nothing")->status, 404);
}

TEST_F(LogServer, IsShutUntilTheOperatorOpensIt) {
  service_.reset();
  Serve(files_.folder, false);
  const ClientResponse response = Get("/log/430299/checkpoint");
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(CodeOf(response), "log.not_published");
}

}  // namespace
}  // namespace landfall::server
