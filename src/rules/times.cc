// SPDX-License-Identifier: Apache-2.0
#include "rules/times.h"

#include <fmt/format.h>

#include <chrono>

namespace landfall::rules {
namespace {

using std::chrono::sys_days;

// Reads exactly `width` digits at `at`.
std::optional<int> Digits(std::string_view text, std::size_t at, std::size_t width) {
  if (at + width > text.size()) return std::nullopt;
  int out = 0;
  for (std::size_t i = at; i < at + width; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    out = out * 10 + (text[i] - '0');
  }
  return out;
}

// "+hh:mm", "-hh:mm" or "hh:mm" in seconds.
std::optional<std::int32_t> ParseOffset(std::string_view text) {
  int sign = 1;
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) {
    sign = text[0] == '-' ? -1 : 1;
    text.remove_prefix(1);
  }
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const auto hours = Digits(text, 0, 2);
  const auto minutes = Digits(text, 3, 2);
  if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  return sign * (*hours * 3600 + *minutes * 60);
}

std::optional<std::int64_t> DaySeconds(std::string_view text) {
  const auto year = Digits(text, 0, 4);
  const auto month = Digits(text, 5, 2);
  const auto day = Digits(text, 8, 2);
  if (!year || !month || !day || text[4] != '-' || text[7] != '-') return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return std::int64_t{sys_days(date).time_since_epoch().count()} * 86400;
}

}  // namespace

std::optional<Value> ParseDayAsTimestamp(std::string_view text) {
  if (text.size() != 10) return std::nullopt;
  const auto seconds = DaySeconds(text);
  if (!seconds || *seconds < kFirstSecond || *seconds > kLastSecond) return std::nullopt;
  return Value::Timestamp(*seconds, 0);
}

std::optional<Value> ParseTimestamp(std::string_view text) {
  if (text.size() < 20 || (text[10] != 'T' && text[10] != 't')) return std::nullopt;
  const auto day = DaySeconds(text.substr(0, 10));
  const auto hours = Digits(text, 11, 2);
  const auto minutes = Digits(text, 14, 2);
  const auto seconds = Digits(text, 17, 2);
  if (!day || !hours || !minutes || !seconds || text[13] != ':' || text[16] != ':') return std::nullopt;
  if (*hours > 23 || *minutes > 59 || *seconds > 59) return std::nullopt;
  std::size_t at = 19;
  std::uint32_t nanos = 0;
  if (text[at] == '.') {
    std::uint32_t unit = 100'000'000;
    const std::size_t first = ++at;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9' && unit > 0; ++at, unit /= 10) {
      nanos += unit * static_cast<std::uint32_t>(text[at] - '0');
    }
    if (at == first || at == text.size()) return std::nullopt;
  }
  std::int64_t total = *day + *hours * 3600 + *minutes * 60 + *seconds;
  const std::string_view zone = text.substr(at);
  if (zone != "Z" && zone != "z") {
    if (zone[0] != '+' && zone[0] != '-') return std::nullopt;
    const auto offset = ParseOffset(zone);
    if (!offset) return std::nullopt;
    total -= *offset;
  }
  if (total < kFirstSecond || total > kLastSecond) return std::nullopt;
  return Value::Timestamp(total, nanos);
}

std::string FormatTimestamp(const Value& timestamp) {
  const auto at = std::chrono::sys_seconds(std::chrono::seconds(timestamp.i));
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date(day);
  const auto second = (at - day).count();
  std::string out = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), second / 3600,
                                second / 60 % 60, second % 60);
  if (timestamp.aux != 0) {
    out += fmt::format(".{:09}", timestamp.aux);
    while (out.back() == '0') out.pop_back();
  }
  return out + "Z";
}

std::optional<std::int64_t> ParseDuration(std::string_view text) {
  bool negative = false;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    negative = text[0] == '-';
    text.remove_prefix(1);
  }
  if (text == "0") return 0;
  if (text.empty()) return std::nullopt;
  __int128 total = 0;
  while (!text.empty()) {
    __int128 whole = 0;
    __int128 fraction = 0;
    __int128 scale = 1;
    std::size_t digits = 0;
    std::size_t at = 0;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, ++digits) {
      whole = whole * 10 + (text[at] - '0');
      if (whole > (__int128{1} << 63)) return std::nullopt;
    }
    if (at < text.size() && text[at] == '.') {
      for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, ++digits) {
        if (scale < 1'000'000'000'000'000) {
          fraction = fraction * 10 + (text[at] - '0');
          scale *= 10;
        }
      }
    }
    if (digits == 0) return std::nullopt;
    text.remove_prefix(at);
    struct Unit {
      std::string_view name;
      std::int64_t nanos;
    };
    static constexpr Unit kUnits[] = {
        {"ns", 1},         {"us", 1000},         {"µs", 1000},          {"μs", 1000},
        {"ms", 1'000'000}, {"s", 1'000'000'000}, {"m", 60'000'000'000}, {"h", 3'600'000'000'000}};
    const Unit* unit = nullptr;
    for (const Unit& candidate : kUnits) {
      if (text.starts_with(candidate.name)) {
        unit = &candidate;
        break;
      }
    }
    if (unit == nullptr) return std::nullopt;
    text.remove_prefix(unit->name.size());
    total += whole * unit->nanos + fraction * unit->nanos / scale;
    if (total > (__int128{1} << 63)) return std::nullopt;
  }
  if (negative) total = -total;
  if (total > INT64_MAX) return std::nullopt;
  return static_cast<std::int64_t>(total);
}

std::string FormatDuration(std::int64_t nanos) {
  const bool negative = nanos < 0;
  const std::uint64_t size = negative ? ~static_cast<std::uint64_t>(nanos) + 1 : static_cast<std::uint64_t>(nanos);
  std::string out = fmt::format("{}{}", negative ? "-" : "", size / 1'000'000'000);
  if (const std::uint64_t rest = size % 1'000'000'000; rest != 0) {
    out += fmt::format(".{:09}", rest);
    while (out.back() == '0') out.pop_back();
  }
  return out + "s";
}

std::optional<WallTime> OnTheWall(const Value& timestamp, std::string_view zone, ZoneProvider* zones) {
  std::optional<std::int32_t> offset;
  if (zone.empty() || zone == "UTC") offset = 0;
  if (!offset) offset = ParseOffset(zone);
  if (!offset && zones != nullptr) offset = zones->OffsetAt(zone, timestamp.i);
  if (!offset) return std::nullopt;
  const auto at = std::chrono::sys_seconds(std::chrono::seconds(timestamp.i + *offset));
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date(day);
  const auto second = static_cast<int>((at - day).count());
  WallTime out;
  out.year = static_cast<int>(date.year());
  out.month = static_cast<int>(static_cast<unsigned>(date.month())) - 1;
  out.day_of_month = static_cast<int>(static_cast<unsigned>(date.day())) - 1;
  out.day_of_year = static_cast<int>((day - sys_days(date.year() / std::chrono::January / 1)).count());
  out.day_of_week = static_cast<int>(std::chrono::weekday(day).c_encoding());
  out.hours = second / 3600;
  out.minutes = second / 60 % 60;
  out.seconds = second % 60;
  return out;
}

}  // namespace landfall::rules
