// SPDX-License-Identifier: Apache-2.0
#include "app/approval_plan.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "calendar/calendar_book.h"

namespace landfall::app {
namespace {

using approval::Catalogue;

Day D(std::string_view text) { return ParseDay(text).value(); }

const Catalogue& BuiltIn() {
  static const Catalogue kCatalogue = Catalogue::Load(EmbeddedCatalog()).value();
  return kCatalogue;
}
std::shared_ptr<const WorkCalendar> China() {
  static const CalendarBook kBook = CalendarBook::Load(EmbeddedCatalog()).value();
  return kBook.At("cn", kLastDay).value();
}
Result<ApprovalPlan> PlanOf(const Catalogue& catalogue, std::string_view package, std::string_view facts,
                            Day accepted) {
  LF_ASSIGN(const rules::FactSet read, approval::ReadCaseFacts(catalogue, facts));
  return PlanPackage(catalogue, *China(), {package, read.view(), accepted});
}

// A catalogue in few words: matters as "id: needs > makes". Papers that no matter makes are the applicant's, but those
// whose name begins with "lost".
Catalogue Small(std::initializer_list<std::string_view> matters) {
  std::string papers, rows, ids;
  std::vector<std::string> made, seen;
  const auto keys = [](std::string_view words) {
    std::vector<std::string> out;
    std::istringstream in{std::string(words)};
    for (std::string word; in >> word;) out.push_back(word);
    return out;
  };
  for (std::string_view matter : matters)
    for (std::string& paper : keys(matter.substr(matter.find('>') + 1))) made.push_back(std::move(paper));
  const auto list = [&](std::string_view words) {
    std::string out;
    for (const std::string& paper : keys(words)) {
      out += fmt::format("{}\"{}\"", out.empty() ? "" : ",", paper);
      if (std::ranges::find(seen, paper) != seen.end()) continue;
      seen.push_back(paper);
      const bool by = std::ranges::find(made, paper) == made.end() && !paper.starts_with("lost");
      papers += fmt::format(R"({}{{"id":"{}","zh":"材料","en":"paper"{}}})", papers.empty() ? "" : ",", paper,
                            by ? R"(,"by":"applicant")" : "");
    }
    return "[" + out + "]";
  };
  for (std::string_view matter : matters) {
    const std::size_t colon = matter.find(':'), arrow = matter.find('>');
    const std::string needs = list(matter.substr(colon + 1, arrow - colon - 1)), makes = list(matter.substr(arrow + 1));
    ids += fmt::format("{}\"{}\"", ids.empty() ? "" : ",", matter.substr(0, colon));
    rows += fmt::format(
        R"({}{{"id":"{}","version":1,"from":"2020-01-01","zh":"事项","en":"matter","department":"d","level":"district",)"
        R"("kind":"review","statutory":{{"days":5,"unit":"work_days"}},"needs":{},"makes":{},"law":"l","source":"s",)"
        R"("confirmed":true}})",
        rows.empty() ? "" : ",", matter.substr(0, colon), needs, makes);
  }
  const std::string json = fmt::format(
      R"({{"departments":[{{"id":"d","zh":"部门","en":"department"}}],"papers":[{}],"matters":[{}],"packages":[{{"id":"all",)"
      R"("version":1,"from":"2020-01-01","zh":"全部","en":"all","lead":"d","matters":[{}],"source":"s"}}]}})",
      papers, rows, ids);
  const EmbeddedFile file{"matters/small.json", json};
  Result<Catalogue> loaded = Catalogue::Load(std::span(&file, 1));
  EXPECT_TRUE(loaded) << loaded.error().code << " " << loaded.error().detail;
  return std::move(loaded).value();
}

std::vector<std::string> CodesOf(const Catalogue& catalogue) {
  std::vector<std::string> out;
  for (const CatalogueFinding& finding : CheckCatalogue(catalogue, D("2024-01-01")))
    out.push_back(finding.code + " " + finding.where + " " + finding.detail);
  return out;
}

TEST(ApprovalPlan, IndustrialFilingEndsOnTheDaysThatWereCountedByHand) {
  std::ifstream in(LANDFALL_SOURCE_DIR "/tests/scenario/approval/industrial_filing.json");
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  ASSERT_EQ(parser.parse(simdjson::padded_string(text)).get(root), simdjson::SUCCESS);
  std::size_t plans = 0;
  for (simdjson::dom::element expected : root["plans"].get_array()) {
    SCOPED_TRACE(std::string(std::string_view(expected["name"])));
    const auto plan = PlanOf(BuiltIn(), "industrial_filing", simdjson::minify(expected["facts"]),
                             D(std::string_view(expected["accepted"])));
    ASSERT_TRUE(plan) << plan.error().code << " " << plan.error().detail;
    std::size_t ends = 0;
    for (const auto end : expected["ends"].get_object()) {
      const auto found = std::ranges::find(plan->matters, end.key, [](const auto& m) { return m.matter->id.value; });
      ASSERT_NE(found, plan->matters.end()) << end.key;
      const auto& times = plan->promised.steps[static_cast<std::size_t>(found - plan->matters.begin())];
      EXPECT_EQ(FormatDay(times.ends), std::string_view(end.value)) << end.key;
      std::int64_t slack = 0;
      if (expected["slack"][end.key].get(slack) == simdjson::SUCCESS) {
        EXPECT_EQ(times.slack, slack) << end.key;
      }
      ++ends;
    }
    EXPECT_EQ(ends, plan->matters.size()) << "a matter more or less than counted by hand";
    std::vector<std::string> critical, by_hand;
    for (const std::uint32_t step : plan->promised.critical) critical.push_back(plan->matters[step].matter->id.value);
    for (const auto id : expected["critical"].get_array()) by_hand.emplace_back(std::string_view(id));
    EXPECT_EQ(critical, by_hand);
    ++plans;
  }
  EXPECT_EQ(plans, 4u);
}

TEST(ApprovalPlan, CompanyStartHoldsItsPromiseInParallelAndAsksEachPaperOnce) {
  const auto plan =
      PlanOf(BuiltIn(), "company_start",
             R"({"company_exists":false,"employs":true,"needs_invoices":true,"needs_seals":true})", D("2024-03-04"));
  ASSERT_TRUE(plan) << plan.error().detail;
  EXPECT_EQ(plan->matters.size(), 7u);
  // Registered after 1 day, the seal after 2, the bank after 4; one after the other it takes 3 + 1 + 1 + 1 + 1 + 1 + 2.
  EXPECT_EQ(FormatDay(plan->promised.ends), "2024-03-08");
  EXPECT_EQ(plan->serial.work_days, 10);
  ASSERT_TRUE(plan->promise_ends);
  EXPECT_GE(*plan->promise_ends, plan->promised.ends);
  std::vector<std::string> asked;
  for (const AskedPaper& paper : plan->asked) asked.push_back(paper.paper->id.value);
  EXPECT_EQ(asked, (std::vector<std::string>{"founding_papers", "identity", "staff_list"}));
  EXPECT_LT(plan->asked.size(), plan->one_by_one);
}

TEST(ApprovalPlan, MatterThatDoesNotApplySaysWhyAndHoldsUpNobody) {
  constexpr std::string_view kSmall =
      R"({"investment_kind":"filing","company_exists":true,"land":"held","eia":"registration","energy_tce":999,)"
      R"("electricity_kwh":4999999,"land_m2":4999,"earthwork_m3":999,"special_fire":false})";
  const auto plan = PlanOf(BuiltIn(), "industrial_filing", kSmall, D("2024-03-04"));
  ASSERT_TRUE(plan) << plan.error().detail;
  const auto energy = std::ranges::find(plan->spared, "x-04", [](const auto& m) { return m.matter->id.value; });
  ASSERT_NE(energy, plan->spared.end());
  EXPECT_NE(energy->why.zh.find("999"), std::string::npos) << energy->why.zh;
  for (const PlannedMatter& matter : plan->matters)
    EXPECT_EQ(std::ranges::find(matter.waits_for, "x-04"), matter.waits_for.end());
}

TEST(ApprovalPlan, QuestionsThatAreOpenAreNamed) {
  const auto missing = PlanOf(BuiltIn(), "industrial_filing", R"({"investment_kind":"filing"})", D("2024-03-04"));
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, "approval.facts_missing");
  EXPECT_NE(missing.error().detail.find("eia"), std::string::npos);
  // What cannot change the answer is not asked: with so much energy the electricity is idle.
  const auto enough =
      PlanOf(BuiltIn(), "industrial_filing", R"({"investment_kind":"filing","energy_tce":2000})", D("2024-03-04"));
  ASSERT_FALSE(enough);
  EXPECT_NE(missing.error().detail.find("electricity_kwh"), std::string::npos) << missing.error().detail;
  EXPECT_EQ(enough.error().detail.find("electricity_kwh"), std::string::npos) << enough.error().detail;
  EXPECT_EQ(PlanOf(BuiltIn(), "nothing", "{}", D("2024-03-04")).error().code, "approval.unknown_package");
  EXPECT_EQ(PlanOf(BuiltIn(), "company_start", R"({"employes":true})", D("2024-03-04")).error().code,
            "approval.unknown_fact");
  EXPECT_EQ(PlanOf(BuiltIn(), "industrial_filing", R"({"eia":"long"})", D("2024-03-04")).error().code,
            "approval.unknown_choice");
  EXPECT_EQ(PlanOf(BuiltIn(), "company_start", R"({"company_exists":true})", D("2024-03-04")).error().code,
            "approval.nothing_applies");
}

TEST(ApprovalPlan, CycleIsNamedWithItsPath) {
  const Catalogue circle = Small({"a: x > y", "b: y > z", "c: z > x", "d: z > w"});
  const auto plan = PlanOf(circle, "all", "{}", D("2024-03-04"));
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().code, "planning.cycle");
  EXPECT_EQ(plan.error().detail, "a → b → c → a");
  EXPECT_EQ(CodesOf(circle), (std::vector<std::string>{"approval.cycle a a → b → c → a", "approval.unreachable d b"}));
}

