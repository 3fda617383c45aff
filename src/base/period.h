// SPDX-License-Identifier: Apache-2.0
// A reporting period: one calendar month, as reports, closes and figures name it ("2026-10").
//
// Bounds: 1900-01 … 2199-12. Errors of reading: period.malformed, period.out_of_range.
#pragma once

#include "base/describe.h"

namespace landfall {

struct Period {
  std::int32_t months = 0;  // Since 1970-01, so that the next period is the next number.
  constexpr auto operator<=>(const Period&) const = default;
  constexpr Period Plus(std::int32_t n) const { return {months + n}; }
  constexpr Day First() const {
    const std::int32_t year = 1970 + (months >= 0 ? months / 12 : -((11 - months) / 12));
    return MakeDay(year, static_cast<unsigned>(months - (year - 1970) * 12) + 1, 1);
  }
  constexpr Day Last() const { return Plus(1).First() - std::chrono::days(1); }
  static constexpr Period Of(Day day) {
    const std::chrono::year_month_day date(day);
    return {(static_cast<int>(date.year()) - 1970) * 12 + static_cast<int>(static_cast<unsigned>(date.month())) - 1};
  }
  // Reads exactly "YYYY-MM".
  static Result<Period> Parse(std::string_view text);
  std::string ToString() const { return FormatDay(First()).substr(0, 7); }
};

struct PeriodTraits {
  static void Write(std::string& out, Period v) { out += v.ToString(); }
  static Result<Period> Parse(std::string_view t) { return Period::Parse(t); }
};
template <>
struct Field<Period> : PlainField<Period, PeriodTraits> {
  static std::string Schema(SchemaSink&) {
    return R"({"type":"string","pattern":"^[0-9]{4}-(0[1-9]|1[0-2])$","x-unit":"month"})";
  }
};

}  // namespace landfall
