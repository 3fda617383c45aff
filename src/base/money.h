// SPDX-License-Identifier: Apache-2.0
// Money in whole minor units of a ledger's currency: exact in, exact kept, rounded only when shown.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace landfall {

// How many decimals a currency has (ISO 4217): CNY 2, JPY 0. Errors: currency.unknown.
Result<int> CurrencyDecimals(std::string_view currency);

// What to do with digits finer than the minor unit. kRefuse is for typed amounts; the others must be declared by a
// mapping file, because a register exported from a spreadsheet carries float noise (2066075.5899999999).
enum class Rounding : std::uint8_t { kRefuse, kHalfUp, kHalfEven };

// Whole minor units of the ledger's currency (分 for renminbi). No floating point comes in; int64 holds about 9.2e8
// 亿元.
class Money {
 public:
  constexpr Money() = default;
  static constexpr Money FromMinor(std::int64_t minor) { return Money(minor); }

  // Reads a plain decimal such as "-110000.5" that stands in units of 10^`unit_exponent` of the currency's major unit:
  // 0 for 元 or dollars, 4 for 万元, 8 for 亿元. At most 30 digits; thousands separators are refused.
  // `decimals` = CurrencyDecimals. Exact; digits beyond the minor unit follow `rounding` (half away from zero for
  // kHalfUp). Errors: money.malformed, money.too_precise, money.out_of_range.
  static Result<Money> Parse(std::string_view text, int decimals, int unit_exponent = 0,
                             Rounding rounding = Rounding::kRefuse);
  // The canonical form in payloads and JSON: an integer count of minor units, e.g. "235928862". No leading zeros, no
  // "-0".
  static Result<Money> ParseMinor(std::string_view text);
  void AppendMinor(std::string& out) const;

  // "2359288.62": the major unit with all its decimals. Exact.
  std::string Format(int decimals) const;

  Result<Money> Plus(Money other) const;  // Errors: money.out_of_range.
  constexpr std::int64_t minor() const { return minor_; }
  constexpr auto operator<=>(const Money&) const = default;

 private:
  explicit constexpr Money(std::int64_t minor) : minor_(minor) {}
  std::int64_t minor_ = 0;
};

}  // namespace landfall
