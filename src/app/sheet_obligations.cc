// SPDX-License-Identifier: Apache-2.0
// The list of who owes what as a sheet: recorded obligations, and, as the list has them, planned milestones, reports
// that are not in, blocks that are not solved, and steps of cases that are not decided.
#include <charconv>

#include "app/query_cases.h"
#include "app/sheet_desk.h"

namespace landfall::app {
namespace {

using exchange::CellEdit;
using exchange::ColumnKind;
using exchange::CurrentRow;
using obligation::Category;
using obligation::ListName;

class ObligationSheet final : public SheetDesk {
 public:
  ObligationSheet(const Frame& frame, const HistoryIndex& history, Language language)
      : SheetDesk(frame, history, language), units_(UnitBook(frame.state)), due_days_(DueDaysOf(frame)) {
    AddColumn("number", ColumnKind::kText, {.read_only = true, .identifies = true, .width = 10});
    AddColumn("light", ColumnKind::kText, {.read_only = true, .width = 8});
    AddColumn("kind", ColumnKind::kText, {.choices = EnumChoices<obligation::Kind>("Kind")});
    AddColumn("text", ColumnKind::kText, {.width = 48});
    AddColumn("project_code", ColumnKind::kText, {});
    AddColumn("project", ColumnKind::kText, {.read_only = true, .width = 32});
    AddColumn("owner_unit", ColumnKind::kText,
              {.width = 22, .word = "obligation.owner_unit", .choices = units_.choices()});
    AddColumn("due_on", ColumnKind::kDay, {.width = 13});
    AddColumn("reason", ColumnKind::kText, {.width = 26, .word = "obligation.reason"});
    AddColumn("list", ColumnKind::kText, {.choices = EnumChoices<ListName>("ListName")});
    AddColumn("category", ColumnKind::kText, {.choices = EnumChoices<Category>("Category")});
    AddColumn("state", ColumnKind::kText, {.read_only = true});
    AddColumn("given_on", ColumnKind::kDay, {.read_only = true, .width = 13});
    AddColumn("returned", ColumnKind::kWhole, {.read_only = true, .width = 10});
    AddColumn("urged_on", ColumnKind::kDay, {.read_only = true, .width = 13});
    AddColumn("noted_on", ColumnKind::kDay, {.read_only = true, .width = 13});
    AddColumn("statutory_due_on", ColumnKind::kDay, {.read_only = true, .width = 13});
  }

  std::string_view name_column() const override { return "text"; }
  bool row_is_one() const override { return true; }

  std::optional<CurrentRow> Row(const Frame& frame, std::string_view id) const override {
    if (const std::size_t mark = id.find('#'); mark != std::string_view::npos) return BlockRow(frame, id, mark);
    if (const std::size_t dot = id.find('.'); dot != std::string_view::npos)
      return id.starts_with(cases::CaseTag::kPrefix) ? StepRow(frame, id, dot) : DerivedRow(frame, id);
    const auto known = ObligationId::Parse(id);
    const obligation::State& s = frame.state.obligation;
    if (!known || !s.Knows(*known) || !Sees(frame, s.owner[known->index()], s.project[known->index()]))
      return std::nullopt;
    const ObligationRow view = QueryObligationRow(frame, *known);
    CurrentRow row = EmptyRow(frame, known->Subject());
    Set(row, "number", known->ToString());
    Set(row, "light", EnumLabel("Light", view.light.light, language_));
    Set(row, "kind", LabelOr("enums", "Kind." + view.kind, language_));
    Set(row, "text", TextValue(view.text));
    SetProject(row, frame.state.project, s.project[known->index()]);
    Set(row, "owner_unit", TextValue(units_.Of(s.owner[known->index()])));
    Set(row, "due_on", view.due_on);
    if (view.list) Set(row, "list", EnumLabel("ListName", *view.list, language_));
    if (view.category) Set(row, "category", EnumLabel("Category", *view.category, language_));
    Set(row, "state", EnumLabel("ObligationState", view.state, language_));
    if (view.given_on) Set(row, "given_on", *view.given_on);
    Set(row, "returned", view.returned_times);
    if (view.urged_on) Set(row, "urged_on", *view.urged_on);
    if (view.noted_on) Set(row, "noted_on", *view.noted_on);
    return row;
  }

