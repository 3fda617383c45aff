// SPDX-License-Identifier: Apache-2.0
// A project's file: agreement and promises, papers, baselines, blocks, money in place, duplicates.
#include "app/query_file.h"
#include "server/routes.h"

namespace landfall::server {
namespace {

// Whose project it is now, as with all of a project's pages.
Result<app::ProjectFile> GetProjectFile(const Facts& facts, const ProjectId& project, const FactsQuery&) {
  if (!facts.frame.state.project.Knows(project)) return NotFound("project.unknown", {}, "id");
  LF_TRY(facts.CheckOwner(UnitId{facts.now.project.owner[project.index()]}, project));
  return app::QueryProjectFile(facts.frame, facts.actor, project);
}

struct BatchesQuery : FactsQuery {
  std::optional<Period> first;
  std::optional<Period> last;
  std::optional<UnitId> unit;
};
BOOST_DESCRIBE_STRUCT(BatchesQuery, (FactsQuery), (first, last, unit))

Result<app::BatchBoard> GetBatches(const Facts& facts, const NoPath&, const BatchesQuery& query) {
  LF_TRY(facts.CheckUnit(query.unit));
  return app::QueryBatches(facts.frame, {query.first, query.last, query.unit});
}

}  // namespace

void AddFileRoutes(RouteTable& table) {
  table.Facts<&GetProjectFile>("/api/v1/projects/{id}/file", "getProjectFile", "project.read",
                               "A project's file: agreement, promises, papers, baselines, blocks, funds, duplicates");
  table.Facts<&GetBatches>("/api/v1/batch-lists", "getBatchLists", "project.read",
                           "The pool and the six lists: members, plan, actual and gap in a span of months");
}

}  // namespace landfall::server
