// SPDX-License-Identifier: Apache-2.0
// What was known at a record, over HTTP: figures and completed investment before and after a correction, by versions
// where they tell and by replay where they do not.
#include "server/api_support.h"

namespace landfall::server {
namespace {

// A month in which p1 (unit o1) reported 1000 and then corrected it to 400, with both records' numbers.
class KnownApi : public testing::Test {
 protected:
  void SetUp() override {
    for (std::uint32_t p = 1; p <= 3; ++p)
      town_.Run(project::ReachMilestone{ProjectId{p}, {"signed"}, MakeDay(2026, 1, 5), std::nullopt});
    town_.Run(project::ScheduleReports{
        {(2026 - 1970) * 12 + 9}, {"plain"}, {"signed"}, std::nullopt, {5}, project::DueUnit::work_days});
    ASSERT_EQ(town_
                  .Command("unit_officer", "report.submit",
                           R"({"project":"p1","period":"2026-10","completed_month_minor":"1000",)"
                           R"("completed_total_minor":"5000","image_progress":"示例进展"})")
                  .status,
              200);
    before_ = Newest();
    ASSERT_EQ(town_
                  .Command("unit_officer", "report.correct",
                           R"({"project":"p1","period":"2026-10","completed_month_minor":"400",)"
                           R"("completed_total_minor":"4400","reason":"示例原因"})")
                  .status,
              200);
    ASSERT_EQ(town_.Command("unit_head", "report.approve_correction", R"({"project":"p1","period":"2026-10"})").status,
              200);
    after_ = Newest();
  }
  std::uint64_t Newest() { return town_.engine().Read().seq(); }
  ClientResponse Ask(const std::string& login, const std::string& path, std::uint64_t known_at,
                     const std::string& more = "") {
    return town_.Get(login, "/api/v1/" + path + (path.find('?') == std::string::npos ? "?" : "&") +
                                "known_at=" + std::to_string(known_at) + more);
  }
  Town town_;
  std::uint64_t before_ = 0, after_ = 0;
};

constexpr const char* kMonth = "completed-investment?period=2026-10";

TEST_F(KnownApi, CompletedInvestmentIsWhatWasKnownAndNamesWhatChangedSince) {
  EXPECT_EQ(TextIn(Ask("leader", kMonth, after_), "month_minor"), "400");
  const ClientResponse past = Ask("leader", kMonth, before_);
  EXPECT_EQ(TextIn(past, "month_minor"), "1000");
  EXPECT_EQ(NumberIn(past, "known_at"), static_cast<std::int64_t>(before_));

  const ClientResponse since = Ask("leader", kMonth, after_, "&since=" + std::to_string(before_));
  EXPECT_EQ(TextIn(since, "month_before_minor"), "1000");
  EXPECT_EQ(NumberIn(since, "changes_in_all"), 2);
  EXPECT_NE(since.body.find(R"("counts":false)"), std::string::npos) << since.body;
  EXPECT_EQ(CodeOf(Ask("leader", kMonth, before_, "&since=" + std::to_string(after_))), "known_at.since_later");
  EXPECT_EQ(CodeOf(Ask("leader", kMonth, after_, "&since=x")), "known_at.malformed");
  EXPECT_EQ(CodeOf(Ask("leader", kMonth, after_ + 99)), "known_at.beyond_ledger");
}

TEST_F(KnownApi, CompletedInvestmentOfOthersIsNotShown) {
  EXPECT_EQ(Ask("norole", kMonth, before_).status, 403);
  EXPECT_EQ(CodeOf(Ask("unit_officer", kMonth, before_, "&unit=o2")), "access.other_unit");
  EXPECT_EQ(TextIn(Ask("unit_officer", kMonth, before_), "month_minor"), "1000");
}

TEST_F(KnownApi, VersionsOfAProjectSayWhatReplacedWhat) {
  const ClientResponse past = Ask("leader", "projects/p1/versions", before_);
  const ClientResponse now = town_.Get("leader", "/api/v1/projects/p1/versions");

  EXPECT_EQ(past.body.find("ended_seq"), std::string::npos) << past.body;
  EXPECT_NE(now.body.find(R"("ended_seq":)" + std::to_string(after_)), std::string::npos) << now.body;
  EXPECT_EQ(CodeOf(town_.Get("unit_officer", "/api/v1/projects/p2/versions")), "access.other_unit");
  EXPECT_EQ(CodeOf(town_.Get("leader", "/api/v1/projects/p99/versions")), "project.unknown");
  EXPECT_EQ(CodeOf(Ask("leader", "projects/p1/versions", 1)), "project.unknown");
}

// A title that was changed since is not one that versions tell: the same address then answers from a replay.
TEST_F(KnownApi, FiguresOfThePastKeepTheTitlesOfTheirTime) {
  const std::string figure = "figures/signed_count?from=2026-01-01&to=2026-12-31";
  const ClientResponse by_versions = Ask("leader", figure, before_);
  ASSERT_EQ(by_versions.status, 200) << by_versions.body;
  const std::string title(TextIn(by_versions, "title"));

  town_.Run(project::RenameProject{ProjectId{1}, {"示例新名"}});
  const ClientResponse by_replay = Ask("leader", figure, before_);

  EXPECT_EQ(TextIn(by_replay, "title"), title);
  EXPECT_EQ(NumberIn(by_replay, "count"), NumberIn(by_versions, "count"));
  EXPECT_NE(town_.Get("leader", "/api/v1/" + figure).body.find("示例新名"), std::string::npos);
}

}  // namespace
}  // namespace landfall::server
