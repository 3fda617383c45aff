// SPDX-License-Identifier: Apache-2.0
#include "app/query_catalogue.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace landfall::app {
namespace {

// One matter in two versions; what stands in `first` and `second` differs.
approval::Catalogue TwoVersions(std::string_view first, std::string_view second) {
  const std::string json = fmt::format(
      R"({{"departments":[{{"id":"d","zh":"部门","en":"department"}},{{"id":"e","zh":"他部门","en":"other"}}],)"
      R"("papers":[{{"id":"x","zh":"甲","en":"x","by":"applicant"}},{{"id":"y","zh":"乙","en":"y","by":"applicant"}}],)"
      R"("matters":[{{"id":"m","version":1,"from":"2020-01-01","until":"2023-12-31",{}}},)"
      R"({{"id":"m","version":2,"from":"2024-01-01",{}}}]}})",
      first, second);
  const EmbeddedFile file{"matters/two.json", json};
  auto loaded = approval::Catalogue::Load(std::span(&file, 1));
  EXPECT_TRUE(loaded) << loaded.error().code << " " << loaded.error().detail;
  return *std::move(loaded);
}

std::string Differences(std::string_view first, std::string_view second) {
  const auto page = QueryCatalogueMatter(TwoVersions(first, second), "m", MakeDay(2024, 6, 3));
  EXPECT_TRUE(page);
  EXPECT_EQ(page->versions.size(), 2u);
  EXPECT_EQ(page->versions[0].matter.version, 2);
  EXPECT_TRUE(page->versions[0].in_force);
  EXPECT_FALSE(page->versions[1].in_force);
  EXPECT_TRUE(page->versions[1].changes.empty());
  std::string out;
  for (const CatalogueChange& change : page->versions[0].changes) {
    out += fmt::format("{}: {} > {}", change.field, change.before.value_or("-"), change.after.value_or("-"));
    for (const std::string& id : change.added) out += " +" + id;
    for (const std::string& id : change.removed) out += " -" + id;
    out += "\n";
  }
  return out;
}

TEST(CatalogueMatter, VersionsSayWhatChangedMemberByMember) {
  constexpr std::string_view kFirst =
      R"("zh":"事项","en":"matter","department":"d","level":"district","kind":"licence","needs":["x"],)"
      R"("statutory":{"days":20,"unit":"work_days"},"fee":"100 元","law":"l","source":"s","confirmed":false)";
  EXPECT_EQ(Differences(kFirst, kFirst), "");
  EXPECT_EQ(
      Differences(
          kFirst,
          R"("zh":"新事项","en":"matter","department":"e","level":"district","kind":"filing","needs":["y"],"if_due":["x"],)"
          R"("statutory":{"days":20,"unit":"work_days"},"promised":{"days":9,"unit":"calendar_days"},"visits":1,)"
          R"("law":"l","source":"s","confirmed":true)"),
      "zh: 事项 > 新事项\n"
      "department: d > e\n"
      "kind: licence > filing\n"
      "promised: - > 9 calendar_days\n"
      "needs: - > - +y -x\n"
      "if_due: - > - +x\n"
      "fee: 100 元 > -\n"
      "visits: - > 1\n"
      "confirmed: false > true\n");
}

TEST(CatalogueMatter, ThatNoVersionHasIsUnknown) {
  const auto none = QueryCatalogueMatter(BuiltInCatalogue(), "no-such", MakeDay(2024, 6, 3));
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, "approval.unknown_matter");
}

TEST(ApprovalPlan, WithoutSentencesIsTheSamePlan) {
  const auto facts = approval::ReadCaseFacts(
      BuiltInCatalogue(), R"({"company_exists":false,"employs":true,"needs_invoices":true,"needs_seals":false})");
  ASSERT_TRUE(facts);
  PlanRequest request{"company_start", facts->view(), MakeDay(2024, 9, 27)};

  const auto told = PlanPackage(BuiltInCatalogue(), BuiltInCatalogueCalendar(), request);
  request.sentences = false;
  const auto silent = PlanPackage(BuiltInCatalogue(), BuiltInCatalogueCalendar(), request);

  ASSERT_TRUE(told && silent);
  EXPECT_EQ(told->promised.steps, silent->promised.steps);
  ASSERT_EQ(told->spared.size(), 1u);
  EXPECT_EQ(silent->spared[0].matter, told->spared[0].matter);
  EXPECT_FALSE(told->spared[0].why.zh.empty());
  EXPECT_TRUE(silent->spared[0].why.zh.empty());
  // What nobody can say is asked for all the same.
  const rules::FactSet nothing = approval::ReadCaseFacts(BuiltInCatalogue(), "{}").value();
  request.facts = nothing.view();
  EXPECT_EQ(PlanPackage(BuiltInCatalogue(), BuiltInCatalogueCalendar(), request).error().code,
            "approval.facts_missing");
}

}  // namespace
}  // namespace landfall::app
