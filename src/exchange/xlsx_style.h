// SPDX-License-Identifier: Apache-2.0
// What a number format of a spreadsheet makes of a number: whether it is a date is nowhere else said.
#pragma once

#include <cstdint>
#include <string_view>

namespace landfall::exchange {

enum class NumberStyle : std::uint8_t {
  kPlain,
  kPercent,
  kDate,      // Shows year, month or day and no time of day.
  kDateTime,  // Shows both.
  kTime,      // Shows a time of day only.
  kElapsed,   // A length of time: [h]:mm, whose hours have no bound.
};

// The formats every program knows by number alone: ECMA-376 part 1 §18.8.30, with the East Asian ones (27 to 36, 50 to
// 58), which Chinese Excel writes without saying what they are. Numbers it does not list are kPlain.
NumberStyle BuiltInStyle(std::uint32_t format_id);

// A format code such as yyyy"年"m"月"d"日";@. Only its first section counts. Quoted and escaped text, colours and
// locales in brackets say nothing; of m, which is month and minute, neighbours decide.
NumberStyle StyleOfCode(std::string_view code);

}  // namespace landfall::exchange
