// SPDX-License-Identifier: Apache-2.0
// The catalogue of matters in its travelling forms, and what a reform of it saves an applicant.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <simdjson.h>

#include <filesystem>
#include <map>
#include <set>

#include "app/catalogue_sheets.h"
#include "app/reduction.h"
#include "calendar/calendar_book.h"
#include "exchange/xlsx_write.h"
#include "support/test_data.h"

namespace landfall::app {
namespace {

using approval::Catalogue;
using approval::CatalogueRows;

Catalogue BuiltIn() { return Catalogue::Load(EmbeddedCatalog()).value(); }
const Instant kAt = Instant(MakeDay(2026, 11, 20));

TEST(CatalogueSheets, GoOutAndComeBackUnchanged) {
  const CatalogueRows rows = BuiltIn().rows();
  const std::string xlsx = WriteCatalogueSheets(rows, kAt).value();
  const CatalogueImport back = ReadCatalogueSheets(xlsx).value();
  EXPECT_TRUE(back.passed());
  EXPECT_EQ(back.problems.notes(), 0u);
  EXPECT_EQ(back.read, rows.departments->items.size() + rows.facts->items.size() + rows.papers->items.size() +
                           rows.matters->items.size() + rows.packages->items.size());
  EXPECT_EQ(approval::WriteCatalogueFile(back.rows), approval::WriteCatalogueFile(rows));
}

// A sheet of matters as a person would hand it in.
std::string SheetOfMatters(std::vector<std::string> heads, std::vector<std::vector<std::string>> lines) {
  exchange::WorkbookSpec book;
  book.created_at = kAt;
  exchange::SheetSpec sheet;
  sheet.name = "事项";
  for (const std::string& head : heads) {
    exchange::ColumnSpec column;
    column.key = column.label = head;
    sheet.columns.push_back(column);
  }
  for (auto& line : lines) {
    exchange::RowSpec row;
    for (std::string& cell : line)
      row.values.push_back(cell.empty() ? exchange::SheetValue() : exchange::SheetValue(std::move(cell)));
    sheet.rows.push_back(std::move(row));
  }
  book.sheets.push_back(std::move(sheet));
  return exchange::WriteXlsx(book).value();
}

TEST(CatalogueSheets, TypedCellsAreTakenAsMeantAndFaultsAreNamedByRowAndColumn) {
  const std::vector<std::string> heads{"id",   "version",   "生效日（from）",   "zh",  "en",     "department", "level",
                                       "kind", "statutory", "法定材料 (needs)", "law", "source", "confirmed",  "备注"};
  const auto line = [](std::string id, std::string kind, std::string limit, std::string zh) {
    return std::vector<std::string>{std::move(id),
                                    "1",
                                    "2024年3月5日",
                                    std::move(zh),
                                    "a licence",
                                    "market",
                                    "县区",
                                    std::move(kind),
                                    std::move(limit),
                                    "map、plan, deed",
                                    "某法 第1条",
                                    "某市",
                                    "否",
                                    "随便写"};
  };
  const CatalogueImport read =
      ReadCatalogueSheets(
          SheetOfMatters(heads, {line("m-1", "行政许可", "20个工作日", "某某许可"),
                                 line("m-2", "licence", "30 天", "某某备案"), line("m-3", "许可证", "二十天", "")}))
          .value();
  ASSERT_TRUE(read.rows.matters);
  ASSERT_EQ(read.rows.matters->items.size(), 2u);
  const approval::Matter &first = read.rows.matters->items[0], &second = read.rows.matters->items[1];
  EXPECT_EQ(first.kind, approval::MatterKind::licence);
  EXPECT_EQ(first.from, MakeDay(2024, 3, 5));
  EXPECT_EQ(ToJson(*first.statutory), R"({"days":20,"unit":"work_days"})");
  EXPECT_EQ(ToJson(*second.statutory), R"({"days":30,"unit":"calendar_days"})");
  std::vector<std::string> needs;
  for (const auto& paper : first.needs->items) needs.push_back(paper.value);
  EXPECT_EQ(needs, (std::vector<std::string>{"map", "plan", "deed"}));

  std::vector<std::string> told;
  for (const exchange::Problem& problem : read.problems.kept())
    told.push_back(fmt::format("{} {} {}", problem.row, problem.column, problem.code));
  EXPECT_THAT(told,
              testing::UnorderedElementsAre("1 事项 备注 sheet.column_unknown", "4 事项 kind cell.not_listed",
                                            "4 事项 statutory approval.bad_limit_text", "4 事项 zh cell.missing"));
  EXPECT_FALSE(read.passed());
}

TEST(CatalogueSheets, AnotherWorkbookIsRefused) {
  exchange::WorkbookSpec book;
  book.created_at = kAt;
  exchange::ColumnSpec column;
  column.key = column.label = "a";
  exchange::SheetSpec sheet;
  sheet.name = "Sheet1";
  sheet.columns.push_back(column);
  book.sheets.push_back(sheet);
  EXPECT_EQ(ReadCatalogueSheets(exchange::WriteXlsx(book).value()).error().code, "approval.no_catalogue_sheet");
  EXPECT_EQ(ReadCatalogueSheets("no zip file").error().code, "sheet.not_xlsx");
}

TEST(CatalogueRegister, TheMattersOfARealDistrictComeInWhole) {
  const std::string name = "service-catalogue/guangan-511602-matters.csv";
  LF_NEEDS_DATA(name);
  const std::string file = test::ReadFile(test::TestData() / name);
  const std::string mapping =
      test::ReadFile(std::filesystem::path(LANDFALL_SOURCE_DIR) / "docs/formats/matters-mapping.example.json");
  const CatalogueImport read = ReadMatterRegister(file, false, mapping).value();
  ASSERT_TRUE(read.passed()) << read.problems.kept().front().code << " " << read.problems.kept().front().row;
  EXPECT_EQ(read.read, 1135u);

  std::vector<EmbeddedFile> files;
  const std::vector<NamedText> texts = CatalogueFiles(read.rows);
  std::vector<std::string> names;
  for (const NamedText& text : texts) names.push_back("matters/" + text.name);
  for (std::size_t i = 0; i < texts.size(); ++i) files.push_back({names[i], texts[i].text});
  const Catalogue catalogue = Catalogue::Load(files).value();
  EXPECT_EQ(catalogue.departments().size(), 34u);
  ASSERT_EQ(catalogue.matters().size(), 1135u);
  std::map<std::string_view, int> kinds;
  std::set<std::string> codes;
  for (const approval::Matter& matter : catalogue.matters()) {
    ++kinds[EnumName(matter.kind)];
    codes.insert(matter.code->value);
    EXPECT_FALSE(matter.confirmed);
  }
  // The counts of the source's own description.
  EXPECT_EQ(kinds, (std::map<std::string_view, int>{{"licence", 536},
                                                    {"service", 348},
                                                    {"other", 182},
                                                    {"confirmation", 50},
                                                    {"benefit", 9},
                                                    {"ruling", 8},
                                                    {"award", 2}}));
  EXPECT_EQ(codes.size(), 1135u);
  const approval::Matter* filing = catalogue.FindMatter("511z07001006", MakeDay(2024, 6, 1));
  ASSERT_NE(filing, nullptr);
  EXPECT_EQ(filing->zh.value, "企业投资项目备案（技术改造）（市级/县级）");
  EXPECT_EQ(catalogue.FindDepartment(filing->department.value)->zh.value, "区经信局");

  // A column that the mapping does not know keeps all of it out.
  const CatalogueImport other = ReadMatterRegister("more,department\n1,x\n", false, mapping).value();
  EXPECT_FALSE(other.passed());
}

TEST(CatalogueCpsv, EveryAddressThatIsNamedIsDescribed) {
  const Catalogue catalogue = BuiltIn();
  const Day on = MakeDay(2026, 1, 1);
  const std::string json = WriteCpsv(catalogue, on, "https://example.org/id/");
  simdjson::dom::parser parser;
  const simdjson::padded_string padded(json);
  const simdjson::dom::element root(parser.parse(padded));
  std::set<std::string> described, named;
  std::size_t services = 0;
  for (const simdjson::dom::element node : simdjson::dom::array(root["@graph"])) {
    EXPECT_TRUE(described.insert(std::string(std::string_view(node["@id"]))).second);
    for (const auto member : simdjson::dom::object(node)) {
      if (!member.value.is_array()) continue;
      for (const simdjson::dom::element item : simdjson::dom::array(member.value))
        if (std::string_view id; item["@id"].get_string().get(id) == simdjson::SUCCESS) named.insert(std::string(id));
    }
    if (std::string_view(node["@type"]) != "cpsv:PublicService") continue;
    ++services;
    for (const char* mandatory : {"dct:identifier", "dct:title", "dct:description", "cv:hasCompetentAuthority"})
      EXPECT_EQ(node[mandatory].error(), simdjson::SUCCESS) << mandatory;
  }
  std::size_t in_force = 0;
  for (const approval::Matter& matter : catalogue.matters())
    in_force += catalogue.FindMatter(matter.id.value, on) == &matter;
  EXPECT_EQ(services, in_force);
  EXPECT_TRUE(std::ranges::includes(described, named));
  // Twenty working days take four weeks at least.
  EXPECT_THAT(json, testing::HasSubstr(R"("@value":"P28D")"));
}

// Two matters that became one, and a third that lost a paper, its fee and half of its limit.
constexpr std::string_view kReform = R"({
  "departments": [{"id": "d", "zh": "部门", "en": "department"}],
  "facts": [{"id": "large", "type": "yes_no", "zh": "是否大型", "en": "large"}],
  "papers": [{"id": "form", "zh": "申请表", "en": "form", "by": "applicant", "fields": 40},
             {"id": "deed", "zh": "产权证", "en": "deed", "by": "applicant"},
             {"id": "photo", "zh": "照片", "en": "photo", "by": "applicant"},
             {"id": "opinion", "zh": "意见", "en": "opinion"}, {"id": "permit", "zh": "许可", "en": "permit"},
             {"id": "seal", "zh": "章", "en": "seal"}],
  "matters": [
    {"id": "a", "version": 1, "from": "2020-01-01", "until": "2022-12-31", "zh": "甲", "en": "a", "department": "d", "level": "district", "kind": "review", "statutory": {"days": 10, "unit": "work_days"}, "needs": ["form", "deed"], "makes": ["opinion"], "visits": 2, "law": "l", "source": "s", "confirmed": false},
    {"id": "b", "version": 1, "from": "2020-01-01", "until": "2022-12-31", "zh": "乙", "en": "b", "department": "d", "level": "district", "kind": "licence", "statutory": {"days": 20, "unit": "work_days"}, "needs": ["form", "photo", "deed"], "makes": ["permit"], "fee": "100 元", "visits": 1, "law": "l", "source": "s", "confirmed": false},
    {"id": "b", "version": 2, "from": "2023-01-01", "zh": "乙", "en": "b", "department": "d", "level": "district", "kind": "licence", "statutory": {"days": 20, "unit": "work_days"}, "promised": {"days": 10, "unit": "work_days"}, "needs": ["form", "deed"], "makes": ["permit"], "replaces": ["a"], "visits": 1, "law": "l", "source": "s", "confirmed": false},
    {"id": "c", "version": 1, "from": "2020-01-01", "zh": "丙", "en": "c", "department": "d", "level": "district", "kind": "service", "statutory": {"days": 3, "unit": "work_days"}, "needs": ["form"], "makes": ["seal"], "law": "l", "source": "s", "confirmed": false},
    {"id": "x", "version": 1, "from": "2020-01-01", "zh": "丁", "en": "x", "department": "d", "level": "district", "kind": "service", "statutory": {"days": 5, "unit": "work_days"}, "applies": "large", "visits": 1, "law": "l", "source": "s", "confirmed": false}],
  "packages": [{"id": "all", "version": 1, "from": "2023-01-01", "zh": "一件事", "en": "all", "lead": "d", "matters": ["a", "b", "c", "x"], "visits": 1, "source": "s"}]})";

