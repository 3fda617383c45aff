// SPDX-License-Identifier: Apache-2.0
// Inside the queries: the light of one project from columns, shared by boards, lists and pages.
#pragma once

#include "app/queries.h"

namespace landfall::app {

// `stage` and `open_due` as of that day (the kept columns where they hold, else State::PositionAt).
Light LightOf(const project::State& s, std::size_t project, std::int32_t as_of, int stage, std::int32_t open_due);

// The kept columns hold where nothing was reached after `as_of`.
inline project::State::Position FastPosition(const project::State& s, std::size_t p, std::int32_t as_of) {
  if (s.newest_day[p] <= as_of) return {s.stage[p], s.open_due[p], -1};
  return s.PositionAt(p, as_of);
}

inline void CountLight(LightCounts& counts, Light light, std::int64_t by = 1) {
  switch (light) {
    case Light::red: counts.red += by; break;
    case Light::amber: counts.amber += by; break;
    case Light::green: counts.green += by; break;
    case Light::done: counts.done += by; break;
    case Light::idle: counts.idle += by; break;
  }
}

// Which units an answer covers: a byte per unit (index 0: no unit), 1 where it is `unit` or below it.
inline std::vector<std::uint8_t> UnitMask(const State& state, UnitId unit) {
  std::vector<std::uint8_t> mask(state.people.unit_parent.size() + 1, unit ? 0 : 1);
  if (!unit) return mask;
  // Parents come before their children, so one pass is enough.
  for (std::size_t i = 1; i < mask.size(); ++i)
    mask[i] = i == unit.raw || (state.people.unit_parent[i - 1] != 0 && mask[state.people.unit_parent[i - 1]]);
  return mask;
}

// Projects that a frame and a filter of units and regions let through.
class Scope {
 public:
  Scope(const Frame& frame, std::optional<UnitId> unit, std::optional<RegionId> region)
      : project_(frame.state.project),
        visible_(UnitMask(frame.state, frame.visible)),
        unit_(UnitMask(frame.state, unit.value_or(UnitId{}))),
        region_(region ? region->raw : 0),
        everything_(!frame.visible && !unit && !region) {}
  bool everything() const { return everything_; }
  bool Has(std::size_t p) const {
    return everything_ || (visible_[project_.owner[p]] && unit_[project_.owner[p]] && (region_ == 0 || project_.region[p] == region_));
  }
  bool HasUnit(std::uint32_t raw) const { return visible_[raw] && unit_[raw]; }

 private:
  const project::State& project_;
  std::vector<std::uint8_t> visible_, unit_;
  std::uint32_t region_;
  bool everything_;
};

// Case-blind for ASCII; `needle` must be lower case already.
inline bool Contains(std::string_view text, std::string_view lower_needle) {
  if (lower_needle.empty()) return true;
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::search(text.begin(), text.end(), lower_needle.begin(), lower_needle.end(),
                     [&](char a, char b) { return lower(a) == b; }) != text.end();
}
inline std::string Lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return out;
}

// Cursors are offsets into a sorted answer. When the ledger grows between two pages a row may repeat or be missed once; who
// needs the whole asks with known_at.
Result<std::size_t> OffsetOf(std::string_view cursor);
std::string CursorAt(std::size_t offset);

}  // namespace landfall::app
