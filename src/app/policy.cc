// SPDX-License-Identifier: Apache-2.0
#include "app/policy.h"

#include <algorithm>
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
    {Role::leader, "people.delegate", Reach::kAll},
    {Role::leader, "case.read", Reach::kAll},

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
    {Role::project_office, "people.delegate", Reach::kAll},
    {Role::project_office, "obligation.assign", Reach::kAll},
    {Role::project_office, "obligation.act", Reach::kAll},
    {Role::project_office, "obligation.write_off", Reach::kAll},
    {Role::project_office, "import.run", Reach::kAll},
    {Role::project_office, "claim.read", Reach::kAll},
    {Role::project_office, "claim.write", Reach::kAll},
    {Role::project_office, "case.read", Reach::kAll},
    {Role::project_office, "case.write", Reach::kAll},
    {Role::project_office, "matter.write", Reach::kAll},
    {Role::project_office, "mechanism.write", Reach::kAll},

    {Role::unit_officer, "project.read", Reach::kOwn},
    {Role::unit_officer, "obligation.read", Reach::kOwn},
    {Role::unit_officer, "figure.read", Reach::kOwn},
    {Role::unit_officer, "master.read", Reach::kAll},
    {Role::unit_officer, "project.write", Reach::kOwn},
    {Role::unit_officer, "obligation.act", Reach::kOwn},
    {Role::unit_officer, "case.read", Reach::kOwn},
    {Role::unit_officer, "case.write", Reach::kOwn},
    {Role::unit_officer, "case.decide", Reach::kOwn},

    {Role::unit_head, "project.read", Reach::kOwn},
    {Role::unit_head, "obligation.read", Reach::kOwn},
    {Role::unit_head, "figure.read", Reach::kOwn},
    {Role::unit_head, "master.read", Reach::kAll},
    {Role::unit_head, "project.write", Reach::kOwn},
    {Role::unit_head, "obligation.act", Reach::kOwn},
    {Role::unit_head, "report.approve", Reach::kOwn},
    {Role::unit_head, "project.approve", Reach::kOwn},
    {Role::unit_head, "case.read", Reach::kOwn},
    {Role::unit_head, "case.write", Reach::kOwn},
    {Role::unit_head, "case.decide", Reach::kOwn},
    {Role::unit_head, "case.approve", Reach::kOwn},

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
    {Role::statistician, "case.read", Reach::kAll},

    {Role::supervisor, "project.read", Reach::kAll},
    {Role::supervisor, "obligation.read", Reach::kAll},
    {Role::supervisor, "figure.read", Reach::kAll},
    {Role::supervisor, "master.read", Reach::kAll},
    {Role::supervisor, "ledger.read", Reach::kAll},
    {Role::supervisor, "obligation.assign", Reach::kAll},
    {Role::supervisor, "obligation.write_off", Reach::kAll},
    {Role::supervisor, "claim.read", Reach::kAll},
    {Role::supervisor, "case.read", Reach::kAll},

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

    // "Own" is here what the account's enterprise has applied for.
    {Role::enterprise, kApplyForOwn, Reach::kOwn},
    {Role::enterprise, kReadOwnCases, Reach::kOwn},
};

