// SPDX-License-Identifier: Apache-2.0
#include "figure/state.h"

namespace landfall::figure {

void State::Rebuild() {
  definitions.clear();
  for (std::size_t i = 0; i + 2 < rows.size(); i += 3) {
    Definition definition;
    LF_CHECK(ScanJson(rows[i + 1], definition.event));
    definition.event.on.key = rows[i];
    definition.seq = std::stoull(rows[i + 2]);
    definitions.push_back(std::move(definition));
  }
}

void Apply(State& state, const Origin& origin, const FigureDefined& e) {
  int at = state.Find(e.on.key);
  if (at < 0) {
    at = static_cast<int>(state.definitions.size());
    state.definitions.emplace_back();
    state.rows.resize(state.rows.size() + 3);
    state.zh.Resize(state.definitions.size());
    state.en.Resize(state.definitions.size());
  }
  const auto i = static_cast<std::size_t>(at);
  state.definitions[i] = {e, origin.seq};
  state.rows[3 * i] = e.on.key;
  state.rows[3 * i + 1] = ToJson(e);
  state.rows[3 * i + 2] = std::to_string(origin.seq);
}

void Apply(State& state, const Origin& origin, const FigureNamed& e) {
  const auto i = static_cast<std::size_t>(state.Find(e.on.key));
  state.zh.Set(i, origin.seq, origin.event, e.zh.value);
  state.en.Set(i, origin.seq, origin.event, e.en.value);
}

void Apply(State& state, const Origin&, const project::LadderDefined& e) {
  std::string milestones;
  for (const project::Rung& rung : e.rungs.items) milestones += (milestones.empty() ? "" : " ") + rung.key.value;
  state.ladder_rows.push_back(e.on.key);
  state.ladder_rows.push_back(milestones);
}

void Apply(State& state, const Origin&, const admin::PayloadErased& e) {
  const auto seq = static_cast<std::uint64_t>(e.seq.value);
  const auto event = static_cast<std::uint32_t>(e.event.value);
  state.zh.Erase(seq, event);
  state.en.Erase(seq, event);
  state.mechanism_words.Erase(seq, event);
}

}  // namespace landfall::figure
