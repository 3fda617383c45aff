// SPDX-License-Identifier: Apache-2.0
#include "project/state.h"

namespace landfall::project {
namespace {

// The correction that a verdict is about, marked with who decided.
Correction& TakeVerdict(State& state, const Origin& origin, ProjectId project, Period period, Day on, Verdict verdict) {
  ReportState& s = state.reports;
  const Report& report = s.rows[s.Find(project.index(), period) - 1];
  Correction& correction = s.corrections[report.correction - 1];
  correction.verdict = static_cast<std::uint8_t>(verdict);
  correction.decided_seq = origin.seq;
  correction.decided_by = AccountOf(origin.by);
  correction.decided_day = DayNumber(on);
  s.decided_last = report.correction;
  return correction;
}

}  // namespace

const ReportSchedule* ReportState::ScheduleOf(std::uint8_t ladder, Period period) const {
  for (auto at = schedules.rbegin(); at != schedules.rend(); ++at)
    if (at->ladder == ladder && at->first <= period.months) return &*at;
  return nullptr;
}

std::uint32_t ReportState::Find(std::size_t project, Period period) const {
  for (std::uint32_t at = last[project]; at != 0 && rows[at - 1].period >= period.months; at = rows[at - 1].previous)
    if (rows[at - 1].period == period.months) return at;
  return 0;
}

std::uint32_t ReportState::LastAsOf(std::size_t project, std::int32_t day) const {
  std::uint32_t at = last[project];
  while (at != 0 && rows[at - 1].day > day) at = rows[at - 1].previous;
  return at;
}

bool State::OwesReport(std::size_t p, Period period) const {
  const ReportSchedule* schedule = reports.ScheduleOf(ladder[p], period);
  if (schedule == nullptr) return false;
  const std::int32_t first = DayNumber(period.First()), end = DayNumber(period.Last());
  const std::int32_t from = reached[first_slot[p] + schedule->from_rung];
  if (from == kNoDay || from > end) return false;
  if (schedule->until_rung != kNoRung) {
    const std::int32_t until = reached[first_slot[p] + schedule->until_rung];
    if (until != kNoDay && until < first) return false;
  }
  return side[p] == static_cast<std::uint8_t>(Side::kActive) || side_since[p] > end;
}

void Apply(State& state, const Origin& origin, const ReportsScheduled& e) {
  const auto ladder = static_cast<std::size_t>(state.FindLadder(e.ladder.value));
  const auto rung = [&](const Key<40>& key) {
    return static_cast<std::uint8_t>(state.ladders[ladder].Find(key.value));
  };
  state.reports.schedules.push_back({e.on.period.months,
                                     SeqForColumn(origin.seq),
                                     static_cast<std::uint8_t>(ladder),
                                     rung(e.from_milestone),
                                     e.until_milestone ? rung(*e.until_milestone) : kNoRung,
                                     static_cast<std::uint8_t>(e.due_days.value),
                                     static_cast<std::uint8_t>(e.due_unit),
                                     {}});
}

void Apply(State& state, const Origin& origin, const ReportSubmitted& e) {
  ReportState& s = state.reports;
  std::uint8_t doubts = 0;
  for (const Doubt doubt : e.doubts.items) doubts |= static_cast<std::uint8_t>(1u << static_cast<int>(doubt));
  s.rows.push_back({e.completed_month_minor.minor(),
                    e.completed_total_minor.minor(),
                    e.on.raw,
                    SeqForColumn(origin.seq),
                    AccountOf(origin.by),
                    s.last[e.on.index()],
                    0,
                    e.period.months,
                    DayNumber(e.reported_on),
                    e.physical_bp ? static_cast<std::int32_t>(e.physical_bp->value) : kNoPercent,
                    static_cast<std::uint8_t>(e.photos.items.size()),
                    doubts,
                    {}});
  s.words.Resize(s.rows.size());
  s.last.Set(e.on.index(), static_cast<std::uint32_t>(s.rows.size()));
  const std::uint32_t seq = s.rows.back().seq;
  state.known.Completed(seq, e.on.index(), e.period, seq, e.completed_month_minor.minor());
}

void Apply(State& state, const Origin& origin, const ReportWorded& e) {
  ReportState& s = state.reports;
  s.words.Set(s.last[e.on.index()] - 1, origin.seq, origin.event, origin.erased ? std::string() : ToJson(e));
}

void Apply(State& state, const Origin& origin, const CorrectionAsked& e) {
  ReportState& s = state.reports;
  const std::uint32_t at = s.Find(e.on.index(), e.period);
  Report& report = s.rows[at - 1];
  Correction c{};
  c.month = e.completed_month_minor.minor();
  c.total = e.completed_total_minor.minor();
  c.old_month = report.month;
  c.old_total = report.total;
  c.seq = origin.seq;
  c.report = at - 1;
  c.by = AccountOf(origin.by);
  c.previous = report.correction;
  c.physical_bp = e.physical_bp ? static_cast<std::int32_t>(e.physical_bp->value) : report.physical_bp;
  c.old_bp = report.physical_bp;
  c.day = DayNumber(e.asked_on);
  s.corrections.push_back(c);
  s.reasons.Resize(s.corrections.size());
  s.verdicts.Resize(s.corrections.size());
  report.correction = static_cast<std::uint32_t>(s.corrections.size());
}

void Apply(State& state, const Origin& origin, const CorrectionWorded& e) {
  ReportState& s = state.reports;
  s.reasons.Set(s.corrections.size() - 1, origin.seq, origin.event, e.reason.value);
}

void Apply(State& state, const Origin& origin, const CorrectionApproved& e) {
  ReportState& s = state.reports;
  Correction& c = TakeVerdict(state, origin, e.on, e.period, e.decided_on, Verdict::approved);
  Report& report = s.rows[c.report];
  c.old_month = report.month;
  c.old_total = report.total;
  c.old_bp = report.physical_bp;
  const std::int64_t moved = c.total - report.total;
  report.month = c.month;
  state.known.Completed(SeqForColumn(origin.seq), e.on.index(), e.period, report.seq, c.month);
  report.physical_bp = c.physical_bp;
  for (std::uint32_t at = s.last[e.on.index()]; at != report.previous; at = s.rows[at - 1].previous)
    s.rows[at - 1].total += moved;  // This report's and those of every later month.
}

void Apply(State& state, const Origin& origin, const CorrectionRejected& e) {
  TakeVerdict(state, origin, e.on, e.period, e.decided_on, Verdict::rejected);
}

void Apply(State& state, const Origin& origin, const VerdictWorded& e) {
  ReportState& s = state.reports;
  s.verdicts.Set(s.decided_last - 1, origin.seq, origin.event, e.remark.value);
}

void Apply(State& state, const Origin&, const PeriodClosed& e) {
  std::vector<std::int32_t>& closed = state.reports.closed;
  closed.insert(std::lower_bound(closed.begin(), closed.end(), e.on.period.months), e.on.period.months);
}

void Apply(State& state, const Origin&, const PeriodReopened& e) {
  std::vector<std::int32_t>& closed = state.reports.closed;
  closed.erase(std::lower_bound(closed.begin(), closed.end(), e.on.period.months));
}

void Apply(State&, const Origin&, const PeriodRemarkGiven&) {}  // Read from the history.

}  // namespace landfall::project
