// SPDX-License-Identifier: Apache-2.0
// Reads about a project's file. Pure.
#pragma once

#include "app/file_views.h"
#include "app/queries.h"

namespace landfall::app {

// Everything in the file of one project, as of the frame's day. `reader`: whose own questions are marked.
// Cost: the project's rows, and one scan over all projects for those like it. Errors: project.unknown.
Result<ProjectFile> QueryProjectFile(const Frame& frame, const Actor& reader, ProjectId project);

}  // namespace landfall::app
