// SPDX-License-Identifier: Apache-2.0
// What a printed number may be: an interval with exact ends, and the little arithmetic that claims need.
//
// Ends are counted in half millionths, so that the half of the last printed digit is whole. Bounds: a value of 12
// digits times 10^12, a dozen of which add up, stays below 10^32.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "claim/events.h"

namespace landfall::claim {

using Wide = __int128;

struct Interval {
  std::optional<Wide> low, high;  // None: open.
};
inline constexpr Wide kOne = 2'000'000;  // half millionths

// The values of a printed figure, `exponent` included. A count is exact; anything else is rounded to its last digit.
Interval IntervalOf(const ClaimRecorded& claim, std::size_t value = 0);
// The printed value itself.
Wide MiddleOf(const ClaimRecorded& claim, std::size_t value = 0);
Wide ScaleOf(const ClaimRecorded& claim);  // 10^exponent

bool Meet(const Interval& a, const Interval& b);  // Some number is in both.
Interval Sum(std::span<const Interval> parts);

// low, value and high of a quotient n/d, as decimal text of at most four places: floor, half away from zero, ceiling.
// Preconditions: d > 0; n · 10^4 stays within 128 bits.
enum class Rounding { kDown, kNearest, kUp };
std::string QuotientText(Wide n, Wide d, Rounding rounding);
// Half millionths as decimal text, whole; without closing zeros.
std::string TextOf(Wide half_millionths);

}  // namespace landfall::claim
