// SPDX-License-Identifier: Apache-2.0
#include "ledger/versions.h"

namespace landfall::ledger {

std::uint32_t VersionIndex::Add(std::uint32_t seq, const Fact& fact) {
  const std::int32_t month = MonthOf(fact.day);
  std::vector<std::uint32_t>& list = series_[{fact.measure, month}];
  if (list.empty() || blocks_[list.back()].count == kLanes) {
    LF_CHECK(blocks_.size() < UINT32_MAX / kLanes);
    list.push_back(static_cast<std::uint32_t>(blocks_.size()));
    Block& fresh = blocks_.emplace_back();  // All zero: its lanes never stood.
    fresh.measure = fact.measure;
    fresh.month = month;
    fresh.first_day = DayNumber(Period{month}.First());
  }
  Block& block = blocks_[list.back()];
  const std::size_t lane = block.count++;
  const auto handle = static_cast<std::uint32_t>(list.back() * kLanes + lane + 1);
  if (fact.subject >= newest_.size()) newest_.resize(fact.subject + 1, kNone);
  block.amount[lane] = fact.amount;
  block.from[lane] = seq;
  block.to[lane] = kStands;
  block.subject[lane] = fact.subject;
  block.record[lane] = fact.record;
  block.older[lane] = std::exchange(newest_[fact.subject], handle);
  block.day[lane] = static_cast<std::uint8_t>(fact.day - block.first_day);
  block.tag[lane] = fact.tag;
  block.level[lane] = fact.level;
  ++facts_;
  return handle;
}

void VersionIndex::End(std::uint32_t seq, std::uint32_t handle) {
  std::uint32_t& to = blocks_[BlockOf(handle)].to[LaneOf(handle)];
  LF_CHECK(to == kStands);
  to = seq;
  ends_.push_back({seq, handle});
}

std::size_t VersionIndex::bytes() const {
  std::size_t lists = 0;
  for (const auto& [key, list] : series_) lists += sizeof key + list.capacity() * sizeof(std::uint32_t);
  return blocks_.capacity() * sizeof(Block) + ends_.capacity() * sizeof(Ended) +
         newest_.capacity() * sizeof(std::uint32_t) + lists;
}

void VersionIndex::Rebuild() {
  series_.clear();
  facts_ = 0;
  for (std::size_t i = 0; i < blocks_.size(); ++i) {
    series_[{blocks_[i].measure, blocks_[i].month}].push_back(static_cast<std::uint32_t>(i));
    facts_ += blocks_[i].count;
  }
}

}  // namespace landfall::ledger
