// SPDX-License-Identifier: Apache-2.0
#include "claim/interval.h"

#include <algorithm>

#include "claim/decimal.h"

namespace landfall::claim {
namespace {

constexpr int kPlaces = 6;

Wide PowerOfTen(int exponent) {
  Wide out = 1;
  while (exponent-- > 0) out *= 10;
  return out;
}

}  // namespace

Wide ScaleOf(const ClaimRecorded& claim) { return PowerOfTen(static_cast<int>(claim.exponent.value)); }

Wide MiddleOf(const ClaimRecorded& claim, std::size_t value) {
  const Decimal decimal = ParseDecimal(claim.values.items[value].value).value();  // Decide let no other in.
  return Wide{decimal.digits} * PowerOfTen(kPlaces - decimal.places) * 2 * ScaleOf(claim);
}

Interval IntervalOf(const ClaimRecorded& claim, std::size_t value) {
  const Wide middle = MiddleOf(claim, value);
  switch (claim.bound) {
    case Bound::at_least:
      return {middle, std::nullopt};
    case Bound::more_than:
      return {middle + 1, std::nullopt};
    case Bound::at_most:
    case Bound::nearly:  // 近: below it, and nobody says by how much.
      return {std::nullopt, middle};
    case Bound::less_than:
      return {std::nullopt, middle - 1};
    case Bound::exact:
      break;
  }
  const Decimal decimal = ParseDecimal(claim.values.items[value].value).value();
  const bool counted = claim.kind == Kind::count && claim.exponent.value == 0 && decimal.places == 0;
  const Wide half = counted ? Wide{0} : PowerOfTen(kPlaces - decimal.places) * ScaleOf(claim);
  return {middle - half, middle + half};
}

bool Meet(const Interval& a, const Interval& b) {
  return (!a.low || !b.high || *a.low <= *b.high) && (!b.low || !a.high || *b.low <= *a.high);
}

Interval Sum(std::span<const Interval> parts) {
  Interval sum{Wide{0}, Wide{0}};
  for (const Interval& part : parts) {
    sum.low = sum.low && part.low ? std::optional<Wide>(*sum.low + *part.low) : std::nullopt;
    sum.high = sum.high && part.high ? std::optional<Wide>(*sum.high + *part.high) : std::nullopt;
  }
  return sum;
}

std::string QuotientText(Wide n, Wide d, Rounding rounding) {
  const Wide scaled = n * PowerOfTen(4);
  Wide quotient = scaled / d;  // towards zero
  const Wide rest = scaled % d;
  if (rounding == Rounding::kDown && rest < 0) --quotient;
  if (rounding == Rounding::kUp && rest > 0) ++quotient;
  if (rounding == Rounding::kNearest && 2 * (rest < 0 ? -rest : rest) >= d) quotient += rest < 0 ? -1 : 1;
  return TextOf(quotient * (kOne / PowerOfTen(4)));
}

std::string TextOf(Wide half_millionths) {
  constexpr int kTextPlaces = 7;  // A half of a millionth has seven.
  const bool negative = half_millionths < 0;
  const Wide value = (negative ? -half_millionths : half_millionths) * (PowerOfTen(kTextPlaces) / kOne);
  Wide whole = value / PowerOfTen(kTextPlaces);
  auto part = static_cast<std::int64_t>(value % PowerOfTen(kTextPlaces));
  std::string digits;  // backwards
  for (int place = 0; place < kTextPlaces; ++place, part /= 10)
    if (part % 10 != 0 || !digits.empty()) digits += static_cast<char>('0' + part % 10);
  if (!digits.empty()) digits += '.';
  do digits += static_cast<char>('0' + static_cast<int>(whole % 10));
  while ((whole /= 10) > 0);
  if (negative) digits += '-';
  std::reverse(digits.begin(), digits.end());
  return digits;
}

}  // namespace landfall::claim
