// SPDX-License-Identifier: Apache-2.0
// An enterprise's own account over HTTP: what it may send and read of its own cases, and that nothing else is told.
#include <gmock/gmock.h>

#include "server/api_support.h"
#include "server/routes.h"

namespace landfall::server {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string TextOf(const Digest& digest) {
  std::string text;
  AppendDigestText(text, digest);
  return text;
}

// The window o1 leads a package of two matters: "weighed" of o2 with two papers, and "ruled" of o1 after it. e1 and e2
// have an account each; p2 is e2's.
struct Desk {
  Town town;

  Desk() {
    town.Run(enterprise::RegisterEnterprise{{"示例对手企业"}, std::nullopt, {{"ABN-2"}}});
    const auto made = town.Run(admin::CreateAccount{{"rival"}, {"示例对手企业经办岗"}, std::nullopt});
    rival = AccountId::Parse(made.ids.at(0)).value();
    town.Run(admin::GrantRole{rival, admin::Role::enterprise});
    town.Run(admin::BindEnterprise{rival, EnterpriseId{2}});
    const auto other = town.Run(admin::CreateAccount{{"weigher"}, {"示例他局经办岗"}, UnitId{2}});
    weigher = AccountId::Parse(other.ids.at(0)).value();
    town.Run(admin::GrantRole{weigher, admin::Role::unit_officer});
    town.Run(
        project::RegisterProject{{"示例对手项目"}, {"plain"}, {{"P-9"}}, UnitId{2}, RegionId{1}, EnterpriseId{2}, {}});
    cases::DefineMatter weighed{};
    weighed.matter = {"weighed"};
    weighed.version = {1};
    weighed.from = MakeDay(2026, 1, 1);
    weighed.zh = {"示例许可"};
    weighed.owner_unit = UnitId{2};
    weighed.discretion = true;
    weighed.promised = cases::Limit{{5}, cases::LimitUnit::work_days};
    auto& form = weighed.papers.items.emplace_back();
    form.paper = {"form"};
    form.zh = {"示例申请表"};
    auto& proof = weighed.papers.items.emplace_back();
    proof.paper = {"proof"};
    proof.zh = {"示例证明"};
    town.Run(weighed);
    town.Run(cases::DefinePackage{
        {"pack"}, {1}, MakeDay(2026, 1, 1), {"示例一件事"}, UnitId{1}, {{{"weighed"}}}, std::nullopt});
  }

  SignedIn SignIn(AccountId account) {
    auto secret = town.access().BeginSession(account);
    LF_CHECK(secret.ok());
    return {"landfall_session=" + *secret, app::AccessStore::CsrfOf(*secret)};
  }
  ClientResponse Send(AccountId account, const std::string& method, const std::string& target,
                      const std::string& body = {}) {
    std::vector<Field> headers = SignIn(account).Headers();
    headers.push_back({"Idempotency-Key", town.NewKey()});
    auto response = town.Connect().Send(method, target, headers, body);
    LF_CHECK(response.ok());
    return *response;
  }
  ClientResponse Do(AccountId account, const std::string& command, const std::string& body) {
    return Send(account, "POST", "/api/v1/commands/" + command, body);
  }
  ClientResponse Read(AccountId account, const std::string& target) { return Send(account, "GET", target); }
  // k1 of e1, without its proof.
  void Apply(const std::string& papers = R"([{"paper":"form","how":"handed"}])") {
    const ClientResponse applied =
        Do(own(), "case.apply",
           R"({"package":"pack","matters":["weighed"],"enterprise":"e1","project":"p1","papers":)" + papers +
               R"(,"text":"盼早日开工"})");
    ASSERT_EQ(applied.status, 200) << applied.body;
  }
  AccountId own() const { return town.account("enterprise"); }
  AccountId window() const { return town.account("unit_officer"); }

