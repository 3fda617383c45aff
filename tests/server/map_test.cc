// SPDX-License-Identifier: Apache-2.0
// The map over HTTP: borders in, borders out, projects with sites for whoever may see them. The town's region r1 has
// the code 430299; all borders are invented.
#include "server/api_support.h"

namespace landfall::server {
namespace {

std::string Feature(const std::string& code, const std::string& rings) {
  return R"({"type":"Feature","properties":{"adcode":)" + code +
         R"(,"name":"示例"},"geometry":{"type":"Polygon","coordinates":)" + rings + "}}";
}
std::string File(const std::string& features) {
  return R"({"type":"FeatureCollection","features":[)" + features + "]}";
}

const std::string kSquare = "[[[113.1,27.8],[113.2,27.8],[113.2,27.9],[113.1,27.9],[113.1,27.8]]]";
const std::string kBowTie = "[[[113.1,27.8],[113.2,27.9],[113.2,27.8],[113.1,27.9],[113.1,27.8]]]";
const std::string kDeclared = "?system=wgs84&source=invented&effective_on=2026-01-01";

class MapApi : public testing::Test {
 protected:
  ClientResponse Post(const std::string& login, const std::string& query, const std::string& body) {
    std::vector<Field> headers = town_.As(login).Headers();
    headers.push_back({"Idempotency-Key", town_.NewKey()});
    headers.push_back({"Content-Type", "application/geo+json"});
    auto response = town_.Connect().Send("POST", "/api/v1/borders" + query, headers, body);
    LF_CHECK(response.ok());
    return *response;
  }
  Town town_;
};

TEST_F(MapApi, BordersComeInAndAreDrawn) {
  const ClientResponse report = Post("project_office", kDeclared + "&approval=S001",
                                     File(Feature("430299", kSquare) + "," + Feature("1", kSquare)));

  ASSERT_EQ(report.status, 200) << report.body;
  EXPECT_EQ(NumberIn(report, "points_kept"), 4);
  EXPECT_NE(report.body.find(R"("unknown_codes":["1"])"), std::string::npos) << report.body;
  const ClientResponse map = town_.Get("unit_officer", "/api/v1/map");
  EXPECT_EQ(TextIn(map, "source"), "invented");
  EXPECT_EQ(TextIn(map, "approval"), "S001");
  const ClientResponse shape = town_.Get("unit_officer", "/api/v1/borders/" + TextIn(map, "shape"));
  EXPECT_EQ(shape.body,
            R"({"type":"MultiPolygon","label":[113.15,27.85],"coordinates":[[[[113.1,27.8],[113.2,27.8],[113.2,27.9],)"
            R"([113.1,27.9],[113.1,27.8]]]]})");
  // Before that day there was none.
  EXPECT_NE(town_.Get("leader", "/api/v1/map?as_of=2025-12-31").body.find(R"("regions":[])"), std::string::npos);
}

TEST_F(MapApi, ABorderThatCrossesItselfIsRefusedWithItsPlace) {
  const ClientResponse refused =
      Post("project_office", kDeclared, File(Feature("430299", kSquare) + "," + Feature("430298", kBowTie)));

  EXPECT_EQ(refused.status, 400) << refused.body;
  EXPECT_EQ(CodeOf(refused), "geo.ring_crosses_itself");
  EXPECT_NE(TextIn(refused, "field").find("features[1]"), std::string::npos) << refused.body;
  EXPECT_NE(TextIn(refused, "field").find("longitude 113.1500000, latitude 27.8500000"), std::string::npos);
  EXPECT_NE(town_.Get("leader", "/api/v1/map").body.find(R"("regions":[])"), std::string::npos);
}

TEST_F(MapApi, ADryRunAnswersWhatWouldBeDrawnAndDrawsNothing) {
  const std::uint64_t before = town_.engine().Read().seq();

  const ClientResponse report = Post("project_office", kDeclared + "&dry_run=true", File(Feature("430299", kSquare)));

  ASSERT_EQ(report.status, 200) << report.body;
  EXPECT_EQ(NumberIn(report, "seq"), 0);
  EXPECT_NE(report.body.find(R"("geometry":"{\"type\":\"MultiPolygon\",\"label\":[113.15,27.85])"), std::string::npos)
      << report.body;
  EXPECT_EQ(town_.engine().Read().seq(), before);
  EXPECT_NE(town_.Get("leader", "/api/v1/map").body.find(R"("regions":[])"), std::string::npos);
  // What would be refused is refused now.
  EXPECT_EQ(CodeOf(Post("project_office", "?system=wgs84&source=x&effective_on=1900-01-01&dry_run=true",
                        File(Feature("430299", kSquare)))),
            "region.not_standing");
  EXPECT_EQ(CodeOf(Post("leader", kDeclared + "&dry_run=true", File(Feature("430299", kSquare)))), "access.denied");
}

TEST_F(MapApi, NothingIsTakenThatWasNotDeclared) {
  const std::string file = File(Feature("430299", kSquare));

  EXPECT_EQ(CodeOf(Post("project_office", "?source=invented", file)), "geo.coordinates_undeclared");
  EXPECT_EQ(CodeOf(Post("project_office", "?system=wgs84", file)), "geo.source_missing");
  EXPECT_EQ(CodeOf(Post("project_office", "?system=mercator&source=x", file)), "request.unknown_choice");
  EXPECT_EQ(
      CodeOf(Post("project_office", kDeclared, File(Feature("430299", kSquare) + "," + Feature("430299", kSquare)))),
      "geo.code_twice");
  EXPECT_EQ(CodeOf(Post("project_office", kDeclared, File(Feature("1", kSquare)))), "geo.no_region_matches");
  EXPECT_EQ(CodeOf(Post("project_office", "?system=wgs84&source=x&effective_on=1900-01-01", file)),
            "region.not_standing");
  EXPECT_EQ(CodeOf(Post("project_office", kDeclared, std::string(9 << 20, ' '))), "http.too_large");
}

TEST_F(MapApi, EvidenceIsNotServedAsABorder) {
  const auto blob = town_.service().blobs(0).Put("application/pdf", "a page of evidence");
  ASSERT_TRUE(blob);
  std::string digest;
  AppendDigestText(digest, *blob);

  EXPECT_EQ(CodeOf(town_.Get("project_office", "/api/v1/borders/" + digest)), "blob.unknown");
}

TEST_F(MapApi, ProjectsStandWhereTheyWereLocatedWithinReachAndFilter) {
  for (std::uint32_t p = 1; p <= 3; ++p)
    town_.Run(project::LocateProject{ProjectId{p}, {1'131'000'000 + p}, {278'000'000}, project::LocatedBy::address});

  EXPECT_EQ(NumberIn(town_.Get("leader", "/api/v1/map"), "located"), 3);
  const ClientResponse own = town_.Get("unit_officer", "/api/v1/map");
  EXPECT_EQ(NumberIn(own, "located"), 2);
  EXPECT_EQ(own.body.find(R"("id":"p2")"), std::string::npos) << own.body;
  EXPECT_EQ(NumberIn(town_.Get("leader", "/api/v1/map?light=red"), "located"), 0);
  EXPECT_EQ(CodeOf(town_.Get("unit_officer", "/api/v1/map?unit=o2")), "access.other_unit");
}

TEST_F(MapApi, BoardAndObligationsFollowTheFiltersOfTheMap) {
  // Given two obligations on projects p1 and p2, of which the first is reported done.
  const auto assign = [&](const char* project) {
    return town_.Command("project_office", "obligation.assign",
                         std::string(R"({"kind":"task","text":"示例","project":")") + project +
                             R"(","owner_unit":"o1","due_on":"2026-12-01"})");
  };
  const ClientResponse waiting = town_.Get("leader", "/api/v1/obligations?state=reported");
  ASSERT_EQ(waiting.status, 200) << waiting.body;
  const std::int64_t before = NumberIn(waiting, "total");
  ASSERT_EQ(assign("p1").status, 200);

  // Then an obligation that is only assigned does not wait to be written off, and filters are refused by name.
  EXPECT_EQ(NumberIn(town_.Get("leader", "/api/v1/obligations?state=reported"), "total"), before);
  EXPECT_EQ(CodeOf(town_.Get("leader", "/api/v1/obligations?region=r99")), "region.unknown");
  const std::int64_t all = NumberIn(town_.Get("leader", "/api/v1/board"), "projects");
  std::int64_t sum = 0;
  for (const char* light : {"red", "amber", "green", "done", "idle"})
    sum += NumberIn(town_.Get("leader", std::string("/api/v1/board?light=") + light), "projects");
  EXPECT_EQ(sum, all);
}

}  // namespace
}  // namespace landfall::server
