// SPDX-License-Identifier: Apache-2.0
// 项目库与六个一批: which lists a project stands on from which day to which, how many are planned for each, who shares
// the credit for it, and the plan it follows (一项目一策).
#pragma once

#include "base/describe.h"
#include "base/period.h"
#include "ledger/event.h"

namespace landfall::project {

// 芦淞's six (DOMAIN §2.5): 招引·开工·推进·竣工·征拆·储备; 策划 is the stage of the pool before 储备.
enum class Batch : std::uint8_t { planning, reserve, attract, start, advance, complete, clear_land };
BOOST_DESCRIBE_ENUM(Batch, planning, reserve, attract, start, advance, complete, clear_land)
inline constexpr std::size_t kBatches = 7;

struct BatchJoined {
  static constexpr EventInfo kInfo{"project.batch_joined", 1, EventClass::kInternal, false};
  ProjectId on;
  Batch batch;
  Day effective_on;
};
BOOST_DESCRIBE_STRUCT(BatchJoined, (), (batch, effective_on))

// It stands on the list up to the day before.
struct BatchLeft {
  static constexpr EventInfo kInfo{"project.batch_left", 1, EventClass::kInternal, false};
  ProjectId on;
  Batch batch;
  Day effective_on;
};
BOOST_DESCRIBE_STRUCT(BatchLeft, (), (batch, effective_on))

struct BatchSubject {
  Batch batch;
  std::string Subject() const { return "list/" + std::string(EnumName(batch)); }
  static Result<BatchSubject> Parse(std::string_view text) {
    const auto batch = EnumFromName<Batch>(text);
    if (!batch) return Corrupt("ledger.corrupt", std::string(text));
    return BatchSubject{*batch};
  }
};

// How many projects a list is to bring to its end from the first month to the last. Replaces what was said of the same
// months.
struct BatchTargetSet {
  static constexpr EventInfo kInfo{"list.target_set", 1, EventClass::kInternal, false};
  BatchSubject on;
  Period first_period;
  Period last_period;
  Int<0, 100'000> projects;
};
BOOST_DESCRIBE_STRUCT(BatchTargetSet, (), (first_period, last_period, projects))

struct UnitShare {
  static constexpr std::string_view kName = "UnitShare";
  UnitId unit;
  Int<1, 10'000> share_bp;
  bool operator==(const UnitShare&) const = default;
};
BOOST_DESCRIBE_STRUCT(UnitShare, (), (unit, share_bp))
inline constexpr std::size_t kSharesMax = 20;

// Who shares the credit, 10,000 in all. Without shares all of it is the owner unit's.
struct SharesSet {
  static constexpr EventInfo kInfo{"project.shares_set", 1, EventClass::kInternal, false};
  ProjectId on;
  List<UnitShare, kSharesMax> shares;
};
BOOST_DESCRIBE_STRUCT(SharesSet, (), (shares))

struct PlanTask {
  static constexpr std::string_view kName = "PlanTask";
  UnitId owner_unit;
  Day due_on;
  std::optional<Key<40>> milestone;  // That it serves.
};
BOOST_DESCRIBE_STRUCT(PlanTask, (), (owner_unit, due_on, milestone))
inline constexpr std::size_t kPlanTasksMax = 40;

// 一项目一策: one whole version; the one before stays readable.
struct PlanAdopted {
  static constexpr EventInfo kInfo{"project.plan_adopted", 1, EventClass::kInternal, false};
  ProjectId on;
  Day effective_on;
  List<PlanTask, kPlanTasksMax> tasks;
};
BOOST_DESCRIBE_STRUCT(PlanAdopted, (), (effective_on, tasks))

// The words of the plan before it in the same entry; one text for each task.
struct PlanWorded {
  static constexpr EventInfo kInfo{"project.plan_worded", 1, EventClass::kInternal, true};
  ProjectId on;
  Text<2000> strategy;
  List<Text<200>, kPlanTasksMax> texts;
};
BOOST_DESCRIBE_STRUCT(PlanWorded, (), (strategy, texts))

using BatchEvents = std::variant<BatchJoined, BatchLeft, BatchTargetSet, SharesSet, PlanAdopted, PlanWorded>;

}  // namespace landfall::project
