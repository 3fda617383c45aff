// SPDX-License-Identifier: Apache-2.0
// 别名: one enterprise that is registered under two names is linked, never deleted, and can be told apart again.
#pragma once

#include "base/describe.h"
#include "ledger/event.h"

namespace landfall::enterprise {

struct AliasLinked {
  static constexpr EventInfo kInfo{"enterprise.alias_linked", 1, EventClass::kInternal, false};
  EnterpriseId on;
  EnterpriseId same_as;  // Stands for both.
};
BOOST_DESCRIBE_STRUCT(AliasLinked, (), (same_as))

struct AliasUnlinked {
  static constexpr EventInfo kInfo{"enterprise.alias_unlinked", 1, EventClass::kInternal, false};
  EnterpriseId on;
};
BOOST_DESCRIBE_STRUCT(AliasUnlinked, (), ())

}  // namespace landfall::enterprise
