// SPDX-License-Identifier: Apache-2.0
#include "app/import_matters.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "support/ledger_fixture.h"

namespace landfall::app {
namespace {

using approval::Catalogue;
using approval::CatalogueRows;
using cases::Limit;

Catalogue BuiltIn() { return Catalogue::Load(EmbeddedCatalog()).value(); }

Catalogue Changed(const std::function<void(CatalogueRows&)>& change) {
  CatalogueRows rows = BuiltIn().rows();
  change(rows);
  return Catalogue::Make(std::move(rows)).value();
}
approval::Matter& MatterIn(CatalogueRows& rows, std::string_view id) {
  return *std::ranges::find_if(rows.matters->items, [&](const auto& m) { return m.id.value == id; });
}

class ImportMattersTest : public testing::Test {
 protected:
  void SetUp() override { world_.Create(); }
  MattersReport Import(const Catalogue& catalogue) {
    auto report = ImportMatters(*world_.engine, Actor::System(), world_.Key(), catalogue, {});
    EXPECT_TRUE(report) << report.error().code << " " << report.error().detail;
    return *report;
  }
  // The versions of a matter that the ledger has.
  std::vector<cases::MatterDefined> Versions(const std::string& id) {
    const Engine::Reader reader = world_.engine->Read();
    std::vector<cases::MatterDefined> out;
    for (const cases::Matter& matter : reader.state().cases.matters)
      if (matter.event.on.key == id) out.push_back(matter.event);
    return out;
  }
  Day Today() { return WallDay(world_.engine->clock().Now(), world_.engine->Read().state().admin.offset()); }
  std::vector<std::string> LeftOut(const MattersReport& report, std::string_view what) {
    for (const MattersLeftOut& left : report.left_out)
      if (left.what == what) return left.ids;
    return {};
  }

