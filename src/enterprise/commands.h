// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "enterprise/alias_commands.h"
#include "enterprise/events.h"
#include "ledger/command.h"

namespace landfall::enterprise {

struct RegisterEnterprise {
  static constexpr std::string_view kRefusals[] = {"enterprise.code_taken", "enterprise.two_numbers"};
  static constexpr CommandInfo kInfo{"enterprise.register", "enterprise.write", Scope::kJurisdiction, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  Text<120> name;
  std::optional<CreditCode> credit_code;
  std::optional<Code<40>> foreign_number;
};
BOOST_DESCRIBE_STRUCT(RegisterEnterprise, (), (name, credit_code, foreign_number))

struct RenameEnterprise {
  static constexpr std::string_view kRefusals[] = {"enterprise.unknown"};
  static constexpr CommandInfo kInfo{"enterprise.rename", "enterprise.write", Scope::kJurisdiction, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  EnterpriseId enterprise;
  Text<120> name;
};
BOOST_DESCRIBE_STRUCT(RenameEnterprise, (), (enterprise, name))

struct GiveCreditCode {
  static constexpr std::string_view kRefusals[] = {"enterprise.unknown", "enterprise.code_taken",
                                                   "enterprise.has_code"};
  static constexpr CommandInfo kInfo{"enterprise.give_credit_code", "enterprise.write", Scope::kJurisdiction,
                                     kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  EnterpriseId enterprise;
  CreditCode credit_code;
};
BOOST_DESCRIBE_STRUCT(GiveCreditCode, (), (enterprise, credit_code))

using Commands = boost::mp11::mp_list<RegisterEnterprise, RenameEnterprise, GiveCreditCode, LinkAlias, UnlinkAlias>;

}  // namespace landfall::enterprise