  void PlanRow(const Frame& frame, const RowEdits& edits, SheetPlan& plan) const override {
    std::vector<std::size_t> due, listed;
    bool fixed = false;
    for (const CellEdit* edit : edits.cells) {
      if (edit->key == "due_on") {
        due.push_back(edit->column);
      } else if (edit->key == "list" || edit->key == "category") {
        listed.push_back(edit->column);
      } else if (edit->key != "reason") {
        plan.Problem(edit->row, edit->column, "sheet.fixed_in_row");
        fixed = true;
      }
    }
    if (fixed) return;
    std::vector<exchange::SheetValue> values = edits.current.values;
    for (const CellEdit* edit : edits.cells) values[edit->column] = edit->new_value;
    if (due.empty() && listed.empty())
      return plan.Problem(edits.row, At("reason"), "sheet.explains_nothing", exchange::Severity::kWarning);
    // A block is solved on its project, a step decided in its case: nothing of them is said in a sheet.
    if (edits.id.find('#') != std::string_view::npos || edits.id.starts_with(cases::CaseTag::kPrefix))
      return plan.Problem(edits.row, due.empty() ? listed[0] : due[0], "sheet.fixed_in_row");
    if (edits.id.find('.') != std::string_view::npos) return PlanDerived(frame, edits, values, listed, plan);
    const ObligationId id = ObligationId::Parse(edits.id).value();
    const std::string subject(edits.id);
    if (!due.empty()) {
      std::optional<Text<500>> reason;
      if (Blank(values[due[0]])) {
        plan.Problem(edits.row, due[0], "sheet.cannot_clear");
      } else if (May(Get(values, "reason"), edits.row, "reason", reason, plan) && !reason) {
        plan.Problem(edits.row, At("reason"), "sheet.value_missing");
      } else if (reason) {
        if (!Blank(Get(values, "reason"))) due.push_back(At("reason"));
        plan.commands.push_back({obligation::MoveDeadline{id, std::get<Day>(values[due[0]]), *std::move(reason)},
                                 edits.row,
                                 subject,
                                 {},
                                 std::move(due)});
      }
    }
    if (!listed.empty()) {
      const auto list = EnumOf<ListName>("ListName", Get(values, "list"));
      if (!list) return plan.Problem(edits.row, At("list"), "sheet.cannot_clear");
      plan.commands.push_back({obligation::PutOnList{id, *list, EnumOf<Category>("Category", Get(values, "category"))},
                               edits.row,
                               subject,
                               {},
                               std::move(listed)});
    }
  }

  void PlanNew(const Frame& frame, const exchange::NewRow& row, SheetPlan& plan) const override {
    obligation::Assign command;
    const auto kind = EnumOf<obligation::Kind>("Kind", Get(row.values, "kind"));
    if (!kind) plan.Problem(row.row, At("kind"), "sheet.value_missing");
    auto text = Need<Text<500>>(row, "text", plan);
    const auto* unit_name = std::get_if<std::string>(&Get(row.values, "owner_unit"));
    const auto unit = unit_name == nullptr ? std::nullopt : units_.Find(*unit_name);
    if (!unit) plan.Problem(row.row, At("owner_unit"), "sheet.value_missing");
    const auto* due = std::get_if<Day>(&Get(row.values, "due_on"));
    if (due == nullptr) plan.Problem(row.row, At("due_on"), "sheet.value_missing");
    bool fine = true;
    if (const auto* code = std::get_if<std::string>(&Get(row.values, "project_code"))) {
      const project::State& s = frame.state.project;
      const std::uint32_t p = s.by_code.Find(s.code, *code);
      fine = p != TextIndex::kNone && Sees(frame, s.owner[p], p + 1);
      if (fine)
        command.project = ProjectId::FromIndex(p);
      else
        plan.Problem(row.row, At("project_code"), "project.unknown");
    }
    if (!kind || !text || !unit || due == nullptr || !fine) return;
    command.kind = *kind;
    command.text = *std::move(text);
    command.owner_unit = UnitId{*unit};
    command.due_on = *due;
    command.list = EnumOf<ListName>("ListName", Get(row.values, "list"));
    command.category = EnumOf<Category>("Category", Get(row.values, "category"));
    const std::string identity =
        IdentityOf(command.kind, command.project.value_or(ProjectId{}).raw, *unit, DayNumber(*due), command.text.value);
    if (!plan.FirstTime(identity, row.row, At("text"))) return;
    if (IsThere(frame.state.obligation, identity, plan)) {
      ++plan.already_so;
      return;
    }
    std::vector<std::size_t> said;
    for (std::size_t c = 0; c < row.values.size(); ++c)
      if (!Blank(row.values[c])) said.push_back(c);
    const std::string name = command.text.value;
    plan.commands.push_back({std::move(command), row.row, {}, name, std::move(said)});
  }

