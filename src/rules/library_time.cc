// SPDX-License-Identifier: Apache-2.0
// Parts of timestamps and durations. Source: cel-spec langdef "List of Standard Definitions".
#include "rules/library.h"

namespace landfall::rules {
namespace {

enum class Part : std::uint8_t {
  kFullYear,
  kMonth,
  kDate,
  kDayOfMonth,
  kDayOfWeek,
  kDayOfYear,
  kHours,
  kMinutes,
  kSeconds,
  kMilliseconds
};

template <Part kPart>
Value OfTimestamp(CallScope& scope, const Value* a, std::uint32_t count) {
  if (!scope.meter().Charge(count == 2 ? 4 : 1)) return Value::Error(EvalFault::kCostLimit);
  const auto wall = OnTheWall(a[0], count == 2 ? a[1].str() : std::string_view("UTC"), scope.zones());
  if (!wall) return Value::Error(EvalFault::kUnknownZone);
  switch (kPart) {
    case Part::kFullYear:
      return Value::Int(wall->year);
    case Part::kMonth:
      return Value::Int(wall->month);
    case Part::kDate:
      return Value::Int(wall->day_of_month + 1);
    case Part::kDayOfMonth:
      return Value::Int(wall->day_of_month);
    case Part::kDayOfWeek:
      return Value::Int(wall->day_of_week);
    case Part::kDayOfYear:
      return Value::Int(wall->day_of_year);
    case Part::kHours:
      return Value::Int(wall->hours);
    case Part::kMinutes:
      return Value::Int(wall->minutes);
    case Part::kSeconds:
      return Value::Int(wall->seconds);
    case Part::kMilliseconds:
      return Value::Int(a[0].aux / 1'000'000);
  }
  return Value::Null();
}

// Whole hours, minutes and seconds of the duration; milliseconds are the part below a second.
Value DurationHours(CallScope&, const Value* a, std::uint32_t) { return Value::Int(a[0].i / 3'600'000'000'000); }
Value DurationMinutes(CallScope&, const Value* a, std::uint32_t) { return Value::Int(a[0].i / 60'000'000'000); }
Value DurationSeconds(CallScope&, const Value* a, std::uint32_t) { return Value::Int(a[0].i / 1'000'000'000); }
Value DurationMilliseconds(CallScope&, const Value* a, std::uint32_t) { return Value::Int(a[0].i / 1'000'000 % 1000); }

}  // namespace

std::span<const LibraryEntry> TimeLibrary() {
  static constexpr LibraryEntry kEntries[] = {
      {"timestamp.getFullYear()->int", OfTimestamp<Part::kFullYear>},
      {"timestamp.getFullYear(string)->int", OfTimestamp<Part::kFullYear>},
      {"timestamp.getMonth()->int", OfTimestamp<Part::kMonth>},
      {"timestamp.getMonth(string)->int", OfTimestamp<Part::kMonth>},
      {"timestamp.getDate()->int", OfTimestamp<Part::kDate>},
      {"timestamp.getDate(string)->int", OfTimestamp<Part::kDate>},
      {"timestamp.getDayOfMonth()->int", OfTimestamp<Part::kDayOfMonth>},
      {"timestamp.getDayOfMonth(string)->int", OfTimestamp<Part::kDayOfMonth>},
      {"timestamp.getDayOfWeek()->int", OfTimestamp<Part::kDayOfWeek>},
      {"timestamp.getDayOfWeek(string)->int", OfTimestamp<Part::kDayOfWeek>},
      {"timestamp.getDayOfYear()->int", OfTimestamp<Part::kDayOfYear>},
      {"timestamp.getDayOfYear(string)->int", OfTimestamp<Part::kDayOfYear>},
      {"timestamp.getHours()->int", OfTimestamp<Part::kHours>},
      {"timestamp.getHours(string)->int", OfTimestamp<Part::kHours>},
      {"timestamp.getMinutes()->int", OfTimestamp<Part::kMinutes>},
      {"timestamp.getMinutes(string)->int", OfTimestamp<Part::kMinutes>},
      {"timestamp.getSeconds()->int", OfTimestamp<Part::kSeconds>},
      {"timestamp.getSeconds(string)->int", OfTimestamp<Part::kSeconds>},
      {"timestamp.getMilliseconds()->int", OfTimestamp<Part::kMilliseconds>},
      {"timestamp.getMilliseconds(string)->int", OfTimestamp<Part::kMilliseconds>},
      {"duration.getHours()->int", DurationHours},
      {"duration.getMinutes()->int", DurationMinutes},
      {"duration.getSeconds()->int", DurationSeconds},
      {"duration.getMilliseconds()->int", DurationMilliseconds},
  };
  return kEntries;
}

}  // namespace landfall::rules
