// SPDX-License-Identifier: Apache-2.0
// A project's file: agreement and promises, papers, baselines, blocks, money in place, duplicates.
#include "app/query_file.h"
#include "server/routes.h"

namespace landfall::server {
namespace {

// Whose project it is now, as with all of a project's pages.
Result<app::ProjectFile> GetProjectFile(const Facts& facts, const ProjectId& project, const FactsQuery&) {
  if (!facts.frame.state.project.Knows(project)) return NotFound("project.unknown", {}, "id");
  LF_TRY(facts.CheckOwner(UnitId{facts.now.project.owner[project.index()]}));
  return app::QueryProjectFile(facts.frame, facts.actor, project);
}

}  // namespace

void AddFileRoutes(RouteTable& table) {
  table.Facts<&GetProjectFile>("/api/v1/projects/{id}/file", "getProjectFile", "project.read",
                               "A project's file: agreement, promises, papers, baselines, blocks, funds, duplicates");
}

}  // namespace landfall::server
