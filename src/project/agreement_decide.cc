// SPDX-License-Identifier: Apache-2.0
#include "project/checks.h"

namespace landfall::project {
namespace {

// The number that the kind of counterpart asks for is given, and no other.
Status CheckCounterpart(CounterpartKind kind, bool credit_code, bool foreign_number) {
  const bool fits =
      credit_code == (kind == CounterpartKind::credit_code) && foreign_number == (kind == CounterpartKind::foreign);
  if (!fits) return Invalid("project.counterpart_number", {}, "counterpart");
  return Ok{};
}

// The agreement of a project that is open, and a day that is not before the newest of a chain that hangs on it.
Result<const Agreement*> OpenAgreement(const State& state, ProjectId id) {
  LF_TRY(CheckOpen(state, id));
  const Agreement* agreement = state.files.AgreementOf(id.index());
  if (agreement == nullptr) return Conflict("project.agreement_missing", {}, "project");
  return agreement;
}
Status CheckNotBefore(Day day, std::int32_t last) {
  if (DayNumber(day) < last) return Invalid("project.day_before_last", {}, "effective_on");
  return Ok{};
}

bool SamePromise(const Commitment& row, const MakeCommitments& c) {
  const auto minor = [](const std::optional<Money>& m) { return m ? m->minor() : kNoMoney; };
  const auto number = [](const auto& n) { return n ? static_cast<std::int32_t>(n->value) : -1; };
  const auto day = [](const std::optional<Day>& d) { return d ? DayNumber(*d) : kNoDay; };
  return row.investment == minor(c.investment_minor) && row.output == minor(c.output_minor) &&
         row.tax == minor(c.tax_minor) && row.jobs == number(c.jobs) && row.land == number(c.land_mu_hundredths) &&
         row.start == day(c.start_on) && row.production == day(c.production_on) &&
         row.full_bp == (c.full_output_bp ? c.full_output_bp->value : 0) &&
         row.full_months == (c.full_months ? c.full_months->value : 0);
}

}  // namespace

Decided Decide(const State& state, const DecideContext& context, const ConcludeAgreement& c) {
  LF_TRY(CheckOpen(state, c.project));
  if (state.files.AgreementOf(c.project.index()) != nullptr) return Conflict("project.agreement_exists", {}, "project");
  if (c.signed_on > context.today) return Invalid("project.day_in_future", {}, "signed_on");
  LF_TRY(CheckCounterpart(c.counterpart, c.credit_code.has_value(), c.foreign_number.has_value()));
  LF_TRY(CheckEvidence(c.evidence));
  return Events{AgreementConcluded{c.project, c.signed_on, c.evidence},
                CounterpartSet{c.project, c.counterpart, c.credit_code, c.foreign_number, c.signed_on},
                CounterpartNamed{c.project, c.counterpart_name}};
}

Decided Decide(const State& state, const DecideContext&, const WithdrawAgreement& c) {
  LF_TRY(CheckKnown(state, c.project));
  const Agreement* agreement = state.files.AgreementOf(c.project.index());
  if (agreement == nullptr) return Conflict("project.agreement_missing", {}, "project");
  if (agreement->seq != static_cast<std::uint64_t>(c.corrects.value))
    return Conflict("project.corrects_other_record", std::to_string(agreement->seq), "corrects");
  return Events{AgreementWithdrawn{c.project, c.corrects}, RemarkGiven{c.project, c.remark}};
}

Decided Decide(const State& state, const DecideContext& context, const ChangeCounterpart& c) {
  LF_ASSIGN(const Agreement* const agreement, OpenAgreement(state, c.project));
  LF_TRY(CheckNotFuture(context, c.effective_on));
  const std::uint32_t at = agreement->counterpart - 1;
  const Counterpart& now = state.files.counterparts[at];
  LF_TRY(CheckNotBefore(c.effective_on, now.day));
  LF_TRY(CheckCounterpart(c.counterpart, c.credit_code.has_value(), c.foreign_number.has_value()));
  const std::string_view number = c.credit_code      ? std::string_view(c.credit_code->value)
                                  : c.foreign_number ? std::string_view(c.foreign_number->value)
                                                     : std::string_view();
  // The name may be erased at any time, so that nothing is decided by it: a mere new name is no new counterpart.
  if (now.kind == static_cast<std::uint8_t>(c.counterpart) && state.files.counterpart_number.Get(at) == number)
    return Conflict("project.counterpart_unchanged", {}, "counterpart");
  return Events{CounterpartSet{c.project, c.counterpart, c.credit_code, c.foreign_number, c.effective_on},
                CounterpartNamed{c.project, c.counterpart_name}, RemarkGiven{c.project, c.remark}};
}

Decided Decide(const State& state, const DecideContext& context, const MakeCommitments& c) {
  LF_ASSIGN(const Agreement* const agreement, OpenAgreement(state, c.project));
  LF_TRY(CheckNotFuture(context, c.effective_on));
  const Commitment* before = agreement->commitment == 0 ? nullptr : &state.files.commitments[agreement->commitment - 1];
  LF_TRY(CheckNotBefore(c.effective_on, before != nullptr ? before->day : agreement->day));
  LF_TRY(CheckAmount(c.investment_minor, "investment_minor"));
  LF_TRY(CheckAmount(c.output_minor, "output_minor"));
  LF_TRY(CheckAmount(c.tax_minor, "tax_minor"));
  if (c.start_on && c.production_on && *c.production_on < *c.start_on)
    return Invalid("project.production_before_start", {}, "production_on");
  if (c.full_output_bp.has_value() != c.full_months.has_value())
    return Invalid("project.full_definition_incomplete", {}, c.full_output_bp ? "full_months" : "full_output_bp");
  const bool says = c.investment_minor || c.output_minor || c.tax_minor || c.jobs || c.land_mu_hundredths ||
                    c.start_on || c.production_on || c.full_months;
  if (!says) return Invalid("project.commitments_empty");
  if (before != nullptr && SamePromise(*before, c)) return Conflict("project.commitments_unchanged");
  if (before != nullptr && !c.reason) return Invalid("project.reason_missing", {}, "reason");
  Events events{CommitmentsMade{c.project, c.effective_on, c.investment_minor, c.output_minor, c.tax_minor, c.jobs,
                                c.land_mu_hundredths, c.start_on, c.production_on, c.full_output_bp, c.full_months,
                                c.evidence.value_or(List<Digest, 20>{})}};
  if (c.reason) events.push_back(RemarkGiven{c.project, *c.reason});
  return events;
}

}  // namespace landfall::project
