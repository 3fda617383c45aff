// SPDX-License-Identifier: Apache-2.0
// 到位资金 in its readings: what was stated (project.funds_received), what a second person found vouchers for, and what
// statistics counts. The three are shown side by side and never added together.
#pragma once

#include "base/describe.h"
#include "ledger/event.h"

namespace landfall::project {

struct FundsVerified {
  static constexpr EventInfo kInfo{"project.funds_verified", 1, EventClass::kInternal, false};
  ProjectId on;
  Int<1, INT64_MAX> receipt;  // seq
  Money amount_minor;         // 0 … what was stated
  List<Digest, 20> evidence;  // the vouchers
};
BOOST_DESCRIBE_STRUCT(FundsVerified, (), (receipt, amount_minor, evidence))

struct FundsCounted {
  static constexpr EventInfo kInfo{"project.funds_counted", 1, EventClass::kInternal, false};
  ProjectId on;
  Int<1, INT64_MAX> receipt;  // seq
  Money amount_minor;         // 0 … what was stated
};
BOOST_DESCRIBE_STRUCT(FundsCounted, (), (receipt, amount_minor))

using FundsReadingEvents = std::variant<FundsVerified, FundsCounted>;

}  // namespace landfall::project
