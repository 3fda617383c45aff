// SPDX-License-Identifier: Apache-2.0
// Coming in and going out: sessions, passwords, API tokens.
#include <openssl/crypto.h>

#include "app/policy.h"
#include "app/queries.h"
#include "server/api.h"
#include "server/api_shapes.h"
#include "server/session_cookie.h"

namespace landfall::server {
namespace {

// Secure only where the browser speaks TLS to the proxy in front of us: elsewhere it would drop the cookie.
CookieOptions CookieFor(const Call& call) {
  CookieOptions options;
  options.same_site = "Strict";
  options.secure = call.api.options().trust_forwarded_proto &&
                   EqualNoCase(call.request.Header("X-Forwarded-Proto").value_or(""), "https");
  return options;
}

app::SessionView ViewOf(const app::State& state, Day today, AccountId account, std::string csrf) {
  app::SessionView view;
  view.account = account;
  view.login = state.admin.login.Get(account.index());
  view.display = state.admin.display.Get(account.index());
  for (int r = 0; r < admin::kRoles; ++r)
    if (state.admin.Has(account, static_cast<admin::Role>(r)))
      view.roles.emplace_back(EnumName(static_cast<admin::Role>(r)));
  for (const std::string_view permission : app::Permissions()) {
    const app::Reach reach = app::ReachOf(state, Actor::Account(account), permission);
    if (reach == app::Reach::kAll)
      view.permissions.emplace_back(permission);
    else if (app::ReachesAny(state, Actor::Account(account), today, permission))
      view.permissions.push_back(std::string(permission) + ":own");
  }
  if (const UnitId unit{state.admin.unit[account.index()]}) view.unit = app::UnitRef(state, unit);
  if (const std::uint32_t bound = state.admin.enterprise[account.index()]; bound != 0)
    view.enterprise = app::EnterpriseRef(state, bound);
  view.csrf = std::move(csrf);
  view.jurisdiction = state.admin.jurisdiction;
  view.jurisdiction_name = state.admin.name.Get(0);
  return view;
}

// ---- signing in ----

// What the log may say of a login that was typed: people type passwords into the wrong field.
std::string LoginForLog(std::string_view login) { return CheckKey(login, 40) ? std::string(login) : "?"; }

struct KnownLogin {
  AccountId account;  // 0: nobody's.
  bool disabled = false;
};

KnownLogin FindLogin(const app::State& state, std::string_view login) {
  const auto index = state.admin.by_login.Find(state.admin.login, login);
  if (index == TextIndex::kNone) return {};
  return {AccountId::FromIndex(index), state.admin.disabled[index] != 0};
}

void SignIn(const CallPtr& call, const LoginBody& body) {
  app::AccessStore& access = *call->ledger->access;
  const std::string& login = body.login.value;
  const KnownLogin known = FindLogin(call->engine().Read().state(), login);
  const auto right = access.PasswordIs(known.account, body.password.value);
  if (!right) return call->Refuse(right.error());
  const auto log = [&](std::string_view what, std::string_view result) {
    const std::string who = *right ? known.account.ToString() : LoginForLog(login);
    return access.Append({0, {}, who, std::string(what), "session", std::string(result), call->request.peer});
  };
  const std::string_view refusal = !*right          ? "session.wrong_credentials"
                                   : known.disabled ? "access.account_disabled"
                                                    : "";
  if (Status logged = log(refusal.empty() ? "login" : "login_failed", refusal.empty() ? "ok" : refusal); !logged)
    return call->Refuse(Unavailable("access.log_failed", logged.error().detail));
  if (!*right) return call->SendProblem(401, Forbidden(refusal));
  access.throttle().Succeed(login, call->request.peer);
  if (known.disabled) return call->Refuse(Forbidden(refusal));
  auto secret = access.BeginSession(known.account);
  if (!secret) return call->Refuse(secret.error());
  const auto now = call->engine().Read();
  Response response = Response::Json(
      ToJson(ViewOf(now.state(), call->Today(now.state()), known.account, app::AccessStore::CsrfOf(*secret))));
  AddCookie(response, SessionCookieFor(call->api, call->ledger->code), *secret, CookieFor(*call));
  call->Send(std::move(response));
}

void PostSession(const CallPtr& call) {
  if (auto query = ReadQuery<LedgerQuery>(call->request); !query) return call->Refuse(query.error());
  // A form of another site can send any body but this type: nobody is signed in by a page that is not ours.
  if (!call->request.Header("Content-Type").value_or("").starts_with("application/json"))
    return call->SendProblem(415, Invalid("request.not_json"));
  auto body = ReadJson<LoginBody>(call->request.body);
  if (!body) return call->Refuse(body.error());
  OPENSSL_cleanse(call->request.body.data(), call->request.body.size());
  app::AccessStore& access = *call->ledger->access;
  const auto wait = access.throttle().Begin(call->engine().clock().Now(), body->login.value, call->request.peer);
  if (wait.count() > 0)
    return call->SendProblem(429, Forbidden("session.throttled"), {{"Retry-After", std::to_string(wait.count())}});
  call->OnWorker([call, body = *std::move(body)] { SignIn(call, body); });
}

void GetSession(const CallPtr& call) {
  if (auto query = ReadQuery<LedgerQuery>(call->request); !query) return call->Refuse(query.error());
  const auto now = call->engine().Read();
  if (Status gate = call->CheckGate(now.state()); !gate) return call->Refuse(gate.error());
  const Visitor& visitor = call->visitor;
  // Untagged, so that nobody keeps the token and nothing compresses it (compress.h).
  call->SendJson(ToJson(ViewOf(now.state(), call->Today(now.state()), visitor.account,
                               visitor.by_token ? "" : app::AccessStore::CsrfOf(visitor.secret))));
}

void DeleteSession(const CallPtr& call) {
  if (auto query = ReadQuery<LedgerQuery>(call->request); !query) return call->Refuse(query.error());
  if (call->visitor.by_token) return call->Refuse(Forbidden("session.needed"));
  {
    const auto now = call->engine().Read();
    if (Status gate = call->CheckGate(now.state()); !gate) return call->Refuse(gate.error());
  }
  call->OnWorker([call] {
    if (Status ended = call->ledger->access->EndSession(call->visitor.secret); !ended)
      return call->Refuse(ended.error());
    if (Status logged = call->Log("logout", "session"); !logged) return call->Refuse(logged.error());
    Response response = Response::Empty();
    CookieOptions options = CookieFor(*call);
    options.max_age = std::chrono::seconds(0);
    const std::string own = SessionCookieOf(call->ledger->code);
    const bool of_ledger = call->request.Cookie(own).value_or("") == call->visitor.secret;
    AddCookie(response, of_ledger ? std::string_view(own) : kSessionCookie, "gone", options);
    call->Send(std::move(response));
  });
}

// ---- passwords ----

// Whoever keeps the accounts must not be able to become who grants the roles or who audits (三员分立): once these have
// a password, only they change it here, or the operating-system user at the command line.
bool IsGuardedOffice(const app::State& state, AccountId account) {
  return state.admin.Has(account, admin::Role::secadmin) || state.admin.Has(account, admin::Role::auditor);
}

struct PasswordCase {
  bool own = false;
  bool guarded = false;
  std::string login;
};

Result<PasswordCase> FindPasswordCase(const Call& call, AccountId account) {
  const auto now = call.engine().Read();
  LF_TRY(call.CheckGate(now.state()));
  const bool own = account == call.visitor.account;
  if (!own) LF_TRY(app::AuthorizeRead(now.state(), call.actor(), call.Today(now.state()), "account.write", {}));
  if (!now.state().admin.Knows(account)) return NotFound("account.unknown", {}, "id");
  return PasswordCase{own, IsGuardedOffice(now.state(), account),
                      std::string(now.state().admin.login.Get(account.index()))};
}

Status ChangePassword(const Call& call, AccountId account, const PasswordCase& it, const PasswordBody& body) {
  app::AccessStore& access = *call.ledger->access;
  if (it.own) {
    if (!body.old_password) return Invalid("request.field_missing", {}, "old_password");
    LF_ASSIGN(const bool right, access.PasswordIs(account, body.old_password->value));
    if (!right) {
      LF_TRY(call.Log("password_change", account.Subject(), "password.old_wrong"));
      return Forbidden("password.old_wrong", {}, "old_password");
    }
  } else if (it.guarded) {
    LF_ASSIGN(const bool has, access.HasPassword(account));
    if (has) return Forbidden("access.guarded_office");
  }
  LF_TRY(app::CheckPasswordRules(it.login, body.password.value));
  LF_TRY(call.Log("password_change", account.Subject()));
  return access.SetPassword(account, it.login, body.password.value,
                            it.own ? std::string_view(call.visitor.secret) : std::string_view());
}

void PostPassword(const CallPtr& call) {
  if (auto query = ReadQuery<LedgerQuery>(call->request); !query) return call->Refuse(query.error());
  auto account = ReadPath<AccountId>(call);
  if (!account) return call->Refuse(account.error());
  if (call->visitor.by_token) return call->Refuse(Forbidden("session.needed"));
  auto it = FindPasswordCase(*call, *account);
  if (!it) return call->Refuse(it.error());
  auto body = ReadJson<PasswordBody>(call->request.body);
  if (!body) return call->Refuse(body.error());
  OPENSSL_cleanse(call->request.body.data(), call->request.body.size());
  if (it->own) {
    // Guessing the old password here is guessing it at the door.
    const auto wait =
        call->ledger->access->throttle().Begin(call->engine().clock().Now(), it->login, call->request.peer);
    if (wait.count() > 0)
      return call->SendProblem(429, Forbidden("session.throttled"), {{"Retry-After", std::to_string(wait.count())}});
  }
  call->OnWorker([call, account = *account, it = *std::move(it), body = *std::move(body)] {
    Status changed = ChangePassword(*call, account, it, body);
    const bool guessed = !changed && changed.error().code == "password.old_wrong";
    if (it.own && !guessed) call->ledger->access->throttle().Succeed(it.login, call->request.peer);
    if (!changed) return call->Refuse(changed.error());
    call->Send(Response::Empty());
  });
}

// ---- API tokens: for programs; who holds one acts as the account that made it ----

void PostToken(const CallPtr& call) {
  if (auto query = ReadQuery<LedgerQuery>(call->request); !query) return call->Refuse(query.error());
  if (call->visitor.by_token)
    return call->Refuse(Forbidden("session.needed"));  // A leaked token must not outlive itself.
  auto body = ReadJson<TokenBody>(call->request.body);
  if (!body) return call->Refuse(body.error());
  {
    const auto now = call->engine().Read();
    if (Status gate = call->CheckGate(now.state()); !gate) return call->Refuse(gate.error());
  }
  call->OnWorker([call, body = *std::move(body)] {
    if (Status logged = call->Log("token_created", "token"); !logged) return call->Refuse(logged.error());
    auto made = call->ledger->access->CreateToken(call->visitor.account, body.label.value);
    if (!made) return call->Refuse(made.error());
    call->SendJson(ToJson(TokenAnswer{made->id, std::move(made->secret)}), 201);
  });
}

Result<TokenList> ListTokens(Call& call, const NoPath&, const LedgerQuery&) {
  LF_ASSIGN(std::vector<app::ApiToken> tokens, call.ledger->access->Tokens(call.visitor.account));
  TokenList list;
  for (app::ApiToken& t : tokens) list.rows.push_back({t.id, std::move(t.label), t.created_at, t.revoked_at});
  return list;
}

void DeleteToken(const CallPtr& call) {
  if (auto query = ReadQuery<LedgerQuery>(call->request); !query) return call->Refuse(query.error());
  auto id = ReadPath<Int<1, INT64_MAX>>(call);
  if (!id) return call->Refuse(id.error());
  {
    const auto now = call->engine().Read();
    if (Status gate = call->CheckGate(now.state()); !gate) return call->Refuse(gate.error());
  }
  call->OnWorker([call, id = id->value] {
    if (Status revoked = call->ledger->access->RevokeToken(call->visitor.account, id); !revoked)
      return call->Refuse(revoked.error());
    if (Status logged = call->Log("token_revoked", "token/" + std::to_string(id)); !logged)
      return call->Refuse(logged.error());
    call->Send(Response::Empty());
  });
}

}  // namespace

void AddSessionRoutes(RouteTable& table) {
  constexpr std::string_view kSession = "/api/v1/session";
  table.Raw<NoPath, LedgerQuery>({.method = Method::kPost,
                                  .path = std::string(kSession),
                                  .operation = "signIn",
                                  .gate = Gate::kOpen,
                                  .permission = {},
                                  .summary = "Signs in",
                                  .path_parameter = {},
                                  .query = {},
                                  .headers = {},
                                  .body = table.Json<LoginBody>(),
                                  .answer = table.Json<app::SessionView>(),
                                  .run = &PostSession});
  table.Raw<NoPath, LedgerQuery>({.path = std::string(kSession),
                                  .operation = "getSession",
                                  .gate = Gate::kAccount,
                                  .permission = {},
                                  .summary = "Who is signed in, and what they may do",
                                  .path_parameter = {},
                                  .query = {},
                                  .headers = {},
                                  .body = {},
                                  .answer = table.Json<app::SessionView>(),
                                  .run = &GetSession});
  table.Raw<NoPath, LedgerQuery>({.method = Method::kDelete,
                                  .path = std::string(kSession),
                                  .operation = "signOut",
                                  .gate = Gate::kAccount,
                                  .permission = {},
                                  .summary = "Signs out",
                                  .path_parameter = {},
                                  .query = {},
                                  .headers = {},
                                  .body = {},
                                  .answer = {},
                                  .status = 204,
                                  .run = &DeleteSession});
  table.Raw<AccountId, LedgerQuery>(
      {.method = Method::kPost,
       .path = "/api/v1/accounts/{id}/password",
       .operation = "setPassword",
       .gate = Gate::kAccount,
       .permission = {},
       .summary = "Sets a password: one's own with the old one, another's with account.write",
       .path_parameter = {},
       .query = {},
       .headers = {},
       .body = table.Json<PasswordBody>(),
       .answer = {},
       .status = 204,
       .run = &PostPassword});
  table.Stored<&ListTokens>("/api/v1/tokens", "listTokens", "", "One's own API tokens");
  table.Raw<NoPath, LedgerQuery>({.method = Method::kPost,
                                  .path = "/api/v1/tokens",
                                  .operation = "createToken",
                                  .gate = Gate::kAccount,
                                  .permission = {},
                                  .summary = "Makes an API token; shown this once",
                                  .path_parameter = {},
                                  .query = {},
                                  .headers = {},
                                  .body = table.Json<TokenBody>(),
                                  .answer = table.Json<TokenAnswer>(),
                                  .status = 201,
                                  .run = &PostToken});
  table.Raw<Int<1, INT64_MAX>, LedgerQuery>({.method = Method::kDelete,
                                             .path = "/api/v1/tokens/{id}",
                                             .operation = "revokeToken",
                                             .gate = Gate::kAccount,
                                             .permission = {},
                                             .summary = "Revokes one of one's own API tokens",
                                             .path_parameter = {},
                                             .query = {},
                                             .headers = {},
                                             .body = {},
                                             .answer = {},
                                             .status = 204,
                                             .run = &DeleteToken});
}

}  // namespace landfall::server
