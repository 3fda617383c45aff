// SPDX-License-Identifier: Apache-2.0
#include "server/http_client.h"

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>

namespace landfall::server {
namespace {

constexpr std::size_t kLineBytesMax = 64 << 10;

Error Malformed(std::string_view what) { return Corrupt("http_client.malformed", std::string(what)); }

// Reads a whole number of `base`. Nothing else may stand in `text`.
std::optional<std::size_t> ParseSize(std::string_view text, int base) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// Waits until `socket` is ready for `events`; false at the timeout.
bool Ready(int socket, short events, std::chrono::milliseconds timeout) {
  pollfd entry = {socket, events, 0};
  const auto until = std::chrono::steady_clock::now() + timeout;
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    const int n = ::poll(&entry, 1, static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
    if (n > 0) return true;
    if (n == 0 || errno != EINTR) return false;
  }
}

}  // namespace

std::optional<std::string_view> ClientResponse::Header(std::string_view name) const {
  for (const Field& field : headers)
    if (EqualNoCase(field.name, name)) return field.value;
  return std::nullopt;
}

Result<HttpClient> HttpClient::Connect(std::string_view host, std::uint16_t port, std::chrono::milliseconds timeout) {
  if (IsUnixAddress(host)) return ConnectLocally(std::string(host.substr(kUnixPrefix.size())), timeout);
  addrinfo hints = {};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const std::string name(host);
  if (::getaddrinfo(name.c_str(), std::to_string(port).c_str(), &hints, &found) != 0)
    return Unavailable("http_client.connect_failed", "The host name is not known.");
  int socket = -1;
  for (const addrinfo* entry = found; entry != nullptr && socket < 0; entry = entry->ai_next) {
    socket = ::socket(entry->ai_family, entry->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, entry->ai_protocol);
    if (socket < 0) continue;
    int error = ::connect(socket, entry->ai_addr, entry->ai_addrlen) == 0 ? 0 : errno;
    if (error == EINPROGRESS) {
      socklen_t size = sizeof error;
      if (!Ready(socket, POLLOUT, timeout) || ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size) != 0)
        error = ETIMEDOUT;
    }
    if (error != 0) {
      ::close(socket);
      socket = -1;
    }
  }
  ::freeaddrinfo(found);
  if (socket < 0) return Unavailable("http_client.connect_failed", fmt::format("Nobody answers on port {}.", port));
  const int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return HttpClient(socket, name, timeout);
}

Result<HttpClient> HttpClient::ConnectLocally(const std::string& path, std::chrono::milliseconds timeout) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof address.sun_path)
    return Unavailable("http_client.connect_failed", "This is no path of a socket.");
  path.copy(address.sun_path, path.size());
  const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (socket < 0 || ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    const int error = errno;
    if (socket >= 0) ::close(socket);
    return Unavailable("http_client.connect_failed", fmt::format("{}: {}", path, std::strerror(error)));
  }
  return HttpClient(socket, "localhost", timeout);
}

HttpClient::HttpClient(int socket, std::string host, std::chrono::milliseconds timeout)
    : socket_(socket), host_(std::move(host)), timeout_(timeout) {}
HttpClient::HttpClient(HttpClient&& other) noexcept { *this = std::move(other); }
HttpClient& HttpClient::operator=(HttpClient&& other) noexcept {
  if (this == &other) return *this;
  Close();
  socket_ = std::exchange(other.socket_, -1);
  host_ = std::move(other.host_);
  timeout_ = other.timeout_;
  body_bytes_max_ = other.body_bytes_max_;
  buffer_ = std::move(other.buffer_);
  position_ = std::exchange(other.position_, 0);
  stream_chunked_ = other.stream_chunked_;
  stream_ = std::move(other.stream_);
  return *this;
}
HttpClient::~HttpClient() { Close(); }
void HttpClient::Close() {
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
}

