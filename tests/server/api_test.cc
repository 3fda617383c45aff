// SPDX-License-Identifier: Apache-2.0
// The API over a socket: what is asked strictly, answered once, cached truthfully, refused with a code and a sentence.
#include "server/api.h"

#include <gmock/gmock.h>
#include <signal.h>
#include <sys/wait.h>

#include <fstream>
#include <regex>
#include <set>

#include "exchange/gzip.h"
#include "server/api_shapes.h"
#include "server/api_support.h"

namespace landfall::server {
namespace {

std::string HeaderOf(const ClientResponse& response, std::string_view name) {
  return std::string(response.Header(name).value_or(""));
}

// --- Reading -------------------------------------------------------------------------------------------------------

TEST(Read, ProjectPageHoldsItsFactsAndWhereTheyStand) {
  Town town;
  const ClientResponse page = town.Get("leader", "/api/v1/projects/p1");

  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.Header("Content-Type"), "application/json");
  EXPECT_EQ(TextIn(page, "jurisdiction"), "430299");
  EXPECT_EQ(TextIn(page, "as_of"), "2026-11-16");
  EXPECT_EQ(NumberIn(page, "records"), 1);
  EXPECT_NE(page.body.find("\"investment_minor\":\"100000\""), std::string::npos);
}

TEST(Read, UnknownRepeatedAndMalformedParametersAreRefusedByName) {
  Town town;
  const auto refusal = [&](const std::string& target) {
    const ClientResponse r = town.Get("leader", target);
    EXPECT_EQ(r.status / 100, 4) << target;
    return CodeOf(r) + " " + TextIn(r, "field");
  };
  EXPECT_EQ(refusal("/api/v1/projects?staeg=signed"), "request.unknown_parameter staeg");
  EXPECT_EQ(refusal("/api/v1/projects?limit=1&limit=2"), "request.duplicate_parameter limit");
  EXPECT_EQ(refusal("/api/v1/projects?limit=501"), "request.number_out_of_range limit");
  EXPECT_EQ(refusal("/api/v1/projects?limit=ten"), "request.not_a_whole_number limit");
  EXPECT_EQ(refusal("/api/v1/projects?light=blue"), "request.unknown_choice light");
  EXPECT_EQ(refusal("/api/v1/projects?sort=-colour"), "request.unknown_choice sort");
  EXPECT_EQ(refusal("/api/v1/projects?contradicting=yes"), "request.not_a_bool contradicting");
  EXPECT_EQ(refusal("/api/v1/projects?as_of=2026-02-30"), "day.malformed as_of");
  EXPECT_EQ(refusal("/api/v1/projects?known_at=yesterday"), "known_at.malformed known_at");
  EXPECT_EQ(refusal("/api/v1/projects?known_at=99999"), "known_at.beyond_ledger known_at");
  EXPECT_EQ(refusal("/api/v1/projects?known_at=2020-01-01"), "known_at.before_ledger known_at");
  EXPECT_EQ(refusal("/api/v1/projects?unit=o99"), "unit.unknown unit");
  EXPECT_EQ(refusal("/api/v1/projects?unit=p1"), "id.malformed unit");
  EXPECT_EQ(refusal("/api/v1/projects?cursor=nonsense"), "request.bad_cursor cursor");
  EXPECT_EQ(refusal("/api/v1/projects/88"), "id.malformed id");
  EXPECT_EQ(refusal("/api/v1/projects/p99"), "project.unknown id");
  EXPECT_EQ(refusal("/api/v1/entries/0"), "request.number_out_of_range id");
  EXPECT_EQ(refusal("/api/v1/units?ledger=999999"), "ledger.unknown ledger");
  EXPECT_EQ(refusal("/api/v1/nothing"), "request.no_such_address ");
}

// Every id of a list, page by page; each must come once.
std::vector<std::string> WalkIds(Town& town, const std::string& target) {
  std::vector<std::string> ids;
  std::string cursor;
  for (int pages = 0; pages < 100; ++pages) {
    std::string escaped;
    for (const char c : cursor) escaped += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    const ClientResponse page = town.Get("leader", target + (cursor.empty() ? "" : "&cursor=" + escaped));
    EXPECT_EQ(page.status, 200) << page.body;
    simdjson::dom::parser parser;
    const simdjson::padded_string bytes(page.body);
    const simdjson::dom::element root(parser.parse(bytes));
    for (const simdjson::dom::element row : simdjson::dom::array(root["rows"])) {
      std::string_view id;
      if (row["id"].get_string().get(id) == simdjson::SUCCESS)
        ids.emplace_back(id);
      else
        ids.push_back(std::to_string(std::int64_t(row["seq"])));
    }
    std::string_view next;
    if (root["next_cursor"].get_string().get(next) != simdjson::SUCCESS) return ids;
    cursor = next;
  }
  ADD_FAILURE() << "no end of " << target;
  return ids;
}

TEST(Read, CursorsWalkWholeListsExactlyOnce) {
  Town town;
  for (int i = 0; i < 57; ++i)
    town.Run(project::RegisterProject{{"示例项目 " + std::to_string(i % 7)},
                                      {"plain"},
                                      std::nullopt,
                                      UnitId{1},
                                      std::nullopt,
                                      std::nullopt,
                                      i % 3 == 0 ? std::nullopt : std::optional(Money::FromMinor(i % 5))});

  for (const std::string sort :
       {"code", "-title", "investment", "-investment", "funds", "next_due", "light", "stage"}) {
    const std::vector<std::string> ids = WalkIds(town, "/api/v1/projects?limit=8&sort=" + sort);
    EXPECT_EQ(ids.size(), 60u) << sort;
    EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), 60u) << sort;
  }
  const std::vector<std::string> seqs = WalkIds(town, "/api/v1/entries?limit=11");
  EXPECT_EQ(seqs.size(), town.engine().Read().seq());
  EXPECT_EQ(std::set<std::string>(seqs.begin(), seqs.end()).size(), seqs.size());
  EXPECT_EQ(WalkIds(town, "/api/v1/projects/p1/entries?limit=1").size(), 1u);
}

