// SPDX-License-Identifier: Apache-2.0
#include "app/import.h"

#include <filesystem>
#include <fstream>
#include <unordered_set>

#include "exchange/table_import.h"
#include "ledger/blobs.h"

namespace landfall::app {
namespace {

constexpr int kAttempts = 5;  // When others write between reading the state and storing the batch.

// What a row of this ledger's project register may say.
exchange::TableSchema SchemaFor(const project::Ladder& ladder, int decimals) {
  using exchange::ValueType;
  exchange::TableSchema schema;
  schema.money_decimals = decimals;
  schema.settings = {{.name = "ladder", .choices = {}, .is_day = false, .required = true},
                     {.name = "register_as_at", .choices = {}, .is_day = true, .required = false}};
  schema.groups.push_back(
      {.name = "field",
       .keys = {{.key = "code", .type = ValueType::kText, .required = true, .bytes_max = 60},
                {.key = "title", .type = ValueType::kText, .required = true, .bytes_max = 800},
                {.key = "investment", .type = ValueType::kMoney},
                {.key = "owner_unit", .type = ValueType::kPath, .required = false, .bytes_max = 400},
                {.key = "region_code", .type = ValueType::kText, .required = false, .bytes_max = 12},
                {.key = "enterprise_credit_code", .type = ValueType::kText, .required = false, .bytes_max = 18}},
       .any_key = false,
       .options = {}});
  exchange::TargetGroup milestones{.name = "milestone", .keys = {}, .any_key = false, .options = {}};
  for (const project::Rung& rung : ladder.rungs)
    milestones.keys.push_back({.key = rung.key.value, .type = ValueType::kDay});
  milestones.options = {{.name = "as", .choices = {"stated", "planned", "actual"}, .is_day = false, .required = true}};
  schema.groups.push_back(std::move(milestones));
  schema.groups.push_back({.name = "attribute", .keys = {}, .any_key = true, .options = {}});
  return schema;
}

// A unit's code from its path: a readable slug where the names are short ASCII, else a digest. The same path gives the
// same code.
std::string UnitCode(std::span<const std::string> path) {
  std::string slug, whole;
  bool ascii = true;
  for (const std::string& level : path) {
    if (!slug.empty()) slug += '/';
    for (char c : level) {
      const bool upper = c >= 'A' && c <= 'Z';
      const bool plain = upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
      ascii = ascii && static_cast<std::uint8_t>(c) < 0x80;
      if (plain)
        slug += upper ? static_cast<char>(c + 32) : c;
      else if (!slug.empty() && slug.back() != '-' && slug.back() != '/')
        slug += '-';
    }
    whole += level + '\n';
  }
  const std::string digest = Hex(Sha256(whole)).substr(0, 12);
  if (!ascii || slug.empty()) return "unit-" + digest;
  return slug.size() <= 40 ? slug : slug.substr(0, 27) + "-" + digest;
}

// Turns rows into commands against one state.
class Planner {
 public:
  Planner(const State& state, const exchange::Mapping& mapping, const project::Ladder& ladder, Day register_as_at)
      : state_(state), mapping_(mapping), ladder_(ladder), register_as_at_(register_as_at) {
    next_unit_ = static_cast<std::uint32_t>(state.people.unit_parent.size()) + 1;
  }

  std::vector<AnyCommand> units, projects;
  std::vector<std::uint64_t> row_of_project;  // Parallel to `projects`.
  ImportReport report;

  Status Row(const exchange::TypedRow& row, exchange::ProblemList& problems) {
    if (row.failed) return Ok{};
    row_ = &row;
    problems_ = &problems;
    project::RecordRow command;
    std::vector<project::Attribute> attributes;
    std::optional<std::string> code, title;
    std::vector<project::StatedMilestone> stated;
    for (std::size_t t = 0; t < mapping_.targets.size(); ++t) {
      const exchange::Target& target = mapping_.targets[t];
      const exchange::CellValue& value = row.cells[t].value;
      if (std::holds_alternative<std::monostate>(value)) continue;
      if (target.group == "milestone") {
        stated.push_back(
            {{target.key}, std::get<Day>(value), MeaningOf(target.options.at("as"), std::get<Day>(value))});
      } else if (target.group == "attribute") {
        AddAttribute(attributes, target.key, row.cells[t]);
      } else if (target.key == "code") {
        code = std::get<std::string>(value);
      } else if (target.key == "title") {
        title = std::get<std::string>(value);
      } else if (target.key == "investment") {
        command.investment_minor = std::get<Money>(value);
      } else if (target.key == "owner_unit") {
        command.owner_unit = UnitOf(std::get<exchange::Path>(value));
      } else if (target.key == "region_code") {
        command.region = RegionOf(std::get<std::string>(value));
      } else {
        command.enterprise = EnterpriseOf(std::get<std::string>(value));
      }
    }
    if (!Text(code, title, command)) return Ok{};
    if (!codes_.insert(command.code->value).second) return Fault("code", "import.duplicate_code");
    if (command.investment_minor) {
      LF_ASSIGN(report.investment_minor, report.investment_minor.Plus(*command.investment_minor));
    } else {
      ++report.rows_without_investment;
    }
    // In ladder order, whatever the order of the columns.
    std::stable_sort(stated.begin(), stated.end(), [&](const auto& a, const auto& b) {
      return ladder_.Find(a.milestone.value) < ladder_.Find(b.milestone.value);
    });
    command.milestones.items = std::move(stated);
    FindContradictions(command);
    if (!attributes.empty()) command.attributes = List<project::Attribute, 60>{std::move(attributes)};
    Emit(std::move(command));
    return Ok{};
  }

