// SPDX-License-Identifier: Apache-2.0
// One connection and the thread it lives on. Read by beast.cc only, which is the one translation unit with Boost.
//
// Shape: one io_context and one thread per Loop; a connection lives on one Loop for life and is one coroutine that
// reads a request, calls the handler, waits for the answer, writes it. Nothing but Exchange and EventStreamState is
// touched by other threads; they reach a connection through Loop::Post, which wakes the loop once per burst.
//
// Deadlines are a field of the connection, looked at by one sweep per Loop: a timer per operation would cost more than
// the request. No co_await stands behind && or || here: g++ 12 runs the right side of `co_return a || co_await b`
// always.
#pragma once

#if defined(__SANITIZE_THREAD__)
// g++'s thread sanitizer knows no fences; the queues' own locks order everything here.
#define BOOST_ASIO_DISABLE_FENCED_BLOCK
#endif

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "server/beast_parser.h"
#include "server/http.h"
#include "server/http_exchange.h"

namespace landfall::server::beast_io {

namespace asio = boost::asio;
using Tcp = asio::ip::tcp;
using Stream = asio::generic::stream_protocol;     // TCP, or a Unix socket.
using Executor = asio::io_context::executor_type;  // Concrete, so that no operation pays for a type-erased executor.
using Socket = asio::basic_stream_socket<Stream, Executor>;
using SteadyClock = std::chrono::steady_clock;
using Timer = asio::basic_waitable_timer<SteadyClock, asio::wait_traits<SteadyClock>, Executor>;
template <class T>
using Task = asio::awaitable<T, Executor>;
inline constexpr asio::use_awaitable_t<Executor> kAwait;

inline constexpr std::size_t kFirstReadBytes = 4 << 10;    // What an idle connection holds.
inline constexpr std::size_t kIdleBufferBytes = 32 << 10;  // What it may hold after larger requests, in each direction.
inline constexpr std::size_t kBodyReadBytes = 64 << 10;    // What a connection reads of a body at once.
inline constexpr std::size_t kInlineBodyBytes = 8 << 10;   // Up to here a body is copied behind its header: one buffer.
inline constexpr std::chrono::seconds kLinger{1};  // For a client to read the last answer before the socket closes.
inline constexpr auto kNever = SteadyClock::time_point::max();

class Connection;

// Written by one thread, read by any.
struct alignas(64) Counters {
  using Counter = std::atomic<std::uint64_t>;
  std::array<Counter, 6> answers_by_class{};
  Counter bytes_in{0}, bytes_out{0}, accepted{0}, refused{0}, timeouts{0}, streams_cut_off{0};
  Counter live_requests{0}, live_streams{0}, latency_sum_us{0};
  std::array<Counter, Metrics::kLatencyBoundsUs.size() + 1> latency_buckets{};
};
inline void Add(Counters::Counter& counter, std::uint64_t n) {
  counter.store(counter.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
}

// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 §5.6.7).
inline std::string HttpDate(std::chrono::system_clock::time_point now) {
  constexpr std::array<std::string_view, 7> kWeekdays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(now);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(now - day));
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", kWeekdays[std::chrono::weekday(day).c_encoding()],
                     static_cast<unsigned>(date.day()), kMonths[static_cast<unsigned>(date.month()) - 1],
                     static_cast<int>(date.year()), time.hours().count(), time.minutes().count(),
                     time.seconds().count());
}

// One thread with its io_context. Outlives the server while a Responder somewhere still points to it.
class Loop final : public Mailbox {
 public:
  Loop() : sweep_timer_(context.get_executor()) {}