TEST(Read, LongAnswersAreCompressedForThoseWhoTakeGzip) {
  Town town;
  const SignedIn who = town.As("leader");
  HttpClient client = town.Connect();
  const auto get = [&](const std::string& target, std::vector<Field> more) {
    std::vector<Field> headers = who.Headers();
    headers.insert(headers.end(), more.begin(), more.end());
    return *client.Get(target, headers);
  };
  const ClientResponse plain = get("/api/v1/commands", {});
  const ClientResponse unwanted = get("/api/v1/commands", {{"Accept-Encoding", "br, gzip;q=0"}});
  const ClientResponse packed = get("/api/v1/commands", {{"Accept-Encoding", "gzip, deflate, br"}});
  ASSERT_EQ(plain.status, 200);
  EXPECT_EQ(unwanted.body, plain.body);
  EXPECT_EQ(HeaderOf(plain, "Content-Encoding"), "");
  EXPECT_EQ(HeaderOf(packed, "Content-Encoding"), "gzip");
  EXPECT_EQ(HeaderOf(packed, "Vary"), "Accept-Encoding");
  EXPECT_EQ(HeaderOf(packed, "Content-Type"), HeaderOf(plain, "Content-Type"));
  EXPECT_LT(packed.body.size() * 4, plain.body.size());
  const std::string file = town.folder() + "/answer.gz";
  std::ofstream(file, std::ios::binary) << packed.body;
  EXPECT_EQ(ReadFileMaybeGzip(file, plain.body.size()).value(), plain.body);

  // The same facts: either form's tag is an answer to the other's reader.
  EXPECT_EQ(HeaderOf(packed, "ETag"), "W/" + HeaderOf(plain, "ETag"));
  EXPECT_EQ(get("/api/v1/commands", {{"Accept-Encoding", "gzip"}, {"If-None-Match", HeaderOf(packed, "ETag")}}).status,
            304);
  // What nobody may keep stays plain, however long.
  const ClientResponse session = get("/api/v1/session", {{"Accept-Encoding", "gzip"}});
  EXPECT_EQ(HeaderOf(session, "Cache-Control"), "no-store");
  EXPECT_EQ(HeaderOf(session, "Content-Encoding"), "");
}

