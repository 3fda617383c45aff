// SPDX-License-Identifier: Apache-2.0
#include "server/api.h"

#include <fmt/format.h>

#include "app/policy.h"
#include "ledger/entry.h"
#include "server/assets.h"
#include "server/compress.h"
#include "server/session_cookie.h"

namespace landfall::server {
namespace {

// An answer of the API is data: should a browser ever be talked into showing one as a page, it may do nothing.
constexpr std::string_view kApiPolicy =
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

bool IsLoopback(std::string_view peer) {
  return peer == "::1" || peer.starts_with("127.") || peer == "::ffff:127.0.0.1";
}

// Compares secrets in a time that does not tell where they differ.
bool SameSecret(std::string_view a, std::string_view b) {
  unsigned char different = a.size() != b.size();
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) different |= static_cast<unsigned char>(a[i] ^ b[i]);
  return different == 0;
}

}  // namespace

std::string TagOf(std::initializer_list<std::string_view> parts) {
  std::string all;
  for (const std::string_view part : parts) {
    all += std::to_string(part.size()) + ":";  // So that no two lists of parts read alike.
    all += part;
  }
  return "\"" + Hex(Sha256(all)).substr(0, 32) + "\"";
}

void AddSecurityHeaders(Response& response, std::string_view policy) {
  response.headers.push_back({"Content-Security-Policy", std::string(policy)});
  response.headers.push_back({"X-Content-Type-Options", "nosniff"});
  response.headers.push_back({"Referrer-Policy", "no-referrer"});
  response.headers.push_back({"Cross-Origin-Opener-Policy", "same-origin"});
  response.headers.push_back({"Cross-Origin-Resource-Policy", "same-origin"});
}

Response ProblemFor(int status, const Error& error, app::Language language) {
  const std::string_view sentence = app::SentenceOf(error.code, language);
  app::Problem problem{
      "about:blank", std::string(sentence.empty() ? ReasonPhrase(status) : sentence), status, error.code, {}, {}, {}};
  if (!error.field.empty()) problem.field = error.field;
  Response response = Response::Json(ToJson(problem), status);
  response.content_type = "application/problem+json";
  response.headers.push_back({"Content-Language", language == app::Language::kZh ? "zh-CN" : "en"});
  return response;
}

// ---- one call ----

app::Language Call::language() const { return app::LanguageOf(request.Header("Accept-Language").value_or("")); }

void Call::Send(Response response, std::string_view policy) const {
  const auto has = [&](std::string_view name) {
    return std::any_of(response.headers.begin(), response.headers.end(),
                       [&](const Field& f) { return EqualNoCase(f.name, name); });
  };
  if (!has("Cache-Control")) response.headers.push_back({"Cache-Control", "no-store"});
  if (ledger != nullptr) {
    // A reader must be able to see that an answer may be older than it looks.
    if (const app::Engine::Standing standing = engine().standing(); standing.stale())
      response.headers.push_back(
          {"Landfall-Stale",
           std::to_string(std::chrono::duration_cast<std::chrono::seconds>(standing.checked_ago).count())});
  }
  AddSecurityHeaders(response, policy.empty() ? kApiPolicy : policy);
  if (WorthCompressing(request, response)) Compress(response);
  responder.Send(std::move(response));
}

void Call::SendProblem(int status, const Error& error, std::vector<Field> headers) const {
  Response response = ProblemFor(status, error, language());
  response.headers.insert(response.headers.end(), std::make_move_iterator(headers.begin()),
                          std::make_move_iterator(headers.end()));
  if (status >= 500 && api.options().log)
    api.options().log(fmt::format("{} {} {}: {} {}", status, MethodName(request.method),
                                  route != nullptr ? route->path : "-", error.code, error.detail));
  Send(std::move(response));
}

void Call::SendJson(std::string body, int status) const { Send(Response::Json(std::move(body), status)); }

void Call::SendTagged(std::string body) const {
  const std::string tag = TagOf({api.run(), route->operation, body});
  Response response = NoneMatchNames(request, tag) ? Response::Empty(304) : Response::Json(std::move(body));
  response.headers.push_back({"ETag", tag});
  response.headers.push_back({"Cache-Control", "private, no-cache"});
  Send(std::move(response));
}

Day Call::Today(const app::State& now) const { return WallDay(engine().clock().Now(), now.admin.offset()); }

void Call::OnWorker(std::function<void()> work) const {
  if (!api.workers().Post(std::move(work))) SendProblem(503, Unavailable("http.overloaded"));
}

Status Call::CheckGate(const app::State& now) const {
  if (route->gate == Gate::kOpen || route->gate == Gate::kLoopback) return Ok{};
  if (!now.admin.Knows(visitor.account) || now.admin.disabled[visitor.account.index()])
    return Forbidden("access.account_disabled");
  if (route->gate == Gate::kPermission && !app::ReachesAny(now, actor(), Today(now), route->permission))
    return Forbidden("access.denied", route->permission);
  return Ok{};
}

