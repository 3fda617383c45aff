// SPDX-License-Identifier: Apache-2.0
// What is recorded of a project on its way from lead to full production (招落一体).
#pragma once

#include "base/describe.h"
#include "ledger/event.h"
#include "project/agreement_events.h"
#include "project/baseline_events.h"
#include "project/batch_events.h"
#include "project/block_events.h"
#include "project/duplicate_events.h"
#include "project/funds_events.h"
#include "project/ground_events.h"
#include "project/report_events.h"
#include "project/result_events.h"
#include "project/site_events.h"

namespace landfall::project {

// How well a fact is backed. Import may set the first two; each figure says which level it requires.
enum class EvidenceLevel : std::uint8_t { none, stated, document, verified };
BOOST_DESCRIBE_ENUM(EvidenceLevel, none, stated, document, verified)

// The only three milestones that carry a metal: 签约是铜，落地是银，达产才是金.
enum class Medal : std::uint8_t { none, bronze, silver, gold };
BOOST_DESCRIBE_ENUM(Medal, none, bronze, silver, gold)

// One rung of a milestone ladder. Guards are data, so that a place can have its own ladder.
struct Rung {
  static constexpr std::string_view kName = "Rung";
  Key<40> key;
  Medal medal = Medal::none;
  std::optional<Key<40>> needs;                  // This rung must be reached first, e.g. started needs land_delivered.
  EvidenceLevel evidence = EvidenceLevel::none;  // The least evidence a typed record must bring.
  bool parallel = false;  // Runs beside its neighbours: its day is not compared with theirs (approvals ∥ land).
  auto operator<=>(const Rung&) const = default;
};
BOOST_DESCRIBE_STRUCT(Rung, (), (key, medal, needs, evidence, parallel))
inline constexpr std::size_t kRungsMax = 16;
inline constexpr std::size_t kLaddersMax = 255;  // A project keeps the number of its ladder in one byte.

// Ladders stand in the ledger, so that a later catalogue cannot change what a replay gives. Defined once, never
// changed.
struct LadderDefined {
  static constexpr EventInfo kInfo{"ladder.defined", 1, EventClass::kPublic, false};
  LadderSubject on;
  List<Rung, kRungsMax> rungs;
};
BOOST_DESCRIBE_STRUCT(LadderDefined, (), (rungs))

struct ProjectRegistered {
  static constexpr EventInfo kInfo{"project.registered", 1, EventClass::kInternal, false};
  ProjectId on;
  Key<40> ladder;
  std::optional<Code<60>> code;  // The register's own: a project code of GB/T 40058-2021, or what the place uses.
  std::optional<UnitId> owner_unit;
  std::optional<RegionId> region;
  std::optional<EnterpriseId> enterprise;
};
BOOST_DESCRIBE_STRUCT(ProjectRegistered, (), (ladder, code, owner_unit, region, enterprise))

struct ProjectNamed {
  static constexpr EventInfo kInfo{"project.named", 1, EventClass::kInternal, true};
  ProjectId on;
  Text<200> title;
};
BOOST_DESCRIBE_STRUCT(ProjectNamed, (), (title))

struct Attribute {
  static constexpr std::string_view kName = "Attribute";
  Key<60> key;
  Text<500> value;
  auto operator<=>(const Attribute&) const = default;
};
BOOST_DESCRIBE_STRUCT(Attribute, (), (key, value))

// Whatever else a register says; shown, searched, never decided upon. Replaces what was stated before.
struct AttributesStated {
  static constexpr EventInfo kInfo{"project.attributes_stated", 1, EventClass::kInternal, true};
  ProjectId on;
  List<Attribute, 60> attributes;
};
BOOST_DESCRIBE_STRUCT(AttributesStated, (), (attributes))

struct OwnerAssigned {
  static constexpr EventInfo kInfo{"project.owner_assigned", 1, EventClass::kInternal, false};
  ProjectId on;
  UnitId owner_unit;
};
BOOST_DESCRIBE_STRUCT(OwnerAssigned, (), (owner_unit))

struct RegionAssigned {
  static constexpr EventInfo kInfo{"project.region_assigned", 1, EventClass::kInternal, false};
  ProjectId on;
  RegionId region;
};
BOOST_DESCRIBE_STRUCT(RegionAssigned, (), (region))

struct EnterpriseAssigned {
  static constexpr EventInfo kInfo{"project.enterprise_assigned", 1, EventClass::kInternal, false};
  ProjectId on;
  EnterpriseId enterprise;
};
BOOST_DESCRIBE_STRUCT(EnterpriseAssigned, (), (enterprise))

// Total planned investment 计划总投资 (or a register's forecast cost). Not money in place, never added to it.
struct InvestmentSet {
  static constexpr EventInfo kInfo{"project.investment_set", 1, EventClass::kInternal, false};
  ProjectId on;
  Money amount_minor;
  EvidenceLevel evidence_level;
};
BOOST_DESCRIBE_STRUCT(InvestmentSet, (), (amount_minor, evidence_level))

struct MilestonePlanned {
  static constexpr EventInfo kInfo{"project.milestone_planned", 1, EventClass::kInternal, false};
  ProjectId on;
  Key<40> milestone;
  Day due_on;
};
BOOST_DESCRIBE_STRUCT(MilestonePlanned, (), (milestone, due_on))

struct MilestoneReached {
  static constexpr EventInfo kInfo{"project.milestone_reached", 1, EventClass::kInternal, false};
  ProjectId on;
  Key<40> milestone;
  Day effective_on;
  EvidenceLevel evidence_level;
  List<Digest, 20> evidence;
};
BOOST_DESCRIBE_STRUCT(MilestoneReached, (), (milestone, effective_on, evidence_level, evidence))

// A mistake is never edited: this names the record it corrects. Without a day the milestone was not reached after all.
struct MilestoneCorrected {
  static constexpr EventInfo kInfo{"project.milestone_corrected", 1, EventClass::kInternal, false};
  ProjectId on;
  Key<40> milestone;
  std::optional<Day> effective_on;
  EvidenceLevel evidence_level;
  Int<1, INT64_MAX> corrects;  // seq of the record that was wrong
};
BOOST_DESCRIBE_STRUCT(MilestoneCorrected, (), (milestone, effective_on, evidence_level, corrects))

// Something odd that an import found and kept: the fact is recorded as stated, the finding beside it.
struct FindingRecorded {
  static constexpr EventInfo kInfo{"project.finding_recorded", 1, EventClass::kInternal, false};
  ProjectId on;
  Key<60> finding;  // "milestone_out_of_order"
  std::optional<Key<40>> milestone;
};
BOOST_DESCRIBE_STRUCT(FindingRecorded, (), (finding, milestone))

enum class HoldReason : std::uint8_t { market, funds, land, approval, investor_request, other };
BOOST_DESCRIBE_ENUM(HoldReason, market, funds, land, approval, investor_request, other)

struct ProjectHeld {
  static constexpr EventInfo kInfo{"project.held", 1, EventClass::kInternal, false};
  ProjectId on;
  HoldReason reason;
  Day effective_on;
  std::optional<Day> until;
};
BOOST_DESCRIBE_STRUCT(ProjectHeld, (), (reason, effective_on, until))

struct ProjectResumed {
  static constexpr EventInfo kInfo{"project.resumed", 1, EventClass::kInternal, false};
  ProjectId on;
  Day effective_on;
};
BOOST_DESCRIBE_STRUCT(ProjectResumed, (), (effective_on))

struct ProjectTerminated {
  static constexpr EventInfo kInfo{"project.terminated", 1, EventClass::kInternal, false};
  ProjectId on;
  HoldReason reason;
  Day effective_on;
};
BOOST_DESCRIBE_STRUCT(ProjectTerminated, (), (reason, effective_on))

// Typed words that belong to the record before it in the same entry: why corrected, held, terminated.
struct RemarkGiven {
  static constexpr EventInfo kInfo{"project.remark_given", 1, EventClass::kInternal, true};
  ProjectId on;
  Text<500> remark;
};
BOOST_DESCRIBE_STRUCT(RemarkGiven, (), (remark))

// 到位资金 in its readings; which of them a figure counts is the figure's definition.
enum class FundsKind : std::uint8_t { fixed_assets, working_capital, foreign_investment, fiscal };
BOOST_DESCRIBE_ENUM(FundsKind, fixed_assets, working_capital, foreign_investment, fiscal)

struct FundsReceived {
  static constexpr EventInfo kInfo{"project.funds_received", 1, EventClass::kInternal, false};
  ProjectId on;
  FundsKind kind;
  Money amount_minor;  // > 0
  Day effective_on;
  EvidenceLevel evidence_level;
  List<Digest, 20> evidence;
};
BOOST_DESCRIBE_STRUCT(FundsReceived, (), (kind, amount_minor, effective_on, evidence_level, evidence))

struct FundsReversed {
  static constexpr EventInfo kInfo{"project.funds_reversed", 1, EventClass::kInternal, false};
  ProjectId on;
  Int<1, INT64_MAX> corrects;  // seq of the receipt
};
BOOST_DESCRIBE_STRUCT(FundsReversed, (), (corrects))

using OwnEvents = std::variant<LadderDefined, ProjectRegistered, ProjectNamed, AttributesStated, OwnerAssigned,
                               RegionAssigned, EnterpriseAssigned, InvestmentSet, MilestonePlanned, MilestoneReached,
                               MilestoneCorrected, FindingRecorded, ProjectHeld, ProjectResumed, ProjectTerminated,
                               RemarkGiven, FundsReceived, FundsReversed>;
using Event = boost::mp11::mp_append<OwnEvents, ReportEvents, AgreementEvents, GroundEvents, BaselineEvents,
                                     BlockEvents, FundsReadingEvents, DuplicateEvents, BatchEvents,
                                     std::variant<ProjectLocated>, ResultEvents>;

}  // namespace landfall::project
