// SPDX-License-Identifier: Apache-2.0
#include "exchange/round_trip.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "exchange/table_text.h"

namespace landfall::exchange {
namespace {

constexpr std::uint32_t kHeadRowsSearched = 50;
constexpr std::size_t kExcerptBytes = 80;

struct MarkedColumn {
  std::string key, label, kind, unit_exponent;
};

// What the hidden sheet says.
struct Marks {
  RoundTripMark mark;
  std::string sheet;
  std::vector<MarkedColumn> columns;
  std::vector<std::string> ids;
};

bool ParseNumber(std::string_view text, std::uint64_t& number) {
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && stop == text.data() + text.size();
}

Result<Marks> ReadMarks(const Workbook& book) {
  const Sheet* sheet = book.Find(kMarkSheet);
  if (sheet == nullptr) return Invalid("sheet.no_marks", "There is no hidden sheet with the marks.");
  Marks marks;
  bool known_format = false, has_seq = false;
  for (const SheetRow& row : sheet->rows) {
    const std::string word = sheet->TextAt(row.number, 1);
    const auto field = [&](std::uint32_t column) { return sheet->TextAt(row.number, column); };
    if (word == "format") known_format = field(2) == "landfall-sheet.1";
    if (word == "ledger") marks.mark.ledger = field(2);
    if (word == "list") marks.mark.list = field(2);
    if (word == "seq") has_seq = ParseNumber(field(2), marks.mark.seq);
    if (word == "sheet") marks.sheet = field(2);
    if (word == "column") marks.columns.push_back({field(2), field(3), field(4), field(5)});
    if (word == "row") marks.ids.push_back(field(2));
  }
  if (!known_format || !has_seq || marks.mark.ledger.empty() || marks.mark.list.empty() || marks.columns.empty())
    return Invalid("sheet.marks_malformed", "The hidden sheet lacks something, or is of an unknown format.");
  return marks;
}

// The row of the headings; 0 where there is none.
std::uint32_t FindHead(const Sheet& sheet) {
  for (const SheetRow& row : sheet.rows) {
    if (row.number > kHeadRowsSearched) break;
    for (const SheetCell& cell : sheet.CellsOf(row))
      if (cell.kind == CellKind::kText && Trim(cell.text) == kIdHead) return row.number;
  }
  return 0;
}

// The exported sheet: by its name, or, renamed, the only one with our heading.
Result<const Sheet*> FindSheet(const Workbook& book, const std::string& name) {
  std::vector<const Sheet*> candidates;
  for (const Sheet& sheet : book.sheets) {
    if (sheet.name == kMarkSheet || FindHead(sheet) == 0) continue;
    if (sheet.name == name) return &sheet;
    candidates.push_back(&sheet);
  }
  if (candidates.size() != 1) return Invalid("sheet.no_marks", "No sheet has the hidden columns of an export.");
  return candidates[0];
}

class Comparison {
 public:
  Comparison(const Sheet& sheet, const Marks& marks, const RoundTripSpec& spec, const RowLookup& lookup)
      : sheet_(sheet), marks_(marks), spec_(spec), lookup_(lookup), merged_(sheet) {
    report_.mark = marks.mark;
    report_.sheet = sheet.name;
  }

  Result<RoundTripReport> Compare() {
    LF_TRY(ReadHead());
    CountIds();
    for (const SheetRow& row : sheet_.rows)
      if (row.number > head_) CompareRow(row.number);
    for (const std::string& id : marks_.ids)
      if (!rows_of_id_.contains(id)) report_.removed_ids.push_back(id);
    return std::move(report_);
  }

 private:
  // A column that was exported, is in the sheet, and means the same today.
  struct Column {
    std::size_t spec = 0;    // Into spec_.columns.
    std::size_t marked = 0;  // Its place among the exported columns, and so in the digests of a row.
    std::uint32_t at = 0;    // In the sheet.
  };

  void AddProblem(Severity severity, std::uint32_t row, std::string_view column, std::string_view code,
                  std::string detail = {}, std::string_view excerpt = {}) {
    std::size_t end = std::min(excerpt.size(), kExcerptBytes);
    while (end < excerpt.size() && end > 0 && (static_cast<unsigned char>(excerpt[end]) & 0xC0) == 0x80) --end;
    report_.problems.Add({row, std::string(column), std::string(code), severity, std::move(detail),
                          std::string(excerpt.substr(0, end)), 1});
  }

  // ---- The heading -----------------------------------------------------------------------------------------------

