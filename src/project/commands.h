// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ledger/command.h"
#include "project/agreement_commands.h"
#include "project/baseline_commands.h"
#include "project/batch_commands.h"
#include "project/block_commands.h"
#include "project/duplicate_commands.h"
#include "project/events.h"
#include "project/funds_commands.h"
#include "project/ground_commands.h"
#include "project/report_commands.h"
#include "project/result_commands.h"
#include "project/site_commands.h"

namespace landfall::project {

struct DefineLadder {
  static constexpr std::string_view kRefusals[] = {"ladder.defined_already", "ladder.too_many",
                                                   "ladder.empty",           "ladder.duplicate_rung",
                                                   "ladder.unknown_rung",    "ladder.guard_empty"};
  static constexpr CommandInfo kInfo{"ladder.define", "ladder.define", Scope::kJurisdiction, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  Key<40> ladder;
  List<Rung, kRungsMax> rungs;
  std::optional<List<Guard, kGuardsMax>> guards;  // What a rung needs beside those before it.
};
BOOST_DESCRIBE_STRUCT(DefineLadder, (), (ladder, rungs, guards))

struct RegisterProject {
  static constexpr std::string_view kRefusals[] = {"project.code_taken", "project.unknown_ladder", "unit.unknown",
                                                   "region.unknown",     "enterprise.unknown",     "money.negative"};
  static constexpr CommandInfo kInfo{"project.register", "project.write", Scope::kUnitField, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  Text<200> title;
  Key<40> ladder;
  std::optional<Code<60>> code;
  UnitId owner_unit;
  std::optional<RegionId> region;
  std::optional<EnterpriseId> enterprise;
  std::optional<Money> investment_minor;
};
BOOST_DESCRIBE_STRUCT(RegisterProject, (), (title, ladder, code, owner_unit, region, enterprise, investment_minor))

// What one row of an outside register says of one project. Dates that contradict each other are recorded as stated
// facts with a finding; who types them one by one is refused (ReachMilestone). Only an import may send it.
enum class StatedAs : std::uint8_t { reached, planned };
BOOST_DESCRIBE_ENUM(StatedAs, reached, planned)
struct StatedMilestone {
  static constexpr std::string_view kName = "StatedMilestone";
  Key<40> milestone;
  Day day;
  StatedAs as = StatedAs::reached;
};
BOOST_DESCRIBE_STRUCT(StatedMilestone, (), (milestone, day, as))

struct RecordRow {
  static constexpr std::string_view kRefusals[] = {
      "project.unknown", "project.code_taken",      "project.unknown_ladder", "project.unknown_milestone",
      "unit.unknown",    "region.unknown",          "enterprise.unknown",     "project.ladder_fixed",
      "money.negative",  "project.row_says_nothing"};
  static constexpr CommandInfo kInfo{"project.record_row", "import.run", Scope::kJurisdiction, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  std::optional<ProjectId> project;  // Absent: a new project.
  std::optional<Key<40>> ladder;     // With a new project only.
  std::optional<Code<60>> code;
  std::optional<Text<200>> title;
  std::optional<UnitId> owner_unit;
  std::optional<RegionId> region;
  std::optional<EnterpriseId> enterprise;
  std::optional<Money> investment_minor;
  List<StatedMilestone, kRungsMax> milestones;
  std::optional<List<Attribute, 60>> attributes;
  List<Key<60>, 60> findings;
};
BOOST_DESCRIBE_STRUCT(RecordRow, (),
                      (project, ladder, code, title, owner_unit, region, enterprise, investment_minor, milestones,
                       attributes, findings))

struct RenameProject {
  static constexpr std::string_view kRefusals[] = {"project.unknown"};
  static constexpr CommandInfo kInfo{"project.rename", "project.write", Scope::kProjectField, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  ProjectId project;
  Text<200> title;
};
BOOST_DESCRIBE_STRUCT(RenameProject, (), (project, title))

struct AssignOwner {
  static constexpr std::string_view kRefusals[] = {"project.unknown", "unit.unknown", "project.owner_unchanged"};
  static constexpr CommandInfo kInfo{"project.assign_owner", "project.assign", Scope::kJurisdiction, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  ProjectId project;
  UnitId owner_unit;
};
BOOST_DESCRIBE_STRUCT(AssignOwner, (), (project, owner_unit))

struct SetInvestment {
  static constexpr std::string_view kRefusals[] = {"project.unknown", "project.terminated", "money.negative"};
  static constexpr CommandInfo kInfo{"project.set_investment", "project.write", Scope::kProjectField, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  ProjectId project;
  Money amount_minor;
};
BOOST_DESCRIBE_STRUCT(SetInvestment, (), (project, amount_minor))

struct PlanMilestone {
  static constexpr std::string_view kRefusals[] = {"project.unknown", "project.terminated", "project.unknown_milestone",
                                                   "project.milestone_already_reached", "project.plan_out_of_order"};
  static constexpr CommandInfo kInfo{"project.plan_milestone", "project.write", Scope::kProjectField, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  ProjectId project;
  Key<40> milestone;
  Day due_on;
};
BOOST_DESCRIBE_STRUCT(PlanMilestone, (), (project, milestone, due_on))

struct ReachMilestone {
  static constexpr std::string_view kRefusals[] = {"project.unknown",
                                                   "project.terminated",
                                                   "project.on_hold",
                                                   "project.unknown_milestone",
                                                   "project.milestone_already_reached",
                                                   "project.day_in_future",
                                                   "project.rung_missing",
                                                   "project.milestone_out_of_order",
                                                   "project.evidence_missing",
                                                   "project.blocked",
                                                   "project.ground_missing"};
  static constexpr CommandInfo kInfo{"project.reach_milestone", "project.write", Scope::kProjectField, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  ProjectId project;
  Key<40> milestone;
  Day effective_on;
  std::optional<List<Digest, 20>> evidence;
};
BOOST_DESCRIBE_STRUCT(ReachMilestone, (), (project, milestone, effective_on, evidence))

struct CorrectMilestone {
  static constexpr std::string_view kRefusals[] = {"project.unknown",
                                                   "project.unknown_milestone",
                                                   "project.milestone_not_reached",
                                                   "project.corrects_other_record",
                                                   "project.day_in_future",
                                                   "project.milestone_out_of_order",
                                                   "project.correction_changes_nothing"};
  static constexpr CommandInfo kInfo{"project.correct_milestone", "project.correct", Scope::kProjectField, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  ProjectId project;
  Key<40> milestone;
  std::optional<Day> effective_on;  // Absent: it was not reached after all.
  Int<1, INT64_MAX> corrects;
  Text<500> remark;
};
BOOST_DESCRIBE_STRUCT(CorrectMilestone, (), (project, milestone, effective_on, corrects, remark))

struct HoldProject {
  static constexpr std::string_view kRefusals[] = {"project.unknown", "project.terminated", "project.on_hold",
                                                   "project.day_in_future", "project.until_before_start"};
  static constexpr CommandInfo kInfo{"project.hold", "project.write", Scope::kProjectField, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  ProjectId project;
  HoldReason reason;
  Day effective_on;
  std::optional<Day> until;
  std::optional<Text<500>> remark;
};
BOOST_DESCRIBE_STRUCT(HoldProject, (), (project, reason, effective_on, until, remark))

struct ResumeProject {
  static constexpr std::string_view kRefusals[] = {"project.unknown", "project.not_on_hold", "project.day_in_future",
                                                   "project.day_before_hold"};
  static constexpr CommandInfo kInfo{"project.resume", "project.write", Scope::kProjectField, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  ProjectId project;
  Day effective_on;
};
BOOST_DESCRIBE_STRUCT(ResumeProject, (), (project, effective_on))

struct TerminateProject {
  static constexpr std::string_view kRefusals[] = {"project.unknown", "project.terminated", "project.day_in_future"};
  static constexpr CommandInfo kInfo{"project.terminate", "project.terminate", Scope::kProjectField, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  ProjectId project;
  HoldReason reason;
  Day effective_on;
  Text<500> remark;
};
BOOST_DESCRIBE_STRUCT(TerminateProject, (), (project, reason, effective_on, remark))

struct ReceiveFunds {
  static constexpr std::string_view kRefusals[] = {"project.unknown", "project.terminated", "money.not_positive",
                                                   "project.day_in_future", "project.funds_overflow"};
  static constexpr CommandInfo kInfo{"project.receive_funds", "project.write", Scope::kProjectField, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  ProjectId project;
  FundsKind kind;
  Money amount_minor;
  Day effective_on;
  std::optional<List<Digest, 20>> evidence;
};
BOOST_DESCRIBE_STRUCT(ReceiveFunds, (), (project, kind, amount_minor, effective_on, evidence))

struct ReverseFunds {
  static constexpr std::string_view kRefusals[] = {"project.unknown", "project.no_such_receipt",
                                                   "project.receipt_reversed"};
  static constexpr CommandInfo kInfo{"project.reverse_funds", "project.correct", Scope::kProjectField, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  ProjectId project;
  Int<1, INT64_MAX> corrects;
  Text<500> remark;
};
BOOST_DESCRIBE_STRUCT(ReverseFunds, (), (project, corrects, remark))

using OwnCommands = boost::mp11::mp_list<DefineLadder, RegisterProject, RecordRow, RenameProject, AssignOwner,
                                         SetInvestment, PlanMilestone, ReachMilestone, CorrectMilestone, HoldProject,
                                         ResumeProject, TerminateProject, ReceiveFunds, ReverseFunds>;
using Commands = boost::mp11::mp_append<OwnCommands, ReportCommands, AgreementCommands, GroundCommands,
                                        BaselineCommands, BlockCommands, FundsReadingCommands, DuplicateCommands,
                                        BatchCommands, boost::mp11::mp_list<LocateProject>, ResultCommands>;

}  // namespace landfall::project
