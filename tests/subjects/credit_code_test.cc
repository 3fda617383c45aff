// SPDX-License-Identifier: Apache-2.0
#include "enterprise/credit_code.h"

#include <gtest/gtest.h>

namespace landfall::enterprise::test {
namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
// The example of GB 32100-2015 and codes made up for these tests.
constexpr std::string_view kValid[] = {"91350100M000100Y43", "91430212MA00000155", "91430212MA00000230",
                                       "91430212MA00000A9T"};

std::string CodeOf(std::string_view text) {
  const auto parsed = CreditCode::Parse(text);
  return parsed ? "ok" : parsed.error().code;
}

TEST(CreditCode, TheExampleOfTheStandardEndsInThree) {
  for (char last : kAlphabet) {
    const std::string code = "91350100M000100Y4" + std::string(1, last);
    EXPECT_EQ(CodeOf(code), last == '3' ? "ok" : "credit_code.wrong_check") << code;
  }
  EXPECT_EQ(CodeOf("91350100M000100Y4Z"), "credit_code.malformed");
}

TEST(CreditCode, IsEighteenCharactersOfItsAlphabet) {
  for (std::string_view text : {"", "91350100M000100Y4", "91350100M000100Y433", "91350100m000100y43",
                                " 91350100M000100Y4", "91350100M000100Y4３"})
    EXPECT_EQ(CodeOf(text), "credit_code.malformed") << text;
  for (char letter : std::string_view("IOSVZ"))
    for (std::size_t at = 0; at < 18; ++at) {
      std::string code(kValid[0]);
      code[at] = letter;
      EXPECT_EQ(CodeOf(code), "credit_code.malformed") << code;
    }
}

TEST(CreditCode, FindsEverySingleMistypedCharacter) {
  for (std::string_view valid : kValid) {
    ASSERT_EQ(CodeOf(valid), "ok") << valid;
    for (std::size_t at = 0; at < 18; ++at)
      for (char other : kAlphabet) {
        if (other == valid[at]) continue;
        std::string code(valid);
        code[at] = other;
        ASSERT_EQ(CodeOf(code), "credit_code.wrong_check") << code;
      }
  }
}

// 3^(i−1) mod 31 differs between neighbours, so exchanged neighbours are found unless they are alike.
TEST(CreditCode, FindsExchangedNeighbours) {
  for (std::string_view valid : kValid)
    for (std::size_t at = 0; at + 1 < 18; ++at) {
      if (valid[at] == valid[at + 1]) continue;
      std::string code(valid);
      std::swap(code[at], code[at + 1]);
      EXPECT_EQ(CodeOf(code), "credit_code.wrong_check") << code;
    }
}

// The eighteenth character made to fit: only the check of the organisation code in positions 9 to 17 is left to object.
TEST(CreditCode, ChecksTheOrganisationCodeToo) {
  int found = 0;
  for (std::size_t at = 8; at < 17; ++at) {
    std::string code(kValid[0]);
    code[at] = code[at] == '7' ? '8' : '7';
    for (char last : kAlphabet) {
      code[17] = last;
      if (CodeOf(code) == "ok") ++found;
    }
  }
  EXPECT_EQ(found, 0);
}

}  // namespace
}  // namespace landfall::enterprise::test
