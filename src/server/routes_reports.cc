// SPDX-License-Identifier: Apache-2.0
// Progress reports (登记进展): who has reported a month, a project's reports with the next form, corrections, photos.
#include "app/policy.h"
#include "app/query_reports.h"
#include "server/api.h"
#include "server/list_filters.h"
#include "server/routes.h"

namespace landfall::server {
namespace {

struct ProjectReportsQuery : FactsQuery {
  std::optional<Period> period;  // That the next form is for.
};
BOOST_DESCRIBE_STRUCT(ProjectReportsQuery, (FactsQuery), (period))

enum class WhichCorrections : std::uint8_t { pending, decided };
BOOST_DESCRIBE_ENUM(WhichCorrections, pending, decided)
struct CorrectionsQuery : FactsQuery {
  std::optional<WhichCorrections> state;
  std::optional<UnitId> unit;
  std::optional<Int<1, 500>> limit;
  std::optional<Cursor> cursor;
};
BOOST_DESCRIBE_STRUCT(CorrectionsQuery, (FactsQuery), (state, unit, limit, cursor))

constexpr std::size_t kReportsWithPhotos = 24;  // Two years, as thumbnails on a project's page.

std::size_t LimitOf(const std::optional<Int<1, 500>>& limit) {
  return limit ? static_cast<std::size_t>(limit->value) : 50;
}
std::string CursorOf(const std::optional<Cursor>& cursor) { return cursor ? cursor->value : std::string(); }

Result<app::ReportList> ListReports(const Facts& facts, const NoPath&, const ReportsQuery& query) {
  LF_TRY(facts.CheckUnit(query.unit));
  return app::QueryReports(facts.frame, facts.actor, FilterOf(query));
}

// Whose project it is now, as with all of a project's pages.
Result<app::ProjectReports> GetProjectReports(const Facts& facts, const ProjectId& project,
                                              const ProjectReportsQuery& query) {
  if (!facts.frame.state.project.Knows(project)) return NotFound("project.unknown", {}, "id");
  LF_TRY(facts.CheckOwner(UnitId{facts.now.project.owner[project.index()]}, project));
  return app::QueryProjectReports(facts.frame, facts.actor, project, query.period);
}

Result<app::CorrectionList> ListCorrections(const Facts& facts, const NoPath&, const CorrectionsQuery& query) {
  LF_TRY(facts.CheckUnit(query.unit));
  return app::QueryCorrections(facts.frame, facts.actor,
                               {query.state.value_or(WhichCorrections::pending) == WhichCorrections::pending,
                                query.unit, LimitOf(query.limit), CursorOf(query.cursor)});
}

Result<app::PhotoList> GetProjectPhotos(Call& call, const ProjectId& project, const LedgerQuery&) {
  {
    const auto now = call.engine().Read();
    if (!now.state().project.Knows(project)) return NotFound("project.unknown", {}, "id");
    LF_TRY(app::AuthorizeRead(now.state(), call.actor(), call.Today(now.state()), call.route->permission,
                              UnitId{now.state().project.owner[project.index()]}, project));
  }
  return app::ReadReportPhotos(call.engine(), project, kReportsWithPhotos);
}

}  // namespace

app::ReportFilter FilterOf(const ReportsQuery& query) {
  using Which = app::ReportFilter::Which;
  static_assert(static_cast<int>(WhichReports::pending_correction) == static_cast<int>(Which::pending_correction));
  return {query.period, query.unit, static_cast<Which>(query.state.value_or(WhichReports::all)), LimitOf(query.limit),
          CursorOf(query.cursor)};
}

void AddReportRoutes(RouteTable& table) {
  table.Facts<&ListReports>("/api/v1/reports", "listReports", "project.read",
                            "Who has reported a month and who has not, by unit and project");
  table.Facts<&GetProjectReports>("/api/v1/projects/{id}/reports", "getProjectReports", "project.read",
                                  "A project's progress reports, and what the next form begins with");
  table.Facts<&ListCorrections>("/api/v1/corrections", "listCorrections", "project.read",
                                "Corrections of reports that wait, or were decided");
  table.Stored<&GetProjectPhotos>("/api/v1/projects/{id}/photos", "getProjectPhotos", "project.read",
                                  "Digests of the photos of a project's newest reports");
}

}  // namespace landfall::server
