// SPDX-License-Identifier: Apache-2.0
// 要件: what a ladder asks for, and what a project has of it.
#pragma once

#include "ledger/command.h"
#include "project/ground_events.h"

namespace landfall::project {

struct SetGuards {
  static constexpr std::string_view kRefusals[] = {"project.unknown_ladder", "ladder.unknown_rung",
                                                   "ladder.guard_empty", "ladder.guards_unchanged"};
  static constexpr CommandInfo kInfo{"ladder.set_guards", "ladder.define", Scope::kJurisdiction, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  Key<40> ladder;
  List<Guard, kGuardsMax> guards;
};
BOOST_DESCRIBE_STRUCT(SetGuards, (), (ladder, guards))

struct RecordGround {
  static constexpr std::string_view kRefusals[] = {"project.unknown",          "project.terminated",
                                                   "project.ground_follows",   "project.day_in_future",
                                                   "project.evidence_missing", "project.project_code_missing"};
  static constexpr CommandInfo kInfo{"project.record_ground", "project.write", Scope::kProjectField, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  ProjectId project;
  Ground ground;
  Day effective_on;
  std::optional<Code<60>> number;
  List<Digest, 20> evidence;
};
BOOST_DESCRIBE_STRUCT(RecordGround, (), (project, ground, effective_on, number, evidence))

struct WithdrawGround {
  static constexpr std::string_view kRefusals[] = {"project.unknown", "project.no_such_ground"};
  static constexpr CommandInfo kInfo{"project.withdraw_ground", "project.correct", Scope::kProjectField, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  ProjectId project;
  Int<1, INT64_MAX> corrects;
  Text<500> remark;
};
BOOST_DESCRIBE_STRUCT(WithdrawGround, (), (project, corrects, remark))

using GroundCommands = boost::mp11::mp_list<SetGuards, RecordGround, WithdrawGround>;

}  // namespace landfall::project
