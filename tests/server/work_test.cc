// SPDX-License-Identifier: Apache-2.0
// What one person has to do and should hear of, over HTTP: inbox, notifications, calendar; and acts upon many things.
#include <gmock/gmock.h>

#include "server/api_shapes.h"
#include "server/api_support.h"
#include "support/ical_reader.h"

namespace landfall::server {
namespace {

using testing::HasSubstr;
using testing::Not;

ClientResponse Send(Town& town, const std::string& login, const std::string& method, const std::string& target,
                    const std::string& body = {}, const std::string& key = {}) {
  std::vector<Field> headers = town.As(login).Headers();
  headers.push_back({"Content-Type", "application/json"});
  if (!key.empty()) headers.push_back({"Idempotency-Key", key});
  auto response = town.Connect().Send(method, target, headers, body);
  LF_CHECK(response.ok());
  return *response;
}
ClientResponse Bulk(Town& town, const std::string& login, const std::string& command, const std::string& items,
                    std::string key = {}) {
  return Send(town, login, "POST", "/api/v1/bulk/" + command, R"({"items":[)" + items + "]}",
              key.empty() ? town.NewKey() : key);
}
std::string Task(const std::string& unit, const std::string& due = "2026-12-01") {
  return R"({"kind":"task","text":"示例批量","owner_unit":")" + unit + R"(","due_on":")" + due + R"("})";
}

// --- many at a time --------------------------------------------------------------------------------------------------

TEST(Bulk, RecordsAllAsOneBatchAndOnceOnly) {
  Town town;
  const std::string key = town.NewKey(), items = Task("o1") + "," + Task("o2") + "," + Task("o3");
  const std::uint64_t before = town.engine().Read().seq();

  const ClientResponse first = Bulk(town, "project_office", "obligation.assign", items, key);
  const ClientResponse again = Bulk(town, "project_office", "obligation.assign", items, key);
  const ClientResponse other = Bulk(town, "project_office", "obligation.assign", Task("o1"), key);

  EXPECT_EQ(first.status, 200) << first.body;
  EXPECT_THAT(first.body, HasSubstr(R"("ids":["b4","b5","b6"])"));
  EXPECT_EQ(town.engine().Read().seq(), before + 4);  // Three, and what closes the batch.
  EXPECT_THAT(again.body, HasSubstr(R"("repeated":true)"));
  EXPECT_EQ(CodeOf(other), "request.key_reused");
}

TEST(Bulk, NamesEveryItemThatIsRefusedAndRecordsNone) {
  Town town;
  const std::uint64_t before = town.engine().Read().seq();

  const ClientResponse unreadable =
      Bulk(town, "leader", "obligation.assign", Task("o1") + "," + Task("o1", "soon") + R"(,{"kind":"task"})");
  const ClientResponse refused =
      Bulk(town, "leader", "obligation.assign", Task("o99") + "," + Task("o1") + "," + Task("o1", "2020-01-01"));

  EXPECT_EQ(CodeOf(unreadable), "bulk.refused");
  EXPECT_THAT(unreadable.body, HasSubstr(R"({"index":1,"code":"day.malformed","field":"due_on")"));
  EXPECT_THAT(unreadable.body, HasSubstr(R"({"index":2,"code":"request.field_missing")"));
  EXPECT_EQ(refused.status, 400);
  EXPECT_THAT(refused.body, HasSubstr(R"({"index":0,"code":"unit.unknown","field":"owner_unit")"));
  EXPECT_THAT(refused.body, HasSubstr(R"({"index":2,"code":"obligation.due_before_given","field":"due_on")"));
  EXPECT_THAT(refused.body, Not(HasSubstr(R"("index":1)")));
  EXPECT_EQ(town.engine().Read().seq(), before);
}

TEST(Bulk, RefusesWhatOnlyTheOthersMakeWrong) {
  Town town;
  const std::string urge = R"({"obligation":"b1","level":"reminder"})";
  const std::uint64_t before = town.engine().Read().seq();

  const ClientResponse twice = Bulk(town, "leader", "obligation.urge", urge + "," + urge);
  const ClientResponse after = Bulk(town, "leader", "obligation.urge", urge);

  EXPECT_EQ(CodeOf(twice), "bulk.refused");
  EXPECT_THAT(twice.body, HasSubstr(R"({"index":1,"code":"obligation.urged_today","field":"obligation")"));
  EXPECT_EQ(after.status, 200) << after.body;
  EXPECT_EQ(town.engine().Read().seq(), before + 2);
}

TEST(Bulk, RefusesItemsOfAnotherUnitByTheirPlace) {
  Town town;
  const ClientResponse r =
      Bulk(town, "unit_officer", "obligation.accept", R"({"obligation":"b1"},{"obligation":"b2"})");

  EXPECT_EQ(CodeOf(r), "bulk.refused");
  EXPECT_THAT(r.body, HasSubstr(R"({"index":1,"code":"access.other_unit")"));
  EXPECT_EQ(town.engine().Read().state().obligation.life[0], 0);
}

TEST(Bulk, HasBoundsAndOffersOnlyWhatMakesSense) {
  Town town;
  std::string many = R"({"obligation":"b1"})";
  for (int i = 0; i < 500; ++i) many += R"(,{"obligation":"b1"})";

  EXPECT_EQ(CodeOf(Bulk(town, "project_office", "obligation.accept", many)), "request.list_too_long");
  EXPECT_EQ(CodeOf(Bulk(town, "project_office", "obligation.accept", "")), "bulk.empty");
  EXPECT_EQ(CodeOf(Bulk(town, "project_office", "obligation.write_off", "{}")), "bulk.not_offered");
  EXPECT_EQ(CodeOf(Send(town, "leader", "POST", "/api/v1/bulk/obligation.urge", R"({"items":[]})")),
            "request.key_missing");
}

TEST(Bulk, CarriesFiveHundred) {
  Town town;
  std::string items;
  for (int i = 0; i < 500; ++i) items += (i == 0 ? "" : ",") + Task("o1");

  const ClientResponse made = Bulk(town, "project_office", "obligation.assign", items);

  EXPECT_EQ(made.status, 200) << made.body;
  EXPECT_EQ(town.engine().Read().state().obligation.size(), 503u);
  // The next commit folds what the batch left for the other side.
  town.Run(people::RegisterPerson{{"示例"}});
  EXPECT_EQ(town.engine().Read().state().obligation.size(), 503u);
}

// --- inbox and notifications -----------------------------------------------------------------------------------------

TEST(Inbox, HoldsWhatTheUnitOwesAndWhatWaitsForASecondPerson) {
  Town town;
  town.clock().Set(Instant(MakeDay(2026, 12, 1) + std::chrono::hours(1)));
  EXPECT_EQ(NumberIn(town.Get("unit_officer", "/api/v1/inbox"), "today"), 2);  // b1 of o1, b3 of o3 below it.
  EXPECT_EQ(town.Command("unit_officer", "obligation.accept", R"({"obligation":"b1"})").status, 200);
  EXPECT_EQ(town.Command("unit_officer", "obligation.report_done", R"({"obligation":"b1","effective_on":"2026-12-01"})")
                .status,
            200);

  const ClientResponse officer = town.Get("unit_officer", "/api/v1/inbox"),
                       leader = town.Get("leader", "/api/v1/inbox"), reader = town.Get("statistician", "/api/v1/inbox");

  EXPECT_EQ(NumberIn(officer, "today"), 1);
  EXPECT_EQ(NumberIn(officer, "waiting"), 0);
  EXPECT_EQ(NumberIn(leader, "waiting"), 1);
  EXPECT_THAT(leader.body, HasSubstr(R"("next":["obligation.write_off","obligation.return")"));
  EXPECT_THAT(reader.body, HasSubstr(R"("rows":[])"));
}

TEST(Notifications, AreReadUpToARecordAndNeverBack) {
  Town town;
  const ClientResponse before = town.Get("unit_officer", "/api/v1/notifications");
  EXPECT_EQ(NumberIn(before, "unread"), 2);  // From the first obligation on: b1 and b3.
  const std::string newest = std::to_string(NumberIn(before, "newest"));
  const auto read = [&](const std::string& seq) {
    return Send(town, "unit_officer", "POST", "/api/v1/notifications/read", R"({"seq":)" + seq + "}").status;
  };

  EXPECT_EQ(read(newest), 204);
  EXPECT_EQ(NumberIn(town.Get("unit_officer", "/api/v1/notifications"), "unread"), 0);
  EXPECT_EQ(read("1"), 204);
  EXPECT_EQ(read("999999999"), 204);  // Not beyond what there is: what comes next is still unread.
  EXPECT_EQ(Bulk(town, "leader", "obligation.urge", R"({"obligation":"b1","level":"warning"})").status, 200);
  const ClientResponse after = town.Get("unit_officer", "/api/v1/notifications");
  town.Stop();
  town.Start();

  EXPECT_EQ(NumberIn(after, "unread"), 1);
  EXPECT_EQ(TextIn(after, "kind"), "urged");
  EXPECT_EQ(NumberIn(town.Get("unit_officer", "/api/v1/notifications"), "unread"), 1);
  EXPECT_EQ(NumberIn(town.Get("leader", "/api/v1/notifications"), "unread"), 0);  // Nobody hears of their own acts.
}

TEST(Notifications, TellWhenABlockIsSetFallsOverdueAndIsSolved) {
  Town town;
  const auto read = [&] {
    const std::string newest = std::to_string(NumberIn(town.Get("unit_officer", "/api/v1/notifications"), "newest"));
    EXPECT_EQ(Send(town, "unit_officer", "POST", "/api/v1/notifications/read", R"({"seq":)" + newest + "}").status,
              204);
  };
  read();
  const std::uint64_t seq = town.Run(project::RaiseBlock{ProjectId{2},
                                                         project::BlockKind::land,
                                                         {"started"},
                                                         UnitId{1},
                                                         MakeDay(2026, 11, 17),
                                                         MakeDay(2026, 11, 16),
                                                         {"示例卡点"}})
                                .seq;
  const ClientResponse raised = town.Get("unit_officer", "/api/v1/notifications"),
                       inbox = town.Get("unit_officer", "/api/v1/inbox");
  read();
  const ClientResponse quiet = town.Get("unit_officer", "/api/v1/notifications");

  town.clock().Advance(std::chrono::hours(48));
  const ClientResponse overdue = town.Get("unit_officer", "/api/v1/notifications");
  read();
  const ClientResponse known = town.Get("unit_officer", "/api/v1/notifications");
  town.Stop();
  town.Start();
  const ClientResponse still = town.Get("unit_officer", "/api/v1/notifications");
  const std::string body = R"({"project":"p2","raised":)" + std::to_string(seq) + R"(,"effective_on":"2026-11-18"})";
  const ClientResponse other = town.Command("unit_officer", "project.solve_block",
                                            R"({"project":"p2","raised":1,"effective_on":"2026-11-18"})"),
                       solved = town.Command("unit_officer", "project.solve_block", body);

  EXPECT_EQ(NumberIn(raised, "unread"), 1);
  EXPECT_EQ(TextIn(raised, "kind"), "block_raised");
  EXPECT_EQ(TextIn(raised, "due_on"), "2026-11-17");
  EXPECT_THAT(inbox.body, HasSubstr(R"("kind":"block","text":"示例卡点")"));
  EXPECT_EQ(NumberIn(inbox, "week"), 1);
  EXPECT_EQ(NumberIn(quiet, "unread"), 0);
  EXPECT_EQ(NumberIn(overdue, "unread"), 1);  // Nothing was recorded: the day passed.
  EXPECT_EQ(TextIn(overdue, "kind"), "block_overdue");
  EXPECT_EQ(NumberIn(known, "unread"), 0);
  EXPECT_EQ(NumberIn(still, "unread"), 0);
  EXPECT_EQ(CodeOf(other), "access.other_unit");  // The project is another unit's; only the block is theirs.
  EXPECT_EQ(solved.status, 200) << solved.body;
  EXPECT_THAT(town.Get("unit_officer", "/api/v1/notifications").body, Not(HasSubstr("block_overdue")));
}

TEST(Notifications, AreCountedInTheFeed) {
  Town town;
  HttpClient client = town.Connect();
  ASSERT_TRUE(client.OpenStream("/api/v1/feed", town.As("unit_officer").Headers()));
  // The feed tells the newest number only, and perhaps an older one before it.
  const auto told = [&](std::uint64_t seq) {
    const std::string head = "{\"seq\":" + std::to_string(seq) + ",";
    for (;;) {
      auto event = client.NextEvent();
      if (!event || !*event) return std::string("the stream ended");
      if ((*event)->data.starts_with(head)) return (*event)->data.substr(head.size());
    }
  };
  const auto assign = [&](std::uint32_t unit) {
    return town.Run(obligation::Assign{obligation::Kind::task, {"示例"}, {}, UnitId{unit}, MakeDay(2026, 12, 1)}).seq;
  };

  EXPECT_EQ(told(town.engine().Read().seq()), "\"unread\":2}");
  EXPECT_EQ(told(assign(3)), "\"unread\":3}");
  EXPECT_EQ(told(assign(2)), "\"unread\":3}");  // Another unit's.
}

// --- the calendar ----------------------------------------------------------------------------------------------------

TEST(CalendarFeed, ShowsTheUnitsDeadlinesToWhoKnowsItsAddressUntilItIsEnded) {
  Town town;
  const ClientResponse made = Send(town, "unit_officer", "POST", "/api/v1/me/calendar", "{}");
  ASSERT_EQ(made.status, 201) << made.body;
  const std::string path = TextIn(made, "path");
  HttpClient client = town.Connect();

  const auto first = client.Get(path, {{"Accept-Language", "zh-CN"}});
  ASSERT_TRUE(first);
  ASSERT_EQ(first->status, 200) << first->body;
  EXPECT_EQ(first->Header("Content-Type"), "text/calendar; charset=utf-8");
  const auto calendar = test::ReadCalendar(first->body);
  EXPECT_EQ(calendar.fault, "");
  ASSERT_EQ(calendar.events.size(), 2u);  // b1, and b3 of the unit below; not b2 of another.
  EXPECT_EQ(calendar.events[0].Text("UID"), "b1@430299.landfall");
  EXPECT_EQ(calendar.events[0].Value("DTSTART;VALUE=DATE"), "20261201");
  EXPECT_EQ(calendar.events[0].Value("SEQUENCE"), "0");
  EXPECT_THAT(calendar.events[0].Text("SUMMARY"), HasSubstr("示例任务"));
  EXPECT_THAT(calendar.events[0].Value("URL"), HasSubstr("/obligations/b1"));
  EXPECT_EQ(calendar.events[1].Text("UID"), "b3@430299.landfall");

  // A moved deadline is the same event with a greater number.
  town.clock().Advance(std::chrono::hours(1));
  EXPECT_EQ(
      town.Command("leader", "obligation.move_deadline", R"({"obligation":"b1","due_on":"2026-12-24","remark":"示例"})")
          .status,
      200);
  const auto moved = test::ReadCalendar(client.Get(path)->body);
  EXPECT_EQ(moved.events.at(1).Text("UID"), "b1@430299.landfall");
  EXPECT_EQ(moved.events.at(1).Value("DTSTART;VALUE=DATE"), "20261224");
  EXPECT_EQ(moved.events.at(1).Value("SEQUENCE"), "1");
  EXPECT_GT(moved.events.at(1).Value("LAST-MODIFIED"), calendar.events[0].Value("LAST-MODIFIED"));

  EXPECT_EQ(Send(town, "unit_officer", "DELETE", "/api/v1/me/calendar").status, 204);
  EXPECT_EQ(CodeOf(*client.Get(path)), "calendar_feed.unknown");
}

TEST(CalendarFeed, ShowsBlocksUntilTheyAreSolved) {
  Town town;
  const std::string path = TextIn(Send(town, "unit_officer", "POST", "/api/v1/me/calendar", "{}"), "path");
  const auto raise = [&](const std::string& unit, const std::string& text) {
    const ClientResponse answer =
        town.Command("project_office", "project.raise_block",
                     R"({"project":"p1","block":"demolition","milestone":"started","effective_on":"2026-11-01",)"
                     R"("due_on":"2026-11-30","owner_unit":")" +
                         unit + R"(","text":")" + text + R"("})");
    EXPECT_EQ(answer.status, 200) << answer.body;
    return town.engine().Read().seq();
  };
  const std::uint64_t mine = raise("o3", "示例征拆");
  raise("o2", "别的单位");
  HttpClient client = town.Connect();

