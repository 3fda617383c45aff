// SPDX-License-Identifier: Apache-2.0
// A small blocking HTTP/1.1 client: for the CLI, the benches and the tests. Plain TCP or a Unix socket; it talks to our
// own server.
//
// Why it exists: a test of a server must be able to send what no well-behaved client sends, byte for byte.
// Not for strangers' servers: no TLS, no redirects, no compression.
//
// Errors: http_client.connect_failed, http_client.timeout, http_client.closed (the peer ended before the answer did),
// http_client.malformed, http_client.too_large (kUnavailable but for malformed and too_large, which are kCorrupt).
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "server/http.h"

namespace landfall::server {

struct ClientResponse {
  int status = 0;
  std::vector<Field> headers;
  std::string body;

  // The first of this name, without case.
  std::optional<std::string_view> Header(std::string_view name) const;
};

struct ServerEvent {
  std::string event, id, data;
  bool comment = false;  // A heartbeat; the rest is empty.
};

// One connection, kept alive between requests. Threads: one at a time.
class HttpClient {
 public:
  static constexpr std::size_t kBodyBytesMax = 1u << 30;

  // `host` is a name, a numeric address, or "unix:" and the path of a socket. `timeout` bounds the connecting and every
  // later wait for bytes.
  static Result<HttpClient> Connect(std::string_view host, std::uint16_t port,
                                    std::chrono::milliseconds timeout = std::chrono::seconds(30));
  HttpClient(HttpClient&& other) noexcept;
  HttpClient& operator=(HttpClient&& other) noexcept;
  ~HttpClient();

  // Sends a request with Host and, where there is a body or the method usually has one, Content-Length; then receives.
  Result<ClientResponse> Send(std::string_view method, std::string_view target, const std::vector<Field>& headers = {},
                              std::string_view body = {});
  Result<ClientResponse> Get(std::string_view target, const std::vector<Field>& headers = {}) {
    return Send("GET", target, headers);
  }

  // The parts of Send, for requests that are wrong on purpose. Receive skips no interim answers: a 100 is an answer.
  Status SendRaw(std::string_view bytes);
  Result<ClientResponse> Receive(bool head = false);

  // After the header of a text/event-stream, which this also reads: the next event or heartbeat; nothing at the end.
  Result<ClientResponse> OpenStream(std::string_view target, const std::vector<Field>& headers = {});
  Result<std::optional<ServerEvent>> NextEvent();

  // True when the peer has ended the connection (also by a reset); waits for it up to the timeout. Discards bytes.
  bool WaitClosed();
  void ShutdownSend();
  void Close();  // Nothing else may be called after it.
  // Answers with a larger body are refused; from strangers little is taken.
  void SetBodyBytesMax(std::size_t bytes) { body_bytes_max_ = bytes; }
  // A small receive buffer makes a slow reader of a test; call before much is in flight.
  void SetReceiveBuffer(int bytes);

 private:
  HttpClient(int socket, std::string host, std::chrono::milliseconds timeout);
  static Result<HttpClient> ConnectLocally(const std::string& path, std::chrono::milliseconds timeout);
  Status Fill();                   // At least one more byte into buffer_.
  Result<std::string> ReadLine();  // Up to CRLF, without it.
  Status ReadExactly(std::size_t n, std::string& out);
  Result<ClientResponse> ReadHeader();
  // The next chunk, appended; false at the last one.
  Result<bool> ReadChunk(std::string& out);

  int socket_ = -1;
  std::size_t body_bytes_max_ = kBodyBytesMax;
  std::string host_;
  std::chrono::milliseconds timeout_;
  std::string buffer_;  // Bytes from position_ are received and not yet used.
  std::size_t position_ = 0;
  bool stream_chunked_ = false;
  std::string stream_;  // Decoded bytes of an event stream.
};

}  // namespace landfall::server
