// SPDX-License-Identifier: Apache-2.0
// A sheet as the rows of a register, so that a mapping file reads an .xlsx as it reads CSV.
//
// What differs from CSV: a date cell is a day whatever formats the column names; a cell merged downwards repeats its
// value in every row it covers; a heading may take several rows (JoinedHeads). The mapping's encoding and separator
// mean nothing here; its header_row is the last row of the heading.
#pragma once

#include "exchange/sheet.h"
#include "exchange/table_import.h"

namespace landfall::exchange {

struct SheetTableOptions {
  std::string sheet = {};          // By name; empty: the first that is not hidden.
  std::uint32_t heading_rows = 1;  // 1 to 10; the names of columns are joined from them: "投资/计划".
};

// The rows of `sheet` as ReadTable takes them. A value in a column without heading makes its row csv.ragged_row, so
// that nothing is passed over in silence; blank rows are passed over. A formula never computed is
// sheet.formula_not_computed, an error sheet.cell_error, each a fault of its cell.
class SheetRows final : public RowSource {
 public:
  // `sheet` and `file` must outlive it. Precondition: 1 <= heading_rows <= header_row.
  SheetRows(const Sheet& sheet, std::string_view file, std::uint64_t header_row, std::uint32_t heading_rows);
  Result<bool> Next(CsvRow& row) override;  // No errors.
  std::uint64_t row_number() const override { return row_; }
  FieldFacts Facts(std::size_t field) override;
  std::uint64_t bytes() const override { return file_.size(); }
  Digest FileDigest() override { return Sha256(file_); }

 private:
  bool NextHeading(CsvRow& row);
  const SheetCell* CellAt(std::uint32_t column);

  const Sheet& sheet_;
  const std::string_view file_;
  const std::uint32_t header_row_, heading_rows_;
  MergedCells merged_;
  std::vector<std::uint32_t> columns_;  // Those with a heading.
  std::vector<std::string> texts_;      // Of the current row.
  std::vector<const SheetCell*> cells_;
  std::size_t next_ = 0;  // Into Sheet::rows.
  std::uint32_t row_ = 0;
};

// Reads one sheet of `book`, which was read from `file`. As ReadTable otherwise.
// Errors: sheet.no_sheet (kInvalid: no sheet of that name, or none that is not hidden), sheet.bad_heading_rows
// (kInvalid: not 1 to 10, or more than header_row), and those of the sink.
Result<TableReport> ReadSheetTable(const Workbook& book, std::string_view file, const SheetTableOptions& options,
                                   const Mapping& mapping, const TableSchema& schema, const RowSink& sink);

}  // namespace landfall::exchange