TEST(ApprovalPlan, PaperThatNobodyMakesIsFound) {
  EXPECT_EQ(CodesOf(Small({"a: lost > y", "b: y > z"})), (std::vector<std::string>{"approval.nobody_makes a lost"}));
  EXPECT_TRUE(CodesOf(Small({"a: x > y", "b: y > z"})).empty());
}

TEST(ApprovalPlan, LimitsAboveTheLawAndConditionsThatNeverHoldAreFound) {
  const auto check = [](std::string_view rest) {
    const std::string json = fmt::format(
        R"({{"departments":[{{"id":"d","zh":"部门","en":"department"}}],"facts":[{{"id":"n","type":"whole","zh":"数",)"
        R"("en":"number","probes":[0,10,11]}}],"matters":[{{"id":"m","version":1,"from":"2020-01-01","zh":"事项",)"
        R"("en":"matter","department":"d","level":"district","law":"l","source":"s","confirmed":true,{}}}]}})",
        rest);
    const EmbeddedFile file{"matters/one.json", json};
    return CodesOf(Catalogue::Load(std::span(&file, 1)).value());
  };
  using Codes = std::vector<std::string>;
  EXPECT_EQ(check(R"("kind":"licence","statutory":{"days":21,"unit":"work_days"})"),
            Codes{"approval.limit_above_cap m 21 work_days > 20 work_days"});
  EXPECT_EQ(
      check(R"("kind":"licence","statutory":{"days":60,"unit":"calendar_days"},"limit_law":"环境影响评价法 第22条")"),
      Codes{});
  EXPECT_EQ(check(R"("kind":"joint","promised":{"days":46,"unit":"work_days"})"),
            Codes{"approval.limit_above_cap m 46 work_days > 45 work_days"});
  EXPECT_EQ(
      check(
          R"("kind":"review","statutory":{"days":7,"unit":"calendar_days"},"promised":{"days":8,"unit":"work_days"})"),
      Codes{"approval.promise_above_limit m 8 work_days > 7 calendar_days"});
  EXPECT_EQ(check(R"("kind":"review","applies":"n > 10 && n < 11")"),
            Codes{"approval.never_applies m n > 10 && n < 11"});
  EXPECT_EQ(check(R"("kind":"review","applies":"n > 10")"), Codes{});
}

