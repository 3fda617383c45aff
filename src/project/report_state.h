// SPDX-License-Identifier: Apache-2.0
// Progress reports by column: what was reported, what is asked to be corrected, which months are closed.
//
// Holds for any sequence of accepted commands: the total of a report is that of the project's report before it plus its
// month, so total − opening = sum of months. Memory: 56 bytes and the words a report.
#pragma once

#include <algorithm>
#include <vector>

#include "base/columns.h"
#include "project/report_events.h"

namespace landfall::project {

inline constexpr std::uint8_t kNoRung = 255;
inline constexpr std::int32_t kNoPercent = -1;
inline constexpr std::uint32_t kNoAccount = UINT32_MAX;  // The command line or the scheduler.
// Who acts, as columns keep it.
inline std::uint32_t AccountOf(const Actor& by) {
  return by.kind == Actor::Kind::kAccount ? by.account.raw : kNoAccount;
}

struct ReportSchedule {
  std::int32_t first;  // Period
  std::uint32_t seq;   // The record that scheduled it.
  std::uint8_t ladder, from_rung, until_rung, due_days, due_unit, unused[3];
};

struct Report {
  std::int64_t month, total;               // As corrected.
  std::uint32_t project;                   // raw
  std::uint32_t seq, by;                   // The record that reported, and who; by: raw account or kNoAccount.
  std::uint32_t previous;                  // Of the same project, an earlier month: index + 1.
  std::uint32_t correction;                // Its newest: index + 1.
  std::int32_t period, day;                // day: on which it was reported
  std::int32_t physical_bp;                // kNoPercent: not said
  std::uint8_t photos, doubts, unused[6];  // doubts: bit per Doubt
};

// What a month's value is compared with. Amounts in minor units.
struct MonthBounds {
  std::int64_t unit_from = INT64_MAX;   // From here on up it is in the wrong unit,
  std::int64_t unit_upto = 0;           // and up to here, unless it is nothing;
  std::int64_t jump_above = INT64_MAX;  // above this it jumps.
};

enum class Verdict : std::uint8_t { pending, approved, rejected };

struct Correction {
  std::int64_t month, total;          // As asked.
  std::int64_t old_month, old_total;  // As they stood when it was decided; when it was asked while pending.
  std::uint64_t seq, decided_seq;
  std::uint32_t report;          // index
  std::uint32_t by, decided_by;  // raw account or kNoAccount; 0: nobody yet
  std::uint32_t previous;        // Of the same report: index + 1.
  std::int32_t physical_bp, old_bp;
  std::int32_t day, decided_day;
  std::uint8_t verdict, unused[7];
};

struct ReportState {
  std::vector<ReportSchedule> schedules;  // In the order they were made; of those of one ladder the newest counts.
  std::vector<std::int32_t> closed;       // Periods, sorted.
  std::vector<Report> rows;
  ErasableText words;                // By report: JSON of ReportWorded.
  SparseColumn<std::uint32_t> last;  // By project index: its newest report, index + 1.
  std::vector<Correction> corrections;
  ErasableText reasons, verdicts;  // By correction.
  std::uint32_t decided_last = 0;  // Index + 1 of the correction decided last: its words follow.

  bool IsClosed(Period period) const { return std::binary_search(closed.begin(), closed.end(), period.months); }
  // The schedule of a ladder that rules a period; nullptr: none.
  const ReportSchedule* ScheduleOf(std::uint8_t ladder, Period period) const;
  // Index + 1 of the report of that month, 0 for none. Cost: the project's later reports.
  std::uint32_t Find(std::size_t project, Period period) const;
  // Index + 1 of the newest report that had been made by a day. Reports are made in the order of their months.
  std::uint32_t LastAsOf(std::size_t project, std::int32_t day) const;
  // The correction of a report that waits for a verdict, or nullptr.
  const Correction* PendingOf(const Report& report) const {
    if (report.correction == 0) return nullptr;
    const Correction& c = corrections[report.correction - 1];
    return c.verdict == static_cast<std::uint8_t>(Verdict::pending) ? &c : nullptr;
  }
  void Erase(std::uint64_t seq, std::uint32_t event) {
    words.Erase(seq, event);
    reasons.Erase(seq, event);
    verdicts.Erase(seq, event);
  }

  template <class Archive>
  void Columns(Archive& a) {
    a("report.schedules", schedules);
    a("report.closed", closed);
    a("report.rows", rows);
    words.Columns(a, "report.words");
    a("report.last", last);
    a("report.corrections", corrections);
    reasons.Columns(a, "report.reasons");
    verdicts.Columns(a, "report.verdicts");
    a("report.decided_last", decided_last);
  }
};

}  // namespace landfall::project
