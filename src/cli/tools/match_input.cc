// SPDX-License-Identifier: Apache-2.0
#include "cli/tools/match_input.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <unordered_map>

#include "cli/tools/chain_risk_csv.h"
#include "exchange/table_text.h"

namespace landfall::cli {
namespace {

using exchange::Trim;

constexpr int kMaxDecimals = 6;
constexpr std::size_t kAbsent = static_cast<std::size_t>(-1);

// A figure as it stands in a file, kept as text until it is known how many decimals the others have.
struct Figure {
  std::string_view text;
  std::string place;
};

bool IsDigits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Decimals of "-12.50" (1: zeros at the end do not count).
Result<int> DecimalsOf(const Figure& figure) {
  std::string_view text = figure.text;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  const std::size_t point = std::min(text.find('.'), text.size());
  const std::string_view whole = text.substr(0, point);
  std::string_view part = text.substr(std::min(point + 1, text.size()));
  if (whole.size() + part.size() == 0 || !IsDigits(whole) || !IsDigits(part))
    return Invalid("matching.not_a_number", fmt::format("{} is no decimal number.", figure.place));
  while (part.ends_with('0')) part.remove_suffix(1);
  if (part.size() > kMaxDecimals)
    return Invalid("matching.too_precise", fmt::format("{} has {} decimals.", figure.place, part.size()));
  return static_cast<int>(part.size());
}

// Precondition: DecimalsOf(figure) <= decimals.
Result<std::int64_t> Scale(const Figure& figure, int decimals) {
  std::string_view text = figure.text;
  if (text[0] == '+') text.remove_prefix(1);
  const std::size_t point = std::min(text.find('.'), text.size());
  std::string digits(text.substr(0, point));
  std::string part(text.substr(std::min(point + 1, text.size())));
  part.resize(static_cast<std::size_t>(decimals), '0');
  digits += part;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size())
    return Invalid("matching.not_a_number", fmt::format("{} is too large.", figure.place));
  return value;
}

// All figures of one kind as whole numbers of the same unit; returns the decimals.
Result<int> ScaleAll(const std::vector<Figure>& figures, std::vector<std::int64_t>& values) {
  int decimals = 0;
  for (const Figure& figure : figures) {
    LF_ASSIGN(const int own, DecimalsOf(figure));
    decimals = std::max(decimals, own);
  }
  values.clear();
  for (const Figure& figure : figures) {
    LF_ASSIGN(const std::int64_t value, Scale(figure, decimals));
    values.push_back(value);
  }
  return decimals;
}

// Names in the order in which they first stand.
class NameList {
 public:
  std::size_t Add(std::string_view name) {
    const auto [at, added] = index_.try_emplace(std::string(name), names.size());
    if (added) names.emplace_back(name);
    return at->second;
  }
  std::size_t Find(std::string_view name) const {
    const auto found = index_.find(std::string(name));
    return found == index_.end() ? kAbsent : found->second;
  }
  std::vector<std::string> names;

 private:
  std::unordered_map<std::string, std::size_t> index_;
};

class Reader {
 public:
  explicit Reader(const MatchFiles& files) : files_(files) {}

  Result<MatchInput> Read() {
    LF_ASSIGN(text_, ReadUtf8File(files_.costs, files_.encoding));
    input_.maximise = files_.maximise;
    if (LooksLikeNumbers()) {
      LF_TRY(ReadNumbers());
    } else {
      LF_ASSIGN(cells_, ParseCsvCells(text_, kWideList));
      const bool list = !cells_.empty() && HasColumn("task") && HasColumn("agent");
      LF_TRY(list ? ReadList() : ReadMatrix());
    }
    LF_TRY(CheckSize());
    LF_TRY(FillCells());
    LF_TRY(ReadAgents());
    LF_TRY(ReadPrevious());
    input_.tasks = std::move(tasks_.names);
    input_.agents = std::move(agents_.names);
    return std::move(input_);
  }

 private:
  static constexpr exchange::CsvLimits kWideList{
      .field_bytes = 4'096, .row_bytes = 4 * 1024 * 1024, .columns = 20'000, .rows = 4'100'000};

