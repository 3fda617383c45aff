// SPDX-License-Identifier: Apache-2.0
#include "enterprise/credit_code.h"

namespace landfall::enterprise {
namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";  // GB 32100-2015 §5: without I, O, S, V, Z.

// Positions 9–17: eight characters of 0-9 A-Z by value and a check character (GB 11714-1997, mod 11; 10 is written X).
bool OrganisationCodeHolds(std::string_view code) {
  constexpr int kWeights[8] = {3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;
  for (std::size_t i = 0; i < 8; ++i) {
    const char c = code[i];
    sum += kWeights[i] * (c <= '9' ? c - '0' : c - 'A' + 10);
  }
  const int check = (11 - sum % 11) % 11;
  return code[8] == (check == 10 ? 'X' : static_cast<char>('0' + check));
}

}  // namespace

Result<CreditCode> CreditCode::Parse(std::string_view text) {
  if (text.size() != 18) return Invalid("credit_code.malformed");
  int sum = 0, weight = 1, check = 0;
  for (std::size_t i = 0; i < 18; ++i) {
    const std::size_t value = kAlphabet.find(text[i]);
    if (value == std::string_view::npos) return Invalid("credit_code.malformed");
    if (i < 17)
      sum += static_cast<int>(value) * weight;
    else
      check = static_cast<int>(value);
    weight = weight * 3 % 31;
  }
  if (check != (31 - sum % 31) % 31) return Invalid("credit_code.wrong_check");
  if (!OrganisationCodeHolds(text.substr(8, 9))) return Invalid("credit_code.wrong_check");
  return CreditCode{std::string(text)};
}

}  // namespace landfall::enterprise
