// SPDX-License-Identifier: Apache-2.0
// Every read of facts, over one state and one day. Pure: the server, the CLI and the benches call these.
//
// `as_of`: facts whose day is later are not counted as reached. The state decides what is known (Engine::Read or
// StateAt). Cost: scans over columns; 10^6 projects within 5 ms for board and list as of a day not before the newest
// fact. `visible` limits an answer to what its reader may see.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "app/state.h"
#include "app/views.h"
#include "app/visible.h"

namespace landfall::app {

// Where an answer stands.
struct Frame {
  const State& state;
  Day as_of;
  std::uint64_t known_at = 0;  // seq of the state
  Instant known_at_time{};
  std::uint64_t ledger_size = 0;
  Visible visible{};
};
Standing StandingOf(const Frame& frame);

// ---- lights (UI_GUIDE §1: project milestones 1–14 days amber, more red; obligations of statutory packs come with
// approvals) ----
inline constexpr std::int32_t kAmberDays = 14;
LightView ProjectLight(const Frame& frame, ProjectId project);
LightView ObligationLight(const Frame& frame, ObligationId obligation);

// A region stands for itself and all below it, unless `region_only`.
struct BoardFilter {
  std::optional<UnitId> unit;
  std::optional<RegionId> region;
  std::optional<Light> light;  // of the projects; obligations are counted as they are without it
  bool region_only = false;
};
Board QueryBoard(const Frame& frame, const BoardFilter& filter);

enum class ProjectSort : std::uint8_t { code, title, investment, funds, next_due, light, stage };
BOOST_DESCRIBE_ENUM(ProjectSort, code, title, investment, funds, next_due, light, stage)
struct ProjectFilter {
  std::string text;                  // found in title or code, letters without case
  std::optional<std::string> stage;  // milestone key, "" for none reached
  std::optional<Light> light;
  std::optional<UnitId> unit;      // and those below it
  std::optional<RegionId> region;  // and those below it, unless `region_only`
  bool region_only = false;
  std::optional<std::string> ladder;
  bool contradicting = false;
  std::optional<Money> min_investment;
  ProjectSort sort = ProjectSort::code;
  bool descending = false;
  std::size_t limit = 50;  // 1 … 500
  std::string cursor;      // from the answer before; "" for the beginning
};
// Errors: request.bad_cursor.
Result<ProjectList> QueryProjects(const Frame& frame, const ProjectFilter& filter);
// Errors: project.unknown. `records` and obligations' history counts are filled by the caller that has the index.
Result<ProjectPage> QueryProject(const Frame& frame, ProjectId project);

struct ObligationFilter {
  std::string text;
  enum class Which : std::uint8_t { open, closed, all, reported } which = Which::open;  // reported: 待销号
  std::optional<Light> light;
  std::optional<UnitId> unit;
  std::optional<RegionId> region;   // of the project, or one above it; what belongs to no project is left out
  std::optional<std::string> kind;  // obligation kind, "milestone", "report" or "block"
  std::optional<ProjectId> project;
  bool derived = true;                       // with planned milestones, reports not in and blocks not solved
  std::optional<obligation::ListName> list;  // Any of these three leaves derived rows out.
  std::optional<obligation::Category> category;
  bool urged = false;     // with an urge that the owing unit has not answered
  bool by_light = false;  // else by due day
  std::size_t limit = 50;
  std::string cursor;
};
Result<ObligationList> QueryObligations(const Frame& frame, const ObligationFilter& filter);
// Precondition: the state knows it.
ObligationRow QueryObligationRow(const Frame& frame, ObligationId obligation);
// An open block as the row of who owes its solution. Precondition: project::FileState has block index `block`.
ObligationRow QueryBlockRow(const Frame& frame, std::uint32_t block);
// The index of the block that a record has raised, where it stands on `as_of`; else nothing.
std::optional<std::uint32_t> FindStandingBlock(const Frame& frame, ProjectId project, std::uint64_t seq);
// Errors: obligation.unknown. `records` is filled by the caller that has the index.
Result<ObligationPage> QueryObligation(const Frame& frame, ObligationId obligation);

struct FigureFilter {
  std::optional<Day> from, to;  // default: 1 January of as_of's year … as_of
  std::optional<UnitId> unit;
  std::optional<RegionId> region;
  std::size_t limit = 100;
  std::string cursor;
  bool region_only = false;
};
// Every definition with its value, without records.
Result<FigureList> QueryFigures(const Frame& frame, const FigureFilter& filter);
// One, with the records behind it. Errors: figure.unknown, figure.period_reversed, request.bad_cursor.
Result<FigureValue> QueryFigure(const Frame& frame, std::string_view id, const FigureFilter& filter);
// One as it stands in the list of all. Errors: figure.unknown, figure.period_reversed.
Result<FigureValue> QueryFigureValue(const Frame& frame, std::string_view id, const FigureFilter& filter);

UnitList QueryUnits(const Frame& frame);
RegionList QueryRegions(const Frame& frame);
LadderList QueryLadders(const Frame& frame);
struct EnterpriseFilter {
  std::string text;
  std::size_t limit = 50;
  std::string cursor;
};
Result<EnterpriseList> QueryEnterprises(const Frame& frame, const EnterpriseFilter& filter);

NamedRef UnitRef(const State& state, UnitId unit);
NamedRef RegionRef(const State& state, RegionId region);
NamedRef ProjectRef(const project::State& state, std::uint32_t raw);
NamedRef EnterpriseRef(const State& state, std::uint32_t raw);
// What an account is called as of now, by its raw id; "" for the command line and the scheduler.
std::string DisplayOf(const State& state, std::uint32_t account);

}  // namespace landfall::app
