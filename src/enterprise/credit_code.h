// SPDX-License-Identifier: Apache-2.0
// The unified social credit code 统一社会信用代码, checked.
#pragma once

#include <string>
#include <string_view>

#include "base/describe.h"

namespace landfall::enterprise {

// 18 characters of 0-9 A-H J-N P-R T U W X Y. Position 18 is the check character of GB 32100-2015 (weights 3^(i-1) mod
// 31), position 17 that of the organisation code in positions 9–17 (GB 11714-1997, mod 11). Both are checked.
struct CreditCode {
  std::string value;
  auto operator<=>(const CreditCode&) const = default;
  // Errors: credit_code.malformed (length, alphabet), credit_code.wrong_check (a digit was mistyped).
  static Result<CreditCode> Parse(std::string_view text);
};

}  // namespace landfall::enterprise

namespace landfall {
struct CreditCodeTraits {
  static void Write(std::string& out, const enterprise::CreditCode& v) { out += v.value; }
  static Result<enterprise::CreditCode> Parse(std::string_view t) { return enterprise::CreditCode::Parse(t); }
};
template <>
struct Field<enterprise::CreditCode> : PlainField<enterprise::CreditCode, CreditCodeTraits> {
  static std::string Schema(SchemaSink&) {
    return R"({"type":"string","pattern":"^[0-9A-HJ-NP-RTUWXY]{18}$","x-check":"GB 32100-2015"})";
  }
};
}  // namespace landfall
