// SPDX-License-Identifier: Apache-2.0
#include "base/period.h"

namespace landfall {

Result<Period> Period::Parse(std::string_view text) {
  if (text.size() != 7) return Invalid("period.malformed");
  const auto day = ParseDay(std::string(text) + "-01");
  if (!day) return Invalid(day.error().code == "day.out_of_range" ? "period.out_of_range" : "period.malformed");
  return Of(*day);
}

}  // namespace landfall
