// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "admin/events.h"
#include "admin/policy_commands.h"
#include "ledger/command.h"

namespace landfall::admin {

struct CreateLedger {
  static constexpr std::string_view kRefusals[] = {"ledger.already_created", "currency.unknown"};
  static constexpr CommandInfo kInfo{"ledger.create", "ledger.create", Scope::kJurisdiction, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  Code<20> jurisdiction;
  Text<100> name;
  Code<3> currency;
  Int<-840, 840> utc_offset_minutes;
  Text<64> local_user;
};
BOOST_DESCRIBE_STRUCT(CreateLedger, (), (jurisdiction, name, currency, utc_offset_minutes, local_user))

struct ErasePayload {
  static constexpr std::string_view kRefusals[] = {"payload.not_erasable", "payload.already_erased"};
  static constexpr CommandInfo kInfo{"payload.erase", "payload.erase", Scope::kJurisdiction, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  Int<1, INT64_MAX> seq;
  Int<0, 199> event;
  Key<40> basis;
};
BOOST_DESCRIBE_STRUCT(ErasePayload, (), (seq, event, basis))

// Closes an import. Sent by the importer only, as the last entry of its batch.
struct CompleteBatch {
  static constexpr std::string_view kRefusals[] = {"batch.closes_nothing"};
  static constexpr CommandInfo kInfo{"batch.complete", "import.run", Scope::kJurisdiction, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  Key<40> kind;
  Int<0, INT64_MAX> entries;
  std::optional<Digest> file;
  std::optional<Digest> mapping;
  std::optional<Digest> report;
  std::optional<Text<64>> local_user;
};
BOOST_DESCRIBE_STRUCT(CompleteBatch, (), (kind, entries, file, mapping, report, local_user))

struct CreateAccount {
  static constexpr std::string_view kRefusals[] = {"account.login_taken", "unit.unknown"};
  static constexpr CommandInfo kInfo{"account.create", "account.write", Scope::kJurisdiction, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  Key<40> login;
  Text<60> display;  // A post: 区委书记, 重点办经办.
  std::optional<UnitId> unit;
};
BOOST_DESCRIBE_STRUCT(CreateAccount, (), (login, display, unit))

struct GrantRole {
  static constexpr std::string_view kRefusals[] = {"account.unknown",           "account.role_held",
                                                   "account.role_incompatible", "account.own_role",
                                                   "account.applicant_alone",   "account.applicant_no_official"};
  static constexpr CommandInfo kInfo{"account.grant_role", "account.grant", Scope::kJurisdiction, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  AccountId account;
  Role role;
};
BOOST_DESCRIBE_STRUCT(GrantRole, (), (account, role))

struct RevokeRole {
  static constexpr std::string_view kRefusals[] = {"account.unknown", "account.role_not_held", "account.own_role"};
  static constexpr CommandInfo kInfo{"account.revoke_role", "account.grant", Scope::kJurisdiction, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  AccountId account;
  Role role;
};
BOOST_DESCRIBE_STRUCT(RevokeRole, (), (account, role))

struct DisableAccount {
  static constexpr std::string_view kRefusals[] = {"account.unknown", "account.already_disabled", "account.self"};
  static constexpr CommandInfo kInfo{"account.disable", "account.write", Scope::kJurisdiction, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  AccountId account;
};
BOOST_DESCRIBE_STRUCT(DisableAccount, (), (account))

struct EnableAccount {
  static constexpr std::string_view kRefusals[] = {"account.unknown", "account.not_disabled"};
  static constexpr CommandInfo kInfo{"account.enable", "account.write", Scope::kJurisdiction, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  AccountId account;
};
BOOST_DESCRIBE_STRUCT(EnableAccount, (), (account))

using Commands = boost::mp11::mp_list<CreateLedger, ErasePayload, CompleteBatch, CreateAccount, GrantRole, RevokeRole,
                                      DisableAccount, EnableAccount, LinkAccount, BindEnterprise, ProposePolicy,
                                      ApprovePolicy, RejectPolicy>;

}  // namespace landfall::admin
