// SPDX-License-Identifier: Apache-2.0
// Ids, digests and the text forms of bytes.
#include <gtest/gtest.h>

#include "base/hash.h"
#include "base/id.h"
#include "base/seam.h"

namespace landfall::test {
namespace {

template <class T>
std::string CodeOf(const Result<T>& result) {
  return result ? "ok" : result.error().code;
}

TEST(Id, IsALetterAndANumberFromOne) {
  EXPECT_EQ(ProjectId::Parse("p88")->raw, 88u);
  EXPECT_EQ(ProjectId::Parse("p4294967295")->raw, UINT32_MAX);
  EXPECT_EQ(ProjectId{88}.ToString(), "p88");
  EXPECT_EQ(ProjectId{88}.Subject(), "project/p88");
  EXPECT_EQ(ProjectId::FromIndex(0).raw, 1u);
  EXPECT_EQ(ProjectId{1}.index(), 0u);
  for (const char* text :
       {"", "p", "p0", "p01", "88", "o88", "P88", "p-1", "p+1", "p1 ", "p1x", "p4294967296", "p99999999999999999999"})
    EXPECT_EQ(CodeOf(ProjectId::Parse(text)), "id.malformed") << text;
}

TEST(Id, KindsHaveLettersOfTheirOwn) {
  std::string letters;
  for (std::string_view prefix :
       {AccountTag::kPrefix, RegionTag::kPrefix, UnitTag::kPrefix, PostTag::kPrefix, PersonTag::kPrefix,
        EnterpriseTag::kPrefix, ProjectTag::kPrefix, ObligationTag::kPrefix}) {
    ASSERT_EQ(prefix.size(), 1u);
    EXPECT_EQ(letters.find(prefix), std::string::npos) << prefix;
    letters += prefix;
  }
}

// FIPS 180-4 examples (NIST CSRC).
TEST(Sha256, GivesThePublishedDigests) {
  EXPECT_EQ(Hex(Sha256(std::string_view{})), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Hex(Sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Hex(Sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");

  Sha256Stream stream;
  const std::string chunk(1000, 'a');
  for (int i = 0; i < 1000; ++i) stream.Add(Bytes(chunk));
  EXPECT_EQ(Hex(stream.Finish()), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, OfTwoPartsIsThatOfTheirConcatenation) {
  const std::string text = "0123456789abcdefghij";
  for (std::size_t cut = 0; cut <= text.size(); ++cut)
    EXPECT_EQ(Sha256(Bytes(text.substr(0, cut)), Bytes(text.substr(cut))), Sha256(text)) << cut;
}

TEST(HexText, IsLowerCaseAndStrict) {
  EXPECT_EQ(Hex(Bytes(std::string_view("\x00\xff\x1a", 3))), "00ff1a");
  EXPECT_EQ(ParseHex("00ff1a").value(), std::string("\x00\xff\x1a", 3));
  EXPECT_EQ(ParseHex("").value(), "");
  for (const char* text : {"0", "0g", "FF", "0x", " 00", "00 "})
    EXPECT_EQ(CodeOf(ParseHex(text)), "hex.malformed") << text;
}

// RFC 4648 §10.
TEST(Base64Text, GivesThePublishedVectors) {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, text] : vectors) {
    EXPECT_EQ(Base64(Bytes(plain)), text);
    EXPECT_EQ(ParseBase64(text).value(), plain);
  }
}

TEST(Base64Text, IsRefusedWhereASecondSpellingWouldGiveTheSameBytes) {
  for (const char* text : {"Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Zm9v\n", "Zm 9v", "=Zm9",
                           "Z===", "====", "Zm9v====", "Zm9_", "Zm9-", "Zg==Zg=="})
    EXPECT_EQ(CodeOf(ParseBase64(text)), "base64.malformed") << text;
}

TEST(Base64Text, ComesBackForEveryLength) {
  SeededRandom random(4648);
  for (std::size_t n = 0; n < 300; ++n) {
    std::string bytes(n, '\0');
    random.Fill({reinterpret_cast<std::uint8_t*>(bytes.data()), n});
    ASSERT_EQ(ParseBase64(Base64(Bytes(bytes))).value(), bytes) << n;
    ASSERT_EQ(ParseHex(Hex(Bytes(bytes))).value(), bytes) << n;
  }
}

TEST(DigestText, NamesItsAlgorithm) {
  const Digest digest = Sha256("abc");
  std::string text;
  AppendDigestText(text, digest);

  EXPECT_EQ(text, "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(ParseDigestText(text).value(), digest);
  for (const std::string& bad :
       {std::string(), text.substr(0, 70), text + "0", text.substr(7), "sha512:" + text.substr(7),
        "SHA256:" + text.substr(7), text.substr(0, 70) + "G", text.substr(0, 70) + "A"})
    EXPECT_EQ(CodeOf(ParseDigestText(bad)), "digest.malformed") << bad;
}

TEST(SeededRandom, RepeatsItself) {
  SeededRandom a(1), b(1), c(2);
  std::array<std::uint8_t, 37> x, y, z;
  a.Fill(x), b.Fill(y), c.Fill(z);

  EXPECT_EQ(x, y);
  EXPECT_NE(x, z);
}

TEST(SystemRandom, NeverGivesTheSameSaltTwice) {
  std::vector<std::array<std::uint8_t, 32>> salts(2000);
  for (auto& salt : salts) SystemRandom().Fill(salt);  // More than one pool of 4 KiB.
  std::sort(salts.begin(), salts.end());
  EXPECT_EQ(std::adjacent_find(salts.begin(), salts.end()), salts.end());
}

}  // namespace
}  // namespace landfall::test
