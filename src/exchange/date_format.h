// SPDX-License-Identifier: Apache-2.0
// Dates as registers write them, read by declared formats only. Whether 3/4/2020 is March or April is never guessed.
#pragma once

#include <string>
#include <vector>

#include "base/day.h"

namespace landfall::exchange {

// One accepted form, compiled from its pattern: YYYY; MM or M; DD or D; hh or h; mm; ss; AM (AM or PM, in any case; the
// hour is then 1 to 12); or the word excel_serial (days since 1899-12-30, Excel's 1900 system) or excel_serial_1904.
// Doubled letters take exactly two digits, single ones one or two. Everything else stands for itself; of ASCII letters
// only T may. Examples: "YYYY-MM-DD hh:mm:ss", "D/M/YYYY h:mm:ss AM", "YYYY年M月D日", "YYYY.M", "YYYYMMDD".
class DateFormat {
 public:
  // Errors: mapping.bad_date_format: a letter or length it does not know, a token twice, no year, a day without month,
  // a time without day, or a number of one or two digits directly followed by another number.
  static Result<DateFormat> Compile(std::string_view pattern);

  enum class Outcome : std::uint8_t {
    kOk,
    kNoMatch,     // The text does not have this form.
    kImpossible,  // It has, but there is no such day (2024-02-30, 13/13/2020) or time.
    kOutOfRange,  // A day before kFirstDay or after kLastDay.
  };
  struct Reading {
    Outcome outcome = Outcome::kNoMatch;
    Day day{};              // The first day of the period when the form has no day of month.
    bool has_time = false;  // A time of day other than midnight stood there.
  };
  Reading Read(std::string_view text) const;

  enum class Precision : std::uint8_t { kDay, kMonth, kYear };
  Precision precision() const { return precision_; }
  const std::string& pattern() const { return pattern_; }

 private:
  enum class Kind : std::uint8_t {
    kYear,
    kMonth,
    kDay,
    kHour,
    kMinute,
    kSecond,
    kHalf,
    kLiteral,
    kSerial,
    kSerial1904
  };
  struct Token {
    Kind kind;
    std::uint8_t min_digits = 0, max_digits = 0;
    std::string literal;
  };
  Reading ReadSerial(std::string_view text) const;

  std::string pattern_;
  std::vector<Token> tokens_;
  Precision precision_ = Precision::kDay;
  bool half_days_ = false;  // Has AM or PM.
};

// Which day a date without day of month (or without month) stands for.
enum class PartialDay : std::uint8_t { kRefuse, kFirst, kLast };

struct DayReading {
  Day day{};
  bool time_dropped = false;
  bool day_assumed = false;  // The text names a month or a year; the mapping said which of its days to take.
};
// Tries every format. Formats that read the same text as different days make it ambiguous, in whatever order they
// stand. Errors (kInvalid): cell.day_unreadable (no format fits), cell.day_impossible (a format fits, but there is no
// such day), cell.day_ambiguous, day.out_of_range.
Result<DayReading> ReadDay(std::string_view text, std::span<const DateFormat> formats, PartialDay partial);

}  // namespace landfall::exchange
