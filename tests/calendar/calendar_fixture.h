// SPDX-License-Identifier: Apache-2.0
// What several tests of this folder need: the built-in calendars, and days written as text.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>
#include <memory>
#include <string>
#include <string_view>

#include "base/embedded.h"
#include "calendar/calendar_book.h"

namespace landfall::test {

inline Day D(std::string_view text) { return ParseDay(text).value(); }

inline CalendarBook Book() { return CalendarBook::Load(EmbeddedCatalog()).value(); }

// The national calendar as known at the end of a day; without one, with all that was ever announced.
inline std::shared_ptr<const WorkCalendar> National(Day known_at = kLastDay) {
  static const CalendarBook book = Book();
  return book.At("cn", known_at).value();
}

// Puts the machine into another time zone for as long as it lives.
class TimeZoneOfMachine {
 public:
  explicit TimeZoneOfMachine(const char* zone) {
    if (const char* before = std::getenv("TZ")) before_ = before;
    Set(zone);
  }
  ~TimeZoneOfMachine() { Set(before_.empty() ? nullptr : before_.c_str()); }
  TimeZoneOfMachine(const TimeZoneOfMachine&) = delete;
  TimeZoneOfMachine& operator=(const TimeZoneOfMachine&) = delete;

 private:
  static void Set(const char* zone) {
    zone ? setenv("TZ", zone, 1) : unsetenv("TZ");
    tzset();
  }
  std::string before_;
};

inline Deadline Sure(std::string_view day) { return {D(day), false}; }
inline Deadline Provisional(std::string_view day) { return {D(day), true}; }

}  // namespace landfall::test

namespace landfall {
inline void PrintTo(const Deadline& deadline, std::ostream* out) {
  *out << FormatDay(deadline.day) << (deadline.provisional ? " provisional" : "");
}
}  // namespace landfall
