// SPDX-License-Identifier: Apache-2.0
#include "analysis/forecast/name_index.h"

#include <gtest/gtest.h>

#include <cmath>

namespace landfall::chain::forecast {
namespace {

const std::vector<std::string> kNames = {"动力电池", "锂离子动力电池", "蓄电池", "电池隔膜",
                                         "汽车玻璃", "玻璃",           "PVC管"};

TEST(ForecastNames, SharedRareCharactersMakeNamesAlike) {
  const NameIndex index(kNames);

  const auto cosine = [&](std::uint32_t a, std::uint32_t b) { return Cosine(index.Of(a), index.Of(b)); };

  EXPECT_NEAR(cosine(0, 0), 1, 1e-6);
  EXPECT_GT(cosine(0, 1), cosine(0, 2));
  EXPECT_GT(cosine(0, 2), 0);
  EXPECT_EQ(cosine(0, 5), 0);
  EXPECT_NEAR(cosine(4, 5), cosine(5, 4), 1e-7);
}

TEST(ForecastNames, PostingsSumToTheCosine) {
  const NameIndex index(kNames);
  const Spelling& asked = index.Of(1);
  std::vector<float> sums(index.names(), 0);

  for (std::size_t i = 0; i < asked.grams.size(); ++i)
    for (const NameIndex::Posting& posting : index.NamesWith(asked.grams[i]))
      sums[posting.name] += asked.weights[i] * posting.weight;

  for (std::uint32_t name = 0; name < index.names(); ++name)
    EXPECT_NEAR(sums[name], Cosine(asked, index.Of(name)), 1e-6) << kNames[name];
}

TEST(ForecastNames, ANameThatIsNewIsReadByWhatItShares) {
  const NameIndex index(kNames);

  const Spelling fresh = index.Read("磷酸铁锂电池"), foreign = index.Read("水稻"), empty = index.Read("");

  EXPECT_EQ(fresh.points.size(), 6U);
  EXPECT_GT(Cosine(fresh, index.Of(1)), 0);
  EXPECT_TRUE(foreign.grams.empty());
  EXPECT_EQ(Cosine(foreign, index.Of(0)), 0);
  EXPECT_TRUE(empty.points.empty());
}

TEST(ForecastNames, LatinLettersMatchInBothCases) {
  const NameIndex index(kNames);

  EXPECT_NEAR(Cosine(index.Read("pvc管"), index.Of(6)), 1, 1e-6);
}

TEST(ForecastNames, ACommonGramIsNoRarerThanARareOne) {
  const NameIndex index(kNames);
  const std::u32string battery = U"电", membrane = U"膜";

  EXPECT_LT(index.Rarity(index.Find(battery)), index.Rarity(index.Find(membrane)));
  EXPECT_EQ(index.Find(std::u32string(U"船")), kNoGram);
}

TEST(ForecastNames, RunsAndContainmentGoByWholeCharacters) {
  const std::u32string glass = U"玻璃", car_glass = U"汽车玻璃", carpet = U"汽车地毯";

  EXPECT_TRUE(Contains(car_glass, glass));
  EXPECT_FALSE(Contains(glass, car_glass));
  EXPECT_EQ(LongestCommonRun(car_glass, carpet), 2U);
  EXPECT_EQ(LongestCommonRun(glass, carpet), 0U);
}

}  // namespace
}  // namespace landfall::chain::forecast
