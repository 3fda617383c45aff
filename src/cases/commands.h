// SPDX-License-Identifier: Apache-2.0
// The life of a case at the window. What the competent units do to its steps stands in step_commands.h.
#pragma once

#include "cases/definition_commands.h"
#include "cases/events.h"
#include "cases/handover_commands.h"
#include "cases/step_commands.h"
#include "ledger/command.h"

namespace landfall::cases {

// What an enterprise's own account may do about its cases (CommandInfo::applicant).
inline constexpr std::string_view kByApplicant = "case.apply";

// Opens a case on the versions in force today. Papers that are lacking leave it incomplete.
struct ApplyForCase {
  static constexpr std::string_view kRefusals[] = {
      "package.unknown",       "case.matter_not_in_package", "package.cycle",         "enterprise.unknown",
      "project.unknown",       "case.paper_unknown",         "case.paper_repeated",   "case.paper_expired",
      "case.validity_missing", "case.paper_may_not_follow",  "case.follow_day_wrong", "case.enterprise_missing",
      "case.project_not_own"};
  static constexpr CommandInfo kInfo{"case.apply", "case.write", Scope::kCaseField, kRefusals, kByApplicant};
  static constexpr std::string_view kName = kInfo.name;
  Key<40> package;
  List<Key<40>, kMattersMax> matters;  // Those of the package that apply to this applicant, in any order.
  std::optional<EnterpriseId> enterprise;
  std::optional<ProjectId> project;
  List<HandedPaper, kCasePapersMax> papers;
  std::optional<Text<500>> text;  // The applicant's own words.
};
BOOST_DESCRIBE_STRUCT(ApplyForCase, (), (package, matters, enterprise, project, papers, text))

// 一次告知: names everything that is lacking. There is one notice; a second asks for nothing new.
struct NotifyOnce {
  static constexpr std::string_view kRefusals[] = {"case.unknown", "case.wrong_state", "case.notice_incomplete",
                                                   "case.notified_already", "case.notice_asks_more"};
  static constexpr CommandInfo kInfo{"case.notify", "case.write", Scope::kCaseField, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  CaseId case_id;
  List<Key<40>, kCasePapersMax> papers;
  std::optional<Text<500>> remark;
};
BOOST_DESCRIBE_STRUCT(NotifyOnce, (), (case_id, papers, remark))

// Papers that were lacking, or that were to follow.
struct SupplyPapers {
  static constexpr std::string_view kRefusals[] = {"case.unknown",
                                                   "case.wrong_state",
                                                   "case.paper_unknown",
                                                   "case.paper_repeated",
                                                   "case.paper_expired",
                                                   "case.validity_missing",
                                                   "case.paper_may_not_follow",
                                                   "case.follow_day_wrong",
                                                   "case.paper_handed_already"};
  static constexpr CommandInfo kInfo{"case.supply", "case.write", Scope::kCaseField, kRefusals, kByApplicant};
  static constexpr std::string_view kName = kInfo.name;
  CaseId case_id;
  List<HandedPaper, kCasePapersMax> papers;
};
BOOST_DESCRIBE_STRUCT(SupplyPapers, (), (case_id, papers))

// Starts the clock: the day after is the first. Papers that follow are due on the days stated when they were told of.
struct AcceptCase {
  static constexpr std::string_view kRefusals[] = {"case.unknown", "case.wrong_state", "case.papers_lacking",
                                                   "case.paper_expired"};
  static constexpr CommandInfo kInfo{"case.accept", "case.write", Scope::kCaseField, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  CaseId case_id;
};
BOOST_DESCRIBE_STRUCT(AcceptCase, (), (case_id))

struct WithdrawCase {
  static constexpr std::string_view kRefusals[] = {"case.unknown", "case.wrong_state"};
  static constexpr CommandInfo kInfo{"case.withdraw", "case.write", Scope::kCaseField, kRefusals, kByApplicant};
  static constexpr std::string_view kName = kInfo.name;
  CaseId case_id;
  std::optional<Text<500>> remark;
};
BOOST_DESCRIBE_STRUCT(WithdrawCase, (), (case_id, remark))

struct DeliverCase {
  static constexpr std::string_view kRefusals[] = {"case.unknown", "case.wrong_state"};
  static constexpr CommandInfo kInfo{"case.deliver", "case.write", Scope::kCaseField, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  CaseId case_id;
  Delivery how = Delivery::counter;
};
BOOST_DESCRIBE_STRUCT(DeliverCase, (), (case_id, how))

struct RateCase {
  static constexpr std::string_view kRefusals[] = {"case.unknown", "case.wrong_state"};
  static constexpr CommandInfo kInfo{"case.rate", "case.write", Scope::kCaseField, kRefusals, kByApplicant};
  static constexpr std::string_view kName = kInfo.name;
  CaseId case_id;
  Int<1, 5> stars;
  std::optional<Text<500>> remark;
};
BOOST_DESCRIBE_STRUCT(RateCase, (), (case_id, stars, remark))

// To the versions in force today, with what has been handed in and done. Steps that were decided stay as they are.
struct MigrateCase {
  static constexpr std::string_view kRefusals[] = {"case.unknown", "case.wrong_state", "case.newest_already",
                                                   "case.migration_loses_step", "package.cycle"};
  static constexpr CommandInfo kInfo{"case.migrate", "case.write", Scope::kCaseField, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  CaseId case_id;
};
BOOST_DESCRIBE_STRUCT(MigrateCase, (), (case_id))

using Commands = boost::mp11::mp_append<
    boost::mp11::mp_list<DefineMatter, DefinePackage, ApplyForCase, NotifyOnce, SupplyPapers, AcceptCase, WithdrawCase,
                         DeliverCase, RateCase, MigrateCase, ReceiveStep, CorrectStep, SuspendStep, ResumeStep,
                         AskExtension, ApproveExtension, RejectExtension, AskCountersign, AddReviewer, AgreeToStep,
                         ApproveStep, RefuseStep, SendStepBack, ApproveByRule>,
    HandoverCommands>;

}  // namespace landfall::cases
