// SPDX-License-Identifier: Apache-2.0
// Projects as a sheet: facts of each, and every rung of the ladders with its planned and its actual day.
#include <algorithm>
#include <set>

#include "app/sheet_desk.h"

namespace landfall::app {
namespace {

using exchange::CellEdit;
using exchange::ColumnKind;
using exchange::CurrentRow;

constexpr std::size_t kMilestonesMax =
    80;  // Of all ladders in use together: two columns each, of 200 a sheet may have.
constexpr std::string_view kPlanned = "planned.", kReached = "reached.";

class ProjectSheet final : public SheetDesk {
 public:
  ProjectSheet(const Frame& frame, const HistoryIndex& history, Language language)
      : SheetDesk(frame, history, language), units_(UnitBook(frame.state)), regions_(RegionBook(frame.state)) {
    const project::State& s = frame.state.project;
    std::vector<std::string> ladders;
    for (const project::Ladder& ladder : s.ladders) ladders.push_back(LabelOr("ladders", ladder.key, language));
    AddColumn("number", ColumnKind::kText, {.read_only = true, .identifies = true, .width = 8});
    AddColumn("code", ColumnKind::kText, {});
    AddColumn("title", ColumnKind::kText, {.width = 40});
    AddColumn("ladder", ColumnKind::kText, {.choices = ladders});
    AddColumn("owner_unit", ColumnKind::kText, {.width = 22, .choices = units_.choices()});
    AddColumn("region", ColumnKind::kText, {.choices = regions_.choices()});
    AddColumn("credit_code", ColumnKind::kText, {.width = 22, .word = "project.credit_code"});
    AddColumn("enterprise", ColumnKind::kText, {.read_only = true, .width = 26});
    AddColumn("investment", ColumnKind::kMoney, {.width = 18});
    AddColumn("funds", ColumnKind::kMoney, {.read_only = true, .width = 18});
    AddColumn("stage", ColumnKind::kText, {.read_only = true});
    AddColumn("light", ColumnKind::kText, {.read_only = true, .width = 8});
    for (std::size_t l = 0; l < s.ladders.size(); ++l) {
      // Where nobody stands on any ladder yet, a template still offers the days of all.
      const bool used = s.tallies[l].projects > 0 || s.size() == 0;
      for (std::size_t r = 0; used && r < s.ladders[l].rungs.size(); ++r) AddMilestone(s.ladders[l].rungs[r].key.value);
    }
  }

  std::string_view name_column() const override { return "title"; }

  std::optional<CurrentRow> Row(const Frame& frame, std::string_view id) const override {
    const auto project = ProjectId::Parse(id);
    const project::State& s = frame.state.project;
    if (!project || !s.Knows(*project) || !Sees(frame, s.owner[project->index()], project->raw)) return std::nullopt;
    const std::size_t p = project->index();
    const std::int32_t as_of = DayNumber(frame.as_of);
    const project::Ladder& ladder = s.ladders[s.ladder[p]];
    const project::State::Position at = s.PositionAt(p, as_of);
    CurrentRow row = EmptyRow(frame, project->Subject());
    Set(row, "number", project->ToString());
    Set(row, "code", TextValue(s.code.Get(p)));
    Set(row, "title", TextValue(s.title.Get(p)));
    Set(row, "ladder", LabelOr("ladders", ladder.key, language_));
    Set(row, "owner_unit", TextValue(units_.Of(s.owner[p])));
    Set(row, "region", TextValue(regions_.Of(s.region[p])));
    if (const std::uint32_t e = s.enterprise[p]; e != 0) {
      Set(row, "credit_code", TextValue(frame.state.enterprise.credit_code.Get(e - 1)));
      Set(row, "enterprise", TextValue(frame.state.enterprise.name.Get(e - 1)));
    }
    if (s.investment[p] != project::kNoMoney) Set(row, "investment", Money::FromMinor(s.investment[p]));
    Set(row, "funds", Money::FromMinor(s.FundsAt(p, as_of)));
    if (at.stage > 0)
      Set(row, "stage",
          LabelOr("milestones", ladder.rungs[static_cast<std::size_t>(at.stage - 1)].key.value, language_));
    Set(row, "light", EnumLabel("Light", ProjectLight(frame, *project).light, language_));
    for (std::size_t r = 0; r < ladder.rungs.size(); ++r) {
      const std::size_t slot = s.first_slot[p] + r;
      const std::string& key = ladder.rungs[r].key.value;
      if (!milestones_.contains(key)) continue;
      Set(row, std::string(kPlanned) + key, DayValue(s.planned[slot], project::kNoDay));
      const bool reached = s.reached[slot] != project::kNoDay && s.reached[slot] <= as_of;
      Set(row, std::string(kReached) + key, DayValue(reached ? s.reached[slot] : project::kNoDay, project::kNoDay));
    }
    return row;
  }

