// SPDX-License-Identifier: Apache-2.0
// Inside the queries: lights from columns, scopes and pages, shared by boards, lists and figures.
#pragma once

#include <algorithm>
#include <array>

#include "app/queries.h"

namespace landfall::app {

// `yes` where `condition`, else `no`. Both are known already, so arithmetic is cheaper than a branch that is taken at
// random.
inline std::int32_t Pick(bool condition, std::int32_t yes, std::int32_t no) {
  const std::int32_t mask = -static_cast<std::int32_t>(condition);
  return (yes & mask) | (no & ~mask);
}
inline Light Pick(bool condition, Light yes, Light no) {
  return static_cast<Light>(Pick(condition, static_cast<std::int32_t>(yes), static_cast<std::int32_t>(no)));
}

// The colour of what is so many days late.
inline Light LightOfLateness(std::int64_t days_late) {
  static_assert(static_cast<int>(Light::red) == 0 && static_cast<int>(Light::amber) == 1 &&
                static_cast<int>(Light::green) == 2);
  return static_cast<Light>(2 - (days_late > 0) - (days_late > kAmberDays));
}

// Of a project about which nothing rare is known (State::unusual).
inline Light UsualLight(std::int32_t as_of, int stage, std::int32_t open_due, int rungs) {
  Light light = LightOfLateness(std::int64_t{as_of} - open_due);
  light = Pick((open_due == project::kNever) & (stage == 0), Light::idle, light);
  return Pick(stage == rungs, Light::done, light);
}

// Of a project that is held, ended, blocked, or counted in another one. Apart, so that scans have the rest inline.
[[gnu::noinline]] inline Light UnusualLight(const project::State& s, std::size_t p, std::int32_t as_of, int stage,
                                            Light usual, int rungs) {
  if (s.side[p] != static_cast<std::uint8_t>(project::Side::kActive) && s.side_since[p] <= as_of) return Light::idle;
  return stage != rungs && s.files.BlockedSince(p, as_of) <= as_of ? Light::red : usual;
}

// `stage` and `open_due` as of that day (the kept columns where they hold, else State::PositionAt); `rungs` of its
// ladder.
[[gnu::always_inline]] inline Light LightOf(const project::State& s, std::size_t p, std::int32_t as_of, int stage,
                                            std::int32_t open_due, int rungs) {
  const Light usual = UsualLight(as_of, stage, open_due, rungs);
  return s.unusual[p] ? UnusualLight(s, p, as_of, stage, usual, rungs) : usual;
}

// The light of an obligation alone; ObligationLight says why. A report stops the clock: what was reported in time does
// not turn red while it waits to be written off.
inline Light LightOf(const obligation::State& s, std::size_t i, std::int32_t as_of) {
  const std::int32_t closed = s.closed[i], until = Pick(closed != obligation::State::kNoDay, closed, as_of);
  const auto life = static_cast<obligation::Life>(s.life[i]);
  const Light ended = Pick(life == obligation::Life::kCancelled, Light::idle, Light::done);
  return Pick(obligation::IsOpen(life), LightOfLateness(std::int64_t{until} - s.due[i]), ended);
}

// Of open obligations, from the kept tally.
inline LightCounts OpenLights(const obligation::State& s, std::int32_t as_of) {
  const std::int64_t red = s.open.LateBy(as_of, kAmberDays), late = s.open.LateBy(as_of, 0);
  return {red, late - red, s.open.total() - late, 0, 0};
}

// The kept columns hold where nothing was reached after `as_of`.
inline project::State::Position FastPosition(const project::State& s, std::size_t p, std::int32_t as_of) {
  if (s.newest_day[p] <= as_of) return {s.stage[p], s.open_due[p], -1};
  return s.PositionAt(p, as_of);
}
// The same where `kept_hold` = nothing at all was reached after `as_of`: one column less to read.
inline project::State::Position FastPosition(const project::State& s, std::size_t p, std::int32_t as_of,
                                             bool kept_hold) {
  return kept_hold ? project::State::Position{s.stage[p], s.open_due[p], -1} : FastPosition(s, p, as_of);
}

// Reads a column of days ahead, many at a time, for walks that go upwards.
class DayWindow {
 public:
  explicit DayWindow(const DayColumn& column) : column_(column) {}
  // Rows first … first + n − 1, n at most kRows; until the next call.
  [[gnu::always_inline]] const std::int32_t* Read(std::size_t first, std::size_t n) {
    if (first < from_ || first + n > until_) Fill(first);
    return days_.data() + (first - from_);
  }

