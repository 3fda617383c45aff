// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <numeric>
#include <sstream>

#include "analysis/matching/assignment.h"
#include "analysis/matching/gap.h"
#include "analysis/matching/knapsack.h"
#include "base/seam.h"
#include "cli/tools/match.h"
#include "cli/tools/match_input.h"
#include "support/test_data.h"

namespace landfall::matching {
namespace {

std::vector<std::string> Names(char prefix, std::size_t count) {
  std::vector<std::string> names;
  for (std::size_t k = 0; k < count; ++k) names.push_back(prefix + std::to_string(k));
  return names;
}

AssignmentProblem Sized(std::size_t tasks, std::size_t agents, std::int64_t least, std::int64_t most) {
  AssignmentProblem problem;
  problem.tasks = Names('t', tasks);
  problem.agents = Names('a', agents);
  problem.cost.assign(tasks * agents, 0);
  problem.agent_min.assign(agents, least);
  problem.agent_max.assign(agents, most);
  return problem;
}

// Cells from 0 to 99.
std::vector<std::int64_t> RandomCells(SeededRandom& random, std::size_t count) {
  std::vector<std::int64_t> cells(count);
  for (std::int64_t& cell : cells) cell = static_cast<std::int64_t>(random.Next() % 100);
  return cells;
}

std::int64_t CostOf(const AssignmentProblem& problem, const std::vector<std::int32_t>& agent_of) {
  std::int64_t cost = 0;
  for (std::size_t t = 0; t < agent_of.size(); ++t)
    cost += problem.cost[t * problem.agents.size() + static_cast<std::size_t>(agent_of[t])];
  return cost;
}

// Calls `visit` with every way to give each of `tasks` one of `options` agents; the last option may mean nobody.
template <class Visit>
void EachWay(std::size_t tasks, std::size_t options, Visit visit) {
  std::vector<std::int32_t> way(tasks, 0);
  for (;;) {
    visit(way);
    std::size_t t = 0;
    while (t < tasks && ++way[t] == static_cast<std::int32_t>(options)) way[t++] = 0;
    if (t == tasks) return;
  }
}

TEST(Assignment, FindsThePublishedOptimum) {
  LF_NEEDS_DATA("chain_golden/opt_asg.txt");
  std::istringstream in(test::ReadFile(test::TestData() / "chain_golden/opt_asg.txt"));
  std::size_t tasks = 0, agents = 0;
  in >> tasks >> agents;
  AssignmentProblem problem = Sized(tasks, agents, 1, 2);
  for (std::int64_t& cell : problem.cost) in >> cell;
  ASSERT_TRUE(in.good() || in.eof());
  ASSERT_EQ(tasks, 173U);

  const auto answer = Assign(problem);

  ASSERT_TRUE(answer.ok()) << answer.error().detail;
  EXPECT_EQ(answer->cost, 251);
  EXPECT_EQ(CostOf(problem, answer->agent_of), 251);
  std::vector<int> load(agents, 0);
  for (const std::int32_t agent : answer->agent_of) ++load[static_cast<std::size_t>(agent)];
  EXPECT_THAT(load, testing::Each(testing::AllOf(testing::Ge(1), testing::Le(2))));
}

TEST(Assignment, IsNoWorseThanEveryOtherWay) {
  constexpr std::uint64_t kSeed = 20261122;
  SeededRandom random(kSeed);
  for (int round = 0; round < 40; ++round) {
    SCOPED_TRACE(testing::Message() << "seed " << kSeed << " round " << round);
    AssignmentProblem problem = Sized(5, 4, 0, 2);
    problem.cost = RandomCells(random, 20);
    problem.agent_min[3] = 1;
    std::int64_t best = std::numeric_limits<std::int64_t>::max();
    EachWay(5, 4, [&](const std::vector<std::int32_t>& way) {
      std::array<int, 4> load{};
      for (const std::int32_t agent : way) ++load[static_cast<std::size_t>(agent)];
      if (*std::max_element(load.begin(), load.end()) <= 2 && load[3] >= 1) best = std::min(best, CostOf(problem, way));
    });

    const auto answer = Assign(problem);

    ASSERT_TRUE(answer.ok());
    EXPECT_EQ(answer->cost, best);
  }
}

TEST(Assignment, NeverUsesAForbiddenPair) {
  AssignmentProblem problem = Sized(3, 3, 0, 1);
  problem.cost = {1, 5, 5, 1, 9, 5, 1, 5, 9};
  problem.allowed = {1, 1, 1, 0, 1, 1, 0, 1, 1};

  const auto answer = Assign(problem);

  ASSERT_TRUE(answer.ok());
  EXPECT_THAT(answer->agent_of, testing::ElementsAre(0, 2, 1));
  EXPECT_EQ(answer->cost, 11);
}

TEST(Assignment, ChangesLessOfWhatWasAnnouncedTheMoreAChangeCosts) {
  constexpr std::uint64_t kSeed = 7;
  SeededRandom random(kSeed);
  for (int round = 0; round < 20; ++round) {
    SCOPED_TRACE(testing::Message() << "seed " << kSeed << " round " << round);
    AssignmentProblem problem = Sized(12, 12, 0, 1);
    problem.cost = RandomCells(random, 144);
    Announced announced{Assign(problem)->agent_of, 0};
    announced.agent_of[3] = kNobody;  // A task that is new.
    problem.cost = RandomCells(random, 144);
    const std::int64_t free_cost = Assign(problem)->cost;
    std::size_t changed_before = 12;
    for (const std::int64_t penalty : {0, 3, 10, 30, 100, 100'000}) {
      announced.change_penalty = penalty;

      const auto answer = Assign(problem, &announced);

      ASSERT_TRUE(answer.ok());
      EXPECT_EQ(answer->cost, CostOf(problem, answer->agent_of));
      if (penalty == 0) {
        EXPECT_EQ(answer->cost, free_cost);
      } else {
        EXPECT_LE(answer->changed, changed_before);
      }
      changed_before = answer->changed;
    }
    EXPECT_EQ(changed_before, 0U) << "a prohibitive penalty keeps everything";
  }
}

TEST(Assignment, SaysWhoCompetesWhenNothingFits) {
  AssignmentProblem problem = Sized(4, 3, 0, 1);
  problem.agent_max = {1, 1, 5};
  problem.allowed = {1, 1, 0, 1, 1, 0, 1, 1, 0, 0, 0, 1};

  const auto answer = Assign(problem);

  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, "matching.infeasible");
  EXPECT_EQ(answer.error().detail, "3 tasks (t0, t1, t2) can go to 2 agents (a0, a1) only, who have room for 2.");
}

TEST(Assignment, SaysWhoseMinimumCannotBeMet) {
  AssignmentProblem problem = Sized(3, 3, 0, 3);
  problem.agent_min = {0, 1, 1};
  problem.allowed = {1, 0, 0, 1, 0, 0, 1, 1, 1};

  const auto answer = Assign(problem);

  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, "matching.infeasible");
  EXPECT_EQ(answer.error().detail, "2 agents (a1, a2) are to have at least 2 tasks, but only 1 can go to them.");
}

TEST(Assignment, RefusesWhatCannotBeMeant) {
  AssignmentProblem problem = Sized(2, 2, 0, 1);
  const auto code = [](const AssignmentProblem& p, const Announced* announced = nullptr) {
    const auto answer = Assign(p, announced);
    return answer.ok() ? "" : answer.error().code;
  };

  EXPECT_EQ(code(Sized(0, 2, 0, 1)), "matching.empty");
  EXPECT_EQ(code(Sized(3, 2, 2, 1)), "matching.bad_limits");
  EXPECT_EQ(code(Sized(3, 2, -1, 1)), "matching.bad_limits");
  AssignmentProblem dear = problem;
  dear.cost[3] = kMaxCost + 1;
  EXPECT_EQ(code(dear), "matching.bad_cost");
  AssignmentProblem nowhere = problem;
  nowhere.allowed = {1, 1, 0, 0};
  EXPECT_EQ(code(nowhere), "matching.task_without_agent");
  const Announced paid{{0, 1}, -1};
  EXPECT_EQ(code(problem, &paid), "matching.bad_cost");
  AssignmentProblem huge;
  huge.tasks = Names('t', 2001);
  huge.agents = Names('a', 2000);
  EXPECT_EQ(code(huge), "matching.too_large");
}

TEST(Knapsack, AgreesWithEveryChoice) {
  constexpr std::uint64_t kSeed = 11;
  SeededRandom random(kSeed);
  Knapsack knapsack;
  for (int round = 0; round < 300; ++round) {
    SCOPED_TRACE(testing::Message() << "seed " << kSeed << " round " << round);
    std::vector<KnapsackItem> items;
    for (std::uint32_t id = 0; id < 10; ++id)
      items.push_back(
          {1 + static_cast<std::int64_t>(random.Next() % 50), static_cast<std::int64_t>(random.Next() % 30), id});
    const auto capacity = static_cast<std::int64_t>(random.Next() % 120);
    const std::vector<KnapsackItem> given = items;
    std::int64_t best = 0;
    for (unsigned set = 0; set < 1024; ++set) {
      std::int64_t profit = 0, load = 0;
      for (std::size_t k = 0; k < 10; ++k)
        if (set >> k & 1) profit += given[k].profit, load += given[k].load;
      if (load <= capacity) best = std::max(best, profit);
    }

    const std::int64_t found = knapsack.Solve(items, capacity);

    std::int64_t profit = 0, load = 0;
    for (const std::uint32_t id : knapsack.best()) profit += given[id].profit, load += given[id].load;
    EXPECT_EQ(found, best);
    EXPECT_EQ(profit, best);
    EXPECT_LE(load, capacity);
    EXPECT_GE(Knapsack::Bound(items, capacity, 99), best);
  }
}

GapProblem SizedGap(std::size_t tasks, std::size_t agents, bool every_task) {
  GapProblem problem;
  problem.tasks = Names('t', tasks);
  problem.agents = Names('a', agents);
  problem.value.assign(tasks * agents, 1);
  problem.load.assign(tasks * agents, 1);
  problem.capacity.assign(agents, 1);
  problem.every_task = every_task;
  return problem;
}

// The value of a way in which agent number `agents` means nobody; nothing where it breaks a rule.
std::optional<std::int64_t> ValueOf(const GapProblem& problem, const std::vector<std::int32_t>& way) {
  const std::size_t agents = problem.agents.size();
  std::vector<std::int64_t> room = problem.capacity;
  std::int64_t value = 0;
  for (std::size_t t = 0; t < way.size(); ++t) {
    const auto a = static_cast<std::size_t>(way[t]);
    if (way[t] == kNobody || a == agents) {
      if (problem.every_task) return std::nullopt;
      continue;
    }
    if (!problem.allowed.empty() && problem.allowed[t * agents + a] == 0) return std::nullopt;
    if ((room[a] -= problem.load[t * agents + a]) < 0) return std::nullopt;
    value += problem.value[t * agents + a];
  }
  return value;
}

// Reads just what opt_gap.lp has: the objective, rows p… (at most one), rows k… (load <= capacity), names
// y<task>_<agent>.
GapProblem ReadLp(const std::string& text) {
  GapProblem problem = SizedGap(60, 25, false);
  problem.allowed.assign(60 * 25, 0);
  std::istringstream in(text.substr(0, text.find("Binary")));
  std::string word, row;
  std::int64_t factor = 1;
  while (in >> word) {
    if (word.back() == ':') {
      row = word;
    } else if (word[0] == 'y') {
      const std::size_t bar = word.find('_');
      const std::size_t cell = std::stoul(word.substr(1, bar - 1)) * 25 + std::stoul(word.substr(bar + 1));
      if (row == "obj:") {
        problem.value[cell] = factor;
        problem.allowed[cell] = 1;
      } else if (row[0] == 'k') {
        problem.load[cell] = factor;
      }
      factor = 1;
    } else if (word == "<=") {
      in >> word;
      if (row[0] == 'k') problem.capacity[std::stoul(row.substr(1))] = std::stoll(word);
    } else if (std::isdigit(static_cast<unsigned char>(word[0])) != 0) {
      factor = std::stoll(word);
    }
  }
  return problem;
}

TEST(Gap, ProvesThePublishedOptimum) {
  LF_NEEDS_DATA("chain_golden/opt_gap.lp");
  const GapProblem problem = ReadLp(test::ReadFile(test::TestData() / "chain_golden/opt_gap.lp"));

  const auto answer = SolveGap(problem);

  ASSERT_TRUE(answer.ok()) << answer.error().detail;
  EXPECT_EQ(answer->objective, 137018);
  EXPECT_EQ(answer->bound, 137018) << answer->nodes << " nodes";
  EXPECT_EQ(answer->end, GapEnd::kProven);
  EXPECT_EQ(ValueOf(problem, answer->agent_of), 137018);
  RecordProperty("nodes", static_cast<int>(answer->nodes));
}

TEST(Gap, AgreesWithEveryWayAndBoundsItWhenCutOff) {
  constexpr std::uint64_t kSeed = 3;
  SeededRandom random(kSeed);
  int feasible = 0;
  for (int round = 0; round < 300; ++round) {
    SCOPED_TRACE(testing::Message() << "seed " << kSeed << " round " << round);
    GapProblem problem = SizedGap(6, 3, round % 2 == 0);
    problem.value = RandomCells(random, 18);
    for (std::int64_t& value : problem.value) value -= round % 4 == 1 ? 50 : 0;  // Some are not worth doing.
    if (round % 3 == 0)
      for (std::int64_t& value : problem.value) value = -value;  // Costs.
    problem.load = RandomCells(random, 18);
    problem.capacity = {80, 100, 120};
    problem.allowed.assign(18, 1);
    for (std::uint8_t& cell : problem.allowed) cell = random.Next() % 5 != 0;
    std::optional<std::int64_t> best;
    EachWay(6, 4, [&](const std::vector<std::int32_t>& way) {
      if (const auto value = ValueOf(problem, way); value && (!best || *value > *best)) best = value;
    });

    const auto answer = SolveGap(problem);
    const auto cut_off = SolveGap(problem, {.nodes_max = 1});

    ASSERT_EQ(answer.ok(), best.has_value());
    if (!best) {
      EXPECT_THAT(answer.error().code, testing::AnyOf("matching.infeasible", "matching.task_without_agent"));
      continue;
    }
    ++feasible;
    EXPECT_EQ(answer->objective, *best);
    EXPECT_EQ(answer->bound, *best);
    EXPECT_EQ(answer->Gap(), 0);
    EXPECT_EQ(ValueOf(problem, answer->agent_of), best);
    if (!cut_off.ok()) continue;
    EXPECT_LE(cut_off->objective, *best);
    EXPECT_GE(cut_off->bound, *best);
    EXPECT_EQ(cut_off->end == GapEnd::kProven, cut_off->objective == cut_off->bound);
  }
  EXPECT_GT(feasible, 150);
}

TEST(Gap, KeepsWhatWasAnnouncedWhereChangeIsDear) {
  constexpr std::uint64_t kSeed = 5;
  SeededRandom random(kSeed);
  for (int round = 0; round < 10; ++round) {
    SCOPED_TRACE(testing::Message() << "seed " << kSeed << " round " << round);
    GapProblem problem = SizedGap(14, 4, true);
    problem.value = RandomCells(random, 56);
    problem.load = RandomCells(random, 56);
    for (std::int64_t& load : problem.load) load = 10 + load / 5;
    problem.capacity.assign(4, 90);
    const auto before = SolveGap(problem);
    ASSERT_TRUE(before.ok());
    Announced announced{before->agent_of, 0};
    problem.value = RandomCells(random, 56);
    const auto free = SolveGap(problem, {}, &announced);
    announced.change_penalty = 20;
    const auto some = SolveGap(problem, {}, &announced);
    announced.change_penalty = 100'000;

    const auto none = SolveGap(problem, {}, &announced);

    ASSERT_TRUE(free.ok() && some.ok() && none.ok());
    EXPECT_EQ(free->objective, free->value);
    EXPECT_EQ(some->objective, some->value - 20 * static_cast<std::int64_t>(some->changed));
    EXPECT_GE(some->objective, free->value - 20 * static_cast<std::int64_t>(free->changed));
    EXPECT_LE(some->changed, free->changed);
    EXPECT_EQ(none->changed, 0U);
    EXPECT_EQ(none->agent_of, before->agent_of);
  }
}

TEST(Gap, StopsAtItsLimitWithAnHonestGap) {
  constexpr std::uint64_t kSeed = 17;
  SeededRandom random(kSeed);
  GapProblem problem = SizedGap(60, 12, true);
  problem.value = RandomCells(random, 720);
  problem.load = RandomCells(random, 720);
  for (std::size_t k = 0; k < 720; ++k) problem.value[k] = 100 + problem.load[k] / 2 + problem.value[k] / 20;
  for (std::int64_t& load : problem.load) load += 10;
  problem.capacity.assign(12, 310);

  const auto answer = SolveGap(problem, {.nodes_max = 20});
  const auto again = SolveGap(problem, {.nodes_max = 20});

  ASSERT_TRUE(answer.ok()) << answer.error().code;
  EXPECT_EQ(answer->agent_of, again->agent_of);
  EXPECT_EQ(answer->bound, again->bound);
  EXPECT_LE(answer->nodes, 20U);
  EXPECT_GE(answer->Gap(), 0);
  EXPECT_LT(answer->Gap(), 0.05);
  EXPECT_EQ(answer->end == GapEnd::kProven, answer->bound == answer->objective);
  EXPECT_EQ(ValueOf(problem, answer->agent_of), answer->objective);
}

TEST(Gap, RefusesWhatCannotBeMeant) {
  const auto code = [](const GapProblem& problem) {
    const auto answer = SolveGap(problem);
    return answer.ok() ? "" : answer.error().code;
  };
  GapProblem problem = SizedGap(2, 2, true);

  EXPECT_EQ(code(SizedGap(0, 2, true)), "matching.empty");
  EXPECT_EQ(code(SizedGap(3, 2, true)), "matching.infeasible");
  GapProblem heavy = problem;
  heavy.load = {1, 1, 2, 2};
  EXPECT_EQ(code(heavy), "matching.task_without_agent");
  GapProblem negative = problem;
  negative.load[1] = -1;
  EXPECT_EQ(code(negative), "matching.bad_load");
  GapProblem dear = problem;
  dear.value[0] = kMaxGapValue + 1;
  EXPECT_EQ(code(dear), "matching.bad_cost");
  GapProblem huge = SizedGap(1'001, 1'000, true);
  EXPECT_EQ(code(huge), "matching.too_large");
}

// Files of one test, gone with it.
class MatchTool : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(testing::TempDir()) / ("landfall-match-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string File(const std::string& name, const std::string& text) {
    const std::string path = (folder_ / name).string();
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }
  static std::string Code(const cli::MatchOptions& options) {
    const auto answer = cli::RunMatch(options);
    return answer.ok() ? "" : answer.error().code;
  }
  std::string CodeOfCosts(const std::string& text) {
    cli::MatchOptions options;
    options.files.costs = File("costs", text);
    return Code(options);
  }
  std::filesystem::path folder_;
};

