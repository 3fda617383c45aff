// SPDX-License-Identifier: Apache-2.0
#include "ledger/versions.h"

#include <bit>

namespace landfall::ledger {
namespace {

// Bytes that a number fits.
std::uint8_t BytesOf(std::uint64_t greatest) { return static_cast<std::uint8_t>((std::bit_width(greatest) + 7) / 8); }

}  // namespace

std::size_t VersionIndex::Open() {
  std::size_t place = open_.size();
  if (vacant_.empty()) {
    open_.emplace_back();  // All zero: its lanes never stood.
  } else {
    place = vacant_.back();
    vacant_.pop_back();
    open_[place] = {};
  }
  LF_CHECK(at_.size() < UINT32_MAX / kLanes);
  at_.push_back(kOpen | static_cast<std::uint32_t>(place));
  ended_.resize(at_.size() * kLanes);
  newest_end_.push_back(0);
  return at_.size() - 1;
}

std::uint32_t VersionIndex::Add(std::uint32_t seq, const Fact& fact) {
  const std::int32_t month = MonthOf(fact.day);
  std::vector<std::uint32_t>& list = series_[{fact.measure, month}];
  if (list.empty() || (at_[list.back()] & kOpen) == 0) {
    list.push_back(static_cast<std::uint32_t>(Open()));
    Block& fresh = open_[at_[list.back()] & ~kOpen];
    fresh.measure = fact.measure;
    fresh.month = month;
    fresh.first_day = DayNumber(Period{month}.First());
  }
  Block& block = open_[at_[list.back()] & ~kOpen];
  const std::size_t lane = block.count++;
  const auto handle = static_cast<std::uint32_t>(list.back() * kLanes + lane + 1);
  if (fact.subject >= newest_.size()) newest_.resize(fact.subject + 1, kNone);
  block.amount[lane] = fact.amount;
  block.from[lane] = seq;
  block.subject[lane] = fact.subject;
  block.record[lane] = fact.record;
  block.older[lane] = std::exchange(newest_[fact.subject], handle);
  block.day[lane] = static_cast<std::uint8_t>(fact.day - block.first_day);
  block.tag[lane] = fact.tag;
  block.level[lane] = fact.level;
  ++facts_;
  if (block.count == kLanes) Pack(list.back());
  return handle;
}

void VersionIndex::End(std::uint32_t seq, std::uint32_t handle) {
  LF_CHECK(ended_[handle - 1] == kStands);
  ended_.Set(handle - 1, seq);
  newest_end_[BlockOf(handle)] = seq;
  ends_.push_back({seq, handle});
}

void VersionIndex::Pack(std::size_t at) {
  const std::uint32_t place = at_[at] & ~kOpen;
  const Block& block = open_[place];
  Packed packed{};
  packed.measure = block.measure;
  packed.month = block.month;
  packed.first_day = block.first_day;

  // The greatest power of ten that every amount is a multiple of.
  packed.scale = static_cast<std::uint8_t>(kTens.size() - 1);
  for (const std::int64_t amount : block.amount)
    while (amount % kTens[packed.scale] != 0) --packed.scale;
  const std::int64_t scale = kTens[packed.scale];
  const auto [least, most] = std::minmax_element(block.amount.begin(), block.amount.end());
  packed.amount = *least / scale;
  const auto above_least = [&](std::int64_t amount) {
    return static_cast<std::uint64_t>(amount / scale) - static_cast<std::uint64_t>(packed.amount);
  };
  packed.amount_bytes = BytesOf(above_least(*most));
  const auto [first, last] = std::minmax_element(block.subject.begin(), block.subject.end());
  packed.subject = *first;
  packed.subject_bytes = BytesOf(*last - *first);

  std::array<std::uint32_t, kLanes> lag;
  for (std::size_t lane = 0; lane < kLanes; ++lane) lag[lane] = block.from[lane] - block.record[lane];
  const auto [closest, farthest] = std::minmax_element(lag.begin(), lag.end());
  packed.from = block.from.front();
  packed.from_bytes = BytesOf(block.from.back() - packed.from);
  packed.lag = *closest;
  packed.lag_bytes = BytesOf(*farthest - *closest);

  std::array<std::array<std::uint32_t, kLanes>, Packed::kColumns> above;
  const auto take = [&](std::size_t column, const auto& values, auto& from) {
    from = *std::min_element(values.begin(), values.end());
    for (std::size_t lane = 0; lane < kLanes; ++lane)
      above[column][lane] = static_cast<std::uint32_t>(values[lane] - from);
  };
  take(Packed::kOlder, block.older, packed.older);
  take(Packed::kDay, block.day, packed.day);
  take(Packed::kTag, block.tag, packed.tag);
  take(Packed::kLevel, block.level, packed.level);
  std::size_t words = 0;
  for (std::size_t column = 0; column < Packed::kColumns; ++column) {
    const std::uint32_t greatest = *std::max_element(above[column].begin(), above[column].end());
    packed.bits[column] = static_cast<std::uint8_t>(std::bit_width(greatest));
    packed.start[column] = static_cast<std::uint8_t>(words);
    static_assert(kLanes == 32 && Packed::kColumns * 32 <= UINT8_MAX);
    words += packed.bits[column];  // 32 values of so many bits.
  }

  const std::size_t whole_bytes =
      kLanes * (packed.amount_bytes + packed.subject_bytes + packed.from_bytes + packed.lag_bytes);
  const std::size_t bytes = sizeof packed + whole_bytes + words * sizeof(std::uint32_t);
  static_assert(sizeof packed % sizeof(std::uint32_t) == 0);
  if (!words_.empty()) words_.resize(words_.size() - kSpareWords);
  const std::size_t begin = words_.size();
  LF_CHECK(begin + bytes / sizeof(std::uint32_t) < kOpen);
  words_.resize(begin + bytes / sizeof(std::uint32_t) + kSpareWords, 0);
  char* to = reinterpret_cast<char*>(words_.data() + begin);
  std::memcpy(to, &packed, sizeof packed);
  to += sizeof packed;
  const auto put = [&](std::size_t value_bytes, auto&& above_least_of) {
    for (std::size_t lane = 0; lane < kLanes; ++lane, to += value_bytes) {
      const std::uint64_t value = above_least_of(lane);
      std::memcpy(to, &value, value_bytes);
    }
  };
  put(packed.amount_bytes, [&](std::size_t lane) { return above_least(block.amount[lane]); });
  put(packed.subject_bytes, [&](std::size_t lane) { return block.subject[lane] - packed.subject; });
  put(packed.from_bytes, [&](std::size_t lane) { return block.from[lane] - packed.from; });
  put(packed.lag_bytes, [&](std::size_t lane) { return lag[lane] - packed.lag; });
  for (std::size_t column = 0; column < Packed::kColumns; ++column)
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const std::size_t bit = std::size_t{packed.bits[column]} * lane;
      char* const word = to + (packed.start[column] + bit / 32) * sizeof(std::uint32_t);
      std::uint64_t two;
      std::memcpy(&two, word, sizeof two);
      two |= std::uint64_t{above[column][lane]} << bit % 32;
      std::memcpy(word, &two, sizeof two);
    }
  at_[at] = static_cast<std::uint32_t>(begin);
  vacant_.push_back(place);
}

