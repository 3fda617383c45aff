// SPDX-License-Identifier: Apache-2.0
// How many things have their day on or before any day: kept as they come and go, asked in 17 steps.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/day.h"

namespace landfall {

// A Fenwick tree (Fenwick 1994, "A new data structure for cumulative frequency tables") over the supported days; 438
// KB. Threads: as a vector. Cost: 40 ns a change.
class DayTally {
 public:
  void Add(std::int32_t day, std::int32_t by) {
    if (counts_.empty()) counts_.resize(kDays + 1, 0);
    for (std::int32_t i = Slot(day); i <= kDays; i += i & -i) counts_[static_cast<std::size_t>(i)] += by;
    total_ += by;
  }
  std::int64_t total() const { return total_; }
  // Days ≤ `day`.
  std::int64_t UpTo(std::int32_t day) const {
    if (counts_.empty() || day < DayNumber(kFirstDay)) return 0;
    if (day >= DayNumber(kLastDay)) return total_;
    std::int64_t sum = 0;
    for (std::int32_t i = Slot(day); i > 0; i -= i & -i) sum += counts_[static_cast<std::size_t>(i)];
    return sum;
  }

 private:
  static constexpr std::int32_t kDays = DayNumber(kLastDay) - DayNumber(kFirstDay) + 1;
  static std::int32_t Slot(std::int32_t day) { return day - DayNumber(kFirstDay) + 1; }
  std::vector<std::int32_t> counts_;
  std::int64_t total_ = 0;
};

// Which rows have their day in a span, without a walk over all rows. Threads: as a vector. Cost: a change looks through
// the rows of one day; memory 24 bytes a day between the first and the last, and the rows.
class DayRows {
 public:
  void Add(std::int32_t day, std::uint32_t row) {
    if (days_.empty()) first_ = day;
    if (day < first_) {
      days_.insert(days_.begin(), static_cast<std::size_t>(first_ - day), {});
      first_ = day;
    }
    const auto at = static_cast<std::size_t>(day - first_);
    if (at >= days_.size()) days_.resize(at + 1);
    days_[at].push_back(row);
  }
  // The row must have been added with that day.
  void Remove(std::int32_t day, std::uint32_t row) {
    std::vector<std::uint32_t>& rows = days_[static_cast<std::size_t>(day - first_)];
    rows.erase(std::find(rows.begin(), rows.end(), row));
  }
  // Calls use(day, row) for from ≤ day ≤ to, day by day.
  template <class Use>
  void InSpan(std::int32_t from, std::int32_t to, Use&& use) const {
    if (days_.empty()) return;
    const std::int64_t last =
        std::min<std::int64_t>(to, std::int64_t{first_} + static_cast<std::int64_t>(days_.size()) - 1);
    for (std::int64_t day = std::max(from, first_); day <= last; ++day)
      for (const std::uint32_t row : days_[static_cast<std::size_t>(day - first_)])
        use(static_cast<std::int32_t>(day), row);
  }

 private:
  std::int32_t first_ = 0;
  std::vector<std::vector<std::uint32_t>> days_;
};

}  // namespace landfall
