// SPDX-License-Identifier: Apache-2.0
// 授权: give a commander powers on the project, and take them back.
#pragma once

#include "ledger/command.h"
#include "people/power_events.h"

namespace landfall::people {

inline constexpr int kDelegationDaysMax = 366;

// Nobody gives what they do not hold: the policy asks for each power, and for the reading (delegation.not_held).
// `until`: the first day without it, at most kDelegationDaysMax after the first with it.
struct GrantDelegation {
  static constexpr std::string_view kRefusals[] = {
      "duty.unknown",       "delegation.not_commander", "delegation.empty",   "delegation.repeated",
      "delegation.in_past", "delegation.term",          "duty.ended_already", "delegation.not_held"};
  static constexpr CommandInfo kInfo{"delegation.grant", "people.delegate", Scope::kJurisdiction, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  DutyId duty;
  List<Power, kPowers> powers;
  Day effective_on;
  Day until;
};
BOOST_DESCRIBE_STRUCT(GrantDelegation, (), (duty, powers, effective_on, until))

struct EndDelegation {
  static constexpr std::string_view kRefusals[] = {"delegation.unknown", "delegation.ended_already",
                                                   "delegation.in_past"};
  static constexpr CommandInfo kInfo{"delegation.end", "people.delegate", Scope::kJurisdiction, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  DelegationId delegation;
  Day effective_on;
};
BOOST_DESCRIBE_STRUCT(EndDelegation, (), (delegation, effective_on))

}  // namespace landfall::people
