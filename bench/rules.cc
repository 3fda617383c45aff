// SPDX-License-Identifier: Apache-2.0
// Rules: one rule, many rules over many fact sets, a filter over a million rows, compilation. Each asserts its result;
// data and seed are fixed; a value is the median of its runs. One JSON line each on stdout.
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <functional>
#include <vector>

#include "base/seam.h"
#include "rules/columns.h"
#include "rules/facts.h"
#include "rules/program.h"

namespace landfall::rules {
namespace {

// Time this thread worked: nothing here waits, and other programs on the machine do not count.
double Seconds(const std::function<void()>& work) {
  const auto now = [] {
    timespec at{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &at);
    return static_cast<double>(at.tv_sec) + static_cast<double>(at.tv_nsec) / 1e9;
  };
  const double start = now();
  work();
  return now() - start;
}

double Median(int runs, const std::function<void()>& work) {
  std::vector<double> times;
  for (int i = 0; i < runs; ++i) times.push_back(Seconds(work));
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

void Report(std::string_view bench, double value, std::string_view unit) {
  fmt::print("{{\"bench\":\"{}\",\"value\":{:.2f},\"unit\":\"{}\"}}\n", bench, value, unit);
}

// Facts of an enterprise, as a policy asks for them.
struct Enterprises {
  Environment environment;
  static constexpr const char* kFacts[][2] = {{"revenue", "int"},       {"staff", "int"},       {"rd_ratio", "double"},
                                              {"region", "string"},     {"industry", "string"}, {"high_tech", "bool"},
                                              {"founded", "timestamp"}, {"tax", "int"},         {"credit", "string"},
                                              {"energy", "double"},     {"listed", "bool"},     {"exports", "int"}};
  static constexpr std::string_view kRegions[] = {"360781", "360702", "360703", "360704",
                                                  "360722", "360723", "360724", "360726"};
  static constexpr std::string_view kIndustries[] = {"C26", "C30", "C32", "C38", "C39",
                                                     "I65", "M73", "G59", "C13", "C35"};
  static constexpr std::string_view kCredits[] = {"A", "B", "C", "D"};

  Enterprises() {
    for (const auto& [name, type] : kFacts) LF_CHECK(environment.Declare(name, type).ok());
  }
  std::vector<Value> Row(SeededRandom& random) const {
    std::vector<Value> row;
    const auto below = [&](std::uint64_t most) { return random.Next() % most; };
    row.push_back(Value::Int(static_cast<std::int64_t>(below(10'000))));
    row.push_back(Value::Int(static_cast<std::int64_t>(below(2'000))));
    row.push_back(Value::Double(static_cast<double>(below(1000)) / 10'000));
    row.push_back(Value::String(kRegions[below(std::size(kRegions))]));
    row.push_back(Value::String(kIndustries[below(std::size(kIndustries))]));
    row.push_back(Value::Bool(below(2) == 1));
    row.push_back(Value::DayNumber(static_cast<std::int32_t>(10'000 + below(10'000))));
    row.push_back(Value::Int(static_cast<std::int64_t>(below(5'000))));
    row.push_back(Value::String(kCredits[below(std::size(kCredits))]));
    row.push_back(Value::Double(static_cast<double>(below(500)) / 100));
    row.push_back(Value::Bool(below(10) == 0));
    row.push_back(Value::Int(static_cast<std::int64_t>(below(100))));
    // Every fact is missing now and then.
    for (Value& value : row)
      if (below(50) == 0) value = Value{};
    return row;
  }
};

void OneRule(const Enterprises& data) {
  const Program program =
      Program::Compile(
          data.environment,
          "revenue >= 2000 && staff > 50 && rd_ratio >= 0.03 && region == '360781' && industry in "
          "['C26', 'C30', 'C38', 'C39', 'I65'] && high_tech && founded >= day('2010-01-01') && credit != 'D'")
          .value();
  const std::vector<Value> row = {Value::Int(5200),         Value::Int(120),      Value::Double(0.051),
                                  Value::String("360781"),  Value::String("C39"), Value::Bool(true),
                                  Value::DayNumber(17'000), Value::Int(300),      Value::String("A"),
                                  Value::Double(0.4),       Value::Bool(false),   Value::Int(0)};
  Evaluator evaluator;
  constexpr int kTimes = 1'000'000;
  std::int64_t held = 0;
  const double seconds = Median(9, [&] {
    held = 0;
    for (int i = 0; i < kTimes; ++i) held += evaluator.Eval(program, row).IsTrue();
  });
  LF_CHECK(held == kTimes);
  Report("rules.eight_conditions", seconds / kTimes * 1e9, "ns");

  // The same in C++ by hand over the same row, missing facts included.
  const std::string_view industries[] = {"C26", "C30", "C38", "C39", "I65"};
  const std::int64_t since = 14'610 * std::int64_t{86'400};
  const auto by_hand = [&](const std::vector<Value>& v) {
    for (const std::size_t i : {0, 1, 2, 3, 4, 5, 6, 8})
      if (v[i].kind == Kind::kMissing) return false;
    return v[0].i >= 2000 && v[1].i > 50 && v[2].d >= 0.03 && v[3].str() == "360781" &&
           std::find(std::begin(industries), std::end(industries), v[4].str()) != std::end(industries) && v[5].i != 0 &&
           v[6].i >= since && v[8].str() != "D";
  };
  const double bare = Median(9, [&] {
    held = 0;
    for (int i = 0; i < kTimes; ++i) {
      asm volatile("" ::"r"(row.data()) : "memory");  // Or the compiler would ask once.
      held += by_hand(row);
    }
  });
  LF_CHECK(held == kTimes);
  Report("rules.eight_conditions_over_hand_written", seconds / bare, "ratio");
}

void ManyRules(const Enterprises& data) {
  SeededRandom random(7);
  const auto below = [&](std::uint64_t most) { return random.Next() % most; };
  std::vector<Program> programs;
  for (int i = 0; i < 1000; ++i) {
    const std::string text = fmt::format(
        "revenue >= {} && (staff > {} || rd_ratio >= 0.0{}) && region in ['{}', '{}', '360702'] && (industry == '{}' "
        "|| high_tech) && "
        "credit != 'D' && founded >= day('20{:02}-01-01') && tax * 2 > exports + {}",
        below(6000), below(1500), 1 + below(9), Enterprises::kRegions[below(8)], Enterprises::kRegions[below(8)],
        Enterprises::kIndustries[below(10)], below(15), below(3000));
    programs.push_back(Program::Compile(data.environment, text).value());
  }
  std::vector<std::vector<Value>> rows;
  for (int i = 0; i < 10'000; ++i) rows.push_back(data.Row(random));
  Evaluator evaluator;
  std::size_t counts[3] = {};
  const double seconds = Median(3, [&] {
    std::fill(std::begin(counts), std::end(counts), 0);
    for (const Program& program : programs) {
      for (const auto& row : rows) {
        const Value value = evaluator.Eval(program, row);
        ++counts[value.IsTrue() ? 1 : value.IsUnknown() ? 2 : 0];
      }
    }
  });
  LF_CHECK(counts[0] + counts[1] + counts[2] == 10'000'000 && counts[1] > 1000 && counts[2] > 1000);
  Report("rules.thousand_rules_ten_thousand_fact_sets", seconds, "s");
}

void Filter(const Enterprises& data) {
  constexpr std::size_t kRows = 1'000'000;
  SeededRandom random(11);
  std::vector<std::int64_t> revenue(kRows), staff(kRows), tax(kRows);
  std::vector<double> rd_ratio(kRows);
  std::vector<std::uint32_t> region(kRows);
  std::vector<std::uint8_t> high_tech(kRows);
  std::vector<std::int32_t> founded(kRows);
  std::vector<std::string> names(kRows);
  std::vector<std::string_view> industry(kRows);
  std::vector<std::uint64_t> missing((kRows + 63) / 64);
  for (std::size_t i = 0; i < kRows; ++i) {
    revenue[i] = static_cast<std::int64_t>(random.Next() % 10'000);
    staff[i] = static_cast<std::int64_t>(random.Next() % 2'000);
    tax[i] = static_cast<std::int64_t>(random.Next() % 5'000);
    rd_ratio[i] = static_cast<double>(random.Next() % 1000) / 10'000;
    region[i] = static_cast<std::uint32_t>(random.Next() % std::size(Enterprises::kRegions));
    high_tech[i] = random.Next() % 2;
    founded[i] = static_cast<std::int32_t>(10'000 + random.Next() % 10'000);
    names[i] = fmt::format("{}{}", Enterprises::kIndustries[random.Next() % 10], random.Next() % 100);
    industry[i] = names[i];
  }
  for (std::uint64_t& word : missing) word = random.Next() & random.Next() & random.Next() & random.Next();
  std::vector<Column> columns(data.environment.size());
  columns[0] = Column::Ints(revenue, missing);
  columns[1] = Column::Ints(staff);
  columns[2] = Column::Doubles(rd_ratio);
  columns[3] = Column::Dictionary(region, Enterprises::kRegions);
  columns[4] = Column::Texts(industry);
  columns[5] = Column::Bools(high_tech);
  columns[6] = Column::Days(founded);
  columns[7] = Column::Ints(tax);
  struct Case {
    const char* name;
    const char* expr;
  };
  const Case cases[] = {
      {"rules.filter_million_rows",
       "revenue >= 2000 && (staff > 500 || rd_ratio >= 0.05) && region in ['360781', '360702'] && high_tech && founded "
       ">= day('2010-01-01') "
       "&& tax * 2 > staff + 100"},
      {"rules.filter_million_rows_text", "revenue >= 2000 && industry.startsWith('C3') && region.contains('72')"},
      {"rules.filter_million_rows_by_row", "industry.contains('9') ? revenue % 7 == 3 : staff % 5 == 1"},
  };
  for (const Case& one : cases) {
    const Program program = Program::Compile(data.environment, one.expr).value();
    ColumnRunner runner;
    ColumnResult result;
    const double seconds = Median(5, [&] { result = runner.Run(program, columns, kRows).value(); });
    // A sample of the rows, one by one, must agree.
    Evaluator evaluator;
    for (std::size_t i = 0; i < kRows; i += 997) {
      std::vector<Value> row;
      for (const Column& column : columns) row.push_back(column.At(i));
      const Value value = evaluator.Eval(program, row);
      LF_CHECK(value.IsTrue() == ((result.is_true[i / 64] >> (i % 64) & 1) != 0));
      LF_CHECK(value.IsUnknown() == ((result.is_unknown[i / 64] >> (i % 64) & 1) != 0));
    }
    LF_CHECK(result.true_count > 0 && result.true_count < kRows);
    Report(one.name, seconds * 1e3, "ms");
  }
}

void Compilation(const Enterprises& data) {
  constexpr int kTimes = 20'000;
  const std::string text =
      "revenue >= 2000 && staff > 50 && rd_ratio >= 0.03 && region == '360781' && (industry in ['C26', 'C30'] || "
      "high_tech)";
  std::size_t facts = 0;
  const double seconds = Median(5, [&] {
    for (int i = 0; i < kTimes; ++i) facts = Program::Compile(data.environment, text).value().facts().size();
  });
  LF_CHECK(facts == 6);
  Report("rules.compile", seconds / kTimes * 1e6, "us");
}

}  // namespace
}  // namespace landfall::rules

int main() {
  const landfall::rules::Enterprises data;
  landfall::rules::OneRule(data);
  landfall::rules::ManyRules(data);
  landfall::rules::Filter(data);
  landfall::rules::Compilation(data);
}
