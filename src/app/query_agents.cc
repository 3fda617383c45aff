// SPDX-License-Identifier: Apache-2.0
#include "app/query_agents.h"

#include <map>

#include "app/board_scan.h"

namespace landfall::app {
namespace {

// What a walk over the duties finds of each active project.
struct Served {
  std::vector<std::uint32_t> posts;  // raw
  people::DutyId newest;
  bool filled = false, mandated = false;
};

void Count(LightCounts& counts, Light light) {
  std::int64_t* const of[] = {&counts.red, &counts.amber, &counts.green, &counts.done, &counts.idle};
  ++*of[static_cast<std::size_t>(light)];
}

}  // namespace

Result<AgentsView> QueryAgents(const Frame& frame, std::optional<UnitId> unit) {
  const State& state = frame.state;
  const people::State& people = state.people;
  const project::State& projects = state.project;
  if (unit && !people.Knows(*unit)) return NotFound("unit.unknown", {}, "unit");
  const Scope scope(frame, unit, std::nullopt);
  const std::int32_t as_of = DayNumber(frame.as_of);
  const std::vector<int> rungs = RungCounts(projects);

  AgentsView view;
  view.standing = StandingOf(frame);
  std::map<std::uint32_t, Light> active;  // By project index.
  std::map<std::uint32_t, AgentWindow> windows;
  for (std::size_t p = 0; p < projects.size(); ++p) {
    if (!scope.Has(p) || !projects.Counts(p)) continue;
    const project::State::Position at = FastPosition(projects, p, as_of);
    const Light light = LightOf(projects, p, as_of, at.stage, at.open_due, rungs[projects.ladder[p]]);
    if (light == Light::done || light == Light::idle) continue;
    active.emplace(static_cast<std::uint32_t>(p), light);
    if (projects.owner[p] != 0) ++windows[projects.owner[p]].projects;
  }
  view.projects = static_cast<std::int64_t>(active.size());

  std::vector<std::int32_t> mandate_until(people.duties.size(), INT32_MIN);  // By duty: of the one that runs.
  for (const people::Mandate& mandate : people.mandates)
    if (mandate.from <= as_of && as_of < mandate.until) mandate_until[mandate.duty - 1] = mandate.until;
  std::vector<std::uint8_t> filled(people.post_unit.size());  // By post.
  for (const std::vector<people::Term>* terms : {&people.terms, &people.acting})
    for (const people::Term& term : *terms)
      if (term.from <= as_of && as_of < term.until) filled[term.post - 1] = 1;

  std::map<std::uint32_t, Served> served;  // By project index.
  std::map<std::uint32_t, AgentRow> agents;
  for (std::size_t d = 0; d < people.duties.size(); ++d) {
    const people::Duty& duty = people.duties[d];
    if (duty.kind != static_cast<std::uint8_t>(people::DutyKind::agent) || !duty.RunsOn(as_of)) continue;
    const auto found = active.find(duty.project - 1);
    if (found == active.end()) continue;
    Served& of = served[duty.project - 1];
    of.posts.push_back(duty.post);
    of.newest = people::DutyId::FromIndex(d);
    of.filled |= filled[duty.post - 1] != 0;
    of.mandated |= mandate_until[d] != INT32_MIN;
    AgentRow& agent = agents[duty.post];
    ++agent.projects;
    agent.mandates += mandate_until[d] != INT32_MIN;
    agent.ending += mandate_until[d] != INT32_MIN && mandate_until[d] - as_of <= kMandateEndsSoon;
    Count(agent.lights, found->second);
  }

  const auto post_ref = [&](std::uint32_t raw) {
    return NamedRef{PostId{raw}.ToString(), std::string(people.post_title.Get(raw - 1))};
  };
  for (auto& [post, agent] : agents) {
    const std::uint32_t of_unit = people.post_unit[post - 1];
    agent.post = post_ref(post);
    agent.unit = UnitRef(state, UnitId{of_unit});
    agent.filled = filled[post - 1] != 0;
    windows[of_unit].agents += agent.filled;
    view.agents.push_back(std::move(agent));
  }
  std::ranges::stable_sort(view.agents, std::greater(), &AgentRow::projects);

  for (auto& [of_unit, window] : windows) {
    window.unit = UnitRef(state, UnitId{of_unit});
    ++(window.agents > 0 ? view.windows : view.units_without_window);
    view.units.push_back(std::move(window));
  }
  std::ranges::stable_sort(view.units, [](const AgentWindow& a, const AgentWindow& b) {
    return std::tuple(a.agents > 0, -a.projects) < std::tuple(b.agents > 0, -b.projects);
  });

  for (const auto& [p, light] : active) {
    static const Served kNobody;
    const auto found = served.find(p);
    const Served& of = found == served.end() ? kNobody : found->second;
    AgentGap gap;
    if (of.posts.empty()) {
      gap = AgentGap::none, ++view.none;
    } else if (of.posts.size() > 1) {
      gap = AgentGap::several, ++view.several;
    } else if (!of.filled) {
      gap = AgentGap::vacant, ++view.vacant;
    } else {
      ++view.served;
      if (of.mandated) continue;
      gap = AgentGap::unmandated, ++view.unmandated;
    }
    AgentGapRow row{ProjectRef(projects, p + 1), std::nullopt, gap, {}, std::nullopt};
    if (projects.owner[p] != 0) row.owner_unit = UnitRef(state, UnitId{projects.owner[p]});
    if (of.posts.size() == 1) row.duty = of.newest;
    for (const std::uint32_t post : of.posts) row.posts.push_back(post_ref(post));
    view.gaps.push_back(std::move(row));
  }
  std::ranges::stable_sort(view.gaps, {}, &AgentGapRow::gap);
  if (view.gaps.size() > kAgentGapsMax) view.gaps.resize(kAgentGapsMax);
  return view;
}

}  // namespace landfall::app