Result<ClientResponse> HttpClient::Send(std::string_view method, std::string_view target,
                                        const std::vector<Field>& headers, std::string_view body) {
  std::string text = fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\n", method, target, host_);
  for (const Field& field : headers) text += fmt::format("{}: {}\r\n", field.name, field.value);
  if (!body.empty() || method == "POST" || method == "PUT" || method == "PATCH")
    text += fmt::format("Content-Length: {}\r\n", body.size());
  text += "\r\n";
  text += body;
  const Status sent = SendRaw(text);
  // A server may refuse before it has read everything; its answer says more than the broken pipe.
  Result<ClientResponse> response = Receive(method == "HEAD");
  if (!response && !sent) return sent.error();
  return response;
}

Status HttpClient::SendRaw(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(n));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      if (!Ready(socket_, POLLOUT, timeout_)) return Unavailable("http_client.timeout", "The peer takes no bytes.");
    } else if (errno != EINTR) {
      return Unavailable("http_client.closed", std::strerror(errno));
    }
  }
  return Ok{};
}

Status HttpClient::Fill() {
  if (position_ > 0) {
    buffer_.erase(0, position_);
    position_ = 0;
  }
  const std::size_t had = buffer_.size();
  buffer_.resize(had + (16 << 10));
  while (true) {
    const ssize_t n = ::recv(socket_, buffer_.data() + had, buffer_.size() - had, 0);
    const int error = errno;
    if (n < 0 && error == EINTR) continue;
    if (n < 0 && (error == EAGAIN || error == EWOULDBLOCK)) {
      if (Ready(socket_, POLLIN, timeout_)) continue;
      buffer_.resize(had);
      return Unavailable("http_client.timeout", "The peer sends no bytes.");
    }
    buffer_.resize(had + static_cast<std::size_t>(std::max<ssize_t>(n, 0)));
    if (n > 0) return Ok{};
    return Unavailable("http_client.closed", n == 0 ? "The peer has closed the connection." : std::strerror(error));
  }
}

Result<std::string> HttpClient::ReadLine() {
  std::size_t searched = 0;
  while (true) {
    const std::string_view unused = std::string_view(buffer_).substr(position_);
    const std::size_t end = unused.find("\r\n", searched);
    if (end != std::string_view::npos) {
      std::string line(unused.substr(0, end));
      position_ += end + 2;
      return line;
    }
    if (unused.size() > kLineBytesMax) return Malformed("A line is too long.");
    searched = unused.empty() ? 0 : unused.size() - 1;
    LF_TRY(Fill());
  }
}

Status HttpClient::ReadExactly(std::size_t n, std::string& out) {
  if (n > body_bytes_max_ - std::min(out.size(), body_bytes_max_))
    return Corrupt("http_client.too_large", "The answer is larger than this client takes.");
  while (n > 0) {
    if (position_ == buffer_.size()) LF_TRY(Fill());
    const std::size_t part = std::min(n, buffer_.size() - position_);
    out.append(buffer_, position_, part);
    position_ += part;
    n -= part;
  }
  return Ok{};
}

Result<ClientResponse> HttpClient::ReadHeader() {
  LF_ASSIGN(const std::string line, ReadLine());
  const std::optional<std::size_t> status = line.size() >= 12 && line.starts_with("HTTP/1.")
                                                ? ParseSize(std::string_view(line).substr(9, 3), 10)
                                                : std::nullopt;
  if (!status) return Malformed("The status line is malformed.");
  ClientResponse response;
  response.status = static_cast<int>(*status);
  while (true) {
    LF_ASSIGN(const std::string field, ReadLine());
    if (field.empty()) return response;
    const std::size_t colon = field.find(':');
    if (colon == std::string::npos) return Malformed("A header field has no colon.");
    const std::size_t value = field.find_first_not_of(' ', colon + 1);
    response.headers.push_back({field.substr(0, colon), value == std::string::npos ? "" : field.substr(value)});
  }
}

