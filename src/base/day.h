// SPDX-License-Identifier: Apache-2.0
// Civil days and instants. No time zone of the machine ever enters.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace landfall {

using Day = std::chrono::sys_days;                                 // A civil date, as on the county's wall.
using Instant = std::chrono::sys_time<std::chrono::microseconds>;  // When we wrote a record, UTC.

// Days since 1970-01-01, the form in which columns keep a day.
constexpr std::int32_t DayNumber(Day day) { return static_cast<std::int32_t>(day.time_since_epoch().count()); }
constexpr Day DayFromNumber(std::int32_t number) { return Day(std::chrono::days(number)); }
constexpr Day MakeDay(int year, unsigned month, unsigned day) {
  return Day(std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(day));
}

// The supported range: 1900-01-01 to 2199-12-31. Outside it a date is a typing error.
inline constexpr Day kFirstDay = MakeDay(1900, 1, 1);
inline constexpr Day kLastDay = MakeDay(2199, 12, 31);

// Reads exactly "YYYY-MM-DD". Errors: day.malformed (also for 2024-02-30), day.out_of_range.
Result<Day> ParseDay(std::string_view text);
std::string FormatDay(Day day);
void AppendDay(std::string& out, Day day);  // The same, appended; 10 bytes.

// Reads exactly "YYYY-MM-DDThh:mm:ss.ffffffZ" (27 bytes), the form of a leaf. Errors: instant.malformed.
Result<Instant> ParseInstant(std::string_view text);
void AppendInstant(std::string& out, Instant at);

// Minutes east of UTC, e.g. 480 for +08:00. Bounds −840 … 840.
struct UtcOffset {
  int minutes = 480;
  auto operator<=>(const UtcOffset&) const = default;
};
// Reads "+08:00" or "-03:30". Errors: offset.malformed.
Result<UtcOffset> ParseUtcOffset(std::string_view text);
std::string FormatUtcOffset(UtcOffset offset);

// The date on the wall of a jurisdiction at an instant.
constexpr Day WallDay(Instant at, UtcOffset offset) {
  return std::chrono::floor<std::chrono::days>(at + std::chrono::minutes(offset.minutes));
}

}  // namespace landfall