  struct Pair {
    std::size_t task, agent;
  };

  // The first line holds one or two whole numbers and nothing else.
  bool LooksLikeNumbers() const {
    const std::string_view line = Trim(std::string_view(text_).substr(0, text_.find('\n')));
    const std::size_t gap = std::min(line.find_first_of(" \t"), line.size());
    const std::string_view second = Trim(line.substr(gap));
    return !line.empty() && IsDigits(line.substr(0, gap)) && IsDigits(second);
  }

  bool HasColumn(std::string_view name) const {
    return std::any_of(cells_[0].begin(), cells_[0].end(), [&](const std::string& cell) { return Trim(cell) == name; });
  }

  Status CheckSize() const {
    const std::size_t tasks = tasks_.names.size(), agents = agents_.names.size();
    if (tasks == 0 || agents == 0) return Invalid("matching.empty", "The file names no task or no agent.");
    return TooLarge(tasks, agents);
  }
  static Status TooLarge(std::size_t tasks, std::size_t agents) {
    if (tasks <= matching::kMaxCells / agents) return Ok{};
    return Invalid("matching.too_large", fmt::format("{} tasks and {} agents; at most {} pairs are taken.", tasks,
                                                     agents, matching::kMaxCells));
  }

  Status ReadNumbers() {
    std::string_view rest = text_;
    const auto next = [&]() -> std::string_view {
      rest.remove_prefix(std::min(rest.find_first_not_of(" \t\r\n"), rest.size()));
      const std::string_view word = rest.substr(0, rest.find_first_of(" \t\r\n"));
      rest.remove_prefix(word.size());
      return word;
    };
    const std::string_view head = Trim(rest.substr(0, rest.find('\n')));
    const bool square = IsDigits(head);
    std::size_t tasks = 0, agents = 0;
    for (std::size_t* count : {&tasks, &agents}) {
      const std::string_view word = square && count == &agents ? head : next();
      if (std::from_chars(word.data(), word.data() + word.size(), *count).ec != std::errc())
        return Invalid("matching.too_large", "The head names more than can be counted.");
    }
    if (tasks == 0 || agents == 0) return Invalid("matching.empty", "The head names no task or no agent.");
    LF_TRY(TooLarge(tasks, agents));
    for (std::size_t t = 0; t < tasks; ++t) tasks_.Add(std::to_string(t + 1));
    for (std::size_t a = 0; a < agents; ++a) agents_.Add(std::to_string(a + 1));
    for (std::size_t cell = 0; cell < tasks * agents; ++cell) {
      const std::string_view word = next();
      if (word.empty())
        return Invalid("matching.truncated", fmt::format("{} costs are promised, {} are there.", tasks * agents, cell));
      costs_.push_back({word, fmt::format("Cost {}", cell + 1)});
      pairs_.push_back({cell / agents, cell % agents});
    }
    if (!next().empty())
      return Invalid("matching.truncated", fmt::format("There are more than {} costs.", tasks * agents));
    return Ok{};
  }

  Status ReadMatrix() {
    if (cells_.size() < 2 || cells_[0].size() < 2)
      return Invalid("matching.empty", "The matrix has no row or no column.");
    LF_TRY(TooLarge(cells_.size() - 1, cells_[0].size() - 1));
    for (std::size_t c = 1; c < cells_[0].size(); ++c)
      if (agents_.Add(Trim(cells_[0][c])) != c - 1)
        return Invalid("matching.duplicate", fmt::format("Agent {} stands twice.", Trim(cells_[0][c])));
    for (std::size_t r = 1; r < cells_.size(); ++r) {
      if (cells_[r].size() != cells_[0].size())
        return Invalid("tools.row_short", fmt::format("Row {} of the costs has {} fields; {} are needed.", r + 1,
                                                      cells_[r].size(), cells_[0].size()));
      if (tasks_.Add(Trim(cells_[r][0])) != r - 1)
        return Invalid("matching.duplicate", fmt::format("Task {} stands twice.", Trim(cells_[r][0])));
      for (std::size_t c = 1; c < cells_[r].size(); ++c) {
        const std::string_view text = Trim(cells_[r][c]);
        if (text.empty() || text == "-") continue;
        costs_.push_back({text, fmt::format("Row {}, column {}", r + 1, c + 1)});
        pairs_.push_back({r - 1, c - 1});
      }
    }
    return Ok{};
  }