TEST(Read, TagAnswersNotModifiedUntilSomethingIsCommitted) {
  Town town;
  for (const std::string target :
       {"/api/v1/board", "/api/v1/projects/p1", "/api/v1/commands", "/api/v1/entries", "/api/v1/accounts"}) {
    const std::string login = target == "/api/v1/accounts" ? "auditor" : "project_office";
    const SignedIn who = town.As(login);
    HttpClient client = town.Connect();
    const auto get = [&](const std::string& tag) {
      std::vector<Field> headers = who.Headers();
      if (!tag.empty()) headers.push_back({"If-None-Match", tag});
      return *client.Get(target, headers);
    };
    const ClientResponse first = get("");
    ASSERT_EQ(first.status, 200) << target;
    EXPECT_EQ(HeaderOf(first, "Cache-Control"), "private, no-cache");
    const std::string tag = HeaderOf(first, "ETag");
    const ClientResponse same = get(tag);
    EXPECT_EQ(same.status, 304) << target;
    EXPECT_EQ(same.body, "");

    town.Run(admin::CreateAccount{{"new" + std::to_string(town.engine().Read().seq())}, {"示例"}, std::nullopt});

    // What an account may send is not changed by another account's birth.
    EXPECT_EQ(get(tag).status, target == "/api/v1/commands" ? 304 : 200) << target;
  }
}

TEST(Read, TagOfOneAccountOrDayIsNotAnothers) {
  Town town;
  const std::string tag = HeaderOf(town.Get("leader", "/api/v1/board"), "ETag");
  EXPECT_EQ(town.Get("leader", "/api/v1/board", {{"If-None-Match", tag}}).status, 304);
  EXPECT_EQ(town.Get("supervisor", "/api/v1/board", {{"If-None-Match", tag}}).status, 200);
  EXPECT_EQ(town.Get("norole", "/api/v1/board", {{"If-None-Match", tag}}).status, 403);
  town.clock().Advance(std::chrono::hours(20));
  EXPECT_EQ(town.Get("leader", "/api/v1/board", {{"If-None-Match", tag}}).status, 200);
}

TEST(Read, PastIsAnsweredAsItWasKnownBySeqAndByDay) {
  Town town;
  const std::uint64_t before = town.engine().Read().seq();
  town.clock().Advance(std::chrono::hours(48));
  town.Run(project::ReachMilestone{ProjectId{1}, {"signed"}, MakeDay(2026, 11, 10), std::nullopt});

  const ClientResponse now = town.Get("leader", "/api/v1/projects/p1");
  const ClientResponse by_seq = town.Get("leader", "/api/v1/projects/p1?known_at=" + std::to_string(before));
  const ClientResponse by_day = town.Get("leader", "/api/v1/projects/p1?known_at=2026-11-16");

  EXPECT_EQ(TextIn(now, "stage"), "signed");
  EXPECT_EQ(TextIn(by_seq, "stage"), "");
  EXPECT_EQ(NumberIn(by_seq, "known_at"), static_cast<std::int64_t>(before));
  EXPECT_EQ(NumberIn(by_seq, "ledger_size"), static_cast<std::int64_t>(before) + 1);
  EXPECT_EQ(NumberIn(by_seq, "records"), 1);
  EXPECT_EQ(by_day.body, by_seq.body);
  EXPECT_EQ(TextIn(town.Get("leader", "/api/v1/projects/p1?known_at=2026-11-18"), "stage"), "signed");
  EXPECT_EQ(TextIn(town.Get("leader", "/api/v1/projects/p1?as_of=2026-11-09"), "stage"), "");
}

TEST(Read, OwnReachSeesOwnUnitAndThoseBelowOnly) {
  Town town;
  const ClientResponse list = town.Get("unit_officer", "/api/v1/projects");
  EXPECT_EQ(NumberIn(list, "total"), 2);
  EXPECT_EQ(list.body.find("\"P-2\""), std::string::npos);
  EXPECT_EQ(NumberIn(town.Get("unit_officer", "/api/v1/board"), "projects"), 2);
  const ClientResponse obligations = town.Get("unit_officer", "/api/v1/obligations?state=all");
  EXPECT_EQ(obligations.body.find("\"b2\""), std::string::npos);
  EXPECT_NE(obligations.body.find("\"b3\""), std::string::npos);
}

