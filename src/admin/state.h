// SPDX-License-Identifier: Apache-2.0
// Accounts and the ledger's constants. Decides nothing about passwords: credentials never enter a ledger.
#pragma once

#include <string>
#include <vector>

#include "admin/commands.h"
#include "base/columns.h"
#include "people/events.h"

namespace landfall::admin {

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
  std::uint32_t units = 0;
  TextIndex by_login;  // derived

  UtcOffset offset() const { return {static_cast<int>(utc_offset_minutes)}; }
  bool Knows(AccountId id) const { return id && id.index() < roles.size(); }
  bool Has(AccountId id, Role role) const { return (roles[id.index()] >> static_cast<int>(role) & 1) != 0; }

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
void Apply(State&, const Origin&, const people::UnitCreated&);

}  // namespace landfall::admin
