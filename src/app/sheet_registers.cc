// SPDX-License-Identifier: Apache-2.0
// Enterprises, and people with the posts they hold, as sheets.
#include "app/sheet_desk.h"

namespace landfall::app {
namespace {

using exchange::CellEdit;
using exchange::ColumnKind;
using exchange::CurrentRow;

class EnterpriseSheet final : public SheetDesk {
 public:
  EnterpriseSheet(const Frame& frame, const HistoryIndex& history, Language language)
      : SheetDesk(frame, history, language), projects_(frame.state.enterprise.credit_code.size() + 1, 0) {
    for (const std::uint32_t e : frame.state.project.enterprise) ++projects_[e];
    AddColumn("number", ColumnKind::kText, {.read_only = true, .identifies = true, .width = 8});
    AddColumn("name", ColumnKind::kText, {.width = 40, .word = "enterprise.name"});
    AddColumn("credit_code", ColumnKind::kText, {.width = 24});
    AddColumn("foreign_number", ColumnKind::kText, {.width = 20});
    AddColumn("projects", ColumnKind::kWhole, {.read_only = true, .width = 10});
  }

  std::string_view name_column() const override { return "name"; }

  std::optional<CurrentRow> Row(const Frame& frame, std::string_view id) const override {
    const auto known = EnterpriseId::Parse(id);
    const enterprise::State& s = frame.state.enterprise;
    if (!known || !s.Knows(*known)) return std::nullopt;
    const std::size_t e = known->index();
    CurrentRow row = EmptyRow(frame, known->Subject());
    Set(row, "number", known->ToString());
    Set(row, "name", TextValue(s.name.Get(e)));
    Set(row, "credit_code", TextValue(s.credit_code.Get(e)));
    Set(row, "foreign_number", TextValue(s.foreign_number.Get(e)));
    Set(row, "projects", known->raw < projects_.size() ? projects_[known->raw] : std::int64_t{0});
    return row;
  }

  void PlanRow(const Frame&, const RowEdits& edits, SheetPlan& plan) const override {
    const EnterpriseId id = EnterpriseId::Parse(edits.id).value();
    for (const CellEdit* edit : edits.cells) {
      const auto send = [&](AnyCommand command) {
        plan.commands.push_back({std::move(command), edit->row, edit->id, {}, {edit->column}});
      };
      if (edit->key == "foreign_number") {
        plan.Problem(edit->row, edit->column, "sheet.fixed_in_row");
      } else if (Blank(edit->new_value)) {
        plan.Problem(edit->row, edit->column, "sheet.cannot_clear");
      } else if (const std::string& text = std::get<std::string>(edit->new_value); edit->key == "name") {
        if (auto name = ReadAs<Text<120>>(text, edit->row, "name", plan))
          send(enterprise::RenameEnterprise{id, *std::move(name)});
      } else if (auto code = ReadAs<enterprise::CreditCode>(text, edit->row, "credit_code", plan)) {
        send(enterprise::GiveCreditCode{id, *std::move(code)});
      }
    }
  }

  void PlanNew(const Frame& frame, const exchange::NewRow& row, SheetPlan& plan) const override {
    enterprise::RegisterEnterprise command;
    auto name = Need<Text<120>>(row, "name", plan);
    bool fine = May(Get(row.values, "credit_code"), row.row, "credit_code", command.credit_code, plan);
    fine = May(Get(row.values, "foreign_number"), row.row, "foreign_number", command.foreign_number, plan) && fine;
    if (!name || !fine) return;
    command.name = *std::move(name);
    const std::string identity = IdentityOf(command.name.value, command.credit_code ? command.credit_code->value : "",
                                            command.foreign_number ? command.foreign_number->value : "");
    if (!plan.FirstTime(identity, row.row, At("name"))) return;
    const enterprise::State& s = frame.state.enterprise;
    if (!plan.twins) {
      plan.twins.emplace();
      for (std::uint32_t i = 0; i < s.credit_code.size(); ++i)
        plan.twins->emplace(
            IdentityOf(s.name.Get(i), std::string(s.credit_code.Get(i)), std::string(s.foreign_number.Get(i))), i);
    }
    if (plan.twins->contains(identity)) {
      ++plan.already_so;
      return;
    }
    std::vector<std::size_t> said;
    for (std::size_t c = 0; c < row.values.size(); ++c)
      if (!Blank(row.values[c])) said.push_back(c);
    const std::string called = command.name.value;
    plan.commands.push_back({std::move(command), row.row, {}, called, std::move(said)});
  }

