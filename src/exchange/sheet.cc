// SPDX-License-Identifier: Apache-2.0
#include "exchange/sheet.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <tuple>

#include "exchange/table_text.h"

namespace landfall::exchange {
namespace {

constexpr double kSerialEnd = 2'958'466;  // The day after 9999-12-31 in the 1900 system.
constexpr int kSecondsPerDay = 86'400;
constexpr int kSignificantDigits = 15;
constexpr int kPlainDigitsMax = 60;  // Beyond it a number stays in the file's own notation.

// Whole days and seconds of a serial number, rounded to the second.
struct SplitSerial {
  std::int64_t days;
  int seconds;
};
SplitSerial Split(double serial) {
  const double whole = std::floor(serial);
  const auto seconds = static_cast<int>(std::lround((serial - whole) * kSecondsPerDay));
  const auto days = static_cast<std::int64_t>(whole);
  return seconds == kSecondsPerDay ? SplitSerial{days + 1, 0} : SplitSerial{days, seconds};
}

// A serial number that the 1900 system shows as a date.
bool IsShownAsDate(double serial) { return serial >= 0 && serial < kSerialEnd; }

// Empty for the two serial numbers that are shown as a date no calendar has.
std::optional<Day> DayOfSerial(std::int64_t serial, DateSystem dates) {
  if (dates == DateSystem::k1904) return MakeDay(1904, 1, 1) + std::chrono::days(serial);
  if (serial == 0 || serial == 60) return std::nullopt;
  return MakeDay(1899, 12, serial < 60 ? 31 : 30) + std::chrono::days(serial);
}

std::string TimeText(const SheetCell& cell) {
  if (!IsShownAsDate(cell.number)) return PlainNumber(cell.text, cell.number);
  const SplitSerial split = Split(cell.number);
  return fmt::format("{}:{:02}:{:02}", split.days * 24 + split.seconds / 3600, split.seconds / 60 % 60,
                     split.seconds % 60);
}

std::string DateText(const SheetCell& cell, DateSystem dates) {
  if (!IsShownAsDate(cell.number)) return PlainNumber(cell.text, cell.number);
  const SplitSerial split = Split(cell.number);
  const std::optional<Day> day = DayOfSerial(split.days, dates);
  std::string text = day ? FormatDay(*day) : split.days == 0 ? "1900-01-00" : "1900-02-29";
  if (cell.kind == CellKind::kMoment)
    text += fmt::format(" {:02}:{:02}:{:02}", split.seconds / 3600, split.seconds / 60 % 60, split.seconds % 60);
  return text;
}

// Digits d1 d2 … with the point behind the first `point` of them, as a plain decimal.
std::string WriteOut(bool negative, std::string_view digits, int point) {
  std::string out;
  if (point <= 0) {
    out.append("0.").append(static_cast<std::size_t>(-point), '0').append(digits);
  } else if (static_cast<std::size_t>(point) >= digits.size()) {
    out.append(digits).append(static_cast<std::size_t>(point) - digits.size(), '0');
  } else {
    out.append(digits.substr(0, static_cast<std::size_t>(point))).append(".");
    out.append(digits.substr(static_cast<std::size_t>(point)));
  }
  return negative ? "-" + out : out;
}

// The heading of one cell: what layout put in goes.
std::string HeadText(const SheetCell& cell, DateSystem dates) {
  const std::string full = CellText(cell, dates);
  const std::string_view text = Trim(full);
  const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\n') {
      out += text[i];
    } else if (is_ascii(text[i - 1]) && is_ascii(text[i + 1])) {
      out += ' ';
    }
  }
  return out;
}

}  // namespace

const SheetRow* Sheet::FindRow(std::uint32_t row) const {
  const auto found = std::lower_bound(rows.begin(), rows.end(), row,
                                      [](const SheetRow& a, std::uint32_t number) { return a.number < number; });
  return found != rows.end() && found->number == row ? &*found : nullptr;
}

