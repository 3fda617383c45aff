// SPDX-License-Identifier: Apache-2.0
// Record a published figure, say how figures hang together, withdraw one that was read wrongly.
#pragma once

#include "claim/events.h"
#include "ledger/command.h"

namespace landfall::claim {

struct RecordClaim {
  static constexpr std::string_view kRefusals[] = {
      "claim.source_taken",    "claim.value_malformed", "claim.value_missing",
      "claim.value_misplaced", "claim.period_reversed", "region.unknown",
      "project.unknown",       "enterprise.unknown",    "figure.unknown"};
  static constexpr CommandInfo kInfo{"claim.record", "claim.write", Scope::kJurisdiction, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  Code<20> report;
  Code<40> source;
  Text<200> name;
  std::optional<Text<60>> period;
  std::optional<Text<40>> unit_words;
  std::optional<Text<200>> scope;
  Category category;
  Kind kind;
  List<Code<24>, kValuesMax> values;
  Int<0, 12> exponent;
  Unit unit;
  Bound bound;
  project::EvidenceLevel evidence_level;
  bool target;
  bool missing_in_source;
  bool name_inferred;
  std::optional<RegionId> region;
  std::optional<ProjectId> project;
  std::optional<EnterpriseId> enterprise;
  std::optional<Key<60>> figure;
  std::optional<Day> from, to;
};
BOOST_DESCRIBE_STRUCT(RecordClaim, (),
                      (report, source, name, period, unit_words, scope, category, kind, values, exponent, unit, bound,
                       evidence_level, target, missing_in_source, name_inferred, region, project, enterprise, figure,
                       from, to))

struct RelateClaim {
  static constexpr std::string_view kRefusals[] = {
      "claim.unknown", "claim.withdrawn",     "claim.related_to_itself", "claim.operands_wrong",
      "claim.related", "claim.records_wrong", "project.unknown",         "enterprise.unknown"};
  static constexpr CommandInfo kInfo{"claim.relate", "claim.write", Scope::kJurisdiction, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  ClaimId claim;
  Rule rule;
  List<ClaimId, kOperandsMax> operands;
  std::optional<List<ProjectId, kRecordsMax>> projects;
  std::optional<List<EnterpriseId, kRecordsMax>> enterprises;
};
BOOST_DESCRIBE_STRUCT(RelateClaim, (), (claim, rule, operands, projects, enterprises))

struct WithdrawClaim {
  static constexpr std::string_view kRefusals[] = {"claim.unknown", "claim.withdrawn"};
  static constexpr CommandInfo kInfo{"claim.withdraw", "claim.write", Scope::kJurisdiction, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  ClaimId claim;
  Text<500> remark;
};
BOOST_DESCRIBE_STRUCT(WithdrawClaim, (), (claim, remark))

using Commands = boost::mp11::mp_list<RecordClaim, RelateClaim, WithdrawClaim>;

}  // namespace landfall::claim
