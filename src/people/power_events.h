// SPDX-License-Identifier: Apache-2.0
// 授权: what a commander (执行指挥长) may do on one project beyond the roles of their account, until when, and each
// time it was used. It is given to the post that has the duty: whoever holds the post, or acts for it, has the powers,
// and reads the project with what is owed on it. It ends with its term, with the duty, or when it is taken back. To
// delegate is no power that can be delegated, so nobody passes it on.
#pragma once

#include "base/describe.h"
#include "ledger/event.h"
#include "people/duty_events.h"

namespace landfall::people {

struct DelegationTag {
  static constexpr std::string_view kPrefix = "g", kSubject = "delegation";
};
using DelegationId = Id<DelegationTag>;

// All that can be delegated. Whatever is not here stays with the roles.
enum class Power : std::uint8_t {
  assign,          // obligation.assign
  assign_task,     // obligation.assign_task
  urge,            // obligation.urge
  escalate,        // obligation.escalate
  move_deadline,   // obligation.move_deadline
  send_back,       // obligation.return
  adopt_plan,      // project.adopt_plan
  approve_change,  // project.approve_rebaseline
  reject_change,   // project.reject_rebaseline
  raise_block      // project.raise_block
};
BOOST_DESCRIBE_ENUM(Power, assign, assign_task, urge, escalate, move_deadline, send_back, adopt_plan, approve_change,
                    reject_change, raise_block)
inline constexpr std::size_t kPowers = 10;
std::string_view CommandOf(Power power);

struct DelegationGranted {
  static constexpr EventInfo kInfo{"delegation.granted", 1, EventClass::kInternal, false};
  DelegationId on;
  DutyId duty;                  // Of a commander: post and project.
  List<Power, kPowers> powers;  // Each once.
  Day effective_on;
  Day until;  // The first day without it.
};
BOOST_DESCRIBE_STRUCT(DelegationGranted, (), (duty, powers, effective_on, until))

struct DelegationEnded {
  static constexpr EventInfo kInfo{"delegation.ended", 1, EventClass::kInternal, false};
  DelegationId on;
  Day effective_on;  // The first day without it.
};
BOOST_DESCRIBE_STRUCT(DelegationEnded, (), (effective_on))

// Stands in the entry of a command that its account could not have sent without it.
struct DelegationUsed {
  static constexpr EventInfo kInfo{"delegation.used", 1, EventClass::kInternal, false};
  DelegationId on;
};
BOOST_DESCRIBE_STRUCT(DelegationUsed, (), ())

}  // namespace landfall::people
