// SPDX-License-Identifier: Apache-2.0
// Which person or enterprise an account belongs to, and changes of the policy (role × permission × scope) with four
// eyes.
#pragma once

#include "base/describe.h"
#include "ledger/event.h"

namespace landfall::admin {

// What an account may do; which permissions a role holds stands in app/policy.cc, as changed by policy.approved.
enum class Role : std::uint8_t {
  leader,
  project_office,
  unit_officer,
  statistician,
  supervisor,
  sysadmin,
  secadmin,
  auditor,
  unit_head,
  enterprise  // An applicant: acts for the enterprise that the account is bound to, and holds no other role.
};
BOOST_DESCRIBE_ENUM(Role, leader, project_office, unit_officer, statistician, supervisor, sysadmin, secadmin, auditor,
                    unit_head, enterprise)
inline constexpr int kRoles = 10;

// The account's "own" units are then also those of the posts that this person holds or acts for, from day to day.
struct AccountLinked {
  static constexpr EventInfo kInfo{"account.linked", 1, EventClass::kInternal, false};
  AccountId on;
  std::optional<PersonId> person;  // Absent: no longer anybody's.
};
BOOST_DESCRIBE_STRUCT(AccountLinked, (), (person))

// Whose cases the account brings in and follows, with the role `enterprise`.
struct AccountBound {
  static constexpr EventInfo kInfo{"account.bound", 1, EventClass::kInternal, false};
  AccountId on;
  std::optional<EnterpriseId> enterprise;  // Absent: no longer any.
};
BOOST_DESCRIBE_STRUCT(AccountBound, (), (enterprise))

// How far a role reaches with a permission: nothing, what its units own, the whole jurisdiction.
enum class PolicyReach : std::uint8_t { none, own, all };
BOOST_DESCRIBE_ENUM(PolicyReach, none, own, all)

struct PolicyChangeTag {
  static constexpr std::string_view kPrefix = "v", kSubject = "policy";
};
using PolicyChangeId = Id<PolicyChangeTag>;

struct PolicyProposed {
  static constexpr EventInfo kInfo{"policy.proposed", 1, EventClass::kInternal, false};
  PolicyChangeId on;
  Role role;
  Key<40> permission;
  PolicyReach reach;
};
BOOST_DESCRIBE_STRUCT(PolicyProposed, (), (role, permission, reach))

// Why, in words; belongs to the proposal before it in the same entry.
struct PolicyReasoned {
  static constexpr EventInfo kInfo{"policy.reasoned", 1, EventClass::kInternal, true};
  PolicyChangeId on;
  Text<500> remark;
};
BOOST_DESCRIBE_STRUCT(PolicyReasoned, (), (remark))

// In force from this record on.
struct PolicyApproved {
  static constexpr EventInfo kInfo{"policy.approved", 1, EventClass::kInternal, false};
  PolicyChangeId on;
};
BOOST_DESCRIBE_STRUCT(PolicyApproved, (), ())

struct PolicyRejected {
  static constexpr EventInfo kInfo{"policy.rejected", 1, EventClass::kInternal, false};
  PolicyChangeId on;
};
BOOST_DESCRIBE_STRUCT(PolicyRejected, (), ())

}  // namespace landfall::admin
