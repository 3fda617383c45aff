// SPDX-License-Identifier: Apache-2.0
// 责任事项: somebody owes something on a subject by a deadline, with evidence when it is done (DESIGN §1.3).
#pragma once

#include "base/describe.h"
#include "ledger/event.h"
#include "obligation/follow_up_events.h"
#include "obligation/plan_link_events.h"

namespace landfall::obligation {

// The kinds of this release. What each needs stands in kinds.h.
enum class Kind : std::uint8_t { problem, task, resolution, request, visit };
BOOST_DESCRIBE_ENUM(Kind, problem, task, resolution, request, visit)

struct Assigned {
  static constexpr EventInfo kInfo{"obligation.assigned", 1, EventClass::kInternal, false};
  ObligationId on;
  Kind kind;
  std::optional<ProjectId> project;  // The subject; more subjects come with their own issues.
  UnitId owner_unit;
  Day given_on;
  Day due_on;
};
BOOST_DESCRIBE_STRUCT(Assigned, (), (kind, project, owner_unit, given_on, due_on))

struct Worded {
  static constexpr EventInfo kInfo{"obligation.worded", 1, EventClass::kInternal, true};
  ObligationId on;
  Text<500> text;
};
BOOST_DESCRIBE_STRUCT(Worded, (), (text))

struct Accepted {
  static constexpr EventInfo kInfo{"obligation.accepted", 1, EventClass::kInternal, false};
  ObligationId on;
};
BOOST_DESCRIBE_STRUCT(Accepted, (), ())

struct ReportedDone {
  static constexpr EventInfo kInfo{"obligation.reported_done", 1, EventClass::kInternal, false};
  ObligationId on;
  Day effective_on;
  List<Digest, 20> evidence;
};
BOOST_DESCRIBE_STRUCT(ReportedDone, (), (effective_on, evidence))

struct WrittenOff {
  static constexpr EventInfo kInfo{"obligation.written_off", 1, EventClass::kInternal, false};
  ObligationId on;
};
BOOST_DESCRIBE_STRUCT(WrittenOff, (), ())

struct Returned {
  static constexpr EventInfo kInfo{"obligation.returned", 1, EventClass::kInternal, false};
  ObligationId on;
  Day due_on;
};
BOOST_DESCRIBE_STRUCT(Returned, (), (due_on))

struct DeadlineMoved {
  static constexpr EventInfo kInfo{"obligation.deadline_moved", 1, EventClass::kInternal, false};
  ObligationId on;
  Day due_on;
};
BOOST_DESCRIBE_STRUCT(DeadlineMoved, (), (due_on))

struct Cancelled {
  static constexpr EventInfo kInfo{"obligation.cancelled", 1, EventClass::kInternal, false};
  ObligationId on;
};
BOOST_DESCRIBE_STRUCT(Cancelled, (), ())

struct RemarkGiven {
  static constexpr EventInfo kInfo{"obligation.remark_given", 1, EventClass::kInternal, true};
  ObligationId on;
  Text<500> remark;
};
BOOST_DESCRIBE_STRUCT(RemarkGiven, (), (remark))

using Event =
    std::variant<Assigned, Worded, Accepted, ReportedDone, WrittenOff, Returned, DeadlineMoved, Cancelled, RemarkGiven,
                 Urged, SourceStated, SourceWorded, Listed, ProgressNoted, Escalated, EvidenceAttached, TaskTaken>;

}  // namespace landfall::obligation
