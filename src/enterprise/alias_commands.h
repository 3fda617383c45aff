// SPDX-License-Identifier: Apache-2.0
// 别名: link and undo.
#pragma once

#include "base/describe.h"
#include "ledger/command.h"

namespace landfall::enterprise {

struct LinkAlias {
  static constexpr std::string_view kRefusals[] = {"enterprise.unknown", "enterprise.same_enterprise",
                                                   "enterprise.alias_linked", "enterprise.alias_elsewhere",
                                                   "enterprise.has_aliases"};
  static constexpr CommandInfo kInfo{"enterprise.link_alias", "enterprise.write", Scope::kJurisdiction, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  EnterpriseId enterprise;
  EnterpriseId same_as;
};
BOOST_DESCRIBE_STRUCT(LinkAlias, (), (enterprise, same_as))

struct UnlinkAlias {
  static constexpr std::string_view kRefusals[] = {"enterprise.unknown", "enterprise.not_an_alias"};
  static constexpr CommandInfo kInfo{"enterprise.unlink_alias", "enterprise.write", Scope::kJurisdiction, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  EnterpriseId enterprise;
};
BOOST_DESCRIBE_STRUCT(UnlinkAlias, (), (enterprise))

}  // namespace landfall::enterprise
