// SPDX-License-Identifier: Apache-2.0
#include "base/sm3.h"

#include <gtest/gtest.h>

namespace landfall::test {
namespace {

// GB/T 32905-2016, appendix A.
TEST(Sm3, OfTheStandardsExamples) {
  EXPECT_EQ(Hex(Sm3("abc")), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
  std::string abcd;
  for (int i = 0; i < 16; ++i) abcd += "abcd";
  EXPECT_EQ(Hex(Sm3(abcd)), "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732");
}

TEST(Sm3, OfTwoPartsIsThatOfTheWhole) {
  EXPECT_EQ(Sm3(Bytes("a"), Bytes("bc")), Sm3("abc"));
  EXPECT_EQ(Sm3(Bytes("abc"), {}), Sm3("abc"));
  EXPECT_EQ(Sm3(Bytes(""), Bytes("abc")), Sm3("abc"));
}

}  // namespace
}  // namespace landfall::test
