// SPDX-License-Identifier: Apache-2.0
#include "app/query_reports.h"

#include <algorithm>

#include "app/board_scan.h"
#include "app/report_due.h"
#include "project/report_rules.h"

namespace landfall::app {
namespace {

std::optional<std::int64_t> Percent(std::int32_t bp) {
  return bp == project::kNoPercent ? std::nullopt : std::optional<std::int64_t>(bp);
}
std::uint32_t AccountOf(const Actor& reader) {
  return reader.kind == Actor::Kind::kAccount ? reader.account.raw : project::kNoAccount;
}

// Head of every row: which project, whose.
template <class Row>
void SpellProject(const State& state, std::size_t p, Row& row) {
  const project::State& s = state.project;
  row.project = {ProjectId::FromIndex(p).ToString(), std::string(s.title.Get(p))};
  if (!s.code.Get(p).empty()) row.code = std::string(s.code.Get(p));
  if (s.owner[p] != 0) row.owner_unit = UnitRef(state, UnitId{s.owner[p]});
}

ReportCorrection SpellCorrection(const State& state, const Actor& reader, std::size_t index) {
  const project::ReportState& s = state.project.reports;
  const project::Correction& c = s.corrections[index];
  const project::Report& report = s.rows[c.report];
  ReportCorrection view;
  view.seq = static_cast<std::int64_t>(c.seq);
  view.asked_on = DayFromNumber(c.day);
  view.asked_by = DisplayOf(state, c.by);
  view.asked_by_me = c.by == AccountOf(reader);
  view.completed_month_minor = Money::FromMinor(c.month);
  view.completed_total_minor = Money::FromMinor(c.total);
  view.physical_bp = Percent(c.physical_bp);
  view.verdict = static_cast<CorrectionVerdict>(c.verdict);
  view.reason = std::string(s.reasons.Get(index));
  const bool pending = view.verdict == CorrectionVerdict::pending;
  view.old_month_minor = Money::FromMinor(pending ? report.month : c.old_month);
  view.old_total_minor = Money::FromMinor(pending ? report.total : c.old_total);
  view.old_physical_bp = Percent(pending ? report.physical_bp : c.old_bp);
  const std::size_t p = report.project - 1;
  for (std::uint32_t at = s.last[p]; at != 0 && at - 1 != c.report; at = s.rows[at - 1].previous) ++view.later_reports;
  if (!pending) {
    view.decided_seq = static_cast<std::int64_t>(c.decided_seq);
    view.decided_on = DayFromNumber(c.decided_day);
    view.decided_by = DisplayOf(state, c.decided_by);
    if (!s.verdicts.Get(index).empty()) view.remark = std::string(s.verdicts.Get(index));
  } else if (report.previous != 0) {
    view.outdated = s.rows[report.previous - 1].total != c.total - c.month;
  }
  return view;
}

LightView LightOfReport(std::optional<std::int32_t> due, std::optional<std::int32_t> reported, std::int32_t as_of) {
  LightView light;
  if (reported) {
    light.light = Light::done;
    light.reason = LightReason::closed;
    light.since = DayFromNumber(*reported);
    return light;
  }
  if (!due) return light;
  const std::int32_t late = as_of - *due;
  light.light = LightOfLateness(late);
  light.reason = late > 0 ? LightReason::overdue : LightReason::on_plan;
  light.days = late > 0 ? late : -late;
  if (late > 0) light.since = DayFromNumber(*due + (late > kAmberDays ? kAmberDays + 1 : 1));
  return light;
}

// One project in one month, as of the frame's day.
struct InMonth {
  std::uint32_t report = 0;  // index + 1
  bool owed = false;
  std::optional<std::int32_t> due;
  ReportStanding state = ReportStanding::due;
};
InMonth StandingIn(const Frame& frame, const ReportDues& dues, std::size_t p, Period period) {
  const project::State& s = frame.state.project;
  const std::int32_t as_of = DayNumber(frame.as_of);
  InMonth in;
  in.report = s.reports.Find(p, period);
  if (in.report != 0 && s.reports.rows[in.report - 1].day > as_of) in.report = 0;
  in.owed = s.OwesReport(p, period);
  in.due = dues.DueOf(s.ladder[p], period);
  if (in.report != 0)
    in.state = in.due && s.reports.rows[in.report - 1].day > *in.due ? ReportStanding::reported_late
                                                                     : ReportStanding::reported;
  else
    in.state = in.due && as_of > *in.due ? ReportStanding::late : ReportStanding::due;
  return in;
}

enum class Corrections { kWaiting, kAll };

ReportRow Spell(const Frame& frame, const Actor& reader, std::size_t p, Period period, const InMonth& in,
                Corrections which) {
  const State& state = frame.state;
  const project::ReportState& s = state.project.reports;
  ReportRow row;
  SpellProject(state, p, row);
  row.period = period;
  row.closed = s.IsClosed(period);
  row.owed = in.owed;
  row.state = in.state;
  if (in.due) row.due_on = DayFromNumber(*in.due);
  std::optional<std::int32_t> reported;
  if (in.report != 0) reported = s.rows[in.report - 1].day;
  row.light = LightOfReport(in.due, reported, DayNumber(frame.as_of));
  if (in.due) {
    const std::int32_t late = reported.value_or(DayNumber(frame.as_of)) - *in.due;
    if (late > 0) row.late_days = late;
  }
  if (in.report == 0) return row;
  const project::Report& report = s.rows[in.report - 1];
  row.reported_on = DayFromNumber(report.day);
  row.completed_month_minor = Money::FromMinor(report.month);
  row.completed_total_minor = Money::FromMinor(report.total);
  row.physical_bp = Percent(report.physical_bp);
  row.photos = report.photos;
  row.seq = report.seq;
  row.reported_by = DisplayOf(state, report.by);
  row.statistics_decides = project::StatisticsDecides(s, report);
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<project::Doubt>>([&](auto d) {
    if (report.doubts >> static_cast<int>(d.value) & 1) row.doubts.push_back(d.value);
  });
  row.words_erased = s.words.Erased(in.report - 1);
  project::ReportWorded words;
  if (!row.words_erased && ScanJson(s.words.Get(in.report - 1), words)) {
    row.image_progress = words.image_progress.value;
    if (words.next_step) row.next_step = words.next_step->value;
    if (words.difficulty) row.difficulty = words.difficulty->value;
  }
  for (std::uint32_t at = report.correction; at != 0; at = s.corrections[at - 1].previous) {
    const bool waits = s.corrections[at - 1].verdict == static_cast<std::uint8_t>(project::Verdict::pending);
    if (which == Corrections::kAll || waits) row.corrections.push_back(SpellCorrection(state, reader, at - 1));
  }
  return row;
}

void Count(ReportCounts& counts, const InMonth& in, bool waits) {
  counts.pending_corrections += waits;
  if (!in.owed) return;
  ++counts.owed;
  counts.reported += in.report != 0;
  counts.reported_late += in.state == ReportStanding::reported_late;
  counts.late += in.state == ReportStanding::late;
}

bool Passes(ReportFilter::Which which, const InMonth& in, bool waits) {
  switch (which) {
    case ReportFilter::Which::all:
      return true;
    case ReportFilter::Which::missing:
      return in.report == 0;
    case ReportFilter::Which::late:
      return in.state == ReportStanding::late;
    case ReportFilter::Which::reported:
      return in.report != 0;
    case ReportFilter::Which::pending_correction:
      return waits;
  }
  return false;
}

ReportPrefill PrefillOf(const Frame& frame, const ReportDues& dues, std::size_t p, std::optional<Period> asked) {
  const project::State& s = frame.state.project;
  const project::ReportState& r = s.reports;
  ReportPrefill fill;
  if (asked) {
    fill.period = *asked;
  } else if (const auto owed = dues.OldestOwed(p)) {
    fill.period = owed->period;
  } else {
    // Nothing is owed: the month people report now, or the first after the newest report.
    fill.period = UsualReportPeriod(frame.as_of);
    if (r.last[p] != 0) fill.period = std::max(fill.period, Period{r.rows[r.last[p] - 1].period + 1});
  }
  if (const Status can = project::CheckReportable(s, ProjectId::FromIndex(p), fill.period, frame.as_of); !can)
    fill.refused = can.error().code;
  if (const auto due = dues.DueOf(s.ladder[p], fill.period)) fill.due_on = DayFromNumber(*due);
  std::uint32_t before = r.last[p];
  while (before != 0 && r.rows[before - 1].period >= fill.period.months) before = r.rows[before - 1].previous;
  if (before != 0) {
    const project::Report& report = r.rows[before - 1];
    fill.previous_period = Period{report.period};
    fill.previous_month_minor = Money::FromMinor(report.month);
    fill.previous_total_minor = Money::FromMinor(report.total);
    fill.previous_physical_bp = Percent(report.physical_bp);
    project::ReportWorded words;
    if (!r.words.Erased(before - 1) && ScanJson(r.words.Get(before - 1), words)) {
      fill.image_progress = words.image_progress.value;
      if (words.next_step) fill.next_step = words.next_step->value;
      if (words.difficulty) fill.difficulty = words.difficulty->value;
    }
  }
  if (s.investment[p] != project::kNoMoney) fill.investment_minor = Money::FromMinor(s.investment[p]);
  const project::MonthBounds bounds = s.BoundsOfMonth(p);
  if (bounds.unit_from != INT64_MAX) fill.unit_from_minor = Money::FromMinor(bounds.unit_from);
  if (bounds.unit_upto != 0) fill.unit_upto_minor = Money::FromMinor(bounds.unit_upto);
  if (bounds.jump_above != INT64_MAX) fill.jump_above_minor = Money::FromMinor(bounds.jump_above);
  return fill;
}

}  // namespace

Result<ReportList> QueryReports(const Frame& frame, const Actor& reader, const ReportFilter& filter) {
  LF_ASSIGN(const std::size_t offset, OffsetOf(filter.cursor));
  const project::State& s = frame.state.project;
  const Scope scope(frame, filter.unit, std::nullopt);
  const ReportDues dues(frame);
  ReportList list;
  list.standing = StandingOf(frame);
  list.period = filter.period.value_or(UsualReportPeriod(frame.as_of));
  list.closed = s.reports.IsClosed(list.period);
  list.scheduled = !dues.empty();
  struct Found {
    InMonth in;
    std::uint32_t project;  // index
  };
  std::vector<Found> found;
  std::vector<ReportCounts> units(s.units + 1);
  std::vector<std::uint8_t> seen(s.units + 1, 0);
  for (std::size_t p = 0; p < s.size(); ++p) {
    if (!scope.Has(p)) continue;
    const InMonth in = StandingIn(frame, dues, p, list.period);
    if (!in.owed && in.report == 0) continue;
    const bool waits = in.report != 0 && s.reports.PendingOf(s.reports.rows[in.report - 1]) != nullptr;
    Count(list.counts, in, waits);
    Count(units[s.owner[p]], in, waits);
    seen[s.owner[p]] = 1;
    if (Passes(filter.which, in, waits)) found.push_back({in, static_cast<std::uint32_t>(p)});
  }
  for (std::uint32_t u = 0; u < units.size(); ++u) {
    if (!seen[u]) continue;
    ReportUnit unit{std::nullopt, units[u]};
    if (u != 0) unit.unit = UnitRef(frame.state, UnitId{u});
    list.units.push_back(std::move(unit));
  }
  std::stable_sort(list.units.begin(), list.units.end(), [](const ReportUnit& a, const ReportUnit& b) {
    return std::tuple(-a.counts.late, a.counts.reported - a.counts.owed) <
           std::tuple(-b.counts.late, b.counts.reported - b.counts.owed);
  });
  std::stable_sort(found.begin(), found.end(), [](const Found& a, const Found& b) {
    const auto key = [](const Found& f) {
      return std::tuple(f.in.report != 0, f.in.due.value_or(INT32_MAX), f.project);
    };
    return key(a) < key(b);
  });
  list.total = static_cast<std::int64_t>(found.size());
  for (std::size_t i = offset; i < found.size() && i - offset < filter.limit; ++i)
    list.rows.push_back(Spell(frame, reader, found[i].project, list.period, found[i].in, Corrections::kWaiting));
  if (offset + list.rows.size() < found.size() && !list.rows.empty())
    list.next_cursor = CursorAt(offset + list.rows.size());
  return list;
}

Result<ProjectReports> QueryProjectReports(const Frame& frame, const Actor& reader, ProjectId project,
                                           std::optional<Period> period) {
  const project::State& s = frame.state.project;
  if (!s.Knows(project)) return NotFound("project.unknown", {}, "id");
  const std::size_t p = project.index();
  const ReportDues dues(frame);
  ProjectReports answer;
  answer.standing = StandingOf(frame);
  SpellProject(frame.state, p, answer);
  if (s.investment[p] != project::kNoMoney) answer.investment_minor = Money::FromMinor(s.investment[p]);
  answer.prefill = PrefillOf(frame, dues, p, period);
  for (std::uint32_t at = s.reports.LastAsOf(p, DayNumber(frame.as_of)); at != 0;
       at = s.reports.rows[at - 1].previous) {
    const Period of{s.reports.rows[at - 1].period};
    answer.rows.push_back(Spell(frame, reader, p, of, StandingIn(frame, dues, p, of), Corrections::kAll));
  }
  return answer;
}

Result<CorrectionList> QueryCorrections(const Frame& frame, const Actor& reader, const CorrectionFilter& filter) {
  LF_ASSIGN(const std::size_t offset, OffsetOf(filter.cursor));
  const project::State& s = frame.state.project;
  const Scope scope(frame, filter.unit, std::nullopt);
  CorrectionList list;
  list.standing = StandingOf(frame);
  for (std::size_t i = s.reports.corrections.size(); i > 0; --i) {
    const project::Correction& c = s.reports.corrections[i - 1];
    const project::Report& report = s.reports.rows[c.report];
    const bool pending = c.verdict == static_cast<std::uint8_t>(project::Verdict::pending);
    if (pending != filter.pending || !scope.Has(report.project - 1)) continue;
    const auto at = static_cast<std::size_t>(list.total++);
    if (at < offset || at - offset >= filter.limit) continue;
    CorrectionRow row;
    SpellProject(frame.state, report.project - 1, row);
    row.period = Period{report.period};
    row.statistics_decides = project::StatisticsDecides(s.reports, report);
    row.correction = SpellCorrection(frame.state, reader, i - 1);
    list.rows.push_back(std::move(row));
  }
  if (offset + list.rows.size() < static_cast<std::size_t>(list.total) && !list.rows.empty())
    list.next_cursor = CursorAt(offset + list.rows.size());
  return list;
}

Result<PhotoList> ReadReportPhotos(Engine& engine, ProjectId project, std::size_t limit) {
  std::vector<std::pair<Period, std::uint32_t>> reports;
  {
    const Engine::Reader now = engine.Read();
    const project::State& s = now.state().project;
    if (!s.Knows(project)) return NotFound("project.unknown", {}, "id");
    for (std::uint32_t at = s.reports.last[project.index()]; at != 0 && reports.size() < limit;
         at = s.reports.rows[at - 1].previous)
      if (s.reports.rows[at - 1].photos != 0)
        reports.emplace_back(Period{s.reports.rows[at - 1].period}, s.reports.rows[at - 1].seq);
  }
  PhotoList list;
  for (const auto& [period, seq] : reports) {
    LF_ASSIGN(const ledger::EntryRecord record, engine.log().Entry(seq));
    project::ReportSubmitted event;
    if (record.payloads.empty() || !record.payloads[0].salted ||
        !ScanJson(std::string_view(*record.payloads[0].salted).substr(ledger::kSaltBytes), event))
      return Corrupt("ledger.corrupt", "entry " + std::to_string(seq));
    list.rows.push_back({period, seq, event.photos.items});
  }
  return list;
}

}  // namespace landfall::app
