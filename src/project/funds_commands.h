// SPDX-License-Identifier: Apache-2.0
// 到位资金: the readings of a receipt. Repeated, the newest reading counts.
#pragma once

#include "ledger/command.h"
#include "project/funds_events.h"

namespace landfall::project {

struct VerifyFunds {
  static constexpr std::string_view kRefusals[] = {
      "project.unknown", "project.no_such_receipt", "project.receipt_reversed", "project.own_receipt",
      "money.negative",  "project.above_receipt",   "project.evidence_missing"};
  static constexpr CommandInfo kInfo{"project.verify_funds", "project.correct", Scope::kProjectField, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  ProjectId project;
  Int<1, INT64_MAX> receipt;
  Money amount_minor;
  List<Digest, 20> evidence;
};
BOOST_DESCRIBE_STRUCT(VerifyFunds, (), (project, receipt, amount_minor, evidence))

struct CountFunds {
  static constexpr std::string_view kRefusals[] = {"project.unknown", "project.no_such_receipt",
                                                   "project.receipt_reversed", "money.negative",
                                                   "project.above_receipt"};
  static constexpr CommandInfo kInfo{"project.count_funds", "report.manage", Scope::kProjectField, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  ProjectId project;
  Int<1, INT64_MAX> receipt;
  Money amount_minor;
  std::optional<Text<500>> remark;
};
BOOST_DESCRIBE_STRUCT(CountFunds, (), (project, receipt, amount_minor, remark))

using FundsReadingCommands = boost::mp11::mp_list<VerifyFunds, CountFunds>;

}  // namespace landfall::project