 private:
  bool OnlyForKnown(std::string_view key) const override { return key == "reason"; }

  static std::string IdentityOf(obligation::Kind kind, std::uint32_t project, std::uint32_t owner, std::int32_t due,
                                std::string_view text) {
    return std::to_string(static_cast<int>(kind)) + " " + std::to_string(project) + " " + std::to_string(owner) + " " +
           std::to_string(due) + " " + std::string(text);
  }
  static bool IsThere(const obligation::State& s, const std::string& identity, SheetPlan& plan) {
    if (!plan.twins) {
      plan.twins.emplace();
      for (std::uint32_t i = 0; i < s.size(); ++i)
        if (obligation::IsOpen(static_cast<obligation::Life>(s.life[i])))
          plan.twins->emplace(
              IdentityOf(static_cast<obligation::Kind>(s.kind[i]), s.project[i], s.owner[i], s.due[i], s.text.Get(i)),
              i);
    }
    return plan.twins->contains(identity);
  }

  void SetProject(CurrentRow& row, const project::State& s, std::uint32_t raw) const {
    if (raw == 0) return;
    Set(row, "project_code", TextValue(s.code.Get(raw - 1)));
    Set(row, "project", TextValue(s.title.Get(raw - 1)));
  }

  static std::optional<std::uint64_t> NumberIn(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    return problem == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
  }
  // What a step and a block have in common; nothing of it is changed here.
  CurrentRow FilledRow(const Frame& frame, std::string_view id, const std::string& subject, const ObligationRow& view,
                       std::string_view kind, std::uint32_t unit, std::uint32_t project) const {
    CurrentRow row = EmptyRow(frame, subject);
    Set(row, "number", std::string(id));
    Set(row, "light", EnumLabel("Light", view.light.light, language_));
    Set(row, "kind", SheetWord(kind, language_));
    Set(row, "text", TextValue(view.text));
    SetProject(row, frame.state.project, project);
    Set(row, "owner_unit", TextValue(units_.Of(unit)));
    Set(row, "due_on", view.due_on);
    Set(row, "state", EnumLabel("ObligationState", view.state, language_));
    if (view.given_on) Set(row, "given_on", *view.given_on);
    if (view.statutory_due_on) Set(row, "statutory_due_on", *view.statutory_due_on);
    return row;
  }
  std::optional<CurrentRow> StepRow(const Frame& frame, std::string_view id, std::size_t dot) const {
    const auto of = cases::CaseId::Parse(id.substr(0, dot));
    const auto step = NumberIn(id.substr(dot + 1));
    if (!of || !step || !frame.state.cases.Knows(*of)) return std::nullopt;
    const auto owed = FindOwedStep(frame, static_cast<std::uint32_t>(of->index()), static_cast<std::int64_t>(*step));
    if (!owed || !Sees(frame, owed->unit, owed->project)) return std::nullopt;
    return FilledRow(frame, id, of->Subject(), OwedStepRow(frame, *owed), "kind.step", owed->unit, owed->project);
  }
  std::optional<CurrentRow> BlockRow(const Frame& frame, std::string_view id, std::size_t mark) const {
    const auto project = ProjectId::Parse(id.substr(0, mark));
    const auto seq = NumberIn(id.substr(mark + 1));
    const auto block = project && seq ? FindStandingBlock(frame, *project, *seq) : std::nullopt;
    if (!block) return std::nullopt;
    const std::uint32_t owner = frame.state.project.files.blocks[*block].owner;
    if (!Sees(frame, owner, project->raw)) return std::nullopt;
    return FilledRow(frame, id, project->Subject(), QueryBlockRow(frame, *block), "kind.block", owner, project->raw);
  }

