// SPDX-License-Identifier: Apache-2.0
// The sockets behind http.h: the only file that knows Boost.
//
// Shape: one io_context and one thread per Loop; a connection lives on one Loop for life and is one coroutine that reads
// a request, calls the handler, waits for the answer, writes it. Nothing but Exchange and EventStreamState is touched by
// other threads; they reach a connection through Loop::Post, which wakes the loop once per burst.
//
// Bytes are parsed by Beast's basic_parser, straight into a Request. Deadlines are a field of the connection, looked at
// by one sweep per Loop: a timer per operation would cost more than the request.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "server/http.h"

namespace landfall::server {

namespace asio = boost::asio;
namespace beast_http = boost::beast::http;
using boost::system::error_code;
using Tcp = asio::ip::tcp;
using Executor = asio::io_context::executor_type;  // Concrete, so that no operation pays for a type-erased executor.
using Socket = asio::basic_stream_socket<Tcp, Executor>;
using Acceptor = asio::basic_socket_acceptor<Tcp, Executor>;
using SteadyClock = std::chrono::steady_clock;
using Timer = asio::basic_waitable_timer<SteadyClock, asio::wait_traits<SteadyClock>, Executor>;
template <class T>
using Task = asio::awaitable<T, Executor>;
constexpr asio::use_awaitable_t<Executor> kAwait;

constexpr std::size_t kFirstReadBytes = 4 << 10;    // What an idle connection holds.
constexpr std::size_t kBodyReadBytes = 64 << 10;    // What a connection reads of a body at once.
constexpr std::size_t kInlineBodyBytes = 8 << 10;   // Up to here a body is copied behind its header: one buffer to send.
constexpr std::size_t kRefusingConnections = 64;    // Connections over the limit that are told so; the rest are just closed.
constexpr std::chrono::seconds kLinger{1};          // For a client to read the last answer before the socket closes.
constexpr auto kNever = SteadyClock::time_point::max();

struct Refusal {
  int status = 0;
  std::string_view code;
};
constexpr Refusal kMalformed = {400, "http.malformed"};
constexpr Refusal kHeaderTooLarge = {431, "http.header_too_large"};
constexpr Refusal kTooLarge = {413, "http.too_large"};

class Connection;

// Written by one thread, read by any.
struct alignas(64) Counters {
  using Counter = std::atomic<std::uint64_t>;
  std::array<Counter, 6> answers_by_class{};
  Counter bytes_in{0}, bytes_out{0}, accepted{0}, refused{0}, timeouts{0}, streams_cut_off{0};
  Counter live_requests{0}, live_streams{0}, latency_sum_us{0};
  std::array<Counter, Metrics::kLatencyBoundsUs.size() + 1> latency_buckets{};
};
void Add(Counters::Counter& counter, std::uint64_t n) {
  counter.store(counter.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
}

// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 §5.6.7).
std::string HttpDate(std::chrono::system_clock::time_point now) {
  constexpr std::array<std::string_view, 7> kWeekdays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(now);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(now - day));
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", kWeekdays[std::chrono::weekday(day).c_encoding()],
                     static_cast<unsigned>(date.day()), kMonths[static_cast<unsigned>(date.month()) - 1],
                     static_cast<int>(date.year()), time.hours().count(), time.minutes().count(), time.seconds().count());
}

// One thread with its io_context. Outlives the server while a Responder somewhere still points to it.
class Loop {
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
    std::vector<std::shared_ptr<Exchange>> dropped;  // Destroyed outside the lock: an Exchange may hold a handler's data.
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
      dropped.swap(queue_);
    }
    context.stop();
    thread_.join();
  }
  bool IsCurrent() const { return current_ == this; }

  // Calls the exchange's connection on this loop's thread, if it still waits. Threads: any.
  void Post(std::shared_ptr<Exchange> exchange) {
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
  static thread_local Loop* current_;
};
thread_local Loop* Loop::current_ = nullptr;

// The outgoing side of an event stream: a bounded text that senders append to and the connection takes away.
class EventStreamState {
 public:
  explicit EventStreamState(Exchange& exchange) : exchange_(exchange) {}