  void PlanRow(const Frame& frame, const RowEdits& edits, SheetPlan& plan) const override {
    const ProjectId project = ProjectId::Parse(edits.id).value();
    std::vector<DayEdit> plans, reached;
    for (const CellEdit* edit : edits.cells) {
      const std::size_t column = edit->column;
      const auto send = [&](AnyCommand command) {
        plan.commands.push_back({std::move(command), edit->row, edit->id, {}, {column}});
      };
      const bool milestone = edit->key.starts_with(kPlanned) || edit->key.starts_with(kReached);
      const bool fixed = !milestone && edit->key != "title" && edit->key != "owner_unit" && edit->key != "investment";
      const bool again = edit->key.starts_with(kReached) && !edit->old_text.empty();
      if (fixed || again) {
        plan.Problem(edit->row, column, again ? "sheet.needs_reason" : "sheet.fixed_in_row");
      } else if (Blank(edit->new_value)) {
        plan.Problem(edit->row, column, "sheet.cannot_clear");
      } else if (milestone) {
        DayEdits(*edit, plans, reached);
      } else if (edit->key == "title") {
        if (auto title = ReadAs<Text<200>>(std::get<std::string>(edit->new_value), edit->row, edit->key, plan))
          send(project::RenameProject{project, *std::move(title)});
      } else if (edit->key == "owner_unit") {
        if (const auto unit = units_.Find(std::get<std::string>(edit->new_value)))
          send(project::AssignOwner{project, UnitId{*unit}});
      } else {
        send(project::SetInvestment{project, std::get<Money>(edit->new_value)});
      }
    }
    PlanDays(frame.state.project.ladders[frame.state.project.ladder[project.index()]], project, plans, reached,
             edits.row, std::string(edits.id), plan);
  }

  void PlanNew(const Frame& frame, const exchange::NewRow& row, SheetPlan& plan) const override {
    const project::State& s = frame.state.project;
    project::RegisterProject command;
    auto title = Need<Text<200>>(row, "title", plan);
    const auto unit = Need<UnitId>(row, "owner_unit", units_, plan);
    const int ladder = LadderOf(s, row, plan);
    bool fine = May(Get(row.values, "code"), row.row, "code", command.code, plan);
    std::optional<enterprise::CreditCode> credit_code;
    fine = May(Get(row.values, "credit_code"), row.row, "credit_code", credit_code, plan) && fine;
    if (credit_code) {
      const enterprise::State& e = frame.state.enterprise;
      const std::uint32_t known = e.by_credit_code.Find(e.credit_code, credit_code->value);
      if (known == TextIndex::kNone) {
        plan.Problem(row.row, At("credit_code"), "enterprise.unknown");
        fine = false;
      } else {
        command.enterprise = EnterpriseId::FromIndex(known);
      }
    }
    if (!title || !unit || ladder < 0 || !fine) return;
    command.title = *std::move(title);
    command.owner_unit = *unit;
    command.ladder = {s.ladders[static_cast<std::size_t>(ladder)].key};
    if (const auto* text = std::get_if<std::string>(&Get(row.values, "region")))
      if (const auto region = regions_.Find(*text)) command.region = RegionId{*region};
    if (const auto* money = std::get_if<Money>(&Get(row.values, "investment"))) command.investment_minor = *money;
    if (!plan.FirstTime(command.code ? "code " + command.code->value : "title " + command.title.value, row.row,
                        At(command.code ? "code" : "title")))
      return;
    if (IsThere(s, command, plan)) {
      ++plan.already_so;
      return;
    }
    const ProjectId project = ProjectId::FromIndex(s.size() + plan.projects++);
    const std::string name = command.title.value;
    std::vector<std::size_t> said;
    for (std::size_t c = 0; c < row.values.size(); ++c)
      if (!Blank(row.values[c])) said.push_back(c);
    plan.commands.push_back({std::move(command), row.row, {}, name, std::move(said)});
    std::vector<DayEdit> plans, reached;
    for (std::size_t c = 0; c < row.values.size(); ++c) {
      const std::string& key = columns()[c].key;
      if (Blank(row.values[c]) || !(key.starts_with(kPlanned) || key.starts_with(kReached))) continue;
      CellEdit edit;
      edit.column = c;
      edit.key = key;
      edit.new_value = row.values[c];
      DayEdits(edit, plans, reached);
    }
    PlanDays(s.ladders[static_cast<std::size_t>(ladder)], project, plans, reached, row.row, {}, plan, name);
  }

 private:
  struct DayEdit {
    std::size_t column = 0;
    std::string milestone;
    Day day{};
    std::optional<Day> before;
  };

