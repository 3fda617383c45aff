// SPDX-License-Identifier: Apache-2.0
// Progress reports of a month as a sheet: a row a project. What is filled in beside a project that has not reported is
// its report; what is changed beside one that has is a correction, which says why and waits for a second person.
#include "app/report_views.h"
#include "app/sheet_desk.h"

namespace landfall::app {
namespace {

using exchange::BasisPoints;
using exchange::CellEdit;
using exchange::ColumnKind;
using exchange::CurrentRow;
using exchange::SheetValue;

// "p88.2026-10".
struct RowId {
  ProjectId project;
  Period period;
};
std::optional<RowId> ParseRowId(std::string_view id) {
  const std::size_t dot = id.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const auto project = ProjectId::Parse(id.substr(0, dot));
  const auto period = Period::Parse(id.substr(dot + 1));
  return project && period ? std::optional(RowId{*project, *period}) : std::nullopt;
}

class ReportSheet final : public SheetDesk {
 public:
  ReportSheet(const Frame& frame, const HistoryIndex& history, Language language)
      : SheetDesk(frame, history, language),
        units_(UnitBook(frame.state)),
        due_days_(DueDaysOf(frame)),
        yes_(SheetWord("yes", language)) {
    AddColumn("number", ColumnKind::kText, {.read_only = true, .identifies = true, .width = 8});
    AddColumn("period", ColumnKind::kText, {.width = 10});
    AddColumn("code", ColumnKind::kText, {.word = "report.code"});
    AddColumn("title", ColumnKind::kText, {.width = 36, .word = "report.title"});
    AddColumn("owner_unit", ColumnKind::kText, {.read_only = true, .width = 20});
    AddColumn("due_on", ColumnKind::kDay, {.read_only = true, .width = 13});
    AddColumn("state", ColumnKind::kText, {.read_only = true, .word = "report.state"});
    AddColumn("completed_month", ColumnKind::kMoney, {.width = 20});
    AddColumn("completed_total", ColumnKind::kMoney, {.width = 20});
    AddColumn("physical", ColumnKind::kPercent, {.width = 14});
    AddColumn("image_progress", ColumnKind::kText, {.width = 44});
    AddColumn("next_step", ColumnKind::kText, {.width = 30});
    AddColumn("difficulty", ColumnKind::kText, {.width = 30});
    AddColumn("confirmed", ColumnKind::kText, {.width = 10, .choices = {yes_}});
    AddColumn("reason", ColumnKind::kText, {.width = 26, .word = "report.reason"});
  }

  std::string_view name_column() const override { return "title"; }
  bool row_is_one() const override { return true; }

  std::optional<CurrentRow> Row(const Frame& frame, std::string_view id) const override {
    const auto of = ParseRowId(id);
    const project::State& s = frame.state.project;
    if (!of || !s.Knows(of->project) || !Sees(frame, s.owner[of->project.index()], of->project.raw))
      return std::nullopt;
    const std::size_t p = of->project.index();
    const std::int32_t as_of = DayNumber(frame.as_of);
    CurrentRow row = EmptyRow(frame, of->project.Subject());
    Set(row, "number", of->project.ToString());
    Set(row, "period", of->period.ToString());
    Set(row, "code", TextValue(s.code.Get(p)));
    Set(row, "title", TextValue(s.title.Get(p)));
    Set(row, "owner_unit", TextValue(units_.Of(s.owner[p])));
    const auto due = due_days_.find({s.ladder[p], of->period.months});
    if (due != due_days_.end()) Set(row, "due_on", DayFromNumber(due->second));
    const std::uint32_t at = s.reports.Find(p, of->period);
    const bool reported = at != 0 && s.reports.rows[at - 1].day <= as_of;
    const bool late = due != due_days_.end() && (reported ? s.reports.rows[at - 1].day : as_of) > due->second;
    const ReportStanding standing = reported ? late ? ReportStanding::reported_late : ReportStanding::reported
                                    : late   ? ReportStanding::late
                                             : ReportStanding::due;
    Set(row, "state", EnumLabel("ReportStanding", standing, language_));
    if (!reported) return row;
    const project::Report& report = s.reports.rows[at - 1];
    Set(row, "completed_month", Money::FromMinor(report.month));
    Set(row, "completed_total", Money::FromMinor(report.total));
    if (report.physical_bp != project::kNoPercent) Set(row, "physical", BasisPoints{report.physical_bp});
    project::ReportWorded words;
    if (!s.reports.words.Erased(at - 1) && ScanJson(s.reports.words.Get(at - 1), words)) {
      Set(row, "image_progress", words.image_progress.value);
      if (words.next_step) Set(row, "next_step", words.next_step->value);
      if (words.difficulty) Set(row, "difficulty", words.difficulty->value);
    }
    return row;
  }

