// SPDX-License-Identifier: Apache-2.0
// CSV by RFC 4180, read as a stream with bounds and written back.
//
// Beyond the RFC it reads the separators ; tab and |, and lines that end in LF or CR alone, because spreadsheets write
// them. It does not guess: what is neither plain nor properly quoted is refused with its row.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "exchange/byte_source.h"

namespace landfall::exchange {

struct CsvLimits {
  std::size_t field_bytes = 64 * 1024;
  std::size_t row_bytes = 1024 * 1024;  // Of one record, separators and quotes included.
  std::size_t columns = 1'000;
  std::uint64_t rows = 5'000'000;  // Header and empty lines included.
};

struct CsvRow {
  std::uint64_t number = 0;  // 1 for the first record of the file, empty lines counted: the row a spreadsheet shows.
  std::uint64_t line = 0;    // The line of the file on which it begins, from 1; differs after a field with line breaks.
  std::vector<std::string_view> fields;  // Valid until the next call of Next.
};

// Memory: one 64 KiB buffer and one row. Cost: about one pass over the bytes. Threads: one reader at a time.
class CsvReader {
 public:
  // `utf8` must outlive the reader and give valid UTF-8 without byte order mark (Utf8Source does).
  // Precondition: separator is one of , ; tab |.
  CsvReader(ByteSource& utf8, char separator, CsvLimits limits = {});

  // The next record that is not an empty line; false at the end. Whether it has as many fields as the header is the
  // caller's to judge. After an error every further call gives the same error.
  // Errors (kInvalid; detail names row and line): csv.line_too_long, csv.field_too_long, csv.too_many_columns,
  // csv.too_many_rows, csv.quote_unclosed (the file ends inside a quoted field), csv.quote_misplaced (a quote in the
  // middle of a plain field, or text after a closing quote); and those of the source.
  Result<bool> Next(CsvRow& row);

  std::uint64_t row_number() const { return row_; }  // Of the record last begun, also when it was refused.

 private:
  Status Refill();
  Result<bool> BeginRow();
  Status Take(std::size_t count, bool keep);
  Status EndField();
  void EndLine(char c);
  Result<bool> Scan();
  Error Refuse(std::string_view code) const;

  ByteSource& source_;
  const char separator_;
  const CsvLimits limits_;
  std::array<bool, 256> ends_run_{};  // Bytes that mean something outside quotes.
  std::vector<char> buffer_;
  std::size_t at_ = 0, end_ = 0;
  bool source_ended_ = false;
  std::string text_;               // The fields of the current row, one after the other.
  std::vector<std::size_t> ends_;  // Where each field ends in text_.
  std::size_t row_bytes_ = 0;
  std::uint64_t row_ = 0, row_line_ = 1, line_ = 1;
  bool after_cr_ = false;  // The byte before was a CR that ended a line.
  std::optional<Error> failed_;
};

// Appends one record, quoted where RFC 4180 asks for it, closed by CRLF. A record of one empty field is written as ""
// so that it is not read as an empty line. What it writes, CsvReader reads back unchanged.
void AppendCsvRow(std::string& out, std::span<const std::string_view> fields, char separator = ',');

}  // namespace landfall::exchange
