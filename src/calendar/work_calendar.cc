// SPDX-License-Identifier: Apache-2.0
#include "calendar/work_calendar.h"

#include <algorithm>
#include <map>
#include <set>

namespace landfall {
namespace {

constexpr std::uint8_t kWeekend = 0b1100000;  // Saturday and Sunday.

bool RestsByWeek(Day day, std::uint8_t rest) { return (rest >> (std::chrono::weekday(day).iso_encoding() - 1)) & 1; }

Status CheckSets(std::span<const DaySet> sets, const std::string& id, Day first, Day last) {
  std::map<Day, bool> seen;
  for (const DaySet& set : sets) {
    if (set.day < std::max(first, kFirstDay) || set.day > std::min(last, kLastDay))
      return Invalid("calendar.out_of_range", "a day set by " + id + " lies outside its bounds", "sets");
    const auto [at, fresh] = seen.try_emplace(set.day, set.works);
    if (!fresh && at->second != set.works)
      return Invalid("calendar.contradiction", id + " has " + FormatDay(set.day) + " both off and on", "sets");
  }
  return Ok{};
}

Status CheckFacts(std::span<const Notice> notices, std::span<const LocalRule> rules) {
  std::set<std::string_view> ids;
  const auto check_id = [&](const std::string& id) -> Status {
    if (!id.empty() && ids.insert(id).second) return Ok{};
    return Conflict("calendar.duplicate_id", "a notice or rule has no id or the id of another: " + id, "id");
  };
  for (const Notice& notice : notices) {
    LF_TRY(check_id(notice.id));
    if (notice.year < 1900 || notice.year > 2199)
      return Invalid("calendar.out_of_range", notice.id + " is for a year outside 1900 to 2199", "year");
    LF_TRY(CheckSets(notice.sets, notice.id, kFirstDay, kLastDay));
  }
  for (const Notice& notice : notices)
    if (!notice.amends.empty() && (notice.amends == notice.id || !ids.contains(notice.amends)))
      return Invalid("calendar.unknown_amended", notice.id + " amends a notice that is not there", "amends");
  for (const LocalRule& rule : rules) {
    LF_TRY(check_id(rule.id));
    LF_TRY(CheckSets(rule.sets, rule.id, rule.from, rule.until));
  }
  return Ok{};
}

// When a fact became known. Of two notices of one day the one that amends comes later.
std::pair<Day, bool> Rank(const Notice& notice) { return {notice.published_on, !notice.amends.empty()}; }
std::pair<Day, bool> Rank(const LocalRule& rule) { return {rule.known_on, false}; }

// The facts known at a day in the order in which they became so; equals stay in the order given.
template <class Fact>
std::vector<const Fact*> KnownInOrder(std::span<const Fact> facts, Day known_at) {
  std::vector<const Fact*> known;
  for (const Fact& fact : facts)
    if (Rank(fact).first <= known_at) known.push_back(&fact);
  std::stable_sort(known.begin(), known.end(), [](const Fact* a, const Fact* b) { return Rank(*a) < Rank(*b); });
  return known;
}

}  // namespace

// Lays facts over the ordinary week, weakest first, and turns the days into prefix counts.
class WorkCalendar::Builder {
 public:
  Builder() : works_(kDays), announced_(kDays) {
    for (std::int64_t at = 0; at < kDays; ++at) works_[at] = !RestsByWeek(DayAt(at), kWeekend);
  }

  void LayWeek(const LocalRule& rule) {
    if (!rule.weekly_rest) return;
    ForEachDay(rule, [&](std::int64_t at) { works_[at] = !RestsByWeek(DayAt(at), *rule.weekly_rest); });
  }

  Status Lay(const Notice& notice) {
    const auto origin = AddOrigin(DayReason::Cause::kNotice, notice.id, notice.number);
    if (notice.amends.empty())
      std::fill(announced_.begin() + IndexOf(MakeDay(notice.year, 1, 1)),
                announced_.begin() + IndexOf(MakeDay(notice.year + 1, 1, 1)), true);
    for (const DaySet& set : notice.sets) {
      const auto at = static_cast<std::int32_t>(IndexOf(set.day));
      const Notice*& holds = by_notice_[at];
      if (holds && holds->published_on == notice.published_on && notice.amends != holds->id &&
          exceptions_.at(at).works != set.works)
        return Invalid("calendar.contradiction", holds->id + " and " + notice.id + " disagree on " + FormatDay(set.day),
                       "sets");
      holds = &notice;
      announced_[at] = true;
      Except(at, origin, set.works, set.name);
    }
    return Ok{};
  }

