// SPDX-License-Identifier: Apache-2.0
// 方案任务: which task of its project's plan (一项目一策) an obligation carries out. The task is done when the
// obligation is written off; nobody types it a second time.
#pragma once

#include "base/describe.h"
#include "ledger/event.h"
#include "project/events.h"

namespace landfall::obligation {

using TaskNumber = Int<1, static_cast<std::int64_t>(project::kPlanTasksMax)>;

// A later one replaces it.
struct TaskTaken {
  static constexpr EventInfo kInfo{"obligation.task_taken", 1, EventClass::kInternal, false};
  ObligationId on;
  Int<1, INT64_MAX> plan;  // seq of the record that adopted that version of the plan
  TaskNumber task;         // its number in it
};
BOOST_DESCRIBE_STRUCT(TaskTaken, (), (plan, task))

}  // namespace landfall::obligation
