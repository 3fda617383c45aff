// SPDX-License-Identifier: Apache-2.0
// What the server makes of bytes: targets, fields, static files; requests good and bad against a client that says what
// no browser would.
#include "server/http.h"

#include <atomic>
#include <mutex>
#include <numeric>
#include <stdexcept>

#include "server/http_support.h"

namespace landfall::server {
namespace {

// --- Without a socket ---------------------------------------------------------------------------------------------

TEST(HttpTarget, DecodesPathAndQueryOnce) {
  const auto target = ParseTarget("/v1/%E9%A1%B9%E7%9B%AE/a%20b?q=%E5%B7%B1+x&q=2&flag&=v&text=a%0Ab", 10);

  ASSERT_TRUE(target);
  EXPECT_EQ(target->path, "/v1/项目/a b");
  ASSERT_EQ(target->query.size(), 5u);
  EXPECT_EQ(target->query[0].value, "己 x");
  EXPECT_EQ(target->query[1].name, "q");
  EXPECT_EQ(target->query[2].name, "flag");
  EXPECT_EQ(target->query[3].name, "");
  EXPECT_EQ(target->query[4].value, "a\nb");
}

TEST(HttpTarget, AcceptsTheAbsoluteFormAndADoublyEncodedPercent) {
  EXPECT_EQ(ParseTarget("http://county.example/a?b=1", 10)->path, "/a");
  EXPECT_EQ(ParseTarget("/a/%252e%252e/b", 10)->path, "/a/%2e%2e/b");
  EXPECT_EQ(ParseTarget("/a/...", 10)->path, "/a/...");
}

TEST(HttpTarget, RefusesWhatTwoReadersCouldUnderstandDifferently) {
  for (const std::string_view text :
       {"/..%2f",  "/a/../b", "/a/%2e%2e/b", "/%2E",        "/a/.",          "/a%5cb",     "/a\\b",
        "/a%00b",  "/a%0Ab",  "/a%7f",       "/%ff",        "/%c0%af",       "/%ed%a0%80", "/%f4%90%80%80",
        "/%e9%a1", "/%",      "/%4",         "/%zz",        "/\xE9\xA1\xB9", "a",          "",
        "*",       "http://", "http:///a",   "http://host", "/a#b",          "/a?q=%ff",   "/a?q=%0",
        "/a?q=%00"}) {
    const auto target = ParseTarget(text, 10);
    ASSERT_FALSE(target) << text;
    EXPECT_EQ(target.error().code, "http.bad_target") << text;
  }
}

TEST(HttpTarget, RefusesMoreParametersThanAllowed) {
  EXPECT_TRUE(ParseTarget("/?a&b&c", 3));
  EXPECT_EQ(ParseTarget("/?a&b&c&d", 3).error().code, "http.target_too_long");
}

TEST(HttpRequest, FindsHeadersWithoutCaseAndCookiesByExactName) {
  Request request;
  request.headers = {{"X-One", "1"}, {"Cookie", "sid2=no; sid=\"abc=\"; sid=later"}, {"cookie", "theme=dark"}};
  request.query = {{"a", "1"}, {"a", "2"}};

  EXPECT_EQ(request.Header("x-oNE"), "1");
  EXPECT_EQ(request.Header("x-two"), std::nullopt);
  EXPECT_EQ(request.Cookie("sid"), "abc=");
  EXPECT_EQ(request.Cookie("theme"), "dark");
  EXPECT_EQ(request.Cookie("id"), std::nullopt);
  EXPECT_EQ(request.Query("a"), "1");
  EXPECT_EQ(request.Query("b"), std::nullopt);
}

TEST(HttpProblem, CarriesStatusCodeAndEscapedField) {
  const Response problem = Problem(Conflict("project.land_not_delivered", "secret detail", "rows[\"x\n\"]"));

  EXPECT_EQ(problem.status, 409);
  EXPECT_EQ(problem.content_type, "application/problem+json");
  EXPECT_EQ(problem.body,
            R"({"type":"about:blank","title":"Conflict","status":409,"code":"project.land_not_delivered",)"
            R"("field":"rows[\"x\u000a\"]"})");
}

TEST(HttpCookies, AreSetWithSafeAttributesAndInvalidOnesAreABug) {
  Response response;

  AddCookie(response, "sid", "abc", {.path = "/api", .max_age = seconds(60), .same_site = "Strict"});

  EXPECT_EQ(response.headers[0].value, "sid=abc; Path=/api; Max-Age=60; HttpOnly; Secure; SameSite=Strict");
  EXPECT_DEATH(AddCookie(response, "sid", "a;b"), "CHECK");
}

TEST(StaticAssets, ChooseTheFormTheClientPrefers) {
  const StaticAsset asset = MakeStaticAsset("assets/app.js", "plain bytes", "gzip bytes", "no-cache");
  struct Case {
    std::string_view accept;
    bool gzip;
  };
  for (const Case& c : {Case{"gzip", true},
                        {"GZip;q=0.5, br", true},
                        {"*", true},
                        {"deflate, *;q=0.1", true},
                        {"", false},
                        {"br", false},
                        {"gzip;q=0", false},
                        {"gzip;q=0.000", false},
                        {"*;q=0", false},
                        {"gzip;q=0, *", false},
                        {"gzip;q=0.4, identity;q=0.8", false},
                        {"identity;q=0.2,gzip;q=0.8", true},
                        {"gzip;q=9", false},
                        {"gzip;q=", false},
                        {"gzip;q=0.12345", false},
                        {"xgzip", false}}) {
    Request request;
    if (!c.accept.empty()) request.headers.push_back({"Accept-Encoding", std::string(c.accept)});

    const Response response = ServeStatic(asset, request);

    EXPECT_EQ(response.content(), c.gzip ? "gzip bytes" : "plain bytes") << c.accept;
    EXPECT_EQ(response.content_type, "text/javascript; charset=utf-8");
  }
}

TEST(StaticAssets, AnswerNotModifiedPerForm) {
  const StaticAsset asset = MakeStaticAsset("a.css", "plain", "zipped", "no-cache");
  const StaticAsset other = MakeStaticAsset("a.css", "plain2", "zipped", "no-cache");
  const auto status = [&](std::string_view if_none_match, std::string_view accept) {
    Request request;
    request.headers = {{"If-None-Match", std::string(if_none_match)}, {"Accept-Encoding", std::string(accept)}};
    return ServeStatic(asset, request).status;
  };

  EXPECT_NE(asset.etag, other.etag);
  EXPECT_EQ(status(asset.etag, "identity"), 304);
  EXPECT_EQ(status(asset.gzip_etag, "identity"), 200);
  EXPECT_EQ(status("\"x\", W/" + asset.gzip_etag, "gzip"), 304);
  EXPECT_EQ(status("*", "gzip"), 304);
  EXPECT_EQ(status(other.etag, "identity"), 200);
  EXPECT_EQ(status("", "identity"), 200);
}

TEST(StaticAssets, KnowTheTypesOfOurFiles) {
  EXPECT_EQ(MimeTypeOf("index.HTML"), "text/html; charset=utf-8");
  EXPECT_EQ(MimeTypeOf("fonts/a.b.woff2"), "font/woff2");
  EXPECT_EQ(MimeTypeOf("dir.js/LICENSE"), "application/octet-stream");
}

TEST(WorkerPool, RefusesWhenFullAndSurvivesAThrowingWork) {
  std::mutex gate;
  std::atomic<int> ran = 0;
  std::atomic<bool> busy = false;
  {
    std::unique_lock closed(gate);
    WorkerPool pool(1, 2);
    ASSERT_TRUE(pool.Post([&] {
      busy = true;
      const std::lock_guard wait(gate);
      throw std::runtime_error("work failed");
    }));
    ASSERT_TRUE(Eventually([&] { return busy.load(); }));

    EXPECT_TRUE(pool.Post([&] { ++ran; }));
    EXPECT_TRUE(pool.Post([&] { ++ran; }));
    EXPECT_FALSE(pool.Post([&] { ++ran; }));
    EXPECT_EQ(pool.queued(), 2u);
    closed.unlock();
  }

  EXPECT_EQ(ran, 2);
}

// --- Requests -----------------------------------------------------------------------------------------------------

TEST(HttpServer, KeepsAConnectionAliveAndCountsWhatItDid) {
  TestServer server;
  HttpClient client = server.Connect();

  for (int i = 0; i < 3; ++i) {
    const auto response = client.Get(fmt::format("/n/{}?a=b", i));
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 200);
    EXPECT_EQ(response->body, fmt::format("GET /n/{} a=b", i));
    EXPECT_TRUE(response->Header("date")->ends_with(" GMT"));
    EXPECT_EQ(response->Header("connection"), std::nullopt);
  }