  AccountId rival, weigher;
};

TEST(Applications, AnEnterpriseReadsItsOwnCasesAndNothingOfAnothers) {
  Desk desk;
  desk.Apply();
  ASSERT_EQ(desk.Do(desk.rival, "case.apply",
                    R"({"package":"pack","matters":["weighed"],"enterprise":"e2","project":"p4","papers":[]})")
                .status,
            200);

  const ClientResponse list = desk.Read(desk.own(), "/api/v1/applications");
  EXPECT_EQ(list.status, 200) << list.body;
  EXPECT_EQ(NumberIn(list, "total"), 1);
  EXPECT_THAT(list.body, HasSubstr(R"("id":"k1")"));
  const ClientResponse page = desk.Read(desk.own(), "/api/v1/applications/k1");
  EXPECT_EQ(page.status, 200) << page.body;
  EXPECT_THAT(page.body, HasSubstr(R"("channel":"online")"));
  EXPECT_THAT(page.body, HasSubstr(R"("next":["case.supply","case.withdraw"])"));
  const ClientResponse forms = desk.Read(desk.own(), "/api/v1/applications/forms");
  EXPECT_THAT(forms.body, HasSubstr(R"("projects":[{"id":"p1")"));
  EXPECT_THAT(forms.body, HasSubstr(R"("package":"pack")"));
  for (const ClientResponse& told : {list, page, forms})
    for (const char* word : {"示例对手", "\"p4\"", "\"k2\""}) EXPECT_THAT(told.body, Not(HasSubstr(word)));

  for (const char* other : {"k2", "k2/progress", "k2/document"}) {
    const ClientResponse refused = desk.Read(desk.own(), std::string("/api/v1/applications/") + other);
    EXPECT_EQ(refused.status, 403) << other;
    EXPECT_EQ(TextIn(refused, "code"), "access.other_enterprise") << other;
  }
  EXPECT_EQ(desk.Read(desk.own(), "/api/v1/applications/k9").status, 404);
  EXPECT_EQ(desk.Read(desk.rival, "/api/v1/applications/k1").status, 403);
}

TEST(Applications, TheWindowSeesWhichCasesCameOnline) {
  Desk desk;
  desk.Apply();
  desk.town.Run(cases::ApplyForCase{{"pack"}, {{{"weighed"}}}, EnterpriseId{1}, std::nullopt, {}, std::nullopt});

  const ClientResponse online = desk.Read(desk.window(), "/api/v1/cases?channel=online");
  EXPECT_EQ(NumberIn(online, "total"), 1);
  EXPECT_THAT(online.body, HasSubstr(R"("id":"k1")"));
  EXPECT_THAT(desk.Read(desk.window(), "/api/v1/cases/k2").body, HasSubstr(R"("channel":"window")"));
  EXPECT_EQ(NumberIn(desk.Read(desk.own(), "/api/v1/applications"), "total"), 2);
}

// The parameter of a path, by its schema; of a thing that is there and is not the enterprise's.
std::string ParameterFor(const Route& route) {
  const std::string& schema = route.path_parameter->schema;
  if (const std::size_t at = schema.find("\"^"); at != std::string::npos && schema.find("[1-9]") == at + 3)
    return std::string(1, schema[at + 2]) + "2";
  if (schema.find("sha256") != std::string::npos) return TextOf(Sha256("nobody's"));
  if (schema.find("integer") != std::string::npos) return "1";
  if (route.operation == "getSheetTemplate") return "projects";
  return "e-01";
}

// Deny by default: a route that is added later is refused until somebody has thought of it and written it here.
TEST(Applications, EveryOtherReadIsRefused) {
  Desk desk;
  desk.Apply();
  desk.town.Run(cases::ApplyForCase{{"pack"}, {{{"weighed"}}}, EnterpriseId{2}, std::nullopt, {}, std::nullopt});
  const std::set<std::string> own = {"listApplications", "getApplicationForms"};
  const std::set<std::string> self = {"getSession", "listCommands", "listTokens", "getPersonal", "getFeed"};
  const std::set<std::string> anybody = {"listLedgers", "getLabelsZh",    "getLabelsEn",  "getOpenApi",
                                         "getHealth",   "getMetrics",     "getPublished", "getCalendar",
                                         "getGuide",    "getGuideMatter", "getGuidePlan"};
  int refused = 0;
  for (const Route& route : Routes()) {
    if (route.method != Method::kGet || route.operation == "getFeed" || anybody.contains(route.operation)) continue;
    std::string path = route.path;
    const std::size_t open = path.find('{');
    if (open != std::string::npos) path.replace(open, path.find('}') + 1 - open, ParameterFor(route));
    const ClientResponse answer = desk.Read(desk.own(), path);
    const bool told = own.contains(route.operation) || self.contains(route.operation);
    // An upload that is not its own is as none; all others say that they are not for it.
    const int expected = told ? 200 : route.operation == "getUpload" ? 404 : 403;
    EXPECT_EQ(answer.status, expected) << route.operation << " " << path << " " << answer.body;
    refused += answer.status == 403;
  }
  EXPECT_GT(refused, 60);
}

TEST(Applications, AFeedOfAnEnterpriseTellsOfNoObligationAndNoCase) {
  Desk desk;
  desk.Apply();
  const ClientResponse made = desk.Send(desk.own(), "POST", "/api/v1/me/calendar", "{}");
  ASSERT_FALSE(TextIn(made, "path").empty()) << made.status << made.body;
  const ClientResponse feed = desk.Read(desk.own(), TextIn(made, "path"));
  EXPECT_EQ(feed.status, 200) << feed.body;
  EXPECT_THAT(feed.body, HasSubstr("BEGIN:VCALENDAR"));
  EXPECT_THAT(feed.body, Not(HasSubstr("BEGIN:VEVENT")));
}

TEST(Applications, FilesAreReadByThoseWhoseCaseNamesThem) {
  Desk desk;
  const std::string bytes = "示例材料：申请表。", digest = TextOf(Sha256(bytes));
  ASSERT_EQ(desk.Send(desk.own(), "POST", "/api/v1/blobs", bytes).status, 201);
  EXPECT_EQ(TextIn(desk.Read(desk.own(), "/api/v1/blobs/" + digest), "code"), "access.other_enterprise");
  desk.Apply(R"([{"paper":"form","how":"handed","digest":")" + digest + R"("}])");

  // When its case names it, the enterprise and who decides on the case read it.
  EXPECT_EQ(desk.Read(desk.own(), "/api/v1/blobs/" + digest).body, bytes);
  EXPECT_THAT(desk.Read(desk.own(), "/api/v1/applications/k1").body, HasSubstr(digest));
  for (const AccountId reader : {desk.window(), desk.weigher}) {
    EXPECT_THAT(desk.Read(reader, "/api/v1/cases/k1/files").body, HasSubstr(R"("paper":"form","digest":")" + digest));
    EXPECT_EQ(desk.Read(reader, "/api/v1/blobs/" + digest).body, bytes);
  }

  // Then nobody opens it by naming it: what another sent is not one's own to hand in.
  EXPECT_EQ(TextIn(desk.Read(desk.rival, "/api/v1/blobs/" + digest), "code"), "access.other_enterprise");
  const ClientResponse named =
      desk.Do(desk.rival, "case.apply",
              R"({"package":"pack","matters":["weighed"],"enterprise":"e2","papers":[{"paper":"form","how":"handed",)"
              R"("digest":")" +
                  digest + R"("}]})");
  EXPECT_EQ(named.status, 403);
  EXPECT_EQ(TextIn(named, "code"), "access.file_not_sent");
  // Nor does an account that is bound elsewhere keep what it once sent.
  desk.town.Run(admin::BindEnterprise{desk.own(), EnterpriseId{2}});
  EXPECT_EQ(desk.Read(desk.own(), "/api/v1/blobs/" + digest).status, 403);
}