Status Call::Log(std::string_view what, std::string_view subject, std::string_view result) const {
  Status logged = ledger->access->Append(
      {0, {}, visitor.account.ToString(), std::string(what), std::string(subject), std::string(result), request.peer});
  if (!logged) return Unavailable("access.log_failed", logged.error().detail);
  return Ok{};
}

// ---- what the table of routes calls ----

void Refuse(const CallPtr& call, const Error& error) { call->Refuse(error); }
const std::string& PathText(const CallPtr& call) { return call->path_parameter; }
const Request& RequestOf(const CallPtr& call) { return call->request; }
Call& Get(const CallPtr& call) { return *call; }

Status Facts::CheckOwner(UnitId owner, ProjectId project) const {
  return app::AuthorizeRead(now, actor, today, permission, owner, project);
}

Status Facts::CheckUnit(const std::optional<UnitId>& unit) const {
  if (!unit) return Ok{};
  if (!frame.state.people.Knows(*unit)) return NotFound("unit.unknown", {}, "unit");
  return CheckOwner(*unit);
}

Status Facts::CheckRegion(const std::optional<RegionId>& region) const {
  if (region && !frame.state.place.Knows(*region)) return NotFound("region.unknown", {}, "region");
  return Ok{};
}

Result<std::uint64_t> SeqOf(app::Engine& engine, const KnownAt& known) {
  if (!known.day) return known.seq;
  LF_ASSIGN(const std::uint64_t seq, engine.SeqAtDay(*known.day));
  if (seq == 0) return Invalid("known_at.before_ledger", {}, "known_at");
  return seq;
}

namespace {

// Which facts an answer is about; with the address, the account and the newest record it determines every byte of it.
struct Position {
  std::uint64_t known = 0;
  Instant known_time{};
  std::uint64_t size = 0;
  Day as_of{};
  Day today{};
};

// Answers from `state`, the facts, with permissions from `now`. A 304 costs one hash. False: nothing was answered,
// because `render` cannot tell from this state.
bool AnswerFacts(const Call& call, const app::State& state, const app::State& now, const Position& at,
                 const RenderVersions& render) {
  const auto refuse = [&](const Error& error) {
    call.Refuse(error);
    return true;
  };
  if (Status gate = call.CheckGate(now); !gate) return refuse(gate.error());
  auto visible = app::VisibleTo(now, call.actor(), at.today, call.route->permission);
  if (!visible) return refuse(visible.error());
  std::string query;
  for (const Field& parameter : call.request.query) query += parameter.name + "\n" + parameter.value + "\n";
  const std::string tag =
      TagOf({call.api.run(), call.ledger->code, call.request.path, query, call.visitor.account.ToString(),
             std::to_string(at.known), std::to_string(at.size), FormatDay(at.as_of), FormatDay(at.today)});
  const auto send = [&](Response response) {
    response.headers.push_back({"ETag", tag});
    response.headers.push_back({"Cache-Control", "private, no-cache"});
    call.Send(std::move(response));
    return true;
  };
  if (NoneMatchNames(call.request, tag)) return send(Response::Empty(304));
  const app::Frame frame{state, at.as_of, at.known, at.known_time, at.size, *std::move(visible)};
  auto body = render({frame, now, call.engine(), call.actor(), at.today, call.route->permission});
  if (!body) return false;
  if (!*body) return refuse(body->error());
  return send(Response::Json(**std::move(body)));
}

Result<Instant> TimeOf(app::Engine& engine, std::uint64_t seq) {
  LF_ASSIGN(const ledger::EntryRecord record, engine.log().Entry(seq));
  ledger::Leaf leaf;
  if (!ledger::ParseLeaf(record.leaf, leaf)) return Corrupt("ledger.corrupt", "entry " + std::to_string(seq));
  return leaf.at;
}

Status AnswerPast(const Call& call, const FactsQuery& query, const RenderFacts& render,
                  const RenderVersions& versions) {
  app::Engine& engine = call.engine();
  LF_ASSIGN(const std::uint64_t seq, SeqOf(engine, *query.known_at));
  if (seq > engine.log().size()) return Invalid("known_at.beyond_ledger", {}, "known_at");
  LF_ASSIGN(const Instant time, TimeOf(engine, seq));
  const auto position = [&](const app::Engine::Reader& now) {
    const Day today = call.Today(now.state());
    return Position{seq, time, now.seq(), query.as_of.value_or(today), today};
  };
  if (versions) {
    const auto now = engine.Read();
    if (AnswerFacts(call, now.state(), now.state(), position(now), versions)) return Ok{};
  }
  LF_ASSIGN(const std::shared_ptr<const app::State> state, engine.StateAt(seq));
  const auto now = engine.Read();
  AnswerFacts(call, *state, now.state(), position(now), render);
  return Ok{};
}

}  // namespace