  Status ReadList() {
    LF_ASSIGN(const auto at, FindColumns(cells_, {"task", "agent", "?cost", "?value|profit", "?load"}, "costs"));
    if ((at[2] == kNoColumn) == (at[3] == kNoColumn))
      return Invalid("tools.column_missing", "The list has one column cost, or one column value.", "cost");
    input_.maximise = at[2] == kNoColumn;
    const std::size_t figure = input_.maximise ? at[3] : at[2];
    input_.has_loads = at[4] != kNoColumn;
    for (std::size_t r = 1; r < cells_.size(); ++r) {
      const auto& row = cells_[r];
      costs_.push_back({Trim(row[figure]), fmt::format("Row {}, column {}", r + 1, figure + 1)});
      if (input_.has_loads) loads_.push_back({Trim(row[at[4]]), fmt::format("Row {}, column {}", r + 1, at[4] + 1)});
      pairs_.push_back({tasks_.Add(Trim(row[at[0]])), agents_.Add(Trim(row[at[1]]))});
    }
    return Ok{};
  }

  Status FillCells() {
    std::vector<std::int64_t> costs, loads;
    costs_.push_back({files_.change_penalty, "--change-penalty"});
    LF_ASSIGN(input_.cost_decimals, ScaleAll(costs_, costs));
    input_.announced.change_penalty = costs.back();
    if (input_.has_loads) {
      // Loads and capacities are of one unit, so they are scaled together.
      LF_TRY(ListCapacities());
      LF_ASSIGN(input_.load_decimals, ScaleAll(loads_, loads));
    }
    const std::size_t agents = agents_.names.size(), cells = tasks_.names.size() * agents;
    input_.cost.assign(cells, 0);
    input_.allowed.assign(cells, 0);
    if (input_.has_loads) input_.load.assign(cells, 0);
    for (std::size_t k = 0; k < pairs_.size(); ++k) {
      const std::size_t cell = pairs_[k].task * agents + pairs_[k].agent;
      if (input_.allowed[cell] != 0)
        return Invalid("matching.duplicate", fmt::format("Task {} and agent {} stand together twice.",
                                                         tasks_.names[pairs_[k].task], agents_.names[pairs_[k].agent]));
      input_.allowed[cell] = 1;
      input_.cost[cell] = costs[k];
      if (input_.has_loads) input_.load[cell] = loads[k];
    }
    if (!input_.has_loads) return Ok{};
    input_.capacity.assign(agents, -1);
    for (std::size_t k = 0; k < capacity_of_.size(); ++k) input_.capacity[capacity_of_[k]] = loads[pairs_.size() + k];
    const auto missing = std::find(input_.capacity.begin(), input_.capacity.end(), -1);
    if (missing == input_.capacity.end()) return Ok{};
    return Invalid("matching.capacity_missing",
                   fmt::format("Agent {} has no capacity.",
                               agents_.names[static_cast<std::size_t>(missing - input_.capacity.begin())]));
  }

  // The agent of row `row` of --agents, or an error.
  Result<std::size_t> AgentOf(std::string_view name, std::size_t row, std::vector<bool>& seen) const {
    const std::size_t agent = agents_.Find(name);
    if (agent == kAbsent)
      return NotFound("matching.unknown_agent", fmt::format("Row {} names {}, who has no pair.", row, name),
                      "--agents");
    if (seen[agent])
      return Invalid("matching.duplicate", fmt::format("Row {} repeats agent {}.", row, name), "--agents");
    seen[agent] = true;
    return agent;
  }

  Status LoadAgentsFile() {
    if (files_.agents.empty() || !agent_cells_.empty()) return Ok{};
    LF_ASSIGN(agent_cells_, ReadCsvCells(files_.agents, files_.encoding));
    LF_ASSIGN(agent_columns_, FindColumns(agent_cells_, {"agent", "?min", "?max", "?capacity"}, "agents"));
    return Ok{};
  }