TEST(Applications, TheApplicantReadsWhatIsSaidToItAndNoWordBetweenOffices) {
  Desk desk;
  desk.Apply();
  const auto done = [&](AccountId by, const std::string& command, const std::string& body) {
    const ClientResponse answer = desk.Do(by, command, body);
    EXPECT_EQ(answer.status, 200) << command << " " << answer.body;
  };
  EXPECT_EQ(TextIn(desk.Do(desk.own(), "case.accept", R"({"case_id":"k1"})"), "code"), "access.denied");
  done(desk.window(), "case.notify", R"({"case_id":"k1","papers":["proof"],"remark":"请补示例证明"})");
  done(desk.own(), "case.supply", R"({"case_id":"k1","papers":[{"paper":"proof","how":"handed"}]})");
  done(desk.window(), "case.accept", R"({"case_id":"k1"})");
  done(desk.weigher, "step.receive", R"({"case_id":"k1","step":1})");
  done(desk.weigher, "step.send_back", R"({"case_id":"k1","step":1,"remark":"内部退回意见"})");
  done(desk.weigher, "step.receive", R"({"case_id":"k1","step":1})");
  done(desk.weigher, "step.add_reviewer",
       R"({"case_id":"k1","step":1,"reviewer":")" + desk.window().ToString() + R"("})");
  done(desk.weigher, "step.correct", R"({"case_id":"k1","step":1,"days":5,"remark":"请更正示例面积"})");

  const std::string page = desk.Read(desk.own(), "/api/v1/applications/k1").body;

  EXPECT_THAT(page, HasSubstr(R"({"command":"step.correct","step":1,"text":"请更正示例面积")"));
  EXPECT_THAT(page, HasSubstr(R"({"command":"case.notify","text":"请补示例证明")"));
  EXPECT_THAT(desk.Read(desk.window(), "/api/v1/cases/k1").body, HasSubstr("示例岗位 unit_officer"));
  for (const char* word : {"内部退回意见", "示例岗位", "reviewer", "agreements", "经办岗"})
    EXPECT_THAT(page, Not(HasSubstr(word))) << word;
}

