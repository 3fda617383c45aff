// SPDX-License-Identifier: Apache-2.0
// Each packed column beside the plain vector that it stands for.
#include "base/packed.h"

#include <gtest/gtest.h>

#include "base/columns.h"
#include "base/seam.h"

namespace landfall::test {
namespace {

// What a hash sees, or a snapshot.
class Bytes final : public ColumnWriter, public ColumnReader {
 public:
  explicit Bytes(bool lie = false) : lie_(lie) {}
  using ColumnWriter::operator();
  bool as_they_lie() const override { return lie_; }
  void Raw(std::string_view, std::string_view bytes) override { all = bytes; }
  Result<std::string_view> Next(std::string_view) override { return std::string_view(all); }
  ColumnReader& reader() { return *this; }
  std::string all;

 private:
  bool lie_;
};

template <class Flat>
std::string BytesOf(const std::vector<Flat>& rows) {
  Bytes bytes;
  bytes("rows", rows);
  return bytes.all;
}

template <class Column, class Flat>
void ExpectSame(const Column& column, const std::vector<Flat>& plain, std::uint64_t seed) {
  ASSERT_EQ(column.size(), plain.size()) << "seed " << seed;
  for (std::size_t i = 0; i < plain.size(); ++i) ASSERT_EQ(column[i], plain[i]) << "row " << i << " seed " << seed;
}

// Random rows are added and changed; `draw` gives values of every kind that the column tells apart.
template <class Column, class Draw>
void CompareWithPlain(Column column, Draw&& draw) {
  using Flat = typename Column::Flat;
  for (const std::uint64_t seed : {3u, 5u, 430212u}) {
    SeededRandom random(seed);
    std::vector<Flat> plain;
    column.clear();
    for (int i = 0; i < 20'000; ++i) {
      const Flat value = draw(random);
      if (plain.empty() || random.Next() % 4 == 0) {
        plain.push_back(value);
        column.push_back(value);
      } else {
        const std::size_t row = random.Next() % plain.size();
        plain[row] = value;
        column.Set(row, value);
      }
      if (i % 4'000 == 0) ExpectSame(column, plain, seed);
    }
    ExpectSame(column, plain, seed);
    Column copy = column;
    column.push_back(plain.front());
    ExpectSame(copy, plain, seed);
    Bytes bytes;
    bytes("rows", copy);
    EXPECT_EQ(bytes.all, BytesOf(plain)) << "seed " << seed;
    Bytes kept(true);
    kept("rows", copy);
    Column read = column;
    kept.reader()("rows", read);
    EXPECT_FALSE(kept.fault());
    ExpectSame(read, plain, seed);
    for (std::size_t cut = 0; cut < kept.all.size(); cut += 1 + cut / 4) {
      Bytes broken(true);
      broken.all = kept.all.substr(0, cut);
      broken.reader()("rows", read);
      EXPECT_TRUE(broken.fault()) << "cut at " << cut << " seed " << seed;
    }
    column = std::move(copy);
    ExpectSame(column, plain, seed);
  }
}

TEST(SparseColumn, HoldsWhatAPlainVectorHolds) {
  CompareWithPlain(SparseColumn<std::uint32_t>(7), [](SeededRandom& random) -> std::uint32_t {
    return random.Next() % 3 == 0 ? static_cast<std::uint32_t>(random.Next()) : 7;
  });
  CompareWithPlain(SparseColumn<std::uint8_t>(),
                   [](SeededRandom& random) -> std::uint8_t { return static_cast<std::uint8_t>(random.Next() % 2); });
}

TEST(SparseColumn, ARowThatIsUsualCostsAQuarterOfAByte) {
  SparseColumn<std::int64_t> column(-1);
  column.resize(64'000);
  EXPECT_EQ(column[63'999], -1);
  EXPECT_EQ(column.bytes(), 16'000u);
  column.Set(5, -1);
  EXPECT_EQ(column.bytes(), 16'000u);
  column.Edit(5) += 3;
  EXPECT_EQ(column[5], 2);
  EXPECT_EQ(column.Given(0), 1u << 5);
}

TEST(DayColumn, HoldsWhatAPlainVectorHolds) {
  CompareWithPlain(DayColumn(), [](SeededRandom& random) -> std::int32_t {
    switch (random.Next() % 8) {
      case 0:
        return INT32_MIN;
      case 1:
        return INT32_MAX;
      case 2:  // At both ends of what two bytes hold.
        return -25'568 + static_cast<std::int32_t>(random.Next() % 5) - 2;
      case 3:
        return -25'568 + 65'534 + static_cast<std::int32_t>(random.Next() % 5) - 2;
      case 4:
        return static_cast<std::int32_t>(random.Next());
      default:
        return 20'000 + static_cast<std::int32_t>(random.Next() % 1'000);
    }
  });
}

TEST(DayColumn, ReadsManyRowsAsItReadsOne) {
  DayColumn column;
  for (const std::int32_t day : {20'000, INT32_MIN, 90'000, INT32_MAX, -90'000, 0, -1}) column.push_back(day);
  for (std::size_t from = 0; from < column.size(); ++from) {
    std::vector<std::int32_t> days(column.size() - from);
    column.Read(from, days.size(), days.data());
    for (std::size_t i = 0; i < days.size(); ++i) EXPECT_EQ(days[i], column[from + i]);
  }
}

TEST(NarrowColumn, HoldsWhatAPlainVectorHolds) {
  for (const std::uint64_t most : {100ull, 256ull, 65'536ull, 1ull << 24, 1ull << 32})
    CompareWithPlain(NarrowColumn(), [most](SeededRandom& random) -> std::uint32_t {
      if (random.Next() % 50 == 0) return UINT32_MAX;
      if (random.Next() % 50 == 0) return static_cast<std::uint32_t>(most - 1);
      return static_cast<std::uint32_t>(random.Next() % most);
    });
}

TEST(NarrowColumn, ReadsManyRowsAsItReadsOne) {
  for (const std::uint32_t most : {200u, 60'000u, 1u << 20, UINT32_MAX - 1}) {
    NarrowColumn column;
    for (const std::uint32_t value : {most, 0u, UINT32_MAX, 1u, most / 2, UINT32_MAX}) column.push_back(value);
    for (std::size_t from = 0; from < column.size(); ++from) {
      std::vector<std::uint32_t> values(column.size() - from);
      column.Read(from, values.size(), values.data());
      for (std::size_t i = 0; i < values.size(); ++i) EXPECT_EQ(values[i], column[from + i]);
    }
  }
}

TEST(NarrowColumn, TakesAsManyBytesARowAsItsGreatestNumberNeeds) {
  NarrowColumn column;
  for (std::uint32_t i = 0; i < 1'000; ++i) column.push_back(i % 200);
  const auto bytes_of_a_copy = [&] { return NarrowColumn(column).bytes(); };
  EXPECT_EQ(bytes_of_a_copy(), 1'003u);
  column.Set(3, UINT8_MAX);
  EXPECT_EQ(bytes_of_a_copy(), 2'003u);
  column.Set(4, UINT32_MAX);
  EXPECT_EQ(bytes_of_a_copy(), 2'003u);
  column.Set(5, UINT16_MAX);
  EXPECT_EQ(bytes_of_a_copy(), 3'003u);
  column.push_back((1 << 24) - 1);
  EXPECT_EQ(bytes_of_a_copy(), 4'007u);
  EXPECT_EQ(column[3], UINT8_MAX);
  EXPECT_EQ(column[4], UINT32_MAX);
  EXPECT_EQ(column[5], UINT16_MAX);
  EXPECT_EQ(column[999], 199u);
  EXPECT_EQ(column[1'000], (1u << 24) - 1);
}

TEST(BitsColumn, HoldsWhatAPlainVectorHolds) {
  CompareWithPlain(BitsColumn<1>(), [](SeededRandom& random) { return static_cast<std::uint8_t>(random.Next() % 2); });
  CompareWithPlain(BitsColumn<2>(), [](SeededRandom& random) { return static_cast<std::uint8_t>(random.Next() % 4); });
  CompareWithPlain(BitsColumn<4>(), [](SeededRandom& random) { return static_cast<std::uint8_t>(random.Next() % 16); });
  BitsColumn<2> column;
  EXPECT_DEATH(column.push_back(4), "CHECK failed");
}

TEST(FrameColumn, HoldsWhatAPlainVectorHolds) {
  std::uint32_t seq = 0;
  CompareWithPlain(FrameColumn<std::uint32_t>(), [seq](SeededRandom& random) mutable -> std::uint32_t {
    seq += static_cast<std::uint32_t>(random.Next() % 50);
    switch (random.Next() % 400) {
      case 0:
        return static_cast<std::uint32_t>(random.Next());
      case 1:
        return UINT32_MAX - static_cast<std::uint32_t>(random.Next() % 3);
      case 2:
        return static_cast<std::uint32_t>(random.Next() % 3);
      default:
        return random.Next() % 4 == 0 ? 0 : seq;
    }
  });
  CompareWithPlain(FrameColumn<std::int32_t>(), [](SeededRandom& random) -> std::int32_t {
    switch (random.Next() % 400) {
      case 0:
        return static_cast<std::int32_t>(random.Next());
      case 1:
        return INT32_MAX;
      default:
        return random.Next() % 2 == 0 ? INT32_MIN : 20'000 + static_cast<std::int32_t>(random.Next() % 90);
    }
  });
}

TEST(FrameColumn, TakesTheBitsThatNeighboursDifferBy) {
  FrameColumn<std::uint32_t> seqs, same;
  for (std::uint32_t row = 0; row < 64'000; ++row) {
    seqs.push_back(1'000'000 + 5 * row);
    same.push_back(row % 3 == 0 ? 0 : 77);
  }
  const auto bytes_of_a_copy = [](const auto& column) { return std::decay_t<decltype(column)>(column).bytes(); };
  EXPECT_EQ(bytes_of_a_copy(seqs), 64'000u * 9 / 8 + 8'000 + 8);  // 63 · 5 and two codes: nine bits.
  EXPECT_EQ(bytes_of_a_copy(same), 64'000u * 2 / 8 + 8'000 + 8);
  for (std::uint32_t row = 0; row < 64'000; ++row) same.Set(row, row % 64 == 1 ? 90 : 77);
  EXPECT_LT(bytes_of_a_copy(same), 64'000u * 6 / 8 * 5 / 4 + 8'000 + 200'000);
  for (std::uint32_t row = 0; row < 64'000; ++row) ASSERT_EQ(same[row], row % 64 == 1 ? 90u : 77u);
}

TEST(BackColumn, NamesAnEarlierRowOrNone) {
  BackColumn column;
  std::vector<std::uint32_t> plain;
  SeededRandom random(11);
  for (std::uint32_t row = 0; row < 5'000; ++row) {
    plain.push_back(static_cast<std::uint32_t>(random.Next() % (row + 1)));
    column.push_back(plain.back());
  }
  ExpectSame(column, plain, 11);
  EXPECT_DEATH(column.push_back(5'001), "CHECK failed");
}

}  // namespace
}  // namespace landfall::test
