// SPDX-License-Identifier: Apache-2.0
#include "calendar/notice.h"

#include "calendar/json_read.h"

namespace landfall {
namespace {

using namespace calendar_json;  // NOLINT: private helpers of this folder

Status ReadSets(Object object, std::vector<DaySet>& sets) {
  return ForEach(object, "sets", [&](Object item) -> Status {
    DaySet set;
    LF_ASSIGN(set.day, NeedDay(item, "day"));
    LF_ASSIGN(const std::string_view is, Need<std::string_view>(item, "is"));
    if (is != "off" && is != "work") return Malformed("is");
    set.works = is == "work";
    LF_ASSIGN(set.name, NeedText(item, "name"));
    sets.push_back(std::move(set));
    return Ok{};
  });
}

Result<Notice> ReadNotice(Object object) {
  Notice notice;
  LF_ASSIGN(notice.id, NeedText(object, "id"));
  LF_ASSIGN(const std::int64_t year, Need<std::int64_t>(object, "year"));
  if (year < 1900 || year > 2199) return Malformed("year");
  notice.year = static_cast<int>(year);
  LF_ASSIGN(notice.number, MaybeText(object, "number"));
  LF_ASSIGN(notice.published_on, NeedDay(object, "published_on"));
  LF_ASSIGN(notice.amends, MaybeText(object, "amends"));
  LF_ASSIGN(notice.source, MaybeText(object, "source"));
  LF_TRY(ReadSets(object, notice.sets));
  return notice;
}

// ["Sat", "Sun"] as bits. Seven days of rest are no week to work in.
Result<std::uint8_t> ReadWeeklyRest(simdjson::dom::array names) {
  static constexpr std::string_view kNames[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  unsigned bits = 0;
  for (const simdjson::dom::element item : names) {
    std::string_view name;
    if (item.get(name) != simdjson::SUCCESS) return Malformed("weekly_rest");
    const auto* const found = std::find(std::begin(kNames), std::end(kNames), name);
    if (found == std::end(kNames)) return Malformed("weekly_rest");
    bits |= 1u << (found - std::begin(kNames));
  }
  if (bits == 0x7f) return Malformed("weekly_rest");
  return static_cast<std::uint8_t>(bits);
}

Result<LocalRule> ReadRule(Object object) {
  LocalRule rule;
  LF_ASSIGN(rule.id, NeedText(object, "id"));
  LF_ASSIGN(rule.name, NeedText(object, "name"));
  LF_ASSIGN(rule.source, MaybeText(object, "source"));
  LF_ASSIGN(rule.known_on, NeedDay(object, "known_on"));
  LF_ASSIGN(rule.from, MaybeDay(object, "from", kFirstDay));
  LF_ASSIGN(rule.until, MaybeDay(object, "until", kLastDay));
  simdjson::dom::element weekly;
  if (object["weekly_rest"].get(weekly) == simdjson::SUCCESS) {
    simdjson::dom::array names;
    if (weekly.get(names) != simdjson::SUCCESS) return Malformed("weekly_rest");
    LF_ASSIGN(rule.weekly_rest, ReadWeeklyRest(names));
  }
  LF_TRY(ForEach(object, "yearly_off", [&](Object item) -> Status {
    LF_ASSIGN(const std::int64_t month, Need<std::int64_t>(item, "month"));
    LF_ASSIGN(const std::int64_t day, Need<std::int64_t>(item, "day"));
    if (month < 1 || month > 12) return Malformed("month");
    const std::chrono::month_day date{std::chrono::month(static_cast<unsigned>(month)),
                                      std::chrono::day(static_cast<unsigned>(day < 1 || day > 31 ? 0 : day))};
    if (!date.ok()) return Malformed("day");
    rule.yearly_off.push_back({static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day())});
    return Ok{};
  }));
  LF_TRY(ReadSets(object, rule.sets));
  return rule;
}

}  // namespace

Result<CalendarFile> ParseCalendarFile(std::string_view json) {
  if (json.size() > kCalendarFileBytesMax) return Invalid("calendar.file_too_large");
  return ReadFile(json, "landfall.calendar/1", [](Object root) -> Result<CalendarFile> {
    CalendarFile file;
    LF_ASSIGN(file.id, NeedText(root, "id"));
    LF_ASSIGN(file.base, MaybeText(root, "base"));
    LF_ASSIGN(file.zh, NeedText(root, "zh"));
    LF_ASSIGN(file.en, NeedText(root, "en"));
    LF_TRY(ForEach(root, "notices", [&](Object item) -> Status {
      LF_ASSIGN(Notice notice, ReadNotice(item));
      file.notices.push_back(std::move(notice));
      return Ok{};
    }));
    LF_TRY(ForEach(root, "rules", [&](Object item) -> Status {
      LF_ASSIGN(LocalRule rule, ReadRule(item));
      file.rules.push_back(std::move(rule));
      return Ok{};
    }));
    return file;
  });
}

}  // namespace landfall
