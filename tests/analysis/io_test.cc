// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <numeric>
#include <regex>
#include <set>

#include "analysis/risk/io_model.h"
#include "analysis/risk/io_table.h"
#include "base/embedded.h"
#include "base/seam.h"
#include "cli/tools/chain_risk.h"
#include "cli/tools/chain_risk_csv.h"
#include "support/test_data.h"

namespace landfall::chain {
namespace {

using Cells = std::vector<std::vector<std::string>>;

std::filesystem::path TempFile(const std::string& name) {
  return std::filesystem::path(testing::TempDir()) / ("landfall-io-" + name);
}

// One sheet of an .xls of the test data, converted by the documented script once. Empty where ssconvert is missing.
const Cells& ConvertedSheet(const std::string& workbook, const std::string& sheet) {
  static std::map<std::string, Cells> kept;
  if (const auto found = kept.find(workbook + sheet); found != kept.end()) return found->second;
  const auto out = TempFile(sheet + ".csv");
  const std::string command = std::string(LANDFALL_SOURCE_DIR) + "/scripts/convert_io_table.sh " +
                              (test::TestData() / "io-tables" / workbook).string() + " '" + sheet + "' '" +
                              out.string() + "' 2>/dev/null";
  Cells& cells = kept[workbook + sheet];
  if (std::system(command.c_str()) != 0) return cells;
  if (auto read = cli::ReadCsvCells(out.string(), "utf-8", cli::kWideCsv); read.ok()) cells = *std::move(read);
  std::filesystem::remove(out);
  return cells;
}

#define LF_NEEDS_SHEET(cells)                                                                          \
  do {                                                                                                 \
    if ((cells).empty()) {                                                                             \
      if (test::InCi()) FAIL() << "the sheet cannot be converted: is gnumeric's ssconvert installed?"; \
      GTEST_SKIP() << "SKIPPED LOUDLY: the sheet cannot be converted without ssconvert (gnumeric)";    \
    }                                                                                                  \
  } while (false)

// Miller & Blair's example, as a small table of one's own.
Cells MillerBlair() {
  return {{"code", "1", "2", "final demand", "total output"},
          {"1", "150", "500", "350", "1000"},
          {"2", "200", "100", "1700", "2000"},
          {"value added", "650", "1400", "", ""},
          {"total input", "1000", "2000", "", ""}};
}

Result<IoTable> Read(const Cells& cells, double tolerance = 1e-6) { return ReadIoTable(cells, {tolerance}); }
std::string CodeOf(const Cells& cells) {
  const auto table = Read(cells);
  return table.ok() ? "" : table.error().code;
}

double Sum(const std::vector<double>& values) { return std::accumulate(values.begin(), values.end(), 0.0); }

// The largest difference between `inverse` less the unit matrix and a printed matrix, in units of the fifth digit,
// which is the last that is printed. Its figures stand behind the codes of the table, in the second column.
double WorstAgainstPrinted(const Cells& printed, const IoTable& table, const std::vector<double>& inverse) {
  const std::size_t n = table.size();
  double worst = 0;
  std::size_t matched = 0;
  for (const auto& row : printed) {
    const auto code =
        row.size() < n + 2 ? table.codes.end() : std::find(table.codes.begin(), table.codes.end(), row[1]);
    if (code == table.codes.end()) continue;
    const auto i = static_cast<std::size_t>(code - table.codes.begin());
    ++matched;
    for (std::size_t j = 0; j < n; ++j) {
      const double expected = std::stod(row[2 + j]);
      const double unit = expected == 0 ? 1e-9 : std::pow(10, std::floor(std::log10(expected)) - 4);
      worst = std::max(worst, (std::abs(inverse[i * n + j] - (i == j) - expected) - 1.5e-6) / unit);
    }
  }
  EXPECT_EQ(matched, n);
  return worst;
}

TEST(IoTable, ReadsTheChineseTableOf2007With42SectorsAndItsPublishedTotals) {
  LF_NEEDS_DATA("io-tables/cn-2007.xls");
  const Cells& cells = ConvertedSheet("cn-2007.xls", "0101");
  LF_NEEDS_SHEET(cells);

  const auto table = Read(cells, 1e-9);

  ASSERT_TRUE(table.ok()) << table.error().detail;
  ASSERT_EQ(table->size(), 42U);
  EXPECT_EQ(table->unit, "万元");
  EXPECT_EQ(table->codes[1], "02");
  EXPECT_EQ(table->names[1], "煤炭开采和洗选业");
  EXPECT_EQ(table->codes[41], "42");
  EXPECT_NEAR(Sum(table->input), 8'188'589'619.7, 0.05);
  EXPECT_NEAR(*table->printed_total_input, 8'188'589'619.7, 0.05);
  EXPECT_NEAR(*table->printed_total_output, 8'188'589'620.1, 0.1);
  EXPECT_NEAR(Sum(table->value_added), 2'660'438'110.87, 0.01);
  EXPECT_THAT(table->warnings, testing::IsEmpty());
}

TEST(IoTable, ReadsTheChineseTableOf2007With135Sectors) {
  LF_NEEDS_DATA("io-tables/cn-2007.xls");
  const Cells& cells = ConvertedSheet("cn-2007.xls", "0401");
  LF_NEEDS_SHEET(cells);

  const auto table = Read(cells);

  ASSERT_TRUE(table.ok()) << table.error().detail;
  ASSERT_EQ(table->size(), 135U);
  EXPECT_EQ(table->codes[130], "131");
  EXPECT_EQ(table->names[130], "广播、电视、电影和音像业");
  EXPECT_NEAR(Sum(table->input), 8'188'589'619.7, 0.05);
  EXPECT_NEAR(Sum(table->output), 8'188'589'620.1, 0.1);
}

TEST(IoTable, ReadsTheChineseTableOf2005) {
  LF_NEEDS_DATA("io-tables/cn-2005-42.xls");
  const Cells& cells = ConvertedSheet("cn-2005-42.xls", "42部门(万元）");
  LF_NEEDS_SHEET(cells);

  const auto table = Read(cells);

  ASSERT_TRUE(table.ok()) << table.error().detail;
  ASSERT_EQ(table->size(), 42U);
  EXPECT_EQ(table->names[0], "农业");
  EXPECT_NEAR(Sum(table->output), 5'427'620'564.78, 0.01);
}

TEST(IoTable, MakesTheTableOfTheBeaSquareAndSaysHow) {
  LF_NEEDS_DATA("io-tables/us-bea-2017-summary-use.csv.gz");
  const auto cells =
      cli::ReadCsvCells((test::TestData() / "io-tables/us-bea-2017-summary-use.csv.gz").string(), "utf-8");
  ASSERT_TRUE(cells.ok());

  const auto table = Read(*cells);

  ASSERT_TRUE(table.ok()) << table.error().detail;
  ASSERT_EQ(table->size(), 71U);
  EXPECT_THAT(table->products_without_industry, testing::ElementsAre("Used", "Other"));
  EXPECT_DOUBLE_EQ(Sum(table->input), 34'468'125);
  EXPECT_DOUBLE_EQ(Sum(table->output), 34'453'901);
  EXPECT_EQ(table->worst_imbalance, 7);  // 71 figures rounded to a million each.
  ASSERT_EQ(table->warnings.size(), 3U);
  EXPECT_THAT(table->warnings[0], testing::HasSubstr("most in GSLE (69.8 %"));
  EXPECT_THAT(table->warnings[1], testing::HasSubstr("Used, Other"));
  EXPECT_THAT(table->warnings[2], testing::HasSubstr("-99"));
  const auto model = SolveIo(*table);
  ASSERT_TRUE(model.ok()) << model.error().detail;
  EXPECT_LT(model->residual, 1e-12);
}

TEST(IoTable, NamesTheRowThatDoesNotBalanceAndByHowMuch) {
  Cells cells = MillerBlair();
  cells[2][1] = "190";

  const auto table = Read(cells);

  ASSERT_FALSE(table.ok());
  EXPECT_EQ(table.error().code, "chain.io_unbalanced");
  EXPECT_EQ(table.error().detail,
            "row 2 (2), uses: the parts add to 1990, the table says 2000, a difference of -10; 1 sums of rows do not "
            "balance.");
}

TEST(IoTable, NamesTheColumnThatDoesNotBalance) {
  Cells cells = MillerBlair();
  cells[3][2] = "1300";

  const auto table = Read(cells);

  ASSERT_FALSE(table.ok());
  EXPECT_EQ(table.error().code, "chain.io_unbalanced");
  EXPECT_THAT(table.error().detail, testing::StartsWith("column 2 (2), inputs: the parts add to 1900"));
}

TEST(IoTable, LetsRoundingPassButNothingMore) {
  Cells cells = MillerBlair();
  cells[1][3] = "351";  // One unit in a table of whole units, three addends.
  const auto rounded = Read(cells);
  for (auto& row : cells)
    for (auto& cell : row)
      if (!cell.empty() && std::isdigit(static_cast<unsigned char>(cell[0])) != 0 && &cell != &row[0] &&
          &row != &cells[0])
        cell += ".000000";

  const auto exact = Read(cells);

  ASSERT_TRUE(rounded.ok()) << rounded.error().detail;
  EXPECT_EQ(rounded->worst_imbalance, 1);
  ASSERT_FALSE(exact.ok());
  EXPECT_EQ(exact.error().code, "chain.io_unbalanced");
}

TEST(IoTable, InATableOfSmallNumbersAUnitIsNoRounding) {
  const Cells cells = {
      {"code", "1", "2", "final", "total output"}, {"1", "10", "20", "70", "100"}, {"2", "20", "10", "60", "91"}};

  const auto table = Read(cells);

  ASSERT_FALSE(table.ok());
  EXPECT_EQ(table.error().code, "chain.io_unbalanced");
  EXPECT_THAT(table.error().detail, testing::HasSubstr("the parts add to 90, the table says 91"));
}

TEST(IoTable, TellsLabelsFromFiguresThatLookAlike) {
  const Cells cells = {{"", "1", "2", "final", "total output"},
                       {"1", "2", "3", "5", "10"},
                       {"2", "3", "2", "5", "10"},
                       {"value added", "5", "5", "", ""},
                       {"total input", "10", "10", "", ""}};

  const auto table = Read(cells);

  ASSERT_TRUE(table.ok()) << table.error().detail;
  EXPECT_THAT(table->codes, testing::ElementsAre("1", "2"));
  EXPECT_THAT(table->flows, testing::ElementsAre(2, 3, 3, 2));
  EXPECT_THAT(table->net_final_use, testing::Each(5));
}

TEST(IoTable, TakesASectorForWhatItIsWhateverItIsCalled) {
  const Cells cells = {{"", "农业", "其他", "最终使用合计", "总产出"},
                       {"农业", "2", "3", "5", "10"},
                       {"其他", "4", "1", "15", "20"},
                       {"合计", "6", "4", "20", "30"},
                       {"总投入", "10", "20", "", ""}};

  const auto table = Read(cells);

  ASSERT_TRUE(table.ok()) << table.error().detail;
  EXPECT_THAT(table->names, testing::ElementsAre("农业", "其他"));
  EXPECT_THAT(table->value_added, testing::ElementsAre(4, 16));
}

TEST(IoTable, RefusesWhatIsNoTableOfFlows) {
  const auto with = [](std::size_t row, std::size_t column, const std::string& text) {
    Cells cells = MillerBlair();
    cells[row][column] = text;
    return cells;
  };

  EXPECT_EQ(CodeOf({}), "chain.io_no_sectors");
  EXPECT_EQ(CodeOf({{"a", "b"}, {"c", "1"}}), "chain.io_no_sectors");
  EXPECT_EQ(CodeOf({{"", "x"}, {"x", "1"}}), "chain.io_no_sectors");
  EXPECT_EQ(CodeOf(with(1, 1, "many")), "chain.io_not_a_number");
  EXPECT_EQ(CodeOf(with(1, 1, "nan")), "chain.io_not_a_number");
  EXPECT_EQ(CodeOf(with(1, 1, "inf")), "chain.io_not_a_number");
  EXPECT_EQ(CodeOf(with(1, 1, "1e999")), "chain.io_not_a_number");
  EXPECT_EQ(CodeOf(with(3, 0, "2")), "chain.io_duplicate_sector");
  EXPECT_EQ(CodeOf({{"", "x", "y"}, {"x", "1", "2"}, {"y", "3", "4"}}), "chain.io_totals_missing");
  EXPECT_EQ(CodeOf({{"", "x", "y"}, {"x", "0.1", "0.2"}, {"y", "0.3", "0.4"}, {"总投入", "1", "1"}}),
            "chain.io_coefficients");
  EXPECT_EQ(CodeOf(Cells(5'001, {"", "x"})), "chain.io_too_large");
  EXPECT_EQ(ReadIoTable(MillerBlair(), {-1}).error().code, "chain.io_option");
}

TEST(IoTable, RefusesASheetOfCoefficients) {
  LF_NEEDS_DATA("io-tables/cn-2007.xls");
  const Cells& direct = ConvertedSheet("cn-2007.xls", "0102");
  const Cells& total = ConvertedSheet("cn-2007.xls", "0103");
  LF_NEEDS_SHEET(direct);

  EXPECT_EQ(CodeOf(direct), "chain.io_coefficients");
  EXPECT_EQ(CodeOf(total), "chain.io_totals_missing");
}

TEST(IoTable, SurvivesAnyCutOfAFile) {
  constexpr std::uint64_t kSeed = 99;
  SeededRandom random(kSeed);
  for (int round = 0; round < 500; ++round) {
    SCOPED_TRACE(testing::Message() << "seed " << kSeed << " round " << round);
    Cells cells = MillerBlair();
    for (int change = 0; change < 3; ++change) {
      auto& row = cells[random.Next() % cells.size()];
      if (row.empty()) continue;
      if (random.Next() % 2 == 0) {
        row.resize(random.Next() % row.size());
      } else {
        static const char* const kTexts[] = {"", "-", "总产出", "合计", "1", "\xE3\x80", "1e308", "-5"};
        row[random.Next() % row.size()] = kTexts[random.Next() % std::size(kTexts)];
      }
    }

    const auto table = Read(cells);

    if (!table.ok()) continue;
    EXPECT_EQ(table->flows.size(), table->size() * table->size());
    const auto model = SolveIo(*table);
    EXPECT_TRUE(!model.ok() || std::isfinite(model->residual));
  }
}

TEST(IoModel, GivesTheInverseOfMillerAndBlair) {
  const auto table = Read(MillerBlair());
  ASSERT_TRUE(table.ok()) << table.error().detail;

  const auto model = SolveIo(*table);

  ASSERT_TRUE(model.ok());
  const double expected[] = {1.25412541, 0.330033, 0.2640264, 1.12211221};  // Printed to these digits.
  for (std::size_t k = 0; k < 4; ++k)
    EXPECT_NEAR(model->leontief[k], expected[k], 5e-9 + 5e-7 * (k == 1) + 5e-8 * (k == 2));
  EXPECT_LT(model->residual, 1e-15);
  const Linkages linkages = MeasureLinkages(*model);
  EXPECT_NEAR(linkages.backward[0], 1.25412541 + 0.2640264, 1e-7);
  EXPECT_NEAR(linkages.forward[0], 1.25412541 + 0.330033 * 2, 1e-6);
}

TEST(IoModel, InvertsChina2007AndAgreesWithThePublishedInverse) {
  LF_NEEDS_DATA("io-tables/cn-2007.xls");
  for (const auto& [flows, printed] : {std::pair("0101", "0103"), std::pair("0401", "0403")}) {
    const Cells &cells = ConvertedSheet("cn-2007.xls", flows), &inverse = ConvertedSheet("cn-2007.xls", printed);
    LF_NEEDS_SHEET(cells);
    const auto table = Read(cells);
    ASSERT_TRUE(table.ok());

    const auto model = SolveIo(*table);

    ASSERT_TRUE(model.ok());
    EXPECT_LT(model->residual, 1e-12);
    const std::size_t n = model->n;
    double worst = 0;  // Of L (I − A) − I, by hand.
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j) {
        double sum = model->leontief[i * n + j] - (i == j);
        for (std::size_t k = 0; k < n; ++k) sum -= model->leontief[i * n + k] * model->coefficients[k * n + j];
        worst = std::max(worst, std::abs(sum));
      }
    }
    EXPECT_LT(worst, 1e-12);
    EXPECT_LT(WorstAgainstPrinted(inverse, *table, model->leontief), 1) << "完全消耗系数 of the yearbook, " << flows;
    EXPECT_THAT(model->warnings, testing::IsEmpty());
  }
}

TEST(IoModel, RefusesATableThatEatsMoreThanItMakes) {
  const Cells singular = {
      {"", "a", "b", "总产出"}, {"a", "60", "60", "100"}, {"b", "40", "40", "100"}, {"总投入", "100", "100"}};
  const Cells beyond = {
      {"", "a", "b", "总产出"}, {"a", "90", "60", "100"}, {"b", "40", "90", "100"}, {"总投入", "100", "100"}};

  for (const Cells& cells : {singular, beyond}) {
    const auto table = Read(cells);
    ASSERT_TRUE(table.ok()) << table.error().detail;
    const auto model = SolveIo(*table);
    ASSERT_FALSE(model.ok());
    EXPECT_EQ(model.error().code, "chain.io_not_productive");
  }
}

TEST(IoModel, WarnsOfASectorWithoutValueAdded) {
  const auto table =
      Read({{"", "a", "b", "总产出"}, {"a", "50", "20", "100"}, {"b", "60", "30", "100"}, {"总投入", "100", "100"}});
  ASSERT_TRUE(table.ok());

  const auto model = SolveIo(*table);

  ASSERT_TRUE(model.ok());
  ASSERT_EQ(model->warnings.size(), 1U);
  EXPECT_THAT(model->warnings[0], testing::HasSubstr("Sector a (a) uses inputs of 1.1"));
}

TEST(IoModel, RefusesASectorThatBuysButMakesNothing) {
  const auto table =
      Read({{"", "a", "b", "总产出"}, {"a", "5", "20", "100"}, {"b", "6", "3", "0"}, {"总投入", "100", "0"}});
  ASSERT_TRUE(table.ok());

  EXPECT_EQ(SolveIo(*table).error().code, "chain.io_output_missing");
}

// A random table of n sectors that balances.
IoTable RandomTable(SeededRandom& random, std::size_t n) {
  IoTable table;
  table.flows.resize(n * n);
  for (double& flow : table.flows) flow = static_cast<double>(random.Next() % 100);
  table.input.resize(n);
  for (std::size_t k = 0; k < n; ++k) {
    table.codes.push_back(std::to_string(k));
    double row = 0, column = 0;
    for (std::size_t j = 0; j < n; ++j) row += table.flows[k * n + j], column += table.flows[j * n + k];
    table.input[k] = std::max(row, column) + 1 + static_cast<double>(random.Next() % 500);
  }
  table.names = table.codes;
  table.output = table.input;
  return table;
}

// Output with the rows, columns and final use of `gone` set to 0, by iteration: x ← A x + f.
std::vector<double> OutputWithout(const IoTable& table, const IoModel& model, const std::vector<bool>& gone) {
  const std::size_t n = model.n;
  std::vector<double> use(n), x(n, 0);
  for (std::size_t i = 0; i < n; ++i) {
    use[i] = table.input[i];
    for (std::size_t j = 0; j < n; ++j) use[i] -= table.flows[i * n + j];
  }
  for (int step = 0; step < 20'000; ++step) {
    std::vector<double> next(n, 0);
    for (std::size_t i = 0; i < n; ++i) {
      if (gone[i]) continue;
      next[i] = use[i];
      for (std::size_t j = 0; j < n; ++j)
        if (!gone[j]) next[i] += model.coefficients[i * n + j] * x[j];
    }
    x = next;
  }
  return x;
}

TEST(Extraction, EqualsTheEconomyWithoutTheSectors) {
  constexpr std::uint64_t kSeed = 1;
  SeededRandom random(kSeed);
  for (int round = 0; round < 5; ++round) {
    SCOPED_TRACE(testing::Message() << "seed " << kSeed << " round " << round);
    const IoTable table = RandomTable(random, 8);
    const auto model = SolveIo(table);
    ASSERT_TRUE(model.ok()) << model.error().detail;
    const std::vector<std::size_t> sectors = {1, 4};
    std::vector<bool> gone(8, false);
    gone[1] = gone[4] = true;
    const std::vector<double> without = OutputWithout(table, *model, gone);

    const auto extraction = Extract(table, *model, sectors);

    ASSERT_TRUE(extraction.ok());
    EXPECT_DOUBLE_EQ(extraction->own_output, table.input[1] + table.input[4]);
    for (std::size_t k = 0; k < 8; ++k)
      EXPECT_NEAR(extraction->demand_loss_by_sector[k], gone[k] ? 0 : table.input[k] - without[k],
                  1e-6 * table.input[k]);
    EXPECT_NEAR(extraction->demand_loss, Sum(extraction->demand_loss_by_sector), 1e-9);
    EXPECT_NEAR(extraction->supply_loss, Sum(extraction->supply_loss_by_sector), 1e-9);
  }
}

TEST(Extraction, OfASupplierMirrorsThatOfABuyerInTheTransposedTable) {
  SeededRandom random(2);
  const IoTable table = RandomTable(random, 6);
  IoTable mirrored = table;
  for (std::size_t i = 0; i < 6; ++i)
    for (std::size_t j = 0; j < 6; ++j) mirrored.flows[i * 6 + j] = table.flows[j * 6 + i];
  const auto model = SolveIo(table), turned = SolveIo(mirrored);
  ASSERT_TRUE(model.ok() && turned.ok());
  const std::vector<std::size_t> sectors = {0, 5};

  const auto extraction = Extract(table, *model, sectors), other = Extract(mirrored, *turned, sectors);

  for (std::size_t k = 0; k < 6; ++k)
    EXPECT_NEAR(extraction->supply_loss_by_sector[k], other->demand_loss_by_sector[k], 1e-9);
}

TEST(Extraction, OfNothingChangesNothingAndOfAllLeavesNobody) {
  SeededRandom random(4);
  const IoTable table = RandomTable(random, 5);
  const auto model = SolveIo(table);
  ASSERT_TRUE(model.ok());
  const std::vector<std::size_t> all = {0, 1, 2, 3, 4};

  const auto nothing = Extract(table, *model, {});
  const auto everything = Extract(table, *model, all);

  ASSERT_TRUE(nothing.ok() && everything.ok());
  EXPECT_EQ(nothing->own_output, 0);
  EXPECT_EQ(nothing->demand_loss, 0);
  EXPECT_EQ(nothing->supply_loss, 0);
  EXPECT_THAT(nothing->demand_loss_by_sector, testing::Each(0.0));
  EXPECT_DOUBLE_EQ(everything->own_output, Sum(table.input));
  EXPECT_EQ(everything->demand_loss, 0);
  EXPECT_EQ(Extract(table, *model, std::vector<std::size_t>{5}).error().code, "chain.io_unknown_sector");
  EXPECT_EQ(Extract(table, *model, std::vector<std::size_t>{1, 1}).error().code, "chain.io_unknown_sector");
}

TEST(IoTool, PrintsTheSameFiguresAsJsonAndAsATable) {
  const std::string path = TempFile("miller.csv").string();
  std::ofstream(path) << "code,1,2,final demand,total output\n1,150,500,350,1000\n2,200,100,1700,2000\n";
  cli::IoOptions options;
  options.table = path;
  options.extract = {"2"};
  options.matrices = true;

  const auto text = cli::RunIo(options);
  options.json = true;
  const auto json = cli::RunIo(options);
  options.extract = {"3"};
  const auto unknown = cli::RunIo(options);
  std::filesystem::remove(path);

  ASSERT_TRUE(text.ok() && json.ok());
  EXPECT_THAT(*text, testing::HasSubstr("2 sectors · total input 3000.0, total output 3000.0"));
  EXPECT_THAT(*text, testing::HasSubstr("without 2: own output 2000.0, the others lose 588.2 as suppliers"));
  EXPECT_THAT(*json, testing::HasSubstr(R"("sectors":2,"total_input":3000,"total_output":3000,)"));
  EXPECT_THAT(*json, testing::HasSubstr(R"("coefficients":[[0.15,0.25],[0.2,0.05]])"));
  EXPECT_THAT(*json, testing::HasSubstr(R"("extraction":{"codes":["2"],"own_output":2000,"demand_loss":588.23)"));
  EXPECT_EQ(unknown.error().code, "chain.io_unknown_sector");
}

TEST(RiskErrors, EveryCodeHasASentenceInBothLanguages) {
  const std::filesystem::path source = std::filesystem::path(LANDFALL_SOURCE_DIR) / "src";
  const std::regex code(R"lf("((?:chain\.(?:io|esri)|matching\.|tools\.)[a-z_]+)")lf");
  std::set<std::string> used, explained;
  for (const char* folder : {"analysis/risk", "analysis/matching", "cli/tools"}) {
    for (const auto& file : std::filesystem::directory_iterator(source / folder)) {
      const std::string name = file.path().filename().string();
      if (std::string_view(folder) == "cli/tools" && !name.starts_with("chain_risk") && !name.starts_with("match"))
        continue;
      const std::string text = test::ReadFile(file.path());
      for (std::sregex_iterator match(text.begin(), text.end(), code), end; match != end; ++match)
        used.insert((*match)[1]);
    }
  }

  for (const char* path : {"errors/chain_risk.json", "errors/matching.json"}) {
    simdjson::dom::parser parser;
    const std::string_view json = FindEmbedded(EmbeddedCatalog(), path);
    const simdjson::dom::object root = parser.parse(json.data(), json.size());
    for (const auto [key, sentences] : root) {
      explained.emplace(key);
      EXPECT_GT(sentences["zh"].get_string().value().size(), 10U) << key;
      EXPECT_GT(sentences["en"].get_string().value().size(), 10U) << key;
    }
  }

  EXPECT_EQ(used, explained);
}

}  // namespace
}  // namespace landfall::chain