TEST(Read, EveryGetOfTheTableAnswersWhoMayEverything) {
  Town town;
  for (const std::string target :
       {"/api/v1/board", "/api/v1/projects", "/api/v1/projects/p1/entries", "/api/v1/obligations", "/api/v1/figures",
        "/api/v1/figures/signed_count", "/api/v1/entries?subject=project/p1", "/api/v1/entries/1/proof",
        "/api/v1/checkpoint", "/api/v1/units", "/api/v1/regions", "/api/v1/enterprises?q=示例", "/api/v1/posts",
        "/api/v1/persons", "/api/v1/ladders", "/api/v1/batches"}) {
    std::string escaped;
    for (const char c : std::string(target))
      escaped += static_cast<unsigned char>(c) < 0x80 ? std::string(1, c)
                                                      : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    const ClientResponse response = town.Get("project_office", escaped);
    EXPECT_EQ(response.status, 200) << target << " " << response.body;
    EXPECT_NE(HeaderOf(response, "ETag"), "") << target;
    EXPECT_EQ(HeaderOf(response, "X-Content-Type-Options"), "nosniff") << target;
  }
  EXPECT_NE(town.Get("project_office", "/api/v1/posts").body.find("张三"), std::string::npos);
  EXPECT_EQ(town.Get("leader", "/api/v1/posts").body.find("张三"), std::string::npos);
  EXPECT_NE(town.Get("auditor", "/api/v1/accounts").body.find("\"has_password\":false"), std::string::npos);
}

// --- Writing -------------------------------------------------------------------------------------------------------

TEST(Command, AnswersWithItsRecordAndTheSameForTheSameKeyAndBody) {
  Town town;
  const std::string key = town.NewKey();
  const std::string body = R"({"title":"示例新项目","ladder":"plain","owner_unit":"o1"})";

  const ClientResponse first = town.Command("project_office", "project.register", body, key);
  const ClientResponse again = town.Command("project_office", "project.register", body, key);
  const ClientResponse other = town.Command("project_office", "project.register",
                                            R"({"title":"另一个","ladder":"plain","owner_unit":"o1"})", key);

  ASSERT_EQ(first.status, 200) << first.body;
  EXPECT_NE(first.body.find("\"ids\":[\"p4\"],\"repeated\":false"), std::string::npos) << first.body;
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(NumberIn(again, "seq"), NumberIn(first, "seq"));
  EXPECT_NE(again.body.find("\"ids\":[\"p4\"],\"repeated\":true"), std::string::npos) << again.body;
  EXPECT_EQ(other.status, 409);
  EXPECT_EQ(CodeOf(other), "request.key_reused");
  EXPECT_EQ(NumberIn(town.Get("leader", "/api/v1/projects"), "total"), 4);
}

TEST(Command, WhatIsMissingUnknownOrMalformedIsRefusedByName) {
  Town town;
  const auto refusal = [&](const std::string& name, const std::string& body, const std::string& key = {}) {
    const ClientResponse r = town.Command("project_office", name, body, key);
    return std::to_string(r.status) + " " + CodeOf(r) + " " + TextIn(r, "field");
  };
  const std::string good = R"({"project":"p1","title":"示例"})";
  EXPECT_EQ(refusal("project.fly", good), "404 command.unknown id");
  EXPECT_EQ(refusal("project.rename", "{"), "400 request.malformed_json ");
  EXPECT_EQ(refusal("project.rename", R"({"project":"p1"})"), "400 request.field_missing title");
  EXPECT_EQ(refusal("project.rename", R"({"project":"p1","title":"x","colour":"red"})"),
            "400 request.unknown_field colour");
  EXPECT_EQ(refusal("project.rename", R"({"project":1,"title":"x"})"), "400 request.not_a_string project");
  EXPECT_EQ(refusal("project.rename", R"({"project":"p99","title":"x"})"), "404 project.unknown project");
  EXPECT_EQ(refusal("project.rename", good, "not-a-uuid"), "400 request.key_not_uuid_v7 ");
  town.clock().Advance(std::chrono::hours(24 * 8));
  EXPECT_EQ(refusal("project.rename", good, "019a0000-0000-7000-8000-000000000000"), "400 request.key_out_of_window ");

  std::vector<Field> headers = town.As("project_office").Headers();
  EXPECT_EQ(CodeOf(*town.Connect().Send("POST", "/api/v1/commands/project.rename", headers, good)),
            "request.key_missing");
  EXPECT_EQ(CodeOf(*town.Connect().Get("/api/v1/commands/project.rename", headers)), "request.other_method");
  EXPECT_EQ(HeaderOf(*town.Connect().Get("/api/v1/commands/project.rename", headers), "Allow"), "POST");
}

