// SPDX-License-Identifier: Apache-2.0
// A register in CSV, or in a sheet (sheet_table.h), read through a mapping into typed rows, with every problem named by
// row and column.
//
// It stores nothing and decides nothing: the caller turns rows into commands, and stores all or nothing. Reading the
// same bytes with the same mapping gives the same rows and the same report; the two digests say whether they are.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "exchange/csv.h"
#include "exchange/mapping.h"

namespace landfall::exchange {

struct Cell {
  CellValue value;       // monostate: not given, not known, or failed.
  std::string original;  // As it stood in the file, in UTF-8.
  bool failed = false;   // An error was reported for it.
};

struct TypedRow {
  std::uint64_t number = 0;  // As CsvRow::number: the row a spreadsheet shows; the header is row 1.
  std::uint64_t line = 0;
  std::vector<Cell> cells;  // Parallel to Mapping::targets, constants and templates included.
  bool failed = false;      // Some cell of it did.
};

enum class Severity : std::uint8_t { kError, kWarning, kNote };  // Only an error keeps a file out.
std::string_view SeverityName(Severity severity);                // "error", "warning", "note"

struct Problem {
  std::uint64_t row = 0;  // 0: the file as a whole.
  std::string column;     // Header of the column, or empty.
  std::string code;       // In the catalogue, as the codes of Error.
  Severity severity = Severity::kError;
  std::string detail;       // Expected form, counts, totals; never the text of a cell.
  std::string excerpt;      // The cell, cut to 80 bytes: for the report its owner reads, never for a log.
  std::uint64_t count = 1;  // Notes stand once per column and code, `row` being the first of `count` rows.
};

// In the order they were found. Keeps at most 10,000, errors before all else; counts all. Threads: one at a time.
class ProblemList {
 public:
  static constexpr std::size_t kKept = 10'000;
  void Add(Problem problem);
  const std::vector<Problem>& kept() const { return kept_; }
  std::uint64_t errors() const { return counts_[0]; }
  std::uint64_t warnings() const { return counts_[1]; }
  std::uint64_t notes() const { return counts_[2]; }
  std::uint64_t left_out() const { return left_out_; }  // Not kept, but counted above.

 private:
  std::vector<Problem> kept_;
  std::uint64_t counts_[3] = {0, 0, 0};
  std::uint64_t left_out_ = 0;
  std::size_t kept_errors_ = 0;
};

struct ColumnCounts {
  std::string column;
  std::uint64_t filled = 0, blank = 0, null_marked = 0;  // Together: the rows that were not ragged.
  std::uint64_t failed = 0;                              // Of those filled.
  std::uint64_t rounded = 0;                             // Money cells that were not a whole count of minor units.
  std::string rounding_total;  // Kept minus written, exact, in the major unit ("-0.0000000004"); "0" when none.
  std::string rounding_total_absolute;  // The same without signs: what the noise amounts to.
  std::uint64_t times_dropped = 0;      // Day cells with a time of day other than midnight.
  std::uint64_t days_assumed = 0;       // Day cells that named only a month or a year.
};

struct TableReport {
  bool complete = false;          // The file was read to its end. When false, `file` is unset and an error says why.
  std::uint64_t rows = 0;         // Records below the header that are not blank.
  std::uint64_t rows_failed = 0;  // Those with at least one error, the sink's own included.
  std::uint64_t bytes = 0;
  Digest file{}, mapping{};           // SHA-256.
  std::vector<ColumnCounts> columns;  // In the order of the file.
  ProblemList problems;

  bool passed() const { return complete && problems.errors() == 0; }
  // The first error as a refusal, `field` "rows[12].FFC"; Ok when passed.
  Status AsStatus() const;
};

// Called for each well-shaped row in file order, those with failed cells too, so that the caller's own checks can add
// their problems to the same list. The row is only valid during the call. An error ends the reading and is returned.
using RowSink = std::function<Status(const TypedRow& row, ProblemList& problems)>;

// Called after each chunk read (64 KiB) with the bytes done, and the total where it is known. False cancels.
using Progress = std::function<bool(std::uint64_t bytes_done, std::optional<std::uint64_t> bytes_total)>;

inline constexpr std::uint64_t kFileBytesMax = 1ULL << 30;

// What a source of rows knows of a field beside its text, because a sheet has types where CSV has none.
struct FieldFacts {
  std::optional<DayReading> day;  // The field is a date: a day column takes it whatever formats the mapping names.
  std::string_view fault;         // Not empty: the field holds no value, with this code.
};

// The rows of a table, whatever kind of file they come from; the first with a number of at least Mapping::header_row is
// the heading. Threads: one reader at a time.
class RowSource {
 public:
  virtual ~RowSource() = default;
  virtual Result<bool> Next(CsvRow& row) = 0;                     // As CsvReader::Next.
  virtual std::uint64_t row_number() const = 0;                   // As CsvReader::row_number.
  virtual FieldFacts Facts(std::size_t /*field*/) { return {}; }  // Of the row last given.
  virtual std::uint64_t bytes() const = 0;                        // Of the file, read so far.
  virtual Digest FileDigest() = 0;                                // SHA-256; called once, after the last row.
};

// Reads all of `source`. Every fault of the file is a Problem in the report, not an Error; a fault after which rows can
// no longer be told apart (a quote left open, bytes that are not in the declared encoding) ends the reading.
//
// Codes of problems, in the order of checking:
//   the file    csv.file_too_large, csv.empty, csv.no_rows; all of Utf8Source and CsvReader
//   the header  csv.duplicate_column, mapping.unknown_column (the mapping names a column the file has not),
//               mapping.column_missing (the file has a column the mapping neither maps nor ignores); all are listed
//   a row       csv.ragged_row (fields expected and found); the row is not delivered
//   a cell      cell.missing (a required one is empty), cell.not_listed, cell.too_long, cell.control_character,
//               money.malformed, money.too_precise, money.out_of_range, day.out_of_range, and those of ReadDay
//   notes       cell.null_marker, cell.rounded, cell.time_dropped, cell.day_assumed, cell.trimmed, csv.blank_row
// Errors of the call: import.cancelled and source.unreadable (kUnavailable), and those of the sink.
// `schema` is the one the mapping was read with. Memory: a few buffers of 64 KiB, one row and the kept problems,
// whatever the file (7 MB measured). Cost: about 3 µs a row of 14 columns with 8 days and one amount.
Result<TableReport> ReadTable(ByteSource& source, const Mapping& mapping, const TableSchema& schema,
                              const RowSink& sink, const Progress& progress = {});
// The same for rows of another kind of file. Codes of cells may also be those of FieldFacts::fault.
Result<TableReport> ReadTable(RowSource& rows, const Mapping& mapping, const TableSchema& schema, const RowSink& sink);

}  // namespace landfall::exchange
