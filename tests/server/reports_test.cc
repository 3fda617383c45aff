// SPDX-License-Identifier: Apache-2.0
// Progress reports over HTTP: what a phone sends, and who sees what of it.
#include "server/api_support.h"

namespace landfall::server {
namespace {

// The town's day is in November 2026; its ladder is "plain", whose project p1 is of unit o1 and p2 of another.
class ReportsApi : public testing::Test {
 protected:
  void SetUp() override {
    for (std::uint32_t p = 1; p <= 3; ++p)
      town_.Run(project::ReachMilestone{ProjectId{p}, {"signed"}, MakeDay(2026, 1, 5), std::nullopt});
    ASSERT_EQ(town_
                  .Command("statistician", "report.schedule",
                           R"({"first_period":"2026-10","ladder":"plain","from_milestone":"signed","due_days":5,)"
                           R"("due_unit":"work_days"})")
                  .status,
              200);
  }
  ClientResponse Report(const std::string& login, const std::string& more = "") {
    return town_.Command(login, "report.submit",
                         R"({"project":"p1","period":"2026-10","completed_month_minor":"1000",)"
                         R"("completed_total_minor":"5000","image_progress":"示例进展")" +
                             more + "}");
  }
  Town town_;
};

TEST_F(ReportsApi, AreListedForTheUnitThatOwesThem) {
  // Given one report of the unit's two projects (its own and that of the unit below).
  ASSERT_EQ(Report("unit_officer").status, 200);

  // When the officer and the office ask for the month.
  const ClientResponse own = town_.Get("unit_officer", "/api/v1/reports?period=2026-10");
  const ClientResponse all = town_.Get("project_office", "/api/v1/reports?period=2026-10");

  // Then each sees what their reach allows.
  EXPECT_EQ(NumberIn(own, "owed"), 2);
  EXPECT_EQ(NumberIn(own, "reported"), 1);
  EXPECT_EQ(NumberIn(all, "owed"), 3);
  EXPECT_EQ(own.body.find("\"p2\""), std::string::npos);
  EXPECT_EQ(NumberIn(town_.Get("unit_officer", "/api/v1/reports?period=2026-10&state=missing"), "total"), 1);
  EXPECT_EQ(CodeOf(town_.Get("unit_officer", "/api/v1/reports?unit=o2")), "access.other_unit");
  EXPECT_EQ(CodeOf(town_.Get("unit_officer", "/api/v1/reports?period=2026-1")), "period.malformed");
}

TEST_F(ReportsApi, GiveTheNextFormWhatTheLastOneSaid) {
  ASSERT_EQ(Report("unit_officer", R"(,"next_step":"示例安排")").status, 200);

  const ClientResponse page = town_.Get("unit_officer", "/api/v1/projects/p1/reports?period=2026-11");

  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(TextIn(page, "previous_total_minor"), "5000");
  EXPECT_EQ(TextIn(page, "next_step"), "示例安排");
  EXPECT_EQ(TextIn(town_.Get("unit_officer", "/api/v1/projects/p1/reports?period=2026-10"), "refused"),
            "report.reported_already");
  EXPECT_EQ(CodeOf(town_.Get("unit_officer", "/api/v1/projects/p2/reports")), "access.other_unit");
  EXPECT_EQ(CodeOf(town_.Get("leader", "/api/v1/projects/p9/reports")), "project.unknown");
}

TEST_F(ReportsApi, NameTheirPhotos) {
  std::string digest;
  AppendDigestText(digest, Sha256("a photo"));
  ASSERT_EQ(Report("unit_officer", R"(,"photos":[")" + digest + R"("])").status, 200);

  const ClientResponse photos = town_.Get("unit_officer", "/api/v1/projects/p1/photos");

  EXPECT_NE(photos.body.find(digest), std::string::npos) << photos.body;
  EXPECT_EQ(TextIn(photos, "period"), "2026-10");
  EXPECT_EQ(town_.Get("unit_officer", "/api/v1/projects/p3/photos").body, R"({"rows":[]})");
  EXPECT_EQ(CodeOf(town_.Get("unit_officer", "/api/v1/projects/p2/photos")), "access.other_unit");
}

TEST_F(ReportsApi, CorrectionsWaitInTheQueueOfWhoMayDecide) {
  ASSERT_EQ(Report("unit_officer").status, 200);
  ASSERT_EQ(town_
                .Command("unit_officer", "report.correct",
                         R"({"project":"p1","period":"2026-10","completed_month_minor":"900",)"
                         R"("completed_total_minor":"4900","reason":"示例原因"})")
                .status,
            200);

  const ClientResponse queue = town_.Get("unit_head", "/api/v1/corrections");
  EXPECT_EQ(NumberIn(queue, "total"), 1);
  EXPECT_NE(queue.body.find(R"("statistics_decides":false)"), std::string::npos) << queue.body;
  EXPECT_EQ(
      CodeOf(town_.Command("unit_officer", "report.approve_correction", R"({"project":"p1","period":"2026-10"})")),
      "access.denied");
  ASSERT_EQ(town_.Command("unit_head", "report.approve_correction", R"({"project":"p1","period":"2026-10"})").status,
            200);

  EXPECT_EQ(NumberIn(town_.Get("unit_head", "/api/v1/corrections"), "total"), 0);
  EXPECT_EQ(NumberIn(town_.Get("unit_head", "/api/v1/corrections?state=decided"), "total"), 1);
  EXPECT_EQ(TextIn(town_.Get("unit_officer", "/api/v1/projects/p1/reports"), "completed_total_minor"), "4900");
}

}  // namespace
}  // namespace landfall::server
