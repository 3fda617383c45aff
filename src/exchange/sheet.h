// SPDX-License-Identifier: Apache-2.0
// A workbook as it was read: sheets, rows and cells, whatever file they came from.
//
// Why its own form: what a cell holds in the file and what it means are two things. A date is a number with a style, a
// number may be the 17 digits of a double where a person typed three, a heading may be spread over merged cells. This
// header has one answer to each, so that no importer invents another.
//
// Rows and columns count from 1, as a spreadsheet shows them (A = 1). Threads: immutable once read; any may read.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/day.h"

namespace landfall::exchange {

// Which day serial number 0 or 1 is. 1900: serial 1 is 1900-01-01, and serial 60 a 29 February 1900 that never was,
// kept for Lotus 1-2-3's sake, so that from 61 on the day is 1899-12-30 plus the serial. 1904: serial 0 is 1904-01-01.
enum class DateSystem : std::uint8_t { k1900, k1904 };

enum class CellKind : std::uint8_t {
  kEmpty,    // Only kept where it has a formula whose value was never computed.
  kText,     // Rich text is joined; what stands above characters as a reading aid (phonetic runs) is left out.
  kNumber,   // `number`, and `text` exactly as the file has it.
  kDay,      // A number whose style shows a date only.
  kMoment,   // A number whose style shows date and time of day, or a date only although it has a time of day.
  kTime,     // A number whose style shows a time of day (and is below 1) or a length of time.
  kBoolean,  // `number` 0 or 1.
  kError,    // `text` is "#N/A", "#REF!" …
};

struct SheetCell {
  std::string_view text;     // kText, kError: UTF-8. Numbers, days, moments, times: the number as in the file.
  double number = 0;         // The serial number where it is a day, moment or time.
  std::uint16_t column = 0;  // From 1.
  CellKind kind = CellKind::kEmpty;
  bool formula = false;  // The value is what the spreadsheet program had computed when it saved.
  bool percent = false;  // The style shows a number as a percentage; `number` is 0.12 for 12 %.
};

// Both corners belong to it; from 1.
struct CellRange {
  std::uint32_t first_row = 0, last_row = 0;
  std::uint16_t first_column = 0, last_column = 0;
  bool operator==(const CellRange&) const = default;
};

struct SheetRow {
  std::uint32_t number = 0;
  bool hidden = false;
  std::uint32_t first_cell = 0, cell_count = 0;  // Into Sheet::cells.
};

struct Sheet {
  std::string name;
  bool hidden = false;  // Also "very hidden", which no menu of Excel shows.
  DateSystem dates = DateSystem::k1900;
  std::vector<SheetRow> rows;    // Those with a cell, ascending.
  std::vector<SheetCell> cells;  // Row after row, columns ascending. Cells that hold nothing are absent.
  std::vector<CellRange> merged;
  std::vector<CellRange> hidden_columns;  // Rows are 0.

  std::span<const SheetCell> CellsOf(const SheetRow& row) const {
    return std::span(cells).subspan(row.first_cell, row.cell_count);
  }
  // nullptr where there is nothing. Cost: two binary searches.
  const SheetRow* FindRow(std::uint32_t row) const;
  const SheetCell* Find(std::uint32_t row, std::uint32_t column) const;
  // The cell's text, "" where there is none.
  std::string TextAt(std::uint32_t row, std::uint32_t column) const;
  bool IsColumnHidden(std::uint32_t column) const;
  std::uint32_t last_row() const { return rows.empty() ? 0 : rows.back().number; }
};

// Where the texts of cells lie; its views stay valid while it lives, also when it is moved.
class TextPool {
 public:
  std::string_view Keep(std::string_view text);
  std::size_t bytes() const { return bytes_; }

