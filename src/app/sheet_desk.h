// SPDX-License-Identifier: Apache-2.0
// Inside the sheets: what each list has to say of its columns, rows and commands.
#pragma once

#include <unordered_map>

#include "app/sheets.h"
#include "exchange/round_trip.h"

namespace landfall::app {

// A word of catalog/sheets/words.json; the key itself is a bug. `SheetGuide`: "" where there is none.
std::string SheetWord(std::string_view key, Language language);
std::string SheetGuide(std::string_view key, Language language);
// A word of the labels, or the key where the catalogue does not know it (ladders may be a county's own).
std::string LabelOr(std::string_view group, std::string_view key, Language language);
template <class E>
std::string EnumLabel(std::string_view type, E value, Language language) {
  return LabelOr("enums", std::string(type) + "." + std::string(EnumName(value)), language);
}

// Names by which people know units, regions or posts, each its own: where two are called alike, the code tells them
// apart. Built once for a sheet; who is unknown has no name.
class NameBook {
 public:
  void Add(std::uint32_t raw, std::string_view name, std::string_view code);
  void Close();  // After the last Add.
  std::string Of(std::uint32_t raw) const;
  std::optional<std::uint32_t> Find(std::string_view text) const;
  const std::vector<std::string>& choices() const { return choices_; }

 private:
  std::vector<std::string> names_, codes_;  // By raw id.
  std::unordered_map<std::string, std::uint32_t> by_name_;
  std::vector<std::string> choices_;
};
NameBook UnitBook(const State& state);
NameBook RegionBook(const State& state);
NameBook PostBook(const State& state);

// What a changed row would have the ledger do.
struct SheetCommand {
  AnyCommand command;
  std::uint32_t row = 0;
  std::string subject;               // Id of the exported row; "" for a new one.
  std::string name;                  // Of a new row.
  std::vector<std::size_t> columns;  // The cells that it says; the first takes the blame.
};

struct SheetPlan {
  std::vector<SheetCommand> commands;
  exchange::ProblemList* problems = nullptr;
  const std::vector<exchange::ColumnSpec>* columns = nullptr;
  std::uint64_t already_so = 0;
  // Records that the batch will make: their ids follow those that are.
  std::uint32_t projects = 0, persons = 0, units = 0, regions = 0;
  // Those units or regions by name and by code, for the rows below: raw ids.
  std::unordered_map<std::string, std::uint32_t> made;
  // New rows by what makes two of them one, so that the same row is not entered twice.
  std::unordered_map<std::string, std::uint32_t> seen;
  // The records there are by the same, where the state has no index for it; filled when first needed.
  std::optional<std::unordered_map<std::string, std::uint32_t>> twins;

  void Problem(std::uint32_t row, std::size_t column, std::string_view code,
               exchange::Severity severity = exchange::Severity::kError);
  // Whether this row stands for the first time; else it is a problem of that column.
  bool FirstTime(const std::string& identity, std::uint32_t row, std::size_t column);
};

// The edited cells of one exported row, in the order of the columns.
struct RowEdits {
  std::string_view id;
  std::uint32_t row = 0;
  const exchange::CurrentRow& current;
  std::vector<const exchange::CellEdit*> cells;
};

class SheetDesk {
 public:
  virtual ~SheetDesk() = default;
  const std::vector<exchange::ColumnSpec>& columns() const { return columns_; }
  // What people call a row.
  virtual std::string_view name_column() const = 0;
  // Whether a row is one command, so that a conflict in it holds all of it back.
  virtual bool row_is_one() const { return false; }
  // The row as it is; empty where the frame's reader may not see one of this id. `columns()` in order.
  virtual std::optional<exchange::CurrentRow> Row(const Frame& frame, std::string_view id) const = 0;
  virtual void PlanRow(const Frame& frame, const RowEdits& edits, SheetPlan& plan) const = 0;
  virtual void PlanNew(const Frame& frame, const exchange::NewRow& row, SheetPlan& plan) const = 0;
  // Whether new rows have that column.
  bool InTemplate(const exchange::ColumnSpec& column) const;

  std::size_t At(std::string_view key) const;  // Precondition: there is such a column.

 protected:
  // Columns that only change what is there already: a reason of a correction.
  virtual bool OnlyForKnown(std::string_view) const { return false; }

  SheetDesk(const Frame& frame, const HistoryIndex& history, Language language);

