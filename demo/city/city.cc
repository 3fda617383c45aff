// SPDX-License-Identifier: Apache-2.0
#include "city.h"

#include <fmt/format.h>

#include "base/embedded.h"
#include "base/json.h"
#include "calendar/calendar_book.h"
#include "world.h"

namespace landfall::city {

using std::chrono::days;

void Truth::Plant(std::string_view kind, Body facts) { planted_[std::string(kind)].push_back(facts.Take()); }

std::string Truth::Take(const CityOptions& options, Day first_day, std::span<const std::string> holidays) const {
  std::string out = fmt::format(
      "{{\"about\":\"示例数据\",\"seed\":{},\"projects\":{},\"first_day\":\"{}\",\"last_day\":\"{}\",\n\"counts\":{{",
      options.seed, options.projects, FormatDay(first_day), FormatDay(options.until));
  std::string lists;
  for (const auto& [kind, rows] : planted_) {
    out += fmt::format("{}\"{}\":{}", out.back() == '{' ? "" : ",", kind, rows.size());
    lists += fmt::format(",\n\"{}\":[\n{}\n]", kind, fmt::join(rows, ",\n"));
  }
  out += "},\n\"holidays\":[";
  for (const std::string& day : holidays) out += fmt::format("{}\"{}\"", out.back() == '[' ? "" : ",", day);
  return out + "]" + lists + "}\n";
}

World::World(const CityOptions& options, app::Engine& engine, CityClock& clock, ledger::Blobs& blobs)
    : options_(options),
      engine_(engine),
      clock_(clock),
      blobs_(blobs),
      wire_(engine, clock, options.seed * 2 + 1),
      chance_(options.seed),
      desk_chance_(options.seed ^ 0x6465'736b) {}

bool World::Works(Day day) const { return calendar_->IsWorkDay(day).value().works; }

void World::On(Day day, std::function<void()> act) {
  day = std::max(day, wire_.today() + days(1));
  while (!Works(day)) day += days(1);
  if (day <= options_.until) agenda_[day].push_back(std::move(act));
}

Result<City> World::Run() {
  LF_ASSIGN(const CalendarBook book, CalendarBook::Load(EmbeddedCatalog()));
  LF_ASSIGN(calendar_, book.At("cn", kLastDay));
  first_ = WallDay(clock_.Now(), UtcOffset{480});
  wire_.BeginDay(first_);
  LF_TRY(FillEvidence());
  LF_TRY(OpenOffices());
  LF_TRY(OpenDesks());
  PlanProjects();
  for (Period month = Period::Of(first_).Plus(1); month.First() <= options_.until; month = month.Plus(1)) {
    Day day = month.First();
    while (!Works(day)) day += days(1);
    On(day, [this, day] { BeginMonth(day); });
  }
  while (!agenda_.empty()) {
    const auto today = agenda_.extract(agenda_.begin());
    wire_.BeginDay(today.key());
    for (const std::function<void()>& act : today.mapped()) act();
    LF_TRY(wire_.Flush());
  }
  std::vector<std::string> holidays;
  for (Day day = first_; day <= options_.until; day += days(1)) {
    LF_ASSIGN(const DayReason why, calendar_->Why(day));
    if (why.cause == DayReason::Cause::kNotice && !why.answer.works) holidays.push_back(FormatDay(day));
  }
  City city;
  city.entries = engine_.log().size();
  city.commands = wire_.sent();
  city.root = Hex(engine_.log().root());
  city.truth = truth_.Take(options_, first_, holidays);
  city.accounts = std::move(accounts_);
  return city;
}

Result<City> MakeCity(const CityOptions& options) {
  if (options.projects < kProjectsMin || options.projects > kProjectsMax)
    return Invalid("city.projects_out_of_range", std::to_string(options.projects), "projects");
  Day first = options.until - days(3 * 365);
  LF_ASSIGN(const CalendarBook book, CalendarBook::Load(EmbeddedCatalog()));
  LF_ASSIGN(const std::shared_ptr<const WorkCalendar> calendar, book.At("cn", kLastDay));
  LF_ASSIGN(const Deadline begin, calendar->Rolled(first, Roll::kForward));
  first = begin.day;
  CityClock clock(Instant(first) + std::chrono::hours(1));
  SeededRandom salts(options.seed ^ 0x6369'7479);
  app::EngineOptions engine_options;
  engine_options.clock = &clock;
  engine_options.random = &salts;
  const app::LedgerFiles files{options.folder};
  LF_TRY(app::Engine::Create(files, {{std::string(kCityCode)}, {std::string(kLedgerName)}, {"CNY"}, {480}, {"demo"}},
                             engine_options));
  LF_ASSIGN(const std::unique_ptr<app::Engine> engine, app::Engine::Open(files, engine_options));
  LF_ASSIGN(const std::unique_ptr<ledger::Blobs> blobs, ledger::Blobs::Open(files.blobs()));
  return World(options, *engine, clock, *blobs).Run();
}

}  // namespace landfall::city
