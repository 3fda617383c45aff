// SPDX-License-Identifier: Apache-2.0
// A server in this process, and handlers whose answers the test gives itself.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "server/http.h"
#include "server/http_client.h"

namespace landfall::server {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Polls on state: true as soon as `condition` holds, false after ten seconds.
template <class Condition>
bool Eventually(Condition condition) {
  const auto until = std::chrono::steady_clock::now() + seconds(10);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(milliseconds(1));
  }
  return true;
}

// Answers with what arrived: method, path, query, body; so that a test sees what the server understood.
inline void Echo(Request&& request, const Responder& responder) {
  std::string text = fmt::format("{} {}", MethodName(request.method), request.path);
  for (const Field& parameter : request.query) text += fmt::format(" {}={}", parameter.name, parameter.value);
  if (!request.body.empty()) text += " body " + request.body;
  responder.Send(Response::Text(std::move(text)));
}

class TestServer {
 public:
  explicit TestServer(Handler handler = Echo, Limits limits = {}, std::vector<std::string> trusted_proxies = {})
      : server_(ServerOptions{std::move(limits), 2, std::move(trusted_proxies)}, std::move(handler)) {
    EXPECT_TRUE(server_.Start("127.0.0.1", 0));
  }
  HttpClient Connect() {
    Result<HttpClient> client = HttpClient::Connect("127.0.0.1", server_.port(), seconds(10));
    EXPECT_TRUE(client);
    return std::move(*client);
  }
  Server* operator->() { return &server_; }

 private:
  Server server_;
};

// A handler's requests, kept until the test answers them.
class Desk {
 public:
  Handler Taker() {
    return [this](Request&&, Responder responder) {
      const std::lock_guard lock(mutex_);
      waiting_.push_back(std::move(responder));
    };
  }
  std::size_t size() {
    const std::lock_guard lock(mutex_);
    return waiting_.size();
  }
  Responder Take() {
    EXPECT_TRUE(Eventually([this] { return size() > 0; }));
    const std::lock_guard lock(mutex_);
    Responder responder = std::move(waiting_.front());
    waiting_.pop_front();
    return responder;
  }

 private:
  std::mutex mutex_;
  std::deque<Responder> waiting_;
};

inline std::string CodeOf(const ClientResponse& response) {
  const std::size_t from = response.body.find("\"code\":\"");
  if (from == std::string::npos) return "";
  return response.body.substr(from + 8, response.body.find('"', from + 8) - from - 8);
}

}  // namespace landfall::server