TEST(Command, BodyOverTheLimitIsRefused) {
  Town town;
  const std::string body = R"({"project":"p1","title":")" + std::string(kCommandBytesMax, 'x') + "\"}";
  const ClientResponse response = town.Command("project_office", "project.rename", body);
  EXPECT_EQ(response.status, 413);
  EXPECT_EQ(CodeOf(response), "http.too_large");
}

TEST(Command, TextWithASecrecyMarkingIsRefusedAndNowhereKept) {
  Town town;
  const std::string text = "机密★十年 某某基地扩建";
  const ClientResponse refused =
      town.Command("project_office", "project.rename", R"({"project":"p1","title":")" + text + "\"}");
  std::string escaped;
  for (const char c : text) escaped += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  const ClientResponse search = town.Get("leader", "/api/v1/projects?q=" + escaped);

  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(CodeOf(refused), "text.classified");
  EXPECT_EQ(TextIn(refused, "field"), "title");
  EXPECT_EQ(CodeOf(search), "text.classified");
  EXPECT_EQ(refused.body.find("某某基地"), std::string::npos);
  EXPECT_EQ(town.log().find("某某基地"), std::string::npos);
  town.Stop();
  int files = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator(town.folder())) {
    if (!file.is_regular_file()) continue;
    std::ifstream in(file.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    EXPECT_EQ(bytes.find("某某基地"), std::string::npos) << file.path();
    ++files;
  }
  EXPECT_GE(files, 3);
}

TEST(Command, TableTellsFieldsWithFormatsAndWhatTheAccountMaySend) {
  Town town;
  const ClientResponse office = town.Get("project_office", "/api/v1/commands"),
                       leader = town.Get("leader", "/api/v1/commands");
  const std::string rename = R"("name":"project.rename","permission":"project.write","scope":"project","allowed":)";
  EXPECT_NE(office.body.find(rename + "true"), std::string::npos);
  EXPECT_NE(leader.body.find(rename + "false"), std::string::npos);
  EXPECT_NE(
      office.body.find(R"("name":"batch.complete","permission":"import.run","scope":"jurisdiction","allowed":false)"),
      std::string::npos);
  EXPECT_NE(office.body.find(R"("x-id":"project")"), std::string::npos);
  EXPECT_EQ(office.body.find("$ref"), std::string::npos);
  simdjson::dom::parser parser;
  EXPECT_EQ(parser.parse(simdjson::padded_string(office.body)).error(), simdjson::SUCCESS);
}

// --- Refusals ------------------------------------------------------------------------------------------------------

TEST(Problem, HasItsShapeAndSpeaksTheClientsLanguage) {
  Town town;
  const ClientResponse english = town.Get("leader", "/api/v1/persons");
  const ClientResponse chinese = town.Get("leader", "/api/v1/persons", {{"Accept-Language", "zh-CN,zh;q=0.9"}});

  EXPECT_EQ(english.status, 403);
  EXPECT_EQ(english.Header("Content-Type"), "application/problem+json");
  EXPECT_EQ(english.Header("Cache-Control"), "no-store");
  app::Problem problem;
  ASSERT_TRUE(ScanJson(english.body, problem)) << english.body;
  EXPECT_EQ(problem.type, "about:blank");
  EXPECT_EQ(problem.status, 403);
  EXPECT_EQ(problem.code, "access.denied");
  EXPECT_EQ(problem.title, app::SentenceOf("access.denied", app::Language::kEn));
  EXPECT_EQ(TextIn(chinese, "title"), app::SentenceOf("access.denied", app::Language::kZh));
  EXPECT_EQ(HeaderOf(chinese, "Content-Language"), "zh-CN");
}

TEST(Problem, EveryCodeOfServerAndAccessHasASentenceInBothLanguages) {
  const std::regex pattern(R"re((?:Invalid|NotFound|Conflict|Forbidden|Unavailable)\(\s*"([a-z_]+\.[a-z0-9_]+)")re");
  int codes = 0;
  for (const std::string folder : {"server", "app"}) {
    for (const auto& file : std::filesystem::directory_iterator(std::string(LANDFALL_SOURCE_DIR) + "/src/" + folder)) {
      const std::string name = file.path().filename();
      if (folder == "app" && !name.starts_with("access_store") && !name.starts_with("policy")) continue;
      std::ifstream in(file.path());
      const std::string source{std::istreambuf_iterator<char>(in), {}};
      for (std::sregex_iterator it(source.begin(), source.end(), pattern), end; it != end; ++it) {
        const std::string code = (*it)[1];
        if (code.starts_with("http_client.")) continue;
        EXPECT_NE(app::SentenceOf(code, app::Language::kZh), "") << code;
        EXPECT_NE(app::SentenceOf(code, app::Language::kEn), "") << code;
        ++codes;
      }
    }
  }
  EXPECT_GT(codes, 40);
}