TEST_F(MatchTool, ReadsTheThreeForms) {
  cli::MatchOptions numbers, matrix, list;
  numbers.files.costs = File("numbers", " 2 3\n 1 2 3\n 4 4.25 6\n");
  matrix.files.costs = File("matrix", "\xEF\xBB\xBF,王,李\r\n项目甲,3,-\r\n项目乙,1,2.5\r\n");
  list.files.costs = File("list", "agent,task,value\na,t,3\nb,t,4\na,u,-1\nb,u,0.5\n");
  numbers.json = matrix.json = list.json = true;

  EXPECT_EQ(cli::RunMatch(numbers).value(),
            R"({"kind":"assignment","objective":"minimise","tasks":2,"agents":3,"total":5.25,"proven":true,)"
            R"("assignments":[{"task":"1","agent":"1","cost":1},{"task":"2","agent":"2","cost":4.25}]})"
            "\n");
  EXPECT_EQ(cli::RunMatch(matrix).value(),
            R"({"kind":"assignment","objective":"minimise","tasks":2,"agents":2,"total":5.5,"proven":true,)"
            R"("assignments":[{"task":"项目甲","agent":"王","cost":3},{"task":"项目乙","agent":"李","cost":2.5}]})"
            "\n");
  EXPECT_EQ(cli::RunMatch(list).value(),
            R"({"kind":"assignment","objective":"maximise","tasks":2,"agents":2,"total":3.5,"proven":true,)"
            R"("assignments":[{"task":"t","agent":"a","value":3},{"task":"u","agent":"b","value":0.5}]})"
            "\n");
}

