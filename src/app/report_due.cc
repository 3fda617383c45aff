// SPDX-License-Identifier: Apache-2.0
#include "app/report_due.h"

#include "app/query_calendar.h"

namespace landfall::app {
namespace {

std::int32_t DueAfter(const WorkCalendar& calendar, const project::ReportSchedule& schedule, Period period) {
  const Day last = period.Last();
  if (static_cast<project::DueUnit>(schedule.due_unit) == project::DueUnit::work_days) {
    if (const auto due = calendar.After(last, WorkDays{schedule.due_days})) return DayNumber(due->day);
  }
  return DayNumber(last) + schedule.due_days;
}

}  // namespace

Period UsualReportPeriod(Day as_of) {
  const std::chrono::year_month_day date(as_of);
  return Period::Of(as_of).Plus(static_cast<unsigned>(date.day()) < kReportTurnDay ? -1 : 0);
}

ReportDues::ReportDues(const Frame& frame)
    : s_(frame.state.project), as_of_(DayNumber(frame.as_of)), now_(Period::Of(frame.as_of)) {
  if (s_.reports.schedules.empty()) return;
  const auto calendar = CalendarOf(frame.state);
  schedules_.resize(s_.ladders.size());
  for (const project::ReportSchedule& schedule : s_.reports.schedules)
    schedules_[schedule.ladder].first = std::min(schedules_[schedule.ladder].first, schedule.first);
  for (std::size_t ladder = 0; ladder < schedules_.size(); ++ladder)
    for (std::int32_t m = schedules_[ladder].first; m <= now_.months; ++m) {
      const Period period{m};
      const project::ReportSchedule* rules = s_.reports.ScheduleOf(static_cast<std::uint8_t>(ladder), period);
      schedules_[ladder].months.push_back({DueAfter(*calendar, *rules, period), s_.reports.IsClosed(period)});
    }
}

std::optional<std::int32_t> ReportDues::DueOf(std::uint8_t ladder, Period period) const {
  if (ladder >= schedules_.size()) return std::nullopt;
  const OfLadder& of = schedules_[ladder];
  const std::int64_t at = std::int64_t{period.months} - of.first;
  if (at < 0 || at >= static_cast<std::int64_t>(of.months.size())) return std::nullopt;
  return of.months[static_cast<std::size_t>(at)].due;
}

std::optional<ReportDues::Owed> ReportDues::OldestOwed(std::size_t p) const {
  if (schedules_.empty()) return std::nullopt;
  const OfLadder& of = schedules_[s_.ladder[p]];
  if (of.months.empty()) return std::nullopt;
  std::int32_t m = of.first;
  if (const std::uint32_t last = s_.reports.LastAsOf(p, as_of_); last != 0)
    m = std::max(m, s_.reports.rows[last - 1].period + 1);
  for (; m <= now_.months; ++m) {
    const Month& month = of.months[static_cast<std::size_t>(m - of.first)];
    if (!month.closed && s_.OwesReport(p, Period{m})) return Owed{Period{m}, month.due};
  }
  return std::nullopt;
}

}  // namespace landfall::app
