// SPDX-License-Identifier: Apache-2.0
// The paper of an electronic delivery over HTTP: who may have it, what is logged, and whose word the address on it is.
#include <gmock/gmock.h>

#include "exchange/pdf.h"
#include "server/api_support.h"

namespace landfall::server {
namespace {

using testing::HasSubstr;
using testing::Not;

// k1 of unit o1, delivered by the electronic way; k2 of it, by post; k3 of unit o2, electronically.
void DeliverCases(Town& town) {
  for (std::uint32_t unit = 1; unit <= 2; ++unit) DefineRuledPackage(town, unit);
  DeliverCaseByRule(town, 1, cases::Delivery::electronic);
  DeliverCaseByRule(town, 1, cases::Delivery::post);
  DeliverCaseByRule(town, 2, cases::Delivery::electronic);
}

TEST(CaseDocument, IsForWhoMayReadTheCaseAndLogged) {
  Town town;
  DeliverCases(town);

  const ClientResponse paper = town.Get("unit_officer", "/api/v1/cases/k1/document");

  ASSERT_EQ(paper.status, 200) << paper.body;
  EXPECT_EQ(paper.Header("Content-Type"), "application/pdf");
  EXPECT_EQ(paper.Header("Content-Disposition"), "attachment; filename=\"k1.pdf\"");
  EXPECT_EQ(paper.Header("Cache-Control"), "no-store");
  EXPECT_TRUE(paper.body.starts_with("%PDF-1.7"));
  EXPECT_THAT(std::string(exchange::FindAttachment(paper.body, "c2sp.org/tlog-proof@v1")), HasSubstr("index "));
  EXPECT_THAT(town.Get("auditor", "/api/v1/audit?limit=5").body, HasSubstr(R"("what":"document","subject":"case/k1")"));

  // Another unit's case; one that is not known; one that went by post.
  EXPECT_EQ(TextIn(town.Get("unit_officer", "/api/v1/cases/k3/document"), "code"), "access.other_unit");
  EXPECT_EQ(TextIn(town.Get("unit_officer", "/api/v1/cases/k9/document"), "code"), "case.unknown");
  const ClientResponse posted = town.Get("unit_officer", "/api/v1/cases/k2/document");
  EXPECT_EQ(posted.status, 409);
  EXPECT_EQ(TextIn(posted, "code"), "document.other_delivery");
  EXPECT_EQ(town.Get("project_office", "/api/v1/cases/k3/document").status, 200);
  const std::string log = town.Get("auditor", "/api/v1/audit?limit=20").body;
  EXPECT_THAT(log, HasSubstr(R"("subject":"case/k3")"));
  EXPECT_THAT(log, Not(HasSubstr(R"("subject":"case/k2")")));
}

// Whoever may have the paper may not choose where its code leads.
TEST(CaseDocument, BearsNoAddressThatTheCallerChose) {
  Town town;
  DeliverCases(town);

  const auto asked_at = [&](const std::string& host) -> std::string {
    HttpClient client = town.Connect();
    LF_CHECK(client
                 .SendRaw("GET /api/v1/cases/k1/document HTTP/1.1\r\nHost: " + host +
                          "\r\nCookie: " + town.As("project_office").cookie + "\r\n\r\n")
                 .ok());
    auto response = client.Receive();
    LF_CHECK(response.ok());
    return response->status == 200 ? "ok" : TextIn(*response, "code");
  };
  for (const char* host : {"localhost:8080", "127.0.0.1", "[::1]:8080"}) EXPECT_EQ(asked_at(host), "ok") << host;
  for (const char* host : {"evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "evil.example:127"})
    EXPECT_EQ(asked_at(host), "document.no_address") << host;
  // Odd ports and whatever a host cannot hold never come onto paper.
  for (const char* host : {"localhost:80/x?y#z", "localhost:@evil.example", "127.0.0.1:80\\evil"})
    EXPECT_NE(asked_at(host), "ok") << host;
}

}  // namespace
}  // namespace landfall::server
