// SPDX-License-Identifier: Apache-2.0
// The one form in which texts and queries are compared.
//
// Folded: full-width forms to ASCII, upper case to lower, accents off Latin letters, compatibility forms (㈱, ①,
// half-width katakana) to their plain ones (NFKC_Casefold). Traditional and simplified characters stay apart.
// Punctuation and white space vanish, but stay as one break between two words of letters or digits: 广济（永州） is
// 广济永州, GB/T 4754 is "gb t 4754". Units are UTF-16; a character beyond the BMP is two units that are compared as
// such.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace landfall::search {

inline constexpr char16_t kBreak = u' ';

// A letter a … z or a digit, the material of words and codes. All other units of a folded text are read one by one, as
// Chinese is.
constexpr bool IsAlnum(char16_t unit) { return (unit >= u'a' && unit <= u'z') || (unit >= u'0' && unit <= u'9'); }
constexpr bool IsLetter(char16_t unit) { return unit >= u'a' && unit <= u'z'; }
constexpr bool IsGlyph(char16_t unit) { return unit > 0x7F; }

// Appends the folded form of `utf8`, at most `max_units` units; bytes that are not UTF-8 count as punctuation.
// Cost: about 10 ns a character; through ICU, ten times that, where one lies outside ASCII and the Han block.
void AppendFolded(std::string_view utf8, std::size_t max_units, std::u16string& out);

}  // namespace landfall::search
