// SPDX-License-Identifier: Apache-2.0
#include "app/query_calendar.h"

#include "app/catalog.h"
#include "calendar/calendar_book.h"

namespace landfall::app {

bool CountsNationally(const State& state) { return state.admin.currency == "CNY"; }

std::shared_ptr<const WorkCalendar> CalendarOf(const State& state) {
  static const auto kNational = CalendarBook::Load(EmbeddedCatalog()).value().At("cn", kLastDay).value();
  static const auto kPlainWeek = std::make_shared<const WorkCalendar>(WorkCalendar::Load({}, kLastDay).value());
  return CountsNationally(state) ? kNational : kPlainWeek;
}

CalendarPage QueryCalendar(const Frame& frame) {
  const auto calendar = CalendarOf(frame.state);
  CalendarPage page;
  page.standing = StandingOf(frame);
  page.national = CountsNationally(frame.state);
  const int now = static_cast<int>(std::chrono::year_month_day(frame.as_of).year());
  for (int year = now; year <= now + 1; ++year) {
    const Day first = MakeDay(year, 1, 1), last = MakeDay(year, 12, 31);
    CalendarYear& of = page.years.emplace_back();
    of.year = year;
    of.provisional = page.national && calendar->Provisional(first, last).value();
    for (Day day = first; day <= last; day += std::chrono::days(1)) {
      const DayReason why = calendar->Why(day).value();
      of.work_days += why.answer.works;
      if (why.cause == DayReason::Cause::kOrdinaryWeek) continue;
      CalendarDay& exception = of.days.emplace_back();
      exception.day = day;
      exception.works = why.answer.works;
      exception.name = std::string(why.name);
      if (!why.number.empty()) exception.notice = std::string(why.number);
    }
  }
  return page;
}

}  // namespace landfall::app
