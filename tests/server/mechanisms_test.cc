// SPDX-License-Identifier: Apache-2.0
// Working mechanisms over HTTP: everybody who reads master data sees them, and of their figure what the page of figures
// would show them.
#include <gmock/gmock.h>

#include "server/api_support.h"

namespace landfall::server {
namespace {

using testing::HasSubstr;
using testing::Not;

// p1 of the officer's own unit and p2 of another are signed; a mechanism is judged by how many are.
struct Judged {
  Town town;

  Judged() {
    for (std::uint32_t p = 1; p <= 2; ++p)
      town.Run(project::ReachMilestone{ProjectId{p}, {"signed"}, MakeDay(2026, 11, 2), {}});
    const ClientResponse defined = town.Command(
        "project_office", "mechanism.define",
        R"({"mechanism":"two_lines","name":"示例机制","owner_unit":"o2","figure":"signed_count","effective_on":"2026-11-01"})");
    EXPECT_EQ(defined.status, 200) << defined.body;
  }
  ClientResponse Get(const std::string& login, const std::string& query = "") {
    return town.Get(login, "/api/v1/mechanisms" + query);
  }
};

TEST(Mechanisms, ShowTheValueThatThePageOfFiguresShowsToTheSameReader) {
  Judged j;

  for (const auto& [login, count] : {std::pair{"leader", 2}, {"unit_officer", 1}}) {
    const ClientResponse list = j.Get(login);
    EXPECT_EQ(NumberIn(list, "count"), count) << list.body;
    EXPECT_EQ(NumberIn(j.town.Get(login, "/api/v1/figures"), "count"), count) << login;
    EXPECT_THAT(list.body, Not(HasSubstr("\"reason\"")));
  }
  EXPECT_THAT(j.Get("unit_officer").body, HasSubstr(R"("own_only":true)"));
  EXPECT_THAT(j.Get("leader").body, Not(HasSubstr("own_only")));
  // On an earlier day there was less, and before its first day it is a plan.
  EXPECT_EQ(NumberIn(j.Get("leader", "?as_of=2026-11-01"), "count"), 0);
  EXPECT_EQ(TextIn(j.Get("leader", "?as_of=2026-10-31"), "state"), "planned");
  EXPECT_THAT(j.Get("leader", "?known_at=1").body, HasSubstr(R"("rows":[])"));
}

TEST(Mechanisms, SayWhyTheyHaveNoValueForAReader) {
  Judged j;
  j.town.Run(admin::GrantRole{j.town.account("norole"), admin::Role::unit_officer});  // Of no unit.

  const ClientResponse list = j.Get("norole");

  EXPECT_EQ(list.status, 200);
  EXPECT_EQ(TextIn(list, "reason"), "access.other_unit");
  EXPECT_THAT(list.body, Not(HasSubstr("\"value\"")));
  EXPECT_EQ(TextIn(list, "zh"), "签约数");
}

}  // namespace
}  // namespace landfall::server
