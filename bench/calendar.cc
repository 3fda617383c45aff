// SPDX-License-Identifier: Apache-2.0
// Nanoseconds of one calendar question, beside a walk from day to day over the same answers. Fixed seed; every answer
// is checked against that walk before anything is measured. Prints one JSON line a figure: the median of the runs.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "base/embedded.h"
#include "base/seam.h"
#include "calendar/calendar_book.h"
#include "calendar/office_hours.h"

namespace landfall {
namespace {

constexpr std::uint64_t kSeed = 20261121;
constexpr int kRuns = 9;
constexpr std::size_t kQuestions = 1 << 16;
constexpr std::size_t kWalks = 1 << 10;  // The peer is slow at 2,500 days.

std::int64_t sink = 0;  // Keeps the compiler from dropping what is measured.

// Median nanoseconds of one of `count` questions.
template <class Ask>
double MedianNs(std::size_t count, Ask ask) {
  std::array<double, kRuns> runs;
  for (double& run : runs) {
    const auto start = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < count; ++i) sink += ask(i);
    run = std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - start).count() /
          static_cast<double>(count);
  }
  std::nth_element(runs.begin(), runs.begin() + kRuns / 2, runs.end());
  return runs[kRuns / 2];
}

void Print(std::string_view what, double value, std::string_view unit) {
  fmt::print("{{\"bench\":\"calendar.{}\",\"value\":{:.2f},\"unit\":\"{}\"}}\n", what, value, unit);
}

Day WalkTo(const WorkCalendar& calendar, Day from, int count) {
  while (count > 0) {
    from += std::chrono::days(1);
    count -= calendar.IsWorkDay(from)->works;
  }
  return from;
}

void Measure() {
  const CalendarBook book = CalendarBook::Load(EmbeddedCatalog()).value();
  const auto calendar = book.At("cn", kLastDay).value();
  SeededRandom random(kSeed);
  std::vector<Day> days;
  std::vector<Instant> instants;
  for (std::size_t i = 0; i < kQuestions; ++i) {
    days.push_back(MakeDay(2007, 1, 1) + std::chrono::days(random.Next() % 7305));
    instants.push_back(Instant(days.back()) + std::chrono::seconds(random.Next() % 86'400));
  }

  for (const int distance : {1, 20, 250, 2500}) {
    for (std::size_t i = 0; i < kWalks; ++i)
      LF_CHECK(calendar->After(days[i], WorkDays{distance})->day == WalkTo(*calendar, days[i], distance));
    const double ours = MedianNs(
        kQuestions, [&](std::size_t i) { return DayNumber(calendar->After(days[i], WorkDays{distance})->day); });
    const double walk =
        MedianNs(kWalks, [&](std::size_t i) { return DayNumber(WalkTo(*calendar, days[i], distance)); });
    Print(fmt::format("after_{}", distance), ours, "ns");
    Print(fmt::format("walk_{}", distance), walk, "ns");
    Print(fmt::format("after_{}_against_walk", distance), walk / ours, "times");
  }

  const auto other = [](std::size_t i) { return (i * 7919) % kQuestions; };
  for (std::size_t i = 0; i < kWalks; ++i) {
    const auto [a, b] = std::minmax(days[i], days[other(i)]);
    LF_CHECK(WalkTo(*calendar, a, calendar->Between(a, b)->days.count) <= b);
  }
  Print("between",
        MedianNs(kQuestions, [&](std::size_t i) { return calendar->Between(days[i], days[other(i)])->days.count; }),
        "ns");

  constexpr OfficeSpan kOpen[] = {{ClockTime(9, 0), ClockTime(12, 0)}, {ClockTime(13, 30), ClockTime(17, 30)}};
  const OfficeHours hours = OfficeHours::Make(kOpen, UtcOffset{480}).value();
  for (std::size_t i = 0; i < kWalks; ++i) {
    const Instant middle = instants[other(other(i))];
    LF_CHECK(hours.Between(*calendar, instants[i], instants[other(i)])->seconds ==
             hours.Between(*calendar, instants[i], middle)->seconds +
                 hours.Between(*calendar, middle, instants[other(i)])->seconds);
  }
  Print("working_seconds",
        MedianNs(kQuestions,
                 [&](std::size_t i) { return hours.Between(*calendar, instants[i], instants[other(i)])->seconds; }),
        "ns");

  const CalendarFile file = ParseCalendarFile(FindEmbedded(EmbeddedCatalog(), "calendar/cn.json")).value();
  Print("load",
        MedianNs(8, [&](std::size_t) { return WorkCalendar::Load(file.notices, kLastDay)->WorkDayNumber(kLastDay); }) /
            1e6,
        "ms");
}

}  // namespace
}  // namespace landfall

int main() {
  landfall::Measure();
  return landfall::sink == 0;  // Never: the days are long after 1970.
}
