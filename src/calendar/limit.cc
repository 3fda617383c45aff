// SPDX-License-Identifier: Apache-2.0
#include "calendar/limit.h"

#include <charconv>

namespace landfall {

Result<WorkDays> ParseWorkDays(std::string_view text) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return Invalid("calendar.count_malformed");
  }
  WorkDays days;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, days.count);
  if (stop != end || error == std::errc::invalid_argument) return Invalid("calendar.count_malformed");
  if (error != std::errc() || days.count < -kCountMax || days.count > kCountMax)
    return Invalid("calendar.count_out_of_range");
  return days;
}

}  // namespace landfall
