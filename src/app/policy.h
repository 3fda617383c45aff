// SPDX-License-Identifier: Apache-2.0
// Who may do and see what: role × permission × scope. Deny by default.
//
// A permission is held for the whole jurisdiction or for "own": what the account's unit, or a unit below it, owns.
// tests/access/expected.csv was written by hand from DOMAIN §3.5 and must agree.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/state.h"
#include "app/visible.h"

namespace landfall::app {

enum class Reach : std::uint8_t { kNone, kOwn, kAll };

// What an enterprise's account holds, and nobody else: to apply and what belongs to it, and to read its own cases. No
// unit stands for "own" here, so that no rule for officials lets an applicant in.
inline constexpr std::string_view kApplyForOwn = cases::kByApplicant, kReadOwnCases = "case.read_own";

// Every permission that a command or a read names, sorted.
std::span<const std::string_view> Permissions();
// What a role alone reaches, as delivered and as changed by policy.approved.
Reach ReachOf(admin::Role role, std::string_view permission);
Reach ReachOf(const State& state, admin::Role role, std::string_view permission);
// What an actor reaches now: the widest of its roles; none for unknown or disabled accounts.
Reach ReachOf(const State& state, const Actor& actor, std::string_view permission);
// The units that are an account's own on a day: its unit, and those of the posts its person holds or acts for. What
// lies below them is its own too.
std::vector<UnitId> OwnUnits(const State& state, AccountId account, Day today);
// What a proposed change of the policy may not do. Errors: policy.unknown_permission, policy.separation (三员分立: the
// three offices, the business and applicants hold nothing of each other's), policy.fixed (who grants and who changes
// the policy is not for the policy to change).
Status CheckPolicyChange(const admin::ProposePolicy& change);

// A step is decided by the unit that is competent for its matter, whatever the policy lets a role reach. Errors:
// case.not_competent.
Status CheckCompetence(const State& state, const DecideContext& context, const AnyCommand& command);
// The enterprise in whose name an applicant's account acts. Errors: access.denied, access.account_disabled,
// access.no_enterprise (nobody has bound the account yet).
Result<EnterpriseId> OwnEnterprise(const State& state, const Actor& actor, std::string_view permission);
// Whether a case was applied for in the name of the account's enterprise. Errors: those of OwnEnterprise; case.unknown,
// access.other_enterprise.
Status MayReadOwnCase(const State& state, const Actor& actor, cases::CaseId id);
// An applicant says for whom it applies, and on which of its own projects. Errors: case.enterprise_missing,
// case.project_not_own.
Status CheckApplicant(const State& state, const DecideContext& context, const AnyCommand& command);
// Nobody delegates what they do not hold by their own roles for the whole jurisdiction, the reading included. Errors:
// delegation.not_held.
Status CheckDelegation(const State& state, const Actor& actor, const people::GrantDelegation& grant);
// The delegation without which the actor could not send this command: none where the roles of the account allow it, or
// nothing does. The entry names it (delegation.used), so that an audit sees by whose leave it was done.
std::optional<people::DelegationId> DelegationBehind(const State& state, const Actor& actor, Day today,
                                                     const AnyCommand& command);
// Whether some delegation of the account, on whatever project, holds a command today.
bool HoldsPower(const State& state, const Actor& actor, Day today, std::string_view command);

// Whether the actor may send this command. Errors: access.denied, access.other_unit, access.account_disabled; of an
// applicant access.other_enterprise, access.no_enterprise (Forbidden).
Status Authorize(const State& state, const Actor& actor, Day today, const AnyCommand& command);
// Whether the actor may read a thing that `owner` owns (0: nobody's, for reach "all" only) and that stands on `project`
// (0: on none). Same errors.
Status AuthorizeRead(const State& state, const Actor& actor, Day today, std::string_view permission, UnitId owner,
                     ProjectId project = {});
// The projects on which a delegation of the account runs, ascending: project.read and obligation.read come with it.
std::vector<ProjectId> DelegatedProjects(const State& state, const Actor& actor, Day today);
// Whether there is anything that the actor may read with a permission, by role or by delegation.
bool ReachesAny(const State& state, const Actor& actor, Day today, std::string_view permission);
// What of projects and obligations the actor may read. Errors: access.denied, access.other_unit (Forbidden).
Result<Visible> VisibleTo(const State& state, const Actor& actor, Day today, std::string_view permission);
// Whether payloads of a class may be shown. Personal data needs people.read_personal.
bool MayReadClass(const State& state, const Actor& actor, EventClass cls);

}  // namespace landfall::app
