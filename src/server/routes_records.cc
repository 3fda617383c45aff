// SPDX-License-Identifier: Apache-2.0
// Records and their proofs, imports and the access log: what lies on the disk or must be
// logged before it is shown. Runs on workers.
#include "app/entries.h"
#include "app/policy.h"
#include "app/query_cases.h"
#include "server/api.h"
#include "server/api_shapes.h"

namespace landfall::server {
namespace {

template <class Limit>
std::size_t LimitOf(const Limit& limit, std::size_t usual) {
  return limit ? static_cast<std::size_t>(limit->value) : usual;
}

// ---- entries ----

bool ShowsPersonal(const app::EntryView& entry) {
  return std::any_of(entry.events.begin(), entry.events.end(), [](const app::EventView& event) {
    return event.cls == EventClassName(EventClass::kPersonal) && event.payload.has_value();
  });
}

Status LogPersonal(const Call& call, const std::vector<app::EntryView>& entries) {
  for (const app::EntryView& entry : entries)
    if (ShowsPersonal(entry)) LF_TRY(call.Log("read_personal", "entry/" + std::to_string(entry.seq)));
  return Ok{};
}

Result<app::EntryList> EntriesOf(const Call& call, std::string subject, const ProjectEntriesQuery& query) {
  app::EntryFilter filter;
  filter.subject = std::move(subject);
  filter.limit = LimitOf(query.limit, 50);
  if (query.cursor) filter.before = static_cast<std::uint64_t>(query.cursor->value);
  if (query.known_at && query.known_at->day) {
    LF_ASSIGN(filter.known_at, call.engine().SeqAtDay(*query.known_at->day));
  } else if (query.known_at) {
    filter.known_at = query.known_at->seq;
  }
  LF_ASSIGN(app::EntryList list, app::ReadEntries(call.engine(), call.actor(), filter));
  LF_TRY(LogPersonal(call, list.rows));
  return list;
}

Result<app::EntryList> ListEntries(Call& call, const NoPath&, const EntriesQuery& query) {
  return EntriesOf(call, query.subject ? query.subject->value : std::string(), query);
}

Result<app::EntryList> ListProjectEntries(Call& call, const ProjectId& project, const ProjectEntriesQuery& query) {
  {
    const auto now = call.engine().Read();
    if (!now.state().project.Knows(project)) return NotFound("project.unknown", {}, "id");
    LF_TRY(app::AuthorizeRead(now.state(), call.actor(), call.Today(now.state()), call.route->permission,
                              UnitId{now.state().project.owner[project.index()]}, project));
  }
  return EntriesOf(call, project.Subject(), query);
}

Result<app::EntryList> ListObligationEntries(Call& call, const ObligationId& obligation,
                                             const ProjectEntriesQuery& query) {
  {
    const auto now = call.engine().Read();
    const obligation::State& s = now.state().obligation;
    if (!s.Knows(obligation)) return NotFound("obligation.unknown", {}, "id");
    LF_TRY(app::AuthorizeRead(now.state(), call.actor(), call.Today(now.state()), call.route->permission,
                              UnitId{s.owner[obligation.index()]}, ProjectId{s.project[obligation.index()]}));
  }
  return EntriesOf(call, obligation.Subject(), query);
}

Result<app::EntryList> ListCaseEntries(Call& call, const cases::CaseId& id, const ProjectEntriesQuery& query) {
  {
    const auto now = call.engine().Read();
    const Day today = call.Today(now.state());
    LF_ASSIGN(app::Visible visible, app::VisibleTo(now.state(), call.actor(), today, call.route->permission));
    LF_TRY(app::MayReadCase({now.state(), today, now.seq(), now.last_at(), now.seq(), std::move(visible)}, id));
  }
  return EntriesOf(call, id.Subject(), query);
}

using Seq = Int<1, INT64_MAX>;

Result<app::EntryView> GetEntry(Call& call, const Seq& seq, const LedgerQuery&) {
  LF_ASSIGN(app::EntryView entry, app::ReadEntry(call.engine(), call.actor(), static_cast<std::uint64_t>(seq.value)));
  if (ShowsPersonal(entry)) LF_TRY(call.Log("read_personal", "entry/" + std::to_string(entry.seq)));
  return entry;
}

Result<app::ProofView> GetProof(Call& call, const Seq& seq, const LedgerQuery&) {
  return app::ReadProof(call.engine(), static_cast<std::uint64_t>(seq.value));
}

void GetCheckpoint(const CallPtr& call) {
  if (auto query = ReadQuery<LedgerQuery>(call->request); !query) return call->Refuse(query.error());
  {
    const auto now = call->engine().Read();
    if (Status gate = call->CheckGate(now.state()); !gate) return call->Refuse(gate.error());
  }
  call->OnWorker([call] {
    auto note = call->engine().SignedCheckpoint();
    if (!note) return call->Refuse(note.error());
    const std::string tag = TagOf({call->api.run(), call->route->operation, *note});
    Response response = NoneMatchNames(call->request, tag) ? Response::Empty(304) : Response::Text(*std::move(note));
    response.headers.push_back({"ETag", tag});
    response.headers.push_back({"Cache-Control", "private, no-cache"});
    call->Send(std::move(response));
  });
}

Result<app::BatchList> ListBatches(Call& call, const NoPath&, const BatchesQuery& query) {
  return app::ReadBatches(call.engine(), LimitOf(query.limit, 50));
}

// ---- people: as of now, always ----

Result<app::AuditList> ListAudit(Call& call, const NoPath&, const PageQuery& query) {
  const std::size_t limit = LimitOf(query.limit, 50);
  LF_ASSIGN(std::vector<app::AccessRecord> records,
            call.ledger->access->Read(query.cursor ? query.cursor->value : 0, limit + 1));
  app::AuditList list;
  for (app::AccessRecord& r : records) {
    if (list.rows.size() == limit) {
      list.next_cursor = std::to_string(list.rows.back().id);
      break;
    }
    list.rows.push_back({r.id, r.at, std::move(r.who), std::move(r.what), std::move(r.subject), std::move(r.result)});
  }
  return list;
}

}  // namespace

void AddRecordRoutes(RouteTable& table) {
  table.Stored<&ListProjectEntries>("/api/v1/projects/{id}/entries", "listProjectEntries", "project.read",
                                    "Records that speak of a project, newest first");
  table.Stored<&ListObligationEntries>("/api/v1/obligations/{id}/entries", "listObligationEntries", "obligation.read",
                                       "Records that speak of an obligation, newest first");
  table.Stored<&ListCaseEntries>("/api/v1/cases/{id}/entries", "listCaseEntries", "case.read",
                                 "Records that speak of a case, newest first");
  table.Stored<&ListEntries>("/api/v1/entries", "listEntries", "ledger.read", "Records, newest first");
  table.Stored<&GetEntry>("/api/v1/entries/{id}", "getEntry", "ledger.read", "One record");
  table.Stored<&GetProof>("/api/v1/entries/{id}/proof", "getProof", "ledger.read",
                          "Proof that the ledger holds a record");
  table.Raw<NoPath, LedgerQuery>({.path = "/api/v1/checkpoint",
                                  .operation = "getCheckpoint",
                                  .permission = "ledger.read",
                                  .summary = "The newest signed checkpoint",
                                  .path_parameter = {},
                                  .query = {},
                                  .headers = {},
                                  .body = {},
                                  .answer = {"text/plain", {}},
                                  .run = &GetCheckpoint});
  table.Stored<&ListBatches>("/api/v1/batches", "listBatches", "ledger.read", "Imports, newest first");
  table.Stored<&ListAudit>("/api/v1/audit", "listAudit", "audit.read", "The access log, newest first");
}

}  // namespace landfall::server