  void LayDays(const LocalRule& rule) {
    const auto origin = AddOrigin(DayReason::Cause::kLocalRule, rule.id, "");
    if (!rule.yearly_off.empty()) {
      ForEachDay(rule, [&](std::int64_t at) {
        const std::chrono::year_month_day date{DayAt(at)};
        for (const LocalRule::MonthDay& yearly : rule.yearly_off)
          if (date.month() == std::chrono::month(yearly.month) && date.day() == std::chrono::day(yearly.day))
            Except(static_cast<std::int32_t>(at), origin, false, rule.name);
      });
    }
    for (const DaySet& set : rule.sets)
      Except(static_cast<std::int32_t>(IndexOf(set.day)), origin, set.works, set.name);
  }

  WorkCalendar Finish() && {
    WorkCalendar calendar;
    calendar.cells_.resize(kDays + 1);
    calendar.index_of_.assign(1, -1);
    for (auto& [at, exception] : exceptions_) {
      works_[at] = exception.works;
      calendar.exceptions_.push_back(std::move(exception));
    }
    for (std::int64_t at = 0; at < kDays; ++at) {
      const Cell& cell = calendar.cells_[at];
      calendar.cells_[at + 1] = {cell.work + works_[at], cell.unannounced + !announced_[at]};
      if (works_[at]) calendar.index_of_.push_back(static_cast<std::int32_t>(at));
    }
    calendar.origins_ = std::move(origins_);
    return calendar;
  }

 private:
  template <class Each>
  static void ForEachDay(const LocalRule& rule, Each each) {
    const std::int64_t first = std::max<std::int64_t>(IndexOf(rule.from), 0);
    const std::int64_t last = std::min<std::int64_t>(IndexOf(rule.until), kDays - 1);
    for (std::int64_t at = first; at <= last; ++at) each(at);
  }
  std::uint32_t AddOrigin(DayReason::Cause cause, const std::string& id, const std::string& number) {
    origins_.push_back({cause, id, number});
    return static_cast<std::uint32_t>(origins_.size() - 1);
  }
  void Except(std::int32_t at, std::uint32_t origin, bool works, const std::string& name) {
    exceptions_[at] = {at, origin, works, name};
  }

  std::vector<std::uint8_t> works_, announced_;
  std::map<std::int32_t, Exception> exceptions_;
  std::map<std::int32_t, const Notice*> by_notice_;
  std::vector<Origin> origins_;
};

Error WorkCalendar::OutOfRange() {
  return Invalid("calendar.out_of_range", "a day or an answer lies outside 1900-01-01 to 2199-12-31");
}

Result<WorkCalendar> WorkCalendar::Load(std::span<const Notice> notices, Day known_at,
                                        std::span<const LocalRule> rules) {
  LF_TRY(CheckFacts(notices, rules));
  const auto known_rules = KnownInOrder(rules, known_at);
  Builder builder;
  for (const LocalRule* rule : known_rules) builder.LayWeek(*rule);
  for (const Notice* notice : KnownInOrder(notices, known_at)) LF_TRY(builder.Lay(*notice));
  for (const LocalRule* rule : known_rules) builder.LayDays(*rule);
  return std::move(builder).Finish();
}

Result<Deadline> WorkCalendar::Rolled(Day day, Roll roll) const {
  const std::int64_t at = IndexOf(day);
  if (!InRange(at)) return OutOfRange();
  if (roll == Roll::kNone) return Deadline{day, false};
  if (Works(at)) return Deadline{day, Unannounced(at, at)};
  const std::int64_t number = std::int64_t{cells_[at].work} + (roll == Roll::kForward);
  LF_ASSIGN(const Day to, WorkDayAt(number));
  return Deadline{to, roll == Roll::kForward ? Unannounced(at, IndexOf(to)) : Unannounced(IndexOf(to), at)};
}

Result<DayReason> WorkCalendar::Why(Day day) const {
  LF_ASSIGN(const WorkDayAnswer answer, IsWorkDay(day));
  DayReason reason{answer, DayReason::Cause::kOrdinaryWeek, {}, {}, {}};
  const auto at = static_cast<std::int32_t>(IndexOf(day));
  const auto found = std::lower_bound(exceptions_.begin(), exceptions_.end(), at,
                                      [](const Exception& e, std::int32_t index) { return e.index < index; });
  if (found == exceptions_.end() || found->index != at) return reason;
  const Origin& origin = origins_[found->origin];
  return DayReason{answer, origin.cause, found->name, origin.id, origin.number};
}

}  // namespace landfall
