// SPDX-License-Identifier: Apache-2.0
// What a column of one of our sheets holds, how its values are spelled, and how a cell that came back is read.
//
// Writer and reader share this file, so that a value written, opened and saved elsewhere, and read again is the same
// value. It knows no word of the trade: which columns a list has, its caller says.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "base/money.h"
#include "exchange/sheet.h"

namespace landfall::exchange {

enum class ColumnKind : std::uint8_t { kText, kWhole, kMoney, kDay, kInstant, kPercent };
std::string_view ColumnKindName(ColumnKind kind);  // "text", "whole", "money", "day", "instant", "percent"

// Hundredths of a percent: 12.34 % is 1234.
struct BasisPoints {
  std::int64_t value = 0;
  auto operator<=>(const BasisPoints&) const = default;
};

// monostate: nothing is known, an empty cell. The others stand in columns of their own kind only.
using SheetValue = std::variant<std::monostate, std::string, std::int64_t, Money, Day, Instant, BasisPoints>;

struct ColumnSpec {
  std::string key;  // Stable; travels with the sheet. 1 to 100 bytes, not beginning with an underscore.
  std::string
      label;  // The heading; each column of a sheet has its own. Says the unit where there is one: 总投资（万元）.
  ColumnKind kind = ColumnKind::kText;
  double width = 14;       // Characters.
  int unit_exponent = 0;   // kMoney: 0 元, 4 万元, 8 亿元.
  int shown_decimals = 2;  // kMoney: what the format shows. The cell holds the exact amount whatever it shows.
  bool hidden = false;
  bool read_only = false;            // An edit of it is reported and changes nothing.
  bool identifies = false;           // A read-only column by which people know the row (code, name): see CompareSheet.
  bool total = false;                // kWhole, kMoney: summed in the total row.
  std::string note;                  // A comment at the heading; "" is none.
  std::string guidance;              // Templates: what to fill in.
  std::vector<std::string> choices;  // kText: the texts allowed; offered as a list. Empty: any.
};

// What values depend on beside their column.
struct SheetContext {
  int money_decimals = 2;  // CurrencyDecimals of the ledger.
  UtcOffset offset;        // Instants stand in the sheet as the time on the wall.
};

// One text per value, for comparing, digests and reports: text without blanks at its ends and with line ends as LF;
// whole numbers and basis points in decimal; money in minor units; YYYY-MM-DD; YYYY-MM-DDThh:mm:ssZ, cut to the second,
// because a sheet holds no more; "" for monostate.
std::string CanonicalText(const SheetValue& value);

// The value as a decimal in the unit of the column (money in 万元, percent as a fraction of one: 0.1234), exact.
// Precondition: a whole number, Money or BasisPoints.
std::string DecimalText(const SheetValue& value, const ColumnSpec& column, const SheetContext& context);

// Reads a cell of a column; nullptr and blank texts are monostate. People type into cells what they like, so a text
// that can only mean one value is taken: a day as 2024-3-5, 2024/3/5, 2024.3.5, 2024年3月5日 or 20240305, or as a bare
// serial number from 20000 (1954) on, a percentage as "12.34%". A fraction of a number is taken to 15 significant
// digits (CellText), never rounded further. Errors (kInvalid): sheet.formula_not_computed; sheet.cell_error (#REF! …);
// cell.control_character; sheet.not_whole; sheet.not_percent; sheet.not_instant; money.malformed, money.too_precise,
// money.out_of_range; and those of ReadDay.
Result<SheetValue> ReadSheetValue(const SheetCell* cell, DateSystem dates, const ColumnSpec& column,
                                  const SheetContext& context);

// Whether a text is among the choices of its column; a list in the cell does not keep other texts from being pasted.
// Errors: cell.not_listed.
Status CheckChoice(const SheetValue& value, const ColumnSpec& column);

}  // namespace landfall::exchange
