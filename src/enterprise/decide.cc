// SPDX-License-Identifier: Apache-2.0
#include "enterprise/state.h"

namespace landfall::enterprise {

Decided Decide(const State& state, const DecideContext&, const RegisterEnterprise& c) {
  if (c.credit_code && c.foreign_number) return Invalid("enterprise.two_numbers", {}, "foreign_number");
  if (c.credit_code && state.by_credit_code.Find(state.credit_code, c.credit_code->value) != TextIndex::kNone)
    return Conflict("enterprise.code_taken", {}, "credit_code");
  const EnterpriseId id = EnterpriseId::FromIndex(state.credit_code.size());
  return std::vector<Event>{EnterpriseRegistered{id, c.credit_code, c.foreign_number}, EnterpriseNamed{id, c.name}};
}

Decided Decide(const State& state, const DecideContext&, const RenameEnterprise& c) {
  if (!state.Knows(c.enterprise)) return NotFound("enterprise.unknown", {}, "enterprise");
  return std::vector<Event>{EnterpriseNamed{c.enterprise, c.name}};
}

Decided Decide(const State& state, const DecideContext&, const GiveCreditCode& c) {
  if (!state.Knows(c.enterprise)) return NotFound("enterprise.unknown", {}, "enterprise");
  if (!state.credit_code.Get(c.enterprise.index()).empty()) return Conflict("enterprise.has_code", {}, "enterprise");
  if (state.by_credit_code.Find(state.credit_code, c.credit_code.value) != TextIndex::kNone)
    return Conflict("enterprise.code_taken", {}, "credit_code");
  return std::vector<Event>{CreditCodeGiven{c.enterprise, c.credit_code}};
}

}  // namespace landfall::enterprise
