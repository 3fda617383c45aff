// SPDX-License-Identifier: Apache-2.0
#include "app/query_calendar.h"

#include <simdjson.h>

#include <algorithm>
#include <set>

#include "app/catalog.h"
#include "calendar/calendar_book.h"

namespace landfall::app {
namespace {

// The national notices in order of publication, with what the calendar itself does not need to know of them.
const std::vector<CalendarNotice>& NationalNotices() {
  static const std::vector<CalendarNotice> kNotices = [] {
    std::vector<CalendarNotice> out;
    for (const EmbeddedFile& file : EmbeddedCatalog()) {
      if (file.path != "calendar/cn.json") continue;
      simdjson::dom::parser parser;
      const simdjson::padded_string bytes(file.bytes);
      for (const simdjson::dom::element notice :
           simdjson::dom::array(simdjson::dom::element(parser.parse(bytes))["notices"])) {
        const auto text = [&](std::string_view name) {
          std::string_view found;
          return notice[name].get(found) == simdjson::SUCCESS ? std::optional<std::string>(found) : std::nullopt;
        };
        CalendarNotice& row = out.emplace_back(CalendarNotice{text("id").value(),
                                                              text("number"),
                                                              ParseDay(text("published_on").value()).value(),
                                                              text("amends"),
                                                              text("source").value_or(""),
                                                              {}});
        simdjson::dom::array unverified;
        if (notice["unverified"].get(unverified) != simdjson::SUCCESS) continue;
        for (const simdjson::dom::element member : unverified) row.unverified.emplace_back(std::string_view(member));
      }
    }
    std::ranges::stable_sort(out, {}, &CalendarNotice::published_on);
    return out;
  }();
  return kNotices;
}

}  // namespace

bool CountsNationally(const State& state) { return state.admin.currency == "CNY"; }

std::shared_ptr<const WorkCalendar> NationalCalendarKnownAt(Day known_at) {
  static const CalendarBook kBook = CalendarBook::Load(EmbeddedCatalog()).value();
  return kBook.At("cn", known_at).value();
}

std::optional<Day> LastNoticeDay(Day day) {
  std::optional<Day> last;
  for (const CalendarNotice& notice : NationalNotices())
    if (notice.published_on <= day) last = notice.published_on;
  return last;
}

std::shared_ptr<const WorkCalendar> CalendarOf(const State& state) {
  static const auto kNational = NationalCalendarKnownAt(kLastDay);
  static const auto kPlainWeek = std::make_shared<const WorkCalendar>(WorkCalendar::Load({}, kLastDay).value());
  return CountsNationally(state) ? kNational : kPlainWeek;
}

CalendarPage QueryCalendar(const Frame& frame, std::optional<int> year_wanted) {
  const auto calendar = CalendarOf(frame.state);
  CalendarPage page;
  page.standing = StandingOf(frame);
  page.national = CountsNationally(frame.state);
  const int begin = year_wanted.value_or(static_cast<int>(std::chrono::year_month_day(frame.as_of).year()));
  std::set<std::string_view> cited;
  for (int year = begin; year <= begin + 1; ++year) {
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
      if (why.cause != DayReason::Cause::kNotice) continue;
      exception.from = std::string(why.id);
      cited.insert(why.id);
    }
  }
  for (const CalendarNotice& notice : NationalNotices())
    if (cited.contains(notice.id)) page.notices.push_back(notice);
  return page;
}

Result<CountedLimit> CountLimit(const Frame& frame, Day accepted, const approval::Limit& limit) {
  const auto calendar = CalendarOf(frame.state);
  LF_ASSIGN(const Deadline due, calendar->After(accepted, approval::ToTimeLimit(limit)));
  LF_ASSIGN(const WorkSpan span, calendar->Between(accepted, due.day));
  CountedLimit out{StandingOf(frame),
                   accepted,
                   limit,
                   due.day,
                   CountsNationally(frame.state) && due.provisional,
                   span.days.count,
                   (due.day - accepted).count(),
                   {}};
  const bool in_work_days = limit.unit == approval::LimitUnit::work_days;
  std::int64_t count = 0;
  for (Day day = accepted; day <= due.day; day += std::chrono::days(1)) {
    LF_ASSIGN(const DayReason why, calendar->Why(day));
    CountedDay& row = out.days.emplace_back(CountedDay{day, why.answer.works, std::string(why.name), {}});
    // The day of acceptance is not counted (民法典 第201条), nor one by which the end only moves to a day of work.
    if (day != accepted && (!in_work_days || row.works) && count < limit.days.value) row.count = ++count;
  }
  return out;
}

}  // namespace landfall::app
