// SPDX-License-Identifier: Apache-2.0
#include "exchange/ical.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "support/ical_reader.h"

namespace landfall::exchange {
namespace {

CalendarEvent Event() {
  CalendarEvent e;
  e.uid = "b12@430299.landfall";
  e.day = MakeDay(2026, 12, 31);
  e.sequence = 3;
  e.modified = Instant(MakeDay(2026, 11, 21) + std::chrono::hours(8) + std::chrono::seconds(5));
  e.summary = "用电增容";
  return e;
}

TEST(Calendar, IsReadBackAsItWasGiven) {
  CalendarEvent e = Event();
  e.description = "一行, 又一行;\n\\反斜杠\\";
  e.category = "红灯";
  e.url = "http://127.0.0.1:8080/obligations/b12";

  const auto read = test::ReadCalendar(WriteCalendar("示例县, 重点办", {e}));

  ASSERT_EQ(read.fault, "");
  EXPECT_EQ(read.Text("X-WR-CALNAME"), "示例县, 重点办");
  ASSERT_EQ(read.events.size(), 1u);
  const test::Component& event = read.events[0];
  EXPECT_EQ(event.Text("UID"), "b12@430299.landfall");
  EXPECT_EQ(event.Value("DTSTART;VALUE=DATE"), "20261231");
  EXPECT_EQ(event.Value("DTEND;VALUE=DATE"), "20270101");
  EXPECT_EQ(event.Value("DTSTAMP"), "20261121T080005Z");
  EXPECT_EQ(event.Value("LAST-MODIFIED"), "20261121T080005Z");
  EXPECT_EQ(event.Value("SEQUENCE"), "3");
  EXPECT_EQ(event.Text("SUMMARY"), "用电增容");
  EXPECT_EQ(event.Text("DESCRIPTION"), "一行, 又一行;\n\\反斜杠\\");
  EXPECT_EQ(event.Value("URL"), e.url);
}

TEST(Calendar, FoldsLongLinesBetweenCharacters) {
  for (std::size_t length = 0; length < 120; ++length) {
    CalendarEvent e = Event();
    e.summary = std::string(length % 4, 'x');
    for (std::size_t i = 0; i < length; ++i) e.summary += "项";
    const std::string text = WriteCalendar("示例", {e});

    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = text.find("\r\n", at);
      ASSERT_NE(end, std::string::npos);
      EXPECT_LE(end - at, 75u);
      EXPECT_TRUE(IsUtf8(std::string_view(text).substr(at, end - at))) << length;
      at = end + 2;
    }
    EXPECT_EQ(test::ReadCalendar(text).events.at(0).Text("SUMMARY"), e.summary);
  }
}

TEST(Calendar, LetsNothingOutOfATextField) {
  CalendarEvent e = Event();
  e.summary = "x\r\nEND:VEVENT\r\nBEGIN:VALARM";

  const auto read = test::ReadCalendar(WriteCalendar("示例", {e, Event()}));

  EXPECT_EQ(read.fault, "");
  ASSERT_EQ(read.events.size(), 2u);
  EXPECT_EQ(read.events[0].Text("SUMMARY"), "x\nEND:VEVENT\nBEGIN:VALARM");
}

TEST(Calendar, WithoutEventsIsStillACalendar) { EXPECT_EQ(test::ReadCalendar(WriteCalendar("示例", {})).fault, ""); }

}  // namespace
}  // namespace landfall::exchange
