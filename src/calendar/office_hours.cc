// SPDX-License-Identifier: Apache-2.0
#include "calendar/office_hours.h"

#include <algorithm>

namespace landfall {

Result<OfficeHours> OfficeHours::Make(std::span<const OfficeSpan> spans, UtcOffset offset, int cut_off_s) {
  const auto malformed = [](const char* why) { return Invalid("office_hours.malformed", why); };
  if (spans.empty() || spans.size() > kSpansMax) return malformed("office hours are one to eight spans");
  int previous_s = 0;
  OfficeHours hours;
  for (const OfficeSpan& span : spans) {
    if (span.from_s < previous_s || span.to_s <= span.from_s || span.to_s > kDaySeconds)
      return malformed("spans of office hours lie in order within one day and do not overlap");
    previous_s = span.to_s;
    hours.seconds_a_day_ += span.to_s - span.from_s;
  }
  if (cut_off_s < 0 || cut_off_s > kDaySeconds) return malformed("the cut-off lies within one day");
  if (offset.minutes < -840 || offset.minutes > 840) return malformed("an offset lies within 14 hours of UTC");
  hours.spans_.assign(spans.begin(), spans.end());
  hours.offset_ = offset;
  hours.cut_off_s_ = cut_off_s;
  return hours;
}

Result<OfficeHours::Wall> OfficeHours::WallOf(Instant at) const {
  if (at < Instant(kFirstDay) || at >= Instant(kLastDay + std::chrono::days(1)))
    return Invalid("calendar.out_of_range", "an instant lies outside 1900 to 2199");
  const Day day = WallDay(at, offset_);
  const auto since = at + std::chrono::minutes(offset_.minutes) - Instant(day);
  return Wall{day, static_cast<int>(std::chrono::floor<std::chrono::seconds>(since).count())};
}

int OfficeHours::WorkedBy(int second) const {
  int worked = 0;
  for (const OfficeSpan& span : spans_) worked += std::clamp(second, span.from_s, span.to_s) - span.from_s;
  return worked;
}

Result<Deadline> OfficeHours::AcceptedOn(const WorkCalendar& calendar, Instant at) const {
  LF_ASSIGN(const Wall wall, WallOf(at));
  LF_ASSIGN(const WorkDayAnswer answer, calendar.IsWorkDay(wall.day));
  if (answer.works && wall.second <= cut_off_s_) return Deadline{wall.day, answer.provisional};
  LF_ASSIGN(Deadline next, calendar.After(wall.day, WorkDays{1}));
  next.provisional |= answer.provisional;
  return next;
}

Result<WorkingTime> OfficeHours::Between(const WorkCalendar& calendar, Instant from, Instant to) const {
  LF_ASSIGN(const Wall a, WallOf(from));
  LF_ASSIGN(const Wall b, WallOf(to));
  LF_ASSIGN(const WorkDayAnswer on_a, calendar.IsWorkDay(a.day));
  LF_ASSIGN(const WorkDayAnswer on_b, calendar.IsWorkDay(b.day));
  LF_ASSIGN(const bool provisional, calendar.Provisional(std::min(a.day, b.day), std::max(a.day, b.day)));
  // A position on the line of all working seconds is that of midnight plus what was worked since.
  const auto position = [&](const Wall& wall, bool works) {
    const std::int64_t days_before = calendar.WorkDayNumber(wall.day) - works;
    return days_before * seconds_a_day_ + (works ? WorkedBy(wall.second) : 0);
  };
  return WorkingTime{position(b, on_b.works) - position(a, on_a.works), provisional};
}

}  // namespace landfall
