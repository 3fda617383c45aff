// SPDX-License-Identifier: Apache-2.0
// What the competent unit of a matter does to its step. Nobody but it decides (case.not_competent), and nobody decides
// on what they brought in or accepted themselves (step.own_case).
#pragma once

#include "cases/step_events.h"
#include "ledger/command.h"

namespace landfall::cases {

// Once all that it waits for is approved; also again after it was sent back.
struct ReceiveStep {
  static constexpr std::string_view kRefusals[] = {"step.unknown", "step.wrong_state", "step.waits",
                                                   "case.not_competent"};
  static constexpr CommandInfo kInfo{"step.receive", "case.decide", Scope::kStepField, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  CaseId case_id;
  StepNumber step;
};
BOOST_DESCRIBE_STRUCT(ReceiveStep, (), (case_id, step))

// 补正: the applicant is to mend something, once. The clock stands still until step.resume, or until the days are over.
struct CorrectStep {
  static constexpr std::string_view kRefusals[] = {"step.unknown", "step.wrong_state", "step.corrected_already",
                                                   "step.past_due", "case.not_competent"};
  static constexpr CommandInfo kInfo{"step.correct", "case.decide", Scope::kStepField, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  CaseId case_id;
  StepNumber step;
  Int<1, 60> days;  // Working days that the applicant is given.
  Text<500> remark;
};
BOOST_DESCRIBE_STRUCT(CorrectStep, (), (case_id, step, days, remark))

struct SuspendStep {
  static constexpr std::string_view kRefusals[] = {"step.unknown",         "step.wrong_state",
                                                   "step.reason_unlawful", "step.suspension_over_cap",
                                                   "step.past_due",        "case.not_competent"};
  static constexpr CommandInfo kInfo{"step.suspend", "case.decide", Scope::kStepField, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  CaseId case_id;
  StepNumber step;
  Pause reason;
  Int<1, kPauseDaysMax> days;  // Working days at most; then the clock runs again by itself.
  std::optional<Text<500>> remark;
};
BOOST_DESCRIBE_STRUCT(SuspendStep, (), (case_id, step, reason, days, remark))

struct ResumeStep {
  static constexpr std::string_view kRefusals[] = {"step.unknown", "step.wrong_state", "case.not_competent"};
  static constexpr CommandInfo kInfo{"step.resume", "case.decide", Scope::kStepField, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  CaseId case_id;
  StepNumber step;
};
BOOST_DESCRIBE_STRUCT(ResumeStep, (), (case_id, step))

// 行政许可法 第42条: a licence by ten days, joint work by fifteen, once, with the approval of the head.
struct AskExtension {
  static constexpr std::string_view kRefusals[] = {"step.unknown",          "step.wrong_state", "step.not_extendable",
                                                   "step.extended_already", "step.past_due",    "case.not_competent"};
  static constexpr CommandInfo kInfo{"step.extend", "case.decide", Scope::kStepField, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  CaseId case_id;
  StepNumber step;
  Int<1, 15> days;  // In the unit of the limit.
  Text<500> remark;
};
BOOST_DESCRIBE_STRUCT(AskExtension, (), (case_id, step, days, remark))

// By another person than the one who asked.
struct ApproveExtension {
  static constexpr std::string_view kRefusals[] = {"step.unknown", "step.wrong_state", "step.own_request",
                                                   "case.not_competent"};
  static constexpr CommandInfo kInfo{"step.approve_extension", "case.approve", Scope::kStepField, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  CaseId case_id;
  StepNumber step;
};
BOOST_DESCRIBE_STRUCT(ApproveExtension, (), (case_id, step))

// By another person too. Nothing was extended, so it may be asked again while the limit has not passed.
struct RejectExtension {
  static constexpr std::string_view kRefusals[] = {"step.unknown", "step.wrong_state", "step.own_request",
                                                   "case.not_competent"};
  static constexpr CommandInfo kInfo{"step.reject_extension", "case.approve", Scope::kStepField, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  CaseId case_id;
  StepNumber step;
  Text<500> remark;  // The reason.
};
BOOST_DESCRIBE_STRUCT(RejectExtension, (), (case_id, step, remark))

// 会签: the step is not decided before these units have agreed.
struct AskCountersign {
  static constexpr std::string_view kRefusals[] = {"step.unknown", "step.wrong_state", "unit.unknown",
                                                   "step.asked_already", "case.not_competent"};
  static constexpr CommandInfo kInfo{"step.countersign", "case.decide", Scope::kStepField, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  CaseId case_id;
  StepNumber step;
  List<UnitId, kCountersignersMax> units;
};
BOOST_DESCRIBE_STRUCT(AskCountersign, (), (case_id, step, units))

// 加签: nor before this person has.
struct AddReviewer {
  static constexpr std::string_view kRefusals[] = {"step.unknown", "step.wrong_state", "account.unknown",
                                                   "step.asked_already", "case.not_competent"};
  static constexpr CommandInfo kInfo{"step.add_reviewer", "case.decide", Scope::kStepField, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  CaseId case_id;
  StepNumber step;
  AccountId reviewer;
};
BOOST_DESCRIBE_STRUCT(AddReviewer, (), (case_id, step, reviewer))

struct AgreeToStep {
  static constexpr std::string_view kRefusals[] = {"step.unknown", "step.wrong_state", "step.not_asked",
                                                   "step.own_case"};
  static constexpr CommandInfo kInfo{"step.agree", "case.decide", Scope::kUnitField, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  CaseId case_id;
  StepNumber step;
  UnitId owner_unit;  // In whose name: one that was asked, or the unit of a reviewer.
  std::optional<Text<500>> remark;
};
BOOST_DESCRIBE_STRUCT(AgreeToStep, (), (case_id, step, owner_unit, remark))

struct ApproveStep {
  static constexpr std::string_view kRefusals[] = {"step.unknown",    "step.wrong_state",    "step.own_case",
                                                   "step.not_agreed", "step.papers_lacking", "case.not_competent"};
  static constexpr CommandInfo kInfo{"step.approve", "case.decide", Scope::kStepField, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  CaseId case_id;
  StepNumber step;
  std::optional<Text<500>> remark;
};
BOOST_DESCRIBE_STRUCT(ApproveStep, (), (case_id, step, remark))

struct RefuseStep {
  static constexpr std::string_view kRefusals[] = {"step.unknown", "step.wrong_state", "step.own_case",
                                                   "step.not_agreed", "case.not_competent"};
  static constexpr CommandInfo kInfo{"step.refuse", "case.decide", Scope::kStepField, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  CaseId case_id;
  StepNumber step;
  Text<500> remark;
};
BOOST_DESCRIBE_STRUCT(RefuseStep, (), (case_id, step, remark))

// To the window, which mends it; the clock runs on. It is received again.
struct SendStepBack {
  static constexpr std::string_view kRefusals[] = {"step.unknown", "step.wrong_state", "step.own_case",
                                                   "case.not_competent"};
  static constexpr CommandInfo kInfo{"step.send_back", "case.decide", Scope::kStepField, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  CaseId case_id;
  StepNumber step;
  Text<500> remark;
};
BOOST_DESCRIBE_STRUCT(SendStepBack, (), (case_id, step, remark))

// By whoever accepted the case, where the definition leaves no discretion and all papers are in hand.
struct ApproveByRule {
  static constexpr std::string_view kRefusals[] = {"step.unknown",        "step.wrong_state",    "step.waits",
                                                   "step.has_discretion", "step.papers_lacking", "step.not_accepter"};
  static constexpr CommandInfo kInfo{"step.approve_by_rule", "case.write", Scope::kCaseField, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  CaseId case_id;
  StepNumber step;
};
BOOST_DESCRIBE_STRUCT(ApproveByRule, (), (case_id, step))

}  // namespace landfall::cases
