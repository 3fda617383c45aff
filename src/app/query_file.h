// SPDX-License-Identifier: Apache-2.0
// Reads about a project's file. Pure.
#pragma once

#include "app/file_views.h"
#include "app/queries.h"

namespace landfall::app {

// Everything in the file of one project, as of the frame's day. `reader`: whose own questions are marked.
// Cost: the project's rows, and one scan over all projects for those like it. Errors: project.unknown.
Result<ProjectFile> QueryProjectFile(const Frame& frame, const Actor& reader, ProjectId project);

struct BatchFilter {
  std::optional<Period> first, last;  // default: the year of the frame's day, up to its month
  std::optional<UnitId> unit;         // and those below it
};
// The pool and the six lists. What a list brings to its end: attract: signed in the span; start: started; complete:
// completed; clear_land: land delivered; advance: under construction on the last day; planning and reserve: on the list
// on the last day. Projects that are counted in another do not count. Errors: list.period_reversed.
Result<BatchBoard> QueryBatches(const Frame& frame, const BatchFilter& filter);

}  // namespace landfall::app
