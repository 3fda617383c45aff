// SPDX-License-Identifier: Apache-2.0
// The HTTP/1.1 server: bytes from a socket become a checked Request, a Handler answers now or later from any thread.
//
// Why it exists: everything a stranger can send is refused here, with a stable code, before any route sees it; and the
// ledger's writer can answer a whole batch of commands with one wake-up per I/O thread. TLS, HTTP/2 and access logs are
// the business of the nginx in front. Boost is confined to beast*.{h,cc}.
//
// Rules followed: RFC 9110 (semantics), RFC 9112 (HTTP/1.1), RFC 9457 (problem details), the HTML standard's
// server-sent events, RFC 6265 (cookies).
//
// Every refusal is an application/problem+json with a `code`:
//   http.malformed 400               the bytes are no HTTP/1.1 request, or one that two servers could read differently
//   http.bad_target 400              path or query: bad percent-encoding, not UTF-8, control characters, dot segments,
//   %2F http.timeout 408                 a request that began did not arrive in time http.too_large 413 body over
//   Limits::body_bytes http.target_too_long 414         request target over Limits::target_bytes or too many query
//   parameters http.unsupported_expectation 417 an Expect other than 100-continue http.header_too_large 431 header over
//   Limits::header_bytes or Limits::header_fields http.internal 500                a Responder was dropped, a handler
//   threw, or it built an invalid answer http.unsupported_method 501, http.unsupported_transfer 501,
//   http.unsupported_version 505 http.too_many_connections 503, http.overloaded 503 (body memory of the whole server,
//   or a full WorkerPool)
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace landfall::server {

// HEAD reaches a handler as kGet with Request::head set: the server sends the header of the GET and drops the body.
enum class Method : std::uint8_t { kGet, kPost, kPut, kPatch, kDelete, kOptions };
std::string_view MethodName(Method method);  // "GET"

struct Field {
  std::string name;
  std::string value;
};
bool EqualNoCase(std::string_view a, std::string_view b);  // ASCII, as names of fields and codings are compared.

// One request, complete and checked. Owns all its text.
struct Request {
  Method method = Method::kGet;
  bool head = false;
  std::string path;  // Decoded once; begins with '/'; valid UTF-8 without control characters, '\\', "." or "..".
  std::vector<Field> query;  // Decoded ('+' is a space), in written order, valid UTF-8; duplicates are kept.
  std::vector<Field> headers;
  std::string body;  // Not checked: the route knows what it should be.
  std::string peer;  // The client's address without port; behind a trusted proxy, what the proxy says.
  std::chrono::steady_clock::time_point received_at;  // When the request was complete.

  // The first parameter or header of this name, or nothing. Header names are compared without case. Cost: a scan.
  std::optional<std::string_view> Query(std::string_view name) const;
  std::optional<std::string_view> Header(std::string_view name) const;
  // The first cookie of this name, verbatim, quotes around it removed.
  std::optional<std::string_view> Cookie(std::string_view name) const;
};

// An answer. The server adds Date, Content-Length and Connection; a handler must not. A header name or value that could
// split the answer (CR, LF, NUL) turns the whole answer into http.internal.
struct Response {
  int status = 200;               // 200 … 599; 204 and 304 go out without a body.
  std::string content_type = {};  // Empty: no Content-Type.
  std::vector<Field> headers = {};
  std::string body = {};
  // Sent instead of `body` when set, without a copy. The bytes stay valid until the server is gone, or `owner` keeps
  // them.
  std::string_view view = {};
  std::shared_ptr<const void> owner = {};

  std::string_view content() const { return view.data() != nullptr ? view : std::string_view(body); }
  static Response Json(std::string body, int status = 200);
  static Response Text(std::string body, int status = 200);  // text/plain; charset=utf-8
  static Response Empty(int status = 204);
};

// The HTTP status of a refusal: kInvalid 400 (422 is not used), kNotFound 404, kConflict 409, kForbidden 403,
// kCorrupt 500, kUnavailable 503. The one place where a Fault becomes a number.
int StatusOf(Fault fault);
// RFC 9457: {"type":"about:blank","title":<reason phrase>,"status":…,"code":…,"field":…}. Error::detail is for logs and
// is not sent. `field` is left out when empty. Carries Cache-Control: no-store.
Response Problem(int status, std::string_view code, std::string_view field = {});
Response Problem(const Error& error);
std::string_view ReasonPhrase(int status);  // "Not Found"; "" for an unknown status.

struct CookieOptions {
  std::string path = "/";
  std::optional<std::chrono::seconds> max_age;  // Zero deletes the cookie; nothing: until the browser closes.
  bool http_only = true;
  bool secure = true;
  std::string_view same_site = "Lax";  // "Strict", "Lax" or "None"
};
// Adds a Set-Cookie. Precondition (checked): name and value are RFC 6265 tokens and cookie octets.
void AddCookie(Response& response, std::string_view name, std::string_view value, const CookieOptions& options = {});

class EventStreamState;  // Private to the server.
class Exchange;          // Private to the server.

// The sending end of a text/event-stream. Copies share one stream; when the last is gone the stream is closed.
// Threads: any. A reader slower than Limits::stream_buffer_bytes is cut off: the browser reconnects with Last-Event-ID.
class EventStream {
 public:
  EventStream() = default;  // No stream: closed() is true.
  explicit EventStream(std::shared_ptr<EventStreamState> state) : state_(std::move(state)) {}

  // Queues one event; `event` and `id` may be empty. `data` may have lines. Line breaks in `event` and `id` are
  // dropped. False when the stream is closed or has just been cut off. Cost: one copy; a wake-up only for the first of
  // a burst.
  bool Send(std::string_view event, std::string_view id, std::string_view data) const;
  void Close() const;   // What was queued still goes out.
  bool closed() const;  // Closed here, cut off, left by the client, or ended by Server::Stop.

 private:
  std::shared_ptr<EventStreamState> state_;
};

// The right to answer one request, once, from any thread, now or later, even after the server is gone (then nothing
// happens). Copies share that right, so it fits into a std::function; when the last copy is gone without an answer, the
// client gets http.internal. Cost of an answer from elsewhere: one lock; one wake-up per I/O thread and burst.
class Responder {
 public:
  explicit Responder(std::shared_ptr<Exchange> exchange) : exchange_(std::move(exchange)) {}

  // False when somebody has answered already. True does not say that the client has received it.
  bool Send(Response response) const;
  // Answers 200 with an open event stream; `headers` are added. A closed stream when somebody has answered already.
  // For a HEAD request the header goes out and the stream is closed.
  EventStream Stream(std::vector<Field> headers = {}) const;
  // True when nobody waits any more: the server cut the connection at a drain's deadline. Long work may stop then.
  bool abandoned() const;

 private:
  std::shared_ptr<Exchange> exchange_;
};

// Called on an I/O thread: must not block. Work of more than about a millisecond goes to a WorkerPool. An exception
// becomes http.internal.
using Handler = std::function<void(Request&&, Responder)>;

// What one stranger, and all of them together, may take. Without the timeouts a slow client could hold a connection for
// ever; they are looked at every quarter of the shortest, at least every 500 ms, and act that much late.
struct Limits {
  std::size_t header_bytes = 16 << 10;  // Request line and fields together, and the trailer of a chunked body.
  std::size_t header_fields = 100;
  std::size_t target_bytes = 8 << 10;
  std::size_t query_parameters = 200;
  std::size_t body_bytes = 8 << 20;
  // Where set and not 0, the bound for this route, e.g. uploads. Called on an I/O thread with the decoded path.
  std::function<std::size_t(Method, std::string_view path)> body_bytes_for;
  std::size_t body_bytes_total = 512 << 20;  // Of all requests that are being read or answered.

  std::chrono::milliseconds header_timeout{10'000};  // From a request's first byte to the end of its header.
  std::chrono::milliseconds body_timeout{30'000};    // For the body, plus its bytes at the least rate below.
  std::chrono::milliseconds idle_timeout{75'000};    // Between requests, and for the first byte of the first.
  std::chrono::milliseconds write_timeout{30'000};   // For an answer, plus its bytes at the least rate below.
  std::size_t bytes_per_second_min = 16 << 10;

  std::size_t requests_per_connection = 10'000;  // Then Connection: close. Pipelined requests are answered one by one.
  std::size_t connections = 4'096;
  std::size_t connections_per_peer = 256;  // Per IPv4 address or IPv6 /64; trusted proxies are not counted.

  std::size_t stream_buffer_bytes = 256 << 10;  // Unsent bytes of one event stream; every slow reader may hold as much.
  std::chrono::milliseconds stream_heartbeat{15'000};
};

inline constexpr std::string_view kUnixPrefix = "unix:";  // Of an address to listen on; a path follows.
inline constexpr std::string_view kUnixPeer = "unix";     // Request::peer of who comes by it.
inline bool IsUnixAddress(std::string_view address) { return address.starts_with(kUnixPrefix); }
// Where a server can be reached, to be shown: "http://[::1]:8080", "unix:/run/landfall.sock".
std::string UrlOf(std::string_view address, std::uint16_t port);

struct ServerOptions {
  Limits limits;
  int io_threads = 2;  // 1 … 64
  // Addresses (exact text, "127.0.0.1", "::1", kUnixPeer) whose X-Forwarded-For is believed: the rightmost entry that
  // is not itself trusted becomes Request::peer.
  std::vector<std::string> trusted_proxies;
};

// Counters since Start, for /metrics. Each is exact; two of them may be from slightly different moments.
struct Metrics {
  // Upper bounds of the latency buckets, in µs; the last bucket has none. From a complete request to its answer given
  // to the kernel; event streams are not counted.
  static constexpr std::array<std::uint32_t, 14> kLatencyBoundsUs = {
      50, 100, 250, 500, 1'000, 2'500, 5'000, 10'000, 25'000, 50'000, 100'000, 250'000, 1'000'000, 10'000'000};

  std::array<std::uint64_t, 6> answers_by_class{};  // [2] counts 2xx; [0] and [1] stay 0. Refusals are included.
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;
  std::uint64_t connections_accepted = 0;
  std::uint64_t connections_refused = 0;
  std::uint64_t timeouts = 0;          // Requests and answers cut for being slow.
  std::uint64_t streams_cut_off = 0;   // Slow readers of event streams.
  std::uint64_t live_connections = 0;  // Gauges from here.
  std::uint64_t live_requests = 0;     // Handed to the handler and not yet answered.
  std::uint64_t live_streams = 0;
  std::uint64_t body_bytes = 0;  // Held by requests, against Limits::body_bytes_total.
  std::array<std::uint64_t, kLatencyBoundsUs.size() + 1> latency_buckets{};  // Not cumulative.
  std::uint64_t latency_sum_us = 0;
};

// Threads: Start, Stop and the destructor from one thread; Read and port, once started, from any.
class Server {
 public:
  // Precondition: `handler` is set.
  Server(ServerOptions options, Handler handler);
  ~Server();  // Stop(0).
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Listens on a numeric address ("127.0.0.1", "::1", "0.0.0.0"), port 0 lets the system choose; or on a Unix socket
  // ("unix:/run/landfall.sock", `port` is 0) that the user and group of this process may use, which removes what a
  // killed server left there and is removed by Stop. Once per Server.
  // Errors: http.bad_address (kInvalid), http.bind_failed (kUnavailable), e.g. when the port is in use.
  Status Start(std::string_view address, std::uint16_t port);
  std::uint16_t port() const;

  // Stops accepting, closes idle connections, ends event streams with a final event "server.stopping", lets requests
  // finish, then joins the I/O threads. What is still alive at the deadline is cut. True when nothing had to be cut.
  bool Stop(std::chrono::milliseconds deadline);

  Metrics Read() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

// A few threads for handlers that block (replays of old states, Argon2).
// Threads: any may Post. The destructor runs what is queued, then joins.
class WorkerPool {
 public:
  WorkerPool(int threads, std::size_t queue_capacity);
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // False, and `work` is not kept, when the queue is full: answer Problem(503, "http.overloaded"). An exception from
  // `work` ends that work only; a Responder it held answers http.internal.
  bool Post(std::function<void()> work);
  std::size_t queued() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

// A file kept in memory. `gzip` is the same file compressed at build time, or empty. The bytes outlive the server.
struct StaticAsset {
  std::string_view bytes;
  std::string_view gzip;
  std::string etag;  // Strong, quoted, from SHA-256 of `bytes`; the gzip form has its own, ending in -gz.
  std::string gzip_etag;
  std::string_view content_type;
  std::string cache_control;  // "public, max-age=31536000, immutable" for hashed names, "no-cache" for index.html.
};
StaticAsset MakeStaticAsset(std::string_view path, std::string_view bytes, std::string_view gzip,
                            std::string_view cache_control);
// 200 with the form the client prefers (Accept-Encoding with q-values), or 304 when If-None-Match names it.
// Cost: no copy of the bytes.
Response ServeStatic(const StaticAsset& asset, const Request& request);

// Whether the client takes gzip at least as gladly as the plain form.
bool PrefersGzip(const Request& request);

// For answers that carry a tag of their own: true when If-None-Match names `etag` (quoted) or is "*". Weak comparison.
bool NoneMatchNames(const Request& request, std::string_view etag);
// "text/html; charset=utf-8" for "index.html"; "application/octet-stream" for an unknown extension.
std::string_view MimeTypeOf(std::string_view path);

// The parts of a request target, as the server reads them; also for tests and fuzzing.
// Errors: http.bad_target, http.target_too_long (more than `query_parameters`).
struct Target {
  std::string path;
  std::vector<Field> query;
};
Result<Target> ParseTarget(std::string_view text, std::size_t query_parameters);

}  // namespace landfall::server
