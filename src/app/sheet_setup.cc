// SPDX-License-Identifier: Apache-2.0
// Units with their posts, and regions, as sheets: what a new ledger needs first. A row may belong to a row above it.
#include <fmt/format.h>

#include "app/sheet_desk.h"

namespace landfall::app {
namespace {

using exchange::CellEdit;
using exchange::ColumnKind;
using exchange::CurrentRow;

// Finds units or regions by name or code, among what stands in the ledger and what the rows above will make.
class Known {
 public:
  Known(NameBook book, const TextColumn& codes, const TextIndex& by_code)
      : book_(std::move(book)), codes_(codes), by_code_(by_code) {}
  std::string NameOf(std::uint32_t raw) const { return raw == 0 ? std::string() : book_.Of(raw); }
  std::optional<std::uint32_t> ByName(std::string_view name) const { return book_.Find(name); }
  std::optional<std::uint32_t> ByCode(std::string_view code) const {
    const std::uint32_t row = by_code_.Find(codes_, code);
    return row == TextIndex::kNone ? std::nullopt : std::optional(row + 1);
  }
  // False where the cell names nothing that is known.
  template <class Id>
  bool Parent(const exchange::SheetValue& value, const SheetPlan& plan, std::optional<Id>& out) const {
    const auto* text = std::get_if<std::string>(&value);
    if (text == nullptr) return true;
    std::optional<std::uint32_t> found;
    if (const auto made = plan.made.find(*text); made != plan.made.end()) found = made->second;
    if (!found) found = ByName(*text);
    if (!found) found = ByCode(*text);
    if (found) out = Id{*found};
    return found.has_value();
  }

 private:
  NameBook book_;
  const TextColumn& codes_;
  const TextIndex& by_code_;
};

// Titles of posts in one cell, each once.
std::vector<std::string> TitlesIn(const exchange::SheetValue& value) {
  std::vector<std::string> titles;
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr) return titles;
  std::string_view rest = *text;
  while (!rest.empty()) {
    std::size_t end = rest.size(), skip = 0;
    for (const std::string_view mark : {";", "；", "、", "\n"})
      if (const std::size_t at = rest.find(mark); at < end) end = at, skip = mark.size();
    std::string_view title = rest.substr(0, end);
    while (title.starts_with(' ')) title.remove_prefix(1);
    while (title.ends_with(' ')) title.remove_suffix(1);
    if (!title.empty() && std::find(titles.begin(), titles.end(), title) == titles.end()) titles.emplace_back(title);
    rest.remove_prefix(std::min(rest.size(), end + skip));
  }
  return titles;
}

class UnitSheet final : public SheetDesk {
 public:
  UnitSheet(const Frame& frame, const HistoryIndex& history, Language language)
      : SheetDesk(frame, history, language),
        known_(UnitBook(frame.state), frame.state.people.unit_code, frame.state.people.by_unit_code) {
    const people::State& s = frame.state.people;
    posts_.resize(s.unit_parent.size() + 1);
    for (std::size_t i = 0; i < s.post_unit.size(); ++i) posts_[s.post_unit[i]].emplace_back(s.post_title.Get(i));
    AddColumn("number", ColumnKind::kText, {.read_only = true, .identifies = true, .width = 8});
    AddColumn("name", ColumnKind::kText, {.width = 32, .word = "unit.name"});
    AddColumn("code", ColumnKind::kText, {.width = 16, .word = "unit.code"});
    AddColumn("parent", ColumnKind::kText, {.width = 28, .word = "unit.parent"});
    AddColumn("posts", ColumnKind::kText, {.width = 48, .word = "unit.posts"});
  }

  std::string_view name_column() const override { return "name"; }

