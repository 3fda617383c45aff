// SPDX-License-Identifier: Apache-2.0
// An applicant's look at a case by the query code of its receipt: who is let in, what is told, and what never is.
#include "app/progress.h"

#include <gmock/gmock.h>

#include "server/api_support.h"

namespace landfall::server {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

// k1 of unit o1, with all that must not be told: applicant, project, words of the applicant. k2 of o2, delivered.
void BuildCases(Town& town) {
  for (std::uint32_t unit = 1; unit <= 2; ++unit) DefineRuledPackage(town, unit);
  town.Run(cases::ApplyForCase{{"d1"}, {{{"r1"}}}, EnterpriseId{1}, ProjectId{1}, {}, Text<500>{"盼早日开工"}});
  DeliverCaseByRule(town, 2, cases::Delivery::post);
}

std::string CodeOfCase(Town& town, const std::string& id) {
  const std::string code = TextIn(town.Get("project_office", "/api/v1/cases/" + id + "/progress"), "code");
  EXPECT_THAT(code, MatchesRegex("[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}"));
  return code;
}

ClientResponse Ask(Town& town, const std::string& id, const std::string& code,
                   const std::string& type = "application/json") {
  auto response = town.Connect().Send("POST", "/api/v1/progress", {{"Content-Type", type}},
                                      R"({"case_id":")" + id + R"(","code":")" + code + R"("})");
  LF_CHECK(response.ok());
  return *response;
}

ledger::EntryRecord RecordWith(std::optional<std::string> salted) {
  ledger::EntryRecord record;
  record.payloads.push_back({false, std::move(salted)});
  record.payloads.push_back({true, std::string(ledger::kSaltBytes, 't') + "{}"});
  return record;
}

TEST(Progress, CodeIsFiftyBitsOfADigestOverCaseAndSalt) {
  const std::string salt(ledger::kSaltBytes, 's');
  EXPECT_EQ(app::ProgressCode(cases::CaseId{12}, RecordWith(salt + R"({"package":"x"})")), "6WYMZ-0S62P");
  EXPECT_EQ(app::ProgressCode(cases::CaseId{12}, RecordWith(salt + "{}")), "6WYMZ-0S62P");  // Only its salt.
  EXPECT_EQ(app::ProgressCode(cases::CaseId{13}, RecordWith(salt + "{}")), "SWXBP-B0NK9");
}

TEST(Progress, CaseWhosePayloadIsGoneHasNoCode) {
  EXPECT_EQ(app::ProgressCode(cases::CaseId{12}, RecordWith(std::nullopt)), std::nullopt);
  EXPECT_EQ(app::ProgressCode(cases::CaseId{12}, {}), std::nullopt);
}

TEST(Progress, CodeMayBeTypedAsItIsRead) {
  for (const char* typed : {"6WYMZ-0S62P", "6wymz0s62p", " 6WYMZ - OS62P ", "6wymz-os62p"})
    EXPECT_TRUE(app::IsProgressCode("6WYMZ-0S62P", typed)) << typed;
  EXPECT_TRUE(app::IsProgressCode("11111-22222", "iIlL1-22222"));
  for (const char* typed : {"", "6WYMZ", "6WYMZ-0S62Q", "6WYMZ-0S62PP", "6WYMZ-0S62"})
    EXPECT_FALSE(app::IsProgressCode("6WYMZ-0S62P", typed)) << typed;
}

TEST(Progress, IsToldWithoutAnAccountToWhoeverHasTheCode) {
  Town town;
  BuildCases(town);

  const ClientResponse told = Ask(town, "k2", CodeOfCase(town, "k2"));

  ASSERT_EQ(told.status, 200) << told.body;
  EXPECT_EQ(told.Header("Cache-Control"), "no-store");
  EXPECT_EQ(TextIn(told, "name"), "示例一件事");
  EXPECT_EQ(TextIn(told, "department"), "示例他局");
  EXPECT_THAT(told.body, HasSubstr(R"("state":"approved","applied_on":"2026-11-16","accepted_on":"2026-11-16")"));
  EXPECT_THAT(told.body, HasSubstr(R"("delivered_on":"2026-11-16","delivery":"post")"));
  EXPECT_THAT(told.body, HasSubstr(R"("step":1,"name":"示例事项","department":"示例他局","state":"approved")"));
}

TEST(Progress, NeverTellsWhoAppliedNorWhatTheySaid) {
  Town town;
  BuildCases(town);
  const std::string page = town.Get("project_office", "/api/v1/cases/k1").body;
  ASSERT_THAT(page, HasSubstr("示例企业"));
  ASSERT_THAT(page, HasSubstr("示例项目"));

  const ClientResponse told = Ask(town, "k1", CodeOfCase(town, "k1"));

  ASSERT_EQ(told.status, 200) << told.body;
  for (const char* word : {"示例企业", "示例项目", "盼早日开工", "enterprise", "project", "reviewer"})
    EXPECT_THAT(told.body, Not(HasSubstr(word)));
}

TEST(Progress, AnswersAWrongCodeAnotherCasesCodeAndNoCaseAlike) {
  Town town;
  BuildCases(town);

  const ClientResponse wrong = Ask(town, "k1", "00000-00000");

  EXPECT_EQ(wrong.status, 404);
  EXPECT_EQ(TextIn(wrong, "code"), "progress.unknown");
  EXPECT_EQ(Ask(town, "k1", CodeOfCase(town, "k2")).body, wrong.body);
  EXPECT_EQ(Ask(town, "k99", "00000-00000").body, wrong.body);
  EXPECT_EQ(Ask(town, "p1", "00000-00000").body, wrong.body);
}

TEST(Progress, FormOfAnotherSiteCannotAsk) {
  Town town;
  BuildCases(town);
  EXPECT_EQ(Ask(town, "k1", CodeOfCase(town, "k1"), "text/plain").status, 415);
}

TEST(Progress, FifthWrongCodeMakesTheNextAttemptWaitAndTimeLetsItPass) {
  Town town;
  BuildCases(town);
  const std::string code = CodeOfCase(town, "k1");
  for (int i = 0; i < 5; ++i) EXPECT_EQ(Ask(town, "k1", "00000-00000").status, 404);

  const ClientResponse held = Ask(town, "k1", code);
  EXPECT_EQ(held.status, 429);
  EXPECT_EQ(TextIn(held, "code"), "progress.throttled");
  EXPECT_EQ(held.Header("Retry-After"), "1");

  town.clock().Advance(seconds(2));
  EXPECT_EQ(Ask(town, "k1", code).status, 200);
}

TEST(Progress, WrongCodesKeepNobodyFromSigningIn) {
  Town town;
  BuildCases(town);
  for (int i = 0; i < 6; ++i) (void)Ask(town, "k1", "00000-00000");

  const auto answer = town.Connect().Send("POST", "/api/v1/session", {{"Content-Type", "application/json"}},
                                          R"({"login":"leader","password":"not the password"})");

  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 401) << answer->body;
  EXPECT_EQ(TextIn(*answer, "code"), "session.wrong_credentials");
}

