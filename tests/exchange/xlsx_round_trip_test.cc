// SPDX-License-Identifier: Apache-2.0
// A list goes out, is edited as people do, and comes back.
#include "exchange/round_trip.h"

#include <gmock/gmock.h>

#include "base/seam.h"
#include "exchange/table_support.h"
#include "exchange/xlsx_support.h"

namespace landfall::exchange::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// Three invented projects, the ledger they stand in, and the sheet they were exported to.
class RoundTrip : public testing::Test {
 protected:
  enum Field : std::size_t { kCode, kTitle, kKind, kInvestment, kSigned };

  RoundTrip() {
    spec_.ledger = "ledger-1";
    spec_.list = "projects";
    spec_.seq = 100;
    for (const char* key : {"code", "title", "kind", "investment", "signed"}) {
      ColumnSpec column;
      column.key = key;
      spec_.columns.push_back(std::move(column));
    }
    const char* labels[] = {"编号", "名称", "类型", "总投资（万元）", "签约日期"};
    for (std::size_t i = 0; i < 5; ++i) spec_.columns[i].label = labels[i];
    spec_.columns[kCode].read_only = spec_.columns[kCode].identifies = true;
    spec_.columns[kKind].choices = {"工业", "农业"};
    spec_.columns[kInvestment].kind = ColumnKind::kMoney;
    spec_.columns[kInvestment].unit_exponent = 4;
    spec_.columns[kSigned].kind = ColumnKind::kDay;
    ledger_["p1"] = {11, {"A-1", "示例一号", "工业", Money::FromMinor(11'000'050'000'000), MakeDay(2024, 2, 29)}};
    ledger_["p2"] = {12, {"A-2", "=示例二号", "农业", Money::FromMinor(1), SheetValue()}};
    ledger_["p3"] = {13, {"A-3", "示例三号", "其他", SheetValue(), MakeDay(2025, 1, 1)}};
    Export();
  }

  void Export() {
    WorkbookSpec book;
    book.context = spec_.context;
    SheetSpec sheet{
        .name = "项目", .columns = spec_.columns, .round_trip = RoundTripMark{spec_.ledger, spec_.list, spec_.seq}};
    for (const auto& [id, row] : ledger_) sheet.rows.push_back({id, row.version, row.values});
    sheet.total_row = true;
    sheet.columns[kInvestment].total = true;
    book.sheets.push_back(std::move(sheet));
    Load(WriteXlsx(book).value());
  }

  // The cells of the exported sheet and of its marks as texts, for editing.
  void Load(const std::string& bytes) {
    const Workbook book = ReadXlsx(bytes).value();
    for (const Sheet& sheet : book.sheets) {
      Grid& grid = sheet.name == kMarkSheet ? marks_ : grid_;
      if (sheet.name == "_lists") continue;
      for (const SheetRow& row : sheet.rows) {
        auto& texts = grid.emplace_back();
        for (std::uint32_t column = 1; column <= 8; ++column) texts.push_back(sheet.TextAt(row.number, column));
      }
    }
  }

  // As another program would save it: every cell an inline string, dates as ISO cells.
  Workbook Edited() const {
    const auto xml = [](const Grid& grid) {
      std::string rows;
      for (const auto& row : grid) {
        rows += "<row>";
        for (const std::string& text : row) {
          std::string escaped;
          for (char c : text) escaped += c == '&' ? "&amp;" : c == '<' ? "&lt;" : std::string(1, c);
          rows += fmt::format(R"(<c t="inlineStr"><is><t>{}</t></is></c>)", escaped);
        }
        rows += "</row>";
      }
      return "<sheetData>" + rows + "</sheetData>";
    };
    HandMade book{.sheets = {{name_, "", xml(grid_) + merges_}}};
    if (!marks_.empty()) book.sheets.push_back({std::string(kMarkSheet), R"(state="hidden")", xml(marks_)});
    return ReadXlsx(Xlsx(book)).value();
  }

  Result<RoundTripReport> TryCompare() const {
    return CompareSheet(Edited(), spec_, [&](std::string_view id) -> std::optional<CurrentRow> {
      const auto found = ledger_.find(std::string(id));
      if (found == ledger_.end()) return std::nullopt;
      return found->second;
    });
  }
  RoundTripReport Compare() const { return TryCompare().value(); }
  std::string Refusal() const {
    const auto report = TryCompare();
    return report ? "ok" : report.error().code;
  }

  // The cell of a project in the sheet. Columns 0 to 2 are id, version and check.
  std::string& Cell(std::size_t row, Field field) { return grid_[row][3 + field]; }