  std::optional<CurrentRow> Row(const Frame& frame, std::string_view id) const override {
    const auto known = UnitId::Parse(id);
    const people::State& s = frame.state.people;
    if (!known || !s.Knows(*known) || known->raw >= posts_.size()) return std::nullopt;
    CurrentRow row = EmptyRow(frame, known->Subject());
    Set(row, "number", known->ToString());
    Set(row, "name", TextValue(s.unit_name.Get(known->index())));
    Set(row, "code", TextValue(s.unit_code.Get(known->index())));
    Set(row, "parent", TextValue(known_.NameOf(s.unit_parent[known->index()])));
    std::string posts;
    for (const std::string& title : posts_[known->raw]) posts += (posts.empty() ? "" : "; ") + title;
    Set(row, "posts", TextValue(posts));
    return row;
  }

  void PlanRow(const Frame&, const RowEdits& edits, SheetPlan& plan) const override {
    const UnitId id = UnitId::Parse(edits.id).value();
    for (const CellEdit* edit : edits.cells) {
      if (edit->key == "name") {
        if (Blank(edit->new_value))
          plan.Problem(edit->row, edit->column, "sheet.cannot_clear");
        else if (auto name = ReadAs<Text<100>>(std::get<std::string>(edit->new_value), edit->row, "name", plan))
          plan.commands.push_back({people::RenameUnit{id, *std::move(name)}, edit->row, edit->id, {}, {edit->column}});
      } else if (edit->key == "posts") {
        AddPosts(id, edit->new_value, edit->row, edit->id, {}, plan);
      } else {
        plan.Problem(edit->row, edit->column, "sheet.fixed_in_row");
      }
    }
  }

  void PlanNew(const Frame& frame, const exchange::NewRow& row, SheetPlan& plan) const override {
    const people::State& s = frame.state.people;
    people::CreateUnit command;
    auto name = Need<Text<100>>(row, "name", plan);
    if (!name || !plan.FirstTime(name->value, row.row, At("name"))) return;
    command.name = *std::move(name);
    const auto next = static_cast<std::uint32_t>(s.unit_parent.size()) + plan.units + 1;
    const auto* code = std::get_if<std::string>(&Get(row.values, "code"));
    auto read = ReadAs<Code<40>>(code == nullptr ? fmt::format("U{:03}", next) : *code, row.row, "code", plan);
    if (!read) return;
    command.code = *std::move(read);
    const std::string called = command.name.value;
    // A unit of that code, or of that name where no code is given, is there already; its posts may be new.
    const auto there = code == nullptr ? known_.ByName(called) : known_.ByCode(*code);
    if (there && s.unit_name.Get(*there - 1) == called) {
      ++plan.already_so;
      return AddPosts(UnitId{*there}, Get(row.values, "posts"), row.row, {}, called, plan);
    }
    if (!known_.Parent(Get(row.values, "parent"), plan, command.parent))
      return plan.Problem(row.row, At("parent"), "sheet.parent_unknown");
    ++plan.units;
    plan.made.emplace(called, next);
    plan.made.emplace(command.code.value, next);
    std::vector<std::size_t> said;
    for (const std::string_view key : {"name", "code", "parent"})
      if (!Blank(Get(row.values, key))) said.push_back(At(key));
    plan.commands.push_back({std::move(command), row.row, {}, called, std::move(said)});
    AddPosts(UnitId{next}, Get(row.values, "posts"), row.row, {}, called, plan);
  }

 private:
  // One command for each title that the unit does not have yet.
  void AddPosts(UnitId unit, const exchange::SheetValue& titles, std::uint32_t row, const std::string& subject,
                const std::string& called, SheetPlan& plan) const {
    for (const std::string& title : TitlesIn(titles)) {
      if (unit.raw < posts_.size()) {
        const std::vector<std::string>& there = posts_[unit.raw];
        if (std::find(there.begin(), there.end(), title) != there.end()) continue;
      }
      if (auto text = ReadAs<Text<60>>(title, row, "posts", plan))
        plan.commands.push_back({people::CreatePost{unit, *std::move(text)},
                                 row,
                                 subject,
                                 subject.empty() ? called + " · " + title : std::string(),
                                 {At("posts")}});
    }
  }

