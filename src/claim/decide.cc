// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "claim/decimal.h"
#include "claim/state.h"

namespace landfall::claim {
namespace {

// Ids are dense, so that to know how many there are is to know them all.
template <class Id>
bool Within(const Id& id, std::uint32_t count) {
  return id && id.raw <= count;
}

Status CheckValues(const RecordClaim& c) {
  for (const Code<24>& value : c.values.items)
    if (!ParseDecimal(value.value)) return Invalid("claim.value_malformed", value.value, "values");
  // A number, the admission that it is missing, or words alone: one of the three.
  const bool words = c.kind == Kind::statement;
  if (!c.values.items.empty() && (words || c.missing_in_source)) return Invalid("claim.value_misplaced", {}, "values");
  if (c.values.items.empty() && !words && !c.missing_in_source) return Invalid("claim.value_missing", {}, "values");
  return Ok{};
}

// How many operands a rule takes.
struct Arity {
  std::size_t least, most;
};
Arity ArityOf(Rule rule) {
  switch (rule) {
    case Rule::counts:
    case Rule::whole:
      return {0, 0};
    case Rule::sum_of:
      return {1, kOperandsMax};
    default:
      return {1, 1};
  }
}

}  // namespace

Decided Decide(const State& state, const DecideContext&, const RecordClaim& c) {
  if (state.by_source.Find(state.source, c.source.value) != TextIndex::kNone)
    return Conflict("claim.source_taken", {}, "source");
  LF_TRY(CheckValues(c));
  if (c.from && c.to && *c.from > *c.to) return Invalid("claim.period_reversed", {}, "to");
  if (c.region && !Within(*c.region, state.regions)) return NotFound("region.unknown", {}, "region");
  if (c.project && !Within(*c.project, state.projects)) return NotFound("project.unknown", {}, "project");
  if (c.enterprise && !Within(*c.enterprise, state.enterprises))
    return NotFound("enterprise.unknown", {}, "enterprise");
  if (c.figure && std::find(state.figures.begin(), state.figures.end(), c.figure->value) == state.figures.end())
    return NotFound("figure.unknown", {}, "figure");
  const ClaimId id = ClaimId::FromIndex(state.rows.size());
  return std::vector<Event>{ClaimRecorded{id, c.report, c.source, c.category, c.kind, c.values, c.exponent, c.unit,
                                          c.bound, c.evidence_level, c.target, c.missing_in_source, c.name_inferred,
                                          c.region, c.project, c.enterprise, c.figure, c.from, c.to},
                            ClaimWorded{id, c.name, c.period, c.unit_words, c.scope}};
}

Decided Decide(const State& state, const DecideContext&, const RelateClaim& c) {
  if (!state.Knows(c.claim)) return NotFound("claim.unknown", {}, "claim");
  if (!state.Stands(c.claim)) return Conflict("claim.withdrawn", {}, "claim");
  const Arity arity = ArityOf(c.rule);
  if (c.operands.items.size() < arity.least || c.operands.items.size() > arity.most)
    return Invalid("claim.operands_wrong", {}, "operands");
  for (const ClaimId operand : c.operands.items) {
    if (!state.Knows(operand)) return NotFound("claim.unknown", {}, "operands");
    if (!state.Stands(operand)) return Conflict("claim.withdrawn", {}, "operands");
    if (operand == c.claim) return Invalid("claim.related_to_itself", {}, "operands");
  }
  ClaimRelated event{c.claim, c.rule, c.operands, c.projects.value_or(List<ProjectId, kRecordsMax>{}),
                     c.enterprises.value_or(List<EnterpriseId, kRecordsMax>{})};
  const bool records = !event.projects.items.empty() || !event.enterprises.items.empty();
  if (records != (c.rule == Rule::counts)) return Invalid("claim.records_wrong", {}, "projects");
  for (const ProjectId project : event.projects.items)
    if (!Within(project, state.projects)) return NotFound("project.unknown", {}, "projects");
  for (const EnterpriseId enterprise : event.enterprises.items)
    if (!Within(enterprise, state.enterprises)) return NotFound("enterprise.unknown", {}, "enterprises");
  const std::string json = ToJson(event);
  for (const Relation& relation : state.relations)
    if (relation.event.on == c.claim && ToJson(relation.event) == json) return Conflict("claim.related", {}, "claim");
  return std::vector<Event>{std::move(event)};
}

Decided Decide(const State& state, const DecideContext&, const WithdrawClaim& c) {
  if (!state.Knows(c.claim)) return NotFound("claim.unknown", {}, "claim");
  if (!state.Stands(c.claim)) return Conflict("claim.withdrawn", {}, "claim");
  return std::vector<Event>{ClaimWithdrawn{c.claim}, ClaimRemarked{c.claim, c.remark}};
}

}  // namespace landfall::claim
