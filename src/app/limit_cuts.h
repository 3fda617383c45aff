// SPDX-License-Identifier: Apache-2.0
// 时限压缩: of how many matters the promised time is half or less of what it was, counted from the versions of the
// catalogue and never typed. The share is over matters that can be compared; the others are counted beside it, so that
// nobody gains by leaving a limit out.
#pragma once

#include "approval/catalogue.h"

namespace landfall::app {

enum class LimitCut : std::uint8_t {
  halved,        // Half or less of what it was.
  shorter,       // Shorter, by less than half.
  same,          //
  longer,        //
  incomparable,  // One side states no limit, or working days stand against calendar days.
  fresh          // No version of it was in force on the earlier day.
};
BOOST_DESCRIBE_ENUM(LimitCut, halved, shorter, same, longer, incomparable, fresh)

struct LimitCutRow {
  static constexpr std::string_view kName = "LimitCutRow";
  std::string matter, zh, en;
  LimitCut cut = LimitCut::same;
  std::optional<approval::Limit> was, is;
};
BOOST_DESCRIBE_STRUCT(LimitCutRow, (), (matter, zh, en, cut, was, is))

struct LimitCuts {
  static constexpr std::string_view kName = "LimitCuts";
  Day on{};
  std::optional<Day> before;  // Absent: against the limit of the law, of the same version.
  std::int64_t halved = 0, shorter = 0, same = 0, longer = 0, incomparable = 0, fresh = 0;
  std::int64_t comparable = 0;  // The first four together.
  std::optional<std::int64_t>
      halved_tenths;              // Halved of comparable, in tenths of a percent, cut off, never rounded up.
  std::vector<LimitCutRow> rows;  // Every matter in force on the day, by id.
};
BOOST_DESCRIBE_STRUCT(LimitCuts, (),
                      (on, before, halved, shorter, same, longer, incomparable, fresh, comparable, halved_tenths, rows))

// A matter's limit is what is promised, else what the law allows. Errors: approval.days_reversed (kInvalid) where
// `before` is not before `on`. Cost: some µs a hundred matters.
Result<LimitCuts> CompareLimits(const approval::Catalogue& catalogue, Day on, std::optional<Day> before);

}  // namespace landfall::app