  Known known_;
  std::vector<std::vector<std::string>> posts_;  // By raw unit: titles.
};

class RegionSheet final : public SheetDesk {
 public:
  RegionSheet(const Frame& frame, const HistoryIndex& history, Language language)
      : SheetDesk(frame, history, language),
        known_(RegionBook(frame.state), frame.state.place.code, frame.state.place.by_code) {
    AddColumn("number", ColumnKind::kText, {.read_only = true, .identifies = true, .width = 8});
    AddColumn("code", ColumnKind::kText, {.width = 16, .word = "region.code"});
    AddColumn("name", ColumnKind::kText, {.width = 28, .word = "region.name"});
    AddColumn("parent", ColumnKind::kText, {.width = 28, .word = "region.parent"});
    AddColumn("from", ColumnKind::kDay, {.width = 13, .word = "region.from"});
  }

  std::string_view name_column() const override { return "name"; }

  // Regions that stand; one that was closed is history.
  std::optional<CurrentRow> Row(const Frame& frame, std::string_view id) const override {
    const auto known = RegionId::Parse(id);
    const place::State& s = frame.state.place;
    if (!known || !s.Knows(*known) || s.until[known->index()] != place::kOpen) return std::nullopt;
    CurrentRow row = EmptyRow(frame, known->Subject());
    Set(row, "number", known->ToString());
    Set(row, "code", TextValue(s.code.Get(known->index())));
    Set(row, "name", TextValue(s.name.Get(known->index())));
    Set(row, "parent", TextValue(known_.NameOf(s.parent[known->index()])));
    Set(row, "from", DayFromNumber(s.from[known->index()]));
    return row;
  }

  void PlanRow(const Frame&, const RowEdits& edits, SheetPlan& plan) const override {
    for (const CellEdit* edit : edits.cells) {
      if (edit->key != "name")
        plan.Problem(edit->row, edit->column, "sheet.fixed_in_row");
      else if (Blank(edit->new_value))
        plan.Problem(edit->row, edit->column, "sheet.cannot_clear");
      else if (auto name = ReadAs<Text<60>>(std::get<std::string>(edit->new_value), edit->row, "name", plan))
        plan.commands.push_back({place::RenameRegion{RegionId::Parse(edits.id).value(), *std::move(name)},
                                 edit->row,
                                 edit->id,
                                 {},
                                 {edit->column}});
    }
  }

  void PlanNew(const Frame& frame, const exchange::NewRow& row, SheetPlan& plan) const override {
    const place::State& s = frame.state.place;
    place::AddRegion command;
    auto code = Need<Code<12>>(row, "code", plan);
    auto name = Need<Text<60>>(row, "name", plan);
    if (!code || !name || !plan.FirstTime(code->value, row.row, At("code"))) return;
    command.code = *std::move(code);
    command.name = *std::move(name);
    if (const auto there = known_.ByCode(command.code.value); there && s.name.Get(*there - 1) == command.name.value) {
      ++plan.already_so;
      return;
    }
    if (!known_.Parent(Get(row.values, "parent"), plan, command.parent))
      return plan.Problem(row.row, At("parent"), "sheet.parent_unknown");
    const auto* from = std::get_if<Day>(&Get(row.values, "from"));
    command.effective_on = from == nullptr ? frame.as_of : *from;
    const auto next = static_cast<std::uint32_t>(s.from.size()) + ++plan.regions;
    plan.made.emplace(command.name.value, next);
    plan.made.emplace(command.code.value, next);
    std::vector<std::size_t> said;
    for (std::size_t c = 0; c < row.values.size(); ++c)
      if (!Blank(row.values[c])) said.push_back(c);
    const std::string called = command.name.value;
    plan.commands.push_back({std::move(command), row.row, {}, called, std::move(said)});
  }

 private:
  Known known_;
};

}  // namespace

std::unique_ptr<SheetDesk> OpenUnitSheet(const Frame& frame, const HistoryIndex& history, Language language) {
  return std::make_unique<UnitSheet>(frame, history, language);
}
std::unique_ptr<SheetDesk> OpenRegionSheet(const Frame& frame, const HistoryIndex& history, Language language) {
  return std::make_unique<RegionSheet>(frame, history, language);
}

}  // namespace landfall::app