Result<bool> HttpClient::ReadChunk(std::string& out) {
  LF_ASSIGN(const std::string line, ReadLine());
  const std::optional<std::size_t> size = ParseSize(line, 16);
  if (!size) return Malformed("A chunk size is malformed.");
  LF_TRY(ReadExactly(*size, out));
  LF_ASSIGN(const std::string end, ReadLine());  // No trailers: our server sends none.
  if (!end.empty()) return Malformed("A chunk does not end with CRLF.");
  return *size > 0;
}

Result<ClientResponse> HttpClient::Receive(bool head) {
  LF_ASSIGN(ClientResponse response, ReadHeader());
  if (head || response.status < 200 || response.status == 204 || response.status == 304) return response;
  if (response.Header("transfer-encoding")) {
    while (true) {
      LF_ASSIGN(const bool more, ReadChunk(response.body));
      if (!more) return response;
    }
  }
  if (const auto length = response.Header("content-length")) {
    const std::optional<std::size_t> size = ParseSize(*length, 10);
    if (!size) return Malformed("The Content-Length is malformed.");
    LF_TRY(ReadExactly(*size, response.body));
    return response;
  }
  while (true) {  // Up to the end of the connection.
    response.body.append(buffer_, position_);
    position_ = buffer_.size();
    if (response.body.size() > body_bytes_max_)
      return Corrupt("http_client.too_large", "The answer is larger than this client takes.");
    if (const Status filled = Fill(); !filled) {
      if (filled.error().code == "http_client.closed") return response;
      return filled.error();
    }
  }
}

Result<ClientResponse> HttpClient::OpenStream(std::string_view target, const std::vector<Field>& headers) {
  std::string text = fmt::format("GET {} HTTP/1.1\r\nHost: {}\r\nAccept: text/event-stream\r\n", target, host_);
  for (const Field& field : headers) text += fmt::format("{}: {}\r\n", field.name, field.value);
  LF_TRY(SendRaw(text + "\r\n"));
  LF_ASSIGN(ClientResponse response, ReadHeader());
  stream_chunked_ = response.Header("transfer-encoding").has_value();
  stream_.clear();
  return response;
}

Result<std::optional<ServerEvent>> HttpClient::NextEvent() {
  std::size_t end = 0;
  while ((end = stream_.find("\n\n")) == std::string::npos) {
    if (stream_chunked_) {
      LF_ASSIGN(const bool more, ReadChunk(stream_));
      if (!more) return std::optional<ServerEvent>();
      continue;
    }
    if (position_ == buffer_.size()) {
      if (const Status filled = Fill(); !filled) {
        if (filled.error().code == "http_client.closed") return std::optional<ServerEvent>();
        return filled.error();
      }
    }
    stream_.append(buffer_, position_);
    position_ = buffer_.size();
  }
  const std::string text = stream_.substr(0, end + 1);
  stream_.erase(0, end + 2);

  ServerEvent event;
  event.comment = true;
  bool has_data = false;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t line_end = text.find('\n', from);
    const std::string_view line = std::string_view(text).substr(from, line_end - from);
    from = line_end + 1;
    if (line.starts_with(':')) continue;
    event.comment = false;
    const std::size_t colon = line.find(": ");
    if (colon == std::string_view::npos) continue;
    const std::string_view name = line.substr(0, colon), value = line.substr(colon + 2);
    if (name == "event") event.event = value;
    if (name == "id") event.id = value;
    if (name == "data") {
      if (std::exchange(has_data, true)) event.data += '\n';
      event.data += value;
    }
  }
  return std::optional(std::move(event));
}

bool HttpClient::WaitClosed() {
  while (true) {
    position_ = buffer_.size();
    if (const Status filled = Fill(); !filled) return filled.error().code == "http_client.closed";
  }
}

void HttpClient::ShutdownSend() { ::shutdown(socket_, SHUT_WR); }
void HttpClient::SetReceiveBuffer(int bytes) { ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes); }

}  // namespace landfall::server