 private:
  Status Fault(std::string_view field, std::string_view code) {
    problems_->Add({.row = row_->number,
                    .column = ColumnOf("field", field),
                    .code = std::string(code),
                    .detail = {},
                    .excerpt = {}});
    return Ok{};
  }
  std::string ColumnOf(std::string_view group, std::string_view key) const {
    for (const exchange::ColumnRule& rule : mapping_.columns) {
      if (rule.ignored) continue;
      const exchange::Target& target = mapping_.targets[rule.target];
      if (target.group == group && target.key == key) return rule.column;
    }
    return {};
  }

  project::StatedAs MeaningOf(const std::string& as, Day day) const {
    if (as == "planned") return project::StatedAs::planned;
    if (as == "actual") return project::StatedAs::reached;
    // A register's plain date is a fact up to the day on which the register was true, and a plan after it.
    return day <= register_as_at_ ? project::StatedAs::reached : project::StatedAs::planned;
  }

  void AddAttribute(std::vector<project::Attribute>& attributes, const std::string& key, const exchange::Cell& cell) {
    auto value = landfall::Text<500>::Parse(cell.original);
    if (!value) {
      problems_->Add({.row = row_->number,
                      .column = ColumnOf("attribute", key),
                      .code = value.error().code,
                      .detail = {},
                      .excerpt = {}});
      return;
    }
    if (attributes.size() < 60) attributes.push_back({{key}, std::move(*value)});
  }

  bool Text(const std::optional<std::string>& code, const std::optional<std::string>& title,
            project::RecordRow& command) {
    if (!code || !title) {
      (void)Fault(code ? "title" : "code", "import.value_missing");
      return false;
    }
    auto checked_code = Code<60>::Parse(*code);
    auto checked_title = landfall::Text<200>::Parse(*title);
    if (!checked_code) (void)Fault("code", checked_code.error().code);
    if (!checked_title) (void)Fault("title", checked_title.error().code);
    if (!checked_code || !checked_title) return false;
    command.code = std::move(*checked_code);
    command.title = std::move(*checked_title);
    return true;
  }

  // Finds or makes the units of a path, widest first. A level that is not known ends it.
  std::optional<UnitId> UnitOf(const exchange::Path& path) {
    std::optional<UnitId> parent;
    for (std::size_t level = 0; level < path.size(); ++level) {
      if (path[level].empty()) continue;
      const std::string code = UnitCode(std::span(path).first(level + 1));
      const std::uint32_t known = state_.people.by_unit_code.Find(state_.people.unit_code, code);
      if (known != TextIndex::kNone) {
        parent = UnitId::FromIndex(known);
        continue;
      }
      auto [made, fresh] = made_units_.try_emplace(code, UnitId{next_unit_});
      if (fresh) {
        auto name = landfall::Text<100>::Parse(path[level]);
        if (!name) {
          (void)Fault("owner_unit", name.error().code);
          made_units_.erase(made);
          return parent;
        }
        ++next_unit_;
        units.emplace_back(people::CreateUnit{{code}, std::move(*name), parent});
      }
      parent = made->second;
    }
    return parent;
  }

  std::optional<RegionId> RegionOf(const std::string& code) {
    const std::uint32_t at = state_.place.by_code.Find(state_.place.code, code);
    if (at != TextIndex::kNone) return RegionId::FromIndex(at);
    (void)Fault("region_code", "region.unknown");
    return std::nullopt;
  }

