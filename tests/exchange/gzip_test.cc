// SPDX-License-Identifier: Apache-2.0
#include "exchange/gzip.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>

#include "base/seam.h"
#include "support/test_data.h"

namespace landfall {
namespace {

// One gzip member of `text`.
std::string Pack(const std::string& text) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(deflateBound(&stream, static_cast<uLong>(text.size())) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string CodeOf(const Result<std::string>& read) { return read ? "" : read.error().code; }

// Text that packs badly, so that its packed form spans several chunks.
std::string Noise(std::uint64_t seed, std::size_t size) {
  SeededRandom random(seed);
  std::string text(size, '\0');
  for (char& c : text) c = static_cast<char>(random.Next());
  return text;
}

TEST(Gzip, PlainAndPackedBytesGiveTheSameText) {
  for (const std::string& text : {std::string(), std::string("a"), std::string("省,产品\n湖北,汽车\n"),
                                  std::string(300'000, 'x'), Noise(7, 300'000)}) {
    EXPECT_EQ(UnpackMaybeGzip(text, 1 << 20).value(), text);
    EXPECT_EQ(UnpackMaybeGzip(Pack(text), 1 << 20).value(), text);
  }
}

TEST(Gzip, MembersAndZeroPaddingAreReadAsOneFile) {
  const std::string packed = Pack("first ") + Pack("") + Pack("second") + std::string(512, '\0');

  EXPECT_EQ(UnpackMaybeGzip(packed, 100).value(), "first second");
}

TEST(Gzip, ABombStopsAtTheBound) {
  const std::string bomb = Pack(std::string(50'000'000, '0'));
  ASSERT_LT(bomb.size(), 100'000u);

  EXPECT_EQ(CodeOf(UnpackMaybeGzip(bomb, 1'000'000)), "gzip.too_large");
  EXPECT_EQ(CodeOf(UnpackMaybeGzip(std::string(11, 'a'), 10)), "gzip.too_large");
  EXPECT_EQ(UnpackMaybeGzip(std::string(10, 'a'), 10).value().size(), 10u);
}

TEST(Gzip, EveryCutAndEveryFlippedByteIsRefusedOrGivesTheText) {
  const std::string text = Noise(11, 200);
  const std::string packed = Pack(text);
  for (std::size_t cut = 2; cut < packed.size(); ++cut)
    EXPECT_EQ(CodeOf(UnpackMaybeGzip(packed.substr(0, cut), 1'000)), "gzip.corrupt") << cut;
  for (std::size_t at = 2; at < packed.size(); ++at) {
    std::string damaged = packed;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x5a);
    const auto read = UnpackMaybeGzip(damaged, 1'000'000);
    // The header holds a time and an operating system that no check sum covers.
    EXPECT_TRUE(read ? at < 10 && *read == text : read.error().code == "gzip.corrupt") << at;
  }
}

TEST(Gzip, BytesBehindTheLastMemberAreRefused) {
  EXPECT_EQ(CodeOf(UnpackMaybeGzip(Pack("a") + "rest", 100)), "gzip.corrupt");
  EXPECT_EQ(CodeOf(UnpackMaybeGzip(Pack("a") + std::string(3, '\0') + "x", 100)), "gzip.corrupt");
}

TEST(Gzip, AFileIsReadWhateverItsNameAndAFolderIsRefused) {
  const auto folder = std::filesystem::temp_directory_path();
  const auto path = folder / ("landfall-gzip-test-" + std::to_string(::getpid()));
  std::ofstream(path, std::ios::binary) << Pack("content");

  EXPECT_EQ(ReadFileMaybeGzip(path, 100).value(), "content");
  EXPECT_EQ(CodeOf(ReadFileMaybeGzip(folder, 100)), "source.unreadable");
  std::filesystem::remove(path);
  EXPECT_EQ(CodeOf(ReadFileMaybeGzip(path, 100)), "source.unreadable");
}

TEST(Gzip, ThePackedSetsOfTheTestDataOpen) {
  LF_NEEDS_DATA("chain-kg/product_product.csv.gz");
  const auto read = ReadFileMaybeGzip(test::TestData() / "chain-kg/product_product.csv.gz", 64 << 20);

  ASSERT_TRUE(read);
  EXPECT_TRUE(read->starts_with("from_product,to_product,rel"));
  EXPECT_GT(read->size(), 3'000'000u);
}

}  // namespace
}  // namespace landfall