  bool Send(std::string_view event) {
    bool open = true;
    {
      const std::lock_guard lock(mutex_);
      if (closed_) return false;
      if (pending_.size() + in_flight_ + event.size() > limit) {
        open = false;
        closed_ = cut_off_ = true;
      } else {
        pending_ += event;
      }
      if (std::exchange(posted_, true) && open) return true;
    }
    Wake();
    return open;
  }
  // Queues `last`, past the bound, and takes no more.
  void Close(std::string_view last = {}) {
    {
      const std::lock_guard lock(mutex_);
      if (closed_) return;
      pending_ += last;
      closed_ = true;
      if (std::exchange(posted_, true)) return;
    }
    Wake();
  }
  bool closed() const {
    const std::lock_guard lock(mutex_);
    return closed_;
  }
  bool cut_off() const {
    const std::lock_guard lock(mutex_);
    return cut_off_;
  }

  // For the connection: what there is to write goes to `out`; false when nothing more will ever come.
  bool Take(std::string& out) {
    out.clear();
    const std::lock_guard lock(mutex_);
    out.swap(pending_);
    in_flight_ = out.size();
    posted_ = false;
    return !(closed_ && out.empty());
  }
  // For the connection: the client is gone.
  void Leave() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    pending_.clear();
  }

  std::size_t limit = 0;  // Set before other threads see the stream.

 private:
  void Wake();

  Exchange& exchange_;
  mutable std::mutex mutex_;
  std::string pending_;
  std::size_t in_flight_ = 0;
  bool posted_ = false;
  bool closed_ = false;
  bool cut_off_ = false;
};

// One request waiting for its answer: where the answering thread and the connection meet.
class Exchange : public std::enable_shared_from_this<Exchange> {
 public:
  Exchange(std::shared_ptr<Loop> loop, Connection* connection, std::size_t stream_limit)
      : stream(*this), connection(connection), loop_(std::move(loop)) {
    stream.limit = stream_limit;
  }

  bool Answer(Response answer) {
    if (!Claim()) return false;
    response = std::move(answer);
    Publish(State::kAnswered);
    return true;
  }
  bool Open(std::vector<Field> headers) {
    if (!Claim()) return false;
    response.headers = std::move(headers);
    Publish(State::kStreaming);
    return true;
  }
  void Wake() { loop_->Post(shared_from_this()); }
  bool answered() const { return state_.load(std::memory_order_acquire) >= State::kAnswered; }
  bool streaming() const { return state_.load(std::memory_order_acquire) == State::kStreaming; }

  std::atomic<bool> abandoned{false};
  Response response;  // The answering thread's until answered(), then the connection's.
  EventStreamState stream;
  Connection* connection;   // Null once nobody waits. Belongs to the loop's thread, like the next.
  bool in_handler = false;  // The handler is being called: an answer from inside needs no wake-up.

 private:
  enum class State : std::uint8_t { kPending, kWriting, kAnswered, kStreaming };
  bool Claim() {
    State pending = State::kPending;
    return state_.compare_exchange_strong(pending, State::kWriting, std::memory_order_relaxed);
  }
  void Publish(State state) {
    state_.store(state, std::memory_order_release);
    if (!(loop_->IsCurrent() && in_handler)) Wake();
  }

  std::shared_ptr<Loop> loop_;
  std::atomic<State> state_{State::kPending};
};

void EventStreamState::Wake() { exchange_.Wake(); }

bool Responder::Send(Response response) const { return exchange_->Answer(std::move(response)); }
bool Responder::abandoned() const { return exchange_->abandoned.load(std::memory_order_relaxed); }
EventStream Responder::Stream(std::vector<Field> headers) const {
  // The handle keeps the whole exchange; its last copy closes the stream.
  std::shared_ptr<Exchange> exchange = exchange_;
  if (!exchange->Open(std::move(headers))) return {};
  EventStreamState* stream = &exchange->stream;
  return EventStream(std::shared_ptr<EventStreamState>(
      stream, [exchange = std::move(exchange)](EventStreamState* state) { state->Close(); }));
}