TEST_F(MatchTool, SolvesWithLoadsAndSaysTheBound) {
  cli::MatchOptions options;
  options.files.costs = File("list", "task,agent,cost,load\nt,a,1,2.5\nt,b,9,1\nu,a,1,2.5\nu,b,5,1\n");
  options.files.agents = File("agents", "agent,capacity\na,4\nb,10\n");
  options.json = true;

  EXPECT_EQ(cli::RunMatch(options).value(),
            R"({"kind":"generalised","objective":"minimise","tasks":2,"agents":2,"total":6,"proven":true,)"
            R"("with_penalties":6,"bound":6,"gap":0,"end":"proven","nodes":1,"assignments":[)"
            R"({"task":"t","agent":"a","cost":1,"load":2.5},{"task":"u","agent":"b","cost":5,"load":1}]})"
            "\n");
}

TEST_F(MatchTool, KeepsWhatItAnnouncedItself) {
  cli::MatchOptions first;
  first.files.costs = File("before", ",a,b\nt,1,2\nu,2,1\n");
  first.csv = true;
  cli::MatchOptions again;
  again.files.costs = File("after", ",a,b\nt,2,1\nu,1,2\nv,5,5\n");
  again.files.agent_max = 2;
  again.files.previous = File("announced", cli::RunMatch(first).value() + "w,a,1\n");
  again.files.change_penalty = "1.5";
  again.json = true;

  EXPECT_EQ(cli::RunMatch(again).value(),
            R"({"kind":"assignment","objective":"minimise","tasks":3,"agents":2,"total":9,"proven":true,"previous":)"
            R"({"change_penalty":1.5,"changed":0,"gone_tasks":1,"gone_agents":0,"total_without_penalty":7,)"
            R"("changed_without_penalty":2},"assignments":[{"task":"t","agent":"a","cost":2,"before":"a"},)"
            R"({"task":"u","agent":"b","cost":2,"before":"b"},{"task":"v","agent":"a","cost":5}]})"
            "\n");
}

