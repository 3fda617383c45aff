// SPDX-License-Identifier: Apache-2.0
// Each packed column beside the plain vector that it stands for.
#include "base/packed.h"

#include <gtest/gtest.h>

#include "base/columns.h"
#include "base/seam.h"

namespace landfall::test {
namespace {

// What an archive sees.
class Bytes final : public ColumnWriter, public ColumnReader {
 public:
  using ColumnWriter::operator();
  void Raw(std::string_view, std::string_view bytes) override { all = bytes; }
  Result<std::string_view> Next(std::string_view) override { return std::string_view(all); }
  ColumnReader& reader() { return *this; }
  std::string all;
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
    Column read = column;
    bytes.reader()("rows", read);
    EXPECT_FALSE(bytes.fault());
    ExpectSame(read, plain, seed);
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

TEST(SeqColumn, HoldsWhatAPlainVectorHolds) {
  std::uint32_t seq = 0;
  CompareWithPlain(SeqColumn(), [seq](SeededRandom& random) mutable -> std::uint32_t {
    seq += static_cast<std::uint32_t>(random.Next() % 50);
    switch (random.Next() % 8) {
      case 0:
        return 0;
      case 1:
        return static_cast<std::uint32_t>(random.Next());
      case 2:  // Before its neighbours.
        return seq > 9'000 ? seq - static_cast<std::uint32_t>(random.Next() % 9'000) : 1;
      default:
        return seq;
    }
  });
}

TEST(SeqColumn, KeepsTheFirstEntriesWhenLaterOnesFollowInTheSamePage) {
  SeqColumn column;
  for (const std::uint32_t seq : {1u, 0u, 2u, 100'000u, 3u, UINT32_MAX}) column.push_back(seq);
  const std::vector<std::uint32_t> plain{1, 0, 2, 100'000, 3, UINT32_MAX};
  ExpectSame(column, plain, 0);
}

TEST(AmountColumn, HoldsWhatAPlainVectorHolds) {
  CompareWithPlain(AmountColumn(), [](SeededRandom& random) -> std::int64_t {
    const auto n = static_cast<std::int64_t>(random.Next());
    switch (random.Next() % 8) {
      case 0:
        return INT64_MIN;
      case 1:
        return n;
      case 2:
        return n % 900'000'000 * 10'000'000'000;
      case 3:
        return n % 1'000'000 * 1'000'000;
      case 4:  // At the end of what 29 bits hold.
        return (1 << 29) - 2 + n % 4;
      default:
        return n % 100'000'000 * 100;
    }
  });
}

}  // namespace
}  // namespace landfall::test