  void AddMilestone(const std::string& key) {
    if (milestones_.size() >= kMilestonesMax || !milestones_.insert(key).second) return;
    const std::string name = LabelOr("milestones", key, language_);
    const auto label = [&](std::string_view word) {
      std::string text = SheetWord(word, language_);
      return text.replace(text.find("{name}"), 6, name);
    };
    AddLabelled(std::string(kPlanned) + key, label("planned"), ColumnKind::kDay, false, 13);
    AddLabelled(std::string(kReached) + key, label("reached"), ColumnKind::kDay, false, 13);
  }

  static void DayEdits(const CellEdit& edit, std::vector<DayEdit>& plans, std::vector<DayEdit>& reached) {
    const bool planned = edit.key.starts_with(kPlanned);
    DayEdit day{edit.column, edit.key.substr(planned ? kPlanned.size() : kReached.size()),
                std::get<Day>(edit.new_value), std::nullopt};
    if (!edit.old_text.empty()) day.before = ParseDay(edit.old_text).value();
    (planned ? plans : reached).push_back(std::move(day));
  }

  // A plan must stay in order after each command, not only after the last: what moves later goes last rung first, what
  // moves earlier first rung first, and what had no day comes when all others stand. Then what was reached.
  void PlanDays(const project::Ladder& ladder, ProjectId project, std::vector<DayEdit>& plans,
                std::vector<DayEdit>& reached, std::uint32_t row, const std::string& subject, SheetPlan& plan,
                const std::string& name = {}) const {
    const auto rung = [&](const DayEdit& e) { return ladder.Find(e.milestone); };
    const auto turn = [&](const DayEdit& e) {
      const bool later = e.before && e.day > *e.before;
      return std::pair(later ? 0 : e.before ? 1 : 2, later ? -rung(e) : rung(e));
    };
    std::stable_sort(plans.begin(), plans.end(), [&](const auto& a, const auto& b) { return turn(a) < turn(b); });
    std::stable_sort(reached.begin(), reached.end(), [&](const auto& a, const auto& b) { return rung(a) < rung(b); });
    for (const DayEdit& e : plans)
      plan.commands.push_back({project::PlanMilestone{project, {e.milestone}, e.day}, row, subject, name, {e.column}});
    for (const DayEdit& e : reached)
      plan.commands.push_back(
          {project::ReachMilestone{project, {e.milestone}, e.day, std::nullopt}, row, subject, name, {e.column}});
  }

  template <class T>
  std::optional<T> Need(const exchange::NewRow& row, std::string_view key, const NameBook& book,
                        SheetPlan& plan) const {
    const auto* text = std::get_if<std::string>(&Get(row.values, key));
    const auto raw = text == nullptr ? std::nullopt : book.Find(*text);
    if (raw) return T{*raw};
    plan.Problem(row.row, At(key), "sheet.value_missing");
    return std::nullopt;
  }
  using SheetDesk::Need;

  int LadderOf(const project::State& s, const exchange::NewRow& row, SheetPlan& plan) const {
    const auto* text = std::get_if<std::string>(&Get(row.values, "ladder"));
    if (text == nullptr && s.ladders.size() == 1) return 0;
    for (std::size_t l = 0; text != nullptr && l < s.ladders.size(); ++l)
      if (LabelOr("ladders", s.ladders[l].key, language_) == *text) return static_cast<int>(l);
    plan.Problem(row.row, At("ladder"), "sheet.value_missing");
    return -1;
  }

  // Whether the ledger has this very project: by its code, or without one by title and owner.
  static bool IsThere(const project::State& s, const project::RegisterProject& c, SheetPlan& plan) {
    std::uint32_t p = TextIndex::kNone;
    if (c.code) {
      p = s.by_code.Find(s.code, c.code->value);
    } else {
      if (!plan.twins) {
        plan.twins.emplace();
        for (std::uint32_t i = 0; i < s.size(); ++i)
          if (s.code.Get(i).empty()) plan.twins->emplace(std::string(s.title.Get(i)), i);
      }
      if (const auto twin = plan.twins->find(c.title.value); twin != plan.twins->end()) p = twin->second;
    }
    return p != TextIndex::kNone && s.title.Get(p) == c.title.value && s.owner[p] == c.owner_unit.raw &&
           s.ladders[s.ladder[p]].key == c.ladder.value;
  }

  NameBook units_, regions_;
  std::set<std::string, std::less<>> milestones_;
};

}  // namespace

std::unique_ptr<SheetDesk> OpenProjectSheet(const Frame& frame, const HistoryIndex& history, Language language) {
  return std::make_unique<ProjectSheet>(frame, history, language);
}

}  // namespace landfall::app
