// SPDX-License-Identifier: Apache-2.0
// 兑现: record what was brought in some months; correct or withdraw what was recorded by mistake.
#pragma once

#include "ledger/command.h"
#include "project/result_events.h"

namespace landfall::project {

// Periods are whole months that have ended, at most kResultMonthsMax of them. Money in minor units, land in hundredths
// of a 亩.
struct RecordResults {
  static constexpr std::string_view kRefusals[] = {
      "project.unknown",      "project.terminated",        "money.negative",         "project.results_empty",
      "project.results_span", "project.results_not_ended", "project.results_overlap"};
  static constexpr CommandInfo kInfo{"project.record_results", "project.write", Scope::kProjectField, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  ProjectId project;
  Period first_period;
  Period last_period;
  std::optional<Money> output_minor;
  std::optional<Money> tax_minor;
  std::optional<Jobs> jobs;
  std::optional<MuHundredths> land_mu_hundredths;
  std::optional<List<Digest, 20>> evidence;
  std::optional<Text<500>> remark;
};
BOOST_DESCRIBE_STRUCT(RecordResults, (),
                      (project, first_period, last_period, output_minor, tax_minor, jobs, land_mu_hundredths, evidence,
                       remark))

// Takes the place of the record of that number, whole: what is not given here is not known any more. Also of a project
// that was terminated meanwhile.
struct CorrectResults {
  static constexpr std::string_view kRefusals[] = {
      "project.unknown",           "money.negative",          "project.results_empty",  "project.results_span",
      "project.results_not_ended", "project.no_such_results", "project.results_overlap"};
  static constexpr CommandInfo kInfo{"project.correct_results", "project.correct", Scope::kProjectField, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  ProjectId project;
  Int<1, INT64_MAX> corrects;
  Period first_period;
  Period last_period;
  std::optional<Money> output_minor;
  std::optional<Money> tax_minor;
  std::optional<Jobs> jobs;
  std::optional<MuHundredths> land_mu_hundredths;
  std::optional<List<Digest, 20>> evidence;
  Text<500> remark;
};
BOOST_DESCRIBE_STRUCT(CorrectResults, (),
                      (project, corrects, first_period, last_period, output_minor, tax_minor, jobs, land_mu_hundredths,
                       evidence, remark))

struct WithdrawResults {
  static constexpr std::string_view kRefusals[] = {"project.unknown", "project.no_such_results"};
  static constexpr CommandInfo kInfo{"project.withdraw_results", "project.correct", Scope::kProjectField, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  ProjectId project;
  Int<1, INT64_MAX> corrects;
  Text<500> remark;
};
BOOST_DESCRIBE_STRUCT(WithdrawResults, (), (project, corrects, remark))

using ResultCommands = boost::mp11::mp_list<RecordResults, CorrectResults, WithdrawResults>;

}  // namespace landfall::project