  Status ReadHead() {
    head_ = FindHead(sheet_);
    std::map<std::string, std::uint32_t> at;  // By heading.
    for (const SheetCell& cell : sheet_.CellsOf(*sheet_.FindRow(head_))) {
      const std::string text = CellText(cell, sheet_.dates);
      const std::string label(Trim(text));
      if (!label.empty() && !at.emplace(label, cell.column).second && IsOurs(label))
        return Invalid("sheet.duplicate_column", "Two columns have the same heading.", CellName(head_, cell.column));
    }
    id_at_ = Take(at, kIdHead);
    version_at_ = Take(at, kVersionHead);
    check_at_ = Take(at, kCheckHead);
    if (check_at_ == 0) AddProblem(Severity::kWarning, head_, kCheckHead, "sheet.check_missing");
    for (std::size_t i = 0; i < marks_.columns.size(); ++i) FindColumn(i, at);
    for (const auto& [label, column] : at) AddProblem(Severity::kNote, head_, label, "sheet.column_unknown");
    return Ok{};
  }

  bool IsOurs(std::string_view label) const {
    return label == kIdHead || label == kVersionHead || label == kCheckHead ||
           std::any_of(marks_.columns.begin(), marks_.columns.end(),
                       [&](const MarkedColumn& column) { return Trim(column.label) == label; });
  }

  static std::uint32_t Take(std::map<std::string, std::uint32_t>& at, std::string_view label) {
    const auto node = at.extract(std::string(label));
    return node.empty() ? 0 : node.mapped();
  }

  void FindColumn(std::size_t marked, std::map<std::string, std::uint32_t>& at) {
    const MarkedColumn& column = marks_.columns[marked];
    const std::uint32_t place = Take(at, Trim(column.label));
    const auto spec = std::find_if(spec_.columns.begin(), spec_.columns.end(),
                                   [&](const ColumnSpec& candidate) { return candidate.key == column.key; });
    if (place == 0) {
      AddProblem(Severity::kWarning, head_, column.label, "sheet.column_missing");
    } else if (spec == spec_.columns.end() || ColumnKindName(spec->kind) != column.kind ||
               (spec->kind == ColumnKind::kMoney && std::to_string(spec->unit_exponent) != column.unit_exponent)) {
      AddProblem(Severity::kWarning, head_, column.label, "sheet.column_changed");
    } else {
      columns_.push_back({static_cast<std::size_t>(spec - spec_.columns.begin()), marked, place});
    }
  }

  // ---- Rows ------------------------------------------------------------------------------------------------------

  std::string IdOf(std::uint32_t row) const {
    const std::string text = sheet_.TextAt(row, id_at_);
    return std::string(Trim(text));
  }
  static bool IsMark(std::string_view id) { return id == kExampleMark || id == kGuidanceMark || id == kTotalMark; }

  void CountIds() {
    for (const SheetRow& row : sheet_.rows) {
      if (row.number <= head_) continue;
      if (std::string id = IdOf(row.number); !id.empty() && !IsMark(id)) ++rows_of_id_[std::move(id)];
    }
  }

  void CompareRow(std::uint32_t row) {
    const std::string id = IdOf(row);
    if (IsMark(id)) return;
    if (id.empty()) return ReadNewRow(row);
    ++report_.rows;
    if (rows_of_id_[id] > 1)
      return AddProblem(Severity::kError, row, kIdHead, "sheet.duplicate_id",
                        fmt::format("{} rows have this id.", rows_of_id_[id]), id);
    const std::optional<CurrentRow> current = lookup_(id);
    if (!current) return AddProblem(Severity::kError, row, kIdHead, "sheet.unknown_id", {}, id);
    LF_CHECK(current->values.size() == spec_.columns.size());
    std::string check = check_at_ == 0 ? std::string() : sheet_.TextAt(row, check_at_);
    if (check.size() != kCheckBytes * marks_.columns.size()) {
      if (check_at_ != 0) AddProblem(Severity::kWarning, row, kCheckHead, "sheet.check_missing");
      check.clear();
    }
    CompareCells({row, id, *current, VersionOf(row), check});
  }

  std::uint64_t VersionOf(std::uint32_t row) const {
    std::uint64_t version = 0;
    if (version_at_ == 0 || !ParseNumber(sheet_.TextAt(row, version_at_), version)) return 0;
    return version;
  }

  struct Row {
    std::uint32_t number;
    const std::string& id;
    const CurrentRow& current;
    std::uint64_t exported_version;
    const std::string& check;  // Empty: lost.
  };

  // The cell's value as everybody sees it.
  Result<SheetValue> ReadCell(std::uint32_t row, const Column& column) {
    const CellRange* range = merged_.RangeAt(row, column.at);
    if (range != nullptr && range->first_column != column.at) return Invalid("sheet.merged_cell");
    return ReadSheetValue(merged_.ValueAt(row, column.at), sheet_.dates, spec_.columns[column.spec], spec_.context);
  }

  bool IsAsExported(const Row& row, const Column& column, const SheetValue& value) const {
    return !row.check.empty() && CellCheck(spec_.list, row.id, spec_.columns[column.spec].key, value) ==
                                     std::string_view(row.check).substr(column.marked * kCheckBytes, kCheckBytes);
  }

