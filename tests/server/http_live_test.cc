// SPDX-License-Identifier: Apache-2.0
// Answers from other threads, limits in time and number, event streams, start and stop.
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <thread>

#include "server/http_support.h"
#include "server/serve.h"
#include "tests/support/ledger_fixture.h"

namespace landfall::server {
namespace {

// --- Answers ------------------------------------------------------------------------------------------------------

TEST(HttpServer, AnswersFromOtherThreadsReachTheirConnections) {
  // One thread answers whole batches, like the ledger's writer; 64 connections keep it busy.
  constexpr int kConnections = 64, kRequests = 50;
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::pair<std::string, Responder>> queue;
  bool stop = false;
  std::thread writer([&] {
    std::unique_lock lock(mutex);
    while (true) {
      changed.wait(lock, [&] { return stop || !queue.empty(); });
      if (queue.empty()) return;
      std::vector<std::pair<std::string, Responder>> batch;
      batch.swap(queue);
      lock.unlock();
      for (auto& [path, responder] : batch) EXPECT_TRUE(responder.Send(Response::Text(path)));
      batch.clear();
      lock.lock();
    }
  });
  TestServer server([&](Request&& request, Responder responder) {
    const std::lock_guard lock(mutex);
    queue.emplace_back(std::move(request.path), std::move(responder));
    changed.notify_one();
  });

  std::atomic<int> right = 0;
  std::vector<std::thread> clients;
  for (int c = 0; c < kConnections; ++c)
    clients.emplace_back([&, c] {
      HttpClient client = server.Connect();
      for (int i = 0; i < kRequests; ++i) {
        const std::string path = fmt::format("/{}/{}", c, i);
        const auto response = client.Get(path);
        if (response && response->status == 200 && response->body == path) ++right;
      }
    });
  for (std::thread& client : clients) client.join();
  {
    const std::lock_guard lock(mutex);
    stop = true;
  }
  changed.notify_one();
  writer.join();

  EXPECT_EQ(right, kConnections * kRequests);
}

TEST(HttpServer, AnswersInternalWhenAHandlerForgetsOrFails) {
  TestServer server([](Request&& request, Responder responder) {
    if (request.path == "/throw") throw std::runtime_error("handler failed");
    if (request.path == "/later") std::thread([responder] {}).detach();
    if (request.path == "/header") responder.Send({.headers = {{"X-Name", "a\r\nSet-Cookie: evil=1"}}});
    if (request.path == "/framing") responder.Send({.headers = {{"content-length", "0"}}, .body = "x"});
    if (request.path == "/type") responder.Send({.content_type = "a\nb"});
    if (request.path == "/status") responder.Send({.status = 99});
  });
  HttpClient client = server.Connect();

  for (const std::string_view path : {"/forget", "/throw", "/later", "/header", "/framing", "/type", "/status"}) {
    const auto response = client.Get(path);
    ASSERT_TRUE(response) << path;
    EXPECT_EQ(response->status, 500) << path;
    EXPECT_EQ(CodeOf(*response), "http.internal") << path;
    EXPECT_EQ(response->Header("set-cookie"), std::nullopt) << path;
  }
}

TEST(HttpServer, TakesTheFirstAnswerOnly) {
  std::atomic<int> accepted = 0;
  TestServer server([&](Request&&, const Responder& responder) {
    accepted += responder.Send(Response::Text("first"));
    accepted += responder.Send(Response::Text("second"));
    accepted += !responder.Stream().closed();
  });
  HttpClient client = server.Connect();

  EXPECT_EQ(client.Get("/")->body, "first");
  EXPECT_EQ(client.Get("/")->body, "first");
  EXPECT_EQ(accepted, 2);
}

TEST(HttpServer, SendsBytesItDoesNotOwnAndAnswersWithoutBody) {
  const auto owned = std::make_shared<const std::string>(2 << 20, 'z');
  TestServer server([&](Request&& request, const Responder& responder) {
    Response response = request.path == "/empty" ? Response::Empty() : Response::Text("not this");
    if (request.path == "/large") response.view = *owned, response.owner = owned;
    responder.Send(std::move(response));
  });
  HttpClient client = server.Connect();

  EXPECT_EQ(client.Get("/large")->body, *owned);
  const auto empty = client.Get("/empty");
  EXPECT_EQ(empty->status, 204);
  EXPECT_EQ(empty->Header("content-length"), std::nullopt);
  EXPECT_TRUE(Eventually([&] { return owned.use_count() == 1; }));
}

TEST(HttpServer, ServesStaticFilesOverTheWire) {
  const StaticAsset asset = MakeStaticAsset("index.html", "<p>plain", "gzip-bytes", "no-cache");
  TestServer server(
      [&](Request&& request, const Responder& responder) { responder.Send(ServeStatic(asset, request)); });
  HttpClient client = server.Connect();

  const auto zipped = client.Get("/", {{"Accept-Encoding", "gzip"}});
  const auto unchanged = client.Get("/", {{"Accept-Encoding", "gzip"}, {"If-None-Match", asset.gzip_etag}});
  const auto plain = client.Get("/");

  EXPECT_EQ(zipped->body, "gzip-bytes");
  EXPECT_EQ(zipped->Header("content-encoding"), "gzip");
  EXPECT_EQ(zipped->Header("vary"), "Accept-Encoding");
  EXPECT_EQ(unchanged->status, 304);
  EXPECT_EQ(unchanged->Header("etag"), asset.gzip_etag);
  EXPECT_EQ(unchanged->body, "");
  EXPECT_EQ(plain->body, "<p>plain");
}

// --- Limits in time and number ------------------------------------------------------------------------------------

Limits Hurried() {
  Limits limits;
  limits.header_timeout = limits.body_timeout = milliseconds(60);
  limits.bytes_per_second_min = 1 << 20;
  return limits;
}

// Sends `head`, then one byte at a time until the server has had enough; the status of its answer, 0 for none.
int Trickle(TestServer& server, std::string_view head, std::string_view drip) {
  HttpClient client = server.Connect();
  EXPECT_TRUE(client.SendRaw(head));
  const std::uint64_t before = server->Read().timeouts;
  const bool cut = Eventually([&] {
    (void)client.SendRaw(drip);
    return server->Read().timeouts > before;
  });
  EXPECT_TRUE(cut);
  const auto response = client.Receive();
  return response && CodeOf(*response) == "http.timeout" ? response->status : 0;
}

TEST(HttpServer, CutsRequestsThatTrickle) {
  TestServer server(Echo, Hurried());

  EXPECT_EQ(Trickle(server, "GET / HTTP/1.1\r\nHost: h\r\n", "X: y\r\n"), 408);
  EXPECT_EQ(Trickle(server, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\n", "x"), 408);
  EXPECT_EQ(Trickle(server, "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n"), 408);
}

TEST(HttpServer, ClosesIdleConnectionsWithoutAWord) {
  Limits limits;
  limits.idle_timeout = milliseconds(60);
  TestServer server(Echo, limits);
  HttpClient silent = server.Connect();
  HttpClient used = server.Connect();
  ASSERT_TRUE(used.Get("/"));

  const auto nothing = silent.Receive();

  EXPECT_EQ(nothing.error().code, "http_client.closed");
  EXPECT_TRUE(used.WaitClosed());
  EXPECT_TRUE(Eventually([&] { return server->Read().live_connections == 0; }));
  EXPECT_EQ(server->Read().timeouts, 0u);
}

TEST(HttpServer, CutsAReaderOfALargeAnswerThatStopsReading) {
  Limits limits;
  limits.write_timeout = milliseconds(60);
  limits.bytes_per_second_min = 1 << 30;
  const std::string large(64 << 20, 'x');
  TestServer server(
      [&](Request&&, const Responder& responder) {
        Response response;
        response.view = large;
        responder.Send(std::move(response));
      },
      limits);
  HttpClient client = server.Connect();
  client.SetReceiveBuffer(4096);

  ASSERT_TRUE(client.SendRaw("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));

  EXPECT_TRUE(Eventually([&] { return server->Read().timeouts == 1 && server->Read().live_connections == 0; }));
  EXPECT_LT(server->Read().bytes_out, large.size());
}

TEST(HttpServer, RefusesConnectionsOverTheLimit) {
  for (const bool per_peer : {false, true}) {
    Limits limits;
    (per_peer ? limits.connections_per_peer : limits.connections) = 2;
    TestServer server(Echo, limits);
    std::optional<HttpClient> first = server.Connect();
    HttpClient second = server.Connect();
    ASSERT_TRUE(first->Get("/") && second.Get("/"));

    HttpClient third = server.Connect();
    const auto refused = third.Receive();
    first.reset();
    ASSERT_TRUE(Eventually([&] { return server->Read().live_connections == 1; }));
    const auto welcome = server.Connect().Get("/");

    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->status, 503);
    EXPECT_EQ(CodeOf(*refused), "http.too_many_connections");
    EXPECT_EQ(server->Read().connections_refused, 1u);
    EXPECT_EQ(welcome->status, 200);
  }
}

TEST(HttpServer, DoesNotCountATrustedProxyAsOnePeer) {
  Limits limits;
  limits.connections_per_peer = 1;
  TestServer server(Echo, limits, {"127.0.0.1"});
  HttpClient first = server.Connect();
  HttpClient second = server.Connect();

  EXPECT_EQ(first.Get("/")->status, 200);
  EXPECT_EQ(second.Get("/")->status, 200);
}

// --- Event streams ------------------------------------------------------------------------------------------------

// Opens a stream for each request and keeps it for the test.
class Streams {
 public:
  Handler Opener() {
    return [this](Request&&, const Responder& responder) {
      EventStream stream = responder.Stream({{"X-Stream", "1"}});
      const std::lock_guard lock(mutex_);
      streams_.push_back(std::move(stream));
    };
  }
  EventStream Take() {
    EXPECT_TRUE(Eventually([this] {
      const std::lock_guard lock(mutex_);
      return !streams_.empty();
    }));
    const std::lock_guard lock(mutex_);
    EventStream stream = std::move(streams_.front());
    streams_.pop_front();
    return stream;
  }

 private:
  std::mutex mutex_;
  std::deque<EventStream> streams_;
};

TEST(EventStreams, CarryEventsFromAnyThreadAndKeepTheConnection) {
  Streams streams;
  TestServer server(streams.Opener());
  HttpClient client = server.Connect();
  const auto opened = client.OpenStream("/events");
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->Header("content-type"), "text/event-stream");
  EXPECT_EQ(opened->Header("x-stream"), "1");
  const EventStream stream = streams.Take();
  EXPECT_TRUE(Eventually([&] { return server->Read().live_streams == 1; }));

  std::thread sender([&] {
    EXPECT_TRUE(stream.Send("entry", "7", "line 1\nline 2"));
    EXPECT_TRUE(stream.Send("a\nb", "", ""));
    stream.Close();
    EXPECT_FALSE(stream.Send("late", "", ""));
  });
  const auto first = client.NextEvent();
  const auto second = client.NextEvent();
  const auto end = client.NextEvent();
  sender.join();

  EXPECT_EQ((*first)->event, "entry");
  EXPECT_EQ((*first)->id, "7");
  EXPECT_EQ((*first)->data, "line 1\nline 2");
  EXPECT_EQ((*second)->event, "ab");
  ASSERT_TRUE(end);
  EXPECT_FALSE(end->has_value());
  ASSERT_TRUE(client.OpenStream("/again"));
  EXPECT_FALSE(streams.Take().closed());
}

TEST(EventStreams, EndWhenTheLastHandleIsGone) {
  TestServer server([](Request&&, const Responder& responder) { responder.Stream().Send("only", "", "x"); });
  HttpClient client = server.Connect();
  ASSERT_TRUE(client.OpenStream("/"));

  EXPECT_EQ((*client.NextEvent())->event, "only");
  EXPECT_FALSE(client.NextEvent()->has_value());
}

TEST(EventStreams, BeatWhileNothingHappens) {
  Limits limits;
  limits.stream_heartbeat = milliseconds(20);
  Streams streams;
  TestServer server(streams.Opener(), limits);
  HttpClient client = server.Connect();
  ASSERT_TRUE(client.OpenStream("/"));
  const EventStream stream = streams.Take();

  EXPECT_TRUE((*client.NextEvent())->comment);
  EXPECT_TRUE((*client.NextEvent())->comment);
  EXPECT_TRUE(stream.Send("e", "", "after"));
  while (true) {
    const auto event = client.NextEvent();
    ASSERT_TRUE(event && event->has_value());
    if (!(*event)->comment) {
      EXPECT_EQ((*event)->data, "after");
      break;
    }
  }
}

TEST(EventStreams, NoticeThatTheReaderHasLeft) {
  Streams streams;
  TestServer server(streams.Opener());
  std::optional<HttpClient> client = server.Connect();
  ASSERT_TRUE(client->OpenStream("/"));
  const EventStream stream = streams.Take();
  EXPECT_FALSE(stream.closed());

  client.reset();

  EXPECT_TRUE(Eventually([&] { return stream.closed(); }));
  EXPECT_TRUE(Eventually([&] { return server->Read().live_streams == 0 && server->Read().live_connections == 0; }));
}

TEST(EventStreams, CutOffASlowReaderAndNoOther) {
  Limits limits;
  limits.stream_buffer_bytes = 256 << 10;
  Streams streams;
  TestServer server(streams.Opener(), limits);
  HttpClient slow = server.Connect();
  slow.SetReceiveBuffer(4096);
  ASSERT_TRUE(slow.SendRaw("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
  const EventStream slow_stream = streams.Take();
  HttpClient quick = server.Connect();
  ASSERT_TRUE(quick.OpenStream("/"));
  const EventStream quick_stream = streams.Take();
  const std::string data(32 << 10, 'x');

  int sent = 0;
  while (slow_stream.Send("e", "", data)) {
    ASSERT_LT(++sent, 10'000) << "the slow reader is never cut off";
    ASSERT_TRUE(quick_stream.Send("e", "", data));
    ASSERT_EQ((*quick.NextEvent())->data.size(), data.size());
  }

  EXPECT_TRUE(slow_stream.closed());
  EXPECT_TRUE(Eventually([&] { return server->Read().streams_cut_off == 1 && server->Read().live_connections == 1; }));
  EXPECT_TRUE(quick_stream.Send("e", "", "still here"));
  EXPECT_EQ((*quick.NextEvent())->data, "still here");
}

TEST(EventStreams, WorkForHttp10AndHead) {
  Streams streams;
  TestServer server(streams.Opener());
  HttpClient old = server.Connect();
  ASSERT_TRUE(old.SendRaw("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
  const EventStream stream = streams.Take();
  stream.Send("e", "", "x");
  stream.Close();
  const auto all = old.Receive();
  HttpClient head = server.Connect();
  const auto header = head.Send("HEAD", "/");

  EXPECT_EQ(all->body, "event: e\ndata: x\n\n");
  EXPECT_EQ(header->Header("content-type"), "text/event-stream");
  EXPECT_TRUE(Eventually([taken = streams.Take()] { return taken.closed(); }));
}

// --- Start and stop -----------------------------------------------------------------------------------------------

TEST(HttpServer, SaysWhyItCannotListen) {
  TestServer taken;
  Server second({}, Echo);

  EXPECT_EQ(second.Start("localhost", 0).error().code, "http.bad_address");
  EXPECT_EQ(second.Start("127.0.0.1", taken->port()).error().code, "http.bind_failed");
  EXPECT_TRUE(second.Start("127.0.0.1", 0));
}

TEST(HttpServer, ReadsAndShowsWhereItListens) {
  for (const std::string_view text : {"127.0.0.1:8080", "[::1]:8080"}) {
    const ListenAddress address = ParseListenAddress(text).value();
    EXPECT_EQ(UrlOf(address.address, address.port), fmt::format("http://{}", text));
  }
  EXPECT_EQ(UrlOf(ParseListenAddress("unix:/run/landfall.sock")->address, 0), "unix:/run/landfall.sock");
  EXPECT_EQ(ParseHostAndPort("unix:/run/landfall.sock").error().code, "http.bad_address") << "no mail relay";
  EXPECT_EQ(ParseListenAddress("8080").error().code, "http.bad_address");
}

TEST(HttpServer, ServesAProxyByAUnixSocketWhichIsGoneAfterwards) {
  const app::test::TempFolder folder;
  const std::string path = folder.path() + "/http.sock", address = "unix:" + path;
  Server server({.limits = {}, .io_threads = 2, .trusted_proxies = {std::string(kUnixPeer)}},
                [](Request&& request, const Responder& responder) { responder.Send(Response::Text(request.peer)); });
  ASSERT_TRUE(server.Start(address, 0));

  struct stat status = {};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0660u) << "strangers may not connect";
  HttpClient client = HttpClient::Connect(address, 0).value();
  EXPECT_EQ(client.Get("/")->body, "unix");
  EXPECT_EQ(client.Get("/", {{"X-Forwarded-For", "203.0.113.9"}})->body, "203.0.113.9");
  EXPECT_TRUE(server.Stop(seconds(10)));
  EXPECT_TRUE(client.WaitClosed());
  EXPECT_NE(::access(path.c_str(), F_OK), 0);
  EXPECT_EQ(HttpClient::Connect(address, 0).error().code, "http_client.connect_failed");
}

TEST(HttpServer, TakesAUnixSocketOverFromAKilledServerOnly) {
  const app::test::TempFolder folder;
  const std::string path = folder.path() + "/http.sock", address = "unix:" + path;
  sockaddr_un left = {};
  left.sun_family = AF_UNIX;
  path.copy(left.sun_path, path.size());
  const int killed = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ASSERT_EQ(::bind(killed, reinterpret_cast<const sockaddr*>(&left), sizeof left), 0);
  ASSERT_EQ(::listen(killed, 1), 0);
  Server server({}, Echo), second({}, Echo);
  EXPECT_EQ(server.Start(address, 0).error().code, "http.bind_failed") << "somebody listens";
  ::close(killed);

  ASSERT_TRUE(server.Start(address, 0));
  EXPECT_EQ(second.Start(address, 0).error().code, "http.bind_failed");
  EXPECT_EQ(HttpClient::Connect(address, 0)->Get("/x")->body, "GET /x");

  std::ofstream(folder.path() + "/file") << "kept";
  Server third({}, Echo);
  EXPECT_EQ(third.Start("unix:" + folder.path() + "/file", 0).error().code, "http.bind_failed");
  EXPECT_TRUE(std::filesystem::is_regular_file(folder.path() + "/file"));
  for (const std::string& bad : {std::string("unix:"), "unix:/" + std::string(107, 'x')})
    EXPECT_EQ(third.Start(bad, 0).error().code, "http.bad_address");
}

TEST(HttpServer, DrainsWhatRunsAndClosesWhatIsIdle) {
  Desk desk;
  Streams streams;
  TestServer server([take = desk.Taker(), open = streams.Opener()](Request&& request, Responder responder) {
    (request.path == "/events" ? open : take)(std::move(request), std::move(responder));
  });
  HttpClient running = server.Connect();
  ASSERT_TRUE(running.SendRaw("GET /run HTTP/1.1\r\nHost: h\r\n\r\n"));
  const Responder responder = desk.Take();
  HttpClient listening = server.Connect();
  ASSERT_TRUE(listening.OpenStream("/events"));
  const EventStream stream = streams.Take();
  stream.Send("before", "", "");
  HttpClient idle = server.Connect();
  ASSERT_TRUE(Eventually([&] { return server->Read().live_connections == 3; }));

  bool drained = false;
  std::thread stopper([&] { drained = server->Stop(seconds(10)); });
  EXPECT_TRUE(idle.WaitClosed());
  EXPECT_EQ((*listening.NextEvent())->event, "before");
  EXPECT_EQ((*listening.NextEvent())->event, "server.stopping");
  EXPECT_FALSE(listening.NextEvent()->has_value());
  EXPECT_TRUE(stream.closed());
  EXPECT_FALSE(HttpClient::Connect("127.0.0.1", server->port(), seconds(1)));
  EXPECT_EQ(server->Read().live_requests, 1u);
  responder.Send(Response::Text("finished"));
  const auto answer = running.Receive();
  EXPECT_TRUE(running.WaitClosed());
  running.Close();  // The server lingers for those who keep their side open.
  listening.Close();
  stopper.join();

  EXPECT_TRUE(drained);
  EXPECT_EQ(answer->body, "finished");
  EXPECT_EQ(answer->Header("connection"), "close");
  EXPECT_EQ(server->Read().live_connections, 0u);
}

TEST(HttpServer, CutsAtTheDeadlineAndLateAnswersDoNoHarm) {
  Desk desk;
  std::optional<Responder> late;
  std::optional<EventStream> late_stream;
  {
    TestServer server(desk.Taker());
    HttpClient client = server.Connect();
    HttpClient half = server.Connect();
    HttpClient other = server.Connect();
    ASSERT_TRUE(client.SendRaw("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
    ASSERT_TRUE(half.SendRaw("GET / HTTP/1.1\r\nHo"));
    late = desk.Take();
    ASSERT_TRUE(other.SendRaw("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
    const Responder second = desk.Take();
    EXPECT_FALSE(late->abandoned());

    EXPECT_FALSE(server->Stop(milliseconds(20)));

    EXPECT_TRUE(client.WaitClosed());
    EXPECT_TRUE(half.WaitClosed());
    EXPECT_TRUE(late->abandoned());
    late_stream = second.Stream();
  }
  late->Send(Response::Text("to nobody"));
  late_stream->Send("to", "nobody", "");
  EXPECT_FALSE(late->Send(Response::Text("again")));
}

}  // namespace
}  // namespace landfall::server
