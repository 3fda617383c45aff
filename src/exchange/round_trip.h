// SPDX-License-Identifier: Apache-2.0
// An exported sheet that people edited and sent back: what they changed, and what the ledger changed meanwhile.
//
// Pure logic: it stores nothing and decides nothing. One CellChange is one command for the caller to try; conflicts,
// new rows and problems are for people. Rows gone from the sheet are told and never deleted.
//
// How an edit is known (docs/formats/sheet.md): each exported row carries, hidden, a short digest of every cell as it
// was exported. A cell was edited when the digest of what stands in it now is another one. So a stale sheet never turns
// back what others did: cells nobody touched change nothing, however old they are. For an edited cell:
//   equal to the value in the ledger now                        already so, counted
//   the ledger's value still has the exported digest             CellChange, also when other cells of the row moved
//   the ledger's value has another digest                        CellConflict: two people changed the same cell
// Where the digests of a row are lost (somebody cleared the column), a cell that differs from the ledger is a change
// when the row's version is still the exported one, else a conflict, because nobody can say who moved it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "exchange/table_import.h"
#include "exchange/xlsx_write.h"

namespace landfall::exchange {

struct RoundTripSpec {
  std::string ledger, list;
  std::uint64_t seq = 0;            // The ledger's last entry now; no sheet can be newer.
  std::vector<ColumnSpec> columns;  // As for an export made now.
  SheetContext context;
};

struct CurrentRow {
  std::uint64_t version = 0;
  std::vector<SheetValue> values;  // Parallel to RoundTripSpec::columns, made as for an export.
};
// The row as it is now; empty where there is none, or none that this person may see.
using RowLookup = std::function<std::optional<CurrentRow>(std::string_view id)>;

struct CellEdit {
  std::uint32_t row = 0;   // In the sheet, from 1.
  std::size_t column = 0;  // Index into RoundTripSpec::columns.
  std::string cell;        // "F7"
  std::string id, key;
  std::string old_text, new_text;  // CanonicalText of the value now and of the edited one.
  SheetValue new_value;
  std::uint64_t exported_version = 0, current_version = 0;  // They differ: the row moved meanwhile. 0: not known.
};

struct NewRow {
  std::uint32_t row = 0;
  std::vector<SheetValue> values;  // Parallel to RoundTripSpec::columns; read-only ones are left empty.
  bool failed = false;             // Some cell of it could not be read: there is a problem for it.
};

struct RoundTripReport {
  RoundTripMark mark;  // What the sheet says it is.
  std::string sheet;   // The name of the sheet compared.
  std::vector<CellEdit> changes, conflicts;
  std::vector<NewRow> new_rows;
  std::vector<std::string> removed_ids;  // Exported rows that the sheet no longer has.
  ProblemList problems;                  // `column` is the heading, `excerpt` the cell.
  std::uint64_t rows = 0;                // With an id, of those below the heading.
  std::uint64_t unchanged = 0;           // Cells as exported.
  std::uint64_t already_so = 0;          // Cells edited to what the ledger says anyway.
};

// Finds the sheet, its heading (one of the first 50 rows; rows may have been put above it) and its columns (by label;
// they may have been moved), and compares. Rows in any order, hidden ones included. A cell covered by one merged down
// its column has that one's value, as everybody sees it.
//
// Errors, nothing is compared: sheet.no_marks (kInvalid: not one of our exports, or its hidden sheet or column is
// gone); sheet.marks_malformed (kInvalid); sheet.other_ledger, sheet.other_list, sheet.unknown_seq (kConflict: from a
// ledger that is ahead of this one, say before a restore); sheet.duplicate_column (kInvalid: two columns with one
// heading). Problems:
//   errors    sheet.duplicate_id (each row that has it; none is compared), sheet.unknown_id, sheet.read_only_edited,
//             sheet.row_shifted (a cell of an identifying column is not the one exported with this id, as after sorting
//             without the hidden columns: the whole row is held back), sheet.merged_cell (covered by a cell of another
//             column), those of ReadSheetValue and CheckChoice for edited cells and new rows
//   warnings  sheet.column_missing (its cells stay as they are), sheet.column_changed (a list that has changed its
//             columns since; left alone), sheet.check_missing
//   notes     sheet.column_unknown (a column people added; passed over)
// Cost: about 1 µs a cell and one lookup a row. Threads: each call stands alone.
Result<RoundTripReport> CompareSheet(const Workbook& edited, const RoundTripSpec& spec, const RowLookup& lookup);

// Only the marks, to find ledger and list before a spec can be made. Errors: sheet.no_marks, sheet.marks_malformed.
Result<RoundTripMark> ReadRoundTripMark(const Workbook& edited);

}  // namespace landfall::exchange