  void Start(std::chrono::milliseconds sweep_every) {
    date = HttpDate(std::chrono::system_clock::now());
    Sweep(sweep_every);
    thread_ = std::thread([this] {
      current_ = this;
      context.run();
    });
  }
  // Precondition: no connection is left. Later posts do nothing.
  void Stop() {
    std::vector<std::shared_ptr<Exchange>> dropped;  // Destroyed outside the lock: they may hold a handler's data.
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
      dropped.swap(queue_);
    }
    context.stop();
    thread_.join();
  }
  bool IsCurrent() const override { return current_ == this; }

  void Post(std::shared_ptr<Exchange> exchange) override {
    {
      const std::lock_guard lock(mutex_);
      if (closed_) return;
      queue_.push_back(std::move(exchange));
      if (posted_) return;
      posted_ = true;
    }
    asio::post(context, [this] { Drain(); });
  }

  asio::io_context context{1};
  Counters counters;
  std::vector<Connection*> connections;  // This and `date` belong to the loop's thread.
  std::string date;

 private:
  void Drain();
  void Sweep(std::chrono::milliseconds every);

  asio::executor_work_guard<Executor> guard_{context.get_executor()};
  Timer sweep_timer_;
  std::thread thread_;
  std::mutex mutex_;
  std::vector<std::shared_ptr<Exchange>> queue_;
  std::vector<std::shared_ptr<Exchange>> draining_;
  bool posted_ = false;
  bool closed_ = false;
  static inline thread_local Loop* current_ = nullptr;
};

// What connections of all loops share.
struct Core {
  Core(ServerOptions server_options, Handler server_handler)
      : options(std::move(server_options)), handler(std::move(server_handler)) {}

  bool Trusts(std::string_view address) const {
    return std::find(options.trusted_proxies.begin(), options.trusted_proxies.end(), address) !=
           options.trusted_proxies.end();
  }
  void Ended(const std::string& peer_key, bool refused) {
    const std::lock_guard lock(mutex);
    --(refused ? refusing : live);
    if (const auto found = per_peer.find(peer_key); !refused && found != per_peer.end() && --found->second == 0)
      per_peer.erase(found);
    changed.notify_all();
  }

  const ServerOptions options;
  const Handler handler;
  std::vector<std::shared_ptr<Loop>> loops;
  std::atomic<bool> stopping{false};
  std::atomic<std::size_t> body_total{0};

  std::mutex mutex;  // Guards the rest. Taken per connection, never per request.
  std::condition_variable changed;
  std::size_t live = 0;
  std::size_t refusing = 0;
  std::unordered_map<std::string, std::size_t> per_peer;
  bool accepting = true;
};

// Suspends the connection's coroutine until Resume.
struct Waiter {
  virtual ~Waiter() = default;
  virtual void Resume() = 0;
};
template <class Completion>
struct WaiterOf final : Waiter {
  explicit WaiterOf(Completion c) : completion(std::move(c)) {}
  void Resume() override { std::move(completion)(); }
  Completion completion;
};

