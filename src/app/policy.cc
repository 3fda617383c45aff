// SPDX-License-Identifier: Apache-2.0
#include "app/policy.h"

#include <set>

namespace landfall::app {
namespace {

using admin::Role;

struct Grant {
  Role role;
  std::string_view permission;
  Reach reach;
};

// DOMAIN §3.5, thinned to the subjects of this release. 三员 hold no business permission at all.
constexpr Grant kGrants[] = {
    {Role::leader, "project.read", Reach::kAll},
    {Role::leader, "obligation.read", Reach::kAll},
    {Role::leader, "figure.read", Reach::kAll},
    {Role::leader, "master.read", Reach::kAll},
    {Role::leader, "ledger.read", Reach::kAll},
    {Role::leader, "obligation.assign", Reach::kAll},
    {Role::leader, "obligation.write_off", Reach::kAll},
    {Role::leader, "project.approve", Reach::kAll},
    {Role::leader, "claim.read", Reach::kAll},

    {Role::project_office, "project.read", Reach::kAll},
    {Role::project_office, "obligation.read", Reach::kAll},
    {Role::project_office, "figure.read", Reach::kAll},
    {Role::project_office, "master.read", Reach::kAll},
    {Role::project_office, "ledger.read", Reach::kAll},
    {Role::project_office, "people.read_personal", Reach::kAll},
    {Role::project_office, "project.write", Reach::kAll},
    {Role::project_office, "project.assign", Reach::kAll},
    {Role::project_office, "project.correct", Reach::kAll},
    {Role::project_office, "project.terminate", Reach::kAll},
    {Role::project_office, "project.approve", Reach::kAll},
    {Role::project_office, "enterprise.write", Reach::kAll},
    {Role::project_office, "place.write", Reach::kAll},
    {Role::project_office, "people.write", Reach::kAll},
    {Role::project_office, "obligation.assign", Reach::kAll},
    {Role::project_office, "obligation.act", Reach::kAll},
    {Role::project_office, "obligation.write_off", Reach::kAll},
    {Role::project_office, "import.run", Reach::kAll},
    {Role::project_office, "claim.read", Reach::kAll},
    {Role::project_office, "claim.write", Reach::kAll},

    {Role::unit_officer, "project.read", Reach::kOwn},
    {Role::unit_officer, "obligation.read", Reach::kOwn},
    {Role::unit_officer, "figure.read", Reach::kOwn},
    {Role::unit_officer, "master.read", Reach::kAll},
    {Role::unit_officer, "project.write", Reach::kOwn},
    {Role::unit_officer, "obligation.act", Reach::kOwn},

    {Role::unit_head, "project.read", Reach::kOwn},
    {Role::unit_head, "obligation.read", Reach::kOwn},
    {Role::unit_head, "figure.read", Reach::kOwn},
    {Role::unit_head, "master.read", Reach::kAll},
    {Role::unit_head, "project.write", Reach::kOwn},
    {Role::unit_head, "obligation.act", Reach::kOwn},
    {Role::unit_head, "report.approve", Reach::kOwn},
    {Role::unit_head, "project.approve", Reach::kOwn},

    {Role::statistician, "project.read", Reach::kAll},
    {Role::statistician, "obligation.read", Reach::kAll},
    {Role::statistician, "figure.read", Reach::kAll},
    {Role::statistician, "master.read", Reach::kAll},
    {Role::statistician, "ledger.read", Reach::kAll},
    {Role::statistician, "figure.define", Reach::kAll},
    {Role::statistician, "ladder.define", Reach::kAll},
    {Role::statistician, "project.correct", Reach::kAll},
    {Role::statistician, "report.manage", Reach::kAll},
    {Role::statistician, "claim.read", Reach::kAll},
    {Role::statistician, "claim.write", Reach::kAll},

    {Role::supervisor, "project.read", Reach::kAll},
    {Role::supervisor, "obligation.read", Reach::kAll},
    {Role::supervisor, "figure.read", Reach::kAll},
    {Role::supervisor, "master.read", Reach::kAll},
    {Role::supervisor, "ledger.read", Reach::kAll},
    {Role::supervisor, "obligation.assign", Reach::kAll},
    {Role::supervisor, "obligation.write_off", Reach::kAll},
    {Role::supervisor, "claim.read", Reach::kAll},

    {Role::sysadmin, "account.read", Reach::kAll},
    {Role::sysadmin, "account.write", Reach::kAll},
    {Role::sysadmin, "policy.read", Reach::kAll},
    {Role::sysadmin, "policy.approve", Reach::kAll},

    {Role::secadmin, "account.read", Reach::kAll},
    {Role::secadmin, "account.grant", Reach::kAll},
    {Role::secadmin, "payload.erase", Reach::kAll},
    {Role::secadmin, "policy.read", Reach::kAll},
    {Role::secadmin, "policy.edit", Reach::kAll},

    {Role::auditor, "account.read", Reach::kAll},
    {Role::auditor, "audit.read", Reach::kAll},
    {Role::auditor, "policy.read", Reach::kAll},
    {Role::auditor, "ledger.read", Reach::kAll},
};

// The operating-system user at the command line may init, import, verify, export, back up and query; nothing else.
constexpr std::string_view kLocalPermissions[] = {
    "ledger.create", "ladder.define",        "figure.define",    "import.run",  "place.write",
    "people.write",  "project.read",         "obligation.read",  "figure.read", "master.read",
    "ledger.read",   "people.read_personal", "enterprise.write", "claim.read",  "claim.write"};

// While nobody holds the two offices, whoever makes the ledger may fill them; afterwards only they do.
bool IsBootstrap(const State& state, std::string_view permission) {
  if (permission != "account.write" && permission != "account.grant") return false;
  bool sysadmin = false, secadmin = false;
  for (std::size_t i = 0; i < state.admin.roles.size(); ++i) {
    const AccountId id = AccountId::FromIndex(i);
    sysadmin = sysadmin || state.admin.Has(id, Role::sysadmin);
    secadmin = secadmin || state.admin.Has(id, Role::secadmin);
  }
  return !(sysadmin && secadmin);
}

// The unit that owns what the command acts upon; 0 when it names nothing that is known (Decide will say so).
template <class C>
UnitId OwnerOf(const State& state, const C& c) {
  if constexpr (C::kInfo.scope == Scope::kUnitField) {
    return c.owner_unit;
  } else if constexpr (C::kInfo.scope == Scope::kProjectField) {
    return state.project.Knows(c.project) ? UnitId{state.project.owner[c.project.index()]} : UnitId{};
  } else if constexpr (C::kInfo.scope == Scope::kObligationField) {
    return state.obligation.Knows(c.obligation) ? UnitId{state.obligation.owner[c.obligation.index()]} : UnitId{};
  } else {
    return {};
  }
}

Status Allow(const State& state, const Actor& actor, Day today, std::string_view permission, UnitId owner) {
  if (actor.kind == Actor::Kind::kAccount && state.admin.Knows(actor.account) &&
      state.admin.disabled[actor.account.index()])
    return Forbidden("access.account_disabled");
  const Reach reach = ReachOf(state, actor, permission);
  if (reach == Reach::kAll) return Ok{};
  if (reach == Reach::kNone) return Forbidden("access.denied", std::string(permission));
  if (owner && state.people.Knows(owner))
    for (const UnitId own : OwnUnits(state, actor.account, today))
      if (state.people.Within(owner, own)) return Ok{};
  return Forbidden("access.other_unit", std::string(permission));
}

}  // namespace

std::span<const std::string_view> Permissions() {
  static const std::vector<std::string_view> kAll = [] {
    std::set<std::string_view> all(std::begin(kLocalPermissions), std::end(kLocalPermissions));
    for (const Grant& g : kGrants) all.insert(g.permission);
    return std::vector<std::string_view>(all.begin(), all.end());
  }();
  return kAll;
}

Reach ReachOf(Role role, std::string_view permission) {
  for (const Grant& g : kGrants)
    if (g.role == role && g.permission == permission) return g.reach;
  return Reach::kNone;
}

Reach ReachOf(const State& state, Role role, std::string_view permission) {
  if (const auto changed = state.admin.Changed(role, permission)) {
    switch (*changed) {
      case admin::PolicyReach::none:
        return Reach::kNone;
      case admin::PolicyReach::own:
        return Reach::kOwn;
      case admin::PolicyReach::all:
        return Reach::kAll;
    }
  }
  return ReachOf(role, permission);
}

std::vector<UnitId> OwnUnits(const State& state, AccountId account, Day today) {
  std::vector<UnitId> units;
  if (const std::uint32_t person = state.admin.person[account.index()]; person != 0)
    units = state.people.UnitsOf(PersonId{person}, today);
  if (const UnitId unit{state.admin.unit[account.index()]};
      unit && std::find(units.begin(), units.end(), unit) == units.end())
    units.push_back(unit);
  return units;
}

Status CheckPolicyChange(const admin::ProposePolicy& change) {
  const std::string_view permission = change.permission.value;
  const auto all = Permissions();
  if (std::find(all.begin(), all.end(), permission) == all.end())
    return NotFound("policy.unknown_permission", std::string(permission), "permission");
  for (const std::string_view fixed : {"account.grant", "policy.edit", "policy.approve", "policy.read"})
    if (permission == fixed) return Conflict("policy.fixed", std::string(permission), "permission");
  const bool office = change.role == Role::sysadmin || change.role == Role::secadmin || change.role == Role::auditor;
  bool of_offices = false, of_business = false;
  for (const Grant& g : kGrants) {
    if (g.permission != permission) continue;
    const bool by_office = g.role == Role::sysadmin || g.role == Role::secadmin || g.role == Role::auditor;
    of_offices = of_offices || by_office;
    of_business = of_business || !by_office;
  }
  if (office ? !of_offices : !of_business) return Conflict("policy.separation", std::string(permission), "role");
  return Ok{};
}

Reach ReachOf(const State& state, const Actor& actor, std::string_view permission) {
  if (actor.kind == Actor::Kind::kSystem) return Reach::kAll;
  if (actor.kind == Actor::Kind::kLocal) {
    for (std::string_view p : kLocalPermissions)
      if (p == permission) return Reach::kAll;
    return IsBootstrap(state, permission) ? Reach::kAll : Reach::kNone;
  }
  if (!state.admin.Knows(actor.account) || state.admin.disabled[actor.account.index()]) return Reach::kNone;
  Reach widest = Reach::kNone;
  for (int r = 0; r < admin::kRoles; ++r)
    if (const auto role = static_cast<Role>(r); state.admin.Has(actor.account, role))
      widest = std::max(widest, ReachOf(state, role, permission));
  return widest;
}

Status Authorize(const State& state, const Actor& actor, Day today, const AnyCommand& command) {
  Status allowed = std::visit(
      [&](const auto& c) { return Allow(state, actor, today, c.kInfo.permission, OwnerOf(state, c)); }, command);
  if (allowed) return allowed;
  // A block is solved by the unit that has to solve it, also where another unit leads the project.
  if (const auto* solve = std::get_if<project::SolveBlock>(&command)) {
    if (const UnitId owner = state.project.OwnerOfBlock(*solve))
      return Allow(state, actor, today, solve->kInfo.permission, owner);
  }
  return allowed;
}

Status AuthorizeRead(const State& state, const Actor& actor, Day today, std::string_view permission, UnitId owner) {
  return Allow(state, actor, today, permission, owner);
}

bool MayReadClass(const State& state, const Actor& actor, EventClass cls) {
  switch (cls) {
    case EventClass::kPublic:
      return true;
    case EventClass::kInternal:
    case EventClass::kEnterprise:
      return ReachOf(state, actor, "project.read") != Reach::kNone;
    case EventClass::kPersonal:
      return ReachOf(state, actor, "people.read_personal") == Reach::kAll;
  }
  return false;
}

}  // namespace landfall::app
