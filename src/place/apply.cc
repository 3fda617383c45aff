// SPDX-License-Identifier: Apache-2.0
#include "place/state.h"

namespace landfall::place {

void Apply(State& state, const Origin&, const RegionAdded& e) {
  const std::size_t rows = state.from.size() + 1;
  state.code.Resize(rows);
  state.name.Resize(rows);
  state.parent.push_back(e.parent ? e.parent->raw : 0);
  state.successor.push_back(0);
  state.from.push_back(DayNumber(e.effective_on));
  state.until.push_back(kOpen);
  state.last_border.push_back(0);
  state.code.Set(rows - 1, e.code.value);
  state.by_code.Insert(state.code, static_cast<std::uint32_t>(rows - 1));
}

void Apply(State& state, const Origin& origin, const RegionNamed& e) {
  state.name.Set(e.on.index(), origin.seq, origin.event, e.name.value);
}

void Apply(State& state, const Origin&, const RegionClosed& e) {
  state.until[e.on.index()] = DayNumber(e.effective_on);
  if (e.successor) state.successor[e.on.index()] = e.successor->raw;
}

void Apply(State& state, const Origin&, const admin::PayloadErased& e) {
  const auto seq = static_cast<std::uint64_t>(e.seq.value);
  for (ErasableText* text : {&state.name, &state.border_source})
    text->Erase(seq, static_cast<std::uint32_t>(e.event.value));
  // Who reads an erased payload cannot tell whether it gave an approval: so here, too, none is given. An entry draws
  // one border at most, and its source is never empty otherwise.
  for (std::size_t row = 0; row < state.border_approval.size(); ++row)
    if (state.border_approval.Seq(row) == seq && state.border_source.Get(row).empty())
      state.border_approval.Set(row, 0, 0, {});
}

}  // namespace landfall::place
