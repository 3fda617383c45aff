// SPDX-License-Identifier: Apache-2.0
// Accounts and the ledger's constants. Decides nothing about passwords: credentials never enter a ledger.
#pragma once

#include <string>
#include <vector>

#include "admin/commands.h"
#include "base/columns.h"
#include "enterprise/events.h"
#include "people/events.h"

namespace landfall::admin {

enum class ChangeState : std::uint8_t { kProposed, kApproved, kRejected };
struct PolicyChange {
  std::uint8_t role, reach, state, unused;
  std::uint32_t proposed_by, decided_by;    // raw accounts, 0: not an account
  std::uint32_t proposed_seq, decided_seq;  // decided_seq 0: open
};

struct State {
  bool created = false;
  std::string jurisdiction, currency;
  std::int64_t currency_decimals = 2;
  std::int64_t utc_offset_minutes = 480;
  ErasableText name;  // One row.
  // By account index:
  TextColumn login;
  ErasableText display;
  std::vector<std::uint32_t> unit;   // raw UnitId, 0 for none
  std::vector<std::uint16_t> roles;  // bit per Role
  std::vector<std::uint8_t> disabled;
  // Batches, newest last: seqs of batch.completed.
  std::vector<std::uint64_t> batches;
  // What has been erased, as seq << 8 | event, in order of erasure.
  std::vector<std::uint64_t> erased;
  std::uint32_t units = 0, persons = 0, enterprises = 0;
  std::vector<std::uint32_t> person;      // by account: raw PersonId, 0 for none
  std::vector<std::uint32_t> enterprise;  // by account: raw EnterpriseId, 0 for none
  std::vector<PolicyChange> changes;      // by policy change
  TextColumn change_permission;
  ErasableText change_remark;
  TextIndex by_login;  // derived

  UtcOffset offset() const { return {static_cast<int>(utc_offset_minutes)}; }
  bool Knows(AccountId id) const { return id && id.index() < roles.size(); }
  bool Knows(PolicyChangeId id) const { return id && id.index() < changes.size(); }
  // What the newest approved change says of a role's permission; none where no change does.
  std::optional<PolicyReach> Changed(Role role, std::string_view permission) const;
  bool Has(AccountId id, Role role) const { return (roles[id.index()] >> static_cast<int>(role) & 1) != 0; }
  // An enterprise's account, by its role or its binding: nobody's who holds an office or belongs to a unit.
  bool IsApplicant(AccountId id) const { return enterprise[id.index()] != 0 || Has(id, Role::enterprise); }

  template <class Archive>
  void Columns(Archive& a) {
    a("admin.jurisdiction", jurisdiction);
    a("admin.currency", currency);
    a("admin.decimals", currency_decimals);
    a("admin.offset", utc_offset_minutes);
    name.Columns(a, "admin.name");
    a("admin.login", login);
    display.Columns(a, "admin.display");
    a("admin.unit", unit);
    a("admin.roles", roles);
    a("admin.disabled", disabled);
    a("admin.batches", batches);
    a("admin.erased", erased);
    a("admin.units", units);
    a("admin.persons", persons);
    a("admin.person", person);
    a("admin.enterprises", enterprises);
    a("admin.enterprise", enterprise);
    a("admin.changes", changes);
    a("admin.change_permission", change_permission);
    change_remark.Columns(a, "admin.change_remark");
  }
  void Rebuild() {
    created = !jurisdiction.empty();
    by_login.Rebuild(login);
  }
};

using Decided = Result<std::vector<Event>>;
Decided Decide(const State&, const DecideContext&, const CreateLedger&);
Decided Decide(const State&, const DecideContext&, const ErasePayload&);
Decided Decide(const State&, const DecideContext&, const CompleteBatch&);
Decided Decide(const State&, const DecideContext&, const CreateAccount&);
Decided Decide(const State&, const DecideContext&, const GrantRole&);
Decided Decide(const State&, const DecideContext&, const RevokeRole&);
Decided Decide(const State&, const DecideContext&, const DisableAccount&);
Decided Decide(const State&, const DecideContext&, const EnableAccount&);
Decided Decide(const State&, const DecideContext&, const LinkAccount&);
Decided Decide(const State&, const DecideContext&, const BindEnterprise&);
Decided Decide(const State&, const DecideContext&, const ProposePolicy&);
Decided Decide(const State&, const DecideContext&, const ApprovePolicy&);
Decided Decide(const State&, const DecideContext&, const RejectPolicy&);

void Apply(State&, const Origin&, const LedgerCreated&);
void Apply(State&, const Origin&, const JurisdictionNamed&);
void Apply(State&, const Origin&, const LocalUserNoted&);
void Apply(State&, const Origin&, const PayloadErased&);
void Apply(State&, const Origin&, const BatchCompleted&);
void Apply(State&, const Origin&, const AccountCreated&);
void Apply(State&, const Origin&, const AccountDescribed&);
void Apply(State&, const Origin&, const RoleGranted&);
void Apply(State&, const Origin&, const RoleRevoked&);
void Apply(State&, const Origin&, const AccountDisabled&);
void Apply(State&, const Origin&, const AccountEnabled&);
void Apply(State&, const Origin&, const AccountLinked&);
void Apply(State&, const Origin&, const AccountBound&);
void Apply(State&, const Origin&, const PolicyProposed&);
void Apply(State&, const Origin&, const PolicyReasoned&);
void Apply(State&, const Origin&, const PolicyApproved&);
void Apply(State&, const Origin&, const PolicyRejected&);
void Apply(State&, const Origin&, const people::UnitCreated&);
void Apply(State&, const Origin&, const people::PersonRegistered&);
void Apply(State&, const Origin&, const enterprise::EnterpriseRegistered&);

}  // namespace landfall::admin