// The operating-system user at the command line may init, import, verify, export, back up and query; nothing else.
constexpr std::string_view kLocalPermissions[] = {
    "ledger.create",    "ladder.define",   "figure.define", "import.run",  "place.write",  "people.write",
    "project.read",     "obligation.read", "figure.read",   "master.read", "ledger.read",  "people.read_personal",
    "enterprise.write", "claim.read",      "claim.write",   "case.read",   "matter.write", "mechanism.write"};

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
  } else if constexpr (C::kInfo.scope == Scope::kCaseField) {
    const cases::State& s = state.cases;
    if constexpr (requires { c.package; }) {
      for (std::size_t i = s.packages.size(); i-- > 0;)
        if (s.packages[i].event.on.key == c.package.value) return s.packages[i].event.owner_unit;
      return {};
    } else {
      return s.Knows(c.case_id) ? s.packages[s.FormOf(s.cases[c.case_id.index()]).package].event.owner_unit : UnitId{};
    }
  } else if constexpr (C::kInfo.scope == Scope::kStepField) {
    const cases::State& s = state.cases;
    if (!s.Knows(c.case_id, c.step)) return {};
    return UnitId{s.FormOf(s.cases[c.case_id.index()]).steps[static_cast<std::size_t>(c.step.value - 1)].unit};
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

namespace {

// Offices, applicants and the business hold nothing of each other's.
enum class Camp : std::uint8_t { kBusiness, kOffices, kApplicants };
Camp CampOf(Role role) {
  if (role == Role::sysadmin || role == Role::secadmin || role == Role::auditor) return Camp::kOffices;
  return role == Role::enterprise ? Camp::kApplicants : Camp::kBusiness;
}

}  // namespace

Status CheckPolicyChange(const admin::ProposePolicy& change) {
  const std::string_view permission = change.permission.value;
  const auto all = Permissions();
  if (std::find(all.begin(), all.end(), permission) == all.end())
    return NotFound("policy.unknown_permission", std::string(permission), "permission");
  for (const std::string_view fixed : {"account.grant", "policy.edit", "policy.approve", "policy.read"})
    if (permission == fixed) return Conflict("policy.fixed", std::string(permission), "permission");
  const Camp camp = CampOf(change.role);
  const bool held = std::any_of(std::begin(kGrants), std::end(kGrants),
                                [&](const Grant& g) { return g.permission == permission && CampOf(g.role) == camp; });
  if (!held) return Conflict("policy.separation", std::string(permission), "role");
  // Nobody applies for all, nor follows what others have applied for.
  if (camp == Camp::kApplicants && change.reach == admin::PolicyReach::all)
    return Conflict("policy.separation", std::string(permission), "reach");
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

namespace {

// What comes with every delegation: to read the project, and what is owed on it.
constexpr std::string_view kDelegatedReading[] = {"project.read", "obligation.read"};
bool IsDelegatedReading(std::string_view permission) {
  return std::find(std::begin(kDelegatedReading), std::end(kDelegatedReading), permission) !=
         std::end(kDelegatedReading);
}

// What an enterprise's own account may send about its own cases; nothing is said of a case that there is none of.
template <class C>
Status AllowApplicant(const State& state, const Actor& actor, const C& c) {
  LF_ASSIGN(const EnterpriseId own, OwnEnterprise(state, actor, C::kInfo.applicant));
  if constexpr (requires { c.case_id; }) {
    if (state.cases.Knows(c.case_id) && state.cases.cases[c.case_id.index()].enterprise != own.raw)
      return Forbidden("access.other_enterprise", {}, "case_id");
  } else {
    if (c.enterprise && *c.enterprise != own) return Forbidden("access.other_enterprise", {}, "enterprise");
  }
  return Ok{};
}

// What the roles of the account allow, and what follows from a block that its unit has to solve.
Status AllowByRole(const State& state, const Actor& actor, Day today, const AnyCommand& command) {
  Status allowed = std::visit(
      [&](const auto& c) -> Status {
        using C = std::remove_cvref_t<decltype(c)>;
        Status by_unit = Allow(state, actor, today, C::kInfo.permission, OwnerOf(state, c));
        if constexpr (!C::kInfo.applicant.empty())
          if (!by_unit && ReachOf(state, actor, C::kInfo.applicant) != Reach::kNone)
            return AllowApplicant(state, actor, c);
        return by_unit;
      },
      command);
  if (allowed) return allowed;
  // A block is solved by the unit that has to solve it, also where another unit leads the project.
  if (const auto* solve = std::get_if<project::SolveBlock>(&command)) {
    if (const UnitId owner = state.project.OwnerOfBlock(*solve))
      return Allow(state, actor, today, solve->kInfo.permission, owner);
  }
  return allowed;
}

// The project that a command acts upon, by itself or through an obligation.
template <class C>
ProjectId ProjectOf(const State& state, const C& c) {
  if constexpr (requires {
                  { c.project } -> std::convertible_to<ProjectId>;
                }) {
    return c.project;
  } else if constexpr (requires {
                         { c.project } -> std::convertible_to<std::optional<ProjectId>>;
                       }) {
    return c.project.value_or(ProjectId{});
  } else if constexpr (requires {
                         { c.obligation } -> std::convertible_to<ObligationId>;
                       }) {
    return state.obligation.Knows(c.obligation) ? ProjectId{state.obligation.project[c.obligation.index()]}
                                                : ProjectId{};
  } else {
    return {};
  }
}

// Calls `f(id, delegation)` for those of the account that stand today, until it says true.
template <class F>
bool AnyDelegation(const State& state, const Actor& actor, Day today, F&& f) {
  if (actor.kind != Actor::Kind::kAccount || !state.admin.Knows(actor.account)) return false;
  const std::size_t account = actor.account.index();
  const std::uint32_t person = state.admin.person[account];
  if (person == 0 || state.admin.disabled[account]) return false;
  const people::State& s = state.people;
  for (std::size_t i = 0; i < s.delegations.size(); ++i)
    if (s.MayUse(s.delegations[i], PersonId{person}, today) && f(people::DelegationId::FromIndex(i), s.delegations[i]))
      return true;
  return false;
}

std::optional<people::DelegationId> FindDelegation(const State& state, const Actor& actor, Day today,
                                                   const AnyCommand& command) {
  if (state.people.delegations.empty()) return std::nullopt;
  const ProjectId project = std::visit([&](const auto& c) { return ProjectOf(state, c); }, command);
  if (!project) return std::nullopt;
  std::optional<people::DelegationId> found;
  AnyDelegation(state, actor, today, [&](people::DelegationId id, const people::Delegation& d) {
    if (state.people.duties[d.duty - 1].project != project.raw || !d.Holds(InfoOf(command).name)) return false;
    found = id;
    return true;
  });
  return found;
}

}  // namespace

Status Authorize(const State& state, const Actor& actor, Day today, const AnyCommand& command) {
  Status allowed = AllowByRole(state, actor, today, command);
  if (!allowed && FindDelegation(state, actor, today, command)) return Ok{};
  return allowed;
}

std::optional<people::DelegationId> DelegationBehind(const State& state, const Actor& actor, Day today,
                                                     const AnyCommand& command) {
  const auto found = FindDelegation(state, actor, today, command);
  if (!found || AllowByRole(state, actor, today, command)) return std::nullopt;
  return found;
}

bool HoldsPower(const State& state, const Actor& actor, Day today, std::string_view command) {
  return AnyDelegation(state, actor, today,
                       [&](people::DelegationId, const people::Delegation& d) { return d.Holds(command); });
}

Status CheckCompetence(const State& state, const DecideContext& context, const AnyCommand& command) {
  if (context.by.kind != Actor::Kind::kAccount) return Ok{};
  return std::visit(
      [&](const auto& c) -> Status {
        if constexpr (std::remove_cvref_t<decltype(c)>::kInfo.scope == Scope::kStepField) {
          const UnitId competent = OwnerOf(state, c);
          if (!competent) return Ok{};
          for (const UnitId own : OwnUnits(state, context.by.account, context.today))
            if (state.people.Within(competent, own)) return Ok{};
          return Forbidden("case.not_competent", {}, "step");
        }
        return Ok{};
      },
      command);
}

Result<EnterpriseId> OwnEnterprise(const State& state, const Actor& actor, std::string_view permission) {
  if (actor.kind != Actor::Kind::kAccount || !state.admin.Knows(actor.account))
    return Forbidden("access.denied", std::string(permission));
  if (state.admin.disabled[actor.account.index()]) return Forbidden("access.account_disabled");
  if (ReachOf(state, actor, permission) == Reach::kNone) return Forbidden("access.denied", std::string(permission));
  const EnterpriseId own{state.admin.enterprise[actor.account.index()]};
  if (!own) return Forbidden("access.no_enterprise");
  return own;
}

Status MayReadOwnCase(const State& state, const Actor& actor, cases::CaseId id) {
  LF_ASSIGN(const EnterpriseId own, OwnEnterprise(state, actor, kReadOwnCases));
  if (!state.cases.Knows(id)) return NotFound("case.unknown", {}, "id");
  if (state.cases.cases[id.index()].enterprise != own.raw) return Forbidden("access.other_enterprise", {}, "id");
  return Ok{};
}

Status CheckApplicant(const State& state, const DecideContext& context, const AnyCommand& command) {
  const auto* apply = std::get_if<cases::ApplyForCase>(&command);
  if (apply == nullptr || context.by.kind != Actor::Kind::kAccount || !state.admin.Knows(context.by.account) ||
      !state.admin.IsApplicant(context.by.account))
    return Ok{};
  if (!apply->enterprise) return Invalid("case.enterprise_missing", {}, "enterprise");
  if (apply->project && state.project.Knows(*apply->project) &&
      state.project.enterprise[apply->project->index()] != apply->enterprise->raw)
    return Conflict("case.project_not_own", {}, "project");
  return Ok{};
}

Status CheckDelegation(const State& state, const Actor& actor, const people::GrantDelegation& grant) {
  for (const std::string_view reading : kDelegatedReading)
    if (ReachOf(state, actor, reading) != Reach::kAll)
      return Forbidden("delegation.not_held", std::string(reading), "powers");
  for (const people::Power power : grant.powers.items) {
    const CommandType* type = FindCommand(people::CommandOf(power));
    LF_CHECK(type != nullptr);
    if (ReachOf(state, actor, type->info.permission) != Reach::kAll)
      return Forbidden("delegation.not_held", std::string(EnumName(power)), "powers");
  }
  return Ok{};
}

Status AuthorizeRead(const State& state, const Actor& actor, Day today, std::string_view permission, UnitId owner,
                     ProjectId project) {
  Status allowed = Allow(state, actor, today, permission, owner);
  if (allowed || !project || !IsDelegatedReading(permission)) return allowed;
  const std::vector<ProjectId> delegated = DelegatedProjects(state, actor, today);
  if (std::binary_search(delegated.begin(), delegated.end(), project)) return Ok{};
  return allowed;
}

std::vector<ProjectId> DelegatedProjects(const State& state, const Actor& actor, Day today) {
  std::vector<ProjectId> projects;
  AnyDelegation(state, actor, today, [&](people::DelegationId, const people::Delegation& d) {
    projects.emplace_back(state.people.duties[d.duty - 1].project);
    return false;
  });
  std::sort(projects.begin(), projects.end());
  projects.erase(std::unique(projects.begin(), projects.end()), projects.end());
  return projects;
}

bool ReachesAny(const State& state, const Actor& actor, Day today, std::string_view permission) {
  return ReachOf(state, actor, permission) != Reach::kNone ||
         (IsDelegatedReading(permission) && !DelegatedProjects(state, actor, today).empty());
}

Result<Visible> VisibleTo(const State& state, const Actor& actor, Day today, std::string_view permission) {
  const Reach reach = ReachOf(state, actor, permission);
  if (reach == Reach::kAll) return Visible{};
  Visible visible{false, {}, {}};
  if (reach == Reach::kOwn) visible.units = OwnUnits(state, actor.account, today);
  if (IsDelegatedReading(permission)) visible.projects = DelegatedProjects(state, actor, today);
  if (visible.units.empty() && visible.projects.empty())
    return Forbidden(reach == Reach::kNone ? "access.denied" : "access.other_unit", std::string(permission));
  return visible;
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