// --- Evidence ------------------------------------------------------------------------------------------------------

TEST(Blob, ComesBackAsAFileWhoseTypeItsBytesTell) {
  Town town;
  const std::vector<Field> headers = town.As("unit_officer").Headers();
  const auto put = [&](const std::string& bytes) {
    return *town.Connect().Send("POST", "/api/v1/blobs", headers, bytes);
  };
  const std::string pdf = "%PDF-1.7\nan invented contract\nstartxref\n0\n%%EOF", html = "<script>alert(1)</script>";

  const ClientResponse stored = put(pdf), disguised = put(html);

  EXPECT_EQ(stored.status, 201) << stored.body;
  EXPECT_EQ(NumberIn(stored, "bytes"), static_cast<std::int64_t>(pdf.size()));
  const ClientResponse read = town.Get("leader", "/api/v1/blobs/" + TextIn(stored, "digest"));
  EXPECT_EQ(read.body, pdf);
  EXPECT_EQ(read.Header("Content-Type"), "application/pdf");
  EXPECT_TRUE(HeaderOf(read, "Content-Disposition").starts_with("attachment;"));
  EXPECT_EQ(read.Header("X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(CodeOf(disguised), "attachment.markup");
  EXPECT_EQ(CodeOf(town.Get("leader", "/api/v1/blobs/sha256:" + std::string(64, '0'))), "blob.unknown");
  EXPECT_EQ(CodeOf(town.Get("leader", "/api/v1/blobs/sha256:00")), "digest.malformed");
  EXPECT_EQ(CodeOf(put("")), "blob.empty");
}

TEST(Blob, MayBeLargerThanACommand) {
  Town town;
  const auto stored = town.Connect().Send("POST", "/api/v1/blobs", town.As("project_office").Headers(),
                                          std::string(kCommandBytesMax * 8, 'x'));
  ASSERT_TRUE(stored);
  EXPECT_EQ(stored->status, 201) << stored->body;
}

// --- The feed ------------------------------------------------------------------------------------------------------

TEST(Feed, TellsTheNumberAtOnceAndAfterACommit) {
  Town town;
  const std::uint64_t before = town.engine().Read().seq();
  HttpClient client = town.Connect();
  ASSERT_TRUE(client.OpenStream("/api/v1/feed", town.As("norole").Headers()));
  auto first = client.NextEvent();
  ASSERT_TRUE(first && *first);
  EXPECT_EQ((*first)->event, "committed");
  EXPECT_EQ((*first)->data, "{\"seq\":" + std::to_string(before) + ",\"unread\":0}");

  for (int i = 0; i < 40; ++i) town.Run(people::RegisterPerson{{"示例"}});

  // Coalesced: fewer events than commits, the newest number at last.
  const std::string last = "{\"seq\":" + std::to_string(before + 40) + ",\"unread\":0}";
  int events = 0;
  for (; events < 40; ++events) {
    auto event = client.NextEvent();
    ASSERT_TRUE(event && *event);
    if ((*event)->data == last) break;
  }
  EXPECT_LT(events, 39);
}

TEST(Feed, EndsWithTheSession) {
  Town town;
  const SignedIn who = town.As("leader");
  HttpClient client = town.Connect();
  ASSERT_TRUE(client.OpenStream("/api/v1/feed", who.Headers()));
  ASSERT_TRUE(client.NextEvent());
  ASSERT_EQ(town.Connect().Send("DELETE", "/api/v1/session", who.Headers())->status, 204);

  town.Run(people::RegisterPerson{{"示例"}});

  auto event = client.NextEvent();
  while (event && *event && (*event)->comment) event = client.NextEvent();
  EXPECT_TRUE(event && !*event);
}

// --- The rest ------------------------------------------------------------------------------------------------------

TEST(Service, OpenAnswersNeedNoLogin) {
  Town town;
  HttpClient client = town.Connect();
  const auto health = client.Get("/healthz"), ledgers = client.Get("/api/v1/ledgers"),
             labels = client.Get("/api/v1/labels/zh-CN"), metrics = client.Get("/metrics");

  EXPECT_NE(health->body.find("\"ok\":true"), std::string::npos);
  EXPECT_NE(ledgers->body.find("\"name\":\"示例县\""), std::string::npos);
  simdjson::dom::parser parser;
  const simdjson::padded_string bytes(labels->body);
  EXPECT_NE(parser.parse(bytes)["errors"]["session.csrf"].get_string().value(), "");
  EXPECT_NE(parser.parse(bytes)["commands"]["project.register"].get_string().value(), "");
  EXPECT_NE(metrics->body.find("landfall_entries{ledger=\"430299\"}"), std::string::npos);
  EXPECT_NE(metrics->body.find("process_resident_memory_bytes"), std::string::npos);
}

TEST(Service, MetricsAreForTheMachineItselfNotForWhoComesThroughTheProxy) {
  Town town;
  const auto response = town.Connect().Get("/metrics", {{"X-Forwarded-For", "203.0.113.9"}});
  EXPECT_EQ(response->status, 403);
  EXPECT_EQ(CodeOf(*response), "access.loopback_only");
}

TEST(Service, PageHasAPolicyWithAFreshNonceAndUnknownFilesAreNotPages) {
  Town town;
  HttpClient client = town.Connect();
  const auto one = client.Get("/"), two = client.Get("/projects/p1"), file = client.Get("/assets/none.js");

  EXPECT_EQ(one->status, 200);
  EXPECT_EQ(two->status, 200);
  const std::string policy = HeaderOf(*one, "Content-Security-Policy");
  for (const std::string part :
       {"default-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'", "'nonce-"})
    EXPECT_NE(policy.find(part), std::string::npos) << part;
  EXPECT_NE(policy, HeaderOf(*two, "Content-Security-Policy"));
  EXPECT_EQ(one->body.find("{{CSP_NONCE}}"), std::string::npos);
  EXPECT_EQ(file->status, 404);
  EXPECT_EQ(client.Send("POST", "/", {}, "x")->status, 405);
}

TEST(Service, RequestThatRunsIsAnsweredWhileTheServerDrains) {
  Town town;
  // Given a password check under way: some 35 ms on a worker.
  ASSERT_TRUE(town.access().SetPassword(town.account("leader"), "leader", kGoodPassword));
  HttpClient client = town.Connect();
  const std::string body = R"({"login":"leader","password":")" + std::string(kGoodPassword) + "\"}";
  ASSERT_TRUE(
      client.SendRaw("POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: " +
                     std::to_string(body.size()) + "\r\n\r\n" + body));
  ASSERT_TRUE(Eventually([&] { return town.service().metrics().live_requests > 0; }));

  const bool clean = town.service().Stop();

  EXPECT_TRUE(clean);
  const auto response = client.Receive();
  ASSERT_TRUE(response) << response.error().code;
  EXPECT_EQ(response->status, 200);
}

TEST(Service, ProcessPrintsItsAddressDrainsOnSigtermAndExitsWithZero) {
  Town town;
  town.Stop();
  int out[2];
  ASSERT_EQ(::pipe(out), 0);
  const std::string binary = std::string(LANDFALL_BINARY_DIR) + "/landfall", folder = town.ledger();
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(out[1], 1);
    ::close(out[0]);
    ::execl(binary.c_str(), "landfall", "serve", folder.c_str(), "--listen", "127.0.0.1:0", nullptr);
    ::_exit(127);
  }
  ::close(out[1]);
  std::string line;
  for (char c = 0; ::read(out[0], &c, 1) == 1 && c != '\n';) line += c;
  ASSERT_TRUE(line.starts_with("http://127.0.0.1:")) << line;
  auto client = HttpClient::Connect("127.0.0.1", static_cast<std::uint16_t>(std::stoi(line.substr(17))), seconds(20));
  ASSERT_TRUE(client);
  EXPECT_EQ(client->Get("/healthz")->status, 200);

  ::kill(child, SIGTERM);

  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  ::close(out[0]);
}

