// SPDX-License-Identifier: Apache-2.0
// 卡点: raise and solve what keeps a project from a rung.
#pragma once

#include "ledger/command.h"
#include "project/block_events.h"

namespace landfall::project {

struct RaiseBlock {
  static constexpr std::string_view kRefusals[] = {"project.unknown",           "project.terminated",
                                                   "project.unknown_milestone", "unit.unknown",
                                                   "project.day_in_future",     "project.milestone_already_reached",
                                                   "project.until_before_start"};
  static constexpr CommandInfo kInfo{"project.raise_block", "project.write", Scope::kProjectField, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  ProjectId project;
  BlockKind block;
  Key<40> milestone;
  UnitId owner_unit;
  Day due_on;
  Day effective_on;
  Text<500> text;
};
BOOST_DESCRIBE_STRUCT(RaiseBlock, (), (project, block, milestone, owner_unit, due_on, effective_on, text))

struct SolveBlock {
  static constexpr std::string_view kRefusals[] = {"project.unknown", "project.no_such_block", "project.block_solved",
                                                   "project.day_in_future", "project.day_before_block"};
  static constexpr CommandInfo kInfo{"project.solve_block", "project.write", Scope::kProjectField, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  ProjectId project;
  Int<1, INT64_MAX> raised;
  Day effective_on;
  std::optional<List<Digest, 20>> evidence;
  std::optional<Text<500>> remark;
};
BOOST_DESCRIBE_STRUCT(SolveBlock, (), (project, raised, effective_on, evidence, remark))

using BlockCommands = boost::mp11::mp_list<RaiseBlock, SolveBlock>;

}  // namespace landfall::project
