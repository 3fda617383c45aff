// SPDX-License-Identifier: Apache-2.0
// The public guide over the API: asked by anybody, without an account.
#include <gmock/gmock.h>
#include <simdjson.h>

#include "server/api_support.h"

namespace landfall::server {
namespace {

using testing::HasSubstr;

std::string Escaped(std::string_view text) {
  std::string out;
  for (const char c : text) out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  return out;
}

TEST(Guide, NeedsNoAccountAndTellsPackagesWithTheirQuestions) {
  Town town;
  HttpClient client = town.Connect();
  const ClientResponse index = *client.Get("/api/v1/guide");
  ASSERT_EQ(index.status, 200) << index.body;
  simdjson::dom::parser parser;
  const simdjson::padded_string bytes(index.body);
  const simdjson::dom::element root(parser.parse(bytes));
  std::vector<std::string> packages, questions;
  for (const simdjson::dom::element package : simdjson::dom::array(root["packages"])) {
    packages.emplace_back(std::string_view(package["id"]));
    if (packages.back() != "company_start") continue;
    for (const simdjson::dom::element question : simdjson::dom::array(package["questions"]))
      questions.emplace_back(std::string_view(question["id"]));
  }
  EXPECT_THAT(packages, testing::IsSupersetOf({"company_start", "industrial_filing"}));
  EXPECT_THAT(questions, testing::UnorderedElementsAre("company_exists", "employs", "needs_invoices", "needs_seals"));

  const ClientResponse matter = *client.Get("/api/v1/guide/matters/e-01");
  EXPECT_EQ(matter.status, 200);
  EXPECT_THAT(matter.body, HasSubstr("企业设立登记"));
  const ClientResponse unknown = *client.Get("/api/v1/guide/matters/no-such");
  EXPECT_EQ(unknown.status, 404);
  EXPECT_THAT(unknown.body, HasSubstr("approval.unknown_matter"));
}

TEST(Guide, PlanAsksUntilItKnowsEnoughAndThenSaysTheDay) {
  Town town;
  HttpClient client = town.Connect();
  const auto plan = [&](std::string_view facts) {
    return *client.Get("/api/v1/guide/packages/company_start/plan?accepted=2024-09-30&facts=" + Escaped(facts));
  };
  const ClientResponse open = plan(R"({"company_exists":false})");
  ASSERT_EQ(open.status, 200) << open.body;
  EXPECT_THAT(open.body, HasSubstr(R"("missing":["employs","needs_invoices","needs_seals"])"));
  EXPECT_THAT(open.body, testing::Not(HasSubstr("schedule")));
  const ClientResponse whole =
      plan(R"({"company_exists":false,"employs":false,"needs_invoices":true,"needs_seals":true})");
  // Over National Day: registered on 8 October, the seal on the 9th, the account two working days later.
  EXPECT_THAT(whole.body, HasSubstr(R"("promised":{"ends":"2024-10-11","work_days":4)"));
  EXPECT_THAT(whole.body, HasSubstr("“是否已有员工需要参保？”须为是"));
  EXPECT_THAT(plan(R"({"weather":true})").body, HasSubstr("approval.unknown_fact"));
  EXPECT_THAT(plan("not json").body, HasSubstr("rules.facts_malformed"));
  EXPECT_EQ(client.Get("/api/v1/guide/packages/no_such/plan")->status, 404);
}

}  // namespace
}  // namespace landfall::server
