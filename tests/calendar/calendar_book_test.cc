// SPDX-License-Identifier: Apache-2.0
#include "calendar/calendar_book.h"

#include <set>
#include <thread>

#include "tests/calendar/calendar_fixture.h"

namespace landfall::test {
namespace {

CalendarFile County() {
  CalendarFile county;
  county.id = "county";
  county.base = "cn";
  county.zh = "示例县";
  county.en = "sample county";
  LocalRule founding;
  founding.id = "founding";
  founding.name = "示例县庆";
  founding.known_on = D("2020-01-01");
  founding.yearly_off = {{11, 25}};
  county.rules = {founding};
  return county;
}

TEST(CalendarBook, HoldsTheNationalCalendarWithAllItsNotices) {
  const CalendarFile file = ParseCalendarFile(FindEmbedded(EmbeddedCatalog(), "calendar/cn.json")).value();

  std::set<int> announced;
  for (const Notice& notice : file.notices)
    if (notice.amends.empty()) announced.insert(notice.year);

  EXPECT_EQ(file.notices.size(), 23u);
  EXPECT_EQ(announced.size(), 20u);
  EXPECT_EQ(*announced.begin(), 2007);
  EXPECT_EQ(*announced.rbegin(), 2026);
  for (const Notice& notice : file.notices) EXPECT_TRUE(notice.source.starts_with("https://www.gov.cn/")) << notice.id;
}

TEST(CalendarBook, GivesTheSameCalendarForDaysBetweenTwoNotices) {
  const CalendarBook book = Book();

  EXPECT_EQ(book.At("cn", D("2020-02-01")).value(), book.At("cn", D("2020-11-24")).value());
  EXPECT_NE(book.At("cn", D("2020-11-24")).value(), book.At("cn", D("2020-11-25")).value());
}

TEST(CalendarBook, ACalendarHandedOutOutlivesItsPlaceInTheCache) {
  const CalendarBook book = Book();
  const auto old = book.At("cn", D("2019-03-21")).value();

  for (int year = 2007; year <= 2026; ++year) ASSERT_TRUE(book.At("cn", MakeDay(year, 1, 1)).ok());

  EXPECT_TRUE(old->IsWorkDay(D("2019-05-02")).value().works);
  EXPECT_TRUE(book.At("cn", D("2019-03-21")).value()->IsWorkDay(D("2019-05-02")).value().works);
}

TEST(CalendarBook, ALocalCalendarHasTheNoticesOfItsBase) {
  CalendarBook book = Book();
  ASSERT_TRUE(book.Add(County()).ok());
  const auto county = book.At("county", kLastDay).value();

  EXPECT_FALSE(county->IsWorkDay(D("2024-10-01")).value().works);
  EXPECT_FALSE(county->IsWorkDay(D("2024-11-25")).value().works);
  EXPECT_TRUE(National()->IsWorkDay(D("2024-11-25")).value().works);
  EXPECT_EQ(book.ids(), (std::vector<std::string>{"cn", "county"}));
}

TEST(CalendarBook, ANoticeThatLandsReachesEveryCalendarThatBuildsOnIt) {
  CalendarBook book = Book();
  ASSERT_TRUE(book.Add(County()).ok());
  Notice notice;
  notice.id = "cn-2027-sample";
  notice.year = 2027;
  notice.published_on = D("2026-11-30");
  notice.sets = {{D("2027-01-01"), false, "元旦"}};
  const auto before = book.At("county", kLastDay).value();

  ASSERT_TRUE(book.AddNotice("cn", notice).ok());

  const auto after = book.At("county", kLastDay).value();
  EXPECT_EQ(before->After(D("2026-12-31"), WorkDays{1}).value(), Provisional("2027-01-01"));
  EXPECT_EQ(after->After(D("2026-12-31"), WorkDays{1}).value(), Sure("2027-01-04"));
  EXPECT_EQ(book.At("county", D("2026-11-29")).value()->After(D("2026-12-31"), WorkDays{1}).value(),
            Provisional("2027-01-01"));
}

TEST(CalendarBook, ARefusedNoticeOrRuleLeavesNoTrace) {
  CalendarBook book = Book();
  ASSERT_TRUE(book.Add(County()).ok());
  Notice twice;
  twice.id = "founding";  // An id of a rule of a calendar that builds on "cn".
  twice.year = 2027;
  twice.published_on = D("2026-11-30");
  LocalRule same = County().rules[0];

  const Status by_notice = book.AddNotice("cn", twice), by_rule = book.AddRule("county", same);

  EXPECT_EQ(by_notice.error().code, "calendar.duplicate_id");
  EXPECT_EQ(by_rule.error().code, "calendar.duplicate_id");
  EXPECT_TRUE(book.At("cn", kLastDay).value()->IsWorkDay(D("2027-01-01")).value().provisional);
  same.id = "second";
  EXPECT_TRUE(book.AddRule("county", same).ok());
}

TEST(CalendarBook, UnknownAndDuplicateCalendarsAreRefused) {
  CalendarBook book = Book();
  CalendarFile orphan = County();
  orphan.base = "nowhere";

  EXPECT_EQ(book.At("nowhere", kLastDay).error().code, "calendar.unknown");
  EXPECT_EQ(book.AddNotice("nowhere", Notice{}).error().code, "calendar.unknown");
  EXPECT_EQ(book.Add(orphan).error().code, "calendar.unknown");
  ASSERT_TRUE(book.Add(County()).ok());
  EXPECT_EQ(book.Add(County()).error().code, "calendar.duplicate_id");
}

TEST(CalendarBook, FilesOfACatalogueMayStandInAnyOrderButNotInARing) {
  const std::string base = R"({"format":"landfall.calendar/1","id":"b","zh":"","en":""})";
  const std::string top = R"({"format":"landfall.calendar/1","id":"a","base":"b","zh":"","en":""})";
  const std::string ring = R"({"format":"landfall.calendar/1","id":"b","base":"a","zh":"","en":""})";
  const EmbeddedFile good[] = {{"calendar/a.json", top}, {"calendar/b.json", base}, {"labels/x.json", "not read"}};
  const EmbeddedFile bad[] = {{"calendar/a.json", top}, {"calendar/b.json", ring}};

  EXPECT_EQ(CalendarBook::Load(good).value().ids().size(), 2u);
  EXPECT_EQ(CalendarBook::Load(bad).error().code, "calendar.unknown");
}

TEST(CalendarBook, MayBeAskedAndAddedToFromManyThreads) {
  CalendarBook book = Book();
  std::vector<std::thread> readers;
  std::vector<int> right(4);
  for (std::size_t r = 0; r < right.size(); ++r)
    readers.emplace_back([&, r] {
      for (int year = 2008; year <= 2026; ++year)
        right[r] += !book.At("cn", MakeDay(year, 1, 1)).value()->IsWorkDay(MakeDay(year, 10, 1)).value().works;
    });
  ASSERT_TRUE(book.Add(County()).ok());
  for (std::thread& reader : readers) reader.join();

  for (const int count : right) EXPECT_EQ(count, 19);
}

TEST(ParseCalendarFile, SaysWhereAFileIsWrong) {
  const auto error = [](std::string_view members) {
    const auto file =
        ParseCalendarFile(R"({"format":"landfall.calendar/1","id":"x","zh":"","en":"",)" + std::string(members) + "}");
    return file ? std::string("accepted") : file.error().code + " " + file.error().field;
  };

  EXPECT_EQ(error(R"("notices":[])"), "accepted");
  EXPECT_EQ(error(R"("notices":7)"), "calendar.malformed notices");
  EXPECT_EQ(error(R"("notices":[7])"), "calendar.malformed notices[0]");
  EXPECT_EQ(error(R"("notices":[{"id":"n"}])"), "calendar.malformed notices[0].year");
  EXPECT_EQ(error(R"("notices":[{"id":"n","year":1,"published_on":"2024-01-01"}])"),
            "calendar.malformed notices[0].year");
  EXPECT_EQ(error(R"("notices":[{"id":"n","year":2024,"published_on":"2024-02-30"}])"),
            "day.malformed notices[0].published_on");
  EXPECT_EQ(error(R"("notices":[{"id":"n","year":2024,"published_on":"2024-01-01","sets":[{"day":"2024-01-01",)"
                  R"("is":"maybe","name":""}]}])"),
            "calendar.malformed notices[0].sets[0].is");
  EXPECT_EQ(error(R"("rules":[{"id":"r","name":"","known_on":"2024-01-01","weekly_rest":["Mon","Tue","Wed","Thu",)"
                  R"("Fri","Sat","Sun"]}])"),
            "calendar.malformed rules[0].weekly_rest");
  EXPECT_EQ(error(R"("rules":[{"id":"r","name":"","known_on":"2024-01-01","yearly_off":[{"month":2,"day":30}]}])"),
            "calendar.malformed rules[0].yearly_off[0].day");
}

TEST(ParseCalendarFile, ReadsALocalRuleWhole) {
  const auto file = ParseCalendarFile(
      R"({"format":"landfall.calendar/1","id":"x","base":"cn","zh":"示例","en":"sample","rules":[{"id":"r",)"
      R"("name":"示例节","source":"s","known_on":"2024-01-01","from":"2024-02-01","until":"2024-12-31",)"
      R"("weekly_rest":["Fri","Sat"],"yearly_off":[{"month":2,"day":29}],)"
      R"("sets":[{"day":"2024-05-06","is":"work","name":"调休"}]}]})");

  ASSERT_TRUE(file.ok());
  const LocalRule& rule = file->rules.at(0);
  EXPECT_EQ(file->base, "cn");
  EXPECT_EQ(rule.weekly_rest, 0b0110000);
  EXPECT_EQ(rule.until, D("2024-12-31"));
  EXPECT_EQ(rule.yearly_off.at(0).day, 29u);
  EXPECT_TRUE(rule.sets.at(0).works);
}

TEST(ParseCalendarFile, RefusesWhatIsNoCalendar) {
  EXPECT_EQ(ParseCalendarFile("").error().code, "calendar.malformed");
  EXPECT_EQ(ParseCalendarFile("[]").error().code, "calendar.malformed");
  EXPECT_EQ(ParseCalendarFile("{\"format\":\"other/1\"}").error().field, "format");
  EXPECT_EQ(ParseCalendarFile(std::string(kCalendarFileBytesMax + 1, ' ')).error().code, "calendar.file_too_large");
}

}  // namespace
}  // namespace landfall::test
