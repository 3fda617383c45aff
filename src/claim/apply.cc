// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "claim/state.h"

namespace landfall::claim {

void State::Rebuild() {
  claims.clear();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    ClaimRecorded& claim = claims.emplace_back();
    LF_CHECK(ScanJson(rows[i], claim));
    claim.on = ClaimId::FromIndex(i);
  }
  relations.clear();
  for (std::size_t i = 0; i + 2 < relation_rows.size(); i += 3) {
    Relation& relation = relations.emplace_back();
    LF_CHECK(ScanJson(relation_rows[i + 1], relation.event));
    relation.event.on = ClaimId::Parse(relation_rows[i]).value();
    relation.seq = std::stoull(relation_rows[i + 2]);
  }
  by_source.Rebuild(source);
}

void Apply(State& state, const Origin& origin, const ClaimRecorded& e) {
  const std::size_t count = state.rows.size() + 1;
  state.rows.push_back(ToJson(e));
  state.claims.push_back(e);
  state.seqs.push_back(SeqForColumn(origin.seq));
  state.withdrawn.push_back(0);
  state.source.Resize(count);
  state.source.Set(count - 1, e.source.value);
  state.by_source.Insert(state.source, static_cast<std::uint32_t>(count - 1));
  for (ErasableText* text : {&state.name, &state.period, &state.unit, &state.scope}) text->Resize(count);
}

void Apply(State& state, const Origin& origin, const ClaimWorded& e) {
  const std::size_t i = e.on.index();
  state.name.Set(i, origin.seq, origin.event, e.name.value);
  if (e.period) state.period.Set(i, origin.seq, origin.event, e.period->value);
  if (e.unit_words) state.unit.Set(i, origin.seq, origin.event, e.unit_words->value);
  if (e.scope) state.scope.Set(i, origin.seq, origin.event, e.scope->value);
}

void Apply(State& state, const Origin& origin, const ClaimRelated& e) {
  state.relations.push_back({e, origin.seq});
  state.relation_rows.push_back(e.on.ToString());
  state.relation_rows.push_back(ToJson(e));
  state.relation_rows.push_back(std::to_string(origin.seq));
}

void Apply(State& state, const Origin& origin, const ClaimWithdrawn& e) {
  state.withdrawn[e.on.index()] = SeqForColumn(origin.seq);
}

void Apply(State& state, const Origin&, const project::ProjectRegistered&) { ++state.projects; }
void Apply(State& state, const Origin&, const enterprise::EnterpriseRegistered&) { ++state.enterprises; }
void Apply(State& state, const Origin&, const place::RegionAdded&) { ++state.regions; }

void Apply(State& state, const Origin&, const figure::FigureDefined& e) {
  if (std::find(state.figures.begin(), state.figures.end(), e.on.key) == state.figures.end())
    state.figures.push_back(e.on.key);
}

void Apply(State& state, const Origin&, const admin::PayloadErased& e) {
  const auto seq = static_cast<std::uint64_t>(e.seq.value);
  const auto event = static_cast<std::uint32_t>(e.event.value);
  for (ErasableText* text : {&state.name, &state.period, &state.unit, &state.scope}) text->Erase(seq, event);
}

}  // namespace landfall::claim