TEST(ApprovalPlan, BrokenCataloguesAreRefusedWithTheirPlace) {
  const auto code = [](std::string_view json) {
    const EmbeddedFile file{"matters/broken.json", json};
    const auto loaded = Catalogue::Load(std::span(&file, 1));
    return loaded ? std::string("loaded") : std::string(loaded.error().code);
  };
  constexpr std::string_view kDepartment = R"("departments":[{"id":"d","zh":"部门","en":"department"}])";
  const auto matter = [&](std::string_view id, int version, std::string_view days, std::string_view more) {
    return fmt::format(
        R"({{"id":"{}","version":{},{},"zh":"事项","en":"matter","department":"d","level":"district","kind":"review",)"
        R"("law":"l","source":"s","confirmed":true{}}})",
        id, version, days, more);
  };
  const auto with = [&](std::string_view matters) {
    return fmt::format("{{{},\"matters\":[{}]}}", kDepartment, matters);
  };
  EXPECT_EQ(code("{"), "approval.malformed_file");
  EXPECT_EQ(code(R"({"matter":[]})"), "approval.malformed_file");
  EXPECT_EQ(code(R"({"papers":[{"id":"p","zh":"一","en":"one"},{"id":"p","zh":"二","en":"two"}]})"),
            "approval.duplicate_id");
  EXPECT_EQ(code(with(matter("m", 1, R"("from":"2020-01-01")", R"(,"needs":["nothing"])"))),
            "approval.unknown_reference");
  EXPECT_EQ(code(with(matter("m", 1, R"("from":"2020-01-01")", R"(,"applies":"nothing > 1")"))),
            "approval.bad_determinant");
  EXPECT_EQ(code(with(matter("m", 1, R"("from":"2020-01-01")", R"(,"applies":"1 + 1")"))), "approval.bad_determinant");
  EXPECT_EQ(code(R"({"facts":[{"id":"f","type":"choice","zh":"问","en":"question"}]})"), "approval.bad_fact");
  EXPECT_EQ(code(with(matter("m", 1, R"("from":"2020-01-01","until":"2021-01-01")", "") + "," +
                      matter("m", 2, R"("from":"2021-01-01")", ""))),
            "approval.versions_overlap");
  EXPECT_EQ(code(with(matter("m", 1, R"("from":"2020-01-01","until":"2020-12-31")", "") + "," +
                      matter("m", 2, R"("from":"2021-01-01")", ""))),
            "loaded");
}

TEST(ApprovalPlan, BuiltInCatalogueHasNoFindings) { EXPECT_TRUE(CodesOf(BuiltIn()).empty()); }

}  // namespace
}  // namespace landfall::app
