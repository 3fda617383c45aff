// SPDX-License-Identifier: Apache-2.0
// Facts that are corrected later, each with the span of entries in which it stood: what was known at any entry is read
// from the columns, without a replay.
//
// A fact lies in the series of its measure and month, in the order of the entries that stated it. A question about a
// month looks at that series only, as fast about any entry of the past as about the newest one. The structure is the
// bitemporal relation of Snodgrass (1999, "Developing Time-Oriented Database Applications in SQL"), by column.
//
// Units: amounts are whole minor units; days are day numbers (base/day.h). Bounds: 2^32 − 1 facts, entries as
// SeqForColumn. Memory: a block of 32 facts is packed once it is full, each of its columns in as many bits as the
// block's values differ by: 8 to 14 bytes a fact, as a rule; 1 KB for each measure and month, 12 bytes for each fact
// that ended, 4 bytes a subject. Threads: as a vector.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <map>
#include <optional>
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
      if (ended_[at - 1] == kStands && is(Get(at))) return at;
    return kNone;
  }
  Version Get(std::uint32_t handle) const;
  // The latest day that a fact of a measure was ever stated for.
  std::optional<std::int32_t> LastDay(std::uint32_t measure) const;

  // Every version of a subject, newest first, that entries up to `known` stated: what was once said and what replaced
  // it. `to` may lie behind `known`.
  template <class Use>
  void History(std::uint32_t subject, std::uint32_t known, Use&& use) const {
    for (std::uint32_t at = NewestOf(subject); at != kNone;)
      View(*this, BlockOf(at)).Visit([&](const auto& lanes) {
        const std::size_t lane = LaneOf(at);
        if (lanes.From(lane) <= known) use(At(lanes, BlockOf(at), lane));
        at = lanes.Older(lane);
      });
  }

  // What of a version is read.
  enum Field : unsigned { kSubject = 1, kDay = 2, kAmount = 4, kRecord = 8, kTag = 16, kLevel = 32, kSpan = 64 };
  static constexpr unsigned kEveryField = 2 * kSpan - 1;

  // The facts of a measure with a day in from … to that stood at entry `known`, month by month. Who names the fields
  // that it looks at is faster; the others are zero. Cost: 1 ns a fact and field.
  template <unsigned fields = kEveryField, class Use>
  void StandingAt(std::uint32_t known, std::uint32_t measure, std::int32_t from, std::int32_t to, Use&& use) const {
    if (from > to) return;
    const std::int32_t first = MonthOf(from), last = MonthOf(to);
    for (auto it = series_.lower_bound({measure, first}); it != series_.end() && it->first <= Key{measure, last};
         ++it) {
      const Period month{it->first.month};
      const std::int32_t start = DayNumber(month.First());
      const bool whole = from <= start && DayNumber(month.Last()) <= to;
      const std::vector<std::uint32_t>& blocks = it->second;
      for (std::size_t i = 0; i < blocks.size(); ++i) {
        const std::uint32_t at = blocks[i];
        if (i + 1 < blocks.size()) View(*this, blocks[i + 1]).Fetch();
        const View block(*this, at);
        if (block.First() > known) break;  // Later blocks are newer still.
        Facts<fields> facts;
        std::uint32_t stood = block.Visit([&](const auto& lanes) {
          facts.Take(lanes);
          if (!whole) facts.TakeDays(lanes);
          return StoodIn(lanes, at, known);
        });
        const auto give = [&](std::size_t lane) {
          if (whole || (from <= start + facts.day[lane] && start + facts.day[lane] <= to))
            use(facts.At(lane, measure, start, (fields & kSpan) != 0 ? ended_[at * kLanes + lane] : 0));
        };
        if (stood == UINT32_MAX)
          for (std::size_t lane = 0; lane < kLanes; ++lane) give(lane);
        else
          for (; stood != 0; stood &= stood - 1) give(static_cast<std::size_t>(std::countr_zero(stood)));
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
                                     [&](std::uint32_t b) { return View(*this, b).First() <= earlier; });
      if (at != list.begin()) --at;
      for (; at != list.end(); ++at) {
        const View block(*this, *at);
        if (block.First() > later) break;
        block.Visit([&](const auto& lanes) {
          const std::size_t end = lanes.UpTo(later);
          for (std::size_t lane = lanes.UpTo(earlier); lane < end; ++lane)
            if (later < ended_[*at * kLanes + lane]) use(At(lanes, *at, lane), true);
        });
      }
    }
    auto end = std::partition_point(ends_.begin(), ends_.end(), [&](const Ended& e) { return e.seq <= earlier; });
    for (; end != ends_.end() && end->seq <= later; ++end) {
      View(*this, BlockOf(end->handle)).Visit([&](const auto& lanes) {
        if (lanes.measure() != measure || lanes.month() < first.months || lanes.month() > last.months) return;
        const std::size_t lane = LaneOf(end->handle);
        if (lanes.From(lane) <= earlier) use(At(lanes, BlockOf(end->handle), lane), false);
      });
    }
  }

  std::size_t size() const { return facts_; }
  std::size_t bytes() const;  // Of memory.

  template <class Archive>
  void Columns(Archive& a, const std::string& name) {
    Blocks blocks{*this};
    a(name + ".blocks", blocks);
    a(name + ".ends", ends_);
    a(name + ".newest", newest_);
  }
  void Rebuild();

 private:
  static constexpr std::size_t kLanes = 32, kSpareWords = 2;
  static constexpr std::array<std::int64_t, 11> kTens{
      1, 10, 100, 1'000, 10'000, 100'000, 1'000'000, 10'000'000, 100'000'000, 1'000'000'000, 10'000'000'000};
  // As facts are added, and as archives see it.
  struct Block {
    std::array<std::int64_t, kLanes> amount;
    std::array<std::uint32_t, kLanes> from, to, subject, record, older;  // An empty lane has to = 0: it never stood.
    std::array<std::uint8_t, kLanes> day, tag, level;                    // day: in the month, from 0
    std::uint32_t count, measure;
    std::int32_t month, first_day;  // month: Period
  };
  // A full block, packed: this, then its columns one after the other. Each value is what it lies above the least of its
  // column: what sums and lists read by the million (amounts, subjects and entries) in whole bytes, the others in bits.
  // `to` is in ended_.
  struct Packed {
    enum : std::uint8_t { kOlder, kDay, kTag, kLevel, kColumns };
    std::int64_t amount;  // In units of 10^scale, as all of them.
    std::uint32_t measure;
    std::int32_t month, first_day;
    std::uint32_t from, lag, older, subject;  // lag: from − record
    std::uint8_t day, tag, level, scale;
    std::uint8_t amount_bytes, subject_bytes, from_bytes, lag_bytes;  // A value's.
    std::array<std::uint8_t, kColumns> bits;                          // A value's, by column.
    std::array<std::uint8_t, kColumns> start;                         // In words of 32 bits after the lags.
    std::array<std::uint8_t, 4> unused;
  };
  static_assert(sizeof(Packed) == 56 && std::is_trivially_copyable_v<Packed>);
  struct Ended {
    std::uint32_t seq, handle;
  };
  struct Key {
    std::uint32_t measure;
    std::int32_t month;
    auto operator<=>(const Key&) const = default;
  };
  // What archives see of the blocks.
  struct Blocks {
    using Flat = Block;
    VersionIndex& index;
    std::size_t size() const { return index.at_.size(); }
    Block operator[](std::size_t block) const { return index.Unpacked(block); }
    std::size_t bytes() const;
    template <class Archive>
    void Parts(Archive& a) {
      a(index.at_);
      a(index.words_);
      a(index.open_);
      a(index.vacant_);
      a(index.ended_);
    }
    bool Sound() const { return index.Sound(); }
  };
  // Reads the lanes of an open block, and of a packed one.
  template <class Lanes>
  struct Stated {
    // How many lanes were stated at entry `known` or before. Entries never fall.
    std::size_t UpTo(std::uint32_t known) const {
      const auto& lanes = static_cast<const Lanes&>(*this);
      std::size_t low = 0, high = lanes.count();
      if (high != 0 && lanes.From(high - 1) <= known) return high;
      while (low < high) {
        const std::size_t middle = (low + high) / 2;
        if (lanes.From(middle) <= known)
          low = middle + 1;
        else
          high = middle;
      }
      return low;
    }
  };
  class OpenLanes : public Stated<OpenLanes> {
   public:
    explicit OpenLanes(const Block& block) : b_(block) {}
    std::size_t count() const { return b_.count; }
    std::uint32_t measure() const { return b_.measure; }
    std::int32_t month() const { return b_.month; }
    std::int32_t first_day() const { return b_.first_day; }
    std::uint32_t From(std::size_t lane) const { return b_.from[lane]; }
    std::uint32_t Subject(std::size_t lane) const { return b_.subject[lane]; }
    std::uint32_t Record(std::size_t lane) const { return b_.record[lane]; }
    std::uint32_t Older(std::size_t lane) const { return b_.older[lane]; }
    std::uint8_t Day(std::size_t lane) const { return b_.day[lane]; }
    std::uint8_t Tag(std::size_t lane) const { return b_.tag[lane]; }
    std::uint8_t Level(std::size_t lane) const { return b_.level[lane]; }
    std::int64_t Amount(std::size_t lane) const { return b_.amount[lane]; }

   private:
    const Block& b_;
  };
  class PackedLanes : public Stated<PackedLanes> {
   public:
    explicit PackedLanes(const std::uint32_t* words) : amounts_(reinterpret_cast<const char*>(words) + sizeof(Packed)) {
      std::memcpy(&p_, words, sizeof p_);
      subjects_ = amounts_ + kLanes * p_.amount_bytes;
      froms_ = subjects_ + kLanes * p_.subject_bytes;
      lags_ = froms_ + kLanes * p_.from_bytes;
      words_ = lags_ + kLanes * p_.lag_bytes;
    }
    std::size_t count() const { return kLanes; }
    std::uint32_t measure() const { return p_.measure; }
    std::int32_t month() const { return p_.month; }
    std::int32_t first_day() const { return p_.first_day; }
    std::uint32_t From(std::size_t lane) const { return Above(p_.from, froms_, p_.from_bytes, lane); }
    std::uint32_t Subject(std::size_t lane) const { return Above(p_.subject, subjects_, p_.subject_bytes, lane); }
    std::uint32_t Record(std::size_t lane) const { return From(lane) - Above(p_.lag, lags_, p_.lag_bytes, lane); }
    std::uint32_t Older(std::size_t lane) const { return p_.older + Field(Packed::kOlder, lane); }
    std::uint8_t Day(std::size_t lane) const { return static_cast<std::uint8_t>(p_.day + Field(Packed::kDay, lane)); }
    std::uint8_t Tag(std::size_t lane) const { return static_cast<std::uint8_t>(p_.tag + Field(Packed::kTag, lane)); }
    std::uint8_t Level(std::size_t lane) const {
      return static_cast<std::uint8_t>(p_.level + Field(Packed::kLevel, lane));
    }
    std::int64_t Amount(std::size_t lane) const {
      const std::uint64_t above = Eight(amounts_ + lane * p_.amount_bytes) & MaskOf(p_.amount_bytes);
      return static_cast<std::int64_t>((static_cast<std::uint64_t>(p_.amount) + above) *
                                       static_cast<std::uint64_t>(kTens[p_.scale]));
    }
    // A column of all lanes.
    void Amounts(std::array<std::int64_t, kLanes>& to) const;
    void Froms(std::array<std::uint32_t, kLanes>& to) const { AllAbove(p_.from, froms_, p_.from_bytes, to); }
    void Subjects(std::array<std::uint32_t, kLanes>& to) const {
      AllAbove(p_.subject, subjects_, p_.subject_bytes, to);
    }
    void Lags(std::array<std::uint32_t, kLanes>& to) const { AllAbove(p_.lag, lags_, p_.lag_bytes, to); }

   private:
    static std::uint64_t Eight(const char* from) {
      std::uint64_t bytes;
      std::memcpy(&bytes, from, sizeof bytes);
      return bytes;
    }
    static std::uint64_t MaskOf(std::size_t bytes) {
      return bytes == 8 ? UINT64_MAX : (std::uint64_t{1} << bytes * 8) - 1;
    }
    // What is read beyond a column belongs to what follows, or to the spare words at the end.
    static std::uint32_t Above(std::uint32_t least, const char* column, std::size_t bytes, std::size_t lane) {
      return static_cast<std::uint32_t>(least + (Eight(column + lane * bytes) & MaskOf(bytes)));
    }
    static void AllAbove(std::uint32_t least, const char* column, std::size_t bytes,
                         std::array<std::uint32_t, kLanes>& to);
    std::uint32_t Field(std::size_t column, std::size_t lane) const {
      const std::size_t bits = p_.bits[column], bit = bits * lane;
      const std::uint64_t two = Eight(words_ + (p_.start[column] + bit / 32) * sizeof(std::uint32_t));
      return static_cast<std::uint32_t>(two >> bit % 32 & ((std::uint64_t{1} << bits) - 1));
    }
    Packed p_;
    const char *amounts_, *subjects_, *froms_, *lags_, *words_;
  };
  // Of every lane of a block what `fields` name. The others are not set.
  template <unsigned fields>
  struct Facts {
    std::array<std::int64_t, kLanes> amount;
    std::array<std::uint32_t, kLanes> subject, from, lag;
    std::array<std::uint8_t, kLanes> day, tag, level;

    void Take(const PackedLanes& lanes) {
      if constexpr ((fields & kAmount) != 0) lanes.Amounts(amount);
      if constexpr ((fields & kSubject) != 0) lanes.Subjects(subject);
      if constexpr ((fields & (kRecord | kSpan)) != 0) lanes.Froms(from);
      if constexpr ((fields & kRecord) != 0) lanes.Lags(lag);
      TakeSmall(lanes);
    }
    void Take(const OpenLanes& lanes) {
      for (std::size_t lane = 0; lane < lanes.count(); ++lane) {
        amount[lane] = lanes.Amount(lane);
        subject[lane] = lanes.Subject(lane);
        from[lane] = lanes.From(lane);
        lag[lane] = lanes.From(lane) - lanes.Record(lane);
      }
      TakeSmall(lanes);
    }
    template <class Lanes>
    void TakeDays(const Lanes& lanes) {
      for (std::size_t lane = 0; lane < lanes.count(); ++lane) day[lane] = lanes.Day(lane);
    }
    Version At(std::size_t lane, std::uint32_t measure, std::int32_t first_day, std::uint32_t to) const {
      Version v{};
      v.measure = measure;
      if constexpr ((fields & kSubject) != 0) v.subject = subject[lane];
      if constexpr ((fields & kDay) != 0) v.day = first_day + day[lane];
      if constexpr ((fields & kAmount) != 0) v.amount = amount[lane];
      if constexpr ((fields & kRecord) != 0) v.record = from[lane] - lag[lane];
      if constexpr ((fields & kTag) != 0) v.tag = tag[lane];
      if constexpr ((fields & kLevel) != 0) v.level = level[lane];
      if constexpr ((fields & kSpan) != 0) v.from = from[lane];
      v.to = to;
      return v;
    }

   private:
    template <class Lanes>
    void TakeSmall(const Lanes& lanes) {
      if constexpr ((fields & kDay) != 0) TakeDays(lanes);
      for (std::size_t lane = 0; lane < lanes.count(); ++lane) {
        if constexpr ((fields & kTag) != 0) tag[lane] = lanes.Tag(lane);
        if constexpr ((fields & kLevel) != 0) level[lane] = lanes.Level(lane);
      }
    }
  };
  // A block, open or packed.
  class View {
   public:
    View(const VersionIndex& index, std::size_t block) {
      const std::uint32_t at = index.at_[block];
      if ((at & kOpen) != 0)
        open_ = &index.open_[at & ~kOpen];
      else
        words_ = index.words_.data() + at;
    }
    // Calls `use` with its lanes.
    template <class Use>
    decltype(auto) Visit(Use&& use) const {
      return open_ != nullptr ? use(OpenLanes(*open_)) : use(PackedLanes(words_));
    }
    // The entry that stated its first fact.
    std::uint32_t First() const {
      if (open_ != nullptr) return open_->from[0];
      std::uint32_t from;
      std::memcpy(&from, reinterpret_cast<const char*>(words_) + offsetof(Packed, from), sizeof from);
      return from;
    }

    // Has a packed one's head and first columns brought near, for a reader that comes soon.
    void Fetch() const {
      const char* const bytes = reinterpret_cast<const char*>(words_);
      if (words_ != nullptr)
        for (std::size_t line = 0; line < 5; ++line) __builtin_prefetch(bytes + line * 64);
    }

   private:
    const Block* open_ = nullptr;
    const std::uint32_t* words_ = nullptr;
  };

  static std::size_t BlockOf(std::uint32_t handle) { return (handle - 1) / kLanes; }
  static std::size_t LaneOf(std::uint32_t handle) { return (handle - 1) % kLanes; }
  static std::int32_t MonthOf(std::int32_t day) { return Period::Of(DayFromNumber(day)).months; }
  std::uint32_t NewestOf(std::uint32_t subject) const { return subject < newest_.size() ? newest_[subject] : kNone; }
  std::uint32_t OlderThan(std::uint32_t handle) const {
    return View(*this, BlockOf(handle)).Visit([&](const auto& lanes) { return lanes.Older(LaneOf(handle)); });
  }
  // A bit per lane that stood at `known`.
  template <class Lanes>
  std::uint32_t StoodIn(const Lanes& lanes, std::size_t at, std::uint32_t known) const {
    const std::size_t stated = lanes.UpTo(known);
    std::uint32_t stood = stated == kLanes ? UINT32_MAX : (std::uint32_t{1} << stated) - 1;
    static_assert(SparseColumn<std::uint32_t>::kRows == 2 * kLanes);
    auto ended = static_cast<std::uint32_t>(ended_.Given(at / 2) >> at % 2 * kLanes);
    if (ended == 0 || newest_end_[at] <= known) return stood & ~ended;
    for (const std::uint32_t* to = ended_.ItemsFrom(at * kLanes); ended != 0; ended &= ended - 1)
      stood &= ~(static_cast<std::uint32_t>(*to++ <= known) << std::countr_zero(ended));
    return stood;
  }
  // Inlined always: who uses two fields of a version shall not unpack nine.
  template <class Lanes>
  [[gnu::always_inline]] Version At(const Lanes& lanes, std::size_t at, std::size_t lane) const {
    return {lanes.measure(),    lanes.Subject(lane), lanes.first_day() + lanes.Day(lane),
            lanes.Amount(lane), lanes.Record(lane),  lanes.Tag(lane),
            lanes.Level(lane),  lanes.From(lane),    ended_[at * kLanes + lane]};
  }
  std::size_t Open();            // A new block: its number.
  bool Sound() const;            // Every block is where at_ says.
  void Pack(std::size_t block);  // Precondition: it is full and open.
  Block Unpacked(std::size_t block) const;

  static constexpr std::uint32_t kOpen = 1u << 31;
  std::vector<std::uint32_t> at_;               // By block: where it begins in words_, or kOpen and its place in open_.
  std::vector<std::uint32_t> words_;            // Full blocks, packed, and kSpareWords.
  std::vector<Block> open_;                     // One for each series at most. Their `to` is not kept.
  std::vector<std::uint32_t> vacant_;           // Places in open_ that wait for a block.
  SparseColumn<std::uint32_t> ended_{kStands};  // By handle − 1: the entry that ended it.
  std::vector<Ended> ends_;                     // In the order of entries.
  std::vector<std::uint32_t> newest_;           // By subject: handle.
  std::map<Key, std::vector<std::uint32_t>> series_;  // derived: its blocks
  std::vector<std::uint32_t> newest_end_;             // derived, by block: the last entry that ended a fact of it
  std::size_t facts_ = 0;                             // derived
};