  void PlanRow(const Frame& frame, const RowEdits& edits, SheetPlan& plan) const override {
    const RowId of = ParseRowId(edits.id).value();
    std::vector<SheetValue> values = edits.current.values;
    std::vector<std::size_t> said;
    bool words = false, amounts = false, fixed = false;
    for (const CellEdit* edit : edits.cells) {
      values[edit->column] = edit->new_value;
      const std::string& key = edit->key;
      if (key == "period" || key == "code" || key == "title") {
        plan.Problem(edit->row, edit->column, "sheet.fixed_in_row");
        fixed = true;
        continue;
      }
      said.push_back(edit->column);
      amounts = amounts || key == "completed_month" || key == "completed_total" || key == "physical";
      words = words || key == "image_progress" || key == "next_step" || key == "difficulty";
    }
    if (fixed || said.empty()) return;
    if (frame.state.project.reports.Find(of.project.index(), of.period) == 0)
      return Submit(of, values, edits.row, std::string(edits.id), {}, std::move(said), plan);
    if (words) {
      for (const CellEdit* edit : edits.cells)
        if (edit->key == "image_progress" || edit->key == "next_step" || edit->key == "difficulty")
          plan.Problem(edit->row, edit->column, "sheet.words_reported");
      return;
    }
    if (!amounts) return plan.Problem(edits.row, said[0], "sheet.explains_nothing", exchange::Severity::kWarning);
    Correct(of, values, edits, std::move(said), plan);
  }

  void PlanNew(const Frame& frame, const exchange::NewRow& row, SheetPlan& plan) const override {
    const project::State& s = frame.state.project;
    const auto period = Need<Period>(row, "period", plan);
    const std::optional<std::uint32_t> p = ProjectOf(frame, row, plan);
    if (!period || !p) return;
    const RowId of{ProjectId::FromIndex(*p), *period};
    if (!plan.FirstTime(of.project.ToString() + period->ToString(), row.row, At("period"))) return;
    if (const std::uint32_t at = s.reports.Find(*p, *period); at != 0) {
      const auto* month = std::get_if<Money>(&Get(row.values, "completed_month"));
      const auto* total = std::get_if<Money>(&Get(row.values, "completed_total"));
      const project::Report& report = s.reports.rows[at - 1];
      if (month != nullptr && total != nullptr && month->minor() == report.month && total->minor() == report.total) {
        ++plan.already_so;
        return;
      }
    }
    std::vector<std::size_t> said;
    for (std::size_t c = 0; c < row.values.size(); ++c)
      if (!Blank(row.values[c])) said.push_back(c);
    Submit(of, row.values, row.row, {}, std::string(s.title.Get(*p)), std::move(said), plan);
  }

 private:
  bool OnlyForKnown(std::string_view key) const override { return key == "reason"; }

  // The amount in a cell that must hold one.
  std::optional<Money> Amount(const std::vector<SheetValue>& values, std::string_view key, std::uint32_t row,
                              SheetPlan& plan) const {
    if (const auto* money = std::get_if<Money>(&Get(values, key))) return *money;
    plan.Problem(row, At(key), "sheet.value_missing");
    return std::nullopt;
  }
  bool Percent(const std::vector<SheetValue>& values, std::uint32_t row, std::optional<project::BasisPoints>& out,
               SheetPlan& plan) const {
    const auto* percent = std::get_if<BasisPoints>(&Get(values, "physical"));
    if (percent == nullptr) return true;
    if (percent->value < 0 || percent->value > 10'000) {
      plan.Problem(row, At("physical"), "request.number_out_of_range");
      return false;
    }
    out = project::BasisPoints{percent->value};
    return true;
  }

