// SPDX-License-Identifier: Apache-2.0
// Printed decimals, exactly: "60.4" is 604 tenths, and stands for anything that rounds to it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace landfall::claim {

// digits × 10^-places. Bounds: 12 digits, of which at most 6 behind the point, so that all arithmetic on
// them stays within 128 bits. A minus sign may stand before it.
struct Decimal {
  std::int64_t digits = 0;
  int places = 0;
};
// Nothing when the text is no such decimal.
std::optional<Decimal> ParseDecimal(std::string_view text);

}  // namespace landfall::claim