  static std::vector<std::string> Texts(const std::vector<CellEdit>& edits) {
    std::vector<std::string> texts;
    for (const CellEdit& edit : edits)
      texts.push_back(edit.cell + " " + edit.id + " " + edit.key + ": " + edit.old_text + " -> " + edit.new_text);
    return texts;
  }
  static std::vector<std::string> Problems(const RoundTripReport& report) {
    std::vector<std::string> texts;
    for (const Problem& problem : report.problems.kept())
      texts.push_back(fmt::format("{} {} {}", problem.row, problem.column, problem.code));
    return texts;
  }

  using Grid = std::vector<std::vector<std::string>>;
  RoundTripSpec spec_;
  std::map<std::string, CurrentRow> ledger_;
  Grid grid_, marks_;
  std::string name_ = "项目", merges_;
};

TEST_F(RoundTrip, AnUntouchedSheetChangesNothing) {
  const RoundTripReport report = Compare();

  EXPECT_THAT(report.changes, IsEmpty());
  EXPECT_THAT(report.conflicts, IsEmpty());
  EXPECT_THAT(report.new_rows, IsEmpty());
  EXPECT_THAT(report.removed_ids, IsEmpty());
  EXPECT_THAT(Problems(report), IsEmpty());
  EXPECT_EQ(report.rows, 3u);
  EXPECT_EQ(report.unchanged, 15u);
  EXPECT_EQ(report.mark.seq, 100u);
}

TEST_F(RoundTrip, AStaleSheetTurnsNothingBack) {
  ledger_["p1"] = {40, {"A-1", "改名", "农业", Money::FromMinor(5), MakeDay(2024, 3, 1)}};

  const RoundTripReport report = Compare();

  EXPECT_THAT(report.changes, IsEmpty());
  EXPECT_THAT(report.conflicts, IsEmpty());
  EXPECT_EQ(report.unchanged, 15u);
}