const SheetCell* Sheet::Find(std::uint32_t row, std::uint32_t column) const {
  const SheetRow* found = FindRow(row);
  if (found == nullptr) return nullptr;
  const std::span<const SheetCell> in_row = CellsOf(*found);
  const auto cell = std::lower_bound(in_row.begin(), in_row.end(), column,
                                     [](const SheetCell& a, std::uint32_t number) { return a.column < number; });
  return cell != in_row.end() && cell->column == column ? &*cell : nullptr;
}

std::string Sheet::TextAt(std::uint32_t row, std::uint32_t column) const {
  const SheetCell* cell = Find(row, column);
  return cell == nullptr ? std::string() : CellText(*cell, dates);
}

bool Sheet::IsColumnHidden(std::uint32_t column) const {
  return std::any_of(hidden_columns.begin(), hidden_columns.end(), [&](const CellRange& range) {
    return range.first_column <= column && column <= range.last_column;
  });
}

std::string_view TextPool::Keep(std::string_view text) {
  if (text.empty()) return {};
  if (text.size() > room_) {
    const std::size_t size = std::max(kChunk, text.size());
    chunks_.push_back(std::make_unique_for_overwrite<char[]>(size));
    next_ = chunks_.back().get();
    room_ = size;
  }
  char* begin = next_;
  std::memcpy(begin, text.data(), text.size());
  next_ += text.size();
  room_ -= text.size();
  bytes_ += text.size();
  return {begin, text.size()};
}

const Sheet* Workbook::Find(std::string_view name) const {
  const auto found = std::find_if(sheets.begin(), sheets.end(), [&](const Sheet& sheet) { return sheet.name == name; });
  return found == sheets.end() ? nullptr : &*found;
}

std::string PlainNumber(std::string_view text, double number) {
  const bool whole = text.find_first_of(".eE") == std::string_view::npos;
  if (whole) return std::string(text);
  // As many digits as spreadsheets work to; what follows in a file is the noise of binary fractions.
  char scientific[40];
  const auto end = std::to_chars(scientific, scientific + sizeof scientific, number, std::chars_format::scientific,
                                 kSignificantDigits - 1);
  const std::string_view spelled(scientific, static_cast<std::size_t>(end.ptr - scientific));
  const std::size_t e = spelled.find('e');
  int exponent = 0;
  const char* first = spelled.data() + e + 1;
  std::from_chars(first + (*first == '+'), end.ptr, exponent);
  std::string digits;
  for (char c : spelled.substr(0, e))
    if (c >= '0' && c <= '9') digits += c;
  digits.erase(digits.find_last_not_of('0') + 1);
  if (digits.empty()) return "0";
  if (exponent > kPlainDigitsMax || exponent < -kPlainDigitsMax) return std::string(text);
  return WriteOut(number < 0, digits, exponent + 1);
}

std::string CellText(const SheetCell& cell, DateSystem dates) {
  switch (cell.kind) {
    case CellKind::kEmpty:
      return {};
    case CellKind::kText:
    case CellKind::kError:
      return std::string(cell.text);
    case CellKind::kNumber:
      return PlainNumber(cell.text, cell.number);
    case CellKind::kDay:
    case CellKind::kMoment:
      return DateText(cell, dates);
    case CellKind::kTime:
      return TimeText(cell);
    case CellKind::kBoolean:
      return cell.number != 0 ? "TRUE" : "FALSE";
  }
  return {};
}

std::optional<WallTime> WallTimeOf(const SheetCell& cell, DateSystem dates) {
  if (cell.kind != CellKind::kDay && cell.kind != CellKind::kMoment) return std::nullopt;
  if (!IsShownAsDate(cell.number)) return std::nullopt;
  const SplitSerial split = Split(cell.number);
  const std::optional<Day> day = DayOfSerial(split.days, dates);
  if (!day) return std::nullopt;
  return WallTime{*day, split.seconds};
}

double SerialOf(Day day, int second_of_day) {
  const Day zero = MakeDay(1899, 12, day < MakeDay(1900, 3, 1) ? 31 : 30);
  return static_cast<double>((day - zero).count()) + static_cast<double>(second_of_day) / kSecondsPerDay;
}

std::string FoldCase(std::string_view name) {
  std::string folded(name);
  for (char& c : folded)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return folded;
}

