// SPDX-License-Identifier: Apache-2.0
// The shapes of answers about a sheet that came back: what it would change, or has changed.
#pragma once

#include "app/views.h"

namespace landfall::app {

// One cell that becomes a command, alone or with others of its row; of a new row, one command.
struct SheetChange {
  static constexpr std::string_view kName = "SheetChange";
  std::int64_t row = 0;             // as a spreadsheet counts
  std::optional<std::string> cell;  // "F7"; absent: a new row
  std::string column;               // heading; "" for a new row
  std::optional<std::string> subject;
  std::string name;  // what people call the record
  std::string before;
  std::string after;
  std::string command;
};
BOOST_DESCRIBE_STRUCT(SheetChange, (), (row, cell, column, subject, name, before, after, command))

// Somebody else changed the cell after the export: left alone, for people to decide.
struct SheetConflict {
  static constexpr std::string_view kName = "SheetConflict";
  std::int64_t row = 0;
  std::string cell;
  std::string column;
  std::string subject;
  std::string name;
  std::string mine;
  std::string theirs;
  std::optional<std::int64_t> seq;  // the record that changed the row last
};
BOOST_DESCRIBE_STRUCT(SheetConflict, (), (row, cell, column, subject, name, mine, theirs, seq))

struct SheetProblem {
  static constexpr std::string_view kName = "SheetProblem";
  std::int64_t row = 0;  // 0: the sheet as a whole
  std::string column;
  std::string severity;  // error, warning, note
  std::string code;
  std::string title;  // the sentence of the code
  std::string excerpt;
  std::int64_t count = 1;
};
BOOST_DESCRIBE_STRUCT(SheetProblem, (), (row, column, severity, code, title, excerpt, count))

struct SheetReport {
  static constexpr std::string_view kName = "SheetReport";
  std::string list;
  Digest file{};
  std::int64_t exported_at = 0;  // seq at which the sheet was made
  std::int64_t rows = 0;         // with an id
  std::int64_t new_rows = 0;
  std::int64_t unchanged = 0;   // cells
  std::int64_t already_so = 0;  // edited cells and new rows that the ledger says already
  std::int64_t removed = 0;     // exported rows that the sheet no longer has; nothing is deleted
  std::int64_t commands = 0;
  std::int64_t errors = 0, warnings = 0;
  std::vector<SheetChange> changes;
  std::vector<SheetConflict> conflicts;
  std::vector<SheetProblem> problems;
  std::optional<Digest> plan;       // to be named by who wants it done; absent: errors, or nothing to do
  std::optional<std::int64_t> seq;  // of batch.completed: it is done
};
BOOST_DESCRIBE_STRUCT(SheetReport, (),
                      (list, file, exported_at, rows, new_rows, unchanged, already_so, removed, commands, errors,
                       warnings, changes, conflicts, problems, plan, seq))

}  // namespace landfall::app
