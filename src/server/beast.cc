// SPDX-License-Identifier: Apache-2.0
// Server: accepting, limits on connections, draining. With beast_connection.h and beast_parser.h the only code that
// knows Boost.
#include "server/beast_connection.h"

#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/local/stream_protocol.hpp>

namespace landfall::server {

using namespace beast_io;  // NOLINT: this file is their only user.

namespace {

using Local = asio::local::stream_protocol;
constexpr std::size_t kSocketPathMax = 107;  // sockaddr_un of Linux, without the final zero.
constexpr mode_t kSocketMode = 0660;         // The server's user and group: the proxy is made a member.

Result<Stream::endpoint> EndpointOf(std::string_view address, std::uint16_t port) {
  if (IsUnixAddress(address)) {
    const std::string_view path = address.substr(kUnixPrefix.size());
    if (path.empty() || path.size() > kSocketPathMax || path.find('\0') != std::string_view::npos)
      return Invalid("http.bad_address", "The path of a Unix socket has 1 to 107 bytes.");
    return Stream::endpoint(Local::endpoint(std::string(path)));
  }
  error_code error;
  const auto ip = asio::ip::make_address(std::string(address), error);
  if (error) return Invalid("http.bad_address", "The address to listen on is not a numeric IP address.");
  return Stream::endpoint(Tcp::endpoint(ip, port));
}

// A server that was killed leaves its socket behind, and nobody answers there.
void RemoveAbandoned(const Stream::endpoint& endpoint, const std::string& path) {
  struct stat found = {};
  if (::lstat(path.c_str(), &found) != 0 || !S_ISSOCK(found.st_mode)) return;
  asio::io_context context;
  Socket socket(context.get_executor());
  error_code error;
  socket.connect(endpoint, error);
  if (error == asio::error::connection_refused) ::unlink(path.c_str());
}

// Nothing for a Unix socket.
std::optional<Tcp::endpoint> TcpEndpoint(const Stream::endpoint& endpoint) {
  if (endpoint.protocol().family() == AF_UNIX) return std::nullopt;
  Tcp::endpoint tcp;
  std::memcpy(tcp.data(), endpoint.data(), std::min(endpoint.size(), tcp.capacity()));
  return tcp;
}

}  // namespace

class Server::Impl {
 public:
  using Acceptor = asio::basic_socket_acceptor<Stream, Executor>;
  // Connections over the limit that are told so at the same time; the rest are just closed.
  static constexpr std::size_t kRefusingConnections = 64;

  Impl(ServerOptions options, Handler handler) : core_(std::move(options), std::move(handler)) {
    const Limits& limits = core_.options.limits;
    LF_CHECK(core_.handler && core_.options.io_threads >= 1 && core_.options.io_threads <= 64);
    LF_CHECK(limits.bytes_per_second_min > 0 && limits.header_bytes > 0);
  }

  Status Start(std::string_view address, std::uint16_t port) {
    LF_CHECK(core_.loops.empty());
    LF_ASSIGN(const Stream::endpoint endpoint, EndpointOf(address, port));
    std::vector<std::shared_ptr<Loop>> loops;
    for (int i = 0; i < core_.options.io_threads; ++i) loops.push_back(std::make_shared<Loop>());
    Acceptor acceptor(loops[0]->context.get_executor());
    const std::string path(IsUnixAddress(address) ? address.substr(kUnixPrefix.size()) : "");
    if (!path.empty()) RemoveAbandoned(endpoint, path);
    error_code error;
    acceptor.open(endpoint.protocol(), error);
    if (!error && path.empty()) acceptor.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) acceptor.bind(endpoint, error);
    // Before anybody can connect.
    if (!error && !path.empty() && ::chmod(path.c_str(), kSocketMode) != 0)
      error.assign(errno, boost::system::system_category());
    if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (!error && path.empty()) port_ = TcpEndpoint(acceptor.local_endpoint(error))->port();
    if (error)
      return Unavailable("http.bind_failed",
                         fmt::format("{} cannot be listened on: {}.", UrlOf(address, port), error.message()));
    socket_path_ = path;

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
      if (!socket_path_.empty()) ::unlink(socket_path_.c_str());
      retry_->cancel();
    });
    std::unique_lock lock(core_.mutex);
    const auto empty = [this] { return core_.live + core_.refusing == 0; };
    core_.changed.wait(lock, [this] { return !core_.accepting; });
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
      for (std::size_t i = 0; i < c.answers_by_class.size(); ++i)
        total.answers_by_class[i] += get(c.answers_by_class[i]);
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

  // One accept at a time is pending, or one retry; what comes after Stop ends the chain, which Stop waits for.
  void Accept() {
    Loop& target = *core_.loops[next_loop_];
    acceptor_->async_accept(target.context.get_executor(), [this](const error_code& error, Socket socket) {
      if (!acceptor_->is_open()) return AcceptingEnded();
      if (!error) {
        Admit(core_.loops[next_loop_], std::move(socket));
        next_loop_ = (next_loop_ + 1) % core_.loops.size();
        return Accept();
      }
      // Out of descriptors, most likely: those in use must end first.
      retry_->expires_after(std::chrono::milliseconds(50));
      retry_->async_wait([this](const error_code&) { acceptor_->is_open() ? Accept() : AcceptingEnded(); });
    });
  }
  void AcceptingEnded() {
    const std::lock_guard lock(core_.mutex);
    core_.accepting = false;
    core_.changed.notify_all();
  }

  void Admit(const std::shared_ptr<Loop>& loop, Socket socket) {
    error_code error;
    const Stream::endpoint endpoint = socket.remote_endpoint(error);
    const std::optional<Tcp::endpoint> remote = error ? std::nullopt : TcpEndpoint(endpoint);
    if (!error && remote) socket.set_option(Tcp::no_delay(true), error);
    if (!error) socket.non_blocking(true, error);
    if (error) return;  // Gone already.
    asio::ip::address address = remote ? remote->address() : asio::ip::address();
    if (address.is_v6() && address.to_v6().is_v4_mapped())
      address = asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
    const std::string peer = remote ? address.to_string() : std::string(kUnixPeer);
    std::string key;  // Of whom connections are counted; empty: nobody.
    if (remote && !core_.Trusts(peer)) {
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
  std::string socket_path_;  // "" for TCP
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
