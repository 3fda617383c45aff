// SPDX-License-Identifier: Apache-2.0
// The shapes of answers about progress reports (登记进展).
#pragma once

#include "app/views.h"

namespace landfall::app {

enum class ReportStanding : std::uint8_t { due, late, reported, reported_late };
BOOST_DESCRIBE_ENUM(ReportStanding, due, late, reported, reported_late)
enum class CorrectionVerdict : std::uint8_t { pending, approved, rejected };
BOOST_DESCRIBE_ENUM(CorrectionVerdict, pending, approved, rejected)

struct ReportCorrection {
  static constexpr std::string_view kName = "ReportCorrection";
  std::int64_t seq = 0;  // the record that asked
  Day asked_on;
  std::string asked_by;  // display of the account as of now
  bool asked_by_me = false;
  Money completed_month_minor;
  Money completed_total_minor;
  std::optional<std::int64_t> physical_bp;
  Money old_month_minor;  // what the report says, or said until it was corrected
  Money old_total_minor;
  std::optional<std::int64_t> old_physical_bp;
  std::string reason;  // "" where erased
  CorrectionVerdict verdict = CorrectionVerdict::pending;
  std::optional<std::int64_t> decided_seq;
  std::optional<Day> decided_on;
  std::optional<std::string> decided_by;
  std::optional<std::string> remark;
  std::int64_t later_reports = 0;  // whose totals move with it
  bool outdated = false;           // pending, and an earlier month was corrected since: to be asked for again
};
BOOST_DESCRIBE_STRUCT(ReportCorrection, (),
                      (seq, asked_on, asked_by, asked_by_me, completed_month_minor, completed_total_minor, physical_bp,
                       old_month_minor, old_total_minor, old_physical_bp, reason, verdict, decided_seq, decided_on,
                       decided_by, remark, later_reports, outdated))

// A project in a month: what it reported, or that it has not.
struct ReportRow {
  static constexpr std::string_view kName = "ReportRow";
  NamedRef project;
  std::optional<std::string> code;
  std::optional<NamedRef> owner_unit;
  Period period;
  bool closed = false;
  bool owed = false;  // a report was asked for; false: given though nobody asked
  ReportStanding state = ReportStanding::due;
  LightView light;
  std::optional<Day> due_on;
  std::optional<Day> reported_on;
  std::optional<std::int64_t> late_days;
  std::optional<Money> completed_month_minor;
  std::optional<Money> completed_total_minor;
  std::optional<std::int64_t> physical_bp;
  std::optional<std::string> image_progress;  // absent where erased
  std::optional<std::string> next_step;
  std::optional<std::string> difficulty;
  bool words_erased = false;
  std::int64_t photos = 0;
  std::vector<project::Doubt> doubts;
  std::optional<std::int64_t> seq;
  std::optional<std::string> reported_by;     // display of the account as of now
  bool statistics_decides = false;            // on a correction of it; else the unit's head
  std::vector<ReportCorrection> corrections;  // newest first; in lists only the one that waits
};
BOOST_DESCRIBE_STRUCT(ReportRow, (),
                      (project, code, owner_unit, period, closed, owed, state, light, due_on, reported_on, late_days,
                       completed_month_minor, completed_total_minor, physical_bp, image_progress, next_step, difficulty,
                       words_erased, photos, doubts, seq, reported_by, statistics_decides, corrections))

struct ReportCounts {
  static constexpr std::string_view kName = "ReportCounts";
  std::int64_t owed = 0;           // projects that owe a report of the month
  std::int64_t reported = 0;       // of those, reported: in time or late
  std::int64_t reported_late = 0;  // of those, late
  std::int64_t late = 0;           // owed, not reported, past the day
  std::int64_t pending_corrections = 0;
};
BOOST_DESCRIBE_STRUCT(ReportCounts, (), (owed, reported, reported_late, late, pending_corrections))

struct ReportUnit {
  static constexpr std::string_view kName = "ReportUnit";
  std::optional<NamedRef> unit;  // absent: projects without an owner
  ReportCounts counts;
};
BOOST_DESCRIBE_STRUCT(ReportUnit, (), (unit, counts))

struct ReportList {
  static constexpr std::string_view kName = "ReportList";
  Standing standing;
  Period period;
  bool closed = false;
  bool scheduled = false;         // somebody has said that reports are owed at all
  ReportCounts counts;            // of all that unit and visibility let through
  std::vector<ReportUnit> units;  // those that fail first
  std::int64_t total = 0;         // after the state filter
  std::vector<ReportRow> rows;    // what is missing first, the oldest due day first
  std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(ReportList, (), (standing, period, closed, scheduled, counts, units, total, rows, next_cursor))

// What a form begins with: the month to report, and the report before beside it.
struct ReportPrefill {
  static constexpr std::string_view kName = "ReportPrefill";
  Period period;
  std::optional<std::string> refused;  // the code that a report of this month would meet now
  std::optional<Day> due_on;
  std::optional<Period> previous_period;
  std::optional<Money> previous_month_minor;
  std::optional<Money> previous_total_minor;  // this month's total is expected to be it plus the month
  std::optional<std::int64_t> previous_physical_bp;
  std::optional<std::string> image_progress;
  std::optional<std::string> next_step;
  std::optional<std::string> difficulty;
  std::optional<Money> investment_minor;
  // Beyond these the ledger asks for a confirmation.
  std::optional<Money> unit_from_minor;
  std::optional<Money> unit_upto_minor;
  std::optional<Money> jump_above_minor;
};
BOOST_DESCRIBE_STRUCT(ReportPrefill, (),
                      (period, refused, due_on, previous_period, previous_month_minor, previous_total_minor,
                       previous_physical_bp, image_progress, next_step, difficulty, investment_minor, unit_from_minor,
                       unit_upto_minor, jump_above_minor))

struct ProjectReports {
  static constexpr std::string_view kName = "ProjectReports";
  Standing standing;
  NamedRef project;
  std::optional<std::string> code;
  std::optional<NamedRef> owner_unit;
  std::optional<Money> investment_minor;
  ReportPrefill prefill;
  std::vector<ReportRow> rows;  // newest month first
};
BOOST_DESCRIBE_STRUCT(ProjectReports, (), (standing, project, code, owner_unit, investment_minor, prefill, rows))

struct CorrectionRow {
  static constexpr std::string_view kName = "CorrectionRow";
  NamedRef project;
  std::optional<std::string> code;
  std::optional<NamedRef> owner_unit;
  Period period;
  bool statistics_decides = false;  // else the unit's head
  ReportCorrection correction;
};
BOOST_DESCRIBE_STRUCT(CorrectionRow, (), (project, code, owner_unit, period, statistics_decides, correction))
struct CorrectionList {
  static constexpr std::string_view kName = "CorrectionList";
  Standing standing;
  std::int64_t total = 0;
  std::vector<CorrectionRow> rows;  // newest first
  std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(CorrectionList, (), (standing, total, rows, next_cursor))

struct PhotosOfReport {
  static constexpr std::string_view kName = "PhotosOfReport";
  Period period;
  std::int64_t seq = 0;
  std::vector<Digest> photos;
};
BOOST_DESCRIBE_STRUCT(PhotosOfReport, (), (period, seq, photos))
struct PhotoList {
  static constexpr std::string_view kName = "PhotoList";
  std::vector<PhotosOfReport> rows;  // newest month first
};
BOOST_DESCRIBE_STRUCT(PhotoList, (), (rows))

}  // namespace landfall::app