std::string CellName(std::uint32_t row, std::uint32_t column) {
  std::string letters;
  for (; column > 0; column = (column - 1) / 26) letters.insert(0, 1, static_cast<char>('A' + (column - 1) % 26));
  return letters + std::to_string(row);
}

bool ParseCellName(std::string_view name, std::uint32_t& row, std::uint32_t& column) {
  std::size_t i = 0;
  column = 0;
  for (; i < name.size() && i < 4 && name[i] >= 'A' && name[i] <= 'Z'; ++i)
    column = column * 26 + static_cast<std::uint32_t>(name[i] - 'A') + 1;
  row = 0;
  const char* end = name.data() + name.size();
  const auto [stop, error] = std::from_chars(name.data() + i, end, row);
  return error == std::errc() && stop == end && column >= 1 && column <= kSheetColumnsMax && row >= 1 &&
         row <= kSheetRowsMax;
}

MergedCells::MergedCells(const Sheet& sheet) : sheet_(sheet) {
  for (const CellRange& range : sheet.merged) waiting_.push_back(&range);
  std::sort(waiting_.begin(), waiting_.end(), [](const CellRange* a, const CellRange* b) {
    return std::tie(a->first_row, a->first_column) > std::tie(b->first_row, b->first_column);
  });
}

void MergedCells::AdvanceTo(std::uint32_t row) {
  while (!open_by_end_.empty() && open_by_end_.begin()->first < row) {
    open_.erase(open_by_end_.begin()->second->first_column);
    open_by_end_.erase(open_by_end_.begin());
  }
  for (; !waiting_.empty() && waiting_.back()->first_row <= row; waiting_.pop_back()) {
    const CellRange* range = waiting_.back();
    if (range->last_row < row) continue;
    const auto next = open_.upper_bound(range->last_column);
    const bool overlaps = next != open_.begin() && std::prev(next)->second->last_column >= range->first_column;
    if (overlaps) continue;
    open_.emplace(range->first_column, range);
    open_by_end_.emplace(range->last_row, range);
  }
}

const CellRange* MergedCells::RangeAt(std::uint32_t row, std::uint32_t column) {
  AdvanceTo(row);
  const auto next = open_.upper_bound(static_cast<std::uint16_t>(column));
  if (next == open_.begin()) return nullptr;
  const CellRange* range = std::prev(next)->second;
  return range->last_column >= column ? range : nullptr;
}

const SheetCell* MergedCells::ValueAt(std::uint32_t row, std::uint32_t column) {
  const CellRange* range = RangeAt(row, column);
  return range == nullptr ? sheet_.Find(row, column) : sheet_.Find(range->first_row, range->first_column);
}

std::vector<std::string> JoinedHeads(const Sheet& sheet, std::uint32_t first_row, std::uint32_t last_row,
                                     std::string_view joiner) {
  LF_CHECK(first_row >= 1 && first_row <= last_row && last_row - first_row < 100);
  struct Head {
    std::string text;
    const SheetCell* last = nullptr;  // What was added last, so that a cell merged downwards counts once.
  };
  std::vector<Head> heads;
  MergedCells merged(sheet);
  for (std::uint32_t row = first_row; row <= last_row; ++row) {
    std::uint32_t columns = 0;
    if (const SheetRow* found = sheet.FindRow(row); found != nullptr) columns = sheet.CellsOf(*found).back().column;
    for (const CellRange& range : sheet.merged)
      if (range.first_row <= row && row <= range.last_row)
        columns = std::max<std::uint32_t>(columns, range.last_column);
    if (heads.size() < columns) heads.resize(columns);
    for (std::uint32_t column = 1; column <= columns; ++column) {
      const SheetCell* cell = merged.ValueAt(row, column);
      Head& head = heads[column - 1];
      if (cell == nullptr || cell == head.last) continue;
      const std::string text = HeadText(*cell, sheet.dates);
      head.last = cell;
      if (text.empty()) continue;
      if (!head.text.empty()) head.text += joiner;
      head.text += text;
    }
  }
  while (!heads.empty() && heads.back().text.empty()) heads.pop_back();
  std::vector<std::string> texts;
  for (Head& head : heads) texts.push_back(std::move(head.text));
  return texts;
}

}  // namespace landfall::exchange