  std::optional<EnterpriseId> EnterpriseOf(const std::string& code) {
    auto checked = enterprise::CreditCode::Parse(code);
    if (!checked) {
      (void)Fault("enterprise_credit_code", checked.error().code);
      return std::nullopt;
    }
    const std::uint32_t at = state_.enterprise.by_credit_code.Find(state_.enterprise.credit_code, code);
    if (at != TextIndex::kNone) return EnterpriseId::FromIndex(at);
    (void)Fault("enterprise_credit_code", "enterprise.unknown");
    return std::nullopt;
  }

  void FindContradictions(project::RecordRow& command) {
    std::optional<Day> latest;
    for (const project::StatedMilestone& m : command.milestones.items) {
      if (latest && m.day < *latest) {
        command.findings.items.push_back({"milestone_out_of_order." + m.milestone.value});
        problems_->Add({.row = row_->number,
                        .column = ColumnOf("milestone", m.milestone.value),
                        .code = "import.milestone_out_of_order",
                        .severity = exchange::Severity::kWarning,
                        .detail = FormatDay(m.day) + " < " + FormatDay(*latest),
                        .excerpt = {}});
      }
      latest = latest ? std::max(*latest, m.day) : m.day;
    }
  }

  // New project, or only what differs from what is known.
  void Emit(project::RecordRow command) {
    const project::State& s = state_.project;
    const std::uint32_t at = s.by_code.Find(s.code, command.code->value);
    if (at == TextIndex::kNone) {
      command.ladder = Key<40>{ladder_.key};
      ++report.created;
    } else {
      command.project = ProjectId::FromIndex(at);
      command.code.reset();
      KeepDifferences(command, at);
      const bool says_nothing = !command.title && !command.owner_unit && !command.region && !command.enterprise &&
                                !command.investment_minor && command.milestones.items.empty() && !command.attributes;
      if (says_nothing) {
        ++report.unchanged;
        return;
      }
      ++report.changed;
    }
    projects.emplace_back(std::move(command));
    row_of_project.push_back(row_->number);
  }

  void KeepDifferences(project::RecordRow& command, std::size_t p) {
    const project::State& s = state_.project;
    // An erased title stays erased: an import must not bring back what the law took away.
    if (s.title.Erased(p) || s.title.Get(p) == command.title->value) command.title.reset();
    if (command.owner_unit && command.owner_unit->raw == s.owner[p]) command.owner_unit.reset();
    if (command.region && command.region->raw == s.region[p]) command.region.reset();
    if (command.enterprise && command.enterprise->raw == s.enterprise[p]) command.enterprise.reset();
    if (command.investment_minor && command.investment_minor->minor() == s.investment[p])
      command.investment_minor.reset();
    if (command.attributes && (s.attributes.Erased(p) || s.attributes.Get(p) == ToJson(*command.attributes)))
      command.attributes.reset();
    std::erase_if(command.milestones.items, [&](const project::StatedMilestone& m) {
      const int rung = s.ladders[s.ladder[p]].Find(m.milestone.value);
      if (rung < 0) return false;  // Decide will name it.
      const std::size_t slot = s.first_slot[p] + static_cast<std::size_t>(rung);
      if (m.as == project::StatedAs::planned && s.reached[slot] != project::kNoDay &&
          s.planned[slot] != DayNumber(m.day)) {
        problems_->Add({.row = row_->number,
                        .column = ColumnOf("milestone", m.milestone.value),
                        .code = "import.reached_now_planned",
                        .severity = exchange::Severity::kWarning,
                        .detail = {},
                        .excerpt = {}});
      }
      return DayNumber(m.day) == (m.as == project::StatedAs::reached ? s.reached[slot] : s.planned[slot]);
    });
    if (command.milestones.items.empty()) command.findings.items.clear();
  }

