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
    {Role::project_office, "enterprise.write", Reach::kAll},
    {Role::project_office, "place.write", Reach::kAll},
    {Role::project_office, "people.write", Reach::kAll},
    {Role::project_office, "obligation.assign", Reach::kAll},
    {Role::project_office, "obligation.act", Reach::kAll},
    {Role::project_office, "obligation.write_off", Reach::kAll},
    {Role::project_office, "import.run", Reach::kAll},

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

    {Role::statistician, "project.read", Reach::kAll},
    {Role::statistician, "obligation.read", Reach::kAll},
    {Role::statistician, "figure.read", Reach::kAll},
    {Role::statistician, "master.read", Reach::kAll},
    {Role::statistician, "ledger.read", Reach::kAll},
    {Role::statistician, "figure.define", Reach::kAll},
    {Role::statistician, "ladder.define", Reach::kAll},
    {Role::statistician, "project.correct", Reach::kAll},
    {Role::statistician, "report.manage", Reach::kAll},

    {Role::supervisor, "project.read", Reach::kAll},
    {Role::supervisor, "obligation.read", Reach::kAll},
    {Role::supervisor, "figure.read", Reach::kAll},
    {Role::supervisor, "master.read", Reach::kAll},
    {Role::supervisor, "ledger.read", Reach::kAll},
    {Role::supervisor, "obligation.assign", Reach::kAll},
    {Role::supervisor, "obligation.write_off", Reach::kAll},

    {Role::sysadmin, "account.read", Reach::kAll},
    {Role::sysadmin, "account.write", Reach::kAll},

    {Role::secadmin, "account.read", Reach::kAll},
    {Role::secadmin, "account.grant", Reach::kAll},
    {Role::secadmin, "payload.erase", Reach::kAll},

    {Role::auditor, "account.read", Reach::kAll},
    {Role::auditor, "audit.read", Reach::kAll},
    {Role::auditor, "ledger.read", Reach::kAll},
};

// The operating-system user at the command line may init, import, verify, export, back up and query; nothing else.
constexpr std::string_view kLocalPermissions[] = {
    "ledger.create", "ladder.define",   "figure.define", "import.run",  "place.write", "people.write",
    "project.read",  "obligation.read", "figure.read",   "master.read", "ledger.read", "people.read_personal"};

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

Status Allow(const State& state, const Actor& actor, std::string_view permission, UnitId owner) {
  if (actor.kind == Actor::Kind::kAccount && state.admin.Knows(actor.account) &&
      state.admin.disabled[actor.account.index()])
    return Forbidden("access.account_disabled");
  const Reach reach = ReachOf(state, actor, permission);
  if (reach == Reach::kAll) return Ok{};
  if (reach == Reach::kNone) return Forbidden("access.denied", std::string(permission));
  const UnitId own{state.admin.unit[actor.account.index()]};
  if (!own || !owner || !state.people.Knows(owner) || !state.people.Within(owner, own))
    return Forbidden("access.other_unit", std::string(permission));
  return Ok{};
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

Reach ReachOf(const State& state, const Actor& actor, std::string_view permission) {
  if (actor.kind == Actor::Kind::kSystem) return Reach::kAll;
  if (actor.kind == Actor::Kind::kLocal) {
    for (std::string_view p : kLocalPermissions)
      if (p == permission) return Reach::kAll;
    return IsBootstrap(state, permission) ? Reach::kAll : Reach::kNone;
  }
  if (!state.admin.Knows(actor.account) || state.admin.disabled[actor.account.index()]) return Reach::kNone;
  Reach widest = Reach::kNone;
  for (const Grant& g : kGrants)
    if (g.permission == permission && state.admin.Has(actor.account, g.role)) widest = std::max(widest, g.reach);
  return widest;
}

Status Authorize(const State& state, const Actor& actor, const AnyCommand& command) {
  return std::visit([&](const auto& c) { return Allow(state, actor, c.kInfo.permission, OwnerOf(state, c)); }, command);
}

Status AuthorizeRead(const State& state, const Actor& actor, std::string_view permission, UnitId owner) {
  return Allow(state, actor, permission, owner);
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