 private:
  static constexpr std::size_t kChunk = 64 * 1024;
  std::vector<std::unique_ptr<char[]>> chunks_;
  char* next_ = nullptr;
  std::size_t room_ = 0;
  std::size_t bytes_ = 0;
};

// Movable, not copyable: cells point into `texts`.
struct Workbook {
  std::vector<Sheet> sheets;  // In the order of their tabs.
  TextPool texts;
  const Sheet* Find(std::string_view name) const;
};

// What a person sees a cell hold, in one plain form for every reader:
//   text       as it is                          kBoolean  TRUE, FALSE
//   kDay       YYYY-MM-DD                         kError    #REF!
//   kMoment    YYYY-MM-DD hh:mm:ss                kTime     h:mm:ss, the hours without bound
//   numbers    a plain decimal (1E-3 is 0.001) of at most 15 significant digits where the file has a fraction: that is
//              the precision spreadsheets work to and show, and 2066075.5899999999 in a file is the 2066075.59 somebody
//              typed. Whole numbers keep every digit the file has.
// Serial 60 of the 1900 system gives "1900-02-29", and 0 "1900-01-00", as the spreadsheet shows them: no reader of
// dates takes them for a day. A serial number no date can have gives the number.
std::string CellText(const SheetCell& cell, DateSystem dates);

// `text` of a number cell as the plain decimal that CellText gives.
std::string PlainNumber(std::string_view text, double number);

// A civil date with the time of day, as on the wall where the sheet was filled in. Seconds are rounded.
struct WallTime {
  Day day{};
  int second_of_day = 0;
};
// The date of a kDay or kMoment. Empty for other kinds, for serial numbers 0 and 60 of the 1900 system, and beyond
// 9999-12-31.
std::optional<WallTime> WallTimeOf(const SheetCell& cell, DateSystem dates);
// The inverse for days from kFirstDay on, in the 1900 system.
double SerialOf(Day day, int second_of_day = 0);

// With ASCII letters in lower case: names of sheets and of parts of a file are compared so.
std::string FoldCase(std::string_view name);

// "B7". ParseCellName is strict: capitals, no $, at most XFD1048576; false where it is none.
std::string CellName(std::uint32_t row, std::uint32_t column);
bool ParseCellName(std::string_view name, std::uint32_t& row, std::uint32_t& column);

inline constexpr std::uint32_t kSheetRowsMax = 1'048'576;  // ECMA-376 programs all stop here.
inline constexpr std::uint32_t kSheetColumnsMax = 16'384;

// Answers which merged range covers a cell, for rows asked in ascending order. Of ranges that overlap, which no program
// writes, one counts. Cost: O(log merges) a question, whatever the ranges are.
class MergedCells {
 public:
  explicit MergedCells(const Sheet& sheet);
  // The value repeated: the cell at (row, column), or the first cell of the merged range that covers it; nullptr where
  // that holds nothing. Precondition: `row` is not less than in the call before.
  const SheetCell* ValueAt(std::uint32_t row, std::uint32_t column);
  // The merged range that covers the cell; the same precondition.
  const CellRange* RangeAt(std::uint32_t row, std::uint32_t column);

 private:
  void AdvanceTo(std::uint32_t row);
  const Sheet& sheet_;
  std::vector<const CellRange*> waiting_;                       // The last in reading order first.
  std::map<std::uint16_t, const CellRange*> open_;              // By first column; disjoint in columns.
  std::multimap<std::uint32_t, const CellRange*> open_by_end_;  // The same by last row.
};

// The names of columns whose heading takes several rows: in each column the texts of rows `first_row` to `last_row`
// from top to bottom, merged ones repeated and counted once, joined by `joiner` ("投资/计划"). Blanks at the ends go;
// a line break inside goes too, or becomes a space between two ASCII characters. Index 0 is column A; as many as the
// last column with a heading. Precondition: first_row <= last_row, at most 100 rows.
std::vector<std::string> JoinedHeads(const Sheet& sheet, std::uint32_t first_row, std::uint32_t last_row,
                                     std::string_view joiner = "/");

}  // namespace landfall::exchange