VersionIndex::Block VersionIndex::Unpacked(std::size_t at) const {
  return View(*this, at).Visit([&](const auto& lanes) {
    Block block{};
    block.count = static_cast<std::uint32_t>(lanes.count());
    block.measure = lanes.measure();
    block.month = lanes.month();
    block.first_day = lanes.first_day();
    for (std::size_t lane = 0; lane < lanes.count(); ++lane) {
      block.amount[lane] = lanes.Amount(lane);
      block.from[lane] = lanes.From(lane);
      block.to[lane] = ended_[at * kLanes + lane];
      block.subject[lane] = lanes.Subject(lane);
      block.record[lane] = lanes.Record(lane);
      block.older[lane] = lanes.Older(lane);
      block.day[lane] = lanes.Day(lane);
      block.tag[lane] = lanes.Tag(lane);
      block.level[lane] = lanes.Level(lane);
    }
    return block;
  });
}

bool VersionIndex::Sound() const {
  return ended_.size() == at_.size() * kLanes && std::ranges::all_of(at_, [&](std::uint32_t at) {
           return (at & kOpen) != 0 ? (at & ~kOpen) < open_.size()
                                    : at + sizeof(Packed) / sizeof(std::uint32_t) <= words_.size();
         });
}

std::optional<std::int32_t> VersionIndex::LastDay(std::uint32_t measure) const {
  auto it = series_.upper_bound({measure, INT32_MAX});
  if (it == series_.begin() || (--it)->first.measure != measure) return std::nullopt;
  std::int32_t last = INT32_MIN;
  for (const std::uint32_t at : it->second)
    View(*this, at).Visit([&](const auto& lanes) {
      for (std::size_t lane = 0; lane < lanes.count(); ++lane)
        last = std::max(last, lanes.first_day() + lanes.Day(lane));
    });
  return last;
}

std::size_t VersionIndex::Blocks::bytes() const {
  return (index.at_.capacity() + index.words_.capacity() + index.vacant_.capacity()) * sizeof(std::uint32_t) +
         index.open_.capacity() * sizeof(Block) + index.ended_.bytes();
}

std::size_t VersionIndex::bytes() const {
  std::size_t lists = 0;
  for (const auto& [key, list] : series_) lists += sizeof key + list.capacity() * sizeof(std::uint32_t);
  return Blocks{const_cast<VersionIndex&>(*this)}.bytes() + ends_.capacity() * sizeof(Ended) +
         (newest_.capacity() + newest_end_.capacity()) * sizeof(std::uint32_t) + lists;
}

void VersionIndex::Rebuild() {
  series_.clear();
  facts_ = 0;
  newest_end_.assign(at_.size(), 0);
  for (const Ended& end : ends_)
    if (end.handle - 1 < ended_.size()) newest_end_[BlockOf(end.handle)] = end.seq;
  for (std::size_t i = 0; i < at_.size(); ++i) {
    View(*this, i).Visit([&](const auto& lanes) {
      series_[{lanes.measure(), lanes.month()}].push_back(static_cast<std::uint32_t>(i));
      facts_ += lanes.count();
    });
  }
}

}  // namespace landfall::ledger
