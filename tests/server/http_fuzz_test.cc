// SPDX-License-Identifier: Apache-2.0
// Mutated requests against a live server. LANDFALL_TEST_SEED repeats a failure; LANDFALL_TEST_ALL=1 runs 200,000.
#include <atomic>
#include <cstdlib>

#include "base/seam.h"
#include "server/http_support.h"
#include "support/test_data.h"

namespace landfall::server {
namespace {

TEST(HttpFuzz, MutatedRequestsNeverHangOrCrashTheServer) {
  const char* seed_text = std::getenv("LANDFALL_TEST_SEED");
  const std::uint64_t seed = seed_text != nullptr ? std::strtoull(seed_text, nullptr, 10) : 20'261'121;
  const int rounds = landfall::test::TestAll() ? 200'000 : 2'000;
  SCOPED_TRACE(fmt::format("LANDFALL_TEST_SEED={}", seed));
  SeededRandom random(seed);
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random.Next() % n); };
  const std::vector<std::string> corpus = {
      "GET /v1/a%20b?x=%E9%A1%B9&y HTTP/1.1\r\nHost: h\r\nAccept: */*\r\nCookie: a=b; c=\"d\"\r\n\r\n",
      "POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\nExpect: 100-continue\r\n\r\nhello world",
      "PUT /c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: "
      "chunked\r\n\r\n5;a=\"b\"\r\nhello\r\nA\r\n0123456789\r\n0\r\nT: u\r\n\r\n",
      "HEAD / HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET http://h/z HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: ::1, "
      "1.2.3.4\r\n\r\n",
      "GET /1 HTTP/1.1\r\nHost: h\r\n\r\nDELETE /2 HTTP/1.1\r\nHost: h\r\nConnection: close, x\r\n\r\n",
  };
  const std::vector<std::string> tokens = {"\r\n",
                                           "\n",
                                           "\r",
                                           "\r\n\r\n",
                                           " ",
                                           "\t",
                                           ":",
                                           ",",
                                           ";",
                                           "%",
                                           "%00",
                                           "%2f",
                                           "..",
                                           "Content-Length: 3\r\n",
                                           "Transfer-Encoding: chunked\r\n",
                                           "Host: x\r\n",
                                           "0\r\n\r\n",
                                           "FFFFFFFFFFFFFFFF\r\n",
                                           std::string(1, '\0'),
                                           "\xff",
                                           "HTTP/1.1",
                                           "-1",
                                           "Connection: ,\r\n"};
  Limits limits;
  limits.header_bytes = 512;
  limits.body_bytes = 64;
  std::atomic<std::uint64_t> handled = 0, wrong = 0;
  TestServer server(
      [&](Request&& request, const Responder& responder) {
        ++handled;
        // What every route relies on.
        if (request.path.empty() || request.path[0] != '/' || request.path.find("/../") != std::string::npos ||
            request.path.find('\0') != std::string::npos || request.body.size() > 64 || request.peer.empty())
          ++wrong;
        Echo(std::move(request), responder);
      },
      limits, {"127.0.0.1"});

  for (int round = 0; round < rounds; ++round) {
    std::string bytes = corpus[below(corpus.size())];
    for (std::size_t edits = 1 + below(4); edits > 0; --edits) {
      const std::size_t at = below(bytes.size() + 1);
      switch (below(6)) {
        case 0:
          bytes.insert(at, tokens[below(tokens.size())]);
          break;
        case 1:
          bytes.erase(at, 1 + below(8));
          break;
        case 2:
          if (at < bytes.size()) bytes[at] = static_cast<char>(below(256));
          break;
        case 3:
          if (at < bytes.size()) bytes[at] = static_cast<char>(bytes[at] ^ (1 << below(8)));
          break;
        case 4:
          bytes.insert(at, bytes.substr(below(bytes.size() + 1), below(40)));
          break;
        case 5:
          bytes.resize(at);
          break;
      }
    }
    HttpClient client = server.Connect();
    const std::size_t split = below(bytes.size() + 1);  // Two pieces, so that a cut falls everywhere.
    (void)client.SendRaw(std::string_view(bytes).substr(0, split));
    (void)client.SendRaw(std::string_view(bytes).substr(split));
    client.ShutdownSend();
    while (true) {
      // HEAD answers have no body: reading them as if is the client's error, and ends the round.
      const auto response = client.Receive(bytes.find("HEAD") != std::string::npos);
      if (!response) {
        ASSERT_NE(response.error().code, "http_client.timeout") << "round " << round << ": " << bytes;
        break;
      }
      ASSERT_TRUE(response->status == 100 || response->status == 200 ||
                  (response->status >= 400 && response->status <= 505))
          << "round " << round;
      ASSERT_NE(response->status, 500) << "round " << round << ": " << bytes;
    }
  }

  EXPECT_EQ(wrong, 0u);
  EXPECT_GT(handled, static_cast<std::uint64_t>(rounds) / 10);  // Else the mutations never reach past the parser.
  EXPECT_TRUE(Eventually([&] { return server->Read().live_connections == 0; }));
  EXPECT_EQ(server->Read().body_bytes, 0u);
  EXPECT_EQ(server.Connect().Get("/alive")->body, "GET /alive");
}

}  // namespace
}  // namespace landfall::server
