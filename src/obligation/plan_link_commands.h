// SPDX-License-Identifier: Apache-2.0
// 方案任务: make an obligation of a task of the plan, or say that one there is carries it out.
#pragma once

#include "ledger/command.h"
#include "obligation/events.h"

namespace landfall::obligation {

// Assigns an obligation of kind `task` for task number `task` of the project's plan in force. The words are given anew:
// those of the plan may be erased, and nothing is decided upon words.
struct AssignTask {
  static constexpr std::string_view kRefusals[] = {
      "project.unknown", "obligation.plan_not_in_force", "obligation.no_such_task", "obligation.task_has_one",
      "unit.unknown",    "obligation.due_before_given"};
  static constexpr CommandInfo kInfo{"obligation.assign_task", "obligation.assign", Scope::kJurisdiction, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  ProjectId project;
  Int<1, INT64_MAX> plan;
  TaskNumber task;
  Text<500> text;
  UnitId owner_unit;
  Day due_on;
};
BOOST_DESCRIBE_STRUCT(AssignTask, (), (project, plan, task, text, owner_unit, due_on))

// For what was assigned before the plan was adopted, or for an earlier version of it; also what is written off already.
struct LinkTask {
  static constexpr std::string_view kRefusals[] = {"obligation.unknown",         "obligation.wrong_state",
                                                   "obligation.subject_missing", "obligation.plan_not_in_force",
                                                   "obligation.no_such_task",    "obligation.task_has_one"};
  static constexpr CommandInfo kInfo{"obligation.link_task", "obligation.assign", Scope::kJurisdiction, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  ObligationId obligation;
  Int<1, INT64_MAX> plan;
  TaskNumber task;
};
BOOST_DESCRIBE_STRUCT(LinkTask, (), (obligation, plan, task))

}  // namespace landfall::obligation
