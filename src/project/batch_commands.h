// SPDX-License-Identifier: Apache-2.0
// 项目库与六个一批: put on a list, take off, plan a list; share the credit; adopt a plan.
#pragma once

#include "ledger/command.h"
#include "project/batch_events.h"

namespace landfall::project {

struct JoinBatch {
  static constexpr std::string_view kRefusals[] = {"project.unknown", "project.terminated", "project.in_batch",
                                                   "project.day_before_last"};
  static constexpr CommandInfo kInfo{"project.join_batch", "project.write", Scope::kProjectField, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  ProjectId project;
  Batch batch;
  Day effective_on;
};
BOOST_DESCRIBE_STRUCT(JoinBatch, (), (project, batch, effective_on))

struct LeaveBatch {
  static constexpr std::string_view kRefusals[] = {"project.unknown", "project.not_in_batch",
                                                   "project.day_before_last"};
  static constexpr CommandInfo kInfo{"project.leave_batch", "project.write", Scope::kProjectField, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  ProjectId project;
  Batch batch;
  Day effective_on;
};
BOOST_DESCRIBE_STRUCT(LeaveBatch, (), (project, batch, effective_on))

struct SetBatchTarget {
  static constexpr std::string_view kRefusals[] = {"list.period_reversed", "list.target_unchanged"};
  static constexpr CommandInfo kInfo{"list.set_target", "project.assign", Scope::kJurisdiction, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  Batch batch;
  Period first_period;
  Period last_period;
  Int<0, 100'000> projects;
};
BOOST_DESCRIBE_STRUCT(SetBatchTarget, (), (batch, first_period, last_period, projects))

struct SetShares {
  static constexpr std::string_view kRefusals[] = {
      "project.unknown",     "project.terminated",        "unit.unknown",
      "project.share_twice", "project.shares_unbalanced", "project.shares_unchanged"};
  static constexpr CommandInfo kInfo{"project.set_shares", "project.assign", Scope::kProjectField, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  ProjectId project;
  List<UnitShare, kSharesMax> shares;  // None: all of it is the owner unit's.
};
BOOST_DESCRIBE_STRUCT(SetShares, (), (project, shares))

struct PlanTaskText {
  static constexpr std::string_view kName = "PlanTaskText";
  Text<200> text;
  UnitId owner_unit;
  Day due_on;
  std::optional<Key<40>> milestone;
};
BOOST_DESCRIBE_STRUCT(PlanTaskText, (), (text, owner_unit, due_on, milestone))

struct AdoptPlan {
  static constexpr std::string_view kRefusals[] = {
      "project.unknown",           "project.terminated", "project.day_in_future",    "project.day_before_last",
      "project.plan_without_task", "unit.unknown",       "project.unknown_milestone"};
  static constexpr CommandInfo kInfo{"project.adopt_plan", "project.write", Scope::kProjectField, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  ProjectId project;
  Day effective_on;
  Text<2000> strategy;
  List<PlanTaskText, kPlanTasksMax> tasks;
};
BOOST_DESCRIBE_STRUCT(AdoptPlan, (), (project, effective_on, strategy, tasks))

using BatchCommands = boost::mp11::mp_list<JoinBatch, LeaveBatch, SetBatchTarget, SetShares, AdoptPlan>;

}  // namespace landfall::project
