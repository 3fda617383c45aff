// SPDX-License-Identifier: Apache-2.0
#include "claim/decimal.h"

namespace landfall::claim {

std::optional<Decimal> ParseDecimal(std::string_view text) {
  constexpr int kDigitsMax = 12, kPlacesMax = 6;
  Decimal out;
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  int digits = 0;
  bool point = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '.') {
      if (point || i == 0 || i + 1 == text.size()) return std::nullopt;
      point = true;
    } else if (c >= '0' && c <= '9') {
      if (++digits > kDigitsMax || (point && ++out.places > kPlacesMax)) return std::nullopt;
      out.digits = out.digits * 10 + (c - '0');
    } else {
      return std::nullopt;
    }
  }
  if (digits == 0) return std::nullopt;
  // "007" is not how a number is printed; "0.7" and "0" are.
  if (text.size() > 1 && text[0] == '0' && text[1] != '.') return std::nullopt;
  if (negative) out.digits = -out.digits;
  return out;
}

}  // namespace landfall::claim