TEST_F(MatchTool, RefusesFilesThatCannotBeMeant) {
  EXPECT_EQ(CodeOfCosts(""), "matching.empty");
  EXPECT_EQ(CodeOfCosts("0 4\n"), "matching.empty");
  EXPECT_EQ(CodeOfCosts("2 2\n1 2 3\n"), "matching.truncated");
  EXPECT_EQ(CodeOfCosts("2 2\n1 2 3 4 5\n"), "matching.truncated");
  EXPECT_EQ(CodeOfCosts("2 2\n1 2 3 x\n"), "matching.not_a_number");
  EXPECT_EQ(CodeOfCosts("2 2\n1 2 3 nan\n"), "matching.not_a_number");
  EXPECT_EQ(CodeOfCosts("2 2\n1 2 3 99999999999999999999\n"), "matching.not_a_number");
  EXPECT_EQ(CodeOfCosts("2 2\n1 2 3 0.1234567\n"), "matching.too_precise");
  EXPECT_EQ(CodeOfCosts("2 2\n1 2 3 2000000000000\n"), "matching.bad_cost");
  EXPECT_EQ(CodeOfCosts("99999999999999999999999 1\n"), "matching.too_large");
  EXPECT_EQ(CodeOfCosts("9999999999 9999999999\n1"), "matching.too_large");
  EXPECT_EQ(CodeOfCosts(",a,a\nt,1,2\n"), "matching.duplicate");
  EXPECT_EQ(CodeOfCosts(",a,b\nt,1,2\nt,1,2\n"), "matching.duplicate");
  EXPECT_EQ(CodeOfCosts(",a,b\nt,1\n"), "tools.row_short");
  EXPECT_EQ(CodeOfCosts("task,agent,cost\nt,a,1\nt,a,2\n"), "matching.duplicate");
  EXPECT_EQ(CodeOfCosts("task,agent,price\nt,a,1\n"), "tools.column_missing");
  EXPECT_EQ(CodeOfCosts("task,agent,cost,load\nt,a,1,1\n"), "matching.capacity_missing");
  EXPECT_EQ(CodeOfCosts("task,agent,cost\nt,a\n"), "tools.row_short");
  EXPECT_EQ(CodeOfCosts(",a\nt,\xFF\n"), "text.not_utf8");
  cli::MatchOptions options;
  options.files.costs = (folder_ / "absent").string();
  EXPECT_EQ(Code(options), "source.unreadable");
  options.files.costs = File("costs", ",a\nt,1\n");
  options.files.change_penalty = "2";
  EXPECT_EQ(Code(options), "matching.option");
  options.files.change_penalty = "0";
  options.files.agents = File("agents", "agent,max\nz,3\n");
  EXPECT_EQ(Code(options), "matching.unknown_agent");
  options.files.agents = File("agents", "agent,max\na,2.5\n");
  EXPECT_EQ(Code(options), "matching.not_a_number");
}

}  // namespace
}  // namespace landfall::matching
