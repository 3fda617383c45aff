// SPDX-License-Identifier: Apache-2.0
#include "app/query_people.h"

#include "app/board_scan.h"
#include "app/policy.h"

namespace landfall::app {
namespace {

NamedRef PersonRef(const people::State& s, std::uint32_t raw, bool with_names) {
  return {PersonId{raw}.ToString(), with_names ? std::string(s.person_name.Get(raw - 1)) : std::string()};
}

admin::PolicyReach As(Reach reach) { return static_cast<admin::PolicyReach>(reach); }
static_assert(static_cast<int>(Reach::kOwn) == static_cast<int>(admin::PolicyReach::own) &&
              static_cast<int>(Reach::kAll) == static_cast<int>(admin::PolicyReach::all));

std::optional<AccountId> AccountOf(std::uint32_t raw) {
  return raw == 0 ? std::nullopt : std::optional<AccountId>(AccountId{raw});
}

}  // namespace

PostList QueryPosts(const Frame& frame, bool with_names) {
  const people::State& s = frame.state.people;
  const std::int32_t as_of = DayNumber(frame.as_of);
  std::vector<std::int64_t> duties(s.post_unit.size() + 1, 0);
  for (const people::Duty& duty : s.duties) duties[duty.post] += duty.RunsOn(as_of);
  PostList list;
  for (std::size_t i = 0; i < s.post_unit.size(); ++i) {
    PostRow row;
    row.id = PostId::FromIndex(i);
    row.title = std::string(s.post_title.Get(i));
    row.unit = UnitRef(frame.state, UnitId{s.post_unit[i]});
    if (const people::Term* term = s.TermOn(row.id, frame.as_of)) {
      row.person = PersonRef(s, term->person, with_names);
      row.since = DayFromNumber(term->from);
    }
    if (const people::Term* acting = s.ActingOn(row.id, frame.as_of)) {
      row.acting = PersonRef(s, acting->person, with_names);
      row.acting_until = DayFromNumber(acting->until);
    }
    row.duties = duties[i + 1];
    list.rows.push_back(std::move(row));
  }
  return list;
}

PersonList QueryPersons(const Frame& frame) {
  const people::State& s = frame.state.people;
  PersonList list;
  for (std::size_t i = 0; i < s.persons.size(); ++i)
    list.rows.push_back(PersonRef(s, PersonId::FromIndex(i).raw, true));
  return list;
}

namespace {

std::vector<DelegationView> DelegationsOf(const Frame& frame, people::DutyId duty) {
  const people::State& s = frame.state.people;
  std::vector<DelegationView> views;
  for (std::size_t i = s.delegations.size(); i-- > 0;) {
    const people::Delegation& d = s.delegations[i];
    if (d.duty != duty.raw) continue;
    DelegationView& view = views.emplace_back();
    view.id = people::DelegationId::FromIndex(i);
    for (std::size_t p = 0; p < people::kPowers; ++p)
      if ((d.powers >> p & 1) != 0) view.powers.push_back(static_cast<people::Power>(p));
    view.from = DayFromNumber(d.from);
    view.until = DayFromNumber(d.until);
    view.running = s.Runs(d, frame.as_of);
    view.by_name = d.by == 0 ? std::string() : DisplayOf(frame.state, d.by);
    view.seq = d.seq;
    view.uses = d.uses;
  }
  return views;
}

}  // namespace

Result<DutyList> QueryDuties(const Frame& frame, const DutyFilter& filter) {
  const people::State& s = frame.state.people;
  const project::State& projects = frame.state.project;
  if (filter.project && !projects.Knows(*filter.project)) return NotFound("project.unknown", {}, "project");
  if (filter.post && !s.Knows(*filter.post)) return NotFound("post.unknown", {}, "post");
  const Scope scope(frame, std::nullopt, std::nullopt);
  const std::int32_t as_of = DayNumber(frame.as_of);
  DutyList list;
  list.standing = StandingOf(frame);
  for (std::size_t i = 0; i < s.duties.size(); ++i) {
    const people::Duty& duty = s.duties[i];
    const UnitId unit{s.post_unit[duty.post - 1]};
    if (!filter.ended && !duty.RunsOn(as_of)) continue;
    if (filter.project && duty.project != filter.project->raw) continue;
    if (filter.post && duty.post != filter.post->raw) continue;
    if (filter.unit && !s.Within(unit, *filter.unit)) continue;
    if (!scope.Has(duty.project - 1)) continue;
    DutyRow row{people::DutyId::FromIndex(i),
                static_cast<people::DutyKind>(duty.kind),
                {PostId{duty.post}.ToString(), std::string(s.post_title.Get(duty.post - 1))},
                UnitRef(frame.state, unit),
                {ProjectId{duty.project}.ToString(), std::string(projects.title.Get(duty.project - 1))},
                DayFromNumber(duty.from),
                std::nullopt,
                duty.seq};
    row.delegations = DelegationsOf(frame, row.id);
    if (duty.until != people::kOpen) row.until = DayFromNumber(duty.until);
    list.rows.push_back(std::move(row));
  }
  return list;
}

AccountList QueryAccounts(const State& state, Day today) {
  const admin::State& s = state.admin;
  AccountList list;
  for (std::size_t i = 0; i < s.roles.size(); ++i) {
    AccountRow row;
    row.id = AccountId::FromIndex(i);
    row.login = std::string(s.login.Get(i));
    row.display = std::string(s.display.Get(i));
    row.disabled = s.disabled[i] != 0;
    for (int r = 0; r < admin::kRoles; ++r)
      if (s.Has(row.id, static_cast<admin::Role>(r))) row.roles.emplace_back(EnumName(static_cast<admin::Role>(r)));
    if (s.unit[i] != 0) row.unit = UnitRef(state, UnitId{s.unit[i]});
    if (s.person[i] != 0) row.person = PersonId{s.person[i]};
    if (s.enterprise[i] != 0) row.enterprise = EnterpriseRef(state, s.enterprise[i]);
    for (const UnitId unit : OwnUnits(state, row.id, today)) row.own_units.push_back(UnitRef(state, unit));
    list.rows.push_back(std::move(row));
  }
  return list;
}

PolicyView QueryPolicy(const State& state) {
  const admin::State& s = state.admin;
  PolicyView view;
  for (const std::string_view permission : Permissions())
    for (int r = 0; r < admin::kRoles; ++r) {
      const auto role = static_cast<admin::Role>(r);
      view.cells.push_back(
          {role, std::string(permission), As(ReachOf(role, permission)), As(ReachOf(state, role, permission))});
    }
  for (std::size_t i = s.changes.size(); i-- > 0;) {
    const admin::PolicyChange& change = s.changes[i];
    PolicyChangeRow row;
    row.id = admin::PolicyChangeId::FromIndex(i);
    row.role = static_cast<admin::Role>(change.role);
    row.permission = std::string(s.change_permission.Get(i));
    row.reach = static_cast<admin::PolicyReach>(change.reach);
    row.remark = std::string(s.change_remark.Get(i));
    row.state = static_cast<PolicyChangeState>(change.state);
    row.proposed_by = AccountOf(change.proposed_by);
    row.decided_by = AccountOf(change.decided_by);
    row.proposed_seq = change.proposed_seq;
    if (change.decided_seq != 0) row.decided_seq = change.decided_seq;
    view.changes.push_back(std::move(row));
  }
  return view;
}

}  // namespace landfall::app
