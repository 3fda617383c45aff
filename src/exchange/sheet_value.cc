// SPDX-License-Identifier: Apache-2.0
#include "exchange/sheet_value.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "exchange/date_format.h"
#include "exchange/table_text.h"

namespace landfall::exchange {
namespace {

constexpr int kBasisPointDecimals = 4;  // Of a fraction of one.

// Without blanks at its ends, line ends as LF: some programs save CRLF where Alt+Enter was pressed.
std::string Tidied(std::string_view untidy) {
  const std::string_view text = Trim(untidy);
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
    out += text[i] == '\r' ? '\n' : text[i];
  }
  return out;
}

// `minor` × 10^-places as a plain decimal without trailing zeros.
std::string Shifted(std::int64_t minor, int places) {
  const bool negative = minor < 0;
  std::string digits = std::to_string(minor).substr(negative ? 1 : 0);
  if (places > 0) {
    const auto width = static_cast<std::size_t>(places) + 1;
    if (digits.size() < width) digits.insert(0, width - digits.size(), '0');
    digits.insert(digits.size() - static_cast<std::size_t>(places), ".");
    digits.erase(digits.find_last_not_of('0') + 1);
    if (digits.back() == '.') digits.pop_back();
  }
  return negative ? "-" + digits : digits;
}

Result<SheetValue> ReadWhole(std::string_view text) {
  std::int64_t number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || stop != text.data() + text.size()) return Invalid("sheet.not_whole");
  return SheetValue(number);
}

Result<SheetValue> ReadPercent(std::string_view text) {
  int decimals = kBasisPointDecimals;
  if (text.ends_with('%')) {
    text = Trim(text.substr(0, text.size() - 1));
    decimals -= 2;
  }
  const auto points = Money::Parse(text, decimals);  // The same exact decimal, counted in basis points.
  if (!points) return Invalid("sheet.not_percent", points.error().code);
  return SheetValue(BasisPoints{points->minor()});
}

// The forms in which year, month and day cannot be mistaken for each other.
const std::vector<DateFormat>& PlainDates() {
  static const std::vector<DateFormat> formats = [] {
    std::vector<DateFormat> compiled;
    for (const char* pattern : {"YYYY-M-D", "YYYY/M/D", "YYYY.M.D", "YYYY年M月D日", "YYYYMMDD"})
      compiled.push_back(DateFormat::Compile(pattern).value());
    return compiled;
  }();
  return formats;
}

Result<SheetValue> ReadDayValue(std::string_view text, const std::optional<WallTime>& wall) {
  if (wall) {
    if (wall->day < kFirstDay || wall->day > kLastDay) return Invalid("day.out_of_range");
    return SheetValue(wall->day);
  }
  LF_ASSIGN(const DayReading reading, ReadDay(text, PlainDates(), PartialDay::kRefuse));
  return SheetValue(reading.day);
}

// A date cell, or the text "2024-03-05 08:30[:00]" or "2024-03-05".
Result<SheetValue> ReadInstantValue(std::string_view text, std::optional<WallTime> wall, UtcOffset offset) {
  if (!wall) {
    std::string spelled(text);
    std::replace(spelled.begin(), spelled.end(), '/', '-');
    if (spelled.size() == 10) spelled += " 00:00";
    if (spelled.size() == 16) spelled += ":00";
    if (spelled.size() != 19 || (spelled[10] != ' ' && spelled[10] != 'T')) return Invalid("sheet.not_instant");
    spelled[10] = 'T';
    const auto at = ParseInstant(spelled + ".000000Z");
    if (!at) return Invalid("sheet.not_instant");
    const Day day = std::chrono::floor<std::chrono::days>(*at);
    wall = WallTime{day, static_cast<int>(std::chrono::floor<std::chrono::seconds>(*at - day).count())};
  }
  if (wall->day < kFirstDay || wall->day > kLastDay) return Invalid("day.out_of_range");
  const Instant local = wall->day + std::chrono::seconds(wall->second_of_day);
  return SheetValue(Instant(local - std::chrono::minutes(offset.minutes)));
}

// The date of a cell in a day or instant column. Some programs lose the style of a cell and leave its serial number;
// one from 1954 on is taken, below that a year or a count is more likely.
std::optional<WallTime> DateOf(const SheetCell& cell, DateSystem dates) {
  constexpr double kBareSerialMin = 20'000, kBareSerialEnd = 110'000;  // 1954-10-03, and beyond kLastDay.
  SheetCell dated = cell;
  if (cell.kind == CellKind::kNumber && cell.number >= kBareSerialMin && cell.number < kBareSerialEnd)
    dated.kind = CellKind::kMoment;
  return WallTimeOf(dated, dates);
}

}  // namespace

std::string_view ColumnKindName(ColumnKind kind) {
  static constexpr std::string_view kNames[] = {"text", "whole", "money", "day", "instant", "percent"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string CanonicalText(const SheetValue& value) {
  struct Spell {
    std::string operator()(std::monostate) const { return {}; }
    std::string operator()(const std::string& text) const { return Tidied(text); }
    std::string operator()(std::int64_t number) const { return std::to_string(number); }
    std::string operator()(Money money) const { return std::to_string(money.minor()); }
    std::string operator()(Day day) const { return FormatDay(day); }
    std::string operator()(Instant at) const {
      std::string text;
      AppendInstant(text, at);
      return text.substr(0, 19) + "Z";
    }
    std::string operator()(BasisPoints points) const { return std::to_string(points.value); }
  };
  return std::visit(Spell(), value);
}

std::string DecimalText(const SheetValue& value, const ColumnSpec& column, const SheetContext& context) {
  if (const auto* money = std::get_if<Money>(&value))
    return Shifted(money->minor(), context.money_decimals + column.unit_exponent);
  if (const auto* points = std::get_if<BasisPoints>(&value)) return Shifted(points->value, kBasisPointDecimals);
  return std::to_string(std::get<std::int64_t>(value));
}

Status CheckChoice(const SheetValue& value, const ColumnSpec& column) {
  const auto* text = std::get_if<std::string>(&value);
  if (column.choices.empty() || text == nullptr) return Ok{};
  if (std::find(column.choices.begin(), column.choices.end(), *text) != column.choices.end()) return Ok{};
  return Invalid("cell.not_listed", fmt::format("{} texts are allowed.", column.choices.size()));
}

Result<SheetValue> ReadSheetValue(const SheetCell* cell, DateSystem dates, const ColumnSpec& column,
                                  const SheetContext& context) {
  if (cell == nullptr) return SheetValue();
  if (cell->kind == CellKind::kEmpty) return Invalid("sheet.formula_not_computed");
  if (cell->kind == CellKind::kError) return Invalid("sheet.cell_error");
  const std::string full = CellText(*cell, dates);
  const std::string_view text = Trim(full);
  if (text.empty()) return SheetValue();
  switch (column.kind) {
    case ColumnKind::kText:
      if (HasControlCharacter(full)) return Invalid("cell.control_character");
      return SheetValue(Tidied(text));
    case ColumnKind::kWhole:
      return ReadWhole(text);
    case ColumnKind::kMoney: {
      LF_ASSIGN(const Money money, Money::Parse(text, context.money_decimals, column.unit_exponent));
      return SheetValue(money);
    }
    case ColumnKind::kDay:
      return ReadDayValue(text, DateOf(*cell, dates));
    case ColumnKind::kInstant:
      return ReadInstantValue(text, DateOf(*cell, dates), context.offset);
    case ColumnKind::kPercent:
      return ReadPercent(text);
  }
  return SheetValue();
}

}  // namespace landfall::exchange
