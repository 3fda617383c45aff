// SPDX-License-Identifier: Apache-2.0
#include "search/search_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "search/search_support.h"

namespace landfall::search {

// How gtest prints a hit.
void PrintTo(const SearchHit& hit, std::ostream* out) {
  *out << "{kind " << int{hit.kind} << " id " << hit.id << " match " << static_cast<int>(hit.match) << "}";
}

namespace test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr Kind kProject = 1, kEnterprise = 2;

bool All(Kind, std::uint32_t) { return true; }

std::vector<std::uint32_t> Ids(const SearchIndex& index, std::string_view query) {
  std::vector<std::uint32_t> ids;
  for (const SearchHit& hit : index.Find(query, All, 100).hits) ids.push_back(hit.id);
  return ids;
}

// Every test runs on documents that were just put and on the same ones built into a segment.
class Found : public ::testing::TestWithParam<bool> {
 protected:
  void Put(std::uint32_t id, FieldTexts texts) { index_.Put(kEnterprise, id, texts); }
  std::vector<std::uint32_t> Find(std::string_view query) {
    if (GetParam()) const SearchIndex::BulkFill build(index_);
    return Ids(index_, query);
  }
  SearchIndex index_;
};
INSTANTIATE_TEST_SUITE_P(RecentAndBuilt, Found, ::testing::Bool());

TEST_P(Found, ChineseByOneTwoAndMoreCharacters) {
  Put(1, {"岚川市广济和兴医药有限公司", {}, {}, {}});
  Put(2, {"广源石材厂", {}, {}, {}});
  Put(3, {"青石乐行电子", {}, {}, {}});

  EXPECT_THAT(Find("广济"), ElementsAre(1));
  EXPECT_THAT(Find("石材"), ElementsAre(2));
  EXPECT_THAT(Find("广"), ElementsAre(2, 1));
  EXPECT_THAT(Find("石"), ElementsAre(2, 3));
  EXPECT_THAT(Find("医药有限公司"), ElementsAre(1));
  EXPECT_THAT(Find("济广"), IsEmpty());
}

TEST_P(Found, BestMatchFirstThenTheShorterNameThenTheLowerId) {
  Put(1, {"岚川食品有限公司一分厂", {}, {}, {}});
  Put(2, {"岚川食品", {}, {}, {}});
  Put(3, {"岚川食品厂", {}, {}, {}});
  Put(4, {"新岚川食品", {}, {}, {}});
  Put(5, {"岚川石材与川食品", {}, {}, {}});
  Put(6, {"岚川食品店", {}, {}, {}});
  Put(7, {"一家更名很久的老牌企业", {"岚川食品"}, {}, {}});

  EXPECT_THAT(Find("岚川食品"), ElementsAre(2, 7, 3, 6, 1, 4, 5));
}

TEST_P(Found, InitialsOfPinyinAndMixturesOfThemWithCharacters) {
  Put(1, {"岚川市广济和兴医药有限公司", {}, {}, {}});
  Put(2, {"广济和堂", {}, {}, {}});
  Put(3, {"国际化工", {}, {}, {}});
  Put(4, {"光机活塞", {}, {}, {}});

  EXPECT_THAT(Find("gjh"), ElementsAre(2, 3, 4, 1));
  EXPECT_THAT(Find("广jh"), ElementsAre(2, 1));
  EXPECT_THAT(Find("gj和"), ElementsAre(2, 1));
  EXPECT_THAT(Find("GJHX"), ElementsAre(1));
  EXPECT_THAT(Find("ｇｊｈ"), ElementsAre(2, 3, 4, 1));
  EXPECT_THAT(Find("jg"), IsEmpty());
}

TEST_P(Found, ACharacterWithSeveralReadingsUnderEachOfTheirInitials) {
  Put(1, {"长岭重工", {}, {}, {}});
  Put(2, {"行健银行", {}, {}, {}});

  EXPECT_THAT(Find("clzg"), ElementsAre(1));
  EXPECT_THAT(Find("zlcg"), ElementsAre(1));
  EXPECT_THAT(Find("xjyh"), ElementsAre(2));
}

TEST_P(Found, WordsByTheirBeginningAndCodesByAnyThreeNeighbours) {
  Put(1, {"TCL Optics", {}, {"91999900MA4LX7K28B"}, {}});
  Put(2, {"青石5G基站", {}, {"LC-2024-0017"}, {}});

  EXPECT_THAT(Find("opt"), ElementsAre(1));
  EXPECT_THAT(Find("ptics"), IsEmpty());
  EXPECT_THAT(Find("tcl optics"), ElementsAre(1));
  EXPECT_THAT(Find("optics tcl"), ElementsAre(1));
  EXPECT_THAT(Find("919999"), ElementsAre(1));
  EXPECT_THAT(Find("ma4lx7"), ElementsAre(1));
  EXPECT_THAT(Find("28b"), ElementsAre(1));
  EXPECT_THAT(Find("8b"), IsEmpty());
  EXPECT_THAT(Find("2024-0017"), ElementsAre(2));
  EXPECT_THAT(Find("017"), ElementsAre(2));
  EXPECT_THAT(Find("5g"), ElementsAre(2));
  EXPECT_THAT(Find("青石 2024"), ElementsAre(2));
}

TEST_P(Found, WidthCaseAccentsAndPunctuationDoNotCount) {
  Put(1, {"岚川（青石）Ｃａｆé有限公司", {}, {}, {}});
  Put(2, {"㈱ 雲渡電子", {}, {}, {}});
  Put(3, {"𠮷野食品", {}, {}, {}});

  EXPECT_THAT(Find("川青"), ElementsAre(1));
  EXPECT_THAT(Find("CAFE"), ElementsAre(1));
  EXPECT_THAT(Find("“岚川(青石)”"), ElementsAre(1));
  EXPECT_THAT(Find("雲渡"), ElementsAre(2));
  EXPECT_THAT(Find("云渡"), IsEmpty());  // Traditional and simplified forms stay apart.
  EXPECT_THAT(Find("𠮷野"), ElementsAre(3));
}

TEST_P(Found, ProblemTextByItsCharactersButNotByInitials) {
  Put(1, {"云渡装备项目", {}, {}, {"二期用地未交付，10kV 线路未迁改"}});

  EXPECT_THAT(Find("用地未交付"), ElementsAre(1));
  EXPECT_THAT(Find("10kv"), ElementsAre(1));
  EXPECT_THAT(Find("ydwj"), IsEmpty());
  EXPECT_THAT(Find("云渡 迁改"), ElementsAre(1));
}

TEST_P(Found, NothingForAQueryWithoutAnythingToLookFor) {
  Put(1, {"云渡装备项目", {}, {}, {}});

  for (std::string_view query : {"", " ", "，。", "\xFF\xFE", "\xE3\x80\x80"}) EXPECT_THAT(Find(query), IsEmpty());
  EXPECT_THAT(Find(std::string(100'000, 'x')), IsEmpty());
  EXPECT_THAT(Find("\xFF云渡"), ElementsAre(1));
}

TEST_P(Found, AVeryLongDocumentByItsBeginning) {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += "石材";
  Put(1, {"云渡", {}, {}, {text + "电子"}});

  EXPECT_THAT(Find("材石材"), ElementsAre(1));
  EXPECT_THAT(Find("电子"), IsEmpty());
}

TEST(Index, AReplacedTextIsFoundByTheNewOneOnly) {
  SearchIndex index;
  index.Put(kProject, 7, {"云渡装备", {}, {}, {}});
  { const SearchIndex::BulkFill build(index); }

  index.Put(kProject, 7, {"青石电子", {}, {}, {}});

  EXPECT_THAT(Ids(index, "云渡"), IsEmpty());
  EXPECT_THAT(Ids(index, "青石"), ElementsAre(7));
  EXPECT_EQ(index.size(), 1u);

  index.Remove(kProject, 7);
  index.Remove(kProject, 7);

  EXPECT_THAT(Ids(index, "青石"), IsEmpty());
  EXPECT_EQ(index.size(), 0u);
}

TEST(Index, KindsWithTheSameIdAreDifferentDocuments) {
  SearchIndex index;
  index.Put(kProject, 7, {"云渡装备", {}, {}, {}});
  index.Put(kEnterprise, 7, {"云渡装备", {}, {}, {}});

  index.Remove(kProject, 7);

  EXPECT_THAT(index.Find("云渡", All, 10).hits, ElementsAre(SearchHit{kEnterprise, 7, Match::kPrefix}));
}

TEST(Index, WhatTheFilterHidesIsNeitherShownNorCounted) {
  for (bool built : {false, true}) {
    SearchIndex index;
    for (std::uint32_t id = 0; id < 100; ++id)
      index.Put(id % 2 == 0 ? kProject : kEnterprise, id, {"云渡装备有限公司", {}, {}, {}});
    if (built) const SearchIndex::BulkFill build(index);
    const auto only = [](std::uint32_t last) {
      return [last](Kind kind, std::uint32_t id) { return kind == kProject && id <= last; };
    };

    const SearchAnswer three = index.Find("有限", only(4), 3);
    const SearchAnswer more = index.Find("有限", only(6), 3);
    const SearchAnswer none = index.Find(
        "有限", [](Kind, std::uint32_t) { return false; }, 3);

    EXPECT_EQ(three.hits.size(), 3u);
    EXPECT_FALSE(three.more);
    EXPECT_EQ(more.hits, three.hits);
    EXPECT_TRUE(more.more);
    EXPECT_THAT(none.hits, IsEmpty());
    EXPECT_FALSE(none.more);
  }
}

TEST(Index, AnswersLikeAScanOfAllTexts) {
  constexpr std::uint64_t kSeed = 20261122;
  SCOPED_TRACE(kSeed);
  SeededRandom random(kSeed);
  Both both;
  for (std::uint32_t id = 0; id < 10'000; ++id) both.Put(static_cast<Kind>(1 + id % 3), id, RandomDocument(random));

  int answered = 0;
  for (int i = 0; i < 200; ++i) {
    const std::u32string query = RandomQuery(random, both.documents());
    const std::size_t limit = Below(random, 4) == 0 ? 10'000 : 20;
    const auto filter = [&, hide = Below(random, 3)](Kind kind, std::uint32_t id) {
      return hide == 0 || (kind != 2 && id % 7 != hide);
    };
    const SearchAnswer expected = both.Naive(query, filter, limit);
    const SearchAnswer answer = both.index.Find(Utf8(query), filter, limit);
    ASSERT_EQ(answer.hits, expected.hits) << Utf8(query) << " limit " << limit;
    ASSERT_EQ(answer.more, expected.more) << Utf8(query);
    answered += !answer.hits.empty();
  }
  EXPECT_GT(answered, 150);  // The queries mean something.
}

TEST(Index, AfterChangesIsLikeAFreshOne) {
  constexpr std::uint64_t kSeed = 42;
  SCOPED_TRACE(kSeed);
  SeededRandom random(kSeed);
  Both both;
  for (int step = 0; step < 25'000; ++step) {
    const auto id = static_cast<std::uint32_t>(Below(random, 9'000));
    if (Below(random, 3) == 0)
      both.Remove(static_cast<Kind>(id % 2), id);
    else
      both.Put(static_cast<Kind>(id % 2), id, RandomDocument(random));
  }
  SearchIndex fresh;
  both.Refill(fresh);

  EXPECT_EQ(both.index.size(), both.documents().size());
  EXPECT_EQ(fresh.size(), both.documents().size());
  for (int i = 0; i < 400; ++i) {
    const std::string query = Utf8(RandomQuery(random, both.documents()));
    const SearchAnswer kept = both.index.Find(query, All, 50);
    const SearchAnswer anew = fresh.Find(query, All, 50);
    ASSERT_EQ(kept.hits, anew.hits) << query;
    ASSERT_EQ(kept.more, anew.more) << query;
  }
}

TEST(Index, MemoryGoesWhenDocumentsGo) {
  SearchIndex index;
  SeededRandom random(1);
  {
    const SearchIndex::BulkFill fill(index);
    for (std::uint32_t id = 0; id < 20'000; ++id) index.Put(kProject, id, {Utf8(RandomName(random)), {}, {}, {}});
  }
  const std::size_t full = index.Bytes();

  for (std::uint32_t id = 0; id < 20'000; ++id) index.Remove(kProject, id);

  EXPECT_LT(index.Bytes(), full / 2);
  EXPECT_THAT(Ids(index, "有限"), IsEmpty());
}

TEST(Index, ReadersFindWhileTheWriterWrites) {
  SearchIndex index;
  index.Put(kProject, 1'000'000, {"云渡装备", {}, {}, {}});
  std::atomic<bool> done = false;
  std::atomic<int> missed = 0, asked = 0;
  std::thread reader([&] {
    do {
      missed += index.Find("云渡装备", All, 1).hits.size() != 1;
      ++asked;
    } while (!done);
  });

  SeededRandom random(5);
  for (std::uint32_t id = 0; id < 10'000; ++id) index.Put(kProject, id % 6'000, {Utf8(RandomName(random)), {}, {}, {}});
  done = true;
  reader.join();

  EXPECT_EQ(missed, 0);
  EXPECT_GT(asked, 0);
}

TEST(Initials, AreKnownForAlmostAllCommonCharacters) {
  int known = 0, all = 0;
  for (char16_t unit = 0x4E00; unit <= 0x9FA5; unit += 7) {
    known += InitialsOf(unit) != 0;
    ++all;
  }

  EXPECT_GT(known, all * 95 / 100);
  EXPECT_EQ(InitialsOf(u'广'), LetterBit(u'g'));
  EXPECT_EQ(InitialsOf(u'重'), LetterBit(u'z') | LetterBit(u'c'));
  EXPECT_EQ(InitialsOf(u'a'), 0u);
  EXPECT_EQ(InitialsOf(u'。'), 0u);
}

}  // namespace
}  // namespace test
}  // namespace landfall::search
