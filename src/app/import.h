// SPDX-License-Identifier: Apache-2.0
// A register of projects from a file into the ledger: all or nothing, and nothing twice.
//
// What the file says of a project it already knows (by its code) is compared field by field; only what differs becomes
// a command. So a second import of the same file stores nothing. Rows that contradict themselves are recorded as stated
// facts with a finding; nothing odd is dropped, and everything odd stands in the report, by row and column.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "app/engine.h"

namespace landfall::app {

struct ImportProblem {
  static constexpr std::string_view kName = "ImportProblem";
  std::int64_t row = 0;  // as a spreadsheet counts; 0: the file as a whole
  std::string column;
  std::string severity;  // error, warning, note
  std::string code;
  std::string detail;
  std::string excerpt;
  std::int64_t count = 1;
};
BOOST_DESCRIBE_STRUCT(ImportProblem, (), (row, column, severity, code, detail, excerpt, count))

struct ImportReport {
  static constexpr std::string_view kName = "ImportReport";
  std::string file_name;  // shown to whoever may read the report; never in a leaf
  Digest file{}, mapping{};
  Day register_as_at;  // the day the register tells of: dates up to it are taken as reached, later ones as planned
  std::int64_t rows = 0, rows_failed = 0;
  std::int64_t created = 0, changed = 0, unchanged = 0, units_created = 0;
  std::int64_t errors = 0, warnings = 0, notes = 0, problems_left_out = 0;
  Money investment_minor;  // sum over the rows as read
  std::int64_t rows_without_investment = 0;
  std::vector<ImportProblem> problems;
};
BOOST_DESCRIBE_STRUCT(ImportReport, (),
                      (file_name, file, mapping, register_as_at, rows, rows_failed, created, changed, unchanged,
                       units_created, errors, warnings, notes, problems_left_out, investment_minor,
                       rows_without_investment, problems))

struct ImportOptions {
  bool dry_run = false;
  std::string local_user;  // of the operating system, when `by` is local
  // Bytes read, then commands done; false cancels (import.cancelled) as long as nothing is stored.
  std::function<bool(std::string_view stage, std::uint64_t done, std::uint64_t total)> progress;
};

struct ImportOutcome {
  ImportReport report;
  bool stored = false;    // false: dry run, refused, or nothing to change
  std::uint64_t seq = 0;  // of batch.completed
  std::optional<Error> refusal;
};

// Errors: only what keeps the file or the mapping from being read at all (import.file_missing, mapping.*, encoding.*).
// Problems of rows stand in the report, and any error among them stores nothing (`refusal` = import.has_errors).
Result<ImportOutcome> ImportProjects(Engine& engine, Actor by, const std::string& file, const std::string& mapping,
                                     const ImportOptions& options);

}  // namespace landfall::app