bool EventStream::Send(std::string_view event, std::string_view id, std::string_view data) const {
  if (!state_) return false;
  std::string text;
  text.reserve(event.size() + id.size() + data.size() + 32);
  const auto append_field = [&text](std::string_view name, std::string_view value) {
    text += name;
    for (const char c : value)
      if (c != '\r' && c != '\n' && c != '\0') text += c;
    text += '\n';
  };
  if (!event.empty()) append_field("event: ", event);
  if (!id.empty()) append_field("id: ", id);
  while (true) {  // A reader joins the lines again with '\n'.
    const std::size_t end = data.find('\n');
    append_field("data: ", data.substr(0, end));
    if (end == std::string_view::npos) break;
    data.remove_prefix(end + 1);
  }
  text += '\n';
  return state_->Send(text);
}
void EventStream::Close() const {
  if (state_) state_->Close();
}
bool EventStream::closed() const { return !state_ || state_->closed(); }

// Finds the end of a header and refuses what parsers disagree about before one of them sees it: bare line feeds,
// folded lines, and first bytes that begin no method (a TLS greeting on the plain port).
class HeaderScanner {
 public:
  enum class Verdict { kMore, kComplete, kBad };
  // `bytes` is the same text as before, perhaps longer.
  Verdict Scan(std::string_view bytes) {
    if (!bytes.empty() && !(bytes[0] >= 'A' && bytes[0] <= 'Z') && !(bytes[0] >= 'a' && bytes[0] <= 'z'))
      return Verdict::kBad;
    while (true) {
      const std::size_t feed = bytes.find('\n', from_);
      if (feed == std::string_view::npos) {
        from_ = bytes.size();
        return Verdict::kMore;
      }
      if (feed == 0 || bytes[feed - 1] != '\r') return Verdict::kBad;
      if (line_ > 0 && (bytes[line_] == ' ' || bytes[line_] == '\t')) return Verdict::kBad;
      from_ = feed + 1;
      if (feed - line_ == 1) return Verdict::kComplete;
      line_ = from_;
    }
  }
  std::size_t length() const { return from_; }  // Of a complete header, with the empty line.

 private:
  std::size_t from_ = 0;  // Where to go on searching.
  std::size_t line_ = 0;  // Where the current line begins.
};

bool EqualNoCase(std::string_view a, std::string_view b) {
  return boost::beast::iequals({a.data(), a.size()}, {b.data(), b.size()});
}

// Beast's parser, writing into a Request. The first thing that is wrong becomes `refusal` and ends the parse.
class RequestParser final : public beast_http::basic_parser<true> {
 public:
  RequestParser(Request& request, const Limits& limits, std::atomic<std::size_t>& body_total, std::size_t& body_reserved)
      : request_(request), limits_(limits), body_total_(body_total), body_reserved_(body_reserved) {
    header_limit(static_cast<std::uint32_t>(limits.header_bytes + 1));  // The caller has bounded it; see HeaderScanner.
    body_limit(boost::none);                                           // on_body_* below know the route's bound.
    request_.headers.reserve(16);
  }

  // What `error` of put() means to the client.
  Refusal RefusalOf(const error_code& error, std::string_view header) const {
    if (refusal_.status != 0) return refusal_;
    if (error != beast_http::error::bad_version) return kMalformed;
    // "HTTP/3.0" is a version we do not speak; "HTPP/1.1" is no request.
    const std::string_view line = header.substr(0, header.find('\r'));
    const std::size_t space = line.rfind(' ');
    const std::string_view version = line.substr(space == std::string_view::npos ? 0 : space + 1);
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    const bool well_formed =
        version.size() == 8 && version.starts_with("HTTP/") && digit(version[5]) && version[6] == '.' && digit(version[7]);
    return well_formed ? Refusal{505, "http.unsupported_version"} : kMalformed;
  }
  bool expects_continue() const { return expects_continue_ && http11_; }
  bool http11() const { return http11_; }

 private:
  using View = boost::beast::string_view;
  static std::string_view Std(View text) { return {text.data(), text.size()}; }
  void Refuse(Refusal refusal, error_code& error) {
    refusal_ = refusal;
    error = beast_http::error::bad_value;
  }

