// SPDX-License-Identifier: Apache-2.0
#include "exchange/date_format.h"

#include <algorithm>

namespace landfall::exchange {
namespace {

using std::chrono::day;
using std::chrono::month;
using std::chrono::year;
using std::chrono::year_month_day;

constexpr bool IsDigit(char c) { return c >= '0' && c <= '9'; }
constexpr bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

Error BadFormat(std::string_view why) { return Invalid("mapping.bad_date_format", std::string(why)); }

DateFormat::Outcome RangeOf(Day read) {
  return read < kFirstDay || read > kLastDay ? DateFormat::Outcome::kOutOfRange : DateFormat::Outcome::kOk;
}

}  // namespace

Result<DateFormat> DateFormat::Compile(std::string_view pattern) {
  struct Word {
    std::string_view text;
    Kind kind;
    std::uint8_t min_digits, max_digits;
  };
  static constexpr Word kWords[] = {
      {"YYYY", Kind::kYear, 4, 4}, {"MM", Kind::kMonth, 2, 2}, {"M", Kind::kMonth, 1, 2}, {"DD", Kind::kDay, 2, 2},
      {"D", Kind::kDay, 1, 2},     {"hh", Kind::kHour, 2, 2},  {"h", Kind::kHour, 1, 2},  {"mm", Kind::kMinute, 2, 2},
      {"ss", Kind::kSecond, 2, 2}, {"AM", Kind::kHalf, 0, 0}};
  DateFormat format;
  format.pattern_ = std::string(pattern);
  if (pattern.empty() || pattern.size() > 64) return BadFormat("A date format has 1 to 64 bytes.");
  if (pattern == "excel_serial" || pattern == "excel_serial_1904") {
    format.tokens_.push_back({pattern == "excel_serial" ? Kind::kSerial : Kind::kSerial1904, 0, 0, {}});
    return format;
  }
  const auto has = [&](Kind kind) {
    return std::any_of(format.tokens_.begin(), format.tokens_.end(), [&](const Token& t) { return t.kind == kind; });
  };
  while (!pattern.empty()) {
    // A run of one letter is one token, "AM" is two letters.
    std::size_t length = pattern.starts_with("AM") ? 2 : pattern.find_first_not_of(pattern[0]);
    length = std::min(length, pattern.size());
    if (IsDigit(pattern[0])) return BadFormat("A format holds no digits.");
    const bool literal = !IsLetter(pattern[0]) || pattern[0] == 'T';
    if (literal) {
      if (format.tokens_.empty() || format.tokens_.back().kind != Kind::kLiteral)
        format.tokens_.push_back({Kind::kLiteral, 0, 0, {}});
      format.tokens_.back().literal += pattern.substr(0, length);
    } else {
      const auto* word = std::find_if(std::begin(kWords), std::end(kWords),
                                      [&](const Word& w) { return w.text == pattern.substr(0, length); });
      if (word == std::end(kWords)) return BadFormat("It holds a letter or a length that is no token.");
      if (has(word->kind)) return BadFormat("A token stands twice.");
      const bool runs_on =
          !format.tokens_.empty() && format.tokens_.back().min_digits < format.tokens_.back().max_digits;
      if (runs_on && word->max_digits > 0) return BadFormat("A number of one or two digits needs a mark behind it.");
      format.tokens_.push_back({word->kind, word->min_digits, word->max_digits, {}});
    }
    pattern.remove_prefix(length);
  }
  const bool has_time = has(Kind::kHour) || has(Kind::kMinute) || has(Kind::kSecond) || has(Kind::kHalf);
  if (!has(Kind::kYear)) return BadFormat("It has no year (YYYY).");
  if (has(Kind::kDay) && !has(Kind::kMonth)) return BadFormat("It has a day without month.");
  if (has_time && !(has(Kind::kDay) && has(Kind::kHour))) return BadFormat("It has a time without day or hour.");
  if (has(Kind::kSecond) && !has(Kind::kMinute)) return BadFormat("It has seconds without minutes.");
  format.precision_ = has(Kind::kDay) ? Precision::kDay : has(Kind::kMonth) ? Precision::kMonth : Precision::kYear;
  format.half_days_ = has(Kind::kHalf);
  return format;
}

DateFormat::Reading DateFormat::Read(std::string_view text) const {
  if (tokens_[0].kind == Kind::kSerial || tokens_[0].kind == Kind::kSerial1904) return ReadSerial(text);
  int number[6] = {0, 1, 1, 0, 0, 0};  // By Kind, kYear to kSecond.
  bool afternoon = false;
  for (const Token& token : tokens_) {
    if (token.kind == Kind::kLiteral) {
      if (!text.starts_with(token.literal)) return {};
      text.remove_prefix(token.literal.size());
    } else if (token.kind == Kind::kHalf) {
      if (text.size() < 2 || (text[1] | 0x20) != 'm') return {};
      const char half = static_cast<char>(text[0] | 0x20);
      if (half != 'a' && half != 'p') return {};
      afternoon = half == 'p';
      text.remove_prefix(2);
    } else {
      std::size_t digits = 0;
      int value = 0;
      while (digits < token.max_digits && digits < text.size() && IsDigit(text[digits]))
        value = value * 10 + (text[digits++] - '0');
      if (digits < token.min_digits) return {};
      number[static_cast<std::size_t>(token.kind)] = value;
      text.remove_prefix(digits);
    }
  }
  if (!text.empty()) return {};

  const auto [y, m, d, hour, minute, second] = number;
  Reading reading;
  const year_month_day date{year(y), month(static_cast<unsigned>(m)), day(static_cast<unsigned>(d))};
  const bool hour_ok = half_days_ ? hour >= 1 && hour <= 12 : hour <= 23;
  reading.outcome = Outcome::kImpossible;
  if (!date.ok() || !hour_ok || minute > 59 || second > 59) return reading;
  reading.day = Day{date};
  reading.outcome = RangeOf(reading.day);
  const int hour_of_day = half_days_ ? hour % 12 + (afternoon ? 12 : 0) : hour;
  reading.has_time = hour_of_day + minute + second > 0;
  return reading;
}

// "43831" or "43831.708333": digits, and perhaps a fraction of the day.
DateFormat::Reading DateFormat::ReadSerial(std::string_view text) const {
  const std::size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  const std::string_view part = point == std::string_view::npos ? std::string_view{"0"} : text.substr(point + 1);
  if (whole.empty() || whole.size() > 6 || part.empty() || part.size() > 20) return {};
  int serial = 0;
  for (char c : whole) {
    if (!IsDigit(c)) return {};
    serial = serial * 10 + (c - '0');
  }
  if (!std::all_of(part.begin(), part.end(), IsDigit)) return {};

  Reading reading;
  reading.has_time = part.find_first_not_of('0') != std::string_view::npos;
  if (tokens_[0].kind == Kind::kSerial1904) {
    reading.day = MakeDay(1904, 1, 1) + std::chrono::days(serial);
  } else {
    // Excel's 1900 system counts a 29 February 1900 that never was as 60, so that days before it stand one lower.
    reading.day = MakeDay(1899, 12, serial < 60 ? 31 : 30) + std::chrono::days(serial);
    if (serial == 60) {
      reading.outcome = Outcome::kImpossible;
      return reading;
    }
  }
  reading.outcome = RangeOf(reading.day);
  return reading;
}

Result<DayReading> ReadDay(std::string_view text, std::span<const DateFormat> formats, PartialDay partial) {
  std::optional<DayReading> found;
  bool impossible = false, out_of_range = false;
  for (const DateFormat& format : formats) {
    const DateFormat::Reading reading = format.Read(text);
    impossible |= reading.outcome == DateFormat::Outcome::kImpossible;
    out_of_range |= reading.outcome == DateFormat::Outcome::kOutOfRange;
    if (reading.outcome != DateFormat::Outcome::kOk) continue;
    DayReading day_read{reading.day, reading.has_time, format.precision() != DateFormat::Precision::kDay};
    if (day_read.day_assumed && partial == PartialDay::kRefuse) continue;  // The mapping does not let such a format in.
    if (day_read.day_assumed && partial == PartialDay::kLast) {
      const year_month_day first{reading.day};
      const month last_month =
          format.precision() == DateFormat::Precision::kYear ? std::chrono::December : first.month();
      day_read.day = Day{first.year() / last_month / std::chrono::last};
    }
    if (found && found->day != day_read.day) return Invalid("cell.day_ambiguous");
    if (!found) found = day_read;
  }
  if (found) return *found;
  return Invalid(impossible ? "cell.day_impossible" : out_of_range ? "day.out_of_range" : "cell.day_unreadable");
}

}  // namespace landfall::exchange
