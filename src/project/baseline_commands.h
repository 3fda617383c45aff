// SPDX-License-Identifier: Apache-2.0
// 基线: freeze the plan; ask for another baseline with a reason; a second person decides (project.approve).
#pragma once

#include "ledger/command.h"
#include "project/baseline_events.h"

namespace landfall::project {

struct FreezeBaseline {
  static constexpr std::string_view kRefusals[] = {"project.unknown", "project.terminated", "project.baseline_exists",
                                                   "project.plan_empty"};
  static constexpr CommandInfo kInfo{"project.freeze_baseline", "project.write", Scope::kProjectField, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  ProjectId project;
};
BOOST_DESCRIBE_STRUCT(FreezeBaseline, (), (project))

struct AskRebaseline {
  static constexpr std::string_view kRefusals[] = {"project.unknown", "project.terminated", "project.baseline_missing",
                                                   "project.rebaseline_pending", "project.baseline_unchanged"};
  static constexpr CommandInfo kInfo{"project.ask_rebaseline", "project.write", Scope::kProjectField, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  ProjectId project;
  Text<500> reason;
};
BOOST_DESCRIBE_STRUCT(AskRebaseline, (), (project, reason))

struct ApproveRebaseline {
  static constexpr std::string_view kRefusals[] = {"project.unknown", "project.no_rebaseline",
                                                   "project.own_rebaseline"};
  static constexpr CommandInfo kInfo{"project.approve_rebaseline", "project.approve", Scope::kProjectField, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  ProjectId project;
  std::optional<Text<500>> remark;
};
BOOST_DESCRIBE_STRUCT(ApproveRebaseline, (), (project, remark))

struct RejectRebaseline {
  static constexpr std::string_view kRefusals[] = {"project.unknown", "project.no_rebaseline",
                                                   "project.own_rebaseline"};
  static constexpr CommandInfo kInfo{"project.reject_rebaseline", "project.approve", Scope::kProjectField, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  ProjectId project;
  Text<500> remark;
};
BOOST_DESCRIBE_STRUCT(RejectRebaseline, (), (project, remark))

using BaselineCommands = boost::mp11::mp_list<FreezeBaseline, AskRebaseline, ApproveRebaseline, RejectRebaseline>;

}  // namespace landfall::project
