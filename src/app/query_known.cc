// SPDX-License-Identifier: Apache-2.0
#include "app/query_known.h"

#include "app/board_scan.h"
#include "app/known_view.h"

namespace landfall::app {
namespace {

// Sums of a month and of its year up to it.
struct Completed {
  std::int64_t reports = 0, reports_of_year = 0;
  Money month, year;
  void Add(std::int64_t minor, bool of_month) {
    const Money money = Money::FromMinor(minor);
    ++reports_of_year;
    year = year.Plus(money).value();
    if (!of_month) return;
    ++reports;
    month = month.Plus(money).value();
  }
};

// The months that an answer is about.
struct Months {
  Period january, period;
  std::int32_t first, last;  // Days; nothing is true after the day that is asked for.
  static Months Of(const Frame& frame, Period period) {
    const Period january{period.months - (period.months % 12 + 12) % 12};
    return {january, period, DayNumber(january.First()), DayNumber(std::min(period.Last(), frame.as_of))};
  }
};

// Completed investment by region (raw id, 0: none), of projects that count and are in scope.
std::vector<Completed> ByRegion(const Frame& frame, const Months& months, const Scope& scope) {
  const KnownFacts facts(frame);
  std::vector<Completed> regions(frame.state.place.parent.size() + 1);
  const std::int32_t month_from = DayNumber(months.period.First());
  using Index = ledger::VersionIndex;
  constexpr unsigned kFields = Index::kSubject | Index::kDay | Index::kAmount;
  facts.Standing<kFields>(project::kCompletedMeasure, months.first, months.last, [&](const ledger::Version& v) {
    if (!facts.Counts(v.subject)) return;
    const std::uint32_t region = facts.RegionOf(v.subject);
    if (scope.everything() || scope.HadBy(facts.OwnerOf(v.subject), region, v.subject))
      regions[region].Add(v.amount, v.day >= month_from);
  });
  return regions;
}

Completed Sum(std::span<const Completed> regions) {
  Completed all;
  for (const Completed& r : regions) {
    all.reports += r.reports;
    all.month = all.month.Plus(r.month).value();
    all.year = all.year.Plus(r.year).value();
  }
  return all;
}

struct Change {
  ledger::Version version;
  bool counts;
};

// What reports of these months say differently at frame.known_at than at `since`, oldest month first.
std::vector<Change> ChangesOf(const Frame& frame, const Months& months, const Scope& scope, std::uint64_t since) {
  const KnownFacts facts(frame);
  std::vector<Change> changes;
  if (months.last < months.first) return changes;
  const Period until = Period::Of(DayFromNumber(months.last));
  frame.state.project.known.facts().Differences(
      SeqForColumn(since), facts.known(), project::kCompletedMeasure, months.january, until,
      [&](const ledger::Version& v, bool counts) {
        if (facts.Counts(v.subject) && scope.HadBy(facts.OwnerOf(v.subject), facts.RegionOf(v.subject), v.subject))
          changes.push_back({v, counts});
      });
  std::sort(changes.begin(), changes.end(), [](const Change& a, const Change& b) {
    return std::tie(a.version.day, a.version.subject, a.version.from) <
           std::tie(b.version.day, b.version.subject, b.version.from);
  });
  return changes;
}

}  // namespace

std::optional<Result<CompletedInvestment>> QueryCompleted(const Frame& frame, const CompletedFilter& filter) {
  const State& state = frame.state;
  if (!NamesHold(frame, filter.unit, filter.region)) return std::nullopt;
  const auto offset = OffsetOf(filter.cursor);
  if (!offset) return offset.error();
  if (filter.since && *filter.since > frame.known_at) return Invalid("known_at.since_later", {}, "since");
  const Months months = Months::Of(frame, filter.period.value_or(Period::Of(frame.as_of)));
  const Scope scope(frame, filter.unit, filter.region, filter.region_only);

  CompletedInvestment answer;
  answer.standing = StandingOf(frame);
  answer.period = months.period;
  if (filter.unit) answer.owner_unit = UnitRef(state, *filter.unit);
  if (filter.region) answer.region = RegionRef(state, *filter.region);
  if (filter.region && filter.region_only) answer.region_only = true;
  const std::vector<Completed> regions = ByRegion(frame, months, scope);
  const Completed all = Sum(regions);
  answer.reports = all.reports;
  answer.month_minor = all.month;
  answer.year_minor = all.year;
  for (std::uint32_t raw = 0; raw < regions.size(); ++raw) {
    const Completed& r = regions[raw];
    if (r.reports_of_year == 0) continue;
    if (raw != 0 && !NamesHold(frame, std::nullopt, RegionId{raw})) return std::nullopt;
    answer.regions.push_back(
        {raw == 0 ? std::nullopt : std::optional(RegionRef(state, RegionId{raw})), r.reports, r.month, r.year});
  }
  if (!filter.since) return answer;

  Frame then = frame;
  then.known_at = *filter.since;
  const Completed before = Sum(ByRegion(then, months, scope));
  answer.since = static_cast<std::int64_t>(*filter.since);
  answer.month_before_minor = before.month;
  answer.year_before_minor = before.year;
  const std::vector<Change> changes = ChangesOf(frame, months, scope, *filter.since);
  answer.changes_in_all = static_cast<std::int64_t>(changes.size());
  const std::size_t end = std::min(changes.size(), *offset + filter.limit);
  for (std::size_t i = *offset; i < end; ++i) {
    const ledger::Version& v = changes[i].version;
    if (state.project.title.Seq(v.subject) > frame.known_at) return std::nullopt;
    answer.changes.push_back({changes[i].counts, Period::Of(DayFromNumber(v.day)), ProjectId::FromIndex(v.subject),
                              std::string(state.project.title.Get(v.subject)), Money::FromMinor(v.amount), v.record,
                              v.from});
  }
  if (end < changes.size()) answer.next_cursor = CursorAt(end);
  return answer;
}

bool HeadHolds(const Frame& frame) { return NamesHold(frame, std::nullopt, std::nullopt); }

FactVersions QueryVersions(const Frame& frame, ProjectId project) {
  const project::State& s = frame.state.project;
  const project::Ladder& ladder = s.ladders[s.ladder[project.index()]];
  const std::uint32_t first_rung = project::ReachedMeasure(s.ladder[project.index()], 0);
  const std::uint32_t known = SeqForColumn(frame.known_at);
  FactVersions answer{StandingOf(frame), project, {}};
  s.known.facts().History(project.index(), known, [&](const ledger::Version& v) {
    FactVersion row;
    const Day day = DayFromNumber(v.day);
    if (v.measure >= first_rung) {
      row.fact = "milestone";
      row.milestone = ladder.rungs[v.measure - first_rung].key.value;
      row.effective_on = day;
    } else if (v.measure == project::kCompletedMeasure) {
      row.fact = "completed";
      row.period = Period::Of(day);
    } else {
      row.fact = v.measure == project::kFundsMeasure ? "funds" : "verified_funds";
      row.effective_on = day;
    }
    if (v.measure < project::kReachedMeasure) row.amount_minor = Money::FromMinor(v.amount);
    row.seq = v.record;
    row.stated_seq = v.from;
    if (v.to <= known) row.ended_seq = v.to;
    answer.rows.push_back(std::move(row));
  });
  return answer;
}

}  // namespace landfall::app
