// SPDX-License-Identifier: Apache-2.0
// Answers from versions: completed investment as known at a record, what changed since another, and every version of
// one project's facts.
#pragma once

#include "app/views.h"
#include "base/period.h"

namespace landfall::app {

// Completed investment of one region, those below it not among it.
struct CompletedRegion {
  static constexpr std::string_view kName = "CompletedRegion";
  std::optional<NamedRef> region;  // absent: projects without one
  std::int64_t reports = 0;        // of the month
  Money month_minor;
  Money year_minor;  // from January on
};
BOOST_DESCRIBE_STRUCT(CompletedRegion, (), (region, reports, month_minor, year_minor))

// What one record said of a month's completed investment.
struct CompletedChange {
  static constexpr std::string_view kName = "CompletedChange";
  bool counts = true;  // it counts now and did not; false: it counted and does not
  Period period;
  ProjectId project;
  std::string title;
  Money amount_minor;
  std::int64_t seq = 0;         // the report
  std::int64_t stated_seq = 0;  // the record that stated this amount: the report, or the approval of a correction
};
BOOST_DESCRIBE_STRUCT(CompletedChange, (), (counts, period, project, title, amount_minor, seq, stated_seq))

struct CompletedInvestment {
  static constexpr std::string_view kName = "CompletedInvestment";
  Standing standing;
  Period period;
  std::optional<NamedRef> owner_unit;  // scope, when one was asked
  std::optional<NamedRef> region;
  std::optional<bool> region_only;
  std::int64_t reports = 0;
  Money month_minor;
  Money year_minor;
  std::vector<CompletedRegion> regions;
  std::optional<std::int64_t> since;           // the record that it is compared with
  std::optional<Money> month_before_minor;     // what was known of it then
  std::optional<Money> year_before_minor;      // and of the year
  std::vector<CompletedChange> changes;        // between the two, January … period
  std::optional<std::int64_t> changes_in_all;  // on all pages
  std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(CompletedInvestment, (),
                      (standing, period, owner_unit, region, region_only, reports, month_minor, year_minor, regions,
                       since, month_before_minor, year_before_minor, changes, changes_in_all, next_cursor))

// One fact about a project and the records between which it stood.
struct FactVersion {
  static constexpr std::string_view kName = "FactVersion";
  std::string fact;                       // milestone, funds, verified_funds, completed
  std::optional<std::string> milestone;   // of a milestone
  std::optional<Period> period;           // of completed investment
  std::optional<Day> effective_on;        // of the others
  std::optional<Money> amount_minor;      // of all but milestones
  std::int64_t seq = 0;                   // the record behind it
  std::int64_t stated_seq = 0;            // it stands from this record on …
  std::optional<std::int64_t> ended_seq;  // … until this one; absent: it stands
};
BOOST_DESCRIBE_STRUCT(FactVersion, (),
                      (fact, milestone, period, effective_on, amount_minor, seq, stated_seq, ended_seq))

struct FactVersions {
  static constexpr std::string_view kName = "FactVersions";
  Standing standing;
  ProjectId project;
  std::vector<FactVersion> rows;  // newest first
};
BOOST_DESCRIBE_STRUCT(FactVersions, (), (standing, project, rows))

}  // namespace landfall::app
