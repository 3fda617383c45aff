// SPDX-License-Identifier: Apache-2.0
// What the ledger counts as working days, and a limit counted out by them.
#include "app/query_calendar.h"
#include "server/api.h"

namespace landfall::server {
namespace {

struct WorkdaysQuery : FactsQuery {
  std::optional<Int<1900, 2198>> year;  // And the next. Absent: that of the day.
};
BOOST_DESCRIBE_STRUCT(WorkdaysQuery, (FactsQuery), (year))

struct DeadlineQuery : FactsQuery {
  std::optional<Day> accepted;                       // Absent: the day as of which is asked.
  std::optional<Int<1, app::kCountedDaysMax>> days;  // Absent: 20, the general limit of a licence.
  std::optional<approval::LimitUnit> unit;           // Absent: working days.
};
BOOST_DESCRIBE_STRUCT(DeadlineQuery, (FactsQuery), (accepted, days, unit))

Result<app::CalendarPage> GetWorkdays(const Facts& facts, const NoPath&, const WorkdaysQuery& query) {
  return app::QueryCalendar(facts.frame,
                            query.year ? std::optional(static_cast<int>(query.year->value)) : std::nullopt);
}

Result<app::CountedLimit> GetDeadline(const Facts& facts, const NoPath&, const DeadlineQuery& query) {
  const approval::Limit limit{{query.days ? query.days->value : 20},
                              query.unit.value_or(approval::LimitUnit::work_days)};
  return app::CountLimit(facts.frame, query.accepted.value_or(facts.frame.as_of), limit);
}

}  // namespace

void AddCalendarRoutes(RouteTable& table) {
  table.Facts<&GetWorkdays>("/api/v1/workdays", "getWorkdays", "master.read",
                            "Working days of a year and the next, with every day off the ordinary week and its notice");
  table.Facts<&GetDeadline>("/api/v1/workdays/deadline", "getDeadline", "master.read",
                            "When something accepted on a day is due, with each day that counts on the way");
}

}  // namespace landfall::server
