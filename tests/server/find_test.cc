// SPDX-License-Identifier: Apache-2.0
// Finding things over HTTP: who finds what, under which name, and how soon. All names are invented.
#include "server/api_support.h"

namespace landfall::server {
namespace {

class FindApi : public testing::Test {
 protected:
  // The answer to a search, the text already percent-encoded by nobody: encoded here.
  std::string Find(const std::string& login, const std::string& text, const std::string& more = "") {
    std::string q;
    for (const char c : text) q += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    const ClientResponse response = town_.Get(login, "/api/v1/search?q=" + q + more);
    EXPECT_EQ(response.status, 200) << response.body;
    return response.body;
  }
  // Whether a group holds a row of that id.
  static bool Has(const std::string& body, const std::string& id) {
    return body.find(R"("id":")" + id + R"(","name")") != std::string::npos;
  }
  std::string Register(const std::string& title, std::uint32_t unit) {
    return town_
        .Run(project::RegisterProject{
            {title}, {"plain"}, std::nullopt, UnitId{unit}, std::nullopt, std::nullopt, std::nullopt})
        .ids.at(0);
  }
  Town town_;
};

TEST_F(FindApi, TwoCharactersInitialsAndCodesFindNamesOfEachKind) {
  const std::string id = Register("青石云渡新材料基地", 1);

  EXPECT_TRUE(Has(Find("leader", "云渡"), id));
  EXPECT_TRUE(Has(Find("leader", "qsyd"), id));
  EXPECT_TRUE(Has(Find("leader", "P-2"), "p2"));
  EXPECT_TRUE(Has(Find("leader", "ABN-1"), "e1"));
  EXPECT_TRUE(Has(Find("leader", "他局"), "o2"));
  EXPECT_TRUE(Has(Find("leader", "430299"), "r1"));
  EXPECT_TRUE(Has(Find("leader", "示例任务"), "b1"));
  EXPECT_TRUE(Has(Find("leader", "重点办 岗位"), "j1"));  // A post by its unit and its own words.
}

TEST_F(FindApi, WhatAnAccountMayNotReadIsNeitherShownNorCounted) {
  Register("岚川甲", 1);
  Register("岚川乙", 2);
  Register("岚川丙", 3);  // Of the unit below.

  const std::string all = Find("leader", "岚川"), own = Find("unit_officer", "岚川", "&limit=2");

  EXPECT_TRUE(Has(all, "p4") && Has(all, "p5") && Has(all, "p6")) << all;
  EXPECT_TRUE(Has(own, "p4") && Has(own, "p6")) << own;
  EXPECT_FALSE(Has(own, "p5")) << own;
  EXPECT_NE(own.find(R"("more":false)"), std::string::npos) << own;  // A third there is, but not for this account.
  EXPECT_NE(Find("leader", "岚川", "&limit=2").find(R"("more":true)"), std::string::npos);
  const std::string tasks = Find("unit_officer", "示例任务");
  EXPECT_TRUE(Has(tasks, "b1") && Has(tasks, "b3")) << tasks;
  EXPECT_FALSE(Has(tasks, "b2")) << tasks;
}

TEST_F(FindApi, ANewNameIsFoundAtTheNextAskAndTheOldOneIsGone) {
  ASSERT_TRUE(Has(Find("leader", "他局"), "o2"));

  town_.Run(people::RenameUnit{UnitId{2}, {"岚川招商局"}});
  town_.Run(project::RenameProject{ProjectId{2}, {"重川冷链园"}});
  town_.Run(enterprise::RenameEnterprise{EnterpriseId{1}, {"云渡食品"}});

  EXPECT_EQ(Find("leader", "他局"), R"({"groups":[]})");
  EXPECT_TRUE(Has(Find("leader", "岚川招商"), "o2"));
  EXPECT_TRUE(Has(Find("leader", "zclly"), "p2"));
  // Projects are found by their enterprise's newest name, and say so.
  const std::string by_enterprise = Find("leader", "云渡食品");
  EXPECT_TRUE(Has(by_enterprise, "e1") && Has(by_enterprise, "p1")) << by_enterprise;
  EXPECT_NE(by_enterprise.find(R"("found":"云渡食品")"), std::string::npos) << by_enterprise;
}

TEST_F(FindApi, WordsInAProjectsFileLeadToTheProject) {
  town_.Run(project::RaiseBlock{ProjectId{1},
                                project::BlockKind::land,
                                {"started"},
                                UnitId{1},
                                MakeDay(2026, 12, 1),
                                MakeDay(2026, 11, 1),
                                {"两户坟迁未谈妥"}});
  const std::string found = Find("leader", "坟迁");

  EXPECT_TRUE(Has(found, "p1")) << found;
  EXPECT_NE(found.find(R"("found":"两户坟迁未谈妥")"), std::string::npos) << found;
  EXPECT_EQ(Find("leader", "坟迁", "&kind=unit"), R"({"groups":[]})");
}

TEST_F(FindApi, AnErasedTextIsNotFoundAnyMore) {
  const app::Answer named = town_.Run(project::RenameProject{ProjectId{2}, {"重川冷链园"}});
  ASSERT_TRUE(Has(Find("leader", "重川"), "p2"));

  town_.Run(admin::ErasePayload{{static_cast<std::int64_t>(named.seq)}, {0}, {"pipl-47"}});

  EXPECT_EQ(Find("leader", "重川"), R"({"groups":[]})");
}

TEST_F(FindApi, NoPersonIsFoundByName) { EXPECT_EQ(Find("project_office", "张三"), R"({"groups":[]})"); }

TEST_F(FindApi, NothingAskedAndOddQueriesFindNothing) {
  EXPECT_EQ(town_.Get("leader", "/api/v1/search").body, R"({"groups":[]})");
  EXPECT_EQ(Find("leader", "，。！"), R"({"groups":[]})");
  EXPECT_EQ(CodeOf(town_.Get("leader", "/api/v1/search?q=a&kind=person")), "request.unknown_choice");
  EXPECT_EQ(town_.Get("leader", "/api/v1/search?q=a&limit=51").status, 400);
}

TEST_F(FindApi, AfterARestartEverythingIsFoundAgain) {
  Register("青石云渡新材料基地", 1);

  town_.Stop();
  town_.Start();

  EXPECT_TRUE(Has(Find("leader", "云渡"), "p4"));
}

}  // namespace
}  // namespace landfall::server