TEST(Service, SeveralLedgersKeepTheirSessionsApart) {
  Town first, second_town;
  second_town.Stop();
  // Given a second ledger of another jurisdiction.
  const std::string folder = first.folder() + "/second";
  app::EngineOptions options;
  options.clock = &first.clock();
  ASSERT_TRUE(app::Engine::Create({folder}, {{"430298"}, {"示例二县"}, {"CNY"}, {480}, {"t"}}, options));
  const SignedIn who = first.As("leader");
  first.Stop();
  ServeOptions serve;
  serve.folders = {first.ledger(), folder};
  serve.port = 0;
  auto service = Service::Start(serve, options);
  ASSERT_TRUE(service) << service.error().code;
  auto client = HttpClient::Connect("127.0.0.1", (*service)->port(), seconds(20));
  ASSERT_TRUE(client);
  const auto status = [&](const std::string& ledger) {
    std::vector<Field> headers = who.Headers();
    if (!ledger.empty()) headers.push_back({"Landfall-Ledger", ledger});
    return client->Get("/api/v1/session", headers)->status;
  };

  EXPECT_EQ(status(""), 200);
  EXPECT_EQ(status("430299"), 200);
  EXPECT_EQ(status("430298"), 401);
  EXPECT_EQ(status("999999"), 404);
  serve.folders = {first.ledger(), first.ledger()};
  EXPECT_FALSE(Service::Start(serve, options));
}