  void Submit(const RowId& of, const std::vector<SheetValue>& values, std::uint32_t row, const std::string& subject,
              const std::string& name, std::vector<std::size_t> said, SheetPlan& plan) const {
    project::SubmitReport command;
    command.project = of.project;
    command.period = of.period;
    const auto month = Amount(values, "completed_month", row, plan),
               total = Amount(values, "completed_total", row, plan);
    std::optional<Text<1000>> progress;
    bool fine = Percent(values, row, command.physical_bp, plan);
    fine = May(Get(values, "image_progress"), row, "image_progress", progress, plan) && fine;
    if (fine && !progress) plan.Problem(row, At("image_progress"), "sheet.value_missing");
    fine = May(Get(values, "next_step"), row, "next_step", command.next_step, plan) && fine;
    fine = May(Get(values, "difficulty"), row, "difficulty", command.difficulty, plan) && fine;
    if (!month || !total || !progress || !fine) return;
    command.completed_month_minor = *month;
    command.completed_total_minor = *total;
    command.image_progress = *std::move(progress);
    if (!Blank(Get(values, "confirmed"))) command.confirmed = true;
    plan.commands.push_back({std::move(command), row, subject, name, std::move(said)});
  }

  void Correct(const RowId& of, const std::vector<SheetValue>& values, const RowEdits& edits,
               std::vector<std::size_t> said, SheetPlan& plan) const {
    project::CorrectReport command;
    command.project = of.project;
    command.period = of.period;
    const auto month = Amount(values, "completed_month", edits.row, plan),
               total = Amount(values, "completed_total", edits.row, plan);
    std::optional<Text<500>> reason;
    bool fine = Percent(values, edits.row, command.physical_bp, plan);
    if (Blank(Get(values, "physical")) && !Blank(Get(edits.current.values, "physical"))) {
      plan.Problem(edits.row, At("physical"), "sheet.cannot_clear");
      fine = false;
    }
    fine = May(Get(values, "reason"), edits.row, "reason", reason, plan) && fine;
    if (fine && !reason) plan.Problem(edits.row, At("reason"), "sheet.value_missing");
    if (!month || !total || !reason || !fine) return;
    command.completed_month_minor = *month;
    command.completed_total_minor = *total;
    command.reason = *std::move(reason);
    plan.commands.push_back({std::move(command), edits.row, std::string(edits.id), {}, std::move(said)});
  }

  // By code, else by its whole title; one that the reader may not see is not known.
  std::optional<std::uint32_t> ProjectOf(const Frame& frame, const exchange::NewRow& row, SheetPlan& plan) const {
    const project::State& s = frame.state.project;
    const auto* code = std::get_if<std::string>(&Get(row.values, "code"));
    const auto* title = std::get_if<std::string>(&Get(row.values, "title"));
    std::uint32_t p = TextIndex::kNone;
    if (code != nullptr) {
      p = s.by_code.Find(s.code, *code);
    } else if (title != nullptr) {
      if (!plan.twins) {
        plan.twins.emplace();
        for (std::uint32_t i = 0; i < s.size(); ++i) {
          const auto [at, first] = plan.twins->emplace(std::string(s.title.Get(i)), i);
          if (!first) at->second = TextIndex::kNone;  // Two of one title: nobody can tell which is meant.
        }
      }
      if (const auto found = plan.twins->find(*title); found != plan.twins->end()) p = found->second;
    } else {
      plan.Problem(row.row, At("code"), "sheet.value_missing");
      return std::nullopt;
    }
    if (p != TextIndex::kNone && Sees(frame, s.owner[p], p + 1)) return p;
    plan.Problem(row.row, At(code != nullptr ? "code" : "title"), "project.unknown");
    return std::nullopt;
  }

  NameBook units_;
  ReportDueDays due_days_;
  std::string yes_;
};

}  // namespace

std::unique_ptr<SheetDesk> OpenReportSheet(const Frame& frame, const HistoryIndex& history, Language language) {
  return std::make_unique<ReportSheet>(frame, history, language);
}

}  // namespace landfall::app