class Connection final : public AnswerTaker, public std::enable_shared_from_this<Connection> {
 public:
  Connection(Core& core, std::shared_ptr<Loop> loop, Socket socket, std::string peer, std::string peer_key,
             bool refused)
      : core_(core),
        loop_(std::move(loop)),
        socket_(std::move(socket)),
        peer_(std::move(peer)),
        peer_key_(std::move(peer_key)),
        peer_trusted_(core.Trusts(peer_)),
        refused_(refused) {}
  ~Connection() {
    if (index_ != kUnlisted) {
      loop_->connections[index_] = loop_->connections.back();
      loop_->connections[index_]->index_ = index_;
      loop_->connections.pop_back();
    }
    ReleaseBody();
    core_.Ended(peer_key_, refused_);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // The whole life. `self` keeps the connection while the coroutine runs.
  static Task<void> Run(std::shared_ptr<Connection> self) {
    self->index_ = self->loop_->connections.size();
    self->loop_->connections.push_back(self.get());
    if (self->refused_) {
      self->refusal_ = {503, "http.too_many_connections"};
      co_await self->Refuse();
      co_return;
    }
    while (true) {
      self->request_ = {};
      const Outcome outcome = co_await self->ReadRequest();
      if (outcome == Outcome::kGone) break;
      if (outcome == Outcome::kRefused) {
        co_await self->Refuse();
        break;
      }
      const bool alive = co_await self->Answer();
      self->ReleaseBody();
      if (!alive) break;
      if (!self->keep_alive_) {
        co_await self->Linger();
        break;
      }
    }
  }

  // Called by the loop, always while the coroutine is suspended.
  void OnSweep(SteadyClock::time_point now) {
    if (now < deadline_) return;
    deadline_ = kNever;
    timed_out_ = true;
    if (waiter_) return Resume();
    error_code ignored;
    socket_.cancel(ignored);
  }
  void OnWake() override {
    // A reader that is cut off may have us stuck in a write.
    if (exchange_ && exchange_->streaming() && exchange_->stream.cut_off()) return Abort();
    if (waiter_) Resume();
  }
  void OnStop() {
    if (idle_) return Abort();
    if (exchange_ && exchange_->streaming()) exchange_->stream.Close(kFinalEvent);
  }
  // Ends the connection wherever it is.
  void Abort() {
    aborted_ = true;
    error_code ignored;
    socket_.close(ignored);
    if (waiter_) Resume();
  }

 private:
  enum class Outcome : std::uint8_t { kReady, kRefused, kGone };
  static constexpr std::size_t kUnlisted = static_cast<std::size_t>(-1);
  static constexpr std::string_view kFinalEvent = "event: server.stopping\nretry: 3000\ndata: {}\n\n";

  const Limits& limits() const { return core_.options.limits; }
  void SetDeadline(SteadyClock::time_point deadline) {
    timed_out_ = false;
    deadline_ = deadline;
  }
  SteadyClock::duration TimeFor(std::size_t bytes) const {
    return std::chrono::milliseconds(bytes * 1000 / limits().bytes_per_second_min);
  }
  void ReleaseBody() { core_.body_total.fetch_sub(std::exchange(body_reserved_, 0), std::memory_order_relaxed); }

  Task<void> Wait() {
    return asio::async_initiate<const asio::use_awaitable_t<Executor>&, void()>(
        [this](auto completion) { waiter_ = std::make_unique<WaiterOf<decltype(completion)>>(std::move(completion)); },
        kAwait);
  }
  void Resume() {
    const std::unique_ptr<Waiter> waiter = std::move(waiter_);  // The coroutine may wait again before this returns.
    waiter->Resume();
  }

  std::string_view unread() const { return std::string_view(in_).substr(in_begin_, in_end_ - in_begin_); }
  void Consume(std::size_t n) {
    in_begin_ += n;
    if (in_begin_ == in_end_) in_begin_ = in_end_ = 0;
  }
  // Reads more, keeping what is unread, into a buffer of `capacity` bytes. False at the end, at the deadline, or when
  // the server gives up. Precondition: unread().size() < capacity.
  Task<bool> Fill(std::size_t capacity) {
    if (in_begin_ > 0) {
      in_.erase(0, in_begin_);
      in_end_ -= in_begin_;
      in_begin_ = 0;
    }
    in_.resize(std::max({capacity, in_end_ + 1, kFirstReadBytes}));
    error_code error;
    const std::size_t n = co_await socket_.async_read_some(asio::buffer(in_.data() + in_end_, in_.size() - in_end_),
                                                           asio::redirect_error(kAwait, error));
    in_end_ += n;
    Add(loop_->counters.bytes_in, n);
    co_return !error && !aborted_;
  }

  // An idle connection gives large buffers back. Precondition: nothing is unread.
  void Shrink() {
    if (in_.capacity() > kIdleBufferBytes) std::string().swap(in_);
    if (out_.capacity() > kIdleBufferBytes) std::string().swap(out_);
  }

  Outcome RefuseWith(Refusal refusal) {
    refusal_ = refusal;
    return Outcome::kRefused;
  }
  // After a failed Fill inside a request.
  Outcome Interrupted() {
    if (aborted_ || !timed_out_) return Outcome::kGone;
    Add(loop_->counters.timeouts, 1);
    return RefuseWith({408, "http.timeout"});
  }

  Task<Outcome> ReadRequest() {
    HeaderScanner scanner;
    bool began = false;
    while (true) {
      if (!unread().empty() && !std::exchange(began, true)) SetDeadline(SteadyClock::now() + limits().header_timeout);
      const HeaderScanner::Verdict verdict = scanner.Scan(unread());
      const std::size_t seen = verdict == HeaderScanner::Verdict::kComplete ? scanner.length() : unread().size();
      if (verdict == HeaderScanner::Verdict::kBad) co_return RefuseWith(kMalformed);
      if (seen > limits().header_bytes) co_return RefuseWith(kHeaderTooLarge);
      if (verdict == HeaderScanner::Verdict::kComplete) break;
      if (!began) {
        if (core_.stopping.load(std::memory_order_relaxed)) co_return Outcome::kGone;
        SetDeadline(SteadyClock::now() + limits().idle_timeout);
        Shrink();
      }
      idle_ = !began;
      const bool filled = co_await Fill(began ? limits().header_bytes + 1 : kFirstReadBytes);
      idle_ = false;
      if (!filled) co_return began ? Interrupted() : Outcome::kGone;
    }

    RequestParser parser(request_, limits(), core_.body_total, body_reserved_);
    const std::string_view header = unread().substr(0, scanner.length());
    error_code error;
    const std::size_t used = parser.put(asio::buffer(header.data(), header.size()), error);
    http11_ = parser.http11();
    if (error || !parser.is_header_done() || used != header.size())
      co_return RefuseWith(parser.RefusalOf(error, header));
    Consume(used);
    if (!parser.is_done()) {
      const Outcome outcome = co_await ReadBody(parser);
      if (outcome != Outcome::kReady) co_return outcome;
    }
    keep_alive_ = parser.keep_alive() && ++served_ < limits().requests_per_connection;
    SetDeadline(kNever);
    request_.peer = peer_;
    if (peer_trusted_) TakeForwardedPeer();
    request_.received_at = SteadyClock::now();
    co_return Outcome::kReady;
  }

  Task<Outcome> ReadBody(RequestParser& parser) {
    parser.eager(true);
    const SteadyClock::time_point began = SteadyClock::now();
    if (parser.expects_continue() && unread().empty()) {
      SetDeadline(began + limits().write_timeout);
      if (!co_await Write("HTTP/1.1 100 Continue\r\n\r\n", {})) co_return Outcome::kGone;
    }
    while (true) {
      if (!unread().empty()) {
        error_code error;
        const std::size_t used = parser.put(asio::buffer(unread().data(), unread().size()), error);
        Consume(used);
        if (error && error != beast_http::error::need_more) co_return RefuseWith(parser.RefusalOf(error, {}));
        if (parser.is_done()) co_return Outcome::kReady;
      }
      // What the parser leaves is an unfinished chunk header or trailer.
      if (unread().size() > limits().header_bytes) co_return RefuseWith(kHeaderTooLarge);
      SetDeadline(began + limits().body_timeout + TimeFor(request_.body.size()));
      if (!co_await Fill(std::max(kBodyReadBytes, limits().header_bytes + 1))) co_return Interrupted();
    }
  }

  // The rightmost X-Forwarded-For entry that no trusted proxy wrote about itself. Fields are in order, last is nearest.
  void TakeForwardedPeer() {
    for (auto field = request_.headers.rbegin(); field != request_.headers.rend(); ++field) {
      if (!EqualNoCase(field->name, "x-forwarded-for")) continue;
      std::string_view rest = field->value;
      while (!rest.empty()) {
        const std::size_t comma = rest.rfind(',');
        std::string_view entry = rest.substr(comma == std::string_view::npos ? 0 : comma + 1);
        rest = comma == std::string_view::npos ? std::string_view() : rest.substr(0, comma);
        while (!entry.empty() && entry.front() == ' ') entry.remove_prefix(1);
        while (!entry.empty() && entry.back() == ' ') entry.remove_suffix(1);
        error_code error;
        const auto address = asio::ip::make_address(std::string(entry), error);
        if (error) return;  // Nobody we trust writes this; what stands left of it is hearsay.
        request_.peer = address.to_string();
        if (!core_.Trusts(request_.peer)) return;
      }
    }
  }

  // Hands the request over, waits, writes. False when the connection is over.
  Task<bool> Answer() {
    const SteadyClock::time_point received_at = request_.received_at;
    const bool head = request_.head;
    exchange_ = std::make_shared<Exchange>(loop_, this, limits().stream_buffer_bytes);
    Add(loop_->counters.live_requests, 1);
    Dispatch();
    while (!exchange_->answered() && !aborted_) co_await Wait();
    Add(loop_->counters.live_requests, static_cast<std::uint64_t>(-1));

    bool alive = false;
    if (aborted_) {
      // Nobody to write to.
    } else if (exchange_->streaming()) {
      alive = co_await WriteStream(head);
    } else {
      alive = co_await WriteResponse(head, received_at);
    }
    exchange_->abandoned.store(!alive, std::memory_order_relaxed);
    exchange_->taker = nullptr;
    exchange_->stream.Leave();
    exchange_ = nullptr;
    co_return alive && !aborted_;
  }

  void Dispatch() {
    // The right to answer: when the last copy goes, the exchange answers itself.
    std::shared_ptr<Exchange> exchange = exchange_;
    Exchange* raw = exchange.get();
    Responder responder(
        std::shared_ptr<Exchange>(raw, [exchange = std::move(exchange)](Exchange* left) { left->Fail(); }));
    exchange_->in_handler = true;
    try {
      core_.handler(std::move(request_), std::move(responder));
    } catch (...) {
      exchange_->Fail();
    }
    exchange_->in_handler = false;
  }

  static bool SendableValue(std::string_view value) {
    return std::none_of(value.begin(), value.end(),
                        [](char c) { return (static_cast<std::uint8_t>(c) < 0x20 && c != '\t') || c == 0x7F; });
  }
  static bool Sendable(const std::vector<Field>& fields) {
    for (const Field& field : fields) {
      const auto token = [](char c) {
        return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '-' || c == '_';
      };
      if (field.name.empty() || !std::all_of(field.name.begin(), field.name.end(), token)) return false;
      if (!SendableValue(field.value)) return false;
      for (const std::string_view ours : {"Content-Length", "Transfer-Encoding", "Connection", "Date"})
        if (EqualNoCase(field.name, ours)) return false;
    }
    return true;
  }

  // Status line, Date, Connection and `fields` into out_; the caller adds what frames the body and the empty line.
  void BeginHeader(int status, const std::vector<Field>& fields) {
    if (core_.stopping.load(std::memory_order_relaxed)) keep_alive_ = false;
    out_.clear();
    fmt::format_to(std::back_inserter(out_), "HTTP/1.1 {} {}\r\nDate: ", status, ReasonPhrase(status));
    out_ += loop_->date;
    if (!keep_alive_) out_ += "\r\nConnection: close";
    if (keep_alive_ && !http11_) out_ += "\r\nConnection: keep-alive";
    for (const Field& field : fields) {
      out_ += "\r\n";
      out_ += field.name;
      out_ += ": ";
      out_ += field.value;
    }
  }

  Task<bool> WriteResponse(bool head, SteadyClock::time_point received_at) {
    Response& response = exchange_->response;
    if (response.status < 200 || response.status > 599 || !SendableValue(response.content_type) ||
        !Sendable(response.headers))
      response = Problem(500, "http.internal");
    BeginHeader(response.status, response.headers);
    if (!response.content_type.empty()) out_ += "\r\nContent-Type: " + response.content_type;
    std::string_view content = response.content();
    const bool bodiless = response.status == 204 || response.status == 304;
    if (!bodiless) fmt::format_to(std::back_inserter(out_), "\r\nContent-Length: {}", content.size());
    out_ += "\r\n\r\n";
    if (head || bodiless) content = {};
    if (content.size() <= kInlineBodyBytes) {
      out_ += content;
      content = {};
    }

    Add(loop_->counters.answers_by_class[static_cast<std::size_t>(response.status / 100)], 1);
    const bool written = co_await Write(out_, content);
    const auto elapsed =
        std::chrono::duration_cast<std::chrono::microseconds>(SteadyClock::now() - received_at).count();
    const auto& bounds = Metrics::kLatencyBoundsUs;
    const auto bucket = std::lower_bound(bounds.begin(), bounds.end(), elapsed) - bounds.begin();
    Add(loop_->counters.latency_buckets[static_cast<std::size_t>(bucket)], 1);
    Add(loop_->counters.latency_sum_us, static_cast<std::uint64_t>(elapsed));
    co_return written;
  }

  // Writes both parts, at once where the kernel takes them, else under a deadline.
  Task<bool> Write(std::string_view first, std::string_view second) {
    error_code error;
    const std::array<asio::const_buffer, 2> both = {asio::buffer(first), asio::buffer(second)};
    std::size_t sent = second.empty() ? socket_.write_some(both[0], error) : socket_.write_some(both, error);
    if (error == asio::error::would_block) error = {};
    const std::size_t size = first.size() + second.size();
    if (!error && sent < size) {
      const std::size_t of_first = std::min(sent, first.size());
      const std::array<asio::const_buffer, 2> rest = {both[0] + of_first, both[1] + (sent - of_first)};
      SetDeadline(SteadyClock::now() + limits().write_timeout + TimeFor(size));
      sent += co_await asio::async_write(socket_, rest, asio::redirect_error(kAwait, error));
      if (timed_out_) Add(loop_->counters.timeouts, 1);
      SetDeadline(kNever);
    }
    Add(loop_->counters.bytes_out, sent);
    co_return !error && !aborted_;
  }

  Task<bool> WriteStream(bool head) {
    if (!Sendable(exchange_->response.headers)) {
      exchange_->stream.Leave();
      exchange_->response = Problem(500, "http.internal");
      co_return co_await WriteResponse(head, SteadyClock::now());
    }
    keep_alive_ = keep_alive_ && http11_;  // Without chunks only the end of the connection ends the stream.
    BeginHeader(200, exchange_->response.headers);
    out_ += "\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\nX-Accel-Buffering: no";
    out_ += http11_ ? "\r\nTransfer-Encoding: chunked\r\n\r\n" : "\r\n\r\n";
    Add(loop_->counters.answers_by_class[2], 1);
    if (!co_await Write(out_, {})) co_return false;
    if (head) co_return true;

    Add(loop_->counters.live_streams, 1);
    ReleaseBody();
    if (core_.stopping.load(std::memory_order_relaxed)) exchange_->stream.Close(kFinalEvent);
    WatchPeer();
    const bool written = co_await PumpStream();
    Add(loop_->counters.live_streams, static_cast<std::uint64_t>(-1));
    if (exchange_->stream.cut_off()) Add(loop_->counters.streams_cut_off, 1);
    error_code ignored;
    socket_.cancel(ignored);  // The watch.
    co_return written;
  }

  // Sends what is queued, or a comment when nothing was for a while, until the stream ends. False when the client is
  // gone.
  Task<bool> PumpStream() {
    std::string events;
    while (exchange_->stream.Take(events)) {
      if (aborted_) co_return false;
      if (events.empty()) {
        SetDeadline(SteadyClock::now() + limits().stream_heartbeat);
        co_await Wait();
        if (!timed_out_) continue;
        events = ":\n\n";
      }
      out_.clear();
      if (http11_) fmt::format_to(std::back_inserter(out_), "{:x}\r\n", events.size());
      out_ += events;
      if (http11_) out_ += "\r\n";
      if (!co_await Write(out_, {})) co_return false;
    }
    SetDeadline(kNever);
    if (aborted_ || exchange_->stream.cut_off()) co_return false;
    if (!http11_) co_return true;
    co_return co_await Write("0\r\n\r\n", {});
  }

  // Notices that the reader of a stream has left without waiting for the next write to fail.
  void WatchPeer() {
    socket_.async_wait(Socket::wait_read, [self = shared_from_this()](error_code error) {
      if (error || !self->socket_.is_open()) return;
      char byte = 0;
      const ssize_t n = ::recv(self->socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
      // Bytes are the next request: they wait until the stream has ended, and the watch with them.
      if (n == 0 || (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK)) self->Abort();
    });
  }

  Task<void> Refuse() {
    keep_alive_ = false;
    const Response problem = Problem(refusal_.status, refusal_.code);
    BeginHeader(problem.status, problem.headers);
    fmt::format_to(std::back_inserter(out_), "\r\nContent-Type: {}\r\nContent-Length: {}\r\n\r\n", problem.content_type,
                   problem.body.size());
    if (!request_.head) out_ += problem.body;
    Add(loop_->counters.answers_by_class[static_cast<std::size_t>(problem.status / 100)], 1);
    ReleaseBody();
    if (co_await Write(out_, {})) co_await Linger();
  }

  // Closing with unread bytes would reset the connection and could take the answer from the client. So: say that we are
  // done, and read on for a moment.
  Task<void> Linger() {
    error_code ignored;
    socket_.shutdown(Socket::shutdown_send, ignored);
    SetDeadline(SteadyClock::now() + kLinger);
    while (!timed_out_) {
      in_begin_ = in_end_ = 0;
      if (!co_await Fill(kFirstReadBytes)) break;
    }
  }

  Core& core_;
  const std::shared_ptr<Loop> loop_;
  Socket socket_;
  const std::string peer_, peer_key_;
  const bool peer_trusted_, refused_;
  std::size_t index_ = kUnlisted;  // In loop_->connections.

  std::string in_;  // Bytes in_begin_ … in_end_ are read and not yet used.
  std::size_t in_begin_ = 0, in_end_ = 0;
  std::string out_;
  Request request_;
  std::size_t body_reserved_ = 0;
  std::size_t served_ = 0;
  Refusal refusal_;
  std::shared_ptr<Exchange> exchange_;
  std::unique_ptr<Waiter> waiter_;
  SteadyClock::time_point deadline_ = kNever;
  bool timed_out_ = false;  // The deadline passed during the operation that has just ended.
  bool aborted_ = false;
  bool idle_ = false;  // Waiting for the first byte of a request.
  bool keep_alive_ = false;
  bool http11_ = true;
};

inline void Loop::Drain() {
  {
    const std::lock_guard lock(mutex_);
    draining_.swap(queue_);
    posted_ = false;
  }
  for (const std::shared_ptr<Exchange>& exchange : draining_)
    if (exchange->taker != nullptr) exchange->taker->OnWake();
  draining_.clear();
}

inline void Loop::Sweep(std::chrono::milliseconds every) {
  sweep_timer_.expires_after(every);
  sweep_timer_.async_wait([this, every](const error_code& error) {
    if (error) return;
    date = HttpDate(std::chrono::system_clock::now());
    const SteadyClock::time_point now = SteadyClock::now();
    // Backwards: a connection that ends in its turn is replaced by the last, which has had its turn.
    for (std::size_t i = connections.size(); i-- > 0;)
      if (i < connections.size()) connections[i]->OnSweep(now);
    Sweep(every);
  });
}

}  // namespace landfall::server::beast_io