  struct Options {
    bool read_only = false, identifies = false;
    double width = 14;
    std::string_view word = {};  // Of the heading, where it is not the key.
    std::vector<std::string> choices = {};
  };
  void AddColumn(std::string key, exchange::ColumnKind kind, Options options);
  void AddLabelled(std::string key, std::string label, exchange::ColumnKind kind, bool read_only, double width);
  // Without values; its version is the newest record that speaks of the subject.
  exchange::CurrentRow EmptyRow(const Frame& frame, std::string_view subject) const;
  void Set(exchange::CurrentRow& row, std::string_view key, exchange::SheetValue value) const;
  const exchange::SheetValue& Get(const std::vector<exchange::SheetValue>& values, std::string_view key) const {
    return values[At(key)];
  }
  // A cell that must hold something, read as a T of a command; what is missing or malformed becomes a problem.
  template <class T>
  std::optional<T> Need(const exchange::NewRow& row, std::string_view key, SheetPlan& plan) const {
    const auto* text = std::get_if<std::string>(&Get(row.values, key));
    if (text == nullptr) {
      plan.Problem(row.row, At(key), "sheet.value_missing");
      return std::nullopt;
    }
    return ReadAs<T>(*text, row.row, key, plan);
  }
  template <class T>
  std::optional<T> ReadAs(const std::string& text, std::uint32_t row, std::string_view key, SheetPlan& plan) const {
    auto value = T::Parse(text);
    if (value) return *std::move(value);
    plan.Problem(row, At(key), value.error().code);
    return std::nullopt;
  }
  // An optional cell: false where it holds something that is no T.
  template <class T>
  bool May(const exchange::SheetValue& value, std::uint32_t row, std::string_view key, std::optional<T>& out,
           SheetPlan& plan) const {
    const auto* text = std::get_if<std::string>(&value);
    if (text == nullptr) return true;
    out = ReadAs<T>(*text, row, key, plan);
    return out.has_value();
  }
  // The enumerator whose word a cell holds.
  template <class E>
  std::optional<E> EnumOf(std::string_view type, const exchange::SheetValue& value) const {
    const auto* text = std::get_if<std::string>(&value);
    std::optional<E> found;
    if (text == nullptr) return found;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>([&](auto d) {
      if (EnumLabel(type, d.value, language_) == *text) found = d.value;
    });
    return found;
  }
  template <class E>
  std::vector<std::string> EnumChoices(std::string_view type) const {
    std::vector<std::string> words;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>(
        [&](auto d) { words.push_back(EnumLabel(type, d.value, language_)); });
    return words;
  }
  // What a unit owns or owes on a project (0: on none), by their raw ids.
  static bool Sees(const Frame& frame, std::uint32_t owner, std::uint32_t project);

  Language language_;
  const HistoryIndex& history_;

 private:
  std::string unit_;  // Of money, in a heading.
  int exponent_ = 0;
  std::vector<exchange::ColumnSpec> columns_;
  std::unordered_map<std::string, std::size_t> at_;
};

// On which day the report of a ladder's month is due, for the months that have begun: (ladder, Period) → day number.
using ReportDueDays = std::map<std::pair<std::uint8_t, std::int32_t>, std::int32_t>;
ReportDueDays DueDaysOf(const Frame& frame);

inline exchange::SheetValue TextValue(std::string_view text) {
  return text.empty() ? exchange::SheetValue() : exchange::SheetValue(std::string(text));
}
inline exchange::SheetValue DayValue(std::int32_t day, std::int32_t none) {
  return day == none ? exchange::SheetValue() : exchange::SheetValue(DayFromNumber(day));
}
inline bool Blank(const exchange::SheetValue& value) { return std::holds_alternative<std::monostate>(value); }

std::unique_ptr<SheetDesk> OpenProjectSheet(const Frame&, const HistoryIndex&, Language);
std::unique_ptr<SheetDesk> OpenReportSheet(const Frame&, const HistoryIndex&, Language);
std::unique_ptr<SheetDesk> OpenObligationSheet(const Frame&, const HistoryIndex&, Language);
std::unique_ptr<SheetDesk> OpenEnterpriseSheet(const Frame&, const HistoryIndex&, Language);
std::unique_ptr<SheetDesk> OpenPeopleSheet(const Frame&, const HistoryIndex&, Language);
std::unique_ptr<SheetDesk> OpenUnitSheet(const Frame&, const HistoryIndex&, Language);
std::unique_ptr<SheetDesk> OpenRegionSheet(const Frame&, const HistoryIndex&, Language);

}  // namespace landfall::app
