// SPDX-License-Identifier: Apache-2.0
// Stands between a client and a server on Unix sockets and cuts the wire when it is told to: before the client's next
// words reach the server, or after the server has heard them and before its answer comes back.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

namespace landfall::test {

class CutProxy {
 public:
  enum class Cut { kNothing, kQuestion, kAnswer };

  CutProxy(const std::string& listen_at, const std::string& server) : server_(server) {
    listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_un at = Address(listen_at);
    EXPECT_EQ(::bind(listener_, reinterpret_cast<const sockaddr*>(&at), sizeof at), 0) << listen_at;
    EXPECT_EQ(::listen(listener_, 16), 0);
    EXPECT_EQ(::pipe2(stop_, O_CLOEXEC), 0);
    accepts_ = std::thread([this] { Accept(); });
  }
  ~CutProxy() {
    ::close(stop_[1]);  // Every wait sees the end of the pipe.
    accepts_.join();
    for (std::thread& t : wires_) t.join();
    ::close(stop_[0]);
    ::close(listener_);
  }
  CutProxy(const CutProxy&) = delete;
  CutProxy& operator=(const CutProxy&) = delete;

  // The next words of any client are cut, once.
  void CutNext(Cut cut) { next_ = cut; }
  int cuts() const { return cuts_; }

 private:
  static sockaddr_un Address(const std::string& path) {
    sockaddr_un at{};
    at.sun_family = AF_UNIX;
    std::memcpy(at.sun_path, path.data(), std::min(path.size(), sizeof at.sun_path - 1));
    return at;
  }

  void Accept() {
    for (;;) {
      pollfd fds[2] = {{listener_, POLLIN, 0}, {stop_[0], POLLIN, 0}};
      ::poll(fds, 2, -1);
      if (fds[1].revents != 0) return;
      const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      const int server = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
      const sockaddr_un at = Address(server_);
      if (::connect(server, reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0) {
        ::close(client);
        ::close(server);
        continue;
      }
      wires_.emplace_back([this, client, server] {
        Carry(client, server);
        ::close(client);
        ::close(server);
      });
    }
  }

  // Until somebody hangs up, or a cut.
  void Carry(int client, int server) {
    bool cut_answer = false;
    std::vector<char> buffer(1 << 16);
    for (;;) {
      pollfd fds[3] = {{client, POLLIN, 0}, {server, POLLIN, 0}, {stop_[0], POLLIN, 0}};
      ::poll(fds, 3, -1);
      if (fds[2].revents != 0) return;
      for (int from = 0; from < 2; ++from) {
        if (fds[from].revents == 0) continue;
        const ssize_t n = ::read(fds[from].fd, buffer.data(), buffer.size());
        if (n <= 0) return;
        if (from == 0) {
          const Cut cut = next_.exchange(Cut::kNothing);
          cut_answer = cut_answer || cut == Cut::kAnswer;
          cuts_ += cut == Cut::kQuestion;
          if (cut == Cut::kQuestion) return;
        } else if (cut_answer) {
          ++cuts_;
          return;
        }
        for (ssize_t at = 0; at < n;) {
          const ssize_t sent =
              ::send(fds[1 - from].fd, buffer.data() + at, static_cast<std::size_t>(n - at), MSG_NOSIGNAL);
          if (sent <= 0) return;
          at += sent;
        }
      }
    }
  }

  const std::string server_;
  int listener_ = -1;
  int stop_[2] = {-1, -1};
  std::atomic<Cut> next_{Cut::kNothing};
  std::atomic<int> cuts_{0};
  std::thread accepts_;
  std::vector<std::thread> wires_;
};

}  // namespace landfall::test
