// SPDX-License-Identifier: Apache-2.0
// Calendars that phones and desktops subscribe to: iCalendar, RFC 5545.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/day.h"

namespace landfall::exchange {

// One all-day event (§3.6.1). Text may hold anything; it is escaped (§3.3.11).
struct CalendarEvent {
  std::string uid;  // The same for ever for the same thing, unlike that of any other: "b12@430212.landfall"
  Day day;
  std::int64_t sequence = 0;  // Grows with each change (§3.8.7.4).
  Instant modified;
  std::string summary, description;
  std::string category;
  std::string url;  // Empty: none.
};

// A whole VCALENDAR in UTF-8: CRLF, lines folded at 75 octets and never inside a character (§3.1).
// Cost: about 1 µs an event.
std::string WriteCalendar(std::string_view name, const std::vector<CalendarEvent>& events);

}  // namespace landfall::exchange