Reduction Compare(std::string_view facts, Day before, Day after) {
  const EmbeddedFile file{"matters/reform.json", kReform};
  const Catalogue catalogue = Catalogue::Load({&file, 1}).value();
  const auto calendar = CalendarBook::Load(EmbeddedCatalog()).value().At("cn", kLastDay).value();
  const rules::FactSet set = approval::ReadCaseFacts(catalogue, facts).value();
  return CompareBurdens(catalogue, *calendar, {"all", set.view(), before, after, MakeDay(2024, 3, 1)}).value();
}

TEST(Reduction, IsCountedFromTheVersionsOfTwoDays) {
  const Reduction reduction = Compare(R"({"large": false})", MakeDay(2022, 6, 1), MakeDay(2023, 6, 1));
  // Before, each on its own: form and deed for a, form, photo and deed for b, form for c.
  EXPECT_EQ(ToJson(reduction.before),
            R"({"versions_of":"2022-06-01","as_package":false,"matters":3,"papers":6,"fields":120,"visits":3,)"
            R"("visits_unknown":1,"work_days":33,"promised_days":33,"fees":1})");
  // After, asked once: form and deed; b and c side by side.
  EXPECT_EQ(ToJson(reduction.after),
            R"({"versions_of":"2023-06-01","as_package":true,"matters":2,"papers":2,"fields":40,"visits":1,)"
            R"("visits_unknown":0,"work_days":20,"promised_days":10,"fees":0})");
  std::vector<std::string> changes;
  for (const ReductionChange& change : reduction.changes)
    changes.push_back(fmt::format("{} {} {}", change.matter, EnumName(change.kind), change.detail));
  EXPECT_EQ(changes, (std::vector<std::string>{"a matter_merged b", "b paper_dropped photo",
                                               "b promise_shortened – → 10 work_days", "b fee_abolished 100 元"}));
}

TEST(Reduction, WhatChangesForNobodyIsNoReduction) {
  const Reduction same = Compare(R"({"large": true})", MakeDay(2023, 2, 1), MakeDay(2024, 2, 1));
  EXPECT_TRUE(same.changes.empty());
  EXPECT_EQ(same.before.papers, same.after.papers);
  EXPECT_EQ(same.before.matters, 3);  // b, c and x; a was merged before.
  const EmbeddedFile file{"matters/reform.json", kReform};
  const Catalogue catalogue = Catalogue::Load({&file, 1}).value();
  const auto calendar = CalendarBook::Load(EmbeddedCatalog()).value().At("cn", kLastDay).value();
  const rules::FactSet facts = approval::ReadCaseFacts(catalogue, R"({"large": true})").value();
  const auto compare = [&](Day before, Day after) {
    return CompareBurdens(catalogue, *calendar, {"all", facts.view(), before, after, after}).error().code;
  };
  EXPECT_EQ(compare(MakeDay(2023, 2, 1), MakeDay(2023, 2, 1)), "approval.days_reversed");
  EXPECT_EQ(compare(MakeDay(2021, 2, 1), MakeDay(2022, 2, 1)), "approval.unknown_package");
}

}  // namespace
}  // namespace landfall::app