  const auto calendar = test::ReadCalendar(client.Get(path, {{"Accept-Language", "zh-CN"}})->body);

  EXPECT_EQ(calendar.fault, "");
  ASSERT_EQ(calendar.events.size(), 3u);
  EXPECT_EQ(calendar.events[0].Text("UID"), "block-" + std::to_string(mine) + "@430299.landfall");
  EXPECT_EQ(calendar.events[0].Value("DTSTART;VALUE=DATE"), "20261130");
  EXPECT_THAT(calendar.events[0].Text("SUMMARY"), HasSubstr("示例征拆"));
  EXPECT_THAT(calendar.events[0].Text("DESCRIPTION"), HasSubstr("征拆 · "));
  EXPECT_THAT(calendar.events[0].Value("URL"), HasSubstr("/projects/p1"));
  EXPECT_EQ(town.Command("project_office", "project.solve_block",
                         R"({"project":"p1","raised":)" + std::to_string(mine) + R"(,"effective_on":"2026-11-02"})")
                .status,
            200);
  EXPECT_EQ(test::ReadCalendar(client.Get(path)->body).events.size(), 2u);
}

TEST(CalendarFeed, EndsWithANewAddressAndWithTheAccount) {
  Town town;
  const auto make = [&] { return TextIn(Send(town, "unit_officer", "POST", "/api/v1/me/calendar", "{}"), "path"); };
  HttpClient client = town.Connect();
  const std::string old = make(), now = make();

  EXPECT_EQ(client.Get(old)->status, 404);
  EXPECT_EQ(client.Get(now)->status, 200);
  EXPECT_EQ(client.Get("/calendar/" + std::string(64, '0') + ".ics")->status, 404);
  EXPECT_EQ(client.Get("/calendar/x.ics")->status, 404);
  town.Stop();
  town.Start();
  EXPECT_EQ(town.Connect().Get(now)->status, 200);
  town.Run(admin::DisableAccount{town.account("unit_officer")});
  EXPECT_EQ(town.Connect().Get(now)->status, 404);
}

TEST(Mail, AddressIsOnesOwnAndMustBeOne) {
  Town town;
  const auto set = [&](const std::string& body) { return Send(town, "norole", "POST", "/api/v1/me/mail", body); };

  for (const char* bad : {"nobody", "@x.cn", "a@", "a b@x.cn", "a@b@c.cn", "<a@x.cn>", "甲@x.cn", "a@x.cn\\r\\nBcc: b"})
    EXPECT_EQ(set(R"({"address":")" + std::string(bad) + R"("})").status, 400) << bad;
  EXPECT_EQ(set(R"({"address":"post@example.org"})").status, 204);
  EXPECT_EQ(TextIn(town.Get("norole", "/api/v1/me"), "mail"), "post@example.org");
  EXPECT_EQ(set("{}").status, 204);
  EXPECT_THAT(town.Get("norole", "/api/v1/me").body, Not(HasSubstr("post@example.org")));
  EXPECT_THAT(town.Get("auditor", "/api/v1/audit").body, Not(HasSubstr("post@example.org")));
}

}  // namespace
}  // namespace landfall::server
