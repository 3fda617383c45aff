// SPDX-License-Identifier: Apache-2.0
// Figures as known at any record, from the versions that the newest state keeps instead of from a replay.
//
// Holds for every answer: it is the one that the same query gives over Engine::StateAt(frame.known_at). Where the
// versions do not tell (a definition, a unit or region asked for, or a title on the page was changed since), nothing is
// answered and the caller replays. `frame.state` may be newer than `frame.known_at`. Pure.
// Cost: the facts of the months asked for, whenever they were recorded; 10 to 100 µs in a county.
#pragma once

#include "app/known_views.h"
#include "app/queries.h"

namespace landfall::app {

// Errors: those of QueryFigure.
std::optional<Result<FigureValue>> KnownFigure(const Frame& frame, std::string_view id, const FigureFilter& filter);
std::optional<Result<FigureList>> KnownFigures(const Frame& frame, const FigureFilter& filter);

struct CompletedFilter {
  std::optional<Period> period;  // default: the month of as_of
  std::optional<UnitId> unit;
  std::optional<RegionId> region;
  bool region_only = false;
  std::optional<std::uint64_t> since;  // at most known_at
  std::size_t limit = 100;
  std::string cursor;
};
// Errors: request.bad_cursor, known_at.since_later.
std::optional<Result<CompletedInvestment>> QueryCompleted(const Frame& frame, const CompletedFilter& filter);

// Whether the head of an answer (the jurisdiction's name) was the same when frame.known_at was the newest record.
bool HeadHolds(const Frame& frame);
// Precondition: the state knows the project.
FactVersions QueryVersions(const Frame& frame, ProjectId project);

}  // namespace landfall::app
