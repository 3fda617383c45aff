// SPDX-License-Identifier: Apache-2.0
// All calendars and everything ever announced about them; gives the calendar that was known at a day.
//
// Why it exists: holiday notices get replaced, and next year's does not exist until November. A deadline told to an
// applicant on 2020-01-20 was right by what was known then; the book can still say what that was.
//
// Threads: all functions may be called from any thread; a calendar that was handed out stays as it is.
// Cost: At() is a look-up when that state of knowledge was asked for lately, else one WorkCalendar::Load (about 2 ms).
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/embedded.h"
#include "calendar/work_calendar.h"

namespace landfall {

class CalendarBook {
 public:
  CalendarBook();
  ~CalendarBook();
  CalendarBook(CalendarBook&&) noexcept;
  CalendarBook& operator=(CalendarBook&&) noexcept;

  // Every calendar of the catalogue: the files "calendar/*.json" but the pause reasons, in whatever order.
  // Errors: those of ParseCalendarFile, Add and WorkCalendar::Load.
  static Result<CalendarBook> Load(std::span<const EmbeddedFile> catalog);

  // A further calendar, its base known already.
  // Errors: calendar.duplicate_id, calendar.unknown (its base), and those of WorkCalendar::Load.
  Status Add(CalendarFile file);
  // What was published after the catalogue was written. Calendars that build on `calendar` have it too.
  // Errors: calendar.unknown, and those of WorkCalendar::Load; a refused notice or rule leaves no trace.
  Status AddNotice(std::string_view calendar, Notice notice);
  Status AddRule(std::string_view calendar, LocalRule rule);

  // The calendar as known at the end of `known_at`; with kLastDay, all that was ever announced.
  // Errors: calendar.unknown.
  Result<std::shared_ptr<const WorkCalendar>> At(std::string_view calendar, Day known_at) const;

  std::vector<std::string> ids() const;  // Sorted.

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace landfall
