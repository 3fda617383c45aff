// SPDX-License-Identifier: Apache-2.0
// Facts that are corrected later, each with the span of entries in which it stood: what was known at any entry is read
// from the columns, without a replay.
//
// A fact lies in the series of its measure and month, in the order of the entries that stated it. A question about a
// month looks at that series only, as fast about any entry of the past as about the newest one. The structure is the
// bitemporal relation of Snodgrass (1999, "Developing Time-Oriented Database Applications in SQL"), by column.
//
// Units: amounts are whole minor units; days are day numbers (base/day.h). Bounds: 2^32 − 1 facts, entries as
// SeqForColumn. Memory: 31.5 bytes a fact, a block of 32 at least for each measure and month, 8 bytes for each fact
// that ended, 4 bytes a subject. Threads: as a vector.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <map>
#include <span>
#include <vector>

#include "base/columns.h"
#include "base/period.h"

namespace landfall::ledger {

// One fact and the entries in which it stood: from `from` up to, not including, `to`.
struct Version {
  std::uint32_t measure, subject;
  std::int32_t day;
  std::int64_t amount;
  std::uint32_t record;     // The entry that a reader is shown as the source.
  std::uint8_t tag, level;  // What else the owner of the index must know of it.
  std::uint32_t from, to;   // to: kStands while it does
  bool StoodAt(std::uint32_t known) const { return from <= known && known < to; }
  bool operator==(const Version&) const = default;
};

class VersionIndex {
 public:
  static constexpr std::uint32_t kStands = UINT32_MAX;
  static constexpr std::uint32_t kNone = 0;  // No handle.
  struct Fact {
    std::uint32_t measure, subject;
    std::int32_t day;
    std::int64_t amount;
    std::uint32_t record;
    std::uint8_t tag, level;
  };

  // States a fact at entry `seq`; entries never fall from one call to the next. Its handle. Cost: 30 ns.
  std::uint32_t Add(std::uint32_t seq, const Fact& fact);
  // It stands no more from entry `seq` on. Precondition: it stands.
  void End(std::uint32_t seq, std::uint32_t handle);
  // The newest version of a subject that stands and for which `is` holds, or kNone. Cost: the subject's versions.
  template <class Is>
  std::uint32_t FindStanding(std::uint32_t subject, Is&& is) const {
    for (std::uint32_t at = NewestOf(subject); at != kNone; at = OlderThan(at))
      if (blocks_[BlockOf(at)].to[LaneOf(at)] == kStands && is(Get(at))) return at;
    return kNone;
  }
  Version Get(std::uint32_t handle) const { return At(blocks_[BlockOf(handle)], LaneOf(handle)); }

  // Every version of a subject, newest first, that entries up to `known` stated: what was once said and what replaced
  // it. `to` may lie behind `known`.
  template <class Use>
  void History(std::uint32_t subject, std::uint32_t known, Use&& use) const {
    for (std::uint32_t at = NewestOf(subject); at != kNone; at = OlderThan(at))
      if (const Version v = Get(at); v.from <= known) use(v);
  }

  // The facts of a measure with a day in from … to that stood at entry `known`, month by month.
  template <class Use>
  void StandingAt(std::uint32_t known, std::uint32_t measure, std::int32_t from, std::int32_t to, Use&& use) const {
    if (from > to) return;
    const std::int32_t first = MonthOf(from), last = MonthOf(to);
    for (auto it = series_.lower_bound({measure, first}); it != series_.end() && it->first <= Key{measure, last};
         ++it) {
      const std::int32_t start = DayNumber(Period{it->first.month}.First());
      const bool whole = from <= start && to >= start + 30;  // No month has more than 31 days.
      for (const std::uint32_t at : it->second) {
        const Block& block = blocks_[at];
        if (block.from[0] > known) break;  // Later blocks are newer still.
        for (std::uint32_t stood = StoodIn(block, known); stood != 0; stood &= stood - 1) {
          const auto lane = static_cast<std::size_t>(std::countr_zero(stood));
          const std::int32_t day = start + block.day[lane];
          if (whole || (from <= day && day <= to)) use(At(block, lane));
        }
      }
    }
  }

