// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/day.h"

namespace landfall::app {

// How far an account has read its notifications: up to which record, and when it last did. The day on which a block
// falls overdue has no record, so the record alone would not do.
struct ReadMark {
  std::uint64_t seq = 0;
  Instant at{};
  auto operator<=>(const ReadMark&) const = default;
};

}  // namespace landfall::app
