// SPDX-License-Identifier: Apache-2.0
#include "app/query_mechanisms.h"

#include <algorithm>
#include <map>

namespace landfall::app {
namespace {

MechanismFigure FigureOf(const Frame& frame, const Result<Visible>& figures, std::size_t i) {
  const figure::State& s = frame.state.figure;
  MechanismFigure view{s.definitions[i].event.on.key, std::string(s.zh.Get(i)), std::string(s.en.Get(i)), {}, {}, {}};
  if (!figures) {
    view.reason = figures.error().code;
    return view;
  }
  const Frame seen{frame.state, frame.as_of, frame.known_at, frame.known_at_time, frame.ledger_size, *figures};
  auto value = QueryFigureValue(seen, view.id, {});
  if (!value) {
    view.reason = value.error().code;
    return view;
  }
  view.value = *std::move(value);
  if (!figures->everything) view.own_only = true;
  return view;
}

}  // namespace

MechanismList QueryMechanisms(const Frame& frame, const Result<Visible>& figures) {
  const figure::State& s = frame.state.figure;
  const std::int32_t as_of = DayNumber(frame.as_of);
  std::map<std::uint32_t, MechanismFigure> values;  // By index + 1: several mechanisms may name one figure.
  MechanismList list;
  list.standing = StandingOf(frame);
  for (std::size_t m = 0; m < s.mechanism_keys.size(); ++m) {
    MechanismRow row;
    row.id = s.mechanism_keys[m];
    // From the newest back to the first; the one shown is the newest that has begun, else the first.
    const figure::MechanismVersion* shown = s.VersionOn(m, std::min(as_of, s.mechanism_until[m] - 1));
    row.versions = 0;
    for (std::uint32_t at = s.mechanism_last[m]; at != 0; at = s.mechanism_versions[at - 1].previous) {
      const figure::MechanismVersion& version = s.mechanism_versions[at - 1];
      ++row.versions;
      row.from = DayFromNumber(version.day);
      if (shown == nullptr && version.previous == 0) shown = &version, row.state = MechanismState::planned;
      row.version = shown == &version ? 1 : row.version + 1;
    }
    const auto at = static_cast<std::size_t>(shown - s.mechanism_versions.data());
    if (s.mechanism_until[m] != figure::kOpen) row.until = DayFromNumber(s.mechanism_until[m]);
    if (as_of >= s.mechanism_until[m]) row.state = MechanismState::ended;
    row.version_from = DayFromNumber(shown->day);
    row.defined_seq = shown->seq;
    row.owner_unit = UnitRef(frame.state, UnitId{shown->owner});
    if (const std::string_view words = s.mechanism_words.Get(at); !words.empty()) {
      figure::MechanismWorded worded;
      LF_CHECK(ScanJson(words, worded));
      row.name = std::move(worded.name.value);
      if (worded.about) row.about = std::move(worded.about->value);
      if (worded.parts) row.parts = std::move(worded.parts->items);
    }
    if (shown->figure != 0) {
      auto found = values.find(shown->figure);
      if (found == values.end())
        found = values.emplace(shown->figure, FigureOf(frame, figures, shown->figure - 1)).first;
      row.figure = found->second;
    }
    list.rows.push_back(std::move(row));
  }
  std::ranges::stable_sort(list.rows, {}, &MechanismRow::state);
  return list;
}

}  // namespace landfall::app
