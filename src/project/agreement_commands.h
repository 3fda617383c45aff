// SPDX-License-Identifier: Apache-2.0
// 协议与承诺: conclude, change who the other party is, promise anew, withdraw what was recorded by mistake.
#pragma once

#include "ledger/command.h"
#include "project/agreement_events.h"

namespace landfall::project {

struct ConcludeAgreement {
  static constexpr std::string_view kRefusals[] = {
      "project.unknown",       "project.terminated",         "project.agreement_exists",
      "project.day_in_future", "project.counterpart_number", "project.evidence_missing"};
  static constexpr CommandInfo kInfo{"project.conclude_agreement", "project.write", Scope::kProjectField, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  ProjectId project;
  Day signed_on;
  CounterpartKind counterpart;
  std::optional<enterprise::CreditCode> credit_code;
  std::optional<Code<40>> foreign_number;
  Text<120> counterpart_name;
  List<Digest, 20> evidence;
};
BOOST_DESCRIBE_STRUCT(ConcludeAgreement, (),
                      (project, signed_on, counterpart, credit_code, foreign_number, counterpart_name, evidence))

struct WithdrawAgreement {
  static constexpr std::string_view kRefusals[] = {"project.unknown", "project.agreement_missing",
                                                   "project.corrects_other_record"};
  static constexpr CommandInfo kInfo{"project.withdraw_agreement", "project.correct", Scope::kProjectField, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  ProjectId project;
  Int<1, INT64_MAX> corrects;
  Text<500> remark;
};
BOOST_DESCRIBE_STRUCT(WithdrawAgreement, (), (project, corrects, remark))

struct ChangeCounterpart {
  static constexpr std::string_view kRefusals[] = {
      "project.unknown",         "project.terminated",         "project.agreement_missing",    "project.day_in_future",
      "project.day_before_last", "project.counterpart_number", "project.counterpart_unchanged"};
  static constexpr CommandInfo kInfo{"project.change_counterpart", "project.write", Scope::kProjectField, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  ProjectId project;
  Day effective_on;
  CounterpartKind counterpart;
  std::optional<enterprise::CreditCode> credit_code;
  std::optional<Code<40>> foreign_number;
  Text<120> counterpart_name;
  Text<500> remark;
};
BOOST_DESCRIBE_STRUCT(ChangeCounterpart, (),
                      (project, effective_on, counterpart, credit_code, foreign_number, counterpart_name, remark))

struct MakeCommitments {
  static constexpr std::string_view kRefusals[] = {"project.unknown",
                                                   "project.terminated",
                                                   "project.agreement_missing",
                                                   "project.day_in_future",
                                                   "project.day_before_last",
                                                   "money.negative",
                                                   "project.production_before_start",
                                                   "project.full_definition_incomplete",
                                                   "project.commitments_empty",
                                                   "project.commitments_unchanged",
                                                   "project.reason_missing"};
  static constexpr CommandInfo kInfo{"project.make_commitments", "project.write", Scope::kProjectField, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  ProjectId project;
  Day effective_on;
  std::optional<Money> investment_minor;
  std::optional<Money> output_minor;
  std::optional<Money> tax_minor;
  std::optional<Jobs> jobs;
  std::optional<MuHundredths> land_mu_hundredths;
  std::optional<Day> start_on;
  std::optional<Day> production_on;
  std::optional<Int<1, 10'000>> full_output_bp;
  std::optional<Int<1, 60>> full_months;
  std::optional<List<Digest, 20>> evidence;
  std::optional<Text<500>> reason;  // Of a second and later version: why it replaces the one before.
};
BOOST_DESCRIBE_STRUCT(MakeCommitments, (),
                      (project, effective_on, investment_minor, output_minor, tax_minor, jobs, land_mu_hundredths,
                       start_on, production_on, full_output_bp, full_months, evidence, reason))

using AgreementCommands =
    boost::mp11::mp_list<ConcludeAgreement, WithdrawAgreement, ChangeCounterpart, MakeCommitments>;

}  // namespace landfall::project