TEST_F(RoundTrip, EachEditedCellIsOneChange) {
  Cell(1, kTitle) = "示例一号（扩建）";
  Cell(1, kInvestment) = "120000.5";
  Cell(2, kSigned) = "2024年3月5日";
  Cell(3, kSigned) = "";

  const RoundTripReport report = Compare();

  EXPECT_THAT(Texts(report.changes), ElementsAre("E2 p1 title: 示例一号 -> 示例一号（扩建）",
                                                 "G2 p1 investment: 11000050000000 -> 120000500000",
                                                 "H3 p2 signed:  -> 2024-03-05", "H4 p3 signed: 2025-01-01 -> "));
  EXPECT_EQ(report.changes[1].new_value, SheetValue(Money::FromMinor(120'000'500'000)));
  EXPECT_EQ(report.unchanged, 11u);
  EXPECT_THAT(Problems(report), IsEmpty());
}

TEST_F(RoundTrip, OnlyTheSameCellChangedTwiceIsAConflict) {
  Cell(1, kTitle) = "甲改的";
  Cell(1, kKind) = "农业";
  Cell(2, kKind) = "工业";
  ledger_["p1"].values[kTitle] = "乙改的";
  ledger_["p1"].version = 50;
  ledger_["p2"].values[kKind] = "工业";
  ledger_["p2"].version = 51;

  const RoundTripReport report = Compare();

  EXPECT_THAT(Texts(report.conflicts), ElementsAre("E2 p1 title: 乙改的 -> 甲改的"));
  EXPECT_THAT(Texts(report.changes), ElementsAre("F2 p1 kind: 工业 -> 农业"));
  EXPECT_EQ(report.changes[0].exported_version, 11u);
  EXPECT_EQ(report.changes[0].current_version, 50u);
  EXPECT_EQ(report.already_so, 1u);
}

TEST_F(RoundTrip, WithoutDigestsTheVersionDecides) {
  Cell(1, kTitle) = "甲";
  Cell(2, kTitle) = "乙";
  Cell(3, kTitle) = "丙";
  ledger_["p2"].version = 60;
  for (std::size_t row = 1; row <= 3; ++row) grid_[row][2] = "";
  grid_[3][1] = "?";

  const RoundTripReport report = Compare();

  EXPECT_THAT(Texts(report.changes), ElementsAre("E2 p1 title: 示例一号 -> 甲"));
  EXPECT_THAT(Texts(report.conflicts), ElementsAre("E3 p2 title: =示例二号 -> 乙", "E4 p3 title: 示例三号 -> 丙"));
  EXPECT_THAT(Problems(report),
              ElementsAre("2 _校验 sheet.check_missing", "3 _校验 sheet.check_missing", "4 _校验 sheet.check_missing"));
}

TEST_F(RoundTrip, RowsMayBeSortedMovedAndPutBelowATitle) {
  std::swap(grid_[1], grid_[3]);
  for (auto& row : grid_) std::swap(row[4], row[7]);
  grid_.insert(grid_.begin(), {"2026 年项目表"});
  grid_.insert(grid_.begin(), std::vector<std::string>{});
  name_ = "我的表";
  grid_[3][7] = "新名";

  const RoundTripReport report = Compare();

  EXPECT_THAT(Texts(report.changes), ElementsAre("H4 p3 title: 示例三号 -> 新名"));
  EXPECT_EQ(report.unchanged, 14u);
  EXPECT_EQ(report.sheet, "我的表");
}

TEST_F(RoundTrip, RowsSortedWithoutTheirHiddenColumnsAreHeldBack) {
  for (std::size_t column = 3; column < 8; ++column) std::swap(grid_[1][column], grid_[2][column]);

  const RoundTripReport report = Compare();

  EXPECT_THAT(report.changes, IsEmpty());
  EXPECT_THAT(report.conflicts, IsEmpty());
  EXPECT_THAT(Problems(report), ElementsAre("2 编号 sheet.row_shifted", "3 编号 sheet.row_shifted"));
  EXPECT_EQ(report.problems.kept()[0].excerpt, "A-2");
}

TEST_F(RoundTrip, NewRowsAndRemovedOnesAreTold) {
  const auto total = grid_.back();
  grid_.pop_back();
  grid_.erase(grid_.begin() + 2);
  grid_.push_back({"", "", "", "A-9", "新项目", "工业", "3", "2026-01-02"});
  grid_.push_back({"", "", "", "", "坏行", "矿业", "三", "2026-01-02"});
  grid_.push_back({"", "", "", " ", "", "", "", ""});
  grid_.push_back(total);

  const RoundTripReport report = Compare();

  EXPECT_THAT(report.removed_ids, ElementsAre("p2"));
  ASSERT_EQ(report.new_rows.size(), 2u);
  EXPECT_EQ(report.new_rows[0].row, 4u);
  EXPECT_FALSE(report.new_rows[0].failed);
  EXPECT_THAT(report.new_rows[0].values,
              ElementsAre(SheetValue(), SheetValue("新项目"), SheetValue("工业"),
                          SheetValue(Money::FromMinor(3'000'000)), SheetValue(MakeDay(2026, 1, 2))));
  EXPECT_TRUE(report.new_rows[1].failed);
  EXPECT_THAT(Problems(report), ElementsAre("5 类型 cell.not_listed", "5 总投资（万元） money.malformed"));
}

TEST_F(RoundTrip, EveryProblemHasRowColumnAndCode) {
  Cell(1, kKind) = "矿业";
  Cell(1, kInvestment) = "12x";
  Cell(1, kSigned) = "2024-02-30";
  grid_.insert(grid_.begin() + 4, grid_[2]);
  grid_.insert(grid_.begin() + 5, {"p9", "3", "", "A-9", "x", "", "", ""});
  grid_[0].resize(9);
  grid_[0][8] = "我的备注";
  spec_.columns[kTitle].read_only = true;
  Cell(3, kTitle) = "不许改";

  const RoundTripReport report = Compare();

  EXPECT_THAT(report.changes, IsEmpty());
  EXPECT_THAT(Problems(report), ElementsAre("1 我的备注 sheet.column_unknown", "2 类型 cell.not_listed",
                                            "2 总投资（万元） money.malformed", "2 签约日期 cell.day_impossible",
                                            "3 _标记 sheet.duplicate_id", "4 名称 sheet.read_only_edited",
                                            "5 _标记 sheet.duplicate_id", "6 _标记 sheet.unknown_id"));
  EXPECT_TRUE(report.problems.errors() == 7 && report.problems.notes() == 1);
}

TEST_F(RoundTrip, ColumnsThatAreGoneOrMeanSomethingElseNowAreLeftAlone) {
  for (auto& row : grid_) row[7] = "";
  Cell(1, kInvestment) = "7";
  spec_.columns[kInvestment].unit_exponent = 8;

  const RoundTripReport report = Compare();

  EXPECT_THAT(report.changes, IsEmpty());
  EXPECT_THAT(Problems(report),
              ElementsAre("1 总投资（万元） sheet.column_changed", "1 签约日期 sheet.column_missing"));
  EXPECT_EQ(report.unchanged, 9u);
}

TEST_F(RoundTrip, ACellMergedDownwardsCountsForEachRowAndOneMergedAcrossIsRefused) {
  Cell(1, kKind) = "农业";
  Cell(2, kKind) = "";
  Cell(3, kTitle) = "并";
  merges_ = R"(<mergeCells><mergeCell ref="F2:F3"/><mergeCell ref="E4:F4"/></mergeCells>)";

  const RoundTripReport report = Compare();

  EXPECT_THAT(Texts(report.changes), ElementsAre("F2 p1 kind: 工业 -> 农业", "E4 p3 title: 示例三号 -> 并"));
  EXPECT_THAT(Problems(report), ElementsAre("4 类型 sheet.merged_cell"));
}

TEST_F(RoundTrip, SheetsFromElsewhereAreRefused) {
  EXPECT_EQ(Refusal(), "ok");
  spec_.ledger = "ledger-2";
  EXPECT_EQ(Refusal(), "sheet.other_ledger");
  spec_.ledger = "ledger-1";
  spec_.list = "enterprises";
  EXPECT_EQ(Refusal(), "sheet.other_list");
  spec_.list = "projects";
  spec_.seq = 99;
  EXPECT_EQ(Refusal(), "sheet.unknown_seq");
  spec_.seq = 100;
  grid_[0][7] = "名称";
  EXPECT_EQ(Refusal(), "sheet.duplicate_column");
  grid_[0][7] = "签约日期";
  grid_[0][0] = "";
  EXPECT_EQ(Refusal(), "sheet.no_marks");
  grid_[0][0] = kIdHead;
  marks_[0][1] = "landfall-sheet.2";
  EXPECT_EQ(Refusal(), "sheet.marks_malformed");
  marks_.clear();
  EXPECT_EQ(Refusal(), "sheet.no_marks");
}

TEST_F(RoundTrip, ATemplateComesBackAsNewRows) {
  WorkbookSpec book;
  SheetSpec sheet{.name = "项目",
                  .columns = spec_.columns,
                  .round_trip = RoundTripMark{spec_.ledger, spec_.list, spec_.seq},
                  .is_template = true};
  sheet.columns[kTitle].guidance = "全称";
  sheet.example = {"A-0", "示例项目", "工业", Money::FromMinor(100), kFirstDay};
  book.sheets.push_back(sheet);
  grid_.clear();
  marks_.clear();
  Load(WriteXlsx(book).value());
  ASSERT_EQ(grid_.size(), 3u);
  EXPECT_THAT(Compare().new_rows, IsEmpty());

  grid_.push_back({"", "", "", "", "新项目", "工业", "5", ""});

  const RoundTripReport report = Compare();
  ASSERT_EQ(report.new_rows.size(), 1u);
  EXPECT_EQ(report.new_rows[0].values[kTitle], SheetValue("新项目"));
  EXPECT_THAT(Problems(report), IsEmpty());
}

// Any edits by two hands: what the sheet's hand changed and the ledger did not is a change, what both did is a conflict
// unless they agree, and applying the changes makes the ledger what both wanted.
TEST_F(RoundTrip, AgreesWithAPlainThreeWayMergeOfEveryCell) {
  const std::vector<std::string> kinds = {"工业", "农业", ""};
  for (int seed = 1; seed <= (TestAll() ? 5'000 : 300); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    SeededRandom random(static_cast<std::uint64_t>(seed));
    const Grid exported_grid = grid_;
    const auto exported = ledger_;
    std::size_t changes = 0, conflicts = 0, already = 0, unchanged = 0;
    std::size_t row = 0;
    for (auto& [id, current] : ledger_) {
      ++row;
      const std::string base = std::get<std::string>(current.values[kKind]);
      const std::string mine = Below(random, 2) == 0 ? base : kinds[Below(random, 3)];
      const std::string theirs = Below(random, 2) == 0 ? base : kinds[Below(random, 3)];
      Cell(row, kKind) = mine;
      if (theirs != base) current.version += 1'000;
      current.values[kKind] = theirs;
      (mine == base ? unchanged : mine == theirs ? already : theirs == base ? changes : conflicts) += 1;
    }

    const RoundTripReport report = Compare();

    ASSERT_EQ(report.changes.size(), changes);
    ASSERT_EQ(report.conflicts.size(), conflicts);
    ASSERT_EQ(report.already_so, already);
    ASSERT_EQ(report.unchanged, unchanged + 12);
    grid_ = exported_grid;
    ledger_ = exported;
  }
}

TEST(CellCheck, DependsOnEverythingAndHidesNothingShorter) {
  const SheetValue value("工业");
  const std::string check = CellCheck("projects", "p1", "kind", value);

  EXPECT_EQ(check.size(), kCheckBytes);
  EXPECT_EQ(check, CellCheck("projects", "p1", "kind", SheetValue(" 工业\r\n")));
  EXPECT_NE(check, CellCheck("enterprises", "p1", "kind", value));
  EXPECT_NE(check, CellCheck("projects", "p2", "kind", value));
  EXPECT_NE(check, CellCheck("projects", "p1", "kinds", value));
  EXPECT_NE(check, CellCheck("projects", "p1", "kind", SheetValue()));
}

}  // namespace
}  // namespace landfall::exchange::test
