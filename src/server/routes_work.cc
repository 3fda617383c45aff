// SPDX-License-Identifier: Apache-2.0
// What one person has to do and should hear of: inbox, notifications, calendar, mail. As of now, always.
#include <fmt/format.h>

#include "app/inbox.h"
#include "app/policy.h"
#include "exchange/ical.h"
#include "exchange/mail.h"
#include "server/api.h"
#include "server/api_shapes.h"
#include "server/page_address.h"

namespace landfall::server {
namespace {

constexpr std::size_t kNotifications = 50;
constexpr std::size_t kCalendarEvents = 500;

// Answers with a frame over the newest state.
template <class F>
auto WithNow(app::Engine& engine, F&& f) {
  const auto now = engine.Read();
  const Day today = WallDay(engine.clock().Now(), now.state().admin.offset());
  return f(app::Frame{now.state(), today, now.seq(), now.last_at(), now.seq(), {}});
}

Result<app::Inbox> GetInbox(Call& call, const NoPath&, const LedgerQuery&) {
  return WithNow(call.engine(), [&](const app::Frame& frame) { return app::QueryInbox(frame, call.visitor.account); });
}

Result<app::NotificationList> ListNotifications(Call& call, const NoPath&, const LedgerQuery&) {
  const AccountId account = call.visitor.account;
  const app::ReadMark read = call.ledger->access->ReadUpTo(account);
  return WithNow(call.engine(), [&](const app::Frame& frame) {
    return app::QueryNotifications(frame, account, read, kNotifications);
  });
}

// Runs `work` on a worker behind the gate and answers 204, or with its refusal.
template <class F>
void ChangeOwn(const CallPtr& call, F work) {
  {
    const auto now = call->engine().Read();
    if (Status gate = call->CheckGate(now.state()); !gate) return call->Refuse(gate.error());
  }
  call->OnWorker([call, work = std::move(work)] {
    if (Status done = work(*call); !done) return call->Refuse(done.error());
    call->Send(Response::Empty());
  });
}

void PostNotificationsRead(const CallPtr& call) {
  if (auto query = ReadQuery<LedgerQuery>(call->request); !query) return call->Refuse(query.error());
  auto body = ReadJson<ReadBody>(call->request.body);
  if (!body) return call->Refuse(body.error());
  ChangeOwn(call, [seq = static_cast<std::uint64_t>(body->seq.value)](const Call& c) -> Status {
    // Never beyond what there is.
    return c.ledger->access->SetReadUpTo(c.visitor.account, std::min(seq, c.engine().Read().seq()));
  });
}

// ---- one's own calendar and mail ----

Result<PersonalView> GetPersonal(Call& call, const NoPath&, const LedgerQuery&) {
  PersonalView view;
  LF_ASSIGN(view.calendar_since, call.ledger->access->CalendarSince(call.visitor.account));
  LF_ASSIGN(view.mail, call.ledger->access->MailOf(call.visitor.account));
  view.mail_offered = call.api.options().sends_mail;
  return view;
}

void PostCalendar(const CallPtr& call) {
  if (auto query = ReadQuery<LedgerQuery>(call->request); !query) return call->Refuse(query.error());
  if (call->visitor.by_token) return call->Refuse(Forbidden("session.needed"));
  {
    const auto now = call->engine().Read();
    if (Status gate = call->CheckGate(now.state()); !gate) return call->Refuse(gate.error());
  }
  call->OnWorker([call] {
    if (Status logged = call->Log("calendar_created", "calendar"); !logged) return call->Refuse(logged.error());
    auto secret = call->ledger->access->CreateCalendar(call->visitor.account);
    if (!secret) return call->Refuse(secret.error());
    call->SendJson(ToJson(CalendarAnswer{"/calendar/" + *secret + ".ics"}), 201);
  });
}

void DeleteCalendar(const CallPtr& call) {
  if (auto query = ReadQuery<LedgerQuery>(call->request); !query) return call->Refuse(query.error());
  ChangeOwn(call, [](const Call& c) -> Status {
    LF_TRY(c.ledger->access->RevokeCalendar(c.visitor.account));
    return c.Log("calendar_revoked", "calendar");
  });
}

void PutMail(const CallPtr& call) {
  if (auto query = ReadQuery<LedgerQuery>(call->request); !query) return call->Refuse(query.error());
  auto body = ReadJson<MailBody>(call->request.body);
  if (!body) return call->Refuse(body.error());
  std::optional<std::string> address;
  if (body->address) {
    address = body->address->value;
    if (Status good = exchange::CheckMailAddress(*address); !good)
      return call->Refuse(std::move(good).error().At("address"));
  }
  ChangeOwn(call, [address](const Call& c) -> Status {
    LF_TRY(c.Log(address ? "mail_set" : "mail_removed", "mail"));
    return c.ledger->access->SetMail(c.visitor.account, address);
  });
}

// ---- the calendar itself: its address is the key, for calendar programs cannot sign in ----

// Where this server was asked, so that a link in the calendar leads back; "" when the name is odd.
std::string OriginOf(const Call& call) {
  const std::string host(call.request.Header("Host").value_or(""));
  for (const char c : host)
    if (!std::isalnum(static_cast<unsigned char>(c)) && c != '.' && c != '-' && c != ':' && c != '[' && c != ']')
      return {};
  if (host.empty()) return {};
  const bool tls = call.api.options().trust_forwarded_proto &&
                   EqualNoCase(call.request.Header("X-Forwarded-Proto").value_or(""), "https");
  return (tls ? "https://" : "http://") + host;
}

struct Deadline {
  std::optional<ObligationId> id;  // absent: of a block
  std::uint64_t seq;               // the record that made it
  exchange::CalendarEvent event;
};

std::vector<Deadline> DeadlinesOf(const app::Frame& frame, AccountId account, app::Language language,
                                  const std::string& pages) {
  std::vector<Deadline> out;
  for (const app::ObligationRow& row : app::OpenDeadlinesOf(frame, account, kCalendarEvents)) {
    Deadline deadline{row.id, static_cast<std::uint64_t>(row.seq), {}};
    exchange::CalendarEvent& e = deadline.event;
    // One record raises one block.
    const std::string what = row.id        ? row.id->ToString()
                             : row.case_id ? fmt::format("{}-{}", row.case_id->ToString(), row.step.value_or(0))
                                           : "block-" + std::to_string(row.seq);
    e.uid = what + "@" + frame.state.admin.jurisdiction + ".landfall";
    e.day = row.due_on;
    const std::string light(app::LabelOf("enums", "Light." + std::string(EnumName(row.light.light)), language));
    const std::string kind = app::KindWord(row, language);
    e.summary = "[" + light + "] " + (row.text.empty() ? kind : row.text);
    e.description =
        kind + (row.project ? " · " + row.project->name : "") + (row.owner_unit ? " · " + row.owner_unit->name : "");
    e.category = light;
    if (!pages.empty()) e.url = pages + app::PageOf(row);
    out.push_back(std::move(deadline));
  }
  return out;
}

// When each was last changed, from its newest record; how often, from their number. A block is as it was raised until
// it is solved.
Status DateChanges(app::Engine& engine, std::vector<Deadline>& deadlines) {
  for (Deadline& d : deadlines) {
    const std::vector<std::uint64_t> seqs =
        d.id ? engine.history().Find(d.id->Subject(), 0, SIZE_MAX) : std::vector<std::uint64_t>{d.seq};
    if (seqs.empty()) continue;
    d.event.sequence = static_cast<std::int64_t>(seqs.size()) - 1;
    LF_ASSIGN(const ledger::EntryRecord record, engine.log().Entry(seqs.front()));
    ledger::Leaf leaf;
    if (!ledger::ParseLeaf(record.leaf, leaf)) return Corrupt("ledger.corrupt", "entry " + std::to_string(record.seq));
    d.event.modified = leaf.at;
  }
  return Ok{};
}

void SendCalendar(const Call& call, const ServedLedger& ledger, AccountId account) {
  std::string name;
  bool open = false;
  std::string pages = OriginOf(call);
  if (!pages.empty()) pages += PagesOf(ledger.code, call.api.ledgers().size());
  std::vector<Deadline> deadlines = WithNow(*ledger.engine, [&](const app::Frame& frame) {
    open = frame.state.admin.Knows(account) && !frame.state.admin.disabled[account.index()];
    name = frame.state.admin.name.Get(0);
    return open ? DeadlinesOf(frame, account, call.language(), pages) : std::vector<Deadline>();
  });
  if (!open) return call.Refuse(NotFound("calendar_feed.unknown"));
  if (Status dated = DateChanges(*ledger.engine, deadlines); !dated) return call.Refuse(dated.error());
  std::vector<exchange::CalendarEvent> events;
  for (Deadline& d : deadlines) events.push_back(std::move(d.event));
  const std::string body = exchange::WriteCalendar(name, events);
  const std::string tag = TagOf({call.route->operation, body});
  Response response = NoneMatchNames(call.request, tag) ? Response::Empty(304) : Response::Text(body);
  if (response.status == 200) response.content_type = "text/calendar; charset=utf-8";
  response.headers.push_back({"ETag", tag});
  response.headers.push_back({"Cache-Control", "private, no-cache"});
  call.Send(std::move(response));
}

void GetCalendar(const CallPtr& call) {
  if (auto query = ReadQuery<LedgerQuery>(call->request); !query) return call->Refuse(query.error());
  for (const ServedLedger& ledger : call->api.ledgers())
    if (const auto account = ledger.access->FindCalendar(call->path_parameter))
      return call->OnWorker([call, &ledger, account = *account] { SendCalendar(*call, ledger, account); });
  call->Refuse(NotFound("calendar_feed.unknown"));
}

}  // namespace

void AddWorkRoutes(RouteTable& table) {
  table.Schemas<FeedEvent>();
  table.Stored<&GetInbox>("/api/v1/inbox", "getInbox", "obligation.read", "What waits for this account");
  table.Stored<&ListNotifications>("/api/v1/notifications", "listNotifications", "obligation.read",
                                   "What this account should hear of, newest first");
  table.Stored<&GetPersonal>("/api/v1/me", "getPersonal", "", "One's own calendar and mail");
  table.Raw<NoPath, LedgerQuery>(AccountRoute(Method::kPost, "/api/v1/notifications/read", "readNotifications",
                                              "Marks notifications as read up to a record", table.Json<ReadBody>(), {},
                                              204, &PostNotificationsRead));
  table.Raw<NoPath, LedgerQuery>(
      AccountRoute(Method::kPost, "/api/v1/me/calendar", "createCalendar",
                   "Makes the secret address of one's calendar; shown this once, ends the one before", {},
                   table.Json<CalendarAnswer>(), 201, &PostCalendar));
  table.Raw<NoPath, LedgerQuery>(AccountRoute(Method::kDelete, "/api/v1/me/calendar", "revokeCalendar",
                                              "Ends the address of one's calendar", {}, {}, 204, &DeleteCalendar));
  table.Raw<NoPath, LedgerQuery>(AccountRoute(Method::kPost, "/api/v1/me/mail", "setMail",
                                              "Where to send one's daily digest", table.Json<MailBody>(), {}, 204,
                                              &PutMail));
  Route calendar = AccountRoute(Method::kGet, "/calendar/{id}.ics", "getCalendar",
                                "Deadlines of the account that made the address, as iCalendar", {},
                                {"text/calendar", {}}, 200, &GetCalendar);
  calendar.gate = Gate::kOpen;
  table.Raw<Key<64>, LedgerQuery>(std::move(calendar));
}

}  // namespace landfall::server
