// SPDX-License-Identifier: Apache-2.0
#include "base/money.h"

#include <array>

namespace landfall {

Result<int> CurrencyDecimals(std::string_view currency) {
  struct Row {
    std::string_view code;
    int decimals;
  };
  // ISO 4217:2015, table A.1, the currencies met so far.
  static constexpr std::array<Row, 10> kRows{{{"CNY", 2},
                                              {"AUD", 2},
                                              {"USD", 2},
                                              {"EUR", 2},
                                              {"HKD", 2},
                                              {"MOP", 2},
                                              {"GBP", 2},
                                              {"SGD", 2},
                                              {"JPY", 0},
                                              {"KRW", 0}}};
  for (const Row& row : kRows)
    if (row.code == currency) return row.decimals;
  return Invalid("currency.unknown");
}

Result<Money> Money::Parse(std::string_view text, int decimals, int unit_exponent, Rounding rounding) {
  bool negative = false;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    negative = text[0] == '-';
    text.remove_prefix(1);
  }
  const std::size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  const std::string_view part = point == std::string_view::npos ? std::string_view{} : text.substr(point + 1);
  if (whole.empty() || (point != std::string_view::npos && part.empty()) || whole.size() + part.size() > 30)
    return Invalid("money.malformed");
  for (char c : whole)
    if (c < '0' || c > '9') return Invalid("money.malformed");
  for (char c : part)
    if (c < '0' || c > '9') return Invalid("money.malformed");

  const std::size_t shift = static_cast<std::size_t>(decimals + unit_exponent);  // Decimals that are kept.
  __extension__ using Wide = __int128;
  Wide value = 0;
  constexpr Wide kLimit = static_cast<Wide>(INT64_MAX) * 10;
  auto push = [&](char digit) {
    if (value < kLimit) value = value * 10 + (digit - '0');
  };
  for (char c : whole) push(c);
  for (std::size_t i = 0; i < shift; ++i) push(i < part.size() ? part[i] : '0');
  if (part.size() > shift) {
    const std::string_view rest = part.substr(shift);
    const bool exact = rest.find_first_not_of('0') == std::string_view::npos;
    if (!exact && rounding == Rounding::kRefuse) return Invalid("money.too_precise");
    if (!exact) {
      const bool tie = rest[0] == '5' && rest.substr(1).find_first_not_of('0') == std::string_view::npos;
      const bool up = tie ? (rounding == Rounding::kHalfUp || value % 2 == 1) : rest[0] >= '5';
      if (up) ++value;
    }
  }
  if (value > INT64_MAX) return Invalid("money.out_of_range");
  return Money(static_cast<std::int64_t>(negative ? -value : value));
}

Result<Money> Money::ParseMinor(std::string_view text) {
  auto money = Parse(text, 0);
  if (!money || text.empty() || text[0] == '+') return Invalid("money.malformed");
  std::string back;
  money->AppendMinor(back);
  if (back != text) return Invalid("money.malformed");
  return money;
}

void Money::AppendMinor(std::string& out) const { out += std::to_string(minor_); }

std::string Money::Format(int decimals) const {
  std::string digits = std::to_string(minor_);
  const bool negative = digits[0] == '-';
  if (negative) digits.erase(0, 1);
  const std::size_t places = static_cast<std::size_t>(decimals);
  if (places == 0) return (negative ? "-" : "") + digits;
  if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
  return (negative ? "-" : "") + digits.substr(0, digits.size() - places) + "." + digits.substr(digits.size() - places);
}

Result<Money> Money::Plus(Money other) const {
  std::int64_t sum = 0;
  if (__builtin_add_overflow(minor_, other.minor_, &sum)) return Invalid("money.out_of_range");
  return Money(sum);
}

}  // namespace landfall
