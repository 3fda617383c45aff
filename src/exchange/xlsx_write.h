// SPDX-License-Identifier: Apache-2.0
// Writes lists and templates as .xlsx.
//
// Nothing in a cell is ever evaluated: texts are stored as shared strings, never as formulas, in cells whose format is
// "@" (text), so that "=1+1" also stays a text when somebody edits the cell and presses Enter; reading it back gives
// the same five characters. (What a person then saves as CSV and opens again is beyond the reach of this file.) The one
// formula written is the SUBTOTAL of a total row.
//
// Amounts are exact: a number cell where its digits survive a spreadsheet (15), else a text cell with all of them.
#pragma once

#include "exchange/sheet_value.h"

namespace landfall::exchange {

struct RowSpec {
  std::string id = {};             // Round trip: the record's id; not one of the marks below, not beginning with '_'.
  std::uint64_t version = 0;       // Round trip: seq of the row's last change.
  std::vector<SheetValue> values;  // Parallel to SheetSpec::columns.
};

// What makes a sheet one that can come back (docs/formats/sheet.md).
struct RoundTripMark {
  std::string ledger;     // The ledger's id.
  std::string list;       // Key of the list ("projects").
  std::uint64_t seq = 0;  // The ledger's last entry when the values were read.
  bool operator==(const RoundTripMark&) const = default;
};

struct SheetSpec {
  std::string
      name;  // 1 to 31 characters without []:*?/\ and without an apostrophe at the ends; unique without regard to case.
  std::vector<ColumnSpec> columns;  // 1 to 200.
  std::vector<RowSpec> rows = {};
  std::optional<RoundTripMark> round_trip = {};  // Of at most one sheet in a workbook.
  // A template: below the heading a row of guidance, then an example marked 示例, then room to fill in. With a round
  // trip mark it comes back through CompareSheet, as new rows.
  bool is_template = false;
  std::vector<SheetValue> example = {};  // Parallel to columns; templates only.
  bool hidden = false;
  bool freeze_head = true;
  bool auto_filter = true;
  bool total_row = false;       // Sums of the columns that ask for one, of the rows a filter leaves.
  bool lock_read_only = false;  // Protects the sheet (no password) but for cells of columns that are not read-only.
};

struct WorkbookSpec {
  std::vector<SheetSpec> sheets;  // 1 to 50, the first not hidden.
  std::string title;
  Instant created_at;  // Stands in the file; with the same spec the bytes are the same.
  SheetContext context;
};

// Names that our sheets reserve.
inline constexpr std::string_view kMarkSheet = "_landfall";
inline constexpr std::string_view kIdHead = "_标记", kVersionHead = "_版本", kCheckHead = "_校验";
inline constexpr std::string_view kExampleMark = "示例", kGuidanceMark = "说明", kTotalMark = "合计";

// The eight characters by which a cell's value at export is known again: 48 bits of SHA-256 over list, id, column key
// and canonical text, in base64. Why a digest and not the value as known at `seq`: it needs no ledger that can answer
// for the past, it survives erasure and a change of what a list shows, and it holds nothing the sheet does not show.
// An edit goes unnoticed once in 2.8e14.
inline constexpr std::size_t kCheckBytes = 8;
std::string CellCheck(std::string_view list, std::string_view id, std::string_view key, const SheetValue& value);

// Errors: sheet.bad_name; sheet.text_too_long (more than 32,767 UTF-16 units), text.not_utf8, sheet.too_many_rows (with
// `field` "sheets[0].rows[7].key"); sheet.cannot_write (kUnavailable: no memory or no temporary file for the library).
// What only a bug can break is checked: kinds, widths, reserved or doubled keys, labels and ids.
// Memory: about 300 bytes a cell. Cost: about 3 µs a cell. Threads: each call stands alone.
Result<std::string> WriteXlsx(const WorkbookSpec& spec);

}  // namespace landfall::exchange
