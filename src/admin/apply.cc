// SPDX-License-Identifier: Apache-2.0
#include "admin/state.h"

namespace landfall::admin {

void Apply(State& state, const Origin&, const LedgerCreated& e) {
  state.created = true;
  state.jurisdiction = e.jurisdiction.value;
  state.currency = e.currency.value;
  state.currency_decimals = CurrencyDecimals(e.currency.value).value();
  state.utc_offset_minutes = e.utc_offset_minutes.value;
}

void Apply(State& state, const Origin& origin, const JurisdictionNamed& e) {
  state.name.Resize(1);
  state.name.Set(0, origin.seq, origin.event, e.name.value);
}

void Apply(State&, const Origin&, const LocalUserNoted&) {}  // For the audit's eyes; no state depends on it.

void Apply(State& state, const Origin&, const PayloadErased& e) {
  const auto seq = static_cast<std::uint64_t>(e.seq.value);
  const auto event = static_cast<std::uint32_t>(e.event.value);
  state.erased.push_back(seq << 8 | event);
  state.name.Erase(seq, event);
  state.display.Erase(seq, event);
  state.change_remark.Erase(seq, event);
}

void Apply(State& state, const Origin& origin, const BatchCompleted&) { state.batches.push_back(origin.seq); }

void Apply(State& state, const Origin&, const AccountCreated& e) {
  const std::size_t rows = state.roles.size() + 1;
  state.login.Resize(rows);
  state.display.Resize(rows);
  state.unit.push_back(e.unit ? e.unit->raw : 0);
  state.roles.push_back(0);
  state.disabled.push_back(0);
  state.person.push_back(0);
  state.enterprise.push_back(0);
  state.login.Set(rows - 1, e.login.value);
  state.by_login.Insert(state.login, static_cast<std::uint32_t>(rows - 1));
}

void Apply(State& state, const Origin& origin, const AccountDescribed& e) {
  state.display.Set(e.on.index(), origin.seq, origin.event, e.display.value);
}

void Apply(State& state, const Origin&, const RoleGranted& e) {
  state.roles[e.on.index()] |= static_cast<std::uint16_t>(1 << static_cast<int>(e.role));
}
void Apply(State& state, const Origin&, const RoleRevoked& e) {
  state.roles[e.on.index()] &= static_cast<std::uint16_t>(~(1 << static_cast<int>(e.role)));
}
void Apply(State& state, const Origin&, const AccountDisabled& e) { state.disabled[e.on.index()] = 1; }
void Apply(State& state, const Origin&, const AccountEnabled& e) { state.disabled[e.on.index()] = 0; }
void Apply(State& state, const Origin&, const people::UnitCreated&) { ++state.units; }

}  // namespace landfall::admin