  void CompareCells(const Row& row) {
    std::vector<Result<SheetValue>> values;
    for (const Column& column : columns_) values.push_back(ReadCell(row.number, column));
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const ColumnSpec& spec = spec_.columns[columns_[i].spec];
      if (!spec.identifies) continue;
      const std::string current = CanonicalText(row.current.values[columns_[i].spec]);
      if (values[i] && (CanonicalText(*values[i]) == current || IsAsExported(row, columns_[i], *values[i]))) continue;
      return AddProblem(Severity::kError, row.number, spec.label, "sheet.row_shifted",
                        "The cell is not the one exported with this id.", Excerpt(row.number, columns_[i]));
    }
    for (std::size_t i = 0; i < columns_.size(); ++i) CompareCell(row, columns_[i], values[i]);
  }

  std::string Excerpt(std::uint32_t row, const Column& column) const { return sheet_.TextAt(row, column.at); }

  void Refuse(const Row& row, const Column& column, const Error& error) {
    AddProblem(Severity::kError, row.number, spec_.columns[column.spec].label, error.code, error.detail,
               Excerpt(row.number, column));
  }

  void CompareCell(const Row& row, const Column& column, const Result<SheetValue>& value) {
    const ColumnSpec& spec = spec_.columns[column.spec];
    if (!value) return Refuse(row, column, value.error());
    const SheetValue& current = row.current.values[column.spec];
    std::string old_text = CanonicalText(current), new_text = CanonicalText(*value);
    const bool checked = !row.check.empty(), same = new_text == old_text;
    if (IsAsExported(row, column, *value) || (!checked && same)) {
      ++report_.unchanged;
      return;
    }
    if (same) {
      ++report_.already_so;
      return;
    }
    if (spec.read_only) return Refuse(row, column, Invalid("sheet.read_only_edited"));
    if (const Status choice = CheckChoice(*value, spec); !choice) return Refuse(row, column, choice.error());
    const bool ledger_stood_still = checked ? IsAsExported(row, column, current)
                                            : row.exported_version == row.current.version && row.exported_version != 0;
    (ledger_stood_still ? report_.changes : report_.conflicts)
        .push_back({row.number, column.spec, CellName(row.number, column.at), row.id, spec.key, std::move(old_text),
                    std::move(new_text), *value, row.exported_version, row.current.version});
  }

  void ReadNewRow(std::uint32_t number) {
    NewRow row;
    row.row = number;
    row.values.resize(spec_.columns.size());
    std::vector<std::pair<const Column*, Error>> errors;
    bool filled = false;
    for (const Column& column : columns_) {
      const ColumnSpec& spec = spec_.columns[column.spec];
      if (spec.read_only) continue;
      Result<SheetValue> value = ReadCell(number, column);
      if (value) {
        if (Status choice = CheckChoice(*value, spec); !choice) value = choice.error();
      }
      if (!value) {
        errors.emplace_back(&column, value.error());
      } else {
        row.values[column.spec] = *value;
      }
      filled |= !value || !std::holds_alternative<std::monostate>(*value);
    }
    if (!filled) return;
    row.failed = !errors.empty();
    for (const auto& [column, error] : errors)
      AddProblem(Severity::kError, number, spec_.columns[column->spec].label, error.code, error.detail,
                 Excerpt(number, *column));
    report_.new_rows.push_back(std::move(row));
  }

  const Sheet& sheet_;
  const Marks& marks_;
  const RoundTripSpec& spec_;
  const RowLookup& lookup_;
  MergedCells merged_;
  std::uint32_t head_ = 0, id_at_ = 0, version_at_ = 0, check_at_ = 0;
  std::vector<Column> columns_;
  std::unordered_map<std::string, std::uint32_t> rows_of_id_;
  RoundTripReport report_;
};

}  // namespace

Result<RoundTripMark> ReadRoundTripMark(const Workbook& edited) {
  LF_ASSIGN(Marks marks, ReadMarks(edited));
  return std::move(marks.mark);
}

Result<RoundTripReport> CompareSheet(const Workbook& edited, const RoundTripSpec& spec, const RowLookup& lookup) {
  LF_ASSIGN(const Marks marks, ReadMarks(edited));
  if (marks.mark.ledger != spec.ledger) return Conflict("sheet.other_ledger", "The sheet is of another ledger.");
  if (marks.mark.list != spec.list) return Conflict("sheet.other_list", "The sheet is of another list.");
  if (marks.mark.seq > spec.seq)
    return Conflict("sheet.unknown_seq",
                    fmt::format("Exported at {}, the ledger ends at {}.", marks.mark.seq, spec.seq));
  LF_ASSIGN(const Sheet* sheet, FindSheet(edited, marks.sheet));
  return Comparison(*sheet, marks, spec, lookup).Compare();
}

}  // namespace landfall::exchange
