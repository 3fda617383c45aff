// SPDX-License-Identifier: Apache-2.0
// 代办委托: record what an enterprise asks of its agent, and that it takes it back.
#pragma once

#include "ledger/command.h"
#include "people/mandate_events.h"

namespace landfall::people {

inline constexpr int kMandateDaysMax = 1096;  // Three years: longer than any building permit that agents wait for.

// `until`: the first day without it, at most kMandateDaysMax after the first with it.
struct GiveMandate {
  static constexpr std::string_view kRefusals[] = {"duty.unknown",        "mandate.not_agent", "mandate.empty",
                                                   "mandate.repeated",    "mandate.term",      "mandate.no_paper",
                                                   "mandate.outside_duty"};
  static constexpr CommandInfo kInfo{"mandate.give", "people.write", Scope::kJurisdiction, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  DutyId duty;
  List<Service, kServices> services;
  Day effective_on;
  Day until;
  List<Digest, 20> evidence;  // The mandate as it was signed.
};
BOOST_DESCRIBE_STRUCT(GiveMandate, (), (duty, services, effective_on, until, evidence))

struct RevokeMandate {
  static constexpr std::string_view kRefusals[] = {"duty.unknown", "mandate.none"};
  static constexpr CommandInfo kInfo{"mandate.revoke", "people.write", Scope::kJurisdiction, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  DutyId duty;
  Day effective_on;
};
BOOST_DESCRIBE_STRUCT(RevokeMandate, (), (duty, effective_on))

}  // namespace landfall::people
