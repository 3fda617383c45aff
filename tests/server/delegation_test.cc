// SPDX-License-Identifier: Apache-2.0
// What a delegation lets a commander do and read over HTTP, on one project and no longer than it runs.
#include <gmock/gmock.h>

#include "server/api_support.h"

namespace landfall::server {
namespace {

using testing::HasSubstr;
using testing::Not;

// The holder of post j1 commands p2, which another unit leads, from the town's today until the first of December.
struct Command {
  Town town;
  std::string login;

  explicit Command(std::string who) : login(std::move(who)) {
    town.Run(admin::LinkAccount{town.account(login), PersonId{1}});
    town.Run(people::AssignDuty{people::DutyKind::commander, PostId{1}, ProjectId{2}, MakeDay(2026, 11, 1)});
    const ClientResponse granted = town.Command(
        "project_office", "delegation.grant",
        R"({"duty":"d1","powers":["urge","raise_block"],"effective_on":"2026-11-16","until":"2026-12-01"})");
    EXPECT_EQ(granted.status, 200) << granted.body;
  }
  int Status(const std::string& target) { return town.Get(login, target).status; }
  std::string Body(const std::string& target) { return town.Get(login, target).body; }
};

constexpr const char* kPages[] = {"/api/v1/projects/p2",         "/api/v1/projects/p2/file",
                                  "/api/v1/projects/p2/entries", "/api/v1/projects/p2/files",
                                  "/api/v1/projects/p2/photos",  "/api/v1/projects/p2/reports",
                                  "/api/v1/obligations/b2",      "/api/v1/obligations/b2/entries"};
constexpr const char* kLists[] = {
    "/api/v1/projects", "/api/v1/obligations",          "/api/v1/board",
    "/api/v1/map",      "/api/v1/sheets/projects.xlsx", "/api/v1/sheets/obligations.xlsx"};

TEST(Delegation, LetsReadTheProjectAndWhatIsOwedOnItAndNothingElse) {
  Command c("norole");

  for (const char* page : kPages) EXPECT_EQ(c.Status(page), 200) << page;
  for (const char* list : kLists) EXPECT_EQ(c.Status(list), 200) << list;
  EXPECT_EQ(NumberIn(c.town.Get("norole", "/api/v1/projects"), "total"), 1);
  EXPECT_THAT(c.Body("/api/v1/projects"), HasSubstr(R"("id":"p2")"));
  EXPECT_THAT(c.Body("/api/v1/obligations"), HasSubstr(R"("id":"b2")"));
  EXPECT_THAT(c.Body("/api/v1/obligations"), Not(HasSubstr(R"("id":"b1")")));
  EXPECT_EQ(NumberIn(c.town.Get("norole", "/api/v1/board"), "projects"), 1);
  for (const char* other : {"/api/v1/projects/p1", "/api/v1/projects/p1/file", "/api/v1/projects/p3/entries",
                            "/api/v1/obligations/b1", "/api/v1/figures", "/api/v1/entries", "/api/v1/accounts"})
    EXPECT_EQ(c.Status(other), 403) << other;
  EXPECT_THAT(c.Body("/api/v1/session"), HasSubstr(R"("permissions":["obligation.read:own","project.read:own"])"));
}

TEST(Delegation, AddsToWhatARoleLetsRead) {
  Command c("unit_officer");

  EXPECT_EQ(NumberIn(c.town.Get("unit_officer", "/api/v1/projects"), "total"), 3);  // p1, p3 of the own unit; p2.
  EXPECT_EQ(c.Status("/api/v1/projects/p2"), 200);
  EXPECT_THAT(c.Body("/api/v1/search?q=P-2"), HasSubstr(R"("p2")"));
  // What comes from the role alone stays with the own units.
  EXPECT_EQ(c.Status("/api/v1/figures?unit=o2"), 403);
}

TEST(Delegation, LetsDoWhatItListsAndSaysByWhoseLeave) {
  Command c("norole");
  const auto urge = [&](const char* obligation) {
    return c.town.Command("norole", "obligation.urge",
                          R"({"obligation":")" + std::string(obligation) + R"(","level":"reminder"})");
  };

  EXPECT_EQ(urge("b2").status, 200);
  EXPECT_EQ(CodeOf(urge("b1")), "access.denied");
  EXPECT_EQ(CodeOf(c.town.Command("norole", "obligation.cancel", R"({"obligation":"b2","remark":"示例"})")),
            "access.denied");
  EXPECT_EQ(
      CodeOf(c.town.Command("norole", "delegation.grant",
                            R"({"duty":"d1","powers":["urge"],"effective_on":"2026-11-16","until":"2026-12-01"})")),
      "access.denied");
  const ClientResponse audit = c.town.Get("auditor", "/api/v1/entries?subject=obligation/b2");
  EXPECT_THAT(audit.body, HasSubstr(R"("by_delegation":{"id":"g1","name":"示例岗位 project_office"})"));
  EXPECT_THAT(c.town.Get("leader", "/api/v1/duties?project=p2").body, HasSubstr(R"("uses":1)"));
}

TEST(Delegation, EndsAtItsTermByItself) {
  Command c("norole");
  c.town.clock().Set(Instant(MakeDay(2026, 11, 30) + std::chrono::hours(15)));  // 23:00 on the last day.
  EXPECT_EQ(c.Status("/api/v1/projects/p2"), 200);
  c.town.clock().Advance(std::chrono::hours(1));

  for (const char* page : kPages) EXPECT_EQ(c.Status(page), 403) << page;
  for (const char* list : kLists) EXPECT_EQ(c.Status(list), 403) << list;
  EXPECT_EQ(CodeOf(c.town.Command("norole", "obligation.urge", R"({"obligation":"b2","level":"reminder"})")),
            "access.denied");
}

TEST(Delegation, EndsWhenItIsTakenBackOrTheAccountIsDisabled) {
  Command c("norole");
  EXPECT_EQ(c.town.Command("leader", "delegation.end", R"({"delegation":"g1","effective_on":"2026-11-16"})").status,
            200);
  EXPECT_EQ(c.Status("/api/v1/projects/p2"), 403);

  Command other("norole");
  other.town.Run(admin::DisableAccount{other.town.account("norole")});
  EXPECT_EQ(CodeOf(other.town.Get("norole", "/api/v1/projects/p2")), "access.account_disabled");
}

TEST(Delegation, NeedsThatTheGrantorHoldsThePowerAndTheReading) {
  Command c("norole");
  const auto grant = [&](const char* login, const char* power) {
    return CodeOf(c.town.Command(login, "delegation.grant",
                                 R"({"duty":"d1","powers":[")" + std::string(power) +
                                     R"("],"effective_on":"2026-11-16","until":"2026-12-01"})"));
  };

  EXPECT_EQ(grant("leader", "raise_block"), "delegation.not_held");
  EXPECT_EQ(grant("leader", "urge"), "");
  EXPECT_EQ(grant("supervisor", "urge"), "access.denied");
}

}  // namespace
}  // namespace landfall::server