  // What two entries know differently, in a measure and months first … last: use(version, true) for what stands at
  // `later` and did not at `earlier`, use(version, false) for what stood and does not. Precondition: earlier ≤ later.
  // Cost: what was stated and what ended between the two.
  template <class Use>
  void Differences(std::uint32_t earlier, std::uint32_t later, std::uint32_t measure, Period first, Period last,
                   Use&& use) const {
    for (auto it = series_.lower_bound({measure, first.months});
         it != series_.end() && it->first <= Key{measure, last.months}; ++it) {
      const std::vector<std::uint32_t>& list = it->second;
      // The last block that begins at or before `earlier`, and all that follow.
      auto at = std::partition_point(list.begin(), list.end(),
                                     [&](std::uint32_t b) { return blocks_[b].from[0] <= earlier; });
      if (at != list.begin()) --at;
      for (; at != list.end() && blocks_[*at].from[0] <= later; ++at) {
        const Block& block = blocks_[*at];
        for (std::size_t lane = 0; lane < block.count; ++lane)
          if (earlier < block.from[lane] && block.from[lane] <= later && later < block.to[lane])
            use(At(block, lane), true);
      }
    }
    auto end = std::partition_point(ends_.begin(), ends_.end(), [&](const Ended& e) { return e.seq <= earlier; });
    for (; end != ends_.end() && end->seq <= later; ++end) {
      const Block& block = blocks_[BlockOf(end->handle)];
      if (block.measure != measure || block.month < first.months || block.month > last.months) continue;
      if (const Version v = At(block, LaneOf(end->handle)); v.from <= earlier) use(v, false);
    }
  }

  std::size_t size() const { return facts_; }
  std::size_t bytes() const;

  template <class Archive>
  void Columns(Archive& a, const std::string& name) {
    a(name + ".blocks", blocks_);
    a(name + ".ends", ends_);
    a(name + ".newest", newest_);
  }
  void Rebuild();

 private:
  static constexpr std::size_t kLanes = 32;
  struct Block {
    std::array<std::int64_t, kLanes> amount;
    std::array<std::uint32_t, kLanes> from, to, subject, record, older;  // An empty lane has to = 0: it never stood.
    std::array<std::uint8_t, kLanes> day, tag, level;                    // day: in the month, from 0
    std::uint32_t count, measure;
    std::int32_t month, first_day;  // month: Period
  };
  struct Ended {
    std::uint32_t seq, handle;
  };
  struct Key {
    std::uint32_t measure;
    std::int32_t month;
    auto operator<=>(const Key&) const = default;
  };

  static std::size_t BlockOf(std::uint32_t handle) { return (handle - 1) / kLanes; }
  static std::size_t LaneOf(std::uint32_t handle) { return (handle - 1) % kLanes; }
  static std::int32_t MonthOf(std::int32_t day) { return Period::Of(DayFromNumber(day)).months; }
  std::uint32_t NewestOf(std::uint32_t subject) const { return subject < newest_.size() ? newest_[subject] : kNone; }
  std::uint32_t OlderThan(std::uint32_t handle) const { return blocks_[BlockOf(handle)].older[LaneOf(handle)]; }
  // A bit per lane that stood at `known`.
  static std::uint32_t StoodIn(const Block& block, std::uint32_t known) {
    std::uint32_t stood = 0;
    for (std::size_t lane = 0; lane < kLanes; ++lane)
      stood |= static_cast<std::uint32_t>((block.from[lane] <= known) & (known < block.to[lane])) << lane;
    return stood;
  }
  static Version At(const Block& block, std::size_t lane) {
    return {block.measure,      block.subject[lane], block.first_day + block.day[lane],
            block.amount[lane], block.record[lane],  block.tag[lane],
            block.level[lane],  block.from[lane],    block.to[lane]};
  }

  std::vector<Block> blocks_;                         // Of one series in the order of its facts.
  std::vector<Ended> ends_;                           // In the order of entries.
  std::vector<std::uint32_t> newest_;                 // By subject: handle.
  std::map<Key, std::vector<std::uint32_t>> series_;  // derived: its blocks
  std::size_t facts_ = 0;                             // derived
};

}  // namespace landfall::ledger
