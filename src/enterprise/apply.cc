// SPDX-License-Identifier: Apache-2.0
#include "enterprise/state.h"

namespace landfall::enterprise {

void Apply(State& state, const Origin&, const EnterpriseRegistered& e) {
  const std::size_t rows = state.credit_code.size() + 1;
  state.name.Resize(rows);
  state.credit_code.Resize(rows);
  state.foreign_number.Resize(rows);
  if (e.credit_code) {
    state.credit_code.Set(rows - 1, e.credit_code->value);
    state.by_credit_code.Insert(state.credit_code, static_cast<std::uint32_t>(rows - 1));
  }
  if (e.foreign_number) state.foreign_number.Set(rows - 1, e.foreign_number->value);
}

void Apply(State& state, const Origin& origin, const EnterpriseNamed& e) {
  state.name.Set(e.on.index(), origin.seq, origin.event, e.name.value);
}

void Apply(State& state, const Origin&, const CreditCodeGiven& e) {
  state.credit_code.Set(e.on.index(), e.credit_code.value);
  state.by_credit_code.Insert(state.credit_code, e.on.index());
}

void Apply(State& state, const Origin&, const admin::PayloadErased& e) {
  state.name.Erase(static_cast<std::uint64_t>(e.seq.value), static_cast<std::uint32_t>(e.event.value));
}

}  // namespace landfall::enterprise
