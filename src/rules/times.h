// SPDX-License-Identifier: Apache-2.0
// Timestamps, durations and time zones of CEL.
//
// Source: cel-spec langdef "Timezones"; RFC 3339 for timestamps; Go's duration text ("1h30m", "1.5s", units h m s ms us
// µs ns). Ranges: timestamps 0001-01-01T00:00:00Z … 9999-12-31T23:59:59.999999999Z, durations ±2^63 ns (about 292
// years). Zones: "UTC" and fixed offsets ("+08:00", "-09:30", "02:00") are always there. Names such as Asia/Shanghai
// are answered only by a ZoneProvider that the host injects: what a name means changes with the tz database of a
// machine, and a replay must not depend on the machine.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "rules/value.h"

namespace landfall::rules {

inline constexpr std::int64_t kFirstSecond = -62135596800;  // 0001-01-01T00:00:00Z
inline constexpr std::int64_t kLastSecond = 253402300799;   // 9999-12-31T23:59:59Z

std::optional<Value> ParseTimestamp(std::string_view text);
// "YYYY-MM-DD" as midnight UTC.
std::optional<Value> ParseDayAsTimestamp(std::string_view text);
std::string FormatTimestamp(const Value& timestamp);
std::optional<std::int64_t> ParseDuration(std::string_view text);
std::string FormatDuration(std::int64_t nanos);  // "6347s", "0.5s"

// Threads: any number may ask at once.
class ZoneProvider {
 public:
  virtual ~ZoneProvider() = default;
  // Seconds east of UTC at that instant, or nullopt for a name it does not know.
  virtual std::optional<std::int32_t> OffsetAt(std::string_view zone, std::int64_t unix_seconds) = 0;
};

// Reads the machine's tz database (TZif, RFC 8536) below `directory`; at most 1,000 zones are kept, each read once.
// For tools at a desk; a ledger's rules use fixed offsets.
std::shared_ptr<ZoneProvider> SystemZones(std::string directory = "/usr/share/zoneinfo");

// Parts of a timestamp on the wall of a zone, in CEL's counting (months, days of month and of year from 0; Sunday 0).
struct WallTime {
  std::int64_t year = 0;
  int month = 0, day_of_month = 0, day_of_year = 0, day_of_week = 0, hours = 0, minutes = 0, seconds = 0;
};
// nullopt when the zone is not known. `zones` may be nullptr.
std::optional<WallTime> OnTheWall(const Value& timestamp, std::string_view zone, ZoneProvider* zones);

}  // namespace landfall::rules
