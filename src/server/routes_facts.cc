// SPDX-License-Identifier: Apache-2.0
// Facts, as of a day and as known at a position: board, projects, obligations, figures, registers. Answered from
// memory.
#include "app/policy.h"
#include "app/query_known.h"
#include "app/query_mechanisms.h"
#include "server/list_filters.h"
#include "server/routes.h"

namespace landfall::server {
namespace {

std::string TextOf(const std::optional<Text<100>>& text) { return text ? text->value : std::string(); }
std::string CursorOf(const std::optional<Cursor>& cursor) { return cursor ? cursor->value : std::string(); }
std::optional<std::string> KeyOf(const std::optional<Key<40>>& key) {
  return key ? std::optional<std::string>(key->value) : std::nullopt;
}
template <class Limit>
std::size_t LimitOf(const Limit& limit, std::size_t usual) {
  return limit ? static_cast<std::size_t>(limit->value) : usual;
}

Result<app::Board> GetBoard(const Facts& facts, const NoPath&, const BoardQuery& query) {
  LF_TRY(facts.CheckUnit(query.unit));
  LF_TRY(facts.CheckRegion(query.region));
  return app::QueryBoard(facts.frame, {query.unit, query.region, query.light, query.region_only.value_or(false)});
}

Result<app::ProjectList> ListProjects(const Facts& facts, const NoPath&, const ProjectsQuery& query) {
  LF_TRY(facts.CheckUnit(query.unit));
  LF_TRY(facts.CheckRegion(query.region));
  return app::QueryProjects(facts.frame, FilterOf(query));
}

// Whose project it is now: a project that changed hands is the new owner's to read, also its past.
Status CheckProject(const Facts& facts, ProjectId project) {
  if (!facts.frame.state.project.Knows(project)) return NotFound("project.unknown", {}, "id");
  return facts.CheckOwner(UnitId{facts.now.project.owner[project.index()]}, project);
}

Result<app::ProjectPage> GetProject(const Facts& facts, const ProjectId& project, const FactsQuery&) {
  LF_TRY(CheckProject(facts, project));
  LF_ASSIGN(app::ProjectPage page, app::QueryProject(facts.frame, project));
  const app::HistoryIndex& history = facts.engine.history();
  const bool newest = facts.frame.known_at == facts.frame.ledger_size;
  page.records =
      static_cast<std::int64_t>(newest ? history.Count(project.Subject())
                                       : history.Find(project.Subject(), facts.frame.known_at + 1, SIZE_MAX).size());
  return page;
}

Result<app::ObligationList> ListObligations(const Facts& facts, const NoPath&, const ObligationsQuery& query) {
  LF_TRY(facts.CheckUnit(query.unit));
  LF_TRY(facts.CheckRegion(query.region));
  if (query.project && !facts.frame.state.project.Knows(*query.project))
    return NotFound("project.unknown", {}, "project");
  return app::QueryObligations(facts.frame, FilterOf(query));
}

Result<app::ObligationPage> GetObligation(const Facts& facts, const ObligationId& obligation, const FactsQuery&) {
  if (!facts.now.obligation.Knows(obligation)) return NotFound("obligation.unknown", {}, "id");
  LF_TRY(facts.CheckOwner(UnitId{facts.now.obligation.owner[obligation.index()]},
                          ProjectId{facts.now.obligation.project[obligation.index()]}));
  LF_ASSIGN(app::ObligationPage page, app::QueryObligation(facts.frame, obligation));
  page.records = static_cast<std::int64_t>(
      facts.engine.history().Find(obligation.Subject(), facts.frame.known_at + 1, SIZE_MAX).size());
  return page;
}

template <class Query>
Status CheckScope(const Facts& facts, const Query& query) {
  LF_TRY(facts.CheckUnit(query.unit));
  return facts.CheckRegion(query.region);
}

app::FigureFilter FilterOf(const FiguresQuery& query) {
  return {query.from, query.to, query.unit, query.region, 0, {}, query.region_only.value_or(false)};
}
app::FigureFilter FilterOf(const FigureQuery& query) {
  return {query.from,
          query.to,
          query.unit,
          query.region,
          LimitOf(query.limit, 100),
          CursorOf(query.cursor),
          query.region_only.value_or(false)};
}

Result<app::FigureList> ListFigures(const Facts& facts, const NoPath&, const FiguresQuery& query) {
  LF_TRY(CheckScope(facts, query));
  return app::QueryFigures(facts.frame, FilterOf(query));
}
std::optional<Result<app::FigureList>> ListKnownFigures(const Facts& facts, const NoPath&, const FiguresQuery& query) {
  if (Status scope = CheckScope(facts, query); !scope) return scope.error();
  return app::KnownFigures(facts.frame, FilterOf(query));
}

Result<app::FigureValue> GetFigure(const Facts& facts, const Key<60>& id, const FigureQuery& query) {
  LF_TRY(CheckScope(facts, query));
  return app::QueryFigure(facts.frame, id.value, FilterOf(query));
}
std::optional<Result<app::FigureValue>> GetKnownFigure(const Facts& facts, const Key<60>& id,
                                                       const FigureQuery& query) {
  if (Status scope = CheckScope(facts, query); !scope) return scope.error();
  return app::KnownFigure(facts.frame, id.value, FilterOf(query));
}

std::optional<Result<app::CompletedInvestment>> GetKnownCompleted(const Facts& facts, const NoPath&,
                                                                  const CompletedQuery& query) {
  if (Status scope = CheckScope(facts, query); !scope) return scope.error();
  app::CompletedFilter filter{query.period,          query.unit,
                              query.region,          query.region_only.value_or(false),
                              std::nullopt,          LimitOf(query.limit, 100),
                              CursorOf(query.cursor)};
  if (query.since) {
    auto since = SeqOf(facts.engine, *query.since);
    if (!since) return std::move(since).error().At("since");
    filter.since = *since;
  }
  return app::QueryCompleted(facts.frame, filter);
}
Result<app::CompletedInvestment> GetCompleted(const Facts& facts, const NoPath& path, const CompletedQuery& query) {
  return GetKnownCompleted(facts, path, query).value();  // A state knows its own names.
}

Result<app::FactVersions> GetProjectVersions(const Facts& facts, const ProjectId& project, const FactsQuery&) {
  LF_TRY(CheckProject(facts, project));
  return app::QueryVersions(facts.frame, project);
}
// Preconditions of the past state: it must have known the project.
std::optional<Result<app::FactVersions>> GetKnownVersions(const Facts& facts, const ProjectId& project,
                                                          const FactsQuery&) {
  if (Status known = CheckProject(facts, project); !known) return known.error();
  const app::State& s = facts.frame.state;
  if (s.project.registered_seq[project.index()] > facts.frame.known_at) return NotFound("project.unknown", {}, "id");
  if (!app::HeadHolds(facts.frame)) return std::nullopt;
  return app::QueryVersions(facts.frame, project);
}

Result<app::UnitList> ListUnits(const Facts& facts, const NoPath&, const FactsQuery&) {
  return app::QueryUnits(facts.frame);
}
Result<app::RegionList> ListRegions(const Facts& facts, const NoPath&, const FactsQuery&) {
  return app::QueryRegions(facts.frame);
}
Result<app::LadderList> ListLadders(const Facts& facts, const NoPath&, const FactsQuery&) {
  return app::QueryLadders(facts.frame);
}

// How the place works is for everybody who reads its master data; a figure's value only for who may read figures.
Result<app::MechanismList> ListMechanisms(const Facts& facts, const NoPath&, const FactsQuery&) {
  return app::QueryMechanisms(facts.frame, app::VisibleTo(facts.now, facts.actor, facts.today, "figure.read"));
}

Result<app::EnterpriseList> ListEnterprises(const Facts& facts, const NoPath&, const EnterprisesQuery& query) {
  return app::QueryEnterprises(facts.frame, FilterOf(query));
}

}  // namespace

app::ProjectFilter FilterOf(const ProjectsQuery& query) {
  app::ProjectFilter filter;
  filter.text = TextOf(query.q);
  if (query.stage) filter.stage = query.stage->key;
  filter.light = query.light;
  filter.unit = query.unit;
  filter.region = query.region;
  filter.region_only = query.region_only.value_or(false);
  filter.ladder = KeyOf(query.ladder);
  filter.contradicting = query.contradicting.value_or(false);
  filter.min_investment = query.min_investment_minor;
  if (query.sort) {
    filter.sort = query.sort->by;
    filter.descending = query.sort->descending;
  }
  filter.limit = LimitOf(query.limit, 50);
  filter.cursor = CursorOf(query.cursor);
  return filter;
}

app::ObligationFilter FilterOf(const ObligationsQuery& query) {
  app::ObligationFilter filter;
  filter.text = TextOf(query.q);
  using Which = app::ObligationFilter::Which;
  switch (query.state.value_or(WhichObligations::open)) {
    case WhichObligations::open:
      filter.which = Which::open;
      break;
    case WhichObligations::closed:
      filter.which = Which::closed;
      break;
    case WhichObligations::all:
      filter.which = Which::all;
      break;
    case WhichObligations::reported:
      filter.which = Which::reported;
      break;
  }
  filter.light = query.light;
  filter.unit = query.unit;
  filter.region = query.region;
  filter.kind = KeyOf(query.kind);
  filter.project = query.project;
  filter.derived = query.derived.value_or(true);
  filter.list = query.list;
  filter.category = query.category;
  filter.urged = query.urged.value_or(false);
  filter.by_light = query.sort == ObligationOrder::light;
  filter.limit = LimitOf(query.limit, 50);
  filter.cursor = CursorOf(query.cursor);
  return filter;
}

app::EnterpriseFilter FilterOf(const EnterprisesQuery& query) {
  return {TextOf(query.q), LimitOf(query.limit, 50), CursorOf(query.cursor)};
}

void AddFactRoutes(RouteTable& table) {
  table.Facts<&GetBoard>("/api/v1/board", "getBoard", "project.read", "The board: counts, sums and lights");
  table.Facts<&ListProjects>("/api/v1/projects", "listProjects", "project.read", "Projects, filtered and sorted");
  table.Facts<&GetProject>("/api/v1/projects/{id}", "getProject", "project.read",
                           "One project with milestones, funds and obligations");
  table.Facts<&ListObligations>("/api/v1/obligations", "listObligations", "obligation.read",
                                "Obligations and planned milestones");
  table.Facts<&GetObligation>("/api/v1/obligations/{id}", "getObligation", "obligation.read",
                              "One obligation with its source");
  table.Facts<&ListFigures, &ListKnownFigures>("/api/v1/figures", "listFigures", "figure.read",
                                               "Every figure with its value");
  table.Facts<&GetFigure, &GetKnownFigure>("/api/v1/figures/{id}", "getFigure", "figure.read",
                                           "One figure with the records behind it");
  table.Facts<&GetCompleted, &GetKnownCompleted>(
      "/api/v1/completed-investment", "getCompletedInvestment", "figure.read",
      "Completed investment of a month and of its year by region, and what is known differently since a record");
  table.Facts<&GetProjectVersions, &GetKnownVersions>(
      "/api/v1/projects/{id}/versions", "getProjectVersions", "project.read",
      "Every version of a project's milestones, money in place and completed investment");
  table.Facts<&ListUnits>("/api/v1/units", "listUnits", "master.read", "Units");
  table.Facts<&ListRegions>("/api/v1/regions", "listRegions", "master.read", "Regions");
  table.Facts<&ListLadders>("/api/v1/ladders", "listLadders", "master.read", "Milestone ladders");
  table.Facts<&ListMechanisms>("/api/v1/mechanisms", "listMechanisms", "master.read",
                               "Working mechanisms with their owners and the values of their figures");
  table.Facts<&ListEnterprises>("/api/v1/enterprises", "listEnterprises", "master.read", "Enterprises");
}

}  // namespace landfall::server