TEST(Applications, AnAccountThatIsUnboundOrDisabledIsTurnedAwayWithTheReason) {
  Desk desk;
  desk.Apply();
  desk.town.Run(admin::BindEnterprise{desk.own(), std::nullopt});
  for (const char* path : {"", "/forms", "/k1", "/k1/progress", "/k1/document"})
    EXPECT_EQ(TextIn(desk.Read(desk.own(), std::string("/api/v1/applications") + path), "code"),
              "access.no_enterprise");
  EXPECT_EQ(TextIn(desk.Send(desk.own(), "POST", "/api/v1/blobs", "x"), "code"), "access.no_enterprise");
  EXPECT_EQ(TextIn(desk.Do(desk.own(), "case.withdraw", R"({"case_id":"k1"})"), "code"), "access.no_enterprise");
  const SignedIn before = desk.SignIn(desk.rival);
  desk.town.Run(admin::DisableAccount{desk.rival});
  const auto after = desk.town.Connect().Get("/api/v1/applications", before.Headers());
  ASSERT_TRUE(after);
  EXPECT_EQ(TextIn(*after, "code"), "access.account_disabled");
}

TEST(Applications, TheSessionNamesTheEnterprise) {
  Desk desk;
  const ClientResponse session = desk.Read(desk.own(), "/api/v1/session");
  EXPECT_THAT(session.body, HasSubstr(R"("permissions":["case.apply:own","case.read_own:own"])"));
  EXPECT_THAT(session.body, HasSubstr(R"("enterprise":{"id":"e1","name":"示例企业"})"));
}

}  // namespace
}  // namespace landfall::server
