// SPDX-License-Identifier: Apache-2.0
// Cases 办件 as they are read: list, page, what is in force, health of the window. As queries.h: pure reads of a frame,
// of which `as_of` is the day on which clocks are read. A case is seen by who may see its lead unit or the unit of one
// of its steps.
#pragma once

#include "app/case_views.h"
#include "app/queries.h"
#include "calendar/work_calendar.h"

namespace landfall::app {

struct CaseFilter {
  std::optional<CaseState> state;
  bool open = false;           // only those that are not closed
  std::optional<UnitId> unit;  // leads, or is competent for a step
  std::optional<EnterpriseId> enterprise;
  std::optional<CaseChannel> channel;
  std::string package;
  std::optional<Light> light;
  std::size_t limit = 50;
  std::string cursor;
};
// The words of a matter's version, by its index; empty where they were erased. Cost: a scan of some hundred bytes.
cases::MatterNamed MatterWords(const cases::State& state, std::uint32_t matter);
// Newest first. Cost: a scan; a clock per open step. Errors: request.bad_cursor.
Result<CaseList> QueryCases(const Frame& frame, const CaseFilter& filter);
// Whether the account reaches the case: its unit has the window or a step, or was asked to agree.
// Errors: case.unknown, access.other_unit.
Status MayReadCase(const Frame& frame, cases::CaseId id);
// Errors: those of MayReadCase. `records` is filled by the caller that has the index.
Result<CasePage> QueryCase(const Frame& frame, cases::CaseId id);
// Accounts that may agree to a step: those that may decide steps, and have a unit in whose name to do it.
ReviewerList QueryReviewers(const State& state, Day today);
// The ledgers that are, or were, trusted.
PeerList QueryPeers(const cases::Peers& peers);
MattersInForce QueryMattersInForce(const Frame& frame);
CaseHealth QueryCaseHealth(const Frame& frame);

// A step that could begin and is not decided, as a row of who owes it; raw ids.
struct OwedStep {
  std::uint32_t unit, project, case_index, step;
  std::int32_t due;
};
// All of them, at the cost of a due day a group. Lives no longer than its frame.
class OwedSteps {
 public:
  explicit OwedSteps(const Frame& frame);

  struct Group {
    const cases::OwedGroup* of;
    std::uint32_t unit;     // Competent for all of them.
    std::int32_t earliest;  // The due day of each; of `beside` none is due earlier.
  };
  // By `earliest`, those that are `beside` behind the others.
  std::vector<Group> Groups() const;
  std::string NameOf(const Group& group) const;
  // The step of a case of the group, due on its earliest day.
  OwedStep In(const Group& group, std::uint32_t case_index) const;
  // Its own due day by its clock; false where the case was accepted after `as_of` or the day is beyond the calendar.
  bool Complete(OwedStep& owed) const;
  std::vector<OwedStep> Of(std::uint32_t case_index) const;

 private:
  const Frame& frame_;
  const cases::State& s_;
  const std::shared_ptr<const WorkCalendar> calendar_;
};
// Of one step; nothing where it is not owed, or the case was accepted after `as_of`.
std::optional<OwedStep> FindOwedStep(const Frame& frame, std::uint32_t case_index, std::int64_t step);
ObligationRow OwedStepRow(const Frame& frame, const OwedStep& step);

}  // namespace landfall::app
