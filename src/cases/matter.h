// SPDX-License-Identifier: Apache-2.0
// The words of a matter 事项 that the catalogue's files and the ledger's records share: levels, kinds and limits.
#pragma once

#include <cstdint>

#include "base/describe.h"
#include "calendar/limit.h"

namespace landfall::cases {

inline constexpr int kLimitDaysMax = 3650;

enum class Level : std::uint8_t { city, district, town, village };
BOOST_DESCRIBE_ENUM(Level, city, district, town, village)

enum class MatterKind : std::uint8_t {
  licence,       // 行政许可
  filing,        // 备案
  review,        // 审查
  confirmation,  // 确认
  registration,  // 登记
  service,       // 公共服务
  joint,         // 联合办理
  procedure,     // 程序
  benefit,       // 行政给付
  award,         // 行政奖励
  ruling,        // 行政裁决
  other          // 其他行政权力
};
BOOST_DESCRIBE_ENUM(MatterKind, licence, filing, review, confirmation, registration, service, joint, procedure, benefit,
                    award, ruling, other)

enum class LimitUnit : std::uint8_t { work_days, calendar_days };
BOOST_DESCRIBE_ENUM(LimitUnit, work_days, calendar_days)

struct Limit {
  Int<0, kLimitDaysMax> days;  // 0: on the day (即办)
  LimitUnit unit = LimitUnit::work_days;
};
BOOST_DESCRIBE_STRUCT(Limit, (), (days, unit))
// Calendar days that end when nobody works end on the next working day (民法典 第203条).
inline TimeLimit ToTimeLimit(const Limit& limit) {
  const auto days = static_cast<int>(limit.days.value);
  if (limit.unit == LimitUnit::work_days) return WorkDays{days};
  return {CalendarDays{days}, Roll::kForward};
}

}  // namespace landfall::cases
