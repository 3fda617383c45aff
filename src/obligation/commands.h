// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ledger/command.h"
#include "obligation/events.h"
#include "obligation/follow_up_commands.h"
#include "obligation/plan_link_commands.h"

namespace landfall::obligation {

struct Assign {
  static constexpr std::string_view kRefusals[] = {"project.unknown", "unit.unknown", "obligation.due_before_given",
                                                   "obligation.subject_missing", "obligation.category_without_list"};
  static constexpr CommandInfo kInfo{"obligation.assign", "obligation.assign", Scope::kJurisdiction, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  Kind kind;
  Text<500> text;
  std::optional<ProjectId> project;
  UnitId owner_unit;
  Day due_on;
  std::optional<ListName> list{};
  std::optional<Category> category{};
};
BOOST_DESCRIBE_STRUCT(Assign, (), (kind, text, project, owner_unit, due_on, list, category))

struct Accept {
  static constexpr std::string_view kRefusals[] = {"obligation.unknown", "obligation.wrong_state",
                                                   "obligation.needs_no_acceptance"};
  static constexpr CommandInfo kInfo{"obligation.accept", "obligation.act", Scope::kObligationField, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  ObligationId obligation;
};
BOOST_DESCRIBE_STRUCT(Accept, (), (obligation))

struct ReportDone {
  static constexpr std::string_view kRefusals[] = {"obligation.unknown",          "obligation.wrong_state",
                                                   "obligation.not_accepted",     "obligation.day_in_future",
                                                   "obligation.day_before_given", "obligation.evidence_missing"};
  static constexpr CommandInfo kInfo{"obligation.report_done", "obligation.act", Scope::kObligationField, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  ObligationId obligation;
  Day effective_on;
  std::optional<List<Digest, 20>> evidence;
  std::optional<Text<500>> remark;
};
BOOST_DESCRIBE_STRUCT(ReportDone, (), (obligation, effective_on, evidence, remark))

struct WriteOff {
  static constexpr std::string_view kRefusals[] = {"obligation.unknown", "obligation.wrong_state",
                                                   "obligation.own_report", "obligation.own_unit"};
  static constexpr CommandInfo kInfo{"obligation.write_off", "obligation.write_off", Scope::kJurisdiction, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  ObligationId obligation;
  std::optional<Text<500>> remark;
  std::optional<List<Digest, 20>> evidence{};
};
BOOST_DESCRIBE_STRUCT(WriteOff, (), (obligation, remark, evidence))

struct Return {
  static constexpr std::string_view kRefusals[] = {"obligation.unknown",        "obligation.wrong_state",
                                                   "obligation.not_returnable", "obligation.own_report",
                                                   "obligation.own_unit",       "obligation.due_in_past"};
  static constexpr CommandInfo kInfo{"obligation.return", "obligation.write_off", Scope::kJurisdiction, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  ObligationId obligation;
  Day due_on;
  Text<500> remark;
};
BOOST_DESCRIBE_STRUCT(Return, (), (obligation, due_on, remark))

struct MoveDeadline {
  static constexpr std::string_view kRefusals[] = {"obligation.unknown", "obligation.wrong_state",
                                                   "obligation.due_before_given", "obligation.deadline_unchanged"};
  static constexpr CommandInfo kInfo{"obligation.move_deadline", "obligation.assign", Scope::kJurisdiction, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  ObligationId obligation;
  Day due_on;
  Text<500> remark;
};
BOOST_DESCRIBE_STRUCT(MoveDeadline, (), (obligation, due_on, remark))

struct Cancel {
  static constexpr std::string_view kRefusals[] = {"obligation.unknown", "obligation.wrong_state"};
  static constexpr CommandInfo kInfo{"obligation.cancel", "obligation.assign", Scope::kJurisdiction, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  ObligationId obligation;
  Text<500> remark;
};
BOOST_DESCRIBE_STRUCT(Cancel, (), (obligation, remark))

using Commands = boost::mp11::mp_list<Assign, Accept, ReportDone, WriteOff, Return, MoveDeadline, Cancel, Urge,
                                      StateSource, PutOnList, NoteProgress, Escalate, AssignTask, LinkTask>;

}  // namespace landfall::obligation
