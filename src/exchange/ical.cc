// SPDX-License-Identifier: Apache-2.0
#include "exchange/ical.h"

#include <fmt/format.h>

namespace landfall::exchange {
namespace {

constexpr std::size_t kLineOctets = 75;

// TEXT by §3.3.11: backslash, semicolon, comma and line break are escaped; other control characters cannot stand there.
std::string Escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || c == ';' || c == ',') out += '\\';
    if (c == '\n')
      out += "\\n";
    else if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F)
      out += c;
  }
  return out;
}

// Adds one content line, folded.
void Add(std::string& out, std::string_view line) {
  std::size_t room = kLineOctets;
  while (line.size() > room) {
    std::size_t cut = room;
    while ((static_cast<unsigned char>(line[cut]) & 0xC0) == 0x80) --cut;  // Not inside a character.
    out += line.substr(0, cut);
    out += "\r\n ";
    line.remove_prefix(cut);
    room = kLineOctets - 1;  // The blank counts.
  }
  out += line;
  out += "\r\n";
}

std::string DateOf(Day day) {
  std::string text = FormatDay(day);
  std::erase(text, '-');
  return text;
}

std::string UtcOf(Instant at) {
  const Day day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(at - day));
  return fmt::format("{}T{:02}{:02}{:02}Z", DateOf(day), time.hours().count(), time.minutes().count(),
                     time.seconds().count());
}

}  // namespace

std::string WriteCalendar(std::string_view name, const std::vector<CalendarEvent>& events) {
  std::string out;
  Add(out, "BEGIN:VCALENDAR");
  Add(out, "VERSION:2.0");
  Add(out, "PRODID:-//Landfall//Obligations//ZH");
  Add(out, "CALSCALE:GREGORIAN");
  Add(out, "METHOD:PUBLISH");
  Add(out, "X-WR-CALNAME:" + Escaped(name));
  Add(out, "REFRESH-INTERVAL;VALUE=DURATION:PT1H");
  Add(out, "X-PUBLISHED-TTL:PT1H");
  for (const CalendarEvent& e : events) {
    Add(out, "BEGIN:VEVENT");
    Add(out, "UID:" + Escaped(e.uid));
    Add(out, "DTSTAMP:" + UtcOf(e.modified));
    Add(out, "LAST-MODIFIED:" + UtcOf(e.modified));
    Add(out, "SEQUENCE:" + std::to_string(e.sequence));
    Add(out, "DTSTART;VALUE=DATE:" + DateOf(e.day));
    Add(out, "DTEND;VALUE=DATE:" + DateOf(e.day + std::chrono::days(1)));  // Exclusive.
    Add(out, "SUMMARY:" + Escaped(e.summary));
    if (!e.description.empty()) Add(out, "DESCRIPTION:" + Escaped(e.description));
    if (!e.category.empty()) Add(out, "CATEGORIES:" + Escaped(e.category));
    if (!e.url.empty()) Add(out, "URL:" + e.url);
    Add(out, "CLASS:PRIVATE");
    Add(out, "TRANSP:TRANSPARENT");  // A deadline does not make its day busy.
    Add(out, "END:VEVENT");
  }
  Add(out, "END:VCALENDAR");
  return out;
}

}  // namespace landfall::exchange