 private:
  static constexpr std::size_t kRows = 256;
  [[gnu::noinline]] void Fill(std::size_t first) {
    from_ = first;
    until_ = std::min(column_.size(), first + kRows);
    column_.Read(from_, until_ - from_, days_.data());
  }
  const DayColumn& column_;
  std::size_t from_ = 0, until_ = 0;
  std::array<std::int32_t, kRows> days_;
};

// Rungs of each ladder.
inline std::vector<int> RungCounts(const project::State& s) {
  std::vector<int> rungs;
  for (const project::Ladder& ladder : s.ladders) rungs.push_back(static_cast<int>(ladder.rungs.size()));
  return rungs;
}

// Counts lights in a register, five lanes of 12 bits, instead of in memory, where each would wait for the one before.
class LightTally {
 public:
  // Only where `take`.
  void Add(Light light, bool take) {
    lanes_ += std::uint64_t{take} << (kBits * static_cast<int>(light));
    if (++added_ == kMask) Empty();
  }
  LightCounts Counts() {
    Empty();
    return {counts_[0], counts_[1], counts_[2], counts_[3], counts_[4]};
  }

 private:
  static constexpr int kBits = 12;
  static constexpr std::uint64_t kMask = (1u << kBits) - 1;
  void Empty() {
    for (std::size_t lane = 0; lane < counts_.size(); ++lane)
      counts_[lane] += static_cast<std::int64_t>(lanes_ >> (kBits * lane) & kMask);
    lanes_ = added_ = 0;
  }
  std::uint64_t lanes_ = 0, added_ = 0;
  std::array<std::int64_t, 5> counts_{};
};

// One page out of many rows, without keeping the many. T has a `key`; Less orders by it first.
template <class T, class Less>
class Page {
 public:
  Page(std::size_t offset, std::size_t limit, Less less)
      : offset_(offset),
        wanted_(offset > SIZE_MAX - limit ? SIZE_MAX : std::max<std::size_t>(1, offset + limit)),
        less_(less) {}
  // A row with a greater key will not be on the page.
  std::int64_t greatest_key() const { return greatest_key_; }
  void Offer(const T& row) {
    if (kept_.size() < wanted_) {
      kept_.push_back(row);
      std::push_heap(kept_.begin(), kept_.end(), less_);
    } else if (less_(row, kept_.front())) {
      std::pop_heap(kept_.begin(), kept_.end(), less_);
      kept_.back() = row;
      std::push_heap(kept_.begin(), kept_.end(), less_);
    }
    if (kept_.size() == wanted_) greatest_key_ = kept_.front().key;
  }
  // In order. The page is empty afterwards.
  std::vector<T> Take() {
    std::sort_heap(kept_.begin(), kept_.end(), less_);
    kept_.erase(kept_.begin(), kept_.begin() + static_cast<std::ptrdiff_t>(std::min(offset_, kept_.size())));
    return std::move(kept_);
  }

