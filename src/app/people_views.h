// SPDX-License-Identifier: Apache-2.0
// Answers about people: units, posts, persons, accounts; who answers for what; and the policy that says who may do
// what.
#pragma once

#include "admin/commands.h"
#include "app/views.h"
#include "people/commands.h"

namespace landfall::app {

struct PostRow {
  static constexpr std::string_view kName = "PostRow";
  PostId id;
  std::string title;
  NamedRef unit;
  std::optional<NamedRef> person;  // who fills it on as_of
  std::optional<Day> since;
  std::optional<NamedRef> acting;  // who acts for it on as_of, until the day before
  std::optional<Day> acting_until;
  std::int64_t duties = 0;  // that run on as_of
};
BOOST_DESCRIBE_STRUCT(PostRow, (), (id, title, unit, person, since, acting, acting_until, duties))
struct PostList {
  static constexpr std::string_view kName = "PostList";
  std::vector<PostRow> rows;
};
BOOST_DESCRIBE_STRUCT(PostList, (), (rows))
struct PersonList {
  static constexpr std::string_view kName = "PersonList";
  std::vector<NamedRef> rows;
};
BOOST_DESCRIBE_STRUCT(PersonList, (), (rows))

struct AccountRow {
  static constexpr std::string_view kName = "AccountRow";
  AccountId id;
  std::string login;
  std::string display;
  std::vector<std::string> roles;
  std::optional<NamedRef> unit;
  std::optional<PersonId> person;
  std::optional<NamedRef> enterprise;  // of an applicant's account
  std::vector<NamedRef> own_units;     // What "own" reaches today, with the posts of its person.
  bool disabled = false;
  bool has_password = false;
};
BOOST_DESCRIBE_STRUCT(AccountRow, (),
                      (id, login, display, roles, unit, person, enterprise, own_units, disabled, has_password))
struct AccountList {
  static constexpr std::string_view kName = "AccountList";
  std::vector<AccountRow> rows;
};
BOOST_DESCRIBE_STRUCT(AccountList, (), (rows))

// Powers that a commander holds on the project beyond the roles of their account.
struct DelegationView {
  static constexpr std::string_view kName = "Delegation";
  people::DelegationId id;
  std::vector<people::Power> powers;
  Day from;
  Day until;             // the first day without it
  bool running = false;  // on the day asked: within its term, and the duty runs
  std::string by_name;   // display of who granted it, as of now
  std::int64_t seq = 0;
  std::int64_t uses = 0;  // commands that it stood behind
};
BOOST_DESCRIBE_STRUCT(DelegationView, (), (id, powers, from, until, running, by_name, seq, uses))

struct DutyRow {
  static constexpr std::string_view kName = "DutyRow";
  people::DutyId id;
  people::DutyKind kind;
  NamedRef post;
  NamedRef unit;
  NamedRef project;
  Day from;
  std::optional<Day> until;
  std::int64_t seq = 0;
  std::vector<DelegationView> delegations{};  // newest first
};
BOOST_DESCRIBE_STRUCT(DutyRow, (), (id, kind, post, unit, project, from, until, seq, delegations))
struct DutyList {
  static constexpr std::string_view kName = "DutyList";
  Standing standing;
  std::vector<DutyRow> rows;
};
BOOST_DESCRIBE_STRUCT(DutyList, (), (standing, rows))

// One cell of role × permission: how far it reaches as delivered, and now.
struct PolicyCell {
  static constexpr std::string_view kName = "PolicyCell";
  admin::Role role;
  std::string permission;
  admin::PolicyReach delivered;
  admin::PolicyReach now;
};
BOOST_DESCRIBE_STRUCT(PolicyCell, (), (role, permission, delivered, now))

enum class PolicyChangeState : std::uint8_t { proposed, approved, rejected };
BOOST_DESCRIBE_ENUM(PolicyChangeState, proposed, approved, rejected)
struct PolicyChangeRow {
  static constexpr std::string_view kName = "PolicyChangeRow";
  admin::PolicyChangeId id;
  admin::Role role;
  std::string permission;
  admin::PolicyReach reach;
  std::string remark;
  PolicyChangeState state = PolicyChangeState::proposed;
  std::optional<AccountId> proposed_by;
  std::optional<AccountId> decided_by;
  std::int64_t proposed_seq = 0;
  std::optional<std::int64_t> decided_seq;
};
BOOST_DESCRIBE_STRUCT(PolicyChangeRow, (),
                      (id, role, permission, reach, remark, state, proposed_by, decided_by, proposed_seq, decided_seq))
struct PolicyView {
  static constexpr std::string_view kName = "PolicyView";
  std::vector<PolicyCell> cells;
  std::vector<PolicyChangeRow> changes;  // Newest first.
};
BOOST_DESCRIBE_STRUCT(PolicyView, (), (cells, changes))

}  // namespace landfall::app
