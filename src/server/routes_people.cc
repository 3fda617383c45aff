// SPDX-License-Identifier: Apache-2.0
// People: posts, persons, duties, accounts, and the policy.
#include "app/policy.h"
#include "app/query_agents.h"
#include "app/query_people.h"
#include "server/api.h"
#include "server/routes.h"

namespace landfall::server {
namespace {

struct DutiesQuery : FactsQuery {
  std::optional<ProjectId> project;
  std::optional<PostId> post;
  std::optional<UnitId> unit;
  std::optional<bool> ended;
};
BOOST_DESCRIBE_STRUCT(DutiesQuery, (FactsQuery), (project, post, unit, ended))

struct AgentsQuery : FactsQuery {
  std::optional<UnitId> unit;
};
BOOST_DESCRIBE_STRUCT(AgentsQuery, (FactsQuery), (unit))

// Answers with a frame over the newest state.
template <class F>
auto WithNow(Call& call, F&& f) {
  const auto now = call.engine().Read();
  return f(app::Frame{now.state(), call.Today(now.state()), now.seq(), now.last_at(), now.seq(), {}});
}

Result<app::PostList> ListPosts(Call& call, const NoPath&, const LedgerQuery&) {
  bool with_names = false;
  app::PostList list = WithNow(call, [&](const app::Frame& frame) {
    with_names = app::MayReadClass(frame.state, call.actor(), EventClass::kPersonal);
    return app::QueryPosts(frame, with_names);
  });
  if (with_names) LF_TRY(call.Log("read_personal", "posts"));
  return list;
}

Result<app::PersonList> ListPersons(Call& call, const NoPath&, const LedgerQuery&) {
  LF_TRY(call.Log("read_personal", "persons"));
  return WithNow(call, [](const app::Frame& frame) { return app::QueryPersons(frame); });
}

Result<app::DutyList> ListDuties(const Facts& facts, const NoPath&, const DutiesQuery& query) {
  if (query.unit && !facts.frame.state.people.Knows(*query.unit)) return NotFound("unit.unknown", {}, "unit");
  return app::QueryDuties(facts.frame, {query.project, query.post, query.unit, query.ended.value_or(false)});
}

Result<app::AgentsView> GetAgents(const Facts& facts, const NoPath&, const AgentsQuery& query) {
  return app::QueryAgents(facts.frame, query.unit);
}

Result<app::AccountList> ListAccounts(Call& call, const NoPath&, const LedgerQuery&) {
  app::AccountList list =
      WithNow(call, [](const app::Frame& frame) { return app::QueryAccounts(frame.state, frame.as_of); });
  for (app::AccountRow& row : list.rows) {
    LF_ASSIGN(row.has_password, call.ledger->access->HasPassword(row.id));
  }
  return list;
}

Result<app::PolicyView> GetPolicy(Call& call, const NoPath&, const LedgerQuery&) {
  return WithNow(call, [](const app::Frame& frame) { return app::QueryPolicy(frame.state); });
}

}  // namespace

void AddPeopleRoutes(RouteTable& table) {
  table.Stored<&ListPosts>("/api/v1/posts", "listPosts", "master.read",
                           "Posts; with names for who may read personal data");
  table.Stored<&ListPersons>("/api/v1/persons", "listPersons", "people.read_personal", "Persons");
  table.Facts<&ListDuties>("/api/v1/duties", "listDuties", "project.read", "Who answers for which project");
  table.Facts<&GetAgents>("/api/v1/agents", "getAgents", "project.read",
                          "Agents with their work, units without one, and active projects that are not served");
  table.Stored<&ListAccounts>("/api/v1/accounts", "listAccounts", "account.read", "Accounts with their roles");
  table.Stored<&GetPolicy>("/api/v1/policy", "getPolicy", "policy.read",
                           "What each role may do, and proposed changes of it");
}

}  // namespace landfall::server
