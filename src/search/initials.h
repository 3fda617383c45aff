// SPDX-License-Identifier: Apache-2.0
// The first letters under which people type a Chinese character: 广 is "g", 长 is "c" or "z".
//
// Source: ICU's transliterators Han-Latin (CLDR) and Han-Latin/Names, which give one reading each, and a table of about
// 160 common characters with several readings (initials.cc), because ICU never gives a second one. A rare reading that
// stands in neither is not found by its initial; it is by the character itself.
#pragma once

#include <cstdint>
#include <string_view>

namespace landfall::search {

// A set of the letters a … z: bit 0 is a.
using Letters = std::uint32_t;

constexpr Letters LetterBit(char16_t letter) { return Letters{1} << (letter - u'a'); }

// Characters with readings: the Han blocks of the Basic Multilingual Plane.
constexpr bool IsHan(char16_t unit) { return unit >= 0x3400 && unit <= 0x9FFF; }

// All initials of a Han character; 0 for any other unit and where no reading is known.
// Cost: the first call of the process loads ICU's rules (about 0.1 s of processor time), the first call for a character
// costs about 20 µs, any later one a table look-up. Nothing happens at start-up. Threads: any.
Letters InitialsOf(char16_t unit);

}  // namespace landfall::search
