// SPDX-License-Identifier: Apache-2.0
// What is not about facts: which ledgers there are, the words of the catalogue, the API's description, health, metrics,
// the feed.
#include "app/inbox.h"
#include "app/witnesses.h"
#include "server/api.h"
#include "server/api_shapes.h"
#include "server/metrics.h"
#include "server/openapi.h"

namespace landfall::server {
namespace {

void ListLedgers(const CallPtr& call) {
  app::LedgerList list;
  for (const ServedLedger& ledger : call->api.ledgers())
    list.rows.push_back({ledger.code, std::string(ledger.engine->Read().state().admin.name.Get(0))});
  call->SendTagged(ToJson(list));
}

template <app::Language kLanguage>
void GetLabels(const CallPtr& call) {
  call->SendTagged(std::string(app::LabelsDocument(kLanguage)));
}

void GetOpenApi(const CallPtr& call) { call->SendTagged(std::string(OpenApiDocument())); }

void GetHealth(const CallPtr& call) {
  Health health;
  for (const ServedLedger& ledger : call->api.ledgers()) {
    const bool stopped = ledger.engine->stopped();
    const app::Engine::Standing standing = ledger.engine->standing();
    // A stale follower still serves what it knows; who balances load over followers looks at `stale`.
    health.ok = health.ok && !stopped;
    health.ledgers.push_back({ledger.code, static_cast<std::int64_t>(ledger.engine->Read().seq()), stopped,
                              standing.follows, standing.stale(), static_cast<std::int64_t>(standing.behind),
                              std::chrono::duration_cast<std::chrono::milliseconds>(standing.checked_ago).count()});
  }
  call->SendJson(ToJson(health), health.ok ? 200 : 503);
}

// Nothing for a ledger without witnesses. A file that cannot be read, or that the ledger's key has not signed, is no
// cosignature: everything is then behind, which is what an operator has to see.
std::optional<LedgerMetrics::Witnessed> WitnessedOf(const app::Engine& engine) {
  const auto witnesses = app::ReadWitnesses(engine.files());
  if (witnesses && witnesses->empty()) return std::nullopt;
  LedgerMetrics::Witnessed out;
  std::uint64_t size = 0;
  if (witnesses) {
    const auto cosigned = app::ReadCosigned(engine.files(), std::span(&engine.verifier(), 1), app::KeysOf(*witnesses));
    if (cosigned && *cosigned) {
      size = (*cosigned)->size;
      for (const ledger::Cosignature& by : (*cosigned)->by)
        out.posix_seconds = std::max(out.posix_seconds, by.posix_seconds);
    }
  }
  const std::uint64_t seq = engine.Read().seq();
  out.behind = seq - std::min(size, seq);
  return out;
}

void GetMetrics(const CallPtr& call) {
  std::vector<LedgerMetrics> ledgers;
  for (const ServedLedger& ledger : call->api.ledgers())
    ledgers.push_back({ledger.code, ledger.engine->stats(), ledger.engine->Read().seq(), ledger.engine->stopped(),
                       ledger.engine->standing(), WitnessedOf(*ledger.engine)});
  Response response = Response::Text(PrometheusText(
      call->api.options().metrics ? call->api.options().metrics() : Metrics{}, ledgers, call->api.workers().queued()));
  response.content_type = "text/plain; version=0.0.4; charset=utf-8";
  call->Send(std::move(response));
}

void GetFeed(const CallPtr& call) {
  if (auto query = ReadQuery<LedgerQuery>(call->request); !query) return call->Refuse(query.error());
  {
    const auto now = call->engine().Read();
    if (Status gate = call->CheckGate(now.state()); !gate) return call->Refuse(gate.error());
  }
  // Keeps no Call: the Responder in it would keep the exchange.
  app::Engine* engine = call->ledger->engine;
  app::AccessStore* access = call->ledger->access;
  const Visitor visitor = call->visitor;
  call->ledger->feed->Add(
      call->responder.Stream(
          {{"Cache-Control", "no-store"}, {"X-Content-Type-Options", "nosniff"}, {"X-Accel-Buffering", "no"}}),
      [engine, access, visitor, unread = std::make_shared<app::UnreadCounter>(visitor.account)](
          std::uint64_t seq) -> std::optional<std::string> {
        if (!visitor.by_token && !access->SessionLives(visitor.secret)) return std::nullopt;
        const auto now = engine->Read();
        if (now.state().admin.disabled[visitor.account.index()] != 0) return std::nullopt;
        const Day today = WallDay(engine->clock().Now(), now.state().admin.offset());
        return ToJson(FeedEvent{static_cast<std::int64_t>(seq),
                                unread->Count(now.state(), today, access->ReadUpTo(visitor.account))});
      });
}

Route Open(std::string path, std::string operation, std::string summary, Body answer, void (*run)(const CallPtr&)) {
  return {.path = std::move(path),
          .operation = std::move(operation),
          .gate = Gate::kOpen,
          .permission = {},
          .summary = std::move(summary),
          .path_parameter = {},
          .query = {},
          .headers = {},
          .body = {},
          .answer = std::move(answer),
          .run = run};
}

}  // namespace

void AddServiceRoutes(RouteTable& table) {
  table.Raw<NoPath, LedgerQuery>(
      Open("/api/v1/ledgers", "listLedgers", "The ledgers served here", table.Json<app::LedgerList>(), &ListLedgers));
  table.Raw<NoPath, LedgerQuery>(Open("/api/v1/labels/zh-CN", "getLabelsZh", "The words of the catalogue in Chinese",
                                      table.Json<Labels>(), &GetLabels<app::Language::kZh>));
  table.Raw<NoPath, LedgerQuery>(Open("/api/v1/labels/en", "getLabelsEn", "The words of the catalogue in English",
                                      table.Json<Labels>(), &GetLabels<app::Language::kEn>));
  table.Raw<NoPath, LedgerQuery>(Open("/api/v1/openapi.json", "getOpenApi", "This description",
                                      {"application/json", R"({"type":"object"})"}, &GetOpenApi));
  table.Raw<NoPath, LedgerQuery>(
      Open("/healthz", "getHealth", "Whether the writer writes", table.Json<Health>(), &GetHealth));
  Route metrics = Open("/metrics", "getMetrics", "Counters for Prometheus", {"text/plain", {}}, &GetMetrics);
  metrics.gate = Gate::kLoopback;
  table.Raw<NoPath, LedgerQuery>(std::move(metrics));
  Route feed = Open("/api/v1/feed", "getFeed",
                    "Server-sent events: \"committed\" with the newest record's number and the unread notifications",
                    {"text/event-stream", {}}, &GetFeed);
  feed.gate = Gate::kAccount;
  table.Raw<NoPath, LedgerQuery>(std::move(feed));
}

}  // namespace landfall::server