 private:
  static std::string IdentityOf(std::string_view name, const std::string& credit_code, const std::string& foreign) {
    return credit_code + "\n" + foreign + "\n" + std::string(name);
  }
  std::vector<std::int64_t> projects_;  // By raw id.
};

// Personal data: who asks must be allowed and logged.
class PeopleSheet final : public SheetDesk {
 public:
  PeopleSheet(const Frame& frame, const HistoryIndex& history, Language language)
      : SheetDesk(frame, history, language), posts_(PostBook(frame.state)) {
    const people::State& s = frame.state.people;
    held_.resize(s.persons.size() + 1);
    for (std::size_t i = 0; i < s.post_unit.size(); ++i)
      if (const people::Term* term = s.TermOn(PostId::FromIndex(i), frame.as_of))
        held_[term->person].emplace_back(PostId::FromIndex(i).raw, term->from);
    AddColumn("number", ColumnKind::kText, {.read_only = true, .identifies = true, .width = 8});
    AddColumn("name", ColumnKind::kText, {.width = 18, .word = "person.name"});
    AddColumn("post", ColumnKind::kText, {.width = 40, .choices = posts_.choices()});
    AddColumn("since", ColumnKind::kDay, {.width = 13});
  }

  std::string_view name_column() const override { return "name"; }
  bool row_is_one() const override { return true; }

  std::optional<CurrentRow> Row(const Frame& frame, std::string_view id) const override {
    const auto known = PersonId::Parse(id);
    const people::State& s = frame.state.people;
    if (!known || !s.Knows(*known) || known->raw >= held_.size()) return std::nullopt;
    CurrentRow row = EmptyRow(frame, known->Subject());
    Set(row, "number", known->ToString());
    Set(row, "name", TextValue(s.person_name.Get(known->index())));
    std::string posts;
    for (const auto& [post, from] : held_[known->raw]) {
      if (!posts.empty()) posts += "; ";
      posts += posts_.Of(post);
      Set(row, "since", DayFromNumber(from));
    }
    Set(row, "post", TextValue(posts));
    return row;
  }

  // Only who holds nothing takes a post by a sheet; who moves, with all duties, does so by an act of its own.
  void PlanRow(const Frame&, const RowEdits& edits, SheetPlan& plan) const override {
    std::vector<exchange::SheetValue> values = edits.current.values;
    std::vector<std::size_t> said;
    for (const CellEdit* edit : edits.cells) {
      if (edit->key == "name" || !edit->old_text.empty()) {
        plan.Problem(edit->row, edit->column, "sheet.fixed_in_row");
        return;
      }
      values[edit->column] = edit->new_value;
      said.push_back(edit->column);
    }
    Fill(PersonId::Parse(edits.id).value(), values, edits.row, std::string(edits.id), {}, said, plan);
  }

  void PlanNew(const Frame& frame, const exchange::NewRow& row, SheetPlan& plan) const override {
    auto name = Need<Text<60>>(row, "name", plan);
    if (!name || !plan.FirstTime(name->value, row.row, At("name"))) return;
    const people::State& s = frame.state.people;
    if (!plan.twins) {
      plan.twins.emplace();
      for (std::uint32_t i = 0; i < s.persons.size(); ++i) plan.twins->emplace(std::string(s.person_name.Get(i)), i);
    }
    if (plan.twins->contains(name->value)) {
      // The same person a second time, far more often than another of that name: who is another is entered by hand.
      plan.Problem(row.row, At("name"), "sheet.same_name", exchange::Severity::kWarning);
      ++plan.already_so;
      return;
    }
    const PersonId person = PersonId::FromIndex(s.persons.size() + plan.persons++);
    const std::string called = name->value;
    plan.commands.push_back({people::RegisterPerson{*std::move(name)}, row.row, {}, called, {At("name")}});
    std::vector<std::size_t> said;
    for (const std::string_view key : {"post", "since"})
      if (!Blank(Get(row.values, key))) said.push_back(At(key));
    if (!said.empty()) Fill(person, row.values, row.row, {}, called, said, plan);
  }

 private:
  void Fill(PersonId person, const std::vector<exchange::SheetValue>& values, std::uint32_t row,
            const std::string& subject, const std::string& name, const std::vector<std::size_t>& said,
            SheetPlan& plan) const {
    const auto* post_name = std::get_if<std::string>(&Get(values, "post"));
    const auto post = post_name == nullptr ? std::nullopt : posts_.Find(*post_name);
    const auto* since = std::get_if<Day>(&Get(values, "since"));
    if (!post) return plan.Problem(row, At("post"), "sheet.value_missing");
    if (since == nullptr) return plan.Problem(row, At("since"), "sheet.value_missing");
    plan.commands.push_back({people::FillPost{PostId{*post}, person, *since}, row, subject, name, said});
  }

  NameBook posts_;
  std::vector<std::vector<std::pair<std::uint32_t, std::int32_t>>> held_;  // By raw person: posts and since when.
};

}  // namespace

std::unique_ptr<SheetDesk> OpenEnterpriseSheet(const Frame& frame, const HistoryIndex& history, Language language) {
  return std::make_unique<EnterpriseSheet>(frame, history, language);
}
std::unique_ptr<SheetDesk> OpenPeopleSheet(const Frame& frame, const HistoryIndex& history, Language language) {
  return std::make_unique<PeopleSheet>(frame, history, language);
}

}  // namespace landfall::app