  // "p88.signed", a planned milestone that is not reached; "p88.2026-10", a report that is owed.
  std::optional<CurrentRow> DerivedRow(const Frame& frame, std::string_view id) const {
    const project::State& s = frame.state.project;
    const std::size_t dot = id.find('.');
    const auto project = ProjectId::Parse(id.substr(0, dot));
    if (!project || !s.Knows(*project) || !Sees(frame, s.owner[project->index()], project->raw)) return std::nullopt;
    const std::size_t p = project->index();
    const std::string_view what = id.substr(dot + 1);
    CurrentRow row = EmptyRow(frame, project->Subject());
    std::int32_t due = 0;
    const project::Ladder& ladder = s.ladders[s.ladder[p]];
    if (const int rung = ladder.Find(what); rung >= 0) {
      const std::size_t slot = s.first_slot[p] + static_cast<std::size_t>(rung);
      const bool reached = s.reached[slot] != project::kNoDay && s.reached[slot] <= DayNumber(frame.as_of);
      if (s.planned[slot] == project::kNoDay || reached) return std::nullopt;
      due = s.planned[slot];
      Set(row, "kind", SheetWord("kind.milestone", language_));
      Set(row, "text", LabelOr("milestones", what, language_));
    } else {
      const auto period = Period::Parse(what);
      if (!period || s.reports.Find(p, *period) != 0) return std::nullopt;
      const auto day = due_days_.find({s.ladder[p], period->months});
      if (day == due_days_.end()) return std::nullopt;
      due = day->second;
      Set(row, "kind", SheetWord("kind.report", language_));
      Set(row, "text", period->ToString());
    }
    const std::int32_t late = DayNumber(frame.as_of) - due;
    Set(row, "number", std::string(id));
    Set(row, "light",
        EnumLabel("Light",
                  late > kAmberDays ? Light::red
                  : late > 0        ? Light::amber
                                    : Light::green,
                  language_));
    SetProject(row, s, project->raw);
    Set(row, "owner_unit", TextValue(units_.Of(s.owner[p])));
    Set(row, "due_on", DayFromNumber(due));
    return row;
  }

  void PlanDerived(const Frame& frame, const RowEdits& edits, const std::vector<exchange::SheetValue>& values,
                   const std::vector<std::size_t>& listed, SheetPlan& plan) const {
    const std::size_t dot = edits.id.find('.');
    const ProjectId project = ProjectId::Parse(edits.id.substr(0, dot)).value();
    const std::string milestone(edits.id.substr(dot + 1));
    const project::State& s = frame.state.project;
    const bool planned = s.ladders[s.ladder[project.index()]].Find(milestone) >= 0;
    const auto* day = std::get_if<Day>(&Get(values, "due_on"));
    if (!listed.empty() || !planned)
      return plan.Problem(edits.row, listed.empty() ? At("due_on") : listed[0], "sheet.fixed_in_row");
    if (day == nullptr) return plan.Problem(edits.row, At("due_on"), "sheet.cannot_clear");
    plan.commands.push_back(
        {project::PlanMilestone{project, {milestone}, *day}, edits.row, std::string(edits.id), {}, {At("due_on")}});
  }

  NameBook units_;
  ReportDueDays due_days_;
};

}  // namespace

std::unique_ptr<SheetDesk> OpenObligationSheet(const Frame& frame, const HistoryIndex& history, Language language) {
  return std::make_unique<ObligationSheet>(frame, history, language);
}

}  // namespace landfall::app