 private:
  std::size_t offset_, wanted_;
  std::int64_t greatest_key_ = INT64_MAX;
  Less less_;
  std::vector<T> kept_;  // A heap, the last of the page in front.
};

// Which units an answer covers: a byte per unit (index 0: no unit), 1 where it is one of `units` or below one; all
// where `units` is empty.
inline std::vector<std::uint8_t> UnitMask(const State& state, std::span<const UnitId> units) {
  std::vector<std::uint8_t> mask(state.people.unit_parent.size() + 1, units.empty());
  if (units.empty()) return mask;
  for (const UnitId unit : units)  // A state of the past need not know a unit that is visible now.
    if (unit.raw < mask.size()) mask[unit.raw] = 1;
  // Parents come before their children, so one pass is enough.
  for (std::size_t i = 1; i < mask.size(); ++i)
    mask[i] = mask[i] || (state.people.unit_parent[i - 1] != 0 && mask[state.people.unit_parent[i - 1]]);
  return mask;
}

// Whether something keeps a project back on a day. A terminated project has no blocks any more.
inline bool IsStanding(const project::State& s, const project::Block& block, std::int32_t day) {
  if (block.day > day || (block.solved != project::kNoDay && block.solved <= day)) return false;
  const std::size_t p = block.project - 1;
  return s.side[p] != static_cast<std::uint8_t>(project::Side::kTerminated) || s.side_since[p] > day;
}

// Which regions an answer covers: a byte per region (index 0: no region), 1 where it is `region` or, unless `only`,
// lies below it. A region that was closed stays below the one it was made in.
inline std::vector<std::uint8_t> RegionMask(const place::State& s, RegionId region, bool only) {
  std::vector<std::uint8_t> mask(s.parent.size() + 1, 0);
  mask[region.raw] = 1;
  // Parents come before their children, so one pass is enough.
  for (std::size_t i = region.raw + 1; !only && i < mask.size(); ++i) mask[i] = mask[s.parent[i - 1]];
  return mask;
}

// Projects that a frame and a filter of units and regions let through.
class Scope {
 public:
  Scope(const Frame& frame, std::optional<UnitId> unit, std::optional<RegionId> region, bool region_only = false)
      : project_(frame.state.project),
        visible_(frame.visible),
        units_(visible_.everything || !visible_.units.empty()
                   ? UnitMask(frame.state, visible_.units)
                   : std::vector<std::uint8_t>(frame.state.people.unit_parent.size() + 1, 0)),
        everything_(visible_.everything && !unit && !region) {
    if (region) regions_ = RegionMask(frame.state.place, *region, region_only);
    if (!unit) return;
    asked_ = UnitMask(frame.state, {&*unit, 1});
    for (std::size_t u = 0; u < units_.size(); ++u) units_[u] &= asked_[u];
  }
  bool everything() const { return everything_; }
  [[gnu::always_inline]] bool Has(std::size_t p) const {
    return everything_ || (HasRegion(p) && Has(project_.owner[p], static_cast<std::uint32_t>(p + 1)));
  }
  // Of project `p` when it was in other hands; raw ids.
  bool HadBy(std::uint32_t owner, std::uint32_t region, std::size_t p) const {
    return everything_ || (HasRegionRaw(region) && Has(owner, static_cast<std::uint32_t>(p + 1)));
  }
  bool HasUnit(std::uint32_t raw) const { return units_[raw] != 0; }
  // What a unit owns or owes on a project (0: on none), by their raw ids; regions aside.
  bool Has(std::uint32_t owner, std::uint32_t project) const { return units_[owner] != 0 || Delegated(owner, project); }
  bool HasRegion(std::size_t p) const { return HasRegionRaw(project_.region[p]); }
  bool HasRegionRaw(std::uint32_t raw) const { return regions_.empty() || regions_[raw]; }

 private:
  bool Delegated(std::uint32_t owner, std::uint32_t project) const {
    return !visible_.projects.empty() && (asked_.empty() || asked_[owner] != 0) &&
           std::binary_search(visible_.projects.begin(), visible_.projects.end(), ProjectId{project});
  }

  const project::State& project_;
  const Visible visible_;
  std::vector<std::uint8_t> units_;    // Visible and asked for.
  std::vector<std::uint8_t> asked_;    // Asked for; empty: all.
  std::vector<std::uint8_t> regions_;  // Asked for; empty: all.
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

// Cursors are offsets into a sorted answer. When the ledger grows between two pages a row may repeat or be missed once;
// who needs the whole asks with known_at.
Result<std::size_t> OffsetOf(std::string_view cursor);
std::string CursorAt(std::size_t offset);

}  // namespace landfall::app
