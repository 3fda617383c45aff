// SPDX-License-Identifier: Apache-2.0
#include "cli/workdays.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <memory>

#include "base/embedded.h"
#include "base/json.h"
#include "calendar/calendar_book.h"

namespace landfall {
namespace {

struct Options {
  std::string first, second;  // DAY N or A B
  std::string calendar = "cn";
  std::string known_at;
  bool json = false;
};

// The zh and en sentence of a code in catalog/errors/, or the detail where
// there is none.
std::string Sentence(const Error &error) {
  simdjson::dom::parser parser;
  for (const EmbeddedFile &file : EmbeddedCatalog()) {
    if (!file.path.starts_with("errors/")) continue;
    simdjson::dom::element root;
    std::string_view zh, en;
    if (parser.parse(file.bytes.data(), file.bytes.size()).get(root) == simdjson::SUCCESS &&
        root[error.code]["zh"].get(zh) == simdjson::SUCCESS && root[error.code]["en"].get(en) == simdjson::SUCCESS)
      return fmt::format("{} {}", zh, en);
  }
  return error.detail;
}

std::string_view Weekday(Day day) {
  static constexpr std::string_view kNames[] = {"周一 Mon", "周二 Tue", "周三 Wed", "周四 Thu",
                                                "周五 Fri", "周六 Sat", "周日 Sun"};
  return kNames[std::chrono::weekday(day).iso_encoding() - 1];
}

// "2021-10-09 周六 Sat · 上班 working day: 国庆节 国办发明电〔2020〕27号"
std::string Describe(const DayReason &reason, Day day) {
  std::string text = fmt::format("{} {}", FormatDay(day), Weekday(day));
  if (reason.cause != DayReason::Cause::kOrdinaryWeek) {
    text += reason.answer.works ? " · 上班 working day: " : " · 放假 day off: ";
    text += reason.name;
    if (!reason.number.empty()) text += fmt::format(" {}", reason.number);
  }
  return text;
}

std::string_view ProvisionalMark(bool provisional) {
  return provisional ? " · 暂定 provisional (放假安排未公布 holidays not announced)" : "";
}

// The members every answer ends with.
void AppendCommon(std::string &out, const Options &options, bool provisional) {
  out += fmt::format(",\"provisional\":{},\"calendar\":", provisional);
  AppendJsonString(out, options.calendar);
  if (!options.known_at.empty()) out += fmt::format(",\"known_at\":\"{}\"", options.known_at);
  out += '}';
}

Result<std::shared_ptr<const WorkCalendar>> LoadCalendar(const Options &options) {
  Day known_at = kLastDay;
  if (!options.known_at.empty()) {
    LF_ASSIGN(known_at, ParseDay(options.known_at));
  }
  LF_ASSIGN(const CalendarBook book, CalendarBook::Load(EmbeddedCatalog()));
  return book.At(options.calendar, known_at);
}

Result<std::string> RunAdd(const Options &options) {
  LF_ASSIGN(const Day from, ParseDay(options.first));
  LF_ASSIGN(const WorkDays count, ParseWorkDays(options.second));
  LF_ASSIGN(const auto calendar, LoadCalendar(options));
  LF_ASSIGN(const Deadline deadline, calendar->After(from, count));
  LF_ASSIGN(const DayReason reason, calendar->Why(deadline.day));
  if (!options.json) return Describe(reason, deadline.day) + std::string(ProvisionalMark(deadline.provisional));
  std::string out = fmt::format(R"({{"from":"{}","work_days":{},"day":"{}","works":{})", FormatDay(from), count.count,
                                FormatDay(deadline.day), reason.answer.works);
  AppendCommon(out, options, deadline.provisional);
  return out;
}

Result<std::string> RunBetween(const Options &options) {
  LF_ASSIGN(const Day from, ParseDay(options.first));
  LF_ASSIGN(const Day to, ParseDay(options.second));
  LF_ASSIGN(const auto calendar, LoadCalendar(options));
  LF_ASSIGN(const WorkSpan span, calendar->Between(from, to));
  if (!options.json)
    return fmt::format("{} 个工作日 working days{}", span.days.count, ProvisionalMark(span.provisional));
  std::string out =
      fmt::format(R"({{"from":"{}","to":"{}","work_days":{})", FormatDay(from), FormatDay(to), span.days.count);
  AppendCommon(out, options, span.provisional);
  return out;
}

void AddVerb(CLI::App &parent, const char *name, const char *about, const char *second, const char *second_about,
             Result<std::string> (*run)(const Options &), int &exit_code) {
  const auto options = std::make_shared<Options>();
  CLI::App *verb = parent.add_subcommand(name, about);
  verb->add_option("day", options->first,
                   "起始日，不计入 The day from which to count, itself not "
                   "counted: YYYY-MM-DD")
      ->required();
  verb->add_option(second, options->second, second_about)->required();
  verb->add_option("--known-at", options->known_at, "按当日已公布的通知 As known at the end of this day");
  verb->add_option("--calendar", options->calendar, "日历 Id of the calendar")->capture_default_str();
  verb->add_flag("--json", options->json, "JSON");
  verb->callback([options, run, &exit_code] {
    if (const Result<std::string> answer = run(*options)) {
      fmt::print("{}\n", *answer);
    } else {
      fmt::print(stderr, "{}: {}\n", answer.error().code, Sentence(answer.error()));
      exit_code = 2;
    }
  });
}

}  // namespace

void AddWorkdays(CLI::App &app, int &exit_code) {
  CLI::App *workdays = app.add_subcommand("workdays", "工作日计算 Working days of a calendar");
  workdays->require_subcommand(1);
  AddVerb(*workdays, "add",
          "之后（负数为之前）第 N 个工作日 The Nth working day after DAY, or "
          "before it where N is negative",
          "count", "工作日数 Whole number of working days", RunAdd, exit_code);
  AddVerb(*workdays, "between", "两日之间的工作日 Working days after A up to and including B", "to",
          "截止日，计入 The last day, itself counted: YYYY-MM-DD", RunBetween, exit_code);
}

}  // namespace landfall
