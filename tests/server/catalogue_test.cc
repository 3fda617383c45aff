// SPDX-License-Identifier: Apache-2.0
// The catalogue and the package editor's plans over the API, and the calendar's deadline.
#include <gmock/gmock.h>
#include <simdjson.h>

#include <fstream>

#include "app/query_catalogue.h"
#include "base/embedded.h"
#include "server/api_support.h"

namespace landfall::server {
namespace {

using simdjson::dom::element;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class Answer {
 public:
  explicit Answer(ClientResponse response) : response_(std::move(response)), bytes_(response_.body) {
    EXPECT_EQ(parser_.parse(bytes_).get(root), simdjson::SUCCESS) << response_.body;
  }
  int status() const { return response_.status; }
  const std::string& body() const { return response_.body; }
  std::string code() const {
    std::string_view text;
    return root["code"].get(text) == simdjson::SUCCESS ? std::string(text) : "";
  }
  std::string Text(std::string_view pointer) const {
    std::string_view text;
    EXPECT_EQ(root.at_pointer(pointer).get(text), simdjson::SUCCESS) << pointer << " of " << response_.body;
    return std::string(text);
  }
  std::int64_t Number(std::string_view pointer) const {
    std::int64_t number = 0;
    EXPECT_EQ(root.at_pointer(pointer).get(number), simdjson::SUCCESS) << pointer << " of " << response_.body;
    return number;
  }
  // A member of each item of a list.
  std::vector<std::string> Each(std::string_view list, std::string_view member) const {
    std::vector<std::string> out;
    for (const element item : simdjson::dom::array(root.at_pointer(list)))
      out.emplace_back(std::string_view(item.at_pointer(member)));
    return out;
  }
  element root;

 private:
  ClientResponse response_;
  simdjson::padded_string bytes_;
  simdjson::dom::parser parser_;
};

Answer Ask(Town& town, const std::string& target) { return Answer(town.Get("project_office", target)); }

Answer Post(Town& town, const std::string& target, const std::string& body) {
  std::vector<Field> headers = town.As("project_office").Headers();
  headers.push_back({"Content-Type", "application/json"});
  return Answer(*town.Connect().Send("POST", target, headers, body));
}
Answer Plan(Town& town, const std::string& body) { return Post(town, "/api/v1/catalogue/plan", body); }

constexpr std::string_view kFilingFacts =
    R"({"investment_kind":"filing","company_exists":true,"land":"auction","eia":"form","energy_tce":2000,)"
    R"("electricity_kwh":0,"land_m2":42000,"earthwork_m3":0,"special_fire":false})";

TEST(Catalogue, MattersAreFilteredCountedAndPaged) {
  Town town;

  const Answer all = Ask(town, "/api/v1/catalogue/matters?limit=500");
  ASSERT_EQ(all.status(), 200) << all.body();
  const std::int64_t total = all.Number("/total");
  EXPECT_EQ(static_cast<std::size_t>(total), all.Each("/rows", "/matter/id").size());
  EXPECT_GT(all.Number("/unconfirmed"), 0);
  EXPECT_LT(all.Number("/unconfirmed"), total);

  EXPECT_THAT(Ask(town, "/api/v1/catalogue/matters?q=P3-04").Each("/rows", "/matter/id"), ElementsAre("p3-04"));
  EXPECT_EQ(Ask(town, "/api/v1/catalogue/matters?package=company_start").Number("/total"), 7);
  const Answer licences = Ask(town, "/api/v1/catalogue/matters?kind=licence&confirmed=false&limit=500");
  for (const std::string& kind : licences.Each("/rows", "/matter/kind")) EXPECT_EQ(kind, "licence");
  EXPECT_EQ(licences.Number("/total"), licences.Number("/unconfirmed"));
  const std::string department = all.Text("/departments/0/name/id");
  EXPECT_EQ(Ask(town, "/api/v1/catalogue/matters?department=" + department).Number("/total"),
            all.Number("/departments/0/count"));

  // Page after page gives each matter once.
  std::vector<std::string> paged;
  for (std::string cursor; paged.size() <= static_cast<std::size_t>(total);) {
    const Answer page = Ask(town, "/api/v1/catalogue/matters?limit=7" + (cursor.empty() ? "" : "&cursor=" + cursor));
    for (std::string& id : page.Each("/rows", "/matter/id")) paged.push_back(std::move(id));
    if (page.root["next_cursor"].error() != simdjson::SUCCESS) break;
    cursor = page.Text("/next_cursor");
  }
  EXPECT_EQ(paged, all.Each("/rows", "/matter/id"));
}

TEST(Catalogue, ListsRefuseWhatTheyDoNotKnow) {
  Town town;

  EXPECT_EQ(Ask(town, "/api/v1/catalogue/matters?package=no_such").code(), "approval.unknown_package");
  EXPECT_EQ(Ask(town, "/api/v1/catalogue/matters?limit=501").code(), "request.number_out_of_range");
  EXPECT_EQ(Ask(town, "/api/v1/catalogue/matters?kind=wish").code(), "request.unknown_choice");
  EXPECT_EQ(Ask(town, "/api/v1/catalogue/matters?cursor=x").code(), "request.bad_cursor");
  EXPECT_EQ(Ask(town, "/api/v1/catalogue/matters/no-such").code(), "approval.unknown_matter");
  EXPECT_EQ(Ask(town, "/api/v1/catalogue/matters/no-such").status(), 404);
  EXPECT_EQ(Ask(town, "/api/v1/catalogue/packages?on=1999-01-01").Each("/rows", "/package/id").size(), 0u);
  EXPECT_EQ(Ask(town, "/api/v1/catalogue/findings?at=2024-01-01").code(), "request.unknown_parameter");
}

TEST(Catalogue, MatterPackagesAndFindingsAreToldWithTheirWords) {
  Town town;

  const Answer matter = Ask(town, "/api/v1/catalogue/matters/p3-04");
  EXPECT_EQ(matter.Text("/versions/0/matter/matter/zh"), "建筑工程施工许可证");
  EXPECT_THAT(matter.Each("/versions/0/matter/makes", "/id"), ElementsAre("construction_permit"));
  const Answer packages = Ask(town, "/api/v1/catalogue/packages");
  EXPECT_THAT(packages.Each("/rows", "/package/id"),
              ElementsAre("company_start", "completion", "industrial_filing", "land_then_build"));
  const Answer findings = Ask(town, "/api/v1/catalogue/findings?on=2024-01-01");
  ASSERT_EQ(findings.status(), 200) << findings.body();
  EXPECT_GT(findings.Number("/matters"), 20);
  for (const char* language : {"/zh", "/en"})
    for (const std::string& sentence : findings.Each("/rows", language)) EXPECT_FALSE(sentence.empty());
}

TEST(Catalogue, LimitsAreComparedWithTheLawOrWithAnEarlierDay) {
  Town town;

  const Answer law = Ask(town, "/api/v1/catalogue/limits?on=2026-06-01");
  ASSERT_EQ(law.status(), 200) << law.body();
  EXPECT_EQ(law.Number("/comparable"),
            law.Number("/halved") + law.Number("/shorter") + law.Number("/same") + law.Number("/longer"));
  EXPECT_EQ(law.Number("/halved_tenths"), std::floor(law.Number("/halved") * 1000 / law.Number("/comparable")));
  const Answer nothing = Ask(town, "/api/v1/catalogue/limits?on=2026-06-01&before=1999-01-01");
  EXPECT_EQ(nothing.Number("/fresh"), static_cast<double>(nothing.Each("/rows", "/matter").size()));
  EXPECT_EQ(Ask(town, "/api/v1/catalogue/limits?on=2026-06-01&before=2026-06-01").code(), "approval.days_reversed");
}

TEST(CataloguePlan, OfTheIndustrialPackageEndsOnTheDaysCountedByHand) {
  Town town;
  std::ifstream in(LANDFALL_SOURCE_DIR "/tests/scenario/approval/industrial_filing.json");
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  simdjson::dom::parser parser;
  const simdjson::padded_string bytes(text);
  std::size_t plans = 0;
  for (const element expected : simdjson::dom::array(element(parser.parse(bytes))["plans"])) {
    SCOPED_TRACE(std::string(std::string_view(expected["name"])));
    const std::string asked = fmt::format(R"({{"package":"industrial_filing","accepted":"{}","facts":{}}})",
                                          std::string_view(expected["accepted"]), simdjson::minify(expected["facts"]));

    const Answer plan = Plan(town, asked);

    ASSERT_EQ(plan.status(), 200) << plan.body();
    std::map<std::string, std::string> ends;
    for (const element step : simdjson::dom::array(plan.root.at_pointer("/schedule/matters")))
      ends[std::string(std::string_view(step["matter"]["id"]))] = std::string_view(step["ends"]);
    std::map<std::string, std::string> by_hand;
    for (const auto end : simdjson::dom::object(expected["ends"]))
      by_hand[std::string(end.key)] = std::string_view(end.value);
    EXPECT_EQ(ends, by_hand);
    EXPECT_EQ(simdjson::minify(plan.root.at_pointer("/schedule/critical").value()),
              simdjson::minify(expected["critical"].value()));
    ++plans;
  }
  EXPECT_EQ(plans, 4u);
}

TEST(CataloguePlan, OfADraftFollowsWhatIsPutInAndTakenOut) {
  Town town;
  const auto plan = [&](std::string_view matters) {
    return Plan(town, fmt::format(R"({{"draft":{{"matters":{},"promised":{{"days":60,"unit":"work_days"}}}},)"
                                  R"("facts":{},"accepted":"2024-09-27","faster":5}})",
                                  matters, kFilingFacts));
  };

  const Answer two = plan(R"(["p3-01","p3-04"])");
  ASSERT_EQ(two.status(), 200) << two.body();
  EXPECT_EQ(two.Number("/schedule/promised/work_days"), 8);
  // Nobody is left who keeps the supervision record, so it is asked of the applicant.
  EXPECT_THAT(two.Each("/schedule/asked", "/id"), testing::Contains("supervision_record"));
  EXPECT_THAT(two.Each("/schedule/faster", "/id"), ElementsAre("p3-04", "p3-01"));
  // Limits by the law alone, by the promise; one after the other, side by side.
  EXPECT_GE(two.Number("/schedule/serial/work_days"), two.Number("/schedule/parallel/work_days"));
  EXPECT_GE(two.Number("/schedule/serial_promised/work_days"), two.Number("/schedule/promised/work_days"));

  const Answer three = plan(R"(["p3-01","p3-03","p3-04"])");
  EXPECT_EQ(three.Number("/schedule/promised/work_days"), 13);
  EXPECT_THAT(three.Each("/schedule/asked", "/id"), Not(testing::Contains("supervision_record")));
  EXPECT_EQ(three.Number("/schedule/matters/2/begins_after"), 8);
  EXPECT_EQ(three.Number("/schedule/matters/2/ends_after"), 13);

  // Questions follow the matters; until they are answered there is no schedule, and no refusal either.
  const Answer open = Plan(town, R"({"draft":{"matters":["x-02"]},"accepted":"2024-09-27"})");
  EXPECT_EQ(open.status(), 200);
  EXPECT_THAT(open.Each("/questions", "/id"), ElementsAre("eia"));
  EXPECT_THAT(open.body(), HasSubstr(R"("missing":["eia"])"));
  EXPECT_THAT(open.body(), Not(HasSubstr("schedule")));
}

TEST(CataloguePlan, FindingsOfADraftNameTheCircleWithItsPath) {
  Town town;

  const Answer circle = Plan(
      town,
      fmt::format(
          R"({{"draft":{{"matters":["p1-04","p2-01","p2-02"],"changes":[{{"matter":"p1-04","needs":["works_permit"]}}]}},)"
          R"("facts":{},"accepted":"2024-09-27"}})",
          kFilingFacts));

  ASSERT_EQ(circle.status(), 200) << circle.body();
  EXPECT_THAT(circle.Each("/findings", "/code"), ElementsAre("approval.cycle", "approval.unreachable"));
  EXPECT_THAT(circle.Each("/findings/0/path", "/id"), ElementsAre("p1-04", "p2-02", "p1-04"));
  EXPECT_FALSE(circle.Text("/findings/0/zh").empty());
  EXPECT_FALSE(circle.Text("/findings/0/en").empty());
  EXPECT_THAT(circle.body(), Not(HasSubstr("schedule")));

  const Answer slower = Plan(
      town,
      fmt::format(
          R"({{"draft":{{"matters":["p3-01"],"changes":[{{"matter":"p3-01","promised":{{"days":9,"unit":"work_days"}}}}]}},)"
          R"("facts":{},"accepted":"2024-03-04"}})",
          kFilingFacts));
  EXPECT_THAT(slower.Each("/findings", "/code"), ElementsAre("approval.promise_above_limit"));
  EXPECT_EQ(slower.Number("/schedule/promised/work_days"), 9);

  const Answer early = Plan(town, R"({"draft":{"matters":["p4-01"]},"accepted":"2018-12-03"})");
  EXPECT_THAT(early.Each("/findings", "/code"), ElementsAre("approval.unknown_matter", "approval.nothing_applies"));
  EXPECT_EQ(early.Text("/findings/0/where/zh"), "竣工联合验收");
}

TEST(CataloguePlan, RefusesWhatIsNoDraft) {
  Town town;
  const auto code = [&](const std::string& body) { return Plan(town, body).code(); };
  const auto draft = [](std::string_view inner) { return fmt::format(R"({{"draft":{{{}}}}})", inner); };
  std::string ids;
  for (int i = 0; i < 101; ++i) ids += fmt::format("{}\"m-{}\"", i == 0 ? "" : ",", i);

  EXPECT_EQ(code("{}"), "approval.package_or_draft");
  EXPECT_EQ(code(R"({"package":"company_start","draft":{"matters":["e-01"]}})"), "approval.package_or_draft");
  EXPECT_EQ(code(R"({"package":"no_such"})"), "approval.unknown_package");
  EXPECT_EQ(code(draft(R"("matters":["no-such"])")), "approval.unknown_matter");
  EXPECT_EQ(code(draft(R"("matters":["e-01","e-01"])")), "approval.duplicate_id");
  EXPECT_EQ(code(draft(R"("matters":["e-01"],"changes":[{"matter":"e-01","needs":["no-such"]}])")),
            "approval.unknown_reference");
  EXPECT_EQ(code(draft(R"("matters":[)" + ids + "]")), "request.list_too_long");
  EXPECT_EQ(code(draft(R"("matters":["e-01"],"promised":{"days":4000,"unit":"work_days"})")),
            "request.number_out_of_range");
  EXPECT_EQ(code(R"({"package":"company_start","facts":{"weather":true}})"), "approval.unknown_fact");
  EXPECT_EQ(code(R"({"package":"industrial_filing","facts":{"eia":"long"}})"), "approval.unknown_choice");
  EXPECT_EQ(code(R"({"package":"company_start","faster":0})"), "request.number_out_of_range");
  EXPECT_EQ(code(R"({"package":"company_start","note":"x"})"), "request.unknown_field");
  EXPECT_EQ(code("not json"), "request.malformed_json");
  EXPECT_EQ(Plan(town, R"({"package":")" + std::string(70'000, 'a') + "\"}").status(), 413);
  // Without the page's token it is somebody else's form.
  const std::vector<Field> cookie = {{"Cookie", town.As("project_office").cookie}};
  EXPECT_EQ(Answer(*town.Connect().Send("POST", "/api/v1/catalogue/plan", cookie, "{}")).code(), "session.csrf");
}

TEST(CatalogueFile, IsAWholeCatalogueThatPlansAsTheDraftDid) {
  Town town;
  const std::string draft =
      R"({"matters":["p3-01","p3-03","p3-04"],"changes":[{"matter":"p3-03","promised":{"days":1,"unit":"work_days"}}]})";
  const auto body = [&](std::string_view id, std::string_view from) {
    return fmt::format(
        R"({{"id":"{}","zh":"示例套餐","en":"example","lead":"market","from":"{}","source":"示例","draft":{}}})", id,
        from, draft);
  };

  const Answer file = Post(town, "/api/v1/catalogue/file", body("building_only", "2026-01-05"));
  const Answer plan =
      Plan(town, fmt::format(R"({{"draft":{},"facts":{},"accepted":"2026-03-02"}})", draft, kFilingFacts));

  ASSERT_EQ(file.status(), 200) << file.body();
  const EmbeddedFile one{"matters/all.json", file.body()};
  const auto whole = approval::Catalogue::Load(std::span(&one, 1));
  ASSERT_TRUE(whole) << whole.error().code << " " << whole.error().detail;
  EXPECT_EQ(whole->FindMatter("p3-03", MakeDay(2026, 1, 4))->version.value, 1);
  EXPECT_EQ(whole->FindMatter("p3-03", MakeDay(2026, 1, 5))->version.value, 2);
  const auto facts = approval::ReadCaseFacts(*whole, kFilingFacts);
  const auto planned =
      app::PlanPackage(*whole, app::BuiltInCatalogueCalendar(), {"building_only", facts->view(), MakeDay(2026, 3, 2)});
  ASSERT_TRUE(planned) << planned.error().code;
  EXPECT_EQ(FormatDay(planned->promised.ends), plan.Text("/schedule/promised/ends"));
  EXPECT_EQ(planned->promised.work_days, 9);

  // A package that is there already gets its next version, and none that would begin before the one in force.
  const Answer next = Post(town, "/api/v1/catalogue/file", body("company_start", "2026-01-05"));
  const EmbeddedFile another{"matters/all.json", next.body()};
  EXPECT_EQ(approval::Catalogue::Load(std::span(&another, 1))
                ->FindPackage("company_start", MakeDay(2026, 1, 5))
                ->version.value,
            2);
  EXPECT_EQ(Post(town, "/api/v1/catalogue/file", body("company_start", "2018-01-05")).code(),
            "approval.unknown_matter");
  EXPECT_EQ(Post(town, "/api/v1/catalogue/file", body("company_start", "2019-01-01")).code(),
            "approval.versions_overlap");
}

TEST(Workdays, AYearTellsEachExceptionWithItsNotice) {
  Town town;

  const Answer page = Ask(town, "/api/v1/workdays?year=2020");

  ASSERT_EQ(page.status(), 200) << page.body();
  EXPECT_EQ(page.Number("/years/0/year"), 2020);
  const std::vector<std::string> ids = page.Each("/notices", "/id");
  // The Spring Festival of 2020 was made longer by a second notice.
  EXPECT_THAT(ids, testing::IsSupersetOf({"cn-2020", "cn-2020-a1", "cn-2021"}));
  for (const std::string& from : page.Each("/years/0/days", "/from")) EXPECT_THAT(ids, testing::Contains(from));
  EXPECT_THAT(page.body(), HasSubstr(R"("amends":"cn-2020")"));
  EXPECT_THAT(page.body(), HasSubstr(R"("unverified":["dated_on"])"));
  EXPECT_EQ(Ask(town, "/api/v1/workdays?year=2199").code(), "request.number_out_of_range");
  EXPECT_EQ(Ask(town, "/api/v1/workdays").Number("/years/0/year"), 2026);
}

TEST(Workdays, ALimitIsCountedOutDayByDay) {
  Town town;

  // By hand: accepted on Friday 27 September 2024; at work on Sunday 29 and Monday 30, off from 1 to 7 October.
  const Answer work = Ask(town, "/api/v1/workdays/deadline?accepted=2024-09-27&days=3");
  ASSERT_EQ(work.status(), 200) << work.body();
  EXPECT_EQ(work.Text("/due"), "2024-10-08");
  EXPECT_EQ(work.Number("/calendar_days"), 11);
  std::vector<std::string> counted;
  for (const element day : simdjson::dom::array(work.root["days"]))
    if (day["count"].error() == simdjson::SUCCESS) counted.emplace_back(std::string_view(day["day"]));
  EXPECT_THAT(counted, ElementsAre("2024-09-29", "2024-09-30", "2024-10-08"));

  // Four calendar days end on 1 October, when nobody works: the end moves to the 8th.
  const Answer calendar = Ask(town, "/api/v1/workdays/deadline?accepted=2024-09-27&days=4&unit=calendar_days");
  EXPECT_EQ(calendar.Text("/due"), "2024-10-08");
  EXPECT_EQ(calendar.Number("/work_days"), 3);

  EXPECT_THAT(Ask(town, "/api/v1/workdays/deadline?accepted=2028-03-01&days=5").body(),
              HasSubstr(R"("provisional":true)"));
  EXPECT_EQ(Ask(town, "/api/v1/workdays/deadline?days=401").code(), "request.number_out_of_range");
  EXPECT_EQ(Ask(town, "/api/v1/workdays/deadline?days=0").code(), "request.number_out_of_range");
  EXPECT_EQ(Ask(town, "/api/v1/workdays/deadline?unit=weeks").code(), "request.unknown_choice");
  EXPECT_EQ(Ask(town, "/api/v1/workdays/deadline?accepted=2199-12-20&days=400").code(), "calendar.out_of_range");
}

}  // namespace
}  // namespace landfall::server
