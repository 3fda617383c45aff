// SPDX-License-Identifier: Apache-2.0
// The demo register, read as the product reads it, against counts and sums made by another tool.
#include <gtest/gtest.h>

#include <cstdio>

#include "exchange/table_support.h"
#include "support/test_data.h"

namespace landfall::exchange::test {
namespace {

const std::string kFolder = std::string(LANDFALL_SOURCE_DIR) + "/catalog/demo/melbourne";

std::string OutputOf(const std::string& command) {
  std::string output;
  std::FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return output;
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) output += static_cast<char>(c);
  return pclose(pipe) == 0 ? output : "";
}

class Melbourne : public testing::Test {
 protected:
  void SetUp() override {
    const std::string json = landfall::test::ReadFile(kFolder + "/mapping.json");
    auto mapping = ReadMapping(json, ProjectSchema());
    ASSERT_TRUE(mapping) << mapping.error().code << " " << mapping.error().field << " " << mapping.error().detail;
    mapping_ = std::move(*mapping);
    auto table = ReadTableText(landfall::test::ReadFile(kFolder + "/register.csv"), mapping_, ProjectSchema());
    ASSERT_TRUE(table) << table.error().code;
    table_ = std::move(*table);
  }
  const ColumnCounts& Column(std::string_view name) const {
    for (const ColumnCounts& column : table_.report.columns)
      if (column.column == name) return column;
    ADD_FAILURE() << "no column " << name;
    return table_.report.columns.front();
  }
  Mapping mapping_;
  Table table_;
};

TEST_F(Melbourne, IsReadWithoutErrors) {
  EXPECT_TRUE(table_.report.passed());
  EXPECT_EQ(table_.report.rows, 445u);
  EXPECT_EQ(Hex(table_.report.file), "54af0713098841fea3e352c143be9a2243eb90e6426ce4503b314438d31d8afe");
  EXPECT_EQ(mapping_.settings.at("ladder"), "public_works");
  EXPECT_EQ(mapping_.settings.at("register_as_at"), "2024-06-30");
}

TEST_F(Melbourne, HasTheBlanksTheDataSheetCounts) {
  for (const auto& [name, blank] : std::map<std::string, std::uint64_t>{{"ID", 0},
                                                                        {"FFC", 0},
                                                                        {"Tender Closed", 32},
                                                                        {"BNI", 2},
                                                                        {"BCA", 0},
                                                                        {"PBC", 232},
                                                                        {"Stage1", 0},
                                                                        {"Stage2", 3},
                                                                        {"Stage3", 1}}) {
    EXPECT_EQ(Column(name).blank, blank) << name;
    EXPECT_EQ(Column(name).filled, 445 - blank) << name;
  }
  EXPECT_EQ(Column("Owner Group").null_marked, 3u);
  EXPECT_EQ(Column("Owner Team").null_marked, 3u);
}

// python3 (Debian's python3-minimal with libpython3-stdlib) reads the file with its own csv module and adds exact
// decimals.
TEST_F(Melbourne, HasTheSumAndTheDaysAnotherToolFinds) {
  const std::string script =
      "import csv,re,datetime\n"
      "from decimal import *\n"
      "getcontext().prec=60\n"
      "rows=list(csv.DictReader(open(r'''" +
      kFolder +
      "/register.csv''',encoding='utf-8-sig',newline='')))\n"
      "q=[(Decimal(r['FFC'])*100).quantize(Decimal(1),ROUND_HALF_EVEN) for r in rows]\n"
      "e=sum(Decimal(r['FFC']) for r in rows)\n"
      "def day(t):\n"
      "  m=re.match(r'(\\d+)/(\\d+)/(\\d+)',t)\n"
      "  return datetime.date(*map(int,(m[3],m[2],m[1]) if m else t[:10].split('-'))).toordinal()-719163\n"
      "d=sum(day(r[c]) for r in rows for c in ('BNI','PBC','BCA','Tender Closed','Stage1','Stage2','Stage3') if r[c])\n"
      "print(len(rows),sum(q),d,(sum(q)/Decimal(100)-e).normalize().__format__('f'))\n";

  std::int64_t cents = 0, days = 0;
  const std::size_t investment = mapping_.Find("field", "investment");
  for (const TypedRow& row : table_.rows) {
    cents += std::get<Money>(row.cells[investment].value).minor();
    for (const Cell& cell : row.cells)
      if (const Day* day = std::get_if<Day>(&cell.value)) days += DayNumber(*day);
  }

  const std::string expected = OutputOf("python3 - <<'SCRIPT'\n" + script + "SCRIPT\n");
  ASSERT_NE(expected, "") << "python3 is needed for this test and did not run";
  EXPECT_EQ("445 " + std::to_string(cents) + " " + std::to_string(days) + " " + Column("FFC").rounding_total + "\n",
            expected);
  EXPECT_EQ(cents, 511'365'915'250);
}

TEST_F(Melbourne, GivesUnitsInTwoLevelsAndATitle) {
  const TypedRow& first = table_.rows.at(0);

  EXPECT_EQ(first.cells[mapping_.Find("field", "owner_unit")].value,
            CellValue(Path{"Corporate Services", "General Counsel"}));
  EXPECT_EQ(first.cells[mapping_.Find("field", "title")].value, CellValue("Q05388 Major Works - Framework"));
  EXPECT_EQ(first.cells[mapping_.Find("milestone", "need", {{"as", "stated"}})].value, CellValue(MakeDay(2016, 2, 5)));
}

TEST_F(Melbourne, NotesWhatTheConversionLost) {
  std::map<std::string, std::uint64_t> notes;
  for (const Problem& problem : table_.report.problems.kept()) notes[problem.code] += problem.count;

  EXPECT_EQ(notes["cell.null_marker"], 6u);
  EXPECT_EQ(notes["cell.rounded"], Column("FFC").rounded);
  EXPECT_GT(notes["cell.rounded"], 100u);
  EXPECT_GT(notes["cell.time_dropped"], 1'000u);
}

}  // namespace
}  // namespace landfall::exchange::test
