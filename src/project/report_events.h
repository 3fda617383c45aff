// SPDX-License-Identifier: Apache-2.0
// 登记进展: what each project says of each month, how it was corrected, and when a month was closed.
//
// Part of the project subject: a report stands on its project. Periods have their own subject, "period/2026-10".
#pragma once

#include "base/describe.h"
#include "base/period.h"
#include "ledger/event.h"

namespace landfall::project {

struct PeriodSubject {
  Period period;
  std::string Subject() const { return "period/" + period.ToString(); }
  static Result<PeriodSubject> Parse(std::string_view text) {
    LF_ASSIGN(const Period period, Period::Parse(text));
    return PeriodSubject{period};
  }
};

// The unit in which a report's day is counted after its month has ended.
enum class DueUnit : std::uint8_t { work_days, calendar_days };
BOOST_DESCRIBE_ENUM(DueUnit, work_days, calendar_days)

// A check that failed and was let through because the reporter said that the value is right. Recorded, so that a
// statistician can look at exactly these.
enum class Doubt : std::uint8_t {
  unit,  // The month is a thousand times what is usual, or a thousandth: 元 typed as 万元, or 万元 as 亿元.
  jump,  // The month is more than three times the mean of the last three.
  over_investment,  // The total is more than the planned investment.
  percent_falls     // Physical progress is lower than it was.
};
BOOST_DESCRIBE_ENUM(Doubt, unit, jump, over_investment, percent_falls)

inline constexpr std::size_t kPhotosMax = 9;
using BasisPoints = Int<0, 10'000>;  // 10,000 = all of it.

// From the subject's period on, projects of a ladder report each month: those that have reached `from_milestone` by the
// month's end and had not reached `until_milestone` before it began. Replaces what was scheduled for that ladder.
struct ReportsScheduled {
  static constexpr EventInfo kInfo{"report.scheduled", 1, EventClass::kInternal, false};
  PeriodSubject on;
  Key<40> ladder;
  Key<40> from_milestone;
  std::optional<Key<40>> until_milestone;
  Int<1, 60> due_days;  // The report is due on this day after the month's last.
  DueUnit due_unit;
};
BOOST_DESCRIBE_STRUCT(ReportsScheduled, (), (ladder, from_milestone, until_milestone, due_days, due_unit))

struct ReportSubmitted {
  static constexpr EventInfo kInfo{"report.submitted", 1, EventClass::kInternal, false};
  ProjectId on;
  Period period;
  Day reported_on;
  Money completed_month_minor;  // 本月完成投资
  Money completed_total_minor;  // 累计完成投资 = that of the report before + this month
  std::optional<BasisPoints> physical_bp;
  List<Digest, kPhotosMax> photos;
  List<Doubt, 4> doubts;
};
BOOST_DESCRIBE_STRUCT(ReportSubmitted, (),
                      (period, reported_on, completed_month_minor, completed_total_minor, physical_bp, photos, doubts))

// The words of the report before it in the same entry.
struct ReportWorded {
  static constexpr EventInfo kInfo{"report.worded", 1, EventClass::kInternal, true};
  ProjectId on;
  Text<1000> image_progress;  // 形象进度
  std::optional<Text<500>> next_step;
  std::optional<Text<500>> difficulty;
};
BOOST_DESCRIBE_STRUCT(ReportWorded, (), (image_progress, next_step, difficulty))

// Asked for; nothing is corrected until a second person approves.
struct CorrectionAsked {
  static constexpr EventInfo kInfo{"report.correction_asked", 1, EventClass::kInternal, false};
  ProjectId on;
  Period period;
  Day asked_on;
  Money completed_month_minor;
  Money completed_total_minor;
  std::optional<BasisPoints> physical_bp;
};
BOOST_DESCRIBE_STRUCT(CorrectionAsked, (),
                      (period, asked_on, completed_month_minor, completed_total_minor, physical_bp))

struct CorrectionWorded {
  static constexpr EventInfo kInfo{"report.correction_worded", 1, EventClass::kInternal, true};
  ProjectId on;
  Text<500> reason;
};
BOOST_DESCRIBE_STRUCT(CorrectionWorded, (), (reason))

// The report says what the correction asked; the totals of later reports move by the same amount.
struct CorrectionApproved {
  static constexpr EventInfo kInfo{"report.correction_approved", 1, EventClass::kInternal, false};
  ProjectId on;
  Period period;
  Day decided_on;
  Int<1, INT64_MAX> asked;  // seq of the record that asked
};
BOOST_DESCRIBE_STRUCT(CorrectionApproved, (), (period, decided_on, asked))

struct CorrectionRejected {
  static constexpr EventInfo kInfo{"report.correction_rejected", 1, EventClass::kInternal, false};
  ProjectId on;
  Period period;
  Day decided_on;
  Int<1, INT64_MAX> asked;
};
BOOST_DESCRIBE_STRUCT(CorrectionRejected, (), (period, decided_on, asked))

// What was said with the approval or rejection before it in the same entry.
struct VerdictWorded {
  static constexpr EventInfo kInfo{"report.verdict_worded", 1, EventClass::kInternal, true};
  ProjectId on;
  Text<500> remark;
};
BOOST_DESCRIBE_STRUCT(VerdictWorded, (), (remark))

// 结账: from now on the month's reports stand; what is wrong is corrected with the statisticians' approval.
struct PeriodClosed {
  static constexpr EventInfo kInfo{"report.period_closed", 1, EventClass::kInternal, false};
  PeriodSubject on;
};
BOOST_DESCRIBE_STRUCT(PeriodClosed, (), ())

struct PeriodReopened {
  static constexpr EventInfo kInfo{"report.period_reopened", 1, EventClass::kInternal, false};
  PeriodSubject on;
};
BOOST_DESCRIBE_STRUCT(PeriodReopened, (), ())

struct PeriodRemarkGiven {
  static constexpr EventInfo kInfo{"report.period_remark_given", 1, EventClass::kInternal, true};
  PeriodSubject on;
  Text<500> remark;
};
BOOST_DESCRIBE_STRUCT(PeriodRemarkGiven, (), (remark))

using ReportEvents =
    std::variant<ReportsScheduled, ReportSubmitted, ReportWorded, CorrectionAsked, CorrectionWorded, CorrectionApproved,
                 CorrectionRejected, VerdictWorded, PeriodClosed, PeriodReopened, PeriodRemarkGiven>;

}  // namespace landfall::project
