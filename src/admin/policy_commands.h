// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "admin/policy_events.h"
#include "ledger/command.h"

namespace landfall::admin {

struct LinkAccount {
  static constexpr std::string_view kRefusals[] = {"account.unknown",        "person.unknown",
                                                   "account.self",           "account.person_taken",
                                                   "account.link_unchanged", "account.applicant_no_official"};
  static constexpr CommandInfo kInfo{"account.link", "account.write", Scope::kJurisdiction, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  AccountId account;
  std::optional<PersonId> person;
};
BOOST_DESCRIBE_STRUCT(LinkAccount, (), (account, person))

// Before or after the role `enterprise` is granted; without either the account may do nothing.
struct BindEnterprise {
  static constexpr std::string_view kRefusals[] = {"account.unknown", "enterprise.unknown", "account.applicant_alone",
                                                   "account.applicant_no_official", "account.binding_unchanged"};
  static constexpr CommandInfo kInfo{"account.bind_enterprise", "account.grant", Scope::kJurisdiction, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  AccountId account;
  std::optional<EnterpriseId> enterprise;
};
BOOST_DESCRIBE_STRUCT(BindEnterprise, (), (account, enterprise))

struct ProposePolicy {
  static constexpr std::string_view kRefusals[] = {"policy.unknown_permission", "policy.separation", "policy.fixed",
                                                   "policy.proposed_already"};
  static constexpr CommandInfo kInfo{"policy.propose", "policy.edit", Scope::kJurisdiction, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  Role role;
  Key<40> permission;
  PolicyReach reach;
  Text<500> remark;
};
BOOST_DESCRIBE_STRUCT(ProposePolicy, (), (role, permission, reach, remark))

struct ApprovePolicy {
  static constexpr std::string_view kRefusals[] = {"policy.unknown", "policy.decided_already", "policy.own_proposal"};
  static constexpr CommandInfo kInfo{"policy.approve", "policy.approve", Scope::kJurisdiction, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  PolicyChangeId change;
};
BOOST_DESCRIBE_STRUCT(ApprovePolicy, (), (change))

struct RejectPolicy {
  static constexpr std::string_view kRefusals[] = {"policy.unknown", "policy.decided_already"};
  static constexpr CommandInfo kInfo{"policy.reject", "policy.approve", Scope::kJurisdiction, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  PolicyChangeId change;
};
BOOST_DESCRIBE_STRUCT(RejectPolicy, (), (change))

}  // namespace landfall::admin
