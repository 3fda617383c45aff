// SPDX-License-Identifier: Apache-2.0
// 登记进展: schedule, report, ask for a correction, decide on it, close a month.
//
// Before a month is closed the unit's head decides on corrections (permission report.approve, own unit); afterwards a
// statistician does (report.manage). Both are second persons: never who asked.
#pragma once

#include "ledger/command.h"
#include "project/report_events.h"

namespace landfall::project {

struct ScheduleReports {
  static constexpr std::string_view kRefusals[] = {"project.unknown_ladder", "project.unknown_milestone",
                                                   "report.until_before_from", "report.period_closed",
                                                   "report.schedule_unchanged"};
  static constexpr CommandInfo kInfo{"report.schedule", "report.manage", Scope::kJurisdiction, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  Period first_period;
  Key<40> ladder;
  Key<40> from_milestone;
  std::optional<Key<40>> until_milestone;
  Int<1, 60> due_days;
  DueUnit due_unit;
};
BOOST_DESCRIBE_STRUCT(ScheduleReports, (), (first_period, ladder, from_milestone, until_milestone, due_days, due_unit))

struct SubmitReport {
  static constexpr std::string_view kRefusals[] = {
      "project.unknown",      "project.terminated",      "project.on_hold",       "report.future_period",
      "report.period_closed", "report.reported_already", "report.later_reported", "money.negative",
      "report.total_falls",   "report.total_mismatch",   "report.total_overflow", "report.unit_suspect",
      "report.jump_suspect",  "report.over_investment",  "report.percent_falls",  "report.photo_twice"};
  static constexpr CommandInfo kInfo{"report.submit", "project.write", Scope::kProjectField, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  ProjectId project;
  Period period;
  Money completed_month_minor;
  Money completed_total_minor;
  std::optional<BasisPoints> physical_bp;
  Text<1000> image_progress;
  std::optional<Text<500>> next_step;
  std::optional<Text<500>> difficulty;
  std::optional<List<Digest, kPhotosMax>> photos;
  std::optional<bool> confirmed;  // "I have looked again: the value is right."
};
BOOST_DESCRIBE_STRUCT(SubmitReport, (),
                      (project, period, completed_month_minor, completed_total_minor, physical_bp, image_progress,
                       next_step, difficulty, photos, confirmed))

struct CorrectReport {
  static constexpr std::string_view kRefusals[] = {
      "project.unknown",    "report.not_reported",   "report.correction_pending", "money.negative",
      "report.total_falls", "report.total_mismatch", "report.total_overflow",     "report.correction_changes_nothing"};
  static constexpr CommandInfo kInfo{"report.correct", "project.write", Scope::kProjectField, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  ProjectId project;
  Period period;
  Money completed_month_minor;
  Money completed_total_minor;
  std::optional<BasisPoints> physical_bp;  // Absent: as it is.
  Text<500> reason;
};
BOOST_DESCRIBE_STRUCT(CorrectReport, (),
                      (project, period, completed_month_minor, completed_total_minor, physical_bp, reason))

struct ApproveCorrection {
  static constexpr std::string_view kRefusals[] = {
      "project.unknown",       "report.no_correction",       "report.closed_needs_statistics",
      "report.own_correction", "report.correction_outdated", "report.total_overflow"};
  static constexpr CommandInfo kInfo{"report.approve_correction", "report.approve", Scope::kProjectField, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  ProjectId project;
  Period period;
  std::optional<Text<500>> remark;
};
BOOST_DESCRIBE_STRUCT(ApproveCorrection, (), (project, period, remark))

struct RejectCorrection {
  static constexpr std::string_view kRefusals[] = {"project.unknown", "report.no_correction",
                                                   "report.closed_needs_statistics", "report.own_correction"};
  static constexpr CommandInfo kInfo{"report.reject_correction", "report.approve", Scope::kProjectField, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  ProjectId project;
  Period period;
  Text<500> remark;
};
BOOST_DESCRIBE_STRUCT(RejectCorrection, (), (project, period, remark))

struct ApproveClosedCorrection {
  static constexpr std::string_view kRefusals[] = {
      "project.unknown",       "report.no_correction",       "report.period_not_closed",
      "report.own_correction", "report.correction_outdated", "report.total_overflow"};
  static constexpr CommandInfo kInfo{"report.approve_closed_correction", "report.manage", Scope::kJurisdiction,
                                     kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  ProjectId project;
  Period period;
  std::optional<Text<500>> remark;
};
BOOST_DESCRIBE_STRUCT(ApproveClosedCorrection, (), (project, period, remark))

struct RejectClosedCorrection {
  static constexpr std::string_view kRefusals[] = {"project.unknown", "report.no_correction",
                                                   "report.period_not_closed", "report.own_correction"};
  static constexpr CommandInfo kInfo{"report.reject_closed_correction", "report.manage", Scope::kJurisdiction,
                                     kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  ProjectId project;
  Period period;
  Text<500> remark;
};
BOOST_DESCRIBE_STRUCT(RejectClosedCorrection, (), (project, period, remark))

struct ClosePeriod {
  static constexpr std::string_view kRefusals[] = {"report.period_not_ended", "report.period_closed"};
  static constexpr CommandInfo kInfo{"report.close_period", "report.manage", Scope::kJurisdiction, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  Period period;
};
BOOST_DESCRIBE_STRUCT(ClosePeriod, (), (period))

struct ReopenPeriod {
  static constexpr std::string_view kRefusals[] = {"report.period_not_closed"};
  static constexpr CommandInfo kInfo{"report.reopen_period", "report.manage", Scope::kJurisdiction, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  Period period;
  Text<500> remark;
};
BOOST_DESCRIBE_STRUCT(ReopenPeriod, (), (period, remark))

using ReportCommands =
    boost::mp11::mp_list<ScheduleReports, SubmitReport, CorrectReport, ApproveCorrection, RejectCorrection,
                         ApproveClosedCorrection, RejectClosedCorrection, ClosePeriod, ReopenPeriod>;

}  // namespace landfall::project
