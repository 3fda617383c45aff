// SPDX-License-Identifier: Apache-2.0
// Lists go out as sheets, are edited, and come back over HTTP: who gets what, what becomes which command, and what is
// refused.
#include "server/sheet_support.h"

#include <gmock/gmock.h>
#include <sys/resource.h>

#include "server/api_support.h"

namespace landfall::server {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kXlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

class SheetsApi : public testing::Test {
 protected:
  std::string Export(const std::string& login, const std::string& list, const char* language = "zh-CN") {
    const ClientResponse response = town_.Get(login, "/api/v1/sheets/" + list, {{"Accept-Language", language}});
    EXPECT_EQ(response.status, 200) << response.body;
    return response.body;
  }
  ClientResponse Post(const std::string& login, const std::string& list, const std::string& bytes,
                      const std::string& plan = {}) {
    std::vector<Field> headers = town_.As(login).Headers();
    headers.push_back({"Content-Type", kXlsxType});
    auto response =
        town_.Connect().Send("POST", "/api/v1/sheets/" + list + (plan.empty() ? "" : "?plan=" + plan), headers, bytes);
    LF_CHECK(response.ok());
    return *response;
  }
  // Looks, then has it done.
  ClientResponse Import(const std::string& login, const std::string& list, const std::string& bytes) {
    const ClientResponse preview = Post(login, list, bytes);
    EXPECT_EQ(preview.status, 200) << preview.body;
    const std::string plan = TextIn(preview, "plan");
    EXPECT_NE(plan, "") << preview.body;
    return Post(login, list, bytes, plan);
  }
  std::uint64_t Seq() { return town_.engine().Read().seq(); }
  std::string Title(std::uint32_t project) {
    return std::string(town_.engine().Read().state().project.title.Get(project - 1));
  }

