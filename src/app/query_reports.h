// SPDX-License-Identifier: Apache-2.0
// Reads about progress reports, over one state and one day. Pure, but for the photos, which lie in the entries.
#pragma once

#include "app/engine.h"
#include "app/queries.h"
#include "app/report_views.h"

namespace landfall::app {

struct ReportFilter {
  std::optional<Period> period;  // default: UsualReportPeriod of the frame's day
  std::optional<UnitId> unit;    // and those below it
  enum class Which : std::uint8_t { all, missing, late, reported, pending_correction } which = Which::all;
  std::size_t limit = 50;
  std::string cursor;
};
// Who has reported a month and who has not. `reader`: whose own corrections are marked. Cost: one pass over projects.
// Errors: request.bad_cursor.
Result<ReportList> QueryReports(const Frame& frame, const Actor& reader, const ReportFilter& filter);

// All reports of one project, and what the next form begins with: for `period`, else the oldest month owed, else the
// usual one. Errors: project.unknown.
Result<ProjectReports> QueryProjectReports(const Frame& frame, const Actor& reader, ProjectId project,
                                           std::optional<Period> period);

struct CorrectionFilter {
  bool pending = true;  // else those decided
  std::optional<UnitId> unit;
  std::size_t limit = 50;
  std::string cursor;
};
// Errors: request.bad_cursor.
Result<CorrectionList> QueryCorrections(const Frame& frame, const Actor& reader, const CorrectionFilter& filter);

// Digests of the photos of a project's newest reports that have some, at most `limit` reports. Reads the disk.
// Errors: project.unknown, those of the log.
Result<PhotoList> ReadReportPhotos(Engine& engine, ProjectId project, std::size_t limit);

}  // namespace landfall::app
