// SPDX-License-Identifier: Apache-2.0
// Cases 办件: the list, one case, what is in force, and how the window does.
#include <fmt/format.h>

#include "app/applications.h"
#include "app/case_course.h"
#include "app/case_document.h"
#include "app/ledger_keys.h"
#include "app/policy.h"
#include "app/progress.h"
#include "app/query_cases.h"
#include "app/receipt.h"
#include "exchange/qr.h"
#include "server/api.h"
#include "server/page_address.h"
#include "server/routes.h"

namespace landfall::server {
namespace {

struct CasesQuery : FactsQuery {
  std::optional<app::CaseState> state;
  std::optional<bool> open;  // only those that are not closed
  std::optional<UnitId> unit;
  std::optional<Key<40>> package;
  std::optional<app::CaseChannel> channel;
  std::optional<app::Light> light;
  std::optional<Int<1, 500>> limit;
  std::optional<Cursor> cursor;
};
BOOST_DESCRIBE_STRUCT(CasesQuery, (FactsQuery), (state, open, unit, package, channel, light, limit, cursor))

Result<app::CaseList> ListCases(const Facts& facts, const NoPath&, const CasesQuery& query) {
  LF_TRY(facts.CheckUnit(query.unit));
  app::CaseFilter filter;
  filter.state = query.state;
  filter.open = query.open.value_or(false);
  filter.unit = query.unit;
  if (query.package) filter.package = query.package->value;
  filter.channel = query.channel;
  filter.light = query.light;
  if (query.limit) filter.limit = static_cast<std::size_t>(query.limit->value);
  if (query.cursor) filter.cursor = query.cursor->value;
  return app::QueryCases(facts.frame, filter);
}

Result<app::CasePage> GetCase(const Facts& facts, const cases::CaseId& id, const FactsQuery&) {
  LF_ASSIGN(app::CasePage page, app::QueryCase(facts.frame, id));
  page.records = static_cast<std::int64_t>(facts.engine.history().Count(id.Subject()));
  return page;
}

Result<app::MattersInForce> ListMattersInForce(const Facts& facts, const NoPath&, const FactsQuery&) {
  return app::QueryMattersInForce(facts.frame);
}

Result<app::CaseHealth> GetCaseHealth(const Facts& facts, const NoPath&, const FactsQuery&) {
  return app::QueryCaseHealth(facts.frame);
}

Result<app::PeerList> ListPeers(const Facts& facts, const NoPath&, const FactsQuery&) {
  return app::QueryPeers(facts.frame.state.cases.peers);
}

struct HandOverQuery : LedgerQuery {
  std::optional<app::ReceiptKind> record;  // the newest where none is named
};
BOOST_DESCRIBE_STRUCT(HandOverQuery, (LedgerQuery), (record))

Result<app::ReviewerList> ListReviewers(Call& call, const NoPath&, const LedgerQuery&) {
  const auto now = call.engine().Read();
  return app::QueryReviewers(now.state(), call.Today(now.state()));
}

// What leaves the ledger stands in its access log before it leaves.
Result<app::HandOverReceipt> GetHandOver(Call& call, const cases::CaseId& id, const HandOverQuery& query) {
  app::HandOverReceipt out;
  std::uint64_t seq = 0;
  {
    const auto now = call.engine().Read();
    const cases::State& s = now.state().cases;
    if (!s.Knows(id)) return NotFound("case.unknown", {}, "id");
    const UnitId lead = s.packages[s.FormOf(s.cases[id.index()]).package].event.owner_unit;
    LF_TRY(app::AuthorizeRead(now.state(), call.actor(), call.Today(now.state()), call.route->permission, lead));
    LF_ASSIGN(seq, app::ReceiptRecord(now.state(), id, query.record));
  }
  LF_ASSIGN(app::RecordProof proof, app::MakeReceipt(call.engine().files(), seq));
  LF_TRY(call.Log("receipt", "entry/" + std::to_string(seq)));
  out.seq = static_cast<std::int64_t>(seq);
  out.receipt = std::move(proof.text);
  out.verifier_key = call.engine().verifier().Encode();
  return out;
}

// ---- the paper of an electronic delivery ----

// Where the code on the paper leads. The seal vouches for what is printed, so the address is the operator's word and
// never the caller's; only a server that is tried out on its own machine takes the one it was asked at. Errors:
// document.no_address.
Result<std::string> OriginOfPapers(const Call& call) {
  if (!call.api.options().origin.empty()) return call.api.options().origin;
  const std::string_view host = call.request.Header("Host").value_or("");
  for (const std::string_view own : {"localhost", "127.0.0.1", "[::1]"}) {
    if (!host.starts_with(own)) continue;
    std::string_view port = host.substr(own.size());
    if (port.starts_with(':')) port.remove_prefix(1);
    if (std::all_of(port.begin(), port.end(), [](char c) { return c >= '0' && c <= '9'; }) &&
        (port.empty() || port.size() + own.size() + 1 == host.size()))
      return "http://" + std::string(host);
  }
  return Conflict("document.no_address");
}

// What the account may see of the case that it asks for: an applicant all that is told of its own.
Result<app::Visible> VisibleOf(const Call& call, const app::State& now, Day today, cases::CaseId id) {
  if (call.route->permission != app::kReadOwnCases)
    return app::VisibleTo(now, call.actor(), today, call.route->permission);
  LF_TRY(app::MayReadOwnCase(now, call.actor(), id));
  return app::Visible{};
}

Result<app::CaseDocument> MakeDocument(const Call& call, cases::CaseId id) {
  app::DeliveredCase delivered;
  {
    const auto now = call.engine().Read();
    const Day today = call.Today(now.state());
    LF_ASSIGN(app::Visible visible, VisibleOf(call, now.state(), today, id));
    LF_ASSIGN(delivered, app::ReadDeliveredCase(
                             {now.state(), today, now.seq(), now.last_at(), now.seq(), std::move(visible)}, id));
  }
  app::DocumentOptions options;
  LF_ASSIGN(options.origin, OriginOfPapers(call));
  if (!call.engine().standing().follows) options.seal = app::Seal::WhenMissing::kMake;
  LF_ASSIGN(app::CaseDocument document, app::MakeCaseDocument(call.engine(), delivered, options));
  LF_TRY(call.Log("document", id.Subject()));
  return document;
}

void GetDocument(const CallPtr& call) {
  if (auto query = ReadQuery<LedgerQuery>(call->request); !query) return call->Refuse(query.error());
  auto id = ReadPath<cases::CaseId>(call);
  if (!id) return call->Refuse(id.error());
  {
    const auto now = call->engine().Read();
    if (Status gate = call->CheckGate(now.state()); !gate) return call->Refuse(gate.error());
  }
  call->OnWorker([call, id = *id] {
    auto document = MakeDocument(*call, id);
    if (!document) return call->Refuse(document.error());
    Response response{.content_type = "application/pdf", .body = std::move(document->pdf)};
    response.headers.push_back({"Content-Disposition", "attachment; filename=\"" + id.ToString() + ".pdf\""});
    call->Send(std::move(response));
  });
}

// ---- the applicant's progress, without an account ----

struct ProgressQuestion {
  static constexpr std::string_view kName = "ProgressQuestion";
  Text<40> case_id, code;  // As they were typed: what is of no right form gets the answer of a wrong one.
};
BOOST_DESCRIBE_STRUCT(ProgressQuestion, (), (case_id, code))

// A QR code as it is drawn: squares of a field of side × side, its white border with it.
struct DrawnCode {
  static constexpr std::string_view kName = "DrawnCode";
  std::int64_t side = 0;
  std::string path;  // Of an SVG.
};
BOOST_DESCRIBE_STRUCT(DrawnCode, (), (side, path))

struct ProgressAccess {
  static constexpr std::string_view kName = "ProgressAccess";
  std::optional<std::string> code;  // Absent where the payload that it came of is gone.
  std::optional<std::string> page;  // Without the code. Absent where nobody told the server its own address.
  std::optional<DrawnCode> qr;      // The page with the code behind #, which a browser sends to nobody.
};
BOOST_DESCRIBE_STRUCT(ProgressAccess, (), (code, page, qr))

DrawnCode Draw(const exchange::QrCode& qr) {
  DrawnCode drawn{qr.side + 2 * exchange::kQrQuiet, {}};
  for (int y = 0; y < qr.side; ++y)
    for (int x = 0; x < qr.side; ++x)
      if (qr.Dark(x, y)) drawn.path += fmt::format("M{} {}h1v1h-1z", x + exchange::kQrQuiet, y + exchange::kQrQuiet);
  return drawn;
}

// For who may read the case: what stands on its receipt.
Result<ProgressAccess> GetProgressAccess(Call& call, const cases::CaseId& id, const LedgerQuery&) {
  {
    const auto now = call.engine().Read();
    const Day today = call.Today(now.state());
    LF_ASSIGN(app::Visible visible, VisibleOf(call, now.state(), today, id));
    LF_TRY(app::MayReadCase({now.state(), today, now.seq(), now.last_at(), now.seq(), std::move(visible)}, id));
  }
  ProgressAccess out;
  LF_ASSIGN(out.code, app::ReadProgressCode(call.engine(), id));
  if (!out.code) return out;
  LF_TRY(call.Log("progress_code", id.Subject()));
  if (const auto origin = OriginOfPapers(call)) {
    out.page = *origin + PagesOf(call.ledger->code, call.api.ledgers().size()) + "/progress/" + id.ToString();
    if (const auto qr = exchange::MakeQrCode(*out.page + "#" + *out.code)) out.qr = Draw(*qr);
  }
  return out;
}

// ---- the files of a case's papers ----

Result<app::CaseFiles> GetCaseFiles(Call& call, const cases::CaseId& id, const LedgerQuery&) {
  {
    const auto now = call.engine().Read();
    const Day today = call.Today(now.state());
    LF_ASSIGN(app::Visible visible, VisibleOf(call, now.state(), today, id));
    LF_TRY(app::MayReadCase({now.state(), today, now.seq(), now.last_at(), now.seq(), std::move(visible)}, id));
  }
  LF_ASSIGN(app::CaseCourse course, app::ReadCaseCourse(call.engine(), id));
  return app::CaseFiles{std::move(course.files)};
}

// ---- an enterprise's own cases ----

// As of now, always: an applicant has no other time to ask for.
app::Frame FrameOf(const Call& call, const app::Engine::Reader& now) {
  return {now.state(), call.Today(now.state()), now.seq(), now.last_at(), now.seq(), {}};
}

struct ApplicationsQuery : LedgerQuery {
  std::optional<bool> open;
  std::optional<Int<1, 100>> limit;
  std::optional<Cursor> cursor;
};
BOOST_DESCRIBE_STRUCT(ApplicationsQuery, (LedgerQuery), (open, limit, cursor))

Result<app::ApplicationList> ListApplications(Call& call, const NoPath&, const ApplicationsQuery& query) {
  const auto now = call.engine().Read();
  LF_ASSIGN(const EnterpriseId own, app::OwnEnterprise(now.state(), call.actor(), call.route->permission));
  app::CaseFilter filter;
  filter.open = query.open.value_or(false);
  if (query.limit) filter.limit = static_cast<std::size_t>(query.limit->value);
  if (query.cursor) filter.cursor = query.cursor->value;
  return app::QueryApplications(FrameOf(call, now), own, filter);
}

Result<app::ApplicationPage> GetApplication(Call& call, const cases::CaseId& id, const LedgerQuery&) {
  app::ApplicationPage page;
  {
    const auto now = call.engine().Read();
    LF_TRY(app::MayReadOwnCase(now.state(), call.actor(), id));
    LF_ASSIGN(page, app::QueryApplication(FrameOf(call, now), id));
  }
  LF_ASSIGN(app::CaseCourse course, app::ReadCaseCourse(call.engine(), id));
  app::AddCourse(page, std::move(course));
  return page;
}

Result<app::ApplicationForms> GetApplicationForms(Call& call, const NoPath&, const LedgerQuery&) {
  const auto now = call.engine().Read();
  LF_ASSIGN(const EnterpriseId own, app::OwnEnterprise(now.state(), call.actor(), call.route->permission));
  return app::QueryApplicationForms(FrameOf(call, now), own);
}

// A question with a body, so that the code stands in no address that anybody writes down.
void AskProgress(const CallPtr& call) {
  if (auto query = ReadQuery<LedgerQuery>(call->request); !query) return call->Refuse(query.error());
  // A form of another site can send any body but this type: no visitor is made to wait for what another page asked.
  if (!call->request.Header("Content-Type").value_or("").starts_with("application/json"))
    return call->SendProblem(415, Invalid("request.not_json"));
  auto body = ReadJson<ProgressQuestion>(call->request.body);
  if (!body) return call->Refuse(body.error());
  const auto id = cases::CaseId::Parse(body->case_id.value);
  const std::string subject = id ? id->Subject() : "case";
  // Guesses are counted per case and per address, apart from those of signing in.
  app::LoginThrottle& throttle = call->ledger->access->code_throttle();
  const auto wait = throttle.Begin(call->engine().clock().Now(), subject, call->request.peer);
  if (wait.count() > 0)
    return call->SendProblem(429, Forbidden("progress.throttled"), {{"Retry-After", std::to_string(wait.count())}});
  call->OnWorker([call, subject, body = *std::move(body)] {
    const Day today = call->Today(call->engine().Read().state());
    const auto progress = app::AskProgress(call->engine(), today, body.case_id.value, body.code.value);
    const std::string who = call->visitor.account ? call->visitor.account.ToString() : "?";
    Status logged = call->ledger->access->Append(
        {0, {}, who, "progress", subject, progress ? std::string("ok") : progress.error().code, call->request.peer});
    if (!logged) return call->Refuse(Unavailable("access.log_failed", logged.error().detail));
    if (!progress) return call->Refuse(progress.error());
    call->ledger->access->code_throttle().Succeed(subject, call->request.peer);
    call->SendJson(ToJson(*progress));
  });
}

void AddDocument(RouteTable& table, std::string path, std::string operation, std::string permission) {
  table.Raw<cases::CaseId, LedgerQuery>({.path = std::move(path),
                                         .operation = std::move(operation),
                                         .permission = std::move(permission),
                                         .summary = "The sealed PDF of a case that was delivered by the electronic way",
                                         .path_parameter = {},
                                         .query = {},
                                         .headers = {},
                                         .body = {},
                                         .answer = {"application/pdf", {}},
                                         .run = &GetDocument});
}

}  // namespace

void AddCaseRoutes(RouteTable& table) {
  table.Facts<&ListCases>("/api/v1/cases", "listCases", "case.read", "Cases, newest first, with their lights");
  table.Facts<&GetCaseHealth>("/api/v1/cases/health", "getCaseHealth", "case.read",
                              "Per unit: decisions in time, corrections, time spent in suspensions");
  table.Facts<&GetCase>("/api/v1/cases/{id}", "getCase", "case.read",
                        "One case: steps and what each waits for, papers, both clocks");
  table.Stored<&GetHandOver>("/api/v1/cases/{id}/handover", "getHandOver", "case.read",
                             "A record of the case's hand-over with its proof, for the other ledger");
  table.Stored<&GetProgressAccess>("/api/v1/cases/{id}/progress", "getProgressAccess", "case.read",
                                   "The query code by which the applicant follows the case");
  table.Raw<NoPath, LedgerQuery>({.method = Method::kPost,
                                  .path = "/api/v1/progress",
                                  .operation = "askProgress",
                                  .gate = Gate::kOpen,
                                  .permission = {},
                                  .summary = "The progress of a case, for whoever has the query code of its receipt",
                                  .path_parameter = {},
                                  .query = {},
                                  .headers = {},
                                  .body = table.Json<ProgressQuestion>(),
                                  .answer = table.Json<app::CaseProgress>(),
                                  .run = &AskProgress});
  AddDocument(table, "/api/v1/cases/{id}/document", "getCaseDocument", "case.read");
  table.Stored<&GetCaseFiles>("/api/v1/cases/{id}/files", "getCaseFiles", "case.read",
                              "The files that were handed in as papers of a case, newest first");
  const std::string own(app::kReadOwnCases);
  table.Stored<&ListApplications>("/api/v1/applications", "listApplications", own,
                                  "The cases of the account's own enterprise, newest first");
  table.Stored<&GetApplicationForms>("/api/v1/applications/forms", "getApplicationForms", own,
                                     "What the enterprise can apply for today");
  table.Stored<&GetApplication>("/api/v1/applications/{id}", "getApplication", own,
                                "One case of the account's own enterprise, as its applicant is told of it");
  table.Stored<&GetProgressAccess>("/api/v1/applications/{id}/progress", "getApplicationProgress", own,
                                   "The query code of one's own case");
  AddDocument(table, "/api/v1/applications/{id}/document", "getApplicationDocument", own);
  table.Stored<&ListReviewers>("/api/v1/reviewers", "listReviewers", "case.decide",
                               "Who may be added to a step as a reviewer");
  table.Facts<&ListPeers>("/api/v1/peers", "listPeers", "case.read", "Other ledgers whose receipts are believed");
  table.Facts<&ListMattersInForce>("/api/v1/matters-in-force", "listMattersInForce", "case.read",
                                   "Matters and packages in force on the day");
}

}  // namespace landfall::server