  void on_request_impl(beast_http::verb verb, View, View target, int version, error_code& error) override {
    http11_ = version == 11;
    switch (verb) {
      case beast_http::verb::head: request_.head = true; [[fallthrough]];
      case beast_http::verb::get: request_.method = Method::kGet; break;
      case beast_http::verb::post: request_.method = Method::kPost; break;
      case beast_http::verb::put: request_.method = Method::kPut; break;
      case beast_http::verb::patch: request_.method = Method::kPatch; break;
      case beast_http::verb::delete_: request_.method = Method::kDelete; break;
      case beast_http::verb::options: request_.method = Method::kOptions; break;
      default: return Refuse({501, "http.unsupported_method"}, error);
    }
    if (target.size() > limits_.target_bytes) return Refuse({414, "http.target_too_long"}, error);
    Result<Target> parsed = ParseTarget(Std(target), limits_.query_parameters);
    if (!parsed) {
      if (parsed.error().code == "http.target_too_long") return Refuse({414, "http.target_too_long"}, error);
      return Refuse({400, "http.bad_target"}, error);
    }
    request_.path = std::move(parsed->path);
    request_.query = std::move(parsed->query);
  }

  void on_field_impl(beast_http::field field, View name, View value, error_code& error) override {
    if (++fields_ > limits_.header_fields) return Refuse(kHeaderTooLarge, error);
    if (in_trailer_) return;  // Nothing reads trailers; they must not look like headers.
    switch (field) {
      case beast_http::field::host: ++hosts_; break;
      case beast_http::field::content_length:
        // Beast takes "5, 5"; two servers may not.
        if (++lengths_ > 1 || Std(value).find(',') != std::string_view::npos) return Refuse(kMalformed, error);
        break;
      case beast_http::field::transfer_encoding:
        if (++transfers_ > 1 || !http11_) return Refuse(kMalformed, error);
        if (!EqualNoCase(Std(value), "chunked")) return Refuse({501, "http.unsupported_transfer"}, error);
        break;
      case beast_http::field::expect:
        if (!EqualNoCase(Std(value), "100-continue")) return Refuse({417, "http.unsupported_expectation"}, error);
        expects_continue_ = true;
        break;
      default: break;
    }
    request_.headers.push_back({std::string(name), std::string(value)});
  }

