// SPDX-License-Identifier: Apache-2.0
// 基线: the plan as it was agreed. The plan may move afterwards; the baseline moves only when a second person agrees.
#pragma once

#include "base/describe.h"
#include "ledger/event.h"

namespace landfall::project {

struct BaselineDay {
  static constexpr std::string_view kName = "BaselineDay";
  Key<40> milestone;
  Day due_on;
  bool operator==(const BaselineDay&) const = default;
};
BOOST_DESCRIBE_STRUCT(BaselineDay, (), (milestone, due_on))
inline constexpr std::size_t kBaselineDaysMax = 16;

// The first baseline: the plan as it stands.
struct BaselineFrozen {
  static constexpr EventInfo kInfo{"project.baseline_frozen", 1, EventClass::kInternal, false};
  ProjectId on;
  Day effective_on;
  List<BaselineDay, kBaselineDaysMax> days;
};
BOOST_DESCRIBE_STRUCT(BaselineFrozen, (), (effective_on, days))

// The plan as it stood when a new baseline was asked for; why follows in project.remark_given.
struct RebaselineAsked {
  static constexpr EventInfo kInfo{"project.rebaseline_asked", 1, EventClass::kInternal, false};
  ProjectId on;
  Day effective_on;
  List<BaselineDay, kBaselineDaysMax> days;
};
BOOST_DESCRIBE_STRUCT(RebaselineAsked, (), (effective_on, days))

struct RebaselineApproved {
  static constexpr EventInfo kInfo{"project.rebaseline_approved", 1, EventClass::kInternal, false};
  ProjectId on;
  Int<1, INT64_MAX> asked;  // seq
  Day effective_on;
};
BOOST_DESCRIBE_STRUCT(RebaselineApproved, (), (asked, effective_on))

struct RebaselineRejected {
  static constexpr EventInfo kInfo{"project.rebaseline_rejected", 1, EventClass::kInternal, false};
  ProjectId on;
  Int<1, INT64_MAX> asked;  // seq
  Day effective_on;
};
BOOST_DESCRIBE_STRUCT(RebaselineRejected, (), (asked, effective_on))

using BaselineEvents = std::variant<BaselineFrozen, RebaselineAsked, RebaselineApproved, RebaselineRejected>;

}  // namespace landfall::project
