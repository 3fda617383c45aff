// SPDX-License-Identifier: Apache-2.0
// Coming in: passwords, throttling, sessions, cookies, forgery, tokens, and the log of all that.
#include "app/access_store.h"

#include <gmock/gmock.h>

#include <fstream>
#include <set>

#include "server/api_support.h"

namespace landfall::server {
namespace {

std::string LoginBodyOf(const std::string& login, std::string_view password) {
  return "{\"login\":\"" + login + "\",\"password\":\"" + std::string(password) + "\"}";
}

ClientResponse SignIn(Town& town, const std::string& login, std::string_view password, std::vector<Field> more = {}) {
  more.push_back({"Content-Type", "application/json"});
  auto response = town.Connect().Send("POST", "/api/v1/session", more, LoginBodyOf(login, password));
  LF_CHECK(response.ok());
  return *response;
}

void GivePassword(Town& town, const std::string& login) {
  ASSERT_TRUE(town.access().SetPassword(town.account(login), login, kGoodPassword));
}

// --- At the door ---------------------------------------------------------------------------------------------------

TEST(Session, BeginsWithTheRightPasswordAndSaysWhatTheAccountMayDo) {
  Town town;
  GivePassword(town, "unit_officer");

  const ClientResponse in = SignIn(town, "unit_officer", kGoodPassword);

  EXPECT_EQ(in.status, 200) << in.body;
  EXPECT_EQ(TextIn(in, "login"), "unit_officer");
  EXPECT_NE(in.body.find("\"project.write:own\""), std::string::npos);
  EXPECT_EQ(in.body.find("\"ledger.read\""), std::string::npos);
  EXPECT_EQ(TextIn(in, "jurisdiction"), "430299");
  EXPECT_EQ(TextIn(in, "csrf").size(), 64u);
}

TEST(Session, CookieIsHiddenFromScriptsAndOtherSitesAndSecureOnlyBehindTls) {
  Town town;
  GivePassword(town, "leader");

  const std::string plain(SignIn(town, "leader", kGoodPassword).Header("Set-Cookie").value_or(""));
  const std::string tls(
      SignIn(town, "leader", kGoodPassword, {{"X-Forwarded-Proto", "https"}}).Header("Set-Cookie").value_or(""));

  EXPECT_NE(plain.find("HttpOnly"), std::string::npos) << plain;
  EXPECT_NE(plain.find("SameSite=Strict"), std::string::npos);
  EXPECT_NE(plain.find("Path=/"), std::string::npos);
  EXPECT_EQ(plain.find("Secure"), std::string::npos);
  EXPECT_NE(tls.find("Secure"), std::string::npos) << tls;
}

TEST(Session, UnknownLoginAndWrongPasswordGetTheSameAnswer) {
  Town town;
  GivePassword(town, "leader");

  const ClientResponse wrong = SignIn(town, "leader", "not the password");
  const ClientResponse unknown = SignIn(town, "nobody-here", "not the password");
  const ClientResponse unset = SignIn(town, "supervisor", "not the password");

  EXPECT_EQ(wrong.status, 401);
  EXPECT_EQ(CodeOf(wrong), "session.wrong_credentials");
  EXPECT_EQ(unknown.body, wrong.body);
  EXPECT_EQ(unset.body, wrong.body);
  EXPECT_FALSE(wrong.Header("Set-Cookie"));
}

TEST(Session, DisabledAccountIsToldSoOnlyWithItsPassword) {
  Town town;
  GivePassword(town, "disabled");

  EXPECT_EQ(CodeOf(SignIn(town, "disabled", "not the password")), "session.wrong_credentials");
  const ClientResponse right = SignIn(town, "disabled", kGoodPassword);
  EXPECT_EQ(right.status, 403);
  EXPECT_EQ(CodeOf(right), "access.account_disabled");
}

TEST(Session, FormOfAnotherSiteCannotSignAnybodyIn) {
  Town town;
  GivePassword(town, "leader");

  auto response = town.Connect().Send("POST", "/api/v1/session", {{"Content-Type", "text/plain"}},
                                      LoginBodyOf("leader", kGoodPassword));

  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 415);
  EXPECT_EQ(CodeOf(*response), "request.not_json");
}

TEST(Session, FifthFailureMakesTheNextAttemptWaitAndTimeLetsItPass) {
  Town town;
  GivePassword(town, "leader");
  for (int i = 0; i < 5; ++i) EXPECT_EQ(SignIn(town, "leader", "not the password").status, 401);

  const ClientResponse held = SignIn(town, "leader", kGoodPassword);
  EXPECT_EQ(held.status, 429);
  EXPECT_EQ(CodeOf(held), "session.throttled");
  EXPECT_EQ(held.Header("Retry-After"), "1");

  town.clock().Advance(seconds(2));
  EXPECT_EQ(SignIn(town, "leader", kGoodPassword).status, 200);
}

// --- The throttle alone --------------------------------------------------------------------------------------------

TEST(LoginThrottle, DelaysDoubleUpToAMinuteAndAreForgottenAfterAQuietHour) {
  app::LoginThrottle throttle;
  Instant now{std::chrono::hours(1'000)};
  std::vector<std::int64_t> waits;
  for (int i = 0; i < 16; ++i) {
    ASSERT_EQ(throttle.Begin(now, "a", "10.0.0.1").count(), 0);
    const auto wait = throttle.Begin(now, "a", "10.0.0.1");  // Held, and does not count.
    if (wait.count() > 0) waits.push_back(wait.count());
    now += wait;
  }
  EXPECT_THAT(waits, testing::ElementsAre(1, 2, 4, 8, 16, 32, 60, 60, 60, 60, 60, 60, 60, 60));

  now += std::chrono::hours(2);
  EXPECT_EQ(throttle.Begin(now, "a", "10.0.0.1").count(), 0);
  EXPECT_EQ(throttle.Begin(now, "a", "10.0.0.1").count(), 0);
}

TEST(LoginThrottle, PeerThatTriesManyLoginsIsHeldAndOneGoodLoginForgivesOnlyItself) {
  app::LoginThrottle throttle;
  const Instant now{std::chrono::hours(1'000)};
  for (int i = 0; i < 4; ++i) EXPECT_EQ(throttle.Begin(now, "login" + std::to_string(i), "10.0.0.1").count(), 0);
  EXPECT_EQ(throttle.Begin(now, "mine", "10.0.0.1").count(), 0);
  throttle.Succeed("mine", "10.0.0.1");

  EXPECT_EQ(throttle.Begin(now, "login4", "10.0.0.1").count(), 0);  // The fifth failure.
  EXPECT_EQ(throttle.Begin(now, "login5", "10.0.0.1").count(), 1);
  EXPECT_EQ(throttle.Begin(now, "login5", "10.0.0.2").count(), 0);
}

TEST(LoginThrottle, RemembersABoundedNumberOfLogins) {
  app::LoginThrottle throttle;
  Instant now{std::chrono::hours(1'000)};
  for (int i = 0; i < 5; ++i) throttle.Begin(now, "first", "p" + std::to_string(i));
  ASSERT_GT(throttle.Begin(now, "first", "q").count(), 0);

  for (std::size_t i = 0; i < app::LoginThrottle::kEntriesMax; ++i)
    throttle.Begin(now + std::chrono::microseconds(i + 1), "l" + std::to_string(i), "r" + std::to_string(i));

  EXPECT_EQ(throttle.Begin(now, "first", "s").count(), 0);  // The quietest one was let go.
}

// --- Inside --------------------------------------------------------------------------------------------------------

TEST(Session, EndsAfterEightIdleHoursAndAfterADayInAnyCase) {
  Town town;
  const SignedIn idle = town.As("leader"), busy = town.As("leader");
  HttpClient client = town.Connect();
  const auto status = [&](const SignedIn& who) { return client.Get("/api/v1/session", who.Headers())->status; };
  EXPECT_EQ(status(idle), 200);

  for (int hours = 0; hours < 23; hours += 7) {
    EXPECT_EQ(status(busy), 200) << hours;
    town.clock().Advance(std::chrono::hours(7));
  }
  EXPECT_EQ(status(idle), 401);
  EXPECT_EQ(status(busy), 401);
}

TEST(Session, OutlivesARestartAndEndsWithSignOut) {
  Town town;
  const SignedIn who = town.As("leader");
  town.Stop();
  town.Start();
  EXPECT_EQ(town.Connect().Get("/api/v1/session", who.Headers())->status, 200);

  const auto out = town.Connect().Send("DELETE", "/api/v1/session", who.Headers());
  ASSERT_TRUE(out);
  EXPECT_EQ(out->status, 204);
  EXPECT_NE(std::string(out->Header("Set-Cookie").value_or("")).find("Max-Age=0"), std::string::npos);
  EXPECT_EQ(CodeOf(*town.Connect().Get("/api/v1/session", who.Headers())), "session.none");
}

TEST(Session, OldestOfTooManySessionsEnds) {
  Town town;
  const SignedIn first = town.As("leader");
  for (std::size_t i = 0; i < app::AccessStore::kSessionsPerAccount; ++i) {
    town.clock().Advance(seconds(1));
    (void)town.As("leader");
  }
  EXPECT_EQ(town.Connect().Get("/api/v1/session", first.Headers())->status, 401);
}

TEST(Session, DisablingTheAccountShutsItOutAtOnce) {
  Town town;
  const SignedIn who = town.As("leader");
  town.Run(admin::DisableAccount{town.account("leader")});
  EXPECT_EQ(CodeOf(*town.Connect().Get("/api/v1/board", who.Headers())), "access.account_disabled");
}

TEST(Forgery, WritingWithTheCookieNeedsTheSessionsOwnToken) {
  Town town;
  const SignedIn who = town.As("project_office"), other = town.As("project_office");
  const std::string body = R"({"project":"p1","title":"示例改名"})";
  const auto post = [&](std::vector<Field> headers) {
    headers.push_back({"Cookie", who.cookie});
    headers.push_back({"Idempotency-Key", town.NewKey()});
    return *town.Connect().Send("POST", "/api/v1/commands/project.rename", headers, body);
  };

  EXPECT_EQ(CodeOf(post({})), "session.csrf");
  EXPECT_EQ(post({{"X-CSRF-Token", "0000"}}).status, 403);
  EXPECT_EQ(CodeOf(post({{"X-CSRF-Token", other.csrf}})), "session.csrf");
  EXPECT_EQ(post({{"X-CSRF-Token", who.csrf}}).status, 200);
}

TEST(Token, ActsAsItsAccountWithoutForgeryTokenUntilRevoked) {
  Town town;
  HttpClient client = town.Connect();
  std::vector<Field> headers = town.As("project_office").Headers();
  const auto made = client.Send("POST", "/api/v1/tokens", headers, R"({"label":"nightly"})");
  ASSERT_TRUE(made);
  ASSERT_EQ(made->status, 201) << made->body;
  const std::vector<Field> bearer = {{"Authorization", "Bearer " + TextIn(*made, "token")},
                                     {"Idempotency-Key", town.NewKey()}};

  EXPECT_EQ(
      client.Send("POST", "/api/v1/commands/project.rename", bearer, R"({"project":"p1","title":"示例"})")->status,
      200);
  EXPECT_EQ(CodeOf(*client.Send("POST", "/api/v1/tokens", bearer, R"({"label":"heir"})")), "session.needed");

  const std::string id = std::to_string(NumberIn(*made, "id"));
  EXPECT_EQ(CodeOf(*client.Send("DELETE", "/api/v1/tokens/" + id, town.As("leader").Headers())), "token.unknown");
  EXPECT_EQ(client.Send("DELETE", "/api/v1/tokens/" + id, headers)->status, 204);
  EXPECT_EQ(client.Get("/api/v1/board", bearer)->status, 401);
  town.Stop();
  town.Start();
  EXPECT_EQ(town.Connect().Get("/api/v1/board", bearer)->status, 401);
}

// --- Passwords -----------------------------------------------------------------------------------------------------

TEST(Password, RulesRefuseWhatSomebodyWouldGuess) {
  const auto code = [](std::string_view password) {
    const Status status = app::CheckPasswordRules("zhang.san-office", password);
    return status ? std::string("ok") : status.error().code;
  };
  EXPECT_EQ(code("short"), "password.too_short");
  EXPECT_EQ(code("十一个汉字不够长的密"), "password.too_short");
  EXPECT_EQ(code("十二个汉字的密码已经够长"), "ok");
  EXPECT_EQ(code("Zhang.San-Office"), "password.same_as_login");
  EXPECT_EQ(code("Password1234"), "password.common");
  EXPECT_EQ(code("aaaaaaaaaaaaaaaa"), "password.common");
  EXPECT_EQ(code(std::string(257, 'x')), "password.too_long");
  EXPECT_EQ(code("\xFF\xFE\xFF\xFE\xFF\xFE\xFF\xFE\xFF\xFE\xFF\xFE"), "password.not_utf8");
  EXPECT_EQ(code(kGoodPassword), "ok");
}

TEST(Password, OwnChangeNeedsTheOldOneAndEndsTheOtherSessions) {
  Town town;
  GivePassword(town, "leader");
  const SignedIn here = town.As("leader"), elsewhere = town.As("leader");
  const std::string path = "/api/v1/accounts/" + town.account("leader").ToString() + "/password";
  const auto post = [&](const std::string& body) { return *town.Connect().Send("POST", path, here.Headers(), body); };

  EXPECT_EQ(CodeOf(post(R"({"password":"eight blue swans"})")), "request.field_missing");
  EXPECT_EQ(CodeOf(post(R"({"password":"eight blue swans","old_password":"wrong"})")), "password.old_wrong");
  EXPECT_EQ(post(R"({"password":"eight blue swans","old_password":"seven grey herons"})").status, 204);

  EXPECT_EQ(town.Connect().Get("/api/v1/session", here.Headers())->status, 200);
  EXPECT_EQ(town.Connect().Get("/api/v1/session", elsewhere.Headers())->status, 401);
  EXPECT_EQ(SignIn(town, "leader", kGoodPassword).status, 401);
  EXPECT_EQ(SignIn(town, "leader", "eight blue swans").status, 200);
}

TEST(Password, SysadminCannotBecomeTheSecadminOrTheAuditor) {
  Town town;
  const std::vector<Field> headers = town.As("sysadmin").Headers();
  const auto set = [&](const std::string& login) {
    return *town.Connect().Send("POST", "/api/v1/accounts/" + town.account(login).ToString() + "/password", headers,
                                R"({"password":"eight blue swans"})");
  };
  EXPECT_EQ(set("leader").status, 204);
  EXPECT_EQ(set("leader").status, 204);

  EXPECT_EQ(set("secadmin").status, 204);  // The first one somebody has to hand over.
  EXPECT_EQ(CodeOf(set("secadmin")), "access.guarded_office");
  EXPECT_EQ(set("auditor").status, 204);
  EXPECT_EQ(CodeOf(set("auditor")), "access.guarded_office");
}

// --- The store -----------------------------------------------------------------------------------------------------

TEST(AccessLog, TellsWhoCameInWhoFailedAndWhoReadPersonalData) {
  Town town;
  GivePassword(town, "project_office");
  EXPECT_EQ(SignIn(town, "project_office", "not the password").status, 401);
  EXPECT_EQ(SignIn(town, "no such LOGIN with a secret in it", "not the password").status, 401);
  EXPECT_EQ(SignIn(town, "project_office", kGoodPassword).status, 200);
  EXPECT_EQ(town.Get("project_office", "/api/v1/persons").status, 200);

  const ClientResponse audit = town.Get("auditor", "/api/v1/audit");

  const std::string office = town.account("project_office").ToString();
  EXPECT_NE(audit.body.find("\"who\":\"" + office +
                            "\",\"what\":\"read_personal\",\"subject\":\"persons\",\"result\":\"ok\""),
            std::string::npos)
      << audit.body;
  EXPECT_NE(audit.body.find("\"who\":\"" + office + "\",\"what\":\"login\""), std::string::npos);
  EXPECT_NE(audit.body.find("\"who\":\"project_office\",\"what\":\"login_failed\",\"subject\":\"session\",\"result\":"
                            "\"session.wrong_credentials\""),
            std::string::npos);
  EXPECT_NE(audit.body.find("\"who\":\"?\""), std::string::npos);
  EXPECT_EQ(audit.body.find("secret"), std::string::npos);
}

TEST(AccessLog, PersonalPayloadsOfRecordsAreLoggedWhenShownAndWithheldFromOthers) {
  Town town;
  const auto name = town.Run(people::RegisterPerson{{"李四（示例）"}});
  const std::string path = "/api/v1/entries/" + std::to_string(name.seq);

  const ClientResponse seen = town.Get("project_office", path), withheld = town.Get("leader", path);

  EXPECT_NE(seen.body.find("李四"), std::string::npos);
  EXPECT_EQ(withheld.body.find("李四"), std::string::npos);
  EXPECT_NE(withheld.body.find("\"withheld\":true"), std::string::npos);
  const auto rows = town.access().Read(0, 10);
  ASSERT_TRUE(rows);
  ASSERT_EQ(rows->size(), 1u);
  EXPECT_EQ((*rows)[0].subject, "entry/" + std::to_string(name.seq));
}

TEST(AccessLog, CursorWalksEveryRowOnce) {
  Town town;
  for (int i = 0; i < 25; ++i) ASSERT_TRUE(town.access().Append({0, {}, "u1", "probe", std::to_string(i), "ok", ""}));
  std::set<std::string> seen;
  std::string cursor;
  for (int pages = 0; pages < 10; ++pages) {
    const ClientResponse page =
        town.Get("auditor", "/api/v1/audit?limit=7" + (cursor.empty() ? "" : "&cursor=" + cursor));
    for (std::size_t at = page.body.find("\"subject\":\""); at != std::string::npos;
         at = page.body.find("\"subject\":\"", at + 1))
      EXPECT_TRUE(seen.insert(page.body.substr(at + 11, page.body.find('"', at + 11) - at - 11)).second);
    cursor = TextIn(page, "next_cursor");
    if (cursor.empty()) break;
  }
  EXPECT_EQ(seen.size(), 25u);
}

class AccessFile : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "landfall-access-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string path() const { return folder_ + "/access.db"; }
  std::string folder_;
};

TEST_F(AccessFile, RefusesToChangeOrDropYoungRowsOfTheLog) {
  {
    auto store = app::AccessStore::Open(path());
    ASSERT_TRUE(store);
    ASSERT_TRUE((*store)->Append({0, {}, "u1", "login", "session", "ok", ""}));
  }
  auto db = ledger::Connection::Open(path(), SQLITE_OPEN_READWRITE, {});
  ASSERT_TRUE(db);

  EXPECT_FALSE(db->Exec("UPDATE access_log SET who = 'u2'"));
  EXPECT_FALSE(db->Exec("DELETE FROM access_log"));
  EXPECT_FALSE(
      db->Exec("REPLACE INTO access_log(id, at, who, what, subject, result, peer) VALUES(1, 1, 'u2', '', '', '', '')"));
  auto store = app::AccessStore::Open(path());
  ASSERT_TRUE(store);
  const auto rows = (*store)->Read(0, 10);
  ASSERT_EQ(rows->size(), 1u);
  EXPECT_EQ((*rows)[0].who, "u1");
}

TEST_F(AccessFile, PrunesRowsOlderThanFourHundredDaysWhenOpened) {
  {
    auto store = app::AccessStore::Open(path());
    ASSERT_TRUE(store);
    const Instant now = SystemClock().Now();
    for (const int days : {500, 399, 1})
      ASSERT_TRUE(
          (*store)->Append({0, now - std::chrono::hours(24 * days), "u1", "login", std::to_string(days), "ok", ""}));
  }
  auto store = app::AccessStore::Open(path());
  ASSERT_TRUE(store);
  const auto rows = (*store)->Read(0, 10);
  ASSERT_EQ(rows->size(), 2u);
  EXPECT_EQ((*rows)[1].subject, "399");
}

TEST_F(AccessFile, KeepsNoSecretInReadableForm) {
  std::string session, token;
  {
    auto store = app::AccessStore::Open(path());
    ASSERT_TRUE(store);
    ASSERT_TRUE((*store)->SetPassword(AccountId{1}, "leader", kGoodPassword));
    session = *(*store)->BeginSession(AccountId{1});
    token = (*store)->CreateToken(AccountId{1}, "label")->secret;
  }
  for (const auto& file : std::filesystem::directory_iterator(folder_)) {
    std::ifstream in(file.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    for (const std::string& secret : {std::string(kGoodPassword), session, token})
      EXPECT_EQ(bytes.find(secret), std::string::npos) << file.path();
    EXPECT_EQ(std::filesystem::status(file.path()).permissions() & std::filesystem::perms::others_all,
              std::filesystem::perms::none);
  }
}

TEST_F(AccessFile, PasswordCheckSaysNoForAccountsWithoutOne) {
  auto store = app::AccessStore::Open(path());
  ASSERT_TRUE(store);
  ASSERT_TRUE((*store)->SetPassword(AccountId{1}, "leader", kGoodPassword));

  EXPECT_TRUE(*(*store)->PasswordIs(AccountId{1}, kGoodPassword));
  EXPECT_FALSE(*(*store)->PasswordIs(AccountId{1}, "seven grey heron"));
  EXPECT_FALSE(*(*store)->PasswordIs(AccountId{2}, kGoodPassword));
  EXPECT_FALSE(*(*store)->PasswordIs(AccountId{0}, "no account has this one"));
}

}  // namespace
}  // namespace landfall::server
