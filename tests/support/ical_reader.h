// SPDX-License-Identifier: Apache-2.0
// A strict reader of iCalendar for tests: what RFC 5545 demands is demanded here.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace landfall::test {

struct Component {
  std::vector<std::pair<std::string, std::string>> lines;  // name with parameters, raw value
  std::string Value(std::string_view name) const {
    for (const auto& [n, value] : lines)
      if (n == name) return value;
    return "(none)";
  }
  // A TEXT value, unescaped.
  std::string Text(std::string_view name) const {
    const std::string raw = Value(name);
    std::string out;
    for (std::size_t i = 0; i < raw.size(); ++i) {
      if (raw[i] == '\\' && i + 1 < raw.size())
        out += raw[++i] == 'n' || raw[i] == 'N' ? '\n' : raw[i];
      else
        out += raw[i];
    }
    return out;
  }
};

struct Calendar : Component {
  std::vector<Component> events;
  std::string fault;  // "" when everything is in order
};

inline Calendar ReadCalendar(std::string_view text) {
  Calendar calendar;
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = text.find("\r\n");
    if (end == std::string_view::npos) return calendar.fault = "a line without CRLF", calendar;
    const std::string_view line = text.substr(0, end);
    if (line.size() > 75) return calendar.fault = "a line over 75 octets", calendar;
    if (line.find_first_of("\r\n") != std::string_view::npos) return calendar.fault = "a bare CR or LF", calendar;
    if (line.starts_with(' ')) {
      if (lines.empty()) return calendar.fault = "a fold of nothing", calendar;
      lines.back() += line.substr(1);
    } else {
      lines.emplace_back(line);
    }
    text.remove_prefix(end + 2);
  }
  std::vector<std::string> open;
  for (const std::string& line : lines) {
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos || colon == 0) return calendar.fault = "no property: " + line, calendar;
    const std::string name = line.substr(0, colon), value = line.substr(colon + 1);
    if (name == "BEGIN") {
      if (open.empty() != (value == "VCALENDAR")) return calendar.fault = "misplaced " + line, calendar;
      if (value == "VEVENT") calendar.events.emplace_back();
      open.push_back(value);
    } else if (name == "END") {
      if (open.empty() || open.back() != value) return calendar.fault = "misplaced " + line, calendar;
      open.pop_back();
    } else if (open.empty()) {
      return calendar.fault = "outside of a component: " + line, calendar;
    } else {
      (open.size() == 1 ? static_cast<Component&>(calendar) : calendar.events.back()).lines.emplace_back(name, value);
    }
  }
  if (!open.empty()) return calendar.fault = "not closed: " + open.back(), calendar;
  if (calendar.Value("VERSION") != "2.0" || calendar.Value("PRODID") == "(none)")
    return calendar.fault = "VERSION or PRODID is missing", calendar;
  std::vector<std::string> uids;
  for (const Component& event : calendar.events) {
    for (const char* once : {"UID", "DTSTAMP"})
      if (std::count_if(event.lines.begin(), event.lines.end(), [&](const auto& l) { return l.first == once; }) != 1)
        return calendar.fault = std::string(once) + " must stand once", calendar;
    uids.push_back(event.Value("UID"));
  }
  return calendar;
}

}  // namespace landfall::test
