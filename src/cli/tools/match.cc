// SPDX-License-Identifier: Apache-2.0
#include "cli/tools/match.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <array>
#include <cmath>
#include <memory>
#include <optional>

#include "cli/tools/print.h"
#include "cli/tools/sentences.h"
#include "cli/tools/tools.h"
#include "exchange/csv.h"

namespace landfall::cli {
namespace {

using matching::kNobody;

// One answer of either kind, in the sign and the unit of the file.
struct Answer {
  std::vector<std::int32_t> agent_of;
  std::int64_t total = 0;
  std::size_t changed = 0;
  // With loads only: what no assignment is better than, penalties counted, and how the search ended.
  std::int64_t objective = 0, bound = 0;
  double gap = 0;
  matching::GapEnd end = matching::GapEnd::kProven;
  std::uint64_t nodes = 0;
};

Result<Answer> SolveWithLoads(const MatchInput& input, const MatchOptions& options,
                              const matching::Announced* announced) {
  matching::GapProblem problem{input.tasks,    input.agents,           input.cost, input.load, input.allowed,
                               input.capacity, !options.files.optional};
  const std::int64_t sign = input.maximise ? 1 : -1;
  for (std::int64_t& value : problem.value) value *= sign;
  LF_ASSIGN(const matching::GapAnswer solved,
            matching::SolveGap(problem, {options.nodes_max, options.seconds_max}, announced));
  return Answer{solved.agent_of,     sign * solved.value, solved.changed, sign * solved.objective,
                sign * solved.bound, solved.Gap(),        solved.end,     solved.nodes};
}

Result<Answer> SolveWithLimits(const MatchInput& input, const matching::Announced* announced) {
  matching::AssignmentProblem problem{input.tasks,   input.agents,    input.cost,
                                      input.allowed, input.agent_min, input.agent_max};
  const std::int64_t sign = input.maximise ? -1 : 1;
  for (std::int64_t& cost : problem.cost) cost *= sign;
  LF_ASSIGN(const matching::Assignment solved, matching::Assign(problem, announced));
  Answer answer;
  answer.agent_of = solved.agent_of;
  answer.total = sign * solved.cost;
  answer.changed = solved.changed;
  return answer;
}

Result<Answer> Solve(const MatchInput& input, const MatchOptions& options, const matching::Announced* announced) {
  return input.has_loads ? SolveWithLoads(input, options, announced) : SolveWithLimits(input, announced);
}

double Unscaled(std::int64_t figure, int decimals) { return static_cast<double>(figure) / std::pow(10.0, decimals); }

std::string_view EndName(matching::GapEnd end) {
  return end == matching::GapEnd::kProven ? "proven" : end == matching::GapEnd::kNodes ? "nodes" : "time";
}

struct Line {
  std::string_view task, agent, previous;  // Empty: nobody.
  std::optional<double> cost, load;
};
std::vector<Line> Lines(const MatchInput& input, const Answer& answer) {
  std::vector<Line> lines;
  for (std::size_t t = 0; t < input.tasks.size(); ++t) {
    Line line;
    line.task = input.tasks[t];
    if (const std::int32_t was = input.announced.agent_of[t]; was != kNobody)
      line.previous = input.agents[static_cast<std::size_t>(was)];
    if (const std::int32_t agent = answer.agent_of[t]; agent != kNobody) {
      const std::size_t cell = t * input.agents.size() + static_cast<std::size_t>(agent);
      line.agent = input.agents[static_cast<std::size_t>(agent)];
      line.cost = Unscaled(input.cost[cell], input.cost_decimals);
      if (input.has_loads) line.load = Unscaled(input.load[cell], input.load_decimals);
    }
    lines.push_back(line);
  }
  return lines;
}

std::string Csv(const MatchInput& input, const Answer& answer) {
  std::string out;
  const std::string_view figure = input.maximise ? "value" : "cost";
  exchange::AppendCsvRow(out, std::array<std::string_view, 3>{"task", "agent", figure});
  for (const Line& line : Lines(input, answer)) {
    const std::string cost = line.cost ? fmt::format("{}", *line.cost) : "";
    exchange::AppendCsvRow(out, std::array<std::string_view, 3>{line.task, line.agent, cost});
  }
  return out;
}

std::string Text(const MatchInput& input, const Answer& answer, const std::optional<Answer>& free,
                 const MatchOptions& options) {
  const auto number = [&](std::int64_t figure) { return fmt::format("{}", Unscaled(figure, input.cost_decimals)); };
  const std::string_view figure = input.maximise ? "value" : "cost";
  std::string out = fmt::format("{} tasks, {} agents · total {} {}", input.tasks.size(), input.agents.size(), figure,
                                number(answer.total));
  if (!input.has_loads) {
    out += ", proven best";
  } else if (answer.end == matching::GapEnd::kProven) {
    out += fmt::format(", proven best · {} nodes", answer.nodes);
  } else {
    out += fmt::format(", at best {} (gap {:.3f} %), stopped by {} · {} nodes", number(answer.bound), 100 * answer.gap,
                       EndName(answer.end), answer.nodes);
  }
  out += '\n';
  if (input.has_previous) {
    out += fmt::format("{} announced tasks change, at a penalty of {} each", answer.changed,
                       number(input.announced.change_penalty));
    if (free)
      out += fmt::format("; without a penalty {} would change, for a total of {}", free->changed, number(free->total));
    out += '\n';
    if (input.gone_tasks + input.gone_agents > 0)
      out += fmt::format("note: {} announced tasks and the agents of {} are no longer here\n", input.gone_tasks,
                         input.gone_agents);
  }
  if (options.files.optional) {
    const auto left = std::count(answer.agent_of.begin(), answer.agent_of.end(), kNobody);
    out += fmt::format("{} tasks stay without an agent\n", left);
  }
  out += '\n';
  TextTable rows;
  std::vector<std::string> head = {"task", "agent", std::string(figure)};
  if (input.has_loads) head.push_back("load");
  if (input.has_previous) head.push_back("before");
  rows.Head(std::move(head));
  for (const Line& line : Lines(input, answer)) {
    std::vector<std::string> row = {std::string(line.task), std::string(line.agent),
                                    line.cost ? fmt::format("{}", *line.cost) : ""};
    if (input.has_loads) row.push_back(line.load ? fmt::format("{}", *line.load) : "");
    if (input.has_previous) row.emplace_back(line.previous == line.agent ? std::string_view() : line.previous);
    rows.Row(std::move(row));
  }
  out += rows.Text();
  return out;
}

std::string Json(const MatchInput& input, const Answer& answer, const std::optional<Answer>& free) {
  const auto number = [&](std::int64_t figure) { return Unscaled(figure, input.cost_decimals); };
  const std::string_view figure = input.maximise ? "value" : "cost";
  JsonWriter json;
  json.Open('{').Member("kind", input.has_loads ? "generalised" : "assignment");
  json.Member("objective", input.maximise ? "maximise" : "minimise");
  json.Member("tasks", std::uint64_t{input.tasks.size()}).Member("agents", std::uint64_t{input.agents.size()});
  json.Member("total", number(answer.total)).Member("proven", answer.end == matching::GapEnd::kProven);
  if (input.has_loads) {
    json.Member("with_penalties", number(answer.objective)).Member("bound", number(answer.bound));
    json.Member("gap", answer.gap).Member("end", EndName(answer.end)).Member("nodes", answer.nodes);
  }
  if (input.has_previous) {
    json.Key("previous").Open('{').Member("change_penalty", number(input.announced.change_penalty));
    json.Member("changed", std::uint64_t{answer.changed}).Member("gone_tasks", std::uint64_t{input.gone_tasks});
    json.Member("gone_agents", std::uint64_t{input.gone_agents});
    if (free) {
      json.Member("total_without_penalty", number(free->total));
      json.Member("changed_without_penalty", std::uint64_t{free->changed});
    }
    json.Close('}');
  }
  json.Key("assignments").Open('[');
  for (const Line& line : Lines(input, answer)) {
    json.Open('{').Member("task", line.task).Key("agent");
    if (line.agent.empty()) {
      json.Null();
    } else {
      json.Value(line.agent).Member(figure, *line.cost);
    }
    if (line.load) json.Member("load", *line.load);
    if (!line.previous.empty()) json.Member("before", line.previous);
    json.Close('}');
  }
  json.Close(']').Close('}');
  return json.text() + "\n";
}

}  // namespace

Result<std::string> RunMatch(const MatchOptions& options) {
  LF_ASSIGN(const MatchInput input, ReadMatch(options.files));
  if (options.files.optional && !input.has_loads)
    return Invalid("matching.option", "Tasks without an agent are for lists with loads.", "--optional");
  LF_ASSIGN(const Answer answer, Solve(input, options, &input.announced));
  std::optional<Answer> free;
  if (input.has_previous && input.announced.change_penalty > 0 && !options.csv) {
    // What stability costs. The generalised problem may find nothing better in time; then it is left out.
    matching::Announced announced = input.announced;
    announced.change_penalty = 0;
    if (auto solved = Solve(input, options, &announced)) free = *std::move(solved);
  }
  if (options.csv) return Csv(input, answer);
  return options.json ? Json(input, answer, free) : Text(input, answer, free, options);
}

void AddMatch(CLI::App& app, int& exit_code) {
  CLI::App* match = app.add_subcommand("match", "who does what: assignment of tasks to agents");
  match->require_subcommand(1);
  const auto options = std::make_shared<MatchOptions>();
  MatchFiles& files = options->files;
  CLI::App* assign =
      match->add_subcommand("assign", "every task to one agent, at the least cost (or for the greatest value)");
  assign
      ->add_option(
          "COSTS", files.costs,
          "numbers of the OR-Library (\"tasks agents\", then costs), or a CSV matrix with agents in the head and "
          "tasks in the first column, or a CSV list with the columns task, agent, cost or value, load")
      ->required();
  assign->add_option("--agent-min", files.agent_min, "tasks that each agent must have")->capture_default_str();
  assign->add_option("--agent-max", files.agent_max, "tasks that each agent may have")->capture_default_str();
  assign->add_option("--agents", files.agents,
                     "CSV with the columns agent and min, max; with loads: agent, capacity (in the unit of the loads)");
  assign->add_flag("--maximise", files.maximise, "a matrix holds values, not costs");
  assign->add_flag("--optional", files.optional, "with loads: a task may stay without an agent, for a value of 0");
  assign->add_option("--previous", files.previous,
                     "what was announced: CSV with the columns task, agent (--csv writes it)");
  assign->add_option("--change-penalty", files.change_penalty, "what each change of it costs, in the unit of the costs")
      ->capture_default_str();
  assign->add_option("--nodes", options->nodes_max, "with loads: end the search after this many nodes")
      ->capture_default_str();
  assign->add_option("--seconds", options->seconds_max, "with loads: end it after this many seconds")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  assign->add_option("--encoding", files.encoding, "utf-8, gbk or gb18030")->capture_default_str();
  assign->add_flag("--csv", options->csv, "print task, agent, cost as CSV");
  assign->add_flag("--json", options->json, "one JSON object (docs/chain/matching.md)")->excludes("--csv");
  assign->footer(
      "Without loads the answer is proven best. With loads it comes with a bound that no assignment exceeds.");
  assign->callback([options, &exit_code] { exit_code = PrintAnswer(RunMatch(*options)); });
}

}  // namespace landfall::cli