  Town town_;
};

TEST_F(SheetsApi, ExportExactlyWhatTheAccountMaySeeInItsLanguage) {
  const OpenSheet all(Export("leader", "projects.xlsx"));
  const OpenSheet own(Export("unit_officer", "projects.xlsx"));
  const OpenSheet english(Export("leader", "projects.xlsx?unit=o2", "en"));

  EXPECT_EQ(all.rows(), 3u);
  EXPECT_EQ(all.Get(all.RowOf("编号", "p2"), "项目代码"), "P-2");
  EXPECT_EQ(all.Get(1, "计划总投资（万元）"), "0.1");
  EXPECT_EQ(own.rows(), 2u);
  EXPECT_EQ(own.RowOf("编号", "p2"), 0u);
  ASSERT_EQ(english.rows(), 1u);
  EXPECT_EQ(english.Get(1, "Number"), "p2");
  EXPECT_EQ(english.Get(1, "Planned investment (10,000 CNY)"), "0.1");
  EXPECT_EQ(CodeOf(town_.Get("unit_officer", "/api/v1/sheets/projects.xlsx?unit=o2")), "access.other_unit");
  EXPECT_EQ(CodeOf(town_.Get("leader", "/api/v1/sheets/people.xlsx")), "access.denied");
  EXPECT_EQ(CodeOf(town_.Get("leader", "/api/v1/sheets/projects.xlsx?untl=o2")), "request.unknown_parameter");
}

TEST_F(SheetsApi, ExportsStandInTheAccessLog) {
  Export("project_office", "people.xlsx");
  Export("leader", "obligations.xlsx");

  const std::string log = town_.Get("auditor", "/api/v1/audit").body;
  EXPECT_THAT(log, HasSubstr(R"("what":"export","subject":"sheets/people")"));
  EXPECT_THAT(log, HasSubstr(R"("what":"read_personal","subject":"persons")"));
  EXPECT_THAT(log, HasSubstr(R"("what":"export","subject":"sheets/obligations")"));
}

TEST_F(SheetsApi, ATextLikeAFormulaStaysAText) {
  town_.Run(project::RenameProject{ProjectId{1}, {"=HYPERLINK(\"http://x\")"}});

  const auto book = exchange::ReadXlsx(Export("leader", "projects.xlsx"));

  ASSERT_TRUE(book);
  const exchange::Sheet& sheet = book->sheets[0];
  int found = 0;
  for (const exchange::SheetCell& cell : sheet.cells) {
    EXPECT_FALSE(cell.formula);
    found += cell.text == "=HYPERLINK(\"http://x\")";
  }
  EXPECT_EQ(found, 1);
}

TEST_F(SheetsApi, AnUntouchedSheetChangesNothing) {
  for (const std::string list : {"projects", "obligations", "enterprises", "people", "reports", "units", "regions"}) {
    SCOPED_TRACE(list);
    const ClientResponse preview = Post("project_office", list, Export("project_office", list + ".xlsx"));

    EXPECT_EQ(preview.status, 200) << preview.body;
    EXPECT_EQ(NumberIn(preview, "commands"), 0) << preview.body;
    EXPECT_EQ(NumberIn(preview, "errors"), 0) << preview.body;
    EXPECT_EQ(NumberIn(preview, "warnings"), 0) << preview.body;
    EXPECT_EQ(TextIn(preview, "plan"), "");
  }
}

TEST_F(SheetsApi, EachEditedCellBecomesItsCommandInOneBatch) {
  // Given a sheet in which the office changes three cells of two projects.
  OpenSheet sheet(Export("project_office", "projects.xlsx"));
  sheet.Set(sheet.RowOf("编号", "p1"), "项目名称", "示例项目（扩建）");
  sheet.Set(sheet.RowOf("编号", "p1"), "计划总投资（万元）", "12000.5");
  sheet.Set(sheet.RowOf("编号", "p3"), "牵头单位", "示例他局");
  const std::uint64_t before = Seq();

  // When it is looked at, nothing is stored; when it is confirmed, all of it is.
  const ClientResponse preview = Post("project_office", "projects", sheet.Save());
  EXPECT_EQ(Seq(), before);
  EXPECT_EQ(NumberIn(preview, "commands"), 3) << preview.body;
  EXPECT_THAT(preview.body, HasSubstr(R"("before":"0.1","after":"12000.5","command":"project.set_investment")"));
  const ClientResponse done = Post("project_office", "projects", sheet.Save(), TextIn(preview, "plan"));

  // Then the batch is named, and the ledger says so.
  EXPECT_EQ(NumberIn(done, "seq"), static_cast<std::int64_t>(before + 4)) << done.body;
  EXPECT_EQ(Title(1), "示例项目（扩建）");
  {
    const auto now = town_.engine().Read();
    EXPECT_EQ(now.state().project.investment[0], 12'000'500'000);
    EXPECT_EQ(now.state().project.owner[2], 2u);
  }
  EXPECT_THAT(town_.Get("project_office", "/api/v1/batches").body, HasSubstr(R"("kind":"sheet.projects","entries":3)"));

  // And the same file a second time changes nothing.
  const ClientResponse again = Post("project_office", "projects", sheet.Save());
  EXPECT_EQ(NumberIn(again, "commands"), 0);
  EXPECT_EQ(NumberIn(again, "already_so"), 3);
  EXPECT_EQ(Post("project_office", "projects", sheet.Save(), TextIn(preview, "plan")).status, 200);
  EXPECT_EQ(Seq(), before + 4);
}

TEST_F(SheetsApi, WhatOthersChangedMeanwhileIsAConflictAndTheRestIsDone) {
  OpenSheet sheet(Export("project_office", "projects.xlsx"));
  sheet.Set(sheet.RowOf("编号", "p1"), "项目名称", "我的名称");
  sheet.Set(sheet.RowOf("编号", "p2"), "项目名称", "另一个名称");
  town_.Run(project::RenameProject{ProjectId{1}, {"他人的名称"}});

  const ClientResponse preview = Post("project_office", "projects", sheet.Save());
  EXPECT_EQ(NumberIn(preview, "commands"), 1);
  EXPECT_THAT(preview.body, HasSubstr(R"("mine":"我的名称","theirs":"他人的名称")"));
  EXPECT_EQ(Post("project_office", "projects", sheet.Save(), TextIn(preview, "plan")).status, 200);

  EXPECT_EQ(Title(1), "他人的名称");
  EXPECT_EQ(Title(2), "另一个名称");
}

TEST_F(SheetsApi, NobodyStandsForWhatTheyHaveNotSeen) {
  OpenSheet sheet(Export("project_office", "projects.xlsx"));
  sheet.Set(1, "项目名称", "甲");
  sheet.Set(2, "项目名称", "乙");
  const std::string plan = TextIn(Post("project_office", "projects", sheet.Save()), "plan");
  town_.Run(project::RenameProject{ProjectId{2}, {"丙"}});
  const std::uint64_t before = Seq();

  EXPECT_EQ(CodeOf(Post("project_office", "projects", sheet.Save(), plan)), "sheet.plan_changed");
  EXPECT_EQ(Seq(), before);
}

TEST_F(SheetsApi, EachCommandNeedsTheAccountsOwnPermission) {
  OpenSheet sheet(Export("unit_officer", "projects.xlsx"));
  sheet.Set(sheet.RowOf("编号", "p1"), "项目名称", "可以改");
  sheet.Set(sheet.RowOf("编号", "p1"), "牵头单位", "示例他局");
  const ClientResponse preview = Post("unit_officer", "projects", sheet.Save());

  EXPECT_EQ(NumberIn(preview, "errors"), 1);
  EXPECT_THAT(preview.body, HasSubstr(R"("column":"牵头单位","severity":"error","code":"access.denied")"));
  EXPECT_EQ(TextIn(preview, "plan"), "");

  // A row of a unit that the account does not see is not there for it.
  OpenSheet all(Export("leader", "projects.xlsx"));
  all.Set(all.RowOf("编号", "p2"), "项目名称", "看不见的");
  const ClientResponse foreign = Post("unit_officer", "projects", all.Save());
  EXPECT_THAT(foreign.body, HasSubstr(R"("code":"sheet.unknown_id")"));
  EXPECT_THAT(foreign.body, Not(HasSubstr("看不见的")));
  // Who may only read is refused each change.
  all.Set(all.RowOf("编号", "p2"), "项目名称", "领导改的");
  EXPECT_THAT(Post("leader", "projects", all.Save()).body, HasSubstr(R"("code":"access.denied")"));
  EXPECT_EQ(CodeOf(Post("sysadmin", "projects", all.Save())), "access.denied");
}

TEST_F(SheetsApi, PlansMoveTogetherAndReachedDaysNeedTheirOrder) {
  town_.Run(project::PlanMilestone{ProjectId{1}, {"signed"}, MakeDay(2026, 3, 1)});
  town_.Run(project::PlanMilestone{ProjectId{1}, {"started"}, MakeDay(2026, 4, 1)});
  OpenSheet sheet(Export("project_office", "projects.xlsx"));
  const std::size_t row = sheet.RowOf("编号", "p1");
  ASSERT_TRUE(sheet.Has("签约·计划"));
  EXPECT_EQ(sheet.Get(row, "签约·计划"), "2026-03-01");

  // Both later than both were: neither order of the columns alone would be in order.
  sheet.Set(row, "签约·计划", "2026-05-01");
  sheet.Set(row, "开工落地·计划", "2026年6月1日");
  sheet.Set(row, "签约·实际", "2026/5/2");
  EXPECT_EQ(Import("project_office", "projects", sheet.Save()).status, 200);

  // A day that stands is corrected with a reason, not by a sheet.
  OpenSheet again(Export("project_office", "projects.xlsx"));
  EXPECT_EQ(again.Get(row, "开工落地·计划"), "2026-06-01");
  EXPECT_EQ(again.Get(row, "签约·实际"), "2026-05-02");
  again.Set(row, "签约·实际", "2026-05-03");
  again.Set(row, "开工落地·计划", "");
  const ClientResponse preview = Post("project_office", "projects", again.Save());
  EXPECT_THAT(preview.body, HasSubstr(R"("code":"sheet.needs_reason")"));
  EXPECT_THAT(preview.body, HasSubstr(R"("code":"sheet.cannot_clear")"));
}

TEST_F(SheetsApi, ATemplateMakesNewRecordsOnce) {
  OpenSheet sheet(Export("project_office", "projects/template"));
  EXPECT_FALSE(sheet.Has("亮灯"));
  const std::size_t row = sheet.rows() + 1;
  sheet.Set(row, "项目名称", "示例新项目");
  sheet.Set(row, "牵头单位", "示例重点办");
  sheet.Set(row, "项目代码", "P-9");
  sheet.Set(row, "签约·计划", "2026-12-01");
  sheet.Set(row + 1, "项目名称", "没有单位的项目");

  const ClientResponse preview = Post("project_office", "projects", sheet.Save());
  EXPECT_THAT(preview.body, HasSubstr(R"("column":"牵头单位","severity":"error","code":"sheet.value_missing")"));
  sheet.Set(row + 1, "牵头单位", "示例他局");
  EXPECT_EQ(NumberIn(Import("project_office", "projects", sheet.Save()), "commands"), 3);

  const auto plan = town_.Get("leader", "/api/v1/projects/p4");
  EXPECT_THAT(plan.body, HasSubstr(R"("planned_on":"2026-12-01")"));
  const ClientResponse again = Post("project_office", "projects", sheet.Save());
  EXPECT_EQ(NumberIn(again, "commands"), 0) << again.body;
  EXPECT_EQ(NumberIn(again, "already_so"), 2) << again.body;
  // The same code for another project is refused.
  sheet.Set(row, "项目名称", "另一个项目");
  EXPECT_THAT(Post("project_office", "projects", sheet.Save()).body, HasSubstr(R"("code":"project.code_taken")"));
}

TEST_F(SheetsApi, ReportsAreSubmittedByTheRowAndCorrectedWithAReason) {
  for (std::uint32_t p = 1; p <= 3; ++p)
    town_.Run(project::ReachMilestone{ProjectId{p}, {"signed"}, MakeDay(2026, 1, 5), std::nullopt});
  town_.Run(project::ScheduleReports{
      Period::Parse("2026-10").value(), {"plain"}, {"signed"}, std::nullopt, {5}, project::DueUnit::work_days});
  OpenSheet sheet(Export("unit_officer", "reports.xlsx?period=2026-10"));
  ASSERT_EQ(sheet.rows(), 2u);
  const std::size_t row = sheet.RowOf("编号", "p1");
  sheet.Set(row, "本月完成投资（万元）", "0.01");
  EXPECT_THAT(Post("unit_officer", "reports", sheet.Save()).body,
              HasSubstr(R"("column":"累计完成投资（万元）","severity":"error","code":"sheet.value_missing")"));
  sheet.Set(row, "累计完成投资（万元）", "0.05");
  sheet.Set(row, "形象进度描述", "示例进展");
  sheet.Set(row, "形象进度（%）", "35%");
  const ClientResponse done = Import("unit_officer", "reports", sheet.Save());
  EXPECT_EQ(NumberIn(done, "commands"), 1) << done.body;
  EXPECT_EQ(TextIn(town_.Get("unit_officer", "/api/v1/projects/p1/reports"), "completed_total_minor"), "50000");
  EXPECT_EQ(NumberIn(Post("unit_officer", "reports", sheet.Save()), "commands"), 0);

  OpenSheet later(Export("unit_officer", "reports.xlsx?period=2026-10"));
  EXPECT_EQ(later.Get(later.RowOf("编号", "p1"), "报送情况"), "迟报");
  later.Set(later.RowOf("编号", "p1"), "累计完成投资（万元）", "0.04");
  EXPECT_THAT(Post("unit_officer", "reports", later.Save()).body,
              HasSubstr(R"("column":"更正原因","severity":"error","code":"sheet.value_missing")"));
  later.Set(later.RowOf("编号", "p1"), "更正原因", "多计一笔");
  EXPECT_EQ(Import("unit_officer", "reports", later.Save()).status, 200);
  EXPECT_EQ(NumberIn(town_.Get("unit_head", "/api/v1/corrections"), "total"), 1);
}

TEST_F(SheetsApi, ObligationsAreAssignedMovedAndListed) {
  OpenSheet sheet(Export("project_office", "obligations.xlsx"));
  const std::size_t row = sheet.RowOf("编号", "b1");
  sheet.Set(row, "时限", "2026-12-20");
  sheet.Set(row, "改期原因", "等材料");
  sheet.Set(row, "清单", "任务清单");
  const std::size_t fresh = sheet.rows() + 1;
  sheet.Set(fresh, "类型", "任务");
  sheet.Set(fresh, "事项内容", "示例新任务");
  sheet.Set(fresh, "责任单位", "示例他局");
  sheet.Set(fresh, "时限", "2026-12-31");
  const ClientResponse done = Import("project_office", "obligations", sheet.Save());
  EXPECT_EQ(NumberIn(done, "commands"), 3) << done.body;

  const std::string list = town_.Get("leader", "/api/v1/obligations").body;
  EXPECT_THAT(list, HasSubstr("示例新任务"));
  EXPECT_THAT(list, HasSubstr("2026-12-20"));
  EXPECT_EQ(NumberIn(Post("project_office", "obligations", sheet.Save()), "commands"), 0);
  // Who may not assign is told so by the cell.
  OpenSheet officer(Export("unit_officer", "obligations.xlsx"));
  officer.Set(1, "时限", "2026-12-22");
  officer.Set(1, "改期原因", "想晚点");
  EXPECT_THAT(Post("unit_officer", "obligations", officer.Save()).body, HasSubstr(R"("code":"access.denied")"));
}

// What stands on the screen stands in the sheet: of every kind, with the same day and unit, for who sees all and for
// who sees their own.
TEST_F(SheetsApi, ObligationsAreTheRowsOfTheListWithBlocksAndStepsOfCases) {
  town_.Run(project::PlanMilestone{ProjectId{1}, {"signed"}, MakeDay(2026, 11, 20)});
  town_.Run(project::RaiseBlock{ProjectId{1},
                                project::BlockKind::land,
                                {"signed"},
                                UnitId{2},
                                MakeDay(2026, 11, 18),
                                MakeDay(2026, 11, 10),
                                {"示例卡点"}});
  const std::uint64_t raised = Seq();
  for (std::uint32_t unit = 1; unit <= 2; ++unit) {
    const std::string n = std::to_string(unit);
    cases::DefineMatter matter{};
    matter.matter = {"m" + n};
    matter.version = {1};
    matter.from = MakeDay(2026, 1, 1);
    matter.zh = {"示例事项" + n};
    matter.owner_unit = UnitId{unit};
    matter.promised = cases::Limit{{5}, cases::LimitUnit::work_days};
    if (unit == 1) matter.statutory = cases::Limit{{20}, cases::LimitUnit::work_days};
    town_.Run(matter);
  }
  town_.Run(cases::DefinePackage{
      {"p"}, {1}, MakeDay(2026, 1, 1), {"示例一件事"}, UnitId{1}, {{{"m1"}, {"m2"}}}, std::nullopt});
  town_.Run(cases::ApplyForCase{{"p"}, {{{"m1"}, {"m2"}}}, std::nullopt, ProjectId{1}, {}, std::nullopt});
  town_.Run(cases::AcceptCase{cases::CaseId{1}});

  for (const std::string login : {"project_office", "unit_officer"}) {
    SCOPED_TRACE(login);
    const OpenSheet sheet(Export(login, "obligations.xlsx"));
    simdjson::dom::parser parser;
    const simdjson::padded_string body(town_.Get(login, "/api/v1/obligations?limit=500").body);
    simdjson::dom::array rows;
    ASSERT_EQ(parser.parse(body)["rows"].get(rows), simdjson::SUCCESS);
    std::map<std::string, int> kinds;
    for (const simdjson::dom::element row : rows) {
      const auto text = [&](const char* pointer) {
        std::string_view found;
        return row.at_pointer(pointer).get(found) == simdjson::SUCCESS ? std::string(found) : std::string();
      };
      const std::string kind = text("/kind");
      ++kinds[kind];
      const std::string id = kind == "step"        ? text("/case_id") + "." + std::to_string(row["step"].get_int64())
                             : kind == "block"     ? text("/project/id") + "#" + std::to_string(raised)
                             : kind == "milestone" ? text("/project/id") + "." + text("/milestone")
                                                   : text("/id");
      const std::size_t at = sheet.RowOf("编号", id);
      ASSERT_NE(at, 0u) << id;
      EXPECT_EQ(sheet.Get(at, "时限"), text("/due_on")) << id;
      EXPECT_EQ(sheet.Get(at, "责任单位"), text("/owner_unit/name")) << id;
      EXPECT_EQ(sheet.Get(at, "法定时限"), text("/statutory_due_on")) << id;
      if (kind == "step" || kind == "block") {
        EXPECT_EQ(sheet.Get(at, "事项内容"), text("/text")) << id;
      }
    }
    EXPECT_EQ(sheet.rows(), rows.size());
    EXPECT_EQ(kinds["step"], login == "project_office" ? 2 : 1);
    EXPECT_EQ(kinds["milestone"], 1);
    EXPECT_EQ(kinds["block"], login == "project_office" ? 1 : 0);
  }

  OpenSheet sheet(Export("project_office", "obligations.xlsx"));
  EXPECT_EQ(sheet.Get(sheet.RowOf("编号", "k1.1"), "类型"), "办件环节");
  EXPECT_EQ(sheet.Get(sheet.RowOf("编号", "k1.1"), "时限"), "2026-11-23");
  EXPECT_EQ(sheet.Get(sheet.RowOf("编号", "k1.1"), "法定时限"), "2026-12-14");
  EXPECT_EQ(NumberIn(Post("project_office", "obligations", sheet.Save()), "commands"), 0);
  // Neither is changed in a sheet.
  for (const std::string& id : {std::string("k1.1"), "p1#" + std::to_string(raised)}) {
    OpenSheet changed(Export("project_office", "obligations.xlsx"));
    changed.Set(changed.RowOf("编号", id), "时限", "2026-12-25");
    EXPECT_THAT(Post("project_office", "obligations", changed.Save()).body,
                HasSubstr(R"("column":"时限","severity":"error","code":"sheet.fixed_in_row")"));
  }
}

TEST_F(SheetsApi, PlannedMilestonesInTheListAreMovedAsPlans) {
  town_.Run(project::PlanMilestone{ProjectId{1}, {"signed"}, MakeDay(2026, 11, 20)});
  OpenSheet sheet(Export("unit_officer", "obligations.xlsx"));
  const std::size_t row = sheet.RowOf("编号", "p1.signed");
  ASSERT_NE(row, 0u);
  sheet.Set(row, "时限", "2026-11-25");

  EXPECT_THAT(Import("unit_officer", "obligations", sheet.Save()).body,
              HasSubstr(R"("before":"2026-11-20","after":"2026-11-25","command":"project.plan_milestone")"));
}

TEST_F(SheetsApi, EnterprisesAndPeopleComeFromSheets) {
  OpenSheet enterprises(Export("project_office", "enterprises.xlsx"));
  enterprises.Set(1, "企业名称", "示例企业集团");
  enterprises.Set(2, "企业名称", "示例新企业");
  enterprises.Set(2, "统一社会信用代码", "91350100M000100Y43");
  enterprises.Set(3, "企业名称", "示例错码企业");
  enterprises.Set(3, "统一社会信用代码", "91350100M000100Y44");
  EXPECT_THAT(Post("project_office", "enterprises", enterprises.Save()).body,
              HasSubstr(R"("code":"credit_code.wrong_check")"));
  enterprises.Set(3, "统一社会信用代码", "");
  EXPECT_EQ(NumberIn(Import("project_office", "enterprises", enterprises.Save()), "commands"), 3);
  EXPECT_EQ(NumberIn(Post("project_office", "enterprises", enterprises.Save()), "commands"), 0);

  town_.Run(people::CreatePost{UnitId{2}, {"示例副职"}});
  OpenSheet people(Export("project_office", "people/template"));
  const std::size_t row = people.rows() + 1;
  people.Set(row, "姓名", "李四（示例）");
  people.Set(row, "岗位", "示例他局 · 示例副职");
  people.Set(row, "任职日期", "2026-11-01");
  people.Set(row + 1, "姓名", "张三（示例）");
  const ClientResponse done = Import("project_office", "people", people.Save());
  EXPECT_EQ(NumberIn(done, "commands"), 2) << done.body;
  EXPECT_THAT(done.body, HasSubstr(R"("code":"sheet.same_name")"));
  EXPECT_THAT(town_.Get("project_office", "/api/v1/posts").body, HasSubstr("李四（示例）"));
}

TEST_F(SheetsApi, ANewCountyBringsItsRegionsUnitsAndPostsInTwoSheets) {
  OpenSheet regions(Export("project_office", "regions/template"));
  const std::size_t first = regions.rows() + 1;
  regions.Set(first, "地区代码", "990101");
  regions.Set(first, "地区名称", "示例新县");
  regions.Set(first + 1, "地区代码", "990101001");
  regions.Set(first + 1, "地区名称", "示例新镇");
  regions.Set(first + 1, "上级地区", "示例新县");  // Stands in the row above, not yet in the ledger.
  regions.Set(first + 2, "地区代码", "990101002");
  regions.Set(first + 2, "地区名称", "示例孤镇");
  regions.Set(first + 2, "上级地区", "示例无此县");
  const ClientResponse orphan = Post("project_office", "regions", regions.Save());
  EXPECT_THAT(orphan.body, HasSubstr(R"("column":"上级地区","severity":"error","code":"sheet.parent_unknown")"));
  EXPECT_EQ(TextIn(orphan, "plan"), "") << "A sheet with an error is not offered.";
  regions.Set(first + 2, "上级地区", "990101");
  EXPECT_EQ(NumberIn(Import("project_office", "regions", regions.Save()), "commands"), 3);
  EXPECT_EQ(NumberIn(Post("project_office", "regions", regions.Save()), "commands"), 0);
  EXPECT_THAT(town_.Get("project_office", "/api/v1/regions").body, HasSubstr("示例孤镇"));

  OpenSheet units(Export("project_office", "units/template"));
  const std::size_t row = units.rows() + 1;
  units.Set(row, "单位名称", "示例投促局");
  units.Set(row, "岗位", "示例局长；示例副局长、示例局长");
  units.Set(row + 1, "单位名称", "示例驻外分队");
  units.Set(row + 1, "上级单位", "示例投促局");
  units.Set(row + 1, "单位代码", "away1");
  const ClientResponse done = Import("project_office", "units", units.Save());
  EXPECT_EQ(NumberIn(done, "commands"), 4) << done.body;  // Two units, two posts: a title said twice is one post.
  const std::string posts = town_.Get("project_office", "/api/v1/posts").body;
  EXPECT_THAT(posts, HasSubstr("示例副局长"));
  // The same sheet with one more post makes that one.
  units.Set(row, "岗位", "示例局长；示例副局长；示例科长");
  const ClientResponse more = Import("project_office", "units", units.Save());
  EXPECT_EQ(NumberIn(more, "commands"), 1) << more.body;
}

TEST_F(SheetsApi, ASheetInTheOtherLanguageIsReadInItsOwn) {
  OpenSheet sheet(Export("project_office", "obligations.xlsx", "en"));
  sheet.Set(sheet.RowOf("Number", "b1"), "List", "Task list");

  EXPECT_THAT(Import("project_office", "obligations", sheet.Save()).body, HasSubstr(R"("command":"obligation.list")"));
}

TEST_F(SheetsApi, ASheetOfAnotherLedgerOrListIsRefused) {
  Town other;
  const std::string foreign = other.Get("leader", "/api/v1/sheets/projects.xlsx").body;

  EXPECT_EQ(CodeOf(Post("project_office", "projects", foreign)), "sheet.other_ledger");
  EXPECT_EQ(CodeOf(Post("project_office", "enterprises", Export("leader", "projects.xlsx"))), "sheet.other_list");
  EXPECT_EQ(CodeOf(Post("project_office", "gossip", foreign)), "sheet.unknown_list");
  EXPECT_EQ(CodeOf(Post("project_office", "projects", Export("leader", "projects.xlsx?as_of=2026-01-01"))),
            "sheet.no_marks");
}

TEST_F(SheetsApi, HostileFilesAreRefusedInBoundedMemory) {
  using exchange::test::HandMade;
  using exchange::test::PartsOf;
  using exchange::test::Zip;
  const HandMade small{.sheets = {{"S", "", "<sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c></row></sheetData>"}}};
  const auto with = [&](std::string_view part, std::string content) {
    auto parts = PartsOf(small);
    for (auto& p : parts)
      if (p.name.ends_with(part)) p.content = std::move(content);
    return Zip(parts);
  };
  // 256 MB of blanks in 256 KB; 2 GB in 2 MB is the same ratio, refused at the same place.
  std::string bomb =
      with("sheet1.xml", "<worksheet><sheetData>" + std::string(256 << 20, ' ') + "</sheetData></worksheet>");
  const std::string entities =
      with("sheet1.xml", "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><worksheet>&b;</worksheet>");
  const std::string nested = Zip({{"book.xlsx", bomb, true}});
  ASSERT_LT(bomb.size(), 1u << 20);
  rusage before{}, after{};
  getrusage(RUSAGE_SELF, &before);

  EXPECT_EQ(CodeOf(Post("project_office", "projects", bomb)), "sheet.ratio");
  EXPECT_EQ(CodeOf(Post("project_office", "projects", entities)), "sheet.entity_refused");
  EXPECT_EQ(CodeOf(Post("project_office", "projects", nested)), "sheet.not_xlsx");
  EXPECT_EQ(CodeOf(Post("project_office", "projects", "编号,名称\n")), "sheet.not_xlsx");
  EXPECT_EQ(CodeOf(Post("project_office", "projects", "")), "sheet.not_xlsx");
  EXPECT_EQ(Post("project_office", "projects", std::string((16 << 20) + 1, 'x')).status, 413);

  getrusage(RUSAGE_SELF, &after);
  EXPECT_LT(after.ru_maxrss - before.ru_maxrss, 64 * 1024);
  EXPECT_EQ(town_.Get("leader", "/api/v1/board").status, 200);
}

}  // namespace
}  // namespace landfall::server