  test::World world_;
};

TEST_F(ImportMattersTest, TheBuiltInCatalogueBecomesRecordsOnce) {
  const Catalogue catalogue = BuiltIn();

  const MattersReport first = Import(catalogue);
  const std::uint64_t size = world_.engine->log().size();
  const MattersReport again = Import(catalogue);

  EXPECT_EQ(first.matters_defined, static_cast<std::int64_t>(catalogue.matters().size()));
  EXPECT_EQ(first.packages_defined, static_cast<std::int64_t>(catalogue.packages().size()));
  EXPECT_GT(first.seq, 0);
  EXPECT_EQ(again.seq, 0);
  EXPECT_EQ(again.unchanged, first.matters + first.packages);
  EXPECT_EQ(world_.engine->log().size(), size);
  // What a record cannot say is told, matter by matter, and not made up.
  EXPECT_GT(LeftOut(first, "applies").size(), 20u);
  // The construction permit waits for the works permit where that is part of the case, and asks nobody for it
  // elsewhere.
  const auto papers = Versions("p3-04").at(0).papers.items;
  const auto works =
      std::find_if(papers.begin(), papers.end(), [](const auto& p) { return p.paper.value == "works_permit"; });
  ASSERT_NE(works, papers.end());
  EXPECT_EQ(works->if_made, true);
  // What it makes ends by itself after three months (建筑法 第9条), and the record says so.
  const auto made = Versions("p3-04").at(0).made_valid;
  ASSERT_TRUE(made.has_value());
  ASSERT_EQ(made->items.size(), 1u);
  EXPECT_EQ(made->items[0].paper.value, "construction_permit");
  EXPECT_EQ(made->items[0].valid_days.value, 92);
  {
    const Engine::Reader reader = world_.engine->Read();
    const cases::State& s = reader.state().cases;
    const auto matter = [&](const char* key) { return static_cast<std::uint32_t>(s.FindMatter(key, Today())); };
    const auto both = cases::MakeForm(s, 0, {matter("p2-02"), matter("p3-04")}).value();
    EXPECT_EQ(both.steps[1].waits, 1u);
    const auto alone = cases::MakeForm(s, 0, {matter("p3-04")}).value();
    EXPECT_EQ(alone.steps[0].waits, 0u);
    EXPECT_EQ(alone.FindPaper("works_permit"), -1);
  }
  // 即办 is a limit of no day.
  EXPECT_EQ(Versions("p1-01").at(0).promised->days.value, 0);
}

TEST_F(ImportMattersTest, WhatChangedBecomesAVersionFromTodayOn) {
  Import(BuiltIn());
  const Catalogue changed = Changed([](CatalogueRows& rows) { MatterIn(rows, "x-04").promised = Limit{{6}, {}}; });

  const MattersReport report = Import(changed);
  const MattersReport again = Import(changed);

  EXPECT_EQ(report.matters_defined, 1);
  EXPECT_EQ(report.packages_defined, 0);
  const auto versions = Versions("x-04");
  ASSERT_EQ(versions.size(), 2u);
  EXPECT_EQ(versions[0].promised->days.value, 7);
  EXPECT_EQ(versions[1].promised->days.value, 6);
  EXPECT_EQ(versions[1].version.value, 2);
  EXPECT_EQ(versions[1].from, Today());
  EXPECT_EQ(again.seq, 0);
}

TEST_F(ImportMattersTest, ALaterVersionBeginsOnItsDay) {
  Import(BuiltIn());
  const Day from = Today() + std::chrono::days(30);
  const Catalogue next = Changed([&](CatalogueRows& rows) {
    approval::Matter later = MatterIn(rows, "x-04");
    MatterIn(rows, "x-04").until = from - std::chrono::days(1);
    later.version = {2}, later.from = from, later.promised = Limit{{5}, {}};
    rows.matters->items.push_back(later);
  });

  Import(next);
  const MattersReport again = Import(next);

  const auto versions = Versions("x-04");
  ASSERT_EQ(versions.size(), 2u);
  EXPECT_EQ(versions[1].from, from);
  EXPECT_EQ(versions[1].promised->days.value, 5);
  EXPECT_EQ(again.seq, 0);
}

TEST_F(ImportMattersTest, KeepsWhatThePlaceDecidedAndACatalogueDoesNotSay) {
  Import(BuiltIn());
  const Catalogue catalogue = BuiltIn();
  const approval::Matter& matter = *catalogue.FindMatter("p3-03", Today());
  cases::DefineMatter own = DefinitionOf(catalogue, matter, UnitId{1}, nullptr);
  own.version = {2}, own.discretion = false;
  own.owner_unit = Versions("p3-03").at(0).owner_unit;
  for (cases::PaperOf& paper : own.papers.items) paper.may_follow = true;
  ASSERT_TRUE(world_.Run(own));

  const MattersReport same = Import(catalogue);
  const MattersReport changed = Import(Changed([](CatalogueRows& rows) {
    MatterIn(rows, "p3-03").promised = Limit{{4}, {}};
  }));

  EXPECT_EQ(same.seq, 0) << "what the catalogue does not say is no difference";
  EXPECT_EQ(changed.matters_defined, 1);
  const cases::MatterDefined last = Versions("p3-03").back();
  EXPECT_EQ(last.promised->days.value, 4);
  EXPECT_FALSE(last.discretion);
  EXPECT_TRUE(last.papers.items.at(0).may_follow);
}

TEST_F(ImportMattersTest, ADepartmentIsTheUnitOfItsCodeOrItsName) {
  const Answer by_code = world_.Run(people::CreateUnit{{"ecology"}, {"示例生态环境局"}, {}}).value();
  const Answer by_name = world_.Run(people::CreateUnit{{"Z-1"}, {"水利部门"}, {}}).value();

  const MattersReport report = Import(BuiltIn());

  EXPECT_EQ(Versions("x-01").at(0).owner_unit.ToString(), by_code.ids.at(0));
  EXPECT_EQ(Versions("x-05").at(0).owner_unit.ToString(), by_name.ids.at(0));
  EXPECT_EQ(report.units_created, 14);
}

TEST_F(ImportMattersTest, AMatterWithoutALimitStaysOutsideWithThePackagesThatNeedIt) {
  const MattersReport report = Import(Changed([](CatalogueRows& rows) {
    MatterIn(rows, "p3-03").promised.reset();
    MatterIn(rows, "p3-03").statutory.reset();
  }));

  EXPECT_EQ(LeftOut(report, "no_limit"), std::vector<std::string>{"p3-03"});
  EXPECT_EQ(LeftOut(report, "package_of_left_out"), (std::vector<std::string>{"industrial_filing", "land_then_build"}));
  EXPECT_TRUE(Versions("p3-03").empty());
  EXPECT_FALSE(Versions("p3-04").empty());
}

TEST_F(ImportMattersTest, ADryRunStoresNothing) {
  const std::uint64_t size = world_.engine->log().size();

  const auto report = ImportMatters(*world_.engine, Actor::System(), world_.Key(), BuiltIn(), {true, {}});

  ASSERT_TRUE(report);
  EXPECT_GT(report->matters_defined, 20);
  EXPECT_EQ(world_.engine->log().size(), size);
}

}  // namespace
}  // namespace landfall::app