  ASSERT_TRUE(Eventually([&] {
    const auto& buckets = server->Read().latency_buckets;
    return std::accumulate(buckets.begin(), buckets.end(), std::uint64_t{0}) == 3;
  }));
  const Metrics metrics = server->Read();
  EXPECT_EQ(metrics.answers_by_class[2], 3u);
  EXPECT_EQ(metrics.connections_accepted, 1u);
  EXPECT_EQ(metrics.live_connections, 1u);
  EXPECT_EQ(metrics.live_requests, 0u);
  EXPECT_GT(metrics.bytes_in, 100u);
  EXPECT_GT(metrics.bytes_out, 300u);
}

TEST(HttpServer, AnswersPipelinedRequestsInOrder) {
  Desk desk;
  TestServer server(desk.Taker());
  HttpClient client = server.Connect();
  ASSERT_TRUE(
      client.SendRaw("GET /1 HTTP/1.1\r\nHost: h\r\n\r\nPOST /2 HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc"
                     "GET /3 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"));

  for (int i = 1; i <= 3; ++i) {
    const Responder responder = desk.Take();
    EXPECT_EQ(desk.size(), 0u);  // Depth one: the next is not read before this is answered.
    responder.Send(Response::Text(std::to_string(i)));
    const auto response = client.Receive();
    ASSERT_TRUE(response);
    EXPECT_EQ(response->body, std::to_string(i));
    EXPECT_EQ(response->Header("connection").has_value(), i == 3);
  }

  EXPECT_TRUE(client.WaitClosed());
}

TEST(HttpServer, UnderstandsARequestThatComesByteByByte) {
  TestServer server;
  HttpClient client = server.Connect();

  for (const char c : std::string_view("PUT /slow?x=1 HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                                       "3\r\nabc\r\n2;ext=\"v\"\r\nde\r\n0\r\nTrailer: x\r\n\r\n"))
    ASSERT_TRUE(client.SendRaw(std::string_view(&c, 1)));
  const auto response = client.Receive();

  ASSERT_TRUE(response);
  EXPECT_EQ(response->body, "PUT /slow x=1 body abcde");
}

TEST(HttpServer, AnswersHeadWithTheHeaderOfTheGet) {
  TestServer server;
  HttpClient client = server.Connect();

  const auto head = client.Send("HEAD", "/some/path");
  const auto get = client.Get("/some/path");

  ASSERT_TRUE(head && get);
  EXPECT_EQ(head->status, 200);
  EXPECT_EQ(head->Header("content-length"), std::to_string(get->body.size()));
  EXPECT_EQ(get->body, "GET /some/path");
}

TEST(HttpServer, RefusesWithAStableCodeAndCloses) {
  struct Case {
    std::string name, bytes;
    int status;
    std::string_view code;
  };
  const std::string nul(1, '\0');
  const auto get = [&](std::string_view target) { return fmt::format("GET {} HTTP/1.1\r\nHost: h\r\n\r\n", target); };
  const auto post = [&](std::string_view fields, std::string_view rest) {
    return fmt::format("POST /p HTTP/1.1\r\nHost: h\r\n{}\r\n{}", fields, rest);
  };
  std::vector<Case> cases = {
      {"garbage", "\x01\x02\x03 nonsense", 400, "http.malformed"},
      {"TLS greeting", "\x16\x03\x01\x02" + nul + "\x01" + nul + "\x01\xfc", 400, "http.malformed"},
      {"bare line feeds", "GET / HTTP/1.1\nHost: h\n\n", 400, "http.malformed"},
      {"bare carriage return", "GET / HTTP/1.1\r\nHost: h\rX: y\r\n\r\n", 400, "http.malformed"},
      {"folded header", "GET / HTTP/1.1\r\nHost: h\r\nX: a\r\n b\r\n\r\n", 400, "http.malformed"},
      {"space before colon", "GET / HTTP/1.1\r\nHost: h\r\nX : a\r\n\r\n", 400, "http.malformed"},
      {"NUL in a value", "GET / HTTP/1.1\r\nHost: h\r\nX: a" + nul + "b\r\n\r\n", 400, "http.malformed"},
      {"no colon", "GET / HTTP/1.1\r\nHost: h\r\nnonsense\r\n\r\n", 400, "http.malformed"},
      {"no host", "GET / HTTP/1.1\r\n\r\n", 400, "http.malformed"},
      {"two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400, "http.malformed"},
      {"misspelt version", "GET / HTPP/1.1\r\nHost: h\r\n\r\n", 400, "http.malformed"},
      {"two spaces", "GET  / HTTP/1.1\r\nHost: h\r\n\r\n", 400, "http.malformed"},
      {"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "http.unsupported_version"},
      {"HTTP/0.9 version", "GET / HTTP/0.9\r\nHost: h\r\n\r\n", 505, "http.unsupported_version"},
      {"TRACE", "TRACE / HTTP/1.1\r\nHost: h\r\n\r\n", 501, "http.unsupported_method"},
      {"CONNECT", "CONNECT h:80 HTTP/1.1\r\nHost: h\r\n\r\n", 501, "http.unsupported_method"},
      {"unknown method", "BREW / HTTP/1.1\r\nHost: h\r\n\r\n", 501, "http.unsupported_method"},
      {"length and chunked", post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400,
       "http.malformed"},
      {"chunked and length", post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n"), 400,
       "http.malformed"},
      {"two equal lengths", post("Content-Length: 3\r\nContent-Length: 3\r\n", "abc"), 400, "http.malformed"},
      {"two lengths in one", post("Content-Length: 3, 3\r\n", "abc"), 400, "http.malformed"},
      {"signed length", post("Content-Length: +3\r\n", "abc"), 400, "http.malformed"},
      {"negative length", post("Content-Length: -1\r\n", "abc"), 400, "http.malformed"},
      {"huge length", post("Content-Length: 99999999999999999999999\r\n", "abc"), 400, "http.malformed"},
      {"hexadecimal length", post("Content-Length: 0x3\r\n", "abc"), 400, "http.malformed"},
      {"empty length", post("Content-Length: \r\n", ""), 400, "http.malformed"},
      {"gzip transfer", post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"), 501, "http.unsupported_transfer"},
      {"identity transfer", post("Transfer-Encoding: identity\r\n", "abc"), 501, "http.unsupported_transfer"},
      {"odd chunked", post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"), 501, "http.unsupported_transfer"},
      {"chunked twice", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400,
       "http.malformed"},
      {"chunked in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, "http.malformed"},
      {"bad chunk size", post("Transfer-Encoding: chunked\r\n", "zz\r\nabc\r\n0\r\n\r\n"), 400, "http.malformed"},
      {"signed chunk size", post("Transfer-Encoding: chunked\r\n", "+3\r\nabc\r\n0\r\n\r\n"), 400, "http.malformed"},
      {"chunk without end", post("Transfer-Encoding: chunked\r\n", "3\r\nabcX0\r\n\r\n"), 400, "http.malformed"},
      {"overflowing chunk size", post("Transfer-Encoding: chunked\r\n", "FFFFFFFFFFFFFFFFF\r\nabc"), 400,
       "http.malformed"},
      {"huge chunk", post("Transfer-Encoding: chunked\r\n", "FFFFFFFFFFFFFFF0\r\nabc"), 413, "http.too_large"},
      {"second huge chunk", post("Transfer-Encoding: chunked\r\n", "3\r\nabc\r\nFFFFFFFFFFFFFFFE\r\nabc"), 413,
       "http.too_large"},
      {"large length", post("Content-Length: 2000\r\n", ""), 413, "http.too_large"},
      {"other expectation", post("Expect: miracles\r\nContent-Length: 1\r\n", "a"), 417,
       "http.unsupported_expectation"},
      {"encoded traversal", get("/..%2f"), 400, "http.bad_target"},
      {"traversal", get("/a/../../etc/passwd"), 400, "http.bad_target"},
      {"invalid UTF-8", get("/%ff%fe"), 400, "http.bad_target"},
      {"raw bytes", get("/\xE9\xA1\xB9"), 400, "http.bad_target"},
      {"asterisk", "OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", 400, "http.bad_target"},
      {"huge query", get("/?" + std::string(900, 'q')), 414, "http.target_too_long"},
      {"many parameters", get("/?a&b&c&d&e&f"), 414, "http.target_too_long"},
      {"large header", "GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(5000, 'x') + "\r\n\r\n", 431,
       "http.header_too_large"},
      {"endless header", "GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(5000, 'x'), 431, "http.header_too_large"},
      {"endless request line", "GET /" + std::string(5000, 'x'), 431, "http.header_too_large"},
      {"endless chunk extension", post("Transfer-Encoding: chunked\r\n", "3;" + std::string(90'000, 'x')), 431,
       "http.header_too_large"},
      {"endless trailer", post("Transfer-Encoding: chunked\r\n", "0\r\nX: " + std::string(90'000, 'x')), 431,
       "http.header_too_large"},
  };
  std::string many = "GET / HTTP/1.1\r\nHost: h\r\n";
  for (int i = 0; i < 40; ++i) many += fmt::format("X{}: y\r\n", i);
  cases.push_back({"many fields", many + "\r\n", 431, "http.header_too_large"});
  Limits limits;
  limits.header_bytes = 2000;
  limits.header_fields = 30;
  limits.target_bytes = 800;
  limits.query_parameters = 5;
  limits.body_bytes = 1000;
  std::atomic<int> handled = 0;
  TestServer server(
      [&](Request&& request, const Responder& responder) {
        ++handled;
        Echo(std::move(request), responder);
      },
      limits);

  for (const Case& c : cases) {
    HttpClient client = server.Connect();
    (void)client.SendRaw(c.bytes);  // The server may have refused before it has read everything.
    const auto response = client.Receive();
    ASSERT_TRUE(response) << c.name << ": " << response.error().code;
    EXPECT_EQ(response->status, c.status) << c.name;
    EXPECT_EQ(CodeOf(*response), c.code) << c.name;
    EXPECT_EQ(response->Header("content-type"), "application/problem+json") << c.name;
    EXPECT_EQ(response->Header("connection"), "close") << c.name;
    EXPECT_TRUE(client.WaitClosed()) << c.name;
  }

  EXPECT_EQ(handled, 0);
  EXPECT_TRUE(Eventually([&] { return server->Read().live_connections == 0; }));
  EXPECT_EQ(server->Read().body_bytes, 0u);
}

TEST(HttpServer, TakesWhatIsExactlyAtTheLimits) {
  Limits limits;
  limits.header_bytes = 100;
  limits.body_bytes = 10;
  TestServer server(Echo, limits);
  HttpClient client = server.Connect();
  std::string header = "POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\nX: ";
  header += std::string(100 - header.size() - 4, 'x') + "\r\n\r\n";

  ASSERT_EQ(header.size(), 100u);
  ASSERT_TRUE(client.SendRaw(header + "0123456789"));
  EXPECT_EQ(client.Receive()->body, "POST /p body 0123456789");
  ASSERT_TRUE(
      client.SendRaw("POST /p HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nA\r\n0123456789\r\n0\r\n\r\n"));
  EXPECT_EQ(client.Receive()->body, "POST /p body 0123456789");
}

TEST(HttpServer, TakesLargerBodiesWhereARouteAllowsThem) {
  Limits limits;
  limits.body_bytes = 10;
  limits.body_bytes_for = [](Method method, std::string_view path) -> std::size_t {
    return method == Method::kPut && path == "/upload" ? 3 << 20 : 0;
  };
  TestServer server(
      [](Request&& request, const Responder& responder) {
        responder.Send(Response::Text(std::to_string(request.body.size())));
      },
      limits);
  HttpClient client = server.Connect();
  const std::string large(3 << 20, 'x');

  EXPECT_EQ(client.Send("PUT", "/upload", {}, large)->body, std::to_string(large.size()));
  EXPECT_EQ(CodeOf(*client.Send("PUT", "/other", {}, large)), "http.too_large");
}

TEST(HttpServer, AsksForTheBodyWhenTheClientWaitsForThat) {
  Limits limits;
  limits.body_bytes = 10;
  TestServer server(Echo, limits);
  HttpClient client = server.Connect();

  ASSERT_TRUE(client.SendRaw("POST /p HTTP/1.1\r\nHost: h\r\nExpect: 100-Continue\r\nContent-Length: 3\r\n\r\n"));
  EXPECT_EQ(client.Receive()->status, 100);
  ASSERT_TRUE(client.SendRaw("abc"));
  EXPECT_EQ(client.Receive()->body, "POST /p body abc");

  ASSERT_TRUE(client.SendRaw("POST /p HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 11\r\n\r\n"));
  EXPECT_EQ(client.Receive()->status, 413);
}

TEST(HttpServer, BoundsTheMemoryOfAllBodiesTogether) {
  Limits limits;
  limits.body_bytes_total = 1000;
  Desk desk;
  TestServer server(desk.Taker(), limits);
  HttpClient first = server.Connect();
  ASSERT_TRUE(first.SendRaw("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 900\r\n\r\n" + std::string(900, 'x')));
  const Responder held = desk.Take();
  EXPECT_EQ(server->Read().body_bytes, 900u);

  const auto refused = server.Connect().Send("POST", "/", {}, std::string(200, 'y'));
  held.Send(Response::Empty());
  ASSERT_TRUE(first.Receive());

  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->status, 503);
  EXPECT_EQ(CodeOf(*refused), "http.overloaded");
  EXPECT_TRUE(Eventually([&] { return server->Read().body_bytes == 0; }));
}

TEST(HttpServer, SpeaksHttp10) {
  TestServer server;
  HttpClient kept = server.Connect();
  ASSERT_TRUE(kept.SendRaw("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
  EXPECT_EQ(kept.Receive()->Header("connection"), "keep-alive");
  ASSERT_TRUE(kept.SendRaw("GET /b HTTP/1.0\r\n\r\n"));
  EXPECT_EQ(kept.Receive()->body, "GET /b");

  EXPECT_TRUE(kept.WaitClosed());
}

TEST(HttpServer, ClosesAfterTheLastRequestOfAConnection) {
  Limits limits;
  limits.requests_per_connection = 2;
  TestServer server(Echo, limits);
  HttpClient client = server.Connect();

  EXPECT_EQ(client.Get("/")->Header("connection"), std::nullopt);
  EXPECT_EQ(client.Get("/")->Header("connection"), "close");
  EXPECT_TRUE(client.WaitClosed());
}

TEST(HttpServer, BelievesAProxyOnlyWhenItIsTrusted) {
  const Handler tell_peer = [](Request&& request, const Responder& responder) {
    responder.Send(Response::Text(request.peer));
  };
  TestServer proxied(tell_peer, {}, {"127.0.0.1", "10.0.0.9"});
  TestServer direct(tell_peer);
  const auto peer = [](TestServer& server, std::string value) {
    return server.Connect().Get("/", {{"X-Forwarded-For", std::move(value)}})->body;
  };

  EXPECT_EQ(peer(direct, "192.0.2.1"), "127.0.0.1");
  EXPECT_EQ(peer(proxied, "192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(peer(proxied, "6.6.6.6, 192.0.2.1 ,10.0.0.9"), "192.0.2.1");
  EXPECT_EQ(peer(proxied, "192.0.2.1, <script>"), "127.0.0.1");
  EXPECT_EQ(peer(proxied, "2001:DB8::1"), "2001:db8::1");
}

}  // namespace
}  // namespace landfall::server
