// SPDX-License-Identifier: Apache-2.0
// Duties, and who acts for whom. A duty hangs on a post: when its holder moves, the duty stays and the successor has
// it.
#pragma once

#include "base/describe.h"
#include "ledger/event.h"

namespace landfall::people {

struct DutyTag {
  static constexpr std::string_view kPrefix = "d", kSubject = "duty";
};
using DutyId = Id<DutyTag>;

// What a post answers for: 包保领导, 执行指挥长, 专班, 代办专员, 联络员. (The unit that leads a project is its owner
// unit.)
enum class DutyKind : std::uint8_t { lead_official, commander, task_force, agent, contact };
BOOST_DESCRIBE_ENUM(DutyKind, lead_official, commander, task_force, agent, contact)

struct DutyAssigned {
  static constexpr EventInfo kInfo{"duty.assigned", 1, EventClass::kInternal, false};
  DutyId on;
  DutyKind kind;
  PostId post;
  ProjectId project;
  Day effective_on;
};
BOOST_DESCRIBE_STRUCT(DutyAssigned, (), (kind, post, project, effective_on))

struct DutyEnded {
  static constexpr EventInfo kInfo{"duty.ended", 1, EventClass::kInternal, false};
  DutyId on;
  Day effective_on;  // The first day without it.
};
BOOST_DESCRIBE_STRUCT(DutyEnded, (), (effective_on))

// 代理: for some days somebody else does what the post does; its holder, if there is one, stays its holder.
struct ActingAppointed {
  static constexpr EventInfo kInfo{"post.acting_appointed", 1, EventClass::kInternal, false};
  PostId on;
  PersonId person;
  Day effective_on;
  Day until;  // The first day without it.
};
BOOST_DESCRIBE_STRUCT(ActingAppointed, (), (person, effective_on, until))

struct ActingEnded {
  static constexpr EventInfo kInfo{"post.acting_ended", 1, EventClass::kInternal, false};
  PostId on;
  PersonId person;
  Day effective_on;
};
BOOST_DESCRIBE_STRUCT(ActingEnded, (), (person, effective_on))

}  // namespace landfall::people