  const State& state_;
  const exchange::Mapping& mapping_;
  const project::Ladder& ladder_;
  Day register_as_at_;
  std::uint32_t next_unit_ = 1;
  std::map<std::string, UnitId> made_units_;
  std::unordered_set<std::string> codes_;
  const exchange::TypedRow* row_ = nullptr;
  exchange::ProblemList* problems_ = nullptr;
};

Result<std::string> ReadMappingFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return NotFound("import.mapping_missing", path);
  std::string text((1u << 20) + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  return text;
}

void FillReport(ImportReport& report, const exchange::TableReport& table) {
  report.file = table.file;
  report.mapping = table.mapping;
  report.rows = static_cast<std::int64_t>(table.rows);
  report.rows_failed = static_cast<std::int64_t>(table.rows_failed);
  report.errors = static_cast<std::int64_t>(table.problems.errors());
  report.warnings = static_cast<std::int64_t>(table.problems.warnings());
  report.notes = static_cast<std::int64_t>(table.problems.notes());
  report.problems_left_out = static_cast<std::int64_t>(table.problems.left_out());
  for (const exchange::Problem& p : table.problems.kept())
    report.problems.push_back({static_cast<std::int64_t>(p.row), p.column,
                               std::string(exchange::SeverityName(p.severity)), p.code, p.detail, p.excerpt,
                               static_cast<std::int64_t>(p.count)});
}

}  // namespace

Result<ImportOutcome> ImportProjects(Engine& engine, Actor by, const std::string& file, const std::string& mapping_path,
                                     const ImportOptions& options) {
  LF_ASSIGN(const std::string mapping_text, ReadMappingFile(mapping_path));
  const std::string key = NewKey(engine.clock(), engine.random());
  for (int attempt = 0;; ++attempt) {
    // A copy of its own: planning a large file takes longer than a reader may hold the live state.
    auto state = std::make_unique<State>();
    std::uint64_t known_seq = 0;
    {
      const Engine::Reader reader = engine.Read();
      *state = reader.state();
      known_seq = reader.seq();
    }
    LF_ASSIGN(const std::optional<std::string> ladder_key, exchange::PeekSetting(mapping_text, "ladder"));
    const int ladder = state->project.FindLadder(ladder_key.value_or(""));
    if (ladder < 0) return Invalid("project.unknown_ladder", ladder_key.value_or(""), "ladder");
    const project::Ladder& rungs = state->project.ladders[static_cast<std::size_t>(ladder)];
    const exchange::TableSchema schema = SchemaFor(rungs, static_cast<int>(state->admin.currency_decimals));
    LF_ASSIGN(const exchange::Mapping mapping, exchange::ReadMapping(mapping_text, schema));
    Day as_at = WallDay(engine.clock().Now(), state->admin.offset());
    if (const auto it = mapping.settings.find("register_as_at"); it != mapping.settings.end())
      as_at = ParseDay(it->second).value();

    LF_ASSIGN(auto source, exchange::FileSource::Open(file));
    Planner planner(*state, mapping, rungs, as_at);
    bool cancelled = false;
    LF_ASSIGN(
        exchange::TableReport table,
        exchange::ReadTable(
            *source, mapping, schema,
            [&](const exchange::TypedRow& row, exchange::ProblemList& problems) { return planner.Row(row, problems); },
            [&](std::uint64_t done, std::optional<std::uint64_t> total) {
              cancelled = options.progress && !options.progress("read", done, total.value_or(0));
              return !cancelled;
            }));
    ImportOutcome outcome;
    outcome.report = std::move(planner.report);
    outcome.report.file_name = std::filesystem::path(file).filename();
    outcome.report.register_as_at = as_at;
    outcome.report.units_created = static_cast<std::int64_t>(planner.units.size());

    std::vector<AnyCommand> commands = std::move(planner.units);
    const std::size_t first_project = commands.size();
    commands.insert(commands.end(), std::make_move_iterator(planner.projects.begin()),
                    std::make_move_iterator(planner.projects.end()));
    if (table.passed()) {
      for (auto& [index, error] : engine.TryBatch(by, commands)) {
        const std::uint64_t row = index < first_project ? 0 : planner.row_of_project[index - first_project];
        table.problems.Add(
            {.row = row, .column = error.field, .code = error.code, .detail = error.detail, .excerpt = {}});
      }
    }
    FillReport(outcome.report, table);
    if (!table.passed()) {
      outcome.refusal = Invalid("import.has_errors", std::to_string(table.problems.errors()));
      return outcome;
    }
    if (options.dry_run || commands.empty()) return outcome;

    LF_ASSIGN(std::unique_ptr<ledger::Blobs> blobs, ledger::Blobs::Open(engine.files().blobs()));
    LF_ASSIGN(const Digest stored_report, blobs->Put("application/json", ToJson(outcome.report)));
    admin::CompleteBatch completion{{"projects"},  {static_cast<std::int64_t>(commands.size())},
                                    table.file,    table.mapping,
                                    stored_report, std::nullopt};
    if (by == Actor::Local()) {
      LF_ASSIGN(completion.local_user, landfall::Text<64>::Parse(options.local_user));
    }
    auto answer = engine.RunBatch(by, key, commands, completion, known_seq, [&](std::size_t done, std::size_t total) {
      if (options.progress) options.progress("store", done, total);
    });
    if (!answer && answer.error().code == "ledger.moved_on" && attempt + 1 < kAttempts) continue;
    if (!answer) return std::move(answer).error();
    outcome.stored = true;
    outcome.seq = answer->seq;
    return outcome;
  }
}

}  // namespace landfall::app
