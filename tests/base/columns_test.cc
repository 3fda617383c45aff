// SPDX-License-Identifier: Apache-2.0
#include "base/columns.h"

#include <gtest/gtest.h>

#include <unordered_map>

#include "base/seam.h"

namespace landfall::test {
namespace {

// Keeps what a writer gives and hands it back in order.
class Memory final : public ColumnWriter, public ColumnReader {
 public:
  using ColumnWriter::operator();
  void Raw(std::string_view name, std::string_view bytes) override { columns.emplace_back(name, bytes); }
  bool as_they_lie() const override { return true; }
  Result<std::string_view> Next(std::string_view name) override {
    if (at_ == columns.size() || columns[at_].first != name)
      return Corrupt("snapshot.corrupt", "no column " + std::string(name));
    return std::string_view(columns[at_++].second);
  }
  ColumnReader& reader() { return *this; }
  std::vector<std::pair<std::string, std::string>> columns;

 private:
  std::size_t at_ = 0;
};

struct Small {
  std::vector<std::uint32_t> numbers;
  TextColumn texts;
  ErasableText erasable;
  std::vector<std::string> rows;
  std::string name;
  std::int64_t count = 0;
  template <class Archive>
  void Columns(Archive& a) {
    a("small.numbers", numbers);
    a("small.texts", texts);
    erasable.Columns(a, "erasable");
    a("small.rows", rows);
    a("small.name", name);
    a("small.count", count);
  }
};

Small Filled() {
  Small s;
  s.numbers = {3, 1, 2};
  s.texts.Resize(3);
  s.texts.Set(0, "株洲");
  s.texts.Set(2, "渌口");
  s.erasable.Resize(2);
  s.erasable.Set(1, 7, 2, "a name");
  s.rows = {"", "b", "ccc"};
  s.name = "430212";
  s.count = -5;
  return s;
}

std::string HashOf(Small& s) {
  ColumnHasher hasher;
  s.Columns(static_cast<ColumnWriter&>(hasher));
  return hasher.Hex();
}

TEST(TextColumn, KeepsEachRowsTextThroughReplacementAndCompaction) {
  constexpr std::uint64_t kSeed = 17;
  SeededRandom random(kSeed);
  TextColumn column;
  std::vector<std::string> expected(200);
  column.Resize(expected.size());

  // About 12 MB are written into some 200 KB of text, so that the arena is compacted several times.
  for (int i = 0; i < 12'000; ++i) {
    const std::size_t row = random.Next() % expected.size();
    expected[row] = std::string(random.Next() % 2000, static_cast<char>('a' + random.Next() % 26));
    column.Set(row, expected[row]);
    if (i % 500 != 0) continue;
    for (std::size_t r = 0; r < expected.size(); ++r)
      ASSERT_EQ(column.Get(r), expected[r]) << "seed " << kSeed << " step " << i;
  }

  for (std::size_t r = 0; r < expected.size(); ++r) EXPECT_EQ(column.Get(r), expected[r]) << "seed " << kSeed;
}

// Sentences that many rows share, texts of one row, texts again of the column itself, and rows in any order.
TEST(TextColumn, HoldsWhatIsSharedOnceAndForgetsNothing) {
  for (const std::uint64_t seed : {5u, 19u, 430212u}) {
    SeededRandom random(seed);
    TextColumn column;
    std::vector<std::string> expected;
    const auto draw = [&]() -> std::string {
      const std::uint64_t n = random.Next() % 100;
      if (n < 50) return "依法办理施工许可手续，第" + std::to_string(random.Next() % 300) + "条";
      if (n < 60) return "";
      if (n < 61) return std::string(random.Next() % 20'000, static_cast<char>('a' + n % 26));
      return "own " + std::to_string(random.Next());
    };
    for (int i = 0; i < 40'000; ++i) {
      if (expected.empty() || random.Next() % 2 == 0) {
        expected.emplace_back();
        column.Resize(expected.size());
      }
      const std::size_t row = random.Next() % 4 == 0
                                  ? random.Next() % expected.size()
                                  : expected.size() - 1 - random.Next() % std::min<std::size_t>(expected.size(), 100);
      if (random.Next() % 20 == 0) {
        const std::size_t other = random.Next() % expected.size();
        expected[row] = std::string(expected[other]);
        column.Set(row, column.Get(other));
      } else {
        expected[row] = draw();
        column.Set(row, expected[row]);
      }
    }

    std::string bytes;
    column.Save([&](std::string_view piece) { bytes += piece; });
    TextColumn loaded;
    ASSERT_TRUE(loaded.Load(bytes)) << "seed " << seed;
    const TextColumn copy = column;
    ASSERT_EQ(loaded.size(), expected.size());
    for (std::size_t r = 0; r < expected.size(); ++r) {
      ASSERT_EQ(column.Get(r), expected[r]) << "seed " << seed << " row " << r;
      ASSERT_EQ(copy.Get(r), expected[r]) << "seed " << seed << " row " << r;
      ASSERT_EQ(loaded.Get(r), expected[r]) << "seed " << seed << " row " << r;
    }
    for (std::size_t cut = 0; cut < bytes.size(); cut += 1 + cut / 8)
      EXPECT_FALSE(TextColumn().Load(std::string_view(bytes).substr(0, cut))) << "seed " << seed << " cut at " << cut;
    EXPECT_FALSE(TextColumn().Load(bytes + "x"));
  }
}

TEST(TextColumn, ARowThatSharesItsTextCostsTwoBytesAndAnyOtherThreeBesideIt) {
  constexpr std::size_t kRowCount = 100'000;
  TextColumn shared, own;
  shared.Resize(kRowCount);
  own.Resize(kRowCount);
  std::size_t texts = 0;
  for (std::size_t row = 0; row < kRowCount; ++row) {
    shared.Set(row, "协调解决用电增容，第" + std::to_string(row % 97) + "条");
    const std::string text = "a text of this row alone: " + std::to_string(row);
    own.Set(row, text);
    texts += text.size();
  }
  const auto bytes_of_a_copy = [](const TextColumn& column) { return TextColumn(column).bytes(); };
  EXPECT_LT(bytes_of_a_copy(shared), kRowCount * 9 / 4 + 100'000);
  EXPECT_LT(bytes_of_a_copy(own), texts + kRowCount * 13 / 4 + 100'000);
}

TEST(TextColumn, TakesATextOfTheLargestSize) {
  TextColumn column;
  column.Resize(2);
  const std::string largest((1 << 20) - 1, 'x');
  column.Set(1, largest);

  EXPECT_EQ(column.Get(0), "");
  EXPECT_EQ(column.Get(1), largest);
  EXPECT_DEATH(column.Set(0, largest + "x"), "CHECK failed");
}

TEST(ErasableText, ErasesExactlyTheTextOfThatEvent) {
  ErasableText text;
  text.Resize(3);
  text.Set(0, 5, 1, "first");
  text.Set(1, 5, 2, "second");
  EXPECT_FALSE(text.Given(2));

  text.Erase(5, 1);

  EXPECT_TRUE(text.Erased(0));
  EXPECT_EQ(text.Get(1), "second");
  EXPECT_FALSE(text.Erased(1));
  EXPECT_FALSE(text.Erased(2));
}

TEST(ErasableText, LeavesATextThatWasReplacedBeforeTheErasure) {
  ErasableText text;
  text.Resize(1);
  text.Set(0, 5, 1, "first");
  text.Set(0, 9, 0, "renamed");

  text.Erase(5, 1);

  EXPECT_EQ(text.Get(0), "renamed");
  EXPECT_EQ(text.Seq(0), 9u);
}

TEST(TextIndex, FindsWhatAHashMapFinds) {
  constexpr std::uint64_t kSeed = 23;
  SeededRandom random(kSeed);
  TextColumn column;
  TextIndex index;
  std::unordered_map<std::string, std::uint32_t> map;
  EXPECT_EQ(index.Find(column, "anything"), TextIndex::kNone);
  for (int i = 0; i < 50'000; ++i) {
    const std::string key = "k" + std::to_string(random.Next() % 20'000);
    const auto known = map.find(key);
    ASSERT_EQ(index.Find(column, key), known == map.end() ? TextIndex::kNone : known->second)
        << "seed " << kSeed << " step " << i;
    if (known != map.end()) continue;
    const auto row = static_cast<std::uint32_t>(column.size());
    column.Resize(row + 1);
    column.Set(row, key);
    index.Insert(column, row);
    map.emplace(key, row);
  }

  TextIndex rebuilt;
  rebuilt.Rebuild(column);
  for (const auto& [key, row] : map) {
    ASSERT_EQ(index.Find(column, key), row);
    ASSERT_EQ(rebuilt.Find(column, key), row);
  }
}

TEST(TextIndex, RebuiltLeavesRowsWithoutTextOut) {
  TextColumn column;
  column.Resize(3);
  column.Set(1, "b");
  TextIndex index;
  index.Rebuild(column);

  EXPECT_EQ(index.Find(column, "b"), 1u);
  EXPECT_EQ(index.Find(column, ""), TextIndex::kNone);
}

TEST(Archive, GivesBackTheSameStateAndHash) {
  Small before = Filled(), after;
  Memory memory;
  before.Columns(static_cast<ColumnWriter&>(memory));
  after.Columns(memory.reader());

  ASSERT_FALSE(memory.reader().fault());
  EXPECT_EQ(HashOf(after), HashOf(before));
  EXPECT_EQ(after.numbers, before.numbers);
  EXPECT_EQ(after.texts.Get(2), "渌口");
  EXPECT_EQ(after.erasable.Get(1), "a name");
  EXPECT_EQ(after.erasable.Seq(1), 7u);
  EXPECT_EQ(after.rows, before.rows);
  EXPECT_EQ(after.name, before.name);
  EXPECT_EQ(after.count, -5);
}

TEST(Archive, HoldsNoGarbageOfReplacedText) {
  TextColumn column;
  column.Resize(1);
  column.Set(0, "a secret name");
  column.Set(0, "x");
  Memory memory;
  static_cast<ColumnWriter&>(memory)("texts", column);

  EXPECT_EQ(memory.columns[0].second.find("secret"), std::string::npos);
}

TEST(Archive, RefusesColumnsOfImpossibleLength) {
  for (const auto& [name, bytes] :
       std::vector<std::pair<std::string, std::string>>{{"small.numbers", "12345"},
                                                        {"small.texts", "\xFF"},
                                                        {"small.texts", "123"},
                                                        {"small.count", "1234567"},
                                                        {"small.rows", std::string("\1\0\0\0", 4)}}) {
    Small before = Filled(), after;
    Memory memory;
    before.Columns(static_cast<ColumnWriter&>(memory));
    for (auto& column : memory.columns)
      if (column.first == name) column.second = bytes;
    after.Columns(memory.reader());

    ASSERT_TRUE(memory.reader().fault()) << name;
    EXPECT_EQ(memory.reader().fault()->code, "snapshot.corrupt");
  }
}

TEST(Archive, RefusesAColumnThatIsNotThere) {
  Small before = Filled(), after;
  Memory memory;
  before.Columns(static_cast<ColumnWriter&>(memory));
  memory.columns.pop_back();
  after.Columns(memory.reader());

  ASSERT_TRUE(memory.reader().fault());
}

TEST(StateHash, ChangesWithEveryColumn) {
  Small base = Filled();
  const std::string hash = HashOf(base);
  EXPECT_EQ(hash.size(), 32u);

  std::vector<std::string> hashes{hash};
  for (int change = 0; change < 7; ++change) {
    Small s = Filled();
    switch (change) {
      case 0:
        s.numbers[1] = 9;
        break;
      case 1:
        s.texts.Set(1, "x");
        break;
      case 2:
        s.erasable.Set(1, 7, 3, "a name");
        break;
      case 3:
        s.erasable.Erase(7, 2);
        break;
      case 4:
        s.rows = {"b", "", "ccc"};
        break;
      case 5:
        s.name = "430211";
        break;
      default:
        s.count = -4;
        break;
    }
    hashes.push_back(HashOf(s));
  }
  std::sort(hashes.begin(), hashes.end());
  EXPECT_EQ(std::adjacent_find(hashes.begin(), hashes.end()), hashes.end());
}

TEST(StateHash, DependsOnContentAlone) {
  Small a = Filled(), b = Filled();
  b.texts.Set(0, "another text, replaced again");
  b.texts.Set(0, "株洲");

  EXPECT_EQ(HashOf(a), HashOf(b));
}

}  // namespace
}  // namespace landfall::test
