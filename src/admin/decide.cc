// SPDX-License-Identifier: Apache-2.0
#include "admin/state.h"

namespace landfall::admin {
namespace {

// 三员分立: who keeps the system, who grants roles and who audits are three people, and none of them works in the
// business.
bool Incompatible(std::uint16_t held, Role wanted) {
  constexpr std::uint16_t kThree = 1 << static_cast<int>(Role::sysadmin) | 1 << static_cast<int>(Role::secadmin) |
                                   1 << static_cast<int>(Role::auditor);
  const bool wants_one = (kThree >> static_cast<int>(wanted) & 1) != 0;
  return wants_one ? held != 0 : (held & kThree) != 0;
}

bool IsOfOffice(const State& state, AccountId id) {
  return state.unit[id.index()] != 0 || state.person[id.index()] != 0;
}

}  // namespace

Decided Decide(const State& state, const DecideContext&, const CreateLedger& c) {
  if (state.created) return Conflict("ledger.already_created");
  LF_TRY(CurrencyDecimals(c.currency.value));
  return std::vector<Event>{
      LedgerCreated{{}, {1}, c.jurisdiction, c.currency, c.utc_offset_minutes, {"sha256"}},
      JurisdictionNamed{{}, c.name},
      LocalUserNoted{{}, c.local_user},
  };
}

Decided Decide(const State& state, const DecideContext&, const ErasePayload& c) {
  const std::uint64_t where = static_cast<std::uint64_t>(c.seq.value) << 8 | static_cast<std::uint64_t>(c.event.value);
  if (std::find(state.erased.begin(), state.erased.end(), where) != state.erased.end())
    return Conflict("payload.already_erased");
  return std::vector<Event>{PayloadErased{{}, c.seq, c.event, c.basis}};
}

Decided Decide(const State&, const DecideContext&, const CompleteBatch& c) {
  std::vector<Event> events{BatchCompleted{{}, c.kind, c.entries, c.file, c.mapping, c.report}};
  if (c.local_user) events.push_back(LocalUserNoted{{}, *c.local_user});
  return events;
}

Decided Decide(const State& state, const DecideContext&, const CreateAccount& c) {
  if (state.by_login.Find(state.login, c.login.value) != TextIndex::kNone)
    return Conflict("account.login_taken", {}, "login");
  if (c.unit && (!*c.unit || c.unit->raw > state.units)) return NotFound("unit.unknown", {}, "unit");
  const AccountId id = AccountId::FromIndex(state.roles.size());
  return std::vector<Event>{AccountCreated{id, c.login, c.unit}, AccountDescribed{id, c.display}};
}

Decided Decide(const State& state, const DecideContext& context, const GrantRole& c) {
  if (!state.Knows(c.account)) return NotFound("account.unknown", {}, "account");
  if (context.by == Actor::Account(c.account)) return Forbidden("account.own_role", {}, "account");
  if (state.Has(c.account, c.role)) return Conflict("account.role_held", {}, "role");
  if (Incompatible(state.roles[c.account.index()], c.role)) return Conflict("account.role_incompatible", {}, "role");
  if (c.role == Role::enterprise) {
    if (state.roles[c.account.index()] != 0) return Conflict("account.applicant_alone", {}, "role");
    if (IsOfOffice(state, c.account)) return Conflict("account.applicant_no_official", {}, "account");
  } else if (state.IsApplicant(c.account)) {
    return Conflict("account.applicant_alone", {}, "role");
  }
  return std::vector<Event>{RoleGranted{c.account, c.role}};
}

Decided Decide(const State& state, const DecideContext& context, const RevokeRole& c) {
  if (!state.Knows(c.account)) return NotFound("account.unknown", {}, "account");
  if (context.by == Actor::Account(c.account)) return Forbidden("account.own_role", {}, "account");
  if (!state.Has(c.account, c.role)) return Conflict("account.role_not_held", {}, "role");
  return std::vector<Event>{RoleRevoked{c.account, c.role}};
}

// Who applies is nobody's official: no second role, no unit, no person with posts.
Decided Decide(const State& state, const DecideContext&, const BindEnterprise& c) {
  if (!state.Knows(c.account)) return NotFound("account.unknown", {}, "account");
  const std::uint32_t enterprise = c.enterprise ? c.enterprise->raw : 0;
  if (enterprise > state.enterprises) return NotFound("enterprise.unknown", {}, "enterprise");
  if ((state.roles[c.account.index()] & ~(1u << static_cast<int>(Role::enterprise))) != 0)
    return Conflict("account.applicant_alone", {}, "account");
  if (IsOfOffice(state, c.account)) return Conflict("account.applicant_no_official", {}, "account");
  if (state.enterprise[c.account.index()] == enterprise) return Conflict("account.binding_unchanged", {}, "enterprise");
  return std::vector<Event>{AccountBound{c.account, c.enterprise}};
}

Decided Decide(const State& state, const DecideContext& context, const DisableAccount& c) {
  if (!state.Knows(c.account)) return NotFound("account.unknown", {}, "account");
  if (context.by == Actor::Account(c.account)) return Forbidden("account.self", {}, "account");
  if (state.disabled[c.account.index()]) return Conflict("account.already_disabled", {}, "account");
  return std::vector<Event>{AccountDisabled{c.account}};
}

Decided Decide(const State& state, const DecideContext&, const EnableAccount& c) {
  if (!state.Knows(c.account)) return NotFound("account.unknown", {}, "account");
  if (!state.disabled[c.account.index()]) return Conflict("account.not_disabled", {}, "account");
  return std::vector<Event>{AccountEnabled{c.account}};
}

}  // namespace landfall::admin
