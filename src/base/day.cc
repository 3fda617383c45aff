// SPDX-License-Identifier: Apache-2.0
#include "base/day.h"

namespace landfall {
namespace {

// Reads `count` digits at `at`; -1 when one is not a digit.
int Digits(std::string_view text, std::size_t at, std::size_t count) {
  int value = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

void AppendDigits(std::string& out, unsigned value, int width) {
  char buffer[10];
  for (int i = width - 1; i >= 0; --i) {
    buffer[i] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
  out.append(buffer, static_cast<std::size_t>(width));
}

}  // namespace

Result<Day> ParseDay(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return Invalid("day.malformed");
  const int y = Digits(text, 0, 4), m = Digits(text, 5, 2), d = Digits(text, 8, 2);
  if (y < 0 || m < 0 || d < 0) return Invalid("day.malformed");
  const std::chrono::year_month_day date{std::chrono::year(y), std::chrono::month(static_cast<unsigned>(m)),
                                         std::chrono::day(static_cast<unsigned>(d))};
  if (!date.ok()) return Invalid("day.malformed");
  const Day day{date};
  if (day < kFirstDay || day > kLastDay) return Invalid("day.out_of_range");
  return day;
}

void AppendDay(std::string& out, Day day) {
  const std::chrono::year_month_day date{day};
  AppendDigits(out, static_cast<unsigned>(static_cast<int>(date.year())), 4);
  out += '-';
  AppendDigits(out, static_cast<unsigned>(date.month()), 2);
  out += '-';
  AppendDigits(out, static_cast<unsigned>(date.day()), 2);
}

std::string FormatDay(Day day) {
  std::string out;
  AppendDay(out, day);
  return out;
}

Result<Instant> ParseInstant(std::string_view text) {
  if (text.size() != 27 || text[10] != 'T' || text[13] != ':' || text[16] != ':' || text[19] != '.' || text[26] != 'Z')
    return Invalid("instant.malformed");
  auto day = ParseDay(text.substr(0, 10));
  const int h = Digits(text, 11, 2), m = Digits(text, 14, 2), s = Digits(text, 17, 2), us = Digits(text, 20, 6);
  if (!day || h < 0 || h > 23 || m < 0 || m > 59 || s < 0 || s > 59 || us < 0) return Invalid("instant.malformed");
  return Instant(*day) + std::chrono::hours(h) + std::chrono::minutes(m) + std::chrono::seconds(s) +
         std::chrono::microseconds(us);
}

void AppendInstant(std::string& out, Instant at) {
  const Day day = std::chrono::floor<std::chrono::days>(at);
  std::int64_t us = (at - Instant(day)).count();
  AppendDay(out, day);
  out += 'T';
  AppendDigits(out, static_cast<unsigned>(us / 3'600'000'000), 2);
  us %= 3'600'000'000;
  out += ':';
  AppendDigits(out, static_cast<unsigned>(us / 60'000'000), 2);
  us %= 60'000'000;
  out += ':';
  AppendDigits(out, static_cast<unsigned>(us / 1'000'000), 2);
  out += '.';
  AppendDigits(out, static_cast<unsigned>(us % 1'000'000), 6);
  out += 'Z';
}

Result<UtcOffset> ParseUtcOffset(std::string_view text) {
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return Invalid("offset.malformed");
  const int h = Digits(text, 1, 2), m = Digits(text, 4, 2);
  if (h < 0 || h > 14 || m < 0 || m > 59 || h * 60 + m > 840) return Invalid("offset.malformed");
  return UtcOffset{text[0] == '-' ? -(h * 60 + m) : h * 60 + m};
}

std::string FormatUtcOffset(UtcOffset offset) {
  std::string out(1, offset.minutes < 0 ? '-' : '+');
  const unsigned minutes = static_cast<unsigned>(offset.minutes < 0 ? -offset.minutes : offset.minutes);
  AppendDigits(out, minutes / 60, 2);
  out += ':';
  AppendDigits(out, minutes % 60, 2);
  return out;
}

}  // namespace landfall
