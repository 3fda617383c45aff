// SPDX-License-Identifier: Apache-2.0
#include "project/checks.h"
#include "project/report_rules.h"

namespace landfall::project {
namespace {

// A month above this multiple of the mean of the last three is looked at twice. Our choice, not a rule of law.
constexpr std::int64_t kJumpTimes = 3;
constexpr int kJumpMonths = 3;
// 元, 万元 and 亿元 lie 10⁴ apart: a value a thousand times off is in the wrong unit, not a good or a bad month.
constexpr std::int64_t kUnitTimes = 1'000;
// A first month has no month to be compared with: ten times the whole investment, or less than a millionth of it.
constexpr std::int64_t kFirstTimes = 10, kFirstPart = 1'000'000;

using Wide = __int128;  // Products and sums of amounts.
std::int64_t Clamped(Wide value) { return value > INT64_MAX ? INT64_MAX : static_cast<std::int64_t>(value); }

// The two amounts fit each other and the report before. `opening`: there is none, so that the total may begin with what
// was completed before the project was reported.
Status CheckAmounts(Money month, Money total, std::optional<Money> before) {
  if (month < Money()) return Invalid("money.negative", {}, "completed_month_minor");
  if (total < before.value_or(Money())) return Invalid("report.total_falls", {}, "completed_total_minor");
  if (!before) {
    if (total < month) return Invalid("report.total_mismatch", ToJson(month), "completed_total_minor");
    return Ok{};
  }
  const auto expected = before->Plus(month);
  if (!expected) return Invalid("report.total_overflow", {}, "completed_month_minor");
  if (total != *expected) return Invalid("report.total_mismatch", ToJson(*expected), "completed_total_minor");
  return Ok{};
}

std::optional<Money> TotalBefore(const ReportState& s, std::uint32_t previous) {
  return previous == 0 ? std::nullopt : std::optional(Money::FromMinor(s.rows[previous - 1].total));
}

// What is odd about a report, in the order in which it is refused.
struct Odd {
  Doubt doubt;
  std::string_view code;
  std::string_view field;
};
std::vector<Odd> OddOf(const State& state, const SubmitReport& c) {
  const ReportState& s = state.reports;
  const std::size_t p = c.project.index();
  const std::int64_t month = c.completed_month_minor.minor(), total = c.completed_total_minor.minor();
  const std::int64_t investment = state.investment[p];
  const MonthBounds bounds = state.BoundsOfMonth(p);
  std::vector<Odd> odd;
  if (month >= bounds.unit_from || (month > 0 && month <= bounds.unit_upto))
    odd.push_back({Doubt::unit, "report.unit_suspect", "completed_month_minor"});
  else if (month > bounds.jump_above)
    odd.push_back({Doubt::jump, "report.jump_suspect", "completed_month_minor"});
  if (investment != kNoMoney && total > investment)
    odd.push_back({Doubt::over_investment, "report.over_investment", "completed_total_minor"});
  if (s.last[p] != 0 && c.physical_bp && c.physical_bp->value < s.rows[s.last[p] - 1].physical_bp)
    odd.push_back({Doubt::percent_falls, "report.percent_falls", "physical_bp"});
  return odd;
}

// The correction of that month that waits, and its report.
Result<const Correction*> PendingOf(const State& state, ProjectId project, Period period) {
  LF_TRY(CheckKnown(state, project));
  const std::uint32_t at = state.reports.Find(project.index(), period);
  const Correction* pending = at == 0 ? nullptr : state.reports.PendingOf(state.reports.rows[at - 1]);
  if (pending == nullptr) return NotFound("report.no_correction", {}, "period");
  return pending;
}

// Nobody decides on what they asked for themselves.
Status CheckSecondPerson(const DecideContext& context, const Correction& correction) {
  if (AccountOf(context.by) == correction.by) return Forbidden("report.own_correction", {}, "project");
  return Ok{};
}

enum class Office { kHead, kStatistics };

Result<const Correction*> ForVerdict(const State& state, const DecideContext& context, ProjectId project, Period period,
                                     Office office) {
  LF_ASSIGN(const Correction* const pending, PendingOf(state, project, period));
  const bool statistics = StatisticsDecides(state.reports, state.reports.rows[pending->report]);
  if (office == Office::kHead && statistics) return Conflict("report.closed_needs_statistics", {}, "period");
  if (office == Office::kStatistics && !statistics) return Conflict("report.period_not_closed", {}, "period");
  LF_TRY(CheckSecondPerson(context, *pending));
  return pending;
}

Int<1, INT64_MAX> SeqOf(const Correction& correction) { return {static_cast<std::int64_t>(correction.seq)}; }

Decided Approve(const State& state, const DecideContext& context, ProjectId project, Period period,
                const std::optional<Text<500>>& remark, Office office) {
  LF_ASSIGN(const Correction* const pending, ForVerdict(state, context, project, period, office));
  const ReportState& s = state.reports;
  const Report& report = s.rows[pending->report];
  // An earlier month may have been corrected meanwhile: what was asked would tear the totals.
  if (const auto before = TotalBefore(s, report.previous);
      before && Wide{before->minor()} + pending->month != pending->total)
    return Conflict("report.correction_outdated", {}, "period");
  const Wide last = Wide{s.rows[s.last[project.index()] - 1].total} + pending->total - report.total;
  if (last > INT64_MAX) return Invalid("report.total_overflow", {}, "period");
  Events events{CorrectionApproved{project, period, context.today, SeqOf(*pending)}};
  if (remark) events.push_back(VerdictWorded{project, *remark});
  return events;
}

Decided Reject(const State& state, const DecideContext& context, ProjectId project, Period period,
               const Text<500>& remark, Office office) {
  LF_ASSIGN(const Correction* const pending, ForVerdict(state, context, project, period, office));
  return Events{CorrectionRejected{project, period, context.today, SeqOf(*pending)}, VerdictWorded{project, remark}};
}

}  // namespace

Status CheckReportable(const State& state, ProjectId project, Period period, Day today) {
  const ReportState& s = state.reports;
  const std::size_t p = project.index();
  // A month that had ended when the project was put aside is still to be reported.
  const bool aside = state.side_since[p] <= DayNumber(period.Last());
  const auto side = static_cast<Side>(state.side[p]);
  if (side == Side::kTerminated && aside) return Conflict("project.terminated", {}, "project");
  if (side == Side::kOnHold && aside) return Conflict("project.on_hold", {}, "project");
  if (period > Period::Of(today)) return Invalid("report.future_period", {}, "period");
  if (s.IsClosed(period)) return Conflict("report.period_closed", {}, "period");
  if (s.Find(p, period) != 0) return Conflict("report.reported_already", {}, "period");
  // A month that comes in late would move totals that others have reported: that is a correction.
  if (s.last[p] != 0 && s.rows[s.last[p] - 1].period > period.months)
    return Conflict("report.later_reported", Period{s.rows[s.last[p] - 1].period}.ToString(), "period");
  return Ok{};
}

bool StatisticsDecides(const ReportState& s, const Report& report) {
  for (std::uint32_t at = s.last[report.project - 1]; at != report.previous; at = s.rows[at - 1].previous)
    if (s.IsClosed(Period{s.rows[at - 1].period})) return true;
  return false;
}

MonthBounds State::BoundsOfMonth(std::size_t p) const {
  Wide sum = 0;
  int months = 0;
  for (std::uint32_t at = reports.last[p]; at != 0 && months < kJumpMonths;
       at = reports.rows[at - 1].previous, ++months)
    sum += reports.rows[at - 1].month;
  MonthBounds bounds;
  if (sum > 0) {
    bounds.unit_from = Clamped((kUnitTimes * sum + months - 1) / months);
    bounds.unit_upto = Clamped(sum / (kUnitTimes * months));
    if (months == kJumpMonths) bounds.jump_above = Clamped(kJumpTimes * sum / months);
  } else if (months == 0 && investment[p] != kNoMoney && investment[p] > 0) {
    bounds.unit_from = Clamped(kFirstTimes * Wide{investment[p]} + 1);
    bounds.unit_upto = (investment[p] - 1) / kFirstPart;
  }
  return bounds;
}

Decided Decide(const State& state, const DecideContext&, const ScheduleReports& c) {
  const int ladder = state.FindLadder(c.ladder.value);
  if (ladder < 0) return Invalid("project.unknown_ladder", c.ladder.value, "ladder");
  const Ladder& rungs = state.ladders[static_cast<std::size_t>(ladder)];
  const int from = rungs.Find(c.from_milestone.value);
  if (from < 0) return Invalid("project.unknown_milestone", c.from_milestone.value, "from_milestone");
  const int until = c.until_milestone ? rungs.Find(c.until_milestone->value) : kNoRung;
  if (until < 0) return Invalid("project.unknown_milestone", c.until_milestone->value, "until_milestone");
  if (until <= from) return Invalid("report.until_before_from", {}, "until_milestone");
  const std::vector<std::int32_t>& closed = state.reports.closed;
  if (!closed.empty() && closed.back() >= c.first_period.months)
    return Conflict("report.period_closed", Period{closed.back()}.ToString(), "first_period");
  for (auto at = state.reports.schedules.rbegin(); at != state.reports.schedules.rend(); ++at) {
    if (at->ladder != ladder) continue;
    if (at->first == c.first_period.months && at->from_rung == from && at->until_rung == until &&
        at->due_days == c.due_days.value && at->due_unit == static_cast<std::uint8_t>(c.due_unit))
      return Conflict("report.schedule_unchanged");
    break;
  }
  return Events{
      ReportsScheduled{{c.first_period}, c.ladder, c.from_milestone, c.until_milestone, c.due_days, c.due_unit}};
}

Decided Decide(const State& state, const DecideContext& context, const SubmitReport& c) {
  LF_TRY(CheckKnown(state, c.project));
  const ReportState& s = state.reports;
  const std::size_t p = c.project.index();
  LF_TRY(CheckReportable(state, c.project, c.period, context.today));
  LF_TRY(CheckAmounts(c.completed_month_minor, c.completed_total_minor, TotalBefore(s, s.last[p])));
  const std::vector<Digest> photos = c.photos ? c.photos->items : std::vector<Digest>();
  for (std::size_t i = 0; i < photos.size(); ++i)
    if (std::find(photos.begin(), photos.begin() + static_cast<std::ptrdiff_t>(i), photos[i]) !=
        photos.begin() + static_cast<std::ptrdiff_t>(i))
      return Invalid("report.photo_twice", {}, "photos");
  List<Doubt, 4> doubts;
  for (const Odd& odd : OddOf(state, c)) {
    if (!c.confirmed.value_or(false)) return Conflict(odd.code, {}, std::string(odd.field));
    doubts.items.push_back(odd.doubt);
  }
  return Events{ReportSubmitted{c.project,
                                c.period,
                                context.today,
                                c.completed_month_minor,
                                c.completed_total_minor,
                                c.physical_bp,
                                {photos},
                                std::move(doubts)},
                ReportWorded{c.project, c.image_progress, c.next_step, c.difficulty}};
}

Decided Decide(const State& state, const DecideContext& context, const CorrectReport& c) {
  LF_TRY(CheckKnown(state, c.project));
  const ReportState& s = state.reports;
  const std::uint32_t at = s.Find(c.project.index(), c.period);
  if (at == 0) return NotFound("report.not_reported", {}, "period");
  const Report& report = s.rows[at - 1];
  if (s.PendingOf(report) != nullptr) return Conflict("report.correction_pending", {}, "period");
  LF_TRY(CheckAmounts(c.completed_month_minor, c.completed_total_minor, TotalBefore(s, report.previous)));
  if (c.completed_month_minor.minor() == report.month && c.completed_total_minor.minor() == report.total &&
      (!c.physical_bp || c.physical_bp->value == report.physical_bp))
    return Conflict("report.correction_changes_nothing");
  return Events{CorrectionAsked{c.project, c.period, context.today, c.completed_month_minor, c.completed_total_minor,
                                c.physical_bp},
                CorrectionWorded{c.project, c.reason}};
}

Decided Decide(const State& state, const DecideContext& context, const ApproveCorrection& c) {
  return Approve(state, context, c.project, c.period, c.remark, Office::kHead);
}
Decided Decide(const State& state, const DecideContext& context, const RejectCorrection& c) {
  return Reject(state, context, c.project, c.period, c.remark, Office::kHead);
}
Decided Decide(const State& state, const DecideContext& context, const ApproveClosedCorrection& c) {
  return Approve(state, context, c.project, c.period, c.remark, Office::kStatistics);
}
Decided Decide(const State& state, const DecideContext& context, const RejectClosedCorrection& c) {
  return Reject(state, context, c.project, c.period, c.remark, Office::kStatistics);
}

Decided Decide(const State& state, const DecideContext& context, const ClosePeriod& c) {
  if (c.period >= Period::Of(context.today)) return Conflict("report.period_not_ended", {}, "period");
  if (state.reports.IsClosed(c.period)) return Conflict("report.period_closed", {}, "period");
  return Events{PeriodClosed{{c.period}}};
}

Decided Decide(const State& state, const DecideContext&, const ReopenPeriod& c) {
  if (!state.reports.IsClosed(c.period)) return Conflict("report.period_not_closed", {}, "period");
  return Events{PeriodReopened{{c.period}}, PeriodRemarkGiven{{c.period}, c.remark}};
}

}  // namespace landfall::project