  Status ListCapacities() {
    LF_TRY(LoadAgentsFile());
    if (agent_cells_.empty() || agent_columns_[3] == kNoColumn)
      return Invalid("matching.capacity_missing", "A list with loads needs --agents with the columns agent, capacity.");
    std::vector<bool> seen(agents_.names.size(), false);
    for (std::size_t r = 1; r < agent_cells_.size(); ++r) {
      LF_ASSIGN(const std::size_t agent, AgentOf(Trim(agent_cells_[r][agent_columns_[0]]), r + 1, seen));
      capacity_of_.push_back(agent);
      loads_.push_back({Trim(agent_cells_[r][agent_columns_[3]]), fmt::format("Row {} of the agents", r + 1)});
    }
    return Ok{};
  }

  Status ReadAgents() {
    const std::size_t agents = agents_.names.size();
    input_.agent_min.assign(agents, files_.agent_min);
    input_.agent_max.assign(agents, files_.agent_max);
    if (input_.has_loads || files_.agents.empty()) return Ok{};
    LF_TRY(LoadAgentsFile());
    std::vector<bool> seen(agents, false);
    for (std::size_t r = 1; r < agent_cells_.size(); ++r) {
      LF_ASSIGN(const std::size_t agent, AgentOf(Trim(agent_cells_[r][agent_columns_[0]]), r + 1, seen));
      for (const auto& [column, limit] : {std::pair(agent_columns_[1], &input_.agent_min[agent]),
                                          std::pair(agent_columns_[2], &input_.agent_max[agent])}) {
        if (column == kNoColumn || Trim(agent_cells_[r][column]).empty()) continue;
        const Figure figure{Trim(agent_cells_[r][column]), fmt::format("Row {} of the agents", r + 1)};
        LF_ASSIGN(const int decimals, DecimalsOf(figure));
        if (decimals > 0) return Invalid("matching.not_a_number", fmt::format("{} is no whole number.", figure.place));
        LF_ASSIGN(*limit, Scale(figure, 0));
      }
    }
    return Ok{};
  }

  Status ReadPrevious() {
    matching::Announced& announced = input_.announced;
    announced.agent_of.assign(tasks_.names.size(), matching::kNobody);
    if (files_.previous.empty()) {
      if (announced.change_penalty == 0) return Ok{};
      return Invalid("matching.option", "A change penalty needs --previous.", "--change-penalty");
    }
    input_.has_previous = true;
    LF_ASSIGN(const CsvCells cells, ReadCsvCells(files_.previous, files_.encoding));
    LF_ASSIGN(const auto at, FindColumns(cells, {"task", "agent"}, "previous assignments"));
    std::vector<bool> seen(tasks_.names.size(), false);
    for (std::size_t r = 1; r < cells.size(); ++r) {
      const std::string_view task_name = Trim(cells[r][at[0]]), agent_name = Trim(cells[r][at[1]]);
      const std::size_t task = tasks_.Find(task_name), agent = agents_.Find(agent_name);
      if (task == kAbsent) {
        ++input_.gone_tasks;
        continue;
      }
      if (seen[task])
        return Invalid("matching.duplicate", fmt::format("Row {} repeats task {}.", r + 1, task_name), "--previous");
      seen[task] = true;
      if (agent_name.empty()) continue;  // It had no agent.
      if (agent == kAbsent) {
        ++input_.gone_agents;
      } else {
        announced.agent_of[task] = static_cast<std::int32_t>(agent);
      }
    }
    return Ok{};
  }

  const MatchFiles& files_;
  MatchInput input_;
  std::string text_;
  CsvCells cells_, agent_cells_;
  std::vector<std::size_t> agent_columns_;
  NameList tasks_, agents_;
  std::vector<Pair> pairs_;
  std::vector<Figure> costs_, loads_;
  std::vector<std::size_t> capacity_of_;  // Agents of the capacities that stand behind the loads in loads_.
};

}  // namespace

Result<MatchInput> ReadMatch(const MatchFiles& files) { return Reader(files).Read(); }

}  // namespace landfall::cli