TEST(Service, BrowserStaysSignedInToOneLedgerWhileItSignsInAndOutOfAnother) {
  Town first;
  ASSERT_TRUE(first.access().SetPassword(first.account("leader"), "leader", kGoodPassword));
  const std::string folder = first.folder() + "/second";
  app::EngineOptions options;
  options.clock = &first.clock();
  ASSERT_TRUE(app::Engine::Create({folder}, {{"430298"}, {"示例二县"}, {"CNY"}, {480}, {"t"}}, options));
  first.Stop();
  ServeOptions serve;
  serve.folders = {first.ledger(), folder};
  serve.port = 0;
  auto service = Service::Start(serve, options);
  ASSERT_TRUE(service) << service.error().code;
  // Given the same login in the other ledger too.
  app::Engine& second = (*service)->engine(1);
  auto made =
      second.Run(Actor::System(), first.NewKey(), admin::CreateAccount{{"leader"}, {"示例二县领导"}, std::nullopt});
  ASSERT_TRUE(made);
  ASSERT_TRUE((*service)->access(1).SetPassword(AccountId{1}, "leader", kGoodPassword));
  auto client = HttpClient::Connect("127.0.0.1", (*service)->port(), seconds(20));
  ASSERT_TRUE(client);
  std::string jar;
  std::map<std::string, std::string> csrf;
  const auto sign_in = [&](const std::string& ledger) {
    auto in =
        client->Send("POST", "/api/v1/session", {{"Content-Type", "application/json"}, {"Landfall-Ledger", ledger}},
                     R"({"login":"leader","password":")" + std::string(kGoodPassword) + "\"}");
    ASSERT_TRUE(in);
    ASSERT_EQ(in->status, 200) << in->body;
    const std::string cookie(in->Header("Set-Cookie").value_or(""));
    jar += (jar.empty() ? "" : "; ") + cookie.substr(0, cookie.find(';'));
    csrf[ledger] = TextIn(*in, "csrf");
  };
  const auto status = [&](const std::string& ledger) {
    return client->Get("/api/v1/session", {{"Cookie", jar}, {"Landfall-Ledger", ledger}})->status;
  };

  sign_in("430299");
  sign_in("430298");

  EXPECT_EQ(status("430299"), 200);
  EXPECT_EQ(status("430298"), 200);
  auto out = client->Send("DELETE", "/api/v1/session",
                          {{"Cookie", jar}, {"Landfall-Ledger", "430298"}, {"X-CSRF-Token", csrf["430298"]}}, "");
  ASSERT_TRUE(out);
  EXPECT_EQ(out->status, 204);
  const std::string gone(out->Header("Set-Cookie").value_or(""));
  EXPECT_NE(jar.find(gone.substr(0, gone.find('='))), std::string::npos) << gone;
  EXPECT_EQ(status("430298"), 401);
  EXPECT_EQ(status("430299"), 200);
}

}  // namespace
}  // namespace landfall::server