void RunFacts(const CallPtr& call, const FactsQuery& query, RenderFacts render, RenderVersions versions) {
  {
    const auto now = call->engine().Read();
    const Day today = call->Today(now.state());
    const auto& known = query.known_at;
    if (known && !known->day && known->seq > now.seq())
      return call->Refuse(Invalid("known_at.beyond_ledger", {}, "known_at"));
    if (!known || (known->day ? *known->day >= today : known->seq == now.seq())) {
      AnswerFacts(*call, now.state(), now.state(),
                  {now.seq(), now.last_at(), now.seq(), query.as_of.value_or(today), today}, render);
      return;
    }
    if (Status gate = call->CheckGate(now.state()); !gate) return call->Refuse(gate.error());
  }
  call->OnWorker([call, query, render = std::move(render), versions = std::move(versions)] {
    if (Status answered = AnswerPast(*call, query, render, versions); !answered) call->Refuse(answered.error());
  });
}

void RunStored(const CallPtr& call, RenderStored render) {
  {
    const auto now = call->engine().Read();
    if (Status gate = call->CheckGate(now.state()); !gate) return call->Refuse(gate.error());
  }
  call->OnWorker([call, render = std::move(render)] {
    auto body = render();
    if (!body) return call->Refuse(body.error());
    call->SendTagged(*std::move(body));
  });
}

// ---- the door ----

Api::Api(std::vector<ServedLedger> ledgers, ApiOptions options)
    : ledgers_(std::move(ledgers)), options_(std::move(options)), workers_(options_.workers, options_.worker_queue) {
  LF_CHECK(!ledgers_.empty());
  std::array<std::uint8_t, 8> run;
  SystemRandom().Fill(run);
  run_ = Hex(run);
  for (ServedLedger& ledger : ledgers_) {
    ledger.feed = std::make_unique<Feed>(*ledger.engine);
    ledger.names = std::make_unique<app::NameSearch>(*ledger.engine);
  }
}

Api::~Api() = default;

std::size_t Api::BodyBytesFor(Method method, std::string_view path) {
  const Route* route = FindRoute(method, path).route;
  return route != nullptr && route->body_bytes_max != 0 ? route->body_bytes_max : kCommandBytesMax;
}

ServedLedger* Api::FindLedger(std::string_view code) {
  for (ServedLedger& ledger : ledgers_)
    if (ledger.code == code) return &ledger;
  return nullptr;
}

// Whose request it is. Without a chosen ledger, a session says itself where it belongs.
Status Api::FindVisitor(Call& call) {
  const auto chosen = call.request.Header("Landfall-Ledger").value_or(call.request.Query("ledger").value_or(""));
  if (!chosen.empty() && (call.ledger = FindLedger(chosen)) == nullptr) return NotFound("ledger.unknown", {}, "ledger");
  constexpr std::string_view kBearer = "Bearer ";
  const std::string_view authorization = call.request.Header("Authorization").value_or("");
  const bool by_token =
      authorization.size() > kBearer.size() && EqualNoCase(authorization.substr(0, kBearer.size()), kBearer);
  const auto let_in = [&](ServedLedger& ledger, std::string_view secret) {
    if (secret.empty()) return false;
    const auto account = by_token ? ledger.access->FindToken(secret) : ledger.access->FindSession(secret);
    if (!account) return false;
    call.ledger = &ledger;
    call.visitor = {*account, by_token, by_token ? std::string() : std::string(secret)};
    return true;
  };
  for (ServedLedger& ledger : ledgers_) {
    if (call.ledger != nullptr && call.ledger != &ledger) continue;
    if (by_token ? let_in(ledger, authorization.substr(kBearer.size()))
                 : let_in(ledger, call.request.Cookie(SessionCookieOf(ledger.code)).value_or("")) ||
                       let_in(ledger, call.request.Cookie(kSessionCookie).value_or("")))
      break;
  }
  if (call.ledger == nullptr) call.ledger = &ledgers_.front();
  return Ok{};
}

void Api::Handle(Request&& request, Responder responder) {
  const RouteMatch match = FindRoute(request.method, request.path);
  if (match.allowed.empty() && !request.path.starts_with("/api/")) return ServeWeb(request, responder);
  const auto call = std::make_shared<Call>(
      Call{*this, match.route, std::move(request), std::move(responder), match.parameter, nullptr, {}});
  if (match.allowed.empty()) return call->Refuse(NotFound("request.no_such_address"));
  if (match.route == nullptr)
    return call->SendProblem(405, Invalid("request.other_method"), {{"Allow", match.allowed}});
  const Route& route = *match.route;
  if (route.gate == Gate::kLoopback && !IsLoopback(call->request.peer))
    return call->Refuse(Forbidden("access.loopback_only"));
  if (Status found = FindVisitor(*call); !found) return call->Refuse(found.error());
  const bool needs_account = route.gate == Gate::kAccount || route.gate == Gate::kPermission;
  if (needs_account && !call->visitor.account) return call->SendProblem(401, Forbidden("session.none"));
  // A browser sends the cookie with whatever page asks; only our own page can know the token.
  if (needs_account && route.method != Method::kGet && !call->visitor.by_token &&
      !SameSecret(call->request.Header("X-CSRF-Token").value_or(""), app::AccessStore::CsrfOf(call->visitor.secret)))
    return call->Refuse(Forbidden("session.csrf"));
  route.run(call);
}

}  // namespace landfall::server