  void on_header_impl(error_code& error) override {
    if (hosts_ > 1 || (http11_ && hosts_ == 0)) return Refuse(kMalformed, error);
    if (lengths_ > 0 && transfers_ > 0) return Refuse(kMalformed, error);
    body_bytes_max_ = limits_.body_bytes;
    if (limits_.body_bytes_for) {
      const std::size_t own = limits_.body_bytes_for(request_.method, request_.path);
      if (own != 0) body_bytes_max_ = own;
    }
    const auto length = content_length();
    if (length && *length > body_bytes_max_) return Refuse(kTooLarge, error);
  }
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code& error) override { error = {}; }
  std::size_t on_body_impl(View bytes, error_code& error) override { return Append(bytes, error); }
  void on_chunk_header_impl(std::uint64_t size, View, error_code& error) override {
    error = {};
    in_trailer_ = size == 0;
    if (size > body_bytes_max_ - request_.body.size()) Refuse(kTooLarge, error);
  }
  std::size_t on_chunk_body_impl(std::uint64_t, View bytes, error_code& error) override { return Append(bytes, error); }
  void on_finish_impl(error_code& error) override { error = {}; }
  void on_response_impl(int, View, int, error_code&) override {}  // Of response parsers only.

  std::size_t Append(View bytes, error_code& error) {
    error = {};
    if (body_total_.fetch_add(bytes.size(), std::memory_order_relaxed) + bytes.size() > limits_.body_bytes_total) {
      body_total_.fetch_sub(bytes.size(), std::memory_order_relaxed);
      Refuse({503, "http.overloaded"}, error);
      return 0;
    }
    body_reserved_ += bytes.size();
    request_.body.append(bytes.data(), bytes.size());
    return bytes.size();
  }

  Request& request_;
  const Limits& limits_;
  std::atomic<std::size_t>& body_total_;  // Of the server; this request's part is added to body_reserved_.
  std::size_t& body_reserved_;
  std::size_t body_bytes_max_ = 0;
  std::size_t fields_ = 0;
  int hosts_ = 0, lengths_ = 0, transfers_ = 0;
  bool http11_ = false, expects_continue_ = false, in_trailer_ = false;
  Refusal refusal_;
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
  bool acceptor_closed = false;
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

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(Core& core, std::shared_ptr<Loop> loop, Socket socket, std::string peer, std::string peer_key, bool refused)
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
  void OnWake() {
    if (exchange_ && exchange_->streaming() && exchange_->stream.cut_off()) return Abort();  // Perhaps stuck in a write.
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
  void ReleaseBody() {
    core_.body_total.fetch_sub(std::exchange(body_reserved_, 0), std::memory_order_relaxed);
  }

  Task<void> Wait() {
    return asio::async_initiate<const asio::use_awaitable_t<Executor>&, void()>(
        [this](auto completion) {
          waiter_ = std::make_unique<WaiterOf<decltype(completion)>>(std::move(completion));
        },
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
  // Reads more, keeping what is unread, into a buffer of `capacity` bytes. False at the end, at the deadline, or when the
  // server gives up. Precondition: unread().size() < capacity.
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
      if (!unread().empty() && !std::exchange(began, true))
        SetDeadline(SteadyClock::now() + limits().header_timeout);
      const HeaderScanner::Verdict verdict = scanner.Scan(unread());
      const std::size_t seen = verdict == HeaderScanner::Verdict::kComplete ? scanner.length() : unread().size();
      if (verdict == HeaderScanner::Verdict::kBad) co_return RefuseWith(kMalformed);
      if (seen > limits().header_bytes) co_return RefuseWith(kHeaderTooLarge);
      if (verdict == HeaderScanner::Verdict::kComplete) break;
      if (!began) {
        if (core_.stopping.load(std::memory_order_relaxed)) co_return Outcome::kGone;
        SetDeadline(SteadyClock::now() + limits().idle_timeout);
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
    if (error || !parser.is_header_done() || used != header.size()) co_return RefuseWith(parser.RefusalOf(error, header));
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
    if (!aborted_) alive = exchange_->streaming() ? co_await WriteStream(head) : co_await WriteResponse(head, received_at);
    exchange_->abandoned.store(!alive, std::memory_order_relaxed);
    exchange_->connection = nullptr;
    exchange_->stream.Leave();
    exchange_ = nullptr;
    co_return alive && !aborted_;
  }

  void Dispatch() {
    // The right to answer: when the last copy goes, the exchange answers itself.
    std::shared_ptr<Exchange> exchange = exchange_;
    Exchange* raw = exchange.get();
    Responder responder(std::shared_ptr<Exchange>(raw, [exchange = std::move(exchange)](Exchange* unanswered) {
      unanswered->Answer(Problem(500, "http.internal"));
    }));
    exchange_->in_handler = true;
    try {
      core_.handler(std::move(request_), std::move(responder));
    } catch (...) {
      exchange_->Answer(Problem(500, "http.internal"));
    }
    exchange_->in_handler = false;
  }

  static bool Sendable(const std::vector<Field>& fields) {
    for (const Field& field : fields) {
      const auto token = [](char c) { return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '-' || c == '_'; };
      if (field.name.empty() || !std::all_of(field.name.begin(), field.name.end(), token)) return false;
      for (const char c : field.value)
        if ((static_cast<std::uint8_t>(c) < 0x20 && c != '\t') || c == 0x7F) return false;
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
    const std::vector<Field> type = {{"Content-Type", response.content_type}};
    if (response.status < 200 || response.status > 599 || !Sendable(response.headers) || !Sendable(type))
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

  // Sends what is queued, or a comment when nothing was for a while, until the stream ends. False when the client is gone.
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
    co_return !http11_ || co_await Write("0\r\n\r\n", {});
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
    do {
      in_begin_ = in_end_ = 0;
    } while (!timed_out_ && co_await Fill(kFirstReadBytes));
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

void Loop::Drain() {
  {
    const std::lock_guard lock(mutex_);
    draining_.swap(queue_);
    posted_ = false;
  }
  for (const std::shared_ptr<Exchange>& exchange : draining_)
    if (exchange->connection != nullptr) exchange->connection->OnWake();
  draining_.clear();
}

void Loop::Sweep(std::chrono::milliseconds every) {
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

class Server::Impl {
 public:
  Impl(ServerOptions options, Handler handler) : core_(std::move(options), std::move(handler)) {
    const Limits& limits = core_.options.limits;
    LF_CHECK(core_.handler && core_.options.io_threads >= 1 && core_.options.io_threads <= 64);
    LF_CHECK(limits.bytes_per_second_min > 0 && limits.header_bytes > 0);
  }

  Status Start(std::string_view address, std::uint16_t port) {
    LF_CHECK(core_.loops.empty());
    error_code error;
    const auto ip = asio::ip::make_address(std::string(address), error);
    if (error) return Invalid("http.bad_address", "The address to listen on is not a numeric IP address.");
    std::vector<std::shared_ptr<Loop>> loops;
    for (int i = 0; i < core_.options.io_threads; ++i) loops.push_back(std::make_shared<Loop>());
    Acceptor acceptor(loops[0]->context.get_executor());
    const Tcp::endpoint endpoint(ip, port);
    acceptor.open(endpoint.protocol(), error);
    if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) acceptor.bind(endpoint, error);
    if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (!error) port_ = acceptor.local_endpoint(error).port();
    if (error) return Unavailable("http.bind_failed", fmt::format("Port {} cannot be listened on: {}.", port, error.message()));

    core_.loops = std::move(loops);
    acceptor_.emplace(std::move(acceptor));
    retry_.emplace(core_.loops[0]->context.get_executor());
    Accept();
    for (const std::shared_ptr<Loop>& loop : core_.loops) loop->Start(SweepEvery());
    return Ok{};
  }

  std::uint16_t port() const { return port_; }

  bool Stop(std::chrono::milliseconds deadline) {
    if (core_.loops.empty() || core_.stopping.exchange(true)) return true;
    const auto until = SteadyClock::now() + deadline;
    asio::post(core_.loops[0]->context, [this] {
      error_code ignored;
      acceptor_->close(ignored);
      retry_->cancel();
      const std::lock_guard lock(core_.mutex);
      core_.acceptor_closed = true;
      core_.changed.notify_all();
    });
    std::unique_lock lock(core_.mutex);
    const auto empty = [this] { return core_.acceptor_closed && core_.live + core_.refusing == 0; };
    core_.changed.wait(lock, [this] { return core_.acceptor_closed; });
    lock.unlock();
    ForEachConnection(&Connection::OnStop);
    lock.lock();
    const bool drained = core_.changed.wait_until(lock, until, empty);
    lock.unlock();
    if (!drained) ForEachConnection(&Connection::Abort);
    lock.lock();
    core_.changed.wait(lock, empty);
    lock.unlock();
    for (const std::shared_ptr<Loop>& loop : core_.loops) loop->Stop();
    acceptor_.reset();
    retry_.reset();
    return drained;
  }

  Metrics Read() {
    Metrics total;
    const auto get = [](const Counters::Counter& counter) { return counter.load(std::memory_order_relaxed); };
    for (const std::shared_ptr<Loop>& loop : core_.loops) {
      const Counters& c = loop->counters;
      for (std::size_t i = 0; i < c.answers_by_class.size(); ++i) total.answers_by_class[i] += get(c.answers_by_class[i]);
      for (std::size_t i = 0; i < c.latency_buckets.size(); ++i) total.latency_buckets[i] += get(c.latency_buckets[i]);
      total.bytes_in += get(c.bytes_in);
      total.bytes_out += get(c.bytes_out);
      total.connections_accepted += get(c.accepted);
      total.connections_refused += get(c.refused);
      total.timeouts += get(c.timeouts);
      total.streams_cut_off += get(c.streams_cut_off);
      total.live_requests += get(c.live_requests);
      total.live_streams += get(c.live_streams);
      total.latency_sum_us += get(c.latency_sum_us);
    }
    total.body_bytes = core_.body_total.load(std::memory_order_relaxed);
    const std::lock_guard lock(core_.mutex);
    total.live_connections = core_.live;
    return total;
  }

 private:
  std::chrono::milliseconds SweepEvery() const {
    const Limits& l = core_.options.limits;
    const auto shortest =
        std::min({l.header_timeout, l.body_timeout, l.idle_timeout, l.write_timeout, l.stream_heartbeat});
    return std::clamp(shortest / 4, std::chrono::milliseconds(5), std::chrono::milliseconds(500));
  }

  void ForEachConnection(void (Connection::*action)()) {
    for (const std::shared_ptr<Loop>& loop : core_.loops) {
      asio::post(loop->context, [raw = loop.get(), action] {
        for (std::size_t i = raw->connections.size(); i-- > 0;)
          if (i < raw->connections.size()) (raw->connections[i]->*action)();
      });
    }
  }

  void Accept() {
    const std::shared_ptr<Loop>& loop = core_.loops[next_loop_++ % core_.loops.size()];
    acceptor_->async_accept(loop->context.get_executor(), [this, loop](const error_code& error, Socket socket) {
      if (!acceptor_->is_open()) return;
      if (!error) {
        Admit(loop, std::move(socket));
        return Accept();
      }
      // Out of descriptors, most likely: those in use must end first.
      retry_->expires_after(std::chrono::milliseconds(50));
      retry_->async_wait([this](const error_code& cancelled) {
        if (!cancelled && acceptor_->is_open()) Accept();
      });
    });
  }

  void Admit(const std::shared_ptr<Loop>& loop, Socket socket) {
    error_code error;
    const Tcp::endpoint remote = socket.remote_endpoint(error);
    if (!error) socket.set_option(Tcp::no_delay(true), error);
    if (!error) socket.non_blocking(true, error);
    if (error) return;  // Gone already.
    asio::ip::address address = remote.address();
    if (address.is_v6() && address.to_v6().is_v4_mapped())
      address = asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
    const std::string peer = address.to_string();
    std::string key;  // Of whom connections are counted; empty: nobody.
    if (!core_.Trusts(peer)) {
      if (address.is_v4()) {
        key = peer;
      } else {
        const auto bytes = address.to_v6().to_bytes();
        key.assign(reinterpret_cast<const char*>(bytes.data()), 8);
      }
    }

    Counters& counters = core_.loops[0]->counters;
    bool refused = false;
    {
      const Limits& limits = core_.options.limits;
      const std::lock_guard lock(core_.mutex);
      const auto found = core_.per_peer.find(key);
      refused = core_.live >= limits.connections ||
                (found != core_.per_peer.end() && found->second >= limits.connections_per_peer);
      Add(refused ? counters.refused : counters.accepted, 1);
      if (refused && core_.refusing >= kRefusingConnections) return;
      ++(refused ? core_.refusing : core_.live);
      if (!refused && !key.empty()) ++core_.per_peer[key];
    }
    auto connection = std::make_shared<Connection>(core_, loop, std::move(socket), peer, std::move(key), refused);
    asio::co_spawn(loop->context.get_executor(), Connection::Run(std::move(connection)), asio::detached);
  }

  Core core_;
  std::optional<Acceptor> acceptor_;  // On loop 0, like the next two.
  std::optional<Timer> retry_;
  std::size_t next_loop_ = 0;
  std::atomic<std::uint16_t> port_{0};
};

Server::Server(ServerOptions options, Handler handler)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(handler))) {}
Server::~Server() { Stop(std::chrono::milliseconds(0)); }
Status Server::Start(std::string_view address, std::uint16_t port) { return impl_->Start(address, port); }
std::uint16_t Server::port() const { return impl_->port(); }
bool Server::Stop(std::chrono::milliseconds deadline) { return impl_->Stop(deadline); }
Metrics Server::Read() const { return impl_->Read(); }

}  // namespace landfall::server
