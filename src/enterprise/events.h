// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/describe.h"
#include "enterprise/alias_events.h"
#include "enterprise/credit_code.h"
#include "ledger/event.h"

namespace landfall::enterprise {

struct EnterpriseRegistered {
  static constexpr EventInfo kInfo{"enterprise.registered", 1, EventClass::kEnterprise, false};
  EnterpriseId on;
  std::optional<CreditCode> credit_code;
  std::optional<Code<40>> foreign_number;  // Neither: to be registered.
};
BOOST_DESCRIBE_STRUCT(EnterpriseRegistered, (), (credit_code, foreign_number))

struct EnterpriseNamed {
  static constexpr EventInfo kInfo{"enterprise.named", 1, EventClass::kEnterprise, true};
  EnterpriseId on;
  Text<120> name;
};
BOOST_DESCRIBE_STRUCT(EnterpriseNamed, (), (name))

struct CreditCodeGiven {
  static constexpr EventInfo kInfo{"enterprise.credit_code_given", 1, EventClass::kEnterprise, false};
  EnterpriseId on;
  CreditCode credit_code;
};
BOOST_DESCRIBE_STRUCT(CreditCodeGiven, (), (credit_code))

using Event = std::variant<EnterpriseRegistered, EnterpriseNamed, CreditCodeGiven, AliasLinked, AliasUnlinked>;

}  // namespace landfall::enterprise
