// SPDX-License-Identifier: Apache-2.0
// What is told of agents 代办.
#pragma once

#include "app/views.h"
#include "people/duty_events.h"

namespace landfall::app {

// What is wrong with the agent of an active project; every active project has exactly one current agent, asked by the
// enterprise.
enum class AgentGap : std::uint8_t {
  none,       // no agent
  several,    // more than one
  vacant,     // nobody holds the agent's post, or acts for it
  unmandated  // no mandate runs
};
BOOST_DESCRIBE_ENUM(AgentGap, none, several, vacant, unmandated)

struct AgentGapRow {
  static constexpr std::string_view kName = "AgentGapRow";
  NamedRef project;
  std::optional<NamedRef> owner_unit;
  AgentGap gap = AgentGap::none;
  std::vector<NamedRef> posts;         // Those that have the duty.
  std::optional<people::DutyId> duty;  // Where one alone has it.
};
BOOST_DESCRIBE_STRUCT(AgentGapRow, (), (project, owner_unit, gap, posts, duty))

// A post with its work as agent.
struct AgentRow {
  static constexpr std::string_view kName = "AgentRow";
  NamedRef post, unit;
  bool filled = false;        // Somebody holds the post, or acts for it.
  std::int64_t projects = 0;  // Active ones.
  std::int64_t mandates = 0;  // Of them with one that runs.
  std::int64_t ending = 0;    // Of those within kMandateEndsSoon days.
  LightCounts lights;         // Of the projects.
};
BOOST_DESCRIBE_STRUCT(AgentRow, (), (post, unit, filled, projects, mandates, ending, lights))

// A unit that leads active projects or has agents: its window 代办窗口.
struct AgentWindow {
  static constexpr std::string_view kName = "AgentWindow";
  NamedRef unit;
  std::int64_t projects = 0;  // Active ones that it leads.
  std::int64_t agents = 0;    // Posts of its own that are filled and agents of an active project.
};
BOOST_DESCRIBE_STRUCT(AgentWindow, (), (unit, projects, agents))

struct AgentsView {
  static constexpr std::string_view kName = "Agents";
  Standing standing;
  std::int64_t projects = 0;  // Active ones.
  std::int64_t served = 0;    // With exactly one agent, whose post is filled.
  std::int64_t none = 0, several = 0, vacant = 0, unmandated = 0;
  std::int64_t windows = 0, units_without_window = 0;
  std::vector<AgentWindow> units;  // Those without a window first, then by projects, most first.
  std::vector<AgentRow> agents;    // By projects, most first.
  std::vector<AgentGapRow> gaps;   // By kind, then by project; at most kAgentGapsMax of them.
};
BOOST_DESCRIBE_STRUCT(AgentsView, (),
                      (standing, projects, served, none, several, vacant, unmandated, windows, units_without_window,
                       units, agents, gaps))

}  // namespace landfall::app