TEST(Progress, IsLoggedWithoutTheCode) {
  Town town;
  BuildCases(town);
  const std::string code = CodeOfCase(town, "k1");
  (void)Ask(town, "k1", code);
  (void)Ask(town, "k1", "ZZZZZ-ZZZZZ");

  const std::string log = town.Get("auditor", "/api/v1/audit?limit=10").body;

  EXPECT_THAT(log, HasSubstr(R"("who":"?","what":"progress","subject":"case/k1","result":"ok")"));
  EXPECT_THAT(log, HasSubstr(R"("what":"progress","subject":"case/k1","result":"progress.unknown")"));
  EXPECT_THAT(log, HasSubstr(R"("what":"progress_code","subject":"case/k1")"));
  for (const std::string& secret : {code, std::string("ZZZZZ")}) EXPECT_THAT(log, Not(HasSubstr(secret)));
  EXPECT_THAT(town.log(), Not(HasSubstr(code)));
}

// Words of the applicant that are erased leave the code as it is; another server of the same ledger makes the same.
TEST(Progress, CodeOutlivesErasureAndIsTheSameOnAFollower) {
  Town town;
  BuildCases(town);
  const std::string code = CodeOfCase(town, "k1");
  const std::int64_t seq = NumberIn(town.Get("project_office", "/api/v1/cases/k1"), "seq");
  town.Run(admin::ErasePayload{{seq}, {1}, {"pipl-47"}});
  EXPECT_EQ(CodeOfCase(town, "k1"), code);

  app::EngineOptions options;
  options.read_only = true;
  auto follower = app::Engine::Open({town.ledger()}, options);
  ASSERT_TRUE(follower) << follower.error().code;
  const auto same = app::ReadProgressCode(**follower, cases::CaseId{1});
  ASSERT_TRUE(same);
  EXPECT_EQ(*same, code);
}

TEST(Progress, ReceiptsQrLeadsToThePageOfTheServersOwnAddress) {
  Town town;
  BuildCases(town);

  const ClientResponse access = town.Get("unit_officer", "/api/v1/cases/k1/progress");

  EXPECT_THAT(TextIn(access, "page"), MatchesRegex("http://127\\.0\\.0\\.1.*/progress/k1"));
  EXPECT_THAT(TextIn(access, "path"),
              testing::StartsWith("M4 4h1v1h-1z"));  // The corner of a finder, inside the border.
  EXPECT_EQ(TextIn(town.Get("unit_officer", "/api/v1/cases/k2/progress"), "code"), "access.other_unit");
}

}  // namespace
}  // namespace landfall::server
