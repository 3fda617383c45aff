// SPDX-License-Identifier: Apache-2.0
// Rules of progress reports that a decision and a form share, so that a form never promises what is then refused.
#pragma once

#include "project/state.h"

namespace landfall::project {

// Whether that month can be reported at all, whatever the values. Precondition: the state knows the project.
// Errors: project.terminated, project.on_hold (by the month's end), report.future_period, report.period_closed,
// report.reported_already, report.later_reported.
Status CheckReportable(const State& state, ProjectId project, Period period, Day today);

// Whether statistics decides on a correction of this report instead of the unit's head: its month is closed, or that of
// a later report, whose total would move with it.
bool StatisticsDecides(const ReportState& state, const Report& report);

}  // namespace landfall::project