// A column whose values have so many bytes each, so that the compiler reads many at once.
template <class Value>
inline void Widen(std::uint32_t least, const char* column, std::span<std::uint32_t> to) {
  for (std::size_t lane = 0; lane < to.size(); ++lane) {
    Value value;
    std::memcpy(&value, column + lane * sizeof value, sizeof value);
    to[lane] = least + value;
  }
}

inline void VersionIndex::PackedLanes::AllAbove(std::uint32_t least, const char* column, std::size_t bytes,
                                                std::array<std::uint32_t, kLanes>& to) {
  switch (bytes) {
    case 0:
      return to.fill(least);
    case 1:
      return Widen<std::uint8_t>(least, column, to);
    case 2:
      return Widen<std::uint16_t>(least, column, to);
    case 4:
      return Widen<std::uint32_t>(least, column, to);
    default:
      for (std::size_t lane = 0; lane < kLanes; ++lane) to[lane] = Above(least, column, bytes, lane);
  }
}

inline void VersionIndex::PackedLanes::Amounts(std::array<std::int64_t, kLanes>& to) const {
  const std::uint64_t least = static_cast<std::uint64_t>(p_.amount), mask = MaskOf(p_.amount_bytes);
  const std::size_t bytes = p_.amount_bytes;
  for (std::size_t lane = 0; lane < kLanes; ++lane)
    to[lane] = static_cast<std::int64_t>(least + (Eight(amounts_ + lane * bytes) & mask));
  if (p_.scale == 0) return;
  for (std::int64_t& amount : to) amount *= kTens[p_.scale];
}

inline Version VersionIndex::Get(std::uint32_t handle) const {
  return View(*this, BlockOf(handle)).Visit([&](const auto& lanes) {
    return At(lanes, BlockOf(handle), LaneOf(handle));
  });
}

}  // namespace landfall::ledger
