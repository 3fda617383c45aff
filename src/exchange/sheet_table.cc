// SPDX-License-Identifier: Apache-2.0
#include "exchange/sheet_table.h"

#include <algorithm>

namespace landfall::exchange {
namespace {

constexpr std::uint32_t kHeadingRowsMax = 10;

Result<const Sheet*> ChooseSheet(const Workbook& book, std::string_view name) {
  if (!name.empty()) {
    const Sheet* sheet = book.Find(name);
    if (sheet == nullptr) return Invalid("sheet.no_sheet", "No sheet has this name.", "sheet");
    return sheet;
  }
  for (const Sheet& sheet : book.sheets)
    if (!sheet.hidden) return &sheet;
  return Invalid("sheet.no_sheet", "Every sheet is hidden.", "sheet");
}

}  // namespace

SheetRows::SheetRows(const Sheet& sheet, std::string_view file, std::uint64_t header_row, std::uint32_t heading_rows)
    : sheet_(sheet),
      file_(file),
      header_row_(static_cast<std::uint32_t>(header_row)),
      heading_rows_(heading_rows),
      merged_(sheet) {
  LF_CHECK(heading_rows >= 1 && heading_rows <= header_row);
}

// The heading stands as the row `header_row_`; what is above it is passed over.
bool SheetRows::NextHeading(CsvRow& row) {
  row_ = header_row_;
  const std::vector<std::string> heads = JoinedHeads(sheet_, header_row_ - heading_rows_ + 1, header_row_);
  for (std::uint32_t column = 1; column <= heads.size(); ++column) {
    if (heads[column - 1].empty()) continue;
    columns_.push_back(column);
    texts_.push_back(heads[column - 1]);
  }
  while (next_ < sheet_.rows.size() && sheet_.rows[next_].number <= header_row_) ++next_;
  row.number = row.line = row_;
  row.fields.assign(texts_.begin(), texts_.end());
  return !columns_.empty();
}

const SheetCell* SheetRows::CellAt(std::uint32_t column) {
  const CellRange* range = merged_.RangeAt(row_, column);
  // A cell merged downwards stands for each row; one merged to the right only for its first column.
  if (range != nullptr && range->first_column != column) return nullptr;
  return merged_.ValueAt(row_, column);
}

Result<bool> SheetRows::Next(CsvRow& row) {
  if (row_ == 0) return NextHeading(row);
  if (columns_.empty() || next_ == sheet_.rows.size()) return false;
  const SheetRow& source = sheet_.rows[next_++];
  row_ = source.number;
  texts_.clear();
  cells_.clear();
  for (std::uint32_t column : columns_) {
    cells_.push_back(CellAt(column));
    texts_.push_back(cells_.back() == nullptr ? std::string() : CellText(*cells_.back(), sheet_.dates));
  }
  for (const SheetCell& cell : sheet_.CellsOf(source))
    if (!std::binary_search(columns_.begin(), columns_.end(), cell.column))
      texts_.push_back(CellText(cell, sheet_.dates));
  row.number = row.line = row_;
  row.fields.assign(texts_.begin(), texts_.end());
  return true;
}

FieldFacts SheetRows::Facts(std::size_t field) {
  FieldFacts facts;
  const SheetCell* cell = cells_[field];
  if (cell == nullptr) return facts;
  if (cell->kind == CellKind::kEmpty) facts.fault = "sheet.formula_not_computed";
  if (cell->kind == CellKind::kError) facts.fault = "sheet.cell_error";
  const std::optional<WallTime> wall = WallTimeOf(*cell, sheet_.dates);
  if (wall && wall->day >= kFirstDay && wall->day <= kLastDay)
    facts.day = DayReading{wall->day, wall->second_of_day != 0, false};
  return facts;
}

Result<TableReport> ReadSheetTable(const Workbook& book, std::string_view file, const SheetTableOptions& options,
                                   const Mapping& mapping, const TableSchema& schema, const RowSink& sink) {
  if (options.heading_rows < 1 || options.heading_rows > kHeadingRowsMax || options.heading_rows > mapping.header_row)
    return Invalid("sheet.bad_heading_rows", "1 to 10, and at most header_row.", "heading_rows");
  LF_ASSIGN(const Sheet* sheet, ChooseSheet(book, options.sheet));
  SheetRows rows(*sheet, file, mapping.header_row, options.heading_rows);
  return ReadTable(rows, mapping, schema, sink);
}

}  // namespace landfall::exchange
