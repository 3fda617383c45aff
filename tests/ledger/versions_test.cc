// SPDX-License-Identifier: Apache-2.0
#include "ledger/versions.h"

#include <gtest/gtest.h>

#include <map>

#include "base/seam.h"

namespace landfall::ledger {
namespace {

constexpr std::uint32_t kMeasure = 3;
std::int32_t On(int year, unsigned month, unsigned day) { return DayNumber(MakeDay(year, month, day)); }
VersionIndex::Fact FactOf(std::uint32_t subject, std::int32_t day, std::int64_t amount) {
  return {kMeasure, subject, day, amount, 0, 0, 0};
}

std::int64_t SumAt(const VersionIndex& index, std::uint32_t known, std::int32_t from, std::int32_t to) {
  std::int64_t sum = 0;
  index.StandingAt(known, kMeasure, from, to, [&](const Version& v) { sum += v.amount; });
  return sum;
}

std::vector<Version> Sorted(std::vector<Version> versions) {
  std::ranges::sort(versions, {}, [](const Version& v) {
    return std::tuple(v.subject, v.record, v.from, v.to, v.day, v.amount, v.tag, v.level);
  });
  return versions;
}
template <unsigned fields>
std::vector<Version> FoundAt(const VersionIndex& index, std::uint32_t known, std::int32_t from, std::int32_t to) {
  std::vector<Version> found;
  index.StandingAt<fields>(known, kMeasure, from, to, [&](const Version& v) { found.push_back(v); });
  return Sorted(found);
}

TEST(Versions, AFactStandsFromTheEntryThatStatedItUntilTheOneThatEndedIt) {
  VersionIndex index;
  const std::uint32_t first = index.Add(10, FactOf(7, On(2026, 3, 31), 100));
  index.End(20, first);
  index.Add(20, FactOf(7, On(2026, 3, 31), 40));

  const std::int32_t from = On(2026, 3, 1), to = On(2026, 3, 31);
  EXPECT_EQ(SumAt(index, 9, from, to), 0);
  EXPECT_EQ(SumAt(index, 10, from, to), 100);
  EXPECT_EQ(SumAt(index, 19, from, to), 100);
  EXPECT_EQ(SumAt(index, 20, from, to), 40);
}

TEST(Versions, AFactOfTheEntryThatAlsoEndsItNeverStood) {
  VersionIndex index;
  index.End(10, index.Add(10, FactOf(1, On(2026, 3, 1), 100)));
  for (const std::uint32_t known : {9u, 10u, 11u}) EXPECT_EQ(SumAt(index, known, On(2026, 1, 1), On(2026, 12, 31)), 0);
}

TEST(Versions, ASpanOfDaysIsCutInsideItsFirstAndLastMonth) {
  VersionIndex index;
  index.Add(1, FactOf(1, On(2024, 2, 28), 1));
  index.Add(2, FactOf(2, On(2024, 2, 29), 10));
  index.Add(3, FactOf(3, On(2024, 3, 1), 100));
  index.Add(4, FactOf(4, On(2024, 3, 31), 1000));
  index.Add(5, FactOf(5, On(1969, 12, 31), 10'000));

  EXPECT_EQ(SumAt(index, 9, On(2024, 2, 29), On(2024, 3, 30)), 110);
  EXPECT_EQ(SumAt(index, 9, On(2024, 2, 1), On(2024, 2, 29)), 11);
  EXPECT_EQ(SumAt(index, 9, On(2024, 3, 31), On(2024, 3, 31)), 1000);
  EXPECT_EQ(SumAt(index, 9, On(1969, 12, 31), On(1970, 1, 1)), 10'000);
  EXPECT_EQ(SumAt(index, 9, On(2024, 3, 2), On(2024, 3, 1)), 0) << "an empty span";
}

TEST(Versions, AnotherMeasureIsNotSeen) {
  VersionIndex index;
  index.Add(1, {kMeasure + 1, 1, On(2026, 3, 1), 5, 0, 0, 0});
  EXPECT_EQ(SumAt(index, 9, On(2026, 1, 1), On(2026, 12, 31)), 0);
}

// Keeps columns as a snapshot does and gives them back.
class Kept final : public ColumnWriter, public ColumnReader {
 public:
  void Raw(std::string_view name, std::string_view bytes) override { columns[std::string(name)] = bytes; }
  bool as_they_lie() const override { return true; }
  Result<std::string_view> Next(std::string_view name) override {
    return std::string_view(columns.at(std::string(name)));
  }
  std::map<std::string, std::string> columns;
};

// Random facts that come, move and go, beside a plain list of them.
struct Model {
  VersionIndex index;
  std::vector<std::pair<std::uint32_t, Version>> all;  // With handles.
  std::uint32_t newest = 0;

  // Of every size: equal ones, whole yuan, the largest there is, and below nothing.
  static std::int64_t Amount(SeededRandom& random) {
    const auto n = static_cast<std::int64_t>(random.Next() % 1000);
    switch (random.Next() % 40) {
      case 0:
        return -n;
      case 1:
        return n * 1'000'000'000'007;
      case 2:
        return n * 100'000;
      default:
        return n * 100;
    }
  }

  explicit Model(std::uint64_t seed) {
    SeededRandom random(seed);
    const auto below = [&](std::uint64_t n) { return static_cast<std::uint32_t>(random.Next() % n); };
    for (int i = 0; i < 3'000; ++i) {
      newest += below(3);
      if (!all.empty() && below(4) == 0) {
        auto& [handle, version] = all[below(all.size())];
        if (version.to != VersionIndex::kStands) continue;
        index.End(newest, handle);
        version.to = newest;
        continue;
      }
      const Version v{kMeasure + below(2),
                      below(50),
                      On(2025, 11, 20) + static_cast<std::int32_t>(below(120)),
                      Amount(random),
                      below(9),
                      static_cast<std::uint8_t>(below(4)),
                      static_cast<std::uint8_t>(below(4)),
                      newest,
                      VersionIndex::kStands};
      all.emplace_back(index.Add(newest, {v.measure, v.subject, v.day, v.amount, v.record, v.tag, v.level}), v);
    }
  }
};

class RandomVersions : public testing::TestWithParam<std::uint64_t> {};

TEST_P(RandomVersions, AnswerAsAPlainListDoesAlsoAfterASnapshot) {
  Model model(GetParam());
  Kept kept;
  model.index.Columns(static_cast<ColumnWriter&>(kept), "facts");
  VersionIndex loaded;
  loaded.Columns(static_cast<ColumnReader&>(kept), "facts");
  loaded.Rebuild();
  ASSERT_FALSE(kept.fault());
  ASSERT_EQ(loaded.size(), model.all.size());

  SeededRandom random(GetParam() + 1);
  const auto below = [&](std::uint64_t n) { return static_cast<std::uint32_t>(random.Next() % n); };
  for (int i = 0; i < 300; ++i) {
    std::uint32_t earlier = below(model.newest + 2), later = below(model.newest + 2);
    if (earlier > later) std::swap(earlier, later);
    const std::int32_t from = On(2025, 11, 1) + static_cast<std::int32_t>(below(100));
    const std::int32_t to = from + static_cast<std::int32_t>(below(60));
    const Period first = Period::Of(DayFromNumber(from)), last = Period::Of(DayFromNumber(to));
    const std::uint32_t subject = below(51);
    std::int64_t sum = 0, difference = 0, said = 0;
    std::vector<Version> stood;
    for (const auto& [handle, v] : model.all) {
      if (v.subject == subject && v.from <= later) said += v.amount;
      if (v.measure != kMeasure) continue;
      if (v.StoodAt(later) && from <= v.day && v.day <= to) {
        sum += v.amount;
        stood.push_back(v);
      }
      const std::int32_t month = Period::Of(DayFromNumber(v.day)).months;
      if (first.months <= month && month <= last.months)
        difference += (v.StoodAt(later) ? v.amount : 0) - (v.StoodAt(earlier) ? v.amount : 0);
    }
    for (const VersionIndex* index : {&model.index, &loaded}) {
      for (const auto& [handle, v] : model.all) ASSERT_EQ(index->Get(handle), v) << "seed " << GetParam();
      EXPECT_EQ(SumAt(*index, later, from, to), sum) << "seed " << GetParam();
      EXPECT_EQ(FoundAt<VersionIndex::kEveryField>(*index, later, from, to), Sorted(stood)) << "seed " << GetParam();
      constexpr unsigned kSome = VersionIndex::kSubject | VersionIndex::kRecord;
      std::vector<Version> some;
      for (const Version& v : stood) some.push_back({kMeasure, v.subject, 0, 0, v.record, 0, 0, 0, 0});
      EXPECT_EQ(FoundAt<kSome>(*index, later, from, to), Sorted(some)) << "seed " << GetParam();
      std::int64_t found = 0;
      index->Differences(earlier, later, kMeasure, first, last,
                         [&](const Version& v, bool stands) { found += stands ? v.amount : -v.amount; });
      EXPECT_EQ(found, difference) << "seed " << GetParam();
      std::int64_t told = 0;
      std::uint32_t before = UINT32_MAX;
      index->History(subject, later, [&](const Version& v) {
        EXPECT_LE(v.from, before);
        before = v.from;
        told += v.amount;
      });
      EXPECT_EQ(told, said) << "seed " << GetParam();
    }
  }
}

TEST(Versions, KeepsAmountsAndSubjectsThatDifferAsMuchAsTheyCan) {
  VersionIndex index;
  std::vector<std::uint32_t> handles;
  const auto extreme = [](std::uint32_t i) { return i % 2 == 0 ? INT64_MIN : INT64_MAX; };
  for (std::uint32_t i = 0; i < 32; ++i)
    handles.push_back(
        index.Add(i == 31 ? UINT32_MAX - 1 : i + 1,
                  {kMeasure, i == 31 ? 1'000'000u : 0u, On(2026, 3, i % 31 + 1), extreme(i), UINT32_MAX - i,
                   static_cast<std::uint8_t>(i * 8), static_cast<std::uint8_t>(255 - i)}));
  const std::vector<Version> all =
      FoundAt<VersionIndex::kEveryField>(index, UINT32_MAX - 1, On(2026, 3, 1), On(2026, 3, 31));
  ASSERT_EQ(all.size(), 32u);
  for (std::uint32_t i = 0; i < 32; ++i) {
    const Version v = index.Get(handles[i]);
    EXPECT_EQ(std::ranges::count(all, v), 1) << i;
    EXPECT_EQ(v.amount, extreme(i));
    EXPECT_EQ(v.record, UINT32_MAX - i);
    EXPECT_EQ(v.from, i == 31 ? UINT32_MAX - 1 : i + 1);
    EXPECT_EQ(v.subject, i == 31 ? 1'000'000u : 0u);
    EXPECT_EQ(v.day, On(2026, 3, i % 31 + 1));
    EXPECT_EQ(v.tag, i * 8);
    EXPECT_EQ(v.level, 255 - i);
  }
}

TEST(Versions, AreKeptInAboutTenBytesEach) {
  VersionIndex index;
  for (std::uint32_t i = 0; i < 320'000; ++i)
    index.Add(10 * i, {kMeasure + i % 4, i % 50'000, On(2026, 3, i % 31 + 1), 100 * (i % 5'000), 10 * i, 0, 1});
  EXPECT_LT(index.bytes(), 320'000 * 16);
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomVersions, testing::Values(1, 2, 430212));

}  // namespace
}  // namespace landfall::ledger
